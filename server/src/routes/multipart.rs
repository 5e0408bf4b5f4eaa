//! Multipart uploads: presigned for the client, or part by part through Hako.

use std::time::Duration;

use axum::{
    Extension, Json, Router,
    extract::{FromRequest, Multipart, Path, Request, State},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use futures::StreamExt;
use hcp::Body;
use http::{Method, StatusCode, header};
use model::{
    Endpoint, ErrorCode, PartNumber, UploadId,
    multipart::{
        Abort, AbortUpload, CompleteUpload, CompletedUpload, Completion, CreateUpload, ListParts,
        PartPage, PartUrl, PresignUpload, PresignedUpload, Status, Upload, UploadPlanRequest,
        UploadedPart,
    },
    problem::FieldError,
    route::{MultipartRoute, split_multipart},
    upload::{PartPlan, PlanError},
};
use serde::Deserialize;
use tokio::io::AsyncWriteExt;

use super::{
    objects::{Target, content_length, content_type_of, missing_query, raw},
    presign::{expires_in, presigner, validity},
};
use crate::{
    Error,
    service::stream,
    session::Session,
    state::AppState,
    web::{extract, guard::RequestHost},
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/v1/buckets/{bucket}/multipart/{*rest}", any(by_path))
        .route(CreateUpload::ROUTE, post(by_query).put(by_query))
        .route(PresignUpload::ROUTE, post(by_query))
        .route(CompleteUpload::ROUTE, post(by_query))
        .route(AbortUpload::ROUTE, post(by_query))
        .route(ListParts::ROUTE, get(by_query))
}

/// The parameters of the multipart routes.
#[derive(Clone, Debug, Deserialize)]
struct UploadQuery {
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    upload_id: Option<String>,
    #[serde(default)]
    part_number: Option<u32>,
    #[serde(default)]
    max_parts: Option<u32>,
    #[serde(default)]
    part_number_marker: Option<u32>,
    #[serde(default)]
    content_type: Option<String>,
}

/// What a request's path asks for.
#[derive(Clone, Copy, Debug)]
enum Action {
    Upload,
    Presign,
    Complete,
    Abort,
    Parts,
}

/// `…/multipart/{key}` and its suffixes.
async fn by_path(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    Path((bucket, rest)): Path<(String, String)>,
    extract::Query(query): extract::Query<UploadQuery>,
    request: Request,
) -> Result<Response, Error> {
    let (action, key) = match split_multipart(request.method(), &rest) {
        MultipartRoute::Upload(key) => (Action::Upload, key),
        MultipartRoute::Presign(key) => (Action::Presign, key),
        MultipartRoute::Complete(key) => (Action::Complete, key),
        MultipartRoute::Abort(key) => (Action::Abort, key),
        MultipartRoute::Parts(key) => (Action::Parts, key),
    };
    let call = Call {
        target: Target::new(&state, &bucket, key)?,
        session,
        state,
        host,
        query,
    };
    call.answer(action, request).await
}

/// `…/object/multipart[/{action}]?key=`.
async fn by_query(
    session: Session,
    State(state): State<AppState>,
    Extension(host): Extension<RequestHost>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<UploadQuery>,
    request: Request,
) -> Result<Response, Error> {
    let action = match request.uri().path().rsplit('/').next() {
        Some("presign") => Action::Presign,
        Some("complete") => Action::Complete,
        Some("abort") => Action::Abort,
        Some("parts") => Action::Parts,
        _ => Action::Upload,
    };
    let key = query.key.clone().ok_or_else(|| missing_query("key"))?;
    let call = Call {
        target: Target::new(&state, &bucket, &key)?,
        session,
        state,
        host,
        query,
    };
    call.answer(action, request).await
}

/// One call about one upload.
struct Call {
    session: Session,
    state: AppState,
    host: RequestHost,
    target: Target,
    query: UploadQuery,
}

impl Call {
    async fn answer(self, action: Action, request: Request) -> Result<Response, Error> {
        let method = request.method().clone();
        match (action, method) {
            (Action::Upload, Method::POST) => self.create().await.map(IntoResponse::into_response),
            (Action::Upload, Method::PUT) => Box::pin(self.part(request))
                .await
                .map(IntoResponse::into_response),
            (Action::Presign, Method::POST) => {
                let extract::Json(body) = extract::Json::from_request(request, &self.state).await?;
                self.presign(body).await.map(IntoResponse::into_response)
            }
            (Action::Complete, Method::POST) => {
                let extract::Json(body) = extract::Json::from_request(request, &self.state).await?;
                self.complete(body).await.map(IntoResponse::into_response)
            }
            (Action::Abort, Method::POST) => {
                let extract::Json(body) = extract::Json::from_request(request, &self.state).await?;
                self.abort(body).await.map(IntoResponse::into_response)
            }
            (Action::Parts, Method::GET) => self.parts().await.map(IntoResponse::into_response),
            _ => Err(Error::MethodNotAllowed),
        }
    }

    fn content_type(&self, given: Option<&str>) -> Option<String> {
        given
            .map(str::to_owned)
            .filter(|t| !t.is_empty())
            .or_else(|| content_type_of(&self.target.key))
    }

    async fn begin(&self, content_type: Option<&str>) -> Result<UploadId, Error> {
        let content_type = self.content_type(content_type);
        let Target { bucket, key } = &self.target;
        let s3 = self.session.s3(&self.state)?;
        // Boxed: the SDK's future for this call alone is 16 KB.
        let call = Box::pin(s3.create_upload(bucket, key, content_type.as_deref()));
        Ok(call.await?)
    }

    async fn create(self) -> Result<impl IntoResponse, Error> {
        let id = self.begin(self.query.content_type.as_deref()).await?;
        let Target { bucket, key } = self.target;
        let body = Upload {
            bucket: bucket.into(),
            key: key.into(),
            upload_id: id.into(),
        };
        Ok((StatusCode::CREATED, Json(body)))
    }

    async fn presign(self, request: UploadPlanRequest) -> Result<Json<PresignedUpload>, Error> {
        let plan = plan(&request)?;
        let expires_in = expires_in(request.expires_in, 60..=43_200)?;
        let given = request
            .upload_id
            .as_deref()
            .filter(|id| !id.is_empty())
            .map(upload_id)
            .transpose()?;
        let wanted = match &request.part_numbers {
            Some(numbers) => numbers.clone(),
            None => plan.parts().map(|(number, _)| number).collect(),
        };
        if let Some(beyond) = wanted.iter().find(|n| n.get() > plan.count()) {
            return Err(Error::Validation(vec![FieldError::body(
                "part_numbers",
                format!(
                    "part {beyond} lies beyond the file's {} parts",
                    plan.count()
                ),
            )]));
        }
        // The signer first: an account that cannot sign must not leave an upload behind.
        let signer = presigner(&self.state, &self.session, &self.host)?;
        let id = match given {
            Some(id) => id,
            None => self.begin(request.content_type.as_deref()).await?,
        };
        let Target { bucket, key } = &self.target;
        let life = Duration::from_secs(expires_in);
        let urls = wanted
            .into_iter()
            .map(|number| PartUrl {
                part_number: number,
                url: signer.upload_part(bucket, key, &id, number, life),
            })
            .collect();
        let (server_time, expires_at) = validity(self.state.now(), expires_in)?;
        Ok(Json(PresignedUpload {
            bucket: bucket.to_string(),
            key: key.to_string(),
            upload_id: id.into(),
            part_size: plan.part_size(),
            total_parts: plan.count(),
            urls,
            expires_in,
            server_time,
            expires_at,
        }))
    }

    async fn complete(self, request: Completion) -> Result<Json<CompletedUpload>, Error> {
        let id = upload_id(&request.upload_id)?;
        if request.parts.is_empty() {
            return Err(Error::bad_request(
                ErrorCode::InvalidPart,
                "parts: an upload is completed with at least one part",
            ));
        }
        let Target { bucket, key } = self.target;
        let stored = self
            .session
            .s3(&self.state)?
            .complete_upload(&bucket, &key, &id, &request.parts)
            .await?;
        Ok(Json(CompletedUpload {
            bucket: bucket.into(),
            key: key.into(),
            etag: stored.etag,
        }))
    }

    async fn abort(self, request: Abort) -> Result<Json<Status>, Error> {
        let id = upload_id(&request.upload_id)?;
        let Target { bucket, key } = &self.target;
        self.session
            .s3(&self.state)?
            .abort_upload(bucket, key, &id)
            .await?;
        Ok(Json(Status {
            status: "aborted".to_owned(),
        }))
    }

    async fn parts(self) -> Result<Json<PartPage>, Error> {
        let id = upload_id(
            self.query
                .upload_id
                .as_deref()
                .ok_or_else(|| missing_query("upload_id"))?,
        )?;
        let max = self.query.max_parts.unwrap_or(1_000);
        if max > 1_000 {
            return Err(Error::Validation(vec![FieldError {
                kind: "less_than_equal".to_owned(),
                loc: vec!["query".to_owned(), "max_parts".to_owned()],
                msg: "Input should be less than or equal to 1000".to_owned(),
            }]));
        }
        let Target { bucket, key } = &self.target;
        let s3 = self.session.s3(&self.state)?;
        Ok(Json(
            s3.list_parts(bucket, key, &id, Some(max), self.query.part_number_marker)
                .await?,
        ))
    }

    /// One part through Hako: raw bytes, or the contract's form.
    async fn part(self, request: Request) -> Result<Json<UploadedPart>, Error> {
        let id = upload_id(
            self.query
                .upload_id
                .as_deref()
                .ok_or_else(|| missing_query("upload_id"))?,
        )?;
        let number = self
            .query
            .part_number
            .ok_or_else(|| missing_query("part_number"))?;
        let number = PartNumber::new(number).map_err(|e| {
            Error::Validation(vec![FieldError::query("part_number", e.to_string())])
        })?;
        let body = if extract::media_type_is(request.headers(), |t| t == "multipart/form-data") {
            spooled(request, &self.state).await?
        } else {
            let length = content_length(request.headers()).ok_or(Error::Refused {
                status: StatusCode::LENGTH_REQUIRED,
                code: ErrorCode::InvalidArgument,
                detail: "A part needs its Content-Length.".to_owned(),
            })?;
            within_part(length)?;
            stream::sized(raw(request.into_body()), length)
        };
        let Target { bucket, key } = &self.target;
        let etag = self
            .session
            .s3(&self.state)?
            .upload_part(bucket, key, &id, number, body)
            .await?;
        Ok(Json(UploadedPart {
            part_number: number,
            etag,
        }))
    }
}

fn within_part(length: u64) -> Result<(), Error> {
    if length <= PartPlan::MAX_PART_SIZE {
        return Ok(());
    }
    Err(Error::Refused {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        code: ErrorCode::PayloadTooLarge,
        detail: "A part has at most 5 GiB.".to_owned(),
    })
}

fn upload_id(text: &str) -> Result<UploadId, Error> {
    UploadId::parse(text)
        .map_err(|e| Error::Validation(vec![FieldError::body("upload_id", e.to_string())]))
}

fn plan(request: &UploadPlanRequest) -> Result<PartPlan, Error> {
    let part_size = request.part_size.unwrap_or(PartPlan::DEFAULT_PART_SIZE);
    PartPlan::new(request.file_size, part_size).map_err(|e| match e {
        PlanError::EmptyFile => {
            Error::Validation(vec![FieldError::body("file_size", e.to_string())])
        }
        PlanError::PartSize => {
            Error::Validation(vec![FieldError::body("part_size", e.to_string())])
        }
        PlanError::TooManyParts(_) => Error::bad_request(ErrorCode::TooManyParts, e.to_string()),
    })
}

/// Receives the form's field `file` into an unnamed temporary file: the store wants to know a part's
/// length before its first byte, and a form does not tell it.
async fn spooled(mut request: Request, state: &AppState) -> Result<Body, Error> {
    let total = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok()?.parse().ok());
    if total.is_some_and(|total: u64| total > PartPlan::MAX_PART_SIZE + model::unit::MB) {
        within_part(u64::MAX)?;
    }
    axum::extract::DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, state)
        .await
        .map_err(|e| Error::BrokenBody(e.into()))?;
    while let Some(mut field) = form
        .next_field()
        .await
        .map_err(|e| Error::BrokenBody(e.into()))?
    {
        if field.name() != Some("file") {
            continue;
        }
        let folder = state.config().data_dir.clone();
        let file = tokio::task::spawn_blocking(move || tempfile::tempfile_in(folder))
            .await
            .map_err(Error::internal)?
            .map_err(Error::internal)?;
        let mut file = tokio::fs::File::from_std(file);
        let mut length = 0;
        while let Some(chunk) = field.next().await {
            let chunk = chunk.map_err(|e| Error::BrokenBody(e.into()))?;
            length += chunk.len() as u64;
            within_part(length)?;
            file.write_all(&chunk).await.map_err(Error::internal)?;
        }
        file.flush().await.map_err(Error::internal)?;
        tokio::io::AsyncSeekExt::rewind(&mut file)
            .await
            .map_err(Error::internal)?;
        let chunks = tokio_util::io::ReaderStream::with_capacity(file, 256 * 1024);
        return Ok(Body::from_stream(length, chunks));
    }
    Err(Error::Validation(vec![FieldError {
        kind: "missing".to_owned(),
        loc: vec!["body".to_owned(), "file".to_owned()],
        msg: "Field required".to_owned(),
    }]))
}
