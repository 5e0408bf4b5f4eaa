//! User accounts, of the system level and of tenants (HCP's management API, `userAccount`).

use model::mapi::{Resource as _, Role, UserAccount};
use rusqlite::Connection;
use uuid::Uuid;

use super::{
    access::{A, Access, M, S, administrator, anyone, nobody, security},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    passwords,
    query::{Entry, page},
    shape::{Row, row},
};
use crate::{
    Error,
    account::{self, Account, Tenant},
    password::Password,
    profile::Habits,
    signin::{self, Barrier},
    store::accounts::{self, NewUser},
};

const OF_TENANTS: &[Row] = &[
    row("username", anyone, security, anyone, anyone),
    row("fullName", anyone, security, anyone, anyone),
    row("description", anyone, security, anyone, anyone),
    row("localAuthentication", anyone, nobody, nobody, anyone),
    row("enabled", anyone, security, anyone, anyone),
    row("forcePasswordChange", anyone, security, security, security),
    row("roles", anyone, security, security, security),
    // HCP's text does not allow it on PUT and its example has it there: it is read and has no effect.
    row(
        "allowNamespaceManagement",
        anyone,
        administrator,
        anyone,
        anyone,
    ),
    row("userGUID", nobody, nobody, nobody, security),
    row("userID", nobody, nobody, nobody, security),
];

const OF_SYSTEM: &[Row] = &[
    row("username", nobody, nobody, anyone, anyone),
    row("fullName", nobody, nobody, anyone, anyone),
    row("description", nobody, nobody, anyone, anyone),
    row("localAuthentication", nobody, nobody, nobody, anyone),
    row("enabled", nobody, nobody, anyone, anyone),
    row("forcePasswordChange", nobody, nobody, security, security),
    row("roles", nobody, nobody, security, security),
    row("userGUID", nobody, nobody, nobody, security),
    row("userID", nobody, nobody, nobody, security),
];

pub(super) fn endpoints() -> [Endpoint; 4] {
    [
        Endpoint::at("/userAccounts").get(Access::system(&[A, M, S]), list),
        Endpoint::at("/userAccounts/{username}")
            .get(Access::system(&[A, M, S]).or_own(), show)
            .post(Access::system(&[S]), modify_of_system),
        Endpoint::at("/tenants/{tenant}/userAccounts")
            .get(Access::tenant(&[A, M, S]), list)
            .put(Access::tenant(&[S]), create)
            .post(Access::system(&[A, S]), passwords::reset),
        Endpoint::at("/tenants/{tenant}/userAccounts/{username}")
            .get(Access::tenant(&[A, M, S]).or_own(), show)
            .post(Access::tenant(&[A, S]), modify)
            .delete(Access::tenant(&[S]), delete),
    ]
}

async fn list(call: Call) -> Result<Answer, Refusal> {
    let tenant_id = call.tenant().ok().map(|tenant| tenant.id);
    let read = call
        .management
        .store
        .read(move |connection| accounts::usernames(connection, tenant_id));
    let entries = read.await?.into_iter().map(Entry::named).collect();
    let names = page(&call.query, "username", None, entries)?;
    Ok(Answer::names("userAccounts", "username", names))
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    let found = named(&call).await?;
    let rows = if found.tenant.is_some() {
        OF_TENANTS
    } else {
        OF_SYSTEM
    };
    Ok(call.show(rows, &resource(found)))
}

fn resource(account: Account) -> UserAccount {
    let disabled = account.barrier.is_some_and(Barrier::disables);
    UserAccount {
        username: Some(account.username),
        full_name: Some(account.full_name),
        description: Some(account.description),
        local_authentication: Some(account.local),
        enabled: Some(account.enabled && !disabled),
        force_password_change: Some(account.history.must_change),
        roles: Some(account.roles.into_iter().map(Into::into).collect()),
        allow_namespace_management: account
            .tenant
            .is_some()
            .then_some(account.manages_namespaces),
        user_guid: Some(account.guid),
        user_id: Some(account.number),
        ..UserAccount::default()
    }
}

/// The account that the path names, with what keeps it from being used.
pub(super) async fn named(call: &Call) -> Result<Account, Refusal> {
    let tenant = call.tenant().ok().cloned();
    let (username, habits, now_ms) = (
        call.name("username").to_owned(),
        call.management.habits,
        call.now_ms(),
    );
    let read = call
        .management
        .store
        .read(move |connection| find(connection, &habits, tenant.as_ref(), &username, now_ms));
    read.await?.ok_or(Refusal::NotFound)
}

fn find(
    connection: &Connection,
    habits: &Habits,
    tenant: Option<&Tenant>,
    username: &str,
    now_ms: i64,
) -> Result<Option<Account>, Error> {
    let found = match tenant {
        Some(tenant) => accounts::tenant_user(connection, &tenant.name, username)?,
        None => accounts::system_user(connection, username)?,
    };
    let Some(mut account) = found else {
        return Ok(None);
    };
    account.barrier = signin::barrier(connection, habits, &account, now_ms)?;
    Ok(Some(account))
}

async fn create(call: Call) -> Result<Answer, Refusal> {
    const REQUIRED: &[&str] = &[
        "username",
        "fullName",
        "localAuthentication",
        "enabled",
        "forcePasswordChange",
    ];
    let sent: UserAccount = call.read(OF_TENANTS)?;
    Refusal::of_faults(&sent.check_required(REQUIRED))?;
    let tenant = call.tenant()?.clone();
    let name = sent.username.unwrap_or_default();
    account::check_username(&tenant.name, &name)?;
    let roles = roles_of_tenants(sent.roles.unwrap_or_default().known())?;
    let local = sent.local_authentication == Some(true);
    let password = match (local, call.query.get("password")) {
        (true, Some(password)) => {
            passwords::check(&call, tenant.id, &name, password).await?;
            Password::new(password, None).await?
        }
        (true, None) => {
            return Err(Refusal::invalid(
                "The required parameter password is missing.",
            ));
        }
        (false, None) => Password::of_nobody(),
        (false, Some(_)) => {
            return Err(Refusal::invalid(
                "The parameter password is for accounts with localAuthentication.",
            ));
        }
    };
    let user = NewUser {
        tenant_id: Some(tenant.id),
        name: name.clone(),
        full_name: sent.full_name.unwrap_or_default(),
        description: sent.description.unwrap_or_default(),
        password,
        guid: Uuid::new_v4().to_string(),
        manages_namespaces: roles.contains(&A),
        roles,
        enabled: sent.enabled == Some(true),
        local,
        must_change: sent.force_password_change == Some(true),
        created_ms: call.now_ms(),
    };
    let write = call.change(move |write| {
        if accounts::insert_user(write.connection, &user)? {
            Ok(())
        } else {
            Err(Error::Conflict(format!(
                "user account: {name} already exists"
            )))
        }
    });
    write.await?;
    Ok(Answer::Empty)
}

/// The roles that an account of a tenant can have, each once.
pub(super) fn roles_of_tenants(given: impl Iterator<Item = Role>) -> Result<Vec<Role>, Refusal> {
    let mut roles = Vec::new();
    for role in given {
        if !Role::OF_TENANTS.contains(&role) {
            return Err(Refusal::invalid(format!(
                "roles: {role} is a role of the system level alone."
            )));
        }
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    Ok(roles)
}

async fn modify_of_system(call: Call) -> Result<Answer, Refusal> {
    let _nothing: UserAccount = call.read(OF_SYSTEM)?;
    let password = call.query.required("password")?.to_owned();
    let account = named(&call).await?;
    passwords::set(&call, account, &password).await
}

async fn modify(call: Call) -> Result<Answer, Refusal> {
    let change: UserAccount = call.read(OF_TENANTS)?;
    let roles = change
        .roles
        .as_ref()
        .map(|roles| roles_of_tenants(roles.known()))
        .transpose()?;
    let before = named(&call).await?;
    let tenant = call.tenant()?.clone();
    if let Some(name) = &change.username {
        account::check_username(&tenant.name, name)?;
    }
    let password = match call.query.get("password") {
        Some(password) => {
            if !call.standing.has(S) {
                return Err(Refusal::forbidden(
                    "A password is set by the security role alone.",
                ));
            }
            Some(passwords::prepare(&call, &before, password).await?)
        }
        None => None,
    };
    let own = call.account.id == before.id;
    let (habits, now_ms) = (call.management.habits, call.now_ms());
    let write = call.change(move |write| {
        let connection = write.connection;
        // As it is now, not as it was before the password was hashed.
        let found = find(connection, &habits, Some(&tenant), &before.username, now_ms)?;
        let mut account = found.ok_or_else(|| Error::NoSuchUser(before.username.clone()))?;
        let guards = is_last_security(connection, &account)?;
        apply(&mut account, change, roles, now_ms);
        if own && !account.enabled {
            return Err(Error::Forbidden(
                "Nobody can disable their own account.".to_owned(),
            ));
        }
        if guards && !(account.enabled && account.has(Role::Security)) {
            return Err(Error::Forbidden(LAST_SECURITY.to_owned()));
        }
        if !accounts::update(connection, &account)? {
            let name = &account.username;
            return Err(Error::Conflict(format!(
                "user account: {name} already exists"
            )));
        }
        match &password {
            Some(password) => accounts::set_password(connection, account.id, password, now_ms),
            None => Ok(()),
        }
    });
    write.await?;
    Ok(Answer::Empty)
}

const LAST_SECURITY: &str =
    "It is the last enabled account with the security role: nobody could manage accounts.";

/// Whether it is the one account that can still manage accounts.
fn is_last_security(connection: &Connection, account: &Account) -> Result<bool, Error> {
    let usable = account.local
        && account.has(Role::Security)
        && !account.barrier.is_some_and(Barrier::disables);
    Ok(usable && !accounts::other_security_account(connection, account)?)
}

fn apply(account: &mut Account, change: UserAccount, roles: Option<Vec<Role>>, now_ms: i64) {
    let put = |place: &mut String, value: Option<String>| {
        if let Some(value) = value {
            *place = value;
        }
    };
    put(&mut account.username, change.username);
    put(&mut account.full_name, change.full_name);
    put(&mut account.description, change.description);
    if let Some(enabled) = change.enabled {
        if enabled && account.barrier.is_some_and(Barrier::disables) {
            // Enabled by somebody: what had closed it is over.
            account.history.failures = 0;
            account.history.failed_ms = None;
            account.history.locked_ms = None;
            account.history.active_ms = now_ms;
        }
        account.enabled = enabled;
    }
    if let Some(must_change) = change.force_password_change {
        account.history.must_change = must_change;
    }
    if let Some(roles) = roles {
        if roles.contains(&A) && !account.has(A) {
            account.manages_namespaces = true;
        }
        account.roles = roles;
    }
    if let Some(manages) = change.allow_namespace_management {
        account.manages_namespaces = manages;
    }
}

async fn delete(call: Call) -> Result<Answer, Refusal> {
    let account = named(&call).await?;
    if account.id == call.account.id {
        return Err(Refusal::forbidden("Nobody can delete their own account."));
    }
    let now_ms = call.now_ms();
    let write = call.change(move |write| {
        if is_last_security(write.connection, &account)? {
            return Err(Error::Forbidden(LAST_SECURITY.to_owned()));
        }
        accounts::delete(write.connection, account.id, now_ms)
    });
    write.await?;
    Ok(Answer::Empty)
}
