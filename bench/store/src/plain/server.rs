//! A file server of hyper alone: PUT hashes, writes and syncs, GET streams. No names, no
//! signatures, no metadata; it trusts its one client.

use std::{
    convert::Infallible,
    io::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
};

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use futures::TryStreamExt as _;
use http::{Method, Request, Response, StatusCode, header::CONTENT_LENGTH};
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::BoxBody};
use hyper::{
    body::{Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    fs::File,
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    process::{Child, Command},
    task::block_in_place,
};
use tokio_util::io::ReaderStream;

use super::program::Receiving;

/// How much of a file is read at a time, in bytes.
const BLOCK: usize = 256 * 1024;

type Answer = Response<BoxBody<Bytes, std::io::Error>>;

/// The server as a child process, like the program that it is compared with; dropping it ends it.
pub(crate) struct Server {
    _child: Child,
    /// Its base URL.
    pub(crate) base: String,
}

impl Server {
    /// Starts this very program as a server on the files of a folder.
    pub(crate) async fn start(folder: &Path) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("--plain-server")
            .arg(folder)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let out = child.stdout.take().context("no standard output")?;
        match BufReader::new(out).lines().next_line().await? {
            Some(base) => Ok(Self {
                _child: child,
                base,
            }),
            None => bail!("the plain server does not start"),
        }
    }
}

/// Serves until the process is ended.
pub(crate) async fn run(folder: &Path) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "http://{}", listener.local_addr()?)?;
    serve(listener, folder).await
}

async fn serve(listener: TcpListener, folder: &Path) -> Result<()> {
    let folder: Arc<Path> = Arc::from(folder);
    loop {
        let (stream, _peer) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let folder = Arc::clone(&folder);
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(Arc::clone(&folder), request));
            // A client that goes away is no failure.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(folder: Arc<Path>, request: Request<Incoming>) -> Result<Answer, Infallible> {
    let path = folder.join(request.uri().path().trim_start_matches('/'));
    let outcome = if request.method() == Method::PUT {
        receive(path, request.into_body()).await
    } else {
        send(&path).await
    };
    Ok(outcome.unwrap_or_else(|error| {
        let text = Full::new(Bytes::from(format!("{error:#}")));
        let mut answer = Response::new(text.map_err(|never| match never {}).boxed());
        *answer.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        answer
    }))
}

async fn receive(path: PathBuf, mut body: Incoming) -> Result<Answer> {
    let mut file = Receiving::create(path)?;
    while let Some(frame) = body.frame().await {
        if let Ok(bytes) = frame?.into_data() {
            block_in_place(|| file.write(&bytes))?;
        }
    }
    std::hint::black_box(block_in_place(|| file.finish())?);
    let nothing = Full::new(Bytes::new()).map_err(|never| match never {});
    Ok(Response::new(nothing.boxed()))
}

async fn send(path: &Path) -> Result<Answer> {
    let file = File::open(path).await?;
    let length = file.metadata().await?.len();
    let blocks = ReaderStream::with_capacity(file, BLOCK).map_ok(Frame::data);
    Ok(Response::builder()
        .header(CONTENT_LENGTH, length)
        .body(StreamBody::new(blocks).boxed())?)
}

#[cfg(test)]
mod tests {
    use crate::{body::Repeated, client::Client};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_the_client_sends_is_stored_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let path = folder.path().to_owned();
        let server = tokio::spawn(async move { serve(listener, &path).await });

        let client = Client::new().unwrap();
        let uri = |name: &str| format!("{base}/{name}").parse().unwrap();
        let body = Repeated::new(Bytes::from_static(b"0123456789"), 1_000_003);
        client.put(uri("one"), body).await.unwrap();
        let stored = std::fs::read(folder.path().join("one")).unwrap();
        assert_eq!(stored, b"0123456789".repeat(100_001)[..1_000_003]);
        assert_eq!(client.drain(uri("one")).await.unwrap(), 1_000_003);
        let failure = client.drain(uri("two")).await.unwrap_err().to_string();
        assert!(failure.starts_with("GET /two: 500"), "{failure}");
        server.abort();
    }
}
