//! The list of a person's jobs, whichever route started them.

use std::{future::Future, time::Duration};

use model::{
    Timestamp,
    job::{BucketUploads, FolderUsage, JobFailure, JobKind, JobMarker, JobResult, JobState},
};
use serde::de::DeserializeOwned;

use super::{Ended, Handle, Tasks, not_found};
use crate::{
    Error,
    db::tasks::{Behind, JobFacts, List, Progress, TaskKind, TaskRecord, TaskState},
};

/// Tasks that are read from the store at once.
const PAGE: u32 = 200;

/// What is to be started.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// The keyed digest of who it is.
    pub owner: String,
    /// The kind.
    pub kind: TaskKind,
    /// The bucket; empty for a job on several.
    pub bucket: String,
    /// What it is, where it is a job.
    pub facts: Option<JobFacts>,
    /// What it is started with, to be repeated.
    pub order: Option<String>,
    /// How far it is.
    pub progress: Progress,
}

/// Which jobs are wanted.
#[derive(Clone, Debug, Default)]
pub struct JobFilter {
    /// Only those that stand so.
    pub state: Option<JobState>,
    /// Only those of a kind.
    pub kind: Option<JobKind>,
    /// Only those in a bucket.
    pub bucket: Option<String>,
    /// Only those that were started then or later.
    pub since: Option<Timestamp>,
}

impl JobFilter {
    fn passes(&self, record: &TaskRecord) -> bool {
        self.state.is_none_or(|state| state == record.job_state())
            && self.kind.is_none_or(|kind| kind == record.job_kind())
            && self
                .bucket
                .as_ref()
                .is_none_or(|bucket| *bucket == record.bucket)
    }
}

impl TaskRecord {
    /// What it does, as a job.
    pub fn job_kind(&self) -> JobKind {
        match (&self.job, self.kind) {
            (Some(facts), _) => facts.kind,
            (None, TaskKind::Stats) => JobKind::Count,
            (None, TaskKind::Archive) => JobKind::Archive,
            (None, TaskKind::Copy) => JobKind::Copy,
            (None, TaskKind::Deletion | TaskKind::Job) => JobKind::Delete,
        }
    }

    /// Where it stands, as a job.
    pub fn job_state(&self) -> JobState {
        match self.state {
            TaskState::Running if self.cancel => JobState::Cancelling,
            TaskState::Running if self.progress.waiting => JobState::Waiting,
            TaskState::Running => JobState::Running,
            TaskState::Done => JobState::Done,
            TaskState::Failed => JobState::Failed,
            TaskState::Canceled => JobState::Cancelled,
        }
    }
}

impl Tasks {
    /// Starts a job.
    pub async fn start_job<F>(
        &self,
        new: NewTask,
        work: impl FnOnce(Handle) -> F + Send + 'static,
    ) -> Result<TaskRecord, Error>
    where
        F: Future<Output = Result<(), Ended>> + Send + 'static,
    {
        self.start_new(new, work).await
    }

    /// A page of a person's jobs, newest first, and behind which the next page begins.
    pub async fn list(
        &self,
        owner: &str,
        filter: JobFilter,
        mut behind: Option<Behind>,
        limit: usize,
    ) -> Result<(Vec<TaskRecord>, Option<Behind>), Error> {
        let mut found: Vec<TaskRecord> = Vec::new();
        let since = filter.since.map_or(i64::MIN, Timestamp::unix_millis);
        loop {
            let store = &self.0.store;
            let page = store
                .of_owner(owner, behind.as_ref(), PAGE, self.now())
                .await?;
            let ended = page.len() < PAGE as usize;
            for record in page {
                let record = self.newest(record);
                behind = Some(Behind::of(&record));
                if record.started_at < since {
                    return Ok((found, None));
                }
                if filter.passes(&record) {
                    if found.len() == limit {
                        let next = found.last().map(Behind::of);
                        return Ok((found, next));
                    }
                    found.push(record);
                }
            }
            if ended {
                return Ok((found, None));
            }
        }
    }

    /// What is in memory here is newer than what is kept.
    fn newest(&self, kept: TaskRecord) -> TaskRecord {
        let live = self.running().get(&kept.id).cloned();
        live.map_or(kept, |live| live.record())
    }

    /// How many of a person's jobs have not ended.
    pub async fn count_running(&self, owner: &str) -> Result<u32, Error> {
        self.0.store.count_running(owner, self.now()).await
    }

    /// One job, for whom it concerns: 404 for everyone else.
    pub async fn job(&self, owner: &str, id: &str) -> Result<TaskRecord, Error> {
        let here = self.running().get(id).cloned();
        let found = match here {
            Some(live) => Some(live.record()),
            None => self.0.store.find_listed(id, self.now()).await?,
        };
        found
            .filter(|record| record.owner == owner)
            .ok_or_else(|| not_found("There is no such job, or it is not yours."))
    }

    /// The same once it has ended, or after a while.
    pub async fn job_after(
        &self,
        owner: &str,
        id: &str,
        wait: Duration,
    ) -> Result<TaskRecord, Error> {
        let record = self.job(owner, id).await?;
        let live = self.running().get(id).cloned();
        let Some(live) = live.filter(|_| record.state == TaskState::Running) else {
            return Ok(record);
        };
        let ended = tokio::time::timeout(wait, live.ended()).await.is_ok();
        if ended {
            return Ok(live.record());
        }
        self.job(owner, id).await
    }

    /// Asks a job to stop, wherever it runs.
    pub async fn cancel_job(&self, owner: &str, id: &str) -> Result<TaskRecord, Error> {
        let record = self.job(owner, id).await?;
        self.ask_to_end(record).await
    }

    /// What a job was started with.
    pub async fn order(&self, id: &str) -> Result<Option<String>, Error> {
        self.0.store.order(id).await
    }

    /// Some failures of a job, from a number on.
    pub async fn failures(
        &self,
        id: &str,
        from: u64,
        limit: u32,
    ) -> Result<Vec<JobFailure>, Error> {
        self.lines(id, List::Failures, from, limit).await
    }

    /// How many failures of a job are kept.
    pub async fn job_failures(&self, id: &str) -> Result<u64, Error> {
        let found = self.0.store.find_listed(id, self.now()).await?;
        Ok(found.map_or(0, |record| record.progress.kept))
    }

    /// Some delete markers of a job, from a number on.
    pub async fn markers(&self, id: &str, from: u64, limit: u32) -> Result<Vec<JobMarker>, Error> {
        self.lines(id, List::Markers, from, limit).await
    }

    /// Some results of a search, from a number on.
    pub async fn results(&self, id: &str, from: u64, limit: u32) -> Result<Vec<JobResult>, Error> {
        self.lines(id, List::Results, from, limit).await
    }

    /// Some folders of a measured bucket, from a number on.
    pub async fn folders(
        &self,
        id: &str,
        from: u64,
        limit: u32,
    ) -> Result<Vec<FolderUsage>, Error> {
        self.lines(id, List::Results, from, limit).await
    }

    /// Some buckets with unfinished uploads, from a number on.
    pub async fn uploads(
        &self,
        id: &str,
        from: u64,
        limit: u32,
    ) -> Result<Vec<BucketUploads>, Error> {
        self.lines(id, List::Results, from, limit).await
    }

    async fn lines<T: DeserializeOwned>(
        &self,
        id: &str,
        list: List,
        from: u64,
        limit: u32,
    ) -> Result<Vec<T>, Error> {
        let lines = self.0.store.lines(id, list, from, limit).await?;
        let read = lines.iter().map(|line| serde_json::from_str(line));
        read.collect::<Result<_, _>>().map_err(Error::internal)
    }
}

impl Behind {
    /// Behind a task.
    fn of(record: &TaskRecord) -> Self {
        Self {
            started_at: record.started_at,
            id: record.id.clone(),
        }
    }
}
