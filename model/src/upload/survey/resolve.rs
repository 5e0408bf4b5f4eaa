//! From findings and what is done about them to the files that go, and their keys.

use std::collections::{HashMap, HashSet};

use super::{Finding, Remedies, Remedy, Survey, Surveyed, Twin, hash};
use crate::upload::{
    naming::{FreeNames, acceptable, shortened},
    target_key,
};

/// A file that goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// What the caller knows it by.
    pub index: usize,
    /// Its key.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// Whether the key is another than its own name gives.
    pub renamed: bool,
    /// The SHA-256 that a list gives for it, in lower-case hex.
    pub sha256: Option<String>,
}

/// What becomes of each file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    /// The files that go, in the order in which they were found, each under a key of its own.
    pub sent: Vec<Leaving>,
    /// The files that stay here, by the caller's index, each with the reason.
    pub left_out: Vec<(usize, Finding)>,
}

impl Resolved {
    /// Bytes that go.
    pub fn bytes(&self) -> u64 {
        self.sent
            .iter()
            .fold(0, |sum, file| sum.saturating_add(file.size))
    }
}

/// Keys that are given away: as they are, and as they look.
struct Given<'a> {
    survey: &'a Survey,
    keys: HashSet<String>,
    folds: HashSet<u64>,
    names: FreeNames,
}

impl Given<'_> {
    fn give(&mut self, key: String) -> String {
        self.folds.insert(hash(&self.survey.fold(&key)));
        self.keys.insert(key.clone());
        key
    }

    /// A name beside `key` that is nobody's, nor looks like somebody's.
    fn beside(&mut self, key: &str) -> Option<String> {
        let Self {
            survey,
            keys,
            folds,
            names,
        } = self;
        let name = names.beside(key, survey.limits.max_key_bytes, |name| {
            let folded = hash(&survey.fold(name));
            keys.contains(name)
                || folds.contains(&folded)
                || survey.find_key(name).is_some()
                || survey.by_fold.contains_key(&folded)
        })?;
        Some(self.give(name))
    }
}

impl Survey {
    /// Says which files go under which keys, if this is done about the findings. No key is given twice.
    pub fn resolve(&self, remedies: &Remedies) -> Resolved {
        let mut given = Given {
            survey: self,
            keys: HashSet::with_capacity(self.files.len()),
            folds: HashSet::with_capacity(self.files.len()),
            names: FreeNames::default(),
        };
        let mut resolved = Resolved::default();
        let too_much = self.too_much(remedies);
        for (at, file) in self.files.iter().enumerate() {
            let outcome = self
                .stays(file, remedies)
                .or_else(|| too_much.contains(&at).then_some(Finding::NoRoom))
                .map_or_else(|| self.key_of(file, remedies, &mut given), Err);
            match outcome {
                Err(finding) => resolved.left_out.push((file.index, finding)),
                Ok(key) => resolved.sent.push(Leaving {
                    index: file.index,
                    renamed: key != *file.key,
                    key,
                    size: file.size,
                    sha256: None,
                }),
            }
        }
        if remedies.of(Finding::Checksums) == Remedy::Verify {
            self.note_sums(&mut resolved);
        }
        resolved
    }

    /// Why a file stays here whatever its key is.
    fn stays(&self, file: &Surveyed, remedies: &Remedies) -> Option<Finding> {
        let leaves_out = |finding| remedies.of(finding) == Remedy::LeaveOut;
        if file.junk && leaves_out(Finding::Junk) {
            return Some(Finding::Junk);
        }
        if file.size > self.limits.max_size {
            return Some(Finding::TooLarge);
        }
        if file.fault && leaves_out(Finding::Key) {
            return Some(Finding::Key);
        }
        match file.twin {
            Twin::Same if leaves_out(Finding::SameKey) => return Some(Finding::SameKey),
            Twin::Alike if leaves_out(Finding::Alike) => return Some(Finding::Alike),
            _ => {}
        }
        (file.hidden && leaves_out(Finding::Hidden)).then_some(Finding::Hidden)
    }

    fn key_of(
        &self,
        file: &Surveyed,
        remedies: &Remedies,
        given: &mut Given<'_>,
    ) -> Result<String, Finding> {
        if file.fault {
            let key = self.mended(&file.key).ok_or(Finding::Key)?;
            if self.find_key(&key).is_some() || given.keys.contains(&key) {
                return given.beside(&key).ok_or(Finding::Key);
            }
            return Ok(given.give(key));
        }
        let alike = file.twin == Twin::Alike && remedies.of(Finding::Alike) == Remedy::Rename;
        if file.twin == Twin::Same || alike {
            let finding = if alike {
                Finding::Alike
            } else {
                Finding::SameKey
            };
            return given.beside(&file.key).ok_or(finding);
        }
        if given.keys.contains(&*file.key) {
            return given.beside(&file.key).ok_or(Finding::SameKey);
        }
        Ok(given.give(file.key.to_string()))
    }

    /// A key as near to this as the store takes.
    fn mended(&self, key: &str) -> Option<String> {
        let path = acceptable(key.get(self.prefix.len()..)?);
        let key = shortened(&format!("{}{path}", self.prefix), self.limits.max_key_bytes)?;
        let path = key.get(self.prefix.len()..)?;
        let key = target_key(&self.prefix, path, self.limits.max_key_bytes);
        key.ok().map(|key| key.to_string())
    }

    /// The largest files, as many as must stay for the rest to fit.
    fn too_much(&self, remedies: &Remedies) -> HashSet<usize> {
        let mut stay = HashSet::new();
        let chosen = remedies.of(Finding::NoRoom) == Remedy::LeaveOutLargest;
        let (Some(free), Some(_told), true) = (self.limits.free, self.no_room(), chosen) else {
            return stay;
        };
        let going = self.files.iter().enumerate();
        let mut going: Vec<(usize, u64)> = going
            .filter(|(_, file)| self.stays(file, remedies).is_none())
            .map(|(at, file)| (at, file.size))
            .collect();
        let mut bytes: u128 = going.iter().map(|(_, size)| u128::from(*size)).sum();
        going.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
        for (at, size) in going {
            if bytes <= u128::from(free) {
                break;
            }
            bytes -= u128::from(size);
            stay.insert(at);
        }
        stay
    }

    fn note_sums(&self, resolved: &mut Resolved) {
        let sums: HashMap<usize, &String> = self
            .sums
            .iter()
            .filter_map(|(at, sum)| Some((self.files.get(*at)?.index, sum)))
            .collect();
        for leaving in &mut resolved.sent {
            leaving.sha256 = sums.get(&leaving.index).map(|sum| (*sum).clone());
        }
    }
}
