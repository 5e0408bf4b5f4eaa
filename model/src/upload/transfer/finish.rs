//! From the last part to the confirmed object.

use std::collections::BTreeMap;

use super::{
    End, Note, Purpose, ROUNDS, Receipt, Sample, Step, Transfer, conflict::Yielding, sums,
};
use crate::{
    PartNumber,
    multipart::{CompleteUpload, CompletedPart, Completion, ListParts, Part, PartPage},
    object::{ListObjects, ListObjectsQuery, Object},
    upload::{ATTEMPTS, Action, Answer, Failure, Fault, Kind, Moment, PartPlan, Reply, Why, Write},
};

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
        if found.keys().any(|part| part.get() > plan.count()) {
            return self.fail(Fault::new(Why::PartsDiffer));
        }
        let mut missing = false;
        for (part, range) in plan.parts() {
            let size = range.end - range.start;
            let is_planned = |stored: &&Part| stored.size == Some(size);
            let stored = found.get(&part).filter(is_planned);
            if stored.is_some_and(|stored| self.is_as_sent(stored)) {
                self.parts.store(part);
            } else {
                missing = true;
                self.parts.lose(part);
            }
        }
        if self.doubtful && self.parts.stored() > 0 {
            let is_stored = |part: &&Part| self.parts.stored.contains(&part.part_number);
            let samples = Sample::of(found.values().filter(is_stored));
            return self.begin_sampling(samples, moment);
        }
        self.doubtful = false;
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
        let request = CompleteUpload {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            body: Completion {
                upload_id: upload_id.to_string(),
                parts: self.listed.clone(),
                if_none_match: self.must_be_new(),
            },
        };
        self.start(Action::Complete(request), Purpose::Complete, moment);
    }

    pub(super) fn complete_answered(&mut self, answer: Answer, moment: Moment) {
        match answer {
            Ok(Reply::Completed(_)) => {
                // There is no upload any more that could be resumed or given up.
                self.upload_gone = true;
                self.forget();
                self.go_to(Step::Confirming, moment);
            }
            Ok(_) => self.step_failed(Failure::nonsense("no completion came"), moment),
            Err(failure) if failure.kind() == Kind::NoUpload => self.upload_lost(moment),
            Err(failure) if failure.kind() == Kind::Conflict => self.in_the_way(failure),
            Err(failure) => self.step_failed(failure, moment),
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
        let sure = self.plan.is_none() || self.upload_id.is_none();
        let page = match answer {
            Ok(Reply::Objects(page)) => page,
            Ok(_) => return self.step_failed(Failure::nonsense("no objects came"), moment),
            Err(failure) if failure.kind() == Kind::Denied && sure => {
                self.note = Some(Note::Unseen);
                return self.done(None);
            }
            Err(failure) if failure.kind() == Kind::Denied => return self.begin_anew(),
            Err(failure) => return self.step_failed(failure, moment),
        };
        let object = page
            .objects
            .into_iter()
            .find(|object| object.key == self.key.as_str());
        match object {
            Some(object) if object.size == self.file.size => {
                if sure {
                    self.done(Some(object));
                } else if self.is_ours(&object) {
                    self.note = Some(Note::FoundComplete);
                    self.done(Some(object));
                } else {
                    self.begin_anew();
                }
            }
            _ if !sure => self.begin_anew(),
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

    /// Whether an object of the right size is the one whose completion was not answered, and not one
    /// that was there before or came meanwhile: its tag is what follows from those of the parts. Where
    /// that cannot be told, it is as young as the upload (stores date it by its begin or its end),
    /// and has as many parts, if its tag tells. In doubt it is sent again, which costs time and
    /// nothing else.
    fn is_ours(&self, object: &Object) -> bool {
        let young = match (object.last_modified, self.begun_at) {
            (Some(modified), Some(begun)) => modified.unix_seconds() + 2 >= begun.unix_seconds(),
            _ => false,
        };
        let count = self.plan.map_or(0, |plan| plan.count());
        let tag = object.etag.as_deref().map(|tag| tag.trim_matches('"'));
        let multipart = |tag: &&str| tag.len() > 33 && tag.as_bytes().get(32) == Some(&b'-');
        if let (Some(expected), Some(tag)) = (&self.tag, tag.filter(multipart)) {
            return tag == expected;
        }
        let fits = match tag.and_then(|tag| tag.rsplit_once('-')) {
            Some((_, parts)) => parts.parse() == Ok(count),
            None => true,
        };
        young && fits
    }

    fn done(&mut self, object: Option<Object>) {
        self.stop();
        self.forget();
        self.receipt = Some(Receipt {
            etag: object.as_ref().and_then(|object| object.etag.clone()),
            stored_at: object.and_then(|object| object.last_modified),
            checksum: self.whole_sum.take(),
        });
        self.end = Some(End::Done);
    }
}
