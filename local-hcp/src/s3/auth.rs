//! Who is calling.
//!
//! s3s asks for the secret of an access key and knows nothing of hosts. So each request carries, in
//! a task-local value, whose accounts its host speaks for; the key is looked up in that scope, and
//! the account that was found is handed on once the signature has proved to be its own.

use std::sync::{Arc, OnceLock};

use axum::http::HeaderMap;
use rusqlite::Connection;
use s3s::{
    S3Request, S3Result,
    access::{S3Access, S3AccessContext},
    auth::{S3Auth, SecretKey},
    host::{S3Host, VirtualHost},
    s3_error,
};
use tracing::Dispatch;

use super::{error::fail, usage::Reading};
use crate::{
    Clock, Error,
    access::{Caller, Loan, Origin},
    account::{self, Account, Found, Secret},
    host::{Host, Scope},
    profile::Habits,
    signin::{self, Barrier},
    store::{Store, accounts, temporary_keys},
    temporary,
};

tokio::task_local! {
    /// The request that the current task is answering.
    pub(super) static CALL: Call;
}

/// What is known of a request.
pub(super) struct Call {
    scope: Scope,
    origin: Origin,
    request_id: String,
    /// Where events go; s3s itself runs without.
    log: Dispatch,
    found: OnceLock<Caller>,
    /// Set when a signature that s3s does not get to see has proved to be that of the account that was
    /// found: the policy of a form, or one of version 2.
    proved: OnceLock<()>,
    admitted: OnceLock<Admitted>,
    reading: OnceLock<Reading>,
}

/// That a request was let in, as its answer tells the layers around.
#[derive(Clone, Copy)]
pub(super) struct Admitted {
    /// In whose tenant the names of buckets are looked up. `None`: in any.
    pub(super) tenant_id: Option<i64>,
    /// Somebody signed it. What nobody signed is let in only by what it asks for.
    pub(super) signed: bool,
    /// When the temporary key ends by which it was signed.
    pub(super) key_ends_ms: Option<i64>,
}

impl Call {
    pub(super) fn new(scope: Scope, origin: Origin, request_id: String) -> Self {
        Self {
            scope,
            origin,
            request_id,
            log: tracing::dispatcher::get_default(Dispatch::clone),
            found: OnceLock::new(),
            proved: OnceLock::new(),
            admitted: OnceLock::new(),
            reading: OnceLock::new(),
        }
    }

    /// Says that the account whose secret was looked up has signed the request.
    pub(super) fn prove(&self) {
        // Saying it twice changes nothing.
        let _ = self.proved.set(());
    }

    pub(super) fn admitted(&self) -> Option<Admitted> {
        self.admitted.get().copied()
    }

    /// What is read by the request, if it was let in and reads.
    pub(super) fn reading(&self) -> Option<Reading> {
        self.reading.get().cloned()
    }

    pub(super) fn log(&self) -> &Dispatch {
        &self.log
    }

    pub(super) fn request_id(&self) -> &str {
        &self.request_id
    }
}

/// Looks up secrets.
#[derive(Clone)]
pub(super) struct Keys {
    store: Store,
    clock: Clock,
    habits: Habits,
}

impl Keys {
    pub(super) fn new(store: Store, clock: Clock, habits: Habits) -> Self {
        Self {
            store,
            clock,
            habits,
        }
    }

    /// The secret of an access key. It proves nothing, and nobody is found by it.
    pub(super) async fn secret(&self, access_key: &str) -> S3Result<Secret> {
        self.find(access_key).await.map(|(_caller, secret)| secret)
    }

    async fn find(&self, access_key: &str) -> S3Result<(Box<Caller>, Secret)> {
        let scope = CALL
            .try_with(|call| call.scope.clone())
            .map_err(|_no_call| s3_error!(InternalError))?;
        let (key, now, habits) = (access_key.to_owned(), self.clock.now_ms(), self.habits);
        let known = self
            .store
            .read(move |connection| look_up(connection, &habits, &scope, &key, now))
            .await
            .map_err(fail)?;
        // All refusals here have the code that says "not signed in": none of these callers has
        // proved anything yet.
        match known {
            Known::Caller(caller, secret) => Ok((caller, secret)),
            Known::Expired => Err(s3_error!(
                InvalidAccessKeyId,
                "The temporary access key has expired."
            )),
            Known::Not(Found::Ambiguous) => Err(s3_error!(
                InvalidAccessKeyId,
                "Several tenants have a user of this name. Use the base64 of \"tenant/user\" as the \
                 access key, or the tenant's own host name."
            )),
            Known::Not(Found::OtherTenant) => Err(s3_error!(
                InvalidAccessKeyId,
                "The access key names another tenant than the host does."
            )),
            Known::Not(Found::Nobody | Found::Account(_)) => Err(s3_error!(
                InvalidAccessKeyId,
                "The access key you provided does not exist."
            )),
        }
    }
}

/// What an access key leads to: a caller, if the signature is made with this secret.
enum Known {
    Caller(Box<Caller>, Secret),
    Expired,
    Not(Found),
}

fn look_up(
    connection: &Connection,
    habits: &Habits,
    scope: &Scope,
    access_key: &str,
    now_ms: i64,
) -> Result<Known, Error> {
    if access_key.starts_with(temporary::PREFIX)
        && let Some(mut lent) = temporary_keys::find(connection, access_key)?
    {
        let tenant = lent.account.tenant.as_ref();
        let here = match scope {
            Scope::Any => true,
            Scope::System => false,
            Scope::Tenant(host) => {
                tenant.is_some_and(|tenant| tenant.name.eq_ignore_ascii_case(host))
            }
        };
        if !here {
            return Ok(Known::Not(Found::OtherTenant));
        }
        if lent.loan.expires_ms <= now_ms {
            return Ok(Known::Expired);
        }
        examine(connection, habits, &mut lent.account, now_ms)?;
        let caller = Caller::signed(Arc::new(lent.account), Some(lent.loan));
        return Ok(Known::Caller(Box::new(caller), lent.secret));
    }
    Ok(match account::resolve(connection, scope, access_key)? {
        Found::Account(mut account) => {
            examine(connection, habits, &mut account, now_ms)?;
            let secret = account.secret.clone();
            let caller = Caller::signed(Arc::from(account), None);
            Known::Caller(Box::new(caller), secret)
        }
        other => Known::Not(other),
    })
}

/// Finds out what keeps an account from being used. Failed signatures are no failed sign-ins, and are not
/// waited out: the access key of a user is in every URL that the user presigns, and whoever has one could
/// lock the user out.
fn examine(
    connection: &Connection,
    habits: &Habits,
    account: &mut Account,
    now_ms: i64,
) -> Result<(), Error> {
    let barrier = signin::barrier(connection, habits, account, now_ms)?;
    account.barrier = barrier.filter(|barrier| *barrier != Barrier::CoolingDown);
    Ok(())
}

#[async_trait::async_trait]
impl S3Auth for Keys {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        let (caller, secret) = self.find(access_key).await?;
        let kept = CALL.try_with(|call| call.found.set(*caller).is_ok());
        if kept == Ok(true) {
            Ok(SecretKey::from(secret.expose()))
        } else {
            Err(s3_error!(InternalError))
        }
    }
}

/// Who called.
pub(super) fn caller<T>(request: &S3Request<T>) -> S3Result<Caller> {
    match request.extensions.get::<Caller>() {
        Some(caller) => Ok(caller.clone()),
        None => Err(s3_error!(AccessDenied, "The request is not signed.")),
    }
}

/// Lets proven, enabled accounts of tenants in, and whoever signed nothing: what those may do, the
/// grants say.
pub(super) struct Gate {
    store: Store,
    clock: Clock,
}

impl Gate {
    pub(super) fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Notes, once a day, that an account is in use; once a minute, that a temporary key is. The request does not wait
    /// for it.
    fn note_use(&self, account: &Account, loan: Option<&Loan>) {
        let (id, now_ms) = (account.id, self.clock.now_ms());
        if let Some(loan) = loan.filter(|loan| temporary_keys::is_worth_noting(loan, now_ms)) {
            let (store, key) = (self.store.clone(), loan.access_key.clone());
            tokio::spawn(async move {
                let noted = store
                    .write(move |write| temporary_keys::note_use(write.connection, &key, now_ms));
                if let Err(error) = noted.await {
                    tracing::warn!(%error, "that a temporary key is in use could not be noted");
                }
            });
        }
        if now_ms - account.history.active_ms < signin::DAY_MS {
            return;
        }
        let store = self.store.clone();
        tokio::spawn(async move {
            let noted =
                store.write(move |write| accounts::note_activity(write.connection, id, now_ms));
            if let Err(error) = noted.await {
                tracing::warn!(%error, "that an account is in use could not be noted");
            }
        });
    }

    /// Where objects are plain files, others may have changed the one that a request names.
    async fn compare(&self, caller: &Caller, context: &S3AccessContext<'_>) -> S3Result<()> {
        if self.store.plain().is_none() {
            return Ok(());
        }
        let Some((bucket, key)) = context.s3_path().as_object() else {
            return Ok(());
        };
        self.store
            .compare_key(caller, bucket, key, self.clock.now_ms())
            .await
            .map_err(fail)
    }

    /// Somebody who signed nothing, in the tenant that the host names.
    async fn anonymous(&self) -> S3Result<Caller> {
        let denied = || s3_error!(AccessDenied, "The request is not signed.");
        let scope = CALL.try_with(|call| call.scope.clone());
        let tenant = match scope {
            Ok(Scope::Any) => None,
            Ok(Scope::Tenant(name)) => {
                let found = self
                    .store
                    .read(move |connection| accounts::tenant(connection, &name))
                    .await
                    .map_err(fail)?;
                Some(found.ok_or_else(denied)?)
            }
            Ok(Scope::System) | Err(_) => return Err(denied()),
        };
        Ok(Caller::anonymous(tenant))
    }
}

#[async_trait::async_trait]
impl S3Access for Gate {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        supported(context.headers())?;
        let origin = CALL.try_with(|call| call.origin).unwrap_or_default();
        // Credentials are set only after the signature has been verified.
        let signed = context.credentials().is_some()
            || CALL.try_with(|call| call.proved.get().is_some()) == Ok(true);
        if !signed {
            let caller = self.anonymous().await?.over_http(origin);
            admit(&caller, context.s3_op().name());
            self.compare(&caller, context).await?;
            context.extensions_mut().insert(caller);
            return Ok(());
        }
        let caller = CALL
            .try_with(|call| call.found.get().cloned())
            .ok()
            .flatten()
            .ok_or_else(|| s3_error!(AccessDenied, "The request is not signed."))?;
        let account = caller.account().map_err(fail)?;
        if let Some(barrier) = account.barrier {
            return Err(s3_error!(AccessDenied, "{}", barrier.reason()));
        }
        if account.tenant.is_none() {
            return Err(s3_error!(
                AccessDenied,
                "System-level accounts have no access by S3; sign in as a user of a tenant."
            ));
        }
        admit(&caller, context.s3_op().name());
        self.note_use(account, caller.loan());
        let caller = caller.over_http(origin);
        self.compare(&caller, context).await?;
        context.extensions_mut().insert(caller);
        Ok(())
    }
}

/// Has the layers around know that a request was let in.
fn admit(caller: &Caller, operation: &str) {
    let admitted = Admitted {
        tenant_id: caller.tenant().map(|tenant| tenant.id),
        signed: caller.account().is_ok(),
        key_ends_ms: caller.loan().map(|loan| loan.expires_ms),
    };
    // A request is checked once, and a call without a task is none of ours.
    let _ = CALL.try_with(|call| {
        if let Some(reading) = Reading::of(operation, caller) {
            let _ = call.reading.set(reading);
        }
        call.admitted.set(admitted)
    });
}

/// Headers that ask for something this store does not do. To ignore them would be to promise it.
fn supported(headers: &HeaderMap) -> S3Result<()> {
    const UNSUPPORTED: &[&str] = &[
        "x-amz-object-lock-",
        "x-amz-server-side-encryption-customer-",
        "x-amz-website-redirect-location",
        "x-amz-write-offset-bytes",
    ];
    for name in headers.keys() {
        let name = name.as_str();
        if UNSUPPORTED.iter().any(|start| name.starts_with(start)) {
            return Err(s3_error!(
                NotImplemented,
                "the header `{name}` is not supported"
            ));
        }
    }
    Ok(())
}

/// Finds the bucket of `{bucket}.{tenant}.{domain}`.
pub(super) struct Hosts {
    domain: Arc<str>,
}

impl Hosts {
    pub(super) fn new(domain: Arc<str>) -> Self {
        Self { domain }
    }
}

impl S3Host for Hosts {
    fn parse_host_header<'a>(&'a self, host: &'a str) -> S3Result<VirtualHost<'a>> {
        let virtual_host = VirtualHost::new(host);
        Ok(match Host::parse(host, &self.domain).bucket {
            Some(bucket) => virtual_host.with_bucket(bucket),
            None => virtual_host,
        })
    }
}
