//! Temporary keys: access for a while to one prefix of one bucket.

use std::fmt;

use model::{TenantName, Username};
use rand::RngCore as _;
use rusqlite::Connection;

use crate::{
    Clock, Error, LocalHcp,
    access::{Caller, Loan},
    account::{Account, hex},
    store::{
        Store, accounts, buckets,
        temporary_keys::{self, NewKey},
    },
};

/// Every temporary access key begins with it. No user's key can: the base64 of no name does.
pub(crate) use model::credentials::TEMPORARY_PREFIX as PREFIX;

/// What a temporary key is to open.
#[derive(Clone, Debug)]
pub struct KeyRequest {
    /// The bucket.
    pub bucket: String,
    /// Only keys that begin with it; empty: all of the bucket.
    pub prefix: String,
    /// Also writing and deleting; else reading and listing.
    pub may_write: bool,
    /// For how many seconds.
    pub lifetime_s: u32,
}

/// A temporary key. The secret is told once, here.
#[derive(Clone)]
pub struct TemporaryKey {
    /// The access key.
    pub access_key: String,
    /// The secret key.
    pub secret_key: String,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// When it ends, in milliseconds since 1970.
    pub expires_ms: i64,
}

impl fmt::Debug for TemporaryKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TemporaryKey")
            .field("access_key", &self.access_key)
            .field("created_ms", &self.created_ms)
            .field("expires_ms", &self.expires_ms)
            .finish_non_exhaustive()
    }
}

impl LocalHcp {
    /// Lends a user's rights in part and for a while. The key never opens more than the user may.
    ///
    /// # Errors
    /// [`Error::NoSuchTenant`], [`Error::NoSuchUser`], [`Error::NoSuchBucket`], [`Error::Conflict`] for somebody
    /// with too many keys.
    pub async fn lend_key(
        &self,
        tenant: &TenantName,
        username: &Username,
        request: KeyRequest,
    ) -> Result<TemporaryKey, Error> {
        let (tenant, username) = (tenant.as_str().to_owned(), username.as_str().to_owned());
        let find = move |connection: &Connection| {
            accounts::tenant_user(connection, &tenant, &username)?
                .ok_or(Error::NoSuchUser(username))
        };
        lend(&self.store, &self.config.clock, find, request).await
    }

    /// Takes a key back at once; false when its user has no such key.
    pub async fn revoke_key(
        &self,
        tenant: &TenantName,
        username: &Username,
        access_key: &str,
    ) -> Result<bool, Error> {
        let (tenant, username) = (tenant.as_str().to_owned(), username.as_str().to_owned());
        let access_key = access_key.to_owned();
        self.store
            .write(move |write| {
                let account = accounts::tenant_user(write.connection, &tenant, &username)?
                    .ok_or(Error::NoSuchUser(username))?;
                temporary_keys::remove(write.connection, account.id, &access_key)
            })
            .await
    }
}

/// Makes a key of the account that `find` finds.
pub(crate) async fn lend(
    store: &Store,
    clock: &Clock,
    find: impl FnOnce(&Connection) -> Result<Account, Error> + Send + 'static,
    request: KeyRequest,
) -> Result<TemporaryKey, Error> {
    let created_ms = clock.now_ms();
    let key = TemporaryKey {
        access_key: format!("{PREFIX}{}", random_hex(8).to_ascii_uppercase()),
        secret_key: random_hex(20),
        created_ms,
        expires_ms: created_ms.saturating_add(i64::from(request.lifetime_s) * 1_000),
    };
    let kept = key.clone();
    store
        .write(move |write| {
            let account = find(write.connection)?;
            let user_id = account.id;
            let caller = Caller::signed(account.into(), None);
            let bucket = buckets::open(write.connection, &caller, &request.bucket)?;
            let most = model::credentials::MAX_KEYS;
            if temporary_keys::live(write.connection, user_id, created_ms)? >= most {
                return Err(Error::Conflict(format!(
                    "There are {most} temporary keys already: revoke some, or wait until some end."
                )));
            }
            temporary_keys::insert(
                write.connection,
                &NewKey {
                    secret: &kept.secret_key,
                    user_id,
                    created_ms,
                    loan: &Loan {
                        access_key: kept.access_key,
                        bucket_id: bucket.id,
                        prefix: request.prefix,
                        may_write: request.may_write,
                        expires_ms: kept.expires_ms,
                        used_ms: None,
                    },
                },
            )
        })
        .await?;
    Ok(key)
}

fn random_hex(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    rand::rng().fill_bytes(&mut random);
    hex(&random)
}
