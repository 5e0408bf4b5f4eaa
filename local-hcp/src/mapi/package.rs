//! What logs and health reports share: the days that are asked for, the archive, its facts and its way out.

use std::{
    borrow::Cow,
    fs::File,
    future::Future,
    io::{Seek as _, SeekFrom, Write as _},
    path::Path,
    sync::Arc,
};

use axum::body::{Body, Bytes};
use futures::stream;
use model::mapi::{DownloadStatus, Resource as _, rules};
use rusqlite::Connection;
use serde_json::{Value as Json, json};
use time::{Date, OffsetDateTime, Time, macros::format_description};
use tokio::io::AsyncReadExt as _;
use zip::{
    CompressionMethod, DateTime, ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions,
};

use super::{
    Management,
    call::{Answer, Call, Package},
    error::Refusal,
    shape::{Row, plain},
    system::NODE,
    usage::written,
};
use crate::{
    Config, Error,
    check::{self, Report},
    clock::from_ms,
    packages::{Fetching, Kind, Packages, Stage},
    profile::Profile,
    store::{numbers, open},
    upkeep::{Run, Work},
};

/// How much room a package may take, in bytes.
const ROOM: u64 = 64 * 1024 * 1024;
/// How much is sent at a time.
const PIECE: usize = 64 * 1024;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

const STATUS: &[Row] = &[
    plain("readyForStreaming"),
    plain("streamingInProgress"),
    plain("started"),
    plain("error"),
    plain("content"),
    plain("packageExpiresMillis"),
];

/// What the handlers of packages work with besides.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) packages: Packages,
    pub(super) config: Arc<Config>,
}

impl Desk {
    /// A handler with what it works with.
    pub(super) fn on<A, F>(&self, handler: F) -> impl Fn(Call) -> A + Send + Sync + 'static
    where
        A: Future<Output = Result<Answer, Refusal>> + Send + 'static,
        F: Fn(Self, Call) -> A + Send + Sync + 'static,
    {
        let desk = self.clone();
        move |call| handler(desk.clone(), call)
    }

    /// How far a package is.
    pub(super) fn status(&self, call: &Call, kind: Kind, content: &str) -> Answer {
        let stage = self.packages.stage(kind);
        let status = DownloadStatus {
            ready_for_streaming: Some(stage == Stage::Ready),
            streaming_in_progress: Some(self.packages.is_streaming(kind)),
            started: Some(matches!(stage, Stage::Preparing | Stage::Ready)),
            error: Some(stage == Stage::Failed),
            content: Some(content.to_owned()),
            package_expires_millis: self.expires_ms(kind),
            ..DownloadStatus::default()
        };
        call.show(STATUS, &status)
    }

    /// When a package that is ready is removed. HCP does not say it.
    fn expires_ms(&self, kind: Kind) -> Option<i64> {
        let says = self.config.profile == Profile::Standard;
        says.then(|| self.packages.expires_ms(kind)).flatten()
    }

    /// Has a package made in the background, and keeps a record of who wanted it.
    pub(super) async fn prepare(
        &self,
        call: &Call,
        kind: Kind,
        make: impl FnOnce(&mut Archive<'_>) -> Result<(), Error> + Send + 'static,
    ) -> Result<Answer, Refusal> {
        call.management.store.check_space(ROOM)?;
        let now = call.management.clock.now();
        let begun = self.packages.prepare(kind, move |file, asked| {
            let mut archive = Archive::new(file, now, move || asked.check());
            make(&mut archive)?;
            archive.finish()
        })?;
        if !begun {
            return Err(Refusal::invalid("One is being prepared already."));
        }
        call.change(|_write| Ok(())).await?;
        Ok(Answer::Empty)
    }

    /// Gives up a package.
    pub(super) async fn cancel(&self, call: &Call, kind: Kind) -> Result<Answer, Refusal> {
        self.packages.cancel(kind);
        call.change(|_write| Ok(())).await?;
        Ok(Answer::Empty)
    }

    /// Sends what is ready, or of its entries those that are wanted.
    pub(super) async fn download(
        &self,
        call: &Call,
        kind: Kind,
        name: &str,
        wanted: impl Fn(&str) -> bool + Send + 'static,
    ) -> Result<Answer, Refusal> {
        let packages = self.packages.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let Some((file, fetching)) = packages.open_ready(kind)? else {
                return Ok(None);
            };
            chosen(file, &packages, wanted).map(|file| Some((file, fetching)))
        });
        let opened: Result<_, Error> = opened
            .await
            .map_err(|_panicked_or_stopped| Error::Interrupted)?;
        let Some((file, fetching)) = opened? else {
            return Err(Refusal::Conflict(
                "Nothing is ready. It has to be prepared first.".into(),
            ));
        };
        let day = format_description!("[year][month][day]-[hour][minute]");
        let at = call.management.clock.now().format(day).unwrap_or_default();
        Ok(Answer::Package(Package {
            name: format!("{name}-{at}.zip"),
            body: sent(file, fetching),
        }))
    }
}

/// The archive, or a new one of the entries that are wanted.
fn chosen(
    mut file: File,
    packages: &Packages,
    wanted: impl Fn(&str) -> bool,
) -> Result<File, Error> {
    let mut all = ZipArchive::new(&file).map_err(broken)?;
    let is_wanted = |name: Result<Cow<'_, str>, ZipError>| name.is_ok_and(|name| wanted(&name));
    if all.file_names().all(is_wanted) {
        drop(all);
        file.seek(SeekFrom::Start(0))?;
        return Ok(file);
    }
    let mut some = ZipWriter::new(packages.scratch()?);
    for index in 0..all.len() {
        let entry = all.by_index_raw(index).map_err(broken)?;
        if is_wanted(entry.name()) {
            some.raw_copy_file(entry).map_err(broken)?;
        }
    }
    let mut file = some.finish().map_err(broken)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

fn sent(file: File, fetching: Fetching) -> Body {
    let state = (tokio::fs::File::from_std(file), fetching);
    Body::from_stream(stream::try_unfold(state, |(mut file, fetching)| async {
        let mut piece = Vec::with_capacity(PIECE);
        let read = (&mut file)
            .take(PIECE as u64)
            .read_to_end(&mut piece)
            .await?;
        let more = (read > 0).then(|| (Bytes::from(piece), (file, fetching)));
        Ok::<_, std::io::Error>(more)
    }))
}

fn broken(error: ZipError) -> Error {
    std::io::Error::from(error).into()
}

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from_ms: i64,
    /// Its end, which is left out.
    pub(super) until_ms: i64,
}

impl Span {
    /// Whole days, both named ones included; what is not named is `otherwise`.
    pub(super) fn of_days(
        start: Option<&str>,
        end: Option<&str>,
        otherwise: Date,
    ) -> Result<Self, Refusal> {
        let day = |text: Option<&str>| text.map_or(Some(otherwise), rules::read_day);
        let (Some(first), Some(last)) = (day(start), day(end)) else {
            return Err(Refusal::invalid("A day is written as MM/DD/YYYY."));
        };
        if first > last {
            return Err(Refusal::invalid("startDate: is not after endDate."));
        }
        let from_ms = first.midnight().assume_utc().unix_timestamp() * 1_000;
        let until_ms = last.midnight().assume_utc().unix_timestamp() * 1_000 + DAY_MS;
        Ok(Self { from_ms, until_ms })
    }

    /// Until a time of its last day.
    pub(super) fn until(self, time: Time) -> Self {
        let (hour, minute, ..) = time.as_hms_milli();
        let minutes = i64::from(hour) * 60 + i64::from(minute);
        let until_ms = self.until_ms - DAY_MS + minutes * 60_000;
        Self { until_ms, ..self }
    }

    pub(super) fn has(self, at_ms: i64) -> bool {
        (self.from_ms..self.until_ms).contains(&at_ms)
    }
}

/// Refuses nodes that are not here; whether this one is among those that are wanted.
pub(super) fn is_wanted(nodes: Option<&str>, storage: Option<&str>) -> Result<bool, Refusal> {
    if storage.is_some_and(|storage| !storage.trim().is_empty()) {
        return Err(Refusal::invalid("snodes: there are no storage nodes."));
    }
    let Some(nodes) = nodes else {
        return Ok(true);
    };
    let mut named = nodes
        .split(',')
        .map(str::trim)
        .filter(|node| !node.is_empty())
        .peekable();
    let any = named.peek().is_some();
    if named.all(|node| node == NODE.to_string()) {
        Ok(any)
    } else {
        Err(Refusal::invalid(format!("nodes: there is only {NODE}.")))
    }
}

/// A package that is being written.
pub(super) struct Archive<'a> {
    zip: ZipWriter<File>,
    options: SimpleFileOptions,
    go_on: Box<dyn Fn() -> Result<(), Error> + 'a>,
}

impl<'a> Archive<'a> {
    fn new(file: File, now: OffsetDateTime, go_on: impl Fn() -> Result<(), Error> + 'a) -> Self {
        let date = u16::try_from(now.year()).ok().and_then(|year| {
            let (month, day) = (now.month().into(), now.day());
            DateTime::from_date_and_time(year, month, day, now.hour(), now.minute(), now.second())
                .ok()
        });
        Self {
            zip: ZipWriter::new(file),
            options: SimpleFileOptions::default()
                .compression_method(CompressionMethod::Deflated)
                .last_modified_time(date.unwrap_or_default()),
            go_on: Box::new(go_on),
        }
    }

    /// Begins a file.
    ///
    /// # Errors
    /// Nobody wants the package any more, or it cannot be written.
    pub(super) fn begin(&mut self, name: &str) -> Result<(), Error> {
        (self.go_on)()?;
        self.zip.start_file(name, self.options).map_err(broken)
    }

    /// Adds a line to the file.
    pub(super) fn line(&mut self, text: &str) -> Result<(), Error> {
        self.zip.write_all(text.as_bytes())?;
        Ok(self.zip.write_all(b"\n")?)
    }

    /// Adds a file of lines.
    pub(super) fn lines<T: AsRef<str>>(
        &mut self,
        name: &str,
        lines: impl IntoIterator<Item = T>,
    ) -> Result<(), Error> {
        self.begin(name)?;
        for line in lines {
            self.line(line.as_ref())?;
        }
        Ok(())
    }

    /// Adds a file of facts.
    pub(super) fn facts(&mut self, name: &str, facts: &Json) -> Result<(), Error> {
        self.begin(name)?;
        self.line(&format!("{facts:#}"))
    }

    fn finish(self) -> Result<(), Error> {
        self.zip.finish().map_err(broken)?;
        Ok(())
    }
}

/// The place of a file of the node.
pub(super) fn of_node(name: &str) -> String {
    format!("{NODE}/{name}")
}

/// A time as people read it.
pub(super) fn time(at_ms: i64) -> String {
    written(at_ms)
}

/// What a package is, for its first file.
pub(super) fn label(what: &str, made_ms: i64, span: Span) -> Json {
    json!({
        "what": what, "made": time(made_ms), "from": time(span.from_ms), "until": time(span.until_ms),
        "node": NODE, "version": env!("CARGO_PKG_VERSION"),
    })
}

/// What upkeep did in a stretch of time.
pub(super) fn upkeep(management: &Management, span: Span) -> Json {
    let runs = management.store.upkeep().all();
    let runs = runs.iter().filter(|run| span.has(run.began_ms));
    runs.map(run).collect()
}

fn run(run: &Run) -> Json {
    let work = |work: Work| json!({"examined": work.examined, "done": work.done});
    json!({
        "began": time(run.began_ms), "ended": run.ended_ms.map(time),
        "uploadsDropped": work(run.swept.uploads), "versionsPruned": work(run.swept.pruned),
        "objectsDisposedOf": work(run.swept.disposed),
    })
}

/// What the node does, with its volume.
pub(super) fn node(management: &Management) -> Json {
    let folder = management.store.layout().root();
    let node = management
        .machine
        .measure(management.clock.now_ms(), folder);
    Json::Object(node.to_map())
}

/// What a check finds: how much there is, and whether it is whole. Bytes are not read.
pub(super) fn integrity(folder: &Path) -> Result<Json, Error> {
    let report: Report = check::check(folder, false)?;
    let sound = report.is_sound();
    let mut facts = serde_json::to_value(report).map_err(std::io::Error::from)?;
    facts["sound"] = sound.into();
    Ok(facts)
}

/// How much there is of what.
pub(super) fn numbers(management: &Management) -> Result<Json, Error> {
    let connection: Connection = open::existing(management.store.layout())?;
    let counts: serde_json::Map<_, _> = numbers::all(&connection)?
        .into_iter()
        .map(|(name, count)| (name.to_owned(), Json::from(count)))
        .collect();
    let written = management.store.counts();
    let mut facts = Json::Object(counts);
    facts["writesSinceStart"] = written.writes.into();
    facts["transactionsSinceStart"] = written.transactions.into();
    Ok(facts)
}

/// How the store is set up.
pub(super) fn setup(config: &Config) -> Json {
    json!({
        "domain": config.s3_domain, "profile": format!("{:?}", config.profile), "reserveBytes": config.reserve_bytes,
        "inlineBytes": config.inline_bytes, "chargebackDays": config.chargeback_days,
        "auditDays": config.audit_days, "operationDays": config.operation_days,
    })
}

/// The clock that the store goes by, beside the machine's.
pub(super) fn clocks(management: &Management) -> Json {
    let (own, machine) = (management.clock.now(), OffsetDateTime::now_utc());
    json!({
        "store": own.to_string(), "machine": machine.to_string(),
        "aheadSeconds": (own - machine).whole_seconds(),
        "today": from_ms(management.clock.now_ms()).date().to_string(),
    })
}
