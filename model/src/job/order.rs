//! What a job is started with, and where its copies go.

use serde::{Deserialize, Serialize};

use super::{
    ConflictPolicy, JobKind, JobSource, KeySearch, MAX_BUCKETS, MAX_KEYS, MAX_PREFIXES,
    QuerySelection,
};
use crate::{
    BucketName, ObjectKey, filter::NameFilter, problem::FieldError, retention::Retention,
    upload::numbered_name,
};

/// The most days of [`NewJob::older_than_days`]: a century.
pub const MAX_DAYS: u32 = 36_500;
/// The longest filter, in bytes.
const MAX_FILTER: usize = 1_024;

/// The body of `POST /jobs`: what is to be done, and to what.
///
/// What it works on is named by `keys` and `prefixes`, or said by a `rule` or a `query`: never by two of them. Fields that it
/// does not know are refused, so that a misspelt filter never means everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewJob {
    /// What it does; not `undo`, `count` or `archive`, which start elsewhere.
    pub kind: JobKind,
    /// The bucket; of all kinds but `delete_buckets`, and of none on a `query`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub bucket: String,
    /// Keys, each one exactly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 10_000))]
    pub keys: Vec<String>,
    /// Folders, with everything below them; none is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 1_000))]
    pub prefixes: Vec<String>,
    /// All that a rule says, also what no page has shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// What the keys of copies lose at their beginning, before `target.prefix` takes its place. Absent:
    /// the folder in which each chosen key or folder lies, so that `a/b/` copied to `x/` becomes
    /// `x/b/…`. A folder is renamed with itself as `base`, and a key likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Where copies go; of `copy` and `move` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<JobTarget>,
    /// What happens where a copy's key is taken.
    #[serde(default)]
    pub conflict: ConflictPolicy,
    /// From how many days on a version or an upload is old; of `purge_old` and `abort_uploads` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(maximum = 36_500))]
    pub older_than_days: Option<u32>,
    /// The buckets; of `delete_buckets`, and of `uploads` and `abort_uploads`, where none are all that the caller can reach.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 1_000))]
    pub buckets: Vec<String>,
    /// What is looked for; of `search` alone, which takes neither keys, prefixes nor a rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<KeySearch>,
    /// All that a metadata query finds, in whichever namespaces; of `delete`, `export`, `hold`, `release` and `retention`, where HCP is behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<QuerySelection>,
    /// The retention that objects are given, as HCP writes it: `-1`, an offset such as `A+7y`, a class such as
    /// `C+Legal`, a time such as `2032-11-21T09:12:00+0000`; of `retention` alone. What would shorten the
    /// retention of an object fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// Only counts what would be done, and says what would be refused.
    #[serde(default)]
    pub plan: bool,
}

/// Where copies go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobTarget {
    /// The bucket; the source's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    /// The folder, with its last slash; empty is the top. The new key itself where one key is renamed.
    #[serde(default)]
    pub prefix: String,
}

/// What "select all" means: the rows of a folder, with what lies below them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rule {
    /// The open folder. An object that has its very name is no row of it.
    pub prefix: String,
    /// What was typed into the filter: part of a row's name in any case, a pattern with `*` and `?`, or
    /// the name in quotation marks. Empty passes all.
    #[cfg_attr(feature = "openapi", schema(max_length = 1_024))]
    pub filter: String,
    /// The rows are all keys below the folder, named by their relative paths.
    pub flat: bool,
    /// Says that an empty prefix without a filter means the whole bucket.
    pub all: bool,
}

impl Rule {
    /// The rule, ready to be asked for many keys.
    pub fn test(&self) -> RuleTest<'_> {
        RuleTest {
            rule: self,
            filter: NameFilter::parse(&self.filter),
        }
    }
}

/// A rule that is asked for many keys.
#[derive(Clone, Debug)]
pub struct RuleTest<'a> {
    rule: &'a Rule,
    filter: NameFilter,
}

impl RuleTest<'_> {
    /// Whether a key is of the rule.
    pub fn matches(&self, key: &str) -> bool {
        self.row_of(key)
            .is_some_and(|name| self.filter.matches(name))
    }

    /// The name of the row that a key is in; `None` outside of the folder.
    fn row_of<'k>(&self, key: &'k str) -> Option<&'k str> {
        let rest = key.strip_prefix(self.rule.prefix.as_str())?;
        if rest.is_empty() {
            return None;
        }
        if self.rule.flat {
            return Some(rest.strip_suffix('/').unwrap_or(rest));
        }
        Some(rest.split('/').next().unwrap_or(rest))
    }

    /// Where a key is in a folder that the rule leaves out as a whole, the least text behind which its
    /// keys are over: a listing goes on there.
    pub fn skip_behind(&self, key: &str) -> Option<String> {
        if self.rule.flat || self.matches(key) {
            return None;
        }
        let name = self.row_of(key)?;
        let rest = key.strip_prefix(self.rule.prefix.as_str())?;
        // Nothing is behind the last character, and what is is listed and asked for again.
        (rest.len() > name.len()).then(|| format!("{}{name}/\u{10ffff}", self.rule.prefix))
    }
}

/// Why a copy has no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetFault {
    /// The key is not of the selection, or does not begin with the base.
    #[error("it is not below what was chosen")]
    Outside,
    /// Nothing would be left of the key.
    #[error("its copy would have no name")]
    Empty,
    /// The copy would be the source.
    #[error("its copy would be itself")]
    Same,
    /// The copy would be copied again.
    #[error("its copy would lie among the sources")]
    Inside,
    /// The store does not take keys of that length.
    #[error("its copy's key would have {bytes} bytes; the store takes {max}")]
    TooLong {
        /// The key's length.
        bytes: usize,
        /// The longest that the store takes.
        max: usize,
    },
    /// No store takes the key.
    #[error("its copy's key would hold a NUL character")]
    Nul,
}

impl TargetFault {
    /// A stable word.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Outside => "outside_selection",
            Self::Empty | Self::Nul => "invalid_key",
            Self::Same => "same_key",
            Self::Inside => "inside_itself",
            Self::TooLong { .. } => "key_too_long",
        }
    }
}

impl NewJob {
    /// A job of a kind on nothing yet.
    pub fn new(kind: JobKind, bucket: impl Into<String>) -> Self {
        Self {
            kind,
            bucket: bucket.into(),
            keys: Vec::new(),
            prefixes: Vec::new(),
            rule: None,
            base: None,
            target: None,
            conflict: ConflictPolicy::default(),
            older_than_days: None,
            buckets: Vec::new(),
            search: None,
            query: None,
            retention: None,
            plan: false,
        }
    }

    /// A job on all that a metadata query finds.
    pub fn on_query(kind: JobKind, query: QuerySelection) -> Self {
        Self {
            query: Some(query),
            ..Self::new(kind, "")
        }
    }

    /// A job on the unfinished uploads of some buckets, or of all that can be reached.
    pub fn on_uploads(buckets: Vec<String>) -> Self {
        Self {
            buckets,
            ..Self::new(JobKind::Uploads, "")
        }
    }

    /// A job that gives up the uploads that are so many days old, or only counts them.
    pub fn aborting(buckets: Vec<String>, days: u32, plan: bool) -> Self {
        Self {
            buckets,
            older_than_days: Some(days),
            plan,
            ..Self::new(JobKind::AbortUploads, "")
        }
    }

    /// A job that gives all that a metadata query finds another retention.
    pub fn retaining(query: QuerySelection, value: impl Into<String>) -> Self {
        Self {
            retention: Some(value.into()),
            ..Self::on_query(JobKind::Retention, query)
        }
    }

    /// A search over the listing of a bucket.
    pub fn searching(bucket: impl Into<String>, search: KeySearch) -> Self {
        Self {
            search: Some(search),
            ..Self::new(JobKind::Search, bucket)
        }
    }

    /// A job that takes everything out of a bucket and leaves it: all versions and delete markers, or all
    /// objects where the store knows no versions.
    pub fn emptying(bucket: impl Into<String>, versions: bool) -> Self {
        let kind = if versions {
            JobKind::Purge
        } else {
            JobKind::Delete
        };
        Self {
            rule: Some(Rule {
                flat: true,
                all: true,
                ..Rule::default()
            }),
            ..Self::new(kind, bucket)
        }
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    /// Every field that breaks a rule.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, why: &str| faults.push(FieldError::body(field, why));
        match self.kind {
            JobKind::Undo | JobKind::Count | JobKind::Archive => {
                fault("kind", "this kind is not started here");
            }
            JobKind::DeleteBuckets => self.check_buckets(&mut fault),
            JobKind::Search => self.check_search(&mut fault),
            JobKind::Usage => self.check_usage(&mut fault),
            kind if kind.is_of_uploads() => self.check_uploads(&mut fault),
            kind if self.query.is_some() || kind.needs_query() => self.check_query(&mut fault),
            _ => self.check_selection(&mut fault),
        }
        let days = self.older_than_days;
        match (self.kind.needs_days(), days) {
            (true, None) => fault("older_than_days", "from how many days on is it old?"),
            (true, Some(days)) if days > MAX_DAYS => {
                fault("older_than_days", "36,500 days at most");
            }
            (false, Some(_)) => fault("older_than_days", "only of `purge_old` and `abort_uploads`"),
            _ => {}
        }
        match &self.target {
            None if self.kind.has_target() => fault("target", "where do the copies go?"),
            Some(_) if !self.kind.has_target() => fault("target", "only of `copy` and `move`"),
            Some(target) => self.check_target(target, &mut fault),
            None => {}
        }
        match (self.kind == JobKind::Search, &self.search) {
            (true, None) => fault("search", "what is looked for?"),
            (false, Some(_)) => fault("search", "only of `search`"),
            (true, Some(search)) => faults.extend(search.check().err().unwrap_or_default()),
            (false, None) => {}
        }
        match (self.kind == JobKind::Retention, self.retention.as_deref()) {
            (true, None) => faults.push(FieldError::body("retention", "which retention?")),
            (true, Some(value)) => {
                if let Err(why) = value.parse::<Retention>() {
                    faults.push(FieldError::body("retention", why.to_string()));
                }
            }
            (false, Some(_)) => faults.push(FieldError::body("retention", "only of `retention`")),
            (false, None) => {}
        }
        if let Some(query) = &self.query {
            faults.extend(query.check().err().unwrap_or_default());
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    fn check_buckets(&self, fault: &mut impl FnMut(&str, &str)) {
        if self.query.is_some() {
            fault("query", "buckets are deleted by `buckets` alone");
        }
        if self.buckets.is_empty() || self.buckets.len() > MAX_BUCKETS {
            fault("buckets", "1 to 1,000 buckets");
        }
        self.check_names(fault);
        if !self.bucket.is_empty() || self.names() > 0 || self.rule.is_some() {
            fault("bucket", "buckets are deleted by `buckets` alone");
        }
    }

    fn check_search(&self, fault: &mut impl FnMut(&str, &str)) {
        if BucketName::parse(self.bucket.as_str()).is_err() {
            fault("bucket", "this is no bucket's name");
        }
        let else_said = self.rule.is_some() || self.query.is_some() || !self.buckets.is_empty();
        if self.names() > 0 || else_said {
            fault("search", "a search goes by its own conditions alone");
        }
        if self.plan {
            fault(
                "plan",
                "a search changes nothing, so there is nothing to plan",
            );
        }
    }

    fn check_usage(&self, fault: &mut impl FnMut(&str, &str)) {
        if BucketName::parse(self.bucket.as_str()).is_err() {
            fault("bucket", "this is no bucket's name");
        }
        let else_said = self.rule.is_some() || self.query.is_some() || !self.buckets.is_empty();
        if self.names() > 0 || else_said {
            fault("bucket", "a whole bucket is measured, and nothing else");
        }
        if self.plan {
            fault("plan", "this changes nothing, so there is nothing to plan");
        }
    }

    fn check_uploads(&self, fault: &mut impl FnMut(&str, &str)) {
        if self.buckets.len() > MAX_BUCKETS {
            fault("buckets", "1,000 buckets at most; none are all");
        }
        self.check_names(fault);
        let else_said = self.rule.is_some() || self.query.is_some() || self.names() > 0;
        if !self.bucket.is_empty() || else_said {
            fault("bucket", "buckets are chosen by `buckets` alone");
        }
        if self.plan && self.kind.only_reads() {
            fault("plan", "this changes nothing, so there is nothing to plan");
        }
    }

    fn check_names(&self, fault: &mut impl FnMut(&str, &str)) {
        if !self
            .buckets
            .iter()
            .all(|b| BucketName::parse(b.as_str()).is_ok())
        {
            fault("buckets", "one of these is no bucket's name");
        }
    }

    fn check_query(&self, fault: &mut impl FnMut(&str, &str)) {
        if self.query.is_none() {
            fault("query", "what does it work on?");
        }
        if !self.kind.takes_query() {
            fault(
                "query",
                "only of `delete`, `export`, `hold`, `release` and `retention`",
            );
        }
        if !self.bucket.is_empty() || !self.buckets.is_empty() {
            fault("bucket", "a query finds its own buckets");
        }
        if self.names() > 0 || self.rule.is_some() {
            fault("query", "a query, or keys, prefixes and rules: not both");
        }
        let properties = self.query.iter().any(|query| !query.properties.is_empty());
        if properties && self.kind != JobKind::Export {
            fault("query", "properties are told by an `export` alone");
        }
        if self.plan && self.kind.only_reads() {
            fault("plan", "this changes nothing, so there is nothing to plan");
        }
    }

    fn check_selection(&self, fault: &mut impl FnMut(&str, &str)) {
        if BucketName::parse(self.bucket.as_str()).is_err() {
            fault("bucket", "this is no bucket's name");
        }
        if !self.buckets.is_empty() {
            fault("buckets", "only of `delete_buckets`");
        }
        match (&self.rule, self.names()) {
            (Some(_), 1..) => fault("rule", "a rule, or keys and prefixes: not both"),
            (None, 0) => fault("keys", "name at least one key or prefix, or a rule"),
            (Some(rule), 0) => {
                if rule.filter.len() > MAX_FILTER {
                    fault("rule", "a filter has 1,024 bytes at most");
                }
                let all = rule.prefix.is_empty() && NameFilter::parse(&rule.filter).is_any();
                if all && !rule.all {
                    fault(
                        "rule",
                        "this means the whole bucket: set `all` if it is meant",
                    );
                }
            }
            (None, _) => {}
        }
        if self.keys.len() > MAX_KEYS {
            fault("keys", "10,000 keys at most; what is more is a rule");
        }
        if self.prefixes.len() > MAX_PREFIXES {
            fault("prefixes", "1,000 prefixes at most; what is more is a rule");
        }
        if !self
            .keys
            .iter()
            .all(|key| ObjectKey::parse(key.as_str()).is_ok())
        {
            fault("keys", "a key has 1 to 4,095 bytes and no NUL character");
        }
        if self.prefixes.iter().any(String::is_empty) {
            fault(
                "prefixes",
                "an empty prefix means the whole bucket: use a rule",
            );
        }
    }

    fn check_target(&self, target: &JobTarget, fault: &mut impl FnMut(&str, &str)) {
        if let Some(bucket) = &target.bucket
            && BucketName::parse(bucket.as_str()).is_err()
        {
            fault("target", "this is no bucket's name");
        }
        if let Some(base) = &self.base {
            let starts = |name: &String| name.starts_with(base.as_str());
            let below = self.keys.iter().all(starts)
                && self.prefixes.iter().all(starts)
                && self.rule.iter().all(|rule| starts(&rule.prefix));
            if !below {
                fault("base", "what is chosen does not begin with this");
            }
        }
        let renamed = self.prefixes.is_empty()
            && self.rule.is_none()
            && matches!(&*self.keys, [key] if Some(key) == self.base.as_ref());
        if !target.prefix.is_empty() && !target.prefix.ends_with('/') && !renamed {
            fault("target", "a folder ends in a slash");
        }
        if self.would_meet(target) {
            fault(
                "target",
                "two of these have the same name: they would meet there",
            );
        }
        if self.stays_in_bucket() && self.is_inside_itself(target) {
            fault(
                "target",
                "this lies inside what is copied: choose another folder",
            );
        }
    }

    /// How many keys and prefixes it names.
    fn names(&self) -> usize {
        self.keys.len() + self.prefixes.len()
    }

    /// Whether copies go to the bucket that they are from.
    fn stays_in_bucket(&self) -> bool {
        let target = self.target.as_ref().and_then(|t| t.bucket.as_deref());
        target.is_none_or(|bucket| bucket == self.bucket)
    }

    /// Where what was chosen begins to be copied to.
    fn root(&self, chosen: &str, target: &JobTarget) -> String {
        let base = self.base.as_deref().unwrap_or_else(|| parent(chosen));
        let rest = chosen.strip_prefix(base).unwrap_or(chosen);
        format!("{}{rest}", target.prefix)
    }

    /// Whether two of the chosen would be copied to one place, from where a move deletes both.
    fn would_meet(&self, target: &JobTarget) -> bool {
        let folders = self.prefixes.iter().map(|p| (p, true));
        let keys = self.keys.iter().map(|k| (k, false));
        let mut roots: Vec<_> = folders
            .chain(keys)
            .map(|(chosen, folder)| (self.root(chosen, target), chosen, folder))
            .collect();
        roots.sort_unstable();
        roots.dedup();
        // Sorted, whatever begins with a folder's root follows it.
        roots.windows(2).any(|pair| match pair {
            [(first, one, folder), (second, other, _)] => {
                let below = *folder && second.starts_with(first.as_str());
                let within = *folder && other.starts_with(one.as_str());
                (first == second || below) && !within
            }
            _ => false,
        })
    }

    /// Whether the copies of a folder would lie in that folder.
    fn is_inside_itself(&self, target: &JobTarget) -> bool {
        let folder = |prefix: &String| self.root(prefix, target).starts_with(prefix.as_str());
        let rule = |rule: &Rule| {
            let Some(rest) = target.prefix.strip_prefix(&rule.prefix) else {
                return false;
            };
            let test = rule.test();
            // With a filter, the target can be a row that the filter leaves out.
            rest.is_empty() || rule.flat || test.matches(&target.prefix)
        };
        self.prefixes.iter().any(folder) || self.rule.as_ref().is_some_and(rule)
    }

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
        self.buckets.sort_unstable();
        self.buckets.dedup();
        self
    }

    /// The same in short, for lists.
    pub fn source(&self) -> JobSource {
        JobSource {
            keys: self.keys.len() as u64,
            prefixes: self.prefixes.len() as u64,
            first: self.prefixes.first().or(self.keys.first()).cloned(),
            rule: self.rule.clone(),
            search: self.search.clone(),
            query: self.query.clone(),
            older_than_days: self.older_than_days,
            retention: self.retention.clone(),
        }
    }

    /// The key that the copy of `key` has. The order is one [without repeats](Self::without_repeats).
    ///
    /// # Errors
    /// Why it has none; the rest of the job goes on.
    pub fn target_of(&self, key: &str, max_bytes: usize) -> Result<String, TargetFault> {
        let Some(target) = &self.target else {
            return Err(TargetFault::Outside);
        };
        let chosen = self.chosen(key).ok_or(TargetFault::Outside)?;
        let base = self.base.as_deref().unwrap_or(chosen);
        let rest = key.strip_prefix(base).ok_or(TargetFault::Outside)?;
        let copy = format!("{}{rest}", target.prefix);
        if copy.is_empty() {
            return Err(TargetFault::Empty);
        }
        if copy.contains('\0') {
            return Err(TargetFault::Nul);
        }
        if copy.len() > max_bytes {
            return Err(TargetFault::TooLong {
                bytes: copy.len(),
                max: max_bytes,
            });
        }
        if self.stays_in_bucket() {
            let beside = self.kind == JobKind::Copy
                && matches!(self.conflict, ConflictPolicy::Rename | ConflictPolicy::Skip);
            if copy == key && !beside {
                return Err(TargetFault::Same);
            }
            let again = self.folder_of(&copy).is_some()
                || self.rule.as_ref().is_some_and(|r| r.test().matches(&copy));
            if again {
                return Err(TargetFault::Inside);
            }
        }
        Ok(copy)
    }

    /// Under what `key` was chosen: the folder in which the key or the prefix that chose it lies.
    fn chosen(&self, key: &str) -> Option<&str> {
        if let Some(prefix) = self.folder_of(key) {
            return Some(parent(prefix));
        }
        if let Some(rule) = &self.rule {
            return key
                .starts_with(&rule.prefix)
                .then_some(rule.prefix.as_str());
        }
        let at = self.keys.binary_search_by(|named| named.as_str().cmp(key));
        self.keys.get(at.ok()?).map(|named| parent(named))
    }

    /// The chosen folder that a key is below. They are in order, and none begins with another.
    fn folder_of(&self, key: &str) -> Option<&str> {
        let behind = self.prefixes.partition_point(|p| p.as_str() <= key);
        let before = self.prefixes.get(behind.checked_sub(1)?)?;
        key.starts_with(before.as_str()).then_some(before)
    }

    /// The name with a number for a copy whose key is taken: `a/b (2).txt`; `None` where it would be too
    /// long.
    pub fn numbered(key: &str, number: u32, max_bytes: usize) -> Option<String> {
        numbered_name(key, number, max_bytes)
    }
}

/// The folder in which a key or a folder lies, with its slash.
fn parent(name: &str) -> &str {
    let inner = name.strip_suffix('/').unwrap_or(name);
    let end = inner.rfind('/').map_or(0, |at| at + 1);
    name.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn strings(all: &[&str]) -> Vec<String> {
        all.iter().map(|s| (*s).to_owned()).collect()
    }

    fn to(prefix: &str) -> JobTarget {
        JobTarget {
            bucket: None,
            prefix: prefix.to_owned(),
        }
    }

    fn copy(keys: &[&str], prefixes: &[&str], target: &str) -> NewJob {
        NewJob {
            keys: strings(keys),
            prefixes: strings(prefixes),
            target: Some(to(target)),
            ..NewJob::new(JobKind::Copy, "bucket")
        }
    }

    fn fields(job: &NewJob) -> Vec<String> {
        let faults = job.check().unwrap_err();
        faults.iter().map(|f| f.field().to_owned()).collect()
    }

    #[test]
    fn names_are_relative_as_the_page_shows_them() {
        let job = copy(&["p/f.txt"], &["p/a/"], "x/");
        assert_eq!(job.check(), Ok(()));
        assert_eq!(job.target_of("p/a/b/c", 1_024).as_deref(), Ok("x/a/b/c"));
        assert_eq!(job.target_of("p/a/", 1_024).as_deref(), Ok("x/a/"));
        assert_eq!(job.target_of("p/f.txt", 1_024).as_deref(), Ok("x/f.txt"));
        assert_eq!(job.target_of("p/other", 1_024), Err(TargetFault::Outside));
        let rename = NewJob {
            base: Some("p/a/".to_owned()),
            ..copy(&[], &["p/a/"], "p/b/")
        };
        assert_eq!(rename.check(), Ok(()));
        assert_eq!(rename.target_of("p/a/c", 1_024).as_deref(), Ok("p/b/c"));
        let one = NewJob {
            base: Some("p/f.txt".to_owned()),
            ..copy(&["p/f.txt"], &[], "p/g.txt")
        };
        assert_eq!(one.check(), Ok(()));
        assert_eq!(one.target_of("p/f.txt", 1_024).as_deref(), Ok("p/g.txt"));
        let rule = NewJob {
            rule: Some(Rule {
                prefix: "p/".to_owned(),
                filter: "*.txt".to_owned(),
                ..Rule::default()
            }),
            ..copy(&[], &[], "p/texts/")
        };
        assert_eq!(rule.check(), Ok(()));
        assert_eq!(
            rule.target_of("p/f.txt", 64).as_deref(),
            Ok("p/texts/f.txt")
        );
    }

    #[test]
    fn nothing_goes_into_itself() {
        for target in ["a/", "a/b/", "a/a/"] {
            assert_eq!(fields(&copy(&[], &["a/"], target)), ["target"], "{target}");
        }
        // Beside its own folder it lands on itself.
        assert_eq!(fields(&copy(&[], &["a/"], "")), ["target"]);
        assert_eq!(copy(&[], &["a/"], "b/").check(), Ok(()));
        let elsewhere = NewJob {
            target: Some(JobTarget {
                bucket: Some("other".to_owned()),
                prefix: "a/b/".to_owned(),
            }),
            ..copy(&[], &["a/"], "")
        };
        assert_eq!(elsewhere.check(), Ok(()));
        let all = |filter: &str, target: &str| NewJob {
            rule: Some(Rule {
                prefix: "p/".to_owned(),
                filter: filter.to_owned(),
                ..Rule::default()
            }),
            ..copy(&[], &[], target)
        };
        assert_eq!(fields(&all("", "p/")), ["target"]);
        assert_eq!(fields(&all("", "p/x/")), ["target"]);
        assert_eq!(fields(&all("x", "p/xy/z/")), ["target"]);
        assert_eq!(all("x", "p/z/x/").check(), Ok(()));
        // One level up: what would land among the sources has no key.
        let up = NewJob {
            base: Some("a/b/".to_owned()),
            ..copy(&[], &["a/b/"], "a/")
        };
        assert_eq!(up.check(), Ok(()));
        assert_eq!(up.target_of("a/b/x", 64).as_deref(), Ok("a/x"));
        assert_eq!(up.target_of("a/b/b/x", 64), Err(TargetFault::Inside));
        let same = copy(&["a/x"], &[], "a/");
        assert_eq!(same.target_of("a/x", 64), Err(TargetFault::Same));
        let beside = NewJob {
            conflict: ConflictPolicy::Rename,
            ..same
        };
        assert_eq!(beside.target_of("a/x", 64).as_deref(), Ok("a/x"));
    }

    #[test]
    fn nothing_meets_at_the_target() {
        assert_eq!(fields(&copy(&["a/x", "b/x"], &[], "c/")), ["target"]);
        assert_eq!(fields(&copy(&[], &["a/x/", "b/x/"], "c/")), ["target"]);
        assert_eq!(copy(&["b/x/y", "b/x/y"], &["a/x/"], "c/").check(), Ok(()));
        let base = NewJob {
            base: Some(String::new()),
            ..copy(&["a/x", "b/x"], &[], "c/")
        };
        assert_eq!(base.check(), Ok(()));
    }

    #[test]
    fn what_makes_no_sense_is_named_by_field() {
        assert_eq!(fields(&NewJob::new(JobKind::Delete, "bucket")), ["keys"]);
        assert_eq!(fields(&NewJob::new(JobKind::Count, "bucket")), ["kind"]);
        let whole = NewJob {
            prefixes: strings(&["a/", ""]),
            ..NewJob::new(JobKind::Delete, "bucket")
        };
        assert_eq!(fields(&whole), ["prefixes"]);
        assert_eq!(fields(&copy(&["a"], &[], "b")), ["target"]);
        let whole = |all: bool, filter: &str| NewJob {
            rule: Some(Rule {
                all,
                filter: filter.to_owned(),
                ..Rule::default()
            }),
            ..NewJob::new(JobKind::Delete, "bucket")
        };
        assert_eq!(fields(&whole(false, " ")), ["rule"]);
        assert_eq!(whole(true, "").check(), Ok(()));
        assert_eq!(whole(false, "x").check(), Ok(()));
        let both = NewJob {
            keys: strings(&["a"]),
            ..whole(true, "")
        };
        assert_eq!(fields(&both), ["rule"]);
        let old = NewJob {
            kind: JobKind::PurgeOld,
            ..whole(true, "")
        };
        assert_eq!(fields(&old), ["older_than_days"]);
        let buckets = NewJob {
            buckets: strings(&["one", "two"]),
            ..NewJob::new(JobKind::DeleteBuckets, "")
        };
        assert_eq!(buckets.check(), Ok(()));
        let misspelt =
            r#"{"kind": "delete", "bucket": "bucket", "rule": {"prefix": "a/", "filtre": "x"}}"#;
        assert!(serde_json::from_str::<NewJob>(misspelt).is_err());
    }

    #[test]
    fn a_query_stands_alone() {
        let of = |query: &str, properties: &[&str]| QuerySelection {
            query: query.to_owned(),
            properties: strings(properties),
        };
        let delete = NewJob::on_query(JobKind::Delete, of("namespace:a AND size:5", &[]));
        assert_eq!(delete.check(), Ok(()));
        let export = NewJob::on_query(JobKind::Export, of("*:*", &["size", "department"]));
        assert_eq!(export.check(), Ok(()));
        let faulty = |job: NewJob| fields(&job);
        assert_eq!(faulty(NewJob::new(JobKind::Export, "")), ["query"]);
        assert_eq!(
            faulty(NewJob::on_query(JobKind::Purge, of("a", &[]))),
            ["query"]
        );
        assert_eq!(
            faulty(NewJob::on_query(JobKind::Search, of("a", &[]))),
            ["bucket", "search", "search"]
        );
        for said in [
            NewJob {
                keys: strings(&["a"]),
                ..delete.clone()
            },
            NewJob::on_query(JobKind::Delete, of("size:[1 to 2]", &[])),
            NewJob::on_query(JobKind::Delete, of(" ", &[])),
            NewJob::on_query(JobKind::Delete, of("a", &["size"])),
        ] {
            assert_eq!(faulty(said), ["query"]);
        }
        for properties in [&["utf8name"][..], &["a,b"], &[""]] {
            let export = NewJob::on_query(JobKind::Export, of("a", properties));
            assert_eq!(faulty(export), ["properties"]);
        }
        let named = NewJob {
            bucket: "bucket".to_owned(),
            ..delete
        };
        assert_eq!(faulty(named), ["bucket"]);
        let plan = NewJob {
            plan: true,
            ..export
        };
        assert_eq!(faulty(plan), ["plan"]);
    }

    #[test]
    fn a_retention_is_one_that_hcp_reads() {
        let query = QuerySelection {
            query: "*:*".to_owned(),
            ..QuerySelection::default()
        };
        for value in ["-1", "A+7y", "C+Legal", "2032-11-21T09:12:00+0000"] {
            let job = NewJob::retaining(query.clone(), value);
            assert_eq!(job.check(), Ok(()), "{value}");
            assert_eq!(job.source().retention.as_deref(), Some(value));
        }
        for value in ["", "soon", "A+7"] {
            let job = NewJob::retaining(query.clone(), value);
            assert_eq!(fields(&job), ["retention"], "{value}");
        }
        assert_eq!(
            fields(&NewJob::on_query(JobKind::Retention, query.clone())),
            ["retention"]
        );
        let hold = NewJob {
            kind: JobKind::Hold,
            ..NewJob::retaining(query, "-1")
        };
        assert_eq!(fields(&hold), ["retention"]);
        assert_eq!(
            fields(&NewJob {
                retention: Some("-1".to_owned()),
                ..NewJob::new(JobKind::Retention, "")
            }),
            ["query"]
        );
    }

    #[test]
    fn a_whole_bucket_is_measured() {
        let usage = NewJob::new(JobKind::Usage, "bucket");
        assert_eq!(usage.check(), Ok(()));
        assert_eq!(fields(&NewJob::new(JobKind::Usage, "")), ["bucket"]);
        let part = NewJob {
            prefixes: strings(&["a/"]),
            plan: true,
            ..usage
        };
        assert_eq!(fields(&part), ["bucket", "plan"]);
    }

    #[test]
    fn uploads_are_of_all_buckets_or_of_some() {
        let all = NewJob::on_uploads(Vec::new());
        assert_eq!(all.check(), Ok(()));
        assert_eq!(NewJob::on_uploads(strings(&["bucket"])).check(), Ok(()));
        assert_eq!(NewJob::aborting(Vec::new(), 0, true).check(), Ok(()));
        let named = NewJob {
            buckets: strings(&["a/b"]),
            keys: strings(&["x"]),
            plan: true,
            older_than_days: Some(1),
            ..all
        };
        assert_eq!(
            fields(&named),
            ["buckets", "bucket", "plan", "older_than_days"]
        );
        let no_age = NewJob::new(JobKind::AbortUploads, "");
        assert_eq!(fields(&no_age), ["older_than_days"]);
        let aged = NewJob::aborting(Vec::new(), MAX_DAYS + 1, false);
        assert_eq!(fields(&aged), ["older_than_days"]);
    }

    #[test]
    fn nothing_is_done_twice() {
        let job = copy(&["x", "a/1", "x", "ab"], &["b/", "a/b", "a/"], "y/").without_repeats();
        assert_eq!(job.prefixes, ["a/", "b/"]);
        assert_eq!(job.keys, ["ab", "x"]);
    }

    #[test]
    fn a_rule_is_of_rows_and_skips_whole_folders() {
        let rule = Rule {
            prefix: "p/".to_owned(),
            filter: "scan".to_owned(),
            ..Rule::default()
        };
        let test = rule.test();
        assert!(test.matches("p/Scans/deep/x") && test.matches("p/scan.tif"));
        assert!(!test.matches("p/other/scan.tif") && !test.matches("scan"));
        assert_eq!(
            test.skip_behind("p/other/scan.tif").as_deref(),
            Some("p/other/\u{10ffff}")
        );
        assert_eq!(test.skip_behind("p/other"), None);
        assert_eq!(test.skip_behind("p/Scans/x"), None);
        let flat = Rule { flat: true, ..rule };
        assert!(flat.test().matches("p/other/scan.tif"));
        let all = Rule {
            prefix: "p/".to_owned(),
            ..Rule::default()
        };
        assert!(!all.test().matches("p/") && all.test().matches("p//x"));
    }

    /// Keys that hurt: empty segments, leading slashes, dots, long ones.
    fn key() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-c/.]{1,12}",
            "/{1,3}[a-b]{0,2}/{0,2}",
            "(a/){0,3}[é😀\u{1}]{1,4}/?",
            Just("k".repeat(1_024)),
        ]
    }

    proptest! {
        #[test]
        fn copies_have_keys_or_a_reason(
            keys in proptest::collection::vec(key(), 0..3),
            prefixes in proptest::collection::vec(key(), 0..3),
            base in proptest::option::of("[a-b/]{0,4}"),
            target in prop_oneof![Just(String::new()), key().prop_map(|k| k + "/")],
            below in "[a-c/]{0,6}",
            moves: bool,
        ) {
            let job = NewJob {
                keys,
                prefixes,
                base,
                target: Some(to(&target)),
                kind: if moves { JobKind::Move } else { JobKind::Copy },
                ..NewJob::new(JobKind::Copy, "bucket")
            };
            prop_assume!(job.check().is_ok());
            let job = job.without_repeats();
            let sources = job.prefixes.iter().map(|p| format!("{p}{below}"));
            let sources: Vec<String> = sources.chain(job.keys.iter().cloned()).collect();
            let mut copies = std::collections::HashMap::new();
            for source in &sources {
                match job.target_of(source, 1_024) {
                    Ok(copy) => {
                        prop_assert!(copy.starts_with(&target) && (1..=1_024).contains(&copy.len()));
                        prop_assert!(source.ends_with(&copy[target.len()..]));
                        // What is copied is never copied again, nor is a source overwritten.
                        prop_assert!(!job.prefixes.iter().any(|p| copy.starts_with(p.as_str())));
                        prop_assert!(&copy != source);
                        let met = copies.insert(copy, source);
                        prop_assert!(met.is_none_or(|met| met == source));
                    }
                    Err(fault) => {
                        prop_assert!(fault != TargetFault::Outside, "{source}");
                        if let TargetFault::TooLong { bytes, .. } = fault {
                            prop_assert!(bytes > 1_024);
                        }
                    }
                }
            }
        }
    }
}
