//! Deleting buckets with all that is in them, one after the other.

use futures::{StreamExt as _, stream};
use hcp::Conditions;
use model::{
    ObjectKey,
    job::{JobFailure, JobPlan, MAX_CHECKED},
    version::{ListVersionsQuery, ObjectVersion},
};

use super::{PARALLEL, Work, plan::protected, uploads};
use crate::{
    Error,
    service::emptying::{self, Doomed},
    tasks::{Ended, Handle},
};

/// Counts the buckets, and for a plan what is in them.
pub(super) async fn plan(work: &Work, handle: &Handle) -> Result<JobPlan, Ended> {
    let mut found = JobPlan {
        objects: work.buckets.len() as u64,
        ..JobPlan::default()
    };
    handle.update(|progress| progress.total = found.objects);
    if !work.order.plan {
        return Ok(found);
    }
    for doomed in &work.buckets {
        match content(work, doomed, &mut found, handle).await {
            Err(Ended::Failed(error)) => {
                found.refused += 1;
                handle.note(&failure(doomed, &error));
            }
            other => other?,
        }
    }
    Ok(found)
}

/// Counts what is in a bucket, and looks at the first versions for those that cannot go.
async fn content(
    work: &Work,
    doomed: &Doomed,
    found: &mut JobPlan,
    handle: &Handle,
) -> Result<(), Ended> {
    count_uploads(work, doomed, found, handle).await?;
    let mut query = ListVersionsQuery::default();
    loop {
        handle.checkpoint().await?;
        let page = work.s3.list_versions(doomed.bucket(), &query).await?;
        found.versions += page.versions.len() as u64;
        found.markers += page.delete_markers.len() as u64;
        found.bytes += page
            .versions
            .iter()
            .map(|version| version.size)
            .sum::<u64>();
        kept(work, doomed, &page.versions, found, handle).await?;
        let so_far = found.clone();
        handle.update(|progress| progress.found = Some(so_far));
        let next = ListVersionsQuery {
            key_marker: page.next_key_marker,
            version_id_marker: page.next_version_id_marker,
            ..ListVersionsQuery::default()
        };
        if !page.is_truncated || next == query || next.key_marker.is_none() {
            return Ok(());
        }
        query = next;
    }
}

async fn count_uploads(
    work: &Work,
    doomed: &Doomed,
    found: &mut JobPlan,
    handle: &Handle,
) -> Result<(), Ended> {
    let mut pages = uploads::Pages::new(&work.s3, doomed.bucket());
    while let Some(page) = pages.next().await? {
        handle.checkpoint().await?;
        found.uploads += page.len() as u64;
    }
    Ok(())
}

/// Notes the versions under retention or on hold, for which the bucket will stay.
async fn kept(
    work: &Work,
    doomed: &Doomed,
    versions: &[ObjectVersion],
    found: &mut JobPlan,
    handle: &Handle,
) -> Result<(), Ended> {
    let room = usize::try_from(MAX_CHECKED.saturating_sub(found.checked)).unwrap_or_default();
    let looks: Vec<_> = versions
        .iter()
        .take(room)
        .map(|version| Box::pin(is_kept(work, doomed, version)))
        .collect();
    let mut seen = stream::iter(looks).buffered(PARALLEL);
    while let Some(kept) = seen.next().await {
        found.checked += 1;
        if let Some(why) = kept {
            found.refused += 1;
            handle.note(&why);
        }
        handle.step().await?;
    }
    Ok(())
}

async fn is_kept(work: &Work, doomed: &Doomed, version: &ObjectVersion) -> Option<JobFailure> {
    let key = ObjectKey::parse(version.key.as_str()).ok()?;
    let (id, conditions) = (Some(version.version_id.as_str()), Conditions::default());
    let head = work
        .s3
        .head_object(doomed.bucket(), &key, id, &conditions)
        .await;
    // What may not be looked at may be deleted still.
    let why = protected(&version.key, id, &head.ok()?, false, work.now)?;
    Some(JobFailure {
        reason: format!("{}: {}", version.key, why.reason),
        key: doomed.bucket().to_string(),
        ..why
    })
}

/// One after the other: a bucket that cannot be deleted does not keep the others.
pub(super) async fn delete(work: &Work, handle: &Handle) -> Result<(), Ended> {
    for doomed in &work.buckets {
        handle.checkpoint().await?;
        let deleted = tokio::select! {
            biased;
            () = handle.canceled() => return Err(Ended::Canceled),
            deleted = emptying::delete_bucket(doomed, emptying::unreported()) => deleted,
        };
        match deleted {
            Ok(()) => handle.update(|progress| progress.done += 1),
            Err(error) => handle.fail(&failure(doomed, &error)),
        }
    }
    Ok(())
}

fn failure(doomed: &Doomed, error: &Error) -> JobFailure {
    let problem = error.problem();
    let code = serde_json::to_value(problem.code).ok();
    JobFailure {
        key: doomed.bucket().to_string(),
        bucket: None,
        version_id: None,
        code: code.and_then(|code| code.as_str().map(str::to_owned)),
        reason: problem.sentence(),
    }
}
