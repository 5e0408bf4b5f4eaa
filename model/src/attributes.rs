//! What an object is stored with beside its bytes and its type: metadata, tags, who may read it, how
//! long it is kept.
//!
//! All of it goes to the store as headers of the request that makes the object: S3's own, and for
//! retention and holds those of HCP.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    acl::CannedAcl,
    endpoint::{encode, is_false},
    retention::{InvalidRetention, Retention, Times},
    session::ObjectFeatures,
    tags::{self, TagFault},
};

/// The headers that carry somebody's own metadata begin with this.
pub const METADATA_PREFIX: &str = "x-amz-meta-";
/// The header that carries tags, as pairs of a query.
pub const TAGGING: &str = "x-amz-tagging";
/// The header that names a canned access control list.
pub const ACL: &str = "x-amz-acl";
/// HCP's header of a retention value.
pub const RETENTION: &str = "x-hcp-retention";
/// HCP's header that puts an object on hold: `true` or `false`.
pub const HOLD: &str = "x-hcp-retentionhold";

/// Bytes that all names and values of somebody's own metadata may have together.
pub const METADATA_MAX: usize = 2 * 1_024;

/// What an object is stored with. What is absent, the store decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Attributes {
    /// The caller's own metadata: values by name, without `x-amz-meta-`. Names are those of HTTP
    /// headers, values printable ASCII, all together at most 2 KiB.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// Tags: values by name, ten at most. For stores with `features.objects.tags`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Who may do what with it, in a word. For stores with `features.objects.acl`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acl: Option<CannedAcl>,
    /// How long it is kept, as HCP writes it: `A+7y`, `C+Name`, `-1`, `2030-01-31T00:00:00+0000`. For
    /// stores with `features.objects.retention`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// Whether it is on hold: kept until the hold is lifted. For stores with
    /// `features.objects.retention`.
    #[serde(skip_serializing_if = "is_false")]
    pub legal_hold: bool,
}

/// The fields of [`Attributes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttributeField {
    /// `metadata`.
    Metadata,
    /// `tags`.
    Tags,
    /// `acl`.
    Acl,
    /// `retention`.
    Retention,
    /// `legal_hold`.
    LegalHold,
}

impl AttributeField {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Tags => "tags",
            Self::Acl => "acl",
            Self::Retention => "retention",
            Self::LegalHold => "legal_hold",
        }
    }
}

/// Why something cannot be stored with an object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct AttributeFault {
    /// Which field.
    pub field: AttributeField,
    /// Which name in it, of metadata and tags.
    pub name: Option<String>,
    /// What is wrong with it.
    pub why: AttributeWhy,
}

/// What is wrong with something that is to be stored with an object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttributeWhy {
    /// The store has none of the kind.
    #[error("This store has no canned access control lists")]
    NoAcl,
    /// The store has none of the kind.
    #[error("This store puts no object on hold")]
    NoHold,
    /// The store has none of the kind.
    #[error("This store keeps no tags")]
    NoTags,
    /// The store has none of the kind.
    #[error("This store takes no retention with an object")]
    NoRetention,
    /// No name of metadata.
    #[error("{0:?} is no name: it has letters, digits and -._, such as project-code")]
    Name(String),
    /// A name that differs from another by capitals alone.
    #[error("{0:?} is there twice: capitals do not count in names")]
    Twice(String),
    /// A value that no header carries; this is its name.
    #[error(
        "The value of {0:?} has other characters than printable ASCII, or begins or ends with a space"
    )]
    Value(String),
    /// So many bytes of metadata.
    #[error("Names and values have {} bytes together; a store takes {}", .0, METADATA_MAX)]
    TooMuchMetadata(usize),
    /// So many tags.
    #[error("An object has at most {} tags, not {}", tags::MOST, .0)]
    TooManyTags(usize),
    /// A tag.
    #[error(transparent)]
    Tag(#[from] TagFault),
    /// A retention class that no header carries.
    #[error("A retention class has a name in ASCII")]
    ClassName,
    /// No retention.
    #[error("{:?}: {}", .0, InvalidRetention)]
    Retention(String),
    /// It ends at no time of the calendar.
    #[error("{0:?} ends beyond the calendar")]
    BeyondCalendar(String),
    /// It ends before the object is stored.
    #[error("{0:?} is over already; a retention ends after the object is stored, such as A+1y")]
    Over(String),
}

impl AttributeFault {
    fn new(field: AttributeField, why: impl Into<AttributeWhy>) -> Self {
        Self {
            field,
            name: None,
            why: why.into(),
        }
    }

    fn of(field: AttributeField, name: &str, why: impl Into<AttributeWhy>) -> Self {
        Self {
            name: Some(name.to_owned()),
            ..Self::new(field, why)
        }
    }
}

impl Attributes {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What HCP reads when an upload in parts is completed, and not when it is begun.
    #[must_use]
    pub fn kept(&self) -> Self {
        Self {
            retention: self.retention.clone(),
            legal_hold: self.legal_hold,
            ..Self::default()
        }
    }

    /// The headers of the request that makes the object, names in lower case.
    pub fn headers(&self) -> BTreeMap<String, String> {
        let metadata = self.metadata.iter();
        let mut headers: BTreeMap<String, String> = metadata
            .map(|(name, value)| {
                let name = format!("{METADATA_PREFIX}{}", name.to_ascii_lowercase());
                (name, value.clone())
            })
            .collect();
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                headers.insert(name.to_owned(), value);
            }
        };
        put(TAGGING, tagging(&self.tags));
        put(ACL, self.acl.map(|acl| acl.as_str().to_owned()));
        put(RETENTION, self.retention.clone());
        put(HOLD, self.legal_hold.then(|| "true".to_owned()));
        headers
    }

    /// What is wrong, before a store is asked. `now` is when the object is stored: what would be over
    /// by then is refused; where nobody knows, that is not looked at.
    pub fn faults(&self, offers: ObjectFeatures, now: Option<Timestamp>) -> Vec<AttributeFault> {
        let mut faults = self.metadata_faults();
        faults.extend(self.tag_faults(offers));
        if self.acl.is_some() && !offers.acl {
            faults.push(AttributeFault::new(
                AttributeField::Acl,
                AttributeWhy::NoAcl,
            ));
        }
        faults.extend(self.retention_fault(offers, now));
        if self.legal_hold && !offers.retention {
            faults.push(AttributeFault::new(
                AttributeField::LegalHold,
                AttributeWhy::NoHold,
            ));
        }
        faults
    }

    fn metadata_faults(&self) -> Vec<AttributeFault> {
        let fault = |name: &str, why: fn(String) -> AttributeWhy| {
            AttributeFault::of(AttributeField::Metadata, name, why(name.to_owned()))
        };
        let mut faults = Vec::new();
        let mut seen = BTreeSet::new();
        for (name, value) in &self.metadata {
            if !is_header_name(name) {
                faults.push(fault(name, AttributeWhy::Name));
            } else if !seen.insert(name.to_ascii_lowercase()) {
                faults.push(fault(name, AttributeWhy::Twice));
            }
            if !is_header_value(value) {
                faults.push(fault(name, AttributeWhy::Value));
            }
        }
        let pairs = self.metadata.iter();
        let bytes: usize = pairs.map(|(name, value)| name.len() + value.len()).sum();
        if bytes > METADATA_MAX {
            faults.push(AttributeFault::new(
                AttributeField::Metadata,
                AttributeWhy::TooMuchMetadata(bytes),
            ));
        }
        faults
    }

    fn tag_faults(&self, offers: ObjectFeatures) -> Vec<AttributeFault> {
        if self.tags.is_empty() {
            return Vec::new();
        }
        if !offers.tags {
            return vec![AttributeFault::new(
                AttributeField::Tags,
                AttributeWhy::NoTags,
            )];
        }
        let wrong = self.tags.iter().filter_map(|(name, value)| {
            let why = tags::fault(name, value)?;
            Some(AttributeFault::of(AttributeField::Tags, name, why))
        });
        let mut faults: Vec<_> = wrong.collect();
        let number = self.tags.len();
        if number > tags::MOST {
            faults.push(AttributeFault::new(
                AttributeField::Tags,
                AttributeWhy::TooManyTags(number),
            ));
        }
        faults
    }

    fn retention_fault(
        &self,
        offers: ObjectFeatures,
        now: Option<Timestamp>,
    ) -> Option<AttributeFault> {
        let text = self.retention.as_deref()?;
        let fault = |why: AttributeWhy| Some(AttributeFault::new(AttributeField::Retention, why));
        if !offers.retention {
            return fault(AttributeWhy::NoRetention);
        }
        let value: Retention = match text.parse() {
            Ok(value) if is_header_value(text) => value,
            Ok(_) => return fault(AttributeWhy::ClassName),
            Err(InvalidRetention) => return fault(AttributeWhy::Retention(text.to_owned())),
        };
        let now = now?.unix_seconds();
        let end = match value {
            Retention::Fixed(end) if end > 0 => Some(end),
            Retention::Fixed(_) | Retention::Class(_) => return None,
            Retention::Offset(offset) => offset.end(Times {
                stored: now,
                retention: 0,
                now,
            }),
        };
        match end {
            None => fault(AttributeWhy::BeyondCalendar(text.to_owned())),
            Some(end) if end <= now => fault(AttributeWhy::Over(text.to_owned())),
            Some(_) => None,
        }
    }
}

/// Tags as the header has them; `None` where there are none.
fn tagging(tags: &BTreeMap<String, String>) -> Option<String> {
    let pairs = tags.iter();
    let pairs: Vec<_> = pairs
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

/// A name of metadata as it may stand in an element of XML, which is where HCP keeps it.
pub fn as_xml_name(name: &str) -> String {
    name.chars()
        .map(|char| {
            if char.is_ascii_alphanumeric() || "._:-".contains(char) {
                char
            } else {
                '_'
            }
        })
        .collect()
}

/// A token of HTTP: what stands behind `x-amz-meta-`.
fn is_header_name(name: &str) -> bool {
    let of_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(of_token)
}

/// Every header carries it as it is: HTTP takes spaces from the ends, and signatures cover ASCII.
pub(crate) fn is_header_value(value: &str) -> bool {
    value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && value.trim() == value
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: ObjectFeatures = ObjectFeatures {
        tags: true,
        acl: true,
        retention: true,
        lock: false,
        annotations: true,
        metadata_as_xml: true,
    };

    fn now() -> Option<Timestamp> {
        Timestamp::from_unix_seconds(1_700_000_000)
    }

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn fields(attributes: &Attributes, offers: ObjectFeatures) -> Vec<&'static str> {
        let faults = attributes.faults(offers, now());
        faults.iter().map(|fault| fault.field.as_str()).collect()
    }

    fn full() -> Attributes {
        Attributes {
            metadata: map(&[("Project-Code", "A 7"), ("empty", "")]),
            tags: map(&[("cost centre", "4&2"), ("a", "")]),
            acl: Some(CannedAcl::PublicRead),
            retention: Some("A+7y".to_owned()),
            legal_hold: true,
        }
    }

    #[test]
    fn each_is_a_header() {
        assert_eq!(full().faults(ALL, now()), []);
        let headers = full().headers();
        let pairs: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [
                ("x-amz-acl", "public-read"),
                ("x-amz-meta-empty", ""),
                ("x-amz-meta-project-code", "A 7"),
                ("x-amz-tagging", "a=&cost%20centre=4%262"),
                ("x-hcp-retention", "A+7y"),
                ("x-hcp-retentionhold", "true"),
            ]
        );
        assert!(Attributes::default().headers().is_empty());
    }

    #[test]
    fn what_a_store_does_not_have_is_refused_by_its_name() {
        let nothing = ObjectFeatures::default();
        assert_eq!(
            fields(&full(), nothing),
            ["tags", "acl", "retention", "legal_hold"]
        );
        assert_eq!(fields(&Attributes::default(), nothing), [""; 0]);
    }

    #[test]
    fn names_and_values_of_metadata_have_bounds() {
        for (name, value) in [
            ("", "x"),
            ("a b", "x"),
            ("é", "x"),
            ("a:b", "x"),
            ("a", "é"),
            ("a", " x"),
            ("a", "x "),
            ("a", "x\ny"),
            ("a", "\t"),
        ] {
            let attributes = Attributes {
                metadata: map(&[(name, value)]),
                ..Attributes::default()
            };
            let faults = attributes.faults(ALL, now());
            assert_eq!(faults.len(), 1, "{name:?} {value:?}");
            assert_eq!(faults[0].name.as_deref(), Some(name));
        }
        let twice = Attributes {
            metadata: map(&[("Author", "a"), ("author", "b")]),
            ..Attributes::default()
        };
        assert_eq!(fields(&twice, ALL), ["metadata"]);
        let of = |bytes: usize| Attributes {
            metadata: map(&[("n", &"x".repeat(bytes - 1))]),
            ..Attributes::default()
        };
        assert_eq!(fields(&of(METADATA_MAX), ALL), [""; 0]);
        assert_eq!(fields(&of(METADATA_MAX + 1), ALL), ["metadata"]);
    }

    #[test]
    fn tags_have_bounds() {
        for (name, value) in [
            (String::new(), String::new()),
            ("aws:x".to_owned(), String::new()),
            ("n".repeat(129), String::new()),
            ("n".to_owned(), "v".repeat(257)),
            ("n".to_owned(), "\u{1}".to_owned()),
        ] {
            let attributes = Attributes {
                tags: BTreeMap::from([(name, value)]),
                ..Attributes::default()
            };
            assert_eq!(fields(&attributes, ALL), ["tags"], "{attributes:?}");
        }
        let many = |number: usize| Attributes {
            tags: (0..number)
                .map(|n| (format!("n{n}"), String::new()))
                .collect(),
            ..Attributes::default()
        };
        assert_eq!(fields(&many(10), ALL), [""; 0]);
        assert_eq!(fields(&many(11), ALL), ["tags"]);
    }

    #[test]
    fn a_retention_ends_after_the_object_is_stored() {
        let kept = |text: &str| Attributes {
            retention: Some(text.to_owned()),
            ..Attributes::default()
        };
        for good in ["0", "-1", "-2", "A+1d", "N+1s", "C+Legal", "1700000001"] {
            assert_eq!(fields(&kept(good), ALL), [""; 0], "{good}");
        }
        for bad in [
            "",
            "1 year",
            "1700000000",
            "2023-01-01T00:00:00+0000",
            "A-1d",
            "A+9999y",
            "C+Été",
        ] {
            assert_eq!(fields(&kept(bad), ALL), ["retention"], "{bad}");
        }
        // Where nobody knows when it is stored, only the grammar is looked at.
        assert_eq!(kept("1700000000").faults(ALL, None), []);
    }

    #[test]
    fn an_older_record_has_none() {
        let none: Attributes = serde_json::from_str("{}").unwrap();
        assert!(none.is_empty());
        assert_eq!(serde_json::to_string(&none).unwrap(), "{}");
        let text = serde_json::to_string(&full()).unwrap();
        assert_eq!(serde_json::from_str::<Attributes>(&text).unwrap(), full());
    }

    proptest! {
        #[test]
        fn what_passes_is_headers_that_a_signature_covers(
            metadata in prop::collection::btree_map("\\PC{0,6}", "[ -~é\t]{0,8}", 0..4),
            tags in prop::collection::btree_map("\\PC{0,6}", "\\PC{0,8}", 0..4),
            retention in prop::option::of("[-ARNC+0-9yMdé]{0,8}"),
        ) {
            let names = metadata.len();
            let attributes = Attributes { metadata, tags, retention, ..Attributes::default() };
            if attributes.faults(ALL, now()).is_empty() {
                let headers = attributes.headers();
                let own = headers.keys().filter(|name| name.starts_with(METADATA_PREFIX));
                prop_assert_eq!(own.count(), names);
                for (name, value) in headers {
                    prop_assert!(is_header_name(&name), "{}", name);
                    prop_assert!(is_header_value(&value), "{}", value);
                }
            }
        }
    }
}
