//! How long something holds that ends on a day: a licence, a certificate.

use model::Timestamp;

use super::table::{Cell, Tone};
use crate::words::system;

const DAY_MS: i64 = 86_400_000;

/// How long it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// It has no end.
    Always,
    /// So many whole days; on its last day none, and below none once it has ended.
    Days(i64),
    /// The store says it in a way that is not known, or its time is not known.
    Unknown,
}

/// The months as HCP writes them, but for their capitals.
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The day of `Jan 1, 2030`, `1/31/2030`, `2030-01-31` or of a time of such a day, at its beginning.
fn day(told: &str) -> Option<Timestamp> {
    let told = told
        .split('T')
        .next()
        .filter(|day| day.len() == 10)
        .unwrap_or(told);
    let parts: Vec<&str> = told
        .split([' ', ',', '/', '-'])
        .filter(|part| !part.is_empty())
        .collect();
    let [first, second, third] = parts.as_slice() else {
        return None;
    };
    let month = MONTHS
        .iter()
        .position(|month| {
            first
                .get(..3)
                .is_some_and(|start| start.eq_ignore_ascii_case(month))
        })
        .map(|at| at + 1);
    let (year, month, day) = match month {
        Some(month) => (*third, month, *second),
        None if first.len() == 4 => (*first, second.parse().ok()?, *third),
        None => (*third, first.parse().ok()?, *second),
    };
    let day: u8 = day.parse().ok()?;
    Timestamp::parse(&format!("{year}-{month:02}-{day:02}T00:00:00Z"))
}

/// How long something holds that ends with a day, by the store's clock.
pub fn left(expires: &str, now_ms: Option<i64>) -> Left {
    if expires.eq_ignore_ascii_case("none") {
        return Left::Always;
    }
    match day(expires).zip(now_ms) {
        Some((day, now)) => {
            Left::Days(day.unix_millis().div_euclid(DAY_MS) - now.div_euclid(DAY_MS))
        }
        None => Left::Unknown,
    }
}

impl Left {
    /// In words, with fewer days than the first of two numbers in amber, and than the second in red.
    pub fn cell(self, (soon, very_soon): (i64, i64)) -> Cell {
        match self {
            Self::Always => Cell::Text(system::does_not_expire().to_owned()),
            Self::Unknown => Cell::Text(String::new()),
            Self::Days(days) => {
                let many = days.unsigned_abs();
                let (text, order) = if days < 0 {
                    (system::ended_days_ago(many), 0)
                } else {
                    (system::days_left(many), many)
                };
                let tone = if days < very_soon {
                    Tone::Bad
                } else if days < soon {
                    Tone::Warn
                } else {
                    Tone::Plain
                };
                Cell::Toned(text, order, tone)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 22 Nov 2029, 23:30 UTC.
    const NOW: i64 = 1_890_084_600_000;

    #[test]
    fn days_are_counted_by_the_calendar_of_the_store() {
        assert_eq!(
            day("Nov 22, 2029").unwrap().unix_millis() / DAY_MS,
            NOW / DAY_MS
        );
        for (expires, expected) in [
            ("Nov 23, 2029", Left::Days(1)),
            ("Nov 22, 2029", Left::Days(0)),
            ("nov 21, 2029", Left::Days(-1)),
            ("January 1, 2030", Left::Days(40)),
            ("1/1/2030", Left::Days(40)),
            ("2030-01-01", Left::Days(40)),
            ("2030-01-01T00:00:00+0000", Left::Days(40)),
            ("None", Left::Always),
            ("", Left::Unknown),
            ("Feb 30, 2030", Left::Unknown),
            ("some day", Left::Unknown),
            ("ö 1, 2030", Left::Unknown),
        ] {
            assert_eq!(left(expires, Some(NOW)), expected, "{expires}");
        }
        assert_eq!(left("Nov 23, 2029", None), Left::Unknown);
    }

    #[test]
    fn less_than_60_days_are_amber_and_less_than_14_red() {
        for (days, text, order, tone) in [
            (-3, "ended 3 days ago", 0, Tone::Bad),
            (0, "0 days left", 0, Tone::Bad),
            (1, "1 day left", 1, Tone::Bad),
            (13, "13 days left", 13, Tone::Bad),
            (14, "14 days left", 14, Tone::Warn),
            (59, "59 days left", 59, Tone::Warn),
            (60, "60 days left", 60, Tone::Plain),
        ] {
            assert_eq!(
                Left::Days(days).cell((60, 14)),
                Cell::Toned(text.to_owned(), order, tone)
            );
        }
    }
}
