//! Measuring a bucket: all that takes room, folder by folder, and what has changed since.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{Actor, TestApp},
    gate::{Gate, Pass, demo, fill},
    jobs::{at, ended, keep_versions, run},
    tasks::numbered,
};

const JOBS: &str = "/api/v1/jobs";
const MB: usize = 1 << 20;

fn usage(bucket: &str) -> Value {
    json!({"kind": "usage", "bucket": bucket})
}

async fn put(actor: &Actor<'_>, key: &str, size: usize) {
    let key = model::endpoint::encode(key);
    let path = format!("/api/v1/buckets/many/object?key={key}");
    let stored = actor.put_bytes(&path, vec![b'x'; size]).await;
    assert!(stored.status().is_success());
}

async fn remove(actor: &Actor<'_>, key: &str) {
    let path = format!("/api/v1/buckets/many/object?key={key}");
    assert!(actor.delete(&path).await.status().is_success());
}

/// An upload with one part, which nobody completes.
async fn begin_upload(actor: &Actor<'_>, key: &str, size: usize) {
    let base = "/api/v1/buckets/many/object/multipart";
    let begun: Value = actor
        .post(&format!("{base}?key={key}"), &json!({}))
        .await
        .good()
        .await;
    let id = begun["upload_id"].as_str().unwrap();
    let path = format!("{base}?key={key}&upload_id={id}&part_number=1");
    let stored = actor.put_bytes(&path, vec![b'x'; size]).await;
    assert!(stored.status().is_success());
}

async fn folders(actor: &Actor<'_>, job: &Value, query: &str) -> Value {
    actor
        .get(&at(job, &format!("folders?{query}")))
        .await
        .good()
        .await
}

/// Objects, bytes, old versions, their bytes, delete markers, uploads, their bytes.
fn sums(line: &Value) -> [u64; 7] {
    [
        "objects",
        "bytes",
        "old_versions",
        "old_bytes",
        "markers",
        "uploads",
        "upload_bytes",
    ]
    .map(|name| line[name].as_u64().unwrap())
}

fn names(page: &Value) -> Vec<&str> {
    let lines = page["folders"].as_array().unwrap().iter();
    lines.map(|line| line["prefix"].as_str().unwrap()).collect()
}

/// What the store itself lists below a prefix, added up here.
async fn truth(actor: &Actor<'_>, prefix: &str) -> [u64; 7] {
    let page: Value = actor
        .get(&format!("/api/v1/buckets/many/versions?prefix={prefix}"))
        .await
        .good()
        .await;
    let mut sums = [0; 7];
    for version in page["versions"].as_array().unwrap() {
        let size = version["size"].as_u64().unwrap();
        let at = if version["is_latest"] == true { 0 } else { 2 };
        sums[at] += 1;
        sums[at + 1] += size;
    }
    sums[4] = page["delete_markers"].as_array().unwrap().len() as u64;
    sums
}

#[tokio::test]
async fn all_that_takes_room_is_measured_and_compared() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    keep_versions(&demo, "many").await;
    put(&demo, "scans/2024/a.tif", 3_000).await;
    put(&demo, "scans/2024/a.tif", 2_000).await;
    put(&demo, "scans/2025/ö & b.tif", 700).await;
    put(&demo, "logs/gone.txt", 50).await;
    remove(&demo, "logs/gone.txt").await;
    put(&demo, "top.txt", 5).await;
    begin_upload(&demo, "scans/new/big.bin", 5 * MB).await;

    let first = run(&demo, usage("many")).await;
    assert_eq!(first["state"], "done", "{first}");
    let upload = 5 * MB as u64;
    let whole = [3, 2_705, 2, 3_050, 1, 1, upload];
    assert_eq!(sums(&first["measured"]), whole);
    assert_eq!(
        (
            &first["measured"]["folders"],
            &first["measured"]["depth"],
            &first["measured"]["versions"]
        ),
        (&json!(5), &Value::Null, &json!(true))
    );
    assert_eq!(
        (&first["progress"]["done"], &first["progress"]["total"]),
        (&json!(7), &Value::Null)
    );
    let page = folders(&demo, &first, "").await;
    assert_eq!(names(&page), ["scans/", "logs/"]);
    assert_eq!(
        (sums(&page["folder"]), sums(&page["files"])),
        (whole, [1, 5, 0, 0, 0, 0, 0])
    );
    assert_eq!(page["folders"][0]["before"], Value::Null);
    for prefix in ["", "scans/", "scans/2024/", "scans/2025/", "logs/"] {
        let page = folders(&demo, &first, &format!("prefix={prefix}")).await;
        let mut told = sums(&page["folder"]);
        (told[5], told[6]) = (0, 0);
        assert_eq!(told, truth(&demo, prefix).await, "{prefix}");
    }
    let below = folders(&demo, &first, "prefix=scans/&limit=2").await;
    assert_eq!(names(&below), ["scans/new/", "scans/2024/"]);
    assert_eq!(sums(&below["folders"][0]), [0, 0, 0, 0, 0, 1, upload]);
    assert_eq!((&below["total"], &below["next"]), (&json!(3), &json!(2)));
    let rest = folders(&demo, &first, "prefix=scans/&from=2").await;
    assert_eq!(
        (names(&rest), &rest["next"]),
        (vec!["scans/2025/"], &Value::Null)
    );

    put(&demo, "scans/2024/c.tif", 100_000).await;
    put(&demo, "new/d.txt", 10).await;
    let marker: Value = demo
        .get("/api/v1/buckets/many/versions?prefix=logs/")
        .await
        .good()
        .await;
    for list in ["versions", "delete_markers"] {
        for one in marker[list].as_array().unwrap() {
            let id = one["version_id"].as_str().unwrap();
            remove(&demo, &format!("logs/gone.txt&version_id={id}")).await;
        }
    }
    let second = run(&demo, usage("many")).await;
    compared(&demo, &first, &second).await;
    listed_and_reported(&demo, &first, &second).await;
    refused(&demo, &first).await;
}

/// The second differs from the first by what was done between them.
async fn compared(demo: &Actor<'_>, first: &Value, second: &Value) {
    let with = format!("with={}", first["id"].as_str().unwrap());
    let page = folders(demo, second, &with).await;
    assert_eq!(names(&page), ["scans/", "logs/", "new/"]);
    let nothing = [0; 7];
    let lines = &page["folders"];
    assert_eq!(sums(&lines[0])[1] - sums(&lines[0]["before"])[1], 100_000);
    assert_eq!(
        (sums(&lines[1]), sums(&lines[1]["before"])),
        (nothing, [0, 0, 1, 50, 1, 0, 0])
    );
    assert_eq!(
        (sums(&lines[2]), sums(&lines[2]["before"])),
        ([1, 10, 0, 0, 0, 0, 0], nothing)
    );
    assert_eq!(sums(&page["folder"]["before"]), sums(&first["measured"]));
    let deeper = folders(demo, second, &format!("prefix=scans/&{with}")).await;
    assert_eq!(names(&deeper)[0], "scans/2024/");
    // The other way round what is new is gone.
    let back = format!("with={}", second["id"].as_str().unwrap());
    let back = folders(demo, first, &back).await;
    let new = back["folders"].as_array().unwrap().iter();
    let mut new = new.filter(|line| line["prefix"] == "new/");
    assert_eq!(sums(new.next().unwrap()), nothing);
}

async fn listed_and_reported(demo: &Actor<'_>, first: &Value, second: &Value) {
    demo.bucket("other").await;
    let other = run(demo, usage("other")).await;
    assert_eq!(sums(&other["measured"]), [0; 7]);
    let list: Value = demo
        .get(&format!("{JOBS}?kind=usage&bucket=many"))
        .await
        .good()
        .await;
    let ids: Vec<_> = list["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| &job["id"])
        .collect();
    assert_eq!(ids, [&second["id"], &first["id"]]);
    let csv = demo.get(&at(first, "report")).await.text().await;
    let lines: Vec<_> = csv.split("\r\n").collect();
    assert_eq!(
        lines[0],
        "prefix,objects,bytes,old_versions,old_bytes,markers,uploads,upload_bytes"
    );
    assert_eq!(
        (lines[1], lines.len()),
        (&*format!(",3,2705,2,3050,1,1,{}", 5 * MB), 8)
    );
    assert!(csv.contains("\r\nlogs/,0,0,1,50,1,0,0\r\n"), "{csv}");
    let jsonl = demo
        .get(&at(first, "report?format=jsonl"))
        .await
        .text()
        .await;
    assert_eq!(jsonl.lines().count(), 6);
    let json: Value = demo
        .get(&at(first, "report?format=json"))
        .await
        .good()
        .await;
    assert_eq!(json["folders"].as_array().unwrap().len(), 6);
    // Between two buckets there is nothing to compare.
    let with = format!("folders?with={}", other["id"].as_str().unwrap());
    let _ = demo
        .get(&at(first, &with))
        .await
        .problem(409, "conflict")
        .await;
}

async fn refused(demo: &Actor<'_>, first: &Value) {
    let nowhere = demo.post(JOBS, &usage("no-such-bucket")).await;
    let _ = nowhere.problem(404, "bucket_not_found").await;
    let part = json!({"kind": "usage", "bucket": "many", "prefixes": ["scans/"]});
    let _ = demo
        .post(JOBS, &part)
        .await
        .problem(422, "validation")
        .await;
    let retried = demo.post(&at(first, "retry"), &json!({})).await;
    let _ = retried.problem(409, "conflict").await;
    let delete = json!({"kind": "delete", "bucket": "many", "keys": ["top.txt"]});
    let delete = run(demo, delete).await;
    let _ = demo
        .get(&at(&delete, "folders"))
        .await
        .problem(409, "conflict")
        .await;
    let none = folders(demo, first, "prefix=no/such/").await;
    assert_eq!((sums(&none["folder"]), names(&none).len()), ([0; 7], 0));
}

#[tokio::test]
async fn nobody_sees_what_another_has_measured() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("many").await;
    let job = run(&demo, usage("many")).await;
    let own = run(&demo, usage("many")).await;
    let root = app.root().await;
    let list: Value = root.get(&format!("{JOBS}?bucket=many")).await.good().await;
    assert_eq!(list["jobs"], json!([]));
    for path in [
        at(&job, "folders"),
        at(&job, "report"),
        at(
            &job,
            &format!("folders?with={}", own["id"].as_str().unwrap()),
        ),
    ] {
        let _ = root.get(&path).await.problem(404, "task_not_found").await;
    }
}

/// Waits for every page of a listing of versions but the first.
fn second_page(method: &Method, target: &str) -> Pass {
    if method == Method::GET && target.contains("key-marker=") {
        Pass::Wait
    } else {
        Pass::Through
    }
}

#[tokio::test]
async fn a_measurement_tells_how_far_it_is_and_is_stopped() {
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let app = gate.hako(&[]).await;
    let demo = demo(&app).await;
    demo.bucket("many").await;
    fill(&demo, "many", numbered("a/", 1_200)).await;
    gate.rule(second_page);
    let job: Value = demo.post(JOBS, &usage("many")).await.good().await;
    gate.holds(1).await;
    let now: Value = demo
        .get(&format!("{JOBS}/{}", job["id"].as_str().unwrap()))
        .await
        .good()
        .await;
    assert_eq!(
        (&now["state"], &now["progress"]["done"]),
        (&json!("running"), &json!(1_000))
    );
    assert_eq!(
        (&now["progress"]["bytes"], &now["measured"]),
        (&json!(7_000), &Value::Null)
    );
    let _ = demo
        .get(&at(&job, "folders"))
        .await
        .problem(409, "conflict")
        .await;
    let stopping: Value = demo
        .post(&at(&job, "cancel"), &json!({}))
        .await
        .good()
        .await;
    assert_eq!(stopping["state"], "cancelling");
    let stopped = ended(&demo, &job).await;
    assert_eq!(
        (&stopped["state"], &stopped["measured"]),
        (&json!("cancelled"), &Value::Null)
    );
    let _ = demo
        .get(&at(&job, "folders"))
        .await
        .problem(409, "conflict")
        .await;
    gate.open();
    gate.rule(|_, _| Pass::Through);
    let whole = run(&demo, usage("many")).await;
    assert_eq!(sums(&whole["measured"])[..2], [1_200, 8_400]);
    assert_eq!(whole["progress"]["done"], 1_200);
}
