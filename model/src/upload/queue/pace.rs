//! How many requests with bytes run at once.

/// How often the pace is looked at.
const EVERY_MS: u64 = 5_000;
/// Without trouble for this long, a pace that was reduced is tried higher again.
const CALM_MS: u64 = 30_000;

/// The number of requests at once, over all files: it grows while growing helps, and halves when the
/// store says that it is too much.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    now: usize,
    usual: usize,
    most: usize,
    may_grow: bool,
    looked_at: u64,
    /// Bytes sent at that time, and bytes in a second before it.
    sent: u64,
    rate: u64,
    trouble_at: u64,
}

impl Pace {
    pub(super) fn new(usual: usize, may_grow: bool) -> Self {
        Self {
            now: usual,
            usual,
            most: usual,
            may_grow,
            looked_at: 0,
            sent: 0,
            rate: 0,
            trouble_at: 0,
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.now
    }

    /// The connection to the store carries many requests (HTTP/2): more than the usual may run, if anybody
    /// wants that.
    pub(super) fn allow(&mut self, most: usize) {
        if self.may_grow {
            self.most = most.max(self.usual);
        }
    }

    pub(super) fn set_usual(&mut self, usual: usize, may_grow: bool) {
        if (usual, may_grow) != (self.usual, self.may_grow) {
            *self = Self::new(usual, may_grow);
        }
    }

    /// Looks at what was sent since the last look. `sent` may begin anew.
    pub(super) fn tick(&mut self, now: u64, sent: u64) {
        if sent < self.sent || self.looked_at == 0 {
            (self.looked_at, self.sent, self.rate) = (now, sent, 0);
            return;
        }
        let passed = now.saturating_sub(self.looked_at);
        if passed < EVERY_MS {
            return;
        }
        let rate = (sent - self.sent).saturating_mul(1_000) / passed;
        let helped = rate > self.rate.saturating_add(self.rate / 20);
        let calm = self.now < self.usual && now.saturating_sub(self.trouble_at) > CALM_MS;
        if rate > 0 && (helped || calm) && self.now < self.most {
            self.now += 1;
        }
        (self.looked_at, self.sent, self.rate) = (now, sent, rate);
    }

    /// The store had too much of it. Many requests fail at once: that is one sign, not many.
    pub(super) fn trouble(&mut self, now: u64) {
        if self.trouble_at == 0 || now.saturating_sub(self.trouble_at) >= EVERY_MS {
            self.trouble_at = now;
            self.now = (self.now / 2).max(1);
            self.rate = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: u64 = 1_790_000_000_000;

    #[test]
    fn it_halves_once_for_many_signs_and_comes_back() {
        let mut pace = Pace::new(6, true);
        for _ in 0..6 {
            pace.trouble(AT);
        }
        assert_eq!(pace.limit(), 3);
        pace.trouble(AT + EVERY_MS);
        pace.trouble(AT + 2 * EVERY_MS);
        pace.trouble(AT + 3 * EVERY_MS);
        assert_eq!(pace.limit(), 1);
        let mut sent = 0;
        for step in 0..40 {
            sent += 1_000_000;
            pace.tick(AT + 3 * EVERY_MS + step * EVERY_MS, sent);
        }
        assert_eq!(pace.limit(), 6);
    }

    #[test]
    fn it_grows_past_the_usual_only_while_that_helps_and_is_allowed() {
        let mut pace = Pace::new(6, true);
        let mut sent = 0;
        let mut run = |pace: &mut Pace, from: u64, growth: u64| {
            for step in 0..30 {
                sent += 1_000_000 + step * growth;
                pace.tick(AT + (from + step) * EVERY_MS, sent);
            }
        };
        run(&mut pace, 0, 1_000_000);
        assert_eq!(pace.limit(), 6);
        pace.allow(16);
        run(&mut pace, 30, 0);
        assert!(pace.limit() <= 7, "{}", pace.limit());
        run(&mut pace, 60, 1_000_000);
        assert_eq!(pace.limit(), 16);
    }

    #[test]
    fn a_wanted_number_is_not_exceeded_and_holds_at_once() {
        let mut pace = Pace::new(6, true);
        pace.allow(16);
        let mut sent = 0;
        for step in 0..30 {
            sent += 1_000_000 * (step + 1);
            pace.tick(AT + step * EVERY_MS, sent);
        }
        assert_eq!(pace.limit(), 16);
        pace.set_usual(6, false);
        assert_eq!(pace.limit(), 6);
        pace.allow(16);
        for step in 30..60 {
            sent += 1_000_000 * (step + 1);
            pace.tick(AT + step * EVERY_MS, sent);
        }
        assert_eq!(pace.limit(), 6);
    }
}
