//! Jobs: work that the server does for longer than a request, and that outlives page and session.
//!
//! A job is started by one person, and seen, stopped and repeated by nobody else. What older routes
//! start as tasks ([`crate::task`]) stands in the same list.

mod calls;
mod order;
mod query;
mod search;
mod unfinished;
mod usage;

use serde::{Deserialize, Serialize};

pub use self::{
    calls::{
        CancelJob, CountJobs, GetJob, JobCount, JobFailuresQuery, JobFoldersQuery, JobPageQuery,
        JobWait, ListJobFailures, ListJobFolders, ListJobMarkers, ListJobResults, ListJobUploads,
        ListJobs, ReportFormat, ReportQuery, RetryJob, StartJob, UndoJob, report_path,
    },
    order::{JobTarget, MAX_DAYS, NewJob, Rule, RuleTest, TargetFault},
    query::QuerySelection,
    search::{KeySearch, KeyTest},
    unfinished::{BucketUploads, JobUploads, Unfinished, UnfinishedSums},
    usage::{FolderLine, FolderPage, FolderUsage, Measured, Snapshot, Tally, Usage},
};
use crate::Timestamp;

/// How many failures of a job are kept one by one; their number is always whole.
pub const MAX_FAILURES: u64 = 10_000;
/// How many delete markers of a job are kept; a job that made more offers no undo.
pub const MAX_MARKERS: u64 = 100_000;
/// How many results a search has at most; it stops there.
pub const MAX_RESULTS: u64 = 10_000;
/// How many keys one job may name; what is more is a rule.
pub const MAX_KEYS: usize = 10_000;
/// How many folders one job may name.
pub const MAX_PREFIXES: usize = 1_000;
/// How many buckets one job may delete.
pub const MAX_BUCKETS: usize = 1_000;
/// How many objects a plan looks at one by one, to tell what the store would refuse.
pub const MAX_CHECKED: u64 = 1_000;
/// For how many days a job that has ended stands in the list.
pub const KEPT_DAYS: u32 = 30;
/// The longest that a request waits for a job's end, in seconds.
pub const MAX_WAIT: u32 = 20;

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum JobKind {
    /// Deletes objects; where versions are kept, delete markers hide them.
    Delete,
    /// Copies objects.
    Copy,
    /// Copies objects, and deletes each source once its copy was looked at. Renaming is moving.
    Move,
    /// Removes the delete markers above the newest version of each key.
    Restore,
    /// Deletes all versions and delete markers.
    Purge,
    /// Deletes versions and delete markers that are not the newest and are older than so many days.
    PurgeOld,
    /// Deletes buckets with all that is in them.
    DeleteBuckets,
    /// Removes the delete markers that an earlier job made. Started by `undo` alone.
    Undo,
    /// Counts. Started by `objects/s3_stats` alone.
    Count,
    /// Packs an archive. Started by `objects/download` alone.
    Archive,
    /// Looks for keys in a bucket's listing.
    Search,
    /// Writes what a metadata query finds, a line for each object.
    Export,
    /// Puts what a metadata query finds on hold: kept until the hold is lifted.
    Hold,
    /// Lifts the hold of what a metadata query finds.
    Release,
    /// Gives what a metadata query finds another retention, which is never shortened.
    Retention,
    /// Adds up what a bucket holds, folder by folder.
    Usage,
    /// Adds up the multipart uploads that are not completed, bucket by bucket.
    Uploads,
    /// Gives up the multipart uploads that were begun so many days ago.
    AbortUploads,
}

impl JobKind {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Delete,
        Self::Copy,
        Self::Move,
        Self::Restore,
        Self::Purge,
        Self::PurgeOld,
        Self::DeleteBuckets,
        Self::Undo,
        Self::Count,
        Self::Archive,
        Self::Search,
        Self::Export,
        Self::Hold,
        Self::Release,
        Self::Retention,
        Self::Usage,
        Self::Uploads,
        Self::AbortUploads,
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Copy => "copy",
            Self::Move => "move",
            Self::Restore => "restore",
            Self::Purge => "purge",
            Self::PurgeOld => "purge_old",
            Self::DeleteBuckets => "delete_buckets",
            Self::Undo => "undo",
            Self::Count => "count",
            Self::Archive => "archive",
            Self::Search => "search",
            Self::Export => "export",
            Self::Hold => "hold",
            Self::Release => "release",
            Self::Retention => "retention",
            Self::Usage => "usage",
            Self::Uploads => "uploads",
            Self::AbortUploads => "abort_uploads",
        }
    }

    /// Whether it makes copies somewhere else.
    pub fn has_target(self) -> bool {
        matches!(self, Self::Copy | Self::Move)
    }

    /// Whether it can work on what a metadata query finds.
    pub fn takes_query(self) -> bool {
        self == Self::Delete || self.needs_query()
    }

    /// Whether it works on nothing else.
    pub fn needs_query(self) -> bool {
        matches!(
            self,
            Self::Export | Self::Hold | Self::Release | Self::Retention
        )
    }

    /// Whether it changes nothing.
    pub fn only_reads(self) -> bool {
        matches!(
            self,
            Self::Count | Self::Archive | Self::Search | Self::Export | Self::Usage | Self::Uploads
        )
    }

    /// Whether it works on what is old enough.
    pub fn needs_days(self) -> bool {
        matches!(self, Self::PurgeOld | Self::AbortUploads)
    }

    /// Whether it is of uploads that are not completed, in one bucket or all.
    pub fn is_of_uploads(self) -> bool {
        matches!(self, Self::Uploads | Self::AbortUploads)
    }

    /// Whether what failed of it can be tried again by itself, rather than all of it anew.
    pub fn can_repeat(self) -> bool {
        self != Self::Usage && !self.is_of_uploads()
    }

    /// Whether it works on versions rather than on objects.
    pub fn is_of_versions(self) -> bool {
        matches!(self, Self::Restore | Self::Purge | Self::PurgeOld)
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum JobState {
    /// It begins as soon as other jobs leave it room.
    Waiting,
    /// It is under way.
    Running,
    /// It was asked to stop, and will after what it is at.
    Cancelling,
    /// It came to its end; single objects may have failed.
    Done,
    /// It ended early; what was done stays done.
    Failed,
    /// It was stopped; what was done stays done.
    Cancelled,
}

impl JobState {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Waiting,
        Self::Running,
        Self::Cancelling,
        Self::Done,
        Self::Failed,
        Self::Cancelled,
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Cancelling => "cancelling",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing will change any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// What happens where the key of a copy is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ConflictPolicy {
    /// That object fails.
    #[default]
    Fail,
    /// That object is left out; of a move, its source stays.
    Skip,
    /// What is there is overwritten.
    Overwrite,
    /// The copy gets a number: `name (2).ext`.
    Rename,
}

/// How far a job is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobProgress {
    /// What is done: objects, versions or buckets, as the kind has it; of a search, keys that were read; of
    /// `usage`, also uploads; of `uploads`, these alone.
    pub done: u64,
    /// What could not be.
    pub failed: u64,
    /// What was left out because it was to be.
    pub skipped: u64,
    /// What there is to do; null until it is counted.
    pub total: Option<u64>,
    /// Bytes of what is done, where the kind knows them.
    pub bytes: u64,
}

impl JobProgress {
    /// How much of it is over, in percent; `None` until that is known.
    pub fn percent(&self) -> Option<u8> {
        let total = self.total.filter(|total| *total > 0)?;
        let over = self.done + self.failed + self.skipped;
        u8::try_from(over.min(total).saturating_mul(100) / total).ok()
    }
}

/// What a job would do, counted without doing it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobPlan {
    /// Objects; of [`JobKind::Restore`] those that come back, of [`JobKind::DeleteBuckets`] buckets.
    pub objects: u64,
    /// Versions.
    pub versions: u64,
    /// Delete markers.
    pub markers: u64,
    /// Unfinished multipart uploads; of [`JobKind::DeleteBuckets`] and [`JobKind::AbortUploads`].
    pub uploads: u64,
    /// Bytes of objects and versions; of [`JobKind::AbortUploads`] those of the parts that the store tells.
    pub bytes: u64,
    /// What would be refused, as far as was looked: the reasons are the job's failures.
    pub refused: u64,
    /// Copies whose key is taken, as far as was looked.
    pub taken: u64,
    /// How many were looked at one by one, 1,000 at most.
    pub checked: u64,
}

/// What a job was started on, in short.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobSource {
    /// How many keys were named.
    pub keys: u64,
    /// How many folders were named.
    pub prefixes: u64,
    /// The first of them.
    pub first: Option<String>,
    /// The rule, where there is one.
    pub rule: Option<Rule>,
    /// What is looked for, where it is a search.
    pub search: Option<KeySearch>,
    /// The metadata query, where it works on what that finds.
    pub query: Option<QuerySelection>,
    /// From how many days on something is old, where it works on what is.
    pub older_than_days: Option<u32>,
    /// The retention that objects are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
}

/// What a search has found so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Searched {
    /// How many results there are.
    pub found: u64,
    /// Whether there are more: it stopped when it had as many as it may.
    pub more: bool,
}

/// A job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    /// The job's id.
    pub id: String,
    /// What it does.
    pub kind: JobKind,
    /// Whether it only counts what would be done.
    pub plan: bool,
    /// Where it stands.
    pub state: JobState,
    /// Where it works; null where it works on several buckets, as on what a query finds.
    pub bucket: Option<String>,
    /// The buckets of a job that deletes buckets; of one about unfinished uploads those that were chosen, none are all.
    #[serde(default)]
    pub buckets: Vec<String>,
    /// What it works on, where that is known.
    #[serde(default)]
    pub source: Option<JobSource>,
    /// Where copies go.
    #[serde(default)]
    pub target: Option<JobTarget>,
    /// How far it is.
    pub progress: JobProgress,
    /// What was counted; of plans.
    #[serde(default)]
    pub found: Option<JobPlan>,
    /// What was found; of searches.
    #[serde(default)]
    pub searched: Option<Searched>,
    /// What the bucket holds; of `usage`, once it is done.
    #[serde(default)]
    pub measured: Option<Measured>,
    /// Uploads that are not completed; of `uploads`, and of plans of `abort_uploads`.
    #[serde(default)]
    pub unfinished: Option<UnfinishedSums>,
    /// Why it failed.
    #[serde(default)]
    pub error: Option<String>,
    /// When it was started.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    /// How many of its failures can be asked for one by one.
    pub failures_kept: u64,
    /// Whether a new job can repeat what failed.
    pub can_retry: bool,
    /// Delete markers that it made.
    pub markers: u64,
    /// Until when these can be removed again; null where nothing can.
    #[serde(default)]
    pub undo_until: Option<Timestamp>,
    /// The job of which this repeats the failures, or which it undoes.
    #[serde(default)]
    pub of: Option<String>,
}

/// A page of the list of jobs, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobPage {
    /// The jobs.
    pub jobs: Vec<Job>,
    /// How many of the caller's jobs have not ended, whatever the filters.
    pub running: u32,
    /// How to go on; null on the last page.
    pub next: Option<String>,
}

/// Why something of a job failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobFailure {
    /// The key; the bucket where buckets are deleted.
    pub key: String,
    /// The bucket of the key, where the job works on what a query finds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    /// The version, where one was meant.
    #[serde(default)]
    pub version_id: Option<String>,
    /// The store's word, or ours.
    #[serde(default)]
    pub code: Option<String>,
    /// The reason, as a sentence.
    pub reason: String,
}

/// A page of failures, in the order in which they happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobFailures {
    /// The failures.
    pub failures: Vec<JobFailure>,
    /// How many there are.
    pub total: u64,
    /// How many of them are kept: no more than 10,000.
    pub kept: u64,
    /// The number of the next page's first failure; null on the last page.
    pub next: Option<u64>,
}

/// A delete marker that a job made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobMarker {
    /// The key that it hides.
    pub key: String,
    /// The bucket of the key, where the job worked on what a query found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    /// The marker's own version.
    pub version_id: String,
}

/// A page of delete markers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobMarkers {
    /// The markers.
    pub markers: Vec<JobMarker>,
    /// The number of the next page's first marker; null on the last page.
    pub next: Option<u64>,
}

/// A key that a search has found, as the listing told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobResult {
    /// The key.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// When it changed.
    #[serde(default)]
    pub last_modified: Option<Timestamp>,
}

/// A page of results, in the order of the listing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobResults {
    /// The results.
    pub results: Vec<JobResult>,
    /// How many there are so far.
    pub total: u64,
    /// Whether there are more than were kept: the search stopped at its limit.
    pub more: bool,
    /// The number of the next page's first result. While the search runs, more can be asked for there, also
    /// where this page is empty; null once it has ended and all were told.
    pub next: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_wire() {
        for kind in JobKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        for state in JobState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }

    #[test]
    fn a_share_is_known_once_all_is_counted() {
        let mut progress = JobProgress {
            done: 1,
            skipped: 1,
            ..JobProgress::default()
        };
        assert_eq!(progress.percent(), None);
        progress.total = Some(8);
        assert_eq!(progress.percent(), Some(25));
        // What came after the count.
        progress.done = u64::from(u32::MAX);
        assert_eq!(progress.percent(), Some(100));
        progress.total = Some(0);
        assert_eq!(progress.percent(), None);
    }
}
