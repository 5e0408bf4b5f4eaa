//! A store that can be made to wait, to refuse and to break off: the embedded one behind a gate.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    response::{IntoResponse, Response},
};
use futures::StreamExt;
use reqwest::{Method, StatusCode};
use tokio::sync::watch;

use crate::app::{Actor, Answer, DEMO_SECRET_KEY, TestApp};

/// What becomes of a request.
#[derive(Clone, Copy)]
pub(crate) enum Pass {
    /// It goes through.
    Through,
    /// It waits until the gate is opened.
    Wait,
    /// The answer breaks off after so many bytes.
    Cut(usize),
    /// It is refused.
    Refuse(u16),
}

type Rule = Box<dyn FnMut(&Method, &str) -> Pass + Send>;

/// The gate, and what came to it.
pub(crate) struct Gate {
    pub(crate) address: String,
    rule: Arc<Mutex<Rule>>,
    asked: Arc<Mutex<Vec<String>>>,
    sent: Arc<AtomicU64>,
    waiting: watch::Sender<usize>,
    open: watch::Sender<bool>,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Gate {
    pub(crate) async fn before(app: &TestApp) -> Self {
        let store = format!("http://127.0.0.1:{}", app.running.store.unwrap().s3.port());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let rule: Arc<Mutex<Rule>> = Arc::new(Mutex::new(Box::new(|_, _| Pass::Through)));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let sent = Arc::new(AtomicU64::new(0));
        let sum = Arc::clone(&sent);
        let (waiting, open) = (watch::Sender::new(0), watch::Sender::new(false));
        let client = reqwest::Client::new();
        let (r, a, w, o) = (
            Arc::clone(&rule),
            Arc::clone(&asked),
            waiting.clone(),
            open.clone(),
        );
        let router = Router::new().fallback(move |request: Request| {
            let target = request.uri().path_and_query().unwrap().to_string();
            a.lock()
                .unwrap()
                .push(format!("{} {target}", request.method()));
            let pass = (r.lock().unwrap())(request.method(), &target);
            let (client, url) = (client.clone(), format!("{store}{target}"));
            let (waiting, mut open) = (w.clone(), o.subscribe());
            let sum = Arc::clone(&sum);
            async move {
                if let Pass::Wait = pass {
                    waiting.send_modify(|count| *count += 1);
                    open.wait_for(|open| *open).await.unwrap();
                }
                if let Pass::Refuse(status) = pass {
                    return StatusCode::from_u16(status).unwrap().into_response();
                }
                let reads = request.method() == Method::GET;
                let answer = forward(&client, url, request, pass).await;
                let length = answer.headers().get("content-length");
                let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
                sum.fetch_add(length.filter(|_| reads).unwrap_or(0), Ordering::Relaxed);
                answer
            }
        });
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        });
        Self {
            address,
            rule,
            asked,
            sent,
            waiting,
            open,
            serving,
        }
    }

    /// From now on requests are judged so.
    pub(crate) fn rule(&self, rule: impl FnMut(&Method, &str) -> Pass + Send + 'static) {
        *self.rule.lock().unwrap() = Box::new(rule);
    }

    /// Waits until so many requests wait here.
    pub(crate) async fn holds(&self, count: usize) {
        let mut waiting = self.waiting.subscribe();
        waiting.wait_for(|held| *held >= count).await.unwrap();
    }

    /// Lets everything through, also what waits.
    pub(crate) fn open(&self) {
        self.open.send_replace(true);
    }

    /// The requests so far whose line contains a text.
    pub(crate) fn asked(&self, text: &str) -> usize {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|line| line.contains(text)).count()
    }

    /// The bytes that the store has sent of objects since this was asked last.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.swap(0, Ordering::Relaxed)
    }

    /// A Hako whose store is behind this gate.
    pub(crate) async fn hako(&self, settings: &[(&str, &str)]) -> TestApp {
        self.hako_on(tempfile::tempdir().unwrap(), settings).await
    }

    pub(crate) async fn hako_on(
        &self,
        data: tempfile::TempDir,
        settings: &[(&str, &str)],
    ) -> TestApp {
        let own = [
            ("STORAGE_BACKEND", "generic"),
            ("S3_ENDPOINT_URL", self.address.as_str()),
            ("API_SECRET_KEY", "0123456789abcdef0123456789abcdef"),
        ];
        let all: Vec<_> = own.iter().chain(settings).copied().collect();
        TestApp::start(data, &all).await
    }
}

async fn forward(client: &reqwest::Client, url: String, request: Request, pass: Pass) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let mut onward = client.request(parts.method, url).headers(parts.headers);
    if !body.is_empty() {
        onward = onward.body(body);
    }
    let Ok(answer) = onward.send().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let mut response = Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        if name != "connection" && name != "transfer-encoding" {
            response = response.header(name, value);
        }
    }
    let body = match pass {
        Pass::Cut(at) => {
            let whole = answer.bytes().await.unwrap();
            let pieces = [Ok(whole.slice(..at)), Err(std::io::Error::other("cut"))];
            Body::from_stream(futures::stream::iter(pieces))
        }
        _ => Body::from_stream(answer.bytes_stream()),
    };
    response.body(body).unwrap()
}

/// The demo's user, at a Hako behind a gate.
pub(crate) async fn demo(app: &TestApp) -> Actor<'_> {
    app.script("ZGVtby9kZW1v", DEMO_SECRET_KEY).await
}

/// Stores many small objects.
pub(crate) async fn fill(actor: &Actor<'_>, bucket: &str, keys: impl Iterator<Item = String>) {
    let stored = futures::stream::iter(keys)
        .map(|key| async move {
            let key = model::endpoint::encode(&key);
            let path = format!("/api/v1/buckets/{bucket}/object?key={key}");
            let Answer(answer) = actor.put_bytes(&path, "content").await;
            assert!(answer.status().is_success(), "{key}");
        })
        .buffer_unordered(32);
    stored.collect::<()>().await;
}
