//! Object lock of S3 stores: until when a version is kept, in which of two modes, and its legal hold.
//!
//! HCP's own words for the same are in [`crate::protection`].

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, ObjectKey, Timestamp,
    bucket::below,
    endpoint::Endpoint,
    problem::FieldError,
    protection::{PrivilegedReason, in_words},
    session::Right,
};

/// The header with the mode of an object's retention. It comes to those alone who may know.
pub const MODE_HEADER: &str = "x-amz-object-lock-mode";

/// How strictly a version is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LockMode {
    /// Who has the right to bypass it may shorten and lift it.
    Governance,
    /// Nobody shortens or lifts it.
    Compliance,
}

impl LockMode {
    /// Its name in S3.
    pub fn as_s3(self) -> &'static str {
        match self {
            Self::Governance => "GOVERNANCE",
            Self::Compliance => "COMPLIANCE",
        }
    }

    /// The mode of this name in S3, however it is spelled.
    pub fn of_s3(name: &str) -> Option<Self> {
        let modes = [Self::Governance, Self::Compliance];
        modes
            .into_iter()
            .find(|mode| mode.as_s3().eq_ignore_ascii_case(name.trim()))
    }
}

/// Until when a version is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LockRetention {
    /// How strictly.
    pub mode: LockMode,
    /// Until when.
    pub until: Timestamp,
}

/// What a bucket gives to new objects: days, or years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LockDefault {
    /// How strictly they are kept.
    pub mode: LockMode,
    /// For how many days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// For how many years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<u32>,
}

/// What keeps a version by object lock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectLock {
    /// Whether the bucket has object lock; `unknown` where this account is not told.
    pub enabled: Right,
    /// What the bucket gives to new objects.
    pub default: Option<LockDefault>,
    /// Until when the version is kept, or was.
    pub retention: Option<LockRetention>,
    /// Whether that keeps it now.
    pub retained: bool,
    /// Whether it is on legal hold: kept until that is lifted.
    pub legal_hold: bool,
    /// The version that was looked at, where the bucket keeps versions.
    pub version_id: Option<String>,
}

/// Why a version cannot be given a retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockBar {
    /// It would be over already.
    Over,
    /// It is kept in compliance mode until then, which nobody shortens or lifts.
    Compliance(Timestamp),
    /// It is kept in governance mode until then, and no reason is given to bypass that.
    Governance(Timestamp),
}

impl LockBar {
    /// It in a sentence.
    pub fn words(self) -> String {
        match self {
            Self::Over => "A retention ends in the future.".to_owned(),
            Self::Compliance(until) => format!(
                "It is kept in compliance mode until {}: that is made longer, and never shortened or lifted.",
                in_words(until)
            ),
            Self::Governance(until) => format!(
                "It is kept in governance mode until {}. To shorten, lift or change that, a reason is given, and the right to bypass it is needed.",
                in_words(until)
            ),
        }
    }
}

impl ObjectLock {
    /// Whether another retention, or none, bypasses governance mode.
    ///
    /// # Errors
    /// Why the store would refuse it from anybody.
    pub fn changed_to(&self, wanted: Option<LockRetention>, now: i64) -> Result<bool, LockBar> {
        if wanted.is_some_and(|wanted| wanted.until.unix_seconds() <= now) {
            return Err(LockBar::Over);
        }
        let Some(present) = self.retention.filter(|_| self.retained) else {
            return Ok(false);
        };
        let is_longer = wanted.is_some_and(|wanted| {
            wanted.mode == present.mode
                && wanted.until.unix_seconds() >= present.until.unix_seconds()
        });
        match present.mode {
            _ if is_longer => Ok(false),
            LockMode::Governance => Ok(true),
            LockMode::Compliance => Err(LockBar::Compliance(present.until)),
        }
    }
}

/// A change of an object's lock: one of the first three.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LockChange {
    /// The new retention.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<LockRetention>,
    /// Whether the retention is lifted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub lift: bool,
    /// Whether it is on legal hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_hold: Option<bool>,
    /// Why governance mode is bypassed, where it is: 1 to 1,024 characters, which the audit keeps.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1024))]
    pub reason: Option<String>,
}

/// A change that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockWanted {
    /// Another retention, or none.
    Retention(Option<LockRetention>),
    /// On legal hold, or not.
    LegalHold(bool),
}

impl LockChange {
    /// What is wanted.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&self) -> Result<LockWanted, Vec<FieldError>> {
        let fault = |field: &str, words: &str| Err(vec![FieldError::body(field, words)]);
        let reason = self.reason.as_deref();
        if reason.is_some_and(|reason| !PrivilegedReason::is_good(reason)) {
            return fault("reason", "a reason of 1 to 1,024 characters");
        }
        match (self.retention, self.lift, self.legal_hold) {
            (Some(retention), false, None) => Ok(LockWanted::Retention(Some(retention))),
            (None, true, None) => Ok(LockWanted::Retention(None)),
            (None, false, Some(hold)) => Ok(LockWanted::LegalHold(hold)),
            _ => fault(
                "retention",
                "one of `retention`, `lift` and `legal_hold` is changed at a time",
            ),
        }
    }
}

/// `GET /buckets/{bucket}/object/lock?key=`.
#[derive(Clone, Debug)]
pub struct GetLock {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
    /// A version of it.
    pub version_id: Option<String>,
}

/// `PUT /buckets/{bucket}/object/lock?key=`.
#[derive(Clone, Debug)]
pub struct SetLock {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
    /// A version of it; else the newest.
    pub version_id: Option<String>,
    /// What changes.
    pub change: LockChange,
}

fn path(bucket: &BucketName, key: &ObjectKey, version: Option<&String>) -> String {
    let query = [
        ("key", Some(key.to_string())),
        ("version_id", version.cloned()),
    ];
    below(bucket, "object/lock", &query)
}

impl Endpoint for GetLock {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/lock";
    type Body = ();
    type Response = ObjectLock;

    fn path(&self) -> String {
        path(&self.bucket, &self.key, self.version_id.as_ref())
    }
}

impl Endpoint for SetLock {
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = GetLock::ROUTE;
    type Body = LockChange;
    type Response = ObjectLock;

    fn path(&self) -> String {
        path(&self.bucket, &self.key, self.version_id.as_ref())
    }

    fn body(&self) -> Option<&LockChange> {
        Some(&self.change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn until(mode: LockMode, seconds: i64) -> LockRetention {
        LockRetention {
            mode,
            until: Timestamp::from_unix_seconds(NOW + seconds).unwrap(),
        }
    }

    fn locked(mode: LockMode, seconds: i64) -> ObjectLock {
        ObjectLock {
            retention: Some(until(mode, seconds)),
            retained: seconds > 0,
            ..ObjectLock::default()
        }
    }

    #[test]
    fn compliance_is_made_longer_alone_and_governance_is_bypassed() {
        use LockMode::{Compliance, Governance};
        let of = |object: &ObjectLock, wanted| object.changed_to(wanted, NOW);
        let free = ObjectLock::default();
        assert_eq!(of(&free, Some(until(Compliance, 1))), Ok(false));
        assert_eq!(of(&free, Some(until(Governance, 0))), Err(LockBar::Over));
        // What is over keeps nothing.
        assert_eq!(of(&locked(Compliance, -1), None), Ok(false));

        let strict = locked(Compliance, 100);
        let bar = Err(LockBar::Compliance(strict.retention.unwrap().until));
        assert_eq!(of(&strict, Some(until(Compliance, 101))), Ok(false));
        assert_eq!(of(&strict, Some(until(Compliance, 100))), Ok(false));
        for wanted in [
            None,
            Some(until(Compliance, 99)),
            Some(until(Governance, 200)),
        ] {
            assert_eq!(of(&strict, wanted), bar, "{wanted:?}");
        }

        let mild = locked(Governance, 100);
        assert_eq!(of(&mild, Some(until(Governance, 101))), Ok(false));
        for wanted in [
            None,
            Some(until(Governance, 99)),
            Some(until(Compliance, 200)),
        ] {
            assert_eq!(of(&mild, wanted), Ok(true), "{wanted:?}");
        }
    }

    #[test]
    fn a_change_is_one_change() {
        let read = |text: &str| serde_json::from_str::<LockChange>(text).map(|c| c.read());
        assert_eq!(
            read(r#"{"legal_hold": true}"#).unwrap(),
            Ok(LockWanted::LegalHold(true))
        );
        assert_eq!(
            read(r#"{"lift": true, "reason": "a mistake"}"#).unwrap(),
            Ok(LockWanted::Retention(None))
        );
        let both = r#"{"lift": true, "retention": {"mode": "governance", "until": "2030-01-01T00:00:00Z"}}"#;
        for wrong in ["{}", both, r#"{"lift": true, "reason": " "}"#] {
            assert!(read(wrong).unwrap().is_err(), "{wrong}");
        }
        assert!(read(r#"{"mode": "governance"}"#).is_err());
        assert_eq!(LockMode::of_s3("Compliance"), Some(LockMode::Compliance));
        assert_eq!(LockMode::of_s3("OFF"), None);
    }
}
