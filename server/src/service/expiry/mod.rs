//! Temporary files: objects that Hako removes when their time is over.
//!
//! An end belongs to one writing of a key, told by entity tag, time and version, and never to the key: what is written
//! anew, by whatever means, stays, and the end is forgotten; only what is described anew through Hako, a copy onto
//! itself, keeps its end ([`carried`]). Where the end is set before the file is written, by a
//! presigned PUT, it belongs to the first writing that a sweep sees and that is not what stood there at the call; a
//! URL must therefore not live longer than the file. So until that first writing is seen, a file that somebody else
//! writes under the name by means that Hako does not see is taken for it; what is written through Hako, or by a URL
//! that was signed without an end, is not. The first gives such an end up ([`cleared`]). So does the second where it is
//! signed after the call ([`presigned_without`]); where it was signed before and still works, what is written while it
//! may still be written by it stays, as nobody can tell by which of the two it came.
//!
//! The end of an upload in parts is noted before the store is asked to complete it, by what its entity tag will be
//! ([`completing`]), so that neither a failure nor the death of this server between the two leaves it without.
//!
//! The removal is conditional where the store has that. Elsewhere Hako looks directly before it removes. In a bucket
//! with versions it makes a delete marker, as a lifecycle rule does, so that nothing is lost there in any case.

pub mod carried;
pub mod completing;
mod sweep;

use std::{
    collections::HashMap,
    sync::{MutexGuard, PoisonError},
};

use hcp::{Conditions, ErrorKind, ObjectHead, S3};
use model::{
    BucketName, ObjectKey, TenantName, Timestamp, expiry::LONGEST_LIFE, object::ObjectDetails,
    problem::FieldError,
};
use tokio::sync::Mutex;

pub use self::sweep::{sweep, sweep_again_and_again};
use super::reach;
use crate::{
    Error,
    db::{
        expiries::{self, Expiries as _, Expiry, ExpiryStore, Facts, Of, Written},
        links::Maker,
    },
    session::Session,
    state::AppState,
};

/// For how many seconds after the end a file may still come, whose upload began before it.
const LATE: i64 = 3_600;

/// The ends of temporary files.
pub struct TemporaryFiles {
    store: ExpiryStore,
    /// This server, among those that share a Redis.
    who: String,
    sweeping: Mutex<()>,
    /// Whose credentials the store refused, by their digest, and until when it is not asked again.
    refused: std::sync::Mutex<HashMap<[u8; 32], i64>>,
}

impl TemporaryFiles {
    /// On what is kept.
    pub fn new(store: ExpiryStore) -> Self {
        Self {
            store,
            who: mark(),
            sweeping: Mutex::default(),
            refused: std::sync::Mutex::default(),
        }
    }
}

impl TemporaryFiles {
    /// What is kept.
    pub(super) fn store(&self) -> &ExpiryStore {
        &self.store
    }

    fn refused(&self) -> MutexGuard<'_, HashMap<[u8; 32], i64>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn mark() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

pub(super) fn id(session: &Session, bucket: &BucketName, key: &ObjectKey) -> String {
    let tenant = session.claims.credentials.tenant.as_ref();
    expiries::id(
        tenant.map(TenantName::as_str),
        bucket.as_str(),
        key.as_str(),
    )
}

/// What the credentials are sealed for: nobody who can write into what is kept can have anything else removed.
fn belongs(id: &str) -> Vec<u8> {
    format!("expiry\0{id}").into_bytes()
}

/// What stands there.
async fn stands(
    s3: &S3,
    bucket: &BucketName,
    key: &ObjectKey,
) -> Result<Option<Written>, hcp::Error> {
    match s3
        .head_object(bucket, key, None, &Conditions::default())
        .await
    {
        Ok(head) => Ok(Some(Written::from(&head))),
        Err(e) if matches!(e.kind(), ErrorKind::NotFound { .. }) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Sets the end of a file, in place of any other: of the writing with this entity tag, or of the one that is to come.
/// When it ends; `None` where the writing is there no more, so that there is nothing to remove.
///
/// # Errors
/// 422 of a life that is none; what the store says to the caller who looks at the object.
pub async fn set(
    state: &AppState,
    session: &Session,
    (bucket, key): (&BucketName, &ObjectKey),
    ttl_seconds: u64,
    known: Option<&str>,
) -> Result<Option<Timestamp>, Error> {
    if !(1..=LONGEST_LIFE).contains(&ttl_seconds) {
        let why = format!("from 1 to {LONGEST_LIFE} seconds");
        return Err(Error::Validation(vec![FieldError::body("ttl", why)]));
    }
    let id = id(session, bucket, key);
    let found = stands(&session.s3(state)?, bucket, key).await?;
    let of = match (known, found) {
        (None, instead_of) => {
            let open = state.temporary().store.find(&opened(&id)).await?;
            let since = open.and_then(|open| still_unused(&open.facts, instead_of.as_ref()));
            Of::Next { instead_of, since }
        }
        (Some(etag), Some(found)) if found.etag.as_deref() == Some(etag) => Of::This(found),
        // Somebody else was faster.
        (Some(_), _) => {
            state.temporary().store.forget(&id, None).await?;
            return Ok(None);
        }
    };
    let (expiry, ends) = from_now(state, session, (bucket, key), ttl_seconds, of)?;
    state.temporary().store.put(&expiry).await?;
    Ok(Some(ends))
}

/// The end of a key, so many seconds from now, as it is kept; and when that is.
pub(super) fn from_now(
    state: &AppState,
    session: &Session,
    (bucket, key): (&BucketName, &ObjectKey),
    seconds: u64,
    of: Of,
) -> Result<(Expiry, Timestamp), Error> {
    let now = state.now().unix_seconds();
    let expires_at = after(now, seconds)?;
    let ends = Timestamp::from_unix_seconds(expires_at)
        .ok_or_else(|| Error::internal("an end outside the calendar"))?;
    let facts = Facts {
        set_at: now,
        expires_at,
        of,
        ..facts(state, session, bucket, key)
    };
    let expiry = made(state, session, id(session, bucket, key), facts)?;
    Ok((expiry, ends))
}

/// Who sets an end.
pub(super) fn maker(state: &AppState, session: &Session) -> Maker {
    let credentials = &session.claims.credentials;
    Maker {
        level: reach::level(state, &session.claims),
        tenant: credentials.tenant.as_ref().map(TenantName::to_string),
        person: credentials.username.to_string(),
    }
}

/// So many seconds after a moment.
fn after(start: i64, seconds: u64) -> Result<i64, Error> {
    let seconds = i64::try_from(seconds).map_err(Error::internal)?;
    Ok(start.saturating_add(seconds))
}

/// Who asks for which file; the rest is the caller's.
fn facts(state: &AppState, session: &Session, bucket: &BucketName, key: &ObjectKey) -> Facts {
    Facts {
        maker: maker(state, session),
        bucket: bucket.to_string(),
        key: key.to_string(),
        set_at: 0,
        expires_at: 0,
        of: Of::Open,
        failures: 0,
    }
}

/// What is to be kept of an end, first looked at when it is over or when its file may be there.
fn made(state: &AppState, session: &Session, id: String, facts: Facts) -> Result<Expiry, Error> {
    let credentials = &session.claims.credentials;
    let sealed = state.tokens().seal_expiry(&belongs(&id), credentials)?;
    Ok(Expiry {
        id,
        mark: mark(),
        due: match facts.of {
            Of::This(_) | Of::Open => facts.expires_at,
            Of::Next { .. } | Of::Completed { .. } => facts.set_at,
        },
        facts,
        sealed,
    })
}

/// From when on a file can only be that of a URL with an end, where one without was signed before; `None` where it
/// has been used, since something was written after it was signed.
fn still_unused(open: &Facts, stands: Option<&Written>) -> Option<i64> {
    let used = stands.and_then(|stands| stands.modified);
    if used.is_some_and(|modified| modified >= open.set_at) {
        return None;
    }
    // An upload that began in time may take long.
    Some(open.expires_at.saturating_add(LATE))
}

/// The id of the note that a URL without an end works for this key.
fn opened(id: &str) -> String {
    // No tenant's name begins so.
    format!("!{id}")
}

/// When a key ends, if an end is set. The caller has seen that the session may read the object.
pub async fn of(
    state: &AppState,
    session: &Session,
    bucket: &BucketName,
    key: &ObjectKey,
) -> Result<Option<Timestamp>, Error> {
    let id = id(session, bucket, key);
    let found = state.temporary().store.find(&id).await?;
    Ok(found.and_then(|expiry| Timestamp::from_unix_seconds(expiry.facts.expires_at)))
}

/// When what was just looked at ends; not if it was written anew since.
pub async fn of_seen(
    state: &AppState,
    session: &Session,
    (bucket, key): (&BucketName, &ObjectKey),
    seen: Written,
) -> Result<Option<Timestamp>, Error> {
    let id = id(session, bucket, key);
    let found = state.temporary().store.find(&id).await?;
    let found = found.filter(|expiry| expiry.facts.of.holds(&seen));
    Ok(found.and_then(|expiry| Timestamp::from_unix_seconds(expiry.facts.expires_at)))
}

/// The same of an object's head.
pub async fn of_head(
    state: &AppState,
    session: &Session,
    of: (&BucketName, &ObjectKey),
    head: &ObjectHead,
) -> Result<Option<Timestamp>, Error> {
    of_seen(state, session, of, Written::from(head)).await
}

/// Adds the end to what is told of an object. What is told otherwise does not depend on it.
pub async fn told(
    state: &AppState,
    session: &Session,
    of: (&BucketName, &ObjectKey),
    mut details: ObjectDetails,
) -> ObjectDetails {
    match of_seen(state, session, of, Written::from(&details)).await {
        Ok(ends) => details.expires_at = ends,
        Err(error) => tracing::warn!(%error, "the end of a temporary file is not known"),
    }
    details
}

/// Forgets the end of a key that Hako has just written without one. The object is stored: a failure is logged alone.
pub async fn cleared(state: &AppState, session: &Session, bucket: &BucketName, key: &ObjectKey) {
    let id = id(session, bucket, key);
    let store = &state.temporary().store;
    let noted = completing::noted(&id);
    for id in [&id, &noted] {
        if let Err(error) = store.forget(id, None).await {
            tracing::warn!(%error, "the end of a file that was written anew is not forgotten");
        }
    }
}

/// Gives ends up whose files have not come, since other URLs without an end are about to be signed for the keys: of
/// what comes then nobody could tell by which it came. That they work for `life` seconds is noted, for ends that are
/// set meanwhile.
///
/// # Errors
/// What is kept cannot be read or written.
pub async fn presigned_without(
    state: &AppState,
    session: &Session,
    bucket: &BucketName,
    keys: &[ObjectKey],
    life: u64,
) -> Result<(), Error> {
    let store = &state.temporary().store;
    let now = state.now().unix_seconds();
    let mut open = Vec::with_capacity(keys.len());
    for key in keys {
        let id = id(session, bucket, key);
        if let Some(expiry) = store.find(&id).await?
            && matches!(expiry.facts.of, Of::Next { .. })
        {
            store.forget(&id, Some(&expiry.mark)).await?;
        }
        let before = store.find(&opened(&id)).await?;
        let before = before.map_or(now, |before| before.facts.expires_at);
        open.push(Expiry {
            id: opened(&id),
            mark: mark(),
            due: before.max(after(now, life)?),
            facts: Facts {
                set_at: now,
                expires_at: before.max(after(now, life)?),
                ..facts(state, session, bucket, key)
            },
            // Nothing is removed by it.
            sealed: Vec::new(),
        });
    }
    store.put_all(&open).await
}
