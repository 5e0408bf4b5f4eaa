//! The client commands of the program, as scripts run them, against the embedded store.

mod folders;
mod profiles;
mod resuming;
mod single;
mod throttled;

use std::{
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;
use tokio::{io::AsyncWriteExt as _, process::Command};

use crate::app::{DEMO_SECRET_KEY, TestApp};

/// The access key of the demo's user.
const DEMO_ACCESS_KEY: &str = "ZGVtby9kZW1v";

/// Somebody at a terminal of their own.
struct Shell {
    home: TempDir,
}

/// What a command said.
#[derive(Debug)]
struct Said {
    status: i32,
    out: String,
    err: String,
}

impl Said {
    fn of(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Asserts that all went well.
    #[track_caller]
    fn good(self) -> Self {
        assert_eq!(self.status, 0, "{self:?}");
        self
    }

    /// The values that `--json` told.
    fn values(&self) -> Vec<Value> {
        let lines = self.out.lines().map(serde_json::from_str);
        lines.collect::<Result<_, _>>().unwrap()
    }
}

impl Shell {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
        }
    }

    /// With a profile of the demo's user.
    async fn signed_in(app: &TestApp) -> Self {
        let shell = Self::new();
        shell.add(&app.origin(), DEMO_SECRET_KEY).await.good();
        shell
    }

    async fn add(&self, server: &str, secret: &str) -> Said {
        let words = ["profile", "add", "demo", "--server", server];
        let words = [&words[..], &["--access-key", DEMO_ACCESS_KEY]].concat();
        self.told(&words, &format!("{secret}\n")).await
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hako"));
        command
            .args(words)
            .env_clear()
            .env("HOME", self.home.path())
            .current_dir(self.home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    async fn hako(&self, words: &[&str]) -> Said {
        self.told(words, "").await
    }

    /// Runs a command with something on its standard input.
    async fn told(&self, words: &[&str], input: &str) -> Said {
        let mut child = self.command(words).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // Who does not read has ended already.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        Said::of(child.wait_with_output().await.unwrap())
    }
}

/// Bytes that nothing compresses or confuses, the same each time.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// The names in a folder, hidden ones too.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The keys of a bucket.
async fn keys(app: &TestApp, bucket: &str) -> Vec<String> {
    let path = format!("/api/v1/buckets/{bucket}/objects");
    let page: Value = app.demo().await.get(&path).await.good().await;
    let objects = page["objects"].as_array().unwrap().iter();
    let key = |object: &Value| object["Key"].as_str().unwrap().to_owned();
    objects.map(key).collect()
}
