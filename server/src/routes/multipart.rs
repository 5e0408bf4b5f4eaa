//! Multipart uploads: presigned for the client, or part by part through Hako.

use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{FromRequest, Multipart, Path, Request, State},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use futures::StreamExt;
use hcp::{Body, CompleteOptions};
use http::{HeaderMap, Method, StatusCode, header};
use model::{
    ChecksumAlgorithm, Endpoint, ErrorCode, PartNumber, Problem, UploadId,
    attributes::Attributes,
    multipart::{
        Abort, AbortUpload, CompleteUpload, CompletedUpload, Completion, CreateUpload, ListParts,
        PartPage, PartToSign, PresignUpload, PresignedUpload, Status, Upload, UploadPlanRequest,
        UploadedPart,
    },
    problem::FieldError,
    route::{MultipartRoute, split_multipart},
    upload::{PartPlan, PlanError},
};
use serde::Deserialize;
use tokio::io::AsyncWriteExt;

use super::{
    attributes::{self, Place},
    objects::{Target, content_length, missing_query, no_length, options, raw},
    presign::{expires_in, validity},
};
use crate::{
    Error,
    openapi::params::{self, AttributeHeaders, FileForm, OfObject},
    service::{
        expiry,
        multipart::{begin, complete as finish, part_urls},
        reach::{self, Address},
        stream::{self, content_type_of},
        upload_target,
    },
    session::Session,
    state::AppState,
    web::{extract, guard::RequestHost},
};

/// How many parts one call signs at most: all that an upload can have.
const MAX_PARTS: usize = 10_000;

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(create, part, presign, complete, abort, parts))]
pub(super) struct Documented;

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
    #[serde(default)]
    checksum_algorithm: Option<ChecksumAlgorithm>,
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
        headers: request.headers().clone(),
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
        headers: request.headers().clone(),
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
    headers: HeaderMap,
}

impl Call {
    async fn answer(self, action: Action, request: Request) -> Result<Response, Error> {
        extract::key_in_parts(&self.target.key)?;
        let method = request.method().clone();
        match (action, method) {
            (Action::Upload, Method::POST) => {
                let attributes = attributes_of_body(request, &self.state).await?;
                create(self, attributes)
                    .await
                    .map(IntoResponse::into_response)
            }
            (Action::Upload, Method::PUT) => Box::pin(part(self, request))
                .await
                .map(IntoResponse::into_response),
            (Action::Presign, Method::POST) => {
                let extract::Json(body) = extract::Json::from_request(request, &self.state).await?;
                presign(self, body).await.map(IntoResponse::into_response)
            }
            (Action::Complete, Method::POST) => {
                let extract::Json(body) = extract::Json::from_request(request, &self.state).await?;
                // Boxed: it holds the SDK's futures of two calls.
                Box::pin(complete(self, body))
                    .await
                    .map(IntoResponse::into_response)
            }
            (Action::Abort, Method::POST) => {
                let extract::Json(body) = extract::Json::from_request(request, &self.state).await?;
                abort(self, body).await.map(IntoResponse::into_response)
            }
            (Action::Parts, Method::GET) => parts(self).await.map(IntoResponse::into_response),
            _ => Err(Error::MethodNotAllowed),
        }
    }

    /// Begins the upload. `place` is where the content type stands in the request.
    async fn begin(
        &self,
        place: &str,
        content_type: Option<&str>,
        checksum_algorithm: Option<ChecksumAlgorithm>,
        attributes: Attributes,
    ) -> Result<UploadId, Error> {
        let Target { bucket, key } = &self.target;
        let given = extract::content_type(place, content_type.unwrap_or_default())?;
        let content_type = given.or_else(|| content_type_of(key));
        let now = attributes::Stored::Now;
        attributes::check(&self.state, Place::Body, &attributes, now)?;
        let mut options = options(&self.state, &self.headers, content_type)?;
        options.attributes = attributes::together(options.attributes, attributes);
        attributes::check(&self.state, Place::Headers, &options.attributes, now)?;
        options.checksum_algorithm = checksum_algorithm;
        let s3 = self.session.s3(&self.state)?;
        begin(&s3, bucket, key, options).await
    }
}

/// What a body says the object is to be stored with. Scripts send none, or an empty one.
async fn attributes_of_body(request: Request, state: &AppState) -> Result<Attributes, Error> {
    if !extract::media_type_is(request.headers(), |t| t == "application/json") {
        return Ok(Attributes::default());
    }
    let headers = request.headers().clone();
    let body = Bytes::from_request(request, state)
        .await
        .map_err(extract::body_error)?;
    if body.is_empty() {
        return Ok(Attributes::default());
    }
    let given: Option<Attributes> = extract::json_of(&headers, &body)?;
    Ok(given.unwrap_or_default())
}

#[utoipa::path(
    post,
    path = "/api/v1/buckets/{bucket}/multipart/{key}",
    operation_id = "create_upload",
    tag = "Multipart uploads",
    summary = "Begin an upload",
    description = "Headers `x-amz-meta-…` are kept as the object's metadata. A body may say the same, and more; where both do, the body holds.",
    params(
        OfObject,
        AttributeHeaders,
        (
            "content_type" = Option<String>,
            Query,
            description = "The object's type; guessed from the key when absent.",
            nullable = false,
            max_length = 255,
            pattern = "^[ -~]*$",
        ),
        (
            "checksum_algorithm" = Option<ChecksumAlgorithm>,
            Query,
            description = "Which checksum its parts will carry; the store's choice when absent.",
            nullable = false,
        ),
    ),
    request_body(content = Option<Attributes>, description = "What the object is to be stored with."),
    responses((status = 201, description = "It was begun.", body = Upload)),
)]
async fn create(call: Call, attributes: Attributes) -> Result<impl IntoResponse, Error> {
    let id = call
        .begin(
            "query",
            call.query.content_type.as_deref(),
            call.query.checksum_algorithm,
            attributes,
        )
        .await?;
    let Target { bucket, key } = call.target;
    let body = Upload {
        bucket: bucket.into(),
        key: key.into(),
        upload_id: id.into(),
    };
    Ok((StatusCode::CREATED, Json(body)))
}

#[utoipa::path(
    post,
    path = "/api/v1/buckets/{bucket}/multipart/{key}/presign",
    operation_id = "presign_upload",
    tag = "Multipart uploads",
    summary = "Sign the parts of an upload",
    description = "Begins the upload unless `upload_id` names one. The parts then go straight to the store, by `PUT` with the `headers` of each and without any other. With `parts`, each URL fixes the checksum of its part, and the store refuses other bytes.",
    params(OfObject),
    request_body = UploadPlanRequest,
    responses((status = 200, description = "One URL per part.", body = PresignedUpload)),
)]
async fn presign(call: Call, request: UploadPlanRequest) -> Result<Json<PresignedUpload>, Error> {
    let plan = plan(&request)?;
    let expires_in = expires_in(request.expires_in, 60..=43_200)?;
    let given = request
        .upload_id
        .as_deref()
        .filter(|id| !id.is_empty())
        .map(upload_id)
        .transpose()?;
    if given.is_some() && !request.attributes().is_empty() {
        let msg = "metadata, tags, acl, retention and legal_hold are said when an upload is begun";
        return Err(Error::Validation(vec![FieldError::body("upload_id", msg)]));
    }
    let wanted = wanted(&request, &plan)?;
    // The signer first: an account that cannot sign must not leave an upload behind.
    let address = Address::asked(call.state.config(), request.use_proxy, false);
    let signer = reach::presigner(&call.state, &call.session, &call.host, address)?;
    let id = if let Some(id) = given {
        id
    } else {
        let content_type = request.content_type.as_deref();
        let attributes = request.attributes();
        call.begin("body", content_type, request.checksum_algorithm, attributes)
            .await?
    };
    let Target { bucket, key } = &call.target;
    let urls = part_urls(&signer, (bucket, key), &id, wanted, expires_in);
    let (server_time, expires_at) = validity(call.state.now(), expires_in)?;
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

#[utoipa::path(
    post,
    path = "/api/v1/buckets/{bucket}/multipart/{key}/complete",
    operation_id = "complete_upload",
    tag = "Multipart uploads",
    summary = "Complete an upload",
    description = "A refusal leaves the upload as it was.",
    params(OfObject),
    request_body = Completion,
    responses(
        (status = 200, description = "The parts are one object.", body = CompletedUpload),
        (
            status = 409,
            description = "`object_exists`: the bucket neither overwrites nor keeps versions.",
            body = Problem,
        ),
        (
            status = 412,
            description = "`precondition_failed`: with `if_none_match`, an object has the key.",
            body = Problem,
        ),
    ),
)]
async fn complete(call: Call, request: Completion) -> Result<Json<CompletedUpload>, Error> {
    let id = upload_id(&request.upload_id)?;
    let kept = Attributes {
        retention: request.retention,
        legal_hold: request.legal_hold,
        ..Attributes::default()
    };
    attributes::check(
        &call.state,
        Place::Body,
        &kept,
        attributes::Stored::SaidBefore,
    )?;
    let options = CompleteOptions {
        only_if_new: request.if_none_match,
        kept,
    };
    let Target { bucket, key } = call.target;
    let s3 = call.session.s3(&call.state)?;
    let stored = finish(&s3, &bucket, &key, &id, &request.parts, options).await?;
    expiry::cleared(&call.state, &call.session, &bucket, &key).await;
    Ok(Json(CompletedUpload {
        bucket: bucket.into(),
        key: key.into(),
        etag: stored.etag,
        version_id: stored.version_id,
    }))
}

#[utoipa::path(
    post,
    path = "/api/v1/buckets/{bucket}/multipart/{key}/abort",
    operation_id = "abort_upload",
    tag = "Multipart uploads",
    summary = "Give up an upload",
    params(OfObject),
    request_body = Abort,
    responses((status = 200, description = "`aborted`: its parts are gone.", body = Status)),
)]
async fn abort(call: Call, request: Abort) -> Result<Json<Status>, Error> {
    let id = upload_id(&request.upload_id)?;
    let Target { bucket, key } = &call.target;
    call.session
        .s3(&call.state)?
        .abort_upload(bucket, key, &id)
        .await?;
    Ok(Json(Status {
        status: "aborted".to_owned(),
    }))
}

#[utoipa::path(
    get,
    path = "/api/v1/buckets/{bucket}/multipart/{key}/parts",
    operation_id = "list_parts",
    tag = "Multipart uploads",
    summary = "List the parts that the store holds",
    params(
        OfObject,
        (
            "upload_id" = String,
            Query,
            description = "The upload.",
            min_length = 1,
            max_length = 1024,
        ),
        (
            "max_parts" = Option<u32>,
            Query,
            description = "Parts in a page; 1,000 when absent.",
            minimum = 0,
            maximum = 1000,
            nullable = false,
        ),
        (
            "part_number_marker" = Option<u32>,
            Query,
            description = "Only parts after this number.",
            nullable = false,
        ),
    ),
    responses((status = 200, description = "One page.", body = PartPage)),
)]
async fn parts(call: Call) -> Result<Json<PartPage>, Error> {
    let id = upload_id(
        call.query
            .upload_id
            .as_deref()
            .ok_or_else(|| missing_query("upload_id"))?,
    )?;
    let max = call.query.max_parts.unwrap_or(1_000);
    if max > 1_000 {
        return Err(Error::Validation(vec![FieldError {
            kind: "less_than_equal".to_owned(),
            loc: vec!["query".to_owned(), "max_parts".to_owned()],
            msg: "Input should be less than or equal to 1000".to_owned(),
        }]));
    }
    let Target { bucket, key } = &call.target;
    let s3 = call.session.s3(&call.state)?;
    let marker = call.query.part_number_marker;
    let mut page = s3.list_parts(bucket, key, &id, Some(max), marker).await?;
    upload_target::date_parts(&call.state, &mut page);
    Ok(Json(page))
}

/// One part through Hako: raw bytes, or the contract's form.
#[utoipa::path(
    put,
    path = "/api/v1/buckets/{bucket}/multipart/{key}",
    operation_id = "upload_part",
    tag = "Multipart uploads",
    summary = "Store a part through Hako",
    description = "By a form, or as raw bytes of any other type.",
    params(
        OfObject,
        (
            "upload_id" = String,
            Query,
            description = "The upload.",
            min_length = 1,
            max_length = 1024,
        ),
        ("part_number" = u32, Query, description = "The part.", minimum = 1, maximum = 10_000),
    ),
    request_body(content((FileForm = "multipart/form-data"), (params::Bytes = "application/octet-stream"))),
    responses(
        (status = 200, description = "It is stored.", body = UploadedPart),
        (status = 411, description = "The length of raw bytes is not told.", body = Problem),
    ),
)]
async fn part(call: Call, request: Request) -> Result<Json<UploadedPart>, Error> {
    let id = upload_id(
        call.query
            .upload_id
            .as_deref()
            .ok_or_else(|| missing_query("upload_id"))?,
    )?;
    let number = call
        .query
        .part_number
        .ok_or_else(|| missing_query("part_number"))?;
    let number = PartNumber::new(number)
        .map_err(|e| Error::Validation(vec![FieldError::query("part_number", e.to_string())]))?;
    let body = if extract::media_type_is(request.headers(), |t| t == "multipart/form-data") {
        spooled(request, &call.state).await?
    } else {
        let length = content_length(request.headers()).ok_or_else(no_length)?;
        within_part(length)?;
        stream::sized(raw(request.into_body()), length)
    };
    let Target { bucket, key } = &call.target;
    let etag = call
        .session
        .s3(&call.state)?
        .upload_part(bucket, key, &id, number, body)
        .await?;
    Ok(Json(UploadedPart {
        part_number: number,
        etag,
    }))
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

/// The parts that are to be signed.
fn wanted(request: &UploadPlanRequest, plan: &PartPlan) -> Result<Vec<PartToSign>, Error> {
    let unchecked = |part_number| PartToSign {
        part_number,
        checksum: None,
    };
    let (field, wanted) = match (&request.part_numbers, &request.parts) {
        (Some(_), Some(_)) => {
            let msg = "`parts` and `part_numbers` exclude each other";
            return Err(Error::Validation(vec![FieldError::body("parts", msg)]));
        }
        (Some(numbers), None) => (
            "part_numbers",
            numbers.iter().copied().map(unchecked).collect(),
        ),
        (None, Some(parts)) => {
            if parts.len() > MAX_PARTS {
                let msg = format!("At most {MAX_PARTS} parts are signed in one call");
                return Err(Error::Validation(vec![FieldError::body("parts", msg)]));
            }
            ("parts", parts.clone())
        }
        (None, None) => (
            "part_numbers",
            plan.parts().map(|(number, _)| unchecked(number)).collect(),
        ),
    };
    match wanted
        .iter()
        .find(|one| one.part_number.get() > plan.count())
    {
        None => Ok(wanted),
        Some(beyond) => Err(Error::Validation(vec![FieldError::body(
            field,
            format!(
                "part {} lies beyond the file's {} parts",
                beyond.part_number,
                plan.count()
            ),
        )])),
    }
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
