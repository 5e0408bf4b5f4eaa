//! What the program said lately: lines in memory, for packages of logs.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use crate::Clock;

/// How many lines are kept at most, and how many bytes of them.
const MAX_LINES: usize = 20_000;
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// What is longer is cut.
const MAX_LINE: usize = 16 * 1024;

/// A ring of lines; clones share it. The oldest go first, and none survives the program.
#[derive(Clone)]
pub struct Journal {
    clock: Clock,
    ring: Arc<Mutex<Ring>>,
}

#[derive(Default)]
struct Ring {
    lines: VecDeque<Line>,
    bytes: usize,
}

struct Line {
    at_ms: i64,
    text: Box<str>,
}

impl Default for Journal {
    /// By the machine's clock.
    fn default() -> Self {
        Self::new(Clock::system())
    }
}

impl Journal {
    /// An empty one.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            ring: Arc::default(),
        }
    }

    /// Keeps a line. Whoever writes sees to it that no secret is in it.
    pub fn write(&self, line: &str) {
        self.write_at(self.clock.now_ms(), line);
    }

    /// Keeps a line of a time.
    pub(crate) fn write_at(&self, at_ms: i64, line: &str) {
        let line = line.trim_end_matches(['\r', '\n']);
        let text: Box<str> = line[..line.floor_char_boundary(MAX_LINE)].into();
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        ring.bytes += text.len();
        ring.lines.push_back(Line { at_ms, text });
        while ring.lines.len() > MAX_LINES || ring.bytes > MAX_BYTES {
            let gone = ring.lines.pop_front();
            ring.bytes -= gone.map_or(0, |line| line.text.len());
        }
    }

    /// The lines of a time, its end left out, the oldest first.
    pub(crate) fn lines(&self, from_ms: i64, until_ms: i64) -> Vec<Box<str>> {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = ring.lines.iter();
        lines
            .filter(|line| (from_ms..until_ms).contains(&line.at_ms))
            .map(|line| line.text.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(journal: &Journal) -> Vec<Box<str>> {
        journal.lines(i64::MIN, i64::MAX)
    }

    #[test]
    fn the_oldest_lines_go_when_there_are_too_many() {
        let journal = Journal::default();
        for number in 0..MAX_LINES + 5 {
            journal.write(&format!("{number}\n"));
        }
        let lines = all(&journal);
        assert_eq!(lines.len(), MAX_LINES);
        assert_eq!(&*lines[0], "5");
    }

    #[test]
    fn long_lines_are_cut_and_many_of_them_stay_within_the_bytes() {
        let journal = Journal::default();
        for _ in 0..1_000 {
            journal.write(&"å".repeat(MAX_LINE));
        }
        let lines = all(&journal);
        assert!(lines.iter().all(|line| line.len() == MAX_LINE));
        assert_eq!(lines.len(), MAX_BYTES / MAX_LINE);
    }

    #[test]
    fn lines_are_found_by_their_time() {
        let journal = Journal::default();
        for at_ms in [10, 20, 30] {
            journal.write_at(at_ms, &at_ms.to_string());
        }
        assert_eq!(journal.lines(10, 30).concat(), "1020");
    }
}
