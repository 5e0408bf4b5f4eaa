//! Uploads that nobody has completed, over all buckets: added up, and given up when they are old.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer, TestApp},
    gate::{Gate, Pass, demo},
    jobs::{at, run},
};

const JOBS: &str = "/api/v1/jobs";
const MB: usize = 1 << 20;

/// An upload with parts, which nobody completes.
async fn begin(actor: &Actor<'_>, bucket: &str, key: &str, parts: &[usize]) -> String {
    let base = format!("/api/v1/buckets/{bucket}/object/multipart");
    let begun: Value = actor
        .post(&format!("{base}?key={key}"), &json!({}))
        .await
        .good()
        .await;
    let id = begun["upload_id"].as_str().unwrap().to_owned();
    for (at, size) in parts.iter().enumerate() {
        let path = format!("{base}?key={key}&upload_id={id}&part_number={}", at + 1);
        let stored = actor.put_bytes(&path, vec![b'x'; *size]).await;
        assert!(stored.status().is_success());
    }
    id
}

/// What the lists of a bucket say, added up here: uploads, and bytes of their parts.
async fn truth(actor: &Actor<'_>, bucket: &str) -> (u64, u64) {
    let page: Value = actor
        .get(&format!("/api/v1/buckets/{bucket}/uploads"))
        .await
        .good()
        .await;
    let uploads = page["uploads"].as_array().unwrap();
    let mut bytes = 0;
    for upload in uploads {
        let text = |name: &str| upload[name].as_str().unwrap().to_owned();
        let (key, id) = (text("key"), text("upload_id"));
        let path =
            format!("/api/v1/buckets/{bucket}/object/multipart/parts?key={key}&upload_id={id}");
        let parts: Value = actor.get(&path).await.good().await;
        let parts = parts["parts"].as_array().unwrap();
        bytes += parts
            .iter()
            .map(|part| part["size"].as_u64().unwrap())
            .sum::<u64>();
    }
    (uploads.len() as u64, bytes)
}

fn sums(value: &Value) -> (u64, u64) {
    let number = |name: &str| value[name].as_u64().unwrap();
    (number("uploads"), number("bytes"))
}

async fn lines(actor: &Actor<'_>, job: &Value, query: &str) -> Value {
    let path = at(job, &format!("uploads?{query}"));
    actor.get(&path).await.good().await
}

fn names(page: &Value) -> Vec<&str> {
    let lines = page["buckets"].as_array().unwrap().iter();
    lines.map(|line| line["bucket"].as_str().unwrap()).collect()
}

async fn abort(actor: &Actor<'_>, days: u32, plan: bool, buckets: &[&str]) -> Value {
    let order = json!({
        "kind": "abort_uploads", "older_than_days": days, "plan": plan, "buckets": buckets,
    });
    run(actor, order).await
}

#[tokio::test]
async fn unfinished_uploads_are_added_up_over_all_buckets_and_the_old_ones_go() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for bucket in ["clean", "few", "many"] {
        demo.bucket(bucket).await;
    }
    begin(&demo, "few", "alone", &[5 * MB, 7]).await;
    begin(&demo, "many", "a", &[3]).await;
    begin(&demo, "many", "b", &[]).await;
    app.advance(8 * 86_400);
    let demo = app.demo().await;
    begin(&demo, "many", "new", &[11]).await;

    let job = run(&demo, json!({"kind": "uploads"})).await;
    assert_eq!(job["state"], "done", "{job}");
    let page = lines(&demo, &job, "").await;
    assert_eq!(names(&page), ["few", "many"]);
    let mut whole = (0, 0);
    for line in page["buckets"].as_array().unwrap() {
        let truth = truth(&demo, line["bucket"].as_str().unwrap()).await;
        assert_eq!(sums(line), truth, "{line}");
        whole = (whole.0 + truth.0, whole.1 + truth.1);
    }
    assert_eq!(sums(&job["unfinished"]), whole);
    assert_eq!(whole, (4, 5 * MB as u64 + 21));
    assert_eq!(job["progress"]["done"], 4);
    let told = &job["unfinished"];
    assert_eq!((&told["refused"], &told["unseen"]), (&json!(0), &json!(0)));
    let reachable: Value = demo.get("/api/v1/reachable-buckets").await.good().await;
    let buckets = reachable["buckets"].as_array().unwrap().len();
    assert_eq!(told["buckets"], buckets);
    assert_eq!(told["oldest"], page["buckets"][0]["oldest"]);
    let second = lines(&demo, &job, "from=1&limit=1").await;
    assert_eq!(
        (names(&second), &second["next"]),
        (vec!["many"], &Value::Null)
    );
    assert_eq!(lines(&demo, &job, "limit=1").await["next"], 1);
    let some = run(&demo, json!({"kind": "uploads", "buckets": ["few"]})).await;
    assert_eq!(some["unfinished"]["uploads"], 1);
    reported(&demo, &job).await;
    given_up(&demo).await;
}

async fn reported(demo: &Actor<'_>, job: &Value) {
    let csv = demo.get(&at(job, "report")).await.text().await;
    let lines: Vec<_> = csv.split("\r\n").collect();
    assert_eq!(lines[0], "bucket,uploads,bytes,unseen,oldest");
    let few = format!("few,1,{},0,", 5 * MB + 7);
    assert!(lines[1].starts_with(&few) && lines.len() == 4, "{csv}");
    let json: Value = demo.get(&at(job, "report?format=json")).await.good().await;
    assert_eq!(json["buckets"].as_array().unwrap().len(), 2);
    let retried = demo.post(&at(job, "retry"), &json!({})).await;
    let _ = retried.problem(409, "conflict").await;
}

/// Counted first, which changes nothing; then the old ones, in the buckets that are meant; then all.
async fn given_up(demo: &Actor<'_>) {
    let plan = abort(demo, 7, true, &[]).await;
    let found = &plan["found"];
    assert_eq!(sums(found), (3, 5 * MB as u64 + 10), "{plan}");
    assert_eq!(names(&lines(demo, &plan, "").await), ["few", "many"]);
    assert_eq!(truth(demo, "many").await.0, 3);

    let some = abort(demo, 7, false, &["many"]).await;
    assert_eq!(some["state"], "done", "{some}");
    assert_eq!(
        (&some["progress"]["done"], &some["progress"]["total"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(
        (truth(demo, "many").await, truth(demo, "few").await.0),
        ((1, 11), 1)
    );

    let rest = abort(demo, 7, false, &[]).await;
    assert_eq!(rest["progress"]["done"], 1);
    assert_eq!(truth(demo, "few").await, (0, 0));
    let all = abort(demo, 0, false, &[]).await;
    assert_eq!(all["progress"]["done"], 1);
    let job = run(demo, json!({"kind": "uploads"})).await;
    assert_eq!(sums(&job["unfinished"]), (0, 0));
    assert_eq!(job["unfinished"]["oldest"], Value::Null);
}

#[tokio::test]
async fn uploads_that_the_store_hides_are_counted_as_such() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = demo(&app).await;
    demo.bucket("few").await;
    demo.bucket("many").await;
    begin(&demo, "few", "k", &[3]).await;
    begin(&demo, "many", "hidden", &[5]).await;
    begin(&demo, "many", "seen", &[7]).await;
    gate.rule(|method, target| {
        let parts = method == Method::GET && target.contains("uploadId=");
        if parts && target.contains("hidden") {
            Pass::Refuse(403)
        } else {
            Pass::Through
        }
    });
    let job = run(
        &demo,
        json!({"kind": "uploads", "buckets": ["few", "many"]}),
    )
    .await;
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(sums(&job["unfinished"]), (3, 10));
    assert_eq!(job["unfinished"]["unseen"], 1);
    let why: Value = demo.get(&at(&job, "failures")).await.good().await;
    assert_eq!(
        (&why["failures"][0]["key"], &why["failures"][0]["bucket"]),
        (&json!("hidden"), &json!("many"))
    );
    // A bucket that tells nothing keeps no other from being counted, or cleared.
    gate.rule(|method, target| {
        let list = method == Method::GET && target.contains("uploads");
        if list && target.contains("few") {
            Pass::Refuse(403)
        } else {
            Pass::Through
        }
    });
    let job = run(
        &demo,
        json!({"kind": "uploads", "buckets": ["few", "many"]}),
    )
    .await;
    assert_eq!(
        (&job["state"], sums(&job["unfinished"])),
        (&json!("done"), (2, 12))
    );
    assert_eq!(job["unfinished"]["refused"], 1);
    let gone = abort(&demo, 0, false, &["few", "many"]).await;
    assert_eq!(
        (&gone["progress"]["done"], &gone["progress"]["failed"]),
        (&json!(2), &json!(1))
    );
    gate.rule(|_, _| Pass::Through);
    assert_eq!(truth(&demo, "few").await.0, 1);
}

#[tokio::test]
async fn somebody_else_counts_only_what_the_store_lets_them_list() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    begin(&demo, "many", "k", &[3]).await;
    let job = run(&demo, json!({"kind": "uploads"})).await;
    let made = json!({
        "username": "monica", "fullName": "monica", "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "roles": {"role": ["MONITOR"]}, "password": "Passw0rd!",
    });
    let request = demo.request(Method::PUT, "/api/v1/mapi/tenants/demo/userAccounts");
    let _: Value = Answer(request.json(&made).send().await.unwrap())
        .good()
        .await;
    let monica = app.script("demo/monica", "Passw0rd!").await;
    let _ = monica
        .get(&at(&job, "uploads"))
        .await
        .problem(404, "task_not_found")
        .await;
    // She may name the namespaces, and list none of them.
    let own = run(&monica, json!({"kind": "uploads"})).await;
    assert_eq!(
        (&own["state"], sums(&own["unfinished"])),
        (&json!("done"), (0, 0))
    );
    assert_eq!(own["unfinished"]["refused"], own["unfinished"]["buckets"]);
    let gone = abort(&monica, 0, false, &[]).await;
    assert_eq!(gone["progress"]["done"], 0);
    assert_eq!(truth(&demo, "many").await, (1, 3));
}

#[tokio::test]
async fn an_order_on_uploads_says_what_is_wrong_with_it() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for order in [
        json!({"kind": "uploads", "bucket": "many"}),
        json!({"kind": "uploads", "plan": true}),
        json!({"kind": "uploads", "older_than_days": 1}),
        json!({"kind": "abort_uploads"}),
        json!({"kind": "abort_uploads", "older_than_days": 40_000}),
        json!({"kind": "abort_uploads", "older_than_days": 1, "keys": ["k"]}),
    ] {
        let refused = demo.post(JOBS, &order).await;
        let _ = refused.problem(422, "validation").await;
    }
}
