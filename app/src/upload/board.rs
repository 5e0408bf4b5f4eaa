//! What the engine keeps: the queue, the files, the requests that run, and what is to be painted.

use std::collections::{HashMap, HashSet};

use leptos::prelude::*;
use model::{
    BucketName,
    upload::{
        Milestone, Milestones, Queue, Rate, Settings, State, Ticket, TransferId, seconds_left,
    },
};
use web_sys::File;

use super::{
    send::Sending,
    view::{RowHandle, RowView, Summary},
};

/// Rows that are drawn; the rest is a number.
const SHOWN: usize = 200;
/// No progress for this long ends a request.
const SILENT_MS: u64 = 60_000;
/// When all bytes are out the store may take its time to make them safe.
const SILENT_AT_END_MS: u64 = 300_000;

/// A request with bytes.
pub(super) struct Running {
    /// Dropping it ends it.
    _sending: Sending,
    size: u64,
    loaded: u64,
    moved_at: u64,
}

impl Running {
    pub(super) fn new(sending: Sending, size: u64, now: u64) -> Self {
        Self {
            _sending: sending,
            size,
            loaded: 0,
            moved_at: now,
        }
    }

    /// Bytes left the browser.
    pub(super) fn moved(&mut self, loaded: u64, now: u64) {
        self.loaded = loaded;
        self.moved_at = now;
    }

    fn is_silent(&self, now: u64) -> bool {
        let limit = if self.loaded >= self.size {
            SILENT_AT_END_MS
        } else {
            SILENT_MS
        };
        now.saturating_sub(self.moved_at) > limit
    }
}

/// The queue, and everything that belongs to its transfers.
pub(super) struct Inner {
    pub(super) queue: Queue,
    pub(super) files: HashMap<TransferId, File>,
    pub(super) running: HashMap<(TransferId, Ticket), Running>,
    total_rate: Rate,
    rates: HashMap<TransferId, Rate>,
    rows: HashMap<TransferId, ArcRwSignal<RowView>>,
    milestones: Milestones,
    /// Stored objects that are still to be told, one per folder.
    stored: Vec<(BucketName, String)>,
    /// When something was said aloud last, and what waits to be.
    pub(super) said_at: u64,
    pub(super) unsaid: Option<String>,
    pub(super) painting: bool,
    pub(super) ticking: bool,
}

/// The browser's clock. Not the monotonic one, which stands still while the machine sleeps and URLs
/// run out.
pub(super) fn now() -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "milliseconds since 1970"
    )]
    let now = js_sys::Date::now() as u64;
    now
}

impl Inner {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            queue: Queue::new(settings),
            files: HashMap::new(),
            running: HashMap::new(),
            total_rate: Rate::default(),
            rates: HashMap::new(),
            rows: HashMap::new(),
            milestones: Milestones::default(),
            stored: Vec::new(),
            said_at: 0,
            unsaid: None,
            painting: false,
            ticking: false,
        }
    }

    /// Forgets what belongs to transfers that are out of sight.
    pub(super) fn clear_finished(&mut self) {
        for id in self.queue.clear_finished() {
            self.rows.remove(&id);
            self.files.remove(&id);
        }
    }

    /// Forgets the file of a transfer that needs it no more.
    pub(super) fn let_go(&mut self, id: TransferId) {
        if !self.queue.needs_file(id) {
            self.files.remove(&id);
            self.rates.remove(&id);
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        self.queue.tally().active > 0 || !self.running.is_empty() || !self.stored.is_empty()
    }

    pub(super) fn note_stored(&mut self, id: TransferId) {
        let Some(row) = self.queue.row(id) else {
            return;
        };
        let folder = |key: &str| key.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        let here = folder(&row.key);
        self.stored
            .retain(|(bucket, key)| *bucket != row.bucket || folder(key) != here);
        self.stored.push((row.bucket, row.key));
        if self.stored.len() > 50 {
            self.stored.remove(0);
        }
    }

    #[expect(
        clippy::type_complexity,
        reason = "three answers of one pass, taken apart at once"
    )]
    pub(super) fn tick(
        &mut self,
    ) -> (
        Vec<(TransferId, Ticket)>,
        Option<(BucketName, String)>,
        bool,
    ) {
        let now = now();
        let sending: HashSet<TransferId> = self.running.keys().map(|(id, _)| *id).collect();
        if sending.is_empty() {
            self.total_rate.reset();
        } else {
            self.total_rate.sample(now, self.queue.tally().bytes_sent);
        }
        self.rates.retain(|id, _| sending.contains(id));
        for id in sending {
            if let Some(progress) = self.queue.progress(id) {
                let rate = self.rates.entry(id).or_default();
                rate.sample(now, progress.stored + progress.in_flight);
            }
        }
        let silent = self.running.iter();
        let silent = silent.filter(|(_, running)| running.is_silent(now));
        let silent = silent.map(|(place, _)| *place).collect();
        let stored = if self.stored.is_empty() {
            None
        } else {
            Some(self.stored.remove(0))
        };
        self.ticking = self.is_busy();
        (silent, stored, self.ticking)
    }

    pub(super) fn paint(&mut self) -> (Vec<RowHandle>, Summary, Option<Milestone>) {
        self.painting = false;
        let ids = self.shown();
        let known: HashSet<TransferId> = ids.iter().copied().collect();
        self.rows.retain(|id, _| known.contains(id));
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(view) = self.view(id) else { continue };
            let signal = self
                .rows
                .entry(id)
                .or_insert_with(|| ArcRwSignal::new(view.clone()));
            if signal.with_untracked(|old| *old != view) {
                signal.set(view);
            }
            rows.push(RowHandle {
                id,
                view: signal.clone(),
            });
        }
        let tally = self.queue.tally();
        let counts = self.queue.counts();
        let left = tally.bytes.saturating_sub(tally.bytes_sent);
        let summary = Summary {
            tally,
            rate: self.total_rate.per_second().filter(|_| tally.active > 0),
            seconds_left: seconds_left(left, &self.total_rate).filter(|_| tally.active > 0),
            rows: counts.rows,
            retriable: counts.retriable,
            finished: counts.finished,
            full: self.queue.full_buckets().map(ToString::to_string).collect(),
        };
        let milestone = self.milestones.update(&tally);
        (rows, summary, milestone)
    }

    /// The rows that are drawn: what is not over first, filled up with what is, in their order.
    fn shown(&self) -> Vec<TransferId> {
        let over = |id: &TransferId| {
            matches!(
                self.queue.state(*id),
                Some(State::Done | State::Cancelled) | None
            )
        };
        let mut ids: Vec<TransferId> = self
            .queue
            .ids()
            .filter(|id| !over(id))
            .take(SHOWN)
            .collect();
        let room = SHOWN - ids.len();
        ids.extend(self.queue.ids().filter(over).take(room));
        ids.sort_unstable();
        ids
    }

    fn view(&self, id: TransferId) -> Option<RowView> {
        let row = self.queue.row(id)?;
        let rate = self
            .rates
            .get(&id)
            .filter(|_| row.state == State::Uploading);
        let left = row
            .size
            .saturating_sub(row.progress.stored + row.progress.in_flight);
        let retry_in = match row.state {
            State::Retrying { at } => Some(at.saturating_sub(now()).div_ceil(1_000)),
            _ => None,
        };
        Some(RowView {
            rate: rate.and_then(Rate::per_second),
            seconds_left: rate.and_then(|rate| seconds_left(left, rate)),
            retry_in,
            row,
        })
    }
}
