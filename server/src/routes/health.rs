//! The probes: public, unlogged.

use axum::{Json, Router, extract::State, response::IntoResponse, routing::get};
use http::StatusCode;
use serde_json::json;

use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/liveness", get(liveness))
        .route("/readiness", get(readiness))
        .route("/health", get(health))
}

async fn liveness() -> impl IntoResponse {
    Json(json!({"status": "ok"}))
}

async fn health(State(state): State<AppState>) -> impl IntoResponse {
    Json(json!({"status": "ok", "cache": cache(&state).await}))
}

async fn cache(state: &AppState) -> &'static str {
    match state.revocations().shared_answers().await {
        None => "disabled",
        Some(true) => "connected",
        Some(false) => "disconnected",
    }
}

/// Ready when the store answers at all (what it answers does not matter), and Redis where it is used.
async fn readiness(State(state): State<AppState>) -> impl IntoResponse {
    let (reachable, cache) = futures::join!(state.store().reachable(), cache(&state));
    let store = if state.config().backend.is_hcp() {
        "hcp"
    } else {
        "storage"
    };
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
    (
        status,
        Json(json!({"status": word, "checks": {store: answer, "cache": cache}})),
    )
}
