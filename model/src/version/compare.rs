//! Two versions of an object side by side.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, ObjectKey, bucket::below, endpoint::Endpoint, object::ObjectDetails, unit::MB,
};

/// Bytes of each version up to which contents are compared.
pub const COMPARED_MAX: u64 = MB;
/// Lines that a comparison shows at most.
pub const SHOWN_LINES: usize = 2_000;
/// Characters that are shown of a line at most.
pub const SHOWN_CHARACTERS: usize = 1_000;

/// `GET /buckets/{bucket}/object/versions/compare?key=&left=&right=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompareVersions {
    /// The bucket.
    pub bucket: BucketName,
    /// The key.
    pub key: ObjectKey,
    /// One version, as a rule the older one.
    pub left: String,
    /// The other one.
    pub right: String,
}

/// What [`CompareVersions`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comparison {
    /// What the store tells of the one.
    pub left: ObjectDetails,
    /// What it tells of the other one.
    pub right: ObjectDetails,
    /// Their contents.
    pub content: Difference,
}

/// How two contents differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Difference {
    /// They do not.
    Same,
    /// One of them is longer than what is compared.
    TooLong {
        /// Bytes that are compared at most.
        limit: u64,
    },
    /// One of them is no text.
    NotText,
    /// Line by line.
    Lines(Lines),
}

/// The lines that differ, with some of those around them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lines {
    /// Lines that only the right one has.
    pub added: u64,
    /// Lines that only the left one has.
    pub removed: u64,
    /// Stretches of lines, in their order.
    pub hunks: Vec<Hunk>,
    /// Whether lines that differ were left out, or parts of long lines.
    pub is_cut: bool,
}

/// Lines that stand together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hunk {
    /// The lines.
    pub lines: Vec<DiffLine>,
}

/// A line of one of the contents, or of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiffLine {
    /// Its number on the left, from 1; null where it is not there.
    pub left: Option<u64>,
    /// Its number on the right; null where it is not there.
    pub right: Option<u64>,
    /// The line without its end.
    pub text: String,
    /// How it ends: `lf`, `crlf`, or `none` at the end of a content.
    pub end: LineEnd,
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LineEnd {
    /// A line feed.
    Lf,
    /// A carriage return and a line feed.
    Crlf,
    /// The content ends here.
    None,
}

impl Endpoint for CompareVersions {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/versions/compare";
    type Body = ();
    type Response = Comparison;

    fn path(&self) -> String {
        below(
            &self.bucket,
            "object/versions/compare",
            &[
                ("key", Some(self.key.to_string())),
                ("left", Some(self.left.clone())),
                ("right", Some(self.right.clone())),
            ],
        )
    }
}
