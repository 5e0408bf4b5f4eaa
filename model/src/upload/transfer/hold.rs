//! Times in which nothing new is asked for: paused, offline, not let in. What runs comes to its end,
//! what is due waits, and goes on when the last hold is lifted.

use std::collections::BTreeSet;

use super::{Purpose, Transfer};
use crate::upload::{Hold, Moment};

/// The holds on a transfer.
#[derive(Clone, Debug, Default)]
pub(super) struct Holds {
    by: BTreeSet<Hold>,
    /// The present step has not begun because of them.
    pub(super) parked: bool,
}

impl Holds {
    /// Whether anything holds it.
    pub(super) fn any(&self) -> bool {
        !self.by.is_empty()
    }

    /// Whether this holds it.
    pub(super) fn has(&self, hold: Hold) -> bool {
        self.by.contains(&hold)
    }
}

impl Transfer {
    pub(super) fn hold(&mut self, hold: Hold) {
        self.holds.by.insert(hold);
        if hold == Hold::Offline {
            // Waiting for a better moment is over: the moment is known to be bad.
            self.forget_timers();
            self.holds.parked |= self.pause.take().is_some();
        }
    }

    pub(super) fn lift(&mut self, hold: Hold, moment: Moment) {
        if !self.holds.by.remove(&hold) || self.end.is_some() {
            return;
        }
        if hold != Hold::Paused {
            // What failed meanwhile failed for a reason that is over; also if something else holds it.
            self.failures = 0;
            self.parts.forget_failures();
            self.parts.wake_all();
            self.parts.may_sign_again();
            self.forget_timers();
            self.holds.parked |= self.pause.take().is_some();
        }
        if !self.holds.any() && std::mem::take(&mut self.holds.parked) {
            self.run(moment);
        }
    }

    /// Forgets what would have come by itself: the timers of steps, URLs and parts.
    pub(super) fn forget_timers(&mut self) {
        self.outstanding.retain(|_, outstanding| {
            !matches!(
                outstanding.purpose,
                Purpose::WakeStep | Purpose::WakeSign | Purpose::WakePart(_)
            )
        });
    }
}
