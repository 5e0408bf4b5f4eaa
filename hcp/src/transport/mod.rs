//! The one HTTP client: one pool of connections and one TLS for S3 and for management.
//!
//! Written on hyper rather than on a client that takes parsed URLs: an object key may hold `.` and
//! `..` as segments, and a URL library resolves those before anything is sent. Redirects are answers
//! and are not followed.

mod connector;
mod idle;
mod outgoing;
mod pipes;
mod tls;

use std::{sync::Arc, time::Duration};

use aws_smithy_types::body::SdkBody;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};

pub(crate) use connector::Connector;
pub(crate) use idle::{Idle, IdleBody};
pub(crate) use outgoing::SourceFailed;
pub use pipes::{PipeListener, Pipes};
pub(crate) use tls::client_config;

use crate::{Error, ErrorKind, Resource, Roots};
use idle::{Progress, watched};
use outgoing::Outgoing;
use pipes::Dialer;

/// HCP closes a connection that was idle for 60 seconds; we give it up before.
const POOL_IDLE: Duration = Duration::from_secs(50);
/// More idle connections than this to one host are closed.
const POOL_PER_HOST: usize = 64;

/// How much is read from the store at once, in bytes, where it comes fast enough: each piece is a
/// turn between the task that reads and the one that passes it on.
const BUFFER: usize = 1024 * 1024;

/// The shared client; clones share the pool.
#[derive(Clone)]
pub(crate) struct Transport {
    client: Client<HttpsConnector<Dialer>, Outgoing>,
}

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TransportError {
    /// Nothing moved for too long.
    #[error("the exchange with the store stood still")]
    Idle(#[from] Idle),
    /// The connection could not be made, or broke.
    #[error("the connection to the store failed")]
    Connection(#[from] hyper_util::client::legacy::Error),
}

impl Transport {
    /// Builds the client. `tls` says whether any address needs it: where none does, a machine
    /// without root certificates is fine.
    pub(crate) fn new(
        tls: bool,
        verify: bool,
        roots: &Roots,
        connect: Duration,
        pipes: Pipes,
    ) -> Result<Self, Error> {
        let config = client_config(tls, verify, roots)
            .map_err(|e| Error::new(ErrorKind::Unexpected, Resource::Store).caused_by(e))?;
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(connect));
        http.set_keepalive(Some(POOL_IDLE));
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_or_http()
            .enable_http1()
            .wrap_connector(Dialer { pipes, tcp: http });
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(POOL_IDLE)
            .pool_max_idle_per_host(POOL_PER_HOST)
            .http1_max_buf_size(BUFFER)
            .build(https);
        Ok(Self { client })
    }

    /// Sends a request. `idle` is how long nothing may move, on the way there and on the way back.
    pub(crate) async fn send(
        &self,
        request: Request<SdkBody>,
        idle: Duration,
    ) -> Result<Response<IdleBody<Incoming>>, TransportError> {
        let progress = Arc::new(Progress::new());
        let request = request.map(|body| Outgoing::new(body, Arc::clone(&progress)));
        let response = watched(self.client.request(request), &progress, idle).await??;
        Ok(response.map(|body| IdleBody::new(body, idle)))
    }
}
