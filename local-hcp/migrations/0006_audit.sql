-- Who changed what: each change by the management API, each privileged delete, each account that failed
-- sign-ins have disabled. A row is written in the transaction of what it is about.

CREATE TABLE audit (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms     INTEGER NOT NULL,
    -- In whose affairs; NULL: the system's. A name and no reference: rows outlive their tenant.
    tenant    TEXT    COLLATE NOCASE,
    -- Whose doing; '' for nobody who signed in.
    user      TEXT    NOT NULL,
    of_system INTEGER NOT NULL CHECK (of_system IN (0, 1)),
    action    TEXT    NOT NULL,
    -- The resource of a management change, below `/mapi`.
    path      TEXT,
    -- The object of a privileged delete, and the version that is gone or the delete marker that came.
    namespace TEXT,
    key       TEXT,
    version   INTEGER,
    -- Why, as the request gave it.
    reason    TEXT,
    -- The names of what was set, as a JSON array. No values: passwords are among them.
    fields    TEXT    NOT NULL CHECK (json_valid(fields))
) STRICT;

CREATE INDEX audit_of_tenant ON audit (tenant, at_ms);
CREATE INDEX audit_at ON audit (at_ms);

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
