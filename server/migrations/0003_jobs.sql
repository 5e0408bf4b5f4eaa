-- Jobs: background work stands in a list for a while after its end. Times are milliseconds since 1970;
-- `job` is JSON, and is absent where an older route started the task.
ALTER TABLE task ADD COLUMN started_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN ended_at INTEGER;
ALTER TABLE task ADD COLUMN job TEXT;

CREATE INDEX task_of_owner ON task (owner, started_at, id);

-- What a job was started with, as JSON: to repeat what failed. Credentials are no part of it.
CREATE TABLE task_order (
    task_id TEXT PRIMARY KEY REFERENCES task (id) ON DELETE CASCADE,
    text    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What failed of a job, and which delete markers it made, in order.
CREATE TABLE task_line (
    task_id TEXT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    list    TEXT NOT NULL CHECK (list IN ('failure', 'marker')),
    number  INTEGER NOT NULL,
    line    TEXT NOT NULL,
    PRIMARY KEY (task_id, list, number)
) STRICT, WITHOUT ROWID;
