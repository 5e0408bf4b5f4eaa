//! Headers that keep a browser out of trouble.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderValue, header};

/// Adds what every answer carries; pages and downloads add their own policy.
pub async fn layer(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    // A preview has rules of its own.
    headers
        .entry(header::X_FRAME_OPTIONS)
        .or_insert(HeaderValue::from_static("DENY"));
    headers
        .entry(header::REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("same-origin"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'; sandbox",
        ));
    response
}

/// The policy of a page: our own scripts by nonce, and the store as the one foreign address.
pub fn page_policy(nonce: &str, store: Option<&str>) -> String {
    let store = store.map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'{store}; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'; frame-src 'self'; media-src 'self'; manifest-src 'self'; worker-src 'self'"
    )
}

/// The policy of a page for visitors: it has no scripts, and shows nothing that is not ours.
pub const VISITOR_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of the worker's script, which browsers hold a worker to instead of the page's: it may fetch
/// and run its own code, and nothing else.
pub const WORKER_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; frame-ancestors 'none'";
