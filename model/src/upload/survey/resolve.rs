//! From findings and what is done about them to the files that go, and their keys.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, HashSet},
};

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
#[derive(Debug, Default)]
struct Given {
    keys: HashSet<String>,
    folds: HashSet<u64>,
    names: FreeNames,
}

impl Given {
    fn give(&mut self, survey: &Survey, key: String) -> String {
        self.folds.insert(hash(&survey.fold(&key)));
        self.keys.insert(key.clone());
        key
    }

    /// A name beside `key` that is nobody's, nor looks like somebody's.
    fn beside(&mut self, survey: &Survey, key: &str) -> Option<String> {
        let Self { keys, folds, names } = self;
        let name = names.beside(key, survey.limits.max_key_bytes, |name| {
            let folded = hash(&survey.fold(name));
            keys.contains(name)
                || folds.contains(&folded)
                || survey.find_key(name).is_some()
                || survey.by_fold.contains_key(&folded)
        })?;
        Some(self.give(survey, name))
    }
}

/// What is to be done next, and for which file or line of a list.
#[derive(Clone, Copy, Debug)]
enum Stage {
    /// Files are weighed, for the largest to stay here.
    Weighing(usize),
    /// The largest are taken out.
    Lightening,
    /// Lines of lists are laid beside their files.
    Listing(usize),
    /// Files get their keys.
    Naming(usize),
    Over,
}

/// Works out what becomes of each file, some at a time, so that whoever draws a page can do other things
/// meanwhile.
#[derive(Debug)]
pub struct Resolving<'a> {
    survey: &'a Survey,
    remedies: Remedies,
    stage: Stage,
    /// By their bytes, the largest and of these the first on top.
    heaviest: BinaryHeap<(u64, Reverse<usize>)>,
    bytes: u128,
    too_much: HashSet<usize>,
    sums: HashMap<usize, &'a str>,
    given: Given,
    resolved: Resolved,
}

impl Resolving<'_> {
    /// Goes on for so many files, or lines of lists; says whether all is done.
    pub fn step(&mut self, most: usize) -> bool {
        for _ in 0..most {
            if matches!(self.stage, Stage::Over) {
                break;
            }
            self.stage = self.one();
        }
        matches!(self.stage, Stage::Over)
    }

    /// What has come of it: all, when the last step said so.
    pub fn resolved(self) -> Resolved {
        self.resolved
    }

    fn one(&mut self) -> Stage {
        match self.stage {
            Stage::Weighing(at) => self.weigh(at),
            Stage::Lightening => self.lighten(),
            Stage::Listing(at) => self.list(at),
            Stage::Naming(at) => self.name(at),
            Stage::Over => Stage::Over,
        }
    }

    fn weigh(&mut self, at: usize) -> Stage {
        let Some(file) = self.survey.files.get(at) else {
            return Stage::Lightening;
        };
        if self.survey.stays(file, &self.remedies).is_none() {
            self.bytes += u128::from(file.size);
            self.heaviest.push((file.size, Reverse(at)));
        }
        Stage::Weighing(at + 1)
    }

    fn lighten(&mut self) -> Stage {
        let fits = self
            .survey
            .limits
            .free
            .is_none_or(|free| self.bytes <= u128::from(free));
        let heaviest = if fits { None } else { self.heaviest.pop() };
        let Some((size, Reverse(at))) = heaviest else {
            self.heaviest = BinaryHeap::new();
            return Stage::Listing(0);
        };
        self.bytes -= u128::from(size);
        self.too_much.insert(at);
        Stage::Lightening
    }

    fn list(&mut self, at: usize) -> Stage {
        let verifies = self.remedies.of(Finding::Checksums) == Remedy::Verify;
        match self.survey.sums.get(at).filter(|_| verifies) {
            Some((file, sum)) => {
                self.sums.insert(*file, sum);
                Stage::Listing(at + 1)
            }
            None => Stage::Naming(0),
        }
    }

    fn name(&mut self, at: usize) -> Stage {
        let Some(file) = self.survey.files.get(at) else {
            return Stage::Over;
        };
        let outcome = self
            .survey
            .stays(file, &self.remedies)
            .or_else(|| self.too_much.contains(&at).then_some(Finding::NoRoom))
            .map_or_else(
                || self.survey.key_of(file, &self.remedies, &mut self.given),
                Err,
            );
        match outcome {
            Err(finding) => self.resolved.left_out.push((file.index, finding)),
            Ok(key) => self.resolved.sent.push(Leaving {
                index: file.index,
                renamed: key != *file.key,
                key,
                size: file.size,
                sha256: self.sums.get(&at).map(|sum| (*sum).to_owned()),
            }),
        }
        Stage::Naming(at + 1)
    }
}

impl Survey {
    /// Says which files go under which keys, if this is done about the findings. No key is given twice.
    pub fn resolve(&self, remedies: &Remedies) -> Resolved {
        let mut resolving = self.resolving(*remedies);
        resolving.step(usize::MAX);
        resolving.resolved()
    }

    /// As [`Survey::resolve`], some files at a time.
    pub fn resolving(&self, remedies: Remedies) -> Resolving<'_> {
        let lightens = remedies.of(Finding::NoRoom) == Remedy::LeaveOutLargest;
        Resolving {
            survey: self,
            remedies,
            stage: if lightens && self.no_room().is_some() {
                Stage::Weighing(0)
            } else {
                Stage::Listing(0)
            },
            heaviest: BinaryHeap::new(),
            bytes: 0,
            too_much: HashSet::new(),
            sums: HashMap::new(),
            given: Given::default(),
            resolved: Resolved::default(),
        }
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
        given: &mut Given,
    ) -> Result<String, Finding> {
        if file.fault {
            let key = self.mended(&file.key).ok_or(Finding::Key)?;
            if self.find_key(&key).is_some() || given.keys.contains(&key) {
                return given.beside(self, &key).ok_or(Finding::Key);
            }
            return Ok(given.give(self, key));
        }
        let alike = file.twin == Twin::Alike && remedies.of(Finding::Alike) == Remedy::Rename;
        if file.twin == Twin::Same || alike {
            let finding = if alike {
                Finding::Alike
            } else {
                Finding::SameKey
            };
            return given.beside(self, &file.key).ok_or(finding);
        }
        if given.keys.contains(&*file.key) {
            return given.beside(self, &file.key).ok_or(Finding::SameKey);
        }
        Ok(given.give(self, file.key.to_string()))
    }

    /// A key as near to this as the store takes.
    fn mended(&self, key: &str) -> Option<String> {
        let path = acceptable(key.get(self.prefix.len()..)?);
        let key = shortened(&format!("{}{path}", self.prefix), self.limits.max_key_bytes)?;
        let path = key.get(self.prefix.len()..)?;
        let key = target_key(&self.prefix, path, self.limits.max_key_bytes);
        key.ok().map(|key| key.to_string())
    }
}
