//! Reading along in Hako's own log.

use model::mapi::Role;
use serde_json::{Value, json};

use crate::{
    app::{Actor, TestApp},
    fake_hcp::FakeHcp,
};

const LOG: &str = "/api/v1/log";

fn write(app: &TestApp, level: &str, message: &str, request_id: &str) {
    let line = json!({
        "timestamp": "2026-01-02T03:04:05.678901Z",
        "level": level,
        "message": message,
        "target": "access",
        "path": "/Some/where",
        "request_id": request_id,
    });
    app.running.state().journal().write(&format!("{line}\n"));
}

async fn read(actor: &Actor<'_>, query: &str) -> (Vec<String>, u64) {
    let page: Value = actor.get(&format!("{LOG}{query}")).await.good().await;
    let lines = page["lines"].as_array().unwrap();
    let said = |line: &Value| line["message"].as_str().unwrap().to_owned();
    (
        lines.iter().map(said).collect(),
        page["last"].as_u64().unwrap(),
    )
}

/// LOG-1: what the server logs is read along.
#[tokio::test]
async fn who_reads_along_gets_each_line_once() {
    let app = TestApp::new().await;
    let root = app.root().await;
    assert_eq!(read(&root, "").await, (vec![], 0));
    for (level, message, request) in [
        ("INFO", "one", "r-1"),
        ("WARN", "two", "r-1"),
        ("ERROR", "three", "r-2"),
        ("INFO", "four", "r-2"),
    ] {
        write(&app, level, message, request);
    }
    app.running.state().journal().write("not a line of JSON");
    for (query, expected) in [
        ("", vec!["one", "two", "three", "four"]),
        ("?limit=2", vec!["three", "four"]),
        ("?level=warn", vec!["two", "three"]),
        ("?level=error", vec!["three"]),
        ("?request_id=r-1", vec!["one", "two"]),
        ("?text=FOU", vec!["four"]),
        ("?text=some%2Fwhere&level=error", vec!["three"]),
        ("?text=nowhere", vec![]),
        ("?after=2", vec!["three", "four"]),
        ("?after=5", vec![]),
    ] {
        let (lines, last) = read(&root, query).await;
        assert_eq!(
            (lines, last),
            (expected.iter().map(ToString::to_string).collect(), 5),
            "{query}"
        );
    }
    // A page at a time, from where the one before ended.
    let (first, last) = read(&root, "?after=0&limit=1&level=warn").await;
    assert_eq!((first, last), (vec!["two".to_owned()], 2));
    write(&app, "INFO", "five", "r-3");
    let (rest, last) = read(&root, "?after=5").await;
    assert_eq!((rest, last), (vec!["five".to_owned()], 6));
    let page: Value = root.get(&format!("{LOG}?after=5")).await.good().await;
    let line = json!({
        "number": 6,
        "time": "2026-01-02T03:04:05.678901Z",
        "level": "info",
        "target": "access",
        "message": "five",
        "request_id": "r-3",
        "fields": {"path": "/Some/where"},
    });
    assert_eq!(page["lines"], json!([line]));
    for query in [
        "?limit=0",
        "?limit=2001",
        "?level=loud",
        "?after=-1",
        "?after=x",
    ] {
        let _ = root
            .get(&format!("{LOG}{query}"))
            .await
            .problem(422, "validation")
            .await;
    }
}

#[tokio::test]
async fn nobody_reads_along_who_may_not_look_after_the_logs() {
    let app = TestApp::new().await;
    let password = "Watching-1-day";
    for (name, role) in [
        ("watcher", Role::Monitor),
        ("guard", Role::Security),
        ("fixer", Role::Service),
        ("boss", Role::Administrator),
    ] {
        app.system_user(name, password, role).await;
        let actor = app.script(name, password).await;
        let answer = actor.get(LOG).await;
        if matches!(role, Role::Security) {
            let _ = answer.problem(403, "access_denied").await;
        } else {
            assert_eq!(answer.status(), 200, "{name}");
        }
    }
    let _ = app
        .demo()
        .await
        .get(LOG)
        .await
        .problem(403, "access_denied")
        .await;
    let _ = app
        .anonymous()
        .get(LOG)
        .await
        .problem(401, "not_authenticated")
        .await;
}

#[tokio::test]
async fn without_an_embedded_store_nothing_is_kept() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = app.script("admin", "password").await;
    let answer = admin.get(LOG).await;
    let _ = answer.problem(501, "not_supported").await;
}
