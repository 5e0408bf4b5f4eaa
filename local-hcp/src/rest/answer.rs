//! Answers in HCP's words: what is told is in headers, and so is why something is refused.

use std::borrow::Cow;

use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG},
    },
    response::{IntoResponse as _, Response},
};
use model::annotation::{Kind, MAX_BYTES};
use sha2::{Digest as _, Sha256};

use super::etag_of;
use crate::{
    Error,
    access::Permissions,
    account::hex,
    mapi::error::{Refusal, tell},
    profile::Habits,
    store::{
        annotations::Listed,
        buckets::{Bucket, Versioning},
        objects::Object,
    },
};

/// Why a request is not answered.
pub(super) enum Refused {
    /// With a status and a reason.
    Said(StatusCode, Cow<'static, str>),
    /// As management says it.
    Managed(Refusal),
}

impl Refused {
    pub(super) fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Said(status, message.into())
    }

    pub(super) fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn forbidden(message: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    pub(super) fn not_offered() -> Self {
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            "Only what describes and keeps objects, and deleting them, is offered here; use S3 for the rest.",
        )
    }

    pub(super) fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("The annotation broke off, or has more than {MAX_BYTES} bytes."),
        )
    }

    pub(super) fn old_version() -> Self {
        Self::invalid("A named version cannot be changed.")
    }

    pub(super) fn respond(self) -> Response {
        match self {
            Self::Said(status, message) => {
                let mut headers = HeaderMap::new();
                tell(&mut headers, &message);
                (status, headers).into_response()
            }
            Self::Managed(refusal) => refusal.into_response(),
        }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Managed(refusal)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        let status = match &error {
            Error::NoSuchKey | Error::NoSuchVersion | Error::MarkerNamed => StatusCode::NOT_FOUND,
            Error::Retained | Error::FolderNotEmpty => StatusCode::CONFLICT,
            Error::NoSuchClass(_) | Error::RetentionBeyondCalendar | Error::TooManyHolds => {
                StatusCode::BAD_REQUEST
            }
            Error::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Error::OverQuota => StatusCode::PAYLOAD_TOO_LARGE,
            Error::OutOfSpace => StatusCode::INSUFFICIENT_STORAGE,
            _ => return Self::Managed(error.into()),
        };
        Self::new(status, error.to_string())
    }
}

/// Puts headers of HCP together.
struct Told(HeaderMap);

impl Told {
    fn with(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        // What no header carries is not told.
        if let Ok(value) = HeaderValue::from_str(value.as_ref()) {
            self.0.insert(HeaderName::from_static(name), value);
        }
        self
    }
}

/// When what describes a version was last changed.
fn changed_ms(object: &Object) -> i64 {
    object.changed_ms.unwrap_or(object.modified_ms)
}

/// What is told of an object, in the order of HCP's manual.
pub(super) fn of_object(
    habits: &Habits,
    bucket: &Bucket,
    object: &Object,
    granted: Permissions,
    listed: &[Listed],
) -> Response {
    let bool = |value: bool| if value { "true" } else { "false" };
    let names: Vec<_> = listed
        .iter()
        .map(|one| format!("{};{}", one.name, one.size))
        .collect();
    let protection = &object.attributes.protection;
    let mut told = Told(HeaderMap::new())
        .with("x-hcp-type", "object")
        .with("x-hcp-size", object.size.to_string())
        .with("x-hcp-ingesttime", (object.modified_ms / 1_000).to_string())
        .with(
            "x-hcp-changetimemilliseconds",
            format!("{}.00", changed_ms(object)),
        )
        .with("x-hcp-custom-metadata", bool(!listed.is_empty()));
    if !names.is_empty() {
        told = told.with("x-hcp-custommetadataannotations", names.join(", "));
    }
    if let Some(class) = &protection.class {
        told = told.with("x-hcp-retentionclass", class);
    }
    if bucket.versioning != Versioning::Never {
        let is_null = object.is_null && habits.null_version;
        let id = if is_null {
            "null".to_owned()
        } else {
            object.id.to_string()
        };
        told = told.with("x-hcp-versionid", id);
    }
    let mut headers = told.0;
    protection.write(&mut headers, granted);
    // A HEAD says how long the object would be.
    headers.insert(CONTENT_LENGTH, object.size.into());
    (StatusCode::OK, headers).into_response()
}

/// An annotation, or what is told of it.
pub(super) fn of_annotation(object: &Object, content: Vec<u8>, whole: bool) -> Response {
    let hash = hex(&Sha256::digest(&content)).to_uppercase();
    let mut headers = Told(HeaderMap::new())
        .with("x-hcp-type", "annotation")
        .with("x-hcp-size", content.len().to_string())
        .with("x-hcp-hash", format!("SHA-256 {hash}"))
        .with(
            "x-hcp-changetimemilliseconds",
            format!("{}.00", changed_ms(object)),
        )
        .0;
    headers.insert(CONTENT_LENGTH, content.len().into());
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static(Kind::of(&content).media_type()),
    );
    if let Ok(etag) = HeaderValue::from_str(&etag_of(&content)) {
        headers.insert(ETAG, etag);
    }
    let body = if whole {
        Body::from(content)
    } else {
        Body::empty()
    };
    (StatusCode::OK, headers, body).into_response()
}

pub(super) fn created(etag: &str) -> Response {
    let headers = Told(HeaderMap::new()).with("etag", etag).0;
    (StatusCode::CREATED, headers).into_response()
}

pub(super) fn done() -> Response {
    StatusCode::OK.into_response()
}

/// There is no such annotation.
pub(super) fn nothing() -> Response {
    StatusCode::NO_CONTENT.into_response()
}
