//! The one error type, told apart by kind.

mod table;

use std::{fmt, time::Duration};

use model::{AnnotationName, BucketName, ObjectKey, PartNumber, Username};

use crate::transport::{Idle, SourceFailed};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a call to a store failed.
///
/// The text names the resource and carries the store's own sentence where there is one. Neither it
/// nor the chain of sources ever holds credentials, an `Authorization` header or a presigned URL.
#[derive(Debug, thiserror::Error)]
#[error("{resource}: {}", self.sentence())]
pub struct Error {
    kind: ErrorKind,
    resource: Resource,
    answer: Option<Box<Answer>>,
    #[source]
    source: Option<Source>,
}

/// What a store said when it refused.
#[derive(Debug, Default)]
struct Answer {
    status: u16,
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The thing is not there.
    NotFound {
        /// Which thing.
        what: Missing,
    },
    /// The name is taken, of something that is not a bucket.
    Exists,
    /// The bucket's name is taken.
    BucketExists,
    /// The bucket holds something.
    BucketNotEmpty,
    /// The account lacks the right.
    Denied,
    /// The store does not know these credentials (any more).
    Unauthenticated,
    /// An account of the system level has no data of its own.
    TenantRequired,
    /// The present state forbids it.
    Conflict,
    /// The store does not accept an argument.
    InvalidArgument,
    /// The store does not accept the bucket's name.
    InvalidBucketName,
    /// A part is unknown, differs, or is out of order.
    InvalidPart,
    /// A part other than the last is below the minimum.
    EntityTooSmall,
    /// The key is longer than the store takes.
    KeyTooLong,
    /// A checksum did not match what arrived.
    BadDigest,
    /// The store, or the bucket's quota, is full.
    OutOfSpace,
    /// The object is larger than the store takes.
    TooLarge,
    /// The store asks to be called later.
    Busy,
    /// The store does not answer, or the connection broke.
    Unreachable,
    /// The store did not answer in time.
    TimedOut,
    /// The store failed (its 5xx).
    StoreFailed,
    /// The store, or this account, cannot do that.
    NotSupported,
    /// The object has not changed (304).
    NotModified,
    /// A condition of the request was not met.
    PreconditionFailed,
    /// The range lies outside the object.
    RangeNotSatisfiable,
    /// The body that was to be stored could not be read to its end.
    SourceFailed,
    /// Anything else: an answer that makes no sense, a wrong configuration.
    Unexpected,
}

/// What a store did not find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Missing {
    /// A bucket.
    Bucket,
    /// An object.
    Object,
    /// A version of an object.
    Version,
    /// An annotation of an object.
    Annotation,
    /// A multipart upload.
    Upload,
    /// A user account.
    Account,
    /// A tenant.
    Tenant,
    /// A namespace.
    Namespace,
    /// A group account.
    Group,
    /// A content class.
    ContentClass,
    /// A retention class.
    RetentionClass,
    /// A service plan.
    ServicePlan,
    /// A protocol.
    Protocol,
    /// A link to another system.
    ReplicationLink,
    /// An erasure coding topology.
    Topology,
    /// A licence.
    License,
    /// A certificate by which another system is trusted.
    Certificate,
    /// A setting that was never made.
    Setting,
    /// A temporary key.
    TemporaryKey,
}

/// What a call was about; its text is the beginning of the error's sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The store as a whole.
    Store,
    /// The list of buckets.
    Buckets,
    /// A bucket.
    Bucket(BucketName),
    /// A metadata query.
    Query,
    /// An object.
    Object(ObjectKey),
    /// An annotation of an object. Behind a pointer: errors are parts of most futures.
    Annotation(Box<(ObjectKey, AnnotationName)>),
    /// A multipart upload to a key.
    Upload(ObjectKey),
    /// A part of an upload to a key.
    Part(ObjectKey, PartNumber),
    /// A user account.
    Account(Username),
    /// What a call of the management API is about.
    Managed {
        /// What is said of it: `namespace 'archive'`.
        text: String,
        /// What is missing where HCP does not find it.
        what: Missing,
    },
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store => f.write_str("store"),
            Self::Buckets => f.write_str("buckets"),
            Self::Query => f.write_str("query"),
            Self::Bucket(bucket) => write!(f, "bucket '{bucket}'"),
            Self::Object(key) | Self::Upload(key) => write!(f, "object '{key}'"),
            Self::Annotation(named) => {
                let (key, name) = &**named;
                write!(f, "annotation '{name}' of object '{key}'")
            }
            Self::Part(key, part) => write!(f, "object '{key}' part {part}"),
            Self::Account(user) => write!(f, "user '{user}'"),
            Self::Managed { text, .. } => f.write_str(text),
        }
    }
}

impl Resource {
    /// What a 404 without a code says about this resource.
    fn missing(&self) -> Missing {
        match self {
            Self::Store | Self::Buckets | Self::Bucket(_) => Missing::Bucket,
            Self::Query => Missing::Tenant,
            Self::Object(_) => Missing::Object,
            Self::Annotation(_) => Missing::Annotation,
            Self::Upload(_) | Self::Part(..) => Missing::Upload,
            Self::Account(_) => Missing::Account,
            Self::Managed { what, .. } => *what,
        }
    }
}

impl Error {
    /// What kind of failure it was.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What the call was about.
    pub fn resource(&self) -> &Resource {
        &self.resource
    }

    /// The HTTP status of the store's answer, if it answered.
    pub fn status(&self) -> Option<u16> {
        self.answer.as_ref().map(|a| a.status)
    }

    /// The store's own word, such as `NoSuchKey`.
    pub fn store_code(&self) -> Option<&str> {
        self.answer.as_ref()?.code.as_deref()
    }

    /// The store's own sentence.
    pub fn store_message(&self) -> Option<&str> {
        self.answer.as_ref()?.message.as_deref()
    }

    /// Whether the account is refused everything until its password is changed. HCP has no word for that:
    /// its one refusal is 403, and the sentence beside it is all there is to tell by.
    pub fn wants_new_password(&self) -> bool {
        let sentence = self.store_message().unwrap_or_default().to_lowercase();
        self.kind == ErrorKind::Denied
            && sentence.contains("password")
            && (sentence.contains("change") || sentence.contains("expired"))
    }

    /// What the store's log knows the request by.
    pub fn store_request_id(&self) -> Option<&str> {
        self.answer.as_ref()?.request_id.as_deref()
    }

    /// An error that no answer of a store stands behind.
    pub(crate) fn new(kind: ErrorKind, resource: Resource) -> Self {
        Self {
            kind,
            resource,
            answer: None,
            source: None,
        }
    }

    /// Keeps the cause.
    pub(crate) fn caused_by(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// A refusal by the store: the table decides the kind.
    pub(crate) fn refused(
        resource: Resource,
        status: u16,
        code: Option<&str>,
        message: Option<&str>,
        request_id: Option<&str>,
    ) -> Self {
        let text = |s: Option<&str>| s.filter(|s| !s.trim().is_empty()).map(str::to_owned);
        let code = text(code);
        Self {
            kind: table::kind_of(status, code.as_deref(), &resource),
            resource,
            answer: Some(Box::new(Answer {
                status,
                code,
                message: text(message),
                request_id: text(request_id),
            })),
            source: None,
        }
    }

    /// The same answer, understood otherwise by who knows more.
    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// The same, of something else.
    pub(crate) fn about(mut self, resource: Resource) -> Self {
        self.resource = resource;
        self
    }

    /// The same, with the store's sentence made fit to be passed on.
    pub(crate) fn with_message(mut self, edit: impl FnOnce(&str) -> String) -> Self {
        if let Some(message) = self.answer.as_mut().and_then(|a| a.message.as_mut()) {
            *message = edit(message);
        }
        self
    }

    /// A connection that could not be made or that broke; the chain tells which.
    pub(crate) fn broken(resource: Resource, source: impl Into<Source>) -> Self {
        let source = source.into();
        let kind = if caused_by::<SourceFailed>(source.as_ref()) {
            ErrorKind::SourceFailed
        } else if caused_by::<Idle>(source.as_ref()) {
            ErrorKind::TimedOut
        } else {
            ErrorKind::Unreachable
        };
        Self::new(kind, resource).caused_by(source)
    }

    /// A call that took longer than it may.
    pub(crate) fn timed_out(resource: Resource, limit: Duration) -> Self {
        Self::new(ErrorKind::TimedOut, resource).caused_by(Idle(limit))
    }

    fn sentence(&self) -> &str {
        self.store_message().unwrap_or_else(|| self.kind.sentence())
    }
}

impl ErrorKind {
    /// What to say where the store said nothing.
    fn sentence(self) -> &'static str {
        match self {
            Self::NotFound { what } => match what {
                Missing::Bucket => "the bucket does not exist",
                Missing::Object => "the object does not exist",
                Missing::Version => "the version does not exist",
                Missing::Annotation => "the annotation does not exist",
                Missing::Upload => "the upload does not exist",
                Missing::Account => "the account does not exist",
                Missing::Tenant => "the tenant does not exist",
                Missing::Namespace => "the namespace does not exist",
                Missing::Group => "the group does not exist",
                Missing::ContentClass => "the content class does not exist",
                Missing::RetentionClass => "the retention class does not exist",
                Missing::ServicePlan => "the service plan does not exist",
                Missing::Protocol => "the protocol does not exist",
                Missing::ReplicationLink => "the replication link does not exist",
                Missing::Topology => "the topology does not exist",
                Missing::License => "the licence does not exist",
                Missing::Certificate => "the certificate does not exist",
                Missing::Setting => "nothing is set",
                Missing::TemporaryKey => "there is no such temporary key",
            },
            Self::Exists => "the name is taken",
            Self::BucketExists => "the bucket exists already",
            Self::BucketNotEmpty => "the bucket is not empty",
            Self::Denied => "access denied",
            Self::Unauthenticated => "the store does not accept the credentials",
            Self::TenantRequired => "an account of the system level has no buckets: name a tenant",
            Self::Conflict => "the store refused because of the present state",
            Self::InvalidArgument => "the store does not accept an argument",
            Self::InvalidBucketName => "the store does not accept the bucket's name",
            Self::InvalidPart => "a part is unknown, has changed, or is out of order",
            Self::EntityTooSmall => "a part is smaller than the store allows",
            Self::KeyTooLong => "the key is longer than the store allows",
            Self::BadDigest => "what arrived is not what was sent",
            Self::OutOfSpace => "the store is full",
            Self::TooLarge => "the object is larger than the store allows",
            Self::Busy => "the store is busy",
            Self::Unreachable => "the store cannot be reached",
            Self::TimedOut => "the store did not answer in time",
            Self::StoreFailed => "the store failed",
            Self::NotSupported => "the store does not support this",
            Self::NotModified => "not modified",
            Self::PreconditionFailed => "a condition of the request was not met",
            Self::RangeNotSatisfiable => "the range lies outside the object",
            Self::SourceFailed => "the data to be stored ended early or could not be read",
            Self::Unexpected => "the store's answer was not understood",
        }
    }
}

/// Whether an error of type `T` is in the chain.
pub(crate) fn caused_by<T: std::error::Error + 'static>(
    error: &(dyn std::error::Error + 'static),
) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<T>() {
            return true;
        }
        next = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_is_the_stores_or_ours() {
        let bucket = Resource::Bucket(BucketName::parse("nope").unwrap());
        let said = "The specified bucket does not exist";
        let error = Error::refused(
            bucket.clone(),
            404,
            Some("NoSuchBucket"),
            Some(said),
            Some("r1"),
        );
        assert_eq!(
            error.to_string(),
            "bucket 'nope': The specified bucket does not exist"
        );
        assert_eq!(error.store_code(), Some("NoSuchBucket"));
        assert_eq!(error.store_message(), Some(said));
        assert_eq!(error.store_request_id(), Some("r1"));
        let silent = Error::refused(bucket, 404, None, None, None);
        assert_eq!(
            silent.to_string(),
            "bucket 'nope': the bucket does not exist"
        );
    }

    #[test]
    fn a_broken_connection_is_told_from_a_late_answer_and_a_bad_source() {
        let io = || std::io::Error::other("reset");
        let of = |e: Source| Error::broken(Resource::Store, e).kind();
        assert_eq!(of(io().into()), ErrorKind::Unreachable);
        assert_eq!(of(Idle(Duration::from_secs(1)).into()), ErrorKind::TimedOut);
        assert_eq!(of(SourceFailed::new(io()).into()), ErrorKind::SourceFailed);
    }
}
