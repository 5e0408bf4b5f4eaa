//! Presigned requests that Hako passes on to the store.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::StreamExt as _;
use reqwest::{Method, Response, StatusCode, header};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::app::{Actor, TestApp};

const SETS: &str = "datasets";
/// A page that is not the console's.
const PAGE: &str = "https://other.example";
/// More than all buffers between two programs hold.
pub(crate) const MUCH: usize = 512 * 1024 * 1024;
/// What the buffers of sockets and of Hako may hold.
pub(crate) const FEW: usize = 24 * 1024 * 1024;

async fn signed(actor: &Actor<'_>, request: Value) -> String {
    let mut body = json!({"bucket": SETS, "use_proxy": true});
    let fields = body.as_object_mut().unwrap();
    fields.extend(request.as_object().unwrap().clone());
    let answer: Value = actor.post("/api/v1/presign", &body).await.good().await;
    answer["url"].as_str().unwrap().to_owned()
}

async fn send(method: Method, url: &str, body: &'static str) -> Response {
    let client = reqwest::Client::new();
    client.request(method, url).body(body).send().await.unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    let value = answer.headers().get(name);
    value
        .map(|value| value.to_str().unwrap())
        .unwrap_or_default()
}

#[tokio::test]
async fn who_cannot_reach_the_store_writes_and_reads_by_signed_urls_of_hako() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let key = "in/ü & +/%2e.txt";
    let put = signed(&demo, json!({"key": key, "method": "put_object"})).await;
    assert!(put.starts_with(&app.url("/s3/datasets/in/")), "{put}");
    let stored = send(Method::PUT, &put, "0123456789").await;
    assert_eq!(stored.status(), StatusCode::OK);
    let etag = header(&stored, "etag").to_owned();
    assert_eq!(etag, "\"781e5e245d69b566979b86e28d23f2c7\"");

    let get = signed(&demo, json!({"key": key, "attachment": true})).await;
    let read = send(Method::GET, &get, "").await;
    assert_eq!(header(&read, "etag"), etag);
    assert_eq!(header(&read, "content-length"), "10");
    assert!(header(&read, "content-disposition").starts_with("attachment"));
    assert_eq!(read.text().await.unwrap(), "0123456789");
    let client = reqwest::Client::new();
    let part = client.get(&get).header(header::RANGE, "bytes=2-4").send();
    let part = part.await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(header(&part, "content-range"), "bytes 2-4/10");
    assert_eq!(part.text().await.unwrap(), "234");
    let same = client.get(&get).header(header::IF_NONE_MATCH, &etag).send();
    assert_eq!(same.await.unwrap().status(), StatusCode::NOT_MODIFIED);

    // The parts of an upload, and many objects at once.
    let base = format!("/api/v1/buckets/{SETS}/multipart/parts.bin");
    let plan = json!({"file_size": 3, "part_numbers": [1], "use_proxy": true});
    let plan: Value = demo
        .post(&format!("{base}/presign"), &plan)
        .await
        .good()
        .await;
    let part = send(Method::PUT, plan["urls"][0]["url"].as_str().unwrap(), "abc").await;
    let body = json!({"upload_id": plan["upload_id"], "parts": [{
        "PartNumber": 1, "ETag": header(&part, "etag"),
    }]});
    let done = demo.post(&format!("{base}/complete"), &body).await;
    assert_eq!(done.status(), StatusCode::OK);
    let many = json!({"keys": [key], "method": "get_object", "use_proxy": true});
    let path = format!("/api/v1/buckets/{SETS}/objects/presign");
    let many: Value = demo.post(&path, &many).await.good().await;
    let url = many["urls"][0]["url"].as_str().unwrap();
    assert!(url.starts_with(&app.url("/s3/")), "{url}");
    assert_eq!(send(Method::GET, url, "").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn nothing_passes_that_is_not_signed_as_it_comes() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let get = signed(&demo, json!({"key": "README.txt"})).await;
    let (address, query) = get.split_once('?').unwrap();
    // Hako says no.
    for (method, url) in [
        (Method::GET, address.to_owned()),
        (Method::POST, get.clone()),
        (Method::GET, app.url(&format!("/s3/datasets?{query}"))),
        (
            Method::GET,
            app.url(&format!("/s3/evil.example:80/x?{query}")),
        ),
        (Method::GET, format!("{get}&X-Amz-Signature=00")),
        (Method::GET, get.replace("X-Amz-Date=", "x=")),
    ] {
        let refused = send(method.clone(), &url, "").await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{method} {url}");
        let text = refused.text().await.unwrap();
        assert!(text.contains("Not passed on to the store"), "{text}");
    }
    // A session does not open what no signature opens.
    let browser = app.browser().await;
    let path = address.strip_prefix(&app.origin()).unwrap();
    assert_eq!(browser.get(path).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(demo.get(path).await.status(), StatusCode::FORBIDDEN);
    // The store says no.
    let client = reqwest::Client::new();
    for (method, url) in [
        (Method::GET, get.replace("README.txt", "other.txt")),
        (Method::GET, get.replace("/datasets/", "/backups/")),
        (Method::PUT, get.clone()),
        (Method::DELETE, get.clone()),
        (Method::GET, format!("{get}&versionId=1")),
        (Method::GET, format!("{get}&hako-tenant=other&acl=")),
    ] {
        let refused = client
            .request(method.clone(), &url)
            .body("")
            .send()
            .await
            .unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{method} {url}");
        let text = refused.text().await.unwrap();
        assert!(
            text.contains("<Code>SignatureDoesNotMatch</Code>"),
            "{text}"
        );
    }
    let chunked = reqwest::Body::wrap_stream(futures::stream::iter([Ok::<_, std::io::Error>("x")]));
    let put = signed(&demo, json!({"key": "k", "method": "put_object"})).await;
    let refused = client.put(&put).body(chunked).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::LENGTH_REQUIRED);
}

#[tokio::test]
async fn any_page_may_send_what_is_signed_and_hostile_content_has_no_origin() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let put = json!({"key": "evil.html", "method": "put_object", "content_type": "text/html"});
    let put = signed(&demo, put).await;
    let client = reqwest::Client::new();
    let asked = client
        .request(Method::OPTIONS, &put)
        .header(header::ORIGIN, PAGE)
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "PUT")
        .header(
            header::ACCESS_CONTROL_REQUEST_HEADERS,
            "content-type,x-amz-checksum-crc32c",
        )
        .send()
        .await
        .unwrap();
    assert_eq!(asked.status(), StatusCode::OK);
    assert_eq!(header(&asked, "access-control-allow-origin"), "*");
    assert!(header(&asked, "access-control-allow-methods").contains("PUT"));
    assert_eq!(
        header(&asked, "access-control-allow-headers"),
        "content-type,x-amz-checksum-crc32c"
    );
    assert_eq!(header(&asked, "access-control-allow-credentials"), "");
    let stored = client
        .put(&put)
        .header(header::ORIGIN, PAGE)
        .header(header::CONTENT_TYPE, "text/html")
        .body("<script>alert(1)</script>")
        .send()
        .await
        .unwrap();
    assert_eq!(stored.status(), StatusCode::OK);
    assert_eq!(header(&stored, "access-control-allow-origin"), "*");
    assert!(header(&stored, "access-control-expose-headers").contains("etag"));
    let read = send(
        Method::GET,
        &signed(&demo, json!({"key": "evil.html"})).await,
        "",
    )
    .await;
    assert_eq!(header(&read, "content-type"), "text/html");
    assert!(header(&read, "content-security-policy").contains("sandbox"));
    assert_eq!(header(&read, "x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn a_deployment_may_lead_all_signed_urls_through_hako() {
    let app = TestApp::with(&[("ENABLE_S3_PROXY", "true")]).await;
    let demo = app.demo().await;
    let url = |asked: Option<bool>| {
        let demo = &demo;
        async move {
            let body = json!({"bucket": SETS, "key": "README.txt", "use_proxy": asked});
            let answer: Value = demo.post("/api/v1/presign", &body).await.good().await;
            answer["url"].as_str().unwrap().to_owned()
        }
    };
    assert!(url(None).await.starts_with(&app.url("/s3/")));
    let direct = url(Some(false)).await;
    let port = app.running.store.unwrap().s3.port();
    assert!(
        direct.starts_with(&format!("http://127.0.0.1:{port}/")),
        "{direct}"
    );
    let session: Value = demo.get("/api/v1/session").await.good().await;
    assert_eq!(session["upload"]["route"], "hako");
    assert_eq!(session["upload"]["proxy"], true);
    assert_eq!(session["upload"]["store_origin"], Value::Null);
    // Also behind a name of its own.
    let named = [
        ("ENABLE_S3_PROXY", "true"),
        ("HAKO_PUBLIC_URL", "https://hako.example.com/"),
    ];
    let app = TestApp::with(&named).await;
    let demo = app.demo().await;
    let url = signed(&demo, json!({"key": "README.txt"})).await;
    assert!(
        url.starts_with("https://hako.example.com/s3/datasets/README.txt?"),
        "{url}"
    );
}

/// A store that shows what reaches it.
struct Silent {
    listener: TcpListener,
    endpoint: String,
}

impl Silent {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        Self { listener, endpoint }
    }

    /// Takes a request and reads its head.
    async fn head(&self) -> (TcpStream, String) {
        let (mut stream, _) = self.listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        (stream, String::from_utf8(head).unwrap())
    }
}

/// Nothing more happens to a number for a while.
pub(crate) async fn settled(count: &AtomicUsize) -> usize {
    let mut last = (count.load(Ordering::SeqCst), 0);
    while last.0 == 0 || last.1 < 10 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = count.load(Ordering::SeqCst);
        last = (now, if now == last.0 { last.1 + 1 } else { 0 });
    }
    last.0
}

const QUERY: &str = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=k&X-Amz-Date=20261121T020000Z&\
    X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=ab";

#[tokio::test]
async fn bytes_wait_for_who_takes_them_and_what_is_left_is_left_at_the_store_too() {
    let store = Silent::new().await;
    let app = TestApp::before_store(&store.endpoint, &[]).await;
    let url = app.url(&format!("/s3/data/large.bin?{QUERY}"));
    let host = store.endpoint.strip_prefix("http://").unwrap();

    // Nobody takes what is written.
    let taken = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&taken);
    let chunk = bytes::Bytes::from(vec![0_u8; 64 * 1024]);
    let body = futures::stream::iter(0..MUCH / chunk.len()).map(move |_| {
        counted.fetch_add(chunk.len(), Ordering::SeqCst);
        Ok::<_, std::io::Error>(chunk.clone())
    });
    let put = reqwest::Client::new()
        .put(&url)
        .header(header::CONTENT_LENGTH, MUCH)
        .header(header::COOKIE, "hako_session=secret")
        .header(header::AUTHORIZATION, "Bearer secret")
        .body(reqwest::Body::wrap_stream(body));
    let put = tokio::spawn(put.send());
    let (mut stream, head) = store.head().await;
    assert!(
        head.starts_with(&format!("PUT /data/large.bin?{QUERY} HTTP/1.1\r\n")),
        "{head}"
    );
    let lower = head.to_ascii_lowercase();
    assert!(lower.contains(&format!("\r\nhost: {host}\r\n")), "{head}");
    assert!(
        lower.contains(&format!("\r\ncontent-length: {MUCH}\r\n")),
        "{head}"
    );
    assert!(!lower.contains("secret"), "{head}");
    assert!(settled(&taken).await < FEW);
    // The client goes away, and so does the request.
    put.abort();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert!(rest.len() < FEW);

    // Nobody takes what is read.
    let get = reqwest::Client::new().get(&url).send();
    let get = tokio::spawn(get);
    let (mut stream, _) = store.head().await;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {MUCH}\r\nSet-Cookie: a=b\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = get.await.unwrap().unwrap();
    assert_eq!(header(&answer, "content-length"), MUCH.to_string());
    assert_eq!(header(&answer, "set-cookie"), "");
    let given = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&given);
    let writing = tokio::spawn(async move {
        let chunk = vec![0_u8; 64 * 1024];
        while stream.write_all(&chunk).await.is_ok() {
            counted.fetch_add(chunk.len(), Ordering::SeqCst);
        }
    });
    assert!(settled(&given).await < FEW);
    drop(answer);
    // The connection is closed: writing fails.
    writing.await.unwrap();
    assert!(given.load(Ordering::SeqCst) < MUCH);
}
