//! Listeners: bound once, served until a stop is asked for, then given time to finish.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{Router, body::Body, extract::Request};
use hcp::PipeListener;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, DuplexStream},
    net::TcpListener,
    time::Instant,
};
use tokio_util::sync::CancellationToken;
use tower::Service;

use crate::{config::reachable, web::guard::Connection};

/// How long a client may take to send the head of a request.
const HEAD_LIMIT: Duration = Duration::from_secs(30);

/// How many bytes of a connection are read at a time: many uploads at once must stay small. It also
/// bounds the head of a request.
const BUFFER: usize = 64 * 1024;

/// Why an address cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("{variable}: cannot listen on {address}: {}", reason(.source, *.address))]
pub struct BindError {
    variable: &'static str,
    address: SocketAddr,
    #[source]
    source: io::Error,
}

fn reason(source: &io::Error, address: SocketAddr) -> String {
    if source.kind() == io::ErrorKind::AddrInUse {
        format!("port {} is in use", address.port())
    } else {
        source.to_string()
    }
}

/// Listens on an address; `variable` names the setting it came from.
pub async fn bind(variable: &'static str, address: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| BindError {
            variable,
            address,
            source,
        })
}

/// Where connections come from: the network and, for the embedded store, this process.
pub struct Listener {
    tcp: TcpListener,
    pipes: Option<PipeListener>,
}

impl From<TcpListener> for Listener {
    fn from(tcp: TcpListener) -> Self {
        Self { tcp, pipes: None }
    }
}

impl Listener {
    /// Connections from this process as well.
    #[must_use]
    pub fn and(self, pipes: PipeListener) -> Self {
        Self {
            pipes: Some(pipes),
            ..self
        }
    }
}

/// The next connection by a pipe; waits for ever where there can be none.
async fn piped(pipes: &mut Option<PipeListener>) -> DuplexStream {
    if let Some(listener) = pipes {
        if let Some(stream) = listener.accept().await {
            return stream;
        }
        *pipes = None;
    }
    std::future::pending().await
}

/// Asks listeners to stop, and says until when their requests may still run.
#[derive(Clone, Debug)]
pub struct Stop {
    asked: CancellationToken,
    end: Arc<OnceLock<Instant>>,
    deadline: Duration,
}

impl Stop {
    /// Requests may run for `deadline` after the first listener was asked to stop.
    pub fn new(deadline: Duration) -> Self {
        Self {
            asked: CancellationToken::new(),
            end: Arc::default(),
            deadline,
        }
    }

    /// A later stage: asked on its own, with the same end.
    #[must_use]
    pub fn stage(&self) -> Self {
        Self {
            asked: CancellationToken::new(),
            ..self.clone()
        }
    }

    /// Asks.
    pub fn ask(&self) {
        let _ = self.end.get_or_init(|| Instant::now() + self.deadline);
        self.asked.cancel();
    }

    /// Waits until it is asked.
    pub async fn asked(&self) {
        self.asked.cancelled().await;
    }

    fn end(&self) -> Instant {
        *self.end.get_or_init(|| Instant::now() + self.deadline)
    }
}

/// Serves until a stop is asked for, then lets running requests finish within its deadline.
pub async fn serve(listener: impl Into<Listener>, router: Router, stop: Stop) {
    let Listener { tcp, mut pipes } = listener.into();
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = tcp.accept() => accepted,
            stream = piped(&mut pipes) => {
                if let Ok(local) = tcp.local_addr() {
                    let local = reachable(local);
                    let peer = SocketAddr::new(local.ip(), 0);
                    connection(stream, Connection { local, peer }, &router, &graceful);
                }
                continue;
            }
            () = stop.asked.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Ok(local) = stream.local_addr() else {
                    continue;
                };
                // Small answers should leave at once; a socket that refuses the option works all the same.
                let _ = stream.set_nodelay(true);
                connection(stream, Connection { local, peer }, &router, &graceful);
            }
            Err(e) => {
                // Out of file handles, or a client that went away at once: the next may be better.
                tracing::warn!(error = %e, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop((tcp, pipes));
    if tokio::time::timeout_at(stop.end(), graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!(
            seconds = stop.deadline.as_secs(),
            "stopped with requests still running"
        );
    }
}

fn connection(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    ends: Connection,
    router: &Router,
    graceful: &GracefulShutdown,
) {
    let router = router.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let mut router = router.clone();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ends);
        async move {
            Ok::<_, Infallible>(
                router
                    .call(request)
                    .await
                    .unwrap_or_else(|never| match never {}),
            )
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(e) = connection.await {
            tracing::debug!(error = %e, "a connection ended early");
        }
    });
}
