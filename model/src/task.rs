//! Background work on a bucket: counting, archives, deletion, copies.
//!
//! Each is started by a POST that answers 202 with its id, and is then asked for by that id, below the
//! same bucket and by the same person.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, Timestamp,
    bucket::below,
    endpoint::{Endpoint, encode},
    object::DeletionError,
};

/// How many failures an answer repeats; their number is always whole.
pub const MAX_LISTED: usize = 200;
/// How many objects one archive may hold.
pub const MAX_ARCHIVED: usize = 50_000;

/// Where a task stands. Each kind has its own words for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TaskStatus {
    /// A count is under way.
    Counting,
    /// Any other task is.
    Processing,
    /// It was asked to stop, and will after what it is at.
    Canceling,
    /// The numbers, or the archive, are complete.
    Ready,
    /// A deletion or a copy has ended by itself.
    Done,
    /// It ended early; what was done stays done.
    Failed,
    /// It was stopped; what was done stays done.
    Canceled,
}

impl TaskStatus {
    /// Whether nothing will change any more.
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Ready | Self::Done | Self::Failed | Self::Canceled
        )
    }
}

/// Why a task of which the answer is not 200 has ended: the `detail` of its problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskFailure {
    /// Always `failed`.
    pub status: TaskStatus,
    /// The reason, as a sentence.
    pub error: String,
    /// What had been done by then; of the same form as the answer of the running task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::HashMap<String, serde_json::Value>>))]
    pub progress: Option<serde_json::Value>,
}

/// Declares a request that asks about one task.
macro_rules! of_one_task {
    ($(#[$doc:meta])* $name:ident, $method:ident, $route:literal, $prefix:literal, $suffix:literal, $response:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            /// The bucket that the task works on.
            pub bucket: BucketName,
            /// The task's id.
            pub task_id: String,
        }

        impl Endpoint for $name {
            const METHOD: Method = Method::$method;
            const ROUTE: &'static str = concat!("/api/v1/buckets/{bucket}/objects/", $route);
            type Body = ();
            type Response = $response;

            fn path(&self) -> String {
                let rest = format!(concat!("objects/", $prefix, "/{}", $suffix), encode(&self.task_id));
                below(&self.bucket, &rest, &[])
            }
        }
    };
}

/// `POST /buckets/{bucket}/objects/s3_stats`: counts.
#[derive(Clone, Debug)]
pub struct StartStats {
    /// The bucket.
    pub bucket: BucketName,
    /// What is counted.
    pub query: StatsQuery,
}

/// The parameters of [`StartStats`]. Empty strings count as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct StatsQuery {
    /// Only keys that begin with this.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub prefix: Option<String>,
    /// Groups keys up to the next occurrence of this into folders; `/` counts one level.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub delimiter: Option<String>,
}

/// An object that a count points out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountedObject {
    /// The key.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// When it was stored.
    pub last_modified: Option<Timestamp>,
}

/// What a count finds out beside the numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatsDetails {
    /// Objects that are not markers of folders.
    pub objects: u64,
    /// Folders below the prefix, at any depth, whether they are stored or implied by keys.
    pub folders: u64,
    /// What was stored last.
    pub newest: Option<CountedObject>,
    /// The largest ones, largest first.
    pub largest: Vec<CountedObject>,
}

impl StatsDetails {
    /// How many of the largest are told.
    pub const LARGEST: usize = 10;

    /// Takes in what another count found elsewhere.
    pub fn add(&mut self, other: Self) {
        self.objects += other.objects;
        self.folders += other.folders;
        other
            .newest
            .into_iter()
            .for_each(|one| self.see_newest(one));
        other
            .largest
            .into_iter()
            .for_each(|one| self.see_large(one));
    }

    /// Takes in an object that is no marker of a folder.
    pub fn see(&mut self, object: CountedObject) {
        self.objects += 1;
        self.see_newest(object.clone());
        self.see_large(object);
    }

    fn see_newest(&mut self, object: CountedObject) {
        let newest = self.newest.as_ref().and_then(|newest| newest.last_modified);
        if object.last_modified > newest {
            self.newest = Some(object);
        }
    }

    fn see_large(&mut self, object: CountedObject) {
        let at = self
            .largest
            .partition_point(|other| other.size >= object.size);
        if at < Self::LARGEST {
            self.largest.insert(at, object);
            self.largest.truncate(Self::LARGEST);
        }
    }
}

/// A count, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatsTask {
    /// The task.
    pub task_id: String,
    /// `counting`, `ready` or `failed`.
    pub status: TaskStatus,
    /// Objects.
    pub files: u64,
    /// Common prefixes: none without a delimiter.
    pub folders: u64,
    /// The objects' bytes.
    pub bytes: u64,
    /// More about what was found; null where a delimiter groups keys.
    #[serde(default)]
    pub details: Option<StatsDetails>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Endpoint for StartStats {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/objects/s3_stats";
    type Body = ();
    type Response = StatsTask;

    fn path(&self) -> String {
        below(
            &self.bucket,
            "objects/s3_stats",
            &[
                ("prefix", self.query.prefix.clone()),
                ("delimiter", self.query.delimiter.clone()),
            ],
        )
    }
}

of_one_task!(
    /// `GET /buckets/{bucket}/objects/s3_stats/{task_id}`: how far a count is.
    GetStats, GET, "s3_stats/{task_id}", "s3_stats", "", StatsTask
);

/// `POST /buckets/{bucket}/objects/download`, as a task: an archive to be fetched when it is ready.
/// Without `Accept: application/json` and `Prefer: respond-async` the same route streams the archive.
#[derive(Clone, Debug)]
pub struct StartArchive {
    /// The bucket.
    pub bucket: BucketName,
    /// What goes into the archive.
    pub selection: Selection,
}

/// The body of [`StartArchive`]: keys, prefixes or both, or one `prefix`, which wins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Selection {
    /// Keys, each one exactly.
    pub keys: Vec<String>,
    /// Everything that begins with one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prefixes: Vec<String>,
    /// Everything that begins with this; empty is the whole bucket.
    pub prefix: Option<String>,
    /// What names in the archive lose at their beginning: the folder that they are seen from. An object
    /// of this very name is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
}

/// An archive, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArchiveTask {
    /// The task.
    pub task_id: String,
    /// `processing`; when it is ready, the archive itself is the answer.
    pub status: TaskStatus,
    /// Objects to be packed.
    pub total: u64,
    /// Objects packed.
    pub completed: u64,
    /// Objects that could not be read.
    pub failed: u64,
    /// The first of their keys.
    pub failed_keys: Vec<String>,
    /// Why the whole task failed.
    pub error: Option<String>,
}

impl Endpoint for StartArchive {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/objects/download";
    type Body = Selection;
    type Response = ArchiveTask;

    fn path(&self) -> String {
        below(&self.bucket, "objects/download", &[])
    }

    fn body(&self) -> Option<&Selection> {
        Some(&self.selection)
    }
}

of_one_task!(
    /// `GET /buckets/{bucket}/objects/download/{task_id}`: how far an archive is, or the archive.
    GetArchive, GET, "download/{task_id}", "download", "", ArchiveTask
);

/// `POST /buckets/{bucket}/objects/delete-task`: deletes in the background.
#[derive(Clone, Debug)]
pub struct StartDeletion {
    /// The bucket.
    pub bucket: BucketName,
    /// What goes.
    pub deletion: BulkDeletion,
}

/// The body of [`StartDeletion`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkDeletion {
    /// Everything that begins with one of these. An empty one is refused unless `all` is set.
    pub prefixes: Vec<String>,
    /// Keys, each one exactly.
    pub keys: Vec<String>,
    /// Says that an empty prefix means the whole bucket.
    pub all: bool,
}

impl BulkDeletion {
    /// What is left when nothing is named twice: keys and prefixes below another prefix go.
    #[must_use]
    pub fn without_repeats(mut self) -> Self {
        self.prefixes.sort_unstable();
        // Sorted, whatever begins with a prefix follows it.
        self.prefixes
            .dedup_by(|later, kept| later.starts_with(kept.as_str()));
        let prefixes = &self.prefixes;
        self.keys
            .retain(|key| !prefixes.iter().any(|p| key.starts_with(p.as_str())));
        self.keys.sort_unstable();
        self.keys.dedup();
        self
    }
}

/// A deletion, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeletionTask {
    /// The task.
    pub task_id: String,
    /// `processing`, `canceling`, `done` or `canceled`.
    pub status: TaskStatus,
    /// Keys found; it grows while they are counted.
    pub total: u64,
    /// Keys that are gone.
    pub deleted: u64,
    /// Keys that are not.
    pub failed: u64,
    /// The first of those.
    pub errors: Vec<DeletionError>,
}

impl Endpoint for StartDeletion {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/objects/delete-task";
    type Body = BulkDeletion;
    type Response = DeletionTask;

    fn path(&self) -> String {
        below(&self.bucket, "objects/delete-task", &[])
    }

    fn body(&self) -> Option<&BulkDeletion> {
        Some(&self.deletion)
    }
}

of_one_task!(
    /// `GET /buckets/{bucket}/objects/delete-task/{task_id}`: how far a deletion is.
    GetDeletion, GET, "delete-task/{task_id}", "delete-task", "", DeletionTask
);
of_one_task!(
    /// `POST /buckets/{bucket}/objects/delete-task/{task_id}/cancel`: stops it after the chunk it is at.
    CancelDeletion, POST, "delete-task/{task_id}/cancel", "delete-task", "/cancel", DeletionTask
);

/// `POST /buckets/{bucket}/objects/copy-task`: copies or moves all below a prefix, inside the store.
#[derive(Clone, Debug)]
pub struct StartCopy {
    /// The bucket copied from.
    pub bucket: BucketName,
    /// What goes where.
    pub copy: PrefixCopy,
}

/// The body of [`StartCopy`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrefixCopy {
    /// Everything that begins with this.
    pub source_prefix: String,
    /// The bucket copied to; the same one when absent.
    #[serde(default)]
    pub target_bucket: Option<String>,
    /// What takes the source prefix's place in the keys.
    pub target_prefix: String,
    /// Whether each source goes once its copy is made.
    #[serde(default, rename = "move")]
    pub moves: bool,
    /// Says that an empty source prefix means the whole bucket, when it is moved.
    #[serde(default)]
    pub all: bool,
}

impl PrefixCopy {
    /// The key that the copy of `key` has; `None` where `key` does not begin with the source prefix.
    pub fn target_of(&self, key: &str) -> Option<String> {
        let rest = key.strip_prefix(&self.source_prefix)?;
        Some(format!("{}{rest}", self.target_prefix))
    }

    /// Whether, within one bucket, the copies would be sources again.
    pub fn is_inside_itself(&self) -> bool {
        self.target_prefix.starts_with(&self.source_prefix)
    }
}

/// A copy, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CopyTask {
    /// The task.
    pub task_id: String,
    /// `processing`, `canceling`, `done` or `canceled`.
    pub status: TaskStatus,
    /// Objects found; it grows while they are counted.
    pub total: u64,
    /// Objects copied, and when moving also deleted at the source.
    pub copied: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Objects that were not.
    pub failed: u64,
    /// The first of those, by the source's key.
    pub errors: Vec<DeletionError>,
}

impl Endpoint for StartCopy {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/objects/copy-task";
    type Body = PrefixCopy;
    type Response = CopyTask;

    fn path(&self) -> String {
        below(&self.bucket, "objects/copy-task", &[])
    }

    fn body(&self) -> Option<&PrefixCopy> {
        Some(&self.copy)
    }
}

of_one_task!(
    /// `GET /buckets/{bucket}/objects/copy-task/{task_id}`: how far a copy is.
    GetCopy, GET, "copy-task/{task_id}", "copy-task", "", CopyTask
);
of_one_task!(
    /// `POST /buckets/{bucket}/objects/copy-task/{task_id}/cancel`: stops it after what it is at.
    CancelCopy, POST, "copy-task/{task_id}/cancel", "copy-task", "/cancel", CopyTask
);

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(all: &[&str]) -> Vec<String> {
        all.iter().map(|s| (*s).to_owned()).collect()
    }

    #[test]
    fn nothing_is_deleted_twice() {
        let named = BulkDeletion {
            prefixes: strings(&["b/", "a/b", "a/", "b/"]),
            keys: strings(&["x", "a/1", "x", "ab"]),
            all: false,
        };
        let left = named.without_repeats();
        assert_eq!(left.prefixes, ["a/", "b/"]);
        assert_eq!(left.keys, ["ab", "x"]);
    }

    #[test]
    fn a_copy_s_key_is_the_source_s_with_another_beginning() {
        let copy: PrefixCopy = serde_json::from_str(
            r#"{"source_prefix": "a/", "target_prefix": "b/c/", "move": true}"#,
        )
        .unwrap();
        assert!(copy.moves && !copy.is_inside_itself());
        assert_eq!(copy.target_of("a/x/y").as_deref(), Some("b/c/x/y"));
        assert_eq!(copy.target_of("b/x"), None);
        let inside = PrefixCopy {
            target_prefix: "a/b/".to_owned(),
            ..copy
        };
        assert!(inside.is_inside_itself());
    }

    #[test]
    fn a_count_points_out_the_newest_and_the_largest() {
        let object = |key: &str, size, at| CountedObject {
            key: key.to_owned(),
            size,
            last_modified: Timestamp::from_unix_seconds(at),
        };
        let mut details = StatsDetails::default();
        for n in 0..31_i64 {
            details.see(object(&n.to_string(), (n.unsigned_abs() * 7) % 31, 100 - n));
        }
        let mut other = StatsDetails::default();
        other.see(object("late", 500, 1_000));
        details.add(other);
        assert_eq!((details.objects, details.folders), (32, 0));
        assert_eq!(
            details.newest.map(|newest| newest.key).as_deref(),
            Some("late")
        );
        let sizes: Vec<u64> = details.largest.iter().map(|object| object.size).collect();
        assert_eq!(sizes, [500, 30, 29, 28, 27, 26, 25, 24, 23, 22]);
    }

    #[test]
    fn bodies_are_read_as_scripts_send_them() {
        let archive: Selection = serde_json::from_str(r#"{"keys": ["a"]}"#).unwrap();
        assert_eq!(archive.prefix, None);
        let archive: Selection = serde_json::from_str(r#"{"prefix": ""}"#).unwrap();
        assert_eq!(archive.prefix.as_deref(), Some(""));
        let deletion: BulkDeletion = serde_json::from_str(r#"{"prefixes": ["a/"]}"#).unwrap();
        assert_eq!(deletion.prefixes, ["a/"]);
    }

    #[test]
    fn ids_are_segments_of_the_path() {
        let request = CancelDeletion {
            bucket: BucketName::parse("b-1").unwrap(),
            task_id: "a/b".to_owned(),
        };
        assert_eq!(
            request.path(),
            "/api/v1/buckets/b-1/objects/delete-task/a%2Fb/cancel"
        );
    }
}
