//! Who changed what: changes by the management API, privileged deletes, accounts that failed sign-ins have
//! disabled.
//!
//! A record is written in the transaction of what it is about: there is none of what did not happen, and
//! nothing happens without one.

use std::path::Path;

use model::Timestamp;
use serde::Serialize;

use crate::{
    Error,
    files::Layout,
    store::{open, records},
};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// A resource of the management API was made.
    Create,
    /// A resource of the management API was changed.
    Modify,
    /// A resource of the management API was deleted.
    Delete,
    /// An object was deleted with a reason that overrules retention.
    PrivilegedDelete,
    /// Failed sign-ins have disabled the account.
    LockOut,
}

impl Action {
    pub(crate) const ALL: [Self; 5] = [
        Self::Create,
        Self::Modify,
        Self::Delete,
        Self::PrivilegedDelete,
        Self::LockOut,
    ];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Modify => "modify",
            Self::Delete => "delete",
            Self::PrivilegedDelete => "privileged-delete",
            Self::LockOut => "lock-out",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Record {
    /// When.
    pub time: Timestamp,
    /// The tenant in whose affairs; `None`: the system's.
    pub tenant: Option<String>,
    /// Whose doing, or whose account was disabled; empty for nobody who signed in.
    pub user: String,
    /// Whether that is an account of the system.
    pub of_system: bool,
    /// What was done.
    pub action: Action,
    /// The resource that was changed: its path below `/mapi`, percent-encoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The namespace of the object that was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The key of the object that was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The version that is gone, or the delete marker that came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Why, as the request said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The names of what was set; never the values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// Reads the records of the store in `folder` since a time, those of one tenant or all, the oldest first.
/// Blocks. The store may be in use meanwhile.
///
/// # Errors
/// There is no store, its schema is another, or it cannot be read.
pub fn audit(
    folder: &Path,
    tenant: Option<&str>,
    since: Option<Timestamp>,
) -> Result<Vec<Record>, Error> {
    let connection = open::existing(&Layout::new(folder))?;
    let since_ms = since.map_or(i64::MIN, Timestamp::unix_millis);
    let mut found = Vec::new();
    records::each(&connection, tenant, since_ms, |record| found.push(record))?;
    Ok(found)
}
