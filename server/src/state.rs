//! What handlers share: cheap to clone, built once from the configuration.

use std::{net::SocketAddr, sync::Arc};

use hcp::Store;
use leptos::config::LeptosOptions;
use model::{Timestamp, session::DemoLogin};
use time::OffsetDateTime;

use crate::{
    audit::Audit,
    cache::Cache,
    config::{Config, HostPolicy},
    db::{Revocations, uploads::UploadStore},
    program::Journal,
    service::{
        expiry::TemporaryFiles, links::Links, login_messages::LoginMessages, rights::KnownRights,
    },
    session::{Throttle, Tokens},
    tasks::Tasks,
    users::Users,
};

/// Tells the time; tests give their own.
pub type Clock = Arc<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// The machine's clock.
pub fn system_clock() -> Clock {
    Arc::new(OffsetDateTime::now_utc)
}

/// The shared state.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// What the state is built from.
pub struct Parts {
    /// The configuration as read.
    pub config: Config,
    /// The store's clients.
    pub store: Store,
    /// Makes and opens tokens.
    pub tokens: Tokens,
    /// Sessions that were ended.
    pub revocations: Revocations,
    /// The accounts of the users file, where there is one.
    pub users: Option<Users>,
    /// Slows failed sign-ins.
    pub throttle: Throttle,
    /// What the accounts of sessions may do.
    pub rights: KnownRights,
    /// What tenants say to people who sign in.
    pub login_messages: LoginMessages,
    /// Background work.
    pub tasks: Tasks,
    /// Who changed what.
    pub audit: Audit,
    /// The Hako links.
    pub links: Links,
    /// The ends of temporary files.
    pub temporary: TemporaryFiles,
    /// The uploads whose id alone completes them.
    pub uploads: UploadStore,
    /// What management said lately.
    pub cache: Cache,
    /// The clock.
    pub clock: Clock,
    /// What was logged.
    pub journal: Journal,
    /// Where the embedded store's S3 endpoint listens.
    pub embedded_s3: Option<SocketAddr>,
    /// How to sign in to the demo.
    pub demo: Option<DemoLogin>,
    /// Where the console's files are.
    pub leptos: LeptosOptions,
    /// Which hosts and origins are the console's.
    pub hosts: HostPolicy,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The store's clients.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Makes and opens tokens.
    pub fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }

    /// Sessions that were ended.
    pub fn revocations(&self) -> &Revocations {
        &self.0.revocations
    }

    /// The accounts of the users file, where there is one.
    pub fn users(&self) -> Option<&Users> {
        self.0.users.as_ref()
    }

    /// Slows failed sign-ins.
    pub fn throttle(&self) -> &Throttle {
        &self.0.throttle
    }

    /// What the accounts of sessions may do.
    pub fn rights(&self) -> &KnownRights {
        &self.0.rights
    }

    /// What tenants say to people who sign in.
    pub fn login_messages(&self) -> &LoginMessages {
        &self.0.login_messages
    }

    /// Background work.
    pub fn tasks(&self) -> &Tasks {
        &self.0.tasks
    }

    /// Who changed what.
    pub fn audit(&self) -> &Audit {
        &self.0.audit
    }

    /// The Hako links.
    pub fn links(&self) -> &Links {
        &self.0.links
    }

    /// The ends of temporary files.
    pub fn temporary(&self) -> &TemporaryFiles {
        &self.0.temporary
    }

    /// The uploads whose id alone completes them.
    pub fn uploads(&self) -> &UploadStore {
        &self.0.uploads
    }

    /// What management said lately.
    pub fn cache(&self) -> &Cache {
        &self.0.cache
    }

    /// The present time.
    pub fn now(&self) -> Timestamp {
        Timestamp::new((self.0.clock)())
    }

    /// What was logged.
    #[cfg(feature = "embedded")]
    pub fn journal(&self) -> &Journal {
        &self.0.journal
    }

    /// Where the embedded store's S3 endpoint listens.
    pub fn embedded_s3(&self) -> Option<SocketAddr> {
        self.0.embedded_s3
    }

    /// How to sign in to the demo.
    pub fn demo(&self) -> Option<&DemoLogin> {
        self.0.demo.as_ref()
    }

    /// Where the console's files are.
    pub fn leptos(&self) -> &LeptosOptions {
        &self.0.leptos
    }

    /// Which hosts and origins are the console's.
    pub fn hosts(&self) -> &HostPolicy {
        &self.0.hosts
    }
}
