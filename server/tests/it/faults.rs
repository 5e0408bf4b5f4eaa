//! A store that is slow, breaks off, or answers with failures: what Hako says then, and what it
//! leaves behind.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::app::{Actor, DEMO_SECRET_KEY, TestApp};

const DEMO_ACCESS_KEY: &str = "ZGVtby9kZW1v";

/// What happens to the requests that come from now on.
#[derive(Clone, Copy, Debug)]
enum Trouble {
    None,
    /// Nothing is ever answered.
    Silence,
    /// This is the answer.
    Answer(&'static str),
    /// After so many bytes of the request the connection is reset.
    CutRequest(usize),
    /// After so many bytes of the answer the connection is closed, or reset.
    CutAnswer(usize, Cut),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    Close,
    Reset,
}

/// Stands between Hako and its store.
struct Proxy {
    address: SocketAddr,
    trouble: Arc<Mutex<Trouble>>,
    requests: Arc<AtomicUsize>,
    /// Changes whenever connections from before must go.
    since: watch::Sender<()>,
}

impl Proxy {
    async fn before(store: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self {
            address: listener.local_addr().unwrap(),
            trouble: Arc::new(Mutex::new(Trouble::None)),
            requests: Arc::default(),
            since: watch::Sender::new(()),
        };
        let (trouble, requests) = (Arc::clone(&proxy.trouble), Arc::clone(&proxy.requests));
        let since = proxy.since.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (trouble, requests) = (Arc::clone(&trouble), Arc::clone(&requests));
                let mut over = since.subscribe();
                tokio::spawn(async move {
                    tokio::select! {
                        // A connection that breaks is what this is about.
                        _ = pass(client, store, &trouble, &requests) => {}
                        _ = over.changed() => {}
                    }
                });
            }
        });
        proxy
    }

    /// Closes the connections, so that the next requests meet this trouble.
    fn make(&self, trouble: Trouble) {
        *self.trouble.lock().unwrap() = trouble;
        self.requests.store(0, Ordering::SeqCst);
        self.since.send_replace(());
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

async fn pass(
    mut client: TcpStream,
    store: SocketAddr,
    trouble: &Mutex<Trouble>,
    requests: &AtomicUsize,
) -> std::io::Result<()> {
    let mut first = vec![0; 16 * 1024];
    let length = client.read(&mut first).await?;
    first.truncate(length);
    if first.is_empty() {
        return Ok(());
    }
    requests.fetch_add(1, Ordering::SeqCst);
    let trouble = *trouble.lock().unwrap();
    match trouble {
        Trouble::Silence => std::future::pending().await,
        Trouble::Answer(text) => {
            client.write_all(text.as_bytes()).await?;
            // What is still coming is read, or the answer would be lost with it.
            let (mut reading, mut writing) = client.split();
            writing.shutdown().await?;
            tokio::io::copy(&mut reading, &mut tokio::io::sink()).await?;
            return Ok(());
        }
        _ => {}
    }
    let mut upstream = TcpStream::connect(store).await?;
    upstream.write_all(&first).await?;
    let (mut from_client, mut to_client) = client.split();
    let (mut from_store, mut to_store) = upstream.split();
    let (forth, back) = match trouble {
        Trouble::CutRequest(bytes) => (bytes.saturating_sub(length), usize::MAX),
        Trouble::CutAnswer(bytes, _) => (usize::MAX, bytes),
        _ => (usize::MAX, usize::MAX),
    };
    tokio::select! {
        done = forward(&mut from_client, &mut to_store, forth) => done?,
        done = forward(&mut from_store, &mut to_client, back) => done?,
    }
    if !matches!(trouble, Trouble::CutAnswer(_, Cut::Close)) {
        client.set_zero_linger()?;
        upstream.set_zero_linger()?;
    }
    Ok(())
}

/// Passes on so many bytes, or all there are.
async fn forward(
    from: &mut (impl tokio::io::AsyncRead + Unpin),
    to: &mut (impl tokio::io::AsyncWrite + Unpin),
    bytes: usize,
) -> std::io::Result<()> {
    let mut limited = from.take(bytes as u64);
    tokio::io::copy(&mut limited, to).await?;
    Ok(())
}

/// A store, a proxy that is good so far, and a Hako behind it.
struct Line {
    _store: TestApp,
    proxy: Proxy,
    hako: TestApp,
}

impl Line {
    async fn new() -> Self {
        Self::with_timeout("30").await
    }

    async fn with_timeout(seconds: &str) -> Self {
        let store = TestApp::new().await;
        let proxy = Proxy::before(store.running.store.unwrap().s3).await;
        let endpoint = format!("http://{}", proxy.address);
        let settings = [
            ("S3_ENDPOINT_URL", endpoint.as_str()),
            ("HCP_TIMEOUT", seconds),
        ];
        let hako = store.before(&settings).await;
        Self {
            _store: store,
            proxy,
            hako,
        }
    }

    /// Signed in while all was well.
    async fn demo(&self) -> Actor<'_> {
        self.hako.script(DEMO_ACCESS_KEY, DEMO_SECRET_KEY).await
    }

    /// What a failure's body may say: no address, no key.
    fn check(&self, problem: &Value) {
        let text = problem.to_string();
        for secret in [
            self.proxy.address.to_string().as_str(),
            DEMO_ACCESS_KEY,
            DEMO_SECRET_KEY,
        ] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

const LIST: &str = "/api/v1/buckets/documents/objects";
const OBJECT: &str = "/api/v1/buckets/documents/object?key=large.bin";
const SIZE: usize = 4 * 1024 * 1024;

#[tokio::test]
async fn a_store_that_says_nothing_is_a_timeout() {
    let line = Line::with_timeout("1").await;
    let demo = line.demo().await;
    line.proxy.make(Trouble::Silence);
    let problem = demo.get(LIST).await.problem(504, "store_timeout").await;
    line.check(&problem);
    assert!(line.proxy.requests() <= 3, "{}", line.proxy.requests());
}

#[tokio::test]
async fn a_failing_store_is_asked_again_a_few_times_and_then_told_of() {
    let line = Line::new().await;
    let demo = line.demo().await;
    for (answer, status, code, waits) in [
        (
            "HTTP/1.1 500 Oops\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            502,
            "store_error",
            false,
        ),
        (
            "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            503,
            "store_busy",
            true,
        ),
        (
            "HTTP/1.1 503 Busy\r\nretry-after: 7\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            503,
            "store_busy",
            true,
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 400\r\nconnection: close\r\n\r\n<ListBucketResult>",
            503,
            "store_unreachable",
            true,
        ),
    ] {
        line.proxy.make(Trouble::Answer(answer));
        let refused = demo.get(LIST).await;
        assert_eq!(!refused.header("retry-after").is_empty(), waits, "{answer}");
        line.check(&refused.problem(status, code).await);
        let asked = line.proxy.requests();
        assert!((2..=3).contains(&asked), "{asked} of {answer}");

        // What is streamed cannot be sent again: it is sent once.
        line.proxy.make(Trouble::Answer(answer));
        let refused = demo.put_bytes(OBJECT, vec![7; SIZE]).await;
        assert!(refused.status().is_server_error(), "{answer}");
        assert_eq!(line.proxy.requests(), 1, "{answer}");
    }
    line.proxy.make(Trouble::None);
    let _: Value = demo.get(LIST).await.good().await;
}

#[tokio::test]
async fn visitors_of_a_link_are_not_told_where_a_store_fails() {
    let line = Line::new().await;
    let demo = line.demo().await;
    let path = "/api/v1/buckets/documents/object?key=up/in/a.txt";
    assert!(demo.put_bytes(path, "x").await.status().is_success());
    let folder = json!({"kind": "folder", "bucket": "documents", "prefix": "up/in/"});
    let file = json!({"bucket": "documents", "key": "up/in/a.txt"});
    for body in [folder, file] {
        let (path, _) = crate::links::link(&demo, body).await;
        let visitor = line.hako.anonymous();
        assert_eq!(visitor.get(&path).await.status(), StatusCode::OK);
        line.proxy.make(Trouble::Answer(
            "HTTP/1.1 500 Oops\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        ));
        let failed = visitor.get(&path).await;
        assert!(failed.status().is_server_error());
        let text = failed.text().await;
        assert!(
            text.contains("cannot be reached")
                && !text.contains("up/")
                && !text.contains("documents"),
            "{text}"
        );
        line.proxy.make(Trouble::None);
    }
}

#[tokio::test]
async fn facts_of_a_store_that_fails_are_unknown_and_say_why() {
    let path = "/api/v1/bucket-facts?buckets=documents&with=cors,uploads";
    for (seconds, trouble, code) in [
        (
            "30",
            Trouble::Answer("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
            "store_error",
        ),
        ("1", Trouble::Silence, "store_timeout"),
    ] {
        let line = Line::with_timeout(seconds).await;
        let demo = line.demo().await;
        line.proxy.make(trouble);
        let list: Value = demo.get(path).await.good().await;
        let fact = &list["facts"][0];
        assert_eq!(fact["unreachable"], code, "{list}");
        for unknown in ["versioning", "cors", "uploads"] {
            assert_eq!(fact[unknown], Value::Null, "{list}");
        }
        line.check(&list);
        line.proxy.make(Trouble::None);
        let list: Value = demo.get(path).await.good().await;
        assert_eq!(list["facts"][0]["unreachable"], Value::Null, "{list}");
        assert_eq!(list["facts"][0]["uploads"], 0, "{list}");
    }
}

#[tokio::test]
async fn an_upload_that_breaks_off_is_no_success_and_leaves_nothing() {
    let line = Line::new().await;
    let demo = line.demo().await;
    for bytes in [1, 1_000, SIZE / 2, SIZE] {
        line.proxy.make(Trouble::CutRequest(bytes));
        let refused = demo.put_bytes(OBJECT, vec![7; SIZE]).await;
        assert!(refused.status().is_server_error(), "after {bytes} bytes");
        line.check(&Value::String(refused.text().await));
        line.proxy.make(Trouble::None);
        let missing = demo.get(OBJECT).await;
        let _ = missing.problem(404, "object_not_found").await;
    }
    // The store has it, but nobody said so.
    for cut in [Cut::Close, Cut::Reset] {
        line.proxy.make(Trouble::CutAnswer(10, cut));
        let refused = demo.put_bytes(OBJECT, vec![7; SIZE]).await;
        assert!(refused.status().is_server_error(), "{cut:?}");
    }
}

#[tokio::test]
async fn a_part_that_breaks_off_is_no_part() {
    let line = Line::new().await;
    let demo = line.demo().await;
    let path = "/api/v1/buckets/documents/multipart/large.bin";
    let begun: Value = demo.post(path, &json!({})).await.good().await;
    let id = begun["upload_id"].as_str().unwrap();
    line.proxy.make(Trouble::CutRequest(SIZE / 2));
    let part = format!("{path}?upload_id={id}&part_number=1");
    let refused = demo.put_bytes(&part, vec![7; SIZE]).await;
    assert!(refused.status().is_server_error());
    line.proxy.make(Trouble::None);
    let parts = format!("{path}/parts?upload_id={id}");
    let parts: Value = demo.get(&parts).await.good().await;
    assert_eq!(parts["parts"], json!([]));
    // A completion that fails under 200 has completed nothing.
    line.proxy.make(Trouble::Answer(
        "HTTP/1.1 200 OK\r\ncontent-type: application/xml\r\nconnection: close\r\n\r\n\
         <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>InternalError</Code></Error>",
    ));
    let list = json!({"upload_id": id, "parts": [{"part_number": 1, "etag": "x"}]});
    let refused = demo.post(&format!("{path}/complete"), &list).await;
    assert!(!refused.status().is_success(), "{}", refused.status());
}

#[tokio::test]
async fn a_download_that_breaks_off_is_seen_to() {
    let line = Line::new().await;
    let demo = line.demo().await;
    let stored = demo.put_bytes(OBJECT, vec![7; SIZE]).await;
    assert_eq!(stored.status(), StatusCode::CREATED);
    for cut in [Cut::Close, Cut::Reset] {
        for bytes in [SIZE / 2, SIZE] {
            line.proxy.make(Trouble::CutAnswer(bytes, cut));
            let answer = demo.get(OBJECT).await;
            assert_eq!(answer.status(), StatusCode::OK);
            let read = answer.0.bytes().await;
            assert!(read.is_err(), "{cut:?} after {bytes} bytes");
        }
        line.proxy.make(Trouble::CutAnswer(20, cut));
        let refused = demo.get(OBJECT).await;
        line.check(&refused.problem(503, "store_unreachable").await);
        assert!(line.proxy.requests() <= 3);
    }
}
