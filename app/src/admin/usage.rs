//! `/usage`, and statistics and chargeback wherever they stand.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde_json::{Map, Value as Json};

use super::{
    Page, flag, frame, number,
    place::Span,
    spec::Say,
    table::{Cell, Column, DataTable, List, Row, column, wide},
    text,
};
use crate::{unit, urls, words::admin};

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
        admin::usage(),
        admin::usage().to_owned(),
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
                <h2 class="section-title">{admin::now()}</h2>
                <p class="help">
                    {admin::usage_hidden_from_system()}
                </p>
            </div>
        }
        .into_any();
    }
    let count = |name: &str| number(&map, name).map(unit::count);
    let size =
        |name: &str| number(&map, name).map(|bytes| (unit::size(bytes), unit::exact_bytes(bytes)));
    let tile = |label: &'static str, value: Option<(String, String)>, note: String| {
        let (value, title) = value.unwrap_or_else(|| ("–".to_owned(), admin::unknown().to_owned()));
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
        .map(|quota| admin::of_quota(&unit::size(quota)))
        .unwrap_or_default();
    let metadata = number(&map, "customMetadataCount")
        .map(admin::annotations)
        .unwrap_or_default();
    let shredding = number(&map, "shredCount")
        .map(admin::objects_counted)
        .unwrap_or_default();
    view! {
        <div class="list">
            <h2 class="section-title">{admin::now()}</h2>
            <dl class="tiles" data-testid="statistics">
                {tile(admin::objects(), counted("objectCount"), admin::every_version_counts().to_owned())}
                {tile(admin::data(), size("ingestedVolume"), of)}
                {tile(admin::space_taken(), size("storageCapacityUsed"), admin::with_metadata_and_redundancy().to_owned())}
                {tile(admin::custom_metadata(), size("customMetadataSize"), metadata)}
                {tile(admin::waits_for_shredding(), size("shredSize"), shredding)}
            </dl>
        </div>
    }
    .into_any()
}

const COLUMNS: &[Column] = &[
    column("namespace", admin::namespace),
    wide("from", admin::from),
    wide("to", admin::to),
    column("objects", admin::objects),
    column("data", admin::data),
    wide("space", admin::space_taken),
    wide("in", admin::received),
    wide("out", admin::sent),
    wide("reads", admin::reads),
    wide("writes", admin::writes),
    wide("deletes", admin::deletes),
    wide("uploads", admin::open_uploads),
    wide("upload-bytes", admin::their_size),
    wide("complete", admin::complete),
];

/// What happened, by interval and namespace, with the range that it is about.
pub fn report(page: &Page, at: usize, span: &Span, name: &'static str) -> AnyView {
    let content = page.failed(at).unwrap_or_else(|| {
        let all = page.list(at);
        let rows = all.iter().filter_map(Json::as_object).enumerate();
        let list = List {
            name,
            caption: admin::chargeback(),
            noun: admin::records_counted,
            columns: COLUMNS,
            rows: rows
                .map(|(index, row)| report_row(page, index, row))
                .collect(),
            empty: admin::no_records(),
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
                            {admin::incomplete_intervals()}
                        </p>
                    }
                })}
            <DataTable list />
        }
        .into_any()
    });
    view! {
        <div class="list">
            <h2 class="section-title">{admin::chargeback()}</h2>
            {range(span)}
            {content}
        </div>
    }
    .into_any()
}

fn report_row(page: &Page, index: usize, row: &Map<String, Json>) -> Row {
    let namespace = text(row, "namespaceName");
    let count = |name: &str| Cell::Count(number(row, name));
    let size = |name: &str| Cell::Size(number(row, name));
    let name = if namespace.is_empty() {
        // The store's own sum; the rows are not added up again.
        let gone = if text(row, "deleted") == "included" {
            admin::all_with_deleted()
        } else {
            admin::all_namespaces()
        };
        Cell::Text(gone.to_owned())
    } else {
        Cell::Link(
            namespace.clone(),
            urls::below(&page.at(urls::NAMESPACES), &namespace, "chargeback"),
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
    let path = urls::path().get_untracked();
    let steps: [(&str, Say); 3] = [
        ("total", admin::in_all),
        ("day", admin::by_day),
        ("hour", admin::by_hour),
    ];
    let steps = steps
        .map(|(word, label)| {
            let chosen =
                span.granularity == word || (span.granularity.is_empty() && word == "total");
            view! {
                <option value=word selected=chosen>
                    {label()}
                </option>
            }
        })
        .collect_view();
    view! {
        <form method="get" action=path class="range">
            <div class="field">
                <label for="range-from">{admin::from()}</label>
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
                <label for="range-to">{admin::to()}</label>
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
                <label for="range-step">{admin::step()}</label>
                <select id="range-step" name="g" class="input input-select">
                    {steps}
                </select>
            </div>
            <button type="submit" class="button button-plain">
                {admin::show()}
            </button>
            <p class="help">{admin::range_help()}</p>
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
