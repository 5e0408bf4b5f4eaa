//! HCP's own management resources, with HCP's field names.

use serde::{Deserialize, Serialize};

/// A user account as the management API shows it (the fields that signing in needs; the rest passes
/// through).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserAccount {
    /// The name.
    pub username: String,
    /// The full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// Whether the account may sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// The UUID that is the S3 canonical id.
    #[serde(default, rename = "userGUID", skip_serializing_if = "Option::is_none")]
    pub user_guid: Option<String>,
    /// The roles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Roles>,
    /// What HCP sends and we do not know.
    #[serde(flatten)]
    pub other: serde_json::Map<String, serde_json::Value>,
}

/// HCP's list wrapper `{"role": [...]}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    /// The roles.
    #[serde(default)]
    pub role: Vec<Role>,
}

/// A role of a user account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Manages.
    Administrator,
    /// Manages retention.
    Compliance,
    /// Sees.
    Monitor,
    /// Searches (system level).
    Search,
    /// Manages accounts.
    Security,
    /// Services the machine (system level).
    Service,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}
