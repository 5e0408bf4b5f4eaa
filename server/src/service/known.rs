//! What the management API tells of a namespace, to whom it tells it.

use hcp::Call;
use model::{
    BucketName, Timestamp,
    mapi::{Resource, calls::operations},
};
use serde_json::Value;

use super::management::Management;
use crate::{cache::Freshness, session::Session, state::AppState};

/// Reads of the management API whose failure is no failure here.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) state: &'a AppState,
    pub(super) session: &'a Session,
}

impl Known<'_> {
    /// What a namespace has of one kind, and when that was.
    pub(super) async fn read<T: Resource>(
        &self,
        id: &str,
        bucket: &BucketName,
    ) -> Option<(T, Timestamp)> {
        self.read_named(id, &[bucket.as_str()]).await
    }

    /// What something of the tenant is, and when that was.
    pub(super) async fn read_named<T: Resource>(
        &self,
        id: &str,
        names: &[&str],
    ) -> Option<(T, Timestamp)> {
        let (value, at) = self.ask(id, names).await?;
        let Value::Object(properties) = value else {
            return None;
        };
        Some((T::read_leniently(properties), at))
    }

    /// What management answers of something of the tenant.
    pub(super) async fn value(&self, id: &str, names: &[&str]) -> Option<Value> {
        self.ask(id, names).await.map(|(value, _)| value)
    }

    async fn ask(&self, id: &str, names: &[&str]) -> Option<(Value, Timestamp)> {
        let tenant = self.session.claims.credentials.tenant.as_ref()?;
        let management = Management::new(self.state, self.session).ok()?;
        let operation = operations().find(|operation| operation.id == id)?;
        let names: Vec<&str> = std::iter::once(tenant.as_str())
            .chain(names.iter().copied())
            .collect();
        let call = Call::new(operation, &names).ok()?;
        let call = match id {
            "get_namespace" | "get_retention_class" => call.with("verbose", "true"),
            _ => call,
        };
        let (reply, freshness) = management.perform_or_find(&call).await.ok()?;
        let age = match freshness {
            Freshness::Hit(seconds) => i64::try_from(seconds).ok()?,
            Freshness::Miss | Freshness::Unkept => 0,
        };
        let at = Timestamp::from_unix_seconds(self.state.now().unix_seconds() - age)?;
        Some((reply.body, at))
    }
}
