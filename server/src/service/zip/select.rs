//! Which objects go into an archive.

use std::collections::HashSet;

use hcp::{ErrorKind, S3};
use http::StatusCode;
use model::{
    BucketName, ErrorCode,
    task::{MAX_ARCHIVED, Selection},
};

use super::Item;
use crate::{Error, service::pages::Pages};

/// The objects that a request names. Everything that can be refused is refused here, before anything
/// is sent.
pub async fn select(
    s3: &S3,
    bucket: &BucketName,
    selection: Selection,
) -> Result<Vec<Item>, Error> {
    match selection.prefix {
        Some(prefix) => below(s3, bucket, &prefix).await,
        None => named(s3, bucket, selection.keys).await,
    }
}

async fn below(s3: &S3, bucket: &BucketName, prefix: &str) -> Result<Vec<Item>, Error> {
    let mut items = Vec::new();
    let mut pages = Pages::below(s3, bucket, prefix);
    while let Some(page) = pages.next().await? {
        items.extend(page.objects.into_iter().map(|object| Item {
            key: object.key,
            size: Some(object.size),
        }));
        if items.len() > MAX_ARCHIVED {
            return Err(too_many(MAX_ARCHIVED + 1));
        }
    }
    if items.is_empty() {
        return Err(Error::bad_request(
            ErrorCode::InvalidArgument,
            "No objects found under the given prefix",
        ));
    }
    Ok(items)
}

async fn named(s3: &S3, bucket: &BucketName, keys: Vec<String>) -> Result<Vec<Item>, Error> {
    if keys.is_empty() {
        return Err(Error::bad_request(
            ErrorCode::InvalidArgument,
            "Provide either 'prefix' or 'keys'",
        ));
    }
    if keys.iter().any(String::is_empty) {
        return Err(Error::bad_request(
            ErrorCode::InvalidKey,
            "keys: an object key has at least one character",
        ));
    }
    if keys.len() > MAX_ARCHIVED {
        return Err(too_many(keys.len()));
    }
    match s3.head_bucket(bucket).await {
        // An account may read objects of a bucket that it may not look at.
        Err(e) if e.kind() != ErrorKind::Denied => return Err(e.into()),
        _ => {}
    }
    let mut seen = HashSet::new();
    Ok(keys
        .into_iter()
        .filter(|key| seen.insert(key.clone()))
        .map(|key| Item { key, size: None })
        .collect())
}

fn too_many(count: usize) -> Error {
    Error::Refused {
        status: StatusCode::BAD_REQUEST,
        code: ErrorCode::TooManyObjects,
        detail: format!("Too many objects ({count}). Maximum is {MAX_ARCHIVED}."),
    }
}
