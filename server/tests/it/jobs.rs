//! Jobs: selections and rules, plans, conflicts, stopping, repeating, undoing, and what outlives a
//! restart.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer, TestApp},
    gate::{Gate, Pass, demo, fill},
    tasks::{keys, numbered},
};

const JOBS: &str = "/api/v1/jobs";

/// Starts a job and waits for its end.
pub(crate) async fn run(actor: &Actor<'_>, order: Value) -> Value {
    let started: Value = actor.post(JOBS, &order).await.good().await;
    ended(actor, &started).await
}

/// Waits for a job's end.
pub(crate) async fn ended(actor: &Actor<'_>, job: &Value) -> Value {
    let id = job["id"].as_str().unwrap();
    loop {
        let job: Value = actor
            .get(&format!("{JOBS}/{id}?wait=20"))
            .await
            .good()
            .await;
        if ["done", "failed", "cancelled"].contains(&job["state"].as_str().unwrap()) {
            return job;
        }
    }
}

pub(crate) fn at(job: &Value, rest: &str) -> String {
    format!("{JOBS}/{}/{rest}", job["id"].as_str().unwrap())
}

async fn failures(actor: &Actor<'_>, job: &Value) -> Vec<(String, String)> {
    let page: Value = actor
        .get(&at(job, "failures?limit=1000"))
        .await
        .good()
        .await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = page["failures"].as_array().unwrap().iter();
    all.map(|f| (text(&f["key"]), text(&f["reason"]))).collect()
}

fn named(keys: &[&str]) -> impl Iterator<Item = String> {
    let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    keys.into_iter()
}

pub(crate) async fn keep_versions(actor: &Actor<'_>, bucket: &str) {
    let path = format!("/api/v1/buckets/{bucket}/versioning");
    let request = actor.request(Method::PUT, &path);
    let set = request.json(&json!({"status": "Enabled"})).send().await;
    assert!(set.unwrap().status().is_success());
}

/// What is stored from now on can never be deleted.
async fn retain(app: &TestApp, bucket: &str, value: &str) {
    let tenant = model::TenantName::parse("demo").unwrap();
    let local = app.running.embedded_store().unwrap();
    local
        .set_namespace_settings(&tenant, bucket, json!({"retentionDefault": value}))
        .await
        .unwrap();
}

pub(crate) fn counts(job: &Value) -> (u64, u64, u64) {
    let number = |name: &str| job["progress"][name].as_u64().unwrap();
    (number("done"), number("failed"), number("skipped"))
}

fn deletions(method: &Method, target: &str) -> Pass {
    if method == Method::POST && target.contains("delete") {
        Pass::Wait
    } else {
        Pass::Through
    }
}

#[tokio::test]
async fn a_rule_deletes_all_that_it_means_and_nothing_else() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    fill(&demo, "many", numbered("p/scan-", 5_000)).await;
    let others = [
        "p/",
        "p/image.tif",
        "p/other/scan-1",
        "scan-2",
        "p/Scans/deep/x",
    ];
    fill(&demo, "many", named(&others)).await;
    let rule = json!({"prefix": "p/", "filter": "scan"});
    let order = json!({"kind": "delete", "bucket": "many", "rule": rule});
    let mut plan = order.clone();
    plan["plan"] = json!(true);
    let plan = run(&demo, plan).await;
    assert_eq!(plan["found"]["objects"], 5_001);
    assert_eq!(plan["found"]["bytes"], 5_001 * 7);
    assert_eq!(plan["found"]["checked"], 1_000);
    assert_eq!(counts(&plan), (0, 0, 0));
    let done = run(&demo, order).await;
    assert_eq!(done["state"], "done");
    assert_eq!(done["progress"]["total"], 5_001);
    assert_eq!(done["progress"]["bytes"], 5_001 * 7);
    assert_eq!(counts(&done), (5_001, 0, 0));
    // Nothing brings these back, and it says so.
    assert_eq!(
        (&done["markers"], &done["undo_until"]),
        (&json!(0), &Value::Null)
    );
    let left = ["p/", "p/image.tif", "p/other/scan-1", "scan-2"];
    assert_eq!(keys(&demo, "many", "").await, left);
}

#[tokio::test]
async fn what_could_mean_too_much_is_refused() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    for (order, field) in [
        (json!({"kind": "delete", "bucket": "many"}), "keys"),
        (
            json!({"kind": "delete", "bucket": "many", "rule": {}}),
            "rule",
        ),
        (
            json!({"kind": "delete", "bucket": "many", "rule": {"prefix": "a/", "filtre": "x"}}),
            "filtre",
        ),
        (
            json!({"kind": "delete", "bucket": "many", "prefixes": [""]}),
            "prefixes",
        ),
        (
            json!({"kind": "undo", "bucket": "many", "keys": ["a"]}),
            "kind",
        ),
        (
            json!({"kind": "purge_old", "bucket": "many", "keys": ["a"]}),
            "older_than_days",
        ),
        (
            json!({"kind": "move", "bucket": "many", "prefixes": ["a/"], "target": {"prefix": "a/b/"}}),
            "target",
        ),
    ] {
        let refused = demo
            .post(JOBS, &order)
            .await
            .problem(422, "validation")
            .await;
        assert!(refused.to_string().contains(field), "{refused}");
    }
    let nowhere = json!({"kind": "delete", "bucket": "no-such-bucket", "keys": ["a"]});
    let _ = demo
        .post(JOBS, &nowhere)
        .await
        .problem(404, "bucket_not_found")
        .await;
    let nowhere = json!({"kind": "copy", "bucket": "many", "keys": ["a"], "target": {"bucket": "no-such-bucket"}});
    let _ = demo
        .post(JOBS, &nowhere)
        .await
        .problem(404, "bucket_not_found")
        .await;
    let long = demo.get(&format!("{JOBS}/x?wait=21")).await;
    let _ = long.problem(422, "validation").await;
    let _ = demo
        .get(&format!("{JOBS}?cursor=x"))
        .await
        .problem(422, "validation")
        .await;
}

#[tokio::test]
async fn a_folder_is_moved_but_for_what_is_protected() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    demo.bucket("other").await;
    fill(&demo, "many", numbered("a/b/", 48)).await;
    let described = demo
        .request(
            Method::PUT,
            "/api/v1/buckets/many/object?key=a%2Fb%2Fdescribed",
        )
        .header("x-amz-meta-author", "Ada")
        .header("x-amz-tagging", "project=walk")
        .body("content");
    assert!(described.send().await.unwrap().status().is_success());
    retain(&app, "many", "-1").await;
    fill(&demo, "many", named(&["a/b/kept"])).await;
    let order = json!({"kind": "move", "bucket": "many", "prefixes": ["a/b/"],
        "target": {"bucket": "other", "prefix": "x/"}});
    let mut plan = order.clone();
    plan["plan"] = json!(true);
    let plan = run(&demo, plan).await;
    assert_eq!(
        (&plan["found"]["objects"], &plan["found"]["refused"]),
        (&json!(50), &json!(1))
    );
    let why = failures(&demo, &plan).await;
    assert_eq!(
        why,
        [(
            "a/b/kept".to_owned(),
            "it is kept without an end".to_owned()
        )]
    );

    let done = run(&demo, order).await;
    assert_eq!(
        (&done["state"], counts(&done)),
        (&json!("done"), (49, 1, 0))
    );
    let failed = failures(&demo, &done).await;
    assert_eq!(failed[0].0, "a/b/kept");
    assert!(failed[0].1.contains("not moved"), "{failed:?}");
    assert_eq!(keys(&demo, "many", "").await, ["a/b/kept"]);
    // A relative name keeps the folder's own, and of what stayed there is no copy.
    let moved = keys(&demo, "other", "").await;
    assert_eq!(moved.len(), 49);
    assert!(
        moved
            .iter()
            .all(|key| key.starts_with("x/b/") && key != "x/b/kept")
    );
    let head = demo
        .head("/api/v1/buckets/other/object?key=x%2Fb%2Fdescribed")
        .await;
    assert_eq!(head.header("x-amz-meta-author"), "Ada");
    let tags = "/api/v1/buckets/other/object/tags?key=x%2Fb%2Fdescribed";
    let tags: Value = demo.get(tags).await.good().await;
    assert_eq!(tags["tags"]["project"], "walk");
}

#[tokio::test]
async fn a_folder_and_an_object_are_renamed() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    fill(
        &demo,
        "many",
        named(&["p/a/", "p/a/x", "p/a/deep/y", "p/ab", "f.txt"]),
    )
    .await;
    let folder = json!({"kind": "move", "bucket": "many", "prefixes": ["p/a/"], "base": "p/a/",
        "target": {"prefix": "p/c/"}});
    let done = run(&demo, folder).await;
    assert_eq!(counts(&done), (3, 0, 0));
    let object = json!({"kind": "move", "bucket": "many", "keys": ["f.txt"], "base": "f.txt",
        "target": {"prefix": "g.txt"}});
    assert_eq!(counts(&run(&demo, object.clone()).await), (1, 0, 0));
    let now = ["g.txt", "p/ab", "p/c/", "p/c/deep/y", "p/c/x"];
    assert_eq!(keys(&demo, "many", "").await, now);
    // What is there is not overwritten unless that is said.
    fill(&demo, "many", named(&["f.txt"])).await;
    let taken = run(&demo, object).await;
    assert_eq!(counts(&taken), (0, 1, 0));
    assert_eq!(keys(&demo, "many", "f").await, ["f.txt"]);
}

#[tokio::test]
async fn conflicts_go_by_their_policy() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    for (policy, expected) in [
        ("fail", (1, 1, 0)),
        ("skip", (1, 0, 1)),
        ("overwrite", (2, 0, 0)),
        ("rename", (2, 0, 0)),
    ] {
        fill(&demo, "many", named(&["a/free.txt", "a/taken.txt"])).await;
        let other = "/api/v1/buckets/many/object?key=b%2Fa%2Ftaken.txt";
        let _: Value = demo.put_bytes(other, "another").await.good().await;
        let order = json!({"kind": "move", "bucket": "many", "prefixes": ["a/"],
            "target": {"prefix": "b/"}, "conflict": policy});
        let mut plan = order.clone();
        plan["plan"] = json!(true);
        let plan = run(&demo, plan).await;
        assert_eq!(plan["found"]["taken"], 1, "{policy}");
        let done = run(&demo, order).await;
        assert_eq!(counts(&done), expected, "{policy}");
        let stays = ["fail", "skip"].contains(&policy);
        let source = keys(&demo, "many", "a/").await;
        assert_eq!(
            source,
            if stays { vec!["a/taken.txt"] } else { vec![] },
            "{policy}"
        );
        let there = demo.get(other).await.text().await;
        let overwritten = policy == "overwrite";
        assert_eq!(
            there,
            if overwritten { "content" } else { "another" },
            "{policy}"
        );
        if policy == "rename" {
            let now = ["b/a/free.txt", "b/a/taken (2).txt", "b/a/taken.txt"];
            assert_eq!(keys(&demo, "many", "b/").await, now);
        }
        let clean = json!({"kind": "delete", "bucket": "many", "rule": {"all": true}});
        assert_eq!(run(&demo, clean).await["state"], "done");
    }
    // Many that want one name at once each get their own.
    fill(&demo, "many", named(&["f.txt"])).await;
    let beside = json!({"kind": "copy", "bucket": "many", "keys": ["f.txt"],
        "target": {"prefix": ""}, "conflict": "rename"});
    assert_eq!(counts(&run(&demo, beside).await), (1, 0, 0));
    assert_eq!(keys(&demo, "many", "").await, ["f (2).txt", "f.txt"]);
}

/// FIL-16
#[tokio::test]
async fn a_copy_that_is_not_the_same_deletes_nothing() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    fill(&demo, "many", named(&["a/x", "a/y"])).await;
    // Somebody else writes to the key between the copy and the look at it.
    let writer = store.demo().await;
    let other = "/api/v1/buckets/many/object?key=b%2Fa%2Fx";
    gate.rule(|method, target| {
        let copied = method == Method::HEAD && target.contains("b/a/x");
        if copied { Pass::Wait } else { Pass::Through }
    });
    let order = json!({"kind": "move", "bucket": "many", "prefixes": ["a/"],
        "target": {"prefix": "b/"}, "conflict": "overwrite"});
    let started: Value = demo.post(JOBS, &order).await.good().await;
    gate.holds(1).await;
    gate.rule(move |method, target| {
        let after = method == Method::HEAD && target.contains("b/a/x");
        if after {
            Pass::Refuse(404)
        } else {
            Pass::Through
        }
    });
    let _: Value = writer.put_bytes(other, "other").await.good().await;
    gate.open();
    let done = ended(&demo, &started).await;
    assert_eq!(counts(&done), (1, 1, 0));
    let failed = failures(&demo, &done).await;
    assert!(failed[0].1.contains("not the same"), "{failed:?}");
    assert_eq!(keys(&demo, "many", "a/").await, ["a/x"]);
}

/// Moves `a/x` and stops before the `nth` request for which `meant` holds; somebody else writes to the
/// source then.
async fn overtaken(backend: &str, nth: usize, meant: fn(&Method, &str) -> bool) {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[("STORAGE_BACKEND", backend)]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    fill(&demo, "many", named(&["a/x"])).await;
    let writer = store.demo().await;
    let mut seen = 0;
    gate.rule(move |method, target| {
        seen += usize::from(meant(method, target));
        if seen == nth && meant(method, target) {
            Pass::Wait
        } else {
            Pass::Through
        }
    });
    let order =
        json!({"kind": "move", "bucket": "many", "keys": ["a/x"], "target": {"prefix": "b/"}});
    let started: Value = demo.post(JOBS, &order).await.good().await;
    gate.holds(1).await;
    let source = "/api/v1/buckets/many/object?key=a%2Fx";
    let _: Value = writer
        .put_bytes(source, "somebody else's")
        .await
        .good()
        .await;
    gate.open();
    let done = ended(&demo, &started).await;
    assert_eq!(counts(&done), (0, 1, 0), "{backend} {nth}");
    let failed = failures(&demo, &done).await;
    assert!(failed[0].1.contains("changed"), "{failed:?}");
    assert_eq!(demo.get(source).await.text().await, "somebody else's");
    // What was copied meanwhile is not what is there now.
    assert_eq!(keys(&demo, "many", "b/").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_source_that_changed_before_it_was_copied_stays() {
    let copies = |method: &Method, target: &str| method == Method::PUT && target.contains("/b/x");
    overtaken("generic", 1, copies).await;
}

#[tokio::test]
async fn a_source_that_changed_after_it_was_copied_stays() {
    // The second look at the source is the one before it is deleted.
    let looks = |method: &Method, target: &str| method == Method::HEAD && target.contains("/a/x");
    overtaken("generic", 2, looks).await;
}

#[tokio::test]
async fn a_source_that_changed_after_the_last_look_stays_where_the_store_deletes_on_a_condition() {
    let deletes =
        |method: &Method, target: &str| method == Method::DELETE && target.contains("/a/x");
    overtaken("minio", 1, deletes).await;
}

#[tokio::test]
async fn a_job_is_stopped_in_the_middle() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    fill(&store.demo().await, "many", numbered("a/", 2_500)).await;
    gate.rule(deletions);
    let order = json!({"kind": "delete", "bucket": "many", "prefixes": ["a/"]});
    let started: Value = demo.post(JOBS, &order).await.good().await;
    gate.holds(1).await;
    let half: Value = demo
        .get(at(&started, "").trim_end_matches('/'))
        .await
        .good()
        .await;
    assert_eq!(
        (&half["state"], &half["progress"]["total"]),
        (&json!("running"), &json!(2_500))
    );
    let list: Value = demo
        .get(&format!("{JOBS}?state=running"))
        .await
        .good()
        .await;
    assert_eq!(
        (&list["running"], &list["jobs"][0]["id"]),
        (&json!(1), &started["id"])
    );
    let none = demo.post(&at(&started, "retry"), &json!({})).await;
    let _ = none.problem(409, "conflict").await;
    let asked: Value = demo
        .post(&at(&started, "cancel"), &json!({}))
        .await
        .good()
        .await;
    assert_eq!(asked["state"], "cancelling");
    gate.open();
    let stopped = ended(&demo, &started).await;
    assert_eq!(
        (&stopped["state"], counts(&stopped)),
        (&json!("cancelled"), (1_000, 0, 0))
    );
    assert!(stopped["ended_at"].is_string());
    assert_eq!(keys(&store.demo().await, "many", "").await.len(), 1_000);
    let list: Value = demo.get(&format!("{JOBS}?limit=0")).await.good().await;
    assert_eq!((&list["running"], &list["jobs"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn trying_again_touches_only_what_failed() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    fill(&demo, "many", numbered("a/", 20)).await;
    gate.rule(|method, target| {
        if method == Method::PUT && target.contains("x/a/00003") {
            Pass::Refuse(403)
        } else {
            Pass::Through
        }
    });
    let order =
        json!({"kind": "copy", "bucket": "many", "prefixes": ["a/"], "target": {"prefix": "x/"}});
    let first = run(&demo, order).await;
    assert_eq!(counts(&first), (19, 1, 0));
    assert_eq!(first["can_retry"], true);
    gate.rule(|_, _| Pass::Through);
    let before = gate.asked("PUT ");
    // What was stored meanwhile is no affair of the second.
    fill(&store.demo().await, "many", named(&["a/later"])).await;
    let again: Value = demo
        .post(&at(&first, "retry"), &json!({}))
        .await
        .good()
        .await;
    let again = ended(&demo, &again).await;
    assert_eq!(again["of"], first["id"]);
    assert_eq!(
        (counts(&again), &again["progress"]["total"]),
        ((1, 0, 0), &json!(1))
    );
    assert_eq!(gate.asked("PUT ") - before, 1);
    assert_eq!(keys(&demo, "many", "x/").await.len(), 20);
    let none = demo.post(&at(&again, "retry"), &json!({})).await;
    let _ = none.problem(409, "conflict").await;
}

#[tokio::test]
async fn undoing_a_deletion_brings_back_the_same_objects() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("kept").await;
    keep_versions(&demo, "kept").await;
    fill(&demo, "kept", named(&["a", "b", "odd\u{1}", "gone"])).await;
    let etag = demo
        .head("/api/v1/buckets/kept/object?key=a")
        .await
        .header("etag")
        .to_owned();
    let earlier = run(
        &demo,
        json!({"kind": "delete", "bucket": "kept", "keys": ["gone"]}),
    )
    .await;
    let done = run(
        &demo,
        json!({"kind": "delete", "bucket": "kept", "keys": ["a", "b", "odd\u{1}"]}),
    )
    .await;
    assert_eq!(
        (&done["markers"], &done["undo_until"].is_string()),
        (&json!(3), &true)
    );
    let markers: Value = demo.get(&at(&done, "markers?limit=2")).await.good().await;
    assert_eq!(
        (
            markers["markers"].as_array().unwrap().len(),
            &markers["next"]
        ),
        (2, &json!(2))
    );
    assert!(markers["markers"][0]["version_id"].is_string());
    assert_eq!(keys(&demo, "kept", "").await, [""; 0]);

    let undo: Value = demo.post(&at(&done, "undo"), &json!({})).await.good().await;
    let undone = ended(&demo, &undo).await;
    assert_eq!(
        (&undone["kind"], counts(&undone)),
        (&json!("undo"), (3, 0, 0))
    );
    // Exactly those: what another act deleted stays deleted.
    assert_eq!(keys(&demo, "kept", "").await, ["a", "b", "odd\u{1}"]);
    let back = demo.head("/api/v1/buckets/kept/object?key=a").await;
    assert_eq!(back.header("etag"), etag);
    app.advance(901);
    assert_eq!(
        demo.post(&at(&earlier, "undo"), &json!({})).await.status(),
        StatusCode::ACCEPTED
    );
    app.advance(3_600);
    let late = demo.post(&at(&done, "undo"), &json!({})).await;
    let _ = late.problem(409, "conflict").await;
}

#[tokio::test]
async fn deleted_objects_come_back_and_versions_go_for_good() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("kept").await;
    keep_versions(&demo, "kept").await;
    let all = ["p/a", "p/b", "p/c", "q/d"];
    fill(&demo, "kept", named(&all)).await;
    fill(&demo, "kept", named(&["p/a"])).await;
    let delete = |keys: Value| json!({"kind": "delete", "bucket": "kept", "keys": keys});
    assert_eq!(
        counts(&run(&demo, delete(json!(["p/a", "p/b", "q/d"]))).await),
        (3, 0, 0)
    );
    // Two markers on top of each other, and a key that was never there.
    assert_eq!(
        counts(&run(&demo, delete(json!(["p/b", "p/never"]))).await),
        (2, 0, 0)
    );
    let restore = json!({"kind": "restore", "bucket": "kept", "prefixes": ["p/"]});
    let done = run(&demo, restore).await;
    assert_eq!((&done["state"], counts(&done)), (&json!("done"), (2, 0, 1)));
    assert_eq!(keys(&demo, "kept", "").await, ["p/a", "p/b", "p/c"]);
    let one = json!({"kind": "restore", "bucket": "kept", "keys": ["q/d", "q/none"]});
    assert_eq!(counts(&run(&demo, one).await), (1, 0, 1));

    // Old versions: those that are not the newest, from so many days on.
    let old = |days: u32, plan: bool| {
        json!({"kind": "purge_old", "bucket": "kept", "rule": {"all": true},
        "older_than_days": days, "plan": plan})
    };
    assert_eq!(run(&demo, old(1, true)).await["found"]["versions"], 0);
    app.advance(2 * 86_400);
    // Sessions are shorter than that.
    let demo = app.demo().await;
    assert_eq!(run(&demo, old(1, true)).await["found"]["versions"], 1);
    assert_eq!(counts(&run(&demo, old(1, false)).await), (1, 0, 0));
    assert_eq!(keys(&demo, "kept", "").await, all);

    let purge = json!({"kind": "purge", "bucket": "kept", "keys": ["p/a"], "prefixes": ["q/"]});
    let mut plan = purge.clone();
    plan["plan"] = json!(true);
    let plan = run(&demo, plan).await;
    assert_eq!(
        (&plan["found"]["versions"], &plan["found"]["bytes"]),
        (&json!(2), &json!(14))
    );
    let done = run(&demo, purge).await;
    assert_eq!(
        (counts(&done), &done["progress"]["bytes"]),
        ((2, 0, 0), &json!(14))
    );
    let left: Value = demo.get("/api/v1/buckets/kept/versions").await.good().await;
    let left: Vec<_> = left["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| &v["key"])
        .collect();
    assert_eq!(left, ["p/b", "p/c"]);
}

#[tokio::test]
async fn buckets_are_deleted_one_by_one() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for bucket in ["one", "two", "three"] {
        demo.bucket(bucket).await;
        fill(&demo, bucket, numbered("a/", 3)).await;
    }
    retain(&app, "two", "-1").await;
    fill(&demo, "two", named(&["kept"])).await;
    let begun = "/api/v1/buckets/one/multipart/half";
    let _: Value = demo.post(begun, &json!({})).await.good().await;
    let order = json!({"kind": "delete_buckets", "buckets": ["one", "two", "three"]});
    let mut plan = order.clone();
    plan["plan"] = json!(true);
    let plan = run(&demo, plan).await;
    assert_eq!(
        (&plan["found"]["objects"], &plan["found"]["versions"]),
        (&json!(3), &json!(10))
    );
    assert_eq!(
        (&plan["found"]["uploads"], &plan["found"]["refused"]),
        (&json!(1), &json!(1))
    );
    let why = failures(&demo, &plan).await;
    assert_eq!(why[0].0, "two");
    assert_eq!(why[0].1, "kept: it is kept without an end");
    let done = run(&demo, order).await;
    assert_eq!((&done["state"], counts(&done)), (&json!("done"), (2, 1, 0)));
    assert_eq!(
        (&done["bucket"], &done["buckets"]),
        (&Value::Null, &json!(["one", "three", "two"]))
    );
    let failed = failures(&demo, &done).await;
    assert_eq!(failed[0].0, "two");
    assert!(failed[0].1.contains("kept"), "{failed:?}");
    assert_eq!(
        demo.head("/api/v1/buckets/one").await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        demo.head("/api/v1/buckets/two").await.status(),
        StatusCode::OK
    );
    let again: Value = demo
        .post(&at(&done, "retry"), &json!({}))
        .await
        .good()
        .await;
    let again = ended(&demo, &again).await;
    assert_eq!(
        (&again["buckets"], counts(&again)),
        (&json!(["two"]), (0, 1, 0))
    );
}

#[tokio::test]
async fn a_restart_ends_what_ran_and_keeps_the_list() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let order = json!({"kind": "delete", "bucket": "many", "prefixes": ["a/"]});
    let (finished, cut_off) = {
        let demo = demo(&app).await;
        demo.bucket("many").await;
        fill(&demo, "many", named(&["x"])).await;
        let finished = run(
            &demo,
            json!({"kind": "delete", "bucket": "many", "keys": ["x"]}),
        )
        .await;
        fill(&demo, "many", numbered("a/", 5)).await;
        gate.rule(deletions);
        let cut_off: Value = demo.post(JOBS, &order).await.good().await;
        gate.holds(1).await;
        (finished, cut_off)
    };
    let TestApp { running, data, .. } = app;
    drop(running);
    let app = gate.hako_on(data, &[]).await;
    let demo = demo(&app).await;
    let ended: Value = demo
        .get(at(&cut_off, "").trim_end_matches('/'))
        .await
        .good()
        .await;
    assert_eq!(ended["state"], "failed");
    assert!(
        ended["error"].as_str().unwrap().contains("restarted"),
        "{ended}"
    );
    assert!(ended["ended_at"].is_string());
    let list: Value = demo.get(JOBS).await.good().await;
    let ids: Vec<_> = list["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| &job["id"])
        .collect();
    assert_eq!(ids, [&cut_off["id"], &finished["id"]]);
    assert_eq!(list["running"], 0);
}

/// A count, a deletion, a move and a job, one second after the other; the newest first.
async fn all_kinds_of_work(app: &TestApp, demo: &Actor<'_>) -> Vec<Value> {
    demo.bucket("many").await;
    fill(demo, "many", numbered("a/", 3)).await;
    let mut started = Vec::new();
    for (path, body) in [
        ("s3_stats", json!(null)),
        ("delete-task", json!({"keys": ["a/00002"]})),
        (
            "copy-task",
            json!({"source_prefix": "a/", "target_prefix": "b/", "move": true}),
        ),
    ] {
        let task = demo.post(&format!("{OBJECTS}/{path}"), &body).await;
        let task: Value = task.good().await;
        let job = json!({"id": task["task_id"]});
        started.push(ended(demo, &job).await);
        app.advance(1);
    }
    let order = json!({"kind": "purge", "bucket": "many", "keys": ["b/00001"]});
    started.push(run(demo, order).await);
    started.reverse();
    started
}

const OBJECTS: &str = "/api/v1/buckets/many/objects";

#[tokio::test]
async fn all_work_stands_in_one_list() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let started = all_kinds_of_work(&app, &demo).await;
    let kinds: Vec<_> = started.iter().map(|job| &job["kind"]).collect();
    assert_eq!(kinds, ["purge", "move", "delete", "count"]);
    let list =
        async |query: &str| -> Value { demo.get(&format!("{JOBS}?{query}")).await.good().await };
    let first = list("limit=3").await;
    let cursor = first["next"].as_str().unwrap();
    let rest = list(&format!("limit=3&cursor={cursor}")).await;
    assert_eq!(rest["next"], Value::Null);
    let pages = [&first, &rest].map(|page| page["jobs"].as_array().unwrap().clone());
    assert_eq!(pages.concat(), started);
    let purges = list("kind=purge&state=done").await;
    assert_eq!(purges["jobs"].as_array().unwrap().len(), 1);
    let since = started[1]["started_at"].as_str().unwrap();
    let since = list(&format!("since={since}")).await;
    assert_eq!(since["jobs"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_job_concerns_its_owner_alone_and_is_listed_for_30_days() {
    let app = TestApp::new().await;
    let tenant = model::TenantName::parse("demo").unwrap();
    let eve = model::Username::parse("eve").unwrap();
    let local = app.running.embedded_store().unwrap();
    let made = local
        .create_user(&tenant, &eve, "eve-eve-eve", &[], true)
        .await;
    assert!(made.unwrap());
    let demo = app.demo().await;
    let started = all_kinds_of_work(&app, &demo).await;
    let eve = app.script("demo/eve", "eve-eve-eve").await;
    let list: Value = eve.get(JOBS).await.good().await;
    assert_eq!((&list["jobs"], &list["running"]), (&json!([]), &json!(0)));
    let own = started[0]["id"].as_str().unwrap();
    for (method, rest) in [
        (Method::GET, ""),
        (Method::GET, "/failures"),
        (Method::GET, "/markers"),
        (Method::GET, "/results"),
        (Method::GET, "/folders"),
        (Method::GET, "/uploads"),
        (Method::GET, "/report"),
        (Method::POST, "/cancel"),
        (Method::POST, "/retry"),
        (Method::POST, "/undo"),
    ] {
        let request = eve.request(method, &format!("{JOBS}/{own}{rest}"));
        let answer = Answer(request.send().await.unwrap());
        let _ = answer.problem(404, "task_not_found").await;
    }
    // Where an older task was started it is forgotten sooner than in the list.
    let count = started[3]["id"].as_str().unwrap();
    app.advance(2 * 86_400);
    let demo = app.demo().await;
    let told = demo.get(&format!("{OBJECTS}/s3_stats/{count}")).await;
    let _ = told.problem(404, "task_not_found").await;
    let list: Value = demo.get(JOBS).await.good().await;
    assert_eq!(list["jobs"].as_array().unwrap().len(), 4);
    app.advance(29 * 86_400);
    let demo = app.demo().await;
    let list: Value = demo.get(JOBS).await.good().await;
    assert_eq!(list["jobs"], json!([]));
    let gone = demo.get(&format!("{JOBS}/{own}")).await;
    let _ = gone.problem(404, "task_not_found").await;
}

#[tokio::test]
async fn a_report_says_what_failed_and_is_no_formula() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    retain(&app, "many", "-1").await;
    fill(&demo, "many", named(&["=cmd()", "a,\"b\"", "plain"])).await;
    let done = run(
        &demo,
        json!({"kind": "delete", "bucket": "many", "rule": {"all": true}}),
    )
    .await;
    assert_eq!(counts(&done), (0, 3, 0));
    let csv = demo.get(&at(&done, "report?format=csv")).await;
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert!(csv.header("content-disposition").ends_with(".csv\""));
    let csv = csv.text().await;
    let lines: Vec<_> = csv.split("\r\n").collect();
    assert_eq!((lines[0], lines.len()), ("key,version_id,code,reason", 5));
    assert!(lines[1].starts_with("'=cmd(),,"), "{csv}");
    assert!(lines[2].starts_with("\"a,\"\"b\"\"\",,"), "{csv}");
    let json: Value = demo
        .get(&at(&done, "report?format=json"))
        .await
        .good()
        .await;
    assert_eq!(json["id"], done["id"]);
    let told = failures(&demo, &done).await;
    let listed = json["failures"].as_array().unwrap();
    assert_eq!(listed.len(), 3);
    assert!(
        told.iter()
            .zip(listed)
            .all(|((key, _), line)| line["key"] == key.as_str())
    );
}

#[tokio::test]
async fn jobs_beyond_the_server_s_room_wait() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[("HAKO_TASKS_PER_USER", "20")]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    fill(&demo, "many", numbered("a/", 10)).await;
    gate.rule(deletions);
    let mut jobs = Vec::new();
    for key in numbered("a/", 10) {
        let order = json!({"kind": "delete", "bucket": "many", "keys": [key]});
        jobs.push(demo.post(JOBS, &order).await.good::<Value>().await);
    }
    gate.holds(8).await;
    let waiting: Value = demo
        .get(&format!("{JOBS}?state=waiting"))
        .await
        .good()
        .await;
    assert_eq!(waiting["jobs"].as_array().unwrap().len(), 2);
    assert_eq!(waiting["running"], 10);
    // One that waits is stopped at once.
    let stopped: Value = demo
        .post(&at(&waiting["jobs"][0], "cancel"), &json!({}))
        .await
        .good()
        .await;
    assert_eq!(ended(&demo, &stopped).await["state"], "cancelled");
    gate.open();
    for job in jobs.iter().filter(|job| job["id"] != stopped["id"]) {
        assert_eq!(ended(&demo, job).await["state"], "done");
    }
    assert_eq!(keys(&demo, "many", "").await.len(), 1);
}
