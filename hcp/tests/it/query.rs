//! Metadata queries: to which host, in which words, how often, and what is made of refusals.

use axum::{body::Body, response::Response};
use hcp::{AuthType, ErrorKind, S3Endpoint, Store};
use model::{TenantName, session::Backend};
use serde_json::{Value, json};

use crate::script::{Asked, Script, config, credentials};

fn acme() -> TenantName {
    TenantName::parse("acme").unwrap()
}

fn answer(status: u16, message: &str, body: &'static str) -> Response {
    let mut response = Response::builder().status(status);
    if !message.is_empty() {
        response = response.header("x-hcp-errormessage", message);
    }
    response.body(Body::from(body)).unwrap()
}

async fn ask(store: &Store) -> Result<Value, hcp::Error> {
    let request = json!({"object": {"query": "*:*"}});
    store
        .query(&credentials(store, Some("other")), &acme(), &request)
        .await
}

#[tokio::test]
async fn the_tenant_asked_for_is_the_host_and_never_the_address() {
    let good = |_, _| async { answer(200, "", r#"{"queryResult": {"status": {}}}"#) };
    let script = Script::new(good).await;
    let store = script.store();
    let body = ask(&store).await.unwrap();
    assert_eq!(body, json!({"queryResult": {"status": {}}}));
    let Asked {
        method,
        target,
        body,
        ..
    } = &script.asked()[0];
    assert_eq!((&**method, &**target), ("POST", "/query"));
    let sent: Value = serde_json::from_slice(body.as_ref().unwrap()).unwrap();
    assert_eq!(sent, json!({"object": {"query": "*:*"}}));
    let asked = &script.asked()[0];
    assert_eq!(asked.header("host"), "acme.hcp.example.com");
    assert_eq!(asked.header("accept"), "application/json");
    assert_eq!(asked.header("content-type"), "application/json");
    let proof = "HCP ZGVtbw==:891a54c4e2eab52d01c6fbf85a4c143e";
    assert_eq!(asked.header("authorization"), proof);
}

#[tokio::test]
async fn refusals_are_told_in_hcps_words_and_asked_once() {
    for (status, kind) in [
        (400, ErrorKind::InvalidArgument),
        (403, ErrorKind::Denied),
        (413, ErrorKind::TooLarge),
    ] {
        let script =
            Script::new(move |_, _| async move { answer(status, "No such luck", "<html>") }).await;
        let error = ask(&script.store()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status}");
        assert_eq!(error.to_string(), "query: No such luck");
        assert_eq!(script.asked().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_busy_hcp_is_asked_again() {
    let script = Script::new(|number, _| async move {
        if number < 3 {
            answer(503, "busy", "")
        } else {
            answer(200, "", "{}")
        }
    })
    .await;
    assert_eq!(ask(&script.store()).await.unwrap(), json!({}));
    assert_eq!(script.asked().len(), 3);
}

#[tokio::test]
async fn what_is_no_json_is_no_answer() {
    let script = Script::new(|_, _| async { answer(200, "", "<html>secret") }).await;
    let error = ask(&script.store()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unexpected);
    assert!(!format!("{error:?}").contains("secret"));
}

#[tokio::test]
async fn without_a_domain_there_is_no_host_to_ask() {
    let script = Script::new(|_, _| async { answer(200, "", "{}") }).await;
    let mut config = config(&script.url, Backend::Hcp, AuthType::Hcp);
    if let Some(management) = &mut config.management {
        management.domain = None;
        management.host = Some("hcp.example.com".to_owned());
    }
    let error = ask(&Store::new(config).unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    assert!(script.asked().is_empty());
}

#[tokio::test]
async fn on_an_hcp_with_a_domain_the_tenant_is_in_the_address() {
    let script = Script::new(|_, _| async { answer(200, "", "{}") }).await;
    let mut config = config(&script.url, Backend::Hcp, AuthType::Hcp);
    config.s3 = S3Endpoint::PerTenant {
        scheme: "http".to_owned(),
        domain: "nowhere.invalid".to_owned(),
        port: script.url.port(),
    };
    // `acme.nowhere.invalid` is nobody's name, so the request cannot have gone anywhere else.
    let error = ask(&Store::new(config).unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    assert!(script.asked().is_empty());
}
