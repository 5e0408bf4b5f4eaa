//! All transfers of a page: who may send next, what is refused, how far everything is.

mod lines;
mod pace;
mod reach;
mod rename;
mod row;
#[cfg(test)]
mod simulation;
mod slots;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use self::{
    lines::{Batch, Standing, Wanted},
    pace::Pace,
    reach::Reach,
    row::{Share, Work},
};
pub use self::{
    lines::{BatchRow, Line, Place, Section, Sight},
    reach::{Question, Verdict},
    rename::CannotRename,
    row::{Counts, Row, Tally},
};
use super::{
    Effect, Event, Fault, FileFacts, Likeness, Moment, Options, Progress, Receipt, Record,
    Settings, State, Transfer, Why, Write, target_key,
};
use crate::{BucketName, ObjectKey, UploadId};

/// Names one transfer of the page. Grows in the order of dropping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransferId(u64);

/// Names files that were dropped together. Grows in the order of dropping; those of an earlier visit come
/// before all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchId(u64);

impl TransferId {
    /// The number behind it.
    pub fn number(self) -> u64 {
        self.0
    }
}

impl BatchId {
    /// The number behind it.
    pub fn number(self) -> u64 {
        self.0
    }
}

/// The batch of what was begun by an earlier visit of the page.
const EARLIER: BatchId = BatchId(0);

/// A file that somebody wants uploaded.
#[derive(Clone, Debug)]
pub struct Order {
    /// The bucket.
    pub bucket: BucketName,
    /// The open folder: empty, or ending in `/`.
    pub prefix: String,
    /// The file.
    pub file: FileFacts,
    /// Its path below the open folder, where that is another than its own.
    pub path: Option<String>,
    /// How it goes to a key that is taken.
    pub write: Write,
    /// What its object is stored with.
    pub options: Arc<Options>,
}

impl Order {
    /// What an upload that has begun was ordered as, as far as it is kept.
    fn of(record: &Record) -> Self {
        Self {
            bucket: record.bucket.clone(),
            prefix: String::new(),
            file: record.file.clone(),
            path: None,
            write: record.write,
            options: Arc::new(record.options.clone()),
        }
    }

    /// The path below the open folder.
    pub fn path(&self) -> &str {
        self.path.as_deref().unwrap_or(&self.file.relative_path)
    }
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
    /// An upload of it waits for the file: it is to be told [`Event::File`].
    Awaited(TransferId),
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

#[expect(
    clippy::struct_excessive_bools,
    reason = "what is known of it, each by itself"
)]
struct Entry {
    bucket: BucketName,
    /// As text, because a refused file has no key.
    key: String,
    file: FileFacts,
    work: Work,
    batch: BatchId,
    /// What it adds to the tally of its batch, and of all.
    share: Share,
    /// What it adds to the lists and their numbers.
    standing: Standing,
    /// Whether the tally of all is to have it, and has it: it belongs to what goes on at present.
    counted: bool,
    in_tally: bool,
    /// Whether it holds its key in `by_key`.
    holds_key: bool,
    lane: Lane,
    write: Write,
    options: Arc<Options>,
    /// Its place in the line: who was moved up comes before who was not.
    rank: Rank,
    slots: usize,
    slots_through_hako: usize,
    /// Out of sight; goes when nothing is left to be done behind it.
    cleared: bool,
}

impl Entry {
    /// Whether it may send bytes yet.
    fn is_to_be_sent(&self) -> bool {
        !self.work.state().is_final()
    }
}

/// A place in the line.
type Rank = (i64, TransferId);

/// All transfers of a page.
pub struct Queue {
    settings: Settings,
    entries: BTreeMap<TransferId, Entry>,
    next: u64,
    /// Who holds a key: at most one transfer that is not over.
    by_key: HashMap<(BucketName, String), TransferId>,
    small_ready: BTreeSet<Rank>,
    large_ready: BTreeSet<Rank>,
    small_slots: usize,
    large_slots: usize,
    hako_slots: usize,
    /// Buckets without room: nothing new is begun there until somebody presses Retry.
    full: BTreeSet<BucketName>,
    tally: Tally,
    counts: Counts,
    batches: BTreeMap<BatchId, Batch>,
    last_batch: u64,
    /// What is searched for.
    wanted: Option<Wanted>,
    /// Transfers that wait for their file.
    awaiting: BTreeSet<TransferId>,
    pace: Pace,
    reach: Reach,
    /// The rank of the transfer that was moved up last.
    foremost: i64,
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
            counts: Counts::default(),
            batches: BTreeMap::new(),
            last_batch: EARLIER.0,
            wanted: None,
            awaiting: BTreeSet::new(),
            pace: Pace::new(settings.parallelism, settings.may_grow),
            reach: Reach::default(),
            foremost: 0,
        }
    }

    /// Takes other numbers for transfers that come later, and the parallelism for all.
    pub fn set_settings(&mut self, settings: Settings) {
        self.settings = settings;
        self.pace.set_usual(settings.parallelism, settings.may_grow);
    }

    /// The connection to the store carries many requests at once.
    pub fn allow_parallelism(&mut self, most: usize) {
        self.pace.allow(most);
    }

    /// Looks at the pace. To be called while something goes on, every second or so.
    pub fn tick(&mut self, moment: Moment) -> Vec<Job> {
        self.pace.tick(moment.now, self.tally.bytes_sent);
        self.pump(moment)
    }

    /// Takes an order of a single file. Nothing is sent before [`Queue::pump`].
    pub fn add(&mut self, order: Order) -> Added {
        let batch = self.new_batch();
        self.add_to(batch, order)
    }

    /// Takes an order as one of a batch. Nothing is sent before [`Queue::pump`].
    pub fn add_to(&mut self, batch: BatchId, order: Order) -> Added {
        let key = target_key(&order.prefix, order.path(), self.settings.max_key_bytes);
        let (text, work) = match key {
            Err(fault) => (
                format!("{}{}", order.prefix, order.path()),
                Work::Refused(Fault::new(Why::Key(fault))),
            ),
            Ok(key) => {
                let text = key.to_string();
                if let Some(id) = self.by_key.get(&(order.bucket.clone(), text.clone())) {
                    let likeness = self.entries.get(id).map(|entry| {
                        let wants = entry.work.transfer().is_some_and(Transfer::wants_file);
                        (entry.file.likeness(&order.file), wants)
                    });
                    match likeness {
                        Some((Likeness::Same | Likeness::Doubtful, true)) => {
                            return Added::Awaited(*id);
                        }
                        Some((Likeness::Same, false)) => return Added::UnderWay(*id),
                        _ => (text, Work::Refused(Fault::new(Why::KeyTaken))),
                    }
                } else {
                    (text, self.begin(key, &order))
                }
            }
        };
        self.begin_batch();
        let refused = matches!(work, Work::Refused(_));
        let place = || Some((order.bucket.clone(), order.prefix.clone()));
        let shown = self.batches.entry(batch).or_default();
        shown.place = shown.place.take().or_else(place);
        let id = self.insert(batch, order, text, work);
        if refused {
            Added::Refused(id)
        } else {
            Added::Queued(id)
        }
    }

    fn begin(&self, key: ObjectKey, order: &Order) -> Work {
        let transfer = Transfer::new(
            order.bucket.clone(),
            key,
            order.file.clone(),
            self.settings,
            order.write,
            Arc::clone(&order.options),
        );
        let mut work = Work::from(transfer);
        self.acquaint(&order.bucket, &mut work);
        work
    }

    /// Tells a new transfer how things stand. Nothing runs yet, so nothing is to be done.
    fn acquaint(&self, bucket: &BucketName, work: &mut Work) {
        if let Work::Going(transfer) = work {
            for event in self.circumstances(bucket) {
                let nothing = transfer.handle(
                    event,
                    Moment {
                        now: 0,
                        jitter: 0.0,
                    },
                );
                debug_assert!(nothing.is_empty());
            }
        }
    }

    /// Takes up an upload of another visit of the page. It waits for its file; one that was given up
    /// is given up again, out of sight. `None` for what cannot be taken up.
    pub fn restore(&mut self, record: Record, moment: Moment) -> Option<(TransferId, Vec<Job>)> {
        let place = (record.bucket.clone(), record.key.to_string());
        if self.by_key.contains_key(&place) {
            return None;
        }
        let order = Order::of(&record);
        let transfer = Transfer::restored(record, self.settings, moment).ok()?;
        Some(self.take_up(EARLIER, order, place.1, transfer, moment))
    }

    /// Takes up what somebody began elsewhere, for a file that may be the one. It waits to be told of the
    /// file. `None` while the key is another transfer's.
    pub fn adopt(&mut self, record: Record, moment: Moment) -> Option<(TransferId, Vec<Job>)> {
        let place = (record.bucket.clone(), record.key.to_string());
        let order = Order::of(&record);
        let transfer = Transfer::lent(record, self.settings, moment).ok()?;
        if let Some(holder) = self.by_key.get(&place).copied() {
            // What was taken up for another file, and did not fit, makes room.
            if !self.is_lent(holder) || !self.wants_file(holder) {
                return None;
            }
            self.by_key.remove(&place);
            self.forget(holder);
        }
        self.begin_batch();
        let batch = self.new_batch();
        let (id, jobs) = self.take_up(batch, order, place.1, transfer, moment);
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.counted = true;
        }
        self.refresh(id);
        Some((id, jobs))
    }

    /// The transfer that carries an upload.
    pub fn of_upload(&self, upload: &UploadId) -> Option<TransferId> {
        let carries = |entry: &Entry| {
            let transfer = entry.work.transfer();
            transfer.and_then(Transfer::upload_id) == Some(upload)
        };
        let mut entries = self.entries.iter();
        entries.find(|(_, entry)| carries(entry)).map(|(id, _)| *id)
    }

    /// Whether a transfer is of an upload that was begun elsewhere, whose file is not known to be right.
    pub fn is_lent(&self, id: TransferId) -> bool {
        let transfer = self
            .entries
            .get(&id)
            .and_then(|entry| entry.work.transfer());
        transfer.is_some_and(Transfer::is_lent)
    }

    /// Whether a transfer waits for its file.
    pub fn wants_file(&self, id: TransferId) -> bool {
        let transfer = self
            .entries
            .get(&id)
            .and_then(|entry| entry.work.transfer());
        transfer.is_some_and(Transfer::wants_file)
    }

    fn take_up(
        &mut self,
        batch: BatchId,
        order: Order,
        key: String,
        mut transfer: Transfer,
        moment: Moment,
    ) -> (TransferId, Vec<Job>) {
        let bucket = order.bucket.clone();
        let effects = transfer.take_effects();
        let work = Work::Going(Box::new(transfer));
        let id = self.insert(batch, order, key, work);
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.counted = false;
            entry.lane = Lane::Large;
            entry.cleared = entry.work.state() == State::Cancelled;
        }
        let mut jobs: Vec<Job> = effects
            .into_iter()
            .map(|effect| Job { id, effect })
            .collect();
        for event in self.circumstances(&bucket) {
            self.tell(id, event, moment, &mut jobs);
        }
        self.refresh(id);
        (id, jobs)
    }

    /// The transfer that waits for this file: by its path, name, size and time; with `certain`
    /// unset also by its size and either path or name alone.
    pub fn waiting_for(&self, file: &FileFacts, certain: bool) -> Option<TransferId> {
        let alike = |entry: &Entry| match entry.file.likeness(file) {
            Likeness::Same if entry.file.relative_path == file.relative_path => 3,
            Likeness::Same => 2,
            Likeness::Doubtful if !certain && entry.file.name() == file.name() => 1,
            _ => 0,
        };
        let waiting = self.awaiting.iter();
        let waiting = waiting.filter_map(|id| Some((*id, self.entries.get(id)?)));
        let ranked = waiting.map(|(id, entry)| (alike(entry), std::cmp::Reverse(id)));
        ranked
            .filter(|(rank, _)| *rank > 0)
            .max()
            .map(|(_, id)| id.0)
    }

    fn insert(&mut self, batch: BatchId, order: Order, key: String, work: Work) -> TransferId {
        let Order {
            bucket,
            file,
            write,
            options,
            ..
        } = order;
        let id = TransferId(self.next);
        self.next += 1;
        let entry = Entry {
            lane: Lane::of(file.size, &self.settings),
            write,
            options,
            rank: (0, id),
            bucket,
            key,
            file,
            work,
            batch,
            share: Share::default(),
            standing: Standing::default(),
            counted: true,
            in_tally: false,
            holds_key: false,
            slots: 0,
            slots_through_hako: 0,
            cleared: false,
        };
        self.entries.insert(id, entry);
        self.batches.entry(batch).or_default().push(id);
        self.refresh(id);
        id
    }

    /// Where nothing goes on, what comes next is counted by itself.
    fn begin_batch(&mut self) {
        if self.tally.active == 0 && self.tally.paused == 0 && self.tally.files > 0 {
            for entry in self.entries.values_mut() {
                entry.counted = false;
                entry.in_tally = false;
            }
            self.tally = Tally::default();
        }
    }

    /// Takes an event of one transfer and says what is to be done next, by any of them.
    pub fn handle(&mut self, id: TransferId, event: Event, moment: Moment) -> Vec<Job> {
        let mut jobs = Vec::new();
        if let Event::Answer { ticket, answer } = &event {
            self.learn(id, *ticket, answer, moment);
        }
        match event {
            Event::Retry => self.retry(id, moment, &mut jobs),
            Event::Cancel => self.cancel(id, moment, &mut jobs),
            Event::StartAgain(file) => self.start_again(id, file, moment, &mut jobs),
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
            // What failed before says nothing about the room that there is now.
            let failed_before = transfer.fault().is_some();
            let effects = transfer.handle(event, moment);
            jobs.extend(effects.into_iter().map(|effect| Job { id, effect }));
            if !failed_before && transfer.fault().is_some_and(Fault::is_out_of_space) {
                let bucket = entry.bucket.clone();
                self.halt(bucket);
            }
        }
        self.refresh(id);
    }

    fn tell_all(
        &mut self,
        whom: impl Fn(&Entry) -> bool,
        event: &Event,
        moment: Moment,
    ) -> Vec<Job> {
        let ids: Vec<TransferId> = self
            .entries
            .iter()
            .filter(|(_, entry)| whom(entry))
            .map(|(id, _)| *id)
            .collect();
        let mut jobs = Vec::new();
        for id in ids {
            self.tell(id, event.clone(), moment, &mut jobs);
        }
        self.pump_into(moment, &mut jobs);
        jobs
    }

    /// Somebody signed in again, the same person as before: what waited for that goes on.
    pub fn signed_in(&mut self, moment: Moment) -> Vec<Job> {
        self.tell_all(|_| true, &Event::SignedIn, moment)
    }

    /// Moves a transfer to the front of the line.
    pub fn move_up(&mut self, id: TransferId) {
        self.foremost -= 1;
        let rank = (self.foremost, id);
        if let Some(entry) = self.entries.get_mut(&id) {
            self.small_ready.remove(&entry.rank);
            self.large_ready.remove(&entry.rank);
            entry.rank = rank;
        }
        self.refresh(id);
    }

    /// What was stored, of a transfer that is done.
    pub fn receipt(&self, id: TransferId) -> Option<&Receipt> {
        self.entries.get(&id)?.work.transfer()?.receipt()
    }

    /// The file of a transfer.
    pub fn file(&self, id: TransferId) -> Option<&FileFacts> {
        let entry = self.entries.get(&id)?;
        Some(entry.work.transfer().map_or(&entry.file, Transfer::file))
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
        let bucket = entry.bucket.clone();
        let can_retry = entry.work.can_retry();
        // Whoever waits for room may say that there is some; whose upload found none may be gone.
        if self.full.remove(&bucket) {
            self.refresh_all();
        }
        let Some(entry) = self.entries.get_mut(&id).filter(|_| can_retry) else {
            return;
        };
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
            let order = Order {
                bucket: bucket.clone(),
                prefix: String::new(),
                file: entry.file.clone(),
                path: None,
                write: entry.write,
                options: Arc::clone(&entry.options),
            };
            entry.lane = Lane::of(order.file.size, &self.settings);
            let work = self.begin(key, &order);
            if let Some(entry) = self.entries.get_mut(&id) {
                entry.work = work;
            }
        } else {
            entry.work.unblock();
            self.reacquaint(id, &bucket, moment, jobs);
        }
        self.begin_batch();
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.counted = true;
        }
        self.tell(id, Event::Retry, moment, jobs);
    }

    fn start_again(
        &mut self,
        id: TransferId,
        file: FileFacts,
        moment: Moment,
        jobs: &mut Vec<Job>,
    ) {
        let Some(entry) = self.entries.get_mut(&id) else {
            return;
        };
        if !entry.work.can_start_again() {
            return;
        }
        let place = (entry.bucket.clone(), entry.key.clone());
        if self.by_key.get(&place).is_some_and(|holder| *holder != id) {
            entry.work.block();
            return self.refresh(id);
        }
        entry.work.unblock();
        entry.lane = Lane::of(file.size, &self.settings);
        entry.file = FileFacts {
            relative_path: entry.file.relative_path.clone(),
            ..file.clone()
        };
        self.reacquaint(id, &place.0, moment, jobs);
        self.begin_batch();
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.counted = true;
        }
        self.tell(id, Event::StartAgain(file), moment, jobs);
    }

    /// Whether the file of a transfer turned out to be another one, and may be uploaded from its first byte.
    pub fn can_start_again(&self, id: TransferId) -> bool {
        let entry = self.entries.get(&id);
        entry.is_some_and(|entry| entry.work.can_start_again())
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
        self.awaiting.remove(&id);
        let Some(entry) = self.entries.remove(&id) else {
            return;
        };
        if entry.in_tally {
            self.tally.replace(&entry.share, &Share::default());
        }
        if let Some(batch) = self.batches.get_mut(&entry.batch) {
            batch.tally.replace(&entry.share, &Share::default());
            if batch.is_empty() {
                self.batches.remove(&entry.batch);
            }
        }
    }

    /// Takes finished and cancelled transfers out of sight.
    pub fn clear_finished(&mut self) -> Vec<TransferId> {
        self.clear_some(usize::MAX)
    }

    /// Takes some of the finished and cancelled transfers out of sight.
    pub fn clear_some(&mut self, most: usize) -> Vec<TransferId> {
        let ids = self.first_of(Section::Done, most);
        for id in &ids {
            if let Some(entry) = self.entries.get_mut(id) {
                entry.cleared = true;
            }
            self.refresh(*id);
        }
        ids
    }

    /// Takes one transfer that is over out of sight; says whether it was.
    pub fn clear_one(&mut self, id: TransferId) -> bool {
        let over = self.state(id).is_some_and(State::is_final);
        if let Some(entry) = self.entries.get_mut(&id).filter(|_| over) {
            entry.cleared = true;
            self.refresh(id);
        }
        over
    }

    /// The batch of a transfer; none of what was begun by an earlier visit.
    pub fn batch_of(&self, id: TransferId) -> Option<BatchId> {
        let batch = self.entries.get(&id)?.batch;
        (batch != EARLIER).then_some(batch)
    }

    /// What a person sees of one transfer.
    pub fn row(&self, id: TransferId) -> Option<Row> {
        let entry = self.entries.get(&id)?;
        let mut row = Row::of(id, entry);
        row.can_retry |= self.full.contains(&entry.bucket) && row.state.goes_on();
        Some(row)
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
        self.counts
    }

    /// Whether one transfer may be paused.
    pub fn can_pause(&self, id: TransferId) -> bool {
        let entry = self.entries.get(&id);
        entry.is_some_and(|entry| entry.work.can_pause())
    }

    /// Whether one transfer is at rest and may be tried again.
    pub fn is_retriable(&self, id: TransferId) -> bool {
        let entry = self.entries.get(&id);
        entry.is_some_and(|entry| entry.standing.retriable)
    }

    /// Whether any transfer waits for its file.
    pub fn awaits_files(&self) -> bool {
        !self.awaiting.is_empty()
    }

    /// How far everything is.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// The headers, in lower case, that the uploads into a bucket send beside the usual ones.
    pub fn sent_headers(&self, bucket: &BucketName) -> BTreeSet<String> {
        let entries = self.entries.values();
        let there = entries.filter(|entry| entry.bucket == *bucket && entry.is_to_be_sent());
        there
            .flat_map(|entry| entry.options.headers().into_keys())
            .collect()
    }

    /// The buckets in which nothing new is begun because they are full.
    pub fn full_buckets(&self) -> impl Iterator<Item = &BucketName> {
        self.full.iter()
    }

    /// Whether leaving the page would interrupt something: transfers that are not over, and clean-up
    /// behind what was cancelled. What failed or waits for its file can be taken up again later.
    pub fn would_interrupt(&self) -> bool {
        self.entries.values().any(|entry| {
            let state = entry.work.state();
            let over = matches!(
                state,
                State::Failed | State::Done | State::Changed | State::Cancelled | State::FileNeeded
            );
            !over || entry.work.is_busy()
        })
    }

    /// Whether the file itself is still needed.
    pub fn needs_file(&self, id: TransferId) -> bool {
        self.entries.get(&id).is_some_and(|entry| {
            !matches!(
                entry.work.state(),
                State::Done | State::Changed | State::Cancelled | State::FileNeeded
            )
        })
    }
}
