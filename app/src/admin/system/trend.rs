//! Levels as bars, and how they went since the page was opened.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::decimal;
use crate::words::system;

/// From here on a share is high.
pub const HIGH: f64 = 80.0;
/// From here on it is nearly all.
pub const FULL: f64 = 95.0;

/// The word for a share that is nearly all.
pub const NEARLY_ALL: &str = "full";

/// So many samples are kept of each figure.
const SAMPLES: usize = 120;

const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 32.0;

/// How bad a share is; nothing where it is not.
pub fn level(share: f64) -> Option<&'static str> {
    if share >= FULL {
        Some(NEARLY_ALL)
    } else if share >= HIGH {
        Some("high")
    } else {
        None
    }
}

/// What was measured while the page was open, by figure: when, in milliseconds since 1970, and how much.
#[derive(Clone, Debug, Default)]
pub struct History(BTreeMap<String, Vec<(i64, f64)>>);

impl History {
    /// Adds what was measured at a time; the same measurement is added once.
    pub fn add(&mut self, figure: String, at_ms: i64, value: f64) {
        let samples = self.0.entry(figure).or_default();
        if samples.last().is_none_or(|(last, _)| *last < at_ms) {
            samples.push((at_ms, value));
        }
        if samples.len() > SAMPLES {
            samples.remove(0);
        }
    }

    /// The samples of a figure, oldest first.
    pub fn of(&self, figure: &str) -> &[(i64, f64)] {
        self.0.get(figure).map_or(&[], Vec::as_slice)
    }
}

/// The points of a line through samples: time from left to right, `most` at the top.
fn points(samples: &[(i64, f64)], most: f64) -> String {
    let (Some((first, _)), Some((last, _))) = (samples.first(), samples.last()) else {
        return String::new();
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds that a page is open"
    )]
    let across = |at: i64| (at - first) as f64 / ((last - first).max(1)) as f64 * WIDTH;
    let points = samples.iter().map(|(at, value)| {
        let height = (value / most.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
        format!("{:.1},{:.1}", across(*at), HEIGHT - height * HEIGHT)
    });
    points.collect::<Vec<_>>().join(" ")
}

/// A share in percent as a bar, with lines where it is high and where it is nearly all.
pub fn bar(share: f64) -> AnyView {
    let class = match level(share) {
        Some(NEARLY_ALL) => "bar-full",
        Some(_) => "bar-high",
        None => "bar-fill",
    };
    view! {
        <svg
            class="level-bar"
            viewBox="0 0 100 8"
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
        >
            <rect class=class width=share.clamp(0.0, 100.0).to_string() height="8"></rect>
            {[HIGH, FULL]
                .map(|at| {
                    view! { <line class="level-line" x1=at.to_string() x2=at.to_string() y2="8"></line> }
                })
                .collect_view()}
        </svg>
    }
    .into_any()
}

/// How a figure went since the page was opened. Shares have the lines where they are high and nearly all.
pub fn line(label: &str, samples: &[(i64, f64)], is_share: bool) -> AnyView {
    if samples.len() < 2 {
        return ().into_any();
    }
    let highest = samples.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    let most = if is_share { 100.0 } else { highest };
    let unit = if is_share { " %" } else { "" };
    let said = |value: Option<&(i64, f64)>| {
        value
            .map(|(_, value)| format!("{}{unit}", decimal(*value)))
            .unwrap_or_default()
    };
    let name = system::trend_of(
        label,
        &samples.len().to_string(),
        &said(samples.first()),
        &said(samples.last()),
        &format!("{}{unit}", decimal(highest)),
    );
    let at = |share: f64| HEIGHT - share / 100.0 * HEIGHT;
    let lines = is_share.then(|| {
        [HIGH, FULL]
            .map(|share| {
                let y = at(share).to_string();
                view! { <line class="level-line" x2=WIDTH.to_string() y1=y.clone() y2=y></line> }
            })
            .collect_view()
    });
    view! {
        <svg
            class="trend"
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            preserveAspectRatio="none"
            role="img"
            aria-label=name
            data-testid="trend"
        >
            {lines}
            <polyline class="trend-line" points=points(samples, most)></polyline>
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_high_from_80_and_nearly_all_from_95_percent() {
        for (share, expected) in [
            (0.0, None),
            (79.9, None),
            (80.0, Some("high")),
            (94.9, Some("high")),
            (95.0, Some("full")),
            (120.0, Some("full")),
        ] {
            assert_eq!(level(share), expected, "{share}");
        }
    }

    #[test]
    fn a_line_goes_with_time_from_left_to_right() {
        let samples = [(1_000, 0.0), (2_000, 100.0), (5_000, 50.0), (5_000, 140.0)];
        assert_eq!(
            points(&samples, 100.0),
            "0.0,32.0 30.0,0.0 120.0,16.0 120.0,0.0"
        );
        assert_eq!(points(&[(7, 25.0)], 100.0), "0.0,24.0");
        assert_eq!(points(&[(1, 0.0), (2, 0.0)], 0.0), "0.0,32.0 120.0,32.0");
        assert_eq!(points(&[], 100.0), "");
    }

    #[test]
    fn a_measurement_counts_once_and_the_oldest_go() {
        let mut history = History::default();
        for at in [5, 5, 3, 6] {
            history.add("cpu".to_owned(), at, 1.0);
        }
        assert_eq!(history.of("cpu"), [(5, 1.0), (6, 1.0)]);
        for at in 0..500 {
            history.add("cpu".to_owned(), 10 + at, 2.0);
        }
        assert_eq!(history.of("cpu").len(), SAMPLES);
        assert_eq!(history.of("cpu").last(), Some(&(509, 2.0)));
        assert!(history.of("other").is_empty());
    }
}
