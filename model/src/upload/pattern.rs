//! Patterns of target paths: under which path below the open folder the files of a batch are stored.

use std::fmt::Write as _;

use ::time::{Date, Duration, Month};

use super::record::name_of;
use crate::Timestamp;

/// A day, as `{date}` writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(Date);

impl Day {
    /// A day of the calendar; `None` where there is none.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = Month::try_from(month).ok()?;
        Date::from_calendar_date(year, month, day).ok().map(Self)
    }

    /// The day of a time where the clock is so many minutes ahead of UTC.
    pub fn of(time: Timestamp, minutes_ahead: i64) -> Option<Self> {
        let there = time.inner().checked_add(Duration::minutes(minutes_ahead))?;
        Some(Self(there.date()))
    }
}

/// What stands for something of the file or of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Path,
    Name,
    Folder,
    Date,
}

impl Field {
    const ALL: [(&'static str, Self); 4] = [
        ("path", Self::Path),
        ("name", Self::Name),
        ("folder", Self::Folder),
        ("date", Self::Date),
    ];
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Field(Field),
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternFault {
    /// Nothing is there.
    #[error("A pattern is needed, such as {{path}}")]
    Empty,
    /// A word in braces that stands for nothing.
    #[error("{{{0}}} stands for nothing; {{path}}, {{name}}, {{folder}} and {{date}} do")]
    Unknown(String),
    /// A brace without its counterpart.
    #[error("A brace has no counterpart; write {{{{ or }}}} for the sign itself")]
    Brace,
    /// The path of a folder.
    #[error("The pattern ends in a slash; add {{name}} or {{path}} behind it")]
    Folder,
}

/// A pattern: text, and `{path}`, `{name}`, `{folder}`, `{date}` for the file's path, its name, the
/// folders above it, and the day. Braces themselves are written twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

impl Default for Pattern {
    fn default() -> Self {
        Self(vec![Piece::Field(Field::Path)])
    }
}

impl Pattern {
    /// The pattern by which every file keeps its path.
    pub const PLAIN: &'static str = "{path}";

    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, PatternFault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PatternFault::Empty);
        }
        if text.ends_with('/') {
            return Err(PatternFault::Folder);
        }
        let (mut pieces, mut plain) = (Vec::new(), String::new());
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            plain.push_str(before);
            if let Some(after) = from.strip_prefix("{{") {
                plain.push('{');
                rest = after;
            } else if let Some(after) = from.strip_prefix("}}") {
                plain.push('}');
                rest = after;
            } else {
                let inner = from.strip_prefix('{').ok_or(PatternFault::Brace)?;
                let (word, after) = inner.split_once('}').ok_or(PatternFault::Brace)?;
                let field = Field::ALL.iter().find(|(name, _)| *name == word);
                let (_, field) = field.ok_or_else(|| PatternFault::Unknown(word.to_owned()))?;
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Field(*field));
                rest = after;
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Self(pieces))
    }

    /// Whether every file keeps its path.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// The path of a file below the open folder. Where a file lies in no folder, the slash behind
    /// `{folder}` goes too.
    pub fn apply(&self, relative_path: &str, day: Day) -> String {
        let path = relative_path.trim_start_matches('/');
        let name = name_of(path);
        let at = path.trim_end_matches('/').len() - name.len();
        let (above, name) = path.split_at(at);
        let folder = above.trim_end_matches('/');
        let mut out = String::new();
        let mut skips_slash = false;
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => {
                    let slash = skips_slash && (out.is_empty() || out.ends_with('/'));
                    let text = text.strip_prefix('/').filter(|_| slash).unwrap_or(text);
                    out.push_str(text);
                }
                Piece::Field(Field::Path) => out.push_str(path),
                Piece::Field(Field::Name) => out.push_str(name),
                Piece::Field(Field::Folder) => out.push_str(folder),
                Piece::Field(Field::Date) => {
                    let Day(day) = day;
                    let month = u8::from(day.month());
                    // Writing to a text does not fail.
                    let _ = write!(out, "{:04}-{month:02}-{:02}", day.year(), day.day());
                }
            }
            skips_slash = *piece == Piece::Field(Field::Folder) && folder.is_empty();
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day() -> Day {
        Day::new(2026, 3, 7).unwrap()
    }

    fn apply(pattern: &str, path: &str) -> String {
        Pattern::parse(pattern).unwrap().apply(path, day())
    }

    #[test]
    fn each_field_stands_for_something_of_the_file() {
        let path = "a/b/scan.tif";
        for (pattern, becomes) in [
            ("{path}", "a/b/scan.tif"),
            ("{name}", "scan.tif"),
            ("{folder}/x-{name}", "a/b/x-scan.tif"),
            ("in/{date}/{path}", "in/2026-03-07/a/b/scan.tif"),
            ("{{{name}}}", "{scan.tif}"),
            ("fixed.tif", "fixed.tif"),
            (" {name} ", "scan.tif"),
        ] {
            assert_eq!(apply(pattern, path), becomes, "{pattern}");
        }
    }

    #[test]
    fn a_file_in_no_folder_leaves_no_empty_name() {
        assert_eq!(apply("{folder}/{name}", "a.txt"), "a.txt");
        assert_eq!(apply("in/{folder}/{name}", "a.txt"), "in/a.txt");
        assert_eq!(apply("x{folder}/{name}", "a.txt"), "x/a.txt");
        // An empty folder stays one.
        assert_eq!(apply("in/{name}", "a/b/"), "in/b/");
        assert_eq!(apply("{folder}/{name}", "b/"), "b/");
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        let fault = |text: &str| Pattern::parse(text).unwrap_err();
        assert_eq!(fault("  "), PatternFault::Empty);
        assert_eq!(fault("{size}"), PatternFault::Unknown("size".to_owned()));
        assert_eq!(
            fault("{size}").to_string(),
            "{size} stands for nothing; {path}, {name}, {folder} and {date} do"
        );
        for text in ["{name", "name}", "{", "a}b", "{{name}"] {
            assert_eq!(fault(text), PatternFault::Brace, "{text}");
        }
        assert_eq!(fault("in/"), PatternFault::Folder);
    }

    #[test]
    fn a_day_is_that_of_the_place() {
        let midnight = Timestamp::parse("2026-03-07T00:00:00Z").unwrap();
        assert_eq!(Day::of(midnight, 120), Some(day()));
        assert_eq!(Day::of(midnight, -1), Day::new(2026, 3, 6));
        assert_eq!(Day::new(2026, 2, 30), None);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(
            text in "[{}a-z/é]{0,12}|(\\{(path|name|folder|date)\\}|/|x){0,5}", path in any::<String>(),
        ) {
            if let Ok(pattern) = Pattern::parse(&text) {
                let _ = pattern.apply(&path, day());
            }
        }

        #[test]
        fn the_plain_pattern_changes_no_path(path in any::<String>()) {
            let plain = Pattern::parse(Pattern::PLAIN).unwrap();
            prop_assert!(plain.is_plain());
            prop_assert_eq!(plain.apply(&path, day()), path.trim_start_matches('/'));
        }

        #[test]
        fn folder_and_name_are_the_path(path in "([a-cé ]{1,3}/){0,3}[a-c.]{1,4}/?") {
            prop_assert_eq!(apply("{folder}/{name}", &path), path);
        }
    }
}
