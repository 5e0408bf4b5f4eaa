//! A task that runs here.

use std::sync::Arc;
use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use model::Timestamp;
use tokio_util::sync::CancellationToken;

use super::{STOPPED, Tasks};
use crate::{
    Error,
    db::tasks::{Progress, TaskRecord, TaskState},
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

/// What runs, and how far it is.
pub(super) struct Live {
    record: Mutex<TaskRecord>,
    canceled: CancellationToken,
    saved_at: AtomicI64,
    /// Held while the task is being kept, so that an older state never overwrites a newer one.
    pub(super) keeping: tokio::sync::Mutex<()>,
}

impl Live {
    pub(super) fn new(record: TaskRecord, now: Timestamp) -> Self {
        Self {
            record: Mutex::new(record),
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

    pub(super) fn saved(&self, now: Timestamp) {
        self.saved_at.store(now.unix_millis(), Ordering::Relaxed);
    }

    /// What there is to say when it has ended.
    pub(super) fn ending(&self, outcome: Result<(), Ended>, expires_at: i64) -> TaskRecord {
        let mut record = self.record();
        record.expires_at = expires_at;
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

    /// The task's id.
    pub fn id(&self) -> String {
        self.live.lock().id.clone()
    }

    /// Changes the numbers.
    pub fn update(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.live.lock().progress);
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
        self.live.lock().expires_at = self.tasks.expires_at();
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
