//! Who is calling: `Authorization: HCP base64(user):md5hex(password)`.
//!
//! The scheme `AD` needs a directory, which this store does not have, and cookies in place of the header
//! are deprecated: neither is taken.

use axum::http::{header::AUTHORIZATION, request::Parts};
use rusqlite::Connection;

use super::{Management, error::Refusal};
use crate::{
    Error,
    account::{self, Account, Secret, Tenant},
    host::{Host, Scope},
    store::accounts,
};

const BAD_CREDENTIALS: &str = "The user name or password is not valid.";

/// A proven, enabled caller.
pub(super) struct SignedIn {
    pub(super) account: Account,
    /// The tenant whose resource the path names, as it was written.
    pub(super) path_tenant: Option<String>,
    /// That tenant, if there is one.
    pub(super) tenant: Option<Tenant>,
    /// Whether that tenant lets accounts of the system act in it.
    pub(super) lets_system_in: bool,
    /// Whether the account may do nothing but change its password.
    pub(super) must_change: bool,
}

/// Finds out who calls.
pub(super) async fn sign_in(management: &Management, parts: &Parts) -> Result<SignedIn, Refusal> {
    let header = parts
        .headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .ok_or(Refusal::forbidden("The request carries no credentials."))?;
    let (name, secret) = header
        .strip_prefix("HCP ")
        .and_then(|credentials| credentials.trim().split_once(':'))
        .and_then(|(name, secret)| Some((account::decode(name)?, secret.to_owned())))
        .ok_or(Refusal::forbidden("The credentials cannot be read."))?;
    let scope = Host::of(&parts.headers, &parts.uri, &management.domain).scope;
    let path_tenant = tenant_in(parts.uri.path());
    let named = path_tenant.clone();
    let (candidates, tenant) = management
        .store
        .read(move |connection| {
            let tenant = named
                .as_deref()
                .map(|name| accounts::tenant(connection, name));
            let tenant = tenant.transpose()?.flatten();
            Ok((
                candidates(connection, &scope, named.as_deref(), &name)?,
                tenant,
            ))
        })
        .await?;
    // An unknown name takes as long as a known one with a wrong password.
    let nobody = Secret::of_password("");
    if candidates.is_empty() {
        let _ = nobody.matches(&secret);
    }
    let proven = candidates
        .into_iter()
        .find(|account| account.secret.matches(&secret))
        .ok_or(Refusal::forbidden(BAD_CREDENTIALS))?;
    if !proven.enabled {
        return Err(Refusal::forbidden("The account is disabled."));
    }
    Ok(SignedIn {
        account: proven,
        path_tenant,
        tenant,
        lets_system_in: false,
        must_change: false,
    })
}

/// The tenant whose resource a path names.
fn tenant_in(path: &str) -> Option<String> {
    let name = path.strip_prefix("/mapi/tenants/")?.split('/').next()?;
    let name = percent_encoding::percent_decode_str(name)
        .decode_utf8()
        .ok()?;
    (!name.is_empty()).then(|| name.into_owned())
}

/// Whose credentials they can be. A host of the system or of a tenant says; on one that says nothing the
/// path does: below a tenant its users come first, then those of the system.
fn candidates(
    connection: &Connection,
    scope: &Scope,
    path_tenant: Option<&str>,
    name: &str,
) -> Result<Vec<Account>, Error> {
    let of_tenant = |tenant: &str| accounts::tenant_user(connection, tenant, name);
    let of_system = || accounts::system_user(connection, name);
    let found = match (scope, path_tenant) {
        (Scope::Tenant(tenant), _) => [of_tenant(tenant)?, None],
        (Scope::Any, Some(tenant)) => [of_tenant(tenant)?, of_system()?],
        (Scope::System, _) | (Scope::Any, None) => [of_system()?, None],
    };
    Ok(found.into_iter().flatten().collect())
}
