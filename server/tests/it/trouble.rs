//! A store that is gone, full, or foreign.

use reqwest::StatusCode;
use serde_json::{Value, json};
use server::{
    program::{Running, start},
    state::system_clock,
};
use tempfile::TempDir;

use crate::app::{DEMO_SECRET_KEY, TestApp, config};

const KEY: &str = "0123456789abcdef0123456789abcdef";

/// An address that nobody listens on.
async fn dead_address() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// A Hako whose store is a generic one at that address.
async fn before_a_store_at(endpoint: &str, data: &TempDir) -> Running {
    let settings = [
        ("STORAGE_BACKEND", "generic"),
        ("S3_ENDPOINT_URL", endpoint),
        ("API_SECRET_KEY", KEY),
    ];
    start(config(data, &settings), false, system_clock())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_told_apart_from_a_wrong_password() {
    let data = tempfile::tempdir().unwrap();
    let running = before_a_store_at(&dead_address().await, &data).await;
    let url = |path: &str| format!("http://{}{path}", running.console);
    let client = reqwest::Client::new();
    let body = [("username", "AKIA"), ("password", "secret")];
    let answer = client
        .post(url("/api/v1/auth/token"))
        .form(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers().contains_key("retry-after"));
    let problem: Value = answer.json().await.unwrap();
    assert_eq!(problem["code"], "store_unreachable");
    assert_eq!(problem["detail"], "The store does not answer.");
    let ready = client.get(url("/readiness")).send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        client.get(url("/liveness")).send().await.unwrap().status(),
        StatusCode::OK
    );
    running.stop().await;
}

#[tokio::test]
async fn another_s3_store_is_signed_in_to_with_one_s_own_keys() {
    let app = TestApp::new().await;
    let endpoint = format!("http://127.0.0.1:{}", app.running.store.unwrap().s3.port());
    let data = tempfile::tempdir().unwrap();
    let running = before_a_store_at(&endpoint, &data).await;
    let url = |path: &str| format!("http://{}{path}", running.console);
    let client = reqwest::Client::new();
    // The embedded store stands in for a foreign one: `demo/demo` and the MD5 of its password are S3 keys there.
    let keys = [
        ("username", "ZGVtby9kZW1v"),
        ("password", "5b0f1bc1c1b5a8d8d1f0d8a2a1f0f0f0"),
    ];
    let refused = client
        .post(url("/api/v1/auth/token"))
        .form(&keys)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let keys = [("username", "ZGVtby9kZW1v"), ("password", DEMO_SECRET_KEY)];
    let token: Value = client
        .post(url("/api/v1/auth/token"))
        .form(&keys)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let token = token["access_token"].as_str().unwrap();
    let list: Value = client
        .get(url("/api/v1/buckets"))
        .bearer_auth(token)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(list["buckets"][0]["Name"], "datasets");
    let presign = json!({"bucket": "documents", "key": "welcome.md"});
    let signed: Value = client
        .post(url("/api/v1/presign"))
        .bearer_auth(token)
        .json(&presign)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert!(signed["url"].as_str().unwrap().starts_with(&endpoint));
    running.stop().await;
}

#[tokio::test]
async fn a_full_disk_is_said_and_leaves_nothing() {
    let app = TestApp::with(&[]).await;
    let data = tempfile::tempdir().unwrap();
    drop(app);
    let first = TestApp::start(data, &[]).await;
    let TestApp { running, data, .. } = first;
    running.stop().await;
    let app = TestApp::start(data, &[("HAKO_DISK_RESERVE_MB", "1000000000")]).await;
    let demo = app.demo().await;
    let path = "/api/v1/buckets/datasets/object?key=too-much";
    let _ = demo
        .put_bytes(path, vec![0; 100_000])
        .await
        .problem(507, "out_of_space")
        .await;
    let _ = demo.get(path).await.problem(404, "object_not_found").await;
    let kept: Value = demo
        .get("/api/v1/buckets/datasets/objects")
        .await
        .good()
        .await;
    assert_eq!(kept["key_count"], 2);
}

#[tokio::test]
async fn a_stop_lets_a_running_upload_finish() {
    use futures::SinkExt;
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let (mut feed, source) = futures::channel::mpsc::channel::<Result<Vec<u8>, std::io::Error>>(0);
    let body = reqwest::Body::wrap_stream(source);
    let path = "/api/v1/buckets/datasets/object?key=late";
    let upload = demo.request(reqwest::Method::PUT, path).body(body).send();
    let (upload, abort) = futures::future::abortable(upload);
    drop(abort);
    let upload = tokio::spawn(upload);
    feed.send(Ok(vec![1; 1_000])).await.unwrap();
    drop(demo);
    let console = app.running.console;
    let TestApp { running, data, .. } = app;
    let stopping = tokio::spawn(running.stop());
    // No new connection is accepted once the stop has begun.
    while tokio::net::TcpStream::connect(console).await.is_ok() {
        tokio::task::yield_now().await;
    }
    feed.send(Ok(vec![2; 1_000])).await.unwrap();
    drop(feed);
    let answer = upload.await.unwrap().unwrap().unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    stopping.await.unwrap();
    let app = TestApp::start(data, &[]).await;
    assert_eq!(app.demo().await.get(path).await.bytes().await.len(), 2_000);
}

/// How many connections of this machine's processes the kernel knows to a port of loopback, open or
/// just closed.
fn tcp_connections(port: u16) -> usize {
    let suffix = format!(":{port:04X}");
    std::fs::read_to_string("/proc/net/tcp")
        .unwrap()
        .lines()
        .skip(1)
        .filter(|line| {
            let mut fields = line.split_whitespace().skip(1);
            let (_local, remote) = (fields.next(), fields.next());
            remote.is_some_and(|remote| remote.ends_with(&suffix))
        })
        .count()
}

#[tokio::test]
async fn the_embedded_store_is_reached_without_the_network() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let path = "/api/v1/buckets/datasets/object?key=inside";
    let _ = demo.put_bytes(path, vec![7; 3_000_000]).await;
    assert_eq!(demo.get(path).await.bytes().await.len(), 3_000_000);
    let store = app.running.store.unwrap();
    assert_eq!(tcp_connections(store.s3.port()), 0);
    assert_eq!(tcp_connections(store.mapi.port()), 0);
    // The port is open to others all the same, and counted.
    let outside = tokio::net::TcpStream::connect(store.s3).await.unwrap();
    assert_eq!(tcp_connections(store.s3.port()), 1);
    drop(outside);
}

#[tokio::test]
async fn a_stop_lets_a_running_download_finish() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let path = "/api/v1/buckets/datasets/object?key=long";
    let length = 64_000_000;
    let _ = demo.put_bytes(path, vec![5; length]).await;
    // Far more than all buffers on the way hold: the store is still sending when the stop comes.
    let mut download = demo
        .request(reqwest::Method::GET, path)
        .send()
        .await
        .unwrap();
    let mut read = download.chunk().await.unwrap().unwrap().len();
    drop(demo);
    let console = app.running.console;
    let TestApp { running, .. } = app;
    let stopping = tokio::spawn(running.stop());
    while tokio::net::TcpStream::connect(console).await.is_ok() {
        tokio::task::yield_now().await;
    }
    while let Some(piece) = download.chunk().await.unwrap() {
        read += piece.len();
    }
    assert_eq!(read, length);
    stopping.await.unwrap();
}
