//! From the last part to the confirmed object.

use std::collections::BTreeMap;

use super::{End, Note, Purpose, ROUNDS, Receipt, Step, Transfer, conflict::Yielding, sums};
use crate::{
    PartNumber,
    multipart::{CompleteUpload, CompletedPart, Completion, ListParts, Part, PartPage},
    object::{ListObjects, ListObjectsQuery, Object},
    upload::{ATTEMPTS, Action, Answer, Failure, Fault, Kind, Moment, PartPlan, Reply, Why, Write},
};

#[cfg(test)]
use crate::upload::plant::{self, Plant};

/// So often an object is looked for whose completion may have come to nothing.
const LATE: u32 = 3;

/// The store's list of parts, as far as it was read.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    /// Whether all parts should be there, or it is read to see which are.
    verifies: bool,
    marker: Option<u32>,
    found: BTreeMap<PartNumber, Part>,
}

impl Listing {
    pub(super) fn verifying() -> Self {
        Self {
            verifies: true,
            marker: None,
            found: BTreeMap::new(),
        }
    }

    pub(super) fn resuming() -> Self {
        Self {
            verifies: false,
            ..Self::verifying()
        }
    }

    /// Whether it is the last look before completing.
    pub(super) fn is_final(&self) -> bool {
        self.verifies
    }

    /// Takes a page; `Ok(true)` when it was the last.
    fn take(&mut self, page: PartPage) -> Result<bool, Failure> {
        for part in page.parts {
            // A part without tag or size cannot be completed or compared: it counts as missing.
            if part.etag.is_some() && part.size.is_some() {
                self.found.insert(part.part_number, part);
            }
        }
        if !page.is_truncated {
            return Ok(true);
        }
        match page.next_part_number_marker {
            Some(next) if self.marker.is_none_or(|last| next > last) => {
                self.marker = Some(next);
                Ok(false)
            }
            _ => Err(Failure::nonsense("the list of parts does not go on")),
        }
    }
}

/// Whether all that is stored is planned, in its size too.
fn fits(plan: PartPlan, found: &BTreeMap<PartNumber, Part>) -> bool {
    found.values().all(|stored| {
        let range = plan.range(stored.part_number);
        range.is_some_and(|range| stored.size == Some(range.end - range.start))
    })
}

impl Transfer {
    pub(super) fn list(&mut self, moment: Moment) {
        let (Step::Listing(listing), Some(upload_id)) = (&self.step, &self.upload_id) else {
            return;
        };
        let request = ListParts {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            upload_id: upload_id.clone(),
            part_number_marker: listing.marker,
        };
        self.start(Action::ListParts(request), Purpose::List, moment);
    }

    pub(super) fn list_answered(&mut self, answer: Answer, moment: Moment) {
        let page = match answer {
            Ok(Reply::Listed(page)) => page,
            Ok(_) => return self.step_failed(Failure::nonsense("no parts came"), moment),
            Err(failure) if failure.kind() == Kind::NoUpload => return self.upload_lost(moment),
            Err(failure) => return self.step_failed(failure, moment),
        };
        let (Step::Listing(listing), Some(plan)) = (&mut self.step, self.plan) else {
            return;
        };
        match listing.take(page) {
            Err(failure) => self.step_failed(failure, moment),
            Ok(false) => {
                self.failures = 0;
                self.list(moment);
            }
            Ok(true) => {
                let found = std::mem::take(&mut listing.found);
                let verifies = listing.verifies;
                self.compare(plan, found, verifies, moment);
            }
        }
    }

    /// Compares the store's list with the plan: exactly these parts, exactly these sizes.
    fn compare(
        &mut self,
        plan: PartPlan,
        found: BTreeMap<PartNumber, Part>,
        verifies: bool,
        moment: Moment,
    ) {
        if self.lent && !fits(plan, &found) {
            return self.not_this_file();
        }
        if found.keys().any(|part| part.get() > plan.count()) {
            return self.fail(Fault::new(Why::PartsDiffer));
        }
        let mut missing = false;
        let damaged = self.damaged(&found);
        for (part, range) in plan.parts() {
            #[cfg(test)]
            if verifies && plant::is(Plant::ListUnread) {
                self.parts.store(part);
                continue;
            }
            let size = range.end - range.start;
            let is_planned = |stored: &&Part| stored.size == Some(size);
            let stored = found.get(&part).filter(is_planned);
            if stored.is_some() && !damaged.contains(&part) {
                self.parts.store(part);
            } else {
                missing = true;
                self.parts.lose(part);
            }
        }
        if self.doubtful && self.parts.stored() > 0 {
            return self.begin_sampling(&found, moment);
        }
        if self.doubtful {
            self.trust_file();
        }
        // After a sign-in parts may still be running; the list is read again when they are done.
        if missing || self.parts.is_sending_any() {
            if verifies {
                self.rounds += 1;
                if self.rounds > ROUNDS {
                    return self.fail(Fault::new(Why::PartsDiffer));
                }
            }
            self.failures = 0;
            self.step = Step::Sending;
            return;
        }
        self.listed = found
            .into_values()
            .filter_map(|part| {
                Some(CompletedPart {
                    part_number: part.part_number,
                    etag: part.etag?,
                    checksum_crc32c: part.checksum_crc32c,
                })
            })
            .collect();
        self.tag = sums::tag_of(self.listed.iter().map(|part| part.etag.as_str()));
        self.go_to(Step::Probing, moment);
    }

    /// The file is still what it was.
    pub(super) fn probed(&mut self, moment: Moment) {
        let next = match (self.plan, self.write) {
            (None, _) => Step::Confirming,
            (Some(_), _) if self.keeping.is_some() => Step::Yielding(Yielding::Naming),
            (Some(_), Write::ClearFirst) => Step::Yielding(Yielding::Clearing),
            (Some(_), _) => Step::Completing,
        };
        self.go_to(next, moment);
    }

    pub(super) fn complete(&mut self, moment: Moment) {
        let Some(upload_id) = self.upload_id.clone() else {
            return;
        };
        self.complete_sent = true;
        self.remember();
        let parts = self.listed.clone();
        #[cfg(test)]
        let parts = plant::other_tag(parts);
        let request = CompleteUpload {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            body: Completion {
                upload_id: upload_id.to_string(),
                parts,
                if_none_match: self.must_be_new(),
                retention: self.options.attributes.retention.clone(),
                legal_hold: self.options.attributes.legal_hold,
            },
        };
        self.start(Action::Complete(request), Purpose::Complete, moment);
    }

    pub(super) fn complete_answered(&mut self, answer: Answer, moment: Moment) {
        match answer {
            Ok(Reply::Completed(completed)) => {
                self.version_id = completed.version_id;
                // There is no upload any more that could be resumed or given up.
                self.upload_gone = true;
                self.forget();
                self.go_to(Step::Confirming, moment);
            }
            Ok(_) => self.step_failed(Failure::nonsense("no completion came"), moment),
            Err(failure) if failure.kind() == Kind::NoUpload => self.upload_lost(moment),
            Err(failure) if failure.kind() == Kind::Conflict && self.is_unsure => {
                // An answer was lost before: what is in the way may be our own.
                self.taken = Some(failure);
                self.go_to(Step::Confirming, moment);
            }
            Err(failure) if failure.kind() == Kind::Conflict => self.in_the_way(failure),
            Err(failure) => {
                self.is_unsure = true;
                self.step_failed(failure, moment);
            }
        }
    }

    /// Whether the store is asked to take the object only if nothing is there.
    pub(super) fn must_be_new(&self) -> bool {
        self.write == Write::Create && self.settings.conditional_writes
    }

    /// Looks at the object by a listing: its answer is JSON, which no proxy compresses the length away
    /// from, and the key itself is the first of all keys that begin with it.
    pub(super) fn confirm(&mut self, moment: Moment) {
        let request = ListObjects {
            bucket: self.bucket.clone(),
            query: ListObjectsQuery {
                prefix: Some(self.key.to_string()),
                max_keys: Some(2),
                ..ListObjectsQuery::default()
            },
        };
        self.start(Action::Confirm(request), Purpose::Confirm, moment);
    }

    pub(super) fn confirm_answered(&mut self, answer: Answer, moment: Moment) {
        // Completion was answered, or there was none to ask for: the object must show up.
        let sure = self.taken.is_none() && (self.plan.is_none() || self.upload_id.is_none());
        let page = match answer {
            Ok(Reply::Objects(page)) => page,
            Ok(_) => return self.step_failed(Failure::nonsense("no objects came"), moment),
            Err(failure) if failure.kind() == Kind::Denied && sure => {
                self.note = Some(Note::Unseen);
                return self.done(None);
            }
            Err(failure) if failure.kind() == Kind::Denied => return self.not_ours(),
            Err(failure) => return self.step_failed(failure, moment),
        };
        let object = page
            .objects
            .into_iter()
            .find(|object| object.key == self.key.as_str());
        #[cfg(test)]
        let object = plant::other_size(object, self.file.size);
        match object {
            Some(object) if object.size == self.file.size => {
                if sure {
                    self.done(Some(object));
                } else {
                    self.prove(object, moment);
                }
            }
            None if self.complete_sent && self.failures < LATE => self.not_yet_there(moment),
            _ if !sure => self.not_ours(),
            Some(object) => {
                self.upload_gone = false;
                self.fail(Fault::new(Why::SizeDiffers {
                    expected: self.file.size,
                    found: object.size,
                }));
            }
            None => self.not_yet_there(moment),
        }
    }

    /// Some stores show a new object a little late.
    fn not_yet_there(&mut self, moment: Moment) {
        if self.failures + 1 >= ATTEMPTS {
            return self.fail(Fault::new(Why::Unconfirmed));
        }
        self.step_failed(Failure::network(), moment);
    }

    pub(super) fn done(&mut self, object: Option<Object>) {
        self.stop();
        self.forget();
        self.receipt = Some(Receipt {
            etag: object.as_ref().and_then(|object| object.etag.clone()),
            version_id: self.version_id.take(),
            stored_at: object.and_then(|object| object.last_modified),
            checksum: self.whole_sum.take(),
        });
        self.end = Some(End::Done);
    }
}
