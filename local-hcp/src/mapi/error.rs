//! Refusals in HCP's manner: a status, an empty body, the reason in a header.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};

use crate::Error;

const ERROR_MESSAGE: HeaderName = HeaderName::from_static("x-hcp-errormessage");

/// Why a management request is not answered.
pub(super) enum Refusal {
    /// Not signed in, or not allowed: HCP does not tell the two apart by status.
    Forbidden(&'static str),
    /// No such resource.
    NotFound,
    /// The caller takes no media type that there is.
    NotAcceptable,
    /// The store failed.
    Failed(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, message) = match self {
            Self::Forbidden(message) => (StatusCode::FORBIDDEN, message),
            Self::NotFound => (StatusCode::NOT_FOUND, "The resource does not exist."),
            Self::NotAcceptable => (
                StatusCode::NOT_ACCEPTABLE,
                "The only media type offered is application/json.",
            ),
            Self::Failed(Error::Closed) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "The system is shutting down.",
            ),
            Self::Failed(error @ (Error::Locked | Error::ReadOnly(_))) => {
                tracing::warn!(%error, "a management request cannot be answered now");
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "The store cannot be written at present.",
                )
            }
            Self::Failed(error) => {
                tracing::error!(error = ?error, "a management request failed in the store");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "An internal error occurred.",
                )
            }
        };
        let headers = [(ERROR_MESSAGE, HeaderValue::from_static(message))];
        (status, headers).into_response()
    }
}
