//! What is done to a request before s3s gets it.

use axum::{
    extract::Request,
    http::header::{AUTHORIZATION, RANGE},
};
use s3s::dto::Range;

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
