//! User accounts, of the system level and of tenants (HCP's management API, `userAccount`).

use model::mapi::UserAccount;

use super::{
    access::{A, Access, M, S, anyone, nobody, security},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    shape::{Row, row},
};
use crate::{account::Account, store::accounts};

const ROWS: &[Row] = &[
    row("username", anyone, security, anyone, anyone),
    row("fullName", anyone, security, anyone, anyone),
    row("description", anyone, security, anyone, anyone),
    row("localAuthentication", anyone, nobody, nobody, anyone),
    row("enabled", anyone, security, anyone, anyone),
    row("forcePasswordChange", anyone, security, security, security),
    row("roles", anyone, security, security, security),
    row("allowNamespaceManagement", nobody, nobody, anyone, anyone),
    row("userGUID", nobody, nobody, nobody, security),
    row("userID", nobody, nobody, nobody, security),
];

pub(super) fn endpoints() -> [Endpoint; 2] {
    [
        Endpoint::at("/userAccounts/{username}").get(Access::system(&[A, M, S]).or_own(), show),
        Endpoint::at("/tenants/{tenant}/userAccounts/{username}")
            .get(Access::tenant(&[A, M, S]).or_own(), show),
    ]
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    let tenant = call.tenant().ok().map(|tenant| tenant.name.clone());
    let username = call.name("username").to_owned();
    let found = call
        .management
        .store
        .read(move |connection| match tenant {
            Some(tenant) => accounts::tenant_user(connection, &tenant, &username),
            None => accounts::system_user(connection, &username),
        })
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok(call.show(ROWS, &resource(found)))
}

fn resource(account: Account) -> UserAccount {
    UserAccount {
        username: Some(account.username),
        full_name: Some(account.full_name),
        description: Some(account.description),
        local_authentication: Some(true),
        enabled: Some(account.enabled),
        force_password_change: Some(false),
        roles: Some(account.roles.into_iter().map(Into::into).collect()),
        allow_namespace_management: account
            .tenant
            .is_some()
            .then_some(account.manages_namespaces),
        user_guid: Some(account.guid),
        user_id: Some(account.id),
        ..UserAccount::default()
    }
}
