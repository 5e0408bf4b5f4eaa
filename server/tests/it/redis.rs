//! Two servers that share a Redis: what was done at one is known at the other.

use std::process::{Child, Command, Stdio};

use reqwest::Method;
use serde_json::{Value, json};
use server::{
    program::{StartError, start},
    state::system_clock,
};

use crate::{
    app::{TestApp, config, without},
    gate::{Gate, Pass, demo, fill},
    jobs::{self, at, counts, run},
    tasks::{ended, numbered, started},
};

/// A Redis of our own on a socket file.
pub(crate) struct Redis {
    process: Child,
    folder: tempfile::TempDir,
}

impl Redis {
    /// `None` where the operator of the tests said that there is none.
    pub(crate) async fn start() -> Option<Self> {
        if without("redis") {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let process = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--unixsocket"])
            .arg(folder.path().join("socket"))
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is missing: install the package redis-server, or set HAKO_TEST_WITHOUT=redis");
        let redis = Self { process, folder };
        while tokio::net::UnixStream::connect(redis.folder.path().join("socket"))
            .await
            .is_err()
        {
            tokio::task::yield_now().await;
        }
        Some(redis)
    }

    pub(crate) fn url(&self) -> String {
        format!(
            "redis+unix://{}",
            self.folder.path().join("socket").display()
        )
    }

    /// The id of its process.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

#[tokio::test]
async fn signed_out_at_one_server_is_signed_out_at_all() {
    let Some(mut redis) = Redis::start().await else {
        return;
    };
    let url = redis.url();
    let settings = [
        ("REDIS_URL", url.as_str()),
        ("API_SECRET_KEY", "0123456789abcdef0123456789abcdef"),
    ];
    let (one, two) = (
        TestApp::with(&settings).await,
        TestApp::with(&settings).await,
    );
    let here = one.demo().await;
    let mut there = two.anonymous();
    there.bearer.clone_from(&here.bearer);
    let _: Value = there.get("/api/v1/session").await.good().await;
    let _: Value = here.delete("/api/v1/session").await.good().await;
    let _ = there
        .get("/api/v1/session")
        .await
        .problem(401, "invalid_token")
        .await;
    let health: Value = two.anonymous().get("/health").await.good().await;
    assert_eq!(health["cache"], "connected");
    redis.kill();
    let answer = there.get("/api/v1/session").await;
    assert_eq!(answer.header("retry-after"), "5");
    let _ = answer.problem(503, "internal").await;
    assert_eq!(
        two.anonymous().get("/readiness").await.status().as_u16(),
        503
    );
}

#[tokio::test]
async fn a_redis_that_does_not_answer_stops_the_start_without_its_password() {
    let data = tempfile::tempdir().unwrap();
    let settings = [("REDIS_URL", "redis+unix:///nonexistent/socket?pass=hunter2")];
    let Err(error) = start(config(&data, &settings), false, system_clock()).await else {
        panic!("it started")
    };
    assert!(matches!(error, StartError::Redis(_)), "{error}");
    assert!(error.to_string().starts_with("REDIS_URL: ") && !error.to_string().contains("hunter2"));
}

const DELETION: &str = "/api/v1/buckets/many/objects/delete-task";

#[tokio::test]
async fn a_task_is_seen_counted_and_stopped_at_any_server() {
    let Some(redis) = Redis::start().await else {
        return;
    };
    let url = redis.url();
    let settings = [("REDIS_URL", url.as_str()), ("HAKO_TASKS_PER_USER", "1")];
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let one = gate.hako(&settings).await;
    let here = demo(&one).await;
    here.bucket("many").await;
    fill(
        &store.demo().await,
        "many",
        (0..1_500).map(|n| format!("a/{n:04}")),
    )
    .await;
    gate.rule(|method, target| {
        if method == Method::POST && target.contains("delete") {
            Pass::Wait
        } else {
            Pass::Through
        }
    });
    let body = json!({"prefixes": ["a/"]});
    let path = started(here.post(DELETION, &body).await, DELETION).await;
    gate.holds(1).await;
    // A server that starts now leaves the other's task alone.
    let two = gate.hako(&settings).await;
    let there = demo(&two).await;
    let seen: Value = there.get(&path).await.good().await;
    assert_eq!(
        (&seen["status"], &seen["total"]),
        (&json!("processing"), &json!(1_500))
    );
    let more = there.post(DELETION, &body).await;
    let _ = more.problem(429, "too_many_tasks").await;
    let asked: Value = there
        .post(&format!("{path}/cancel"), &json!({}))
        .await
        .good()
        .await;
    assert_eq!(asked["status"], "canceling");
    gate.open();
    let stopped: Value = ended(&there, &path).await.good().await;
    assert_eq!(
        (&stopped["status"], &stopped["deleted"]),
        (&json!("canceled"), &json!(1_000))
    );
    assert_eq!(here.get(&path).await.good::<Value>().await, stopped);
    let again = started(there.post(DELETION, &body).await, DELETION).await;
    let done: Value = ended(&here, &again).await.good().await;
    assert_eq!(
        (&done["status"], &done["deleted"]),
        (&json!("done"), &json!(500))
    );
}

#[tokio::test]
async fn the_tasks_of_a_server_that_has_gone_have_failed() {
    let Some(redis) = Redis::start().await else {
        return;
    };
    let url = redis.url();
    let settings = [("REDIS_URL", url.as_str()), ("HAKO_TASKS_PER_USER", "1")];
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let (one, two) = (gate.hako(&settings).await, gate.hako(&settings).await);
    let there = demo(&two).await;
    there.bucket("many").await;
    gate.rule(|method, target| {
        if method == Method::GET && target.contains("list-type=2") {
            Pass::Wait
        } else {
            Pass::Through
        }
    });
    let body = json!({"prefixes": ["a/"]});
    let path = started(demo(&one).await.post(DELETION, &body).await, DELETION).await;
    gate.holds(1).await;
    drop(one);
    two.advance(61);
    let detail = there.get(&path).await.problem(502, "task_failed").await;
    assert!(detail["error"].as_str().unwrap().contains("restarted"));
    // It no longer counts against its owner's limit.
    gate.open();
    let next = started(there.post(DELETION, &body).await, DELETION).await;
    let done: Value = ended(&there, &next).await.good().await;
    assert_eq!(done["status"], "done");
}

#[tokio::test]
async fn jobs_are_listed_tried_again_and_undone_at_any_server() {
    let Some(redis) = Redis::start().await else {
        return;
    };
    let url = redis.url();
    let settings = [("REDIS_URL", url.as_str())];
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let (one, two) = (gate.hako(&settings).await, gate.hako(&settings).await);
    let (here, there) = (demo(&one).await, demo(&two).await);
    here.bucket("many").await;
    let kept = here.request(Method::PUT, "/api/v1/buckets/many/versioning");
    let kept = kept.json(&json!({"status": "Enabled"})).send().await;
    assert!(kept.unwrap().status().is_success());
    let keys = ["a/1", "a/2", "b/a/1"].map(str::to_owned);
    fill(&here, "many", keys.into_iter()).await;
    let copy =
        json!({"kind": "copy", "bucket": "many", "prefixes": ["a/"], "target": {"prefix": "b/"}});
    let first = run(&here, copy).await;
    assert_eq!(counts(&first), (1, 1, 0));
    let failed: Value = there.get(&at(&first, "failures")).await.good().await;
    assert_eq!(failed["failures"][0]["key"], "a/1");
    let delete = |keys: Value| json!({"kind": "delete", "bucket": "many", "keys": keys});
    let deleted = run(&here, delete(json!(["b/a/1"]))).await;
    let again: Value = there
        .post(&at(&first, "retry"), &json!({}))
        .await
        .good()
        .await;
    let again = jobs::ended(&there, &again).await;
    assert_eq!(counts(&again), (1, 0, 0));
    // The key is taken anew, so the marker is no longer on top; it goes all the same.
    let undone: Value = there
        .post(&at(&deleted, "undo"), &json!({}))
        .await
        .good()
        .await;
    let undone = jobs::ended(&there, &undone).await;
    assert_eq!(counts(&undone), (1, 0, 0));
    let mut ids: Vec<&Value> = [&first, &deleted, &again, &undone]
        .map(|job| &job["id"])
        .into();
    ids.reverse();
    let page: Value = here.get("/api/v1/jobs?limit=2").await.good().await;
    let cursor = page["next"].as_str().unwrap();
    let rest: Value = here
        .get(&format!("/api/v1/jobs?cursor={cursor}"))
        .await
        .good()
        .await;
    let listed = [&page, &rest]
        .map(|page| page["jobs"].as_array().unwrap().clone())
        .concat();
    let listed: Vec<&Value> = listed.iter().map(|job| &job["id"]).collect();
    assert_eq!(listed, ids);
    two.advance(31 * 86_400);
    let there = demo(&two).await;
    let page: Value = there.get("/api/v1/jobs").await.good().await;
    assert_eq!((&page["jobs"], &page["running"]), (&json!([]), &json!(0)));
}

#[tokio::test]
async fn what_a_search_finds_is_read_at_any_server_while_it_runs() {
    let Some(redis) = Redis::start().await else {
        return;
    };
    let url = redis.url();
    let settings = [("REDIS_URL", url.as_str())];
    let store = TestApp::new().await;
    let gate = Gate::before(&store).await;
    let (one, two) = (gate.hako(&settings).await, gate.hako(&settings).await);
    let (here, there) = (demo(&one).await, demo(&two).await);
    here.bucket("many").await;
    fill(&store.demo().await, "many", numbered("a/", 1_100)).await;
    gate.rule(|_, target| {
        if target.contains("start-after=") {
            Pass::Wait
        } else {
            Pass::Through
        }
    });
    let order = json!({"kind": "search", "bucket": "many", "search": {"name_matches": "*50"}});
    let job: Value = here.post("/api/v1/jobs", &order).await.good().await;
    gate.holds(1).await;
    let results = async |from: u64| -> Value {
        let path = at(&job, &format!("results?from={from}"));
        there.get(&path).await.good().await
    };
    let half = results(0).await;
    assert_eq!(half["results"].as_array().unwrap().len(), 10);
    assert_eq!(half["next"], 10);
    gate.open();
    let done = jobs::ended(&there, &job).await;
    assert_eq!(done["searched"], json!({"found": 11, "more": false}));
    let rest = results(10).await;
    assert_eq!(
        (&rest["results"][0]["key"], &rest["next"]),
        (&json!("a/01050"), &Value::Null)
    );
}
