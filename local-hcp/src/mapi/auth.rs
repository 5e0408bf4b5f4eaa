//! Who is calling: `Authorization: HCP base64(user):md5hex(password)`.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{header::AUTHORIZATION, request::Parts},
};
use rusqlite::Connection;

use super::{Domain, error::Refusal};
use crate::{
    Error,
    account::{self, Account, Secret},
    host::{Host, Scope},
    store::{Store, accounts},
};

const BAD_CREDENTIALS: &str = "The user name or password is not valid.";

/// A proven, enabled caller.
pub(super) struct Caller(pub(super) Account);

impl Caller {
    /// An account of the system level.
    pub(super) fn is_system(&self) -> bool {
        self.0.tenant.is_none()
    }

    /// Whether this is an account of that tenant.
    pub(super) fn belongs_to(&self, tenant: &str) -> bool {
        self.0
            .tenant
            .as_ref()
            .is_some_and(|own| own.name.eq_ignore_ascii_case(tenant))
    }
}

impl<S> FromRequestParts<S> for Caller
where
    Store: FromRef<S>,
    Domain: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let header = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .ok_or(Refusal::Forbidden("The request carries no credentials."))?;
        let (name, secret) = header
            .strip_prefix("HCP ")
            .and_then(|credentials| credentials.trim().split_once(':'))
            .and_then(|(name, secret)| Some((account::decode(name)?, secret.to_owned())))
            .ok_or(Refusal::Forbidden("The credentials cannot be read."))?;
        let domain = Domain::from_ref(state);
        let scope = Host::of(&parts.headers, &parts.uri, &domain.0).scope;
        let path_tenant = tenant_in(parts.uri.path());
        let account = Store::from_ref(state)
            .read(move |connection| find(connection, &scope, path_tenant.as_deref(), &name))
            .await?;
        // An unknown name takes as long as a known one with a wrong password.
        let nobody = Secret::of_password("");
        let stored = account.as_ref().map_or(&nobody, |account| &account.secret);
        let proven = stored.matches(&secret);
        match account {
            Some(account) if proven && account.enabled => Ok(Self(account)),
            Some(_) if proven => Err(Refusal::Forbidden("The account is disabled.")),
            _ => Err(Refusal::Forbidden(BAD_CREDENTIALS)),
        }
    }
}

/// The tenant whose resource a path names.
fn tenant_in(path: &str) -> Option<String> {
    let name = path.strip_prefix("/mapi/tenants/")?.split('/').next()?;
    let name = percent_encoding::percent_decode_str(name)
        .decode_utf8()
        .ok()?;
    (!name.is_empty()).then(|| name.into_owned())
}

/// On a host that says nothing the path does: below a tenant its users come first, then those of
/// the system.
fn find(
    connection: &Connection,
    scope: &Scope,
    path_tenant: Option<&str>,
    name: &str,
) -> Result<Option<Account>, Error> {
    match (scope, path_tenant) {
        (Scope::Tenant(tenant), _) => accounts::tenant_user(connection, tenant, name),
        (Scope::Any, Some(tenant)) => match accounts::tenant_user(connection, tenant, name)? {
            Some(account) => Ok(Some(account)),
            None => accounts::system_user(connection, name),
        },
        (Scope::System, _) | (Scope::Any, None) => accounts::system_user(connection, name),
    }
}
