//! Versions of one object: restored, and deleted by name.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Actor, Answer, TestApp};

const BUCKET: &str = "/api/v1/buckets/kept";

async fn versions(demo: &Actor<'_>) -> (Vec<Value>, Vec<Value>) {
    let page: Value = demo.get(&format!("{BUCKET}/versions")).await.good().await;
    let list = |name: &str| page[name].as_array().unwrap().clone();
    (list("versions"), list("delete_markers"))
}

#[tokio::test]
async fn a_version_is_put_on_top_again_with_its_bytes() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("kept").await;
    let request = demo.request(Method::PUT, &format!("{BUCKET}/versioning"));
    let request = request.json(&json!({"status": "Enabled"}));
    let _: Value = Answer(request.send().await.unwrap()).good().await;
    let object = format!("{BUCKET}/object?key=a%26b%2Fc");
    for bytes in ["first", "second"] {
        let _: Value = demo.put_bytes(&object, bytes).await.good().await;
    }
    let (all, _) = versions(&demo).await;
    let first = all.iter().find(|one| one["size"] == 5).unwrap()["version_id"].clone();
    let source = json!({
        "source_bucket": "kept", "source_key": "a&b/c", "source_version_id": first,
    });
    let copy = format!("{BUCKET}/object/copy?key=a%26b%2Fc");
    let restored: Value = demo.post(&copy, &source).await.good().await;
    assert!(restored["version_id"].is_string());
    assert_eq!(demo.get(&object).await.text().await, "first");
    assert_eq!(versions(&demo).await.0.len(), 3);

    // A deleted object comes back when its marker goes.
    let _: Value = demo.delete(&object).await.good().await;
    let (_, markers) = versions(&demo).await;
    let marker = markers[0]["version_id"].as_str().unwrap();
    let _: Value = demo
        .delete(&format!("{object}&version_id={marker}"))
        .await
        .good()
        .await;
    assert_eq!(demo.get(&object).await.text().await, "first");

    let absent = json!({
        "source_bucket": "kept", "source_key": "a&b/c", "source_version_id": "94837746087999",
    });
    let refused = demo.post(&copy, &absent).await;
    assert_eq!(refused.status().as_u16(), 404);
}
