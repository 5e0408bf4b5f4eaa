//! Tokens that were ended before their time.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use model::Timestamp;

use super::{Database, RedisRevocations};

/// The revoked sessions: in Redis where several servers share them, else in this server's database.
#[derive(Clone)]
pub enum Revocations {
    /// This server's own.
    Sqlite(SqliteRevocations),
    /// Shared.
    Redis(RedisRevocations),
}

impl Revocations {
    /// Ends a session. It stays noted until its token would have ended by itself.
    pub async fn revoke(
        &self,
        id: &str,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), crate::Error> {
        match self {
            Self::Sqlite(own) => own.revoke(id, expires_at, now).await,
            Self::Redis(shared) => shared.revoke(id, expires_at, now).await,
        }
    }

    /// Whether a session was ended.
    pub async fn is_revoked(&self, id: &str) -> Result<bool, crate::Error> {
        match self {
            Self::Sqlite(own) => Ok(own.is_revoked(id)),
            Self::Redis(shared) => shared.is_revoked(id).await,
        }
    }

    /// Whether the shared place answers; `None` where there is none.
    pub async fn shared_answers(&self) -> Option<bool> {
        match self {
            Self::Sqlite(_) => None,
            Self::Redis(shared) => Some(shared.answers().await),
        }
    }
}

/// On disk, and in memory for the check that every request makes.
#[derive(Clone, Debug)]
pub struct SqliteRevocations {
    database: Database,
    known: Arc<RwLock<HashMap<String, i64>>>,
}

impl SqliteRevocations {
    /// Reads what is still of interest at `now`.
    pub fn load(database: Database, now: Timestamp) -> Result<Self, rusqlite::Error> {
        let known = {
            let connection = database.lock();
            connection.execute(
                "DELETE FROM revocation WHERE expires_at <= ?1",
                [now.unix_seconds()],
            )?;
            let mut statement =
                connection.prepare("SELECT session_id, expires_at FROM revocation")?;
            statement
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?
        };
        Ok(Self {
            database,
            known: Arc::new(RwLock::new(known)),
        })
    }

    async fn revoke(
        &self,
        id: &str,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), crate::Error> {
        let (this, id, end, now) = (
            self.clone(),
            id.to_owned(),
            expires_at.unix_seconds(),
            now.unix_seconds(),
        );
        tokio::task::spawn_blocking(move || {
            let connection = this.database.lock();
            connection.execute(
                "INSERT INTO revocation (session_id, expires_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                (&id, end),
            )?;
            connection.execute("DELETE FROM revocation WHERE expires_at <= ?1", [now])?;
            let mut known = this.known.write().unwrap_or_else(PoisonError::into_inner);
            known.retain(|_, end| *end > now);
            known.insert(id, end);
            Ok::<_, rusqlite::Error>(())
        })
        .await
        .map_err(crate::Error::internal)?
        .map_err(crate::Error::internal)
    }

    fn is_revoked(&self, id: &str) -> bool {
        self.known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds).unwrap()
    }

    #[tokio::test]
    async fn a_revoked_session_stays_so_across_a_restart_until_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.sqlite");
        let open = |now| SqliteRevocations::load(Database::open(&file).unwrap(), at(now)).unwrap();
        let revocations = open(1_000);
        assert!(!revocations.is_revoked("a"));
        revocations.revoke("a", at(2_000), at(1_000)).await.unwrap();
        revocations.revoke("a", at(2_000), at(1_000)).await.unwrap();
        assert!(revocations.is_revoked("a"));
        assert!(open(1_999).is_revoked("a"));
        assert!(!open(2_000).is_revoked("a"));
    }
}
