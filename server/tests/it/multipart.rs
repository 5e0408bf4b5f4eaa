//! Multipart uploads: presigned, through Hako, resumed, refused.

use reqwest::{Method, StatusCode, multipart};
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};

const MB: u64 = 1 << 20;

#[tokio::test]
async fn presigned_parts_go_straight_to_the_store() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let base = "/api/v1/buckets/datasets/multipart/big%20file.bin";
    let plan = json!({"file_size": 11 * MB, "part_size": 5 * MB});
    let signed: Value = demo
        .post(&format!("{base}/presign"), &plan)
        .await
        .good()
        .await;
    assert_eq!(signed["total_parts"], 3);
    assert_eq!(signed["expires_in"], 3600);
    let store = format!("http://127.0.0.1:{}/", app.running.store.unwrap().s3.port());
    let bytes: Vec<u8> = (0..11 * MB).map(|n| (n % 253) as u8).collect();
    let mut parts = Vec::new();
    for (n, chunk) in bytes.chunks(usize::try_from(5 * MB).unwrap()).enumerate() {
        let url = signed["urls"][n]["url"].as_str().unwrap();
        assert!(url.starts_with(&store), "{url}");
        let answer = reqwest::Client::new()
            .put(url)
            .body(chunk.to_vec())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let etag = answer.headers()["etag"].to_str().unwrap();
        parts.push(json!({"PartNumber": n + 1, "ETag": etag}));
    }
    let id = &signed["upload_id"];
    let listed: Value = demo
        .get(&format!("{base}/parts?upload_id={}", id.as_str().unwrap()))
        .await
        .good()
        .await;
    assert_eq!(listed["parts"].as_array().unwrap().len(), 3);
    assert_eq!(listed["parts"][2]["Size"], MB);
    let body = json!({"upload_id": id, "parts": parts});
    let done: Value = demo
        .post(&format!("{base}/complete"), &body)
        .await
        .good()
        .await;
    assert!(done["etag"].as_str().unwrap().ends_with("-3\""));
    assert!(
        demo.get("/api/v1/buckets/datasets/objects/big%20file.bin")
            .await
            .bytes()
            .await
            == bytes
    );
    let _ = demo
        .post(&format!("{base}/complete"), &body)
        .await
        .problem(404, "upload_not_found")
        .await;
}

#[tokio::test]
async fn some_parts_can_be_signed_later() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let path = "/api/v1/buckets/datasets/object/multipart/presign?key=later";
    let first: Value = demo
        .post(path, &json!({"file_size": 60 * MB, "part_numbers": [1]}))
        .await
        .good()
        .await;
    assert_eq!(first["urls"].as_array().unwrap().len(), 1);
    let again =
        json!({"file_size": 60 * MB, "part_numbers": [2, 3], "upload_id": first["upload_id"]});
    let second: Value = demo.post(path, &again).await.good().await;
    assert_eq!(second["upload_id"], first["upload_id"]);
    assert_eq!(second["urls"][1]["part_number"], 3);
    assert!(second["expires_at"].as_str() > second["server_time"].as_str());
    let beyond = json!({"file_size": 60 * MB, "part_numbers": [4]});
    let _ = demo
        .post(path, &beyond)
        .await
        .problem(422, "validation")
        .await;
}

#[tokio::test]
async fn the_plan_s_bounds_are_the_contract_s() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let path = "/api/v1/buckets/datasets/multipart/k/presign";
    for body in [
        json!({"file_size": 0}),
        json!({"file_size": 1, "part_size": 5 * MB - 1}),
        json!({"file_size": 1, "part_size": 5121 * MB}),
        json!({"file_size": 1, "expires_in": 59}),
        json!({"file_size": 1, "expires_in": 43_201}),
        json!({"file_size": -1}),
        json!({}),
    ] {
        let _ = demo
            .post(path, &body)
            .await
            .problem(422, "validation")
            .await;
    }
    let many = json!({"file_size": 50_001 * MB, "part_size": 5 * MB});
    let detail = demo
        .post(path, &many)
        .await
        .problem(400, "too_many_parts")
        .await;
    assert_eq!(
        detail,
        "Too many parts (10001). Increase part_size or reduce file_size. S3 maximum is 10,000 parts."
    );
    let all: Value = demo
        .post(
            path,
            &json!({"file_size": 50_000 * MB, "part_size": 5 * MB}),
        )
        .await
        .good()
        .await;
    assert_eq!(all["urls"].as_array().unwrap().len(), 10_000);
}

#[tokio::test]
async fn parts_can_go_through_hako_raw_or_as_a_form() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let begun: Value = demo
        .post("/api/v1/buckets/datasets/multipart/proxied", &json!({}))
        .await
        .good()
        .await;
    let id = begun["upload_id"].as_str().unwrap();
    let part = |n: u32| {
        format!("/api/v1/buckets/datasets/multipart/proxied?upload_id={id}&part_number={n}")
    };
    let one: Value = demo
        .put_bytes(&part(1), vec![1; 5 << 20])
        .await
        .good()
        .await;
    let form = multipart::Form::new().part("file", multipart::Part::bytes(vec![2; 10]));
    let request = demo.request(Method::PUT, &part(2)).multipart(form);
    let two: Value = Answer(request.send().await.unwrap()).good().await;
    assert_eq!(two["part_number"], two["PartNumber"]);
    let parts =
        json!([{"PartNumber": 1, "ETag": one["ETag"]}, {"PartNumber": 2, "ETag": two["etag"]}]);
    let body = json!({"upload_id": id, "parts": parts});
    let _: Value = demo
        .post("/api/v1/buckets/datasets/multipart/proxied/complete", &body)
        .await
        .good()
        .await;
    let stored = demo
        .get("/api/v1/buckets/datasets/objects/proxied")
        .await
        .bytes()
        .await;
    assert_eq!(stored.len(), (5 << 20) + 10);
    let _ = demo
        .put_bytes(&part(10_001), "x")
        .await
        .problem(422, "validation")
        .await;
    let _ = demo
        .put_bytes("/api/v1/buckets/datasets/multipart/x?part_number=1", "x")
        .await
        .problem(422, "validation")
        .await;
}

#[tokio::test]
async fn uploads_are_aborted_and_wrong_completions_refused() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let base = "/api/v1/buckets/datasets/multipart/k";
    let begun: Value = demo.post(base, &json!({})).await.good().await;
    let id = begun["upload_id"].as_str().unwrap();
    let wrong = json!({"upload_id": id, "parts": [{"PartNumber": 1, "ETag": "\"d41d8cd98f00b204e9800998ecf8427e\""}]});
    let _ = demo
        .post(&format!("{base}/complete"), &wrong)
        .await
        .problem(400, "invalid_part")
        .await;
    let none = json!({"upload_id": id, "parts": []});
    let _ = demo
        .post(&format!("{base}/complete"), &none)
        .await
        .problem(400, "invalid_part")
        .await;
    let small: Value = demo
        .put_bytes(&format!("{base}?upload_id={id}&part_number=1"), "a")
        .await
        .good()
        .await;
    let last: Value = demo
        .put_bytes(&format!("{base}?upload_id={id}&part_number=2"), "b")
        .await
        .good()
        .await;
    let parts =
        json!([{"PartNumber": 1, "ETag": small["etag"]}, {"PartNumber": 2, "ETag": last["etag"]}]);
    let _ = demo
        .post(
            &format!("{base}/complete"),
            &json!({"upload_id": id, "parts": parts}),
        )
        .await
        .problem(400, "entity_too_small")
        .await;
    let aborted: Value = demo
        .post(&format!("{base}/abort"), &json!({"upload_id": id}))
        .await
        .good()
        .await;
    assert_eq!(aborted["status"], "aborted");
    let _ = demo
        .post(&format!("{base}/abort"), &json!({"upload_id": id}))
        .await
        .problem(404, "upload_not_found")
        .await;
    let _ = demo
        .get(&format!("{base}/parts?upload_id={id}"))
        .await
        .problem(404, "upload_not_found")
        .await;
}

#[tokio::test]
async fn a_presigned_download_has_the_right_name_and_a_changed_one_is_refused() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let body =
        json!({"bucket": "documents", "key": "welcome.md", "attachment": true, "expires_in": 60});
    let signed: Value = demo.post("/api/v1/presign", &body).await.good().await;
    let url = signed["url"].as_str().unwrap();
    let answer = reqwest::get(url).await.unwrap();
    assert_eq!(
        answer.headers()["content-disposition"],
        "attachment; filename=\"welcome.md\""
    );
    assert!(answer.text().await.unwrap().starts_with("# Welcome"));
    let changed = url.replace("welcome.md", "pictures/box.svg");
    assert_eq!(
        reqwest::get(changed).await.unwrap().status(),
        StatusCode::FORBIDDEN
    );
    app.advance(-61);
    let signed: Value = demo.post("/api/v1/presign", &body).await.good().await;
    let answer = reqwest::get(signed["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(
        answer.status(),
        StatusCode::FORBIDDEN,
        "signed a minute ago, for a minute"
    );
    app.advance(61);
    for (field, value) in [
        ("expires_in", json!(0)),
        ("expires_in", json!(604_801)),
        ("method", json!("delete_object")),
    ] {
        let mut body = json!({"bucket": "documents", "key": "welcome.md"});
        body[field] = value;
        let _ = demo
            .post("/api/v1/presign", &body)
            .await
            .problem(422, "validation")
            .await;
    }
}

#[tokio::test]
async fn urls_are_signed_for_the_address_by_which_hako_was_reached() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let port = app.running.store.unwrap().s3.port();
    let request = demo
        .request(Method::POST, "/api/v1/presign")
        .header("host", format!("localhost:{}", app.running.console.port()))
        .json(&json!({"bucket": "documents", "key": "welcome.md"}));
    let signed: Value = Answer(request.send().await.unwrap()).good().await;
    assert!(
        signed["url"]
            .as_str()
            .unwrap()
            .starts_with(&format!("http://localhost:{port}/documents/")),
        "{signed}"
    );

    let app = TestApp::with(&[("S3_PUBLIC_ENDPOINT_URL", "https://s3.example:8443")]).await;
    let body = json!({"bucket": "documents", "key": "welcome.md"});
    let signed: Value = app
        .demo()
        .await
        .post("/api/v1/presign", &body)
        .await
        .good()
        .await;
    assert!(
        signed["url"]
            .as_str()
            .unwrap()
            .starts_with("https://s3.example:8443/documents/"),
        "{signed}"
    );
}

#[tokio::test]
async fn browsers_that_cannot_reach_the_store_send_through_hako() {
    let app = TestApp::with(&[("HAKO_PUBLIC_URL", "https://hako.example")]).await;
    let session: Value = app.demo().await.get("/api/v1/session").await.good().await;
    assert_eq!(session["upload"]["route"], "hako");
    assert_eq!(session["upload"]["store_origin"], Value::Null);
    let app = TestApp::new().await;
    let session: Value = app.demo().await.get("/api/v1/session").await.good().await;
    assert_eq!(session["upload"]["route"], "direct");
}
