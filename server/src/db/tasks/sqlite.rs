//! The tasks of one server.

use model::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Serialize, de::DeserializeOwned};

use super::{super::Database, LOST, TaskRecord};
use crate::Error;

/// Rows of the table `task`.
#[derive(Clone, Debug)]
pub struct SqliteTasks(Database);

impl SqliteTasks {
    /// Takes over the table. What is still running in it was cut off by the end of the server that
    /// worked on it: nobody shares this database.
    pub fn load(database: Database) -> Result<Self, rusqlite::Error> {
        database.lock().execute(
            "UPDATE task SET state = 'failed', error = ?1 WHERE state = 'running'",
            [LOST],
        )?;
        Ok(Self(database))
    }

    /// Runs statements off the threads that serve requests.
    async fn run<T: Send + 'static>(
        &self,
        statements: impl FnOnce(&mut Connection) -> Result<T, rusqlite::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let database = self.0.clone();
        tokio::task::spawn_blocking(move || statements(&mut database.lock()))
            .await
            .map_err(Error::internal)?
            .map_err(Error::internal)
    }

    pub(super) async fn insert(
        &self,
        record: &TaskRecord,
        limit: u32,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let (record, now) = (record.clone(), now.unix_seconds());
        self.run(move |connection| {
            let transaction = connection.transaction()?;
            forget(&transaction, now)?;
            let running: u32 = transaction.query_row(
                "SELECT count(*) FROM task WHERE owner = ?1 AND state = 'running'",
                [&record.owner],
                |row| row.get(0),
            )?;
            if running >= limit {
                return Ok(false);
            }
            transaction.execute(
                "INSERT INTO task (id, owner, kind, bucket, state, progress, error, replica, expires_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    record.id,
                    record.owner,
                    word(&record.kind),
                    record.bucket,
                    word(&record.state),
                    json(&record.progress),
                    record.error,
                    record.replica,
                    record.expires_at,
                ],
            )?;
            transaction.commit()?;
            Ok(true)
        })
        .await
    }

    pub(super) async fn save(&self, record: &TaskRecord) -> Result<(), Error> {
        let record = record.clone();
        self.run(move |connection| {
            connection.execute(
                "UPDATE task SET state = ?2, progress = ?3, error = ?4, expires_at = ?5 WHERE id = ?1",
                params![
                    record.id,
                    word(&record.state),
                    json(&record.progress),
                    record.error,
                    record.expires_at,
                ],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn find(&self, id: &str) -> Result<Option<TaskRecord>, Error> {
        let id = id.to_owned();
        self.run(move |connection| {
            let sql = "SELECT id, owner, kind, bucket, state, progress, error, replica, cancel, expires_at \
                       FROM task WHERE id = ?1";
            connection.query_row(sql, [id], record).optional()
        })
        .await
    }

    pub(super) async fn ask_to_cancel(&self, id: &str) -> Result<(), Error> {
        let id = id.to_owned();
        self.run(move |connection| {
            connection.execute("UPDATE task SET cancel = 1 WHERE id = ?1", [id])?;
            Ok(())
        })
        .await
    }

    pub(super) async fn was_asked_to_cancel(&self, id: &str) -> Result<bool, Error> {
        let id = id.to_owned();
        self.run(move |connection| {
            connection
                .query_row("SELECT cancel FROM task WHERE id = ?1", [id], |row| {
                    row.get(0)
                })
                .optional()
        })
        .await
        .map(Option::unwrap_or_default)
    }

    pub(super) async fn sweep(&self, now: Timestamp) -> Result<(), Error> {
        let now = now.unix_seconds();
        self.run(move |connection| forget(connection, now)).await
    }
}

fn forget(connection: &Connection, now: i64) -> Result<(), rusqlite::Error> {
    connection.execute(
        "DELETE FROM task WHERE expires_at <= ?1 AND state <> 'running'",
        [now],
    )?;
    Ok(())
}

fn record(row: &Row<'_>) -> Result<TaskRecord, rusqlite::Error> {
    Ok(TaskRecord {
        id: row.get(0)?,
        owner: row.get(1)?,
        kind: read(row, 2, |text| serde_json::Value::String(text).to_string())?,
        bucket: row.get(3)?,
        state: read(row, 4, |text| serde_json::Value::String(text).to_string())?,
        progress: read(row, 5, |text| text)?,
        error: row.get(6)?,
        replica: row.get(7)?,
        cancel: row.get(8)?,
        expires_at: row.get(9)?,
    })
}

/// Reads a column of JSON, or one that `as_json` makes so.
fn read<T: DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
    as_json: impl FnOnce(String) -> String,
) -> Result<T, rusqlite::Error> {
    let text = as_json(row.get(column)?);
    serde_json::from_str(&text).map_err(|e| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, e.into())
    })
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The word of an enum without data.
fn word(value: &impl Serialize) -> String {
    json(value).trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Progress, TaskKind, TaskState, TaskStore},
        *,
    };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds).unwrap()
    }

    fn task(id: &str, owner: &str) -> TaskRecord {
        TaskRecord {
            id: id.to_owned(),
            owner: owner.to_owned(),
            kind: TaskKind::Deletion,
            bucket: "b".to_owned(),
            state: TaskState::Running,
            progress: Progress::default(),
            error: None,
            replica: "r".to_owned(),
            cancel: false,
            expires_at: 2_000,
        }
    }

    #[tokio::test]
    async fn a_task_outlives_its_server_as_a_failed_one_until_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.sqlite");
        let open = || TaskStore::Sqlite(SqliteTasks::load(Database::open(&file).unwrap()).unwrap());
        let store = open();
        let mut running = task("1", "a");
        assert!(store.insert(&running, 1, at(1_000)).await.unwrap());
        assert!(!store.insert(&task("2", "a"), 1, at(1_000)).await.unwrap());
        assert!(store.insert(&task("3", "b"), 1, at(1_000)).await.unwrap());
        running.progress.done = 7;
        store.save(&running, at(1_000)).await.unwrap();
        assert_eq!(store.find("1", at(3_000)).await.unwrap(), Some(running));
        store.ask_to_cancel("1").await.unwrap();
        assert!(store.was_asked_to_cancel("1").await.unwrap());
        assert!(!store.was_asked_to_cancel("3").await.unwrap());

        let store = open();
        let cut_off = store.find("1", at(1_999)).await.unwrap().unwrap();
        assert_eq!(cut_off.state, TaskState::Failed);
        assert_eq!(cut_off.error.as_deref(), Some(LOST));
        assert_eq!(cut_off.progress.done, 7);
        assert_eq!(store.find("1", at(2_000)).await.unwrap(), None);
        // What has failed does not count against the limit.
        assert!(store.insert(&task("4", "a"), 1, at(1_000)).await.unwrap());
        store.sweep(at(2_000)).await.unwrap();
        assert_eq!(store.find("1", at(1_000)).await.unwrap(), None);
    }
}
