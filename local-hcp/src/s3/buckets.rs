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

use super::{Gateway, acl, auth::caller, error::fail};
use crate::{
    Error,
    access::{Caller, Permissions},
    clock::from_ms,
    store::{
        buckets,
        namespaces::{self, Maker, NewNamespace},
        plain,
        tenants::Limits,
    },
};

const MAX_BUCKETS: i32 = 10_000;

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
        let account = std::sync::Arc::clone(caller.account().map_err(fail)?);
        let (id, only) = (account.id, caller.loan().map(|loan| loan.bucket_id));
        let granted = self.habits.lists_granted_buckets;
        let mut owned = self
            .store
            .read(move |connection| buckets::reached_by(connection, id, granted))
            .await
            .map_err(fail)?;
        // A temporary key knows of no other bucket than its own.
        owned.retain(|bucket| {
            only.is_none_or(|only| only == bucket.id) && bucket.settings.http.hs3_enabled
        });
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
            owner: Some(Owner {
                display_name: Some(account.username.clone()),
                id: Some(account.guid.clone()),
            }),
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
        let account = std::sync::Arc::clone(caller.own_account().map_err(fail)?);
        if !account.manages_namespaces {
            return Err(s3_error!(
                AccessDenied,
                "The account may not create buckets: it lacks namespace management."
            ));
        }
        let wish = acl::Wish::of_bucket(&request.input)?;
        self.store.check_space(0).map_err(fail)?;
        let (now, location) = (self.clock.now_ms(), format!("/{name}"));
        let habits = self.habits;
        self.store
            .write(move |write| {
                let tenant = account
                    .tenant
                    .as_ref()
                    .ok_or(Error::Denied("system-level accounts have no buckets"))?;
                let connection = write.connection;
                match buckets::find(connection, tenant.id, name.as_str())? {
                    // An own bucket is not an error, as on HCP.
                    Some(bucket) if bucket.is_of(&caller) => return Ok(()),
                    Some(_) => return Err(Error::BucketTaken),
                    None => {}
                }
                let limits = Limits::of(connection, tenant.id)?;
                let new = NewNamespace {
                    tenant_id: tenant.id,
                    name: name.as_str(),
                    owner_id: Some(account.id),
                    created_ms: now,
                    properties: &namespaces::defaults(&limits, &habits, Maker::S3),
                    maker: Maker::S3,
                };
                let id = namespaces::create(connection, &new, &limits, &habits)?;
                if let Some(acl) = wish.resolve(connection, &caller, &account.guid)? {
                    buckets::set_acl(connection, id, &acl)?;
                }
                plain::make_bucket(write, id)
            })
            .await
            .map_err(|error| match error {
                // Of the tenant's bounds, HCP's S3 says this.
                Error::InvalidSetting(why) => s3_error!(InvalidRequest, "{why}"),
                error => fail(error),
            })?;
        Ok(CreateBucketOutput {
            location: Some(location),
        })
    }

    pub(super) async fn head(
        &self,
        request: S3Request<HeadBucketInput>,
    ) -> S3Result<HeadBucketOutput> {
        let caller = caller(&request)?;
        self.bucket(&caller, request.input.bucket, Permissions::BROWSE)
            .await?;
        Ok(HeadBucketOutput::default())
    }

    pub(super) async fn location(
        &self,
        request: S3Request<GetBucketLocationInput>,
    ) -> S3Result<GetBucketLocationOutput> {
        if !self.habits.extensions {
            return Err(s3_error!(NotImplemented));
        }
        let caller = caller(&request)?;
        self.bucket(&caller, request.input.bucket, Permissions::BROWSE)
            .await?;
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
                let bucket = buckets::open_as_owner(write.connection, &caller, &name)?;
                plain::remove_bucket(write, &bucket)
            })
            .await
            .map_err(fail)?;
        Ok(DeleteBucketOutput::default())
    }

    /// The bucket, if the caller has those permissions in it.
    pub(super) async fn bucket(
        &self,
        caller: &Caller,
        name: String,
        needed: Permissions,
    ) -> S3Result<buckets::Bucket> {
        let caller = caller.clone();
        self.store
            .read(move |connection| {
                let bucket = buckets::open(connection, &caller, &name)?;
                bucket.granted.need(needed)?;
                Ok(bucket)
            })
            .await
            .map_err(fail)
    }
}
