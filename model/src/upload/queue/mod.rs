//! All transfers of a page: who may send next, what is refused, how far everything is.

mod row;
#[cfg(test)]
mod simulation;
mod slots;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};

pub use self::row::{Counts, Row, Tally};
use self::row::{Share, Work};
use super::{
    Effect, Event, Fault, FileFacts, Moment, Progress, Settings, State, Transfer, Why, target_key,
};
use crate::{BucketName, ObjectKey};

/// Names one transfer of the page. Grows in the order of dropping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransferId(u64);

/// A file that somebody wants uploaded.
#[derive(Clone, Debug)]
pub struct Order {
    /// The bucket.
    pub bucket: BucketName,
    /// The open folder: empty, or ending in `/`.
    pub prefix: String,
    /// The file.
    pub file: FileFacts,
}

/// An effect and whose it is.
#[derive(Clone, Debug)]
pub struct Job {
    /// The transfer.
    pub id: TransferId,
    /// What is to be done.
    pub effect: Effect,
}

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It has its place in the queue.
    Queued(TransferId),
    /// It is listed as failed, with the reason.
    Refused(TransferId),
    /// The same file is on its way to the same key: nothing was added.
    UnderWay(TransferId),
}

/// Which line a file stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lane {
    Small,
    Large,
}

impl Lane {
    fn of(size: u64, settings: &Settings) -> Self {
        if size == 0 || size < settings.threshold {
            Self::Small
        } else {
            Self::Large
        }
    }
}

struct Entry {
    bucket: BucketName,
    /// As text, because a refused file has no key.
    key: String,
    file: FileFacts,
    work: Work,
    share: Share,
    /// Whether it belongs to the present batch.
    counted: bool,
    /// Whether it holds its key in `by_key`.
    holds_key: bool,
    lane: Lane,
    slots: usize,
    /// Out of sight; goes when nothing is left to be done behind it.
    cleared: bool,
}

/// All transfers of a page.
pub struct Queue {
    settings: Settings,
    entries: BTreeMap<TransferId, Entry>,
    next: u64,
    /// Who holds a key: at most one transfer that is not over.
    by_key: HashMap<(BucketName, String), TransferId>,
    small_ready: BTreeSet<TransferId>,
    large_ready: BTreeSet<TransferId>,
    small_slots: usize,
    large_slots: usize,
    hako_slots: usize,
    /// Buckets without room: nothing new is begun there until somebody presses Retry.
    full: BTreeSet<BucketName>,
    tally: Tally,
}

impl Queue {
    /// An empty queue.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            entries: BTreeMap::new(),
            next: 0,
            by_key: HashMap::new(),
            small_ready: BTreeSet::new(),
            large_ready: BTreeSet::new(),
            small_slots: 0,
            large_slots: 0,
            hako_slots: 0,
            full: BTreeSet::new(),
            tally: Tally::default(),
        }
    }

    /// Takes other numbers for transfers that come later, and the parallelism for all.
    pub fn set_settings(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// Takes an order. Nothing is sent before [`Queue::pump`].
    pub fn add(&mut self, order: Order) -> Added {
        let Order {
            bucket,
            prefix,
            file,
        } = order;
        let key = target_key(&prefix, &file.relative_path, self.settings.max_key_bytes);
        let (text, work) = match key {
            Err(fault) => (
                format!("{prefix}{}", file.relative_path),
                Work::Refused(Fault::new(Why::Key(fault))),
            ),
            Ok(key) => {
                let text = key.to_string();
                if let Some(id) = self.by_key.get(&(bucket.clone(), text.clone())) {
                    let same = self.entries.get(id).is_some_and(|entry| {
                        entry.file.size == file.size && entry.file.modified == file.modified
                    });
                    if same {
                        return Added::UnderWay(*id);
                    }
                    (text, Work::Refused(Fault::new(Why::KeyTaken)))
                } else {
                    let transfer = Transfer::new(bucket.clone(), key, file.clone(), self.settings);
                    (text, Work::from(transfer))
                }
            }
        };
        self.insert(bucket, text, file, work)
    }

    fn insert(&mut self, bucket: BucketName, key: String, file: FileFacts, work: Work) -> Added {
        self.begin_batch();
        let id = TransferId(self.next);
        self.next += 1;
        let refused = matches!(work, Work::Refused(_));
        let entry = Entry {
            lane: Lane::of(file.size, &self.settings),
            bucket,
            key,
            file,
            work,
            share: Share::default(),
            counted: true,
            holds_key: false,
            slots: 0,
            cleared: false,
        };
        self.entries.insert(id, entry);
        self.refresh(id);
        if refused {
            Added::Refused(id)
        } else {
            Added::Queued(id)
        }
    }

    /// Where nothing goes on, what comes next is counted by itself.
    fn begin_batch(&mut self) {
        if self.tally.active == 0 && self.tally.files > 0 {
            for entry in self.entries.values_mut() {
                entry.share = Share::default();
                entry.counted = false;
            }
            self.tally = Tally::default();
        }
    }

    /// Takes an event of one transfer and says what is to be done next, by any of them.
    pub fn handle(&mut self, id: TransferId, event: Event, moment: Moment) -> Vec<Job> {
        let mut jobs = Vec::new();
        match event {
            Event::Retry => self.retry(id, moment, &mut jobs),
            Event::Cancel => self.cancel(id, moment, &mut jobs),
            event => self.tell(id, event, moment, &mut jobs),
        }
        self.pump_into(moment, &mut jobs);
        jobs
    }

    fn tell(&mut self, id: TransferId, event: Event, moment: Moment, jobs: &mut Vec<Job>) {
        let Some(entry) = self.entries.get_mut(&id) else {
            return;
        };
        if let Work::Going(transfer) = &mut entry.work {
            let effects = transfer.handle(event, moment);
            jobs.extend(effects.into_iter().map(|effect| Job { id, effect }));
            if transfer.fault().is_some_and(Fault::is_out_of_space) {
                let bucket = entry.bucket.clone();
                self.halt(bucket);
            }
        }
        self.refresh(id);
    }

    fn cancel(&mut self, id: TransferId, moment: Moment, jobs: &mut Vec<Job>) {
        match self.entries.get_mut(&id).map(|entry| &mut entry.work) {
            Some(work @ Work::Refused(_)) => {
                *work = Work::Dismissed;
                self.refresh(id);
            }
            Some(work) => {
                work.unblock();
                self.tell(id, Event::Cancel, moment, jobs);
            }
            None => {}
        }
    }

    fn retry(&mut self, id: TransferId, moment: Moment, jobs: &mut Vec<Job>) {
        let Some(entry) = self.entries.get_mut(&id) else {
            return;
        };
        if !entry.work.can_retry() {
            return;
        }
        let bucket = entry.bucket.clone();
        let place = (bucket.clone(), entry.key.clone());
        if self.by_key.get(&place).is_some_and(|holder| *holder != id) {
            entry.work.block();
            return self.refresh(id);
        }
        if let Work::Refused(_) = entry.work {
            // Refused because of the key's holder, so the key itself is good.
            let Ok(key) = ObjectKey::parse(entry.key.clone()) else {
                return;
            };
            let file = entry.file.clone();
            entry.lane = Lane::of(file.size, &self.settings);
            entry.work = Work::from(Transfer::new(bucket.clone(), key, file, self.settings));
        }
        entry.work.unblock();
        self.begin_batch();
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.counted = true;
        }
        self.tell(id, Event::Retry, moment, jobs);
        if self.full.remove(&bucket) {
            self.refresh_all();
        }
    }

    /// The bucket has no room: what waits for it waits for a person.
    fn halt(&mut self, bucket: BucketName) {
        if self.full.insert(bucket) {
            self.refresh_all();
        }
    }

    fn refresh_all(&mut self) {
        let ids: Vec<TransferId> = self.entries.keys().copied().collect();
        for id in ids {
            self.refresh(id);
        }
    }

    fn forget(&mut self, id: TransferId) {
        if let Some(entry) = self.entries.remove(&id) {
            self.tally.replace(&entry.share, &Share::default());
        }
    }

    /// Takes finished and cancelled transfers out of sight.
    pub fn clear_finished(&mut self) -> Vec<TransferId> {
        let over = |entry: &Entry| matches!(entry.work.state(), State::Done | State::Cancelled);
        let ids: Vec<TransferId> = self
            .entries
            .iter()
            .filter(|(_, entry)| over(entry))
            .map(|(id, _)| *id)
            .collect();
        for id in &ids {
            if let Some(entry) = self.entries.get_mut(id) {
                entry.cleared = true;
            }
            self.refresh(*id);
        }
        ids
    }

    /// What a person sees of one transfer.
    pub fn row(&self, id: TransferId) -> Option<Row> {
        self.entries.get(&id).map(|entry| Row::of(id, entry))
    }

    /// The transfers in sight, in the order of dropping.
    pub fn ids(&self) -> impl Iterator<Item = TransferId> {
        self.entries
            .iter()
            .filter(|(_, entry)| !entry.cleared)
            .map(|(id, _)| *id)
    }

    /// The state of one transfer.
    pub fn state(&self, id: TransferId) -> Option<State> {
        self.entries.get(&id).map(|entry| entry.work.state())
    }

    /// How far one transfer is.
    pub fn progress(&self, id: TransferId) -> Option<Progress> {
        self.entries.get(&id).map(|entry| entry.work.progress())
    }

    /// How many rows there are, and what could be done with them.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for entry in self.entries.values().filter(|entry| !entry.cleared) {
            let state = entry.work.state();
            counts.rows += 1;
            counts.finished += usize::from(matches!(state, State::Done | State::Cancelled));
            counts.retriable += usize::from(state.is_at_rest() && entry.work.can_retry());
        }
        counts
    }

    /// How far everything is.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// The buckets in which nothing new is begun because they are full.
    pub fn full_buckets(&self) -> impl Iterator<Item = &BucketName> {
        self.full.iter()
    }

    /// Whether leaving the page would lose something: transfers that are not over, stored parts that
    /// only this page can complete, and clean-up behind what was cancelled.
    pub fn would_lose(&self) -> bool {
        self.entries.values().any(|entry| {
            let state = entry.work.state();
            let over = match state {
                State::Failed => entry.work.stored_parts() == 0,
                State::Done | State::Changed | State::Cancelled => true,
                _ => false,
            };
            !over || entry.work.is_busy()
        })
    }

    /// Whether the file itself is still needed.
    pub fn needs_file(&self, id: TransferId) -> bool {
        self.entries.get(&id).is_some_and(|entry| {
            !matches!(
                entry.work.state(),
                State::Done | State::Changed | State::Cancelled
            )
        })
    }
}
