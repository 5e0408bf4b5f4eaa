//! moto's server: an S3 store that nobody here wrote, as backend `generic`.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

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
