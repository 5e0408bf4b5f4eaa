//! What time does to versions: which have been old for long enough to be pruned, and whose retention has
//! ended; and what a retention class does to its objects when it changes.

use model::retention::{DELETION_PROHIBITED, Times};
use rusqlite::{Connection, params};

use super::{annotations, buckets::Bucket, usage::DAY_MS, values};
use crate::{
    Error,
    protection::{Protection, end_of_class},
};

/// Versions that have been old for as long as the namespace keeps them, and records of deletions that it
/// does not keep; those behind `after`, in order.
pub(crate) fn prunable(
    connection: &Connection,
    bucket: &Bucket,
    now_ms: i64,
    after: i64,
    limit: usize,
) -> Result<Vec<i64>, Error> {
    let settings = &bucket.settings.versions;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut found: Vec<i64> = Vec::new();
    if settings.prune {
        // A version is old from when the next one came.
        let mut statement = connection.prepare_cached(
            "SELECT id FROM objects AS old
             WHERE bucket_id = ?1 AND is_current = 0 AND id > ?2
               AND (SELECT modified_ms FROM objects AS next
                    WHERE next.bucket_id = old.bucket_id AND next.key = old.key AND next.id > old.id
                    ORDER BY next.id LIMIT 1) <= ?3
             ORDER BY id LIMIT ?4",
        )?;
        let before_ms = now_ms.saturating_sub(settings.prune_days.saturating_mul(DAY_MS));
        let rows = statement.query_map([bucket.id, after, before_ms, limit], |row| row.get(0))?;
        found = rows.collect::<Result<_, _>>()?;
    }
    if !settings.keep_deletion_records {
        let mut statement = connection.prepare_cached(
            "SELECT id FROM objects AS record
             WHERE bucket_id = ?1 AND is_record = 1 AND id > ?2
               AND NOT EXISTS (SELECT 1 FROM objects AS other
                    WHERE other.bucket_id = record.bucket_id AND other.key = record.key
                      AND other.id < record.id)
             ORDER BY id LIMIT ?3",
        )?;
        let rows = statement.query_map([bucket.id, after, limit], |row| row.get(0))?;
        for row in rows {
            found.push(row?);
        }
        found.sort_unstable();
        found.dedup();
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    Ok(found)
}

/// Objects whose retention was a date, which has passed; those behind `after`, in order.
pub(crate) fn disposable(
    connection: &Connection,
    bucket_id: i64,
    now_ms: i64,
    after: i64,
    limit: usize,
) -> Result<Vec<i64>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM objects
         WHERE bucket_id = ?1 AND id > ?2 AND protection IS NOT NULL
           AND is_current = 1 AND is_marker = 0
           AND protection ->> '$.retention' > 0 AND protection ->> '$.retention' <= ?3
         ORDER BY id LIMIT ?4",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map([bucket_id, after, now_ms / 1_000, limit], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Gives the objects of a retention class what the class says now; `None`: the class is gone, and they may
/// never be deleted (HCP's retention manual, "Retention classes").
pub(crate) fn rebind(
    connection: &Connection,
    bucket_id: i64,
    name: &str,
    value: Option<&str>,
    now_ms: i64,
) -> Result<(), Error> {
    let of_class: Vec<(i64, i64, String)> = {
        let mut statement = connection.prepare_cached(
            "SELECT id, modified_ms, protection FROM objects
             WHERE bucket_id = ?1 AND protection IS NOT NULL
               AND protection ->> '$.class' = ?2 COLLATE NOCASE",
        )?;
        let rows = statement.query_map(params![bucket_id, name], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        rows.collect::<Result<_, _>>()?
    };
    for (id, stored_ms, text) in of_class {
        let mut protection: Protection = values::from_json(&text)?;
        let times = Times {
            stored: stored_ms / 1_000,
            retention: protection.retention,
            now: now_ms / 1_000,
        };
        protection.retention = match value {
            Some(value) => end_of_class(value, times)?.ok_or(Error::RetentionBeyondCalendar)?,
            None => DELETION_PROHIBITED,
        };
        connection
            .prepare_cached("UPDATE objects SET protection = ?2 WHERE id = ?1")?
            .execute(params![id, values::write(&protection)?])?;
        annotations::changed(connection, id, now_ms)?;
    }
    Ok(())
}
