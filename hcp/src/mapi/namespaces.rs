//! Namespaces, as far as deleting one needs them (HCP's management API, `/tenants/{t}/namespaces/{n}`).

use http::Method;
use model::BucketName;
use serde_json::json;

use super::Client;
use crate::{Error, ErrorKind, Resource};

impl Client<'_> {
    /// Lets a namespace keep no deletion records and drop old versions at once.
    pub(crate) async fn prune_namespace(&self, bucket: &BucketName) -> Result<(), Error> {
        let settings = json!({"keepDeletionRecords": false, "prune": true, "pruneDays": 0});
        self.on_namespace(Method::POST, bucket, "/versioningSettings", Some(&settings))
            .await
    }

    /// Takes a namespace out of the index.
    pub(crate) async fn unindex_namespace(&self, bucket: &BucketName) -> Result<(), Error> {
        let settings = json!({"searchEnabled": false});
        self.on_namespace(Method::POST, bucket, "", Some(&settings))
            .await
    }

    /// Deletes a namespace, which must be empty.
    pub(crate) async fn delete_namespace(&self, bucket: &BucketName) -> Result<(), Error> {
        self.on_namespace(Method::DELETE, bucket, "", None).await
    }

    async fn on_namespace(
        &self,
        method: Method,
        bucket: &BucketName,
        below: &str,
        body: Option<&serde_json::Value>,
    ) -> Result<(), Error> {
        let resource = Resource::Bucket(bucket.clone());
        let tenant = self.credentials.tenant.as_ref();
        let tenant =
            tenant.ok_or_else(|| Error::new(ErrorKind::TenantRequired, resource.clone()))?;
        let path = format!("/mapi/tenants/{tenant}/namespaces/{bucket}{below}");
        self.change(method, &path, body, resource).await
    }
}
