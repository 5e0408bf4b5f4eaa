//! A task that runs here.

use std::sync::Arc;
use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use model::{
    Timestamp,
    job::{JobFailure, JobMarker, MAX_FAILURES, MAX_MARKERS, MAX_RESULTS},
};
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

use super::{STOPPED, Tasks};
use crate::{
    Error,
    db::tasks::{List, Progress, TaskRecord, TaskState, TaskStore},
};

/// How long numbers may be in memory alone where nothing else asks for them to be kept, in
/// milliseconds.
const KEEP_EVERY: i64 = 1_000;

/// Why work ended before its end.
#[derive(Debug)]
pub enum Ended {
    /// Its owner wanted it so.
    Canceled,
    /// The server is being stopped.
    Stopped,
    /// It panicked.
    Panicked,
    /// It failed.
    Failed(Error),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<hcp::Error> for Ended {
    fn from(error: hcp::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Lines of one list that are to be kept.
struct Lines {
    list: List,
    most: u64,
    /// How many are kept.
    kept: u64,
    waiting: Vec<String>,
}

impl Lines {
    fn new(list: List, most: u64) -> Self {
        Self {
            list,
            most,
            kept: 0,
            waiting: Vec::new(),
        }
    }

    /// Notes a line, unless the list is full.
    fn add(&mut self, line: &impl Serialize) {
        if self.kept + (self.waiting.len() as u64) < self.most
            && let Ok(text) = serde_json::to_string(line)
        {
            self.waiting.push(text);
        }
    }
}

/// What runs, and how far it is.
pub(super) struct Live {
    record: Mutex<TaskRecord>,
    failures: Mutex<Lines>,
    markers: Mutex<Lines>,
    results: Mutex<Lines>,
    /// It has ended, and nothing of it changes any more.
    ended: CancellationToken,
    canceled: CancellationToken,
    saved_at: AtomicI64,
    /// Held while the task is being kept, so that an older state never overwrites a newer one.
    pub(super) keeping: tokio::sync::Mutex<()>,
}

impl Live {
    pub(super) fn new(record: TaskRecord, now: Timestamp) -> Self {
        Self {
            record: Mutex::new(record),
            failures: Mutex::new(Lines::new(List::Failures, MAX_FAILURES)),
            markers: Mutex::new(Lines::new(List::Markers, MAX_MARKERS)),
            results: Mutex::new(Lines::new(List::Results, MAX_RESULTS)),
            ended: CancellationToken::new(),
            canceled: CancellationToken::new(),
            saved_at: AtomicI64::new(now.unix_millis()),
            keeping: tokio::sync::Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, TaskRecord> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn record(&self) -> TaskRecord {
        self.lock().clone()
    }

    pub(super) fn cancel(&self) {
        self.lock().cancel = true;
        self.canceled.cancel();
    }

    /// Keeps the lines that wait for it. Whoever calls holds `keeping`, so that nobody else does.
    pub(super) async fn keep_lines(&self, store: &TaskStore) -> Result<(), Error> {
        let id = self.lock().id.clone();
        for lines in [&self.failures, &self.markers, &self.results] {
            let (list, from, waiting) = {
                let lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                (lines.list, lines.kept, lines.waiting.clone())
            };
            let count = waiting.len();
            store.add_lines(&id, list, from, waiting).await?;
            let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
            lines.kept += count as u64;
            lines.waiting.drain(..count);
            if list == List::Failures {
                self.lock().progress.kept = lines.kept;
            }
        }
        Ok(())
    }

    /// Waits for its end.
    pub(super) async fn ended(&self) {
        self.ended.cancelled().await;
    }

    /// Nothing of it changes any more.
    pub(super) fn is_over(&self) {
        self.ended.cancel();
    }

    pub(super) fn saved(&self, now: Timestamp) {
        self.saved_at.store(now.unix_millis(), Ordering::Relaxed);
    }

    /// What there is to say when it has ended.
    pub(super) fn ending(
        &self,
        outcome: Result<(), Ended>,
        expires_at: i64,
        now: Timestamp,
    ) -> TaskRecord {
        let mut record = self.record();
        record.expires_at = expires_at;
        record.ended_at = Some(now.unix_millis());
        record.progress.waiting = false;
        let (state, error) = match outcome {
            Ok(()) => (TaskState::Done, None),
            Err(Ended::Canceled) => (TaskState::Canceled, None),
            Err(Ended::Stopped) => (TaskState::Failed, Some(STOPPED.to_owned())),
            Err(Ended::Panicked) => {
                tracing::error!(task.id = record.id, "a task panicked");
                (TaskState::Failed, Some("Internal server error".to_owned()))
            }
            Err(Ended::Failed(error)) => {
                let cause = crate::error::chain(&error);
                tracing::warn!(task.id = record.id, bucket = record.bucket, error = %cause, "a task failed");
                (TaskState::Failed, Some(error.problem().sentence()))
            }
        };
        record.state = state;
        record.error = error;
        record
    }

    /// From now on this is what is told of it.
    pub(super) fn end(&self, record: TaskRecord) {
        *self.lock() = record;
    }
}

/// What work tells of itself, and by which it hears that it is to stop.
#[derive(Clone)]
pub struct Handle {
    tasks: Tasks,
    live: Arc<Live>,
}

impl Handle {
    pub(super) fn new(tasks: Tasks, live: Arc<Live>) -> Self {
        Self { tasks, live }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.tasks.now()
    }

    /// The task's id.
    pub fn id(&self) -> String {
        self.live.lock().id.clone()
    }

    /// Changes the numbers.
    pub fn update(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.live.lock().progress);
    }

    /// Notes what failed of a job.
    pub fn fail(&self, failure: &JobFailure) {
        self.update(|progress| progress.failed += 1);
        self.note(failure);
    }

    /// Notes what a job would not be allowed.
    pub fn note(&self, failure: &JobFailure) {
        let lines = &self.live.failures;
        lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .add(failure);
    }

    /// Notes a delete marker that a job made.
    pub fn mark(&self, marker: &JobMarker) {
        self.update(|progress| progress.markers += 1);
        let lines = &self.live.markers;
        lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .add(marker);
    }

    /// Notes what a search has found, or what a folder holds.
    pub fn find(&self, result: &impl Serialize) {
        self.update(|progress| progress.results += 1);
        let lines = &self.live.results;
        lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .add(result);
    }

    /// The tasks: lists of earlier jobs are read there.
    pub fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    /// Waits until there is room for one more job on this server. It keeps its place until the permit is
    /// dropped.
    ///
    /// # Errors
    /// [`Ended::Canceled`] when it was stopped before.
    pub async fn begin(&self) -> Result<OwnedSemaphorePermit, Ended> {
        let slots = Arc::clone(&self.tasks.0.slots);
        if let Ok(permit) = Arc::clone(&slots).try_acquire_owned() {
            return Ok(permit);
        }
        self.update(|progress| progress.waiting = true);
        let permit = tokio::select! {
            biased;
            () = self.canceled() => return Err(Ended::Canceled),
            permit = slots.acquire_owned() => permit.map_err(Error::internal)?,
        };
        self.update(|progress| progress.waiting = false);
        Ok(permit)
    }

    /// Waits until the work is to stop: for work that may end anywhere. That another server was asked
    /// is heard a few seconds later.
    pub async fn canceled(&self) {
        self.live.canceled.cancelled().await;
    }

    /// Keeps the numbers, and asks the store whether the work is to stop.
    ///
    /// # Errors
    /// [`Ended::Canceled`] when it is.
    pub async fn checkpoint(&self) -> Result<(), Ended> {
        {
            let mut record = self.live.lock();
            record.expires_at = self.tasks.expires_at(record.kind);
        }
        self.tasks.keep(&self.live).await;
        if self.live.canceled.is_cancelled() {
            return Err(Ended::Canceled);
        }
        let id = self.id();
        if let Ok(true) = self.tasks.0.store.was_asked_to_cancel(&id).await {
            self.live.cancel();
            return Err(Ended::Canceled);
        }
        Ok(())
    }

    /// The same for work in small steps: most of the time it only looks into memory.
    ///
    /// # Errors
    /// As [`Self::checkpoint`].
    pub async fn step(&self) -> Result<(), Ended> {
        if self.live.canceled.is_cancelled() {
            return Err(Ended::Canceled);
        }
        let since = self.tasks.now().unix_millis() - self.live.saved_at.load(Ordering::Relaxed);
        if since < KEEP_EVERY {
            return Ok(());
        }
        self.checkpoint().await
    }
}
