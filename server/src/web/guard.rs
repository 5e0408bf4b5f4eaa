//! Host and origin: who may talk to the console at all.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, header, uri::Authority};

use crate::{Error, config::HostPolicy, state::AppState};

/// Both ends of the connection a request came by.
#[derive(Clone, Copy, Debug)]
pub struct Connection {
    /// The address of this machine that was called.
    pub local: SocketAddr,
    /// The caller's.
    pub peer: SocketAddr,
}

/// The `Host` of a request, checked: what links and presigned URLs are built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHost(String);

impl RequestHost {
    /// A host that was checked before.
    pub fn trusted(host: &str) -> Self {
        Self(host.to_owned())
    }

    /// The host without its port (`[::1]` keeps its brackets).
    pub fn name(&self) -> &str {
        let host = self.0.as_str();
        match host.rsplit_once(':') {
            Some((name, port))
                if port.bytes().all(|b| b.is_ascii_digit()) && !name.ends_with(':') =>
            {
                name
            }
            _ => host,
        }
    }

    /// The header as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Refuses hosts that nobody configured; the probes answer to any.
pub async fn host_layer(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let probe = matches!(request.uri().path(), "/liveness" | "/readiness" | "/health");
    let local: Option<IpAddr> = request
        .extensions()
        .get::<Connection>()
        .map(|c| c.local.ip());
    let host = request
        .uri()
        .authority()
        .map(Authority::as_str)
        .or_else(|| {
            request
                .headers()
                .get(header::HOST)
                .and_then(|v| v.to_str().ok())
        })
        .unwrap_or_default()
        .to_owned();
    if !probe && !state.hosts().accepts(&host, local) {
        return Error::InvalidHost.into_response();
    }
    request.extensions_mut().insert(RequestHost(host));
    next.run(request).await
}

/// Whether a request that relies on a cookie may change something: it must come from our own pages.
///
/// Browsers send `Origin` with every such request; old ones at least `Sec-Fetch-Site`.
pub fn check_same_origin(
    method: &Method,
    headers: &HeaderMap,
    host: &RequestHost,
    policy: &HostPolicy,
) -> Result<(), Error> {
    if method.is_safe() {
        return Ok(());
    }
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let same = match text(header::ORIGIN) {
        Some(origin) => policy.is_own_origin(origin, host.as_str()),
        None => text(http::HeaderName::from_static("sec-fetch-site")) == Some("same-origin"),
    };
    if same {
        Ok(())
    } else {
        Err(Error::CrossOrigin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_cut_off() {
        for (host, name) in [
            ("localhost:8000", "localhost"),
            ("localhost", "localhost"),
            ("[::1]:8000", "[::1]"),
            ("[::1]", "[::1]"),
        ] {
            assert_eq!(RequestHost(host.to_owned()).name(), name);
        }
    }

    #[test]
    fn a_change_by_cookie_comes_from_our_own_page() {
        let policy = HostPolicy::new(None, Vec::new());
        let host = RequestHost("localhost:8000".to_owned());
        let check = |pairs: &[(&'static str, &'static str)]| {
            let headers = pairs
                .iter()
                .map(|(n, v)| {
                    (
                        http::HeaderName::from_static(n),
                        http::HeaderValue::from_static(v),
                    )
                })
                .collect();
            check_same_origin(&Method::POST, &headers, &host, &policy).is_ok()
        };
        assert!(check(&[("origin", "http://localhost:8000")]));
        assert!(check(&[("sec-fetch-site", "same-origin")]));
        assert!(!check(&[("origin", "https://evil.example")]));
        assert!(!check(&[("origin", "null")]));
        assert!(!check(&[
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(!check(&[("sec-fetch-site", "same-site")]));
        assert!(!check(&[]));
    }
}
