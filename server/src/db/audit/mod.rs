//! The audit as it is kept: in Redis where several servers share it, else in this server's database.

mod redis;
mod sqlite;

use model::{
    Timestamp,
    audit::{AuditRecord, AuditResult},
    session::{AS_SYSTEM, Level},
};

pub use self::{redis::RedisAudit, sqlite::SqliteAudit};
use crate::Error;

/// Whose records somebody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All.
    All,
    /// Those of a tenant.
    Tenant(String),
    /// The own ones.
    Own(Person),
}

/// Somebody, as records name people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The level of their sessions.
    pub level: Level,
    /// Their tenant.
    pub tenant: Option<String>,
    /// The user name.
    pub name: String,
}

/// Which records are wanted.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Whose.
    pub sight: Sight,
    /// From this time on, in milliseconds since 1970.
    pub from: Option<i64>,
    /// Before this time.
    pub to: Option<i64>,
    /// Of this user.
    pub person: Option<String>,
    /// Of this action.
    pub action: Option<String>,
    /// With this in the target.
    pub target: Option<String>,
    /// That ended so.
    pub result: Option<AuditResult>,
    /// In the affairs of this tenant; `~` for the system's own.
    pub tenant: Option<String>,
}

impl Filter {
    /// All that somebody sees.
    pub fn all(sight: Sight) -> Self {
        Self {
            sight,
            from: None,
            to: None,
            person: None,
            action: None,
            target: None,
            result: None,
            tenant: None,
        }
    }

    /// Whether a record is wanted.
    pub fn passes(&self, record: &AuditRecord) -> bool {
        let at = record.time.unix_millis();
        let same = |one: &Option<String>, other: &str| {
            one.as_deref()
                .is_some_and(|one| one.eq_ignore_ascii_case(other))
        };
        let seen = match &self.sight {
            Sight::All => true,
            Sight::Tenant(tenant) => same(&record.tenant, tenant),
            Sight::Own(own) => {
                let name = record.person.as_deref();
                let named = match own.level {
                    // Access keys of S3 are told apart by capitals, user names of HCP are not.
                    Level::S3 => name == Some(own.name.as_str()),
                    Level::System | Level::Tenant => same(&record.person, &own.name),
                };
                let within = match (&own.tenant, own.level) {
                    (Some(tenant), _) => same(&record.tenant, tenant),
                    // Whoever is of the system may have done something in a tenant.
                    (None, _) => true,
                };
                named && within && record.level == Some(own.level)
            }
        };
        seen && self.from.is_none_or(|from| at >= from)
            && self.to.is_none_or(|to| at < to)
            && self
                .person
                .as_deref()
                .is_none_or(|p| same(&record.person, p))
            && self.action.as_deref().is_none_or(|a| record.action == a)
            && self.result.is_none_or(|result| record.result == result)
            && self
                .target
                .as_deref()
                .is_none_or(|text| folded(&record.target.text()).contains(&folded(text)))
            && self.tenant.as_deref().is_none_or(|tenant| {
                if tenant == AS_SYSTEM {
                    record.tenant.is_none()
                } else {
                    same(&record.tenant, tenant)
                }
            })
    }
}

/// A text without its capitals.
fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// Which stretch of the records is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// The newest.
    Newest,
    /// What is older than a record.
    OlderThan(String),
    /// The oldest of what is newer than a record.
    NewerThan(String),
}

/// Some records, newest first.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// They.
    pub records: Vec<AuditRecord>,
    /// Whether older ones follow.
    pub more: bool,
    /// Up to where everything is known.
    pub newest: String,
}

/// The audit of this server, or of all that share a Redis.
#[derive(Clone)]
pub enum AuditStore {
    /// This server's own.
    Sqlite(SqliteAudit),
    /// Shared.
    Redis(RedisAudit),
}

impl AuditStore {
    /// Adds records.
    pub async fn append(&self, records: Vec<AuditRecord>) -> Result<(), Error> {
        match self {
            Self::Sqlite(own) => own.append(records).await,
            Self::Redis(shared) => shared.append(&records).await,
        }
    }

    /// So many records.
    pub async fn page(
        &self,
        filter: &Filter,
        stretch: Stretch,
        limit: usize,
    ) -> Result<Found, Error> {
        match self {
            Self::Sqlite(own) => own.page(filter.clone(), stretch, limit).await,
            Self::Redis(shared) => shared.page(filter, stretch, limit).await,
        }
    }

    /// Drops what happened before a time.
    pub async fn forget(&self, before: Timestamp) -> Result<(), Error> {
        match self {
            Self::Sqlite(own) => own.forget(before).await,
            Self::Redis(shared) => shared.forget(before).await,
        }
    }

    /// Whether a text is the id of a record here, or could be.
    pub fn is_id(&self, id: &str) -> bool {
        match self {
            Self::Sqlite(_) => id.parse::<i64>().is_ok_and(|id| id >= 0),
            Self::Redis(_) => redis::is_id(id),
        }
    }
}
