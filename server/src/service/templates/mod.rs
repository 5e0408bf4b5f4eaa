//! Templates: the settings of namespaces read from an HCP, and applied to one.

mod export;
mod import;
mod limits;

pub use import::Options;

use hcp::{Call, ErrorKind, Reply};
use model::{Timestamp, mapi::calls::operations, problem::Detail};
use serde_json::{Map, Value};
use tokio::sync::Semaphore;

use super::management::Management;
use crate::Error;

/// So many calls are under way at once, whatever a template is about.
const AT_ONCE: usize = 6;

/// One person's calls about the namespaces of a tenant.
pub struct Templates<'a> {
    management: Management<'a>,
    now: Timestamp,
    tenant: String,
    places: Semaphore,
}

impl<'a> Templates<'a> {
    /// For a tenant; `now` is when it is exported.
    pub fn new(management: Management<'a>, tenant: String, now: Timestamp) -> Self {
        Self {
            management,
            now,
            tenant,
            places: Semaphore::new(AT_ONCE),
        }
    }

    /// Performs an operation on a namespace, or on what has a name below it.
    async fn perform(
        &self,
        id: &str,
        below: &[&str],
        edit: impl FnOnce(Call) -> Call,
    ) -> Result<Reply, Error> {
        let operation = operations().find(|one| one.id == id);
        let operation = operation.ok_or_else(|| Error::internal("no such operation"))?;
        let mut names = vec![self.tenant.as_str()];
        names.extend(below);
        let call = edit(Call::new(operation, &names)?);
        // It is never closed.
        let _place = self.places.acquire().await;
        self.management.perform(&call).await
    }

    async fn read(&self, id: &str, below: &[&str]) -> Result<Value, Error> {
        let reply = self.perform(id, below, |call| call).await?;
        Ok(reply.body)
    }

    async fn write(&self, id: &str, below: &[&str], body: Map<String, Value>) -> Result<(), Error> {
        let written = self.perform(id, below, |call| call.with_body(body));
        written.await.map(|_nothing| ())
    }
}

/// Why a call failed, where a call did.
fn kind(error: &Error) -> Option<ErrorKind> {
    match error {
        Error::Store(error) => Some(error.kind()),
        _ => None,
    }
}

/// Whether no other call would do better.
fn is_the_end(error: &Error) -> bool {
    matches!(
        kind(error),
        Some(ErrorKind::Unauthenticated | ErrorKind::Unreachable | ErrorKind::TimedOut)
    )
}

/// What the client is told of a failure.
fn words(error: &Error) -> String {
    match error.problem().detail {
        Detail::Text(text) => text,
        _ => error.to_string(),
    }
}
