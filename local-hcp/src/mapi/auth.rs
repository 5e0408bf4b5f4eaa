//! Who is calling: `Authorization: HCP base64(user):md5hex(password)`.
//!
//! The scheme `AD` (`AD user@domain:password`) needs a directory, which this store does not have: it knows
//! nobody, as an HCP without one, and no failure counts against an account of the same name. Cookies in
//! place of the header are deprecated and not taken.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    net::IpAddr,
};

use axum::http::{header::AUTHORIZATION, request::Parts};
use rusqlite::Connection;
use tokio::sync::{Mutex, MutexGuard};

use super::{Management, error::Refusal};
use crate::{
    Error, Peer,
    account::{self, Account, Secret, Tenant},
    host::{Host, Scope},
    profile::Habits,
    signin::{self, Barrier},
    store::{
        accounts,
        records::{self, Deed, NewRecord},
        tenants,
    },
};

/// One answer for all that an attacker could tell apart: no such user, a wrong password, and an account
/// that failed sign-ins keep closed, whatever the password.
const BAD_CREDENTIALS: &str =
    "The user name or password is not valid, or failed sign-ins have disabled the account.";
/// Why nobody signs in with an account of a directory.
const NO_DIRECTORY: &str = "No Active Directory is configured: no account of one can sign in.";
/// How long the note that an account is in use is good for.
const USE_NOTED_MS: i64 = 60 * 60 * 1_000;

/// A proven caller that may act.
pub(crate) struct SignedIn {
    pub(crate) account: Account,
    /// The tenant whose resource the path names, as it was written.
    pub(super) path_tenant: Option<String>,
    /// That tenant, if there is one.
    pub(crate) tenant: Option<Tenant>,
    /// Whether that tenant lets accounts of the system act in it.
    pub(super) lets_system_in: bool,
    /// Whether the account may do nothing but change its password.
    pub(super) must_change: bool,
}

/// Whose credentials they can be, and where.
struct Found {
    candidates: Vec<Account>,
    tenant: Option<Tenant>,
    lets_system_in: bool,
}

/// Whose turn it is to sign in, by user name. Names share turns by chance; that costs them a moment.
pub(crate) struct Turns([Mutex<()>; 64]);

impl Turns {
    pub(super) fn new() -> Self {
        Self(std::array::from_fn(|_index| Mutex::new(())))
    }

    async fn wait(&self, name: &str) -> MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        // Capitals make no other account.
        name.to_ascii_lowercase().hash(&mut hasher);
        let index = usize::try_from(hasher.finish() % 64).unwrap_or(0);
        self.0[index].lock().await
    }
}

/// Finds out who calls a protocol for data that signs in as management does: an account of the tenant that
/// the host names. A password that is not that of the account counts against it here too.
pub(crate) async fn sign_in_to_data(
    management: &Management,
    parts: &Parts,
) -> Result<Account, Refusal> {
    let Proven {
        account, now_ms, ..
    } = proven(management, parts, None).await?;
    if let Some(barrier) = account.barrier {
        return Err(Refusal::forbidden(barrier.reason()));
    }
    note_use(management, &account, now_ms).await?;
    Ok(account)
}

/// Finds out who calls. A password that is not that of the account counts against it.
pub(super) async fn sign_in(management: &Management, parts: &Parts) -> Result<SignedIn, Refusal> {
    sign_in_at(management, parts, tenant_in(parts.uri.path())).await
}

/// The same on a host of metadata queries, which names the tenant. It is no console: whose addresses may use
/// that says nothing here.
///
/// # Errors
/// 403, also for accounts of the system where the tenant does not let them in.
pub(crate) async fn sign_in_to_search(
    management: &Management,
    parts: &Parts,
) -> Result<SignedIn, Refusal> {
    let host = Host::of(&parts.headers, &parts.uri, &management.domain);
    let named = match host.scope {
        Scope::Tenant(name) => Some(name),
        Scope::System | Scope::Any => None,
    };
    let is_named = named.is_some();
    let proven = proven(management, parts, named).await?;
    if let Some(barrier) = proven.account.barrier {
        return Err(Refusal::forbidden(barrier.reason()));
    }
    if is_named && proven.tenant.is_none() {
        return Err(Refusal::forbidden("There is no such tenant."));
    }
    admitted(management, proven).await
}

async fn sign_in_at(
    management: &Management,
    parts: &Parts,
    path_tenant: Option<String>,
) -> Result<SignedIn, Refusal> {
    let proven = proven(management, parts, path_tenant).await?;
    let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
    check_address(management, &proven.account, peer)?;
    match proven.account.barrier {
        None | Some(Barrier::MustChange) => admitted(management, proven).await,
        Some(barrier) => Err(Refusal::forbidden(barrier.reason())),
    }
}

/// Somebody who is who they say, if this is a place for them.
async fn admitted(management: &Management, proven: Proven) -> Result<SignedIn, Refusal> {
    let Proven {
        account,
        path_tenant,
        tenant,
        lets_system_in,
        now_ms,
    } = proven;
    let must_change = account.barrier.is_some();
    note_use(management, &account, now_ms).await?;
    let acts_at_home = match (&account.tenant, &path_tenant) {
        (None, _) => true,
        (Some(own), Some(path)) => own.name.eq_ignore_ascii_case(path),
        (Some(_own), None) => false,
    };
    if !acts_at_home {
        return Err(Refusal::forbidden(if path_tenant.is_some() {
            "The account belongs to another tenant."
        } else {
            "This needs a system-level account."
        }));
    }
    Ok(SignedIn {
        account,
        path_tenant,
        tenant,
        lets_system_in,
        must_change,
    })
}

/// An account whose password came with a request.
struct Proven {
    account: Account,
    /// The tenant that the request is about, as it was written, and that tenant.
    path_tenant: Option<String>,
    tenant: Option<Tenant>,
    lets_system_in: bool,
    now_ms: i64,
}

async fn proven(
    management: &Management,
    parts: &Parts,
    path_tenant: Option<String>,
) -> Result<Proven, Refusal> {
    let (name, secret) = credentials(parts)?;
    let scope = Host::of(&parts.headers, &parts.uri, &management.domain).scope;
    let (named, habits, now_ms) = (
        path_tenant.clone(),
        management.habits,
        management.clock.now_ms(),
    );
    // Sign-ins of one name are looked at one after the other, or as many guesses could be made at once as
    // there are connections before the first of them is counted.
    let turn = management.turns.wait(&name).await;
    let found = management
        .store
        .read(move |connection| find(connection, &habits, &scope, named.as_deref(), &name, now_ms))
        .await?;
    let account = prove(management, found.candidates, &secret, now_ms).await?;
    drop(turn);
    Ok(Proven {
        account,
        path_tenant,
        tenant: found.tenant,
        lets_system_in: found.lets_system_in,
        now_ms,
    })
}

/// Notes that an account is in use, and that its password was right.
async fn note_use(management: &Management, account: &Account, now_ms: i64) -> Result<(), Refusal> {
    if account.history.failures > 0 || now_ms - account.history.active_ms >= USE_NOTED_MS {
        let id = account.id;
        management
            .store
            .write(move |write| accounts::note_sign_in(write.connection, id, now_ms))
            .await?;
    }
    Ok(())
}

/// User name and hash of the password, out of the header.
fn credentials(parts: &Parts) -> Result<(String, String), Refusal> {
    let header = parts
        .headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .ok_or(Refusal::forbidden("The request carries no credentials."))?;
    if header.starts_with("AD ") {
        return Err(Refusal::forbidden(NO_DIRECTORY));
    }
    header
        .strip_prefix("HCP ")
        .and_then(|credentials| credentials.trim().split_once(':'))
        .and_then(|(name, secret)| Some((account::decode(name)?, secret.to_owned())))
        .ok_or(Refusal::forbidden("The credentials cannot be read."))
}

/// The account whose password it is.
async fn prove(
    management: &Management,
    candidates: Vec<Account>,
    secret: &str,
    now_ms: i64,
) -> Result<Account, Refusal> {
    // Whoever guesses learns nothing while an account is closed, not even that a guess was right.
    let (closed, open): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|account| {
        matches!(
            account.barrier,
            Some(Barrier::Locked | Barrier::CoolingDown)
        )
    });
    // A closed or unknown account takes as long as one with a wrong password.
    let nobody = Secret::of_password("");
    let spare = closed.first().map_or(&nobody, |account| &account.secret);
    let mut proven = None;
    for account in &open {
        // The tenant's own account comes first, should one of the system have its name and password.
        if account.secret.matches(secret) && account.local && proven.is_none() {
            proven = Some(account.clone());
        }
    }
    if open.is_empty() {
        let _ = spare.matches(secret);
    }
    if let Some(account) = proven {
        return Ok(account);
    }
    if open.is_empty() {
        return Err(Refusal::forbidden(BAD_CREDENTIALS));
    }
    let habits = management.habits;
    let failed = move |write: &mut crate::store::Write<'_>| {
        for account in &open {
            let rules = signin::Rules::of(&habits, account.console_security.as_deref())?;
            let most = rules.attempts;
            let anew = account.history.locked_ms.is_some();
            if accounts::count_failure(write.connection, account.id, most, anew, now_ms)? {
                let record = NewRecord::of(Some(account), now_ms, Deed::LockOut);
                records::insert(write.connection, &record)?;
                let tenant = account.tenant.as_ref().map_or("", |tenant| &tenant.name);
                tracing::warn!(
                    hcp.tenant = tenant,
                    hcp.user = account.username,
                    "failed sign-ins have disabled an account"
                );
            }
        }
        Ok(())
    };
    management.store.write(failed).await?;
    Err(Refusal::forbidden(BAD_CREDENTIALS))
}

/// Whether the tenant of an account lets it sign in from an address.
fn check_address(
    management: &Management,
    account: &Account,
    peer: Option<IpAddr>,
) -> Result<(), Refusal> {
    let Some(stored) = account.console_security.as_deref() else {
        return Ok(());
    };
    let settings = signin::settings(&management.habits, Some(stored))?;
    if signin::admits(settings.ip_settings.as_ref(), peer) {
        Ok(())
    } else {
        Err(Refusal::forbidden(
            "The tenant does not let anybody sign in from this address.",
        ))
    }
}

fn find(
    connection: &Connection,
    habits: &Habits,
    scope: &Scope,
    path_tenant: Option<&str>,
    name: &str,
    now_ms: i64,
) -> Result<Found, Error> {
    let tenant = path_tenant.map(|name| accounts::tenant(connection, name));
    let tenant = tenant.transpose()?.flatten();
    let lets_system_in = match &tenant {
        Some(tenant) => tenants::lets_system_in(connection, tenant.id)?,
        None => false,
    };
    let mut candidates = candidates(connection, scope, path_tenant, name, lets_system_in)?;
    for account in &mut candidates {
        account.barrier = signin::barrier(connection, habits, account, now_ms)?;
    }
    Ok(Found {
        candidates,
        tenant,
        lets_system_in,
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

/// Whose credentials they can be. A host of the system says so; on one of a tenant they are one of its
/// users, or one of the system where the tenant lets those in; on a host that says nothing the path does:
/// below a tenant its users come first, then those of the system.
fn candidates(
    connection: &Connection,
    scope: &Scope,
    path_tenant: Option<&str>,
    name: &str,
    lets_system_in: bool,
) -> Result<Vec<Account>, Error> {
    let of_tenant = |tenant: &str| accounts::tenant_user(connection, tenant, name);
    let of_system = || accounts::system_user(connection, name);
    let found = match (scope, path_tenant) {
        (Scope::Tenant(host), Some(path)) if lets_system_in && host.eq_ignore_ascii_case(path) => {
            [of_tenant(host)?, of_system()?]
        }
        (Scope::Tenant(host), _) => [of_tenant(host)?, None],
        (Scope::Any, Some(path)) => [of_tenant(path)?, of_system()?],
        (Scope::System, _) | (Scope::Any, None) => [of_system()?, None],
    };
    Ok(found.into_iter().flatten().collect())
}
