//! Objects.

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, ObjectKey, Timestamp,
    bucket::{Owner, below},
    endpoint::{Endpoint, is_false},
    spelling::both_spellings,
};

/// `GET /buckets/{bucket}/objects`: one page of a listing.
#[derive(Clone, Debug)]
pub struct ListObjects {
    /// The bucket.
    pub bucket: BucketName,
    /// The parameters.
    pub query: ListObjectsQuery,
}

/// The parameters of [`ListObjects`]. Empty strings count as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ListObjectsQuery {
    /// Only keys that begin with this.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub prefix: Option<String>,
    /// Groups keys up to the next occurrence of this.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub delimiter: Option<String>,
    /// Entries in a page, 0 to 1,000; 1,000 when absent.
    #[serde(default)]
    #[cfg_attr(
        feature = "openapi",
        param(minimum = 0, maximum = 1000, nullable = false)
    )]
    pub max_keys: Option<u32>,
    /// Where the last page stopped.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub continuation_token: Option<String>,
    /// Only keys after this.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub start_after: Option<String>,
}

/// A page of objects and common prefixes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectPage {
    /// The objects, in the store's order.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<ListedObject>))]
    pub objects: Vec<Object>,
    /// What the delimiter grouped, each ending in it.
    pub common_prefixes: Vec<String>,
    /// Whether more follows.
    pub is_truncated: bool,
    /// How to go on.
    pub next_continuation_token: Option<String>,
    /// Objects and prefixes of this page.
    pub key_count: u32,
    /// When Hako removes those among the objects that are temporary files, by their keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub expires_at: BTreeMap<String, Timestamp>,
}

/// utoipa takes the bare name `Object` for any object at all.
#[cfg(feature = "openapi")]
type ListedObject = Object;

/// One object of a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ListedObject))]
pub struct Object {
    /// The key.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// When it was stored.
    pub last_modified: Option<Timestamp>,
    /// The entity tag, with its quotes.
    pub etag: Option<String>,
    /// Always `STANDARD` on HCP.
    pub storage_class: Option<String>,
    /// The owner, where the store tells.
    pub owner: Option<Owner>,
}

both_spellings!(Object {
    key = "Key",
    size = "Size",
    last_modified = "LastModified",
    etag = "ETag",
    storage_class = "StorageClass",
    owner = "Owner",
});

impl Endpoint for ListObjects {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/objects";
    type Body = ();
    type Response = ObjectPage;

    fn path(&self) -> String {
        let q = &self.query;
        below(
            &self.bucket,
            "objects",
            &[
                ("prefix", q.prefix.clone()),
                ("delimiter", q.delimiter.clone()),
                ("max_keys", q.max_keys.map(|n| n.to_string())),
                ("continuation_token", q.continuation_token.clone()),
                ("start_after", q.start_after.clone()),
            ],
        )
    }
}

/// What a change of one object answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectMutation {
    /// `uploaded`, `deleted`, `copied` or `created`.
    pub status: String,
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// The entity tag of what was stored, with its quotes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// Bytes stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The version that was made, where the bucket has versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
}

/// `GET /buckets/{bucket}/object/details?key=`: all that the store tells of an object without its bytes.
#[derive(Clone, Debug)]
pub struct GetDetails {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
    /// A version of it; the object as it is when absent.
    pub version_id: Option<String>,
}

/// What [`GetDetails`] answers. What is absent, the store does not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ObjectDetails {
    /// The key.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// When it was stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<Timestamp>,
    /// The entity tag, with its quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// How it is encoded, such as `gzip`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_encoding: Option<String>,
    /// How a browser should take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_disposition: Option<String>,
    /// The language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_language: Option<String>,
    /// How it may be cached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_control: Option<String>,
    /// The storage class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_class: Option<String>,
    /// The version, where the bucket has versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// Whether the store says that it encrypts the object.
    #[serde(skip_serializing_if = "is_false")]
    pub encrypted: bool,
    /// Checksums that the store keeps, in base64, by algorithm: `crc32`, `crc32c`, `crc64nvme`, `sha1`, `sha256`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub checksums: BTreeMap<String, String>,
    /// How far it is copied to another store, in the store's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replication: Option<String>,
    /// When and by which rule it goes by itself, in the store's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration: Option<String>,
    /// When Hako removes it: it is a temporary file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// The caller's own metadata, without `x-amz-meta-`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// What keeps it from being changed, by the names of the headers of `HEAD`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub protection: BTreeMap<String, String>,
    /// By which a change of its properties is told from one of something else.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub fingerprint: String,
}

impl ObjectDetails {
    /// Whether the entity tag is the MD5 of the bytes: it is not for objects that came in parts or that the
    /// store encrypts.
    pub fn etag_is_md5(&self) -> bool {
        let etag = self.etag.as_deref().unwrap_or_default().trim_matches('"');
        !self.encrypted && etag.len() == 32 && etag.bytes().all(|byte| byte.is_ascii_hexdigit())
    }
}

impl Endpoint for GetDetails {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/details";
    type Body = ();
    type Response = ObjectDetails;

    fn path(&self) -> String {
        below(
            &self.bucket,
            "object/details",
            &[
                ("key", Some(self.key.to_string())),
                ("version_id", self.version_id.clone()),
            ],
        )
    }
}

/// `DELETE /buckets/{bucket}/object?key=`.
#[derive(Clone, Debug)]
pub struct DeleteObject {
    /// The bucket.
    pub bucket: BucketName,
    /// The key; one that does not exist is fine.
    pub key: ObjectKey,
    /// The version that goes for good; without it, the object as it is.
    pub version_id: Option<String>,
}

impl Endpoint for DeleteObject {
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object";
    type Body = ();
    type Response = ObjectMutation;

    fn path(&self) -> String {
        below(
            &self.bucket,
            "object",
            &[
                ("key", Some(self.key.to_string())),
                ("version_id", self.version_id.clone()),
            ],
        )
    }
}

/// `POST /buckets/{bucket}/object/copy?key=`: a copy inside the store.
#[derive(Clone, Debug)]
pub struct CopyObject {
    /// The bucket copied to.
    pub bucket: BucketName,
    /// The key copied to.
    pub key: ObjectKey,
    /// What is copied.
    pub source: CopySource,
}

/// The body of [`CopyObject`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CopySource {
    /// The bucket copied from.
    #[cfg_attr(
        feature = "openapi",
        schema(
            min_length = 3,
            max_length = 63,
            pattern = "^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$"
        )
    )]
    pub source_bucket: String,
    /// The key copied from.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4095))]
    pub source_key: String,
    /// The version copied from; the object as it is when absent. A version copied onto its own key is restored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_version_id: Option<String>,
}

impl Endpoint for CopyObject {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/copy";
    type Body = CopySource;
    type Response = ObjectMutation;

    fn path(&self) -> String {
        below(
            &self.bucket,
            "object/copy",
            &[("key", Some(self.key.to_string()))],
        )
    }

    fn body(&self) -> Option<&CopySource> {
        Some(&self.source)
    }
}

/// `POST /buckets/{bucket}/objects/folder`: a zero-byte object that ends in `/`.
#[derive(Clone, Debug)]
pub struct CreateFolder {
    /// The bucket.
    pub bucket: BucketName,
    /// The folder.
    pub folder: NewFolder,
}

/// The body of [`CreateFolder`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewFolder {
    /// The folder's whole path, with or without its last slash.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4095))]
    pub folder_name: String,
}

impl Endpoint for CreateFolder {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/objects/folder";
    type Body = NewFolder;
    type Response = ObjectMutation;

    fn path(&self) -> String {
        below(&self.bucket, "objects/folder", &[])
    }

    fn body(&self) -> Option<&NewFolder> {
        Some(&self.folder)
    }
}

/// `POST /buckets/{bucket}/objects/delete`: many keys, or all below a prefix.
#[derive(Clone, Debug)]
pub struct DeleteObjects {
    /// The bucket.
    pub bucket: BucketName,
    /// What goes.
    pub body: Deletion,
}

/// The body of [`DeleteObjects`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deletion {
    /// Keys, each one exactly.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 10_000))]
    pub keys: Vec<String>,
    /// Everything that begins with this. Empty is refused unless `all` is set.
    #[serde(default)]
    pub prefix: Option<String>,
    /// Says that an empty `prefix` means the whole bucket.
    #[serde(default)]
    pub all: bool,
}

/// What [`DeleteObjects`] answers; 200 also when some keys failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeletionReport {
    /// Always `deleted`.
    pub status: String,
    /// The keys that are gone.
    pub deleted: Vec<String>,
    /// How many.
    pub deleted_count: u64,
    /// The keys that are not.
    pub errors: Vec<DeletionError>,
}

/// Why one key was not deleted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeletionError {
    /// The key.
    pub key: String,
    /// The store's word.
    pub code: Option<String>,
    /// The store's sentence.
    pub message: Option<String>,
}

both_spellings!(DeletionError { key = "Key", code = "Code", message = "Message" });

impl Endpoint for DeleteObjects {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/objects/delete";
    type Body = Deletion;
    type Response = DeletionReport;

    fn path(&self) -> String {
        below(&self.bucket, "objects/delete", &[])
    }

    fn body(&self) -> Option<&Deletion> {
        Some(&self.body)
    }
}

/// The address under which Hako itself streams an object: a plain link, for downloads without scripts.
pub fn download_path(bucket: &BucketName, key: &ObjectKey) -> String {
    below(bucket, "object", &[("key", Some(key.to_string()))])
}

/// The address by which Hako streams one version of an object.
pub fn version_path(bucket: &BucketName, key: &ObjectKey, version_id: &str) -> String {
    let version_id = Some(version_id.to_owned());
    below(
        bucket,
        "object",
        &[("key", Some(key.to_string())), ("version_id", version_id)],
    )
}

/// The address to which a whole object can be posted (or put, as raw bytes) through Hako.
pub fn upload_path(bucket: &BucketName, key: &ObjectKey) -> String {
    download_path(bucket, key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_travel_percent_encoded_in_the_query() {
        let request = DeleteObject {
            bucket: BucketName::parse("b-1").unwrap(),
            key: ObjectKey::parse("a b/#?%&=+\"é😀/acl").unwrap(),
            version_id: None,
        };
        assert_eq!(
            request.path(),
            "/api/v1/buckets/b-1/object?key=a%20b%2F%23%3F%25%26%3D%2B%22%C3%A9%F0%9F%98%80%2Facl"
        );
    }

    #[test]
    fn an_entity_tag_is_an_md5_only_where_it_can_be() {
        let of = |etag: &str, encrypted| ObjectDetails {
            etag: Some(etag.to_owned()),
            encrypted,
            ..ObjectDetails::default()
        };
        let md5 = "\"900150983cd24fb0d6963f7d28e17f72\"";
        assert!(of(md5, false).etag_is_md5());
        assert!(!of(md5, true).etag_is_md5());
        assert!(!of("\"900150983cd24fb0d6963f7d28e17f72-3\"", false).etag_is_md5());
        assert!(!of("\"not-32-digits\"", false).etag_is_md5());
        assert!(!ObjectDetails::default().etag_is_md5());
    }

    #[test]
    fn details_that_are_not_told_are_left_out() {
        let text = serde_json::to_string(&ObjectDetails {
            key: "a".to_owned(),
            ..ObjectDetails::default()
        });
        let text = text.unwrap();
        assert_eq!(text, r#"{"key":"a","size":0}"#);
        let read: ObjectDetails = serde_json::from_str(&text).unwrap();
        assert_eq!(read.key, "a");
        assert!(read.metadata.is_empty() && !read.encrypted);
    }

    #[test]
    fn absent_parameters_are_left_out() {
        let request = ListObjects {
            bucket: BucketName::parse("b-1").unwrap(),
            query: ListObjectsQuery {
                prefix: Some("a/".to_owned()),
                ..ListObjectsQuery::default()
            },
        };
        assert_eq!(request.path(), "/api/v1/buckets/b-1/objects?prefix=a%2F");
    }
}
