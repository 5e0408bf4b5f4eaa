//! Uploads in parts: how they begin, where their parts go, and how they end.

use std::time::Duration;

use hcp::{CompleteOptions, Conditions, ErrorKind, Presigner, PutOptions, S3, Stored};
use http::StatusCode;
use model::{
    BucketName, ErrorCode, ObjectKey, PartChecksum, UploadId,
    multipart::{CompletedPart, PartToSign, PartUrl},
};

use crate::Error;

/// Begins an upload.
///
/// # Errors
/// The store's.
pub async fn begin(
    s3: &S3,
    bucket: &BucketName,
    key: &ObjectKey,
    options: PutOptions,
) -> Result<UploadId, Error> {
    // Boxed: the SDK's future for this call alone is 16 KB.
    Ok(Box::pin(s3.create_upload_with(bucket, key, options)).await?)
}

/// A URL for each of these parts, in their order. Each works for `seconds`.
pub fn part_urls(
    signer: &Presigner,
    (bucket, key): (&BucketName, &ObjectKey),
    id: &UploadId,
    parts: impl IntoIterator<Item = PartToSign>,
    seconds: u64,
) -> Vec<PartUrl> {
    let life = Duration::from_secs(seconds);
    let sign = |part: PartToSign| {
        let checksum = part.checksum.as_ref();
        let carried = checksum.map(PartChecksum::header).into_iter();
        PartUrl {
            part_number: part.part_number,
            url: signer.upload_part(bucket, key, id, part.part_number, life, checksum),
            headers: carried
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    };
    parts.into_iter().map(sign).collect()
}

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
