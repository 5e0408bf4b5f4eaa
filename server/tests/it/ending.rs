//! When an object is removed, as the console sets it: set, changed, taken back, and by whom.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::service::expiry::sweep;

use crate::{
    app::{Actor, Answer, TestApp},
    moto::{KEYS, Moto},
    redis::Redis,
};

const SETS: &str = "/api/v1/buckets/datasets";
const PEOPLE: &str = "/api/v1/mapi/tenants/demo/userAccounts";
const SECRET: &str = "Clerk-of-1000";

fn at(key: &str) -> String {
    format!("{SETS}/object/expiry?key={key}")
}

async fn stored(actor: &Actor<'_>, key: &str, bytes: &'static str) {
    let path = format!("{SETS}/object?key={key}");
    let stored = actor.put_bytes(&path, bytes).await;
    assert_eq!(stored.status(), StatusCode::CREATED);
}

async fn told(actor: &Actor<'_>, key: &str) -> Value {
    actor.get(&at(key)).await.good().await
}

async fn set(actor: &Actor<'_>, key: &str, body: &Value) -> Answer {
    let request = actor.request(Method::PUT, &at(key)).json(body);
    Answer(request.send().await.unwrap())
}

async fn ends(actor: &Actor<'_>, key: &str, seconds: u64) -> Value {
    let body = json!({"expires_in": seconds});
    set(actor, key, &body).await.good().await
}

async fn is_there(actor: &Actor<'_>, key: &str) -> bool {
    let found = actor.head(&format!("{SETS}/object?key={key}")).await;
    found.status() == StatusCode::OK
}

async fn swept(app: &TestApp) -> u64 {
    sweep(app.running.state()).await.unwrap()
}

async fn listed(actor: &Actor<'_>, prefix: &str) -> Value {
    let path = format!("{SETS}/objects?prefix={prefix}&delimiter=/");
    actor.get(&path).await.good().await
}

fn seconds(answer: &Value) -> i64 {
    let text = answer["expires_at"].as_str().unwrap();
    model::Timestamp::parse(text).unwrap().unix_seconds()
}

/// Somebody with these permissions in the bucket, and these roles.
async fn person<'a>(
    app: &'a TestApp,
    name: &str,
    permissions: &[&str],
    roles: &[&str],
) -> Actor<'a> {
    let demo = app.demo().await;
    let account = json!({
        "username": name, "fullName": name, "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "password": SECRET, "roles": {"role": roles},
    });
    let made = demo.request(Method::PUT, PEOPLE).json(&account);
    assert!(made.send().await.unwrap().status().is_success());
    let rights = json!({"namespacePermission": [
        {"namespaceName": "datasets", "permissions": {"permission": permissions}},
    ]});
    let access = format!("{PEOPLE}/{name}/dataAccessPermissions");
    assert!(demo.post(&access, &rights).await.status().is_success());
    app.script(&format!("demo/{name}"), SECRET).await
}

/// DRW-9
#[tokio::test]
async fn drw_9_an_end_is_set_changed_and_taken_back() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for key in ["in/a b.txt", "in/kept.txt", "in/below/c.txt"] {
        stored(&demo, &key.replace(' ', "%20"), "bytes").await;
    }
    let before = told(&demo, "in/a%20b.txt").await;
    assert_eq!(before["expires_at"], Value::Null);
    assert!(before["etag"].is_string());
    assert!(listed(&demo, "in/").await["expires_at"].is_null());

    let hour = ends(&demo, "in/a%20b.txt", 3_600).await;
    assert_eq!(
        (&hour["set_by"], &hour["may_set"]),
        (&json!("demo"), &json!("yes"))
    );
    let told_now = told(&demo, "in/a%20b.txt").await;
    assert_eq!(told_now["expires_at"], hour["expires_at"]);
    let details: Value = demo
        .get(&format!("{SETS}/object/details?key=in/a%20b.txt"))
        .await
        .good()
        .await;
    assert_eq!(details["expires_at"], hour["expires_at"]);
    // The page of the listing tells it, by key, and tells of no other.
    ends(&demo, "in/below/c.txt", 60).await;
    let page = listed(&demo, "in/").await;
    assert_eq!(
        page["expires_at"],
        json!({"in/a b.txt": hour["expires_at"]})
    );

    // Longer, then shorter: always from now on.
    app.advance(1_000);
    let day = ends(&demo, "in/a%20b.txt", 86_400).await;
    assert!((seconds(&day) - seconds(&hour) - 1_000 - 82_800).abs() <= 2);
    let minutes = ends(&demo, "in/a%20b.txt", 120).await;
    assert!(seconds(&minutes) < seconds(&hour));

    // For ever, twice.
    for _ in 0..2 {
        let request = demo.delete(&at("in/a%20b.txt")).await;
        let cleared: Value = request.good().await;
        assert_eq!(cleared["expires_at"], Value::Null);
    }
    app.advance(20_000);
    assert_eq!(swept(&app).await, 1, "the other one");
    assert!(is_there(&demo, "in/a%20b.txt").await);
    assert!(!is_there(&demo, "in/below/c.txt").await);

    // After a short one it is gone, from the listing too.
    ends(&demo, "in/a%20b.txt", 1).await;
    app.advance(2);
    assert_eq!(swept(&app).await, 1);
    let _ = demo
        .get(&at("in/a%20b.txt"))
        .await
        .problem(404, "object_not_found")
        .await;
    let page = listed(&demo, "in/").await;
    let keys: Vec<_> = page["objects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| &o["key"])
        .collect();
    assert_eq!(keys, ["in/kept.txt"]);

    let page: Value = demo.get("/api/v1/audit").await.good().await;
    let count = |action: &str| {
        let records = page["records"].as_array().unwrap().iter();
        records
            .filter(|r| r["action"] == action && r["target"]["key"] == "in/a b.txt")
            .count()
    };
    assert_eq!(count("object.expiry"), 4);
    assert_eq!(count("object.expiry_clear"), 2);
    assert_eq!(count("object.expire"), 1);
}

/// DRW-9
#[tokio::test]
async fn drw_9_what_is_written_anew_has_no_end() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    stored(&demo, "again.txt", "first").await;
    let seen = told(&demo, "again.txt").await["etag"].clone();
    ends(&demo, "again.txt", 60).await;
    app.advance(1);
    stored(&demo, "again.txt", "second").await;
    assert_eq!(told(&demo, "again.txt").await["expires_at"], Value::Null);
    assert!(listed(&demo, "again").await["expires_at"].is_null());
    app.advance(100);
    assert_eq!(swept(&app).await, 0);
    assert!(is_there(&demo, "again.txt").await);
    // Who has looked at the first means the first.
    let body = json!({"expires_in": 60, "etag": seen});
    let late = set(&demo, "again.txt", &body).await;
    let _ = late.problem(412, "object_changed").await;
    assert_eq!(told(&demo, "again.txt").await["expires_at"], Value::Null);
    let seen = told(&demo, "again.txt").await["etag"].clone();
    let body = json!({"expires_in": 60, "etag": seen});
    let _: Value = set(&demo, "again.txt", &body).await.good().await;
    // Nothing is set over the head of the sweep.
    app.advance(61);
    let body = json!({"expires_in": 60});
    let _ = set(&demo, "again.txt", &body)
        .await
        .problem(409, "conflict")
        .await;
    let _ = demo
        .delete(&at("again.txt"))
        .await
        .problem(409, "conflict")
        .await;
    assert_eq!(swept(&app).await, 1);
}

/// DRW-9
#[tokio::test]
async fn drw_9_ends_are_set_by_who_may_delete_and_changed_by_who_set_them() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let write = ["BROWSE", "READ", "WRITE", "DELETE"];
    let clerk = person(&app, "clerk", &write, &[]).await;
    let other = person(&app, "other", &write, &[]).await;
    let reader = person(&app, "reader", &["BROWSE", "READ"], &["ADMINISTRATOR"]).await;
    let nobody = person(&app, "nobody", &[], &[]).await;
    stored(&demo, "own.txt", "bytes").await;
    let body = json!({"expires_in": 600});

    let anonymous = app.anonymous();
    let _ = anonymous
        .get(&at("own.txt"))
        .await
        .problem(401, "not_authenticated")
        .await;
    for refused in [&nobody] {
        let _ = refused
            .get(&at("own.txt"))
            .await
            .problem(403, "access_denied")
            .await;
        let _ = set(refused, "own.txt", &body)
            .await
            .problem(403, "access_denied")
            .await;
    }
    // Who is known to have no right to delete; and nothing is set by it.
    let refused = set(&reader, "own.txt", &body).await;
    let why = refused.problem(403, "access_denied").await;
    assert!(why.as_str().unwrap().contains("allowed to delete"), "{why}");
    assert_eq!(told(&reader, "own.txt").await["may_set"], "no");
    assert_eq!(told(&clerk, "own.txt").await["expires_at"], Value::Null);

    let end = ends(&clerk, "own.txt", 600).await;
    assert_eq!(end["set_by"], "clerk");
    // Another clerk may delete it, but nobody tells Hako so.
    let seen = told(&other, "own.txt").await;
    assert_eq!(
        (&seen["may_set"], &seen["may_clear"]),
        (&json!("no"), &json!("no"))
    );
    let why = set(&other, "own.txt", &json!({"expires_in": 1_000_000})).await;
    let why = why.problem(403, "access_denied").await;
    assert!(why.as_str().unwrap().starts_with("clerk has set"), "{why}");
    let _ = other
        .delete(&at("own.txt"))
        .await
        .problem(403, "access_denied")
        .await;
    assert_eq!(
        told(&other, "own.txt").await["expires_at"],
        end["expires_at"]
    );
    let seen = told(&reader, "own.txt").await;
    assert_eq!(
        (&seen["may_set"], &seen["may_clear"]),
        (&json!("no"), &json!("yes"))
    );
    let _ = set(&reader, "own.txt", &body)
        .await
        .problem(403, "access_denied")
        .await;
    // Who set it changes it; the owner of the bucket, and administrators, take it back.
    ends(&clerk, "own.txt", 60).await;
    let _: Value = reader.delete(&at("own.txt")).await.good().await;
    ends(&clerk, "own.txt", 60).await;
    let _: Value = demo.delete(&at("own.txt")).await.good().await;
    assert_eq!(told(&clerk, "own.txt").await["expires_at"], Value::Null);

    // The system level has no data, and no switch for it.
    let root = app.root().await;
    let session: Value = root.get("/api/v1/session").await.good().await;
    assert_eq!(session["features"]["expiry"], false);
    assert!(
        set(&root, "own.txt", &body)
            .await
            .status()
            .is_client_error()
    );
    let session: Value = demo.get("/api/v1/session").await.good().await;
    assert_eq!(session["features"]["expiry"], true);
}

/// DRW-9
#[tokio::test]
async fn drw_9_what_makes_no_sense_sets_nothing() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    stored(&demo, "k", "bytes").await;
    for wrong in [
        json!({"expires_in": 0}),
        json!({"expires_in": -5}),
        json!({"expires_in": 3_153_600_001_u64}),
        json!({"expires_in": "soon"}),
        json!({"expires_in": 60, "until": "2030"}),
        json!({}),
    ] {
        let refused = set(&demo, "k", &wrong).await;
        let _ = refused.problem(422, "validation").await;
    }
    let body = json!({"expires_in": 60});
    let _ = set(&demo, "absent", &body)
        .await
        .problem(404, "object_not_found")
        .await;
    let _ = demo
        .delete(&at("absent"))
        .await
        .problem(404, "object_not_found")
        .await;
    let versioned = format!("{}&version_id=3", at("k"));
    let _ = demo.get(&versioned).await.problem(422, "validation").await;
    let no_key = demo.get(&format!("{SETS}/object/expiry")).await;
    let _ = no_key.problem(422, "validation").await;
    assert_eq!(told(&demo, "k").await["expires_at"], Value::Null);

    // What the store keeps for longer could not be removed at its end.
    let keep = format!("{SETS}/object/retention?key=k");
    let kept = demo
        .request(Method::PUT, &keep)
        .json(&json!({"retention": "N+1d"}));
    let _: Value = Answer(kept.send().await.unwrap()).good().await;
    let _ = set(&demo, "k", &body)
        .await
        .problem(403, "object_retained")
        .await;
    ends(&demo, "k", 2 * 86_400).await;
    let hold = demo
        .request(Method::PUT, &keep)
        .json(&json!({"hold": true}));
    let _: Value = Answer(hold.send().await.unwrap()).good().await;
    let refused = set(&demo, "k", &json!({"expires_in": 3 * 86_400})).await;
    let _ = refused.problem(403, "object_retained").await;
}

/// DRW-9
#[tokio::test]
async fn drw_9_plain_forms_set_and_take_back() {
    let app = TestApp::new().await;
    let browser = app.browser().await;
    stored(&browser, "form.txt", "bytes").await;
    let page = "/buckets/datasets?o=form.txt&tab=retention";
    let send = async |extra: &[(&str, &str)]| {
        let common = [("bucket", "datasets"), ("key", "form.txt"), ("next", page)];
        let fields: Vec<_> = common.iter().chain(extra).copied().collect();
        browser.form(page, &fields).await
    };
    let set = send(&[("op", "set_expiry"), ("expires_in", "3600")]).await;
    assert_eq!(
        (set.status(), set.header("location")),
        (StatusCode::SEE_OTHER, page)
    );
    let hour = told(&browser, "form.txt").await;
    let shown = browser.get(page).await.text().await;
    assert!(shown.contains("data-testid=\"expiry-badge\""));
    let own = [
        ("op", "set_expiry"),
        ("expires_in", "own"),
        ("number", "2"),
        ("unit", "86400"),
    ];
    assert_eq!(send(&own).await.status(), StatusCode::SEE_OTHER);
    let days = told(&browser, "form.txt").await;
    assert!((seconds(&days) - seconds(&hour) - 2 * 86_400 + 3_600).abs() <= 5);
    let wrong = [
        ("op", "set_expiry"),
        ("expires_in", "own"),
        ("number", "soon"),
        ("unit", "86400"),
    ];
    let wrong = send(&wrong).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(told(&browser, "form.txt").await, days);
    assert_eq!(
        send(&[("op", "clear_expiry")]).await.status(),
        StatusCode::SEE_OTHER
    );
    assert_eq!(told(&browser, "form.txt").await["expires_at"], Value::Null);
}

/// DRW-9
#[tokio::test]
async fn drw_9_other_stores_and_shared_servers_have_ends_too() {
    if let Some(redis) = Redis::start().await {
        let url = redis.url();
        let app = TestApp::with(&[("REDIS_URL", url.as_str())]).await;
        let demo = app.demo().await;
        stored(&demo, "shared.txt", "bytes").await;
        let end = ends(&demo, "shared.txt", 60).await;
        let page = listed(&demo, "shared").await;
        assert_eq!(page["expires_at"], json!({"shared.txt": end["expires_at"]}));
        app.advance(61);
        assert_eq!(swept(&app).await, 1);
    }
    let Some(moto) = Moto::start() else {
        return;
    };
    let app = moto.app().await;
    let keys = app.script(KEYS.0, KEYS.1).await;
    keys.bucket("datasets").await;
    stored(&keys, "k", "bytes").await;
    let end = ends(&keys, "k", 60).await;
    let page = listed(&keys, "").await;
    assert_eq!(page["expires_at"], json!({"k": end["expires_at"]}));
    app.advance(61);
    assert_eq!(swept(&app).await, 1);
    assert!(!is_there(&keys, "k").await);
}
