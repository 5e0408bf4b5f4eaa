//! From what somebody typed to options, and back to the fields of what cannot be.

use std::collections::{BTreeMap, HashMap};

use model::{
    Timestamp,
    acl::CannedAcl,
    attributes::{AttributeField, AttributeWhy, Attributes, METADATA_MAX},
    session::ObjectFeatures,
    tags::{self, TagFault},
    upload::{Options, Pattern, TypeFault},
};

use crate::{unit, words::plan};

/// A name and a value in a row of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::upload::plan) struct TypedPair {
    /// Which row.
    pub row: usize,
    pub name: String,
    pub value: String,
}

/// All that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::upload::plan) struct Typed {
    pub pattern: String,
    pub content_type: String,
    pub metadata: Vec<TypedPair>,
    pub tags: Vec<TypedPair>,
    pub acl: Option<CannedAcl>,
    pub retention: String,
    pub hold: bool,
}

impl Default for Typed {
    fn default() -> Self {
        Self {
            pattern: Pattern::PLAIN.to_owned(),
            content_type: String::new(),
            metadata: Vec::new(),
            tags: Vec::new(),
            acl: None,
            retention: String::new(),
            hold: false,
        }
    }
}

/// What is wrong, by the id of the field without `field-`.
pub(super) type Faults = BTreeMap<String, String>;

/// The id of a row.
pub(super) fn row_id(field: AttributeField, row: usize) -> String {
    format!("{}-{row}", field.as_str())
}

/// The pairs by their names, and the rows of these.
#[derive(Default)]
struct Pairs {
    values: BTreeMap<String, String>,
    rows: HashMap<String, usize>,
}

/// Why something cannot be stored with an object, as a sentence without its full stop.
fn why(why: &AttributeWhy) -> String {
    let number = |number: usize| unit::count(number as u64);
    match why {
        AttributeWhy::NoAcl => plan::no_acl().to_owned(),
        AttributeWhy::NoHold => plan::no_hold().to_owned(),
        AttributeWhy::NoTags => plan::no_tags().to_owned(),
        AttributeWhy::NoRetention => plan::no_retention().to_owned(),
        AttributeWhy::Name(name) => plan::is_no_name(name),
        AttributeWhy::Twice(name) => plan::twice_but_for_capitals(name),
        AttributeWhy::Value(name) => plan::value_not_in_ascii(name),
        AttributeWhy::TooMuchMetadata(bytes) => {
            plan::too_much_metadata(&number(*bytes), &number(METADATA_MAX))
        }
        AttributeWhy::TooManyTags(given) => {
            plan::too_many_tags(&number(tags::MOST), &number(*given))
        }
        AttributeWhy::Tag(fault) => match fault {
            TagFault::Nameless => plan::tag_nameless().to_owned(),
            TagFault::NameTooLong(length) => {
                plan::tag_name_too_long(&number(tags::NAME_MAX), &number(*length))
            }
            TagFault::OfTheStore(name) => plan::tag_of_the_store(name),
            TagFault::ValueTooLong(name, length) => {
                plan::tag_value_too_long(name, &number(tags::VALUE_MAX), &number(*length))
            }
            TagFault::Control(name) => plan::tag_control(name),
        },
        AttributeWhy::ClassName => plan::class_name_in_ascii().to_owned(),
        AttributeWhy::Retention(text) => plan::is_no_retention(text),
        AttributeWhy::BeyondCalendar(text) => plan::beyond_calendar(text),
        AttributeWhy::Over(text) => plan::is_over_already(text),
    }
}

fn pairs(typed: &[TypedPair], field: AttributeField, faults: &mut Faults) -> Pairs {
    let mut pairs = Pairs::default();
    for TypedPair { row, name, value } in typed {
        let (name, value) = (name.trim(), value.trim());
        let fault = if name.is_empty() && value.is_empty() {
            continue;
        } else if name.is_empty() {
            plan::give_a_name().to_owned()
        } else if value.is_empty() && field == AttributeField::Metadata {
            // HCP drops what is empty.
            plan::give_a_value(name)
        } else if pairs.values.contains_key(name) {
            plan::is_there_twice(name)
        } else {
            pairs.values.insert(name.to_owned(), value.to_owned());
            pairs.rows.insert(name.to_owned(), *row);
            continue;
        };
        faults.insert(row_id(field, *row), fault);
    }
    pairs
}

impl Typed {
    /// Reads all of it. `now` is when the files are stored.
    pub(super) fn read(
        &self,
        offers: ObjectFeatures,
        now: Option<Timestamp>,
    ) -> Result<Options, Faults> {
        let mut faults = Faults::new();
        if let Err(fault) = Pattern::parse(&self.pattern) {
            faults.insert("pattern".to_owned(), crate::upload::faults::pattern(&fault));
        }
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let content_type = some(&self.content_type);
        if let Some(fault) = content_type.as_deref().and_then(Options::type_fault) {
            let words = match fault {
                TypeFault::TooLong => plan::type_too_long(),
                TypeFault::Form => plan::type_form(),
            };
            faults.insert("content_type".to_owned(), words.to_owned());
        }
        let metadata = pairs(&self.metadata, AttributeField::Metadata, &mut faults);
        let tags = pairs(&self.tags, AttributeField::Tags, &mut faults);
        let attributes = Attributes {
            metadata: metadata.values,
            tags: tags.values,
            acl: self.acl,
            retention: some(&self.retention),
            legal_hold: self.hold,
        };
        for fault in attributes.faults(offers, now) {
            let rows = match fault.field {
                AttributeField::Metadata => Some(&metadata.rows),
                AttributeField::Tags => Some(&tags.rows),
                _ => None,
            };
            let row = fault
                .name
                .as_ref()
                .and_then(|name| rows?.get(name).copied());
            let id = match row {
                Some(row) => row_id(fault.field, row),
                None => fault.field.as_str().to_owned(),
            };
            faults.entry(id).or_insert(why(&fault.why));
        }
        if faults.is_empty() {
            Ok(Options {
                content_type,
                attributes,
            })
        } else {
            Err(faults)
        }
    }

    /// Bytes of all metadata together.
    pub(super) fn metadata_bytes(&self) -> usize {
        let typed = self.metadata.iter();
        typed
            .map(|pair| pair.name.trim().len() + pair.value.trim().len())
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: ObjectFeatures = ObjectFeatures {
        tags: true,
        acl: true,
        retention: true,
        lock: false,
        annotations: true,
        metadata_as_xml: true,
    };

    fn pair(row: usize, name: &str, value: &str) -> TypedPair {
        TypedPair {
            row,
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }

    fn plain() -> Typed {
        Typed {
            pattern: Pattern::PLAIN.to_owned(),
            ..Typed::default()
        }
    }

    fn faults(typed: &Typed) -> Vec<String> {
        let now = Timestamp::from_unix_seconds(1_700_000_000);
        let faults = typed.read(ALL, now).unwrap_err();
        faults.into_keys().collect()
    }

    #[test]
    fn nothing_typed_wants_nothing() {
        let empty = Typed {
            metadata: vec![pair(0, "", " ")],
            tags: vec![pair(0, "", "")],
            retention: "  ".to_owned(),
            ..plain()
        };
        let read = empty.read(ObjectFeatures::default(), None).unwrap();
        assert!(read.is_empty());
    }

    #[test]
    fn what_is_typed_is_trimmed_and_kept() {
        let typed = Typed {
            pattern: "in/{name}".to_owned(),
            content_type: " image/tiff ".to_owned(),
            metadata: vec![pair(0, " project ", " A 7 "), pair(4, "", "")],
            tags: vec![pair(2, "year", "")],
            acl: Some(CannedAcl::PublicRead),
            retention: "A+7y ".to_owned(),
            hold: true,
        };
        let read = typed.read(ALL, None).unwrap();
        assert_eq!(read.content_type.as_deref(), Some("image/tiff"));
        let attributes = read.attributes;
        assert_eq!(attributes.metadata["project"], "A 7");
        assert_eq!(attributes.tags["year"], "");
        assert_eq!(attributes.retention.as_deref(), Some("A+7y"));
        assert!(attributes.legal_hold);
        assert_eq!(typed.metadata_bytes(), 10);
    }

    #[test]
    fn each_fault_stands_at_its_field() {
        let typed = Typed {
            pattern: "{size}".to_owned(),
            content_type: "tiff".to_owned(),
            metadata: vec![
                pair(0, "a", "1"),
                pair(3, "a", "2"),
                pair(5, "b c", "x"),
                pair(7, "", "x"),
                pair(8, "empty", ""),
            ],
            tags: vec![pair(1, "aws:x", "")],
            retention: "2001-01-01T00:00:00Z".to_owned(),
            ..Typed::default()
        };
        assert_eq!(
            faults(&typed),
            [
                "content_type",
                "metadata-3",
                "metadata-5",
                "metadata-7",
                "metadata-8",
                "pattern",
                "retention",
                "tags-1"
            ]
        );
        let large = Typed {
            metadata: vec![pair(0, "a", &"x".repeat(2_048))],
            ..plain()
        };
        assert_eq!(faults(&large), ["metadata"]);
    }
}
