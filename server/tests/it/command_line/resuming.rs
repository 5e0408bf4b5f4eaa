//! What was interrupted goes on where it was.

use std::time::Duration;

use serde_json::Value;

use super::{Shell, names, noise, throttled::Throttled};
use crate::app::TestApp;

const MB: u64 = 1024 * 1024;
const BUCKET: &str = "/api/v1/buckets/by-hako";

/// A product whose store is reached by a way that gives out, and a terminal.
async fn before_throttled() -> (TestApp, Throttled, Shell) {
    let throttled = Throttled::new().await;
    let public = format!("http://{}", throttled.address);
    let app = TestApp::with(&[
        ("HAKO_UPLOAD_THRESHOLD_MB", "5"),
        ("HAKO_UPLOAD_PART_MB", "5"),
        ("HAKO_UPLOAD_PARALLELISM", "1"),
        ("S3_PUBLIC_ENDPOINT_URL", &public),
    ])
    .await;
    throttled.before(app.running.store.unwrap().s3);
    app.demo().await.bucket("by-hako").await;
    let shell = Shell::signed_in(&app).await;
    (app, throttled, shell)
}

/// The unfinished uploads of the bucket, and how many parts the first one has.
async fn unfinished(app: &TestApp) -> (usize, usize) {
    let demo = app.demo().await;
    let page: Value = demo.get(&format!("{BUCKET}/uploads")).await.good().await;
    let uploads = page["uploads"].as_array().unwrap();
    let Some(first) = uploads.first() else {
        return (0, 0);
    };
    let (key, id) = (&first["Key"], &first["UploadId"]);
    let (key, id) = (key.as_str().unwrap(), id.as_str().unwrap());
    let path = format!("{BUCKET}/object/multipart/parts?key={key}&upload_id={id}");
    let parts: Value = demo.get(&path).await.good().await;
    (uploads.len(), parts["parts"].as_array().unwrap().len())
}

/// Waits for something.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let limit = Duration::from_mins(1);
    assert!(tokio::time::timeout(limit, waiting).await.is_ok(), "{what}");
}

#[tokio::test]
async fn a_killed_upload_goes_on_with_the_parts_that_the_store_has() {
    let (app, throttled, shell) = before_throttled().await;
    let content = noise(22 * 1024 * 1024);
    shell.write("data/large", &content);
    throttled.allow(12 * MB, u64::MAX);
    let words = ["upload-all", "--json", "data", "by-hako"];
    let mut child = shell.command(&words).spawn().unwrap();
    until("two parts arrive", async || {
        unfinished(&app).await == (1, 2)
    })
    .await;
    until("the third stands still", async || {
        throttled.sent() > 12 * MB
    })
    .await;
    child.kill().await.unwrap();

    throttled.allow(u64::MAX, u64::MAX);
    let second = shell.hako(&words).await.good();
    let values = second.values();
    assert_eq!(values[0]["resumed"], 10 * MB, "{second:?}");
    assert!(
        (12 * MB..13 * MB).contains(&throttled.sent()),
        "{}",
        throttled.sent()
    );
    assert_eq!(unfinished(&app).await, (0, 0));
    shell.hako(&["get", "by-hako/large", "back"]).await.good();
    assert!(shell.read("back") == content);
}

#[tokio::test]
async fn stored_parts_of_another_content_are_sent_again() {
    let (app, throttled, shell) = before_throttled().await;
    let mut content = noise(12 * 1024 * 1024);
    shell.write("large", &content);
    throttled.allow(11 * MB, u64::MAX);
    let words = ["put", "--json", "large", "by-hako/large"];
    let mut child = shell.command(&words).spawn().unwrap();
    until("two parts arrive", async || {
        unfinished(&app).await == (1, 2)
    })
    .await;
    child.kill().await.unwrap();

    content[6 * 1024 * 1024] ^= 1;
    shell.write("large", &content);
    throttled.allow(u64::MAX, u64::MAX);
    let second = shell.hako(&words).await.good();
    assert_eq!(second.values()[0]["resumed"], 5 * MB, "{second:?}");
    shell.hako(&["get", "by-hako/large", "back"]).await.good();
    assert!(shell.read("back") == content);
}

#[tokio::test]
async fn a_killed_download_goes_on_and_nothing_has_its_name_before_it_is_whole() {
    let (app, throttled, shell) = before_throttled().await;
    let content = noise(8 * 1024 * 1024);
    let path = format!("{BUCKET}/object?key=file");
    let _ = app
        .demo()
        .await
        .put_bytes(&path, content.clone())
        .await
        .good::<Value>()
        .await;
    throttled.allow(u64::MAX, 5 * MB);
    let words = ["get", "--json", "by-hako/file", "in/file"];
    std::fs::create_dir(shell.path("in")).unwrap();
    let mut child = shell.command(&words).spawn().unwrap();
    until("it stands still", async || throttled.fetched() > 5 * MB).await;
    let begun = async || {
        let found = names(&shell.path("in"));
        let length = found
            .first()
            .map(|name| shell.read(&format!("in/{name}")).len());
        length.is_some_and(|length| length > 4 * 1024 * 1024)
    };
    until("what came is written", begun).await;
    child.kill().await.unwrap();
    let found = names(&shell.path("in"));
    assert!(
        found.len() == 1 && found[0].starts_with(".hako-"),
        "{found:?}"
    );

    throttled.allow(u64::MAX, u64::MAX);
    let second = shell.hako(&words).await.good();
    let value = &second.values()[0];
    assert!(value["resumed"].as_u64().unwrap() > 4 * MB, "{second:?}");
    assert_eq!(value["checked"], "md5");
    assert!(shell.read("in/file") == content);
    assert_eq!(names(&shell.path("in")), ["file"]);

    // What was kept of another content is worth nothing: all of it comes.
    let changed = noise(6 * 1024 * 1024 + 5);
    let _ = app
        .demo()
        .await
        .put_bytes(&path, changed.clone())
        .await
        .good::<Value>()
        .await;
    let third = shell.hako(&words).await.good();
    assert_eq!(third.values()[0]["resumed"], 0);
    assert!(shell.read("in/file") == changed);
}
