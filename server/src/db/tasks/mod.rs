//! Background work as it is kept: in Redis where several servers share it, else in this server's
//! database. Credentials are no part of it.

mod redis;
mod sqlite;

use model::{
    Timestamp,
    job::{JobKind, JobPlan, JobSource, JobTarget, KEPT_DAYS, Measured, UnfinishedSums},
    object::DeletionError,
    task::{MAX_LISTED, StatsDetails},
};
use serde::{Deserialize, Serialize};

pub use self::{redis::RedisTasks, sqlite::SqliteTasks};
use crate::Error;

/// What a task that nobody works on any more says.
pub const LOST: &str = "The server was restarted before the task was finished. Start it again.";

/// For how long what has ended stands in the list of jobs, in milliseconds.
const LISTED_MS: i64 = KEPT_DAYS as i64 * 86_400_000;
/// For how long the delete markers of a job are kept after its end, in milliseconds.
pub const UNDO_MS: i64 = 3_600_000;

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
    /// A job: its facts say what it does.
    Job,
}

/// What a job is, beside how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFacts {
    /// What it does.
    pub kind: JobKind,
    /// Whether it only counts.
    #[serde(default)]
    pub plan: bool,
    /// The buckets that it deletes.
    #[serde(default)]
    pub buckets: Vec<String>,
    /// What it works on, in short.
    #[serde(default)]
    pub source: Option<JobSource>,
    /// Where its copies go.
    #[serde(default)]
    pub target: Option<JobTarget>,
    /// The job whose failures it repeats, or whose markers it removes.
    #[serde(default)]
    pub of: Option<String>,
}

/// A list that a job writes line by line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// What failed.
    Failures,
    /// The delete markers that it made.
    Markers,
    /// What it has found.
    Results,
}

impl List {
    fn word(self) -> &'static str {
        match self {
            Self::Failures => "failure",
            Self::Markers => "marker",
            Self::Results => "result",
        }
    }
}

/// Behind which task a page of the list begins: when it was started, and its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// In milliseconds since 1970.
    pub started_at: i64,
    /// The id, among those of one moment.
    pub id: String,
}

impl Behind {
    /// Whether a task stands behind this one in the list, newest first.
    fn passes(&self, started_at: i64, id: &str) -> bool {
        (started_at, id) < (self.started_at, self.id.as_str())
    }
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
    /// What was left out because it was to be.
    pub skipped: u64,
    /// Whether the total is whole.
    pub counted: bool,
    /// Whether it has not begun yet, for want of room.
    pub waiting: bool,
    /// Failures that are kept as lines.
    pub kept: u64,
    /// Delete markers that were made.
    pub markers: u64,
    /// What a plan has found.
    pub found: Option<JobPlan>,
    /// Results of a search; folders that were measured; buckets with unfinished uploads.
    pub results: u64,
    /// Whether a search stopped because it had as many results as it may.
    pub more: bool,
    /// What a measured bucket holds.
    pub measured: Option<Measured>,
    /// What is unfinished in the buckets that were looked through.
    pub unfinished: Option<UnfinishedSums>,
    /// What a count points out.
    pub details: Option<StatsDetails>,
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
    /// Until when it is told of where it was started, in seconds since 1970; running tasks always are.
    pub expires_at: i64,
    /// When it was started, in milliseconds since 1970.
    #[serde(default)]
    pub started_at: i64,
    /// When it ended.
    #[serde(default)]
    pub ended_at: Option<i64>,
    /// What it is, where it is a job.
    #[serde(default)]
    pub job: Option<JobFacts>,
}

impl TaskRecord {
    /// Whether it is to be forgotten.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.state != TaskState::Running && self.expires_at <= now.unix_seconds()
    }

    /// Until when it stands in the list of jobs, in milliseconds since 1970.
    fn listed_until(&self) -> i64 {
        let ended = self.ended_at.unwrap_or(self.started_at);
        let told = self.expires_at.saturating_mul(1_000);
        ended.saturating_add(LISTED_MS).max(told)
    }

    /// Whether it has left the list of jobs too.
    fn is_forgotten(&self, now: Timestamp) -> bool {
        self.state != TaskState::Running && self.listed_until() <= now.unix_millis()
    }

    /// The same, known to be nobody's work any more since a time in milliseconds.
    fn lost(mut self, since: i64) -> Self {
        self.state = TaskState::Failed;
        self.error = Some(LOST.to_owned());
        self.ended_at = Some(since);
        self.progress.waiting = false;
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
        let found = self.find_listed(id, now).await?;
        Ok(found.filter(|record| !record.is_over(now)))
    }

    /// The same for tasks that stand in the list of jobs still.
    pub async fn find_listed(&self, id: &str, now: Timestamp) -> Result<Option<TaskRecord>, Error> {
        let found = match self {
            Self::Sqlite(own) => own.find(id).await?,
            Self::Redis(shared) => shared.find(id, now).await?,
        };
        Ok(found.filter(|record| !record.is_forgotten(now)))
    }

    /// So many of a person's tasks, newest first.
    pub async fn of_owner(
        &self,
        owner: &str,
        behind: Option<&Behind>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<TaskRecord>, Error> {
        match self {
            Self::Sqlite(own) => own.of_owner(owner, behind, limit, now).await,
            Self::Redis(shared) => shared.of_owner(owner, behind, limit, now).await,
        }
    }

    /// How many of a person's tasks have not ended.
    pub async fn count_running(&self, owner: &str, now: Timestamp) -> Result<u32, Error> {
        match self {
            Self::Sqlite(own) => own.count_running(owner).await,
            Self::Redis(shared) => shared.count_running(owner, now).await,
        }
    }

    /// Keeps what a job was started with.
    pub async fn keep_order(&self, id: &str, text: String) -> Result<(), Error> {
        match self {
            Self::Sqlite(own) => own.keep_order(id, text).await,
            Self::Redis(shared) => shared.keep_order(id, text).await,
        }
    }

    /// What a job was started with.
    pub async fn order(&self, id: &str) -> Result<Option<String>, Error> {
        match self {
            Self::Sqlite(own) => own.order(id).await,
            Self::Redis(shared) => shared.order(id).await,
        }
    }

    /// Adds lines to a list of a job, of which so many are there.
    pub async fn add_lines(
        &self,
        id: &str,
        list: List,
        from: u64,
        lines: Vec<String>,
    ) -> Result<(), Error> {
        if lines.is_empty() {
            return Ok(());
        }
        match self {
            Self::Sqlite(own) => own.add_lines(id, list, from, lines).await,
            Self::Redis(shared) => shared.add_lines(id, list, lines).await,
        }
    }

    /// So many lines of a list, from a number on.
    pub async fn lines(
        &self,
        id: &str,
        list: List,
        from: u64,
        limit: u32,
    ) -> Result<Vec<String>, Error> {
        match self {
            Self::Sqlite(own) => own.lines(id, list, from, limit).await,
            Self::Redis(shared) => shared.lines(id, list, from, limit).await,
        }
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
