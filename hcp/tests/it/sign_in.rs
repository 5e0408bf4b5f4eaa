//! Signing in: one call, and what it decides.

use hcp::{AuthType, ErrorKind, Store};
use model::session::Backend;
use secrecy::ExposeSecret as _;
use url::Url;

use crate::script::{NO_BUCKETS, PASSWORD, Script, chain, config, credentials, refusal, reply};

async fn answered(status: u16, body: String) -> Script {
    Script::new(move |_, _| {
        let body = body.clone();
        async move { reply(status, body) }
    })
    .await
}

#[tokio::test]
async fn a_tenants_user_is_known_by_one_signed_call() {
    let script = Script::always(200, NO_BUCKETS).await;
    let store = script.store();
    store
        .verify(&credentials(&store, Some("acme")))
        .await
        .unwrap();
    let asked = script.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        (asked[0].method.as_str(), asked[0].target.as_str()),
        ("GET", "/?x-id=ListBuckets")
    );
    let authorization = asked[0].header("authorization");
    let scheme = "AWS4-HMAC-SHA256 Credential=ZGVtbw==/";
    assert!(authorization.starts_with(scheme), "{authorization}");
}

#[tokio::test]
async fn a_missing_right_proves_the_credentials() {
    let script = answered(403, refusal("AccessDenied")).await;
    let store = script.store();
    store
        .verify(&credentials(&store, Some("acme")))
        .await
        .unwrap();
    assert_eq!(script.asked().len(), 1);
}

#[tokio::test]
async fn a_refusal_is_final_and_asked_for_once() {
    for code in ["InvalidAccessKeyId", "SignatureDoesNotMatch"] {
        let script = answered(403, refusal(code)).await;
        let store = script.store();
        let error = store
            .verify(&credentials(&store, Some("acme")))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated);
        assert_eq!(error.store_code(), Some(code));
        assert_eq!(script.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_403_without_the_stores_word_lets_nobody_in() {
    let script = answered(403, refusal("RequestTimeTooSkewed")).await;
    let store = script.store();
    let error = store
        .verify(&credentials(&store, Some("acme")))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Denied);
    let script = answered(403, "<html>blocked by a proxy</html>".to_owned()).await;
    let store = script.store();
    assert!(
        store
            .verify(&credentials(&store, Some("acme")))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn trouble_is_not_a_refusal() {
    let script = answered(503, refusal("SlowDown")).await;
    let store = script.store();
    let error = store
        .verify(&credentials(&store, Some("acme")))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Busy);
    assert_eq!(script.asked().len(), 1);

    let nobody = Url::parse("http://127.0.0.1:1").unwrap();
    let store = Store::new(config(&nobody, Backend::Hcp, AuthType::Hcp)).unwrap();
    for tenant in [Some("acme"), None] {
        let error = store
            .verify(&credentials(&store, tenant))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreachable, "{tenant:?}");
    }
    assert!(!store.reachable().await);
}

#[tokio::test]
async fn the_system_level_reads_its_own_account() {
    let account = r#"{"username": "demo", "roles": {"role": ["MONITOR", "NEW"]}, "x": [1]}"#;
    let script = Script::always(200, account).await;
    let store = script.store();
    let system = credentials(&store, None);
    store.verify(&system).await.unwrap();
    let asked = script.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].target, "/mapi/userAccounts/demo");
    assert_eq!(asked[0].header("host"), "admin.hcp.example.com");
    assert_eq!(asked[0].header("accept"), "application/json");
    assert_eq!(
        asked[0].header("authorization"),
        "HCP ZGVtbw==:891a54c4e2eab52d01c6fbf85a4c143e"
    );
    let error = store.s3(&system).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TenantRequired);
}

#[tokio::test]
async fn the_system_level_is_refused_by_403() {
    let script = Script::new(|_, _| async {
        let mut reply = reply(403, "");
        let said = "Not allowed here".parse().unwrap();
        reply.headers_mut().insert("x-hcp-errormessage", said);
        reply
    })
    .await;
    let store = script.store();
    let error = store.verify(&credentials(&store, None)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert_eq!(error.store_message(), Some("Not allowed here"));
    assert_eq!(script.asked().len(), 1);
}

#[tokio::test]
async fn a_redirect_of_the_management_is_not_followed() {
    let script = Script::new(|_, _| async {
        let mut reply = reply(302, "");
        let location = "http://127.0.0.1:1/".parse().unwrap();
        reply.headers_mut().insert("location", location);
        reply
    })
    .await;
    let store = script.store();
    let error = store.verify(&credentials(&store, None)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert_eq!(error.status(), Some(302));
    assert_eq!(script.asked().len(), 1);
}

#[tokio::test]
async fn directory_accounts_send_their_own_header_and_cannot_presign() {
    let script = Script::always(200, NO_BUCKETS).await;
    let store = Store::new(config(&script.url, Backend::Hcp, AuthType::Ad)).unwrap();
    let jane = credentials(&store, Some("acme"));
    store.verify(&jane).await.unwrap();
    assert_eq!(
        script.asked()[0].header("authorization"),
        "AD demo:Start123!"
    );
    let s3 = store.s3(&jane).unwrap();
    let now = time::OffsetDateTime::UNIX_EPOCH;
    let error = s3.presigner(None, now).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);

    let script = answered(403, refusal("AccessDenied")).await;
    let store = Store::new(config(&script.url, Backend::Hcp, AuthType::Ad)).unwrap();
    let error = store
        .verify(&credentials(&store, Some("acme")))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert!(!chain(&error).contains(PASSWORD));
}

#[tokio::test]
async fn other_stores_take_their_own_keys() {
    let script = Script::always(200, NO_BUCKETS).await;
    let store = Store::new(config(&script.url, Backend::Minio, AuthType::Hcp)).unwrap();
    store.verify(&credentials(&store, None)).await.unwrap();
    let asked = script.asked();
    assert!(
        asked[0]
            .header("authorization")
            .contains("Credential=demo/")
    );
}

#[tokio::test]
async fn any_answer_means_reachable() {
    let script = Script::always(403, "").await;
    assert!(script.store().reachable().await);
}

#[tokio::test]
async fn no_error_tells_a_secret() {
    let script = Script::new(|_, asked: crate::script::Asked| async move {
        // As real stores do: the refusal repeats what was signed.
        let signed = asked.header("authorization").to_owned();
        reply(
            403,
            refusal("SignatureDoesNotMatch").replace(
                "<RequestId>",
                &format!("<StringToSign>{signed}</StringToSign><RequestId>"),
            ),
        )
    })
    .await;
    let store = script.store();
    let demo = credentials(&store, Some("acme"));
    let error = store.verify(&demo).await.unwrap_err();
    let text = chain(&error);
    for secret in [
        PASSWORD,
        demo.secret().expose_secret(),
        "AWS4-HMAC",
        "ZGVtbw==",
    ] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn a_proxys_page_lets_nobody_in() {
    let script = Script::always(200, "<html><body>Please sign in</body></html>").await;
    let store = script.store();
    let error = store
        .verify(&credentials(&store, Some("acme")))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unexpected);
    let error = store.verify(&credentials(&store, None)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unexpected);
}
