//! An HCP that keeps namespaces and remembers what was asked of it: management by TLS, and enough of S3
//! to sign in.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
    serve::Listener,
};
use http::Uri;
use reqwest::{Method, StatusCode};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use serde_json::{Map, Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::app::TestApp;

/// Made for tests, for `localhost`.
const CERTIFICATE: &[u8] = include_bytes!("../../../hcp/tests/it/tls/certificate.der");
const KEY: &[u8] = include_bytes!("../../../hcp/tests/it/tls/key.der");

type Namespaces = BTreeMap<String, BTreeMap<String, Map<String, Value>>>;

/// What it knows and was asked.
#[derive(Default)]
struct Kept {
    namespaces: Namespaces,
    /// The tenant, where it may be seen.
    tenant: Option<Value>,
    asked: Vec<(Method, String)>,
    faults: Vec<(Method, String, u16)>,
    under_way: usize,
    most: usize,
}

/// The HCP. The paths it is asked by are told below the tenant.
#[derive(Clone)]
pub(crate) struct KeepingHcp {
    kept: Arc<Mutex<Kept>>,
    mapi: u16,
    s3: String,
}

struct Tls {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        loop {
            let (socket, peer) = self.listener.accept().await.unwrap();
            if let Ok(stream) = self.acceptor.accept(socket).await {
                return (stream, peer);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

async fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

impl KeepingHcp {
    pub(crate) async fn start() -> Self {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(CERTIFICATE)], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let (listener, mapi) = listener().await;
        let (plain, s3) = self::listener().await;
        let fake = Self {
            kept: Arc::default(),
            mapi,
            s3: format!("http://127.0.0.1:{s3}"),
        };
        let management = Router::new().fallback(answer).with_state(fake.clone());
        tokio::spawn(async move {
            let _ = axum::serve(Tls { listener, acceptor }, management).await;
        });
        let buckets =
            "<ListAllMyBucketsResult><Owner><ID>1</ID></Owner><Buckets/></ListAllMyBucketsResult>";
        let s3 = Router::new().fallback(move || async move { buckets });
        tokio::spawn(async move {
            let _ = axum::serve(plain, s3).await;
        });
        fake
    }

    /// A Hako in front of it.
    pub(crate) async fn hako(&self, settings: &[(&str, &str)]) -> TestApp {
        let port = self.mapi.to_string();
        let mine = [
            ("STORAGE_BACKEND", "hcp"),
            ("HCP_HOST", "localhost"),
            ("HCP_PORT", port.as_str()),
            ("HCP_VERIFY_SSL", "false"),
        ];
        let settings: Vec<_> = mine.iter().chain(settings).copied().collect();
        TestApp::before_store(&self.s3, &settings).await
    }

    /// Puts a namespace there, part by part; the namespace's own is `""`.
    pub(crate) fn put(&self, name: &str, parts: Value) {
        let Value::Object(parts) = parts else {
            panic!("no object")
        };
        let mut namespace = defaults(name);
        for (part, properties) in parts {
            let properties = properties.as_object().unwrap().clone();
            namespace.entry(part).or_default().extend(properties);
        }
        let mut kept = self.kept.lock().unwrap();
        kept.namespaces.insert(name.to_owned(), namespace);
    }

    /// Lets the tenant be seen.
    pub(crate) fn show_tenant(&self, tenant: Value) {
        self.kept.lock().unwrap().tenant = Some(tenant);
    }

    /// A part of a namespace as it is.
    pub(crate) fn part(&self, name: &str, part: &str) -> Value {
        let kept = self.kept.lock().unwrap();
        let found = kept.namespaces.get(name).and_then(|n| n.get(part));
        found.map_or(Value::Null, |part| Value::Object(part.clone()))
    }

    /// Answers what ends in this with a status from now on.
    pub(crate) fn fail(&self, method: Method, end: &str, status: u16) {
        let mut kept = self.kept.lock().unwrap();
        kept.faults.push((method, end.to_owned(), status));
    }

    /// Nothing fails any more.
    pub(crate) fn heal(&self) {
        self.kept.lock().unwrap().faults.clear();
    }

    /// What was asked since the last time.
    pub(crate) fn asked(&self) -> Vec<(Method, String)> {
        std::mem::take(&mut self.kept.lock().unwrap().asked)
    }

    /// What was changed since the last time it was asked.
    pub(crate) fn changes(&self) -> Vec<String> {
        let asked = self.asked().into_iter();
        asked
            .filter(|(method, _)| *method != Method::GET)
            .map(|(method, path)| format!("{method} {path}"))
            .collect()
    }

    /// How many calls were under way at once, at most.
    pub(crate) fn most_at_once(&self) -> usize {
        self.kept.lock().unwrap().most
    }
}

/// What each namespace has that says nothing else.
fn defaults(name: &str) -> BTreeMap<String, Map<String, Value>> {
    let parts = json!({
        "": {
            "name": name, "id": "0000", "creationTime": "2026-01-01T00:00:00+0000",
            "fullyQualifiedName": format!("{name}.acme.hcp.example.com"), "dpl": "Dynamic",
            "description": "", "hardQuota": "50.00 GB", "softQuota": 85, "hashScheme": "SHA-256",
            "aclsUsage": "NOT_ENABLED", "enterpriseMode": true, "searchEnabled": false,
        },
        "versioningSettings": {"enabled": false, "prune": false, "keepDeletionRecords": true},
        "complianceSettings": {"retentionDefault": "0", "shreddingDefault": false},
        "permissions": {"permission": ["READ", "WRITE"]},
        "protocols/http": {
            "hs3Enabled": false, "httpsEnabled": true, "webdavBasicAuthUsername": "",
            "webdavBasicAuthPassword": "hunter2",
        },
        "protocols/cifs": {"enabled": false},
        "protocols/nfs": {"enabled": false, "uid": 0, "gid": 0},
        "protocols/smtp": {"enabled": false},
        "customMetadataIndexingSettings": {"fullIndexingEnabled": false},
        "replicationCollisionSettings": {"action": "MOVE", "deleteEnabled": false},
    });
    let parts = parts.as_object().unwrap().clone().into_iter();
    parts
        .map(|(part, json)| (part, json.as_object().unwrap().clone()))
        .collect()
}

async fn answer(State(fake): State<KeepingHcp>, method: Method, uri: Uri, body: Bytes) -> Response {
    let path = uri
        .path()
        .strip_prefix("/mapi/tenants/acme")
        .unwrap_or_default()
        .to_owned();
    let fault = {
        let mut kept = fake.kept.lock().unwrap();
        kept.asked.push((method.clone(), path.clone()));
        kept.under_way += 1;
        kept.most = kept.most.max(kept.under_way);
        let fits =
            |(m, end, _): &&(Method, String, u16)| *m == method && path.ends_with(end.as_str());
        kept.faults.iter().find(fits).map(|(.., status)| *status)
    };
    // Others come in the meantime.
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    let mut kept = fake.kept.lock().unwrap();
    kept.under_way -= 1;
    if let Some(status) = fault {
        let status = StatusCode::from_u16(status).unwrap();
        return (status, [("X-HCP-ErrorMessage", "the fake refuses")]).into_response();
    }
    let body = serde_json::from_slice(&body).unwrap_or_else(|_| json!({}));
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    match (kept.handle(&method, &segments, body), method) {
        (Ok(json), Method::GET) => axum::Json(json).into_response(),
        (Ok(_), _) => StatusCode::OK.into_response(),
        (Err(status), _) => status.into_response(),
    }
}

impl Kept {
    fn handle(&mut self, method: &Method, path: &[&str], body: Value) -> Result<Value, StatusCode> {
        let Value::Object(body) = body else {
            return Err(StatusCode::BAD_REQUEST);
        };
        let (name, rest) = match (method, path) {
            (&Method::GET, []) => return self.tenant.clone().ok_or(StatusCode::FORBIDDEN),
            (&Method::GET, ["availableServicePlans"]) => return Ok(json!({"name": ["Default"]})),
            (&Method::GET, ["namespaces"]) => {
                let names: Vec<_> = self.namespaces.keys().collect();
                return Ok(json!({"name": names}));
            }
            (_, [_namespaces, name, rest @ ..]) => (name, rest),
            _ => return self.create(body),
        };
        let namespace = self
            .namespaces
            .get_mut(*name)
            .ok_or(StatusCode::NOT_FOUND)?;
        let classes = namespace
            .keys()
            .filter_map(|k| k.strip_prefix("retentionClasses/"));
        let classes: Vec<String> = classes.map(str::to_owned).collect();
        match (method, rest) {
            (&Method::GET, ["retentionClasses"]) => return Ok(json!({"name": classes})),
            (&Method::PUT, ["retentionClasses"]) => {
                let class = body["name"].as_str().unwrap().to_owned();
                namespace.insert(format!("retentionClasses/{class}"), body);
                return Ok(Value::Null);
            }
            (&Method::GET, part) => {
                let part = namespace
                    .get(&part.join("/"))
                    .ok_or(StatusCode::NOT_FOUND)?;
                return Ok(Value::Object(part.clone()));
            }
            (_, part) => {
                namespace.entry(part.join("/")).or_default().extend(body);
            }
        }
        Ok(Value::Null)
    }

    fn create(&mut self, mut body: Map<String, Value>) -> Result<Value, StatusCode> {
        let name = body["name"].as_str().unwrap().to_owned();
        if self.namespaces.contains_key(&name) {
            return Err(StatusCode::CONFLICT);
        }
        let mut namespace = defaults(&name);
        if let Some(Value::Object(versioning)) = body.remove("versioningSettings") {
            namespace
                .entry("versioningSettings".to_owned())
                .or_default()
                .extend(versioning);
        }
        namespace.entry(String::new()).or_default().extend(body);
        self.namespaces.insert(name, namespace);
        Ok(Value::Null)
    }
}
