//! What every request to either endpoint goes through first.

use std::{net::IpAddr, time::Instant};

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, header::COOKIE},
    middleware::Next,
    response::Response,
};
use uuid::Uuid;

/// The id of a request, in its extensions and in its answer.
#[derive(Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// From which address a request came: whoever accepts the connection puts it into the request's
/// extensions. Rules about addresses are about this one; headers that name another are the caller's own
/// words. A request without it comes from nowhere, and only a rule that admits everybody admits it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// That a request came over TLS, also where somebody in front of us has ended it: whoever accepts the
/// connection puts it into the request's extensions. Without it a request came over plain HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Secured;

pub(crate) const X_AMZ_REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");

/// Numbers the request, logs it, and drops its cookies.
pub(crate) async fn enter(mut request: Request, next: Next) -> Response {
    // Browsers do not separate cookies by port: the session of a console on this host comes along
    // with every download. It is none of the store's business.
    request.headers_mut().remove(COOKIE);
    let id = Uuid::new_v4().simple().to_string();
    let header = HeaderValue::try_from(id.as_str());
    request.extensions_mut().insert(RequestId(id.clone()));
    // The path only: the query of a presigned URL is a credential.
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let begun = Instant::now();
    let mut response = next.run(request).await;
    tracing::debug!(
        request.id = id,
        http.method = %method,
        http.path = path,
        http.status = response.status().as_u16(),
        duration_ms = begun.elapsed().as_millis(),
        "request answered"
    );
    if let Ok(header) = header {
        response.headers_mut().insert(X_AMZ_REQUEST_ID, header);
    }
    response
}
