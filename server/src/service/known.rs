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
        let tenant = self.session.claims.credentials.tenant.as_ref()?;
        let management = Management::new(self.state, self.session).ok()?;
        let operation = operations().find(|operation| operation.id == id)?;
        let call = Call::new(operation, &[tenant.as_str(), bucket.as_str()]).ok()?;
        let call = if id == "get_namespace" {
            call.with("verbose", "true")
        } else {
            call
        };
        let (reply, freshness) = management.perform_or_find(&call).await.ok()?;
        let Value::Object(properties) = reply.body else {
            return None;
        };
        let age = match freshness {
            Freshness::Hit(seconds) => i64::try_from(seconds).ok()?,
            Freshness::Miss | Freshness::Unkept => 0,
        };
        let at = Timestamp::from_unix_seconds(self.state.now().unix_seconds() - age)?;
        Some((T::read_leniently(properties), at))
    }
}
