//! Presigned URLs for storing: whoever holds one writes when nobody looks, so that it is noted before it is signed.

use std::time::Duration;

use hcp::{Demands, Presigner};
use model::{BucketName, ObjectKey};

use super::expiry;
use crate::{Error, session::Session, state::AppState};

/// URLs by which files without an end are stored, one for each key, in their order. Each works for `seconds`.
///
/// # Errors
/// What is kept of ends cannot be read or written; nothing is signed then.
pub async fn put_urls(
    (state, session): (&AppState, &Session),
    signer: &Presigner,
    bucket: &BucketName,
    keys: &[ObjectKey],
    seconds: u64,
    demands: Demands<'_>,
) -> Result<Vec<String>, Error> {
    expiry::presigned_without(state, session, bucket, keys, seconds).await?;
    let life = Duration::from_secs(seconds);
    let sign = |key| signer.put_object(bucket, key, life, demands);
    Ok(keys.iter().map(sign).collect())
}
