//! Emptying a bucket: uploads, versions and delete markers, objects.

use std::{sync::Arc, time::Duration};

use hcp::{Credentials, ErrorKind, S3, Store};
use http::StatusCode;
use model::{
    BucketName, ErrorCode, ObjectKey, TenantName, UploadId,
    multipart::ListUploadsQuery,
    object::{DeletionError, ListObjectsQuery},
    version::ListVersionsQuery,
};

use crate::{
    Error,
    cache::Cache,
    session::Session,
    state::AppState,
    tasks::{Ended, Handle},
};

/// How many reasons a refusal repeats.
const REASONS: usize = 5;

/// Between two tries of deleting a bucket that HCP holds on to.
const PAUSE: Duration = Duration::from_secs(2);

/// Hears how many were deleted, and which were not.
pub type Report = Arc<dyn Fn(usize, &[DeletionError]) + Send + Sync>;

/// A report to nobody.
pub fn unreported() -> Report {
    Arc::new(|_, _| {})
}

/// Why some of a bucket's content is still there, in the store's words.
struct Leftovers {
    reasons: Vec<String>,
    /// Whether something is there because it must be.
    kept: bool,
    report: Report,
}

impl Leftovers {
    /// Of so many deletions, these failed.
    fn add(&mut self, asked: usize, errors: &[DeletionError]) {
        (self.report)(asked.saturating_sub(errors.len()), errors);
        // HCP's codes for what is under retention or on hold.
        let kept = |error: &DeletionError| {
            matches!(
                error.code.as_deref(),
                Some("AccessDenied" | "OperationAborted")
            )
        };
        self.kept |= errors.iter().any(kept);
        let room = REASONS.saturating_sub(self.reasons.len());
        self.reasons.extend(errors.iter().take(room).map(|error| {
            let code = error.code.as_deref().unwrap_or_default();
            let message = error.message.as_deref().unwrap_or_default();
            format!("{}: {code} {message}", error.key)
                .trim_end()
                .to_owned()
        }));
    }

    /// The reasons in one sentence.
    fn sentence(&self) -> String {
        if self.reasons.is_empty() {
            return "The store is still cleaning up what was deleted: try again in a few minutes."
                .to_owned();
        }
        format!("Some objects failed to delete: {}", self.reasons.join("; "))
    }
}

/// A bucket that is to go.
pub struct Doomed {
    s3: S3,
    bucket: BucketName,
    /// What management said of it, and in which tenant it is.
    cache: Cache,
    tenant: Option<TenantName>,
    /// By which an HCP is told to let go of it.
    management: Option<(Store, Credentials)>,
}

impl Doomed {
    /// With what its owner may use for it.
    pub fn new(state: &AppState, session: &Session, bucket: BucketName) -> Result<Self, Error> {
        let credentials = session.claims.credentials.clone();
        let management = state.config().mapi_enabled;
        Ok(Self {
            s3: session.s3(state)?,
            bucket,
            cache: state.cache().clone(),
            tenant: credentials.tenant.clone(),
            management: management.then(|| (state.store().clone(), credentials)),
        })
    }

    /// Which it is.
    pub fn bucket(&self) -> &BucketName {
        &self.bucket
    }

    async fn delete(&self, leftovers: &Leftovers) -> Result<(), hcp::Error> {
        let tenant = self.tenant.as_ref();
        let deleted = self.delete_at_store(leftovers);
        self.cache
            .change_bucket(tenant, &self.bucket, deleted)
            .await
    }

    async fn delete_at_store(&self, leftovers: &Leftovers) -> Result<(), hcp::Error> {
        match &self.management {
            // What is under retention stays, and the namespace with its settings stays for it.
            Some((store, credentials)) if !leftovers.kept => {
                store
                    .delete_emptied(&self.s3, credentials, &self.bucket, PAUSE)
                    .await
            }
            _ => self.s3.delete_bucket(&self.bucket).await,
        }
    }
}

/// Deletes a bucket with all that is in it. What cannot be deleted keeps the bucket, and is told.
pub async fn delete_bucket(doomed: &Doomed, report: Report) -> Result<(), Error> {
    let bucket = &doomed.bucket;
    let leftovers = empty(&doomed.s3, bucket, report).await?;
    match doomed.delete(&leftovers).await {
        Err(error) if error.kind() == ErrorKind::BucketNotEmpty => Err(Error::Refused {
            status: StatusCode::CONFLICT,
            code: ErrorCode::BucketNotEmpty,
            detail: format!(
                "bucket '{bucket}': Could not delete bucket. {}",
                leftovers.sentence()
            ),
        }),
        other => Ok(other?),
    }
}

/// The same in the background.
pub async fn delete_bucket_in_background(doomed: Doomed, handle: Handle) -> Result<(), Ended> {
    let numbers = handle.clone();
    let report: Report = Arc::new(move |deleted, errors| {
        numbers.update(|progress| {
            progress.done += deleted as u64;
            for error in errors {
                progress.fail(error.clone());
            }
            progress.total = progress.done + progress.failed;
        });
    });
    tokio::select! {
        biased;
        () = handle.canceled() => Err(Ended::Canceled),
        deleted = delete_bucket(&doomed, report) => Ok(deleted?),
    }
}

/// Removes everything from a bucket that can be. What cannot does not stop the rest.
async fn empty(s3: &S3, bucket: &BucketName, report: Report) -> Result<Leftovers, Error> {
    let mut leftovers = Leftovers {
        reasons: Vec::new(),
        kept: false,
        report,
    };
    abort_uploads(s3, bucket, &mut leftovers).await?;
    delete_versions(s3, bucket, &mut leftovers).await?;
    if delete_objects(s3, bucket, &mut leftovers).await? {
        // Deleting objects may have made delete markers.
        delete_versions(s3, bucket, &mut leftovers).await?;
    }
    Ok(leftovers)
}

async fn abort_uploads(
    s3: &S3,
    bucket: &BucketName,
    leftovers: &mut Leftovers,
) -> Result<(), Error> {
    let mut query = ListUploadsQuery::default();
    loop {
        let page = s3.list_uploads(bucket, &query).await?;
        for upload in page.uploads {
            let (Ok(key), Ok(id)) = (
                ObjectKey::parse(upload.key.as_str()),
                UploadId::parse(upload.upload_id.as_str()),
            ) else {
                continue;
            };
            if let Err(error) = s3.abort_upload(bucket, &key, &id).await {
                if error.store_code().is_none() {
                    return Err(error.into());
                }
                let code = error.store_code().map(str::to_owned);
                let failed = DeletionError {
                    key: upload.key,
                    code,
                    message: None,
                };
                leftovers.add(1, &[failed]);
            }
        }
        let next = ListUploadsQuery {
            key_marker: page.next_key_marker,
            upload_id_marker: page.next_upload_id_marker,
            ..ListUploadsQuery::default()
        };
        if !page.is_truncated || next == query {
            return Ok(());
        }
        query = next;
    }
}

async fn delete_versions(
    s3: &S3,
    bucket: &BucketName,
    leftovers: &mut Leftovers,
) -> Result<(), Error> {
    let mut query = ListVersionsQuery::default();
    loop {
        let page = s3.list_versions(bucket, &query).await?;
        let markers = page.delete_markers.into_iter();
        let versions: Vec<(String, String)> = page
            .versions
            .into_iter()
            .map(|version| (version.key, version.version_id))
            .chain(markers.map(|marker| (marker.key, marker.version_id)))
            .collect();
        if !versions.is_empty() {
            let errors = s3.delete_versions(bucket, &versions).await?;
            leftovers.add(versions.len(), &errors);
        }
        let next = ListVersionsQuery {
            key_marker: page.next_key_marker,
            version_id_marker: page.next_version_id_marker,
            ..ListVersionsQuery::default()
        };
        // A store that does not advance would be asked for ever.
        if !page.is_truncated || next == query || next == ListVersionsQuery::default() {
            return Ok(());
        }
        query = next;
    }
}

/// Returns whether there was anything.
async fn delete_objects(
    s3: &S3,
    bucket: &BucketName,
    leftovers: &mut Leftovers,
) -> Result<bool, Error> {
    let mut start_after = None;
    let mut any = false;
    loop {
        let query = ListObjectsQuery {
            start_after: start_after.take(),
            ..ListObjectsQuery::default()
        };
        let page = s3.list_objects(bucket, &query).await?;
        let keys: Vec<String> = page.objects.into_iter().map(|object| object.key).collect();
        if keys.is_empty() {
            return Ok(any);
        }
        any = true;
        let (_, errors) = s3.delete_objects(bucket, &keys).await?;
        leftovers.add(keys.len(), &errors);
        if !page.is_truncated {
            return Ok(any);
        }
        start_after = keys.into_iter().next_back();
    }
}
