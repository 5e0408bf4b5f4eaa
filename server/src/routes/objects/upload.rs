//! Objects that come through Hako: streamed into the store, never held.

use axum::{
    Json,
    body::Body,
    extract::{FromRequest, Multipart, Request},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::StreamExt;
use http::{HeaderMap, StatusCode, header};
use model::{ObjectKey, problem::FieldError};

use super::Target;
use crate::{Error, service::stream, session::Session, state::AppState, web::extract};

/// The contract's form: the field `file`, streamed.
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
        content_type.as_deref(),
    );
    let ((), outcome) = futures::join!(pump, stored);
    Ok(uploaded(target, outcome?))
}

/// Our own form: the raw bytes of the object.
pub(super) async fn upload_raw(
    session: &Session,
    state: &AppState,
    target: &Target,
    request: Request,
) -> Result<Response, Error> {
    let s3 = session.s3(state)?;
    let length = content_length(request.headers());
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .map(str::to_owned)
        .or_else(|| content_type_of(&target.key));
    let source = raw(request.into_body());
    let outcome = stream::store(
        &s3,
        &target.bucket,
        &target.key,
        source,
        length,
        content_type.as_deref(),
    )
    .await?;
    Ok(uploaded(target, outcome))
}

pub(in crate::routes) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
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

/// The type that a key's extension stands for.
pub(in crate::routes) fn content_type_of(key: &ObjectKey) -> Option<String> {
    mime_guess::from_path(key.file_name())
        .first()
        .map(|mime| mime.to_string())
}

fn uploaded(target: &Target, outcome: stream::Outcome) -> Response {
    let mut body = target.mutation("uploaded");
    body.etag = outcome.stored.etag;
    body.version_id = outcome.stored.version_id;
    body.size = Some(outcome.size);
    (StatusCode::CREATED, Json(body)).into_response()
}
