//! What becomes of things when their time has come: uploads are dropped, old versions pruned, objects whose
//! retention has ended disposed of. Each in a write of its own, so that others do not wait for them all.

use std::{
    collections::VecDeque,
    ops::AddAssign,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::Connection;

use crate::{
    Error,
    profile::Habits,
    store::{
        Store, aging, buckets, records, removals, temporary_keys, uploads,
        usage::{self, DAY_MS},
        versions,
    },
};

/// How long temporary keys are known after their end.
const KEYS_MS: i64 = DAY_MS;

/// How many things are looked up at a time.
const PAGE: usize = 500;

/// What was looked at, and what was done about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Work {
    pub(crate) examined: usize,
    pub(crate) done: usize,
}

impl Work {
    fn count(&mut self, done: bool) {
        self.examined += 1;
        self.done += usize::from(done);
    }
}

impl AddAssign for Work {
    fn add_assign(&mut self, other: Self) {
        self.examined += other.examined;
        self.done += other.done;
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Swept {
    /// Uploads that were dropped.
    pub(crate) uploads: Work,
    /// Old versions that were pruned.
    pub(crate) pruned: Work,
    /// Objects that were disposed of.
    pub(crate) disposed: Work,
}

impl Swept {
    /// What was removed without anybody having asked for the object to go.
    pub(crate) fn collected(&self) -> Work {
        let mut all = self.uploads;
        all += self.pruned;
        all
    }
}

/// One run, under way or over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub(crate) began_ms: i64,
    pub(crate) ended_ms: Option<i64>,
    pub(crate) swept: Swept,
}

/// How many runs are remembered: about those of a week.
const RUNS: usize = 1_000;

/// The present run, and those before.
#[derive(Debug, Default)]
pub(crate) struct Runs(Mutex<VecDeque<Run>>);

impl Runs {
    /// The present or last run.
    pub(crate) fn last(&self) -> Option<Run> {
        self.lock().back().copied()
    }

    /// All that are remembered, the oldest first.
    pub(crate) fn all(&self) -> Vec<Run> {
        self.lock().iter().copied().collect()
    }

    /// Notes that a run has begun, or what became of it.
    pub(crate) fn note(&self, run: Run) {
        let mut runs = self.lock();
        match runs.back_mut() {
            Some(last) if last.ended_ms.is_none() && last.began_ms == run.began_ms => *last = run,
            _ => runs.push_back(run),
        }
        if runs.len() > RUNS {
            runs.pop_front();
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Run>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long what is kept, where its namespace does not say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept {
    /// Uploads that nobody touches.
    pub(crate) idle: Duration,
    /// What happened in the hours that are charged.
    pub(crate) charged_days: i64,
    /// Who changed what.
    pub(crate) audit_days: i64,
    /// What was deleted.
    pub(crate) operation_days: i64,
}

/// Does what is due.
pub(crate) async fn run(
    store: &Store,
    habits: Habits,
    now_ms: i64,
    kept: Kept,
) -> Result<Swept, Error> {
    let all = store.read(buckets::all).await?;
    let mut swept = Swept::default();
    for bucket in &all {
        let days = bucket.settings.multipart_upload_auto_abort_days;
        if days > 0 {
            swept.uploads += abort_old(store, bucket.id, now_ms - days * DAY_MS).await?;
        }
        let settings = &bucket.settings.versions;
        if settings.prune || !settings.keep_deletion_records {
            swept.pruned += prune(store, bucket.id, now_ms).await?;
        }
        if bucket.settings.disposition_enabled {
            swept.disposed += dispose(store, habits, bucket.id, now_ms).await?;
        }
    }
    let idle_ms = i64::try_from(kept.idle.as_millis()).unwrap_or(i64::MAX);
    swept.uploads += drop_idle(store, now_ms.saturating_sub(idle_ms)).await?;
    store
        .write(move |write| temporary_keys::sweep(write.connection, now_ms - KEYS_MS))
        .await?;
    forget_usage(store, now_ms - kept.charged_days * DAY_MS).await?;
    forget_records(store, now_ms - kept.audit_days * DAY_MS).await?;
    forget_removals(store, now_ms - kept.operation_days * DAY_MS).await?;
    Ok(swept)
}

/// Forgets who changed what before a time.
async fn forget_records(store: &Store, before_ms: i64) -> Result<(), Error> {
    loop {
        let dropped = store.write(move |write| records::forget(write.connection, before_ms));
        if !dropped.await? {
            return Ok(());
        }
    }
}

/// Forgets what was deleted before a time.
async fn forget_removals(store: &Store, before_ms: i64) -> Result<(), Error> {
    loop {
        let dropped = store.write(move |write| removals::forget(write.connection, before_ms));
        if !dropped.await? {
            return Ok(());
        }
    }
}

/// Forgets what happened in the hours before a time.
async fn forget_usage(store: &Store, before_ms: i64) -> Result<(), Error> {
    let before_ms = usage::hour_of(before_ms);
    let found = store
        .read(move |connection| usage::old(connection, before_ms))
        .await?;
    for old in found {
        let old = Arc::new(old);
        loop {
            let some = Arc::clone(&old);
            let dropped = store.write(move |write| usage::forget(write.connection, &some));
            if !dropped.await? {
                break;
            }
        }
    }
    store
        .write(move |write| usage::forget_gaps(write.connection, before_ms))
        .await
}

async fn abort_old(store: &Store, bucket_id: i64, before_ms: i64) -> Result<Work, Error> {
    let found = store
        .read(move |connection| uploads::begun_before(connection, bucket_id, before_ms))
        .await?;
    let mut work = Work::default();
    for id in found {
        let gone = store
            .write(move |write| {
                let Some(bucket) = buckets::by_id(write.connection, bucket_id)? else {
                    return Ok(false);
                };
                let is_open = uploads::is_open(write.connection, id)?;
                if is_open {
                    uploads::abort(write, &bucket, id)?;
                }
                Ok(is_open)
            })
            .await?;
        work.count(gone);
    }
    Ok(work)
}

/// Drops uploads that nobody has touched since, where the namespace does not keep them for ever.
async fn drop_idle(store: &Store, before_ms: i64) -> Result<Work, Error> {
    let found = store
        .read(move |connection| uploads::idle(connection, before_ms))
        .await?;
    let mut work = Work::default();
    for (id, bucket_id) in found {
        let gone = store
            .write(
                move |write| match buckets::by_id(write.connection, bucket_id)? {
                    Some(bucket) if bucket.settings.multipart_upload_auto_abort_days > 0 => {
                        uploads::expire(write, &bucket, id, before_ms)
                    }
                    _ => Ok(false),
                },
            )
            .await?;
        work.count(gone);
    }
    Ok(work)
}

/// Looks candidates up page by page, those behind `after`.
async fn page(
    store: &Store,
    look: impl Fn(&Connection, i64, usize) -> Result<Vec<i64>, Error> + Send + 'static,
    after: i64,
) -> Result<Vec<i64>, Error> {
    store
        .read(move |connection| look(connection, after, PAGE))
        .await
}

async fn prune(store: &Store, bucket_id: i64, now_ms: i64) -> Result<Work, Error> {
    let (mut work, mut after) = (Work::default(), 0);
    loop {
        let look = move |connection: &Connection, after, limit| match buckets::by_id(
            connection, bucket_id,
        )? {
            Some(bucket) => aging::prunable(connection, &bucket, now_ms, after, limit),
            None => Ok(Vec::new()),
        };
        let found = page(store, look, after).await?;
        let Some(last) = found.last() else {
            return Ok(work);
        };
        after = *last;
        for id in found {
            let gone = store
                .write(
                    move |write| match buckets::by_id(write.connection, bucket_id)? {
                        Some(bucket) => versions::prune(write, &bucket, id, now_ms),
                        None => Ok(false),
                    },
                )
                .await?;
            work.count(gone);
        }
    }
}

async fn dispose(
    store: &Store,
    habits: Habits,
    bucket_id: i64,
    now_ms: i64,
) -> Result<Work, Error> {
    let (mut work, mut after) = (Work::default(), 0);
    loop {
        let look = move |connection: &Connection, after, limit| {
            aging::disposable(connection, bucket_id, now_ms, after, limit)
        };
        let found = page(store, look, after).await?;
        let Some(last) = found.last() else {
            return Ok(work);
        };
        after = *last;
        for id in found {
            let gone = store
                .write(
                    move |write| match buckets::by_id(write.connection, bucket_id)? {
                        Some(bucket) => versions::dispose(write, &bucket, id, &habits, now_ms),
                        None => Ok(false),
                    },
                )
                .await?;
            work.count(gone);
        }
    }
}
