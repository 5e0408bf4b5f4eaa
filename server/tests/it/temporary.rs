//! Temporary files of workspaces where something goes wrong: a store that fails at the wrong moment, a server that
//! dies, URLs of two kinds for one path.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use reqwest::{Method, StatusCode, Url};
use serde_json::{Value, json};
use server::service::expiry::sweep;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::{
    app::{Actor, Answer, TestApp},
    gate::{self, Gate, Pass},
};

const SETS: &str = "/datasets/files";
const SERVICE: &str = "/datasets/services/s3-storage";

async fn send(url: &Value, bytes: &'static str) -> String {
    let client = reqwest::Client::new();
    let sent = client.put(url.as_str().unwrap()).body(bytes).send().await;
    let sent = sent.unwrap();
    assert_eq!(sent.status(), StatusCode::OK);
    sent.headers()["etag"].to_str().unwrap().to_owned()
}

/// Begins an upload of one part, and what completes it.
async fn begun(actor: &Actor<'_>, path: &str, ttl: Option<u64>, bytes: &'static str) -> Value {
    let ttl = ttl.map_or(String::new(), |ttl| format!("&ttl={ttl}"));
    let path = format!("{SETS}/create-multipart-upload?path={path}&part_count=1{ttl}");
    let request = actor.request(Method::POST, &path);
    let begun: Value = Answer(request.send().await.unwrap()).good().await;
    let etag = send(&begun["parts"][0]["url"], bytes).await;
    json!({"upload_id": begun["upload_id"], "parts": [{"part_number": 1, "etag": etag}]})
}

fn completing(actor: &Actor<'_>, body: &Value) -> reqwest::RequestBuilder {
    let path = format!("{SETS}/complete-multipart-upload");
    actor.request(Method::POST, &path).json(body)
}

async fn looked(actor: &Actor<'_>, path: &str) -> (StatusCode, bool) {
    let answer = actor.head(&format!("{SETS}/{path}")).await;
    let ends = !answer.header("x-hako-expires").is_empty();
    (answer.status(), ends)
}

async fn swept(app: &TestApp) -> u64 {
    sweep(app.running.state()).await.unwrap()
}

async fn put_file(actor: &Actor<'_>, arguments: Value) -> Value {
    let path = format!("{SERVICE}/put_file");
    actor.post(&path, &arguments).await.good().await
}

/// Lets everything through, but does something else with who looks at a file whose upload was completed.
fn once_completed(gate: &Gate, then: Pass) -> Arc<AtomicBool> {
    let open = Arc::new(AtomicBool::new(false));
    let (is_open, mut completed) = (Arc::clone(&open), BTreeSet::new());
    gate.rule(move |method, target| {
        let (file, query) = target.split_once('?').unwrap_or((target, ""));
        if *method == Method::POST && query.contains("uploadId=") {
            completed.insert(file.to_owned());
        }
        let looks = *method == Method::HEAD && completed.contains(file);
        if looks && !is_open.load(Ordering::SeqCst) {
            then
        } else {
            Pass::Through
        }
    });
    open
}

#[tokio::test]
async fn an_upload_ends_also_where_its_end_could_not_be_told_after_its_completion() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = gate::demo(&app).await;
    let body = begun(&demo, "parts.bin", Some(600), "bytes").await;
    let other = begun(&demo, "anew.bin", Some(600), "bytes").await;
    let open = once_completed(&gate, Pass::Refuse(500));
    for body in [&body, &other] {
        let done = completing(&demo, body).send().await.unwrap();
        assert_eq!(done.status(), StatusCode::OK);
    }
    open.store(true, Ordering::SeqCst);
    // Written anew without an end before a sweep comes by, by a tool.
    let url = json!({"bucket": "datasets", "key": "anew.bin", "method": "put_object"});
    let url: Value = demo.post("/api/v1/presign", &url).await.good().await;
    send(&url["url"], "bytes").await;
    app.advance(120);
    assert_eq!(swept(&app).await, 0);
    assert_eq!(looked(&demo, "parts.bin").await, (StatusCode::OK, true));
    assert_eq!(looked(&demo, "anew.bin").await, (StatusCode::OK, false));
    app.advance(600);
    assert_eq!(swept(&app).await, 1);
    assert_eq!(looked(&demo, "parts.bin").await.0, StatusCode::NOT_FOUND);
    app.advance(8_000);
    assert_eq!(swept(&app).await, 0);
    assert_eq!(looked(&demo, "anew.bin").await, (StatusCode::OK, false));
}

#[tokio::test]
async fn an_upload_ends_also_where_the_server_died_after_its_completion() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = gate::demo(&app).await;
    let body = begun(&demo, "parts.bin", Some(600), "bytes").await;
    let anew = begun(&demo, "same.bin", Some(600), "same").await;
    let _ = once_completed(&gate, Pass::Wait);
    for (held, body) in [(1, &body), (2, &anew)] {
        let done = tokio::spawn(completing(&demo, body).send());
        gate.holds(held).await;
        done.abort();
    }
    drop(demo);
    let TestApp { running, data, .. } = app;
    running.stop().await;
    gate.open();
    gate.rule(|_, _| Pass::Through);

    let app = gate.hako_on(data, &[]).await;
    let demo = gate::demo(&app).await;
    // The same bytes in the same parts, without an end, through Hako.
    let again = begun(&demo, "same.bin", None, "same").await;
    let _: Value = Answer(completing(&demo, &again).send().await.unwrap())
        .good()
        .await;
    app.advance(120);
    assert_eq!(swept(&app).await, 0);
    assert_eq!(looked(&demo, "parts.bin").await, (StatusCode::OK, true));
    assert_eq!(looked(&demo, "same.bin").await, (StatusCode::OK, false));
    app.advance(600);
    assert_eq!(swept(&app).await, 1);
    assert_eq!(looked(&demo, "parts.bin").await.0, StatusCode::NOT_FOUND);
    assert_eq!(looked(&demo, "same.bin").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_completion_that_is_refused_changes_no_end() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let first = begun(&demo, "kept.bin", Some(600), "first").await;
    let _: Value = Answer(completing(&demo, &first).send().await.unwrap())
        .good()
        .await;
    let mut second = begun(&demo, "kept.bin", Some(5_000), "second").await;
    second["parts"][0]["etag"] = json!("0cc175b9c0f1b6a831c399e269772661");
    let refused = completing(&demo, &second).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert_eq!(looked(&demo, "kept.bin").await, (StatusCode::OK, true));
    app.advance(601);
    assert_eq!(swept(&app).await, 1);
    assert_eq!(looked(&demo, "kept.bin").await.0, StatusCode::NOT_FOUND);
}

/// When a URL was signed, and for how many seconds.
fn life(url: &Value) -> (OffsetDateTime, i64) {
    let url = Url::parse(url.as_str().unwrap()).unwrap();
    let value = |wanted: &str| {
        let mut pairs = url.query_pairs();
        pairs
            .find(|(name, _)| name == wanted)
            .unwrap()
            .1
            .into_owned()
    };
    let format = time::macros::format_description!("[year][month][day]T[hour][minute][second]Z");
    let signed = PrimitiveDateTime::parse(&value("X-Amz-Date"), format).unwrap();
    (signed.assume_utc(), value("X-Amz-Expires").parse().unwrap())
}

#[tokio::test]
async fn the_life_of_each_url_is_from_its_own_signing_and_no_longer_than_the_file_s() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = gate::demo(&app).await;
    gate.rule(|method, target| {
        if *method == Method::HEAD && target.contains("second") {
            Pass::Wait
        } else {
            Pass::Through
        }
    });
    let arguments =
        json!({"file_path": ["first", "second"], "ttl": [300, 300], "expires_in": 3_600});
    let asked = put_file(&demo, arguments);
    let held = async {
        gate.holds(1).await;
        app.advance(200);
        gate.open();
    };
    let (urls, ()) = futures::join!(asked, held);
    let ((first, of_first), (second, of_second)) = (life(&urls["first"]), life(&urls["second"]));
    assert!(second - first >= time::Duration::seconds(200), "{urls}");
    for life in [of_first, of_second] {
        assert!((290..=300).contains(&life), "{urls}");
    }
}

#[tokio::test]
async fn what_comes_by_a_url_without_an_end_stays_though_an_end_was_set_after_its_signing() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let paths = ["before", "used"];
    let without = put_file(&demo, json!({"file_path": paths, "expires_in": 600})).await;
    let single = json!({"bucket": "datasets", "key": "single", "method": "put_object"});
    let single: Value = demo.post("/api/v1/presign", &single).await.good().await;
    // One was used: nothing is expected to come by it any more.
    send(&without["used"], "without").await;
    app.advance(5);
    let timed = json!({"file_path": ["before", "used", "single"], "ttl": 100});
    let timed = put_file(&demo, timed).await;
    send(&without["before"], "without").await;
    send(&single["url"], "without").await;
    send(&timed["used"], "with").await;
    assert_eq!(swept(&app).await, 0);
    app.advance(101);
    assert_eq!(swept(&app).await, 1);
    for path in ["before", "single"] {
        assert_eq!(looked(&demo, path).await, (StatusCode::OK, false), "{path}");
    }
    assert_eq!(looked(&demo, "used").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_cannot_be_read_of_one_end_stops_no_other() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let file = app.data.path().join("data/server.sqlite");
    let database = rusqlite::Connection::open(file).unwrap();
    for number in 0..3 {
        let row = rusqlite::params![format!("demo/datasets/unread-{number}")];
        let insert = "INSERT INTO expiry (id, mark, due, facts, sealed) VALUES (?1, 'm', 0, '{\"of\":\"secret\"}', x'00')";
        assert_eq!(database.execute(insert, row).unwrap(), 1);
    }
    let urls = put_file(&demo, json!({"file_path": ["a", "b"], "ttl": 100})).await;
    send(&urls["a"], "bytes").await;
    send(&urls["b"], "bytes").await;
    assert_eq!(swept(&app).await, 0);
    app.advance(101);
    assert_eq!(swept(&app).await, 2);
    let count = "SELECT count(*) FROM expiry WHERE id LIKE '%unread%'";
    let left: i64 = database.query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 3, "another server may read them");
    // Its path can be used all the same.
    let url = put_file(&demo, json!({"file_path": "unread-0", "ttl": 100})).await;
    send(&url, "bytes").await;
    app.advance(101);
    assert_eq!(swept(&app).await, 1);
}

#[tokio::test]
async fn each_file_of_a_sweep_is_looked_at_in_its_own_time() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = gate::demo(&app).await;
    let keys = ["a", "b", "c", "d"];
    let urls = put_file(&demo, json!({"file_path": keys, "ttl": 100})).await;
    for key in keys {
        send(&urls[key], "bytes").await;
    }
    assert_eq!(swept(&app).await, 0);
    app.advance(101);
    // Three are looked at together. Only when they are let go, long after, the fourth comes, and fails.
    gate.rule(|method, target| match (method, target) {
        (&Method::DELETE, "/datasets/d" | "/datasets/d?x-id=DeleteObject") => Pass::Refuse(403),
        (&Method::DELETE, _) => Pass::Wait,
        _ => Pass::Through,
    });
    let held = async {
        gate.holds(3).await;
        app.advance(700);
        gate.open();
    };
    let (removed, ()) = futures::join!(swept(&app), held);
    assert_eq!(removed, 3);
    let once = gate.asked("DELETE /datasets/d");
    assert!(once > 0);
    app.advance(61);
    assert_eq!(swept(&app).await, 0);
    let twice = gate.asked("DELETE /datasets/d");
    assert_eq!(twice, 2 * once, "its pause is from when it failed");
}
