//! Rows against files that others may have changed: what a row says is compared, and brought up to date.

use md5::{Digest as _, Md5};
use rusqlite::{Connection, params};

use super::{
    super::{
        Write,
        blobs::to_u64,
        buckets::Bucket,
        objects::{self, Attributes, Checksums, NewObject, Object},
        removals::{self, Removal},
        versions,
        writer::Files,
    },
    Kept, of, place,
};
use crate::{
    Error,
    account::hex,
    files::{Found, Layout, Place, Stamp, check_key},
    protection::{Deletion, Protection},
};

/// Whether a file that is there has lost its object, and is about to go.
pub(super) fn is_leaving(
    connection: &Connection,
    place: &Place,
    found: Stamp,
) -> Result<bool, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT size, mtime_ns FROM plain_removals WHERE tenant = ?1 AND bucket = ?2 AND key = ?3",
    )?;
    let mut rows = statement.query(params![place.tenant, place.bucket, place.key.as_bytes()])?;
    while let Some(row) = rows.next()? {
        let known = Stamp {
            size: to_u64(row.get(0)?),
            mtime_ns: row.get(1)?,
        };
        if known.is_still(found) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a row says what is on disk.
pub(super) fn agrees(layout: &Layout, place: &Place, kept: Option<&Kept>, found: Found) -> bool {
    match (kept, found) {
        (None, Found::File(_)) => false,
        (None, _) => true,
        (Some(_), Found::Folder) if place.is_folder() => true,
        (Some(kept), Found::File(found)) if !place.is_folder() && kept.stamp.is_still(found) => {
            true
        }
        // Not moved yet: what is there is what was there before.
        (Some(kept), _) => kept
            .name
            .as_deref()
            .is_some_and(|name| !place.is_folder() && layout.waits(name)),
    }
}

/// Brings what is known of a key up to date with the file system.
pub(crate) fn reconcile(
    write: &mut Write<'_>,
    bucket: &Bucket,
    key: &str,
    now_ms: i64,
) -> Result<(), Error> {
    let Some(Files { layout, plain }) = write.plain() else {
        return Ok(());
    };
    if check_key(key).is_err() {
        return Ok(());
    }
    let place = place(write.connection, bucket, key)?;
    let row = objects::newest(write.connection, bucket.id, key)?;
    let kept = match &row {
        Some(row) => of(write.connection, row.id)?,
        None => None,
    };
    let found = plain.look(&place)?;
    if agrees(layout, &place, kept.as_ref(), found) {
        return Ok(());
    }
    match (row, found) {
        (Some(_), Found::NoBucket) => Err(Error::FolderMissing(place.bucket)),
        (row, Found::File(stamp)) if !place.is_folder() => {
            if row.is_none() && is_leaving(write.connection, &place, stamp)? {
                return Ok(());
            }
            take_in(write, bucket, key, row, stamp, now_ms)
        }
        (Some(row), _) => {
            let deletion = Deletion::plain(now_ms);
            versions::forget(write, bucket, &row)?;
            removals::note(
                write.connection,
                bucket,
                key,
                &row,
                Removal::Deleted,
                row.id,
                deletion,
            )
        }
        (None, _) => Ok(()),
    }
}

/// Makes an object of a file that somebody else put there, or changed.
fn take_in(
    write: &mut Write<'_>,
    bucket: &Bucket,
    key: &str,
    row: Option<Object>,
    stamp: Stamp,
    now_ms: i64,
) -> Result<(), Error> {
    let Some(owner_id) = owner(write.connection, bucket, row.as_ref())? else {
        return Ok(());
    };
    // Not the MD5 of the bytes, which nobody has read: its form says so to clients.
    let mut digest = Md5::new();
    digest.update(stamp.size.to_be_bytes());
    digest.update(stamp.mtime_ns.to_be_bytes());
    digest.update(key.as_bytes());
    let etag = format!("{}-1", hex(&digest.finalize()));
    // What was said of the bytes that were there is not true of these; who may do what still is.
    let attributes = row
        .as_ref()
        .map_or_else(Attributes::default, |old| Attributes {
            acl: old.attributes.acl.clone(),
            tags: old.attributes.tags.clone(),
            protection: old.attributes.protection.clone(),
            ..Attributes::default()
        });
    let kept = Kept {
        name: None,
        stamp,
        sha256: None,
        parts: Vec::new(),
    };
    let new = NewObject {
        key,
        owner_id,
        etag: &etag,
        modified_ms: (stamp.mtime_ns / 1_000_000).clamp(0, now_ms),
        attributes: &attributes,
        checksums: &Checksums::default(),
        blobs: &[],
        plain: Some(&kept),
        annotations_of: None,
    };
    // It is there already, whatever quota and retention say.
    let mut bucket = bucket.clone();
    bucket.settings.hard_quota = None;
    let row = row.map(|mut row| {
        row.attributes.protection = Protection::default();
        row
    });
    versions::take_in(write, &bucket, &new, row.as_ref()).map(|_named| ())
}

/// Whose a file is that somebody else put there.
fn owner(
    connection: &Connection,
    bucket: &Bucket,
    row: Option<&Object>,
) -> Result<Option<i64>, Error> {
    if let Some(owner) = row.map(|row| row.owner_id).or(bucket.owner_id) {
        return Ok(Some(owner));
    }
    Ok(connection
        .prepare_cached("SELECT min(id) FROM users WHERE tenant_id = ?1")?
        .query_row([bucket.tenant_id], |row| row.get(0))?)
}
