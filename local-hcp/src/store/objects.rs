//! The tables `objects` and `segments`.

use std::collections::BTreeMap;

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    Write, blobs,
    blobs::{to_i64, to_u64},
    buckets,
};
use crate::{
    Error,
    files::{Piece, Source},
};

/// The headers that are stored with an object and come back with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Headers {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_disposition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cache_control: Option<String>,
    /// `Expires`, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_ms: Option<i64>,
}

/// What describes an object besides its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attributes {
    pub(crate) headers: Headers,
    /// The `x-amz-meta-*` pairs.
    pub(crate) metadata: BTreeMap<String, String>,
}

/// A stored object.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) id: i64,
    pub(crate) size: u64,
    pub(crate) etag: String,
    pub(crate) modified_ms: i64,
    pub(crate) attributes: Attributes,
}

/// An object that is to be stored.
pub(crate) struct NewObject<'a> {
    pub(crate) bucket_id: i64,
    pub(crate) key: &'a str,
    pub(crate) owner_id: i64,
    pub(crate) etag: &'a str,
    pub(crate) modified_ms: i64,
    pub(crate) attributes: &'a Attributes,
    /// Blobs and their sizes, in order.
    pub(crate) blobs: &'a [(i64, u64)],
}

/// The current object of a key.
pub(crate) fn current(
    connection: &Connection,
    bucket_id: i64,
    key: &str,
) -> Result<Option<Object>, Error> {
    connection
        .prepare_cached(
            "SELECT id, size, etag, modified_ms, headers, metadata FROM objects
             WHERE bucket_id = ?1 AND key = ?2 AND is_current = 1",
        )?
        .query_row(params![bucket_id, key.as_bytes()], object)
        .optional()?
        .transpose()
}

fn object(row: &Row<'_>) -> rusqlite::Result<Result<Object, Error>> {
    let (headers, metadata): (String, String) = (row.get(4)?, row.get(5)?);
    let object = Object {
        id: row.get(0)?,
        size: to_u64(row.get(1)?),
        etag: row.get(2)?,
        modified_ms: row.get(3)?,
        attributes: Attributes::default(),
    };
    Ok(attributes(&headers, &metadata).map(|attributes| Object {
        attributes,
        ..object
    }))
}

/// Reads attributes from their two columns.
pub(super) fn attributes(headers: &str, metadata: &str) -> Result<Attributes, Error> {
    Ok(Attributes {
        headers: from_json(headers)?,
        metadata: from_json(metadata)?,
    })
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_not_ours| Error::Damaged("attributes cannot be read"))
}

/// Writes attributes as their two columns.
pub(super) fn columns(attributes: &Attributes) -> Result<(String, String), Error> {
    let json = |text: serde_json::Result<String>| {
        text.map_err(|_impossible| Error::Damaged("attributes cannot be written"))
    };
    Ok((
        json(serde_json::to_string(&attributes.headers))?,
        json(serde_json::to_string(&attributes.metadata))?,
    ))
}

/// Makes `new` the current object of its key; the one before it is gone.
pub(crate) fn put(write: &mut Write<'_>, new: &NewObject<'_>) -> Result<(), Error> {
    // New segments first: where they share blobs with the old ones (a copy onto itself), those
    // stay referenced.
    let replaced = current(write.connection, new.bucket_id, new.key)?;
    if let Some(old) = &replaced {
        write
            .connection
            .prepare_cached("UPDATE objects SET is_current = 0, is_null = 0 WHERE id = ?1")?
            .execute([old.id])?;
    }
    let size: u64 = new.blobs.iter().map(|(_, size)| size).sum();
    let (headers, metadata) = columns(new.attributes)?;
    write
        .connection
        .prepare_cached(
            "INSERT INTO objects
             (bucket_id, key, is_current, owner_id, size, etag, modified_ms, headers, metadata)
             VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            new.bucket_id,
            new.key.as_bytes(),
            new.owner_id,
            to_i64(size),
            new.etag,
            new.modified_ms,
            headers,
            metadata
        ])?;
    let id = write.connection.last_insert_rowid();
    let mut start = 0;
    for &(blob, size) in new.blobs {
        // Empty parts hold nothing; an empty object is one without segments.
        if size > 0 {
            write
                .connection
                .prepare_cached(
                    "INSERT INTO segments (object_id, start, size, blob_id) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute([id, to_i64(start), to_i64(size), blob])?;
            start += size;
        }
    }
    if let Some(old) = replaced {
        erase(write, new.bucket_id, &old)?;
    }
    for &(blob, size) in new.blobs {
        if size == 0 {
            blobs::release(write, &[blob])?;
        }
    }
    buckets::count(write.connection, new.bucket_id, 1, to_i64(size))
}

/// Deletes the object of a key; false when there is none.
pub(crate) fn delete(write: &mut Write<'_>, bucket_id: i64, key: &str) -> Result<bool, Error> {
    match current(write.connection, bucket_id, key)? {
        Some(object) => erase(write, bucket_id, &object).map(|()| true),
        None => Ok(false),
    }
}

fn erase(write: &mut Write<'_>, bucket_id: i64, object: &Object) -> Result<(), Error> {
    let blobs: Vec<i64> = write
        .connection
        .prepare_cached("SELECT DISTINCT blob_id FROM segments WHERE object_id = ?1")?
        .query_map([object.id], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    write
        .connection
        .prepare_cached("DELETE FROM objects WHERE id = ?1")?
        .execute([object.id])?;
    blobs::release(write, &blobs)?;
    buckets::count(write.connection, bucket_id, -1, -to_i64(object.size))
}

/// The blobs of an object with their sizes, in order.
pub(crate) fn blobs_of(connection: &Connection, object: i64) -> Result<Vec<(i64, u64)>, Error> {
    let mut statement = connection
        .prepare_cached("SELECT blob_id, size FROM segments WHERE object_id = ?1 ORDER BY start")?;
    let rows = statement.query_map([object], |row| Ok((row.get(0)?, to_u64(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The pieces that hold the bytes `begin..end` of an object, and the names of their files.
pub(crate) fn pieces(
    connection: &Connection,
    object: i64,
    begin: u64,
    end: u64,
) -> Result<(Vec<Piece>, Vec<String>), Error> {
    let mut statement = connection.prepare_cached(
        "SELECT segments.start, segments.size, blobs.file, blobs.inline
         FROM segments JOIN blobs ON blobs.id = segments.blob_id
         WHERE segments.object_id = ?1 AND segments.start < ?3
           AND segments.start + segments.size > ?2
         ORDER BY segments.start",
    )?;
    let mut rows = statement.query([object, to_i64(begin), to_i64(end)])?;
    let (mut pieces, mut names) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let (start, size) = (to_u64(row.get(0)?), to_u64(row.get(1)?));
        let source = match (
            row.get::<_, Option<String>>(2)?,
            row.get::<_, Option<Vec<u8>>>(3)?,
        ) {
            (Some(name), _) => {
                names.push(name.clone());
                Source::File(name)
            }
            (None, Some(inline)) => Source::Inline(Bytes::from(inline)),
            (None, None) => return Err(Error::Damaged("a blob without bytes")),
        };
        let offset = begin.saturating_sub(start);
        pieces.push(Piece {
            source,
            offset,
            length: (end - start).min(size) - offset,
        });
    }
    Ok((pieces, names))
}
