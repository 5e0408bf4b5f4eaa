//! The uploads of all servers that share a Redis, which forgets them by itself.

use redis::{AsyncCommands, aio::ConnectionManager};

use super::{super::RedisRevocations, KEPT, UploadRecord};
use crate::Error;

/// One value for each upload.
#[derive(Clone)]
pub struct RedisUploads(ConnectionManager);

impl RedisUploads {
    /// Shares a connection.
    pub fn new(revocations: &RedisRevocations) -> Self {
        Self(revocations.connection())
    }

    pub(super) async fn insert(
        &self,
        owner: &str,
        id: &str,
        record: &UploadRecord,
    ) -> Result<(), Error> {
        let text = serde_json::to_string(record).map_err(Error::internal)?;
        let mut redis = self.0.clone();
        redis
            .set_ex(key(owner, id), text, KEPT)
            .await
            .map_err(Error::Shared)
    }

    pub(super) async fn find(&self, owner: &str, id: &str) -> Result<Option<UploadRecord>, Error> {
        let mut redis = self.0.clone();
        let text: Option<String> = redis.get(key(owner, id)).await.map_err(Error::Shared)?;
        text.map(|text| serde_json::from_str(&text).map_err(Error::internal))
            .transpose()
    }

    pub(super) async fn remove(&self, owner: &str, id: &str) -> Result<(), Error> {
        let mut redis = self.0.clone();
        redis.del(key(owner, id)).await.map_err(Error::Shared)
    }
}

/// The digest of an owner has no colon.
fn key(owner: &str, id: &str) -> String {
    format!("hako:upload:{owner}:{id}")
}
