//! What the program said lately: lines in memory, for packages of logs and for who reads along.

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
    /// How many were ever written.
    written: u64,
}

struct Line {
    at_ms: i64,
    text: Box<str>,
}

impl Ring {
    /// The lines with their numbers, which begin with 1.
    fn numbered(&self) -> impl DoubleEndedIterator<Item = (u64, &Line)> {
        let kept = self.lines.len() as u64;
        let lines = self.lines.iter().enumerate();
        lines.map(move |(at, line)| (self.written - kept + at as u64 + 1, line))
    }
}

/// Some of the lines, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch<T> {
    /// What was made of them.
    pub lines: Vec<T>,
    /// The number of the last line that was looked at: what comes later has a higher one.
    pub last: u64,
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
        ring.written += 1;
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

    /// The newest lines that `read` makes something of, from their numbers and texts, at most `limit`.
    pub fn newest<T>(&self, limit: usize, read: impl Fn(u64, &str) -> Option<T>) -> Stretch<T> {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let found = ring.numbered().rev();
        let found = found.filter_map(|(number, line)| read(number, &line.text));
        let mut lines: Vec<T> = found.take(limit).collect();
        lines.reverse();
        let last = ring.written;
        Stretch { lines, last }
    }

    /// The same of the oldest lines behind a number, so that nothing that is still there is missed by asking
    /// again. A number that was never given is of a program that ended: then of all lines.
    pub fn after<T>(
        &self,
        number: u64,
        limit: usize,
        read: impl Fn(u64, &str) -> Option<T>,
    ) -> Stretch<T> {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let behind = if number > ring.written { 0 } else { number };
        let mut stretch = Stretch {
            lines: Vec::new(),
            last: behind,
        };
        for (number, line) in ring.numbered() {
            if stretch.lines.len() == limit {
                break;
            }
            if number > behind {
                stretch.lines.extend(read(number, &line.text));
                stretch.last = number;
            }
        }
        stretch
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

    #[test]
    fn who_reads_along_misses_nothing_and_reads_nothing_twice() {
        let journal = Journal::default();
        let read = |number: u64, text: &str| (text != "no").then(|| format!("{number} {text}"));
        let none = Stretch {
            lines: Vec::new(),
            last: 0,
        };
        assert_eq!(journal.newest(5, read), none);
        for text in ["a", "no", "b", "c"] {
            journal.write(text);
        }
        let newest = journal.newest(2, read);
        assert_eq!(
            (newest.lines, newest.last),
            (vec!["3 b".into(), "4 c".into()], 4)
        );
        assert_eq!(journal.after(4, 5, read).lines, Vec::<String>::new());
        journal.write("no");
        journal.write("d");
        let later = journal.after(4, 5, read);
        assert_eq!((later.lines, later.last), (vec!["6 d".into()], 6));
        // A page at a time.
        let first = journal.after(0, 2, read);
        assert_eq!(
            (first.lines, first.last),
            (vec!["1 a".into(), "3 b".into()], 3)
        );
        // The number is one that the program gave before it was started anew.
        assert_eq!(journal.after(900, 5, read).lines.len(), 4);
    }

    #[test]
    fn numbers_stay_when_the_oldest_lines_go() {
        let journal = Journal::default();
        for number in 1..=MAX_LINES + 7 {
            journal.write(&number.to_string());
        }
        let oldest = journal.after(0, 1, |number, text| Some((number, text.to_owned())));
        assert_eq!(oldest.lines, [(8, "8".to_owned())]);
    }
}
