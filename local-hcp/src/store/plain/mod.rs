//! The tables `layout`, `plain` and `plain_removals`: objects whose bytes are plain files.
//!
//! A write goes three steps. The bytes wait, synced, under a generated name among the blobs; the row is
//! committed, which names both that name and the place; the file is moved to its place. Whoever finds it still
//! waiting (a reader, or the next start) knows that it belongs to the row: so a crash leaves the old object or
//! the new one. A delete writes down what it will remove, commits, and removes it.
//!
//! Others may change the files at any time. Before an answer, the rows that it is about are compared with
//! the files, and brought up to date by the one writer, in [`reconcile`].

mod compare;
mod moves;
mod reconcile;

use std::{fs::File, io, sync::Arc};

use rusqlite::{Connection, OptionalExtension as _, params};

pub(super) use self::moves::{carry_out, forget, recover};
pub(crate) use self::reconcile::reconcile;
use super::{
    Store, Write,
    blobs::{to_i64, to_u64},
    buckets::{self, Bucket},
    listing,
    objects::{self, NewObject, Object},
    values,
};
use crate::{
    Error,
    files::{
        Content, Found, Layout, Piece, Place, Plain, Received, Source, Stamp, check_key, is_blocked,
    },
};

/// How many keys one write brings up to date, so that others have their turn.
const AT_ONCE: usize = 250;

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

/// Opens the file of an object, as long as it is the one that its row is about.
///
/// # Errors
/// [`Error::Changed`] where it is not.
pub(crate) fn open_file(layout: &Layout, plain: &Plain, placed: &Placed) -> Result<File, Error> {
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
}
