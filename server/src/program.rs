//! The whole product, put together: what `hako serve` runs and what integration tests start.

use std::{io, net::SocketAddr, path::Path, sync::Arc};

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
};
use hcp::{Pipes, Store};
use leptos::config::{LeptosOptions, get_configuration};
use model::session::{Backend, DemoLogin};
use rand::RngCore;
use secrecy::SecretString;
use tokio::task::JoinSet;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    Error,
    audit::Audit,
    cache::{Cache, Patience, RedisAnswers},
    config::{Config, HostPolicy, StoreListeners},
    db::{
        Database, RedisRevocations, Revocations, SqliteRevocations,
        audit::{AuditStore, RedisAudit, SqliteAudit},
        expiries::{ExpiryStore, RedisExpiries, SqliteExpiries},
        links::{LinkStore, RedisLinks, SqliteLinks},
        tasks::{RedisTasks, SqliteTasks, TaskStore},
        uploads::{RedisUploads, SqliteUploads, UploadStore},
    },
    openapi, pages, routes,
    serve::{BindError, Stop, bind, serve},
    service::{
        expiry::{self, TemporaryFiles},
        links::Links,
        login_messages::LoginMessages,
        rights::KnownRights,
    },
    session::{SecretKey, Throttle, Tokens},
    state::{AppState, Clock, Parts},
    tasks::{Background, Files, Tasks},
    users::Users,
    web,
};

/// What is logged, kept for packages of logs and for who reads along.
#[cfg(feature = "embedded")]
pub use local_hcp::Journal;

/// Without an embedded store nobody asks for what was logged.
#[cfg(not(feature = "embedded"))]
#[derive(Clone, Debug, Default)]
pub struct Journal;

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration asks for what cannot be.
    #[error("{0}")]
    Config(String),
    /// An address cannot be listened on.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The data folder cannot be used.
    #[error("HAKO_DATA_DIR: {folder}: {source}")]
    Data {
        /// The folder.
        folder: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Redis does not answer. Its own words may repeat the address, password included: left out.
    #[error("REDIS_URL: Redis cannot be used ({0:?})")]
    Redis(redis::ErrorKind),
    /// The store's clients cannot be made.
    #[error("the store's client cannot be made: {0}")]
    Store(#[from] hcp::Error),
    /// The site's settings cannot be read.
    #[error("Leptos.toml: {0}")]
    Site(String),
}

impl StartError {
    /// Whether the operator's settings are to blame (exit status 2).
    pub fn is_configuration(&self) -> bool {
        matches!(self, Self::Config(_) | Self::Bind(_))
    }
}

/// A running server.
pub struct Running {
    /// Where the console and the API listen.
    pub console: SocketAddr,
    /// Where the embedded store listens.
    pub store: Option<StoreListeners>,
    /// How to sign in to the demo.
    pub demo: Option<DemoLogin>,
    /// What the first start made up.
    pub first_start: Option<FirstStart>,
    stop: Stop,
    tasks: JoinSet<()>,
    background: Background,
    state: AppState,
    store_stop: Stop,
    store_tasks: JoinSet<()>,
    #[cfg(feature = "embedded")]
    embedded: Option<local_hcp::LocalHcp>,
}

/// What the first start of the embedded store made up.
pub struct FirstStart {
    /// The administrator's name.
    pub username: String,
    /// The generated password: shown once, on a terminal only.
    pub password: SecretString,
    /// The file that keeps it.
    pub file: std::path::PathBuf,
}

impl Running {
    /// Asks for a stop and waits until all has ended: the console first, since its running requests
    /// still need the embedded store.
    pub async fn stop(mut self) {
        self.stop.ask();
        self.background.ask_to_stop();
        while self.tasks.join_next().await.is_some() {}
        self.background.stop().await;
        self.state.audit().flush().await;
        self.store_stop.ask();
        while self.store_tasks.join_next().await.is_some() {}
        #[cfg(feature = "embedded")]
        if let Some(store) = &self.embedded {
            store.close().await;
        }
    }

    /// What the handlers share: for tests of what no route leads to.
    #[doc(hidden)]
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// Stops the embedded store alone, as a failure of the store would: for tests.
    #[cfg(feature = "embedded")]
    pub fn embedded_store(&self) -> Option<&local_hcp::LocalHcp> {
        self.embedded.as_ref()
    }
}

/// Starts everything. `demo` adds the demo's tenant; `clock` is the machine's outside of tests.
pub async fn start(config: Config, demo: bool, clock: Clock) -> Result<Running, StartError> {
    Box::pin(start_with(config, demo, clock, Journal::default())).await
}

/// The same with what is logged, which an embedded store packs up and lets be read where it is asked to.
pub async fn start_with(
    config: Config,
    demo: bool,
    clock: Clock,
    journal: Journal,
) -> Result<Running, StartError> {
    prepare_folder(&config.data_dir)?;
    let console = bind("HAKO_ADDR", config.addr).await?;
    let unknown = |e| data_error(&config.data_dir, e);
    let console_addr = console.local_addr().map_err(unknown)?;
    let hosts = HostPolicy::new(config.public_url.clone(), config.allowed_hosts.clone());
    let stop = Stop::new(config.shutdown_deadline);
    let store_stop = stop.stage();
    #[cfg_attr(
        not(feature = "embedded"),
        expect(unused_mut, reason = "only the embedded store adds tasks")
    )]
    let mut store_tasks = JoinSet::new();

    #[cfg(feature = "embedded")]
    let embedded = match config.backend {
        Backend::Embedded => Some(
            crate::service::embedded::start(
                &config,
                demo,
                &crate::service::embedded::Surroundings {
                    hosts: &hosts,
                    console: console_addr,
                    clock: &clock,
                    journal: &journal,
                },
                &store_stop,
                &mut store_tasks,
            )
            .await?,
        ),
        _ => None,
    };
    #[cfg(not(feature = "embedded"))]
    let embedded: Option<NoStore> = None;
    check_demo(demo, embedded.is_some())?;
    let own = embedded.as_ref().map_or_else(Own::default, |e| Own {
        listeners: Some(e.listeners),
        pipes: e.pipes.clone(),
        demo: e.demo.clone(),
    });
    let (listeners, demo_login) = (own.listeners, own.demo.clone());
    let (state, background) = shared(config, own, hosts, clock, journal).await?;
    #[cfg(feature = "embedded")]
    if let Some(embedded) = &embedded {
        crate::service::embedded::seed(&state, embedded).await?;
    }
    warn(&state);
    let mut tasks = JoinSet::new();
    tasks.spawn(serve(console, router(&state), stop.clone()));
    tasks.spawn(expiry::sweep_again_and_again(state.clone(), stop.clone()));
    Ok(Running {
        console: console_addr,
        store: listeners,
        demo: demo_login,
        #[cfg(feature = "embedded")]
        first_start: embedded
            .as_ref()
            .and_then(crate::service::embedded::Embedded::first_start),
        #[cfg(not(feature = "embedded"))]
        first_start: None,
        stop,
        tasks,
        background,
        state,
        store_stop,
        store_tasks,
        #[cfg(feature = "embedded")]
        embedded: embedded.map(|e| e.local),
    })
}

/// The store of this process, as the rest of it sees the store.
#[derive(Default)]
struct Own {
    listeners: Option<StoreListeners>,
    pipes: Pipes,
    demo: Option<DemoLogin>,
}

/// What the handlers share, and the work in the background.
async fn shared(
    config: Config,
    own: Own,
    hosts: HostPolicy,
    clock: Clock,
    journal: Journal,
) -> Result<(AppState, Background), StartError> {
    let Kept {
        revocations,
        background,
        audit,
        links,
        expiries,
        uploads,
    } = kept(&config, &clock).await?;
    let secret = secret_key(&config)?;
    let state = AppState::new(Parts {
        cache: cache(&config, own.listeners, &secret, &revocations, &clock),
        store: Store::by(config.store(own.listeners), own.pipes)?,
        tokens: Tokens::new(&secret, config.token_lifetime),
        revocations,
        users: users(&config)?,
        throttle: Throttle::default(),
        rights: KnownRights::default(),
        login_messages: LoginMessages::default(),
        tasks: background.tasks(),
        audit,
        links: Links::new(links),
        temporary: TemporaryFiles::new(expiries),
        uploads,
        clock,
        journal,
        embedded_s3: own.listeners.map(|l| l.s3),
        demo: own.demo,
        leptos: site(config.site_config.as_deref())?,
        hosts,
        config,
    });
    Ok((state, background))
}

fn check_demo(demo: bool, embedded: bool) -> Result<(), StartError> {
    if demo && !embedded {
        return Err(StartError::Config(
            "--demo: only the embedded store has a demo".to_owned(),
        ));
    }
    Ok(())
}

/// Stands where a build without the embedded store has none.
#[cfg(not(feature = "embedded"))]
struct NoStore {
    listeners: StoreListeners,
    pipes: Pipes,
    demo: Option<DemoLogin>,
}

/// Everything that the console's address answers.
pub fn router(state: &AppState) -> Router {
    let api = routes::api(state.clone());
    let pages = pages::router(state, &api);
    let rest = routes::workspace::router(state, &pages);
    let all = api
        .merge(routes::probes().with_state(state.clone()))
        .merge(routes::passing::router(state.clone()))
        .merge(openapi::pages::router(&state.config().root))
        .fallback_service(rest)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), web::guard::host_layer))
        .layer(from_fn(routes::workspace::misdirected))
        .layer(from_fn(drain::layer))
        .layer(from_fn(web::access_log::layer))
        .layer(from_fn(web::security::layer))
        .layer(from_fn(web::request_id::layer));
    let root = &state.config().root;
    if root.is_empty() {
        return all;
    }
    // Around the others, because they are found by the path.
    Router::new()
        .fallback_service(all)
        .layer(from_fn_with_state(
            Arc::from(root.as_str()),
            web::root::layer,
        ))
}

fn panicked(_panic: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    use axum::response::IntoResponse;
    Error::internal("a handler panicked").into_response()
}

fn warn(state: &AppState) {
    let config = state.config();
    if config.backend != Backend::Embedded {
        let verified = if config.backend == Backend::Hcp {
            config.hcp.verify_tls
        } else {
            config.s3_verify_tls
        };
        if !verified {
            tracing::warn!(
                "the store's certificate is NOT checked: anyone between Hako and the store can read and change everything"
            );
        }
        return;
    }
    let through_hako = config.s3_public_url.is_none()
        && (state.hosts().is_https()
            || (config.embedded.s3_addr.ip().is_loopback() && !config.addr.ip().is_loopback()));
    if through_hako {
        tracing::warn!(
            "browsers on other machines cannot reach the store: their uploads go through Hako. Set HAKO_S3_ADDR \
             and S3_PUBLIC_ENDPOINT_URL to let them send straight to it"
        );
    }
}

fn users(config: &Config) -> Result<Option<Users>, StartError> {
    let users = config.users.as_ref();
    let opened = users.map(|users| Users::open(&users.file, users.keys.clone()));
    opened
        .transpose()
        .map_err(|fault| StartError::Config(format!("HAKO_USERS_FILE: {fault}")))
}

fn prepare_folder(folder: &Path) -> Result<(), StartError> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .and_then(|()| std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)))
        .map_err(|e| data_error(folder, e))
}

pub(crate) fn data_error(
    folder: &Path,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> StartError {
    StartError::Data {
        folder: folder.display().to_string(),
        source: source.into(),
    }
}

/// The deployment's secret: given, or in embedded mode made once and kept in a file of mode 0600.
fn secret_key(config: &Config) -> Result<SecretKey, StartError> {
    if let Some(key) = &config.secret_key {
        return Ok(SecretKey::new(key.clone()));
    }
    let file = config.data_dir.join("secret-key");
    let kept = match std::fs::read_to_string(&file) {
        Ok(text) => text.trim().to_owned(),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            let text = random_hex(32);
            write_private(&file, &text).map_err(|e| data_error(&config.data_dir, e))?;
            text
        }
        Err(e) => return Err(data_error(&config.data_dir, e)),
    };
    if kept.len() < 64 {
        let reason = format!(
            "{} holds no key: remove it to make a new one (all sessions end)",
            file.display()
        );
        return Err(data_error(&config.data_dir, reason));
    }
    Ok(SecretKey::new(SecretString::from(kept)))
}

/// So many random bytes in hexadecimal.
pub(crate) fn random_hex(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    rand::rng().fill_bytes(&mut random);
    hcp::hex(&random)
}

/// Writes a new file that only its owner may read.
pub(crate) fn write_private(file: &Path, text: &str) -> io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut out = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()
}

/// What outlives a restart.
struct Kept {
    revocations: Revocations,
    background: Background,
    audit: Audit,
    links: LinkStore,
    expiries: ExpiryStore,
    uploads: UploadStore,
}

/// Opens what outlives a restart: the ended sessions, the tasks, the audit, the links, the ends of temporary files, and
/// whose uploads are complete by their id.
async fn kept(config: &Config, clock: &Clock) -> Result<Kept, StartError> {
    let folder = &config.data_dir;
    let (revocations, tasks, audit, links, expiries, uploads) = if let Some(url) = &config.redis_url
    {
        let shared = RedisRevocations::connect(url)
            .await
            .map_err(|e| StartError::Redis(e.kind()))?;
        let tasks = TaskStore::Redis(RedisTasks::new(&shared));
        let audit = AuditStore::Redis(RedisAudit::new(&shared));
        let links = LinkStore::Redis(RedisLinks::new(&shared));
        let expiries = ExpiryStore::Redis(RedisExpiries::new(&shared));
        let uploads = UploadStore::Redis(RedisUploads::new(&shared));
        (
            Revocations::Redis(shared),
            tasks,
            audit,
            links,
            expiries,
            uploads,
        )
    } else {
        let file = folder.join("server.sqlite");
        let opened = Database::open(&file).and_then(|database| {
            let audit = SqliteAudit::new(database.clone(), Database::open(&file)?);
            let links = SqliteLinks::new(database.clone());
            let expiries = SqliteExpiries::new(database.clone());
            let uploads = SqliteUploads::new(database.clone());
            let tasks = SqliteTasks::load(database.clone(), clock().into())?;
            let revocations = SqliteRevocations::load(database, clock().into())?;
            Ok((
                Revocations::Sqlite(revocations),
                TaskStore::Sqlite(tasks),
                AuditStore::Sqlite(audit),
                LinkStore::Sqlite(links),
                ExpiryStore::Sqlite(expiries),
                UploadStore::Sqlite(uploads),
            ))
        });
        opened.map_err(|e| data_error(folder, e))?
    };
    let files = Files::open(folder, config.embedded.disk_reserve)
        .await
        .map_err(|e| data_error(folder, e))?;
    let background = Tasks::open(tasks, files, config.tasks, Clock::clone(clock))
        .await
        .map_err(|e| data_error(folder, e))?;
    let audit = Audit::open(audit, config.audit_days, Clock::clone(clock));
    Ok(Kept {
        revocations,
        background,
        audit,
        links,
        expiries,
        uploads,
    })
}

/// What management said: with this server, or in Redis where that is used.
fn cache(
    config: &Config,
    listeners: Option<StoreListeners>,
    secret: &SecretKey,
    revocations: &Revocations,
    clock: &Clock,
) -> Cache {
    let shared = match revocations {
        Revocations::Redis(redis) => {
            let lifetimes = &config.cache.lifetimes;
            let patience = Patience::default();
            Some(RedisAnswers::new(redis, secret, lifetimes, patience))
        }
        Revocations::Sqlite(_) => None,
    };
    // The same on all servers in front of one HCP.
    let system = format!("{:?}", config.store(listeners).management);
    Cache::new(&config.cache, system, shared, Clock::clone(clock))
}

/// The site's settings: the `Leptos.toml` that is named, or of the current folder, or beside the
/// program. A relative `site-root` counts from that file.
fn site(named: Option<&Path>) -> Result<LeptosOptions, StartError> {
    let here = Path::new("Leptos.toml").to_path_buf();
    let beside = std::env::current_exe()
        .ok()
        .and_then(|exe| Some(exe.parent()?.join("Leptos.toml")));
    let candidates = match named {
        Some(file) => vec![file.to_path_buf()],
        None => [Some(here), beside].into_iter().flatten().collect(),
    };
    for file in candidates {
        if !file.try_exists().unwrap_or(false) {
            continue;
        }
        let read = get_configuration(file.to_str()).map_err(|e| StartError::Site(e.to_string()))?;
        let mut options = read.leptos_options;
        let folder = file.parent().unwrap_or(Path::new(""));
        options.site_root = folder.join(&*options.site_root).to_string_lossy().into();
        if options.hash_files
            && !hash_file(&options).is_some_and(|f| f.try_exists().unwrap_or(false))
        {
            tracing::warn!(
                "{} is not beside the program: the site's files are asked for by their plain names",
                options.hash_file
            );
            options.hash_files = false;
        }
        return Ok(options);
    }
    Err(StartError::Site(
        "not found in the current folder, nor beside the program; name it by HAKO_SITE_CONFIG"
            .to_owned(),
    ))
}

/// The list of hashes that the build writes; rendering looks for it beside the program, nowhere else.
fn hash_file(options: &LeptosOptions) -> Option<std::path::PathBuf> {
    Some(
        std::env::current_exe()
            .ok()?
            .parent()?
            .join(&*options.hash_file),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// cargo-leptos reads `Cargo.toml`, the server reads `Leptos.toml`: what both say must agree.
    #[test]
    fn the_two_settings_of_the_site_agree() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let read = |name: &str| -> toml::Table {
            std::fs::read_to_string(root.join(name))
                .unwrap()
                .parse()
                .unwrap()
        };
        let (cargo, leptos) = (read("Cargo.toml"), read("Leptos.toml"));
        let built = cargo["workspace"]["metadata"]["leptos"][0]
            .as_table()
            .unwrap();
        let served = leptos["package"]["metadata"]["leptos"].as_table().unwrap();
        for (key, value) in served {
            assert_eq!(built.get(key), Some(value), "{key}");
        }
        // Without it cargo-leptos builds the server without the embedded store.
        assert_eq!(built["bin-default-features"].as_bool(), Some(true));
        for key in ["output-name", "site-root", "site-pkg-dir", "hash-files"] {
            assert!(served.contains_key(key), "{key}");
        }
    }

    #[test]
    fn a_private_file_is_private_and_never_overwritten() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        write_private(&file, "one").unwrap();
        assert!(write_private(&file, "two").is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "one");
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}
