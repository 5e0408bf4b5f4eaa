//! Buckets.

pub(super) mod settings;

use axum::{
    Json, Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, head},
};
use http::{HeaderMap, StatusCode};
use model::{
    Endpoint, ErrorCode,
    bucket::{BucketList, BucketMutation, DeleteBucket, ListBuckets, NewBucket},
    problem::FieldError,
};

use crate::{
    Error,
    service::emptying,
    session::Session,
    state::AppState,
    web::{extract, negotiation},
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(ListBuckets::ROUTE, get(list_buckets).post(create_bucket))
        .merge(settings::router())
}

/// Routes that may take as long as there is something to delete.
pub(super) fn patient() -> Router<AppState> {
    Router::new().route(DeleteBucket::ROUTE, head(head_bucket).delete(delete_bucket))
}

async fn list_buckets(
    session: Session,
    State(state): State<AppState>,
) -> Result<Json<BucketList>, Error> {
    Ok(Json(session.s3(&state)?.list_buckets().await?))
}

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
    s3.create_bucket(&bucket).await?;
    Ok((StatusCode::CREATED, Json(mutation("created", &bucket))))
}

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
        s3.delete_bucket(&bucket).await?;
        return Ok(Json(mutation("deleted", &bucket)).into_response());
    }
    if negotiation::prefers_async(&headers) {
        return super::tasks::delete_bucket(&session, &state, bucket).await;
    }
    emptying::delete_bucket(&s3, &bucket, emptying::unreported()).await?;
    Ok(Json(mutation("deleted", &bucket)).into_response())
}

#[derive(Debug, serde::Deserialize)]
struct DeleteOptions {
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
