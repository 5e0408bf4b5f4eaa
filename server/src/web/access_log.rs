//! One line per request. Never a query, a header, a body or the token of a link: they are secrets, or carry some.

use std::time::Instant;

use axum::{extract::Request, middleware::Next, response::Response};

use model::{Endpoint as _, link::SHARED, log::ReadLog};

use crate::{error::Logged, web::request_id};

/// Logs method, path, status, duration and, of a failure, its causes.
pub async fn layer(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = without_token(request.uri().path());
    if matches!(path.as_str(), "/liveness" | "/readiness" | "/health") {
        return next.run(request).await;
    }
    // Who reads along would else read of the reading.
    let is_reading = path == ReadLog::ROUTE;
    let started = Instant::now();
    let response = next.run(request).await;
    let status = response.status();
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let request_id = request_id::current().unwrap_or_default();
    let cause = response
        .extensions()
        .get::<Logged>()
        .map(ToString::to_string);
    let status_code = status.as_u16();
    match cause {
        Some(cause) if status.is_server_error() => {
            tracing::error!(target: "access", %method, path, status = status_code, duration_ms, request_id, cause, "request failed");
        }
        Some(cause) => {
            tracing::info!(target: "access", %method, path, status = status_code, duration_ms, request_id, cause, "request refused");
        }
        None if is_reading || path.starts_with("/pkg/") => {
            tracing::debug!(target: "access", %method, path, status = status_code, duration_ms, request_id, "request");
        }
        None => {
            tracing::info!(target: "access", %method, path, status = status_code, duration_ms, request_id, "request");
        }
    }
    response
}

/// The path of a link without what opens it.
fn without_token(path: &str) -> String {
    match path.strip_prefix(SHARED) {
        Some(_token) => format!("{SHARED}…"),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_a_link_is_cut_off() {
        assert_eq!(without_token("/l/secret/download"), "/l/…");
        assert_eq!(without_token("/links"), "/links");
        assert_eq!(without_token("/buckets/l/x"), "/buckets/l/x");
    }
}
