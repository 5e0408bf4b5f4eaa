-- Namespaces: who owns them and who may do what in them, their settings, and what they are charged for.

-- A namespace need not have an owner. Dropping NOT NULL changes nothing of what is stored, so it is done
-- in the text of the schema, as SQLite's manual of ALTER TABLE describes, and not by copying the table.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
SET sql = replace(sql, 'owner_id   INTEGER NOT NULL REFERENCES users (id)',
                       'owner_id   INTEGER REFERENCES users (id)')
WHERE type = 'table' AND name = 'buckets';
PRAGMA writable_schema = RESET;

-- The namespace's id, a UUID of version 4.
ALTER TABLE buckets ADD COLUMN guid TEXT;
UPDATE buckets SET guid = lower(
    hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
    || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-'
    || hex(randomblob(6)));
CREATE UNIQUE INDEX buckets_guid ON buckets (guid);

-- More counters of usage. `capacity` is that of all versions, each rounded up to 4,096 bytes, as HCP's
-- quotas have it; `annotation_bytes` are those of the names and values of custom metadata.
ALTER TABLE buckets ADD COLUMN capacity INTEGER NOT NULL DEFAULT 0 CHECK (capacity >= 0);
ALTER TABLE buckets ADD COLUMN annotations INTEGER NOT NULL DEFAULT 0 CHECK (annotations >= 0);
ALTER TABLE buckets ADD COLUMN annotation_bytes INTEGER NOT NULL DEFAULT 0 CHECK (annotation_bytes >= 0);
-- Objects that were made of parts.
ALTER TABLE buckets ADD COLUMN joined INTEGER NOT NULL DEFAULT 0 CHECK (joined >= 0);
ALTER TABLE buckets ADD COLUMN joined_parts INTEGER NOT NULL DEFAULT 0 CHECK (joined_parts >= 0);
ALTER TABLE buckets ADD COLUMN joined_bytes INTEGER NOT NULL DEFAULT 0 CHECK (joined_bytes >= 0);
-- Open uploads.
ALTER TABLE buckets ADD COLUMN uploads INTEGER NOT NULL DEFAULT 0 CHECK (uploads >= 0);
ALTER TABLE buckets ADD COLUMN upload_parts INTEGER NOT NULL DEFAULT 0 CHECK (upload_parts >= 0);
ALTER TABLE buckets ADD COLUMN upload_bytes INTEGER NOT NULL DEFAULT 0 CHECK (upload_bytes >= 0);
ALTER TABLE buckets ADD COLUMN upload_capacity INTEGER NOT NULL DEFAULT 0 CHECK (upload_capacity >= 0);
-- Since when it has been counted what happens; NULL: since the bucket was made.
ALTER TABLE buckets ADD COLUMN counted_since_ms INTEGER;

UPDATE buckets SET
    (capacity, joined, joined_parts, joined_bytes) =
        (SELECT coalesce(sum((size + 4095) / 4096 * 4096), 0),
                count(CASE WHEN instr(etag, '-') > 0 THEN 1 END),
                coalesce(sum(CASE WHEN instr(etag, '-') > 0
                    THEN CAST(substr(etag, instr(etag, '-') + 1) AS INTEGER) END), 0),
                coalesce(sum(CASE WHEN instr(etag, '-') > 0 THEN size END), 0)
         FROM objects WHERE bucket_id = buckets.id AND is_marker = 0),
    annotations = (SELECT count(*) FROM objects
        WHERE bucket_id = buckets.id AND is_marker = 0 AND metadata <> '{}'),
    annotation_bytes = (SELECT coalesce(sum(octet_length(pair.key) + octet_length(pair.value)), 0)
        FROM objects, json_each(objects.metadata) AS pair
        WHERE bucket_id = buckets.id AND is_marker = 0 AND metadata <> '{}'),
    uploads = (SELECT count(*) FROM uploads WHERE bucket_id = buckets.id),
    (upload_parts, upload_bytes, upload_capacity) =
        (SELECT count(*), coalesce(sum(blobs.size), 0),
                coalesce(sum((blobs.size + 4095) / 4096 * 4096), 0)
         FROM uploads JOIN parts ON parts.upload_id = uploads.id
         JOIN blobs ON blobs.id = parts.blob_id WHERE uploads.bucket_id = buckets.id),
    counted_since_ms = CAST(unixepoch('subsec') * 1000 AS INTEGER);

-- What a namespace is told and the store only keeps: HCP's documents, by kind.
CREATE TABLE namespace_documents (
    bucket_id INTEGER NOT NULL REFERENCES buckets (id) ON DELETE CASCADE,
    kind      TEXT    NOT NULL,
    document  TEXT    NOT NULL CHECK (json_valid(document)),
    PRIMARY KEY (bucket_id, kind)
) STRICT, WITHOUT ROWID;

-- The same of a tenant.
CREATE TABLE tenant_documents (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    kind      TEXT    NOT NULL,
    document  TEXT    NOT NULL CHECK (json_valid(document)),
    PRIMARY KEY (tenant_id, kind)
) STRICT, WITHOUT ROWID;
-- The bits of the tenant's permission mask; NULL: all. Of its own, because every request needs it.
ALTER TABLE tenants ADD COLUMN permission_mask INTEGER;

-- Data access permissions of users, as bits. Groups are those of a directory, which there is none of.
CREATE TABLE data_access (
    bucket_id   INTEGER NOT NULL REFERENCES buckets (id) ON DELETE CASCADE,
    user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    permissions INTEGER NOT NULL CHECK (permissions > 0),
    PRIMARY KEY (bucket_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX data_access_of_user ON data_access (user_id, bucket_id);

-- What a delete leaves where no delete markers are used: it hides what was there as a marker does, and
-- S3 does not show it.
ALTER TABLE objects ADD COLUMN is_record INTEGER NOT NULL DEFAULT 0 CHECK (is_record IN (0, 1));
CREATE INDEX objects_records ON objects (bucket_id, id) WHERE is_record = 1;
-- Finds what has retention or holds: objects of a class, and those that are to be disposed of.
CREATE INDEX objects_protected ON objects (bucket_id, id) WHERE protection IS NOT NULL;
-- Finds versions that have become old.
CREATE INDEX objects_old ON objects (bucket_id, id) WHERE is_current = 0;

-- What happened in a namespace in an hour, and how full it was when last something did. An hour in which
-- nothing happened has no row: its end is as full as that of the hour before.
CREATE TABLE usage_hours (
    tenant_id        INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    -- NULL: of a namespace that is gone.
    bucket_id        INTEGER REFERENCES buckets (id) ON DELETE SET NULL,
    -- When the hour began, in milliseconds.
    hour_ms          INTEGER NOT NULL,
    bytes_in         INTEGER NOT NULL,
    bytes_out        INTEGER NOT NULL,
    reads            INTEGER NOT NULL,
    writes           INTEGER NOT NULL,
    deletes          INTEGER NOT NULL,
    versions         INTEGER NOT NULL,
    ingested         INTEGER NOT NULL,
    capacity         INTEGER NOT NULL,
    joined           INTEGER NOT NULL,
    joined_parts     INTEGER NOT NULL,
    joined_bytes     INTEGER NOT NULL,
    uploads          INTEGER NOT NULL,
    upload_parts     INTEGER NOT NULL,
    upload_bytes     INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX usage_hours_of_bucket ON usage_hours (bucket_id, hour_ms);
CREATE INDEX usage_hours_of_tenant ON usage_hours (tenant_id, hour_ms);
