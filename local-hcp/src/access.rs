//! Who may do what: HCP's data access permissions, and the grants by which S3 gives them.

use std::{
    net::IpAddr,
    ops::{BitOr, BitOrAssign},
    sync::{Arc, OnceLock},
};

use model::{
    acl::AclRight,
    mapi::{Permission, Word as _},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    Error,
    account::{Account, Tenant},
    store::usage::Charged,
};

/// A set of HCP's data access permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Permissions(u16);

impl Permissions {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const BROWSE: Self = Self(1);
    pub(crate) const READ: Self = Self(1 << 1);
    pub(crate) const READ_ACL: Self = Self(1 << 2);
    pub(crate) const WRITE: Self = Self(1 << 3);
    pub(crate) const WRITE_ACL: Self = Self(1 << 4);
    pub(crate) const DELETE: Self = Self(1 << 5);
    /// Holds, and deleting under retention.
    pub(crate) const PRIVILEGED: Self = Self(1 << 6);
    pub(crate) const PURGE: Self = Self(1 << 7);
    pub(crate) const SEARCH: Self = Self(1 << 8);
    pub(crate) const CHOWN: Self = Self(1 << 9);
    /// What the owner has.
    pub(crate) const ALL: Self = Self(0x3ff);
    /// All that a permission mask speaks of.
    pub(crate) const MASK: Self = Self(
        Self::READ.0
            | Self::WRITE.0
            | Self::DELETE.0
            | Self::PURGE.0
            | Self::PRIVILEGED.0
            | Self::SEARCH.0,
    );

    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn has(self, wanted: Self) -> bool {
        self.0 & wanted.0 == wanted.0
    }

    /// Says no unless all of `wanted` is there.
    pub(crate) fn need(self, wanted: Self) -> Result<(), Error> {
        if self.has(wanted) {
            Ok(())
        } else {
            Err(Error::Denied("the account lacks the permission"))
        }
    }

    pub(crate) const fn only(self, mask: Self) -> Self {
        Self(self.0 & mask.0)
    }

    /// What is left under a permission mask.
    pub(crate) fn under(self, mask: Self) -> Self {
        let through = |word: &&Permission| mask.has(Self::of_word(word.masked_by()));
        let let_through = Permission::ALL.iter().filter(through);
        self.only(let_through.fold(Self::NONE, |all, word| all | Self::of_word(*word)))
    }

    /// The bits, as a column has them.
    pub(crate) fn to_stored(self) -> i64 {
        i64::from(self.0)
    }

    /// The way back; bits that mean nothing are left out.
    pub(crate) fn stored(bits: i64) -> Self {
        u16::try_from(bits).map_or(Self::NONE, Self).only(Self::ALL)
    }

    const fn of_word(word: Permission) -> Self {
        match word {
            Permission::Browse => Self::BROWSE,
            Permission::Read => Self::READ,
            Permission::ReadAcl => Self::READ_ACL,
            Permission::Write => Self::WRITE,
            Permission::WriteAcl => Self::WRITE_ACL,
            Permission::Delete => Self::DELETE,
            Permission::Privileged => Self::PRIVILEGED,
            Permission::Purge => Self::PURGE,
            Permission::Search => Self::SEARCH,
            Permission::Chown => Self::CHOWN,
        }
    }

    /// What the words say, and what comes with each of them.
    pub(crate) fn of_words<'a>(words: impl IntoIterator<Item = &'a Permission>) -> Self {
        words
            .into_iter()
            .flat_map(|word| std::iter::once(word).chain(word.implies()))
            .fold(Self::NONE, |all, word| all | Self::of_word(*word))
    }

    /// HCP's words for it.
    pub(crate) fn words(self) -> Vec<Permission> {
        Permission::ALL
            .iter()
            .copied()
            .filter(|word| self.has(Self::of_word(*word)))
            .collect()
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_stored().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self::stored)
    }
}

impl BitOr for Permissions {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}

impl BitOrAssign for Permissions {
    fn bitor_assign(&mut self, other: Self) {
        *self = self.with(other);
    }
}

/// What a grant gives, in S3's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Right {
    Read,
    Write,
    ReadAcp,
    WriteAcp,
    FullControl,
}

impl Right {
    /// HCP's permissions behind it.
    pub(crate) fn permissions(self) -> Permissions {
        let right = match self {
            Self::Read => AclRight::Read,
            Self::Write => AclRight::Write,
            Self::ReadAcp => AclRight::ReadAcp,
            Self::WriteAcp => AclRight::WriteAcp,
            Self::FullControl => AclRight::FullControl,
        };
        Permissions::of_words(right.permissions())
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::Write => "WRITE",
            Self::ReadAcp => "READ_ACP",
            Self::WriteAcp => "WRITE_ACP",
            Self::FullControl => "FULL_CONTROL",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [
            Self::Read,
            Self::Write,
            Self::ReadAcp,
            Self::WriteAcp,
            Self::FullControl,
        ]
        .into_iter()
        .find(|right| right.as_str() == text)
    }
}

/// To whom something is granted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Grantee {
    /// The user with this GUID.
    User(String),
    /// Every account of the tenant.
    Authenticated,
    /// Everybody, without signing in.
    Everyone,
}

/// One line of an access control list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) grantee: Grantee,
    pub(crate) right: Right,
}

/// What is granted beside what the owner has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Acl(pub(crate) Vec<Grant>);

impl Acl {
    /// What it gives to a caller.
    pub(crate) fn permissions(&self, caller: &Caller) -> Permissions {
        self.0
            .iter()
            .filter(|grant| match &grant.grantee {
                Grantee::Everyone => true,
                Grantee::Authenticated => caller.account.is_some(),
                Grantee::User(guid) => caller
                    .account
                    .as_ref()
                    .is_some_and(|account| account.guid == *guid),
            })
            .fold(Permissions::NONE, |all, grant| {
                all | grant.right.permissions()
            })
    }
}

/// A temporary key and its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Loan {
    pub(crate) access_key: String,
    pub(crate) bucket_id: i64,
    pub(crate) prefix: String,
    pub(crate) may_write: bool,
    pub(crate) expires_ms: i64,
    /// When it was last used, as far as it was noted.
    pub(crate) used_ms: Option<i64>,
}

/// The protocols by which objects are reached. Namespaces have a switch for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Gateway {
    #[default]
    S3,
    /// HCP's own, below `/rest`.
    Rest,
}

/// How a request came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    /// From where; `None`: nobody has said.
    pub(crate) peer: Option<IpAddr>,
    /// Over TLS.
    pub(crate) is_secure: bool,
    /// By which protocol.
    pub(crate) gateway: Gateway,
}

/// Whoever sent a request.
#[derive(Clone)]
pub(crate) struct Caller {
    /// `None`: nobody signed the request.
    account: Option<Arc<Account>>,
    /// The tenant in which names of buckets are looked up. `None`: an unsigned request on a host
    /// that names no tenant.
    tenant: Option<Tenant>,
    /// The limits of the key, if it was lent.
    loan: Option<Loan>,
    /// How the request came; `None`: it is no request for objects, and the switches of protocols do not concern it.
    origin: Option<Origin>,
    /// The namespace to which it is charged what the request reads: the first that was opened for it.
    charged: Arc<OnceLock<Charged>>,
}

impl Caller {
    /// Somebody with a key of their own, or with one that was lent.
    pub(crate) fn signed(account: Arc<Account>, loan: Option<Loan>) -> Self {
        Self {
            tenant: account.tenant.clone(),
            account: Some(account),
            loan,
            origin: None,
            charged: Arc::default(),
        }
    }

    /// Nobody in particular.
    pub(crate) fn anonymous(tenant: Option<Tenant>) -> Self {
        Self {
            account: None,
            tenant,
            loan: None,
            origin: None,
            charged: Arc::default(),
        }
    }

    /// The same, by a request to the endpoint of S3, or of HCP's own protocol beside it.
    pub(crate) fn over_http(self, origin: Origin) -> Self {
        Self {
            origin: Some(origin),
            ..self
        }
    }

    /// Says to which namespace it is charged what the request reads; the first to say so is heard.
    pub(crate) fn charge(&self, charged: impl FnOnce() -> Charged) {
        self.charged.get_or_init(charged);
    }

    /// To which namespace that is, once one was opened.
    pub(crate) fn charged(&self) -> Arc<OnceLock<Charged>> {
        Arc::clone(&self.charged)
    }

    pub(crate) fn origin(&self) -> Option<Origin> {
        self.origin
    }

    pub(crate) fn tenant(&self) -> Option<&Tenant> {
        self.tenant.as_ref()
    }

    /// The account, where one is needed.
    pub(crate) fn account(&self) -> Result<&Arc<Account>, Error> {
        self.account
            .as_ref()
            .ok_or(Error::Denied("the request is not signed"))
    }

    /// The account, where the whole of its rights is needed: a temporary key is not enough.
    pub(crate) fn own_account(&self) -> Result<&Arc<Account>, Error> {
        match &self.loan {
            Some(_) => Err(Error::Denied("a temporary key is not enough for this")),
            None => self.account(),
        }
    }

    pub(crate) fn loan(&self) -> Option<&Loan> {
        self.loan.as_ref()
    }

    /// Whether it is the account with this id.
    pub(crate) fn is(&self, user_id: i64) -> bool {
        self.account
            .as_ref()
            .is_some_and(|account| account.id == user_id)
    }

    /// Says no where a temporary key does not reach.
    pub(crate) fn reach(&self, key: &str) -> Result<(), Error> {
        match &self.loan {
            Some(loan) if !key.starts_with(&loan.prefix) => Err(Error::Denied(
                "the temporary key does not reach beyond its prefix",
            )),
            _ => Ok(()),
        }
    }

    /// What is left of `permissions` in a bucket when the key was lent.
    pub(crate) fn limit(&self, permissions: Permissions, bucket_id: i64) -> Permissions {
        let Some(loan) = &self.loan else {
            return permissions;
        };
        if loan.bucket_id != bucket_id {
            return Permissions::NONE;
        }
        let reading = Permissions::BROWSE | Permissions::READ;
        permissions.only(if loan.may_write {
            reading | Permissions::WRITE | Permissions::DELETE
        } else {
            reading
        })
    }
}
