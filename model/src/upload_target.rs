//! What an upload into a bucket meets: what becomes of a key that exists, how much room there is, and
//! whether the store lets the page in at all.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, ChecksumAlgorithm, Timestamp, attributes::METADATA_PREFIX, bucket::below,
    cors::CorsRule, endpoint::Endpoint, session::UploadSettings,
};

/// `GET /buckets/{bucket}/upload-target`.
#[derive(Clone, Debug)]
pub struct GetUploadTarget {
    /// The bucket.
    pub bucket: BucketName,
}

/// What an upload into a bucket meets. What the caller may not know, or the store cannot say, is null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadTarget {
    /// Whether the bucket keeps versions.
    pub versioning: Option<VersioningState>,
    /// What becomes of an object whose key is written again.
    pub overwrites: Option<Overwrites>,
    /// How much the bucket may hold.
    pub quota_bytes: Option<u64>,
    /// How much it holds.
    pub used_bytes: Option<u64>,
    /// When that was asked. HCP counts now and then: it may be an hour behind.
    pub as_of: Option<Timestamp>,
    /// After how many days the store gives up an upload that was not completed.
    pub multipart_expires_days: Option<u32>,
}

/// Whether a bucket keeps versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VersioningState {
    /// It never did.
    Off,
    /// Every write makes one.
    Enabled,
    /// Old ones stay, and no new ones are made.
    Suspended,
}

/// What becomes of an object whose key is written again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Overwrites {
    /// It stays as an old version.
    Versioned,
    /// It is lost.
    Replaced,
    /// It stays, and the write is refused, as HCP does without versioning.
    Refused,
}

impl Endpoint for GetUploadTarget {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/upload-target";
    type Body = ();
    type Response = UploadTarget;

    fn path(&self) -> String {
        below(&self.bucket, "upload-target", &[])
    }
}

/// `POST /buckets/{bucket}/upload-diagnosis`: why a page cannot send bytes to the store.
#[derive(Clone, Debug)]
pub struct DiagnoseUpload {
    /// The bucket.
    pub bucket: BucketName,
    /// The page.
    pub body: Diagnose,
}

/// The body of [`DiagnoseUpload`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Diagnose {
    /// Where the page is from: `https://hako.example.com`.
    #[cfg_attr(
        feature = "openapi",
        schema(max_length = 261, pattern = "^https?://[^/?#@*\\s]+$")
    )]
    pub origin: String,
    /// Headers that its uploads send beside the usual ones, such as `x-amz-meta-project`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub headers: Vec<String>,
}

/// How many headers a [`Diagnose`] may name.
pub const MAX_HEADERS: usize = 100;

/// What [`DiagnoseUpload`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadDiagnosis {
    /// What keeps the page out, the first of them.
    pub verdict: Verdict,
    /// The rule that would let it in, where one is missing.
    pub rule: Option<CorsRule>,
    /// How many CORS rules hold for the bucket; null where they cannot be read.
    pub existing: Option<u32>,
    /// Whether the caller may set them, as far as is known.
    pub can_configure: bool,
    /// The store's origin as the browser sees it; null where bytes go through Hako.
    pub store_origin: Option<String>,
}

/// What keeps a page from sending bytes to the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing that can be seen from the server.
    Ok,
    /// The store does not answer at the address that browsers are given.
    StoreUnreachable,
    /// The bucket has no CORS rules.
    NoRule,
    /// No rule is for the page's origin.
    Origin,
    /// No rule for the origin allows `PUT`.
    Method,
    /// No rule for both allows all headers that an upload sends.
    Header,
    /// The page may send, but not read the `ETag` of the answer.
    Expose,
    /// The store refuses, or its rules cannot be read, and it does not show why.
    Unknown,
}

impl Endpoint for DiagnoseUpload {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/upload-diagnosis";
    type Body = Diagnose;
    type Response = UploadDiagnosis;

    fn path(&self) -> String {
        below(&self.bucket, "upload-diagnosis", &[])
    }

    fn body(&self) -> Option<&Diagnose> {
        Some(&self.body)
    }
}

/// The headers that any upload sends by these settings, in lower case.
pub fn sent_headers(settings: &UploadSettings) -> Vec<&'static str> {
    let mut sent = vec!["content-type"];
    match settings.checksum {
        Some(ChecksumAlgorithm::Crc32c) => sent.push("x-amz-checksum-crc32c"),
        Some(ChecksumAlgorithm::Md5) => sent.push("content-md5"),
        None => {}
    }
    if settings.conditional_writes {
        sent.push("if-none-match");
    }
    sent
}

/// The rule that lets uploads in from `origin`, whatever the settings are: with the headers that any of
/// them sends, and `more`. Where one carries metadata, all metadata is let in.
pub fn upload_rule(origin: &str, more: &[String]) -> CorsRule {
    let list = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect());
    let usual = [
        "content-type",
        "content-md5",
        "x-amz-checksum-crc32c",
        "if-none-match",
    ];
    let mut headers = usual.map(str::to_owned).to_vec();
    for name in more {
        let name = if name.starts_with(METADATA_PREFIX) {
            format!("{METADATA_PREFIX}*")
        } else {
            name.clone()
        };
        if !headers.contains(&name) {
            headers.push(name);
        }
    }
    CorsRule {
        id: None,
        allowed_headers: Some(headers),
        allowed_methods: list(&["PUT"]),
        allowed_origins: list(&[origin]),
        // A pause that the store asks for can be kept only by a page that may read it.
        expose_headers: list(&["ETag", "Retry-After"]),
        max_age_seconds: Some(3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cors::{Crossing, Judgement, judge},
        session::UploadRoute,
    };

    #[test]
    fn the_rule_lets_in_what_uploads_send() {
        let page = "https://hako.example.com";
        for checksum in [
            None,
            Some(ChecksumAlgorithm::Crc32c),
            Some(ChecksumAlgorithm::Md5),
        ] {
            let settings = UploadSettings {
                multipart_threshold: 1,
                part_size: 1,
                parallelism: 1,
                url_lifetime: 60,
                route: UploadRoute::Direct,
                proxy: true,
                store_origin: None,
                checksum,
                conditional_writes: true,
                min_part_size: 1,
            };
            let more = ["x-amz-meta-project", "x-amz-meta-year", "x-amz-tagging"];
            let more = more.map(str::to_owned);
            let mut sends = sent_headers(&settings);
            let carried = checksum.map(|algorithm| algorithm.header().to_ascii_lowercase());
            assert!(carried.is_none_or(|name| sends.contains(&name.as_str())));
            sends.extend(more.iter().map(String::as_str));
            let asked = Crossing {
                origin: page,
                method: "PUT",
                sends: &sends,
                reads: &["etag"],
            };
            assert_eq!(
                judge(&[upload_rule(page, &more)], &asked),
                Judgement::Allowed
            );
            assert_ne!(judge(&[upload_rule(page, &[])], &asked), Judgement::Allowed);
            let exposed = upload_rule(page, &more).expose_headers.unwrap_or_default();
            assert!(exposed.contains(&"Retry-After".to_owned()));
        }
    }
}
