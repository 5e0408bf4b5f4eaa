//! Copying and deleting objects: changes of metadata alone, no byte moves.

use s3s::{
    S3Request, S3Result,
    dto::{
        CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, DeleteObjectInput,
        DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, ETag,
        MetadataDirective,
    },
    s3_error,
};

use super::{
    Gateway,
    auth::caller,
    condition::Conditions,
    error::fail,
    objects::{attributes_of, current_version, no_such_version},
};
use crate::{
    Error,
    clock::from_ms,
    store::{
        Write, buckets,
        objects::{self, NewObject},
    },
};

/// How many keys one call may delete.
const DELETE_MAX: usize = 1_000;

impl Gateway {
    pub(super) async fn duplicate_object(
        &self,
        request: S3Request<CopyObjectInput>,
    ) -> S3Result<CopyObjectOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let CopySource::Bucket {
            bucket: from_bucket,
            key: from_key,
            version_id,
        } = input.copy_source
        else {
            return Err(s3_error!(NotImplemented, "access points are not supported"));
        };
        if !current_version(version_id.as_deref()) {
            return Err(no_such_version());
        }
        let replace = input
            .metadata_directive
            .as_ref()
            .is_some_and(|directive| directive.as_str() == MetadataDirective::REPLACE);
        if !replace && *from_bucket == *input.bucket && *from_key == *input.key {
            return Err(s3_error!(
                InvalidRequest,
                "This copy request is illegal because it is trying to copy an object to itself \
                 without changing the object's metadata."
            ));
        }
        let replacement = replace.then(|| attributes_of!(input)).transpose()?;
        let conditions = Conditions {
            matches: input.copy_source_if_match,
            none_match: input.copy_source_if_none_match,
            modified_since: input.copy_source_if_modified_since,
            unmodified_since: input.copy_source_if_unmodified_since,
        };
        self.store.check_space(0).map_err(fail)?;
        let now = self.clock.now_ms();
        let etag = self
            .store
            .write(move |write| {
                let from = buckets::open(write.connection, &caller, &from_bucket)?;
                let to = buckets::open(write.connection, &caller, &input.bucket)?;
                let source = objects::current(write.connection, from.id, &from_key)?
                    .ok_or(Error::NoSuchKey)?;
                conditions.check_source(&source)?;
                let blobs = objects::blobs_of(write.connection, source.id)?;
                // The bytes are shared, not copied: content never changes.
                objects::put(
                    write,
                    &NewObject {
                        bucket_id: to.id,
                        key: &input.key,
                        owner_id: caller.id,
                        etag: &source.etag,
                        modified_ms: now,
                        attributes: replacement.as_ref().unwrap_or(&source.attributes),
                        blobs: &blobs,
                    },
                )?;
                Ok(source.etag)
            })
            .await
            .map_err(fail)?;
        Ok(CopyObjectOutput {
            copy_object_result: Some(CopyObjectResult {
                e_tag: Some(ETag::Strong(etag)),
                last_modified: Some(from_ms(now).into()),
                ..CopyObjectResult::default()
            }),
            ..CopyObjectOutput::default()
        })
    }

    pub(super) async fn remove_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<DeleteObjectOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        self.store
            .write(move |write| {
                let bucket = buckets::open(write.connection, &caller, &input.bucket)?;
                remove(write, bucket.id, &input.key, input.version_id.as_deref())
            })
            .await
            .map_err(fail)?;
        Ok(DeleteObjectOutput::default())
    }

    pub(super) async fn remove_objects(
        &self,
        request: S3Request<DeleteObjectsInput>,
    ) -> S3Result<DeleteObjectsOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let targets = input.delete.objects;
        if targets.is_empty() || targets.len() > DELETE_MAX {
            return Err(s3_error!(MalformedXML, "A call deletes 1 to 1,000 keys."));
        }
        let quiet = input.delete.quiet.unwrap_or(false);
        let targets = self
            .store
            .write(move |write| {
                let bucket = buckets::open(write.connection, &caller, &input.bucket)?;
                for target in &targets {
                    remove(write, bucket.id, &target.key, target.version_id.as_deref())?;
                }
                Ok(targets)
            })
            .await
            .map_err(fail)?;
        let deleted = targets.into_iter().map(|target| DeletedObject {
            key: Some(target.key),
            version_id: target.version_id,
            ..DeletedObject::default()
        });
        Ok(DeleteObjectsOutput {
            deleted: Some(if quiet { Vec::new() } else { deleted.collect() }),
            ..DeleteObjectsOutput::default()
        })
    }
}

/// Deletes what is there; an absent key, or a version that cannot exist, is as good as deleted.
fn remove(
    write: &mut Write<'_>,
    bucket_id: i64,
    key: &str,
    version: Option<&str>,
) -> Result<(), Error> {
    if current_version(version) {
        objects::delete(write, bucket_id, key)?;
    }
    Ok(())
}
