//! The body of a failed answer.

use serde::{Deserialize, Serialize};

use crate::{query::Fault, task::TaskFailure};

/// `{"detail", "code", "request_id"}`: what every failed request answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// What happened, for a person; a list for validation (422).
    pub detail: Detail,
    /// A stable word for programs.
    #[serde(default)]
    pub code: ErrorCode,
    /// Where a metadata query goes wrong, and what was expected there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<Box<Fault>>,
    /// What the log knows the request by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// One sentence, or one entry per invalid field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Detail {
    /// A sentence a person can act on.
    Text(String),
    /// What is wrong with which field.
    Fields(Vec<FieldError>),
    /// Why a task failed.
    Task(Box<TaskFailure>),
}

/// One invalid field of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The kind of fault: `missing`, `value_error`, `less_than_equal`, ….
    #[serde(rename = "type")]
    pub kind: String,
    /// Where: `body`, `query` or `path`, then the field's name.
    pub loc: Vec<String>,
    /// The rule, in words.
    pub msg: String,
}

impl FieldError {
    /// A field of the body that breaks a rule.
    pub fn body(field: &str, msg: impl Into<String>) -> Self {
        Self {
            kind: "value_error".to_owned(),
            loc: vec!["body".to_owned(), field.to_owned()],
            msg: msg.into(),
        }
    }

    /// A parameter of the query that breaks a rule.
    pub fn query(field: &str, msg: impl Into<String>) -> Self {
        Self {
            kind: "value_error".to_owned(),
            loc: vec!["query".to_owned(), field.to_owned()],
            msg: msg.into(),
        }
    }

    /// The field's name: the last element of `loc`.
    pub fn field(&self) -> &str {
        self.loc.last().map_or("", String::as_str)
    }
}

impl Problem {
    /// A problem that is one sentence.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            detail: Detail::Text(detail.into()),
            code,
            query: None,
            request_id: None,
        }
    }

    /// A request whose fields break rules.
    pub fn fields(fields: Vec<FieldError>) -> Self {
        Self {
            detail: Detail::Fields(fields),
            code: ErrorCode::Validation,
            query: None,
            request_id: None,
        }
    }

    /// The problem in one sentence.
    pub fn sentence(&self) -> String {
        match &self.detail {
            Detail::Text(text) => text.clone(),
            Detail::Fields(fields) => fields
                .iter()
                .map(|f| format!("{}: {}", f.field(), f.msg))
                .collect::<Vec<_>>()
                .join("; "),
            Detail::Task(failure) => failure.error.clone(),
        }
    }

    /// What is wrong with the named field, if anything.
    pub fn field(&self, name: &str) -> Option<&str> {
        match &self.detail {
            Detail::Text(_) | Detail::Task(_) => None,
            Detail::Fields(fields) => fields
                .iter()
                .find(|f| f.field() == name)
                .map(|f| f.msg.as_str()),
        }
    }
}

/// The stable words of [`Problem::code`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// No credentials were sent.
    NotAuthenticated,
    /// The token is not one of ours, or was revoked.
    InvalidToken,
    /// The token's time is over.
    TokenExpired,
    /// Sign-in was refused.
    InvalidCredentials,
    /// Too many failed sign-ins.
    TooManyAttempts,
    /// A cookie came with a request from another site.
    CrossOrigin,
    /// The session that the page was drawn with is not the one that came.
    SessionMismatch,
    /// The server does not answer to that host name.
    InvalidHost,
    /// Fields break rules; `detail` is a list.
    Validation,
    /// The body is not JSON.
    MalformedJson,
    /// The body is of another type than the route takes.
    UnsupportedMediaType,
    /// The body is larger than the route takes.
    PayloadTooLarge,
    /// No such route.
    NotFound,
    /// The route does not know the method.
    MethodNotAllowed,
    /// Not a bucket name, or not one the store takes.
    InvalidBucketName,
    /// Not an object key.
    InvalidKey,
    /// The key is longer than the store takes.
    KeyTooLong,
    /// No bucket of that name can be reached.
    BucketNotFound,
    /// No tenant of that name.
    TenantNotFound,
    /// No namespace of that name.
    NamespaceNotFound,
    /// No user account of that name.
    UserNotFound,
    /// No group account of that name.
    GroupNotFound,
    /// No content class of that name.
    ContentClassNotFound,
    /// No retention class of that name.
    RetentionClassNotFound,
    /// No service plan of that name.
    ServicePlanNotFound,
    /// No protocol of that name.
    ProtocolNotFound,
    /// No link to another system of that name.
    ReplicationLinkNotFound,
    /// No erasure coding topology of that name.
    TopologyNotFound,
    /// No licence of that number.
    LicenseNotFound,
    /// No certificate of that id.
    CertificateNotFound,
    /// The setting was never made.
    SettingNotFound,
    /// No object of that key.
    ObjectNotFound,
    /// The object has no annotation of that name.
    AnnotationNotFound,
    /// No multipart upload of that id.
    UploadNotFound,
    /// No version of that id.
    VersionNotFound,
    /// No Hako link of that id, or not one of that person's.
    LinkNotFound,
    /// The caller has no such temporary key.
    TemporaryKeyNotFound,
    /// No task of that id, of that bucket and by that person.
    TaskNotFound,
    /// The task ended early.
    TaskFailed,
    /// The person has as many tasks running as one may have.
    TooManyTasks,
    /// More objects than one archive may hold.
    TooManyObjects,
    /// The name is taken, of something that is not a bucket.
    AlreadyExists,
    /// The name is taken.
    BucketExists,
    /// An object has the key, and the bucket neither overwrites nor keeps versions.
    ObjectExists,
    /// Its retention keeps the object.
    ObjectRetained,
    /// A hold keeps the object.
    ObjectOnHold,
    /// The object's retention would become shorter.
    RetentionShortened,
    /// The object is no longer what it was when it was looked at.
    ObjectChanged,
    /// The object is larger than what can be done with it.
    ObjectTooLarge,
    /// A delete marker has no content.
    DeleteMarker,
    /// The bucket holds objects.
    BucketNotEmpty,
    /// The store refused because of the present state.
    Conflict,
    /// The account lacks the right.
    AccessDenied,
    /// A system-level account has no data of its own.
    TenantRequired,
    /// A condition of the request was not met.
    PreconditionFailed,
    /// The range lies outside the object.
    RangeNotSatisfiable,
    /// The file would need more than 10,000 parts.
    TooManyParts,
    /// A part is unknown, or its `ETag` differs.
    InvalidPart,
    /// A part other than the last is below the minimum.
    EntityTooSmall,
    /// The store does not accept an argument.
    InvalidArgument,
    /// The metadata query cannot be read, or the store cannot be asked for it.
    InvalidQuery,
    /// A checksum did not match what arrived.
    BadDigest,
    /// The store is full.
    OutOfSpace,
    /// The store does not answer.
    StoreUnreachable,
    /// The store did not answer in time.
    StoreTimeout,
    /// The store failed.
    StoreError,
    /// The store asks to be called less often.
    StoreBusy,
    /// The backend cannot do that.
    NotSupported,
    /// The request took too long.
    RequestTimeout,
    /// A defect of the server.
    #[default]
    Internal,
    /// A word that this version does not know.
    #[serde(other)]
    Unknown,
}

impl ErrorCode {
    /// The word as it stands in the body.
    pub fn as_str(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}
