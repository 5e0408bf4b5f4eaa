//! The tags of an object: names and values by which people and rules find it.

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{BucketName, ObjectKey, bucket::below, endpoint::Endpoint, multipart::Status};

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
