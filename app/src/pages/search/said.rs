//! A query in words.

use model::{
    Timestamp,
    query::{
        Clause, Criterion, End, Expression, Field, Kind, Pattern, Piece, Property, Range, Sign,
        Test, moment, parse,
    },
};

use crate::{
    text::{utc, visible_name},
    unit,
    words::search,
};

/// So many conditions are told; a longer query is easier read as it was typed.
const MOST: usize = 12;

/// What a query looks for; as it was typed, where it is long, or cannot be read. `None`: for everything.
pub fn of(query: &str) -> Option<String> {
    match parse(query) {
        _ if query.is_empty() => None,
        Ok(Expression::Everything) => None,
        Ok(expression) if expression.conditions() <= MOST => Some(expression_said(&expression)),
        Ok(_) | Err(_) => Some(visible_name(query)),
    }
}

fn expression_said(expression: &Expression) -> String {
    match expression {
        Expression::Everything => search::said_everything().to_owned(),
        Expression::Criterion(criterion) => criterion_said(criterion),
        Expression::Group(clauses) => group_said(clauses),
    }
}

/// Beside conditions that must hold, those without a sign only move results up.
fn group_said(clauses: &[Clause]) -> String {
    let with = |sign: Sign| {
        let of = clauses.iter().filter(move |clause| clause.sign == sign);
        of.map(|clause| inner_said(&clause.expression))
    };
    let must: Vec<_> = with(Sign::Must).collect();
    let should: Vec<_> = with(Sign::Should).collect();
    let said = if must.is_empty() {
        joined(should, search::said_or)
    } else {
        joined(must, search::said_and)
    };
    let said = said.unwrap_or_else(|| search::said_everything().to_owned());
    with(Sign::MustNot).fold(said, |said, not| search::said_but_not(&said, &not))
}

fn joined(parts: Vec<String>, join: impl Fn(&str, &str) -> String) -> Option<String> {
    let join = |one: String, other: String| join(&one, &other);
    parts.into_iter().reduce(join)
}

/// A group in a group stands in brackets.
fn inner_said(expression: &Expression) -> String {
    let said = expression_said(expression);
    match expression {
        Expression::Group(clauses) if clauses.len() > 1 => format!("({said})"),
        _ => said,
    }
}

fn criterion_said(criterion: &Criterion) -> String {
    let Criterion { field, test } = criterion;
    let what = match field {
        Field::Text => return text_said(test),
        Field::Property(property) => label(*property).to_owned(),
        Field::CustomMetadata(name) => search::said_custom(&visible_name(name)),
        Field::Content(name) => search::said_content(&visible_name(name)),
        Field::ContentType => search::said_type().to_owned(),
    };
    let value = |text: &str| value(field, text);
    match test {
        Test::Phrase(text) => search::said_is(&what, &value(text)),
        Test::Term(Pattern(pieces)) => match pieces.as_slice() {
            [Piece::Literal(text)] => search::said_is(&what, &value(text)),
            [Piece::Many] => search::said_any(&what),
            pieces => search::said_like(&what, &quoted(&written(pieces))),
        },
        Test::Range(range) => range_said(range, &what, value),
    }
}

fn range_said(range: &Range, what: &str, value: impl Fn(&str) -> String) -> String {
    let from = |end: &End| {
        let said = if end.included {
            search::said_at_least
        } else {
            search::said_more
        };
        said(what, &value(&end.value))
    };
    let to = |end: &End| {
        let said = if end.included {
            search::said_at_most
        } else {
            search::said_less
        };
        said(what, &value(&end.value))
    };
    match (&range.from, &range.to) {
        (None, None) => search::said_any(what),
        (Some(end), None) => from(end),
        (None, Some(end)) => to(end),
        (Some(first), Some(last)) if first.included && last.included => {
            search::said_between(what, &value(&first.value), &value(&last.value))
        }
        (Some(first), Some(last)) => search::said_and(&from(first), &to(last)),
    }
}

fn text_said(test: &Test) -> String {
    match test {
        Test::Phrase(words) => search::said_phrase(&quoted(words)),
        Test::Term(Pattern(pieces)) => search::said_word(&quoted(&written(pieces))),
        Test::Range(range) => {
            let end = |end: &Option<End>| end.as_ref().map_or("*", |end| &end.value).to_owned();
            search::said_word(&quoted(&format!(
                "{} … {}",
                end(&range.from),
                end(&range.to)
            )))
        }
    }
}

fn written(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => text.clone(),
        Piece::One => "?".to_owned(),
        Piece::Many => "*".to_owned(),
    };
    pieces.iter().map(piece).collect()
}

fn quoted(text: &str) -> String {
    search::said_quoted(&visible_name(text))
}

/// What a property is called; HCP's own name where people have no other.
pub(super) fn label(property: Property) -> &'static str {
    match property {
        Property::Utf8Name => search::name(),
        Property::ObjectPath => search::path(),
        Property::Namespace => search::namespace(),
        Property::Size => search::size(),
        Property::ChangeTimeMilliseconds | Property::ChangeTimeString => search::changed(),
        Property::IngestTime | Property::IngestTimeString => search::stored(),
        Property::Retention | Property::RetentionString => search::retention(),
        Property::RetentionClass => search::class(),
        Property::Hold => search::hold(),
        Property::Owner => search::owner(),
        Property::Hash => search::hash(),
        Property::HashScheme => search::hash_scheme(),
        Property::AccessTime | Property::AccessTimeString => search::accessed(),
        Property::UpdateTime | Property::UpdateTimeString => search::updated(),
        Property::Acl => search::has_acl(),
        Property::AclGrant => search::acl_grant(),
        Property::CustomMetadata => search::has_custom(),
        Property::CustomMetadataAnnotation => search::annotation(),
        Property::CustomMetadataContent => search::annotation_words(),
        Property::Dpl => search::copies(),
        Property::Shred => search::shredded(),
        other => other.name(),
    }
}

/// A value as people read it: sizes with units, times as dates.
fn value(field: &Field, text: &str) -> String {
    let Field::Property(property) = field else {
        return quoted(text);
    };
    let number = || text.parse::<i64>().ok();
    let seconds = |seconds| Timestamp::from_unix_seconds(seconds).map(utc);
    let known = match (property, property.facts().kind) {
        (Property::Size, _) => text.parse().ok().map(unit::size),
        (Property::Retention, _) => match number() {
            Some(0) => Some(search::allowed().to_owned()),
            Some(-1) => Some(search::prohibited().to_owned()),
            Some(-2) => Some(search::unspecified().to_owned()),
            end => end.and_then(seconds),
        },
        (Property::IngestTime | Property::AccessTime | Property::UpdateTime, _) => {
            number().and_then(seconds)
        }
        (_, Kind::Milliseconds) => {
            let whole = text.split('.').next().and_then(|text| text.parse().ok());
            whole.and_then(Timestamp::from_unix_millis).map(utc)
        }
        (_, Kind::Time) => moment(text).map(utc),
        (_, Kind::Flag) => match text {
            "true" | "1" => Some(search::yes().to_owned()),
            "false" | "0" => Some(search::no().to_owned()),
            _ => None,
        },
        (_, Kind::Number) => number().map(|number| number.to_string()),
        (_, Kind::Text) => None,
    };
    known.unwrap_or_else(|| quoted(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_told_in_words() {
        for (query, said) in [
            (
                "namespace:archive AND size:[1048576 TO *]",
                "Namespace is “archive” and Size is at least 1 MB",
            ),
            (
                "(report OR \"annual report\") AND NOT hold:true",
                "(the word “report” in path or custom metadata or the words “annual report” one after another in \
                 path or custom metadata), but not: Hold is Yes",
            ),
            ("utf8Name:a*.pdf", "Name is like “a*.pdf”"),
            (
                "-retention:-1",
                "every object, but not: Retention is Never to be deleted",
            ),
            (
                "size:{10 TO 20]",
                "Size is more than 10 B and Size is at most 20 B",
            ),
            ("size:[10 TO 20]", "Size is between 10 B and 20 B"),
            ("size:[* TO *]", "Size has any value"),
            (
                "ingestTime:[1717200000 TO *]",
                "Stored is at least 1 Jun 2024, 00:00 UTC",
            ),
            (
                "customMetadata.department:sales",
                "custom metadata “department” is “sales”",
            ),
        ] {
            assert_eq!(of(query).as_deref(), Some(said), "{query}");
        }
        assert_eq!(of("*:*"), None);
        assert_eq!(of(""), None);
        assert_eq!(of("size:["), Some("size:[".to_owned()));
    }
}
