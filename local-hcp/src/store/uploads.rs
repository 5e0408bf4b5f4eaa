//! The tables `uploads` and `parts`: multipart uploads that are not completed yet.

use md5::{Digest as _, Md5};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::{
    Write,
    accounts::Person,
    blobs::{self, to_u64},
    buckets::{self, Bucket, Change},
    listing::{self, Query},
    objects::{self, Attributes, Checksums, NewObject},
    plain::{self, Stored},
    values,
    versions::{self, Named},
};
use crate::{
    Error,
    account::hex,
    checksum::{self, Algorithm},
    files::{Piece, Received, Source},
    profile::Habits,
};

/// The least size of a part that is not the last, HCP's.
const PART_MIN: u64 = 1024 * 1024;

/// The largest object, in bytes: 5 TiB.
const OBJECT_MAX: u64 = 5 * 1024 * 1024 * 1024 * 1024;

/// An open upload.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(crate) id: i64,
    pub(crate) initiator_id: i64,
    pub(crate) initiated_ms: i64,
    pub(crate) attributes: Attributes,
    /// The checksum that was announced for the object.
    pub(crate) checksum: Option<Announced>,
}

/// A checksum that an upload promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Announced {
    pub(crate) algorithm: Algorithm,
    /// Of the parts' checksums, and not of all bytes.
    pub(crate) composite: bool,
}

/// A part of an open upload.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) number: u32,
    pub(crate) size: u64,
    pub(crate) md5: Vec<u8>,
    pub(crate) modified_ms: i64,
    pub(crate) checksums: Checksums,
    blob: i64,
}

/// An upload that is to be opened.
pub(crate) struct NewUpload<'a> {
    pub(crate) key: &'a str,
    pub(crate) initiator_id: i64,
    pub(crate) attributes: &'a Attributes,
    pub(crate) checksum: Option<Announced>,
    pub(crate) now_ms: i64,
}

/// Opens an upload and returns its id, which grows with time.
pub(crate) fn create(
    write: &mut Write<'_>,
    bucket: &Bucket,
    new: &NewUpload<'_>,
) -> Result<i64, Error> {
    let id = objects::next_number(write.connection, new.now_ms)?;
    write
        .connection
        .prepare_cached(
            "INSERT INTO uploads (id, bucket_id, key, initiator_id, initiated_ms, checksum,
                 headers, metadata, tags, acl, protection)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            id,
            bucket.id,
            new.key.as_bytes(),
            new.initiator_id,
            new.now_ms,
            values::write(&new.checksum)?,
            values::to_json(&new.attributes.headers)?,
            values::to_json(&new.attributes.metadata)?,
            values::write(&new.attributes.tags)?,
            values::write(&new.attributes.acl)?,
            values::write(&new.attributes.protection)?,
        ])?;
    let opened = Change {
        uploads: 1,
        ..Change::default()
    };
    buckets::count(write, bucket, opened)?;
    Ok(id)
}

/// The open upload of that id for that key.
pub(crate) fn find(
    connection: &Connection,
    bucket_id: i64,
    key: &str,
    id: i64,
) -> Result<Upload, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT initiator_id, initiated_ms, checksum, headers, metadata, tags, acl, protection
         FROM uploads
         WHERE id = ?1 AND bucket_id = ?2 AND key = ?3",
    )?;
    let mut rows = statement.query(params![id, bucket_id, key.as_bytes()])?;
    let row = rows.next()?.ok_or(Error::NoSuchUpload)?;
    Ok(Upload {
        id,
        initiator_id: row.get(0)?,
        initiated_ms: row.get(1)?,
        checksum: values::read(row, 2)?,
        attributes: Attributes::of(row, 3)?,
    })
}

/// How many bytes a part has that was sent already.
pub(crate) fn part_size(
    connection: &Connection,
    upload_id: i64,
    number: u32,
) -> Result<Option<u64>, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT blobs.size FROM parts JOIN blobs ON blobs.id = parts.blob_id
             WHERE upload_id = ?1 AND number = ?2",
        )?
        .query_row(params![upload_id, number], |row| row.get(0))
        .optional()?
        .map(to_u64))
}

/// Stores a part; one of the same number is replaced.
pub(crate) fn put_part(
    write: &mut Write<'_>,
    bucket: &Bucket,
    upload: &Upload,
    number: u32,
    checksums: &Checksums,
    received: Received,
    now_ms: i64,
) -> Result<(), Error> {
    let replaced: Option<(i64, i64)> = write
        .connection
        .prepare_cached(
            "SELECT blob_id, blobs.size FROM parts JOIN blobs ON blobs.id = parts.blob_id
             WHERE upload_id = ?1 AND number = ?2",
        )?
        .query_row(params![upload.id, number], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let size = received.size;
    let mut change = Change::default();
    change.part(1, size);
    if let Some((_blob, size)) = replaced {
        change.part(-1, to_u64(size));
    }
    buckets::count(write, bucket, change)?;
    let blob = blobs::insert(write, received)?;
    write
        .connection
        .prepare_cached(
            "INSERT INTO parts (upload_id, number, blob_id, modified_ms, checksum)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (upload_id, number)
             DO UPDATE SET blob_id = excluded.blob_id, modified_ms = excluded.modified_ms,
                 checksum = excluded.checksum",
        )?
        .execute(params![
            upload.id,
            number,
            blob,
            now_ms,
            values::write(checksums)?
        ])?;
    match replaced {
        Some((blob, _size)) => blobs::release(write, &[blob]),
        None => Ok(()),
    }
}

/// Parts with numbers greater than `after`, at most `limit`, in order.
pub(crate) fn parts(
    connection: &Connection,
    upload_id: i64,
    after: u32,
    limit: usize,
) -> Result<Vec<Part>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT parts.number, blobs.size, blobs.md5, parts.modified_ms, parts.blob_id, parts.checksum
         FROM parts JOIN blobs ON blobs.id = parts.blob_id
         WHERE parts.upload_id = ?1 AND parts.number > ?2 ORDER BY parts.number LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_and_then(params![upload_id, after, limit], |row| {
        Ok(Part {
            number: row.get(0)?,
            size: to_u64(row.get(1)?),
            md5: row.get(2)?,
            modified_ms: row.get(3)?,
            blob: row.get(4)?,
            checksums: values::read(row, 5)?,
        })
    })?;
    rows.collect()
}

/// A part as a completion names it.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) number: u32,
    /// Without quotes.
    pub(crate) etag: String,
    /// Checksums that the part must have, where they are given.
    pub(crate) checksums: Checksums,
}

/// What a completion makes.
pub(crate) struct Completed {
    pub(crate) version: Named,
    pub(crate) etag: String,
    pub(crate) checksums: Checksums,
}

/// What a completion asks for.
pub(crate) struct Completion<'a> {
    pub(crate) key: &'a str,
    pub(crate) wanted: &'a [Wanted],
    /// Checksums that the whole object must have.
    pub(crate) given: &'a Checksums,
    /// How large the object must be, where that is said.
    pub(crate) size: Option<u64>,
    /// The parts in one file, where objects are plain files.
    pub(crate) joined: Option<Joined>,
    pub(crate) now_ms: i64,
}

/// Parts that were written one behind the other into a file.
pub(crate) struct Joined {
    /// Which.
    pub(crate) parts: Vec<i64>,
    pub(crate) received: Received,
}

/// Parts, and where their bytes are.
type Pieces = (Vec<i64>, Vec<Piece>);

/// Which parts a completion names, where their bytes are, and the names of their files.
pub(crate) fn pieces(
    connection: &Connection,
    upload_id: i64,
    wanted: &[Wanted],
) -> Result<(Pieces, Vec<String>), Error> {
    let stored = parts(connection, upload_id, 0, usize::MAX)?;
    let chosen = choose(&stored, wanted)?;
    let size: u64 = chosen.iter().map(|part| part.size).sum();
    if size > OBJECT_MAX {
        return Err(Error::TooLarge);
    }
    let (mut pieces, mut names) = (Vec::new(), Vec::new());
    for part in &chosen {
        let source = blobs::source(connection, part.blob)?;
        if let Source::File(name) = &source {
            names.push(name.clone());
        }
        pieces.push(Piece {
            source,
            offset: 0,
            length: part.size,
        });
    }
    let chosen = chosen.iter().map(|part| part.blob).collect();
    Ok(((chosen, pieces), names))
}

/// Turns the parts that are named into the object; nothing is copied here. Parts that are not named are
/// discarded.
pub(crate) fn complete(
    write: &mut Write<'_>,
    bucket: &Bucket,
    upload: &Upload,
    completion: Completion<'_>,
    habits: &Habits,
) -> Result<Completed, Error> {
    let stored = parts(write.connection, upload.id, 0, usize::MAX)?;
    let chosen = choose(&stored, completion.wanted)?;
    let size: u64 = chosen.iter().map(|part| part.size).sum();
    if size > OBJECT_MAX {
        return Err(Error::TooLarge);
    }
    if completion.size.is_some_and(|said| said != size) {
        return Err(Error::SizeMismatch);
    }
    let etag = etag(&chosen);
    let checksums = match upload.checksum {
        Some(announced) => checksum::of_parts(
            announced,
            chosen.iter().map(|part| (&part.checksums, part.size)),
        )
        .ok_or(Error::ChecksumMissing)?,
        None => Checksums::default(),
    };
    if !checksum::agree(completion.given, &checksums) {
        return Err(Error::ChecksumMismatch);
    }
    let Stored {
        blobs,
        plain: joined,
    } = match completion.joined {
        // One may have been sent again since they were read.
        Some(joined)
            if !chosen
                .iter()
                .map(|part| part.blob)
                .eq(joined.parts.iter().copied()) =>
        {
            return Err(Error::Changed);
        }
        Some(joined) => {
            // Empty ones hold nothing.
            let sizes = chosen.iter().map(|part| part.size).filter(|size| *size > 0);
            plain::adopt(write, joined.received, sizes.collect())?
        }
        None => Stored {
            blobs: chosen.iter().map(|part| (part.blob, part.size)).collect(),
            plain: None,
        },
    };
    let new = NewObject {
        key: completion.key,
        owner_id: upload.initiator_id,
        etag: &etag,
        modified_ms: completion.now_ms,
        attributes: &upload.attributes,
        checksums: &checksums,
        blobs: &blobs,
        plain: joined.as_ref(),
        annotations_of: None,
    };
    // Before the object counts: its parts take up their space once.
    buckets::count(write, bucket, gone(&stored))?;
    let version = versions::put(write, bucket, &new, habits)?;
    remove(write, upload.id, &stored)?;
    Ok(Completed {
        version,
        etag,
        checksums,
    })
}

fn choose<'p>(stored: &'p [Part], wanted: &[Wanted]) -> Result<Vec<&'p Part>, Error> {
    if !wanted.is_sorted_by(|one, next| one.number < next.number) {
        return Err(Error::InvalidPartOrder);
    }
    let mut chosen = Vec::with_capacity(wanted.len());
    for (at, named) in wanted.iter().enumerate() {
        let part = stored
            .binary_search_by_key(&named.number, |part| part.number)
            .ok()
            .and_then(|found| stored.get(found))
            .filter(|part| hex(&part.md5) == named.etag.to_ascii_lowercase())
            .filter(|part| checksum::agree(&named.checksums, &part.checksums))
            .ok_or(Error::InvalidPart(named.number))?;
        if part.size < PART_MIN && at + 1 < wanted.len() {
            return Err(Error::PartTooSmall(named.number));
        }
        chosen.push(part);
    }
    Ok(chosen)
}

fn etag(parts: &[&Part]) -> String {
    let mut digest = Md5::new();
    for part in parts {
        digest.update(&part.md5);
    }
    format!("{}-{}", hex(&digest.finalize()), parts.len())
}

/// Drops an upload and what was sent for it.
pub(crate) fn abort(write: &mut Write<'_>, bucket: &Bucket, upload_id: i64) -> Result<(), Error> {
    let stored = parts(write.connection, upload_id, 0, usize::MAX)?;
    buckets::count(write, bucket, gone(&stored))?;
    remove(write, upload_id, &stored)
}

/// What an upload and its parts were, when they go.
fn gone(parts: &[Part]) -> Change {
    let mut change = Change {
        uploads: -1,
        ..Change::default()
    };
    for part in parts {
        change.part(-1, part.size);
    }
    change
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
        /// The checksum that was announced for the object.
        checksum: Option<Announced>,
    },
    Prefix(String),
}

/// The uploads that nobody has touched since `before_ms`: neither begun nor given a part later. With the
/// id of the bucket of each.
pub(crate) fn idle(connection: &Connection, before_ms: i64) -> Result<Vec<(i64, i64)>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT id, bucket_id FROM uploads WHERE initiated_ms < ?1 AND NOT EXISTS
             (SELECT 1 FROM parts WHERE upload_id = uploads.id AND modified_ms >= ?1)",
    )?;
    let rows = statement.query_map([before_ms], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The uploads of a bucket that were begun before `before_ms`, whether or not somebody works on them:
/// HCP counts the days of `multipartUploadAutoAbortDays` from there.
pub(crate) fn begun_before(
    connection: &Connection,
    bucket_id: i64,
    before_ms: i64,
) -> Result<Vec<i64>, Error> {
    let mut statement = connection
        .prepare_cached("SELECT id FROM uploads WHERE bucket_id = ?1 AND initiated_ms <= ?2")?;
    let rows = statement.query_map([bucket_id, before_ms], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether an upload is still open.
pub(crate) fn is_open(connection: &Connection, id: i64) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM uploads WHERE id = ?1")?
        .exists([id])?)
}

/// Drops an upload that is still as idle as it was found; false if somebody has come back to it.
pub(crate) fn expire(
    write: &mut Write<'_>,
    bucket: &Bucket,
    id: i64,
    before_ms: i64,
) -> Result<bool, Error> {
    let used: bool = write
        .connection
        .prepare_cached(
            "SELECT NOT EXISTS (SELECT 1 FROM uploads WHERE id = ?1)
                 OR EXISTS (SELECT 1 FROM parts WHERE upload_id = ?1 AND modified_ms >= ?2)",
        )?
        .query_row([id, before_ms], |row| row.get(0))?;
    if used {
        return Ok(false);
    }
    abort(write, bucket, id)?;
    Ok(true)
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
            "SELECT uploads.key, uploads.id, uploads.initiated_ms, users.guid, users.name,
                 uploads.checksum
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
                checksum: values::read(row, 5)?,
            });
        }
    }
    Ok(page)
}
