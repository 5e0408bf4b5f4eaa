//! Buckets.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, head},
};
use http::StatusCode;
use model::{
    Endpoint, ErrorCode,
    bucket::{BucketList, BucketMutation, DeleteBucket, ListBuckets, NewBucket},
};

use crate::{Error, session::Session, state::AppState, web::extract};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(ListBuckets::ROUTE, get(list_buckets).post(create_bucket))
        .route(DeleteBucket::ROUTE, head(head_bucket).delete(delete_bucket))
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
    extract::Query(options): extract::Query<DeleteOptions>,
) -> Result<Json<BucketMutation>, Error> {
    if options
        .force
        .is_some_and(|force| !matches!(force.as_str(), "" | "false" | "0" | "no" | "off"))
    {
        return Err(Error::Refused {
            status: StatusCode::NOT_IMPLEMENTED,
            code: ErrorCode::NotSupported,
            detail: "Deleting a bucket with its content is not supported yet: empty it first."
                .to_owned(),
        });
    }
    let bucket = extract::bucket(&bucket)?;
    session.s3(&state)?.delete_bucket(&bucket).await?;
    Ok(Json(mutation("deleted", &bucket)))
}

#[derive(Debug, serde::Deserialize)]
struct DeleteOptions {
    force: Option<String>,
}

fn mutation(status: &str, bucket: &model::BucketName) -> BucketMutation {
    BucketMutation {
        status: status.to_owned(),
        bucket: Some(bucket.to_string()),
    }
}
