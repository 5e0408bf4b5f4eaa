//! Jobs on objects, versions and buckets: what they work on, and what they do with it.
//!
//! Each but a search, an export and a measurement first counts, so that it can tell how far it is; a plan ends there. Listings go page by page,
//! and what is in memory is a page, never the whole. What fails alone is noted and the rest goes on; a
//! store that no longer answers ends the job.

mod buckets;
mod deleting;
mod exporting;
mod plan;
mod querying;
mod searching;
mod sources;
mod transfer;
mod uploads;
mod usage;
mod versions;

use hcp::{ErrorKind, S3};
use model::{
    BucketName, Timestamp,
    job::{JobFailure, JobKind, NewJob},
    object::DeletionError,
};

use self::sources::Sources;
use super::{emptying::Doomed, reach};
use crate::{
    Error,
    db::tasks::{JobFacts, Progress, TaskKind, TaskRecord},
    session::Session,
    state::AppState,
    tasks::{Ended, Handle, NewTask},
    web::extract,
};

/// Calls of one job that are under way at once.
const PARALLEL: usize = 8;
/// Keys or versions in one call to the store.
const CHUNK: usize = 1_000;

/// What a job works on: everything that was asked for, or only what failed of an earlier job.
#[derive(Clone, Debug)]
enum Of {
    All,
    FailuresOf(String),
}

impl Of {
    /// The job of which it repeats the failures.
    fn earlier(&self) -> Option<String> {
        match self {
            Self::All => None,
            Self::FailuresOf(id) => Some(id.clone()),
        }
    }
}

/// A job that is about to begin.
struct Work {
    s3: S3,
    order: NewJob,
    /// Empty where buckets are deleted.
    buckets: Vec<Doomed>,
    bucket: BucketName,
    target: BucketName,
    of: Of,
    max_key_bytes: usize,
    /// Whether the store deletes on a condition.
    conditional: bool,
    now: Timestamp,
}

impl Work {
    /// What is worked on, page by page.
    fn sources<'a>(&'a self, handle: &'a Handle) -> Sources<'a> {
        Sources::new(self, handle)
    }
}

/// Starts a job as it was ordered.
pub async fn start(
    state: &AppState,
    session: &Session,
    order: NewJob,
) -> Result<TaskRecord, Error> {
    order.check().map_err(Error::Validation)?;
    if let Some(query) = order.query.clone() {
        return querying::start(state, session, order, &query, Of::All).await;
    }
    let order = order.without_repeats();
    if order.kind.is_of_uploads() {
        return uploads::start(state, session, order).await;
    }
    check_buckets(state, session, &order).await?;
    start_on(state, session, order, Of::All).await
}

/// Starts a job on what failed of an earlier one.
pub async fn retry(
    state: &AppState,
    session: &Session,
    earlier: &TaskRecord,
) -> Result<TaskRecord, Error> {
    if !earlier.job_state().is_final() || earlier.progress.kept == 0 {
        return Err(refused("Nothing of this job can be tried again."));
    }
    if !earlier.job_kind().can_repeat() {
        return Err(refused("This is begun anew instead."));
    }
    if earlier.job_kind() == JobKind::Undo {
        return remove_markers(state, session, earlier, true).await;
    }
    let order = state.tasks().order(&earlier.id).await?;
    let order = order.ok_or_else(|| refused("Nothing of this job can be tried again."))?;
    let order: NewJob = serde_json::from_str(&order).map_err(Error::internal)?;
    if order.plan {
        return Err(refused("A plan is made anew instead."));
    }
    if let Some(query) = order.query.clone() {
        let of = Of::FailuresOf(earlier.id.clone());
        return querying::start(state, session, order, &query, of).await;
    }
    if order.kind != JobKind::DeleteBuckets {
        return start_on(state, session, order, Of::FailuresOf(earlier.id.clone())).await;
    }
    let failures = state.tasks().failures(&earlier.id, 0, u32::MAX).await?;
    let order = NewJob {
        buckets: failures.into_iter().map(|failure| failure.key).collect(),
        ..order
    };
    let again = start_on(state, session, order, Of::FailuresOf(earlier.id.clone()));
    again.await
}

/// Starts the removal of the delete markers that a job made.
pub async fn undo(
    state: &AppState,
    session: &Session,
    earlier: &TaskRecord,
) -> Result<TaskRecord, Error> {
    if undo_until(earlier).is_none_or(|until| until <= state.now()) {
        return Err(refused("Nothing of this job can be undone any more."));
    }
    remove_markers(state, session, earlier, false).await
}

/// Until when the delete markers of a job can be removed; `None` where there are none, or not all are
/// known.
pub fn undo_until(record: &TaskRecord) -> Option<Timestamp> {
    let markers = record.progress.markers;
    let all = (1..=model::job::MAX_MARKERS).contains(&markers);
    let ended = record.ended_at.filter(|_| all)?;
    Timestamp::from_unix_millis(ended.saturating_add(crate::db::tasks::UNDO_MS))
}

fn refused(detail: &str) -> Error {
    Error::Refused {
        status: http::StatusCode::CONFLICT,
        code: model::ErrorCode::Conflict,
        detail: detail.to_owned(),
    }
}

/// Refuses buckets that are not there. An account may work in one that it may not look at.
async fn check_buckets(state: &AppState, session: &Session, order: &NewJob) -> Result<(), Error> {
    if order.kind == JobKind::DeleteBuckets {
        return Ok(());
    }
    let s3 = session.s3(state)?;
    let target = order.target.as_ref().and_then(|t| t.bucket.as_ref());
    for name in std::iter::once(&order.bucket).chain(target) {
        match s3.head_bucket(&extract::bucket(name)?).await {
            Err(e) if e.kind() != ErrorKind::Denied => return Err(e.into()),
            _ => {}
        }
    }
    Ok(())
}

async fn start_on(
    state: &AppState,
    session: &Session,
    order: NewJob,
    of: Of,
) -> Result<TaskRecord, Error> {
    let doomed = |name: &String| Doomed::new(state, session, extract::bucket(name)?);
    let buckets = order.buckets.iter().map(doomed);
    let buckets: Vec<Doomed> = buckets.collect::<Result<_, Error>>()?;
    let bucket = match buckets.first() {
        Some(first) => first.bucket().clone(),
        None => extract::bucket(&order.bucket)?,
    };
    let target = order.target.as_ref().and_then(|t| t.bucket.as_deref());
    let target = target.map_or_else(|| Ok(bucket.clone()), extract::bucket)?;
    let new = ordered(state, session, &order, of.earlier())?;
    let work = Work {
        s3: session.s3(state)?,
        order,
        buckets,
        bucket,
        target,
        of,
        max_key_bytes: reach::max_key_bytes(state),
        conditional: reach::writes_conditionally(state.config()),
        now: state.now(),
    };
    state
        .tasks()
        .start_job(new, |handle| run(work, handle))
        .await
}

/// The task of an order; `of` is the job that it repeats in part.
fn ordered(
    state: &AppState,
    session: &Session,
    order: &NewJob,
    of: Option<String>,
) -> Result<NewTask, Error> {
    let facts = JobFacts {
        kind: order.kind,
        plan: order.plan,
        buckets: order.buckets.clone(),
        source: Some(order.source()),
        target: order.target.clone(),
        of,
    };
    Ok(NewTask {
        owner: state.tokens().owner(&session.claims.credentials),
        kind: TaskKind::Job,
        bucket: order.bucket.clone(),
        facts: Some(facts),
        order: Some(serde_json::to_string(order).map_err(Error::internal)?),
        progress: Progress::default(),
    })
}

async fn remove_markers(
    state: &AppState,
    session: &Session,
    earlier: &TaskRecord,
    failed: bool,
) -> Result<TaskRecord, Error> {
    // Of a job on what a query found, each line says its own.
    let bucket = Some(&earlier.bucket).filter(|name| !name.is_empty());
    let bucket = bucket.map(|name| extract::bucket(name)).transpose()?;
    let facts = JobFacts {
        kind: JobKind::Undo,
        plan: false,
        buckets: Vec::new(),
        source: None,
        target: None,
        of: Some(earlier.id.clone()),
    };
    let total = if failed {
        earlier.progress.kept
    } else {
        earlier.progress.markers
    };
    let new = NewTask {
        owner: state.tokens().owner(&session.claims.credentials),
        kind: TaskKind::Job,
        bucket: earlier.bucket.clone(),
        facts: Some(facts),
        order: None,
        progress: Progress {
            total,
            counted: true,
            ..Progress::default()
        },
    };
    let (s3, id) = (session.s3(state)?, earlier.id.clone());
    state
        .tasks()
        .start_job(new, move |handle| async move {
            let _room = handle.begin().await?;
            if failed {
                return versions::remove_failed(&s3, bucket.as_ref(), &id, &handle).await;
            }
            versions::remove_markers(&s3, bucket.as_ref(), &id, &handle).await
        })
        .await
}

/// Counts, and then does it.
async fn run(work: Work, handle: Handle) -> Result<(), Ended> {
    let _room = handle.begin().await?;
    let kind = work.order.kind;
    if kind == JobKind::Search {
        return searching::search(&work, &handle).await;
    }
    if kind == JobKind::Usage {
        return usage::measure(&work, &handle).await;
    }
    let found = match kind {
        JobKind::DeleteBuckets => buckets::plan(&work, &handle).await?,
        kind if kind.is_of_versions() => versions::plan(&work, &handle).await?,
        _ => plan::plan(&work, &handle).await?,
    };
    if work.order.plan {
        handle.update(|progress| progress.found = Some(found));
        return Ok(());
    }
    handle.update(|progress| progress.counted = true);
    match kind {
        JobKind::DeleteBuckets => buckets::delete(&work, &handle).await,
        JobKind::Copy | JobKind::Move => transfer::transfer(&work, &handle).await,
        kind if kind.is_of_versions() => versions::run(&work, &handle).await,
        _ => deleting::delete(&work, &handle).await,
    }
}

/// Whether the next object would fare no better.
fn ends_all(error: &hcp::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unreachable
            | ErrorKind::TimedOut
            | ErrorKind::Unauthenticated
            | ErrorKind::OutOfSpace
    )
}

/// What failed with the store's word.
fn failure(key: &str, error: &hcp::Error) -> JobFailure {
    JobFailure {
        key: key.to_owned(),
        bucket: None,
        version_id: None,
        code: error.store_code().map(str::to_owned),
        reason: error.to_string(),
    }
}

/// What a store did not delete.
fn undeleted(error: DeletionError, version_id: Option<String>) -> JobFailure {
    let reason = error.message.filter(|message| !message.is_empty());
    JobFailure {
        key: error.key,
        bucket: None,
        version_id,
        reason: reason.unwrap_or_else(|| "the store did not delete it".to_owned()),
        code: error.code,
    }
}
