//! A store: who may come in, and the clients of those who did.

use std::{sync::Arc, time::Duration, time::Instant};

use aws_smithy_types::body::SdkBody;
use http::{Method, Request};
use model::{
    TenantName,
    auth::Login,
    credentials::{LentKey, NewTemporaryKey, TemporaryKeys},
};
use serde_json::Value;

use crate::{
    Body, Credentials, Error, ErrorKind, Missing, Pipes, S3, StoreConfig,
    mapi::{self, Call, Fetched, Reply},
    pool::Pool,
    transport::Transport,
};

/// How long a readiness check may take.
const PROBE: Duration = Duration::from_secs(5);

/// One store. Clones share its connections and its clients.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    config: StoreConfig,
    transport: Transport,
    clients: Pool<S3>,
}

impl Store {
    /// Prepares the connections; opens none.
    pub fn new(config: StoreConfig) -> Result<Self, Error> {
        Self::by(config, Pipes::default())
    }

    /// As [`Store::new`], for a store that runs in this process, at the addresses of `pipes`.
    pub fn by(config: StoreConfig, pipes: Pipes) -> Result<Self, Error> {
        config.probe_url()?;
        let transport = Transport::new(
            config.needs_tls(),
            config.verify_tls,
            &config.roots,
            config.connect_timeout,
            pipes,
        )?;
        Ok(Self(Arc::new(Inner {
            config,
            transport,
            clients: Pool::new(),
        })))
    }

    /// How the store is spoken to.
    pub fn config(&self) -> &StoreConfig {
        &self.0.config
    }

    /// What a person typed, made into what this store wants.
    pub fn credentials(&self, login: &Login, password: &str) -> Credentials {
        Credentials::new(&self.0.config, login, password)
    }

    /// Asks the store whether it knows these credentials, by exactly one call: HCP counts failed
    /// ones, so a refusal is never tried again.
    ///
    /// In a tenant, and on a store without tenants, the call is a signed S3 `GET /`. At the system
    /// level of an HCP it is a management read of the caller's own account.
    pub async fn verify(&self, credentials: &Credentials) -> Result<(), Error> {
        if self.0.config.backend.is_hcp() && credentials.tenant.is_none() {
            return self.verify_system(credentials).await;
        }
        // Not from the pool: what is refused shall not be kept.
        let s3 = S3::new(&self.0.config, &self.0.transport, credentials)?;
        match s3.probe().await {
            Ok(()) => Ok(()),
            // A right that is missing proves that the signature was good. The Active Directory header
            // has no code of its own for a wrong password, so there it proves nothing.
            Err(e) if e.store_code() == Some("AccessDenied") => {
                if self.0.config.is_ad() {
                    Err(e.with_kind(ErrorKind::Unauthenticated))
                } else {
                    Ok(())
                }
            }
            Err(e) => Err(e),
        }
    }

    async fn verify_system(&self, credentials: &Credentials) -> Result<(), Error> {
        let account = self.management(credentials).own_account().await;
        match account {
            Ok(_) => Ok(()),
            // Whoever has to change the password can do nothing else, and is known all the same.
            Err(e) if e.wants_new_password() => Ok(()),
            // HCP looks at the credentials first, so it knows them; people of a directory have no
            // account of their own.
            Err(e) if is_missing_account(&e) && self.0.config.is_ad() => Ok(()),
            Err(e) if e.kind() == ErrorKind::Denied || is_missing_account(&e) => {
                Err(e.with_kind(ErrorKind::Unauthenticated))
            }
            Err(e) => Err(e),
        }
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.0.transport
    }

    pub(crate) fn management<'a>(&'a self, credentials: &'a Credentials) -> mapi::Client<'a> {
        mapi::Client::new(&self.0.config, &self.0.transport, credentials)
    }

    /// Performs a call of the management API with a person's credentials, on the host of the person's
    /// level: an account of a tenant asks the tenant, one of the system asks the system, also for what
    /// is in a tenant.
    ///
    /// What only reads is tried again, a few times and within one limit, where HCP fails or the
    /// connection breaks. What changes something is sent once.
    pub async fn perform(&self, credentials: &Credentials, call: &Call) -> Result<Reply, Error> {
        self.management(credentials).perform(call).await
    }

    /// Fetches a file of the management API (logs, a report, a certificate) as it comes; `accept` is what is taken
    /// for it.
    pub async fn fetch(
        &self,
        credentials: &Credentials,
        call: &Call,
        accept: &str,
    ) -> Result<Fetched, Error> {
        self.management(credentials).fetch(call, accept).await
    }

    /// Puts a file into the management API: a licence, a certificate, a key. It is sent once. Gives HCP's
    /// version.
    pub async fn put_file(
        &self,
        credentials: &Credentials,
        call: &Call,
        media_type: &str,
        file: Body,
    ) -> Result<Option<String>, Error> {
        let client = self.management(credentials);
        client.put_file(call, media_type, file).await
    }

    /// Asks a metadata query (`{"object": …}` or `{"operation": …}`, in HCP's form) at a tenant's host, with
    /// a person's credentials, and gives the answer as it came. It only reads, and is tried again as
    /// [`Self::perform`] does.
    pub async fn query(
        &self,
        credentials: &Credentials,
        tenant: &TenantName,
        request: &Value,
    ) -> Result<Value, Error> {
        self.management(credentials).query(tenant, request).await
    }

    /// A person's temporary keys, on a store that lends them (the local HCP).
    pub async fn temporary_keys(&self, credentials: &Credentials) -> Result<TemporaryKeys, Error> {
        self.management(credentials).temporary_keys().await
    }

    /// Lends a person's rights in part and for a while.
    pub async fn lend_key(
        &self,
        credentials: &Credentials,
        new: &NewTemporaryKey,
    ) -> Result<LentKey, Error> {
        self.management(credentials).lend_key(new).await
    }

    /// Takes a temporary key back, at once.
    pub async fn revoke_key(
        &self,
        credentials: &Credentials,
        access_key: &str,
    ) -> Result<(), Error> {
        self.management(credentials).revoke_key(access_key).await
    }

    /// The S3 client of a person.
    pub fn s3(&self, credentials: &Credentials) -> Result<S3, Error> {
        let Inner {
            config,
            transport,
            clients,
        } = &*self.0;
        clients.get_or_make(credentials.digest(), Instant::now(), || {
            S3::new(config, transport, credentials)
        })
    }

    /// Whether the store answers HTTP at all, whatever it says, within five seconds.
    pub async fn reachable(&self) -> bool {
        let Ok(url) = self.0.config.probe_url() else {
            return false;
        };
        let request = Request::builder()
            .method(Method::GET)
            .uri(url.as_str())
            .body(SdkBody::empty());
        let Ok(request) = request else {
            return false;
        };
        let answer = tokio::time::timeout(PROBE, self.0.transport.send(request, PROBE)).await;
        match answer {
            Ok(Ok(_)) => true,
            Ok(Err(error)) => {
                tracing::debug!(%error, "the store cannot be reached");
                false
            }
            Err(_elapsed) => {
                tracing::debug!("the store did not answer in {PROBE:?}");
                false
            }
        }
    }
}

fn is_missing_account(error: &Error) -> bool {
    let what = Missing::Account;
    error.kind() == ErrorKind::NotFound { what }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("config", &self.0.config)
            .finish_non_exhaustive()
    }
}
