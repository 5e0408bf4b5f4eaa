//! Hako links: what they open, for how long, how often, from where, and what is kept of them.

use std::{
    io,
    sync::{Arc, Mutex},
};

use futures::future::join_all;
use reqwest::{Method, StatusCode, header, multipart};
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer, TestApp},
    redis::Redis,
};

const LINKS: &str = "/api/v1/links";

/// Makes a link; the path of its address, and the link.
pub(crate) async fn link(actor: &Actor<'_>, body: Value) -> (String, Value) {
    let answer = actor.post(LINKS, &body).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    assert_eq!(answer.header("cache-control"), "no-store");
    let made: Value = answer.good().await;
    let url = made["url"].as_str().unwrap();
    let (_, token) = url.split_once("/l/").unwrap();
    assert_eq!(token.len(), 43, "256 bits");
    (format!("/l/{token}"), made["link"].clone())
}

/// A link of an object with these bytes.
async fn shared(demo: &Actor<'_>, bytes: &'static str, limits: Value) -> (String, Value) {
    let path = "/api/v1/buckets/datasets/object?key=for%20you/a%20b.txt";
    assert!(demo.put_bytes(path, bytes).await.status().is_success());
    let mut body = json!({"bucket": "datasets", "key": "for you/a b.txt"});
    for (name, value) in limits.as_object().unwrap() {
        body[name] = value.clone();
    }
    link(demo, body).await
}

/// What a visitor gets, apart from what is of this one answer.
pub(crate) async fn seen(answer: Answer) -> (u16, Vec<(String, String)>, String) {
    let status = answer.status().as_u16();
    let own = ["date", "x-request-id", "content-security-policy"];
    let mut headers: Vec<_> = answer
        .0
        .headers()
        .iter()
        .filter(|(name, _)| !own.contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    (status, headers, answer.text().await)
}

pub(crate) async fn of_link(actor: &Actor<'_>, link: &Value) -> Value {
    let page: Value = actor.get(LINKS).await.good().await;
    let links = page["links"].as_array().unwrap();
    let found = links.iter().find(|one| one["id"] == link["id"]);
    found.cloned().unwrap()
}

pub(crate) fn path_of(link: &Value) -> String {
    format!("{LINKS}/{}", link["id"].as_str().unwrap())
}

async fn user(app: &TestApp, username: &str, roles: &[&str]) {
    let body = json!({
        "username": username, "fullName": username, "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "password": "Visitors-of-1000", "roles": {"role": roles},
    });
    let request = app
        .demo()
        .await
        .request(Method::PUT, "/api/v1/mapi/tenants/demo/userAccounts")
        .json(&body);
    assert!(request.send().await.unwrap().status().is_success());
}

// LNK-1
#[tokio::test]
async fn a_link_opens_its_object_for_anybody_until_it_is_revoked() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let (path, made) = shared(&demo, "0123456789", json!({})).await;
    assert_eq!(made["state"], "active");
    let visitor = app.anonymous();
    let page = visitor.get(&path).await;
    assert_eq!(page.status(), StatusCode::OK);
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-robots-tag", "noindex, nofollow"),
    ] {
        assert_eq!(page.header(name), value);
    }
    assert!(
        page.header("content-security-policy")
            .contains("form-action 'self'")
    );
    assert!(
        !page
            .header("content-security-policy")
            .contains("script-src")
    );
    let text = page.text().await;
    assert!(text.contains("a b.txt") && text.contains("10 B"), "{text}");
    assert!(
        !text.contains("<script") && !text.contains("for you"),
        "{text}"
    );
    // To look is no use.
    assert_eq!(of_link(&demo, &made).await["uses"], 0);

    let file = visitor.get(&format!("{path}/download")).await;
    assert_eq!(file.status(), StatusCode::OK);
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"a b.txt\""
    );
    assert_eq!(file.header("cache-control"), "no-store");
    assert_eq!(file.header("x-amz-version-id"), "");
    assert_eq!(file.text().await, "0123456789");
    let now = of_link(&demo, &made).await;
    assert_eq!(
        (&now["uses"], now["last_used_at"].is_string()),
        (&json!(1), true)
    );

    let revoked: Value = demo.delete(&path_of(&made)).await.good().await;
    assert_eq!(revoked["state"], "revoked");
    assert!(revoked["undo_until"].is_string());
    for path in [path.clone(), format!("{path}/download")] {
        assert_eq!(visitor.get(&path).await.status(), StatusCode::NOT_FOUND);
    }
    let restore = format!("{}/restore", path_of(&made));
    let back: Value = demo.post(&restore, &json!({})).await.good().await;
    assert_eq!(back["state"], "active");
    assert_eq!(visitor.get(&path).await.status(), StatusCode::OK);

    let _: Value = demo.delete(&path_of(&made)).await.good().await;
    app.advance(61);
    let late = demo.post(&restore, &json!({})).await;
    let _ = late.problem(409, "conflict").await;
    let change = demo.post(&path_of(&made), &json!({"uses": 9})).await;
    let _ = change.problem(409, "conflict").await;
    assert_eq!(visitor.get(&path).await.status(), StatusCode::NOT_FOUND);
}

// LNK-1
#[tokio::test]
async fn whatever_is_wrong_with_a_link_the_answer_is_the_same() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let wrong = format!("/l/{}", "A".repeat(43));
    let (ended, _) = shared(&demo, "x", json!({"expires_in": 60})).await;
    let (used_up, _) = shared(&demo, "x", json!({"uses": 1})).await;
    let (elsewhere, _) = shared(&demo, "x", json!({"addresses": ["192.0.2.0/24"]})).await;
    let (locked, _) = shared(
        &demo,
        "x",
        json!({"addresses": ["192.0.2.0/24"], "password": "eight888"}),
    )
    .await;
    let (revoked, made) = shared(&demo, "x", json!({})).await;
    let _: Value = demo.delete(&path_of(&made)).await.good().await;
    let visitor = app.anonymous();
    let file = visitor.get(&format!("{used_up}/download")).await;
    assert_eq!(file.text().await, "x");
    app.advance(61);
    let expected = seen(visitor.get(&wrong).await).await;
    assert_eq!(expected.0, 404);
    assert!(expected.2.contains("This link opens nothing"));
    let all = [&ended, &used_up, &elsewhere, &locked, &revoked];
    for path in all.into_iter().chain([&"/l/x".to_owned()]) {
        assert_eq!(seen(visitor.get(path).await).await, expected, "{path}");
        let download = format!("{path}/download");
        assert_eq!(seen(visitor.get(&download).await).await, expected, "{path}");
        let typed = visitor.form(path, &[("password", "eight888")]).await;
        assert_eq!(seen(typed).await, expected, "{path}");
    }
}

// LNK-1
#[tokio::test]
async fn an_address_range_lets_in_who_is_in_it() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let here = json!({"addresses": ["192.0.2.7", "127.0.0.0/8", "::1"]});
    let (path, made) = shared(&demo, "x", here).await;
    let file = app.anonymous().get(&format!("{path}/download")).await;
    assert_eq!(file.status(), StatusCode::OK);
    assert_eq!(made["addresses"][1], "127.0.0.0/8");
    let odd = demo
        .post(
            LINKS,
            &json!({"bucket": "datasets", "key": "for you/a b.txt", "addresses": ["nowhere"], "uses": 0}),
        )
        .await;
    let detail = odd.problem(422, "validation").await;
    let fields: Vec<_> = detail
        .as_array()
        .unwrap()
        .iter()
        .map(|f| &f["loc"][1])
        .collect();
    assert_eq!(fields, ["uses", "addresses"]);
}

/// However many ask at once, as many get it as may.
async fn counts(apps: &[&TestApp]) {
    let demo = apps[0].demo().await;
    let (path, made) = shared(&demo, "0123456789", json!({"uses": 7})).await;
    let download = format!("{path}/download");
    let visitors: Vec<_> = (0..40).map(|n| apps[n % apps.len()].anonymous()).collect();
    let all = join_all(visitors.iter().map(|visitor| visitor.get(&download))).await;
    let good = all.iter().filter(|one| one.status() == StatusCode::OK);
    assert_eq!(good.count(), 7);
    let refused = all
        .iter()
        .filter(|one| one.status() == StatusCode::NOT_FOUND);
    assert_eq!(refused.count(), 33);
    let now = of_link(&demo, &made).await;
    assert_eq!(
        (&now["uses"], &now["state"]),
        (&json!(7), &json!("used_up"))
    );
    // Its maker may allow more.
    let more: Value = demo
        .post(&path_of(&made), &json!({"uses": 8}))
        .await
        .good()
        .await;
    assert_eq!(more["state"], "active");
    assert_eq!(visitors[0].get(&download).await.status(), StatusCode::OK);
    assert_eq!(
        visitors[0].get(&download).await.status(),
        StatusCode::NOT_FOUND
    );
}

// LNK-1
#[tokio::test]
async fn uses_are_counted_exactly_when_many_come_at_once() {
    let app = TestApp::new().await;
    counts(&[&app]).await;
}

// LNK-1
#[tokio::test]
async fn several_servers_count_and_revoke_as_one() {
    let Some(redis) = Redis::start().await else {
        return;
    };
    let url = redis.url();
    let settings = [("REDIS_URL", url.as_str())];
    let store = TestApp::new().await;
    let one = store.before(&settings).await;
    let two = store.before(&settings).await;
    // The keys of the demo's user, as they are at a foreign store.
    let keys: Value = store
        .demo()
        .await
        .get("/api/v1/credentials")
        .await
        .good()
        .await;
    let name = keys["access_key_id"].as_str().unwrap().to_owned();
    let secret = keys["secret_access_key"].as_str().unwrap().to_owned();
    let demo = one.script(&name, &secret).await;
    let (path, made) = shared(&demo, "0123456789", json!({"uses": 7})).await;
    let download = format!("{path}/download");
    let visitors: Vec<_> = (0..40).map(|n| [&one, &two][n % 2].anonymous()).collect();
    let all = join_all(visitors.iter().map(|visitor| visitor.get(&download))).await;
    let good = all.iter().filter(|one| one.status() == StatusCode::OK);
    assert_eq!(good.count(), 7);
    let more: Value = demo
        .post(&path_of(&made), &json!({"uses": 9, "expires_in": 600}))
        .await
        .good()
        .await;
    assert_eq!((&more["uses"], &more["max_uses"]), (&json!(7), &json!(9)));
    let first = visitors[0].get(&download).await;
    assert_eq!(first.status(), StatusCode::OK);
    // It goes on at the other server, and is no other use.
    let rest = visitors[1]
        .request(Method::GET, &download)
        .header(header::RANGE, "bytes=4-")
        .send();
    assert_eq!(rest.await.unwrap().text().await.unwrap(), "456789");
    assert_eq!(of_link(&demo, &made).await["uses"], 8);

    let there = two.script(&name, &secret).await;
    let _: Value = there.delete(&path_of(&made)).await.good().await;
    for visitor in &visitors[..2] {
        assert_eq!(visitor.get(&path).await.status(), StatusCode::NOT_FOUND);
    }
    let restore = format!("{}/restore", path_of(&made));
    let back: Value = demo.post(&restore, &json!({})).await.good().await;
    assert_eq!(back["state"], "active");
    assert_eq!(visitors[1].get(&path).await.status(), StatusCode::OK);
    let page: Value = there.get(&format!("{LINKS}?limit=1")).await.good().await;
    assert_eq!(page["links"].as_array().unwrap().len(), 1);
    assert!(page.get("next").is_none());
}

#[tokio::test]
async fn a_download_that_goes_on_is_no_other_use_and_a_piece_from_nowhere_is_one() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let (path, made) = shared(&demo, "0123456789", json!({"uses": 2})).await;
    let download = format!("{path}/download");
    let visitor = app.anonymous();
    let piece = |range: &'static str| {
        let request = visitor.request(Method::GET, &download);
        async move { Answer(request.header(header::RANGE, range).send().await.unwrap()) }
    };
    // Nothing was counted yet: who begins in the middle uses it too.
    let middle = piece("bytes=9-").await;
    assert_eq!(middle.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(middle.header("content-range"), "bytes 9-9/10");
    assert_eq!(middle.text().await, "9");
    assert_eq!(of_link(&demo, &made).await["uses"], 1);
    // Twice the object, and then it is another use.
    for range in ["bytes=1-", "bytes=2-"] {
        assert_eq!(piece(range).await.status(), StatusCode::PARTIAL_CONTENT);
    }
    assert_eq!(of_link(&demo, &made).await["uses"], 1);
    assert_eq!(
        piece("bytes=99-").await.status(),
        StatusCode::RANGE_NOT_SATISFIABLE
    );
    assert_eq!(
        piece("bytes=1-").await.status(),
        StatusCode::PARTIAL_CONTENT
    );
    assert_eq!(of_link(&demo, &made).await["uses"], 2);
    // What is used up lets nothing begin.
    assert_eq!(piece("bytes=0-3").await.status(), StatusCode::NOT_FOUND);
    let head = visitor.head(&download).await;
    assert_eq!(head.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_password_is_asked_for_and_guessing_is_slowed() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let locked = json!({"password": "correct horse", "uses": 2});
    let (path, made) = shared(&demo, "x", locked).await;
    assert_eq!(made["password"], true);
    let visitor = app.anonymous();
    let download = format!("{path}/download");
    let page = visitor.get(&path).await;
    assert_eq!(page.status(), StatusCode::OK);
    let text = page.text().await;
    assert!(
        text.contains("type=\"password\"") && !text.contains("a b.txt"),
        "{text}"
    );
    assert_eq!(visitor.get(&download).await.status(), StatusCode::FORBIDDEN);
    let right = visitor.form(&path, &[("password", "correct horse")]).await;
    assert_eq!(right.status(), StatusCode::SEE_OTHER);
    assert_eq!(right.header("location"), path);
    let cookie = right.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains(&format!("Path={path};")));
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let with = |cookie: String| {
        let request = visitor.request(Method::GET, &download);
        async move { request.header(header::COOKIE, cookie).send().await.unwrap() }
    };
    assert_eq!(with(cookie.clone()).await.text().await.unwrap(), "x");
    assert_eq!(
        with(format!("{cookie}x")).await.status(),
        StatusCode::FORBIDDEN
    );
    // Clients without a browser say it at once.
    let posted = visitor
        .form(&download, &[("password", "correct horse")])
        .await;
    assert_eq!(posted.text().await, "x");
    assert_eq!(of_link(&demo, &made).await["state"], "used_up");

    let (path, _) = shared(&demo, "x", json!({"password": "correct horse"})).await;
    app.advance(3_601);
    let mut last = StatusCode::OK;
    for _ in 0..8 {
        last = visitor
            .form(&path, &[("password", "wrong horse")])
            .await
            .status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    app.advance(600);
    let again = visitor.form(&path, &[("password", "correct horse")]).await;
    assert_eq!(again.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_link_ends_with_the_password_of_its_maker_and_with_its_object() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let (path, _) = shared(&demo, "x", json!({})).await;
    let visitor = app.anonymous();
    assert_eq!(visitor.get(&path).await.status(), StatusCode::OK);
    let _: Value = demo
        .delete("/api/v1/buckets/datasets/object?key=for%20you/a%20b.txt")
        .await
        .good()
        .await;
    let gone = seen(visitor.get(&path).await).await;
    let wrong = visitor.get(&format!("/l/{}", "A".repeat(43))).await;
    assert_eq!(gone, seen(wrong).await);

    let (path, made) = shared(&demo, "x", json!({})).await;
    let change = json!({"current_password": "demo-demo", "new_password": "Another-of-1000"});
    let changed = demo.post("/api/v1/session/password", &change).await;
    assert!(changed.status().is_success(), "{}", changed.text().await);
    assert_eq!(visitor.get(&path).await.status(), StatusCode::NOT_FOUND);
    let download = format!("{path}/download");
    assert_eq!(visitor.get(&download).await.status(), StatusCode::NOT_FOUND);
    // Who made it still sees and revokes it.
    let demo = app.script("demo/demo", "Another-of-1000").await;
    let _: Value = demo.delete(&path_of(&made)).await.good().await;
}

#[tokio::test]
async fn links_are_seen_by_their_maker_and_by_administrators_of_the_tenant() {
    let app = TestApp::new().await;
    user(&app, "mallory", &[]).await;
    user(&app, "boss", &["ADMINISTRATOR"]).await;
    let demo = app.demo().await;
    let (path, made) = shared(&demo, "x", json!({})).await;
    let mallory = app.script("demo/mallory", "Visitors-of-1000").await;
    let none: Value = mallory.get(LINKS).await.good().await;
    assert_eq!(none, json!({"links": [], "all": false}));
    let own = path_of(&made);
    let _ = mallory
        .delete(&own)
        .await
        .problem(404, "link_not_found")
        .await;
    let _ = mallory
        .post(&own, &json!({"uses": 1}))
        .await
        .problem(404, "link_not_found")
        .await;

    let boss = app.script("demo/boss", "Visitors-of-1000").await;
    let page: Value = boss.get(LINKS).await.good().await;
    assert_eq!(page["all"], true);
    assert_eq!(page["links"][0]["made_by"], "demo");
    assert_eq!(page["links"][0]["own"], false);
    // In whose name it works decides about its limits.
    let _ = boss
        .post(&own, &json!({"uses": 1}))
        .await
        .problem(404, "link_not_found")
        .await;
    let _: Value = boss.delete(&own).await.good().await;
    assert_eq!(
        app.anonymous().get(&path).await.status(),
        StatusCode::NOT_FOUND
    );
    let root = app.root().await;
    let body = json!({"bucket": "datasets", "key": "for you/a b.txt"});
    let _ = root
        .post(LINKS, &body)
        .await
        .problem(403, "tenant_required")
        .await;
    let _ = app
        .anonymous()
        .get(LINKS)
        .await
        .problem(401, "not_authenticated")
        .await;

    for n in 0..3 {
        let _ = shared(&demo, "x", json!({"uses": n + 1})).await;
    }
    let first: Value = demo.get(&format!("{LINKS}?limit=2")).await.good().await;
    let cursor = first["next"].as_str().unwrap();
    let rest: Value = demo
        .get(&format!("{LINKS}?limit=2&cursor={cursor}"))
        .await
        .good()
        .await;
    let uses = |page: &Value| -> Vec<Value> {
        let links = page["links"].as_array().unwrap();
        links.iter().map(|one| one["max_uses"].clone()).collect()
    };
    assert_eq!(uses(&first), [json!(3), json!(2)]);
    assert_eq!(uses(&rest), [json!(1), Value::Null]);
    let _ = demo
        .get(&format!("{LINKS}?cursor=x"))
        .await
        .problem(422, "validation")
        .await;
}

// LNK-1
#[tokio::test]
async fn each_use_is_in_the_audit() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let (path, made) = shared(&demo, "x", json!({"uses": 1})).await;
    let download = format!("{path}/download");
    let visitor = app.anonymous();
    assert_eq!(visitor.get(&download).await.text().await, "x");
    assert_eq!(visitor.get(&download).await.status(), StatusCode::NOT_FOUND);
    let _: Value = demo.delete(&path_of(&made)).await.good().await;
    let page: Value = demo.get("/api/v1/audit").await.good().await;
    let records: Vec<_> = page["records"].as_array().unwrap().iter().take(4).collect();
    let told: Vec<_> = records
        .iter()
        .map(|r| (r["action"].as_str().unwrap(), r["result"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ("link.revoke", "ok"),
            ("link.use", "refused"),
            ("link.use", "ok"),
            ("link.create", "ok")
        ]
    );
    let used = records[2];
    assert_eq!(used["target"]["key"], "for you/a b.txt");
    assert_eq!(used["address"], "127.0.0.1");
    assert_eq!(
        (&used["tenant"], &used["person"]),
        (&json!("demo"), &json!("demo"))
    );
    assert_eq!(used["route"], "/l/{token}");
    let (_, token) = path.split_once("/l/").unwrap();
    assert!(!page.to_string().contains(token));
}

/// What was logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn neither_what_is_kept_nor_what_is_logged_opens_a_link() {
    let lines = Lines::default();
    let writer = lines.clone();
    tracing_subscriber::fmt()
        .with_env_filter("info,server=trace,hcp=trace,tower_http=debug")
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let limits = json!({"password": "correct horse", "uses": 1});
    let (path, _) = shared(&demo, "x", limits).await;
    let download = format!("{path}/download");
    let visitor = app.anonymous();
    let _ = visitor.get(&path).await;
    for _ in 0..2 {
        let _ = visitor
            .form(&download, &[("password", "correct horse")])
            .await;
    }
    let _: Value = demo.get("/api/v1/audit").await.good().await;
    let (_, token) = path.split_once("/l/").unwrap();
    let secrets = [
        token,
        "demo-demo",
        crate::app::DEMO_SECRET_KEY,
        "correct horse",
    ];
    let logged = String::from_utf8_lossy(&lines.0.lock().unwrap()).into_owned();
    assert!(
        logged.contains("/l/…") && logged.contains("link.use"),
        "{logged}"
    );
    let mut kept = Vec::new();
    for file in std::fs::read_dir(app.data.path().join("data")).unwrap() {
        let file = file.unwrap();
        if file
            .file_name()
            .to_string_lossy()
            .starts_with("server.sqlite")
        {
            kept.extend(std::fs::read(file.path()).unwrap());
        }
    }
    assert!(
        kept.windows(12).any(|w| w == b"for you/a b."),
        "the link is there"
    );
    for secret in secrets {
        assert!(!logged.contains(secret), "{logged}");
        assert!(!kept.windows(secret.len()).any(|w| w == secret.as_bytes()));
    }
}

async fn send(visitor: &Actor<'_>, path: &str, files: &[(&str, &str)]) -> Answer {
    let mut form = multipart::Form::new();
    for (name, text) in files {
        let part = multipart::Part::text((*text).to_owned()).file_name((*name).to_owned());
        form = form.part("file", part);
    }
    let request = visitor.request(Method::POST, path).multipart(form);
    Answer(request.send().await.unwrap())
}

async fn keys(demo: &Actor<'_>, prefix: &str) -> Vec<String> {
    let page: Value = demo
        .get(&format!("/api/v1/buckets/datasets/objects?prefix={prefix}"))
        .await
        .good()
        .await;
    let objects = page["objects"].as_array().unwrap();
    objects
        .iter()
        .map(|one| one["key"].as_str().unwrap().to_owned())
        // HCP makes an object of each folder.
        .filter(|key| !key.ends_with('/'))
        .collect()
}

// LNK-2
#[tokio::test]
async fn a_visitor_sends_files_into_the_folder_sees_no_other_and_cannot_leave_it() {
    for profile in ["standard", "hcp"] {
        let app = TestApp::with(&[("HAKO_LOCAL_PROFILE", profile)]).await;
        let demo = app.demo().await;
        let before = "/api/v1/buckets/datasets/object?key=inbox/report.txt";
        assert!(demo.put_bytes(before, "mine").await.status().is_success());
        let body = json!({"kind": "request", "bucket": "datasets", "prefix": "inbox/", "uses": 8});
        let (path, made) = link(&demo, body).await;
        let visitor = app.anonymous();
        let text = visitor.get(&path).await.text().await;
        assert!(text.contains("multipart/form-data"), "{text}");
        assert!(
            !text.contains("report") && !text.contains("inbox"),
            "{text}"
        );
        // Nothing is to be had by it.
        let download = visitor.get(&format!("{path}/download")).await;
        assert_eq!(download.status(), StatusCode::NOT_FOUND);

        let sent = send(
            &visitor,
            &path,
            &[
                ("report.txt", "theirs"),
                ("../../datasets/escaped.txt", "two"),
                ("..\\windows.txt", "three"),
                ("/etc/absolute.txt", "four"),
                ("fresh.txt", "five"),
            ],
        )
        .await;
        assert_eq!(
            sent.status(),
            StatusCode::SEE_OTHER,
            "{}",
            sent.text().await
        );
        assert_eq!(sent.header("location"), format!("{path}?stored=5"));
        let text = visitor.get(&format!("{path}?stored=5")).await.text().await;
        assert!(text.contains("5 files have arrived"), "{text}");
        // What was there is what it was; nothing lies elsewhere.
        assert_eq!(demo.get(before).await.text().await, "mine");
        let inside = keys(&demo, "inbox/").await;
        assert_eq!(inside.len(), 6, "{inside:?}");
        for name in ["escaped", "windows", "absolute", "fresh"] {
            let found = inside
                .iter()
                .find(|key| key.starts_with(&format!("inbox/{name}")));
            assert!(
                found.is_some_and(|key| key.strip_suffix(".txt").is_some()),
                "{inside:?}"
            );
        }
        assert!(inside.iter().any(|key| key.starts_with("inbox/report (")));
        let all = keys(&demo, "").await;
        assert!(all.iter().all(|key| !key.contains("..")), "{all:?}");
        assert_eq!(of_link(&demo, &made).await["uses"], 5);

        // Names that are none are said, and cost nothing.
        let odd = send(&visitor, &path, &[("..", "x")]).await;
        assert_eq!(odd.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(of_link(&demo, &made).await["uses"], 5);
        // Two at once with one name are two files.
        let files = [("same.txt", "x")];
        let both = tokio::join!(send(&visitor, &path, &files), send(&visitor, &path, &files));
        let stored = keys(&demo, "inbox/same").await.len();
        let good = [&both.0, &both.1];
        let good = good.iter().filter(|a| a.status() == StatusCode::SEE_OTHER);
        assert_eq!(good.count(), stored, "{profile}");
        assert!(stored >= 1);
        let left = 8 - of_link(&demo, &made).await["uses"].as_u64().unwrap();
        let many: Vec<_> = (0..=left).map(|_| ("last.txt", "x")).collect();
        let over = send(&visitor, &path, &many).await;
        assert_eq!(over.status(), StatusCode::NOT_FOUND);
        assert_eq!(keys(&demo, "inbox/last").await.len() as u64, left);
        assert_eq!(visitor.get(&path).await.status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn what_a_link_cannot_be_for_is_said() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for (body, status, code) in [
        (
            json!({"bucket": "datasets", "key": "not there"}),
            404,
            "object_not_found",
        ),
        (
            json!({"bucket": "not-there", "key": "x"}),
            404,
            "object_not_found",
        ),
        (json!({"bucket": "datasets"}), 422, "validation"),
        (
            json!({"bucket": "datasets", "prefix": "a/"}),
            422,
            "validation",
        ),
        (
            json!({"kind": "request", "bucket": "datasets", "prefix": "a"}),
            422,
            "validation",
        ),
        (
            json!({"kind": "request", "bucket": "datasets", "key": "a"}),
            422,
            "validation",
        ),
        (
            json!({"kind": "request", "bucket": "not-there", "prefix": ""}),
            404,
            "bucket_not_found",
        ),
        (
            json!({"kind": "other", "bucket": "datasets"}),
            422,
            "validation",
        ),
    ] {
        let answer = demo.post(LINKS, &body).await;
        assert_eq!(answer.status().as_u16(), status, "{body}");
        let _ = answer.problem(status, code).await;
    }
    let session: Value = demo.get("/api/v1/session").await.good().await;
    assert_eq!(session["features"]["links"], true);
}

// SHR-1
#[tokio::test]
async fn presigned_urls_say_when_they_end_and_end_then() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let _ = shared(&demo, "bytes", json!({})).await;
    let presign = "/api/v1/buckets/datasets/objects/presign";
    let body = json!({
        "keys": ["for you/a b.txt"], "expires_in": 60,
        "file_name": "å.txt", "response_content_type": "text/x-other",
    });
    let signed: Value = demo.post(presign, &body).await.good().await;
    let at = |name: &str| model::Timestamp::parse(signed[name].as_str().unwrap()).unwrap();
    let lives = at("expires_at").unix_seconds() - at("server_time").unix_seconds();
    assert_eq!(lives, 60);
    let url = signed["urls"][0]["url"].as_str().unwrap();
    let got = reqwest::get(url).await.unwrap();
    assert_eq!(got.headers()["content-type"], "text/x-other");
    let name = got.headers()["content-disposition"].to_str().unwrap();
    assert_eq!(
        name,
        "attachment; filename=\"_.txt\"; filename*=UTF-8''%C3%A5.txt"
    );
    assert_eq!(got.text().await.unwrap(), "bytes");
    // The store has a clock of its own.
    let brief = json!({"keys": ["for you/a b.txt"], "expires_in": 1});
    let signed: Value = demo.post(presign, &brief).await.good().await;
    let url = signed["urls"][0]["url"].as_str().unwrap();
    let ended = async {
        while reqwest::get(url).await.unwrap().status() != StatusCode::FORBIDDEN {
            tokio::task::yield_now().await;
        }
    };
    let limit = std::time::Duration::from_secs(10);
    tokio::time::timeout(limit, ended).await.unwrap();
    for (body, field) in [
        (json!({"keys": ["a", "b"], "file_name": "c"}), "file_name"),
        (
            json!({"keys": ["a"], "attachment": true, "method": "put_object"}),
            "method",
        ),
    ] {
        let detail = demo
            .post(presign, &body)
            .await
            .problem(422, "validation")
            .await;
        assert_eq!(detail[0]["loc"][1], field);
    }
}

// SHR-3
#[tokio::test]
async fn urls_come_with_warnings_and_a_test_tells_whether_they_are_reached() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let _ = shared(&demo, "bytes", json!({})).await;
    let many = json!({"keys": ["for you/a b.txt"]});
    let presign = "/api/v1/buckets/datasets/objects/presign";
    let signed: Value = demo.post(presign, &many).await.good().await;
    let inside = json!({"kind": "internal_address", "host": "127.0.0.1"});
    let always = [
        json!({"kind": "not_revocable"}),
        json!({"kind": "ends_with_key"}),
    ];
    let all = signed["warnings"].as_array().unwrap();
    assert_eq!(all[..2], always);
    assert_eq!(all[2..], [inside]);
    let one = json!({"bucket": "datasets", "key": "for you/a b.txt"});
    let test = "/api/v1/presign/test";
    let told: Value = demo.post(test, &one).await.good().await;
    assert_eq!(
        (&told["outcome"], &told["status"]),
        (&json!("ok"), &json!(206))
    );
    let gone = json!({"bucket": "datasets", "key": "not there"});
    let told: Value = demo.post(test, &gone).await.good().await;
    assert_eq!(
        (&told["outcome"], &told["status"]),
        (&json!("refused"), &json!(404))
    );

    // An address that nobody answers at.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    let public = format!("http://127.0.0.1:{port}");
    let app = TestApp::with(&[("S3_PUBLIC_ENDPOINT_URL", &public)]).await;
    let demo = app.demo().await;
    let _ = shared(&demo, "bytes", json!({})).await;
    let told: Value = demo.post(test, &one).await.good().await;
    assert_eq!(told, json!({"outcome": "unreachable", "origin": public}));
    let app = TestApp::with(&[("S3_PUBLIC_ENDPOINT_URL", "https://s3.example.com")]).await;
    let demo = app.demo().await;
    let signed: Value = demo.post(presign, &many).await.good().await;
    assert_eq!(signed["warnings"], json!(always));
}

#[tokio::test]
async fn the_links_of_one_key_are_listed_by_themselves() {
    let redis = Redis::start().await;
    let url = redis.as_ref().map(Redis::url);
    let own: Vec<(&str, &str)> = Vec::new();
    let shared: Option<Vec<_>> = url.as_deref().map(|url| vec![("REDIS_URL", url)]);
    for settings in std::iter::once(own).chain(shared) {
        let app = TestApp::with(&settings).await;
        let demo = app.demo().await;
        demo.bucket("other").await;
        for (bucket, key) in [
            ("datasets", "a b.txt"),
            ("datasets", "b.txt"),
            ("other", "a b.txt"),
        ] {
            let path = format!("/api/v1/buckets/{bucket}/object?key={key}");
            assert!(demo.put_bytes(&path, "x").await.status().is_success());
        }
        let of = |bucket: &str, key: &str| json!({"bucket": bucket, "key": key});
        let (_, first) = link(&demo, of("datasets", "a b.txt")).await;
        link(&demo, of("datasets", "b.txt")).await;
        link(&demo, of("other", "a b.txt")).await;
        let (_, last) = link(&demo, of("datasets", "a b.txt")).await;
        let request = json!({"kind": "request", "bucket": "datasets", "prefix": "in/"});
        let (_, request) = link(&demo, request).await;
        let listed = async |query: &str| -> (Vec<Value>, Value) {
            let page: Value = demo.get(&format!("{LINKS}?{query}")).await.good().await;
            let links = page["links"].as_array().unwrap().iter();
            (
                links.map(|link| link["id"].clone()).collect(),
                page["next"].clone(),
            )
        };
        let at = "bucket=datasets&target=a%20b.txt";
        let (both, next) = listed(at).await;
        assert_eq!(both, [last["id"].clone(), first["id"].clone()]);
        assert!(next.is_null());
        // Pages are of these alone.
        let (page, next) = listed(&format!("{at}&limit=1")).await;
        assert_eq!(page, [last["id"].clone()]);
        let cursor = next.as_str().unwrap();
        let (page, next) = listed(&format!("{at}&limit=1&cursor={cursor}")).await;
        assert_eq!((page, next), (vec![first["id"].clone()], Value::Null));
        let (folder, _) = listed("bucket=datasets&target=in/").await;
        assert_eq!(folder, [request["id"].clone()]);
        assert_eq!(listed("bucket=datasets").await.0.len(), 4);
        assert_eq!(listed("target=a%20b.txt").await.0.len(), 3);
        assert!(listed("bucket=datasets&target=absent").await.0.is_empty());
    }
}
