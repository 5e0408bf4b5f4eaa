//! What happens to the versions of a key when it is written or deleted: S3's rules, with HCP's
//! retention above them.

use rusqlite::Connection;

use super::{
    Write, annotations,
    buckets::{self, Bucket, Change, Versioning},
    objects::{self, Marker, NewObject, Object, Version},
    plain,
    removals::{self, Removal},
};
use crate::{Error, profile::Habits, protection::Deletion};

/// What a delete did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deleted {
    /// The version that is gone, or the delete marker that came; `None`: neither.
    pub(crate) version: Option<Named>,
    /// Whether that is a delete marker.
    pub(crate) marker: bool,
}

/// A version that is to be named in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) id: i64,
    pub(crate) is_null: bool,
}

impl From<&Object> for Named {
    fn from(object: &Object) -> Self {
        Self {
            id: object.id,
            is_null: object.is_null,
        }
    }
}

/// Says no where the newest version of a key must stay as it is.
pub(crate) fn check_replacing(
    bucket: &Bucket,
    newest: Option<&Object>,
    habits: &Habits,
    now_ms: i64,
) -> Result<(), Error> {
    let Some(visible) = newest.filter(|newest| !newest.is_marker) else {
        return Ok(());
    };
    visible.attributes.protection.forbid_replacing(now_ms)?;
    let keeps = bucket.versioning == Versioning::Enabled;
    if keeps || habits.overwrites || bucket.settings.unversioned_overwrite {
        Ok(())
    } else {
        Err(Error::ObjectExists)
    }
}

/// Writes a new version of a key.
pub(crate) fn put(
    write: &mut Write<'_>,
    bucket: &Bucket,
    new: &NewObject<'_>,
    habits: &Habits,
) -> Result<Named, Error> {
    let newest = objects::newest(write.connection, bucket.id, new.key)?;
    check_replacing(bucket, newest.as_ref(), habits, new.modified_ms)?;
    if habits.folders {
        make_folders(write, bucket, new, newest.as_ref())?;
    }
    place(write, bucket, new, newest.as_ref())
}

/// Places a version in front of the others of its key, `newest` being the first of them so far.
fn place(
    write: &mut Write<'_>,
    bucket: &Bucket,
    new: &NewObject<'_>,
    newest: Option<&Object>,
) -> Result<Named, Error> {
    plain::check(write, bucket, new)?;
    let shows = newest.is_some_and(|newest| !newest.is_marker);
    let keeps = bucket.versioning == Versioning::Enabled;
    let replaced = match newest {
        Some(newest) if !keeps && newest.is_null => Some(newest.clone()),
        // Versioning was enabled once, and is suspended now: the `null` one may lie deeper.
        Some(_) if !keeps => objects::version(write.connection, bucket.id, new.key, Version::Null)?,
        _ => None,
    };
    if let Some(old) = &replaced {
        old.attributes
            .protection
            .forbid_replacing(new.modified_ms)?;
        objects::unname(write.connection, old.id)?;
    }
    if let Some(newest) = newest {
        objects::mark_current(write.connection, newest.id, false)?;
    }
    // The new one first: where it shares bytes with the old one (a copy onto itself), those stay
    // referred to.
    let id = objects::insert(write, bucket.id, new, !keeps)?;
    plain::keep(write, bucket, new, id)?;
    let size = new.size();
    let mut change = Change {
        objects: i64::from(!shows),
        ..Change::default()
    };
    change.version(1, size, new.etag, &new.attributes.metadata);
    if let Some(source) = new.annotations_of {
        annotations::carry(write.connection, source, id)?;
        let (number, bytes) = annotations::weight(write.connection, id)?;
        change.annotations += number;
        change.annotation_bytes += bytes;
    }
    if let Some(old) = &replaced {
        erase(write, old, &mut change)?;
    }
    buckets::count(write, bucket, change)?;
    if let Some(old) = newest.filter(|_old| keeps) {
        prune_at_once(write, bucket, old.id, new.modified_ms)?;
    }
    Ok(Named {
        id,
        is_null: !keeps,
    })
}

/// Takes in a file that somebody else put in the place of a key, in front of `newest`.
pub(super) fn take_in(
    write: &mut Write<'_>,
    bucket: &Bucket,
    new: &NewObject<'_>,
    newest: Option<&Object>,
) -> Result<Named, Error> {
    place(write, bucket, new, newest)
}

/// Forgets an object whose file is gone.
pub(super) fn forget(write: &mut Write<'_>, bucket: &Bucket, old: &Object) -> Result<(), Error> {
    let mut change = Change {
        objects: -1,
        ..Change::default()
    };
    erase(write, old, &mut change)?;
    buckets::count(write, bucket, change)
}

/// Prunes a version that has just become old, where the namespace keeps none for any time.
fn prune_at_once(
    write: &mut Write<'_>,
    bucket: &Bucket,
    id: i64,
    now_ms: i64,
) -> Result<(), Error> {
    let settings = &bucket.settings.versions;
    if settings.prune && settings.prune_days == 0 {
        prune(write, bucket, id, now_ms)?;
    }
    Ok(())
}

/// Prunes a version that is old, or a record; false where it is gone, is not old any more, or something
/// keeps it.
pub(crate) fn prune(
    write: &mut Write<'_>,
    bucket: &Bucket,
    id: i64,
    now_ms: i64,
) -> Result<bool, Error> {
    let Some((key, old)) = objects::by_number(write.connection, bucket.id, id)? else {
        return Ok(false);
    };
    let newest = objects::newest(write.connection, bucket.id, &key)?;
    if newest.is_some_and(|newest| newest.id == id) && !old.is_record {
        return Ok(false);
    }
    let deletion = Deletion::plain(now_ms);
    match delete_found(write, bucket, &key, &old, Removal::Pruned, deletion) {
        Ok(_deleted) => Ok(true),
        Err(Error::Denied(_) | Error::Retained) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Deletes an object whose retention has ended, as nobody but the namespace asked; false where it may not
/// go, or is none any more.
pub(crate) fn dispose(
    write: &mut Write<'_>,
    bucket: &Bucket,
    id: i64,
    habits: &Habits,
    now_ms: i64,
) -> Result<bool, Error> {
    let Some((key, object)) = objects::by_number(write.connection, bucket.id, id)? else {
        return Ok(false);
    };
    let newest = objects::newest(write.connection, bucket.id, &key)?;
    if object.is_marker || newest.is_none_or(|newest| newest.id != id) {
        return Ok(false);
    }
    let protection = &object.attributes.protection;
    let lets_go = match &protection.class {
        None => true,
        Some(name) => bucket
            .settings
            .class(name)
            .is_some_and(|(_name, class)| class.allow_disposition),
    };
    let due = protection.retention > 0 && !protection.is_held() && !protection.is_retained(now_ms);
    if !bucket.settings.disposition_enabled || !lets_go || !due {
        return Ok(false);
    }
    remove(
        write,
        bucket,
        &key,
        object.owner_id,
        habits,
        Removal::Disposed,
        Deletion::plain(now_ms),
    )?;
    Ok(true)
}

fn erase(write: &mut Write<'_>, old: &Object, change: &mut Change) -> Result<(), Error> {
    let (number, bytes) = annotations::weight(write.connection, old.id)?;
    objects::erase(write, old.id)?;
    if !old.is_marker {
        change.annotations -= number;
        change.annotation_bytes -= bytes;
        change.version(-1, old.size, &old.etag, &old.attributes.metadata);
    }
    Ok(())
}

/// On HCP a key's folders exist as soon as the key does, and a name is a folder or an object.
fn make_folders(
    write: &mut Write<'_>,
    bucket: &Bucket,
    new: &NewObject<'_>,
    newest: Option<&Object>,
) -> Result<(), Error> {
    let present = |connection: &Connection, key: &str| {
        objects::current(connection, bucket.id, key).map(|found| found.is_some())
    };
    let is_folder = new.key.ends_with('/');
    let there_already = is_folder && newest.is_some_and(|newest| !newest.is_marker);
    let other = match new.key.strip_suffix('/') {
        Some(name) => !ends_a_folder(name) && present(write.connection, name)?,
        None => present(write.connection, &format!("{}/", new.key))?,
    };
    if there_already || other {
        return Err(Error::ObjectExists);
    }
    let name = new.key.strip_suffix('/').unwrap_or(new.key);
    for (at, _) in name.match_indices('/') {
        let (Some(above), Some(folder)) = (name.get(..at), name.get(..=at)) else {
            continue;
        };
        // Nothing between two slashes names no folder.
        if ends_a_folder(above) {
            continue;
        }
        let newest = objects::newest(write.connection, bucket.id, folder)?;
        if newest.as_ref().is_some_and(|newest| !newest.is_marker) {
            continue;
        }
        if present(write.connection, above)? {
            return Err(Error::ObjectExists);
        }
        let empty = NewObject {
            key: folder,
            owner_id: new.owner_id,
            etag: EMPTY_ETAG,
            modified_ms: new.modified_ms,
            attributes: &objects::Attributes::default(),
            checksums: &objects::Checksums::default(),
            blobs: &[],
            plain: None,
            annotations_of: None,
        };
        // It may have been there before: then what is left of it lies behind.
        place(write, bucket, &empty, newest.as_ref())?;
    }
    Ok(())
}

fn ends_a_folder(name: &str) -> bool {
    name.is_empty() || name.ends_with('/')
}

/// The MD5 of nothing.
pub(crate) const EMPTY_ETAG: &str = "d41d8cd98f00b204e9800998ecf8427e";

/// Deletes a key, as far as its bucket lets go of it.
pub(crate) fn delete(
    write: &mut Write<'_>,
    bucket: &Bucket,
    key: &str,
    owner_id: i64,
    habits: &Habits,
    deletion: Deletion,
) -> Result<Deleted, Error> {
    remove(
        write,
        bucket,
        key,
        owner_id,
        habits,
        Removal::Deleted,
        deletion,
    )
}

fn remove(
    write: &mut Write<'_>,
    bucket: &Bucket,
    key: &str,
    owner_id: i64,
    habits: &Habits,
    kind: Removal,
    deletion: Deletion,
) -> Result<Deleted, Error> {
    let newest = objects::newest(write.connection, bucket.id, key)?;
    let visible = newest.as_ref().filter(|newest| !newest.is_marker);
    if let Some(visible) = visible {
        visible.attributes.protection.forbid_deleting(deletion)?;
        if habits.folders && key.ends_with('/') && has_children(write.connection, bucket.id, key)? {
            return Err(Error::FolderNotEmpty);
        }
    }
    let mut change = Change {
        objects: -i64::from(visible.is_some()),
        ..Change::default()
    };
    if bucket.versioning == Versioning::Never {
        let Some(old) = newest else {
            return Ok(Deleted::default());
        };
        plain::leave(write, bucket, key, &old)?;
        erase(write, &old, &mut change)?;
        buckets::count(write, bucket, change)?;
        if !old.is_marker {
            removals::note(write.connection, bucket, key, &old, kind, old.id, deletion)?;
        }
        return Ok(Deleted::default());
    }
    let marks = bucket.settings.versions.use_delete_markers;
    if visible.is_none() && !(habits.marks_absent_keys && marks) {
        return Ok(Deleted::default());
    }
    let is_null = bucket.versioning == Versioning::Suspended;
    let replaced = if is_null {
        objects::version(write.connection, bucket.id, key, Version::Null)?
    } else {
        None
    };
    if let Some(old) = &replaced {
        old.attributes.protection.forbid_deleting(deletion)?;
        erase(write, old, &mut change)?;
    }
    if let Some(newest) = &newest {
        objects::mark_current(write.connection, newest.id, false)?;
    }
    let now_ms = deletion.now_ms;
    let marker = match (marks, is_null) {
        (false, _) => Marker::Record,
        (true, true) => Marker::Null,
        (true, false) => Marker::Numbered,
    };
    let id = objects::insert_marker(write.connection, bucket.id, key, owner_id, marker, now_ms)?;
    buckets::count(write, bucket, change)?;
    if let Some(visible) = newest.as_ref().filter(|newest| !newest.is_marker) {
        removals::note(write.connection, bucket, key, visible, kind, id, deletion)?;
    }
    if let Some(old) = newest.filter(|old| replaced.is_none_or(|gone| gone.id != old.id)) {
        prune_at_once(write, bucket, old.id, now_ms)?;
    }
    Ok(if marks {
        Deleted {
            version: Some(Named { id, is_null }),
            marker: true,
        }
    } else {
        Deleted::default()
    })
}

/// Deletes one version, for good. One that does not exist is as good as deleted.
pub(crate) fn delete_version(
    write: &mut Write<'_>,
    bucket: &Bucket,
    key: &str,
    version: Version,
    deletion: Deletion,
) -> Result<Deleted, Error> {
    match objects::version(write.connection, bucket.id, key, version)? {
        Some(old) => delete_found(write, bucket, key, &old, Removal::Purged, deletion),
        None => Ok(Deleted::default()),
    }
}

/// Deletes a version that was found.
fn delete_found(
    write: &mut Write<'_>,
    bucket: &Bucket,
    key: &str,
    old: &Object,
    kind: Removal,
    deletion: Deletion,
) -> Result<Deleted, Error> {
    let newest = objects::newest(write.connection, bucket.id, key)?;
    if !old.is_marker {
        old.attributes.protection.forbid_deleting(deletion)?;
        // What protects an object protects all of its versions.
        if let Some(newest) = &newest {
            newest.attributes.protection.forbid_deleting(deletion)?;
        }
    }
    let mut change = Change::default();
    plain::leave(write, bucket, key, old)?;
    erase(write, old, &mut change)?;
    if newest.is_some_and(|newest| newest.id == old.id) {
        let next = objects::newest(write.connection, bucket.id, key)?;
        if let Some(next) = &next {
            objects::mark_current(write.connection, next.id, true)?;
        }
        let shows = next.is_some_and(|next| !next.is_marker);
        change.objects = i64::from(shows) - i64::from(!old.is_marker);
    }
    if !old.is_marker {
        removals::note(write.connection, bucket, key, old, kind, old.id, deletion)?;
    }
    buckets::count(write, bucket, change)?;
    Ok(Deleted {
        version: Some(Named::from(old)),
        marker: old.is_marker,
    })
}

fn has_children(connection: &Connection, bucket_id: i64, folder: &str) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM objects WHERE bucket_id = ?1 AND key > ?2 AND key < ?3
                 AND is_current = 1 AND is_marker = 0)",
        )?
        .query_row(
            rusqlite::params![
                bucket_id,
                folder.as_bytes(),
                super::listing::successor(folder.as_bytes())
            ],
            |row| row.get(0),
        )?)
}
