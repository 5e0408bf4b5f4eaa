//! The end of an object that is described anew. The copy onto itself is another writing of the key, but no other file:
//! its end stays, in the name of who set it.

use hcp::S3;
use model::{BucketName, ObjectKey};

use super::{id, mark, stands};
use crate::{
    Error,
    db::expiries::{Expiries as _, Expiry, Facts, Of, Written},
    session::Session,
    state::AppState,
};

/// The end of what stands there, before it is copied onto itself.
///
/// # Errors
/// What is kept cannot be read.
pub async fn of_standing(
    state: &AppState,
    session: &Session,
    (bucket, key): (&BucketName, &ObjectKey),
    found: &Written,
) -> Result<Option<Expiry>, Error> {
    let id = id(session, bucket, key);
    let end = state.temporary().store().find(&id).await?;
    Ok(end.filter(|end| end.facts.of.holds(found)))
}

/// Gives the copy with this entity tag the end; whether that is settled. What was set or taken back meanwhile holds.
pub async fn along(
    state: &AppState,
    s3: &S3,
    (bucket, key): (&BucketName, &ObjectKey),
    end: Expiry,
    etag: Option<&str>,
) -> bool {
    match move_to(state, s3, (bucket, key), end, etag).await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%bucket, %error, "the end of an object that was described anew is lost");
            false
        }
    }
}

async fn move_to(
    state: &AppState,
    s3: &S3,
    (bucket, key): (&BucketName, &ObjectKey),
    end: Expiry,
    etag: Option<&str>,
) -> Result<(), Error> {
    let found = stands(s3, bucket, key).await?.map(|found| found.written);
    let bare = |etag: &str| etag.trim_matches('"').to_owned();
    let copied = etag.map(bare);
    let is_copy = |found: &Written| copied.is_none() || found.etag.as_deref().map(bare) == copied;
    // Another file has none.
    let Some(found) = found.filter(is_copy) else {
        return Ok(());
    };
    let store = state.temporary().store();
    let seen = end.mark;
    let end = Expiry {
        mark: mark(),
        due: end.facts.expires_at,
        facts: Facts {
            of: Of::This(found),
            failures: 0,
            ..end.facts
        },
        ..end
    };
    let is_over = end.facts.expires_at <= state.now().unix_seconds();
    if !store.change(&seen, &end).await? && is_over {
        // A sweep came between the two and took the copy for another file: the next one knows it.
        store.put(&end).await?;
    }
    Ok(())
}
