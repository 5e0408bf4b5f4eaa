//! Background work as it is kept: in Redis where several servers share it, else in this server's
//! database. Credentials are no part of it.

mod redis;
mod sqlite;

use model::{Timestamp, object::DeletionError, task::MAX_LISTED};
use serde::{Deserialize, Serialize};

pub use self::{redis::RedisTasks, sqlite::SqliteTasks};
use crate::Error;

/// What a task that nobody works on any more says.
pub const LOST: &str = "The server was restarted before the task was finished. Start it again.";

/// What a task does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Counts.
    Stats,
    /// Packs an archive.
    Archive,
    /// Deletes.
    Deletion,
    /// Copies or moves.
    Copy,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// A server works on it.
    Running,
    /// It ended by itself.
    Done,
    /// It ended early.
    Failed,
    /// It was stopped by its owner.
    Canceled,
}

/// How far a task is. What a number counts is the kind's affair.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// What there is to do, where it is known.
    pub total: u64,
    /// What is done.
    pub done: u64,
    /// What could not be.
    pub failed: u64,
    /// Folders that were counted.
    pub folders: u64,
    /// Bytes of what is done.
    pub bytes: u64,
    /// The first failures.
    pub errors: Vec<DeletionError>,
}

impl Progress {
    /// Notes a failure; the list stays bounded.
    pub fn fail(&mut self, error: DeletionError) {
        self.failed += 1;
        if self.errors.len() < MAX_LISTED {
            self.errors.push(error);
        }
    }
}

/// A task as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// A random UUID.
    pub id: String,
    /// Whose it is: a keyed digest of tenant, name and secret.
    pub owner: String,
    /// What it does.
    pub kind: TaskKind,
    /// Where.
    pub bucket: String,
    /// Where it stands.
    pub state: TaskState,
    /// How far it is.
    pub progress: Progress,
    /// Why it failed.
    pub error: Option<String>,
    /// The run of a server that works on it.
    pub replica: String,
    /// Whether it was asked to stop.
    #[serde(default)]
    pub cancel: bool,
    /// When it may be forgotten, in seconds since 1970; running tasks never are.
    pub expires_at: i64,
}

impl TaskRecord {
    /// Whether it is to be forgotten.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.state != TaskState::Running && self.expires_at <= now.unix_seconds()
    }

    /// The same, known to be nobody's work any more.
    fn lost(mut self) -> Self {
        self.state = TaskState::Failed;
        self.error = Some(LOST.to_owned());
        self
    }
}

/// The tasks of this server, or of all that share a Redis.
#[derive(Clone)]
pub enum TaskStore {
    /// This server's own.
    Sqlite(SqliteTasks),
    /// Shared.
    Redis(RedisTasks),
}

impl TaskStore {
    /// Adds a task unless its owner has `limit` running ones; returns whether it was added.
    pub async fn insert(
        &self,
        record: &TaskRecord,
        limit: u32,
        now: Timestamp,
    ) -> Result<bool, Error> {
        match self {
            Self::Sqlite(own) => own.insert(record, limit, now).await,
            Self::Redis(shared) => shared.insert(record, limit, now).await,
        }
    }

    /// Keeps how far a task is and where it stands.
    pub async fn save(&self, record: &TaskRecord, now: Timestamp) -> Result<(), Error> {
        match self {
            Self::Sqlite(own) => own.save(record).await,
            Self::Redis(shared) => shared.save(record, now).await,
        }
    }

    /// A task that is not over. One whose server has gone is a failed one.
    pub async fn find(&self, id: &str, now: Timestamp) -> Result<Option<TaskRecord>, Error> {
        let found = match self {
            Self::Sqlite(own) => own.find(id).await?,
            Self::Redis(shared) => shared.find(id, now).await?,
        };
        Ok(found.filter(|record| !record.is_over(now)))
    }

    /// Asks whoever works on a task to stop.
    pub async fn ask_to_cancel(&self, id: &str) -> Result<(), Error> {
        match self {
            Self::Sqlite(own) => own.ask_to_cancel(id).await,
            Self::Redis(shared) => shared.ask_to_cancel(id).await,
        }
    }

    /// Whether a task was asked to stop.
    pub async fn was_asked_to_cancel(&self, id: &str) -> Result<bool, Error> {
        match self {
            Self::Sqlite(own) => own.was_asked_to_cancel(id).await,
            Self::Redis(shared) => shared.was_asked_to_cancel(id).await,
        }
    }

    /// Says that this run of the server is alive.
    pub async fn beat(&self, replica: &str, now: Timestamp) -> Result<(), Error> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Redis(shared) => shared.beat(replica, now).await,
        }
    }

    /// Forgets what is over; Redis does so by itself.
    pub async fn sweep(&self, now: Timestamp) -> Result<(), Error> {
        match self {
            Self::Sqlite(own) => own.sweep(now).await,
            Self::Redis(_) => Ok(()),
        }
    }
}
