//! What is in the way of a batch: objects that have the keys its files are to get.
//!
//! [`Conflicts`] says which listings to ask ([`Look`]), takes their pages, and tells how each file
//! stands to what is stored. With a [`Policy`] for all, and others for some, it decides what is sent
//! under which key and how. What was not looked at, or could not be, counts as unknown and is written
//! on condition that nothing is there.

mod decide;
mod look;
mod protection;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};

pub use self::{
    decide::{Decided, Deciding, Policy, Sending},
    look::Look,
    protection::{PROTECTION_HEADERS, protection},
};
use super::FileFacts;
use crate::{Timestamp, object::ObjectPage};

/// How a file stands to the object that has its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// There is none.
    New,
    /// It was not looked at, or could not be.
    Unknown,
    /// It has as many bytes.
    SameSize,
    /// It has another size.
    Different,
    /// It has another size, and was stored after the file was last changed.
    NewerInBucket,
    /// It may not be overwritten, because of retention or a hold.
    Protected,
    /// A folder has the name.
    Folder,
}

impl Standing {
    /// Whether something has to be decided about it.
    pub fn clashes(self) -> bool {
        !matches!(self, Self::New | Self::Unknown)
    }
}

/// An object that is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Existing {
    /// Bytes.
    pub size: u64,
    /// When it was stored.
    pub modified: Option<Timestamp>,
}

/// A file that is to be sent.
#[derive(Clone, Debug)]
struct Target {
    index: usize,
    key: Box<str>,
    size: u64,
    /// Milliseconds since 1970.
    modified: i64,
    existing: Option<Existing>,
    folder: bool,
    protected: Option<Protection>,
    looked: bool,
}

/// Until when an object may not be overwritten, where that is known.
pub type Protection = Option<Timestamp>;

impl Target {
    fn standing(&self) -> Standing {
        if self.protected.is_some() {
            return Standing::Protected;
        }
        match self.existing {
            Some(existing) if existing.size == self.size => Standing::SameSize,
            Some(existing) if self.is_older_than(existing) == Some(true) => Standing::NewerInBucket,
            Some(_) => Standing::Different,
            None if self.folder => Standing::Folder,
            None if self.looked => Standing::New,
            None => Standing::Unknown,
        }
    }

    fn is_older_than(&self, existing: Existing) -> Option<bool> {
        Some(self.modified < existing.modified?.unix_millis())
    }

    /// Whether what is stored is, by size and time, the file itself: of equal size, and not older.
    fn is_unchanged(&self) -> bool {
        self.existing.is_some_and(|existing| {
            // Listings tell whole seconds.
            let stored = existing.modified.map(Timestamp::unix_seconds);
            existing.size == self.size
                && stored.is_some_and(|stored| stored >= self.modified.div_euclid(1_000))
        })
    }

    /// A folder's own object has no bytes: where there is one, nothing is to be sent or asked.
    fn is_folder_that_exists(&self) -> bool {
        self.key.ends_with('/') && self.size == 0 && (self.existing.is_some() || self.folder)
    }
}

/// A file that is in the way of an object, or the other way round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// What the caller knows the file by.
    pub index: usize,
    /// The key.
    pub key: String,
    /// How it stands.
    pub standing: Standing,
    /// Bytes of the file.
    pub size: u64,
    /// When the file was last changed, in milliseconds since 1970.
    pub modified: i64,
    /// What is stored.
    pub existing: Option<Existing>,
    /// Until when what is stored may not be overwritten.
    pub protected: Option<Protection>,
}

/// How many files stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standings {
    /// Nothing has their keys.
    pub new: usize,
    /// It is not known whether anything has.
    pub unknown: usize,
    /// What is there has the same size.
    pub same_size: usize,
    /// What is there has another size.
    pub different: usize,
    /// What is there has another size and is newer.
    pub newer_in_bucket: usize,
    /// What is there may not be overwritten.
    pub protected: usize,
    /// A folder has the name.
    pub folder: usize,
}

impl Standings {
    /// Files about which something has to be decided.
    pub fn clashes(&self) -> usize {
        self.same_size + self.different + self.newer_in_bucket + self.protected + self.folder
    }
}

/// The files of a batch, and what is known of the objects that have their keys.
#[derive(Clone, Debug)]
pub struct Conflicts {
    prefix: String,
    max_key_bytes: usize,
    targets: Vec<Target>,
    by_key: HashMap<Box<str>, usize>,
    /// The files of each folder, as their places in `targets`.
    folders: BTreeMap<Box<str>, Vec<usize>>,
    /// Numbered names of objects and folders that exist, which [`Policy::KeepBoth`] must not take.
    numbered: HashSet<Box<str>>,
}

impl Conflicts {
    /// Nothing is known yet. `prefix` is the folder that all keys are in.
    pub fn new(prefix: &str, max_key_bytes: usize) -> Self {
        Self {
            prefix: prefix.to_owned(),
            max_key_bytes,
            targets: Vec::new(),
            by_key: HashMap::new(),
            folders: BTreeMap::new(),
            numbered: HashSet::new(),
        }
    }

    /// Takes a file; `index` is what the caller knows it by, and no key may come twice.
    pub fn add(&mut self, index: usize, key: &str, facts: &FileFacts) {
        let place = self.targets.len();
        self.by_key.insert(key.into(), place);
        let folder = look::folder_of(key);
        match self.folders.get_mut(folder) {
            Some(files) => files.push(place),
            None => {
                self.folders.insert(folder.into(), vec![place]);
            }
        }
        self.targets.push(Target {
            index,
            key: key.into(),
            size: facts.size,
            modified: facts.modified,
            existing: None,
            folder: false,
            protected: None,
            looked: false,
        });
    }

    /// Takes a page of a listing.
    pub fn take(&mut self, page: &ObjectPage) {
        for object in &page.objects {
            if let Some(target) = self.target(&object.key) {
                target.existing = Some(Existing {
                    size: object.size,
                    modified: object.last_modified,
                });
            }
            for (at, _) in object.key.match_indices('/') {
                self.note_folder(object.key.get(..=at).unwrap_or_default());
            }
            if object.key.contains(" (") {
                self.numbered.insert(object.key.as_str().into());
            }
        }
        for folder in &page.common_prefixes {
            self.note_folder(folder);
        }
    }

    /// A listing came to its end: what it covers and did not tell is not there.
    pub fn looked(&mut self, look: &Look) {
        for target in &mut self.targets {
            target.looked |= look.covers(&target.key);
        }
    }

    /// The keys that are taken, some at most: to be asked whether what has them may be overwritten. None
    /// where there are more.
    pub fn taken_keys(&self, most: usize) -> Option<Vec<String>> {
        let taken = self.targets.iter().filter(|target| {
            target.existing.is_some()
                && target.protected.is_none()
                && !target.is_folder_that_exists()
        });
        let keys: Vec<_> = taken
            .take(most + 1)
            .map(|target| target.key.to_string())
            .collect();
        (keys.len() <= most).then_some(keys)
    }

    /// An object with this key may not be overwritten, `until` then where that is known.
    pub fn protect(&mut self, key: &str, until: Protection) {
        if let Some(target) = self.target(key) {
            target.protected = Some(until);
        }
    }

    fn target(&mut self, key: &str) -> Option<&mut Target> {
        let at = *self.by_key.get(key)?;
        self.targets.get_mut(at)
    }

    /// A folder stands in the way of a file of its name, and nothing is left to be done for an empty one.
    fn note_folder(&mut self, folder: &str) {
        let Some(name) = folder.strip_suffix('/') else {
            return;
        };
        if name.contains(" (") && !self.numbered.contains(name) {
            self.numbered.insert(name.into());
        }
        for key in [name, folder] {
            if let Some(target) = self.target(key) {
                target.folder = true;
            }
        }
    }

    /// How many files stand how. Empty folders that exist count nowhere.
    pub fn standings(&self) -> Standings {
        let mut standings = Standings::default();
        for target in self
            .targets
            .iter()
            .filter(|target| !target.is_folder_that_exists())
        {
            let place = match target.standing() {
                Standing::New => &mut standings.new,
                Standing::Unknown => &mut standings.unknown,
                Standing::SameSize => &mut standings.same_size,
                Standing::Different => &mut standings.different,
                Standing::NewerInBucket => &mut standings.newer_in_bucket,
                Standing::Protected => &mut standings.protected,
                Standing::Folder => &mut standings.folder,
            };
            *place += 1;
        }
        standings
    }

    /// The files about which something has to be decided, in their order.
    pub fn clashes(&self) -> impl Iterator<Item = Clash> {
        let clashing = self
            .targets
            .iter()
            .filter(|target| target.standing().clashes() && !target.is_folder_that_exists());
        clashing.map(|target| Clash {
            index: target.index,
            key: target.key.to_string(),
            standing: target.standing(),
            size: target.size,
            modified: target.modified,
            existing: target.existing,
            protected: target.protected,
        })
    }
}
