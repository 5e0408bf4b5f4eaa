//! Presigned URLs for many objects, and the caller's own keys.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::app::TestApp;

#[tokio::test]
async fn many_objects_are_signed_in_one_call() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let path = "/api/v1/buckets/documents/objects/presign";
    let keys = ["one two", "a/#?%", "é"];
    let puts: Value = demo
        .post(path, &json!({"keys": keys, "method": "put_object"}))
        .await
        .good()
        .await;
    assert_eq!(puts["expires_in"], 3600);
    let gets: Value = demo
        .post(path, &json!({"keys": keys, "expires_in": 60}))
        .await
        .good()
        .await;
    let client = reqwest::Client::new();
    for (number, key) in keys.iter().enumerate() {
        assert_eq!(puts["urls"][number]["key"], *key);
        let url = puts["urls"][number]["url"].as_str().unwrap();
        let stored = client.put(url).body(*key).send().await.unwrap();
        assert_eq!(stored.status(), StatusCode::OK, "{key}");
        let url = gets["urls"][number]["url"].as_str().unwrap();
        let read = client.get(url).send().await.unwrap();
        assert_eq!(read.text().await.unwrap(), *key);
    }
    for bad in [
        json!({"keys": []}),
        json!({}),
        json!({"keys": ["a"], "method": "delete_object"}),
        json!({"keys": ["a"], "expires_in": 604_801}),
        json!({"keys": ["a"], "expires_in": 0}),
    ] {
        let refused = demo.post(path, &bad).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    let refused = demo.post(path, &json!({"keys": ["a", ""]})).await;
    let _ = refused.problem(400, "invalid_key").await;
}

#[tokio::test]
async fn one_is_told_one_s_own_keys_and_nobody_keeps_the_answer() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let answer = demo.get("/api/v1/credentials").await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let keys: Value = answer.good().await;
    // The base64 of `demo/demo`, which is never ambiguous, and the MD5 of the password.
    assert_eq!(keys["access_key_id"], "ZGVtby9kZW1v");
    assert_eq!(keys["secret_access_key"], crate::app::DEMO_SECRET_KEY);
    assert_eq!(keys["username"], "demo");
    assert_eq!(keys["tenant"], "demo");
    let store = app.running.store.unwrap().s3;
    let endpoint = keys["endpoint_url"].as_str().unwrap();
    assert_eq!(endpoint, format!("http://127.0.0.1:{}", store.port()));
}
