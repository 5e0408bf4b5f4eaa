//! Listing keys, and rolling them up at a delimiter.
//!
//! A listing is a sorted sequence of entries: keys, and prefixes that stand for all keys which share
//! them. Resuming means "entries greater than this one", whatever kind it is. The search leaps over
//! what a prefix stands for, so the cost follows the answer and not the bucket.

use rusqlite::{Connection, params};

use super::blobs::to_u64;
use crate::Error;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    pub(crate) prefix: String,
    /// Empty: nothing is rolled up.
    pub(crate) delimiter: String,
    /// Only entries greater than this; empty: from the start.
    pub(crate) after: String,
    pub(crate) limit: usize,
}

/// One entry of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Object {
        key: String,
        size: u64,
        etag: String,
        modified_ms: i64,
        owner_id: i64,
    },
    Prefix(String),
}

impl Entry {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Object { key, .. } => key,
            Self::Prefix(prefix) => prefix,
        }
    }
}

/// Entries, and whether there are more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) entries: Vec<Entry>,
    pub(crate) truncated: bool,
}

/// Where the search goes on: at a key, or behind one.
pub(super) struct Position {
    pub(super) from: Vec<u8>,
    pub(super) inclusive: bool,
}

/// The prefix that a key is rolled up into.
pub(super) fn rolled_up<'k>(query: &Query, key: &'k str) -> Option<&'k str> {
    if query.delimiter.is_empty() {
        return None;
    }
    let rest = key.strip_prefix(query.prefix.as_str())?;
    let at = rest.find(&query.delimiter)?;
    key.get(..query.prefix.len() + at + query.delimiter.len())
}

/// The first byte string that is greater than everything with this prefix. `None`: there is none.
pub(crate) fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = prefix.to_vec();
    while let Some(last) = bytes.pop() {
        if let Some(next) = last.checked_add(1) {
            bytes.push(next);
            return Some(bytes);
        }
    }
    None
}

/// Where the search begins. `None`: nothing can follow.
pub(super) fn beginning(query: &Query) -> Option<Position> {
    if query.after.as_bytes() < query.prefix.as_bytes() || query.after.is_empty() {
        return Some(Position {
            from: query.prefix.clone().into_bytes(),
            inclusive: true,
        });
    }
    match rolled_up(query, &query.after) {
        Some(prefix) => Some(Position {
            from: successor(prefix.as_bytes())?,
            inclusive: true,
        }),
        None => Some(Position {
            from: query.after.clone().into_bytes(),
            inclusive: false,
        }),
    }
}

/// Lists the current objects of a bucket.
pub(crate) fn list(connection: &Connection, bucket_id: i64, query: &Query) -> Result<Page, Error> {
    let mut page = Page::default();
    if query.limit == 0 {
        return Ok(page);
    }
    // No key is as great as this: keys are UTF-8, which has no byte 0xFF.
    let end = successor(query.prefix.as_bytes()).unwrap_or_else(|| vec![0xFF]);
    let mut position = beginning(query);
    while let Some(at) = position.take() {
        position = scan(connection, bucket_id, query, &at, &end, &mut page)?;
    }
    Ok(page)
}

/// What a page reads, from a key on or behind it. Named, because a plan by another index would cost
/// a row's read for each entry.
pub(super) const FROM: &str = "SELECT key, size, etag, modified_ms, owner_id
     FROM objects INDEXED BY objects_listed
     WHERE bucket_id = ?1 AND is_current = 1 AND is_marker = 0 AND key >= ?2 AND key < ?3
     ORDER BY key";
pub(super) const BEHIND: &str = "SELECT key, size, etag, modified_ms, owner_id
     FROM objects INDEXED BY objects_listed
     WHERE bucket_id = ?1 AND is_current = 1 AND is_marker = 0 AND key > ?2 AND key < ?3
     ORDER BY key";

/// Reads keys until the page is full, the range ends, or a prefix makes it leap: then says where to.
fn scan(
    connection: &Connection,
    bucket_id: i64,
    query: &Query,
    at: &Position,
    end: &[u8],
    page: &mut Page,
) -> Result<Option<Position>, Error> {
    let sql = if at.inclusive { FROM } else { BEHIND };
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![bucket_id, at.from, end])?;
    while let Some(row) = rows.next()? {
        if page.entries.len() == query.limit {
            page.truncated = true;
            return Ok(None);
        }
        let key = String::from_utf8(row.get(0)?)
            .map_err(|_not_text| Error::Damaged("a key is not UTF-8"))?;
        if let Some(prefix) = rolled_up(query, &key) {
            page.entries.push(Entry::Prefix(prefix.to_owned()));
            return Ok(successor(prefix.as_bytes()).map(|from| Position {
                from,
                inclusive: true,
            }));
        }
        page.entries.push(Entry::Object {
            key,
            size: to_u64(row.get(1)?),
            etag: row.get(2)?,
            modified_ms: row.get(3)?,
            owner_id: row.get(4)?,
        });
    }
    Ok(None)
}
