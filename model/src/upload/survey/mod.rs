//! What is to be known about dropped files before the first of them is sent.
//!
//! A [`Survey`] takes the files one by one as they are found, and tells what stands out about them as
//! [`Finding`]s. What is done about each kind is a [`Remedy`]; with these, [`Survey::resolve`] says which
//! files go, and under which keys.

mod renamed;
mod resolve;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher},
};

pub use self::resolve::{Leaving, Resolved, Resolving};
use super::{FileFacts, KeyFault, Sum, is_checksum_list, is_junk, target_key};
use crate::unit::{GB, TB};

/// Names that a finding spells out.
const EXAMPLES: usize = 5;
/// More files than this are looked at by a person first.
const MANY_FILES: usize = 1_000;
/// More bytes than this are looked at by a person first.
const MANY_BYTES: u64 = 50 * GB;

/// Makes one text of all spellings that look alike: without case, in one Unicode form. It is asked only
/// for what is not plain ASCII. The browser's own is used there, which costs no tables in the program.
pub type Fold = fn(&str) -> String;

/// What a batch of files must keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest key in bytes.
    pub max_key_bytes: usize,
    /// The largest object in bytes.
    pub max_size: u64,
    /// Files and folders in one folder.
    pub max_entries: u32,
    /// Folders above a file.
    pub max_depth: usize,
    /// Bytes that still fit the bucket, where that is known.
    pub free: Option<u64>,
}

impl Limits {
    /// The limits of S3, and of what a folder should hold; the rest is told by the store.
    pub fn new(max_key_bytes: usize, free: Option<u64>) -> Self {
        Self {
            max_key_bytes,
            max_size: 5 * TB,
            max_entries: 100_000,
            max_depth: 20,
            free,
        }
    }
}

/// What can stand out about files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Finding {
    /// Litter of operating systems.
    Junk,
    /// Files whose names, or those of their folders, begin with a dot.
    Hidden,
    /// Files whose key the store does not take.
    Key,
    /// Files that would get the key of another.
    SameKey,
    /// Files whose keys differ from another only by case or Unicode form.
    Alike,
    /// Files and folders that cannot be read.
    Unreadable,
    /// Folders with very many entries.
    Crowded,
    /// Files below very many folders.
    Deep,
    /// Files that together do not fit the free quota.
    NoRoom,
    /// Files that are larger than an object can be.
    TooLarge,
    /// Lists of checksums.
    Checksums,
}

/// What is done about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// The files go like the others.
    Include,
    /// The files stay here.
    LeaveOut,
    /// The files go under other names.
    Rename,
    /// The largest files stay here, until the rest fits.
    LeaveOutLargest,
    /// What is sent is compared with the list.
    Verify,
}

impl Finding {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 11] = [
        Self::Junk,
        Self::Hidden,
        Self::Key,
        Self::SameKey,
        Self::Alike,
        Self::Unreadable,
        Self::Crowded,
        Self::Deep,
        Self::NoRoom,
        Self::TooLarge,
        Self::Checksums,
    ];

    /// What can be done about it; first what is done unless somebody chooses.
    pub fn remedies(self) -> &'static [Remedy] {
        match self {
            Self::Junk => &[Remedy::LeaveOut, Remedy::Include],
            Self::Hidden => &[Remedy::Include, Remedy::LeaveOut],
            Self::Key => &[Remedy::LeaveOut, Remedy::Rename],
            Self::SameKey => &[Remedy::Rename, Remedy::LeaveOut],
            // Keys that differ are two objects to the store, and a tree from a system that tells them
            // apart is complete only with both.
            Self::Alike => &[Remedy::Rename, Remedy::LeaveOut, Remedy::Include],
            Self::Unreadable | Self::TooLarge => &[Remedy::LeaveOut],
            Self::Crowded | Self::Deep => &[Remedy::Include],
            Self::NoRoom => &[Remedy::Include, Remedy::LeaveOutLargest],
            Self::Checksums => &[Remedy::Verify, Remedy::Include],
        }
    }

    /// Whether a person must see it before anything is sent.
    pub fn asks(self) -> bool {
        !matches!(self, Self::Junk | Self::Hidden | Self::Checksums)
    }
}

/// What is done about each finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remedies([Remedy; Finding::ALL.len()]);

impl Default for Remedies {
    fn default() -> Self {
        Self(Finding::ALL.map(|finding| {
            let first = finding.remedies().first();
            first.copied().unwrap_or(Remedy::LeaveOut)
        }))
    }
}

impl Remedies {
    /// What is done about one.
    pub fn of(&self, finding: Finding) -> Remedy {
        self.0
            .get(finding as usize)
            .copied()
            .unwrap_or(Remedy::LeaveOut)
    }

    /// Chooses; what is no remedy for the finding changes nothing.
    pub fn choose(&mut self, finding: Finding, remedy: Remedy) {
        if finding.remedies().contains(&remedy)
            && let Some(chosen) = self.0.get_mut(finding as usize)
        {
            *chosen = remedy;
        }
    }
}

/// How often something stands out, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What.
    pub finding: Finding,
    /// Files; of [`Finding::Crowded`] folders, of [`Finding::Checksums`] files that the lists name.
    pub count: usize,
    /// Bytes of these files.
    pub bytes: u64,
    /// The paths of some.
    pub examples: Vec<String>,
}

/// What a batch comes to. Litter is not counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Files.
    pub files: usize,
    /// Bytes.
    pub bytes: u64,
    /// The largest file: its path and bytes.
    pub largest: Option<(String, u64)>,
}

/// How the key of a file stands to that of an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Twin {
    None,
    Same,
    Alike,
}

/// A file, as far as it matters here.
#[derive(Debug)]
struct Surveyed {
    index: usize,
    /// The key, or what would be one.
    key: Box<str>,
    size: u64,
    fault: bool,
    junk: bool,
    hidden: bool,
    twin: Twin,
}

/// Where a path is found again. Texts are kept by their hash alone and compared where two meet.
type ByHash<T> = HashMap<u64, T>;

/// Takes the files of a batch.
#[derive(Debug)]
pub struct Survey {
    prefix: String,
    limits: Limits,
    fold: Fold,
    files: Vec<Surveyed>,
    by_key: ByHash<usize>,
    by_fold: ByHash<usize>,
    /// How many entries a folder has.
    folders: HashMap<Box<str>, u32>,
    told: [Told; Finding::ALL.len()],
    totals: Totals,
    /// Files that a list names: where in `files`, and the checksum.
    sums: Vec<(usize, String)>,
    unlisted: usize,
}

fn hash(text: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(text)
}

impl Survey {
    /// A survey of files that go into a folder: `prefix` is empty or ends in `/`.
    pub fn new(prefix: &str, limits: Limits, fold: Fold) -> Self {
        Self {
            prefix: prefix.to_owned(),
            limits,
            fold,
            files: Vec::new(),
            by_key: HashMap::new(),
            by_fold: HashMap::new(),
            folders: HashMap::new(),
            told: Finding::ALL.map(|finding| Told {
                finding,
                count: 0,
                bytes: 0,
                examples: Vec::new(),
            }),
            totals: Totals::default(),
            sums: Vec::new(),
            unlisted: 0,
        }
    }

    /// Takes a file; `index` is what the caller knows it by.
    pub fn add(&mut self, index: usize, facts: &FileFacts) {
        self.add_as(index, facts, &facts.relative_path);
    }

    /// Takes a file that goes to another path than its own.
    fn add_as(&mut self, index: usize, facts: &FileFacts, path: &str) {
        let path = path.trim_start_matches('/');
        let own = facts.relative_path.trim_start_matches('/');
        let names = own.trim_end_matches('/');
        let junk = is_junk(facts.name());
        let hidden = !junk && names.split('/').any(|name| name.starts_with('.'));
        let key = format!("{}{path}", self.prefix);
        let fault = target_key(&self.prefix, path, self.limits.max_key_bytes).err();
        let at = self.files.len();
        let twin = if fault.is_none() {
            self.twin(&key, at)
        } else {
            Twin::None
        };
        if junk {
            self.tell(Finding::Junk, facts);
        } else {
            self.look(facts, &key, fault, hidden, twin);
        }
        self.files.push(Surveyed {
            index,
            key: key.into(),
            size: facts.size,
            fault: fault.is_some(),
            junk,
            hidden,
            twin,
        });
    }

    /// Takes a file or folder that could not be read.
    pub fn add_unreadable(&mut self, path: &str) {
        let told = self.told_mut(Finding::Unreadable);
        told.count += 1;
        if told.examples.len() < EXAMPLES && !path.is_empty() {
            told.examples.push(path.to_owned());
        }
    }

    fn look(
        &mut self,
        facts: &FileFacts,
        key: &str,
        fault: Option<KeyFault>,
        hidden: bool,
        twin: Twin,
    ) {
        if hidden {
            self.tell(Finding::Hidden, facts);
        }
        if fault.is_some() {
            self.tell(Finding::Key, facts);
        }
        match twin {
            Twin::None => {}
            Twin::Same => self.tell(Finding::SameKey, facts),
            Twin::Alike => self.tell(Finding::Alike, facts),
        }
        if facts.size > self.limits.max_size {
            self.tell(Finding::TooLarge, facts);
        }
        let folders = key.trim_end_matches('/').matches('/').count();
        if folders > self.limits.max_depth {
            self.tell(Finding::Deep, facts);
        }
        if twin != Twin::Same {
            self.enter(key.get(self.prefix.len()..).unwrap_or_default());
        }
        self.totals.files += 1;
        self.totals.bytes = self.totals.bytes.saturating_add(facts.size);
        let largest = self.totals.largest.as_ref().map_or(0, |(_, size)| *size);
        if facts.size > largest || self.totals.largest.is_none() {
            self.totals.largest = Some((facts.relative_path.clone(), facts.size));
        }
    }

    /// Counts a file in its folder, and each folder above that is seen for the first time in its own.
    fn enter(&mut self, path: &str) {
        let mut path = path.trim_end_matches('/');
        loop {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if let Some(entries) = self.folders.get_mut(folder) {
                *entries = entries.saturating_add(1);
                // Once, when it is passed.
                if *entries == self.limits.max_entries.saturating_add(1) {
                    let shown = format!("{}{folder}", self.prefix);
                    let told = self.told_mut(Finding::Crowded);
                    told.count += 1;
                    if told.examples.len() < EXAMPLES {
                        told.examples.push(shown);
                    }
                }
                return;
            }
            self.folders.insert(folder.into(), 1);
            if folder.is_empty() {
                return;
            }
            path = folder;
        }
    }

    /// Looks whether an earlier file has this key, or one that looks alike.
    fn twin(&mut self, key: &str, at: usize) -> Twin {
        if self.find_key(key).is_some() {
            return Twin::Same;
        }
        self.by_key.entry(hash(key)).or_insert(at);
        let folded = self.fold(key);
        match self.by_fold.entry(hash(&folded)) {
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(at);
                Twin::None
            }
            std::collections::hash_map::Entry::Occupied(place) => {
                let earlier = self.files.get(*place.get());
                let alike = earlier.is_some_and(|earlier| self.fold(&earlier.key) == folded);
                if alike { Twin::Alike } else { Twin::None }
            }
        }
    }

    fn fold(&self, key: &str) -> String {
        if key.is_ascii() {
            key.to_ascii_lowercase()
        } else {
            (self.fold)(key)
        }
    }

    /// The first file that has a key, as its place in `files`.
    fn find_key(&self, key: &str) -> Option<usize> {
        let at = *self.by_key.get(&hash(key))?;
        self.files
            .get(at)
            .is_some_and(|file| *file.key == *key)
            .then_some(at)
    }

    fn told_mut(&mut self, finding: Finding) -> &mut Told {
        &mut self.told[finding as usize]
    }

    fn tell(&mut self, finding: Finding, facts: &FileFacts) {
        let told = self.told_mut(finding);
        told.count += 1;
        told.bytes = told.bytes.saturating_add(facts.size);
        if told.examples.len() < EXAMPLES {
            told.examples.push(facts.relative_path.clone());
        }
    }

    /// The files that are lists of checksums, by the caller's index: their text is to be given to
    /// [`Survey::add_list`].
    pub fn lists(&self) -> impl Iterator<Item = usize> {
        let lists = self.files.iter().filter(|file| {
            let name = file.key.rsplit('/').next().unwrap_or_default();
            !file.fault && is_checksum_list(name)
        });
        lists.map(|file| file.index)
    }

    /// Takes the lines of a list that lies at `path`.
    pub fn add_list(&mut self, path: &str, sums: Vec<Sum>) {
        let path = path.trim_start_matches('/');
        let folder = path
            .rfind('/')
            .and_then(|at| path.get(..=at))
            .unwrap_or_default();
        for sum in sums {
            let listed = format!("{folder}{}", sum.path);
            match self.find_key(&format!("{}{listed}", self.prefix)) {
                Some(at) => {
                    self.sums.push((at, sum.sha256));
                    self.told_mut(Finding::Checksums).count += 1;
                }
                None => self.unlisted += 1,
            }
        }
        let told = self.told_mut(Finding::Checksums);
        if told.examples.len() < EXAMPLES {
            told.examples.push(path.to_owned());
        }
    }

    /// How many names the lists of checksums have that are not among the files.
    pub fn missing(&self) -> usize {
        self.unlisted
    }

    /// What stands out, in the order of [`Finding::ALL`].
    pub fn findings(&self) -> Vec<Told> {
        let mut told: Vec<Told> = self.told.to_vec();
        if let Some(no_room) = self.no_room()
            && let Some(place) = told.get_mut(Finding::NoRoom as usize)
        {
            *place = no_room;
        }
        told.retain(|told| told.count > 0 || !told.examples.is_empty());
        told
    }

    fn no_room(&self) -> Option<Told> {
        let free = self.limits.free?;
        (self.totals.bytes > free).then(|| Told {
            finding: Finding::NoRoom,
            count: self.totals.files,
            bytes: self.totals.bytes.saturating_sub(free),
            examples: Vec::new(),
        })
    }

    /// How many files were taken, litter among them.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether none was taken.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Takes how many bytes still fit the bucket, where that is told only now.
    pub fn set_free(&mut self, free: Option<u64>) {
        self.limits.free = free;
    }

    /// What the batch comes to.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Bytes that still fit the bucket, where that is known.
    pub fn free(&self) -> Option<u64> {
        self.limits.free
    }

    /// Whether a person must see a finding before anything is sent.
    pub fn asks(&self) -> bool {
        self.findings().iter().any(|told| told.finding.asks())
    }

    /// Whether the batch is so large that a person should see its numbers first.
    pub fn is_large(&self) -> bool {
        self.totals.files > MANY_FILES || self.totals.bytes > MANY_BYTES
    }

    /// Whether a person is to look at the batch before anything is sent.
    pub fn needs_panel(&self) -> bool {
        self.asks() || self.is_large()
    }
}
