//! Words and names as a person reads them.

use std::fmt::Write as _;

use model::{Timestamp, unit};

/// A name with what cannot be seen made visible: control characters and bidirectional overrides as
/// escapes, blanks at the ends as `␣`, an empty name as `(empty)`.
pub fn visible_name(name: &str) -> String {
    if name.is_empty() {
        return "(empty)".to_owned();
    }
    let leading = name.len() - name.trim_start_matches(' ').len();
    let trailing = name.trim_end_matches(' ').len();
    let mut out = String::with_capacity(name.len());
    for (at, character) in name.char_indices() {
        match character {
            ' ' if at < leading || at >= trailing => out.push('␣'),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || is_invisible(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// Characters that change how their neighbours look without being seen themselves.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A count with its noun: `1 file`, `1,200 files`.
pub fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", unit::count(number as u64))
}

/// The parts of a selection in words: `2 folders and 3 files`, `1 object`.
pub fn folders_and_files(folders: usize, files: usize) -> String {
    match (folders, files) {
        (0, files) => counted(files, "file"),
        (folders, 0) => counted(folders, "folder"),
        (folders, files) => {
            format!(
                "{} and {}",
                counted(folders, "folder"),
                counted(files, "file")
            )
        }
    }
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The time in UTC, the same on server and browser: `21 Nov 2026, 09:12 UTC`.
pub fn utc(time: Timestamp) -> String {
    let t = time.inner();
    format!(
        "{} {} {}, {:02}:{:02} UTC",
        t.day(),
        MONTHS[usize::from(u8::from(t.month())) - 1],
        t.year(),
        t.hour(),
        t.minute()
    )
}

/// The time as a person at their own clock reads it: relative within 7 days, else the date and time
/// at `offset_minutes` east of UTC.
pub fn relative(time: Timestamp, now: Timestamp, offset_minutes: i64) -> String {
    let passed = now.unix_seconds() - time.unix_seconds();
    match passed {
        // A store's clock may be a little ahead.
        -300..=59 => "just now".to_owned(),
        60..=3_599 => format!("{} min ago", passed / 60),
        3_600..=86_399 => format!("{} h ago", passed / 3_600),
        86_400..=604_799 => format!("{} d ago", passed / 86_400),
        _ => local(time, offset_minutes),
    }
}

/// Date and time at `offset_minutes` east of UTC: `21 Nov 2026, 09:12`.
pub fn local(time: Timestamp, offset_minutes: i64) -> String {
    let shifted = Timestamp::from_unix_seconds(time.unix_seconds() + offset_minutes * 60);
    let text = utc(shifted.unwrap_or(time));
    text.trim_end_matches(" UTC").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        for (name, shown) in [
            ("scan-004.tif", "scan-004.tif"),
            ("a b", "a b"),
            (" a ", "␣a␣"),
            ("   ", "␣␣␣"),
            ("", "(empty)"),
            ("a\tb\nc\r", "a\\tb\\nc\\r"),
            ("a\u{7}b", "a\\u{7}b"),
            ("exe.\u{202e}gpj", "exe.\\u{202e}gpj"),
            ("zero\u{200b}width", "zero\\u{200b}width"),
            ("räksmörgås 😀", "räksmörgås 😀"),
            ("مرحبا", "مرحبا"),
        ] {
            assert_eq!(visible_name(name), shown, "{name:?}");
        }
    }

    #[test]
    fn counts_agree_with_their_nouns() {
        assert_eq!(counted(1, "file"), "1 file");
        assert_eq!(counted(0, "file"), "0 files");
        assert_eq!(counted(34_100, "object"), "34,100 objects");
        assert_eq!(folders_and_files(2, 1), "2 folders and 1 file");
        assert_eq!(folders_and_files(1, 0), "1 folder");
        assert_eq!(folders_and_files(0, 3), "3 files");
    }

    #[test]
    fn times_are_relative_within_seven_days() {
        let now = at("2026-11-21T12:00:00Z");
        for (time, shown) in [
            ("2026-11-21T12:00:20Z", "just now"),
            ("2026-11-21T11:59:01Z", "just now"),
            ("2026-11-21T11:59:00Z", "1 min ago"),
            ("2026-11-21T09:00:00Z", "3 h ago"),
            ("2026-11-20T11:00:00Z", "1 d ago"),
            ("2026-11-14T12:00:01Z", "6 d ago"),
            ("2026-11-14T12:00:00Z", "14 Nov 2026, 13:00"),
            ("2026-11-22T12:00:00Z", "22 Nov 2026, 13:00"),
        ] {
            assert_eq!(relative(at(time), now, 60), shown, "{time}");
        }
    }

    #[test]
    fn both_sides_write_the_same_utc() {
        assert_eq!(utc(at("2026-01-02T03:04:59Z")), "2 Jan 2026, 03:04 UTC");
        assert_eq!(local(at("2026-12-31T23:30:00Z"), 60), "1 Jan 2027, 00:30");
        assert_eq!(
            local(at("2026-12-31T23:30:00Z"), -330),
            "31 Dec 2026, 18:00"
        );
    }
}
