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

use rusqlite::{Connection, params};

use crate::{Clock, Error};

/// The milliseconds of an hour.
pub(crate) const HOUR_MS: i64 = 60 * 60 * 1_000;

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
        for ((bucket, hour), sums) in &all {
            // Nobody's object is refused because it could not be counted.
            if let Err(error) = write_down(connection, *bucket, *hour, *sums) {
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
