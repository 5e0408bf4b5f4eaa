//! The store: metadata in SQLite, bytes in files. All SQL of the crate is in this folder.
//!
//! Reads go to a small pool of connections, writes to one thread that gathers what is waiting into
//! one transaction. Every function on a table takes a connection and does one thing; who calls it
//! decides where a transaction begins and ends.

pub(crate) mod accounts;
pub(crate) mod aging;
pub(crate) mod annotations;
pub(crate) mod audit;
pub(crate) mod blobs;
pub(crate) mod buckets;
pub(crate) mod certificates;
pub(crate) mod content_classes;
pub(crate) mod cors;
pub(crate) mod data_access;
pub(crate) mod history;
mod janitor;
pub(crate) mod links;
pub(crate) mod listing;
mod migrations;
pub(crate) mod namespaces;
pub(crate) mod numbers;
pub(crate) mod objects;
pub(crate) mod open;
pub(crate) mod plain;
mod readers;
pub(crate) mod records;
pub(crate) mod removals;
pub(crate) mod settings;
pub(crate) mod sweep;
pub(crate) mod system;
pub(crate) mod temporary_keys;
pub(crate) mod tenants;
pub(crate) mod topologies;
pub(crate) mod uploads;
pub(crate) mod usage;
mod values;
pub(crate) mod version_listing;
pub(crate) mod versions;
pub(crate) mod words;
mod writer;

use std::{
    fs::File,
    path::Path,
    sync::{Arc, Mutex, PoisonError, Weak},
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::Connection;
use tokio::runtime::Handle;

pub use self::{buckets::Usage, writer::Counts};
use self::{
    janitor::Janitor,
    readers::Readers,
    usage::{Charged, Reads, Sums},
    writer::{Files, Writer},
};
pub(crate) use self::{
    janitor::Pins,
    writer::{Coming, Write},
};
use crate::{
    Clock, Error,
    files::{Layout, Limits, Plain},
    upkeep::Runs,
};

const READERS: usize = 4;

/// How long counted reads wait for a transaction before one is made for them.
const READS_WAIT: Duration = Duration::from_secs(2);

/// Waits for a thread of the store that was told to stop.
fn join(thread: &Mutex<Option<JoinHandle<()>>>, name: &str) {
    let thread = thread.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(thread) = thread
        && thread.join().is_err()
    {
        tracing::error!("the store's {name} thread panicked");
    }
}

/// Sees to it that counted reads are written down, also where nobody writes.
async fn note_later(store: Weak<Inner>) {
    loop {
        tokio::time::sleep(READS_WAIT).await;
        let Some(inner) = store.upgrade() else {
            return;
        };
        match Store(inner).note_reads().await {
            Ok(()) | Err(Error::Closed) => return,
            Err(error) => tracing::debug!(%error, "reads could not be counted yet"),
        }
    }
}

/// The database and the folder of files, open.
#[derive(Clone)]
pub(crate) struct Store(Arc<Inner>);

struct Inner {
    layout: Layout,
    plain: Option<Arc<Plain>>,
    limits: Limits,
    readers: Readers,
    writer: Writer,
    janitor: Arc<Janitor>,
    reads: Arc<Reads>,
    upkeep: Runs,
    /// Held while the store is open, so that a second process stays out.
    lock: Mutex<Option<File>>,
}

impl Store {
    /// Opens the store in `folder`, creating it, and removes files that no row refers to. Blocks.
    pub(crate) fn open(folder: &Path, plain: Option<&Path>, limits: Limits) -> Result<Self, Error> {
        Self::open_with(Layout::new(folder), plain, limits, open::PATIENCE)
    }

    /// The same, without plain files; a statement waits for `patience` while another program locks the
    /// database.
    #[cfg(test)]
    pub(crate) fn open_on(
        layout: Layout,
        limits: Limits,
        patience: Duration,
    ) -> Result<Self, Error> {
        Self::open_with(layout, None, limits, patience)
    }

    fn open_with(
        layout: Layout,
        plain: Option<&Path>,
        limits: Limits,
        patience: Duration,
    ) -> Result<Self, Error> {
        open::folders(&layout)?;
        let lock = open::lock(&layout)?;
        let database = layout.database();
        let mut connection = open::connect(&database, patience)?;
        migrations::run(&mut connection, &database)?;
        plain::settle(&connection, plain.is_some())?;
        let plain = plain
            .map(|root| Plain::open(root, &layout.blobs()).map(Arc::new))
            .transpose()?;
        if usage::recover(&connection)? {
            tracing::info!("the store was killed: reads of its last seconds may not be counted");
        }
        let swept = sweep::run(&connection, &layout, plain.as_deref())?;
        if swept > 0 {
            tracing::info!(files = swept, "removed files that belonged to no object");
        }
        let readers = Readers::open(READERS, || open::connect(&database, patience))?;
        let janitor = Arc::new(Janitor::start(layout.clone())?);
        let reads = Arc::new(Reads::default());
        let files = plain.as_ref().map(|plain| Files {
            layout: layout.clone(),
            plain: Arc::clone(plain),
        });
        let writer = Writer::start(connection, Arc::clone(&janitor), Arc::clone(&reads), files)?;
        Ok(Self(Arc::new(Inner {
            layout,
            plain,
            limits,
            readers,
            writer,
            janitor,
            reads,
            upkeep: Runs::default(),
            lock: Mutex::new(Some(lock)),
        })))
    }

    /// Reads, seeing one state of the database throughout.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.0.readers.run(work).await
    }

    /// Reads for as long as `limit`: after it a statement fails as interrupted.
    pub(crate) async fn read_within<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.0.readers.run_within(Some(limit), work).await
    }

    /// Reads what names files, and pins those files: they stay on disk until the pins are dropped.
    pub(crate) async fn read_pinned<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<(T, Vec<String>), Error> + Send + 'static,
    ) -> Result<(T, Pins), Error> {
        let janitor = Arc::clone(&self.0.janitor);
        self.0
            .readers
            .run(move |connection| janitor.pin(|| work(connection)))
            .await
    }

    /// Writes. The answer comes after the commit has reached the disk.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Write<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.0.writer.run(work).await
    }

    /// Tells that a write will be asked for at once, so that a transaction may wait for it.
    pub(crate) fn announce(&self) -> Coming {
        self.0.writer.announce()
    }

    /// Says by whose time it is counted what happens.
    pub(crate) fn tell_time(&self, clock: &Clock) {
        self.0.reads.tell_time(clock.clone());
    }

    /// Counts what was read in a bucket, without waiting for the disk.
    pub(crate) fn count_read(&self, charged: &Charged, sums: Sums) {
        if self.0.reads.count(charged, sums)
            // Outside of a runtime nobody can wait: they go with the next transaction.
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(note_later(Arc::downgrade(&self.0)));
        }
    }

    /// Writes down the reads that are counted so far.
    pub(crate) async fn note_reads(&self) -> Result<(), Error> {
        if self.0.reads.are_waiting() {
            self.write(|_write| Ok(())).await?;
        }
        Ok(())
    }

    /// What was done last when its time had come.
    pub(crate) fn upkeep(&self) -> &Runs {
        &self.0.upkeep
    }

    /// Where files lie.
    pub(crate) fn layout(&self) -> &Layout {
        &self.0.layout
    }

    /// Refuses when storing `bytes` more would leave less free space than the reserve.
    pub(crate) fn check_space(&self, bytes: u64) -> Result<(), Error> {
        self.0.layout.check_space(self.0.limits.reserve, bytes)
    }

    /// What bounds the bytes that come in.
    pub(crate) fn limits(&self) -> Limits {
        self.0.limits
    }

    /// How often the writer committed, and for how many writes.
    pub(crate) fn counts(&self) -> Counts {
        self.0.writer.counts()
    }

    /// Finishes the waiting writes and stops the threads. Later writes answer [`Error::Closed`].
    pub(crate) fn close(&self) {
        self.0.writer.stop();
        self.0.janitor.stop();
        self.0
            .lock
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }
}

#[cfg(test)]
mod proofs;
#[cfg(test)]
mod tests;
