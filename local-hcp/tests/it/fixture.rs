//! A store with its two endpoints on free ports, and clients for it.

use std::{
    env,
    ffi::OsStr,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Once},
    time::Duration,
};

use aws_sdk_s3::{
    Client,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
    error::{ProvideErrorMetadata, SdkError},
    primitives::ByteStream,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use local_hcp::{Clock, Config, Journal, LocalHcp, Profile};
use md5::{Digest as _, Md5};
use model::{TenantName, Username, mapi::Role};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::connector::Connector;

pub(crate) const ORIGIN: &str = "http://console.localhost:8000";
pub(crate) const PASSWORD: &str = "demo-demo";

/// A running store. Its folder and its servers go when it is dropped.
pub(crate) struct Fixture {
    pub(crate) hcp: LocalHcp,
    pub(crate) s3: SocketAddr,
    pub(crate) management: SocketAddr,
    pub(crate) http: reqwest::Client,
    servers: Vec<JoinHandle<()>>,
    folder: Arc<TempDir>,
}

impl Drop for Fixture {
    fn drop(&mut self) {
        self.servers.iter().for_each(JoinHandle::abort);
    }
}

impl Fixture {
    /// With tenant `demo` and its user `demo`.
    pub(crate) async fn start() -> Self {
        let fixture = Self::open(Arc::new(TempDir::new().unwrap()), |_config| {}).await;
        fixture.tenant("demo").await;
        fixture.user("demo", "demo", PASSWORD).await;
        fixture
    }

    pub(crate) async fn open(folder: Arc<TempDir>, change: impl FnOnce(&mut Config)) -> Self {
        crate::logs::install();
        let mut config = config(&folder.path().join("store"));
        change(&mut config);
        let hcp = LocalHcp::open(config).await.unwrap();
        let s3 = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let management = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (s3_at, management_at) = (s3.local_addr().unwrap(), management.local_addr().unwrap());
        let (s3_router, management_router) = (hcp.s3_router(), hcp.management_router());
        let servers = vec![
            tokio::spawn(async move { axum::serve(s3, s3_router).await.unwrap() }),
            tokio::spawn(async move { axum::serve(management, management_router).await.unwrap() }),
        ];
        Self {
            hcp,
            s3: s3_at,
            management: management_at,
            http: http_client(s3_at),
            servers,
            folder,
        }
    }

    /// Stops everything and opens the same folder again.
    pub(crate) async fn restart(self, between: impl FnOnce(&Path)) -> Self {
        self.hcp.close().await;
        let folder = Arc::clone(&self.folder);
        drop(self);
        between(&folder.path().join("store"));
        Self::open(folder, |_config| {}).await
    }

    /// The same with another configuration.
    pub(crate) async fn restart_with(self, change: impl FnOnce(&mut Config)) -> Self {
        self.hcp.close().await;
        let folder = Arc::clone(&self.folder);
        drop(self);
        Self::open(folder, change).await
    }

    /// Closes the store and opens it again; what was open before is of no use any more.
    pub(crate) async fn reopened(&self) {
        self.hcp.close().await;
        let again = LocalHcp::open(config(&self.data_dir())).await.unwrap();
        again.close().await;
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    pub(crate) async fn tenant(&self, name: &str) {
        assert!(self.hcp.create_tenant(&tenant(name)).await.unwrap());
    }

    pub(crate) async fn user(&self, of: &str, name: &str, password: &str) {
        let roles = [Role::Administrator, Role::Monitor];
        assert!(
            self.hcp
                .create_user(&tenant(of), &username(name), password, &roles, true)
                .await
                .unwrap()
        );
    }

    /// The S3 endpoint by address: the access key decides.
    pub(crate) fn by_address(&self) -> String {
        format!("http://{}", self.s3)
    }

    /// The S3 endpoint by a tenant's host.
    pub(crate) fn by_host(&self, tenant: &str) -> String {
        format!("http://{tenant}.localhost:{}", self.s3.port())
    }

    /// A client for the user `demo`.
    pub(crate) fn client(&self) -> Client {
        self.client_of("demo", PASSWORD, &self.by_address())
    }

    pub(crate) fn client_of(&self, name: &str, password: &str, endpoint: &str) -> Client {
        self.client_at(endpoint, &access_key(name), &secret(password))
    }

    /// A client with keys of its own.
    pub(crate) fn client_with(&self, access_key: &str, secret: &str) -> Client {
        self.client_at(&self.by_address(), access_key, secret)
    }

    fn client_at(&self, endpoint: &str, access_key: &str, secret: &str) -> Client {
        let credentials = Credentials::from_keys(access_key, secret, None);
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(endpoint)
            .force_path_style(true)
            .credentials_provider(credentials)
            .retry_config(RetryConfig::disabled())
            .http_client(Connector(self.http.clone()))
            .build();
        Client::from_conf(config)
    }

    /// A client with a bucket of that name.
    pub(crate) async fn bucket(&self, name: &str) -> Client {
        let client = self.client();
        client.create_bucket().bucket(name).send().await.unwrap();
        client
    }

    /// The files that hold bytes, and those that are being written.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let store = self.data_dir();
        let mut found = Vec::new();
        collect(&store.join("blobs"), &mut found);
        collect(&store.join("tmp"), &mut found);
        collect(&plain_files(&store), &mut found);
        found
    }

    /// Waits until that many files are left: removal happens after the answer.
    pub(crate) async fn files_become(&self, count: usize) {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
        while self.files().len() != count {
            assert!(
                tokio::time::Instant::now() < deadline,
                "{count} files expected, there are {:?}",
                self.files()
            );
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

pub(crate) fn config(folder: &Path) -> Config {
    Config {
        data_dir: folder.to_owned(),
        s3_domain: "localhost".to_owned(),
        allowed_origin: Arc::new(|origin| origin == ORIGIN),
        reserve_bytes: 0,
        inline_bytes: 16 * 1024,
        // The suites run on both layouts; what plain files cannot have stands in `end2end/layout.toml`.
        files_dir: (env::var_os("HAKO_TEST_LAYOUT").as_deref() == Some(OsStr::new("files")))
            .then(|| plain_files(folder)),
        chargeback_days: 180,
        audit_days: 365,
        operation_days: 180,
        profile: Profile::Standard,
        clock: Clock::system(),
        journal: Journal::default(),
        settings: String::new(),
    }
}

/// Where a store with plain files has them, beside its own folder.
pub(crate) fn plain_files(store: &Path) -> PathBuf {
    local_hcp::files_beside(store)
}

fn http_client(s3: SocketAddr) -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // Plain HTTP needs none, but the builder asks for one.
        rustls::crypto::ring::default_provider()
            .install_default()
            .unwrap();
    });
    let mut builder = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none());
    for host in ["demo", "other", "admin", "nobody", "pictures.demo"] {
        builder = builder.resolve(&format!("{host}.localhost"), s3);
    }
    builder.build().unwrap()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}

pub(crate) fn tenant(name: &str) -> TenantName {
    TenantName::parse(name).unwrap()
}

pub(crate) fn username(name: &str) -> Username {
    Username::parse(name).unwrap()
}

pub(crate) fn access_key(name: &str) -> String {
    STANDARD.encode(name)
}

pub(crate) fn secret(password: &str) -> String {
    hex(&Md5::digest(password.as_bytes()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

pub(crate) fn md5_hex(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

/// Bytes that differ from place to place.
pub(crate) fn noise(size: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64 ^ size as u64;
    (0..size)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        })
        .collect()
}

pub(crate) async fn put(client: &Client, bucket: &str, key: &str, body: impl Into<Vec<u8>>) {
    client
        .put_object()
        .bucket(bucket)
        .key(key)
        .body(ByteStream::from(body.into()))
        .send()
        .await
        .unwrap();
}

pub(crate) async fn get(client: &Client, bucket: &str, key: &str) -> Vec<u8> {
    let answer = client.get_object().bucket(bucket).key(key).send().await;
    answer.unwrap().body.collect().await.unwrap().to_vec()
}

/// Status and code of an error that the store answered.
pub(crate) fn refusal<E: ProvideErrorMetadata>(error: SdkError<E, HttpResponse>) -> (u16, String) {
    let status = error.raw_response().expect("an answer").status().as_u16();
    let code = error.code().unwrap_or_default().to_owned();
    (status, code)
}

/// A document as HCP writes it (`model/fixtures`).
pub(crate) fn hcp_document(name: &str) -> serde_json::Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../model/fixtures/mapi");
    let text = fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}
