//! The tags of an object: names and values by which people and rules find it.

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, ObjectKey, bucket::below, endpoint::Endpoint, id::fits_xml, multipart::Status,
};

/// How many tags an object has at most.
pub const MOST: usize = 10;
/// How many characters a name has at most.
pub const NAME_MAX: usize = 128;
/// How many characters a value has at most.
pub const VALUE_MAX: usize = 256;

/// What is wrong with a tag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagFault {
    /// It has no name.
    #[error("A tag has a name")]
    Nameless,
    /// Its name is too long: so many characters.
    #[error("A tag's name has at most {} characters, not {}", NAME_MAX, .0)]
    NameTooLong(usize),
    /// Its name is one of the store's own.
    #[error("{0:?}: names with aws: are the store's own")]
    OfTheStore(String),
    /// The value of the name is too long: so many characters.
    #[error("The value of {:?} has at most {} characters, not {}", .0, VALUE_MAX, .1)]
    ValueTooLong(String, usize),
    /// It has control characters.
    #[error("{0:?}: a tag has no control characters")]
    Control(String),
}

/// What is wrong with a tag.
pub fn fault(name: &str, value: &str) -> Option<TagFault> {
    let length = name.chars().count();
    if name.is_empty() {
        return Some(TagFault::Nameless);
    }
    if length > NAME_MAX {
        return Some(TagFault::NameTooLong(length));
    }
    if name.starts_with("aws:") {
        return Some(TagFault::OfTheStore(name.to_owned()));
    }
    let length = value.chars().count();
    if length > VALUE_MAX {
        return Some(TagFault::ValueTooLong(name.to_owned(), length));
    }
    (!fits_xml(name) || !fits_xml(value)).then(|| TagFault::Control(name.to_owned()))
}

/// The tags, by name. A store takes ten at most, with names of up to 128 characters and values of up
/// to 256.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tags {
    /// The value of each name.
    pub tags: BTreeMap<String, String>,
}

/// `GET /buckets/{bucket}/object/tags?key=`.
#[derive(Clone, Debug)]
pub struct GetTags {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
    /// A version of it.
    pub version_id: Option<String>,
}

impl Endpoint for GetTags {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/tags";
    type Body = ();
    type Response = Tags;

    fn path(&self) -> String {
        of_object(&self.bucket, &self.key, self.version_id.as_ref())
    }
}

/// `PUT /buckets/{bucket}/object/tags?key=`: these tags, and no others.
#[derive(Clone, Debug)]
pub struct PutTags {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
    /// A version of it.
    pub version_id: Option<String>,
    /// The tags.
    pub tags: Tags,
}

impl Endpoint for PutTags {
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/tags";
    type Body = Tags;
    type Response = Status;

    fn path(&self) -> String {
        of_object(&self.bucket, &self.key, self.version_id.as_ref())
    }

    fn body(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
}

/// `DELETE /buckets/{bucket}/object/tags?key=`.
#[derive(Clone, Debug)]
pub struct DeleteTags {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
    /// A version of it.
    pub version_id: Option<String>,
}

impl Endpoint for DeleteTags {
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/tags";
    type Body = ();
    type Response = Status;

    fn path(&self) -> String {
        of_object(&self.bucket, &self.key, self.version_id.as_ref())
    }
}

fn of_object(bucket: &BucketName, key: &ObjectKey, version: Option<&String>) -> String {
    below(
        bucket,
        "object/tags",
        &[
            ("key", Some(key.to_string())),
            ("version_id", version.cloned()),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_an_object_of_names() {
        let tags: Tags = serde_json::from_str(r#"{"tags": {"b": "2", "a": ""}}"#).unwrap();
        assert_eq!(tags.tags["b"], "2");
        let text = serde_json::to_string(&tags).unwrap();
        assert_eq!(text, r#"{"tags":{"a":"","b":"2"}}"#);
    }
}
