//! Jobs: one list of all background work of a person, and work on a whole selection.

mod exported;
mod folders;
mod report;
mod uploads;

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, post},
};
use http::StatusCode;
use model::{
    Endpoint, Problem, Timestamp,
    job::{
        CancelJob, GetJob, Job, JobFailure, JobFailures, JobFailuresQuery, JobKind, JobMarkers,
        JobPage, JobPageQuery, JobProgress, JobResults, JobState, JobWait, ListJobFailures,
        ListJobFolders, ListJobMarkers, ListJobResults, ListJobUploads, ListJobs, MAX_WAIT, NewJob,
        RetryJob, Searched, StartJob, UndoJob,
    },
    problem::FieldError,
};

use crate::{
    Error,
    db::tasks::{Behind, TaskKind, TaskRecord, TaskState},
    openapi::params::OfJob,
    service::jobs,
    session::Session,
    state::AppState,
    tasks::JobFilter,
    web::extract,
};

/// Jobs in a page when nobody says.
const PAGE: u32 = 50;
/// The most jobs in a page.
const LARGEST_PAGE: u32 = 200;
/// Lines in a page when nobody says.
const LINES: u32 = 100;
/// The most lines in a page.
const MOST_LINES: u32 = 1_000;

/// The address of a job's report.
const REPORT: &str = "/api/v1/jobs/{job_id}/report";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route(ListJobs::ROUTE, get(list_jobs).post(start_job))
        .route(GetJob::ROUTE, get(get_job))
        .route(ListJobFailures::ROUTE, get(list_job_failures))
        .route(ListJobMarkers::ROUTE, get(list_job_markers))
        .route(ListJobResults::ROUTE, get(list_job_results))
        .route(ListJobFolders::ROUTE, get(folders::list_job_folders))
        .route(ListJobUploads::ROUTE, get(uploads::list_job_uploads))
        .route(REPORT, get(report::report_job))
        .route(CancelJob::ROUTE, post(cancel_job))
        .route(RetryJob::ROUTE, post(retry_job))
        .route(UndoJob::ROUTE, post(undo_job))
}

/// What the document says of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    list_jobs,
    start_job,
    get_job,
    list_job_failures,
    list_job_markers,
    list_job_results,
    folders::list_job_folders,
    uploads::list_job_uploads,
    report::report_job,
    cancel_job,
    retry_job,
    undo_job,
))]
pub(super) struct Documented;

fn owner(state: &AppState, session: &Session) -> String {
    state.tokens().owner(&session.claims.credentials)
}

#[utoipa::path(
    get,
    path = ListJobs::ROUTE,
    operation_id = "list_jobs",
    tag = "Jobs",
    summary = "List the caller's own jobs",
    description = "Newest first, and 30 days back. Counts, archives, deletions and copies that were started below a bucket are among them.",
    params(JobPageQuery),
    responses((status = 200, description = "One page.", body = JobPage)),
)]
async fn list_jobs(
    session: Session,
    State(state): State<AppState>,
    extract::Query(query): extract::Query<JobPageQuery>,
) -> Result<Json<JobPage>, Error> {
    let limit = bounded("limit", query.limit, PAGE, 0..=LARGEST_PAGE)?;
    let behind = query.cursor.as_deref().map(behind).transpose()?;
    let owner = owner(&state, &session);
    let running = state.tasks().count_running(&owner).await?;
    let filter = JobFilter {
        state: query.state,
        kind: query.kind,
        bucket: query.bucket.filter(|bucket| !bucket.is_empty()),
        since: query.since,
    };
    let (records, next) = match limit {
        0 => (Vec::new(), None),
        limit => {
            let tasks = state.tasks();
            tasks.list(&owner, filter, behind, limit as usize).await?
        }
    };
    Ok(Json(JobPage {
        jobs: records.into_iter().map(told).collect(),
        running,
        next: next.map(|behind| format!("{}.{}", behind.started_at, behind.id)),
    }))
}

/// Reads where a page of the list stopped.
fn behind(cursor: &str) -> Result<Behind, Error> {
    let read = cursor.split_once('.').and_then(|(started_at, id)| {
        Some(Behind {
            started_at: started_at.parse().ok()?,
            id: id.to_owned(),
        })
    });
    let why = "this is not what an earlier page gave as `next`";
    read.ok_or_else(|| Error::Validation(vec![FieldError::query("cursor", why)]))
}

pub(super) fn bounded(
    name: &str,
    given: Option<u32>,
    default: u32,
    range: std::ops::RangeInclusive<u32>,
) -> Result<u32, Error> {
    let value = given.unwrap_or(default);
    if range.contains(&value) {
        return Ok(value);
    }
    let why = format!("a number from {} to {}", range.start(), range.end());
    Err(Error::Validation(vec![FieldError::query(name, why)]))
}

fn wait(query: JobWait) -> Result<Duration, Error> {
    let seconds = bounded("wait", query.wait, 0, 0..=MAX_WAIT)?;
    Ok(Duration::from_secs(u64::from(seconds)))
}

#[utoipa::path(
    post,
    path = StartJob::ROUTE,
    operation_id = "start_job",
    tag = "Jobs",
    summary = "Start a job, or plan one",
    description = "On keys and folders, or on all that a rule says, also what no page has shown. \
        With `plan` it only counts: the answer's `found` has the numbers, and its failures say what would be refused, as far as \
        that can be seen of the first 1,000. A `delete` or an `export` also works on all that a metadata query finds, in whichever namespaces, where HCP is behind; what \
        an export wrote is downloaded as the job's report. A `search` looks for keys in a bucket's listing, on every store: it costs a request \
        per 1,000 keys below its prefix, so it is slower than a metadata query where there is one. `usage` adds up what a bucket \
        holds, at the same cost and one request more for each unfinished upload: of it nothing but `bucket` is said. `uploads` adds up the multipart uploads \
        that are not completed, of `buckets` or of all that the caller can reach, and `abort_uploads` gives up those that are \
        `older_than_days`.",
    params(JobWait),
    request_body = NewJob,
    responses(
        (status = 202, description = "The job.", body = Job),
        (status = 404, description = "There is no such bucket.", body = Problem),
        (status = 429, description = "Too many tasks of the caller are running.", body = Problem),
    ),
)]
async fn start_job(
    session: Session,
    State(state): State<AppState>,
    extract::Query(query): extract::Query<JobWait>,
    extract::Json(order): extract::Json<NewJob>,
) -> Result<(StatusCode, Json<Job>), Error> {
    let wait = wait(query)?;
    let started = jobs::start(&state, &session, order).await?;
    let record = after(&state, started, wait).await?;
    Ok((StatusCode::ACCEPTED, Json(told(record))))
}

/// A job that was just started, once it has ended or the time is over.
async fn after(state: &AppState, started: TaskRecord, wait: Duration) -> Result<TaskRecord, Error> {
    if wait.is_zero() {
        return Ok(started);
    }
    let tasks = state.tasks();
    tasks.job_after(&started.owner, &started.id, wait).await
}

#[utoipa::path(
    get,
    path = GetJob::ROUTE,
    operation_id = "get_job",
    tag = "Jobs",
    summary = "Tell how far a job is",
    params(OfJob, JobWait),
    responses(
        (status = 200, description = "The job.", body = Job),
        (status = 404, description = "The caller has no such job.", body = Problem),
    ),
)]
async fn get_job(
    session: Session,
    State(state): State<AppState>,
    Path(id): Path<String>,
    extract::Query(query): extract::Query<JobWait>,
) -> Result<Json<Job>, Error> {
    let wait = wait(query)?;
    let owner = owner(&state, &session);
    let record = state.tasks().job_after(&owner, &id, wait).await?;
    Ok(Json(told(record)))
}

#[utoipa::path(
    get,
    path = ListJobFailures::ROUTE,
    operation_id = "list_job_failures",
    tag = "Jobs",
    summary = "Tell what failed of a job, and why",
    description = "In the order in which it failed. Of plans: what would be refused.",
    params(OfJob, JobFailuresQuery),
    responses(
        (status = 200, description = "One page.", body = JobFailures),
        (status = 404, description = "The caller has no such job.", body = Problem),
    ),
)]
async fn list_job_failures(
    session: Session,
    State(state): State<AppState>,
    Path(id): Path<String>,
    extract::Query(query): extract::Query<JobFailuresQuery>,
) -> Result<Json<JobFailures>, Error> {
    let limit = bounded("limit", query.limit, LINES, 1..=MOST_LINES)?;
    let from = query.from.unwrap_or_default();
    let record = state.tasks().job(&owner(&state, &session), &id).await?;
    let failures = failures(&state, &record, from, limit).await?;
    let kept = kept(&record);
    let next = from.saturating_add(failures.len() as u64);
    Ok(Json(JobFailures {
        next: Some(next).filter(|next| *next < kept && !failures.is_empty()),
        failures,
        total: record.progress.failed.max(kept),
        kept,
    }))
}

/// How many failures of a job can be told one by one.
fn kept(record: &TaskRecord) -> u64 {
    match record.kind {
        TaskKind::Job => record.progress.kept,
        _ => record.progress.errors.len() as u64,
    }
}

async fn failures(
    state: &AppState,
    record: &TaskRecord,
    from: u64,
    limit: u32,
) -> Result<Vec<JobFailure>, Error> {
    if record.kind == TaskKind::Job {
        return state.tasks().failures(&record.id, from, limit).await;
    }
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let errors = record.progress.errors.iter().skip(from);
    let told = errors.take(limit as usize).map(|error| JobFailure {
        key: error.key.clone(),
        bucket: None,
        version_id: None,
        code: error.code.clone(),
        reason: error
            .message
            .clone()
            .unwrap_or_else(|| "it failed".to_owned()),
    });
    Ok(told.collect())
}

#[utoipa::path(
    get,
    path = ListJobMarkers::ROUTE,
    operation_id = "list_job_markers",
    tag = "Jobs",
    summary = "Tell the delete markers that a job made",
    description = "They are kept for an hour after its end.",
    params(OfJob, JobFailuresQuery),
    responses(
        (status = 200, description = "One page.", body = JobMarkers),
        (status = 404, description = "The caller has no such job.", body = Problem),
    ),
)]
async fn list_job_markers(
    session: Session,
    State(state): State<AppState>,
    Path(id): Path<String>,
    extract::Query(query): extract::Query<JobFailuresQuery>,
) -> Result<Json<JobMarkers>, Error> {
    let limit = bounded("limit", query.limit, LINES, 1..=MOST_LINES)?;
    let from = query.from.unwrap_or_default();
    let tasks = state.tasks();
    let record = tasks.job(&owner(&state, &session), &id).await?;
    let markers = tasks.markers(&record.id, from, limit).await?;
    let next = from.saturating_add(markers.len() as u64);
    let more = markers.len() == limit as usize && next < record.progress.markers;
    Ok(Json(JobMarkers {
        markers,
        next: more.then_some(next),
    }))
}

#[utoipa::path(
    get,
    path = ListJobResults::ROUTE,
    operation_id = "list_job_results",
    tag = "Jobs",
    summary = "Tell what a search has found",
    description = "In the order of the listing, also while it runs: `next` is then where more will be. At most 10,000 are kept, as \
        long as the job is listed; where there are more the search has stopped, and `more` says so. Of other jobs there are none.",
    params(OfJob, JobFailuresQuery),
    responses(
        (status = 200, description = "One page.", body = JobResults),
        (status = 404, description = "The caller has no such job.", body = Problem),
    ),
)]
async fn list_job_results(
    session: Session,
    State(state): State<AppState>,
    Path(id): Path<String>,
    extract::Query(query): extract::Query<JobFailuresQuery>,
) -> Result<Json<JobResults>, Error> {
    let limit = bounded("limit", query.limit, LINES, 1..=MOST_LINES)?;
    let from = query.from.unwrap_or_default();
    let tasks = state.tasks();
    // First the job, then the lines: of one that has ended, all are there.
    let record = tasks.job(&owner(&state, &session), &id).await?;
    let results = tasks.results(&record.id, from, limit).await?;
    let next = from.saturating_add(results.len() as u64);
    let total = record.progress.results;
    let goes_on = !record.job_state().is_final() || (next < total && !results.is_empty());
    Ok(Json(JobResults {
        results,
        total,
        more: record.progress.more,
        next: goes_on.then_some(next),
    }))
}

#[utoipa::path(
    post,
    path = CancelJob::ROUTE,
    operation_id = "cancel_job",
    tag = "Jobs",
    summary = "Stop a job",
    description = "After what it is at; what is done stays done.",
    params(OfJob),
    responses(
        (status = 200, description = "`cancelling`, or how it has ended.", body = Job),
        (status = 404, description = "The caller has no such job.", body = Problem),
    ),
)]
async fn cancel_job(
    session: Session,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<Job>, Error> {
    let tasks = state.tasks();
    let record = tasks.cancel_job(&owner(&state, &session), &id).await?;
    Ok(Json(told(record)))
}

#[utoipa::path(
    post,
    path = RetryJob::ROUTE,
    operation_id = "retry_job",
    tag = "Jobs",
    summary = "Try again what failed of a job",
    description = "A new job, which touches nothing but the failures that were kept.",
    params(OfJob),
    responses(
        (status = 202, description = "The new job.", body = Job),
        (status = 404, description = "The caller has no such job.", body = Problem),
        (status = 409, description = "It has not ended, nothing of it failed, or it is a plan.", body = Problem),
        (status = 429, description = "Too many tasks of the caller are running.", body = Problem),
    ),
)]
async fn retry_job(
    session: Session,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Job>), Error> {
    let earlier = state.tasks().job(&owner(&state, &session), &id).await?;
    let started = jobs::retry(&state, &session, &earlier).await?;
    Ok((StatusCode::ACCEPTED, Json(told(started))))
}

#[utoipa::path(
    post,
    path = UndoJob::ROUTE,
    operation_id = "undo_job",
    tag = "Jobs",
    summary = "Undo a deletion",
    description = "A new job, which removes exactly the delete markers that this one made. Possible for an hour after its end, \
        where the bucket keeps versions and no more than 100,000 markers were made.",
    params(OfJob),
    responses(
        (status = 202, description = "The new job.", body = Job),
        (status = 404, description = "The caller has no such job.", body = Problem),
        (status = 409, description = "It made no delete markers, or they are no longer known.", body = Problem),
        (status = 429, description = "Too many tasks of the caller are running.", body = Problem),
    ),
)]
async fn undo_job(
    session: Session,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Job>), Error> {
    let earlier = state.tasks().job(&owner(&state, &session), &id).await?;
    let started = jobs::undo(&state, &session, &earlier).await?;
    Ok((StatusCode::ACCEPTED, Json(told(started))))
}

/// A job as it is told.
fn told(record: TaskRecord) -> Job {
    let (kind, state) = (record.job_kind(), record.job_state());
    let (kept, undo_until) = (kept(&record), jobs::undo_until(&record));
    let progress = &record.progress;
    // Older kinds know their total when they begin, or count as they go.
    let counted = progress.counted || record.kind != TaskKind::Job;
    let known = counted && (progress.total > 0 || record.state != TaskState::Running);
    let is_count = matches!(
        kind,
        JobKind::Count | JobKind::Search | JobKind::Usage | JobKind::Uploads
    );
    let repeats = record.kind == TaskKind::Job && kind.can_repeat();
    let facts = record.job.clone();
    let plan = facts.as_ref().is_some_and(|facts| facts.plan);
    Job {
        can_retry: repeats && state.is_final() && kept > 0 && !plan,
        progress: JobProgress {
            done: progress.done,
            failed: progress.failed,
            skipped: progress.skipped,
            total: Some(progress.total).filter(|_| known && !is_count && !plan),
            bytes: progress.bytes,
        },
        found: progress.found.clone(),
        searched: (kind == JobKind::Search).then_some(Searched {
            found: progress.results,
            more: progress.more,
        }),
        measured: progress.measured.filter(|_| state == JobState::Done),
        unfinished: progress.unfinished,
        markers: progress.markers,
        failures_kept: kept,
        undo_until,
        plan,
        kind,
        state,
        bucket: Some(record.bucket).filter(|bucket| !bucket.is_empty()),
        error: record.error,
        started_at: Timestamp::from_unix_millis(record.started_at),
        ended_at: record.ended_at.and_then(Timestamp::from_unix_millis),
        id: record.id,
        buckets: facts
            .as_ref()
            .map(|f| f.buckets.clone())
            .unwrap_or_default(),
        source: facts.as_ref().and_then(|facts| facts.source.clone()),
        target: facts.as_ref().and_then(|facts| facts.target.clone()),
        of: facts.and_then(|facts| facts.of),
    }
}
