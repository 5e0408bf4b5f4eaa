//! What an upload manager needs: checksums and conditions that the store keeps, what a bucket does with
//! a key that exists, and why a page is kept out.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Actor, Answer, DEMO_SECRET_KEY, TestApp};

const GOOD: &str = "123456789";
/// One byte of it was damaged.
const BAD: &str = "123456788";
/// The checksums of [`GOOD`].
const CRC32C: &str = "4waSgw==";
const MD5: &str = "JfnnlDI7RTiF9RgfG2JNCw==";

/// `demo/demo` in Base64.
const DEMO_ACCESS_KEY: &str = "ZGVtby9kZW1v";

const HCP: &[(&str, &str)] = &[("HAKO_LOCAL_PROFILE", "hcp")];
const SETS: &str = "/api/v1/buckets/datasets";
/// A page that is not the console's.
const PAGE: &str = "https://other.example";

/// Sends bytes as a browser does: by the URL, with the headers that came with it and those given.
async fn send(signed: &Value, body: &'static str, more: &[(&str, &str)]) -> (u16, String) {
    let mut request = reqwest::Client::new().put(signed["url"].as_str().unwrap());
    for (name, value) in signed["headers"].as_object().into_iter().flatten() {
        request = request.header(name, value.as_str().unwrap());
    }
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    let answer = request.body(body).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn good(actor: &Actor<'_>, method: Method, path: &str, body: &Value) -> Value {
    let request = actor.request(method, path).json(body);
    Answer(request.send().await.unwrap()).good().await
}

async fn post(actor: &Actor<'_>, path: &str, body: Value) -> Value {
    good(actor, Method::POST, path, &body).await
}

async fn invalid(actor: &Actor<'_>, path: &str, body: Value) {
    let refused = actor.post(path, &body).await;
    let _ = refused.problem(422, "validation").await;
}

/// Begins an upload of one part and sends it.
async fn upload(demo: &Actor<'_>, base: &str) -> (String, Value) {
    let plan = json!({"file_size": GOOD.len(), "part_numbers": [1]});
    let signed = post(demo, &format!("{base}/presign"), plan).await;
    assert_eq!(signed["urls"][0].get("headers"), None);
    assert_eq!(send(&signed["urls"][0], GOOD, &[]).await.0, 200);
    let id = signed["upload_id"].as_str().unwrap().to_owned();
    let path = format!("{base}/parts?upload_id={id}");
    let listed: Value = demo.get(&path).await.good().await;
    let etag = &listed["parts"][0]["etag"];
    let completion = json!({"upload_id": id, "parts": [{"PartNumber": 1, "ETag": etag}]});
    (id, completion)
}

#[tokio::test]
async fn a_damaged_part_is_refused_by_the_store() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for (algorithm, header, value) in [
        ("CRC32C", "x-amz-checksum-crc32c", CRC32C),
        ("MD5", "Content-MD5", MD5),
    ] {
        let base = format!("{SETS}/multipart/{algorithm}");
        // Begun, and nothing signed: the checksums are not known yet.
        let plan = json!({"file_size": 9, "checksum_algorithm": algorithm, "parts": []});
        let begun = post(&demo, &format!("{base}/presign"), plan).await;
        assert_eq!(begun["urls"], json!([]));
        let id = begun["upload_id"].as_str().unwrap();
        let part = json!({
            "part_number": 1, "checksum": {"algorithm": algorithm, "value": value},
        });
        let plan = json!({"file_size": 9, "upload_id": id, "parts": [part]});
        let signed = post(&demo, &format!("{base}/presign"), plan).await;
        let part = &signed["urls"][0];
        assert_eq!(part["headers"], json!({header: value}));
        let (status, text) = send(part, BAD, &[]).await;
        assert_eq!(status, 400, "{text}");
        assert!(text.contains("<Code>BadDigest</Code>"), "{text}");
        let unheaded = json!({"url": part["url"]});
        assert_eq!(send(&unheaded, GOOD, &[]).await.0, 403);
        let path = format!("{base}/parts?upload_id={id}");
        let listed: Value = demo.get(&path).await.good().await;
        assert_eq!(listed["parts"], json!([]));
        assert_eq!(send(part, GOOD, &[]).await.0, 200);
        let listed: Value = demo.get(&path).await.good().await;
        let stored = &listed["parts"][0];
        let kept = (algorithm == "CRC32C").then_some(CRC32C);
        assert_eq!(stored["checksum_crc32c"], json!(kept));
        let body = json!({"upload_id": id, "parts": [{
            "PartNumber": 1, "ETag": stored["ETag"], "ChecksumCRC32C": kept,
        }]});
        let _ = post(&demo, &format!("{base}/complete"), body).await;
    }
}

#[tokio::test]
async fn parts_are_signed_by_one_list_and_within_the_file() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let path = &format!("{SETS}/multipart/k/presign");
    let part = json!({"part_number": 1});
    invalid(
        &demo,
        path,
        json!({"file_size": 9, "parts": [part], "part_numbers": [1]}),
    )
    .await;
    invalid(
        &demo,
        path,
        json!({"file_size": 9, "parts": [{"part_number": 2}]}),
    )
    .await;
    invalid(
        &demo,
        path,
        json!({"file_size": 9, "parts": vec![&part; 10_001]}),
    )
    .await;
    invalid(
        &demo,
        path,
        json!({"file_size": 9, "checksum_algorithm": "SHA1"}),
    )
    .await;
    for value in [CRC32C, "", "e3069283"] {
        let checksum = json!({"algorithm": "MD5", "value": value});
        let parts = json!([{"part_number": 1, "checksum": checksum}]);
        invalid(&demo, path, json!({"file_size": 9, "parts": parts})).await;
    }
    let none: Value = demo.get(&format!("{SETS}/uploads")).await.good().await;
    assert_eq!(none["uploads"], json!([]));
    let read = json!({"bucket": "datasets", "key": "k", "if_none_match": true});
    invalid(&demo, "/api/v1/presign", read).await;
}

#[tokio::test]
async fn of_two_writers_one_loses_and_keeps_its_parts() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let base = format!("{SETS}/multipart/raced");
    let (id, mut completion) = upload(&demo, &base).await;
    let request = json!({
        "bucket": "datasets", "key": "raced", "method": "put_object", "if_none_match": true,
        "content_type": "text/plain", "checksum": {"algorithm": "MD5", "value": MD5},
    });
    let signed = post(&demo, "/api/v1/presign", request).await;
    assert_eq!(
        signed["headers"],
        json!({"If-None-Match": "*", "Content-MD5": MD5})
    );
    let typed = [("content-type", "text/plain")];
    let (status, text) = send(&signed, BAD, &typed).await;
    assert_eq!(status, 400, "{text}");
    assert_eq!(send(&signed, GOOD, &typed).await.0, 200);
    let (status, text) = send(&signed, GOOD, &typed).await;
    assert_eq!(status, 412, "{text}");
    // It is signed: nobody leaves it out.
    let unheaded = json!({"url": signed["url"], "headers": {"Content-MD5": MD5}});
    assert_eq!(send(&unheaded, GOOD, &typed).await.0, 403);

    // The same through Hako, which hands the condition on.
    let through = format!("{SETS}/object?key=raced");
    let put = |condition: &'static str| {
        let request = demo.request(Method::PUT, &through);
        request.header("If-None-Match", condition).body(GOOD).send()
    };
    let lost = Answer(put("*").await.unwrap());
    let _ = lost.problem(412, "precondition_failed").await;
    let refused = Answer(put("\"a-tag\"").await.unwrap());
    let _ = refused.problem(400, "invalid_argument").await;

    completion["if_none_match"] = json!(true);
    let complete = format!("{base}/complete");
    let lost = demo.post(&complete, &completion).await;
    let _ = lost.problem(412, "precondition_failed").await;
    let path = format!("{base}/parts?upload_id={id}");
    let kept: Value = demo.get(&path).await.good().await;
    assert_eq!(kept["parts"][0]["size"], GOOD.len());
    let gone = demo.delete(&format!("{SETS}/object?key=raced")).await;
    assert_eq!(gone.status(), StatusCode::OK);
    assert_eq!(put("*").await.unwrap().status(), StatusCode::CREATED);
    let gone = demo.delete(&format!("{SETS}/object?key=raced")).await;
    assert_eq!(gone.status(), StatusCode::OK);
    let _ = post(&demo, &complete, completion).await;
}

#[tokio::test]
async fn what_an_hcp_does_not_overwrite_is_deleted_and_completed() {
    let app = TestApp::with(HCP).await;
    let demo = app.demo().await;
    demo.bucket("plain").await;
    let object = "/api/v1/buckets/plain/object?key=k";
    let stored = demo.put_bytes(object, "first").await;
    assert_eq!(stored.status(), StatusCode::CREATED);
    let base = "/api/v1/buckets/plain/multipart/k";
    let (id, completion) = upload(&demo, base).await;
    let complete = format!("{base}/complete");
    for _ in 0..2 {
        let refused = demo.post(&complete, &completion).await;
        let detail = refused.problem(409, "object_exists").await;
        assert!(detail.as_str().unwrap().contains("is kept"), "{detail}");
    }
    let first = demo.get(object).await.bytes().await;
    assert_eq!(first, b"first");
    let path = format!("{base}/parts?upload_id={id}");
    let kept: Value = demo.get(&path).await.good().await;
    assert_eq!(kept["parts"][0]["size"], GOOD.len());
    assert_eq!(demo.delete(object).await.status(), StatusCode::OK);
    let _ = post(&demo, &complete, completion).await;
    let second = demo.get(object).await.bytes().await;
    assert_eq!(second, GOOD.as_bytes());
}

#[tokio::test]
async fn the_session_says_what_the_store_keeps() {
    let keys = (DEMO_ACCESS_KEY, DEMO_SECRET_KEY);
    let app = TestApp::new().await;
    let foreign = app.before(&[]).await;
    let silent = app.before(&[("HAKO_UPLOAD_CHECKSUM", "none")]).await;
    let hcp = TestApp::with(HCP).await;
    for (actor, expected) in [
        (app.demo().await, json!(["CRC32C", true, 1 << 20])),
        (hcp.demo().await, json!(["CRC32C", false, 1 << 20])),
        (
            foreign.script(keys.0, keys.1).await,
            json!(["MD5", false, 5 << 20]),
        ),
        (
            silent.script(keys.0, keys.1).await,
            json!([null, false, 5 << 20]),
        ),
    ] {
        let session: Value = actor.get("/api/v1/session").await.good().await;
        let upload = &session["upload"];
        let said = json!([
            upload["checksum"],
            upload["conditional_writes"],
            upload["min_part_size"]
        ]);
        assert_eq!(said, expected);
    }
}

/// An account of the demo's tenant without any role, which may use one bucket.
async fn clerk<'a>(app: &'a TestApp, demo: &Actor<'_>, bucket: &str) -> Actor<'a> {
    let users = "/api/v1/mapi/tenants/demo/userAccounts";
    let user = json!({
        "username": "clerk", "fullName": "Clerk", "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "roles": {"role": []}, "password": "Clerk-2026",
    });
    let _ = good(demo, Method::PUT, users, &user).await;
    let grants = json!({"namespacePermission": [{
        "namespaceName": bucket, "permissions": {"permission": ["BROWSE", "READ", "WRITE"]},
    }]});
    let path = format!("{users}/clerk/dataAccessPermissions");
    let _ = post(demo, &path, grants).await;
    app.script("demo/clerk", "Clerk-2026").await
}

#[tokio::test]
async fn an_upload_knows_where_it_goes() {
    let app = TestApp::with(&[("HAKO_UPLOAD_EXPIRY", "3days")]).await;
    let demo = app.demo().await;
    let namespaces = "/api/v1/mapi/tenants/demo/namespaces";
    let made = json!({
        "name": "archive", "hardQuota": "2 GB", "multipartUploadAutoAbortDays": 2,
    });
    let _ = good(&demo, Method::PUT, namespaces, &made).await;
    let stored = demo
        .put_bytes("/api/v1/buckets/archive/object?key=k", GOOD)
        .await;
    assert_eq!(stored.status(), StatusCode::CREATED);
    let path = "/api/v1/buckets/archive/upload-target";
    let target: Value = demo.get(path).await.good().await;
    assert_eq!(target["versioning"], "off");
    assert_eq!(target["overwrites"], "replaced");
    assert_eq!(target["quota_bytes"], 2_u64 << 30);
    assert!(target["used_bytes"].as_u64().unwrap() >= 9, "{target}");
    assert!(target["as_of"].is_string(), "{target}");
    assert_eq!(target["multipart_expires_days"], 2);
    for (status, said, overwrites) in [
        ("Enabled", "enabled", "versioned"),
        ("Suspended", "suspended", "replaced"),
    ] {
        let versioning = "/api/v1/buckets/archive/versioning";
        let _ = good(&demo, Method::PUT, versioning, &json!({ "status": status })).await;
        let target: Value = demo.get(path).await.good().await;
        assert_eq!(target["versioning"], said);
        assert_eq!(target["overwrites"], overwrites);
    }
    // Management says nothing to who has no role; the store's own expiry is known.
    let clerk = clerk(&app, &demo, "archive").await;
    let target: Value = clerk.get(path).await.good().await;
    assert_eq!(
        [
            &target["quota_bytes"],
            &target["used_bytes"],
            &target["as_of"]
        ],
        [&Value::Null; 3]
    );
    assert_eq!(target["multipart_expires_days"], 3);
    let absent = demo.get("/api/v1/buckets/absent/upload-target").await;
    let _ = absent.problem(404, "bucket_not_found").await;
    let others = clerk.get(&format!("{SETS}/upload-target")).await;
    assert!([403, 404].contains(&others.status().as_u16()));
}

#[tokio::test]
async fn an_hcp_overwrites_where_the_namespace_says_so() {
    let app = TestApp::with(HCP).await;
    let demo = app.demo().await;
    demo.bucket("plain").await;
    let path = "/api/v1/buckets/plain/upload-target";
    let target: Value = demo.get(path).await.good().await;
    assert_eq!(target["overwrites"], "refused");
    let namespace = "/api/v1/mapi/tenants/demo/namespaces/plain";
    let _ = post(&demo, namespace, json!({"s3UnversionedOverwrite": true})).await;
    let target: Value = demo.get(path).await.good().await;
    assert_eq!(target["overwrites"], "replaced");
}

#[tokio::test]
async fn open_uploads_say_whose_they_are_and_when_they_end() {
    let app = TestApp::with(&[("HAKO_UPLOAD_EXPIRY", "3days")]).await;
    let demo = app.demo().await;
    let base = format!("{SETS}/multipart/k");
    let (id, _) = upload(&demo, &base).await;
    let listed: Value = demo.get(&format!("{SETS}/uploads")).await.good().await;
    let one = &listed["uploads"][0];
    assert_eq!(one["initiator"]["display_name"], "demo");
    assert_eq!(one["checksum_algorithm"], Value::Null);
    assert_eq!(listed["expires"], true);
    let day = |date: &Value, add: i64| {
        let date = model::Timestamp::parse(date.as_str().unwrap()).unwrap();
        date.unix_seconds() + add * 86_400
    };
    assert_eq!(day(&one["abort_date"], 0), day(&one["initiated"], 3));
    let path = format!("{base}/parts?upload_id={id}");
    let parts: Value = demo.get(&path).await.good().await;
    assert_eq!(parts["initiator"]["display_name"], "demo");
    let touched = &parts["parts"][0]["last_modified"];
    assert_eq!(day(&parts["abort_date"], 0), day(touched, 3));
    // The namespace's own days, where they are fewer.
    let namespace = "/api/v1/mapi/tenants/demo/namespaces/datasets";
    let days = json!({"multipartUploadAutoAbortDays": 1});
    let _ = post(&demo, namespace, days).await;
    let listed: Value = demo.get(&format!("{SETS}/uploads")).await.good().await;
    let one = &listed["uploads"][0];
    assert_eq!(day(&one["abort_date"], 0), day(&one["initiated"], 1));
    let parts: Value = demo.get(&path).await.good().await;
    assert_eq!(day(&parts["abort_date"], 0), day(&one["initiated"], 1));
}

#[tokio::test]
async fn open_uploads_say_which_checksum_their_parts_carry() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let path = format!("{SETS}/object/multipart?key=sums&checksum_algorithm=CRC32C");
    let begun: Value = demo.post(&path, &json!({})).await.good().await;
    let listed: Value = demo.get(&format!("{SETS}/uploads")).await.good().await;
    assert_eq!(listed["uploads"][0]["checksum_algorithm"], "CRC32C");
    assert_eq!(listed["uploads"][0]["ChecksumAlgorithm"], "CRC32C");
    let id = begun["upload_id"].as_str().unwrap();
    let path = format!("{SETS}/object/multipart/parts?key=sums&upload_id={id}");
    let parts: Value = demo.get(&path).await.good().await;
    assert_eq!(parts["checksum_algorithm"], "CRC32C");
    // On HCP only whoever began it may go on with it: a session knows that before it tries.
    let session: Value = demo.get("/api/v1/session").await.good().await;
    assert_eq!(session["features"]["parts_by_initiator"], true);
}

async fn diagnose(actor: &Actor<'_>, origin: &str) -> Value {
    let path = format!("{SETS}/upload-diagnosis");
    post(actor, &path, json!({ "origin": origin })).await
}

/// What objects are stored with needs headers of its own, and only a rule for them lets a page in.
#[tokio::test]
async fn the_headers_of_an_upload_are_let_in_too() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let cors = format!("{SETS}/cors");
    let usual = json!({
        "AllowedOrigins": [PAGE], "AllowedMethods": ["PUT"], "ExposeHeaders": ["ETag"],
        "AllowedHeaders": ["content-*", "x-amz-checksum-*", "if-*"],
    });
    let _ = good(&demo, Method::PUT, &cors, &json!({"CORSRules": [usual]})).await;
    assert_eq!(diagnose(&demo, PAGE).await["verdict"], "ok");
    let path = format!("{SETS}/upload-diagnosis");
    let asks =
        json!({"origin": PAGE, "headers": ["X-Amz-Meta-City", "x-amz-meta-year", "x-amz-acl"]});
    let found = post(&demo, &path, asks.clone()).await;
    assert_eq!(found["verdict"], "header");
    let proposed = found["rule"]["AllowedHeaders"].as_array().unwrap();
    assert!(proposed.contains(&json!("x-amz-meta-*")) && proposed.contains(&json!("x-amz-acl")));
    let _ = post(&demo, &format!("{cors}/rules"), found["rule"].clone()).await;
    assert_eq!(post(&demo, &path, asks).await["verdict"], "ok");
    invalid(&demo, &path, json!({"origin": PAGE, "headers": ["a b"]})).await;
    invalid(
        &demo,
        &path,
        json!({"origin": PAGE, "headers": vec!["a"; 101]}),
    )
    .await;
}

#[tokio::test]
async fn a_page_that_is_kept_out_learns_why_and_is_let_in() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let cors = format!("{SETS}/cors");
    let none = diagnose(&demo, PAGE).await;
    assert_eq!(none["verdict"], "no_rule");
    assert_eq!(
        (&none["existing"], &none["can_configure"]),
        (&json!(0), &json!(true))
    );
    assert_eq!(none["rule"]["AllowedOrigins"], json!([PAGE]));
    let store = format!("http://127.0.0.1:{}", app.running.store.unwrap().s3.port());
    assert_eq!(none["store_origin"], json!(store));
    // The console itself is always let in.
    let own = diagnose(&demo, &app.origin()).await;
    assert_eq!(
        (&own["verdict"], &own["rule"]),
        (&json!("ok"), &Value::Null)
    );

    let rule = |origin: &str, method: &str, headers: &[&str], expose: &[&str]| {
        json!({
            "AllowedOrigins": [origin], "AllowedMethods": [method], "AllowedHeaders": headers,
            "ExposeHeaders": expose,
        })
    };
    for (only, verdict) in [
        (
            rule("https://third.example", "PUT", &["*"], &["ETag"]),
            "origin",
        ),
        (rule(PAGE, "GET", &["*"], &["ETag"]), "method"),
        (
            rule("https://*", "PUT", &["content-type"], &["ETag"]),
            "header",
        ),
        (rule("*", "PUT", &["*"], &[]), "expose"),
        (rule(PAGE, "PUT", &["*"], &["ETag"]), "ok"),
    ] {
        let set = json!({"CORSRules": [only]});
        let _ = good(&demo, Method::PUT, &cors, &set).await;
        let found = diagnose(&demo, PAGE).await;
        assert_eq!(found["verdict"], verdict);
        assert_eq!(found["existing"], 1);
        assert_eq!(found["rule"].is_null(), verdict == "ok");
    }

    // The rule that is proposed does it, and the others stay.
    let third = rule("https://third.example", "GET", &["x-a"], &["x-b"]);
    let silent = json!({
        "AllowedOrigins": ["*"], "AllowedMethods": ["PUT"], "AllowedHeaders": ["*"],
    });
    let set = json!({"CORSRules": [third, silent]});
    let _ = good(&demo, Method::PUT, &cors, &set).await;
    let new = diagnose(&demo, PAGE).await["rule"].clone();
    let rules = format!("{cors}/rules");
    let added = post(&demo, &rules, new.clone()).await;
    assert_eq!(added["added"], true);
    assert_eq!(added["cors_rules"], json!([third, new, silent]));
    let shown: Value = demo.get(&cors).await.good().await;
    assert_eq!(shown["cors_rules"], added["cors_rules"]);
    assert_eq!(diagnose(&demo, PAGE).await["verdict"], "ok");
    let again = post(&demo, &rules, new).await;
    assert_eq!(again["added"], false);
    assert_eq!(again["cors_rules"], added["cors_rules"]);
    for bad in [
        "",
        "*",
        "hako",
        "ftp://a.example",
        "https://a.example/x",
        "https://u@a.example",
    ] {
        let path = format!("{SETS}/upload-diagnosis");
        invalid(&demo, &path, json!({ "origin": bad })).await;
    }
    invalid(&demo, &rules, json!({"AllowedMethods": ["PUT"]})).await;
    invalid(
        &demo,
        &rules,
        json!({"AllowedOrigins": ["*"], "AllowedMethods": []}),
    )
    .await;
}

#[tokio::test]
async fn the_rules_of_the_tenant_hold_and_are_kept() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let document = "<CORSConfiguration><CORSRule><AllowedOrigin>https://third.example</AllowedOrigin>\
        <AllowedMethod>PUT</AllowedMethod><AllowedHeader>*</AllowedHeader>\
        <ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>";
    let tenant = "/api/v1/mapi/tenants/demo/cors";
    let _ = good(&demo, Method::PUT, tenant, &json!({ "cors": document })).await;
    assert_eq!(
        diagnose(&demo, "https://third.example").await["verdict"],
        "ok"
    );
    let found = diagnose(&demo, PAGE).await;
    assert_eq!(
        (&found["verdict"], &found["existing"]),
        (&json!("origin"), &json!(1))
    );
    let rules = format!("{SETS}/cors/rules");
    let added = post(&demo, &rules, found["rule"].clone()).await;
    let first = &added["cors_rules"][0]["AllowedOrigins"];
    assert_eq!(first, &json!(["https://third.example"]));
    for origin in [PAGE, "https://third.example"] {
        assert_eq!(diagnose(&demo, origin).await["verdict"], "ok", "{origin}");
    }
}

#[tokio::test]
async fn who_may_not_set_rules_is_told() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let clerk = clerk(&app, &demo, "datasets").await;
    let found = diagnose(&clerk, PAGE).await;
    assert_eq!(found["verdict"], "unknown");
    assert_eq!(found["can_configure"], false);
    assert_eq!(found["existing"], Value::Null);
    // Who may set rules gets it from who may not.
    assert_eq!(found["rule"]["AllowedOrigins"], json!([PAGE]));
    assert_eq!(
        diagnose(&clerk, &app.origin()).await["rule"],
        Value::Null,
        "where the page is let in"
    );
    let rule = json!({"AllowedOrigins": [PAGE], "AllowedMethods": ["PUT"]});
    let refused = clerk.post(&format!("{SETS}/cors/rules"), &rule).await;
    let _ = refused.problem(403, "access_denied").await;
    let absent = "/api/v1/buckets/absent/upload-diagnosis";
    let absent = demo.post(absent, &json!({ "origin": PAGE })).await;
    let _ = absent.problem(404, "bucket_not_found").await;
}

#[tokio::test]
async fn a_store_that_browsers_cannot_reach_is_told_from_a_missing_rule() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    // A port that was free a moment ago: nobody listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nowhere = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let hidden = app.before(&[("S3_PUBLIC_ENDPOINT_URL", &nowhere)]).await;
    let demo_there = hidden.script(DEMO_ACCESS_KEY, DEMO_SECRET_KEY).await;
    // What is missing in any case comes first.
    let found = diagnose(&demo_there, PAGE).await;
    assert_eq!(found["verdict"], "no_rule");
    assert_eq!(found["store_origin"], json!(nowhere));
    let _ = post(&demo, &format!("{SETS}/cors/rules"), found["rule"].clone()).await;
    let found = diagnose(&demo_there, PAGE).await;
    assert_eq!(found["verdict"], "store_unreachable");
    let open = app.before(&[]).await;
    let demo_there = open.script(DEMO_ACCESS_KEY, DEMO_SECRET_KEY).await;
    assert_eq!(diagnose(&demo_there, PAGE).await["verdict"], "ok");
}
