//! What an object is described with beside its bytes: its type, how it is to be taken, and somebody's own
//! metadata. All of it is changed as a whole, by a copy of the object onto itself.

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, ObjectKey,
    attributes::{AttributeWhy, Attributes, as_xml_name, is_header_value},
    bucket::below,
    endpoint::Endpoint,
    fingerprint::fingerprint,
    object::ObjectDetails,
    session::ObjectFeatures,
    upload::Options,
};

/// Characters that a header of these has at most.
pub const HEADER_MAX: usize = 1_024;

/// What an object is described with. What is absent, the store decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Properties {
    /// The media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub content_type: Option<String>,
    /// How it is encoded, such as `gzip`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub content_encoding: Option<String>,
    /// How a browser should take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub content_disposition: Option<String>,
    /// The language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub content_language: Option<String>,
    /// How it may be cached.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub cache_control: Option<String>,
    /// Somebody's own metadata: values by name, without `x-amz-meta-`. Names are those of HTTP headers, values
    /// printable ASCII, all together at most 2 KiB.
    pub metadata: BTreeMap<String, String>,
}

/// The fields of [`Properties`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PropertyField {
    /// `content_type`.
    ContentType,
    /// `content_encoding`.
    ContentEncoding,
    /// `content_disposition`.
    ContentDisposition,
    /// `content_language`.
    ContentLanguage,
    /// `cache_control`.
    CacheControl,
    /// `metadata`.
    Metadata,
}

impl PropertyField {
    /// Those that are one header each.
    pub const HEADERS: [Self; 5] = [
        Self::ContentType,
        Self::ContentEncoding,
        Self::ContentDisposition,
        Self::ContentLanguage,
        Self::CacheControl,
    ];

    /// Its name in JSON and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ContentType => "content_type",
            Self::ContentEncoding => "content_encoding",
            Self::ContentDisposition => "content_disposition",
            Self::ContentLanguage => "content_language",
            Self::CacheControl => "cache_control",
            Self::Metadata => "metadata",
        }
    }
}

/// Why something cannot be saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct PropertyFault {
    /// Which field.
    pub field: PropertyField,
    /// What is wrong with it.
    pub why: PropertyWhy,
}

/// What is wrong with a property.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PropertyWhy {
    /// No media type.
    #[error("A content type is written as image/tiff, in ASCII, with at most 255 characters")]
    Type,
    /// What no header carries.
    #[error("It has other characters than printable ASCII, or begins or ends with a space")]
    Characters,
    /// It has so many characters.
    #[error("It has {} characters; {} at most", .0, HEADER_MAX)]
    TooLong(usize),
    /// Of the metadata.
    #[error(transparent)]
    Metadata(#[from] AttributeWhy),
}

impl Properties {
    /// The value of a header.
    pub fn header(&self, field: PropertyField) -> Option<&str> {
        match field {
            PropertyField::ContentType => self.content_type.as_deref(),
            PropertyField::ContentEncoding => self.content_encoding.as_deref(),
            PropertyField::ContentDisposition => self.content_disposition.as_deref(),
            PropertyField::ContentLanguage => self.content_language.as_deref(),
            PropertyField::CacheControl => self.cache_control.as_deref(),
            PropertyField::Metadata => None,
        }
    }

    /// Sets a header; nothing where it is empty.
    pub fn set_header(&mut self, field: PropertyField, value: &str) {
        let place = match field {
            PropertyField::ContentType => &mut self.content_type,
            PropertyField::ContentEncoding => &mut self.content_encoding,
            PropertyField::ContentDisposition => &mut self.content_disposition,
            PropertyField::ContentLanguage => &mut self.content_language,
            PropertyField::CacheControl => &mut self.cache_control,
            PropertyField::Metadata => return,
        };
        *place = Some(value.to_owned()).filter(|value| !value.is_empty());
    }

    /// As a store has it: what is empty is absent, and names are in lower case; on an HCP also as XML has them,
    /// and without empty values (`as_xml`).
    #[must_use]
    pub fn stored(&self, as_xml: bool) -> Self {
        let metadata = self.metadata.iter();
        let mut stored = Self {
            metadata: metadata
                .filter(|(_, value)| !(as_xml && value.is_empty()))
                .map(|(name, value)| (stored_name(name, as_xml), value.clone()))
                .collect(),
            ..Self::default()
        };
        for field in PropertyField::HEADERS {
            stored.set_header(field, self.header(field).unwrap_or_default());
        }
        stored
    }

    /// Bytes of all names and values of the metadata.
    pub fn metadata_bytes(&self) -> usize {
        let pairs = self.metadata.iter();
        pairs.map(|(name, value)| name.len() + value.len()).sum()
    }

    /// What is wrong, before a store is asked that keeps names as XML has them, or does not.
    pub fn faults(&self, as_xml: bool) -> Vec<PropertyFault> {
        let headers = PropertyField::HEADERS.into_iter().filter_map(|field| {
            let value = self.header(field).filter(|value| !value.is_empty())?;
            let why = header_fault(field, value)?;
            Some(PropertyFault { field, why })
        });
        let attributes = Attributes {
            metadata: self.metadata.clone(),
            ..Attributes::default()
        };
        let metadata = attributes.faults(ObjectFeatures::default(), None);
        let metadata = metadata.into_iter().map(|fault| PropertyFault {
            field: PropertyField::Metadata,
            why: fault.why.into(),
        });
        let mut faults: Vec<_> = headers.chain(metadata).collect();
        if as_xml && faults.is_empty() {
            let mut seen = BTreeSet::new();
            let full = self.metadata.iter().filter(|(_, value)| !value.is_empty());
            let twice = full
                .map(|(name, _)| stored_name(name, as_xml))
                .find(|name| !seen.insert(name.clone()));
            faults.extend(twice.map(|name| PropertyFault {
                field: PropertyField::Metadata,
                why: AttributeWhy::Twice(name).into(),
            }));
        }
        faults
    }
}

/// A name of metadata as it comes back.
pub fn stored_name(name: &str, as_xml: bool) -> String {
    let lower = name.to_ascii_lowercase();
    if as_xml { as_xml_name(&lower) } else { lower }
}

/// Lines of names and values as metadata. Lines without both are none.
///
/// # Errors
/// A line with a value alone, and a name that is there twice: one of both would be lost.
pub fn pairs(lines: &[(String, String)]) -> Result<BTreeMap<String, String>, AttributeWhy> {
    let mut metadata = BTreeMap::new();
    for (name, value) in lines {
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() && value.is_empty() {
            continue;
        }
        if metadata.insert(name.to_owned(), value.to_owned()).is_some() {
            return Err(AttributeWhy::Twice(name.to_owned()));
        }
    }
    Ok(metadata)
}

fn header_fault(field: PropertyField, value: &str) -> Option<PropertyWhy> {
    if field == PropertyField::ContentType {
        return Options::type_fault(value).map(|_fault| PropertyWhy::Type);
    }
    if value.len() > HEADER_MAX {
        return Some(PropertyWhy::TooLong(value.chars().count()));
    }
    (!is_header_value(value)).then_some(PropertyWhy::Characters)
}

impl ObjectDetails {
    /// What can be changed of it without its bytes.
    pub fn properties(&self) -> Properties {
        Properties {
            content_type: self.content_type.clone(),
            content_encoding: self.content_encoding.clone(),
            content_disposition: self.content_disposition.clone(),
            content_language: self.content_language.clone(),
            cache_control: self.cache_control.clone(),
            metadata: self.metadata.clone(),
        }
    }

    /// With the fingerprint of what it is.
    #[must_use]
    pub fn with_fingerprint(mut self) -> Self {
        // The entity tag alone does not tell one description of the same bytes from another.
        self.fingerprint = fingerprint(&(
            &self.etag,
            &self.version_id,
            &self.last_modified,
            &self.properties(),
        ));
        self
    }
}

/// What [`SetProperties`] sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewProperties {
    /// The `fingerprint` of the object's details: nothing is saved where it is another by now.
    pub fingerprint: String,
    /// All of them; what is left out is removed.
    pub properties: Properties,
}

/// `PUT /buckets/{bucket}/object/properties?key=`.
#[derive(Clone, Debug)]
pub struct SetProperties {
    /// The bucket.
    pub bucket: BucketName,
    /// The key.
    pub key: ObjectKey,
    /// What is to hold.
    pub body: NewProperties,
}

/// What [`SetProperties`] answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PropertiesSaved {
    /// `updated`.
    pub status: String,
    /// The entity tag, with its quotes.
    pub etag: Option<String>,
    /// The version that was made, where the bucket keeps versions.
    pub version_id: Option<String>,
    /// What the object may have lost by it: `acl` where its access control list could not be read, or not be put
    /// back; `expiry` where the time when Hako removes it could not be written.
    pub not_kept: Vec<String>,
}

impl Endpoint for SetProperties {
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/properties";
    type Body = NewProperties;
    type Response = PropertiesSaved;

    fn path(&self) -> String {
        below(
            &self.bucket,
            "object/properties",
            &[("key", Some(self.key.to_string()))],
        )
    }

    fn body(&self) -> Option<&NewProperties> {
        Some(&self.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::METADATA_MAX;

    fn of(pairs: &[(&str, &str)]) -> Properties {
        let pairs = pairs.iter();
        Properties {
            metadata: pairs
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Properties::default()
        }
    }

    #[test]
    fn what_no_store_keeps_is_told_by_its_field() {
        let mut properties = of(&[("Author", "Ada"), ("author", "Grace"), ("a b", "x")]);
        for field in PropertyField::HEADERS {
            properties.set_header(field, "n\u{e4}");
        }
        let faults = properties.faults(false);
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        let headers = PropertyField::HEADERS.map(PropertyField::as_str);
        assert_eq!(fields[..5], headers);
        assert_eq!(fields[5..], ["metadata", "metadata"]);
        properties = Properties::default();
        properties.set_header(PropertyField::CacheControl, &"x".repeat(HEADER_MAX + 1));
        assert_eq!(
            properties.faults(false)[0].why,
            PropertyWhy::TooLong(HEADER_MAX + 1)
        );
    }

    #[test]
    fn metadata_has_a_limit_in_bytes() {
        let full = of(&[("n", &"x".repeat(METADATA_MAX - 1))]);
        assert_eq!(full.metadata_bytes(), METADATA_MAX);
        assert_eq!(full.faults(false), []);
        let more = of(&[("nn", &"x".repeat(METADATA_MAX - 1))]);
        assert_eq!(
            more.faults(false)[0].why,
            PropertyWhy::Metadata(AttributeWhy::TooMuchMetadata(METADATA_MAX + 1))
        );
    }

    #[test]
    fn typed_lines_become_metadata() {
        let line = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let typed = [line(" a ", " 1 "), line("", " "), line("b", "")];
        assert_eq!(
            pairs(&typed).unwrap(),
            of(&[("a", "1"), ("b", "")]).metadata
        );
        let twice = [line("a", "1"), line("a ", "2")];
        assert_eq!(pairs(&twice), Err(AttributeWhy::Twice("a".to_owned())));
        // A value without a name is no metadata, and told.
        let nameless = Properties {
            metadata: pairs(&[line("", "x")]).unwrap(),
            ..Properties::default()
        };
        assert_eq!(nameless.faults(false).len(), 1);
    }

    #[test]
    fn names_come_back_in_lower_case_and_nothing_is_absent() {
        let mut properties = of(&[("Project-Code", "A7")]);
        properties.content_language = Some(String::new());
        properties.content_type = Some("text/plain".to_owned());
        let stored = properties.stored(false);
        assert_eq!(stored.metadata, of(&[("project-code", "A7")]).metadata);
        assert_eq!(stored.content_language, None);
        assert_eq!(stored.content_type.as_deref(), Some("text/plain"));
        // As an element of XML may be called, and only what is not empty.
        let names = of(&[("a!b", "1"), ("Empty", "")]);
        assert_eq!(names.stored(true).metadata, of(&[("a_b", "1")]).metadata);
        let same = of(&[("a!b", "1"), ("a_b", "2")]);
        assert_eq!((same.faults(false).len(), same.faults(true).len()), (0, 1));
    }

    #[test]
    fn every_change_has_a_fingerprint_of_its_own() {
        let first = ObjectDetails::default().with_fingerprint();
        let mut second = first.clone();
        second.metadata.insert("a".to_owned(), String::new());
        let second = second.with_fingerprint();
        let mut third = first.clone();
        third.etag = Some("\"1\"".to_owned());
        let third = third.with_fingerprint();
        assert_ne!(first.fingerprint, second.fingerprint);
        assert_ne!(first.fingerprint, third.fingerprint);
        assert_eq!(first.clone().with_fingerprint(), first);
    }
}
