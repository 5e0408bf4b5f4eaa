//! What somebody may do in the end with the objects of a namespace, and by what: HCP gives a permission where one way
//! leads to it and no mask is in it (HCP's manuals, "Permission masks", "Minimum data access permissions", "ACLs").

use crate::{
    acl::{Acl, AclRight, Whom},
    mapi::{Permission, Word as _},
};

/// An answer, as far as what it follows from is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It is not known.
    Unknown,
}

impl Says {
    fn of(known: Option<bool>) -> Self {
        match known {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unknown,
        }
    }
}

/// What must let a permission through, whoever has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// That the account can be used at all.
    Enabled,
    /// That of the tenant.
    Tenant,
    /// That of the namespace.
    Namespace,
}

/// A way by which one comes to a permission. One is enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// The data access permissions of the account.
    Account,
    /// Those of a group that one is assumed to be in.
    Group(String),
    /// What everybody has in the namespace who has signed in.
    SignedIn,
    /// What everybody has in the namespace, without an account too.
    Everybody,
    /// The access control list of the bucket.
    BucketList,
    /// The access control list of the object.
    ObjectList,
    /// The bucket is one's own.
    BucketOwner,
    /// The object is one's own.
    ObjectOwner,
}

/// A link of the chain, with what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link<T> {
    /// Which one.
    pub of: T,
    /// For a mask whether it lets the permission through, for a way whether it leads to it.
    pub says: Says,
}

/// Whether somebody has a permission, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What is asked about.
    pub permission: Permission,
    /// Whether one has it.
    pub answer: Says,
    /// All of them must let it through.
    pub masks: Vec<Link<Mask>>,
    /// One of them must lead to it.
    pub ways: Vec<Link<Way>>,
}

/// What is known of the masks, and of the ways that are open to one. Permissions that are not known are `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The masks, each with what it lets through.
    pub masks: Vec<(Mask, Option<Vec<Permission>>)>,
    /// The ways that there are, each with what it gives.
    pub ways: Vec<(Way, Option<Vec<Permission>>)>,
}

/// Permissions that can be asked about: all but giving away what is one's own, which S3 does not know.
pub const ASKED: [Permission; 9] = [
    Permission::Browse,
    Permission::Read,
    Permission::Write,
    Permission::Delete,
    Permission::Purge,
    Permission::ReadAcl,
    Permission::WriteAcl,
    Permission::Search,
    Permission::Privileged,
];

impl Facts {
    /// Whether one has the permission, and by what.
    pub fn explain(&self, permission: Permission) -> Verdict {
        let through = |mask: &Vec<Permission>| mask.contains(&permission.masked_by());
        let masks: Vec<_> = self
            .masks
            .iter()
            .map(|(mask, let_through)| Link {
                of: *mask,
                says: Says::of(let_through.as_ref().map(through)),
            })
            .collect();
        let leads = |given: &Vec<Permission>| {
            let gives =
                |one: &Permission| *one == permission || one.implies().contains(&permission);
            given.iter().any(gives)
        };
        let ways: Vec<_> = self
            .ways
            .iter()
            .map(|(way, given)| Link {
                of: way.clone(),
                says: Says::of(given.as_ref().map(leads)),
            })
            .collect();
        let all = |says: Says| masks.iter().all(|link| link.says == says);
        let any = |says: Says| ways.iter().any(|link| link.says == says);
        let stopped = masks.iter().any(|link| link.says == Says::No);
        let answer = if stopped || !any(Says::Yes) && !any(Says::Unknown) {
            Says::No
        } else if all(Says::Yes) && any(Says::Yes) {
            Says::Yes
        } else {
            Says::Unknown
        };
        Verdict {
            permission,
            answer,
            masks,
            ways,
        }
    }
}

/// Somebody who is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Person {
    /// A user, by name and, where it is known, by the id that lists know.
    User {
        /// The user name.
        name: String,
        /// The id.
        id: Option<String>,
    },
    /// Somebody without an account.
    Stranger,
}

impl Person {
    /// Whether a name or id of an owner or a grantee is this person's.
    fn is(&self, said_id: Option<&str>, said_name: Option<&str>) -> bool {
        let Self::User { name, id } = self else {
            return false;
        };
        let same = |one: Option<&str>, other: Option<&str>| {
            one.zip(other)
                .is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
        };
        same(id.as_deref(), said_id) || same(Some(name), said_name)
    }

    /// What a list grants.
    pub fn granted_by(&self, list: &Acl) -> Vec<Permission> {
        let mut all = Vec::new();
        for grant in &list.grants {
            let meant = match grant.whom() {
                Some(Whom::Everybody) => true,
                Some(Whom::SignedIn) => *self != Self::Stranger,
                Some(Whom::Person(_)) => grant.grantee.as_ref().is_some_and(|grantee| {
                    let name = grantee.display_name.as_deref();
                    self.is(
                        grantee.id.as_deref(),
                        name.or(grantee.email_address.as_deref()),
                    )
                }),
                _ => false,
            };
            if let Some(right) = grant.right().filter(|_| meant) {
                all.extend(right.permissions());
            }
        }
        all
    }

    /// Whether what the list is of is this person's own.
    pub fn owns(&self, list: &Acl) -> bool {
        list.owner
            .as_ref()
            .is_some_and(|owner| self.is(owner.id.as_deref(), owner.display_name.as_deref()))
    }

    /// What one has by a list and by owning what it is of.
    pub fn by_list(&self, list: Option<&Acl>) -> [Option<Vec<Permission>>; 2] {
        let own = |list: &Acl| {
            if self.owns(list) {
                Permission::ALL.to_vec()
            } else {
                Vec::new()
            }
        };
        [list.map(|list| self.granted_by(list)), list.map(own)]
    }
}

impl AclRight {
    /// HCP's permissions behind it (HCP's S3 manual, "ACL permissions").
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Read => &[P::Browse, P::Read],
            Self::Write => &[P::Write, P::Delete],
            Self::ReadAcp => &[P::ReadAcl],
            Self::WriteAcp => &[P::WriteAcl],
            Self::FullControl => &[
                P::Browse,
                P::Read,
                P::ReadAcl,
                P::Write,
                P::WriteAcl,
                P::Delete,
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use Permission as P;

    use super::*;
    use crate::acl::{ALL_USERS, AUTHENTICATED_USERS, Grant, Grantee};

    fn facts(ways: Vec<(Way, Option<Vec<Permission>>)>) -> Facts {
        let open = Some(Permission::OF_MASKS.to_vec());
        Facts {
            masks: vec![(Mask::Tenant, open.clone()), (Mask::Namespace, open)],
            ways,
        }
    }

    #[test]
    fn one_way_is_enough_and_a_mask_stops_all() {
        let mut facts = facts(vec![
            (Way::Account, Some(vec![])),
            (Way::Everybody, Some(vec![Permission::Search])),
        ]);
        // Reading comes with searching.
        assert_eq!(facts.explain(Permission::Browse).answer, Says::Yes);
        assert_eq!(facts.explain(Permission::Write).answer, Says::No);
        facts.masks[1].1 = Some(vec![Permission::Search]);
        let browse = facts.explain(Permission::Browse);
        assert_eq!(browse.answer, Says::No);
        assert_eq!(browse.masks[1].says, Says::No);
        assert_eq!(facts.explain(Permission::Search).answer, Says::Yes);
    }

    #[test]
    fn what_is_not_known_decides_only_where_nothing_else_does() {
        let mut facts = facts(vec![
            (Way::Account, None),
            (Way::BucketList, Some(vec![Permission::Read])),
        ]);
        assert_eq!(facts.explain(Permission::Read).answer, Says::Yes);
        assert_eq!(facts.explain(Permission::Write).answer, Says::Unknown);
        facts.masks[0].1 = None;
        assert_eq!(facts.explain(Permission::Read).answer, Says::Unknown);
        facts.masks[1].1 = Some(vec![]);
        assert_eq!(facts.explain(Permission::Read).answer, Says::No);
    }

    #[test]
    fn a_list_gives_to_groups_persons_and_the_owner() {
        let user = Person::User {
            name: "anna".to_owned(),
            id: Some("g-1".to_owned()),
        };
        let list = Acl::new(
            Some(crate::bucket::Owner {
                id: Some("g-1".to_owned()),
                display_name: None,
            }),
            vec![
                Grant::new(Grantee::group(ALL_USERS), AclRight::ReadAcp),
                Grant::new(Grantee::group(AUTHENTICATED_USERS), AclRight::Read),
                Grant::new(Grantee::person("g-2", "Anna"), AclRight::WriteAcp),
                Grant::new(Grantee::person("g-3", "bo"), AclRight::Write),
            ],
        );
        assert_eq!(
            user.granted_by(&list),
            [P::ReadAcl, P::Browse, P::Read, P::WriteAcl]
        );
        assert_eq!(Person::Stranger.granted_by(&list), [P::ReadAcl]);
        assert!(user.owns(&list) && !Person::Stranger.owns(&list));
        assert_eq!(user.by_list(None), [None, None]);
    }
}
