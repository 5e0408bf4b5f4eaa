//! Temporary files: objects that Hako removes when their time is over.
//!
//! An end belongs to one writing of a key, told by entity tag, time and version, and never to the key: what is written
//! anew, by whatever means, stays, and the end is forgotten; only what is described anew through Hako, a copy onto
//! itself, keeps its end ([`carried`]).
//!
//! Where the end is set before the file is written, by a presigned PUT ([`to_come`]), the URL brings a mark that the
//! store keeps as metadata of the file, and the end belongs to the file with that mark. Until it comes, what stands
//! there keeps an end of its own, and nothing else that is written, signed or asked for changes either of them. The
//! embedded store is known to keep the mark. Of a file without one in any other store nobody can tell whether it came
//! by the URL: there the end belongs to the first writing that a sweep sees and that is not what stood there at the
//! call; a URL must therefore not live longer than the file. What somebody else writes there before, by means that
//! Hako does not see, is taken for it; what is written through Hako, or by a URL that was signed without an end, is
//! not. The first gives such an end up ([`cleared`]). So does the second where it is signed after the call
//! ([`presigned_without`]); where it was signed before and still works, what is written while it may still be written
//! by it stays.
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
        expiries::{self, Expiries as _, Expiry, ExpiryStore, Facts, Found, Of, Written},
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
    let id = id.strip_prefix(COMING).unwrap_or(id);
    format!("expiry\0{id}").into_bytes()
}

/// What stands before the id of an end that is to come while another file stands there with its own. No tenant's name
/// begins so.
const COMING: char = '>';

fn coming(id: &str) -> String {
    format!("{COMING}{id}")
}

/// What stands there.
async fn stands(
    s3: &S3,
    bucket: &BucketName,
    key: &ObjectKey,
) -> Result<Option<Found>, hcp::Error> {
    match s3
        .head_object(bucket, key, None, &Conditions::default())
        .await
    {
        Ok(head) => Ok(Some(Found::from(&head))),
        Err(e) if matches!(e.kind(), ErrorKind::NotFound { .. }) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Sets the end of the writing with this entity tag, in place of any other. When it ends; `None` where that writing is
/// there no more, so that there is nothing to remove.
///
/// # Errors
/// 422 of a life that is none; what the store says to the caller who looks at the object.
pub async fn set(
    state: &AppState,
    session: &Session,
    (bucket, key): (&BucketName, &ObjectKey),
    ttl_seconds: u64,
    etag: &str,
) -> Result<Option<Timestamp>, Error> {
    check_life(ttl_seconds)?;
    let store = &state.temporary().store;
    let id = id(session, bucket, key);
    let found = stands(&session.s3(state)?, bucket, key).await?;
    // What was to come in place of the file before came by no URL.
    store.forget(&coming(&id), None).await?;
    let Some(found) = found.filter(|found| found.written.etag.as_deref() == Some(etag)) else {
        // Somebody else was faster.
        store.forget(&id, None).await?;
        return Ok(None);
    };
    let of = Of::This(found.written);
    let (expiry, ends) = from_now(state, session, (bucket, key), ttl_seconds, of)?;
    store.put(&expiry).await?;
    Ok(Some(ends))
}

/// An end that was set for a file that is to come.
pub struct Coming {
    /// When it ends.
    pub ends: Timestamp,
    /// What the URL has to bring ([`expiries::BY_HEADER`]), so that the file is known by it.
    pub by: Option<String>,
}

/// Sets the end of a file that is to come by a URL. A file that stands there keeps its own until it is replaced, so
/// that nothing lives longer because somebody asked for a URL.
///
/// # Errors
/// As of [`set`].
pub async fn to_come(
    state: &AppState,
    session: &Session,
    (bucket, key): (&BucketName, &ObjectKey),
    ttl_seconds: u64,
) -> Result<Coming, Error> {
    check_life(ttl_seconds)?;
    let store = &state.temporary().store;
    let plain = id(session, bucket, key);
    let found = stands(&session.s3(state)?, bucket, key).await?;
    let has_its_own = settle(state, &plain, found.as_ref()).await?;
    let instead_of = found.map(|found| found.written);
    let open = store.find(&opened(&plain)).await?;
    let since = open.and_then(|open| still_unused(&open.facts, instead_of.as_ref()));
    let by = reach::takes_metadata_of_urls(state.config()).then(mark);
    let of = Of::Next {
        instead_of,
        since: since.filter(|_| !is_sure(state)),
        by: by.clone(),
    };
    let (mut expiry, ends) = from_now(state, session, (bucket, key), ttl_seconds, of)?;
    if has_its_own {
        expiry.id = coming(&plain);
    } else {
        store.forget(&coming(&plain), None).await?;
    }
    store.put(&expiry).await?;
    Ok(Coming { ends, by })
}

fn check_life(ttl_seconds: u64) -> Result<(), Error> {
    if (1..=LONGEST_LIFE).contains(&ttl_seconds) {
        return Ok(());
    }
    let why = format!("from 1 to {LONGEST_LIFE} seconds");
    Err(Error::Validation(vec![FieldError::body("ttl", why)]))
}

/// Whether whatever comes by a URL with an end says so, because the store is known to keep that.
fn is_sure(state: &AppState) -> bool {
    reach::keeps_metadata_of_urls(state.config())
}

/// Gives ends that were to come to the file that has come by them, so that nothing which is set or signed next changes
/// them. Whether what stands there has an end of its own.
async fn settle(state: &AppState, plain: &str, found: Option<&Found>) -> Result<bool, Error> {
    let Some(found) = found else {
        return Ok(false);
    };
    let store = &state.temporary().store;
    for id in [plain.to_owned(), coming(plain)] {
        let end = store.find(&id).await?;
        let end = end.filter(|end| matches!(end.facts.of, Of::Next { .. }));
        if let Some(end) = end.filter(|end| end.facts.of.holds_found(found, is_sure(state))) {
            bind(state, end, found.written.clone()).await?;
        }
    }
    let end = store.find(plain).await?;
    Ok(end.is_some_and(|end| end.facts.of == Of::This(found.written.clone())))
}

/// Gives an end to the file that has come by it.
async fn bind(state: &AppState, end: Expiry, found: Written) -> Result<(), Error> {
    let store = &state.temporary().store;
    let (id, seen) = (end.id, end.mark);
    let plain = id.strip_prefix(COMING).map(str::to_owned);
    let bound = Expiry {
        id: plain.clone().unwrap_or_else(|| id.clone()),
        mark: mark(),
        due: end.facts.expires_at,
        facts: Facts {
            of: Of::This(found),
            failures: 0,
            ..end.facts
        },
        sealed: end.sealed,
    };
    if plain.is_none() {
        store.change(&seen, &bound).await?;
        return Ok(());
    }
    // In place of that of the file before.
    store.put(&bound).await?;
    store.forget(&id, Some(&seen)).await?;
    Ok(())
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
    seen: Found,
) -> Result<Option<Timestamp>, Error> {
    let plain = id(session, bucket, key);
    for id in [coming(&plain), plain] {
        let found = state.temporary().store.find(&id).await?;
        let held = found.filter(|end| end.facts.of.holds_found(&seen, is_sure(state)));
        if let Some(end) = held {
            return Ok(Timestamp::from_unix_seconds(end.facts.expires_at));
        }
    }
    Ok(None)
}

/// The same of an object's head.
pub async fn of_head(
    state: &AppState,
    session: &Session,
    of: (&BucketName, &ObjectKey),
    head: &ObjectHead,
) -> Result<Option<Timestamp>, Error> {
    of_seen(state, session, of, Found::from(head)).await
}

/// Adds the end to what is told of an object. What is told otherwise does not depend on it.
pub async fn told(
    state: &AppState,
    session: &Session,
    of: (&BucketName, &ObjectKey),
    mut details: ObjectDetails,
) -> ObjectDetails {
    match of_seen(state, session, of, Found::from(&details)).await {
        Ok(ends) => details.expires_at = ends,
        Err(error) => tracing::warn!(%error, "the end of a temporary file is not known"),
    }
    details
}

/// Forgets the end of a key that Hako has just written without one. The object is stored: a failure is logged alone.
pub async fn cleared(state: &AppState, session: &Session, bucket: &BucketName, key: &ObjectKey) {
    let id = id(session, bucket, key);
    let noted = completing::noted(&id);
    for id in [id.clone(), coming(&id), noted] {
        if let Err(error) = give_up(state, &id).await {
            tracing::warn!(%error, "the end of a file that was written anew is not forgotten");
        }
    }
}

/// Forgets an end, but not that of a file which will surely be known when it comes.
async fn give_up(state: &AppState, id: &str) -> Result<(), Error> {
    let store = &state.temporary().store;
    let found = store.find(id).await?;
    let is_known = |of: &Of| matches!(of, Of::Next { by: Some(_), .. }) && is_sure(state);
    match found {
        Some(end) if !is_known(&end.facts.of) => {
            store.forget(id, Some(&end.mark)).await?;
        }
        // What cannot be read is as none, and goes too.
        None => {
            store.forget(id, None).await?;
        }
        Some(_) => {}
    }
    Ok(())
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
        let mut awaited = Vec::new();
        for id in [id.clone(), coming(&id)] {
            let end = store.find(&id).await?;
            awaited.extend(end.filter(|end| matches!(end.facts.of, Of::Next { .. })));
        }
        if !awaited.is_empty() {
            // A file that has come keeps its end.
            let found = stands(&session.s3(state)?, bucket, key).await?;
            settle(state, &id, found.as_ref()).await?;
            for end in awaited {
                let still = store.find(&end.id).await?;
                if still.is_some_and(|still| still.mark == end.mark) {
                    give_up(state, &end.id).await?;
                }
            }
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
