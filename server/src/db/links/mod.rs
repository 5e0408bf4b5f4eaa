//! Links as they are kept: in Redis where several servers share them, else in this server's database.

mod redis;
mod sqlite;

use model::{
    Timestamp,
    link::{KEPT_DAYS, LinkKind, LinkState, UNDO_SECONDS},
    session::Level,
};
use serde::{Deserialize, Serialize};

pub use self::{redis::RedisLinks, sqlite::SqliteLinks};
use crate::Error;

/// For how many seconds a link stands in the list after its end.
const KEPT: i64 = KEPT_DAYS * 86_400;
/// For how many seconds a download that was counted may go on in pieces.
const GOING: i64 = 3_600;

/// Whose a link is. Not by the secret: who has a new password still sees and revokes what was made before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maker {
    /// The level of the session.
    pub level: Level,
    /// The tenant.
    pub tenant: Option<String>,
    /// The user name, or the access key.
    pub person: String,
}

impl Maker {
    /// Whether two are the same: names of HCP have no capitals, access keys have.
    pub fn is(&self, other: &Self) -> bool {
        let same_name = match self.level {
            Level::S3 => self.person == other.person,
            Level::System | Level::Tenant => self.person.eq_ignore_ascii_case(&other.person),
        };
        same_name && self.is_beside(other)
    }

    /// Whether both are of one tenant.
    pub fn is_beside(&self, other: &Self) -> bool {
        let folded = |tenant: &Option<String>| tenant.as_deref().map(str::to_ascii_lowercase);
        self.level == other.level && folded(&self.tenant) == folded(&other.tenant)
    }
}

/// What of a link never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// What it is for.
    pub kind: LinkKind,
    /// The bucket.
    pub bucket: String,
    /// The key, or what the keys of stored files begin with.
    pub target: String,
    /// From where it may be used.
    #[serde(default)]
    pub addresses: Vec<String>,
    /// The hash of its password.
    #[serde(default)]
    pub password_hash: Option<String>,
}

/// A link as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRecord {
    /// Its id.
    pub id: String,
    /// The hash of its token.
    pub token_hash: String,
    /// Whose it is.
    pub maker: Maker,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// When it ends, in seconds since 1970.
    pub ends_at: i64,
    /// How often it may be used.
    pub max_uses: Option<u32>,
    /// How often it was.
    pub uses: u32,
    /// When last.
    pub last_used: Option<i64>,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
    /// The maker's credentials, sealed; empty once it cannot be used any more.
    pub sealed: Vec<u8>,
    /// The rest.
    pub facts: Facts,
}

impl LinkRecord {
    /// Where it stands.
    pub fn state(&self, now: Timestamp) -> LinkState {
        if self.revoked_at.is_some() {
            LinkState::Revoked
        } else if self.ends_at <= now.unix_seconds() {
            LinkState::Ended
        } else if self.max_uses.is_some_and(|max| self.uses >= max) {
            LinkState::UsedUp
        } else {
            LinkState::Active
        }
    }

    /// Until when its revocation can be taken back.
    pub fn undo_until(&self, now: Timestamp) -> Option<i64> {
        let until = self.revoked_at?.saturating_add(UNDO_SECONDS);
        (until > now.unix_seconds()).then_some(until)
    }

    /// Until when it stands in the list, in seconds since 1970.
    fn listed_until(&self) -> i64 {
        self.ends_at.saturating_add(KEPT)
    }
}

/// Which links are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Into this bucket; into any when absent.
    pub bucket: Option<String>,
    /// To this key, or into the folder with this prefix; to any when absent.
    pub target: Option<String>,
}

impl Wanted {
    /// Whether a link is among them.
    fn has(&self, facts: &Facts) -> bool {
        let is = |wanted: &Option<String>, own: &str| wanted.as_deref().is_none_or(|w| w == own);
        is(&self.bucket, &facts.bucket) && is(&self.target, &facts.target)
    }
}

/// Behind which link a page of the list begins: when it was made, in milliseconds, and its id.
pub type Behind = (i64, String);

/// The links of this server, or of all that share a Redis.
#[derive(Clone)]
pub enum LinkStore {
    /// This server's own.
    Sqlite(SqliteLinks),
    /// Shared.
    Redis(RedisLinks),
}

impl LinkStore {
    /// Adds a link.
    pub async fn insert(&self, record: &LinkRecord, now: Timestamp) -> Result<(), Error> {
        match self {
            Self::Sqlite(own) => own.insert(record, now).await,
            Self::Redis(shared) => shared.insert(record, now).await,
        }
    }

    /// A link by its id.
    pub async fn find(&self, id: &str) -> Result<Option<LinkRecord>, Error> {
        match self {
            Self::Sqlite(own) => own.find("id", id).await,
            Self::Redis(shared) => shared.find(id).await,
        }
    }

    /// A link by the hash of its token.
    pub async fn find_by_token(&self, hash: &str) -> Result<Option<LinkRecord>, Error> {
        match self {
            Self::Sqlite(own) => own.find("token_hash", hash).await,
            Self::Redis(shared) => shared.find_by_token(hash).await,
        }
    }

    /// So many links of somebody, or of everybody in the tenant, newest first.
    pub async fn page(
        &self,
        maker: &Maker,
        everybody: bool,
        wanted: &Wanted,
        behind: Option<Behind>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<LinkRecord>, Error> {
        match self {
            Self::Sqlite(own) => own.page(maker, everybody, wanted, behind, limit, now).await,
            Self::Redis(shared) => {
                shared
                    .page(maker, everybody, wanted, behind, limit, now)
                    .await
            }
        }
    }

    /// Gives a link other limits, unless it was revoked; whether it was not.
    pub async fn change(
        &self,
        id: &str,
        ends_at: Option<i64>,
        max_uses: Option<u32>,
    ) -> Result<bool, Error> {
        match self {
            Self::Sqlite(own) => own.change(id, ends_at, max_uses).await,
            Self::Redis(shared) => shared.change(id, ends_at, max_uses).await,
        }
    }

    /// Revokes a link; the time of an earlier revocation stays.
    pub async fn revoke(&self, id: &str, now: Timestamp) -> Result<(), Error> {
        match self {
            Self::Sqlite(own) => own.revoke(id, now).await,
            Self::Redis(shared) => shared.revoke(id, now).await,
        }
    }

    /// Takes a revocation back that is young enough; whether it was.
    pub async fn restore(&self, id: &str, now: Timestamp) -> Result<bool, Error> {
        match self {
            Self::Sqlite(own) => own.restore(id, now).await,
            Self::Redis(shared) => shared.restore(id, now).await,
        }
    }

    /// Counts a use of a link that is active; whether it was. However many ask at once, there are never more
    /// uses than the link allows.
    pub async fn count(&self, id: &str, now: Timestamp) -> Result<bool, Error> {
        match self {
            Self::Sqlite(own) => own.count(id, now).await,
            Self::Redis(shared) => shared.count(id, now).await,
        }
    }

    /// Gives a use back that came to nothing.
    pub async fn give_back(&self, id: &str) -> Result<(), Error> {
        match self {
            Self::Sqlite(own) => own.give_back(id).await,
            Self::Redis(shared) => shared.give_back(id).await,
        }
    }

    /// Notes that a visitor's download was counted, and how many bytes of it may be asked for again.
    pub async fn begin(
        &self,
        id: &str,
        visitor: &str,
        bytes: u64,
        now: Timestamp,
    ) -> Result<(), Error> {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        match self {
            Self::Sqlite(own) => own.begin(id, visitor, bytes, now).await,
            Self::Redis(shared) => shared.begin(id, visitor, bytes).await,
        }
    }

    /// Takes bytes of what a counted download may still ask for; whether there were as many.
    pub async fn go_on(
        &self,
        id: &str,
        visitor: &str,
        bytes: u64,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        match self {
            Self::Sqlite(own) => own.go_on(id, visitor, bytes, now).await,
            Self::Redis(shared) => shared.go_on(id, visitor, bytes).await,
        }
    }
}
