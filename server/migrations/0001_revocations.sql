-- Sessions ended before their time. The session's id is the token's `jti`; the row may go once the
-- token would have ended by itself (seconds since 1970).
CREATE TABLE revocation (
    session_id TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
