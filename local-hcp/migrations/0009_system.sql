-- The system level: its settings, links to other systems, and erasure coding.

-- What was set of the system, by kind: JSON with HCP's names.
CREATE TABLE system_documents (
    kind     TEXT PRIMARY KEY,
    document TEXT NOT NULL CHECK (json_valid(document))
) STRICT, WITHOUT ROWID;

-- Links to other systems. HCP does not tell their names apart by case, but keeps it.
CREATE TABLE links (
    id           INTEGER PRIMARY KEY,
    guid         TEXT    NOT NULL UNIQUE,
    name         TEXT    NOT NULL UNIQUE COLLATE NOCASE,
    document     TEXT    NOT NULL CHECK (json_valid(document)),
    -- NULL: never set.
    schedule     TEXT    CHECK (json_valid(schedule)),
    is_suspended INTEGER NOT NULL DEFAULT 0 CHECK (is_suspended IN (0, 1))
) STRICT;

-- Tenants that go by a link.
CREATE TABLE link_tenants (
    link_id   INTEGER NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    is_paused INTEGER NOT NULL DEFAULT 0 CHECK (is_paused IN (0, 1)),
    PRIMARY KEY (link_id, tenant_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_tenants_tenant ON link_tenants (tenant_id);

-- Links whose objects go on by a link.
CREATE TABLE chained_links (
    link_id    INTEGER NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    chained_id INTEGER NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    PRIMARY KEY (link_id, chained_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX chained_links_chained ON chained_links (chained_id);

-- Erasure coding topologies.
CREATE TABLE topologies (
    id         INTEGER PRIMARY KEY,
    guid       TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL UNIQUE COLLATE NOCASE,
    document   TEXT    NOT NULL CHECK (json_valid(document)),
    is_retired INTEGER NOT NULL DEFAULT 0 CHECK (is_retired IN (0, 1))
) STRICT;

-- The links that a topology is made of; such a link cannot be deleted.
CREATE TABLE topology_links (
    topology_id INTEGER NOT NULL REFERENCES topologies (id) ON DELETE CASCADE,
    link_id     INTEGER NOT NULL REFERENCES links (id),
    PRIMARY KEY (topology_id, link_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX topology_links_link ON topology_links (link_id);

-- The tenants of a topology; a tenant is in one at most.
CREATE TABLE topology_tenants (
    tenant_id   INTEGER PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    topology_id INTEGER NOT NULL REFERENCES topologies (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX topology_tenants_topology ON topology_tenants (topology_id);
