//! Connections in memory, to servers that run in this process: the same bytes, without the network.

use std::{
    collections::HashMap,
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::{
    client::legacy::connect::{Connected, Connection, HttpConnector},
    rt::TokioIo,
};
use tokio::{
    io::DuplexStream,
    net::TcpStream,
    sync::mpsc::{Receiver, Sender, channel},
};
use tower::{BoxError, Service};

/// How many bytes a pipe holds in each direction: of each pair of them one may be written while the
/// other is read.
const BUFFER: usize = 256 * 1024;
/// How many connections may wait to be accepted.
const BACKLOG: usize = 128;

/// The servers of this process that are reached in memory, by address. All other addresses are
/// reached by TCP.
#[derive(Clone, Debug, Default)]
pub struct Pipes(HashMap<String, Sender<DuplexStream>>);

impl Pipes {
    /// From now on the address is reached in memory: by what the returned listener accepts.
    pub fn listen(&mut self, address: SocketAddr) -> PipeListener {
        let (sender, receiver) = channel(BACKLOG);
        self.0.insert(address.to_string(), sender);
        PipeListener(receiver)
    }

    fn to(&self, uri: &Uri) -> Option<Sender<DuplexStream>> {
        if uri.scheme_str() != Some("http") {
            return None;
        }
        let authority = uri.authority()?;
        let port = authority.port_u16().unwrap_or(80);
        self.0.get(&format!("{}:{port}", authority.host())).cloned()
    }
}

/// Where a server of this process finds its connections. Dropped, it refuses them.
#[derive(Debug)]
pub struct PipeListener(Receiver<DuplexStream>);

impl PipeListener {
    /// The next connection; none once no client can make one any more.
    pub async fn accept(&mut self) -> Option<DuplexStream> {
        self.0.recv().await
    }
}

/// Connects by pipe where there is one, by TCP everywhere else.
#[derive(Clone)]
pub(super) struct Dialer {
    pub(super) pipes: Pipes,
    pub(super) tcp: HttpConnector,
}

impl Service<Uri> for Dialer {
    type Response = Wire;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Wire, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        if let Some(listener) = self.pipes.to(&uri) {
            return Box::pin(async move {
                let (ours, theirs) = tokio::io::duplex(BUFFER);
                listener
                    .send(theirs)
                    .await
                    .map_err(|_closed| io::Error::from(io::ErrorKind::ConnectionRefused))?;
                Ok(Wire::Pipe(TokioIo::new(ours)))
            });
        }
        let connecting = self.tcp.call(uri);
        Box::pin(async move { Ok(Wire::Tcp(connecting.await?)) })
    }
}

/// A connection to a store.
pub(super) enum Wire {
    Tcp(TokioIo<TcpStream>),
    Pipe(TokioIo<DuplexStream>),
}

impl Connection for Wire {
    fn connected(&self) -> Connected {
        match self {
            Self::Tcp(stream) => stream.connected(),
            Self::Pipe(_) => Connected::new(),
        }
    }
}

impl Read for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Pipe(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl Write for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Pipe(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
            Self::Pipe(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Tcp(stream) => stream.is_write_vectored(),
            Self::Pipe(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Self::Pipe(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Pipe(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
