//! The tables `tenants` and `users`.

use model::mapi::Role;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::{
    Error,
    account::{Account, Secret, Tenant},
};

const COLUMNS: &str = "users.id, tenants.id, tenants.name, users.name, users.full_name,
    users.description, users.secret, users.guid, users.roles, users.enabled,
    users.manages_namespaces";

/// A user account that is to be created.
pub(crate) struct NewUser {
    pub(crate) tenant_id: Option<i64>,
    pub(crate) name: String,
    pub(crate) secret: Secret,
    pub(crate) guid: String,
    pub(crate) roles: Vec<Role>,
    pub(crate) manages_namespaces: bool,
    pub(crate) created_ms: i64,
}

/// Creates a tenant; false when the name is taken.
pub(crate) fn insert_tenant(
    connection: &Connection,
    name: &str,
    created_ms: i64,
) -> Result<bool, Error> {
    let rows = connection
        .prepare_cached(
            "INSERT INTO tenants (name, created_ms) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?
        .execute(params![name, created_ms])?;
    Ok(rows == 1)
}

/// Creates a user; false when the name is taken at its level.
pub(crate) fn insert_user(connection: &Connection, user: &NewUser) -> Result<bool, Error> {
    let roles = serde_json::to_string(&user.roles)
        .map_err(|_impossible| Error::Damaged("roles cannot be written"))?;
    let rows = connection
        .prepare_cached(
            "INSERT INTO users (tenant_id, name, secret, guid, roles, manages_namespaces, created_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            user.tenant_id,
            user.name,
            user.secret.expose(),
            user.guid,
            roles,
            user.manages_namespaces,
            user.created_ms,
        ])?;
    Ok(rows == 1)
}

/// Whether the system level has an account at all.
pub(crate) fn has_system_user(connection: &Connection) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM users WHERE tenant_id IS NULL LIMIT 1")?
        .exists([])?)
}

/// The tenant of that name.
pub(crate) fn tenant(connection: &Connection, name: &str) -> Result<Option<Tenant>, Error> {
    Ok(connection
        .prepare_cached("SELECT id, name FROM tenants WHERE name = ?1")?
        .query_row([name], |row| {
            Ok(Tenant {
                id: row.get(0)?,
                name: row.get(1)?,
            })
        })
        .optional()?)
}

/// The names of all tenants, in order.
pub(crate) fn tenants(connection: &Connection) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare_cached("SELECT name FROM tenants ORDER BY name")?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// The system-level user of that name.
pub(crate) fn system_user(connection: &Connection, name: &str) -> Result<Option<Account>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM users LEFT JOIN tenants ON tenants.id = users.tenant_id
         WHERE users.tenant_id IS NULL AND users.name = ?1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    statement.query_row([name], account).optional()?.transpose()
}

/// The user of that name in that tenant.
pub(crate) fn tenant_user(
    connection: &Connection,
    tenant: &str,
    name: &str,
) -> Result<Option<Account>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM users JOIN tenants ON tenants.id = users.tenant_id
         WHERE tenants.name = ?1 AND users.name = ?2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    statement
        .query_row([tenant, name], account)
        .optional()?
        .transpose()
}

/// Users of that name in any tenant, at most two: one is an answer, two are too many.
pub(crate) fn users_of_any_tenant(
    connection: &Connection,
    name: &str,
) -> Result<Vec<Account>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM users JOIN tenants ON tenants.id = users.tenant_id
         WHERE users.name = ?1 LIMIT 2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([name], account)?;
    rows.map(|row| row?).collect()
}

/// The user with that id.
pub(crate) fn by_id(connection: &Connection, id: i64) -> Result<Option<Account>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM users LEFT JOIN tenants ON tenants.id = users.tenant_id
         WHERE users.id = ?1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    statement.query_row([id], account).optional()?.transpose()
}

/// A user as others see one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) guid: String,
    pub(crate) username: String,
}

fn person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        guid: row.get(0)?,
        username: row.get(1)?,
    })
}

/// The person with that id.
pub(crate) fn person_by_id(connection: &Connection, id: i64) -> Result<Option<Person>, Error> {
    Ok(connection
        .prepare_cached("SELECT guid, name FROM users WHERE id = ?1")?
        .query_row([id], person)
        .optional()?)
}

/// The person of a tenant with that GUID or, where there is none, of that name.
pub(crate) fn person_of_tenant(
    connection: &Connection,
    tenant_id: i64,
    guid_or_name: &str,
) -> Result<Option<Person>, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT guid, name FROM users WHERE tenant_id = ?1 AND (guid = ?2 OR name = ?2)
             ORDER BY guid = ?2 DESC LIMIT 1",
        )?
        .query_row(params![tenant_id, guid_or_name], person)
        .optional()?)
}

/// One row of [`COLUMNS`]; the inner result is about what the row means.
fn account(row: &Row<'_>) -> rusqlite::Result<Result<Account, Error>> {
    let tenant = match (row.get::<_, Option<i64>>(1)?, row.get(2)?) {
        (Some(id), Some(name)) => Some(Tenant { id, name }),
        _ => None,
    };
    let roles: String = row.get(8)?;
    let account = Account {
        id: row.get(0)?,
        tenant,
        username: row.get(3)?,
        full_name: row.get(4)?,
        description: row.get(5)?,
        secret: Secret::stored(row.get(6)?),
        guid: row.get(7)?,
        roles: Vec::new(),
        enabled: row.get(9)?,
        manages_namespaces: row.get(10)?,
    };
    Ok(match serde_json::from_str(&roles) {
        Ok(roles) => Ok(Account { roles, ..account }),
        Err(_not_roles) => Err(Error::Damaged("the roles of an account cannot be read")),
    })
}
