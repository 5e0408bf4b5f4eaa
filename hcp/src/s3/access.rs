//! Access control lists.

use aws_sdk_s3::types::{
    AccessControlPolicy, Grant as SdkGrant, Grantee as SdkGrantee, Owner as SdkOwner, Permission,
    Type,
};
use model::{
    BucketName, ObjectKey,
    acl::{Acl, AclOwner, AclPolicy, Grant, Grantee},
};

use super::{S3, content_md5::ContentMd5, translate};
use crate::{Error, Resource};

impl S3 {
    /// A bucket's list.
    pub async fn bucket_acl(&self, bucket: &BucketName) -> Result<Acl, Error> {
        let call = self.client.get_bucket_acl().bucket(bucket.as_str()).send();
        let resource = Resource::Bucket(bucket.clone());
        let answer = self.limited(resource.clone(), call).await?;
        shown(resource, answer.owner, answer.grants)
    }

    /// Replaces a bucket's list. Where the policy names no owner, it is the present one.
    pub async fn set_bucket_acl(
        &self,
        bucket: &BucketName,
        policy: &AclPolicy,
    ) -> Result<(), Error> {
        let resource = Resource::Bucket(bucket.clone());
        let owner = match &policy.owner {
            Some(owner) => Some(named(owner)),
            None => self.bucket_acl(bucket).await?.owner.map(present),
        };
        let call = self
            .client
            .put_bucket_acl()
            .bucket(bucket.as_str())
            .access_control_policy(document(&resource, policy, owner)?)
            .customize()
            .interceptor(ContentMd5)
            .send();
        self.limited(resource, call).await?;
        Ok(())
    }

    /// An object's list.
    pub async fn object_acl(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        version: Option<&str>,
    ) -> Result<Acl, Error> {
        let call = self
            .client
            .get_object_acl()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .set_version_id(version.map(str::to_owned))
            .send();
        let resource = Resource::Object(key.clone());
        let answer = self.limited(resource.clone(), call).await?;
        shown(resource, answer.owner, answer.grants)
    }

    /// Replaces an object's list. Where the policy names no owner, it is the present one.
    pub async fn set_object_acl(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        version: Option<&str>,
        policy: &AclPolicy,
    ) -> Result<(), Error> {
        let resource = Resource::Object(key.clone());
        let owner = match &policy.owner {
            Some(owner) => Some(named(owner)),
            None => self
                .object_acl(bucket, key, version)
                .await?
                .owner
                .map(present),
        };
        let call = self
            .client
            .put_object_acl()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .set_version_id(version.map(str::to_owned))
            .access_control_policy(document(&resource, policy, owner)?)
            .customize()
            .interceptor(ContentMd5)
            .send();
        self.limited(resource, call).await?;
        Ok(())
    }
}

fn shown(
    resource: Resource,
    owner: Option<SdkOwner>,
    grants: Option<Vec<SdkGrant>>,
) -> Result<Acl, Error> {
    let owner = translate::owner(owner);
    if owner.is_none() && grants.is_none() {
        return Err(translate::incomplete(
            resource,
            "not an access control list",
        ));
    }
    let grants = grants.unwrap_or_default().into_iter().map(|grant| Grant {
        permission: grant.permission.map(|right| right.as_str().to_owned()),
        grantee: grant.grantee.map(|grantee| Grantee {
            kind: Some(grantee.r#type.as_str().to_owned()),
            id: grantee.id,
            display_name: grantee.display_name,
            email_address: grantee.email_address,
            uri: grantee.uri,
        }),
    });
    Ok(Acl::new(owner, grants.collect()))
}

fn named(owner: &AclOwner) -> SdkOwner {
    SdkOwner::builder()
        .set_id(owner.id.clone())
        .set_display_name(owner.display_name.clone())
        .build()
}

fn present(owner: model::bucket::Owner) -> SdkOwner {
    SdkOwner::builder()
        .set_id(owner.id)
        .set_display_name(owner.display_name)
        .build()
}

fn document(
    resource: &Resource,
    policy: &AclPolicy,
    owner: Option<SdkOwner>,
) -> Result<AccessControlPolicy, Error> {
    let mut grants = Vec::new();
    for grant in policy.grants.as_deref().unwrap_or_default() {
        let grantee = grant
            .grantee
            .as_ref()
            .map(|grantee| written(resource, grantee))
            .transpose()?;
        let right = grant.permission.as_deref().map(Permission::from);
        grants.push(
            SdkGrant::builder()
                .set_grantee(grantee)
                .set_permission(right)
                .build(),
        );
    }
    Ok(AccessControlPolicy::builder()
        .set_owner(owner)
        .set_grants(Some(grants))
        .build())
}

fn written(resource: &Resource, grantee: &Grantee) -> Result<SdkGrantee, Error> {
    // The kind follows from what is given, where it is not said.
    let kind = match (&grantee.kind, &grantee.uri, &grantee.email_address) {
        (Some(kind), ..) => Type::from(kind.as_str()),
        (None, Some(_), _) => Type::Group,
        (None, None, Some(_)) => Type::AmazonCustomerByEmail,
        (None, None, None) => Type::CanonicalUser,
    };
    SdkGrantee::builder()
        .r#type(kind)
        .set_id(grantee.id.clone())
        .set_display_name(grantee.display_name.clone())
        .set_email_address(grantee.email_address.clone())
        .set_uri(grantee.uri.clone())
        .build()
        .map_err(|error| translate::invalid(resource.clone(), error))
}
