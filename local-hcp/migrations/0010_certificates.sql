-- Certificates by which other systems are trusted.
CREATE TABLE certificates (
    id         INTEGER PRIMARY KEY,
    guid       TEXT    NOT NULL UNIQUE,
    -- Of the certificate itself: none is there twice, however its text is laid out.
    sha256     BLOB    NOT NULL UNIQUE CHECK (length(sha256) = 32),
    subject    TEXT    NOT NULL,
    valid_ms   INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    pem        TEXT    NOT NULL
) STRICT;
