//! Metadata queries: `POST /query` at the host of a tenant (HCP's metadata query API, "Transport").

use http::Method;
use model::TenantName;
use serde_json::Value;

use super::{Client, Outgoing};
use crate::{Error, ErrorKind, Resource};

impl Client<'_> {
    /// Asks, and gives the answer as it came.
    pub(crate) async fn query(&self, tenant: &TenantName, request: &Value) -> Result<Value, Error> {
        let target = self.config.query_target(tenant)?;
        let outgoing = Outgoing {
            method: Method::POST,
            target: "/query",
            body: Some(request),
        };
        let send = || self.send_to(target.clone(), &outgoing, &Resource::Query);
        let good = self.repeatedly(&Resource::Query, true, send).await?;
        serde_json::from_slice(&good.body).map_err(|fault| {
            // Where the text broke is safe to say; what it held is not.
            let place = format!("status {}: line {}", good.status, fault.line());
            Error::new(ErrorKind::Unexpected, Resource::Query).caused_by(place)
        })
    }
}
