//! Statistics and chargeback (HCP's management API, "chargebackReport" and "statistics").
//!
//! The system's time zone is UTC: days begin there at 00:00.

use model::mapi::{
    ChargebackData, ChargebackReport, ChargebackRows, Property, Resource as _, Statistics,
};
use rusqlite::Connection;
use serde_json::Value as Json;
use time::{
    Date, OffsetDateTime, PrimitiveDateTime,
    format_description::{FormatItem, well_known::Rfc3339},
    macros::format_description,
};

use super::{
    access::{A, Access, M},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    media::Media,
    shape::{Row, plain},
};
use crate::{
    Error,
    clock::from_ms,
    store::{
        buckets,
        history::{self, Charge, Stretch},
        usage::{DAY_MS, HOUR_MS, hour_of},
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
        Endpoint::at("/tenants/{tenant}/statistics").get(Access::tenant(&[A, M]), statistics),
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/statistics")
            .get(Access::tenant(&[A, M]), statistics),
        // Accounts of the system always see what a tenant is charged for.
        Endpoint::at("/tenants/{tenant}/chargebackReport")
            .offers_csv()
            .get(Access::both(&[A, M]), chargeback),
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/chargebackReport")
            .offers_csv()
            .get(Access::tenant(&[A, M]), chargeback),
    ]
}

/// Whose figures are asked for: those of a tenant, or of one of its namespaces.
struct Scope {
    tenant_id: i64,
    tenant: String,
    namespace: Option<String>,
}

impl Scope {
    fn of(call: &Call) -> Result<Self, Refusal> {
        let tenant = call.tenant()?;
        let namespace = call.name("namespace");
        Ok(Self {
            tenant_id: tenant.id,
            tenant: tenant.name.clone(),
            namespace: (!namespace.is_empty()).then(|| namespace.to_owned()),
        })
    }

    /// The id of the namespace, if one is asked for.
    fn guid(&self, connection: &Connection) -> Result<Option<String>, Error> {
        let Some(name) = &self.namespace else {
            return Ok(None);
        };
        let bucket = buckets::find(connection, self.tenant_id, name)?;
        Ok(Some(bucket.ok_or(Error::NoSuchBucket)?.guid))
    }
}

async fn statistics(call: Call) -> Result<Answer, Refusal> {
    let scope = Scope::of(&call)?;
    let now = call
        .management
        .store
        .read(move |connection| {
            let guid = scope.guid(connection)?;
            history::now(connection, scope.tenant_id, guid.as_deref())
        })
        .await?;
    let statistics = Statistics {
        object_count: Some(now.objects),
        ingested_volume: Some(now.ingested),
        storage_capacity_used: Some(now.capacity),
        custom_metadata_count: Some(now.annotations),
        custom_metadata_size: Some(now.annotation_bytes),
        // What is deleted here is gone at once.
        shred_count: Some(0),
        shred_size: Some(0),
        ..Statistics::default()
    };
    Ok(call.show(STATISTICS, &statistics))
}

/// How a report is cut into intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Granularity {
    Hour,
    Day,
    Total,
}

/// Which report is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asked {
    granularity: Granularity,
    start_ms: Option<i64>,
    end_ms: Option<i64>,
}

impl Asked {
    fn of(call: &Call) -> Result<Self, Refusal> {
        let granularity = match call.query.get("granularity") {
            None => Granularity::Total,
            Some(word) if word.eq_ignore_ascii_case("hour") => Granularity::Hour,
            Some(word) if word.eq_ignore_ascii_case("day") => Granularity::Day,
            Some(word) if word.eq_ignore_ascii_case("total") => Granularity::Total,
            Some(_) => {
                return Err(Refusal::invalid(
                    "The parameter granularity has to be one of hour, day, total.",
                ));
            }
        };
        let time = |name: &str| {
            match call.query.get(name) {
            None => Ok(None),
            Some(text) => parse(text).map(Some).ok_or_else(|| {
                Refusal::invalid(format!(
                    "The parameter {name} has to be a time like 2024-06-01T00:00:00-0500; a plus sign is \
                     written as %2B."
                ))
            }),
        }
        };
        Ok(Self {
            granularity,
            start_ms: time("start")?,
            end_ms: time("end")?,
        })
    }

    /// The hours that are reported: begun ones are taken whole, and none that lies before `earliest_ms` or
    /// after now. `None`: there is nothing in that time.
    fn stretch(self, earliest_ms: i64, now_ms: i64) -> Result<Option<Stretch>, Refusal> {
        let end_ms = self.end_ms.map_or(now_ms, |end| end.min(now_ms));
        let comes_late = |start| start > now_ms || self.end_ms.is_some_and(|end| end <= start);
        if self.start_ms.is_some_and(comes_late) {
            return Err(Refusal::invalid(
                "The parameter start has to lie before end, and not in the future.",
            ));
        }
        let unit = match self.granularity {
            Granularity::Day => DAY_MS,
            Granularity::Hour | Granularity::Total => HOUR_MS,
        };
        let floor = |time: i64| time - time.rem_euclid(unit);
        let begin = floor(self.start_ms.unwrap_or(i64::MIN).max(earliest_ms));
        let end = floor(end_ms) + unit;
        if end <= begin {
            return Ok(None);
        }
        let step = match self.granularity {
            Granularity::Total => end - begin,
            Granularity::Hour | Granularity::Day => unit,
        };
        Ok(Some(Stretch { begin, end, step }))
    }
}

/// Reads a time as ISO 8601 has it; without an offset it is the system's.
fn parse(text: &str) -> Option<i64> {
    const OFFSET: &[FormatItem<'_>] = format_description!(
        "[year]-[month]-[day]T[hour]:[minute]:[second][offset_hour sign:mandatory][offset_minute]"
    );
    const PLAIN: &[FormatItem<'_>] =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
    const DATE: &[FormatItem<'_>] = format_description!("[year]-[month]-[day]");
    let time = OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_other| OffsetDateTime::parse(text, OFFSET))
        .or_else(|_other| PrimitiveDateTime::parse(text, PLAIN).map(PrimitiveDateTime::assume_utc))
        .or_else(|_other| Date::parse(text, DATE).map(|date| date.midnight().assume_utc()))
        .ok()?;
    Some(time.unix_timestamp() * 1_000)
}

/// Writes a time as the samples of HCP's manual do; one after the end of the calendar has none.
pub(super) fn written(time_ms: i64) -> String {
    const FORM: &[FormatItem<'_>] =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]+0000");
    from_ms(time_ms).format(FORM).unwrap_or_default()
}

async fn chargeback(call: Call) -> Result<Answer, Refusal> {
    let asked = Asked::of(&call)?;
    let (scope, now_ms) = (Scope::of(&call)?, call.now_ms());
    let management = &call.management;
    if let Err(error) = management.store.note_reads().await {
        // The present hour may lag.
        tracing::debug!(%error, "the latest reads are not in a report");
    }
    let oldest_ms = hour_of(now_ms - i64::from(management.chargeback_days) * DAY_MS);
    let system = management.domain.to_string();
    let rows = management
        .store
        .read(move |connection| {
            let report = Report {
                connection,
                scope: &scope,
                system: &system,
            };
            report.rows(asked, oldest_ms, now_ms)
        })
        .await??;
    if call.media == Media::Csv {
        return Ok(Answer::Text(Media::Csv, csv(&rows)?));
    }
    let report = ChargebackReport {
        chargeback_data: Some(ChargebackRows(rows)),
        ..ChargebackReport::default()
    };
    Ok(Answer::Document(
        ChargebackReport::ROOT,
        Json::Object(report.to_map()),
    ))
}

/// A report that is being made.
struct Report<'a> {
    connection: &'a Connection,
    scope: &'a Scope,
    system: &'a str,
}

impl Report<'_> {
    /// Its rows: for each interval one for each namespace and, of a tenant, one for all of them together.
    fn rows(
        &self,
        asked: Asked,
        oldest_ms: i64,
        now_ms: i64,
    ) -> Result<Result<Vec<ChargebackData>, Refusal>, Error> {
        let guid = self.scope.guid(self.connection)?;
        let tenant_id = self.scope.tenant_id;
        let known = history::known(self.connection, tenant_id, guid.as_deref())?;
        let since = known.iter().map(|one| one.since_ms).min();
        let earliest_ms = since.unwrap_or(hour_of(now_ms)).max(oldest_ms);
        let stretch = match asked.stretch(earliest_ms, now_ms) {
            Ok(Some(stretch)) => stretch,
            Ok(None) => return Ok(Ok(Vec::new())),
            Err(refusal) => return Ok(Err(refusal)),
        };
        let gaps = history::gaps(self.connection, stretch)?;
        let charged = known
            .iter()
            .map(|one| {
                Ok((
                    one,
                    history::charges(self.connection, tenant_id, one, stretch)?,
                ))
            })
            .collect::<Result<Vec<_>, Error>>()?;
        let mut rows = Vec::new();
        for (begin, end) in stretch.intervals() {
            let interval = Interval {
                begin_ms: begin,
                end_ms: end,
                valid: !gaps.iter().any(|gap| (begin..end).contains(gap)),
            };
            let (mut all, mut deleted) = (Charge::default(), false);
            for (namespace, charges) in &charged {
                let Some(charge) = charges.get(&begin) else {
                    continue;
                };
                all += *charge;
                match &namespace.name {
                    Some(name) => rows.push(self.row(interval, Some(name), *charge, "false")),
                    // After its end it is charged nothing.
                    None => deleted |= *charge != Charge::default(),
                }
            }
            if self.scope.namespace.is_none() {
                let deleted = if deleted { "included" } else { "false" };
                rows.push(self.row(interval, None, all, deleted));
            }
        }
        Ok(Ok(rows))
    }

    fn row(
        &self,
        interval: Interval,
        namespace: Option<&str>,
        charge: Charge,
        deleted: &str,
    ) -> ChargebackData {
        let Charge { sums, level } = charge;
        ChargebackData {
            system_name: Some(self.system.to_owned()),
            tenant_name: Some(self.scope.tenant.clone()),
            namespace_name: namespace.map(str::to_owned),
            start_time: Some(written(interval.begin_ms)),
            end_time: Some(written(interval.end_ms - 1_000)),
            object_count: Some(level.objects),
            ingested_volume: Some(level.ingested),
            storage_capacity_used: Some(level.capacity),
            bytes_in: Some(sums.bytes_in),
            bytes_out: Some(sums.bytes_out),
            reads: Some(sums.reads),
            writes: Some(sums.writes),
            deletes: Some(sums.deletes),
            multipart_objects: Some(level.joined),
            multipart_object_parts: Some(level.joined_parts),
            multipart_object_bytes: Some(level.joined_bytes),
            multipart_uploads: Some(level.uploads),
            multipart_upload_parts: Some(level.upload_parts),
            multipart_upload_bytes: Some(level.upload_bytes),
            deleted: Some(deleted.to_owned()),
            valid: Some(interval.valid),
            ..ChargebackData::default()
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Interval {
    begin_ms: i64,
    end_ms: i64,
    valid: bool,
}

/// The rows below a line of names, in HCP's order. A tenant's own rows have no namespace.
fn csv(rows: &[ChargebackData]) -> Result<String, Refusal> {
    let names: Vec<_> = ChargebackData::PROPERTIES
        .iter()
        .map(|property: &Property| property.name)
        .collect();
    let broken = |error: csv::Error| Refusal::Failed(std::io::Error::other(error).into());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&names).map_err(broken)?;
    for row in rows {
        let map = row.to_map();
        let fields = names.iter().map(|name| match map.get(*name) {
            None => String::new(),
            Some(Json::String(text)) => text.clone(),
            Some(value) => value.to_string(),
        });
        writer.write_record(fields).map_err(broken)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| Refusal::Failed(std::io::Error::other(error.to_string()).into()))?;
    String::from_utf8(bytes)
        .map_err(|_not_utf8| Refusal::Failed(Error::Damaged("a name is not UTF-8")))
}
