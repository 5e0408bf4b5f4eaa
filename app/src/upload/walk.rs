//! Finds the files in what was picked or dropped, folder by folder.

use std::collections::VecDeque;

use js_sys::{Array, Function, Promise, Reflect};
use model::upload::{FileFacts, is_junk};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemDirectoryReader,
    FileSystemEntry, FileSystemFileEntry,
};

/// How many files are handed on at a time, so that the page stays awake.
const STEP: usize = 200;

/// A file with the path that it was found under.
pub(super) struct FoundFile {
    /// What the planner wants to know.
    pub facts: FileFacts,
    /// The file itself.
    pub file: File,
}

enum Place {
    File(String, File),
    Entry(FileSystemEntry),
    /// A folder that is being read.
    Reader(FileSystemDirectoryReader, String, bool),
}

/// Files and folders that are still to be looked at. Made at once, because the browser takes lists
/// back when the event is over; walked step by step.
pub(super) struct Found {
    places: VecDeque<Place>,
    /// Litter of operating systems that was left out.
    pub junk: usize,
    /// What could not be read.
    pub unreadable: usize,
}

impl Found {
    fn new(places: VecDeque<Place>) -> Self {
        Self {
            places,
            junk: 0,
            unreadable: 0,
        }
    }

    /// What a picker gave; of a folder picker with the paths below the folder.
    pub(super) fn picked(files: &FileList) -> Self {
        let files = (0..files.length()).filter_map(|at| files.get(at));
        Self::new(
            files
                .map(|file| {
                    let path = Reflect::get(&file, &JsValue::from_str("webkitRelativePath"));
                    let path = path.ok().and_then(|path| path.as_string());
                    let path = path.filter(|path| !path.is_empty());
                    Place::File(path.unwrap_or_else(|| file.name()), file)
                })
                .collect(),
        )
    }

    /// What was dropped: files, folders, any mix.
    pub(super) fn dropped(data: &DataTransfer) -> Self {
        let items = data.items();
        let items = (0..items.length()).filter_map(|at| items.get(at));
        let place = |item: web_sys::DataTransferItem| {
            if item.kind() != "file" {
                return None;
            }
            if let Ok(Some(entry)) = item.webkit_get_as_entry() {
                return Some(Place::Entry(entry));
            }
            let file = item.get_as_file().ok().flatten()?;
            Some(Place::File(file.name(), file))
        };
        Self::new(items.filter_map(place).collect())
    }

    /// The next files; empty when all is found.
    pub(super) async fn step(&mut self) -> Vec<FoundFile> {
        let mut found = Vec::new();
        while found.len() < STEP {
            match self.places.pop_front() {
                None => break,
                Some(Place::File(path, file)) => self.keep(path, file, &mut found),
                Some(Place::Entry(entry)) => self.open(entry, &mut found).await,
                Some(Place::Reader(reader, path, seen)) => {
                    self.read(reader, path, seen, &mut found).await;
                }
            }
        }
        found
    }

    fn keep(&mut self, path: String, file: File, found: &mut Vec<FoundFile>) {
        if is_junk(&file.name()) {
            self.junk += 1;
            return;
        }
        let content_type = Some(file.type_()).filter(|text| !text.is_empty());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole numbers below 2^53"
        )]
        let facts = FileFacts {
            relative_path: path,
            size: file.size() as u64,
            modified: file.last_modified() as i64,
            content_type,
        };
        found.push(FoundFile { facts, file });
    }

    async fn open(&mut self, entry: FileSystemEntry, found: &mut Vec<FoundFile>) {
        let path = entry.full_path().trim_start_matches('/').to_owned();
        if entry.is_directory() {
            let folder: FileSystemDirectoryEntry = entry.unchecked_into();
            let reader = folder.create_reader();
            self.places.push_front(Place::Reader(reader, path, false));
            return;
        }
        let entry: FileSystemFileEntry = entry.unchecked_into();
        let file = promise(|done, failed| {
            entry.file_with_callback_and_callback(done, failed);
            Ok(())
        });
        match file.await.and_then(JsCast::dyn_into::<File>) {
            Ok(file) => self.keep(path, file, found),
            Err(_unreadable) => self.unreadable += 1,
        }
    }

    /// Reads some more names of a folder: browsers hand out a hundred at a time, none at the end.
    async fn read(
        &mut self,
        reader: FileSystemDirectoryReader,
        path: String,
        seen: bool,
        found: &mut Vec<FoundFile>,
    ) {
        let names =
            promise(|done, failed| reader.read_entries_with_callback_and_callback(done, failed));
        let Ok(names) = names.await else {
            self.unreadable += 1;
            return;
        };
        let names = Array::from(&names);
        if names.length() == 0 {
            if !seen {
                self.keep_empty_folder(&path, found);
            }
            return;
        }
        self.places.push_front(Place::Reader(reader, path, true));
        for name in names.iter().rev() {
            self.places.push_front(Place::Entry(name.unchecked_into()));
        }
    }

    /// A folder without files becomes an object of no bytes whose key ends in `/`.
    fn keep_empty_folder(&mut self, path: &str, found: &mut Vec<FoundFile>) {
        if let Ok(file) = File::new_with_str_sequence(&Array::new(), path) {
            self.keep(format!("{path}/"), file, found);
        }
    }
}

/// Turns a pair of callbacks into a future.
async fn promise(
    start: impl Fn(&Function, &Function) -> Result<(), JsValue>,
) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |done, failed| {
        if let Err(error) = start(&done, &failed) {
            // A promise can be refused only by its own function, which does not throw.
            let _ = failed.call1(&JsValue::UNDEFINED, &error);
        }
    });
    JsFuture::from(promise).await
}
