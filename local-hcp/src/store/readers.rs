//! A few connections for reading; work waits for a free one without holding a thread.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::Error;

/// How many steps of SQLite's machine are taken before it is looked at the time again.
const STEPS: i32 = 10_000;

pub(super) struct Readers {
    free: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn open(
        count: usize,
        connect: impl Fn() -> Result<Connection, Error>,
    ) -> Result<Self, Error> {
        let mut connections = Vec::with_capacity(count);
        for _ in 0..count {
            let connection = connect()?;
            connection.pragma_update(None, "query_only", true)?;
            connections.push(connection);
        }
        Ok(Self {
            free: Arc::new(Mutex::new(connections)),
            permits: Arc::new(Semaphore::new(count)),
        })
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.run_within(None, work).await
    }

    /// The same; after `limit` a statement fails as interrupted.
    pub(super) async fn run_within<T: Send + 'static>(
        &self,
        limit: Option<Duration>,
        work: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_closed| Error::Closed)?;
        let free = Arc::clone(&self.free);
        tokio::task::spawn_blocking(move || {
            // The permit moves in: it is given back after the connection, also if the caller left.
            let _permit = permit;
            let mut connection = Borrowed::take(free)?;
            connection.limit(limit)?;
            let transaction = connection.get()?.unchecked_transaction()?;
            let answer = work(&transaction);
            transaction.finish()?;
            answer
        })
        .await
        .map_err(|_panicked_or_stopped| Error::Interrupted)?
    }
}

/// A connection that finds its way back to the pool even when the work panics.
struct Borrowed {
    connection: Option<Connection>,
    is_limited: bool,
    home: Arc<Mutex<Vec<Connection>>>,
}

impl Borrowed {
    fn take(home: Arc<Mutex<Vec<Connection>>>) -> Result<Self, Error> {
        let connection = home.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match connection {
            Some(connection) => Ok(Self {
                connection: Some(connection),
                is_limited: false,
                home,
            }),
            None => Err(Error::Interrupted),
        }
    }

    /// From now on, or without a limit.
    fn limit(&mut self, limit: Option<Duration>) -> Result<(), Error> {
        let connection = self.connection.as_mut().ok_or(Error::Interrupted)?;
        let deadline = limit.map(|limit| Instant::now() + limit);
        if deadline.is_some() || self.is_limited {
            let over = deadline.map(|deadline| move || Instant::now() > deadline);
            connection.progress_handler(STEPS, over)?;
            self.is_limited = deadline.is_some();
        }
        Ok(())
    }

    fn get(&self) -> Result<&Connection, Error> {
        self.connection.as_ref().ok_or(Error::Interrupted)
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        // Whoever is next has no limit, unless they say so.
        if let Err(error) = self.limit(None) {
            tracing::error!(%error, "a limit of time could not be taken off");
        }
        if let Some(connection) = self.connection.take() {
            self.home
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(connection);
        }
    }
}
