//! Buckets.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Actor, Answer, TestApp};

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

/// A user of the demo tenant with a role or without.
async fn person<'a>(app: &'a TestApp, demo: &Actor<'_>, name: &str, roles: Value) -> Actor<'a> {
    let made = json!({
        "username": name, "fullName": name, "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "roles": {"role": roles}, "password": "Passw0rd!",
    });
    let request = demo.request(Method::PUT, "/api/v1/mapi/tenants/demo/userAccounts");
    let _: Value = Answer(request.json(&made).send().await.unwrap())
        .good()
        .await;
    app.script(&format!("demo/{name}"), "Passw0rd!").await
}

#[tokio::test]
async fn who_may_see_the_namespaces_reaches_more_than_what_is_owned() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let list: Value = demo.get("/api/v1/reachable-buckets").await.good().await;
    assert_eq!(list["others"], "listed");
    assert_eq!(list["buckets"][0]["name"], "datasets");
    assert_eq!(list["buckets"][0]["owned"], true);
    let monitor = person(&app, &demo, "monica", json!(["MONITOR"])).await;
    let list: Value = monitor.get("/api/v1/reachable-buckets").await.good().await;
    assert_eq!(list["others"], "listed");
    assert_eq!(list["buckets"][0]["name"], "datasets");
    assert_eq!(list["buckets"][0]["owned"], false);
    let nobody = person(&app, &demo, "norman", json!([])).await;
    let list: Value = nobody.get("/api/v1/reachable-buckets").await.good().await;
    assert_eq!(list, json!({"buckets": [], "others": "hidden"}));
}

#[tokio::test]
async fn facts_are_those_of_management_and_of_s3() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let made = json!({
        "name": "archive", "hardQuota": "2 GB", "softQuota": 70, "tags": {"tag": ["gold"]},
        "enterpriseMode": false,
    });
    let request = demo.request(Method::PUT, "/api/v1/mapi/tenants/demo/namespaces");
    let _: Value = Answer(request.json(&made).send().await.unwrap())
        .good()
        .await;
    let stored = demo
        .put_bytes("/api/v1/buckets/archive/object?key=k", "some bytes")
        .await;
    assert_eq!(stored.status(), StatusCode::CREATED);
    let path = "/api/v1/bucket-facts?buckets=archive,absent&with=cors,uploads,retention";
    let list: Value = demo.get(path).await.good().await;
    let [archive, absent] = list["facts"].as_array().unwrap().as_slice() else {
        panic!("{list}")
    };
    assert_eq!(archive["bucket"], "archive");
    assert_eq!(archive["unreachable"], Value::Null);
    assert_eq!(archive["quota_bytes"], 2_u64 << 30);
    assert_eq!(archive["soft_quota"], 70);
    assert_eq!(archive["objects"], 1);
    assert!(archive["used_bytes"].as_u64().unwrap() >= 10, "{archive}");
    assert!(archive["as_of"].is_string(), "{archive}");
    assert!(archive["created"].is_string(), "{archive}");
    assert_eq!(archive["tags"], json!(["gold"]));
    assert_eq!(archive["compliance"], true);
    assert_eq!(archive["versioning"], "off");
    assert_eq!(archive["cors"], "none");
    assert_eq!(archive["uploads"], 0);
    assert_eq!(archive["more_uploads"], false);
    assert_eq!(archive["retention"], "0");
    assert_eq!(absent["bucket"], "absent");
    assert_eq!(absent["unreachable"], "bucket_not_found");
    assert_eq!(absent["objects"], Value::Null);
    // What takes another question is not asked for unasked.
    let list: Value = demo
        .get("/api/v1/bucket-facts?buckets=archive")
        .await
        .good()
        .await;
    assert_eq!(list["facts"][0]["cors"], Value::Null);
    assert_eq!(list["facts"][0]["uploads"], Value::Null);
}

#[tokio::test]
async fn a_namespace_without_s3_says_so() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let path = "/api/v1/mapi/tenants/demo/namespaces/documents/protocols/http";
    let _: Value = demo
        .post(path, &json!({"hs3Enabled": false}))
        .await
        .good()
        .await;
    let list: Value = demo
        .get("/api/v1/bucket-facts?buckets=documents")
        .await
        .good()
        .await;
    assert_eq!(list["facts"][0]["s3"], false);
    assert_eq!(list["facts"][0]["unreachable"], "access_denied");
    assert!(list["facts"][0]["objects"].is_u64(), "{list}");
}

#[tokio::test]
async fn questions_about_buckets_are_bounded() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let many = vec!["abc"; 25].join(",");
    for query in ["buckets=", &format!("buckets={many}"), "buckets=abc&with=x"] {
        let path = format!("/api/v1/bucket-facts?{query}");
        let _ = demo.get(&path).await.problem(422, "validation").await;
    }
    let path = "/api/v1/bucket-facts?buckets=a..b";
    let _ = demo
        .get(path)
        .await
        .problem(400, "invalid_bucket_name")
        .await;
}
