//! The one thread that writes: it gathers what is waiting into one transaction (group commit).
//!
//! A commit waits for the disk. While it does, other writes queue up; together they then wait for
//! the disk once. Each write has a savepoint of its own, so that one that fails undoes nothing else,
//! and each learns its outcome only after the commit.

use std::{
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode};
use tokio::sync::{mpsc, oneshot};

use super::{
    buckets::Bucket,
    janitor::Janitor,
    join,
    plain::{self, Move},
    usage::{self, Reads, Sums, Tally},
};
use crate::{
    Error,
    files::{Layout, Plain, Staged},
};

/// How many writes may wait before callers have to.
const QUEUE: usize = 1_024;
/// How many writes share a transaction at most: bounds how long the first of them waits.
const BATCH: usize = 256;
/// How long a transaction waits for writes that are on their way, and how often it looks. On a disk
/// that syncs fast, it would else be gone before they come, and each would be synced on its own.
const GATHER: Duration = Duration::from_millis(2);
const LOOK: Duration = Duration::from_micros(100);

/// What a write works with.
pub(crate) struct Write<'c> {
    /// The connection, inside a transaction and a savepoint.
    pub(crate) connection: &'c Connection,
    staged: Vec<Staged>,
    garbage: Vec<String>,
    moves: Vec<Move>,
    tally: Tally,
    files: Option<&'c Files>,
}

/// Where plain files are, and those that wait.
pub(super) struct Files {
    pub(super) layout: Layout,
    pub(super) plain: Arc<Plain>,
}

impl<'c> Write<'c> {
    /// A write that has done nothing yet.
    #[cfg(test)]
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self::among(connection, None)
    }

    fn among(connection: &'c Connection, files: Option<&'c Files>) -> Self {
        Self {
            connection,
            files,
            moves: Vec::new(),
            staged: Vec::new(),
            garbage: Vec::new(),
            tally: Tally::new(),
        }
    }

    /// Counts what happened in a bucket, if the transaction commits.
    pub(crate) fn tally(&mut self, bucket: &Bucket, sums: Sums) {
        *self.tally.entry(bucket.into()).or_default() += sums;
    }

    /// Has it noted how full a bucket is now.
    pub(super) fn touch(&mut self, bucket: &Bucket) {
        self.tally(bucket, Sums::default());
    }

    /// Takes charge of a file: it stays if the transaction commits, and is removed otherwise.
    pub(crate) fn adopt(&mut self, file: Staged) {
        self.staged.push(file);
    }

    /// Where plain files are, if objects are such.
    pub(super) fn plain(&self) -> Option<&'c Files> {
        self.files
    }

    /// Has something done with plain files once the transaction is committed.
    pub(super) fn after(&mut self, one: Move) {
        self.moves.push(one);
    }

    /// Has a file removed once the transaction that dropped its row is committed.
    pub(crate) fn discard(&mut self, file: String) {
        self.garbage.push(file);
    }
}

/// How many writes were done in how many transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Writes that were committed.
    pub writes: u64,
    /// Transactions that held them.
    pub transactions: u64,
}

/// What remains to be done after the commit: keep or drop files, tell the caller.
struct Finished {
    staged: Vec<Staged>,
    garbage: Vec<String>,
    moves: Vec<Move>,
    tally: Tally,
    full: bool,
    answer: Box<dyn FnOnce(Option<Loss>) + Send>,
}

/// Why a transaction was not committed.
#[derive(Clone, Copy)]
enum Loss {
    DiskFull,
    Locked,
    ReadOnly,
    Other,
}

impl From<Loss> for Error {
    fn from(loss: Loss) -> Self {
        match loss {
            Loss::DiskFull => Self::OutOfSpace,
            Loss::Locked => Self::Locked,
            Loss::ReadOnly => Self::ReadOnly("the database cannot be written".to_owned()),
            Loss::Other => Self::Interrupted,
        }
    }
}

type Job = Box<dyn FnOnce(&Connection, Option<&Files>) -> Finished + Send>;

/// A write that is on its way: its request is being answered, and needs nothing slow any more.
pub(crate) struct Coming(Arc<AtomicUsize>);

impl Drop for Coming {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

pub(super) struct Writer {
    coming: Arc<AtomicUsize>,
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    writes: Arc<AtomicU64>,
    transactions: Arc<AtomicU64>,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        janitor: Arc<Janitor>,
        reads: Arc<Reads>,
        files: Option<Files>,
    ) -> Result<Self, Error> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let writes = Arc::new(AtomicU64::new(0));
        let transactions = Arc::new(AtomicU64::new(0));
        let coming = Arc::new(AtomicUsize::new(0));
        let worker = Worker {
            connection,
            files,
            removed: Vec::new(),
            coming: Arc::clone(&coming),
            receiver,
            janitor,
            reads,
            writes: Arc::clone(&writes),
            transactions: Arc::clone(&transactions),
        };
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || worker.run())?;
        Ok(Self {
            coming,
            queue: Mutex::new(Some(sender)),
            thread: Mutex::new(Some(thread)),
            writes,
            transactions,
        })
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Write<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let queue = self
            .queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or(Error::Closed)?;
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection, files| perform(connection, files, work, answer));
        queue.send(job).await.map_err(|_stopped| Error::Closed)?;
        answered.await.map_err(|_dropped| Error::Interrupted)?
    }

    /// Tells that a write will be asked for at once; it has come when what is returned is dropped.
    pub(super) fn announce(&self) -> Coming {
        self.coming.fetch_add(1, Ordering::Relaxed);
        Coming(Arc::clone(&self.coming))
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            writes: self.writes.load(Ordering::Relaxed),
            transactions: self.transactions.load(Ordering::Relaxed),
        }
    }

    /// Lets the thread finish what is queued and waits for it.
    pub(super) fn stop(&self) {
        self.queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        join(&self.thread, "writer");
    }
}

/// Runs one write in its savepoint; undoes it alone when it fails or panics.
fn perform<T: Send + 'static>(
    connection: &Connection,
    files: Option<&Files>,
    work: impl FnOnce(&mut Write<'_>) -> Result<T, Error>,
    answer: oneshot::Sender<Result<T, Error>>,
) -> Finished {
    let mut write = Write::among(connection, files);
    // Without a transaction (it could not begin, or a full disk has ended it) a savepoint would
    // commit on its own.
    let begun = !connection.is_autocommit();
    let savepoint = if begun {
        connection
            .execute_batch("SAVEPOINT one_write")
            .map_err(Error::from)
    } else {
        Err(Error::Interrupted)
    };
    let outcome = savepoint.and_then(|()| {
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| work(&mut write)))
            .unwrap_or(Err(Error::Interrupted));
        let end = match &outcome {
            Ok(_) => "RELEASE one_write",
            Err(_) => "ROLLBACK TO one_write; RELEASE one_write",
        };
        match connection.execute_batch(end) {
            // The first error says more than that its savepoint is gone.
            Err(error) if outcome.is_ok() => Err(error.into()),
            _ => outcome,
        }
    });
    let (staged, garbage, moves, tally) = if outcome.is_ok() {
        (write.staged, write.garbage, write.moves, write.tally)
    } else {
        // Dropping a staged file removes it.
        (Vec::new(), Vec::new(), Vec::new(), Tally::new())
    };
    Finished {
        staged,
        garbage,
        moves,
        tally,
        full: matches!(outcome, Err(Error::OutOfSpace)),
        answer: Box::new(move |loss| {
            let outcome = match (outcome, loss) {
                (outcome, Some(loss)) if !begun || outcome.is_ok() => Err(loss.into()),
                (outcome, _) => outcome,
            };
            // Whoever asked may have gone away; what is written stays written.
            let _ = answer.send(outcome);
        }),
    }
}

struct Worker {
    connection: Connection,
    files: Option<Files>,
    /// Plain files that were removed, and are written down as still to be.
    removed: Vec<i64>,
    coming: Arc<AtomicUsize>,
    receiver: mpsc::Receiver<Job>,
    janitor: Arc<Janitor>,
    reads: Arc<Reads>,
    writes: Arc<AtomicU64>,
    transactions: Arc<AtomicU64>,
}

impl Worker {
    fn run(mut self) {
        while let Some(first) = self.receiver.blocking_recv() {
            self.batch(first);
        }
        self.reads.finish(&self.connection);
        // Leaves a database of one file behind; not being able to is no loss.
        if let Err(error) =
            self.connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_row| Ok(()))
        {
            tracing::debug!(%error, "the last checkpoint was not possible");
        }
    }

    /// What waits, or comes before `end`, if anything is on its way.
    fn next(&mut self, end: Instant) -> Option<Job> {
        loop {
            if let Ok(job) = self.receiver.try_recv() {
                return Some(job);
            }
            if self.coming.load(Ordering::Relaxed) == 0 || Instant::now() >= end {
                return None;
            }
            thread::sleep(LOOK);
        }
    }

    fn batch(&mut self, first: Job) {
        let mut finished = Vec::new();
        let begun = self.connection.execute_batch("BEGIN IMMEDIATE");
        let forgotten = match &begun {
            Ok(()) => plain::forget(&self.connection, &self.removed),
            Err(_) => Ok(()),
        };
        let begun = begun.and(forgotten);
        let end = Instant::now() + GATHER;
        let mut next = Some(first);
        while let Some(job) = next {
            finished.push(job(&self.connection, self.files.as_ref()));
            next = if finished.len() < BATCH {
                self.next(end)
            } else {
                None
            };
        }
        let was_begun = begun.is_ok();
        let mut tally = Tally::new();
        for one in &mut finished {
            usage::add(&mut tally, std::mem::take(&mut one.tally));
        }
        let committed = begun.and_then(|()| self.commit(tally));
        let loss = committed.err().map(|error| self.undo(&error, &finished));
        // A commit that failed for the disk may have reached it all the same, and be found there after
        // a power loss: its files stay, and the next start removes them if they have no row.
        let in_doubt = was_begun && matches!(loss, Some(Loss::Other));
        self.transactions.fetch_add(1, Ordering::Relaxed);
        if loss.is_none() {
            self.removed.clear();
        }
        for one in finished {
            if loss.is_none() {
                self.writes.fetch_add(1, Ordering::Relaxed);
                self.janitor.remove(one.garbage);
            }
            if loss.is_none() || in_doubt {
                one.staged.into_iter().for_each(Staged::keep);
            }
            if loss.is_none() {
                self.carry_out(&one.moves);
            }
            (one.answer)(loss);
        }
    }

    /// Puts plain files in their places, and removes those of which the rows are gone, in the order of the
    /// writes.
    fn carry_out(&mut self, moves: &[Move]) {
        let Some(files) = &self.files else {
            return;
        };
        for one in moves {
            plain::carry_out(&files.layout, &files.plain, one);
            if let Move::Remove(id, ..) = one {
                self.removed.push(*id);
            }
        }
    }

    /// Writes down what happened, and commits.
    fn commit(&self, tally: Tally) -> rusqlite::Result<()> {
        // A full disk may have ended the transaction, and a statement would be one of its own.
        let noted = if self.connection.is_autocommit() {
            None
        } else {
            Some(self.reads.note(&self.connection, tally)?)
        };
        self.connection
            .execute_batch("COMMIT")
            .inspect_err(|_lost| {
                if let Some(noted) = noted {
                    noted.undo();
                }
            })
    }

    fn undo(&self, error: &rusqlite::Error, finished: &[Finished]) -> Loss {
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be undone");
        }
        let loss = match error.sqlite_error_code() {
            _ if finished.iter().any(|one| one.full) => Loss::DiskFull,
            Some(ErrorCode::DiskFull) => Loss::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Loss::Locked,
            Some(ErrorCode::ReadOnly) => Loss::ReadOnly,
            _ => Loss::Other,
        };
        match loss {
            Loss::DiskFull => tracing::warn!(%error, "the disk is full: a transaction was undone"),
            Loss::Locked => tracing::warn!(%error, "another program has locked the database"),
            Loss::ReadOnly | Loss::Other => {
                tracing::error!(%error, "a transaction could not be committed");
            }
        }
        loss
    }
}
