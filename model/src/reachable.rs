//! The buckets that somebody can reach, and what is known of each.
//!
//! S3 lists the buckets that the caller owns. On HCP others are namespaces of the same tenant, which
//! its management API names to those who may see it.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    ErrorCode, Timestamp,
    cors::CorsSource,
    endpoint::{Endpoint, query},
    upload_target::VersioningState,
};

/// `GET /reachable-buckets`: the caller's own buckets, and the other namespaces of the tenant.
#[derive(Clone, Debug, Default)]
pub struct ListReachable;

/// What [`ListReachable`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReachableBuckets {
    /// By name.
    pub buckets: Vec<ReachableBucket>,
    /// Whether buckets that others own are among them.
    pub others: Others,
}

/// A bucket of [`ReachableBuckets`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReachableBucket {
    /// The name, whatever the store calls it.
    pub name: String,
    /// When it was created, where the store's list tells.
    pub creation_date: Option<Timestamp>,
    /// Whether the caller owns it.
    pub owned: bool,
}

/// Whether a list has buckets that others own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Others {
    /// All namespaces of the tenant are there.
    Listed,
    /// The management API does not name them to the caller.
    Hidden,
    /// The management API did not answer.
    Unanswered,
    /// The store has no list of them.
    Absent,
}

impl Endpoint for ListReachable {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/reachable-buckets";
    type Body = ();
    type Response = ReachableBuckets;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }
}

/// How many buckets one [`AskFacts`] may be about.
pub const MAX_FACTS: usize = 24;

/// `GET /bucket-facts?buckets=a,b&with=cors`: what is known of some buckets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskFacts {
    /// The names, at most [`MAX_FACTS`].
    pub buckets: Vec<String>,
    /// What is wanted beside the usual.
    pub with: Vec<Fact>,
}

/// The query of [`AskFacts`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct FactsQuery {
    /// Names of buckets with commas between them, at most 24.
    #[cfg_attr(feature = "openapi", param(example = "documents,datasets"))]
    pub buckets: String,
    /// What is wanted beside the usual, since it takes another question each: `cors`, `uploads`,
    /// `retention`, with commas between them.
    #[cfg_attr(
        feature = "openapi",
        param(required = false, nullable = false, example = "cors")
    )]
    pub with: Option<String>,
}

/// Something that is told on demand alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// Whose CORS rules hold.
    Cors,
    /// How many uploads are not completed.
    Uploads,
    /// The retention of objects that do not say otherwise.
    Retention,
}

impl Fact {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Cors, Self::Uploads, Self::Retention];

    /// The word in the query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cors => "cors",
            Self::Uploads => "uploads",
            Self::Retention => "retention",
        }
    }

    /// The fact of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.as_str() == word)
    }
}

/// What [`AskFacts`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactList {
    /// One for each bucket that was asked for, in that order.
    pub facts: Vec<BucketFacts>,
}

/// What is known of a bucket. What the caller may not know, or the store cannot say, is null.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct BucketFacts {
    /// The name.
    pub bucket: String,
    /// Why the caller cannot reach it by S3.
    pub unreachable: Option<ErrorCode>,
    /// Whether the namespace speaks S3.
    pub s3: Option<bool>,
    /// Whether it keeps versions.
    pub versioning: Option<VersioningState>,
    /// Whether a delete leaves a marker.
    pub delete_markers: Option<bool>,
    /// The space that objects take, in bytes.
    pub used_bytes: Option<u64>,
    /// The space that they can take.
    pub quota_bytes: Option<u64>,
    /// At how much of the quota one is told, in percent.
    pub soft_quota: Option<u8>,
    /// Objects; every version counts.
    pub objects: Option<u64>,
    /// When use and objects were asked for. HCP counts now and then.
    pub as_of: Option<Timestamp>,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// The owner's user name.
    pub owner: Option<String>,
    /// Tags.
    pub tags: Option<Vec<String>>,
    /// Whether retention gives way to nobody (compliance mode).
    pub compliance: Option<bool>,
    /// Whether retention is that of S3 object lock.
    pub object_lock: Option<bool>,
    /// Whose CORS rules hold; only when asked for.
    pub cors: Option<CorsSource>,
    /// How many uploads are not completed, up to 1,000; only when asked for.
    pub uploads: Option<u32>,
    /// Whether there are more of them than that.
    pub more_uploads: bool,
    /// The retention of objects that do not say otherwise, in HCP's words; only when asked for.
    pub retention: Option<String>,
}

impl Endpoint for AskFacts {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/bucket-facts";
    type Body = ();
    type Response = FactList;

    fn path(&self) -> String {
        let words: Vec<&str> = self.with.iter().map(|fact| fact.as_str()).collect();
        let with = (!words.is_empty()).then(|| words.join(","));
        let parameters = [("buckets", Some(self.buckets.join(","))), ("with", with)];
        format!("{}{}", Self::ROUTE, query(&parameters))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_one_line() {
        let ask = AskFacts {
            buckets: vec!["a".to_owned(), "b".to_owned()],
            with: vec![Fact::Cors, Fact::Uploads],
        };
        assert_eq!(
            ask.path(),
            "/api/v1/bucket-facts?buckets=a%2Cb&with=cors%2Cuploads"
        );
        for fact in Fact::ALL {
            assert_eq!(Fact::parse(fact.as_str()), Some(fact));
        }
        assert_eq!(Fact::parse("Cors"), None);
    }
}
