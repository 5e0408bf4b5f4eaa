//! Who may send next.

use std::collections::BTreeSet;

use super::{Job, Lane, Queue, Rank, Share, TransferId, Work, lines::Standing};
use crate::{
    session::UploadRoute,
    upload::{Moment, State, Transfer},
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
            let Some(entry) = self.entries.get_mut(&id) else {
                self.small_ready.retain(|(_, ready)| *ready != id);
                self.large_ready.retain(|(_, ready)| *ready != id);
                continue;
            };
            let rank = entry.rank;
            let Work::Going(transfer) = &mut entry.work else {
                self.small_ready.remove(&rank);
                self.large_ready.remove(&rank);
                continue;
            };
            let effects = transfer.take_slot(moment);
            let idle = effects.is_empty();
            jobs.extend(effects.into_iter().map(|effect| Job { id, effect }));
            self.refresh(id);
            if idle {
                // It had no use for the slot after all; asking again now would be asking forever.
                self.small_ready.remove(&rank);
                self.large_ready.remove(&rank);
            }
        }
    }

    /// Who gets the next slot: small files while they have fewer than their share, else whoever was
    /// dropped first.
    pub(super) fn next_to_send(&self) -> Option<TransferId> {
        if self.small_slots + self.large_slots >= self.pace.limit() {
            return None;
        }
        let small = self.first_allowed(&self.small_ready);
        let large = self.first_allowed(&self.large_ready);
        match (small, large) {
            (Some(small), Some(large)) => {
                let share = FOR_SMALL.min(self.pace.limit() / 2);
                if self.small_slots < share || small < large {
                    Some(small.1)
                } else {
                    Some(large.1)
                }
            }
            (small, large) => small.or(large).map(|(_, id)| id),
        }
    }

    pub(super) fn first_allowed(&self, ready: &BTreeSet<Rank>) -> Option<Rank> {
        if self.hako_slots < THROUGH_HAKO {
            return ready.first().copied();
        }
        let direct = |(_, id): &&Rank| {
            let entry = self.entries.get(id);
            entry.is_some_and(|entry| entry.work.route() == UploadRoute::Direct)
        };
        if self.settings.route == UploadRoute::Hako && !self.is_rerouted() {
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
        let through_hako = entry.work.slots_through_hako();
        let freed = std::mem::replace(&mut entry.slots_through_hako, through_hako);
        self.hako_slots = self.hako_slots + through_hako - freed;
        let share = Share::of(&entry.work, &entry.file);
        let counted = |counted, share| if counted { share } else { Share::default() };
        self.tally.replace(
            &counted(entry.in_tally, entry.share),
            &counted(entry.counted, share),
        );
        entry.in_tally = entry.counted;
        let mut standing = Standing::of(&entry.work, entry.cleared);
        let wanted = self.wanted.as_ref();
        standing.found = wanted.is_some_and(|wanted| wanted.has(id, entry));
        if let Some(batch) = self.batches.get_mut(&entry.batch) {
            batch.tally.replace(&entry.share, &share);
            batch.mark(id, entry.standing, standing);
        }
        self.counts.replace(entry.standing, standing);
        if standing.wants_file {
            self.awaiting.insert(id);
        } else {
            self.awaiting.remove(&id);
        }
        entry.share = share;
        entry.standing = standing;

        let waits = entry.work.wants_slot() && !self.full.contains(&entry.bucket);
        let ready = if entry.lane == Lane::Small {
            &mut self.small_ready
        } else {
            &mut self.large_ready
        };
        if waits {
            ready.insert(entry.rank);
        } else {
            ready.remove(&entry.rank);
        }

        if let Some(key) = entry.work.transfer().map(Transfer::key)
            && key.as_str() != entry.key
        {
            // It took a free name beside the one that was taken.
            let key = key.to_string();
            let place = (entry.bucket.clone(), std::mem::replace(&mut entry.key, key));
            if std::mem::take(&mut entry.holds_key) {
                self.by_key.remove(&place);
            }
        }
        let wants_file = entry.work.transfer().is_some_and(Transfer::wants_file);
        let waits_for_somebody = matches!(
            state,
            State::SignedOut | State::NeedsDecision | State::FileNeeded
        );
        let holds = !state.is_at_rest() || waits_for_somebody || wants_file;
        if holds != entry.holds_key {
            let place = (entry.bucket.clone(), entry.key.clone());
            if holds {
                entry.holds_key = *self.by_key.entry(place).or_insert(id) == id;
                if !entry.holds_key {
                    // Somebody else goes there already.
                    entry.work.block();
                    return self.refresh(id);
                }
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
