-- Background work: who started it, on which bucket, how far it is. `progress` is JSON; times are
-- seconds since 1970. A row may go when its end is over, but never while its task is running.
CREATE TABLE task (
    id         TEXT PRIMARY KEY,
    owner      TEXT NOT NULL,
    kind       TEXT NOT NULL,
    bucket     TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'canceled')),
    progress   TEXT NOT NULL,
    error      TEXT,
    replica    TEXT NOT NULL,
    cancel     INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX task_running ON task (owner) WHERE state = 'running';
CREATE INDEX task_expires ON task (expires_at);
