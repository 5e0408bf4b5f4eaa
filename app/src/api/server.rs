//! The way through the API's own router, in the same process.

use axum::body::Body;
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{CONTENT_TYPE, ORIGIN},
};
use http_body_util::BodyExt as _;
use leptos::prelude::use_context;
use model::Problem;
use tower::ServiceExt as _;

use super::{Incoming, Outgoing, no_answer, unreadable};

/// What rendering needs to call the API; the server puts one into the context of each page.
#[derive(Clone, Debug)]
pub struct ServerApi {
    /// The API's routes with their middleware.
    pub router: axum::Router,
    /// Headers that every call carries: the page request's cookie, host and origin facts.
    pub headers: HeaderMap,
}

/// Dispatches to the router that the context holds.
pub(super) async fn send(outgoing: Outgoing) -> Result<Incoming, Problem> {
    // Read before the first await: the context belongs to the owner that is current now.
    let ServerApi { router, headers } = use_context::<ServerApi>().ok_or_else(no_answer)?;
    let has_body = outgoing.body.is_some();
    let mut request = http::Request::new(Body::from(outgoing.body.unwrap_or_default()));
    // A query is posted and only reads. What is asked while a page is drawn is asked by that page, however
    // one came to it.
    let reads = outgoing.path.starts_with("/api/v1/query/");
    *request.method_mut() = outgoing.method;
    *request.uri_mut() = outgoing.path.parse().map_err(|_not_a_uri| unreadable())?;
    *request.headers_mut() = headers;
    if reads {
        request.headers_mut().remove(ORIGIN);
        request.headers_mut().insert(
            HeaderName::from_static("sec-fetch-site"),
            HeaderValue::from_static("same-origin"),
        );
    }
    if has_body {
        request
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in outgoing.headers {
            let value = HeaderValue::try_from(value).map_err(|_not_a_header| unreadable())?;
            request.headers_mut().insert(name, value);
        }
    }
    let Ok(response) = router.oneshot(request).await;
    let status = response.status().as_u16();
    let body = response
        .into_body()
        .collect()
        .await
        .map_err(|_broken_body| unreadable())?
        .to_bytes();
    let body = String::from_utf8(body.into()).map_err(|_not_text| unreadable())?;
    Ok(Incoming { status, body })
}
