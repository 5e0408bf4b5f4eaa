//! The one table that reads the codes and statuses of stores.

use super::{ErrorKind, Missing, Resource};

/// The table: what a store's code, or else its status, means.
pub(super) fn kind_of(status: u16, code: Option<&str>, resource: &Resource) -> ErrorKind {
    code.and_then(kind_of_code)
        .unwrap_or_else(|| kind_of_status(status, resource))
}

fn kind_of_code(code: &str) -> Option<ErrorKind> {
    use ErrorKind as K;
    let missing = |what| K::NotFound { what };
    Some(match code {
        "NoSuchBucket" => missing(Missing::Bucket),
        "NoSuchKey" => missing(Missing::Object),
        "NoSuchVersion" => missing(Missing::Version),
        "NoSuchUpload" => missing(Missing::Upload),
        "NoSuchCORSConfiguration"
        | "NoSuchLifecycleConfiguration"
        | "ObjectLockConfigurationNotFoundError" => missing(Missing::Setting),
        "BucketAlreadyExists" | "BucketAlreadyOwnedByYou" => K::BucketExists,
        "BucketNotEmpty" => K::BucketNotEmpty,
        "AccessDenied" => K::Denied,
        "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "ExpiredToken" | "InvalidToken" => {
            K::Unauthenticated
        }
        "InvalidBucketName" => K::InvalidBucketName,
        "InvalidArgument" | "InvalidRequest" | "InvalidTag" | "MalformedXML"
        | "MetadataTooLarge" => K::InvalidArgument,
        "InvalidPart" | "InvalidPartOrder" => K::InvalidPart,
        "EntityTooSmall" => K::EntityTooSmall,
        "EntityTooLarge" => K::TooLarge,
        "KeyTooLong" | "KeyTooLongError" => K::KeyTooLong,
        "BadDigest" | "InvalidDigest" | "XAmzContentSHA256Mismatch" | "IncompleteBody" => {
            K::BadDigest
        }
        "OutOfSpace"
        | "QuotaExceeded"
        | "XMinioStorageFull"
        | "XMinioAdminBucketQuotaExceeded"
        | "InsufficientStorage" => K::OutOfSpace,
        "SlowDown" | "ServiceUnavailable" | "Throttling" | "TooManyRequests" => K::Busy,
        "RequestTimeout" => K::TimedOut,
        "NotImplemented" | "MethodNotAllowed" => K::NotSupported,
        "OperationAborted" | "InvalidBucketState" => K::Conflict,
        "PreconditionFailed" => K::PreconditionFailed,
        "InvalidRange" => K::RangeNotSatisfiable,
        "InternalError" => K::StoreFailed,
        _ => return None,
    })
}

fn kind_of_status(status: u16, resource: &Resource) -> ErrorKind {
    use ErrorKind as K;
    match status {
        // HCP redirects where a thing is absent or may not be seen; it is never followed.
        302 | 404 => K::NotFound {
            what: resource.missing(),
        },
        304 => K::NotModified,
        400 | 411 | 414 | 415 => K::InvalidArgument,
        401 => K::Unauthenticated,
        403 => K::Denied,
        405 | 501 => K::NotSupported,
        408 => K::TimedOut,
        409 => K::Conflict,
        412 => K::PreconditionFailed,
        413 => K::TooLarge,
        416 => K::RangeNotSatisfiable,
        429 | 503 => K::Busy,
        507 => K::OutOfSpace,
        500..=599 => K::StoreFailed,
        _ => K::Unexpected,
    }
}

#[cfg(test)]
mod tests {
    use model::ObjectKey;

    use super::*;

    fn kind(status: u16, code: Option<&str>) -> ErrorKind {
        let key = ObjectKey::parse("k").unwrap();
        kind_of(status, code, &Resource::Object(key))
    }

    #[test]
    fn codes_win_over_statuses() {
        let not_found = |what| ErrorKind::NotFound { what };
        assert_eq!(kind(404, Some("NoSuchBucket")), not_found(Missing::Bucket));
        assert_eq!(kind(404, Some("NoSuchUpload")), not_found(Missing::Upload));
        assert_eq!(
            kind(403, Some("SignatureDoesNotMatch")),
            ErrorKind::Unauthenticated
        );
        assert_eq!(kind(403, Some("AccessDenied")), ErrorKind::Denied);
        assert_eq!(kind(200, Some("EntityTooSmall")), ErrorKind::EntityTooSmall);
        assert_eq!(kind(413, Some("OutOfSpace")), ErrorKind::OutOfSpace);
        assert_eq!(kind(503, Some("SlowDown")), ErrorKind::Busy);
        assert_eq!(kind(409, Some("OperationAborted")), ErrorKind::Conflict);
    }

    #[test]
    fn without_a_known_code_the_status_decides() {
        assert_eq!(
            kind(404, None),
            ErrorKind::NotFound {
                what: Missing::Object
            }
        );
        assert_eq!(kind(403, None), ErrorKind::Denied);
        assert_eq!(kind(403, Some("RequestTimeTooSkewed")), ErrorKind::Denied);
        assert_eq!(kind(400, Some("SomethingNew")), ErrorKind::InvalidArgument);
        assert_eq!(kind(500, None), ErrorKind::StoreFailed);
        assert_eq!(kind(502, Some("New")), ErrorKind::StoreFailed);
        assert_eq!(kind(503, None), ErrorKind::Busy);
        assert_eq!(kind(304, None), ErrorKind::NotModified);
        assert_eq!(kind(416, None), ErrorKind::RangeNotSatisfiable);
        assert_eq!(kind(301, None), ErrorKind::Unexpected);
    }
}
