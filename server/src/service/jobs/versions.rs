//! Jobs on versions: bringing deleted objects back, deleting versions for good, removing markers.

use std::collections::{BTreeMap, HashMap};

use futures::{StreamExt as _, stream};
use hcp::{Conditions, S3};
use model::{
    BucketName, ObjectKey, Timestamp,
    job::{JobFailure, JobKind, JobPlan, MAX_CHECKED, RuleTest},
    version::{ListVersionsQuery, VersionPage},
};

use super::{CHUNK, Of, PARALLEL, Work, ends_all, plan, undeleted};
use crate::{
    Error,
    service::protection,
    tasks::{Ended, Handle},
    web::extract,
};

/// Delete markers on top of each other that are removed of one key.
const MOST_MARKERS: usize = 1_000;

/// A version or a delete marker.
#[derive(Clone, Debug)]
struct Entry {
    key: String,
    version_id: String,
    marker: bool,
    latest: bool,
    size: u64,
    stored: Option<Timestamp>,
}

impl Entry {
    fn named(self) -> (String, String) {
        (self.key, self.version_id)
    }
}

/// What is listed at once.
enum Scope<'a> {
    /// All below a folder.
    Below(&'a str),
    /// Rows of a folder.
    Rule(&'a str, RuleTest<'a>),
    /// One key.
    Key(&'a str),
}

impl Scope<'_> {
    fn prefix(&self) -> &str {
        match self {
            Self::Below(prefix) | Self::Rule(prefix, _) => prefix,
            Self::Key(key) => key,
        }
    }

    fn takes(&self, key: &str) -> bool {
        match self {
            Self::Below(_) => true,
            Self::Rule(_, test) => test.matches(key),
            Self::Key(own) => *own == key,
        }
    }
}

/// One page of a scope.
struct Page {
    entries: Vec<Entry>,
    /// Keys of which another page may know more.
    torn: Vec<String>,
}

/// A listing of versions, page by page.
struct Pages<'a> {
    s3: &'a S3,
    bucket: &'a BucketName,
    scope: Scope<'a>,
    query: Option<ListVersionsQuery>,
    last: Option<String>,
}

impl<'a> Pages<'a> {
    fn new(s3: &'a S3, bucket: &'a BucketName, scope: Scope<'a>) -> Self {
        let query = ListVersionsQuery {
            prefix: Some(scope.prefix().to_owned()).filter(|prefix| !prefix.is_empty()),
            max_keys: Some(1_000),
            ..ListVersionsQuery::default()
        };
        Self {
            s3,
            bucket,
            scope,
            query: Some(query),
            last: None,
        }
    }

    async fn next(&mut self) -> Result<Option<Page>, Error> {
        let Some(query) = self.query.take() else {
            return Ok(None);
        };
        let page = self.s3.list_versions(self.bucket, &query).await?;
        let next = ListVersionsQuery {
            key_marker: page.next_key_marker.clone(),
            version_id_marker: page.next_version_id_marker.clone(),
            ..query.clone()
        };
        // A store that does not advance would be asked for ever.
        let advances = next != query && next.key_marker.is_some();
        let all = entries(page.clone());
        let greatest = all.iter().map(|entry| entry.key.as_str()).max();
        // Its own versions come first of all that begins with a key.
        let behind = matches!(self.scope, Scope::Key(key) if greatest.is_some_and(|g| g > key));
        let truncated = page.is_truncated && advances;
        let mut torn = Vec::from_iter(self.last.take());
        if truncated {
            self.last = greatest.map(str::to_owned);
            torn.extend(self.last.clone());
        }
        self.query = Some(next).filter(|_| truncated && !behind);
        let entries = all.into_iter().filter(|e| self.scope.takes(&e.key));
        Ok(Some(Page {
            entries: entries.collect(),
            torn,
        }))
    }
}

fn entries(page: VersionPage) -> Vec<Entry> {
    let versions = page.versions.into_iter().map(|version| Entry {
        key: version.key,
        version_id: version.version_id,
        marker: false,
        latest: version.is_latest,
        size: version.size,
        stored: version.last_modified,
    });
    let markers = page.delete_markers.into_iter().map(|marker| Entry {
        key: marker.key,
        version_id: marker.version_id,
        marker: true,
        latest: marker.is_latest,
        size: 0,
        stored: marker.last_modified,
    });
    versions.chain(markers).collect()
}

/// The folders and rows of an order; its keys are listed one by one.
fn folders(work: &Work) -> impl Iterator<Item = Scope<'_>> {
    let order = &work.order;
    let below = order.prefixes.iter().map(|prefix| Scope::Below(prefix));
    let rule = order.rule.iter();
    let rule = rule.map(|rule| Scope::Rule(&rule.prefix, rule.test()));
    below.chain(rule)
}

/// Whether a version is meant.
fn is_meant(work: &Work, entry: &Entry) -> bool {
    match work.order.kind {
        JobKind::Restore => entry.marker && entry.latest,
        JobKind::PurgeOld => {
            let days = i64::from(work.order.older_than_days.unwrap_or(u32::MAX));
            let before = work.now.unix_millis() - days * 86_400_000;
            let old = entry.stored.is_some_and(|at| at.unix_millis() <= before);
            !entry.latest && old
        }
        _ => true,
    }
}

/// Counts what is meant; a plan also looks at the first versions one by one.
pub(super) async fn plan(work: &Work, handle: &Handle) -> Result<JobPlan, Ended> {
    let mut found = JobPlan::default();
    if let Of::FailuresOf(id) = &work.of {
        let failed = handle.tasks().job_failures(id).await?;
        found.objects = failed;
        handle.update(|progress| progress.total = failed);
        return Ok(found);
    }
    for scope in folders(work) {
        let mut pages = Pages::new(&work.s3, &work.bucket, scope);
        while let Some(page) = pages.next().await? {
            handle.checkpoint().await?;
            count(work, page.entries, &mut found, handle).await?;
        }
    }
    let mut keys = stream::iter(work.order.keys.clone())
        .map(|key| async move { of_key(work, &key).await })
        .buffered(PARALLEL);
    while let Some(entries) = keys.next().await {
        handle.step().await?;
        count(work, entries?, &mut found, handle).await?;
    }
    Ok(found)
}

/// All versions of one key.
async fn of_key(work: &Work, key: &str) -> Result<Vec<Entry>, Error> {
    let mut pages = Pages::new(&work.s3, &work.bucket, Scope::Key(key));
    let mut all = Vec::new();
    while let Some(page) = pages.next().await? {
        all.extend(page.entries);
    }
    Ok(all)
}

async fn count(
    work: &Work,
    entries: Vec<Entry>,
    found: &mut JobPlan,
    handle: &Handle,
) -> Result<(), Ended> {
    let meant: Vec<Entry> = entries.into_iter().filter(|e| is_meant(work, e)).collect();
    for entry in &meant {
        found.markers += u64::from(entry.marker);
        found.versions += u64::from(!entry.marker);
        found.bytes += entry.size;
    }
    if work.order.kind == JobKind::Restore {
        found.objects = found.markers;
    } else if work.order.plan {
        look_at(work, &meant, found, handle).await?;
    }
    let so_far = found.clone();
    handle.update(|progress| {
        progress.total = so_far.markers + so_far.versions;
        if work.order.plan {
            progress.found = Some(so_far);
        }
    });
    Ok(())
}

async fn look_at(
    work: &Work,
    meant: &[Entry],
    found: &mut JobPlan,
    handle: &Handle,
) -> Result<(), Ended> {
    let room = usize::try_from(MAX_CHECKED.saturating_sub(found.checked)).unwrap_or_default();
    let versions = meant.iter().filter(|entry| !entry.marker);
    let looks: Vec<Entry> = versions.take(room).cloned().collect();
    let mut seen = stream::iter(looks)
        .map(|entry| async move { look(work, &entry).await })
        .buffered(PARALLEL);
    while let Some(refused) = seen.next().await {
        found.checked += 1;
        if let Some(refused) = refused? {
            found.refused += 1;
            handle.note(&refused);
        }
        handle.step().await?;
    }
    Ok(())
}

async fn look(work: &Work, entry: &Entry) -> Result<Option<JobFailure>, Ended> {
    let Ok(key) = ObjectKey::parse(entry.key.as_str()) else {
        return Ok(None);
    };
    let (version, conditions) = (Some(entry.version_id.as_str()), Conditions::default());
    match work
        .s3
        .head_object(&work.bucket, &key, version, &conditions)
        .await
    {
        Ok(head) => Ok(plan::protected(&entry.key, version, &head, false, work.now)),
        Err(e) if ends_all(&e) => Err(e.into()),
        // What may not be looked at may be deleted still.
        Err(_unknown) => Ok(None),
    }
}

/// Does it: folder by folder, then several keys at once.
pub(super) async fn run(work: &Work, handle: &Handle) -> Result<(), Ended> {
    if let Of::FailuresOf(id) = &work.of {
        return again(work, id, handle).await;
    }
    for scope in folders(work) {
        let mut pages = Pages::new(&work.s3, &work.bucket, scope);
        while let Some(page) = pages.next().await? {
            handle.checkpoint().await?;
            act(work, page, handle).await?;
        }
    }
    let mut keys = stream::iter(work.order.keys.clone())
        .map(|key| async move { one_key(work, &key, handle).await })
        .buffer_unordered(PARALLEL);
    while let Some(done) = keys.next().await {
        done?;
    }
    Ok(())
}

async fn one_key(work: &Work, key: &str, handle: &Handle) -> Result<(), Ended> {
    handle.step().await?;
    if work.order.kind == JobKind::Restore {
        return uncover(work, key, handle).await;
    }
    let mut pages = Pages::new(&work.s3, &work.bucket, Scope::Key(key));
    while let Some(page) = pages.next().await? {
        act(work, page, handle).await?;
    }
    Ok(())
}

/// Repeats what failed: single versions, or the keys that were to come back.
async fn again(work: &Work, id: &str, handle: &Handle) -> Result<(), Ended> {
    if work.order.kind != JobKind::Restore {
        return remove_failed(&work.s3, Some(&work.bucket), id, handle).await;
    }
    let mut from = 0;
    loop {
        let failures = handle.tasks().failures(id, from, 1_000).await?;
        if failures.is_empty() {
            return Ok(());
        }
        from += failures.len() as u64;
        for failure in failures {
            handle.step().await?;
            uncover(work, &failure.key, handle).await?;
        }
    }
}

async fn act(work: &Work, page: Page, handle: &Handle) -> Result<(), Ended> {
    if work.order.kind == JobKind::Restore {
        return restore(work, page, handle).await;
    }
    let meant: Vec<Entry> = page
        .entries
        .into_iter()
        .filter(|e| is_meant(work, e))
        .collect();
    let bytes: HashMap<(String, String), u64> = meant
        .iter()
        .map(|e| ((e.key.clone(), e.version_id.clone()), e.size))
        .collect();
    let versions: Vec<_> = meant.into_iter().map(Entry::named).collect();
    remove(&work.s3, &work.bucket, None, &versions, &bytes, handle).await
}

/// Deletes versions for good, a thousand in a call.
async fn remove(
    s3: &S3,
    bucket: &BucketName,
    told: Option<&str>,
    versions: &[(String, String)],
    bytes: &HashMap<(String, String), u64>,
    handle: &Handle,
) -> Result<(), Ended> {
    for chunk in versions.chunks(CHUNK) {
        handle.step().await?;
        let mut refused = s3.delete_versions_telling(bucket, chunk).await?;
        protection::explain_versions(s3, bucket, handle.now(), &mut refused).await;
        let kept: u64 = refused
            .iter()
            .filter_map(|(e, version)| bytes.get(&(e.key.clone(), version.clone()?)))
            .sum();
        let all: u64 = chunk.iter().filter_map(|named| bytes.get(named)).sum();
        let gone = chunk.len().saturating_sub(refused.len()) as u64;
        handle.update(|progress| {
            progress.done += gone;
            progress.bytes += all.saturating_sub(kept);
        });
        for (error, version_id) in refused {
            handle.fail(&JobFailure {
                bucket: told.map(str::to_owned),
                ..undeleted(error, version_id)
            });
        }
        handle.update(plan::at_least_what_is_over);
    }
    Ok(())
}

/// Removes the one marker of each key that has one, and looks closer at keys that have more, or of which
/// this page does not know all.
async fn restore(work: &Work, page: Page, handle: &Handle) -> Result<(), Ended> {
    let mut counts: HashMap<&str, (usize, usize)> = HashMap::new();
    for entry in &page.entries {
        let (markers, versions) = counts.entry(&entry.key).or_default();
        *(if entry.marker { markers } else { versions }) += 1;
    }
    let (mut plain, mut odd) = (Vec::new(), Vec::new());
    for entry in page.entries.iter().filter(|entry| is_meant(work, entry)) {
        let counted = counts.get(entry.key.as_str());
        let is_plain = matches!(counted, Some((1, 1..))) && !page.torn.contains(&entry.key);
        if is_plain {
            plain.push((entry.key.clone(), entry.version_id.clone()));
        } else {
            odd.push(entry.key.clone());
        }
    }
    remove(
        &work.s3,
        &work.bucket,
        None,
        &plain,
        &HashMap::new(),
        handle,
    )
    .await?;
    let mut odd = stream::iter(odd)
        .map(|key| async move { uncover(work, &key, handle).await })
        .buffer_unordered(PARALLEL);
    while let Some(done) = odd.next().await {
        done?;
    }
    Ok(())
}

/// Removes the markers above the newest version of one key. A key that has no version left has nothing to
/// come back, and keeps its marker.
async fn uncover(work: &Work, key: &str, handle: &Handle) -> Result<(), Ended> {
    let mut removed = 0;
    while removed < MOST_MARKERS {
        let all = of_key(work, key).await?;
        let has_version = all.iter().any(|entry| !entry.marker);
        let top = all.into_iter().find(|entry| entry.marker && entry.latest);
        let Some(top) = top.filter(|_| has_version) else {
            break;
        };
        let named = [top.named()];
        let refused = work
            .s3
            .delete_versions_telling(&work.bucket, &named)
            .await?;
        if let Some((error, version_id)) = refused.into_iter().next() {
            handle.fail(&undeleted(error, version_id));
            handle.update(plan::at_least_what_is_over);
            return Ok(());
        }
        removed += 1;
    }
    handle.update(|progress| {
        if removed > 0 {
            progress.done += 1;
        } else {
            progress.skipped += 1;
        }
        plan::at_least_what_is_over(progress);
    });
    Ok(())
}

/// Removes the delete markers that a job made: in its bucket, or in those that the markers name.
pub(super) async fn remove_markers(
    s3: &S3,
    bucket: Option<&BucketName>,
    id: &str,
    handle: &Handle,
) -> Result<(), Ended> {
    let mut from = 0;
    loop {
        let markers = handle.tasks().markers(id, from, 1_000).await?;
        if markers.is_empty() {
            return Ok(());
        }
        from += markers.len() as u64;
        let mut named = ByBucket::new();
        for marker in markers {
            let of = named.entry(marker.bucket).or_default();
            of.push((marker.key, marker.version_id));
        }
        handle.checkpoint().await?;
        remove_named(s3, bucket, named, handle).await?;
    }
}

/// Deletes the versions that an earlier job failed to.
pub(super) async fn remove_failed(
    s3: &S3,
    bucket: Option<&BucketName>,
    id: &str,
    handle: &Handle,
) -> Result<(), Ended> {
    let mut from = 0;
    loop {
        let failures = handle.tasks().failures(id, from, 1_000).await?;
        if failures.is_empty() {
            return Ok(());
        }
        from += failures.len() as u64;
        handle.checkpoint().await?;
        let mut named = ByBucket::new();
        for failure in failures {
            match failure.version_id.clone() {
                Some(version_id) => {
                    let of = named.entry(failure.bucket).or_default();
                    of.push((failure.key, version_id));
                }
                // Without its version, a deletion would only hide the key.
                None => handle.fail(&failure),
            }
        }
        remove_named(s3, bucket, named, handle).await?;
    }
}

/// Versions, by the buckets that were told with them.
type ByBucket = BTreeMap<Option<String>, Vec<(String, String)>>;

async fn remove_named(
    s3: &S3,
    bucket: Option<&BucketName>,
    named: ByBucket,
    handle: &Handle,
) -> Result<(), Ended> {
    for (told, versions) in named {
        let own = told.as_deref().map(extract::bucket).transpose()?;
        let Some(bucket) = own.as_ref().or(bucket) else {
            return Err(Error::internal("a version that was kept names no bucket").into());
        };
        let told = told.as_deref();
        remove(s3, bucket, told, &versions, &HashMap::new(), handle).await?;
    }
    Ok(())
}
