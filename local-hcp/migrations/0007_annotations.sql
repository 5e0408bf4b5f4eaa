CREATE TABLE annotations (
    object_id INTEGER NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (object_id, name)
) STRICT, WITHOUT ROWID;
ALTER TABLE objects ADD COLUMN changed_ms INTEGER;
