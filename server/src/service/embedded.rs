//! The embedded store: started in this process, and from then on called over the wire like any other.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::{extract::Request, middleware};
use hcp::Pipes;
use local_hcp::{Journal, LocalHcp, Peer, Profile};
use model::{
    BucketName, ObjectKey, TenantName, Username, auth::Login, mapi::Role, session::DemoLogin,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::task::JoinSet;

use crate::{
    config::{Config, HostPolicy, LocalLayout, LocalProfile, StoreListeners, reachable, show},
    program::{FirstStart, StartError, data_error, random_hex, write_private},
    serve::{Listener, Stop, bind, serve},
    state::{AppState, Clock},
    web::guard::Connection,
};

/// The demo's tenant and user.
const DEMO: &str = "demo";
/// The demo's password unless the operator chose one; published, hence loopback only.
const DEMO_PASSWORD: &str = "demo-demo";

/// How often idle uploads are looked for.
const SWEEP_EVERY: Duration = Duration::from_mins(10);

/// The running store.
pub struct Embedded {
    /// The store itself, for what the wire does not offer: first accounts.
    pub local: LocalHcp,
    /// Where it listens.
    pub listeners: StoreListeners,
    /// How this process reaches it.
    pub pipes: Pipes,
    /// How to sign in to the demo.
    pub demo: Option<DemoLogin>,
    /// Whether the demo's tenant was made just now, and still needs its content.
    fresh_demo: Option<SecretString>,
    first_start: Option<(String, SecretString, PathBuf)>,
}

impl Embedded {
    /// What the first start made up.
    pub fn first_start(&self) -> Option<FirstStart> {
        let (username, password, file) = self.first_start.clone()?;
        Some(FirstStart {
            username,
            password,
            file,
        })
    }
}

/// What the store is told of the process that it runs in.
pub struct Surroundings<'a> {
    /// Which hosts may be the console's.
    pub hosts: &'a HostPolicy,
    /// Where the console listens.
    pub console: SocketAddr,
    /// What time it is.
    pub clock: &'a Clock,
    /// What is logged.
    pub journal: &'a Journal,
}

/// Opens the store, makes the first accounts and listens.
pub async fn start(
    config: &Config,
    demo: bool,
    around: &Surroundings<'_>,
    stop: &Stop,
    tasks: &mut JoinSet<()>,
) -> Result<Embedded, StartError> {
    if demo && !config.on_loopback() {
        return Err(StartError::Config(
            "--demo: the demo's password is public, so every listener must be on loopback (HAKO_ADDR, HAKO_S3_ADDR, \
             HAKO_MAPI_ADDR)"
                .to_owned(),
        ));
    }
    let s3 = bind("HAKO_S3_ADDR", config.embedded.s3_addr).await?;
    let mapi = bind("HAKO_MAPI_ADDR", config.embedded.mapi_addr).await?;
    let address = |listener: &tokio::net::TcpListener| {
        listener
            .local_addr()
            .map_err(|e| data_error(&config.data_dir, e))
    };
    let listeners = StoreListeners {
        s3: address(&s3)?,
        mapi: address(&mapi)?,
    };
    let local = open(config, around).await?;
    let first_start = first_account(config, &local).await?;
    let (demo, fresh_demo) = if demo {
        demo_accounts(config, &local).await?
    } else {
        (None, None)
    };
    let mut pipes = Pipes::default();
    let s3 = Listener::from(s3).and(pipes.listen(reachable(listeners.s3)));
    let mapi = Listener::from(mapi).and(pipes.listen(reachable(listeners.mapi)));
    let with_peer = || middleware::map_request(with_peer);
    let s3_router = local.s3_router().layer(with_peer());
    let mapi_router = local.management_router().layer(with_peer());
    tasks.spawn(serve(s3, s3_router, stop.clone()));
    tasks.spawn(serve(mapi, mapi_router, stop.clone()));
    tasks.spawn(sweep(
        local.clone(),
        config.embedded.upload_expiry,
        stop.clone(),
    ));
    Ok(Embedded {
        local,
        listeners,
        pipes,
        demo,
        fresh_demo,
        first_start,
    })
}

/// Tells the store from where a request came: its tenants say from where one may.
async fn with_peer(mut request: Request) -> Request {
    if let Some(connection) = request.extensions().get::<Connection>().copied() {
        request.extensions_mut().insert(Peer(connection.peer.ip()));
    }
    request
}

/// Drops what nobody came back to, again and again until a stop is asked for.
async fn sweep(local: LocalHcp, upload_expiry: Duration, stop: Stop) {
    let mut rounds = tokio::time::interval(SWEEP_EVERY);
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            () = stop.asked() => return,
        }
        match local.sweep(upload_expiry).await {
            Ok(0) => {}
            Ok(uploads) => tracing::info!(uploads, "idle multipart uploads were dropped"),
            Err(error) => tracing::warn!(%error, "idle multipart uploads could not be dropped"),
        }
    }
}

async fn open(config: &Config, around: &Surroundings<'_>) -> Result<LocalHcp, StartError> {
    let (hosts, console) = (around.hosts.clone(), around.console);
    let local_ip = Some(console.ip()).filter(|ip| !ip.is_unspecified());
    let clock = Arc::clone(around.clock);
    LocalHcp::open(local_hcp::Config {
        data_dir: config.data_dir.join("store"),
        files_dir: match config.embedded.layout {
            LocalLayout::Blobs => None,
            LocalLayout::Files => Some(local_hcp::files_beside(&config.data_dir.join("store"))),
        },
        s3_domain: config.embedded.s3_domain.clone(),
        allowed_origin: Arc::new(move |origin| {
            hosts.may_be_console(origin, console.port(), local_ip)
        }),
        reserve_bytes: config.embedded.disk_reserve,
        inline_bytes: config.embedded.inline_max,
        chargeback_days: config.embedded.chargeback_days,
        audit_days: config.embedded.audit_days,
        operation_days: config.embedded.operation_days,
        profile: match config.embedded.profile {
            LocalProfile::Standard => Profile::Standard,
            LocalProfile::Hcp => Profile::Hcp,
        },
        clock: local_hcp::Clock::new(move || clock()),
        journal: around.journal.clone(),
        settings: show(config),
    })
    .await
    .map_err(|e| data_error(&config.data_dir, e))
}

/// The administrator of a new store. A generated password is kept in a file that the log names.
async fn first_account(
    config: &Config,
    local: &LocalHcp,
) -> Result<Option<(String, SecretString, PathBuf)>, StartError> {
    let failed = |e: local_hcp::Error| data_error(&config.data_dir, e);
    if local.has_system_user().await.map_err(failed)? {
        return Ok(None);
    }
    let username = &config.embedded.admin_username;
    let roles = [
        Role::Administrator,
        Role::Monitor,
        Role::Security,
        Role::Service,
        Role::Search,
    ];
    if let Some(password) = &config.embedded.admin_password {
        local
            .create_system_user(username, password.expose_secret(), &roles)
            .await
            .map_err(failed)?;
        return Ok(None);
    }
    let password = SecretString::from(random_hex(12));
    let file = config.data_dir.join("admin-password");
    // A file without its account is left by a start that was cut short.
    match std::fs::remove_file(&file) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            return Err(data_error(&config.data_dir, e));
        }
        _ => {}
    }
    write_private(&file, password.expose_secret()).map_err(|e| data_error(&config.data_dir, e))?;
    local
        .create_system_user(username, password.expose_secret(), &roles)
        .await
        .map_err(failed)?;
    tracing::info!(user = %username, file = %file.display(), "made the first administrator; the password is in the file");
    Ok(Some((username.to_string(), password, file)))
}

async fn demo_accounts(
    config: &Config,
    local: &LocalHcp,
) -> Result<(Option<DemoLogin>, Option<SecretString>), StartError> {
    let failed = |e: local_hcp::Error| data_error(&config.data_dir, e);
    let (tenant, user) = demo_names();
    let chosen = config.embedded.demo_password.clone();
    let password = chosen
        .clone()
        .unwrap_or_else(|| SecretString::from(DEMO_PASSWORD));
    local.create_tenant(&tenant).await.map_err(failed)?;
    let roles = [
        Role::Administrator,
        Role::Compliance,
        Role::Monitor,
        Role::Security,
    ];
    let made = local
        .create_user(&tenant, &user, password.expose_secret(), &roles, true)
        .await
        .map_err(failed)?;
    let login = DemoLogin {
        tenant: tenant.into(),
        username: user.into(),
        password: chosen.is_none().then(|| DEMO_PASSWORD.to_owned()),
    };
    Ok((Some(login), made.then_some(password)))
}

#[expect(clippy::expect_used, reason = "`demo` is a name of both kinds")]
fn demo_names() -> (TenantName, Username) {
    (
        TenantName::parse(DEMO).expect("a tenant name"),
        Username::parse(DEMO).expect("a user name"),
    )
}

/// The demo's content: two buckets and a few small files, stored over the wire.
pub async fn seed(state: &AppState, embedded: &Embedded) -> Result<(), StartError> {
    const FILES: &[(&str, &str, &str, &str)] = &[
        (
            "documents",
            "welcome.md",
            "text/markdown",
            include_str!("../../demo/welcome.md"),
        ),
        (
            "documents",
            "pictures/box.svg",
            "image/svg+xml",
            include_str!("../../demo/box.svg"),
        ),
        (
            "datasets",
            "astronomy/planets.csv",
            "text/csv",
            include_str!("../../demo/planets.csv"),
        ),
        (
            "datasets",
            "chemistry/noble-gases.json",
            "application/json",
            include_str!("../../demo/noble-gases.json"),
        ),
    ];
    let Some(password) = &embedded.fresh_demo else {
        return Ok(());
    };
    let (tenant, username) = demo_names();
    let login = Login {
        tenant: Some(tenant),
        username,
    };
    let credentials =
        hcp::Credentials::new(state.store().config(), &login, password.expose_secret());
    let s3 = state.store().s3(&credentials)?;
    for (bucket, key, content_type, text) in FILES {
        let bucket = BucketName::parse(*bucket).map_err(|e| StartError::Config(e.to_string()))?;
        let key = ObjectKey::parse(*key).map_err(|e| StartError::Config(e.to_string()))?;
        s3.create_bucket(&bucket).await?;
        let options = hcp::PutOptions {
            content_type: Some((*content_type).to_owned()),
            ..hcp::PutOptions::default()
        };
        s3.put_object(
            &bucket,
            &key,
            hcp::Body::from_bytes(text.as_bytes()),
            options,
        )
        .await?;
    }
    Ok(())
}
