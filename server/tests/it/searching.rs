//! Searches over listings: what they find on stores of others, how they count and stop, and what is left of them.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    app::{Actor, TestApp},
    gate::{Gate, Pass, demo, fill},
    jobs::{at, ended, run},
    moto::{self, Moto},
    tasks::numbered,
};

const JOBS: &str = "/api/v1/jobs";

fn search(bucket: &str, conditions: Value) -> Value {
    json!({"kind": "search", "bucket": bucket, "search": conditions})
}

/// How many keys were read and found, and whether there is more.
fn told(job: &Value) -> (u64, u64, bool) {
    (
        job["progress"]["done"].as_u64().unwrap(),
        job["searched"]["found"].as_u64().unwrap(),
        job["searched"]["more"].as_bool().unwrap(),
    )
}

/// A page of results: the keys, and where it goes on.
async fn page(actor: &Actor<'_>, job: &Value, query: &str) -> (Vec<String>, Value) {
    let page: Value = actor
        .get(&at(job, &format!("results?{query}")))
        .await
        .good()
        .await;
    let results = page["results"].as_array().unwrap().iter();
    let keys = results.map(|one| one["key"].as_str().unwrap().to_owned());
    (keys.collect(), page["next"].clone())
}

async fn found(actor: &Actor<'_>, conditions: Value) -> Vec<String> {
    let job = run(actor, search("many", conditions)).await;
    assert_eq!(job["state"], "done", "{job}");
    page(actor, &job, "limit=1000").await.0
}

#[tokio::test]
async fn a_store_of_somebody_else_is_searched_by_its_listing() {
    let Some(moto) = Moto::start() else {
        return;
    };
    let app = moto.app().await;
    let (name, secret) = moto::KEYS;
    let actor = app.script(name, secret).await;
    actor.bucket("many").await;
    let keys = [
        ("a/My Scan.TIF", 10),
        ("a/b/scan-1.tif", 2_000),
        ("a/b/scan-2.tiff", 3_000),
        ("a/ö&?.txt", 10),
        ("scan.tif", 10),
    ];
    for (key, size) in keys {
        let key = model::endpoint::encode(key);
        let path = format!("/api/v1/buckets/many/object?key={key}");
        let stored = actor.put_bytes(&path, vec![b'x'; size]).await;
        assert!(stored.status().is_success());
    }
    let all: Vec<_> = keys.iter().map(|(key, _)| (*key).to_owned()).collect();
    assert_eq!(found(&actor, json!({})).await, all);
    for (conditions, expected) in [
        (json!({"name_contains": "scan"}), vec![0, 1, 2, 4]),
        (
            json!({"name_contains": "scan", "match_case": true}),
            vec![1, 2, 4],
        ),
        (json!({"prefix": "a/", "name_contains": "a/"}), vec![]),
        (json!({"name_matches": "*.tif"}), vec![0, 1, 4]),
        (
            json!({"prefix": "a/b/", "name_matches": "scan-?.tif"}),
            vec![1],
        ),
        (
            json!({"name_matches": "scan*", "match_case": true}),
            vec![4],
        ),
        (json!({"name_contains": "Ö&?"}), vec![3]),
        (json!({"min_size": 2_000}), vec![1, 2]),
        (json!({"max_size": 2_000, "min_size": 11}), vec![1]),
        (
            json!({"changed_from": "2020-01-01T00:00:00Z"}),
            vec![0, 1, 2, 3, 4],
        ),
        (json!({"changed_to": "2020-01-01T00:00:00Z"}), vec![]),
        (
            json!({"prefix": "a/b", "name_contains": "tif", "max_size": 2_999}),
            vec![1],
        ),
    ] {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|at: usize| all[at].clone())
            .collect();
        assert_eq!(
            found(&actor, conditions.clone()).await,
            expected,
            "{conditions}"
        );
    }

    told_and_paged(&actor).await;
    let nowhere = actor.post(JOBS, &search("no-such-bucket", json!({}))).await;
    let _ = nowhere.problem(404, "bucket_not_found").await;
}

/// What a search tells of itself, and its results page by page.
async fn told_and_paged(actor: &Actor<'_>) {
    let job = run(actor, search("many", json!({"prefix": "a/b/"}))).await;
    assert_eq!(told(&job), (2, 2, false));
    assert_eq!(
        (&job["progress"]["total"], &job["can_retry"]),
        (&Value::Null, &json!(false))
    );
    assert_eq!(job["source"]["search"]["prefix"], "a/b/");
    let one: Value = actor.get(&at(&job, "results?limit=1")).await.good().await;
    assert_eq!(
        (&one["total"], &one["more"], &one["next"]),
        (&json!(2), &json!(false), &json!(1))
    );
    let first = &one["results"][0];
    assert_eq!(
        (&first["key"], &first["size"]),
        (&json!("a/b/scan-1.tif"), &json!(2_000))
    );
    assert!(first["last_modified"].is_string());
    let (last, next) = page(actor, &job, "from=1&limit=1").await;
    assert_eq!(
        (last, next),
        (vec!["a/b/scan-2.tiff".to_owned()], Value::Null)
    );
    let (none, next) = page(actor, &job, "from=99").await;
    assert_eq!((none.len(), next), (0, Value::Null));
    reports(actor, &job).await;
}

/// What was found as files.
async fn reports(actor: &Actor<'_>, job: &Value) {
    let csv = actor.get(&at(job, "report?format=csv")).await;
    assert!(csv.header("content-disposition").ends_with(".csv\""));
    let csv = csv.text().await;
    let lines: Vec<_> = csv.split("\r\n").collect();
    assert_eq!((lines[0], lines.len()), ("key,size,last_modified", 4));
    assert!(lines[1].starts_with("a/b/scan-1.tif,2000,20"), "{csv}");
    let jsonl = actor.get(&at(job, "report?format=jsonl")).await;
    assert_eq!(jsonl.header("content-type"), "application/x-ndjson");
    let jsonl = jsonl.text().await;
    let keys: Vec<String> = jsonl
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["key"].to_string())
        .collect();
    assert_eq!(keys, ["\"a/b/scan-1.tif\"", "\"a/b/scan-2.tiff\""]);
    let json: Value = actor.get(&at(job, "report?format=json")).await.good().await;
    assert_eq!(json["searched"], job["searched"]);
    assert_eq!(json["results"].as_array().unwrap().len(), 2);
    assert_eq!(json["failures"], Value::Null);
}

#[tokio::test]
async fn a_search_stops_where_it_has_as_many_as_it_may_and_says_so() {
    let store = TestApp::new().await;
    let app = store.before(&[]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    fill(&demo, "many", numbered("a/", 1_200)).await;
    // Those that end in 0: the eleventh is the hundred-and-first key.
    let tens = |limit: u64| search("many", json!({"name_matches": "*0", "limit": limit}));
    let cut = run(&demo, tens(10)).await;
    assert_eq!(
        (&cut["state"], told(&cut)),
        (&json!("done"), (101, 10, true))
    );
    let (keys, next) = page(&demo, &cut, "limit=1000").await;
    assert_eq!((keys.len(), next), (10, Value::Null));
    assert_eq!(keys[9], "a/00090");
    let csv = demo.get(&at(&cut, "report")).await.text().await;
    assert!(csv.ends_with("the search has stopped here\r\n"), "{csv}");
    // As many as there are is not too many.
    let whole = run(&demo, tens(120)).await;
    assert_eq!(told(&whole), (1_200, 120, false));
    let csv = demo.get(&at(&whole, "report")).await.text().await;
    assert_eq!(csv.lines().count(), 121);
    let cut = run(&demo, tens(119)).await;
    assert_eq!(told(&cut), (1_191, 119, true));
}

/// Waits for every page of a listing but the first.
fn second_page(method: &Method, target: &str) -> Pass {
    if method == Method::GET && target.contains("start-after=") {
        Pass::Wait
    } else {
        Pass::Through
    }
}

#[tokio::test]
async fn results_come_while_it_runs_and_a_stop_counts_what_was_read() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    fill(&store.demo().await, "many", numbered("a/", 2_500)).await;
    gate.rule(second_page);
    let order = search("many", json!({"name_matches": "*7"}));
    let started: Value = demo.post(JOBS, &order).await.good().await;
    gate.holds(1).await;
    let half: Value = demo
        .get(at(&started, "").trim_end_matches('/'))
        .await
        .good()
        .await;
    assert_eq!(
        (&half["state"], told(&half)),
        (&json!("running"), (1_000, 100, false))
    );
    // There is nothing behind the last yet, and it says where it will be.
    let (keys, next) = page(&demo, &started, "from=90").await;
    assert_eq!((keys.len(), &next), (10, &json!(100)));
    assert_eq!(keys[9], "a/00997");
    assert_eq!(
        page(&demo, &started, "from=100").await,
        (vec![], json!(100))
    );
    let _asked: Value = demo
        .post(&at(&started, "cancel"), &json!({}))
        .await
        .good()
        .await;
    // It does not wait for the page that nobody reads any more.
    let stopped = ended(&demo, &started).await;
    assert_eq!(
        (&stopped["state"], told(&stopped)),
        (&json!("cancelled"), (1_000, 100, false))
    );
    assert_eq!(
        page(&demo, &started, "from=100").await,
        (vec![], Value::Null)
    );
    assert_eq!(gate.asked("list-type=2"), 2);
    gate.open();
    let whole = run(&demo, order).await;
    assert_eq!(told(&whole), (2_500, 250, false));
}

#[tokio::test]
async fn what_was_found_before_a_restart_is_kept() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let cut_off = {
        let demo = demo(&app).await;
        demo.bucket("many").await;
        fill(&store.demo().await, "many", numbered("a/", 1_500)).await;
        gate.rule(second_page);
        let order = search("many", json!({"name_contains": "99"}));
        let cut_off: Value = demo.post(JOBS, &order).await.good().await;
        gate.holds(1).await;
        cut_off
    };
    let TestApp { running, data, .. } = app;
    drop(running);
    let app = gate.hako_on(data, &[]).await;
    let demo = demo(&app).await;
    let ended = ended(&demo, &cut_off).await;
    assert_eq!(
        (&ended["state"], told(&ended)),
        (&json!("failed"), (1_000, 19, false))
    );
    assert!(
        ended["error"].as_str().unwrap().contains("restarted"),
        "{ended}"
    );
    let (keys, next) = page(&demo, &cut_off, "from=18").await;
    assert_eq!((keys, next), (vec!["a/00999".to_owned()], Value::Null));
}

#[tokio::test]
async fn a_store_that_refuses_ends_a_search_with_its_reason() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    fill(&store.demo().await, "many", numbered("a/", 1_100)).await;
    gate.rule(|_, target| {
        if target.contains("start-after=") {
            Pass::Refuse(403)
        } else {
            Pass::Through
        }
    });
    let failed = run(&demo, search("many", json!({"name_contains": "a"}))).await;
    assert_eq!(
        (&failed["state"], told(&failed)),
        (&json!("failed"), (1_000, 1_000, false))
    );
    assert!(failed["error"].is_string(), "{failed}");
    // What it had found by then stays.
    let (keys, next) = page(&demo, &failed, "from=999").await;
    assert_eq!((keys, next), (vec!["a/00999".to_owned()], Value::Null));
}

#[tokio::test]
async fn conditions_that_make_no_sense_are_refused() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    let good = json!({"name_contains": "a"});
    for (order, field) in [
        (json!({"kind": "search", "bucket": "many"}), "search"),
        (search("B!", good.clone()), "bucket"),
        (search("", good.clone()), "bucket"),
        (search("many", json!({"kontains": "a"})), "kontains"),
        (
            search("many", json!({"name_contains": "x".repeat(1_025)})),
            "name_contains",
        ),
        (
            search("many", json!({"name_matches": "\u{0}"})),
            "name_matches",
        ),
        (
            search("many", json!({"prefix": "x".repeat(4_096)})),
            "prefix",
        ),
        (search("many", json!({"min_size": -1})), "min_size"),
        (
            search("many", json!({"min_size": 2, "max_size": 1})),
            "max_size",
        ),
        (
            search("many", json!({"changed_from": "yesterday"})),
            "changed_from",
        ),
        (
            search(
                "many",
                json!({"changed_from": "2026-01-02T00:00:00Z", "changed_to": "2026-01-01T00:00:00Z"}),
            ),
            "changed_to",
        ),
        (search("many", json!({"limit": 0})), "limit"),
        (search("many", json!({"limit": 10_001})), "limit"),
        (
            json!({"kind": "search", "bucket": "many", "search": good, "keys": ["a"]}),
            "search",
        ),
        (
            json!({"kind": "search", "bucket": "many", "search": good, "plan": true}),
            "plan",
        ),
        (
            json!({"kind": "delete", "bucket": "many", "keys": ["a"], "search": good}),
            "search",
        ),
    ] {
        let refused = demo.post(JOBS, &order).await;
        let refused = refused.problem(422, "validation").await;
        assert!(refused.to_string().contains(field), "{field}: {refused}");
    }
    let job = run(&demo, search("many", good)).await;
    assert_eq!(told(&job), (0, 0, false));
    for odd in ["limit=0", "limit=1001", "from=-1"] {
        let refused = demo.get(&at(&job, &format!("results?{odd}"))).await;
        let _ = refused.problem(422, "validation").await;
    }
    let again = demo.post(&at(&job, "retry"), &json!({})).await;
    let _ = again.problem(409, "conflict").await;
}

#[tokio::test]
async fn a_plain_form_starts_a_search_and_leads_to_it() {
    let app = TestApp::new().await;
    let browser = app.browser().await;
    browser.bucket("many").await;
    fill(
        &browser,
        "many",
        ["a/x.tif", "b"].map(str::to_owned).into_iter(),
    )
    .await;
    let mut fields = vec![
        ("op", "start_search"),
        ("bucket", "many"),
        ("name_contains", "x"),
        ("min_size", "1"),
        ("min_unit", "B"),
        ("next", "/search?job={job}"),
    ];
    let sent = browser.form("/search", &fields).await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    let there = sent.header("location").to_owned();
    let id = there.strip_prefix("/search?job=").unwrap();
    let job = ended(&browser, &json!({"id": id})).await;
    assert_eq!(
        (&job["kind"], told(&job)),
        (&json!("search"), (2, 1, false))
    );
    let shown = browser.get(&there).await.text().await;
    assert!(shown.contains("data-key=\"a/x.tif\""), "{shown}");
    assert!(shown.contains("2 keys read, 1 found"), "{shown}");

    fields[3] = ("min_size", "much");
    let refused = browser.form("/search", &fields).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
}
