//! Custom metadata in named pieces, with the habits of S3 behind it and with those of HCP.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Actor, Answer, TestApp};

/// The habits of the store.
const PROFILES: [&[(&str, &str)]; 2] = [&[], &[("HAKO_LOCAL_PROFILE", "hcp")]];
const OBJECT: &str = "/api/v1/buckets/datasets/object?key=a%2Fb%20%C3%B6";
const ALL: &str = "/api/v1/buckets/datasets/object/metadata?key=a%2Fb%20%C3%B6";

fn one(name: &str) -> String {
    ALL.replace("metadata?", &format!("metadata/{name}?"))
}

/// Saves, with a header more.
async fn save(
    actor: &Actor<'_>,
    name: &str,
    media_type: &str,
    body: &str,
    condition: Option<(&str, &str)>,
) -> Answer {
    let request = actor.request(Method::PUT, &one(name));
    let mut request = request.header("content-type", media_type);
    if let Some((name, value)) = condition {
        request = request.header(name, value);
    }
    Answer(request.body(body.to_owned()).send().await.unwrap())
}

const XML: &str = "application/xml";
const JSON: &str = "application/json";

async fn seeded(app: &TestApp) -> Actor<'_> {
    let demo = app.demo().await;
    let stored = demo.request(Method::PUT, OBJECT);
    let stored = stored.header("x-amz-meta-author", "Ada").body("bytes");
    assert_eq!(stored.send().await.unwrap().status(), StatusCode::CREATED);
    demo
}

#[tokio::test]
async fn annotations_are_saved_listed_read_and_removed() {
    for profile in PROFILES {
        let app = TestApp::with(profile).await;
        let demo = seeded(&app).await;
        let before: Value = demo.get(ALL).await.good().await;
        let pairs =
            r#"<metapairs version="600"><meta-author><![CDATA[Ada]]></meta-author></metapairs>"#;
        let metapairs = json!({"name": ".metapairs", "size": pairs.len()});
        assert_eq!(before, json!({"annotations": [metapairs]}));

        let document = "<?xml version=\"1.0\"?>\n<lab>é</lab>";
        let saved: Value = save(&demo, "lab", XML, document, None).await.good().await;
        assert_eq!(saved["status"], "saved");
        assert_eq!(saved["name"], "lab");
        assert_eq!(saved["size"], document.len());
        let saved: Value = save(&demo, "order", JSON, " {\"a\": [1]}\n", None)
            .await
            .good()
            .await;
        let read = demo.get(&one("order")).await;
        assert_eq!(read.header("content-type"), "application/json");
        assert_eq!(read.header("etag"), saved["etag"].as_str().unwrap());
        assert_eq!(read.header("x-content-type-options"), "nosniff");
        assert!(read.header("content-security-policy").contains("sandbox"));
        assert_eq!(read.text().await, " {\"a\": [1]}\n");
        let read = demo.get(&one("lab")).await;
        assert_eq!(read.header("content-type"), "application/xml");
        assert_eq!(read.text().await, document);
        let read = demo.get(&one(".metapairs")).await;
        assert_eq!(read.text().await, pairs);

        let all: Value = demo.get(&format!("{ALL}&content=true")).await.good().await;
        let all = all["annotations"].as_array().unwrap();
        let names: Vec<_> = all.iter().map(|one| &one["name"]).collect();
        assert_eq!(names, [".metapairs", "lab", "order"]);
        assert_eq!(all[1]["text"], document);
        assert_eq!(all[1]["content_type"], "application/xml");
        assert_eq!(all[2]["etag"], saved["etag"]);

        let gone: Value = demo.delete(&one("lab")).await.good().await;
        assert_eq!(gone, json!({"status": "deleted"}));
        let _ = demo
            .get(&one("lab"))
            .await
            .problem(404, "annotation_not_found")
            .await;
        let _ = demo
            .delete(&one("lab"))
            .await
            .problem(404, "annotation_not_found")
            .await;

        // The metadata of S3 is one of them.
        let pairs = "<metapairs><meta-author>Grace</meta-author></metapairs>";
        let _: Value = save(&demo, ".metapairs", XML, pairs, None)
            .await
            .good()
            .await;
        let head = demo.head(OBJECT).await;
        assert_eq!(head.header("x-amz-meta-author"), "Grace");
    }
}

#[tokio::test]
async fn one_save_does_not_overwrite_another() {
    for profile in PROFILES {
        let app = TestApp::with(profile).await;
        let demo = seeded(&app).await;
        let on = async |condition: (&'static str, &str), body: &str| {
            save(&demo, "lab", JSON, body, Some(condition)).await
        };
        let refused = on(("if-match", "\"any\""), "1").await;
        let _ = refused.problem(412, "precondition_failed").await;
        let first: Value = on(("if-none-match", "*"), "1").await.good().await;
        let etag = first["etag"].as_str().unwrap();
        let refused = on(("if-none-match", "*"), "2").await;
        let _ = refused.problem(412, "precondition_failed").await;
        let second: Value = on(("if-match", etag), "2").await.good().await;
        let refused = on(("if-match", etag), "3").await;
        let _ = refused.problem(412, "precondition_failed").await;
        assert_eq!(demo.get(&one("lab")).await.text().await, "2");

        // Of many at once one wins.
        let etag = second["etag"].as_str().unwrap();
        let bodies: Vec<_> = (10..18).map(|number| number.to_string()).collect();
        let racing = bodies.iter().map(|body| on(("if-match", etag), body));
        let statuses = futures::future::join_all(racing).await;
        let won = statuses.iter().filter(|one| one.status() == 200).count();
        let lost = statuses.iter().filter(|one| one.status() == 412).count();
        assert_eq!((won, lost), (1, 7));

        let remove = async |tag: &str| {
            let request = demo.request(Method::DELETE, &one("lab"));
            Answer(request.header("if-match", tag).send().await.unwrap())
        };
        let _ = remove(etag).await.problem(412, "precondition_failed").await;
        let now = demo.get(&one("lab")).await;
        let _: Value = remove(now.header("etag")).await.good().await;
        for condition in [("if-none-match", "\"x\""), ("if-match", "caf\u{e9}")] {
            let refused = on(condition, "4").await;
            let _ = refused.problem(400, "invalid_argument").await;
        }
    }
}

#[tokio::test]
async fn what_cannot_be_saved_is_refused_and_changes_nothing() {
    let app = TestApp::new().await;
    let demo = seeded(&app).await;
    let _: Value = save(&demo, "lab", XML, "<a/>", None).await.good().await;
    for (media_type, body, status, code) in [
        (XML, "<a>", 422, "validation"),
        (XML, "{}", 422, "validation"),
        (XML, "", 422, "validation"),
        (JSON, "{", 422, "validation"),
        (JSON, "{} {}", 422, "validation"),
        (JSON, "<a/>", 422, "validation"),
        ("text/plain", "x", 415, "unsupported_media_type"),
    ] {
        let refused = save(&demo, "lab", media_type, body, None).await;
        let _ = refused.problem(status, code).await;
    }
    let large = format!("\"{}\"", "x".repeat(1_048_574));
    let _: Value = save(&demo, "large", JSON, &large, None).await.good().await;
    assert_eq!(demo.get(&one("large")).await.text().await, large);
    // What is that long is listed and not shown.
    let all: Value = demo.get(&format!("{ALL}&content=true")).await.good().await;
    let listed = json!({"name": "large", "size": 1_048_576});
    assert!(all["annotations"].as_array().unwrap().contains(&listed));
    let larger = format!("\"{}\"", "x".repeat(1_048_575));
    let refused = save(&demo, "larger", JSON, &larger, None).await;
    let detail = refused.problem(413, "payload_too_large").await;
    assert!(detail.as_str().unwrap().contains("1048576"), "{detail}");
    for name in ["%20", "a%20b", "a%2Fb", "..%2F", "-", &"x".repeat(33)] {
        let refused = save(&demo, name, XML, "<a/>", None).await;
        let detail = refused.problem(422, "validation").await;
        assert_eq!(detail[0]["loc"], json!(["path", "annotation"]));
    }
    let versioned = format!("{}&version_id=7", one("lab"));
    let refused = demo.request(Method::PUT, &versioned).json(&json!({}));
    let _ = Answer(refused.send().await.unwrap())
        .problem(422, "validation")
        .await;
    let _ = demo
        .delete(&versioned)
        .await
        .problem(422, "validation")
        .await;
    let keyless = "/api/v1/buckets/datasets/object/metadata";
    let _ = demo.get(keyless).await.problem(422, "validation").await;
    let odd = format!("{ALL}&content=yes");
    let _ = demo.get(&odd).await.problem(422, "validation").await;
    let absent = "/api/v1/buckets/datasets/object/metadata?key=absent";
    let _ = demo
        .get(absent)
        .await
        .problem(404, "object_not_found")
        .await;
    assert_eq!(demo.get(&one("lab")).await.text().await, "<a/>");
}

#[tokio::test]
async fn an_older_version_keeps_its_annotations() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("kept").await;
    let versioning = demo.request(Method::PUT, "/api/v1/buckets/kept/versioning");
    let versioning = versioning.json(&json!({"status": "Enabled"})).send().await;
    assert_eq!(versioning.unwrap().status(), StatusCode::OK);
    let object = "/api/v1/buckets/kept/object?key=a";
    let first: Value = demo.put_bytes(object, "one").await.good().await;
    let lab = "/api/v1/buckets/kept/object/metadata/lab?key=a";
    let saved = demo.request(Method::PUT, lab).json(&json!({"lab": 1}));
    assert_eq!(saved.send().await.unwrap().status(), StatusCode::OK);
    let _: Value = demo.put_bytes(object, "two").await.good().await;
    let _ = demo
        .get(lab)
        .await
        .problem(404, "annotation_not_found")
        .await;
    let first = first["version_id"].as_str().unwrap();
    let old: Value = demo
        .get(&format!("{lab}&version_id={first}"))
        .await
        .good()
        .await;
    assert_eq!(old, json!({"lab": 1}));
    let all = format!("/api/v1/buckets/kept/object/metadata?key=a&version_id={first}");
    let all: Value = demo.get(&all).await.good().await;
    assert_eq!(all["annotations"][0]["name"], "lab");
}

#[tokio::test]
async fn whoever_may_not_is_refused() {
    let app = TestApp::new().await;
    let demo = seeded(&app).await;
    let _: Value = save(&demo, "lab", XML, "<a/>", None).await.good().await;
    let clerk = json!({
        "username": "clerk", "fullName": "Clerk", "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "password": "Clerk-of-1000", "roles": {"role": ["MONITOR"]},
    });
    let made = demo.request(Method::PUT, "/api/v1/mapi/tenants/demo/userAccounts");
    let made = made.json(&clerk).send().await.unwrap();
    assert!(made.status().is_success(), "{}", made.text().await.unwrap());
    let clerk = app.script("demo/clerk", "Clerk-of-1000").await;
    let _ = clerk.get(ALL).await.problem(403, "access_denied").await;
    let _ = clerk
        .get(&one("lab"))
        .await
        .problem(403, "access_denied")
        .await;
    let refused = save(&clerk, "lab", XML, "<b/>", None).await;
    let _ = refused.problem(403, "access_denied").await;
    let _ = clerk
        .delete(&one("lab"))
        .await
        .problem(403, "access_denied")
        .await;
    let nobody = app.anonymous();
    let _ = nobody
        .get(ALL)
        .await
        .problem(401, "not_authenticated")
        .await;
    let root = app.root().await;
    let _ = root.get(ALL).await.problem(403, "tenant_required").await;
    assert_eq!(demo.get(&one("lab")).await.text().await, "<a/>");
}

#[tokio::test]
async fn a_store_without_annotations_says_so() {
    let behind = TestApp::new().await;
    let app = behind.before(&[("STORAGE_BACKEND", "generic")]).await;
    let keys = app
        .script("ZGVtby9kZW1v", crate::app::DEMO_SECRET_KEY)
        .await;
    let session: Value = keys.get("/api/v1/session").await.good().await;
    assert_eq!(session["features"]["objects"]["annotations"], false);
    let detail = keys.get(ALL).await.problem(501, "not_supported").await;
    assert!(detail.as_str().unwrap().contains("HCP"), "{detail}");
    let refused = save(&keys, "lab", XML, "<a/>", None).await;
    let _ = refused.problem(501, "not_supported").await;
}
