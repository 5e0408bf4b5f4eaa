//! What an object is stored with: metadata, tags, access, retention and hold, in parts and whole, straight
//! to the store and through Hako.

use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer, TestApp},
    moto::{self, Moto},
};

const SETS: &str = "/api/v1/buckets/datasets";
const HCP: &[(&str, &str)] = &[("HAKO_LOCAL_PROFILE", "hcp")];
const EVERYBODY: &str = "http://acs.amazonaws.com/groups/global/AllUsers";

fn all() -> Value {
    json!({
        "metadata": {"Project-Code": "A  7", "year": "1843"},
        "tags": {"cost centre": "4&2", "empty": ""},
        "acl": "public-read",
        "retention": "A+7y",
        "legal_hold": true,
    })
}

/// `a` with the fields of `b`.
fn with(mut a: Value, b: Value) -> Value {
    a.as_object_mut()
        .unwrap()
        .extend(b.as_object().unwrap().clone());
    a
}

async fn post(actor: &Actor<'_>, path: &str, body: Value) -> Value {
    actor.post(path, &body).await.good().await
}

/// Sends bytes by a signed URL, with the headers that came with it.
async fn send(signed: &Value, skipping: &str) -> u16 {
    let mut request = reqwest::Client::new().put(signed["url"].as_str().unwrap());
    for (name, value) in signed["headers"].as_object().into_iter().flatten() {
        if name != skipping {
            request = request.header(name, value.as_str().unwrap());
        }
    }
    let answer = request.body("bytes").send().await.unwrap();
    answer.status().as_u16()
}

/// The headers of an object as the store tells them.
async fn told(actor: &Actor<'_>, bucket: &str, key: &str) -> HeaderMap {
    let wish = json!({"bucket": bucket, "key": key});
    let signed = post(actor, "/api/v1/presign", wish).await;
    let answer = reqwest::get(signed["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{key}");
    answer.headers().clone()
}

/// The object has all of [`all`].
async fn has_all(actor: &Actor<'_>, key: &str) {
    let headers = told(actor, "datasets", key).await;
    for (name, value) in [
        ("x-amz-meta-project-code", "A  7"),
        ("x-amz-meta-year", "1843"),
        ("x-amz-tagging-count", "2"),
        ("x-hcp-retentionhold", "true"),
    ] {
        assert_eq!(headers.get(name).unwrap(), value, "{key}");
    }
    let until: i64 = headers["x-hcp-retention"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let year = 31_556_952;
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    assert!(
        (until - now - 7 * year).abs() < 3 * 86_400,
        "{key}: {until}"
    );
    let tags: Value = actor
        .get(&format!("{SETS}/object/tags?key={key}"))
        .await
        .good()
        .await;
    assert_eq!(tags["tags"], all()["tags"], "{key}");
    let acl: Value = actor
        .get(&format!("{SETS}/object/acl?key={key}"))
        .await
        .good()
        .await;
    let grants = acl["grants"].as_array().unwrap();
    let public = grants
        .iter()
        .any(|grant| grant["Grantee"]["URI"] == EVERYBODY && grant["Permission"] == "READ");
    assert!(public, "{key}: {acl}");
}

async fn open_uploads(actor: &Actor<'_>) -> Value {
    let listed: Value = actor.get(&format!("{SETS}/uploads")).await.good().await;
    listed["uploads"].clone()
}

/// Completes an upload of one part.
async fn complete(actor: &Actor<'_>, key: &str, id: &str, more: Value) {
    let base = format!("{SETS}/multipart/{key}");
    let listed: Value = actor
        .get(&format!("{base}/parts?upload_id={id}"))
        .await
        .good()
        .await;
    let etag = &listed["parts"][0]["etag"];
    let body = json!({"upload_id": id, "parts": [{"PartNumber": 1, "ETag": etag}]});
    let _ = post(actor, &format!("{base}/complete"), with(body, more)).await;
}

#[tokio::test]
async fn all_of_it_is_on_objects_in_parts_and_whole() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    // In parts, straight to the store.
    let plan = with(json!({"file_size": 5}), all());
    let signed = post(&demo, &format!("{SETS}/multipart/parts/presign"), plan).await;
    assert_eq!(signed["urls"][0].get("headers"), None);
    assert_eq!(send(&signed["urls"][0], "").await, 200);
    complete(
        &demo,
        "parts",
        signed["upload_id"].as_str().unwrap(),
        json!({}),
    )
    .await;
    // Whole, straight to the store: all of it is signed.
    let wish = json!({"bucket": "datasets", "key": "whole", "method": "put_object"});
    let signed = post(&demo, "/api/v1/presign", with(wish, all())).await;
    let names: Vec<_> = signed["headers"].as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "x-amz-acl",
            "x-amz-meta-project-code",
            "x-amz-meta-year",
            "x-amz-tagging",
            "x-hcp-retention",
            "x-hcp-retentionhold"
        ]
    );
    for name in names {
        assert_eq!(send(&signed, name).await, 403, "{name}");
    }
    assert_eq!(send(&signed, "").await, 200);
    // In parts, through Hako.
    let begun = post(&demo, &format!("{SETS}/multipart/through"), all()).await;
    let id = begun["upload_id"].as_str().unwrap();
    let part = format!("{SETS}/multipart/through?upload_id={id}&part_number=1");
    let _: Value = demo.put_bytes(&part, "bytes").await.good().await;
    complete(&demo, "through", id, json!({})).await;
    // Whole and in parts, through Hako, by headers.
    let headed = |method: Method, path: &str| {
        demo.request(method, path)
            .header("x-amz-meta-project-code", "A  7")
            .header("x-amz-meta-year", "1843")
            .header("x-amz-tagging", "cost+centre=4%262&empty=")
            .header("x-amz-acl", "public-read")
            .header("x-hcp-retention", "A+7y")
            .header("x-hcp-retentionhold", "true")
    };
    let raw = headed(Method::PUT, &format!("{SETS}/object?key=raw")).body("bytes");
    assert_eq!(raw.send().await.unwrap().status(), StatusCode::CREATED);
    let begun = headed(Method::POST, &format!("{SETS}/multipart/headed")).send();
    let begun: Value = Answer(begun.await.unwrap()).good().await;
    let id = begun["upload_id"].as_str().unwrap();
    let part = format!("{SETS}/multipart/headed?upload_id={id}&part_number=1");
    let _: Value = demo.put_bytes(&part, "bytes").await.good().await;
    complete(&demo, "headed", id, json!({})).await;
    for key in ["parts", "whole", "through", "raw", "headed"] {
        has_all(&demo, key).await;
    }
}

#[tokio::test]
async fn retention_and_hold_may_be_said_when_an_upload_is_completed() {
    for profile in [&[][..], HCP] {
        let app = TestApp::with(profile).await;
        let demo = app.demo().await;
        let begun = post(&demo, &format!("{SETS}/multipart/late"), json!({})).await;
        let id = begun["upload_id"].as_str().unwrap();
        let part = format!("{SETS}/multipart/late?upload_id={id}&part_number=1");
        let _: Value = demo.put_bytes(&part, "bytes").await.good().await;
        let bad =
            json!({"upload_id": id, "parts": [{"PartNumber": 1, "ETag": "x"}], "retention": "x"});
        let path = format!("{SETS}/multipart/late/complete");
        let refused = demo
            .post(&path, &bad)
            .await
            .problem(422, "validation")
            .await;
        assert_eq!(refused[0]["loc"], json!(["body", "retention"]));
        let kept = json!({"retention": "-1", "legal_hold": true});
        complete(&demo, "late", id, kept).await;
        let headers = told(&demo, "datasets", "late").await;
        assert_eq!(headers["x-hcp-retention"], "-1");
        assert_eq!(headers["x-hcp-retentionhold"], "true");
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_its_field_and_nothing_is_begun() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let many: Value = (0..11).map(|n| (format!("n{n}"), json!(""))).collect();
    for (field, value) in [
        ("metadata", json!({"a b": "x"})),
        ("metadata", json!({"": "x"})),
        ("metadata", json!({"a": "\u{e9}"})),
        ("metadata", json!({"a": "x\r\ny: z"})),
        ("metadata", json!({"A": "x", "a": "y"})),
        ("metadata", json!({"a": "x".repeat(2_048)})),
        ("tags", json!({"aws:x": "y"})),
        ("tags", json!({"a": "x".repeat(257)})),
        ("tags", many),
        ("acl", json!("aws-exec-read")),
        ("retention", json!("7 years")),
        ("retention", json!("A-1d")),
        ("retention", json!("2001-01-01T00:00:00+0000")),
        ("retention", json!("A+9999y")),
    ] {
        let wish = json!({(field): value});
        let put = json!({"bucket": "datasets", "key": "k", "method": "put_object"});
        for (path, body) in [
            (format!("{SETS}/multipart/k"), wish.clone()),
            (
                format!("{SETS}/multipart/k/presign"),
                with(json!({"file_size": 5}), wish.clone()),
            ),
            ("/api/v1/presign".to_owned(), with(put, wish.clone())),
        ] {
            let refused = demo.post(&path, &body).await;
            let refused = refused.problem(422, "validation").await;
            assert_eq!(refused[0]["loc"][1], field, "{path} {wish}");
        }
    }
    for (name, value) in [
        ("x-amz-tagging", "a=1&a=2"),
        ("x-amz-acl", "everybody"),
        ("x-hcp-retention", "A-1d"),
        ("x-hcp-retentionhold", "yes"),
    ] {
        for (method, path) in [
            (Method::PUT, format!("{SETS}/object?key=k")),
            (Method::POST, format!("{SETS}/multipart/k")),
        ] {
            let refused = demo.request(method, &path).header(name, value).body("x");
            let refused = Answer(refused.send().await.unwrap());
            let refused = refused.problem(422, "validation").await;
            assert_eq!(refused[0]["loc"], json!(["header", name]));
        }
    }
    // To what was begun before nothing can be added, and reading takes nothing.
    let begun = post(&demo, &format!("{SETS}/multipart/begun"), json!({})).await;
    let again = json!({"file_size": 5, "upload_id": begun["upload_id"], "acl": "private"});
    let path = format!("{SETS}/multipart/begun/presign");
    let refused = demo
        .post(&path, &again)
        .await
        .problem(422, "validation")
        .await;
    assert_eq!(refused[0]["loc"][1], "upload_id");
    let get = json!({"bucket": "datasets", "key": "k", "tags": {"a": "b"}});
    let refused = demo.post("/api/v1/presign", &get).await;
    let _ = refused.problem(422, "validation").await;
    let open = open_uploads(&demo).await;
    assert_eq!(open.as_array().unwrap().len(), 1, "{open}");
    let refused = demo.head(&format!("{SETS}/object?key=k")).await;
    assert_eq!(refused.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_a_store_lacks_is_refused_and_told_by_the_session() {
    let app = TestApp::with(HCP).await;
    let demo = app.demo().await;
    let session: Value = demo.get("/api/v1/session").await.good().await;
    assert_eq!(
        session["features"]["objects"],
        json!({"tags": false, "acl": true, "retention": true, "lock": false, "annotations": true, "metadata_as_xml": true})
    );
    let tagged = json!({"tags": {"a": "b"}});
    let path = format!("{SETS}/multipart/k");
    let refused = demo
        .post(&path, &tagged)
        .await
        .problem(422, "validation")
        .await;
    assert_eq!(refused[0]["loc"], json!(["body", "tags"]));
    assert_eq!(open_uploads(&demo).await, json!([]));
    // The rest is there, as HCP has it.
    let begun = json!({"metadata": {"city": "Oslo"}, "acl": "authenticated-read"});
    let _ = post(&demo, &path, begun).await;
}

#[tokio::test]
async fn a_store_of_somebody_else_gets_what_all_of_s3_has() {
    let Some(moto) = Moto::start() else {
        return;
    };
    let app = moto.app().await;
    let own = app.script(moto::KEYS.0, moto::KEYS.1).await;
    let session: Value = own.get("/api/v1/session").await.good().await;
    assert_eq!(
        session["features"]["objects"],
        json!({"tags": true, "acl": true, "retention": false, "lock": true, "annotations": false, "metadata_as_xml": false})
    );
    own.bucket("datasets").await;
    for kept in [json!({"retention": "A+7y"}), json!({"legal_hold": true})] {
        let refused = own.post(&format!("{SETS}/multipart/k"), &kept).await;
        let refused = refused.problem(422, "validation").await;
        let field = kept.as_object().unwrap().keys().next().unwrap();
        assert_eq!(refused[0]["loc"], json!(["body", field]));
    }
    assert_eq!(open_uploads(&own).await, json!([]));
    let wish = json!({
        "metadata": {"city": "Oslo"}, "tags": {"a b": "c/d"}, "acl": "public-read",
    });
    let plan = with(json!({"file_size": 5}), wish.clone());
    let signed = post(&own, &format!("{SETS}/multipart/parts/presign"), plan).await;
    assert_eq!(send(&signed["urls"][0], "").await, 200);
    complete(
        &own,
        "parts",
        signed["upload_id"].as_str().unwrap(),
        json!({}),
    )
    .await;
    let put = json!({"bucket": "datasets", "key": "whole", "method": "put_object"});
    let signed = post(&own, "/api/v1/presign", with(put, wish.clone())).await;
    assert_eq!(send(&signed, "").await, 200);
    for key in ["parts", "whole"] {
        let headers = told(&own, "datasets", key).await;
        assert_eq!(headers["x-amz-meta-city"], "Oslo", "{key}");
        let tags = own.get(&format!("{SETS}/object/tags?key={key}")).await;
        let tags: Value = tags.good().await;
        assert_eq!(tags["tags"], wish["tags"], "{key}");
    }
}

#[tokio::test]
async fn who_lacks_the_right_begins_nothing() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let clerk = json!({
        "username": "clerk", "fullName": "Clerk", "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "password": "Clerk-of-1000",
    });
    let people = "/api/v1/mapi/tenants/demo/userAccounts";
    let made = demo.request(Method::PUT, people).json(&clerk).send().await;
    assert!(made.unwrap().status().is_success());
    let access = format!("{people}/clerk/dataAccessPermissions");
    let may = |rights: Value| {
        let grants = json!({"namespacePermission": [
            {"namespaceName": "datasets", "permissions": {"permission": rights}},
        ]});
        let request = demo.request(Method::POST, &access).json(&grants);
        async move {
            let answer = Answer(request.send().await.unwrap());
            assert!(answer.status().is_success(), "{}", answer.text().await);
        }
    };
    may(json!(["BROWSE", "READ"])).await;
    let clerk = app.script("demo/clerk", "Clerk-of-1000").await;
    let path = format!("{SETS}/multipart/k");
    let tagged = json!({"tags": {"a": "b"}});
    let refused = clerk.post(&path, &tagged).await;
    let _ = refused.problem(403, "access_denied").await;
    may(json!(["BROWSE", "READ", "WRITE"])).await;
    let held = json!({"legal_hold": true});
    let refused = clerk.post(&path, &held).await;
    let _ = refused.problem(403, "access_denied").await;
    assert_eq!(open_uploads(&demo).await, json!([]));
    let _ = post(&clerk, &path, tagged).await;
}
