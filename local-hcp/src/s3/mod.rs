//! The S3 endpoint: the protocol by `s3s`, everything it asks for from the store.

mod acl;
mod attributes;
mod auth;
mod body;
mod buckets;
mod condition;
mod copy;
mod cors;
mod cors_document;
mod delete;
mod error;
mod form_body;
mod forms;
mod front;
#[cfg(test)]
mod inputs;
mod list;
mod multipart;
mod objects;
mod parts;
mod policy;
mod service;
mod signature;
mod signature_v2;
mod signature_v4;
mod tagging;
mod usage;
mod versions;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Request as HttpRequest, StatusCode},
    middleware,
    response::{IntoResponse as _, Response},
};
use s3s::{
    S3Result,
    config::{S3Config, StaticConfigProvider},
    service::{S3Service, S3ServiceBuilder},
};
use tracing::{Dispatch, instrument::WithSubscriber as _};

use self::{
    auth::{CALL, Call, Gate, Hosts, Keys},
    cors::Cors,
    signature::Query,
};
pub(crate) use self::{cors_document::parse as parse_cors, delete::remove_key};
use crate::{
    Clock, Config,
    access::{self, Origin},
    clock::from_ms,
    host::Host,
    profile::Habits,
    request::{Peer, RequestId, Secured},
    rest::{self, Rest},
    search,
    store::Store,
};

/// Tells whoever signs by a temporary key when it ends: what they sign by it ends then too.
const KEY_ENDS: HeaderName = HeaderName::from_static("x-hako-key-ends");

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
    /// For forms, which are signed in their own way.
    keys: Keys,
    clock: Clock,
    /// For counting what is read.
    store: Store,
    /// HCP's own protocol, on the same hosts.
    rest: Rest,
    /// For metadata queries, which are asked at the same hosts.
    search: search::Service,
}

/// Builds the endpoint.
pub(crate) fn router(store: &Store, config: &Config) -> Router {
    let domain: Arc<str> = config.s3_domain.as_str().into();
    let mut builder = S3ServiceBuilder::new(Gateway {
        store: store.clone(),
        clock: config.clock.clone(),
        habits: config.profile.habits(),
    });
    let keys = Keys::new(store.clone(), config.clock.clone(), config.profile.habits());
    builder.set_auth(keys.clone());
    builder.set_access(Gate::new(store.clone(), config.clock.clone()));
    builder.set_host(Hosts::new(Arc::clone(&domain)));
    let mut limits = S3Config::default();
    // The largest document is a completion of 10,000 parts.
    limits.xml_max_body_size = 4 * 1024 * 1024;
    // No form gets this far.
    limits.post_object_max_file_size = 0;
    limits.form_max_fields_size = 0;
    builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(limits))));
    let endpoint = Endpoint {
        service: builder.build(),
        domain: Arc::clone(&domain),
        keys,
        clock: config.clock.clone(),
        store: store.clone(),
        rest: Rest::new(store, config),
        search: search::Service::new(store, config),
    };
    let cors = Cors {
        store: store.clone(),
        domain,
        console: Arc::clone(&config.allowed_origin),
    };
    Router::new()
        .fallback(serve)
        .with_state(endpoint)
        // Outside of s3s, which answers preflights with 501; so refusals carry the headers too.
        .layer(middleware::from_fn_with_state(cors, cors::layer))
        .layer(middleware::from_fn(drain::layer))
        .layer(middleware::from_fn(crate::request::enter))
}

async fn serve(State(endpoint): State<Endpoint>, request: Request) -> Response {
    if search::is_query(&request) {
        return endpoint.search.answer(request).await;
    }
    let id = request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default();
    let host = Host::of(request.headers(), request.uri(), &endpoint.domain);
    let origin = Origin {
        peer: request.extensions().get::<Peer>().map(|peer| peer.0),
        is_secure: request.extensions().get::<Secured>().is_some(),
        gateway: access::Gateway::S3,
    };
    if rest::is_for(&host, &request) {
        return endpoint.rest.answer(&host, origin, request).await;
    }
    let call = Call::new(host.scope.clone(), origin, id);
    let answering = async {
        let answer = answer(&endpoint, &host, request).await;
        let mut response = answer.unwrap_or_else(error::respond);
        if let Ok(Some(admitted)) = CALL.try_with(Call::admitted) {
            response.extensions_mut().insert(admitted);
            if let Some(ends) = admitted.key_ends_ms.and_then(key_ends) {
                response.headers_mut().insert(KEY_ENDS, ends);
            }
        }
        match CALL.try_with(Call::reading) {
            Ok(Some(reading)) => usage::counted(&endpoint.store, &reading, response),
            _ => response,
        }
    };
    CALL.scope(call, answering).await
}

/// When a key ends, as a header says it.
fn key_ends(ms: i64) -> Option<HeaderValue> {
    let ends = model::Timestamp::new(from_ms(ms));
    HeaderValue::try_from(ends.to_string()).ok()
}

async fn answer(endpoint: &Endpoint, host: &Host, mut request: Request) -> S3Result<Response> {
    let now = endpoint.clock.now();
    if forms::is_form(&request) {
        let (put, reply) = forms::read(request, host, &endpoint.keys, now).await?;
        return Ok(reply.answer(forward(&endpoint.service, put).await));
    }
    let query = Query::of(&request);
    signature::check_one(&request, &query)?;
    signature_v2::settle(
        &mut request,
        &query,
        host.bucket.as_deref(),
        &endpoint.keys,
        now,
    )
    .await?;
    signature_v4::rename_region(&mut request, &query, &endpoint.keys).await?;
    signature::check(&request, &query)?;
    signature::take_metadata(&mut request, &query);
    front::forget_odd_range(&mut request);
    let request = front::check_document(request, &query).await?;
    Ok(forward(&endpoint.service, request).await)
}

async fn forward(service: &S3Service, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let request = HttpRequest::from_parts(parts, s3s::Body::http_body_unsync(body));
    // s3s logs requests with their signatures and presigned queries: inside it nothing is logged,
    // and our own events go out through the call.
    let answer = service
        .call(request)
        .with_subscriber(Dispatch::none())
        .await;
    match answer {
        Ok(response) => response.map(Body::new),
        Err(error) => {
            tracing::error!(error = ?s3s::StdError::from(error), "an answer could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
