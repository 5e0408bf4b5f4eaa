//! Finds the files in what was picked, dropped or pasted, folder by folder.
//!
//! What is kept of a file is the smallest thing that gives it again: its path in the folder that was dropped,
//! or its folder's handle and its name (Chromium spends 4.4 kB on each handle and 1.4 kB on each `File`, so that
//! neither is for a hundred thousand), its entry otherwise, the file itself only where there is nothing else.
//! Nothing is left out here: each file says what it is, and [`Told`] counts.

mod tree;

use std::{cell::Cell, collections::VecDeque, future::Future, rc::Rc};

use js_sys::{Array, AsyncIterator, Function, IteratorNext, Promise, Reflect};
use leptos::prelude::window;
use model::upload::{FileFacts, is_junk};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, DataTransferItem, File, FileList, FileSystemDirectoryEntry,
    FileSystemDirectoryHandle, FileSystemDirectoryReader, FileSystemEntry, FileSystemFileEntry,
    FileSystemFileHandle, FileSystemHandle, FileSystemHandleKind, OpenFilePickerOptions,
};

use super::turn::turn;
use tree::{Metadata, Tree, Types, metadata};

/// Names and files that are asked for at a time: one answer for all of them, because each one that is waited
/// for costs the browser more than the file itself.
const AT_ONCE: usize = 64;
/// How many names are handed on at a time.
const STEP: usize = 500;
/// Walking leaves the page to itself after this long: a frame is to last less than 50 ms.
const BREATH_MS: f64 = 16.0;
/// Paths of unreadable files that are kept; more are only counted.
const NAMED: usize = 100;

/// Where a file's bytes are.
#[derive(Clone, Debug)]
pub(super) enum FileSource {
    /// The file itself.
    File(File),
    /// What gives the file, also after the page is gone.
    Handle(FileSystemFileHandle),
    /// The folder that gives the handle of this name.
    InFolder(Rc<FileSystemDirectoryHandle>, Box<str>),
    /// The folder that was dropped, and the path that begins with its name.
    Dropped(Rc<Tree>, Box<str>),
    /// What gives the file as long as the page is there.
    Entry(FileSystemFileEntry),
}

/// A file cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

impl FileSource {
    /// The file as it is now on the disk, to be held no longer than it is needed.
    pub(super) async fn file(&self) -> Result<File, Unreadable> {
        let file = match self {
            Self::File(file) => return Ok(file.clone()),
            Self::Handle(_) | Self::InFolder(..) => {
                let handle = self.handle().await.ok_or(Unreadable)?;
                JsFuture::from(handle.get_file()).await
            }
            Self::Dropped(tree, path) => tree.file(path).await,
            Self::Entry(entry) => file_of(entry).await,
        };
        let file = file.and_then(JsCast::dyn_into);
        file.map_err(|_refused| Unreadable)
    }

    /// The file, after the browser has asked the person where it has to. To be called within a click.
    pub(super) async fn permitted(&self) -> Result<File, Unreadable> {
        if let Self::Handle(handle) = self {
            // Chromium alone keeps handles over visits, and it alone asks.
            let ask = Reflect::get(handle, &"requestPermission".into());
            if let Some(ask) = ask.ok().and_then(|ask| ask.dyn_into::<Function>().ok()) {
                let granted = ask.call0(handle).map(Promise::from).map(JsFuture::from);
                let granted = match granted {
                    Ok(granted) => granted.await.map_err(|_refused| Unreadable)?,
                    Err(_refused) => return Err(Unreadable),
                };
                if granted.as_string().as_deref() != Some("granted") {
                    return Err(Unreadable);
                }
            }
        }
        self.file().await
    }

    /// Whether there is a handle.
    pub(super) fn has_handle(&self) -> bool {
        matches!(
            self,
            Self::Handle(_) | Self::InFolder(..) | Self::Dropped(..)
        )
    }

    /// The handle, which may be kept for the next visit.
    pub(super) async fn handle(&self) -> Option<FileSystemFileHandle> {
        match self {
            Self::Handle(handle) => Some(handle.clone()),
            Self::InFolder(folder, name) => {
                let handle = JsFuture::from(folder.get_file_handle(name)).await.ok()?;
                handle.dyn_into().ok()
            }
            Self::Dropped(tree, path) => tree.handle(path).await,
            Self::File(_) | Self::Entry(_) => None,
        }
    }
}

/// A file with the path that it was found under.
pub(super) struct FoundFile {
    /// What the planner wants to know.
    pub facts: FileFacts,
    /// Where its bytes are.
    pub source: FileSource,
    /// Whether it is litter of an operating system.
    pub is_junk: bool,
    /// Whether its name, or that of a folder above it, begins with a dot.
    pub is_hidden: bool,
}

impl FoundFile {
    /// A file that is already there.
    pub(super) fn of(file: File) -> Self {
        let path = file.name();
        Self::new(path, &file.clone(), FileSource::File(file))
    }

    fn new(path: String, file: &File, source: FileSource) -> Self {
        let (size, modified) = (file.size(), file.last_modified());
        Self::with(path, size, modified, file.type_(), source)
    }

    fn with(
        path: String,
        size: f64,
        modified: f64,
        content_type: String,
        source: FileSource,
    ) -> Self {
        let names = path.trim_end_matches('/');
        let name = names.rsplit('/').next().unwrap_or_default();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole numbers below 2^53"
        )]
        let (size, modified) = (size as u64, modified as i64);
        Self {
            is_junk: is_junk(name),
            is_hidden: names.split('/').any(|name| name.starts_with('.')),
            facts: FileFacts {
                size,
                modified,
                content_type: Some(content_type).filter(|text| !text.is_empty()),
                relative_path: path,
            },
            source,
        }
    }
}

/// What a walk has met so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Files and empty folders, junk and hidden ones among them.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Of these, litter of operating systems.
    pub junk: usize,
    /// Of these, hidden.
    pub hidden: usize,
    /// Folders that were opened.
    pub folders: usize,
    /// Files and folders that could not be read; they are in none of the other numbers.
    pub unreadable: usize,
    /// How many of those can be tried again.
    pub unreadable_again: usize,
    /// The first of those, by their paths.
    pub unreadable_paths: Vec<String>,
}

enum Place {
    /// What an item of a drop is. Asked for at once, because the item is void after the event.
    Dropped {
        handle: Promise,
        otherwise: Option<Box<Self>>,
    },
    Handle(FileSystemHandle, String),
    /// As before, with the folder that it was found in.
    Below(Rc<FileSystemDirectoryHandle>, FileSystemHandle, String),
    Entry(FileSystemEntry),
    /// An entry below a folder that tells sizes, and what it told.
    Within(Rc<Tree>, FileSystemEntry, Option<Metadata>),
    /// A file that was opened to be looked at.
    Opened(FileSource, File, String),
    File(File, String),
    /// Files of a picker from a number on.
    Files(Array, u32),
    /// A folder that is being read, and whether anything was in it.
    Listing(Rc<FileSystemDirectoryHandle>, AsyncIterator, String, bool),
    Reader(Option<Rc<Tree>>, FileSystemDirectoryReader, String, bool),
}

/// Ends a walk from outside.
#[derive(Clone)]
pub(super) struct Stop(Rc<Cell<bool>>);

impl Stop {
    /// Nothing more will be found; what was found stays.
    pub(super) fn stop(&self) {
        self.0.set(true);
    }
}

/// Files and folders that are still to be looked at. Made at once, because the browser takes lists
/// back when the event is over; walked step by step.
pub(super) struct Walk {
    places: VecDeque<Place>,
    /// What could not be read, by its path, to be tried again.
    unread: Vec<(String, Place)>,
    told: Told,
    types: Types,
    stopped: Stop,
    breathed: f64,
    /// The one file of no bytes that stands for every folder without files: another would be of another
    /// time, and so a changed file.
    nothing: Option<File>,
}

impl Walk {
    fn new(places: VecDeque<Place>) -> Self {
        Self {
            places,
            unread: Vec::new(),
            told: Told::default(),
            types: Types::default(),
            stopped: Stop(Rc::default()),
            breathed: now(),
            nothing: None,
        }
    }

    /// What an `<input>` gave; of a folder with the paths below it.
    pub(super) fn picked(files: &FileList) -> Self {
        // One copy by the browser: emptying the input, so that the same file can be picked again,
        // empties the list.
        let files = Array::from(files);
        Self::new([Place::Files(files, 0)].into())
    }

    /// What was dropped or pasted: files, folders, any mix. To be called within the event.
    pub(super) fn dropped(data: &DataTransfer) -> Self {
        let items = data.items();
        let items = (0..items.length()).filter_map(|at| items.get(at));
        Self::new(items.filter_map(|item| place_of(&item)).collect())
    }

    /// What the pickers of [`pick_files`] and [`pick_folder`] gave.
    fn chosen(handles: impl Iterator<Item = FileSystemHandle>) -> Self {
        let places = handles.map(|handle| {
            let name = handle.name();
            Place::Handle(handle, name)
        });
        Self::new(places.collect())
    }

    /// Ends this walk, also while a step of it is awaited.
    pub(super) fn stop(&self) -> Stop {
        self.stopped.clone()
    }

    /// What was met so far.
    pub(super) fn told(&self) -> &Told {
        &self.told
    }

    /// Looks again at what could not be read; what comes of it is told by the next steps. A folder that broke
    /// off in the middle is not among it: nobody could tell what of it was read.
    pub(super) fn read_again(&mut self) {
        let again = std::mem::take(&mut self.unread);
        self.told.unreadable -= again.len();
        self.told.unreadable_again = 0;
        for (path, place) in again {
            self.told.unreadable_paths.retain(|told| *told != path);
            self.places.push_back(place);
        }
        self.breathed = now();
    }

    /// The next files, at most five hundred; empty when all is found, or the walk was stopped. Between two
    /// steps, and within a long one, the page had time for everything else.
    pub(super) async fn step(&mut self) -> Vec<FoundFile> {
        let mut found = Vec::new();
        let mut looked = 0;
        while !self.stopped.0.get() {
            self.breathe(looked >= STEP).await;
            if found.len() >= STEP || (looked >= STEP && !found.is_empty()) {
                break;
            }
            let Some(place) = self.places.pop_front() else {
                break;
            };
            looked = if looked >= STEP { 1 } else { looked + 1 };
            self.look(place, &mut found).await;
        }
        if self.stopped.0.get() {
            self.places.clear();
            found.clear();
        }
        found
    }

    async fn breathe(&mut self, in_any_case: bool) {
        if in_any_case || now() - self.breathed > BREATH_MS {
            turn().await;
            self.breathed = now();
        }
    }

    async fn look(&mut self, place: Place, found: &mut Vec<FoundFile>) {
        match place {
            Place::Dropped { handle, otherwise } => {
                let handle = JsFuture::from(handle).await.ok();
                let handle = handle.and_then(|handle| handle.dyn_into::<FileSystemHandle>().ok());
                match (handle, otherwise) {
                    (Some(handle), otherwise) => {
                        self.places.push_front(dropped(handle, otherwise));
                    }
                    (None, Some(other)) => self.places.push_front(*other),
                    (None, None) => self.note_unreadable(String::new(), None),
                }
            }
            Place::Handle(handle, path) => self.open_handle(None, handle, path, found).await,
            Place::Below(folder, handle, path) => {
                self.open_handle(Some(folder), handle, path, found).await;
            }
            Place::Entry(entry) => self.open_entry(None, entry, found).await,
            Place::Within(tree, entry, None) => self.open_entry(Some(tree), entry, found).await,
            Place::Within(tree, entry, Some(told)) => {
                self.take_entry(tree, entry.unchecked_into(), &told, found)
                    .await;
            }
            Place::Opened(source, file, path) => {
                self.keep(FoundFile::new(path, &file, source), found);
            }
            Place::File(file, path) => {
                self.keep(
                    FoundFile::new(path, &file, FileSource::File(file.clone())),
                    found,
                );
            }
            Place::Files(files, at) => self.take_file(files, at, found),
            Place::Listing(folder, names, path, seen) => {
                self.list(folder, names, path, seen, found).await;
            }
            Place::Reader(tree, reader, path, seen) => {
                self.read(tree, reader, path, seen, found).await;
            }
        }
    }

    fn keep(&mut self, file: FoundFile, found: &mut Vec<FoundFile>) {
        self.told.files += 1;
        self.told.bytes += file.facts.size;
        self.told.junk += usize::from(file.is_junk);
        self.told.hidden += usize::from(file.is_hidden);
        found.push(file);
    }

    fn note_unreadable(&mut self, path: String, again: Option<Place>) {
        self.told.unreadable += 1;
        if let Some(place) = again {
            self.told.unreadable_again += 1;
            self.unread.push((path.clone(), place));
        }
        if self.told.unreadable_paths.len() < NAMED && !path.is_empty() {
            self.told.unreadable_paths.push(path);
        }
    }

    fn take_file(&mut self, files: Array, at: u32, found: &mut Vec<FoundFile>) {
        if at >= files.length() {
            return;
        }
        let file: File = files.get(at).unchecked_into();
        self.places.push_front(Place::Files(files, at + 1));
        let path = Reflect::get(&file, &"webkitRelativePath".into());
        let path = path.ok().and_then(|path| path.as_string());
        let path = path.filter(|path| !path.is_empty());
        let path = path.unwrap_or_else(|| file.name());
        self.keep(
            FoundFile::new(path, &file, FileSource::File(file.clone())),
            found,
        );
    }

    async fn open_handle(
        &mut self,
        above: Option<Rc<FileSystemDirectoryHandle>>,
        handle: FileSystemHandle,
        path: String,
        found: &mut Vec<FoundFile>,
    ) {
        if handle.kind() == FileSystemHandleKind::Directory {
            let folder: FileSystemDirectoryHandle = handle.unchecked_into();
            self.told.folders += 1;
            let names = folder.values();
            let listing = Place::Listing(Rc::new(folder), names, path, false);
            self.places.push_front(listing);
            return;
        }
        let handle: FileSystemFileHandle = handle.unchecked_into();
        let file = JsFuture::from(handle.get_file()).await;
        match file.and_then(JsCast::dyn_into::<File>) {
            Ok(file) => {
                let source = match above {
                    Some(folder) => FileSource::InFolder(folder, handle.name().into()),
                    None => FileSource::Handle(handle),
                };
                self.keep(FoundFile::new(path, &file, source), found);
            }
            Err(_refused) => {
                let handle = handle.into();
                let again = match above {
                    Some(folder) => Place::Below(folder, handle, path.clone()),
                    None => Place::Handle(handle, path.clone()),
                };
                self.note_unreadable(path, Some(again));
            }
        }
    }

    /// Looks at the next names of a folder; the rest of the folder comes after what is in those.
    async fn list(
        &mut self,
        folder: Rc<FileSystemDirectoryHandle>,
        names: AsyncIterator,
        path: String,
        seen: bool,
        found: &mut Vec<FoundFile>,
    ) {
        let asked = (0..AT_ONCE).map(|_| match names.next() {
            Ok(next) => next.unchecked_into(),
            Err(refused) => Promise::reject(&refused),
        });
        let mut below: Vec<FileSystemHandle> = Vec::new();
        let (mut ended, mut broken) = (false, false);
        for next in settled(asked.collect()).await {
            match next.map(JsCast::unchecked_into::<IteratorNext>) {
                Ok(next) if next.done() => ended = true,
                Ok(next) => below.push(next.value().unchecked_into()),
                Err(_refused) => broken = true,
            }
        }
        if ended && !broken && !seen && below.is_empty() {
            self.keep_empty_folder(&path, found);
        }
        let opened = below
            .iter()
            .map(|handle| match handle.dyn_ref::<FileSystemFileHandle>() {
                Some(handle) => handle.get_file().unchecked_into(),
                None => Promise::resolve(&JsValue::UNDEFINED),
            });
        let opened = settled(opened.collect()).await;
        if broken {
            let again = (!seen && below.is_empty()).then(|| {
                let folder: &FileSystemDirectoryHandle = &folder;
                Place::Handle(folder.clone().into(), path.clone())
            });
            self.note_unreadable(path.clone(), again);
        } else if !ended {
            let rest = Place::Listing(Rc::clone(&folder), names, path.clone(), true);
            self.places.push_front(rest);
        }
        for (handle, file) in below.into_iter().zip(opened).rev() {
            let name = handle.name();
            let path = format!("{path}/{name}");
            let file = file.ok().and_then(|file| file.dyn_into::<File>().ok());
            self.places.push_front(match file {
                Some(file) => {
                    let source = FileSource::InFolder(Rc::clone(&folder), name.into());
                    Place::Opened(source, file, path)
                }
                // A folder; of a file, what is wrong with it is told there.
                None => Place::Below(Rc::clone(&folder), handle, path),
            });
        }
    }

    async fn open_entry(
        &mut self,
        tree: Option<Rc<Tree>>,
        entry: FileSystemEntry,
        found: &mut Vec<FoundFile>,
    ) {
        let path = path_of(&entry);
        if entry.is_directory() {
            let folder: FileSystemDirectoryEntry = entry.unchecked_into();
            self.told.folders += 1;
            let reader = folder.create_reader();
            let reading = Place::Reader(tree, reader, path, false);
            self.places.push_front(reading);
            return;
        }
        let entry: FileSystemFileEntry = entry.unchecked_into();
        match file_of(&entry).await.and_then(JsCast::dyn_into::<File>) {
            Ok(file) => self.keep(FoundFile::new(path, &file, FileSource::Entry(entry)), found),
            Err(_refused) => self.note_unreadable(path, Some(Place::Entry(entry.into()))),
        }
    }

    /// Takes a file of which all is known but its type.
    async fn take_entry(
        &mut self,
        tree: Rc<Tree>,
        entry: FileSystemFileEntry,
        told: &Metadata,
        found: &mut Vec<FoundFile>,
    ) {
        let path = path_of(&entry);
        let Some(content_type) = self.types.of(&entry).await else {
            let again = Place::Within(tree, entry.into(), None);
            return self.note_unreadable(path, Some(again));
        };
        // Paths with this sign are not looked up.
        let source = if path.contains('\\') {
            FileSource::Entry(entry)
        } else {
            FileSource::Dropped(tree, path.clone().into())
        };
        let file = FoundFile::with(path, told.size, told.modified, content_type, source);
        self.keep(file, found);
    }

    /// Reads some more names of a folder: browsers hand out a hundred at a time, none at the end.
    async fn read(
        &mut self,
        tree: Option<Rc<Tree>>,
        reader: FileSystemDirectoryReader,
        path: String,
        seen: bool,
        found: &mut Vec<FoundFile>,
    ) {
        let names =
            promise(|done, failed| reader.read_entries_with_callback_and_callback(done, failed));
        let Ok(names) = names.await else {
            self.note_unreadable(path, None);
            return;
        };
        let names = Array::from(&names);
        if names.length() == 0 {
            if !seen {
                self.keep_empty_folder(&path, found);
            }
            return;
        }
        let rest = Place::Reader(tree.clone(), reader, path, true);
        self.places.push_front(rest);
        let entries: Vec<FileSystemEntry> = names.iter().map(JsCast::unchecked_into).collect();
        let Some(tree) = tree else {
            for entry in entries.into_iter().rev() {
                self.places.push_front(Place::Entry(entry));
            }
            return;
        };
        let told = metadata(&entries).await;
        for (entry, told) in entries.into_iter().zip(told).rev() {
            let below = Place::Within(Rc::clone(&tree), entry, told);
            self.places.push_front(below);
        }
    }

    /// A folder without files becomes an object of no bytes whose key ends in `/`.
    fn keep_empty_folder(&mut self, path: &str, found: &mut Vec<FoundFile>) {
        if self.nothing.is_none() {
            self.nothing = File::new_with_str_sequence(&Array::new(), "").ok();
        }
        if let Some(nothing) = self.nothing.clone() {
            let file = FoundFile::new(
                format!("{path}/"),
                &nothing.clone(),
                FileSource::File(nothing),
            );
            self.keep(file, found);
        }
    }
}

/// Whether files or folders are in what is dragged or pasted, so that a pasted text stays a text.
pub(super) fn has_files(data: &DataTransfer) -> bool {
    let items = data.items();
    (0..items.length()).any(|at| items.get(at).is_some_and(|item| item.kind() == "file"))
}

/// The place of what was dropped: a folder by its entries where these tell sizes, else by its handle.
fn dropped(handle: FileSystemHandle, otherwise: Option<Box<Place>>) -> Place {
    if let Some(folder) = handle.dyn_ref::<FileSystemDirectoryHandle>()
        && let Some(Place::Entry(entry)) = otherwise.map(|place| *place)
        && let Some(tree) = Tree::new(&entry, folder.clone())
    {
        return Place::Within(Rc::new(tree), entry, None);
    }
    let name = handle.name();
    Place::Handle(handle, name)
}

/// The place of one item, asked for in every way that the browser has.
fn place_of(item: &DataTransferItem) -> Option<Place> {
    if item.kind() != "file" {
        return None;
    }
    let entry = item.webkit_get_as_entry().ok().flatten();
    // A pasted image is a file, and has neither entry nor handle.
    let otherwise = match entry {
        Some(entry) => Some(Place::Entry(entry)),
        None => item.get_as_file().ok().flatten().map(|file| {
            let name = file.name();
            Place::File(file, name)
        }),
    };
    let known = Reflect::has(item, &"getAsFileSystemHandle".into()).unwrap_or(false);
    if !known {
        return otherwise;
    }
    Some(Place::Dropped {
        handle: item.get_as_file_system_handle().unchecked_into(),
        otherwise: otherwise.map(Box::new),
    })
}

/// Opens the browser's picker of many files; `None` where it has none that gives handles, and an `<input>`
/// is to be clicked instead. To be called within a click. What comes of it is `None` when nothing was
/// picked.
pub(super) fn pick_files() -> Option<impl Future<Output = Option<Walk>>> {
    if !has_picker("showOpenFilePicker") {
        return None;
    }
    let options = OpenFilePickerOptions::new();
    options.set_multiple(true);
    let asked = window().show_open_file_picker_with_options(&options).ok()?;
    Some(async move {
        let handles = JsFuture::from(asked).await.ok()?;
        Some(Walk::chosen(handles.iter().map(JsCast::unchecked_into)))
    })
}

/// As [`pick_files`], for one folder.
pub(super) fn pick_folder() -> Option<impl Future<Output = Option<Walk>>> {
    if !has_picker("showDirectoryPicker") {
        return None;
    }
    let asked = window().show_directory_picker().ok()?;
    Some(async move {
        let folder = JsFuture::from(asked).await.ok()?;
        Some(Walk::chosen(std::iter::once(folder.unchecked_into())))
    })
}

fn has_picker(name: &str) -> bool {
    Reflect::has(&window(), &name.into()).unwrap_or(false)
}

fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

async fn file_of(entry: &FileSystemFileEntry) -> Result<JsValue, JsValue> {
    promise(|done, failed| {
        entry.file_with_callback_and_callback(done, failed);
        Ok(())
    })
    .await
}

/// The path of an entry, which begins with the name of what was dropped.
fn path_of(entry: &FileSystemEntry) -> String {
    entry.full_path().trim_start_matches('/').to_owned()
}

/// Turns a pair of callbacks into a future.
async fn promise(
    start: impl Fn(&Function, &Function) -> Result<(), JsValue>,
) -> Result<JsValue, JsValue> {
    JsFuture::from(callbacks(start)).await
}

/// Waits for all of them, and tells what came of each.
async fn settled(promises: Array) -> Vec<Result<JsValue, JsValue>> {
    let all = JsFuture::from(Promise::all_settled(&promises)).await;
    // Never refused.
    let all = Array::from(&all.unwrap_or_default());
    let field = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or_default();
    all.iter()
        .map(|one| {
            let fulfilled = field(&one, "status") == "fulfilled";
            let value = field(&one, if fulfilled { "value" } else { "reason" });
            if fulfilled { Ok(value) } else { Err(value) }
        })
        .collect()
}

/// Turns a pair of callbacks into a promise.
fn callbacks(start: impl Fn(&Function, &Function) -> Result<(), JsValue>) -> Promise {
    Promise::new(&mut |done, failed| {
        if let Err(error) = start(&done, &failed) {
            // A promise can be refused only by its own function, which does not throw.
            let _ = failed.call1(&JsValue::UNDEFINED, &error);
        }
    })
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
