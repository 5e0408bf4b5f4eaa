//! What the engine keeps: the queue, the files, the requests that run, and what is to be painted.

use std::collections::{HashMap, HashSet};

use js_sys::Reflect;

use leptos::prelude::*;
use model::{
    BucketName,
    upload::{
        BatchId, Line, Milestone, Milestones, Place, Queue, Rate, Section, Settings, Sight, State,
        Ticket, TransferId, seconds_left,
    },
};
use web_sys::{File, NotificationPermission};

use super::{
    environment::{Listener, TabMark, Wakefulness, notice},
    list::{LineHandle, LineView, List},
    plan::Comparison,
    send::Sending,
    view::{BatchView, News, RowView, Stored, StoredBatch, Summary},
    walk::{FileSource, Stop},
};
use crate::drawn;

/// Uploads that other tabs are told of.
const TOLD: usize = 200;
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
    /// Where the bytes of a transfer are.
    pub(super) sources: HashMap<TransferId, FileSource>,
    /// Files that are being read: as they were when they were asked for first.
    pub(super) files: HashMap<TransferId, File>,
    /// Checksums that lists of the batch give.
    pub(super) comparison: Comparison,
    pub(super) running: HashMap<(TransferId, Ticket), Running>,
    total_rate: Rate,
    rates: HashMap<TransferId, Rate>,
    /// The lines that are drawn.
    drawn: HashMap<Line, LineHandle>,
    /// What the history calls the batches of which something is stored.
    begun: HashMap<BatchId, String>,
    milestones: Milestones,
    /// Stored objects that are still to be told, one per folder.
    stored: Vec<(BucketName, String)>,
    /// When something was said aloud last, and what waits to be.
    pub(super) said_at: u64,
    pub(super) unsaid: Option<String>,
    pub(super) painting: bool,
    pub(super) ticking: bool,
    /// Folders that are being looked through: how to stop that, and what was found.
    pub(super) walking: Option<(Stop, usize)>,
    told_at: u64,
    /// The store's origin as the browser sees it.
    store: Option<String>,
    mark: TabMark,
    wake: Wakefulness,
    /// Hears of the network as long as there is a queue.
    _network: Listener,
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
    pub(super) fn new(settings: Settings, store: Option<String>, network: Listener) -> Self {
        Self {
            queue: Queue::new(settings),
            sources: HashMap::new(),
            files: HashMap::new(),
            comparison: Comparison::default(),
            running: HashMap::new(),
            total_rate: Rate::default(),
            rates: HashMap::new(),
            drawn: HashMap::new(),
            begun: HashMap::new(),
            milestones: Milestones::new(drawn::preferences().announcements),
            stored: Vec::new(),
            said_at: 0,
            unsaid: None,
            painting: false,
            ticking: false,
            walking: None,
            told_at: 0,
            store,
            mark: TabMark::default(),
            wake: Wakefulness::new(),
            _network: network,
        }
    }

    /// So much was found.
    pub(super) fn walked(&mut self, found: usize) {
        if let Some((_, number)) = &mut self.walking {
            *number = found;
        }
    }

    /// Looks no further.
    pub(super) fn stop_walking(&self) {
        if let Some((stop, _)) = &self.walking {
            stop.stop();
        }
    }

    /// What other tabs are to be told, now and then.
    pub(super) fn news(&mut self, every: u64) -> Option<Vec<News>> {
        let now = now();
        if now.saturating_sub(self.told_at) < every {
            return None;
        }
        self.told_at = now;
        let mut going = self.queue.first_of(Section::Active, TOLD);
        let room = TOLD - going.len();
        going.extend(self.queue.first_of(Section::Attention, room));
        let going = going
            .into_iter()
            .filter(|id| self.queue.state(*id) != Some(State::FileNeeded));
        let news = going.filter_map(|id| {
            let row = self.queue.row(id)?;
            let sent = row.progress.stored + row.progress.in_flight;
            Some(News {
                bucket: row.bucket.to_string(),
                key: row.key,
                percent: (sent * 100).checked_div(row.size).unwrap_or(0).min(100),
                file: self.queue.file(id)?.clone(),
            })
        });
        Some(news.collect())
    }

    /// What the history calls the batch of a transfer.
    fn stored_batch(&mut self, id: TransferId) -> Option<StoredBatch> {
        let batch = self.queue.batch_of(id)?;
        let (bucket, prefix) = self.queue.batch(batch)?.place?;
        // Names of a later time stand behind those of an earlier one.
        let name = || format!("{:015}-{}", now(), batch.number());
        Some(StoredBatch {
            id: self.begun.entry(batch).or_insert_with(name).clone(),
            place: format!("{bucket}/{prefix}"),
        })
    }

    /// What is noted of a transfer that is done, its file, and what gives that again.
    pub(super) fn stored_as(
        &mut self,
        id: TransferId,
    ) -> Option<(Stored, Option<File>, Option<FileSource>)> {
        let batch = self.stored_batch(id);
        let row = self.queue.row(id)?;
        let receipt = self.queue.receipt(id)?;
        let stored = Stored {
            bucket: row.bucket.to_string(),
            key: row.key,
            size: row.size,
            etag: receipt.etag.clone(),
            version_id: receipt.version_id.clone(),
            sha256: None,
            modified: self.queue.file(id).map(|file| file.modified),
            time: receipt.stored_at.map(|at| at.to_string()),
            batch,
        };
        let (file, source) = (self.files.get(&id), self.sources.get(&id));
        Some((stored, file.cloned(), source.cloned()))
    }

    /// Whether the browser says that the store speaks HTTP/2 or newer.
    pub(super) fn is_multiplexed(&self) -> bool {
        let Some(store) = &self.store else {
            return false;
        };
        let entries = window()
            .performance()
            .map(|all| all.get_entries_by_type("resource"));
        let entries = entries.unwrap_or_default();
        let text = |entry: &wasm_bindgen::JsValue, name: &str| {
            Reflect::get(entry, &name.into())
                .ok()
                .and_then(|value| value.as_string())
        };
        entries.iter().rev().take(50).any(|entry| {
            let of_store = text(&entry, "name").is_some_and(|name| name.starts_with(store));
            let protocol = text(&entry, "nextHopProtocol").unwrap_or_default();
            of_store && (protocol == "h2" || protocol == "h3")
        })
    }

    /// Takes some of what is over out of sight, and forgets what belongs to it; says how many.
    pub(super) fn clear_some(
        &mut self,
        most: usize,
        is_read: impl Fn(TransferId) -> bool,
    ) -> usize {
        let cleared = self.queue.clear_some(most);
        for id in &cleared {
            self.files.remove(id);
            self.sources.remove(id);
            // One that was stored is still being read.
            if !is_read(*id) {
                self.comparison.forget(*id);
            }
        }
        cleared.len()
    }

    /// Takes one that is over out of sight.
    pub(super) fn clear_one(&mut self, id: TransferId, is_read: bool) {
        if self.queue.clear_one(id) {
            self.files.remove(&id);
            self.sources.remove(&id);
            if !is_read {
                self.comparison.forget(id);
            }
        }
    }

    /// Forgets the file of a transfer that needs it no more.
    pub(super) fn let_go(&mut self, id: TransferId) {
        if !self.queue.needs_file(id) {
            self.files.remove(&id);
            // What waits for its file keeps the handle that may give it, and what is another one what gives that.
            let waits = self.queue.state(id) == Some(State::FileNeeded);
            if !waits && !self.queue.can_start_again(id) {
                self.sources.remove(&id);
            }
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

    /// The lines that are in view, and how many there are; whether any is at another place than before.
    pub(super) fn look(&mut self, list: List) -> Option<(Vec<LineHandle>, usize, bool)> {
        let section = list.sight()?;
        let folded = list.folded.try_get_untracked()?;
        let window = list.window.try_get_value()?;
        let is_folded = |id: BatchId| folded.contains(&id);
        let count = self.queue.line_count(section, is_folded);
        // A list that became shorter is seen from its end.
        let from = window.from.min(count.saturating_sub(window.most));
        let mut lines = self.queue.lines(section, is_folded, from, window.most);
        if let Some(current) = self.current(list, section, &is_folded, count)
            && !lines.contains(&current)
        {
            lines.push(current);
        }
        let mut placed: Vec<_> = lines
            .into_iter()
            .filter_map(|line| Some((self.queue.place(section, is_folded, line)?, line)))
            .collect();
        placed.sort_unstable_by_key(|(place, _)| place.at);
        let mut moved = placed.len() != self.drawn.len();
        let drawn: Vec<LineHandle> = placed
            .into_iter()
            .filter_map(|(place, line)| {
                let (handle, other) = self.draw(line, place)?;
                moved |= other;
                Some(handle)
            })
            .collect();
        self.drawn = drawn
            .iter()
            .map(|handle| (handle.line, handle.clone()))
            .collect();
        Some((drawn, count, moved))
    }

    /// The line that has the tab stop: where it is gone, the one that came in its place.
    fn current(
        &self,
        list: List,
        section: Sight,
        folded: &impl Fn(BatchId) -> bool,
        count: usize,
    ) -> Option<Line> {
        let current = list.current.try_get_untracked()?;
        let place = current.and_then(|line| self.queue.place(section, folded, line));
        if let (Some(line), Some(place)) = (current, place) {
            list.current_at.set_value(place.at);
            return Some(line);
        }
        let at = list
            .current_at
            .try_get_value()?
            .min(count.saturating_sub(1));
        let next = self.queue.lines(section, folded, at, 1).first().copied();
        if next != current {
            list.current_at.set_value(at);
            list.current.set(next);
        }
        next
    }

    /// Brings one line up to date; says also whether it is at another place than before.
    fn draw(&mut self, line: Line, place: Place) -> Option<(LineHandle, bool)> {
        let known = self.drawn.get(&line).cloned();
        let view = match line {
            Line::File(id) => {
                let view = self.view(id)?;
                match known.as_ref().map(|known| &known.view) {
                    Some(LineView::File(signal)) => {
                        if signal.with_untracked(|old| *old != view) {
                            signal.set(view);
                        }
                        LineView::File(signal.clone())
                    }
                    _ => LineView::File(ArcRwSignal::new(view)),
                }
            }
            Line::Batch(id) => {
                let view = BatchView {
                    row: self.queue.batch(id)?,
                    begun: self.begun.get(&id).cloned(),
                };
                match known.as_ref().map(|known| &known.view) {
                    Some(LineView::Batch(signal)) => {
                        if signal.with_untracked(|old| *old != view) {
                            signal.set(view);
                        }
                        LineView::Batch(signal.clone())
                    }
                    _ => LineView::Batch(ArcRwSignal::new(view)),
                }
            }
        };
        let before = known.map(|known| known.place);
        let same = before
            .as_ref()
            .is_some_and(|before| before.with_untracked(|old| *old == place));
        let place = match before {
            Some(before) => {
                if !same {
                    before.set(place);
                }
                before
            }
            None => ArcRwSignal::new(place),
        };
        Some((LineHandle { line, place, view }, !same))
    }

    /// Where a line is.
    pub(super) fn place_of(&self, list: List, line: Line) -> Option<Place> {
        let section = list.sight()?;
        let folded = list.folded.try_get_untracked()?;
        self.queue.place(section, |id| folded.contains(&id), line)
    }

    /// The line with a number.
    pub(super) fn line_at(&self, list: List, at: usize) -> Option<Line> {
        let section = list.sight()?;
        let folded = list.folded.try_get_untracked()?;
        let lines = self.queue.lines(section, |id| folded.contains(&id), at, 1);
        lines.first().copied()
    }

    /// Says as much as is wanted from now on.
    pub(super) fn prefer(&mut self) {
        let wanted = drawn::preferences().announcements;
        self.milestones.set_wanted(wanted);
    }

    pub(super) fn paint(&mut self, sight: Sight) -> (Summary, Option<Milestone>) {
        self.painting = false;
        let tally = self.queue.tally();
        let counts = self.queue.counts();
        let left = tally.bytes.saturating_sub(tally.bytes_sent);
        let summary = Summary {
            tally,
            rate: self.total_rate.per_second().filter(|_| tally.active > 0),
            seconds_left: seconds_left(left, &self.total_rate).filter(|_| tally.active > 0),
            rows: counts.rows,
            active: counts.active,
            attention: counts.attention,
            running: counts.running,
            waiting: counts.waiting,
            resumable: counts.resumable,
            found: sight.found.then(|| self.queue.found(sight.section)),
            retriable: counts.retriable,
            finished: counts.finished,
            full: self.queue.full_buckets().map(ToString::to_string).collect(),
            paused: counts.paused,
            pausable: counts.pausable,
            file_needed: counts.file_needed,
            signed_out: counts.signed_out > 0,
            is_offline: self.queue.is_offline(),
            walked: self.walking.as_ref().map(|(_, found)| *found),
            can_notify: notice::permission() == Some(NotificationPermission::Default),
        };
        let active = tally.active > 0;
        let percent = u8::try_from(tally.percent()).unwrap_or(100);
        self.mark.show(active.then_some(percent));
        self.wake.want(active && !self.queue.is_offline());
        let milestone = self.milestones.update(&tally, now());
        (summary, milestone)
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
        let has_handle = self.sources.get(&id).is_some_and(FileSource::has_handle);
        Some(RowView {
            has_handle,
            // A file that changed while it was sent cannot be read any more, but by its handle.
            has_other: row.can_start_again
                && (has_handle || row.wants_file && self.sources.contains_key(&id)),
            rate: rate.and_then(Rate::per_second),
            seconds_left: rate.and_then(|rate| seconds_left(left, rate)),
            retry_in,
            row,
        })
    }
}
