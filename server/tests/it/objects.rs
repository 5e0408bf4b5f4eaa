//! Objects: every key, both forms of address, ranges and conditions.

use reqwest::{Method, StatusCode, multipart};
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};

/// Keys that other programs stumble over.
const ODD_KEYS: &[&str] = &[
    "plain.txt",
    "with space.txt",
    "hash#.txt",
    "question?.txt",
    "percent%41.txt",
    "quote\"'.txt",
    "emoji 😀.txt",
    "plus+and&.txt",
    "a//b",
    "/leading",
    "trailing/",
    "dots/../x",
    "./here",
    "x/acl",
    "x/copy",
    "x/complete",
    "folder",
    "delete",
    "tab\there",
];

fn encode(text: &str) -> String {
    model::endpoint::encode(text)
}

#[tokio::test]
async fn any_key_is_stored_read_and_deleted() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("odd").await;
    for key in ODD_KEYS {
        let path = format!("/api/v1/buckets/odd/object?key={}", encode(key));
        let stored: Value = demo
            .put_bytes(&path, format!("content of {key}"))
            .await
            .good()
            .await;
        assert_eq!(stored["key"], *key);
        let answer = demo.get(&path).await;
        assert!(
            answer
                .header("content-disposition")
                .starts_with("attachment"),
            "{key}"
        );
        assert_eq!(answer.text().await, format!("content of {key}"), "{key}");
    }
    let list: Value = demo.get("/api/v1/buckets/odd/objects").await.good().await;
    let mut keys: Vec<&str> = list["objects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["Key"].as_str().unwrap())
        .collect();
    let mut expected = ODD_KEYS.to_vec();
    keys.sort_unstable();
    expected.sort_unstable();
    assert_eq!(keys, expected);
    let body = json!({"keys": ODD_KEYS});
    let report: Value = demo
        .post("/api/v1/buckets/odd/objects/delete", &body)
        .await
        .good()
        .await;
    assert_eq!(report["deleted_count"], ODD_KEYS.len());
    assert_eq!(report["errors"], json!([]));
    let list: Value = demo.get("/api/v1/buckets/odd/objects").await.good().await;
    assert_eq!(list["key_count"], 0);
}

#[tokio::test]
async fn the_contract_s_form_uploads_with_its_type() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let file = multipart::Part::bytes(vec![7; 100_000])
        .file_name("x")
        .mime_str("image/png")
        .unwrap();
    let form = multipart::Form::new()
        .text("other", "ignored")
        .part("file", file);
    let request = demo
        .request(Method::POST, "/api/v1/buckets/datasets/objects/a/b%20c.png")
        .multipart(form);
    let stored: Value = Answer(request.send().await.unwrap()).good().await;
    assert_eq!(stored["status"], "uploaded");
    assert_eq!(stored["size"], 100_000);
    let head = demo
        .head("/api/v1/buckets/datasets/objects/a/b%20c.png")
        .await;
    assert_eq!(head.header("content-type"), "image/png");
    assert_eq!(head.header("content-length"), "100000");
    let form = multipart::Form::new().text("other", "x");
    let request = demo
        .request(Method::POST, "/api/v1/buckets/datasets/objects/none")
        .multipart(form);
    let fields = Answer(request.send().await.unwrap())
        .problem(422, "validation")
        .await;
    assert_eq!(fields[0]["loc"], json!(["body", "file"]));
}

#[tokio::test]
async fn a_large_form_goes_in_parts_and_comes_back_whole() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let bytes: Vec<u8> = (0..20_000_003_u32).map(|n| (n % 251) as u8).collect();
    let form = multipart::Form::new().part("file", multipart::Part::bytes(bytes.clone()));
    let request = demo
        .request(Method::POST, "/api/v1/buckets/datasets/objects/large.bin")
        .multipart(form);
    let stored: Value = Answer(request.send().await.unwrap()).good().await;
    assert_eq!(stored["size"], bytes.len());
    assert!(
        stored["etag"].as_str().unwrap().ends_with("-3\""),
        "{stored}"
    );
    assert!(
        demo.get("/api/v1/buckets/datasets/objects/large.bin")
            .await
            .bytes()
            .await
            == bytes
    );
}

#[tokio::test]
async fn ranges_and_conditions_hold() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let path = "/api/v1/buckets/datasets/object?key=digits";
    let stored: Value = demo.put_bytes(path, "0123456789").await.good().await;
    let etag = stored["etag"].as_str().unwrap().to_owned();
    let get = |name: &'static str, value: String| {
        let request = demo.request(Method::GET, path).header(name, value);
        async move { Answer(request.send().await.unwrap()) }
    };
    let part = get("range", "bytes=2-4".to_owned()).await;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.header("content-range"), "bytes 2-4/10");
    assert_eq!(part.text().await, "234");
    assert_eq!(
        get("range", "bytes=-3".to_owned()).await.text().await,
        "789"
    );
    let _ = get("range", "bytes=10-".to_owned())
        .await
        .problem(416, "range_not_satisfiable")
        .await;
    let unchanged = get("if-none-match", etag.clone()).await;
    assert_eq!(
        unchanged.status(),
        StatusCode::NOT_MODIFIED,
        "{}",
        unchanged.text().await
    );
    assert_eq!(get("if-match", etag).await.status(), StatusCode::OK);
    let _ = get("if-match", "\"other\"".to_owned())
        .await
        .problem(412, "precondition_failed")
        .await;
    let whole = demo.get(path).await;
    assert!(whole.header("last-modified").ends_with(" GMT"));
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let _ = demo
        .get("/api/v1/buckets/datasets/object?key=none")
        .await
        .problem(404, "object_not_found")
        .await;
    let _ = demo
        .get("/api/v1/buckets/none-such/object?key=x")
        .await
        .problem(404, "bucket_not_found")
        .await;
}

#[tokio::test]
async fn listings_group_page_and_are_bounded() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let page: Value = demo
        .get("/api/v1/buckets/datasets/objects?delimiter=/")
        .await
        .good()
        .await;
    assert_eq!(page["common_prefixes"], json!(["astronomy/", "chemistry/"]));
    let page: Value = demo
        .get("/api/v1/buckets/datasets/objects?max_keys=1&prefix=&delimiter=")
        .await
        .good()
        .await;
    assert_eq!(page["is_truncated"], true);
    let token = encode(page["next_continuation_token"].as_str().unwrap());
    let next = format!("/api/v1/buckets/datasets/objects?max_keys=1&continuation_token={token}");
    let page: Value = demo.get(&next).await.good().await;
    assert_eq!(page["objects"][0]["Key"], "chemistry/noble-gases.json");
    assert_eq!(page["is_truncated"], false);
    let _ = demo
        .get("/api/v1/buckets/datasets/objects?max_keys=1001")
        .await
        .problem(422, "validation")
        .await;
    let _ = demo
        .get("/api/v1/buckets/datasets/objects?max_keys=-1")
        .await
        .problem(422, "validation")
        .await;
    let page: Value = demo
        .get("/api/v1/buckets/datasets/objects?max_keys=0")
        .await
        .good()
        .await;
    assert_eq!(page["key_count"], 0);
}

#[tokio::test]
async fn copies_folders_and_bad_keys() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let source = json!({"source_bucket": "documents", "source_key": "welcome.md"});
    let copied: Value = demo
        .post("/api/v1/buckets/datasets/objects/w.md/copy", &source)
        .await
        .good()
        .await;
    assert_eq!(copied["status"], "copied");
    let original = demo
        .get("/api/v1/buckets/documents/objects/welcome.md")
        .await
        .text()
        .await;
    assert_eq!(
        demo.get("/api/v1/buckets/datasets/objects/w.md")
            .await
            .text()
            .await,
        original
    );
    let missing = json!({"source_bucket": "documents", "source_key": "nothing"});
    let _ = demo
        .post("/api/v1/buckets/datasets/objects/x/copy", &missing)
        .await
        .problem(404, "object_not_found")
        .await;
    let folder = json!({"folder_name": "a/b"});
    let made: Value = demo
        .post("/api/v1/buckets/datasets/objects/folder", &folder)
        .await
        .good()
        .await;
    assert_eq!(made["key"], "a/b/");
    for name in ["", "/x", "a//b", "../x"] {
        let body = json!({"folder_name": name});
        let _ = demo
            .post("/api/v1/buckets/datasets/objects/folder", &body)
            .await
            .problem(422, "validation")
            .await;
    }
    let long = "k".repeat(1_024);
    let path = format!("/api/v1/buckets/datasets/object?key={long}");
    let _: Value = demo.put_bytes(&path, "fits").await.good().await;
    let _ = demo
        .put_bytes(&format!("{path}x"), "too long")
        .await
        .problem(400, "key_too_long")
        .await;
    let _ = demo
        .get("/api/v1/buckets/datasets/object")
        .await
        .problem(422, "validation")
        .await;
}

#[tokio::test]
async fn everything_below_a_prefix_goes_and_a_whole_bucket_only_when_asked() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    for n in 0..30 {
        let path = format!("/api/v1/buckets/many/object?key=p/{n:03}");
        let _: Value = demo.put_bytes(&path, "x").await.good().await;
    }
    let _: Value = demo
        .put_bytes("/api/v1/buckets/many/object?key=q", "x")
        .await
        .good()
        .await;
    let delete = "/api/v1/buckets/many/objects/delete";
    let _ = demo
        .post(delete, &json!({"prefix": ""}))
        .await
        .problem(400, "invalid_argument")
        .await;
    let report: Value = demo
        .post(delete, &json!({"prefix": "p/"}))
        .await
        .good()
        .await;
    assert_eq!(report["deleted_count"], 30);
    let list: Value = demo.get("/api/v1/buckets/many/objects").await.good().await;
    assert_eq!(list["objects"][0]["Key"], "q");
    let report: Value = demo
        .post(delete, &json!({"prefix": "", "all": true}))
        .await
        .good()
        .await;
    assert_eq!(report["deleted_count"], 1);
}

#[tokio::test]
async fn a_body_that_breaks_off_stores_nothing() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for path in [
        "/api/v1/buckets/datasets/object?key=broken",
        "/api/v1/buckets/datasets/objects/broken",
    ] {
        let pieces = vec![
            Ok("some bytes"),
            Err(std::io::Error::other("the line was cut")),
        ];
        let body = reqwest::Body::wrap_stream(futures::stream::iter(pieces));
        let request = demo.request(Method::PUT, path).body(body);
        assert!(request.send().await.is_err(), "{path}");
        let _ = demo
            .get("/api/v1/buckets/datasets/object?key=broken")
            .await
            .problem(404, "object_not_found")
            .await;
    }
}
