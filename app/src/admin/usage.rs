//! `/usage`, and statistics and chargeback wherever they stand.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::unit;
use serde_json::{Map, Value as Json};

use super::{
    Page, flag, frame, number,
    place::Span,
    table::{Cell, Column, DataTable, List, Row, column, wide},
    text,
};
use crate::urls;

/// The rows of a report with a namespace, by its name.
pub fn by_namespace(rows: &[Json]) -> BTreeMap<String, Map<String, Json>> {
    rows.iter()
        .filter_map(Json::as_object)
        .map(|row| (text(row, "namespaceName"), row.clone()))
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

/// The page of the tenant.
pub fn page(page: &Page, span: &Span) -> AnyView {
    let content = view! {
        {statistics(page, 0, None)}
        {report(page, 1, span, "chargeback")}
    };
    frame(
        Vec::new(),
        "Usage",
        "Usage".to_owned(),
        ().into_any(),
        Vec::new(),
        content.into_any(),
    )
}

/// What is there now, as tiles.
pub fn statistics(page: &Page, at: usize, quota: Option<u64>) -> AnyView {
    if let Some(failed) = page.failed(at) {
        return failed;
    }
    let map = page.map(at);
    if flag(&map, "hidden") == Some(true) {
        return view! {
            <div class="list">
                <h2 class="section-title">"Now"</h2>
                <p class="help">
                    "The tenant does not let system users administer it, so what it holds now is shown to its own users alone. Its chargeback is shown below."
                </p>
            </div>
        }
        .into_any();
    }
    let count = |name: &str| number(&map, name).map(unit::count);
    let size =
        |name: &str| number(&map, name).map(|bytes| (unit::size(bytes), unit::exact_bytes(bytes)));
    let tile = |label: &'static str, value: Option<(String, String)>, note: String| {
        let (value, title) = value.unwrap_or_else(|| ("–".to_owned(), "unknown".to_owned()));
        view! {
            <div class="tile">
                <dt>{label}</dt>
                <dd>
                    <span class="tile-value" title=title>
                        {value}
                    </span>
                    {(!note.is_empty()).then(|| view! { <span class="help">{note}</span> })}
                </dd>
            </div>
        }
    };
    let counted = |name: &str| count(name).map(|text| (text.clone(), text));
    let of = quota
        .map(|quota| format!("of {}", unit::size(quota)))
        .unwrap_or_default();
    let metadata = count("customMetadataCount")
        .map(|n| format!("{n} annotations"))
        .unwrap_or_default();
    let shredding = count("shredCount")
        .map(|n| format!("{n} objects"))
        .unwrap_or_default();
    view! {
        <div class="list">
            <h2 class="section-title">"Now"</h2>
            <dl class="tiles" data-testid="statistics">
                {tile("Objects", counted("objectCount"), "every version counts".to_owned())}
                {tile("Data", size("ingestedVolume"), of)}
                {tile("Space taken", size("storageCapacityUsed"), "with metadata and redundancy".to_owned())}
                {tile("Custom metadata", size("customMetadataSize"), metadata)}
                {tile("Waits for shredding", size("shredSize"), shredding)}
            </dl>
        </div>
    }
    .into_any()
}

const COLUMNS: &[Column] = &[
    column("namespace", "Namespace"),
    wide("from", "From"),
    wide("to", "To"),
    column("objects", "Objects"),
    column("data", "Data"),
    wide("space", "Space taken"),
    wide("in", "Received"),
    wide("out", "Sent"),
    wide("reads", "Reads"),
    wide("writes", "Writes"),
    wide("deletes", "Deletes"),
    wide("uploads", "Open uploads"),
    wide("upload-bytes", "Their size"),
    wide("complete", "Complete"),
];

/// What happened, by interval and namespace, with the range that it is about.
pub fn report(page: &Page, at: usize, span: &Span, name: &'static str) -> AnyView {
    let content = page.failed(at).unwrap_or_else(|| {
        let all = page.list(at);
        let rows = all.iter().filter_map(Json::as_object).enumerate();
        let list = List {
            name,
            caption: "Chargeback",
            noun: "record",
            columns: COLUMNS,
            rows: rows.map(|(index, row)| report_row(index, row)).collect(),
            empty: "No records in this range.",
            missing: 0,
        };
        let invalid = all
            .iter()
            .filter_map(Json::as_object)
            .any(|row| flag(row, "valid") == Some(false));
        view! {
            {invalid
                .then(|| {
                    view! {
                        <p class="alert alert-warn" data-testid="invalid-interval">
                            "Intervals that are not complete were still running, or could not be counted wholly."
                        </p>
                    }
                })}
            <DataTable list />
        }
        .into_any()
    });
    view! {
        <div class="list">
            <h2 class="section-title">"Chargeback"</h2>
            {range(span)}
            {content}
        </div>
    }
    .into_any()
}

fn report_row(index: usize, row: &Map<String, Json>) -> Row {
    let namespace = text(row, "namespaceName");
    let count = |name: &str| Cell::Count(number(row, name));
    let size = |name: &str| Cell::Size(number(row, name));
    let name = if namespace.is_empty() {
        // The store's own sum; the rows are not added up again.
        let gone = if text(row, "deleted") == "included" {
            "All, with deleted namespaces"
        } else {
            "All namespaces"
        };
        Cell::Text(gone.to_owned())
    } else {
        Cell::Link(
            namespace.clone(),
            urls::below(urls::NAMESPACES, &namespace, "chargeback"),
        )
    };
    Row {
        key: format!("{namespace}-{index}"),
        cells: vec![
            name,
            Cell::At(text(row, "startTime")),
            Cell::At(text(row, "endTime")),
            count("objectCount"),
            size("ingestedVolume"),
            size("storageCapacityUsed"),
            size("bytesIn"),
            size("bytesOut"),
            count("reads"),
            count("writes"),
            count("deletes"),
            count("multipartUploads"),
            size("multipartUploadBytes"),
            Cell::Flag(flag(row, "valid")),
        ],
        actions: Vec::new(),
    }
}

/// The form of the range: plain, since the address carries it.
fn range(span: &Span) -> AnyView {
    let path = leptos_router::hooks::use_location()
        .pathname
        .get_untracked();
    let steps = [("total", "In all"), ("day", "By day"), ("hour", "By hour")]
        .map(|(word, label)| {
            let chosen =
                span.granularity == word || (span.granularity.is_empty() && word == "total");
            view! {
                <option value=word selected=chosen>
                    {label}
                </option>
            }
        })
        .collect_view();
    view! {
        <form method="get" action=path class="range">
            <div class="field">
                <label for="range-from">"From"</label>
                <input
                    id="range-from"
                    type="date"
                    name="from"
                    class="input"
                    value=span.from.clone()
                    data-testid="range-from"
                />
            </div>
            <div class="field">
                <label for="range-to">"To"</label>
                <input
                    id="range-to"
                    type="date"
                    name="to"
                    class="input"
                    value=span.to.clone()
                    data-testid="range-to"
                />
            </div>
            <div class="field">
                <label for="range-step">"Step"</label>
                <select id="range-step" name="g" class="input input-select">
                    {steps}
                </select>
            </div>
            <button type="submit" class="button button-plain">
                "Show"
            </button>
            <p class="help">"Days in UTC. HCP keeps 180 days; nothing chosen: all of them."</p>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_sum_of_a_tenant_is_no_namespace() {
        let rows = [
            json!({"namespaceName": "a", "objectCount": 2}),
            json!({"objectCount": 2}),
            json!({"namespaceName": "", "objectCount": 2}),
        ];
        let by_name = by_namespace(&rows);
        assert_eq!(by_name.len(), 1);
        assert_eq!(number(&by_name["a"], "objectCount"), Some(2));
    }
}
