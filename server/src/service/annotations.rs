//! The annotations of an object: listed with their texts, saved so that one save does not overwrite another's.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use hcp::{Annotation, AnnotationsOf, Expected};
use http::StatusCode;
use model::{
    AnnotationName, BucketName, ErrorCode, ObjectKey,
    annotation::{Annotations, Kind, Listed, SHOWN_BYTES},
};
use tokio::sync::{Mutex, MutexGuard};

use super::reach;
use crate::{Error, session::Session, state::AppState};

/// How many contents are asked for at a time.
const AT_A_TIME: usize = 3;

/// Whose turn it is to save on a condition. Objects share turns by chance; that costs them a moment.
static TURNS: [Mutex<()>; 64] = [const { Mutex::const_new(()) }; 64];

/// The client of an object's annotations.
///
/// # Errors
/// 501 where the store has none, and 403 at the system level.
pub fn of<'a>(
    state: &'a AppState,
    session: &'a Session,
    bucket: &'a BucketName,
    key: &'a ObjectKey,
) -> Result<AnnotationsOf<'a>, Error> {
    are_served(state)?;
    Ok(state
        .store()
        .annotations(&session.claims.credentials, bucket, key))
}

/// Whether objects can be spoken to by HCP's own protocol.
pub(super) fn are_served(state: &AppState) -> Result<(), Error> {
    let store = state.store();
    if !store.config().has_annotations() {
        let detail = if store.config().backend.is_hcp() {
            "Annotations need the domain of the HCP: set HCP_DOMAIN."
        } else {
            "Annotations are a feature of HCP; this store keeps S3's metadata alone."
        };
        return Err(Error::Refused {
            status: StatusCode::NOT_IMPLEMENTED,
            code: ErrorCode::NotSupported,
            detail: detail.to_owned(),
        });
    }
    Ok(())
}

/// The annotations of an object; where wished, with those texts that are not too long.
pub async fn list(
    client: AnnotationsOf<'_>,
    version: Option<&str>,
    content: bool,
) -> Result<Annotations, Error> {
    let all = client.list(version).await?;
    let looked_at = all.into_iter().map(|one| async move {
        let mut listed = Listed {
            name: one.name,
            size: one.size,
            etag: None,
            content_type: None,
            text: None,
        };
        if !content || listed.size > SHOWN_BYTES {
            return Ok(listed);
        }
        // A name that HCP took and we would not is told, and not asked for.
        if let Ok(name) = AnnotationName::parse(listed.name.as_str())
            && let Some(found) = client.get(version, &name).await?
        {
            let kind = Kind::of(&found.content);
            listed.size = found.content.len() as u64;
            listed.etag = Some(found.etag);
            listed.content_type = Some(kind.media_type().to_owned());
            // It may have grown since.
            if kind != Kind::Binary && listed.size <= SHOWN_BYTES {
                listed.text = Some(String::from_utf8_lossy(&found.content).into_owned());
            }
        }
        Ok::<_, Error>(listed)
    });
    let annotations = stream::iter(looked_at)
        .buffered(AT_A_TIME)
        .try_collect()
        .await?;
    Ok(Annotations { annotations })
}

/// One of them.
///
/// # Errors
/// 404 where the object has none of the name.
pub async fn get(
    client: AnnotationsOf<'_>,
    version: Option<&str>,
    name: &AnnotationName,
) -> Result<Annotation, Error> {
    let found = client.get(version, name).await?;
    found.ok_or_else(|| missing(name))
}

/// Saves one, if what is there is what the caller expects.
///
/// # Errors
/// 412 where it is not.
pub async fn put(
    state: &AppState,
    target: (&BucketName, &ObjectKey),
    client: AnnotationsOf<'_>,
    name: &AnnotationName,
    content: Bytes,
    expected: Expected,
) -> Result<Annotation, Error> {
    let _turn = checked(target, client, name, &expected).await?;
    let saved = Annotation::new(content.clone());
    client.put(name, content, as_kept(state, expected)).await?;
    Ok(saved)
}

/// Removes one, if what is there is what the caller expects.
///
/// # Errors
/// 404 where there is none of the name, 412 where it is not what was expected.
pub async fn delete(
    state: &AppState,
    target: (&BucketName, &ObjectKey),
    client: AnnotationsOf<'_>,
    name: &AnnotationName,
    expected: Expected,
) -> Result<(), Error> {
    let _turn = checked(target, client, name, &expected).await?;
    if client.delete(name, as_kept(state, expected)).await? {
        Ok(())
    } else {
        Err(missing(name))
    }
}

/// What a store is told of a condition: HCP refuses all. There it is kept among those who save through this
/// server, one after the other.
fn as_kept(state: &AppState, expected: Expected) -> Expected {
    if reach::writes_conditionally(state.config()) {
        expected
    } else {
        Expected::Anything
    }
}

/// Looks whether a condition holds, and keeps others from saving meanwhile.
async fn checked(
    target: (&BucketName, &ObjectKey),
    client: AnnotationsOf<'_>,
    name: &AnnotationName,
    expected: &Expected,
) -> Result<Option<MutexGuard<'static, ()>>, Error> {
    if *expected == Expected::Anything {
        return Ok(None);
    }
    let mut hasher = DefaultHasher::new();
    (target, name).hash(&mut hasher);
    let index = usize::try_from(hasher.finish() % 64).unwrap_or(0);
    let turn = TURNS[index].lock().await;
    let present = client.get(None, name).await?;
    let holds = match (expected, &present) {
        (Expected::Anything, _) | (Expected::Nothing, None) => true,
        (Expected::Nothing, Some(_)) | (Expected::Tag(_), None) => false,
        (Expected::Tag(tags), Some(present)) => tags
            .split(',')
            .any(|tag| matches!(tag.trim(), "*") || tag.trim() == present.etag),
    };
    if holds {
        return Ok(Some(turn));
    }
    Err(Error::Refused {
        status: StatusCode::PRECONDITION_FAILED,
        code: ErrorCode::PreconditionFailed,
        detail: match present {
            Some(_) => format!("The annotation {name} has changed meanwhile. Nothing was done."),
            None => format!("There is no annotation {name} any more. Nothing was done."),
        },
    })
}

fn missing(name: &AnnotationName) -> Error {
    Error::Refused {
        status: StatusCode::NOT_FOUND,
        code: ErrorCode::AnnotationNotFound,
        detail: format!("The object has no annotation {name}."),
    }
}
