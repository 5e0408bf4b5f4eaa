//! A text with places for values.
//!
//! The build script writes patterns so that putting values in needs no parser: control characters, which no
//! text has, say what follows.

use crate::{Language, grouped, language};

/// A value's place: its number follows as one character from `0`.
pub(crate) const PLACE: char = '\u{1}';
/// A choice by a value: its number, then per variant its key, [`KEY_END`], a pattern, [`VARIANT_END`]; the
/// last variant is the one for all else.
pub(crate) const CHOICE: char = '\u{2}';
pub(crate) const KEY_END: char = '\u{3}';
pub(crate) const VARIANT_END: char = '\u{4}';
pub(crate) const CHOICE_END: char = '\u{5}';

/// What is put into a text.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// As it stands.
    Text(&'a str),
    /// A count: in digits of the language, and what plurals go by.
    Count(u64),
}

/// The text in the language in force, with its values. `patterns` are in the order of [`Language::ALL`].
pub fn filled(patterns: &[&str; Language::ALL.len()], values: &[Value<'_>]) -> String {
    let language = language();
    fill(language, patterns[language as usize], values)
}

pub(crate) fn fill(language: Language, pattern: &str, values: &[Value<'_>]) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    put(language, &mut rest, values, &mut out);
    out
}

/// Writes up to the end of the pattern, or of the variant that `rest` stands in, whose mark it takes.
fn put(language: Language, rest: &mut &str, values: &[Value<'_>], out: &mut String) {
    while let Some((at, mark)) = rest.char_indices().find(|(_, c)| is_mark(*c)) {
        out.push_str(&rest[..at]);
        *rest = &rest[at + mark.len_utf8()..];
        match mark {
            PLACE => match value(rest, values) {
                Some(Value::Text(text)) => out.push_str(text),
                Some(Value::Count(number)) => out.push_str(&grouped(language, number)),
                None => {}
            },
            CHOICE => choose(language, rest, values, out),
            _ => return,
        }
    }
    out.push_str(rest);
    *rest = "";
}

fn is_mark(c: char) -> bool {
    matches!(c, PLACE..=CHOICE_END)
}

/// The value whose number stands at the beginning of `rest`.
fn value<'a>(rest: &mut &str, values: &[Value<'a>]) -> Option<Value<'a>> {
    let mut characters = rest.chars();
    let number = characters.next()?;
    *rest = characters.as_str();
    let at = u32::from(number).checked_sub(u32::from('0'))?;
    values.get(usize::try_from(at).ok()?).copied()
}

/// Writes the first variant that fits; the others are passed over.
fn choose(language: Language, rest: &mut &str, values: &[Value<'_>], out: &mut String) {
    let by = value(rest, values);
    let mut chosen = false;
    while !rest.is_empty() && !rest.starts_with(CHOICE_END) {
        let Some((key, pattern)) = rest.split_once(KEY_END) else {
            break;
        };
        *rest = pattern;
        let is_last = is_last_variant(pattern);
        let fits = is_last
            || match by {
                Some(Value::Text(text)) => text == key,
                Some(Value::Count(number)) => {
                    key == language.category(number) || key.parse() == Ok(number)
                }
                None => false,
            };
        if fits && !chosen {
            chosen = true;
            put(language, rest, values, out);
        } else {
            put(language, rest, values, &mut String::new());
        }
    }
    *rest = rest.strip_prefix(CHOICE_END).unwrap_or_default();
}

/// Whether the choice ends with the variant that `pattern` begins with.
fn is_last_variant(pattern: &str) -> bool {
    let mut depth = 0_usize;
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        match c {
            CHOICE => depth += 1,
            CHOICE_END => depth = depth.saturating_sub(1),
            VARIANT_END if depth == 0 => return characters.next() == Some(CHOICE_END),
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_malformed_ends_the_text_and_nothing_else() {
        for pattern in [
            "a\u{1}",
            "a\u{1}9b",
            "a\u{2}",
            "a\u{2}0one",
            "a\u{2}0one\u{3}x",
            "a\u{4}b",
            "a\u{5}",
        ] {
            assert!(fill(Language::English, pattern, &[Value::Count(1)]).starts_with('a'));
        }
    }
}
