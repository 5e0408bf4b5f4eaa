//! Which listings tell whether keys are taken.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Conflicts, Policy};
use crate::{
    BucketName,
    object::{ListObjects, ListObjectsQuery, ObjectPage},
    upload::naming::numbered_prefix,
};

/// Files that are looked at one by one; more of a folder are looked at by listing it.
const FEW_FILES: usize = 10;
/// Folders that are listed one by one; more below one are looked at by listing all of it.
const FEW_FOLDERS: usize = 8;
/// Pages of 1,000 that are asked of one listing: with fifty, what a person waits for is a few seconds.
const PAGES: u32 = 50;

/// A listing that tells whether keys are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    scope: Scope,
    pages: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Scope {
    /// One key. It is the first of all keys that begin with it.
    Key(String),
    /// What is in a folder itself.
    Folder(String),
    /// What is in a folder and below.
    Below(String),
    /// The numbered names of a key.
    Names(String),
}

impl Look {
    fn new(scope: Scope) -> Self {
        let pages = match scope {
            Scope::Key(_) => 1,
            Scope::Names(_) => 2,
            Scope::Folder(_) | Scope::Below(_) => PAGES,
        };
        Self { scope, pages }
    }

    /// The first request.
    pub fn first(&self, bucket: &BucketName) -> ListObjects {
        let (prefix, delimiter, max_keys) = match &self.scope {
            // The folder of the same name comes soon after the key, if not at once.
            Scope::Key(key) => (key.as_str(), Some("/"), 100),
            Scope::Folder(folder) => (folder.as_str(), Some("/"), 1_000),
            Scope::Below(folder) => (folder.as_str(), None, 1_000),
            Scope::Names(start) => (start.as_str(), Some("/"), 1_000),
        };
        ListObjects {
            bucket: bucket.clone(),
            query: ListObjectsQuery {
                prefix: Some(prefix.to_owned()).filter(|prefix| !prefix.is_empty()),
                delimiter: delimiter.map(str::to_owned),
                max_keys: Some(max_keys),
                ..ListObjectsQuery::default()
            },
        }
    }

    /// The request after one that was answered with this page. `None`: this was the last one, because
    /// all is told ([`Look::is_told`]) or because it is too much.
    pub fn next(&mut self, asked: &ListObjects, page: &ObjectPage) -> Option<ListObjects> {
        self.pages = self.pages.checked_sub(1)?;
        let token = page.next_continuation_token.clone()?;
        (self.pages > 0 && page.is_truncated && !self.is_told(page)).then(|| ListObjects {
            bucket: asked.bucket.clone(),
            query: ListObjectsQuery {
                continuation_token: Some(token),
                ..asked.query.clone()
            },
        })
    }

    /// Whether nothing is open after this page.
    pub fn is_told(&self, page: &ObjectPage) -> bool {
        // A key comes before all that begin with it.
        !page.is_truncated || matches!(self.scope, Scope::Key(_))
    }

    /// Whether it tells of a key.
    pub(super) fn covers(&self, key: &str) -> bool {
        match &self.scope {
            Scope::Key(own) => own == key,
            Scope::Folder(folder) => folder_of(key) == folder,
            Scope::Below(folder) => key.starts_with(folder.as_str()),
            Scope::Names(_) => false,
        }
    }
}

/// The folder that a key is in. That of an empty folder is the one around it.
pub(super) fn folder_of(key: &str) -> &str {
    let name = key.strip_suffix('/').unwrap_or(key);
    name.rfind('/')
        .and_then(|at| key.get(..=at))
        .unwrap_or_default()
}

impl Conflicts {
    /// The listings that tell whether keys are taken: of few files one by one, of few folders each, of
    /// more the whole that they are in.
    pub fn looks(&self) -> Vec<Look> {
        // By what was dropped: the folders right below the open one, and the open one itself.
        let mut dropped: BTreeMap<&str, BTreeMap<&str, &Vec<usize>>> = BTreeMap::new();
        for (folder, files) in &self.folders {
            let folders = dropped.entry(self.root(folder)).or_default();
            folders.insert(folder, files);
        }
        let roots = dropped.keys().filter(|root| **root != self.prefix).count();
        if roots > FEW_FOLDERS {
            return vec![Look::new(Scope::Below(self.prefix.clone()))];
        }
        let mut looks = Vec::new();
        for (root, folders) in dropped {
            let files: usize = folders.values().map(|files| files.len()).sum();
            if folders.len() > FEW_FOLDERS && files > FEW_FILES {
                looks.push(Look::new(Scope::Below(root.to_owned())));
                continue;
            }
            for (folder, files) in folders {
                if files.len() > FEW_FILES {
                    looks.push(Look::new(Scope::Folder(folder.to_owned())));
                } else {
                    let targets = files.iter().filter_map(|at| self.targets.get(*at));
                    let keys = targets.map(|target| Scope::Key(target.key.to_string()));
                    looks.extend(keys.map(Look::new));
                }
            }
        }
        looks
    }

    /// The folder right below the open one that a folder is in, or the open one itself.
    fn root<'a>(&self, folder: &'a str) -> &'a str {
        let start = self.prefix.len();
        let below = folder.get(start..).and_then(|below| below.find('/'));
        let end = below.map_or(start, |at| start + at + 1);
        folder.get(..end).unwrap_or(folder)
    }

    /// The listings that tell which numbered names are free, for the files that get one.
    pub fn name_looks(&self, policy: Policy, own: &HashMap<usize, Policy>) -> Vec<Look> {
        let mut starts: BTreeSet<String> = BTreeSet::new();
        let mut folders: BTreeSet<&str> = BTreeSet::new();
        for target in &self.targets {
            if !target.keeps_both(policy, own) {
                continue;
            }
            if starts.len() <= FEW_FILES * 2 {
                starts.insert(numbered_prefix(&target.key));
            }
            folders.insert(folder_of(&target.key));
            if starts.len() > FEW_FILES * 2 && folders.len() > FEW_FOLDERS {
                return vec![Look::new(Scope::Below(self.prefix.clone()))];
            }
        }
        if starts.len() <= FEW_FILES * 2 {
            let starts = starts.into_iter();
            return starts.map(|start| Look::new(Scope::Names(start))).collect();
        }
        // Too many to ask for each: their folders tell them all.
        let folders = folders
            .into_iter()
            .map(|folder| Scope::Folder(folder.to_owned()));
        folders.map(Look::new).collect()
    }
}
