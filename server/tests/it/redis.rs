//! Two servers that share a Redis: signed out at one is signed out at the other.

use std::process::{Child, Command, Stdio};

use serde_json::Value;
use server::{
    program::{StartError, start},
    state::system_clock,
};

use crate::app::{TestApp, config, without};

/// A Redis of our own on a socket file.
struct Redis {
    process: Child,
    folder: tempfile::TempDir,
}

impl Redis {
    /// `None` where the operator of the tests said that there is none.
    async fn start() -> Option<Self> {
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

    fn url(&self) -> String {
        format!(
            "redis+unix://{}",
            self.folder.path().join("socket").display()
        )
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
