//! Objects that come through Hako: streamed into the store, never held.

use axum::{
    Json,
    body::Body,
    extract::{FromRequest, Multipart, Request},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::StreamExt;
use hcp::PutOptions;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use model::{ErrorCode, Problem, object::ObjectMutation, problem::FieldError};

use super::{super::attributes, Target};
use crate::{
    Error,
    openapi::params::{self, AttributeHeaders, FileForm, OfObject},
    service::{
        expiry,
        stream::{self, content_type_of},
    },
    session::Session,
    state::AppState,
    web::extract,
};

/// The contract's form: the field `file`, streamed.
#[utoipa::path(
    post,
    path = "/api/v1/buckets/{bucket}/objects/{key}",
    operation_id = "upload_object",
    tag = "Objects",
    summary = "Store an object by a form",
    description = "Headers `x-amz-meta-…` are kept as the object's metadata.",
    params(
        OfObject,
        AttributeHeaders,
        (
            "If-None-Match" = Option<String>,
            Header,
            description = "`*`: only if nothing has the key, where the store knows conditions.",
            nullable = false,
        ),
    ),
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "`uploaded`.", body = ObjectMutation),
        (status = 412, description = "Something has the key.", body = Problem),
    ),
)]
pub(super) async fn upload_form(
    session: &Session,
    state: &AppState,
    target: &Target,
    mut request: Request,
) -> Result<Response, Error> {
    if !extract::media_type_is(request.headers(), |t| t == "multipart/form-data") {
        return Err(Error::UnsupportedMediaType {
            expected: "multipart/form-data with the field `file`",
        });
    }
    let s3 = session.s3(state)?;
    let headers = request.headers().clone();
    // The limit is for bodies held in memory; this one is not.
    axum::extract::DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, state)
        .await
        .map_err(|e| Error::BrokenBody(e.into()))?;
    let (sender, content_type) = loop {
        let field = form
            .next_field()
            .await
            .map_err(|e| Error::BrokenBody(e.into()))?;
        let Some(field) = field else {
            return Err(Error::Validation(vec![FieldError {
                kind: "missing".to_owned(),
                loc: vec!["body".to_owned(), "file".to_owned()],
                msg: "Field required".to_owned(),
            }]));
        };
        if field.name() == Some("file") {
            let content_type = field.content_type().map(str::to_owned);
            break (field, content_type);
        }
    };
    let content_type = content_type.or_else(|| content_type_of(&target.key));
    let options = options(state, &headers, content_type)?;
    // A form's field borrows the form, and the store wants a body of its own: a short channel joins them.
    let (feed, source) = futures::channel::mpsc::channel::<Result<Bytes, Error>>(1);
    let pump = async {
        use futures::SinkExt;
        let mut field = sender;
        let mut feed = feed;
        while let Some(chunk) = field.next().await {
            let chunk = chunk.map_err(|e| Error::BrokenBody(e.into()));
            if feed.send(chunk).await.is_err() {
                break;
            }
        }
    };
    let stored = stream::store(
        &s3,
        &target.bucket,
        &target.key,
        Box::pin(source),
        None,
        options,
    );
    let ((), outcome) = futures::join!(pump, stored);
    let outcome = outcome?;
    expiry::cleared(state, session, &target.bucket, &target.key).await;
    Ok(uploaded(target, outcome))
}

/// Our own form: the raw bytes of the object.
#[utoipa::path(
    put,
    path = "/api/v1/buckets/{bucket}/objects/{key}",
    operation_id = "put_object",
    tag = "Objects",
    summary = "Store an object",
    description = "The body is the object, whatever its type. Headers `x-amz-meta-…` are kept as the object's metadata.",
    params(
        OfObject,
        AttributeHeaders,
        (
            "If-None-Match" = Option<String>,
            Header,
            description = "`*`: only if nothing has the key, where the store knows conditions.",
            nullable = false,
        ),
    ),
    request_body(content = params::Bytes, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "`uploaded`.", body = ObjectMutation),
        (status = 412, description = "Something has the key.", body = Problem),
    ),
)]
pub(super) async fn upload_raw(
    session: &Session,
    state: &AppState,
    target: &Target,
    request: Request,
) -> Result<Response, Error> {
    let outcome = store_raw(session, state, target, request).await?;
    Ok(uploaded(target, outcome))
}

/// Streams a request's body into the store, whatever its length.
pub(in crate::routes) async fn store_raw(
    session: &Session,
    state: &AppState,
    target: &Target,
    request: Request,
) -> Result<stream::Outcome, Error> {
    let s3 = session.s3(state)?;
    let length = content_length(request.headers());
    let given = request.headers().get(header::CONTENT_TYPE);
    let given = given.and_then(|v| v.to_str().ok()).unwrap_or_default();
    let content_type = extract::content_type("header", given)?;
    let content_type = content_type.or_else(|| content_type_of(&target.key));
    let options = options(state, request.headers(), content_type)?;
    let source = raw(request.into_body());
    let outcome = stream::store(&s3, &target.bucket, &target.key, source, length, options).await?;
    expiry::cleared(state, session, &target.bucket, &target.key).await;
    Ok(outcome)
}

/// What an object is stored with: its type, and what the headers say of it.
pub(in crate::routes) fn options(
    state: &AppState,
    headers: &HeaderMap,
    content_type: Option<String>,
) -> Result<PutOptions, Error> {
    Ok(PutOptions {
        content_type,
        attributes: attributes::of_headers(state, headers)?,
        only_if_new: only_if_new(headers)?,
        ..PutOptions::default()
    })
}

/// Whether `If-None-Match` asks for an object that is not there yet. S3 takes nothing but `*` on writes.
fn only_if_new(headers: &HeaderMap) -> Result<bool, Error> {
    match headers
        .get(header::IF_NONE_MATCH)
        .map(HeaderValue::as_bytes)
    {
        None => Ok(false),
        Some(b"*") => Ok(true),
        Some(_) => Err(Error::bad_request(
            ErrorCode::InvalidArgument,
            "If-None-Match: only * can be asked of an object that is stored",
        )),
    }
}

pub(in crate::routes) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// Refuses a body whose length is not told.
pub(in crate::routes) fn no_length() -> Error {
    Error::Refused {
        status: StatusCode::LENGTH_REQUIRED,
        code: ErrorCode::InvalidArgument,
        detail: "The store wants to know the length of what it stores (Content-Length).".to_owned(),
    }
}

/// How long a client may stand still in the middle of a body.
const IDLE_LIMIT: std::time::Duration = std::time::Duration::from_mins(1);

/// A request's body as a stream of the store; a client that stands still is given up.
pub(in crate::routes) fn raw(body: Body) -> stream::Source {
    let chunks = futures::stream::unfold(body.into_data_stream(), |mut body| async {
        match tokio::time::timeout(IDLE_LIMIT, body.next()).await {
            Ok(None) => None,
            Ok(Some(chunk)) => Some((chunk.map_err(|e| Error::BrokenBody(e.into())), body)),
            Err(elapsed) => Some((Err(Error::BrokenBody(elapsed.into())), body)),
        }
    });
    Box::pin(chunks)
}

fn uploaded(target: &Target, outcome: stream::Outcome) -> Response {
    let mut body = target.mutation("uploaded");
    body.etag = outcome.stored.etag;
    body.version_id = outcome.stored.version_id;
    body.size = Some(outcome.size);
    (StatusCode::CREATED, Json(body)).into_response()
}
