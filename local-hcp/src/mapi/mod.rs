//! The management API: `/mapi`, JSON.

mod accounts;
mod auth;
mod error;
mod tenants;

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRef, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::get,
};

use self::error::Refusal;
use crate::{Config, store::Store};

/// What the handlers work with.
#[derive(Clone, FromRef)]
pub(super) struct Management {
    store: Store,
    domain: Domain,
}

/// The domain under which tenants have their hosts.
#[derive(Clone)]
struct Domain(Arc<str>);

/// Builds the endpoint.
pub(crate) fn router(store: &Store, config: &Config) -> Router {
    Router::new()
        .route("/mapi/userAccounts/{username}", get(accounts::of_system))
        .route("/mapi/tenants", get(tenants::list))
        .route("/mapi/tenants/{tenant}", get(tenants::show))
        .route(
            "/mapi/tenants/{tenant}/userAccounts/{username}",
            get(accounts::of_tenant),
        )
        .fallback(async || Refusal::NotFound)
        .method_not_allowed_fallback(async || Refusal::NotFound)
        .with_state(Management {
            store: store.clone(),
            domain: Domain(config.s3_domain.as_str().into()),
        })
        .layer(middleware::from_fn(conventions))
        .layer(middleware::from_fn(crate::request::enter))
}

/// What HCP does with every management request.
async fn conventions(request: Request, next: Next) -> Response {
    let mut response = if request.method() == Method::GET && !takes_json(request.headers()) {
        Refusal::NotAcceptable.into_response()
    } else {
        next.run(request).await
    };
    let success = response.status().is_success();
    let headers = response.headers_mut();
    headers.insert(
        HeaderName::from_static("x-hcp-softwareversion"),
        HeaderValue::from_static("9.7.0.13"),
    );
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::X_FRAME_OPTIONS,
        HeaderValue::from_static("SAMEORIGIN"),
    );
    if success {
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-cache,no-store,must-revalidate"),
        );
        headers.insert(
            header::EXPIRES,
            HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT"),
        );
    }
    response
}

/// Whether the caller takes JSON. Without `Accept` HCP would send XML, which is not offered yet.
fn takes_json(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(header::ACCEPT).into_iter().peekable();
    accepted.peek().is_none()
        || accepted
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|one| one.split(';').next().unwrap_or_default().trim())
            .any(|one| matches!(one, "*/*" | "application/*" | "application/json"))
}
