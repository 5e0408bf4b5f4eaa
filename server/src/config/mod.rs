//! Configuration: read once, at start, from environment, `.env` and an optional TOML file.

mod hosts;
mod show;
mod source;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use hcp::{AuthType, Keys, ManagementEndpoint, QueryLanguage, Roots, S3Endpoint, StoreConfig};
use model::{
    ChecksumAlgorithm, Username,
    session::{Backend, UploadRoute},
    unit::{GB, MB},
    upload::PartPlan,
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{cache::Lifetimes, service::workspace::reserved::is_reserved};

pub use hosts::{HostPolicy, is_loopback_host};
pub use show::show;
use source::Source;

/// Everything the server is told.
#[derive(Clone, Debug)]
pub struct Config {
    /// The store behind Hako.
    pub backend: Backend,
    /// Where the console and the API listen.
    pub addr: SocketAddr,
    /// The server's own files, and the embedded store's.
    pub data_dir: PathBuf,
    /// The `Leptos.toml` that says where the console's files are; searched for when absent.
    pub site_config: Option<PathBuf>,
    /// The console's address as people type it, when it is not the one it listens on.
    pub public_url: Option<Url>,
    /// The path that everything stands below: `/hako`. Empty where Hako has its host for itself.
    pub root: String,
    /// Further host names by which the console may be called.
    pub allowed_hosts: Vec<String>,
    /// The key of tokens; `None` in embedded mode, which makes its own.
    pub secret_key: Option<SecretString>,
    /// How long a session lasts.
    pub token_lifetime: Duration,
    /// Where several servers share their state.
    pub redis_url: Option<SecretString>,
    /// The store's address as browsers see it.
    pub s3_public_url: Option<Url>,
    /// The region that signatures carry.
    pub region: String,
    /// The HCP behind Hako.
    pub hcp: HcpConfig,
    /// The S3 endpoint without tenant routing.
    pub s3_endpoint: Option<Url>,
    /// Certificates of authorities that vouch for the store, beside the system's.
    pub roots: Roots,
    /// Where they were read.
    pub ca_file: Option<PathBuf>,
    /// Whether the management API is used, on stores that have one.
    pub mapi_enabled: bool,
    /// Where accounts are that work with the deployment's keys.
    pub users: Option<UsersConfig>,
    /// Whether bucket names become host labels (other S3 stores only).
    pub virtual_host_style: bool,
    /// Whether the S3 store's certificate is checked.
    pub s3_verify_tls: bool,
    /// Which way presigned URLs lead when nobody says otherwise.
    pub presigned: UploadRoute,
    /// The embedded store.
    pub embedded: EmbeddedConfig,
    /// How browsers upload.
    pub upload: UploadConfig,
    /// Background work.
    pub tasks: TaskConfig,
    /// How often expired temporary files are looked for.
    pub expiry_sweep: Duration,
    /// What management said lately.
    pub cache: CacheConfig,
    /// For how many days it is known who changed what through Hako.
    pub audit_days: u32,
    /// How long running transfers may take after a stop was asked for.
    pub shutdown_deadline: Duration,
    /// What is logged, as `tracing` directives.
    pub log: String,
    /// How it is written.
    pub log_format: LogFormat,
}

/// Accounts of our own, on a store that has none for people.
#[derive(Clone, Debug)]
pub struct UsersConfig {
    /// The file with names and hashes.
    pub file: PathBuf,
    /// The keys by which these accounts reach the store.
    pub keys: Keys,
}

/// A real HCP.
#[derive(Clone, Debug)]
pub struct HcpConfig {
    /// The base domain; switches on per-tenant hosts.
    pub domain: Option<String>,
    /// The management host without domain routing.
    pub host: Option<String>,
    /// The management port.
    pub port: u16,
    /// The form of credentials.
    pub auth: AuthType,
    /// Whether HCP's certificate is checked.
    pub verify_tls: bool,
    /// The limit of one management call.
    pub timeout: Duration,
}

/// The embedded store.
#[derive(Clone, Debug)]
pub struct EmbeddedConfig {
    /// Where its S3 endpoint listens.
    pub s3_addr: SocketAddr,
    /// Where its management endpoint listens.
    pub mapi_addr: SocketAddr,
    /// The domain whose first label names the tenant.
    pub s3_domain: String,
    /// The administrator made at the first start.
    pub admin_username: Username,
    /// The administrator's password; generated when absent.
    pub admin_password: Option<SecretString>,
    /// The password of the demo's user.
    pub demo_password: Option<SecretString>,
    /// Bytes of the disk that stay free.
    pub disk_reserve: u64,
    /// Up to so many bytes an object is kept in the database.
    pub inline_max: u64,
    /// For how many days it is known what namespaces are charged for.
    pub chargeback_days: u32,
    /// For how many days it is known who changed what.
    pub audit_days: u32,
    /// For how many days it is known what was deleted.
    pub operation_days: u32,
    /// Whose habits the store has.
    pub profile: LocalProfile,
    /// How it keeps objects on disk.
    pub layout: LocalLayout,
    /// How long a multipart upload may lie idle before it is dropped.
    pub upload_expiry: Duration,
}

/// The habits of the embedded store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalProfile {
    /// S3 as S3 users know it.
    Standard,
    /// HCP to the letter.
    Hcp,
}

/// How the embedded store keeps objects on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalLayout {
    /// Under names of its own, and small ones in the database.
    Blobs,
    /// Each as a plain file with the name of its key.
    Files,
}

/// How browsers upload; sizes in bytes.
#[derive(Clone, Debug)]
pub struct UploadConfig {
    /// Files of this size and more go in parts.
    pub multipart_threshold: u64,
    /// The usual part size.
    pub part_size: u64,
    /// Parts in flight at once.
    pub parallelism: usize,
    /// How long URLs live.
    pub url_lifetime: Duration,
    /// The checksum that the store compares; `None` where it compares none.
    pub checksum: Option<ChecksumAlgorithm>,
}

/// Background work.
#[derive(Clone, Copy, Debug)]
pub struct TaskConfig {
    /// How many tasks one person may have running.
    pub per_user: u32,
    /// How long a task, and its archive, is kept after its end.
    pub expiry: Duration,
}

/// What management said lately.
#[derive(Clone, Copy, Debug)]
pub struct CacheConfig {
    /// For how long it is kept.
    pub lifetimes: Lifetimes,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Pretty on a terminal, JSON otherwise.
    Auto,
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Every problem of an invalid configuration.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct InvalidConfig(pub Vec<String>);

/// The shortest secret key, in bytes.
const MIN_SECRET_BYTES: usize = 32;

/// Settings that say how the embedded store is reached and kept: with another store they would mean nothing.
const OF_EMBEDDED: [&str; 4] = [
    "HAKO_S3_ADDR",
    "HAKO_MAPI_ADDR",
    "HAKO_LOCAL_LAYOUT",
    "HAKO_LOCAL_PROFILE",
];

/// What is said of details of a store that is given, where the embedded one runs.
const NOT_EMBEDDED: &str = "does not go with STORAGE_BACKEND=embedded, the default, whose keys are its own accounts': \
    set STORAGE_BACKEND=generic (or minio, hcp), or remove it";

impl Config {
    /// Reads the process's environment and the files of the current folder.
    pub fn load() -> Result<Self, InvalidConfig> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the environment"
        )]
        Self::read(std::env::vars(), Path::new(""))
    }

    /// Reads the given environment and the files of the given folder.
    pub fn read(
        environment: impl IntoIterator<Item = (String, String)>,
        folder: &Path,
    ) -> Result<Self, InvalidConfig> {
        let mut s = Source::read(environment, folder);
        let hcp = hcp_settings(&mut s);
        let backend = backend(&mut s, &hcp);
        let public_url = url(&mut s, "HAKO_PUBLIC_URL");
        let config = Self {
            backend,
            addr: s.parse("HAKO_ADDR").unwrap_or(loopback(8000)),
            data_dir: s
                .text("HAKO_DATA_DIR")
                .map_or_else(|| PathBuf::from(".hako"), PathBuf::from),
            site_config: s.text("HAKO_SITE_CONFIG").map(PathBuf::from),
            root: root(&mut s, public_url.as_ref()),
            public_url,
            allowed_hosts: s.list("HAKO_ALLOWED_HOSTS"),
            secret_key: s.text("API_SECRET_KEY").map(SecretString::from),
            token_lifetime: Duration::from_secs(
                60 * s.number("API_TOKEN_EXPIRE_MINUTES", 480, 1..=43_200),
            ),
            redis_url: s.text("REDIS_URL").map(SecretString::from),
            s3_public_url: url(&mut s, "S3_PUBLIC_ENDPOINT_URL"),
            region: s
                .text("S3_REGION")
                .unwrap_or_else(|| "us-east-1".to_owned()),
            hcp,
            s3_endpoint: url(&mut s, "S3_ENDPOINT_URL"),
            roots: roots(&mut s),
            ca_file: s.text("HAKO_CA_FILE").map(PathBuf::from),
            mapi_enabled: s.truth("MAPI_ENABLED", true),
            users: users_settings(&mut s),
            virtual_host_style: s
                .one_of(
                    "S3_ADDRESSING_STYLE",
                    &[("auto", false), ("path", false), ("virtual", true)],
                )
                .unwrap_or(false),
            s3_verify_tls: s.truth("S3_VERIFY_SSL", true),
            presigned: if s.truth("ENABLE_S3_PROXY", false) {
                UploadRoute::Hako
            } else {
                UploadRoute::Direct
            },
            embedded: embedded_settings(&mut s),
            upload: upload_settings(&mut s, backend),
            tasks: task_settings(&mut s),
            cache: cache_settings(&mut s, backend),
            expiry_sweep: Duration::from_secs(s.number("HAKO_EXPIRY_SWEEP_SECONDS", 60, 1..=300)),
            audit_days: u32::try_from(s.number("HAKO_AUDIT_DAYS", 365, 1..=3_650)).unwrap_or(365),
            shutdown_deadline: Duration::from_secs(s.number(
                "HAKO_SHUTDOWN_SECONDS",
                30,
                0..=3_600,
            )),
            log: s.text("HAKO_LOG").unwrap_or_else(|| "info".to_owned()),
            log_format: s
                .one_of(
                    "HAKO_LOG_FORMAT",
                    &[
                        ("auto", LogFormat::Auto),
                        ("pretty", LogFormat::Pretty),
                        ("json", LogFormat::Json),
                    ],
                )
                .unwrap_or(LogFormat::Auto),
        };
        config.check(&mut s);
        let problems = s.finish();
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(InvalidConfig(problems))
        }
    }

    fn check(&self, s: &mut Source) {
        if let Some(key) = &self.secret_key
            && key.expose_secret().len() < MIN_SECRET_BYTES
        {
            s.problem("API_SECRET_KEY", "has 32 bytes or more");
        }
        if self.secret_key.is_none() && self.backend != Backend::Embedded {
            s.problem(
                "API_SECRET_KEY",
                format!(
                    "is required with STORAGE_BACKEND={}: 32 random bytes or more",
                    self.backend.as_str()
                ),
            );
        }
        match self.backend {
            Backend::Embedded => {
                if self.s3_endpoint.is_some() {
                    s.problem("S3_ENDPOINT_URL", NOT_EMBEDDED);
                }
                for name in ["S3_ACCESS_KEY", "S3_SECRET_KEY"] {
                    if s.text(name).is_some() {
                        s.problem(name, NOT_EMBEDDED);
                    }
                }
                if !cfg!(feature = "embedded") {
                    s.problem("STORAGE_BACKEND", "this build has no embedded store");
                }
            }
            Backend::Hcp => {
                if self.hcp.domain.is_none() && self.s3_endpoint.is_none() {
                    s.problem(
                        "HCP_DOMAIN",
                        "is required with STORAGE_BACKEND=hcp, or S3_ENDPOINT_URL in its place",
                    );
                }
            }
            Backend::Minio | Backend::Generic => {
                if self.s3_endpoint.is_none() {
                    s.problem(
                        "S3_ENDPOINT_URL",
                        format!("is required with STORAGE_BACKEND={}", self.backend.as_str()),
                    );
                }
            }
        }
        if self.backend != Backend::Embedded {
            for name in OF_EMBEDDED {
                if s.text(name).is_some() {
                    let chosen = self.backend.as_str();
                    s.problem(
                        name,
                        format!("does not go with STORAGE_BACKEND={chosen}: it is about the store that Hako carries"),
                    );
                }
            }
        }
        if self.users.is_some() && !matches!(self.backend, Backend::Minio | Backend::Generic) {
            s.problem(
                "HAKO_USERS_FILE",
                "goes with STORAGE_BACKEND=minio or generic: an HCP has its own accounts",
            );
        }
        if self.backend == Backend::Embedded && self.addr.port() != 0 {
            let (s3, mapi) = (self.embedded.s3_addr, self.embedded.mapi_addr);
            if self.addr == s3 || self.addr == mapi || (s3 == mapi && s3.port() != 0) {
                s.problem(
                    "HAKO_ADDR",
                    "HAKO_ADDR, HAKO_S3_ADDR and HAKO_MAPI_ADDR are three different addresses",
                );
            }
        }
    }

    /// How the store is reached. `listeners` are the embedded store's own, once it listens.
    pub fn store(&self, listeners: Option<StoreListeners>) -> StoreConfig {
        StoreConfig {
            backend: self.backend,
            s3: self.s3(listeners),
            tenant_in_key: self.backend == Backend::Embedded,
            queries: if self.backend == Backend::Embedded
                && self.embedded.profile == LocalProfile::Standard
            {
                QueryLanguage::Full
            } else {
                QueryLanguage::Hcp
            },
            management: self.management(listeners),
            region: self.region.clone(),
            virtual_host_style: self.virtual_host_style,
            auth: self.hcp.auth,
            verify_tls: if self.backend == Backend::Hcp {
                self.hcp.verify_tls
            } else {
                self.s3_verify_tls
            },
            roots: self.roots.clone(),
            timeout: self.hcp.timeout,
            connect_timeout: Duration::from_secs(10),
        }
    }

    fn s3(&self, listeners: Option<StoreListeners>) -> S3Endpoint {
        match (listeners, &self.hcp.domain, &self.s3_endpoint) {
            (Some(listeners), ..) => S3Endpoint::Fixed(local_url(listeners.s3)),
            (None, Some(domain), _) if self.backend == Backend::Hcp => S3Endpoint::PerTenant {
                scheme: "https".to_owned(),
                domain: domain.clone(),
                port: None,
            },
            (None, _, Some(url)) => S3Endpoint::Fixed(url.clone()),
            (None, ..) => S3Endpoint::Fixed(local_url(self.embedded.s3_addr)),
        }
    }

    fn management(&self, listeners: Option<StoreListeners>) -> Option<ManagementEndpoint> {
        let (address, domain, host) = match (listeners, self.backend) {
            (Some(listeners), _) => (
                Some(reachable(listeners.mapi)),
                Some(self.embedded.s3_domain.clone()),
                None,
            ),
            (None, Backend::Hcp) => (None, self.hcp.domain.clone(), self.hcp.host.clone()),
            _ => return None,
        };
        Some(ManagementEndpoint {
            address,
            domain,
            host,
            port: self.hcp.port,
        })
    }

    /// Whether every listener is on loopback.
    pub fn on_loopback(&self) -> bool {
        [self.addr, self.embedded.s3_addr, self.embedded.mapi_addr]
            .iter()
            .all(|a| a.ip().is_loopback())
    }
}

/// Where the embedded store listens, once it does.
#[derive(Clone, Copy, Debug)]
pub struct StoreListeners {
    /// S3.
    pub s3: SocketAddr,
    /// Management.
    pub mapi: SocketAddr,
}

/// An address to call a listener by: loopback for one that listens everywhere.
pub fn reachable(listener: SocketAddr) -> SocketAddr {
    if listener.ip().is_unspecified() {
        loopback(listener.port())
    } else {
        listener
    }
}

/// The URL to call a listener by.
#[expect(clippy::expect_used, reason = "an address always makes a URL")]
pub fn local_url(listener: SocketAddr) -> Url {
    Url::parse(&format!("http://{}", reachable(listener))).expect("an address always makes a URL")
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

fn url(s: &mut Source, name: &'static str) -> Option<Url> {
    let url: Url = s.parse(name)?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        s.problem(name, "is an address that begins with http:// or https://");
        return None;
    }
    if !url.username().is_empty() || url.password().is_some() {
        s.problem(name, "carries no user name or password");
        return None;
    }
    Some(url)
}

/// The path that everything stands below, of `ROOT_PATH` or of the public address, which say the same.
fn root(s: &mut Source, public: Option<&Url>) -> String {
    let of_address = public
        .map(|url| url.path().trim_end_matches('/').to_owned())
        .unwrap_or_default();
    let given = s.text("ROOT_PATH");
    let (name, root) = match given {
        Some(given) => ("ROOT_PATH", given.trim_end_matches('/').to_owned()),
        None => ("HAKO_PUBLIC_URL", of_address.clone()),
    };
    if root.is_empty() {
        return root;
    }
    let segments: Vec<&str> = root.split('/').skip(1).collect();
    let plain = |segment: &&str| {
        !segment.is_empty()
            && !segment.starts_with('.')
            && segment
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
    };
    if !root.starts_with('/') || !segments.iter().all(plain) {
        s.problem(
            name,
            "has a path like /hako: letters, digits, and -._~ between slashes",
        );
    } else if segments.first().is_some_and(|first| is_reserved(first)) {
        s.problem(name, "begins with a path that Hako itself has");
    } else if !of_address.is_empty() && of_address != root {
        s.problem(name, "and the path of HAKO_PUBLIC_URL differ");
    } else {
        return root;
    }
    String::new()
}

fn roots(s: &mut Source) -> Roots {
    let Some(file) = s.text("HAKO_CA_FILE") else {
        return Roots::default();
    };
    let read = std::fs::read(file)
        .map_err(|e| e.to_string())
        .and_then(|pem| Roots::from_pem(&pem).map_err(str::to_owned));
    read.unwrap_or_else(|problem| {
        s.problem("HAKO_CA_FILE", problem);
        Roots::default()
    })
}

/// The deployment's keys are read for the accounts of the users file and for nobody else.
fn users_settings(s: &mut Source) -> Option<UsersConfig> {
    let file = s.text("HAKO_USERS_FILE");
    let keys = (s.text("S3_ACCESS_KEY"), s.text("S3_SECRET_KEY"));
    let file = file?;
    let (Some(access_key), Some(secret_key)) = keys else {
        s.problem(
            "HAKO_USERS_FILE",
            "needs S3_ACCESS_KEY and S3_SECRET_KEY, the keys with which these accounts work",
        );
        return None;
    };
    Some(UsersConfig {
        file: file.into(),
        keys: Keys {
            access_key,
            secret_key: secret_key.into(),
        },
    })
}

/// Which store is meant: an HCP's address alone says so.
fn backend(s: &mut Source, hcp: &HcpConfig) -> Backend {
    let named = s.one_of(
        "STORAGE_BACKEND",
        &[
            ("embedded", Backend::Embedded),
            ("hcp", Backend::Hcp),
            ("minio", Backend::Minio),
            ("generic", Backend::Generic),
        ],
    );
    named.unwrap_or(if hcp.domain.is_some() || hcp.host.is_some() {
        Backend::Hcp
    } else {
        Backend::Embedded
    })
}

fn hcp_settings(s: &mut Source) -> HcpConfig {
    let domain = s.text("HCP_DOMAIN");
    let host = s.text("HCP_HOST");
    for (name, value) in [("HCP_DOMAIN", &domain), ("HCP_HOST", &host)] {
        if let Some(value) = value
            && !hosts::is_host_name(value)
        {
            s.problem(name, "is a host name without scheme, port or path");
        }
    }
    HcpConfig {
        domain,
        host,
        port: u16::try_from(s.number("HCP_PORT", 9090, 1..=65_535)).unwrap_or(9090),
        auth: s
            .one_of(
                "HCP_AUTH_TYPE",
                &[("hcp", AuthType::Hcp), ("ad", AuthType::Ad)],
            )
            .unwrap_or(AuthType::Hcp),
        verify_tls: s.truth("HCP_VERIFY_SSL", true),
        timeout: Duration::from_secs(s.number("HCP_TIMEOUT", 60, 1..=3_600)),
    }
}

fn embedded_settings(s: &mut Source) -> EmbeddedConfig {
    let s3_domain = s
        .text("HAKO_S3_DOMAIN")
        .unwrap_or_else(|| "localhost".to_owned());
    if !hosts::is_host_name(&s3_domain) {
        s.problem(
            "HAKO_S3_DOMAIN",
            "is a host name without scheme, port or path",
        );
    }
    let admin = s.parse::<Username>("HAKO_ADMIN_USERNAME");
    EmbeddedConfig {
        s3_addr: s.parse("HAKO_S3_ADDR").unwrap_or(loopback(9000)),
        mapi_addr: s.parse("HAKO_MAPI_ADDR").unwrap_or(loopback(9090)),
        s3_domain,
        #[expect(clippy::expect_used, reason = "`admin` is a user name")]
        admin_username: admin.unwrap_or_else(|| Username::parse("admin").expect("a user name")),
        admin_password: s.text("HAKO_ADMIN_PASSWORD").map(SecretString::from),
        demo_password: s.text("HAKO_DEMO_PASSWORD").map(SecretString::from),
        disk_reserve: MB * s.number("HAKO_DISK_RESERVE_MB", 256, 0..=u64::MAX / MB),
        inline_max: 1_024 * s.number("HAKO_LOCAL_INLINE_KB", 16, 0..=256),
        chargeback_days: u32::try_from(s.number("HAKO_LOCAL_CHARGEBACK_DAYS", 180, 1..=3_650))
            .unwrap_or(180),
        audit_days: u32::try_from(s.number("HAKO_LOCAL_AUDIT_DAYS", 365, 1..=3_650)).unwrap_or(365),
        operation_days: u32::try_from(s.number("HAKO_LOCAL_OPERATION_DAYS", 180, 1..=3_650))
            .unwrap_or(180),
        profile: s
            .one_of(
                "HAKO_LOCAL_PROFILE",
                &[
                    ("standard", LocalProfile::Standard),
                    ("hcp", LocalProfile::Hcp),
                ],
            )
            .unwrap_or(LocalProfile::Standard),
        layout: s
            .one_of(
                "HAKO_LOCAL_LAYOUT",
                &[("blobs", LocalLayout::Blobs), ("files", LocalLayout::Files)],
            )
            .unwrap_or(LocalLayout::Blobs),
        upload_expiry: s
            .parse::<humantime::Duration>("HAKO_UPLOAD_EXPIRY")
            .map_or(Duration::from_hours(7 * 24), Into::into),
    }
}

fn task_settings(s: &mut Source) -> TaskConfig {
    TaskConfig {
        per_user: u32::try_from(s.number("HAKO_TASKS_PER_USER", 10, 1..=1_000)).unwrap_or(10),
        expiry: s
            .parse::<humantime::Duration>("HAKO_TASK_EXPIRY")
            .map_or(Duration::from_hours(24), Into::into),
    }
}

/// The embedded store answers at once, and its own S3 and management endpoints change what it says:
/// nothing of it is kept unless that is wanted.
fn cache_settings(s: &mut Source, backend: Backend) -> CacheConfig {
    let mut seconds = |name, default| {
        let default = if backend == Backend::Embedded {
            0
        } else {
            default
        };
        Duration::from_secs(s.number(name, default, 0..=86_400))
    };
    CacheConfig {
        lifetimes: Lifetimes {
            statistics: seconds("CACHE_STATS_TTL", 60),
            settings: seconds("CACHE_CONFIG_TTL", 600),
            other: seconds("CACHE_DEFAULT_TTL", 300),
            objects: seconds("CACHE_QUERY_OBJECT_TTL", 60),
            operations: seconds("CACHE_QUERY_OPERATION_TTL", 120),
        },
    }
}

/// HCP compares `Content-MD5` and knows no other checksum; of a store that is not known, that is the
/// one to count on.
fn upload_settings(s: &mut Source, backend: Backend) -> UploadConfig {
    let compared = match backend {
        Backend::Embedded | Backend::Minio => ChecksumAlgorithm::Crc32c,
        Backend::Hcp | Backend::Generic => ChecksumAlgorithm::Md5,
    };
    let min = PartPlan::MIN_PART_SIZE / MB;
    let parallelism = s.number("HAKO_UPLOAD_PARALLELISM", 6, 1..=16);
    UploadConfig {
        multipart_threshold: MB * s.number("HAKO_UPLOAD_THRESHOLD_MB", 100, min..=5 * GB / MB),
        part_size: MB * s.number("HAKO_UPLOAD_PART_MB", 25, min..=5 * GB / MB),
        parallelism: usize::try_from(parallelism).unwrap_or(6),
        url_lifetime: Duration::from_secs(s.number("HAKO_UPLOAD_URL_SECONDS", 3_600, 60..=43_200)),
        checksum: s
            .one_of(
                "HAKO_UPLOAD_CHECKSUM",
                &[
                    ("crc32c", Some(ChecksumAlgorithm::Crc32c)),
                    ("md5", Some(ChecksumAlgorithm::Md5)),
                    ("none", None),
                ],
            )
            .unwrap_or(Some(compared)),
    }
}

#[cfg(test)]
mod tests;
