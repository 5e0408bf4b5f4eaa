//! The table `usage_hours`: what happened in each namespace, hour by hour, and how full it was.
//!
//! Writes are counted in the transaction that does them, with one statement for each bucket and
//! transaction however many there were. Reads are gathered in memory and go with the next transaction,
//! which is asked for if none comes: a read never waits for the disk. A crash can lose those of the last
//! seconds.

use std::{
    collections::BTreeMap,
    ops::AddAssign,
    sync::{Mutex, OnceLock, PoisonError},
};

use rusqlite::{Connection, Row, params};

use crate::{Clock, Error};

/// The milliseconds of an hour, and of a day.
pub(crate) const HOUR_MS: i64 = 60 * 60 * 1_000;
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;

/// How long it is known what happened in which hour (HCP's management API, "chargebackReport").
pub(crate) const HISTORY_MS: i64 = 180 * DAY_MS;

/// When the hour of a time began.
pub(crate) const fn hour_of(time_ms: i64) -> i64 {
    time_ms - time_ms.rem_euclid(HOUR_MS)
}

/// What happened, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) bytes_in: i64,
    pub(crate) bytes_out: i64,
    pub(crate) reads: i64,
    pub(crate) writes: i64,
    pub(crate) deletes: i64,
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.bytes_in += other.bytes_in;
        self.bytes_out += other.bytes_out;
        self.reads += other.reads;
        self.writes += other.writes;
        self.deletes += other.deletes;
    }
}

/// What happened in buckets, by their ids.
pub(super) type Tally = BTreeMap<i64, Sums>;

/// Adds one tally to another.
pub(super) fn add(to: &mut Tally, other: Tally) {
    for (bucket, sums) in other {
        *to.entry(bucket).or_default() += sums;
    }
}

/// What was read since the last transaction, by bucket and hour; and what time it is.
#[derive(Default)]
pub(super) struct Reads {
    clock: OnceLock<Clock>,
    waiting: Mutex<BTreeMap<(i64, i64), Sums>>,
}

impl Reads {
    /// Says whose time counts; the first to say so is heard.
    pub(super) fn tell_time(&self, clock: Clock) {
        let _ = self.clock.set(clock);
    }

    fn hour(&self) -> i64 {
        hour_of(self.clock.get_or_init(Clock::system).now_ms())
    }

    /// Counts what was read. True where nothing has waited before: then somebody has to see to it that
    /// there will be a transaction.
    pub(super) fn count(&self, bucket: i64, sums: Sums) -> bool {
        let hour = self.hour();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = waiting.is_empty();
        *waiting.entry((bucket, hour)).or_default() += sums;
        is_first
    }

    fn take(&self) -> BTreeMap<(i64, i64), Sums> {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put_back(&self, taken: BTreeMap<(i64, i64), Sums>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for (place, sums) in taken {
            *waiting.entry(place).or_default() += sums;
        }
    }

    pub(super) fn are_waiting(&self) -> bool {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        !waiting.is_empty()
    }

    /// Writes down what was read and, of this transaction, what was written.
    pub(super) fn note<'r>(&'r self, connection: &Connection, written: Tally) -> Noted<'r> {
        let taken = self.take();
        let hour = self.hour();
        let mut all = taken.clone();
        for (bucket, sums) in written {
            *all.entry((bucket, hour)).or_default() += sums;
        }
        for ((bucket, hour_of_sums), sums) in &all {
            // Nobody's object is refused because it could not be counted.
            let written = if *hour_of_sums == hour {
                write_down(connection, *bucket, hour, *sums)
            } else {
                make_up(connection, *bucket, *hour_of_sums, *sums)
            };
            if let Err(error) = written {
                tracing::warn!(%error, "what happened in a namespace could not be counted");
            }
        }
        Noted { reads: self, taken }
    }
}

/// Reads that are written down in a transaction which is not committed yet.
pub(super) struct Noted<'r> {
    reads: &'r Reads,
    taken: BTreeMap<(i64, i64), Sums>,
}

impl Noted<'_> {
    /// The transaction is lost: they go with the next.
    pub(super) fn undo(self) {
        self.reads.put_back(self.taken);
    }
}

/// Adds to the hour of a bucket, and says how full it is now. A bucket that is gone counts no more.
fn write_down(connection: &Connection, bucket: i64, hour_ms: i64, sums: Sums) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO usage_hours (tenant_id, bucket_id, hour_ms, bytes_in, bytes_out, reads,
                 writes, deletes, versions, ingested, capacity, joined, joined_parts, joined_bytes,
                 uploads, upload_parts, upload_bytes)
             SELECT tenant_id, id, ?2, ?3, ?4, ?5, ?6, ?7, versions, bytes + annotation_bytes,
                 capacity + upload_capacity, joined, joined_parts, joined_bytes, uploads,
                 upload_parts, upload_bytes
             FROM buckets WHERE id = ?1
             ON CONFLICT (bucket_id, hour_ms) DO UPDATE SET
                 bytes_in = bytes_in + excluded.bytes_in,
                 bytes_out = bytes_out + excluded.bytes_out,
                 reads = reads + excluded.reads, writes = writes + excluded.writes,
                 deletes = deletes + excluded.deletes, versions = excluded.versions,
                 ingested = excluded.ingested, capacity = excluded.capacity,
                 joined = excluded.joined, joined_parts = excluded.joined_parts,
                 joined_bytes = excluded.joined_bytes, uploads = excluded.uploads,
                 upload_parts = excluded.upload_parts, upload_bytes = excluded.upload_bytes",
        )?
        .execute(params![
            bucket,
            hour_ms,
            sums.bytes_in,
            sums.bytes_out,
            sums.reads,
            sums.writes,
            sums.deletes
        ])?;
    Ok(())
}

/// Adds to an hour of a bucket that is over. How full it was in the end stays as it was noted then; where
/// nothing was, it was as full as in the end of the hour before.
fn make_up(connection: &Connection, bucket: i64, hour_ms: i64, sums: Sums) -> Result<(), Error> {
    let rows = connection
        .prepare_cached(
            "UPDATE usage_hours SET bytes_in = bytes_in + ?3, bytes_out = bytes_out + ?4,
                 reads = reads + ?5, writes = writes + ?6, deletes = deletes + ?7
             WHERE bucket_id = ?1 AND hour_ms = ?2",
        )?
        .execute([
            bucket,
            hour_ms,
            sums.bytes_in,
            sums.bytes_out,
            sums.reads,
            sums.writes,
            sums.deletes,
        ])?;
    if rows == 1 {
        return Ok(());
    }
    write_down(connection, bucket, hour_ms, sums)?;
    connection
        .prepare_cached(
            "UPDATE usage_hours SET (versions, ingested, capacity, joined, joined_parts, joined_bytes,
                 uploads, upload_parts, upload_bytes) = (before.versions, before.ingested,
                 before.capacity, before.joined, before.joined_parts, before.joined_bytes,
                 before.uploads, before.upload_parts, before.upload_bytes)
             FROM (SELECT * FROM usage_hours WHERE bucket_id = ?1 AND hour_ms < ?2
                   ORDER BY hour_ms DESC LIMIT 1) AS before
             WHERE usage_hours.bucket_id = ?1 AND usage_hours.hour_ms = ?2",
        )?
        .execute([bucket, hour_ms])?;
    Ok(())
}

/// Forgets the hours before a time, but for the last of each bucket: it says how full the bucket was since.
pub(crate) fn forget(connection: &Connection, before_ms: i64) -> Result<usize, Error> {
    Ok(connection
        .prepare_cached(
            "DELETE FROM usage_hours WHERE hour_ms < ?1 AND (bucket_id IS NULL OR EXISTS
                 (SELECT 1 FROM usage_hours AS later
                  WHERE later.bucket_id = usage_hours.bucket_id
                    AND later.hour_ms > usage_hours.hour_ms AND later.hour_ms < ?1))",
        )?
        .execute([before_ms])?)
}

/// How full a bucket is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Points {
    /// Versions that are no delete markers.
    pub(crate) versions: i64,
    /// The bytes of them and of their custom metadata.
    pub(crate) ingested: i64,
    /// The space that they and the parts of open uploads take up.
    pub(crate) capacity: i64,
    pub(crate) annotations: i64,
    pub(crate) annotation_bytes: i64,
    /// Objects that were made of parts, those parts, and their bytes.
    pub(crate) joined: i64,
    pub(crate) joined_parts: i64,
    pub(crate) joined_bytes: i64,
    /// Open uploads, their parts, and the bytes of those.
    pub(crate) uploads: i64,
    pub(crate) upload_parts: i64,
    pub(crate) upload_bytes: i64,
}

impl AddAssign for Points {
    fn add_assign(&mut self, other: Self) {
        self.versions += other.versions;
        self.ingested += other.ingested;
        self.capacity += other.capacity;
        self.annotations += other.annotations;
        self.annotation_bytes += other.annotation_bytes;
        self.joined += other.joined;
        self.joined_parts += other.joined_parts;
        self.joined_bytes += other.joined_bytes;
        self.uploads += other.uploads;
        self.upload_parts += other.upload_parts;
        self.upload_bytes += other.upload_bytes;
    }
}

/// How full a bucket is now.
pub(crate) fn now(connection: &Connection, bucket: i64) -> Result<Points, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT versions, bytes + annotation_bytes, capacity + upload_capacity, joined,
                 joined_parts, joined_bytes, uploads, upload_parts, upload_bytes, annotations,
                 annotation_bytes
             FROM buckets WHERE id = ?1",
        )?
        .query_row([bucket], |row| {
            Ok(Points {
                annotations: row.get(9)?,
                annotation_bytes: row.get(10)?,
                ..points(row, 0)?
            })
        })?)
}

/// The columns of a table that say how full a bucket is, beginning at `first`.
fn points(row: &Row<'_>, first: usize) -> rusqlite::Result<Points> {
    Ok(Points {
        versions: row.get(first)?,
        ingested: row.get(first + 1)?,
        capacity: row.get(first + 2)?,
        joined: row.get(first + 3)?,
        joined_parts: row.get(first + 4)?,
        joined_bytes: row.get(first + 5)?,
        uploads: row.get(first + 6)?,
        upload_parts: row.get(first + 7)?,
        upload_bytes: row.get(first + 8)?,
        annotations: 0,
        annotation_bytes: 0,
    })
}

/// All that is known of what happened in a bucket.
pub(crate) struct Counted {
    /// By hour.
    hours: BTreeMap<i64, (Sums, Points)>,
    now: Points,
    /// Since when it is counted; `None`: since it was made.
    since_ms: Option<i64>,
}

impl Counted {
    pub(crate) fn of(connection: &Connection, bucket: i64) -> Result<Self, Error> {
        let mut statement = connection.prepare_cached(
            "SELECT versions, ingested, capacity, joined, joined_parts, joined_bytes, uploads,
                 upload_parts, upload_bytes, hour_ms, bytes_in, bytes_out, reads, writes, deletes
             FROM usage_hours WHERE bucket_id = ?1",
        )?;
        let rows = statement.query_map([bucket], |row| {
            Ok((row.get(9)?, (sums(row, 10)?, points(row, 0)?)))
        })?;
        Ok(Self {
            hours: rows.collect::<Result<_, _>>()?,
            now: now(connection, bucket)?,
            since_ms: connection
                .prepare_cached("SELECT counted_since_ms FROM buckets WHERE id = ?1")?
                .query_row([bucket], |row| row.get(0))?,
        })
    }

    /// What happened from one time to another, and how full the bucket was in the end, or is now.
    pub(crate) fn during(&self, (start, end): (i64, i64), now_ms: i64) -> (Sums, Points) {
        let mut sums = Sums::default();
        for (_hour, (one, _points)) in self.hours.range(start..end) {
            sums += *one;
        }
        let is_over = end <= now_ms;
        let last = self.hours.range(..end).next_back();
        let points = match last {
            Some((_hour, (_sums, points))) if is_over => *points,
            // Nothing has happened before; something may have since.
            None if is_over && self.since_ms.is_none() && !self.hours.is_empty() => {
                Points::default()
            }
            _ => self.now,
        };
        (sums, points)
    }

    /// Whether all of an interval was counted.
    pub(crate) fn is_whole(&self, (start, _end): (i64, i64)) -> bool {
        self.since_ms.is_none_or(|since| since <= start)
    }
}

fn sums(row: &Row<'_>, first: usize) -> rusqlite::Result<Sums> {
    Ok(Sums {
        bytes_in: row.get(first)?,
        bytes_out: row.get(first + 1)?,
        reads: row.get(first + 2)?,
        writes: row.get(first + 3)?,
        deletes: row.get(first + 4)?,
    })
}

/// What happened in namespaces of a tenant that are gone, by hour.
pub(crate) fn of_gone(connection: &Connection, tenant: i64) -> Result<Vec<(i64, Sums)>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT hour_ms, bytes_in, bytes_out, reads, writes, deletes FROM usage_hours
         WHERE tenant_id = ?1 AND bucket_id IS NULL",
    )?;
    let rows = statement.query_map([tenant], |row| Ok((row.get(0)?, sums(row, 1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
