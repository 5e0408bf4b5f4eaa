//! Buckets.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};

#[tokio::test]
async fn a_bucket_lives_and_goes() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let made: Value = demo
        .post("/api/v1/buckets", &json!({"bucket": "raw-scans"}))
        .await
        .good()
        .await;
    assert_eq!(made, json!({"status": "created", "bucket": "raw-scans"}));
    let list: Value = demo.get("/api/v1/buckets").await.good().await;
    let names: Vec<&str> = list["buckets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| b["Name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["datasets", "documents", "raw-scans"]);
    assert_eq!(list["buckets"][0]["name"], "datasets");
    assert_eq!(
        demo.head("/api/v1/buckets/raw-scans").await.status(),
        StatusCode::OK
    );
    let gone: Value = demo.delete("/api/v1/buckets/raw-scans").await.good().await;
    assert_eq!(gone, json!({"status": "deleted", "bucket": "raw-scans"}));
    assert_eq!(
        demo.head("/api/v1/buckets/raw-scans").await.status(),
        StatusCode::NOT_FOUND
    );
    let _ = demo
        .delete("/api/v1/buckets/raw-scans")
        .await
        .problem(404, "bucket_not_found")
        .await;
}

#[tokio::test]
async fn a_taken_name_and_a_full_bucket_are_conflicts() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let _ = demo
        .post("/api/v1/buckets", &json!({"bucket": "datasets"}))
        .await
        .problem(409, "bucket_exists")
        .await;
    let _ = demo
        .delete("/api/v1/buckets/datasets")
        .await
        .problem(409, "bucket_not_empty")
        .await;
    let list: Value = demo
        .get("/api/v1/buckets/datasets/objects")
        .await
        .good()
        .await;
    assert_eq!(list["key_count"], 2);
}

#[tokio::test]
async fn bad_names_are_refused_before_the_store_hears_of_them() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for name in [
        "ab", "Abc", "a.b", "-ab", "xn--a", "a b", "../x", "", "a\u{0}b",
    ] {
        let _ = demo
            .post("/api/v1/buckets", &json!({"bucket": name}))
            .await
            .problem(400, "invalid_bucket_name")
            .await;
    }
    let _ = demo
        .get("/api/v1/buckets/a%2F..%2Fb/objects")
        .await
        .problem(400, "invalid_bucket_name")
        .await;
    let _ = demo
        .get("/api/v1/buckets/x%23y/objects")
        .await
        .problem(400, "invalid_bucket_name")
        .await;
}

#[tokio::test]
async fn bodies_that_are_wrong_say_how() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let send = |body: &'static str, content_type: &'static str| {
        let request = demo
            .request(Method::POST, "/api/v1/buckets")
            .header("content-type", content_type)
            .body(body);
        async move { Answer(request.send().await.unwrap()) }
    };
    let fields = send("{", "application/json")
        .await
        .problem(422, "malformed_json")
        .await;
    assert_eq!(fields[0]["type"], "json_invalid");
    let fields = send("{}", "application/json")
        .await
        .problem(422, "validation")
        .await;
    assert_eq!(
        fields[0],
        json!({"type": "missing", "loc": ["body", "bucket"], "msg": "Field required"})
    );
    let _ = send("bucket=x", "application/x-www-form-urlencoded")
        .await
        .problem(415, "unsupported_media_type")
        .await;
    let huge = format!("{{\"bucket\":\"{}\"}}", "x".repeat(5 * 1024 * 1024));
    let request = demo
        .request(Method::POST, "/api/v1/buckets")
        .header("content-type", "application/json")
        .body(huge);
    let _ = Answer(request.send().await.unwrap())
        .problem(413, "payload_too_large")
        .await;
}
