//! What is set on a bucket: versioning, access, CORS; and what lies in it besides objects.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use model::{
    BucketName, Endpoint, Problem,
    acl::{Acl, AclPolicy, GetBucketAcl},
    bucket::BucketMutation,
    cors::{CorsConfiguration, CorsRules, GetCors},
    multipart::{ListUploads, ListUploadsQuery, UploadPage},
    problem::FieldError,
    version::{
        GetVersioning, ListVersions, ListVersionsQuery, NewVersioning, VersionPage, Versioning,
        VersioningMutation,
    },
};

use crate::{
    Error,
    openapi::params::InBucket,
    service::{access, ending, upload_target},
    session::Session,
    state::AppState,
    web::extract,
};

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    versioning,
    set_versioning,
    acl,
    set_acl,
    cors,
    set_cors,
    delete_cors,
    uploads,
    versions
))]
pub(in crate::routes) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(GetVersioning::ROUTE, get(versioning).put(set_versioning))
        .route(GetBucketAcl::ROUTE, get(acl).put(set_acl))
        .route(GetCors::ROUTE, get(cors).put(set_cors).delete(delete_cors))
        .route(ListUploads::ROUTE, get(uploads))
        .route(ListVersions::ROUTE, get(versions))
}

/// The contract answers these without the bucket's name.
fn updated(status: &str) -> Json<BucketMutation> {
    Json(BucketMutation {
        status: status.to_owned(),
        bucket: None,
    })
}

/// The bucket of a path.
pub(super) struct Target(pub(super) BucketName);

impl axum::extract::FromRequestParts<AppState> for Target {
    type Rejection = Error;

    async fn from_request_parts(
        parts: &mut http::request::Parts,
        state: &AppState,
    ) -> Result<Self, Error> {
        let Path(bucket): Path<String> = Path::from_request_parts(parts, state)
            .await
            .map_err(|_no_bucket| Error::NotFound)?;
        extract::bucket(&bucket).map(Self)
    }
}

#[utoipa::path(
    get,
    path = GetVersioning::ROUTE,
    operation_id = "get_versioning",
    tag = "Versions",
    summary = "Tell whether a bucket keeps versions",
    params(InBucket),
    responses((status = 200, description = "The state.", body = Versioning)),
)]
async fn versioning(
    session: Session,
    State(state): State<AppState>,
    Target(bucket): Target,
) -> Result<Json<Versioning>, Error> {
    Ok(Json(session.s3(&state)?.versioning(&bucket).await?))
}

#[utoipa::path(
    put,
    path = GetVersioning::ROUTE,
    operation_id = "set_versioning",
    tag = "Versions",
    summary = "Keep versions, or stop to",
    params(InBucket),
    request_body = NewVersioning,
    responses((status = 200, description = "`updated`.", body = VersioningMutation)),
)]
async fn set_versioning(
    session: Session,
    State(state): State<AppState>,
    Target(bucket): Target,
    extract::Json(request): extract::Json<NewVersioning>,
) -> Result<Json<VersioningMutation>, Error> {
    let s3 = session.s3(&state)?;
    let set = s3.set_versioning(&bucket, request.status);
    session.change_bucket(&state, &bucket, set).await?;
    Ok(Json(VersioningMutation {
        status: "updated".to_owned(),
        versioning: Some(request.status.as_str().to_owned()),
    }))
}

#[utoipa::path(
    get,
    path = GetBucketAcl::ROUTE,
    operation_id = "get_bucket_acl",
    tag = "Buckets",
    summary = "Tell who may do what in a bucket",
    params(InBucket),
    responses((status = 200, description = "The access control list.", body = Acl)),
)]
async fn acl(
    session: Session,
    State(state): State<AppState>,
    Target(bucket): Target,
) -> Result<Json<Acl>, Error> {
    Ok(Json(session.s3(&state)?.bucket_acl(&bucket).await?))
}

#[utoipa::path(
    put,
    path = GetBucketAcl::ROUTE,
    operation_id = "set_bucket_acl",
    tag = "Buckets",
    summary = "Set who may do what in a bucket",
    params(InBucket),
    request_body = AclPolicy,
    responses(
        (status = 200, description = "`updated`.", body = BucketMutation),
        (status = 409, description = "There is another list by now than the one that was named. Nothing was set.", body = Problem),
    ),
)]
async fn set_acl(
    session: Session,
    State(state): State<AppState>,
    Target(bucket): Target,
    extract::Json(policy): extract::Json<AclPolicy>,
) -> Result<Json<BucketMutation>, Error> {
    access::check(&policy)?;
    let s3 = session.s3(&state)?;
    Box::pin(access::unchanged(&policy, s3.bucket_acl(&bucket))).await?;
    let set = s3.set_bucket_acl(&bucket, &policy);
    session.change_bucket(&state, &bucket, set).await?;
    Ok(updated("updated"))
}

#[utoipa::path(
    get,
    path = GetCors::ROUTE,
    operation_id = "get_bucket_cors",
    tag = "Buckets",
    summary = "Tell a bucket's CORS rules",
    params(InBucket),
    responses(
        (status = 200, description = "The rules.", body = CorsRules),
        (
            status = 404,
            description = "There is no such bucket, or it has no rules.",
            body = Problem,
        ),
    ),
)]
async fn cors(
    session: Session,
    State(state): State<AppState>,
    Target(bucket): Target,
) -> Result<Json<CorsRules>, Error> {
    Ok(Json(session.s3(&state)?.cors(&bucket).await?))
}

#[utoipa::path(
    put,
    path = GetCors::ROUTE,
    operation_id = "set_bucket_cors",
    tag = "Buckets",
    summary = "Set a bucket's CORS rules",
    params(InBucket),
    request_body = CorsConfiguration,
    responses((status = 200, description = "`updated`.", body = BucketMutation)),
)]
async fn set_cors(
    session: Session,
    State(state): State<AppState>,
    Target(bucket): Target,
    extract::Json(rules): extract::Json<CorsConfiguration>,
) -> Result<Json<BucketMutation>, Error> {
    let s3 = session.s3(&state)?;
    let set = s3.set_cors(&bucket, &rules);
    session.change_bucket(&state, &bucket, set).await?;
    Ok(updated("updated"))
}

#[utoipa::path(
    delete,
    path = GetCors::ROUTE,
    operation_id = "delete_bucket_cors",
    tag = "Buckets",
    summary = "Remove a bucket's CORS rules",
    params(InBucket),
    responses((status = 200, description = "`deleted`.", body = BucketMutation)),
)]
async fn delete_cors(
    session: Session,
    State(state): State<AppState>,
    Target(bucket): Target,
) -> Result<Json<BucketMutation>, Error> {
    let s3 = session.s3(&state)?;
    let deleted = s3.delete_cors(&bucket);
    session.change_bucket(&state, &bucket, deleted).await?;
    Ok(updated("deleted"))
}

#[utoipa::path(
    get,
    path = ListUploads::ROUTE,
    operation_id = "list_uploads",
    tag = "Multipart uploads",
    summary = "List the uploads that are not completed",
    params(InBucket, ListUploadsQuery),
    responses((status = 200, description = "One page.", body = UploadPage)),
)]
async fn uploads(
    session: Session,
    State(state): State<AppState>,
    Target(bucket): Target,
    extract::Query(query): extract::Query<ListUploadsQuery>,
) -> Result<Json<UploadPage>, Error> {
    bounded("max_uploads", query.max_uploads, 1)?;
    let s3 = session.s3(&state)?;
    let mut page = s3.list_uploads(&bucket, &query).await?;
    upload_target::date_uploads(&state, &session, &bucket, &mut page).await;
    Ok(Json(page))
}

#[utoipa::path(
    get,
    path = ListVersions::ROUTE,
    operation_id = "list_versions",
    tag = "Versions",
    summary = "List versions and delete markers",
    params(InBucket, ListVersionsQuery),
    responses((status = 200, description = "One page.", body = VersionPage)),
)]
async fn versions(
    session: Session,
    State(state): State<AppState>,
    Target(bucket): Target,
    extract::Query(query): extract::Query<ListVersionsQuery>,
) -> Result<Json<VersionPage>, Error> {
    bounded("max_keys", query.max_keys, 0)?;
    let s3 = session.s3(&state)?;
    let mut page = s3.list_versions(&bucket, &query).await?;
    let newest = page.versions.iter().filter(|one| one.is_latest);
    let newest = newest.map(|one| (one.key.as_str(), one.etag.as_deref(), one.last_modified));
    page.expires_at = ending::listed(&state, &session, &bucket, newest).await;
    Ok(Json(page))
}

/// Refuses a page size that lies outside of `least` to 1,000.
pub(in crate::routes) fn bounded(name: &str, size: Option<u32>, least: u32) -> Result<(), Error> {
    let (kind, limit) = match size {
        Some(size) if size > 1_000 => ("less_than_equal", 1_000),
        Some(size) if size < least => ("greater_than_equal", least),
        _ => return Ok(()),
    };
    let words = kind.replace("_equal", "_or_equal_to").replace('_', " ");
    Err(Error::Validation(vec![FieldError {
        kind: kind.to_owned(),
        loc: vec!["query".to_owned(), name.to_owned()],
        msg: format!("Input should be {words} {limit}"),
    }]))
}
