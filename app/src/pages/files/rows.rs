//! What is held of a folder, and in which order it is shown.
//!
//! Entries keep the place at which they arrived; an order is a list of such places, and only that is
//! sorted and filtered. Both go on in small steps, so that a hundred thousand entries never hold the
//! page up: a step takes some entries that it has not looked at yet, and merges them into the rest.

use std::{collections::BTreeSet, ops::Bound};

use fixedbitset::FixedBitSet;
use model::Timestamp;

use super::{filter::Filter, listing::Entry, order::Order};

/// How a list is arranged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrangement {
    /// What is shown at all.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    /// Whether folders come in one order with files.
    pub mixed: bool,
}

/// The places of entries in one arrangement.
#[derive(Clone, Debug, Default)]
struct Shape {
    arrangement: Arrangement,
    /// Folders, then files; all in the second where they are mixed.
    groups: [Vec<u32>; 2],
    /// How many entries have been looked at.
    seen: usize,
    /// Which of them are shown.
    present: FixedBitSet,
}

/// What there is of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Folders.
    pub folders: usize,
    /// Files.
    pub files: usize,
    /// Bytes of the files.
    pub bytes: u64,
}

impl Totals {
    /// Folders and files.
    pub fn entries(self) -> usize {
        self.folders + self.files
    }

    /// With one more entry.
    fn add(&mut self, entry: &Entry) {
        match entry.size {
            Some(bytes) => {
                self.files += 1;
                self.bytes = self.bytes.saturating_add(bytes);
            }
            None => self.folders += 1,
        }
    }
}

/// The entries of a folder as far as they are loaded.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    entries: Vec<Entry>,
    /// Where names begin in keys.
    base: usize,
    totals: Totals,
    /// When any of them ends.
    ends: BTreeSet<Timestamp>,
    shown: Shape,
    /// Another arrangement, shown when it has caught up.
    next: Option<Shape>,
}

impl Rows {
    /// No entries yet, of a folder whose names begin at `base` in their keys.
    pub fn new(base: usize, arrangement: Arrangement) -> Self {
        Self {
            base,
            shown: Shape {
                arrangement,
                ..Shape::default()
            },
            ..Self::default()
        }
    }

    /// With these entries, all arranged at once: a first page.
    pub fn of(base: usize, arrangement: Arrangement, entries: Vec<Entry>) -> Self {
        let mut rows = Self::new(base, arrangement);
        rows.add(entries);
        while rows.work(usize::MAX) {}
        rows
    }

    /// Takes more entries; they are shown after the next steps.
    pub fn add(&mut self, entries: Vec<Entry>) {
        for entry in &entries {
            self.totals.add(entry);
            self.ends.extend(entry.ends);
        }
        self.entries.extend(entries);
    }

    /// Asks for another arrangement; whether that is one.
    pub fn arrange(&mut self, arrangement: Arrangement) -> bool {
        let wanted = self.next.as_ref().unwrap_or(&self.shown);
        if wanted.arrangement == arrangement {
            return false;
        }
        if self.shown.arrangement == arrangement {
            self.next = None;
        } else {
            self.next = Some(Shape {
                arrangement,
                ..Shape::default()
            });
        }
        true
    }

    /// The arrangement that is asked for.
    pub fn arrangement(&self) -> &Arrangement {
        &self.next.as_ref().unwrap_or(&self.shown).arrangement
    }

    /// Looks at up to `most` more entries; whether there is more to do.
    pub fn work(&mut self, most: usize) -> bool {
        let shape = self.next.as_mut().unwrap_or(&mut self.shown);
        shape.look(&self.entries, self.base, most);
        let caught_up = shape.seen == self.entries.len();
        if caught_up && let Some(next) = self.next.take() {
            self.shown = next;
        }
        !caught_up
    }

    /// Whether all entries have their place in the arrangement that is asked for.
    pub fn is_settled(&self) -> bool {
        self.next.is_none() && self.shown.seen == self.entries.len()
    }

    /// How many entries are held, shown or not.
    pub fn held(&self) -> usize {
        self.entries.len()
    }

    /// What is held.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// When the next of them ends, behind a time.
    pub fn next_end(&self, behind: Option<Timestamp>) -> Option<Timestamp> {
        let behind = behind.map_or(Bound::Unbounded, Bound::Excluded);
        let mut later = self.ends.range((behind, Bound::Unbounded));
        later.next().copied()
    }

    /// Whether any of them ends at this time.
    pub fn has_end(&self, end: Timestamp) -> bool {
        self.ends.contains(&end)
    }

    /// How many rows are shown.
    pub fn len(&self) -> usize {
        self.shown.groups.iter().map(Vec::len).sum()
    }

    /// Whether no row is shown.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where names begin in keys.
    pub fn base(&self) -> usize {
        self.base
    }

    /// An entry by the place at which it arrived.
    pub fn entry(&self, id: u32) -> Option<&Entry> {
        self.entries.get(id as usize)
    }

    /// The entry of a row.
    pub fn at(&self, place: usize) -> Option<u32> {
        let [first, second] = &self.shown.groups;
        let of_second = place.checked_sub(first.len());
        of_second
            .map_or_else(|| first.get(place), |place| second.get(place))
            .copied()
    }

    /// The row of an entry, if it is shown.
    pub fn place_of(&self, id: u32) -> Option<usize> {
        if !self.shown.present.contains(id as usize) {
            return None;
        }
        let group = self.shown.group_of(self.entries.get(id as usize)?);
        let order = self.shown.arrangement.order;
        let found = self.shown.groups[group]
            .binary_search_by(|other| order.compare(&self.entries, *other, id, self.base));
        let before = if group == 1 {
            self.shown.groups[0].len()
        } else {
            0
        };
        found.ok().map(|place| before + place)
    }

    /// Which entries are shown.
    pub fn present(&self) -> &FixedBitSet {
        &self.shown.present
    }

    /// The entry with a key. Looks at all of them.
    pub fn find(&self, key: &str) -> Option<u32> {
        self.find_from(key, 0)
    }

    /// The entry with a key among those that arrived at `from` or later.
    pub fn find_from(&self, key: &str, from: usize) -> Option<u32> {
        let later = self.entries.get(from..)?;
        let at = later.iter().position(|entry| entry.key == key)?;
        u32::try_from(from + at).ok()
    }

    /// The entries that arrived at `from` or later.
    pub fn since(&self, from: usize) -> impl Iterator<Item = (u32, &Entry)> {
        (0..).zip(&self.entries).skip(from)
    }

    /// The first row at `from` or later, then from the first on, for whose name `is_meant` holds.
    pub fn seek(&self, from: usize, is_meant: impl Fn(&str) -> bool) -> Option<usize> {
        let count = self.len();
        (from..count).chain(0..from.min(count)).find(|place| {
            let entry = self.at(*place).and_then(|id| self.entry(id));
            entry.is_some_and(|entry| is_meant(entry.key.get(self.base..).unwrap_or(&entry.key)))
        })
    }
}

impl Shape {
    fn group_of(&self, entry: &Entry) -> usize {
        usize::from(self.arrangement.mixed || !entry.is_folder())
    }

    fn look(&mut self, entries: &[Entry], base: usize, most: usize) {
        let end = self.seen.saturating_add(most).min(entries.len());
        let mut more = [Vec::new(), Vec::new()];
        self.present.grow(end);
        for (id, entry) in (0_u32..).zip(entries).take(end).skip(self.seen) {
            if self.arrangement.filter.passes(entry, base) {
                more[self.group_of(entry)].push(id);
                self.present.insert(id as usize);
            }
        }
        self.seen = end;
        let order = self.arrangement.order;
        for (group, more) in self.groups.iter_mut().zip(more) {
            merge(group, more, |a, b| order.compare(entries, a, b, base));
        }
    }
}

/// Puts `more` in its places in `sorted`: a search for each, and copies of what lies between.
fn merge(
    sorted: &mut Vec<u32>,
    mut more: Vec<u32>,
    compare: impl Fn(u32, u32) -> std::cmp::Ordering,
) {
    more.sort_unstable_by(|a, b| compare(*a, *b));
    let (Some(last), Some(first)) = (sorted.last(), more.first()) else {
        sorted.append(&mut more);
        return;
    };
    if compare(*last, *first).is_lt() {
        sorted.append(&mut more);
        return;
    }
    let mut merged = Vec::with_capacity(sorted.len() + more.len());
    let mut rest: &[u32] = sorted;
    for one in more {
        let at = rest.partition_point(|other| compare(*other, one).is_lt());
        let (before, after) = rest.split_at(at);
        merged.extend_from_slice(before);
        merged.push(one);
        rest = after;
    }
    merged.extend_from_slice(rest);
    *sorted = merged;
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use model::Timestamp;
    use proptest::prelude::*;

    use super::{super::order::Column, *};

    fn arrangement(column: Column, descending: bool, text: &str) -> Arrangement {
        let now = Timestamp::from_unix_seconds(0).unwrap();
        Arrangement {
            filter: Filter::new(text, Vec::new(), None, None, now),
            order: Order { column, descending },
            mixed: false,
        }
    }

    fn names(rows: &Rows) -> Vec<&str> {
        let keys = (0..rows.len()).filter_map(|place| rows.at(place));
        keys.map(|id| rows.entry(id).unwrap().key.as_str())
            .collect()
    }

    #[test]
    fn folders_stay_first_in_every_order_unless_mixed() {
        let entries = vec![
            Entry::folder("c/"),
            Entry::folder("d/"),
            Entry::file("a", 2),
            Entry::file("b", 1),
        ];
        let sorted = |column, descending| {
            let rows = Rows::of(0, arrangement(column, descending, ""), entries.clone());
            names(&rows).join(" ")
        };
        assert_eq!(sorted(Column::Name, false), "c/ d/ a b");
        assert_eq!(sorted(Column::Name, true), "d/ c/ b a");
        assert_eq!(sorted(Column::Size, false), "c/ d/ b a");
        assert_eq!(sorted(Column::Size, true), "d/ c/ a b");
        let mixed = Arrangement {
            mixed: true,
            ..arrangement(Column::Natural, false, "")
        };
        assert_eq!(names(&Rows::of(0, mixed, entries)), ["a", "b", "c/", "d/"]);
    }

    #[test]
    fn another_arrangement_is_shown_when_it_is_whole() {
        let entries = (0..10)
            .map(|n| Entry::file(&format!("f{n}"), 10 - n))
            .collect();
        let mut rows = Rows::of(0, Arrangement::default(), entries);
        assert!(rows.arrange(arrangement(Column::Size, false, "")));
        assert!(!rows.arrange(arrangement(Column::Size, false, "")));
        assert!(rows.work(5));
        assert_eq!(names(&rows)[0], "f0", "half of it is not shown");
        assert!(!rows.work(5));
        assert_eq!(names(&rows)[0], "f9");
        assert!(rows.is_settled());
    }

    #[test]
    fn what_arrives_is_merged_and_counted() {
        let mut rows = Rows::of(2, arrangement(Column::Name, false, "B"), Vec::new());
        rows.add(vec![Entry::file("b/b2", 5), Entry::file("b/a", 7)]);
        assert_eq!(rows.len(), 0, "before the next step");
        assert!(!rows.work(10));
        rows.add(vec![Entry::folder("b/b1/"), Entry::file("b/b3", 1)]);
        assert!(!rows.work(10));
        assert_eq!(names(&rows), ["b/b1/", "b/b2", "b/b3"]);
        let totals = rows.totals();
        assert_eq!((totals.folders, totals.files, totals.bytes), (1, 3, 13));
        assert_eq!(rows.place_of(1), None, "it is filtered out");
        assert_eq!(rows.place_of(2), Some(0));
        assert_eq!(rows.place_of(3), Some(2));
        assert_eq!(rows.find("b/b3"), Some(3));
        assert_eq!(rows.seek(1, |name| name.starts_with("b1")), Some(0));
    }

    fn any_entries() -> impl Strategy<Value = Vec<Entry>> {
        let one = ("[a-c0-9]{0,3}(\\.png|\\.txt|/|)", 0_u64..4, 0_i64..4);
        let entry = one.prop_map(|(name, size, time)| Entry {
            modified: Timestamp::from_unix_seconds(time),
            ..if name.ends_with('/') {
                Entry::folder(&name)
            } else {
                Entry::file(&name, size)
            }
        });
        proptest::collection::vec(entry, 0..60)
    }

    proptest! {
        /// In whichever steps entries come and are looked at, the outcome is that of sorting them all.
        #[test]
        fn steps_lead_to_where_sorting_leads(
            entries in any_entries(),
            column in 0_usize..5,
            descending: bool,
            mixed: bool,
            text in "[a-c0-9]?",
            page in 1_usize..20,
            step in 1_usize..7,
        ) {
            let wanted = Arrangement {
                mixed,
                ..arrangement(Column::ALL[column], descending, &text)
            };
            let mut rows = Rows::new(0, Arrangement::default());
            for (number, page) in entries.chunks(page).enumerate() {
                rows.add(page.to_vec());
                if number == 1 {
                    rows.arrange(wanted.clone());
                }
                rows.work(step);
            }
            rows.arrange(wanted.clone());
            while rows.work(step) {}
            let mut ids: Vec<u32> = (0..u32::try_from(entries.len()).unwrap())
                .filter(|id| wanted.filter.passes(&entries[*id as usize], 0))
                .collect();
            ids.sort_by(|a, b| {
                let folder = |id: &u32| !wanted.mixed && entries[*id as usize].is_folder();
                folder(b).cmp(&folder(a)).then(wanted.order.compare(&entries, *a, *b, 0))
            });
            let shown: Vec<u32> = (0..rows.len()).filter_map(|place| rows.at(place)).collect();
            prop_assert_eq!(&shown, &ids);
            for (place, id) in ids.iter().enumerate() {
                prop_assert_eq!(rows.place_of(*id), Some(place));
            }
        }
    }
}
