//! Temporary files: objects that Hako removes when their time is over.
//!
//! An end belongs to one writing of a key, told by entity tag, time and version, and never to the key: what is written
//! anew, by whatever means, stays, and the end is forgotten. Where the end is set before the file is written, by a
//! presigned PUT, it belongs to the first writing that a sweep sees and that is not what stood there at the call; a
//! URL must therefore not live longer than the file ([`url_seconds`]). So until that first writing is seen, a file
//! that somebody else writes under the name by means that Hako does not see is taken for it; what is written through
//! Hako, or by a URL that was signed without an end, is not, since both give such an end up ([`cleared`],
//! [`presigned_without`]).
//!
//! The removal is conditional where the store has that. Elsewhere Hako looks directly before it removes. In a bucket
//! with versions it makes a delete marker, as a lifecycle rule does, so that nothing is lost there in any case.

use std::{
    collections::HashMap,
    sync::{MutexGuard, PoisonError},
};

use futures::StreamExt as _;
use hcp::{Conditions, ErrorKind, ObjectHead, S3};
use model::{
    BucketName, ErrorCode, ObjectKey, TenantName, Timestamp,
    audit::{Action, AuditRecord, AuditResult, AuditTarget},
    expiry::LONGEST_LIFE,
    object::ObjectDetails,
    problem::FieldError,
};
use tokio::sync::Mutex;

use super::reach;
use crate::{
    Error,
    db::{
        expiries::{self, Expiries as _, Expiry, ExpiryStore, Facts, Of, Written},
        links::Maker,
    },
    serve::Stop,
    session::{Claims, Session, still_good},
    state::AppState,
};

/// Files that are looked at from one reading of what is kept.
const BATCH: u32 = 1_000;
/// Files that are looked at at once: fewer than the wrong sign-ins in a row after which HCP locks an account.
const AT_ONCE: usize = 3;
/// For how many seconds nobody is asked for who was refused: the password is another one now.
const REFUSED: i64 = 6 * 3_600;
/// For how many seconds a file is left to the sweep that is about to remove it.
const CLAIMED: i64 = 600;
/// For how many seconds after the end a file may still come, whose upload began before it.
const LATE: i64 = 3_600;
/// The longest pause between two attempts, in seconds.
const LONGEST_PAUSE: i64 = 6 * 3_600;
/// For how many seconds after the end a removal that fails is tried again.
const GIVEN_UP: i64 = 30 * 86_400;

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

/// How long a URL may live by which a temporary file is written: never longer than the file.
pub fn url_seconds(asked: u64, ttl_seconds: u64) -> u64 {
    asked.min(ttl_seconds)
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
        (None, instead_of) => Of::Next { instead_of },
        (Some(etag), Some(found)) if found.etag.as_deref() == Some(etag) => Of::This(found),
        // Somebody else was faster.
        (Some(_), _) => {
            state.temporary().store.forget(&id, None).await?;
            return Ok(None);
        }
    };
    let (expiry, ends) = made(state, session, (bucket, key), ttl_seconds, of)?;
    state.temporary().store.put(&expiry).await?;
    Ok(Some(ends))
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

/// The end of a key, so many seconds from now, as it is kept; and when that is.
pub(super) fn made(
    state: &AppState,
    session: &Session,
    (bucket, key): (&BucketName, &ObjectKey),
    ttl_seconds: u64,
    of: Of,
) -> Result<(Expiry, Timestamp), Error> {
    let id = id(session, bucket, key);
    let now = state.now().unix_seconds();
    let life = i64::try_from(ttl_seconds).map_err(Error::internal)?;
    let expires_at = now.saturating_add(life);
    let ends = Timestamp::from_unix_seconds(expires_at)
        .ok_or_else(|| Error::internal("an end outside the calendar"))?;
    let credentials = &session.claims.credentials;
    let sealed = state.tokens().seal_expiry(&belongs(&id), credentials)?;
    let expiry = Expiry {
        id,
        mark: mark(),
        due: match of {
            Of::This(_) => expires_at,
            Of::Next { .. } => now,
        },
        facts: Facts {
            maker: maker(state, session),
            bucket: bucket.to_string(),
            key: key.to_string(),
            set_at: now,
            expires_at,
            of,
            failures: 0,
        },
        sealed,
    };
    Ok((expiry, ends))
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
    if let Err(error) = state.temporary().store.forget(&id, None).await {
        tracing::warn!(%error, "the end of a file that was written anew is not forgotten");
    }
}

/// Gives an end up whose file has not come, since another URL without an end is about to be signed for the key: of
/// what comes then nobody could tell by which it came.
pub async fn presigned_without(
    state: &AppState,
    session: &Session,
    bucket: &BucketName,
    key: &ObjectKey,
) -> Result<(), Error> {
    let (id, store) = (id(session, bucket, key), &state.temporary().store);
    if let Some(expiry) = store.find(&id).await?
        && matches!(expiry.facts.of, Of::Next { .. })
    {
        store.forget(&id, Some(&expiry.mark)).await?;
    }
    Ok(())
}

/// Sweeps as often as the settings say, until the server stops.
pub async fn sweep_again_and_again(state: AppState, stop: Stop) {
    let sweeps = async {
        loop {
            tokio::time::sleep(state.config().expiry_sweep).await;
            if let Err(error) = sweep(&state).await {
                tracing::warn!(%error, "temporary files could not be swept; the next sweep tries again");
            }
        }
    };
    tokio::select! {
        () = sweeps => {}
        () = stop.asked() => {}
    }
}

/// Looks at all that is due and removes what has ended; how many were removed. Another server's turn is left to it.
///
/// # Errors
/// What is kept cannot be read or written. What the store refuses is tried again later and is no error.
pub async fn sweep(state: &AppState) -> Result<u64, Error> {
    let files = state.temporary();
    let _one = files.sweeping.lock().await;
    let mut removed = 0;
    let swept = loop {
        // Taken again with each batch, so that a long sweep keeps it.
        match files.store.turn(&files.who).await {
            Ok(true) => {}
            Ok(false) => return Ok(removed),
            Err(error) => break Err(error),
        }
        let now = state.now().unix_seconds();
        let batch = match files.store.due(now, BATCH).await {
            Ok(batch) if batch.is_empty() => break Ok(()),
            Ok(batch) => batch,
            Err(error) => break Err(error),
        };
        let done: Vec<_> = futures::stream::iter(batch)
            .map(|expiry| look(state, expiry, now))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let mut failed = None;
        for one in done {
            match one {
                Ok(gone) => removed += u64::from(gone),
                Err(error) => failed = Some(error),
            }
        }
        if let Some(error) = failed {
            break Err(error);
        }
    };
    files.store.give_back(&files.who).await?;
    swept.map(|()| removed)
}

/// What becomes of an end.
enum Then {
    /// The file is gone by it.
    Removed,
    /// It is over: there is nothing to remove any more.
    Over,
    /// It is looked at again.
    Later(Of, i64),
}

/// Looks at one; whether it was removed.
async fn look(state: &AppState, mut expiry: Expiry, now: i64) -> Result<bool, Error> {
    let store = &state.temporary().store;
    let mut seen = std::mem::replace(&mut expiry.mark, mark());
    let ended = expiry.facts.expires_at <= now;
    if ended {
        // Whoever writes this first removes it, and nobody else.
        expiry.due = now.saturating_add(CLAIMED);
        if !store.change(&seen, &expiry).await? {
            return Ok(false);
        }
        seen = std::mem::replace(&mut expiry.mark, mark());
    }
    match act(state, &expiry, now).await {
        Ok(Then::Removed) => {
            tell(state, &expiry, None);
            store.forget(&expiry.id, Some(&seen)).await?;
            return Ok(true);
        }
        Ok(Then::Over) => {
            store.forget(&expiry.id, Some(&seen)).await?;
        }
        Ok(Then::Later(of, due)) => {
            expiry.facts.of = of;
            expiry.facts.failures = 0;
            expiry.due = due;
            store.change(&seen, &expiry).await?;
        }
        Err(error) if now.saturating_sub(expiry.facts.expires_at) >= GIVEN_UP => {
            tracing::error!(%error, bucket = expiry.facts.bucket, "a temporary file stays: its removal has failed for too long");
            tell(state, &expiry, Some(&error));
            store.forget(&expiry.id, Some(&seen)).await?;
        }
        Err(error) => {
            tracing::warn!(%error, bucket = expiry.facts.bucket, "a temporary file is tried again later");
            expiry.due = now.saturating_add(pause(expiry.facts.failures));
            if !ended {
                // Its end does not wait for the pauses before it.
                expiry.due = expiry.due.min(expiry.facts.expires_at);
            }
            expiry.facts.failures = expiry.facts.failures.saturating_add(1);
            store.change(&seen, &expiry).await?;
        }
    }
    Ok(false)
}

/// How long to wait after so many failures before this one: a minute, then twice as long each time.
fn pause(failures: u32) -> i64 {
    60_i64
        .saturating_mul(1 << failures.min(20))
        .min(LONGEST_PAUSE)
}

/// The session of who asked for the end.
fn session(state: &AppState, expiry: &Expiry) -> Result<Session, Error> {
    let opened = state
        .tokens()
        .open_expiry(&belongs(&expiry.id), &expiry.sealed);
    // The deployment has another secret since.
    let (credentials, of_file) = opened.ok_or(Error::InvalidToken)?;
    let claims = Claims {
        id: expiry.mark.clone(),
        // The session is made for this one call, and ends with it.
        expires_at: Timestamp::from_unix_seconds(
            state.now().unix_seconds().saturating_add(CLAIMED),
        )
        .ok_or(Error::InvalidToken)?,
        credentials,
        of_file,
        workspace: None,
    };
    let claims = still_good(state, claims)?;
    Ok(Session { claims })
}

async fn act(state: &AppState, expiry: &Expiry, now: i64) -> Result<Then, Error> {
    let facts = &expiry.facts;
    let bucket = BucketName::parse(facts.bucket.as_str()).map_err(Error::internal)?;
    let key = ObjectKey::parse(facts.key.as_str()).map_err(Error::internal)?;
    let session = session(state, expiry)?;
    let who = session.claims.credentials.digest();
    let until = state.temporary().refused().get(&who).copied();
    if until.is_some_and(|until| now < until) {
        return Err(Error::InvalidCredentials);
    }
    let done = act_as(state, facts, now, &session.s3(state)?, (&bucket, &key)).await;
    let mut refused = state.temporary().refused();
    match &done {
        Err(error) if error.kind() == ErrorKind::Unauthenticated => {
            refused.retain(|_, until| now < *until);
            refused.insert(who, now.saturating_add(REFUSED));
        }
        _ => {}
    }
    Ok(done?)
}

async fn act_as(
    state: &AppState,
    facts: &Facts,
    now: i64,
    s3: &S3,
    (bucket, key): (&BucketName, &ObjectKey),
) -> Result<Then, hcp::Error> {
    let found = stands(s3, bucket, key).await?;
    let found = match (&facts.of, found) {
        (of, Some(found)) if of.holds(&found) => found,
        (Of::This(_), _) => return Ok(Then::Over),
        (Of::Next { .. }, _) => return Ok(not_yet(state, facts, now)),
    };
    if now < facts.expires_at {
        return Ok(Then::Later(Of::This(found), facts.expires_at));
    }
    let removed = match &found.etag {
        Some(etag) if reach::writes_conditionally(state.config()) => {
            s3.delete_object_if(bucket, key, etag).await
        }
        _ => s3.delete_object(bucket, key, None).await,
    };
    match removed {
        Ok(()) => Ok(Then::Removed),
        Err(e)
            if e.kind() == ErrorKind::PreconditionFailed
                || matches!(e.kind(), ErrorKind::NotFound { .. }) =>
        {
            Ok(Then::Over)
        }
        Err(e) => Err(e),
    }
}

/// When to look again for a file that has not come: often at first, and at its end.
fn not_yet(state: &AppState, facts: &Facts, now: i64) -> Then {
    if now >= facts.expires_at.saturating_add(LATE) {
        return Then::Over;
    }
    let often = i64::try_from(state.config().expiry_sweep.as_secs()).unwrap_or(60);
    let age = now.saturating_sub(facts.set_at);
    let next = now.saturating_add(often.max(age / 20));
    let next = if now < facts.expires_at {
        next.min(facts.expires_at)
    } else {
        next
    };
    Then::Later(facts.of.clone(), next)
}

/// Records a removal as done for who asked for it, or that it is given up.
fn tell(state: &AppState, expiry: &Expiry, failed: Option<&Error>) {
    let Facts {
        maker, bucket, key, ..
    } = &expiry.facts;
    let (result, status, code) = match failed {
        None => (AuditResult::Ok, 204, None),
        Some(error) => {
            let (status, code): (http::StatusCode, ErrorCode) = error.status();
            (AuditResult::Failed, status.as_u16(), Some(code.as_str()))
        }
    };
    let record = AuditRecord {
        id: String::new(),
        time: state.audit().now(),
        request_id: String::new(),
        level: Some(maker.level),
        tenant: maker.tenant.clone(),
        person: Some(maker.person.clone()),
        action: Action::ObjectExpire.as_str().to_owned(),
        target: AuditTarget {
            bucket: Some(bucket.clone()),
            key: Some(key.clone()),
            ..AuditTarget::default()
        },
        method: "DELETE".to_owned(),
        // No call: Hako itself.
        route: String::new(),
        result,
        status,
        code,
        address: None,
        duration_ms: 0,
        fields: Vec::new(),
        job: None,
        job_kind: None,
        failures: None,
        reason: None,
    };
    state.audit().take(record, true);
}
