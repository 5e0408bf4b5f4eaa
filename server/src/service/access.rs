//! Access control lists: what is refused before the store is asked.

use http::StatusCode;
use model::{
    ErrorCode,
    acl::{Acl, AclPolicy, GRANTS_MAX},
    problem::FieldError,
};

use crate::Error;

/// Refuses a list that no store takes.
///
/// # Errors
/// The field that is wrong.
pub fn check(policy: &AclPolicy) -> Result<(), Error> {
    let count = policy.grants.as_ref().map_or(0, Vec::len);
    if count <= GRANTS_MAX {
        return Ok(());
    }
    let said = format!("A list has at most {GRANTS_MAX} grants. This one has {count}.");
    Err(Error::Validation(vec![FieldError::body("Grants", said)]))
}

/// Refuses a change that was made for another list than the present one.
///
/// # Errors
/// The list has changed, or the store does not tell it.
pub async fn unchanged(
    policy: &AclPolicy,
    present: impl Future<Output = Result<Acl, hcp::Error>>,
) -> Result<(), Error> {
    let Some(seen) = &policy.fingerprint else {
        return Ok(());
    };
    if present.await?.fingerprint == *seen {
        return Ok(());
    }
    Err(Error::Refused {
        status: StatusCode::CONFLICT,
        code: ErrorCode::Conflict,
        detail: "Somebody else has changed the grants since. Nothing was saved.".to_owned(),
    })
}
