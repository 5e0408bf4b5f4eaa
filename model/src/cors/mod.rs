//! The CORS rules of a bucket: which pages of other origins may call it.

mod change;
mod check;
mod doctor;
mod document;
mod judge;

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName,
    bucket::{BucketMutation, below},
    endpoint::Endpoint,
};

pub use change::{
    ChangeCors, CorsChange, CorsDocument, CorsEdit, CorsOverview, CorsReading, CorsSource,
    GetCorsOverview, ReadCorsDocument, TenantRules, check_all, fingerprint,
};
pub use check::{
    DOCUMENT_MAX, ID_MAX, METHODS, RULES_MAX, RuleFault, RuleText, check, names, never_sent,
};
pub use doctor::{
    CheckCors, CheckCorsQuery, CorsCause, CorsCheck, CorsProbe, CorsQuestion, PreflightAnswer,
    PreflightOutcome, RuleSays, RuleVerdict,
};
pub use document::{DocumentFault, Line, difference, document};
pub use judge::{Crossing, Examination, Judgement, examine, judge, with_rule};

/// One rule, in S3's spelling.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, rename_all = "PascalCase")]
pub struct CorsRule {
    /// A name for people.
    #[serde(rename = "ID", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Headers that a preflight may ask for; one `*` in each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_headers: Option<Vec<String>>,
    /// `GET`, `PUT`, `HEAD`, `POST`, `DELETE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_methods: Option<Vec<String>>,
    /// Origins; one `*` in each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_origins: Option<Vec<String>>,
    /// Headers of the answer that scripts may read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expose_headers: Option<Vec<String>>,
    /// For how many seconds a browser may remember a preflight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age_seconds: Option<i32>,
}

/// The rules as they are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorsRules {
    /// In their order: the first that matches decides.
    pub cors_rules: Vec<CorsRule>,
}

/// The rules as they are set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct CorsConfiguration {
    /// In their order: the first that matches decides.
    #[serde(rename = "CORSRules")]
    pub cors_rules: Vec<CorsRule>,
}

/// `GET /buckets/{bucket}/cors`; 404 where there are no rules.
#[derive(Clone, Debug)]
pub struct GetCors {
    /// The bucket.
    pub bucket: BucketName,
}

impl Endpoint for GetCors {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/cors";
    type Body = ();
    type Response = CorsRules;

    fn path(&self) -> String {
        below(&self.bucket, "cors", &[])
    }
}

/// `PUT /buckets/{bucket}/cors`.
#[derive(Clone, Debug)]
pub struct PutCors {
    /// The bucket.
    pub bucket: BucketName,
    /// All rules.
    pub rules: CorsConfiguration,
}

impl Endpoint for PutCors {
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/cors";
    type Body = CorsConfiguration;
    type Response = BucketMutation;

    fn path(&self) -> String {
        below(&self.bucket, "cors", &[])
    }

    fn body(&self) -> Option<&CorsConfiguration> {
        Some(&self.rules)
    }
}

/// `DELETE /buckets/{bucket}/cors`.
#[derive(Clone, Debug)]
pub struct DeleteCors {
    /// The bucket.
    pub bucket: BucketName,
}

impl Endpoint for DeleteCors {
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/cors";
    type Body = ();
    type Response = BucketMutation;

    fn path(&self) -> String {
        below(&self.bucket, "cors", &[])
    }
}

/// `POST /buckets/{bucket}/cors/rules`: adds a rule and keeps all others.
#[derive(Clone, Debug)]
pub struct AddCorsRule {
    /// The bucket.
    pub bucket: BucketName,
    /// The rule.
    pub rule: CorsRule,
}

/// What [`AddCorsRule`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorsAddition {
    /// All rules, as they are now.
    pub cors_rules: Vec<CorsRule>,
    /// Whether the rule was added; not where one that gives as much was there.
    pub added: bool,
}

impl Endpoint for AddCorsRule {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/cors/rules";
    type Body = CorsRule;
    type Response = CorsAddition;

    fn path(&self) -> String {
        below(&self.bucket, "cors/rules", &[])
    }

    fn body(&self) -> Option<&CorsRule> {
        Some(&self.rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_written_as_the_contract_has_them() {
        let rules = CorsRules {
            cors_rules: vec![CorsRule {
                allowed_methods: Some(vec!["GET".to_owned()]),
                allowed_origins: Some(vec!["*".to_owned()]),
                max_age_seconds: Some(60),
                ..CorsRule::default()
            }],
        };
        let json = serde_json::to_string(&rules).unwrap();
        assert_eq!(
            json,
            r#"{"cors_rules":[{"AllowedMethods":["GET"],"AllowedOrigins":["*"],"MaxAgeSeconds":60}]}"#
        );
    }
}
