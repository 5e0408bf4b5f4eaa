//! Changing what an object is described with: a copy of it onto itself, which is what stores have for that.
//!
//! A copy takes bytes, tags and custom metadata along. What it would lose is read before and given back.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use hcp::{Description, ErrorKind, ObjectCopy, ObjectHead, S3};
use http::StatusCode;
use model::{
    BucketName, ErrorCode, ObjectKey, Timestamp,
    acl::{Acl, AclPolicy, Grant},
    attributes::Attributes,
    object::ObjectDetails,
    problem::FieldError,
    properties::{NewProperties, Properties, PropertiesSaved},
    unit::GB,
    upload::protection,
};
use tokio::sync::Mutex;

use super::{expiry::carried, reach};
use crate::{Error, db::expiries::Written, session::Session, state::AppState};

/// Whose turn it is to save. Objects share turns by chance; that costs them a moment.
static TURNS: [Mutex<()>; 64] = [const { Mutex::const_new(()) }; 64];

/// What the store tells of an object, and the fingerprint by which it is changed.
pub fn details(key: &ObjectKey, head: ObjectHead) -> ObjectDetails {
    let named = |pairs: BTreeMap<&'static str, String>| {
        let pairs = pairs.into_iter();
        pairs
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    };
    let details = ObjectDetails {
        key: key.to_string(),
        size: head.size,
        last_modified: head.last_modified,
        etag: head.etag,
        content_type: head.content_type,
        content_encoding: head.content_encoding,
        content_disposition: head.content_disposition,
        content_language: head.content_language,
        cache_control: head.cache_control,
        storage_class: head.storage_class,
        version_id: head.version_id,
        encrypted: head.encrypted,
        checksums: named(head.checksums),
        replication: head.replication,
        expiration: head.expiration,
        expires_at: None,
        metadata: head.metadata,
        protection: named(head.protection),
        fingerprint: String::new(),
    };
    details.with_fingerprint()
}

/// Describes an object anew, if it is what the caller has looked at.
///
/// # Errors
/// 412 where it has changed since, 403 where retention or a hold keeps it, 413 where it is too large for it.
pub async fn describe(
    state: &AppState,
    session: &Session,
    (bucket, key): (&BucketName, &ObjectKey),
    wanted: NewProperties,
) -> Result<PropertiesSaved, Error> {
    let s3 = &session.s3(state)?;
    let offers = reach::object_features(state.config());
    refuse_faults(&wanted.properties, offers.metadata_as_xml)?;
    let mut hasher = DefaultHasher::new();
    (bucket, key).hash(&mut hasher);
    let index = usize::try_from(hasher.finish() % 64).unwrap_or(0);
    // A store's condition tells other bytes, not another description of the same: among those who save through
    // this server one comes after the other.
    let _turn = TURNS[index].lock().await;
    let found = details(key, s3.describe_object(bucket, key, None).await?);
    if found.fingerprint != wanted.fingerprint {
        return Err(changed());
    }
    let is_hcp = state.config().backend.is_hcp();
    if is_hcp && found.size > ObjectCopy::LARGEST_WHOLE {
        // In parts it would be another object: without its annotations, and kept anew.
        return Err(Error::Refused {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            code: ErrorCode::ObjectTooLarge,
            detail: format!(
                "The object has more than {} GB, which is what can be copied onto itself. Nothing was changed.",
                ObjectCopy::LARGEST_WHOLE / GB
            ),
        });
    }
    let end = carried::of_standing(state, session, (bucket, key), &Written::from(&found)).await?;
    let before = if offers.acl {
        Some(s3.object_acl(bucket, key, None).await)
    } else {
        None
    };
    let now = state.now().unix_seconds();
    let description = Description {
        properties: wanted.properties.stored(offers.metadata_as_xml),
        attributes: Attributes {
            retention: free(&found, is_hcp, now),
            ..Attributes::default()
        },
    };
    let copy = ObjectCopy::new(bucket, key, bucket, key)
        .of_size(found.size)
        .only_if(found.etag.as_deref())
        .described(&description);
    let stored = s3.copy_object_as(&copy).await;
    let stored = stored.map_err(|error| refusal(error, &found, now))?;
    let kept = match before {
        None => true,
        Some(Err(_unknown)) => false,
        Some(Ok(before)) => put_back(s3, (bucket, key), &before, is_hcp).await,
    };
    let ends = match end {
        None => true,
        Some(end) => carried::along(state, s3, (bucket, key), end, stored.etag.as_deref()).await,
    };
    let lost = [(!kept).then_some("acl"), (!ends).then_some("expiry")];
    Ok(PropertiesSaved {
        status: "updated".to_owned(),
        etag: stored.etag,
        version_id: stored.version_id,
        not_kept: lost.into_iter().flatten().map(str::to_owned).collect(),
    })
}

fn refuse_faults(properties: &Properties, as_xml: bool) -> Result<(), Error> {
    let faults = properties.faults(as_xml);
    if faults.is_empty() {
        return Ok(());
    }
    let faults = faults.into_iter().map(|fault| FieldError {
        kind: "value_error".to_owned(),
        loc: ["body", "properties", fault.field.as_str()]
            .map(str::to_owned)
            .to_vec(),
        msg: fault.why.to_string(),
    });
    Err(Error::Validation(faults.collect()))
}

fn changed() -> Error {
    Error::Refused {
        status: StatusCode::PRECONDITION_FAILED,
        code: ErrorCode::ObjectChanged,
        detail: "The object has changed since it was looked at. Nothing was saved.".to_owned(),
    }
}

/// The retention of a new version of an object that may be deleted: without a word it would get what its
/// namespace gives to new objects.
fn free(found: &ObjectDetails, is_hcp: bool, now: i64) -> Option<String> {
    let told = found.protection.contains_key("x-hcp-retention");
    let is_kept = protection(|name| found.protection.get(name).cloned(), now).is_some();
    let makes_version = found.version_id.is_some();
    (is_hcp && told && makes_version && !is_kept).then(|| "0".to_owned())
}

/// Why the store refused.
fn refusal(error: hcp::Error, found: &ObjectDetails, now: i64) -> Error {
    let kept = protection(|name| found.protection.get(name).cloned(), now);
    match (error.kind(), kept) {
        (ErrorKind::PreconditionFailed, _) => changed(),
        (ErrorKind::Denied | ErrorKind::Conflict, Some(until)) => Error::Refused {
            status: StatusCode::FORBIDDEN,
            code: ErrorCode::ObjectRetained,
            detail: kept_until(until),
        },
        _ => error.into(),
    }
}

fn kept_until(until: Option<Timestamp>) -> String {
    match until {
        Some(until) => format!(
            "The object is under retention until {until}. Until then it is described as it is. Nothing was changed."
        ),
        None => "The object is on hold, or kept without an end. Nothing was changed.".to_owned(),
    }
}

/// Gives an object the list back that it had; whether it has it.
async fn put_back(
    s3: &S3,
    (bucket, key): (&BucketName, &ObjectKey),
    before: &Acl,
    is_hcp: bool,
) -> bool {
    let now = s3.object_acl(bucket, key, None).await;
    if now.as_ref().is_ok_and(|now| same_grants(now, before)) {
        return true;
    }
    // HCP tells what an owner may do without being granted it.
    let owner = now.ok().and_then(|now| now.owner?.id).filter(|_| is_hcp);
    let implied = |grant: &Grant| {
        let grantee = grant
            .grantee
            .as_ref()
            .and_then(|grantee| grantee.id.as_ref());
        owner.is_some() && grantee == owner.as_ref()
    };
    let grants = before.grants.iter().filter(|grant| !implied(grant));
    let policy = AclPolicy {
        grants: Some(grants.cloned().collect()),
        ..AclPolicy::default()
    };
    match s3.set_object_acl(bucket, key, None, &policy).await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%bucket, %error, "an access control list could not be put back");
            false
        }
    }
}

/// Whether two lists grant the same, in any order.
fn same_grants(one: &Acl, other: &Acl) -> bool {
    let holds = |all: &Acl, of: &Acl| all.grants.iter().all(|grant| of.grants.contains(grant));
    holds(one, other) && holds(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn found(retention: Option<&str>, version: Option<&str>) -> ObjectDetails {
        let protection = retention.map(|value| ("x-hcp-retention".to_owned(), value.to_owned()));
        ObjectDetails {
            protection: protection.into_iter().collect(),
            version_id: version.map(str::to_owned),
            ..ObjectDetails::default()
        }
    }

    #[test]
    fn a_new_version_of_what_may_be_deleted_may_be_deleted() {
        let of = |retention, version| free(&found(retention, version), true, NOW);
        assert_eq!(of(Some("0"), Some("9")).as_deref(), Some("0"));
        assert_eq!(of(Some("1600000000"), Some("9")).as_deref(), Some("0"));
        for kept in ["1800000000", "-1", "-2"] {
            assert_eq!(of(Some(kept), Some("9")), None, "{kept}");
        }
        // In place nothing is lost, and other stores know no such header.
        assert_eq!(of(Some("0"), None), None);
        assert_eq!(of(None, Some("9")), None);
        assert_eq!(free(&found(Some("0"), Some("9")), false, NOW), None);
    }
}
