//! Deleting in the background: first counted, then deleted chunk by chunk.

use hcp::S3;
use model::{BucketName, ErrorCode, task::BulkDeletion};

use super::{counting::add_to_total, pages::Pages, protection};
use crate::{
    Error,
    tasks::{Ended, Handle},
};

/// Keys in one call to the store.
const CHUNK: usize = 1_000;

/// Refuses what names nothing, or a whole bucket by mistake.
pub fn check(deletion: &BulkDeletion) -> Result<(), Error> {
    if deletion.prefixes.is_empty() && deletion.keys.is_empty() {
        return Err(Error::bad_request(
            ErrorCode::InvalidArgument,
            "Provide at least one prefix or key to delete",
        ));
    }
    if deletion.prefixes.iter().any(String::is_empty) && !deletion.all {
        return Err(Error::bad_request(
            ErrorCode::InvalidArgument,
            "An empty prefix means the whole bucket. Set `all` to true if that is meant.",
        ));
    }
    if deletion.keys.iter().any(String::is_empty) {
        return Err(Error::bad_request(
            ErrorCode::InvalidKey,
            "keys: an object key has at least one character",
        ));
    }
    Ok(())
}

/// Deletes; whether it is to stop is looked at before each chunk.
pub async fn delete(
    s3: S3,
    bucket: BucketName,
    deletion: BulkDeletion,
    handle: Handle,
) -> Result<(), Ended> {
    let BulkDeletion { prefixes, keys, .. } = deletion.without_repeats();
    handle.update(|progress| progress.total = keys.len() as u64);
    for prefix in &prefixes {
        add_to_total(&s3, &bucket, prefix, &handle).await?;
    }
    for chunk in keys.chunks(CHUNK) {
        delete_chunk(&s3, &bucket, chunk, &handle).await?;
    }
    for prefix in &prefixes {
        let mut pages = Pages::below(&s3, &bucket, prefix);
        while let Some(page) = pages.next().await? {
            let keys: Vec<String> = page.objects.into_iter().map(|o| o.key).collect();
            delete_chunk(&s3, &bucket, &keys, &handle).await?;
        }
    }
    Ok(())
}

async fn delete_chunk(
    s3: &S3,
    bucket: &BucketName,
    keys: &[String],
    handle: &Handle,
) -> Result<(), Ended> {
    handle.checkpoint().await?;
    let (deleted, mut errors) = s3.delete_objects(bucket, keys).await?;
    protection::explain(s3, bucket, handle.now(), &mut errors).await;
    handle.update(|progress| {
        progress.done += deleted.len() as u64;
        for error in errors {
            progress.fail(error);
        }
        // What was stored after the count.
        progress.total = progress.total.max(progress.done + progress.failed);
    });
    Ok(())
}
