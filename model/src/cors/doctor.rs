//! Whether pages of some origin may call a bucket, and what keeps them out.

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};

use super::{CorsRule, CorsSource, names};
use crate::{BucketName, bucket::below, endpoint::Endpoint};

/// `GET /buckets/{bucket}/cors/check`. A page that is rendered on the server may ask it, because it changes nothing.
#[derive(Clone, Debug)]
pub struct CheckCors {
    /// The bucket.
    pub bucket: BucketName,
    /// The question.
    pub question: CorsQuestion,
}

/// The parameters of [`CheckCors`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct CheckCorsQuery {
    /// Where the page is from: `https://hako.example.com`.
    pub origin: String,
    /// The method: `GET`, `PUT`, `POST`, `HEAD` or `DELETE`.
    pub method: String,
    /// The headers that it sends, with commas between them; without it, those that uploads of the console send.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub headers: Option<String>,
    /// The headers of the answer that it reads, with commas between them.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub reads: Option<String>,
}

impl From<CheckCorsQuery> for CorsQuestion {
    fn from(query: CheckCorsQuery) -> Self {
        let list = |text: String| names(&text).map(str::to_owned).collect();
        Self {
            origin: query.origin,
            method: query.method,
            headers: query.headers.map(list),
            reads: query.reads.map(list).unwrap_or_default(),
        }
    }
}

/// What is asked of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorsQuestion {
    /// Where the page is from: `https://hako.example.com`.
    #[cfg_attr(
        feature = "openapi",
        schema(max_length = 261, pattern = "^https?://[^/?#@*\\s]+$")
    )]
    pub origin: String,
    /// The method: `GET`, `PUT`, `POST`, `HEAD` or `DELETE`.
    pub method: String,
    /// The headers that it sends; without them, those that uploads of the console send.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub headers: Option<Vec<String>>,
    /// The headers of the answer that it reads.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub reads: Vec<String>,
}

/// What [`CheckCors`] answers. Rules count from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorsCheck {
    /// The question as it was understood: an origin as browsers write it, headers in lower case.
    pub asked: CorsQuestion,
    /// Which document decides.
    pub source: CorsSource,
    /// What it comes to by that document.
    pub cause: CorsCause,
    /// The rules of that document.
    pub cors_rules: Vec<CorsRule>,
    /// What each of them says.
    pub rules: Vec<RuleVerdict>,
    /// The rule that lets the page in.
    pub decides: Option<usize>,
    /// The rule that stands before a better one.
    pub shadowed_by: Option<usize>,
    /// The better one.
    pub better: Option<usize>,
    /// What the store answered to a preflight that this server sent.
    pub preflight: PreflightAnswer,
    /// What a browser can try by itself. It changes nothing in the store.
    pub probe: Option<CorsProbe>,
    /// The rule that would let the page in, where it is kept out.
    pub rule: Option<CorsRule>,
    /// Its place among the others, where those are known.
    pub at: Option<usize>,
    /// Whether the caller may set rules, as far as is known.
    pub can_configure: bool,
}

/// What rules come to for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CorsCause {
    /// The page is let in.
    Allowed,
    /// It is let in by the tenant's rules alone: a first rule of the bucket would hide them.
    TenantOnly,
    /// There are no rules.
    NoRule,
    /// No rule is for the origin.
    Origin,
    /// No rule for the origin allows the method.
    Method,
    /// No rule for both allows all headers.
    Header,
    /// The page is let in, but may not read all that it wants to.
    Expose,
    /// A later rule gives everything, and an earlier one that gives less decides.
    Shadowed,
    /// The rules cannot be read by the caller.
    Unknown,
}

impl CorsCause {
    /// The word that JSON has.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::TenantOnly => "tenant_only",
            Self::NoRule => "no_rule",
            Self::Origin => "origin",
            Self::Method => "method",
            Self::Header => "header",
            Self::Expose => "expose",
            Self::Shadowed => "shadowed",
            Self::Unknown => "unknown",
        }
    }

    /// Whether pages get what they want.
    pub fn is_good(self) -> bool {
        matches!(self, Self::Allowed | Self::TenantOnly)
    }
}

/// What one rule says to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleVerdict {
    /// How far the request comes.
    pub says: RuleSays,
    /// The headers that it does not allow, or does not let be read.
    pub missing: Vec<String>,
}

/// How far a request comes with one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RuleSays {
    /// All is allowed.
    Allows,
    /// It is for other origins.
    OtherOrigin,
    /// It allows other methods.
    OtherMethod,
    /// It does not allow all headers.
    Header,
    /// All is allowed but reading some headers.
    Expose,
}

/// What a store answered to a preflight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreflightAnswer {
    /// What a browser makes of it.
    pub outcome: PreflightOutcome,
    /// `Access-Control-Allow-Origin`.
    pub origin: Option<String>,
    /// `Access-Control-Allow-Methods`.
    pub methods: Vec<String>,
    /// `Access-Control-Allow-Headers`.
    pub headers: Vec<String>,
    /// `Access-Control-Expose-Headers`.
    pub exposed: Vec<String>,
}

/// What a browser makes of a preflight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PreflightOutcome {
    /// The page may go on.
    Allowed,
    /// It may not.
    Refused,
    /// Nobody answers at the address that browsers are given.
    Silent,
    /// It was not sent: no URL can be signed.
    Untried,
}

/// A request that a browser can send to find out whether a page is let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorsProbe {
    /// The method.
    pub method: String,
    /// The address: a part of an upload that was never begun, or an object that is not there.
    pub url: String,
    /// The headers to send.
    pub headers: BTreeMap<String, String>,
}

impl Endpoint for CheckCors {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/cors/check";
    type Body = ();
    type Response = CorsCheck;

    fn path(&self) -> String {
        let asked = &self.question;
        let reads = Some(asked.reads.join(",")).filter(|reads| !reads.is_empty());
        below(
            &self.bucket,
            "cors/check",
            &[
                ("origin", Some(asked.origin.clone())),
                ("method", Some(asked.method.clone())),
                (
                    "headers",
                    asked.headers.as_ref().map(|names| names.join(",")),
                ),
                ("reads", reads),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_asked_by_the_address() {
        let question = CorsQuestion {
            origin: "https://a.example".to_owned(),
            method: "PUT".to_owned(),
            headers: Some(vec!["x-a".to_owned(), "x-b".to_owned()]),
            reads: vec!["ETag".to_owned()],
        };
        let request = CheckCors {
            bucket: BucketName::parse("b-1").unwrap(),
            question: question.clone(),
        };
        let path = request.path();
        let (path, query) = path.split_once('?').unwrap();
        assert_eq!(path, "/api/v1/buckets/b-1/cors/check");
        let read: CheckCorsQuery = serde_urlencoded::from_str(query).unwrap();
        assert_eq!(CorsQuestion::from(read), question);
        let usual = CorsQuestion {
            headers: None,
            reads: Vec::new(),
            ..question
        };
        let request = CheckCors {
            bucket: BucketName::parse("b-1").unwrap(),
            question: usual.clone(),
        };
        let path = request.path();
        let query = path.split_once('?').unwrap().1;
        let read: CheckCorsQuery = serde_urlencoded::from_str(query).unwrap();
        assert_eq!(CorsQuestion::from(read), usual);
    }
}
