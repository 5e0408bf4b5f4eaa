//! What is done to a request before s3s gets it.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{
        Method,
        header::{AUTHORIZATION, RANGE},
    },
};
use md5::{Digest as _, Md5};
use s3s::{S3Result, dto::Range, s3_error};

use super::{
    body::{mismatch, parse_md5},
    signature::Query,
};

/// The largest XML document, in bytes; a list of 1,000 keys to delete can be this long.
const DOCUMENT_MAX: usize = 8 * 1024 * 1024;

/// Drops a `Range` that cannot be read, which by RFC 9110 and on HCP means the whole object; s3s
/// would answer 400. A signed header has to stay.
pub(super) fn forget_odd_range(request: &mut Request) {
    let Some(range) = request.headers().get(RANGE) else {
        return;
    };
    let readable = range
        .to_str()
        .is_ok_and(|range| Range::parse(range).is_ok());
    let signed = request
        .headers()
        .get(AUTHORIZATION)
        .is_some_and(|value| value.to_str().is_ok_and(|value| value.contains("range")))
        || request.uri().query().is_some_and(signs_range);
    if !readable && !signed {
        request.headers_mut().remove(RANGE);
    }
}

fn signs_range(query: &str) -> bool {
    query
        .split('&')
        .filter_map(|pair| pair.strip_prefix("X-Amz-SignedHeaders="))
        .any(|names| names.contains("range"))
}

/// Compares an XML document with its `Content-MD5`, which s3s leaves unread. Bodies that become
/// objects or parts are compared while they are stored.
pub(super) async fn check_document(request: Request, query: &Query) -> S3Result<Request> {
    let Some(given) = request.headers().get("content-md5") else {
        return Ok(request);
    };
    let is_document = match *request.method() {
        Method::POST => true,
        Method::PUT => query.get("uploadId").is_none() && names_document(query),
        _ => false,
    };
    if !is_document {
        return Ok(request);
    }
    let given = parse_md5(given.to_str().unwrap_or_default())?;
    let (parts, body) = request.into_parts();
    let document = to_bytes(body, DOCUMENT_MAX).await.map_err(|_unread| {
        s3_error!(
            MaxMessageLengthExceeded,
            "The document could not be read, or is longer than 8 MiB."
        )
    })?;
    if given != *Md5::digest(&document) {
        return Err(mismatch());
    }
    Ok(Request::from_parts(parts, Body::from(document)))
}

fn names_document(query: &Query) -> bool {
    ["acl", "cors", "tagging", "versioning"]
        .into_iter()
        .any(|name| query.get(name).is_some())
}
