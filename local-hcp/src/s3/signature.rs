//! What s3s leaves open when it verifies a signature of version 4.
//!
//! It computes signatures over what the client says it has signed. That `host` and all the headers
//! that decide what happens are among it is looked at here. A refusal here says nothing about whether
//! the signature is good.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, header::AUTHORIZATION},
};
use s3s::{S3Error, S3Result, s3_error};

/// How long a presigned URL may last, in seconds: a week.
const EXPIRES_MAX: u32 = 7 * 24 * 60 * 60;

/// A query, decoded as s3s does it.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn of(request: &Request) -> Self {
        let query = request.uri().query().unwrap_or_default();
        Self(
            form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// The first value of that name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.pairs().filter(|(one, _)| *one == name);
        found.next().map(|(_, value)| value)
    }

    /// The same with another value for the parameters of that name.
    pub(super) fn with(&self, name: &str, value: &str) -> Self {
        let pairs = self.0.iter().cloned();
        let replaced = pairs.map(|(one, old)| {
            let new = if one == name { value.to_owned() } else { old };
            (one, new)
        });
        Self(replaced.collect())
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Refuses a request that is signed in more than one way: each would be somebody's.
pub(super) fn check_one(request: &Request, query: &Query) -> S3Result<()> {
    let ways = [
        request.headers().contains_key(AUTHORIZATION),
        query.get("Signature").is_some(),
        query.get("X-Amz-Signature").is_some(),
    ];
    if ways.into_iter().filter(|&way| way).count() > 1 {
        return Err(s3_error!(
            InvalidArgument,
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature \
             query string parameter or the Authorization header should be specified"
        ));
    }
    Ok(())
}

/// Refuses requests whose signature, good or not, covers too little.
pub(super) fn check(request: &Request, query: &Query) -> S3Result<()> {
    let headers = request.headers();
    if query.get("X-Amz-Signature").is_some() {
        let expires = query.get("X-Amz-Expires").map(str::parse::<u32>);
        if expires.is_some_and(|seconds| seconds.is_ok_and(|seconds| seconds > EXPIRES_MAX)) {
            return Err(s3_error!(
                AuthorizationQueryParametersError,
                "X-Amz-Expires must be less than a week (in seconds)."
            ));
        }
        let signed = query.get("X-Amz-SignedHeaders").unwrap_or_default();
        return check_coverage(headers, signed, |name| is_of_s3(name) || is_of_hcp(name));
    }
    let authorization = headers.get(AUTHORIZATION);
    // Whatever bytes the password has.
    if authorization.is_some_and(|value| value.as_bytes().starts_with(b"AD ")) {
        return Err(s3_error!(
            AccessDenied,
            "No Active Directory is configured: no account of one can sign in."
        ));
    }
    match authorization.and_then(text).and_then(signed_headers) {
        Some(signed) => check_coverage(headers, signed, is_of_s3),
        None => Ok(()),
    }
}

pub(super) fn text(value: &HeaderValue) -> Option<&str> {
    value.to_str().ok()
}

/// Metadata in the query of a presigned URL is that of the object, as if it came in headers: S3 takes `x-amz-…` from
/// either place. Whoever holds the URL can neither leave it out nor change it.
pub(super) fn take_metadata(request: &mut Request, query: &Query) {
    if request.method() != Method::PUT || query.get("X-Amz-Signature").is_none() {
        return;
    }
    for (name, value) in query.pairs() {
        let name = name.to_ascii_lowercase();
        if name.starts_with("x-amz-meta-")
            && let (Ok(name), Ok(value)) = (
                HeaderName::try_from(name.as_str()),
                HeaderValue::try_from(value),
            )
            && !request.headers().contains_key(&name)
        {
            request.headers_mut().insert(name, value);
        }
    }
}

/// The value of `SignedHeaders=` in an `Authorization` of version 4.
fn signed_headers(authorization: &str) -> Option<&str> {
    let (_, rest) = authorization.split_once("SignedHeaders=")?;
    rest.split(',').next()
}

/// Headers that decide what happens. Those that name payload and date are part of what is signed
/// anyway, and a presigned URL leaves the payload open.
fn is_of_s3(name: &str) -> bool {
    name.starts_with("x-amz-") && !matches!(name, "x-amz-content-sha256" | "x-amz-date")
}

fn is_of_hcp(name: &str) -> bool {
    name.starts_with("x-hcp-")
}

/// Without this, whoever holds a presigned URL could add an `x-amz-copy-source` or an `x-amz-acl`.
fn check_coverage(
    headers: &HeaderMap,
    signed: &str,
    decides: impl Fn(&str) -> bool,
) -> S3Result<()> {
    let is_signed = |name: &str| signed.split(';').any(|one| one == name);
    if !is_signed("host") {
        return Err(not_signed("host"));
    }
    let open = headers
        .keys()
        .find(|name| decides(name.as_str()) && !is_signed(name.as_str()));
    match open {
        Some(name) => Err(not_signed(name.as_str())),
        None => Ok(()),
    }
}

pub(super) fn not_signed(name: &str) -> S3Error {
    s3_error!(
        AccessDenied,
        "There were headers present in the request which were not signed: {name}"
    )
}

/// The access key in a credential: everything before the last four fields, which are the scope. Keys
/// are base64 and may have slashes.
pub(super) fn key_of_credential(credential: &str) -> Option<&str> {
    credential.rsplitn(5, '/').nth(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_hold_slashes() {
        let scope = "20170323/us-east-1/s3/aws4_request";
        for key in ["ZGVtbw==", "YWQ/bWlufg=="] {
            assert_eq!(key_of_credential(&format!("{key}/{scope}")), Some(key));
        }
        assert_eq!(key_of_credential(scope), None);
    }
}
