//! What an object is described by: tags, and the caller's own metadata.

use reqwest::{Method, StatusCode, multipart};
use serde_json::{Value, json};

use crate::app::{Actor, Answer, TestApp};

const TAGS: &str = "/api/v1/buckets/datasets/object/tags?key=a%2Ftags";

async fn put(actor: &Actor<'_>, path: &str, body: &Value) -> Answer {
    let request = actor.request(Method::PUT, path).json(body);
    Answer(request.send().await.unwrap())
}

async fn store(actor: &Actor<'_>, path: &str) {
    let stored = actor.put_bytes(path, "bytes").await;
    assert_eq!(stored.status(), StatusCode::CREATED, "{path}");
}

#[tokio::test]
async fn tags_are_set_told_and_removed() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    store(&demo, "/api/v1/buckets/datasets/object?key=a%2Ftags").await;
    let none: Value = demo.get(TAGS).await.good().await;
    assert_eq!(none, json!({"tags": {}}));

    let tags = json!({"tags": {"project": "walk", "state": "new é"}});
    let set: Value = put(&demo, TAGS, &tags).await.good().await;
    assert_eq!(set, json!({"status": "updated"}));
    let told: Value = demo.get(TAGS).await.good().await;
    assert_eq!(told, tags);

    let removed: Value = demo.delete(TAGS).await.good().await;
    assert_eq!(removed, json!({"status": "deleted"}));
    let none: Value = demo.get(TAGS).await.good().await;
    assert_eq!(none, json!({"tags": {}}));
}

#[tokio::test]
async fn tags_of_a_version_are_its_own() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("kept").await;
    let enabled = json!({"status": "Enabled"});
    let set = put(&demo, "/api/v1/buckets/kept/versioning", &enabled).await;
    assert_eq!(set.status(), StatusCode::OK);
    let object = "/api/v1/buckets/kept/object?key=a";
    let first: Value = demo.put_bytes(object, "one").await.good().await;
    store(&demo, object).await;
    let tags = "/api/v1/buckets/kept/object/tags?key=a";
    let old = format!(
        "{tags}&version_id={}",
        first["version_id"].as_str().unwrap()
    );
    let set = put(&demo, &old, &json!({"tags": {"is": "old"}})).await;
    assert_eq!(set.status(), StatusCode::OK);
    let told: Value = demo.get(&old).await.good().await;
    assert_eq!(told["tags"]["is"], "old");
    let newest: Value = demo.get(tags).await.good().await;
    assert_eq!(newest, json!({"tags": {}}));
}

#[tokio::test]
async fn tags_that_cannot_be_are_refused() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    store(&demo, "/api/v1/buckets/datasets/object?key=a%2Ftags").await;
    let many: serde_json::Map<_, _> = (0..11).map(|n| (n.to_string(), "x".into())).collect();
    let refused = put(&demo, TAGS, &json!({ "tags": many })).await;
    let _ = refused.problem(400, "invalid_argument").await;
    let refused = put(&demo, TAGS, &json!({"tags": {"": "x"}})).await;
    let _ = refused.problem(400, "invalid_argument").await;
    // XML would carry it there and not back.
    for (name, value) in [("a", "\u{1}"), ("\u{fffe}", "b")] {
        let refused = put(&demo, TAGS, &json!({"tags": {name: value}})).await;
        let _ = refused.problem(400, "invalid_argument").await;
    }
    let refused = put(&demo, TAGS, &json!({"tags": ["x"]})).await;
    let _ = refused.problem(422, "validation").await;
    let absent = "/api/v1/buckets/datasets/object/tags?key=absent";
    let refused = put(&demo, absent, &json!({"tags": {}})).await;
    let _ = refused.problem(404, "object_not_found").await;
    let refused = demo.get(absent).await;
    let _ = refused.problem(404, "object_not_found").await;
    let refused = demo.get("/api/v1/buckets/datasets/object/tags").await;
    let _ = refused.problem(422, "validation").await;
}

#[tokio::test]
async fn details_tell_what_an_object_was_stored_with() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("kept").await;
    let enabled = json!({"status": "Enabled"});
    let kept = put(&demo, "/api/v1/buckets/kept/versioning", &enabled).await;
    assert_eq!(kept.status(), StatusCode::OK);
    let object = "/api/v1/buckets/kept/object?key=a%2Fb%20c.txt";
    let sent = demo
        .request(Method::PUT, object)
        .header("content-type", "text/x-walk")
        .header("x-amz-meta-author", "Ada")
        .body("bytes")
        .send();
    let first: Value = Answer(sent.await.unwrap()).good().await;
    store(&demo, object).await;

    let details = "/api/v1/buckets/kept/object/details?key=a%2Fb%20c.txt";
    let first = first["version_id"].as_str().unwrap();
    let old: Value = demo
        .get(&format!("{details}&version_id={first}"))
        .await
        .good()
        .await;
    assert_eq!(old["key"], "a/b c.txt");
    assert_eq!(old["size"], 5);
    assert_eq!(old["content_type"], "text/x-walk");
    assert_eq!(old["metadata"], json!({"author": "Ada"}));
    assert_eq!(old["version_id"], first);
    assert_eq!(old["etag"], "\"4b3a6218bb3e3a7303e8a171a60fcf92\"");
    let now: Value = demo.get(details).await.good().await;
    assert_ne!(now["version_id"], first);
    assert!(now.get("metadata").is_none(), "{now}");

    let absent = "/api/v1/buckets/kept/object/details?key=absent";
    let _ = demo
        .get(absent)
        .await
        .problem(404, "object_not_found")
        .await;
    let nameless = "/api/v1/buckets/kept/object/details";
    let _ = demo.get(nameless).await.problem(422, "validation").await;
}

#[tokio::test]
async fn metadata_comes_back_however_it_was_sent() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let object = |key: &str| format!("/api/v1/buckets/datasets/object?key={key}");
    let named = |method: Method, path: &str| {
        let request = demo.request(method, path);
        request
            .header("x-amz-meta-Author", "Ada")
            .header("x-amz-meta-year", "1843")
    };
    let raw = named(Method::PUT, &object("raw")).body("bytes").send();
    assert_eq!(raw.await.unwrap().status(), StatusCode::CREATED);
    let file = multipart::Part::text("bytes").file_name("f");
    let form = multipart::Form::new().part("file", file);
    let sent = named(Method::POST, &object("form")).multipart(form).send();
    assert_eq!(sent.await.unwrap().status(), StatusCode::CREATED);

    let begun = named(Method::POST, "/api/v1/buckets/datasets/multipart/parts").send();
    let upload: Value = Answer(begun.await.unwrap()).good().await;
    let id = upload["upload_id"].as_str().unwrap();
    let at = "/api/v1/buckets/datasets/multipart/parts";
    let part = format!("{at}?upload_id={id}&part_number=1");
    let part: Value = demo.put_bytes(&part, "bytes").await.good().await;
    let parts = json!({"upload_id": id, "parts": [{"PartNumber": 1, "ETag": part["etag"]}]});
    let _: Value = demo
        .post(&format!("{at}/complete"), &parts)
        .await
        .good()
        .await;

    for key in ["raw", "form", "parts"] {
        for answer in [demo.head(&object(key)).await, demo.get(&object(key)).await] {
            assert_eq!(answer.header("x-amz-meta-author"), "Ada", "{key}");
            assert_eq!(answer.header("x-amz-meta-year"), "1843", "{key}");
        }
    }
    let odd = demo.request(Method::PUT, &object("odd"));
    let odd = odd.header("x-amz-meta-a", "Å".as_bytes()).body("x").send();
    let _ = Answer(odd.await.unwrap())
        .problem(400, "invalid_argument")
        .await;
}

#[tokio::test]
async fn a_download_is_called_what_the_caller_wants() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    store(&demo, "/api/v1/buckets/datasets/object?key=report.txt").await;
    let wish = "response_content_disposition";
    for path in [
        format!("/api/v1/buckets/datasets/objects/report.txt?{wish}="),
        format!("/api/v1/buckets/datasets/object?key=report.txt&{wish}="),
    ] {
        for wanted in ["inline", "attachment; filename=\"other.txt\""] {
            let answer = demo
                .get(&format!("{path}{}", model::endpoint::encode(wanted)))
                .await;
            assert_eq!(answer.header("content-disposition"), wanted);
            // Whatever it is called, nothing in it runs.
            assert!(answer.header("content-security-policy").contains("sandbox"));
        }
        for bad in ["form-data", "inline%0Ax: y", ""] {
            let refused = demo.get(&format!("{path}{bad}")).await;
            let _ = refused.problem(422, "validation").await;
        }
    }
}

#[tokio::test]
async fn types_that_no_header_carries_are_refused_as_such() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let path = "/api/v1/buckets/datasets/object/multipart?key=a&content_type=";
    // The store would take these for a wrong signature, and the caller for a session that is over.
    for bad in ["%C2%95", "text%0Aplain", "a%09b"] {
        let refused = demo.post(&format!("{path}{bad}"), &Value::Null).await;
        let _ = refused.problem(422, "validation").await;
    }
    for good in ["", "%20", "text/plain%3B%20charset=utf-8", "a%20%20b"] {
        let begun = demo.post(&format!("{path}{good}"), &Value::Null).await;
        assert_eq!(begun.status(), StatusCode::CREATED, "{good}");
    }
    let plan = json!({"file_size": 1, "content_type": "é"});
    let path = "/api/v1/buckets/datasets/object/multipart/presign?key=a";
    let _ = demo
        .post(path, &plan)
        .await
        .problem(422, "validation")
        .await;
    let wish =
        json!({"bucket": "datasets", "key": "a", "method": "put_object", "content_type": "é"});
    let refused = demo.post("/api/v1/presign", &wish).await;
    let _ = refused.problem(422, "validation").await;
    let odd = demo.request(Method::PUT, "/api/v1/buckets/datasets/object?key=a");
    let odd = odd.header("content-type", "a\tb").body("x").send();
    let _ = Answer(odd.await.unwrap()).problem(422, "validation").await;
}

#[tokio::test]
async fn metadata_may_hold_runs_of_spaces() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let request = demo.request(Method::PUT, "/api/v1/buckets/datasets/object?key=a");
    let sent = request
        .header("x-amz-meta-note", "a  b   c")
        .body("x")
        .send();
    assert_eq!(sent.await.unwrap().status(), StatusCode::CREATED);
}

/// S3 answers with the key in XML, which cannot carry it: an upload would begin that nobody can name.
#[tokio::test]
async fn keys_that_xml_cannot_carry_go_whole_but_not_in_parts() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    store(&demo, "/api/v1/buckets/datasets/object?key=bell%07").await;
    let begin = "/api/v1/buckets/datasets/object/multipart?key=bell%07";
    let refused = demo.post(begin, &Value::Null).await;
    let _ = refused.problem(400, "invalid_key").await;
    let uploads: Value = demo
        .get("/api/v1/buckets/datasets/uploads")
        .await
        .good()
        .await;
    assert_eq!(uploads["uploads"], json!([]));
}

#[tokio::test]
async fn a_store_without_tags_is_said() {
    let app = TestApp::with(&[("HAKO_LOCAL_PROFILE", "hcp")]).await;
    let demo = app.demo().await;
    let refused = demo
        .get("/api/v1/buckets/datasets/object/tags?key=readme.txt")
        .await;
    let _ = refused.problem(501, "not_supported").await;
}
