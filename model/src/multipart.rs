//! Multipart uploads: presigned by Hako, sent by the client straight to the store.

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, ChecksumAlgorithm, ObjectKey, PartChecksum, PartNumber, Timestamp, UploadId,
    acl::CannedAcl,
    attributes::Attributes,
    bucket::{Owner, below},
    endpoint::{Endpoint, is_false},
    spelling::both_spellings,
};

/// `POST …/object/multipart?key=`: begins an upload without signing anything.
#[derive(Clone, Debug)]
pub struct CreateUpload {
    /// The bucket.
    pub bucket: BucketName,
    /// The key.
    pub key: ObjectKey,
    /// The object's `Content-Type`, in the query; guessed from the key when absent.
    pub content_type: Option<String>,
    /// Which checksum its parts will carry, in the query; the store's choice when absent.
    pub checksum_algorithm: Option<ChecksumAlgorithm>,
    /// What the object is to be stored with, in the body.
    pub attributes: Attributes,
}

/// An upload that was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Upload {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// The store's id.
    pub upload_id: String,
}

impl Endpoint for CreateUpload {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/multipart";
    type Body = Attributes;
    type Response = Upload;

    fn path(&self) -> String {
        below(
            &self.bucket,
            "object/multipart",
            &[
                ("key", Some(self.key.to_string())),
                ("content_type", self.content_type.clone()),
                (
                    "checksum_algorithm",
                    self.checksum_algorithm.map(|a| a.as_str().to_owned()),
                ),
            ],
        )
    }

    fn body(&self) -> Option<&Attributes> {
        Some(&self.attributes).filter(|attributes| !attributes.is_empty())
    }
}

/// `POST …/object/multipart/presign?key=`: signs the parts of an upload, beginning one if asked.
#[derive(Clone, Debug)]
pub struct PresignUpload {
    /// The bucket.
    pub bucket: BucketName,
    /// The key.
    pub key: ObjectKey,
    /// The size and the wishes.
    pub body: UploadPlanRequest,
}

/// The body of [`PresignUpload`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadPlanRequest {
    /// Bytes of the whole file, at least 1.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub file_size: u64,
    /// Bytes of each part but the last: 5 MiB to 5 GiB; 25 MiB when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(minimum = 5_242_880, maximum = 5_368_709_120_u64)
    )]
    pub part_size: Option<u64>,
    /// Whether the URLs lead through Hako (`/s3/…`), which passes on to the store what is sent there; as the
    /// deployment has it when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_proxy: Option<bool>,
    /// Seconds that the URLs live: 60 to 43,200; 3,600 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 60, maximum = 43_200))]
    pub expires_in: Option<u64>,
    /// An upload begun before; a new one is begun when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_id: Option<String>,
    /// Only these parts; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_numbers: Option<Vec<PartNumber>>,
    /// Only these parts, each with the checksum that its URL fixes; not beside `part_numbers`. An
    /// empty list begins the upload and signs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_items = 10_000))]
    pub parts: Option<Vec<PartToSign>>,
    /// Which checksum the parts of a new upload will carry; the store's choice when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum_algorithm: Option<ChecksumAlgorithm>,
    /// The object's `Content-Type` for a new upload; guessed from the key when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 255, pattern = "^[ -~]*$"))]
    pub content_type: Option<String>,
    /// The caller's own metadata of the object of a new upload: values by name, without `x-amz-meta-`. Names are
    /// those of HTTP headers, values printable ASCII, all together at most 2 KiB.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// Its tags: values by name, ten at most. For stores with `features.objects.tags`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Who may do what with it, in a word. For stores with `features.objects.acl`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acl: Option<CannedAcl>,
    /// How long it is kept, as HCP writes it: `A+7y`, `C+Name`, `-1`, `2030-01-31T00:00:00+0000`. For
    /// stores with `features.objects.retention`. HCP reads it when the upload is
    /// completed: it is to be said there again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// Whether it is on hold: kept until the hold is lifted. For stores with
    /// `features.objects.retention`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub legal_hold: bool,
}

impl UploadPlanRequest {
    /// What the object of a new upload is to be stored with.
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

/// A part that is to be signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartToSign {
    /// The part.
    pub part_number: PartNumber,
    /// The checksum of its bytes; the store refuses any others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<PartChecksum>,
}

/// What [`PresignUpload`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresignedUpload {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// The store's id of the upload.
    pub upload_id: String,
    /// Bytes of each part but the last.
    pub part_size: u64,
    /// How many parts the file has.
    pub total_parts: u32,
    /// One URL per part asked for.
    pub urls: Vec<PartUrl>,
    /// Seconds that the URLs live.
    pub expires_in: u64,
    /// The server's clock when it signed.
    pub server_time: Timestamp,
    /// When the URLs end, by the server's clock.
    pub expires_at: Timestamp,
}

/// Where one part goes, by `PUT` with these headers and no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartUrl {
    /// The part.
    pub part_number: PartNumber,
    /// The presigned URL.
    pub url: String,
    /// The headers that it fixes: the part is sent with exactly these.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
}

impl Endpoint for PresignUpload {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/multipart/presign";
    type Body = UploadPlanRequest;
    type Response = PresignedUpload;

    fn path(&self) -> String {
        below(
            &self.bucket,
            "object/multipart/presign",
            &[("key", Some(self.key.to_string()))],
        )
    }

    fn body(&self) -> Option<&UploadPlanRequest> {
        Some(&self.body)
    }
}

/// `POST …/object/multipart/complete?key=`.
#[derive(Clone, Debug)]
pub struct CompleteUpload {
    /// The bucket.
    pub bucket: BucketName,
    /// The key.
    pub key: ObjectKey,
    /// The parts.
    pub body: Completion,
}

/// The body of [`CompleteUpload`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Completion {
    /// The upload.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1024))]
    pub upload_id: String,
    /// The parts, ascending.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 10_000))]
    pub parts: Vec<CompletedPart>,
    /// Only where no object has the key yet: else 412, and the upload stays. For stores with
    /// conditional writes.
    #[serde(default, skip_serializing_if = "is_false")]
    pub if_none_match: bool,
    /// How long the object is kept, as it was said when the upload was begun: HCP reads it here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// Whether the object is on hold, as it was said when the upload was begun.
    #[serde(default, skip_serializing_if = "is_false")]
    pub legal_hold: bool,
}

/// One part of a [`Completion`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CompletedPart {
    /// The part.
    #[serde(rename = "PartNumber", alias = "part_number")]
    pub part_number: PartNumber,
    /// What the store answered for it, with its quotes.
    #[serde(rename = "ETag", alias = "etag")]
    pub etag: String,
    /// Its CRC-32C in Base64, where the upload was begun with it.
    #[serde(
        rename = "ChecksumCRC32C",
        alias = "checksum_crc32c",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub checksum_crc32c: Option<String>,
}

/// What [`CompleteUpload`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CompletedUpload {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// The object's entity tag, with its quotes.
    pub etag: Option<String>,
    /// The version that it became, where the bucket keeps versions.
    #[serde(default)]
    pub version_id: Option<String>,
}

impl Endpoint for CompleteUpload {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/multipart/complete";
    type Body = Completion;
    type Response = CompletedUpload;

    fn path(&self) -> String {
        below(
            &self.bucket,
            "object/multipart/complete",
            &[("key", Some(self.key.to_string()))],
        )
    }

    fn body(&self) -> Option<&Completion> {
        Some(&self.body)
    }
}

/// `POST …/object/multipart/abort?key=`.
#[derive(Clone, Debug)]
pub struct AbortUpload {
    /// The bucket.
    pub bucket: BucketName,
    /// The key.
    pub key: ObjectKey,
    /// The upload.
    pub body: Abort,
}

/// The body of [`AbortUpload`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Abort {
    /// The upload.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1024))]
    pub upload_id: String,
}

/// An answer that only says that it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Status {
    /// What happened, in the past tense.
    pub status: String,
}

impl Endpoint for AbortUpload {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/multipart/abort";
    type Body = Abort;
    type Response = Status;

    fn path(&self) -> String {
        below(
            &self.bucket,
            "object/multipart/abort",
            &[("key", Some(self.key.to_string()))],
        )
    }

    fn body(&self) -> Option<&Abort> {
        Some(&self.body)
    }
}

/// `GET …/object/multipart/parts?key=&upload_id=`: what the store holds of an upload.
#[derive(Clone, Debug)]
pub struct ListParts {
    /// The bucket.
    pub bucket: BucketName,
    /// The key.
    pub key: ObjectKey,
    /// The upload.
    pub upload_id: UploadId,
    /// Only parts after this number.
    pub part_number_marker: Option<u32>,
}

/// A page of stored parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartPage {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// The upload.
    pub upload_id: String,
    /// The parts, ascending.
    pub parts: Vec<Part>,
    /// Whether more follow.
    pub is_truncated: bool,
    /// How to go on.
    pub next_part_number_marker: Option<u32>,
    /// Who began the upload, where the store tells.
    #[serde(default)]
    pub initiator: Option<Owner>,
    /// When the store gives it up by itself, where it tells.
    #[serde(default)]
    pub abort_date: Option<Timestamp>,
    /// The checksum that the upload was begun for, by S3's name, where the store tells.
    #[serde(default)]
    pub checksum_algorithm: Option<String>,
}

/// One stored part.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Part {
    /// The part.
    pub part_number: PartNumber,
    /// Its entity tag, with its quotes.
    pub etag: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    /// When it arrived.
    pub last_modified: Option<Timestamp>,
    /// Its CRC-32C in Base64, where the store keeps one.
    pub checksum_crc32c: Option<String>,
}

both_spellings!(Part {
    part_number = "PartNumber",
    etag = "ETag",
    size = "Size",
    last_modified = "LastModified",
    checksum_crc32c = "ChecksumCRC32C",
});

impl Endpoint for ListParts {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/multipart/parts";
    type Body = ();
    type Response = PartPage;

    fn path(&self) -> String {
        below(
            &self.bucket,
            "object/multipart/parts",
            &[
                ("key", Some(self.key.to_string())),
                ("upload_id", Some(self.upload_id.to_string())),
                (
                    "part_number_marker",
                    self.part_number_marker.map(|n| n.to_string()),
                ),
            ],
        )
    }
}

/// What sending one part through Hako answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadedPart {
    /// The part.
    pub part_number: PartNumber,
    /// Its entity tag, with its quotes.
    pub etag: String,
}

both_spellings!(UploadedPart { part_number = "PartNumber", etag = "ETag" });

/// The address to which one part's raw bytes (or a form with the field `file`) are put through Hako.
pub fn part_path(
    bucket: &BucketName,
    key: &ObjectKey,
    upload_id: &UploadId,
    part: PartNumber,
) -> String {
    below(
        bucket,
        "object/multipart",
        &[
            ("key", Some(key.to_string())),
            ("upload_id", Some(upload_id.to_string())),
            ("part_number", Some(part.to_string())),
        ],
    )
}

/// `GET /buckets/{bucket}/uploads`: one page of the uploads that are not completed yet.
#[derive(Clone, Debug)]
pub struct ListUploads {
    /// The bucket.
    pub bucket: BucketName,
    /// The parameters.
    pub query: ListUploadsQuery,
}

/// The parameters of [`ListUploads`]. Empty strings count as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(default)]
pub struct ListUploadsQuery {
    /// Only keys that begin with this.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub prefix: Option<String>,
    /// Uploads in a page, 1 to 1,000; 1,000 when absent.
    #[cfg_attr(
        feature = "openapi",
        param(minimum = 1, maximum = 1000, nullable = false)
    )]
    pub max_uploads: Option<u32>,
    /// The key at which the last page stopped.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub key_marker: Option<String>,
    /// The upload at which the last page stopped.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub upload_id_marker: Option<String>,
}

/// A page of open uploads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadPage {
    /// The bucket.
    pub bucket: String,
    /// The uploads, by key and then by age.
    pub uploads: Vec<OpenUpload>,
    /// Whether more follow.
    pub is_truncated: bool,
    /// How to go on: the key …
    pub next_key_marker: Option<String>,
    /// … and the upload.
    pub next_upload_id_marker: Option<String>,
    /// Whether the store gives uploads of this bucket up by itself, where that is known; not told of an
    /// empty page.
    #[serde(default)]
    pub expires: Option<bool>,
}

/// An upload that is not completed yet.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenUpload {
    /// The key.
    pub key: String,
    /// The upload.
    pub upload_id: String,
    /// When it was begun.
    pub initiated: Option<Timestamp>,
    /// Always `STANDARD` on HCP.
    pub storage_class: Option<String>,
    /// Who began it, where the store tells.
    pub initiator: Option<Owner>,
    /// When the store gives it up by itself, where that can be known.
    pub abort_date: Option<Timestamp>,
    /// The checksum that it was begun for, by S3's name, where the store tells.
    #[serde(default)]
    pub checksum_algorithm: Option<String>,
}

impl OpenUpload {
    /// Whether it was begun at least so many days ago; with 0 any was. What has no time is only among all.
    pub fn is_older_than(&self, days: u32, now: Timestamp) -> bool {
        let limit = now.unix_seconds() - i64::from(days) * 86_400;
        let begun = self.initiated.map(Timestamp::unix_seconds);
        days == 0 || begun.is_some_and(|begun| begun <= limit)
    }
}

both_spellings!(OpenUpload {
    key = "Key",
    upload_id = "UploadId",
    initiated = "Initiated",
    storage_class = "StorageClass",
    initiator = "Initiator",
    abort_date = "AbortDate",
    checksum_algorithm = "ChecksumAlgorithm",
});

impl Endpoint for ListUploads {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/uploads";
    type Body = ();
    type Response = UploadPage;

    fn path(&self) -> String {
        let q = &self.query;
        below(
            &self.bucket,
            "uploads",
            &[
                ("prefix", q.prefix.clone()),
                ("max_uploads", q.max_uploads.map(|n| n.to_string())),
                ("key_marker", q.key_marker.clone()),
                ("upload_id_marker", q.upload_id_marker.clone()),
            ],
        )
    }
}
