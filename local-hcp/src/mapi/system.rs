//! The system itself (HCP's management API, "system data types"): one node, which is this machine. There are no
//! licences, no networks of its own and no key of a maker's support; that is what is told.

use model::mapi::{
    DownstreamDnsMode, License, NetworkSettings, NodeServices, NodesReport, ServiceState,
    ServiceStatistics, Services, ServicesReport, SupportAccessCredentials,
};
use serde_json::json;
use time::{OffsetDateTime, format_description::FormatItem, macros::format_description};

use super::{
    access::{A, Access, M, S, V},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    shape::{Row, merged, plain},
};
use crate::{
    clock::from_ms,
    store::system,
    upkeep::{Run, Work},
};

/// The number of the one node.
pub(super) const NODE: i64 = 101;

const NETWORK: &[Row] = &[plain("downstreamDNSMode")];

const NODES: &[Row] = &[plain("requestTime"), plain("nodes")];

const SERVICES: &[Row] = &[plain("requestTime"), plain("services"), plain("nodes")];

const SUPPORT: &[Row] = &[plain("type"), plain("defaultKeyType")];

/// `6/1/2024 8:20:00 UTC`: the system's time zone is UTC.
const FORMATTED: &[FormatItem<'_>] = format_description!(
    "[month padding:none]/[day padding:none]/[year] [hour padding:none]:[minute]:[second] UTC"
);

pub(super) fn endpoints() -> [Endpoint; 5] {
    const READ: Access = Access::system(&[A, M]);
    [
        Endpoint::at("/network")
            .get(READ, show_network)
            .post(Access::system(&[A]), modify_network),
        Endpoint::at("/storage/licenses")
            .takes_files()
            .get(READ, licenses)
            .put(Access::system(&[A]), no_license),
        Endpoint::at("/nodes/statistics").get(READ, nodes),
        Endpoint::at("/services/statistics").get(READ, services),
        Endpoint::at("/supportaccesscredentials")
            .takes_files()
            .get(Access::system(&[A, M, S, V]), support)
            .put(Access::system(&[A, V]), no_support_key),
    ]
}

const KIND: &str = "networkSettings";

async fn show_network(call: Call) -> Result<Answer, Refusal> {
    let read = call
        .management
        .store
        .read(|connection| system::document::<NetworkSettings>(connection, KIND));
    let defaults = NetworkSettings {
        downstream_dns_mode: Some(DownstreamDnsMode::Basic.into()),
        ..NetworkSettings::default()
    };
    Ok(call.show(NETWORK, &merged(&defaults, &read.await?)))
}

async fn modify_network(call: Call) -> Result<Answer, Refusal> {
    let change: NetworkSettings = call.read(NETWORK)?;
    let write = call.change(move |write| {
        let before: NetworkSettings = system::document(write.connection, KIND)?;
        system::set_document(write.connection, KIND, &merged(&before, &change))
    });
    write.await?;
    Ok(Answer::Empty)
}

async fn licenses(_call: Call) -> Result<Answer, Refusal> {
    // Nothing here needs one.
    let none: [License; 0] = [];
    Ok(Answer::Document("licenses", json!({ "license": none })))
}

async fn no_license(_call: Call) -> Result<Answer, Refusal> {
    Err(Refusal::invalid(
        "Nothing in this system needs a licence, and none is kept.",
    ))
}

async fn no_support_key(_call: Call) -> Result<Answer, Refusal> {
    Err(Refusal::invalid(
        "This system has no access for a maker's support, so no key opens it.",
    ))
}

async fn nodes(call: Call) -> Result<Answer, Refusal> {
    let (management, now_ms) = (call.management.clone(), call.now_ms());
    let measured = tokio::task::spawn_blocking(move || {
        let folder = management.store.layout().root();
        management.machine.measure(now_ms, folder)
    });
    let mut node = measured
        .await
        .map_err(|_panicked_or_stopped| crate::Error::Interrupted)?;
    node.node_number = Some(NODE);
    let report = NodesReport {
        request_time: Some(now_ms),
        nodes: Some(vec![node].into()),
        ..NodesReport::default()
    };
    Ok(call.show(NODES, &report))
}

async fn services(call: Call) -> Result<Answer, Refusal> {
    let run = call.management.store.upkeep().last();
    let run = run.as_ref();
    let all: Services = [
        ("DispositionPolicy", of(run, |run| run.swept.disposed)),
        ("GarbageCollection", of(run, |run| run.swept.collected())),
    ]
    .into_iter()
    .map(|(name, work)| service(name, run, work))
    .collect();
    let node = NodeServices {
        node_number: Some(NODE),
        services: Some(all.clone()),
        ..NodeServices::default()
    };
    let report = ServicesReport {
        request_time: Some(call.now_ms()),
        services: Some(all),
        nodes: Some(vec![node].into()),
        ..ServicesReport::default()
    };
    Ok(call.show(SERVICES, &report))
}

fn of(run: Option<&Run>, work: impl FnOnce(&Run) -> Work) -> Work {
    run.map(work).unwrap_or_default()
}

fn service(name: &str, run: Option<&Run>, work: Work) -> ServiceStatistics {
    let ended_ms = run.and_then(|run| run.ended_ms);
    let began_ms = run.map(|run| run.began_ms);
    let state = match run {
        Some(Run { ended_ms: None, .. }) => ServiceState::Running,
        _ => ServiceState::Ready,
    };
    let took = began_ms.zip(ended_ms).map(|(began, ended)| ended - began);
    let count = |n: usize| i64::try_from(n).ok();
    let rate = |n: usize| Some(per_second(n, took.unwrap_or_default()));
    let unable = work.examined.saturating_sub(work.done);
    ServiceStatistics {
        name: Some(name.to_owned()),
        state: Some(state.into()),
        start_time: Some(seconds(began_ms)),
        formatted_start_time: Some(formatted(began_ms)),
        end_time: Some(seconds(ended_ms)),
        formatted_end_time: Some(formatted(ended_ms)),
        objects_examined: count(work.examined),
        objects_examined_per_second: rate(work.examined),
        objects_serviced: count(work.done),
        objects_serviced_per_second: rate(work.done),
        objects_unable_to_service: count(unable),
        objects_unable_to_service_per_second: rate(unable),
        ..ServiceStatistics::default()
    }
}

/// How many in a second; of a run shorter than one, how many there were.
fn per_second(count: usize, took_ms: i64) -> f64 {
    let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let seconds = f64::from(u32::try_from(took_ms.max(1_000)).unwrap_or(u32::MAX)) / 1_000.0;
    (count / seconds * 100.0).round() / 100.0
}

/// Seconds since 1970; -1: never.
fn seconds(at_ms: Option<i64>) -> i64 {
    at_ms.map_or(-1, |at| at.div_euclid(1_000))
}

fn formatted(at_ms: Option<i64>) -> String {
    let time: Option<OffsetDateTime> = at_ms.map(from_ms);
    let text = time.and_then(|time| time.format(FORMATTED).ok());
    text.unwrap_or_default()
}

async fn support(call: Call) -> Result<Answer, Refusal> {
    let key = SupportAccessCredentials {
        kind: Some("Default".to_owned()),
        default_key_type: Some(String::new()),
        ..SupportAccessCredentials::default()
    };
    Ok(call.show(SUPPORT, &key))
}
