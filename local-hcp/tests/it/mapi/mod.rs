//! The management API over real HTTP, as a client without any knowledge of this code meets it.

mod accounts;
mod audit;
mod conventions;
mod documents;
mod files;
mod matrix;
mod properties;
mod sign_in;
mod system;
mod tenants;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::extract::{ConnectInfo, Request};
use local_hcp::{Clock, Config, Peer, Profile};
use model::mapi::Role;
use reqwest::Method;
use serde_json::Value as Json;
use tempfile::TempDir;
use time::OffsetDateTime;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::fixture::{Fixture, access_key, hcp_document, secret, tenant, username};

/// User name and password.
type Who = (&'static str, &'static str);

const ROOT: Who = ("root", "root-r00t");
/// The first user of the tenant `acme`.
const OPS: Who = ("ops1", "S3cret-pw");
const PASSWORD: &str = "Passw0rd-1";

/// A management endpoint with a clock that can be set, and whose requests have the caller's address.
struct Wire {
    store: Fixture,
    address: SocketAddr,
    now: Arc<AtomicI64>,
    server: JoinHandle<()>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// What came back.
#[derive(Debug)]
struct Reply {
    status: u16,
    headers: reqwest::header::HeaderMap,
    body: String,
}

impl Reply {
    fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|_| unreachable!("{self:?}"))
    }

    fn reason(&self) -> &str {
        let header = self.headers.get("x-hcp-errormessage");
        header.map_or("", |header| header.to_str().unwrap())
    }

    #[track_caller]
    fn good(self) -> Self {
        assert_eq!(self.status, 200, "{self:?}");
        self
    }

    /// Status and a word of the reason, in HCP's manner: without a body.
    #[track_caller]
    fn refused(self, status: u16, reason: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert!(self.reason().contains(reason), "{self:?}");
        assert_eq!(self.body, "");
    }
}

impl Wire {
    /// With the system's account `root`.
    async fn open(profile: Profile) -> Self {
        Self::open_with(profile, |_config| {}).await
    }

    /// The same, set up otherwise.
    async fn open_with(profile: Profile, change: impl FnOnce(&mut Config)) -> Self {
        let now = Arc::new(AtomicI64::new(1_750_000_000));
        let read = Arc::clone(&now);
        let clock = Clock::new(move || {
            OffsetDateTime::from_unix_timestamp(read.load(Ordering::Relaxed)).unwrap()
        });
        let store = Fixture::open(Arc::new(TempDir::new().unwrap()), |config| {
            config.profile = profile;
            config.clock = clock;
            change(config);
        })
        .await;
        let roles = [Role::Administrator, Role::Security, Role::Monitor];
        let root = username(ROOT.0);
        let made = store.hcp.create_system_user(&root, ROOT.1, &roles);
        made.await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = store
            .hcp
            .management_router()
            .layer(axum::middleware::map_request(
                async |ConnectInfo(peer): ConnectInfo<SocketAddr>, mut request: Request| {
                    request.extensions_mut().insert(Peer(peer.ip()));
                    request
                },
            ));
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self {
            store,
            address,
            now,
            server,
        }
    }

    /// With the tenant `acme` and its first user, an administrator as well.
    async fn with_acme(profile: Profile) -> Self {
        let wire = Self::open(profile).await;
        let create = "/mapi/tenants?username=ops1&password=S3cret-pw&forcePasswordChange=false";
        wire.call(
            Method::PUT,
            "admin",
            create,
            ROOT,
            Some(&hcp_document("tenant-create")),
        )
        .await
        .good();
        let roles = serde_json::json!({"roles": {"role": ["ADMINISTRATOR", "SECURITY"]}});
        wire.post("/userAccounts/ops1", OPS, &roles).await.good();
        wire
    }

    fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::Relaxed);
    }

    /// A request in JSON.
    async fn call(
        &self,
        method: Method,
        host: &str,
        path: &str,
        who: Who,
        body: Option<&Json>,
    ) -> Reply {
        let text = body.map(ToString::to_string);
        self.send(method, host, path, who, "application/json", text)
            .await
    }

    async fn send(
        &self,
        method: Method,
        host: &str,
        path: &str,
        who: Who,
        media: &str,
        body: Option<String>,
    ) -> Reply {
        let credentials = format!("HCP {}:{}", access_key(who.0), secret(who.1));
        let host = if host.is_empty() {
            self.address.to_string()
        } else {
            format!("{host}.localhost")
        };
        let mut request = self
            .store
            .http
            .request(method, format!("http://{}{path}", self.address))
            .header("host", host)
            .header("accept", media)
            .header("authorization", credentials);
        if let Some(body) = body {
            request = request.header("content-type", media).body(body);
        }
        let response = request.send().await.unwrap();
        Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    /// Reads something of `acme`, as one of its users.
    async fn get(&self, path: &str, who: Who) -> Reply {
        let path = format!("/mapi/tenants/acme{path}");
        self.call(Method::GET, "acme", &path, who, None).await
    }

    async fn post(&self, path: &str, who: Who, body: &Json) -> Reply {
        let path = format!("/mapi/tenants/acme{path}");
        self.call(Method::POST, "acme", &path, who, Some(body))
            .await
    }

    async fn put(&self, path: &str, who: Who, body: &Json) -> Reply {
        let path = format!("/mapi/tenants/acme{path}");
        self.call(Method::PUT, "acme", &path, who, Some(body)).await
    }

    async fn delete(&self, path: &str, who: Who) -> Reply {
        let path = format!("/mapi/tenants/acme{path}");
        self.call(Method::DELETE, "acme", &path, who, None).await
    }

    /// An account of `acme` with these roles and [`PASSWORD`].
    async fn user(&self, name: &str, roles: &[Role]) {
        let (acme, name, hcp) = (tenant("acme"), username(name), &self.store.hcp);
        let made = hcp.create_user(&acme, &name, PASSWORD, roles, false);
        assert!(made.await.unwrap());
    }

    async fn lets_system_in(&self) {
        let body = serde_json::json!({"administrationAllowed": true});
        self.post("", OPS, &body).await.good();
    }
}

/// A document in XML, by HCP's rules: an element per property, an array as its element again and again.
fn xml(name: &str, value: &Json) -> String {
    let text = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    match value {
        Json::Array(items) => items
            .iter()
            .map(|item| xml(name, item))
            .collect::<Vec<_>>()
            .concat(),
        Json::Object(map) => {
            let inside: Vec<_> = map.iter().map(|(name, value)| xml(name, value)).collect();
            format!("<{name}>{}</{name}>", inside.concat())
        }
        Json::String(plain) => format!("<{name}>{}</{name}>", text(plain)),
        other => format!("<{name}>{other}</{name}>"),
    }
}
