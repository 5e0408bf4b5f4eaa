//! Archives: streamed and packed in the background, read back by another program.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer, TestApp},
    gate::{Gate, Pass, demo, fill},
    tasks::{ended, started},
};

const DOWNLOAD: &str = "/api/v1/buckets/many/objects/download";

/// Prints each entry of the archive on standard input; reading compares the checksums.
const READER: &str = r#"
import io, json, sys, zipfile
archive = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
entries = []
for info in archive.infolist():
    data = archive.read(info)
    entries.append({"name": info.filename, "size": info.file_size, "folder": info.is_dir(),
        "stored": info.compress_type == 0, "year": info.date_time[0],
        "text": data[:400].decode("utf-8", "replace")})
print(json.dumps(entries))
"#;

/// The entries of an archive, by Python's reader.
fn entries(archive: &[u8]) -> Vec<Value> {
    let mut python = Command::new("python3")
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is missing");
    python.stdin.take().unwrap().write_all(archive).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "the archive cannot be read");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn names(entries: &[Value]) -> Vec<&str> {
    entries
        .iter()
        .map(|e| e["name"].as_str().unwrap())
        .collect()
}

async fn store(actor: &Actor<'_>, key: &str, bytes: impl Into<reqwest::Body>) {
    let path = format!(
        "/api/v1/buckets/many/object?key={}",
        model::endpoint::encode(key)
    );
    let stored = actor.put_bytes(&path, bytes).await;
    assert_eq!(stored.status(), StatusCode::CREATED, "{key}");
}

/// Starts an archive as a task.
async fn in_background(actor: &Actor<'_>, body: &Value) -> Answer {
    let request = actor.request(Method::POST, DOWNLOAD).json(body);
    Answer(
        request
            .header("accept", "application/json")
            .send()
            .await
            .unwrap(),
    )
}

async fn get(actor: &Actor<'_>, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = actor.request(Method::GET, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer(request.send().await.unwrap())
}

fn reads(method: &Method, target: &str) -> bool {
    method == Method::GET && target.contains("x-id=GetObject")
}

fn reads_wait(method: &Method, target: &str) -> Pass {
    if reads(method, target) {
        Pass::Wait
    } else {
        Pass::Through
    }
}

#[tokio::test]
async fn an_archive_streams_with_safe_names_and_a_list_of_what_is_missing() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    let keys = [
        "Übermut/größe 😀.txt",
        "../../outside.txt",
        "/absolute.txt",
        "absolute.txt",
        "back\\..\\slash.txt",
        "empty",
        "folder/",
        "file/",
        "a",
        "a/b",
        "photo.jpg",
        "line\nbreak",
        "_errors.txt",
    ];
    for key in keys {
        let text = match key {
            "empty" | "folder/" => String::new(),
            _ => format!("content of {key} ").repeat(50),
        };
        store(&demo, key, text).await;
    }
    let mut wanted = keys.to_vec();
    wanted.extend(["no such key", "a"]);
    let answer = demo.post(DOWNLOAD, &json!({ "keys": wanted })).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/zip");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"many-objects.zip\""
    );
    assert_eq!(answer.header("content-encoding"), "");
    let archive = entries(&answer.bytes().await);
    assert_eq!(
        names(&archive),
        [
            "Übermut/größe 😀.txt",
            "__/__/outside.txt",
            "absolute.txt",
            "absolute (2).txt",
            "back_.._slash.txt",
            "empty",
            "folder/",
            "file",
            "a (2)",
            "a/b",
            "photo.jpg",
            "line_break",
            "_errors.txt",
            "_errors (2).txt",
        ]
    );
    for (entry, key) in archive.iter().zip(keys) {
        let text = entry["text"].as_str().unwrap();
        match key {
            "empty" | "folder/" => assert_eq!(entry["size"], 0, "{key}"),
            _ => assert!(
                text.starts_with(&format!("content of {key} ")),
                "{key}: {text}"
            ),
        }
        assert_eq!(entry["folder"], key == "folder/", "{key}");
        assert!(entry["year"].as_u64().unwrap() >= 2024, "{key}");
    }
    let of = |name: &str| archive.iter().find(|e| e["name"] == name).unwrap();
    // Text is pressed; a picture is not.
    assert_eq!(of("absolute.txt")["stored"], false);
    assert_eq!(of("photo.jpg")["stored"], true);
    let missing = of("_errors (2).txt")["text"].as_str().unwrap();
    assert!(
        missing.starts_with("no such key\t") && missing.lines().count() == 1,
        "{missing}"
    );
}

#[tokio::test]
async fn everything_below_a_prefix_is_packed() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    fill(&demo, "many", (0..1_205).map(|n| format!("p/{n:04}"))).await;
    fill(&demo, "many", ["q".to_owned()].into_iter()).await;
    let answer = demo
        .post(DOWNLOAD, &json!({"prefix": "p/", "keys": ["q"]}))
        .await;
    let archive = entries(&answer.bytes().await);
    assert_eq!(archive.len(), 1_205);
    assert!(archive.iter().all(|entry| entry["text"] == "content"));
    assert_eq!(archive[0]["name"], "p/0000");
    // A page's own form, by which the browser itself takes the archive.
    let form = [("keys", "q"), ("keys", "p/0007")];
    let request = demo.request(Method::POST, DOWNLOAD).form(&form);
    let archive = entries(&Answer(request.send().await.unwrap()).bytes().await);
    assert_eq!(names(&archive), ["q", "p/0007"]);
    let whole = demo.post(DOWNLOAD, &json!({"prefix": ""})).await;
    assert_eq!(entries(&whole.bytes().await).len(), 1_206);
}

#[tokio::test]
async fn folders_and_keys_make_one_archive_with_names_from_where_one_is() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    let keys = [
        "in here/",
        "in here/a/1",
        "in here/a/b/2",
        "in here/c/3",
        "in here/d",
        "in here/e",
        "f",
    ];
    for key in keys {
        let text = if key.ends_with('/') { "" } else { key };
        store(&demo, key, text).await;
    }
    let form = [
        ("prefixes", "in here/c/"),
        ("prefixes", "in here/a/"),
        ("keys", "in here/d"),
        ("keys", "in here/a/1"),
        ("keys", "in here/gone"),
        ("base", "in here/"),
    ];
    let request = demo.request(Method::POST, DOWNLOAD).form(&form);
    let archive = entries(&Answer(request.send().await.unwrap()).bytes().await);
    assert_eq!(names(&archive), ["c/3", "a/1", "a/b/2", "d", "_errors.txt"]);
    let missing = archive[4]["text"].as_str().unwrap();
    assert!(missing.starts_with("in here/gone\t"), "{missing}");
    assert_eq!(archive[2]["text"], "in here/a/b/2");
    let all = json!({"prefix": "in here/", "base": "in here/"});
    let archive = entries(&demo.post(DOWNLOAD, &all).await.bytes().await);
    assert_eq!(names(&archive), ["a/1", "a/b/2", "c/3", "d", "e"]);
}

#[tokio::test]
async fn an_archive_of_nothing_or_of_too_much_is_refused_before_it_begins() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    let many: Vec<String> = (0..50_001).map(|n| n.to_string()).collect();
    let cases = [
        (
            json!({}),
            "invalid_argument",
            "Provide either 'prefix' or 'keys'",
        ),
        (
            json!({"keys": []}),
            "invalid_argument",
            "Provide either 'prefix' or 'keys'",
        ),
        (
            json!({"prefix": "none/"}),
            "invalid_argument",
            "No objects found under the given prefix",
        ),
        (
            json!({ "keys": many }),
            "too_many_objects",
            "Too many objects (50001). Maximum is 50000.",
        ),
        (
            json!({"keys": ["a", ""]}),
            "invalid_key",
            "keys: an object key has at least one character",
        ),
    ];
    for (body, code, sentence) in &cases {
        let streamed = demo.post(DOWNLOAD, body).await;
        assert_eq!(streamed.problem(400, code).await, *sentence);
        let task = in_background(&demo, body).await;
        assert_eq!(task.problem(400, code).await, *sentence);
    }
    let nowhere = "/api/v1/buckets/no-such-bucket/objects/download";
    for body in [json!({"prefix": "a"}), json!({"keys": ["a"]})] {
        let _ = demo
            .post(nowhere, &body)
            .await
            .problem(404, "bucket_not_found")
            .await;
    }
    let _ = demo
        .post(DOWNLOAD, &json!({"keys": 7}))
        .await
        .problem(422, "validation")
        .await;
    let unknown = demo.get(&format!("{DOWNLOAD}/nothing")).await;
    let _ = unknown.problem(404, "task_not_found").await;
}

#[tokio::test]
async fn a_store_that_breaks_off_breaks_the_stream_and_one_that_recovers_does_not() {
    let embedded = TestApp::new().await;
    let gate = Gate::before(&embedded).await;
    let app = gate.hako(&[]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    let large: Vec<u8> = (0..5_000_000_u32).map(|n| (n % 251) as u8).collect();
    store(&demo, "large.bin", large.clone()).await;
    store(&demo, "small", "x".repeat(1_000)).await;
    let body = json!({"prefix": ""});
    // Broken for good, however often it is taken up again: the large one cuts the stream.
    gate.rule(move |method, target| {
        if reads(method, target) && target.contains("large") {
            Pass::Cut(1_000_000)
        } else {
            Pass::Through
        }
    });
    let Answer(answer) = demo.post(DOWNLOAD, &body).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.bytes().await.is_err());
    // As a task it fails, and says so.
    let task = started(in_background(&demo, &body).await, DOWNLOAD).await;
    let detail = ended(&demo, &task).await.problem(500, "task_failed").await;
    assert_eq!(detail["status"], "failed");
    assert_eq!(
        std::fs::read_dir(app.data.path().join("data/archives"))
            .unwrap()
            .count(),
        0
    );
    // Broken in the middle of a small one: nothing of it was sent, so it is only listed.
    gate.rule(move |method, target| {
        if reads(method, target) && target.contains("small") {
            Pass::Cut(500)
        } else {
            Pass::Through
        }
    });
    let archive = entries(&demo.post(DOWNLOAD, &body).await.bytes().await);
    assert_eq!(names(&archive), ["large.bin", "_errors.txt"]);
    // Broken once: what is missing is read again.
    let mut cut = false;
    gate.rule(move |method, target| {
        if reads(method, target) && target.contains("large") && !std::mem::replace(&mut cut, true) {
            Pass::Cut(2_500_000)
        } else {
            Pass::Through
        }
    });
    let archive = entries(&demo.post(DOWNLOAD, &body).await.bytes().await);
    assert_eq!(names(&archive), ["large.bin", "small"]);
    assert_eq!(archive[0]["size"], 5_000_000);
}

/// Objects that are read while another one is packed.
const AHEAD: usize = 3;

#[tokio::test]
async fn objects_are_read_ahead_and_no_more_than_the_client_can_follow() {
    let embedded = TestApp::new().await;
    let gate = Gate::before(&embedded).await;
    let app = gate.hako(&[]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    let one = vec![7_u8; 1024 * 1024];
    for n in 0..64 {
        store(&demo, &format!("{n:02}.jpg"), one.clone()).await;
    }
    // All that are read ahead are asked for before any has come.
    gate.rule(reads_wait);
    let body = json!({"prefix": ""});
    let Answer(mut answer) = demo.post(DOWNLOAD, &body).await;
    gate.holds(AHEAD).await;
    assert_eq!(gate.asked("x-id=GetObject"), AHEAD);
    gate.open();
    let mut taken = 0;
    while let Some(piece) = answer.chunk().await.unwrap() {
        taken += piece.len();
        // Those ahead, one being packed, and what fits into the buffers of two sockets, which the system makes
        // larger for a client that reads late.
        let asked = gate.asked("x-id=GetObject");
        assert!(
            asked <= taken / one.len() + AHEAD + 1 + 24,
            "{asked} after {taken}"
        );
    }
    assert!(taken > 64 * one.len());
}

#[tokio::test]
async fn a_finished_archive_is_fetched_as_often_as_one_likes() {
    let app = TestApp::with(&[("HAKO_TASK_EXPIRY", "1h")]).await;
    let path = {
        let demo = app.demo().await;
        demo.bucket("many").await;
        store(&demo, "a.txt", "text ".repeat(1_000)).await;
        let body = json!({"keys": ["a.txt", "fehlt ü", "also,\r\nmissing"]});
        let begun = in_background(&demo, &body).await;
        assert_eq!(begun.header("preference-applied"), "respond-async");
        assert_eq!(begun.status(), StatusCode::ACCEPTED);
        let task: Value = begun.good().await;
        assert_eq!(task["status"], "processing");
        assert_eq!(
            (&task["total"], &task["failed_keys"]),
            (&json!(3), &json!([]))
        );
        assert_eq!(task["error"], Value::Null);
        let path = format!("{DOWNLOAD}/{}", task["task_id"].as_str().unwrap());
        let answer = ended(&demo, &path).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.header("content-type"), "application/zip");
        assert_eq!(answer.header("x-zip-failed"), "2");
        assert_eq!(
            answer.header("x-zip-failed-keys"),
            "fehlt%20%C3%BC,also%2C%0D%0Amissing"
        );
        assert!(answer.header("last-modified").ends_with(" GMT"));
        assert_eq!(answer.header("accept-ranges"), "bytes");
        let etag = answer.header("etag").to_owned();
        let whole = answer.bytes().await;
        assert_eq!(names(&entries(&whole)), ["a.txt", "_errors.txt"]);

        let first = get(&demo, &path, &[("range", "bytes=0-99")]).await;
        assert_eq!(first.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(
            first.header("content-range"),
            format!("bytes 0-99/{}", whole.len())
        );
        let mut joined = first.bytes().await;
        let rest = get(
            &demo,
            &path,
            &[("range", "bytes=100-"), ("if-range", &etag)],
        )
        .await;
        joined.extend(rest.bytes().await);
        assert!(joined == whole);
        let changed = get(
            &demo,
            &path,
            &[("range", "bytes=1-"), ("if-range", "\"x\"")],
        )
        .await;
        assert_eq!(changed.status(), StatusCode::OK);
        let outside = get(&demo, &path, &[("range", "bytes=999999-")]).await;
        let _ = outside.problem(416, "range_not_satisfiable").await;
        let same = get(&demo, &path, &[("if-none-match", &etag)]).await;
        assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
        path
    };
    let TestApp { running, data, .. } = app;
    running.stop().await;
    let app = TestApp::start(data, &[("HAKO_TASK_EXPIRY", "1h")]).await;
    let demo = app.demo().await;
    let again = demo.get(&path).await;
    assert_eq!(
        names(&entries(&again.bytes().await)),
        ["a.txt", "_errors.txt"]
    );
    let folder = app.data.path().join("data/archives");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    app.advance(3_700);
    let _ = demo.get(&path).await.problem(404, "task_not_found").await;
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[tokio::test]
async fn files_that_no_task_knows_do_not_outlive_a_start() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("data/archives");
    std::fs::create_dir_all(&folder).unwrap();
    let id = "0a1b2c3d-0000-4000-8000-00000000000f";
    for file in [format!("{id}.part"), format!("{id}.zip"), "note".to_owned()] {
        std::fs::write(folder.join(file), "x").unwrap();
    }
    let app = TestApp::start(data, &[]).await;
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    drop(app);
}

#[tokio::test]
async fn an_archive_that_cannot_be_written_is_a_failed_task() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    store(&demo, "a", "x").await;
    let folder = app.data.path().join("data/archives");
    std::fs::remove_dir(&folder).unwrap();
    let task = started(
        in_background(&demo, &json!({"keys": ["a"]})).await,
        DOWNLOAD,
    )
    .await;
    let detail = ended(&demo, &task).await.problem(500, "task_failed").await;
    assert_eq!(detail["status"], "failed");
    assert_eq!(detail["error"], "Internal server error");
}

#[tokio::test]
async fn a_full_disk_is_a_failed_task_and_leaves_no_file() {
    let embedded = TestApp::new().await;
    let gate = Gate::before(&embedded).await;
    let app = gate.hako(&[("HAKO_DISK_RESERVE_MB", "1000000000")]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    store(&demo, "a", "x").await;
    let task = started(
        in_background(&demo, &json!({"keys": ["a"]})).await,
        DOWNLOAD,
    )
    .await;
    let detail = ended(&demo, &task).await.problem(500, "task_failed").await;
    assert!(
        detail["error"].as_str().unwrap().contains("disk is full"),
        "{detail}"
    );
    let folder = app.data.path().join("data/archives");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
    // What is not stored here needs no space.
    let streamed = demo.post(DOWNLOAD, &json!({"keys": ["a"]})).await;
    assert_eq!(names(&entries(&streamed.bytes().await)), ["a"]);
}

#[tokio::test]
async fn a_session_that_the_store_no_longer_takes_ends_the_archive() {
    let embedded = TestApp::new().await;
    let gate = Gate::before(&embedded).await;
    let app = gate.hako(&[]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    let keys: Vec<String> = (0..100).map(|n| n.to_string()).collect();
    let body = json!({ "keys": keys });
    gate.rule(|method, target| {
        if reads(method, target) {
            Pass::Refuse(401)
        } else {
            Pass::Through
        }
    });
    let Answer(answer) = demo.post(DOWNLOAD, &body).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.bytes().await.is_err());
    // Not every object was asked for.
    assert!(gate.asked("x-id=GetObject") < 50);
    // Known before anything is sent, it is the answer.
    gate.rule(|_, _| Pass::Refuse(401));
    let refused = demo.post(DOWNLOAD, &body).await;
    let _ = refused.problem(401, "invalid_token").await;
}
