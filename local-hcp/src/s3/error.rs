//! The store's errors in S3's words.

use axum::{
    body::Body,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use s3s::{S3Error, S3ErrorCode};

use super::auth::CALL;
use crate::Error;

/// Turns an error of the store into the answer, and logs it where it is a defect.
pub(super) fn fail(error: Error) -> S3Error {
    let (code, status) = match &error {
        Error::NoSuchBucket => (S3ErrorCode::NoSuchBucket, None),
        Error::NoSuchKey => (S3ErrorCode::NoSuchKey, None),
        Error::NoSuchVersion => (S3ErrorCode::NoSuchVersion, None),
        Error::MarkerNamed => (S3ErrorCode::MethodNotAllowed, None),
        // HCP's code for all that a state forbids.
        Error::ObjectExists | Error::FolderNotEmpty | Error::Retained => {
            (S3ErrorCode::OperationAborted, Some(StatusCode::CONFLICT))
        }
        Error::NoSuchUpload => (S3ErrorCode::NoSuchUpload, None),
        Error::BucketTaken => (S3ErrorCode::BucketAlreadyExists, None),
        Error::BucketNotEmpty => (S3ErrorCode::BucketNotEmpty, None),
        Error::Denied(_) | Error::Forbidden(_) => (S3ErrorCode::AccessDenied, None),
        Error::Conflict(_) => (S3ErrorCode::OperationAborted, Some(StatusCode::CONFLICT)),
        Error::InvalidPart(_) => (S3ErrorCode::InvalidPart, None),
        Error::InvalidPartOrder => (S3ErrorCode::InvalidPartOrder, None),
        Error::TooLarge => (S3ErrorCode::EntityTooLarge, None),
        Error::MarkerCopied | Error::ChecksumMissing | Error::SizeMismatch => {
            (S3ErrorCode::InvalidRequest, None)
        }
        Error::ChecksumMismatch => (S3ErrorCode::BadDigest, None),
        Error::PartTooSmall(_) => (S3ErrorCode::EntityTooSmall, None),
        Error::PreconditionFailed => (S3ErrorCode::PreconditionFailed, None),
        Error::Closed | Error::Locked | Error::ReadOnly(_) => {
            (S3ErrorCode::ServiceUnavailable, None)
        }
        Error::OverQuota => (
            S3ErrorCode::Custom("OutOfSpace".into()),
            Some(StatusCode::PAYLOAD_TOO_LARGE),
        ),
        // HCP's word for a full store; 507 because it is the disk and not a quota (which is 413).
        Error::OutOfSpace => (
            S3ErrorCode::Custom("OutOfSpace".into()),
            Some(StatusCode::INSUFFICIENT_STORAGE),
        ),
        Error::NotInThisLayout(_) => (S3ErrorCode::NotImplemented, None),
        Error::KeyTooLongForFile => (S3ErrorCode::KeyTooLongError, None),
        Error::KeyTaken(_) => (
            S3ErrorCode::Custom("ObjectParentIsNotADirectory".into()),
            Some(StatusCode::CONFLICT),
        ),
        Error::Changed | Error::FolderMissing(_) => (S3ErrorCode::ServiceUnavailable, None),
        Error::KeyNotAFile(_)
        | Error::NoSuchGrantee(_)
        | Error::NoSuchClass(_)
        | Error::RetentionBeyondCalendar
        | Error::TooManyHolds => (S3ErrorCode::InvalidArgument, None),
        Error::InvalidName(_)
        | Error::InvalidSetting(_)
        | Error::InvalidDocument(_)
        | Error::NoSuchTenant(_)
        | Error::NoSuchUser(_)
        | Error::NoSuchResource
        | Error::InUse(_)
        | Error::OtherFileSystem(_)
        | Error::OtherLayout { .. }
        | Error::NoStore(_)
        | Error::OlderSchema { .. }
        | Error::NewerSchema { .. }
        | Error::Damaged(_)
        | Error::Io(_)
        | Error::Database(_)
        | Error::Interrupted => return defect(&error),
    };
    let mut answer = S3Error::with_message(code, error.to_string());
    if let Some(status) = status {
        answer.set_status_code(status);
    }
    numbered(answer)
}

fn defect(error: &Error) -> S3Error {
    let log = || tracing::error!(error = ?error, "a request failed in the store");
    let logged = CALL.try_with(|call| tracing::dispatcher::with_default(call.log(), log));
    if logged.is_err() {
        log();
    }
    // What exactly broke is for the log.
    numbered(S3Error::with_message(
        S3ErrorCode::InternalError,
        "We encountered an internal error. Please try again.",
    ))
}

fn numbered(mut error: S3Error) -> S3Error {
    let id = CALL.try_with(|call| call.request_id().to_owned());
    if let Ok(id) = id {
        error.set_request_id(id);
    }
    error
}

/// The answer for a request that never reaches s3s.
pub(super) fn respond(error: S3Error) -> Response {
    match error.to_http_response() {
        Ok(response) => response.map(Body::new),
        Err(_unwritable) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
