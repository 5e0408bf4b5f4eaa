//! The HTTP client of all measurements: connections that stay open, no hashing, no copies.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use http::{Method, Request, Response, Uri, header::CONTENT_LENGTH};
use http_body::Body as _;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client as Pool, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{ClientConfig, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::body::Repeated;

/// The longest document that is read into memory, in bytes.
const DOCUMENT: usize = 16 * 1024 * 1024;

/// Sends requests over a pool of connections.
#[derive(Clone)]
pub(crate) struct Client(Pool<HttpsConnector<HttpConnector>, Repeated>);

impl Client {
    pub(crate) fn new() -> Result<Self> {
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_platform_verifier()?
            .with_no_client_auth();
        let mut http = HttpConnector::new();
        http.set_nodelay(true);
        http.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        Ok(Self(Pool::builder(TokioExecutor::new()).build(connector)))
    }

    /// Sends a body and waits for the answer to it.
    pub(crate) async fn put(&self, uri: Uri, body: Repeated) -> Result<()> {
        self.document(Method::PUT, uri, body).await.map(|_text| ())
    }

    /// Reads an answer to its end and throws it away; says how long it was, in bytes.
    pub(crate) async fn drain(&self, uri: Uri) -> Result<u64> {
        drain(self.send(Method::GET, uri, Repeated::empty()).await?).await
    }

    /// Reads an answer into memory.
    pub(crate) async fn text(&self, uri: Uri) -> Result<Bytes> {
        self.document(Method::GET, uri, Repeated::empty()).await
    }

    /// Sends a request without a body.
    pub(crate) async fn ask(&self, method: Method, uri: Uri) -> Result<()> {
        self.document(method, uri, Repeated::empty())
            .await
            .map(|_text| ())
    }

    async fn document(&self, method: Method, uri: Uri, body: Repeated) -> Result<Bytes> {
        collect(self.send(method, uri, body).await?).await
    }

    async fn send(&self, method: Method, uri: Uri, body: Repeated) -> Result<Response<Incoming>> {
        let mut request = Request::builder();
        if method == Method::PUT {
            // Without it hyper says nothing of an empty body, which some servers refuse.
            let length = body.size_hint().exact().unwrap_or_default();
            request = request.header(CONTENT_LENGTH, length);
        }
        self.succeed(request.method(method).uri(uri).body(body)?)
            .await
    }

    /// Sends a request; an answer that is no success is an error.
    pub(crate) async fn succeed(&self, request: Request<Repeated>) -> Result<Response<Incoming>> {
        let what = name_of(&request);
        let answer = self.exchange(request).await?;
        if !answer.status().is_success() {
            let status = answer.status();
            let text = collect(answer).await.unwrap_or_default();
            let text: String = String::from_utf8_lossy(&text).chars().take(400).collect();
            bail!("{what}: {status} {text}");
        }
        Ok(answer)
    }

    /// Sends a request; whatever is answered.
    pub(crate) async fn exchange(&self, request: Request<Repeated>) -> Result<Response<Incoming>> {
        let what = name_of(&request);
        let answer = self.0.request(request).await;
        answer.with_context(|| format!("{what} was not answered"))
    }
}

/// What errors call a request: the query of a presigned URL is a credential, so the path alone.
fn name_of<B>(request: &Request<B>) -> String {
    format!("{} {}", request.method(), request.uri().path())
}

/// Reads an answer to its end and throws it away; says how long it was, in bytes.
pub(crate) async fn drain(mut answer: Response<Incoming>) -> Result<u64> {
    let mut length = 0;
    while let Some(frame) = answer.frame().await {
        let frame = frame.context("an answer broke off")?;
        length += frame.data_ref().map_or(0, Bytes::len) as u64;
    }
    Ok(length)
}

/// Reads an answer into memory.
pub(crate) async fn collect(answer: Response<Incoming>) -> Result<Bytes> {
    match Limited::new(answer.into_body(), DOCUMENT).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) => bail!("an answer broke off or was too long: {error}"),
    }
}
