//! How high lines are, and where that puts each of them.
//!
//! A line is as high as its words ask for. Only lines that were drawn are known; the others are taken to
//! be as high as most were. What differs from that is few, so the place of any line among a hundred
//! thousand is found by these few.

use std::{collections::HashMap, hash::Hash};

/// How high a line is before one was seen.
const GUESS: f64 = 88.0;
/// Lines that are remembered to differ. More would cost more than a better guess.
const MANY: usize = 4_000;
/// What is no difference.
const NOTHING: f64 = 0.5;

/// The heights of lines, of which `K` names one.
#[derive(Debug)]
pub(super) struct Heights<K> {
    usual: Option<f64>,
    odd: HashMap<K, f64>,
    /// Lines that differ, by their numbers: how much they and those before them add up to.
    placed: Vec<(usize, f64)>,
}

impl<K> Default for Heights<K> {
    fn default() -> Self {
        Self {
            usual: None,
            odd: HashMap::new(),
            placed: Vec::new(),
        }
    }
}

impl<K: Copy + Eq + Hash> Heights<K> {
    /// How high a line is of which nothing else is known.
    pub(super) fn usual(&self) -> f64 {
        self.usual.unwrap_or(GUESS)
    }

    /// Forgets all: lines are laid out anew.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Takes heights as they were measured; says whether that moves lines.
    pub(super) fn learn(&mut self, measured: &[(K, f64)]) -> bool {
        if self.odd.len() > MANY {
            self.forget();
        }
        let mut changed = self.usual.is_none();
        if changed {
            self.usual = most_frequent(measured.iter().map(|(_, height)| *height));
        }
        let usual = self.usual();
        for (line, height) in measured {
            let is_odd = (height - usual).abs() > NOTHING;
            let known = self.odd.get(line).copied();
            if is_odd && known.is_none_or(|known| (known - height).abs() > NOTHING) {
                self.odd.insert(*line, *height);
                changed = true;
            } else if !is_odd && known.is_some() {
                self.odd.remove(line);
                changed = true;
            }
        }
        changed
    }

    /// Takes the numbers of the lines, as they are now; a line without one is not shown.
    pub(super) fn place(&mut self, number: impl Fn(K) -> Option<usize>) {
        let usual = self.usual();
        let odd = self.odd.iter();
        let mut placed: Vec<(usize, f64)> = odd
            .filter_map(|(line, height)| Some((number(*line)?, height - usual)))
            .collect();
        placed.sort_unstable_by_key(|(number, _)| *number);
        let mut sum = 0.0;
        for (_, more) in &mut placed {
            sum += *more;
            *more = sum;
        }
        self.placed = placed;
    }

    /// Where a line begins.
    pub(super) fn top(&self, number: usize) -> f64 {
        let before = self.placed.partition_point(|(odd, _)| *odd < number);
        let more = before
            .checked_sub(1)
            .and_then(|last| self.placed.get(last))
            .map_or(0.0, |(_, sum)| *sum);
        lines(number) * self.usual() + more
    }

    /// The line that is at a height, of so many.
    pub(super) fn line_at(&self, height: f64, count: usize) -> usize {
        // Tops grow with the numbers.
        let (mut low, mut high) = (0, count.saturating_sub(1));
        while low < high {
            let middle = (low + high).div_ceil(2);
            if self.top(middle) <= height {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        low
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of lines are far smaller than 2^53"
)]
fn lines(number: usize) -> f64 {
    number as f64
}

/// The height that most have, of several the first.
fn most_frequent(heights: impl Iterator<Item = f64>) -> Option<f64> {
    let mut counted: Vec<(f64, usize)> = Vec::new();
    for height in heights.filter(|height| *height > 0.0) {
        match counted
            .iter_mut()
            .find(|(known, _)| (known - height).abs() <= NOTHING)
        {
            Some((_, count)) => *count += 1,
            None => counted.push((height, 1)),
        }
    }
    let most = counted.iter().map(|(_, count)| *count).max()?;
    let first = counted.into_iter().find(|(_, count)| *count == most);
    first.map(|(height, _)| height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_lines_are_alike_and_the_others_move_what_follows() {
        let mut heights = Heights::default();
        assert!(heights.learn(&[("a", 40.0), ("b", 80.0), ("c", 80.0), ("d", 200.0)]));
        let number = |line: &str| "abcd".find(line);
        heights.place(number);
        assert!((heights.usual() - 80.0).abs() < 0.01);
        let tops: Vec<f64> = (0..6).map(|number| heights.top(number)).collect();
        assert_eq!(tops, [0.0, 40.0, 120.0, 200.0, 400.0, 480.0]);
        for (at, number) in [(0.0, 0), (39.0, 0), (40.0, 1), (399.0, 3), (400.0, 4)] {
            assert_eq!(heights.line_at(at, 6), number, "{at}");
        }
        assert_eq!(heights.line_at(9_999.0, 6), 5);
        assert_eq!(heights.line_at(0.0, 0), 0);
    }

    #[test]
    fn what_is_as_before_moves_nothing() {
        let mut heights = Heights::default();
        heights.learn(&[(1, 80.0), (2, 90.0)]);
        assert!(!heights.learn(&[(1, 80.2), (2, 90.0)]));
        assert!(heights.learn(&[(2, 80.0)]));
        heights.place(Some);
        assert!((heights.top(3) - 240.0).abs() < 0.01);
    }

    #[test]
    fn lines_that_are_not_shown_take_no_room() {
        let mut heights = Heights::default();
        heights.learn(&[(1, 80.0), (2, 80.0), (9, 500.0)]);
        heights.place(|line| (line != 9).then_some(line));
        assert!((heights.top(100_000) - 8_000_000.0).abs() < 0.01);
    }

    #[test]
    fn differences_are_not_kept_without_end() {
        let mut heights = Heights::default();
        heights.learn(&[(0, 80.0), (1, 80.0)]);
        for line in 0..20_000 {
            heights.learn(&[(line, 100.0)]);
        }
        assert!(heights.odd.len() <= MANY + 1, "{}", heights.odd.len());
    }
}
