//! How fast it goes, and how long it will take.

/// The weight of a sample falls to 1/e in this time.
const SLOW_MS: f64 = 10_000.0;
/// A quicker eye beside the slow one: where the two differ much, the rate is not steady.
const FAST_MS: f64 = 2_000.0;
/// Samples closer together than this are kept for the next one.
const SHORTEST_MS: u64 = 100;
/// No word about the time left before this.
const STEADY_AFTER_MS: u64 = 5_000;

/// An exponentially weighted mean that is right from its first sample on.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    sum: f64,
    weight: f64,
}

impl Mean {
    fn add(&mut self, value: f64, elapsed_ms: f64, constant_ms: f64) {
        let keep = (-elapsed_ms / constant_ms).exp();
        self.sum = self.sum * keep + value * (1.0 - keep);
        self.weight = self.weight * keep + (1.0 - keep);
    }

    fn value(self) -> f64 {
        if self.weight > 0.0 {
            self.sum / self.weight
        } else {
            0.0
        }
    }
}

/// Estimates a rate from samples of a growing count of bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rate {
    slow: Mean,
    fast: Mean,
    began: Option<u64>,
    last: Option<(u64, u64)>,
}

impl Rate {
    /// Takes the count of bytes at a time. A count that shrinks (a part is sent again) or a clock
    /// that runs backwards is a new start of the count, not a negative rate.
    pub fn sample(&mut self, now_ms: u64, bytes: u64) {
        let Some((then, before)) = self.last else {
            self.began = Some(now_ms);
            self.last = Some((now_ms, bytes));
            return;
        };
        if now_ms < then {
            self.last = Some((now_ms, bytes));
            self.began = Some(now_ms);
            return;
        }
        let elapsed = now_ms - then;
        if elapsed < SHORTEST_MS {
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let (elapsed, grown) = (elapsed as f64, bytes.saturating_sub(before) as f64);
        let rate = grown / elapsed * 1_000.0;
        self.slow.add(rate, elapsed, SLOW_MS);
        self.fast.add(rate, elapsed, FAST_MS);
        self.last = Some((now_ms, bytes));
    }

    /// Forgets everything: nothing is being sent.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Bytes per second; `None` before there are two samples.
    pub fn per_second(&self) -> Option<f64> {
        (self.slow.weight > 0.0).then(|| self.slow.value())
    }

    /// Whether the rate has been about the same for long enough to speak of the time left.
    pub fn is_steady(&self) -> bool {
        let (Some(began), Some((last, _))) = (self.began, self.last) else {
            return false;
        };
        let slow = self.slow.value();
        last.saturating_sub(began) >= STEADY_AFTER_MS
            && slow > 0.0
            && (self.fast.value() - slow).abs() <= slow / 2.0
    }
}

/// Seconds until the given bytes are sent; `None` while the rate is unsteady or next to nothing.
pub fn seconds_left(bytes_left: u64, rate: &Rate) -> Option<u64> {
    let per_second = rate.per_second().filter(|r| *r >= 1.0)?;
    if !rate.is_steady() {
        return None;
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and shown rounded"
    )]
    let seconds = (bytes_left as f64 / per_second).ceil() as u64;
    Some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steady(bytes_per_second: u64, seconds: u64) -> Rate {
        let mut rate = Rate::default();
        for tick in 0..=seconds * 2 {
            rate.sample(tick * 500, tick * bytes_per_second / 2);
        }
        rate
    }

    #[test]
    fn an_even_flow_is_its_own_rate() {
        let rate = steady(1_000_000, 6);
        let per_second = rate.per_second().unwrap();
        assert!((per_second - 1_000_000.0).abs() < 1.0, "{per_second}");
        assert_eq!(seconds_left(60_000_000, &rate), Some(60));
        assert_eq!(seconds_left(0, &rate), Some(0));
    }

    #[test]
    fn the_time_left_waits_for_five_steady_seconds() {
        assert!(Rate::default().per_second().is_none());
        assert!(steady(1_000, 4).per_second().is_some());
        assert_eq!(seconds_left(10, &steady(1_000, 4)), None);
        assert_eq!(seconds_left(1_000, &steady(1_000, 5)), Some(1));
    }

    #[test]
    fn a_stop_makes_it_unsteady_and_then_slow() {
        let mut rate = steady(1_000_000, 20);
        for tick in 1..=10 {
            rate.sample(20_000 + tick * 500, 20_000_000);
        }
        assert!(!rate.is_steady());
        assert!(rate.per_second().unwrap() < 700_000.0);
        assert_eq!(seconds_left(1, &rate), None);
    }

    #[test]
    fn bytes_taken_back_and_clocks_turned_back_are_no_negative_rate() {
        let mut rate = steady(1_000_000, 10);
        rate.sample(10_500, 0);
        assert!(rate.per_second().unwrap() >= 0.0);
        rate.sample(500, 100);
        rate.sample(1_500, 200);
        let per_second = rate.per_second().unwrap();
        assert!(per_second.is_finite() && per_second >= 0.0);
    }

    #[test]
    fn half_of_the_weight_is_gone_after_seven_seconds() {
        let mut rate = steady(1_000_000, 120);
        for tick in 1..=14 {
            rate.sample(120_000 + tick * 500, 120_000_000);
        }
        let per_second = rate.per_second().unwrap();
        assert!((450_000.0..550_000.0).contains(&per_second), "{per_second}");
    }
}
