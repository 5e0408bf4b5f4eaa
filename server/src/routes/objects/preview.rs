//! Looking into objects: `…/object/preview?key=` is the bytes for a browser to show, `…/object/preview/content?key=`
//! what they hold, `…/object/archive?key=` and `…/object/archive/entry?key=` the inside of a ZIP archive.
//!
//! What is shown here was stored by anybody. Its media type is one of a few, told by its content; no text is ever
//! anything but plain text; and the policy of the answer lets nothing run, whoever opens it.

use axum::{
    Json, Router,
    body::Body,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use hcp::{Conditions, GetOptions, ObjectHead};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use model::{
    Endpoint as _, Problem,
    preview::{
        Archive, BYTES_ROUTE, Delimiter, ENTRY_ROUTE, Form, GetArchive, GetPreview, Preview, Wanted,
    },
    problem::FieldError,
};
use serde::Deserialize;

use super::{Target, download::conditions, missing_query};
use crate::{
    Error,
    openapi::params::{ByKey, Bytes as AnyBytes, InBucket, OfVersion},
    service::preview::{self, Origin},
    session::Session,
    state::AppState,
    web::{extract, ranges::http_date},
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(BYTES_ROUTE, get(bytes))
        .route(GetPreview::ROUTE, get(content))
        .route(GetArchive::ROUTE, get(archive))
        .route(ENTRY_ROUTE, get(entry))
}

/// The parameters of these routes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    key: Option<String>,
    version_id: Option<String>,
    entry: Option<String>,
    folder: Option<String>,
    download: Option<String>,
    form: Option<String>,
    start: Option<String>,
    end: Option<String>,
    encoding: Option<String>,
    delimiter: Option<String>,
    header: Option<String>,
    pointer: Option<String>,
    from: Option<String>,
}

fn wrong(name: &str, rule: &str) -> Error {
    Error::Validation(vec![FieldError::query(name, rule)])
}

fn number(name: &str, text: Option<&str>) -> Result<Option<u64>, Error> {
    let parsed = text.map(str::parse).transpose();
    parsed.map_err(|_not_one| wrong(name, "a whole number from 0"))
}

fn switch(name: &str, text: Option<&str>) -> Result<Option<bool>, Error> {
    match text {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(_) => Err(wrong(name, "`true` or `false`")),
    }
}

impl Query {
    fn origin(&self, session: &Session, state: &AppState, bucket: &str) -> Result<Origin, Error> {
        let key = self.key.as_deref().ok_or_else(|| missing_query("key"))?;
        let Target { bucket, key } = Target::new(state, bucket, key)?;
        Ok(Origin {
            s3: session.s3(state)?,
            bucket,
            key,
            version: self.version_id.clone(),
        })
    }

    fn entry(&self) -> Result<Option<u64>, Error> {
        number("entry", self.entry.as_deref())
    }

    fn wanted(&self) -> Result<Wanted, Error> {
        let form = self.form.as_deref().map(|word| {
            let known = "`text`, `markdown`, `tree`, `table` or `hex`";
            Form::parse(word).ok_or_else(|| wrong("form", known))
        });
        let delimiter = self.delimiter.as_deref().map(|word| {
            let known = "`comma`, `semicolon`, `tab` or `pipe`";
            Delimiter::parse(word).ok_or_else(|| wrong("delimiter", known))
        });
        let pointer = self.pointer.clone().filter(|pointer| !pointer.is_empty());
        if pointer
            .as_deref()
            .is_some_and(|pointer| !pointer.starts_with('/'))
        {
            return Err(wrong("pointer", "empty, or begins with `/`"));
        }
        Ok(Wanted {
            form: form.transpose()?,
            start: number("start", self.start.as_deref())?,
            end: switch("end", self.end.as_deref())?.unwrap_or_default(),
            encoding: self.encoding.clone(),
            delimiter: delimiter.transpose()?,
            header: switch("header", self.header.as_deref())?,
            pointer,
            from: number("from", self.from.as_deref())?,
        })
    }
}

/// Whether the range is still of what the client holds a part of.
fn holds(headers: &HeaderMap, head: &ObjectHead) -> bool {
    let Some(known) = headers.get(header::IF_RANGE) else {
        return true;
    };
    let modified = head.last_modified.map(|time| http_date(time.inner()));
    known.to_str().is_ok_and(|known| {
        !known.starts_with("W/")
            && (Some(known) == head.etag.as_deref() || Some(known) == modified.as_deref())
    })
}

#[utoipa::path(
    get,
    path = BYTES_ROUTE,
    operation_id = "preview_object",
    tag = "Objects",
    summary = "Show an object",
    description = "The bytes for a browser to show, under a policy that lets nothing run. Pictures, sound, film and PDF come with the type that their content tells; every text, HTML too, is plain text; SVG is for `img` alone, and anything else a download. `HEAD` answers the same without the bytes.",
    params(
        InBucket,
        ByKey,
        OfVersion,
        ("Range" = Option<String>, Header, description = "Only some of the bytes.", nullable = false),
        ("If-Range" = Option<String>, Header, description = "All of them if it is another content than this.", nullable = false),
        ("If-None-Match" = Option<String>, Header, description = "Only if it has another entity tag.", nullable = false),
    ),
    responses(
        (status = 200, description = "The bytes.", body = AnyBytes, content_type = "*/*", headers(
            ("ETag" = String, description = "The entity tag."),
        )),
        (
            status = 206,
            description = "The bytes of the range.",
            body = AnyBytes,
            content_type = "*/*",
            headers(("Content-Range" = String, description = "Where they lie.")),
        ),
        (status = 304, description = "The object is as it was."),
        (status = 412, description = "A condition is not met.", body = Problem),
        (status = 416, description = "The range lies outside of the object.", body = Problem),
    ),
)]
async fn bytes(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<Query>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let origin = query.origin(&session, &state, &bucket)?;
    let first = origin.first(preview::SAMPLE).await?;
    let name = origin.key.as_str();
    let found = preview::look(&first.bytes, name, first.head.content_type.as_deref());
    let mut out = preview::locked(&found, origin.key.file_name(), false);
    let Conditions {
        if_match,
        if_none_match,
        if_modified_since,
        if_unmodified_since,
    } = conditions(&headers);
    let range = headers
        .get(header::RANGE)
        .and_then(|range| range.to_str().ok())
        .filter(|_| holds(&headers, &first.head));
    if method == Method::HEAD {
        let conditions = conditions(&headers);
        let version = origin.version.as_deref();
        let head = origin
            .s3
            .head_object(&origin.bucket, &origin.key, version, &conditions)
            .await?;
        preview::describe(&mut out, &head, None);
        return Ok((StatusCode::OK, out).into_response());
    }
    let options = GetOptions {
        version_id: origin.version.clone(),
        range: range.map(str::to_owned),
        // The bytes must be those whose type was told.
        if_match: if_match.or_else(|| first.head.etag.clone()),
        if_none_match,
        if_modified_since,
        if_unmodified_since,
    };
    let stream = origin
        .s3
        .get_object(&origin.bucket, &origin.key, options)
        .await?;
    preview::describe(&mut out, &stream.head, stream.content_range.as_deref());
    let status = if stream.content_range.is_some() {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    Ok((status, out, Body::from_stream(stream.body)).into_response())
}

#[utoipa::path(
    get,
    path = GetPreview::ROUTE,
    operation_id = "get_object_preview",
    tag = "Objects",
    summary = "Tell what an object holds",
    description = "What kind of content it is, and as much of it as is shown without being asked for: text in stretches of 512 KB, the values of JSON, the rows of a table, Markdown in pieces without HTML. What the browser shows itself has no `content`.",
    params(
        InBucket,
        ByKey,
        OfVersion,
        ("entry" = Option<u64>, Query, description = "The place of an entry in the directory of the archive that it is.", nullable = false),
        ("form" = Option<Form>, Query, description = "Another form than the one that fits.", nullable = false),
        ("start" = Option<u64>, Query, description = "The first byte of a text.", nullable = false),
        ("end" = Option<bool>, Query, description = "The end of a text instead of its beginning.", nullable = false),
        ("encoding" = Option<String>, Query, description = "The encoding of a text, instead of the one that its bytes tell.", nullable = false),
        ("delimiter" = Option<Delimiter>, Query, description = "What stands between the cells of a table, instead of what its rows tell.", nullable = false),
        ("header" = Option<bool>, Query, description = "Whether the first row of a table names its columns.", nullable = false),
        ("pointer" = Option<String>, Query, description = "The JSON pointer of a value; of NDJSON it begins with the line's place.", nullable = false, pattern = "^(/.*)?$"),
        ("from" = Option<u64>, Query, description = "The first of the value's members that is told.", nullable = false),
    ),
    responses((status = 200, description = "What it holds.", body = Preview)),
)]
async fn content(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<Query>,
) -> Result<Json<Preview>, Error> {
    let origin = query.origin(&session, &state, &bucket)?;
    let wanted = query.wanted()?;
    let told = preview::content(origin, query.entry()?, &wanted);
    Ok(Json(Box::pin(told).await?))
}

#[utoipa::path(
    get,
    path = GetArchive::ROUTE,
    operation_id = "list_object_archive",
    tag = "Objects",
    summary = "List a folder of a ZIP archive",
    description = "From the archive's directory, of at most 32 MB, of which only ranges are read.",
    params(
        InBucket,
        ByKey,
        OfVersion,
        ("folder" = Option<String>, Query, description = "The folder within the archive; the outermost when absent.", nullable = false),
    ),
    responses(
        (status = 200, description = "What lies in it.", body = Archive),
    ),
)]
async fn archive(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<Query>,
) -> Result<Json<Archive>, Error> {
    let origin = query.origin(&session, &state, &bucket)?;
    let folder = query.folder.unwrap_or_default();
    Ok(Json(preview::folder(origin, folder).await?))
}

#[utoipa::path(
    get,
    path = ENTRY_ROUTE,
    operation_id = "get_object_archive_entry",
    tag = "Objects",
    summary = "Read an entry of a ZIP archive",
    description = "Unpacked while it is sent, from the entry's own range; at most 5 GB. It is shown as `…/object/preview` shows an object. It breaks off where it is not what the directory says.",
    params(
        InBucket,
        ByKey,
        OfVersion,
        ("entry" = u64, Query, description = "Its place in the directory."),
        ("download" = Option<bool>, Query, description = "As a download.", nullable = false),
    ),
    responses(
        (status = 200, description = "The bytes.", body = AnyBytes, content_type = "*/*", headers(
            ("Content-Length" = u64, description = "How many, as the directory tells it."),
        )),
    ),
)]
async fn entry(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<Query>,
) -> Result<Response, Error> {
    let origin = query.origin(&session, &state, &bucket)?;
    let entry = query.entry()?.ok_or_else(|| missing_query("entry"))?;
    let download = switch("download", query.download.as_deref())?.unwrap_or_default();
    let unpacked = preview::unpack(origin, entry).await?;
    let (name, size) = (unpacked.name.clone(), unpacked.size);
    let mut pieces = Box::pin(unpacked.pieces());
    // The first piece tells what it is; where it is broken, that is still a plain answer.
    let first = pieces.next().await.transpose()?;
    let sample = first.clone().unwrap_or_else(Bytes::new);
    let sample = &sample[..sample.len().min(4 * 1024)];
    let found = preview::look(sample, &name, None);
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut out = preview::locked(&found, file, download);
    out.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    out.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    let all = stream::iter(first.map(Ok)).chain(pieces);
    Ok((StatusCode::OK, out, Body::from_stream(all)).into_response())
}
