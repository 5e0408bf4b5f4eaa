//! What the parts of the page share: the rows, how many of them are there yet, the selection.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    time::Duration,
};

use leptos::{prelude::*, task::spawn_local};
use model::{
    BucketName, Problem, Timestamp,
    session::{Folders, NameOrder, Session},
};

use super::{
    filter::Filter,
    listing::{Entry, Listing, PAGE, base, list, list_deleted},
    look::{Chosen, Extra, Look, Open},
    moving::Moving,
    pending::Pending,
    rows::{Arrangement, Rows},
    say,
    selection::Selection,
};
use crate::{
    api, browser, drawn,
    ui::{Messages, ModalHandle},
    urls::{self, Query},
    words::files,
};

/// Entries that are loaded without being asked for.
const AUTOMATIC: usize = 200_000;
#[cfg(feature = "hydrate")]
/// Rows before the end of the list at which more are loaded, once loading has stopped by itself.
const NEAR: usize = 2 * PAGE as usize;
/// Entries that are arranged in one step.
const STEP: usize = 250;
/// After how long the folder is listed once more where the store still names what is gone.
const LINGER: [Duration; 3] = [
    Duration::from_millis(2_500),
    Duration::from_millis(2_500),
    Duration::from_secs(5),
];
/// How long somebody types before the address is written and the result told.
const SILENCE: Duration = Duration::from_millis(500);

/// How far a list has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Pages are arriving.
    Loading,
    /// Somebody stopped them.
    Halted,
    /// The store did, for this reason.
    Broken(String),
    /// There is more, which waits to be asked for.
    Waiting,
    /// All is there.
    Complete,
}

/// What was counted in a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Its size; none while it is being counted.
    pub size: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// What was found, in a sentence.
    pub about: String,
}

/// A cell of the list: its row's entry, and its column.
pub type Cell = (u32, usize);

/// The state of one folder's page.
#[derive(Clone, Copy)]
pub struct FilesState {
    /// The bucket.
    pub bucket: StoredValue<BucketName>,
    /// The folder.
    pub prefix: StoredValue<String>,
    /// The session that the page was drawn with.
    pub session: StoredValue<Session>,
    /// What is loaded, and how it is arranged.
    pub rows: RwSignal<Rows>,
    /// What is selected.
    pub selection: RwSignal<Selection>,
    /// The cell with the list's tab stop.
    pub cursor: RwSignal<Option<Cell>>,
    /// How the folder is looked at.
    pub look: Memo<Look>,
    /// The text that names are compared with.
    pub text: RwSignal<String>,
    /// Whether folders come in one order with files.
    pub mixed: RwSignal<bool>,
    /// The columns beside the name.
    pub columns: Memo<Vec<Extra>>,
    /// The columns that this browser remembers.
    pub kept_columns: RwSignal<Option<Vec<Extra>>>,
    /// Whether the folder itself is stored.
    pub marker: RwSignal<bool>,
    /// How to go on.
    pub token: RwSignal<Option<String>>,
    /// Whether pages are arriving.
    pub loading: RwSignal<bool>,
    /// Whether somebody stopped them.
    pub halted: RwSignal<bool>,
    /// Why loading stopped early.
    pub stopped: RwSignal<Option<Problem>>,
    /// What was counted in folders, by their keys.
    pub counts: RwSignal<HashMap<String, Counted>>,
    /// Keys that are about to be deleted.
    pub going: Memo<BTreeSet<String>>,
    /// The dialog for a new folder.
    pub new_folder: ModalHandle,
    /// The dialog for deleting.
    pub delete: ModalHandle,
    /// Renaming, copying and moving.
    pub moving: Moving,
    /// Messages.
    pub messages: Messages,
    /// When the page was made: times are counted back from it.
    now: StoredValue<Timestamp>,
    /// What only this module reads.
    notes: StoredValue<Notes>,
}

/// What is remembered and never shown.
#[derive(Debug, Default)]
struct Notes {
    /// Something was stored while a listing was under way: list once more.
    stale: bool,
    /// Entries are being arranged.
    working: bool,
    /// Counts the listings; an older one that is still under way gives up.
    run: u32,
    /// Counts the listings that took another's place.
    again: u32,
    /// How many entries are loaded without being asked for.
    limit: usize,
    /// Names within the folder that the address selects and that are not loaded yet.
    wanted: HashSet<String>,
    /// The address as its entry in the history has it, which may be behind what is seen.
    written: Option<String>,
    /// Counts what is typed.
    typed: u32,
}

/// What of a listing is to be found again in the next one.
struct Carried {
    keys: HashSet<String>,
    everything: bool,
    cursor: Option<(String, usize)>,
    anchor: Option<String>,
}

impl FilesState {
    /// Begins with what the server rendered.
    pub fn new(
        listing: Listing,
        session: Session,
        query: Memo<Query>,
        pending: Pending,
        dialogs: (ModalHandle, ModalHandle),
    ) -> Self {
        let first = query.with_untracked(|query| Look::parse(query).0);
        let mixed = drawn::preferences().folders == Folders::Mixed;
        let text = RwSignal::new(first.text.clone());
        let look = Memo::new(move |_| Look {
            text: text.get(),
            ..query.with(|query| Look::parse(query).0)
        });
        let kept_columns = RwSignal::new(None);
        let columns = Memo::new(move |_| {
            let named = look.with(|look| look.columns.clone());
            named
                .or_else(|| kept_columns.get())
                .unwrap_or_else(|| Extra::USUAL.to_vec())
        });
        let now = listing.now.or_else(|| Timestamp::from_unix_seconds(0));
        let now = now.unwrap_or_else(|| Timestamp::new(time::OffsetDateTime::UNIX_EPOCH));
        let rows = Rows::of(
            base(&listing.prefix),
            arrangement(&first, mixed, now),
            listing.entries,
        );
        let chosen = query.with_untracked(Chosen::parse);
        let own = listing.bucket.clone();
        let state = Self {
            bucket: StoredValue::new(listing.bucket),
            prefix: StoredValue::new(listing.prefix),
            session: StoredValue::new(session),
            rows: RwSignal::new(rows),
            selection: RwSignal::new(Selection::default()),
            cursor: RwSignal::new(None),
            look,
            text,
            mixed: RwSignal::new(mixed),
            columns,
            kept_columns,
            marker: RwSignal::new(listing.marker),
            token: RwSignal::new(listing.token),
            loading: RwSignal::new(false),
            halted: RwSignal::new(false),
            stopped: RwSignal::new(None),
            counts: RwSignal::new(HashMap::new()),
            going: Memo::new(move |_| pending.keys(&own)),
            new_folder: dialogs.0,
            delete: dialogs.1,
            moving: Moving::new(),
            messages: Messages::here(),
            now: StoredValue::new(now),
            notes: StoredValue::new(Notes {
                limit: AUTOMATIC,
                ..Notes::default()
            }),
        };
        state.choose(chosen);
        state
    }

    /// Selects what an address names; what is not loaded yet is selected when it comes.
    pub fn choose(self, chosen: Chosen) {
        match chosen {
            Chosen::Nothing => return,
            Chosen::Everything => self.take_everything(),
            Chosen::Names(names) => self.notes.update_value(|notes| notes.wanted.extend(names)),
        }
        self.find_wanted(0);
    }

    /// Selects the wanted names among the entries that arrived at `from` or later.
    fn find_wanted(self, from: usize) {
        let mut found = Vec::new();
        self.notes.update_value(|notes| {
            if notes.wanted.is_empty() {
                return;
            }
            self.prefix.with_value(|prefix| {
                self.rows.with_untracked(|rows| {
                    for (id, entry) in rows.since(from) {
                        if notes.wanted.remove(entry.relative(prefix)) {
                            found.push(id);
                        }
                    }
                });
            });
        });
        if !found.is_empty() {
            self.selection.update(|selection| {
                for id in found {
                    selection.insert(id);
                }
            });
        }
    }

    /// The address of this folder as it is looked at.
    pub fn here(self) -> String {
        untrack(|| self.address(&self.look.get_untracked()))
    }

    /// The address of this folder looked at in another way, with the selection as far as it fits.
    pub fn address(self, look: &Look) -> String {
        let chosen = self.chosen_of_address();
        self.bucket.with_value(|bucket| {
            self.prefix
                .with_value(|prefix| look.address(bucket, prefix, &chosen))
        })
    }

    /// The address of this folder with something else opened beside it.
    pub fn beside(self, open: Open) -> String {
        let look = self.look.get();
        self.address(&Look { open, ..look })
    }

    /// The address of another folder of the bucket, looked at in the same order.
    pub fn folder(self, prefix: &str) -> String {
        let look = self.look.with(Look::elsewhere);
        self.bucket
            .with_value(|bucket| look.address(bucket, prefix, &Chosen::Nothing))
    }

    /// The address of this folder, whatever else is looked at in it: the name by which it is remembered.
    #[cfg(feature = "hydrate")]
    pub fn folder_of_view(self) -> String {
        let look = Look {
            flat: self.look.with(|look| look.flat),
            ..self.look.with(Look::elsewhere)
        };
        self.bucket.with_value(|bucket| {
            self.prefix
                .with_value(|prefix| look.address(bucket, prefix, &Chosen::Nothing))
        })
    }

    /// The selection as the address has it.
    fn chosen_of_address(self) -> Chosen {
        let selection = self.selection.read();
        if selection.is_everything() {
            return Chosen::Everything;
        }
        let few: Vec<u32> = selection.ids().take(51).collect();
        let rows = self.rows.read_untracked();
        let names = self.prefix.with_value(|prefix| {
            let entries = few.into_iter().filter_map(|id| rows.entry(id));
            entries
                .map(|entry| entry.relative(prefix).to_owned())
                .collect()
        });
        Chosen::fitting(names)
    }

    /// Keeps the address and the arrangement in step with what is looked at. Called once, in the browser.
    pub fn follow(self, query: Memo<Query>) {
        Effect::new(move |before: Option<()>| {
            let text = query.with(|query| query.get("q").unwrap_or_default().to_owned());
            if before.is_some() && self.text.with_untracked(|now| *now != text) {
                self.text.set(text);
            }
        });
        Effect::new(move |before: Option<()>| {
            let wanted = self
                .look
                .with(|look| arrangement(look, self.mixed.get(), self.now.get_value()));
            let mut changed = false;
            self.rows
                .update_untracked(|rows| changed = rows.arrange(wanted));
            if changed {
                self.work();
            }
            if before.is_some() && changed {
                self.tell_arrangement();
            }
        });
        Effect::new(move |before: Option<String>| {
            let here = self.address(&self.look.get());
            let other = match before {
                Some(before) => before != here,
                // Others must see the order of names that came from the preferences alone.
                None => {
                    self.look
                        .with_untracked(|look| look.names != NameOrder::Store)
                        && browser::address().is_some_and(|address| address != here)
                }
            };
            if other {
                self.write_address();
            }
            here
        });
    }

    /// Writes the address when nothing changed for a moment.
    fn write_address(self) {
        self.after_silence(move || {
            // Somebody may have gone on to another folder meanwhile.
            let mine = browser::address().is_some_and(|address| self.is_of(&address));
            if mine {
                browser::replace_address(&self.here());
                self.notes
                    .update_value(|notes| notes.written = browser::address());
            }
        });
    }

    /// Whether an address is one of this folder, looked at in whatever way.
    pub fn is_of(self, address: &str) -> bool {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let query = Query::parse(query);
        let own = self.look.with_untracked(|look| (look.flat, look.deleted));
        let named = Look::parse(&query).0;
        self.bucket
            .with_value(|bucket| urls::bucket(bucket.as_str()) == path)
            && self
                .prefix
                .with_value(|prefix| query.get("prefix").unwrap_or_default() == prefix)
            && (named.flat, named.deleted) == own
    }

    /// Says what a filter or an order led to, when nothing changed for a moment.
    fn tell_arrangement(self) {
        let number = self.notes.try_update_value(|notes| {
            notes.typed += 1;
            notes.typed
        });
        set_timeout(
            move || {
                let latest = self
                    .notes
                    .try_with_value(|notes| Some(notes.typed) == number);
                if latest != Some(true) || self.is_gone() {
                    return;
                }
                let said = self.look.with_untracked(|look| {
                    self.rows.with_untracked(|rows| {
                        if rows.arrangement().filter.is_open() {
                            say::sorted_by(look.order.column, look.order.descending)
                        } else {
                            say::matching(rows.len(), rows.held())
                        }
                    })
                });
                self.messages.announce(said);
            },
            SILENCE,
        );
    }

    /// Puts the address of what is seen on the clipboard, and says if the selection does not fit into it.
    pub fn copy_link(self) {
        let here = untrack(|| self.here());
        browser::copy(&browser::absolute(&here));
        let fits = untrack(|| self.chosen_of_address()) != Chosen::Nothing
            || self.selection.with_untracked(Selection::is_empty);
        self.messages.success(if fits {
            files::copied_link()
        } else {
            files::copied_link_without()
        });
    }

    /// Takes back the text and the facets.
    pub fn clear_filter(self) -> String {
        let look = self.look.with(|look| Look {
            text: String::new(),
            kinds: Vec::new(),
            size: None,
            since: None,
            ..look.clone()
        });
        self.address(&look)
    }

    /// How a folder is left: what is in sight, where the focus is, what is selected.
    #[cfg(feature = "hydrate")]
    pub fn left(self, first: Option<(String, f64)>) -> super::memory::Left {
        let rows = self.rows.read_untracked();
        let focused = super::grid::focused_row(self).is_some();
        let cursor = self
            .cursor
            .get_untracked()
            .and_then(|(id, column)| Some((rows.entry(id)?.key.clone(), column, focused)));
        let chosen = self.selection.with_untracked(|selection| {
            if selection.is_everything() {
                return Chosen::Everything;
            }
            let mut names: Vec<String> = self.prefix.with_value(|prefix| {
                let entries = selection.ids().filter_map(|id| rows.entry(id));
                entries
                    .map(|entry| entry.relative(prefix).to_owned())
                    .collect()
            });
            self.notes
                .with_value(|notes| names.extend(notes.wanted.iter().cloned()));
            Chosen::Names(names)
        });
        super::memory::Left {
            first,
            cursor,
            chosen,
            address: self.notes.with_value(|notes| notes.written.clone()),
        }
    }

    /// Takes note of the address that was navigated to.
    #[cfg(feature = "hydrate")]
    pub fn note_address(self, here: String) {
        self.notes.update_value(|notes| notes.written = Some(here));
    }

    /// Selects what was selected when this entry of the history was left, also where its address was not written
    /// any more; another entry of the same folder says itself what is selected.
    #[cfg(feature = "hydrate")]
    pub fn choose_as_left(self, left: &super::memory::Left, here: &str) {
        if left.address.as_deref() == Some(here) {
            self.notes.update_value(|notes| notes.wanted.clear());
            self.selection.update(Selection::clear);
            self.choose(left.chosen.clone());
        }
    }

    /// Finds a row by its key as soon as it is there, unless something else was done meanwhile.
    #[cfg(feature = "hydrate")]
    pub fn when_there(self, key: String, act: impl Fn(u32) + 'static) {
        let seen = StoredValue::new(0);
        let done = StoredValue::new(false);
        Effect::new(move |_| {
            let found = self.rows.with(|rows| {
                let from = seen.get_value();
                seen.set_value(rows.held());
                rows.find_from(&key, from.min(rows.held()))
            });
            if let Some(id) = found
                && !done.get_value()
            {
                done.set_value(true);
                act(id);
            }
        });
    }

    fn after_silence(self, act: impl Fn() + 'static) {
        set_timeout(
            move || {
                if !self.is_gone() {
                    act();
                }
            },
            Duration::from_millis(250),
        );
    }

    /// The selected entries among the loaded ones, folders and files apart, in the order that is shown;
    /// those that the filter hides come last. What is deleted already is not among them.
    pub fn chosen(self) -> (Vec<Entry>, Vec<Entry>) {
        let (selection, rows) = (self.selection.read(), self.rows.read());
        let mut ids: Vec<u32> = selection.ids().collect();
        ids.sort_by_cached_key(|id| rows.place_of(*id).unwrap_or(usize::MAX));
        ids.into_iter()
            .filter_map(|id| rows.entry(id).cloned())
            .filter(|entry| !entry.is_deleted())
            .partition(Entry::is_folder)
    }

    /// Whether something is selected that is deleted already.
    pub fn has_chosen_deleted(self) -> bool {
        if !self.look.with(|look| look.deleted) {
            return false;
        }
        let (selection, rows) = (self.selection.read(), self.rows.read());
        let mut chosen = selection.ids().filter_map(|id| rows.entry(id));
        chosen.any(Entry::is_deleted)
    }

    /// The selected entry, if it is one.
    pub fn only_chosen(self) -> Option<Entry> {
        let selection = self.selection.read();
        let mut ids = selection.ids();
        let (one, none) = (ids.next()?, ids.next());
        if none.is_some() {
            return None;
        }
        let rows = self.rows.read();
        rows.entry(one).filter(|entry| !entry.is_deleted()).cloned()
    }

    /// How far the list has come.
    pub fn standing(self) -> Standing {
        if self.token.with(Option::is_none) {
            Standing::Complete
        } else if self.loading.get() {
            Standing::Loading
        } else if let Some(problem) = self.stopped.get() {
            Standing::Broken(problem.sentence())
        } else if self.halted.get() {
            Standing::Halted
        } else {
            Standing::Waiting
        }
    }

    /// Loads on without being asked, until so much is held that somebody must want more.
    pub fn load_automatically(self) {
        if !self.halted.get_untracked() {
            self.load();
        }
    }

    /// Goes on to the end, whatever is held.
    pub fn load_all(self) {
        self.notes.update_value(|notes| notes.limit = usize::MAX);
        self.load();
    }

    /// Goes on after a stop.
    pub fn go_on(self) {
        let held = self.rows.with_untracked(Rows::held);
        if held >= self.notes.with_value(|notes| notes.limit) {
            self.load_all();
        } else {
            self.load();
        }
    }

    /// Stops the pages that are arriving.
    pub fn halt(self) {
        self.halted.set(true);
        self.loading.set(false);
        self.notes.update_value(|notes| notes.run += 1);
    }

    /// Loads one more page when the end of what is held comes into sight.
    #[cfg(feature = "hydrate")]
    pub fn near_end(self, row: usize) {
        let waits = !self.loading.get_untracked()
            && !self.halted.get_untracked()
            && self.stopped.with_untracked(Option::is_none)
            && self.token.with_untracked(Option::is_some);
        let (held, shown) = self.rows.with_untracked(|rows| (rows.held(), rows.len()));
        if waits && held >= AUTOMATIC && row + NEAR >= shown {
            self.notes
                .update_value(|notes| notes.limit = notes.limit.max(held + 1));
            self.load();
        }
    }

    fn begin_run(self) -> u32 {
        self.loading.set(true);
        self.halted.set(false);
        self.stopped.set(None);
        let run = self.notes.try_update_value(|notes| {
            notes.run += 1;
            notes.run
        });
        run.unwrap_or_default()
    }

    /// Whether a listing was given up: the page was left, or another one began.
    fn is_over(self, run: u32) -> bool {
        self.is_gone() || self.notes.with_value(|notes| notes.run != run)
    }

    fn load(self) {
        if self.loading.get_untracked() || self.token.with_untracked(Option::is_none) {
            return;
        }
        let run = self.begin_run();
        spawn_local(async move {
            while let Some(token) = self.token.try_get_untracked().flatten() {
                if self.rows.with_untracked(Rows::held) >= self.notes.with_value(|n| n.limit) {
                    break;
                }
                let answer = self.page(Some(token)).await;
                if self.is_over(run) {
                    return;
                }
                match answer {
                    Ok(page) => {
                        self.token.set(page.token);
                        self.add(page.entries);
                    }
                    Err(problem) => {
                        self.stopped.set(Some(problem));
                        break;
                    }
                }
            }
            self.end_run();
        });
    }

    fn end_run(self) {
        self.loading.set(false);
        let held = self.rows.with_untracked(Rows::held);
        self.messages.announce(files::entries_loaded(held as u64));
        let missing = self.notes.try_update_value(|notes| {
            if self.token.with_untracked(Option::is_some) {
                return 0;
            }
            std::mem::take(&mut notes.wanted).len()
        });
        if let Some(missing @ 1..) = missing {
            self.messages.announce(files::not_there(missing as u64));
        }
        self.list_again_if_stale();
    }

    async fn page(self, token: Option<String>) -> Result<Listing, Problem> {
        let (bucket, prefix) = (self.bucket.get_value(), self.prefix.get_value());
        let (flat, deleted) = self.look.with_untracked(|look| (look.flat, look.deleted));
        if deleted {
            list_deleted(bucket, prefix, flat, token, PAGE).await
        } else {
            list(bucket, prefix, flat, token, PAGE).await
        }
    }

    /// Takes a page in; its entries are shown when they have their places.
    fn add(self, entries: Vec<Entry>) {
        let from = self.rows.with_untracked(Rows::held);
        self.rows.update_untracked(|rows| rows.add(entries));
        self.find_wanted(from);
        self.work();
    }

    /// Gives entries their places, in steps between which the page goes on.
    fn work(self) {
        let works = self
            .notes
            .try_update_value(|notes| std::mem::replace(&mut notes.working, true));
        if works != Some(false) {
            return;
        }
        spawn_local(async move {
            let step = move || {
                let mut more = false;
                let there = self
                    .rows
                    .try_update_untracked(|rows| more = rows.work(STEP));
                there.is_none() || !more
            };
            in_steps(step).await;
            if self.is_gone() {
                return;
            }
            self.notes.update_value(|notes| notes.working = false);
            self.rows.notify();
            if self.selection.with_untracked(Selection::is_everything) {
                let rows = self.rows.read_untracked();
                self.selection.update(|selection| selection.follow(&rows));
            }
        });
    }

    /// How often a listing has taken another's place: entries have other numbers since.
    pub fn listed_again(self) -> u32 {
        self.notes
            .try_with_value(|notes| notes.again)
            .unwrap_or_default()
    }

    /// Lists again when nothing else is being listed.
    pub fn refresh_when_idle(self) {
        if self.loading.get_untracked() {
            self.notes.update_value(|notes| notes.stale = true);
        } else {
            self.refresh(|| {});
        }
    }

    /// Lists again from the start, at least as far as before; calls `done` when that worked.
    pub fn refresh(self, done: impl FnOnce() + 'static) {
        let run = self.begin_run();
        let wanted = self.rows.with_untracked(Rows::held);
        spawn_local(async move {
            let answer = self.list_again(run, wanted).await;
            if self.is_over(run) {
                return;
            }
            self.loading.set(false);
            match answer {
                Ok(()) => done(),
                Err(problem) => self.failed(&problem),
            }
            self.list_again_if_stale();
            self.load_automatically();
        });
    }

    /// Lists from the start and shows the outcome in place of what was there.
    async fn list_again(self, run: u32, wanted: usize) -> Result<(), Problem> {
        let arrangement = self.rows.with_untracked(|rows| rows.arrangement().clone());
        let base = self.rows.with_untracked(Rows::base);
        let carried = self.carried();
        let mut selection = Selection::default();
        let (mut cursor, mut anchor) = (None, None);
        let mut rows = Rows::new(base, arrangement);
        let (mut token, mut marker) = (None, false);
        loop {
            let page = self.page(token.take()).await?;
            if self.is_over(run) {
                return Ok(());
            }
            marker |= page.marker;
            token = page.token;
            let from = rows.held();
            rows.add(page.entries);
            for (id, entry) in rows.since(from) {
                if carried.keys.contains(&entry.key) {
                    selection.insert(id);
                }
                if let Some((key, column)) = &carried.cursor
                    && *key == entry.key
                {
                    cursor = Some((id, *column));
                }
                if carried.anchor.as_ref() == Some(&entry.key) {
                    anchor = Some(id);
                }
            }
            let mut more = true;
            in_steps(|| {
                more = rows.work(STEP);
                !more
            })
            .await;
            if self.is_over(run) {
                return Ok(());
            }
            if token.is_none() || rows.held() >= wanted {
                break;
            }
        }
        if carried.everything {
            selection.take_everything(&rows);
        }
        selection.set_anchor(anchor);
        self.marker.set(marker);
        self.token.set(token);
        self.notes.update_value(|notes| notes.again += 1);
        self.selection.set(selection);
        self.cursor.set(cursor);
        // Somebody may have asked for another order meanwhile.
        let wanted = self.rows.with_untracked(|rows| rows.arrangement().clone());
        if rows.arrange(wanted) {
            while rows.work(usize::MAX) {}
        }
        self.rows.set(rows);
        Ok(())
    }

    /// What is to be found again after listing anew.
    fn carried(self) -> Carried {
        let (rows, selection) = (self.rows.read_untracked(), self.selection.read_untracked());
        let key = |id: u32| rows.entry(id).map(|entry| entry.key.clone());
        Carried {
            keys: selection.ids().filter_map(key).collect(),
            everything: selection.is_everything(),
            cursor: self
                .cursor
                .get_untracked()
                .and_then(|(id, column)| Some((key(id)?, column))),
            anchor: selection.anchor().and_then(key),
        }
    }

    fn list_again_if_stale(self) {
        let stale = self
            .notes
            .try_update_value(|notes| std::mem::take(&mut notes.stale));
        if stale == Some(true) {
            set_timeout(
                move || {
                    if !self.is_gone() {
                        self.refresh_when_idle();
                    }
                },
                Duration::from_secs(1),
            );
        }
    }

    /// Lists again after a deletion, and later once more as long as the store still names what is gone.
    pub fn refresh_without(self, gone: BTreeSet<String>, done: impl FnOnce() + 'static) {
        self.refresh(move || {
            done();
            self.wait_for(gone, &LINGER);
        });
    }

    fn wait_for(self, gone: BTreeSet<String>, waits: &'static [Duration]) {
        let lingers = self.rows.with_untracked(|rows| {
            rows.since(0)
                .any(|(_, e)| gone.contains(&e.key) && !e.is_deleted())
        });
        if let (true, Some((wait, rest))) = (lingers, waits.split_first()) {
            set_timeout(
                move || {
                    if !self.is_gone() {
                        self.refresh(move || self.wait_for(gone, rest));
                    }
                },
                *wait,
            );
        }
    }

    /// Whether the page was left while something was under way.
    pub fn is_gone(self) -> bool {
        self.rows.is_disposed()
    }

    /// Says what went wrong; an ended session leads to sign-in and back.
    pub fn failed(self, problem: &Problem) {
        if api::needs_sign_in(problem) {
            browser::go(&urls::sign_in(&self.here()));
        } else {
            self.messages.error(problem.sentence());
        }
    }

    /// Remembers where the list's tab stop is.
    pub fn set_cursor(self, id: u32, column: usize) {
        if self.cursor.get_untracked() != Some((id, column)) {
            self.cursor.set(Some((id, column)));
        }
    }

    /// Changes the selection, and says what it is then.
    pub fn select(self, change: impl FnOnce(&mut Selection, &Rows)) {
        let rows = self.rows.read_untracked();
        self.selection.update(|selection| change(selection, &rows));
        let count = self.selection.with_untracked(Selection::count);
        self.messages.announce(files::selected_count(count as u64));
    }

    /// Selects what is loaded and what is not.
    pub fn take_everything(self) {
        let rows = self.rows.read_untracked();
        self.selection
            .update(|selection| selection.take_everything(&rows));
    }
}

/// How a look arranges the list.
fn arrangement(look: &Look, mixed: bool, now: Timestamp) -> Arrangement {
    Arrangement {
        filter: Filter::new(&look.text, look.kinds.clone(), look.size, look.since, now),
        order: look.order,
        mixed,
    }
}

/// Takes steps until one says that all is done, and lets the page go on between them.
#[cfg(feature = "hydrate")]
async fn in_steps(step: impl FnMut() -> bool) {
    crate::upload::turn::in_steps(step).await;
}

#[cfg(not(feature = "hydrate"))]
#[expect(clippy::unused_async, reason = "waits in the browser")]
async fn in_steps(mut step: impl FnMut() -> bool) {
    while !step() {}
}
