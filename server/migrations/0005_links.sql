-- Hako links. The token is kept as a hash; `sealed` are the maker's credentials, under a key that takes the token
-- to derive, so that what stands here opens nothing. Times are seconds since 1970.
CREATE TABLE link (
    id         TEXT    PRIMARY KEY,
    token_hash TEXT    NOT NULL UNIQUE,
    -- Whose: the level, the tenant and the name of the session that made it.
    level      TEXT    NOT NULL CHECK (level IN ('system', 'tenant', 's3')),
    tenant     TEXT    COLLATE NOCASE,
    person     TEXT    NOT NULL,
    created_ms INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    max_uses   INTEGER,
    uses       INTEGER NOT NULL DEFAULT 0,
    last_used  INTEGER,
    revoked_at INTEGER,
    sealed     BLOB    NOT NULL,
    -- What does not change, as JSON: kind, target, addresses, the hash of a password.
    facts      TEXT    NOT NULL CHECK (json_valid(facts))
) STRICT, WITHOUT ROWID;

CREATE INDEX link_of_tenant ON link (level, tenant, created_ms, id);

-- Downloads that were counted, and how many bytes of them may still be asked for in pieces, by link and a digest
-- of who and what.
CREATE TABLE link_going (
    link_id TEXT    NOT NULL REFERENCES link (id) ON DELETE CASCADE,
    visitor TEXT    NOT NULL,
    until   INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    PRIMARY KEY (link_id, visitor)
) STRICT, WITHOUT ROWID;
