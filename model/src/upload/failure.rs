//! What can go wrong with a request, and what it means.

use crate::{ErrorCode, Problem};

/// One request that did not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Who said so.
    pub origin: Origin,
    /// Their words, if any.
    pub detail: String,
    /// How long they ask to wait.
    pub retry_after_ms: Option<u64>,
}

/// Who said that a request failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody: no status came back.
    Network,
    /// No progress for too long; the request was given up.
    Silence,
    /// The store, to a presigned request.
    Store {
        /// The HTTP status.
        status: u16,
        /// The code of its error document; empty if it sent none.
        code: String,
    },
    /// Hako's API.
    Hako(ErrorCode),
    /// An answer that does not fit the question.
    Nonsense,
}

/// What a failure asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Trying again may help.
    Transient,
    /// The bytes did not arrive as they were sent: once more, then it is serious.
    Damaged,
    /// The URL's time is over: sign again.
    Expired,
    /// The clocks of Hako and the store differ too much.
    Skew,
    /// The store does not know the multipart upload.
    NoUpload,
    /// The session is over.
    SignedOut,
    /// The store is full, or a quota is.
    OutOfSpace,
    /// A right is missing.
    Denied,
    /// The object exists and may not be overwritten, or is held.
    Conflict,
    /// The bucket is gone.
    NoBucket,
    /// Trying again will not help.
    Fatal,
}

impl Failure {
    /// No status came back.
    pub fn network() -> Self {
        Self::of(Origin::Network, "")
    }

    /// No progress for too long.
    pub fn silence() -> Self {
        Self::of(Origin::Silence, "")
    }

    /// An answer that does not fit the question.
    pub fn nonsense(detail: impl Into<String>) -> Self {
        Self::of(Origin::Nonsense, detail)
    }

    /// The API answered a problem.
    pub fn hako(problem: &Problem) -> Self {
        Self::of(Origin::Hako(problem.code), problem.sentence())
    }

    /// The store answered a status and perhaps S3's error document.
    pub fn store(status: u16, body: &str) -> Self {
        let code = element(body, "Code").unwrap_or_default();
        let detail = element(body, "Message").unwrap_or_default();
        Self::of(Origin::Store { status, code }, detail)
    }

    /// The same, with the wait that the answer asked for.
    #[must_use]
    pub fn after(mut self, retry_after_ms: Option<u64>) -> Self {
        self.retry_after_ms = retry_after_ms;
        self
    }

    fn of(origin: Origin, detail: impl Into<String>) -> Self {
        Self {
            origin,
            detail: detail.into(),
            retry_after_ms: None,
        }
    }

    /// Whether only the condition of the request failed, so that it goes through without one.
    pub fn is_precondition(&self) -> bool {
        match &self.origin {
            Origin::Store { status, .. } => *status == 412,
            Origin::Hako(code) => *code == ErrorCode::PreconditionFailed,
            _ => false,
        }
    }

    /// Whether there is no object of that key.
    pub fn is_no_object(&self) -> bool {
        self.origin == Origin::Hako(ErrorCode::ObjectNotFound)
    }

    /// Whether nobody answered, so that the file itself may be the cause.
    pub fn is_mute(&self) -> bool {
        matches!(self.origin, Origin::Network | Origin::Silence)
    }

    /// What it asks for.
    pub fn kind(&self) -> Kind {
        match &self.origin {
            Origin::Network | Origin::Silence => Kind::Transient,
            Origin::Nonsense => Kind::Fatal,
            Origin::Hako(code) => of_hako(*code),
            Origin::Store { status, code } => of_store(*status, code, &self.detail),
        }
    }

    /// The store's or the API's word for it, for the details.
    pub fn code(&self) -> String {
        match &self.origin {
            Origin::Network => "no answer".to_owned(),
            Origin::Silence => "no progress for 60 s".to_owned(),
            Origin::Store { status, code } if code.is_empty() => format!("status {status}"),
            Origin::Store { status, code } => format!("{code}, status {status}"),
            Origin::Hako(code) => code.as_str(),
            Origin::Nonsense => "unexpected answer".to_owned(),
        }
    }
}

fn of_hako(code: ErrorCode) -> Kind {
    use ErrorCode as C;
    match code {
        C::StoreUnreachable
        | C::StoreTimeout
        | C::StoreError
        | C::StoreBusy
        | C::RequestTimeout
        | C::Internal
        | C::TooManyAttempts => Kind::Transient,
        C::BadDigest => Kind::Damaged,
        C::UploadNotFound => Kind::NoUpload,
        C::NotAuthenticated | C::InvalidToken | C::TokenExpired | C::SessionMismatch => {
            Kind::SignedOut
        }
        C::OutOfSpace => Kind::OutOfSpace,
        C::AccessDenied | C::TenantRequired => Kind::Denied,
        C::Conflict | C::ObjectExists | C::PreconditionFailed => Kind::Conflict,
        C::BucketNotFound => Kind::NoBucket,
        _ => Kind::Fatal,
    }
}

fn of_store(status: u16, code: &str, detail: &str) -> Kind {
    match code {
        "NoSuchUpload" => return Kind::NoUpload,
        "NoSuchBucket" => return Kind::NoBucket,
        "RequestTimeTooSkewed" => return Kind::Skew,
        "ExpiredToken" => return Kind::Expired,
        "BadDigest" | "IncompleteBody" | "XAmzContentSHA256Mismatch" | "InvalidDigest" => {
            return Kind::Damaged;
        }
        "RequestTimeout" | "SlowDown" => return Kind::Transient,
        "QuotaExceeded" | "InsufficientStorage" | "XMinioStorageFull" => return Kind::OutOfSpace,
        _ => {}
    }
    match status {
        // S3 says it in the message alone: `<Code>AccessDenied</Code><Message>Request has expired`.
        403 if detail.to_ascii_lowercase().contains("expired") => Kind::Expired,
        401 | 403 => Kind::Denied,
        409 | 412 => Kind::Conflict,
        // HCP's word for a quota is 413.
        413 | 507 => Kind::OutOfSpace,
        0 | 408 | 429 | 500 | 502 | 503 | 504 => Kind::Transient,
        _ => Kind::Fatal,
    }
}

/// The text of the first `<name>…</name>`; S3's error document is flat, so no parser is needed.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
    Some(text.chars().take(500).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_s_error_document_is_read() {
        let body = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>\
                    <Message>Request has expired &amp; is over</Message></Error>";
        let failure = Failure::store(403, body);
        assert_eq!(failure.kind(), Kind::Expired);
        assert_eq!(failure.detail, "Request has expired & is over");
        assert_eq!(failure.code(), "AccessDenied, status 403");
    }

    #[test]
    fn every_answer_of_the_store_has_its_meaning() {
        let xml = |code: &str| format!("<Error><Code>{code}</Code></Error>");
        for (status, body, kind) in [
            (404, xml("NoSuchUpload"), Kind::NoUpload),
            (404, xml("NoSuchBucket"), Kind::NoBucket),
            (404, String::new(), Kind::Fatal),
            (403, xml("AccessDenied"), Kind::Denied),
            (403, xml("RequestTimeTooSkewed"), Kind::Skew),
            (400, xml("BadDigest"), Kind::Damaged),
            (400, xml("RequestTimeout"), Kind::Transient),
            (400, xml("InvalidArgument"), Kind::Fatal),
            (413, String::new(), Kind::OutOfSpace),
            (507, "<not xml".to_owned(), Kind::OutOfSpace),
            (409, xml("Conflict"), Kind::Conflict),
            (501, String::new(), Kind::Fatal),
            (408, String::new(), Kind::Transient),
            (429, String::new(), Kind::Transient),
            (500, xml("InternalError"), Kind::Transient),
            (502, String::new(), Kind::Transient),
            (503, xml("SlowDown"), Kind::Transient),
            (504, String::new(), Kind::Transient),
        ] {
            assert_eq!(
                Failure::store(status, &body).kind(),
                kind,
                "{status} {body}"
            );
        }
    }

    #[test]
    fn every_answer_of_hako_has_its_meaning() {
        for (code, kind) in [
            (ErrorCode::StoreUnreachable, Kind::Transient),
            (ErrorCode::RequestTimeout, Kind::Transient),
            (ErrorCode::TokenExpired, Kind::SignedOut),
            (ErrorCode::UploadNotFound, Kind::NoUpload),
            (ErrorCode::OutOfSpace, Kind::OutOfSpace),
            (ErrorCode::AccessDenied, Kind::Denied),
            (ErrorCode::BucketNotFound, Kind::NoBucket),
            (ErrorCode::KeyTooLong, Kind::Fatal),
        ] {
            let failure = Failure::hako(&Problem::new(code, "x"));
            assert_eq!(failure.kind(), kind, "{code:?}");
        }
    }

    #[test]
    fn an_endless_message_is_cut() {
        let body = format!("<Code>X</Code><Message>{}</Message>", "é".repeat(10_000));
        assert_eq!(Failure::store(400, &body).detail.chars().count(), 500);
    }
}
