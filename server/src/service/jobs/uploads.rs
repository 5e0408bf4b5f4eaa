//! Multipart uploads that are not completed: what they hold, bucket by bucket, and giving up the old ones.

use futures::{StreamExt as _, stream};
use hcp::{ErrorKind, S3};
use model::{
    BucketName, ObjectKey, Timestamp, UploadId,
    job::{
        BucketUploads, JobFailure, JobKind, JobPlan, MAX_RESULTS, NewJob, Unfinished,
        UnfinishedSums,
    },
    multipart::{ListUploadsQuery, OpenUpload},
};

use super::{ends_all, failure, ordered};
use crate::{
    Error,
    db::tasks::{Progress, TaskRecord},
    service::facts,
    session::Session,
    state::AppState,
    tasks::{Ended, Handle},
    web::extract,
};

/// Calls of one job that are under way at once.
const AT_ONCE: usize = 6;
/// Lines that are kept at once.
const LINES: usize = 1_000;

/// The unfinished uploads of a bucket, page by page.
pub(super) struct Pages<'a> {
    s3: &'a S3,
    bucket: &'a BucketName,
    query: Option<ListUploadsQuery>,
}

impl<'a> Pages<'a> {
    pub(super) fn new(s3: &'a S3, bucket: &'a BucketName) -> Self {
        Self {
            s3,
            bucket,
            query: Some(ListUploadsQuery::default()),
        }
    }

    /// The next page; none behind the last.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<OpenUpload>>, hcp::Error> {
        let Some(query) = self.query.take() else {
            return Ok(None);
        };
        let page = match self.s3.list_uploads(self.bucket, &query).await {
            // Stores without multipart uploads have none.
            Err(error) if error.kind() == ErrorKind::NotSupported => return Ok(None),
            page => page?,
        };
        let next = ListUploadsQuery {
            key_marker: page.next_key_marker,
            upload_id_marker: page.next_upload_id_marker,
            ..ListUploadsQuery::default()
        };
        // A store that does not advance would be asked for ever.
        let goes_on = page.is_truncated && next != query && next.key_marker.is_some();
        self.query = goes_on.then_some(next);
        Ok(Some(page.uploads))
    }
}

/// What was seen of an upload.
pub(super) enum Seen {
    /// So many bytes have arrived.
    Bytes(u64),
    /// It was completed or given up meanwhile.
    Gone,
    /// The store does not tell its parts, as HCP to others than who began it.
    Refused(JobFailure),
}

/// Adds up the parts of an upload.
pub(super) async fn look_into(
    s3: &S3,
    bucket: &BucketName,
    upload: &OpenUpload,
) -> Result<Seen, Ended> {
    let Some((key, id)) = named(upload) else {
        return Ok(Seen::Bytes(0));
    };
    let (mut bytes, mut marker) = (0_u64, None);
    loop {
        let page = match s3.list_parts(bucket, &key, &id, None, marker).await {
            Ok(page) => page,
            Err(error) if ends_all(&error) => return Err(error.into()),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound { .. }) => {
                return Ok(Seen::Gone);
            }
            Err(error) => return Ok(Seen::Refused(failure(&upload.key, &error))),
        };
        let sizes = page.parts.iter().filter_map(|part| part.size);
        bytes = bytes.saturating_add(sizes.sum());
        let next = page.next_part_number_marker;
        if !page.is_truncated || next <= marker {
            return Ok(Seen::Bytes(bytes));
        }
        marker = next;
    }
}

/// Key and id as the store takes them; none that it can have told.
fn named(upload: &OpenUpload) -> Option<(ObjectKey, UploadId)> {
    let key = ObjectKey::parse(upload.key.as_str()).ok()?;
    let id = UploadId::parse(upload.upload_id.as_str()).ok()?;
    Some((key, id))
}

/// A job that is about to begin.
struct Work {
    state: AppState,
    session: Session,
    s3: S3,
    order: NewJob,
    now: Timestamp,
}

/// Starts a job on the unfinished uploads of the buckets that were chosen, or of all.
pub(super) async fn start(
    state: &AppState,
    session: &Session,
    order: NewJob,
) -> Result<TaskRecord, Error> {
    let new = ordered(state, session, &order, None)?;
    let work = Work {
        state: state.clone(),
        session: session.clone(),
        s3: session.s3(state)?,
        order,
        now: state.now(),
    };
    state
        .tasks()
        .start_job(new, |handle| run(work, handle))
        .await
}

async fn run(work: Work, handle: Handle) -> Result<(), Ended> {
    let _room = handle.begin().await?;
    let buckets = work.buckets().await?;
    if work.order.kind == JobKind::AbortUploads && !work.order.plan {
        return abort_all(&work, &buckets, &handle).await;
    }
    measure(&work, &buckets, &handle).await
}

impl Work {
    /// The buckets that were chosen, or all that the caller can name.
    async fn buckets(&self) -> Result<Vec<BucketName>, Error> {
        if !self.order.buckets.is_empty() {
            let chosen = self.order.buckets.iter();
            return chosen.map(|name| extract::bucket(name)).collect();
        }
        let reachable = facts::reachable(&self.state, &self.session).await?;
        let names = reachable.buckets.into_iter().map(|bucket| bucket.name);
        // What is no name here cannot be asked for either.
        Ok(names
            .filter_map(|name| BucketName::parse(name).ok())
            .collect())
    }

    /// Whether it is meant.
    fn is_meant(&self, upload: &OpenUpload) -> bool {
        let days = self.order.older_than_days;
        days.is_none_or(|days| upload.is_older_than(days, self.now))
    }
}

/// A bucket that does not tell its uploads keeps no other from being looked through.
fn refused(bucket: &BucketName, error: hcp::Error, handle: &Handle) -> Result<(), Ended> {
    if ends_all(&error) {
        return Err(error.into());
    }
    handle.note(&failure(bucket.as_str(), &error));
    Ok(())
}

/// Adds up what is unfinished; the buckets are told at the end, those with most bytes first.
async fn measure(work: &Work, buckets: &[BucketName], handle: &Handle) -> Result<(), Ended> {
    let mut sums = UnfinishedSums::default();
    let mut lines = Vec::new();
    for bucket in buckets {
        let mut own = Unfinished::default();
        let whole = measure_one(work, bucket, &mut own, handle).await?;
        sums.buckets += 1;
        sums.refused += u64::from(!whole);
        sums.unfinished.add(&own);
        if own.uploads > 0 {
            lines.push(BucketUploads {
                bucket: bucket.to_string(),
                unfinished: own,
            });
        }
        handle.update(|progress| told(progress, work, &sums));
    }
    BucketUploads::sort(&mut lines);
    lines.truncate(usize::try_from(MAX_RESULTS).unwrap_or(usize::MAX));
    for lines in lines.chunks(LINES) {
        for line in lines {
            handle.find(line);
        }
        handle.checkpoint().await?;
    }
    Ok(())
}

/// Tells the sums so far.
fn told(progress: &mut Progress, work: &Work, sums: &UnfinishedSums) {
    progress.unfinished = Some(*sums);
    if work.order.plan {
        progress.found = Some(JobPlan {
            uploads: sums.unfinished.uploads,
            bytes: sums.unfinished.bytes,
            ..JobPlan::default()
        });
    } else {
        progress.bytes = sums.unfinished.bytes;
    }
}

/// Adds up the uploads of a bucket, and says whether it told all of them.
async fn measure_one(
    work: &Work,
    bucket: &BucketName,
    own: &mut Unfinished,
    handle: &Handle,
) -> Result<bool, Ended> {
    let mut pages = Pages::new(&work.s3, bucket);
    loop {
        handle.step().await?;
        let page = match pages.next().await {
            Ok(page) => page,
            Err(error) => {
                refused(bucket, error, handle)?;
                return Ok(false);
            }
        };
        let Some(mut page) = page else {
            return Ok(true);
        };
        page.retain(|upload| work.is_meant(upload));
        let mut looks = stream::iter(page)
            .map(|upload| async move { (look_into(&work.s3, bucket, &upload).await, upload) })
            .buffered(AT_ONCE);
        while let Some((seen, upload)) = looks.next().await {
            match seen? {
                Seen::Bytes(bytes) => own.count(&upload, Some(bytes)),
                Seen::Gone => {}
                Seen::Refused(why) => {
                    own.count(&upload, None);
                    handle.note(&of_bucket(bucket, why));
                }
            }
            handle.update(|progress| progress.done += u64::from(!work.order.plan));
            handle.step().await?;
        }
    }
}

fn of_bucket(bucket: &BucketName, why: JobFailure) -> JobFailure {
    JobFailure {
        bucket: Some(bucket.to_string()),
        ..why
    }
}

/// Counts the uploads that are meant, and then gives them up.
async fn abort_all(work: &Work, buckets: &[BucketName], handle: &Handle) -> Result<(), Ended> {
    for bucket in buckets {
        let mut pages = Pages::new(&work.s3, bucket);
        // What cannot be listed is told when its turn comes.
        while let Ok(Some(page)) = pages.next().await {
            let meant = page.iter().filter(|upload| work.is_meant(upload)).count();
            handle.update(|progress| progress.total += meant as u64);
            handle.step().await?;
        }
    }
    handle.update(|progress| progress.counted = true);
    for bucket in buckets {
        abort_in(work, bucket, handle).await?;
    }
    Ok(())
}

async fn abort_in(work: &Work, bucket: &BucketName, handle: &Handle) -> Result<(), Ended> {
    let mut pages = Pages::new(&work.s3, bucket);
    loop {
        handle.checkpoint().await?;
        let page = match pages.next().await {
            Ok(page) => page,
            Err(error) if ends_all(&error) => return Err(error.into()),
            Err(error) => {
                handle.fail(&failure(bucket.as_str(), &error));
                return Ok(());
            }
        };
        let Some(mut page) = page else {
            return Ok(());
        };
        page.retain(|upload| work.is_meant(upload));
        let mut going = stream::iter(page)
            .map(|upload| async move { (abort(work, bucket, &upload).await, upload) })
            .buffered(AT_ONCE);
        while let Some((gone, upload)) = going.next().await {
            match gone {
                Ok(true) => handle.update(|progress| progress.done += 1),
                Ok(false) => handle.update(|progress| progress.skipped += 1),
                Err(error) if ends_all(&error) => return Err(error.into()),
                Err(error) => {
                    handle.fail(&of_bucket(bucket, failure(&upload.key, &error)));
                }
            }
            handle.step().await?;
        }
    }
}

/// Gives an upload up; false where it was completed or given up meanwhile.
async fn abort(work: &Work, bucket: &BucketName, upload: &OpenUpload) -> Result<bool, hcp::Error> {
    let Some((key, id)) = named(upload) else {
        return Ok(false);
    };
    match work.s3.abort_upload(bucket, &key, &id).await {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound { .. }) => Ok(false),
        gone => gone.map(|()| true),
    }
}
