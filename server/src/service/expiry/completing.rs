//! The end of an upload in parts, which begins with its completion: noted before, told after.
//!
//! Between the two a server can die, or what is kept can fail. The note says what entity tag the file will have, as S3
//! makes it of those of its parts; a sweep that finds a file with that tag where another stood sets its end. A file
//! with any other tag is somebody else's and is left alone, so an upload to a store that makes its tags otherwise
//! (of parts that it encrypts by a customer's key) is without this net.

use hcp::ErrorKind;
use md5::{Digest as _, Md5};
use model::{BucketName, ObjectKey, multipart::CompletedPart};

use super::{LATE, after, facts, id, made, set, stands, sweep::Then};
use crate::{
    Error,
    db::expiries::{Expiries as _, Expiry, Facts, Of, Written},
    session::Session,
    state::AppState,
};

/// How long a note waits until the sweep looks at it for the first time, in seconds: a completion is faster.
const FIRST_LOOK: i64 = 60;

/// The id of the note of a key. There is one: of uploads that are completed at once, one stays.
pub(super) fn noted(id: &str) -> String {
    // No tenant's name begins so.
    format!("?{id}")
}

/// The entity tag of the file that these parts make; `None` where a part's tag is not the MD5 of its bytes.
fn expected(parts: &[CompletedPart]) -> Option<String> {
    let mut digest = Md5::new();
    for part in parts {
        let tag = part.etag.trim_matches('"');
        let whole = u128::from_str_radix(tag, 16).ok();
        let whole = whole.filter(|_| tag.len() == 32 && !tag.starts_with('+'))?;
        digest.update(whole.to_be_bytes());
    }
    let whole = hcp::hex(&digest.finalize());
    Some(format!("\"{whole}-{}\"", parts.len()))
}

/// A note that was made.
pub struct Note {
    id: String,
    mark: String,
    /// Whether there was none before.
    is_new: bool,
}

/// Notes that a file ends so many seconds after the completion of its upload, which is about to be asked for. `None`
/// where the file could not be told from others.
///
/// # Errors
/// What the store says of what stands there; what is kept cannot be written.
pub async fn about_to(
    state: &AppState,
    session: &Session,
    (bucket, key): (&BucketName, &ObjectKey),
    ttl_seconds: u64,
    parts: &[CompletedPart],
) -> Result<Option<Note>, Error> {
    let Some(etag) = expected(parts) else {
        return Ok(None);
    };
    let store = &state.temporary().store;
    let id = noted(&id(session, bucket, key));
    let before = store.find(&id).await?.map(|expiry| expiry.facts.of);
    let is_new = before.is_none();
    // The first attempt may have come through, so that what stands there may be the file itself.
    let (mut etags, instead_of) = if let Some(Of::Completed { etags, instead_of }) = before {
        (etags, instead_of)
    } else {
        let found = stands(&session.s3(state)?, bucket, key).await?;
        (Vec::new(), found.map(|found| found.written))
    };
    if !etags.contains(&etag) {
        etags.push(etag);
    }
    let now = state.now().unix_seconds();
    let facts = Facts {
        set_at: now,
        expires_at: after(now, ttl_seconds)?,
        of: Of::Completed { etags, instead_of },
        ..facts(state, session, bucket, key)
    };
    let expiry = Expiry {
        due: now.saturating_add(FIRST_LOOK),
        ..made(state, session, id, facts)?
    };
    store.put(&expiry).await?;
    Ok(Some(Note {
        id: expiry.id,
        mark: expiry.mark,
        is_new,
    }))
}

/// The upload is not completed. The note stays where that is not sure.
pub async fn refused(state: &AppState, note: Option<Note>, error: &Error) {
    let is_sure = match error {
        Error::Store(error) => !matches!(
            error.kind(),
            ErrorKind::NotFound { .. }
                | ErrorKind::TimedOut
                | ErrorKind::Unreachable
                | ErrorKind::Busy
                | ErrorKind::StoreFailed
                | ErrorKind::Unexpected
        ),
        Error::Refused { .. } => true,
        _ => false,
    };
    if let Some(note) = note.filter(|note| note.is_new && is_sure) {
        forget(state, &note.id, Some(&note.mark)).await;
    }
}

/// The upload is completed: sets the end of its file. Where that fails, the note stands for it.
///
/// # Errors
/// As of [`set`], where nothing is noted.
pub async fn done(
    state: &AppState,
    session: &Session,
    (bucket, key): (&BucketName, &ObjectKey),
    ttl_seconds: u64,
    etag: &str,
    note: Option<Note>,
) -> Result<(), Error> {
    match (
        set(state, session, (bucket, key), ttl_seconds, etag).await,
        note,
    ) {
        (Ok(_ends), Some(note)) => forget(state, &note.id, None).await,
        (Ok(_ends), None) => {}
        (Err(error), Some(_)) => {
            tracing::warn!(%error, %bucket, "the end of a completed upload is not set; the sweep sets it");
        }
        (Err(error), None) => return Err(error),
    }
    Ok(())
}

async fn forget(state: &AppState, id: &str, seen: Option<&str>) {
    if let Err(error) = state.temporary().store.forget(id, seen).await {
        tracing::warn!(%error, "what was noted of an upload's end is not forgotten");
    }
}

/// Sets the end of a completed file that is found; looks again later for one that is not.
///
/// # Errors
/// What is kept cannot be read or written.
pub(super) async fn confirm(
    state: &AppState,
    session: &Session,
    noted: &Facts,
    (bucket, key): (&BucketName, &ObjectKey),
    found: Option<Written>,
    now: i64,
) -> Result<Then, Error> {
    let Some(found) = found.filter(|found| noted.of.holds(found)) else {
        if now >= noted.set_at.saturating_add(LATE) {
            return Ok(Then::Over);
        }
        return Ok(Then::Later(
            noted.of.clone(),
            now.saturating_add(FIRST_LOOK),
        ));
    };
    let (id, store) = (id(session, bucket, key), &state.temporary().store);
    let other = store.find(&id).await?.map(|expiry| expiry.facts);
    let is_told = other
        .is_some_and(|other| other.of == Of::This(found.clone()) || other.set_at > noted.set_at);
    if !is_told {
        let life = noted.expires_at.saturating_sub(noted.set_at);
        let completed = found.modified.unwrap_or(noted.set_at);
        let completed = completed.clamp(noted.set_at, now.max(noted.set_at));
        let facts = Facts {
            expires_at: completed.saturating_add(life),
            of: Of::This(found),
            failures: 0,
            ..noted.clone()
        };
        store.put(&made(state, session, id, facts)?).await?;
    }
    Ok(Then::Over)
}

#[cfg(test)]
mod tests {
    use model::PartNumber;

    use super::*;

    fn parts(tags: &[&str]) -> Vec<CompletedPart> {
        let parts = (1..).zip(tags).map(|(number, etag)| CompletedPart {
            part_number: PartNumber::new(number).unwrap(),
            etag: (*etag).to_owned(),
            checksum_crc32c: None,
        });
        parts.collect()
    }

    #[test]
    fn the_tag_of_an_upload_is_that_of_its_parts_tags() {
        // Two parts: `a` and `b`.
        let (a, b) = (
            "\"0cc175b9c0f1b6a831c399e269772661\"",
            "92EB5FFEE6AE2FEC3AD71C777531578F",
        );
        let both = expected(&parts(&[a, b])).unwrap();
        assert_eq!(both, "\"96e024ba2074fe77e8e965ba43a704be-2\"");
        assert_ne!(expected(&parts(&[b, a])).unwrap(), both);
        for other in ["\"0cc1\"", "\"zz\"", "+cc175b9c0f1b6a831c399e269772661", ""] {
            assert_eq!(expected(&parts(&[a, other])), None, "{other}");
        }
    }
}
