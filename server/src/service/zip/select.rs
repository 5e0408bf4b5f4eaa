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
    let Selection {
        keys,
        prefixes,
        prefix,
        base,
    } = selection;
    let mut items = match prefix {
        Some(prefix) => below(s3, bucket, &[prefix]).await?,
        None if prefixes.is_empty() => named(s3, bucket, keys).await?,
        None => {
            let mut items = below(s3, bucket, &prefixes).await?;
            if !keys.is_empty() {
                items.extend(named(s3, bucket, keys).await?);
            }
            items
        }
    };
    if let Some(base) = base.filter(|base| !base.is_empty()) {
        // The folder in which one is, is no part of what it holds.
        items.retain(|item| item.key != base);
        for item in &mut items {
            if item.key.starts_with(&base) {
                item.base = base.len();
            }
        }
    }
    let mut seen = HashSet::new();
    items.retain(|item| seen.insert(item.key.clone()));
    match items.len() {
        0 => Err(Error::bad_request(
            ErrorCode::InvalidArgument,
            "No objects found under the given prefix",
        )),
        1..=MAX_ARCHIVED => Ok(items),
        more => Err(too_many(more)),
    }
}

async fn below(s3: &S3, bucket: &BucketName, prefixes: &[String]) -> Result<Vec<Item>, Error> {
    let mut items = Vec::new();
    for prefix in prefixes {
        let mut pages = Pages::below(s3, bucket, prefix);
        while let Some(page) = pages.next().await? {
            items.extend(page.objects.into_iter().map(|object| Item {
                key: object.key,
                size: Some(object.size),
                base: 0,
            }));
            if items.len() > MAX_ARCHIVED {
                return Err(too_many(MAX_ARCHIVED + 1));
            }
        }
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
    Ok(keys
        .into_iter()
        .map(|key| Item {
            key,
            size: None,
            base: 0,
        })
        .collect())
}

fn too_many(count: usize) -> Error {
    Error::Refused {
        status: StatusCode::BAD_REQUEST,
        code: ErrorCode::TooManyObjects,
        detail: format!("Too many objects ({count}). Maximum is {MAX_ARCHIVED}."),
    }
}
