//! The server's own small database: what must outlive a restart and is not the store's.

pub mod audit;
pub mod expiries;
pub mod links;
mod redis;
mod revocations;
pub mod tasks;
pub mod uploads;

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::Connection;

pub use redis::RedisRevocations;
pub use revocations::{Revocations, SqliteRevocations};

/// The migrations, in order; `user_version` counts those that ran.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_revocations.sql"),
    include_str!("../../migrations/0002_tasks.sql"),
    include_str!("../../migrations/0003_jobs.sql"),
    include_str!("../../migrations/0004_audit.sql"),
    include_str!("../../migrations/0005_links.sql"),
    include_str!("../../migrations/0006_results.sql"),
    include_str!("../../migrations/0007_expiries.sql"),
    include_str!("../../migrations/0008_uploads.sql"),
];

/// One connection behind a lock: the server's own statements are few and short.
#[derive(Clone, Debug)]
pub struct Database(Arc<Mutex<Connection>>);

impl Database {
    /// Opens or creates the file, and brings it to the newest shape.
    pub fn open(file: &Path) -> Result<Self, rusqlite::Error> {
        let mut connection = Connection::open(file)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let done: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        for (version, migration) in (1_i64..)
            .zip(MIGRATIONS)
            .filter(|(version, _)| *version > done)
        {
            let transaction = connection.transaction()?;
            transaction.execute_batch(migration)?;
            transaction.pragma_update(None, "user_version", version)?;
            transaction.commit()?;
        }
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
