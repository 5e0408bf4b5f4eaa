//! moto's server: an S3 store that nobody here wrote, as backend `generic`.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use md5::{Digest as _, Md5};

use crate::app::{TestApp, without};

/// moto takes any keys.
pub(crate) const KEYS: (&str, &str) = ("AKIAMOTO", "a-secret-of-no-worth");

/// A running moto.
pub(crate) struct Moto {
    process: Child,
    url: String,
}

impl Moto {
    /// `None` where the operator of the tests said that there is none.
    pub(crate) fn start() -> Option<Self> {
        if without("moto") {
            return None;
        }
        let mut process = Command::new("moto_server")
            .args(["-H", "127.0.0.1", "-p", "0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("moto_server is missing: `make test` installs it into a virtual environment; or set HAKO_TEST_WITHOUT=moto");
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let url = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.split_once("Running on ")
                    .map(|(_, url)| url.to_owned())
            })
            .expect("moto_server tells its address");
        // It writes a line per request, and would wait for somebody to read them.
        std::thread::spawn(move || lines.for_each(drop));
        let url = url.trim().to_owned();
        Some(Self { process, url })
    }

    /// A Hako in front of it.
    pub(crate) async fn app(&self) -> TestApp {
        TestApp::before_store(&self.url, &[]).await
    }

    /// Makes a bucket with object lock, which gives new objects this many days in governance mode, or nothing.
    pub(crate) async fn locked_bucket(&self, name: &str, days: Option<u32>) {
        let client = reqwest::Client::new();
        let bucket = format!("{}/{name}", self.url);
        let made = client.put(&bucket);
        let made = made.header("x-amz-bucket-object-lock-enabled", "true");
        assert!(made.send().await.unwrap().status().is_success());
        let Some(days) = days else { return };
        let rule = format!(
            "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>\
             <Mode>GOVERNANCE</Mode><Days>{days}</Days></DefaultRetention></Rule></ObjectLockConfiguration>"
        );
        let set = client.put(format!("{bucket}?object-lock")).body(rule);
        assert!(set.send().await.unwrap().status().is_success());
    }

    /// Stores an object with the MD5 of its bytes.
    pub(crate) async fn put(&self, bucket: &str, key: &str, bytes: &'static str) {
        let digest = STANDARD.encode(Md5::digest(bytes));
        let put = reqwest::Client::new().put(format!("{}/{bucket}/{key}", self.url));
        let put = put.header("content-md5", digest).body(bytes);
        assert!(put.send().await.unwrap().status().is_success());
    }

    /// What it keeps, by service and model.
    pub(crate) async fn state(&self) -> serde_json::Value {
        let url = format!("{}/moto-api/data.json", self.url);
        reqwest::get(url).await.unwrap().json().await.unwrap()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
