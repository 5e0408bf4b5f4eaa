//! The sweep: what has ended is removed, and what is not told yet is looked for.

use futures::StreamExt as _;
use hcp::{ErrorKind, S3};
use model::{
    BucketName, ErrorCode, ObjectKey, Timestamp,
    audit::{Action, AuditRecord, AuditResult, AuditTarget},
};

use super::{COMING, LATE, belongs, bind, completing, is_sure, mark, stands};
use crate::{
    Error,
    db::expiries::{Expiries as _, Expiry, Facts, Of},
    serve::Stop,
    service::reach,
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
/// The longest pause between two attempts, in seconds.
const LONGEST_PAUSE: i64 = 6 * 3_600;
/// For how many seconds after the end a removal that fails is tried again.
const GIVEN_UP: i64 = 30 * 86_400;
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
        let batch = match files.store.due(state.now().unix_seconds(), BATCH).await {
            Ok(batch) if batch.is_empty() => break Ok(()),
            Ok(batch) => batch,
            Err(error) => break Err(error),
        };
        let done: Vec<_> = futures::stream::iter(batch)
            .map(|expiry| look(state, expiry))
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
pub(super) enum Then {
    /// The file is gone by it.
    Removed,
    /// It is over: there is nothing to remove any more.
    Over,
    /// It is looked at again.
    Later(Of, i64),
}

/// Looks at one; whether it was removed.
async fn look(state: &AppState, mut expiry: Expiry) -> Result<bool, Error> {
    let store = &state.temporary().store;
    // Its own time: with a slow store, that of the batch is long over when its last one comes.
    let now = state.now().unix_seconds();
    let mut seen = std::mem::replace(&mut expiry.mark, mark());
    if expiry.facts.of == Of::Open {
        store.forget(&expiry.id, Some(&seen)).await?;
        return Ok(false);
    }
    let removes = !matches!(expiry.facts.of, Of::Completed { .. });
    let ended = removes && expiry.facts.expires_at <= now;
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
        Ok(Then::Later(Of::This(found), _)) if expiry.id.starts_with(COMING) => {
            expiry.mark = seen;
            bind(state, expiry, found).await?;
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
            if removes && !ended {
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
    let s3 = session.s3(state)?;
    if matches!(facts.of, Of::Completed { .. }) {
        let found = stands(&s3, &bucket, &key).await;
        refusing(state, who, now, &found);
        let found = found?.map(|found| found.written);
        return completing::confirm(state, &session, facts, (&bucket, &key), found, now).await;
    }
    let done = act_as(state, facts, now, &s3, (&bucket, &key)).await;
    refusing(state, who, now, &done);
    Ok(done?)
}

/// Remembers whose credentials the store has refused.
fn refusing<T>(state: &AppState, who: [u8; 32], now: i64, done: &Result<T, hcp::Error>) {
    if let Err(error) = done
        && error.kind() == ErrorKind::Unauthenticated
    {
        let mut refused = state.temporary().refused();
        refused.retain(|_, until| now < *until);
        refused.insert(who, now.saturating_add(REFUSED));
    }
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
        (of, Some(found)) if of.holds_found(&found, is_sure(state)) => found.written,
        (Of::This(_) | Of::Open | Of::Completed { .. }, _) => return Ok(Then::Over),
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
