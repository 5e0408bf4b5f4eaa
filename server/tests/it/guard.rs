//! Hosts, origins, headers: what protects people from other sites.

use reqwest::{Method, StatusCode, header};
use serde_json::json;

use crate::app::{Answer, TestApp};

#[tokio::test]
async fn a_foreign_host_name_is_refused_but_for_the_probes() {
    let app = TestApp::new().await;
    let call = |path: &str| {
        let request = app.anonymous().request(Method::GET, path);
        async move {
            Answer(
                request
                    .header(header::HOST, "evil.example")
                    .send()
                    .await
                    .unwrap(),
            )
        }
    };
    let _ = call("/api/v1/capabilities")
        .await
        .problem(421, "invalid_host")
        .await;
    let _ = call("/sign-in").await.problem(421, "invalid_host").await;
    assert_eq!(call("/liveness").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn allowed_hosts_are_answered() {
    let app = TestApp::with(&[("HAKO_ALLOWED_HOSTS", "console.lan")]).await;
    let request = app.anonymous().request(Method::GET, "/api/v1/capabilities");
    let answer = request
        .header(header::HOST, "console.lan:8000")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_cookie_from_another_site_changes_nothing() {
    let app = TestApp::new().await;
    let cookie = app.browser().await.cookie().unwrap();
    let send = |origin: Option<&'static str>| {
        let mut request = app
            .anonymous()
            .request(Method::POST, "/api/v1/buckets")
            .header(header::COOKIE, format!("hako_session={cookie}"))
            .json(&json!({"bucket": "forged"}));
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        async move { Answer(request.send().await.unwrap()) }
    };
    for origin in [
        Some("https://evil.example"),
        Some("null"),
        Some("http://127.0.0.1:1"),
        None,
    ] {
        let _ = send(origin).await.problem(403, "cross_origin").await;
    }
    let answer = app.demo().await.head("/api/v1/buckets/forged").await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let app = TestApp::new().await;
    let fields = [
        ("op", "sign_in"),
        ("tenant", "demo"),
        ("username", "demo"),
        ("password", "demo-demo"),
    ];
    let request = app
        .anonymous()
        .request(Method::POST, "/sign-in")
        .form(&fields);
    let answer = Answer(
        request
            .header(header::ORIGIN, "https://evil.example")
            .send()
            .await
            .unwrap(),
    );
    assert_eq!(answer.header("set-cookie"), "");
    let _ = answer.problem(403, "cross_origin").await;
}

#[tokio::test]
async fn a_refused_body_does_not_cost_the_connection() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let app = TestApp::new().await;
    let mut line = tokio::net::TcpStream::connect(app.running.console)
        .await
        .unwrap();
    let host = format!("127.0.0.1:{}", app.running.console.port());
    let head = format!(
        "POST /api/v1/buckets HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n"
    );
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(&vec![b' '; 200_000]).await.unwrap();
    let next = format!("GET /liveness HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    line.write_all(next.as_bytes()).await.unwrap();
    let mut answers = String::new();
    line.read_to_string(&mut answers).await.unwrap();
    assert!(answers.starts_with("HTTP/1.1 401 "), "{answers}");
    assert!(answers.contains("HTTP/1.1 200 OK"), "{answers}");
}

#[tokio::test]
async fn a_script_with_a_bearer_needs_no_origin() {
    let app = TestApp::new().await;
    app.demo().await.bucket("by-script").await;
}

#[tokio::test]
async fn request_ids_come_back_and_are_clean() {
    let app = TestApp::new().await;
    let call = |id: &'static str| {
        let request = app
            .anonymous()
            .request(Method::GET, "/liveness")
            .header("x-request-id", id);
        async move {
            Answer(request.send().await.unwrap())
                .header("x-request-id")
                .to_owned()
        }
    };
    assert_eq!(call("abc-123").await, "abc-123");
    let made = call("a b").await;
    assert!(
        made.len() == 32 && made.bytes().all(|b| b.is_ascii_hexdigit()),
        "{made}"
    );
}

#[tokio::test]
async fn answers_carry_the_headers_that_keep_browsers_safe() {
    let app = TestApp::new().await;
    let answer = app.anonymous().get("/api/v1/capabilities").await;
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(
        answer
            .header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
    let page = app.anonymous().get("/sign-in").await;
    let policy = page.header("content-security-policy").to_owned();
    assert!(
        policy.contains("'nonce-") && !policy.contains("unsafe-inline"),
        "{policy}"
    );
    let other = app.anonymous().get("/sign-in").await;
    assert_ne!(other.header("content-security-policy"), policy);
}
