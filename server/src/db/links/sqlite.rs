//! The links of one server.

use model::{Timestamp, link::UNDO_SECONDS, session::Level};
use rusqlite::{Connection, OptionalExtension, Row, params, types::Type};

use super::{super::Database, Behind, Facts, GOING, KEPT, LinkRecord, Maker, Wanted};
use crate::Error;

const SELECT: &str = "SELECT id, token_hash, level, tenant, person, created_ms, ends_at, max_uses, uses, last_used, \
                      revoked_at, sealed, facts FROM link";

/// Rows of the table `link`.
#[derive(Clone, Debug)]
pub struct SqliteLinks(Database);

impl SqliteLinks {
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

    pub(super) async fn insert(&self, record: &LinkRecord, now: Timestamp) -> Result<(), Error> {
        let record = record.clone();
        self.run(move |connection| {
            let transaction = connection.transaction()?;
            forget(&transaction, now)?;
            transaction.execute(
                "INSERT INTO link (id, token_hash, level, tenant, person, created_ms, ends_at, max_uses, uses, \
                 last_used, revoked_at, sealed, facts) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                params![
                    record.id,
                    record.token_hash,
                    word(record.maker.level),
                    record.maker.tenant,
                    record.maker.person,
                    record.created_ms,
                    record.ends_at,
                    record.max_uses,
                    record.uses,
                    record.last_used,
                    record.revoked_at,
                    record.sealed,
                    serde_json::to_string(&record.facts).unwrap_or_default(),
                ],
            )?;
            transaction.commit()
        })
        .await
    }

    /// By a column that tells links apart.
    pub(super) async fn find(
        &self,
        column: &'static str,
        value: &str,
    ) -> Result<Option<LinkRecord>, Error> {
        let value = value.to_owned();
        self.run(move |connection| {
            let sql = format!("{SELECT} WHERE {column} = ?1");
            connection
                .prepare_cached(&sql)?
                .query_row([value], record)
                .optional()
        })
        .await
    }

    pub(super) async fn page(
        &self,
        maker: &Maker,
        everybody: bool,
        wanted: &Wanted,
        behind: Option<Behind>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<LinkRecord>, Error> {
        let (maker, wanted) = (maker.clone(), wanted.clone());
        self.run(move |connection| {
            forget(connection, now)?;
            let (at, id) = behind.unwrap_or((i64::MAX, String::new()));
            let sql = format!(
                "{SELECT} WHERE level = ?1 AND tenant IS ?2 AND (created_ms, id) < (?3, ?4) \
                 AND (?5 OR CASE level WHEN 's3' THEN person = ?6 ELSE lower(person) = lower(?6) END) \
                 AND (?8 IS NULL OR json_extract(facts, '$.bucket') = ?8) \
                 AND (?9 IS NULL OR json_extract(facts, '$.target') = ?9) \
                 ORDER BY created_ms DESC, id DESC LIMIT ?7"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let level = word(maker.level);
            let values = params![
                level,
                maker.tenant,
                at,
                id,
                everybody,
                maker.person,
                limit,
                wanted.bucket,
                wanted.target
            ];
            statement.query_map(values, record)?.collect()
        })
        .await
    }

    pub(super) async fn change(
        &self,
        id: &str,
        ends_at: Option<i64>,
        max_uses: Option<u32>,
    ) -> Result<bool, Error> {
        let id = id.to_owned();
        self.run(move |connection| {
            let changed = connection.execute(
                "UPDATE link SET ends_at = coalesce(?2, ends_at), max_uses = coalesce(?3, max_uses) \
                 WHERE id = ?1 AND revoked_at IS NULL",
                params![id, ends_at, max_uses],
            )?;
            Ok(changed == 1)
        })
        .await
    }

    pub(super) async fn revoke(&self, id: &str, now: Timestamp) -> Result<(), Error> {
        let (id, now) = (id.to_owned(), now.unix_seconds());
        self.run(move |connection| {
            connection.execute(
                "UPDATE link SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
                params![id, now],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn restore(&self, id: &str, now: Timestamp) -> Result<bool, Error> {
        let (id, since) = (id.to_owned(), now.unix_seconds() - UNDO_SECONDS);
        self.run(move |connection| {
            let changed = connection.execute(
                "UPDATE link SET revoked_at = NULL WHERE id = ?1 AND revoked_at > ?2 AND sealed <> x''",
                params![id, since],
            )?;
            Ok(changed == 1)
        })
        .await
    }

    pub(super) async fn count(&self, id: &str, now: Timestamp) -> Result<bool, Error> {
        let (id, now) = (id.to_owned(), now.unix_seconds());
        self.run(move |connection| {
            let changed = connection.execute(
                "UPDATE link SET uses = uses + 1, last_used = ?2 WHERE id = ?1 AND revoked_at IS NULL \
                 AND ends_at > ?2 AND (max_uses IS NULL OR uses < max_uses)",
                params![id, now],
            )?;
            Ok(changed == 1)
        })
        .await
    }

    pub(super) async fn give_back(&self, id: &str) -> Result<(), Error> {
        let id = id.to_owned();
        self.run(move |connection| {
            connection.execute(
                "UPDATE link SET uses = uses - 1 WHERE id = ?1 AND uses > 0",
                [id],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn begin(
        &self,
        id: &str,
        visitor: &str,
        bytes: i64,
        now: Timestamp,
    ) -> Result<(), Error> {
        let (id, visitor, now) = (id.to_owned(), visitor.to_owned(), now.unix_seconds());
        self.run(move |connection| {
            connection.execute("DELETE FROM link_going WHERE until <= ?1", [now])?;
            connection.execute(
                "INSERT INTO link_going (link_id, visitor, until, bytes) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT DO UPDATE SET until = excluded.until, bytes = excluded.bytes",
                params![id, visitor, now.saturating_add(GOING), bytes],
            )?;
            Ok(())
        })
        .await
    }

    pub(super) async fn go_on(
        &self,
        id: &str,
        visitor: &str,
        bytes: i64,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let (id, visitor, now) = (id.to_owned(), visitor.to_owned(), now.unix_seconds());
        self.run(move |connection| {
            let changed = connection.execute(
                "UPDATE link_going SET bytes = bytes - ?3 \
                 WHERE link_id = ?1 AND visitor = ?2 AND until > ?4 AND bytes >= ?3",
                params![id, visitor, bytes, now],
            )?;
            Ok(changed == 1)
        })
        .await
    }
}

/// Forgets links that ended long ago, and the credentials of those that cannot come back.
fn forget(connection: &Connection, now: Timestamp) -> Result<(), rusqlite::Error> {
    let now = now.unix_seconds();
    connection.execute("DELETE FROM link WHERE ends_at <= ?1", [now - KEPT])?;
    connection.execute(
        "UPDATE link SET sealed = x'' WHERE revoked_at <= ?1 AND sealed <> x''",
        [now - UNDO_SECONDS],
    )?;
    Ok(())
}

fn word(level: Level) -> &'static str {
    match level {
        Level::System => "system",
        Level::Tenant => "tenant",
        Level::S3 => "s3",
    }
}

fn record(row: &Row<'_>) -> Result<LinkRecord, rusqlite::Error> {
    let level: String = row.get(2)?;
    let facts: String = row.get(12)?;
    let facts: Facts = serde_json::from_str(&facts)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(12, Type::Text, e.into()))?;
    Ok(LinkRecord {
        id: row.get(0)?,
        token_hash: row.get(1)?,
        maker: Maker {
            level: match level.as_str() {
                "system" => Level::System,
                "tenant" => Level::Tenant,
                _ => Level::S3,
            },
            tenant: row.get(3)?,
            person: row.get(4)?,
        },
        created_ms: row.get(5)?,
        ends_at: row.get(6)?,
        max_uses: row.get(7)?,
        uses: row.get(8)?,
        last_used: row.get(9)?,
        revoked_at: row.get(10)?,
        sealed: row.get(11)?,
        facts,
    })
}
