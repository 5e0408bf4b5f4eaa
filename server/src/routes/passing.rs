//! Presigned requests for the store at Hako's own address, for those who cannot reach the store.
//!
//! Who they are from is told by their signature alone, which the store judges. They stand outside of sessions, as
//! those do that go to the store directly, and any page may send them.

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::any,
};
use hcp::Passing;
use http::{HeaderName, Method, StatusCode, header};
use http_body::Body as _;
use model::ErrorCode;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

use super::objects::{content_length, no_length, raw};
use crate::{Error, service::reach::PASSED_ON, state::AppState};

/// How long browsers may remember what they may send.
const REMEMBERED: Duration = Duration::from_hours(1);

/// Headers of an answer that pages may read.
const READABLE: [HeaderName; 10] = [
    header::ACCEPT_RANGES,
    header::CONTENT_DISPOSITION,
    header::CONTENT_LENGTH,
    header::CONTENT_RANGE,
    header::ETAG,
    header::LAST_MODIFIED,
    HeaderName::from_static("x-amz-checksum-crc32c"),
    HeaderName::from_static("x-amz-checksum-sha256"),
    HeaderName::from_static("x-amz-request-id"),
    HeaderName::from_static("x-amz-version-id"),
];

/// What stands beside the API and its audit.
pub fn router(state: AppState) -> Router {
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::PUT, Method::DELETE])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(READABLE)
        .max_age(REMEMBERED);
    Router::new()
        .route(&format!("{PASSED_ON}{{*object}}"), any(pass_on))
        .with_state(state)
        .layer(cors)
}

async fn pass_on(State(state): State<AppState>, request: Request) -> Result<Response, Error> {
    let (parts, body) = request.into_parts();
    let target = parts
        .uri
        .path_and_query()
        .map_or("", |target| target.as_str());
    let target = target.strip_prefix(PASSED_ON).unwrap_or_default();
    let passing = Passing::read(parts.method.clone(), target, &parts.headers).map_err(refused)?;
    let body = if parts.method == Method::PUT {
        // Where nothing is told of a body there is none.
        let length = content_length(&parts.headers)
            .or_else(|| body.size_hint().exact())
            .ok_or_else(no_length)?;
        hcp::Body::from_stream(length, raw(body))
    } else {
        hcp::Body::empty()
    };
    let passed = state.store().pass_on(passing, body).await?;
    let mut response = (passed.status, Body::from_stream(passed.body)).into_response();
    *response.headers_mut() = passed.headers;
    Ok(response)
}

fn refused(why: &str) -> Error {
    Error::Refused {
        status: StatusCode::FORBIDDEN,
        code: ErrorCode::AccessDenied,
        detail: format!("Not passed on to the store: {why}."),
    }
}
