//! Bulk deletion: chunks of 1,000, failures reported, nothing hidden.

use hcp::S3;
use model::{
    BucketName, ErrorCode, Timestamp,
    object::{Deletion, DeletionError, DeletionReport, ListObjectsQuery},
};

use super::protection;
use crate::Error;

/// Keys in one call to the store.
const CHUNK: usize = 1_000;
/// Keys that one request may name.
const MAX_KEYS: usize = 10_000;
/// Failures after which a prefix is given up: the same keys would be listed again for ever.
const MAX_ERRORS: usize = 1_000;

/// Deletes the named keys, then all below the prefix.
pub async fn delete(
    s3: &S3,
    bucket: &BucketName,
    request: Deletion,
    now: Timestamp,
) -> Result<DeletionReport, Error> {
    check(&request)?;
    let mut report = DeletionReport {
        status: "deleted".to_owned(),
        deleted: Vec::new(),
        deleted_count: 0,
        errors: Vec::new(),
    };
    for chunk in request.keys.chunks(CHUNK) {
        let (deleted, mut errors) = s3.delete_objects(bucket, chunk).await?;
        protection::explain(s3, bucket, now, &mut errors).await;
        report.deleted_count += deleted.len() as u64;
        report.deleted.extend(deleted);
        report.errors.extend(errors);
    }
    if let Some(prefix) = &request.prefix {
        below(s3, bucket, prefix, now, &mut report).await?;
    }
    Ok(report)
}

fn check(request: &Deletion) -> Result<(), Error> {
    if request.prefix.as_deref() == Some("") && !request.all {
        return Err(Error::bad_request(
            ErrorCode::InvalidArgument,
            "An empty prefix means the whole bucket. Set `all` to true if that is meant.",
        ));
    }
    if request.keys.len() > MAX_KEYS {
        return Err(Error::bad_request(
            ErrorCode::InvalidArgument,
            format!(
                "At most {MAX_KEYS} keys go in one request; {} were sent.",
                request.keys.len()
            ),
        ));
    }
    if request.keys.iter().any(String::is_empty) {
        return Err(Error::bad_request(
            ErrorCode::InvalidKey,
            "keys: an object key has at least one character",
        ));
    }
    Ok(())
}

/// Lists and deletes page by page. Each page starts after the last key of the page before, so that a
/// key that cannot be deleted is met once.
async fn below(
    s3: &S3,
    bucket: &BucketName,
    prefix: &str,
    now: Timestamp,
    report: &mut DeletionReport,
) -> Result<(), Error> {
    let mut start_after = None;
    loop {
        let query = ListObjectsQuery {
            prefix: Some(prefix.to_owned()).filter(|p| !p.is_empty()),
            start_after: start_after.take(),
            max_keys: Some(1_000),
            ..ListObjectsQuery::default()
        };
        let page = s3.list_objects(bucket, &query).await?;
        let keys: Vec<String> = page.objects.into_iter().map(|o| o.key).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let (deleted, mut errors) = s3.delete_objects(bucket, &keys).await?;
        protection::explain(s3, bucket, now, &mut errors).await;
        // The keys below a prefix can be millions: they are counted, not repeated.
        report.deleted_count += deleted.len() as u64;
        let room = MAX_ERRORS.saturating_sub(report.errors.len());
        let failed = errors.len();
        report.errors.extend(errors.into_iter().take(room));
        if failed > room {
            report.errors.push(DeletionError {
                key: prefix.to_owned(),
                code: None,
                message: Some(
                    "Too many keys could not be deleted; the rest was left as it is.".to_owned(),
                ),
            });
            return Ok(());
        }
        if !page.is_truncated {
            return Ok(());
        }
        start_after = keys.into_iter().next_back();
    }
}
