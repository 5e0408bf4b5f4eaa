//! What narrows a list: a text that names are compared with, and facets.

use std::ops::Range;

use model::{Timestamp, unit};

use super::{kind::Kind, listing::Entry, order::fold};

/// A text that names are compared with, without case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Somewhere in the name.
    Part(Vec<char>),
    /// The whole name, with `*` for anything and `?` for any one character.
    Wild(Vec<char>),
    /// The whole name as it is written.
    Exact(String),
    /// A part of the name as it is written: `"…` before its end is typed.
    Written(String),
}

impl Pattern {
    /// Reads what somebody typed; nothing is no pattern.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        if let Some(quoted) = text.strip_prefix('"') {
            return match quoted.strip_suffix('"') {
                Some("") | None if quoted.trim_end_matches('"').is_empty() => None,
                Some(whole) => Some(Self::Exact(whole.to_owned())),
                None => Some(Self::Written(quoted.to_owned())),
            };
        }
        let folded: Vec<char> = text.chars().map(fold).collect();
        Some(if text.contains(['*', '?']) {
            Self::Wild(folded)
        } else {
            Self::Part(folded)
        })
    }

    /// Whether a name is meant.
    pub fn fits(&self, name: &str) -> bool {
        match self {
            Self::Part(part) => find(name, part).is_some(),
            Self::Wild(wild) => fits_wild(name, wild),
            Self::Exact(whole) => name == whole,
            Self::Written(part) => name.contains(part.as_str()),
        }
    }

    /// The parts of a fitting name that the text stands for, as ranges of bytes.
    pub fn marks(&self, name: &str) -> Vec<Range<usize>> {
        match self {
            Self::Part(part) => find(name, part).into_iter().collect(),
            Self::Exact(whole) => (name == whole)
                .then_some(0..name.len())
                .into_iter()
                .collect(),
            Self::Written(part) => {
                let at = name.find(part.as_str());
                at.map(|at| at..at + part.len()).into_iter().collect()
            }
            Self::Wild(wild) => marks_of_wild(name, wild),
        }
    }
}

/// Where `part` (folded) first stands in `name`.
fn find(name: &str, part: &[char]) -> Option<Range<usize>> {
    let first = part.first()?;
    let starts = name.char_indices().filter(|(_, c)| fold(*c) == *first);
    for (at, _) in starts {
        let rest = name.get(at..)?;
        let mut wanted = part.iter();
        let mut end = at;
        let mut characters = rest.chars();
        loop {
            let Some(want) = wanted.next() else {
                return Some(at..end);
            };
            match characters.next() {
                Some(c) if fold(c) == *want => end += c.len_utf8(),
                _ => break,
            }
        }
    }
    None
}

/// The usual comparison with one place to go back to, in no more than length times length steps.
fn fits_wild(name: &str, wild: &[char]) -> bool {
    let name: Vec<char> = name.chars().map(fold).collect();
    let (mut n, mut w) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while n < name.len() {
        match wild.get(w) {
            Some('*') => {
                back = Some((w, n));
                w += 1;
            }
            Some(want) if *want == '?' || name.get(n) == Some(want) => {
                n += 1;
                w += 1;
            }
            _ => {
                let Some((star, from)) = back else {
                    return false;
                };
                back = Some((star, from + 1));
                n = from + 1;
                w = star + 1;
            }
        }
    }
    wild.get(w..)
        .is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

/// The written parts between wildcards, each where it first stands after the one before.
fn marks_of_wild(name: &str, wild: &[char]) -> Vec<Range<usize>> {
    let mut marks = Vec::new();
    let mut from = 0;
    for part in wild.split(|c| matches!(c, '*' | '?')) {
        let Some(rest) = name.get(from..) else { break };
        if let Some(found) = find(rest, part) {
            marks.push(from + found.start..from + found.end);
            from += found.end;
        }
    }
    marks
}

/// Sizes from one to another; the end is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeRange {
    /// At least so many bytes.
    pub from: u64,
    /// Fewer bytes than this, if there is an end.
    pub to: Option<u64>,
}

impl SizeRange {
    /// The ranges of the menu.
    pub const MENU: [Self; 5] = [
        Self::new(0, Some(unit::MB)),
        Self::new(unit::MB, Some(100 * unit::MB)),
        Self::new(100 * unit::MB, Some(unit::GB)),
        Self::new(unit::GB, Some(10 * unit::GB)),
        Self::new(10 * unit::GB, None),
    ];

    const fn new(from: u64, to: Option<u64>) -> Self {
        Self { from, to }
    }

    /// Reads `1MB-100MB`, `10GB-` or `-1MB`.
    pub fn parse(word: &str) -> Option<Self> {
        let (from, to) = word.split_once('-')?;
        if from.is_empty() && to.is_empty() {
            return None;
        }
        let from = if from.is_empty() { 0 } else { bytes(from)? };
        let to = if to.is_empty() {
            None
        } else {
            Some(bytes(to)?)
        };
        to.is_none_or(|to| from < to).then_some(Self { from, to })
    }

    /// The word in the address.
    pub fn word(self) -> String {
        let from = match self.from {
            0 => String::new(),
            from => short(from),
        };
        format!("{from}-{}", self.to.map(short).unwrap_or_default())
    }

    fn holds(self, size: u64) -> bool {
        size >= self.from && self.to.is_none_or(|to| size < to)
    }
}

const UNITS: [(&str, u64); 5] = [
    ("TB", unit::TB),
    ("GB", unit::GB),
    ("MB", unit::MB),
    ("KB", unit::KB),
    ("B", 1),
];

/// A number of bytes with a unit, in whole units where that is exact.
fn short(bytes: u64) -> String {
    UNITS
        .iter()
        .find(|(_, unit)| bytes >= *unit && bytes.is_multiple_of(*unit))
        .map_or_else(
            || format!("{bytes}B"),
            |(name, unit)| format!("{}{name}", bytes / unit),
        )
}

fn bytes(word: &str) -> Option<u64> {
    let upper = word.trim().to_ascii_uppercase();
    let (digits, unit) = UNITS
        .iter()
        .find_map(|(name, unit)| Some((upper.strip_suffix(name)?.trim_end(), *unit)))
        .unwrap_or((&upper, 1));
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

/// When something was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Within so many hours.
    Hours(u32),
    /// From a day to another, in UTC; both belong to it. Days since 1 January 1970.
    Days(Option<i64>, Option<i64>),
}

const DAY: i64 = 86_400;

impl Since {
    /// The choices of the menu.
    pub const MENU: [Self; 4] = [
        Self::Hours(24),
        Self::Hours(7 * 24),
        Self::Hours(30 * 24),
        Self::Hours(365 * 24),
    ];

    /// Reads `24h`, `7d`, `30d`, `1y`, or days as `2026-01-01..2026-02-01` with either end left out.
    pub fn parse(word: &str) -> Option<Self> {
        if let Some((from, to)) = word.split_once("..") {
            let day = |text: &str| -> Option<Option<i64>> {
                if text.is_empty() {
                    return Some(None);
                }
                let time = Timestamp::parse(&format!("{text}T00:00:00Z"))?;
                Some(Some(time.unix_seconds().div_euclid(DAY)))
            };
            let (from, to) = (day(from)?, day(to)?);
            let ordered = match (from, to) {
                (None, None) => false,
                (Some(from), Some(to)) => from <= to,
                _ => true,
            };
            return ordered.then_some(Self::Days(from, to));
        }
        let number = |hours: u32, digits: &str| -> Option<Self> {
            let number: u32 = digits.parse().ok().filter(|number| *number > 0)?;
            number.checked_mul(hours).map(Self::Hours)
        };
        let end = word.len().checked_sub(1)?;
        match (word.get(..end)?, word.get(end..)?) {
            (digits, "h") => number(1, digits),
            (digits, "d") => number(24, digits),
            (digits, "y") => number(365 * 24, digits),
            _ => None,
        }
    }

    /// The word in the address.
    pub fn word(self) -> String {
        match self {
            Self::Hours(hours) if hours.is_multiple_of(365 * 24) => {
                format!("{}y", hours / (365 * 24))
            }
            Self::Hours(hours) if hours.is_multiple_of(24) && hours > 24 => {
                format!("{}d", hours / 24)
            }
            Self::Hours(hours) => format!("{hours}h"),
            Self::Days(from, to) => {
                let day = |day: Option<i64>| day.map(day_word).unwrap_or_default();
                format!("{}..{}", day(from), day(to))
            }
        }
    }

    /// The seconds between which something was stored, the end not in it.
    fn span(self, now: Timestamp) -> (i64, i64) {
        match self {
            Self::Hours(hours) => (now.unix_seconds() - i64::from(hours) * 3_600, i64::MAX),
            Self::Days(from, to) => (
                from.map_or(i64::MIN, |day| day.saturating_mul(DAY)),
                to.map_or(i64::MAX, |day| day.saturating_add(1).saturating_mul(DAY)),
            ),
        }
    }
}

/// A day as `2026-11-21`.
pub fn day_word(day: i64) -> String {
    let time = Timestamp::from_unix_seconds(day.saturating_mul(DAY));
    let text = time.map(|time| time.to_string()).unwrap_or_default();
    text.get(..10).unwrap_or_default().to_owned()
}

/// Everything that narrows a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The text.
    pub pattern: Option<Pattern>,
    /// The kinds; none means all.
    pub kinds: Vec<Kind>,
    /// The sizes.
    pub size: Option<SizeRange>,
    /// Seconds between which something was stored.
    pub span: Option<(i64, i64)>,
}

impl Filter {
    /// Puts the parts together; times are counted back from `now`.
    pub fn new(
        text: &str,
        kinds: Vec<Kind>,
        size: Option<SizeRange>,
        since: Option<Since>,
        now: Timestamp,
    ) -> Self {
        Self {
            pattern: Pattern::parse(text),
            kinds,
            size,
            span: since.map(|since| since.span(now)),
        }
    }

    /// Whether everything passes.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether an entry passes. Sizes and times are those of files: a folder has none, and does not
    /// pass where they are asked for.
    pub fn passes(&self, entry: &Entry, base: usize) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&entry.kind()))
            && self
                .size
                .is_none_or(|range| entry.size.is_some_and(|size| range.holds(size)))
            && self.span.is_none_or(|(from, to)| {
                !entry.is_folder()
                    && entry
                        .modified
                        .is_some_and(|time| (from..to).contains(&time.unix_seconds()))
            })
            && self.pattern.as_ref().is_none_or(|pattern| {
                let name = entry.key.get(base..).unwrap_or(&entry.key);
                pattern.fits(name.strip_suffix('/').unwrap_or(name))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_parts_wildcards_or_exact_names() {
        for (text, name, fits) in [
            ("scan", "Raw-SCAN-4.tif", true),
            ("scan", "scn", false),
            ("å", "RÅTT", true),
            ("*.tif", "scan.TIF", true),
            ("*.tif", "scan.tiff", false),
            ("s?an*", "scan.tif", true),
            ("?", "ab", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxaxx", false),
            ("\"scan.tif\"", "scan.tif", true),
            ("\"scan.tif\"", "Scan.tif", false),
            ("\"scan.tif\"", "my scan.tif", false),
            ("\"*\"", "*", true),
            ("\"*\"", "a", false),
            ("\"Sc", "my Scan", true),
            ("\"Sc", "my scan", false),
            ("a b", "a b", true),
        ] {
            let pattern = Pattern::parse(text).unwrap();
            assert_eq!(pattern.fits(name), fits, "{text} in {name}");
        }
        for nothing in ["", "\"", "\"\""] {
            assert_eq!(Pattern::parse(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_wildcard_that_fits_nothing_is_found_out_soon() {
        let pattern = Pattern::parse(&format!("{}b", "*a".repeat(30))).unwrap();
        assert!(!pattern.fits(&"a".repeat(1_000)));
    }

    #[test]
    fn what_fits_is_marked() {
        for (text, name, marked) in [
            ("can", "sCANs", vec!["CAN"]),
            ("*a*.t?f", "data.tif", vec!["a", ".t", "f"]),
            ("\"x\"", "x", vec!["x"]),
            ("\"år", "två år", vec!["år"]),
            ("zz", "a", vec![]),
        ] {
            let pattern = Pattern::parse(text).unwrap();
            let marks = pattern.marks(name);
            let found: Vec<&str> = marks.into_iter().map(|range| &name[range]).collect();
            assert_eq!(found, marked, "{text} in {name}");
        }
    }

    #[test]
    fn sizes_are_read_and_written() {
        for range in SizeRange::MENU {
            assert_eq!(SizeRange::parse(&range.word()), Some(range));
        }
        assert_eq!(SizeRange::parse("-1MB"), Some(SizeRange::MENU[0]));
        assert_eq!(
            SizeRange::parse("500-1kb"),
            Some(SizeRange::new(500, Some(1024)))
        );
        assert_eq!(SizeRange::parse("10-").unwrap().word(), "10B-");
        for wrong in [
            "",
            "-",
            "5",
            "2MB-1MB",
            "a-b",
            "1.5MB-",
            "99999999999TB-",
            "+1-",
        ] {
            assert_eq!(SizeRange::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times_are_read_and_written() {
        for (word, since) in ["24h", "7d", "30d", "1y"].into_iter().zip(Since::MENU) {
            assert_eq!(Since::parse(word), Some(since));
            assert_eq!(since.word(), word);
        }
        for word in ["2026-01-01..2026-02-01", "2026-01-01..", "..2026-02-01"] {
            assert_eq!(Since::parse(word).unwrap().word(), word);
        }
        for wrong in [
            "",
            "h",
            "0d",
            "-1d",
            "7w",
            "..",
            "2026-02-01..2026-01-01",
            "2026-13-01..",
            "é",
            "99999999999y",
        ] {
            assert_eq!(Since::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_range_of_days_holds_both_ends() {
        let now = Timestamp::parse("2026-11-21T12:00:00Z").unwrap();
        let entry = |time: &str| Entry {
            modified: Timestamp::parse(time),
            ..Entry::file("a", 1)
        };
        let days = Since::parse("2026-01-01..2026-01-02");
        let filter = Filter::new("", Vec::new(), None, days, now);
        for (time, passes) in [
            ("2025-12-31T23:59:59Z", false),
            ("2026-01-01T00:00:00Z", true),
            ("2026-01-02T23:59:59Z", true),
            ("2026-01-03T00:00:00Z", false),
        ] {
            assert_eq!(filter.passes(&entry(time), 0), passes, "{time}");
        }
        let day = Filter::new("", Vec::new(), None, Since::parse("24h"), now);
        assert!(day.passes(&entry("2026-11-20T12:00:00Z"), 0));
        assert!(!day.passes(&entry("2026-11-20T11:59:59Z"), 0));
    }

    #[test]
    fn facets_hold_together() {
        let now = Timestamp::parse("2026-11-21T12:00:00Z").unwrap();
        let sized = Filter::new("", Vec::new(), SizeRange::parse("1KB-"), None, now);
        assert!(sized.passes(&Entry::file("a", 1024), 0));
        assert!(!sized.passes(&Entry::file("a", 1023), 0));
        assert!(!sized.passes(&Entry::folder("a/"), 0));
        let kinds = Filter::new("a", vec![Kind::Folder, Kind::Image], None, None, now);
        assert!(kinds.passes(&Entry::folder("x/a/"), 2));
        assert!(
            !kinds.passes(&Entry::folder("a/x/"), 2),
            "names begin behind the folder"
        );
        assert!(kinds.passes(&Entry::file("x/a.png", 1), 2));
        assert!(!kinds.passes(&Entry::file("x/a.txt", 1), 2));
    }
}
