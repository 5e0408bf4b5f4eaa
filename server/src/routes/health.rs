//! The probes: public, unlogged.

use axum::{Json, Router, extract::State, response::IntoResponse, routing::get};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::AppState;

/// That the process answers.
#[derive(Serialize, ToSchema)]
struct Liveness {
    /// Always `ok`.
    status: &'static str,
}

/// How the process is.
#[derive(Serialize, ToSchema)]
struct Health {
    /// Always `ok`.
    status: &'static str,
    /// Redis: `disabled`, `connected` or `disconnected`.
    cache: &'static str,
}

/// Whether the process can work.
#[derive(Serialize, ToSchema)]
struct Readiness {
    /// `ready` or `not ready`.
    status: &'static str,
    /// What it depends on.
    checks: Checks,
}

/// What the process depends on.
#[derive(Serialize, ToSchema)]
struct Checks {
    /// `reachable` or `unreachable`: the store, where it is an HCP.
    #[serde(skip_serializing_if = "Option::is_none")]
    hcp: Option<&'static str>,
    /// `reachable` or `unreachable`: the store, where it is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    storage: Option<&'static str>,
    /// Redis: `disabled`, `connected` or `disconnected`.
    cache: &'static str,
}

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(liveness, readiness, health))]
pub(super) struct Documented;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/liveness", get(liveness))
        .route("/readiness", get(readiness))
        .route("/health", get(health))
}

#[utoipa::path(
    get,
    path = "/liveness",
    operation_id = "get_liveness",
    tag = "Health",
    summary = "Is the process alive?",
    responses((status = 200, description = "It is.", body = Liveness)),
    security(()),
)]
async fn liveness() -> impl IntoResponse {
    Json(Liveness { status: "ok" })
}

#[utoipa::path(
    get,
    path = "/health",
    operation_id = "get_health",
    tag = "Health",
    summary = "How is it?",
    responses((status = 200, description = "It answers.", body = Health)),
    security(()),
)]
async fn health(State(state): State<AppState>) -> impl IntoResponse {
    let cache = cache(&state).await;
    Json(Health {
        status: "ok",
        cache,
    })
}

async fn cache(state: &AppState) -> &'static str {
    match state.revocations().shared_answers().await {
        None => "disabled",
        Some(true) => "connected",
        Some(false) => "disconnected",
    }
}

/// Ready when the store answers at all (what it answers does not matter), and Redis where it is used.
#[utoipa::path(
    get,
    path = "/readiness",
    operation_id = "get_readiness",
    tag = "Health",
    summary = "Can it work?",
    responses(
        (
            status = 200,
            description = "The store answers, and Redis where it is used.",
            body = Readiness,
        ),
        (status = 503, description = "Something does not answer.", body = Readiness),
    ),
    security(()),
)]
async fn readiness(State(state): State<AppState>) -> impl IntoResponse {
    let (reachable, cache) = futures::join!(state.store().reachable(), cache(&state));
    let (status, word) = if reachable && cache != "disconnected" {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready")
    };
    let answer = if reachable {
        "reachable"
    } else {
        "unreachable"
    };
    let is_hcp = state.config().backend.is_hcp();
    let checks = Checks {
        hcp: is_hcp.then_some(answer),
        storage: (!is_hcp).then_some(answer),
        cache,
    };
    let body = Readiness {
        status: word,
        checks,
    };
    (status, Json(body))
}
