//! The uploads of one server.

use model::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::{super::Database, KEPT, UploadRecord};
use crate::Error;

/// Rows of the table `upload`.
#[derive(Clone, Debug)]
pub struct SqliteUploads(Database);

impl SqliteUploads {
    /// Shares the database.
    pub fn new(database: Database) -> Self {
        Self(database)
    }

    /// Runs statements off the threads that serve requests.
    async fn run<T: Send + 'static>(
        &self,
        statements: impl FnOnce(&Connection) -> Result<T, rusqlite::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let database = self.0.clone();
        tokio::task::spawn_blocking(move || statements(&database.lock()))
            .await
            .map_err(Error::internal)?
            .map_err(Error::internal)
    }

    pub(super) async fn insert(
        &self,
        owner: &str,
        id: &str,
        record: &UploadRecord,
        now: Timestamp,
    ) -> Result<(), Error> {
        let (owner, id, record) = (owner.to_owned(), id.to_owned(), record.clone());
        let now = now.unix_seconds();
        let until = now.saturating_add_unsigned(KEPT);
        self.run(move |connection| {
            connection.execute("DELETE FROM upload WHERE until <= ?1", [now])?;
            let ttl = record.ttl.map(|ttl| i64::try_from(ttl).unwrap_or(i64::MAX));
            connection.execute(
                "INSERT OR REPLACE INTO upload (owner, upload_id, bucket, key, ttl, until) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![owner, id, record.bucket, record.key, ttl, until],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn find(
        &self,
        owner: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<UploadRecord>, Error> {
        let (owner, id, now) = (owner.to_owned(), id.to_owned(), now.unix_seconds());
        self.run(move |connection| {
            connection
                .prepare_cached(
                    "SELECT bucket, key, ttl FROM upload \
                     WHERE owner = ?1 AND upload_id = ?2 AND until > ?3",
                )?
                .query_row(params![owner, id, now], |row| {
                    let ttl: Option<i64> = row.get(2)?;
                    Ok(UploadRecord {
                        bucket: row.get(0)?,
                        key: row.get(1)?,
                        ttl: ttl.and_then(|ttl| u64::try_from(ttl).ok()),
                    })
                })
                .optional()
        })
        .await
    }

    pub(super) async fn remove(&self, owner: &str, id: &str) -> Result<(), Error> {
        let (owner, id) = (owner.to_owned(), id.to_owned());
        self.run(move |connection| {
            connection.execute(
                "DELETE FROM upload WHERE owner = ?1 AND upload_id = ?2",
                params![owner, id],
            )?;
            Ok(())
        })
        .await
    }
}
