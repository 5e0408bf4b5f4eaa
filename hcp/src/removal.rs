//! Deleting a bucket that was emptied, on an HCP that still holds on to it.
//!
//! HCP keeps records of deletions and old versions for a while; with them a namespace is not empty,
//! though S3 shows nothing. So the namespace of the bucket is told to let go of both, and asked
//! again.

use std::time::Duration;

use model::{BucketName, session::Backend};

use crate::{Credentials, Error, ErrorKind, S3, Store, mapi};

/// How often deleting is tried after the namespace was changed.
const ROUNDS: u32 = 3;

impl Store {
    /// Deletes a bucket that was emptied. Where an HCP still finds something in it, its namespace
    /// gives up deletion records, old versions and its index, and deleting is tried up to three
    /// times, by S3 and by the management API, `pause` apart.
    ///
    /// # Errors
    /// [`ErrorKind::BucketNotEmpty`] when all of it was in vain; any other at once.
    pub async fn delete_emptied(
        &self,
        s3: &S3,
        credentials: &Credentials,
        bucket: &BucketName,
        pause: Duration,
    ) -> Result<(), Error> {
        let Err(refusal) = s3.delete_bucket(bucket).await else {
            return Ok(());
        };
        let is_hcp = self.config().backend == Backend::Hcp && self.config().management.is_some();
        if !is_hcp || !is_held(&refusal) || credentials.tenant.is_none() {
            return Err(refusal);
        }
        let management = self.management(credentials);
        loosen(&management, bucket).await;
        for round in 0..ROUNDS {
            if round > 0 {
                tokio::time::sleep(pause).await;
            }
            match s3.delete_bucket(bucket).await {
                Err(error) if is_held(&error) => {}
                // Deleted meanwhile, by a request whose answer came late.
                Err(error) if matches!(error.kind(), ErrorKind::NotFound { .. }) => return Ok(()),
                done => return done,
            }
            match management.delete_namespace(bucket).await {
                Ok(()) => return Ok(()),
                Err(error) => tracing::debug!(%error, "HCP keeps the namespace"),
            }
        }
        Err(refusal)
    }
}

/// What fails here shows when deleting is tried again: whoever may not change a namespace may be
/// allowed to delete it.
async fn loosen(management: &mapi::Client<'_>, bucket: &BucketName) {
    for done in [
        management.prune_namespace(bucket).await,
        management.unindex_namespace(bucket).await,
    ] {
        if let Err(error) = done {
            tracing::debug!(%error, "the namespace could not be changed");
        }
    }
}

fn is_held(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::BucketNotEmpty | ErrorKind::Conflict
    )
}
