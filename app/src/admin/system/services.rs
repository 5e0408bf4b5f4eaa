//! `/system/services`: what the services did, those first that could not do what was due.

use std::cmp::Reverse;

use leptos::prelude::*;
use model::Timestamp;
use serde_json::{Map, Value as Json};

use super::{
    super::{
        Page, number,
        spec::Say,
        table::{Cell, Column, DataTable, List, Row, Tone, column, wide},
        text,
    },
    as_of, at_ms, decimal, items, seconds,
};
use crate::words::system;

const COLUMNS: &[Column] = &[
    column("service", system::service),
    column("where", system::works_on),
    column("state", system::state),
    wide("level", system::level),
    wide("started", system::started),
    wide("ended", system::ended),
    wide("examined", system::examined),
    wide("served", system::served),
    column("unable", system::unable),
    wide("rate", system::unable_rate),
];

const STATES: [(&str, Say); 4] = [
    ("RUNNING", system::running),
    ("READY", system::ready),
    ("DISABLED", system::disabled),
    ("STOPPING", system::stopping),
];

const LEVELS: [(&str, Say); 5] = [
    ("LOW", system::low),
    ("MEDIUM", system::medium),
    ("HIGH", system::high),
    ("CUSTOM", system::custom),
    ("OFF", system::off),
];

/// A word of the store in ours; one that is not known stays.
fn word_for(words: &[(&str, Say)], told: &str) -> String {
    let known = words.iter().find(|(word, _)| *word == told);
    known.map_or_else(|| told.to_owned(), |(_, say)| say().to_owned())
}

/// What a service could not do.
fn unable(service: &Map<String, Json>) -> u64 {
    number(service, "objectsUnableToService").unwrap_or_default()
}

/// The services with the node that they work on, none for the system: those first that could not do most, the
/// others as the store has them.
fn ordered(report: &Map<String, Json>) -> Vec<(Option<u64>, Map<String, Json>)> {
    let of_system = items(report, "services").into_iter();
    let mut all: Vec<_> = of_system.map(|service| (None, service)).collect();
    for node in items(report, "nodes") {
        let number = number(&node, "nodeNumber").unwrap_or_default();
        let of_node = items(&node, "services").into_iter();
        all.extend(of_node.map(|service| (Some(number), service)));
    }
    all.sort_by_key(|(_, service)| Reverse(unable(service)));
    all
}

fn row(node: Option<u64>, service: &Map<String, Json>) -> Row {
    let name = text(service, "name");
    let place = node.map_or_else(
        || system::the_system().to_owned(),
        |node| system::node(&node.to_string()),
    );
    let count = |name: &str| Cell::Count(number(service, name));
    let at = |name: &str| {
        seconds(service, name).map_or_else(
            || Cell::Text(String::new()),
            |time| Cell::At(time.to_string()),
        )
    };
    let missed = match number(service, "objectsUnableToService") {
        Some(0) | None => count("objectsUnableToService"),
        Some(number) => Cell::Toned(crate::unit::count(number), number, Tone::Bad),
    };
    let rate = service.get("objectsUnableToServicePerSecond");
    let rate = rate
        .and_then(Json::as_f64)
        .map(|rate| system::per_second(&decimal(rate)));
    let key = node.map_or_else(String::new, |node| format!("{node}/"));
    Row {
        key: format!("{key}{name}"),
        cells: vec![
            Cell::Text(name),
            Cell::Text(place),
            Cell::Text(word_for(&STATES, &text(service, "state"))),
            Cell::Text(word_for(&LEVELS, &text(service, "performanceLevel"))),
            at("startTime"),
            at("endTime"),
            count("objectsExamined"),
            count("objectsServiced"),
            missed,
            Cell::Text(rate.unwrap_or_default()),
        ],
        actions: Vec::new(),
    }
}

/// The page.
pub fn view(page: &Page) -> AnyView {
    if let Some(failed) = page.failed(0) {
        return failed;
    }
    let report = page.map(0);
    let all = ordered(&report);
    let behind = all
        .iter()
        .filter(|(_, service)| unable(service) > 0)
        .count();
    let list = List {
        name: "services",
        caption: system::services(),
        noun: system::services_counted,
        columns: COLUMNS,
        rows: all
            .iter()
            .map(|(node, service)| row(*node, service))
            .collect(),
        empty: system::no_services(),
        missing: 0,
    };
    let time = at_ms(&report, "requestTime").and_then(Timestamp::from_unix_millis);
    view! {
        <div class="measured">{as_of(time)}</div>
        {(behind > 0)
            .then(|| {
                view! {
                    <p class="alert alert-warn" data-testid="services-unable">
                        {system::services_were_unable(behind as u64)}
                    </p>
                }
            })}
        <DataTable list />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_could_not_be_done_comes_first_and_the_rest_as_the_store_has_it() {
        let report = json!({
            "services": [
                {"name": "b", "objectsUnableToService": 0},
                {"name": "a"},
                {"name": "few", "objectsUnableToService": 2},
            ],
            "nodes": [{"nodeNumber": 101, "services": [
                {"name": "b", "objectsUnableToService": 0},
                {"name": "many", "objectsUnableToService": 30, "objectsUnableToServicePerSecond": 0.5},
            ]}],
        });
        let all = ordered(report.as_object().unwrap());
        let keys: Vec<_> = all
            .iter()
            .map(|(node, service)| row(*node, service).key)
            .collect();
        assert_eq!(keys, ["101/many", "few", "b", "a", "101/b"]);
        let first = row(all[0].0, &all[0].1);
        assert_eq!(first.cells[8], Cell::Toned("30".to_owned(), 30, Tone::Bad));
        assert_eq!(first.cells[9], Cell::Text("0.5 per second".to_owned()));
    }

    #[test]
    fn a_service_that_never_ran_has_no_times() {
        let service =
            json!({"name": "x", "state": "NEW WORD", "startTime": -1, "endTime": 1_717_203_600});
        let cells = row(None, service.as_object().unwrap()).cells;
        assert_eq!(cells[2], Cell::Text("NEW WORD".to_owned()));
        assert_eq!(cells[4], Cell::Text(String::new()));
        assert_eq!(cells[5], Cell::At("2024-06-01T01:00:00Z".to_owned()));
    }
}
