//! Versions: whether a bucket keeps them, and which there are.

mod compare;
mod groups;

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, Timestamp,
    bucket::{Owner, below},
    endpoint::Endpoint,
    spelling::both_spellings,
};

pub use compare::{
    COMPARED_MAX, CompareVersions, Comparison, DiffLine, Difference, Hunk, LineEnd, Lines,
    SHOWN_CHARACTERS, SHOWN_LINES,
};
pub use groups::{Histories, KeyHistory, KeyState, Moment};

/// Whether a bucket keeps the versions of its objects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Versioning {
    /// `Enabled` or `Suspended`; null where it was never enabled.
    pub status: Option<String>,
    /// `Enabled` or `Disabled`, where the store tells; HCP does not.
    pub mfa_delete: Option<String>,
}

/// `GET /buckets/{bucket}/versioning`.
#[derive(Clone, Debug)]
pub struct GetVersioning {
    /// The bucket.
    pub bucket: BucketName,
}

impl Endpoint for GetVersioning {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/versioning";
    type Body = ();
    type Response = Versioning;

    fn path(&self) -> String {
        below(&self.bucket, "versioning", &[])
    }
}

/// The states that versioning can be put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum VersioningStatus {
    /// Every write makes a version.
    Enabled,
    /// Versions stay, and no new ones are made.
    Suspended,
}

impl VersioningStatus {
    /// S3's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "Enabled",
            Self::Suspended => "Suspended",
        }
    }
}

/// The body of [`PutVersioning`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewVersioning {
    /// The state.
    pub status: VersioningStatus,
}

/// `PUT /buckets/{bucket}/versioning`.
#[derive(Clone, Debug)]
pub struct PutVersioning {
    /// The bucket.
    pub bucket: BucketName,
    /// The state.
    pub versioning: NewVersioning,
}

/// What setting the state answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersioningMutation {
    /// `updated`.
    pub status: String,
    /// The state.
    pub versioning: Option<String>,
}

impl Endpoint for PutVersioning {
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/versioning";
    type Body = NewVersioning;
    type Response = VersioningMutation;

    fn path(&self) -> String {
        below(&self.bucket, "versioning", &[])
    }

    fn body(&self) -> Option<&NewVersioning> {
        Some(&self.versioning)
    }
}

/// `GET /buckets/{bucket}/versions`: one page.
#[derive(Clone, Debug)]
pub struct ListVersions {
    /// The bucket.
    pub bucket: BucketName,
    /// The parameters.
    pub query: ListVersionsQuery,
}

/// The parameters of [`ListVersions`]. Empty strings count as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(default)]
pub struct ListVersionsQuery {
    /// Only keys that begin with this.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub prefix: Option<String>,
    /// Groups keys up to the next occurrence of this.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub delimiter: Option<String>,
    /// Entries in a page, 0 to 1,000; 1,000 when absent.
    #[cfg_attr(
        feature = "openapi",
        param(minimum = 0, maximum = 1000, nullable = false)
    )]
    pub max_keys: Option<u32>,
    /// The key at which the last page stopped.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub key_marker: Option<String>,
    /// The version at which the last page stopped.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub version_id_marker: Option<String>,
}

/// A page of versions and delete markers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionPage {
    /// The versions, in the store's order.
    pub versions: Vec<ObjectVersion>,
    /// The delete markers, in the store's order.
    pub delete_markers: Vec<DeleteMarker>,
    /// What the delimiter grouped, each ending in it.
    pub common_prefixes: Vec<String>,
    /// Whether more follows.
    pub is_truncated: bool,
    /// How to go on: the key …
    pub next_key_marker: Option<String>,
    /// … and the version.
    pub next_version_id_marker: Option<String>,
    /// Versions and delete markers of this page.
    pub key_count: u32,
    /// When Hako removes those among the newest versions that are temporary files, by their keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub expires_at: BTreeMap<String, Timestamp>,
}

/// A version of an object.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectVersion {
    /// The key.
    pub key: String,
    /// The version; `null` where the bucket kept none.
    pub version_id: String,
    /// Whether it is the newest of its key.
    pub is_latest: bool,
    /// When it was stored.
    pub last_modified: Option<Timestamp>,
    /// The entity tag, with its quotes.
    pub etag: Option<String>,
    /// Bytes.
    pub size: u64,
    /// Always `STANDARD` on HCP.
    pub storage_class: Option<String>,
    /// The owner, where the store tells.
    pub owner: Option<Owner>,
}

both_spellings!(ObjectVersion {
    key = "Key",
    version_id = "VersionId",
    is_latest = "IsLatest",
    last_modified = "LastModified",
    etag = "ETag",
    size = "Size",
    storage_class = "StorageClass",
    owner = "Owner",
});

/// The mark of a deletion, where versions are kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeleteMarker {
    /// The key.
    pub key: String,
    /// The marker's own version.
    pub version_id: String,
    /// Whether it hides the key now.
    pub is_latest: bool,
    /// When the key was deleted.
    pub last_modified: Option<Timestamp>,
    /// Who deleted it, where the store tells.
    pub owner: Option<Owner>,
}

both_spellings!(DeleteMarker {
    key = "Key",
    version_id = "VersionId",
    is_latest = "IsLatest",
    last_modified = "LastModified",
    owner = "Owner",
});

impl Endpoint for ListVersions {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/versions";
    type Body = ();
    type Response = VersionPage;

    fn path(&self) -> String {
        let q = &self.query;
        below(
            &self.bucket,
            "versions",
            &[
                ("prefix", q.prefix.clone()),
                ("delimiter", q.delimiter.clone()),
                ("max_keys", q.max_keys.map(|n| n.to_string())),
                ("key_marker", q.key_marker.clone()),
                ("version_id_marker", q.version_id_marker.clone()),
            ],
        )
    }
}
