-- How this store keeps the bytes of objects: as blobs, or as plain files that bear the names of keys.
-- Written once, at the first start.
CREATE TABLE layout (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    -- 1: plain files.
    plain INTEGER NOT NULL CHECK (plain IN (0, 1))
) STRICT;

-- The plain file of an object, as it was when its row was written. Such an object has no segments.
CREATE TABLE plain (
    object_id INTEGER PRIMARY KEY REFERENCES objects (id) ON DELETE CASCADE,
    -- The generated name under which the bytes wait in `blobs` until they are moved to their place; NULL:
    -- somebody else put the file there, or it is a folder.
    name      TEXT    UNIQUE,
    size      INTEGER NOT NULL CHECK (size >= 0),
    -- In nanoseconds since 1970. Size and time tell whether the file is still the one that was written.
    mtime_ns  INTEGER NOT NULL,
    -- NULL: nobody has read the bytes.
    sha256    BLOB    CHECK (length(sha256) = 32),
    -- A JSON array of the sizes of the parts that it was made of, in order; NULL: of none.
    parts     TEXT    CHECK (json_valid(parts))
) STRICT;

-- Plain files whose objects are gone, and which are removed after the commit: what a crash left undone, the
-- next start does. Dropped when it is done.
CREATE TABLE plain_removals (
    id       INTEGER PRIMARY KEY,
    tenant   TEXT    NOT NULL,
    bucket   TEXT    NOT NULL,
    key      BLOB    NOT NULL,
    size     INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL
) STRICT;
CREATE INDEX plain_removals_of ON plain_removals (tenant, bucket, key);
