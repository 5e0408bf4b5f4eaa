//! What a condition can look at, as it stands in the list of the builder.

use model::query::{Field, Kind, Operator, Property};

use super::super::said::label;
use crate::words::search;

/// Where a pair of custom metadata stands in the list; its name is typed beside it.
const PAIR: &str = "customMetadata.";
/// Where a content property stands; its name is typed beside it.
const CONTENT: &str = "content.";
const TEXT: &str = "text";
const TYPE: &str = "contentType";

/// The groups of the list: what a group is called, and its choices by their keys. Where a real HCP is behind, what
/// its language does not have is left out.
pub(super) fn groups(hcp: bool) -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    use Property as P;
    let of = |all: &[P]| -> Vec<_> { all.iter().map(|one| (one.name(), label(*one))).collect() };
    let raw = |all: &[P]| -> Vec<_> { all.iter().map(|one| (one.name(), one.name())).collect() };
    let mut name = vec![(TEXT, search::any_word())];
    name.extend(of(&[P::Utf8Name, P::ObjectPath, P::Namespace]));
    let mut custom = of(&[
        P::CustomMetadata,
        P::CustomMetadataAnnotation,
        P::CustomMetadataContent,
    ]);
    custom.insert(0, (PAIR, search::pair()));
    if !hcp {
        custom.push((TYPE, search::content_type()));
    }
    vec![
        (search::group_name(), name),
        (search::group_size(), of(&[P::Size, P::Dpl])),
        (
            search::group_times(),
            of(&[
                P::IngestTimeString,
                P::ChangeTimeString,
                P::UpdateTimeString,
                P::AccessTimeString,
            ]),
        ),
        (
            search::group_retention(),
            of(&[P::Retention, P::RetentionClass, P::Hold, P::Shred]),
        ),
        (search::group_owner(), of(&[P::Owner, P::Acl, P::AclGrant])),
        (search::group_hash(), of(&[P::Hash, P::HashScheme])),
        (search::group_custom(), custom),
        (
            search::group_content(),
            vec![(CONTENT, search::content_property())],
        ),
        (
            search::group_more(),
            raw(&[
                P::Version,
                P::Index,
                P::ReplicationCollision,
                P::ChangeTimeMilliseconds,
                P::IngestTime,
                P::UpdateTime,
                P::AccessTime,
                P::RetentionString,
            ]),
        ),
    ]
}

/// The key of a field in the list.
pub(super) fn key(field: &Field) -> &'static str {
    match field {
        Field::Text => TEXT,
        Field::ContentType => TYPE,
        Field::CustomMetadata(_) => PAIR,
        Field::Content(_) => CONTENT,
        Field::Property(property) => property.name(),
    }
}

/// The field of that key.
pub(super) fn field(key: &str) -> Option<Field> {
    Some(match key {
        TEXT => Field::Text,
        TYPE => Field::ContentType,
        PAIR => Field::CustomMetadata(String::new()),
        CONTENT => Field::Content(String::new()),
        name => Field::Property(name.parse().ok()?),
    })
}

/// How values of a field are typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Flag,
    /// A number with a unit.
    Size,
    /// A date with a time, as the store writes dates.
    Date,
    /// A date with a time, in seconds since 1970.
    Seconds,
    /// One of the words that HCP has in place of a retention's end.
    Retention,
    Number,
    Text,
}

impl Shape {
    pub(super) fn of(field: &Field, operator: Operator) -> Self {
        match field {
            Field::Property(Property::Size) => Self::Size,
            Field::Property(Property::Retention) if operator == Operator::Is => Self::Retention,
            Field::Property(
                Property::Retention
                | Property::IngestTime
                | Property::UpdateTime
                | Property::AccessTime,
            ) => Self::Seconds,
            field => match field.kind() {
                Kind::Flag => Self::Flag,
                Kind::Time => Self::Date,
                Kind::Number | Kind::Milliseconds => Self::Number,
                Kind::Text => Self::Text,
            },
        }
    }

    /// Whether it is a point in time.
    pub(super) fn is_time(self) -> bool {
        matches!(self, Self::Date | Self::Seconds)
    }
}

/// What an operator is called beside values of that shape.
pub(super) fn name(operator: Operator, shape: Shape) -> &'static str {
    match operator {
        Operator::Is => search::op_is(),
        Operator::Contains => search::op_contains(),
        Operator::Begins => search::op_begins(),
        Operator::Like => search::op_like(),
        Operator::AtLeast if shape.is_time() => search::op_from(),
        Operator::AtMost if shape.is_time() => search::op_until(),
        Operator::AtLeast => search::op_at_least(),
        Operator::AtMost => search::op_at_most(),
        Operator::Between => search::op_between(),
        Operator::Exists => search::op_exists(),
    }
}

/// The word of an operator in the list.
pub(super) fn word(operator: Operator) -> &'static str {
    match operator {
        Operator::Is => "is",
        Operator::Contains => "contains",
        Operator::Begins => "begins",
        Operator::Like => "like",
        Operator::AtLeast => "at-least",
        Operator::AtMost => "at-most",
        Operator::Between => "between",
        Operator::Exists => "exists",
    }
}

#[cfg(test)]
mod tests {
    use model::query::names;

    use super::*;

    #[test]
    fn whatever_can_be_asked_for_is_in_the_list_once() {
        let mut keys: Vec<_> = groups(false)
            .into_iter()
            .flat_map(|(_, choices)| choices.into_iter().map(|(key, _)| key))
            .collect();
        for key in &keys {
            assert_eq!(field(key).as_ref().map(self::key), Some(*key));
        }
        keys.retain(|key| !matches!(*key, TEXT | CONTENT));
        keys.sort_unstable();
        let mut asked: Vec<_> = names().map(|(name, _)| name).collect();
        asked.sort_unstable();
        assert_eq!(keys, asked);
        let of_hcp = groups(true);
        let mut of_hcp = of_hcp.iter().flat_map(|(_, choices)| choices);
        assert!(!of_hcp.any(|(key, _)| *key == TYPE));
    }
}
