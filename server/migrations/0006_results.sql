-- What a search has found is a list too. A check cannot be changed in place, so the lines move.
CREATE TABLE task_line_of_three (
    task_id TEXT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    list    TEXT NOT NULL CHECK (list IN ('failure', 'marker', 'result')),
    number  INTEGER NOT NULL,
    line    TEXT NOT NULL,
    PRIMARY KEY (task_id, list, number)
) STRICT, WITHOUT ROWID;

INSERT INTO task_line_of_three SELECT task_id, list, number, line FROM task_line;
DROP TABLE task_line;
ALTER TABLE task_line_of_three RENAME TO task_line;
