-- Uploads that were begun by the API of workspaces, where the id alone completes them. Whose they are is a keyed digest.
CREATE TABLE upload (
    owner     TEXT    NOT NULL,
    upload_id TEXT    NOT NULL,
    bucket    TEXT    NOT NULL,
    key       TEXT    NOT NULL,
    -- Seconds after its completion at which the object is removed.
    ttl       INTEGER,
    -- Seconds since 1970 after which it is forgotten.
    until     INTEGER NOT NULL,
    PRIMARY KEY (owner, upload_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX upload_until ON upload (until);
