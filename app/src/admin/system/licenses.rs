//! `/system/licenses`: what is licensed, until when, and what was before.

use leptos::prelude::*;
use model::{
    Endpoint, Timestamp,
    mapi::calls::{Nothing, UploadLicense},
};
use serde_json::{Map, Value as Json};

use super::{
    super::{
        Page,
        left::left,
        number,
        put::{Put, PutForm},
        table::{Cell, Column, DataTable, List, Row, column, wide},
        text,
    },
    as_of, at_ms, items,
};
use crate::words::system;

const COLUMNS: &[Column] = &[
    column("serial", system::serial_number),
    column("feature", system::feature),
    wide("local", system::local_capacity),
    wide("extended", system::extended_capacity),
    wide("expires", system::expires),
    column("left", system::time_left),
    wide("uploaded", system::uploaded),
];

/// Fewer days are said in amber, and fewer in red.
const SOON: (i64, i64) = (60, 14);

/// What is used of the nodes' volumes.
fn used(report: &Map<String, Json>) -> Option<u64> {
    let volumes = items(report, "nodes")
        .into_iter()
        .flat_map(|node| items(&node, "volumes"));
    let used = volumes.map(|volume| {
        let total = number(&volume, "totalBytes")?;
        Some(total.saturating_sub(number(&volume, "freeBytes")?))
    });
    let used: Vec<u64> = used.flatten().collect();
    (!used.is_empty()).then(|| used.iter().sum())
}

fn row(license: &Map<String, Json>, used: Option<u64>, now_ms: Option<i64>) -> Row {
    let serial = text(license, "serialNumber");
    let local = number(license, "localCapacity");
    let expires = text(license, "expirationDate");
    Row {
        key: serial.clone(),
        cells: vec![
            Cell::Text(serial),
            Cell::Text(text(license, "feature")),
            if used.is_some() {
                Cell::Share(used, local)
            } else {
                Cell::Size(local)
            },
            Cell::Size(number(license, "extendedCapacity")),
            Cell::Text(expires.clone()),
            left(&expires, now_ms).cell(SOON),
            Cell::Text(text(license, "uploadDate")),
        ],
        actions: Vec::new(),
    }
}

/// Those of all that do not hold any more.
fn past<'a>(all: &'a [Json], present: &[Json]) -> Vec<&'a Map<String, Json>> {
    all.iter()
        .filter(|license| !present.contains(license))
        .filter_map(Json::as_object)
        .collect()
}

/// A licence that is put in.
fn put() -> Put {
    Put {
        op: "upload_license",
        path: UploadLicense { query: Nothing }.path(),
        title: system::upload_license(),
        help: system::upload_license_means(),
        file: system::license_file(),
        text: Some(system::license_text()),
        accept: "",
        label: system::upload_license(),
        done: system::license_was_uploaded(),
        phrase: None,
    }
}

/// The page.
pub fn view(page: &Page) -> AnyView {
    if let Some(failed) = page.failed(0) {
        return failed;
    }
    let (present, all, report) = (page.list(0), page.list(1), page.map(2));
    // Of the machine that knows when the licences end.
    let now_ms = at_ms(&report, "requestTime");
    let used = used(&report);
    let rows = present.iter().filter_map(Json::as_object);
    let list = List {
        name: "licenses",
        caption: system::licenses(),
        noun: system::licenses_counted,
        columns: COLUMNS,
        rows: rows.map(|license| row(license, used, now_ms)).collect(),
        empty: system::no_license(),
        missing: 0,
    };
    let before = past(&all, &present);
    let before = (!before.is_empty()).then(|| {
        let list = List {
            name: "past-licenses",
            caption: system::earlier_licenses(),
            noun: system::licenses_counted,
            columns: COLUMNS,
            rows: before
                .into_iter()
                .map(|license| row(license, None, now_ms))
                .collect(),
            empty: "",
            missing: 0,
        };
        view! {
            <h2 class="section-title">{system::earlier_licenses()}</h2>
            <DataTable list />
        }
    });
    view! {
        <div class="measured">{as_of(now_ms.and_then(Timestamp::from_unix_millis))}</div>
        <DataTable list />
        {used.map(|_| view! { <p class="help">{system::capacity_means()}</p> })}
        {before}
        {page.failed(1)}
        {page.may.admin.then(|| view! { <PutForm put=put() /> })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_used_is_what_is_not_free_on_the_volumes_of_all_nodes() {
        let volume = |total: u64, free: u64| json!({"totalBytes": total, "freeBytes": free});
        let report = json!({"nodes": [{"volumes": [volume(10, 4), volume(5, 5)]}, {"volumes": [volume(7, 0)]}, {}]});
        assert_eq!(used(report.as_object().unwrap()), Some(13));
        assert_eq!(used(&Map::new()), None);
    }

    #[test]
    fn the_history_is_without_what_holds() {
        let (new, old) = (
            json!({"serialNumber": "1"}),
            json!({"serialNumber": "1", "uploadDate": "x"}),
        );
        let all = [new.clone(), old.clone()];
        assert_eq!(past(&all, &[new]), [old.as_object().unwrap()]);
    }
}
