//! The marks of one server that shares them with nobody.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Marks that are remembered one by one; past that, all are written at once.
const CAPACITY: usize = 10_000;

/// When each mark was written last, counted in changes.
#[derive(Debug, Default)]
pub(super) struct OwnMarks(Mutex<Written>);

#[derive(Debug, Default)]
struct Written {
    changes: u64,
    /// Every mark was written then, or later.
    all: u64,
    each: HashMap<String, u64>,
}

impl OwnMarks {
    /// A number that grows with each change of one of these marks.
    pub(super) fn stamp(&self, marks: &[String]) -> u64 {
        let written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let each = marks.iter().filter_map(|mark| written.each.get(mark));
        each.copied().fold(written.all, u64::max)
    }

    /// Notes a change.
    pub(super) fn write(&self, marks: Vec<String>) {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        written.changes += 1;
        let change = written.changes;
        if written.each.len() >= CAPACITY {
            written.each.clear();
            written.all = change;
        }
        for mark in marks {
            written.each.insert(mark, change);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(name: &str) -> Vec<String> {
        vec![name.to_owned()]
    }

    #[test]
    fn a_stamp_changes_with_its_marks_alone() {
        let marks = OwnMarks::default();
        let (one, two) = (mark("one"), mark("two"));
        let before = marks.stamp(&one);
        marks.write(two.clone());
        assert_eq!(marks.stamp(&one), before);
        let both = [one.clone(), two].concat();
        let then = marks.stamp(&both);
        marks.write(one.clone());
        assert!(marks.stamp(&one) > before && marks.stamp(&both) > then);
    }

    #[test]
    fn too_many_marks_to_remember_are_all_changed_and_none_comes_back() {
        let marks = OwnMarks::default();
        let first = marks.stamp(&mark("never written"));
        for n in 0..=CAPACITY {
            marks.write(mark(&n.to_string()));
        }
        assert!(marks.stamp(&mark("never written")) > first);
        assert!(marks.0.lock().unwrap().each.len() <= CAPACITY);
    }
}
