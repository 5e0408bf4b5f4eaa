//! The audit: what is recorded, who sees it, and what is never in it.

use model::mapi::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer, TestApp},
    redis::Redis,
};

const AUDIT: &str = "/api/v1/audit";

async fn records(actor: &Actor<'_>, query: &str) -> Vec<Value> {
    let page: Value = actor.get(&format!("{AUDIT}{query}")).await.good().await;
    page["records"].as_array().unwrap().clone()
}

fn actions(records: &[Value]) -> Vec<&str> {
    records
        .iter()
        .map(|r| r["action"].as_str().unwrap())
        .collect()
}

async fn send(actor: &Actor<'_>, method: Method, path: &str, body: &Value) -> Answer {
    let request = actor.request(method, path).json(body);
    Answer(request.send().await.unwrap())
}

/// Makes a user of the demo's tenant.
async fn user(root: &Actor<'_>, username: &str, password: &str, roles: &[&str]) {
    let body = json!({
        "username": username, "fullName": username, "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "password": password, "roles": {"role": roles},
    });
    let made = send(
        root,
        Method::PUT,
        "/api/v1/mapi/tenants/demo/userAccounts",
        &body,
    )
    .await;
    assert_eq!(made.status(), StatusCode::CREATED, "{}", made.text().await);
}

#[tokio::test]
async fn a_change_is_recorded_with_who_what_where_and_how_it_ended() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let stored = demo
        .put_bytes(
            "/api/v1/buckets/datasets/object?key=a%2Fone%20%C3%A5",
            "bytes",
        )
        .await;
    assert_eq!(stored.status(), StatusCode::CREATED);
    let request = demo
        .request(
            Method::DELETE,
            "/api/v1/buckets/datasets/objects/a/one%20%C3%A5",
        )
        .header("x-request-id", "r-known");
    let _: Value = Answer(request.send().await.unwrap()).good().await;
    let refused = demo.delete("/api/v1/buckets/no-such-bucket-here").await;
    let _ = refused.problem(404, "bucket_not_found").await;

    let found = records(&demo, "").await;
    assert_eq!(
        actions(&found)[..4],
        [
            "bucket.delete",
            "object.delete",
            "object.store",
            "session.sign_in"
        ]
    );
    let (failed, deleted) = (&found[0], &found[1]);
    assert_eq!(failed["result"], "refused");
    assert_eq!(
        (&failed["status"], &failed["code"]),
        (&json!(404), &json!("bucket_not_found"))
    );
    assert_eq!(failed["target"], json!({"bucket": "no-such-bucket-here"}));
    assert_eq!(deleted["request_id"], "r-known");
    assert_eq!(
        deleted["target"],
        json!({"bucket": "datasets", "key": "a/one å"})
    );
    assert_eq!(deleted["route"], "/api/v1/buckets/{bucket}/objects/{key}");
    assert_eq!(
        (&deleted["method"], &deleted["result"]),
        (&json!("DELETE"), &json!("ok"))
    );
    assert_eq!(
        (&deleted["tenant"], &deleted["person"]),
        (&json!("demo"), &json!("demo"))
    );
    assert_eq!(
        (&deleted["level"], &deleted["address"]),
        (&json!("tenant"), &json!("127.0.0.1"))
    );
    assert!(deleted["duration_ms"].is_u64() && deleted["time"].is_string());
}

#[tokio::test]
async fn what_only_reads_is_not_recorded() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let before = records(&demo, "").await.len();
    let get = json!({"bucket": "datasets", "key": "a", "method": "get_object"});
    let _: Value = demo.post("/api/v1/presign", &get).await.good().await;
    let plan = json!({"kind": "delete", "bucket": "datasets", "prefixes": ["a/"], "plan": true});
    let _: Value = demo.post("/api/v1/jobs?wait=20", &plan).await.good().await;
    let search = json!({"kind": "search", "bucket": "datasets", "search": {"name_contains": "a"}});
    let _: Value = demo
        .post("/api/v1/jobs?wait=20", &search)
        .await
        .good()
        .await;
    let count = "/api/v1/buckets/datasets/objects/s3_stats";
    let _: Value = demo.post(count, &json!({})).await.good().await;
    let _: Value = demo.get("/api/v1/buckets").await.good().await;
    assert_eq!(records(&demo, "").await.len(), before);
    // The same calls, where they change something.
    let put = json!({"bucket": "datasets", "key": "a", "method": "put_object"});
    let _: Value = demo.post("/api/v1/presign", &put).await.good().await;
    let job =
        json!({"kind": "delete", "bucket": "datasets", "keys": ["x", "y"], "prefixes": ["none/"]});
    let job: Value = demo.post("/api/v1/jobs?wait=20", &job).await.good().await;
    let found = records(&demo, "").await;
    assert_eq!(actions(&found)[..2], ["job.start", "object.presign"]);
    assert_eq!(found.len(), before + 2);
    assert_eq!(found[0]["job"], job["id"]);
    assert_eq!(found[0]["job_kind"], "delete");
    assert_eq!(
        found[0]["target"],
        json!({"bucket": "datasets", "key": "x", "more": 2})
    );
    assert_eq!(
        found[0]["fields"],
        json!(["bucket", "keys", "kind", "prefixes"])
    );
}

#[tokio::test]
async fn signing_in_and_out_and_failing_to_is_recorded_and_a_form_once() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let refused = app.token("demo/demo", "not-it-at-all").await;
    let _ = refused.problem(401, "invalid_credentials").await;
    let browser = app.browser().await;
    let fields = [
        ("op", "create_bucket"),
        ("bucket", "by-form"),
        ("next", "/buckets"),
    ];
    let answer = browser.form("/buckets", &fields).await;
    assert_eq!(
        answer.status(),
        StatusCode::SEE_OTHER,
        "{}",
        answer.text().await
    );
    let answer = browser.form("/sign-out", &[("op", "sign_out")]).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let found = records(&demo, "").await;
    assert_eq!(
        actions(&found)[..5],
        [
            "session.sign_out",
            "bucket.create",
            "session.sign_in",
            "session.sign_in",
            "session.sign_in"
        ]
    );
    let failed = &found[3];
    assert_eq!(
        (&failed["result"], &failed["code"]),
        (&json!("refused"), &json!("invalid_credentials"))
    );
    assert_eq!(
        (&failed["tenant"], &failed["person"]),
        (&json!("demo"), &json!("demo"))
    );
    for one in &found[..3] {
        assert_eq!(
            (&one["result"], &one["person"]),
            (&json!("ok"), &json!("demo"))
        );
        assert_eq!(one["address"], "127.0.0.1");
    }
    assert_eq!(found[1]["target"], json!({"bucket": "by-form"}));
}

/// AUD-1: what is secret is provoked everywhere, and then looked for in the rows.
#[tokio::test]
async fn no_secret_is_in_any_record() {
    let app = TestApp::new().await;
    let (demo, root) = (app.demo().await, app.root().await);
    let file = app.data.path().join("data/admin-password");
    let root_password = std::fs::read_to_string(file).unwrap();
    user(&demo, "keeper", "First-secret-1", &["SECURITY"]).await;
    let _ = app.token("demo/keeper", "Wrong-secret-2").await.status();
    let own = json!({"current_password": "demo-demo", "new_password": "Third-secret-3"});
    let keeper = app.script("demo/keeper", "First-secret-1").await;
    let changed = json!({"current_password": "First-secret-1", "new_password": "Third-secret-3"});
    let _ = keeper
        .post("/api/v1/session/password", &changed)
        .await
        .status();
    let _ = demo
        .post("/api/v1/session/password", &json!({"wrong": own}))
        .await
        .status();
    let users = "/api/v1/mapi/tenants/demo/userAccounts";
    let password = json!({"newPassword": "Fourth-secret-4"});
    let _ = demo
        .post(&format!("{users}/keeper/changePassword"), &password)
        .await
        .status();
    let by_query = format!("{users}?password=Fifth-secret-5");
    let odd = json!({"username": "odd", "password": "Sixth-secret-6", "Seventh-secret-7!": 1});
    let _ = send(&demo, Method::PUT, &by_query, &odd).await.status();
    let reset = format!("{users}?resetPasswords=Eighth-secret-8");
    let _ = demo
        .post(&reset, &json!({"password": "Ninth-secret-9"}))
        .await
        .status();
    let tenant = json!({
        "name": "acme", "hardQuota": "10 GB", "username": "first", "password": "Tenth-secret-10",
    });
    let made = send(&root, Method::PUT, "/api/v1/mapi/tenants", &tenant).await;
    assert_eq!(made.status(), StatusCode::CREATED, "{}", made.text().await);
    let put = json!({
        "bucket": "datasets", "key": "a", "method": "put_object", "metadata": {"pin": "Eleventh-secret-11"},
    });
    let signed: Value = demo.post("/api/v1/presign", &put).await.good().await;
    let tags = json!({"tags": {"pin": "Twelfth-secret-12"}});
    let path = "/api/v1/buckets/datasets/object/tags?key=a&X-Amz-Signature=13th-secret";
    let _ = send(&demo, Method::PUT, path, &tags).await.status();
    let keys: Value = demo.get("/api/v1/credentials").await.good().await;

    let found = records(&root, "?limit=200").await;
    let text = serde_json::to_string(&found).unwrap();
    assert!(found.len() > 10, "{text}");
    assert!(
        !text.contains("secret-") && !text.contains("-secret"),
        "{text}"
    );
    let signature = signed["url"].as_str().unwrap().rsplit('=').next().unwrap();
    let secrets = [
        root_password.trim(),
        "demo-demo",
        crate::app::DEMO_SECRET_KEY,
        keys["secret_access_key"].as_str().unwrap(),
        signature,
        demo.bearer.as_deref().unwrap(),
    ]
    .map(str::to_owned);
    for secret in &secrets {
        assert!(!text.contains(secret), "{secret}");
    }
    // Nor in the database itself, also not where a row does not show it.
    app.running.stop().await;
    for name in ["server.sqlite", "server.sqlite-wal"] {
        let bytes = std::fs::read(app.data.path().join("data").join(name)).unwrap_or_default();
        let kept = String::from_utf8_lossy(&bytes);
        assert!(!kept.contains("-secret"), "{name}");
        for secret in &secrets {
            assert!(!kept.contains(secret), "{name}: {secret}");
        }
    }
}

/// Makes a tenant with somebody in it who is called as somebody of the demo's.
async fn acme(app: &TestApp, root: &Actor<'_>) {
    let tenant = json!({
        "name": "acme", "hardQuota": "10 GB", "username": "first", "password": "Some-password-1",
    });
    let made = send(root, Method::PUT, "/api/v1/mapi/tenants", &tenant).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    // Of the same name, in another tenant.
    let first = app.script("acme/first", "Some-password-1").await;
    let path = "/api/v1/mapi/tenants/acme/userAccounts";
    let body = json!({
        "username": "reader", "fullName": "reader", "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "password": "Some-password-1",
    });
    let made = send(&first, Method::PUT, path, &body).await;
    assert_eq!(made.status(), StatusCode::CREATED, "{}", made.text().await);
}

/// AUD-3.
#[tokio::test]
async fn people_see_their_own_administrators_their_tenant_s_and_the_system_all() {
    let app = TestApp::new().await;
    let (demo, root) = (app.demo().await, app.root().await);
    for (name, roles) in [
        ("reader", &[][..]),
        ("other", &[]),
        ("guard", &["SECURITY"]),
        ("boss", &["ADMINISTRATOR"]),
        ("looker", &["MONITOR"]),
    ] {
        user(&demo, name, "Some-password-1", roles).await;
    }
    acme(&app, &root).await;
    let strange = app.script("acme/reader", "Some-password-1").await;
    for somebody in [
        &strange,
        &app.script("demo/reader", "Some-password-1").await,
    ] {
        let _ = somebody
            .delete("/api/v1/buckets/not-there-at-all")
            .await
            .status();
    }
    let _ = app.script("demo/other", "Some-password-1").await;

    let page = async |actor: &Actor<'_>| -> (String, Vec<Value>) {
        let page: Value = actor.get("/api/v1/audit?limit=200").await.good().await;
        let scope = page["scope"].as_str().unwrap().to_owned();
        (scope, page["records"].as_array().unwrap().clone())
    };
    for name in ["reader", "looker"] {
        let actor = app.script(&format!("demo/{name}"), "Some-password-1").await;
        let (scope, found) = page(&actor).await;
        assert_eq!(scope, "own");
        assert!(!found.is_empty());
        for one in &found {
            assert_eq!(
                (&one["person"], &one["tenant"]),
                (&json!(name), &json!("demo")),
                "{one}"
            );
        }
        // Asking for others does not help.
        assert!(records(&actor, "?person=demo").await.is_empty());
        assert!(records(&actor, "?tenant=acme").await.is_empty());
    }
    for name in ["guard", "boss"] {
        let actor = app.script(&format!("demo/{name}"), "Some-password-1").await;
        let (scope, found) = page(&actor).await;
        assert_eq!(scope, "tenant");
        assert!(found.iter().all(|one| one["tenant"] == "demo"));
        for person in ["reader", "other", "demo"] {
            assert!(
                found.iter().any(|one| one["person"] == person),
                "{name}: {person}"
            );
        }
        assert!(records(&actor, "?tenant=acme").await.is_empty());
        assert!(records(&actor, "?tenant=~").await.is_empty());
        let export = actor.get("/api/v1/audit?format=jsonl").await.text().await;
        assert!(!export.contains("\"acme\""));
    }
    let (scope, found) = page(&root).await;
    assert_eq!(scope, "system");
    for tenant in [json!("demo"), json!("acme"), Value::Null] {
        assert!(found.iter().any(|one| one["tenant"] == tenant), "{tenant}");
    }
    // Whoever made the tenant did it in its affairs; its own people see that.
    let created = records(&root, "?action=tenant.create&tenant=acme").await;
    assert_eq!(created.len(), 1);
    assert_eq!(
        (&created[0]["level"], &created[0]["person"]),
        (&json!("system"), &json!("admin"))
    );
}

#[tokio::test]
async fn at_the_system_level_whoever_sees_tenants_sees_all() {
    let app = TestApp::new().await;
    let page = async |actor: &Actor<'_>| -> (String, Vec<Value>) {
        let page: Value = actor.get("/api/v1/audit?limit=200").await.good().await;
        let scope = page["scope"].as_str().unwrap().to_owned();
        (scope, page["records"].as_array().unwrap().clone())
    };
    for (name, role, scope) in [
        ("sys-admin", Role::Administrator, "system"),
        ("sys-guard", Role::Security, "system"),
        ("sys-service", Role::Service, "own"),
        ("sys-search", Role::Search, "own"),
    ] {
        app.system_user(name, "Some-password-1", role).await;
        let actor = app.script(name, "Some-password-1").await;
        let (told, found) = page(&actor).await;
        assert_eq!(told, scope, "{name}");
        if scope == "own" {
            assert!(
                found
                    .iter()
                    .all(|one| one["person"] == name && one["level"] == "system")
            );
        }
    }
    let _ = app
        .anonymous()
        .get(AUDIT)
        .await
        .problem(401, "not_authenticated")
        .await;
}

/// AUD-2.
#[tokio::test]
async fn filters_pages_and_files_tell_the_same() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for n in 0..7 {
        let key = format!("/api/v1/buckets/datasets/object?key=Folder%2F{n}");
        let _: Value = demo.put_bytes(&key, "bytes").await.good().await;
        let _: Value = demo.delete(&key).await.good().await;
    }
    let name = "/api/v1/buckets/datasets/object?key=%3DHYPERLINK(1)";
    let _: Value = demo.put_bytes(name, "bytes").await.good().await;
    let all = records(&demo, "?limit=200").await;
    let filter = "action=object.delete&target=fOLDER%2F&result=ok&person=DEMO";
    let expected: Vec<_> = all
        .iter()
        .filter(|one| one["action"] == "object.delete")
        .cloned()
        .collect();
    assert_eq!(expected.len(), 7);
    let (mut found, mut next) = (Vec::new(), String::new());
    loop {
        let path = format!("{AUDIT}?{filter}&limit=3{next}");
        let page: Value = demo.get(&path).await.good().await;
        found.extend(page["records"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(found, expected);

    let lines = |text: &str| -> Vec<Value> {
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let file = demo.get(&format!("{AUDIT}?{filter}&format=jsonl")).await;
    assert_eq!(file.header("content-type"), "application/x-ndjson");
    assert_eq!(lines(&file.text().await), expected);
    let request = demo
        .request(Method::GET, &format!("{AUDIT}?{filter}"))
        .header("accept", "text/csv");
    let file = Answer(request.send().await.unwrap());
    assert!(file.header("content-disposition").contains("audit.csv"));
    let text = file.text().await;
    let rows: Vec<&str> = text.trim_end().split("\r\n").collect();
    assert_eq!(rows.len(), 8);
    assert!(rows[0].starts_with("id,time,request_id,level,tenant,person,action,target,"));
    for (row, one) in rows[1..].iter().zip(&expected) {
        for name in ["id", "time", "request_id", "person"] {
            assert!(row.contains(one[name].as_str().unwrap()), "{row}: {name}");
        }
    }
    // Not a cell that a spreadsheet runs, also as a whole.
    let file = demo
        .get("/api/v1/audit?format=csv&target=hyperlink")
        .await
        .text()
        .await;
    assert!(file.contains(",datasets/=HYPERLINK(1),"), "{file}");
}

#[tokio::test]
async fn ranges_and_following_miss_nothing() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for n in 0..3 {
        let key = format!("/api/v1/buckets/datasets/object?key=earlier%2F{n}");
        let _: Value = demo.put_bytes(&key, "bytes").await.good().await;
    }
    let all = records(&demo, "?limit=200").await;
    // Ranges: from is in, to is out.
    let (newest, oldest) = (&all[0], &all[all.len() - 1]);
    let time = |one: &Value| one["time"].as_str().unwrap().to_owned();
    let none = records(&demo, &format!("?to={}", time(oldest))).await;
    assert!(none.is_empty());
    let since = records(&demo, &format!("?limit=200&from={}", time(newest))).await;
    assert!(since.contains(newest) && !since.contains(oldest));

    // Following: what came after, once.
    let page: Value = demo.get("/api/v1/audit?limit=1").await.good().await;
    let newest = page["newest"].as_str().unwrap();
    for n in 0..3 {
        let key = format!("/api/v1/buckets/datasets/object?key=later%2F{n}");
        let _: Value = demo.put_bytes(&key, "bytes").await.good().await;
    }
    let after = format!("{AUDIT}?action=object.store&limit=2&after=");
    let first: Value = demo.get(&format!("{after}{newest}")).await.good().await;
    let keys = |page: &Value| -> Vec<String> {
        let records = page["records"].as_array().unwrap().iter();
        records
            .map(|one| one["target"]["key"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(keys(&first), ["later/1", "later/0"]);
    let newest = first["newest"].as_str().unwrap();
    let second: Value = demo.get(&format!("{after}{newest}")).await.good().await;
    assert_eq!(keys(&second), ["later/2"]);

    for bad in [
        "cursor=x",
        "after=-1",
        "limit=0",
        "limit=201",
        "result=odd",
        "from=then",
        "cursor=1&after=1",
    ] {
        let _ = demo
            .get(&format!("{AUDIT}?{bad}"))
            .await
            .problem(422, "validation")
            .await;
    }
}

#[tokio::test]
async fn records_outlive_a_restart_and_go_when_they_are_too_old() {
    let settings = [("HAKO_AUDIT_DAYS", "2")];
    let app = TestApp::with(&settings).await;
    app.demo().await.bucket("kept-for-two-days").await;
    // By the clock of three days ago.
    app.advance(-3 * 86_400);
    let _ = app.token("demo/long-ago", "not-it-at-all").await.status();
    app.advance(3 * 86_400);
    let tried = "?person=long-ago";
    assert_eq!(records(&app.demo().await, tried).await.len(), 1);
    let TestApp { running, data, .. } = app;
    running.stop().await;
    let app = TestApp::start(data, &settings).await;
    let demo = app.demo().await;
    assert_eq!(records(&demo, "?action=bucket.create").await.len(), 1);
    // What is too old goes soon after the start.
    for _ in 0..200 {
        if records(&demo, tried).await.is_empty() {
            return;
        }
    }
    panic!("it is still there");
}

#[tokio::test]
async fn a_flood_of_nobody_is_kept_in_part_and_people_are_kept_all_the_same() {
    let app = TestApp::new().await;
    let (demo, root) = (app.demo().await, app.root().await);
    let nobody = app.anonymous();
    for _ in 0..700 {
        let _ = nobody.delete("/api/v1/buckets/datasets").await.status();
    }
    demo.bucket("after-the-flood").await;
    let file = root
        .get("/api/v1/audit?format=jsonl&action=bucket.delete")
        .await
        .text()
        .await;
    let kept = file.lines().count();
    // A minute may have ended in between.
    assert!((600..=700).contains(&kept), "{kept}");
    assert_eq!(records(&demo, "?action=bucket.create").await.len(), 1);
}

#[tokio::test]
async fn servers_that_share_a_redis_have_one_audit() {
    let Some(redis) = Redis::start().await else {
        return;
    };
    let url = redis.url();
    let settings = [
        ("REDIS_URL", url.as_str()),
        ("API_SECRET_KEY", "0123456789abcdef0123456789abcdef"),
        ("HAKO_AUDIT_DAYS", "2"),
    ];
    let one = TestApp::with(&settings).await;
    let two = TestApp::with(&settings).await;
    let (here, there) = (one.demo().await, two.demo().await);
    for n in 0..4 {
        for actor in [&here, &there] {
            let path = format!("/api/v1/buckets/datasets/object?key=shared%2F{n}");
            let _: Value = actor.put_bytes(&path, "bytes").await.good().await;
        }
    }
    let _ = here
        .delete("/api/v1/buckets/datasets/object?key=shared%2F0")
        .await
        .status();
    let _: Value = here.get(AUDIT).await.good().await;
    let filter = "action=object.store&target=SHARED%2F";
    let expected: Vec<_> = records(&there, "?limit=200")
        .await
        .into_iter()
        .filter(|one| one["action"] == "object.store")
        .collect();
    assert_eq!(expected.len(), 8);
    let (mut found, mut next) = (Vec::new(), String::new());
    loop {
        let page: Value = there
            .get(&format!("{AUDIT}?{filter}&limit=3{next}"))
            .await
            .good()
            .await;
        found.extend(page["records"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(found, expected);
    let file = here.get(&format!("{AUDIT}?{filter}&format=jsonl")).await;
    assert_eq!(file.text().await.lines().count(), 8);
    // Following from the beginning meets each once, in order.
    let (mut met, mut known) = (Vec::new(), "0".to_owned());
    loop {
        let page: Value = here
            .get(&format!("{AUDIT}?{filter}&limit=3&after={known}"))
            .await
            .good()
            .await;
        let records = page["records"].as_array().unwrap();
        if records.is_empty() {
            break;
        }
        met.extend(records.iter().rev().cloned());
        page["newest"].as_str().unwrap().clone_into(&mut known);
    }
    met.reverse();
    assert_eq!(met, expected);
    let odd = here.get("/api/v1/audit?cursor=17").await;
    let _ = odd.problem(422, "validation").await;
}

/// The answer goes to nobody; what was done by then was done.
#[tokio::test]
async fn a_call_whose_client_went_away_is_recorded() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let sent = std::sync::Arc::new(tokio::sync::Notify::new());
    let begun = std::sync::Arc::clone(&sent);
    let first = futures::stream::once(async move {
        begun.notify_one();
        Ok::<_, std::io::Error>(bytes::Bytes::from_static(b"some"))
    });
    let body = futures::StreamExt::chain(first, futures::stream::pending());
    let upload = demo
        .request(Method::PUT, "/api/v1/buckets/datasets/object?key=broken")
        .body(reqwest::Body::wrap_stream(body))
        .send();
    tokio::select! {
        _ = upload => panic!("it cannot be answered"),
        () = async {
            sent.notified().await;
            // Until the server works on it.
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        } => {}
    }
    for _ in 0..200 {
        let found = records(&demo, "?target=broken").await;
        if let Some(record) = found.first() {
            assert_ne!(record["result"], "ok", "{record}");
            assert_eq!(record["person"], "demo");
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("it is not there");
}
