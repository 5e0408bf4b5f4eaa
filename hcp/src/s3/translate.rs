//! From the SDK's errors and values to ours.

use std::error::Error as _;

use aws_sdk_s3::{
    error::{ProvideErrorMetadata, SdkError},
    primitives::DateTime,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use model::{Timestamp, bucket::Owner};
use percent_encoding::percent_decode_str;

use crate::{
    Error, ErrorKind, Resource,
    error::caused_by,
    transport::{Idle, SourceFailed},
};

/// Reads a failed call.
///
/// Of an answer only status, code, sentence and request id are kept. The rest stays behind on
/// purpose: stores repeat the string that was signed in their refusals.
pub(super) fn error<E>(resource: Resource, error: SdkError<E, HttpResponse>) -> Error
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    // What the failure of a connection or of a body is about: known before it is taken apart.
    let unusable = matches!(&error, SdkError::DispatchFailure(f)
        if f.is_user() && !error.source().is_some_and(caused_by::<SourceFailed>));
    let broken = error
        .source()
        .is_some_and(|e| caused_by::<hyper::Error>(e) || caused_by::<Idle>(e));
    match error {
        SdkError::ServiceError(context) => {
            let raw = context.raw();
            let status = raw.status();
            let request_id = raw.headers().get("x-amz-request-id").map(str::to_owned);
            let meta = context.err().meta();
            if status.is_success() && meta.code().is_none() {
                return Error::new(ErrorKind::Unexpected, resource).caused_by(context.into_err());
            }
            Error::refused(
                resource,
                status.as_u16(),
                meta.code(),
                meta.message(),
                request_id.as_deref(),
            )
        }
        SdkError::TimeoutError(_) => Error::new(ErrorKind::TimedOut, resource),
        SdkError::ConstructionFailure(_) => {
            invalid(resource, "the request cannot be built from these values")
        }
        // A value that no header can carry.
        SdkError::DispatchFailure(_) if unusable => {
            invalid(resource, "the request cannot be sent with these values")
        }
        // A refusal whose body cannot be read is a refusal still. (A 304 may announce the length of
        // what it does not send, which the SDK takes for a body that broke off.)
        SdkError::ResponseError(context) if !context.raw().status().is_success() => {
            let status = context.raw().status().as_u16();
            Error::refused(resource, status, None, None, None)
        }
        // A good status, but the rest made no sense.
        SdkError::ResponseError(_) if !broken => {
            Error::new(ErrorKind::Unexpected, resource).caused_by("the answer could not be read")
        }
        other => match other.into_source() {
            Ok(source) => Error::broken(resource, source),
            Err(_same) => Error::new(ErrorKind::Unexpected, resource),
        },
    }
}

/// An argument that cannot be sent.
pub(super) fn invalid(
    resource: Resource,
    cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Error {
    Error::new(ErrorKind::InvalidArgument, resource).caused_by(cause)
}

/// An answer that lacks what it must have.
pub(super) fn incomplete(resource: Resource, what: &'static str) -> Error {
    Error::new(ErrorKind::Unexpected, resource).caused_by(what)
}

/// A point in time; `None` outside the calendar.
pub(super) fn timestamp(time: &DateTime) -> Option<Timestamp> {
    Timestamp::from_unix_millis(time.to_millis().ok()?)
}

/// A size; a negative one makes no sense and counts as absent.
pub(super) fn size(bytes: Option<i64>) -> Option<u64> {
    bytes.and_then(|n| u64::try_from(n).ok())
}

/// An owner that names at least something.
pub(super) fn owner(owner: Option<aws_sdk_s3::types::Owner>) -> Option<Owner> {
    let owner = owner?;
    let given = |s: Option<String>| s.filter(|s| !s.is_empty());
    let owner = Owner {
        display_name: given(owner.display_name),
        id: given(owner.id),
    };
    (owner.display_name.is_some() || owner.id.is_some()).then_some(owner)
}

/// A key of a listing. `encoding-type=url` is undone, in which stores write a space as `+`.
pub(super) fn decoded(text: String, encoded: bool) -> String {
    if !encoded {
        return text;
    }
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8_lossy().into_owned()
}
