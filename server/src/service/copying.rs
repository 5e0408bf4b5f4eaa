//! Copying, moving and renaming all below a prefix, inside the store.

use std::sync::atomic::{AtomicBool, Ordering};

use futures::{StreamExt, future, stream};
use hcp::{ErrorKind, ObjectCopy, S3};
use model::{
    BucketName, ErrorCode, ObjectKey,
    object::{DeletionError, Object},
    task::PrefixCopy,
};

use super::{counting::add_to_total, pages::Pages};
use crate::{
    Error,
    tasks::{Ended, Handle},
};

/// Copies under way at once.
const PARALLEL: usize = 8;

/// A copy of a prefix that makes sense.
#[derive(Clone, Debug)]
pub struct Plan {
    copy: PrefixCopy,
    source: BucketName,
    target: BucketName,
    max_key_bytes: usize,
}

impl Plan {
    /// Refuses copies that would be sources again, and a whole bucket moved by mistake.
    pub fn new(
        copy: PrefixCopy,
        source: BucketName,
        target: BucketName,
        max_key_bytes: usize,
    ) -> Result<Self, Error> {
        if source == target && copy.is_inside_itself() {
            return Err(Error::bad_request(
                ErrorCode::InvalidArgument,
                "The target lies inside the source: choose another prefix or another bucket.",
            ));
        }
        if copy.moves && copy.source_prefix.is_empty() && !copy.all {
            return Err(Error::bad_request(
                ErrorCode::InvalidArgument,
                "An empty prefix means the whole bucket. Set `all` to true if that is meant.",
            ));
        }
        Ok(Self {
            copy,
            source,
            target,
            max_key_bytes,
        })
    }

    /// Refuses buckets that are not there. An account may copy to one that it may not look at.
    pub async fn check_buckets(&self, s3: &S3) -> Result<(), Error> {
        for bucket in [&self.source, &self.target] {
            match s3.head_bucket(bucket).await {
                Err(e) if e.kind() != ErrorKind::Denied => return Err(e.into()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Where an object goes.
    fn target_of(&self, key: &str) -> Result<ObjectKey, String> {
        let target = self
            .copy
            .target_of(key)
            .ok_or("the store listed a key outside of the prefix")?;
        if self.source == self.target && target.starts_with(&self.copy.source_prefix) {
            // Moving `a/b/` to `a/` takes `a/b/b/x` to `a/b/x`, which may still be to be copied.
            return Err("its copy would lie among the sources".to_owned());
        }
        if target.len() > self.max_key_bytes {
            return Err(format!(
                "its copy's key would have {} bytes; the store takes {}",
                target.len(),
                self.max_key_bytes
            ));
        }
        ObjectKey::parse(target).map_err(|e| e.to_string())
    }
}

/// Copies several at once. What fails alone is listed, and the rest goes on.
pub async fn copy(s3: S3, plan: Plan, handle: Handle) -> Result<(), Ended> {
    let prefix = &plan.copy.source_prefix;
    add_to_total(&s3, &plan.source, prefix, &handle).await?;
    let mut pages = Pages::below(&s3, &plan.source, prefix);
    while let Some(page) = pages.next().await? {
        handle.checkpoint().await?;
        copy_page(&s3, &plan, page.objects, &handle).await?;
    }
    Ok(())
}

/// Copies a page. When one object ends the whole task, no more are begun, and what is under way comes
/// to its end.
async fn copy_page(
    s3: &S3,
    plan: &Plan,
    objects: Vec<Object>,
    handle: &Handle,
) -> Result<(), Ended> {
    let ended = AtomicBool::new(false);
    let ended = &ended;
    let mut copies = stream::iter(objects)
        .take_while(|_| future::ready(!ended.load(Ordering::Relaxed)))
        .map(|object| copy_one(s3, plan, object, handle))
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

/// Copies one object unless the task is to stop; an error ends the whole task.
async fn copy_one(s3: &S3, plan: &Plan, object: Object, handle: &Handle) -> Result<(), Ended> {
    handle.step().await?;
    let refused = match transfer(s3, plan, &object).await {
        Ok(()) => None,
        Err(Refusal::Copy(error)) if ends_all(&error) => return Err(error.into()),
        Err(refusal) => Some(refusal),
    };
    handle.update(|progress| {
        match refused {
            None => {
                progress.done += 1;
                progress.bytes += object.size;
            }
            Some(refusal) => progress.fail(refusal.of(object.key)),
        }
        progress.total = progress.total.max(progress.done + progress.failed);
    });
    Ok(())
}

/// Why one object was not copied, or not moved.
enum Refusal {
    /// There is no key for its copy.
    Key(String),
    /// The store's word.
    Copy(hcp::Error),
    /// It is copied, but the source is there still.
    Deletion(hcp::Error),
}

impl Refusal {
    fn of(self, key: String) -> DeletionError {
        let (code, message) = match self {
            Self::Key(reason) => (None, reason),
            Self::Copy(e) => (e.store_code().map(str::to_owned), e.to_string()),
            Self::Deletion(e) => (
                e.store_code().map(str::to_owned),
                format!("it was copied, but could not be deleted: {e}"),
            ),
        };
        DeletionError {
            key,
            code,
            message: Some(message),
        }
    }
}

/// The copy, and only after it the deletion of the source.
async fn transfer(s3: &S3, plan: &Plan, object: &Object) -> Result<(), Refusal> {
    let target = plan.target_of(&object.key).map_err(Refusal::Key)?;
    let source = ObjectKey::parse(object.key.as_str()).map_err(|e| Refusal::Key(e.to_string()))?;
    let copy = ObjectCopy::new(&plan.source, &source, &plan.target, &target).of_size(object.size);
    s3.copy_object_as(&copy).await.map_err(Refusal::Copy)?;
    if plan.copy.moves {
        s3.delete_object(&plan.source, &source, None)
            .await
            .map_err(Refusal::Deletion)?;
    }
    Ok(())
}

/// Whether the next object would fare no better.
fn ends_all(error: &hcp::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unreachable
            | ErrorKind::TimedOut
            | ErrorKind::Unauthenticated
            | ErrorKind::OutOfSpace
    )
}
