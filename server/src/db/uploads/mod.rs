//! Uploads whose id alone completes them: in Redis where several servers share them, else in this server's database.

mod redis;
mod sqlite;

use model::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::{redis::RedisUploads, sqlite::SqliteUploads};
use crate::Error;

/// For how many seconds an upload is known: longer than any of its URLs works.
const KEPT: u64 = 30 * 86_400;

/// An upload as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadRecord {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// Seconds after its completion at which the object is removed.
    pub ttl: Option<u64>,
}

/// The uploads of this server, or of all that share a Redis.
#[derive(Clone)]
pub enum UploadStore {
    /// This server's own.
    Sqlite(SqliteUploads),
    /// Shared.
    Redis(RedisUploads),
}

impl UploadStore {
    /// Notes an upload of somebody, who is a keyed digest.
    pub async fn insert(
        &self,
        owner: &str,
        id: &str,
        record: &UploadRecord,
        now: Timestamp,
    ) -> Result<(), Error> {
        match self {
            Self::Sqlite(own) => own.insert(owner, id, record, now).await,
            Self::Redis(shared) => shared.insert(owner, id, record).await,
        }
    }

    /// An upload of somebody.
    pub async fn find(
        &self,
        owner: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<UploadRecord>, Error> {
        match self {
            Self::Sqlite(own) => own.find(owner, id, now).await,
            Self::Redis(shared) => shared.find(owner, id).await,
        }
    }

    /// Forgets an upload.
    pub async fn remove(&self, owner: &str, id: &str) -> Result<(), Error> {
        match self {
            Self::Sqlite(own) => own.remove(owner, id).await,
            Self::Redis(shared) => shared.remove(owner, id).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Database;

    #[tokio::test]
    async fn an_upload_is_known_to_its_owner_for_a_while_and_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.sqlite");
        let open = || UploadStore::Sqlite(SqliteUploads::new(Database::open(&file).unwrap()));
        let at = |seconds: i64| Timestamp::from_unix_seconds(seconds).unwrap();
        let record = UploadRecord {
            bucket: "datasets".to_owned(),
            key: "a/b".to_owned(),
            ttl: Some(60),
        };
        let store = open();
        store.insert("me", "u-1", &record, at(1_000)).await.unwrap();
        drop(store);
        let store = open();
        let found = store.find("me", "u-1", at(1_000)).await.unwrap();
        assert_eq!(found.as_ref(), Some(&record));
        assert_eq!(store.find("you", "u-1", at(1_000)).await.unwrap(), None);
        assert_eq!(store.find("me", "u-2", at(1_000)).await.unwrap(), None);
        let later = at(1_000 + i64::try_from(KEPT).unwrap());
        assert_eq!(store.find("me", "u-1", later).await.unwrap(), None);
        // What is over goes when something new comes.
        store.insert("me", "u-2", &record, later).await.unwrap();
        assert_eq!(store.find("me", "u-1", at(1_000)).await.unwrap(), None);
        store.remove("me", "u-2").await.unwrap();
        assert_eq!(store.find("me", "u-2", later).await.unwrap(), None);
    }
}
