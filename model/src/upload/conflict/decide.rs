//! From how files stand and what a person chose to what is sent, where, and how.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{Conflicts, Standing, Target};
use crate::{
    upload::{Write, naming::FreeNames},
    upload_target::Overwrites,
};

/// What is done with files whose keys are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// They are not sent.
    Skip,
    /// They take the place of what is there.
    Overwrite,
    /// They get the next free name.
    KeepBoth,
    /// Those that are, by size and time, what is there are not sent; the others take its place.
    OnlyChanged,
}

impl Policy {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 4] = [
        Self::Skip,
        Self::Overwrite,
        Self::KeepBoth,
        Self::OnlyChanged,
    ];

    /// Whether it can be chosen for a file that stands so.
    pub fn suits(self, standing: Standing) -> bool {
        match standing {
            Standing::Protected | Standing::Folder => matches!(self, Self::Skip | Self::KeepBoth),
            _ => true,
        }
    }
}

/// A file that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// What the caller knows it by.
    pub index: usize,
    /// The key.
    pub key: String,
    /// How it goes there.
    pub write: Write,
}

/// What becomes of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// The files that go, in their order, each under a key of its own.
    pub sent: Vec<Sending>,
    /// The files that do not, by the caller's index.
    pub skipped: Vec<usize>,
    /// Objects that get another version.
    pub versioned: usize,
    /// Objects that are lost, because the bucket keeps no versions or nobody knows whether it does.
    pub lost: usize,
    /// Files that go under another name.
    pub renamed: usize,
}

enum Way {
    Not,
    New,
    Over,
    Beside,
}

/// Decides about each file, some at a time, so that whoever draws a page can do other things meanwhile.
#[derive(Debug)]
pub struct Deciding<'a> {
    conflicts: &'a Conflicts,
    policy: Policy,
    own: &'a HashMap<usize, Policy>,
    overwrites: Option<Overwrites>,
    at: usize,
    names: FreeNames,
    given: HashSet<String>,
    decided: Decided,
}

impl Deciding<'_> {
    /// Goes on for so many files; says whether all is done.
    pub fn step(&mut self, most: usize) -> bool {
        let rest = self.conflicts.targets.len() - self.at;
        for _ in 0..most.min(rest) {
            if let Some(target) = self.conflicts.targets.get(self.at) {
                self.one(target);
            }
            self.at += 1;
        }
        self.at == self.conflicts.targets.len()
    }

    /// What has come of it: all, when the last step said so.
    pub fn decided(self) -> Decided {
        self.decided
    }

    fn one(&mut self, target: &Target) {
        let policy = self.own.get(&target.index).copied().unwrap_or(self.policy);
        match way(target, policy) {
            Way::Not => self.decided.skipped.push(target.index),
            Way::New => {
                self.decided
                    .send(target, target.key.to_string(), Write::Create);
            }
            Way::Over => {
                let write = match self.overwrites {
                    Some(Overwrites::Refused) => Write::ClearFirst,
                    Some(Overwrites::Versioned | Overwrites::Replaced) | None => Write::Plain,
                };
                if self.overwrites == Some(Overwrites::Versioned) {
                    self.decided.versioned += 1;
                } else {
                    self.decided.lost += 1;
                }
                self.decided.send(target, target.key.to_string(), write);
            }
            Way::Beside => {
                let Self {
                    conflicts,
                    names,
                    given,
                    ..
                } = self;
                let free = names.beside(&target.key, conflicts.max_key_bytes, |name| {
                    conflicts.is_taken(name) || given.contains(name)
                });
                match free {
                    None => self.decided.skipped.push(target.index),
                    Some(name) => {
                        self.given.insert(name.clone());
                        self.decided.renamed += 1;
                        self.decided.send(target, name, Write::Create);
                    }
                }
            }
        }
    }
}

impl Conflicts {
    /// Decides, with one policy for all files whose keys are taken and others for some of them, by the
    /// caller's index. A policy that does not suit a file leaves it out.
    pub fn decide(
        &self,
        policy: Policy,
        own: &HashMap<usize, Policy>,
        overwrites: Option<Overwrites>,
    ) -> Decided {
        let mut deciding = self.deciding(policy, own, overwrites);
        deciding.step(usize::MAX);
        deciding.decided()
    }

    /// As [`Conflicts::decide`], some files at a time.
    pub fn deciding<'a>(
        &'a self,
        policy: Policy,
        own: &'a HashMap<usize, Policy>,
        overwrites: Option<Overwrites>,
    ) -> Deciding<'a> {
        Deciding {
            conflicts: self,
            policy,
            own,
            overwrites,
            at: 0,
            names: FreeNames::default(),
            given: HashSet::new(),
            decided: Decided::default(),
        }
    }

    /// Whether a name is that of an object, a folder, or another file of the batch.
    fn is_taken(&self, name: &str) -> bool {
        self.by_key.contains_key(name) || self.numbered.contains(name.trim_end_matches('/'))
    }
}

impl Target {
    /// Whether the file gets another name.
    pub(super) fn keeps_both(&self, policy: Policy, own: &HashMap<usize, Policy>) -> bool {
        let policy = own.get(&self.index).copied().unwrap_or(policy);
        matches!(way(self, policy), Way::Beside)
    }
}

impl Decided {
    fn send(&mut self, target: &Target, key: String, write: Write) {
        self.sent.push(Sending {
            index: target.index,
            key,
            write,
        });
    }
}

fn way(target: &Target, policy: Policy) -> Way {
    let standing = target.standing();
    if target.is_folder_that_exists() {
        return Way::Not;
    }
    if !standing.clashes() {
        return Way::New;
    }
    if !policy.suits(standing) {
        return Way::Not;
    }
    match policy {
        Policy::Skip => Way::Not,
        Policy::KeepBoth => Way::Beside,
        Policy::OnlyChanged if target.is_unchanged() => Way::Not,
        Policy::Overwrite | Policy::OnlyChanged => Way::Over,
    }
}
