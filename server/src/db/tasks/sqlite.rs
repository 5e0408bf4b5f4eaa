//! The tasks of one server.

use model::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Serialize, de::DeserializeOwned};

use super::{super::Database, Behind, LISTED_MS, LOST, List, TaskRecord, UNDO_MS};
use crate::Error;

/// Rows of the table `task`.
#[derive(Clone, Debug)]
pub struct SqliteTasks(Database);

impl SqliteTasks {
    /// Takes over the table. What is still running in it was cut off by the end of the server that
    /// worked on it: nobody shares this database.
    pub fn load(database: Database, now: Timestamp) -> Result<Self, rusqlite::Error> {
        database.lock().execute(
            "UPDATE task SET state = 'failed', error = ?1, ended_at = ?2, \
             progress = json_set(progress, '$.waiting', json('false')) WHERE state = 'running'",
            params![LOST, now.unix_millis()],
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
        let record = record.clone();
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
                "INSERT INTO task (id, owner, kind, bucket, state, progress, error, replica, expires_at, \
                 started_at, ended_at, job) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
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
                    record.started_at,
                    record.ended_at,
                    record.job.as_ref().map(json),
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
                "UPDATE task SET state = ?2, progress = ?3, error = ?4, expires_at = ?5, ended_at = ?6 \
                 WHERE id = ?1",
                params![
                    record.id,
                    word(&record.state),
                    json(&record.progress),
                    record.error,
                    record.expires_at,
                    record.ended_at,
                ],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn find(&self, id: &str) -> Result<Option<TaskRecord>, Error> {
        let id = id.to_owned();
        self.run(move |connection| {
            let sql = format!("{SELECT} WHERE id = ?1");
            connection.query_row(&sql, [id], record).optional()
        })
        .await
    }

    pub(super) async fn of_owner(
        &self,
        owner: &str,
        behind: Option<&Behind>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<TaskRecord>, Error> {
        let (owner, behind, now) = (owner.to_owned(), behind.cloned(), now.unix_millis());
        self.run(move |connection| {
            let (at, id) = behind.map_or((i64::MAX, String::new()), |b| (b.started_at, b.id));
            let sql = format!(
                "{SELECT} WHERE owner = ?1 AND (started_at, id) < (?2, ?3) AND (state = 'running' \
                 OR expires_at > ?4 / 1000 OR coalesce(ended_at, started_at) > ?4 - ?5) \
                 ORDER BY started_at DESC, id DESC LIMIT ?6"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            statement
                .query_map(params![owner, at, id, now, LISTED_MS, limit], record)?
                .collect()
        })
        .await
    }

    pub(super) async fn count_running(&self, owner: &str) -> Result<u32, Error> {
        let owner = owner.to_owned();
        self.run(move |connection| {
            connection.query_row(
                "SELECT count(*) FROM task WHERE owner = ?1 AND state = 'running'",
                [owner],
                |row| row.get(0),
            )
        })
        .await
    }

    pub(super) async fn keep_order(&self, id: &str, text: String) -> Result<(), Error> {
        let id = id.to_owned();
        self.run(move |connection| {
            connection.execute(
                "INSERT INTO task_order (task_id, text) VALUES (?1, ?2)",
                [id, text],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn order(&self, id: &str) -> Result<Option<String>, Error> {
        let id = id.to_owned();
        self.run(move |connection| {
            let sql = "SELECT text FROM task_order WHERE task_id = ?1";
            connection.query_row(sql, [id], |row| row.get(0)).optional()
        })
        .await
    }

    pub(super) async fn add_lines(
        &self,
        id: &str,
        list: List,
        from: u64,
        lines: Vec<String>,
    ) -> Result<(), Error> {
        let id = id.to_owned();
        self.run(move |connection| {
            let transaction = connection.transaction()?;
            {
                // A line that was kept before its task could be is written once.
                let mut statement = transaction.prepare_cached(
                    "INSERT OR REPLACE INTO task_line (task_id, list, number, line) VALUES (?1, ?2, ?3, ?4)",
                )?;
                for (number, line) in (from..).zip(lines) {
                    statement.execute(params![id, list.word(), number.cast_signed(), line])?;
                }
            }
            transaction.commit()
        })
        .await
    }

    pub(super) async fn lines(
        &self,
        id: &str,
        list: List,
        from: u64,
        limit: u32,
    ) -> Result<Vec<String>, Error> {
        let id = id.to_owned();
        self.run(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT line FROM task_line WHERE task_id = ?1 AND list = ?2 AND number >= ?3 \
                 ORDER BY number LIMIT ?4",
            )?;
            let from = i64::try_from(from).unwrap_or(i64::MAX);
            statement
                .query_map(params![id, list.word(), from, limit], |row| row.get(0))?
                .collect()
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
        self.run(move |connection| forget(connection, now)).await
    }
}

/// All of a task, for [`record`].
const SELECT: &str = "SELECT id, owner, kind, bucket, state, progress, error, replica, cancel, expires_at, \
                      started_at, ended_at, job FROM task";

/// Forgets what has left the list of jobs, with its lines, and markers that nothing removes any more.
fn forget(connection: &Connection, now: Timestamp) -> Result<(), rusqlite::Error> {
    connection.execute(
        "DELETE FROM task WHERE state <> 'running' AND expires_at <= ?1 \
         AND coalesce(ended_at, started_at) <= ?2",
        [now.unix_seconds(), now.unix_millis() - LISTED_MS],
    )?;
    connection.execute(
        "DELETE FROM task_line WHERE list = 'marker' AND task_id IN \
         (SELECT id FROM task WHERE state <> 'running' AND coalesce(ended_at, started_at) <= ?1)",
        [now.unix_millis() - UNDO_MS],
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
        started_at: row.get(10)?,
        ended_at: row.get(11)?,
        job: match row.get_ref(12)? {
            rusqlite::types::ValueRef::Null => None,
            _ => Some(read(row, 12, |text| text)?),
        },
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
            started_at: 900_000,
            ended_at: None,
            job: None,
        }
    }

    #[tokio::test]
    async fn a_task_outlives_its_server_as_a_failed_one_until_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.sqlite");
        let open = || {
            let database = Database::open(&file).unwrap();
            TaskStore::Sqlite(SqliteTasks::load(database, at(1_500)).unwrap())
        };
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
        // It stands in the list of jobs for 30 days more.
        let month = 30 * 86_400;
        store.sweep(at(1_500 + month - 1)).await.unwrap();
        let listed = store.find_listed("1", at(2_000)).await.unwrap().unwrap();
        assert_eq!(listed.ended_at, Some(1_500_000));
        store.sweep(at(1_500 + month)).await.unwrap();
        assert_eq!(store.find_listed("1", at(1_000)).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_list_is_paged_newest_first_and_lines_go_with_their_task() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("server.sqlite")).unwrap();
        let store = TaskStore::Sqlite(SqliteTasks::load(database.clone(), at(1_000)).unwrap());
        for (id, owner, started_at) in [("1", "a", 5), ("2", "a", 7), ("3", "a", 7), ("4", "b", 6)]
        {
            let task = TaskRecord {
                started_at,
                state: TaskState::Done,
                ended_at: Some(1_000_000),
                ..task(id, owner)
            };
            assert!(store.insert(&task, 9, at(1_000)).await.unwrap());
        }
        let page = store.of_owner("a", None, 2, at(1_000)).await.unwrap();
        let ids: Vec<_> = page.iter().map(|task| task.id.as_str()).collect();
        assert_eq!(ids, ["3", "2"]);
        let behind = Behind {
            started_at: 7,
            id: "2".to_owned(),
        };
        let rest = store.of_owner("a", Some(&behind), 2, at(1_000)).await;
        assert_eq!(rest.unwrap()[0].id, "1");

        let lines = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
        for (list, from, text) in [
            (List::Failures, 0, ["a", "b"]),
            (List::Failures, 2, ["c", "d"]),
            (List::Markers, 0, ["m", "n"]),
            (List::Results, 0, ["r", "s"]),
        ] {
            store
                .add_lines("1", list, from, lines(&text))
                .await
                .unwrap();
        }
        let told = store.lines("1", List::Failures, 1, 2).await.unwrap();
        assert_eq!(told, ["b", "c"]);
        store.keep_order("1", "{}".to_owned()).await.unwrap();
        assert_eq!(store.order("1").await.unwrap().as_deref(), Some("{}"));
        // Markers are of no use once nothing removes them; failures and results stay.
        store.sweep(at(1_000 + 3_600)).await.unwrap();
        assert_eq!(
            store.lines("1", List::Results, 0, 9).await.unwrap(),
            ["r", "s"]
        );
        assert_eq!(
            store.lines("1", List::Markers, 0, 9).await.unwrap(),
            [""; 0]
        );
        assert_eq!(
            store.lines("1", List::Failures, 0, 9).await.unwrap().len(),
            4
        );
        store.sweep(at(1_000 + 30 * 86_400)).await.unwrap();
        assert_eq!(
            store.lines("1", List::Failures, 0, 9).await.unwrap(),
            [""; 0]
        );
        assert_eq!(
            store.lines("1", List::Results, 0, 9).await.unwrap(),
            [""; 0]
        );
        assert_eq!(store.order("1").await.unwrap(), None);
    }
}
