//! Copying and moving inside the store.
//!
//! The source of a move goes only after its copy was looked at, and only while it still is what was copied.
//! Where it is not, or where the store refuses to delete it, a copy that stood in nobody's way is taken back,
//! so that the object is where it was.

use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use futures::{StreamExt as _, future, stream};
use hcp::{Conditions, ErrorKind, ObjectCopy, ObjectHead, Stored};
use model::{
    BucketName, ObjectKey,
    job::{ConflictPolicy, JobFailure, JobKind, NewJob},
};

use super::{PARALLEL, Work, ends_all, failure, plan, sources::Item};
use crate::tasks::{Ended, Handle};

/// The highest number that a copy gets because its key is taken.
const MOST_NUMBERED: u32 = 1_000;

/// Copies several at once.
pub(super) async fn transfer(work: &Work, handle: &Handle) -> Result<(), Ended> {
    let claims = Claims::default();
    let mut sources = work.sources(handle);
    while let Some(items) = sources.next().await? {
        handle.checkpoint().await?;
        page(work, items, &claims, handle).await?;
    }
    Ok(())
}

/// Copies a page. When one object ends the whole job, no more are begun, and what is under way comes to
/// its end.
async fn page(
    work: &Work,
    items: Vec<Item>,
    claims: &Claims,
    handle: &Handle,
) -> Result<(), Ended> {
    let ended = AtomicBool::new(false);
    let ended = &ended;
    let mut copies = stream::iter(items)
        .take_while(|_| future::ready(!ended.load(Ordering::Relaxed)))
        .map(|item| one(work, item, claims, handle))
        .buffer_unordered(PARALLEL);
    let mut outcome = Ok(());
    while let Some(one) = copies.next().await {
        if one.is_err() {
            ended.store(true, Ordering::Relaxed);
        }
        outcome = outcome.and(one);
    }
    outcome
}

/// Copies one object unless the job is to stop; an error ends the whole job.
async fn one(work: &Work, item: Item, claims: &Claims, handle: &Handle) -> Result<(), Ended> {
    handle.step().await?;
    match carry(work, &item, claims).await {
        Ok(Carried::Done { bytes }) => handle.update(|progress| {
            progress.done += 1;
            progress.bytes += bytes;
        }),
        Ok(Carried::Skipped) => handle.update(|progress| progress.skipped += 1),
        Err(Refusal::Ends(error)) => return Err(error.into()),
        Err(Refusal::One(failure)) => handle.fail(&failure),
    }
    handle.update(plan::at_least_what_is_over);
    Ok(())
}

/// The keys that copies of this job are being made at: two that find the same name free would otherwise
/// both take it.
#[derive(Default)]
struct Claims(Mutex<HashSet<String>>);

struct Claim<'a> {
    claims: &'a Claims,
    key: String,
}

impl Claims {
    /// Takes a key, unless another copy has it.
    fn take(&self, key: &str) -> Option<Claim<'_>> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = key.to_owned();
        taken
            .insert(key.clone())
            .then_some(Claim { claims: self, key })
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let mut taken = self.claims.0.lock();
        let taken = taken
            .as_mut()
            .map_or_else(|e| &mut **e.get_mut(), |t| &mut **t);
        taken.remove(&self.key);
    }
}

enum Carried {
    Done { bytes: u64 },
    Skipped,
}

/// Why one object was not copied, or not moved.
enum Refusal {
    One(JobFailure),
    Ends(hcp::Error),
}

impl Refusal {
    fn of(key: &str, error: hcp::Error) -> Self {
        if ends_all(&error) {
            Self::Ends(error)
        } else {
            Self::One(failure(key, &error))
        }
    }

    fn because(key: &str, code: &str, reason: String) -> Self {
        Self::One(JobFailure {
            key: key.to_owned(),
            bucket: None,
            version_id: None,
            code: Some(code.to_owned()),
            reason,
        })
    }
}

/// Where a copy goes.
struct Place<'a> {
    key: ObjectKey,
    /// Whether nothing was there.
    free: bool,
    _claim: Claim<'a>,
}

async fn carry(work: &Work, item: &Item, claims: &Claims) -> Result<Carried, Refusal> {
    let name = item.key.as_str();
    let wanted = work.order.target_of(name, work.max_key_bytes);
    let wanted = wanted.map_err(|e| Refusal::because(name, e.code(), e.to_string()))?;
    let wanted = key_of(name, &wanted)?;
    let source = key_of(name, name)?;
    let before = before(work, item, &source).await?;
    let place = match place(work, name, wanted, claims).await? {
        Found::Place(place) => place,
        Found::Skip => return Ok(Carried::Skipped),
        Found::Folder => {
            // The folder is there: only its source is left to go.
            delete_source(work, &source, &before, None).await?;
            return Ok(Carried::Done { bytes: 0 });
        }
    };
    let copy = ObjectCopy::new(&work.bucket, &source, &work.target, &place.key)
        .of_size(before.size)
        .only_if(before.etag.as_deref());
    let stored = work.s3.copy_object_as(&copy).await;
    let stored = stored.map_err(|e| match e.kind() {
        ErrorKind::PreconditionFailed => changed(name, true),
        _ => Refusal::of(name, e),
    })?;
    if work.order.kind == JobKind::Move {
        looked_at(work, name, &before, &stored, &place).await?;
        delete_source(work, &source, &before, Some((&stored, &place))).await?;
    }
    Ok(Carried::Done { bytes: before.size })
}

/// What is copied. A listing tells enough of what is only copied.
async fn before(work: &Work, item: &Item, source: &ObjectKey) -> Result<ObjectHead, Refusal> {
    if let Some(size) = item.size.filter(|_| work.order.kind == JobKind::Copy) {
        return Ok(ObjectHead {
            size,
            ..ObjectHead::default()
        });
    }
    let found = head(work, &work.bucket, source).await;
    let found = found.map_err(|e| Refusal::of(&item.key, e))?;
    found.ok_or_else(|| {
        let reason = "it is not there (any more)".to_owned();
        Refusal::because(&item.key, "object_not_found", reason)
    })
}

fn key_of(name: &str, key: &str) -> Result<ObjectKey, Refusal> {
    ObjectKey::parse(key).map_err(|e| Refusal::because(name, "invalid_key", e.to_string()))
}

/// What there is under a key; `None` where nothing is.
async fn head(
    work: &Work,
    bucket: &BucketName,
    key: &ObjectKey,
) -> Result<Option<ObjectHead>, hcp::Error> {
    let conditions = Conditions::default();
    match work.s3.head_object(bucket, key, None, &conditions).await {
        Ok(head) => Ok(Some(head)),
        Err(e) if matches!(e.kind(), ErrorKind::NotFound { .. }) => Ok(None),
        Err(e) => Err(e),
    }
}

enum Found<'a> {
    Place(Place<'a>),
    Skip,
    /// The folder's own object, which is there.
    Folder,
}

/// Where the copy of an object goes by the policy.
async fn place<'a>(
    work: &Work,
    name: &str,
    wanted: ObjectKey,
    claims: &'a Claims,
) -> Result<Found<'a>, Refusal> {
    let policy = work.order.conflict;
    let mut key = wanted.clone();
    for number in 2..=MOST_NUMBERED {
        if let Some(claim) = claims.take(key.as_str()) {
            let there = match head(work, &work.target, &key).await {
                Ok(there) => there.is_some(),
                // Without the right to list, a store does not tell what is absent from what is not one's.
                Err(_unknown) if policy == ConflictPolicy::Overwrite => true,
                Err(e) if ends_all(&e) => return Err(Refusal::Ends(e)),
                Err(e) => return Err(Refusal::One(plan::unknown(name, &e))),
            };
            let here = work.bucket == work.target && key.as_str() == name;
            if there && key.is_folder() && !here {
                return Ok(Found::Folder);
            }
            if !there || policy == ConflictPolicy::Overwrite {
                return Ok(Found::Place(Place {
                    key,
                    free: !there,
                    _claim: claim,
                }));
            }
        }
        match policy {
            ConflictPolicy::Skip => return Ok(Found::Skip),
            ConflictPolicy::Fail | ConflictPolicy::Overwrite => {
                return Err(Refusal::One(plan::taken(name, &key)));
            }
            ConflictPolicy::Rename => {}
        }
        let next = NewJob::numbered(wanted.as_str(), number, work.max_key_bytes);
        let next = next.ok_or_else(|| Refusal::One(plan::taken(name, &wanted)))?;
        key = key_of(name, &next)?;
    }
    Err(Refusal::One(plan::taken(name, &wanted)))
}

/// Whether a copy is what was copied: its size, that it is the one that was just made, and its entity
/// tag where both are the MD5 of their bytes.
async fn looked_at(
    work: &Work,
    name: &str,
    before: &ObjectHead,
    stored: &Stored,
    place: &Place<'_>,
) -> Result<(), Refusal> {
    let copy = head(work, &work.target, &place.key)
        .await
        .map_err(|e| Refusal::of(name, e))?;
    let differs = copy.is_none_or(|copy| {
        copy.size != before.size
            || copy.etag != stored.etag
            || (is_md5(before) && is_md5(&copy) && copy.etag != before.etag)
    });
    if differs {
        let reason = "its copy is not the same: both were left as they are".to_owned();
        return Err(Refusal::because(name, "copy_differs", reason));
    }
    Ok(())
}

/// Whether an entity tag is the MD5 of the bytes: not that of parts, nor of what the store encrypts.
fn is_md5(head: &ObjectHead) -> bool {
    let tag = head.etag.as_deref().unwrap_or_default().trim_matches('"');
    !head.encrypted && tag.len() == 32 && tag.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Somebody wrote to the source while it was being moved.
fn changed(name: &str, nothing_left: bool) -> Refusal {
    let reason = if nothing_left {
        "it changed while it was being moved, so it stays where it is"
    } else {
        "it changed after it was copied: both were left as they are"
    };
    Refusal::because(name, "source_changed", reason.to_owned())
}

/// Deletes the source of a move, if it still is what was copied; whether it is gone.
///
/// A store that deletes on a condition is told it. For others it is looked at right before, which leaves the
/// time between two calls.
async fn delete_unchanged(
    work: &Work,
    source: &ObjectKey,
    before: &ObjectHead,
) -> Result<bool, hcp::Error> {
    let Some(now) = head(work, &work.bucket, source).await? else {
        return Ok(true);
    };
    let same = now.size == before.size
        && now.etag == before.etag
        && now.version_id == before.version_id
        && now.last_modified == before.last_modified;
    if !same {
        return Ok(false);
    }
    let deleted = match before.etag.as_deref().filter(|_| work.conditional) {
        Some(etag) => work.s3.delete_object_if(&work.bucket, source, etag).await,
        None => work.s3.delete_object(&work.bucket, source, None).await,
    };
    match deleted {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == ErrorKind::PreconditionFailed => Ok(false),
        Err(e) => Err(e),
    }
}

/// Removes a copy again, unless it took the place of something that would not come back.
async fn take_back(work: &Work, copy: Option<(&Stored, &Place<'_>)>) -> bool {
    let Some((stored, place)) = copy else {
        return false;
    };
    let version = stored.version_id.as_deref();
    if !place.free && version.is_none() {
        return false;
    }
    let removed = work.s3.delete_object(&work.target, &place.key, version);
    removed.await.is_ok()
}

/// Deletes the source of a move. Where that cannot be, the copy goes again.
async fn delete_source(
    work: &Work,
    source: &ObjectKey,
    before: &ObjectHead,
    copy: Option<(&Stored, &Place<'_>)>,
) -> Result<(), Refusal> {
    if work.order.kind != JobKind::Move {
        return Ok(());
    }
    let error = match delete_unchanged(work, source, before).await {
        Ok(true) => return Ok(()),
        Ok(false) => {
            let taken_back = take_back(work, copy).await;
            return Err(changed(source.as_str(), taken_back));
        }
        Err(error) => error,
    };
    let told = failure(source.as_str(), &error);
    let said = told.reason;
    let refused = matches!(error.kind(), ErrorKind::Denied | ErrorKind::Conflict);
    let taken_back = refused && take_back(work, copy).await;
    let reason = if taken_back {
        format!("it could not be deleted, so it was not moved: {said}")
    } else {
        format!("it was copied, but could not be deleted: {said}")
    };
    if ends_all(&error) {
        return Err(Refusal::Ends(error));
    }
    Err(Refusal::One(JobFailure { reason, ..told }))
}
