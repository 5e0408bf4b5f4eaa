//! Every operation refuses strangers.

use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::app::{Answer, TestApp};

/// What anyone may call.
const PUBLIC: &[(&str, &str)] = &[
    ("GET", "/api/v1/capabilities"),
    ("POST", "/api/v1/session"),
    ("POST", "/api/v1/auth/keys"),
    ("PUT", "/api/v1/preferences"),
];

#[tokio::test]
async fn every_operation_but_a_short_list_wants_a_session() {
    let app = TestApp::new().await;
    let anonymous = app.anonymous();
    for (method, route) in model::endpoint::all() {
        if PUBLIC.contains(&(method.as_str(), route)) {
            continue;
        }
        let path = route.replace("{bucket}", "datasets");
        let answer = Answer(
            anonymous
                .request(method.clone(), &path)
                .send()
                .await
                .unwrap(),
        );
        if method == Method::HEAD {
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{route}");
            continue;
        }
        let _ = answer.problem(401, "not_authenticated").await;
    }
    for path in [
        "objects/a",
        "objects/a/acl",
        "multipart/a/parts",
        "object?key=a",
    ] {
        let answer = anonymous
            .get(&format!("/api/v1/buckets/datasets/{path}"))
            .await;
        let _ = answer.problem(401, "not_authenticated").await;
    }
}

#[tokio::test]
async fn every_operation_is_served() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for (method, route) in model::endpoint::all() {
        let path = route.replace("{bucket}", "no-such-bucket");
        let answer = Answer(demo.request(method.clone(), &path).send().await.unwrap());
        assert_ne!(
            answer.status(),
            StatusCode::METHOD_NOT_ALLOWED,
            "{method} {route}"
        );
        if answer.status() == StatusCode::NOT_FOUND {
            let problem: Value = serde_json::from_str(&answer.text().await).unwrap();
            assert_ne!(problem["code"], "not_found", "{method} {route}");
        }
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems() {
    let app = TestApp::new().await;
    let anonymous = app.anonymous();
    let _ = anonymous
        .get("/api/v1/nothing")
        .await
        .problem(404, "not_found")
        .await;
    let answer = Answer(
        anonymous
            .request(Method::PATCH, "/api/v1/buckets")
            .send()
            .await
            .unwrap(),
    );
    assert!(answer.header("allow").contains("GET"));
    let _ = answer.problem(405, "method_not_allowed").await;
}

/// Every failure has the one body, also where no handler was reached.
#[tokio::test]
async fn paths_that_are_no_text_are_problems() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for path in [
        "/api/v1/buckets/%FF/acl",
        "/api/v1/buckets/%FF/objects",
        "/api/v1/buckets/datasets/objects/%FF",
        "/api/v1/buckets/datasets/multipart/%FF/parts",
    ] {
        let refused = demo.get(path).await;
        assert!(refused.status().is_client_error(), "{path}");
        let status = refused.status().as_u16();
        let code = if status == 404 {
            "not_found"
        } else {
            "invalid_argument"
        };
        let _ = refused.problem(status, code).await;
    }
}

#[tokio::test]
async fn the_probes_answer_anyone() {
    let app = TestApp::new().await;
    let anonymous = app.anonymous();
    let live: Value = anonymous.get("/liveness").await.good().await;
    assert_eq!(live["status"], "ok");
    let ready: Value = anonymous.get("/readiness").await.good().await;
    assert_eq!(ready["checks"]["hcp"], "reachable");
    let health: Value = anonymous.get("/health").await.good().await;
    assert_eq!(health["cache"], "disabled");
    let capabilities: Value = anonymous.get("/api/v1/capabilities").await.good().await;
    assert_eq!(capabilities["storage_backend"], "embedded");
}
