//! Erasure coding topologies: the tables `topologies`, `topology_links` and `topology_tenants`.

use model::mapi::{EcTopology, Resource as _};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

use super::{
    links::{strings, taken},
    values,
};
use crate::Error;

/// A topology as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) id: i64,
    pub(crate) guid: String,
    pub(crate) name: String,
    /// What was set of it.
    pub(crate) topology: EcTopology,
    pub(crate) retired: bool,
}

fn kept(row: &Row<'_>) -> Result<(Kept, String), rusqlite::Error> {
    let kept = Kept {
        id: row.get(0)?,
        guid: row.get(1)?,
        name: row.get(2)?,
        topology: EcTopology::default(),
        retired: row.get(4)?,
    };
    Ok((kept, row.get(3)?))
}

/// The names of all topologies.
pub(crate) fn names(connection: &Connection) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare_cached("SELECT name FROM topologies ORDER BY name")?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// The topology of a name.
///
/// # Errors
/// [`Error::NoSuchResource`].
pub(crate) fn find(connection: &Connection, name: &str) -> Result<Kept, Error> {
    let found = connection
        .prepare_cached(
            "SELECT id, guid, name, document, is_retired FROM topologies WHERE name = ?1",
        )?
        .query_row([name], kept)
        .optional()?;
    let (mut kept, document) = found.ok_or(Error::NoSuchResource)?;
    kept.topology = EcTopology::read_leniently(values::from_json(&document)?);
    Ok(kept)
}

/// Makes a topology of links.
///
/// # Errors
/// [`Error::Conflict`]: the name is taken.
pub(crate) fn insert(
    connection: &Connection,
    name: &str,
    topology: &EcTopology,
    links: &[i64],
) -> Result<(), Error> {
    let made = connection
        .prepare_cached(
            "INSERT INTO topologies (guid, name, document) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO NOTHING",
        )?
        .execute(params![
            Uuid::new_v4().to_string(),
            name,
            values::to_json(&topology.to_map())?
        ])?;
    taken(made, "topology", name)?;
    let id = connection.last_insert_rowid();
    for link in links {
        connection
            .prepare_cached("INSERT INTO topology_links (topology_id, link_id) VALUES (?1, ?2)")?
            .execute([id, *link])?;
    }
    Ok(())
}

/// Keeps what was set of a topology, and its name.
///
/// # Errors
/// [`Error::Conflict`]: another topology has the name.
pub(crate) fn update(
    connection: &Connection,
    id: i64,
    name: &str,
    topology: &EcTopology,
) -> Result<(), Error> {
    let changed = connection
        .prepare_cached("UPDATE OR IGNORE topologies SET name = ?2, document = ?3 WHERE id = ?1")?
        .execute(params![id, name, values::to_json(&topology.to_map())?])?;
    taken(changed, "topology", name)
}

/// Retires a topology. No object is coded here, so none has to be made whole first.
pub(crate) fn retire(connection: &Connection, id: i64) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE topologies SET is_retired = 1 WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

/// Deletes a topology.
pub(crate) fn delete(connection: &Connection, id: i64) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM topologies WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

/// The links of a topology.
pub(crate) fn links(connection: &Connection, id: i64) -> Result<Vec<String>, Error> {
    strings(
        connection,
        "SELECT links.name FROM topology_links JOIN links ON links.id = topology_links.link_id
         WHERE topology_links.topology_id = ?1 ORDER BY links.name",
        id,
    )
}

/// The tenants of a topology.
pub(crate) fn tenants(connection: &Connection, id: i64) -> Result<Vec<String>, Error> {
    strings(
        connection,
        "SELECT tenants.name FROM topology_tenants
         JOIN tenants ON tenants.id = topology_tenants.tenant_id
         WHERE topology_tenants.topology_id = ?1 ORDER BY tenants.name",
        id,
    )
}

/// The topology that a tenant is in.
pub(crate) fn of_tenant(connection: &Connection, tenant_id: i64) -> Result<Option<i64>, Error> {
    Ok(connection
        .prepare_cached("SELECT topology_id FROM topology_tenants WHERE tenant_id = ?1")?
        .query_row([tenant_id], |row| row.get(0))
        .optional()?)
}

/// Puts a tenant that is in no topology into one.
pub(crate) fn add_tenant(connection: &Connection, id: i64, tenant_id: i64) -> Result<(), Error> {
    connection
        .prepare_cached("INSERT INTO topology_tenants (tenant_id, topology_id) VALUES (?1, ?2)")?
        .execute([tenant_id, id])?;
    Ok(())
}

/// Takes a tenant out of a topology; false: it was not in it.
pub(crate) fn remove_tenant(
    connection: &Connection,
    id: i64,
    tenant_id: i64,
) -> Result<bool, Error> {
    let rows = connection
        .prepare_cached("DELETE FROM topology_tenants WHERE topology_id = ?1 AND tenant_id = ?2")?
        .execute([id, tenant_id])?;
    Ok(rows == 1)
}
