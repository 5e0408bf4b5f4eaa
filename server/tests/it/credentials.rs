//! Credentials: the secret is told to its owner alone, the test of the connection tells which step fails, and
//! temporary keys open what they are for.

use std::{net::TcpListener as Closing, sync::Arc};

use reqwest::{
    Method, StatusCode,
    header::{self, HeaderMap},
};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::{
    app::{Actor, DEMO_SECRET_KEY, TestApp},
    fake_hcp::FakeHcp,
};

const CONNECTION: &str = "/api/v1/credentials/connection";
const SECRET: &str = "/api/v1/credentials/secret";
const TEST: &str = "/api/v1/credentials/test";
const TEMPORARY: &str = "/api/v1/credentials/temporary";

/// An authority that nobody else trusts, and what it signed for `localhost`.
const AUTHORITY: &[u8] = include_bytes!("../../../hcp/tests/it/tls/authority.der");
const SIGNED: &[u8] = include_bytes!("../../../hcp/tests/it/tls/signed.der");
const SIGNED_KEY: &[u8] = include_bytes!("../../../hcp/tests/it/tls/signed-key.der");

// CRD-1
#[tokio::test]
async fn the_secret_is_in_no_page_and_no_answer_but_the_one_that_is_asked_for_it() {
    let app = TestApp::new().await;
    let browser = app.browser().await;
    let page = browser.get("/credentials").await;
    assert_eq!(page.status(), StatusCode::OK);
    let html = page.text().await;
    assert!(html.contains("ZGVtby9kZW1v"), "the access key");
    assert!(html.contains("YOUR_SECRET_KEY"), "the snippets");
    assert!(!html.contains(DEMO_SECRET_KEY));
    let facts = browser.get(CONNECTION).await.text().await;
    assert!(!facts.contains(DEMO_SECRET_KEY), "{facts}");
    let facts: Value = serde_json::from_str(&facts).unwrap();
    let port = app.running.store.unwrap().s3.port();
    assert_eq!(facts["endpoint_url"], format!("http://127.0.0.1:{port}"));
    assert_eq!(
        (&facts["path_style"], &facts["access_key_id"]),
        (&json!(true), &json!("ZGVtby9kZW1v"))
    );

    let told = browser.post(SECRET, &json!({})).await;
    assert_eq!(told.header("cache-control"), "no-store");
    let told: Value = told.good().await;
    assert_eq!(told["secret_access_key"], DEMO_SECRET_KEY);
    // It is known that it was told, and nothing of it.
    let audit = app.demo().await.get("/api/v1/audit").await.text().await;
    assert!(audit.contains("credentials.reveal"), "{audit}");
    assert!(!audit.contains(DEMO_SECRET_KEY));
    // Nobody else is told.
    let stranger = app.anonymous().post(SECRET, &json!({})).await;
    let _ = stranger.problem(401, "not_authenticated").await;
    let origin = "https://elsewhere.example".parse().unwrap();
    let headers = HeaderMap::from_iter([(header::ORIGIN, origin)]);
    let elsewhere = browser.request(Method::POST, SECRET).headers(headers);
    let refused = elsewhere.send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
}

/// What came of each step, by its name, and of the failed one why.
async fn tried(actor: &Actor<'_>, body: Value) -> (Vec<(String, String)>, Option<String>) {
    let test: Value = actor.post(TEST, &body).await.good().await;
    let steps = test["steps"].as_array().unwrap();
    let word = |step: &Value, name: &str| step[name].as_str().unwrap_or_default().to_owned();
    let fault = steps.iter().find(|step| step["outcome"] == "failed");
    (
        steps
            .iter()
            .map(|step| (word(step, "step"), word(step, "outcome")))
            .collect(),
        fault.map(|step| word(step, "fault")),
    )
}

/// The step that failed, and why.
async fn failure(actor: &Actor<'_>, body: Value) -> (String, String) {
    let (steps, fault) = tried(actor, body).await;
    let failed: Vec<_> = steps.iter().filter(|(_, came)| came == "failed").collect();
    assert_eq!(failed.len(), 1, "{steps:?}");
    (failed[0].0.clone(), fault.unwrap())
}

fn pair(step: &str, fault: &str) -> (String, String) {
    (step.to_owned(), fault.to_owned())
}

// CRD-3
#[tokio::test]
async fn the_test_of_the_connection_names_the_step_that_fails() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let all_is_well = [
        ("name", "ok"),
        ("port", "ok"),
        ("certificate", "skipped"),
        ("clock", "ok"),
        ("signature", "ok"),
        ("answer", "ok"),
    ]
    .map(|(step, came)| pair(step, came));
    for body in [json!({}), json!({"bucket": "documents"})] {
        let (steps, fault) = tried(&demo, body).await;
        assert_eq!((steps, fault), (all_is_well.to_vec(), None));
    }
    assert_eq!(
        failure(&demo, json!({"bucket": "no-such-bucket"})).await,
        pair("answer", "no_such_bucket")
    );
    let _ = demo
        .post(TEST, &json!({"bucket": "a b"}))
        .await
        .problem(400, "invalid_bucket_name")
        .await;

    // Somebody else's clock, and somebody whose key is no more.
    let other = app.before(&[]).await;
    let guest = other.script("ZGVtby9kZW1v", DEMO_SECRET_KEY).await;
    other.advance(3_600);
    let guest_late = other.script("ZGVtby9kZW1v", DEMO_SECRET_KEY).await;
    let test: Value = guest_late.post(TEST, &json!({})).await.good().await;
    let clock = &test["steps"][3];
    assert_eq!(
        (&clock["outcome"], &clock["fault"]),
        (&json!("failed"), &json!("wrong_clock"))
    );
    let ahead = clock["seconds_ahead"].as_i64().unwrap();
    assert!((3_590..=3_610).contains(&ahead), "{ahead}");
    other.advance(-3_600);
    let (steps, _) = tried(&guest, json!({})).await;
    assert_eq!(steps, all_is_well);
}

/// A port where nobody listens.
fn closed() -> u16 {
    let closing = Closing::bind("127.0.0.1:0").unwrap();
    closing.local_addr().unwrap().port()
}

/// A server with a certificate for `localhost`; whoever takes it is told nothing.
async fn certified() -> u16 {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(SIGNED_KEY));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(SIGNED)], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            // Who does not take the certificate leaves.
            let _left = acceptor.accept(socket).await;
        }
    });
    port
}

fn pem(der: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}

// CRD-3
#[tokio::test]
async fn a_closed_port_and_a_wrong_certificate_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("ca.pem");
    std::fs::write(&authority, pem(AUTHORITY)).unwrap();
    let authority = authority.display().to_string();
    let port = certified().await;
    let plain = TestApp::new().await;
    let plain_port = plain.running.store.unwrap().s3.port();
    for (url, trusted, step, fault) in [
        (
            format!("http://127.0.0.1:{}", closed()),
            false,
            "port",
            "port_closed",
        ),
        (
            format!("https://localhost:{port}"),
            false,
            "certificate",
            "certificate_untrusted",
        ),
        (
            format!("https://127.0.0.1:{port}"),
            true,
            "certificate",
            "certificate_for_other_name",
        ),
        (
            format!("https://127.0.0.1:{plain_port}"),
            false,
            "certificate",
            "no_tls",
        ),
        (
            // No name server is asked for a label of this length.
            format!("http://{}.example.com", "a".repeat(64)),
            false,
            "name",
            "unknown_name",
        ),
    ] {
        let mut settings = vec![("S3_PUBLIC_ENDPOINT_URL", url.as_str())];
        if trusted {
            settings.push(("HAKO_CA_FILE", authority.as_str()));
        }
        let app = TestApp::with(&settings).await;
        let demo = app.demo().await;
        let found = failure(&demo, json!({})).await;
        assert_eq!(found, pair(step, fault), "{url}");
        // The page without scripts says the same.
        let browser = app.browser().await;
        let form = browser.request(Method::GET, "/credentials?bucket=&test=1");
        let page = form.header("sec-fetch-site", "same-origin").send().await;
        let html = page.unwrap().text().await.unwrap();
        assert!(html.contains("data-outcome=\"failed\""), "{url}");
        // An address that somebody else wrote has nothing tried.
        let page = browser.get("/credentials?bucket=&test=1").await;
        assert!(!page.text().await.contains("data-outcome=\"failed\""));
    }
}

fn asked(access: &str, prefix: &str) -> Value {
    json!({"bucket": "documents", "prefix": prefix, "access": access, "duration": 900})
}

/// Makes a key: its access key and its secret.
async fn lend(actor: &Actor<'_>, body: &Value) -> (String, String) {
    let answer = actor.post(TEMPORARY, body).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    assert_eq!(answer.header("cache-control"), "no-store");
    let lent: Value = answer.good().await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (
        text(&lent["key"]["access_key_id"]),
        text(&lent["secret_access_key"]),
    )
}

fn object(key: &str) -> String {
    format!("/api/v1/buckets/documents/object?key={key}")
}

async fn status(actor: &Actor<'_>, key: &str) -> u16 {
    actor.get(&object(key)).await.status().as_u16()
}

async fn stores(actor: &Actor<'_>, key: &str) -> u16 {
    let answer = actor.put_bytes(&object(key), "theirs").await;
    answer.status().as_u16()
}

// CRD-4
#[tokio::test]
async fn a_temporary_key_opens_its_prefix_until_its_end_or_its_revocation() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for key in ["in/a", "out/a"] {
        assert_eq!(stores(&demo, key).await, 201);
    }
    let (key, secret) = lend(&demo, &asked("read_write", "in/")).await;
    let other = app.before(&[]).await;
    let guest = other.script(&key, &secret).await;
    assert_eq!(status(&guest, "in/a").await, 200);
    assert_eq!(stores(&guest, "in/b").await, 201);
    assert_eq!(status(&guest, "out/a").await, 403);
    assert_eq!(stores(&guest, "out/b").await, 403);
    let elsewhere = guest.get("/api/v1/buckets/datasets/objects").await;
    assert_eq!(elsewhere.status(), StatusCode::FORBIDDEN);

    let (reading, its_secret) = lend(&demo, &asked("read", "in/")).await;
    let reader = other.script(&reading, &its_secret).await;
    assert_eq!(status(&reader, "in/a").await, 200);
    assert_eq!(stores(&reader, "in/c").await, 403);

    // The list says what each is for, and that it was used, and no secret.
    let keys = loop {
        let text = demo.get(TEMPORARY).await.text().await;
        assert!(!text.contains(&secret) && !text.contains(&its_secret));
        let page: Value = serde_json::from_str(&text).unwrap();
        let keys = page["keys"].as_array().unwrap().clone();
        if keys.iter().all(|key| key["last_used_at"].is_string()) {
            break keys;
        }
    };
    assert_eq!(keys.len(), 2);
    let of = |id: &str| keys.iter().find(|one| one["access_key_id"] == id).unwrap();
    assert_eq!(of(&key)["access"], "read_write");
    assert_eq!(
        (&of(&reading)["bucket"], &of(&reading)["prefix"]),
        (&json!("documents"), &json!("in/"))
    );

    let revoked = demo.delete(&format!("{TEMPORARY}/{reading}")).await;
    let _: Value = revoked.good().await;
    assert_eq!(status(&reader, "in/a").await, 401);
    let again = demo.delete(&format!("{TEMPORARY}/{reading}")).await;
    let _ = again.problem(404, "temporary_key_not_found").await;
    assert_eq!(status(&guest, "in/a").await, 200, "the other one stays");

    app.advance(901);
    assert_eq!(status(&guest, "in/a").await, 401);
    let refused = other.token(&key, &secret).await;
    let _ = refused.problem(401, "invalid_credentials").await;

    let audit = demo.get("/api/v1/audit").await.text().await;
    assert!(audit.contains("credentials.lend") && audit.contains("credentials.revoke"));
    assert!(!audit.contains(&secret) && !audit.contains(&its_secret));
}

#[tokio::test]
async fn keys_that_cannot_be_lent_are_refused_and_nothing_is_made() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for (field, body) in [
        ("duration", json!({"bucket": "documents", "duration": 899})),
        (
            "duration",
            json!({"bucket": "documents", "duration": 43_201}),
        ),
        (
            "prefix",
            json!({"bucket": "documents", "duration": 900, "prefix": "a\u{0}"}),
        ),
    ] {
        let refused = demo.post(TEMPORARY, &body).await;
        let detail = refused.problem(422, "validation").await;
        assert_eq!(detail[0]["loc"], json!(["body", field]));
    }
    let nowhere = json!({"bucket": "no-such-bucket", "duration": 900});
    let refused = demo.post(TEMPORARY, &nowhere).await;
    let _ = refused.problem(404, "bucket_not_found").await;
    let page: Value = demo.get(TEMPORARY).await.good().await;
    assert_eq!(page, json!({"keys": []}));
    // Somebody of the system has no data to lend.
    let root = app.root().await;
    let refused = root.get(TEMPORARY).await;
    let _ = refused.problem(403, "tenant_required").await;
    // A key that was lent lends nothing, and there is a limit to how many one has.
    let (key, secret) = lend(&demo, &asked("read", "")).await;
    let wire = format!(
        "http://127.0.0.1:{}/hako/temporaryKeys",
        app.running.store.unwrap().mapi.port()
    );
    let client = reqwest::Client::new();
    for authorization in [format!("HCP {key}:{secret}"), "none".to_owned()] {
        let list = client.get(&wire).header("host", "demo.localhost");
        let answer = list.header("authorization", authorization).send().await;
        assert_eq!(answer.unwrap().status(), StatusCode::FORBIDDEN);
    }
    for _more in 1..100 {
        lend(&demo, &asked("read", "")).await;
    }
    let refused = demo.post(TEMPORARY, &asked("read", "")).await;
    let detail = refused.problem(409, "conflict").await;
    assert!(detail.as_str().unwrap().contains("100 temporary keys"));
}

#[tokio::test]
async fn a_store_that_lends_no_keys_says_so() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = app.script("acme/admin", "password").await;
    for refused in [
        admin.get(TEMPORARY).await,
        admin.post(TEMPORARY, &asked("read", "")).await,
        admin
            .delete(&format!("{TEMPORARY}/HAKO0123456789ABCDEF"))
            .await,
    ] {
        let detail = refused.problem(501, "not_supported").await;
        assert!(detail.as_str().unwrap().contains("name and password"));
    }
    let session: Value = admin.get("/api/v1/session").await.good().await;
    assert_eq!(session["features"]["temporary_keys"], false);
    let own = TestApp::new().await;
    let session: Value = own.demo().await.get("/api/v1/session").await.good().await;
    assert_eq!(session["features"]["temporary_keys"], true);
}

// SHR-3
#[tokio::test]
async fn a_url_that_a_temporary_key_signs_is_told_to_end_with_it() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let (key, secret) = lend(&demo, &asked("read", "")).await;
    let other = app.before(&[]).await;
    let guest = other.script(&key, &secret).await;
    let path = "/api/v1/buckets/documents/objects/presign";
    let body = json!({"keys": ["welcome.md"], "expires_in": 86_400});
    let signed: Value = guest.post(path, &body).await.good().await;
    let page: Value = demo.get(TEMPORARY).await.good().await;
    let end = &page["keys"][0]["expires_at"];
    assert_eq!(
        signed["warnings"][1],
        json!({"kind": "ends_with_temporary_key", "at": end})
    );
    // So it does.
    let url = signed["urls"][0]["url"].as_str().unwrap();
    let client = reqwest::Client::new();
    assert_eq!(client.get(url).send().await.unwrap().status(), 200);
    app.advance(901);
    assert_eq!(client.get(url).send().await.unwrap().status(), 403);
    // One's own keys end with the password alone.
    let signed: Value = demo.post(path, &body).await.good().await;
    assert_eq!(signed["warnings"][1], json!({"kind": "ends_with_key"}));
}
