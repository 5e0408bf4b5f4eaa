//! Counting what a job on objects would do, and looking at some of it one by one.

use futures::{StreamExt as _, stream};
use hcp::{Conditions, ErrorKind, ObjectHead, S3};
use model::{
    BucketName, ObjectKey, Timestamp,
    job::{ConflictPolicy, JobFailure, JobKind, JobPlan, MAX_CHECKED},
};

use super::{PARALLEL, Work, ends_all, failure, sources::Item};
use crate::{
    db::tasks::Progress,
    service::protection::kept_by,
    tasks::{Ended, Handle},
};

/// What was stored or made after the count belongs to the total.
pub(super) fn at_least_what_is_over(progress: &mut Progress) {
    let over = progress.done + progress.failed + progress.skipped;
    progress.total = progress.total.max(over);
}

/// Counts; a plan also looks at the first objects one by one.
pub(super) async fn plan(work: &Work, handle: &Handle) -> Result<JobPlan, Ended> {
    let marks = work.order.plan && keeps_versions(&work.s3, &work.bucket).await;
    let mut found = JobPlan::default();
    let mut sources = work.sources(handle);
    while let Some(items) = sources.next().await? {
        handle.checkpoint().await?;
        found.objects += items.len() as u64;
        found.bytes += items.iter().filter_map(|item| item.size).sum::<u64>();
        if work.order.plan {
            look_at(work, &items, marks, &mut found, handle).await?;
        }
        let so_far = found.clone();
        handle.update(|progress| {
            progress.total = so_far.objects;
            if work.order.plan {
                progress.found = Some(so_far);
            }
        });
    }
    Ok(found)
}

/// Whether deleting an object only hides it. A store that does not say so is taken to delete.
pub(super) async fn keeps_versions(s3: &S3, bucket: &BucketName) -> bool {
    let versioning = s3.versioning(bucket).await;
    versioning.is_ok_and(|versioning| versioning.status.as_deref() == Some("Enabled"))
}

/// What was seen of one object.
#[derive(Default)]
pub(super) struct Seen {
    /// Bytes, where the listing did not say.
    bytes: u64,
    pub(super) absent: bool,
    taken: bool,
    pub(super) refused: Option<JobFailure>,
}

impl Seen {
    /// Looks at an object. `deletes`: it is to go, in a bucket that keeps versions (`true`) or does not.
    pub(super) async fn look(
        &mut self,
        s3: &S3,
        bucket: &BucketName,
        item: &Item,
        deletes: Option<bool>,
        now: Timestamp,
    ) -> Result<(), Ended> {
        let Ok(key) = ObjectKey::parse(item.key.as_str()) else {
            return Ok(());
        };
        let conditions = Conditions::default();
        match s3.head_object(bucket, &key, None, &conditions).await {
            Ok(head) => {
                if item.size.is_none() {
                    self.bytes = head.size;
                }
                if let Some(marks) = deletes {
                    self.refused = protected(&item.key, None, &head, marks, now);
                }
            }
            Err(e) if ends_all(&e) => return Err(e.into()),
            Err(e) if matches!(e.kind(), ErrorKind::NotFound { .. }) => self.absent = true,
            // What may not be looked at may be deleted still.
            Err(_unknown) => {}
        }
        Ok(())
    }
}

async fn look_at(
    work: &Work,
    items: &[Item],
    marks: bool,
    found: &mut JobPlan,
    handle: &Handle,
) -> Result<(), Ended> {
    let room = usize::try_from(MAX_CHECKED.saturating_sub(found.checked)).unwrap_or_default();
    let looks: Vec<Item> = items.iter().take(room).cloned().collect();
    let mut seen = stream::iter(looks)
        .map(|item| async move { look(work, &item, marks).await })
        .buffered(PARALLEL);
    while let Some(seen) = seen.next().await {
        let seen = seen?;
        found.checked += 1;
        found.bytes += seen.bytes;
        found.objects -= u64::from(seen.absent);
        found.taken += u64::from(seen.taken);
        if let Some(refused) = seen.refused {
            found.refused += 1;
            handle.note(&refused);
        }
        handle.step().await?;
    }
    Ok(())
}

async fn look(work: &Work, item: &Item, marks: bool) -> Result<Seen, Ended> {
    let mut seen = Seen::default();
    let deletes = (work.order.kind != JobKind::Copy).then_some(marks);
    let looked = seen.look(&work.s3, &work.bucket, item, deletes, work.now);
    looked.await?;
    if seen.absent {
        return Ok(seen);
    }
    if !work.order.kind.has_target() {
        return Ok(seen);
    }
    match work.order.target_of(&item.key, work.max_key_bytes) {
        Err(fault) => {
            seen.refused = Some(JobFailure {
                key: item.key.clone(),
                bucket: None,
                version_id: None,
                code: Some(fault.code().to_owned()),
                reason: fault.to_string(),
            });
        }
        Ok(copy) => {
            let Ok(copy) = ObjectKey::parse(copy) else {
                return Ok(seen);
            };
            let conditions = Conditions::default();
            match work
                .s3
                .head_object(&work.target, &copy, None, &conditions)
                .await
            {
                // Folders that are there already are one folder afterwards.
                Ok(_) if copy.is_folder() => {}
                Ok(_) => {
                    seen.taken = true;
                    if work.order.conflict == ConflictPolicy::Fail {
                        seen.refused = Some(taken(&item.key, &copy));
                    }
                }
                Err(e) if ends_all(&e) => return Err(e.into()),
                Err(_absent_or_unknown) => {}
            }
        }
    }
    Ok(seen)
}

/// A copy whose key is taken.
pub(super) fn taken(key: &str, copy: &ObjectKey) -> JobFailure {
    JobFailure {
        key: key.to_owned(),
        bucket: None,
        version_id: None,
        code: Some("already_exists".to_owned()),
        reason: format!("`{copy}` exists already"),
    }
}

/// Why a store would not delete an object, as far as its head tells. Where versions are kept, S3's
/// Object Lock lets a delete marker hide it all the same; HCP's retention does not.
pub(super) fn protected(
    key: &str,
    version_id: Option<&str>,
    head: &ObjectHead,
    marks: bool,
    now: Timestamp,
) -> Option<JobFailure> {
    let told = |name: &str| {
        let told = head.protection.get(name).cloned();
        told.filter(|_| !marks || name.starts_with("x-hcp-"))
    };
    let (is_held, reason) = kept_by(told, now.unix_seconds())?;
    let code = if is_held { "hold" } else { "retention" };
    Some(JobFailure {
        key: key.to_owned(),
        bucket: None,
        version_id: version_id.map(str::to_owned),
        code: Some(code.to_owned()),
        reason,
    })
}

/// What could not even be looked at.
pub(super) fn unknown(key: &str, error: &hcp::Error) -> JobFailure {
    let told = failure(key, error);
    JobFailure {
        reason: format!("whether it is there could not be told: {}", told.reason),
        ..told
    }
}
