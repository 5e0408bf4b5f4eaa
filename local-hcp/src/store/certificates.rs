//! Certificates by which other systems are trusted: the table `certificates`.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

use crate::Error;

/// A certificate that was read.
#[derive(Clone, Debug)]
pub(crate) struct NewCertificate {
    /// The digest of the certificate itself.
    pub(crate) sha256: [u8; 32],
    pub(crate) subject: String,
    pub(crate) valid_ms: i64,
    pub(crate) expires_ms: i64,
    pub(crate) pem: String,
}

/// What is told of a certificate.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) guid: String,
    pub(crate) subject: String,
    pub(crate) valid_ms: i64,
    pub(crate) expires_ms: i64,
}

fn kept(row: &Row<'_>) -> Result<Kept, rusqlite::Error> {
    Ok(Kept {
        guid: row.get(0)?,
        subject: row.get(1)?,
        valid_ms: row.get(2)?,
        expires_ms: row.get(3)?,
    })
}

/// All of them, the first that came first.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Kept>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT guid, subject, valid_ms, expires_ms FROM certificates ORDER BY id",
    )?;
    let rows = statement.query_map([], kept)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The text of the certificate of an id.
///
/// # Errors
/// [`Error::NoSuchResource`].
pub(crate) fn pem(connection: &Connection, guid: &str) -> Result<String, Error> {
    connection
        .prepare_cached("SELECT pem FROM certificates WHERE guid = ?1")?
        .query_row([guid], |row| row.get(0))
        .optional()?
        .ok_or(Error::NoSuchResource)
}

/// Trusts a certificate.
///
/// # Errors
/// [`Error::Conflict`]: it is trusted already.
pub(crate) fn insert(connection: &Connection, new: &NewCertificate) -> Result<(), Error> {
    let rows = connection
        .prepare_cached(
            "INSERT INTO certificates (guid, sha256, subject, valid_ms, expires_ms, pem)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (sha256) DO NOTHING",
        )?
        .execute(params![
            Uuid::new_v4().to_string(),
            new.sha256,
            new.subject,
            new.valid_ms,
            new.expires_ms,
            new.pem
        ])?;
    super::links::taken(rows, "certificate", &new.subject)
}

/// Trusts a certificate no longer.
///
/// # Errors
/// [`Error::NoSuchResource`].
pub(crate) fn delete(connection: &Connection, guid: &str) -> Result<(), Error> {
    let rows = connection
        .prepare_cached("DELETE FROM certificates WHERE guid = ?1")?
        .execute([guid])?;
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::NoSuchResource)
    }
}
