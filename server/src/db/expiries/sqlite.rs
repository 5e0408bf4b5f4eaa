//! The ends of one server's temporary files.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{super::Database, Expiries, Expiry, Facts, PUT_OFF, facts_of};
use crate::Error;

/// The ends of the keys of a page: each is looked up by the table's own index.
const ENDS: &str = "SELECT id, facts FROM expiry WHERE id IN (SELECT value FROM json_each(?1))";

/// Rows of the table `expiry`.
#[derive(Clone, Debug)]
pub struct SqliteExpiries(Database);

impl SqliteExpiries {
    /// Shares the database.
    pub fn new(database: Database) -> Self {
        Self(database)
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
}

/// A row, if it can be read.
fn expiry(row: &Row<'_>) -> Result<(String, Option<Expiry>), rusqlite::Error> {
    let (id, text): (String, String) = (row.get(0)?, row.get(3)?);
    let Some(facts) = facts_of(&id, &text) else {
        return Ok((id, None));
    };
    let expiry = Expiry {
        id: id.clone(),
        mark: row.get(1)?,
        due: row.get(2)?,
        facts,
        sealed: row.get(4)?,
    };
    Ok((id, Some(expiry)))
}

impl Expiries for SqliteExpiries {
    async fn put(&self, expiry: &Expiry) -> Result<(), Error> {
        self.put_all(std::slice::from_ref(expiry)).await
    }

    async fn put_all(&self, expiries: &[Expiry]) -> Result<(), Error> {
        let texts = expiries.iter().map(|expiry| {
            let facts = serde_json::to_string(&expiry.facts).map_err(Error::internal)?;
            Ok((expiry.clone(), facts))
        });
        let all = texts.collect::<Result<Vec<_>, Error>>()?;
        self.run(move |connection| {
            let transaction = connection.transaction()?;
            for (expiry, facts) in all {
                transaction
                    .prepare_cached(
                        "INSERT OR REPLACE INTO expiry (id, mark, due, facts, sealed) VALUES (?1, ?2, ?3, ?4, ?5)",
                    )?
                    .execute(params![expiry.id, expiry.mark, expiry.due, facts, expiry.sealed])?;
            }
            transaction.commit()
        })
        .await
    }

    async fn find(&self, id: &str) -> Result<Option<Expiry>, Error> {
        let id = id.to_owned();
        self.run(move |connection| {
            connection
                .prepare_cached("SELECT id, mark, due, facts, sealed FROM expiry WHERE id = ?1")?
                .query_row([id], expiry)
                .optional()
                .map(|found| found.and_then(|(_, expiry)| expiry))
        })
        .await
    }

    async fn ends(&self, ids: &[String]) -> Result<Vec<(String, Facts)>, Error> {
        let ids = serde_json::to_string(ids).map_err(Error::internal)?;
        let rows: Vec<(String, String)> = self
            .run(move |connection| {
                connection
                    .prepare_cached(ENDS)?
                    .query_map([ids], |row| Ok((row.get(0)?, row.get(1)?)))?
                    .collect()
            })
            .await?;
        let rows = rows.into_iter();
        Ok(rows
            .filter_map(|(id, facts)| facts_of(&id, &facts).map(|facts| (id, facts)))
            .collect())
    }

    async fn due(&self, now: i64, limit: u32) -> Result<Vec<Expiry>, Error> {
        self.run(move |connection| {
            loop {
                let rows: Vec<_> = connection
                    .prepare_cached(
                        "SELECT id, mark, due, facts, sealed FROM expiry WHERE due <= ?1 ORDER BY due, id LIMIT ?2",
                    )?
                    .query_map(params![now, limit], expiry)?
                    .collect::<Result<_, _>>()?;
                let found = rows.len();
                for (id, _) in rows.iter().filter(|(_, read)| read.is_none()) {
                    connection
                        .prepare_cached("UPDATE expiry SET due = ?2 WHERE id = ?1")?
                        .execute(params![id, now.saturating_add(PUT_OFF)])?;
                }
                let read: Vec<_> = rows.into_iter().filter_map(|(_, read)| read).collect();
                if found == 0 || !read.is_empty() {
                    return Ok(read);
                }
            }
        })
        .await
    }

    async fn change(&self, seen: &str, expiry: &Expiry) -> Result<bool, Error> {
        let facts = serde_json::to_string(&expiry.facts).map_err(Error::internal)?;
        let (seen, expiry) = (seen.to_owned(), expiry.clone());
        self.run(move |connection| {
            let changed = connection.execute(
                "UPDATE expiry SET mark = ?3, due = ?4, facts = ?5, sealed = ?6 WHERE id = ?1 AND mark = ?2",
                params![expiry.id, seen, expiry.mark, expiry.due, facts, expiry.sealed],
            )?;
            Ok(changed == 1)
        })
        .await
    }

    async fn forget(&self, id: &str, seen: Option<&str>) -> Result<bool, Error> {
        let (id, seen) = (id.to_owned(), seen.map(str::to_owned));
        self.run(move |connection| {
            let gone = connection.execute(
                "DELETE FROM expiry WHERE id = ?1 AND (?2 IS NULL OR mark = ?2)",
                params![id, seen],
            )?;
            Ok(gone == 1)
        })
        .await
    }

    /// The database is this server's alone.
    async fn turn(&self, _who: &str) -> Result<bool, Error> {
        Ok(true)
    }

    async fn give_back(&self, _who: &str) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_a_page_are_looked_up_and_not_searched_for() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("server.sqlite")).unwrap();
        let connection = database.lock();
        let mut statement = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {ENDS}"))
            .unwrap();
        let steps: Vec<String> = statement
            .query_map(["[]"], |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let of_table = |step: &&String| step.contains("expiry");
        let looked_up = steps.iter().find(of_table).unwrap();
        assert!(
            looked_up.contains("SEARCH") && looked_up.contains("PRIMARY KEY"),
            "{steps:?}"
        );
    }
}
