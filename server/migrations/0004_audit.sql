-- The audit: who changed what through Hako. A row is written once; `record` is all of it as JSON, the other
-- columns are what is asked for. No values that were set, and so no secrets.
CREATE TABLE audit (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms  INTEGER NOT NULL,
    -- In whose affairs; NULL: the system's.
    tenant TEXT    COLLATE NOCASE,
    -- Of whose session; NULL for nobody who signed in.
    level  TEXT    CHECK (level IN ('system', 'tenant', 's3')),
    person TEXT    COLLATE NOCASE,
    action TEXT    NOT NULL,
    result TEXT    NOT NULL CHECK (result IN ('ok', 'refused', 'failed')),
    -- In small letters, to be searched.
    target TEXT    NOT NULL,
    record TEXT    NOT NULL CHECK (json_valid(record))
) STRICT;

CREATE INDEX audit_at ON audit (at_ms, id);
CREATE INDEX audit_of_tenant ON audit (tenant, at_ms, id);
CREATE INDEX audit_of_person ON audit (person, at_ms, id);

-- What is older may go; nothing else may, and nothing is changed.
CREATE TABLE audit_end (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    before_ms INTEGER NOT NULL
) STRICT;
INSERT INTO audit_end VALUES (1, 0);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit is only added to');
END;

CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
WHEN old.at_ms >= (SELECT before_ms FROM audit_end)
BEGIN
    SELECT raise(ABORT, 'the audit is kept');
END;
