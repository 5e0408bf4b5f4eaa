//! What SQL cannot compare by itself: functions that the connections for reading have.

use std::cmp::Ordering;

use model::query::{Pattern, Piece};
use rusqlite::{
    Connection, Error as SqlError,
    functions::{Context, FunctionFlags},
    types::ValueRef,
};
use serde::{Deserialize, Serialize};

use super::grants::Wanted;
use crate::{Error, store::words};

/// What is asked of a text. It travels to the function as JSON, which is read once per statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Check {
    /// It is this text, in which some pieces stand for others.
    Like {
        /// `None`: any characters; one `?` is a text of its own kind.
        pieces: Vec<Part>,
        /// Whether letters match in their own case alone.
        cased: bool,
    },
    /// It lies between these.
    Between {
        from: Option<Bound>,
        to: Option<Bound>,
        /// Whether two numbers are compared by their size, and not letter by letter.
        numbers: bool,
    },
}

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Part {
    Text(String),
    One,
    Many,
}

/// An end of a range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bound {
    pub(super) value: String,
    pub(super) included: bool,
}

impl Check {
    /// A text as it is.
    pub(super) fn is(text: &str, cased: bool) -> Self {
        Self::Like {
            pieces: vec![Part::Text(text.to_owned())],
            cased,
        }
    }

    /// A text with wildcards.
    pub(super) fn like(pattern: &Pattern, cased: bool) -> Self {
        let pieces = pattern.0.iter().map(|piece| match piece {
            Piece::Literal(text) => Part::Text(text.clone()),
            Piece::One => Part::One,
            Piece::Many => Part::Many,
        });
        Self::Like {
            pieces: pieces.collect(),
            cased,
        }
    }

    /// Whether a text is what is asked for.
    pub(super) fn admits(&self, text: &str) -> bool {
        match self {
            Self::Like { pieces, cased } => {
                let fold = |text: &str| {
                    if *cased {
                        text.chars().collect::<Vec<_>>()
                    } else {
                        text.chars().flat_map(char::to_lowercase).collect()
                    }
                };
                let mut pattern = Vec::new();
                for piece in pieces {
                    match piece {
                        Part::Text(text) => pattern.extend(fold(text).into_iter().map(Glyph::Char)),
                        Part::One => pattern.push(Glyph::One),
                        Part::Many => pattern.push(Glyph::Many),
                    }
                }
                is_like(&pattern, &fold(text))
            }
            Self::Between { from, to, numbers } => {
                let low = from.as_ref().is_none_or(|bound| {
                    let order = compare(text, &bound.value, *numbers);
                    order.is_gt() || order.is_eq() && bound.included
                });
                let high = to.as_ref().is_none_or(|bound| {
                    let order = compare(text, &bound.value, *numbers);
                    order.is_lt() || order.is_eq() && bound.included
                });
                low && high
            }
        }
    }
}

fn compare(text: &str, bound: &str, numbers: bool) -> Ordering {
    match (text.trim().parse::<f64>(), bound.trim().parse::<f64>()) {
        (Ok(a), Ok(b)) if numbers => a.total_cmp(&b),
        _ => text.cmp(bound),
    }
}

#[derive(Clone, Copy)]
enum Glyph {
    Char(char),
    One,
    Many,
}

/// Looks a text over once, going back to the last `*` alone: the time is at most the product of both
/// lengths, whatever the pattern.
fn is_like(pattern: &[Glyph], text: &[char]) -> bool {
    let (mut at, mut place) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while place < text.len() {
        match pattern.get(at) {
            Some(Glyph::Many) => {
                retry = Some((at + 1, place));
                at += 1;
                continue;
            }
            Some(Glyph::One) => {
                at += 1;
                place += 1;
                continue;
            }
            Some(Glyph::Char(c)) if text.get(place) == Some(c) => {
                at += 1;
                place += 1;
                continue;
            }
            _ => {}
        }
        match retry {
            Some((after, from)) => {
                at = after;
                place = from + 1;
                retry = Some((after, from + 1));
            }
            None => return false,
        }
    }
    pattern
        .get(at..)
        .is_some_and(|rest| rest.iter().all(|glyph| matches!(glyph, Glyph::Many)))
}

/// Gives a connection the functions:
///
/// - `hako_admits(check, text)`: whether a text is what is asked for.
/// - `hako_pair(check, name, metadata)`: whether a pair of that name, in any case, is.
/// - `hako_member(check, name, annotation)`: whether an element or member of that name is.
/// - `hako_grants(wanted, acl)`: whether an access control list grants it.
/// - `hako_name(key)`: the last piece of a key.
pub(crate) fn register(connection: &Connection) -> Result<(), Error> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("hako_admits", 2, flags, |context| {
        let check = check(context)?;
        Ok(text(context, 1).is_some_and(|text| check.admits(&text)))
    })?;
    connection.create_scalar_function("hako_pair", 3, flags, |context| {
        let check = check(context)?;
        let (Some(name), Some(metadata)) = (text(context, 1), text(context, 2)) else {
            return Ok(false);
        };
        let pairs = words::pairs(&metadata).unwrap_or_default();
        let found = pairs
            .iter()
            .any(|(own, value)| own.eq_ignore_ascii_case(&name) && check.admits(value));
        Ok(found)
    })?;
    connection.create_scalar_function("hako_member", 3, flags, |context| {
        let check = check(context)?;
        let (Some(name), Some(annotation)) = (text(context, 1), text(context, 2)) else {
            return Ok(false);
        };
        let values = words::members(&annotation, &name);
        Ok(values.iter().any(|value| check.admits(value)))
    })?;
    connection.create_scalar_function("hako_grants", 2, flags, |context| {
        let wanted: std::sync::Arc<Wanted> = context.get_or_create_aux(0, |value| {
            let text = value.as_str().map_err(|error| error.to_string())?;
            serde_json::from_str(text).map_err(|error| error.to_string())
        })?;
        let acl = text(context, 1).and_then(|acl| serde_json::from_str(&acl).ok());
        Ok(acl.is_some_and(|acl| wanted.is_granted(&acl)))
    })?;
    connection.create_scalar_function("hako_name", 1, flags, |context| {
        Ok(text(context, 0).map(|key| {
            let folder = key.strip_suffix('/').unwrap_or(&key);
            folder.rsplit('/').next().unwrap_or_default().to_owned()
        }))
    })?;
    Ok(())
}

fn check(context: &Context<'_>) -> Result<std::sync::Arc<Check>, SqlError> {
    context.get_or_create_aux(0, |value| {
        let text = value.as_str().map_err(|error| error.to_string())?;
        serde_json::from_str::<Check>(text).map_err(|error| error.to_string())
    })
}

/// A parameter as text; what is not UTF-8 is read as far as it is.
fn text(context: &Context<'_>, index: usize) -> Option<String> {
    match context.get_raw(index) {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Null => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn like(pattern: &str, cased: bool) -> Check {
        let pieces = pattern.chars().map(|c| match c {
            '?' => Part::One,
            '*' => Part::Many,
            other => Part::Text(other.to_string()),
        });
        Check::Like {
            pieces: pieces.collect(),
            cased,
        }
    }

    #[test]
    fn wildcards_stand_for_others() {
        for (pattern, text) in [
            ("a*", "a"),
            ("a?c", "abc"),
            ("*.tif", "x.tif"),
            ("a*b*c", "axxbyybc"),
            ("", ""),
            ("*", ""),
            ("gr??e", "grüße"),
        ] {
            assert!(like(pattern, true).admits(text), "{pattern} {text}");
        }
        for (pattern, text) in [("a?", "a"), ("a*b", "ac"), ("", "a"), ("A", "a"), ("?", "")] {
            assert!(!like(pattern, true).admits(text), "{pattern} {text}");
        }
        assert!(like("GRÜ*", false).admits("grüße"));
    }

    #[test]
    fn numbers_are_compared_by_their_size() {
        let between = |from: &str, to: &str| Check::Between {
            from: Some(Bound {
                value: from.to_owned(),
                included: true,
            }),
            to: Some(Bound {
                value: to.to_owned(),
                included: false,
            }),
            numbers: true,
        };
        assert!(between("9", "100").admits("10"));
        assert!(!between("9", "100").admits("100"));
        assert!(between("apple", "pear").admits("banana"));
        assert!(!between("9", "100").admits("ten"));
    }

    proptest! {
        /// Against the plainest way to say what a pattern means.
        #[test]
        fn patterns_mean_what_they_say(pattern in "[ab?*]{0,7}", text in "[ab]{0,8}") {
            fn plain(pattern: &[u8], text: &[u8]) -> bool {
                match pattern.split_first() {
                    None => text.is_empty(),
                    Some((b'*', rest)) => (0..=text.len()).any(|n| plain(rest, &text[n..])),
                    Some((b'?', rest)) => !text.is_empty() && plain(rest, &text[1..]),
                    Some((c, rest)) => text.first() == Some(c) && plain(rest, &text[1..]),
                }
            }
            prop_assert_eq!(
                like(&pattern, true).admits(&text),
                plain(pattern.as_bytes(), text.as_bytes())
            );
        }
    }
}
