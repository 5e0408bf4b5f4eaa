//! A request that a browser sends to find out whether its page is let in.

use model::cors::CorsProbe;

/// Whether the browser was let in: it got to read an answer, whatever that says. `None` where there is no browser.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub(super) async fn is_let_in(probe: &CorsProbe) -> Option<bool> {
    use gloo_net::http::RequestBuilder;
    use web_sys::{RequestCache, RequestCredentials, RequestMode};

    let method = probe.method.parse().ok()?;
    let mut request = RequestBuilder::new(&probe.url)
        .method(method)
        .mode(RequestMode::Cors)
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::Omit);
    for (name, value) in &probe.headers {
        request = request.header(name, value);
    }
    Some(request.send().await.is_ok())
}

/// Nobody tries anything in rendering.
#[cfg(not(all(feature = "hydrate", not(feature = "ssr"))))]
#[expect(clippy::unused_async, reason = "as in the browser")]
pub(super) async fn is_let_in(_probe: &CorsProbe) -> Option<bool> {
    None
}
