//! How full namespaces are, and what happened in them (HCP's management API, `statistics` and
//! `chargebackReport`).

use model::{
    Timestamp,
    mapi::{ChargebackData, Resource as _, Statistics},
};
use serde_json::{Value as Json, json};
use time::{OffsetDateTime, UtcOffset};

use super::{
    super::{
        access::{A, Access, M},
        call::{Answer, Call, Endpoint},
        error::Refusal,
        media::Media,
        shape::{Row, plain},
    },
    read,
};
use crate::{
    Error,
    clock::from_ms,
    store::{
        buckets::{self, Bucket},
        usage::{self, Counted, DAY_MS, HISTORY_MS, HOUR_MS, Points, Sums},
    },
};

const STATISTICS: &[Row] = &[
    plain("objectCount"),
    plain("ingestedVolume"),
    plain("storageCapacityUsed"),
    plain("customMetadataCount"),
    plain("customMetadataSize"),
    plain("shredCount"),
    plain("shredSize"),
];

pub(super) fn endpoints() -> [Endpoint; 4] {
    [
        Endpoint::at("/tenants/{tenant}/statistics").get(Access::tenant(&[A, M]), of_tenant),
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/statistics")
            .get(Access::tenant(&[A, M]), of_namespace),
        // Accounts of the system see what to charge for, whether or not they may do anything else here.
        Endpoint::at("/tenants/{tenant}/chargebackReport")
            .get(Access::both(&[A, M]), report_of_tenant)
            .offers_csv(),
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/chargebackReport")
            .get(Access::tenant(&[A, M]), report_of_namespace)
            .offers_csv(),
    ]
}

async fn of_namespace(call: Call) -> Result<Answer, Refusal> {
    let points = read(&call, &[A, M], |connection, bucket| {
        usage::now(connection, bucket.id)
    });
    let points = points.await?;
    Ok(call.show(STATISTICS, &statistics(&points)))
}

async fn of_tenant(call: Call) -> Result<Answer, Refusal> {
    let tenant = call.tenant()?.id;
    let read = call.management.store.read(move |connection| {
        let mut all = Points::default();
        for bucket in buckets::of_tenant(connection, tenant)? {
            all += usage::now(connection, bucket.id)?;
        }
        Ok(all)
    });
    let all = read.await?;
    Ok(call.show(STATISTICS, &statistics(&all)))
}

fn statistics(points: &Points) -> Statistics {
    Statistics {
        object_count: Some(points.versions),
        ingested_volume: Some(points.ingested),
        storage_capacity_used: Some(points.capacity),
        custom_metadata_count: Some(points.annotations),
        custom_metadata_size: Some(points.annotation_bytes),
        // Files are removed with their objects: nothing ever waits.
        shred_count: Some(0),
        shred_size: Some(0),
        ..Statistics::default()
    }
}

/// How long the intervals of a report are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Granularity {
    Hour,
    Day,
    Total,
}

/// What a report is asked for.
#[derive(Clone, Copy, Debug)]
struct Period {
    granularity: Granularity,
    start_ms: Option<i64>,
    end_ms: Option<i64>,
    now_ms: i64,
}

impl Period {
    fn of(call: &Call) -> Result<Self, Refusal> {
        let granularity = match call.query.get("granularity").unwrap_or("total") {
            word if word.eq_ignore_ascii_case("hour") => Granularity::Hour,
            word if word.eq_ignore_ascii_case("day") => Granularity::Day,
            word if word.eq_ignore_ascii_case("total") => Granularity::Total,
            _ => {
                return Err(Refusal::invalid(
                    "The parameter granularity has to be one of hour, day, total.",
                ));
            }
        };
        let (start_ms, end_ms) = (time(call, "start")?, time(call, "end")?);
        if let (Some(start), Some(end)) = (start_ms, end_ms)
            && start >= end
        {
            return Err(Refusal::invalid(
                "The parameter start has to be before the parameter end.",
            ));
        }
        Ok(Self {
            granularity,
            start_ms,
            end_ms,
            now_ms: call.now_ms(),
        })
    }

    fn unit(self) -> i64 {
        match self.granularity {
            Granularity::Hour | Granularity::Total => HOUR_MS,
            Granularity::Day => DAY_MS,
        }
    }

    /// The intervals, each from its first to its last millisecond but one, of what has been there since
    /// `earliest_ms`: from the hour or day in which that begins to the one in which it ends, at most the
    /// present one.
    fn intervals(self, earliest_ms: i64) -> Vec<(i64, i64)> {
        let unit = self.unit();
        let floor = |time: i64| time - time.rem_euclid(unit);
        let earliest = earliest_ms.max(self.now_ms - HISTORY_MS);
        let start = floor(self.start_ms.unwrap_or(earliest).max(earliest));
        let end = floor(self.end_ms.unwrap_or(self.now_ms).min(self.now_ms)) + unit;
        if start >= end {
            return Vec::new();
        }
        if self.granularity == Granularity::Total {
            return vec![(start, end)];
        }
        let mut intervals = Vec::new();
        let mut at = start;
        while at < end {
            intervals.push((at, at + unit));
            at += unit;
        }
        intervals
    }
}

fn time(call: &Call, name: &str) -> Result<Option<i64>, Refusal> {
    let Some(text) = call.query.get(name) else {
        return Ok(None);
    };
    // A plus sign that was not encoded has become a blank.
    match Timestamp::parse_hcp(&text.replace(' ', "+")) {
        Some(time) => Ok(Some(time.unix_millis())),
        None => Err(Refusal::invalid(format!(
            "The parameter {name} has to be a time such as 2024-06-01T00:00:00+0000."
        ))),
    }
}

/// One interval of a namespace, or of all of a tenant's.
#[derive(Clone, Debug)]
struct Line {
    interval: (i64, i64),
    namespace: Option<String>,
    sums: Sums,
    points: Points,
    with_deleted: bool,
    valid: bool,
}

/// The intervals of a namespace.
fn lines(
    connection: &rusqlite::Connection,
    bucket: &Bucket,
    period: Period,
) -> Result<Vec<Line>, Error> {
    let counted = Counted::of(connection, bucket.id)?;
    let lines = period.intervals(bucket.created_ms).into_iter();
    Ok(lines
        .map(|interval| {
            let (sums, points) = counted.during(interval, period.now_ms);
            Line {
                interval,
                namespace: Some(bucket.name.clone()),
                sums,
                points,
                with_deleted: false,
                valid: counted.is_whole(interval),
            }
        })
        .collect())
}

async fn report_of_namespace(call: Call) -> Result<Answer, Refusal> {
    let period = Period::of(&call)?;
    call.management.store.note_reads().await?;
    let lines = read(&call, &[A, M], move |connection, bucket| {
        lines(connection, &bucket, period)
    });
    answer(&call, lines.await?)
}

async fn report_of_tenant(call: Call) -> Result<Answer, Refusal> {
    let period = Period::of(&call)?;
    call.management.store.note_reads().await?;
    let tenant = call.tenant()?.id;
    let read = call.management.store.read(move |connection| {
        let mut all = Vec::new();
        for bucket in buckets::of_tenant(connection, tenant)? {
            all.extend(lines(connection, &bucket, period)?);
        }
        let gone = usage::of_gone(connection, tenant)?;
        let earliest = all.iter().map(|line| line.interval.0);
        let earliest = earliest.chain(gone.iter().map(|(hour, _)| *hour)).min();
        let mut lines = Vec::new();
        for interval in earliest.map_or_else(Vec::new, |earliest| period.intervals(earliest)) {
            let (start, end) = interval;
            // In a total the namespaces begin at different times.
            let within = |line: &&Line| line.interval.0 >= start && line.interval.1 <= end;
            let mut sum = Line {
                interval,
                namespace: None,
                sums: Sums::default(),
                points: Points::default(),
                with_deleted: false,
                valid: true,
            };
            for line in all.iter().filter(within) {
                sum.sums += line.sums;
                sum.points += line.points;
                sum.valid &= line.valid;
                lines.push(line.clone());
            }
            for (_hour, sums) in gone.iter().filter(|(hour, _)| (start..end).contains(hour)) {
                sum.sums += *sums;
                sum.with_deleted = true;
            }
            lines.push(sum);
        }
        Ok(lines)
    });
    let lines = read.await?;
    answer(&call, lines)
}

fn hcp(time_ms: i64) -> String {
    let time: OffsetDateTime = from_ms(time_ms);
    Timestamp::new(time.to_offset(UtcOffset::UTC)).hcp()
}

fn data(call: &Call, line: Line) -> Result<ChargebackData, Refusal> {
    let (sums, points) = (line.sums, line.points);
    Ok(ChargebackData {
        system_name: Some(call.management.domain.to_string()),
        tenant_name: Some(call.tenant()?.name.clone()),
        namespace_name: line.namespace,
        start_time: Some(hcp(line.interval.0)),
        end_time: Some(hcp(line.interval.1 - 1_000)),
        object_count: Some(points.versions),
        ingested_volume: Some(points.ingested),
        storage_capacity_used: Some(points.capacity),
        bytes_in: Some(sums.bytes_in),
        bytes_out: Some(sums.bytes_out),
        reads: Some(sums.reads),
        writes: Some(sums.writes),
        deletes: Some(sums.deletes),
        multipart_objects: Some(points.joined),
        multipart_object_parts: Some(points.joined_parts),
        multipart_object_bytes: Some(points.joined_bytes),
        multipart_uploads: Some(points.uploads),
        multipart_upload_parts: Some(points.upload_parts),
        multipart_upload_bytes: Some(points.upload_bytes),
        deleted: Some(
            if line.with_deleted {
                "included"
            } else {
                "false"
            }
            .to_owned(),
        ),
        valid: Some(line.valid),
        ..ChargebackData::default()
    })
}

fn answer(call: &Call, lines: Vec<Line>) -> Result<Answer, Refusal> {
    let rows = lines.into_iter().map(|line| data(call, line));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    if call.media == Media::Csv {
        return Ok(Answer::Text(Media::Csv, csv(&rows)));
    }
    let rows: Vec<Json> = rows.iter().map(|row| Json::Object(row.to_map())).collect();
    Ok(Answer::Document(
        "chargebackReport",
        json!({ "chargebackData": rows }),
    ))
}

/// A line of names, and one for each row. No value has a comma or a quotation mark: names of tenants and
/// namespaces are labels.
fn csv(rows: &[ChargebackData]) -> String {
    let names: Vec<_> = ChargebackData::PROPERTIES
        .iter()
        .map(|property| property.name)
        .collect();
    let mut text = names.join(",");
    for row in rows {
        let map = row.to_map();
        let values: Vec<String> = names
            .iter()
            .map(|name| match map.get(*name) {
                Some(Json::String(text)) => text.clone(),
                Some(value) => value.to_string(),
                None => String::new(),
            })
            .collect();
        text.push('\n');
        text.push_str(&values.join(","));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = HOUR_MS;

    fn period(granularity: Granularity, start: Option<i64>, end: Option<i64>) -> Period {
        Period {
            granularity,
            start_ms: start,
            end_ms: end,
            // Half past eleven in the morning of the fifth day.
            now_ms: 4 * DAY_MS + 11 * HOUR + HOUR / 2,
        }
    }

    #[test]
    fn intervals_are_whole_hours_and_days() {
        let at = 4 * DAY_MS;
        let hours = period(Granularity::Hour, Some(at + 1), Some(at + HOUR - 1)).intervals(0);
        assert_eq!(hours, [(at, at + HOUR)]);
        let hours = period(Granularity::Hour, Some(at), Some(at + HOUR)).intervals(0);
        assert_eq!(hours, [(at, at + HOUR), (at + HOUR, at + 2 * HOUR)]);
        let days = period(Granularity::Day, Some(at - 1), None).intervals(0);
        assert_eq!(days, [(at - DAY_MS, at), (at, at + DAY_MS)]);
        // Nothing said, or the future: from the earliest data to the hour that is not over.
        for end in [None, Some(99 * DAY_MS)] {
            let total = period(Granularity::Total, None, end).intervals(at + 90 * 60 * 1_000);
            assert_eq!(total, [(at + HOUR, at + 12 * HOUR)]);
        }
        let later = period(Granularity::Hour, Some(5 * DAY_MS), None).intervals(0);
        assert!(later.is_empty());
    }
}
