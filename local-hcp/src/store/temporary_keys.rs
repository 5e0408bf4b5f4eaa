//! The table `temporary_keys`: keys that somebody lent.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::{
    Error,
    access::Loan,
    account::{Account, Secret},
    store::accounts,
};

/// The columns of a loan, as [`loan`] reads them.
const LOAN: &str = "access_key, bucket_id, prefix, may_write, expires_ms, used_ms";
/// A use is noted once in so many milliseconds.
const NOTED_MS: i64 = 60_000;

/// A key that is to be lent.
pub(crate) struct NewKey<'a> {
    pub(crate) secret: &'a str,
    pub(crate) user_id: i64,
    pub(crate) loan: &'a Loan,
    pub(crate) created_ms: i64,
}

/// A key that was found: whose it is, and what it opens.
pub(crate) struct Lent {
    pub(crate) account: Account,
    /// The key's own secret.
    pub(crate) secret: Secret,
    pub(crate) loan: Loan,
}

/// A key in the list of its user's.
pub(crate) struct Listed {
    pub(crate) loan: Loan,
    /// The bucket's name.
    pub(crate) bucket: String,
    pub(crate) created_ms: i64,
}

fn loan(row: &Row<'_>) -> rusqlite::Result<Loan> {
    Ok(Loan {
        access_key: row.get(0)?,
        bucket_id: row.get(1)?,
        prefix: row.get(2)?,
        may_write: row.get(3)?,
        expires_ms: row.get(4)?,
        used_ms: row.get(5)?,
    })
}

/// Keeps a key.
pub(crate) fn insert(connection: &Connection, key: &NewKey<'_>) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO temporary_keys
             (access_key, secret, user_id, bucket_id, prefix, may_write, created_ms, expires_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            key.loan.access_key,
            key.secret,
            key.user_id,
            key.loan.bucket_id,
            key.loan.prefix,
            key.loan.may_write,
            key.created_ms,
            key.loan.expires_ms,
        ])?;
    Ok(())
}

/// Finds a key, whether it has expired or not.
pub(crate) fn find(connection: &Connection, access_key: &str) -> Result<Option<Lent>, Error> {
    let found = connection
        .prepare_cached(&format!(
            "SELECT {LOAN}, user_id, secret FROM temporary_keys WHERE access_key = ?1"
        ))?
        .query_row([access_key], |row| {
            let user: i64 = row.get(6)?;
            Ok((loan(row)?, user, row.get::<_, String>(7)?))
        })
        .optional()?;
    let Some((loan, user, secret)) = found else {
        return Ok(None);
    };
    Ok(accounts::by_id(connection, user)?.map(|account| Lent {
        account,
        secret: Secret::stored(secret),
        loan,
    }))
}

/// The keys of a user, newest first.
pub(crate) fn of_user(connection: &Connection, user_id: i64) -> Result<Vec<Listed>, Error> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {LOAN}, temporary_keys.created_ms, buckets.name
         FROM temporary_keys JOIN buckets ON buckets.id = temporary_keys.bucket_id
         WHERE user_id = ?1 ORDER BY temporary_keys.created_ms DESC, access_key"
    ))?;
    let rows = statement.query_map([user_id], |row| {
        Ok(Listed {
            loan: loan(row)?,
            created_ms: row.get(6)?,
            bucket: row.get(7)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many keys of a user have not ended.
pub(crate) fn live(connection: &Connection, user_id: i64, now_ms: i64) -> Result<usize, Error> {
    let count: i64 = connection
        .prepare_cached(
            "SELECT count(*) FROM temporary_keys WHERE user_id = ?1 AND expires_ms > ?2",
        )?
        .query_row([user_id, now_ms], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Whether a use is noted that is made now.
pub(crate) fn is_worth_noting(loan: &Loan, now_ms: i64) -> bool {
    loan.used_ms.is_none_or(|used| now_ms - used >= NOTED_MS)
}

/// Notes that a key was used.
pub(crate) fn note_use(
    connection: &Connection,
    access_key: &str,
    now_ms: i64,
) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE temporary_keys SET used_ms = ?2 WHERE access_key = ?1")?
        .execute(params![access_key, now_ms])?;
    Ok(())
}

/// Takes a key back; false when its user has no such key.
pub(crate) fn remove(
    connection: &Connection,
    user_id: i64,
    access_key: &str,
) -> Result<bool, Error> {
    let rows = connection
        .prepare_cached("DELETE FROM temporary_keys WHERE access_key = ?1 AND user_id = ?2")?
        .execute(params![access_key, user_id])?;
    Ok(rows == 1)
}

/// Removes keys that expired before `before_ms`.
pub(crate) fn sweep(connection: &Connection, before_ms: i64) -> Result<usize, Error> {
    Ok(connection
        .prepare_cached("DELETE FROM temporary_keys WHERE expires_ms < ?1")?
        .execute([before_ms])?)
}
