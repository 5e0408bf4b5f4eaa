//! The table `temporary_keys`: keys that somebody lent.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{
    Error,
    access::Loan,
    account::{Account, Secret},
    store::accounts,
};

/// A key that is to be lent.
pub(crate) struct NewKey<'a> {
    pub(crate) access_key: &'a str,
    pub(crate) secret: &'a str,
    pub(crate) user_id: i64,
    pub(crate) loan: &'a Loan,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: i64,
}

/// A key that was found: whose it is, what it opens, until when.
pub(crate) struct Lent {
    pub(crate) account: Account,
    /// The key's own secret.
    pub(crate) secret: Secret,
    pub(crate) loan: Loan,
    pub(crate) expires_ms: i64,
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
            key.access_key,
            key.secret,
            key.user_id,
            key.loan.bucket_id,
            key.loan.prefix,
            key.loan.may_write,
            key.created_ms,
            key.expires_ms,
        ])?;
    Ok(())
}

/// Finds a key, whether it has expired or not.
pub(crate) fn find(connection: &Connection, access_key: &str) -> Result<Option<Lent>, Error> {
    let found = connection
        .prepare_cached(
            "SELECT user_id, secret, bucket_id, prefix, may_write, expires_ms
             FROM temporary_keys WHERE access_key = ?1",
        )?
        .query_row([access_key], |row| {
            let user: i64 = row.get(0)?;
            let loan = Loan {
                bucket_id: row.get(2)?,
                prefix: row.get(3)?,
                may_write: row.get(4)?,
            };
            Ok((user, row.get::<_, String>(1)?, loan, row.get::<_, i64>(5)?))
        })
        .optional()?;
    let Some((user, secret, loan, expires_ms)) = found else {
        return Ok(None);
    };
    Ok(accounts::by_id(connection, user)?.map(|account| Lent {
        account,
        secret: Secret::stored(secret),
        loan,
        expires_ms,
    }))
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
