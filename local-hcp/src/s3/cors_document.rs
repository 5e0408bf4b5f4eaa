//! The CORS documents of buckets and tenants: read, checked, shown.

use axum::http::{HeaderName, HeaderValue, header::CONTENT_LENGTH};
use s3s::{
    S3Error, S3Request, S3Result,
    dto::{
        CORSConfiguration, CORSRule, DeleteBucketCorsInput, DeleteBucketCorsOutput,
        GetBucketCorsInput, GetBucketCorsOutput, PutBucketCorsInput, PutBucketCorsOutput,
    },
    s3_error,
    xml::{Deserialize as _, Deserializer},
};

use super::{Gateway, auth::caller, delete::demand_md5, error::fail};
use crate::{
    Error,
    access::Caller,
    store::{
        buckets,
        cors::{self, Rule},
    },
};

/// HCP's limit on a document, in bytes.
const DOCUMENT_MAX: usize = 2_621_440;
/// S3's limit.
const RULES_MAX: usize = 100;
/// S3's limit on the name of a rule.
const ID_MAX: usize = 255;

const METHODS: [&str; 5] = ["GET", "PUT", "HEAD", "POST", "DELETE"];

/// Why a document is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("the CORS document cannot be read")]
    Malformed,
    #[error("{0}")]
    Invalid(String),
}

impl From<Fault> for S3Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Malformed => s3_error!(MalformedXML, "{fault}"),
            Fault::Invalid(_) => s3_error!(InvalidRequest, "{fault}"),
        }
    }
}

/// Reads a document as it is written for a tenant, where no endpoint has parsed it.
pub(crate) fn parse(document: &str) -> Result<Vec<Rule>, Fault> {
    check_size(document.len())?;
    let mut reader = Deserializer::new(document.as_bytes());
    let configuration =
        CORSConfiguration::deserialize(&mut reader).map_err(|_unreadable| Fault::Malformed)?;
    reader
        .expect_eof()
        .map_err(|_more_follows| Fault::Malformed)?;
    rules(configuration)
}

fn check_size(bytes: usize) -> Result<(), Fault> {
    if bytes > DOCUMENT_MAX {
        return Err(Fault::Invalid(
            "the CORS document is larger than 2.5 MB".to_owned(),
        ));
    }
    Ok(())
}

fn rules(configuration: CORSConfiguration) -> Result<Vec<Rule>, Fault> {
    if configuration.cors_rules.len() > RULES_MAX {
        return Err(Fault::Invalid(format!(
            "there are more than {RULES_MAX} CORS rules"
        )));
    }
    configuration.cors_rules.into_iter().map(rule).collect()
}

fn rule(written: CORSRule) -> Result<Rule, Fault> {
    let rule = Rule {
        id: written.id,
        allowed_origins: written.allowed_origins,
        allowed_methods: written.allowed_methods,
        allowed_headers: written.allowed_headers.unwrap_or_default(),
        expose_headers: written.expose_headers.unwrap_or_default(),
        max_age_seconds: written
            .max_age_seconds
            .map(u32::try_from)
            .transpose()
            .map_err(|_negative| Fault::Invalid("MaxAgeSeconds is negative".to_owned()))?,
    };
    if !rule.id.as_deref().is_none_or(model::id::fits_xml) {
        return Err(Fault::Invalid(
            "the ID of a rule has control characters".to_owned(),
        ));
    }
    if rule.id.as_ref().is_some_and(|id| id.len() > ID_MAX) {
        return Err(Fault::Invalid(format!(
            "the ID of a rule is longer than {ID_MAX} characters"
        )));
    }
    if rule.allowed_origins.is_empty() || rule.allowed_methods.is_empty() {
        return Err(Fault::Malformed);
    }
    let unknown = |method: &&String| !METHODS.contains(&method.as_str());
    if let Some(method) = rule.allowed_methods.iter().find(unknown) {
        return Err(Fault::Invalid(format!(
            "`{method}` is not a method that a CORS rule can allow"
        )));
    }
    for origin in &rule.allowed_origins {
        one_wildcard("AllowedOrigin", origin)?;
        if HeaderValue::from_str(origin).is_err() || origin.is_empty() {
            return Err(Fault::Invalid(format!("`{origin}` is not an origin")));
        }
    }
    for header in &rule.allowed_headers {
        one_wildcard("AllowedHeader", header)?;
        header_name(&header.replacen('*', "x", 1))?;
    }
    // These go into answers as they are.
    rule.expose_headers
        .iter()
        .try_for_each(|header| header_name(header))?;
    Ok(rule)
}

fn one_wildcard(element: &str, value: &str) -> Result<(), Fault> {
    if value.matches('*').count() > 1 {
        return Err(Fault::Invalid(format!(
            "{element} `{value}` has more than one wildcard"
        )));
    }
    Ok(())
}

fn header_name(name: &str) -> Result<(), Fault> {
    if name.contains('*') || HeaderName::from_bytes(name.as_bytes()).is_err() {
        return Err(Fault::Invalid(format!(
            "`{name}` is not the name of a header"
        )));
    }
    Ok(())
}

fn shown(rule: Rule) -> CORSRule {
    let list = |values: Vec<String>| (!values.is_empty()).then_some(values);
    CORSRule {
        id: rule.id,
        allowed_origins: rule.allowed_origins,
        allowed_methods: rule.allowed_methods,
        allowed_headers: list(rule.allowed_headers),
        expose_headers: list(rule.expose_headers),
        max_age_seconds: rule
            .max_age_seconds
            .map(|seconds| i32::try_from(seconds).unwrap_or(i32::MAX)),
    }
}

impl Gateway {
    pub(super) async fn show_cors(
        &self,
        request: S3Request<GetBucketCorsInput>,
    ) -> S3Result<GetBucketCorsOutput> {
        let caller = caller(&request)?;
        let name = request.input.bucket;
        let rules = self
            .store
            .read(move |connection| {
                let bucket = buckets::open_as_owner(connection, &caller, &name)?;
                cors::of_bucket(connection, bucket.id)
            })
            .await
            .map_err(fail)?;
        match rules {
            Some(rules) => Ok(GetBucketCorsOutput {
                cors_rules: Some(rules.into_iter().map(shown).collect()),
            }),
            None => Err(s3_error!(
                NoSuchCORSConfiguration,
                "The bucket has no CORS configuration of its own."
            )),
        }
    }

    pub(super) async fn set_cors(
        &self,
        request: S3Request<PutBucketCorsInput>,
    ) -> S3Result<PutBucketCorsOutput> {
        let caller = caller(&request)?;
        if self.habits.demands_md5 {
            demand_md5(&request.headers)?;
        }
        let length = request
            .headers
            .get(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.parse().ok());
        check_size(length.unwrap_or(0))?;
        let input = request.input;
        let rules = rules(input.cors_configuration)?;
        self.replace_cors(caller, input.bucket, Some(rules)).await?;
        Ok(PutBucketCorsOutput::default())
    }

    pub(super) async fn remove_cors(
        &self,
        request: S3Request<DeleteBucketCorsInput>,
    ) -> S3Result<DeleteBucketCorsOutput> {
        let caller = caller(&request)?;
        self.replace_cors(caller, request.input.bucket, None)
            .await?;
        Ok(DeleteBucketCorsOutput::default())
    }

    async fn replace_cors(
        &self,
        caller: Caller,
        name: String,
        rules: Option<Vec<Rule>>,
    ) -> S3Result<()> {
        self.store
            .write(move |write| {
                let bucket = buckets::open_as_owner(write.connection, &caller, &name)?;
                cors::set_of_bucket(write.connection, bucket.id, rules.as_deref())
            })
            .await
            .map_err(fail)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::InvalidDocument(fault.to_string())
    }
}
