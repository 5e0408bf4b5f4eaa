//! Counting objects in the background.

use hcp::S3;
use model::{BucketName, object::ListObjectsQuery, task::StatsQuery};

use crate::tasks::{Ended, Handle};

/// Counts page by page; the numbers grow with each.
pub async fn count(
    s3: S3,
    bucket: BucketName,
    query: StatsQuery,
    handle: Handle,
) -> Result<(), Ended> {
    let mut continuation_token = None;
    loop {
        let page = ListObjectsQuery {
            prefix: query.prefix.clone(),
            delimiter: query.delimiter.clone(),
            continuation_token: continuation_token.take(),
            max_keys: Some(1_000),
            start_after: None,
        };
        let page = s3.list_objects(&bucket, &page).await?;
        let bytes: u64 = page.objects.iter().map(|object| object.size).sum();
        handle.update(|progress| {
            progress.done += page.objects.len() as u64;
            progress.folders += page.common_prefixes.len() as u64;
            progress.bytes += bytes;
        });
        if !page.is_truncated || page.next_continuation_token.is_none() {
            return Ok(());
        }
        continuation_token = page.next_continuation_token;
        handle.checkpoint().await?;
    }
}

/// Adds what there is below a prefix to a task's total.
pub async fn add_to_total(
    s3: &S3,
    bucket: &BucketName,
    prefix: &str,
    handle: &Handle,
) -> Result<(), Ended> {
    let mut pages = super::pages::Pages::below(s3, bucket, prefix);
    while let Some(page) = pages.next().await? {
        handle.update(|progress| progress.total += page.objects.len() as u64);
        handle.checkpoint().await?;
    }
    Ok(())
}
