//! What the bucket held day by day, where the store keeps account of it: a picture, and the same as a table.

use http::Method;
use leptos::prelude::*;
use model::{
    BucketName, Endpoint as _, Timestamp,
    mapi::{
        Granularity,
        calls::{GetNamespaceChargeback, Period},
        edit,
    },
    session::Session,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{listing::Place, table::signed};
use crate::{api, text::utc, unit, urls, words::usage};

/// How many days can be looked at; the first unless another is asked for.
const SPANS: [usize; 3] = [30, 90, 180];

/// A day of the namespace behind the bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Day {
    /// When it begins.
    begin: Timestamp,
    /// The space that was taken at its end, in bytes.
    space: u64,
    /// The objects at its end; every version counts.
    objects: u64,
    /// Bytes that were sent in.
    received: u64,
    /// Bytes that were sent out.
    sent: u64,
    /// Whether all of it was counted.
    whole: bool,
}

impl Day {
    fn read(row: &Json) -> Option<Self> {
        let number = |name: &str| row.get(name).and_then(Json::as_u64);
        let begin = row.get("startTime")?.as_str()?;
        Some(Self {
            begin: Timestamp::parse_hcp(begin)?,
            space: number("storageCapacityUsed")?,
            objects: number("objectCount").unwrap_or(0),
            received: number("bytesIn").unwrap_or(0),
            sent: number("bytesOut").unwrap_or(0),
            whole: row.get("valid").and_then(Json::as_bool) != Some(false),
        })
    }

    fn name(&self) -> String {
        let time = utc(self.begin);
        time.split_once(',')
            .map_or(time.clone(), |(day, _)| day.to_owned())
    }
}

/// Asks for all days that the store keeps, where the session may know; the oldest first.
pub(super) async fn history(session: &Session, bucket: &BucketName) -> Option<Vec<Day>> {
    let may = [session.rights.monitor, session.rights.admin];
    let tenant_name = session
        .tenant
        .clone()
        .filter(|_| session.features.management && may.iter().any(|right| right.is_possible()))?;
    let report = GetNamespaceChargeback {
        tenant_name,
        ns_name: bucket.to_string(),
        query: Period {
            granularity: Some(Granularity::Day),
            ..Period::default()
        },
    };
    let report = api::raw(Method::GET, report.path(), None).await.ok()?;
    let mut days: Vec<_> = edit::items("chargebackData", &report)
        .iter()
        .filter_map(Day::read)
        .collect();
    days.sort_by_key(|day| day.begin.unix_seconds());
    Some(days)
}

/// Each day's column: where it begins, how wide and how high it is, of a width of 1,000 and a height of 100.
fn columns(days: &[Day], span: usize) -> Vec<[f64; 3]> {
    let real = |number: u64| u32::try_from(number).map_or(f64::from(u32::MAX), f64::from);
    let most = days.iter().map(|day| day.space).max().unwrap_or(0).max(1);
    // Shares in steps of a thousandth, so that numbers of any size are drawn exactly enough.
    let share = |space: u64| u128::from(space) * 1_000 / u128::from(most);
    let width = 1_000.0 / real(span.max(1) as u64);
    let first = span.saturating_sub(days.len());
    let column = |(at, day): (usize, &Day)| {
        let high = u64::try_from(share(day.space)).map_or(0.0, real) / 10.0;
        [real((first + at) as u64) * width, width * 0.8, high]
    };
    days.iter().enumerate().map(column).collect()
}

/// What has changed from the first day to the last.
fn summary(days: &[Day]) -> String {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return usage::no_days().to_owned();
    };
    let (space, objects) = (unit::size(last.space), last.objects);
    if days.len() < 2 {
        return usage::day_one(&last.name(), &space, objects);
    }
    let growth = i128::from(last.space) - i128::from(first.space);
    let growth = signed(growth, unit::size);
    usage::since_day(&last.name(), &space, objects, &growth, &first.name())
}

#[component]
pub(super) fn History(place: Place, days: Vec<Day>) -> impl IntoView {
    let query = urls::query();
    let span = Memo::new(move |_| {
        let asked = query.with(|query| query.get("days").and_then(|days| days.parse().ok()));
        asked
            .filter(|days| SPANS.contains(days))
            .unwrap_or(SPANS[0])
    });
    let days = StoredValue::new(days);
    let spans = SPANS.map(|length| {
        let href = place.with_days(length);
        let current = move || (span.get() == length).then_some("true");
        view! {
            <a href=href class="segment" aria-current=current>
                {usage::days(length as u64)}
            </a>
        }
    });
    view! {
        <section class="usage-history" aria-labelledby="usage-history" data-testid="usage-history">
            <div class="usage-head">
                <h2 id="usage-history" class="section-title">
                    {usage::over_time()}
                </h2>
                <nav class="segments" aria-label=usage::length()>
                    {spans.collect_view()}
                </nav>
            </div>
            {move || {
                let span = span.get();
                days.with_value(|days| {
                    let from = days.len().saturating_sub(span);
                    drawn(days.get(from..).unwrap_or_default(), span)
                })
            }}
        </section>
    }
    .into_any()
}

/// The picture and the table of some days.
fn drawn(days: &[Day], span: usize) -> AnyView {
    let said = summary(days);
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return view! { <p class="help">{said}</p> }.into_any();
    };
    let most = days.iter().map(|day| day.space).max().unwrap_or(0);
    let bars = columns(days, span)
        .into_iter()
        .zip(days)
        .map(|([x, width, high], day)| {
            let tip = usage::day_tip(&day.name(), &unit::size(day.space), day.objects);
            view! {
                <rect
                    x=format!("{x:.2}")
                    y=format!("{:.1}", 100.0 - high)
                    width=format!("{width:.2}")
                    height=format!("{high:.1}")
                    class:is-partial=!day.whole
                >
                    <title>{tip}</title>
                </rect>
            }
        });
    let cell = |label: &'static str, text: String| {
        view! {
            <td class="numeric" data-label=label>
                {text}
            </td>
        }
    };
    let partial = days.iter().any(|day| !day.whole);
    let rows = days.iter().rev().map(|day| {
        view! {
            <tr>
                <th scope="row">{day.name()}</th>
                {cell(usage::space_taken(), unit::size(day.space))}
                {cell(usage::objects(), unit::count(day.objects))}
                {cell(usage::received(), unit::size(day.received))}
                {cell(usage::sent(), unit::size(day.sent))}
            </tr>
        }
    });
    let first = (days.len() > 1).then(|| first.name());
    view! {
        <p data-testid="history-summary">{said.clone()}</p>
        <svg
            class="usage-bars"
            role="img"
            aria-label=said
            viewBox="0 0 1000 100"
            preserveAspectRatio="none"
            data-testid="chart-usage"
            data-days=days.len().to_string()
        >
            {bars.collect_view()}
        </svg>
        <div class="usage-axis">
            <span>{first}</span>
            <span>{usage::at_most(&unit::size(most))}</span>
            <span>{last.name()}</span>
        </div>
        {partial.then(|| view! { <p class="help">{usage::partial_days()}</p> })}
        <details>
            <summary>{usage::days_as_table()}</summary>
            <div class="table-frame" role="region" aria-label=usage::days_as_table() tabindex="0">
                <table class="table table-cards usage-table" data-testid="history-table">
                    <thead>
                        <tr>
                            <th scope="col">{usage::day()}</th>
                            <th scope="col">{usage::space_taken()}</th>
                            <th scope="col">{usage::objects()}</th>
                            <th scope="col">{usage::received()}</th>
                            <th scope="col">{usage::sent()}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn day(day: u32, space: u64) -> Day {
        let row = json!({
            "startTime": format!("2026-11-{day:02}T00:00:00+0000"),
            "storageCapacityUsed": space, "objectCount": 2, "valid": day != 3,
        });
        Day::read(&row).unwrap()
    }

    #[test]
    fn the_last_day_is_at_the_right_and_the_greatest_at_the_top() {
        let days = [day(1, 50), day(2, 0), day(3, 100)];
        let drawn = columns(&days, 4);
        let high: Vec<_> = drawn.iter().map(|[_, _, high]| high.round()).collect();
        assert_eq!(high, [50.0, 0.0, 100.0]);
        let left: Vec<_> = drawn.iter().map(|[x, ..]| x.round()).collect();
        assert_eq!(left, [250.0, 500.0, 750.0]);
        assert!(!days[2].whole && days[0].whole);
        assert!(columns(&[], 30).is_empty());
        // Sizes beyond what 32 bits hold keep their proportion.
        let large = columns(&[day(1, u64::MAX / 2), day(2, u64::MAX)], 2);
        assert!((large[0][2] - 50.0).abs() < 0.2 && (large[1][2] - 100.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_sentence_says_what_has_changed() {
        assert_eq!(
            summary(&[day(1, 1_024), day(2, 3_072)]),
            "2 Nov 2026: 3 KB in 2 objects, +2 KB since 1 Nov 2026."
        );
        assert_eq!(summary(&[day(1, 1_024)]), "1 Nov 2026: 1 KB in 2 objects.");
        assert!(!summary(&[]).is_empty());
        assert_eq!(Day::read(&json!({"startTime": "then"})), None);
    }
}
