//! Several sessions of one browser: cookies, the list, switching, marks of pages, the own password.

use std::{collections::BTreeMap, sync::Mutex};

use model::{TenantName, Username, mapi::Role};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};

const PASSWORD: &str = "Passw0rd-1";

/// A browser that keeps cookies.
struct Browser<'a> {
    app: &'a TestApp,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl<'a> Browser<'a> {
    fn new(app: &'a TestApp) -> Self {
        Self {
            app,
            cookies: Mutex::default(),
        }
    }

    fn names(&self) -> Vec<String> {
        self.cookies.lock().unwrap().keys().cloned().collect()
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        mark: Option<&str>,
        body: Option<&Value>,
    ) -> Answer {
        let mut request = self.app.anonymous().request(method, path);
        request = request.header(header::ORIGIN, self.app.origin());
        let cookies: Vec<_> = {
            let cookies = self.cookies.lock().unwrap();
            cookies.iter().map(|(n, v)| format!("{n}={v}")).collect()
        };
        request = request.header(header::COOKIE, cookies.join("; "));
        if let Some(mark) = mark {
            request = request.header("x-hako-session", mark);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        self.keep(request.send().await.unwrap())
    }

    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let cookies: Vec<_> = {
            let cookies = self.cookies.lock().unwrap();
            cookies.iter().map(|(n, v)| format!("{n}={v}")).collect()
        };
        let request = self.app.anonymous().request(Method::POST, path);
        let request = request
            .header(header::ORIGIN, self.app.origin())
            .header(header::COOKIE, cookies.join("; "))
            .form(fields);
        self.keep(request.send().await.unwrap())
    }

    fn keep(&self, answer: reqwest::Response) -> Answer {
        let mut cookies = self.cookies.lock().unwrap();
        for value in answer.headers().get_all(header::SET_COOKIE) {
            let text = value.to_str().unwrap();
            let (name, rest) = text.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if text.contains("Max-Age=0;") || text.ends_with("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        drop(cookies);
        Answer(answer)
    }

    async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None, None).await
    }

    /// Signs in and gives the session's id.
    async fn sign_in(&self, tenant: &str, username: &str, password: &str) -> String {
        let body = json!({"tenant": tenant, "username": username, "password": password});
        let answer = self
            .call(Method::POST, "/api/v1/session", None, Some(&body))
            .await;
        let session: Value = answer.good().await;
        session["id"].as_str().unwrap().to_owned()
    }

    async fn list(&self) -> Vec<Value> {
        let list: Value = self.get("/api/v1/sessions").await.good().await;
        list["sessions"].as_array().unwrap().clone()
    }

    async fn make(&self, bucket: &str, mark: &str) -> Answer {
        let body = json!({"bucket": bucket});
        self.call(Method::POST, "/api/v1/buckets", Some(mark), Some(&body))
            .await
    }

    async fn has_bucket(&self, bucket: &str, mark: &str) -> bool {
        let answer = self
            .call(Method::GET, "/api/v1/buckets", Some(mark), None)
            .await;
        answer.good::<Value>().await.to_string().contains(bucket)
    }
}

/// A second tenant, with an administrator `bob`.
async fn with_twin(app: &TestApp) {
    let store = app.running.embedded_store().unwrap();
    let twin = TenantName::parse("twin").unwrap();
    store.create_tenant(&twin).await.unwrap();
    let user = Username::parse("bob").unwrap();
    let roles = [Role::Administrator, Role::Security];
    store
        .create_user(&twin, &user, PASSWORD, &roles, true)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_browser_holds_several_sessions_and_goes_from_one_to_the_other() {
    let app = TestApp::new().await;
    with_twin(&app).await;
    let browser = Browser::new(&app);
    let _ = browser
        .get("/api/v1/sessions")
        .await
        .problem(401, "not_authenticated")
        .await;
    let demo = browser.sign_in("demo", "demo", "demo-demo").await;
    let bob = browser.sign_in("twin", "bob", PASSWORD).await;
    assert_eq!(
        browser.names().len(),
        3,
        "one cookie each, and the current one's name: {:?}",
        browser.names()
    );
    let list = browser.list().await;
    let seen: Vec<_> = list
        .iter()
        .map(|one| {
            let word = |name: &str| one[name].as_str().unwrap_or_default();
            (
                word("tenant"),
                word("username"),
                word("state"),
                one["current"] == true,
            )
        })
        .collect();
    let expected = [
        ("demo", "demo", "active", false),
        ("twin", "bob", "active", true),
    ];
    assert_eq!(seen, expected);
    let text = serde_json::to_string(&list).unwrap();
    for cookie in browser.cookies.lock().unwrap().values() {
        assert!(
            cookie.len() < 40 || !text.contains(cookie.as_str()),
            "a token is in {text}"
        );
    }
    let choice = json!({"id": demo});
    let switched = browser
        .call(Method::PUT, "/api/v1/sessions/current", None, Some(&choice))
        .await;
    let _: Value = switched.good().await;
    let session: Value = browser.get("/api/v1/session").await.good().await;
    assert_eq!(
        (&session["tenant"], &session["id"]),
        (&json!("demo"), &json!(demo))
    );
    let unknown = json!({"id": "0123"});
    let refused = browser
        .call(
            Method::PUT,
            "/api/v1/sessions/current",
            None,
            Some(&unknown),
        )
        .await;
    let _ = refused.problem(401, "not_authenticated").await;

    let path = format!("/api/v1/sessions/{demo}");
    let _: Value = browser
        .call(Method::DELETE, &path, None, None)
        .await
        .good()
        .await;
    let session: Value = browser.get("/api/v1/session").await.good().await;
    assert_eq!(session["id"], json!(bob), "the other goes on");
    let _: Value = browser
        .call(Method::DELETE, "/api/v1/sessions", None, None)
        .await
        .good()
        .await;
    assert_eq!(browser.names(), [""; 0], "no cookie is left");
}

#[tokio::test]
async fn a_page_works_as_who_it_was_drawn_for_or_not_at_all() {
    let app = TestApp::new().await;
    with_twin(&app).await;
    let browser = Browser::new(&app);
    let demo = browser.sign_in("demo", "demo", "demo-demo").await;
    let drawn_before = format!("{demo}/{demo}");
    assert_eq!(
        browser.make("first", &drawn_before).await.status(),
        StatusCode::CREATED
    );
    let bob = browser.sign_in("twin", "bob", PASSWORD).await;

    // Another session took the place of the page's: nothing is done, in neither tenant.
    let refused = browser.make("second", &drawn_before).await;
    let _ = refused.problem(409, "session_mismatch").await;
    for mark in [&demo, &bob] {
        assert!(!browser.has_bucket("second", mark).await);
    }
    // What it reads is its own still.
    assert!(browser.has_bucket("first", &drawn_before).await);
    assert!(!browser.has_bucket("first", &bob).await);

    // Drawn for the one while the other was current, it works as the one.
    let beside = format!("{demo}/{bob}");
    assert_eq!(
        browser.make("third", &beside).await.status(),
        StatusCode::CREATED
    );
    assert!(browser.has_bucket("third", &demo).await);
    assert!(!browser.has_bucket("third", &bob).await);

    // Its session has ended, and somebody else is here.
    let path = format!("/api/v1/sessions/{demo}");
    let _: Value = browser
        .call(Method::DELETE, &path, None, None)
        .await
        .good()
        .await;
    for method in [Method::GET, Method::POST] {
        let body = json!({"bucket": "fourth"});
        let refused = browser
            .call(method, "/api/v1/buckets", Some(&beside), Some(&body))
            .await;
        let _ = refused.problem(409, "session_mismatch").await;
    }
}

#[tokio::test]
async fn signing_in_again_goes_on_with_the_session_that_ended() {
    let app = TestApp::with(&[("API_TOKEN_EXPIRE_MINUTES", "15")]).await;
    let browser = Browser::new(&app);
    let first = browser.sign_in("demo", "demo", "demo-demo").await;
    app.advance(6 * 60);
    assert_eq!(browser.list().await[0]["state"], "ends_soon");
    app.advance(9 * 60);
    assert_eq!(browser.list().await[0]["state"], "ended");
    let mark = format!("{first}/{first}");
    let _ = browser
        .make("too-late", &mark)
        .await
        .problem(401, "token_expired")
        .await;
    let again = browser.sign_in("demo", "demo", "demo-demo").await;
    assert_eq!(again, first);
    assert_eq!(
        browser.make("in-time", &mark).await.status(),
        StatusCode::CREATED
    );
    // After signing out it is another.
    let _: Value = browser
        .call(Method::DELETE, "/api/v1/session", None, None)
        .await
        .good()
        .await;
    assert_ne!(browser.sign_in("demo", "demo", "demo-demo").await, first);
}

#[tokio::test]
async fn the_cookie_of_earlier_versions_is_taken_over() {
    let app = TestApp::new().await;
    with_twin(&app).await;
    let token = app.demo().await.bearer.unwrap();
    let browser = Browser::new(&app);
    let old = ("hako_session".to_owned(), token);
    browser.cookies.lock().unwrap().extend([old]);
    let session: Value = browser.get("/api/v1/session").await.good().await;
    assert_eq!(session["username"], "demo");
    browser.sign_in("twin", "bob", PASSWORD).await;
    assert!(!browser.names().contains(&"hako_session".to_owned()));
    assert_eq!(browser.list().await.len(), 2);
}

#[tokio::test]
async fn a_ninth_session_ends_the_oldest() {
    let app = TestApp::new().await;
    let store = app.running.embedded_store().unwrap();
    let tenant = TenantName::parse("demo").unwrap();
    let browser = Browser::new(&app);
    for number in 0..9 {
        let name = format!("user{number}");
        let user = Username::parse(&name).unwrap();
        store
            .create_user(&tenant, &user, PASSWORD, &[], false)
            .await
            .unwrap();
        browser.sign_in("demo", &name, PASSWORD).await;
        app.advance(1);
    }
    let list = browser.list().await;
    let names: Vec<_> = list.iter().map(|one| one["username"].as_str()).collect();
    assert_eq!(names.len(), 8);
    assert!(!names.contains(&Some("user0")), "{names:?}");
}

#[tokio::test]
async fn an_address_names_the_session_that_it_is_meant_for() {
    let app = TestApp::new().await;
    with_twin(&app).await;
    let browser = Browser::new(&app);
    let demo = browser.sign_in("demo", "demo", "demo-demo").await;
    let answer = browser.get("/buckets?as=twin").await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(
        answer.header("location"),
        "/sign-in?tenant=twin&next=%2Fbuckets%3Fas%3Dtwin"
    );
    let bob = browser.sign_in("twin", "bob", PASSWORD).await;
    let page = browser.get("/buckets?as=demo").await.text().await;
    assert!(page.contains("datasets"), "{page}");
    assert!(page.contains(&format!("data-session=\"{demo}/{bob}\"")));
    let page = browser.get("/buckets").await.text().await;
    assert!(!page.contains("datasets") && page.contains(&format!("data-session=\"{bob}/{bob}\"")));
    // Downloads are plain links.
    let path = "/api/v1/buckets/datasets/objects";
    let _ = browser
        .get(path)
        .await
        .problem(404, "bucket_not_found")
        .await;
    let _: Value = browser.get(&format!("{path}?as=demo")).await.good().await;
    let system = browser.get("/buckets?as=~").await;
    assert_eq!(
        system.header("location"),
        "/sign-in?next=%2Fbuckets%3Fas%3D~"
    );
}

#[tokio::test]
async fn switching_keeps_the_page_where_the_other_sees_it() {
    let app = TestApp::new().await;
    with_twin(&app).await;
    let browser = Browser::new(&app);
    let demo = browser.sign_in("demo", "demo", "demo-demo").await;
    let bob = browser.sign_in("twin", "bob", PASSWORD).await;
    let switch = async |id: &str, next: &str| {
        let form = [("op", "switch_session"), ("id", id), ("next", next)];
        let answer = browser.form("/buckets", &form).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        answer.header("location").to_owned()
    };
    let here = "/buckets/datasets?prefix=astronomy%2F&as=twin";
    assert_eq!(
        switch(&demo, here).await,
        "/buckets/datasets?prefix=astronomy%2F"
    );
    let nearest = switch(&bob, here).await;
    assert!(nearest.starts_with("/buckets?missing="), "{nearest}");
    let page = browser.get(&nearest).await.text().await;
    assert!(page.contains("session-landing"), "{page}");
    assert!(
        page.contains("bob at twin does not see /buckets/datasets"),
        "{page}"
    );
    // A form of a page whose session is not the current one any more.
    let stale = [
        ("op", "create_bucket"),
        ("bucket", "stale"),
        ("session", &format!("{demo}/{demo}")),
    ];
    let answer = browser.form("/buckets", &stale).await;
    assert_eq!(answer.header("location"), "/sessions?refused=%2Fbuckets");
    assert!(!browser.has_bucket("stale", &demo).await && !browser.has_bucket("stale", &bob).await);
    let page = browser.get("/sessions?refused=%2Fbuckets").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().await.contains("session-mismatch"));
}

#[tokio::test]
async fn who_must_change_the_password_comes_to_that_page_first() {
    let app = TestApp::new().await;
    with_twin(&app).await;
    let bob = app.script("twin/bob", PASSWORD).await;
    let eve = json!({
        "username": "eve", "fullName": "Eve", "localAuthentication": true, "enabled": true,
        "forcePasswordChange": true, "roles": {"role": ["MONITOR"]}, "password": "First-pw-1",
    });
    let made = bob.request(Method::PUT, "/api/v1/mapi/tenants/twin/userAccounts");
    let made = Answer(made.json(&eve).send().await.unwrap());
    assert_eq!(made.status(), StatusCode::CREATED);

    let browser = Browser::new(&app);
    let id = browser.sign_in("twin", "eve", "First-pw-1").await;
    let session: Value = browser.get("/api/v1/session").await.good().await;
    assert_eq!(session["must_change_password"], true);
    for path in ["/", "/buckets?x=1", "/namespaces", "/transfers"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").starts_with("/password?next="));
    }
    let page = browser
        .get("/password?next=%2Fnamespaces")
        .await
        .text()
        .await;
    assert!(page.contains("password-forced") && !page.contains("First-pw-1"));

    let change = |new: &'static str, again: &'static str| {
        [
            ("op", "change_own_password"),
            ("next", "/namespaces"),
            ("new_password", new),
            ("repeat_password", again),
        ]
    };
    for (new, again, why) in [
        ("Second-pw-2", "Second-pw-3", "error-repeat_password"),
        ("abc", "abc", "error-new_password"),
        ("First-pw-1", "First-pw-1", "error-new_password"),
        ("", "", "error-new_password"),
    ] {
        let answer = browser.form("/password", &change(new, again)).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{new}");
        let text = answer.text().await;
        assert!(text.contains(why), "{new}: {text}");
        assert!(new.is_empty() || !text.contains(&format!("value=\"{new}\"")));
    }
    let answer = browser
        .form("/password", &change("Second-pw-2", "Second-pw-2"))
        .await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/namespaces");
    assert_eq!(browser.get("/namespaces").await.status(), StatusCode::OK);
    let session: Value = browser.get("/api/v1/session").await.good().await;
    assert_eq!(
        (&session["id"], &session["must_change_password"]),
        (&json!(id), &json!(false))
    );
    let _ = app
        .token("twin/eve", "First-pw-1")
        .await
        .problem(401, "invalid_credentials")
        .await;
}

#[tokio::test]
async fn the_own_password_is_changed_by_who_knows_it() {
    let app = TestApp::new().await;
    with_twin(&app).await;
    let browser = Browser::new(&app);
    browser.sign_in("twin", "bob", PASSWORD).await;
    let change = async |current: Option<&str>, new: &str| {
        let body = json!({"current_password": current, "new_password": new});
        let path = "/api/v1/session/password";
        browser.call(Method::POST, path, None, Some(&body)).await
    };
    for current in [None, Some("wrong")] {
        let fields = change(current, "Another-pw-1")
            .await
            .problem(422, "validation")
            .await;
        assert_eq!(fields[0]["loc"], json!(["body", "current_password"]));
    }
    let _: Value = change(Some(PASSWORD), "Another-pw-1").await.good().await;
    // The session goes on, with the store too.
    let _: Value = browser.get("/api/v1/buckets").await.good().await;
    let _: Value = app.token("twin/bob", "Another-pw-1").await.good().await;
}

#[tokio::test]
async fn a_tenant_s_message_is_told_at_sign_in_once_it_is_known() {
    let app = TestApp::new().await;
    with_twin(&app).await;
    let message = async |tenant: &str| {
        let path = format!("/api/v1/capabilities?tenant={tenant}");
        let known: Value = app.anonymous().get(&path).await.good().await;
        known["login_message"].clone()
    };
    assert_eq!(message("twin").await, Value::Null);
    let bob = app.script("twin/bob", PASSWORD).await;
    let settings = json!({"loginMessage": "Authorised use only."});
    let path = "/api/v1/mapi/tenants/twin/consoleSecurity";
    let _: Value = bob.post(path, &settings).await.good().await;
    assert_eq!(message("Twin").await, "Authorised use only.");
    assert_eq!(message("demo").await, Value::Null);
    let page = app
        .anonymous()
        .get("/sign-in?tenant=twin")
        .await
        .text()
        .await;
    assert!(page.contains("Authorised use only."), "{page}");
    let page = app.anonymous().get("/sign-in").await.text().await;
    assert!(!page.contains("Authorised use only."));
    let _: Value = bob
        .post(path, &json!({"loginMessage": ""}))
        .await
        .good()
        .await;
    assert_eq!(message("twin").await, Value::Null);
}
