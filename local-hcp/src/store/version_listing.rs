//! Listing versions and delete markers.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    blobs::to_u64,
    listing::{self, Position, Query},
    objects::{self, Version},
};
use crate::Error;

/// One entry of a listing of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Version(Listed),
    Prefix(String),
}

/// A version, or a delete marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) key: String,
    pub(crate) id: i64,
    pub(crate) is_null: bool,
    pub(crate) is_latest: bool,
    pub(crate) is_marker: bool,
    pub(crate) size: u64,
    pub(crate) etag: String,
    pub(crate) modified_ms: i64,
    pub(crate) owner_id: i64,
}

/// Entries, and whether there are more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) entries: Vec<Entry>,
    pub(crate) truncated: bool,
}

/// Lists versions by key, and within a key from the newest or from the oldest. With `after`, the
/// versions of the key `query.after` that come behind that one are first.
pub(crate) fn list(
    connection: &Connection,
    bucket_id: i64,
    query: &Query,
    after: Option<Version>,
    newest_first: bool,
) -> Result<Page, Error> {
    let mut page = Page::default();
    if query.limit == 0 {
        return Ok(page);
    }
    let end = listing::successor(query.prefix.as_bytes()).unwrap_or_else(|| vec![0xFF]);
    let mut position = listing::beginning(query);
    // A marker may lie outside of what is listed, or in what a prefix stands for.
    let resumes =
        position.as_ref().is_some_and(|at| !at.inclusive) && query.after.starts_with(&query.prefix);
    if let Some(after) = after.filter(|_| resumes) {
        let from = match after {
            Version::Number(id) => Some(id),
            Version::Null => objects::version(connection, bucket_id, &query.after, Version::Null)?
                .map(|object| object.id),
        };
        if let Some(from) = from {
            let key = &query.after;
            if !versions(
                connection,
                bucket_id,
                query,
                key,
                Some(from),
                newest_first,
                &mut page,
            )? {
                return Ok(page);
            }
        }
    }
    while let Some(at) = position.take() {
        let Some(key) = next_key(connection, bucket_id, &at, &end)? else {
            break;
        };
        if page.entries.len() == query.limit {
            page.truncated = true;
            break;
        }
        if let Some(prefix) = listing::rolled_up(query, &key) {
            page.entries.push(Entry::Prefix(prefix.to_owned()));
            position = listing::successor(prefix.as_bytes()).map(|from| Position {
                from,
                inclusive: true,
            });
            continue;
        }
        if !versions(
            connection,
            bucket_id,
            query,
            &key,
            None,
            newest_first,
            &mut page,
        )? {
            break;
        }
        position = Some(Position {
            from: key.into_bytes(),
            inclusive: false,
        });
    }
    Ok(page)
}

/// The next key, at a key or behind it.
pub(super) const KEY_FROM: &str = "SELECT key FROM objects
     WHERE bucket_id = ?1 AND key >= ?2 AND key < ?3 ORDER BY key LIMIT 1";
pub(super) const KEY_BEHIND: &str = "SELECT key FROM objects
     WHERE bucket_id = ?1 AND key > ?2 AND key < ?3 ORDER BY key LIMIT 1";
/// The versions of a key behind one of them.
pub(super) const NEWEST_FIRST: &str =
    "SELECT id, is_null, is_current, is_marker, size, etag, modified_ms, owner_id
     FROM objects WHERE bucket_id = ?1 AND key = ?2 AND id < ?3 AND is_record = 0
     ORDER BY id DESC";
pub(super) const OLDEST_FIRST: &str =
    "SELECT id, is_null, is_current, is_marker, size, etag, modified_ms, owner_id
     FROM objects WHERE bucket_id = ?1 AND key = ?2 AND id > ?3 AND is_record = 0
     ORDER BY id";

fn next_key(
    connection: &Connection,
    bucket_id: i64,
    at: &Position,
    end: &[u8],
) -> Result<Option<String>, Error> {
    let sql = if at.inclusive { KEY_FROM } else { KEY_BEHIND };
    let found: Option<Vec<u8>> = connection
        .prepare_cached(sql)?
        .query_row(params![bucket_id, at.from, end], |row| row.get(0))
        .optional()?;
    found
        .map(|key| String::from_utf8(key).map_err(|_not_text| Error::Damaged("a key is not UTF-8")))
        .transpose()
}

/// Adds the versions of one key; false when the page is full before they end.
fn versions(
    connection: &Connection,
    bucket_id: i64,
    query: &Query,
    key: &str,
    after: Option<i64>,
    newest_first: bool,
    page: &mut Page,
) -> Result<bool, Error> {
    let (sql, from) = if newest_first {
        (NEWEST_FIRST, after.unwrap_or(i64::MAX))
    } else {
        (OLDEST_FIRST, after.unwrap_or(0))
    };
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![bucket_id, key.as_bytes(), from])?;
    while let Some(row) = rows.next()? {
        if page.entries.len() == query.limit {
            page.truncated = true;
            return Ok(false);
        }
        page.entries.push(Entry::Version(Listed {
            key: key.to_owned(),
            id: row.get(0)?,
            is_null: row.get(1)?,
            is_latest: row.get(2)?,
            is_marker: row.get(3)?,
            size: to_u64(row.get(4)?),
            etag: row.get(5)?,
            modified_ms: row.get(6)?,
            owner_id: row.get(7)?,
        }));
    }
    Ok(true)
}
