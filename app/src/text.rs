//! Words and names as a person reads them.

use std::fmt::Write as _;

use model::{
    Timestamp,
    id::{BucketNameFault, FolderNameFault},
    mapi::password::{MAX_LENGTH, PasswordRequirement},
};

use crate::{
    unit,
    words::{buckets, files, general, session},
};

/// A name with what cannot be seen made visible: control characters and bidirectional overrides as
/// escapes, blanks at the ends as `␣`, an empty name as `(empty)`.
pub fn visible_name(name: &str) -> String {
    if name.is_empty() {
        return general::empty_name().to_owned();
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

/// A text as the HTML within a `<textarea>`. As a child it would not be escaped there, and a blank where it is empty.
pub fn in_area(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Characters that change how their neighbours look without being seen themselves.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The time in UTC, the same on server and browser: `21 Nov 2026, 09:12 UTC`.
pub fn utc(time: Timestamp) -> String {
    format!("{} UTC", at(time))
}

/// What a password has to be.
pub fn password_rule(rule: PasswordRequirement) -> String {
    let number = |number: usize| unit::count(number as u64);
    match rule {
        PasswordRequirement::Length(least) => {
            session::password_length(&number(least), &number(MAX_LENGTH))
        }
        PasswordRequirement::Mixed => session::password_mixed().to_owned(),
        PasswordRequirement::UpperCase(least) => session::password_upper_case(&number(least)),
        PasswordRequirement::LowerCase(least) => session::password_lower_case(&number(least)),
        PasswordRequirement::Digits(least) => session::password_digits(&number(least)),
        PasswordRequirement::Others(least) => session::password_others(&number(least)),
        PasswordRequirement::NoUsername => session::password_no_username().to_owned(),
        PasswordRequirement::Uncommon => session::password_uncommon().to_owned(),
    }
}

/// Why no bucket can be made under a name.
pub fn bucket_name_fault(fault: BucketNameFault) -> &'static str {
    match fault {
        BucketNameFault::Length => buckets::name_length(),
        BucketNameFault::Capital => buckets::name_capital(),
        BucketNameFault::Character => buckets::name_character(),
        BucketNameFault::CharacterOrDot => buckets::name_character_or_dot(),
        BucketNameFault::Edge => buckets::name_edge(),
        BucketNameFault::Punycode => buckets::name_punycode(),
    }
}

/// Why no folder can be made under a name.
pub fn folder_name_fault(fault: FolderNameFault) -> &'static str {
    match fault {
        FolderNameFault::Empty => files::folder_name_empty(),
        FolderNameFault::EmptySegment => files::folder_name_empty_part(),
        FolderNameFault::Dots => files::folder_name_dots(),
        FolderNameFault::Control => files::folder_name_control(),
        FolderNameFault::Reserved => files::folder_name_reserved(),
        FolderNameFault::TooLong => files::folder_name_too_long(),
    }
}

fn at(time: Timestamp) -> String {
    let t = time.inner();
    let month = usize::from(u8::from(t.month())) - 1;
    let month = general::months().split(' ').nth(month).unwrap_or_default();
    format!(
        "{} {month} {}, {:02}:{:02}",
        t.day(),
        t.year(),
        t.hour(),
        t.minute()
    )
}

/// The time as a person at their own clock reads it: relative within 7 days, else the date and time
/// at `offset_minutes` east of UTC; without an offset in UTC.
pub fn relative(time: Timestamp, now: Timestamp, offset_minutes: Option<i64>) -> String {
    let passed = now.unix_seconds() - time.unix_seconds();
    match passed {
        // A store's clock may be a little ahead.
        -300..=59 => general::just_now().to_owned(),
        60..=3_599 => general::minutes_ago(&(passed / 60).to_string()),
        3_600..=86_399 => general::hours_ago(&(passed / 3_600).to_string()),
        86_400..=604_799 => general::days_ago(&(passed / 86_400).to_string()),
        _ => offset_minutes.map_or_else(|| utc(time), |offset| local(time, offset)),
    }
}

/// How much time is left until then, in words: exact where it is little, rounded where it is much.
pub fn left(time: Timestamp, now: Timestamp) -> String {
    let seconds = u64::try_from(time.unix_seconds() - now.unix_seconds()).unwrap_or(0);
    let rounded = |unit: u64| (seconds + unit / 2) / unit;
    let (minutes, hours, days) = (rounded(60), rounded(3_600), rounded(86_400));
    if seconds == 0 {
        files::left_over().to_owned()
    } else if minutes == 0 {
        files::left_moment().to_owned()
    } else if minutes < 120 && minutes != 60 {
        files::left_minutes(minutes)
    } else if hours < 48 && hours != 24 {
        files::left_hours(hours)
    } else {
        files::left_days(days)
    }
}

/// Date and time at `offset_minutes` east of UTC: `21 Nov 2026, 09:12`.
pub fn local(time: Timestamp, offset_minutes: i64) -> String {
    let shifted = Timestamp::from_unix_seconds(time.unix_seconds() + offset_minutes * 60);
    at(shifted.unwrap_or(time))
}

/// A line of a file for spreadsheets, which take a cell for a formula that begins like one.
pub fn csv_line(cells: impl IntoIterator<Item = String>) -> String {
    let quoted = |cell: String| {
        let cell = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            format!("'{cell}")
        } else {
            cell
        };
        if cell.contains(['"', ',', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell
        }
    };
    let cells: Vec<String> = cells.into_iter().map(quoted).collect();
    cells.join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn what_is_left_is_said_in_words() {
        let now = read("2026-11-21T09:12:00Z");
        let of = |seconds: i64| {
            let time = Timestamp::from_unix_seconds(now.unix_seconds() + seconds);
            left(time.unwrap(), now)
        };
        for (seconds, words) in [
            (-5, "being removed"),
            (0, "being removed"),
            (20, "less than a minute left"),
            (60, "1 minute left"),
            (1_800, "30 minutes left"),
            // Directly after an hour was asked for.
            (3_598, "1 hour left"),
            (5_400, "90 minutes left"),
            (10_000, "3 hours left"),
            (86_395, "1 day left"),
            (604_790, "7 days left"),
            (31_536_000, "365 days left"),
        ] {
            assert_eq!(of(seconds), words, "{seconds}");
        }
    }

    #[test]
    fn what_is_typed_stays_within_its_area() {
        assert_eq!(in_area("a</textarea>&lt;"), "a&lt;/textarea>&amp;lt;");
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
    fn times_are_relative_within_seven_days() {
        let now = read("2026-11-21T12:00:00Z");
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
            assert_eq!(relative(read(time), now, Some(60)), shown, "{time}");
        }
    }

    #[test]
    fn both_sides_write_the_same_utc() {
        assert_eq!(utc(read("2026-01-02T03:04:59Z")), "2 Jan 2026, 03:04 UTC");
        assert_eq!(local(read("2026-12-31T23:30:00Z"), 60), "1 Jan 2027, 00:30");
        assert_eq!(
            local(read("2026-12-31T23:30:00Z"), -330),
            "31 Dec 2026, 18:00"
        );
    }

    #[test]
    fn a_line_for_spreadsheets_holds_no_formula() {
        let cells = ["a,b", "=cmd()", "-1", "say \"x\"", "plain"];
        assert_eq!(
            csv_line(cells.map(str::to_owned)),
            "\"a,b\",'=cmd(),'-1,\"say \"\"x\"\"\",plain\r\n"
        );
    }
}
