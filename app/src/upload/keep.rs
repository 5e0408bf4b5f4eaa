//! What outlives the page: notes of begun uploads, the handles of their files, the locks by which an
//! upload belongs to one tab, and the history.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    rc::Rc,
};

use futures::future::{FutureExt as _, LocalBoxFuture, Shared};
use leptos::{prelude::window, task::spawn_local};
use model::{
    UploadId,
    session::{Session, TransferHistory},
    upload::Record,
};

use super::{
    journal::{Journal, history_handle},
    locks::{Held, Tabs, try_hold},
    view::{News, Stored},
    walk::FileSource,
};
use crate::drawn;

/// The history goes back this far.
const HISTORY_MS: u64 = 30 * 24 * 60 * 60 * 1_000;

/// A file of this size and more is not read in a moment.
const LONG_TO_READ: u64 = 32 * 1024 * 1024;

/// A noted upload that nobody works on.
pub(super) struct Left {
    pub record: Record,
    pub source: Option<FileSource>,
}

type Opening = Shared<LocalBoxFuture<'static, Option<Rc<Journal>>>>;

/// Everything that outlives the page. Clones are the same.
#[derive(Clone)]
pub(super) struct Keep {
    journal: Opening,
    owner: Rc<RefCell<Option<String>>>,
    locks: Rc<RefCell<HashMap<UploadId, Option<Held>>>>,
    handled: Rc<RefCell<HashSet<UploadId>>>,
    tabs: Rc<RefCell<Tabs>>,
}

/// Whose uploads these are: a person at a place.
fn owner_of(session: &Session) -> String {
    let backend = serde_json::to_string(&session.backend).unwrap_or_default();
    let tenant = session.tenant.as_deref().unwrap_or_default();
    format!(
        "{}|{tenant}|{}",
        backend.trim_matches('"'),
        session.username
    )
}

/// Whether this browser keeps no history.
fn is_forgotten() -> bool {
    drawn::preferences().transfer_history == TransferHistory::Forgotten
}

fn lock_name(upload: &UploadId) -> String {
    format!("hako-upload-{upload}")
}

impl Keep {
    pub(super) fn new() -> Self {
        let opening = async { Journal::open().await.ok().map(Rc::new) };
        Self {
            journal: opening.boxed_local().shared(),
            owner: Rc::default(),
            locks: Rc::default(),
            handled: Rc::default(),
            tabs: Rc::new(RefCell::new(Tabs::open())),
        }
    }

    /// Says whose uploads they are; whether they are the same person's as before.
    pub(super) fn belongs_to(&self, session: &Session) -> bool {
        let owner = owner_of(session);
        let mut kept = self.owner.borrow_mut();
        *kept.get_or_insert_with(|| owner.clone()) == owner
    }

    async fn notes(&self) -> Option<(Rc<Journal>, String)> {
        let journal = self.journal.clone().await?;
        let owner = self.owner.borrow().clone()?;
        Some((journal, owner))
    }

    /// The uploads that were begun before and that no other tab works on. From now on they are this
    /// tab's.
    pub(super) async fn take_up(&self) -> Vec<Left> {
        let Some((journal, owner)) = self.notes().await else {
            return Vec::new();
        };
        let mut taken = Vec::new();
        // Without its notes an upload can still be found at the store.
        for (_, record) in journal.all_of::<Record>(&owner).await.unwrap_or_default() {
            if self.locks.borrow().contains_key(&record.upload_id) {
                continue;
            }
            let Some(held) = try_hold(&lock_name(&record.upload_id)).await else {
                continue;
            };
            self.locks
                .borrow_mut()
                .insert(record.upload_id.clone(), Some(held));
            let handle = journal.handle(record.upload_id.as_str()).await;
            let source = handle.ok().flatten().map(FileSource::Handle);
            taken.push(Left { record, source });
        }
        taken
    }

    /// Makes an upload this tab's before anything is noted of it; not if it is another tab's.
    pub(super) async fn hold(&self, upload: &UploadId) -> bool {
        if self.locks.borrow().contains_key(upload) {
            return true;
        }
        let Some(held) = try_hold(&lock_name(upload)).await else {
            return false;
        };
        self.locks.borrow_mut().insert(upload.clone(), Some(held));
        true
    }

    /// Leaves an upload to other tabs.
    pub(super) fn release(&self, upload: &UploadId) {
        self.locks.borrow_mut().remove(upload);
    }

    /// The uploads of which this browser has notes, whichever tab works on them.
    pub(super) async fn noted(&self) -> Vec<UploadId> {
        let Some((journal, owner)) = self.notes().await else {
            return Vec::new();
        };
        let noted = journal.all_of::<Record>(&owner).await.unwrap_or_default();
        noted
            .into_iter()
            .map(|(_, record)| record.upload_id)
            .collect()
    }

    /// Notes an upload, and makes it this tab's.
    pub(super) fn remember(&self, record: Record, source: Option<FileSource>) {
        let keep = self.clone();
        let upload = record.upload_id.clone();
        let is_new = !self.locks.borrow().contains_key(&upload);
        if is_new {
            self.locks.borrow_mut().insert(upload.clone(), None);
        }
        let source = source.filter(FileSource::has_handle);
        let source = source.filter(|_| self.handled.borrow_mut().insert(upload.clone()));
        spawn_local(async move {
            if let Some((journal, owner)) = keep.notes().await {
                let id = upload.as_str();
                // What cannot be noted goes on as long as the page is there.
                if let Err(error) = journal.put(id, &owner, &record).await {
                    leptos::logging::warn!("An upload could not be noted: {error}");
                }
                if let Some(source) = source
                    && let Some(handle) = source.handle().await
                {
                    // Without it the person picks the file.
                    let _ = journal.put_handle(id, &handle).await;
                }
            }
            if is_new {
                let held = try_hold(&lock_name(&upload)).await;
                if let Some(place) = keep.locks.borrow_mut().get_mut(&upload) {
                    *place = held;
                }
            }
        });
    }

    /// Drops the note of an upload.
    pub(super) fn forget(&self, upload: UploadId) {
        let keep = self.clone();
        spawn_local(async move {
            if let Some(journal) = keep.journal.clone().await {
                // A note that stays is found out at the next visit: its upload is gone.
                let _ = journal.remove(upload.as_str()).await;
            }
            keep.handled.borrow_mut().remove(&upload);
            keep.locks.borrow_mut().remove(&upload);
        });
    }

    /// Adds to the history, and keeps the handle of the file as long as its checksum is not known, where
    /// that takes its time. Says the number of the entry.
    pub(super) async fn note_stored(
        &self,
        at: u64,
        stored: &Stored,
        source: Option<FileSource>,
    ) -> Option<u64> {
        if is_forgotten() {
            return None;
        }
        let (journal, owner) = self.notes().await?;
        // The object is stored whether or not that is noted.
        let id = journal.put_history(&owner, at, stored).await.ok()?;
        if let Some(source) = source.filter(|_| stored.size >= LONG_TO_READ)
            && let Some(handle) = source.handle().await
        {
            // Without it the checksum is lost with the page.
            let _ = journal.put_handle(&history_handle(id), &handle).await;
        }
        Some(id)
    }

    /// Completes an entry of the history.
    pub(super) async fn complete(&self, id: u64, stored: &Stored) {
        if let Some(journal) = self.journal.clone().await {
            // Then it can be asked for again.
            let _ = journal.complete_history(id, stored).await;
        }
    }

    /// The entries whose files the browser can give again.
    pub(super) async fn kept_files(&self) -> HashSet<u64> {
        match self.journal.clone().await {
            Some(journal) => journal.history_handles().await.unwrap_or_default(),
            None => HashSet::new(),
        }
    }

    /// The file of an entry whose checksum is not known yet, where the browser can give it again.
    pub(super) async fn file_of(&self, id: u64) -> Option<FileSource> {
        let journal = self.journal.clone().await?;
        let handle = journal.handle(&history_handle(id)).await.ok()??;
        Some(FileSource::Handle(handle))
    }

    /// What was stored from this browser in the last thirty days, the newest first, with its numbers.
    pub(super) async fn history(&self, now: u64) -> Vec<(u64, Stored)> {
        let Some((journal, owner)) = self.notes().await else {
            return Vec::new();
        };
        let before = if is_forgotten() {
            u64::MAX
        } else {
            now.saturating_sub(HISTORY_MS)
        };
        // What is too old is only kept longer.
        let _ = journal.prune(before).await;
        let history = journal.history(&owner).await.unwrap_or_default();
        history
            .into_iter()
            .map(|(id, _, stored)| (id, stored))
            .collect()
    }

    /// Tells the other tabs how far things are.
    pub(super) fn publish(&self, news: &[News]) {
        let owner = self.owner.borrow().clone();
        if let Some(owner) = owner {
            self.tabs.borrow().publish(&(owner, news));
        }
    }

    /// Hears what other tabs of the same person do.
    pub(super) fn listen(&self, callback: impl Fn(Vec<News>) + 'static) {
        let owner = Rc::clone(&self.owner);
        self.tabs
            .borrow_mut()
            .listen(move |(whose, news): (String, Vec<News>)| {
                if owner.borrow().as_ref() == Some(&whose) {
                    callback(news);
                }
            });
    }
}

/// Where this page is from.
pub(super) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}
