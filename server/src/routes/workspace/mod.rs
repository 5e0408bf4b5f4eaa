//! Workspace files: the second API, small and made for scripts.
//!
//! Its paths begin with the name of a bucket, so they stand behind everything else that is served: what begins with a
//! segment of the console's own is the console's.

pub(crate) mod service;

use std::convert::Infallible;

use axum::{
    Extension, Json, Router,
    body::Body,
    extract::{DefaultBodyLimit, FromRequest, Path, Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use model::{
    task::Selection,
    workspace::{
        Directory, Done, Failure, FilePath, FinishUpload, StartUpload, StartedUpload, StoredUpload,
        Stretch,
    },
};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use time::{OffsetDateTime, format_description::well_known::Rfc2822};
use tower::ServiceExt as _;

use super::objects::{ObjectQuery, Target, download, head, store_raw};
use crate::{
    Error,
    db::expiries::{BY_HEADER, Found, Written},
    error::Plain,
    openapi::params::{self, InWorkspace, OfFile},
    service::{
        expiry,
        workspace::{Workspace, argument, nothing, path, reserved::is_reserved},
        zip,
    },
    session::Session,
    state::AppState,
    web::{extract, guard::RequestHost, negotiation},
};

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(
    paths(
        put,
        read,
        look,
        list,
        remove,
        create_upload,
        complete_upload,
        download_zip
    ),
    components(schemas(Failure))
)]
pub(super) struct Documented;

/// The routes of files and of the service.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/{workspace}/files", any(root))
        .route("/{workspace}/files/", any(root))
        .route("/{workspace}/files/{*rest}", any(below))
        .route("/{workspace}/create-multipart-upload", any(alias))
        .route("/{workspace}/complete-multipart-upload", any(alias))
        .route("/{workspace}/services/s3-storage", get(service::facts))
        .route(
            "/{workspace}/services/s3-storage/{function}",
            get(service::by_query).post(service::by_body),
        )
        .route("/{workspace}/services/{*other}", any(no_service))
}

/// Another service than the one that there is.
async fn no_service() -> Error {
    Error::NotFound
}

/// Whether an address looks like one of these routes, whatever its workspace is called.
fn is_alike(path: &str) -> bool {
    let mut segments = path.split('/').skip(2);
    let (second, third) = (segments.next(), segments.next());
    match second {
        Some("files" | "services") => true,
        Some("create-multipart-upload" | "complete-multipart-upload") => third.is_none(),
        _ => false,
    }
}

/// Whether an address begins with a name of the console's own.
fn is_of_console(path: &str) -> bool {
    let first = path.split('/').nth(1).unwrap_or_default();
    let first = percent_decode_str(first).decode_utf8_lossy();
    is_reserved(&first) && first != service::PUBLIC
}

/// Whether a script asks: it says who it is in a header, or neither has a cookie nor wants a page, as browsers do.
fn is_script(request: &Request) -> bool {
    let headers = request.headers();
    let is_browser = headers.contains_key(header::COOKIE)
        || headers.contains_key("sec-fetch-mode")
        || negotiation::wants_page(headers);
    headers.contains_key(header::AUTHORIZATION) || (!is_browser && is_alike(request.uri().path()))
}

/// What is refused before it is known to whom it goes has the body of these routes all the same.
pub async fn misdirected(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let ours = is_alike(path) && (!is_of_console(path) || is_script(&request));
    let response = next.run(request).await;
    if ours && response.status() == StatusCode::MISDIRECTED_REQUEST {
        as_failure(response)
    } else {
        response
    }
}

/// What stands behind everything else: files of workspaces, and the console.
pub fn router(state: &AppState, console: &Router) -> Router {
    let workspaces = routes()
        .method_not_allowed_fallback(super::method_not_allowed)
        .layer(DefaultBodyLimit::max(extract::BODY_LIMIT))
        .with_state(state.clone())
        .layer(from_fn(plain))
        .layer(from_fn_with_state(state.clone(), crate::audit::layer))
        .fallback_service(console.clone());
    let both = (workspaces, console.clone());
    Router::new().fallback(choose).with_state(both)
}

/// The console's pages come first. A script reads why its workspace is none here.
async fn choose(
    State((workspaces, console)): State<(Router, Router)>,
    request: Request,
) -> Response {
    let of_console = is_of_console(request.uri().path()) && !is_script(&request);
    let router = if of_console { console } else { workspaces };
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => absurd(never),
    }
}

fn absurd(never: Infallible) -> Response {
    match never {}
}

/// Gives every failure the one body of these routes. What fields break is 400 here.
async fn plain(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        as_failure(response)
    } else {
        response
    }
}

fn as_failure(response: Response) -> Response {
    let (mut parts, _body) = response.into_parts();
    let status = parts.status;
    if status == StatusCode::UNPROCESSABLE_ENTITY {
        parts.status = StatusCode::BAD_REQUEST;
    }
    let detail = match parts.extensions.get::<Plain>() {
        Some(Plain(detail)) => detail.clone(),
        None if status == StatusCode::BAD_REQUEST => "The address cannot be read.".to_owned(),
        None => status.canonical_reason().unwrap_or("Failed").to_owned(),
    };
    let failure = Failure {
        success: false,
        detail,
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::TRANSFER_ENCODING);
    let json = HeaderValue::from_static("application/json");
    parts.headers.insert(header::CONTENT_TYPE, json);
    let body = serde_json::to_vec(&failure).unwrap_or_default();
    Response::from_parts(parts, Body::from(body))
}

/// The workspace of an address.
fn workspace<'a>(
    state: &'a AppState,
    session: &'a Session,
    host: &'a RequestHost,
    name: &str,
) -> Result<Workspace<'a>, Error> {
    if is_reserved(name) {
        let why = format!(
            "'{name}' is an address of Hako itself. A bucket of this name is reached by /api/v1/buckets/{name}."
        );
        return Err(argument("workspace", why));
    }
    Ok(Workspace {
        state,
        session,
        host,
        bucket: extract::bucket(name)?,
    })
}

/// `/{workspace}/files`, with its slash or without.
async fn root(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Error> {
    let workspace = workspace(&state, &session, &host, &name)?;
    Box::pin(files(&workspace, "", request)).await
}

/// `/{workspace}/files/{path}`.
async fn below(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    Path((name, rest)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Error> {
    let workspace = workspace(&state, &session, &host, &name)?;
    Box::pin(files(&workspace, &rest, request)).await
}

/// `/{workspace}/create-multipart-upload` and its end, as older scripts write them.
async fn alias(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Error> {
    if request.method() != Method::POST {
        return Err(Error::MethodNotAllowed);
    }
    let workspace = workspace(&state, &session, &host, &name)?;
    let word = request.uri().path().rsplit('/').next();
    let word = word.unwrap_or_default().to_owned();
    Box::pin(files(&workspace, &word, request)).await
}

#[derive(Deserialize)]
struct ZipQuery {
    #[serde(default)]
    path: Option<String>,
}

async fn files(workspace: &Workspace<'_>, rest: &str, request: Request) -> Result<Response, Error> {
    let query = request.uri().query().unwrap_or_default().to_owned();
    match (request.method().clone(), rest) {
        (Method::POST, "create-multipart-upload") => {
            let started = create_upload(workspace, extract::query(&query)?).await?;
            Ok(started.into_response())
        }
        (Method::POST, "complete-multipart-upload") => {
            let extract::Json(asked) =
                extract::Json::from_request(request, workspace.state).await?;
            Ok(complete_upload(workspace, asked).await?.into_response())
        }
        (Method::GET, "download-zip") if query.split('&').any(names_path) => {
            let ZipQuery { path } = extract::query(&query)?;
            download_zip(workspace, &path.unwrap_or_default()).await
        }
        (Method::PUT, _) => put(workspace, rest, request).await,
        (method @ (Method::GET | Method::HEAD), _) => {
            // A body is nothing to hold while the store is asked.
            let (parts, _body) = request.into_parts();
            match path("path", rest)? {
                FilePath::Folder(prefix) => {
                    let level = list(workspace, prefix, extract::query(&query)?).await?;
                    Ok(level.into_response())
                }
                FilePath::File(_) if method == Method::GET => {
                    read(workspace, rest, &parts.headers).await
                }
                FilePath::File(_) => look(workspace, rest, &parts.headers).await,
            }
        }
        (Method::DELETE, _) => Ok(remove(workspace, rest).await?.into_response()),
        _ => Err(Error::MethodNotAllowed),
    }
}

fn names_path(pair: &str) -> bool {
    pair.split('=').next() == Some("path")
}

fn target(workspace: &Workspace<'_>, text: &str) -> Result<Target, Error> {
    Ok(Target {
        bucket: workspace.bucket.clone(),
        key: workspace.key("path", text)?,
    })
}

#[utoipa::path(
    put,
    path = "/{workspace}/files/{path}",
    operation_id = "put_workspace_file",
    tag = "Workspace files",
    summary = "Store a file",
    description = "The body is the file, of known length or not, and nothing of it is held. Without `Content-Type` the name tells the type.",
    params(OfFile),
    request_body(content = params::Bytes, content_type = "application/octet-stream"),
    responses((status = 200, description = "It is stored.", body = Done, headers(
        ("ETag" = String, description = "Its entity tag."),
    ))),
)]
async fn put(workspace: &Workspace<'_>, text: &str, request: Request) -> Result<Response, Error> {
    let target = target(workspace, text)?;
    let outcome = store_raw(workspace.session, workspace.state, &target, request).await?;
    let done = Done {
        success: true,
        message: format!("Stored '{}' ({} bytes).", target.key, outcome.size),
    };
    let mut response = Json(done).into_response();
    let etag = outcome.stored.etag;
    if let Some(etag) = etag.and_then(|etag| HeaderValue::from_str(&etag).ok()) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    Ok(response)
}

#[utoipa::path(
    get,
    path = "/{workspace}/files/{path}",
    operation_id = "get_workspace_file",
    tag = "Workspace files",
    summary = "Read a file",
    params(
        OfFile,
        ("Range" = Option<String>, Header, description = "Only some of the bytes.", nullable = false),
        ("If-None-Match" = Option<String>, Header, description = "Only if it has another entity tag.", nullable = false),
        ("If-Modified-Since" = Option<String>, Header, description = "Only if it was stored later.", nullable = false),
    ),
    responses(
        (status = 200, description = "The bytes.", body = params::Bytes, content_type = "*/*", headers(
            ("ETag" = String, description = "The entity tag."),
            ("Last-Modified" = String, description = "When it was stored."),
            ("x-hako-expires" = String, description = "When it ends, if it does."),
        )),
        (status = 206, description = "The bytes of the range.", body = params::Bytes, content_type = "*/*", headers(
            ("Content-Range" = String, description = "Where they lie."),
        )),
        (status = 304, description = "The file is as it was."),
    ),
)]
async fn read(
    workspace: &Workspace<'_>,
    text: &str,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let target = target(workspace, text)?;
    let query = ObjectQuery::default();
    let (session, state) = (workspace.session, workspace.state);
    let response = download(session, state, &target, &query, headers).await?;
    Ok(with_end(workspace, &target, response).await)
}

/// Which writing of a file these headers are of.
fn seen(headers: &HeaderMap) -> Found {
    let text = |name: HeaderName| {
        let value = headers.get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let modified = text(header::LAST_MODIFIED);
    let written = Written {
        etag: text(header::ETAG),
        modified: modified
            .and_then(|text| OffsetDateTime::parse(&text, &Rfc2822).ok())
            .map(OffsetDateTime::unix_timestamp),
        version: text(HeaderName::from_static("x-amz-version-id")),
    };
    let by = text(HeaderName::from_static(BY_HEADER));
    Found { written, by }
}

/// Adds when the file ends, where it does.
async fn with_end(workspace: &Workspace<'_>, target: &Target, mut response: Response) -> Response {
    let seen = seen(response.headers());
    let of = (&target.bucket, &target.key);
    match expiry::of_seen(workspace.state, workspace.session, of, seen).await {
        Ok(None) => {}
        Ok(Some(ends)) => {
            if let Ok(ends) = HeaderValue::try_from(ends.to_string()) {
                let name = HeaderName::from_static("x-hako-expires");
                response.headers_mut().insert(name, ends);
            }
        }
        Err(error) => tracing::warn!(%error, "the end of a temporary file is not known"),
    }
    response
}

#[utoipa::path(
    head,
    path = "/{workspace}/files/{path}",
    operation_id = "head_workspace_file",
    tag = "Workspace files",
    summary = "Look at a file",
    params(OfFile),
    responses(
        (status = 200, description = "It is there; the headers say what it is.", headers(
            ("ETag" = String, description = "The entity tag."),
            ("Last-Modified" = String, description = "When it was stored."),
            ("x-hako-expires" = String, description = "When it ends, if it does."),
        )),
        (status = 304, description = "The file is as it was."),
    ),
)]
async fn look(
    workspace: &Workspace<'_>,
    text: &str,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let target = target(workspace, text)?;
    let (session, state) = (workspace.session, workspace.state);
    let response = head(session, state, &target, None, headers).await?;
    Ok(with_end(workspace, &target, response).await)
}

#[utoipa::path(
    get,
    path = "/{workspace}/files/{path}/",
    operation_id = "list_workspace_files",
    tag = "Workspace files",
    summary = "List one level",
    description = "The slash at the end asks for it; `/{workspace}/files/` is the workspace itself.",
    params(OfFile, Stretch),
    responses((status = 200, description = "What is in it.", body = Directory)),
)]
async fn list(
    workspace: &Workspace<'_>,
    prefix: &str,
    stretch: Stretch,
) -> Result<Json<Directory>, Error> {
    Ok(Json(workspace.directory(prefix, stretch).await?))
}

#[utoipa::path(
    delete,
    path = "/{workspace}/files/{path}",
    operation_id = "delete_workspace_file",
    tag = "Workspace files",
    summary = "Remove a file",
    description = "With a slash at the end, everything below. Where the bucket keeps versions, delete markers hide what was there.",
    params(OfFile),
    responses((status = 200, description = "It is gone.", body = Done)),
)]
async fn remove(workspace: &Workspace<'_>, text: &str) -> Result<Json<Done>, Error> {
    let done = match path("path", text)? {
        FilePath::Folder(prefix) => workspace.remove_below(prefix, None).await?,
        FilePath::File(_) => workspace.remove_one(&workspace.key("path", text)?).await?,
    };
    Ok(Json(done))
}

#[utoipa::path(
    post,
    path = "/{workspace}/files/create-multipart-upload",
    operation_id = "create_workspace_upload",
    tag = "Workspace files",
    summary = "Begin an upload in parts",
    description = "The parts are put to the URLs of the answer. Also at `/{workspace}/create-multipart-upload`.",
    params(InWorkspace, StartUpload),
    responses((status = 200, description = "The upload, with a URL for each part.", body = StartedUpload)),
)]
async fn create_upload(
    workspace: &Workspace<'_>,
    asked: StartUpload,
) -> Result<Json<StartedUpload>, Error> {
    Ok(Json(workspace.start_upload(&asked).await?))
}

#[utoipa::path(
    post,
    path = "/{workspace}/files/complete-multipart-upload",
    operation_id = "complete_workspace_upload",
    tag = "Workspace files",
    summary = "Complete an upload",
    description = "The id alone says which file it is; only who began an upload completes it. Also at `/{workspace}/complete-multipart-upload`.",
    params(InWorkspace),
    request_body = FinishUpload,
    responses((status = 200, description = "The parts are one file.", body = StoredUpload)),
)]
async fn complete_upload(
    workspace: &Workspace<'_>,
    asked: FinishUpload,
) -> Result<Json<StoredUpload>, Error> {
    Ok(Json(workspace.finish_upload(&asked).await?))
}

#[utoipa::path(
    get,
    path = "/{workspace}/files/download-zip",
    operation_id = "download_workspace_zip",
    tag = "Workspace files",
    summary = "Take a folder as an archive",
    description = "Packed while it is sent. What cannot be read is listed in the archive's last entry.",
    params(InWorkspace, ("path" = String, Query, description = "The folder; empty for the whole workspace.")),
    responses((status = 200, description = "The archive.", body = params::Bytes, content_type = "application/zip")),
)]
async fn download_zip(workspace: &Workspace<'_>, text: &str) -> Result<Response, Error> {
    let prefix = if text.is_empty() {
        String::new()
    } else {
        path("path", text)?.prefix()
    };
    let s3 = workspace.s3()?;
    if !workspace.has_below(&s3, &prefix, true).await? {
        return Err(nothing(text));
    }
    let name = prefix.trim_end_matches('/').rsplit('/').next();
    let name = name.filter(|name| !name.is_empty());
    let name = format!("{}.zip", name.unwrap_or(workspace.bucket.as_str()));
    let selection = Selection {
        prefix: Some(prefix.clone()),
        base: Some(prefix),
        ..Selection::default()
    };
    let items = zip::select(&s3, &workspace.bucket, selection).await?;
    let open = zip::of_store(s3, workspace.bucket.clone());
    let pieces = zip::archive(items, open, zip::unreported());
    Ok((zip::called(&name), Body::from_stream(pieces)).into_response())
}
