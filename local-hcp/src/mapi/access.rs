//! Who may do what (HCP's management API, "Roles" and the matrix of its resources).

use model::mapi::Role;

use crate::account::Account;

/// The roles, as short as the matrix has them.
pub(crate) const A: Role = Role::Administrator;
pub(crate) const C: Role = Role::Compliance;
pub(crate) const M: Role = Role::Monitor;
pub(crate) const S: Role = Role::Security;
pub(crate) const V: Role = Role::Service;

/// Whom a verb of a resource admits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Access {
    /// Accounts of the system, with one of these roles, whether or not the tenant lets them in.
    system: &'static [Role],
    /// Accounts of the tenant, with one of these roles; and those of the system with the same role,
    /// where the tenant lets them in.
    tenant: &'static [Role],
    managers: bool,
    own: bool,
    forced: bool,
}

impl Access {
    /// Accounts of the system.
    pub(crate) const fn system(roles: &'static [Role]) -> Self {
        Self {
            system: roles,
            tenant: &[],
            managers: false,
            own: false,
            forced: false,
        }
    }

    /// Accounts of the tenant, and of the system where the tenant lets them in.
    pub(crate) const fn tenant(roles: &'static [Role]) -> Self {
        Self {
            tenant: roles,
            ..Self::system(&[])
        }
    }

    /// Accounts of the system and of the tenant, each by the roles that it has at home.
    pub(crate) const fn both(roles: &'static [Role]) -> Self {
        Self {
            tenant: roles,
            ..Self::system(roles)
        }
    }

    /// And accounts that may manage namespaces of their own.
    pub(crate) const fn or_managers(self) -> Self {
        Self {
            managers: true,
            ..self
        }
    }

    /// And the account that the path names as `{username}`.
    pub(crate) const fn or_own(self) -> Self {
        Self { own: true, ..self }
    }

    /// And that account even while it has to change its password before anything else.
    pub(crate) const fn even_forced(self) -> Self {
        Self {
            forced: true,
            ..self
        }
    }

    /// Whether it admits a caller; `own`: the path names the caller's own account.
    pub(super) fn admits(&self, standing: &Standing, own: bool) -> bool {
        let by_role = |roles: &[Role]| roles.iter().any(|role| standing.has(*role));
        (standing.system && by_role(self.system))
            || (standing.tenant && by_role(self.tenant))
            || (standing.tenant && self.managers && standing.manages_namespaces)
            || (own && self.own)
    }

    /// Whether it admits a caller who has to change the password first.
    pub(super) fn admits_forced(&self, own: bool) -> bool {
        own && self.forced
    }
}

/// As what a caller acts on the resource that the path names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standing {
    /// With an account of the system.
    pub(crate) system: bool,
    /// As one of the tenant that the path names: with an account of it, or with one of the system where
    /// the tenant lets those in.
    pub(crate) tenant: bool,
    /// The roles that count.
    roles: Vec<Role>,
    /// Whether the caller may have namespaces of their own.
    pub(crate) manages_namespaces: bool,
}

impl Standing {
    pub(super) fn new(account: &Account, acts_in_tenant: bool) -> Self {
        Self {
            system: account.tenant.is_none(),
            tenant: acts_in_tenant,
            roles: account.roles.clone(),
            manages_namespaces: account.manages_namespaces,
        }
    }

    pub(crate) fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// Says of a property whether a caller may set it, or sees it.
pub(crate) type Who = fn(&Standing) -> bool;

pub(crate) fn nobody(_standing: &Standing) -> bool {
    false
}

pub(crate) fn anyone(_standing: &Standing) -> bool {
    true
}

pub(crate) fn system(standing: &Standing) -> bool {
    standing.system
}

pub(crate) fn tenant(standing: &Standing) -> bool {
    standing.tenant
}

pub(crate) fn administrator(standing: &Standing) -> bool {
    standing.has(A)
}

pub(crate) fn security(standing: &Standing) -> bool {
    standing.has(S)
}
