//! Preflights: asking a store, as a browser does, whether a page of some origin may call it; and whether somebody
//! with a presigned URL gets what it is for.

use aws_smithy_types::body::SdkBody;
use http::{HeaderName, Method, Request, header};
use url::Url;

use hyper::body::Incoming;

use crate::{
    Error, ErrorKind, Pipes, Resource, Store,
    transport::{IdleBody, Transport},
};

/// What a page asks to be allowed (Fetch, "CORS-preflight request").
#[derive(Clone, Copy, Debug)]
pub struct Preflight<'a> {
    /// Where the page is from.
    pub origin: &'a str,
    /// The method.
    pub method: &'a str,
    /// The headers that it will send, in lower case.
    pub headers: &'a [&'a str],
}

/// What the store allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    good: bool,
    origin: String,
    methods: Vec<String>,
    headers: Vec<String>,
    exposed: Vec<String>,
}

impl Allowed {
    /// Whether a browser lets the page go on.
    pub fn permits(&self, asked: &Preflight<'_>) -> bool {
        let has = |names: &[String], name: &str| {
            let mut names = names.iter();
            names.any(|one| one == "*" || one.eq_ignore_ascii_case(name))
        };
        self.good
            && (self.origin == "*" || self.origin == asked.origin)
            && has(&self.methods, asked.method)
            && asked.headers.iter().all(|name| has(&self.headers, name))
    }

    /// `Access-Control-Allow-Origin`.
    pub fn origin(&self) -> Option<&str> {
        (!self.origin.is_empty()).then_some(self.origin.as_str())
    }

    /// `Access-Control-Allow-Methods`.
    pub fn methods(&self) -> &[String] {
        &self.methods
    }

    /// `Access-Control-Allow-Headers`.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// `Access-Control-Expose-Headers`.
    pub fn exposed(&self) -> &[String] {
        &self.exposed
    }

    /// Whether the store says already now that the page may read a header of the answer. (Most say it
    /// with the answer itself alone.)
    pub fn exposes(&self, name: &str) -> bool {
        let mut exposed = self.exposed.iter();
        exposed.any(|one| one == "*" || one.eq_ignore_ascii_case(name))
    }
}

impl Store {
    /// Sends a preflight to an address of the store, by the network and by nothing that browsers do not
    /// have.
    ///
    /// # Errors
    /// [`ErrorKind::Unreachable`] and [`ErrorKind::TimedOut`] where nobody answers there.
    pub async fn preflight(&self, url: &Url, asked: &Preflight<'_>) -> Result<Allowed, Error> {
        let request = Request::builder()
            .method(Method::OPTIONS)
            .uri(url.as_str())
            .header(header::ORIGIN, asked.origin)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, asked.method)
            .header(
                header::ACCESS_CONTROL_REQUEST_HEADERS,
                asked.headers.join(","),
            )
            .body(SdkBody::empty())
            .map_err(|e| Error::new(ErrorKind::InvalidArgument, Resource::Store).caused_by(e))?;
        let answer = self.send_outside(url.scheme() == "https", request).await?;
        let list = |name: HeaderName| -> Vec<String> {
            let values = answer.headers().get_all(name).into_iter();
            values
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','))
                .map(|one| one.trim().to_owned())
                .filter(|one| !one.is_empty())
                .collect()
        };
        let origin = answer.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        Ok(Allowed {
            good: answer.status().is_success(),
            origin: origin
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned(),
            methods: list(header::ACCESS_CONTROL_ALLOW_METHODS),
            headers: list(header::ACCESS_CONTROL_ALLOW_HEADERS),
            exposed: list(header::ACCESS_CONTROL_EXPOSE_HEADERS),
        })
    }

    /// Asks for the first byte at a presigned URL, as whoever is given it; the status of the answer.
    ///
    /// # Errors
    /// As of [`Self::preflight`].
    pub async fn first_byte(&self, url: &str) -> Result<u16, Error> {
        let invalid =
            |e: http::Error| Error::new(ErrorKind::InvalidArgument, Resource::Store).caused_by(e);
        let request = Request::builder()
            .uri(url)
            .header(header::RANGE, "bytes=0-0")
            .body(SdkBody::empty())
            .map_err(invalid)?;
        let tls = url.starts_with("https:");
        Ok(self.send_outside(tls, request).await?.status().as_u16())
    }

    /// Sends a request by the network, and by nothing that others do not have.
    pub(crate) async fn send_outside(
        &self,
        tls: bool,
        request: Request<SdkBody>,
    ) -> Result<http::Response<IdleBody<Incoming>>, Error> {
        let config = self.config();
        let limit = config.connect_timeout;
        let transport = Transport::new(
            tls,
            config.verify_tls,
            &config.roots,
            limit,
            Pipes::default(),
        )?;
        tokio::time::timeout(limit, transport.send(request, limit))
            .await
            .map_err(|_elapsed| Error::timed_out(Resource::Store, limit))?
            .map_err(|e| Error::broken(Resource::Store, e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: Preflight<'_> = Preflight {
        origin: "https://hako.example.com",
        method: "PUT",
        headers: &["content-type", "content-md5"],
    };

    fn allowed(origin: &str, methods: &[&str], headers: &[&str]) -> Allowed {
        let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Allowed {
            good: true,
            origin: origin.to_owned(),
            methods: list(methods),
            headers: list(headers),
            exposed: list(&["ETag"]),
        }
    }

    #[test]
    fn a_page_is_let_in_by_all_of_it_alone() {
        let good = allowed(
            ASKED.origin,
            &["GET", "PUT"],
            &["Content-MD5", "content-type"],
        );
        assert!(good.permits(&ASKED));
        assert!(good.exposes("etag") && !good.exposes("x-amz-version-id"));
        assert!(allowed("*", &["*"], &["*"]).permits(&ASKED));
        for bad in [
            allowed("https://other.example", &["PUT"], &["*"]),
            allowed("*", &["GET"], &["*"]),
            allowed("*", &["PUT"], &["content-type"]),
            Allowed {
                good: false,
                ..good
            },
        ] {
            assert!(!bad.permits(&ASKED), "{bad:?}");
        }
    }
}
