//! The tables `uploads` and `parts`: multipart uploads that are not completed yet.

use md5::{Digest as _, Md5};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    Write,
    blobs::{self, to_u64},
    listing::{self, Query},
    objects::{self, Attributes, NewObject},
};
use crate::{Error, account::hex, files::Received};

/// The least size of a part that is not the last, HCP's.
const PART_MIN: u64 = 1024 * 1024;

/// An open upload.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(crate) id: i64,
    pub(crate) initiator_id: i64,
    pub(crate) attributes: Attributes,
}

/// A part of an open upload.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) number: u32,
    pub(crate) size: u64,
    pub(crate) md5: Vec<u8>,
    pub(crate) modified_ms: i64,
    blob: i64,
}

/// Opens an upload and returns its id, which grows with time.
pub(crate) fn create(
    connection: &Connection,
    bucket_id: i64,
    key: &str,
    initiator_id: i64,
    attributes: &Attributes,
    now_ms: i64,
) -> Result<i64, Error> {
    let (headers, metadata) = objects::columns(attributes)?;
    Ok(connection
        .prepare_cached(
            "INSERT INTO uploads (id, bucket_id, key, initiator_id, initiated_ms, headers, metadata)
             VALUES (max(?1, (SELECT coalesce(max(id), 0) + 1 FROM uploads)), ?2, ?3, ?4, ?5, ?6, ?7)
             RETURNING id",
        )?
        .query_row(
            params![
                now_ms.saturating_mul(1_000),
                bucket_id,
                key.as_bytes(),
                initiator_id,
                now_ms,
                headers,
                metadata
            ],
            |row| row.get(0),
        )?)
}

/// The open upload of that id for that key.
pub(crate) fn find(
    connection: &Connection,
    bucket_id: i64,
    key: &str,
    id: i64,
) -> Result<Upload, Error> {
    let found: Option<(i64, String, String)> = connection
        .prepare_cached(
            "SELECT initiator_id, headers, metadata FROM uploads
             WHERE id = ?1 AND bucket_id = ?2 AND key = ?3",
        )?
        .query_row(params![id, bucket_id, key.as_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let (initiator_id, headers, metadata) = found.ok_or(Error::NoSuchUpload)?;
    Ok(Upload {
        id,
        initiator_id,
        attributes: objects::attributes(&headers, &metadata)?,
    })
}

/// Stores a part; one of the same number is replaced.
pub(crate) fn put_part(
    write: &mut Write<'_>,
    upload: &Upload,
    number: u32,
    received: Received,
    now_ms: i64,
) -> Result<(), Error> {
    let replaced: Option<i64> = write
        .connection
        .prepare_cached("SELECT blob_id FROM parts WHERE upload_id = ?1 AND number = ?2")?
        .query_row(params![upload.id, number], |row| row.get(0))
        .optional()?;
    let blob = blobs::insert(write, received)?;
    write
        .connection
        .prepare_cached(
            "INSERT INTO parts (upload_id, number, blob_id, modified_ms) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (upload_id, number)
             DO UPDATE SET blob_id = excluded.blob_id, modified_ms = excluded.modified_ms",
        )?
        .execute(params![upload.id, number, blob, now_ms])?;
    blobs::release(write, replaced.as_slice())
}

/// Parts with numbers greater than `after`, at most `limit`, in order.
pub(crate) fn parts(
    connection: &Connection,
    upload_id: i64,
    after: u32,
    limit: usize,
) -> Result<Vec<Part>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT parts.number, blobs.size, blobs.md5, parts.modified_ms, parts.blob_id
         FROM parts JOIN blobs ON blobs.id = parts.blob_id
         WHERE parts.upload_id = ?1 AND parts.number > ?2 ORDER BY parts.number LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![upload_id, after, limit], |row| {
        Ok(Part {
            number: row.get(0)?,
            size: to_u64(row.get(1)?),
            md5: row.get(2)?,
            modified_ms: row.get(3)?,
            blob: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Turns the parts that `wanted` names (number and unquoted `ETag`) into the object; nothing is
/// copied. Parts that are not named are discarded. Returns the object's `ETag`.
pub(crate) fn complete(
    write: &mut Write<'_>,
    bucket_id: i64,
    key: &str,
    upload: &Upload,
    wanted: &[(u32, String)],
    now_ms: i64,
) -> Result<String, Error> {
    let stored = parts(write.connection, upload.id, 0, usize::MAX)?;
    let (etag, chosen) = choose(&stored, wanted)?;
    objects::put(
        write,
        &NewObject {
            bucket_id,
            key,
            owner_id: upload.initiator_id,
            etag: &etag,
            modified_ms: now_ms,
            attributes: &upload.attributes,
            blobs: &chosen,
        },
    )?;
    remove(write, upload.id, &stored)?;
    Ok(etag)
}

fn choose(stored: &[Part], wanted: &[(u32, String)]) -> Result<(String, Vec<(i64, u64)>), Error> {
    if !wanted.is_sorted_by(|(one, _), (next, _)| one < next) {
        return Err(Error::InvalidPartOrder);
    }
    let mut digest = Md5::new();
    let mut chosen = Vec::with_capacity(wanted.len());
    for (at, (number, etag)) in wanted.iter().enumerate() {
        let part = stored
            .binary_search_by_key(number, |part| part.number)
            .ok()
            .and_then(|found| stored.get(found))
            .filter(|part| hex(&part.md5) == etag.to_ascii_lowercase())
            .ok_or(Error::InvalidPart(*number))?;
        if part.size < PART_MIN && at + 1 < wanted.len() {
            return Err(Error::PartTooSmall(*number));
        }
        digest.update(&part.md5);
        chosen.push((part.blob, part.size));
    }
    let etag = format!("{}-{}", hex(&digest.finalize()), wanted.len());
    Ok((etag, chosen))
}

/// Drops an upload and what was sent for it.
pub(crate) fn abort(write: &mut Write<'_>, upload: &Upload) -> Result<(), Error> {
    let stored = parts(write.connection, upload.id, 0, usize::MAX)?;
    remove(write, upload.id, &stored)
}

fn remove(write: &mut Write<'_>, upload_id: i64, parts: &[Part]) -> Result<(), Error> {
    write
        .connection
        .prepare_cached("DELETE FROM uploads WHERE id = ?1")?
        .execute([upload_id])?;
    let blobs: Vec<i64> = parts.iter().map(|part| part.blob).collect();
    blobs::release(write, &blobs)
}

/// One entry of a listing of uploads.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    Upload {
        key: String,
        id: i64,
        initiated_ms: i64,
        initiator: Person,
    },
    Prefix(String),
}

/// Whoever began an upload.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) guid: String,
    pub(crate) username: String,
}

/// Entries, and whether there are more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) entries: Vec<Entry>,
    pub(crate) truncated: bool,
}

/// Lists open uploads by key, then by age. With `after_id`, uploads of the key `query.after` itself
/// that are younger than it come first.
pub(crate) fn list(
    connection: &Connection,
    bucket_id: i64,
    query: &Query,
    after_id: Option<i64>,
) -> Result<Page, Error> {
    let mut page = Page::default();
    let end = listing::successor(query.prefix.as_bytes()).unwrap_or_else(|| vec![0xFF]);
    let mut position = listing::beginning(query).map(|at| match after_id {
        // Within the marker's key.
        Some(id) if !at.inclusive => (at.from, id),
        None if !at.inclusive => (at.from, i64::MAX),
        _ => (at.from, -1),
    });
    if query.limit == 0 {
        position = None;
    }
    while let Some((from, id)) = position.take() {
        let mut statement = connection.prepare_cached(
            "SELECT uploads.key, uploads.id, uploads.initiated_ms, users.guid, users.name
             FROM uploads JOIN users ON users.id = uploads.initiator_id
             WHERE bucket_id = ?1 AND (key, uploads.id) > (?2, ?3) AND key < ?4
             ORDER BY key, uploads.id",
        )?;
        let mut rows = statement.query(params![bucket_id, from, id, end])?;
        while let Some(row) = rows.next()? {
            if page.entries.len() == query.limit {
                page.truncated = true;
                return Ok(page);
            }
            let key = String::from_utf8(row.get(0)?)
                .map_err(|_not_text| Error::Damaged("a key is not UTF-8"))?;
            if let Some(prefix) = listing::rolled_up(query, &key) {
                page.entries.push(Entry::Prefix(prefix.to_owned()));
                position = listing::successor(prefix.as_bytes()).map(|from| (from, -1));
                break;
            }
            page.entries.push(Entry::Upload {
                key,
                id: row.get(1)?,
                initiated_ms: row.get(2)?,
                initiator: Person {
                    guid: row.get(3)?,
                    username: row.get(4)?,
                },
            });
        }
    }
    Ok(page)
}
