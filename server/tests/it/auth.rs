//! Signing in and out, tokens, and what strangers see.

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::app::{Answer, DEMO_SECRET_KEY, TestApp};

#[tokio::test]
async fn a_right_password_gives_a_token_that_works() {
    let app = TestApp::new().await;
    let answer: Value = app.token("demo/demo", "demo-demo").await.good().await;
    assert_eq!(answer["token_type"], "bearer");
    let session: Value = app.demo().await.get("/api/v1/session").await.good().await;
    assert_eq!(session["tenant"], "demo");
    assert_eq!(session["username"], "demo");
    assert_eq!(session["level"], "tenant");
}

#[tokio::test]
async fn the_system_administrator_signs_in_with_the_generated_password() {
    let app = TestApp::new().await;
    let file = app.data.path().join("data/admin-password");
    let password = std::fs::read_to_string(&file).unwrap();
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    let admin = app.script("admin", password.trim()).await;
    let session: Value = admin.get("/api/v1/session").await.good().await;
    assert_eq!(session["level"], "system");
    let _ = admin
        .get("/api/v1/buckets")
        .await
        .problem(403, "tenant_required")
        .await;
    let _ = app
        .token("admin", "wrong")
        .await
        .problem(401, "invalid_credentials")
        .await;
}

#[tokio::test]
async fn refusals_do_not_tell_whether_the_account_exists() {
    let app = TestApp::new().await;
    let wrong = app
        .token("demo/demo", "wrong")
        .await
        .problem(401, "invalid_credentials")
        .await;
    for (user, password) in [
        ("demo/nobody", "demo-demo"),
        ("nowhere/demo", "demo-demo"),
        ("demo", "demo-demo"),
    ] {
        let other = app
            .token(user, password)
            .await
            .problem(401, "invalid_credentials")
            .await;
        assert_eq!(other, wrong, "{user}");
    }
}

#[tokio::test]
async fn the_form_is_checked() {
    let app = TestApp::new().await;
    let fields = app
        .token("demo/demo", "")
        .await
        .problem(422, "validation")
        .await;
    assert_eq!(fields[0]["loc"], json!(["body", "password"]));
    assert_eq!(fields[0]["type"], "missing");
    let _ = app
        .token("demo/", "x")
        .await
        .problem(422, "validation")
        .await;
    let detail = app
        .token("a.b/u", "x")
        .await
        .problem(422, "validation")
        .await;
    assert_eq!(detail, "Invalid tenant name");
    let anonymous = app.anonymous();
    let _ = anonymous
        .post("/api/v1/auth/token", &json!({}))
        .await
        .problem(415, "unsupported_media_type")
        .await;
}

#[tokio::test]
async fn failed_sign_ins_are_slowed_and_time_heals() {
    let app = TestApp::new().await;
    for _ in 0..5 {
        let _ = app
            .token("demo/demo", "wrong")
            .await
            .problem(401, "invalid_credentials")
            .await;
    }
    let answer = app.token("demo/demo", "demo-demo").await;
    assert_eq!(answer.header("retry-after"), "1");
    let _ = answer.problem(429, "too_many_attempts").await;
    app.advance(2);
    let _: Value = app.token("demo/demo", "demo-demo").await.good().await;
}

#[tokio::test]
async fn tokens_end() {
    let app = TestApp::with(&[("API_TOKEN_EXPIRE_MINUTES", "5")]).await;
    let demo = app.demo().await;
    let _: Value = demo.get("/api/v1/buckets").await.good().await;
    app.advance(299);
    let _: Value = demo.get("/api/v1/session").await.good().await;
    app.advance(1);
    let answer = demo.get("/api/v1/session").await;
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    let _ = answer.problem(401, "token_expired").await;
}

#[tokio::test]
async fn a_kept_copy_of_a_token_is_refused_after_sign_out_and_a_restart() {
    let app = TestApp::new().await;
    let kept = app.demo().await;
    let token = kept.bearer.clone().unwrap();
    let answer = kept.delete("/api/v1/session").await;
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    let _: Value = answer.good().await;
    let _ = kept
        .get("/api/v1/session")
        .await
        .problem(401, "invalid_token")
        .await;
    drop(kept);
    let TestApp { running, data, .. } = app;
    running.stop().await;
    let app = TestApp::start(data, &[]).await;
    let mut again = app.anonymous();
    again.bearer = Some(token);
    let _ = again
        .get("/api/v1/session")
        .await
        .problem(401, "invalid_token")
        .await;
}

#[tokio::test]
async fn tokens_survive_a_restart() {
    let app = TestApp::new().await;
    let token = app.demo().await.bearer;
    let TestApp { running, data, .. } = app;
    running.stop().await;
    let app = TestApp::start(data, &[]).await;
    let mut again = app.anonymous();
    again.bearer = token;
    let buckets: Value = again.get("/api/v1/buckets").await.good().await;
    assert_eq!(buckets["buckets"][0]["Name"], "datasets");
}

#[tokio::test]
async fn the_console_gets_a_cookie_and_no_token() {
    let app = TestApp::new().await;
    let body = json!({"tenant": "demo", "username": "demo", "password": "demo-demo"});
    let request = app
        .anonymous()
        .request(Method::POST, "/api/v1/session")
        .json(&body);
    let answer = Answer(
        request
            .header(header::ORIGIN, app.origin())
            .send()
            .await
            .unwrap(),
    );
    let cookie = answer.header("set-cookie").to_owned();
    assert!(
        cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax")
            && !cookie.contains("Secure"),
        "{cookie}"
    );
    let token = cookie
        .split_once('=')
        .unwrap()
        .1
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let text = answer.text().await;
    assert!(
        !text.contains(&token) && !text.contains("demo-demo"),
        "{text}"
    );
}

#[tokio::test]
async fn bearer_tokens_of_any_spelling_and_nothing_else() {
    let app = TestApp::new().await;
    let token = app.demo().await.bearer.unwrap();
    let send = |value: String| {
        let request = app.anonymous().request(Method::GET, "/api/v1/session");
        async move {
            Answer(
                request
                    .header(header::AUTHORIZATION, value)
                    .send()
                    .await
                    .unwrap(),
            )
        }
    };
    assert_eq!(
        send(format!("bearer {token}")).await.status(),
        StatusCode::OK
    );
    let detail = send(format!("Basic {token}"))
        .await
        .problem(401, "not_authenticated")
        .await;
    assert_eq!(detail, "Not authenticated");
    let _ = send(format!("Bearer {token}x"))
        .await
        .problem(401, "invalid_token")
        .await;
    let _ = send("Bearer ".to_owned())
        .await
        .problem(401, "not_authenticated")
        .await;
}

#[tokio::test]
async fn two_tenants_with_the_same_names_stay_apart() {
    use model::{TenantName, Username, mapi::Role};
    let app = TestApp::new().await;
    let store = app.running.embedded_store().unwrap();
    let twin = TenantName::parse("twin").unwrap();
    store.create_tenant(&twin).await.unwrap();
    let user = Username::parse("demo").unwrap();
    store
        .create_user(&twin, &user, "demo-demo", &[Role::Administrator], true)
        .await
        .unwrap();
    let (one, two) = (app.demo().await, app.script("twin/demo", "demo-demo").await);
    two.bucket("datasets").await;
    let _ = two
        .put_bytes("/api/v1/buckets/datasets/object?key=k", "twin's")
        .await
        .good::<Value>()
        .await;
    let _ = one
        .get("/api/v1/buckets/datasets/object?key=k")
        .await
        .problem(404, "object_not_found")
        .await;
    let list: Value = two.get("/api/v1/buckets").await.good().await;
    assert_eq!(list["buckets"].as_array().unwrap().len(), 1);
    let presign = json!({"bucket": "datasets", "key": "k"});
    let url: Value = two.post("/api/v1/presign", &presign).await.good().await;
    assert_eq!(
        reqwest::get(url["url"].as_str().unwrap())
            .await
            .unwrap()
            .text()
            .await
            .unwrap(),
        "twin's"
    );
}

#[tokio::test]
async fn a_page_of_one_person_changes_nothing_with_the_cookie_of_another() {
    let app = TestApp::new().await;
    let browser = app.browser().await;
    let make = |bucket: &str, person: &str| {
        let request = browser.request(Method::POST, "/api/v1/buckets");
        let request = request.header("x-hako-person", person);
        request.json(&json!({"bucket": bucket})).send()
    };
    for stranger in ["demo/alice", "other/demo", "/demo", ""] {
        let answer = Answer(make("of-somebody-else", stranger).await.unwrap());
        let _ = answer.problem(409, "session_mismatch").await;
    }
    let list: Value = browser.get("/api/v1/buckets").await.good().await;
    assert!(!list.to_string().contains("of-somebody-else"));
    // Reading shows what the cookie's person may see, and does no harm.
    let read = browser.request(Method::GET, "/api/v1/buckets");
    let read = read.header("x-hako-person", "demo/alice").send().await;
    assert_eq!(read.unwrap().status(), StatusCode::OK);
    let answer = make("of-my-own", "demo/demo").await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn keys_give_a_token_where_the_password_is_not_at_hand() {
    let app = TestApp::new().await;
    let anonymous = app.anonymous();
    let keys = |key: &str, secret: &str, tenant: Option<&str>| {
        let body = json!({"access_key_id": key, "secret_access_key": secret, "tenant": tenant});
        let anonymous = &anonymous;
        async move { anonymous.post("/api/v1/auth/keys", &body).await }
    };
    let of_demo = "ZGVtby9kZW1v";
    let answer: Value = keys(of_demo, DEMO_SECRET_KEY, None).await.good().await;
    assert_eq!(answer["token_type"], "bearer");
    let mut demo = app.anonymous();
    demo.bearer = Some(answer["access_token"].as_str().unwrap().to_owned());
    let session: Value = demo.get("/api/v1/session").await.good().await;
    assert_eq!(
        (&session["tenant"], &session["username"]),
        (&json!("demo"), &json!("demo"))
    );
    let _: Value = keys(of_demo, DEMO_SECRET_KEY, Some("demo"))
        .await
        .good()
        .await;
    // The password is no key, and whatever is wrong, the answer is the same.
    for (key, secret, tenant) in [
        (of_demo, "demo-demo", None),
        (of_demo, DEMO_SECRET_KEY, Some("other")),
        ("HAKOHAKOHAKOHAKO", DEMO_SECRET_KEY, None),
        ("", DEMO_SECRET_KEY, None),
    ] {
        let _ = keys(key, secret, tenant)
            .await
            .problem(401, "invalid_credentials")
            .await;
    }
    for _ in 0..4 {
        let _ = keys(of_demo, "wrong", None)
            .await
            .problem(401, "invalid_credentials")
            .await;
    }
    let _ = keys(of_demo, DEMO_SECRET_KEY, None)
        .await
        .problem(429, "too_many_attempts")
        .await;
}
