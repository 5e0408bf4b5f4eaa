//! When Hako removes an object: `…/object/expiry?key=` tells, sets and takes it back.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use model::{
    Endpoint as _, Problem,
    expiry::{GetExpiry, NewExpiry, ObjectExpiry},
    problem::FieldError,
};

use super::{ObjectQuery, Target};
use crate::{
    Error,
    openapi::params::{ByKey, InBucket},
    service::ending::Ending,
    session::Session,
    state::AppState,
    web::extract,
};

pub(super) fn router() -> Router<AppState> {
    Router::new().route(GetExpiry::ROUTE, get(read).put(set).delete(clear))
}

/// The object of a request: as it is now, for no other version has an end.
fn target(state: &AppState, bucket: &str, query: &ObjectQuery) -> Result<Target, Error> {
    if query.version_id.is_some() {
        return Err(Error::Validation(vec![FieldError::query(
            "version_id",
            "the object as it is ends, and no other version; leave this out",
        )]));
    }
    Target::new(state, bucket, query.key()?)
}

#[utoipa::path(
    get,
    path = GetExpiry::ROUTE,
    operation_id = "get_object_expiry",
    tag = "Objects",
    summary = "Tell when Hako removes an object",
    description = "The end of the object as it is now, and whether this account may change it.",
    params(InBucket, ByKey),
    responses((status = 200, description = "Its end; null where it stays.", body = ObjectExpiry)),
)]
async fn read(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
) -> Result<Json<ObjectExpiry>, Error> {
    let Target { bucket, key } = target(&state, &bucket, &query)?;
    let ending = Ending {
        state: &state,
        session: &session,
        bucket: &bucket,
        key: &key,
    };
    ending.read().await.map(Json)
}

#[utoipa::path(
    put,
    path = GetExpiry::ROUTE,
    operation_id = "set_object_expiry",
    tag = "Objects",
    summary = "Set when Hako removes an object",
    description = "In place of any other end. It is of the object as it is now: what is written anew stays. It is removed in the caller's name, with the \
        caller's credentials, which are kept sealed; where the bucket keeps versions, a delete marker hides it. For sessions with `features.expiry`.",
    params(InBucket, ByKey),
    request_body = NewExpiry,
    responses(
        (status = 200, description = "Its end.", body = ObjectExpiry),
        (
            status = 403,
            description = "The account may not delete it, somebody else has set its end (`access_denied`), or the store keeps it for longer (`object_retained`).",
            body = Problem,
        ),
        (status = 409, description = "Its end has come, or was changed at the same time.", body = Problem),
        (status = 412, description = "Another object stands there by now than the one with `etag`.", body = Problem),
    ),
)]
async fn set(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
    extract::Json(new): extract::Json<NewExpiry>,
) -> Result<Json<ObjectExpiry>, Error> {
    let Target { bucket, key } = target(&state, &bucket, &query)?;
    let ending = Ending {
        state: &state,
        session: &session,
        bucket: &bucket,
        key: &key,
    };
    ending.set(&new).await.map(Json)
}

#[utoipa::path(
    delete,
    path = GetExpiry::ROUTE,
    operation_id = "clear_object_expiry",
    tag = "Objects",
    summary = "Keep an object that was to be removed",
    description = "Also of an object without an end.",
    params(InBucket, ByKey),
    responses(
        (status = 200, description = "It has no end.", body = ObjectExpiry),
        (status = 403, description = "Somebody else has set its end.", body = Problem),
        (status = 409, description = "Its end has come, or was changed at the same time.", body = Problem),
    ),
)]
async fn clear(
    session: Session,
    State(state): State<AppState>,
    Path(bucket): Path<String>,
    extract::Query(query): extract::Query<ObjectQuery>,
) -> Result<Json<ObjectExpiry>, Error> {
    let Target { bucket, key } = target(&state, &bucket, &query)?;
    let ending = Ending {
        state: &state,
        session: &session,
        bucket: &bucket,
        key: &key,
    };
    ending.clear().await.map(Json)
}
