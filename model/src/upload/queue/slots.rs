//! Who may send next.

use std::collections::BTreeSet;

use super::{Job, Lane, Queue, Share, TransferId, Work};
use crate::{
    session::UploadRoute,
    upload::{Moment, State},
};

/// How many slots serve small files while both kinds wait.
const FOR_SMALL: usize = 2;
/// Browsers open six connections to one origin; through Hako two are left for the page's own calls.
const THROUGH_HAKO: usize = 4;

impl Queue {
    /// Gives free slots away.
    pub fn pump(&mut self, moment: Moment) -> Vec<Job> {
        let mut jobs = Vec::new();
        self.pump_into(moment, &mut jobs);
        jobs
    }

    pub(super) fn pump_into(&mut self, moment: Moment, jobs: &mut Vec<Job>) {
        while let Some(id) = self.next_to_send() {
            let Some(Work::Going(transfer)) = self.entries.get_mut(&id).map(|e| &mut e.work) else {
                self.small_ready.remove(&id);
                self.large_ready.remove(&id);
                continue;
            };
            let effects = transfer.take_slot(moment);
            let idle = effects.is_empty();
            jobs.extend(effects.into_iter().map(|effect| Job { id, effect }));
            self.refresh(id);
            if idle {
                // It had no use for the slot after all; asking again now would be asking forever.
                self.small_ready.remove(&id);
                self.large_ready.remove(&id);
            }
        }
    }

    /// Who gets the next slot: small files while they have fewer than their share, else whoever was
    /// dropped first.
    pub(super) fn next_to_send(&self) -> Option<TransferId> {
        if self.small_slots + self.large_slots >= self.settings.parallelism {
            return None;
        }
        let small = self.first_allowed(&self.small_ready);
        let large = self.first_allowed(&self.large_ready);
        match (small, large) {
            (Some(small), Some(large)) => {
                let share = FOR_SMALL.min(self.settings.parallelism / 2);
                if self.small_slots < share || small < large {
                    Some(small)
                } else {
                    Some(large)
                }
            }
            (small, large) => small.or(large),
        }
    }

    pub(super) fn first_allowed(&self, ready: &BTreeSet<TransferId>) -> Option<TransferId> {
        if self.hako_slots < THROUGH_HAKO {
            return ready.first().copied();
        }
        let direct = |id: &&TransferId| {
            let entry = self.entries.get(id);
            entry.is_some_and(|entry| entry.work.route() == UploadRoute::Direct)
        };
        if self.settings.route == UploadRoute::Hako {
            // All go through Hako: looking through a hundred thousand of them would find none.
            return None;
        }
        ready.iter().find(direct).copied()
    }

    /// Brings what the queue knows of a transfer up to date.
    pub(super) fn refresh(&mut self, id: TransferId) {
        let Some(entry) = self.entries.get_mut(&id) else {
            return;
        };
        let state = entry.work.state();
        let slots = entry.work.slots();
        let freed = std::mem::replace(&mut entry.slots, slots);
        let total = if entry.lane == Lane::Small {
            &mut self.small_slots
        } else {
            &mut self.large_slots
        };
        *total = *total + slots - freed;
        if entry.work.route() == UploadRoute::Hako {
            self.hako_slots = self.hako_slots + slots - freed;
        }
        let share = if entry.counted {
            Share::of(&entry.work, &entry.file)
        } else {
            Share::default()
        };
        self.tally.replace(&entry.share, &share);
        entry.share = share;

        let waits = entry.work.wants_slot() && !self.full.contains(&entry.bucket);
        let ready = if entry.lane == Lane::Small {
            &mut self.small_ready
        } else {
            &mut self.large_ready
        };
        if waits {
            ready.insert(id);
        } else {
            ready.remove(&id);
        }

        let holds = !state.is_at_rest() || state == State::SignedOut;
        if holds != entry.holds_key {
            let place = (entry.bucket.clone(), entry.key.clone());
            if holds {
                entry.holds_key = *self.by_key.entry(place).or_insert(id) == id;
            } else {
                entry.holds_key = false;
                self.by_key.remove(&place);
            }
        }
        if entry.cleared && !entry.work.is_busy() {
            self.forget(id);
        }
    }
}
