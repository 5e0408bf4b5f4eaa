//! Emptying a bucket: uploads, versions and delete markers, objects.

use hcp::S3;
use model::{
    BucketName, ObjectKey, UploadId,
    multipart::ListUploadsQuery,
    object::{DeletionError, ListObjectsQuery},
    version::ListVersionsQuery,
};

use crate::Error;

/// How many reasons a refusal repeats.
const REASONS: usize = 5;

/// Why some of a bucket's content is still there, in the store's words.
#[derive(Debug, Default)]
pub struct Leftovers {
    reasons: Vec<String>,
    kept: bool,
}

impl Leftovers {
    fn add(&mut self, errors: &[DeletionError]) {
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

    /// The reasons in one sentence; `None` where there are none.
    pub fn sentence(&self) -> Option<String> {
        let reasons = &self.reasons;
        (!reasons.is_empty())
            .then(|| format!("Some objects failed to delete: {}", reasons.join("; ")))
    }

    /// Whether something is there because it must be.
    pub fn are_kept(&self) -> bool {
        self.kept
    }
}

/// Removes everything from a bucket that can be. What cannot is told, and does not stop the rest.
pub async fn empty(s3: &S3, bucket: &BucketName) -> Result<Leftovers, Error> {
    let mut leftovers = Leftovers::default();
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
                leftovers.add(&[DeletionError {
                    key: upload.key,
                    code: error.store_code().map(str::to_owned),
                    message: None,
                }]);
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
            leftovers.add(&s3.delete_versions(bucket, &versions).await?);
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
        leftovers.add(&errors);
        if !page.is_truncated {
            return Ok(any);
        }
        start_after = keys.into_iter().next_back();
    }
}
