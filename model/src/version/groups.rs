//! Versions and delete markers, put together by key: what a key was, and what it is.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{DeleteMarker, ObjectVersion, VersionPage};
use crate::Timestamp;

/// A version, or a delete marker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Its id; `null` where the bucket kept none.
    pub version_id: String,
    /// Whether it is the newest of its key.
    pub is_latest: bool,
    /// Whether it is the mark of a deletion.
    pub is_marker: bool,
    /// When it was made.
    pub last_modified: Option<Timestamp>,
    /// Bytes; none of a marker.
    pub size: u64,
}

impl From<ObjectVersion> for Moment {
    fn from(version: ObjectVersion) -> Self {
        Self {
            version_id: version.version_id,
            is_latest: version.is_latest,
            is_marker: false,
            last_modified: version.last_modified,
            size: version.size,
        }
    }
}

impl From<DeleteMarker> for Moment {
    fn from(marker: DeleteMarker) -> Self {
        Self {
            version_id: marker.version_id,
            is_latest: marker.is_latest,
            is_marker: true,
            last_modified: marker.last_modified,
            size: 0,
        }
    }
}

/// All that is kept of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyHistory {
    /// The key.
    pub key: String,
    /// Newest first, whatever the store's order is: HCP lists the oldest first.
    pub moments: Vec<Moment>,
    /// Whether that is all: a key with very many versions is cut off.
    pub is_whole: bool,
}

/// What a key is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// There is an object.
    Current,
    /// A delete marker hides it.
    Deleted,
    /// Only old versions are left: HCP deletes so where it makes no markers.
    OnlyOld,
}

impl KeyHistory {
    /// What the key is now.
    pub fn state(&self) -> KeyState {
        match self.moments.iter().find(|moment| moment.is_latest) {
            Some(latest) if latest.is_marker => KeyState::Deleted,
            Some(_) => KeyState::Current,
            None => KeyState::OnlyOld,
        }
    }

    /// How many versions there are, without markers.
    pub fn versions(&self) -> usize {
        self.moments
            .iter()
            .filter(|moment| !moment.is_marker)
            .count()
    }

    /// Versions that are not the object as it is.
    pub fn old(&self) -> impl Iterator<Item = &Moment> {
        let old = |moment: &&Moment| !moment.is_marker && !moment.is_latest;
        self.moments.iter().filter(old)
    }

    /// Their bytes.
    pub fn old_bytes(&self) -> u64 {
        self.old().map(|moment| moment.size).sum()
    }

    /// The newest version that is not the object as it is already.
    pub fn restorable(&self) -> Option<&Moment> {
        match self.state() {
            KeyState::Current => None,
            KeyState::Deleted | KeyState::OnlyOld => {
                self.moments.iter().find(|moment| !moment.is_marker)
            }
        }
    }

    /// The markers that stand above the newest version: without them it is the object again.
    pub fn hiding(&self) -> Vec<&Moment> {
        if self.restorable().is_none() {
            return Vec::new();
        }
        let above = self.moments.iter().take_while(|moment| moment.is_marker);
        above.collect()
    }

    /// Newest first. What was made in one second keeps the newest of all in front, then goes by number, as HCP
    /// counts versions.
    fn sort(&mut self) {
        self.moments.sort_by(|a, b| {
            b.is_latest
                .cmp(&a.is_latest)
                .then(b.last_modified.cmp(&a.last_modified))
                .then_with(|| by_number(&b.version_id, &a.version_id))
        });
    }
}

fn by_number(a: &str, b: &str) -> Ordering {
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        _ => Ordering::Equal,
    }
}

/// Puts pages of a listing together. A key's versions may go on on the next page.
#[derive(Clone, Debug, Default)]
pub struct Histories {
    whole: Vec<KeyHistory>,
    open: Option<KeyHistory>,
}

impl Histories {
    /// Takes the next page.
    pub fn add(&mut self, page: VersionPage) {
        // Both lists are by key, and neither tells where the other's entries stand among its own.
        let versions = page.versions.into_iter().map(|version| {
            let key = version.key.clone();
            (key, Moment::from(version))
        });
        let markers = page.delete_markers.into_iter().map(|marker| {
            let key = marker.key.clone();
            (key, Moment::from(marker))
        });
        let mut all: Vec<_> = versions.chain(markers).collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (key, moment) in all {
            match &mut self.open {
                Some(open) if open.key == key => open.moments.push(moment),
                _ => {
                    self.close(true);
                    self.open = Some(KeyHistory {
                        key,
                        moments: vec![moment],
                        is_whole: true,
                    });
                }
            }
        }
        if !page.is_truncated {
            self.close(true);
        }
    }

    fn close(&mut self, is_whole: bool) {
        if let Some(mut open) = self.open.take() {
            open.sort();
            open.is_whole = is_whole;
            self.whole.push(open);
        }
    }

    /// Takes out the keys that are whole.
    pub fn take(&mut self) -> Vec<KeyHistory> {
        std::mem::take(&mut self.whole)
    }

    /// Takes out the key of which not all is known.
    pub fn cut_off(mut self) -> Option<KeyHistory> {
        self.whole.clear();
        self.close(false);
        self.whole.pop()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn version(key: &str, id: u64, size: u64, is_latest: bool) -> ObjectVersion {
        ObjectVersion {
            key: key.to_owned(),
            version_id: id.to_string(),
            is_latest,
            last_modified: Timestamp::from_unix_seconds(i64::try_from(id / 2).unwrap()),
            etag: None,
            size,
            storage_class: None,
            owner: None,
        }
    }

    fn marker(key: &str, id: u64, is_latest: bool) -> DeleteMarker {
        DeleteMarker {
            key: key.to_owned(),
            version_id: id.to_string(),
            is_latest,
            last_modified: Timestamp::from_unix_seconds(i64::try_from(id / 2).unwrap()),
            owner: None,
        }
    }

    fn of(versions: Vec<ObjectVersion>, delete_markers: Vec<DeleteMarker>) -> Vec<KeyHistory> {
        let mut histories = Histories::default();
        histories.add(VersionPage {
            versions,
            delete_markers,
            ..VersionPage::default()
        });
        histories.take()
    }

    fn ids(history: &KeyHistory) -> Vec<&str> {
        let ids = history.moments.iter();
        ids.map(|moment| moment.version_id.as_str()).collect()
    }

    #[test]
    fn a_key_tells_what_it_is_and_what_it_was() {
        let found = of(
            vec![
                // As HCP lists them: the oldest first.
                version("a", 2, 10, false),
                version("a", 4, 20, false),
                version("a", 6, 30, true),
                version("b", 3, 5, false),
                version("c", 9, 7, false),
            ],
            vec![marker("b", 5, false), marker("b", 8, true)],
        );
        let [a, b, c] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(ids(a), ["6", "4", "2"]);
        assert_eq!((a.state(), a.versions()), (KeyState::Current, 3));
        assert_eq!((a.old_bytes(), a.restorable()), (30, None));
        assert_eq!(ids(b), ["8", "5", "3"]);
        assert_eq!((b.state(), b.versions()), (KeyState::Deleted, 1));
        assert_eq!(b.old_bytes(), 5);
        let hiding: Vec<_> = b
            .hiding()
            .iter()
            .map(|one| one.version_id.clone())
            .collect();
        assert_eq!(hiding, ["8", "5"]);
        assert_eq!(c.state(), KeyState::OnlyOld);
        assert_eq!(c.restorable().unwrap().version_id, "9");
        assert!(c.hiding().is_empty());
    }

    #[test]
    fn what_was_made_in_one_second_goes_by_number() {
        let found = of(
            vec![version("a", 11, 1, true), version("a", 10, 1, false)],
            vec![],
        );
        assert_eq!(ids(&found[0]), ["11", "10"]);
        // A marker alone hides nothing that could come back.
        let found = of(vec![], vec![marker("a", 1, true)]);
        assert!(found[0].hiding().is_empty());
    }

    #[test]
    fn a_key_that_goes_on_is_cut_off() {
        let mut histories = Histories::default();
        histories.add(VersionPage {
            versions: vec![version("a", 1, 1, true), version("b", 2, 1, false)],
            is_truncated: true,
            ..VersionPage::default()
        });
        assert_eq!(histories.take().len(), 1);
        let rest = histories.cut_off().unwrap();
        assert_eq!((rest.key.as_str(), rest.is_whole), ("b", false));
    }

    proptest! {
        /// Wherever pages end, the keys are the same.
        #[test]
        fn page_borders_change_nothing(
            keys in proptest::collection::vec((0..4_u8, any::<bool>()), 1..30),
            size in 1..7_usize,
        ) {
            let mut keys = keys;
            keys.sort_by_key(|(key, _)| *key);
            let name = |key: u8| format!("k{key}");
            let entries: Vec<_> = keys.iter().enumerate().map(|(n, (key, is_marker))| {
                let last = keys.get(n + 1).is_none_or(|(next, _)| next != key);
                (name(*key), n as u64, *is_marker, last)
            }).collect();
            let page = |entries: &[(String, u64, bool, bool)], is_truncated| VersionPage {
                versions: entries.iter().filter(|one| !one.2)
                    .map(|(key, id, _, last)| version(key, *id, *id, *last)).collect(),
                delete_markers: entries.iter().filter(|one| one.2)
                    .map(|(key, id, _, last)| marker(key, *id, *last)).collect(),
                is_truncated,
                ..VersionPage::default()
            };
            let mut at_once = Histories::default();
            at_once.add(page(&entries, false));
            let mut paged = Histories::default();
            let chunks = entries.chunks(size);
            let count = chunks.len();
            for (n, chunk) in chunks.enumerate() {
                paged.add(page(chunk, n + 1 < count));
            }
            prop_assert_eq!(at_once.take(), paged.take());
        }
    }
}
