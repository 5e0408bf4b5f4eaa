//! Buckets.

use aws_sdk_s3::operation::list_buckets::ListBucketsOutput;
use model::{
    BucketName,
    bucket::{Bucket, BucketList},
};

use super::{S3, translate};
use crate::{Error, Resource};

/// Whether an answer is the list that was asked for. The SDK does not look at the root of a document,
/// so the page of a proxy would pass for no buckets, and at sign-in for an open door.
pub(super) fn is_list(answer: &ListBucketsOutput) -> Result<(), Error> {
    if answer.owner.is_some() || answer.buckets.is_some() {
        Ok(())
    } else {
        Err(translate::incomplete(
            Resource::Buckets,
            "not a list of buckets",
        ))
    }
}

impl S3 {
    /// The buckets that the caller owns.
    pub async fn list_buckets(&self) -> Result<BucketList, Error> {
        let call = self.client.list_buckets().send();
        let answer = self.limited(Resource::Buckets, call).await?;
        is_list(&answer)?;
        let buckets = answer.buckets.unwrap_or_default().into_iter();
        Ok(BucketList {
            buckets: buckets
                .filter_map(|bucket| {
                    Some(Bucket {
                        creation_date: bucket.creation_date().and_then(translate::timestamp),
                        name: bucket.name?,
                    })
                })
                .collect(),
            owner: translate::owner(answer.owner),
        })
    }

    /// Makes a bucket.
    pub async fn create_bucket(&self, bucket: &BucketName) -> Result<(), Error> {
        let call = self.client.create_bucket().bucket(bucket.as_str()).send();
        self.limited(Resource::Bucket(bucket.clone()), call).await?;
        Ok(())
    }

    /// Whether a bucket is there and may be used.
    pub async fn head_bucket(&self, bucket: &BucketName) -> Result<(), Error> {
        let call = self.client.head_bucket().bucket(bucket.as_str()).send();
        self.limited(Resource::Bucket(bucket.clone()), call).await?;
        Ok(())
    }

    /// Removes an empty bucket.
    pub async fn delete_bucket(&self, bucket: &BucketName) -> Result<(), Error> {
        let call = self.client.delete_bucket().bucket(bucket.as_str()).send();
        self.limited(Resource::Bucket(bucket.clone()), call).await?;
        Ok(())
    }
}
