//! A disk whose power can be cut. It works on a real folder, and keeps beside it a model of what
//! would be left: the bytes of a file as of its last sync, the entries of a folder as of its last sync.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::files::{Disk, NewFile, RealDisk};

/// What the disk leaves out, or does in another order, to show that it is missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Defect {
    /// Syncing a file does nothing.
    FileNotSynced,
    /// Syncing a folder so many levels below the store's own does nothing.
    FolderNotSynced(usize),
    /// A file gets to its place, and the place is synced, only after its row was committed.
    RowBeforeFile,
}

/// What is left of the operations that were not synced.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rest {
    /// Nothing.
    Nothing,
    /// Some of them, as the number decides; of a file's bytes a beginning.
    Some(u64),
}

#[derive(Clone)]
pub(super) struct FrailDisk {
    root: PathBuf,
    state: Arc<Mutex<State>>,
}

struct State {
    /// How many operations were carried out.
    operations: usize,
    /// The power goes after so many.
    end: usize,
    gone: bool,
    /// What an operation after the end fails with.
    failure: io::ErrorKind,
    defect: Option<Defect>,
    files: Vec<Bytes>,
    folders: BTreeMap<PathBuf, Entries>,
    /// What waits for the commit under [`Defect::RowBeforeFile`].
    late: Vec<Late>,
}

#[derive(Default)]
struct Bytes {
    written: Vec<u8>,
    /// How many of them are synced.
    synced: usize,
}

#[derive(Default)]
struct Entries {
    now: BTreeMap<OsString, Entry>,
    synced: BTreeMap<OsString, Entry>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    File(usize),
    Folder,
}

enum Late {
    Rename(PathBuf, PathBuf),
    SyncFolder(PathBuf),
}

impl FrailDisk {
    /// On an empty folder that itself is there to stay; the power goes after `end` operations.
    pub(super) fn new(root: &Path, end: usize, defect: Option<Defect>) -> Self {
        Self {
            root: root.to_owned(),
            state: Arc::new(Mutex::new(State {
                operations: 0,
                end,
                gone: false,
                failure: io::ErrorKind::Other,
                defect,
                files: Vec::new(),
                folders: BTreeMap::from([(root.to_owned(), Entries::default())]),
                late: Vec::new(),
            })),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether an operation was asked for after the end.
    pub(super) fn is_gone(&self) -> bool {
        self.state().gone
    }

    /// From now on every change fails in that way.
    pub(super) fn refuse(&self, failure: io::ErrorKind) {
        let mut state = self.state();
        state.failure = failure;
        state.end = state.operations;
    }

    /// Gives it `operations` more: it was the process that ended, not the power.
    pub(super) fn go_on(&self, operations: usize) {
        let mut state = self.state();
        state.end += operations;
        state.gone = false;
    }

    /// How many files the program sees at their places.
    pub(super) fn stored(&self) -> usize {
        let blobs = self.root.join("blobs");
        let state = self.state();
        let below = state
            .folders
            .iter()
            .filter(|(path, _)| path.starts_with(&blobs));
        below
            .flat_map(|(_, folder)| folder.now.values())
            .filter(|entry| matches!(entry, Entry::File(_)))
            .count()
    }

    /// The commit is done: what a defect has put off happens now.
    pub(super) fn catch_up(&self) {
        let mut state = self.state();
        for late in std::mem::take(&mut state.late) {
            if state.step().is_err() {
                return;
            }
            match late {
                Late::Rename(from, to) => state.rename(&from, &to),
                Late::SyncFolder(path) => state.sync_folder(&path),
            }
        }
    }

    /// Writes what a power loss would leave now into another folder.
    pub(super) fn leave(&self, rest: Rest, target: &Path) {
        let mut coin = Coin(rest);
        self.state().leave(&self.root, target, &mut coin);
    }
}

impl State {
    fn step(&mut self) -> io::Result<()> {
        if self.operations == self.end {
            self.gone = true;
            return Err(self.failure.into());
        }
        self.operations += 1;
        Ok(())
    }

    fn entries(&mut self, of: &Path) -> &mut BTreeMap<OsString, Entry> {
        let (folder, _) = split(of);
        &mut self.folders.get_mut(folder).unwrap().now
    }

    fn rename(&mut self, from: &Path, to: &Path) {
        // Removed since, where it was late.
        if let Some(entry) = self.entries(from).remove(&split(from).1) {
            self.entries(to).insert(split(to).1, entry);
        }
    }

    fn sync_folder(&mut self, path: &Path) {
        let folder = self.folders.get_mut(path).unwrap();
        folder.synced.clone_from(&folder.now);
    }

    fn leave(&self, folder: &Path, target: &Path, coin: &mut Coin) {
        fs::create_dir_all(target).unwrap();
        let Entries { now, synced } = &self.folders[folder];
        let names: BTreeSet<&OsString> = now.keys().chain(synced.keys()).collect();
        for name in names {
            let (new, old) = (now.get(name), synced.get(name));
            let entry = if new != old && coin.heads() { new } else { old };
            let to = target.join(name);
            match entry {
                Some(Entry::File(id)) => {
                    let file = &self.files[*id];
                    let length = coin.between(file.synced, file.written.len());
                    fs::write(to, &file.written[..length]).unwrap();
                }
                Some(Entry::Folder) => self.leave(&folder.join(name), &to, coin),
                None => {}
            }
        }
    }
}

fn split(path: &Path) -> (&Path, OsString) {
    (path.parent().unwrap(), path.file_name().unwrap().to_owned())
}

impl Disk for FrailDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        let mut state = self.state();
        state.step()?;
        let file = RealDisk.create(path)?;
        let id = state.files.len();
        state.files.push(Bytes::default());
        state.entries(path).insert(split(path).1, Entry::File(id));
        Ok(Box::new(FrailFile {
            file,
            id,
            disk: self.clone(),
        }))
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        RealDisk.open(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        if state.defect == Some(Defect::RowBeforeFile) {
            state
                .late
                .push(Late::Rename(from.to_owned(), to.to_owned()));
        } else {
            state.step()?;
            state.rename(from, to);
        }
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        // Missing where the file was renamed away.
        RealDisk.remove(path)?;
        state.entries(path).remove(&split(path).1);
        Ok(())
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        RealDisk.make_folder(path)?;
        state.entries(path).insert(split(path).1, Entry::Folder);
        state.folders.insert(path.to_owned(), Entries::default());
        Ok(())
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let depth = path.strip_prefix(&self.root).unwrap().components().count();
        let mut state = self.state();
        if state.defect == Some(Defect::RowBeforeFile) && depth == 3 {
            state.late.push(Late::SyncFolder(path.to_owned()));
            return Ok(());
        }
        state.step()?;
        if state.defect != Some(Defect::FolderNotSynced(depth)) {
            state.sync_folder(path);
        }
        Ok(())
    }
}

struct FrailFile {
    file: Box<dyn NewFile>,
    id: usize,
    disk: FrailDisk,
}

impl NewFile for FrailFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.state();
        state.step()?;
        self.file.write(bytes)?;
        state.files[self.id].written.extend_from_slice(bytes);
        Ok(())
    }

    fn stamp(&self) -> io::Result<()> {
        self.file.stamp()
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.disk.state();
        state.step()?;
        if state.defect != Some(Defect::FileNotSynced) {
            let file = &mut state.files[self.id];
            file.synced = file.written.len();
        }
        Ok(())
    }
}

/// Decides what of the unsynced is left.
struct Coin(Rest);

impl Coin {
    /// A number that looks random (splitmix64).
    fn next(&mut self) -> Option<u64> {
        let Rest::Some(state) = &mut self.0 else {
            return None;
        };
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Some(mixed ^ (mixed >> 31))
    }

    fn heads(&mut self) -> bool {
        self.next().is_some_and(|number| number % 2 == 0)
    }

    fn between(&mut self, low: usize, high: usize) -> usize {
        match self.next() {
            Some(number) => low + usize::try_from(number % (high - low + 1) as u64).unwrap(),
            None => low,
        }
    }
}
