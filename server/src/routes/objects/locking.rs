//! Object lock of stores other than HCP: `…/object/lock?key=` tells and changes it.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use model::{
    Endpoint as _, Problem,
    lock::{GetLock, LockChange, ObjectLock},
};

use super::{ObjectQuery, Target};
use crate::{
    Error,
    openapi::params::{ByKey, InBucket, OfVersion},
    service::locking::Locking,
    session::Session,
    state::AppState,
    web::extract,
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route(GetLock::ROUTE, get(read).put(change))
}

#[utoipa::path(
    get,
    path = GetLock::ROUTE,
    operation_id = "get_object_lock",
    tag = "Objects",
    summary = "Tell what keeps an object by object lock",
    description = "Its retention and legal hold, whether the bucket has object lock, and what it gives to new objects. For stores with `features.objects.lock`.",
    params(InBucket, ByKey, OfVersion),
    responses((status = 200, description = "What keeps it.", body = ObjectLock)),
)]
async fn read(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
) -> Result<Json<ObjectLock>, Error> {
    let Target { bucket, key } = Target::new(&state, &bucket, query.key()?)?;
    let locking = Locking {
        state: &state,
        session: &session,
        bucket: &bucket,
        key: &key,
        version: query.version_id.as_deref(),
    };
    locking.read().await.map(Json)
}

#[utoipa::path(
    put,
    path = GetLock::ROUTE,
    operation_id = "set_object_lock",
    tag = "Objects",
    summary = "Lock an object, or put it on legal hold",
    description = "One of the three at a time. Compliance mode is made longer alone; what shortens, lifts or changes governance mode needs a `reason`, which the audit keeps, and the store's right to bypass it.",
    params(InBucket, ByKey, OfVersion),
    request_body = LockChange,
    responses(
        (status = 200, description = "What keeps it now.", body = ObjectLock),
        (
            status = 409,
            description = "It is kept in compliance mode, or in governance mode and no reason is given (`retention_shortened`).",
            body = Problem,
        ),
    ),
)]
async fn change(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
    extract::Json(change): extract::Json<LockChange>,
) -> Result<Json<ObjectLock>, Error> {
    let Target { bucket, key } = Target::new(&state, &bucket, query.key()?)?;
    let locking = Locking {
        state: &state,
        session: &session,
        bucket: &bucket,
        key: &key,
        version: query.version_id.as_deref(),
    };
    locking.change(&change).await.map(Json)
}
