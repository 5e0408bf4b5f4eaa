//! Who is calling.
//!
//! s3s asks for the secret of an access key and knows nothing of hosts. So each request carries, in
//! a task-local value, whose accounts its host speaks for; the key is looked up in that scope, and
//! the account that was found is handed on once the signature has proved to be its own.

use std::sync::{Arc, OnceLock};

use axum::http::HeaderMap;
use s3s::{
    S3Request, S3Result,
    access::{S3Access, S3AccessContext},
    auth::{S3Auth, SecretKey},
    host::{S3Host, VirtualHost},
    s3_error,
};
use tracing::Dispatch;

use super::error::fail;
use crate::{
    account::{self, Account, Found},
    host::{Host, Scope},
    store::Store,
};

tokio::task_local! {
    /// The request that the current task is answering.
    pub(super) static CALL: Call;
}

/// What is known of a request.
pub(super) struct Call {
    scope: Scope,
    request_id: String,
    /// Where events go; s3s itself runs without.
    log: Dispatch,
    found: OnceLock<Arc<Account>>,
}

impl Call {
    pub(super) fn new(scope: Scope, request_id: String) -> Self {
        Self {
            scope,
            request_id,
            log: tracing::dispatcher::get_default(Dispatch::clone),
            found: OnceLock::new(),
        }
    }

    pub(super) fn log(&self) -> &Dispatch {
        &self.log
    }

    pub(super) fn request_id(&self) -> &str {
        &self.request_id
    }
}

/// Looks up secrets.
pub(super) struct Keys {
    store: Store,
}

impl Keys {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }
}

#[async_trait::async_trait]
impl S3Auth for Keys {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        let scope = CALL
            .try_with(|call| call.scope.clone())
            .map_err(|_no_call| s3_error!(InternalError))?;
        let key = access_key.to_owned();
        let found = self
            .store
            .read(move |connection| account::resolve(connection, &scope, &key))
            .await
            .map_err(fail)?;
        // All refusals here have the code that says "not signed in": none of these callers has
        // proved anything yet.
        match found {
            Found::Account(account) => {
                let secret = SecretKey::from(account.secret.expose());
                let kept = CALL.try_with(|call| call.found.set(Arc::from(account)).is_ok());
                if kept == Ok(true) {
                    Ok(secret)
                } else {
                    Err(s3_error!(InternalError))
                }
            }
            Found::Nobody => Err(s3_error!(
                InvalidAccessKeyId,
                "The access key you provided does not exist."
            )),
            Found::Ambiguous => Err(s3_error!(
                InvalidAccessKeyId,
                "Several tenants have a user of this name. Use the base64 of \"tenant/user\" as the \
                 access key, or the tenant's own host name."
            )),
            Found::OtherTenant => Err(s3_error!(
                InvalidAccessKeyId,
                "The access key names another tenant than the host does."
            )),
        }
    }
}

/// The proven caller, in the extensions of a request.
#[derive(Clone)]
struct Caller(Arc<Account>);

/// Who called.
pub(super) fn caller<T>(request: &S3Request<T>) -> S3Result<Arc<Account>> {
    match request.extensions.get::<Caller>() {
        Some(Caller(account)) => Ok(Arc::clone(account)),
        None => Err(s3_error!(AccessDenied, "The request is not signed.")),
    }
}

/// Lets proven, enabled accounts of tenants in.
pub(super) struct Gate;

#[async_trait::async_trait]
impl S3Access for Gate {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        // Credentials are set only after the signature has been verified.
        let account = context
            .credentials()
            .and_then(|_proved| {
                CALL.try_with(|call| call.found.get().cloned())
                    .ok()
                    .flatten()
            })
            .ok_or_else(|| s3_error!(AccessDenied, "The request is not signed."))?;
        if !account.enabled {
            return Err(s3_error!(AccessDenied, "The account is disabled."));
        }
        if account.tenant.is_none() {
            return Err(s3_error!(
                AccessDenied,
                "System-level accounts have no access by S3; sign in as a user of a tenant."
            ));
        }
        supported(context.headers())?;
        context.extensions_mut().insert(Caller(account));
        Ok(())
    }
}

/// Headers that ask for something this store does not do. To ignore them would be to promise it.
fn supported(headers: &HeaderMap) -> S3Result<()> {
    const UNSUPPORTED: &[&str] = &[
        "x-amz-grant-",
        "x-amz-object-lock-",
        "x-amz-server-side-encryption-customer-",
        "x-amz-tagging",
        "x-amz-website-redirect-location",
        "x-amz-write-offset-bytes",
    ];
    for (name, value) in headers {
        let name = name.as_str();
        if UNSUPPORTED.iter().any(|start| name.starts_with(start))
            && name != "x-amz-tagging-directive"
        {
            return Err(s3_error!(
                NotImplemented,
                "the header `{name}` is not supported"
            ));
        }
        if name == "x-amz-acl" && value != "private" && value != "bucket-owner-full-control" {
            return Err(s3_error!(
                NotImplemented,
                "this canned ACL is not supported"
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
