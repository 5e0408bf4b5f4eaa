//! Sizes, rates and durations as the console shows them, in the language in force.

use std::fmt::Write as _;

pub use catalogue::count;

use crate::words::general;

const LABELS: [&str; 6] = ["B", "KB", "MB", "GB", "TB", "PB"];

/// A size with three significant digits: `0 B`, `1.5 KB`, `25 MB`, `1.21 TB`.
pub fn size(bytes: u64) -> String {
    let mut unit = 0;
    let mut scale = 1_u64;
    while unit + 1 < LABELS.len() && bytes / scale >= 1024 {
        scale <<= 10;
        unit += 1;
    }
    if unit == 0 {
        return format!("{bytes} B");
    }
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let value = bytes as f64 / scale as f64;
    let (value, unit) = if value >= 999.5 && unit + 1 < LABELS.len() {
        (value / 1024.0, unit + 1)
    } else {
        (value, unit)
    };
    let digits = if value >= 99.95 {
        0
    } else if value >= 9.995 {
        1
    } else {
        2
    };
    let text = format!("{value:.digits$}");
    let text = if digits > 0 {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    format!("{} {}", catalogue::decimals(text), LABELS[unit])
}

/// The exact byte count: `26,214,400 bytes`.
pub fn exact_bytes(bytes: u64) -> String {
    general::bytes(bytes)
}

/// A rate in bytes per second: `84.2 MB/s`, `< 1 KB/s`.
pub fn rate(bytes_per_second: f64) -> String {
    if bytes_per_second < 1024.0 {
        return "< 1 KB/s".to_owned();
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and shown rounded"
    )]
    let bytes = bytes_per_second as u64;
    format!("{}/s", size(bytes))
}

/// A duration in its two largest units: `2 h 14 min`, `45 s`.
pub fn duration(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let mut rest = seconds;
    let mut out = String::new();
    let mut shown = 0;
    for (length, label) in UNITS {
        let n = rest / length;
        rest %= length;
        if shown == 0 && n == 0 {
            continue;
        }
        if n > 0 {
            let _ = write!(out, "{}{n} {label}", if shown == 0 { "" } else { " " });
        }
        shown += 1;
        if shown == 2 {
            break;
        }
    }
    if out.is_empty() {
        "0 s".to_owned()
    } else {
        out
    }
}

/// The time left, rounded: `about 12 min left`.
pub fn time_left(seconds: u64) -> String {
    let rounded = match seconds {
        0..60 => seconds.div_ceil(5) * 5,
        60..600 => seconds.div_ceil(30) * 30,
        600..7_200 => seconds.div_ceil(60) * 60,
        _ => seconds.div_ceil(600) * 600,
    };
    general::about_left(&duration(rounded.max(5)))
}

#[cfg(test)]
mod tests {
    use model::unit::{GB, MB};

    use super::*;

    #[test]
    fn sizes_have_three_digits() {
        for (bytes, text) in [
            (0, "0 B"),
            (1, "1 B"),
            (1023, "1023 B"),
            (1024, "1 KB"),
            (1536, "1.5 KB"),
            (25 * MB, "25 MB"),
            (300 * MB, "300 MB"),
            (1023 * MB, "1 GB"),
            (GB, "1 GB"),
            (1_331_439_861_760, "1.21 TB"),
            (u64::MAX, "16384 PB"),
        ] {
            assert_eq!(size(bytes), text, "{bytes}");
        }
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1000), "1,000");
        assert_eq!(count(26_214_400), "26,214,400");
        assert_eq!(exact_bytes(1), "1 byte");
    }

    #[test]
    fn durations_have_two_units() {
        assert_eq!(duration(0), "0 s");
        assert_eq!(duration(59), "59 s");
        assert_eq!(duration(60), "1 min");
        assert_eq!(duration(61), "1 min 1 s");
        assert_eq!(duration(2 * 3600 + 14 * 60 + 9), "2 h 14 min");
        assert_eq!(duration(86_400), "1 d");
        assert_eq!(time_left(1), "about 5 s left");
        assert_eq!(time_left(700), "about 12 min left");
    }

    #[test]
    fn slow_rates_are_not_zero() {
        assert_eq!(rate(0.0), "< 1 KB/s");
        assert_eq!(rate(88_289_280.0), "84.2 MB/s");
    }
}
