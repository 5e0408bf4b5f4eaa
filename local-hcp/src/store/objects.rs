//! The tables `objects` and `segments`.

use std::collections::BTreeMap;

use bytes::Bytes;
use model::mapi::AclsUsage;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use super::{
    Write, annotations, blobs,
    blobs::{to_i64, to_u64},
    plain::{self, Kept},
    values, words,
};
use crate::{
    Error,
    access::{Acl, Caller, Permissions},
    files::{Piece, Source},
    protection::Protection,
    store::buckets::Bucket,
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

/// The checksums that a client chose, each in base64.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Checksums {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) crc32: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) crc32c: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) crc64nvme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
    /// Made of the parts' checksums, and not of the bytes themselves.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) composite: bool,
}

/// What describes an object besides its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attributes {
    pub(crate) headers: Headers,
    /// The `x-amz-meta-*` pairs.
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) acl: Acl,
    pub(crate) protection: Protection,
}

impl Attributes {
    /// The attributes of five columns, beginning at `first`.
    pub(super) fn of(row: &Row<'_>, first: usize) -> Result<Self, Error> {
        Ok(Self {
            headers: values::read(row, first)?,
            metadata: values::read(row, first + 1)?,
            tags: values::read(row, first + 2)?,
            acl: values::read(row, first + 3)?,
            protection: values::read(row, first + 4)?,
        })
    }
}

/// A stored version of an object, or a delete marker.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    /// Also the number of the version: the newest of a key has the greatest.
    pub(crate) id: i64,
    /// Written while its bucket kept no versions: what S3 calls version `null`.
    pub(crate) is_null: bool,
    pub(crate) is_marker: bool,
    /// A marker that S3 does not show: its bucket uses none.
    pub(crate) is_record: bool,
    pub(crate) owner_id: i64,
    pub(crate) size: u64,
    pub(crate) etag: String,
    pub(crate) modified_ms: i64,
    /// When what describes it was last changed; `None`: never since it was written.
    pub(crate) changed_ms: Option<i64>,
    pub(crate) attributes: Attributes,
    pub(crate) checksums: Checksums,
}

impl Object {
    /// What a caller may do with it.
    pub(crate) fn granted(&self, bucket: &Bucket, caller: &Caller) -> Permissions {
        if caller.is(self.owner_id) {
            return caller.limit(Permissions::ALL.under(bucket.mask), bucket.id);
        }
        if bucket.settings.acls_usage != AclsUsage::Enforced {
            return bucket.granted;
        }
        let by_acl = self.attributes.acl.permissions(caller).under(bucket.mask);
        bucket.granted | caller.limit(by_acl, bucket.id)
    }
}

/// A version as somebody names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    Null,
    Number(i64),
}

/// An object that is to be stored.
pub(crate) struct NewObject<'a> {
    pub(crate) key: &'a str,
    pub(crate) owner_id: i64,
    pub(crate) etag: &'a str,
    pub(crate) modified_ms: i64,
    pub(crate) attributes: &'a Attributes,
    pub(crate) checksums: &'a Checksums,
    /// Blobs and their sizes, in order.
    pub(crate) blobs: &'a [(i64, u64)],
    /// Its plain file, where the store has such and the object is no folder.
    pub(crate) plain: Option<&'a Kept>,
    /// The version whose annotations it gets too: that of which it is a copy.
    pub(crate) annotations_of: Option<i64>,
}

impl NewObject<'_> {
    /// How many bytes it has.
    pub(super) fn size(&self) -> u64 {
        let of_blobs: u64 = self.blobs.iter().map(|(_, size)| size).sum();
        self.plain.map_or(of_blobs, |kept| kept.stamp.size)
    }
}

const COLUMNS: &str = "id, is_null, is_marker, owner_id, size, etag, modified_ms, checksum,
    headers, metadata, tags, acl, protection, is_record, changed_ms";

fn object(row: &Row<'_>) -> Result<Object, Error> {
    Ok(Object {
        id: row.get(0)?,
        is_null: row.get(1)?,
        is_marker: row.get(2)?,
        owner_id: row.get(3)?,
        size: to_u64(row.get(4)?),
        etag: row.get(5)?,
        modified_ms: row.get(6)?,
        checksums: values::read(row, 7)?,
        attributes: Attributes::of(row, 8)?,
        is_record: row.get(13)?,
        changed_ms: row.get(14)?,
    })
}

/// The newest version of a key; it may be a delete marker.
pub(crate) fn newest(
    connection: &Connection,
    bucket_id: i64,
    key: &str,
) -> Result<Option<Object>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM objects WHERE bucket_id = ?1 AND key = ?2 ORDER BY id DESC LIMIT 1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![bucket_id, key.as_bytes()])?;
    rows.next()?.map(object).transpose()
}

/// The version of that name.
pub(crate) fn version(
    connection: &Connection,
    bucket_id: i64,
    key: &str,
    version: Version,
) -> Result<Option<Object>, Error> {
    let (condition, id) = match version {
        Version::Null => ("is_null = 1 AND ?3 = 0", 0),
        Version::Number(id) => ("id = ?3 AND is_record = 0", id),
    };
    let sql =
        format!("SELECT {COLUMNS} FROM objects WHERE bucket_id = ?1 AND key = ?2 AND {condition}");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![bucket_id, key.as_bytes(), id])?;
    rows.next()?.map(object).transpose()
}

/// The version with that number, also a record, which nobody can name.
pub(super) fn by_number(
    connection: &Connection,
    bucket_id: i64,
    id: i64,
) -> Result<Option<(String, Object)>, Error> {
    let sql = format!("SELECT {COLUMNS}, key FROM objects WHERE id = ?1 AND bucket_id = ?2");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([id, bucket_id])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let key = String::from_utf8(row.get(15)?)
        .map_err(|_not_text| Error::Damaged("a key is not UTF-8"))?;
    Ok(Some((key, object(row)?)))
}

/// The object as readers see it: a delete marker in front of it hides it.
pub(crate) fn current(
    connection: &Connection,
    bucket_id: i64,
    key: &str,
) -> Result<Option<Object>, Error> {
    Ok(newest(connection, bucket_id, key)?.filter(|newest| !newest.is_marker))
}

/// The object that a request names, for an operation on what describes it.
///
/// # Errors
/// [`Error::NoSuchKey`], [`Error::NoSuchVersion`]; [`Error::MarkerNamed`] when the version is a
/// delete marker.
pub(crate) fn find(
    connection: &Connection,
    bucket: &Bucket,
    key: &str,
    named: Option<Version>,
) -> Result<Object, Error> {
    match named {
        None => current(connection, bucket.id, key)?.ok_or(Error::NoSuchKey),
        Some(named) => {
            let found = version(connection, bucket.id, key, named)?.ok_or(Error::NoSuchVersion)?;
            if found.is_marker {
                return Err(Error::MarkerNamed);
            }
            Ok(found)
        }
    }
}

/// The next number for a version or an upload: greater than every one before, also of those that
/// are gone.
pub(super) fn next_number(connection: &Connection, now_ms: i64) -> Result<i64, Error> {
    Ok(connection
        .prepare_cached("UPDATE sequence SET last = max(last + 1, ?1) RETURNING last")?
        .query_row([now_ms.saturating_mul(1_000)], |row| row.get(0))?)
}

/// Inserts a version with its bytes and returns its number.
pub(super) fn insert(
    write: &mut Write<'_>,
    bucket_id: i64,
    new: &NewObject<'_>,
    is_null: bool,
) -> Result<i64, Error> {
    let id = next_number(write.connection, new.modified_ms)?;
    let metadata = values::to_json(&new.attributes.metadata)?;
    let size = new.size();
    write
        .connection
        .prepare_cached(
            "INSERT INTO objects
             (id, bucket_id, key, is_current, is_null, owner_id, size, etag, modified_ms, checksum,
              headers, metadata, tags, acl, protection)
             VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(params![
            id,
            bucket_id,
            new.key.as_bytes(),
            is_null,
            new.owner_id,
            to_i64(size),
            new.etag,
            new.modified_ms,
            values::write(new.checksums)?,
            values::to_json(&new.attributes.headers)?,
            metadata,
            values::write(&new.attributes.tags)?,
            values::write(&new.attributes.acl)?,
            values::write(&new.attributes.protection)?,
        ])?;
    words::insert(write.connection, id, new.key.as_bytes(), &metadata)?;
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
    for &(blob, size) in new.blobs {
        if size == 0 {
            blobs::release(write, &[blob])?;
        }
    }
    Ok(id)
}

/// What a delete leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// A delete marker.
    Numbered,
    /// One that takes the place of version `null`.
    Null,
    /// What S3 does not show.
    Record,
}

/// Inserts a delete marker and returns its number.
pub(super) fn insert_marker(
    connection: &Connection,
    bucket_id: i64,
    key: &str,
    owner_id: i64,
    kind: Marker,
    now_ms: i64,
) -> Result<i64, Error> {
    let id = next_number(connection, now_ms)?;
    connection
        .prepare_cached(
            "INSERT INTO objects
             (id, bucket_id, key, is_current, is_null, is_marker, owner_id, size, etag, modified_ms,
              headers, metadata, is_record)
             VALUES (?1, ?2, ?3, 1, ?4, 1, ?5, 0, '', ?6, '{}', '{}', ?7)",
        )?
        .execute(params![
            id,
            bucket_id,
            key.as_bytes(),
            kind == Marker::Null,
            owner_id,
            now_ms,
            kind == Marker::Record
        ])?;
    Ok(id)
}

/// Removes a version; bytes that nothing else refers to go with it.
pub(super) fn erase(write: &mut Write<'_>, id: i64) -> Result<(), Error> {
    let blobs: Vec<i64> = write
        .connection
        .prepare_cached("SELECT DISTINCT blob_id FROM segments WHERE object_id = ?1")?
        .query_map([id], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    write
        .connection
        .prepare_cached("DELETE FROM objects WHERE id = ?1")?
        .execute([id])?;
    words::remove(write.connection, id)?;
    blobs::release(write, &blobs)
}

/// Says of a version whether it is the newest of its key.
pub(super) fn mark_current(
    connection: &Connection,
    id: i64,
    is_current: bool,
) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE objects SET is_current = ?2 WHERE id = ?1")?
        .execute(params![id, is_current])?;
    if is_current {
        words::refresh(connection, id)
    } else {
        words::remove(connection, id)
    }
}

/// Takes the name `null` from a version that is about to go, so that the next may have it.
pub(super) fn unname(connection: &Connection, id: i64) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE objects SET is_null = 0 WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

/// Gives a version other attributes.
pub(crate) fn set_attributes(
    connection: &Connection,
    id: i64,
    attributes: &Attributes,
    now_ms: i64,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "UPDATE objects SET headers = ?2, metadata = ?3, tags = ?4, acl = ?5, protection = ?6
             WHERE id = ?1",
        )?
        .execute(params![
            id,
            values::to_json(&attributes.headers)?,
            values::to_json(&attributes.metadata)?,
            values::write(&attributes.tags)?,
            values::write(&attributes.acl)?,
            values::write(&attributes.protection)?,
        ])?;
    annotations::changed(connection, id, now_ms)
}

/// The sizes of the parts of an object, in order, without the empty ones.
pub(crate) fn part_sizes(connection: &Connection, object: i64) -> Result<Vec<u64>, Error> {
    let blobs = blobs_of(connection, object)?;
    if blobs.is_empty() {
        return plain::parts(connection, object);
    }
    Ok(blobs.into_iter().map(|(_blob, size)| size).collect())
}

/// The blobs of an object with their sizes, in order: one for each part that is not empty.
pub(crate) fn blobs_of(connection: &Connection, object: i64) -> Result<Vec<(i64, u64)>, Error> {
    let mut statement = connection
        .prepare_cached("SELECT blob_id, size FROM segments WHERE object_id = ?1 ORDER BY start")?;
    let rows = statement.query_map([object], |row| Ok((row.get(0)?, to_u64(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Where the part `number` (from 1) of an object begins and ends, and how many parts there are.
/// An object that was not made of parts is one.
pub(crate) fn part(
    connection: &Connection,
    object: &Object,
    number: u32,
) -> Result<Option<(u64, u64, u32)>, Error> {
    let sizes = plain::parts(connection, object.id)?;
    if sizes.len() > 1 {
        let at = usize::try_from(number)
            .unwrap_or(usize::MAX)
            .saturating_sub(1);
        let start: u64 = sizes.iter().take(at).sum();
        let count = u32::try_from(sizes.len()).unwrap_or(u32::MAX);
        return Ok(sizes.get(at).map(|size| (start, start + size, count)));
    }
    let count: u32 = connection
        .prepare_cached("SELECT max(count(*), 1) FROM segments WHERE object_id = ?1")?
        .query_row([object.id], |row| row.get(0))?;
    if number == 1 && count == 1 {
        return Ok(Some((0, object.size, 1)));
    }
    let found = connection
        .prepare_cached(
            "SELECT start, size FROM segments WHERE object_id = ?1 ORDER BY start LIMIT 1 OFFSET ?2",
        )?
        .query_row(
            params![object.id, i64::from(number) - 1],
            |row| -> rusqlite::Result<(i64, i64)> { Ok((row.get(0)?, row.get(1)?)) },
        )
        .optional()?;
    Ok(found.map(|(start, size)| (to_u64(start), to_u64(start + size), count)))
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
    if pieces.is_empty()
        && let Some(placed) = plain::placed(connection, object)?
    {
        pieces.push(Piece {
            source: Source::Plain(placed),
            offset: begin,
            length: end - begin,
        });
    }
    Ok((pieces, names))
}
