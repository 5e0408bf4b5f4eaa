//! What is set on buckets and objects: versioning, access; versions, open uploads, force delete.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Actor, Answer, TestApp};

async fn put(actor: &Actor<'_>, path: &str, body: &Value) -> Answer {
    let request = actor.request(Method::PUT, path).json(body);
    Answer(request.send().await.unwrap())
}

async fn bucket(actor: &Actor<'_>, name: &str) {
    let _: Value = actor
        .post("/api/v1/buckets", &json!({ "bucket": name }))
        .await
        .good()
        .await;
}

async fn store(actor: &Actor<'_>, path: &str, text: &'static str) {
    let stored = actor.put_bytes(path, text).await;
    assert!(stored.status().is_success(), "{path}");
}

#[tokio::test]
async fn versioning_is_enabled_and_suspended() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    bucket(&demo, "kept").await;
    let path = "/api/v1/buckets/kept/versioning";
    let never: Value = demo.get(path).await.good().await;
    assert_eq!(never, json!({"status": null, "mfa_delete": null}));
    for status in ["Enabled", "Suspended"] {
        let set: Value = put(&demo, path, &json!({ "status": status }))
            .await
            .good()
            .await;
        assert_eq!(set, json!({"status": "updated", "versioning": status}));
        let shown: Value = demo.get(path).await.good().await;
        assert_eq!(shown["status"], status);
    }
    for bad in [
        json!({"status": "Whatever"}),
        json!({}),
        json!({"status": null}),
    ] {
        let refused = put(&demo, path, &bad).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    let absent = demo.get("/api/v1/buckets/none/versioning").await;
    let _ = absent.problem(404, "bucket_not_found").await;
}

#[tokio::test]
async fn versions_are_listed_read_and_deleted() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    bucket(&demo, "kept").await;
    let enabled = json!({"status": "Enabled"});
    let set = put(&demo, "/api/v1/buckets/kept/versioning", &enabled).await;
    assert_eq!(set.status(), StatusCode::OK);
    let object = "/api/v1/buckets/kept/object?key=a";
    store(&demo, object, "one").await;
    store(&demo, object, "two").await;
    let gone: Value = demo.delete(object).await.good().await;
    assert_eq!(gone["status"], "deleted");

    let page: Value = demo.get("/api/v1/buckets/kept/versions").await.good().await;
    assert_eq!(page["key_count"], 3);
    assert_eq!(page["is_truncated"], false);
    assert_eq!(page["delete_markers"][0]["Key"], "a");
    assert_eq!(page["delete_markers"][0]["IsLatest"], true);
    assert_eq!(page["versions"][0]["size"], 3);
    assert_eq!(page["versions"][0]["ETag"], page["versions"][0]["etag"]);
    let oldest = page["versions"][1]["VersionId"].as_str().unwrap();
    let text = demo.get(&format!("{object}&version_id={oldest}")).await;
    assert_eq!(text.text().await, "one");

    // The marker goes, and the key is back.
    let marker = page["delete_markers"][0]["version_id"].as_str().unwrap();
    let removed = demo.delete(&format!("{object}&version_id={marker}")).await;
    assert_eq!(removed.status(), StatusCode::OK);
    assert_eq!(demo.get(object).await.text().await, "two");

    let mut seen = Vec::new();
    let mut path = "/api/v1/buckets/kept/versions?max_keys=1".to_owned();
    loop {
        let page: Value = demo.get(&path).await.good().await;
        seen.push(page["versions"][0]["version_id"].clone());
        let Some(key) = page["next_key_marker"].as_str() else {
            break;
        };
        let version = page["next_version_id_marker"].as_str().unwrap();
        path = format!(
            "/api/v1/buckets/kept/versions?max_keys=1&key_marker={key}&version_id_marker={version}"
        );
    }
    assert_eq!(seen.len(), 2);
    assert_ne!(seen[0], seen[1]);
    for bad in ["max_keys=1001", "max_keys=-1", "max_keys=x"] {
        let refused = demo
            .get(&format!("/api/v1/buckets/kept/versions?{bad}"))
            .await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
}

#[tokio::test]
async fn access_is_shown_and_set() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    bucket(&demo, "open").await;
    store(&demo, "/api/v1/buckets/open/object?key=a%2Facl", "x").await;
    let everyone = json!({"Grants": [{
        "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"},
        "Permission": "READ"
    }]});
    for path in [
        "/api/v1/buckets/open/acl",
        "/api/v1/buckets/open/object/acl?key=a%2Facl",
        "/api/v1/buckets/open/objects/a/acl/acl",
    ] {
        let private: Value = demo.get(path).await.good().await;
        assert_eq!(private["grants"][0]["Permission"], "FULL_CONTROL", "{path}");
        assert_eq!(private["owner"]["DisplayName"], "demo");
        let owner = private["owner"]["ID"].as_str().unwrap();
        assert_eq!(private["grants"][0]["Grantee"]["ID"], owner);

        let set: Value = put(&demo, path, &everyone).await.good().await;
        assert_eq!(set["status"], "updated");
        let open: Value = demo.get(path).await.good().await;
        assert_eq!(open["grants"].as_array().unwrap().len(), 2, "{path}");
        assert_eq!(open["grants"][1]["Grantee"]["Type"], "Group");
        let closed = put(&demo, path, &json!({"Grants": []})).await;
        assert_eq!(closed.status(), StatusCode::OK);
        let private: Value = demo.get(path).await.good().await;
        assert_eq!(private["grants"].as_array().unwrap().len(), 1);
    }
    let stranger = json!({"Grants": [{"Grantee": {"ID": "nobody"}, "Permission": "READ"}]});
    let refused = put(&demo, "/api/v1/buckets/open/acl", &stranger).await;
    let _ = refused.problem(400, "invalid_argument").await;
}

#[tokio::test]
async fn cors_rules_that_could_not_be_told_again_are_refused() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    bucket(&demo, "rules").await;
    let path = "/api/v1/buckets/rules/cors";
    let rule = |id: &str| json!({"CORSRules": [{"ID": id, "AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]});
    let refused = put(&demo, path, &rule("bell\u{7}")).await;
    let _ = refused.problem(400, "invalid_argument").await;
    let set: Value = put(&demo, path, &rule("a\nb é")).await.good().await;
    assert_eq!(set["status"], "updated");
    let told: Value = demo.get(path).await.good().await;
    assert_eq!(told["cors_rules"][0]["ID"], "a\nb é");
}

#[tokio::test]
async fn open_uploads_are_listed_page_by_page() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for key in ["a", "b b"] {
        let begun: Value = demo
            .post(
                &format!(
                    "/api/v1/buckets/datasets/object/multipart?key={}",
                    key.replace(' ', "%20")
                ),
                &json!({}),
            )
            .await
            .good()
            .await;
        assert_eq!(begun["key"], key);
    }
    let path = "/api/v1/buckets/datasets/uploads?max_uploads=1";
    let first: Value = demo.get(path).await.good().await;
    assert_eq!(first["bucket"], "datasets");
    assert_eq!(first["is_truncated"], true);
    assert_eq!(first["uploads"][0]["Key"], "a");
    assert_eq!(first["uploads"][0]["Initiator"]["display_name"], "demo");
    let (key, upload) = (
        first["next_key_marker"].as_str().unwrap(),
        first["next_upload_id_marker"].as_str().unwrap(),
    );
    let next = format!("{path}&key_marker={key}&upload_id_marker={upload}");
    let second: Value = demo.get(&next).await.good().await;
    assert_eq!(second["uploads"][0]["key"], "b b");
    assert_eq!(second["is_truncated"], false);
    for bad in ["max_uploads=0", "max_uploads=1001"] {
        let refused = demo
            .get(&format!("/api/v1/buckets/datasets/uploads?{bad}"))
            .await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
}

#[tokio::test]
async fn a_bucket_is_deleted_with_all_that_is_in_it() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    bucket(&demo, "full").await;
    let enabled = json!({"status": "Enabled"});
    let set = put(&demo, "/api/v1/buckets/full/versioning", &enabled).await;
    assert_eq!(set.status(), StatusCode::OK);
    for key in ["a", "a", "b", "odd%01name"] {
        store(
            &demo,
            &format!("/api/v1/buckets/full/object?key={key}"),
            "x",
        )
        .await;
    }
    let marked = demo.delete("/api/v1/buckets/full/object?key=b").await;
    assert_eq!(marked.status(), StatusCode::OK);
    let begun = demo
        .post("/api/v1/buckets/full/object/multipart?key=c", &json!({}))
        .await;
    assert!(begun.status().is_success());

    let kept = demo.delete("/api/v1/buckets/full").await;
    let _ = kept.problem(409, "bucket_not_empty").await;
    let kept = demo.delete("/api/v1/buckets/full?force=perhaps").await;
    assert_eq!(kept.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let gone: Value = demo
        .delete("/api/v1/buckets/full?force=true")
        .await
        .good()
        .await;
    assert_eq!(gone, json!({"status": "deleted", "bucket": "full"}));
    let absent = demo.head("/api/v1/buckets/full").await;
    assert_eq!(absent.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_cannot_be_deleted_keeps_its_bucket_and_is_named() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    bucket(&demo, "sealed").await;
    store(&demo, "/api/v1/buckets/sealed/object?key=loose", "x").await;
    let tenant = model::TenantName::parse("demo").unwrap();
    let local = app.running.embedded_store().unwrap();
    local
        .set_namespace_settings(&tenant, "sealed", json!({"retentionDefault": "-1"}))
        .await
        .unwrap();
    store(&demo, "/api/v1/buckets/sealed/object?key=kept", "x").await;
    let refused = demo.delete("/api/v1/buckets/sealed?force=true").await;
    let problem = refused.problem(409, "bucket_not_empty").await;
    let detail = problem.as_str().unwrap();
    assert!(
        detail.contains("Some objects failed to delete: kept: OperationAborted"),
        "{detail}"
    );
    let list: Value = demo
        .get("/api/v1/buckets/sealed/objects")
        .await
        .good()
        .await;
    assert_eq!(list["key_count"], 1);
}
