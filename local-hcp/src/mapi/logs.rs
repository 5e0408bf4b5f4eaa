//! Logs (HCP's management API, "logs"): what happened, as it is kept anyway, packed to be looked at elsewhere. No
//! secret is in any of it, as none is in what it is made of.

use model::mapi::{DownloadStatus, LogDownload, LogPrepare, rules::LOG_CONTENT};
use serde_json::{Value as Json, json};

use super::{
    Management,
    access::{A, Access, M, V},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    package::{self, Archive, Desk, Span, of_node},
    replication::is_asked,
    shape::{Row, plain},
};
use crate::{
    Error,
    packages::Kind,
    store::{open, records},
};

/// The longest text of a mark, in characters.
const MAX_MARK: usize = 1_024;

/// What the lines about requests are told by.
const OF_REQUESTS: &str = "\"target\":\"access\"";

const PREPARE: &[Row] = &[plain("startDate"), plain("endDate"), plain("snodes")];
const DOWNLOAD: &[Row] = &[plain("nodes"), plain("snodes"), plain("content")];

pub(super) fn endpoints(desk: &Desk) -> [Endpoint; 3] {
    const WORK: Access = Access::system(&[A, V]);
    [
        Endpoint::at("/logs")
            .get(Access::system(&[A, M, V]), desk.on(status))
            .post(WORK, desk.on(act)),
        Endpoint::at("/logs/prepare").post(WORK, desk.on(prepare)),
        Endpoint::at("/logs/download").post(WORK, desk.on(download)),
    ]
}

async fn status(desk: Desk, call: Call) -> Result<Answer, Refusal> {
    Ok(desk.status(&call, Kind::Logs, &LOG_CONTENT.join(",")))
}

async fn act(desk: Desk, call: Call) -> Result<Answer, Refusal> {
    let _nothing: DownloadStatus = call.read(&[])?;
    if let Some(mark) = call
        .query
        .get("mark")
        .filter(|mark| !mark.trim().is_empty())
    {
        if mark.chars().count() > MAX_MARK {
            return Err(Refusal::invalid(format!(
                "mark: a text has at most {MAX_MARK} characters."
            )));
        }
        let line = json!({
            "timestamp": call.management.clock.now().to_string(), "level": "INFO", "target": "mark",
            "message": mark, "user": call.account.username,
        });
        let journal = &desk.config.journal;
        journal.write_at(call.now_ms(), &line.to_string());
        call.change(|_write| Ok(())).await?;
    } else if is_asked(&call, "cancel") {
        return desk.cancel(&call, Kind::Logs).await;
    }
    Ok(Answer::Empty)
}

async fn prepare(desk: Desk, call: Call) -> Result<Answer, Refusal> {
    let asked: LogPrepare = call.read(PREPARE)?;
    package::is_wanted(None, asked.snodes.as_deref())?;
    let (start, end) = (asked.start_date.as_deref(), asked.end_date.as_deref());
    let span = Span::of_days(start, end, call.management.clock.now().date())?;
    let (management, from) = (call.management.clone(), desk.clone());
    desk.prepare(&call, Kind::Logs, move |archive| {
        make(&from, &management, span, archive)
    })
    .await
}

async fn download(desk: Desk, call: Call) -> Result<Answer, Refusal> {
    let asked: LogDownload = call.read(DOWNLOAD)?;
    let wanted = package::is_wanted(asked.nodes.as_deref(), asked.snodes.as_deref())?;
    let content = asked.content.unwrap_or_else(|| LOG_CONTENT.join(","));
    let folders: Vec<_> = content
        .split(',')
        .map(|kind| of_node(&format!("{}/", kind.trim().to_ascii_lowercase())))
        .collect();
    let choice = move |entry: &str| {
        let inside = folders.iter().any(|folder| entry.starts_with(folder));
        !entry.contains('/') || (wanted && inside)
    };
    desk.download(&call, Kind::Logs, "HCPLogs", choice).await
}

fn make(
    desk: &Desk,
    management: &Management,
    span: Span,
    archive: &mut Archive<'_>,
) -> Result<(), Error> {
    let label = package::label("logs", management.clock.now_ms(), span);
    archive.facts("package.json", &label)?;
    let lines = desk.config.journal.lines(span.from_ms, span.until_ms);
    changes(management, span, archive)?;
    let of_requests = lines.iter().filter(|line| line.contains(OF_REQUESTS));
    archive.lines(&of_node("access/requests.jsonl"), of_requests)?;
    archive.lines(&of_node("application/journal.jsonl"), &lines)?;
    let upkeep = package::upkeep(management, span);
    archive.facts(&of_node("service/upkeep.json"), &upkeep)?;
    archive.facts(&of_node("system/version.json"), &version())?;
    let setup = package::setup(&desk.config);
    archive.facts(&of_node("system/store-settings.json"), &setup)?;
    let settings = desk.config.settings.lines();
    archive.lines(&of_node("system/settings.txt"), settings)?;
    let node = package::node(management);
    archive.facts(&of_node("system/node.json"), &node)?;
    let numbers = package::numbers(management)?;
    archive.facts(&of_node("system/numbers.json"), &numbers)?;
    archive.begin(&of_node("system/integrity.json"))?;
    let integrity = package::integrity(management.store.layout().root())?;
    archive.line(&format!("{integrity:#}"))
}

/// Who changed what.
fn changes(management: &Management, span: Span, archive: &mut Archive<'_>) -> Result<(), Error> {
    archive.begin(&of_node("access/changes.jsonl"))?;
    let connection = open::existing(management.store.layout())?;
    let mut written = Ok(());
    records::each(&connection, None, span.from_ms, |record| {
        if written.is_ok() && span.has(record.time.unix_millis()) {
            written = serde_json::to_string(&record)
                .map_err(|error| std::io::Error::from(error).into())
                .and_then(|line| archive.line(&line));
        }
    })?;
    written
}

fn version() -> Json {
    json!({
        "version": env!("CARGO_PKG_VERSION"), "system": std::env::consts::OS,
        "processor": std::env::consts::ARCH,
        "processors": std::thread::available_parallelism().map_or(0, usize::from),
    })
}
