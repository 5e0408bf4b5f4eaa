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
    routing::get,
};
use hcp::Passing;
use http::{HeaderName, Method, StatusCode, header};
use http_body::Body as _;
use model::{ErrorCode, problem::Problem};
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

use super::objects::{content_length, no_length, raw};
use crate::{
    Error,
    openapi::params::{self, Presigned, Signature},
    service::reach::PASSED_ON,
    state::AppState,
};

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
    routes().with_state(state).layer(cors)
}

/// What a presigned request may ask for; anything else is refused like what is not presigned.
pub(crate) fn routes() -> Router<AppState> {
    let object = get(read)
        .head(look)
        .put(store)
        .delete(remove)
        .fallback(pass_on);
    Router::new().route(&format!("{PASSED_ON}{{*object}}"), object)
}

/// What the document says of these requests.
#[derive(utoipa::OpenApi)]
#[openapi(paths(read, look, store, remove))]
pub(super) struct Documented;

#[utoipa::path(
    get,
    path = "/s3/{bucket}/{key}",
    operation_id = "read_by_presigned_url",
    tag = "Presigned requests",
    summary = "Read an object by a presigned URL",
    description = "Sent on to the store as it came, with the host that was signed. Its answer comes back as it is, refusals too.",
    params(
        Presigned,
        Signature,
        ("Range" = Option<String>, Header, description = "Only some of the bytes.", nullable = false),
        ("If-None-Match" = Option<String>, Header, description = "Only if it has another entity tag.", nullable = false),
        ("If-Modified-Since" = Option<String>, Header, description = "Only if it was stored later.", nullable = false),
    ),
    responses(
        (status = 200, description = "The bytes.", body = params::Bytes, content_type = "*/*"),
        (status = 206, description = "The bytes of the range.", body = params::Bytes, content_type = "*/*"),
        (status = 304, description = "The object is as it was."),
        (status = 412, description = "A condition is not met; the store's own answer."),
        (status = 416, description = "The range lies outside of the object; the store's own answer."),
    ),
    security(()),
)]
async fn read(state: State<AppState>, request: Request) -> Result<Response, Error> {
    pass_on(state, request).await
}

#[utoipa::path(
    head,
    path = "/s3/{bucket}/{key}",
    operation_id = "look_by_presigned_url",
    tag = "Presigned requests",
    summary = "Look at an object by a presigned URL",
    params(Presigned, Signature),
    responses(
        (status = 200, description = "It is there; the headers say what it is."),
        (status = 304, description = "The object is as it was."),
        (status = 412, description = "A condition is not met."),
    ),
    security(()),
)]
async fn look(state: State<AppState>, request: Request) -> Result<Response, Error> {
    pass_on(state, request).await
}

#[utoipa::path(
    put,
    path = "/s3/{bucket}/{key}",
    operation_id = "store_by_presigned_url",
    tag = "Presigned requests",
    summary = "Store an object, or a part of one, by a presigned URL",
    description = "The body goes through piece by piece. Headers that are signed, and those of S3 (`x-amz-…`), go on with it; a cookie or a token does not.",
    params(Presigned, Signature),
    request_body(content = params::Bytes, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "It is stored; the store's own answer.", headers(
            ("ETag" = String, description = "Its entity tag."),
        )),
        (status = 411, description = "The length of the body is not told.", body = Problem),
        (status = 412, description = "Something has the key already; the store's own answer."),
    ),
    security(()),
)]
async fn store(state: State<AppState>, request: Request) -> Result<Response, Error> {
    pass_on(state, request).await
}

#[utoipa::path(
    delete,
    path = "/s3/{bucket}/{key}",
    operation_id = "delete_by_presigned_url",
    tag = "Presigned requests",
    summary = "Delete an object by a presigned URL",
    params(Presigned, Signature),
    responses(
        (status = 204, description = "It is gone; the store's own answer."),
        (status = 409, description = "The store keeps it; its own answer."),
    ),
    security(()),
)]
async fn remove(state: State<AppState>, request: Request) -> Result<Response, Error> {
    pass_on(state, request).await
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
