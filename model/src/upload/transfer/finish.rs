//! From the last part to the confirmed object.

use std::collections::BTreeMap;

use super::{End, Note, Purpose, ROUNDS, Step, Transfer};
use crate::{
    PartNumber,
    multipart::{CompleteUpload, CompletedPart, Completion, ListParts, PartPage},
    object::{ListObjects, ListObjectsQuery, Object},
    upload::{ATTEMPTS, Action, Answer, Failure, Fault, Kind, Moment, PartPlan, Reply, Why},
};

/// The store's list of parts, as far as it was read.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    /// Whether all parts should be there, or it is read to see which are.
    verifies: bool,
    marker: Option<u32>,
    found: BTreeMap<PartNumber, (String, u64)>,
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
            if let (Some(etag), Some(size)) = (part.etag, part.size) {
                self.found.insert(part.part_number, (etag, size));
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
        found: BTreeMap<PartNumber, (String, u64)>,
        verifies: bool,
        moment: Moment,
    ) {
        if found.keys().any(|part| part.get() > plan.count()) {
            return self.fail(Fault::new(Why::PartsDiffer));
        }
        let mut missing = false;
        for (part, range) in plan.parts() {
            let size = range.end - range.start;
            if found.get(&part).is_some_and(|(_, stored)| *stored == size) {
                self.parts.store(part);
            } else {
                missing = true;
                self.parts.lose(part);
            }
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
            .into_iter()
            .map(|(part_number, (etag, _))| CompletedPart {
                part_number,
                etag,
                checksum_crc32c: None,
            })
            .collect();
        self.go_to(Step::Probing, moment);
    }

    /// The file is still what it was.
    pub(super) fn probed(&mut self, moment: Moment) {
        let next = if self.plan.is_some() {
            Step::Completing
        } else {
            Step::Confirming
        };
        self.go_to(next, moment);
    }

    pub(super) fn complete(&mut self, moment: Moment) {
        let Some(upload_id) = &self.upload_id else {
            return;
        };
        self.complete_sent = true;
        let request = CompleteUpload {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            body: Completion {
                upload_id: upload_id.to_string(),
                parts: self.listed.clone(),
                if_none_match: false,
            },
        };
        self.start(Action::Complete(request), Purpose::Complete, moment);
    }

    pub(super) fn complete_answered(&mut self, answer: Answer, moment: Moment) {
        match answer {
            Ok(Reply::Completed(_)) => {
                // There is no upload any more that could be resumed or given up.
                self.upload_gone = true;
                self.upload_id = None;
                self.go_to(Step::Confirming, moment);
            }
            Ok(_) => self.step_failed(Failure::nonsense("no completion came"), moment),
            Err(failure) if failure.kind() == Kind::NoUpload => self.upload_lost(moment),
            Err(failure) => self.step_failed(failure, moment),
        }
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
                return self.done();
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
                    self.done();
                } else if self.is_ours(&object) {
                    self.note = Some(Note::FoundComplete);
                    self.done();
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
    /// that was there before: it is as young as the upload (stores date it by its begin or its end),
    /// and where its tag has S3's form for multipart objects, it has as many parts. In doubt it is
    /// sent again, which costs time and nothing else.
    fn is_ours(&self, object: &Object) -> bool {
        let young = match (object.last_modified, self.begun_at) {
            (Some(modified), Some(begun)) => modified.unix_seconds() + 2 >= begun.unix_seconds(),
            _ => false,
        };
        let count = self.plan.map_or(0, |plan| plan.count());
        let tag = object.etag.as_deref().map(|tag| tag.trim_matches('"'));
        let fits = match tag.and_then(|tag| tag.rsplit_once('-')) {
            Some((_, parts)) => parts.parse() == Ok(count),
            None => true,
        };
        young && fits
    }

    fn done(&mut self) {
        self.stop();
        self.upload_id = None;
        self.end = Some(End::Done);
    }
}
