//! What an upload into a bucket meets. HCP tells most of it by its management API alone, and not to
//! everybody: what it does not tell stays open.

use std::time::Duration;

use model::{
    BucketName, Timestamp,
    mapi::{Namespace, Quota, Statistics},
    multipart::{PartPage, UploadPage},
    session::Backend,
    upload_target::{Overwrites, UploadTarget, VersioningState},
    version::Versioning,
};

use super::known::Known;
use crate::{Error, config::LocalProfile, session::Session, state::AppState};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What the caller may know of a bucket.
///
/// # Errors
/// Only where the bucket is not there, or not the caller's to see; or where the store is in trouble.
pub async fn of(
    state: &AppState,
    session: &Session,
    bucket: &BucketName,
) -> Result<UploadTarget, Error> {
    let s3 = session.s3(state)?;
    let known = Known { state, session };
    let (there, versioning, namespace, statistics) = tokio::join!(
        s3.head_bucket(bucket),
        s3.versioning(bucket),
        known.read::<Namespace>("get_namespace", bucket),
        known.read::<Statistics>("get_namespace_statistics", bucket),
    );
    there?;
    let versioning = versioning.ok().as_ref().map(state_of);
    let namespace = namespace
        .map(|(namespace, _)| namespace)
        .unwrap_or_default();
    let (statistics, as_of) = statistics.unzip();
    let used = statistics.and_then(|statistics| statistics.storage_capacity_used);
    let used_bytes = used.and_then(|bytes| u64::try_from(bytes).ok());
    Ok(UploadTarget {
        versioning,
        overwrites: versioning.map(|versioning| overwrites(state, versioning, &namespace)),
        quota_bytes: namespace.hard_quota.map(Quota::bytes),
        used_bytes,
        as_of: as_of.filter(|_| used_bytes.is_some()),
        multipart_expires_days: expiry(state, &namespace).days(),
    })
}

/// The state as a word of ours.
pub(super) fn state_of(versioning: &Versioning) -> VersioningState {
    match versioning.status.as_deref() {
        Some("Enabled") => VersioningState::Enabled,
        Some(_) => VersioningState::Suspended,
        None => VersioningState::Off,
    }
}

/// Without versioning HCP refuses to overwrite, unless the namespace allows it.
fn overwrites(state: &AppState, versioning: VersioningState, namespace: &Namespace) -> Overwrites {
    let config = state.config();
    let refuses = match config.backend {
        Backend::Hcp => true,
        Backend::Embedded => config.embedded.profile == LocalProfile::Hcp,
        Backend::Minio | Backend::Generic => false,
    };
    if versioning == VersioningState::Enabled {
        Overwrites::Versioned
    } else if refuses && namespace.s3_unversioned_overwrite != Some(true) {
        Overwrites::Refused
    } else {
        Overwrites::Replaced
    }
}

/// When a store gives up uploads by itself.
#[derive(Clone, Copy, Debug, Default)]
struct Expiry {
    /// Counted from their beginning.
    days: Option<i64>,
    /// Counted from the last part that came.
    idle: Option<Duration>,
}

impl Expiry {
    fn days(self) -> Option<u32> {
        let idle = self
            .idle_ms()
            .and_then(|ms| u32::try_from(ms / DAY_MS).ok());
        let days = self.days.and_then(|days| u32::try_from(days).ok());
        [days, idle].into_iter().flatten().min()
    }

    fn idle_ms(self) -> Option<i64> {
        i64::try_from(self.idle?.as_millis()).ok()
    }

    /// The earliest moment for an upload that nobody has touched since.
    fn of(self, begun: Timestamp) -> Option<Timestamp> {
        let days = self.days.and_then(|days| days.checked_mul(DAY_MS));
        let after = [days, self.idle_ms()].into_iter().flatten().min()?;
        Timestamp::from_unix_millis(begun.unix_millis().checked_add(after)?)
    }
}

fn expiry(state: &AppState, namespace: &Namespace) -> Expiry {
    let config = state.config();
    Expiry {
        // 0 says that it never does.
        days: namespace
            .multipart_upload_auto_abort_days
            .filter(|days| *days > 0),
        idle: (config.backend == Backend::Embedded).then_some(config.embedded.upload_expiry),
    }
}

/// Says of open uploads when the store gives them up: a listing of S3 does not tell.
pub async fn date_uploads(
    state: &AppState,
    session: &Session,
    bucket: &BucketName,
    page: &mut UploadPage,
) {
    if page.uploads.is_empty() {
        return;
    }
    let known = Known { state, session };
    let namespace = known.read::<Namespace>("get_namespace", bucket).await;
    let namespace = namespace
        .map(|(namespace, _)| namespace)
        .unwrap_or_default();
    let expiry = expiry(state, &namespace);
    page.expires = if expiry.days().is_some() {
        Some(true)
    } else {
        // What was not told is not never.
        namespace
            .multipart_upload_auto_abort_days
            .map(|_never| false)
    };
    for upload in &mut page.uploads {
        upload.abort_date = upload.initiated.and_then(|begun| expiry.of(begun));
    }
}

/// The embedded store also drops uploads that nobody touches, which its S3 does not say.
pub fn date_parts(state: &AppState, page: &mut PartPage) {
    let touched = page
        .parts
        .iter()
        .filter_map(|part| part.last_modified)
        .max();
    let idle = expiry(state, &Namespace::default());
    let dropped = touched.and_then(|touched| idle.of(touched));
    page.abort_date = [page.abort_date, dropped].into_iter().flatten().min();
}
