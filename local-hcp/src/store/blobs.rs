//! The table `blobs`: stored bytes, and when they may go.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::Write;
use crate::{
    Error,
    files::{Content, Received, Source},
};

/// Stores what was received and returns the row's id; its file stays if the transaction does.
pub(crate) fn insert(write: &mut Write<'_>, received: Received) -> Result<i64, Error> {
    let (file, inline) = match received.content {
        Content::Inline(bytes) => (None, Some(bytes)),
        Content::File(staged) => {
            let name = staged.name().to_owned();
            write.adopt(staged);
            (Some(name), None)
        }
    };
    write
        .connection
        .prepare_cached(
            "INSERT INTO blobs (size, md5, sha256, file, inline) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            to_i64(received.size),
            received.md5.as_slice(),
            received.sha256.as_slice(),
            file,
            inline
        ])?;
    Ok(write.connection.last_insert_rowid())
}

/// Where the bytes of a blob are.
pub(crate) fn source(connection: &Connection, blob: i64) -> Result<Source, Error> {
    let (file, inline): (Option<String>, Option<Vec<u8>>) = connection
        .prepare_cached("SELECT file, inline FROM blobs WHERE id = ?1")?
        .query_row([blob], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match (file, inline) {
        (Some(name), _) => Ok(Source::File(name)),
        (None, Some(inline)) => Ok(Source::Inline(inline.into())),
        (None, None) => Err(Error::Damaged("a blob without bytes")),
    }
}

/// Drops those of `blobs` that neither a segment nor a part refers to, and has their files removed.
pub(crate) fn release(write: &mut Write<'_>, blobs: &[i64]) -> Result<(), Error> {
    for blob in blobs {
        let file: Option<Option<String>> = write
            .connection
            .prepare_cached(
                "DELETE FROM blobs WHERE id = ?1
                 AND NOT EXISTS (SELECT 1 FROM segments WHERE blob_id = ?1)
                 AND NOT EXISTS (SELECT 1 FROM parts WHERE blob_id = ?1)
                 RETURNING file",
            )?
            .query_row([blob], |row| row.get(0))
            .optional()?;
        if let Some(Some(file)) = file {
            write.discard(file);
        }
    }
    Ok(())
}

/// SQLite's integers are signed; no size here comes near the border.
pub(crate) fn to_i64(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// The way back. The schema keeps sizes from being negative.
pub(crate) fn to_u64(size: i64) -> u64 {
    u64::try_from(size).unwrap_or(0)
}
