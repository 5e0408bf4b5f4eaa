//! Access control lists: read from headers and documents, and shown.

use std::collections::BTreeSet;

use rusqlite::Connection;
use s3s::{
    S3Error, S3ErrorCode, S3Request, S3Result,
    dto::{
        AccessControlPolicy, CreateBucketInput, GetBucketAclInput, GetBucketAclOutput,
        GetObjectAclInput, GetObjectAclOutput, Grant as GrantDocument, Grantee as GranteeDocument,
        Permission, PutBucketAclInput, PutBucketAclOutput, PutObjectAclInput, PutObjectAclOutput,
        Type,
    },
    s3_error,
};

use super::{Gateway, auth::caller, error::fail, list::owner_of, versions};
use crate::{
    Error,
    access::{Acl, Caller, Grant, Grantee, Permissions, Right},
    store::{
        accounts::{self, Person},
        buckets, objects,
    },
};

/// More grants are not taken by S3.
const GRANTS_MAX: usize = 100;

const ALL_USERS: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED_USERS: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";

/// Access as a request asks for it, before anybody looked up whom it names.
#[derive(Debug, Default)]
pub(super) enum Wish {
    /// Nothing was said.
    #[default]
    None,
    Canned(Canned),
    Grants(Vec<(Named, Right)>),
}

/// The canned lists that HCP knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Canned {
    Private,
    PublicRead,
    PublicReadWrite,
    AuthenticatedRead,
    BucketOwnerRead,
    BucketOwnerFullControl,
}

impl Canned {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "private" => Self::Private,
            "public-read" => Self::PublicRead,
            "public-read-write" => Self::PublicReadWrite,
            "authenticated-read" => Self::AuthenticatedRead,
            "bucket-owner-read" => Self::BucketOwnerRead,
            "bucket-owner-full-control" => Self::BucketOwnerFullControl,
            _ => return None,
        })
    }

    fn acl(self, bucket_owner: &str) -> Acl {
        let grant = |grantee, right| Grant { grantee, right };
        let owner = || Grantee::User(bucket_owner.to_owned());
        Acl(match self {
            Self::Private => Vec::new(),
            Self::PublicRead => vec![grant(Grantee::Everyone, Right::Read)],
            Self::PublicReadWrite => vec![
                grant(Grantee::Everyone, Right::Read),
                grant(Grantee::Everyone, Right::Write),
            ],
            Self::AuthenticatedRead => vec![grant(Grantee::Authenticated, Right::Read)],
            Self::BucketOwnerRead => vec![grant(owner(), Right::Read)],
            Self::BucketOwnerFullControl => vec![grant(owner(), Right::FullControl)],
        })
    }
}

/// A grantee as a request names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A GUID, or a user name where an e-mail address is expected.
    User(String),
    Authenticated,
    Everyone,
}

/// The wish of a request that carries `x-amz-acl` or `x-amz-grant-*`; the inputs have them under one
/// name each, though in types of their own.
macro_rules! wish_of {
    ($input:expr, $($write:ident)?) => {
        $crate::s3::acl::Wish::of(
            $input.acl.as_ref().map(|acl| acl.as_str()),
            &[
                ($input.grant_read.as_deref(), $crate::access::Right::Read),
                $(($input.$write.as_deref(), $crate::access::Right::Write),)?
                ($input.grant_read_acp.as_deref(), $crate::access::Right::ReadAcp),
                ($input.grant_write_acp.as_deref(), $crate::access::Right::WriteAcp),
                ($input.grant_full_control.as_deref(), $crate::access::Right::FullControl),
            ],
        )
    };
}
pub(super) use wish_of;

impl Wish {
    /// Reads the headers of a request.
    pub(super) fn of(canned: Option<&str>, grants: &[(Option<&str>, Right)]) -> S3Result<Self> {
        let given: Vec<_> = grants
            .iter()
            .filter_map(|(header, right)| header.map(|header| (header, *right)))
            .collect();
        match (canned, given.as_slice()) {
            (None, []) => Ok(Self::None),
            (Some(name), []) => match Canned::parse(name) {
                Some(canned) => Ok(Self::Canned(canned)),
                None => Err(s3_error!(
                    NotImplemented,
                    "The canned ACL `{name}` is not supported."
                )),
            },
            (Some(_), _) => Err(s3_error!(
                InvalidRequest,
                "Specifying both a canned ACL and grants is not allowed."
            )),
            (None, given) => {
                let mut all = Vec::new();
                for (header, right) in given {
                    for one in header.split(',') {
                        all.push((named(one)?, *right));
                    }
                }
                Self::grants(all)
            }
        }
    }

    /// Reads what a new bucket is to have.
    pub(super) fn of_bucket(input: &CreateBucketInput) -> S3Result<Self> {
        wish_of!(input, grant_write)
    }

    /// Reads a document. An owner may be named, if it is the one that there is.
    fn of_policy(policy: AccessControlPolicy) -> S3Result<Self> {
        let mut all = Vec::new();
        for grant in policy.grants.unwrap_or_default() {
            let malformed = || s3_error!(MalformedACLError, "A grant lacks grantee or permission.");
            let grantee = grant.grantee.ok_or_else(malformed)?;
            let right = grant
                .permission
                .and_then(|permission| Right::parse(permission.as_str()))
                .ok_or_else(malformed)?;
            let named = match (grantee.id, grantee.uri, grantee.email_address) {
                (_, Some(uri), _) => group(&uri)?,
                (Some(id), None, _) | (None, None, Some(id)) => Named::User(id),
                (None, None, None) => return Err(malformed()),
            };
            all.push((named, right));
        }
        Self::grants(all)
    }

    fn grants(all: Vec<(Named, Right)>) -> S3Result<Self> {
        if all.len() > GRANTS_MAX {
            return Err(s3_error!(
                InvalidArgument,
                "An access control list has at most 100 grants."
            ));
        }
        Ok(Self::Grants(all))
    }

    /// Looks up whom it names. `None`: nothing was said.
    pub(super) fn resolve(
        self,
        connection: &Connection,
        caller: &Caller,
        bucket_owner: &str,
    ) -> Result<Option<Acl>, Error> {
        if matches!(self, Self::None) {
            return Ok(None);
        }
        // What somebody was lent is not theirs to give away.
        let tenant = caller.own_account()?.tenant.as_ref();
        let grants = match self {
            Self::None => return Ok(None),
            Self::Canned(canned) => return Ok(Some(canned.acl(bucket_owner))),
            Self::Grants(grants) => grants,
        };
        let mut found = BTreeSet::new();
        for (named, right) in grants {
            let grantee = match named {
                Named::Everyone => Grantee::Everyone,
                Named::Authenticated => Grantee::Authenticated,
                Named::User(name) => {
                    let person = match tenant {
                        Some(tenant) => accounts::person_of_tenant(connection, tenant.id, &name)?,
                        None => None,
                    };
                    Grantee::User(person.ok_or(Error::NoSuchGrantee(name))?.guid)
                }
            };
            found.insert(Grant { grantee, right });
        }
        Ok(Some(Acl(found.into_iter().collect())))
    }
}

/// Reads `type=value`, the value perhaps in quotes.
fn named(text: &str) -> S3Result<Named> {
    let invalid = || {
        s3_error!(
            InvalidArgument,
            "A grantee is written as id=…, emailAddress=… or uri=…."
        )
    };
    let (kind, value) = text.trim().split_once('=').ok_or_else(invalid)?;
    let value = value.trim().trim_matches('"');
    match kind.trim() {
        "uri" => group(value),
        "id" | "emailAddress" => Ok(match value {
            "all_users" => Named::Everyone,
            "authenticated" => Named::Authenticated,
            name => Named::User(name.to_owned()),
        }),
        _ => Err(invalid()),
    }
}

fn group(uri: &str) -> S3Result<Named> {
    match uri {
        ALL_USERS => Ok(Named::Everyone),
        AUTHENTICATED_USERS => Ok(Named::Authenticated),
        _ => Err(s3_error!(InvalidArgument, "Invalid group uri")),
    }
}

/// A list as a document shows it: the owner's own rights first.
struct Shown {
    owner: Person,
    grants: Vec<GrantDocument>,
}

fn show(
    connection: &Connection,
    caller: &Caller,
    owner_id: Option<i64>,
    acl: &Acl,
) -> Result<Shown, Error> {
    let owner = owner(connection, owner_id)?;
    let mut grants = vec![document(user(&owner), Right::FullControl)];
    for grant in &acl.0 {
        let grantee = match &grant.grantee {
            Grantee::Everyone => group_document(ALL_USERS),
            Grantee::Authenticated => group_document(AUTHENTICATED_USERS),
            Grantee::User(guid) => {
                let person = match caller.tenant() {
                    Some(tenant) => accounts::person_of_tenant(connection, tenant.id, guid)?,
                    None => None,
                };
                user(&person.unwrap_or_else(|| Person {
                    guid: guid.clone(),
                    username: guid.clone(),
                }))
            }
        };
        grants.push(document(grantee, grant.right));
    }
    Ok(Shown { owner, grants })
}

fn user(person: &Person) -> GranteeDocument {
    GranteeDocument {
        display_name: Some(person.username.clone()),
        email_address: None,
        id: Some(person.guid.clone()),
        type_: Type::from_static(Type::CANONICAL_USER),
        uri: None,
    }
}

fn group_document(uri: &str) -> GranteeDocument {
    GranteeDocument {
        display_name: None,
        email_address: None,
        id: None,
        type_: Type::from_static(Type::GROUP),
        uri: Some(uri.to_owned()),
    }
}

fn document(grantee: GranteeDocument, right: Right) -> GrantDocument {
    GrantDocument {
        grantee: Some(grantee),
        permission: Some(Permission::from(right.as_str().to_owned())),
    }
}

/// What a `?acl` request asks for: document or headers, not both. Here HCP finds an unknown canned
/// list wrong, and not missing as elsewhere.
fn asked(wish: S3Result<Wish>, policy: Option<AccessControlPolicy>) -> S3Result<Wish> {
    let wish = wish.map_err(|refusal| match refusal.code() {
        S3ErrorCode::NotImplemented => {
            let message = refusal.message().unwrap_or_default().to_owned();
            S3Error::with_message(S3ErrorCode::InvalidArgument, message)
        }
        _ => refusal,
    })?;
    match (wish, policy) {
        (Wish::None, Some(policy)) => Wish::of_policy(policy),
        (Wish::None, None) => Err(s3_error!(
            MissingSecurityHeader,
            "Your request was missing a required header: an ACL in header or body."
        )),
        (_, Some(_)) => Err(s3_error!(
            UnexpectedContent,
            "This request does not support content beside ACL headers."
        )),
        (wish, None) => Ok(wish),
    }
}

/// The owner; what belongs to nobody has one of that name, as on HCP.
fn owner(connection: &Connection, owner_id: Option<i64>) -> Result<Person, Error> {
    let Some(id) = owner_id else {
        return Ok(Person {
            guid: "nobody".to_owned(),
            username: "nobody".to_owned(),
        });
    };
    accounts::person_by_id(connection, id)?.ok_or(Error::Damaged("an owner does not exist"))
}

/// The owner that a document names may only be the present one.
fn same_owner(
    named: Option<&str>,
    connection: &Connection,
    owner_id: Option<i64>,
) -> Result<(), Error> {
    let owner = owner(connection, owner_id)?;
    match named {
        Some(id) if owner.guid != id => Err(Error::Denied("the owner cannot be changed")),
        _ => Ok(()),
    }
}

fn owner_in(policy: Option<&AccessControlPolicy>) -> Option<String> {
    policy?.owner.as_ref()?.id.clone()
}

impl Gateway {
    pub(super) async fn show_bucket_acl(
        &self,
        request: S3Request<GetBucketAclInput>,
    ) -> S3Result<GetBucketAclOutput> {
        let caller = caller(&request)?;
        let name = request.input.bucket;
        let shown = self
            .store
            .read(move |connection| {
                let bucket = buckets::open(connection, &caller, &name)?;
                bucket.granted.need(Permissions::READ_ACL)?;
                show(connection, &caller, bucket.owner_id, &bucket.acl)
            })
            .await
            .map_err(fail)?;
        Ok(GetBucketAclOutput {
            owner: Some(owner_of(&shown.owner)),
            grants: Some(shown.grants),
        })
    }

    pub(super) async fn set_bucket_acl(
        &self,
        request: S3Request<PutBucketAclInput>,
    ) -> S3Result<PutBucketAclOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let owner = owner_in(input.access_control_policy.as_ref());
        let wish = asked(wish_of!(input, grant_write), input.access_control_policy)?;
        self.store
            .write(move |write| {
                let bucket = buckets::open(write.connection, &caller, &input.bucket)?;
                bucket.granted.need(Permissions::WRITE_ACL)?;
                same_owner(owner.as_deref(), write.connection, bucket.owner_id)?;
                let acl = resolved(wish, write.connection, &caller, bucket.owner_id)?;
                buckets::set_acl(write.connection, bucket.id, &acl)
            })
            .await
            .map_err(fail)?;
        Ok(PutBucketAclOutput::default())
    }

    pub(super) async fn show_object_acl(
        &self,
        request: S3Request<GetObjectAclInput>,
    ) -> S3Result<GetObjectAclOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let version = versions::parse(input.version_id.as_deref())?;
        let shown = self
            .store
            .read(move |connection| {
                let bucket = buckets::open(connection, &caller, &input.bucket)?;
                caller.reach(&input.key)?;
                let object = objects::find(connection, &bucket, &input.key, version)?;
                object
                    .granted(&bucket, &caller)
                    .need(Permissions::READ_ACL)?;
                let acl = &object.attributes.acl;
                show(connection, &caller, Some(object.owner_id), acl)
            })
            .await
            .map_err(fail)?;
        Ok(GetObjectAclOutput {
            owner: Some(owner_of(&shown.owner)),
            grants: Some(shown.grants),
            ..GetObjectAclOutput::default()
        })
    }

    pub(super) async fn set_object_acl(
        &self,
        request: S3Request<PutObjectAclInput>,
    ) -> S3Result<PutObjectAclOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let version = versions::parse(input.version_id.as_deref())?;
        let owner = owner_in(input.access_control_policy.as_ref());
        let wish = asked(wish_of!(input, grant_write), input.access_control_policy)?;
        let now = self.clock.now_ms();
        self.store
            .write(move |write| {
                let bucket = buckets::open(write.connection, &caller, &input.bucket)?;
                caller.reach(&input.key)?;
                let object = objects::find(write.connection, &bucket, &input.key, version)?;
                object
                    .granted(&bucket, &caller)
                    .need(Permissions::WRITE_ACL)?;
                same_owner(owner.as_deref(), write.connection, Some(object.owner_id))?;
                let acl = resolved(wish, write.connection, &caller, bucket.owner_id)?;
                let attributes = objects::Attributes {
                    acl,
                    ..object.attributes
                };
                objects::set_attributes(write.connection, object.id, &attributes, now)
            })
            .await
            .map_err(fail)?;
        Ok(PutObjectAclOutput::default())
    }
}

/// Looks up whom a wish names; nothing said is an empty list.
pub(super) fn resolved(
    wish: Wish,
    connection: &Connection,
    caller: &Caller,
    bucket_owner_id: Option<i64>,
) -> Result<Acl, Error> {
    let owner = owner(connection, bucket_owner_id)?;
    Ok(wish
        .resolve(connection, caller, &owner.guid)?
        .unwrap_or_default())
}
