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

async fn health() -> impl IntoResponse {
    Json(json!({"status": "ok", "cache": "disabled"}))
}

/// Ready when the store answers at all; the answer itself does not matter.
async fn readiness(State(state): State<AppState>) -> impl IntoResponse {
    let reachable = state.store().reachable().await;
    let store = if state.config().backend.is_hcp() { "hcp" } else { "storage" };
    let (status, words) = if reachable {
        (StatusCode::OK, ("ready", "reachable"))
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, ("not ready", "unreachable"))
    };
    (status, Json(json!({"status": words.0, "checks": {store: words.1, "cache": "disabled"}})))
}
