-- Versions and delete markers, access, tags, checksums, retention, CORS, temporary keys.

-- One growing number for versions and uploads, never used twice, as HCP's.
CREATE TABLE sequence (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    last INTEGER NOT NULL
) STRICT;
INSERT INTO sequence
SELECT 1, max((SELECT coalesce(max(id), 0) FROM uploads), (SELECT coalesce(max(id), 0) FROM objects));

-- The id of a row is its version's, from the sequence: the newest version of a key is the one with
-- the greatest id. `is_null` marks the version that S3 calls `null`, written while versioning was not
-- enabled; a key has one at most.
ALTER TABLE objects ADD COLUMN is_null INTEGER NOT NULL DEFAULT 1 CHECK (is_null IN (0, 1));
-- A delete marker has no bytes and no attributes.
ALTER TABLE objects ADD COLUMN is_marker INTEGER NOT NULL DEFAULT 0 CHECK (is_marker IN (0, 1));
-- JSON objects, NULL where there is nothing: tags, grants beside the owner's, and the checksums that
-- the client chose.
ALTER TABLE objects ADD COLUMN tags TEXT CHECK (json_valid(tags));
ALTER TABLE objects ADD COLUMN acl TEXT CHECK (json_valid(acl));
ALTER TABLE objects ADD COLUMN checksum TEXT CHECK (json_valid(checksum));
-- JSON object: retention and holds; NULL: may be deleted.
ALTER TABLE objects ADD COLUMN protection TEXT CHECK (json_valid(protection));

DROP INDEX objects_current;
-- What a listing shows, in its order, and all that it says of an entry: a page reads nothing else.
-- `is_current` is true of the newest version of each key.
CREATE INDEX objects_listed ON objects (bucket_id, key, size, etag, modified_ms, owner_id)
    WHERE is_current = 1 AND is_marker = 0;
CREATE UNIQUE INDEX objects_null ON objects (bucket_id, key) WHERE is_null = 1;

ALTER TABLE parts ADD COLUMN checksum TEXT CHECK (json_valid(checksum));
-- What the object will be given at completion, as in `objects`; and which checksums were announced.
ALTER TABLE uploads ADD COLUMN tags TEXT CHECK (json_valid(tags));
ALTER TABLE uploads ADD COLUMN acl TEXT CHECK (json_valid(acl));
ALTER TABLE uploads ADD COLUMN checksum TEXT CHECK (json_valid(checksum));
ALTER TABLE uploads ADD COLUMN protection TEXT CHECK (json_valid(protection));

-- NULL: versioning was never enabled; 1: enabled; 0: suspended.
ALTER TABLE buckets ADD COLUMN versioning INTEGER CHECK (versioning IN (0, 1));
ALTER TABLE buckets ADD COLUMN tags TEXT CHECK (json_valid(tags));
ALTER TABLE buckets ADD COLUMN acl TEXT CHECK (json_valid(acl));
-- JSON array of CORS rules; NULL: those of the tenant apply.
ALTER TABLE buckets ADD COLUMN cors TEXT CHECK (json_valid(cors));
-- JSON object: the namespace's settings that differ from HCP's defaults.
ALTER TABLE buckets ADD COLUMN settings TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(settings));
-- `objects` counts keys whose newest version is no marker, `versions` every version that is none;
-- `bytes` are those of all versions.
ALTER TABLE buckets ADD COLUMN versions INTEGER NOT NULL DEFAULT 0 CHECK (versions >= 0);
UPDATE buckets SET versions = objects;

ALTER TABLE tenants ADD COLUMN cors TEXT CHECK (json_valid(cors));

-- Keys that somebody lent: for one bucket, one prefix, a while.
CREATE TABLE temporary_keys (
    access_key TEXT    PRIMARY KEY,
    secret     TEXT    NOT NULL,
    -- Whose rights they have, at most.
    user_id    INTEGER NOT NULL REFERENCES users (id),
    bucket_id  INTEGER NOT NULL REFERENCES buckets (id) ON DELETE CASCADE,
    prefix     TEXT    NOT NULL,
    may_write  INTEGER NOT NULL CHECK (may_write IN (0, 1)),
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    used_ms    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX temporary_keys_of_user ON temporary_keys (user_id);
