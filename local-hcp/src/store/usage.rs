//! The table `usage_hours`: what happened in each namespace, hour by hour, and how full it was.
//!
//! Writes are counted in the transaction that does them, with one statement for each bucket and
//! transaction however many there were. Reads are gathered in memory and go with the next transaction,
//! which is asked for if none comes: a read never waits for the disk. A store that is killed can lose the
//! reads of the last seconds; the hour is then marked as one of which not everything is known.

use std::{
    collections::BTreeMap,
    ops::AddAssign,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::buckets::Bucket;
use crate::{Clock, Error};

/// The milliseconds of an hour, and of a day.
pub(crate) const HOUR_MS: i64 = 60 * 60 * 1_000;
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;

/// How many hours are dropped by one write.
const DROPPED_AT_ONCE: i64 = 500;

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

/// Whom something is charged to: a namespace by its id, so that it can still be charged when it is gone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Charged {
    tenant_id: i64,
    namespace: Arc<str>,
}

impl From<&Bucket> for Charged {
    fn from(bucket: &Bucket) -> Self {
        Self {
            tenant_id: bucket.tenant_id,
            namespace: bucket.guid.as_str().into(),
        }
    }
}

/// What happened where.
pub(super) type Tally = BTreeMap<Charged, Sums>;

/// Adds one tally to another.
pub(super) fn add(to: &mut Tally, other: Tally) {
    for (charged, sums) in other {
        *to.entry(charged).or_default() += sums;
    }
}

/// What was read and is not written down yet, by namespace and hour; and what time it is.
#[derive(Default)]
pub(super) struct Reads {
    clock: OnceLock<Clock>,
    waiting: Mutex<Waiting>,
    /// The hour that the table `usage_state` has.
    marked: Mutex<Option<i64>>,
}

type Waiting = BTreeMap<(Charged, i64), Sums>;

impl Reads {
    /// Says whose time counts; the first to say so is heard.
    pub(super) fn tell_time(&self, clock: Clock) {
        let _ = self.clock.set(clock);
    }

    fn hour(&self) -> i64 {
        hour_of(self.clock.get_or_init(Clock::system).now_ms())
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn marked(&self) -> MutexGuard<'_, Option<i64>> {
        self.marked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts what was read. True where nothing has waited before: then somebody has to see to it that
    /// there will be a transaction.
    pub(super) fn count(&self, charged: &Charged, sums: Sums) -> bool {
        let hour = self.hour();
        let mut waiting = self.waiting();
        let is_first = waiting.is_empty();
        *waiting.entry((charged.clone(), hour)).or_default() += sums;
        is_first
    }

    pub(super) fn are_waiting(&self) -> bool {
        !self.waiting().is_empty()
    }

    /// Writes down what was read and, of this transaction, what was written.
    pub(super) fn note(
        &self,
        connection: &Connection,
        written: Tally,
    ) -> rusqlite::Result<Noted<'_>> {
        let noted = Noted {
            reads: self,
            taken: std::mem::take(&mut *self.waiting()),
        };
        if noted.taken.is_empty() && written.is_empty() {
            return Ok(noted);
        }
        let hour = self.hour();
        let mut all = noted.taken.clone();
        for (charged, sums) in written {
            *all.entry((charged, hour)).or_default() += sums;
        }
        let write = || {
            self.mark(connection, hour)?;
            all.iter().try_for_each(|((charged, at), sums)| {
                let sql = if *at == hour { PRESENT } else { PAST };
                write_down(connection, sql, charged, *at, *sums)
            })
        };
        match write() {
            Ok(()) => Ok(noted),
            Err(error) => {
                noted.undo();
                Err(error)
            }
        }
    }

    /// Says until when it is known what was read, should the store be killed.
    fn mark(&self, connection: &Connection, hour: i64) -> rusqlite::Result<()> {
        let mut marked = self.marked();
        if *marked != Some(hour) {
            connection
                .prepare_cached("UPDATE usage_state SET hour_ms = ?1")?
                .execute([hour])?;
            *marked = Some(hour);
        }
        Ok(())
    }

    /// Writes down what is left, and that nothing is missing.
    pub(super) fn finish(&self, connection: &Connection) {
        if !self.are_waiting() && self.marked().is_none() {
            return;
        }
        let finish = || {
            connection.execute_batch("BEGIN IMMEDIATE")?;
            let noted = self.note(connection, Tally::new())?;
            connection.execute("UPDATE usage_state SET hour_ms = NULL", [])?;
            connection
                .execute_batch("COMMIT")
                .inspect_err(|_lost| noted.undo())
        };
        if let Err(error) = finish() {
            tracing::warn!(%error, "the last reads could not be counted");
        }
    }
}

/// Reads that are written down in a transaction which is not committed yet.
pub(super) struct Noted<'r> {
    reads: &'r Reads,
    taken: Waiting,
}

impl Noted<'_> {
    /// The transaction is lost: they go with the next.
    pub(super) fn undo(self) {
        *self.reads.marked() = None;
        let mut waiting = self.reads.waiting();
        for (place, sums) in self.taken {
            *waiting.entry(place).or_default() += sums;
        }
    }
}

/// Adds to the present hour of a namespace, and says how full it is now. One that is gone was empty when it
/// went.
const PRESENT: &str = "INSERT INTO usage_hours
     SELECT tenants.id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, coalesce(versions, 0),
         coalesce(bytes + annotation_bytes, 0), coalesce(capacity + upload_capacity, 0),
         coalesce(joined, 0), coalesce(joined_parts, 0), coalesce(joined_bytes, 0),
         coalesce(uploads, 0), coalesce(upload_parts, 0), coalesce(upload_bytes, 0)
     FROM tenants LEFT JOIN buckets ON buckets.guid = ?2 WHERE tenants.id = ?1
     ON CONFLICT (tenant_id, namespace, hour_ms) DO UPDATE SET
         bytes_in = bytes_in + excluded.bytes_in, bytes_out = bytes_out + excluded.bytes_out,
         reads = reads + excluded.reads, writes = writes + excluded.writes,
         deletes = deletes + excluded.deletes, versions = excluded.versions,
         ingested = excluded.ingested, capacity = excluded.capacity, joined = excluded.joined,
         joined_parts = excluded.joined_parts, joined_bytes = excluded.joined_bytes,
         uploads = excluded.uploads, upload_parts = excluded.upload_parts,
         upload_bytes = excluded.upload_bytes";

/// Adds to an hour that has passed: reads of its end. At that end the namespace was as full as its last hour
/// until then says, whatever it is now.
const PAST: &str = "INSERT INTO usage_hours
     SELECT tenants.id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, coalesce(versions, 0), coalesce(ingested, 0),
         coalesce(capacity, 0), coalesce(joined, 0), coalesce(joined_parts, 0),
         coalesce(joined_bytes, 0), coalesce(uploads, 0), coalesce(upload_parts, 0),
         coalesce(upload_bytes, 0)
     FROM tenants LEFT JOIN usage_hours AS last ON last.tenant_id = ?1 AND last.namespace = ?2
         AND last.hour_ms = (SELECT max(hour_ms) FROM usage_hours
                             WHERE tenant_id = ?1 AND namespace = ?2 AND hour_ms < ?3)
     WHERE tenants.id = ?1
     ON CONFLICT (tenant_id, namespace, hour_ms) DO UPDATE SET
         bytes_in = bytes_in + excluded.bytes_in, bytes_out = bytes_out + excluded.bytes_out,
         reads = reads + excluded.reads, writes = writes + excluded.writes,
         deletes = deletes + excluded.deletes";

fn write_down(
    connection: &Connection,
    sql: &str,
    charged: &Charged,
    hour_ms: i64,
    sums: Sums,
) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute(params![
        charged.tenant_id,
        &*charged.namespace,
        hour_ms,
        sums.bytes_in,
        sums.bytes_out,
        sums.reads,
        sums.writes,
        sums.deletes
    ])?;
    Ok(())
}

/// Begins the history of a namespace that was just made.
pub(super) fn begin(
    connection: &Connection,
    tenant_id: i64,
    guid: &str,
    created_ms: i64,
) -> Result<(), Error> {
    let charged = Charged {
        tenant_id,
        namespace: guid.into(),
    };
    let hour = hour_of(created_ms);
    write_down(connection, PRESENT, &charged, hour, Sums::default())?;
    Ok(())
}

/// At start: whether the store was killed when it ran last. What was read in that hour is then not known
/// wholly.
pub(super) fn recover(connection: &Connection) -> Result<bool, Error> {
    let killed = connection.execute(
        "INSERT OR IGNORE INTO usage_gaps SELECT hour_ms FROM usage_state WHERE hour_ms IS NOT NULL",
        [],
    )?;
    connection.execute(
        "UPDATE usage_state SET hour_ms = NULL WHERE hour_ms IS NOT NULL",
        [],
    )?;
    Ok(killed > 0)
}

/// Hours of a namespace that nobody asks for any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Old {
    charged: Charged,
    before_ms: i64,
}

/// What of each namespace may be forgotten, when what happened before a time is not asked for any more. The
/// last hour before that time stays: it says how full the namespace was since. Of one that is gone, nothing
/// stays.
pub(crate) fn old(connection: &Connection, before_ms: i64) -> Result<Vec<Old>, Error> {
    let mut found = Vec::new();
    let mut after = (i64::MIN, Arc::<str>::from(""));
    while let Some(charged) = next(connection, after.0, &after.1)? {
        let (first, kept): (i64, Option<i64>) = connection
            .prepare_cached(
                "SELECT
                     (SELECT min(hour_ms) FROM usage_hours WHERE tenant_id = ?1 AND namespace = ?2),
                     CASE WHEN EXISTS (SELECT 1 FROM buckets WHERE guid = ?2) THEN
                         (SELECT max(hour_ms) FROM usage_hours
                          WHERE tenant_id = ?1 AND namespace = ?2 AND hour_ms < ?3)
                     ELSE ?3 END",
            )?
            .query_row(
                params![charged.tenant_id, &*charged.namespace, before_ms],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
        after = (charged.tenant_id, Arc::clone(&charged.namespace));
        if let Some(before_ms) = kept.filter(|kept| first < *kept) {
            found.push(Old { charged, before_ms });
        }
    }
    Ok(found)
}

/// The namespace that comes after another in the table.
fn next(
    connection: &Connection,
    tenant_id: i64,
    namespace: &str,
) -> Result<Option<Charged>, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT tenant_id, namespace FROM usage_hours WHERE (tenant_id, namespace) > (?1, ?2)
             ORDER BY tenant_id, namespace LIMIT 1",
        )?
        .query_row(params![tenant_id, namespace], |row| {
            Ok(Charged {
                tenant_id: row.get(0)?,
                namespace: row.get::<_, String>(1)?.into(),
            })
        })
        .optional()?)
}

/// Forgets some of the hours of a namespace; false when none was left.
pub(crate) fn forget(connection: &Connection, old: &Old) -> Result<bool, Error> {
    let dropped = connection
        .prepare_cached(
            "DELETE FROM usage_hours WHERE tenant_id = ?1 AND namespace = ?2 AND hour_ms IN
                 (SELECT hour_ms FROM usage_hours
                  WHERE tenant_id = ?1 AND namespace = ?2 AND hour_ms < ?3
                  ORDER BY hour_ms LIMIT ?4)",
        )?
        .execute(params![
            old.charged.tenant_id,
            &*old.charged.namespace,
            old.before_ms,
            DROPPED_AT_ONCE
        ])?;
    Ok(dropped > 0)
}

/// Forgets of which hours not everything was known.
pub(crate) fn forget_gaps(connection: &Connection, before_ms: i64) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM usage_gaps WHERE hour_ms < ?1")?
        .execute([before_ms])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::migrations;

    const DELETED: Sums = Sums {
        bytes_in: 0,
        bytes_out: 0,
        reads: 0,
        writes: 0,
        deletes: 1,
    };
    const READ: Sums = Sums {
        bytes_in: 0,
        bytes_out: 7,
        reads: 1,
        writes: 0,
        deletes: 0,
    };

    fn charged() -> Charged {
        Charged {
            tenant_id: 1,
            namespace: "guid".into(),
        }
    }

    /// A namespace in which something is, and what is read there.
    fn world() -> (Connection, Reads) {
        let mut connection = Connection::open_in_memory().unwrap();
        migrations::run(&mut connection, std::path::Path::new("")).unwrap();
        connection
            .execute_batch(
                "INSERT INTO tenants (id, name, created_ms) VALUES (1, 'demo', 0);
                 INSERT INTO buckets (id, tenant_id, name, created_ms, guid, versions, capacity)
                 VALUES (1, 1, 'scans', 0, 'guid', 3, 12288);",
            )
            .unwrap();
        let reads = Reads::default();
        reads.tell_time(Clock::new(|| time::OffsetDateTime::UNIX_EPOCH));
        (connection, reads)
    }

    /// Reads, bytes out, deletes and versions of the first hour.
    fn row(connection: &Connection) -> (i64, i64, i64, i64) {
        let sql = "SELECT reads, bytes_out, deletes, versions FROM usage_hours WHERE hour_ms = 0";
        let row =
            |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        connection.query_row(sql, [], row).unwrap()
    }

    #[test]
    fn what_goes_with_its_namespace_in_one_transaction_is_counted_and_leaves_nothing() {
        let (connection, reads) = world();
        let deleted = || Tally::from([(charged(), DELETED)]);
        reads.note(&connection, deleted()).unwrap();
        assert_eq!(row(&connection), (0, 0, 1, 3));
        reads.count(&charged(), READ);
        connection.execute("DELETE FROM buckets", []).unwrap();
        reads.note(&connection, deleted()).unwrap();
        assert_eq!(row(&connection), (1, 7, 2, 0));
        // With its tenant all is gone.
        connection.execute("DELETE FROM tenants", []).unwrap();
        reads.note(&connection, deleted()).unwrap();
        let sql = "SELECT count(*) FROM usage_hours";
        let rows: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 0);
    }

    #[test]
    fn reads_of_a_transaction_that_is_lost_go_with_the_next() {
        let (connection, reads) = world();
        assert!(reads.count(&charged(), READ));
        assert!(!reads.count(&charged(), READ));
        // Nothing can be written there.
        let other = Connection::open_in_memory().unwrap();
        assert!(reads.note(&other, Tally::new()).is_err());
        assert!(reads.are_waiting());
        connection.execute_batch("BEGIN").unwrap();
        let noted = reads.note(&connection, Tally::new()).unwrap();
        assert!(!reads.are_waiting());
        connection.execute_batch("ROLLBACK").unwrap();
        noted.undo();
        reads.note(&connection, Tally::new()).unwrap();
        assert_eq!(row(&connection), (2, 14, 0, 3));
        // That the store runs was rolled back as well, and is said again.
        assert!(recover(&connection).unwrap());
        assert!(!recover(&connection).unwrap());
    }
}
