//! Bytes of files wait for who takes them, and nobody goes on when the other side is gone: real HTTP, with a store
//! that can be slow and a client that can go away. Of what passes by signed URLs, `passing` has the same.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use reqwest::{Method, StatusCode, header};
use serde_json::Value;
use tokio::sync::watch;

use crate::{
    app::{Actor, TestApp},
    gate,
    passing::{FEW, MUCH, settled},
};

const LARGE: &str = "/datasets/files/large.bin";
const PIECE: usize = 64 * 1024;

/// The embedded store behind something slow: bytes of large files are taken only when it is told to, and what it gives
/// of them is made while it is asked for.
struct Slow {
    address: String,
    /// Large bodies that came.
    came: watch::Sender<usize>,
    /// Whether they are taken.
    takes: watch::Sender<bool>,
    /// Bodies, of either direction, that were left before their end.
    left: watch::Sender<usize>,
    given: Arc<AtomicUsize>,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Slow {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Says that a body was left, unless it came to its end.
struct Left(Option<watch::Sender<usize>>);

impl Drop for Left {
    fn drop(&mut self) {
        if let Some(left) = self.0.take() {
            left.send_modify(|count| *count += 1);
        }
    }
}

/// Counts what is made, when it is made.
fn made(count: Arc<AtomicUsize>, left: Left) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    let piece = Bytes::from(vec![0; PIECE]);
    futures::stream::unfold((0, left), move |(number, mut left)| {
        let (piece, count) = (piece.clone(), Arc::clone(&count));
        async move {
            if number == MUCH / PIECE {
                left.0.take();
                return None;
            }
            count.fetch_add(piece.len(), Ordering::SeqCst);
            Some((Ok(piece), (number + 1, left)))
        }
    })
}

/// What comes, as it comes.
fn passed(body: Body, left: Left) -> impl Stream<Item = Result<Bytes, axum::Error>> {
    let state = (body.into_data_stream(), left);
    futures::stream::unfold(state, |(mut bytes, mut left)| async move {
        let next = bytes.next().await;
        if next.is_none() {
            left.0 = None;
        }
        next.map(|piece| (piece, (bytes, left)))
    })
}

async fn forward(client: reqwest::Client, url: String, request: Request, left: Left) -> Response {
    let (parts, body) = request.into_parts();
    let mut onward = client.request(parts.method.clone(), url);
    onward = onward.headers(parts.headers);
    if left.0.is_some() {
        onward = onward.body(reqwest::Body::wrap_stream(passed(body, left)));
    } else {
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        onward = onward.body(body);
    }
    let Ok(answer) = onward.send().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let mut response = Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        if name != header::CONNECTION && name != header::TRANSFER_ENCODING {
            response = response.header(name, value);
        }
    }
    let body = Body::from_stream(answer.bytes_stream());
    response.body(body).unwrap()
}

impl Slow {
    async fn before(app: &TestApp) -> Self {
        let store = format!("http://127.0.0.1:{}", app.running.store.unwrap().s3.port());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (came, takes, left) = (
            watch::Sender::new(0),
            watch::Sender::new(false),
            watch::Sender::new(0),
        );
        let given = Arc::new(AtomicUsize::new(0));
        let client = reqwest::Client::new();
        let (c, t, l, g) = (
            came.clone(),
            takes.clone(),
            left.clone(),
            Arc::clone(&given),
        );
        let router = Router::new().fallback(move |request: Request| {
            let target = request.uri().path_and_query().unwrap().to_string();
            let is_large = target.contains("large");
            let (client, url) = (client.clone(), format!("{store}{target}"));
            let (came, mut takes, given) = (c.clone(), t.subscribe(), Arc::clone(&g));
            let left = Left(is_large.then(|| l.clone()));
            async move {
                if is_large && *request.method() == Method::GET {
                    let head = [
                        (header::CONTENT_LENGTH, MUCH.to_string()),
                        (header::ETAG, "\"made\"".to_owned()),
                        (
                            header::LAST_MODIFIED,
                            "Sat, 21 Nov 2026 02:00:00 GMT".to_owned(),
                        ),
                    ];
                    return (head, Body::from_stream(made(given, left))).into_response();
                }
                if is_large && *request.method() == Method::PUT {
                    came.send_modify(|count| *count += 1);
                    takes.wait_for(|takes| *takes).await.unwrap();
                    return forward(client, url, request, left).await;
                }
                forward(client, url, request, Left(None)).await
            }
        });
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        });
        Self {
            address,
            came,
            takes,
            left,
            given,
            serving,
        }
    }

    async fn hako(&self) -> TestApp {
        TestApp::before_store(&self.address, &[]).await
    }
}

/// Waits until a number is reached.
async fn reached(number: &watch::Sender<usize>, wanted: usize, what: &str) {
    let mut number = number.subscribe();
    let limit = std::time::Duration::from_mins(1);
    let reached = tokio::time::timeout(limit, number.wait_for(|number| *number >= wanted));
    reached.await.unwrap_or_else(|_| panic!("{what}")).unwrap();
}

/// Sends a large body, counting what is made of it.
fn putting(
    actor: &Actor<'_>,
    length: Option<usize>,
) -> (Arc<AtomicUsize>, tokio::task::JoinHandle<()>) {
    let count = Arc::new(AtomicUsize::new(0));
    let body = made(Arc::clone(&count), Left(None));
    let mut request = actor.request(Method::PUT, LARGE);
    if let Some(length) = length {
        request = request.header(header::CONTENT_LENGTH, length);
    }
    let request = request.body(reqwest::Body::wrap_stream(body));
    let sending = tokio::spawn(async move {
        let _ = request.send().await;
    });
    (count, sending)
}

/// Waits until the store has no unfinished upload.
async fn no_upload(actor: &Actor<'_>) {
    let wait = async {
        loop {
            let listed: Value = actor
                .get("/api/v1/buckets/datasets/uploads")
                .await
                .good()
                .await;
            if listed["uploads"].as_array().unwrap().is_empty() {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    let limit = std::time::Duration::from_secs(30);
    tokio::time::timeout(limit, wait).await.unwrap();
}

#[tokio::test]
async fn a_body_waits_for_a_slow_store_and_leaves_nothing_when_its_client_goes_away() {
    let store = TestApp::new().await;
    for length in [Some(MUCH), None] {
        let slow = Slow::before(&store).await;
        let app = slow.hako().await;
        let demo = gate::demo(&app).await;
        let (count, sending) = putting(&demo, length);
        reached(&slow.came, 1, "the store is asked").await;
        let ahead = settled(&count).await;
        assert!(ahead < FEW, "{ahead} bytes are held");
        sending.abort();
        slow.takes.send_replace(true);
        if length.is_some() {
            reached(&slow.left, 1, "the store is left").await;
        }
        no_upload(&demo).await;
        let absent = demo.head(LARGE).await;
        assert_eq!(absent.status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_store_waits_for_a_slow_client_and_is_left_when_it_goes_away() {
    let store = TestApp::new().await;
    let slow = Slow::before(&store).await;
    let app = slow.hako().await;
    let demo = gate::demo(&app).await;
    let answer = demo.get(LARGE).await;
    assert_eq!(answer.header("content-length"), MUCH.to_string());
    let ahead = settled(&slow.given).await;
    assert!(ahead < FEW, "{ahead} bytes are held");
    drop(answer);
    reached(&slow.left, 1, "the store is left").await;
    assert!(slow.given.load(Ordering::SeqCst) < FEW);
    // One that stays gets all, never far behind the store.
    slow.given.store(0, Ordering::SeqCst);
    let mut bytes = demo.get(LARGE).await.0.bytes_stream();
    let (mut taken, mut ahead) = (0, 0);
    while let Some(piece) = bytes.next().await {
        taken += piece.unwrap().len();
        ahead = ahead.max(slow.given.load(Ordering::SeqCst).saturating_sub(taken));
    }
    assert_eq!(taken, MUCH);
    assert!(ahead < FEW, "{ahead}");
}
