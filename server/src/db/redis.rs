//! The same in Redis, where several servers share it.

use model::Timestamp;
use redis::{
    AsyncCommands, Client,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use secrecy::{ExposeSecret, SecretString};

use crate::Error;

/// Revoked sessions as keys that Redis forgets by itself when their tokens would have ended.
#[derive(Clone)]
pub struct RedisRevocations {
    connection: ConnectionManager,
}

impl RedisRevocations {
    /// Connects; a Redis that does not answer is an error, since sessions could not be checked.
    pub async fn connect(url: &SecretString) -> Result<Self, redis::RedisError> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(std::time::Duration::from_secs(5)))
            .set_response_timeout(Some(std::time::Duration::from_secs(5)))
            .set_number_of_retries(2);
        let client = Client::open(url.expose_secret())?;
        let mut connection = ConnectionManager::new_with_config(client, config).await?;
        let _: String = redis::cmd("PING").query_async(&mut connection).await?;
        Ok(Self { connection })
    }

    /// The connection, for what else is shared.
    pub(crate) fn connection(&self) -> ConnectionManager {
        self.connection.clone()
    }

    /// Ends a session.
    pub(super) async fn revoke(
        &self,
        id: &str,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error> {
        let seconds = (expires_at.unix_seconds() - now.unix_seconds())
            .max(1)
            .unsigned_abs();
        let mut connection = self.connection.clone();
        connection
            .set_ex(key(id), 1, seconds)
            .await
            .map_err(Error::internal)
    }

    /// Whether a session was ended. A Redis that does not answer lets nobody in.
    pub(super) async fn is_revoked(&self, id: &str) -> Result<bool, Error> {
        let mut connection = self.connection.clone();
        connection.exists(key(id)).await.map_err(Error::Sessions)
    }

    /// Whether Redis answers.
    pub(super) async fn answers(&self) -> bool {
        let mut connection = self.connection.clone();
        redis::cmd("PING")
            .query_async::<String>(&mut connection)
            .await
            .is_ok()
    }
}

fn key(id: &str) -> String {
    format!("hako:revoked:{id}")
}
