//! What outlives the page: notes of uploads that are not finished, the handles of their files, and a
//! history, in the browser's IndexedDB.
//!
//! Its faces take records that can be written as JSON and handles of files, and nothing else: an address
//! that is signed, or a secret, has no way in unless a record is given one. The crates for IndexedDB
//! either bring tokio into the browser or panic where it misbehaves; what is needed is small.

use std::{cell::RefCell, collections::HashSet, rc::Rc};

use futures::future::{Either, select};
use js_sys::{Array, Object, Promise, Reflect};
use leptos::prelude::window;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, FileSystemFileHandle, IdbDatabase, IdbIndexParameters, IdbKeyRange,
    IdbObjectStore, IdbObjectStoreParameters, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

const DATABASE: &str = "hako";
const VERSION: u32 = 1;
const UPLOADS: &str = "uploads";
const HANDLES: &str = "handles";
const HISTORY: &str = "history";
const BY_OWNER: &str = "owner";
const BY_TIME: &str = "at";
/// A browser that has not opened the database by then does not open it.
const PATIENCE_MS: i32 = 5_000;

/// Why nothing was noted or read. Uploads work without notes: they only cannot go on after a reload.
#[derive(Debug, thiserror::Error)]
pub(super) enum JournalError {
    /// The browser has no IndexedDB, or none in this mode.
    #[error("this browser keeps no notes between visits")]
    Missing,
    /// The browser has refused, for example because the disk is full.
    #[error("the browser refused to keep or read notes: {0}")]
    Refused(String),
    /// The record is not JSON.
    #[error("a note could not be written")]
    Unwritable(#[from] serde_json::Error),
}

impl From<JsValue> for JournalError {
    fn from(error: JsValue) -> Self {
        // The name alone: it says which limit was met, and never what the note was.
        let name = error.dyn_ref::<DomException>().map(DomException::name);
        Self::Refused(name.unwrap_or_else(|| "unknown error".to_owned()))
    }
}

type Result<T> = std::result::Result<T, JournalError>;

/// The notes of this browser.
pub(super) struct Journal {
    database: IdbDatabase,
    /// Kept as long as the browser may call it.
    _make_room: Closure<dyn FnMut()>,
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.database.set_onversionchange(None);
        self.database.close();
    }
}

impl Journal {
    /// Opens the notes, or begins them.
    pub(super) async fn open() -> Result<Self> {
        // Reading it is an error in frames without storage, and nothing in some private modes.
        let factory = window().indexed_db().ok().flatten();
        let factory = factory.ok_or(JournalError::Missing)?;
        let request = factory.open_with_u32(DATABASE, VERSION)?;
        let failed = Rc::new(RefCell::new(None));
        let upgrade = {
            let (request, failed) = (request.clone(), Rc::clone(&failed));
            Closure::<dyn FnMut()>::new(move || {
                if let Err(error) = lay_out(&request) {
                    *failed.borrow_mut() = Some(error);
                }
            })
        };
        request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
        let opened = std::pin::pin!(result_of(&request));
        let too_late = std::pin::pin!(JsFuture::from(after(PATIENCE_MS)));
        let opened = match select(opened, too_late).await {
            Either::Left((opened, _)) => opened,
            Either::Right(_) => Err(JournalError::Missing),
        };
        request.set_onupgradeneeded(None);
        if let Some(error) = failed.take() {
            return Err(error.into());
        }
        let database: IdbDatabase = opened?.unchecked_into();
        let make_room = {
            let database = database.clone();
            // A newer version of the console in another tab waits for this one to let go.
            Closure::<dyn FnMut()>::new(move || database.close())
        };
        database.set_onversionchange(Some(make_room.as_ref().unchecked_ref()));
        Ok(Self {
            database,
            _make_room: make_room,
        })
    }

    /// Notes an upload, instead of what was noted under this id.
    pub(super) async fn put<R: Serialize>(&self, id: &str, owner: &str, record: &R) -> Result<()> {
        let entry = object(&[
            ("id", id.into()),
            ("owner", owner.into()),
            ("record", serde_json::to_string(record)?.into()),
        ])?;
        let writing = self.begin(&[UPLOADS], IdbTransactionMode::Readwrite)?;
        writing.object_store(UPLOADS)?.put(&entry)?;
        finish(&writing).await
    }

    /// Forgets an upload and the handle of its file.
    pub(super) async fn remove(&self, id: &str) -> Result<()> {
        let writing = self.begin(&[UPLOADS, HANDLES], IdbTransactionMode::Readwrite)?;
        writing.object_store(UPLOADS)?.delete(&id.into())?;
        writing.object_store(HANDLES)?.delete(&id.into())?;
        finish(&writing).await
    }

    /// The uploads of somebody, by their ids. A note that another version of the console wrote, and this
    /// one cannot read, stays where it is and is passed over.
    pub(super) async fn all_of<R: DeserializeOwned>(
        &self,
        owner: &str,
    ) -> Result<Vec<(String, R)>> {
        let reading = self.begin(&[UPLOADS], IdbTransactionMode::Readonly)?;
        let index = reading.object_store(UPLOADS)?.index(BY_OWNER)?;
        let found = result_of(&index.get_all_with_key(&owner.into())?).await?;
        let read = |entry: JsValue| Some((text(&entry, "id")?, record(&entry)?));
        Ok(Array::from(&found).iter().filter_map(read).collect())
    }

    /// Keeps the handle of an upload's file.
    pub(super) async fn put_handle(&self, id: &str, handle: &FileSystemFileHandle) -> Result<()> {
        let writing = self.begin(&[HANDLES], IdbTransactionMode::Readwrite)?;
        let handles = writing.object_store(HANDLES)?;
        handles.put_with_key(handle, &id.into())?;
        finish(&writing).await
    }

    /// The handle of an upload's file, if one was kept.
    pub(super) async fn handle(&self, id: &str) -> Result<Option<FileSystemFileHandle>> {
        let reading = self.begin(&[HANDLES], IdbTransactionMode::Readonly)?;
        let found = result_of(&reading.object_store(HANDLES)?.get(&id.into())?).await?;
        Ok((!found.is_undefined()).then(|| found.unchecked_into()))
    }

    /// Adds to the history what was over at this moment, in milliseconds since 1970; says under which
    /// number.
    pub(super) async fn put_history<R: Serialize>(
        &self,
        owner: &str,
        at: u64,
        record: &R,
    ) -> Result<u64> {
        let entry = object(&[
            ("owner", owner.into()),
            ("at", number(at)),
            ("record", serde_json::to_string(record)?.into()),
        ])?;
        let writing = self.begin(&[HISTORY], IdbTransactionMode::Readwrite)?;
        let added = writing.object_store(HISTORY)?.add(&entry)?;
        finish(&writing).await?;
        number_of(&added.result()?).ok_or_else(|| JournalError::Refused("no number".to_owned()))
    }

    /// Writes an entry of the history anew; one that is gone by now stays gone.
    pub(super) async fn complete_history<R: Serialize>(&self, id: u64, record: &R) -> Result<()> {
        let record = serde_json::to_string(record)?;
        let writing = self.begin(&[HISTORY, HANDLES], IdbTransactionMode::Readwrite)?;
        let history = writing.object_store(HISTORY)?;
        let entry = result_of(&history.get(&number(id))?).await?;
        if entry.is_object() {
            Reflect::set(&entry, &"record".into(), &record.into())?;
            history.put_with_key(&entry, &number(id))?;
        }
        let handle = history_handle(id);
        writing.object_store(HANDLES)?.delete(&handle.into())?;
        finish(&writing).await
    }

    /// The history of somebody, the newest first: numbers, times, records.
    pub(super) async fn history<R: DeserializeOwned>(
        &self,
        owner: &str,
    ) -> Result<Vec<(u64, u64, R)>> {
        let reading = self.begin(&[HISTORY], IdbTransactionMode::Readonly)?;
        let index = reading.object_store(HISTORY)?.index(BY_OWNER)?;
        // Everything that begins with the owner: a list sorts after every number.
        let last = Array::of2(&owner.into(), &Array::new());
        let range = IdbKeyRange::bound(&Array::of1(&owner.into()), &last)?;
        // Both at once: waiting for one would end what the other belongs to.
        let (found, numbers) = (
            index.get_all_with_key(&range)?,
            index.get_all_keys_with_key(&range)?,
        );
        let (found, numbers) = (result_of(&found).await?, result_of(&numbers).await?);
        let (found, numbers) = (Array::from(&found), Array::from(&numbers));
        let read = |(id, entry): (JsValue, JsValue)| {
            let at = Reflect::get(&entry, &"at".into()).ok()?;
            Some((number_of(&id)?, number_of(&at)?, record(&entry)?))
        };
        let mut history: Vec<_> = numbers.iter().zip(found.iter()).filter_map(read).collect();
        history.reverse();
        Ok(history)
    }

    /// The entries of the history whose file's handle is kept.
    pub(super) async fn history_handles(&self) -> Result<HashSet<u64>> {
        let reading = self.begin(&[HANDLES], IdbTransactionMode::Readonly)?;
        let found = result_of(&reading.object_store(HANDLES)?.get_all_keys()?).await?;
        let number = |key: JsValue| key.as_string()?.strip_prefix(HANDLE)?.parse().ok();
        Ok(Array::from(&found).iter().filter_map(number).collect())
    }

    /// Forgets the history of everybody before this moment; says how much that was.
    pub(super) async fn prune(&self, before: u64) -> Result<u32> {
        let writing = self.begin(&[HISTORY, HANDLES], IdbTransactionMode::Readwrite)?;
        let history = writing.object_store(HISTORY)?;
        let range = IdbKeyRange::upper_bound_with_open(&number(before), true)?;
        let old = result_of(&history.index(BY_TIME)?.get_all_keys_with_key(&range)?).await?;
        let old = Array::from(&old);
        let handles = writing.object_store(HANDLES)?;
        for key in old.iter() {
            history.delete(&key)?;
            if let Some(id) = number_of(&key) {
                handles.delete(&history_handle(id).into())?;
            }
        }
        finish(&writing).await?;
        Ok(old.length())
    }

    fn begin(&self, stores: &[&str], mode: IdbTransactionMode) -> Result<IdbTransaction> {
        let stores: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let transaction = self
            .database
            .transaction_with_str_sequence_and_mode(&stores, mode)?;
        Ok(transaction)
    }
}

/// Makes the stores of an empty database.
fn lay_out(request: &IdbOpenDbRequest) -> std::result::Result<(), JsValue> {
    let database: IdbDatabase = request.result()?.unchecked_into();
    let by_id = IdbObjectStoreParameters::new();
    by_id.set_key_path(&"id".into());
    let uploads = database.create_object_store_with_optional_parameters(UPLOADS, &by_id)?;
    uploads.create_index_with_str(BY_OWNER, "owner")?;
    database.create_object_store(HANDLES)?;
    let numbered = IdbObjectStoreParameters::new();
    numbered.set_auto_increment(true);
    let history = database.create_object_store_with_optional_parameters(HISTORY, &numbered)?;
    history.create_index_with_str(BY_TIME, "at")?;
    by_owner_and_time(&history)
}

fn by_owner_and_time(history: &IdbObjectStore) -> std::result::Result<(), JsValue> {
    let path = Array::of2(&"owner".into(), &"at".into());
    let parameters = IdbIndexParameters::new();
    history.create_index_with_str_sequence_and_optional_parameters(BY_OWNER, &path, &parameters)?;
    Ok(())
}

/// Waits for a request, and gives what came of it.
async fn result_of(request: &IdbRequest) -> Result<JsValue> {
    let settled = Promise::new(&mut |done, failed| {
        request.set_onsuccess(Some(&done));
        request.set_onerror(Some(&failed));
    });
    match JsFuture::from(settled).await {
        Ok(_event) => Ok(request.result()?),
        Err(_event) => Err(refusal(request.error()?)),
    }
}

/// Waits until all of a transaction is on the disk.
async fn finish(transaction: &IdbTransaction) -> Result<()> {
    let settled = Promise::new(&mut |done, failed| {
        transaction.set_oncomplete(Some(&done));
        transaction.set_onabort(Some(&failed));
    });
    match JsFuture::from(settled).await {
        Ok(_event) => Ok(()),
        Err(_event) => Err(refusal(transaction.error())),
    }
}

fn refusal(error: Option<DomException>) -> JournalError {
    JsValue::from(error).into()
}

/// A promise that is resolved after some time.
fn after(milliseconds: i32) -> Promise {
    Promise::new(&mut |done, _failed| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds);
    })
}

fn object(fields: &[(&str, JsValue)]) -> std::result::Result<JsValue, JsValue> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object.into())
}

/// What the handles of files begin with that belong to the history.
const HANDLE: &str = "history-";

/// What the handle of a file is kept under, whose checksum an entry of the history still lacks.
pub(super) fn history_handle(id: u64) -> String {
    format!("{HANDLE}{id}")
}

fn number_of(value: &JsValue) -> Option<u64> {
    let value = value.as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "times and numbers of entries, as they were written"
    )]
    Some(value as u64)
}

fn number(value: u64) -> JsValue {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970")]
    JsValue::from_f64(value as f64)
}

fn text(entry: &JsValue, name: &str) -> Option<String> {
    Reflect::get(entry, &name.into()).ok()?.as_string()
}

fn record<R: DeserializeOwned>(entry: &JsValue) -> Option<R> {
    serde_json::from_str(&text(entry, "record")?).ok()
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use leptos::prelude::window;
    use serde::Deserialize;
    use wasm_bindgen_test::wasm_bindgen_test;
    use web_sys::FileSystemDirectoryHandle;

    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Note {
        key: String,
        size: u64,
    }

    fn note(key: &str) -> Note {
        Note {
            key: key.to_owned(),
            size: 5_000_000_000_000,
        }
    }

    #[wasm_bindgen_test]
    async fn notes_outlive_the_journal_and_belong_to_somebody() {
        let journal = Journal::open().await.unwrap();
        journal.put("n1", "anna", &note("old")).await.unwrap();
        journal.put("n1", "anna", &note("a/b.bin")).await.unwrap();
        journal.put("n2", "ben", &note("c.bin")).await.unwrap();
        drop(journal);

        let journal = Journal::open().await.unwrap();
        let of = |owner: &'static str| journal.all_of::<Note>(owner);
        assert_eq!(
            of("anna").await.unwrap(),
            [("n1".to_owned(), note("a/b.bin"))]
        );
        assert_eq!(of("ben").await.unwrap(), [("n2".to_owned(), note("c.bin"))]);
        assert_eq!(of("an").await.unwrap(), []);
        journal.remove("n1").await.unwrap();
        journal.remove("never").await.unwrap();
        assert_eq!(of("anna").await.unwrap(), []);
    }

    #[wasm_bindgen_test]
    async fn a_note_of_another_version_is_passed_over_and_stays() {
        let journal = Journal::open().await.unwrap();
        journal.put("v1", "vera", &"a text").await.unwrap();
        journal.put("v2", "vera", &note("d")).await.unwrap();
        let read = journal.all_of::<Note>("vera").await.unwrap();
        assert_eq!(read, [("v2".to_owned(), note("d"))]);
        assert_eq!(
            journal
                .all_of::<serde_json::Value>("vera")
                .await
                .unwrap()
                .len(),
            2
        );
    }

    #[wasm_bindgen_test]
    async fn a_handle_is_kept_until_its_upload_is_forgotten() {
        let root = JsFuture::from(window().navigator().storage().get_directory()).await;
        let root: FileSystemDirectoryHandle = root.unwrap().unchecked_into();
        let create = Object::new();
        Reflect::set(&create, &"create".into(), &true.into()).unwrap();
        let handle = root.get_file_handle_with_options("kept", create.unchecked_ref());
        let handle: FileSystemFileHandle = JsFuture::from(handle).await.unwrap().unchecked_into();

        let journal = Journal::open().await.unwrap();
        assert!(journal.handle("h1").await.unwrap().is_none());
        journal.put_handle("h1", &handle).await.unwrap();
        let kept = journal.handle("h1").await.unwrap().unwrap();
        assert_eq!(kept.name(), "kept");
        assert_eq!(
            JsFuture::from(kept.is_same_entry(&handle)).await.unwrap(),
            true
        );
        journal.remove("h1").await.unwrap();
        assert!(journal.handle("h1").await.unwrap().is_none());
    }

    #[wasm_bindgen_test]
    async fn an_entry_is_completed_later_unless_it_is_gone() {
        let journal = Journal::open().await.unwrap();
        let id = journal.put_history("ida", 500, &note("as begun")).await;
        let id = id.unwrap();
        journal.complete_history(id, &note("whole")).await.unwrap();
        let read = journal.history::<Note>("ida").await.unwrap();
        assert_eq!(read, [(id, 500, note("whole"))]);
        journal.prune(u64::MAX).await.unwrap();
        journal.complete_history(id, &note("late")).await.unwrap();
        assert_eq!(journal.history::<Note>("ida").await.unwrap(), []);
    }

    #[wasm_bindgen_test]
    async fn the_history_is_by_time_and_is_pruned() {
        let journal = Journal::open().await.unwrap();
        for (owner, at) in [("hugo", 300), ("hugo", 100), ("hug", 200), ("hugo", 200)] {
            journal.put_history(owner, at, &note(owner)).await.unwrap();
        }
        let times = |owner: &'static str| {
            let history = journal.history::<Note>(owner);
            async move {
                history
                    .await
                    .unwrap()
                    .into_iter()
                    .map(|(_, at, _)| at)
                    .collect::<Vec<_>>()
            }
        };
        assert_eq!(times("hugo").await, [300, 200, 100]);
        assert_eq!(times("hug").await, [200]);
        assert_eq!(journal.prune(200).await.unwrap(), 1);
        assert_eq!(times("hugo").await, [300, 200]);
        assert_eq!(journal.prune(u64::MAX).await.unwrap(), 3);
        assert_eq!(times("hugo").await, Vec::<u64>::new());
    }
}
