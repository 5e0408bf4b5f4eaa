//! Background work: what it does, who may see it, how it is stopped, and what outlives a restart.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer, TestApp},
    gate::{Gate, Pass, demo, fill},
};

/// Asks for a task until it has ended.
pub(crate) async fn ended(actor: &Actor<'_>, path: &str) -> Answer {
    loop {
        let answer = actor.get(path).await;
        if answer.status() != StatusCode::OK || answer.header("content-type") != "application/json"
        {
            return answer;
        }
        let text = answer.0.text().await.unwrap();
        let body: Value = serde_json::from_str(&text).unwrap();
        let status = body["status"].as_str().unwrap();
        if !["counting", "processing", "canceling"].contains(&status) {
            let again = http::Response::new(text);
            return Answer(again.into());
        }
        tokio::task::yield_now().await;
    }
}

/// Starts a task; the address at which it is asked for.
pub(crate) async fn started(answer: Answer, base: &str) -> String {
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    let task: Value = answer.good().await;
    format!("{base}/{}", task["task_id"].as_str().unwrap())
}

const STATS: &str = "/api/v1/buckets/many/objects/s3_stats";
const DELETION: &str = "/api/v1/buckets/many/objects/delete-task";
const COPY: &str = "/api/v1/buckets/many/objects/copy-task";

pub(crate) async fn keys(actor: &Actor<'_>, bucket: &str, prefix: &str) -> Vec<String> {
    let path = format!("/api/v1/buckets/{bucket}/objects?prefix={prefix}");
    let list: Value = actor.get(&path).await.good().await;
    let objects = list["objects"].as_array().unwrap().iter();
    objects
        .map(|object| object["key"].as_str().unwrap().to_owned())
        .collect()
}

pub(crate) fn numbered(prefix: &str, count: usize) -> impl Iterator<Item = String> {
    (0..count).map(move |n| format!("{prefix}{n:05}"))
}

/// Waits for the listing of the second page.
fn second_page(_: &Method, target: &str) -> Pass {
    if target.contains("continuation-token=") || target.contains("start-after=") {
        Pass::Wait
    } else {
        Pass::Through
    }
}

fn any_listing(method: &Method, target: &str) -> Pass {
    if method == Method::GET && target.contains("list-type=2") {
        Pass::Wait
    } else {
        Pass::Through
    }
}

#[tokio::test]
async fn a_count_grows_and_ends() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    fill(&store.demo().await, "many", numbered("a/", 1_005)).await;
    fill(&demo, "many", numbered("b/c/", 3)).await;
    gate.rule(second_page);
    let answer = demo.post(&format!("{STATS}?prefix="), &json!(null)).await;
    let path = started(answer, STATS).await;
    gate.holds(1).await;
    // The first page is counted before the second is asked for.
    let half: Value = demo.get(&path).await.good().await;
    assert_eq!(half["status"], "counting");
    assert_eq!(
        (&half["files"], &half["bytes"]),
        (&json!(1_000), &json!(7_000))
    );
    gate.open();
    let whole: Value = ended(&demo, &path).await.good().await;
    assert_eq!(whole["status"], "ready");
    assert_eq!(whole["files"], 1_008);
    assert_eq!(whole["folders"], 0);
    assert_eq!(whole["bytes"], 1_008 * 7);
    let details = &whole["details"];
    assert_eq!(details["objects"], 1_008);
    // a, b and b/c.
    assert_eq!(details["folders"], 3);
    assert_eq!(details["largest"].as_array().unwrap().len(), 10);
    assert_eq!(details["largest"][0]["size"], 7);
    assert!(details["newest"]["last_modified"].is_string());
    let level = demo
        .post(&format!("{STATS}?delimiter=/"), &json!(null))
        .await;
    let level: Value = ended(&demo, &started(level, STATS).await)
        .await
        .good()
        .await;
    assert_eq!((&level["files"], &level["folders"]), (&json!(0), &json!(2)));
    assert_eq!(level["details"], Value::Null);
    let below = demo
        .post(&format!("{STATS}?prefix=b/&delimiter=/"), &json!(null))
        .await;
    let below: Value = ended(&demo, &started(below, STATS).await)
        .await
        .good()
        .await;
    assert_eq!((&below["files"], &below["folders"]), (&json!(0), &json!(1)));
}

#[tokio::test]
async fn a_count_is_stopped_as_a_job() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    fill(&store.demo().await, "many", numbered("a/", 1_005)).await;
    gate.rule(second_page);
    let path = started(demo.post(STATS, &json!(null)).await, STATS).await;
    gate.holds(1).await;
    let id = path.rsplit('/').next().unwrap();
    let job: Value = demo
        .post(&format!("/api/v1/jobs/{id}/cancel"), &json!(null))
        .await
        .good()
        .await;
    assert_eq!(job["kind"], "count");
    gate.open();
    let over: Value = ended(&demo, &path).await.good().await;
    assert_eq!(over["status"], "canceled");
}

#[tokio::test]
async fn a_count_of_nothing_and_of_no_bucket() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    let empty: Value = ended(
        &demo,
        &started(demo.post(STATS, &json!(null)).await, STATS).await,
    )
    .await
    .good()
    .await;
    assert_eq!(
        (&empty["status"], &empty["files"]),
        (&json!("ready"), &json!(0))
    );
    let base = "/api/v1/buckets/no-such-bucket/objects/s3_stats";
    let absent = started(demo.post(base, &json!(null)).await, base).await;
    let absent: Value = ended(&demo, &absent).await.good().await;
    assert_eq!(absent["status"], "failed");
    assert!(absent["error"].as_str().unwrap().contains("no-such-bucket"));
    let bad = demo
        .post("/api/v1/buckets/x/objects/s3_stats", &json!(null))
        .await;
    let _ = bad.problem(400, "invalid_bucket_name").await;
    let unknown = demo.get(&format!("{STATS}/nothing")).await;
    assert_eq!(
        unknown.problem(404, "task_not_found").await,
        "Task not found"
    );
}

#[tokio::test]
async fn keys_and_prefixes_are_deleted_and_what_is_kept_is_listed() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    fill(&demo, "many", numbered("a/", 1_200)).await;
    fill(
        &demo,
        "many",
        ["x", "y", "odd\u{1}"].map(str::to_owned).into_iter(),
    )
    .await;
    let tenant = model::TenantName::parse("demo").unwrap();
    let local = app.running.embedded_store().unwrap();
    local
        .set_namespace_settings(&tenant, "many", json!({"retentionDefault": "-1"}))
        .await
        .unwrap();
    fill(&demo, "many", ["a/kept".to_owned()].into_iter()).await;
    let body = json!({"prefixes": ["a/", "a/0"], "keys": ["x", "odd\u{1}", "a/00001", "x"]});
    let answer = demo.post(DELETION, &body).await;
    let path = started(answer, DELETION).await;
    let done: Value = ended(&demo, &path).await.good().await;
    assert_eq!(done["status"], "done");
    assert_eq!(done["total"], 1_203);
    assert_eq!(done["deleted"], 1_202);
    assert_eq!(done["failed"], 1);
    assert_eq!(done["errors"][0]["key"], "a/kept");
    assert_eq!(keys(&demo, "many", "").await, ["a/kept", "y"]);
    // Asking a finished one to stop changes nothing.
    let late: Value = demo
        .post(&format!("{path}/cancel"), &json!({}))
        .await
        .good()
        .await;
    assert_eq!(late["status"], "done");
}

#[tokio::test]
async fn a_deletion_that_makes_no_sense_is_refused() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    for body in [json!({}), json!({"keys": [], "prefixes": []})] {
        let refused = demo.post(DELETION, &body).await;
        assert_eq!(
            refused.problem(400, "invalid_argument").await,
            "Provide at least one prefix or key to delete"
        );
    }
    let all = demo.post(DELETION, &json!({"prefixes": [""]})).await;
    let _ = all.problem(400, "invalid_argument").await;
    let empty = demo.post(DELETION, &json!({"keys": [""]})).await;
    let _ = empty.problem(400, "invalid_key").await;
    let typed = demo.post(DELETION, &json!({"keys": "x"})).await;
    let _ = typed.problem(422, "validation").await;
    let cancel = demo
        .post(&format!("{DELETION}/nothing/cancel"), &json!({}))
        .await;
    let _ = cancel.problem(404, "task_not_found").await;
    let base = "/api/v1/buckets/no-such-bucket/objects/delete-task";
    let absent = demo.post(base, &json!({"prefixes": ["a"]})).await;
    let absent = ended(&demo, &started(absent, base).await).await;
    let detail = absent.problem(502, "task_failed").await;
    assert_eq!(detail["status"], "failed");
    assert!(detail["error"].as_str().unwrap().contains("no-such-bucket"));
    assert_eq!(detail["progress"]["deleted"], 0);
    // The whole bucket goes where that is said.
    fill(&demo, "many", numbered("", 3)).await;
    let all = demo
        .post(DELETION, &json!({"prefixes": [""], "all": true}))
        .await;
    let all: Value = ended(&demo, &started(all, DELETION).await)
        .await
        .good()
        .await;
    assert_eq!(all["deleted"], 3);
}

#[tokio::test]
async fn a_canceled_deletion_stops_after_its_chunk() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    fill(&store.demo().await, "many", numbered("a/", 1_500)).await;
    gate.rule(|method, target| {
        if method == Method::POST && target.contains("delete") {
            Pass::Wait
        } else {
            Pass::Through
        }
    });
    let path = started(
        demo.post(DELETION, &json!({"prefixes": ["a/"]})).await,
        DELETION,
    )
    .await;
    gate.holds(1).await;
    let counted: Value = demo.get(&path).await.good().await;
    assert_eq!(
        (&counted["status"], &counted["total"]),
        (&json!("processing"), &json!(1_500))
    );
    let asked: Value = demo
        .post(&format!("{path}/cancel"), &json!({}))
        .await
        .good()
        .await;
    assert_eq!(asked["status"], "canceling");
    gate.open();
    let stopped: Value = ended(&demo, &path).await.good().await;
    assert_eq!(stopped["status"], "canceled");
    assert_eq!(stopped["deleted"], 1_000);
    assert_eq!(keys(&demo, "many", "").await.len(), 500);
}

#[tokio::test]
async fn only_who_started_a_task_sees_it_and_only_below_its_bucket() {
    let app = TestApp::new().await;
    let tenant = model::TenantName::parse("demo").unwrap();
    let eve = model::Username::parse("eve").unwrap();
    let local = app.running.embedded_store().unwrap();
    let made = local
        .create_user(&tenant, &eve, "eve-eve-eve", &[], true)
        .await;
    assert!(made.unwrap());
    let (demo, eve) = (
        app.demo().await,
        app.script("demo/eve", "eve-eve-eve").await,
    );
    demo.bucket("many").await;
    fill(&demo, "many", numbered("a/", 3)).await;
    let objects = "/api/v1/buckets/many/objects";
    let select = json!({"prefix": "a/"});
    let archive = demo
        .request(Method::POST, &format!("{objects}/download"))
        .json(&select);
    let archive = Answer(
        archive
            .header("prefer", "respond-async")
            .send()
            .await
            .unwrap(),
    );
    let copy = json!({"source_prefix": "a/", "target_prefix": "b/"});
    let tasks = [
        started(demo.post(STATS, &json!(null)).await, STATS).await,
        started(archive, &format!("{objects}/download")).await,
        started(demo.post(DELETION, &json!({"keys": ["x"]})).await, DELETION).await,
        started(demo.post(COPY, &copy).await, COPY).await,
    ];
    for path in &tasks {
        assert_eq!(ended(&demo, path).await.status(), StatusCode::OK, "{path}");
        let _ = eve.get(path).await.problem(404, "task_not_found").await;
        let elsewhere = path.replace("/many/", "/datasets/");
        let _ = demo
            .get(&elsewhere)
            .await
            .problem(404, "task_not_found")
            .await;
        let anonymous = app.anonymous().get(path).await;
        let _ = anonymous.problem(401, "not_authenticated").await;
    }
    for path in &tasks[2..] {
        let cancel = eve.post(&format!("{path}/cancel"), &json!({})).await;
        let _ = cancel.problem(404, "task_not_found").await;
    }
    // A task of one kind is none of another.
    let id = tasks[0].rsplit('/').next().unwrap();
    let _ = demo
        .get(&format!("{DELETION}/{id}"))
        .await
        .problem(404, "task_not_found")
        .await;
}

#[tokio::test]
async fn one_person_has_so_many_tasks_running_and_no_more() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[("HAKO_TASKS_PER_USER", "2")]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    gate.rule(any_listing);
    let first = started(demo.post(STATS, &json!(null)).await, STATS).await;
    let _second = started(demo.post(STATS, &json!(null)).await, STATS).await;
    let third = demo.post(STATS, &json!(null)).await;
    assert_eq!(third.header("retry-after"), "5");
    let _ = third.problem(429, "too_many_tasks").await;
    gate.open();
    assert_eq!(ended(&demo, &first).await.status(), StatusCode::OK);
    let _ = started(demo.post(STATS, &json!(null)).await, STATS).await;
}

#[tokio::test]
async fn what_a_restart_cuts_off_has_failed_and_what_was_done_is_kept() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let (killed, finished) = {
        let demo = demo(&app).await;
        demo.bucket("many").await;
        fill(&store.demo().await, "many", numbered("a/", 1_005)).await;
        let finished = started(demo.post(STATS, &json!(null)).await, STATS).await;
        let whole: Value = ended(&demo, &finished).await.good().await;
        assert_eq!(whole["files"], 1_005);
        gate.rule(second_page);
        let killed = started(demo.post(STATS, &json!(null)).await, STATS).await;
        gate.holds(1).await;
        (killed, finished)
    };
    // Dropped, not stopped: nothing is written any more.
    let TestApp { running, data, .. } = app;
    drop(running);
    let app = gate.hako_on(data, &[]).await;
    let stopped = {
        let demo = demo(&app).await;
        let lost: Value = demo.get(&killed).await.good().await;
        assert_eq!(lost["status"], "failed");
        assert!(
            lost["error"].as_str().unwrap().contains("restarted"),
            "{lost}"
        );
        assert_eq!(lost["files"], 1_000);
        let kept: Value = demo.get(&finished).await.good().await;
        assert_eq!(
            (&kept["status"], &kept["files"]),
            (&json!("ready"), &json!(1_005))
        );
        let stopped = started(demo.post(STATS, &json!(null)).await, STATS).await;
        gate.holds(2).await;
        stopped
    };
    let TestApp { running, data, .. } = app;
    running.stop().await;
    let app = gate.hako_on(data, &[]).await;
    let demo = demo(&app).await;
    let marked: Value = demo.get(&stopped).await.good().await;
    assert_eq!(marked["status"], "failed");
    assert!(
        marked["error"].as_str().unwrap().contains("stopped"),
        "{marked}"
    );
}

#[tokio::test]
async fn a_task_is_forgotten_after_its_time() {
    let app = TestApp::with(&[("HAKO_TASK_EXPIRY", "1h")]).await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    let path = started(demo.post(STATS, &json!(null)).await, STATS).await;
    assert_eq!(ended(&demo, &path).await.status(), StatusCode::OK);
    app.advance(3_500);
    assert_eq!(demo.get(&path).await.status(), StatusCode::OK);
    app.advance(101);
    let _ = demo.get(&path).await.problem(404, "task_not_found").await;
}

#[tokio::test]
async fn a_prefix_is_copied_and_moved() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    demo.bucket("other").await;
    fill(&demo, "many", numbered("a/", 1_005)).await;
    fill(
        &demo,
        "many",
        ["a/deep/ü b", "a/", "ab"].map(str::to_owned).into_iter(),
    )
    .await;
    let body = json!({"source_prefix": "a/", "target_bucket": "other", "target_prefix": "x/y/"});
    let path = started(demo.post(COPY, &body).await, COPY).await;
    let done: Value = ended(&demo, &path).await.good().await;
    assert_eq!(done["status"], "done");
    assert_eq!(
        (&done["total"], &done["copied"]),
        (&json!(1_007), &json!(1_007))
    );
    assert_eq!(
        (&done["failed"], &done["bytes"]),
        (&json!(0), &json!(1_007 * 7))
    );
    let read = demo
        .get("/api/v1/buckets/other/object?key=x%2Fy%2Fdeep%2F%C3%BC%20b")
        .await;
    assert_eq!(read.text().await, "content");
    assert_eq!(keys(&demo, "many", "a/deep/").await.len(), 1);

    let body = json!({"source_prefix": "a/", "target_prefix": "renamed/", "move": true});
    let path = started(demo.post(COPY, &body).await, COPY).await;
    let done: Value = ended(&demo, &path).await.good().await;
    assert_eq!(
        (&done["status"], &done["copied"]),
        (&json!("done"), &json!(1_007))
    );
    assert_eq!(keys(&demo, "many", "a").await, ["ab"]);
    assert_eq!(
        keys(&demo, "many", "renamed/deep/").await,
        ["renamed/deep/ü b"]
    );
}

#[tokio::test]
async fn a_copy_that_would_harm_its_source_is_refused() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    fill(
        &demo,
        "many",
        ["a/b/x", "a/b/b/x", "a/b/long"]
            .map(str::to_owned)
            .into_iter(),
    )
    .await;
    for (source, target) in [("a/", "a/"), ("a/", "a/b/"), ("a", "ab"), ("", "x/")] {
        let body = json!({"source_prefix": source, "target_prefix": target});
        let refused = demo.post(COPY, &body).await;
        let _ = refused.problem(400, "invalid_argument").await;
    }
    let whole = json!({"source_prefix": "", "target_bucket": "datasets", "target_prefix": "", "move": true});
    let _ = demo
        .post(COPY, &whole)
        .await
        .problem(400, "invalid_argument")
        .await;
    let nowhere =
        json!({"source_prefix": "a/", "target_bucket": "no-such-bucket", "target_prefix": ""});
    let _ = demo
        .post(COPY, &nowhere)
        .await
        .problem(404, "bucket_not_found")
        .await;
    let _ = demo
        .post(COPY, &json!({"source_prefix": "a/"}))
        .await
        .problem(422, "validation")
        .await;
    // One level up: what would land among the sources stays where it is.
    let up = json!({"source_prefix": "a/b/", "target_prefix": "a/", "move": true});
    let path = started(demo.post(COPY, &up).await, COPY).await;
    let done: Value = ended(&demo, &path).await.good().await;
    assert_eq!((&done["copied"], &done["failed"]), (&json!(2), &json!(1)));
    assert_eq!(done["errors"][0]["key"], "a/b/b/x");
    assert_eq!(keys(&demo, "many", "").await, ["a/b/b/x", "a/long", "a/x"]);
    // A key that would be too long fails alone.
    let long = json!({"source_prefix": "a/", "target_prefix": "k".repeat(1_021)});
    let path = started(demo.post(COPY, &long).await, COPY).await;
    let done: Value = ended(&demo, &path).await.good().await;
    assert_eq!((&done["copied"], &done["failed"]), (&json!(1), &json!(2)));
}

#[tokio::test]
async fn a_move_deletes_only_what_was_copied_and_can_be_stopped() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    fill(&demo, "many", numbered("a/", 20)).await;
    gate.rule(|method, target| {
        if method == Method::PUT && target.contains("b/00003") {
            Pass::Refuse(403)
        } else {
            Pass::Through
        }
    });
    let body = json!({"source_prefix": "a/", "target_prefix": "b/", "move": true});
    let path = started(demo.post(COPY, &body).await, COPY).await;
    let done: Value = ended(&demo, &path).await.good().await;
    assert_eq!((&done["copied"], &done["failed"]), (&json!(19), &json!(1)));
    assert_eq!(done["errors"][0]["key"], "a/00003");
    assert_eq!(keys(&demo, "many", "a/").await, ["a/00003"]);

    gate.rule(|method, _| {
        if method == Method::PUT {
            Pass::Wait
        } else {
            Pass::Through
        }
    });
    let body = json!({"source_prefix": "b/", "target_prefix": "c/"});
    let path = started(demo.post(COPY, &body).await, COPY).await;
    gate.holds(8).await;
    let asked: Value = demo
        .post(&format!("{path}/cancel"), &json!({}))
        .await
        .good()
        .await;
    assert_eq!(asked["status"], "canceling");
    gate.open();
    let stopped: Value = ended(&demo, &path).await.good().await;
    assert_eq!(
        (&stopped["status"], &stopped["copied"]),
        (&json!("canceled"), &json!(8))
    );
    assert_eq!(keys(&demo, "many", "c/").await.len(), 8);
}

#[tokio::test]
async fn a_full_bucket_is_deleted_in_the_background_where_that_is_preferred() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let delete = |bucket: &str| {
        let path = format!("/api/v1/buckets/{bucket}?force=true");
        let request = demo
            .request(Method::DELETE, &path)
            .header("prefer", "respond-async");
        async move { Answer(request.send().await.unwrap()) }
    };
    demo.bucket("many").await;
    let versioned = demo
        .request(Method::PUT, "/api/v1/buckets/many/versioning")
        .json(&json!({"status": "Enabled"}));
    assert!(versioned.send().await.unwrap().status().is_success());
    fill(&demo, "many", numbered("a/", 20)).await;
    fill(&demo, "many", numbered("a/", 20)).await;
    let path = started(delete("many").await, DELETION).await;
    let done: Value = ended(&demo, &path).await.good().await;
    assert_eq!(
        (&done["status"], &done["deleted"]),
        (&json!("done"), &json!(40))
    );
    let gone = demo.head("/api/v1/buckets/many").await;
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
    let _ = delete("many").await.problem(404, "bucket_not_found").await;

    demo.bucket("many").await;
    let tenant = model::TenantName::parse("demo").unwrap();
    let local = app.running.embedded_store().unwrap();
    local
        .set_namespace_settings(&tenant, "many", json!({"retentionDefault": "-1"}))
        .await
        .unwrap();
    fill(&demo, "many", ["kept".to_owned()].into_iter()).await;
    let path = started(delete("many").await, DELETION).await;
    let detail = ended(&demo, &path).await.problem(502, "task_failed").await;
    let reason = detail["error"].as_str().unwrap();
    assert!(
        reason.contains("Some objects failed to delete: kept"),
        "{reason}"
    );
    assert_eq!(detail["progress"]["errors"][0]["key"], "kept");
}
