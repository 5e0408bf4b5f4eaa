//! The pieces of a query as it is typed: what each is, and what could stand where somebody types.

use super::{
    Kind, Property,
    parse::{CONTENT_TYPE, CUSTOM_METADATA, marked},
};

/// What a piece of a query is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The name of a property.
    Field,
    /// The colon behind the name; of this property.
    Colon(Option<Property>),
    /// `AND`, `OR`, `NOT`, and signs.
    Operator,
    /// A parenthesis; an opening one may begin the values of a property.
    Bracket(Option<Property>),
    /// Where a range begins and ends, and `TO`.
    Range,
    /// A word that stands without a property.
    Word,
    /// A value; of this property, where it is one of HCP's.
    Value(Option<Property>),
    /// A value in quotes, which may be open still; of this property.
    Quoted(Option<Property>),
}

/// A piece of a query: from which byte on, up to which, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Its first byte.
    pub from: usize,
    /// The first byte behind it.
    pub to: usize,
    /// What it is.
    pub mark: Mark,
}

/// What somebody types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typing<'a> {
    /// A word, which may become the name of a property.
    Name(&'a str),
    /// A value of this property, without the quotes around it.
    Value(Property, &'a str),
}

/// What is typed where a query ends, and from which byte on it stands there. `None`: nothing that is known.
pub fn typing(before: &str) -> Option<(usize, Typing<'_>)> {
    let marks = marked(before);
    let end = before.len();
    let Some(last) = marks.last() else {
        return before.trim().is_empty().then_some((end, Typing::Name("")));
    };
    let rest = before.get(last.to..)?;
    if last.to == end {
        let text = before.get(last.from..)?;
        let mut earlier = marks.iter().rev().skip(1);
        let is_of_values =
            matches!(earlier.next(), Some(one) if matches!(one.mark, Mark::Colon(_)));
        return match last.mark {
            Mark::Word => Some((last.from, Typing::Name(text))),
            Mark::Value(Some(property)) => Some((last.from, Typing::Value(property, text))),
            Mark::Quoted(Some(property)) => {
                let text = text.strip_prefix('"')?;
                // What is closed is typed to its end.
                let open = !text.ends_with('"');
                open.then_some((last.from, Typing::Value(property, text)))
            }
            Mark::Colon(Some(property)) | Mark::Bracket(Some(property)) => {
                Some((end, Typing::Value(property, "")))
            }
            Mark::Operator if "+-!".contains(text) => Some((end, Typing::Name(""))),
            Mark::Bracket(None) if text == "(" && !is_of_values => Some((end, Typing::Name(""))),
            _ => None,
        };
    }
    if !rest.trim().is_empty() {
        // Behind a fault nothing is known.
        return None;
    }
    let mut ends = marks.iter().filter(|one| one.mark == Mark::Range);
    let in_range = ends.next_back().is_some_and(|end| {
        let text = before.get(end.from..end.to);
        !matches!(text, Some("]" | "}"))
    });
    match last.mark {
        Mark::Colon(Some(property)) => Some((end, Typing::Value(property, ""))),
        Mark::Colon(None) => None,
        _ => (!in_range).then_some((end, Typing::Name(""))),
    }
}

/// The names that a query may begin a condition with, and how their values are written. The last one is the
/// beginning of names.
pub fn names() -> impl Iterator<Item = (&'static str, Kind)> {
    let asked = Property::ALL.iter().map(|property| property.facts());
    let asked = asked.filter(|facts| facts.queried);
    asked
        .map(|facts| (facts.name, facts.kind))
        .chain([(CONTENT_TYPE, Kind::Text), (CUSTOM_METADATA, Kind::Text)])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::query::parse;

    fn shown(text: &str) -> String {
        let letter = |mark| match mark {
            Mark::Field => 'f',
            Mark::Colon(_) => ':',
            Mark::Operator => 'o',
            Mark::Bracket(_) => 'b',
            Mark::Range => 'r',
            Mark::Word => 'w',
            Mark::Value(_) => 'v',
            Mark::Quoted(_) => 'q',
        };
        let mut shown = ".".repeat(text.len());
        for Marked { from, to, mark } in marked(text) {
            shown.replace_range(from..to, &letter(mark).to_string().repeat(to - from));
        }
        shown
    }

    #[test]
    fn pieces_are_told_apart_up_to_a_fault() {
        for (text, expected) in [
            ("hold:true AND size:[1 TO *]", "ffff:vvvv.ooo.ffff:rv.rr.vr"),
            ("+a -\"b c\" NOT x:y", "ow.oqqqqq.ooo.f:v"),
            ("namespace:(a OR \"b\")", "fffffffff:bv.oo.qqqb"),
            ("a OR b && c", "w.oo.w.oo.w"),
            ("*:* !(a b)", "www.obw.wb"),
            // What stands behind a fault is not read.
            ("hold:maybe AND a", "ffff:vvvvv......"),
            ("size:[1 to 2]", "ffff:rv......"),
            ("namespace:\"open", "fffffffff:qqqqq"),
            ("objectPath:a\\:b", "ffffffffff:vvvv"),
            ("", ""),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
        assert!(marked(&"a".repeat(9_000)).is_empty());
    }

    #[test]
    fn what_is_typed_is_a_name_or_a_value() {
        use Typing::{Name, Value};
        let namespace = Property::Namespace;
        for (text, expected) in [
            ("", Some((0, Name("")))),
            ("nam", Some((0, Name("nam")))),
            ("a AND (si", Some((7, Name("si")))),
            ("a AND ", Some((6, Name("")))),
            ("+", Some((1, Name("")))),
            ("namespace:", Some((10, Value(namespace, "")))),
            ("namespace: ", Some((11, Value(namespace, "")))),
            ("namespace:ar", Some((10, Value(namespace, "ar")))),
            ("namespace:\"ar", Some((10, Value(namespace, "ar")))),
            ("namespace:(a b", Some((13, Value(namespace, "b")))),
            ("namespace:(", Some((11, Value(namespace, "")))),
            ("colour:(", None),
            ("hold:t", Some((5, Value(Property::Hold, "t")))),
            ("customMetadata.a:x", None),
            ("colour:r", None),
            ("namespace:\"a\"", None),
            ("size:[1 ", None),
            ("size:[1 TO ", None),
            ("size:[1 TO 2] ", Some((14, Name("")))),
            ("size:[1 to 2] nam", None),
        ] {
            assert_eq!(typing(text), expected, "{text}");
        }
    }

    #[test]
    fn every_name_that_is_offered_can_be_asked_for() {
        for (name, kind) in names() {
            let value = match kind {
                Kind::Text => "a",
                Kind::Number | Kind::Milliseconds => "1",
                Kind::Time => "2026-01-31T12:00:00+0000",
                Kind::Flag => "true",
            };
            let name = if name.ends_with('.') {
                format!("{name}colour")
            } else {
                name.to_owned()
            };
            assert!(parse(&format!("{name}:{value}")).is_ok(), "{name}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

        /// Pieces stand in their order, apart, and between characters; all of a query that is read is in one.
        #[test]
        fn pieces_cover_the_text_in_order(
            text in prop_oneof!["\\PC{0,60}", "([a-c:()\\[\\]{}\"\\\\*?+!-]| |TO|AND|OR|NOT|size:|hold:|namespace:){0,30}"],
        ) {
            let mut end = 0;
            let mut between = String::new();
            for Marked { from, to, .. } in marked(&text) {
                prop_assert!(end <= from && from < to);
                between += text.get(end..from).unwrap();
                prop_assert!(text.get(from..to).is_some());
                end = to;
            }
            let rest = text.get(end..).unwrap();
            prop_assert!(between.trim().is_empty(), "{between:?}");
            if parse(&text).is_ok() {
                prop_assert!(rest.trim().is_empty(), "{rest:?}");
            }
            if let Some((from, _)) = typing(&text) {
                prop_assert!(text.get(from..).is_some());
            }
        }
    }
}
