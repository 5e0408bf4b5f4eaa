//! CORS: which scripts may call, of which origins, and what they get to see.
//!
//! The console's own origins may do everything, whatever a bucket says: Hako's page must reach its
//! store. For others the rules of the bucket decide, else those of its tenant. A request without an
//! `Origin` costs nothing here, a preflight one read, and an actual request one read once its
//! signature has proved good.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{
            ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
            ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
            ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
            ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
        },
    },
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use s3s::{S3Error, S3ErrorCode, s3_error};

use super::{auth::Admitted, error::respond};
use crate::{
    Error,
    account::{self, Found},
    host::{Host, Scope},
    store::{
        Store, accounts,
        cors::{self, Rule},
    },
};

/// Answers differ by these, so that no cache hands the answer for one origin to another.
const VARY_ON: HeaderValue = HeaderValue::from_static(
    "origin, access-control-request-headers, access-control-request-method",
);

/// Says whether an origin is the console's.
pub(super) type Console = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// What the layer works with.
#[derive(Clone)]
pub(super) struct Cors {
    pub(super) store: Store,
    pub(super) domain: Arc<str>,
    pub(super) console: Console,
}

/// What a script asks for.
struct Asked {
    origin: String,
    method: String,
    /// Of a preflight: which headers the script will send.
    headers: Vec<String>,
}

impl Asked {
    /// Of a request, or of the preflight that announces one.
    fn of(request: &Request, origin: String) -> Option<Self> {
        let header = |name| request.headers().get(name).map(HeaderValue::to_str);
        if request.method() != Method::OPTIONS {
            return Some(Self {
                origin,
                method: request.method().to_string(),
                headers: Vec::new(),
            });
        }
        let method = header(ACCESS_CONTROL_REQUEST_METHOD)?.ok()?.to_owned();
        let headers = header(ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or(Ok(""));
        let headers = headers.ok()?.split(',').map(str::trim);
        Some(Self {
            origin,
            method,
            headers: headers
                .filter(|name| !name.is_empty())
                .map(str::to_ascii_lowercase)
                .collect(),
        })
    }
}

/// What a script gets.
#[derive(Debug, Default, PartialEq, Eq)]
struct Grant {
    origin: String,
    credentials: bool,
    methods: Vec<String>,
    headers: Vec<String>,
    expose: Vec<String>,
    max_age_seconds: Option<u32>,
}

impl Grant {
    /// Everything, for the console.
    fn all(asked: &Asked) -> Self {
        let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Self {
            origin: asked.origin.clone(),
            // It signs its requests by their URLs; the browser has nothing to add.
            credentials: false,
            methods: list(&["GET", "HEAD", "PUT", "POST", "DELETE"]),
            headers: asked.headers.clone(),
            expose: list(&[
                "etag",
                "x-amz-request-id",
                "x-amz-version-id",
                "content-length",
                "content-range",
                "content-disposition",
                "last-modified",
                "accept-ranges",
                "retry-after",
            ]),
            max_age_seconds: Some(3_600),
        }
    }

    /// What the first rule gives that allows all of it. When there is none, the first one for origin
    /// and method gives the headers that it allows, as on HCP, and the browser names the others.
    fn by(rules: &[Rule], asked: &Asked) -> Option<Self> {
        let allowing = || {
            rules.iter().filter_map(|rule| {
                let origin = origin(rule, &asked.origin)?;
                rule.allowed_methods
                    .contains(&asked.method)
                    .then_some((rule, origin))
            })
        };
        let complete =
            |(rule, _): &(&Rule, &String)| asked.headers.iter().all(|name| takes(rule, name));
        let (rule, pattern) = allowing().find(complete).or_else(|| allowing().next())?;
        let any = pattern == "*";
        Some(Self {
            origin: if any {
                "*".to_owned()
            } else {
                asked.origin.clone()
            },
            credentials: !any,
            methods: rule.allowed_methods.clone(),
            headers: asked
                .headers
                .iter()
                .filter(|name| takes(rule, name))
                .cloned()
                .collect(),
            expose: rule.expose_headers.clone(),
            max_age_seconds: rule.max_age_seconds,
        })
    }

    fn write(self, preflight: bool, headers: &mut HeaderMap) {
        let mut put = |name, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        put(ACCESS_CONTROL_ALLOW_ORIGIN, &self.origin);
        if self.credentials {
            put(ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        if !self.expose.is_empty() {
            put(ACCESS_CONTROL_EXPOSE_HEADERS, &self.expose.join(","));
        }
        if !preflight {
            return;
        }
        put(ACCESS_CONTROL_ALLOW_METHODS, &self.methods.join(","));
        if !self.headers.is_empty() {
            put(ACCESS_CONTROL_ALLOW_HEADERS, &self.headers.join(","));
        }
        if let Some(seconds) = self.max_age_seconds {
            put(ACCESS_CONTROL_MAX_AGE, &seconds.to_string());
        }
    }
}

/// The pattern of the rule that an origin fits.
fn origin<'a>(rule: &'a Rule, origin: &str) -> Option<&'a String> {
    rule.allowed_origins
        .iter()
        .find(|pattern| fits(pattern, origin))
}

/// Whether the rule allows a header, which is in lower case.
fn takes(rule: &Rule, name: &str) -> bool {
    rule.allowed_headers
        .iter()
        .any(|pattern| fits(&pattern.to_ascii_lowercase(), name))
}

fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => {
            text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end)
        }
    }
}

/// Answers preflights, and writes into other answers what the script may see of them.
pub(super) async fn layer(State(cors): State<Cors>, request: Request, next: Next) -> Response {
    let preflight = request.method() == Method::OPTIONS;
    let origin = request.headers().get(ORIGIN);
    let Some(origin) = origin.and_then(|origin| origin.to_str().ok()) else {
        if preflight {
            return respond(bad_preflight("Origin"));
        }
        let mut response = next.run(request).await;
        response.headers_mut().append(VARY, VARY_ON);
        return response;
    };
    let of_console = (cors.console)(origin);
    let Some(asked) = Asked::of(&request, origin.to_owned()) else {
        return respond(bad_preflight("Access-Control-Request-Method"));
    };
    let host = Host::of(request.headers(), request.uri(), &cors.domain);
    let bucket = host.bucket.or_else(|| bucket_in(request.uri().path()));
    let (grant, mut response) = if preflight {
        let grant = if of_console {
            Ok(Some(Grant::all(&asked)))
        } else {
            let key = presigned_by(request.uri().query().unwrap_or_default());
            foreseen(&cors.store, host.scope, key, bucket, &asked).await
        };
        match grant {
            Ok(Some(grant)) => (Some(grant), StatusCode::OK.into_response()),
            Ok(None) => (None, respond(forbidden())),
            Err(error) => (None, respond(super::error::fail(error))),
        }
    } else {
        let response = next.run(request).await;
        let grant = if of_console {
            Some(Grant::all(&asked))
        } else {
            let refused = response.status() == StatusCode::FORBIDDEN;
            let admitted = response.extensions().get::<Admitted>().copied();
            let admitted = admitted.filter(|admitted| admitted.signed || !refused);
            due(&cors.store, admitted, bucket, &asked).await
        };
        (grant, response)
    };
    let headers = response.headers_mut();
    let for_anybody = grant.as_ref().is_some_and(|grant| grant.origin == "*");
    if !for_anybody {
        headers.append(VARY, VARY_ON);
    }
    if let Some(grant) = grant {
        grant.write(preflight, headers);
    }
    response
}

/// What a preflight gets. It is not signed: the tenant is that of the host, else that of the access
/// key in a presigned URL, else the only one that has such a bucket.
async fn foreseen(
    store: &Store,
    scope: Scope,
    access_key: Option<String>,
    bucket: Option<String>,
    asked: &Asked,
) -> Result<Option<Grant>, Error> {
    let Some(bucket) = bucket else {
        return Ok(None);
    };
    let rules = store
        .read(move |connection| {
            let tenant = match (scope, access_key) {
                (Scope::System, _) => return Ok(Vec::new()),
                (Scope::Tenant(name), _) => match accounts::tenant(connection, &name)? {
                    Some(tenant) => Some(tenant),
                    None => return Ok(Vec::new()),
                },
                (Scope::Any, Some(key)) => match account::resolve(connection, &Scope::Any, &key)? {
                    Found::Account(account) => account.tenant,
                    Found::Nobody | Found::Ambiguous | Found::OtherTenant => None,
                },
                (Scope::Any, None) => None,
            };
            cors::applying(connection, tenant.map(|tenant| tenant.id), &bucket)
        })
        .await?;
    Ok(Grant::by(&rules, asked))
}

/// What the answer to an actual request gets: nothing unless the request was let in.
async fn due(
    store: &Store,
    admitted: Option<Admitted>,
    bucket: Option<String>,
    asked: &Asked,
) -> Option<Grant> {
    let (Admitted { tenant_id, .. }, bucket) = (admitted?, bucket?);
    let rules = store
        .read(move |connection| cors::applying(connection, tenant_id, &bucket))
        .await;
    match rules {
        Ok(rules) => Grant::by(&rules, asked),
        Err(error) => {
            // The answer itself is good.
            tracing::error!(error = ?error, "the CORS rules of a bucket could not be read");
            None
        }
    }
}

/// The bucket of a path-style address.
fn bucket_in(path: &str) -> Option<String> {
    let name = path.trim_start_matches('/').split('/').next()?;
    let name = percent_encoding::percent_decode_str(name)
        .decode_utf8()
        .ok()?;
    (!name.is_empty()).then(|| name.into_owned())
}

/// The access key that a presigned URL names, in either version.
fn presigned_by(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes()).find_map(|(name, value)| match name.as_ref() {
        "AWSAccessKeyId" => Some(value.into_owned()),
        "X-Amz-Credential" => super::signature::key_of_credential(&value).map(str::to_owned),
        _ => None,
    })
}

fn forbidden() -> S3Error {
    let mut error = S3Error::with_message(
        S3ErrorCode::Custom("AccessForbidden".into()),
        "CORSResponse: This CORS request is not allowed.",
    );
    error.set_status_code(StatusCode::FORBIDDEN);
    error
}

fn bad_preflight(missing: &str) -> S3Error {
    s3_error!(
        InvalidRequest,
        "Insufficient information: a preflight needs the header {missing}."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(origins: &[&str], methods: &[&str], headers: &[&str]) -> Rule {
        let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Rule {
            allowed_origins: list(origins),
            allowed_methods: list(methods),
            allowed_headers: list(headers),
            ..Rule::default()
        }
    }

    fn asked(origin: &str, method: &str, headers: &[&str]) -> Asked {
        Asked {
            origin: origin.to_owned(),
            method: method.to_owned(),
            headers: headers.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    #[test]
    fn a_wildcard_stands_for_any_text_in_one_place() {
        for (pattern, text, expected) in [
            ("*", "null", true),
            ("https://*.example.com", "https://a.example.com", true),
            ("https://*.example.com", "https://a.b.example.com", true),
            ("https://*.example.com", "https://example.com", false),
            ("https://*.example.com", "https://a.example.com.evil", false),
            // The two ends may not overlap.
            ("https://a*a.example", "https://a.example", false),
            ("https://example.com", "https://example.com", true),
            ("https://example.com", "https://example.com:8443", false),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn the_first_rule_that_allows_everything_wins() {
        let rules = [
            rule(&["https://a.example"], &["GET"], &["x-one"]),
            rule(&["https://*"], &["GET", "PUT"], &["x-*"]),
            rule(&["*"], &["GET"], &["*"]),
        ];
        let grant =
            |origin, method, headers: &[&str]| Grant::by(&rules, &asked(origin, method, headers));
        let first = grant("https://a.example", "GET", &["x-one"]).unwrap();
        assert_eq!(first.methods, ["GET"]);
        let second = grant("https://a.example", "GET", &["x-one", "x-two"]).unwrap();
        assert_eq!(second.methods, ["GET", "PUT"]);
        assert!(second.credentials);
        let third = grant("http://b.example", "GET", &["range"]).unwrap();
        assert_eq!((third.origin.as_str(), third.credentials), ("*", false));
        // No rule allows both headers: the first for origin and method gives what it has.
        let partly = grant("https://c.example", "PUT", &["x-one", "range"]).unwrap();
        assert_eq!(partly.headers, ["x-one"]);
        assert_eq!(grant("http://b.example", "PUT", &[]), None);
    }
}
