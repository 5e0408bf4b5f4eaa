//! Objects: by key in the path (the contract's form) or in the query (`…/object?key=`, for any key).

use axum::{
    Json, Router,
    body::Body,
    extract::{FromRequest, Multipart, Path, Request, State},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use bytes::Bytes;
use futures::StreamExt;
use hcp::{Conditions, GetOptions, ObjectHead};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use model::{
    BucketName, Endpoint, ErrorCode, ObjectKey,
    object::{
        CopyObject, CopySource, DeleteObject, ListObjects, ListObjectsQuery, NewFolder,
        ObjectMutation, ObjectPage,
    },
    problem::FieldError,
    route::{ObjectRoute, split_objects},
};
use serde::Deserialize;

use crate::{
    Error,
    service::{deletion, reach, stream},
    session::Session,
    state::AppState,
    web::{disposition, extract},
};

pub(super) fn router() -> Router<AppState> {
    let keyed = get(by_query).delete(by_query).put(by_query).post(by_query);
    Router::new()
        .route(ListObjects::ROUTE, get(list_objects))
        .route("/api/v1/buckets/{bucket}/objects/{*rest}", any(by_path))
        .route(DeleteObject::ROUTE, keyed)
        .route(CopyObject::ROUTE, post(copy_by_query))
}

/// An object that a request means.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) bucket: BucketName,
    pub(super) key: ObjectKey,
}

impl Target {
    pub(super) fn new(state: &AppState, bucket: &str, key: &str) -> Result<Self, Error> {
        Ok(Self { bucket: extract::bucket(bucket)?, key: extract::key(key, reach::max_key_bytes(state))? })
    }

    fn mutation(&self, status: &str) -> ObjectMutation {
        ObjectMutation {
            status: status.to_owned(),
            bucket: self.bucket.to_string(),
            key: self.key.to_string(),
            etag: None,
            size: None,
            version_id: None,
        }
    }
}

/// The parameters of one object's routes.
#[derive(Clone, Debug, Deserialize)]
struct ObjectQuery {
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    version_id: Option<String>,
}

impl ObjectQuery {
    fn key(&self) -> Result<&str, Error> {
        self.key.as_deref().ok_or_else(|| missing_query("key"))
    }
}

pub(super) fn missing_query(name: &str) -> Error {
    Error::Validation(vec![FieldError {
        kind: "missing".to_owned(),
        loc: vec!["query".to_owned(), name.to_owned()],
        msg: "Field required".to_owned(),
    }])
}

async fn list_objects(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ListObjectsQuery>,
) -> Result<Json<ObjectPage>, Error> {
    if query.max_keys.is_some_and(|n| n > 1_000) {
        return Err(Error::Validation(vec![FieldError {
            kind: "less_than_equal".to_owned(),
            loc: vec!["query".to_owned(), "max_keys".to_owned()],
            msg: "Input should be less than or equal to 1000".to_owned(),
        }]));
    }
    let bucket = extract::bucket(&bucket)?;
    Ok(Json(session.s3(&state)?.list_objects(&bucket, &query).await?))
}

/// `…/objects/{key}` and its suffixes.
async fn by_path(
    session: Session,
    State(state): State<AppState>,
    Path((bucket, rest)): Path<(String, String)>,
    extract::Query(query): extract::Query<ObjectQuery>,
    request: Request,
) -> Result<Response, Error> {
    match split_objects(request.method(), &rest) {
        ObjectRoute::Object(key) => {
            let target = Target::new(&state, &bucket, key)?;
            object(&session, &state, &target, query.version_id.as_deref(), request).await
        }
        ObjectRoute::Copy(key) => {
            let target = Target::new(&state, &bucket, key)?;
            let extract::Json(source) = extract::Json::from_request(request, &state).await?;
            Ok(copy(&session, &state, &target, &source).await?.into_response())
        }
        ObjectRoute::Acl(_) => Err(Error::Refused {
            status: StatusCode::NOT_IMPLEMENTED,
            code: ErrorCode::NotSupported,
            detail: "Access control lists of objects are not supported yet.".to_owned(),
        }),
        ObjectRoute::Folder => {
            let extract::Json(folder) = extract::Json::from_request(request, &state).await?;
            Ok(create_folder(&session, &state, &bucket, &folder).await?.into_response())
        }
        ObjectRoute::Delete => {
            let extract::Json(deletion) = extract::Json::from_request(request, &state).await?;
            let bucket = extract::bucket(&bucket)?;
            Ok(Json(deletion::delete(&session.s3(&state)?, &bucket, deletion).await?).into_response())
        }
    }
}

/// `…/object?key=`.
async fn by_query(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
    request: Request,
) -> Result<Response, Error> {
    let target = Target::new(&state, &bucket, query.key()?)?;
    object(&session, &state, &target, query.version_id.as_deref(), request).await
}

async fn object(
    session: &Session,
    state: &AppState,
    target: &Target,
    version: Option<&str>,
    request: Request,
) -> Result<Response, Error> {
    match *request.method() {
        Method::GET => download(session, state, target, version, request.headers()).await,
        Method::HEAD => head(session, state, target, version, request.headers()).await,
        Method::DELETE => {
            session.s3(state)?.delete_object(&target.bucket, &target.key, version).await?;
            Ok(Json(target.mutation("deleted")).into_response())
        }
        Method::POST => upload_form(session, state, target, request).await,
        Method::PUT => upload_raw(session, state, target, request).await,
        _ => Err(Error::MethodNotAllowed),
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned)
}

fn conditions(headers: &HeaderMap) -> Conditions {
    Conditions {
        if_match: text(headers, header::IF_MATCH),
        if_none_match: text(headers, header::IF_NONE_MATCH),
        if_modified_since: text(headers, header::IF_MODIFIED_SINCE),
        if_unmodified_since: text(headers, header::IF_UNMODIFIED_SINCE),
    }
}

async fn download(
    session: &Session,
    state: &AppState,
    target: &Target,
    version: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let Conditions { if_match, if_none_match, if_modified_since, if_unmodified_since } = conditions(headers);
    let options = GetOptions {
        version_id: version.map(str::to_owned),
        range: text(headers, header::RANGE),
        if_match,
        if_none_match,
        if_modified_since,
        if_unmodified_since,
    };
    let stream = session.s3(state)?.get_object(&target.bucket, &target.key, options).await?;
    let status = if stream.content_range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let mut out = object_headers(&stream.head, target);
    if let Some(range) = stream.content_range.as_deref().and_then(|r| HeaderValue::from_str(r).ok()) {
        out.insert(header::CONTENT_RANGE, range);
    }
    Ok((status, out, Body::from_stream(stream.body)).into_response())
}

async fn head(
    session: &Session,
    state: &AppState,
    target: &Target,
    version: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let head =
        session.s3(state)?.head_object(&target.bucket, &target.key, version, &conditions(headers)).await?;
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
    let content_type = head.content_type.clone().unwrap_or_else(|| "application/octet-stream".to_owned());
    set(header::CONTENT_TYPE, Some(content_type));
    set(header::ETAG, head.etag.clone());
    set(header::LAST_MODIFIED, head.last_modified.map(|t| http_date(t.inner())));
    set(header::ACCEPT_RANGES, Some("bytes".to_owned()));
    set(header::CACHE_CONTROL, Some("private, no-cache".to_owned()));
    set(header::CONTENT_DISPOSITION, Some(disposition::attachment(target.key.file_name())));
    set(HeaderName::from_static("x-amz-version-id"), head.version_id.clone());
    out
}

/// `Sat, 21 Nov 2026 00:05:03 GMT`.
fn http_date(time: time::OffsetDateTime) -> String {
    let format = time::macros::format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    time.format(format).unwrap_or_default()
}

/// The contract's form: the field `file`, streamed.
async fn upload_form(
    session: &Session,
    state: &AppState,
    target: &Target,
    mut request: Request,
) -> Result<Response, Error> {
    if !extract::media_type_is(request.headers(), |t| t == "multipart/form-data") {
        return Err(Error::UnsupportedMediaType { expected: "multipart/form-data with the field `file`" });
    }
    let s3 = session.s3(state)?;
    // The limit is for bodies held in memory; this one is not.
    axum::extract::DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, state).await.map_err(|e| Error::BrokenBody(e.into()))?;
    let (sender, content_type) = loop {
        let field = form.next_field().await.map_err(|e| Error::BrokenBody(e.into()))?;
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
    let content_type = content_type.or_else(|| guess(&target.key));
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
    let stored = stream::store(&s3, &target.bucket, &target.key, Box::pin(source), None, content_type.as_deref());
    let ((), outcome) = futures::join!(pump, stored);
    Ok(uploaded(target, outcome?))
}

/// Our own form: the raw bytes of the object.
async fn upload_raw(
    session: &Session,
    state: &AppState,
    target: &Target,
    request: Request,
) -> Result<Response, Error> {
    let s3 = session.s3(state)?;
    let length = content_length(request.headers());
    let content_type = text(request.headers(), header::CONTENT_TYPE).or_else(|| guess(&target.key));
    let source = raw(request.into_body());
    let outcome =
        stream::store(&s3, &target.bucket, &target.key, source, length, content_type.as_deref()).await?;
    Ok(uploaded(target, outcome))
}

pub(super) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// How long a client may stand still in the middle of a body.
const IDLE_LIMIT: std::time::Duration = std::time::Duration::from_secs(60);

/// A request's body as a stream of the store; a client that stands still is given up.
pub(super) fn raw(body: Body) -> stream::Source {
    let chunks = futures::stream::unfold(body.into_data_stream(), |mut body| async {
        match tokio::time::timeout(IDLE_LIMIT, body.next()).await {
            Ok(None) => None,
            Ok(Some(chunk)) => Some((chunk.map_err(|e| Error::BrokenBody(e.into())), body)),
            Err(elapsed) => Some((Err(Error::BrokenBody(elapsed.into())), body)),
        }
    });
    Box::pin(chunks)
}

fn guess(key: &ObjectKey) -> Option<String> {
    mime_guess::from_path(key.file_name()).first().map(|mime| mime.to_string())
}

fn uploaded(target: &Target, outcome: stream::Outcome) -> Response {
    let mut body = target.mutation("uploaded");
    body.etag = outcome.stored.etag;
    body.version_id = outcome.stored.version_id;
    body.size = Some(outcome.size);
    (StatusCode::CREATED, Json(body)).into_response()
}

async fn copy_by_query(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
    extract::Json(source): extract::Json<CopySource>,
) -> Result<Json<ObjectMutation>, Error> {
    let target = Target::new(&state, &bucket, query.key()?)?;
    copy(&session, &state, &target, &source).await
}

async fn copy(
    session: &Session,
    state: &AppState,
    target: &Target,
    source: &CopySource,
) -> Result<Json<ObjectMutation>, Error> {
    let from = Target::new(state, &source.source_bucket, &source.source_key)?;
    let stored =
        session.s3(state)?.copy_object(&from.bucket, &from.key, &target.bucket, &target.key).await?;
    let mut body = target.mutation("copied");
    body.etag = stored.etag;
    body.version_id = stored.version_id;
    Ok(Json(body))
}

async fn create_folder(
    session: &Session,
    state: &AppState,
    bucket: &str,
    folder: &NewFolder,
) -> Result<(StatusCode, Json<ObjectMutation>), Error> {
    let max = reach::max_key_bytes(state);
    let key = model::id::folder_key("", &folder.folder_name, max)
        .map_err(|fault| Error::Validation(vec![FieldError::body("folder_name", fault.to_string())]))?;
    let target = Target { bucket: extract::bucket(bucket)?, key };
    let options = hcp::PutOptions::default();
    let empty = hcp::Body::empty();
    session.s3(state)?.put_object(&target.bucket, &target.key, empty, options).await?;
    Ok((StatusCode::CREATED, Json(target.mutation("created"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_http_dates() {
        let time = time::macros::datetime!(2026-11-01 00:05:03 UTC);
        assert_eq!(http_date(time), "Sun, 01 Nov 2026 00:05:03 GMT");
    }
}
