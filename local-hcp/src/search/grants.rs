//! `aclGrant`: what an access control list grants, and to whom (HCP's metadata query API, "Query expressions").

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::scope::Scope;
use crate::{
    access::{Acl, Grantee, Permissions},
    mapi::error::Refusal,
    store::accounts,
};

/// HCP's letters, in the order in which a value has them.
const LETTERS: [(char, Permissions); 5] = [
    ('R', Permissions::READ_ACL),
    ('r', Permissions::READ),
    ('W', Permissions::WRITE_ACL),
    ('w', Permissions::WRITE),
    ('d', Permissions::DELETE),
];

/// What a value of `aclGrant` asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wanted {
    permissions: Permissions,
    /// Whether there may be others beside.
    and_others: bool,
    /// `None`: to anybody.
    grantee: Option<Grantee>,
    /// An account that there is not: nothing is granted to it.
    nobody: bool,
}

impl Wanted {
    /// Reads `"rw"`, `"r*,USER,acme,ops1"`, `"r,USER"` (the caller) and `"r,GROUP,acme,all_users"`.
    ///
    /// # Errors
    /// 400 with the form that is expected.
    pub(super) fn parse(
        connection: &Connection,
        scope: &Scope,
        value: &str,
    ) -> Result<Self, Refusal> {
        let bad = || {
            Refusal::invalid(
                "aclGrant: letters out of RrWwd and `*`, then `,USER`, `,USER,tenant,name` or \
                 `,GROUP,tenant,all_users` (or `authenticated`)",
            )
        };
        let mut pieces = value.split(',').map(str::trim);
        let (mut permissions, mut and_others) = (Permissions::NONE, false);
        for letter in pieces.next().unwrap_or_default().chars() {
            match LETTERS.iter().find(|(own, _)| *own == letter) {
                Some((_, one)) => permissions |= *one,
                None if letter == '*' => and_others = true,
                None => return Err(bad()),
            }
        }
        if permissions == Permissions::NONE && !and_others {
            return Err(bad());
        }
        let rest: Vec<&str> = pieces.collect();
        let (mut grantee, mut nobody) = (None, false);
        match rest.as_slice() {
            [] => {}
            ["USER"] => grantee = Some(Grantee::User(scope.user_guid.clone())),
            ["USER", tenant, name] => match accounts::tenant_user(connection, tenant, name)? {
                Some(account) => grantee = Some(Grantee::User(account.guid)),
                None => nobody = true,
            },
            ["GROUP", _tenant, "all_users"] => grantee = Some(Grantee::Everyone),
            ["GROUP", _tenant, "authenticated"] => grantee = Some(Grantee::Authenticated),
            // Groups are those of a directory, which there is none of.
            ["GROUP", _tenant, _group] => nobody = true,
            _ => return Err(bad()),
        }
        Ok(Self {
            permissions,
            and_others,
            grantee,
            nobody,
        })
    }

    /// Whether a list grants it.
    pub(super) fn is_granted(&self, acl: &Acl) -> bool {
        !self.nobody
            && acl.0.iter().any(|grant| {
                if self
                    .grantee
                    .as_ref()
                    .is_some_and(|one| *one != grant.grantee)
                {
                    return false;
                }
                let granted = acl
                    .0
                    .iter()
                    .filter(|other| other.grantee == grant.grantee)
                    .fold(Permissions::NONE, |all, one| all | one.right.permissions());
                let letters = LETTERS
                    .iter()
                    .filter(|(_, one)| granted.has(*one))
                    .fold(Permissions::NONE, |all, (_, one)| all | *one);
                letters == self.permissions || self.and_others && letters.has(self.permissions)
            })
    }
}
