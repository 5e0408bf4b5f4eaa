//! Access control lists of buckets and objects.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, ObjectKey,
    bucket::{BucketMutation, Owner, below},
    endpoint::Endpoint,
};

/// An access control list as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Acl {
    /// The owner, where the store names one.
    pub owner: Option<Owner>,
    /// What is granted, and to whom.
    pub grants: Vec<Grant>,
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
    /// The grants; none where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grants: Option<Vec<Grant>>,
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
