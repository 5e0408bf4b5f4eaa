-- Custom metadata beside that of S3: pieces of it, each with a name.

-- The metadata of S3 (`objects.metadata`) is the annotation `.metapairs` and has no row here.
CREATE TABLE annotations (
    object_id INTEGER NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    -- Case-sensitive, as HCP's.
    name      TEXT    NOT NULL,
    content   BLOB    NOT NULL,
    PRIMARY KEY (object_id, name)
) STRICT, WITHOUT ROWID;

-- When what describes a version was last changed: its metadata, annotations, tags, access, retention, holds.
-- NULL: never since it was written.
ALTER TABLE objects ADD COLUMN changed_ms INTEGER;
