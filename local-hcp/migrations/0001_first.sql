-- Accounts, buckets, objects and open uploads.
-- Times are milliseconds since 1970, UTC. Tables are STRICT: SQLite then keeps to the declared types.

CREATE TABLE tenants (
    id         INTEGER PRIMARY KEY,
    -- Names are case-insensitive and reported as they were first written, as on HCP.
    name       TEXT    NOT NULL COLLATE NOCASE UNIQUE,
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    id                 INTEGER PRIMARY KEY,
    -- NULL: an account of the system level.
    tenant_id          INTEGER REFERENCES tenants (id),
    name               TEXT    NOT NULL COLLATE NOCASE,
    full_name          TEXT    NOT NULL DEFAULT '',
    description        TEXT    NOT NULL DEFAULT '',
    -- Lower-case hex MD5 of the password. HCP's protocol needs exactly this value: it is the S3
    -- secret key, so a slower hash cannot take its place. The file is readable by its owner only.
    secret             TEXT    NOT NULL CHECK (length(secret) = 32),
    -- The canonical user id of S3.
    guid               TEXT    NOT NULL UNIQUE,
    -- A JSON array of HCP's role names.
    roles              TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(roles)),
    enabled            INTEGER NOT NULL DEFAULT 1,
    manages_namespaces INTEGER NOT NULL DEFAULT 0,
    created_ms         INTEGER NOT NULL
) STRICT;
-- A unique index treats NULLs as different, so each level has its own.
CREATE UNIQUE INDEX users_of_system ON users (name) WHERE tenant_id IS NULL;
CREATE UNIQUE INDEX users_of_tenant ON users (tenant_id, name) WHERE tenant_id IS NOT NULL;
-- On a host that names no tenant the access key is looked up across all of them.
CREATE INDEX users_by_name ON users (name);

-- A bucket is a namespace seen through S3.
CREATE TABLE buckets (
    id         INTEGER PRIMARY KEY,
    tenant_id  INTEGER NOT NULL REFERENCES tenants (id),
    name       TEXT    NOT NULL COLLATE NOCASE,
    owner_id   INTEGER NOT NULL REFERENCES users (id),
    created_ms INTEGER NOT NULL,
    -- Usage, kept in the transaction that changes it, so that nobody ever has to count.
    objects    INTEGER NOT NULL DEFAULT 0 CHECK (objects >= 0),
    bytes      INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    UNIQUE (tenant_id, name)
) STRICT;
CREATE INDEX buckets_of_owner ON buckets (owner_id, name);

-- Stored bytes: a file with a generated name, or, when they are few, the row itself.
-- Content never changes; segments and parts refer to it, copies share it, and it goes when the last
-- reference has gone.
CREATE TABLE blobs (
    id     INTEGER PRIMARY KEY,
    size   INTEGER NOT NULL CHECK (size >= 0),
    md5    BLOB    NOT NULL CHECK (length(md5) = 16),
    -- MD5 is S3's ETag and no protection; this is what a later check compares with.
    sha256 BLOB    NOT NULL CHECK (length(sha256) = 32),
    file   TEXT    UNIQUE,
    -- Last, so that reading the other columns never touches the overflow pages.
    inline BLOB,
    CHECK ((file IS NULL) <> (inline IS NULL))
) STRICT;

-- One row per version of an object. Until versioning is offered there is only the current one.
CREATE TABLE objects (
    id          INTEGER PRIMARY KEY,
    bucket_id   INTEGER NOT NULL REFERENCES buckets (id),
    -- A BLOB, because keys are ordered and compared as bytes.
    key         BLOB    NOT NULL CHECK (length(key) > 0),
    is_current  INTEGER NOT NULL CHECK (is_current IN (0, 1)),
    owner_id    INTEGER NOT NULL REFERENCES users (id),
    size        INTEGER NOT NULL CHECK (size >= 0),
    -- Without quotes: hex MD5, or `hex-N` for an object of N parts.
    etag        TEXT    NOT NULL,
    modified_ms INTEGER NOT NULL,
    -- JSON objects: the system headers (Content-Type, …) and the user's x-amz-meta-* pairs.
    headers     TEXT    NOT NULL CHECK (json_valid(headers)),
    metadata    TEXT    NOT NULL CHECK (json_valid(metadata))
) STRICT;
CREATE UNIQUE INDEX objects_current ON objects (bucket_id, key) WHERE is_current = 1;
CREATE INDEX objects_versions ON objects (bucket_id, key, id);

-- What an object's bytes are made of, in order: one segment per part.
CREATE TABLE segments (
    object_id INTEGER NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    -- Where in the object the segment begins: a range finds its segments without adding up.
    start     INTEGER NOT NULL CHECK (start >= 0),
    size      INTEGER NOT NULL CHECK (size >= 0),
    blob_id   INTEGER NOT NULL REFERENCES blobs (id),
    PRIMARY KEY (object_id, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX segments_of_blob ON segments (blob_id);

CREATE TABLE uploads (
    -- Decimal, as HCP's, and growing with time: within one key that is the order of listing.
    id           INTEGER PRIMARY KEY,
    bucket_id    INTEGER NOT NULL REFERENCES buckets (id),
    key          BLOB    NOT NULL,
    initiator_id INTEGER NOT NULL REFERENCES users (id),
    initiated_ms INTEGER NOT NULL,
    headers      TEXT    NOT NULL CHECK (json_valid(headers)),
    metadata     TEXT    NOT NULL CHECK (json_valid(metadata))
) STRICT;
CREATE INDEX uploads_of_bucket ON uploads (bucket_id, key, id);

CREATE TABLE parts (
    upload_id   INTEGER NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL CHECK (number BETWEEN 1 AND 10000),
    blob_id     INTEGER NOT NULL REFERENCES blobs (id),
    modified_ms INTEGER NOT NULL,
    PRIMARY KEY (upload_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX parts_of_blob ON parts (blob_id);
