//! HTTP for the API and for presigned addresses.
//!
//! Written on hyper rather than on a client that takes parsed URLs: an object key may hold `.` and `..` as segments,
//! and a URL library resolves those before anything is sent. Redirects are answers and are not followed.

use std::{
    io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures::TryStreamExt as _;
use http::{HeaderMap, Request, Response, header::RETRY_AFTER};
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::{Frame, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use model::upload::Failure;
use rustls::{
    ClientConfig,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use rustls_platform_verifier::Verifier;
use tokio::time::timeout;

use crate::Error;

/// How long nothing may move before an exchange is given up.
const IDLE: Duration = Duration::from_mins(1);
/// How long a call of Hako may take to be answered.
const CALL: Duration = Duration::from_mins(5);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(15);
/// What an answer may have that is read as a whole, in bytes: a page of a listing with the longest keys has less.
const WHOLE: usize = 64 * 1024 * 1024;
/// What is read of a file at once, in bytes.
pub(crate) const PIECE: usize = 256 * 1024;

/// What a request carries.
pub(crate) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// The client; clones share its connections.
#[derive(Clone)]
pub(crate) struct Http(Client<HttpsConnector<HttpConnector>, Body>);

/// An answer that was read to its end.
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body.
    pub(crate) body: Bytes,
}

impl Answer {
    /// Milliseconds that it asks to wait.
    pub(crate) fn retry_after_ms(&self) -> Option<u64> {
        let seconds = self.headers.get(RETRY_AFTER)?.to_str().ok()?;
        Some(seconds.trim().parse::<u64>().ok()?.saturating_mul(1_000))
    }

    /// What a store that refused said.
    pub(crate) fn refused(&self) -> Failure {
        Failure::store(self.status, &String::from_utf8_lossy(&self.body))
            .after(self.retry_after_ms())
    }
}

/// How many bytes of a body have left, and how long none may.
#[derive(Clone)]
pub(crate) struct Left {
    bytes: Arc<AtomicU64>,
    limit: Duration,
}

impl Default for Left {
    fn default() -> Self {
        Self {
            bytes: Arc::default(),
            limit: IDLE,
        }
    }
}

impl Left {
    /// Of a call of Hako, which may wait for its store: putting many parts together takes minutes on some.
    pub(crate) fn of_call() -> Self {
        Self {
            limit: CALL,
            ..Self::default()
        }
    }

    fn so_far(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

impl Http {
    /// Trusts whom the system trusts, and who is vouched for by the certificates in a file in PEM form.
    pub(crate) fn new(authorities: Option<&Path>) -> Result<Self, Error> {
        let roots = authorities.map(read_roots).transpose()?.unwrap_or_default();
        let provider = Arc::new(ring::default_provider());
        let unusable = |error: rustls::Error| Error::Local(format!("TLS does not start: {error}"));
        let verifier = Verifier::new_with_extra_roots(roots, Arc::clone(&provider));
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier.map_err(unusable)?))
            .with_no_client_auth();
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(Duration::from_secs(50))
            .build(connector);
        Ok(Self(client))
    }

    /// Sends a request and waits for the head of its answer, as long as something moves.
    pub(crate) async fn send(
        &self,
        request: Request<Body>,
        left: &Left,
    ) -> Result<Response<Incoming>, Failure> {
        let mut sending = std::pin::pin!(self.0.request(request));
        loop {
            let before = left.so_far();
            match timeout(left.limit, &mut sending).await {
                Ok(answer) => return answer.map_err(|_broken| Failure::network()),
                Err(_elapsed) if left.so_far() != before => {}
                Err(_elapsed) => return Err(Failure::silence()),
            }
        }
    }

    /// Sends a request and reads its answer to the end.
    pub(crate) async fn exchange(
        &self,
        request: Request<Body>,
        left: &Left,
    ) -> Result<Answer, Failure> {
        whole(self.send(request, left).await?).await
    }
}

fn read_roots(file: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let pem = std::fs::read(file).map_err(|error| Error::local(file, &error))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match found {
        Ok(roots) if !roots.is_empty() => Ok(roots),
        _ => Err(Error::Usage(format!(
            "{}: there is no certificate in PEM form",
            file.display()
        ))),
    }
}

/// Reads an answer to its end.
pub(crate) async fn whole(answer: Response<Incoming>) -> Result<Answer, Failure> {
    let (parts, mut body) = answer.into_parts();
    let mut read = Vec::new();
    while let Some(piece) = piece(&mut body).await? {
        if read.len() + piece.len() > WHOLE {
            return Err(Failure::nonsense("it has no end"));
        }
        read.extend_from_slice(&piece);
    }
    Ok(Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: read.into(),
    })
}

/// The next bytes of an answer; nothing at its end.
pub(crate) async fn piece(body: &mut Incoming) -> Result<Option<Bytes>, Failure> {
    loop {
        match timeout(IDLE, body.frame()).await {
            Err(_elapsed) => return Err(Failure::silence()),
            Ok(None) => return Ok(None),
            Ok(Some(Err(_broken))) => return Err(Failure::network()),
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

/// A body that is in memory.
pub(crate) fn bytes(body: impl Into<Bytes>) -> Body {
    Full::new(body.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// A body that is read while it leaves; `each` hears of every piece.
pub(crate) fn stream(
    source: impl tokio::io::AsyncRead + Send + 'static,
    left: &Left,
    mut each: impl FnMut(u64) + Send + 'static,
) -> Body {
    let left = left.clone();
    let pieces = tokio_util::io::ReaderStream::with_capacity(source, PIECE);
    let frames = pieces.map_ok(move |piece| {
        let length = piece.len() as u64;
        left.bytes.fetch_add(length, Ordering::Relaxed);
        each(length);
        Frame::data(piece)
    });
    StreamBody::new(frames).boxed_unsync()
}
