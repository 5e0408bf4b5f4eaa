//! User accounts, of the system level and of tenants.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use model::mapi::{Role, UserAccount};
use serde::Deserialize;

use super::{auth::Caller, error::Refusal};
use crate::{
    account::Account,
    store::{Store, accounts},
};

const NOT_ALLOWED: &str = "The account lacks the role that this needs.";

/// `?verbose=`: HCP reads `true`, `t` and `1` as true, everything else as false.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Verbosity {
    verbose: String,
}

impl Verbosity {
    fn is_on(&self) -> bool {
        matches!(self.verbose.as_str(), "true" | "t" | "1")
    }
}

/// `GET /mapi/userAccounts/{username}`
pub(super) async fn of_system(
    caller: Caller,
    State(store): State<Store>,
    Path(username): Path<String>,
    Query(verbosity): Query<Verbosity>,
) -> Result<Json<UserAccount>, Refusal> {
    if !caller.is_system() {
        return Err(Refusal::Forbidden(NOT_ALLOWED));
    }
    let sees_all = permission(&caller, &username)?;
    let found = store
        .read(move |connection| accounts::system_user(connection, &username))
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok(Json(shown(found, sees_all, verbosity.is_on())))
}

/// `GET /mapi/tenants/{tenant}/userAccounts/{username}`
pub(super) async fn of_tenant(
    caller: Caller,
    State(store): State<Store>,
    Path((tenant, username)): Path<(String, String)>,
    Query(verbosity): Query<Verbosity>,
) -> Result<Json<UserAccount>, Refusal> {
    // System-level users act inside a tenant only where it lets them; that is not offered yet.
    if !caller.belongs_to(&tenant) {
        return Err(Refusal::Forbidden(NOT_ALLOWED));
    }
    let sees_all = permission(&caller, &username)?;
    let found = store
        .read(move |connection| accounts::tenant_user(connection, &tenant, &username))
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok(Json(shown(found, sees_all, verbosity.is_on())))
}

/// Everybody may see the own account, the security role sees all, and sees more of each. The answer
/// is whether the caller has that role.
fn permission(caller: &Caller, username: &str) -> Result<bool, Refusal> {
    let security = caller.0.has(Role::Security);
    if security || caller.0.username.eq_ignore_ascii_case(username) {
        Ok(security)
    } else {
        Err(Refusal::Forbidden(NOT_ALLOWED))
    }
}

fn shown(account: Account, sees_all: bool, verbose: bool) -> UserAccount {
    UserAccount {
        username: Some(account.username),
        full_name: Some(account.full_name),
        description: Some(account.description),
        local_authentication: verbose.then_some(true),
        enabled: Some(account.enabled),
        force_password_change: sees_all.then_some(false),
        roles: sees_all.then(|| account.roles.into_iter().map(Into::into).collect()),
        allow_namespace_management: account
            .tenant
            .is_some()
            .then_some(account.manages_namespaces),
        user_guid: (sees_all && verbose).then_some(account.guid),
        user_id: (sees_all && verbose).then_some(account.id),
        ..UserAccount::default()
    }
}
