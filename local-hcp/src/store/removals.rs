//! The table `removals`: objects and versions that are gone. It is only added to; what has become too old
//! is swept.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::{blobs::to_i64, buckets::Bucket, objects::Object, values};
use crate::{Error, protection::Deletion};

/// How many rows are dropped by one write.
const DROPPED_AT_ONCE: i64 = 500;

/// By what a version went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Removal {
    /// Its key was deleted.
    Deleted = 1,
    /// It was deleted itself, for good.
    Purged = 2,
    /// It had been old for as long as its namespace keeps old versions.
    Pruned = 3,
    /// Its retention had ended, and its namespace disposes of such objects.
    Disposed = 4,
}

impl Removal {
    /// The number in the table; times of the same moment are in its order.
    pub(crate) const fn number(self) -> i64 {
        self as i64
    }
}

/// What is told of a version that is gone, beside its key and its size.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Details {
    /// When it was stored, in milliseconds.
    pub(crate) stored_ms: i64,
    /// Whose it was.
    pub(crate) owner_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) class: Option<String>,
}

/// Notes that a version is gone, unless its namespace keeps no records of that. `number` is the version's
/// own, or that of the delete marker that came.
pub(super) fn note(
    connection: &Connection,
    bucket: &Bucket,
    key: &str,
    gone: &Object,
    kind: Removal,
    number: i64,
    deletion: Deletion,
) -> Result<(), Error> {
    if !bucket.settings.versions.keep_deletion_records {
        return Ok(());
    }
    let details = Details {
        stored_ms: gone.modified_ms,
        owner_id: Some(gone.owner_id),
        class: gone.attributes.protection.class.clone(),
    };
    connection
        .prepare_cached(
            "INSERT INTO removals (bucket_id, at_ms, kind, version, key, size, details, user)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT name FROM users WHERE id = ?8))",
        )?
        .execute(params![
            bucket.id,
            deletion.now_ms,
            kind.number(),
            number,
            key.as_bytes(),
            to_i64(gone.size),
            values::to_json(&details)?,
            deletion.by
        ])?;
    Ok(())
}

/// Drops some of what is gone since before a time. False: nothing of that is left.
pub(crate) fn forget(connection: &Connection, before_ms: i64) -> Result<bool, Error> {
    let dropped = connection
        .prepare_cached(
            "DELETE FROM removals WHERE (bucket_id, at_ms, kind, version) IN
                 (SELECT bucket_id, at_ms, kind, version FROM removals WHERE at_ms < ?1 LIMIT ?2)",
        )?
        .execute([before_ms, DROPPED_AT_ONCE])?;
    Ok(dropped > 0)
}
