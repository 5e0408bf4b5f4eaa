//! How a link does: its numbers, and what goes in a second while one looks.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use model::{
    Endpoint,
    mapi::calls::{GetLink, Verbose},
};
use serde_json::{Map, Value as Json};

use super::{
    super::{number, table::Cell, text},
    act, status_words, type_word,
};
use crate::{
    api, browser, unit,
    words::{admin, replication},
};

/// How often a link is asked while its page is looked at.
const PAUSE: Duration = Duration::from_secs(10);
/// How many of the last answers are drawn.
const KEPT: usize = 60;

/// The section.
pub fn page(name: &str, link: &Map<String, Json>) -> AnyView {
    let now = RwSignal::new(link.clone());
    let rates = RwSignal::new(Vec::from_iter(rate_of(link)));
    watch(name.to_owned(), now, rates);
    view! {
        {move || now.with(facts)}
        <section class="form-panel">
            <h2>{replication::rate()}</h2>
            {move || rates.with(|rates| chart(rates))}
        </section>
    }
    .into_any()
}

fn statistics(link: &Map<String, Json>) -> Map<String, Json> {
    let statistics = link.get("statistics").and_then(Json::as_object);
    statistics.cloned().unwrap_or_default()
}

fn rate_of(link: &Map<String, Json>) -> Option<f64> {
    statistics(link)
        .get("bytesPerSecond")
        .and_then(Json::as_f64)
        .filter(|rate| rate.is_finite() && *rate >= 0.0)
}

/// Asks again and again while somebody looks. A question that fails leaves what is there.
fn watch(name: String, now: RwSignal<Map<String, Json>>, rates: RwSignal<Vec<f64>>) {
    let path = StoredValue::new(
        GetLink {
            link_name: name,
            query: Verbose(true),
        }
        .path(),
    );
    Effect::new(move |_| {
        let tick = set_interval_with_handle(
            move || {
                if !browser::is_visible() {
                    return;
                }
                let Some(path) = path.try_get_value() else {
                    return;
                };
                spawn_local(async move {
                    if let Ok(Json::Object(mut link)) =
                        api::raw(http::Method::GET, path, None).await
                    {
                        link.retain(|_, value| !value.is_null());
                        if let Some(rate) = rate_of(&link) {
                            rates.try_update(|rates| {
                                rates.push(rate);
                                let over = rates.len().saturating_sub(KEPT);
                                rates.drain(..over);
                            });
                        }
                        let _gone = now.try_set(link);
                    }
                });
            },
            PAUSE,
        );
        if let Ok(tick) = tick {
            on_cleanup(move || tick.clear());
        }
    });
}

#[expect(clippy::too_many_lines, reason = "a table: each number with its word")]
fn facts(link: &Map<String, Json>) -> AnyView {
    let told = statistics(link);
    let count = |name: &str| Cell::Count(number(&told, name));
    let size = |name: &str| Cell::Size(number(&told, name));
    let rate = |name: &str, said: fn(f64) -> String| {
        let rate = told.get(name).and_then(Json::as_f64);
        Cell::Text(rate.map(said).unwrap_or_default())
    };
    let per_second = |rate: f64| replication::per_second(&format!("{rate:.1}"));
    let rows = [
        (
            replication::up_to_date(),
            Cell::When(text(&told, "upToDateAsOfString")),
        ),
        (replication::objects_wait_here(), count("objectsPending")),
        (replication::bytes_wait_here(), size("bytesPending")),
        (
            replication::objects_wait_there(),
            count("objectsPendingRemote"),
        ),
        (replication::bytes_wait_there(), size("bytesPendingRemote")),
        (
            replication::objects_replicated(),
            count("objectsReplicated"),
        ),
        (replication::bytes_replicated(), size("bytesReplicated")),
        (
            replication::operations(),
            rate("operationsPerSecond", per_second),
        ),
        (replication::errors(), count("errors")),
        (
            replication::errors_per_second(),
            rate("errorsPerSecond", per_second),
        ),
        (replication::objects_verified(), count("objectsVerified")),
        (
            replication::objects_again(),
            count("objectsReplicatedAfterVerification"),
        ),
    ];
    let rows = rows
        .into_iter()
        .map(|(label, cell)| {
            view! {
                <dt>{label}</dt>
                <dd>{cell.view()}</dd>
            }
        })
        .collect_view();
    let status = status_words(link);
    let phase = act::facts(link).phase;
    let class = match text(link, "status").as_str() {
        "GOOD" => "alert alert-info",
        "WARNING" => "alert alert-warn",
        _ => "alert alert-danger",
    };
    let told = if status.is_empty() {
        admin::unknown().to_owned()
    } else {
        status.join(" – ")
    };
    let description = text(link, "description");
    view! {
        <p class=class data-testid="link-status">
            {told}
        </p>
        {(phase == act::Phase::Broken)
            .then(|| {
                view! {
                    <p class="note" data-testid="not-connected">
                        {replication::not_connected()}
                    </p>
                }
            })}
        <section class="form-panel">
            <h2>{replication::link()}</h2>
            <dl class="facts facts-wide">
                <dt>{replication::link_type()}</dt>
                <dd>{type_word(link)}</dd>
                {(!description.is_empty())
                    .then(|| {
                        view! {
                            <dt>{replication::description()}</dt>
                            <dd>{description}</dd>
                        }
                    })}
                {rows}
            </dl>
        </section>
    }
    .into_any()
}

/// The width and height of the chart, in units of its own.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 120.0;

/// The points of the line, from the left to the right; the greatest rate is at the top.
fn points(rates: &[f64]) -> String {
    let most = rates.iter().copied().fold(1.0, f64::max);
    let steps = u32::try_from(KEPT - 1).map_or(1.0, f64::from);
    let first = KEPT - rates.len().min(KEPT);
    let each = rates.iter().enumerate().map(|(at, rate)| {
        let at = u32::try_from(first + at).map_or(0.0, f64::from);
        format!(
            "{:.1},{:.1}",
            at / steps * WIDTH,
            HEIGHT - rate / most * HEIGHT
        )
    });
    each.collect::<Vec<_>>().join(" ")
}

fn chart(rates: &[f64]) -> AnyView {
    let (Some(last), most) = (rates.last(), rates.iter().copied().fold(0.0, f64::max)) else {
        return view! { <p class="help">{replication::no_rate()}</p> }.into_any();
    };
    let sentence = replication::rate_now(&unit::rate(*last), &unit::rate(most));
    view! {
        <svg
            class="rate-chart"
            role="img"
            aria-label=sentence.clone()
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            preserveAspectRatio="none"
            data-testid="chart-rate"
            data-points=rates.len().to_string()
        >
            <line x1="0" x2=WIDTH.to_string() y1=HEIGHT.to_string() y2=HEIGHT.to_string()></line>
            <polyline points=points(rates)></polyline>
        </svg>
        <p class="help">{sentence}</p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_rate_is_at_the_right_and_the_greatest_at_the_top() {
        assert_eq!(points(&[]), "");
        assert_eq!(points(&[0.0]), "600.0,120.0");
        let line = points(&[50.0, 100.0, 0.0]);
        let points: Vec<&str> = line.split(' ').collect();
        assert_eq!(points.len(), 3);
        assert!(
            points[0].ends_with(",60.0") && points[1].ends_with(",0.0"),
            "{line}"
        );
        assert_eq!(points[2], "600.0,120.0");
    }
}
