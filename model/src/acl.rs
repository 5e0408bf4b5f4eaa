//! Access control lists of buckets and objects.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, ObjectKey,
    bucket::{BucketMutation, Owner, below},
    endpoint::Endpoint,
    fingerprint::fingerprint,
};

/// Lists have at most so many grants.
pub const GRANTS_MAX: usize = 100;
/// Everybody, with an account or without.
pub const ALL_USERS: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
/// Everybody with an account.
pub const AUTHENTICATED_USERS: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";

/// An access control list as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Acl {
    /// The owner, where the store names one.
    pub owner: Option<Owner>,
    /// What is granted, and to whom.
    pub grants: Vec<Grant>,
    /// What the list is told by: a change may name the list that it was made for.
    #[serde(default)]
    pub fingerprint: String,
}

impl Acl {
    /// A list as a store tells it.
    pub fn new(owner: Option<Owner>, grants: Vec<Grant>) -> Self {
        // In which order a store tells grants says nothing, and neither does a name beside an id.
        let mut lines: Vec<_> = grants.iter().map(Grant::line).collect();
        lines.sort_unstable();
        let id = owner.as_ref().and_then(|owner| owner.id.as_deref());
        Self {
            fingerprint: fingerprint(&(id, lines)),
            owner,
            grants,
        }
    }

    /// What is granted to others than the owner, whose rights need no grant.
    pub fn beside_owner(&self) -> Vec<Grant> {
        let (_, others) = self.by_owner();
        others
    }

    /// The grants to the owner, then all others.
    pub fn by_owner(&self) -> (Vec<Grant>, Vec<Grant>) {
        let id = self.owner.as_ref().and_then(|owner| owner.id.as_deref());
        let is_owner = |grant: &Grant| {
            let grantee = grant.grantee.as_ref();
            id.is_some() && grantee.and_then(|grantee| grantee.id.as_deref()) == id
        };
        self.grants.iter().cloned().partition(is_owner)
    }
}

/// What strangers may do by a list: whoever asks, without an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Public {
    /// They may read.
    pub read: bool,
    /// They may write.
    pub write: bool,
    /// They may read or set the list itself.
    pub list: bool,
}

impl Public {
    /// What grants come to.
    pub fn of(grants: &[Grant]) -> Self {
        let mut public = Self::default();
        let to_all = grants
            .iter()
            .filter(|grant| grant.whom() == Some(Whom::Everybody));
        for grant in to_all {
            match grant.right() {
                Some(AclRight::Read) => public.read = true,
                Some(AclRight::Write) => public.write = true,
                Some(AclRight::ReadAcp | AclRight::WriteAcp) => public.list = true,
                Some(AclRight::FullControl) => {
                    public = Self {
                        read: true,
                        write: true,
                        list: true,
                    }
                }
                None => {}
            }
        }
        public
    }

    /// Whether they may do anything.
    pub fn is_public(self) -> bool {
        self.read || self.write || self.list
    }

    /// Whether they may do something that they could not do before.
    pub fn exceeds(self, before: Self) -> bool {
        self.read && !before.read || self.write && !before.write || self.list && !before.list
    }
}

/// What a grant gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AclRight {
    /// Read what is there.
    Read,
    /// Store and delete.
    Write,
    /// Read the list.
    ReadAcp,
    /// Set the list.
    WriteAcp,
    /// All of it.
    FullControl,
}

impl AclRight {
    /// All of them, as they are offered.
    pub const ALL: [Self; 5] = [
        Self::Read,
        Self::Write,
        Self::ReadAcp,
        Self::WriteAcp,
        Self::FullControl,
    ];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::Write => "WRITE",
            Self::ReadAcp => "READ_ACP",
            Self::WriteAcp => "WRITE_ACP",
            Self::FullControl => "FULL_CONTROL",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.as_str() == word)
    }
}

/// To whom something is granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Everybody, without signing in.
    Everybody,
    /// Everybody who has signed in.
    SignedIn,
    /// Another group, by its URI.
    Group(String),
    /// A person, by name where it is told.
    Person(String),
}

impl Grant {
    /// A right for somebody.
    pub fn new(grantee: Grantee, right: AclRight) -> Self {
        Self {
            grantee: Some(grantee),
            permission: Some(right.as_str().to_owned()),
        }
    }

    /// To whom it is.
    pub fn whom(&self) -> Option<Whom> {
        let grantee = self.grantee.as_ref()?;
        Some(match grantee.uri.as_deref() {
            Some(ALL_USERS) => Whom::Everybody,
            Some(AUTHENTICATED_USERS) => Whom::SignedIn,
            Some(uri) => Whom::Group(uri.to_owned()),
            None => {
                let names = [&grantee.display_name, &grantee.email_address, &grantee.id];
                Whom::Person(names.into_iter().flatten().next()?.clone())
            }
        })
    }

    /// What it gives.
    pub fn right(&self) -> Option<AclRight> {
        AclRight::parse(self.permission.as_deref()?)
    }

    /// Whether both say the same, however they name whom.
    pub fn is_as(&self, other: &Self) -> bool {
        let same = |one: Option<&str>, other: Option<&str>| {
            one.zip(other)
                .is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
        };
        let (Some(one), Some(two)) = (&self.grantee, &other.grantee) else {
            return self == other;
        };
        let names = |grantee: &Grantee| {
            let name = grantee.display_name.as_ref();
            name.or(grantee.email_address.as_ref()).cloned()
        };
        self.permission == other.permission
            && (same(one.id.as_deref(), two.id.as_deref())
                || same(one.uri.as_deref(), two.uri.as_deref())
                || same(names(one).as_deref(), names(two).as_deref()))
    }

    /// What tells it apart from others.
    fn line(&self) -> [Option<String>; 4] {
        let grantee = self.grantee.clone().unwrap_or_default();
        [
            self.permission.clone(),
            grantee.uri,
            grantee.id,
            grantee.email_address,
        ]
    }
}

impl Grantee {
    /// A group of S3.
    pub fn group(uri: &str) -> Self {
        Self {
            kind: Some("Group".to_owned()),
            uri: Some(uri.to_owned()),
            ..Self::default()
        }
    }

    /// Somebody whose id is known.
    pub fn person(id: &str, name: &str) -> Self {
        Self {
            kind: Some("CanonicalUser".to_owned()),
            id: Some(id.to_owned()),
            display_name: Some(name.to_owned()),
            ..Self::default()
        }
    }

    /// Somebody as a person types whom they mean. HCP takes user names where others take addresses of mail, and
    /// ids are GUIDs and SIDs there; elsewhere what is no address is an id.
    pub fn typed(text: &str, is_hcp: bool) -> Self {
        let fits_guid = text.len() == 36
            && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
            && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
        let of_directory = text.starts_with("S-1-");
        let is_id = if is_hcp {
            fits_guid || of_directory
        } else {
            !text.contains('@')
        };
        if is_id {
            return Self {
                kind: Some("CanonicalUser".to_owned()),
                id: Some(text.to_owned()),
                ..Self::default()
            };
        }
        Self {
            kind: Some("AmazonCustomerByEmail".to_owned()),
            email_address: Some(text.to_owned()),
            ..Self::default()
        }
    }
}

/// What somebody has made of a list, made of what it has become meanwhile: what was taken out goes there too, what
/// was put in comes to it.
pub fn merged(before: &[Grant], mine: &[Grant], theirs: &[Grant]) -> Vec<Grant> {
    let has = |all: &[Grant], one: &Grant| all.iter().any(|other| other.is_as(one));
    let kept = theirs
        .iter()
        .filter(|grant| has(mine, grant) || !has(before, grant));
    let added = mine
        .iter()
        .filter(|grant| !has(before, grant) && !has(theirs, grant));
    kept.chain(added).cloned().collect()
}

/// One grant, in S3's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, rename_all = "PascalCase")]
pub struct Grant {
    /// To whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grantee: Option<Grantee>,
    /// `READ`, `WRITE`, `READ_ACP`, `WRITE_ACP` or `FULL_CONTROL`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
}

/// A person or a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Grantee {
    /// `CanonicalUser`, `Group` or `AmazonCustomerByEmail`.
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The canonical id of a person.
    #[serde(rename = "ID", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name of a person.
    #[serde(rename = "DisplayName", skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// On HCP, the user name.
    #[serde(rename = "EmailAddress", skip_serializing_if = "Option::is_none")]
    pub email_address: Option<String>,
    /// The URI of a group.
    #[serde(rename = "URI", skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
}

/// An access control list as it is set. What is absent, or null, is not sent to the store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, rename_all = "PascalCase")]
pub struct AclPolicy {
    /// The owner; the present one where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<AclOwner>,
    /// The grants; none where it is absent. At most 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grants: Option<Vec<Grant>>,
    /// That of the list that the change was made for. Where there is another by now, nothing is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
}

/// An owner, in S3's spelling.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct AclOwner {
    /// The canonical id.
    #[serde(rename = "ID", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name.
    #[serde(rename = "DisplayName", skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

/// A list in a word, for an object that is being stored. Its owner keeps all rights with each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CannedAcl {
    /// Nobody else.
    Private,
    /// Everybody may read it, without signing in.
    PublicRead,
    /// Everybody may read and write it, without signing in.
    PublicReadWrite,
    /// Whoever has an account may read it.
    AuthenticatedRead,
    /// The bucket's owner may read it.
    BucketOwnerRead,
    /// The bucket's owner has all rights, too.
    BucketOwnerFullControl,
}

impl CannedAcl {
    /// All of them, from the narrowest to the widest.
    pub const ALL: [Self; 6] = [
        Self::Private,
        Self::BucketOwnerRead,
        Self::BucketOwnerFullControl,
        Self::AuthenticatedRead,
        Self::PublicRead,
        Self::PublicReadWrite,
    ];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::PublicRead => "public-read",
            Self::PublicReadWrite => "public-read-write",
            Self::AuthenticatedRead => "authenticated-read",
            Self::BucketOwnerRead => "bucket-owner-read",
            Self::BucketOwnerFullControl => "bucket-owner-full-control",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|acl| acl.as_str() == word)
    }

    /// What it grants, besides what the owner has anyway; `None` where it names the owner of a bucket that is not
    /// known.
    pub fn grants(self, bucket_owner: Option<&Owner>) -> Option<Vec<Grant>> {
        let all = |right| Grant::new(Grantee::group(ALL_USERS), right);
        let owner = |right| {
            let owner = bucket_owner?;
            let id = owner.id.as_deref()?;
            let name = owner.display_name.as_deref().unwrap_or(id);
            Some(vec![Grant::new(Grantee::person(id, name), right)])
        };
        match self {
            Self::Private => Some(Vec::new()),
            Self::PublicRead => Some(vec![all(AclRight::Read)]),
            Self::PublicReadWrite => Some(vec![all(AclRight::Read), all(AclRight::Write)]),
            Self::AuthenticatedRead => {
                let group = Grantee::group(AUTHENTICATED_USERS);
                Some(vec![Grant::new(group, AclRight::Read)])
            }
            Self::BucketOwnerRead => owner(AclRight::Read),
            Self::BucketOwnerFullControl => owner(AclRight::FullControl),
        }
    }

    /// Whether strangers get rights by it.
    pub fn is_public(self) -> bool {
        matches!(self, Self::PublicRead | Self::PublicReadWrite)
    }
}

/// `GET /buckets/{bucket}/acl`.
#[derive(Clone, Debug)]
pub struct GetBucketAcl {
    /// The bucket.
    pub bucket: BucketName,
}

impl Endpoint for GetBucketAcl {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/acl";
    type Body = ();
    type Response = Acl;

    fn path(&self) -> String {
        below(&self.bucket, "acl", &[])
    }
}

/// `PUT /buckets/{bucket}/acl`.
#[derive(Clone, Debug)]
pub struct PutBucketAcl {
    /// The bucket.
    pub bucket: BucketName,
    /// The new list.
    pub policy: AclPolicy,
}

impl Endpoint for PutBucketAcl {
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/acl";
    type Body = AclPolicy;
    type Response = BucketMutation;

    fn path(&self) -> String {
        below(&self.bucket, "acl", &[])
    }

    fn body(&self) -> Option<&AclPolicy> {
        Some(&self.policy)
    }
}

/// `GET /buckets/{bucket}/object/acl?key=`.
#[derive(Clone, Debug)]
pub struct GetObjectAcl {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
    /// A version of it.
    pub version_id: Option<String>,
}

impl Endpoint for GetObjectAcl {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/acl";
    type Body = ();
    type Response = Acl;

    fn path(&self) -> String {
        of_object(&self.bucket, &self.key, self.version_id.as_ref())
    }
}

/// `PUT /buckets/{bucket}/object/acl?key=`.
#[derive(Clone, Debug)]
pub struct PutObjectAcl {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
    /// A version of it.
    pub version_id: Option<String>,
    /// The new list.
    pub policy: AclPolicy,
}

impl Endpoint for PutObjectAcl {
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/acl";
    type Body = AclPolicy;
    type Response = AclMutation;

    fn path(&self) -> String {
        of_object(&self.bucket, &self.key, self.version_id.as_ref())
    }

    fn body(&self) -> Option<&AclPolicy> {
        Some(&self.policy)
    }
}

/// What setting an object's list answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AclMutation {
    /// `updated`.
    pub status: String,
}

fn of_object(bucket: &BucketName, key: &ObjectKey, version: Option<&String>) -> String {
    below(
        bucket,
        "object/acl",
        &[
            ("key", Some(key.to_string())),
            ("version_id", version.cloned()),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canned_list_has_one_word_everywhere() {
        for acl in CannedAcl::ALL {
            assert_eq!(CannedAcl::parse(acl.as_str()), Some(acl));
            let json = serde_json::to_value(acl).unwrap();
            assert_eq!(json.as_str(), Some(acl.as_str()));
        }
        assert_eq!(CannedAcl::parse("aws-exec-read"), None);
    }

    fn of(text: &str, right: AclRight) -> Grant {
        Grant::new(Grantee::typed(text, true), right)
    }

    #[test]
    fn a_list_is_told_by_what_it_grants_and_not_by_order_or_names() {
        let owner = Some(Owner {
            id: Some("o".to_owned()),
            display_name: Some("Olga".to_owned()),
        });
        let (a, b) = (of("anna", AclRight::Read), of("bo", AclRight::Write));
        let print = |grants: &[&Grant]| {
            let grants = grants.iter().map(|&grant| grant.clone()).collect();
            Acl::new(owner.clone(), grants).fingerprint
        };
        assert_eq!(print(&[&a, &b]), print(&[&b, &a]));
        assert_ne!(print(&[&a, &b]), print(&[&a]));
        assert_ne!(print(&[&a]), print(&[&of("anna", AclRight::Write)]));
        let id = |name| Grant::new(Grantee::person("1", name), AclRight::Read);
        assert_eq!(print(&[&id("anna")]), print(&[&id("Anna B")]));
        let own = Grant::new(Grantee::person("o", "Olga"), AclRight::FullControl);
        let acl = Acl::new(owner.clone(), vec![own, a.clone()]);
        assert_eq!(acl.beside_owner(), [a]);
    }

    #[test]
    fn strangers_may_what_is_granted_to_everybody() {
        let all = |right| Grant::new(Grantee::group(ALL_USERS), right);
        let public = |grants: &[Grant]| {
            let found = Public::of(grants);
            (found.read, found.write, found.list)
        };
        assert_eq!(public(&[]), (false, false, false));
        assert_eq!(
            public(&[of("anna", AclRight::FullControl)]),
            (false, false, false)
        );
        let signed_in = Grant::new(Grantee::group(AUTHENTICATED_USERS), AclRight::Read);
        assert!(!Public::of(&[signed_in]).is_public());
        assert_eq!(public(&[all(AclRight::Read)]), (true, false, false));
        assert_eq!(public(&[all(AclRight::WriteAcp)]), (false, false, true));
        assert_eq!(public(&[all(AclRight::FullControl)]), (true, true, true));
        let (read, both) = (
            Public::of(&[all(AclRight::Read)]),
            Public::of(&[all(AclRight::Read), all(AclRight::Write)]),
        );
        assert!(both.exceeds(read) && !read.exceeds(both) && !read.exceeds(read));
        for acl in CannedAcl::ALL {
            let owner = Owner {
                id: Some("o".to_owned()),
                display_name: None,
            };
            let grants = acl.grants(Some(&owner)).unwrap();
            assert_eq!(Public::of(&grants).is_public(), acl.is_public(), "{acl:?}");
        }
        assert_eq!(CannedAcl::BucketOwnerRead.grants(None), None);
    }

    #[test]
    fn whom_one_types_is_a_name_or_an_id() {
        let guid = "0f8fad5b-d9cb-469f-a165-70867728950e";
        for (text, is_hcp, is_id) in [
            ("anna", true, false),
            ("anna@ad.example", true, false),
            (guid, true, true),
            ("S-1-5-21-1", true, true),
            ("anna@example.com", false, false),
            ("79a59df900b949e5", false, true),
        ] {
            let grantee = Grantee::typed(text, is_hcp);
            let (id, name) = (grantee.id.as_deref(), grantee.email_address.as_deref());
            let expected = if is_id {
                (Some(text), None)
            } else {
                (None, Some(text))
            };
            assert_eq!((id, name), expected, "{text}");
        }
    }

    #[test]
    fn changes_of_two_people_come_together() {
        let read = |name: &str| of(name, AclRight::Read);
        let before = [read("anna"), read("bo")];
        let mine = [read("anna"), read("cleo")];
        let theirs = [read("bo"), read("anna"), read("dan")];
        assert_eq!(
            merged(&before, &mine, &theirs),
            [read("anna"), read("dan"), read("cleo")]
        );
        assert_eq!(merged(&before, &before, &theirs), theirs);
        // One knows an id where the other has typed the name.
        let told = Grant::new(Grantee::person("1", "cleo"), AclRight::Read);
        let now = [told];
        assert_eq!(merged(&[], &[read("cleo")], &now), now);
    }

    #[test]
    fn a_policy_is_read_in_the_contracts_spelling() {
        let text = r#"{"Owner": {"ID": "u1", "DisplayName": null}, "Grants": [
            {"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"},
             "Permission": "READ"},
            {"Grantee": null, "Permission": null}], "Other": 1}"#;
        let policy: AclPolicy = serde_json::from_str(text).unwrap();
        assert_eq!(policy.owner.unwrap().id.as_deref(), Some("u1"));
        let grants = policy.grants.unwrap();
        assert_eq!(grants[0].permission.as_deref(), Some("READ"));
        assert_eq!(grants[1], Grant::default());
    }
}
