//! An HCP that answers as its documentation says, strictly, and remembers what it was asked.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    http::{Method, header},
    response::Response,
};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::app::TestApp;

/// For `localhost`, signed by itself.
const CERTIFICATE: &[u8] = include_bytes!("../../../hcp/tests/it/tls/certificate.der");
const KEY: &[u8] = include_bytes!("../../../hcp/tests/it/tls/key.der");

/// `admin` with the password `password`.
const PROOF: &str = "HCP YWRtaW4=:5f4dcc3b5aa765d61d8327deb882cf99";

const BUCKETS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListAllMyBucketsResult \
    xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Owner><ID>u1</ID><DisplayName>admin</DisplayName>\
    </Owner><Buckets/></ListAllMyBucketsResult>";

/// One management request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// Below `/mapi`, as it was encoded.
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) body: Value,
    /// The body as it came, and what it was said to be.
    pub(crate) bytes: Bytes,
    pub(crate) media_type: String,
}

/// Answers that differ from the usual: by method and path below `/mapi`.
type Answers = BTreeMap<(String, String), (u16, String, String)>;

/// Bodies that come piece by piece, in place of the usual.
type Streams = BTreeMap<(String, String), Body>;

#[derive(Clone, Default)]
struct State {
    streams: Arc<Mutex<Streams>>,
    asked: Arc<Mutex<Vec<Asked>>>,
    other: Arc<Mutex<Answers>>,
    busy: Arc<AtomicUsize>,
    busiest: Arc<AtomicUsize>,
}

/// The fake.
pub(crate) struct FakeHcp {
    state: State,
    management: u16,
    s3: String,
}

impl FakeHcp {
    pub(crate) async fn start() -> Self {
        let state = State::default();
        let s3 = Router::new().fallback(|| async { answer(200, "", BUCKETS) });
        let s3 = listen(s3).await;
        let shared = state.clone();
        let plain = Router::new().fallback(move |request: Request| manage(shared.clone(), request));
        let plain = listen(plain).await;
        Self {
            state,
            management: tls(plain).await,
            s3: format!("http://127.0.0.1:{s3}"),
        }
    }

    /// A Hako in front of it.
    pub(crate) async fn app(&self) -> TestApp {
        self.app_with(&[]).await
    }

    pub(crate) async fn app_with(&self, settings: &[(&str, &str)]) -> TestApp {
        let port = self.management.to_string();
        let mut all = vec![
            ("STORAGE_BACKEND", "hcp"),
            ("HCP_HOST", "localhost"),
            ("HCP_PORT", &port),
            ("HCP_VERIFY_SSL", "false"),
            ("S3_ENDPOINT_URL", &self.s3),
            ("API_SECRET_KEY", "0123456789abcdef0123456789abcdef"),
            // What is asked is what the tests are about.
            ("CACHE_STATS_TTL", "0"),
            ("CACHE_CONFIG_TTL", "0"),
            ("CACHE_DEFAULT_TTL", "0"),
            ("CACHE_QUERY_OBJECT_TTL", "0"),
            ("CACHE_QUERY_OPERATION_TTL", "0"),
        ];
        all.extend(settings);
        TestApp::with(&all).await
    }

    /// What was asked since the last time.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.state.asked.lock().unwrap())
    }

    /// Answers otherwise from now on.
    pub(crate) fn say(&self, method: &str, path: &str, status: u16, message: &str, body: &str) {
        let answer = (status, message.to_owned(), body.to_owned());
        let place = (method.to_owned(), path.to_owned());
        self.state.other.lock().unwrap().insert(place, answer);
    }

    /// Answers the next request with a body that comes when it comes.
    pub(crate) fn stream(&self, method: &str, path: &str, body: Body) {
        let place = (method.to_owned(), path.to_owned());
        self.state.streams.lock().unwrap().insert(place, body);
    }

    /// How many requests were there at once at most.
    pub(crate) fn busiest(&self) -> usize {
        self.state.busiest.load(Ordering::SeqCst)
    }
}

async fn listen(router: Router) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

/// TLS in front of a port.
async fn tls(plain: u16) -> u16 {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(CERTIFICATE)], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut outside = acceptor.accept(socket).await.unwrap();
                let mut inside = TcpStream::connect(("127.0.0.1", plain)).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut outside, &mut inside).await;
            });
        }
    });
    port
}

fn answer(status: u16, message: &str, body: impl Into<Body>) -> Response {
    let mut response = Response::builder()
        .status(status)
        .header("x-hcp-softwareversion", "9.7.0.13");
    if !message.is_empty() {
        response = response.header("x-hcp-errormessage", message);
    }
    response.body(body.into()).unwrap()
}

async fn manage(state: State, request: Request) -> Response {
    let now = state.busy.fetch_add(1, Ordering::SeqCst) + 1;
    state.busiest.fetch_max(now, Ordering::SeqCst);
    // Others that were sent at the same time arrive in the meantime.
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    let response = answered(&state, request).await;
    state.busy.fetch_sub(1, Ordering::SeqCst);
    response
}

async fn answered(state: &State, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 32 << 20).await.unwrap();
    let header = |name| parts.headers.get(name).map_or("", |v| v.to_str().unwrap());
    let Some(path) = parts.uri.path().strip_prefix("/mapi") else {
        return answer(404, "", "");
    };
    let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let asked = Asked {
        method: parts.method.to_string(),
        path: path.to_owned(),
        query: query.into_owned().collect(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
        bytes: body.clone(),
        media_type: header(header::CONTENT_TYPE).to_owned(),
    };
    state.asked.lock().unwrap().push(asked.clone());
    let taken = header(header::ACCEPT).split(',').next().unwrap();
    if header(header::AUTHORIZATION) != PROOF || taken != accepted(path) {
        return answer(403, "", "");
    }
    if !header(header::HOST).starts_with("localhost:") {
        return answer(403, "the wrong host", "");
    }
    if let Some(media_type) = file_of(&parts.method, path) {
        // HCP wants to know the length, and what it is.
        if header(header::CONTENT_LENGTH) != body.len().to_string() {
            return answer(411, "no length", "");
        }
        if header(header::CONTENT_TYPE) != media_type {
            return answer(415, "the wrong type", "");
        }
    } else if let Err(status) = check_body(&parts.method, path, header(header::CONTENT_TYPE), &body)
    {
        return answer(status, "the body is not right", "");
    }
    let place = (asked.method.clone(), asked.path.clone());
    if let Some(body) = state.streams.lock().unwrap().remove(&place) {
        return answer(200, "", body);
    }
    if let Some((status, message, body)) = state.other.lock().unwrap().get(&place) {
        return answer(*status, message, body.clone());
    }
    if let Some(unknown) = asked.query.keys().find(|name| !is_known(name)) {
        return answer(400, &format!("unknown parameter {unknown}"), "");
    }
    if path.split('/').any(|segment| segment == "absent") {
        let status = if parts.method == Method::HEAD {
            302
        } else {
            404
        };
        return answer(status, "", "<html>not here</html>");
    }
    match parts.method {
        Method::GET => match document(path) {
            Some(json) => answer(200, "", json),
            None => answer(404, "", ""),
        },
        Method::POST if path.ends_with("/download") => answer(200, "", "PK package"),
        Method::PUT if asked.body["name"] == "taken" => answer(409, "taken already exists", ""),
        _ => answer(200, "", ""),
    }
}

/// What is asked for at a path.
fn accepted(path: &str) -> &'static str {
    match path {
        "/services/replication/certificates/server" => "text/plain",
        "/logs/download" | "/healthCheckReport/download" => "application/zip",
        _ => "application/json",
    }
}

/// As what a file is put at a path (HCP's management API, samples of its resources).
fn file_of(method: &Method, path: &str) -> Option<&'static str> {
    match (method, path) {
        (&Method::PUT, "/storage/licenses") => Some("text/html"),
        (&Method::PUT, "/services/replication/certificates") => Some("text/plain"),
        (&Method::PUT, "/supportaccesscredentials") => Some("application/octet-stream"),
        _ => None,
    }
}

/// HCP wants JSON with each change, be it empty; nothing with a deletion or a read.
fn check_body(method: &Method, path: &str, media_type: &str, body: &Bytes) -> Result<(), u16> {
    let is_object = serde_json::from_slice::<Value>(body).is_ok_and(|json| json.is_object());
    match *method {
        // Membership has no body, and neither have actions of replication.
        _ if is_bare(method, path) && body.is_empty() => Ok(()),
        Method::PUT | Method::POST if media_type != "application/json" => Err(415),
        Method::PUT | Method::POST if !is_object => Err(400),
        Method::GET | Method::HEAD | Method::DELETE if !body.is_empty() => Err(400),
        _ if path.contains("//") || path.contains("..") => Err(400),
        _ => Ok(()),
    }
}

/// Whether a change may come, or has to come, without a body (HCP's management API, "Protocol conventions").
fn is_bare(method: &Method, path: &str) -> bool {
    let joins =
        path.contains("/content/") || path.contains("/ecTopologies/") && path.contains("/tenants/");
    joins || (*method == Method::POST && path.starts_with("/services/replication"))
}

fn is_known(parameter: &str) -> bool {
    [
        "verbose",
        "offset",
        "count",
        "sortType",
        "sortOrder",
        "filterType",
        "filterString",
        "username",
        "password",
        "forcePasswordChange",
        "initialSecurityGroup",
        "resetPasswords",
        "resetMQECheckpoint",
        "start",
        "end",
        "granularity",
        "suspend",
        "resume",
        "failOver",
        "failBack",
        "beginRecover",
        "completeRecovery",
        "restore",
        "pause",
        "shutDownAllLinks",
        "reestablishAllLinks",
        "retire",
        "force",
        "mark",
        "cancel",
    ]
    .contains(&parameter)
}

/// A certificate as HCP hands it out.
pub(crate) const CERTIFICATE_TEXT: &str =
    include_str!("../../../model/fixtures/mapi/certificate.pem");

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../../model/fixtures/mapi/", $name, ".json"))
    };
}
pub(crate) use fixture;

/// What is at a path (HCP's endpoint matrix).
fn document(path: &str) -> Option<&'static str> {
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    Some(match segments[..] {
        ["tenants"] => fixture!("tenants"),
        ["tenants", _] => fixture!("tenant-of-system"),
        ["userAccounts"] | ["tenants", _, "userAccounts"] => fixture!("user-accounts"),
        ["userAccounts", _] | ["tenants", _, "userAccounts", _] => fixture!("user-account"),
        ["groupAccounts"] | ["tenants", _, "groupAccounts"] => fixture!("group-accounts"),
        ["groupAccounts", _] | ["tenants", _, "groupAccounts", _] => fixture!("group-account"),
        ["tenants", _, _, _, "dataAccessPermissions"] => fixture!("data-access-permissions"),
        ["tenants", _, "consoleSecurity"] => fixture!("console-security"),
        ["tenants", _, "contactInfo"] => fixture!("contact-info"),
        ["tenants", _, "emailNotification"] => fixture!("email-notification"),
        ["tenants", _, "namespaceDefaults"] => fixture!("namespace-defaults"),
        ["tenants", _, "searchSecurity"] => fixture!("search-security"),
        ["tenants", _, "availableServicePlans"] => fixture!("service-plans"),
        ["tenants", _, "availableServicePlans", _] => fixture!("service-plan"),
        ["tenants", _, "contentClasses"] => fixture!("content-classes"),
        ["tenants", _, "contentClasses", _] => fixture!("content-class"),
        ["tenants", _, "namespaces"] => r#"{"name": ["archive", "logs"]}"#,
        ["tenants", _, "namespaces", _] => fixture!("namespace"),
        ["tenants", _, "permissions"] | ["tenants", _, "namespaces", _, "permissions"] => {
            fixture!("permissions")
        }
        ["tenants", _, "cors"] | ["tenants", _, "namespaces", _, "cors"] => fixture!("cors"),
        ["tenants", _, "statistics"] | ["tenants", _, "namespaces", _, "statistics"] => {
            fixture!("statistics")
        }
        ["tenants", _, "chargebackReport"]
        | ["tenants", _, "namespaces", _, "chargebackReport"] => fixture!("chargeback-report"),
        ["tenants", _, "namespaces", _, below] => match below {
            "versioningSettings" => fixture!("versioning-settings"),
            "complianceSettings" => fixture!("compliance-settings"),
            "protocols" => fixture!("protocols"),
            "customMetadataIndexingSettings" => fixture!("custom-metadata-indexing-settings"),
            "replicationCollisionSettings" => fixture!("replication-collision-settings"),
            "retentionClasses" => fixture!("retention-classes"),
            _ => return None,
        },
        ["tenants", _, "namespaces", _, "retentionClasses", _] => fixture!("retention-class"),
        ["tenants", _, "namespaces", _, "protocols", protocol] => match protocol {
            "http" => fixture!("protocol-http"),
            "cifs" => fixture!("protocol-cifs"),
            "nfs" => fixture!("protocol-nfs"),
            "smtp" => fixture!("protocol-smtp"),
            _ => return None,
        },
        _ => return system_document(&segments),
    })
}

/// What is at a path of the system.
fn system_document(segments: &[&str]) -> Option<&'static str> {
    Some(match segments {
        ["network"] => fixture!("network"),
        ["storage", "licenses"] => fixture!("licenses"),
        ["nodes", "statistics"] => fixture!("node-statistics"),
        ["services", "statistics"] => fixture!("service-statistics"),
        ["logs"] => fixture!("log-status"),
        ["healthCheckReport"] => fixture!("health-status"),
        ["services", "replication", "certificates"] => fixture!("certificates"),
        ["services", "replication", "certificates", "server"] => CERTIFICATE_TEXT,
        ["supportaccesscredentials"] => fixture!("support-access"),
        ["services", "replication"] => fixture!("replication"),
        ["services", "replication", "links"] => fixture!("links"),
        ["services", "replication", "links", _, below @ ..] => return link_document(below),
        ["services", "erasureCoding", "linkCandidates"] => fixture!("link-candidates"),
        ["services", "erasureCoding", "ecTopologies"] => r#"{"name": ["ec-3"]}"#,
        ["services", "erasureCoding", "ecTopologies", _] => fixture!("topology"),
        ["services", "erasureCoding", "ecTopologies", _, "tenants"] => r#"{"name": ["acme"]}"#,
        ["services", "erasureCoding", "ecTopologies", _, _] => fixture!("tenant-candidates"),
        _ => return None,
    })
}

/// What is at a path of a link.
fn link_document(below: &[&str]) -> Option<&'static str> {
    Some(match below {
        [] => fixture!("link"),
        ["schedule"] => fixture!("schedule"),
        ["content" | "localCandidates" | "remoteCandidates"] => fixture!("link-content"),
        ["content", "tenants", _] => fixture!("link-tenant"),
        [_, _] => r#"{"name": ["acme"]}"#,
        _ => return None,
    })
}
