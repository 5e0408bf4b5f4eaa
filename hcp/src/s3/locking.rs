//! Object lock: what a bucket gives to new objects, and the retention and legal hold of a version.
//!
//! What a version has is told by HEAD, in [`super::ObjectHead::protection`].

use aws_sdk_s3::{
    primitives::DateTime,
    types::{
        ObjectLockLegalHold, ObjectLockLegalHoldStatus, ObjectLockRetention,
        ObjectLockRetentionMode,
    },
};
use model::{
    BucketName, ObjectKey,
    lock::{LockDefault, LockMode, LockRetention},
};

use super::{S3, content_md5::ContentMd5};
use crate::{Error, ErrorKind, Missing, Resource};

impl S3 {
    /// What a bucket with object lock gives to new objects; `None` where it has no object lock, or the store has none.
    pub async fn object_lock(
        &self,
        bucket: &BucketName,
    ) -> Result<Option<Option<LockDefault>>, Error> {
        let call = self
            .client
            .get_object_lock_configuration()
            .bucket(bucket.as_str())
            .send();
        let answer = match self.limited(Resource::Bucket(bucket.clone()), call).await {
            Ok(answer) => answer,
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::NotSupported
                        | ErrorKind::NotFound {
                            what: Missing::Setting
                        }
                ) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let Some(found) = answer.object_lock_configuration else {
            return Ok(None);
        };
        if found.object_lock_enabled.is_none() {
            return Ok(None);
        }
        let rule = found.rule.and_then(|rule| rule.default_retention);
        let given = |number: Option<i32>| {
            let number = number.and_then(|number| u32::try_from(number).ok());
            number.filter(|number| *number > 0)
        };
        Ok(Some(rule.and_then(|rule| {
            let default = LockDefault {
                mode: LockMode::of_s3(rule.mode?.as_str())?,
                days: given(rule.days),
                years: given(rule.years),
            };
            (default.days.is_some() || default.years.is_some()).then_some(default)
        })))
    }

    /// Gives a version a retention in place of its own, or lifts it; `bypass` where that shortens or lifts one in
    /// governance mode.
    pub async fn set_lock_retention(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        version: Option<&str>,
        retention: Option<LockRetention>,
        bypass: bool,
    ) -> Result<(), Error> {
        let mut document = ObjectLockRetention::builder();
        if let Some(LockRetention { mode, until }) = retention {
            document = document
                .mode(match mode {
                    LockMode::Governance => ObjectLockRetentionMode::Governance,
                    LockMode::Compliance => ObjectLockRetentionMode::Compliance,
                })
                .retain_until_date(DateTime::from_secs(until.unix_seconds()));
        }
        let call = self
            .client
            .put_object_retention()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .set_version_id(version.map(str::to_owned))
            .set_bypass_governance_retention(bypass.then_some(true))
            .retention(document.build())
            .customize()
            .interceptor(ContentMd5)
            .send();
        self.limited(Resource::Object(key.clone()), call).await?;
        Ok(())
    }

    /// Puts a version on legal hold, or lifts that.
    pub async fn set_legal_hold(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        version: Option<&str>,
        hold: bool,
    ) -> Result<(), Error> {
        let status = if hold {
            ObjectLockLegalHoldStatus::On
        } else {
            ObjectLockLegalHoldStatus::Off
        };
        let call = self
            .client
            .put_object_legal_hold()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .set_version_id(version.map(str::to_owned))
            .legal_hold(ObjectLockLegalHold::builder().status(status).build())
            .customize()
            .interceptor(ContentMd5)
            .send();
        self.limited(Resource::Object(key.clone()), call).await?;
        Ok(())
    }
}
