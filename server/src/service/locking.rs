//! Object lock of stores other than HCP: told and changed, version by version.
//!
//! The store enforces it. What it would refuse from anybody is refused here with the reason, and what bypasses
//! governance mode is asked for with a reason, which the audit keeps: S3 has no place for it.

use hcp::{ErrorKind, ObjectHead, S3};
use http::StatusCode;
use model::{
    BucketName, ErrorCode, ObjectKey, Timestamp,
    lock::{LockBar, LockChange, LockMode, LockRetention, LockWanted, MODE_HEADER, ObjectLock},
    problem::FieldError,
    session::Right,
};

use super::reach;
use crate::{Error, audit, session::Session, state::AppState};

/// One version of an object, by who asks.
#[derive(Clone, Copy)]
pub struct Locking<'a> {
    /// The server.
    pub state: &'a AppState,
    /// Who asks.
    pub session: &'a Session,
    /// The bucket.
    pub bucket: &'a BucketName,
    /// The object.
    pub key: &'a ObjectKey,
    /// The version; else the newest.
    pub version: Option<&'a str>,
}

impl Locking<'_> {
    /// What keeps it.
    ///
    /// # Errors
    /// 501 on an HCP, whose retention is another; what the store says to who looks at the object.
    pub async fn read(&self) -> Result<ObjectLock, Error> {
        let s3 = self.s3()?;
        let (head, bucket) = tokio::join!(
            s3.describe_object(self.bucket, self.key, self.version),
            s3.object_lock(self.bucket)
        );
        let mut lock = of(&head?, self.state.now().unix_seconds());
        match bucket {
            Ok(Some(default)) => {
                lock.enabled = Right::Yes;
                lock.default = default;
            }
            // An object that is locked says more than a setting.
            _ if lock.retention.is_some() || lock.legal_hold => lock.enabled = Right::Yes,
            Ok(None) => lock.enabled = Right::No,
            Err(error) => match error.kind() {
                ErrorKind::Denied => lock.enabled = Right::Unknown,
                // The object is there, so it is the setting that is not; some stores do not know the question.
                ErrorKind::NotFound { .. } | ErrorKind::InvalidArgument => lock.enabled = Right::No,
                _ => return Err(error.into()),
            },
        }
        Ok(lock)
    }

    /// Changes it, and tells what keeps it then.
    ///
    /// # Errors
    /// 409 of what the store would refuse from anybody, or what needs a reason; what the store says.
    pub async fn change(&self, change: &LockChange) -> Result<ObjectLock, Error> {
        let s3 = self.s3()?;
        let wanted = change.read().map_err(Error::Validation)?;
        let present = self.read().await?;
        if !present.enabled.is_possible() {
            return Err(unsupported("This bucket has no object lock."));
        }
        // The version that was looked at, whatever is written meanwhile.
        let version = self.version.or(present.version_id.as_deref());
        match wanted {
            LockWanted::LegalHold(hold) => {
                s3.set_legal_hold(self.bucket, self.key, version, hold)
                    .await?;
            }
            LockWanted::Retention(retention) => {
                let now = self.state.now().unix_seconds();
                let bypasses = present.changed_to(retention, now).map_err(barred)?;
                if bypasses {
                    let until = present.retention.map(|present| present.until);
                    match (&change.reason, until) {
                        (Some(reason), _) => audit::note_reason(reason.trim()),
                        (None, Some(until)) => return Err(barred(LockBar::Governance(until))),
                        (None, None) => {}
                    }
                }
                s3.set_lock_retention(self.bucket, self.key, version, retention, bypasses)
                    .await?;
            }
        }
        let changed = Locking { version, ..*self };
        changed.read().await
    }

    fn s3(&self) -> Result<S3, Error> {
        if !reach::object_features(self.state.config()).lock {
            return Err(unsupported(
                "Object lock is a feature of other stores; an HCP keeps objects by its own retention.",
            ));
        }
        self.session.s3(self.state)
    }
}

/// What an object itself tells.
fn of(head: &ObjectHead, now: i64) -> ObjectLock {
    let told = |name: &str| head.protection.get(name).map(|value| value.trim());
    let mode = told(MODE_HEADER).and_then(LockMode::of_s3);
    let until = told("x-amz-object-lock-retain-until-date").and_then(Timestamp::parse);
    let retention = mode
        .zip(until)
        .map(|(mode, until)| LockRetention { mode, until });
    ObjectLock {
        enabled: Right::Unknown,
        default: None,
        retention,
        retained: retention.is_some_and(|one| one.until.unix_seconds() > now),
        legal_hold: told("x-amz-object-lock-legal-hold")
            .is_some_and(|status| status.eq_ignore_ascii_case("ON")),
        version_id: head.version_id.clone(),
    }
}

fn barred(bar: LockBar) -> Error {
    match bar {
        LockBar::Over => Error::Validation(vec![FieldError::body("retention", bar.words())]),
        LockBar::Compliance(_) | LockBar::Governance(_) => Error::Refused {
            status: StatusCode::CONFLICT,
            code: ErrorCode::RetentionShortened,
            detail: bar.words(),
        },
    }
}

fn unsupported(detail: &str) -> Error {
    Error::Refused {
        status: StatusCode::NOT_IMPLEMENTED,
        code: ErrorCode::NotSupported,
        detail: detail.to_owned(),
    }
}
