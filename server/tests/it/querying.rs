//! Jobs on what a metadata query finds: in whichever buckets, whole, and brought back.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{Actor, TestApp},
    gate::{demo as foreign_demo, fill},
    jobs::{at, ended, keep_versions, run},
    tasks::{keys, numbered},
};

const JOBS: &str = "/api/v1/jobs";

/// A bucket whose objects can be searched.
async fn searched(demo: &Actor<'_>, bucket: &str) {
    demo.bucket(bucket).await;
    let path = format!("/api/v1/mapi/tenants/demo/namespaces/{bucket}");
    let settings = json!({"searchEnabled": true, "indexingEnabled": true});
    assert_eq!(demo.post(&path, &settings).await.status(), 200);
}

fn on(kind: &str, query: &str) -> Value {
    json!({"kind": kind, "query": {"query": query}})
}

async fn lines(actor: &Actor<'_>, job: &Value, list: &str) -> Vec<Value> {
    let page: Value = actor
        .get(&at(job, &format!("{list}?limit=1000")))
        .await
        .good()
        .await;
    page[list].as_array().unwrap().clone()
}

#[tokio::test]
async fn all_that_is_found_goes_wherever_it_is_and_comes_back_where_versions_are_kept() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for bucket in ["many", "kept", "plain"] {
        searched(&demo, bucket).await;
    }
    keep_versions(&demo, "kept").await;
    fill(&demo, "many", numbered("log/", 1_200)).await;
    fill(
        &demo,
        "kept",
        ["log/a", "log/ö b", "other"].map(str::to_owned).into_iter(),
    )
    .await;
    fill(&demo, "plain", ["log/c"].map(str::to_owned).into_iter()).await;
    let held = demo
        .request(Method::PUT, "/api/v1/buckets/plain/object?key=log/held")
        .header("x-hcp-retentionhold", "true")
        .body("content");
    assert!(held.send().await.unwrap().status().is_success());

    // Not the keys alone: the query decides.
    let query = "log AND namespace:(many kept plain)";
    let mut plan = on("delete", query);
    plan["plan"] = true.into();
    let plan = run(&demo, plan).await;
    assert_eq!(plan["state"], "done", "{plan}");
    assert_eq!(plan["found"]["objects"], 1_204, "{plan}");
    assert_eq!(plan["found"]["bytes"], 1_204 * 7);
    assert_eq!(plan["found"]["checked"], 1_000);
    assert_eq!(plan["bucket"], Value::Null);

    let job = run(&demo, on("delete", query)).await;
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(job["progress"]["done"], 1_203, "{job}");
    assert_eq!(job["progress"]["failed"], 1);
    assert_eq!(job["source"]["query"]["query"], query);
    let failures = lines(&demo, &job, "failures").await;
    assert_eq!(failures[0]["key"], "log/held");
    assert_eq!(failures[0]["bucket"], "plain");
    assert!(keys(&demo, "many", "").await.is_empty());
    assert_eq!(keys(&demo, "kept", "").await, ["other"]);
    assert_eq!(keys(&demo, "plain", "").await, ["log/held"]);
    let report = demo.get(&at(&job, "report?format=csv")).await.text().await;
    assert!(
        report.starts_with("bucket,key,version_id,code,reason\r\nplain,log/held,,"),
        "{report}"
    );

    let again: Value = demo.post(&at(&job, "retry"), &json!({})).await.good().await;
    let again = ended(&demo, &again).await;
    assert_eq!(again["progress"]["failed"], 1, "{again}");
    assert_eq!(lines(&demo, &again, "failures").await[0]["bucket"], "plain");

    // Only one of the buckets keeps versions.
    assert_eq!(job["markers"], 2);
    let back: Value = demo.post(&at(&job, "undo"), &json!({})).await.good().await;
    let back = ended(&demo, &back).await;
    assert_eq!(
        (&back["state"], &back["progress"]["done"]),
        (&json!("done"), &json!(2))
    );
    assert_eq!(keys(&demo, "kept", "").await, ["log/a", "log/ö b", "other"]);
}

#[tokio::test]
async fn all_that_is_found_is_put_on_hold_and_let_go() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for bucket in ["one", "two"] {
        searched(&demo, bucket).await;
        let keys = ["log/a", "log/ö b", "other"];
        fill(&demo, bucket, keys.map(str::to_owned).into_iter()).await;
    }
    let query = "log AND namespace:(one two)";
    let mut plan = on("hold", query);
    plan["plan"] = true.into();
    let plan = run(&demo, plan).await;
    assert_eq!(plan["found"]["objects"], 4, "{plan}");
    let job = run(&demo, on("hold", query)).await;
    assert_eq!(
        (&job["state"], &job["progress"]["done"]),
        (&json!("done"), &json!(4)),
        "{job}"
    );
    let delete = run(&demo, on("delete", "namespace:(one two)")).await;
    assert_eq!(delete["progress"]["done"], 2, "{delete}");
    assert_eq!(delete["progress"]["failed"], 4);
    assert_eq!(keys(&demo, "one", "").await, ["log/a", "log/ö b"]);
    // What changed by the hold is found again, and once.
    let free = run(&demo, on("release", "hold:true")).await;
    assert_eq!(free["progress"]["done"], 4, "{free}");
    let delete = run(&demo, on("delete", "namespace:(one two)")).await;
    assert_eq!(
        (&delete["progress"]["done"], &delete["progress"]["failed"]),
        (&json!(4), &json!(0))
    );
}

/// Where what was refused is, and by which word.
fn refused(lines: &[Value]) -> Vec<(String, String, String)> {
    let word = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let mut all: Vec<_> = lines
        .iter()
        .map(|line| (word(line, "bucket"), word(line, "key"), word(line, "code")))
        .collect();
    all.sort();
    all
}

#[tokio::test]
async fn all_that_is_found_is_given_a_retention_that_shortens_none() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for bucket in ["one", "two"] {
        searched(&demo, bucket).await;
        let keys = ["log/a", "log/ö b", "other"];
        fill(&demo, bucket, keys.map(str::to_owned).into_iter()).await;
    }
    let of =
        |bucket: &str, key: &str| format!("/api/v1/buckets/{bucket}/object/retention?key={key}");
    let put = |path: &str, change: &Value| {
        let request = demo.request(Method::PUT, path).json(change);
        async move { request.send().await.unwrap() }
    };
    let longer = put(&of("one", "log/a"), &json!({"retention": "A+9y"}));
    assert_eq!(longer.await.status(), 200);
    let held = put(&of("two", "log/a"), &json!({"hold": true}));
    assert_eq!(held.await.status(), 200);
    let order = |value: &str, plan: bool| {
        let mut order = on("retention", "log AND namespace:(one two)");
        order["retention"] = value.into();
        order["plan"] = plan.into();
        order
    };
    let expected = [
        ("one", "log/a", "retention_shortened"),
        ("two", "log/a", "object_on_hold"),
    ]
    .map(|(bucket, key, code)| (bucket.to_owned(), key.to_owned(), code.to_owned()));

    // The plan says what would be refused, and changes nothing.
    let plan = run(&demo, order("A+7y", true)).await;
    let found = &plan["found"];
    assert_eq!(
        (&found["objects"], &found["checked"], &found["refused"]),
        (&json!(4), &json!(4), &json!(2)),
        "{plan}"
    );
    assert_eq!(plan["source"]["retention"], "A+7y");
    assert_eq!(refused(&lines(&demo, &plan, "failures").await), expected);
    let still: Value = demo.get(&of("one", "log/ö b")).await.good().await;
    assert_eq!(still["value"], 0, "{still}");

    let job = run(&demo, order("A+7y", false)).await;
    assert_eq!(
        (
            &job["state"],
            &job["progress"]["done"],
            &job["progress"]["failed"]
        ),
        (&json!("done"), &json!(2), &json!(2)),
        "{job}"
    );
    let failures = lines(&demo, &job, "failures").await;
    assert_eq!(refused(&failures), expected);
    let reason = failures
        .iter()
        .find(|line| line["bucket"] == "one")
        .unwrap();
    let reason = reason["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("Retention is never shortened"),
        "{reason}"
    );
    let seven: Value = demo.get(&of("one", "log/ö b")).await.good().await;
    let nine: Value = demo.get(&of("one", "log/a")).await.good().await;
    assert!(seven["value"].as_i64().unwrap() > 0, "{seven}");
    assert!(nine["value"].as_i64() > seven["value"].as_i64());
    let other: Value = demo.get(&of("one", "other")).await.good().await;
    assert_eq!(other["value"], 0, "{other}");

    // What failed is tried again, once what kept it is gone.
    let free = put(&of("two", "log/a"), &json!({"hold": false}));
    assert_eq!(free.await.status(), 200);
    let again: Value = demo.post(&at(&job, "retry"), &json!({})).await.good().await;
    let again = ended(&demo, &again).await;
    assert_eq!(
        (&again["progress"]["done"], &again["progress"]["failed"]),
        (&json!(1), &json!(1)),
        "{again}"
    );
}

#[tokio::test]
async fn a_retention_that_hcp_does_not_read_starts_nothing() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for wrong in [json!("soon"), json!(null)] {
        let mut order = on("retention", "*:*");
        order["retention"] = wrong;
        let problem = demo
            .post(JOBS, &order)
            .await
            .problem(422, "validation")
            .await;
        assert!(problem.to_string().contains("retention"), "{problem}");
    }
}

#[tokio::test]
async fn an_export_has_a_line_for_each_object() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    searched(&demo, "sets").await;
    let odd = "=cmd,\"x\" ö.txt";
    let some = numbered("n/", 1_005).chain([odd.to_owned()]);
    fill(&demo, "sets", some).await;
    let mut order = on("export", "namespace:sets");
    order["query"]["properties"] = json!(["utf8Name", "size", "retention", "hold"]);
    let job = run(&demo, order).await;
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(job["progress"]["done"], 1_006, "{job}");
    assert_eq!(job["progress"]["total"], 1_006);

    let text = demo
        .get(&at(&job, "report?format=jsonl"))
        .await
        .text()
        .await;
    let told: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(told.len(), 1_006);
    let times = told
        .iter()
        .map(|one| one["changeTimeMilliseconds"].as_str().unwrap());
    assert!(times.is_sorted());
    let one = told.iter().find(|one| one["utf8Name"] == odd).unwrap();
    assert_eq!((&one["size"], &one["hold"]), (&json!(7), &json!(false)));

    let answer = demo.get(&at(&job, "report?format=csv")).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let table = answer.text().await;
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    assert_eq!(
        rows.headers().unwrap(),
        vec!["urlName", "utf8Name", "size", "retention", "hold"]
    );
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1_006);
    let row = rows.iter().find(|row| row[1].ends_with("ö.txt")).unwrap();
    assert_eq!(
        (&row[1], &row[2], &row[4]),
        (&*format!("'{odd}"), "7", "false")
    );
    assert!(row[0].starts_with("https://sets.demo."), "{}", &row[0]);

    let whole: Value = demo.get(&at(&job, "report?format=json")).await.good().await;
    assert_eq!(whole["results"].as_array().unwrap().len(), 1_006);
    assert_eq!(whole["kind"], "export");

    // Whoever has no such job has no such file; and it is not kept for ever.
    let root = app.root().await;
    let _ = root
        .get(&at(&job, "report"))
        .await
        .problem(404, "task_not_found")
        .await;
    app.advance(86_401);
    let demo = app.demo().await;
    let gone = demo.get(&at(&job, "report?format=csv")).await;
    let _ = gone.problem(404, "task_not_found").await;
}

#[tokio::test]
async fn what_cannot_be_asked_is_said_before_anything_begins() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let broken = demo.post(JOBS, &on("delete", "size:[1 to 2]")).await;
    let problem = broken.problem(422, "validation").await;
    let text = problem.to_string();
    assert!(text.contains("at character 9"), "{text}");
    // A query that cannot be narrowed any more.
    let deep = format!(
        "{}a{}",
        "(+b +".repeat(model::query::MAX_DEPTH),
        ")".repeat(model::query::MAX_DEPTH)
    );
    let refused = demo.post(JOBS, &on("delete", &deep)).await;
    assert!(refused.status().is_client_error());
    let root = app.root().await;
    let refused = root.post(JOBS, &on("export", "*:*")).await;
    assert_eq!(refused.status(), 422);
    // What nothing is found by is done at once.
    let nothing = run(&demo, on("delete", "utf8Name:no-such-thing")).await;
    assert_eq!(
        (&nothing["state"], &nothing["progress"]["done"]),
        (&json!("done"), &json!(0))
    );
    let nothing = run(&demo, on("export", "utf8Name:no-such-thing")).await;
    assert_eq!(
        demo.get(&at(&nothing, "report?format=jsonl"))
            .await
            .text()
            .await,
        ""
    );

    let foreign = app.before(&[]).await;
    let script = foreign_demo(&foreign).await;
    let refused = script.post(JOBS, &on("delete", "*:*")).await;
    let _ = refused.problem(501, "not_supported").await;
}
