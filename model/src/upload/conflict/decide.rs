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

impl Conflicts {
    /// Decides, with one policy for all files whose keys are taken and others for some of them, by the
    /// caller's index. A policy that does not suit a file leaves it out.
    pub fn decide(
        &self,
        policy: Policy,
        own: &HashMap<usize, Policy>,
        overwrites: Option<Overwrites>,
    ) -> Decided {
        let mut decided = Decided::default();
        let mut names = FreeNames::default();
        let mut given: HashSet<String> = HashSet::new();
        for target in &self.targets {
            match way(target, own.get(&target.index).copied().unwrap_or(policy)) {
                Way::Not => decided.skipped.push(target.index),
                Way::New => decided.send(target, target.key.to_string(), Write::Create),
                Way::Over => {
                    let write = match overwrites {
                        Some(Overwrites::Refused) => Write::ClearFirst,
                        Some(Overwrites::Versioned | Overwrites::Replaced) | None => Write::Plain,
                    };
                    if overwrites == Some(Overwrites::Versioned) {
                        decided.versioned += 1;
                    } else {
                        decided.lost += 1;
                    }
                    decided.send(target, target.key.to_string(), write);
                }
                Way::Beside => {
                    let free = names.beside(&target.key, self.max_key_bytes, |name| {
                        self.is_taken(name) || given.contains(name)
                    });
                    match free {
                        None => decided.skipped.push(target.index),
                        Some(name) => {
                            given.insert(name.clone());
                            decided.renamed += 1;
                            decided.send(target, name, Write::Create);
                        }
                    }
                }
            }
        }
        decided
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
