//! What the table `usage_hours` says of a stretch of time, and what is in namespaces now.

use std::{collections::BTreeMap, ops::AddAssign};

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::usage::{HOUR_MS, Sums, hour_of};
use crate::Error;

/// How full something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Level {
    /// Versions that are no delete markers.
    pub(crate) objects: i64,
    pub(crate) ingested: i64,
    pub(crate) capacity: i64,
    /// Objects that were made of parts, those parts, and their bytes.
    pub(crate) joined: i64,
    pub(crate) joined_parts: i64,
    pub(crate) joined_bytes: i64,
    /// Open uploads, their parts, and the bytes of those.
    pub(crate) uploads: i64,
    pub(crate) upload_parts: i64,
    pub(crate) upload_bytes: i64,
}

impl AddAssign for Level {
    fn add_assign(&mut self, other: Self) {
        self.objects += other.objects;
        self.ingested += other.ingested;
        self.capacity += other.capacity;
        self.joined += other.joined;
        self.joined_parts += other.joined_parts;
        self.joined_bytes += other.joined_bytes;
        self.uploads += other.uploads;
        self.upload_parts += other.upload_parts;
        self.upload_bytes += other.upload_bytes;
    }
}

/// What is charged for an interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Charge {
    /// What happened in it.
    pub(crate) sums: Sums,
    /// How full the namespace was at its end.
    pub(crate) level: Level,
}

impl AddAssign for Charge {
    fn add_assign(&mut self, other: Self) {
        self.sums += other.sums;
        self.level += other.level;
    }
}

/// A namespace of which something is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// Its id.
    pub(crate) guid: String,
    /// Its present name; `None`: it is gone.
    pub(crate) name: Option<String>,
    /// When the hour began since which something is known.
    pub(crate) since_ms: i64,
}

/// The namespaces of a tenant of which something is known, also those that are gone; with `only`, the one
/// with that id.
pub(crate) fn known(
    connection: &Connection,
    tenant_id: i64,
    only: Option<&str>,
) -> Result<Vec<Known>, Error> {
    // From one namespace to the next, over their hours.
    let mut statement = connection.prepare_cached(
        "WITH RECURSIVE known (guid) AS (
             SELECT min(namespace) FROM usage_hours
             WHERE tenant_id = ?1 AND (?2 IS NULL OR namespace = ?2)
             UNION ALL
             SELECT (SELECT min(namespace) FROM usage_hours
                     WHERE tenant_id = ?1 AND namespace > known.guid)
             FROM known WHERE known.guid IS NOT NULL AND ?2 IS NULL)
         SELECT known.guid, buckets.name,
             (SELECT min(hour_ms) FROM usage_hours WHERE tenant_id = ?1 AND namespace = known.guid)
         FROM known LEFT JOIN buckets ON buckets.guid = known.guid
         WHERE known.guid IS NOT NULL ORDER BY buckets.name, known.guid",
    )?;
    let rows = statement.query_map(params![tenant_id, only], |row| {
        Ok(Known {
            guid: row.get(0)?,
            name: row.get(1)?,
            since_ms: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A stretch of whole hours, cut into intervals of one length, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) begin: i64,
    /// The first moment after it.
    pub(crate) end: i64,
    /// The length of an interval.
    pub(crate) step: i64,
}

impl Stretch {
    /// Its intervals: when each begins and ends.
    pub(crate) fn intervals(self) -> impl Iterator<Item = (i64, i64)> {
        let mut at = self.begin;
        std::iter::from_fn(move || {
            let begin = at;
            at = begin.saturating_add(self.step.max(HOUR_MS));
            (begin < self.end).then_some((begin, at))
        })
    }

    /// When the interval of a time in it begins.
    fn interval_of(self, time_ms: i64) -> i64 {
        let step = self.step.max(HOUR_MS);
        time_ms - (time_ms - self.begin).rem_euclid(step)
    }
}

fn level(row: &Row<'_>, first: usize) -> rusqlite::Result<Level> {
    Ok(Level {
        objects: row.get(first)?,
        ingested: row.get(first + 1)?,
        capacity: row.get(first + 2)?,
        joined: row.get(first + 3)?,
        joined_parts: row.get(first + 4)?,
        joined_bytes: row.get(first + 5)?,
        uploads: row.get(first + 6)?,
        upload_parts: row.get(first + 7)?,
        upload_bytes: row.get(first + 8)?,
    })
}

const LEVEL: &str = "versions, ingested, capacity, joined, joined_parts, joined_bytes, uploads,
    upload_parts, upload_bytes";

/// What is charged for a namespace in each interval of a stretch, from its first hour on; by when the
/// interval begins.
pub(crate) fn charges(
    connection: &Connection,
    tenant_id: i64,
    namespace: &Known,
    stretch: Stretch,
) -> Result<BTreeMap<i64, Charge>, Error> {
    let guid = &namespace.guid;
    // How full it was when the stretch began.
    let before = connection
        .prepare_cached(&format!(
            "SELECT {LEVEL} FROM usage_hours WHERE tenant_id = ?1 AND namespace = ?2 AND hour_ms < ?3
             ORDER BY hour_ms DESC LIMIT 1"
        ))?
        .query_row(params![tenant_id, guid, stretch.begin], |row| {
            level(row, 0)
        })
        .optional()?;
    let mut found: BTreeMap<i64, Charge> = BTreeMap::new();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT hour_ms, bytes_in, bytes_out, reads, writes, deletes, {LEVEL} FROM usage_hours
         WHERE tenant_id = ?1 AND namespace = ?2 AND hour_ms >= ?3 AND hour_ms < ?4
         ORDER BY hour_ms"
    ))?;
    let mut rows = statement.query(params![tenant_id, guid, stretch.begin, stretch.end])?;
    while let Some(row) = rows.next()? {
        let charge = found.entry(stretch.interval_of(row.get(0)?)).or_default();
        charge.sums += Sums {
            bytes_in: row.get(1)?,
            bytes_out: row.get(2)?,
            reads: row.get(3)?,
            writes: row.get(4)?,
            deletes: row.get(5)?,
        };
        charge.level = level(row, 6)?;
    }
    // Where nothing happened, it stayed as full as it was.
    let mut last = before;
    for (begin, _end) in stretch.intervals() {
        match (found.get(&begin), last) {
            (Some(charge), _) => last = Some(charge.level),
            (None, Some(level)) => {
                found.insert(
                    begin,
                    Charge {
                        sums: Sums::default(),
                        level,
                    },
                );
            }
            (None, None) => {}
        }
    }
    Ok(found)
}

/// The hours of a stretch of which not everything is known, in order.
pub(crate) fn gaps(connection: &Connection, stretch: Stretch) -> Result<Vec<i64>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT hour_ms FROM usage_gaps WHERE hour_ms >= ?1 AND hour_ms < ?2 ORDER BY hour_ms",
    )?;
    let rows = statement.query_map([hour_of(stretch.begin), stretch.end], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What is in a namespace or a tenant now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Now {
    pub(crate) objects: i64,
    pub(crate) ingested: i64,
    pub(crate) capacity: i64,
    pub(crate) annotations: i64,
    pub(crate) annotation_bytes: i64,
}

/// Reads the counters of a tenant's namespaces; with `only`, of the one with that id.
pub(crate) fn now(
    connection: &Connection,
    tenant_id: i64,
    only: Option<&str>,
) -> Result<Now, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT coalesce(sum(versions), 0), coalesce(sum(bytes + annotation_bytes), 0),
                 coalesce(sum(capacity + upload_capacity), 0), coalesce(sum(annotations), 0),
                 coalesce(sum(annotation_bytes), 0)
             FROM buckets WHERE tenant_id = ?1 AND (?2 IS NULL OR guid = ?2)",
        )?
        .query_row(params![tenant_id, only], |row| {
            Ok(Now {
                objects: row.get(0)?,
                ingested: row.get(1)?,
                capacity: row.get(2)?,
                annotations: row.get(3)?,
                annotation_bytes: row.get(4)?,
            })
        })?)
}
