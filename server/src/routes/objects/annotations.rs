//! Custom metadata of objects on an HCP: `…/object/metadata?key=` lists it, `…/object/metadata/{annotation}?key=`
//! is one piece of it.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest as _, Path, Request, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use hcp::Expected;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use model::{
    AnnotationName, BucketName, Endpoint as _, ErrorCode, ObjectKey, Problem,
    annotation::{Annotations, Kind, ListAnnotations, MAX_BYTES, ROUTE, Saved},
    multipart::Status,
    problem::FieldError,
    xml,
};
use serde::Deserialize;

use super::{Target, missing_query, status};
use crate::{
    Error,
    openapi::params::{ByKey, Bytes as AnyBytes, InBucket, OfAnnotation, OfVersion},
    service::annotations,
    session::Session,
    state::AppState,
    web::extract,
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(ListAnnotations::ROUTE, get(list))
        .route(ROUTE, get(read).put(save).delete(remove))
        .layer(DefaultBodyLimit::max(MAX_BYTES))
}

/// The parameters of these routes.
#[derive(Debug, Deserialize)]
struct Query {
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    version_id: Option<String>,
    #[serde(default)]
    content: Option<String>,
}

impl Query {
    fn target(&self, state: &AppState, bucket: &str) -> Result<(BucketName, ObjectKey), Error> {
        let key = self.key.as_deref().ok_or_else(|| missing_query("key"))?;
        let Target { bucket, key } = Target::new(state, bucket, key)?;
        Ok((bucket, key))
    }

    fn with_content(&self) -> Result<bool, Error> {
        match self.content.as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Error::Validation(vec![FieldError::query(
                "content",
                "`true` or `false`",
            )])),
        }
    }

    /// Custom metadata of an older version stays as it is.
    fn changes_the_newest(&self) -> Result<(), Error> {
        if self.version_id.is_none() {
            return Ok(());
        }
        Err(Error::Validation(vec![FieldError::query(
            "version_id",
            "HCP changes annotations of the newest version alone; leave this out",
        )]))
    }
}

fn named(text: &str) -> Result<AnnotationName, Error> {
    AnnotationName::parse(text).map_err(|invalid| {
        Error::Validation(vec![FieldError {
            kind: "value_error".to_owned(),
            loc: vec!["path".to_owned(), "annotation".to_owned()],
            msg: invalid.to_string(),
        }])
    })
}

/// What a save or a removal expects to find.
fn expected(headers: &HeaderMap) -> Result<Expected, Error> {
    let refused = |detail: &str| {
        Err(Error::bad_request(
            ErrorCode::InvalidArgument,
            detail.to_owned(),
        ))
    };
    let matches = headers.get(header::IF_MATCH);
    match (
        matches.map(HeaderValue::to_str),
        headers.get(header::IF_NONE_MATCH),
    ) {
        (None, None) => Ok(Expected::Anything),
        (Some(_), Some(_)) => refused("If-Match and If-None-Match exclude each other."),
        (None, Some(value)) if value == "*" => Ok(Expected::Nothing),
        (None, Some(_)) => refused("If-None-Match is `*` here: only if there is none yet."),
        (Some(Ok(tag)), None) => Ok(Expected::Tag(tag.to_owned())),
        (Some(Err(_)), None) => refused("If-Match is an entity tag."),
    }
}

#[utoipa::path(
    get,
    path = ListAnnotations::ROUTE,
    operation_id = "list_annotations",
    tag = "Objects",
    summary = "List the annotations of an object",
    description = "The custom metadata that an HCP keeps with an object, in named pieces. `.metapairs` is the metadata of S3. For stores with `features.objects.annotations`.",
    params(
        InBucket,
        ByKey,
        OfVersion,
        (
            "content" = Option<bool>,
            Query,
            description = "Whether texts of up to 64 KiB come with it.",
            nullable = false,
        ),
    ),
    responses((status = 200, description = "Names and sizes.", body = Annotations)),
)]
async fn list(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<Query>,
) -> Result<Json<Annotations>, Error> {
    let (bucket, key) = query.target(&state, &bucket)?;
    let content = query.with_content()?;
    let client = annotations::of(&state, &session, &bucket, &key)?;
    let version = query.version_id.as_deref();
    Ok(Json(annotations::list(client, version, content).await?))
}

#[utoipa::path(
    get,
    path = ROUTE,
    operation_id = "get_annotation",
    tag = "Objects",
    summary = "Read an annotation of an object",
    description = "What is stored, as it is. Stores keep no type with it: its content tells which it is.",
    params(InBucket, OfAnnotation, ByKey, OfVersion),
    responses(
        (
            status = 200,
            description = "XML, JSON, another text, or bytes.",
            content((serde_json::Value = "application/json"), (AnyBytes = "*/*")),
            headers(("ETag" = String, description = "The entity tag to save it by.")),
        ),
    ),
)]
async fn read(
    session: Session,
    State(state): State<AppState>,
    Path((bucket, name)): Path<(String, String)>,
    extract::Query(query): extract::Query<Query>,
) -> Result<Response, Error> {
    let (bucket, key) = query.target(&state, &bucket)?;
    let name = named(&name)?;
    let client = annotations::of(&state, &session, &bucket, &key)?;
    let found = annotations::get(client, query.version_id.as_deref(), &name).await?;
    let kind = HeaderValue::from_static(Kind::of(&found.content).media_type());
    let etag = HeaderValue::try_from(found.etag).map_err(Error::internal)?;
    let headers = [(header::CONTENT_TYPE, kind), (header::ETAG, etag)];
    Ok((headers, found.content).into_response())
}

#[utoipa::path(
    put,
    path = ROUTE,
    operation_id = "set_annotation",
    tag = "Objects",
    summary = "Save an annotation of an object",
    description = "XML or JSON of up to 1 MiB, kept as it is sent, in the place of what had the name. HCP itself takes up to 1 GB, and neither checks nor indexes what is longer than this. With `.metapairs` it is the metadata of S3. An HCP keeps no conditions: there they hold among those who save through this server.",
    params(
        InBucket,
        OfAnnotation,
        ByKey,
        (
            "If-Match" = Option<String>,
            Header,
            description = "Only if it has this entity tag.",
            nullable = false,
        ),
        (
            "If-None-Match" = Option<String>,
            Header,
            description = "`*`: only if there is none of the name.",
            nullable = false,
            pattern = r"^\*$",
        ),
    ),
    request_body(content(
        (String = "application/xml"),
        (serde_json::Value = "application/json"),
    )),
    responses(
        (status = 200, description = "`saved`.", body = Saved),
        (status = 412, description = "It has changed, is gone, or is there already.", body = Problem),
    ),
)]
async fn save(
    session: Session,
    State(state): State<AppState>,
    Path((bucket, name)): Path<(String, String)>,
    extract::Query(query): extract::Query<Query>,
    request: Request,
) -> Result<Json<Saved>, Error> {
    let (bucket, key) = query.target(&state, &bucket)?;
    let name = named(&name)?;
    query.changes_the_newest()?;
    let client = annotations::of(&state, &session, &bucket, &key)?;
    let expected = expected(request.headers())?;
    let kind = kind_sent(request.headers())?;
    let content = Bytes::from_request(request, &state).await;
    let content = content.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Error::PayloadTooLarge { limit: MAX_BYTES }
        } else {
            Error::BrokenBody(rejection.into())
        }
    })?;
    check(kind, &content)?;
    let size = content.len() as u64;
    let target = (&bucket, &key);
    let saved = annotations::put(&state, target, client, &name, content, expected).await?;
    Ok(Json(Saved {
        status: "saved".to_owned(),
        name: name.to_string(),
        size,
        etag: saved.etag,
    }))
}

/// What the headers say that the body is.
fn kind_sent(headers: &HeaderMap) -> Result<Kind, Error> {
    let is = |test: fn(&str) -> bool| extract::media_type_is(headers, test);
    if is(|name| matches!(name, "application/xml" | "text/xml") || name.ends_with("+xml")) {
        Ok(Kind::Xml)
    } else if is(|name| name == "application/json" || name.ends_with("+json")) {
        Ok(Kind::Json)
    } else {
        Err(Error::UnsupportedMediaType {
            expected: "application/xml or application/json",
        })
    }
}

/// Refuses a body that is not what its headers say.
fn check(kind: Kind, content: &[u8]) -> Result<(), Error> {
    let fault = match kind {
        Kind::Xml => xml::check(content).err().map(|fault| fault.to_string()),
        _ => serde_json::from_slice::<serde::de::IgnoredAny>(content)
            .err()
            .map(|fault| {
                format!(
                    "not JSON, at line {}, column {}",
                    fault.line(),
                    fault.column()
                )
            }),
    };
    match fault {
        None => Ok(()),
        Some(msg) => Err(Error::Validation(vec![FieldError {
            kind: "value_error".to_owned(),
            loc: vec!["body".to_owned()],
            msg,
        }])),
    }
}

#[utoipa::path(
    delete,
    path = ROUTE,
    operation_id = "delete_annotation",
    tag = "Objects",
    summary = "Remove an annotation of an object",
    params(
        InBucket,
        OfAnnotation,
        ByKey,
        (
            "If-Match" = Option<String>,
            Header,
            description = "Only if it has this entity tag.",
            nullable = false,
        ),
    ),
    responses(
        (status = 200, description = "`deleted`.", body = Status),
        (status = 412, description = "It has changed, or is gone.", body = Problem),
    ),
)]
async fn remove(
    session: Session,
    State(state): State<AppState>,
    Path((bucket, name)): Path<(String, String)>,
    extract::Query(query): extract::Query<Query>,
    headers: HeaderMap,
) -> Result<Json<Status>, Error> {
    let (bucket, key) = query.target(&state, &bucket)?;
    let name = named(&name)?;
    query.changes_the_newest()?;
    let client = annotations::of(&state, &session, &bucket, &key)?;
    let expected = expected(&headers)?;
    annotations::delete(&state, (&bucket, &key), client, &name, expected).await?;
    Ok(status("deleted"))
}
