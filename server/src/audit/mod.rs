//! The audit: each call that changes something becomes a record, in the log and in the store.
//!
//! What a call is, is in one table ([`table`]). A [`layer`] around the API's routes makes the record when
//! the call is answered, of what the table and the path say and what handlers noted ([`note`]). The store is
//! written in the background, so that no call waits for it.

mod layer;
mod note;
mod outline;
mod table;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use model::{Timestamp, audit::AuditRecord};
use tokio::sync::{mpsc, oneshot};

pub use layer::layer;
pub use note::{
    note_body, note_bucket, note_failures, note_job, note_key, note_login, note_properties,
    note_reason, note_session,
};

use crate::{
    Error,
    db::audit::{AuditStore, Filter, Found, Stretch},
    error::chain,
    state::Clock,
};

/// How many records may wait to be kept.
const QUEUE: usize = 10_000;
/// How many are kept by one transaction.
const BATCH: usize = 500;
/// How often keeping them is tried.
const ATTEMPTS: u32 = 3;
/// How long it is waited between.
const PAUSE: Duration = Duration::from_millis(250);
/// How often it is looked for what is too old.
const SWEEP: Duration = Duration::from_hours(1);
/// How long whoever asks for records waits for those that are on their way.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many calls of nobody are kept in a minute: whoever is not signed in must not fill the disk. All are in
/// the log.
const STRANGERS: u32 = 600;

/// The audit. Clones share everything.
#[derive(Clone)]
pub struct Audit(Arc<Inner>);

struct Inner {
    store: AuditStore,
    days: u32,
    clock: Clock,
    queue: mpsc::Sender<Message>,
    strangers: Mutex<(i64, u32)>,
}

/// What the one who keeps records is told.
enum Message {
    Record(Box<AuditRecord>),
    /// Answers when all that came before is kept.
    Flush(oneshot::Sender<()>),
}

impl Audit {
    /// Begins to keep records, for so many days.
    pub fn open(store: AuditStore, days: u32, clock: Clock) -> Self {
        let (queue, messages) = mpsc::channel(QUEUE);
        tokio::spawn(keep(store.clone(), messages, days, Clock::clone(&clock)));
        Self(Arc::new(Inner {
            store,
            days,
            clock,
            queue,
            strangers: Mutex::default(),
        }))
    }

    /// For how many days records are kept.
    pub fn days(&self) -> u32 {
        self.0.days
    }

    pub(crate) fn now(&self) -> Timestamp {
        // As exactly as it is kept.
        let now = Timestamp::from((self.0.clock)());
        Timestamp::from_unix_millis(now.unix_millis()).unwrap_or(now)
    }

    /// Takes a record, and does not wait. `proved`: somebody was signed in.
    pub(crate) fn take(&self, record: AuditRecord, proved: bool) {
        log(&record);
        if !proved && self.too_many_strangers(record.time) {
            return;
        }
        let sent = self.0.queue.try_send(Message::Record(Box::new(record)));
        if let Err(fault) = sent {
            let (why, record) = match fault {
                mpsc::error::TrySendError::Full(record) => ("too many are waiting", record),
                mpsc::error::TrySendError::Closed(record) => ("the server has stopped", record),
            };
            if let Message::Record(record) = record {
                let request_id = record.request_id;
                tracing::error!(target: "audit", request_id, why, "an audit record is in the log alone");
            }
        }
    }

    fn too_many_strangers(&self, now: Timestamp) -> bool {
        let minute = now.unix_seconds() / 60;
        let mut counted = self
            .0
            .strangers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if counted.0 != minute {
            *counted = (minute, 0);
        }
        counted.1 = counted.1.saturating_add(1);
        if counted.1 == STRANGERS + 1 {
            tracing::error!(
                target: "audit",
                limit = STRANGERS,
                "more calls of nobody than are kept in a minute: the rest is in the log alone"
            );
        }
        counted.1 > STRANGERS
    }

    /// Waits until all that was taken before is kept.
    pub async fn flush(&self) {
        let (done, kept) = oneshot::channel();
        let waiting = async {
            if self.0.queue.send(Message::Flush(done)).await.is_ok() {
                let _ = kept.await;
            }
        };
        if tokio::time::timeout(PATIENCE, waiting).await.is_err() {
            tracing::warn!(target: "audit", "audit records are late");
        }
    }

    /// So many records.
    pub async fn page(
        &self,
        filter: &Filter,
        stretch: Stretch,
        limit: usize,
    ) -> Result<Found, Error> {
        self.0.store.page(filter, stretch, limit).await
    }

    /// Whether a text could be the id of a record.
    pub fn is_id(&self, id: &str) -> bool {
        self.0.store.is_id(id)
    }
}

/// One line. Whatever a client chose (keys, names) is a value of its own, and quoted.
fn log(record: &AuditRecord) {
    let level = record
        .level
        .map(|level| format!("{level:?}").to_lowercase());
    tracing::info!(
        target: "audit",
        request_id = record.request_id,
        tenant = record.tenant,
        person = record.person,
        level,
        action = record.action,
        on = record.target.text(),
        method = record.method,
        route = record.route,
        result = record.result.as_str(),
        status = record.status,
        code = record.code,
        address = record.address,
        duration_ms = record.duration_ms,
        fields = record.fields.join(","),
        job = record.job,
        "audit"
    );
}

/// Keeps what comes, until nobody can send any more.
async fn keep(store: AuditStore, mut messages: mpsc::Receiver<Message>, days: u32, clock: Clock) {
    let mut sweep = tokio::time::interval(SWEEP);
    let mut waiting = Vec::with_capacity(BATCH);
    loop {
        tokio::select! {
            biased;
            count = messages.recv_many(&mut waiting, BATCH) => {
                if count == 0 {
                    return;
                }
            }
            _ = sweep.tick() => {
                let over = Timestamp::from(clock() - time::Duration::days(i64::from(days)));
                if let Err(fault) = store.forget(over).await {
                    tracing::warn!(target: "audit", cause = chain(&fault), "old audit records stay");
                }
                continue;
            }
        }
        let (mut records, mut told) = (Vec::new(), Vec::new());
        for message in waiting.drain(..) {
            match message {
                Message::Record(record) => records.push(*record),
                Message::Flush(done) => told.push(done),
            }
        }
        if !records.is_empty() {
            append(&store, records).await;
        }
        for done in told {
            let _gone = done.send(());
        }
    }
}

async fn append(store: &AuditStore, records: Vec<AuditRecord>) {
    for attempt in 1..=ATTEMPTS {
        let Err(fault) = store.append(records.clone()).await else {
            return;
        };
        if attempt == ATTEMPTS {
            let (records, cause) = (records.len(), chain(&fault));
            tracing::error!(target: "audit", records, cause, "audit records are in the log alone");
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
