//! An object handed out by Hako itself: whole, in ranges, under conditions.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use hcp::{Conditions, GetOptions, ObjectHead};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use model::{Problem, attributes::METADATA_PREFIX};

use super::{ObjectQuery, Target};
use crate::{
    Error,
    openapi::params::{Bytes, OfObject, OfVersion},
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

pub(super) fn conditions(headers: &HeaderMap) -> Conditions {
    Conditions {
        if_match: text(headers, header::IF_MATCH),
        if_none_match: text(headers, header::IF_NONE_MATCH),
        if_modified_since: text(headers, header::IF_MODIFIED_SINCE),
        if_unmodified_since: text(headers, header::IF_UNMODIFIED_SINCE),
    }
}

#[utoipa::path(
    get,
    path = "/api/v1/buckets/{bucket}/objects/{key}",
    operation_id = "get_object",
    tag = "Objects",
    summary = "Read an object",
    params(
        OfObject,
        OfVersion,
        (
            "response_content_disposition" = Option<String>,
            Query,
            description = "What to answer as `Content-Disposition`: `attachment` or `inline`, with a file name or without.",
            nullable = false,
            pattern = r"^(attachment|inline)(;.*)?$",
        ),
        (
            "Range" = Option<String>,
            Header,
            description = "Only some of the bytes.",
            nullable = false,
        ),
        (
            "If-Match" = Option<String>,
            Header,
            description = "Only if the object has this entity tag.",
            nullable = false,
        ),
        (
            "If-None-Match" = Option<String>,
            Header,
            description = "Only if it has another.",
            nullable = false,
        ),
        (
            "If-Modified-Since" = Option<String>,
            Header,
            description = "Only if it was stored later.",
            nullable = false,
        ),
        (
            "If-Unmodified-Since" = Option<String>,
            Header,
            description = "Only if it was not.",
            nullable = false,
        ),
    ),
    responses(
        (status = 200, description = "The bytes, as a download, with the object's own type; `x-amz-meta-…` carries its metadata.", body = Bytes, content_type = "*/*", headers(
            ("ETag" = String, description = "The entity tag."),
            ("Last-Modified" = String, description = "When it was stored."),
            ("x-amz-version-id" = String, description = "The version, where the bucket keeps versions."),
        )),
        (
            status = 206,
            description = "The bytes of the range.",
            body = Bytes,
            content_type = "*/*",
            headers(("Content-Range" = String, description = "Where they lie.")),
        ),
        (status = 304, description = "The object is as it was."),
        (status = 412, description = "A condition is not met.", body = Problem),
        (status = 416, description = "The range lies outside of the object.", body = Problem),
    ),
)]
pub(in crate::routes) async fn download(
    session: &Session,
    state: &AppState,
    target: &Target,
    query: &ObjectQuery,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let disposition = query.disposition()?;
    let Conditions {
        if_match,
        if_none_match,
        if_modified_since,
        if_unmodified_since,
    } = conditions(headers);
    let options = GetOptions {
        version_id: query.version_id.clone(),
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
    if let Some(wanted) = disposition {
        out.insert(header::CONTENT_DISPOSITION, wanted);
    }
    if let Some(range) = stream
        .content_range
        .as_deref()
        .and_then(|r| HeaderValue::from_str(r).ok())
    {
        out.insert(header::CONTENT_RANGE, range);
    }
    Ok((status, out, Body::from_stream(stream.body)).into_response())
}

#[utoipa::path(
    head,
    path = "/api/v1/buckets/{bucket}/objects/{key}",
    operation_id = "head_object",
    tag = "Objects",
    summary = "Look at an object",
    params(
        OfObject,
        OfVersion,
        (
            "If-Match" = Option<String>,
            Header,
            description = "Only if the object has this entity tag.",
            nullable = false,
        ),
        (
            "If-None-Match" = Option<String>,
            Header,
            description = "Only if it has another.",
            nullable = false,
        ),
        (
            "If-Modified-Since" = Option<String>,
            Header,
            description = "Only if it was stored later.",
            nullable = false,
        ),
        (
            "If-Unmodified-Since" = Option<String>,
            Header,
            description = "Only if it was not.",
            nullable = false,
        ),
    ),
    responses(
        (status = 200, description = "It is there; the headers say what it is.", headers(
            ("ETag" = String, description = "The entity tag."),
            ("Last-Modified" = String, description = "When it was stored."),
            ("x-amz-version-id" = String, description = "The version, where the bucket keeps versions."),
            ("x-hcp-retention" = String, description = "Until when HCP keeps it, in seconds since 1970; 0: not at all, -1: for ever, -2: until somebody says."),
            ("x-hcp-retentionhold" = String, description = "Whether HCP has it on hold: `true` or `false`."),
            ("x-hcp-labelretentionhold" = String, description = "Whether HCP has it on a labelled hold: `true` or `false`."),
            ("x-amz-object-lock-retain-until-date" = String, description = "Until when an object lock keeps it."),
            ("x-amz-object-lock-legal-hold" = String, description = "`ON` where an object lock holds it."),
        )),
        (status = 304, description = "The object is as it was."),
        (status = 412, description = "A condition is not met."),
    ),
)]
pub(in crate::routes) async fn head(
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
    for (name, value) in &head.protection {
        set(HeaderName::from_static(name), Some(value.clone()));
    }
    for (name, value) in &head.metadata {
        let name = HeaderName::try_from(format!("{METADATA_PREFIX}{name}"));
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            out.insert(name, value);
        }
    }
    out
}
