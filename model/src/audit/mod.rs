//! The audit: who changed what through Hako.

mod action;
mod calls;

use serde::{Deserialize, Serialize};

pub use action::Action;
pub use calls::{AuditFormat, AuditQuery, ListAudit, export_path};

use crate::{Timestamp, job::JobKind, session::Level};

/// One call that changed something, or tried to. Never a value that was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditRecord {
    /// Which it is; also its place, for `after` and `cursor`.
    pub id: String,
    /// When it was answered.
    pub time: Timestamp,
    /// The id of the request.
    pub request_id: String,
    /// The level of the session, or of the name that somebody tried to sign in by; absent where nobody
    /// was signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// In whose affairs: the tenant of the session, else that of the path. Absent: the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The user name. Of a refused sign-in: the name that was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// What was done, such as `object.delete`.
    pub action: String,
    /// To what.
    #[serde(default, skip_serializing_if = "AuditTarget::is_empty")]
    pub target: AuditTarget,
    /// The HTTP method.
    pub method: String,
    /// The route, with `{name}` for what stands in `target`.
    pub route: String,
    /// How it ended.
    pub result: AuditResult,
    /// The HTTP status.
    pub status: u16,
    /// The word of the failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The address that the call came from: the proxy's, where there is one in front of Hako.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// The names of what was sent. No values: passwords are among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The job that it started, or was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// What that job does, where it was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_kind: Option<JobKind>,
    /// How many of several could not be done, where the call was answered with success all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failures: Option<u64>,
    /// Why, where the call has to say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What a call was about: names alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditTarget {
    /// A tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// A namespace, by the management API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// A bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    /// A key, or what keys begin with; of several the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// A version of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// How many there are beside the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<u64>,
    /// A user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// A group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// A content class or a retention class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// A link of replication, or an erasure coding topology.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl AuditTarget {
    /// Whether nothing is named.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// All names in one line, from the outside in: what is shown, and searched. The tenant only where nothing
    /// else is named, since it stands beside.
    pub fn text(&self) -> String {
        let names = [
            &self.namespace,
            &self.bucket,
            &self.key,
            &self.user,
            &self.group,
            &self.class,
            &self.link,
        ];
        let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
        if names.is_empty() {
            return self.tenant.clone().unwrap_or_default();
        }
        names.join("/")
    }
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AuditResult {
    /// It was done.
    Ok,
    /// It was not done: not allowed, not there, not valid.
    Refused,
    /// It went wrong, in part or as a whole.
    Failed,
}

impl AuditResult {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ok, Self::Refused, Self::Failed];

    /// The word used in addresses and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// Whose records somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AuditScope {
    /// The own ones.
    Own,
    /// Those of the own tenant.
    Tenant,
    /// All.
    System,
}

/// One page of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditPage {
    /// Whose records the caller sees.
    pub scope: AuditScope,
    /// For how many days records are kept.
    pub days: u32,
    /// The records, newest first.
    pub records: Vec<AuditRecord>,
    /// Where older ones begin; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Up to where the page knows everything: what `after` takes.
    pub newest: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_actions_are_told_apart_and_read_back() {
        let mut seen = std::collections::BTreeSet::new();
        for action in Action::ALL {
            let word = action.as_str();
            assert!(seen.insert(word), "{word}");
            assert_eq!(Action::parse(word), Some(*action));
            let (of, what) = word.split_once('.').unwrap();
            assert!(!of.is_empty() && !what.is_empty());
        }
        assert_eq!(Action::parse("something.else"), None);
    }

    #[test]
    fn a_target_is_one_line() {
        let name = |text: &str| Some(text.to_owned());
        let object = AuditTarget {
            tenant: name("demo"),
            bucket: name("scans"),
            key: name("a/b"),
            ..AuditTarget::default()
        };
        assert_eq!(object.text(), "scans/a/b");
        let tenant = AuditTarget {
            tenant: name("demo"),
            ..AuditTarget::default()
        };
        assert_eq!(tenant.text(), "demo");
        assert_eq!(AuditTarget::default().text(), "");
    }
}
