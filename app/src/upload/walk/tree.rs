//! A folder that was dropped, read by its entries.
//!
//! An entry tells size and time of a file without opening it (`getMetadata`, Chromium). Opening a file or
//! asking for its handle makes objects with a connection to the browser's own process; of a hundred thousand
//! the page stands still while they are cleared away.

use std::collections::HashMap;

use js_sys::{Date, Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    File, FileSystemDirectoryEntry, FileSystemDirectoryHandle, FileSystemEntry,
    FileSystemFileEntry, FileSystemFileHandle, FileSystemFlags,
};

use super::{callbacks, file_of, promise, settled};

/// The folder, in both faces that the browser has for it.
#[derive(Debug)]
pub(in crate::upload) struct Tree {
    /// Gives each file by its path as long as the page is there.
    entry: FileSystemDirectoryEntry,
    /// Gives what can be kept for the next visit.
    handle: FileSystemDirectoryHandle,
}

impl Tree {
    /// The folder, where its entries tell sizes.
    pub(super) fn new(entry: &FileSystemEntry, handle: FileSystemDirectoryHandle) -> Option<Self> {
        // Chromium has no names for the classes of entries, so that nothing is an instance of them.
        let tells = entry.is_directory() && metadata_of(entry).is_some();
        let entry = entry.unchecked_ref::<FileSystemDirectoryEntry>().clone();
        tells.then_some(Self { entry, handle })
    }

    /// The file at a path that begins with the folder's own name.
    pub(super) async fn file(&self, path: &str) -> Result<JsValue, JsValue> {
        let path = format!("/{path}");
        let entry = promise(|done, failed| {
            self.entry
                .get_file_with_path_and_options_and_callback_and_callback(
                    Some(&path),
                    &FileSystemFlags::new(),
                    done,
                    failed,
                );
            Ok(())
        });
        let entry: FileSystemFileEntry = entry.await?.unchecked_into();
        file_of(&entry).await
    }

    /// Its handle.
    pub(super) async fn handle(&self, path: &str) -> Option<FileSystemFileHandle> {
        let (_own, below) = path.split_once('/')?;
        let mut names = below.split('/').peekable();
        let mut folder = self.handle.clone();
        while let Some(name) = names.next() {
            if names.peek().is_none() {
                let handle = JsFuture::from(folder.get_file_handle(name)).await.ok()?;
                return handle.dyn_into().ok();
            }
            let next = JsFuture::from(folder.get_directory_handle(name))
                .await
                .ok()?;
            folder = next.dyn_into().ok()?;
        }
        None
    }
}

/// What an entry tells of its file.
pub(super) struct Metadata {
    /// Bytes.
    pub(super) size: f64,
    /// When it was last changed, in milliseconds since 1970.
    pub(super) modified: f64,
}

/// Asks files for size and time, all at once; `None` for folders, and for files that cannot tell.
pub(super) async fn metadata(entries: &[FileSystemEntry]) -> Vec<Option<Metadata>> {
    let asked = entries.iter().map(|entry| {
        let ask = entry.is_file().then(|| metadata_of(entry)).flatten();
        match ask {
            Some(ask) => callbacks(|done, failed| ask.call2(entry, done, failed).map(|_| ())),
            None => Promise::resolve(&JsValue::UNDEFINED),
        }
    });
    let told = settled(asked.collect()).await;
    told.into_iter().map(|told| read(&told.ok()?)).collect()
}

fn read(told: &JsValue) -> Option<Metadata> {
    let size = Reflect::get(told, &"size".into()).ok()?.as_f64()?;
    let modified = Reflect::get(told, &"modificationTime".into()).ok()?;
    let modified = modified.dyn_ref::<Date>()?.get_time();
    Some(Metadata { size, modified })
}

fn metadata_of(entry: &JsValue) -> Option<Function> {
    Reflect::get(entry, &"getMetadata".into())
        .ok()?
        .dyn_into()
        .ok()
}

/// The types of files as the browser tells them, which goes by what is behind the last dot alone: one file of
/// each ending is opened for it.
#[derive(Default)]
pub(super) struct Types(HashMap<String, String>);

impl Types {
    /// The type of this file, empty where the browser has none; `None`: the file cannot be opened.
    pub(super) async fn of(&mut self, entry: &FileSystemFileEntry) -> Option<String> {
        let name = entry.name();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        if let Some(known) = self.0.get(ending) {
            return Some(known.clone());
        }
        let file: File = file_of(entry).await.ok()?.dyn_into().ok()?;
        let told = file.type_();
        self.0.insert(ending.to_owned(), told.clone());
        Some(told)
    }
}
