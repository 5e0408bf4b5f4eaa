-- What namespaces are charged for, hour by hour (HCP's management API, "chargebackReport").

-- What happened in a namespace in an hour, and how full it was when last something did. An hour in which
-- nothing happened has no row: at its end the namespace is as full as at the end of the hour before.
CREATE TABLE usage_hours (
    tenant_id    INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    -- The namespace's id: rows stay when it is gone, and its tenant is still charged for them.
    namespace    TEXT    NOT NULL,
    -- When the hour began, in milliseconds.
    hour_ms      INTEGER NOT NULL,
    -- Sums.
    bytes_in     INTEGER NOT NULL,
    bytes_out    INTEGER NOT NULL,
    reads        INTEGER NOT NULL,
    writes       INTEGER NOT NULL,
    deletes      INTEGER NOT NULL,
    -- Counters of the bucket, as they were last.
    versions     INTEGER NOT NULL,
    ingested     INTEGER NOT NULL,
    capacity     INTEGER NOT NULL,
    joined       INTEGER NOT NULL,
    joined_parts INTEGER NOT NULL,
    joined_bytes INTEGER NOT NULL,
    uploads      INTEGER NOT NULL,
    upload_parts INTEGER NOT NULL,
    upload_bytes INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, namespace, hour_ms)
) STRICT, WITHOUT ROWID;

-- In which hour the running store has last written down what was read; NULL: it was closed, and nothing
-- is missing.
CREATE TABLE usage_state (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    hour_ms INTEGER
) STRICT;
INSERT INTO usage_state VALUES (1, NULL);

-- Hours of which not everything is known: the store was killed, with reads that were not written down
-- yet, or did not count yet.
CREATE TABLE usage_gaps (hour_ms INTEGER PRIMARY KEY) STRICT;

-- The history of what is here already begins now, in the middle of an hour.
INSERT INTO usage_hours
SELECT tenant_id, guid, unixepoch() / 3600 * 3600000, 0, 0, 0, 0, 0, versions,
       bytes + annotation_bytes, capacity + upload_capacity, joined, joined_parts, joined_bytes,
       uploads, upload_parts, upload_bytes
FROM buckets;
INSERT INTO usage_gaps SELECT DISTINCT hour_ms FROM usage_hours;
