//! The S3 endpoint: the protocol by `s3s`, everything it asks for from the store.

mod acl;
mod attributes;
mod auth;
mod body;
mod buckets;
mod condition;
mod copy;
mod delete;
mod error;
mod front;
mod list;
mod multipart;
mod objects;
mod parts;
mod service;
mod tagging;
mod versions;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{Request as HttpRequest, StatusCode},
    middleware,
    response::{IntoResponse as _, Response},
};
use s3s::{
    config::{S3Config, StaticConfigProvider},
    service::{S3Service, S3ServiceBuilder},
};
use tracing::{Dispatch, instrument::WithSubscriber as _};

use self::auth::{CALL, Call, Gate, Hosts, Keys};
use crate::{Clock, Config, host::Host, profile::Habits, request::RequestId, store::Store};

/// The implementation of the S3 operations.
#[derive(Clone)]
struct Gateway {
    store: Store,
    clock: Clock,
    habits: Habits,
}

#[derive(Clone)]
struct Endpoint {
    service: S3Service,
    domain: Arc<str>,
}

/// Builds the endpoint.
pub(crate) fn router(store: &Store, config: &Config) -> Router {
    let domain: Arc<str> = config.s3_domain.as_str().into();
    let mut builder = S3ServiceBuilder::new(Gateway {
        store: store.clone(),
        clock: config.clock.clone(),
        habits: config.profile.habits(),
    });
    builder.set_auth(Keys::new(store.clone(), config.clock.clone()));
    builder.set_access(Gate::new(store.clone()));
    builder.set_host(Hosts::new(Arc::clone(&domain)));
    let mut limits = S3Config::default();
    // The largest document is a completion of 10,000 parts.
    limits.xml_max_body_size = 4 * 1024 * 1024;
    builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(limits))));
    let endpoint = Endpoint {
        service: builder.build(),
        domain,
    };
    Router::new()
        .fallback(serve)
        .with_state(endpoint)
        // Outside of s3s, which answers preflights with 501; so refusals carry the headers too.
        .layer(front::cors(Arc::clone(&config.allowed_origin)))
        .layer(middleware::from_fn(drain::layer))
        .layer(middleware::from_fn(crate::request::enter))
}

async fn serve(State(endpoint): State<Endpoint>, mut request: Request) -> Response {
    if let Some(refusal) = front::refuse(&request) {
        return refusal;
    }
    front::forget_odd_range(&mut request);
    let id = request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default();
    let host = Host::of(request.headers(), request.uri(), &endpoint.domain);
    let call = Call::new(host.scope, id);
    let (parts, body) = request.into_parts();
    let request = HttpRequest::from_parts(parts, s3s::Body::http_body_unsync(body));
    // s3s logs requests with their signatures and presigned queries: inside it nothing is logged,
    // and our own events go out through the call.
    let answer = CALL
        .scope(
            call,
            endpoint
                .service
                .call(request)
                .with_subscriber(Dispatch::none()),
        )
        .await;
    match answer {
        Ok(response) => response.map(Body::new),
        Err(error) => {
            tracing::error!(error = ?s3s::StdError::from(error), "an answer could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
