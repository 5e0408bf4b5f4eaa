//! Which rows are selected, by the rules of file managers.
//!
//! A click selects one row and sets the anchor; with `Ctrl` it takes a row in or out; with `Shift` the
//! range from the anchor to it is selected, in place of the last range; with both the range joins what
//! was selected when the anchor was set.

use fixedbitset::FixedBitSet;

use super::rows::{Rows, Totals};

/// The selected entries, by the places at which they arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    chosen: FixedBitSet,
    /// What was selected when the anchor was set: a range with `Ctrl` joins it.
    base: FixedBitSet,
    /// Where a range begins.
    anchor: Option<u32>,
    /// Everything that the folder holds and the filter lets through, loaded or not.
    everything: bool,
}

impl Selection {
    /// Whether an entry is selected.
    pub fn contains(&self, id: u32) -> bool {
        self.chosen.contains(id as usize)
    }

    /// How many entries are selected.
    pub fn count(&self) -> usize {
        self.chosen.count_ones(..)
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.chosen.is_clear()
    }

    /// Whether the selection is a rule, not a list.
    pub fn is_everything(&self) -> bool {
        self.everything
    }

    /// How many selected entries the filter hides.
    pub fn hidden(&self, rows: &Rows) -> usize {
        // Counted like this because the sets may be of different lengths.
        self.count() - self.chosen.intersection_count(rows.present())
    }

    /// Whether every row that is shown is selected.
    pub fn has_all(&self, rows: &Rows) -> bool {
        !rows.is_empty() && rows.present().intersection_count(&self.chosen) == rows.len()
    }

    /// The selected entries, as they arrived.
    pub fn ids(&self) -> impl Iterator<Item = u32> {
        self.chosen
            .ones()
            .filter_map(|place| u32::try_from(place).ok())
    }

    /// What is selected, counted.
    pub fn totals(&self, rows: &Rows) -> Totals {
        let mut totals = Totals::default();
        for entry in self.ids().filter_map(|id| rows.entry(id)) {
            match entry.size {
                Some(bytes) => {
                    totals.files += 1;
                    totals.bytes = totals.bytes.saturating_add(bytes);
                }
                None => totals.folders += 1,
            }
        }
        totals
    }

    /// Selects one entry alone.
    pub fn only(&mut self, id: u32) {
        self.chosen.clear();
        self.insert(id);
        self.base.clear();
        self.anchor = Some(id);
        self.everything = false;
    }

    /// Takes an entry in, or out.
    pub fn toggle(&mut self, id: u32) {
        if self.contains(id) {
            self.chosen.remove(id as usize);
        } else {
            self.insert(id);
        }
        self.base.clone_from(&self.chosen);
        self.anchor = Some(id);
        self.everything = false;
    }

    /// Takes an entry in and leaves everything else as it is: a selection that is found again.
    pub fn insert(&mut self, id: u32) {
        self.chosen.grow(id as usize + 1);
        self.chosen.insert(id as usize);
    }

    /// Selects from the anchor to an entry in the order that is shown, in place of the last range; the
    /// rest stays if `adding`. Without an anchor that is shown the range begins at `from`.
    pub fn range(&mut self, rows: &Rows, to: u32, from: u32, adding: bool) {
        let Some(end) = rows.place_of(to) else { return };
        let begin = self
            .anchor
            .and_then(|anchor| Some((anchor, rows.place_of(anchor)?)))
            .or_else(|| Some((from, rows.place_of(from)?)))
            .unwrap_or((to, end));
        if self.anchor != Some(begin.0) {
            self.anchor = Some(begin.0);
            self.base.clone_from(&self.chosen);
        }
        if adding {
            self.chosen.clone_from(&self.base);
        } else {
            self.chosen.clear();
            self.base.clear();
        }
        for place in begin.1.min(end)..=begin.1.max(end) {
            if let Some(id) = rows.at(place) {
                self.insert(id);
            }
        }
        self.everything = false;
    }

    /// Selects every row that is shown, and keeps what the filter hides.
    pub fn all(&mut self, rows: &Rows) {
        self.chosen.grow(rows.present().len());
        self.chosen.union_with(rows.present());
        self.base.clone_from(&self.chosen);
        self.everything = false;
    }

    /// Selects what is loaded and what is not.
    pub fn take_everything(&mut self, rows: &Rows) {
        self.chosen.clear();
        self.all(rows);
        self.everything = true;
    }

    /// Takes in what arrived meanwhile, where everything is selected.
    pub fn follow(&mut self, rows: &Rows) {
        if self.everything {
            self.take_everything(rows);
        }
    }

    /// Selects nothing.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Where a range begins.
    pub fn anchor(&self) -> Option<u32> {
        self.anchor
    }

    /// Says where a range begins, after the entries got other places.
    pub fn set_anchor(&mut self, anchor: Option<u32>) {
        self.anchor = anchor;
        self.base.clone_from(&self.chosen);
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            listing::Entry,
            order::{Column, Order},
            rows::Arrangement,
        },
        *,
    };

    /// An input as somebody makes it; numbers are places in the list.
    #[derive(Clone, Copy)]
    enum Input {
        Click(u32),
        Ctrl(u32),
        Shift(u32),
        CtrlShift(u32),
        /// `Shift` and a moving key, from where the focus is.
        ShiftFrom(u32, u32),
        All,
        Everything,
        Escape,
    }

    use Input::{All, Click, Ctrl, CtrlShift, Escape, Everything, Shift, ShiftFrom};

    fn rows() -> Rows {
        let entries = (0..10).map(|n| Entry::file(&format!("f{n}"), 1)).collect();
        Rows::of(0, Arrangement::default(), entries)
    }

    fn after(rows: &Rows, inputs: &[Input]) -> Selection {
        let mut selection = Selection::default();
        for input in inputs {
            match *input {
                Click(id) => selection.only(id),
                Ctrl(id) => selection.toggle(id),
                Shift(id) => selection.range(rows, id, id, false),
                CtrlShift(id) => selection.range(rows, id, id, true),
                ShiftFrom(from, id) => selection.range(rows, id, from, false),
                All => selection.all(rows),
                Everything => selection.take_everything(rows),
                Escape => selection.clear(),
            }
        }
        selection
    }

    #[test]
    fn every_input_gives_its_set() {
        let rows = rows();
        let cases: [(&str, &[Input], &[u32]); 19] = [
            ("a click selects one", &[Click(3)], &[3]),
            (
                "another click selects another alone",
                &[Click(3), Click(5)],
                &[5],
            ),
            ("ctrl takes in", &[Click(3), Ctrl(5)], &[3, 5]),
            ("ctrl takes out", &[Click(3), Ctrl(3)], &[]),
            (
                "shift selects from the anchor",
                &[Click(3), Shift(5)],
                &[3, 4, 5],
            ),
            ("upwards too", &[Click(3), Shift(1)], &[1, 2, 3]),
            (
                "the next range replaces it",
                &[Click(3), Shift(6), Shift(2)],
                &[2, 3],
            ),
            (
                "a range drops the rest",
                &[Click(0), Ctrl(3), Shift(5)],
                &[3, 4, 5],
            ),
            (
                "with ctrl the rest stays",
                &[Click(0), Ctrl(3), CtrlShift(5)],
                &[0, 3, 4, 5],
            ),
            (
                "and the last range is replaced",
                &[Click(0), Ctrl(3), CtrlShift(6), CtrlShift(4)],
                &[0, 3, 4],
            ),
            (
                "a range with ctrl after one without",
                &[Click(3), Shift(5), Ctrl(8), CtrlShift(9)],
                &[3, 4, 5, 8, 9],
            ),
            (
                "the anchor stays for ranges",
                &[Click(3), Shift(9), Shift(4)],
                &[3, 4],
            ),
            (
                "ctrl sets the anchor",
                &[Click(3), Ctrl(7), Shift(8)],
                &[7, 8],
            ),
            (
                "also where it takes out",
                &[Click(3), Ctrl(3), Shift(4)],
                &[3, 4],
            ),
            (
                "without an anchor from the focus",
                &[ShiftFrom(2, 3)],
                &[2, 3],
            ),
            (
                "which then is the anchor",
                &[ShiftFrom(2, 3), ShiftFrom(3, 4)],
                &[2, 3, 4],
            ),
            ("without either one row", &[Shift(4)], &[4]),
            ("all", &[Click(3), All], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
            ("escape clears", &[All, Escape], &[]),
        ];
        for (what, inputs, wanted) in cases {
            let ids: Vec<u32> = after(&rows, inputs).ids().collect();
            assert_eq!(ids, wanted, "{what}");
        }
    }

    #[test]
    fn nothing_selected_is_not_all() {
        let mut rows = rows();
        let mut selection = Selection::default();
        assert!(!selection.has_all(&rows));
        selection.only(3);
        assert!(!selection.has_all(&rows));
        selection.all(&rows);
        assert!(selection.has_all(&rows));
        rows.add(
            (0..200)
                .map(|n| Entry::file(&format!("later{n}"), 1))
                .collect(),
        );
        while rows.work(50) {}
        assert!(!selection.has_all(&rows));
        assert_eq!(selection.hidden(&rows), 0);
    }

    #[test]
    fn ranges_follow_the_order_that_is_shown() {
        let mut rows = rows();
        rows.arrange(Arrangement {
            order: Order {
                column: Column::Natural,
                descending: true,
            },
            ..Arrangement::default()
        });
        while rows.work(3) {}
        let selection = after(&rows, &[Click(7), Shift(5)]);
        assert_eq!(selection.ids().collect::<Vec<_>>(), [5, 6, 7]);
    }

    #[test]
    fn a_filter_keeps_what_it_hides_and_counts_it() {
        let mut rows = rows();
        let mut selection = after(&rows, &[Click(1), Ctrl(2), Ctrl(3)]);
        let mut arrangement = Arrangement::default();
        arrangement.filter.pattern = super::super::filter::Pattern::parse("f3");
        rows.arrange(arrangement);
        while rows.work(3) {}
        assert_eq!((selection.count(), selection.hidden(&rows)), (3, 2));
        assert!(selection.has_all(&rows));
        selection.all(&rows);
        assert_eq!(selection.count(), 3, "all that is shown joins the rest");
        selection.range(&rows, 3, 3, false);
        assert_eq!(
            selection.ids().collect::<Vec<_>>(),
            [3],
            "a hidden anchor begins no range"
        );
    }

    #[test]
    fn everything_is_a_rule_until_something_else_is_selected() {
        let mut rows = rows();
        let mut selection = after(&rows, &[Everything]);
        rows.add(vec![Entry::file("later", 1)]);
        while rows.work(3) {}
        selection.follow(&rows);
        assert!(selection.is_everything() && selection.contains(10));
        selection.toggle(4);
        assert!(!selection.is_everything());
        assert_eq!(selection.count(), 10);
    }

    #[test]
    fn what_is_selected_is_counted() {
        let entries = vec![
            Entry::folder("d/"),
            Entry::file("a", 5),
            Entry::file("b", 7),
        ];
        let rows = Rows::of(0, Arrangement::default(), entries);
        let totals = after(&rows, &[All]).totals(&rows);
        assert_eq!((totals.folders, totals.files, totals.bytes), (1, 2, 12));
    }
}
