//! Background work: counts, archives, deletions and copies, and how far they are.

pub(super) mod archive;
mod documented;

use axum::{
    Json,
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use model::{
    BucketName,
    job::{JobKind, JobSource, JobTarget},
    object::DeletionError,
    route::TaskRoute,
    task::{
        BulkDeletion, CopyTask, DeletionTask, PrefixCopy, StatsQuery, StatsTask, TaskFailure,
        TaskStatus,
    },
};
use serde::Serialize;

use crate::{
    Error,
    db::tasks::{JobFacts, Progress, TaskKind, TaskRecord, TaskState},
    service::{
        bulk_deletion, copying, counting,
        emptying::{self, Doomed},
        reach,
    },
    session::Session,
    state::AppState,
    tasks::Scope,
    web::extract,
};

pub(super) use documented::Documented;

/// One request about background work on one bucket.
struct Call<'a> {
    session: &'a Session,
    state: &'a AppState,
    bucket: BucketName,
}

/// Answers whatever stands behind `…/objects/` for background work.
pub(super) async fn serve(
    session: &Session,
    state: &AppState,
    bucket: &str,
    route: TaskRoute<'_>,
    request: Request,
) -> Result<Response, Error> {
    let call = Call {
        session,
        state,
        bucket: extract::bucket(bucket)?,
    };
    match route {
        TaskRoute::StartStats => {
            let query = extract::query(request.uri().query().unwrap_or_default())?;
            call.start_stats(query).await
        }
        TaskRoute::Stats(id) => {
            let record = call.find(TaskKind::Stats, id).await?;
            Ok(Json(stats(record)).into_response())
        }
        TaskRoute::StartArchive => archive::start(&call, request).await,
        TaskRoute::Archive(id) => archive::fetch(&call, id, request.headers()).await,
        TaskRoute::StartDeletion => call.start_deletion(request).await,
        TaskRoute::Deletion(id) => {
            let record = call.find(TaskKind::Deletion, id).await?;
            answer(record, deletion)
        }
        TaskRoute::CancelDeletion(id) => {
            let record = call.cancel(TaskKind::Deletion, id).await?;
            Ok(Json(deletion(record)).into_response())
        }
        TaskRoute::StartCopy => call.start_copy(request).await,
        TaskRoute::Copy(id) => {
            let record = call.find(TaskKind::Copy, id).await?;
            answer(record, copied)
        }
        TaskRoute::CancelCopy(id) => {
            let record = call.cancel(TaskKind::Copy, id).await?;
            Ok(Json(copied(record)).into_response())
        }
    }
}

/// Deletes a bucket with its content, as a task that is asked for like any deletion.
pub(super) async fn delete_bucket(
    session: &Session,
    state: &AppState,
    bucket: BucketName,
) -> Result<Response, Error> {
    session.s3(state)?.head_bucket(&bucket).await?;
    let doomed = Doomed::new(state, session, bucket.clone())?;
    let call = Call {
        session,
        state,
        bucket,
    };
    let scope = call.scope(TaskKind::Deletion);
    let facts = JobFacts {
        kind: JobKind::DeleteBuckets,
        plan: false,
        buckets: vec![call.bucket.to_string()],
        source: None,
        target: None,
        of: None,
    };
    let started = state
        .tasks()
        .start_as(scope, Some(facts), Progress::default(), |handle| {
            emptying::delete_bucket_in_background(doomed, handle)
        })
        .await?;
    Ok((StatusCode::ACCEPTED, Json(deletion(started))).into_response())
}

impl Call<'_> {
    fn scope(&self, kind: TaskKind) -> Scope {
        Scope {
            owner: self.state.tokens().owner(&self.session.claims.credentials),
            kind,
            bucket: self.bucket.clone(),
        }
    }

    async fn find(&self, kind: TaskKind, id: &str) -> Result<TaskRecord, Error> {
        self.state.tasks().find(&self.scope(kind), id).await
    }

    async fn cancel(&self, kind: TaskKind, id: &str) -> Result<TaskRecord, Error> {
        self.state.tasks().cancel(&self.scope(kind), id).await
    }

    async fn start_stats(&self, query: StatsQuery) -> Result<Response, Error> {
        let (s3, bucket) = (self.session.s3(self.state)?, self.bucket.clone());
        let started = self
            .state
            .tasks()
            .start(self.scope(TaskKind::Stats), Progress::default(), |handle| {
                counting::count(s3, bucket, query, handle)
            })
            .await?;
        Ok((StatusCode::ACCEPTED, Json(stats(started))).into_response())
    }

    async fn start_deletion(&self, request: Request) -> Result<Response, Error> {
        let extract::Json(wanted): extract::Json<BulkDeletion> =
            extract::Json::from_request(request, self.state).await?;
        bulk_deletion::check(&wanted)?;
        let (s3, bucket) = (self.session.s3(self.state)?, self.bucket.clone());
        let scope = self.scope(TaskKind::Deletion);
        let started = self
            .state
            .tasks()
            .start(scope, Progress::default(), |handle| {
                bulk_deletion::delete(s3, bucket, wanted, handle)
            })
            .await?;
        Ok((StatusCode::ACCEPTED, Json(deletion(started))).into_response())
    }

    async fn start_copy(&self, request: Request) -> Result<Response, Error> {
        let extract::Json(wanted): extract::Json<PrefixCopy> =
            extract::Json::from_request(request, self.state).await?;
        let target = match &wanted.target_bucket {
            Some(name) => extract::bucket(name)?,
            None => self.bucket.clone(),
        };
        let max_key_bytes = reach::max_key_bytes(self.state);
        let facts = JobFacts {
            kind: if wanted.moves {
                JobKind::Move
            } else {
                JobKind::Copy
            },
            plan: false,
            buckets: Vec::new(),
            source: Some(JobSource {
                prefixes: 1,
                first: Some(wanted.source_prefix.clone()),
                ..JobSource::default()
            }),
            target: Some(JobTarget {
                bucket: wanted.target_bucket.clone(),
                prefix: wanted.target_prefix.clone(),
            }),
            of: None,
        };
        let plan = copying::Plan::new(wanted, self.bucket.clone(), target, max_key_bytes)?;
        let s3 = self.session.s3(self.state)?;
        plan.check_buckets(&s3).await?;
        let started = self
            .state
            .tasks()
            .start_as(
                self.scope(TaskKind::Copy),
                Some(facts),
                Progress::default(),
                |handle| copying::copy(s3, plan, handle),
            )
            .await?;
        Ok((StatusCode::ACCEPTED, Json(copied(started))).into_response())
    }
}

/// The words of tasks that are not counts.
fn status(record: &TaskRecord) -> TaskStatus {
    match record.state {
        TaskState::Running if record.cancel => TaskStatus::Canceling,
        TaskState::Running => TaskStatus::Processing,
        TaskState::Done => TaskStatus::Done,
        TaskState::Failed => TaskStatus::Failed,
        TaskState::Canceled => TaskStatus::Canceled,
    }
}

/// How far a task is; a failed one is a problem that the store is to blame for.
fn answer<T: Serialize>(
    record: TaskRecord,
    body: impl Fn(TaskRecord) -> T,
) -> Result<Response, Error> {
    if record.state == TaskState::Failed {
        return Err(failure(StatusCode::BAD_GATEWAY, record, body));
    }
    Ok(Json(body(record)).into_response())
}

fn failure<T: Serialize>(
    status: StatusCode,
    mut record: TaskRecord,
    body: impl Fn(TaskRecord) -> T,
) -> Error {
    let error = record.error.take();
    Error::Task {
        status,
        failure: Box::new(TaskFailure {
            status: TaskStatus::Failed,
            error: error.unwrap_or_else(|| "The task failed.".to_owned()),
            progress: serde_json::to_value(body(record)).ok(),
        }),
    }
}

fn stats(record: TaskRecord) -> StatsTask {
    let status = match record.state {
        TaskState::Running => TaskStatus::Counting,
        TaskState::Done => TaskStatus::Ready,
        TaskState::Failed => TaskStatus::Failed,
        TaskState::Canceled => TaskStatus::Canceled,
    };
    StatsTask {
        task_id: record.id,
        status,
        files: record.progress.done,
        folders: record.progress.folders,
        bytes: record.progress.bytes,
        details: record.progress.details,
        error: record.error,
    }
}

fn deletion(record: TaskRecord) -> DeletionTask {
    DeletionTask {
        status: status(&record),
        task_id: record.id,
        total: record.progress.total,
        deleted: record.progress.done,
        failed: record.progress.failed,
        errors: record.progress.errors,
    }
}

fn copied(record: TaskRecord) -> CopyTask {
    CopyTask {
        status: status(&record),
        task_id: record.id,
        total: record.progress.total,
        copied: record.progress.done,
        bytes: record.progress.bytes,
        failed: record.progress.failed,
        errors: record.progress.errors,
    }
}

/// The failed keys of a task.
fn failed_keys(errors: &[DeletionError]) -> impl Iterator<Item = &str> {
    errors.iter().map(|error| error.key.as_str())
}
