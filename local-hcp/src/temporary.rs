//! Temporary keys: access for a while to one prefix of one bucket.

use std::fmt;

use model::{TenantName, Username};
use rand::RngCore as _;

use crate::{
    Error, LocalHcp,
    access::{Caller, Loan},
    account::hex,
    store::{
        accounts, buckets,
        temporary_keys::{self, NewKey},
    },
};

/// Every temporary access key begins with it. No user's key can: the base64 of no name does.
pub(crate) const PREFIX: &str = "HAKO";

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
    /// When it ends, in milliseconds since 1970.
    pub expires_ms: i64,
}

impl fmt::Debug for TemporaryKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TemporaryKey")
            .field("access_key", &self.access_key)
            .field("expires_ms", &self.expires_ms)
            .finish_non_exhaustive()
    }
}

impl LocalHcp {
    /// Lends a user's rights in part and for a while. The key never opens more than the user may.
    ///
    /// # Errors
    /// [`Error::NoSuchTenant`], [`Error::NoSuchUser`], [`Error::NoSuchBucket`].
    pub async fn lend_key(
        &self,
        tenant: &TenantName,
        username: &Username,
        request: KeyRequest,
    ) -> Result<TemporaryKey, Error> {
        let access_key = format!("{PREFIX}{}", random_hex(8).to_ascii_uppercase());
        let secret_key = random_hex(20);
        let created_ms = self.config.clock.now_ms();
        let expires_ms = created_ms.saturating_add(i64::from(request.lifetime_s) * 1_000);
        let key = TemporaryKey {
            access_key,
            secret_key,
            expires_ms,
        };
        let (tenant, username) = (tenant.as_str().to_owned(), username.as_str().to_owned());
        let kept = key.clone();
        self.store
            .write(move |write| {
                let account = accounts::tenant_user(write.connection, &tenant, &username)?
                    .ok_or(Error::NoSuchUser(username))?;
                let user_id = account.id;
                let caller = Caller::signed(account.into(), None);
                let bucket = buckets::open(write.connection, &caller, &request.bucket)?;
                temporary_keys::insert(
                    write.connection,
                    &NewKey {
                        access_key: &kept.access_key,
                        secret: &kept.secret_key,
                        user_id,
                        loan: &Loan {
                            bucket_id: bucket.id,
                            prefix: request.prefix,
                            may_write: request.may_write,
                        },
                        created_ms,
                        expires_ms: kept.expires_ms,
                    },
                )
            })
            .await?;
        Ok(key)
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

fn random_hex(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    rand::rng().fill_bytes(&mut random);
    hex(&random)
}
