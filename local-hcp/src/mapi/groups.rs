//! Group accounts (HCP's management API, `groupAccount`).
//!
//! A group is one of a directory, and this store has none: there are no group accounts, and none can be
//! made. HCP answers the same while no directory is configured.

use super::{
    access::{A, Access, M, S},
    call::{Answer, Call, Endpoint},
    error::Refusal,
};

/// Why there can be no group accounts.
pub(super) const NO_DIRECTORY: &str =
    "No Active Directory is configured: there are no groups of which accounts could be made.";

pub(super) fn endpoints() -> [Endpoint; 4] {
    [
        Endpoint::at("/groupAccounts").get(Access::system(&[A, M, S]), list),
        Endpoint::at("/groupAccounts/{groupname}").get(Access::system(&[A, M, S]), absent),
        Endpoint::at("/tenants/{tenant}/groupAccounts")
            .get(Access::tenant(&[A, M, S]), list)
            .put(Access::tenant(&[S]), create),
        Endpoint::at("/tenants/{tenant}/groupAccounts/{groupname}")
            .get(Access::tenant(&[A, M, S]), absent)
            .post(Access::tenant(&[A, S]), absent)
            .delete(Access::tenant(&[S]), absent),
    ]
}

async fn list(_call: Call) -> Result<Answer, Refusal> {
    Ok(Answer::names("groupAccounts", "groupname", Vec::new()))
}

async fn absent(_call: Call) -> Result<Answer, Refusal> {
    Err(Refusal::NotFound)
}

async fn create(_call: Call) -> Result<Answer, Refusal> {
    Err(Refusal::forbidden(NO_DIRECTORY))
}
