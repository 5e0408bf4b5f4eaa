//! Files of the management API: what is put in arrives as it was, what is fetched comes while it is sent, and nothing
//! secret is in any package of the embedded store.

use std::{collections::BTreeMap, io::Read as _, time::Duration};

use axum::body::{Body, Bytes};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures::{StreamExt as _, stream};
use reqwest::{Method, StatusCode, multipart};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use zip::ZipArchive;

use crate::{
    app::{Actor, Answer, DEMO_SECRET_KEY, TestApp},
    fake_hcp::{CERTIFICATE_TEXT, FakeHcp},
};

const M: &str = "/api/v1/mapi";
const CERTIFICATES: &str = "/services/replication/certificates";

async fn put_form(actor: &Actor<'_>, path: &str, form: multipart::Form) -> Answer {
    let request = actor.request(Method::PUT, &format!("{M}{path}"));
    Answer(request.multipart(form).send().await.unwrap())
}

fn form(bytes: impl Into<Vec<u8>>) -> multipart::Form {
    let file = multipart::Part::bytes(bytes.into()).file_name("file");
    // What stands before the file is passed over.
    let form = multipart::Form::new().text("note", "of no use");
    form.part("file", file)
}

async fn post(actor: &Actor<'_>, path: &str) -> Answer {
    let request = actor.request(Method::POST, &format!("{M}{path}"));
    Answer(request.send().await.unwrap())
}

#[tokio::test]
async fn files_reach_hcp_as_they_are_and_under_their_own_type() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = app.script("admin", "password").await;
    hcp.asked();
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    for (path, media_type) in [
        ("/storage/licenses", "text/html"),
        (CERTIFICATES, "text/plain"),
        ("/supportaccesscredentials", "application/octet-stream"),
    ] {
        let put = put_form(&admin, path, form(bytes.clone())).await;
        assert_eq!(put.status(), StatusCode::CREATED, "{path}");
        let put: Value = put.good().await;
        assert_eq!(put, json!({"status": "created"}));
        let [asked] = &hcp.asked()[..] else {
            panic!("{path} was not sent once");
        };
        assert_eq!((&*asked.path, &*asked.media_type), (path, media_type));
        assert!(asked.bytes == bytes, "{path}");
    }
    hcp.say("PUT", CERTIFICATES, 400, "it is expired", "");
    let refused = put_form(&admin, CERTIFICATES, form("x")).await;
    let detail = refused.problem(400, "invalid_argument").await;
    assert_eq!(detail, "it is expired");
    hcp.say("PUT", CERTIFICATES, 409, "it is there", "");
    let refused = put_form(&admin, CERTIFICATES, form("x")).await;
    let _ = refused.problem(409, "already_exists").await;
}

#[tokio::test]
async fn files_that_cannot_be_are_refused_before_hcp_hears_of_them() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = app.script("admin", "password").await;
    hcp.asked();
    let no_file = multipart::Form::new().text("other", "x");
    let refused = put_form(&admin, CERTIFICATES, no_file).await;
    let faults = refused.problem(422, "validation").await;
    assert_eq!(faults[0]["loc"], json!(["body", "file"]));
    let refused = put_form(&admin, CERTIFICATES, form("")).await;
    let _ = refused.problem(422, "validation").await;
    let long = vec![0; 16 * 1024 * 1024 + 1];
    let refused = put_form(&admin, CERTIFICATES, form(long.clone())).await;
    let _ = refused.problem(413, "payload_too_large").await;
    // Not as something else beside a file either.
    let around = multipart::Form::new()
        .part(
            "other",
            multipart::Part::bytes([long, vec![0; 1 << 20]].concat()),
        )
        .text("file", "x");
    let refused = put_form(&admin, CERTIFICATES, around).await;
    let _ = refused.problem(413, "payload_too_large").await;
    let path = format!("{M}{CERTIFICATES}");
    let bare = admin.put_bytes(&path, CERTIFICATE_TEXT).await;
    let _ = bare.problem(415, "unsupported_media_type").await;
    let anonymous = put_form(&app.anonymous(), CERTIFICATES, form("x")).await;
    let _ = anonymous.problem(401, "not_authenticated").await;
    assert!(hcp.asked().is_empty());
    let left = std::fs::read_dir(app.data.path().join("data")).unwrap();
    let names: Vec<_> = left.map(|file| file.unwrap().file_name()).collect();
    assert!(
        names
            .iter()
            .all(|name| !name.to_string_lossy().starts_with(".tmp")),
        "{names:?}"
    );
}

#[tokio::test]
async fn actions_on_logs_and_reports_are_hcp_s_own() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = app.script("admin", "password").await;
    hcp.asked();
    for (path, sent, query) in [
        ("/logs?mark=case%207", "/logs", Some(("mark", "case 7"))),
        ("/logs?cancel=true", "/logs", Some(("cancel", ""))),
        ("/logs?cancel=false", "/logs", None),
        ("/logs?cancel=false&mark=m", "/logs", Some(("mark", "m"))),
        (
            "/healthCheckReport/cancel",
            "/healthCheckReport",
            Some(("cancel", "")),
        ),
    ] {
        let status = post(&admin, path).await;
        assert_eq!(status.status(), StatusCode::OK, "{path}");
        let asked = &hcp.asked()[0];
        assert_eq!(asked.path, sent, "{path}");
        let pairs: Vec<_> = asked.query.iter().map(|(n, v)| (&**n, &**v)).collect();
        assert_eq!(pairs, Vec::from_iter(query), "{path}");
        assert_eq!(asked.body, json!({}), "{path}");
    }
    let refused = post(&admin, "/logs?cancel=perhaps").await;
    let _ = refused.problem(422, "validation").await;
    for (path, body) in [
        ("/logs/prepare", json!({"startDate": "2024-06-01"})),
        ("/logs/download", json!({"content": "KEYS"})),
        ("/healthCheckReport/prepare", json!({"exactTime": "25:00"})),
    ] {
        let refused = admin.post(&format!("{M}{path}"), &body).await;
        let _ = refused.problem(422, "validation").await;
    }
    assert!(hcp.asked().is_empty());
    // HCP looks at the present state unless it is told otherwise.
    let path = format!("{M}/healthCheckReport/prepare");
    let _: Value = admin.post(&path, &json!({})).await.good().await;
    assert_eq!(hcp.asked()[0].body, json!({}));
    hcp.say("POST", "/logs/prepare", 400, "already running", "");
    let refused = admin.post(&format!("{M}/logs/prepare"), &json!({})).await;
    let detail = refused.problem(400, "invalid_argument").await;
    assert_eq!(detail, "already running");
}

#[tokio::test]
async fn certificates_are_looked_up_and_the_system_s_own_is_reached() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = app.script("admin", "password").await;
    let one = admin.get(&format!("{M}{CERTIFICATES}/cert-001")).await;
    let one: Value = one.good().await;
    assert_eq!(one["subjectDN"], "CN=*.hcp2.example.com");
    let other = admin.get(&format!("{M}{CERTIFICATES}/cert-002")).await;
    let _ = other.problem(404, "certificate_not_found").await;
    let own = admin.get(&format!("{M}{CERTIFICATES}/server")).await;
    assert_eq!(own.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(
        own.header("content-disposition"),
        "attachment; filename=\"hcp-certificate.pem\""
    );
    assert_eq!(own.text().await, CERTIFICATE_TEXT);
    let path = format!("{CERTIFICATES}/server");
    hcp.say("GET", &path, 404, "There is no TLS here.", "");
    let none = admin.get(&format!("{M}{path}")).await;
    let detail = none.problem(404, "certificate_not_found").await;
    assert!(detail.as_str().unwrap().ends_with("There is no TLS here."));
    let removed = admin.delete(&format!("{M}{CERTIFICATES}/cert-001")).await;
    let removed: Value = removed.good().await;
    assert_eq!(
        removed,
        json!({"status": "deleted", "certificateId": "cert-001"})
    );
}

/// A body of which the test has the other end.
fn piecewise() -> (mpsc::Sender<Bytes>, Body) {
    let (sender, receiver) = mpsc::channel(1);
    let pieces = stream::unfold(receiver, |mut receiver| async {
        let piece = receiver.recv().await?;
        Some((Ok::<_, std::io::Error>(piece), receiver))
    });
    (sender, Body::from_stream(pieces))
}

#[tokio::test]
async fn packages_come_while_they_are_sent_and_end_with_whoever_fetches_them() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = app.script("admin", "password").await;
    let (sender, body) = piecewise();
    hcp.stream("POST", "/logs/download", body);
    sender.send(Bytes::from_static(b"PK first")).await.unwrap();
    let answer = post(&admin, "/logs/download").await;
    assert_eq!(answer.header("content-type"), "application/octet-stream");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"hcp-logs.zip\""
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    let mut pieces = answer.0.bytes_stream();
    // There is no more of it yet.
    assert_eq!(pieces.next().await.unwrap().unwrap(), "PK first");
    sender.send(Bytes::from_static(b" second")).await.unwrap();
    assert_eq!(pieces.next().await.unwrap().unwrap(), " second");
    drop(sender);
    assert!(pieces.next().await.is_none());

    let (sender, body) = piecewise();
    hcp.stream("POST", "/healthCheckReport/download", body);
    sender.send(Bytes::from_static(b"PK")).await.unwrap();
    let answer = post(&admin, "/healthCheckReport/download").await;
    let mut pieces = answer.0.bytes_stream();
    assert_eq!(pieces.next().await.unwrap().unwrap(), "PK");
    // Nobody takes it: what waits on the way is bounded.
    let megabyte = Bytes::from(vec![0; 1 << 20]);
    let mut sent = 0;
    while let Ok(Ok(())) =
        tokio::time::timeout(Duration::from_secs(2), sender.send(megabyte.clone())).await
    {
        sent += 1;
        assert!(
            sent < 64,
            "{sent} MB are held for a client that does not read"
        );
    }
    drop(pieces);
    tokio::time::timeout(Duration::from_secs(20), sender.closed())
        .await
        .expect("HCP goes on sending to nobody");
}

/// Prepares a package of the embedded store and unpacks it.
async fn package(root: &Actor<'_>, of: &str) -> BTreeMap<String, String> {
    let prepare = format!("{M}{of}/prepare");
    let begun: Value = root.post(&prepare, &json!({})).await.good().await;
    assert_eq!(begun, json!({"status": "ok"}));
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        let status: Value = root.get(&format!("{M}{of}")).await.good().await;
        assert_eq!(status["error"], false);
        if status["readyForStreaming"] == true {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "{status}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let answer = post(root, &format!("{of}/download")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let bytes = answer.bytes().await;
    let mut archive = ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        files.insert(entry.name().unwrap().into_owned(), text);
    }
    files
}

/// Everything that opens something, used rightly and wrongly: by accounts, sessions, presigned URLs, Hako links,
/// temporary keys. What each is, by what it is called.
async fn credentials(app: &TestApp) -> Vec<(&'static str, String)> {
    let mut all = vec![
        (
            "the administrator's password",
            "Adm1n-of-packages".to_owned(),
        ),
        (
            "the deployment's secret",
            "0123456789abcdef-of-packages-0123".to_owned(),
        ),
        ("the demo's password", "demo-demo".to_owned()),
        ("the demo's S3 key", DEMO_SECRET_KEY.to_owned()),
        ("a user's password", "Us3r-of-packages".to_owned()),
        ("a wrong password", "Wr0ng-of-packages".to_owned()),
        ("a link's password", "L1nk-of-packages".to_owned()),
    ];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let demo = app.demo().await;
    all.push(("a bearer", demo.bearer.clone().unwrap()));
    let browser = app.browser().await;
    all.push(("a cookie", browser.cookie().unwrap()));
    assert_eq!(browser.get("/buckets").await.status(), StatusCode::OK);
    let user = json!({
        "username": "packer", "fullName": "packer", "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "password": "Us3r-of-packages", "roles": {"role": ["MONITOR"]},
    });
    let users = format!("{M}/tenants/demo/userAccounts");
    let made = demo.request(Method::PUT, &users).json(&user).send().await;
    assert_eq!(made.unwrap().status(), StatusCode::CREATED);
    let packer = app.script("demo/packer", "Us3r-of-packages").await;
    all.push(("another bearer", packer.bearer.clone().unwrap()));
    let _ = app.token("demo/packer", "Wr0ng-of-packages").await.status();
    let forged = app.anonymous().request(Method::GET, "/api/v1/buckets");
    let forged = forged
        .bearer_auth("F0rged-of-packages")
        .send()
        .await
        .unwrap();
    assert_eq!(forged.status(), StatusCode::UNAUTHORIZED);
    all.push(("a forged bearer", "F0rged-of-packages".to_owned()));

    let object = "/api/v1/buckets/datasets/object?key=secret%20paper";
    let stored = demo.put_bytes(object, "bytes").await;
    assert_eq!(stored.status(), StatusCode::CREATED);
    let get = json!({"bucket": "datasets", "key": "secret paper", "method": "get_object"});
    let signed: Value = demo.post("/api/v1/presign", &get).await.good().await;
    let url = text(&signed["url"]);
    let (_, signature) = url.rsplit_once("Signature=").unwrap();
    let signature = signature.split('&').next().unwrap().to_owned();
    let fetched = reqwest::get(&url).await.unwrap();
    assert_eq!(fetched.status(), StatusCode::OK);
    let other = url.replace(&signature, &"f00d".repeat(16));
    assert_eq!(
        reqwest::get(&other).await.unwrap().status(),
        StatusCode::FORBIDDEN
    );
    all.push(("a signature", signature));
    all.push(("a presigned URL", url));

    let link = json!({"bucket": "datasets", "key": "secret paper", "password": "L1nk-of-packages"});
    let made: Value = demo.post("/api/v1/links", &link).await.good().await;
    let url = text(&made["url"]);
    let (_, token) = url.split_once("/l/").unwrap();
    let visit = app.anonymous().get(&format!("/l/{token}")).await;
    assert!(visit.status().is_success());
    let wrong = format!("/l/{token}");
    let fields = [("password", "Wr0ng-of-packages")];
    let _ = app.anonymous().form(&wrong, &fields).await.status();
    let fields = [("password", "L1nk-of-packages")];
    let _ = app.anonymous().form(&wrong, &fields).await.status();
    all.push(("a link's token", token.to_owned()));

    let lend = json!({"bucket": "datasets", "prefix": "", "access": "read", "duration": 900});
    let key: Value = demo
        .post("/api/v1/credentials/temporary", &lend)
        .await
        .good()
        .await;
    all.push(("a temporary key's secret", text(&key["secret_access_key"])));
    all
}

/// In the forms in which it may have been written down.
fn forms(secret: &str) -> [String; 4] {
    let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let base64 = STANDARD.encode(secret).trim_end_matches('=').to_owned();
    // The last letter of it depends on what follows.
    let base64 = base64[..base64.len() - 1].to_owned();
    let json = serde_json::to_string(secret).unwrap();
    [
        secret.to_owned(),
        encoded,
        base64,
        json.trim_matches('"').to_owned(),
    ]
}

/// SYS-4, HLT-1: packages are real, and none of the credentials that were used is in them.
#[tokio::test]
async fn no_credential_is_in_any_package() {
    let app = TestApp::logging(&[
        ("HAKO_ADMIN_PASSWORD", "Adm1n-of-packages"),
        ("API_SECRET_KEY", "0123456789abcdef-of-packages-0123"),
    ])
    .await;
    let mut secrets = credentials(&app).await;
    let root = app.script("admin", "Adm1n-of-packages").await;
    secrets.push(("the administrator's bearer", root.bearer.clone().unwrap()));
    let certificate = put_form(&root, CERTIFICATES, form(CERTIFICATE_TEXT)).await;
    assert_eq!(certificate.status(), StatusCode::CREATED);
    let key = "-----BEGIN PRIVATE KEY-----\nS2V5LW9mLXBhY2thZ2Vz\n-----END PRIVATE KEY-----\n";
    let refused = put_form(&root, CERTIFICATES, form(key)).await;
    let _ = refused.problem(400, "invalid_argument").await;
    secrets.push(("a private key", "S2V5LW9mLXBhY2thZ2Vz".to_owned()));
    let marked = post(&root, "/logs?mark=before%20the%20package").await;
    assert_eq!(marked.status(), StatusCode::OK);

    let logs = package(&root, "/logs").await;
    let health = package(&root, "/healthCheckReport").await;
    // What happened is there, or nothing would be proved.
    let requests = &logs["101/access/requests.jsonl"];
    for seen in ["/api/v1/presign", "/l/…", "/sign-in", "/api/v1/auth/token"] {
        assert!(requests.contains(seen), "{seen}: {requests}");
    }
    let changes = &logs["101/access/changes.jsonl"];
    assert!(changes.contains("/userAccounts/packer"), "{changes}");
    assert!(logs["101/application/journal.jsonl"].contains("before the package"));
    assert!(logs["101/system/settings.txt"].contains("API_SECRET_KEY=(set)"));
    assert_eq!(health.len(), 8, "{:?}", health.keys());
    let live = root.get("/api/v1/log?limit=2000").await.text().await;
    assert!(live.contains("/api/v1/presign"), "{live}");
    let live = ("what is read along".to_owned(), live);
    let texts = logs.iter().chain(&health).chain([(&live.0, &live.1)]);
    for (name, text) in texts {
        for (what, secret) in &secrets {
            for form in forms(secret) {
                assert!(!text.contains(&form), "{name} has {what}: {text}");
            }
        }
    }
}

/// LOG-1, HLT-1: while one is made ready, another is refused; given up, nothing is ready, and the next is made.
#[tokio::test]
async fn a_second_package_is_refused_while_one_is_made_ready() {
    let app = TestApp::new().await;
    // What takes a while to pack.
    let journal = app.running.state().journal();
    for number in 0..20_000_u32 {
        journal.write(&format!("{:0400x}", u128::from(number).pow(3)));
    }
    let root = app.root().await;
    let path = |rest: &str| format!("/api/v1/mapi/logs{rest}");
    let prepare = async || root.post(&path("/prepare"), &json!({})).await;
    assert_eq!(prepare().await.status(), StatusCode::OK);
    let refused = prepare().await.problem(400, "invalid_argument").await;
    let detail = refused.as_str().unwrap();
    assert!(
        detail.contains("One is being prepared already."),
        "{detail}"
    );
    let status: Value = root.get(&path("")).await.good().await;
    assert_eq!(status["readyForStreaming"], false, "{status}");
    assert_eq!(status["packageExpiresMillis"], Value::Null, "{status}");

    assert_eq!(
        post(&root, "/logs?cancel=true").await.status(),
        StatusCode::OK
    );
    let status: Value = root.get(&path("")).await.good().await;
    assert_eq!(status["started"], false, "{status}");
    let before = app.running.state().now().unix_millis();
    let package = package(&root, "/logs").await;
    assert!(package.contains_key("101/application/journal.jsonl"));
    let status: Value = root.get(&path("")).await.good().await;
    let day = 24 * 60 * 60 * 1_000;
    let left = status["packageExpiresMillis"].as_i64().unwrap() - before;
    assert!((day..day + 60_000).contains(&left), "{left}");
    app.advance(24 * 60 * 60);
    let root = app.root().await;
    let status: Value = root.get(&path("")).await.good().await;
    assert_eq!(status["readyForStreaming"], false, "{status}");
}
