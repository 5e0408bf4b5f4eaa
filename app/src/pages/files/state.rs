//! What the parts of the page share: the rows, how many of them are there yet, the selection.

use std::{collections::BTreeSet, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use model::{BucketName, Problem, session::Session};

use super::listing::{Entry, Listing, Order, PAGE, list};
use crate::{
    api, browser,
    ui::{Messages, ModalHandle},
    urls,
};

/// Entries that are loaded without being asked for.
const AUTOMATIC: usize = 1_000;
/// Entries that one press of "Load all" goes on for: rows are real elements.
const STEP: usize = 10_000;
/// How long a store may take to forget a deleted name in its listings.
const LINGER: Duration = Duration::from_millis(2_500);

/// The state of one folder's page.
#[derive(Clone, Copy)]
pub struct FilesState {
    /// The bucket.
    pub bucket: StoredValue<BucketName>,
    /// The folder.
    pub prefix: StoredValue<String>,
    /// The session that the page was drawn with.
    pub session: StoredValue<Session>,
    /// What is loaded, in the store's order.
    pub entries: RwSignal<Vec<Entry>>,
    /// What is loaded, in the order of the address.
    pub shown: Memo<Vec<Entry>>,
    /// Whether the folder itself is stored.
    pub marker: RwSignal<bool>,
    /// How to go on.
    pub token: RwSignal<Option<String>>,
    /// Whether pages are arriving.
    pub loading: RwSignal<bool>,
    /// Why loading stopped early.
    pub stopped: RwSignal<Option<Problem>>,
    /// Keys of the selected rows.
    pub selected: RwSignal<BTreeSet<String>>,
    /// The dialog for a new folder.
    pub new_folder: ModalHandle,
    /// The dialog for deleting.
    pub delete: ModalHandle,
    /// Messages.
    pub messages: Messages,
    /// What only this module reads.
    notes: StoredValue<Notes>,
}

/// What is remembered and never shown.
#[derive(Debug, Default)]
struct Notes {
    /// Where a range begins.
    anchor: Option<String>,
    /// Something was stored while a listing was under way: list once more.
    stale: bool,
}

impl FilesState {
    /// Begins with what the server rendered.
    pub fn new(
        listing: Listing,
        session: Session,
        order: Signal<Order>,
        selected: BTreeSet<String>,
        dialogs: (ModalHandle, ModalHandle),
    ) -> Self {
        let entries = RwSignal::new(listing.entries);
        let shown = Memo::new(move |_| {
            let mut rows = entries.get();
            order.get().sort(&mut rows);
            rows
        });
        Self {
            bucket: StoredValue::new(listing.bucket),
            prefix: StoredValue::new(listing.prefix),
            session: StoredValue::new(session),
            entries,
            shown,
            marker: RwSignal::new(listing.marker),
            token: RwSignal::new(listing.token),
            loading: RwSignal::new(false),
            stopped: RwSignal::new(None),
            selected: RwSignal::new(selected),
            new_folder: dialogs.0,
            delete: dialogs.1,
            messages: Messages::here(),
            notes: StoredValue::new(Notes::default()),
        }
    }

    /// The address of this folder.
    pub fn here(self) -> String {
        self.bucket.with_value(|bucket| {
            self.prefix
                .with_value(|prefix| urls::folder(bucket, prefix))
        })
    }

    /// The selected entries among the loaded ones, folders and files apart.
    pub fn chosen(self) -> (Vec<Entry>, Vec<Entry>) {
        let selected = self.selected.get();
        self.shown
            .get()
            .into_iter()
            .filter(|entry| selected.contains(&entry.key))
            .partition(Entry::is_folder)
    }

    /// Loads on without being asked, as far as that is cheap.
    pub fn load_automatically(self) {
        if self.entries.with_untracked(Vec::len) < AUTOMATIC {
            self.load_until(AUTOMATIC);
        }
    }

    /// Goes on from where the list stops.
    pub fn load_all(self) {
        self.load_until(self.entries.with_untracked(Vec::len) + STEP);
    }

    fn load_until(self, wanted: usize) {
        if self.loading.get_untracked() || self.token.with_untracked(Option::is_none) {
            return;
        }
        self.loading.set(true);
        self.stopped.set(None);
        spawn_local(async move {
            while let Some(token) = self.token.try_get_untracked().flatten() {
                let (bucket, prefix) = (self.bucket.get_value(), self.prefix.get_value());
                let answer = list(bucket, prefix, Some(token), PAGE).await;
                if self.is_gone() {
                    return;
                }
                match answer {
                    Ok(page) => {
                        self.token.set(page.token);
                        self.entries.update(|entries| entries.extend(page.entries));
                    }
                    Err(problem) => {
                        self.stopped.set(Some(problem));
                        break;
                    }
                }
                if self.entries.with_untracked(Vec::len) >= wanted {
                    break;
                }
            }
            if self.is_gone() {
                return;
            }
            self.loading.set(false);
            let loaded = self.entries.with_untracked(Vec::len);
            self.messages
                .announce(format!("{} loaded", crate::text::counted(loaded, "row")));
            self.list_again_if_stale();
        });
    }

    /// Lists again from the start, at least as far as before; calls `done` when that worked.
    pub fn refresh(self, done: impl FnOnce() + 'static) {
        if self.loading.get_untracked() {
            self.notes.update_value(|notes| notes.stale = true);
            return;
        }
        self.loading.set(true);
        self.stopped.set(None);
        let wanted = self.entries.with_untracked(Vec::len);
        spawn_local(async move {
            let answer = self.list_from_start(wanted).await;
            if self.is_gone() {
                return;
            }
            self.loading.set(false);
            match answer {
                Ok(listing) => {
                    self.take(listing);
                    done();
                }
                Err(problem) => self.failed(&problem),
            }
            self.list_again_if_stale();
        });
    }

    async fn list_from_start(self, wanted: usize) -> Result<Listing, Problem> {
        let (bucket, prefix) = (self.bucket.get_value(), self.prefix.get_value());
        let mut all = list(bucket.clone(), prefix.clone(), None, PAGE).await?;
        while all.entries.len() < wanted
            && let Some(token) = all.token.take()
        {
            let page = list(bucket.clone(), prefix.clone(), Some(token), PAGE).await?;
            all.entries.extend(page.entries);
            all.token = page.token;
        }
        Ok(all)
    }

    fn take(self, listing: Listing) {
        let keys: BTreeSet<String> = listing.entries.iter().map(|e| e.key.clone()).collect();
        self.selected
            .update(|selected| selected.retain(|key| keys.contains(key)));
        self.marker.set(listing.marker);
        self.token.set(listing.token);
        self.entries.set(listing.entries);
    }

    fn list_again_if_stale(self) {
        let stale = self
            .notes
            .try_update_value(|notes| std::mem::take(&mut notes.stale));
        if stale == Some(true) {
            set_timeout(
                move || {
                    if !self.is_gone() {
                        self.refresh(|| {});
                    }
                },
                Duration::from_secs(1),
            );
        }
    }

    /// Lists again after a deletion, and once more where the store still names what is gone.
    pub fn refresh_without(self, gone: BTreeSet<String>, done: impl FnOnce() + 'static) {
        self.refresh(move || {
            done();
            let lingers = self
                .entries
                .with_untracked(|entries| entries.iter().any(|e| gone.contains(&e.key)));
            if lingers {
                set_timeout(
                    move || {
                        if !self.is_gone() {
                            self.refresh(|| {});
                        }
                    },
                    LINGER,
                );
            }
        });
    }

    /// Whether the page was left while something was under way.
    pub fn is_gone(self) -> bool {
        self.entries.is_disposed()
    }

    /// Says what went wrong; an ended session leads to sign-in and back.
    pub fn failed(self, problem: &Problem) {
        if api::needs_sign_in(problem) {
            browser::go(&urls::sign_in(&self.here()));
        } else {
            self.messages.error(problem.sentence());
        }
    }

    /// Selects one row alone.
    pub fn select_only(self, key: &str) {
        self.notes
            .update_value(|notes| notes.anchor = Some(key.to_owned()));
        self.selected.set(BTreeSet::from([key.to_owned()]));
    }

    /// Takes a row in, or out.
    pub fn toggle(self, key: &str) {
        self.notes
            .update_value(|notes| notes.anchor = Some(key.to_owned()));
        self.selected.update(|selected| {
            if !selected.remove(key) {
                selected.insert(key.to_owned());
            }
        });
    }

    /// Selects from the anchor to `key` in the order that is shown; keeps the rest if `adding`.
    pub fn select_range(self, key: &str, adding: bool) {
        let range = self.shown.with_untracked(|rows| {
            let position = |key: &str| rows.iter().position(|row| row.key == key);
            let to = position(key)?;
            let from = self
                .notes
                .with_value(|notes| notes.anchor.as_deref().and_then(position))
                .unwrap_or(to);
            let range = rows.get(from.min(to)..=from.max(to))?;
            Some(range.iter().map(|row| row.key.clone()).collect::<Vec<_>>())
        });
        let Some(range) = range else { return };
        self.selected.update(|selected| {
            if !adding {
                selected.clear();
            }
            selected.extend(range);
        });
    }

    /// Selects every row that is loaded, or none.
    pub fn select_all(self, all: bool) {
        let keys = if all {
            let rows = self.shown.get_untracked();
            rows.into_iter().map(|row| row.key).collect()
        } else {
            BTreeSet::new()
        };
        self.selected.set(keys);
    }
}
