//! Refusals in HCP's manner: a status, an empty body, the reason in a header.

use std::borrow::Cow;

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::ALLOW},
    response::{IntoResponse, Response},
};
use model::mapi::{Fault, in_words};

use crate::Error;

const ERROR_MESSAGE: HeaderName = HeaderName::from_static("x-hcp-errormessage");
/// The longest reason, in bytes.
const MAX_MESSAGE: usize = 1_000;

/// Why a management request is not answered (HCP's management API, "Status codes").
#[derive(Debug)]
pub(crate) enum Refusal {
    /// 400: what was sent cannot be read, or breaks a rule.
    Invalid(Cow<'static, str>),
    /// 403: not signed in, not allowed, or not possible as things are. HCP does not tell these apart by
    /// status.
    Forbidden(Cow<'static, str>),
    /// 404: no such resource.
    NotFound,
    /// 404: there cannot be such a resource, and why.
    Absent(&'static str),
    /// 405: the resource is there and does not take the verb; the verbs that it takes.
    NoSuchVerb(String),
    /// 409: it exists already, or contradicts what is there.
    Conflict(Cow<'static, str>),
    /// 414: the path is longer than HCP reads.
    TooLong,
    /// 406: nothing that the caller takes can be written.
    NotAcceptable(&'static str),
    /// 413: the body is longer than HCP reads.
    TooLarge(&'static str),
    /// 503: others are served first, and it takes too long.
    Busy(&'static str),
    /// 415: a media type that exists and is not offered, or a body without one.
    UnsupportedMedia(&'static str),
    /// The store failed.
    Failed(Error),
}

impl Refusal {
    /// 400, with a reason.
    pub(crate) fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid(message.into())
    }

    /// 403, with a reason.
    pub(crate) fn forbidden(message: impl Into<Cow<'static, str>>) -> Self {
        Self::Forbidden(message.into())
    }

    /// 400 for properties that break their rules; fine where there are none.
    pub(crate) fn of_faults(faults: &[Fault]) -> Result<(), Self> {
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Self::invalid(in_words(faults)))
        }
    }

    /// The same as an error of the store, so that a write is undone by it.
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Failed(error) => error,
            Self::Forbidden(message) => Error::Forbidden(message.into_owned()),
            Self::Conflict(message) => Error::Conflict(message.into_owned()),
            other => Error::InvalidSetting(other.parts().1.into_owned()),
        }
    }

    fn parts(self) -> (StatusCode, Cow<'static, str>) {
        match self {
            Self::Invalid(message) => (StatusCode::BAD_REQUEST, message),
            Self::Forbidden(message) => (StatusCode::FORBIDDEN, message),
            Self::NotFound => (StatusCode::NOT_FOUND, "The resource does not exist.".into()),
            Self::Absent(message) => (StatusCode::NOT_FOUND, message.into()),
            Self::NoSuchVerb(_) => (
                StatusCode::METHOD_NOT_ALLOWED,
                "The resource does not take this method.".into(),
            ),
            Self::Conflict(message) => (StatusCode::CONFLICT, message),
            Self::TooLong => (
                StatusCode::URI_TOO_LONG,
                "The path after /mapi has more than 4,095 bytes.".into(),
            ),
            Self::NotAcceptable(message) => (StatusCode::NOT_ACCEPTABLE, message.into()),
            Self::TooLarge(message) => (StatusCode::PAYLOAD_TOO_LARGE, message.into()),
            Self::Busy(message) => (StatusCode::SERVICE_UNAVAILABLE, message.into()),
            Self::UnsupportedMedia(message) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, message.into()),
            Self::Failed(error) => of_store(error),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::InvalidName(message)
            | Error::InvalidDocument(message)
            | Error::InvalidSetting(message) => Self::Invalid(message.into()),
            Error::NoSuchTenant(_)
            | Error::NoSuchUser(_)
            | Error::NoSuchBucket
            | Error::NoSuchResource => Self::NotFound,
            Error::Conflict(message) => Self::Conflict(message.into()),
            Error::Forbidden(message) => Self::Forbidden(message.into()),
            Error::Denied(message) | Error::NotInThisLayout(message) => {
                Self::Forbidden(message.into())
            }
            other => Self::Failed(other),
        }
    }
}

/// What the store's own failures are to the caller; those that are defects are logged.
fn of_store(error: Error) -> (StatusCode, Cow<'static, str>) {
    match error {
        Error::Closed => (
            StatusCode::SERVICE_UNAVAILABLE,
            "The system is shutting down.".into(),
        ),
        Error::Locked
        | Error::ReadOnly(_)
        | Error::OutOfSpace
        | Error::Changed
        | Error::FolderMissing(_) => {
            tracing::warn!(%error, "a management request cannot be answered now");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "The store cannot be written at present.".into(),
            )
        }
        error => {
            tracing::error!(error = ?error, "a management request failed in the store");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                "An internal error occurred.".into(),
            )
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        if let Self::NoSuchVerb(verbs) = &self
            && let Ok(verbs) = HeaderValue::try_from(verbs)
        {
            headers.insert(ALLOW, verbs);
        }
        let (status, message) = self.parts();
        tell(&mut headers, &message);
        (status, headers).into_response()
    }
}

/// Puts a reason into the header for it.
pub(crate) fn tell(headers: &mut HeaderMap, message: &str) {
    if let Ok(message) = HeaderValue::from_bytes(in_a_header(message).as_bytes()) {
        headers.insert(ERROR_MESSAGE, message);
    }
}

/// The message without what a header cannot hold: it may repeat what the caller sent.
fn in_a_header(message: &str) -> String {
    let end = message
        .char_indices()
        .map(|(index, character)| index + character.len_utf8())
        .take_while(|end| *end <= MAX_MESSAGE)
        .last()
        .unwrap_or(0);
    message[..end]
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_always_a_header() {
        for message in ["plain", "two\r\nlines: \u{1}", "Jörg", &"ö".repeat(2_000)] {
            let answer = Refusal::invalid(message.to_owned()).into_response();
            assert_eq!(answer.status(), 400);
            let header = &answer.headers()[ERROR_MESSAGE];
            assert!(header.len() <= MAX_MESSAGE);
            assert!(!header.is_empty(), "{message}");
        }
    }

    #[test]
    fn what_the_store_refuses_has_a_status() {
        let status = |error: Error| Refusal::from(error).into_response().status().as_u16();
        assert_eq!(status(Error::InvalidSetting("x".to_owned())), 400);
        assert_eq!(status(Error::Forbidden("x".to_owned())), 403);
        assert_eq!(status(Error::NoSuchTenant("x".to_owned())), 404);
        assert_eq!(status(Error::Conflict("x".to_owned())), 409);
        assert_eq!(status(Error::Closed), 503);
        assert_eq!(status(Error::Interrupted), 500);
    }
}
