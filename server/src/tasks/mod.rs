//! Background work: started by one person on one bucket, seen and stopped by nobody else.
//!
//! A task's numbers live in memory where it runs, and are kept in the store often enough that another
//! server, or this one after a restart, knows how far it was. Credentials stay in memory: what a
//! restart cuts off has failed, and is started again by its owner.

mod files;
mod jobs;
mod live;

use std::{
    collections::HashMap,
    future::Future,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::FutureExt;
use http::StatusCode;
use model::{BucketName, ErrorCode, Timestamp, job::KEPT_DAYS};
use tokio::sync::Semaphore;
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

pub(crate) use self::files::of_disk;
use self::live::Live;
pub use self::{
    files::{Files, Holds},
    jobs::{JobFilter, NewTask},
    live::{Ended, Handle},
};
use crate::{
    Error, audit,
    config::TaskConfig,
    db::tasks::{JobFacts, Progress, TaskKind, TaskRecord, TaskState, TaskStore},
    state::Clock,
};

/// How often a server says that it is alive, and looks which of its tasks are to stop.
const BEAT: Duration = Duration::from_secs(5);
/// After how many beats it looks for what is over.
const SWEEP_BEATS: u32 = 60;

/// How many jobs a server works on at once; others wait.
const JOBS_AT_ONCE: usize = 8;

/// How long tasks may take to note that they were stopped.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// What a task that a stop of the server cut off says.
const STOPPED: &str = "The server was stopped before the task was finished. Start it again.";

/// The tasks. Clones share everything.
#[derive(Clone)]
pub struct Tasks(Arc<Inner>);

struct Inner {
    store: TaskStore,
    files: Files,
    clock: Clock,
    limits: TaskConfig,
    /// This run of this server.
    replica: String,
    running: Mutex<HashMap<String, Arc<Live>>>,
    /// Room for jobs.
    slots: Arc<Semaphore>,
    tracker: TaskTracker,
    /// A stop was asked for: what runs is marked.
    stop: CancellationToken,
    /// The server is gone: nothing more is written.
    gone: CancellationToken,
}

/// Whose task, of what kind, on which bucket: who asks for it must say all three rightly.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The keyed digest of who it is.
    pub owner: String,
    /// The kind.
    pub kind: TaskKind,
    /// The bucket.
    pub bucket: BucketName,
}

/// The work of one run of the server. Dropping it ends all tasks without a word, as the end of the
/// process would.
pub struct Background {
    tasks: Tasks,
    _end: DropGuard,
}

impl Background {
    /// The tasks.
    pub fn tasks(&self) -> Tasks {
        self.tasks.clone()
    }

    /// Asks running tasks to end; they are marked as failed.
    pub fn ask_to_stop(&self) {
        self.tasks.0.stop.cancel();
    }

    /// Waits until all have ended and are kept.
    pub async fn stop(&self) {
        self.ask_to_stop();
        let tracker = &self.tasks.0.tracker;
        tracker.close();
        if tokio::time::timeout(STOP_LIMIT, tracker.wait())
            .await
            .is_err()
        {
            tracing::warn!("stopped with tasks still running");
        }
    }
}

impl Scope {
    fn holds(&self, record: &TaskRecord) -> bool {
        record.owner == self.owner
            && record.kind == self.kind
            && record.bucket == self.bucket.as_str()
    }
}

impl Tasks {
    /// Begins with what the store holds. Files of tasks that it does not know go.
    pub async fn open(
        store: TaskStore,
        files: Files,
        limits: TaskConfig,
        clock: Clock,
    ) -> Result<Background, Error> {
        let tasks = Self(Arc::new(Inner {
            store,
            files,
            clock,
            limits,
            replica: uuid::Uuid::new_v4().to_string(),
            running: Mutex::default(),
            slots: Arc::new(Semaphore::new(JOBS_AT_ONCE)),
            tracker: TaskTracker::new(),
            stop: CancellationToken::new(),
            gone: CancellationToken::new(),
        }));
        tasks.beat().await?;
        tasks.sweep().await;
        let beating = tasks.clone();
        tasks.0.tracker.spawn(async move { beating.run().await });
        let end = tasks.0.gone.clone().drop_guard();
        Ok(Background { tasks, _end: end })
    }

    /// Where what was written is.
    pub fn files(&self) -> &Files {
        &self.0.files
    }

    fn now(&self) -> Timestamp {
        (self.0.clock)().into()
    }

    /// Jobs are told of as long as they are listed.
    fn expires_at(&self, kind: TaskKind) -> i64 {
        let kept = match kind {
            TaskKind::Job => i64::from(KEPT_DAYS) * 86_400,
            _ => i64::try_from(self.0.limits.expiry.as_secs()).unwrap_or(i64::MAX / 2),
        };
        self.now().unix_seconds().saturating_add(kept)
    }

    fn running(&self) -> MutexGuard<'_, HashMap<String, Arc<Live>>> {
        self.0
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts work in the background.
    pub async fn start<F>(
        &self,
        scope: Scope,
        progress: Progress,
        work: impl FnOnce(Handle) -> F + Send + 'static,
    ) -> Result<TaskRecord, Error>
    where
        F: Future<Output = Result<(), Ended>> + Send + 'static,
    {
        self.start_as(scope, None, progress, work).await
    }

    /// The same, with what the list of jobs tells of it.
    pub async fn start_as<F>(
        &self,
        scope: Scope,
        facts: Option<JobFacts>,
        progress: Progress,
        work: impl FnOnce(Handle) -> F + Send + 'static,
    ) -> Result<TaskRecord, Error>
    where
        F: Future<Output = Result<(), Ended>> + Send + 'static,
    {
        let new = NewTask {
            owner: scope.owner,
            kind: scope.kind,
            bucket: scope.bucket.to_string(),
            facts,
            order: None,
            progress,
        };
        self.start_new(new, work).await
    }

    async fn start_new<F>(
        &self,
        new: NewTask,
        work: impl FnOnce(Handle) -> F + Send + 'static,
    ) -> Result<TaskRecord, Error>
    where
        F: Future<Output = Result<(), Ended>> + Send + 'static,
    {
        let record = TaskRecord {
            id: uuid::Uuid::new_v4().to_string(),
            owner: new.owner,
            kind: new.kind,
            bucket: new.bucket,
            state: TaskState::Running,
            progress: new.progress,
            error: None,
            replica: self.0.replica.clone(),
            cancel: false,
            expires_at: self.expires_at(new.kind),
            started_at: self.now().unix_millis(),
            ended_at: None,
            job: new.facts,
        };
        let (tasks, order) = (self.clone(), new.order);
        // On its own: a client that goes away in between leaves no record without work.
        let starting = self
            .0
            .tracker
            .spawn(async move { tasks.insert(record, order, work).await });
        let started = starting.await.map_err(Error::internal)??;
        audit::note_job(&started.id);
        Ok(started)
    }

    async fn insert<F>(
        &self,
        record: TaskRecord,
        order: Option<String>,
        work: impl FnOnce(Handle) -> F,
    ) -> Result<TaskRecord, Error>
    where
        F: Future<Output = Result<(), Ended>> + Send + 'static,
    {
        let limit = self.0.limits.per_user;
        if !self.0.store.insert(&record, limit, self.now()).await? {
            return Err(Error::Refused {
                status: StatusCode::TOO_MANY_REQUESTS,
                code: ErrorCode::TooManyTasks,
                detail: format!("You have {limit} tasks running. Wait until one has ended."),
            });
        }
        let live = Arc::new(Live::new(record.clone(), self.now()));
        self.running().insert(record.id.clone(), Arc::clone(&live));
        let handle = Handle::new(self.clone(), Arc::clone(&live));
        let kept = match order {
            Some(text) => self.0.store.keep_order(&record.id, text).await,
            None => Ok(()),
        };
        if let Err(error) = kept {
            let why = std::future::ready(Ok(Err(Ended::Failed(error))));
            self.watch(&live, why).await;
            return Ok(live.record());
        }
        let work = AssertUnwindSafe(work(handle)).catch_unwind();
        let tasks = self.clone();
        self.0.tracker.spawn(async move {
            let gone = tasks.0.gone.clone();
            tokio::select! {
                biased;
                () = gone.cancelled() => {}
                () = tasks.watch(&live, work) => {}
            }
        });
        Ok(record)
    }

    /// Lets work go to its end, or to the server's, and keeps how it ended.
    async fn watch(
        &self,
        live: &Live,
        work: impl Future<Output = std::thread::Result<Result<(), Ended>>>,
    ) {
        let ended = tokio::select! {
            biased;
            () = self.0.stop.cancelled() => Err(Ended::Stopped),
            outcome = work => outcome.unwrap_or(Err(Ended::Panicked)),
        };
        // Nobody is told of an end that is not kept, unless it cannot be.
        let _in_order = live.keeping.lock().await;
        self.keep_lines(live).await;
        let expires_at = self.expires_at(live.record().kind);
        let record = live.ending(ended, expires_at, self.now());
        let kept = self.save(&record).await;
        live.end(record.clone());
        if kept {
            self.running().remove(&record.id);
        }
        live.is_over();
    }

    /// Keeps the lines of a task's lists. Those that cannot be wait for the next time.
    async fn keep_lines(&self, live: &Live) {
        if let Err(error) = live.keep_lines(&self.0.store).await {
            tracing::warn!(task.id = live.record().id, error = %error, "what failed of a task could not be kept");
        }
    }

    /// Keeps a task as it is; one that has ended is then no longer held here.
    async fn keep(&self, live: &Live) {
        let _in_order = live.keeping.lock().await;
        self.keep_lines(live).await;
        let record = live.record();
        live.saved(self.now());
        if self.save(&record).await && record.state != TaskState::Running {
            self.running().remove(&record.id);
        }
    }

    /// Whether a task could be kept. It is in memory still where it could not, and the next beat tries
    /// again.
    async fn save(&self, record: &TaskRecord) -> bool {
        match self.0.store.save(record, self.now()).await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(task.id = record.id, error = %error, "a task could not be kept");
                false
            }
        }
    }

    /// One task, for whom it concerns: 404 for everyone else.
    pub async fn find(&self, scope: &Scope, id: &str) -> Result<TaskRecord, Error> {
        let here = self.running().get(id).cloned();
        let found = match here {
            Some(live) => Some(live.record()).filter(|record| !record.is_over(self.now())),
            None => self.0.store.find(id, self.now()).await?,
        };
        if found.is_none() {
            self.0.files.remove(id).await;
        }
        found
            .filter(|record| scope.holds(record))
            .ok_or_else(|| not_found("Task not found"))
    }

    /// Asks one task to stop, wherever it runs.
    pub async fn cancel(&self, scope: &Scope, id: &str) -> Result<TaskRecord, Error> {
        let record = self.find(scope, id).await?;
        self.ask_to_end(record).await
    }

    async fn ask_to_end(&self, mut record: TaskRecord) -> Result<TaskRecord, Error> {
        if record.state == TaskState::Running {
            self.0.store.ask_to_cancel(&record.id).await?;
            if let Some(live) = self.running().get(&record.id) {
                live.cancel();
            }
            record.cancel = true;
        }
        Ok(record)
    }

    /// Says again and again that this server is alive, and does what is due.
    async fn run(&self) {
        let mut beats = tokio::time::interval(BEAT);
        beats.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for beat in 1_u32.. {
            tokio::select! {
                _ = beats.tick() => {}
                () = self.0.stop.cancelled() => return,
                () = self.0.gone.cancelled() => return,
            }
            if let Err(error) = self.beat().await {
                tracing::warn!(error = %error, "other servers cannot be told that this one is alive");
            }
            self.look_after_running().await;
            if beat.is_multiple_of(SWEEP_BEATS) {
                self.sweep().await;
            }
        }
    }

    async fn beat(&self) -> Result<(), Error> {
        self.0.store.beat(&self.0.replica, self.now()).await
    }

    /// Keeps what has changed, and passes on what another server was asked to cancel.
    async fn look_after_running(&self) {
        let running: Vec<_> = self.running().values().cloned().collect();
        for live in running {
            let id = live.record().id;
            if let Ok(true) = self.0.store.was_asked_to_cancel(&id).await {
                live.cancel();
            }
            self.keep(&live).await;
        }
    }

    /// Forgets what is over, files included.
    async fn sweep(&self) {
        if let Err(error) = self.0.store.sweep(self.now()).await {
            tracing::warn!(error = %error, "tasks that are over could not be forgotten");
            return;
        }
        for id in self.0.files.ids().await {
            let keeps = match self.0.store.find_listed(&id, self.now()).await {
                Ok(found) => found.is_some_and(|record| self.keeps_file(&record)),
                Err(_) => return,
            };
            if !keeps {
                self.0.files.remove(&id).await;
            }
        }
    }

    /// Until when what a task has written can be fetched, in Unix milliseconds; `None` before it has ended.
    /// Its numbers are told for longer.
    pub fn fetched_until(&self, record: &TaskRecord) -> Option<i64> {
        let kept = i64::try_from(self.0.limits.expiry.as_millis()).unwrap_or(i64::MAX / 2);
        record.ended_at.map(|ended| ended.saturating_add(kept))
    }

    fn keeps_file(&self, record: &TaskRecord) -> bool {
        let until = self.fetched_until(record).unwrap_or(i64::MAX);
        let now = self.now();
        record.state != TaskState::Failed && !record.is_over(now) && now.unix_millis() < until
    }
}

/// Nothing that concerns who asks.
fn not_found(detail: &str) -> Error {
    Error::Refused {
        status: StatusCode::NOT_FOUND,
        code: ErrorCode::TaskNotFound,
        detail: detail.to_owned(),
    }
}
