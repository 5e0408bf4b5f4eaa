//! What is to be copied, moved or renamed, and what makes no sense to do with it.

use model::{
    ObjectKey,
    job::{ConflictPolicy, JobKind, JobTarget, NewJob, Rule},
};
use serde::{Deserialize, Serialize};

/// What somebody chose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// Where it is from.
    pub bucket: String,
    /// Files.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Folders.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// The folder of which everything is meant, also what is not loaded.
    #[serde(default)]
    pub everything: Option<String>,
}

/// Where it is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The bucket.
    pub bucket: String,
    /// The folder, with its slash; empty is the top.
    pub prefix: String,
}

/// Why it makes no sense to put something somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objection {
    /// It is there.
    Same,
    /// The place is a part of it.
    Inside,
}

/// The folder in which a file or a folder lies.
pub fn parent(key: &str) -> &str {
    let name = key.strip_suffix('/').unwrap_or(key);
    let end = name.rfind('/').map_or(0, |at| at + 1);
    key.get(..end).unwrap_or_default()
}

/// The last part of a key, without a folder's slash.
pub fn last(key: &str) -> &str {
    let name = key.strip_suffix('/').unwrap_or(key);
    name.get(parent(key).len()..).unwrap_or(name)
}

/// A folder ends in a slash, typed or not; what is before the first one of a key is not left out, because a key
/// may begin with one.
pub fn closed(path: &str) -> String {
    if path.is_empty() || path.ends_with('/') {
        path.to_owned()
    } else {
        format!("{path}/")
    }
}

impl Load {
    /// How many entries it is; none is told of everything in a folder.
    pub fn count(&self) -> usize {
        self.keys.len() + self.prefixes.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.count() == 0 && self.everything.is_none()
    }

    /// Whether a row belongs to it.
    pub fn has(&self, key: &str) -> bool {
        let below = |prefix: &String| key.starts_with(prefix.as_str());
        self.keys.iter().any(|one| one == key)
            || self.prefixes.iter().any(|one| one == key)
            || self.everything.as_ref().is_some_and(below)
    }

    /// The job that does it.
    pub fn order(&self, kind: JobKind, place: &Place, conflict: ConflictPolicy) -> NewJob {
        let rule = self.everything.as_ref().map(|prefix| Rule {
            prefix: prefix.clone(),
            flat: true,
            all: prefix.is_empty(),
            ..Rule::default()
        });
        let named = rule.is_none();
        NewJob {
            keys: self.keys.iter().filter(|_| named).cloned().collect(),
            prefixes: self.prefixes.iter().filter(|_| named).cloned().collect(),
            rule,
            target: Some(JobTarget {
                bucket: (place.bucket != self.bucket).then(|| place.bucket.clone()),
                prefix: place.prefix.clone(),
            }),
            conflict,
            ..NewJob::new(kind, self.bucket.clone())
        }
    }

    /// Why it cannot go to a place, as far as names tell.
    pub fn objection(
        &self,
        kind: JobKind,
        place: &Place,
        conflict: ConflictPolicy,
    ) -> Option<Objection> {
        if place.bucket != self.bucket {
            return None;
        }
        let to = place.prefix.as_str();
        let folders = self.prefixes.iter().map(|folder| (folder, parent(folder)));
        let everything = self
            .everything
            .iter()
            .map(|folder| (folder, folder.as_str()));
        for (folder, above) in folders.chain(everything) {
            if to == above {
                return Some(Objection::Same);
            }
            if to.starts_with(folder.as_str()) {
                return Some(Objection::Inside);
            }
        }
        let beside = kind == JobKind::Copy && conflict == ConflictPolicy::Rename;
        let all_there = !self.keys.is_empty() && self.keys.iter().all(|key| parent(key) == to);
        (all_there && !beside).then_some(Objection::Same)
    }
}

/// Why a name cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// There is none.
    Empty,
    /// It names another folder.
    Slash,
    /// `.` and `..` are resolved by browsers and clients.
    Dots,
    /// HCP keeps it for itself.
    Reserved,
    /// Nobody could see it.
    Control,
    /// The key would be longer than the store takes.
    TooLong {
        /// Its length.
        bytes: usize,
    },
}

/// The key that a file or a folder has under another name in the same folder.
///
/// # Errors
/// Why it cannot have it.
pub fn renamed(key: &str, name: &str, max_bytes: usize) -> Result<String, NameFault> {
    if name.trim().is_empty() {
        return Err(NameFault::Empty);
    }
    if name.contains('/') {
        return Err(NameFault::Slash);
    }
    if matches!(name, "." | "..") {
        return Err(NameFault::Dots);
    }
    if name == ".directory-metadata" {
        return Err(NameFault::Reserved);
    }
    if name.chars().any(char::is_control) {
        return Err(NameFault::Control);
    }
    let slash = if key.ends_with('/') { "/" } else { "" };
    let renamed = format!("{}{name}{slash}", parent(key));
    let bytes = renamed.len();
    if bytes > max_bytes || ObjectKey::parse(renamed.as_str()).is_err() {
        return Err(NameFault::TooLong { bytes });
    }
    Ok(renamed)
}

/// The job that gives a file or a folder another key.
pub fn rename(bucket: &str, key: &str, to: &str, is_folder: bool) -> NewJob {
    let named = vec![key.to_owned()];
    let (keys, prefixes) = if is_folder {
        (Vec::new(), named)
    } else {
        (named, Vec::new())
    };
    NewJob {
        keys,
        prefixes,
        base: Some(key.to_owned()),
        target: Some(JobTarget {
            bucket: None,
            prefix: to.to_owned(),
        }),
        ..NewJob::new(JobKind::Move, bucket)
    }
}

/// How much of a name is selected when it is to be changed: a file's without its extension, in UTF-16 units as
/// browsers count.
pub fn stem(name: &str, is_folder: bool) -> u32 {
    let end = name
        .rfind('.')
        .filter(|at| *at > 0 && !is_folder)
        .unwrap_or(name.len());
    let stem = name.get(..end).unwrap_or(name);
    u32::try_from(stem.encode_utf16().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(bucket: &str, prefix: &str) -> Place {
        Place {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        }
    }

    fn load(keys: &[&str], prefixes: &[&str]) -> Load {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Load {
            bucket: "b-1".to_owned(),
            keys: owned(keys),
            prefixes: owned(prefixes),
            everything: None,
        }
    }

    #[test]
    fn names_end_where_their_folder_begins() {
        for (key, above, name) in [
            ("a", "", "a"),
            ("a/b.txt", "a/", "b.txt"),
            ("a/b/", "a/", "b"),
            ("a//", "a/", ""),
            ("a//b", "a//", "b"),
            ("/x", "/", "x"),
            ("/", "", ""),
        ] {
            assert_eq!((parent(key), last(key)), (above, name), "{key}");
        }
        assert_eq!((closed(""), closed("a")), (String::new(), "a/".to_owned()));
        assert_eq!(closed("a/"), "a/");
    }

    #[test]
    fn what_makes_no_sense_is_told_by_names() {
        let objection =
            |load: &Load, to: &str, kind, policy| load.objection(kind, &place("b-1", to), policy);
        let fail = ConflictPolicy::Fail;
        let folder = load(&[], &["a/b/"]);
        let moved = |to| objection(&folder, to, JobKind::Move, fail);
        assert_eq!(moved("a/"), Some(Objection::Same));
        assert_eq!(moved("a/b/"), Some(Objection::Inside));
        assert_eq!(moved("a/b/c/"), Some(Objection::Inside));
        assert_eq!(
            (moved(""), moved("a/c/"), moved("a/bc/")),
            (None, None, None)
        );
        let files = load(&["a/x", "a/y"], &[]);
        let there = |kind, policy| objection(&files, "a/", kind, policy);
        assert_eq!(
            there(JobKind::Move, ConflictPolicy::Rename),
            Some(Objection::Same)
        );
        assert_eq!(there(JobKind::Copy, fail), Some(Objection::Same));
        assert_eq!(
            there(JobKind::Copy, ConflictPolicy::Rename),
            None,
            "a duplicate"
        );
        let some = load(&["a/x", "y"], &[]);
        assert_eq!(objection(&some, "a/", JobKind::Move, fail), None);
        let elsewhere = folder.objection(JobKind::Move, &place("b-2", "a/b/"), fail);
        assert_eq!(elsewhere, None);
        let all = Load {
            everything: Some("a/".to_owned()),
            ..load(&[], &[])
        };
        let all = |to| objection(&all, to, JobKind::Copy, ConflictPolicy::Rename);
        assert_eq!(all("a/"), Some(Objection::Same));
        assert_eq!(all("a/b/"), Some(Objection::Inside));
        assert_eq!(all("c/"), None);
    }

    #[test]
    fn rows_that_were_taken_are_known() {
        let some = load(&["a/x"], &["a/d/"]);
        assert_eq!((some.count(), some.is_empty()), (2, false));
        assert!(some.has("a/x") && some.has("a/d/"));
        assert!(!some.has("a/xy") && !some.has("a/"));
        let all = Load {
            everything: Some("a/".to_owned()),
            ..Load::default()
        };
        assert!(all.has("a/y") && !all.has("b") && !all.is_empty());
        assert!(Load::default().is_empty());
    }

    #[test]
    fn orders_are_what_the_api_takes() {
        let load = load(&["a/x"], &["a/d/"]);
        let order = load.order(JobKind::Copy, &place("b-1", "c/"), ConflictPolicy::Skip);
        assert_eq!(order.check(), Ok(()));
        let order = order.without_repeats();
        assert_eq!(order.target_of("a/d/e/f", 1_024).unwrap(), "c/d/e/f");
        assert_eq!(order.target_of("a/x", 1_024).unwrap(), "c/x");
        assert_eq!(order.target.unwrap().bucket, None);
        let away = load.order(JobKind::Move, &place("b-2", ""), ConflictPolicy::Fail);
        assert_eq!(away.target.unwrap().bucket.as_deref(), Some("b-2"));
        let all = Load {
            everything: Some(String::new()),
            ..load
        };
        let all = all.order(JobKind::Copy, &place("b-2", "x/"), ConflictPolicy::Fail);
        assert_eq!(all.check(), Ok(()));
        assert_eq!(all.target_of("a/d/e", 1_024).unwrap(), "x/a/d/e");
    }

    #[test]
    fn a_name_is_one_level_of_a_key() {
        assert_eq!(renamed("a/b.txt", "c d.txt", 1_024).unwrap(), "a/c d.txt");
        assert_eq!(renamed("a/b/", "c", 1_024).unwrap(), "a/c/");
        assert_eq!(renamed("a//", "c", 1_024).unwrap(), "a/c/");
        for (name, fault) in [
            ("", NameFault::Empty),
            (" ", NameFault::Empty),
            ("c/d", NameFault::Slash),
            ("..", NameFault::Dots),
            (".directory-metadata", NameFault::Reserved),
            ("a\tb", NameFault::Control),
            ("123456", NameFault::TooLong { bytes: 8 }),
        ] {
            assert_eq!(renamed("a/b", name, 7), Err(fault), "{name}");
        }
    }

    #[test]
    fn renaming_gives_exactly_the_new_key() {
        let file = rename("b-1", "a/b.txt", "a/c.txt", false);
        assert_eq!(file.check(), Ok(()));
        assert_eq!(file.target_of("a/b.txt", 1_024).unwrap(), "a/c.txt");
        let folder = rename("b-1", "a/b/", "a/c/", true);
        assert_eq!(folder.check(), Ok(()));
        assert_eq!(folder.target_of("a/b/x/y", 1_024).unwrap(), "a/c/x/y");
        assert_eq!(folder.target_of("a/b/", 1_024).unwrap(), "a/c/");
    }

    #[test]
    fn the_extension_is_not_selected() {
        assert_eq!(stem("report.tar.gz", false), 10);
        assert_eq!(stem("report.d", true), 8);
        assert_eq!(stem(".profile", false), 8);
        assert_eq!(stem("😀.txt", false), 2);
        assert_eq!(stem("plain", false), 5);
    }
}
