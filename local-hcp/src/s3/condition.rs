//! Conditional requests.

use axum::http::{HeaderMap, HeaderValue};
use s3s::{
    S3Error, S3ErrorCode, S3Result,
    dto::{ETag, ETagCondition, Timestamp},
    header::{ETAG, LAST_MODIFIED},
    s3_error,
};
use time::OffsetDateTime;

use super::error::fail;
use crate::{Error, clock::from_ms, store::objects::Object};

/// The conditions of a request.
#[derive(Default)]
pub(super) struct Conditions {
    pub(super) matches: Option<ETagCondition>,
    pub(super) none_match: Option<ETagCondition>,
    pub(super) modified_since: Option<Timestamp>,
    pub(super) unmodified_since: Option<Timestamp>,
}

/// What conditions come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Proceed,
    NotModified,
    Failed,
}

impl Conditions {
    /// Refuses a pair of conditions that cannot be meant together.
    pub(super) fn check_opposites(&self) -> S3Result<()> {
        let opposite = (self.matches.is_some() && self.none_match.is_some())
            || (self.modified_since.is_some() && self.unmodified_since.is_some());
        if opposite {
            return Err(s3_error!(
                InvalidArgument,
                "If-Match and If-None-Match, and likewise the two of dates, exclude each other."
            ));
        }
        Ok(())
    }

    /// Judges, in the order of RFC 9110: an `ETag` condition makes the date of its kind irrelevant.
    pub(super) fn judge(&self, etag: &str, modified_ms: i64) -> Verdict {
        // HTTP dates have whole seconds.
        let modified = from_ms(modified_ms).unix_timestamp();
        let seconds = |time: &Timestamp| OffsetDateTime::from(time.clone()).unix_timestamp();
        let unmet = match (&self.matches, &self.unmodified_since) {
            (Some(condition), _) => !holds(condition, etag),
            (None, Some(limit)) => modified > seconds(limit),
            (None, None) => false,
        };
        if unmet {
            return Verdict::Failed;
        }
        let unchanged = match (&self.none_match, &self.modified_since) {
            (Some(condition), _) => holds(condition, etag),
            (None, Some(limit)) => modified <= seconds(limit),
            (None, None) => false,
        };
        if unchanged {
            Verdict::NotModified
        } else {
            Verdict::Proceed
        }
    }

    /// Judges a read.
    pub(super) fn check(&self, object: &Object) -> Result<(), S3Error> {
        match self.judge(&object.etag, object.modified_ms) {
            Verdict::Proceed => Ok(()),
            Verdict::Failed => Err(fail(Error::PreconditionFailed)),
            Verdict::NotModified => Err(not_modified(object)),
        }
    }

    /// Judges the source of a copy, where both kinds of failure are the same.
    pub(super) fn check_source(&self, object: &Object) -> Result<(), Error> {
        match self.judge(&object.etag, object.modified_ms) {
            Verdict::Proceed => Ok(()),
            Verdict::Failed | Verdict::NotModified => Err(Error::PreconditionFailed),
        }
    }

    /// Judges a write by what is there now. A missing object meets no `If-Match`.
    pub(super) fn check_target(&self, object: Option<&Object>) -> Result<(), Error> {
        match object {
            Some(object) => self.check_source(object),
            None if self.matches.is_some() => Err(Error::PreconditionFailed),
            None => Ok(()),
        }
    }
}

fn holds(condition: &ETagCondition, etag: &str) -> bool {
    match condition {
        ETagCondition::Any => true,
        // A list arrives as one value, its quotes inside.
        ETagCondition::ETag(given) => given
            .value()
            .split(',')
            .any(|one| one.trim().trim_start_matches("W/").trim_matches('"') == etag),
    }
}

fn not_modified(object: &Object) -> S3Error {
    let mut headers = HeaderMap::new();
    if let Ok(etag) = ETag::Strong(object.etag.clone()).to_http_header() {
        headers.insert(ETAG, etag);
    }
    if let Some(date) = http_date(object.modified_ms) {
        headers.insert(LAST_MODIFIED, date);
    }
    let mut error = S3Error::new(S3ErrorCode::NotModified);
    error.set_headers(headers);
    error
}

/// A time as HTTP writes it.
pub(super) fn http_date(millis: i64) -> Option<HeaderValue> {
    let mut date = Vec::new();
    Timestamp::from(from_ms(millis))
        .format(s3s::dto::TimestampFormat::HttpDate, &mut date)
        .ok()?;
    HeaderValue::from_bytes(&date).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODIFIED: i64 = 1_700_000_000_500;

    fn etag(text: &str) -> ETagCondition {
        text.parse().unwrap()
    }

    fn seconds(offset: i64) -> Timestamp {
        from_ms(1_700_000_000_000 + offset * 1_000).into()
    }

    fn judge(conditions: Conditions) -> Verdict {
        conditions.judge("abc", MODIFIED)
    }

    #[test]
    fn etags_come_before_dates() {
        assert_eq!(judge(Conditions::default()), Verdict::Proceed);
        assert_eq!(
            judge(Conditions {
                matches: Some(etag("\"abc\"")),
                unmodified_since: Some(seconds(-10)),
                ..Conditions::default()
            }),
            Verdict::Proceed
        );
        assert_eq!(
            judge(Conditions {
                none_match: Some(etag("\"x\", \"abc\"")),
                modified_since: Some(seconds(-10)),
                ..Conditions::default()
            }),
            Verdict::NotModified
        );
        assert_eq!(
            judge(Conditions {
                matches: Some(etag("\"x\"")),
                ..Conditions::default()
            }),
            Verdict::Failed
        );
        assert_eq!(
            judge(Conditions {
                none_match: Some(etag("*")),
                ..Conditions::default()
            }),
            Verdict::NotModified
        );
    }

    #[test]
    fn dates_have_whole_seconds() {
        for (offset, verdict) in [(-1, Verdict::Proceed), (0, Verdict::NotModified)] {
            let modified_since = Some(seconds(offset));
            assert_eq!(
                judge(Conditions {
                    modified_since,
                    ..Conditions::default()
                }),
                verdict
            );
        }
        for (offset, verdict) in [(-1, Verdict::Failed), (0, Verdict::Proceed)] {
            let unmodified_since = Some(seconds(offset));
            assert_eq!(
                judge(Conditions {
                    unmodified_since,
                    ..Conditions::default()
                }),
                verdict
            );
        }
    }
}
