//! Which workspace a call means, addresses of older scripts, folders that are kept, and keys of a store that has
//! sessions.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer, DEMO_SECRET_KEY, TestApp},
    fake_hcp::FakeHcp,
    moto::{self, Moto},
};

const PUBLIC: &str = "/public/services/s3-storage";

async fn failed(answer: Answer, status: u16) -> String {
    assert_eq!(answer.status().as_u16(), status);
    let body: Value = serde_json::from_str(&answer.text().await).unwrap();
    assert_eq!(body["success"], false);
    body["detail"].as_str().unwrap().to_owned()
}

async fn store(url: &Value) -> String {
    let sent = reqwest::Client::new().put(url.as_str().unwrap());
    let sent = sent.body("part").send().await.unwrap();
    assert_eq!(sent.status(), StatusCode::OK);
    sent.headers()["etag"].to_str().unwrap().to_owned()
}

/// What completes an upload of one part.
async fn filled(begun: &Value) -> Value {
    let etag = store(&begun["parts"][0]["url"]).await;
    json!({"upload_id": begun["upload_id"], "parts": [{"part_number": 1, "etag": etag}]})
}

async fn post(actor: &Actor<'_>, path: &str) -> Value {
    let request = actor.request(Method::POST, path);
    Answer(request.send().await.unwrap()).good().await
}

#[tokio::test]
async fn public_is_the_only_bucket_of_who_has_one() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let made = json!({
        "username": "single", "fullName": "Single", "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "password": "Single-of-1000",
    });
    let request = demo.request(Method::PUT, "/api/v1/mapi/tenants/demo/userAccounts");
    let made = request.json(&made).send().await.unwrap();
    assert!(made.status().is_success());
    let single = app.script("demo/single", "Single-of-1000").await;
    let list = format!("{PUBLIC}/list_files");
    let detail = failed(single.get(&list).await, 400).await;
    assert!(detail.contains("no bucket"), "{detail}");
    let own = async |name: &str| {
        let namespace =
            json!({"name": name, "owner": "single", "ownerType": "LOCAL", "hardQuota": "1 GB"});
        let request = demo.request(Method::PUT, "/api/v1/mapi/tenants/demo/namespaces");
        let made = request.json(&namespace).send().await.unwrap();
        assert_eq!(made.status(), StatusCode::CREATED);
    };
    own("the-only-one").await;
    let url: Value = single
        .post(&format!("{PUBLIC}/put_file"), &json!({"file_path": "a/b"}))
        .await
        .good()
        .await;
    assert!(
        url.as_str().unwrap().contains("/the-only-one/a/b?"),
        "{url}"
    );
    store(&url).await;
    let listed: Value = single.get(&list).await.good().await;
    assert_eq!(listed[0]["name"], "a");
    let path = format!("{PUBLIC}/put_file_start_multipart");
    let begun = json!({"file_path": "parts", "part_count": 1});
    let begun: Value = single.post(&path, &begun).await.good().await;
    let body = filled(&begun).await;
    let path = format!("{PUBLIC}/put_file_complete_multipart");
    let stored: Value = single.post(&path, &body).await.good().await;
    assert_eq!(stored["location"], "/the-only-one/files/parts");
    own("a-second-one").await;
    let detail = failed(single.get(&list).await, 400).await;
    assert!(detail.contains("2 buckets"), "{detail}");
}

#[tokio::test]
async fn the_id_of_an_upload_is_enough_for_who_has_several_buckets() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("quiet").await;
    let begin = |workspace: &'static str| {
        let demo = &demo;
        async move {
            let path = format!("/{workspace}/services/s3-storage/put_file_start_multipart");
            let asked = json!({"file_path": "p", "part_count": 1});
            let begun: Value = demo.post(&path, &asked).await.good().await;
            filled(&begun).await
        }
    };
    let done = format!("{PUBLIC}/put_file_complete_multipart");
    let body = begin("datasets").await;
    // Nobody else's, none that is not, and nothing against what is named.
    let root = app.root().await;
    assert!(!root.post(&done, &body).await.status().is_success());
    let unknown = json!({"upload_id": "nothing", "parts": body["parts"]});
    let _ = failed(demo.post(&done, &unknown).await, 400).await;
    let mut elsewhere = body.clone();
    elsewhere["workspace"] = json!("quiet");
    let _ = failed(demo.post(&done, &elsewhere).await, 404).await;
    let stored: Value = demo.post(&done, &body).await.good().await;
    assert_eq!(stored["location"], "/datasets/files/p");
    // Neither does the token's workspace stand against it.
    let body = begin("datasets").await;
    let fields = [
        ("username", "demo/demo"),
        ("password", "demo-demo"),
        ("workspace", "quiet"),
    ];
    let request = app.anonymous().request(Method::POST, "/api/v1/auth/token");
    let token: Value = Answer(request.form(&fields).send().await.unwrap())
        .good()
        .await;
    let mut named = app.anonymous();
    named.bearer = Some(token["access_token"].as_str().unwrap().to_owned());
    let stored: Value = named.post(&done, &body).await.good().await;
    assert_eq!(stored["location"], "/datasets/files/p");
}

#[tokio::test]
async fn uploads_begin_and_end_at_the_addresses_of_older_scripts() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let path = "/datasets/create-multipart-upload?path=older/one.bin&part_count=2&expires_in=60";
    let begun = post(&demo, path).await;
    assert_eq!(begun["parts"].as_array().unwrap().len(), 2);
    let body = filled(&begun).await;
    let done = "/datasets/complete-multipart-upload";
    let stored: Value = demo.post(done, &body).await.good().await;
    assert_eq!(stored["location"], "/datasets/files/older/one.bin");
    let read = demo.get("/datasets/files/older/one.bin").await;
    assert_eq!(read.text().await, "part");
    for path in ["/datasets/create-multipart-upload", done] {
        assert_eq!(
            demo.get(path).await.status(),
            StatusCode::METHOD_NOT_ALLOWED
        );
    }
    let reserved = demo.request(
        Method::POST,
        "/overview/create-multipart-upload?path=a&part_count=1",
    );
    let _ = failed(Answer(reserved.send().await.unwrap()), 400).await;
}

#[tokio::test]
async fn a_folder_of_which_the_store_keeps_something_is_a_conflict_and_the_rest_is_gone() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for name in ["f/kept.txt", "f/free.txt", "g/free.txt"] {
        let path = format!("/datasets/files/{name}");
        let _: Value = demo.put_bytes(&path, "bytes").await.good().await;
    }
    let hold = "/api/v1/buckets/datasets/object/retention?key=f/kept.txt";
    let hold = demo.request(Method::PUT, hold);
    let hold = hold.json(&json!({"retention": "A+7y"})).send().await;
    assert!(hold.unwrap().status().is_success());
    let detail = failed(demo.delete("/datasets/files/f/").await, 409).await;
    assert!(
        detail.contains("f/kept.txt") && detail.contains("1 files"),
        "{detail}"
    );
    let removing = "/datasets/services/s3-storage/remove_file";
    let called = demo.post(removing, &json!({"path": "f"})).await;
    let _ = failed(called, 409).await;
    let left: Value = demo.get("/datasets/files/f/").await.good().await;
    assert_eq!(left["children"].as_array().unwrap().len(), 1, "{left}");
    let _: Value = demo.delete("/datasets/files/g/").await.good().await;
}

/// moto makes the session and signs by it, but does not look at a session's policy: what it was asked for is looked at.
#[tokio::test]
async fn a_store_with_sessions_gives_keys_for_the_workspace() {
    let Some(moto) = Moto::start() else {
        return;
    };
    let app = moto.app().await;
    let own = app.script(moto::KEYS.0, moto::KEYS.1).await;
    own.bucket("datasets").await;
    let made = "/datasets/services/s3-storage/generate_credential";
    let keys: Value = own.post(made, &json!({})).await.good().await;
    assert_eq!(keys["bucket"], "datasets");
    assert_eq!(keys["prefix"], "");
    assert_eq!(keys["scoped"], true);
    assert_ne!(keys["access_key_id"], moto::KEYS.0);
    assert_ne!(keys["secret_access_key"], moto::KEYS.1);
    let ends = keys["expires_at"].as_str().unwrap();
    let format = &time::format_description::well_known::Rfc3339;
    let ends = time::OffsetDateTime::parse(ends, format).unwrap();
    let left = (ends - time::OffsetDateTime::now_utc()).whole_minutes();
    assert!((715..=720).contains(&left), "{left}");
    // Such keys are worth nothing without their token.
    let token = keys["session_token"].as_str().unwrap();
    assert!(token.len() > 100, "{token}");
    // What moto was asked for.
    let all: Value = moto.state().await;
    let role = &all["sts"]["AssumedRole"][0];
    assert_eq!(role["access_key_id"], keys["access_key_id"]);
    let policy: Value = serde_json::from_str(role["policy"].as_str().unwrap()).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    for statement in statements {
        assert_eq!(statement["Effect"], "Allow");
        for resource in statement["Resource"].as_array().unwrap() {
            let resource = resource.as_str().unwrap();
            let known = ["arn:aws:s3:::datasets", "arn:aws:s3:::datasets/*"];
            assert!(known.contains(&resource), "{resource}");
        }
    }
    let absent = "/no-such-bucket/services/s3-storage/generate_credential";
    let _ = failed(own.post(absent, &json!({})).await, 404).await;
}

/// An HCP has no narrower keys: they are those of the name and the password, as HCP derives them.
#[tokio::test]
async fn an_hcp_gives_the_caller_s_own_keys_and_says_so() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = app.script("acme/admin", "password").await;
    let made = "/datasets/services/s3-storage/generate_credential";
    let keys: Value = admin.post(made, &json!({})).await.good().await;
    assert_eq!(keys["scoped"], false);
    assert_eq!(keys["bucket"], "datasets");
    assert_eq!(keys["prefix"], "");
    assert_eq!(keys["access_key_id"], "YWRtaW4=");
    assert_eq!(
        keys["secret_access_key"],
        "5f4dcc3b5aa765d61d8327deb882cf99"
    );
    // They end with the password, and need no token.
    for none in ["expires_at", "session_token"] {
        assert!(keys[none].is_null(), "{none}: {}", keys[none]);
    }
    assert!(keys["endpoint_url"].is_string() && keys["region_name"].is_string());
}

#[tokio::test]
async fn a_store_without_sessions_gives_no_keys() {
    let store = TestApp::new().await;
    let app = store.before(&[]).await;
    let own = app.script("ZGVtby9kZW1v", DEMO_SECRET_KEY).await;
    let made = "/datasets/services/s3-storage/generate_credential";
    let answer = own.post(made, &json!({})).await;
    let text = failed(answer, 501).await;
    assert!(text.contains("AssumeRole"), "{text}");
    // Least of all the caller's own.
    assert!(!text.contains(DEMO_SECRET_KEY));
}
