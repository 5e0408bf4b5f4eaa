//! `/system/nodes`: what each node does now, and how that went since the page was opened.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use model::{Problem, Timestamp};
use serde_json::{Map, Value as Json};

use super::{
    super::{Page, number, text, words},
    as_of, at_ms, decimal, items, nodes_path, refresh,
    trend::{self, History},
};
use crate::{api, browser, ui::Icon, unit, words::system};

/// How often an open page measures anew.
const EVERY: Duration = Duration::from_secs(15);

/// What was measured longer before it was asked for is marked.
const OLD_MS: i64 = 5 * 60 * 1_000;

/// Something that is measured.
#[derive(Clone, Debug, PartialEq)]
struct Figure {
    key: String,
    label: String,
    /// In words, with how much there could be.
    text: String,
    /// As a number, for the trend.
    value: f64,
    /// In percent of what could be, where that is known.
    share: Option<f64>,
}

/// What a node tells of itself; what it does not tell is left out.
fn figures(node: &Map<String, Json>) -> Vec<Figure> {
    let float = |name: &str| node.get(name).and_then(Json::as_f64);
    let mut all = Vec::new();
    let percent = |key: &str, label: &str, value: Option<f64>| {
        value.map(|value| Figure {
            key: key.to_owned(),
            label: label.to_owned(),
            text: format!("{} %", decimal(value)),
            value,
            share: Some(value),
        })
    };
    all.extend(percent("cpu-user", system::cpu_user(), float("cpuUser")));
    all.extend(percent(
        "cpu-system",
        system::cpu_system(),
        float("cpuSystem"),
    ));
    all.extend(percent("cpu-max", system::cpu_max(), float("cpuMax")));
    all.extend(percent("io-wait", system::io_wait(), float("ioWait")));
    all.extend(float("swapOut").map(|value| Figure {
        key: "swap".to_owned(),
        label: system::swapped().to_owned(),
        text: system::pages_per_second(&decimal(value)),
        value,
        share: None,
    }));
    for (key, label, open, most) in [
        (
            "http",
            system::http(),
            "openHttpConnections",
            "maxHttpConnections",
        ),
        (
            "https",
            system::https(),
            "openHttpsConnections",
            "maxHttpsConnections",
        ),
    ] {
        let open = number(node, open);
        all.extend(of(key, label, open, number(node, most), unit::count));
    }
    for (key, label, read, written, most) in [
        (
            "front",
            system::network_of_clients(),
            "frontEndBytesRead",
            "frontEndBytesWritten",
            "maxFrontEndBandwidth",
        ),
        (
            "back",
            system::network_of_nodes(),
            "backEndBytesRead",
            "backEndBytesWritten",
            "maxBackEndBandwidth",
        ),
        (
            "management",
            system::network_of_administrators(),
            "managementBytesRead",
            "managementBytesWritten",
            "maxManagementPortBandwidth",
        ),
    ] {
        let (read, written) = (float(read), float(written));
        let both = read
            .or(written)
            .map(|_| whole(read.unwrap_or_default() + written.unwrap_or_default()));
        let most = number(node, most).filter(|most| *most > 0);
        all.extend(of(key, label, both, most, |bytes| {
            format!("{}/s", unit::size(bytes))
        }));
    }
    for volume in items(node, "volumes") {
        all.extend(of_volume(&volume));
    }
    all
}

fn of_volume(volume: &Map<String, Json>) -> Vec<Figure> {
    let float = |name: &str| volume.get(name).and_then(Json::as_f64);
    let id = text(volume, "id");
    let mut all = Vec::new();
    let used = |total: &str, free: &str| {
        let total = number(volume, total)?;
        Some((total.saturating_sub(number(volume, free)?), total))
    };
    for (key, label, counts, words) in [
        (
            "space",
            system::space_of(&id),
            used("totalBytes", "freeBytes"),
            unit::size as fn(u64) -> String,
        ),
        (
            "inodes",
            system::inodes_of(&id),
            used("totalInodes", "freeInodes"),
            unit::count,
        ),
    ] {
        if let Some((used, total)) = counts {
            all.extend(of(
                &format!("{id}-{key}"),
                &label,
                Some(used),
                Some(total),
                words,
            ));
        }
    }
    all.extend(float("diskUtilization").map(|value| Figure {
        key: format!("{id}-busy"),
        label: system::busy_of(&id),
        text: format!("{} %", decimal(value)),
        value,
        share: Some(value),
    }));
    all.extend(float("transferSpeed").map(|value| Figure {
        key: format!("{id}-transfers"),
        label: system::transfers_of(&id),
        text: system::per_second(&decimal(value)),
        value,
        share: None,
    }));
    all
}

/// So much of so much.
#[expect(
    clippy::cast_precision_loss,
    reason = "a share is shown with three digits"
)]
fn of(
    key: &str,
    label: &str,
    value: Option<u64>,
    most: Option<u64>,
    words: impl Fn(u64) -> String,
) -> Option<Figure> {
    let value = value?;
    Some(Figure {
        key: key.to_owned(),
        label: label.to_owned(),
        text: match most {
            Some(most) => system::used_of(&words(value), &words(most)),
            None => words(value),
        },
        value: value as f64,
        share: most
            .filter(|most| *most > 0)
            .map(|most| value as f64 / most as f64 * 100.0),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate that is not negative, shown rounded"
)]
fn whole(value: f64) -> u64 {
    value.max(0.0) as u64
}

/// The page.
pub fn view(page: &Page) -> AnyView {
    if let Some(failed) = page.failed(0) {
        return failed;
    }
    view! { <Nodes first=page.map(0) /> }.into_any()
}

fn name_of(node: &Map<String, Json>) -> String {
    number(node, "nodeNumber").map_or_else(|| "–".to_owned(), |number| number.to_string())
}

fn note(history: &mut History, report: &Map<String, Json>) {
    for node in items(report, "nodes") {
        let at = at_ms(&node, "collectionTimestamp").or_else(|| at_ms(report, "requestTime"));
        for figure in figures(&node) {
            let key = format!("{}/{}", name_of(&node), figure.key);
            history.add(
                key,
                at.unwrap_or_default(),
                figure.share.unwrap_or(figure.value),
            );
        }
    }
}

#[component]
fn Nodes(
    /// What was told when the page was loaded.
    first: Map<String, Json>,
) -> AnyView {
    let mut history = History::default();
    note(&mut history, &first);
    let history = RwSignal::new(history);
    let report = RwSignal::new(first);
    let problem = RwSignal::new(None::<Problem>);
    let asking = StoredValue::new(false);
    let measure = move || {
        if asking.try_get_value() != Some(false) {
            return;
        }
        asking.set_value(true);
        spawn_local(async move {
            let answer = api::fresh(nodes_path()).await;
            let _left = asking.try_set_value(false);
            match answer {
                Ok(Json::Object(map)) => {
                    let _left = history.try_update(|history| note(history, &map));
                    let _left = report.try_set(map);
                    let _left = problem.try_set(None);
                }
                Ok(_) => {}
                Err(said) => {
                    let _left = problem.try_set(Some(said));
                }
            }
        });
    };
    Effect::new(move |_| {
        let tick = move || {
            if browser::is_visible() {
                measure();
            }
        };
        if let Ok(timer) = set_interval_with_handle(tick, EVERY) {
            on_cleanup(move || timer.clear());
        }
    });
    let time = move || {
        report.with(|report| {
            as_of(at_ms(report, "requestTime").and_then(Timestamp::from_unix_millis))
        })
    };
    let cards = move || {
        report.with(|report| {
            history.with(|history| {
                let asked = at_ms(report, "requestTime");
                let mut nodes = items(report, "nodes");
                nodes.sort_by_key(|node| number(node, "nodeNumber"));
                nodes
                    .iter()
                    .map(|node| card(node, asked, history))
                    .collect_view()
            })
        })
    };
    view! {
        <div class="measured">
            {time}
            {refresh(Callback::new(move |()| measure()))}
            <span class="help">{system::measured_every_15_seconds()}</span>
        </div>
        {move || {
            problem
                .get()
                .map(|problem| {
                    view! {
                        <p class="alert alert-warn" role="status" data-testid="state-stale">
                            {system::not_measured_anew(&problem.sentence())}
                        </p>
                    }
                })
        }}
        <div class="node-cards">{cards}</div>
    }
    .into_any()
}

fn card(node: &Map<String, Json>, asked: Option<i64>, history: &History) -> AnyView {
    let name = name_of(node);
    let id = format!("node-{name}");
    let measured = at_ms(node, "collectionTimestamp");
    let is_old = is_old(measured, asked);
    let addresses = [
        (
            system::front_addresses(),
            words(node, "frontendIpAddresses"),
        ),
        (system::back_address(), vec![text(node, "backendIpAddress")]),
        (
            system::management_addresses(),
            words(node, "managementIpAddresses"),
        ),
    ];
    let addresses = addresses
        .into_iter()
        .map(|(word, all)| (word, all.join(", ")))
        .filter(|(_, all)| !all.is_empty())
        .map(|(word, all)| {
            view! {
                <dt>{word}</dt>
                <dd class="mono">{all}</dd>
            }
        })
        .collect_view();
    let rows = figures(node)
        .into_iter()
        .map(|figure| figure_row(&figure, history.of(&format!("{name}/{}", figure.key))))
        .collect_view();
    view! {
        <section
            class="form-panel node-card"
            aria-labelledby=id.clone()
            data-testid="node-card"
            data-key=name.clone()
        >
            <div class="node-head">
                <h2 id=id.clone()>{system::node(&name)}</h2>
                {as_of(measured.and_then(Timestamp::from_unix_millis))}
                {is_old
                    .then(|| {
                        view! {
                            <span class="level-word is-high" data-testid="old-measurement">
                                <Icon name="clock" />
                                {system::older_than_5_minutes()}
                            </span>
                        }
                    })}
            </div>
            {(!addresses.is_empty()).then(|| view! { <dl class="facts">{addresses}</dl> })}
            <table class="node-figures">
                <caption class="sr-only">{system::what_the_node_does(&name)}</caption>
                <thead class="sr-only">
                    <tr>
                        <th scope="col">{system::figure()}</th>
                        <th scope="col">{system::now()}</th>
                        <th scope="col">{system::share()}</th>
                        <th scope="col">{system::since_the_page_was_opened()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

/// Whether it was measured long before it was asked for.
fn is_old(measured: Option<i64>, asked: Option<i64>) -> bool {
    measured
        .zip(asked)
        .is_some_and(|(measured, asked)| asked - measured > OLD_MS)
}

fn figure_row(figure: &Figure, samples: &[(i64, f64)]) -> AnyView {
    let level = figure.share.and_then(trend::level);
    let word = level.map(|level| {
        let is_full = level == trend::NEARLY_ALL;
        let word = if is_full {
            system::above_95()
        } else {
            system::above_80()
        };
        view! {
            <span class="level-word" class:is-full=is_full class:is-high=!is_full>
                <Icon name="alert" />
                {word}
            </span>
        }
    });
    view! {
        <tr data-key=figure.key.clone() data-level=level>
            <th scope="row">{figure.label.clone()}</th>
            <td class="node-value">
                {figure.text.clone()}
                {word}
            </td>
            <td class="node-bar">{figure.share.map(trend::bar)}</td>
            <td class="node-trend">
                {trend::line(&figure.label, samples, figure.share.is_some())}
            </td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn node(json: Json) -> Map<String, Json> {
        json.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn figures_are_what_the_node_tells_with_their_share_of_the_most() {
        let all = figures(&node(json!({
            "cpuUser": 5.1, "swapOut": 0.0,
            "openHttpConnections": 51, "maxHttpConnections": 255,
            "maxFrontEndBandwidth": 1_024_000, "frontEndBytesRead": 900_000.5, "frontEndBytesWritten": 73_000.0,
            "managementBytesRead": 10.0,
            "volumes": [{"id": "v1", "totalBytes": 1000, "freeBytes": 30, "diskUtilization": 81.0, "transferSpeed": 2.4}],
        })));
        let told = |key: &str| all.iter().find(|figure| figure.key == key).unwrap();
        assert_eq!(told("cpu-user").text, "5.1 %");
        assert_eq!(told("http").text, "51 of 255");
        assert_eq!(told("http").share, Some(20.0));
        assert_eq!(told("front").text, "950 KB/s of 0.98 MB/s");
        assert_eq!(
            told("front").share.and_then(trend::level),
            Some(trend::NEARLY_ALL)
        );
        assert_eq!(told("management").share, None);
        assert_eq!(told("v1-space").share, Some(97.0));
        assert_eq!(told("v1-busy").share.and_then(trend::level), Some("high"));
        assert_eq!(told("v1-transfers").text, "2.4 per second");
        let keys: Vec<_> = all.iter().map(|figure| figure.key.as_str()).collect();
        assert!(
            !keys.contains(&"https") && !keys.contains(&"v1-inodes"),
            "{keys:?}"
        );
    }

    #[test]
    fn a_measurement_is_old_after_five_minutes() {
        assert!(!is_old(Some(0), Some(300_000)));
        assert!(is_old(Some(0), Some(300_001)));
        assert!(!is_old(None, Some(1)) && !is_old(Some(1), None));
    }

    #[test]
    fn the_trend_has_one_line_per_node_and_figure() {
        let mut history = History::default();
        for (at, cpu) in [(10, 1.0), (10, 9.0), (20, 3.0)] {
            let report = json!({"requestTime": 99, "nodes": [
                {"nodeNumber": 101, "collectionTimestamp": at, "cpuUser": cpu},
                {"nodeNumber": 102, "collectionTimestamp": at, "cpuUser": 50.0},
            ]});
            note(&mut history, &node(report));
        }
        assert_eq!(history.of("101/cpu-user"), [(10, 1.0), (20, 3.0)]);
        assert_eq!(history.of("102/cpu-user"), [(10, 50.0), (20, 50.0)]);
    }
}
