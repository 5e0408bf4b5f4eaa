//! Presigned URLs, and the keys that sign them.

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, PartChecksum, Timestamp,
    acl::CannedAcl,
    attributes::Attributes,
    bucket::below,
    endpoint::{Endpoint, is_false},
};

/// The longest life of a presigned URL, in seconds: 7 days.
pub const MAX_EXPIRES_IN: u64 = 604_800;

/// `POST /presign`.
#[derive(Clone, Debug)]
pub struct Presign(pub PresignRequest);

/// The body of [`Presign`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresignRequest {
    /// The bucket.
    #[cfg_attr(
        feature = "openapi",
        schema(
            min_length = 3,
            max_length = 63,
            pattern = "^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$"
        )
    )]
    pub bucket: String,
    /// The key.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4095))]
    pub key: String,
    /// Seconds that the URL lives: 1 to 604,800; 3,600 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 604_800))]
    pub expires_in: Option<u64>,
    /// `get_object` (when absent) or `put_object`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<PresignMethod>,
    /// Whether the URL leads through Hako (`/s3/…`), which passes on to the store what is sent there; as the
    /// deployment has it when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_proxy: Option<bool>,
    /// Makes a `get_object` URL answer with `Content-Disposition: attachment` and the key's name.
    #[serde(default, skip_serializing_if = "is_false")]
    pub attachment: bool,
    /// Signs this `Content-Type` into a `put_object` URL, which must then be sent with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 255, pattern = "^[ -~]*$"))]
    pub content_type: Option<String>,
    /// Makes a `put_object` URL store only where no object has the key yet; else the store answers
    /// 412. For stores with conditional writes.
    #[serde(default, skip_serializing_if = "is_false")]
    pub if_none_match: bool,
    /// Signs the checksum of the bytes into a `put_object` URL; the store refuses any others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<PartChecksum>,
    /// The caller's own metadata of the object that a `put_object` URL stores: values by name,
    /// without `x-amz-meta-`. Names are those of HTTP headers, values printable ASCII, all together
    /// at most 2 KiB. Signed, as are the next four.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// Its tags: values by name, ten at most. For stores with `features.objects.tags`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Who may do what with it, in a word. For stores with `features.objects.acl`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acl: Option<CannedAcl>,
    /// How long it is kept, as HCP writes it: `A+7y`, `C+Name`, `-1`, `2030-01-31T00:00:00+0000`. For
    /// stores with `features.objects.retention`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// Whether it is on hold: kept until the hold is lifted. For stores with
    /// `features.objects.retention`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub legal_hold: bool,
}

impl PresignRequest {
    /// What the object is to be stored with.
    pub fn attributes(&self) -> Attributes {
        Attributes {
            metadata: self.metadata.clone(),
            tags: self.tags.clone(),
            acl: self.acl,
            retention: self.retention.clone(),
            legal_hold: self.legal_hold,
        }
    }
}

/// What a presigned URL may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PresignMethod {
    /// Read the object.
    #[default]
    GetObject,
    /// Write the object.
    PutObject,
}

/// What [`Presign`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresignedUrl {
    /// The URL.
    pub url: String,
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// Seconds that it lives.
    pub expires_in: u64,
    /// What it may do.
    pub method: PresignMethod,
    /// The server's clock when it signed.
    pub server_time: Timestamp,
    /// When it ends, by the server's clock.
    pub expires_at: Timestamp,
    /// The headers that it fixes beside the `Content-Type` asked for: it is used with exactly these.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// What to know before giving it away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<UrlWarning>,
}

impl Endpoint for Presign {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/presign";
    type Body = PresignRequest;
    type Response = PresignedUrl;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }

    fn body(&self) -> Option<&PresignRequest> {
        Some(&self.0)
    }
}

/// `POST /buckets/{bucket}/objects/presign`: one URL for each of many objects.
#[derive(Clone, Debug)]
pub struct PresignMany {
    /// The bucket.
    pub bucket: BucketName,
    /// What is to be signed.
    pub request: PresignManyRequest,
}

/// How many keys one call of [`PresignMany`] may name.
pub const MAX_PRESIGN_KEYS: usize = 10_000;

/// The body of [`PresignMany`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresignManyRequest {
    /// The keys, at least one and at most [`MAX_PRESIGN_KEYS`].
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 10_000))]
    pub keys: Vec<String>,
    /// Seconds that the URLs live: 1 to 604,800; 3,600 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 604_800))]
    pub expires_in: Option<u64>,
    /// `get_object` (when absent) or `put_object`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<PresignMethod>,
    /// Whether the URLs lead through Hako (`/s3/…`), which passes on to the store what is sent there; as the
    /// deployment has it when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_proxy: Option<bool>,
    /// Makes `get_object` URLs answer with `Content-Disposition: attachment` and the key's name.
    #[serde(default, skip_serializing_if = "is_false")]
    pub attachment: bool,
    /// Makes the `get_object` URL of one key answer with this name instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 255))]
    pub file_name: Option<String>,
    /// Makes `get_object` URLs answer with this `Content-Type` instead of the object's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 255, pattern = "^[ -~]*$"))]
    pub response_content_type: Option<String>,
}

/// What somebody should know before giving a presigned URL away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum UrlWarning {
    /// It cannot be revoked.
    NotRevocable,
    /// It dies earlier if the key that signed it is changed.
    EndsWithKey,
    /// It dies with the temporary key that signed it.
    EndsWithTemporaryKey {
        /// When that key ends.
        at: Timestamp,
    },
    /// Its address looks like one that others do not reach.
    InternalAddress {
        /// The host.
        host: String,
    },
}

/// What [`PresignMany`] answers: a URL for every key, in the order of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresignedUrls {
    /// The URLs.
    pub urls: Vec<KeyUrl>,
    /// Seconds that they live.
    pub expires_in: u64,
    /// The server's clock when it signed.
    pub server_time: Timestamp,
    /// When they end, by the server's clock.
    pub expires_at: Timestamp,
    /// What to know before giving them away.
    #[serde(default)]
    pub warnings: Vec<UrlWarning>,
}

/// A key and its URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyUrl {
    /// The key.
    pub key: String,
    /// The URL.
    pub url: String,
}

impl Endpoint for PresignMany {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/objects/presign";
    type Body = PresignManyRequest;
    type Response = PresignedUrls;

    fn path(&self) -> String {
        below(&self.bucket, "objects/presign", &[])
    }

    fn body(&self) -> Option<&PresignManyRequest> {
        Some(&self.request)
    }
}

/// `POST /presign/test`: fetches the first byte of an object as a recipient of its URL would.
#[derive(Clone, Debug)]
pub struct TestUrl(pub ObjectToTest);

/// The body of [`TestUrl`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectToTest {
    /// The bucket.
    #[cfg_attr(
        feature = "openapi",
        schema(
            min_length = 3,
            max_length = 63,
            pattern = "^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$"
        )
    )]
    pub bucket: String,
    /// The key.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4095))]
    pub key: String,
}

/// How the store answered at its public address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UrlOutcome {
    /// It gave the byte.
    Ok,
    /// It answered with something else.
    Refused,
    /// Nobody answered there.
    Unreachable,
}

/// What [`TestUrl`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UrlTest {
    /// What came of it.
    pub outcome: UrlOutcome,
    /// The status of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The address that was asked, without the signature.
    pub origin: String,
}

impl Endpoint for TestUrl {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/presign/test";
    type Body = ObjectToTest;
    type Response = UrlTest;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }

    fn body(&self) -> Option<&ObjectToTest> {
        Some(&self.0)
    }
}

/// `GET /credentials`: the caller's own keys for the store's S3 endpoint.
#[derive(Clone, Debug, Default)]
pub struct GetCredentials;

// Not `Debug`: it carries the secret.
/// The caller's own keys.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct S3Credentials {
    /// The access key.
    pub access_key_id: String,
    /// The secret key.
    pub secret_access_key: String,
    /// The user, where the store has users.
    pub username: Option<String>,
    /// The tenant, where the store has tenants.
    pub tenant: Option<String>,
    /// The S3 endpoint as the caller reaches it.
    pub endpoint_url: Option<String>,
}

impl Endpoint for GetCredentials {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/credentials";
    type Body = ();
    type Response = S3Credentials;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }
}
