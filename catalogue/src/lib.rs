//! Texts of the console in several languages.
//!
//! A catalogue is a folder per language with one [Fluent] file per area. A build script turns it, with
//! `generate` (feature `generate`), into one function per message, so that a message that lacks a
//! translation, or a value, does not compile. What is left at run time is this: which language is in force, and how
//! values are put into a text.
//!
//! [Fluent]: https://projectfluent.org/fluent/guide/

#[cfg(feature = "generate")]
pub mod generate;
mod pattern;

use std::sync::OnceLock;

pub use pattern::{Value, filled};

/// A language that the console speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// `en`
    #[default]
    English,
    /// `sv`
    Swedish,
}

impl Language {
    /// All, in the order in which the texts of a message stand.
    pub const ALL: [Self; 2] = [Self::English, Self::Swedish];

    /// The language's tag in HTML and HTTP (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Swedish => "sv",
        }
    }

    /// The language's name in itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Swedish => "Svenska",
        }
    }

    /// The language of a tag; regions and scripts are ignored (`sv-FI` is Swedish).
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split('-').next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// What a browser would rather read, by its `Accept-Language` (RFC 9110, 12.5.4): the language with the
    /// greatest weight, the first of those with the same. None where the header names none of ours.
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for range in header.split(',') {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let weight = parameters
                .trim()
                .strip_prefix("q=")
                .map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
            let Some(language) = Self::of_tag(tag) else {
                continue;
            };
            if weight > best.map_or(0.0, |(weight, _)| weight) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }

    /// What stands between groups of three digits.
    const fn group(self) -> char {
        match self {
            Self::English => ',',
            Self::Swedish => '\u{202f}',
        }
    }

    /// What stands before decimals.
    const fn decimal(self) -> char {
        match self {
            Self::English => '.',
            Self::Swedish => ',',
        }
    }

    /// The plural category of a count by CLDR's rules for whole numbers.
    const fn category(self, count: u64) -> &'static str {
        match self {
            Self::English | Self::Swedish => {
                if count == 1 {
                    "one"
                } else {
                    "other"
                }
            }
        }
    }

    /// The plural categories that this language has for whole numbers.
    #[cfg(feature = "generate")]
    const fn categories(self) -> &'static [&'static str] {
        match self {
            Self::English | Self::Swedish => &["one", "other"],
        }
    }
}

static SOURCE: OnceLock<fn() -> Language> = OnceLock::new();

/// Says where the language in force is found: on a server it belongs to the request, in a browser to the
/// page. The first call counts.
pub fn set_source(source: fn() -> Language) {
    let _ = SOURCE.set(source);
}

/// The language in force: English where nobody said.
pub fn language() -> Language {
    SOURCE.get().map_or(Language::English, |source| source())
}

/// A count with its digits in groups of three: `12,345`, `12 345`.
pub fn count(number: u64) -> String {
    grouped(language(), number)
}

/// A number that has decimals behind a point, as the language writes it: `1.21`, `1,21`.
pub fn decimals(number: &str) -> String {
    with_decimals(language(), number)
}

fn with_decimals(language: Language, number: &str) -> String {
    number.replace('.', language.decimal().encode_utf8(&mut [0; 4]))
}

fn grouped(language: Language, number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 5 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(language.group());
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_language_that_it_would_rather_read() {
        for (header, language) in [
            ("sv", Some(Language::Swedish)),
            ("sv-SE,sv;q=0.9,en;q=0.8", Some(Language::Swedish)),
            ("en-GB, sv;q=0.5", Some(Language::English)),
            ("de, sv;q=0.2, en;q=0.4", Some(Language::English)),
            ("sv;q=0, en;q=0.1", Some(Language::English)),
            ("sv;q=x", None),
            ("de-DE,*", None),
            ("svx", None),
            ("", None),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }

    #[test]
    fn digits_are_grouped_as_the_language_does() {
        assert_eq!(grouped(Language::English, 1_234_567), "1,234,567");
        assert_eq!(
            grouped(Language::Swedish, 1_234_567),
            "1\u{202f}234\u{202f}567"
        );
        assert_eq!(grouped(Language::Swedish, 999), "999");
        assert_eq!(with_decimals(Language::English, "1.21"), "1.21");
        assert_eq!(with_decimals(Language::Swedish, "1.21"), "1,21");
    }
}
