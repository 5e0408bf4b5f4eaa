-- Temporary files: what is to be removed, and when. `sealed` are the credentials of who asked for it, under the
-- deployment's secret. Times are seconds since 1970.
CREATE TABLE expiry (
    -- Tenant, bucket and key.
    id      TEXT    PRIMARY KEY,
    -- Another with each change, so that a sweep never changes what it has not seen.
    mark    TEXT    NOT NULL,
    -- When it is looked at next.
    due     INTEGER NOT NULL,
    -- The rest, as JSON.
    facts   TEXT    NOT NULL CHECK (json_valid(facts)),
    sealed  BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX expiry_due ON expiry (due, id);
