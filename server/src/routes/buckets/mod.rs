//! Buckets.

pub(super) mod cors;
pub(super) mod reachable;
pub(super) mod settings;
pub(super) mod uploading;

use axum::{
    Json, Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, head},
};
use http::{HeaderMap, StatusCode};
use model::{
    Endpoint, ErrorCode, Problem,
    bucket::{BucketList, BucketMutation, DeleteBucket, ListBuckets, NewBucket},
    problem::FieldError,
    task::DeletionTask,
};

use crate::{
    Error,
    openapi::params::InBucket,
    service::emptying::{self, Doomed},
    session::Session,
    state::AppState,
    web::{extract, negotiation},
};

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list_buckets, create_bucket, head_bucket, delete_bucket))]
pub(super) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(ListBuckets::ROUTE, get(list_buckets).post(create_bucket))
        .merge(cors::router())
        .merge(reachable::router())
        .merge(settings::router())
        .merge(uploading::router())
}

/// Routes that may take as long as there is something to delete.
pub(super) fn patient() -> Router<AppState> {
    Router::new().route(DeleteBucket::ROUTE, head(head_bucket).delete(delete_bucket))
}

#[utoipa::path(
    get,
    path = ListBuckets::ROUTE,
    operation_id = "list_buckets",
    tag = "Buckets",
    summary = "List the buckets",
    responses(
        (status = 200, description = "All buckets of the caller, by name.", body = BucketList),
    ),
)]
async fn list_buckets(
    session: Session,
    State(state): State<AppState>,
) -> Result<Json<BucketList>, Error> {
    Ok(Json(session.s3(&state)?.list_buckets().await?))
}

#[utoipa::path(
    post,
    path = ListBuckets::ROUTE,
    operation_id = "create_bucket",
    tag = "Buckets",
    summary = "Create a bucket",
    request_body = NewBucket,
    responses(
        (status = 201, description = "`created`.", body = BucketMutation),
        (status = 409, description = "The name is taken.", body = Problem),
    ),
)]
async fn create_bucket(
    session: Session,
    State(state): State<AppState>,
    extract::Json(request): extract::Json<NewBucket>,
) -> Result<(StatusCode, Json<BucketMutation>), Error> {
    let bucket = state
        .config()
        .backend
        .bucket_rule()
        .check(&request.bucket)
        .map_err(|fault| Error::bad_request(ErrorCode::InvalidBucketName, fault.to_string()))?;
    let s3 = session.s3(&state)?;
    // HCP answers success to the owner of an existing bucket; a person who types a taken name wants to know.
    if s3.head_bucket(&bucket).await.is_ok() {
        return Err(Error::Refused {
            status: StatusCode::CONFLICT,
            code: ErrorCode::BucketExists,
            detail: format!("bucket '{bucket}': you already have a bucket of this name"),
        });
    }
    let created = s3.create_bucket(&bucket);
    session.change_bucket(&state, &bucket, created).await?;
    Ok((StatusCode::CREATED, Json(mutation("created", &bucket))))
}

#[utoipa::path(
    head,
    path = DeleteBucket::ROUTE,
    operation_id = "head_bucket",
    tag = "Buckets",
    summary = "Look whether a bucket is there",
    params(InBucket),
    responses((status = 200, description = "It is.")),
)]
async fn head_bucket(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
) -> Result<StatusCode, Error> {
    session
        .s3(&state)?
        .head_bucket(&extract::bucket(&bucket)?)
        .await?;
    Ok(StatusCode::OK)
}

#[utoipa::path(
    delete,
    path = DeleteBucket::ROUTE,
    operation_id = "delete_bucket",
    tag = "Buckets",
    summary = "Delete a bucket",
    description = "An empty one, or with `force` also one with content: uploads, versions and objects go first, however long it takes.",
    params(
        InBucket,
        DeleteOptions,
        (
            "Prefer" = Option<String>,
            Header,
            description = "`respond-async` asks for a task.",
            nullable = false,
            example = "respond-async",
        ),
    ),
    responses(
        (status = 200, description = "`deleted`.", body = BucketMutation),
        (
            status = 202,
            description = "`processing`: with `Prefer: respond-async` a bucket with its content is deleted in the background, as a deletion to ask for.",
            body = DeletionTask,
        ),
        (
            status = 429,
            description = "Too many tasks of the caller are running.",
            body = Problem,
        ),
        (
            status = 409,
            description = "The bucket is not empty, or not all of it could be deleted.",
            body = Problem,
        ),
    ),
)]
async fn delete_bucket(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    headers: HeaderMap,
    extract::Query(options): extract::Query<DeleteOptions>,
) -> Result<Response, Error> {
    let bucket = extract::bucket(&bucket)?;
    let s3 = session.s3(&state)?;
    if !options.force()? {
        let deleted = s3.delete_bucket(&bucket);
        session.change_bucket(&state, &bucket, deleted).await?;
        return Ok(Json(mutation("deleted", &bucket)).into_response());
    }
    if negotiation::prefers_async(&headers) {
        return super::tasks::delete_bucket(&session, &state, bucket).await;
    }
    let doomed = Doomed::new(&state, &session, bucket.clone())?;
    emptying::delete_bucket(&doomed, emptying::unreported()).await?;
    Ok(Json(mutation("deleted", &bucket)).into_response())
}

/// The parameters of a bucket's deletion.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DeleteOptions {
    /// Whether the content is to go too.
    #[param(value_type = bool, required = false)]
    force: Option<String>,
}

impl DeleteOptions {
    /// Whether the content is to go too.
    fn force(&self) -> Result<bool, Error> {
        match self.force.as_deref().unwrap_or_default() {
            "" | "false" | "0" | "no" | "off" => Ok(false),
            "true" | "1" | "yes" | "on" => Ok(true),
            _ => Err(Error::Validation(vec![FieldError {
                kind: "bool_parsing".to_owned(),
                loc: vec!["query".to_owned(), "force".to_owned()],
                msg: "Input should be a valid boolean, unable to interpret input".to_owned(),
            }])),
        }
    }
}

fn mutation(status: &str, bucket: &model::BucketName) -> BucketMutation {
    BucketMutation {
        status: status.to_owned(),
        bucket: Some(bucket.to_string()),
    }
}
