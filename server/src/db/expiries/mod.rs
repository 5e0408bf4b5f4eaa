//! The ends of temporary files as they are kept: in Redis where several servers share them, else in this server's
//! database.

mod redis;
mod sqlite;

use model::{Timestamp, object::ObjectDetails};
use serde::{Deserialize, Serialize};

pub use self::{redis::RedisExpiries, sqlite::SqliteExpiries};
use super::links::Maker;
use crate::Error;

/// What tells one writing of a key from another. The same bytes written again have another time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The entity tag.
    pub etag: Option<String>,
    /// When it was stored, in seconds since 1970.
    pub modified: Option<i64>,
    /// The version, where the bucket has versions.
    pub version: Option<String>,
}

impl From<&hcp::ObjectHead> for Written {
    fn from(head: &hcp::ObjectHead) -> Self {
        Self {
            etag: head.etag.clone(),
            modified: head.last_modified.map(Timestamp::unix_seconds),
            version: head.version_id.clone(),
        }
    }
}

impl From<&ObjectDetails> for Written {
    fn from(details: &ObjectDetails) -> Self {
        Self {
            etag: details.etag.clone(),
            modified: details.last_modified.map(Timestamp::unix_seconds),
            version: details.version_id.clone(),
        }
    }
}

/// The metadata of a file that came by a URL with an end: which URL that was. S3's header begins with `x-amz-meta-`.
pub const BY: &str = "hako-temporary";
/// The same as S3 has it.
pub const BY_HEADER: &str = "x-amz-meta-hako-temporary";

/// What stands under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which writing it is.
    pub written: Written,
    /// By which URL with an end it came, where it says so.
    pub by: Option<String>,
}

impl From<&hcp::ObjectHead> for Found {
    fn from(head: &hcp::ObjectHead) -> Self {
        Self {
            written: Written::from(head),
            by: head.metadata.get(BY).cloned(),
        }
    }
}

impl From<&ObjectDetails> for Found {
    fn from(details: &ObjectDetails) -> Self {
        Self {
            written: Written::from(details),
            by: details.metadata.get(BY).cloned(),
        }
    }
}

/// Of which writing a temporary file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// Of this one.
    This(Written),
    /// Of the first that is seen and is not what stood there when the end was set.
    Next {
        /// What stood there.
        instead_of: Option<Written>,
        /// In seconds since 1970: what was stored before may have come by another URL, which has no end.
        #[serde(default)]
        since: Option<i64>,
        /// What the file says of the URL by which it came, where the store keeps that.
        #[serde(default)]
        by: Option<String>,
    },
    /// Of what an upload in parts is completed to.
    Completed {
        /// What its entity tag may be.
        etags: Vec<String>,
        /// What stood there.
        instead_of: Option<Written>,
    },
    /// Of none: until then a URL works by which the key is written without an end.
    Open,
}

impl Of {
    /// Whether what stands there now goes at the end.
    pub fn holds(&self, found: &Written) -> bool {
        match self {
            Self::This(this) => this == found,
            Self::Next {
                instead_of, since, ..
            } => {
                instead_of.as_ref() != Some(found)
                    && since.is_none_or(|since| found.modified.is_some_and(|at| at >= since))
            }
            Self::Completed { etags, instead_of } => {
                instead_of.as_ref() != Some(found)
                    && found.etag.as_ref().is_some_and(|etag| etags.contains(etag))
            }
            Self::Open => false,
        }
    }

    /// The same, where what stands there tells by which URL it came. `surely`: whatever came by a URL with an end says
    /// so in this store, and what does not is somebody else's.
    pub fn holds_found(&self, found: &Found, surely: bool) -> bool {
        match (self, &found.by) {
            (Self::Next { by: Some(by), .. }, Some(told)) => by == told,
            (Self::Next { by: Some(_), .. }, None) if surely => false,
            _ => self.holds(&found.written),
        }
    }

    /// The same by what a listing tells, which is all but the version.
    pub fn holds_listed(&self, etag: Option<&str>, modified: Option<i64>) -> bool {
        let is = |one: &Written| one.etag.as_deref() == etag && one.modified == modified;
        let stood = |before: &Option<Written>| before.as_ref().is_some_and(is);
        match self {
            Self::This(this) => is(this),
            Self::Next {
                instead_of, since, ..
            } => {
                !stood(instead_of)
                    && since.is_none_or(|since| modified.is_some_and(|at| at >= since))
            }
            Self::Completed { etags, instead_of } => {
                !stood(instead_of) && etag.is_some_and(|etag| etags.iter().any(|one| one == etag))
            }
            Self::Open => false,
        }
    }
}

/// What is known of a temporary file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Who asked for it.
    pub maker: Maker,
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// When it was set, in seconds since 1970.
    pub set_at: i64,
    /// When it is to be removed, in seconds since 1970.
    pub expires_at: i64,
    /// Which writing of the key.
    pub of: Of,
    /// How often the sweep failed at it, one time after the other.
    #[serde(default)]
    pub failures: u32,
}

/// The end of a temporary file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expiry {
    /// Tenant, bucket and key: there is one end for each key.
    pub id: String,
    /// Another with each change.
    pub mark: String,
    /// When it is looked at next, in seconds since 1970.
    pub due: i64,
    /// What is known.
    pub facts: Facts,
    /// The credentials by which it is removed, sealed.
    pub sealed: Vec<u8>,
}

/// The id of a key's end.
pub fn id(tenant: Option<&str>, bucket: &str, key: &str) -> String {
    // Neither of the first two can have the sign between them.
    let tenant = tenant.unwrap_or_default().to_ascii_lowercase();
    format!("{tenant}/{bucket}/{key}")
}

/// For how many seconds one is put off that cannot be read.
const PUT_OFF: i64 = 6 * 3_600;

/// What is known, as it is kept. What cannot be read is logged without what it says.
fn facts_of<T: serde::de::DeserializeOwned>(id: &str, text: &str) -> Option<T> {
    match serde_json::from_str(text) {
        Ok(read) => Some(read),
        Err(fault) => {
            let bucket = id.split('/').nth(1).unwrap_or_default();
            tracing::error!(
                bucket,
                fault = ?fault.classify(),
                column = fault.column(),
                "what is kept of a temporary file cannot be read; it stays"
            );
            None
        }
    }
}

/// The ends of this server, or of all that share a Redis.
#[expect(
    async_fn_in_trait,
    reason = "only this crate uses it, by its two names"
)]
pub trait Expiries {
    /// Sets the end of a key in place of any other.
    async fn put(&self, expiry: &Expiry) -> Result<(), Error>;

    /// Does the same with several.
    async fn put_all(&self, expiries: &[Expiry]) -> Result<(), Error>;

    /// The end of a key; one that cannot be read is as none.
    async fn find(&self, id: &str) -> Result<Option<Expiry>, Error>;

    /// What is known of the ends of these keys, by one query. What cannot be read is left out.
    async fn ends(&self, ids: &[String]) -> Result<Vec<(String, Facts)>, Error>;

    /// Those that are due, the longest due first. Some that cannot be read are put off and logged, so that they stand
    /// in nobody's way: an older server finds what a newer one has written.
    async fn due(&self, now: i64, limit: u32) -> Result<Vec<Expiry>, Error>;

    /// Changes one that is still as the caller has seen it, by its mark; whether it was.
    async fn change(&self, seen: &str, expiry: &Expiry) -> Result<bool, Error>;

    /// Forgets one: where a mark is given, only if it still has that. Whether there was one.
    async fn forget(&self, id: &str, seen: Option<&str>) -> Result<bool, Error>;

    /// Takes the turn to sweep, or keeps it; `false` while it is another server's.
    async fn turn(&self, who: &str) -> Result<bool, Error>;

    /// Gives the turn back, if it is still the caller's.
    async fn give_back(&self, who: &str) -> Result<(), Error>;
}

/// Where they are kept.
#[derive(Clone)]
pub enum ExpiryStore {
    /// This server's own.
    Sqlite(SqliteExpiries),
    /// Shared.
    Redis(RedisExpiries),
}

/// Does the same with either.
macro_rules! either {
    ($self:ident, $store:ident => $call:expr) => {
        match $self {
            Self::Sqlite($store) => $call.await,
            Self::Redis($store) => $call.await,
        }
    };
}

impl Expiries for ExpiryStore {
    async fn put(&self, expiry: &Expiry) -> Result<(), Error> {
        either!(self, store => store.put(expiry))
    }

    async fn put_all(&self, expiries: &[Expiry]) -> Result<(), Error> {
        either!(self, store => store.put_all(expiries))
    }

    async fn find(&self, id: &str) -> Result<Option<Expiry>, Error> {
        either!(self, store => store.find(id))
    }

    async fn ends(&self, ids: &[String]) -> Result<Vec<(String, Facts)>, Error> {
        either!(self, store => store.ends(ids))
    }

    async fn due(&self, now: i64, limit: u32) -> Result<Vec<Expiry>, Error> {
        either!(self, store => store.due(now, limit))
    }

    async fn change(&self, seen: &str, expiry: &Expiry) -> Result<bool, Error> {
        either!(self, store => store.change(seen, expiry))
    }

    async fn forget(&self, id: &str, seen: Option<&str>) -> Result<bool, Error> {
        either!(self, store => store.forget(id, seen))
    }

    async fn turn(&self, who: &str) -> Result<bool, Error> {
        either!(self, store => store.turn(who))
    }

    async fn give_back(&self, who: &str) -> Result<(), Error> {
        either!(self, store => store.give_back(who))
    }
}
