//! What stands in front of s3s: CORS, and requests that it must not get.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::Request,
    http::{
        HeaderName, Method,
        header::{
            ACCEPT_RANGES, AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
            CONTENT_TYPE, ETAG, LAST_MODIFIED, RANGE,
        },
    },
    response::Response,
};
use s3s::{dto::Range, s3_error};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use super::error::respond;
use crate::request::X_AMZ_REQUEST_ID;

/// Lets scripts of the allowed origins call the endpoint and read the answers that matter to them.
pub(super) fn cors(allowed: Arc<dyn Fn(&str) -> bool + Send + Sync>) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _request| {
            origin.to_str().is_ok_and(|origin| allowed(origin))
        }))
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::PUT,
            Method::POST,
            Method::DELETE,
        ])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([
            ETAG,
            X_AMZ_REQUEST_ID,
            HeaderName::from_static("x-amz-version-id"),
            CONTENT_LENGTH,
            CONTENT_RANGE,
            CONTENT_DISPOSITION,
            LAST_MODIFIED,
            ACCEPT_RANGES,
        ])
        .max_age(Duration::from_hours(1))
}

/// Answers what this endpoint does not offer but s3s would act on.
pub(super) fn refuse(request: &Request) -> Option<Response> {
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    // A form upload is read into memory and signed by its fields.
    if request.method() == Method::POST && header(CONTENT_TYPE).starts_with("multipart/form-data") {
        return Some(respond(s3_error!(
            NotImplemented,
            "uploads by an HTML form are not supported"
        )));
    }
    let query = request.uri().query().unwrap_or_default();
    let signed_by_v2 = header(AUTHORIZATION).starts_with("AWS ")
        || query
            .split('&')
            .any(|pair| pair.starts_with("AWSAccessKeyId="));
    signed_by_v2.then(|| {
        respond(s3_error!(
            NotImplemented,
            "signature version 2 is not supported, use version 4"
        ))
    })
}

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
