//! The end of an upload in parts.

use hcp::{CompleteOptions, Conditions, ErrorKind, S3, Stored};
use http::StatusCode;
use model::{BucketName, ErrorCode, ObjectKey, UploadId, multipart::CompletedPart};

use crate::Error;

/// Makes the object of its parts.
///
/// # Errors
/// The store's; an upload without parts; an object that is not overwritten. The upload and its parts stay.
pub async fn complete(
    s3: &S3,
    bucket: &BucketName,
    key: &ObjectKey,
    id: &UploadId,
    parts: &[CompletedPart],
    options: CompleteOptions,
) -> Result<Stored, Error> {
    if parts.is_empty() {
        return Err(Error::bad_request(
            ErrorCode::InvalidPart,
            "parts: an upload is completed with at least one part",
        ));
    }
    let done = s3
        .complete_upload_with(bucket, key, id, parts, options)
        .await;
    match done {
        Ok(stored) => Ok(stored),
        Err(refused) => Err(kept_out(s3, bucket, key, refused).await),
    }
}

/// Names the one conflict that a person can decide: HCP neither says which of its conflicts it means,
/// nor overwrites an object where it keeps no versions. The upload and its parts stay.
async fn kept_out(s3: &S3, bucket: &BucketName, key: &ObjectKey, refused: hcp::Error) -> Error {
    if refused.kind() != ErrorKind::Conflict {
        return refused.into();
    }
    let conditions = Conditions::default();
    match s3.head_object(bucket, key, None, &conditions).await {
        Ok(_there) => Error::Refused {
            status: StatusCode::CONFLICT,
            code: ErrorCode::ObjectExists,
            detail: format!(
                "object '{key}' exists, and its bucket neither overwrites nor keeps versions. The upload is kept: delete the object and complete it again."
            ),
        },
        Err(_absent) => refused.into(),
    }
}
