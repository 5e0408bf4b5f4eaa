//! An HCP in one process: S3 and the management API, on SQLite and files.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//! use local_hcp::{Clock, Config, Journal, LocalHcp, Profile};
//!
//! let hcp = LocalHcp::open(Config {
//!     data_dir: "/var/lib/hako".into(),
//!     files_dir: None,
//!     s3_domain: "localhost".into(),
//!     allowed_origin: Arc::new(|origin| origin == "http://localhost:8000"),
//!     reserve_bytes: 64 * 1024 * 1024,
//!     chargeback_days: 180,
//!     audit_days: 365,
//!     operation_days: 180,
//!     profile: Profile::Standard,
//!     clock: Clock::system(),
//!     journal: Journal::default(),
//!     settings: String::new(),
//! })
//! .await?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:9000").await?;
//! axum::serve(listener, hcp.s3_router()).await?;
//! # Ok(())
//! # }
//! ```

mod access;
mod account;
pub mod audit;
pub mod check;
mod checksum;
mod clock;
mod error;
mod files;
mod host;
mod journal;
mod mapi;
mod metapairs;
mod packages;
mod password;
#[cfg(test)]
mod power;
mod profile;
mod protection;
mod request;
mod rest;
mod s3;
mod search;
mod signin;
mod store;
mod temporary;
mod upkeep;

use std::{path::PathBuf, sync::Arc, time::Duration};

use axum::Router;
use model::{TenantName, Username, mapi::Role};
use uuid::Uuid;

pub use self::{
    clock::Clock,
    error::Error,
    files::files_beside,
    journal::{Journal, Stretch},
    profile::Profile,
    request::{Peer, Secured},
    store::{Counts, Usage},
    temporary::{KeyRequest, TemporaryKey},
};
use self::{
    files::Limits,
    packages::Packages,
    password::Password,
    store::{
        Store,
        accounts::{self, NewUser},
        buckets,
    },
};

/// What the store needs to be told.
#[derive(Clone)]
pub struct Config {
    /// Where everything is kept; created, for its owner alone, if it is missing.
    pub data_dir: PathBuf,
    /// Where objects are kept as plain files, `{tenant}/{bucket}/{key}`, on the same file system; `None`: as
    /// blobs. The first start decides it for good.
    pub files_dir: Option<PathBuf>,
    /// The domain of the hosts `{tenant}.{s3_domain}`; `admin.` is the system.
    pub s3_domain: String,
    /// Says whether scripts of an origin may call the S3 endpoint.
    pub allowed_origin: Arc<dyn Fn(&str) -> bool + Send + Sync>,
    /// Writes are refused when less than this would stay free on the disk.
    pub reserve_bytes: u64,
    /// Objects and parts of up to so many bytes are kept in the database, at most 256 KiB.
    pub inline_bytes: u64,
    /// Whose habits the S3 endpoint has.
    pub profile: Profile,
    /// For how many days it is known what namespaces are charged for.
    pub chargeback_days: u32,
    /// For how many days it is known who changed what.
    pub audit_days: u32,
    /// For how many days it is known what was deleted.
    pub operation_days: u32,
    /// What time it is.
    pub clock: Clock,
    /// What the program says, for packages of logs.
    pub journal: Journal,
    /// How the program is set up, in words and without secrets, for packages of logs.
    pub settings: String,
}

/// The store, open.
#[derive(Clone)]
pub struct LocalHcp {
    store: Store,
    config: Arc<Config>,
    packages: Packages,
}

impl LocalHcp {
    /// Opens the store: brings the database to the current schema and removes files that a crash
    /// has left without an object.
    pub async fn open(config: Config) -> Result<Self, Error> {
        let folder = config.data_dir.clone();
        let limits = Limits {
            reserve: config.reserve_bytes,
            inline: config.inline_bytes,
            plain: config.files_dir.is_some(),
        };
        let plain = config.files_dir.clone();
        let clock = config.clock.clone();
        let opening = tokio::task::spawn_blocking(move || {
            let store = Store::open(&folder, plain.as_deref(), limits)?;
            // By then no other process uses the folder.
            let packages = Packages::open(&folder, clock)?;
            Ok::<_, Error>((store, packages))
        });
        let (store, packages) = opening
            .await
            .map_err(|_panicked_or_stopped| Error::Interrupted)??;
        store.tell_time(&config.clock);
        Ok(Self {
            store,
            config: Arc::new(config),
            packages,
        })
    }

    /// The S3 endpoint.
    pub fn s3_router(&self) -> Router {
        s3::router(&self.store, &self.config)
    }

    /// The management endpoint, everything under `/mapi`.
    pub fn management_router(&self) -> Router {
        mapi::router(&self.store, &self.config, &self.packages)
    }

    /// Whether the system level has an account: false before the first start is done.
    pub async fn has_system_user(&self) -> Result<bool, Error> {
        self.store.read(accounts::has_system_user).await
    }

    /// Creates an account of the system level.
    ///
    /// # Errors
    /// [`Error::InvalidName`] when the name is taken.
    pub async fn create_system_user(
        &self,
        username: &Username,
        password: &str,
        roles: &[Role],
    ) -> Result<(), Error> {
        let user = self.new_user(username, password, roles, false).await?;
        let created = self
            .store
            .write(move |write| accounts::insert_user(write.connection, &user))
            .await?;
        if created {
            Ok(())
        } else {
            Err(Error::InvalidName(format!(
                "the system level has a user `{username}` already"
            )))
        }
    }

    /// Creates a tenant; false if it exists.
    ///
    /// # Errors
    /// [`Error::InvalidName`] for `admin`, whose host is the system's.
    pub async fn create_tenant(&self, name: &TenantName) -> Result<bool, Error> {
        if name.as_str().eq_ignore_ascii_case("admin") {
            return Err(Error::InvalidName(
                "a tenant cannot be called `admin`: that host is the system's".to_owned(),
            ));
        }
        let (name, now) = (name.as_str().to_owned(), self.config.clock.now_ms());
        self.store
            .write(move |write| accounts::insert_tenant(write.connection, &name, now))
            .await
    }

    /// Creates an account of a tenant; false if it exists.
    ///
    /// # Errors
    /// [`Error::NoSuchTenant`], and [`Error::InvalidName`] for a name from which no usable S3
    /// access key can be made.
    pub async fn create_user(
        &self,
        tenant: &TenantName,
        username: &Username,
        password: &str,
        roles: &[Role],
        manages_namespaces: bool,
    ) -> Result<bool, Error> {
        let user = self
            .new_user(username, password, roles, manages_namespaces)
            .await?;
        let tenant = tenant.as_str().to_owned();
        self.store
            .write(move |write| {
                let found = accounts::tenant(write.connection, &tenant)?
                    .ok_or(Error::NoSuchTenant(tenant))?;
                account::check_username(&found.name, &user.name)?;
                accounts::insert_user(
                    write.connection,
                    &NewUser {
                        tenant_id: Some(found.id),
                        ..user
                    },
                )
            })
            .await
    }

    /// An account of the system level; given a tenant, one of it.
    async fn new_user(
        &self,
        username: &Username,
        password: &str,
        roles: &[Role],
        manages_namespaces: bool,
    ) -> Result<NewUser, Error> {
        Ok(NewUser {
            tenant_id: None,
            name: username.as_str().to_owned(),
            full_name: username.as_str().to_owned(),
            description: String::new(),
            password: Password::new(password, None).await?,
            guid: Uuid::new_v4().to_string(),
            roles: roles.to_vec(),
            enabled: true,
            local: true,
            must_change: false,
            manages_namespaces,
            created_ms: self.config.clock.now_ms(),
        })
    }

    /// How full a bucket is. `None`: there is no such bucket.
    pub async fn usage(&self, tenant: &TenantName, bucket: &str) -> Result<Option<Usage>, Error> {
        let (tenant, bucket) = (tenant.as_str().to_owned(), bucket.to_owned());
        self.store
            .read(move |connection| buckets::usage(connection, &tenant, &bucket))
            .await
    }

    /// Changes settings of a namespace: those of HCP that govern its objects, as JSON with HCP's names
    /// (`s3UnversionedOverwrite`, `retentionDefault`, `enterpriseMode`, `retentionClasses`, …). What is not
    /// said stays as it is.
    ///
    /// # Errors
    /// [`Error::NoSuchTenant`], [`Error::NoSuchBucket`], [`Error::InvalidSetting`].
    pub async fn set_namespace_settings(
        &self,
        tenant: &TenantName,
        bucket: &str,
        settings: serde_json::Value,
    ) -> Result<(), Error> {
        let (tenant, bucket) = (tenant.as_str().to_owned(), bucket.to_owned());
        self.store
            .write(move |write| {
                let tenant = accounts::tenant(write.connection, &tenant)?
                    .ok_or(Error::NoSuchTenant(tenant))?;
                let bucket = buckets::find(write.connection, tenant.id, &bucket)?
                    .ok_or(Error::NoSuchBucket)?;
                let settings = bucket.settings.changed(settings)?;
                buckets::set_settings(write.connection, bucket.id, &settings)
            })
            .await
    }

    /// Gives a tenant the CORS document that applies to its buckets without one, or takes it away.
    /// The document is S3's `CORSConfiguration` in XML, 2.5 MB at most.
    ///
    /// # Errors
    /// [`Error::NoSuchTenant`], [`Error::InvalidDocument`].
    pub async fn set_tenant_cors(
        &self,
        tenant: &TenantName,
        document: Option<&str>,
    ) -> Result<(), Error> {
        let rules = document.map(s3::parse_cors).transpose()?;
        let words = document.map(|document| model::mapi::Cors {
            cors: Some(document.to_owned()),
            ..model::mapi::Cors::default()
        });
        let tenant = tenant.as_str().to_owned();
        self.store
            .write(move |write| {
                let found = accounts::tenant(write.connection, &tenant)?
                    .ok_or(Error::NoSuchTenant(tenant))?;
                let words = words.as_ref().zip(rules.as_deref());
                mapi::cors::keep(write.connection, found.id, words)
            })
            .await
    }

    /// Does what is due by the clock: drops multipart uploads that nobody has touched for `idle` or that are
    /// older than their namespace lets them be, prunes old versions, disposes of objects whose retention has
    /// ended, and forgets temporary keys a day after their end, hours that are charged no more, audit records and
    /// deletions that are too old, and packages of logs of yesterday. Returns how many uploads.
    pub async fn sweep(&self, idle: Duration) -> Result<usize, Error> {
        let habits = self.config.profile.habits();
        let now_ms = self.config.clock.now_ms();
        let kept = upkeep::Kept {
            idle,
            charged_days: i64::from(self.config.chargeback_days),
            audit_days: i64::from(self.config.audit_days),
            operation_days: i64::from(self.config.operation_days),
        };
        let mut run = upkeep::Run {
            began_ms: now_ms,
            ended_ms: None,
            swept: upkeep::Swept::default(),
        };
        self.store.upkeep().note(run);
        self.packages.sweep();
        let swept = upkeep::run(&self.store, habits, now_ms, kept).await;
        run.ended_ms = Some(self.config.clock.now_ms());
        run.swept = swept.as_ref().copied().unwrap_or_default();
        self.store.upkeep().note(run);
        let swept = swept?;
        if swept.pruned.done > 0 || swept.disposed.done > 0 {
            tracing::info!(
                pruned = swept.pruned.done,
                disposed = swept.disposed.done,
                "old versions and objects past their retention were removed"
            );
        }
        Ok(swept.uploads.done)
    }

    /// How many writes were committed, in how many transactions.
    pub fn write_counts(&self) -> Counts {
        self.store.counts()
    }

    /// Finishes the writes that wait and stops the threads; later writes are refused.
    pub async fn close(&self) {
        self.packages.close();
        let store = self.store.clone();
        if let Err(error) = tokio::task::spawn_blocking(move || store.close()).await {
            tracing::error!(%error, "closing the store failed");
        }
    }
}
