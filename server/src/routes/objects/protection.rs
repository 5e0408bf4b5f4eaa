//! What keeps an object: `…/object/retention?key=` tells and changes it, `…/object/privileged-delete?key=` deletes
//! in spite of it.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, post},
};
use model::{
    Endpoint as _, Problem,
    multipart::Status,
    problem::FieldError,
    protection::{
        GetProtection, ObjectProtection, PrivilegedDelete, PrivilegedReason, ProtectionChange,
    },
};

use super::{ObjectQuery, Target, status};
use crate::{
    Error,
    openapi::params::{ByKey, InBucket, OfVersion},
    service::{annotations, protection},
    session::Session,
    state::AppState,
    web::extract,
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(GetProtection::ROUTE, get(read).put(change))
        .route(PrivilegedDelete::ROUTE, post(delete))
}

/// The object of a request that changes it. What is named must be the newest version: HCP changes no other.
fn newest(state: &AppState, bucket: &str, query: &ObjectQuery) -> Result<Target, Error> {
    if query.version_id.is_some() {
        return Err(Error::Validation(vec![FieldError::query(
            "version_id",
            "HCP changes the newest version alone; leave this out",
        )]));
    }
    Target::new(state, bucket, query.key()?)
}

#[utoipa::path(
    get,
    path = GetProtection::ROUTE,
    operation_id = "get_object_retention",
    tag = "Objects",
    summary = "Tell how long an object is kept",
    description = "Its retention as stored and in words, its holds, and what this account may change, as far as that is known. For stores with `features.objects.retention` and `features.objects.annotations`.",
    params(InBucket, ByKey, OfVersion),
    responses((status = 200, description = "What keeps it.", body = ObjectProtection)),
)]
async fn read(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
) -> Result<Json<ObjectProtection>, Error> {
    let Target { bucket, key } = Target::new(&state, &bucket, query.key()?)?;
    let client = annotations::of(&state, &session, &bucket, &key)?;
    let version = query.version_id.as_deref();
    let read = protection::read(&state, &session, &bucket, client, version);
    Ok(Json(read.await?))
}

#[utoipa::path(
    put,
    path = GetProtection::ROUTE,
    operation_id = "set_object_retention",
    tag = "Objects",
    summary = "Set how long an object is kept, or put it on hold",
    description = "One of the three at a time. The newest version is changed, and no version is made. Retention is never shortened.",
    params(InBucket, ByKey),
    request_body = ProtectionChange,
    responses(
        (status = 200, description = "What keeps it now.", body = ObjectProtection),
        (
            status = 409,
            description = "The retention would become shorter (`retention_shortened`), or a hold keeps it as it is (`object_on_hold`).",
            body = Problem,
        ),
    ),
)]
async fn change(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
    extract::Json(change): extract::Json<ProtectionChange>,
) -> Result<Json<ObjectProtection>, Error> {
    let Target { bucket, key } = newest(&state, &bucket, &query)?;
    let wanted = change.read().map_err(Error::Validation)?;
    let client = annotations::of(&state, &session, &bucket, &key)?;
    let changed = protection::change(&state, &session, &bucket, client, &wanted);
    Ok(Json(changed.await?))
}

#[utoipa::path(
    post,
    path = PrivilegedDelete::ROUTE,
    operation_id = "delete_object_privileged",
    tag = "Objects",
    summary = "Delete an object though its retention keeps it",
    description = "Only in enterprise mode, and with the permissions DELETE and PRIVILEGED. The store keeps the reason. A hold is not lifted by it.",
    params(InBucket, ByKey),
    request_body = PrivilegedReason,
    responses(
        (status = 200, description = "`deleted`.", body = Status),
        (status = 409, description = "A hold keeps it (`object_on_hold`).", body = Problem),
    ),
)]
async fn delete(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
    extract::Json(body): extract::Json<PrivilegedReason>,
) -> Result<Json<Status>, Error> {
    let Target { bucket, key } = newest(&state, &bucket, &query)?;
    let client = annotations::of(&state, &session, &bucket, &key)?;
    protection::delete_privileged(client, &body.reason).await?;
    Ok(status("deleted"))
}
