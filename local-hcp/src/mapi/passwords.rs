//! Passwords of user accounts: the rules for new ones, and who sets them.

use model::mapi::{Kind, Property, Rule, password};

use super::{
    access::{Access, S},
    accounts::named,
    call::{Answer, Call, Endpoint},
    error::Refusal,
};
use crate::{
    Error,
    account::{Account, Secret},
    password::Password,
    signin,
    store::accounts,
};

/// HCP's `updatePasswordRequest`.
const NEW_PASSWORD: &[Property] = &[Property {
    name: "newPassword",
    kind: Kind::Text,
    rule: Rule::Any,
}];

pub(super) fn endpoints() -> [Endpoint; 2] {
    [
        Endpoint::at("/userAccounts/{username}/changePassword")
            .post(Access::system(&[S]).or_own().even_forced(), change),
        Endpoint::at("/tenants/{tenant}/userAccounts/{username}/changePassword")
            .post(Access::tenant(&[S]).or_own().even_forced(), change),
    ]
}

async fn change(call: Call) -> Result<Answer, Refusal> {
    let mut sent = call.properties("updatePasswordRequest", NEW_PASSWORD)?;
    let (Some(serde_json::Value::String(password)), true) =
        (sent.remove("newPassword"), sent.is_empty())
    else {
        return Err(Refusal::invalid(
            "The body has one property, newPassword, which is text.",
        ));
    };
    let account = named(&call).await?;
    set(&call, account, &password).await
}

/// Sets the password of an account, if it keeps the rules.
pub(super) async fn set(call: &Call, account: Account, password: &str) -> Result<Answer, Refusal> {
    let password = prepare(call, &account, password).await?;
    let own = call.account.id == account.id;
    let now_ms = call.now_ms();
    let write = call.change(move |write| {
        accounts::set_password(write.connection, account.id, &password, now_ms)?;
        if own {
            accounts::password_was_changed(write.connection, account.id)?;
        }
        Ok(())
    });
    write.await?;
    Ok(Answer::Empty)
}

/// Holds a new password against the rules of the account's tenant, and makes ready what is stored.
pub(super) async fn prepare(
    call: &Call,
    account: &Account,
    password: &str,
) -> Result<Password, Refusal> {
    if !account.local {
        return Err(Refusal::forbidden(
            "The password of the account is not kept here.",
        ));
    }
    let habits = call.management.habits;
    let settings = signin::settings(&habits, account.console_security.as_deref())?;
    password::check(&settings, &account.username, password).map_err(Refusal::invalid)?;
    let own = call.account.id == account.id;
    let blocks = settings.block_password_re_use == Some(true);
    if (own || blocks)
        && account
            .secret
            .matches(Secret::of_password(password).expose())
    {
        return Err(Refusal::invalid("The new password is the present one."));
    }
    let depth = if blocks {
        settings.password_reuse_depth.unwrap_or(5)
    } else {
        0
    };
    let id = account.id;
    let read = call.management.store.read(move |connection| {
        let hashes = accounts::latest_passwords(connection, id, depth)?;
        Ok((accounts::salt(connection, id)?, hashes))
    });
    let (salt, earlier) = read.await?;
    let password = Password::new(password, salt).await?;
    if password.is_among(&earlier) {
        return Err(Refusal::invalid(format!(
            "The new password is one of the last {depth}."
        )));
    }
    Ok(password)
}

/// Holds the password of a new account against the rules of its tenant.
pub(super) async fn check(
    call: &Call,
    tenant_id: i64,
    username: &str,
    password: &str,
) -> Result<(), Refusal> {
    let read = call
        .management
        .store
        .read(move |connection| accounts::console_security(connection, tenant_id));
    let settings = signin::settings(&call.management.habits, read.await?.as_deref())?;
    password::check(&settings, username, password).map_err(Refusal::invalid)
}

/// `?resetPasswords=`: one password for every local account of a tenant that has the security role, by
/// an administrator of the system. Accounts that failed sign-ins had disabled can be used again: it is
/// how a tenant is helped that has locked itself out.
pub(super) async fn reset(call: Call) -> Result<Answer, Refusal> {
    let password = call.query.required("resetPasswords")?.to_owned();
    let tenant_id = call.tenant()?.id;
    let read = call
        .management
        .store
        .read(move |connection| accounts::local_security_accounts(connection, tenant_id));
    let mut ready = Vec::new();
    for account in read.await? {
        let password = prepare(&call, &account, &password).await?;
        ready.push((account, password));
    }
    let now_ms = call.now_ms();
    let write = call.change(move |write| {
        for (account, password) in &ready {
            accounts::set_password(write.connection, account.id, password, now_ms)?;
            accounts::note_sign_in(write.connection, account.id, now_ms)?;
        }
        Ok::<_, Error>(ready.len())
    });
    let count = write.await?;
    tracing::info!(
        accounts = count,
        "passwords of security accounts were reset"
    );
    Ok(Answer::Empty)
}
