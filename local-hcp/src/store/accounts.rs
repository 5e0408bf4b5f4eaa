//! The tables `tenants` and `users`.

use model::mapi::{Quota, Role};
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Row, params};
use uuid::Uuid;

use super::values;
use crate::{
    Error,
    account::{Account, Secret, Tenant},
    password::{Kept, Password},
    signin::History,
};

const COLUMNS: &str = "users.id, tenants.id, tenants.name, users.name, users.full_name,
    users.description, users.secret, users.guid, users.roles, users.enabled,
    users.manages_namespaces, users.number, users.local, tenants.console_security, users.failures,
    users.failed_ms, users.locked_ms, users.active_ms, users.password_ms, users.must_change";

/// A user account that is to be created.
#[expect(clippy::struct_excessive_bools, reason = "they are columns")]
pub(crate) struct NewUser {
    pub(crate) tenant_id: Option<i64>,
    pub(crate) name: String,
    pub(crate) full_name: String,
    pub(crate) description: String,
    pub(crate) password: Password,
    pub(crate) guid: String,
    pub(crate) roles: Vec<Role>,
    pub(crate) enabled: bool,
    pub(crate) local: bool,
    pub(crate) must_change: bool,
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
            "INSERT INTO tenants (name, created_ms, guid) VALUES (?1, ?2, ?3)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![name, created_ms, Uuid::new_v4().to_string()])?;
    Ok(rows == 1)
}

/// Creates a user; false when the name is taken at its level.
pub(crate) fn insert_user(connection: &Connection, user: &NewUser) -> Result<bool, Error> {
    let id = connection
        .prepare_cached(
            "INSERT INTO users (tenant_id, name, full_name, description, secret, guid, roles, enabled,
                 local, must_change, manages_namespaces, created_ms, password_ms, active_ms, number)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?12,
                 (SELECT next FROM user_numbers WHERE of_system = (?1 IS NULL)))
             ON CONFLICT DO NOTHING RETURNING id",
        )?
        .query_row(
            params![
                user.tenant_id,
                user.name,
                user.full_name,
                user.description,
                user.password.secret.expose(),
                user.guid,
                values::to_json(&user.roles)?,
                user.enabled,
                user.local,
                user.must_change,
                user.manages_namespaces,
                user.created_ms,
            ],
            |row| row.get(0),
        )
        .optional()?;
    let Some(id) = id else {
        return Ok(false);
    };
    connection
        .prepare_cached("UPDATE user_numbers SET next = next + 1 WHERE of_system = (?1 IS NULL)")?
        .execute([user.tenant_id])?;
    keep_password(connection, id, user.password.kept.as_ref(), user.created_ms)?;
    Ok(true)
}

/// The names of the accounts of a tenant, or of the system.
pub(crate) fn usernames(
    connection: &Connection,
    tenant_id: Option<i64>,
) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT name FROM users WHERE tenant_id IS ?1 AND deleted_ms IS NULL ORDER BY name",
    )?;
    let names = statement.query_map([tenant_id], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// The enabled accounts of a tenant that have the security role and a password of their own.
pub(crate) fn local_security_accounts(
    connection: &Connection,
    tenant_id: i64,
) -> Result<Vec<Account>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM users JOIN tenants ON tenants.id = users.tenant_id
         WHERE users.tenant_id = ?1 AND users.deleted_ms IS NULL AND users.local
           AND EXISTS (SELECT 1 FROM json_each(users.roles) WHERE value = 'SECURITY')"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([tenant_id], account)?;
    rows.map(|row| row?).collect()
}

/// Whether the level of an account has another one with the security role that can be used: local,
/// enabled, and not disabled by failed sign-ins.
pub(crate) fn other_security_account(
    connection: &Connection,
    account: &Account,
) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT 1 FROM users
             WHERE tenant_id IS ?1 AND id <> ?2 AND deleted_ms IS NULL AND local AND enabled
               AND locked_ms IS NULL
               AND EXISTS (SELECT 1 FROM json_each(users.roles) WHERE value = 'SECURITY') LIMIT 1",
        )?
        .exists(params![
            account.tenant.as_ref().map(|tenant| tenant.id),
            account.id
        ])?)
}

/// Writes what can be changed of an account: names, roles, switches. False when the name is taken.
pub(crate) fn update(connection: &Connection, account: &Account) -> Result<bool, Error> {
    let changed = connection
        .prepare_cached(
            "UPDATE OR FAIL users SET name = ?2, full_name = ?3, description = ?4, roles = ?5,
                 enabled = ?6, must_change = ?7, manages_namespaces = ?8, failures = ?9,
                 failed_ms = ?10, locked_ms = ?11, active_ms = ?12
             WHERE id = ?1",
        )?
        .execute(params![
            account.id,
            account.username,
            account.full_name,
            account.description,
            values::to_json(&account.roles)?,
            account.enabled,
            account.history.must_change,
            account.manages_namespaces,
            account.history.failures,
            account.history.failed_ms,
            account.history.locked_ms,
            account.history.active_ms,
        ]);
    match changed {
        Ok(_rows) => Ok(true),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// Deletes an account and the keys that it has lent. Where objects are its own, a row stays that is
/// found by nobody but who asks for their owner.
pub(crate) fn delete(connection: &Connection, id: i64, now_ms: i64) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM temporary_keys WHERE user_id = ?1")?
        .execute([id])?;
    // The namespaces of somebody who is gone have no owner.
    connection
        .prepare_cached("UPDATE buckets SET owner_id = NULL WHERE owner_id = ?1")?
        .execute([id])?;
    let deleted = connection
        .prepare_cached("DELETE FROM users WHERE id = ?1")?
        .execute([id]);
    match deleted {
        Ok(_rows) => return Ok(()),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {}
        Err(error) => return Err(error.into()),
    }
    connection
        .prepare_cached("DELETE FROM passwords WHERE user_id = ?1")?
        .execute([id])?;
    connection
        .prepare_cached(
            "UPDATE users SET deleted_ms = ?2, enabled = 0, roles = '[]', manages_namespaces = 0,
                 secret = lower(hex(randomblob(16)))
             WHERE id = ?1",
        )?
        .execute(params![id, now_ms])?;
    Ok(())
}

/// Gives an account another password.
pub(crate) fn set_password(
    connection: &Connection,
    id: i64,
    password: &Password,
    now_ms: i64,
) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE users SET secret = ?2, password_ms = ?3 WHERE id = ?1")?
        .execute(params![id, password.secret.expose(), now_ms])?;
    keep_password(connection, id, password.kept.as_ref(), now_ms)
}

/// Notes that an account has changed its own password, and need not any more.
pub(crate) fn password_was_changed(connection: &Connection, id: i64) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE users SET must_change = 0 WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

fn keep_password(
    connection: &Connection,
    id: i64,
    kept: Option<&Kept>,
    now_ms: i64,
) -> Result<(), Error> {
    /// How many passwords of an account are remembered; no setting asks for more.
    const REMEMBERED: i64 = 1_000;
    let Some(kept) = kept else {
        return Ok(());
    };
    connection
        .prepare_cached("UPDATE users SET salt = ?2 WHERE id = ?1")?
        .execute(params![id, kept.salt])?;
    connection
        .prepare_cached("INSERT INTO passwords (user_id, set_ms, hash) VALUES (?1, ?2, ?3)")?
        .execute(params![id, now_ms, kept.hash])?;
    connection
        .prepare_cached(
            "DELETE FROM passwords WHERE user_id = ?1 AND rowid NOT IN
                 (SELECT rowid FROM passwords WHERE user_id = ?1 ORDER BY rowid DESC LIMIT ?2)",
        )?
        .execute([id, REMEMBERED])?;
    Ok(())
}

/// The salt of an account's passwords. `None`: none was kept yet.
pub(crate) fn salt(connection: &Connection, id: i64) -> Result<Option<String>, Error> {
    Ok(connection
        .prepare_cached("SELECT salt FROM users WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .flatten())
}

/// The hashes of the latest passwords of an account, at most `depth`.
pub(crate) fn latest_passwords(
    connection: &Connection,
    id: i64,
    depth: i64,
) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT hash FROM passwords WHERE user_id = ?1 ORDER BY rowid DESC LIMIT ?2",
    )?;
    let hashes = statement.query_map([id, depth], |row| row.get(0))?;
    Ok(hashes.collect::<Result<_, _>>()?)
}

/// Counts a failed sign-in. So many disable the account, 0: none do. `anew`: an earlier lock has ended,
/// and with it the count. Returns whether the account is locked now.
pub(crate) fn count_failure(
    connection: &Connection,
    id: i64,
    most: i64,
    anew: bool,
    now_ms: i64,
) -> Result<bool, Error> {
    let locked: Option<i64> = connection
        .prepare_cached(
            "UPDATE users SET
                 failures = CASE WHEN ?3 THEN 1 ELSE failures + 1 END,
                 failed_ms = ?4,
                 locked_ms = CASE WHEN ?2 > 0 AND CASE WHEN ?3 THEN 1 ELSE failures + 1 END >= ?2
                     THEN ?4 END
             WHERE id = ?1 RETURNING locked_ms",
        )?
        .query_row(params![id, most, anew, now_ms], |row| row.get(0))
        .optional()?
        .flatten();
    Ok(locked.is_some())
}

/// Notes that an account has signed in, and forgets failed sign-ins before that.
pub(crate) fn note_sign_in(connection: &Connection, id: i64, now_ms: i64) -> Result<(), Error> {
    connection
        .prepare_cached(
            "UPDATE users SET failures = 0, failed_ms = NULL, locked_ms = NULL, active_ms = ?2
             WHERE id = ?1",
        )?
        .execute([id, now_ms])?;
    Ok(())
}

/// Notes that an account was used by a protocol whose failures are not counted.
pub(crate) fn note_activity(connection: &Connection, id: i64, now_ms: i64) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE users SET active_ms = ?2 WHERE id = ?1")?
        .execute([id, now_ms])?;
    Ok(())
}

/// Console security of a tenant, as far as it was set.
pub(crate) fn console_security(
    connection: &Connection,
    tenant_id: i64,
) -> Result<Option<String>, Error> {
    Ok(connection
        .prepare_cached("SELECT console_security FROM tenants WHERE id = ?1")?
        .query_row([tenant_id], |row| row.get(0))
        .optional()?
        .flatten())
}

/// Sets console security of a tenant.
pub(crate) fn set_console_security(
    connection: &Connection,
    tenant_id: i64,
    document: &str,
) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE tenants SET console_security = ?2 WHERE id = ?1")?
        .execute(params![tenant_id, document])?;
    Ok(())
}

/// Whether the system level has an account at all.
pub(crate) fn has_system_user(connection: &Connection) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT 1 FROM users WHERE tenant_id IS NULL AND deleted_ms IS NULL LIMIT 1",
        )?
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

/// The UUID of a tenant, and when it was made.
pub(crate) fn tenant_record(connection: &Connection, id: i64) -> Result<(String, i64), Error> {
    Ok(connection
        .prepare_cached("SELECT guid, created_ms FROM tenants WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// The bytes that the quotas of a tenant's namespaces come to, and how many namespaces it has.
pub(crate) fn allocated(connection: &Connection, tenant_id: i64) -> Result<(u64, i64), Error> {
    let mut statement = connection.prepare_cached(
        "SELECT json_extract(settings, '$.hardQuota') FROM buckets WHERE tenant_id = ?1",
    )?;
    let quotas = statement.query_map([tenant_id], |row| row.get::<_, Option<String>>(0))?;
    let (mut bytes, mut count) = (0_u64, 0);
    for quota in quotas {
        count += 1;
        let quota: Option<Quota> = quota?.and_then(|text| text.parse().ok());
        bytes = bytes.saturating_add(quota.map_or(0, Quota::bytes));
    }
    Ok((bytes, count))
}

/// Deletes a tenant that has no namespaces, with its accounts.
pub(crate) fn delete_tenant(connection: &Connection, id: i64) -> Result<(), Error> {
    for sql in [
        "DELETE FROM temporary_keys WHERE user_id IN (SELECT id FROM users WHERE tenant_id = ?1)",
        "DELETE FROM users WHERE tenant_id = ?1",
        "DELETE FROM tenants WHERE id = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([id])?;
    }
    Ok(())
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
         WHERE users.tenant_id IS NULL AND users.name = ?1 AND users.deleted_ms IS NULL"
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
         WHERE tenants.name = ?1 AND users.name = ?2 AND users.deleted_ms IS NULL"
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
         WHERE users.name = ?1 AND users.deleted_ms IS NULL LIMIT 2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([name], account)?;
    rows.map(|row| row?).collect()
}

/// The user with that id.
pub(crate) fn by_id(connection: &Connection, id: i64) -> Result<Option<Account>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM users LEFT JOIN tenants ON tenants.id = users.tenant_id
         WHERE users.id = ?1 AND users.deleted_ms IS NULL"
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
            "SELECT guid, name FROM users
             WHERE tenant_id = ?1 AND (guid = ?2 OR (name = ?2 AND deleted_ms IS NULL))
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
        number: row.get(11)?,
        local: row.get(12)?,
        console_security: row.get(13)?,
        history: History {
            failures: row.get(14)?,
            failed_ms: row.get(15)?,
            locked_ms: row.get(16)?,
            active_ms: row.get(17)?,
            password_ms: row.get(18)?,
            must_change: row.get(19)?,
        },
        barrier: None,
    };
    Ok(match serde_json::from_str(&roles) {
        Ok(roles) => Ok(Account { roles, ..account }),
        Err(_not_roles) => Err(Error::Damaged("the roles of an account cannot be read")),
    })
}
