//! What a bucket holds, folder by folder: added up by a job, and compared with what it was.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use serde::{Deserialize, Serialize};

use super::MAX_RESULTS;

/// What is kept somewhere: objects, and what else takes room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Usage {
    /// Objects as they are; entries of folders without bytes do not count.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Versions that are not the newest.
    pub old_versions: u64,
    /// Their bytes.
    pub old_bytes: u64,
    /// Delete markers.
    pub markers: u64,
    /// Uploads that are not completed.
    pub uploads: u64,
    /// Bytes of their parts, as far as the store tells them.
    pub upload_bytes: u64,
}

impl Usage {
    /// All bytes: of objects, old versions and unfinished uploads.
    pub fn all_bytes(&self) -> u64 {
        let bytes = self.bytes.saturating_add(self.old_bytes);
        bytes.saturating_add(self.upload_bytes)
    }

    /// Whether nothing is kept.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what another has.
    pub fn add(&mut self, other: &Self) {
        self.each(other, u64::saturating_add);
    }

    /// What is left without a part of it.
    pub fn take(&mut self, part: &Self) {
        self.each(part, u64::saturating_sub);
    }

    fn each(&mut self, other: &Self, with: fn(u64, u64) -> u64) {
        for (mine, theirs) in [
            (&mut self.objects, other.objects),
            (&mut self.bytes, other.bytes),
            (&mut self.old_versions, other.old_versions),
            (&mut self.old_bytes, other.old_bytes),
            (&mut self.markers, other.markers),
            (&mut self.uploads, other.uploads),
            (&mut self.upload_bytes, other.upload_bytes),
        ] {
            *mine = with(*mine, theirs);
        }
    }
}

/// A folder of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FolderUsage {
    /// The folder, with its last slash; empty is the whole bucket. Null: all folders of the first level that have no
    /// line of their own.
    pub prefix: Option<String>,
    /// What is kept anywhere below it.
    #[serde(flatten)]
    pub usage: Usage,
}

/// What a snapshot says of the bucket as a whole, and how far it goes into folders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Measured {
    /// What the bucket holds.
    #[serde(flatten)]
    pub usage: Usage,
    /// How many folders have a line.
    pub folders: u64,
    /// How many levels of folders have lines; null where all have. What lies deeper is counted in the folders above.
    pub depth: Option<u32>,
    /// How many folders of the first level share a line, since there are more than can be kept.
    pub others: u64,
    /// Whether old versions and delete markers were counted: the store lists them.
    pub versions: bool,
}

/// Adds up what a listing tells, for each folder with all below it.
///
/// Of folders it keeps about as many as it tells in the end, also while it adds: what would be left out then is left
/// out as soon as that is certain. Keys come in the order of a listing, uploads after them.
#[derive(Clone, Debug)]
pub struct Tally {
    /// The most lines, with that of the bucket and that of the others.
    most: usize,
    whole: Usage,
    folders: BTreeMap<String, Usage>,
    depth: Option<u32>,
    others: Usage,
    merged: u64,
}

impl Default for Tally {
    fn default() -> Self {
        Self::new(usize::try_from(MAX_RESULTS).unwrap_or(usize::MAX))
    }
}

impl Tally {
    /// With room for so many lines in the end, at least four.
    pub fn new(most: usize) -> Self {
        Self {
            most: most.max(4),
            whole: Usage::default(),
            folders: BTreeMap::new(),
            depth: None,
            others: Usage::default(),
            merged: 0,
        }
    }

    /// All so far.
    pub fn whole(&self) -> Usage {
        self.whole
    }

    /// Counts a version of a key. A folder's own entry is a name without content.
    pub fn version(&mut self, key: &str, size: u64, newest: bool) {
        if size == 0 && key.ends_with('/') {
            return;
        }
        let usage = if newest {
            Usage {
                objects: 1,
                bytes: size,
                ..Usage::default()
            }
        } else {
            Usage {
                old_versions: 1,
                old_bytes: size,
                ..Usage::default()
            }
        };
        self.count(key, &usage, true);
    }

    /// Counts a delete marker.
    pub fn marker(&mut self, key: &str) {
        let usage = Usage {
            markers: 1,
            ..Usage::default()
        };
        self.count(key, &usage, true);
    }

    /// Counts an upload that is not completed. The folders that share a line have been chosen by then.
    pub fn upload(&mut self, key: &str, bytes: u64) {
        let usage = Usage {
            uploads: 1,
            upload_bytes: bytes,
            ..Usage::default()
        };
        self.count(key, &usage, self.merged == 0);
    }

    fn count(&mut self, key: &str, usage: &Usage, anew: bool) {
        self.whole.add(usage);
        let depth = self.depth.map_or(usize::MAX, |depth| depth as usize);
        let first = key.find('/').map(|at| &key[..=at]);
        if !anew && first.is_some_and(|first| !self.folders.contains_key(first)) {
            self.others.add(usage);
            return;
        }
        for (at, _) in key.match_indices('/').take(depth) {
            let prefix = &key[..=at];
            match self.folders.get_mut(prefix) {
                Some(sums) => sums.add(usage),
                None => {
                    self.folders.insert(prefix.to_owned(), *usage);
                }
            }
        }
        if self.folders.len() > 2 * self.most {
            self.fold(first);
        }
    }

    /// How many folders can have a line: the bucket has one, and so have the others where there are any.
    fn room(&self) -> usize {
        self.most - if self.merged == 0 { 1 } else { 2 }
    }

    /// Leaves out what there is no room for; `open` is a folder of which more may come.
    fn fold(&mut self, open: Option<&str>) {
        while self.folders.len() > self.room() {
            let deepest = self.folders.keys().map(|prefix| level(prefix)).max();
            match deepest {
                Some(deepest @ 2..) => {
                    self.depth = Some(deepest - 1);
                    self.folders.retain(|prefix, _| level(prefix) < deepest);
                }
                _ => return self.merge(open),
            }
        }
    }

    /// Has the smallest folders of the first level share a line.
    fn merge(&mut self, open: Option<&str>) {
        let mut sizes: Vec<(u64, u64, String)> = self
            .folders
            .iter()
            .filter(|(prefix, _)| Some(prefix.as_str()) != open)
            .map(|(prefix, usage)| (usage.all_bytes(), usage.objects, prefix.clone()))
            .collect();
        sizes.sort_unstable();
        let room = self.most - 2;
        let spare = self.folders.len().saturating_sub(room);
        for (_, _, prefix) in sizes.into_iter().take(spare) {
            if let Some(usage) = self.folders.remove(&prefix) {
                self.others.add(&usage);
                self.merged += 1;
            }
        }
    }

    /// All keys were counted: only uploads come now.
    pub fn end_of_keys(&mut self) {
        self.fold(None);
    }

    /// The sums, and the lines: the bucket, its folders by name, the others.
    pub fn finish(mut self, versions: bool) -> (Measured, Vec<FolderUsage>) {
        self.fold(None);
        let measured = Measured {
            usage: self.whole,
            folders: self.folders.len() as u64,
            depth: self.depth,
            others: self.merged,
            versions,
        };
        let line = |prefix: Option<String>, usage| FolderUsage { prefix, usage };
        let mut lines = vec![line(Some(String::new()), self.whole)];
        let folders = self.folders.into_iter();
        lines.extend(folders.map(|(prefix, usage)| line(Some(prefix), usage)));
        if self.merged > 0 {
            lines.push(line(None, self.others));
        }
        (measured, lines)
    }
}

/// How many levels below the bucket a folder is.
fn level(prefix: &str) -> u32 {
    let slashes = prefix.bytes().filter(|byte| *byte == b'/').count();
    u32::try_from(slashes).unwrap_or(u32::MAX)
}

/// A line of a page of folders: what a folder holds, and held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FolderLine {
    /// The folder, with its last slash. Null: all folders of the first level that have no line of their own.
    pub prefix: Option<String>,
    /// What is kept anywhere below it; nothing where the folder is gone.
    #[serde(flatten)]
    pub usage: Usage,
    /// What was kept then: nothing of a new folder. Null where no comparison was asked for, or the earlier snapshot has
    /// no line for it.
    #[serde(default)]
    pub before: Option<Usage>,
}

impl FolderLine {
    /// By how many bytes it has grown; `None` where that is not known.
    pub fn growth(&self) -> Option<i128> {
        let before = self.before?;
        Some(i128::from(self.usage.all_bytes()) - i128::from(before.all_bytes()))
    }

    /// By how many objects it has grown.
    pub fn more_objects(&self) -> Option<i128> {
        let before = self.before?;
        Some(i128::from(self.usage.objects) - i128::from(before.objects))
    }
}

/// A page of the folders directly below one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FolderPage {
    /// The folder itself.
    pub folder: FolderLine,
    /// What lies in it and in no folder below it; where those have no lines, all of it.
    pub files: FolderLine,
    /// Whether the snapshot has lines for the folders below this one.
    pub told: bool,
    /// The folders directly below, largest first; in a comparison those that changed most.
    pub folders: Vec<FolderLine>,
    /// How many there are.
    pub total: u64,
    /// The number of the next page's first folder; null on the last page.
    pub next: Option<u64>,
}

/// A snapshot, ready to be looked at.
#[derive(Clone, Copy, Debug)]
pub struct Snapshot<'a> {
    /// What it says as a whole.
    pub measured: &'a Measured,
    /// Its lines.
    pub lines: &'a [FolderUsage],
}

impl Snapshot<'_> {
    /// What a folder held; nothing where there was none.
    fn of(&self, prefix: &str) -> Usage {
        let mut lines = self.lines.iter();
        let line = lines.find(|line| line.prefix.as_deref() == Some(prefix));
        line.map(|line| line.usage).unwrap_or_default()
    }

    /// Whether the folders below one have lines.
    fn tells_below(&self, prefix: &str) -> bool {
        self.measured
            .depth
            .is_none_or(|depth| level(prefix) < depth)
    }

    /// Whether a folder that has no line was not there: it may be among the others.
    fn is_whole_below(&self, prefix: &str) -> bool {
        self.tells_below(prefix) && (self.measured.others == 0 || !prefix.is_empty())
    }

    /// The folders directly below one; the others are at the first level.
    fn below<'s>(&'s self, prefix: &'s str) -> impl Iterator<Item = (Option<&'s str>, Usage)> {
        let told = self.tells_below(prefix);
        self.lines
            .iter()
            .filter_map(move |line| match &line.prefix {
                Some(own) => {
                    let rest = own.strip_prefix(prefix)?;
                    let direct = rest.find('/')? + 1 == rest.len();
                    let below = (prefix.is_empty() || prefix.ends_with('/')) && direct && told;
                    below.then_some((Some(own.as_str()), line.usage))
                }
                None => prefix.is_empty().then_some((None, line.usage)),
            })
    }

    /// What lies directly in a folder.
    fn files(&self, prefix: &str) -> Usage {
        let mut files = self.of(prefix);
        for (_, usage) in self.below(prefix) {
            files.take(&usage);
        }
        files
    }

    /// The folders below one, beside what an earlier snapshot says of them.
    pub fn page(
        &self,
        prefix: &str,
        earlier: Option<&Snapshot<'_>>,
        from: u64,
        limit: usize,
    ) -> FolderPage {
        let line = |usage, before| FolderLine {
            prefix: Some(prefix.to_owned()),
            usage,
            before,
        };
        let then = earlier.and_then(|one| {
            let had = one.of(prefix);
            let was_none = prefix.is_empty() || one.is_whole_below(parent(prefix));
            (was_none || !had.is_nothing()).then_some(had)
        });
        let folder = line(self.of(prefix), then);
        let both = earlier.filter(|one| one.is_whole_below(prefix) && self.is_whole_below(prefix));
        let files = line(self.files(prefix), both.map(|one| one.files(prefix)));
        let mut folders = self.lines_below(prefix, earlier);
        let size = |line: &FolderLine| (line.usage.all_bytes(), line.usage.objects);
        folders.sort_by(|a, b| {
            let change = |line: &FolderLine| {
                let growth = line.growth().map(i128::unsigned_abs);
                (growth, line.more_objects().map(i128::unsigned_abs))
            };
            let order = |line: &FolderLine| (Reverse(change(line)), Reverse(size(line)));
            order(a)
                .cmp(&order(b))
                .then_with(|| a.prefix.cmp(&b.prefix))
        });
        let total = folders.len() as u64;
        let first = usize::try_from(from).unwrap_or(usize::MAX);
        let folders: Vec<_> = folders.into_iter().skip(first).take(limit).collect();
        let next = from.saturating_add(folders.len() as u64);
        FolderPage {
            folder,
            files,
            told: self.tells_below(prefix),
            total,
            next: Some(next).filter(|next| *next < total && !folders.is_empty()),
            folders,
        }
    }

    fn lines_below(&self, prefix: &str, earlier: Option<&Snapshot<'_>>) -> Vec<FolderLine> {
        let mut before: HashMap<&str, Usage> = HashMap::new();
        let told = earlier.is_some_and(|one| one.tells_below(prefix));
        let whole = earlier.is_some_and(|one| one.is_whole_below(prefix));
        if let Some(earlier) = earlier.filter(|_| told) {
            let named = earlier.below(prefix);
            before.extend(named.filter_map(|(name, usage)| Some((name?, usage))));
        }
        let mut lines: Vec<FolderLine> = self
            .below(prefix)
            .map(|(name, usage)| FolderLine {
                prefix: name.map(str::to_owned),
                usage,
                before: name.and_then(|name| {
                    let known = before.remove(name);
                    known.or_else(|| whole.then(Usage::default))
                }),
            })
            .collect();
        if self.is_whole_below(prefix) {
            lines.extend(before.into_iter().map(|(name, usage)| FolderLine {
                prefix: Some(name.to_owned()),
                usage: Usage::default(),
                before: Some(usage),
            }));
        }
        lines
    }
}

/// The folder above one.
fn parent(prefix: &str) -> &str {
    let inner = prefix.strip_suffix('/').unwrap_or(prefix);
    inner.rfind('/').map_or("", |at| &inner[..=at])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn objects(objects: u64, bytes: u64) -> Usage {
        Usage {
            objects,
            bytes,
            ..Usage::default()
        }
    }

    fn tallied(most: usize, keys: &[(&str, u64)]) -> (Measured, Vec<FolderUsage>) {
        let mut tally = Tally::new(most);
        for (key, size) in keys {
            tally.version(key, *size, true);
        }
        tally.end_of_keys();
        tally.finish(true)
    }

    fn named(lines: &[FolderUsage]) -> Vec<(&str, u64)> {
        let lines = lines.iter();
        lines
            .map(|line| (line.prefix.as_deref().unwrap_or("others"), line.usage.bytes))
            .collect()
    }

    #[test]
    fn each_folder_has_all_below_it() {
        let mut tally = Tally::new(100);
        tally.version("a/", 0, true);
        tally.version("a/b/c.txt", 5, true);
        tally.version("a/b/c.txt", 3, false);
        tally.marker("a/gone");
        tally.version("a/gone", 2, false);
        tally.version("top", 1, true);
        tally.end_of_keys();
        tally.upload("a/new/big", 7);
        let (measured, lines) = tally.finish(true);
        let whole = Usage {
            objects: 2,
            bytes: 6,
            old_versions: 2,
            old_bytes: 5,
            markers: 1,
            uploads: 1,
            upload_bytes: 7,
        };
        assert_eq!(measured.usage, whole);
        assert_eq!(
            (measured.folders, measured.depth, measured.others),
            (3, None, 0)
        );
        let snapshot = Snapshot {
            measured: &measured,
            lines: &lines,
        };
        let of = |prefix: &str| snapshot.of(prefix);
        assert_eq!(of(""), whole);
        let mut below = whole;
        below.take(&objects(1, 1));
        assert_eq!(of("a/"), below);
        assert_eq!((of("a/b/").bytes, of("a/b/").old_bytes), (5, 3));
        assert_eq!((of("a/new/").uploads, of("a/new/").upload_bytes), (1, 7));
        assert_eq!(of("a/b"), Usage::default());
        let page = snapshot.page("a/", None, 0, 10);
        assert_eq!(page.folders.len(), 2);
        assert_eq!(page.folders[0].prefix.as_deref(), Some("a/b/"));
        // What was deleted lies in the folder itself.
        assert_eq!(
            (page.files.usage.markers, page.files.usage.old_bytes),
            (1, 2)
        );
    }

    #[test]
    fn the_deepest_level_is_folded_into_those_above() {
        let keys = [("a/b/c/d", 1), ("a/b/e/f", 2), ("a/g/h/i", 3), ("j/k", 4)];
        let (measured, lines) = tallied(100, &keys);
        assert_eq!((measured.folders, measured.depth), (7, None));
        assert_eq!(lines.len(), 8);
        let (measured, lines) = tallied(7, &keys);
        assert_eq!((measured.folders, measured.depth), (4, Some(2)));
        assert_eq!(
            named(&lines),
            [("", 10), ("a/", 6), ("a/b/", 3), ("a/g/", 3), ("j/", 4)]
        );
        let (measured, lines) = tallied(4, &keys);
        assert_eq!(measured.depth, Some(1));
        assert_eq!(named(&lines), [("", 10), ("a/", 6), ("j/", 4)]);
        let snapshot = Snapshot {
            measured: &measured,
            lines: &lines,
        };
        let page = snapshot.page("a/", None, 0, 10);
        assert!(!page.told && page.folders.is_empty());
        assert_eq!(page.files.usage, objects(3, 6));
    }

    #[test]
    fn the_smallest_of_too_many_folders_share_a_line() {
        let keys: Vec<(String, u64)> = (0..40).map(|n| (format!("{n:02}/x"), n % 20)).collect();
        let keys: Vec<_> = keys
            .iter()
            .map(|(key, size)| (key.as_str(), *size))
            .collect();
        let (measured, lines) = tallied(6, &keys);
        assert_eq!((measured.others, measured.folders), (36, 4));
        assert_eq!(
            named(&lines),
            [
                ("", 380),
                ("18/", 18),
                ("19/", 19),
                ("38/", 18),
                ("39/", 19),
                ("others", 306)
            ]
        );
    }

    #[test]
    fn a_comparison_says_what_is_new_gone_and_changed_most() {
        let then = tallied(100, &[("a/x", 10), ("b/x", 1_000), ("c/x", 5), ("top", 1)]);
        let now = tallied(
            100,
            &[
                ("a/x", 10),
                ("a/y", 40),
                ("b/x", 1_000),
                ("d/x", 30),
                ("top", 3),
            ],
        );
        let snapshot = |one: &'static (Measured, Vec<FolderUsage>)| Snapshot {
            measured: &one.0,
            lines: &one.1,
        };
        let then = snapshot(Box::leak(Box::new(then)));
        let now = snapshot(Box::leak(Box::new(now)));
        let page = now.page("", Some(&then), 0, 10);
        let told: Vec<_> = page
            .folders
            .iter()
            .map(|line| (line.prefix.as_deref().unwrap(), line.growth().unwrap()))
            .collect();
        assert_eq!(told, [("a/", 40), ("d/", 30), ("c/", -5), ("b/", 0)]);
        assert_eq!(page.folder.growth(), Some(67));
        assert_eq!(page.files.growth(), Some(2));
        let is_nothing = |at: usize, now: bool| {
            let line = &page.folders[at];
            let usage = if now { Some(line.usage) } else { line.before };
            usage.is_some_and(|usage| usage.is_nothing())
        };
        assert!(is_nothing(1, false) && is_nothing(2, true));
        let second = now.page("", Some(&then), 1, 2);
        assert_eq!(
            (second.folders.len(), second.total, second.next),
            (2, 4, Some(3))
        );
        assert_eq!(second.folders[0].prefix.as_deref(), Some("d/"));
        // Without an earlier one: by size.
        let alone = now.page("", None, 0, 10);
        assert_eq!(alone.folders[0].prefix.as_deref(), Some("b/"));
        assert_eq!((alone.folders[0].before, alone.folder.before), (None, None));
    }

    #[test]
    fn what_a_snapshot_left_out_is_neither_new_nor_gone() {
        let mut keys = vec![("a/b/x", 1), ("c/d/x", 1), ("e/x", 1), ("g/x", 1)];
        let then = tallied(4, &keys);
        keys.insert(3, ("f/x", 1));
        let now = tallied(100, &keys);
        assert_eq!((then.0.others, then.0.depth), (2, Some(1)));
        let (then, now) = (
            Snapshot {
                measured: &then.0,
                lines: &then.1,
            },
            Snapshot {
                measured: &now.0,
                lines: &now.1,
            },
        );
        let page = now.page("", Some(&then), 0, 10);
        assert_eq!(page.folders.len(), 5);
        assert_eq!(page.folder.growth(), Some(1));
        let new = page
            .folders
            .iter()
            .filter(|line| line.before.is_some_and(|b| b.is_nothing()));
        assert_eq!((new.count(), page.files.before), (0, None));
        let gone = then.page("", Some(&now), 0, 10).folders;
        assert!(gone.iter().all(|line| !line.usage.is_nothing()), "{gone:?}");
        let deeper = now.page("a/", Some(&then), 0, 10);
        assert_eq!(deeper.folders[0].before, None);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_however_little_room_there_is(
            keys in proptest::collection::btree_map("[ab/]{0,6}[a-d]", 0_u64..100, 0..60),
            most in 4_usize..20,
        ) {
            let keys: Vec<_> = keys.iter().map(|(key, size)| (key.as_str(), *size)).collect();
            let (measured, lines) = tallied(most, &keys);
            prop_assert!(lines.len() <= most);
            let whole = objects(keys.len() as u64, keys.iter().map(|(_, size)| size).sum());
            prop_assert_eq!(measured.usage, whole);
            let snapshot = Snapshot { measured: &measured, lines: &lines };
            for line in &lines {
                let Some(prefix) = &line.prefix else { continue };
                let below = keys.iter().filter(|(key, _)| key.starts_with(prefix.as_str()));
                let (count, bytes) = below.fold((0, 0), |(n, sum), (_, size)| (n + 1, sum + size));
                prop_assert_eq!(line.usage, objects(count, bytes));
                // A folder is its files and the folders below it.
                let page = snapshot.page(prefix, None, 0, usize::MAX);
                let mut sum = page.files.usage;
                for folder in &page.folders {
                    sum.add(&folder.usage);
                }
                prop_assert_eq!(sum, page.folder.usage);
            }
            // What is left out while one counts is what would be left out at the end.
            let roomy = tallied(10_000, &keys).1;
            let of_level = |depth: u32| {
                roomy.iter().filter(|line| line.prefix.as_deref().is_some_and(|p| level(p) <= depth)).count()
            };
            if let Some(depth) = measured.depth {
                prop_assert!(of_level(depth + 1) > most);
            }
        }
    }
}
