//! The tables `layout`, `plain` and `plain_removals`: objects whose bytes are plain files.
//!
//! A write goes three steps. The bytes wait, synced, under a generated name among the blobs; the row is
//! committed, which names both that name and the place; the file is moved to its place. Whoever finds it still
//! waiting (a reader, or the next start) knows that it belongs to the row: so a crash leaves the old object or
//! the new one. A delete writes down what it will remove, commits, and removes it.
//!
//! Others may change the files at any time. Before an answer, the rows that it is about are compared with
//! the files, and brought up to date by the one writer, in [`reconcile`].

use std::{collections::BTreeSet, fs::File, io, path::PathBuf, sync::Arc};

use md5::{Digest as _, Md5};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    Store, Write,
    blobs::{to_i64, to_u64},
    buckets::{self, Bucket},
    listing::{self, Entry, Query},
    objects::{self, Attributes, Checksums, NewObject, Object},
    removals::{self, Removal},
    values, versions,
    writer::Files,
};
use crate::{
    Error,
    access::{Caller, Permissions},
    account::hex,
    files::{
        Content, Found, Layout, Piece, Place, Plain, Received, Source, Stamp, check_key, is_blocked,
    },
    protection::{Deletion, Protection},
};

/// How many keys one write brings up to date, so that others have their turn.
const AT_ONCE: usize = 250;
/// How many keys a look finds to be brought up to date, about.
const DIFFERING: usize = 10_000;
/// How often a listing is compared again because its files changed meanwhile.
const ROUNDS: usize = 8;

/// The plain file of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Under which it waits until it is moved.
    pub(crate) name: Option<String>,
    pub(crate) stamp: Stamp,
    pub(crate) sha256: Option<[u8; 32]>,
    /// The sizes of the parts that it was made of, none of them nothing.
    pub(crate) parts: Vec<u64>,
}

/// Where the bytes of an object are to be read.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) name: Option<String>,
    pub(crate) place: Place,
    pub(crate) stamp: Stamp,
}

/// What is done with files once a transaction is committed.
pub(crate) enum Move {
    /// From where it waits to its place.
    Put(String, Place),
    Folder(Place),
    /// What is written down under this number.
    Remove(i64, Place, Stamp, usize),
    MakeBucket(String, String),
    RemoveBucket(String, String),
}

/// Whether the store keeps objects as plain files.
pub(crate) fn is_on(connection: &Connection) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached("SELECT plain FROM layout")?
        .query_row([], |row| row.get(0))
        .optional()?
        .unwrap_or(false))
}

/// Compares the layout that is wanted with the store's own, which the first start decides.
///
/// # Errors
/// [`Error::OtherLayout`].
pub(super) fn settle(connection: &Connection, plain: bool) -> Result<(), Error> {
    // Stores older than this question have blobs.
    connection.execute(
        "INSERT INTO layout SELECT 1, ?1 AND NOT EXISTS (SELECT 1 FROM users)
         WHERE NOT EXISTS (SELECT 1 FROM layout)",
        [plain],
    )?;
    if is_on(connection)? == plain {
        Ok(())
    } else {
        Err(Error::OtherLayout { plain: !plain })
    }
}

/// Refuses versions where objects are plain files.
///
/// # Errors
/// [`Error::NotInThisLayout`].
pub(crate) fn forbid_versions(connection: &Connection) -> Result<(), Error> {
    if is_on(connection)? {
        return Err(Error::NotInThisLayout(
            "versions are not kept where objects are plain files (HAKO_LOCAL_LAYOUT=files): a file has one \
             content; a store with HAKO_LOCAL_LAYOUT=blobs keeps them",
        ));
    }
    Ok(())
}

/// Refuses another name for a bucket where its folder bears it.
///
/// # Errors
/// [`Error::NotInThisLayout`].
pub(crate) fn forbid_renaming(connection: &Connection) -> Result<(), Error> {
    if is_on(connection)? {
        return Err(Error::NotInThisLayout(
            "name: a namespace keeps its name where objects are plain files (HAKO_LOCAL_LAYOUT=files): \
             their folder bears it",
        ));
    }
    Ok(())
}

/// What a bucket is called, with its tenant.
fn names(connection: &Connection, bucket: &Bucket) -> Result<(String, String), Error> {
    let tenant = connection
        .prepare_cached("SELECT name FROM tenants WHERE id = ?1")?
        .query_row([bucket.tenant_id], |row| row.get(0))?;
    Ok((tenant, bucket.name.clone()))
}

pub(crate) fn place(connection: &Connection, bucket: &Bucket, key: &str) -> Result<Place, Error> {
    let (tenant, bucket) = names(connection, bucket)?;
    Ok(Place {
        tenant,
        bucket,
        key: key.to_owned(),
    })
}

/// The plain file of an object, if it is one.
fn of(connection: &Connection, object: i64) -> Result<Option<Kept>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT name, size, mtime_ns, sha256, parts FROM plain WHERE object_id = ?1",
    )?;
    let mut rows = statement.query([object])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some(Kept {
        name: row.get(0)?,
        stamp: Stamp {
            size: to_u64(row.get(1)?),
            mtime_ns: row.get(2)?,
        },
        sha256: row.get(3)?,
        parts: values::read(row, 4)?,
    }))
}

/// The sizes of the parts of an object that is a plain file.
pub(crate) fn parts(connection: &Connection, object: i64) -> Result<Vec<u64>, Error> {
    Ok(of(connection, object)?.map_or_else(Vec::new, |kept| kept.parts))
}

/// Where the bytes of an object are, if they are a plain file.
pub(super) fn placed(connection: &Connection, object: i64) -> Result<Option<Placed>, Error> {
    let found = connection
        .prepare_cached(
            "SELECT plain.name, plain.size, plain.mtime_ns, tenants.name, buckets.name, objects.key
             FROM plain JOIN objects ON objects.id = plain.object_id
             JOIN buckets ON buckets.id = objects.bucket_id
             JOIN tenants ON tenants.id = buckets.tenant_id WHERE plain.object_id = ?1",
        )?
        .query_row([object], |row| {
            let stamp = Stamp {
                size: to_u64(row.get(1)?),
                mtime_ns: row.get(2)?,
            };
            let key: Vec<u8> = row.get(5)?;
            Ok((row.get(0)?, stamp, row.get(3)?, row.get(4)?, key))
        })
        .optional()?;
    let Some((name, stamp, tenant, bucket, key)) = found else {
        return Ok(None);
    };
    let key = String::from_utf8(key).map_err(|_not_text| Error::Damaged("a key is not UTF-8"))?;
    Ok(Some(Placed {
        name,
        place: Place {
            tenant,
            bucket,
            key,
        },
        stamp,
    }))
}

/// Whether a waiting file belongs to an object, and where it goes.
pub(super) fn waiting(connection: &Connection, name: &str) -> Result<Option<Placed>, Error> {
    let object: Option<i64> = connection
        .prepare_cached("SELECT object_id FROM plain WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    match object {
        Some(object) => placed(connection, object),
        None => Ok(None),
    }
}

/// Takes charge of what was received for an object.
pub(crate) fn adopt(
    write: &mut Write<'_>,
    received: Received,
    parts: Vec<u64>,
) -> Result<Stored, Error> {
    if write.plain().is_none() {
        let size = received.size;
        return Ok(Stored {
            blobs: vec![(super::blobs::insert(write, received)?, size)],
            plain: None,
        });
    }
    let Content::File(staged) = received.content else {
        return Err(Error::Damaged("an object without a file"));
    };
    let kept = Kept {
        name: Some(staged.name().to_owned()),
        stamp: Stamp {
            size: received.size,
            mtime_ns: staged.mtime_ns()?,
        },
        sha256: Some(received.sha256),
        parts,
    };
    write.adopt(staged);
    Ok(Stored {
        blobs: Vec::new(),
        plain: Some(kept),
    })
}

/// What an object will be made of.
pub(crate) struct Stored {
    pub(crate) blobs: Vec<(i64, u64)>,
    pub(crate) plain: Option<Kept>,
}

/// Refuses a new object whose file cannot be where it belongs; asked before anything is written. The folders
/// above the file are made.
pub(super) fn check(
    write: &mut Write<'_>,
    bucket: &Bucket,
    new: &NewObject<'_>,
) -> Result<(), Error> {
    let Some(plain) = write.plain().map(|files| &*files.plain) else {
        return Ok(());
    };
    check_key(new.key)?;
    let place = place(write.connection, bucket, new.key)?;
    if place.is_folder() && new.size() > 0 {
        return Err(Error::KeyNotAFile(
            "a slash at its end, which makes it a folder, and a folder has no bytes",
        ));
    }
    if !place.is_folder() && new.plain.is_none() {
        return Err(Error::Damaged("an object without a file"));
    }
    forbid_overlap(write, bucket, new, plain)?;
    let taken = || Error::KeyTaken(new.key.to_owned());
    match plain.look(&place)? {
        Found::Other => return Err(taken()),
        Found::File(_) if place.is_folder() => return Err(taken()),
        Found::NoBucket => {
            if has_objects(write.connection, bucket.id)? {
                return Err(Error::FolderMissing(place.bucket));
            }
            plain.make_bucket(&place.tenant, &place.bucket)?;
        }
        _ => {}
    }
    plain.make_folders(&place).map_err(|error| {
        // A file or a link is in the way.
        if is_blocked(&error) {
            taken()
        } else {
            error.into()
        }
    })?;
    Ok(())
}

/// Gives a new object its file, where this store has plain ones. It is moved after the commit.
pub(super) fn keep(
    write: &mut Write<'_>,
    bucket: &Bucket,
    new: &NewObject<'_>,
    id: i64,
) -> Result<(), Error> {
    if write.plain().is_none() {
        return Ok(());
    }
    let place = place(write.connection, bucket, new.key)?;
    let is_folder = place.is_folder();
    let received = new.plain.and_then(|kept| kept.name.clone());
    let stamp = match new.plain {
        Some(kept) if !is_folder => kept.stamp,
        _ => Stamp {
            size: 0,
            mtime_ns: 0,
        },
    };
    let parts = match new.plain {
        Some(kept) => values::write(&kept.parts)?,
        None => None,
    };
    write
        .connection
        .prepare_cached(
            "INSERT INTO plain (object_id, name, size, mtime_ns, sha256, parts)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            id,
            received.as_ref().filter(|_name| !is_folder),
            to_i64(stamp.size),
            stamp.mtime_ns,
            new.plain
                .filter(|_kept| !is_folder)
                .and_then(|kept| kept.sha256),
            parts,
        ])?;
    match (received, is_folder) {
        (Some(name), false) => write.after(Move::Put(name, place)),
        (Some(name), true) => {
            // A folder has no bytes: what was received for it is an empty file.
            write.discard(name);
            write.after(Move::Folder(place));
        }
        (None, true) => write.after(Move::Folder(place)),
        (None, false) => {}
    }
    Ok(())
}

fn has_objects(connection: &Connection, bucket_id: i64) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM objects WHERE bucket_id = ?1 LIMIT 1")?
        .exists([bucket_id])?)
}

/// A name is a file or a folder: `a` and `a/b` exclude each other.
fn forbid_overlap(
    write: &mut Write<'_>,
    bucket: &Bucket,
    new: &NewObject<'_>,
    plain: &Plain,
) -> Result<(), Error> {
    let names = new.key.strip_suffix('/').unwrap_or(new.key);
    let mut files: Vec<&str> = names
        .match_indices('/')
        .filter_map(|(at, _)| names.get(..at))
        .collect();
    if new.key.ends_with('/') {
        files.push(names);
    }
    for file in files {
        if objects::current(write.connection, bucket.id, file)?.is_some() {
            // Somebody may have put a folder in its place.
            reconcile(write, bucket, file, new.modified_ms)?;
            if objects::current(write.connection, bucket.id, file)?.is_some() {
                return Err(Error::KeyTaken(new.key.to_owned()));
            }
        }
    }
    if !new.key.ends_with('/') {
        let below = format!("{names}/");
        let inside = keys_below(write.connection, bucket.id, &below)?;
        for key in &inside {
            reconcile(write, bucket, key, new.modified_ms)?;
        }
        if !inside.is_empty() && !keys_below(write.connection, bucket.id, &below)?.is_empty() {
            return Err(Error::KeyTaken(new.key.to_owned()));
        }
        let place = place(write.connection, bucket, new.key)?;
        if plain.look(&place)? == Found::Folder && plain.holds_something(&place)? {
            return Err(Error::KeyTaken(new.key.to_owned()));
        }
    }
    Ok(())
}

/// The first keys in a folder, itself among them.
fn keys_below(connection: &Connection, bucket_id: i64, folder: &str) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT key FROM objects WHERE bucket_id = ?1 AND key >= ?2 AND key < ?3
             AND is_current = 1 AND is_marker = 0 ORDER BY key LIMIT ?4",
    )?;
    let limit = to_i64(AT_ONCE as u64);
    let end = listing::successor(folder.as_bytes());
    let rows = statement.query_map(params![bucket_id, folder.as_bytes(), end, limit], |row| {
        row.get::<_, Vec<u8>>(0)
    })?;
    let mut keys = Vec::new();
    for key in rows {
        let key =
            String::from_utf8(key?).map_err(|_not_text| Error::Damaged("a key is not UTF-8"))?;
        keys.push(key);
    }
    Ok(keys)
}

/// What an object's file was, to be removed after the commit; asked before its row goes.
pub(super) fn leave(
    write: &mut Write<'_>,
    bucket: &Bucket,
    key: &str,
    old: &Object,
) -> Result<(), Error> {
    if write.plain().is_none() {
        return Ok(());
    }
    let Some(kept) = of(write.connection, old.id)? else {
        return Ok(());
    };
    let place = place(write.connection, bucket, key)?;
    write
        .connection
        .prepare_cached(
            "INSERT INTO plain_removals (tenant, bucket, key, size, mtime_ns)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            place.tenant,
            place.bucket,
            key.as_bytes(),
            to_i64(kept.stamp.size),
            kept.stamp.mtime_ns
        ])?;
    let id = write.connection.last_insert_rowid();
    let keep = marked_depth(write.connection, bucket.id, key)?;
    write.after(Move::Remove(id, place, kept.stamp, keep));
    Ok(())
}

/// How deep the deepest folder above a key is that is an object itself.
fn marked_depth(connection: &Connection, bucket_id: i64, key: &str) -> Result<usize, Error> {
    let names = key.strip_suffix('/').unwrap_or(key);
    for (at, _) in names.rmatch_indices('/') {
        let Some(folder) = names.get(..=at) else {
            continue;
        };
        if objects::current(connection, bucket_id, folder)?.is_some() {
            return Ok(folder.matches('/').count());
        }
    }
    Ok(0)
}

/// Whether a file that is there has lost its object, and is about to go.
fn is_leaving(connection: &Connection, place: &Place, found: Stamp) -> Result<bool, Error> {
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
fn agrees(layout: &Layout, place: &Place, kept: Option<&Kept>, found: Found) -> bool {
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

/// What the next start has to do: move what waits, and remove what was to be removed.
pub(super) fn recover(
    connection: &Connection,
    layout: &Layout,
    plain: &Plain,
    waiting_files: &[PathBuf],
) -> Result<(), Error> {
    for path in waiting_files {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if let Some(placed) = waiting(connection, name)? {
            carry_out(layout, plain, &Move::Put(name.to_owned(), placed.place));
        }
    }
    let mut statement =
        connection.prepare("SELECT id, tenant, bucket, key, size, mtime_ns FROM plain_removals")?;
    let rows = statement.query_map([], |row| {
        let key: Vec<u8> = row.get(3)?;
        let place = Place {
            tenant: row.get(1)?,
            bucket: row.get(2)?,
            key: String::from_utf8_lossy(&key).into_owned(),
        };
        let stamp = Stamp {
            size: to_u64(row.get(4)?),
            mtime_ns: row.get(5)?,
        };
        Ok((row.get::<_, i64>(0)?, place, stamp))
    })?;
    let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
    let all = buckets::all(connection)?;
    for (id, place, stamp) in rows {
        let of = all.iter().find(|bucket| {
            bucket.name == place.bucket
                && names(connection, bucket).is_ok_and(|(tenant, _)| tenant == place.tenant)
        });
        let keep = match of {
            Some(bucket) => marked_depth(connection, bucket.id, &place.key)?,
            None => 0,
        };
        // Stored again since, and equal to the last: then it is that one's.
        let is_back = match of {
            Some(bucket) => objects::current(connection, bucket.id, &place.key)?.is_some(),
            None => false,
        };
        if !is_back {
            carry_out(layout, plain, &Move::Remove(id, place, stamp, keep));
        }
    }
    connection.execute("DELETE FROM plain_removals", [])?;
    for bucket in all {
        let (tenant, name) = names(connection, &bucket)?;
        if !has_objects(connection, bucket.id)? {
            carry_out(layout, plain, &Move::MakeBucket(tenant, name));
        }
    }
    Ok(())
}

/// Does what was put off until the commit.
pub(super) fn carry_out(layout: &Layout, plain: &Plain, one: &Move) {
    let done = match one {
        Move::Put(name, place) => match plain.put(&layout.blob(name), place) {
            // Moved already.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        },
        Move::Folder(place) => plain.make_folders(place).map(drop),
        Move::Remove(_, place, stamp, keep) => plain.remove(place, *stamp, *keep),
        Move::MakeBucket(tenant, bucket) => plain.make_bucket(tenant, bucket),
        Move::RemoveBucket(tenant, bucket) => plain.remove_bucket(tenant, bucket),
    };
    match done {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            // A file that could not be moved is read from where it waits, and moved at the next start.
            tracing::warn!(%error, "a plain file or its folder could not be changed");
        }
        _ => {}
    }
}

/// Forgets removals that are done.
pub(super) fn forget(connection: &Connection, done: &[i64]) -> rusqlite::Result<()> {
    for id in done {
        connection
            .prepare_cached("DELETE FROM plain_removals WHERE id = ?1")?
            .execute([id])?;
    }
    Ok(())
}

/// Has the folder of a new bucket made.
pub(crate) fn make_bucket(write: &mut Write<'_>, bucket_id: i64) -> Result<(), Error> {
    if write.plain().is_some()
        && let Some(bucket) = buckets::by_id(write.connection, bucket_id)?
    {
        let (tenant, name) = names(write.connection, &bucket)?;
        write.after(Move::MakeBucket(tenant, name));
    }
    Ok(())
}

/// Removes a bucket that holds nothing, no file either.
pub(crate) fn remove_bucket(write: &mut Write<'_>, bucket: &Bucket) -> Result<(), Error> {
    if let Some(files) = write.plain() {
        let plain = &files.plain;
        let (tenant, name) = names(write.connection, bucket)?;
        if plain.is_occupied(&tenant, &name)? {
            return Err(Error::BucketNotEmpty);
        }
        write.after(Move::RemoveBucket(tenant, name));
    }
    buckets::remove(write.connection, bucket.id)
}

/// Opens the files of pieces, as long as they are those that the rows are about.
///
/// # Errors
/// [`Error::Changed`] where a file is not.
pub(crate) fn open_files(
    layout: &Layout,
    plain: Option<&Plain>,
    pieces: &mut [Piece],
) -> Result<(), Error> {
    let Some(plain) = plain else {
        return Ok(());
    };
    for piece in pieces {
        if let Source::Plain(placed) = &piece.source {
            piece.source = Source::Open(Arc::new(open_file(layout, plain, placed)?));
        }
    }
    Ok(())
}

fn open_file(layout: &Layout, plain: &Plain, placed: &Placed) -> Result<File, Error> {
    // First where it waits: once it is not there, it is at its place.
    if let Some(name) = &placed.name {
        match layout.open_blob(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => return Ok(opened?),
        }
    }
    match plain.open_file(&placed.place)? {
        Some(file) if placed.stamp.is_still(Stamp::of_file(&file)?) => Ok(file),
        _ => Err(Error::Changed),
    }
}

/// The keys of a page that are not as the files are.
fn differing(
    connection: &Connection,
    layout: &Layout,
    plain: &Plain,
    bucket: &Bucket,
    query: &Query,
) -> Result<Vec<String>, Error> {
    let (tenant, name) = names(connection, bucket)?;
    let place = |key: &str| Place {
        tenant: tenant.clone(),
        bucket: name.clone(),
        key: key.to_owned(),
    };
    let mut differ = BTreeSet::new();
    let disk = on_disk(plain, &tenant, &name, query)?;
    for (key, stamp) in &disk.files {
        let row = objects::newest(connection, bucket.id, key)?;
        let kept = match &row {
            Some(row) => of(connection, row.id)?,
            None => None,
        };
        let place = place(key);
        if !agrees(layout, &place, kept.as_ref(), Found::File(*stamp))
            && (row.is_some() || !is_leaving(connection, &place, *stamp)?)
        {
            differ.insert(key.clone());
        }
    }
    let mut query = query.clone();
    let mut agreeing = 0;
    // As far as the page reaches when what is gone is out of the way.
    while agreeing <= query.limit && differ.len() < DIFFERING {
        let page = listing::list(connection, bucket.id, &query)?;
        for entry in &page.entries {
            if disk.end.as_deref().is_some_and(|end| entry.name() > end) {
                return Ok(differ.into_iter().collect());
            }
            let keys = match entry {
                _ if disk.names.contains(entry.name()) => Vec::new(),
                Entry::Object { key, .. } => vec![key.clone()],
                Entry::Prefix(prefix) => keys_below(connection, bucket.id, prefix)?,
            };
            let mut gone = Vec::new();
            let mut is_there = keys.is_empty();
            // Of a prefix, up to the first key that is there: the folder itself, as a rule.
            for key in keys {
                let place = place(&key);
                let kept = match objects::newest(connection, bucket.id, &key)? {
                    Some(row) => of(connection, row.id)?,
                    None => None,
                };
                is_there = agrees(layout, &place, kept.as_ref(), plain.look(&place)?);
                if is_there {
                    break;
                }
                gone.push(key);
            }
            differ.extend(gone);
            agreeing += usize::from(is_there);
        }
        match page.entries.last() {
            Some(last) if page.truncated => last.name().clone_into(&mut query.after),
            _ => break,
        }
    }
    Ok(differ.into_iter().collect())
}

/// What a page would show of the files.
#[derive(Default)]
struct Disk {
    /// Files, and of each prefix one that is in it.
    files: Vec<(String, Stamp)>,
    /// Keys and prefixes.
    names: BTreeSet<String>,
    /// The last entry, where there may be more.
    end: Option<String>,
}

fn on_disk(plain: &Plain, tenant: &str, bucket: &str, query: &Query) -> Result<Disk, Error> {
    let mut disk = Disk::default();
    let Some(from) = listing::beginning(query) else {
        return Ok(disk);
    };
    let is_before = |key: &str| {
        if from.inclusive {
            key.as_bytes() < from.from.as_slice()
        } else {
            key.as_bytes() <= from.from.as_slice()
        }
    };
    let skip = std::cell::RefCell::new(String::new());
    let is_skipped = |key: &str| {
        let skip = skip.borrow();
        !skip.is_empty() && key.starts_with(skip.as_str())
    };
    let mut wanted = |key: &str| {
        if is_skipped(key) {
            return false;
        }
        if key.ends_with('/') {
            // Something in it may be behind where the page begins.
            let reaches = !is_before(key) || from.from.starts_with(key.as_bytes());
            reaches && (key.starts_with(&query.prefix) || query.prefix.starts_with(key))
        } else {
            !is_before(key) && key.starts_with(&query.prefix)
        }
    };
    let mut visit = |key: &str, stamp: Stamp| {
        if is_skipped(key) {
            return true;
        }
        let name = listing::rolled_up(query, key).unwrap_or(key);
        if name != key {
            name.clone_into(&mut skip.borrow_mut());
        }
        disk.names.insert(name.to_owned());
        disk.files.push((key.to_owned(), stamp));
        // One more than the page has tells whether there are more.
        if disk.names.len() > query.limit {
            disk.end = Some(name.to_owned());
            return false;
        }
        true
    };
    plain.walk(tenant, bucket, &mut wanted, &mut visit)?;
    Ok(disk)
}

impl Store {
    /// The folder of plain files, if objects are such.
    pub(crate) fn plain(&self) -> Option<&Arc<Plain>> {
        self.0.plain.as_ref()
    }

    /// Refuses a key that is to be written and cannot be the name of a file, where it has to be one.
    ///
    /// # Errors
    /// [`Error::KeyNotAFile`], [`Error::KeyTooLongForFile`].
    pub(crate) fn check_target(&self, key: &str) -> Result<(), Error> {
        if self.plain().is_some() {
            check_key(key)?;
        }
        Ok(())
    }

    /// Compares a key with the file system before an answer is about it.
    pub(crate) async fn compare_key(
        &self,
        caller: &Caller,
        bucket: &str,
        key: &str,
        now_ms: i64,
    ) -> Result<(), Error> {
        let Some(plain) = self.plain().cloned() else {
            return Ok(());
        };
        if check_key(key).is_err() {
            return Ok(());
        }
        let (reader, layout) = (caller.clone(), self.layout().clone());
        let (name, wanted) = (bucket.to_owned(), key.to_owned());
        let differs = self
            .read(move |connection| {
                // Whoever may not come in learns that from the operation itself.
                let Ok(bucket) = buckets::open(connection, &reader, &name) else {
                    return Ok(None);
                };
                let place = place(connection, &bucket, &wanted)?;
                let row = objects::newest(connection, bucket.id, &wanted)?;
                let kept = match row {
                    Some(row) => of(connection, row.id)?,
                    None => None,
                };
                let agree = agrees(&layout, &place, kept.as_ref(), plain.look(&place)?);
                Ok((!agree).then_some(bucket.id))
            })
            .await?;
        if let Some(bucket_id) = differs {
            self.bring_up_to_date(bucket_id, vec![key.to_owned()], now_ms)
                .await?;
        }
        Ok(())
    }

    /// Compares what a listing will be about with the file system.
    pub(crate) async fn compare_page(
        &self,
        caller: &Caller,
        bucket: &str,
        query: &Query,
        now_ms: i64,
    ) -> Result<(), Error> {
        let Some(plain) = self.plain() else {
            return Ok(());
        };
        for _round in 0..ROUNDS {
            let (reader, name, query) = (caller.clone(), bucket.to_owned(), query.clone());
            let (plain, layout) = (Arc::clone(plain), self.layout().clone());
            let found = self
                .read(move |connection| {
                    let Ok(bucket) = buckets::open(connection, &reader, &name) else {
                        return Ok(None);
                    };
                    let may = bucket.granted.need(Permissions::BROWSE).is_ok();
                    if !may || reader.reach(&query.prefix).is_err() {
                        return Ok(None);
                    }
                    let differ = differing(connection, &layout, &plain, &bucket, &query)?;
                    Ok(Some((bucket.id, differ)))
                })
                .await?;
            match found {
                Some((bucket_id, keys)) if !keys.is_empty() => {
                    self.bring_up_to_date(bucket_id, keys, now_ms).await?;
                }
                _ => break,
            }
        }
        Ok(())
    }

    async fn bring_up_to_date(
        &self,
        bucket_id: i64,
        keys: Vec<String>,
        now_ms: i64,
    ) -> Result<(), Error> {
        for some in keys.chunks(AT_ONCE) {
            let some = some.to_vec();
            self.write(move |write| {
                let Some(bucket) = buckets::by_id(write.connection, bucket_id)? else {
                    return Ok(());
                };
                for key in &some {
                    match reconcile(write, &bucket, key, now_ms) {
                        // A file that is in the way of others, for a moment.
                        Ok(()) | Err(Error::KeyTaken(_)) => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok(())
            })
            .await?;
        }
        Ok(())
    }
}
