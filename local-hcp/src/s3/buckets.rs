//! Operations on buckets.

use model::id::BucketRule;
use s3s::{
    S3Request, S3Result,
    dto::{
        Bucket, CreateBucketInput, CreateBucketOutput, DeleteBucketInput, DeleteBucketOutput,
        GetBucketLocationInput, GetBucketLocationOutput, HeadBucketInput, HeadBucketOutput,
        ListBucketsInput, ListBucketsOutput, Owner,
    },
    s3_error,
};

use super::{Gateway, auth::caller, error::fail};
use crate::{Error, account::Account, clock::from_ms, store::buckets};

const MAX_BUCKETS: i32 = 10_000;

pub(super) fn owner(account: &Account) -> Owner {
    Owner {
        display_name: Some(account.username.clone()),
        id: Some(account.guid.clone()),
    }
}

impl Gateway {
    pub(super) async fn list(
        &self,
        request: S3Request<ListBucketsInput>,
    ) -> S3Result<ListBucketsOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let limit = input.max_buckets.unwrap_or(MAX_BUCKETS);
        if !(1..=MAX_BUCKETS).contains(&limit) {
            return Err(s3_error!(InvalidArgument, "max-buckets is 1 to 10,000"));
        }
        let id = caller.id;
        let owned = self
            .store
            .read(move |connection| buckets::owned_by(connection, id))
            .await
            .map_err(fail)?;
        let prefix = input.prefix.clone().unwrap_or_default();
        // The token is the last name of the page before.
        let after = input.continuation_token.unwrap_or_default();
        let mut matching = owned
            .into_iter()
            .filter(|bucket| bucket.name.starts_with(&prefix) && bucket.name > after);
        let page: Vec<Bucket> = matching
            .by_ref()
            .take(usize::try_from(limit).unwrap_or(0))
            .map(|bucket| Bucket {
                name: Some(bucket.name),
                creation_date: Some(from_ms(bucket.created_ms).into()),
                bucket_region: None,
            })
            .collect();
        let more = matching.next().is_some();
        Ok(ListBucketsOutput {
            continuation_token: page
                .last()
                .filter(|_| more)
                .and_then(|last| last.name.clone()),
            buckets: Some(page),
            owner: Some(owner(&caller)),
            prefix: input.prefix,
        })
    }

    pub(super) async fn create(
        &self,
        request: S3Request<CreateBucketInput>,
    ) -> S3Result<CreateBucketOutput> {
        let caller = caller(&request)?;
        let name = BucketRule::Hcp
            .check(&request.input.bucket)
            .map_err(|fault| s3_error!(InvalidBucketName, "{fault}"))?;
        if !caller.manages_namespaces {
            return Err(s3_error!(
                AccessDenied,
                "The account may not create buckets: it lacks namespace management."
            ));
        }
        self.store.check_space(0).map_err(fail)?;
        let (now, location) = (self.clock.now_ms(), format!("/{name}"));
        self.store
            .write(move |write| {
                let tenant = caller
                    .tenant
                    .as_ref()
                    .ok_or(Error::Denied("system-level accounts have no buckets"))?;
                // An own bucket is not an error, as on HCP.
                buckets::create(write.connection, tenant.id, caller.id, name.as_str(), now)
            })
            .await
            .map_err(fail)?;
        Ok(CreateBucketOutput {
            location: Some(location),
        })
    }

    pub(super) async fn head(
        &self,
        request: S3Request<HeadBucketInput>,
    ) -> S3Result<HeadBucketOutput> {
        let caller = caller(&request)?;
        self.bucket(&caller, request.input.bucket).await?;
        Ok(HeadBucketOutput::default())
    }

    pub(super) async fn location(
        &self,
        request: S3Request<GetBucketLocationInput>,
    ) -> S3Result<GetBucketLocationOutput> {
        let caller = caller(&request)?;
        self.bucket(&caller, request.input.bucket).await?;
        // No constraint: the region that SDKs take as the default.
        Ok(GetBucketLocationOutput::default())
    }

    pub(super) async fn delete(
        &self,
        request: S3Request<DeleteBucketInput>,
    ) -> S3Result<DeleteBucketOutput> {
        let caller = caller(&request)?;
        let name = request.input.bucket;
        self.store
            .write(move |write| {
                let bucket = buckets::open(write.connection, &caller, &name)?;
                buckets::remove(write.connection, bucket.id)
            })
            .await
            .map_err(fail)?;
        Ok(DeleteBucketOutput::default())
    }

    /// The bucket, if the caller may reach it.
    pub(super) async fn bucket(
        &self,
        caller: &std::sync::Arc<Account>,
        name: String,
    ) -> S3Result<buckets::Bucket> {
        let caller = std::sync::Arc::clone(caller);
        self.store
            .read(move |connection| buckets::open(connection, &caller, &name))
            .await
            .map_err(fail)
    }
}
