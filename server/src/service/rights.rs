//! What the account of a session may do, found by asking.
//!
//! HCP has no resource that tells an account its own roles, unless it has the security role. What is
//! known otherwise is which resources answer whom (HCP's management API, "Endpoint matrix"): a few
//! cheap reads are sent at once, and what their refusals leave open stays unknown.

use std::time::Duration;

use hcp::{Call, ErrorKind};
use model::{
    mapi::{Resource as _, Role, UserAccount, calls::operations},
    session::{Right, Rights},
};
use moka::future::Cache;
use serde_json::Value;

use super::reach::has_management;
use crate::{session::Claims, state::AppState};

/// How long the store may take to answer: a page waits for it.
const LIMIT: Duration = Duration::from_secs(2);
/// How long an answer holds: roles change, and people do not sign in anew for that.
const LIFETIME: Duration = Duration::from_mins(1);
/// How many sessions are remembered.
const SESSIONS: u64 = 10_000;

/// What is known of the account of a session.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// What it may do.
    pub rights: Rights,
    /// Whether the store lets it do nothing before its password is changed.
    pub must_change_password: bool,
    /// Whether it sees what others did. Unlike other rights this one is Hako's own to guard: what is not known
    /// for certain is not so.
    pub oversees: bool,
}

/// The rights of sessions, by id.
#[derive(Clone)]
pub struct KnownRights(Cache<String, Known>);

impl KnownRights {
    /// Forgets a session, whose account is asked about anew.
    pub async fn forget(&self, id: &str) {
        self.0.invalidate(id).await;
    }
}

impl Default for KnownRights {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(SESSIONS)
                .time_to_live(LIFETIME)
                .build(),
        )
    }
}

/// What is known of the account of a session.
pub async fn known(state: &AppState, claims: &Claims) -> Known {
    if !has_management(state) {
        return Known {
            rights: Rights::NONE,
            must_change_password: false,
            oversees: false,
        };
    }
    // Several pages of one session at once ask once.
    state
        .rights()
        .0
        .get_with(claims.id.clone(), Box::pin(ask(state, claims)))
        .await
}

async fn ask(state: &AppState, claims: &Claims) -> Known {
    let asker = Asker { state, claims };
    let user = claims.credentials.username.as_str();
    if let Some(tenant) = &claims.credentials.tenant {
        let (tenant, user) = ([tenant.as_str()], [tenant.as_str(), user]);
        let (account, security, people, settings, mask, namespaces) = tokio::join!(
            asker.read("get_user", &user),
            asker.read("get_console_security", &tenant),
            asker.read("get_data_access_of_user", &user),
            asker.read("get_tenant", &tenant),
            asker.read("get_tenant_permissions", &tenant),
            asker.read("list_namespaces", &tenant),
        );
        if let Found::Answer(settings) = &security {
            state.login_messages().note(tenant[0], settings);
        }
        let must_change_password = account.wants_new_password();
        let rights = of_tenant(&Seen {
            account,
            security: security.right(),
            people: people.right(),
            settings: settings.right(),
            mask: mask.right(),
            namespaces: namespaces.right(),
        });
        Known {
            rights,
            must_change_password,
            oversees: rights.admin == Right::Yes || rights.security == Right::Yes,
        }
    } else {
        let user = [user];
        let (account, tenants) = tokio::join!(
            asker.read("get_system_user", &user),
            asker.read("list_tenants", &[]),
        );
        let rights = of_system(&account, tenants.right());
        Known {
            rights,
            must_change_password: account.wants_new_password(),
            oversees: oversees_system(rights, tenants.right()),
        }
    }
}

/// Asks with the credentials of one session.
struct Asker<'a> {
    state: &'a AppState,
    claims: &'a Claims,
}

/// What became of a read.
enum Found {
    Answer(Value),
    Refused,
    /// Refused until the password is changed.
    Expired,
    /// It failed, or took too long.
    Nothing,
}

impl Found {
    fn right(&self) -> Right {
        match self {
            Self::Answer(_) => Right::Yes,
            Self::Refused => Right::No,
            Self::Expired | Self::Nothing => Right::Unknown,
        }
    }

    /// Whether the account's password has to be changed first. A store that lets the account look at
    /// itself says so in a property; one that does not says so in refusing.
    fn wants_new_password(&self) -> bool {
        match self {
            Self::Expired => true,
            Self::Answer(_) => self.account().force_password_change == Some(true),
            Self::Refused | Self::Nothing => false,
        }
    }

    /// The account, if this is one.
    fn account(&self) -> UserAccount {
        match self {
            Self::Answer(Value::Object(account)) => UserAccount::read_leniently(account.clone()),
            _ => UserAccount::default(),
        }
    }
}

impl Asker<'_> {
    async fn read(&self, id: &str, names: &[&str]) -> Found {
        let call = operations()
            .find(|operation| operation.id == id)
            .and_then(|operation| Call::new(operation, names).ok());
        let Some(call) = call else {
            return Found::Nothing;
        };
        // The names are not of interest, only whether they would be told.
        let call = if id.starts_with("list_") {
            call.with("count", "1")
        } else {
            call.with("verbose", "true")
        };
        let credentials = &self.claims.credentials;
        let asked = self.state.store().perform(credentials, &call);
        match tokio::time::timeout(LIMIT, asked).await {
            Ok(Ok(reply)) => Found::Answer(reply.body),
            Ok(Err(e)) if e.wants_new_password() => Found::Expired,
            Ok(Err(e)) if e.kind() == ErrorKind::Denied => Found::Refused,
            Ok(Err(_)) | Err(_) => Found::Nothing,
        }
    }
}

/// Which resources of a tenant answered. In brackets: whom they answer.
struct Seen {
    /// The own account (A M S, and whoever it is).
    account: Found,
    /// Console security (S).
    security: Right,
    /// Data access permissions of a user (A S).
    people: Right,
    /// The tenant (A M).
    settings: Right,
    /// The tenant's permission mask (A M C).
    mask: Right,
    /// The namespaces (A M C, and who may have some).
    namespaces: Right,
}

fn of_tenant(seen: &Seen) -> Rights {
    let account = seen.account.account();
    let manages = account.allow_namespace_management.map(Right::from);
    if let Some(roles) = &account.roles {
        let has = |role: Role| Right::from(roles.known().any(|known| known == role));
        return Rights {
            monitor: has(Role::Monitor),
            admin: has(Role::Administrator),
            security: has(Role::Security),
            compliance: has(Role::Compliance),
            namespaces: manages.unwrap_or(has(Role::Administrator)),
            ..Rights::NONE
        };
    }
    // Whoever has the security role would have seen the roles.
    let admin = match (seen.people, seen.security) {
        (Right::Yes, Right::No) => Right::Yes,
        (Right::No, _) => Right::No,
        _ => Right::Unknown,
    };
    let monitor = match (seen.settings, admin) {
        (Right::No, _) => Right::No,
        (Right::Yes, Right::No) => Right::Yes,
        _ => Right::Unknown,
    };
    let compliance = match (seen.mask, seen.settings) {
        (Right::No, _) => Right::No,
        (Right::Yes, Right::No) => Right::Yes,
        _ => Right::Unknown,
    };
    let namespaces = match (seen.namespaces, seen.mask) {
        _ if admin == Right::Yes => Right::Yes,
        (Right::No, _) => Right::No,
        (Right::Yes, Right::No) => Right::Yes,
        _ => Right::Unknown,
    };
    Rights {
        monitor,
        admin,
        security: seen.security,
        compliance,
        namespaces: manages.unwrap_or(namespaces),
        ..Rights::NONE
    }
}

fn of_system(account: &Found, tenants: Right) -> Rights {
    if let Some(roles) = &account.account().roles {
        let has = |role: Role| Right::from(roles.known().any(|known| known == role));
        return Rights {
            monitor: has(Role::Monitor),
            admin: has(Role::Administrator),
            security: has(Role::Security),
            compliance: has(Role::Compliance),
            service: has(Role::Service),
            search: has(Role::Search),
            namespaces: Right::No,
        };
    }
    let possible = match tenants {
        Right::No => Right::No,
        _ => Right::Unknown,
    };
    Rights {
        monitor: possible,
        admin: possible,
        // The account was shown, and without roles: it has not the one role that sees them.
        security: match account {
            Found::Answer(_) | Found::Refused => Right::No,
            Found::Expired | Found::Nothing => Right::Unknown,
        },
        namespaces: Right::No,
        ..Rights::default()
    }
}

/// Only a security account sees its roles. Of others it is known alone whether they may list tenants, which
/// administrators and monitors may: these see everything by management, and so what was done.
fn oversees_system(rights: Rights, tenants: Right) -> bool {
    match (rights.admin, rights.security) {
        (Right::Yes, _) | (_, Right::Yes) => true,
        (Right::Unknown, Right::No) => tenants == Right::Yes,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What a tenant answers to accounts of one role, row by row of HCP's matrix.
    fn seen(account: Option<Value>, answers: [Right; 5]) -> Seen {
        let [security, people, settings, mask, namespaces] = answers;
        Seen {
            account: account.map_or(Found::Refused, Found::Answer),
            security,
            people,
            settings,
            mask,
            namespaces,
        }
    }

    #[test]
    fn roles_that_are_told_are_believed() {
        use Right::{No, Yes};
        let account = json!({"roles": {"role": ["SECURITY", "COMPLIANCE"]}, "allowNamespaceManagement": false});
        let rights = of_tenant(&seen(Some(account), [Yes, Yes, No, Yes, Yes]));
        let expected = Rights {
            security: Yes,
            compliance: Yes,
            ..Rights::NONE
        };
        assert_eq!(rights, expected);
        let account = json!({"roles": {"role": ["ADMINISTRATOR", "SERVICE"]}});
        let rights = of_system(&Found::Answer(account), Yes);
        assert_eq!(
            (rights.admin, rights.service, rights.monitor),
            (Yes, Yes, No)
        );
    }

    #[test]
    fn without_them_refusals_tell() {
        use Right::{No, Unknown, Yes};
        let account = |manages: bool| Some(json!({"allowNamespaceManagement": manages}));
        let administrator = of_tenant(&seen(account(true), [No, Yes, Yes, Yes, Yes]));
        assert_eq!((administrator.admin, administrator.security), (Yes, No));
        assert_eq!(administrator.compliance, Unknown);
        assert_eq!(administrator.namespaces, Yes);

        let monitor = of_tenant(&seen(account(false), [No, No, Yes, Yes, Yes]));
        assert_eq!((monitor.admin, monitor.monitor), (No, Yes));
        assert_eq!((monitor.security, monitor.namespaces), (No, No));

        let compliance = of_tenant(&seen(None, [No, No, No, Yes, Yes]));
        assert_eq!((compliance.compliance, compliance.monitor), (Yes, No));
        assert_eq!((compliance.admin, compliance.namespaces), (No, Unknown));

        let manager = of_tenant(&seen(None, [No, No, No, No, Yes]));
        assert_eq!((manager.namespaces, manager.compliance), (Yes, No));
        let reader = of_tenant(&seen(None, [No; 5]));
        assert_eq!(reader, Rights::NONE);

        let silent = of_tenant(&Seen {
            account: Found::Nothing,
            ..seen(None, [Unknown; 5])
        });
        assert_eq!(
            (silent.admin, silent.monitor, silent.security),
            (Unknown, Unknown, Unknown)
        );

        let of_monitor = of_system(&Found::Answer(json!({"username": "m"})), Yes);
        assert_eq!((of_monitor.security, of_monitor.admin), (No, Unknown));
        let of_service = of_system(&Found::Refused, No);
        assert_eq!((of_service.monitor, of_service.admin), (No, No));
    }
}
