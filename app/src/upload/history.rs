//! What was stored from this browser: written as soon as the store has confirmed it, and completed with the
//! SHA-256 when a worker has read the file.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use leptos::{prelude::*, task::spawn_local};
use model::upload::TransferId;
use web_sys::File;

use super::{
    board::now,
    checksum::{Computing, Fault},
    engine::Engine,
    plan::Verdict,
    view::{BatchOf, Entry, History, Stored, StoredBatch, Summing, Wanted},
    walk::{FileSource, FoundFile},
};
use crate::words::uploads;

/// Batches that can be chosen among.
const BATCHES: usize = 50;
/// What the browser does not keep has numbers from here on, as long as the page is open; what it keeps never gets
/// there.
const UNKEPT: u64 = 1 << 52;
/// The page is told of changes at most this often.
const TELL_EVERY: Duration = Duration::from_millis(500);

/// An object whose file is read, or could be.
#[derive(Clone)]
struct Unread {
    /// Of which transfer, if it is compared with a list.
    transfer: Option<TransferId>,
    stored: Stored,
    source: Option<FileSource>,
}

/// The history, and the checksums that it still waits for.
#[derive(Default)]
pub(super) struct Sums {
    /// The oldest first, once it was asked for.
    entries: Option<Vec<Entry>>,
    /// Which of them are looked at: what was asked for, their places, and how many entries were asked.
    wanted: Wanted,
    fitting: Vec<usize>,
    asked: usize,
    /// What was uploaded together, by the names of batches.
    batches: BTreeMap<String, BatchOf>,
    /// Where in `entries` a number is.
    places: HashMap<u64, usize>,
    /// Entries without a checksum whose files are at hand.
    unread: HashMap<u64, Unread>,
    /// Transfers whose files are being read, and the entries.
    reading: HashSet<TransferId>,
    numbers: HashSet<u64>,
    computing: HashMap<u64, Computing>,
    last: u64,
    /// How much was stored that the browser does not keep.
    unkept: u64,
    /// The page is about to be told.
    due: bool,
}

impl Sums {
    /// Whether the file of a transfer that was stored is still being read.
    pub(super) fn reads(&self, id: TransferId) -> bool {
        self.reading.contains(&id)
    }

    fn set(&mut self, entry: Entry) {
        let Some(entries) = &mut self.entries else {
            return;
        };
        let known = self.places.get(&entry.id);
        if let Some(known) = known.and_then(|place| entries.get_mut(*place)) {
            *known = entry;
            return;
        }
        if let Some(batch) = &entry.stored.batch {
            note(&mut self.batches, batch, entry.stored.time.as_ref());
        }
        self.places.insert(entry.id, entries.len());
        entries.push(entry);
    }

    /// Finds those that are looked at; each entry is asked once as long as the same is wanted.
    fn find(&mut self, wanted: Wanted) {
        if self.wanted != wanted {
            self.wanted = wanted;
            self.fitting.clear();
            self.asked = 0;
        }
        let entries = self.entries.iter().flatten().enumerate();
        for (place, entry) in entries.skip(self.asked) {
            if self.wanted.fits(&entry.stored) {
                self.fitting.push(place);
            }
            self.asked = place + 1;
        }
    }

    /// Those that are looked at, the newest first.
    fn found(&self) -> impl Iterator<Item = &Entry> {
        let entries = self.entries.as_deref().unwrap_or_default();
        let places = self.fitting.iter().rev();
        places.filter_map(|place| entries.get(*place))
    }
}

/// Counts an object of a batch.
fn note(batches: &mut BTreeMap<String, BatchOf>, of: &StoredBatch, time: Option<&String>) {
    let known = batches.entry(of.id.clone()).or_insert_with(|| BatchOf {
        batch: of.clone(),
        count: 0,
        time: time.cloned(),
    });
    known.count += 1;
}

impl Engine {
    /// Notes what was stored, and has its file read for the checksum.
    pub(super) fn write_receipt(&self, id: TransferId) {
        let Some((stored, file, source)) = self.with(|inner| inner.stored_as(id)).flatten() else {
            return;
        };
        self.sums.borrow_mut().reading.insert(id);
        let engine = self.clone();
        spawn_local(async move {
            let note = engine.keep.note_stored(now(), &stored, source.clone());
            let number = note.await.unwrap_or_else(|| {
                let mut sums = engine.sums.borrow_mut();
                // Nothing else will tell of it when the page asks.
                sums.entries.get_or_insert_default();
                sums.unkept += 1;
                UNKEPT + sums.unkept
            });
            let unread = Unread {
                transfer: Some(id),
                stored,
                source,
            };
            let file = match (file, &unread.source) {
                (Some(file), _) => Some(file),
                (None, Some(source)) => source.file().await.ok(),
                (None, None) => None,
            };
            match file.filter(|file| is_of(file, &unread.stored)) {
                Some(file) => engine.read(number, unread, &file),
                None => engine.not_read(number, unread),
            }
        });
    }

    /// Reads a file that was stored.
    fn read(&self, number: u64, unread: Unread, file: &File) {
        self.show(number, &unread.stored, Summing::Reading);
        let place = {
            let mut sums = self.sums.borrow_mut();
            sums.numbers.insert(number);
            sums.last += 1;
            sums.last
        };
        let engine = self.clone();
        let computing = self.checksums.whole(file, move |heard| {
            if let Some(end) = heard.end() {
                let over = {
                    let mut sums = engine.sums.borrow_mut();
                    sums.numbers.remove(&number);
                    sums.computing.remove(&place)
                };
                drop(over);
                engine.was_read(number, unread.clone(), end);
            }
        });
        self.sums.borrow_mut().computing.insert(place, computing);
    }

    fn was_read(&self, number: u64, unread: Unread, end: Result<String, Fault>) {
        let Ok(sha256) = end else {
            return self.not_read(number, unread);
        };
        self.compare(&unread, Some(&sha256));
        let stored = Stored {
            sha256: Some(sha256),
            modified: None,
            ..unread.stored
        };
        self.show(number, &stored, Summing::Known);
        let keep = self.keep.clone();
        self.sums.borrow_mut().unread.remove(&number);
        spawn_local(async move { keep.complete(number, &stored).await });
    }

    /// The file could not be read. It can be asked for again as long as it is at hand.
    fn not_read(&self, number: u64, unread: Unread) {
        self.compare(&unread, None);
        let sum = match unread.source {
            Some(_) => Summing::Askable,
            None => Summing::Lost,
        };
        self.show(number, &unread.stored, sum);
        self.sums.borrow_mut().unread.insert(number, unread);
    }

    /// Holds the checksum of a file against the list that came along.
    fn compare(&self, unread: &Unread, sha256: Option<&str>) {
        let Some(id) = unread.transfer else { return };
        self.sums.borrow_mut().reading.remove(&id);
        let verdicts = self.with(|inner| inner.comparison.read(id, &unread.stored.key, sha256));
        for verdict in verdicts.unwrap_or_default() {
            match verdict {
                Verdict::Agreed(text) => self.state.messages.success(text),
                Verdict::Differs(text) => self.state.messages.error(text),
            }
        }
    }

    /// Shows what was stored from this browser, from now on.
    pub(super) fn load_history(&self) {
        let engine = self.clone();
        spawn_local(async move {
            let Ok(session) = engine.session.await else {
                return;
            };
            engine.belongs_to(&session);
            let noted = engine.keep.history(now()).await;
            let kept = engine.keep.kept_files().await;
            {
                let mut sums = engine.sums.borrow_mut();
                let before = sums.entries.replace(Vec::with_capacity(noted.len()));
                sums.places.clear();
                sums.batches.clear();
                sums.fitting.clear();
                sums.asked = 0;
                let known: HashMap<u64, Summing> = before
                    .iter()
                    .flatten()
                    .map(|entry| (entry.id, entry.sum))
                    .collect();
                let unkept = before.into_iter().flatten();
                let unkept: Vec<_> = unkept.filter(|entry| entry.id >= UNKEPT).collect();
                for (number, stored) in noted.into_iter().rev() {
                    let sum = if stored.sha256.is_some() {
                        Summing::Known
                    } else if let Some(known) = known.get(&number) {
                        *known
                    } else if sums.numbers.contains(&number) {
                        Summing::Reading
                    } else if kept.contains(&number) || sums.unread.contains_key(&number) {
                        Summing::Askable
                    } else {
                        Summing::Lost
                    };
                    sums.set(Entry {
                        id: number,
                        stored,
                        sum,
                    });
                }
                for entry in unkept {
                    sums.set(entry);
                }
            }
            engine.tell_history();
        });
    }

    /// Takes an entry into what is shown of the history.
    fn show(&self, number: u64, stored: &Stored, sum: Summing) {
        let due = {
            let mut sums = self.sums.borrow_mut();
            sums.set(Entry {
                id: number,
                stored: stored.clone(),
                sum,
            });
            sums.entries.is_none() || std::mem::replace(&mut sums.due, true)
        };
        if !due {
            let engine = self.clone();
            set_timeout(move || engine.tell_history(), TELL_EVERY);
        }
    }

    /// Tells the page how the history is now: how long it is, and its newest entries.
    pub(super) fn tell_history(&self) {
        let most = self.state.history_most.try_get_untracked();
        let wanted = self.state.history_wanted.try_get_untracked();
        let history = {
            let mut sums = self.sums.borrow_mut();
            sums.due = false;
            let Some(all) = sums.entries.as_ref().map(Vec::len) else {
                return;
            };
            sums.find(wanted.unwrap_or_default());
            let newest = sums.found().take(most.unwrap_or_default());
            let batches = sums.batches.values().rev();
            History {
                count: sums.fitting.len(),
                all,
                newest: newest.cloned().collect(),
                batches: batches
                    .filter(|batch| batch.count > 1)
                    .take(BATCHES)
                    .cloned()
                    .collect(),
            }
        };
        self.state.history.try_set(history);
    }

    /// Everything that is noted and looked at, the newest first.
    pub(super) fn all_stored(&self) -> Vec<Stored> {
        let wanted = self.state.history_wanted.try_get_untracked();
        let mut sums = self.sums.borrow_mut();
        sums.find(wanted.unwrap_or_default());
        sums.found().map(|entry| entry.stored.clone()).collect()
    }

    /// What is noted of a transfer that is done: with its checksum, where that is known by now.
    pub(super) fn receipt_of(&self, id: TransferId) -> Option<Stored> {
        let (stored, ..) = self.with(|inner| inner.stored_as(id)).flatten()?;
        let sums = self.sums.borrow();
        let mut noted = sums.entries.iter().flatten().rev();
        let same = |entry: &&Entry| {
            let noted = &entry.stored;
            (&noted.bucket, &noted.key, &noted.time) == (&stored.bucket, &stored.key, &stored.time)
        };
        let noted = noted.find(same).map(|entry| entry.stored.clone());
        Some(noted.unwrap_or(stored))
    }

    /// Reads the file of an entry once more. To be called within a click, because the browser may ask the
    /// person.
    pub(super) fn sum_again(&self, number: u64) {
        let known = {
            let sums = self.sums.borrow();
            let place = sums.places.get(&number).copied();
            let entry = place.and_then(|place| sums.entries.as_ref()?.get(place).cloned());
            let source = sums.unread.get(&number);
            entry.map(|entry| (entry.stored, source.and_then(|known| known.source.clone())))
        };
        let Some((stored, source)) = known else {
            return;
        };
        let engine = self.clone();
        spawn_local(async move {
            let source = match source {
                Some(source) => Some(source),
                None => engine.keep.file_of(number).await,
            };
            let unread = Unread {
                transfer: None,
                stored,
                source,
            };
            let file = match &unread.source {
                Some(source) => source.permitted().await.ok(),
                None => None,
            };
            match file.filter(|file| is_of(file, &unread.stored)) {
                Some(file) => engine.read(number, unread, &file),
                None => engine.state.messages.error(uploads::file_not_there()),
            }
        });
    }
}

/// Whether a file is, by size and time, the one that was stored.
fn is_of(file: &File, stored: &Stored) -> bool {
    let facts = FoundFile::of(file.clone()).facts;
    facts.size == stored.size
        && stored
            .modified
            .is_none_or(|modified| modified == facts.modified)
}
