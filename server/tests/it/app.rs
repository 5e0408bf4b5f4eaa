//! A running product, and actors that talk to it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use reqwest::{Method, RequestBuilder, Response, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use server::{
    config::Config,
    program::{Journal, Running, start_with},
};
use tempfile::TempDir;
use time::OffsetDateTime;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _};

/// The S3 secret of the demo's user: the MD5 of its password.
pub(crate) const DEMO_SECRET_KEY: &str = "d646e13e48b8cee98aee663654b4043b";

/// A running product with the demo's tenant, and a clock that can be moved.
pub(crate) struct TestApp {
    pub(crate) running: Running,
    pub(crate) data: TempDir,
    ahead: Arc<AtomicI64>,
    client: reqwest::Client,
}

impl TestApp {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        Self::start(tempfile::tempdir().unwrap(), settings).await
    }

    /// Starts on a data folder that may have been used before.
    pub(crate) async fn start(data: TempDir, settings: &[(&str, &str)]) -> Self {
        // Only the embedded store has a demo.
        let demo = !settings.iter().any(|(name, _)| *name == "STORAGE_BACKEND");
        Self::run(data, settings, demo).await
    }

    /// With what is logged from now on, in this process, going into the packages of logs.
    pub(crate) async fn logging(settings: &[(&str, &str)]) -> Self {
        let journal = Journal::default();
        let subscriber = tracing_subscriber::registry()
            .with(EnvFilter::new("debug"))
            .with(server::journal::layer(journal.clone()));
        tracing::subscriber::set_global_default(subscriber).unwrap();
        Self::run_with(tempfile::tempdir().unwrap(), settings, true, journal).await
    }

    /// A Hako without a store of its own, in front of this one's as a foreign one.
    pub(crate) async fn before(&self, settings: &[(&str, &str)]) -> Self {
        let endpoint = format!("http://127.0.0.1:{}", self.running.store.unwrap().s3.port());
        Self::before_store(&endpoint, settings).await
    }

    /// A Hako in front of any store.
    pub(crate) async fn before_store(endpoint: &str, settings: &[(&str, &str)]) -> Self {
        let foreign = [
            ("STORAGE_BACKEND", "generic"),
            ("S3_ENDPOINT_URL", endpoint),
            ("API_SECRET_KEY", "0123456789abcdef0123456789abcdef"),
        ];
        let settings: Vec<_> = foreign.iter().chain(settings).copied().collect();
        Self::run(tempfile::tempdir().unwrap(), &settings, false).await
    }

    async fn run(data: TempDir, settings: &[(&str, &str)], demo: bool) -> Self {
        Self::run_with(data, settings, demo, Journal::default()).await
    }

    async fn run_with(
        data: TempDir,
        settings: &[(&str, &str)],
        demo: bool,
        journal: Journal,
    ) -> Self {
        let ahead = Arc::new(AtomicI64::new(0));
        let offset = Arc::clone(&ahead);
        let clock = move || {
            OffsetDateTime::now_utc() + time::Duration::seconds(offset.load(Ordering::SeqCst))
        };
        let config = config(&data, settings);
        let running = Box::pin(start_with(config, demo, Arc::new(clock), journal))
            .await
            .unwrap();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            running,
            data,
            ahead,
            client,
        }
    }

    /// Moves the product's clock.
    pub(crate) fn advance(&self, seconds: i64) {
        self.ahead.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.running.console.port())
    }

    pub(crate) fn origin(&self) -> String {
        self.url("")
    }

    /// Nobody in particular.
    pub(crate) fn anonymous(&self) -> Actor<'_> {
        Actor {
            app: self,
            bearer: None,
            cookie: Mutex::new(None),
        }
    }

    /// A script that signed in.
    pub(crate) async fn script(&self, username: &str, password: &str) -> Actor<'_> {
        let answer = self.token(username, password).await.good::<Value>().await;
        let token = answer["access_token"].as_str().unwrap().to_owned();
        Actor {
            app: self,
            bearer: Some(token),
            cookie: Mutex::new(None),
        }
    }

    /// The demo's user, by bearer token.
    pub(crate) async fn demo(&self) -> Actor<'_> {
        self.script("demo/demo", "demo-demo").await
    }

    /// The demo's user, by the console's cookie.
    pub(crate) async fn browser(&self) -> Actor<'_> {
        let actor = self.anonymous();
        let fields = [
            ("op", "sign_in"),
            ("tenant", "demo"),
            ("username", "demo"),
            ("password", "demo-demo"),
        ];
        let answer = actor.form("/sign-in", &fields).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        actor
    }

    /// The first administrator of the system.
    pub(crate) async fn root(&self) -> Actor<'_> {
        let file = self.data.path().join("data/admin-password");
        let password = std::fs::read_to_string(file).unwrap();
        self.script("admin", password.trim()).await
    }

    /// Makes an account of the system: there is no call for it.
    pub(crate) async fn system_user(
        &self,
        username: &str,
        password: &str,
        role: model::mapi::Role,
    ) {
        let store = self.running.embedded_store().unwrap();
        let username = model::Username::parse(username).unwrap();
        store
            .create_system_user(&username, password, &[role])
            .await
            .unwrap();
    }

    pub(crate) async fn token(&self, username: &str, password: &str) -> Answer {
        let body = [("username", username), ("password", password)];
        Answer(
            self.client
                .post(self.url("/api/v1/auth/token"))
                .form(&body)
                .send()
                .await
                .unwrap(),
        )
    }
}

/// Whether the operator of the tests said that there is no such program.
#[expect(
    clippy::disallowed_methods,
    reason = "a switch of the tests, not of the product"
)]
pub(crate) fn without(program: &str) -> bool {
    std::env::var("HAKO_TEST_WITHOUT")
        .is_ok_and(|names| names.split(',').any(|name| name == program))
}

pub(crate) fn config(data: &TempDir, settings: &[(&str, &str)]) -> Config {
    let site = concat!(env!("CARGO_MANIFEST_DIR"), "/../Leptos.toml");
    let is_own = |(name, value): &(&str, &str)| *name != "STORAGE_BACKEND" || *value == "embedded";
    let of_own_store = [
        ("HAKO_S3_ADDR", "127.0.0.1:0"),
        ("HAKO_MAPI_ADDR", "127.0.0.1:0"),
    ];
    let of_own_store = of_own_store.iter().filter(|_| settings.iter().all(is_own));
    let fixed = [
        ("HAKO_ADDR", "127.0.0.1:0"),
        ("HAKO_SITE_CONFIG", site),
        ("HAKO_DISK_RESERVE_MB", "0"),
        ("HAKO_SHUTDOWN_SECONDS", "5"),
    ];
    let folder = data.path().join("data").display().to_string();
    let all = fixed
        .iter()
        .chain(of_own_store)
        .chain(settings)
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
        .chain([("HAKO_DATA_DIR".to_owned(), folder)]);
    Config::read(all, data.path()).unwrap()
}

/// Somebody who makes requests.
pub(crate) struct Actor<'a> {
    app: &'a TestApp,
    pub(crate) bearer: Option<String>,
    cookie: Mutex<Option<String>>,
}

impl Actor<'_> {
    /// A request with this actor's credentials; changes carry the console's own origin.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.app.client.request(method.clone(), self.app.url(path));
        if let Some(token) = &self.bearer {
            request = request.bearer_auth(token);
        }
        if let Some(cookie) = self.cookie() {
            request = request.header(header::COOKIE, format!("hako_session={cookie}"));
            if method != Method::GET && method != Method::HEAD {
                request = request.header(header::ORIGIN, self.app.origin());
            }
        }
        request
    }

    pub(crate) fn cookie(&self) -> Option<String> {
        self.cookie.lock().unwrap().clone()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer(self.request(Method::GET, path).send().await.unwrap())
    }

    pub(crate) async fn head(&self, path: &str) -> Answer {
        Answer(self.request(Method::HEAD, path).send().await.unwrap())
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        Answer(self.request(Method::DELETE, path).send().await.unwrap())
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer(
            self.request(Method::POST, path)
                .json(body)
                .send()
                .await
                .unwrap(),
        )
    }

    pub(crate) async fn put_bytes(&self, path: &str, body: impl Into<reqwest::Body>) -> Answer {
        Answer(
            self.request(Method::PUT, path)
                .body(body)
                .send()
                .await
                .unwrap(),
        )
    }

    /// Posts a plain form, as a browser without scripts does, and keeps the cookie that comes back.
    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut request = self.request(Method::POST, path).form(fields);
        if self.cookie().is_none() {
            request = request.header(header::ORIGIN, self.app.origin());
        }
        let answer = request.send().await.unwrap();
        for value in answer.headers().get_all(header::SET_COOKIE) {
            let text = value.to_str().unwrap();
            if let Some(rest) = text.strip_prefix("hako_session") {
                let (_id, rest) = rest.split_once('=').unwrap();
                let token = rest.split(';').next().unwrap().to_owned();
                *self.cookie.lock().unwrap() = Some(token).filter(|t| !t.is_empty());
            }
        }
        Answer(answer)
    }

    /// Makes a bucket.
    pub(crate) async fn bucket(&self, name: &str) {
        let answer = self
            .post("/api/v1/buckets", &serde_json::json!({"bucket": name}))
            .await;
        assert_eq!(answer.status(), StatusCode::CREATED);
    }
}

/// An answer that somebody must look at.
#[must_use]
pub(crate) struct Answer(pub(crate) Response);

impl Answer {
    pub(crate) fn status(&self) -> StatusCode {
        self.0.status()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.0
            .headers()
            .get(name)
            .map(|v| v.to_str().unwrap())
            .unwrap_or_default()
    }

    /// Asserts success and reads the JSON.
    pub(crate) async fn good<T: DeserializeOwned>(self) -> T {
        let status = self.0.status();
        let text = self.0.text().await.unwrap();
        assert!(status.is_success(), "{status}: {text}");
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"))
    }

    /// Asserts a failure with this status and word, and gives its detail.
    pub(crate) async fn problem(self, status: u16, code: &str) -> Value {
        let (got, request_id) = (self.0.status(), self.header("x-request-id").to_owned());
        let text = self.0.text().await.unwrap();
        assert_eq!(got.as_u16(), status, "{text}");
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(body["code"], code, "{text}");
        assert_eq!(body["request_id"], request_id.as_str());
        body["detail"].clone()
    }

    pub(crate) async fn text(self) -> String {
        self.0.text().await.unwrap()
    }

    pub(crate) async fn bytes(self) -> Vec<u8> {
        self.0.bytes().await.unwrap().to_vec()
    }
}
