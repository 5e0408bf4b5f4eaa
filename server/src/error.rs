//! Every way in which a request can fail, and the one place that knows our statuses.

use std::fmt;

use axum::response::{IntoResponse, Response};
use hcp::{ErrorKind, Missing, Resource};
use http::{HeaderValue, StatusCode, header};
use model::{
    ErrorCode, Problem,
    problem::{Detail, FieldError},
    query::Fault,
    task::TaskFailure,
};

use crate::{service::query, web::request_id};

/// Why a request failed. The first sentence is for the client, the source for the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither cookie nor bearer token came.
    #[error("Not authenticated")]
    NotAuthenticated,
    /// The token is not one of ours, or was revoked.
    #[error("Invalid token")]
    InvalidToken,
    /// The token's time is over.
    #[error("Token has expired")]
    TokenExpired,
    /// The store refused the credentials at sign-in; never tells which part was wrong.
    #[error("The user name, the password or the tenant is wrong.")]
    InvalidCredentials,
    /// Too many failed sign-ins.
    #[error("Too many failed sign-ins. Try again in {seconds} seconds.")]
    TooManyAttempts {
        /// Seconds to wait.
        seconds: u64,
    },
    /// A cookie came with a request from another site.
    #[error("This request came from another site and was refused.")]
    CrossOrigin,
    /// The page is of one person, and the cookie of another.
    #[error(
        "Somebody else has signed in since this page was opened. Nothing was done. Reload the page."
    )]
    SessionMismatch,
    /// The server does not answer to that host name.
    #[error(
        "This server does not answer to that host name. Set HAKO_PUBLIC_URL or HAKO_ALLOWED_HOSTS."
    )]
    InvalidHost,
    /// The tenant's name breaks its rule.
    #[error("Invalid tenant name")]
    InvalidTenant,
    /// Fields break rules.
    #[error("the request is not valid")]
    Validation(Vec<FieldError>),
    /// The body is not JSON.
    #[error("the body is not JSON")]
    MalformedJson(FieldError),
    /// The body is of another type than the route takes.
    #[error("Unsupported media type: send {expected}.")]
    UnsupportedMediaType {
        /// What the route takes.
        expected: &'static str,
    },
    /// The body is larger than the route takes.
    #[error("The request body is larger than {limit} bytes.")]
    PayloadTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// No such route.
    #[error("Not Found")]
    NotFound,
    /// The route does not know the method.
    #[error("Method Not Allowed")]
    MethodNotAllowed,
    /// The request is refused for a reason with a word of its own.
    #[error("{detail}")]
    Refused {
        /// The status.
        status: StatusCode,
        /// The word.
        code: ErrorCode,
        /// The sentence.
        detail: String,
    },
    /// A metadata query that cannot be read.
    #[error("query: {_0}")]
    Query(Box<Fault>),
    /// The store failed or refused.
    #[error(transparent)]
    Store(#[from] hcp::Error),
    /// Redis, where sessions are noted, does not answer.
    #[error("Sessions cannot be checked at the moment.")]
    Sessions(#[source] redis::RedisError),
    /// Redis, where tasks are kept, does not answer.
    #[error("Tasks cannot be looked at at the moment.")]
    Shared(#[source] redis::RedisError),
    /// A task ended early; its own problem says more than a sentence.
    #[error("{}", failure.error)]
    Task {
        /// The status that the kind of task has for it.
        status: StatusCode,
        /// Why, and how far it was.
        failure: Box<TaskFailure>,
    },
    /// The client stopped sending in the middle.
    #[error("The request's body ended before it was complete.")]
    BrokenBody(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A defect, or a failure of the server's own disk.
    #[error("Internal server error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A defect, with its cause for the log.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// A bad argument that is one sentence (400).
    pub fn bad_request(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self::Refused {
            status: StatusCode::BAD_REQUEST,
            code,
            detail: detail.into(),
        }
    }

    /// Status and stable word.
    pub fn status(&self) -> (StatusCode, ErrorCode) {
        match self {
            Self::NotAuthenticated => (StatusCode::UNAUTHORIZED, ErrorCode::NotAuthenticated),
            Self::InvalidToken => (StatusCode::UNAUTHORIZED, ErrorCode::InvalidToken),
            Self::TokenExpired => (StatusCode::UNAUTHORIZED, ErrorCode::TokenExpired),
            Self::InvalidCredentials => (StatusCode::UNAUTHORIZED, ErrorCode::InvalidCredentials),
            Self::TooManyAttempts { .. } => {
                (StatusCode::TOO_MANY_REQUESTS, ErrorCode::TooManyAttempts)
            }
            Self::CrossOrigin => (StatusCode::FORBIDDEN, ErrorCode::CrossOrigin),
            Self::SessionMismatch => (StatusCode::CONFLICT, ErrorCode::SessionMismatch),
            Self::InvalidHost => (StatusCode::MISDIRECTED_REQUEST, ErrorCode::InvalidHost),
            Self::InvalidTenant | Self::Validation(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::Validation)
            }
            Self::MalformedJson(_) => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::MalformedJson),
            Self::UnsupportedMediaType { .. } => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                ErrorCode::UnsupportedMediaType,
            ),
            Self::PayloadTooLarge { .. } => {
                (StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::PayloadTooLarge)
            }
            Self::NotFound => (StatusCode::NOT_FOUND, ErrorCode::NotFound),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed),
            Self::Refused { status, code, .. } => (*status, *code),
            Self::Query(_) => (StatusCode::BAD_REQUEST, ErrorCode::InvalidQuery),
            Self::Store(e) if is_managed(e) => management_status(e),
            Self::Store(e) => store_status(e),
            Self::Sessions(_) | Self::Shared(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Internal)
            }
            Self::Task { status, .. } => (*status, ErrorCode::TaskFailed),
            Self::BrokenBody(_) => (StatusCode::BAD_REQUEST, ErrorCode::InvalidArgument),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal),
        }
    }

    /// What the client reads.
    pub fn problem(&self) -> Problem {
        let (_, code) = self.status();
        let detail = match self {
            Self::Validation(fields) => Detail::Fields(fields.clone()),
            Self::MalformedJson(field) => Detail::Fields(vec![field.clone()]),
            Self::Store(e) if is_managed(e) => Detail::Text(management_sentence(e)),
            Self::Store(e) => Detail::Text(store_sentence(e)),
            Self::Task { failure, .. } => Detail::Task(failure.clone()),
            other => Detail::Text(other.to_string()),
        };
        let query = match self {
            Self::Query(fault) => Some(fault.clone()),
            _ => None,
        };
        Problem {
            detail,
            code,
            query,
            request_id: request_id::current(),
        }
    }

    /// The same in one sentence without any word of the store's, for those who are told no more.
    pub fn plain(&self) -> String {
        match self {
            Self::Validation(fields) => {
                let each = fields.iter().map(|field| match field.loc.last() {
                    Some(name) => format!("{name}: {}", field.msg),
                    None => field.msg.clone(),
                });
                each.collect::<Vec<_>>().join("; ")
            }
            Self::MalformedJson(field) => format!("The body is not JSON: {}", field.msg),
            Self::Store(e) => own_sentence(e),
            other => other.to_string(),
        }
    }

    /// Seconds after which a second try makes sense, where one can be named.
    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooManyAttempts { seconds } => Some(*seconds),
            Self::Sessions(_) | Self::Shared(_) => Some(5),
            Self::Refused { status, .. } if *status == StatusCode::TOO_MANY_REQUESTS => Some(5),
            Self::Store(e) => match e.kind() {
                ErrorKind::Unreachable | ErrorKind::Busy => Some(5),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The word for what a store did not find.
fn not_found(what: Missing) -> ErrorCode {
    match what {
        Missing::Bucket => ErrorCode::BucketNotFound,
        Missing::Object => ErrorCode::ObjectNotFound,
        Missing::Annotation => ErrorCode::AnnotationNotFound,
        Missing::Upload => ErrorCode::UploadNotFound,
        Missing::Version => ErrorCode::VersionNotFound,
        Missing::Account => ErrorCode::UserNotFound,
        Missing::Tenant => ErrorCode::TenantNotFound,
        Missing::Namespace => ErrorCode::NamespaceNotFound,
        Missing::Group => ErrorCode::GroupNotFound,
        Missing::ContentClass => ErrorCode::ContentClassNotFound,
        Missing::RetentionClass => ErrorCode::RetentionClassNotFound,
        Missing::ServicePlan => ErrorCode::ServicePlanNotFound,
        Missing::Protocol => ErrorCode::ProtocolNotFound,
        Missing::ReplicationLink => ErrorCode::ReplicationLinkNotFound,
        Missing::Topology => ErrorCode::TopologyNotFound,
        Missing::License => ErrorCode::LicenseNotFound,
        Missing::Certificate => ErrorCode::CertificateNotFound,
        Missing::Setting => ErrorCode::SettingNotFound,
        Missing::TemporaryKey => ErrorCode::TemporaryKeyNotFound,
    }
}

/// Whether it was a call of the management API.
fn is_managed(e: &hcp::Error) -> bool {
    matches!(e.resource(), Resource::Managed { .. } | Resource::Query)
}

/// The statuses of management calls: HCP's own where they say the same to our client.
fn management_status(e: &hcp::Error) -> (StatusCode, ErrorCode) {
    match (e.status(), e.kind()) {
        // HCP could not work the credentials out: not that they are wrong, nor that the session is over.
        (Some(401), _) => (StatusCode::UNAUTHORIZED, ErrorCode::InvalidCredentials),
        (Some(405), _) => (StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed),
        (Some(414), _) => (StatusCode::URI_TOO_LONG, ErrorCode::InvalidArgument),
        (Some(415), _) => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorCode::UnsupportedMediaType,
        ),
        (Some(413), _) => (StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::PayloadTooLarge),
        // Of a query it is a setting that is missing, of the rest an interface.
        (None, ErrorKind::NotSupported) if query::is_of_query(e) => {
            (StatusCode::BAD_REQUEST, ErrorCode::InvalidArgument)
        }
        (Some(302 | 400 | 403 | 404 | 409 | 503) | None, _) => store_status(e),
        _ => (StatusCode::BAD_GATEWAY, ErrorCode::StoreError),
    }
}

/// What is said of a management call that failed. HCP's sentences are passed on, its pages never.
fn management_sentence(e: &hcp::Error) -> String {
    let resource = e.resource();
    let said = |code: u16| {
        let said = e.store_message().map(str::to_owned);
        said.unwrap_or_else(|| format!("HCP returned {code}"))
    };
    if let Some(sentence) = query::unsent(e.kind())
        && query::is_of_query(e)
        && e.status().is_none()
    {
        return sentence.to_owned();
    }
    match (e.status(), e.kind()) {
        (_, ErrorKind::Unreachable) => "HCP unreachable".to_owned(),
        (None, ErrorKind::TimedOut) => "HCP timed out".to_owned(),
        (None, ErrorKind::NotSupported) => {
            "The management API has no address: set HCP_DOMAIN or HCP_HOST.".to_owned()
        }
        (Some(302), _) => format!("{resource} not found or no permission"),
        (Some(code @ (400 | 403)), _) => said(code),
        (Some(401), _) => "HCP authentication failed".to_owned(),
        // HCP may say why there cannot be one.
        (
            Some(404),
            ErrorKind::NotFound {
                what: Missing::Certificate,
            },
        ) => {
            let said = e.store_message().unwrap_or_default();
            let sentence = format!("{resource} not found. {said}");
            sentence.trim_end().to_owned()
        }
        (Some(404), _) => format!("{resource} not found"),
        (Some(405), _) => "Method not allowed for this resource".to_owned(),
        (Some(code @ 409), _) => format!("{resource}: {}", said(code)),
        (Some(414), _) => "Request URI too large".to_owned(),
        (Some(415), _) => "Unsupported media type".to_owned(),
        (Some(code @ 500), _) => format!("HCP internal error: {}", said(code)),
        (Some(code @ 503), _) => format!("HCP unavailable: {}", said(code)),
        (Some(code), _) => format!("Unexpected HCP status {code}: {}", said(code)),
        (None, _) => format!("{resource}: the call could not be made"),
    }
}

/// The statuses of behaviour.md §4.2, and those decided for a store in trouble.
fn store_status(e: &hcp::Error) -> (StatusCode, ErrorCode) {
    match e.kind() {
        ErrorKind::NotFound { what } => (StatusCode::NOT_FOUND, not_found(what)),
        ErrorKind::Exists => (StatusCode::CONFLICT, ErrorCode::AlreadyExists),
        ErrorKind::BucketExists => (StatusCode::CONFLICT, ErrorCode::BucketExists),
        ErrorKind::BucketNotEmpty => (StatusCode::CONFLICT, ErrorCode::BucketNotEmpty),
        ErrorKind::Conflict => (StatusCode::CONFLICT, ErrorCode::Conflict),
        ErrorKind::Denied => (StatusCode::FORBIDDEN, ErrorCode::AccessDenied),
        ErrorKind::Unauthenticated => (StatusCode::UNAUTHORIZED, ErrorCode::InvalidToken),
        ErrorKind::TenantRequired => (StatusCode::FORBIDDEN, ErrorCode::TenantRequired),
        ErrorKind::InvalidBucketName => (StatusCode::BAD_REQUEST, ErrorCode::InvalidBucketName),
        ErrorKind::InvalidPart => (StatusCode::BAD_REQUEST, ErrorCode::InvalidPart),
        ErrorKind::EntityTooSmall => (StatusCode::BAD_REQUEST, ErrorCode::EntityTooSmall),
        ErrorKind::KeyTooLong => (StatusCode::BAD_REQUEST, ErrorCode::KeyTooLong),
        ErrorKind::BadDigest => (StatusCode::BAD_REQUEST, ErrorCode::BadDigest),
        ErrorKind::InvalidArgument | ErrorKind::SourceFailed => {
            (StatusCode::BAD_REQUEST, ErrorCode::InvalidArgument)
        }
        ErrorKind::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::PayloadTooLarge),
        ErrorKind::OutOfSpace => (StatusCode::INSUFFICIENT_STORAGE, ErrorCode::OutOfSpace),
        ErrorKind::PreconditionFailed => (
            StatusCode::PRECONDITION_FAILED,
            ErrorCode::PreconditionFailed,
        ),
        ErrorKind::NotModified => (StatusCode::NOT_MODIFIED, ErrorCode::PreconditionFailed),
        ErrorKind::RangeNotSatisfiable => (
            StatusCode::RANGE_NOT_SATISFIABLE,
            ErrorCode::RangeNotSatisfiable,
        ),
        ErrorKind::NotSupported => (StatusCode::NOT_IMPLEMENTED, ErrorCode::NotSupported),
        ErrorKind::Busy => (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::StoreBusy),
        ErrorKind::Unreachable => (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::StoreUnreachable),
        ErrorKind::TimedOut => (StatusCode::GATEWAY_TIMEOUT, ErrorCode::StoreTimeout),
        _ => (StatusCode::BAD_GATEWAY, ErrorCode::StoreError),
    }
}

/// `<resource>: <store message>`, or our own sentence where the store's would tell too little.
fn store_sentence(e: &hcp::Error) -> String {
    match (told_alone(e), e.store_message()) {
        (None, Some(said)) => format!("{}: {said}", e.resource()),
        _ => own_sentence(e),
    }
}

/// What is said in our words, whatever the store says.
fn own_sentence(e: &hcp::Error) -> String {
    told_alone(e).unwrap_or_else(|| {
        let own = match e.kind() {
            ErrorKind::NotFound { .. } => "not found",
            ErrorKind::Denied => "access denied",
            ErrorKind::BucketExists => "the name is taken",
            ErrorKind::BucketNotEmpty => "the bucket is not empty",
            ErrorKind::OutOfSpace => "the store has no space left",
            _ => "the store refused the request",
        };
        format!("{}: {own}", e.resource())
    })
}

/// Our sentence for what the store's would tell too little of.
fn told_alone(e: &hcp::Error) -> Option<String> {
    let resource = e.resource();
    Some(match e.kind() {
        ErrorKind::Unreachable => "The store does not answer.".to_owned(),
        ErrorKind::TimedOut => "The store did not answer in time.".to_owned(),
        ErrorKind::Unauthenticated => {
            "The store no longer accepts this session's credentials. Sign in again.".to_owned()
        }
        ErrorKind::SourceFailed => {
            "The request's body ended before it was complete. Nothing was stored.".to_owned()
        }
        ErrorKind::TenantRequired => {
            "A system-level account has no buckets of its own. Sign in to a tenant.".to_owned()
        }
        ErrorKind::StoreFailed | ErrorKind::Unexpected => format!("{resource}: the store failed"),
        ErrorKind::InvalidArgument if is_blank(resource) => {
            format!("{resource}: a key of nothing but spaces cannot be used here")
        }
        _ => return None,
    })
}

fn is_blank(resource: &Resource) -> bool {
    matches!(resource, Resource::Object(key) | Resource::Upload(key) | Resource::Part(key, _) if key.is_blank())
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, _) = self.status();
        if status == StatusCode::NOT_MODIFIED {
            return status.into_response();
        }
        let mut response = (status, axum::Json(self.problem())).into_response();
        let headers = response.headers_mut();
        let by_hcp = matches!(&self, Self::Store(e) if is_managed(e));
        if status == StatusCode::UNAUTHORIZED && !by_hcp {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Logged::new(&self));
        response.extensions_mut().insert(Word(self.status().1));
        response.extensions_mut().insert(Plain(self.plain()));
        response
    }
}

/// The word of a failed request, for what stands around the handlers.
#[derive(Clone, Copy, Debug)]
pub struct Word(pub ErrorCode);

/// What a failed request is told where nothing of the store's may be.
#[derive(Clone, Debug)]
pub struct Plain(pub String);

/// What the access log says of a failed request: the whole chain of causes.
#[derive(Clone, Debug)]
pub struct Logged(String);

impl Logged {
    fn new(error: &Error) -> Self {
        Self(chain(error))
    }
}

/// An error with all its causes, for the log.
pub(crate) fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

impl fmt::Display for Logged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
