//! What is done with files once a transaction is committed, also by the next start.

use std::{io, path::PathBuf};

use rusqlite::Connection;

use super::{
    super::{blobs::to_u64, buckets, objects},
    Move, has_objects, marked_depth, names, waiting,
};
use crate::{
    Error,
    files::{Layout, Place, Plain, Stamp},
};

/// What the next start has to do: move what waits, and remove what was to be removed.
pub(in crate::store) fn recover(
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
pub(in crate::store) fn carry_out(layout: &Layout, plain: &Plain, one: &Move) {
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
pub(in crate::store) fn forget(connection: &Connection, done: &[i64]) -> rusqlite::Result<()> {
    for id in done {
        connection
            .prepare_cached("DELETE FROM plain_removals WHERE id = ?1")?
            .execute([id])?;
    }
    Ok(())
}
