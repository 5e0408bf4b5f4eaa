//! Jobs on what a metadata query finds, in whichever buckets: what is found is worked on page by page, in the
//! order in which it changed.

use std::collections::{BTreeMap, HashMap};

use futures::{StreamExt as _, stream};
use hcp::S3;
use model::{
    BucketName, TenantName, Timestamp,
    job::{JobFailure, JobKind, JobPlan, MAX_CHECKED, NewJob, QuerySelection},
    problem::FieldError,
    query::{Property, QueryResult},
    retention::{InvalidRetention, Retention},
};

use super::{
    Of, PARALLEL, deleting, ends_all, exporting, ordered,
    plan::{self, Seen},
    sources::Item,
};
use crate::{
    Error,
    db::tasks::TaskRecord,
    service::{annotations, protection, query::Walk},
    session::Session,
    state::AppState,
    tasks::{Ended, Handle},
    web::extract,
};

/// What is asked for to find an object, and to say how large it is.
const FOUND: [Property; 1] = [Property::Size];

/// A job that is about to begin.
struct Work {
    state: AppState,
    session: Session,
    s3: S3,
    walk: Walk,
    kind: JobKind,
    /// What objects are given, of [`JobKind::Retention`].
    retention: Option<Retention>,
    plan: bool,
    of: Of,
    now: Timestamp,
}

/// Objects of a bucket that are worked on.
struct Found {
    bucket: BucketName,
    items: Vec<Item>,
}

/// Starts a job on all that a query finds, or on what failed of an earlier one.
pub(super) async fn start(
    state: &AppState,
    session: &Session,
    order: NewJob,
    query: &QuerySelection,
    of: Of,
) -> Result<TaskRecord, Error> {
    let of_size = FOUND.map(|property| property.name().to_owned());
    let properties = match order.kind {
        JobKind::Export => &query.properties[..],
        _ => &of_size,
    };
    let walk = Walk::new(state, session, &query.query, properties)?;
    if matches!(
        order.kind,
        JobKind::Hold | JobKind::Release | JobKind::Retention
    ) {
        annotations::are_served(state)?;
    }
    let retention = order.retention.as_deref().map(str::parse).transpose();
    let retention = retention.map_err(|why: InvalidRetention| {
        Error::Validation(vec![FieldError::body("retention", why.to_string())])
    })?;
    let new = ordered(state, session, &order, of.earlier())?;
    let work = Work {
        state: state.clone(),
        session: session.clone(),
        s3: session.s3(state)?,
        walk,
        kind: order.kind,
        retention,
        plan: order.plan,
        of,
        now: state.now(),
    };
    state
        .tasks()
        .start_job(new, |handle| run(work, handle))
        .await
}

async fn run(work: Work, handle: Handle) -> Result<(), Ended> {
    let _room = handle.begin().await?;
    if work.kind == JobKind::Export {
        return exporting::export(work.walk, &handle).await;
    }
    if work.plan {
        return plan(&work, &handle).await;
    }
    let mut pages = Pages::new(&work, &handle);
    while let Some(page) = pages.next().await? {
        for found in page {
            let bucket = &found.bucket;
            if work.kind == JobKind::Delete {
                deleting::remove(&work.s3, bucket, Some(bucket), &found.items, &handle).await?;
            } else {
                keep(&work, &found, &handle).await?;
            }
        }
    }
    Ok(())
}

/// Changes what keeps objects: by HCP's own protocol, one by one.
async fn keep(work: &Work, found: &Found, handle: &Handle) -> Result<(), Ended> {
    let bucket = &found.bucket;
    let mut changes = stream::iter(found.items.clone())
        .map(|item| async move {
            let changed = change(work, bucket, &item).await;
            (item, changed)
        })
        .buffered(PARALLEL);
    while let Some((item, changed)) = changes.next().await {
        match changed {
            Ok(()) => handle.update(|progress| {
                progress.done += 1;
                progress.bytes += item.size.unwrap_or_default();
            }),
            Err(Error::Store(error)) if ends_all(&error) => return Err(error.into()),
            Err(error) => handle.fail(&unchanged(bucket, &item, &error)),
        }
        handle.update(plan::at_least_what_is_over);
        handle.step().await?;
    }
    Ok(())
}

async fn change(work: &Work, bucket: &BucketName, item: &Item) -> Result<(), Error> {
    let key = extract::key(&item.key, usize::MAX)?;
    let client = annotations::of(&work.state, &work.session, bucket, &key)?;
    match &work.retention {
        Some(value) => protection::keep(client, value, work.state.now().unix_seconds()).await,
        None => Ok(client.set_hold(work.kind == JobKind::Hold).await?),
    }
}

/// An object that stays as it is, and why.
fn unchanged(bucket: &BucketName, item: &Item, error: &Error) -> JobFailure {
    let problem = error.problem();
    JobFailure {
        key: item.key.clone(),
        bucket: Some(bucket.to_string()),
        version_id: None,
        code: Some(problem.code.as_str()),
        reason: problem.sentence(),
    }
}

/// Counts, and looks at the first objects one by one where they are to go.
async fn plan(work: &Work, handle: &Handle) -> Result<(), Ended> {
    let mut keeps = HashMap::new();
    let mut sum = JobPlan::default();
    let mut pages = Pages::new(work, handle);
    while let Some(page) = pages.next().await? {
        for found in page {
            handle.checkpoint().await?;
            sum.objects += found.items.len() as u64;
            sum.bytes += found.items.iter().filter_map(|item| item.size).sum::<u64>();
            let room = usize::try_from(MAX_CHECKED.saturating_sub(sum.checked)).unwrap_or_default();
            if room > 0 && work.kind == JobKind::Delete {
                let marks = match keeps.get(&found.bucket) {
                    Some(marks) => *marks,
                    None => plan::keeps_versions(&work.s3, &found.bucket).await,
                };
                keeps.insert(found.bucket.clone(), marks);
                look_at(work, &found, room, marks, &mut sum, handle).await?;
            }
            if room > 0
                && let Some(value) = &work.retention
            {
                judge(work, &found, room, value, &mut sum, handle).await?;
            }
        }
        handle.update(|progress| {
            progress.total = sum.objects;
            progress.found = Some(sum.clone());
        });
    }
    handle.update(|progress| progress.found = Some(sum));
    Ok(())
}

async fn look_at(
    work: &Work,
    found: &Found,
    room: usize,
    marks: bool,
    sum: &mut JobPlan,
    handle: &Handle,
) -> Result<(), Ended> {
    let bucket = &found.bucket;
    let looks: Vec<Item> = found.items.iter().take(room).cloned().collect();
    let mut seen = stream::iter(looks)
        .map(|item| async move {
            let mut seen = Seen::default();
            let looked = seen.look(&work.s3, bucket, &item, Some(marks), work.now);
            looked.await.map(|()| seen)
        })
        .buffered(PARALLEL);
    while let Some(seen) = seen.next().await {
        let seen = seen?;
        sum.checked += 1;
        sum.objects -= u64::from(seen.absent);
        if let Some(refused) = seen.refused {
            sum.refused += 1;
            handle.note(&JobFailure {
                bucket: Some(bucket.to_string()),
                ..refused
            });
        }
        handle.step().await?;
    }
    Ok(())
}

/// Looks at what keeps objects that are to be given a retention.
async fn judge(
    work: &Work,
    found: &Found,
    room: usize,
    value: &Retention,
    sum: &mut JobPlan,
    handle: &Handle,
) -> Result<(), Ended> {
    let bucket = &found.bucket;
    let looks: Vec<Item> = found.items.iter().take(room).cloned().collect();
    let mut seen = stream::iter(looks)
        .map(|item| async move {
            let judged = async {
                let key = extract::key(&item.key, usize::MAX)?;
                let client = annotations::of(&work.state, &work.session, bucket, &key)?;
                protection::can_be_kept(client, value, work.now.unix_seconds()).await
            };
            let judged = judged.await;
            (item, judged)
        })
        .buffered(PARALLEL);
    while let Some((item, judged)) = seen.next().await {
        sum.checked += 1;
        match judged {
            Ok(()) => {}
            Err(Error::Store(error)) if ends_all(&error) => return Err(error.into()),
            Err(error) => {
                sum.refused += 1;
                handle.note(&unchanged(bucket, &item, &error));
            }
        }
        handle.step().await?;
    }
    Ok(())
}

/// What is worked on, page by page and by bucket.
struct Pages<'a> {
    walk: Walk,
    work: &'a Work,
    handle: &'a Handle,
    /// How many failures of an earlier job were given out.
    given: u64,
}

impl<'a> Pages<'a> {
    fn new(work: &'a Work, handle: &'a Handle) -> Self {
        Self {
            walk: work.walk.clone(),
            work,
            handle,
            given: 0,
        }
    }

    /// The next page; `None` after the last.
    async fn next(&mut self) -> Result<Option<Vec<Found>>, Ended> {
        self.handle.checkpoint().await?;
        if let Of::FailuresOf(id) = &self.work.of {
            return self.failed(id).await;
        }
        let Some(results) = self.walk.next().await? else {
            return Ok(None);
        };
        let all = self.walk.total();
        self.handle.update(|progress| {
            progress.total = all;
            progress.counted = !self.work.plan;
        });
        let mut page = ByBucket::default();
        for result in results {
            if let Err(failure) = page.add(&result, self.walk.tenant()) {
                self.refuse(&failure);
            }
        }
        Ok(Some(page.done()))
    }

    async fn failed(&mut self, id: &str) -> Result<Option<Vec<Found>>, Ended> {
        let tasks = self.handle.tasks();
        let failures = tasks.failures(id, self.given, 1_000).await?;
        if failures.is_empty() {
            return Ok(None);
        }
        self.given += failures.len() as u64;
        let mut page = ByBucket::default();
        for failure in failures {
            let bucket = failure.bucket.as_deref().map(BucketName::parse);
            match bucket {
                Some(Ok(bucket)) => page.put(bucket, failure.key, None),
                _ => self.refuse(&failure),
            }
        }
        Ok(Some(page.done()))
    }

    /// A plan notes what it would be refused; else it has failed.
    fn refuse(&self, failure: &JobFailure) {
        if self.work.plan {
            self.handle.note(failure);
        } else {
            self.handle.fail(failure);
        }
    }
}

/// Objects, by their buckets.
#[derive(Default)]
struct ByBucket(BTreeMap<BucketName, Vec<Item>>);

impl ByBucket {
    /// Adds a result, or says why it cannot be worked on.
    fn add(&mut self, result: &QueryResult, tenant: &TenantName) -> Result<(), JobFailure> {
        let unknown = || JobFailure {
            key: result.url_name.clone(),
            bucket: result.namespace.clone(),
            version_id: None,
            code: None,
            reason: "the store tells no place of it in this tenant".to_owned(),
        };
        let found = result.location().ok_or_else(unknown)?;
        let bucket = BucketName::parse(found.namespace).map_err(|_fault| unknown())?;
        if !found.tenant.eq_ignore_ascii_case(tenant.as_str()) {
            return Err(unknown());
        }
        let size = result.size.and_then(|size| u64::try_from(size).ok());
        self.put(bucket, found.key, size);
        Ok(())
    }

    fn put(&mut self, bucket: BucketName, key: String, size: Option<u64>) {
        self.0.entry(bucket).or_default().push(Item { key, size });
    }

    fn done(self) -> Vec<Found> {
        let found = self.0.into_iter();
        found
            .map(|(bucket, items)| Found { bucket, items })
            .collect()
    }
}
