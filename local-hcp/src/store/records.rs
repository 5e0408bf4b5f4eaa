//! The table `audit`: who changed what. It is only added to; what has become too old is swept.

use rusqlite::{Connection, Row, params};
use serde_json::Value;

use crate::{
    Error,
    account::Account,
    audit::{Action, Record},
    clock::from_ms,
};

/// How many records are dropped by one write.
const DROPPED_AT_ONCE: i64 = 500;

/// Something that is to be kept.
#[derive(Clone, Debug)]
pub(crate) struct NewRecord {
    pub(crate) at_ms: i64,
    /// The name of the tenant in whose affairs; `None`: the system's.
    pub(crate) tenant: Option<String>,
    /// Whose doing; empty for nobody who signed in.
    pub(crate) user: String,
    pub(crate) of_system: bool,
    pub(crate) deed: Deed,
}

/// What was done, and to what.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Change(Change),
    PrivilegedDelete(PrivilegedDelete),
    /// Failed sign-ins have disabled the account.
    LockOut,
}

/// A change by the management API.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) action: Action,
    /// The resource, below `/mapi`.
    pub(crate) path: String,
    /// The names of what was set.
    pub(crate) fields: Vec<String>,
}

/// An object was deleted that retention may have kept.
#[derive(Clone, Debug)]
pub(crate) struct PrivilegedDelete {
    pub(crate) namespace: String,
    pub(crate) key: String,
    pub(crate) version: Option<i64>,
    pub(crate) reason: String,
}

impl NewRecord {
    /// Something that an account did in the affairs of its own tenant; none: nobody signed in.
    pub(crate) fn of(account: Option<&Account>, at_ms: i64, deed: Deed) -> Self {
        let tenant = account.and_then(|account| account.tenant.as_ref());
        Self {
            at_ms,
            tenant: tenant.map(|tenant| tenant.name.clone()),
            user: account.map_or_else(String::new, |account| account.username.clone()),
            of_system: account.is_some_and(|account| account.tenant.is_none()),
            deed,
        }
    }
}

/// Keeps a record. It is there if the transaction commits, as what it is about.
pub(crate) fn insert(connection: &Connection, record: &NewRecord) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO audit
         (at_ms, tenant, user, of_system, action, path, namespace, key, version, reason, fields)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    let NewRecord {
        at_ms,
        tenant,
        user,
        of_system,
        deed,
    } = record;
    let (mut path, mut object, mut fields) = (None, (None, None, None, None), &Vec::new());
    let action = match deed {
        Deed::Change(change) => {
            path = Some(&change.path);
            fields = &change.fields;
            change.action
        }
        Deed::PrivilegedDelete(delete) => {
            object = (
                Some(&delete.namespace),
                Some(&delete.key),
                delete.version,
                Some(&delete.reason),
            );
            Action::PrivilegedDelete
        }
        Deed::LockOut => Action::LockOut,
    };
    let (namespace, key, version, reason) = object;
    let (action, fields) = (action.as_str(), Value::from(fields.as_slice()).to_string());
    statement.execute(params![
        at_ms, tenant, user, of_system, action, path, namespace, key, version, reason, fields
    ])?;
    Ok(())
}

/// Drops some of what happened before a time. False: nothing of that is left.
pub(crate) fn forget(connection: &Connection, before_ms: i64) -> Result<bool, Error> {
    connection
        .prepare_cached("UPDATE audit_end SET before_ms = max(before_ms, ?1)")?
        .execute([before_ms])?;
    let dropped = connection
        .prepare_cached(
            "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at_ms < ?1 LIMIT ?2)",
        )?
        .execute([before_ms, DROPPED_AT_ONCE])?;
    Ok(dropped > 0)
}

/// The records of a tenant, or all, since a time; hands them out in the order in which they were written.
pub(crate) fn each(
    connection: &Connection,
    tenant: Option<&str>,
    since_ms: i64,
    mut take: impl FnMut(Record),
) -> Result<(), Error> {
    let of_tenant = if tenant.is_some() {
        "tenant = ?2 AND"
    } else {
        "?2 IS NULL AND"
    };
    let sql = format!(
        "SELECT at_ms, tenant, user, of_system, action, path, namespace, key, version, reason, fields
         FROM audit WHERE {of_tenant} at_ms >= ?1 ORDER BY at_ms, id"
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(params![since_ms, tenant])?;
    while let Some(row) = rows.next()? {
        take(record(row)?);
    }
    Ok(())
}

fn record(row: &Row<'_>) -> Result<Record, Error> {
    let action: String = row.get(4)?;
    let fields: String = row.get(10)?;
    Ok(Record {
        time: model::Timestamp::new(from_ms(row.get(0)?)),
        tenant: row.get(1)?,
        user: row.get(2)?,
        of_system: row.get(3)?,
        action: Action::parse(&action)
            .ok_or(Error::Damaged("the action of an audit record is unknown"))?,
        path: row.get(5)?,
        namespace: row.get(6)?,
        key: row.get(7)?,
        version: row.get(8)?,
        reason: row.get(9)?,
        fields: serde_json::from_str(&fields)
            .map_err(|_not_names| Error::Damaged("the fields of an audit record cannot be read"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::migrations;

    fn world() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        migrations::run(&mut connection, std::path::Path::new("")).unwrap();
        for at_ms in [1, 2, 3] {
            insert(&connection, &NewRecord::of(None, at_ms, Deed::LockOut)).unwrap();
        }
        connection
    }

    fn times(connection: &Connection) -> Vec<i64> {
        let mut times = Vec::new();
        each(connection, None, 0, |record| {
            times.push(record.time.unix_millis());
        })
        .unwrap();
        times
    }

    #[test]
    fn records_are_neither_changed_nor_deleted() {
        let connection = world();
        for sql in [
            "UPDATE audit SET user = 'somebody else'",
            "UPDATE audit SET at_ms = 0 WHERE at_ms = 1",
            "DELETE FROM audit",
            "DELETE FROM audit WHERE at_ms = 1",
            "INSERT INTO audit (at_ms, user, of_system, action, fields) VALUES (4, '', 2, 'x', '[]')",
        ] {
            assert!(connection.execute(sql, []).is_err(), "{sql}");
        }
        assert_eq!(times(&connection), [1, 2, 3]);
    }

    #[test]
    fn what_is_too_old_goes_and_nothing_else() {
        let connection = world();
        assert!(forget(&connection, 3).unwrap());
        assert!(!forget(&connection, 3).unwrap());
        assert_eq!(times(&connection), [3]);
        // A clock that was set back takes no record back, and gives none free.
        assert!(!forget(&connection, 1).unwrap());
        assert!(connection.execute("DELETE FROM audit", []).is_err());
    }

    #[test]
    fn a_transaction_that_is_rolled_back_leaves_none() {
        let connection = world();
        connection.execute_batch("BEGIN").unwrap();
        insert(&connection, &NewRecord::of(None, 4, Deed::LockOut)).unwrap();
        connection.execute_batch("ROLLBACK").unwrap();
        assert_eq!(times(&connection), [1, 2, 3]);
    }

    #[test]
    fn every_action_is_read_as_it_is_written() {
        for action in Action::ALL {
            assert_eq!(Action::parse(action.as_str()), Some(action));
            let json = serde_json::to_value(action).unwrap();
            assert_eq!(json, action.as_str());
        }
    }

    #[test]
    fn a_tenant_s_records_are_found_by_an_index() {
        let connection = world();
        let plan = |sql: &str| -> String {
            let sql = format!("EXPLAIN QUERY PLAN {sql}");
            connection.query_row(&sql, [], |row| row.get(3)).unwrap()
        };
        let of_tenant = plan("SELECT id FROM audit WHERE tenant = 'a' AND at_ms >= 5");
        assert!(
            of_tenant.contains("audit_of_tenant (tenant=? AND at_ms>?)"),
            "{of_tenant}"
        );
        let of_all = plan("SELECT id FROM audit WHERE at_ms < 5");
        assert!(of_all.contains("audit_at"), "{of_all}");
    }
}
