//! Archives: streamed at once, or packed in the background and fetched when they are ready.

use axum::{
    Json,
    body::Body,
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use model::{
    endpoint::encode,
    task::{ArchiveTask, Selection},
};

use super::{Call, failed_keys, failure, status};
use crate::{
    Error,
    db::tasks::{Progress, TaskKind, TaskRecord, TaskState},
    service::zip,
    tasks::Holds,
    web::{extract, negotiation, ranges},
};

/// How many keys the header of failed ones repeats at most, …
const HEADER_KEYS: usize = 50;
/// … and how long it is at most: clients and proxies have limits.
const HEADER_BYTES: usize = 4_096;

/// Begins an archive: what was asked for decides whether it is the answer, or a task is.
pub(super) async fn start(call: &Call<'_>, request: Request) -> Result<Response, Error> {
    let as_task = negotiation::wants_task(request.headers());
    let selection = selection(call, request).await?;
    let s3 = call.session.s3(call.state)?;
    let items = zip::select(&s3, &call.bucket, selection).await?;
    let open = zip::of_store(s3, call.bucket.clone());
    if !as_task {
        let pieces = zip::archive(items, open, zip::unreported());
        return Ok((headers(call), Body::from_stream(pieces)).into_response());
    }
    let progress = Progress {
        total: items.len() as u64,
        ..Progress::default()
    };
    let files = call.state.tasks().files().clone();
    let started = call
        .state
        .tasks()
        .start(call.scope(TaskKind::Archive), progress, |handle| {
            zip::to_file(items, open, files, handle)
        })
        .await?;
    let applied = [(
        HeaderName::from_static("preference-applied"),
        HeaderValue::from_static("respond-async"),
    )];
    Ok((StatusCode::ACCEPTED, applied, Json(body(started))).into_response())
}

/// The body: JSON, or a plain form with any number of `keys` and `prefixes`, so that a page can have the
/// browser itself take the archive.
async fn selection(call: &Call<'_>, request: Request) -> Result<Selection, Error> {
    let form = "application/x-www-form-urlencoded";
    if !extract::media_type_is(request.headers(), |t| t == form) {
        let extract::Json(selection) = extract::Json::from_request(request, call.state).await?;
        return Ok(selection);
    }
    let bytes = axum::body::Bytes::from_request(request, call.state)
        .await
        .map_err(extract::body_error)?;
    let mut selection = Selection::default();
    for (name, value) in url::form_urlencoded::parse(&bytes) {
        match &*name {
            "keys" => selection.keys.push(value.into_owned()),
            "prefixes" => selection.prefixes.push(value.into_owned()),
            "base" => selection.base = Some(value.into_owned()),
            "prefix" => selection.prefix = Some(value.into_owned()),
            _ => {}
        }
    }
    Ok(selection)
}

/// How far an archive is, or the archive itself, whole or in part, as often as it is asked for.
pub(super) async fn fetch(
    call: &Call<'_>,
    id: &str,
    request: &HeaderMap,
) -> Result<Response, Error> {
    let record = call.find(TaskKind::Archive, id).await?;
    match record.state {
        TaskState::Running => return Ok(Json(body(record)).into_response()),
        TaskState::Failed | TaskState::Canceled => {
            return Err(failure(StatusCode::INTERNAL_SERVER_ERROR, record, body));
        }
        TaskState::Done => {}
    }
    let file = match call
        .state
        .tasks()
        .files()
        .open_file(&record.id, Holds::Archive)
        .await
    {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let lost = TaskRecord {
                error: Some("ZIP file not found on disk".to_owned()),
                ..record
            };
            return Err(failure(StatusCode::INTERNAL_SERVER_ERROR, lost, body));
        }
        Err(e) => return Err(Error::internal(e)),
    };
    let mut out = headers(call);
    out.insert("x-zip-failed", HeaderValue::from(record.progress.failed));
    out.insert("x-zip-failed-keys", failed_header(&record.progress));
    let etag = format!("\"{}\"", record.id);
    ranges::serve(file, &etag, out, request)
        .await
        .map_err(Error::internal)?
}

/// What an archive is, as far as every answer with one says it.
fn headers(call: &Call<'_>) -> HeaderMap {
    zip::called(&format!("{}-objects.zip", call.bucket))
}

/// The first failed keys, percent-encoded, separated by commas; whole keys only.
fn failed_header(progress: &Progress) -> HeaderValue {
    let mut text = String::new();
    for key in failed_keys(&progress.errors).take(HEADER_KEYS) {
        let key = encode(key);
        if text.len() + key.len() + 1 > HEADER_BYTES {
            break;
        }
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(&key);
    }
    HeaderValue::from_str(&text).unwrap_or_else(|_not_ascii| HeaderValue::from_static(""))
}

fn body(record: TaskRecord) -> ArchiveTask {
    ArchiveTask {
        status: status(&record),
        failed_keys: failed_keys(&record.progress.errors)
            .map(str::to_owned)
            .collect(),
        task_id: record.id,
        total: record.progress.total,
        completed: record.progress.done,
        failed: record.progress.failed,
        error: record.error,
    }
}
