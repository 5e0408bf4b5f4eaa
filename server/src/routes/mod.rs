//! The REST API: thin handlers, one file per resource.

mod attributes;
mod audit;
mod auth;
mod buckets;
mod credentials;
mod health;
mod jobs;
mod links;
mod log;
mod management;
mod multipart;
mod objects;
pub mod passing;
mod presign;
mod query;
mod session;
mod tasks;
mod templates;
pub mod workspace;

use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use tower_http::{compression::CompressionLayer, timeout::TimeoutLayer};
use utoipa::{OpenApi as _, openapi::OpenApi};

use crate::{Error, state::AppState, web};

/// How long a request may take that carries no object data.
const TIME_LIMIT: Duration = Duration::from_mins(2);

/// The API, ready to be called by socket or in-process.
pub fn api(state: AppState) -> Router {
    routes()
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(web::extract::BODY_LIMIT))
        .with_state(state.clone())
        .layer(from_fn(web::problems::layer))
        .layer(from_fn_with_state(state, crate::audit::layer))
        .layer(from_fn(web::request_id::layer))
}

/// Every route of the API.
pub(crate) fn routes() -> Router<AppState> {
    let quick = Router::new()
        .merge(auth::router())
        .merge(session::router())
        .merge(buckets::router())
        .merge(presign::router())
        .merge(credentials::router())
        .merge(jobs::router())
        .merge(links::router())
        .merge(log::router())
        .merge(management::router())
        .merge(query::router())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            TIME_LIMIT,
        ))
        .layer(CompressionLayer::new());
    Router::new()
        .merge(quick)
        .merge(buckets::patient())
        .merge(templates::patient())
        .merge(audit::router())
        .merge(objects::router())
        .merge(multipart::router())
}

/// What the document says of all routes.
pub(crate) fn documented() -> OpenApi {
    let mut all = auth::Documented::openapi();
    // On the heap: together they are large.
    let others = vec![
        session::Documented::openapi(),
        buckets::Documented::openapi(),
        buckets::settings::Documented::openapi(),
        buckets::uploading::Documented::openapi(),
        buckets::cors::Documented::openapi(),
        buckets::reachable::Documented::openapi(),
        objects::Documented::openapi(),
        tasks::Documented::openapi(),
        jobs::Documented::openapi(),
        links::Documented::openapi(),
        audit::Documented::openapi(),
        log::Documented::openapi(),
        multipart::Documented::openapi(),
        presign::Documented::openapi(),
        credentials::Documented::openapi(),
        templates::Documented::openapi(),
        query::Documented::openapi(),
        management::documented(),
        workspace::Documented::openapi(),
        workspace::service::Documented::openapi(),
        passing::Documented::openapi(),
        health::Documented::openapi(),
    ];
    for some in others {
        all.merge(some);
    }
    all
}

/// The probes.
pub fn probes() -> Router<AppState> {
    health::router().method_not_allowed_fallback(method_not_allowed)
}

/// What a route answers to a method that it does not know.
pub(crate) async fn method_not_allowed() -> Response {
    Error::MethodNotAllowed.into_response()
}
