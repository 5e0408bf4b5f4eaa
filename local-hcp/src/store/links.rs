//! Links to other systems, and what goes by them: the tables `links`, `link_tenants` and `chained_links`.

use model::mapi::{Link, Resource as _, Schedule};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::values;
use crate::Error;

/// A link as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) id: i64,
    pub(crate) guid: String,
    pub(crate) name: String,
    /// What was set of it.
    pub(crate) link: Link,
    pub(crate) schedule: Option<Schedule>,
    pub(crate) suspended: bool,
}

const COLUMNS: &str = "id, guid, name, document, schedule, is_suspended";

fn kept(row: &Row<'_>) -> Result<(Kept, String, Option<String>), rusqlite::Error> {
    let kept = Kept {
        id: row.get(0)?,
        guid: row.get(1)?,
        name: row.get(2)?,
        link: Link::default(),
        schedule: None,
        suspended: row.get(5)?,
    };
    Ok((kept, row.get(3)?, row.get(4)?))
}

fn read((mut kept, link, schedule): (Kept, String, Option<String>)) -> Result<Kept, Error> {
    kept.link = Link::read_leniently(values::from_json(&link)?);
    let schedule: Option<Map<String, Json>> =
        schedule.as_deref().map(values::from_json).transpose()?;
    kept.schedule = schedule.map(Schedule::read_leniently);
    Ok(kept)
}

/// All links, by name.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Kept>, Error> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM links ORDER BY name"))?;
    let rows: Vec<_> = statement.query_map([], kept)?.collect::<Result<_, _>>()?;
    rows.into_iter().map(read).collect()
}

/// The link of a name.
///
/// # Errors
/// [`Error::NoSuchResource`].
pub(crate) fn find(connection: &Connection, name: &str) -> Result<Kept, Error> {
    let row = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM links WHERE name = ?1"))?
        .query_row([name], kept)
        .optional()?;
    read(row.ok_or(Error::NoSuchResource)?)
}

/// The link of an id that HCP gave it.
pub(crate) fn by_guid(connection: &Connection, guid: &str) -> Result<Option<Kept>, Error> {
    let row = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM links WHERE guid = ?1"))?
        .query_row([guid], kept)
        .optional()?;
    row.map(read).transpose()
}

/// Makes a link.
///
/// # Errors
/// [`Error::Conflict`]: the name is taken.
pub(crate) fn insert(connection: &Connection, name: &str, link: &Link) -> Result<(), Error> {
    let made = connection
        .prepare_cached(
            "INSERT INTO links (guid, name, document) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO NOTHING",
        )?
        .execute(params![
            Uuid::new_v4().to_string(),
            name,
            values::to_json(&link.to_map())?
        ])?;
    taken(made, "link", name)
}

/// Keeps what was set of a link, and its name.
///
/// # Errors
/// [`Error::Conflict`]: another link has the name.
pub(crate) fn update(
    connection: &Connection,
    id: i64,
    name: &str,
    link: &Link,
) -> Result<(), Error> {
    let changed = connection
        .prepare_cached("UPDATE OR IGNORE links SET name = ?2, document = ?3 WHERE id = ?1")?
        .execute(params![id, name, values::to_json(&link.to_map())?])?;
    taken(changed, "link", name)
}

/// Refuses a name that another has.
pub(super) fn taken(rows: usize, what: &str, name: &str) -> Result<(), Error> {
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::Conflict(format!("{what}: {name} already exists")))
    }
}

/// Stops a link for a while, or lets it go on.
pub(crate) fn suspend(connection: &Connection, id: i64, suspended: bool) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE links SET is_suspended = ?2 WHERE id = ?1")?
        .execute(params![id, suspended])?;
    Ok(())
}

/// Sets when a link sends.
pub(crate) fn set_schedule(
    connection: &Connection,
    id: i64,
    schedule: &Schedule,
) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE links SET schedule = ?2 WHERE id = ?1")?
        .execute(params![id, values::to_json(&schedule.to_map())?])?;
    Ok(())
}

/// Deletes a link, with all that is said of it.
///
/// # Errors
/// [`Error::Forbidden`]: a topology is made of it.
pub(crate) fn delete(connection: &Connection, link: &Kept) -> Result<(), Error> {
    let topology: Option<String> = connection
        .prepare_cached(
            "SELECT topologies.name FROM topology_links
             JOIN topologies ON topologies.id = topology_links.topology_id
             WHERE topology_links.link_id = ?1 LIMIT 1",
        )?
        .query_row([link.id], |row| row.get(0))
        .optional()?;
    if let Some(topology) = topology {
        return Err(Error::Forbidden(format!(
            "link: {} is part of the topology {topology}.",
            link.name
        )));
    }
    connection
        .prepare_cached("DELETE FROM links WHERE id = ?1")?
        .execute([link.id])?;
    Ok(())
}

/// The tenants that go by a link.
pub(crate) fn tenants(connection: &Connection, id: i64) -> Result<Vec<String>, Error> {
    strings(
        connection,
        "SELECT tenants.name FROM link_tenants JOIN tenants ON tenants.id = link_tenants.tenant_id
         WHERE link_tenants.link_id = ?1 ORDER BY tenants.name",
        id,
    )
}

/// Whether a tenant goes by a link, and whether it was stopped there.
pub(crate) fn tenant(
    connection: &Connection,
    id: i64,
    tenant_id: i64,
) -> Result<Option<bool>, Error> {
    Ok(connection
        .prepare_cached("SELECT is_paused FROM link_tenants WHERE link_id = ?1 AND tenant_id = ?2")?
        .query_row(params![id, tenant_id], |row| row.get(0))
        .optional()?)
}

/// Lets a tenant go by a link; false: it does already.
pub(crate) fn add_tenant(connection: &Connection, id: i64, tenant_id: i64) -> Result<bool, Error> {
    let rows = connection
        .prepare_cached(
            "INSERT INTO link_tenants (link_id, tenant_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?
        .execute(params![id, tenant_id])?;
    Ok(rows == 1)
}

/// Stops a tenant on a link, or lets it go on; false: it does not go by the link.
pub(crate) fn pause_tenant(
    connection: &Connection,
    id: i64,
    tenant_id: i64,
    paused: bool,
) -> Result<bool, Error> {
    let rows = connection
        .prepare_cached(
            "UPDATE link_tenants SET is_paused = ?3 WHERE link_id = ?1 AND tenant_id = ?2",
        )?
        .execute(params![id, tenant_id, paused])?;
    Ok(rows == 1)
}

/// Lets a tenant go by a link no longer; false: it did not.
pub(crate) fn remove_tenant(
    connection: &Connection,
    id: i64,
    tenant_id: i64,
) -> Result<bool, Error> {
    let rows = connection
        .prepare_cached("DELETE FROM link_tenants WHERE link_id = ?1 AND tenant_id = ?2")?
        .execute(params![id, tenant_id])?;
    Ok(rows == 1)
}

/// The links whose objects go on by a link.
pub(crate) fn chained(connection: &Connection, id: i64) -> Result<Vec<String>, Error> {
    strings(
        connection,
        "SELECT links.name FROM chained_links JOIN links ON links.id = chained_links.chained_id
         WHERE chained_links.link_id = ?1 ORDER BY links.name",
        id,
    )
}

/// Lets the objects of another link go on by a link; false: they do already.
pub(crate) fn chain(connection: &Connection, id: i64, chained: i64) -> Result<bool, Error> {
    let rows = connection
        .prepare_cached(
            "INSERT INTO chained_links (link_id, chained_id) VALUES (?1, ?2)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![id, chained])?;
    Ok(rows == 1)
}

/// Lets the objects of another link go on by a link no longer; false: they did not.
pub(crate) fn unchain(connection: &Connection, id: i64, chained: i64) -> Result<bool, Error> {
    let rows = connection
        .prepare_cached("DELETE FROM chained_links WHERE link_id = ?1 AND chained_id = ?2")?
        .execute(params![id, chained])?;
    Ok(rows == 1)
}

/// The texts that a statement about one thing finds.
pub(super) fn strings(connection: &Connection, sql: &str, id: i64) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare_cached(sql)?;
    let names = statement.query_map([id], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}
