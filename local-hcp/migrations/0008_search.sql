-- What metadata queries look at: words of objects, and what became of objects that are gone.

-- Words of the newest versions that are no delete markers, by the version's number. `store/words.rs` cuts
-- texts into words; the tokenizer only takes them apart at spaces, and folds nothing that was not folded.
CREATE VIRTUAL TABLE words USING fts5 (
    path, custom, content = '', contentless_delete = 1, tokenize = 'ascii'
);
-- Its words in order, to find those that a wildcard stands for.
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, 'col');

-- Versions by the time of their last change, in which operations are told.
CREATE INDEX objects_changed ON objects (bucket_id, coalesce(changed_ms, modified_ms), id)
    WHERE is_marker = 0;

-- Objects and versions that are gone, and by what. A row is written in the transaction that removes.
CREATE TABLE removals (
    bucket_id INTEGER NOT NULL REFERENCES buckets (id) ON DELETE CASCADE,
    at_ms     INTEGER NOT NULL,
    -- 1: deleted, 2: purged, 3: pruned, 4: disposed of.
    kind      INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 4),
    -- The version that is gone, or the delete marker that came.
    version   INTEGER NOT NULL,
    key       BLOB    NOT NULL,
    -- The bytes that nobody reads any more.
    size      INTEGER NOT NULL,
    -- JSON: what else is told of it.
    details   TEXT    NOT NULL CHECK (json_valid(details)),
    -- The name of the account that did it; NULL: nobody, its time had come.
    user      TEXT,
    PRIMARY KEY (bucket_id, at_ms, kind, version)
) STRICT, WITHOUT ROWID;
-- Finds what has become too old.
CREATE INDEX removals_at ON removals (at_ms);
