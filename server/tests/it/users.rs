//! Accounts of the users file, in front of a store whose keys they do not have.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{DEMO_SECRET_KEY, TestApp};

/// The demo user's key at the store, which is the deployment's here.
const DEMO_ACCESS_KEY: &str = "ZGVtby9kZW1v";

/// `hako user …` on a file.
fn user(file: &Path, arguments: &[&str], password: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hako"))
        .arg("user")
        .arg("--file")
        .arg(file)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A command that reads nothing has gone by now, perhaps.
    let _ = writeln!(stdin, "{password}");
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

struct Office {
    store: TestApp,
    hako: TestApp,
    file: PathBuf,
    _folder: TempDir,
}

/// A store, and a Hako before it in which `alice` may work.
async fn office() -> Office {
    let store = TestApp::new().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users");
    let added = user(&file, &["add", "alice"], "correct horse");
    assert_eq!(said(&added), "alice may sign in.\n");
    let settings = [
        ("HAKO_USERS_FILE", file.to_str().unwrap()),
        ("S3_ACCESS_KEY", DEMO_ACCESS_KEY),
        ("S3_SECRET_KEY", DEMO_SECRET_KEY),
    ];
    let hako = store.before(&settings).await;
    Office {
        store,
        hako,
        file,
        _folder: folder,
    }
}

#[tokio::test]
async fn who_stands_in_the_file_works_with_the_deployment_s_keys() {
    let office = office().await;
    let alice = office.hako.script("alice", "correct horse").await;
    let list: Value = alice.get("/api/v1/buckets").await.good().await;
    assert_eq!(list["buckets"][0]["name"], "datasets");
    let ask = json!({"bucket": "documents", "key": "welcome.md"});
    let signed: Value = alice.post("/api/v1/presign", &ask).await.good().await;
    let url = signed["url"].as_str().unwrap();
    assert_eq!(reqwest::get(url).await.unwrap().status(), StatusCode::OK);
    assert!(!url.contains(DEMO_SECRET_KEY));
}

#[tokio::test]
async fn nobody_is_told_the_deployment_s_keys() {
    let office = office().await;
    let alice = office.hako.script("alice", "correct horse").await;
    let refused = alice.get("/api/v1/credentials").await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let refused = refused.text().await;
    let facts = alice.get("/api/v1/session").await.text().await;
    let page = alice.get("/buckets").await.text().await;
    for text in [refused, facts, page, alice.bearer.clone().unwrap()] {
        assert!(!text.contains(DEMO_SECRET_KEY), "{text}");
        assert!(!text.contains(DEMO_ACCESS_KEY), "{text}");
    }
    // Nor does who has keys of their own get others.
    let other = office.hako.script(DEMO_ACCESS_KEY, DEMO_SECRET_KEY).await;
    let own: Value = other.get("/api/v1/credentials").await.good().await;
    assert_eq!(own["access_key_id"], DEMO_ACCESS_KEY);
}

#[tokio::test]
async fn only_a_proof_lets_in() {
    let office = office().await;
    let mut told = Vec::new();
    for (name, password) in [
        ("alice", "wrong horse"),
        ("alice", ""),
        ("bob", "correct horse"),
        (DEMO_ACCESS_KEY, "correct horse"),
        // The keys of the deployment are no password of an account.
        ("alice", DEMO_SECRET_KEY),
    ] {
        let refused = office.hako.token(name, password).await;
        assert!(refused.status().is_client_error(), "{name}");
        if !password.is_empty() {
            let problem = refused.problem(401, "invalid_credentials").await;
            told.push(problem["detail"].clone());
        }
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
}

#[tokio::test]
async fn a_session_lasts_as_long_as_its_password() {
    let office = office().await;
    let alice = office.hako.script("alice", "correct horse").await;
    let changed = user(&office.file, &["add", "alice"], "battery staple");
    assert!(said(&changed).contains("new password"));
    let over = alice.get("/api/v1/buckets").await;
    let _ = over.problem(401, "invalid_token").await;
    let alice = office.hako.script("alice", "battery staple").await;
    let _: Value = alice.get("/api/v1/buckets").await.good().await;
    said(&user(&office.file, &["add", "bob"], "long enough"));
    let _: Value = alice.get("/api/v1/buckets").await.good().await;
    assert_eq!(said(&user(&office.file, &["list"], "")), "alice\nbob\n");
    said(&user(&office.file, &["remove", "alice"], ""));
    let over = alice.get("/api/v1/buckets").await;
    let _ = over.problem(401, "invalid_token").await;
    let again = user(&office.file, &["remove", "alice"], "");
    assert_eq!(again.status.code(), Some(1));
    let short = user(&office.file, &["add", "carol"], "short");
    let text = String::from_utf8(short.stderr).unwrap();
    assert!(text.contains("8 characters"), "{text}");
    drop(office.store);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_told() {
    let office = office().await;
    let alice = office.hako.script("alice", "correct horse").await;
    std::fs::write(&office.file, "alice: no hash").unwrap();
    let refused = office.hako.token("alice", "correct horse").await;
    assert_eq!(refused.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let over = alice.get("/api/v1/buckets").await;
    assert_eq!(over.status(), StatusCode::INTERNAL_SERVER_ERROR);
}
