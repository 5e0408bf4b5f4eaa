//! Health reports (HCP's management API, "health check"): the facts by which one sees whether the store is well.

use model::mapi::{DownloadStatus, HealthCheckDownload, HealthCheckPrepare, rules};
use serde_json::json;

use super::{
    Management,
    access::{A, Access, V},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    package::{self, Archive, Desk, Span, of_node},
    replication::is_asked,
    shape::{Row, plain},
};
use crate::{Error, packages::Kind};

const CONTENT: &str = "HCR";

/// By what lines about trouble are told.
const TROUBLE: [&str; 2] = ["\"level\":\"WARN\"", "\"level\":\"ERROR\""];

const PREPARE: &[Row] = &[
    plain("startDate"),
    plain("endDate"),
    plain("exactTime"),
    plain("collectCurrent"),
];
const DOWNLOAD: &[Row] = &[plain("nodes"), plain("content")];

pub(super) fn endpoints(desk: &Desk) -> [Endpoint; 4] {
    const WORK: Access = Access::system(&[A, V]);
    [
        Endpoint::at("/healthCheckReport")
            .get(WORK, desk.on(status))
            .post(WORK, desk.on(act)),
        Endpoint::at("/healthCheckReport/cancel").post(WORK, desk.on(cancel)),
        Endpoint::at("/healthCheckReport/prepare").post(WORK, desk.on(prepare)),
        Endpoint::at("/healthCheckReport/download").post(WORK, desk.on(download)),
    ]
}

async fn status(desk: Desk, call: Call) -> Result<Answer, Refusal> {
    Ok(desk.status(&call, Kind::Health, CONTENT))
}

async fn act(desk: Desk, call: Call) -> Result<Answer, Refusal> {
    let _nothing: DownloadStatus = call.read(&[])?;
    if is_asked(&call, "cancel") {
        return desk.cancel(&call, Kind::Health).await;
    }
    Ok(Answer::Empty)
}

async fn cancel(desk: Desk, call: Call) -> Result<Answer, Refusal> {
    desk.cancel(&call, Kind::Health).await
}

async fn prepare(desk: Desk, call: Call) -> Result<Answer, Refusal> {
    let asked: HealthCheckPrepare = call.read(PREPARE)?;
    let today = call.management.clock.now().date();
    let exact = asked.exact_time.as_deref().and_then(rules::read_time);
    // A time of today may be still to come.
    let otherwise = match exact {
        Some(_) => today.previous_day().unwrap_or(today),
        None => today,
    };
    let (start, end) = (asked.start_date.as_deref(), asked.end_date.as_deref());
    let span = Span::of_days(start, end, otherwise)?;
    let span = exact.map_or(span, |time| span.until(time));
    let current = asked.collect_current.unwrap_or(true);
    let (management, from) = (call.management.clone(), desk.clone());
    desk.prepare(&call, Kind::Health, move |archive| {
        make(&from, &management, span, current, archive)
    })
    .await
}

async fn download(desk: Desk, call: Call) -> Result<Answer, Refusal> {
    let asked: HealthCheckDownload = call.read(DOWNLOAD)?;
    let wanted = package::is_wanted(asked.nodes.as_deref(), None)?;
    let choice = move |entry: &str| wanted || !entry.contains('/');
    desk.download(&call, Kind::Health, "HCPHealthCheck", choice)
        .await
}

fn make(
    desk: &Desk,
    management: &Management,
    span: Span,
    current: bool,
    archive: &mut Archive<'_>,
) -> Result<(), Error> {
    let label = package::label("health", management.clock.now_ms(), span);
    archive.facts("package.json", &label)?;
    let upkeep = package::upkeep(management, span);
    archive.facts(&of_node("upkeep.json"), &upkeep)?;
    let lines = desk.config.journal.lines(span.from_ms, span.until_ms);
    let trouble = lines
        .iter()
        .filter(|line| TROUBLE.iter().any(|level| line.contains(level)));
    archive.lines(&of_node("trouble.jsonl"), trouble)?;
    if !current {
        return Ok(());
    }
    let node = package::node(management);
    let volume = &node["volumes"]["volume"][0];
    let (reserve, free) = (desk.config.reserve_bytes, volume["freeBytes"].as_u64());
    let space = json!({
        "totalBytes": volume["totalBytes"], "freeBytes": volume["freeBytes"], "reserveBytes": reserve,
        "takesWrites": free.map(|free| free > reserve),
    });
    archive.facts(&of_node("space.json"), &space)?;
    archive.facts(&of_node("node.json"), &node)?;
    archive.facts(&of_node("clock.json"), &package::clocks(management))?;
    let numbers = package::numbers(management)?;
    archive.facts(&of_node("backlog.json"), &numbers)?;
    archive.begin(&of_node("database.json"))?;
    let integrity = package::integrity(management.store.layout().root())?;
    archive.line(&format!("{integrity:#}"))
}
