//! The books of a file that goes in parts: where every part stands.

use std::collections::{BTreeMap, BTreeSet};

use super::link::Link;
#[cfg(test)]
use crate::upload::plant;
use crate::{PartChecksum, PartNumber, upload::PartPlan};

/// The most part numbers signed by one call.
const BATCH: usize = 64;
/// With fewer signed parts than this left, the next batch is asked for.
pub(super) const AHEAD: usize = 12;

/// Where every part stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    pub(super) plan: Option<PartPlan>,
    pub(super) todo: BTreeSet<PartNumber>,
    /// Running requests, with the bytes that have left the browser.
    pub(super) sending: BTreeMap<PartNumber, u64>,
    /// Failed without an answer; the file is being touched.
    pub(super) doubtful: BTreeSet<PartNumber>,
    /// Tried again at a time.
    pub(super) delayed: BTreeMap<PartNumber, u64>,
    pub(super) stored: BTreeSet<PartNumber>,
    pub(super) stored_bytes: u64,
    pub(super) failures: BTreeMap<PartNumber, u32>,
    pub(super) links: BTreeMap<PartNumber, Link>,
    /// Checksums that were computed, and parts that are being read for theirs.
    pub(super) sums: BTreeMap<PartNumber, PartChecksum>,
    pub(super) summing: BTreeSet<PartNumber>,
    /// The store refused these parts with their checksums: they are read again.
    pub(super) suspect: BTreeMap<PartNumber, PartChecksum>,
    /// The part that goes again because its tag was another than its bytes give, and whether it has.
    pub(super) tag_doubted: Option<(PartNumber, bool)>,
    pub(super) signing: bool,
    /// Signing failed and is tried again at this time; `signing` stays set meanwhile.
    pub(super) sign_at: Option<u64>,
    pub(super) sign_failures: u32,
    /// How long the last part took.
    pub(super) last_ms: u64,
}

impl Parts {
    pub(super) fn new(plan: PartPlan) -> Self {
        Self {
            plan: Some(plan),
            todo: plan.parts().map(|(part, _)| part).collect(),
            ..Self::default()
        }
    }

    pub(super) fn sending(&self) -> usize {
        self.sending.len()
    }

    pub(super) fn stored(&self) -> u32 {
        u32::try_from(self.stored.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn stored_bytes(&self) -> u64 {
        self.stored_bytes
    }

    pub(super) fn loaded_bytes(&self) -> u64 {
        self.sending.values().sum()
    }

    /// Whether a part could go now.
    pub(super) fn can_send(&self, signed: bool) -> bool {
        !self.todo.is_empty() && (!signed || self.links.keys().any(|part| self.todo.contains(part)))
    }

    /// When the next part is tried, if all that is missing waits to be tried again.
    pub(super) fn all_delayed_until(&self) -> Option<u64> {
        if self.is_sending_any() || !(self.todo.is_empty() || self.sign_at.is_some()) {
            return None;
        }
        if self.todo.iter().any(|part| self.links.contains_key(part)) {
            return None;
        }
        self.delayed.values().copied().chain(self.sign_at).min()
    }

    /// Whether the store has said yes to every part.
    pub(super) fn is_complete(&self) -> bool {
        self.todo.is_empty()
            && self.sending.is_empty()
            && self.doubtful.is_empty()
            && self.delayed.is_empty()
    }

    pub(super) fn is_sending_any(&self) -> bool {
        !self.sending.is_empty() || !self.doubtful.is_empty()
    }

    pub(super) fn progressed(&mut self, part: PartNumber, loaded: u64) {
        let size = self.size(part);
        if let Some(bytes) = self.sending.get_mut(&part) {
            *bytes = loaded.min(size);
        }
    }

    pub(super) fn wake(&mut self, part: PartNumber) {
        if self.delayed.remove(&part).is_some() {
            self.todo.insert(part);
        }
    }

    pub(super) fn wake_all(&mut self) {
        self.todo
            .extend(std::mem::take(&mut self.delayed).into_keys());
    }

    pub(super) fn may_sign(&mut self) {
        self.signing = false;
        self.sign_at = None;
    }

    /// Ends the wait after a failed signing, but not a signing that runs.
    pub(super) fn may_sign_again(&mut self) {
        if self.sign_at.is_some() {
            self.may_sign();
        }
    }

    /// Nothing runs any more; what was not stored is to do.
    pub(super) fn stop(&mut self) {
        self.summing.clear();
        self.todo
            .extend(std::mem::take(&mut self.sending).into_keys());
        self.todo.append(&mut self.doubtful);
        self.wake_all();
        self.may_sign();
    }

    /// The file may be another one: what was computed of it does not hold.
    pub(super) fn forget_sums(&mut self) {
        self.sums.clear();
        self.summing.clear();
        self.suspect.clear();
        self.tag_doubted = None;
    }

    pub(super) fn forget_failures(&mut self) {
        self.failures.clear();
        self.sign_failures = 0;
    }

    pub(super) fn size(&self, part: PartNumber) -> u64 {
        self.plan
            .and_then(|plan| plan.range(part))
            .map_or(0, |range| range.end - range.start)
    }

    /// The store has the part.
    pub(super) fn store(&mut self, part: PartNumber) {
        self.todo.remove(&part);
        self.sending.remove(&part);
        self.delayed.remove(&part);
        self.links.remove(&part);
        self.failures.remove(&part);
        if self.stored.insert(part) {
            self.stored_bytes += self.size(part);
            #[cfg(test)]
            if plant::is(plant::Plant::SentAgain) {
                self.todo.insert(part);
            }
        }
    }

    /// The store does not have the part, whatever it said before.
    pub(super) fn lose(&mut self, part: PartNumber) {
        if self.stored.remove(&part) {
            self.stored_bytes -= self.size(part);
        }
        let elsewhere = self.sending.contains_key(&part)
            || self.doubtful.contains(&part)
            || self.delayed.contains_key(&part);
        if !elsewhere {
            self.todo.insert(part);
        }
    }

    /// How many parts could go at once, as far as it matters.
    pub(super) fn linked(&self) -> usize {
        let linked = |part: &&PartNumber| self.links.contains_key(part);
        self.todo.iter().filter(linked).take(AHEAD).count()
    }

    /// The next parts that need a URL.
    pub(super) fn to_sign(&self) -> impl Iterator<Item = PartNumber> {
        self.todo
            .iter()
            .filter(|part| !self.links.contains_key(part))
            .take(BATCH)
            .copied()
    }

    /// Those of the next `ahead` parts that need a checksum.
    pub(super) fn to_sum(&self, ahead: usize) -> Vec<PartNumber> {
        let next = self.todo.iter().take(ahead);
        next.filter(|part| !self.sums.contains_key(part) && !self.summing.contains(part))
            .copied()
            .collect()
    }
}
