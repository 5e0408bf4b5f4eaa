//! An object handed out by Hako itself: whole, in ranges, under conditions.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use hcp::{Conditions, GetOptions, ObjectHead};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::Target;
use crate::{
    Error,
    session::Session,
    state::AppState,
    web::{disposition, ranges::http_date},
};

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers
        .get(name)
        .and_then(|v| v.to_str().ok())
        .map(str::to_owned)
}

fn conditions(headers: &HeaderMap) -> Conditions {
    Conditions {
        if_match: text(headers, header::IF_MATCH),
        if_none_match: text(headers, header::IF_NONE_MATCH),
        if_modified_since: text(headers, header::IF_MODIFIED_SINCE),
        if_unmodified_since: text(headers, header::IF_UNMODIFIED_SINCE),
    }
}

pub(super) async fn download(
    session: &Session,
    state: &AppState,
    target: &Target,
    version: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let Conditions {
        if_match,
        if_none_match,
        if_modified_since,
        if_unmodified_since,
    } = conditions(headers);
    let options = GetOptions {
        version_id: version.map(str::to_owned),
        range: text(headers, header::RANGE),
        if_match,
        if_none_match,
        if_modified_since,
        if_unmodified_since,
    };
    let stream = session
        .s3(state)?
        .get_object(&target.bucket, &target.key, options)
        .await?;
    let status = if stream.content_range.is_some() {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    let mut out = object_headers(&stream.head, target);
    if let Some(range) = stream
        .content_range
        .as_deref()
        .and_then(|r| HeaderValue::from_str(r).ok())
    {
        out.insert(header::CONTENT_RANGE, range);
    }
    Ok((status, out, Body::from_stream(stream.body)).into_response())
}

pub(super) async fn head(
    session: &Session,
    state: &AppState,
    target: &Target,
    version: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let head = session
        .s3(state)?
        .head_object(&target.bucket, &target.key, version, &conditions(headers))
        .await?;
    Ok((StatusCode::OK, object_headers(&head, target)).into_response())
}

/// The headers of an object that Hako itself hands out: always as a download, never as a page of ours.
fn object_headers(head: &ObjectHead, target: &Target) -> HeaderMap {
    let mut out = HeaderMap::new();
    let mut set = |name: HeaderName, value: Option<String>| {
        if let Some(value) = value.and_then(|v| HeaderValue::from_str(&v).ok()) {
            out.insert(name, value);
        }
    };
    set(header::CONTENT_LENGTH, Some(head.size.to_string()));
    let content_type = head
        .content_type
        .clone()
        .unwrap_or_else(|| "application/octet-stream".to_owned());
    set(header::CONTENT_TYPE, Some(content_type));
    set(header::ETAG, head.etag.clone());
    set(
        header::LAST_MODIFIED,
        head.last_modified.map(|t| http_date(t.inner())),
    );
    set(header::ACCEPT_RANGES, Some("bytes".to_owned()));
    set(header::CACHE_CONTROL, Some("private, no-cache".to_owned()));
    set(
        header::CONTENT_DISPOSITION,
        Some(disposition::attachment(target.key.file_name())),
    );
    set(
        HeaderName::from_static("x-amz-version-id"),
        head.version_id.clone(),
    );
    out
}
