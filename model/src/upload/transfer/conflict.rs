//! Something is in the way: another object has the key, and the store or the person does not want it
//! overwritten.
//!
//! An upload is bound to its key. To keep both, what is stored is copied aside inside the store, or, as
//! long as nothing was sent, the file takes the next free name itself.

use super::{End, PartPlan, Purpose, Step, Transfer, finish::Listing};
use crate::{
    ObjectKey,
    object::{CopyObject, CopySource, DeleteObject, ListObjects, ListObjectsQuery, ObjectPage},
    upload::{
        Action, Answer, Choice, Failure, Fault, Kind, Moment, Reply, Why, Write,
        naming::{FreeNames, numbered_prefix},
    },
};

/// How what is in the way makes room.
#[derive(Clone, Debug)]
pub(super) enum Yielding {
    /// Looks for a free name: for the file itself, or for a copy of what is there.
    Naming,
    /// What is there is copied aside.
    Copying(ObjectKey),
    /// What is there is deleted.
    Clearing,
}

impl Transfer {
    /// Something has the key that was to be new, or that may not be overwritten.
    pub(super) fn in_the_way(&mut self, failure: Failure) {
        self.stop();
        self.end = Some(End::InTheWay(failure));
    }

    pub(super) fn decide(&mut self, choice: Choice, moment: Moment) {
        let Some(End::InTheWay(failure)) = &self.end else {
            return;
        };
        // Where only the condition failed, the same write without one goes through; a store that
        // refuses to overwrite must be cleared first.
        let replacing = if failure.is_precondition() {
            Write::Plain
        } else {
            Write::ClearFirst
        };
        self.end = None;
        self.failures = 0;
        self.complete_sent = false;
        self.is_unsure = false;
        match choice {
            Choice::Replace => {
                self.keeping = None;
                self.write = replacing;
                // Nobody is asked again after a reload.
                self.remember();
                self.replace(moment);
            }
            Choice::KeepBoth => {
                self.keeping = Some(replacing);
                self.go_to(Step::Yielding(Yielding::Naming), moment);
            }
        }
    }

    fn replace(&mut self, moment: Moment) {
        if self.upload_id.is_some() {
            // The parts are stored: what is left is to look at them and to put them together.
            return self.go_to(Step::Listing(Listing::resuming()), moment);
        }
        if self.write == Write::ClearFirst && self.plan.is_none() && self.file.size > 0 {
            // All of it must be stored before what is there goes.
            let part_size = PartPlan::part_size_for(self.file.size, self.settings.part_size);
            self.plan = PartPlan::new(self.file.size, part_size).ok();
            self.parts = self.plan.map(super::Parts::new).unwrap_or_default();
            self.link = None;
        }
        if self.plan.is_none() && self.write == Write::ClearFirst {
            return self.go_to(Step::Yielding(Yielding::Clearing), moment);
        }
        self.step = Step::Idle;
    }

    /// Carries out what makes room.
    pub(super) fn make_way(&mut self, moment: Moment) {
        let Step::Yielding(yielding) = &self.step else {
            return;
        };
        let action = match yielding {
            Yielding::Naming => Action::Names(ListObjects {
                bucket: self.bucket.clone(),
                query: ListObjectsQuery {
                    prefix: Some(numbered_prefix(self.key.as_str())),
                    max_keys: Some(1_000),
                    ..ListObjectsQuery::default()
                },
            }),
            Yielding::Copying(aside) => Action::Copy(CopyObject {
                bucket: self.bucket.clone(),
                key: aside.clone(),
                source: CopySource {
                    source_bucket: self.bucket.to_string(),
                    source_key: self.key.to_string(),
                    source_version_id: None,
                },
            }),
            Yielding::Clearing => Action::Clear(DeleteObject {
                bucket: self.bucket.clone(),
                key: self.key.clone(),
                version_id: None,
            }),
        };
        self.start(action, Purpose::Yield, moment);
    }

    pub(super) fn yielded(&mut self, answer: Answer, moment: Moment) {
        let Step::Yielding(yielding) = &self.step else {
            return;
        };
        let yielding = yielding.clone();
        match (yielding, answer) {
            (Yielding::Naming, Ok(Reply::Objects(page))) => self.named(&page, moment),
            (Yielding::Copying(_), Ok(Reply::Moved)) => self.kept(moment),
            (Yielding::Copying(_), Err(failure)) if failure.is_no_object() => {
                // It has gone by itself.
                self.kept(moment);
            }
            (Yielding::Clearing, Ok(Reply::Moved)) if self.plan.is_none() => {
                self.step = Step::Idle;
            }
            (Yielding::Clearing, Ok(Reply::Moved)) => self.go_to(Step::Completing, moment),
            (Yielding::Clearing, Err(failure)) if failure.kind() == Kind::Conflict => {
                // Under retention or hold: it does not yield.
                self.fail(Fault::by(Why::Protected, failure));
            }
            (_, Err(failure)) => self.step_failed(failure, moment),
            (_, Ok(_)) => self.step_failed(Failure::nonsense("nothing moved"), moment),
        }
    }

    /// What was to be kept is safe: now it may be replaced.
    fn kept(&mut self, moment: Moment) {
        if let Some(write) = self.keeping.take() {
            self.write = write;
        }
        self.replace(moment);
    }

    fn named(&mut self, page: &ObjectPage, moment: Moment) {
        let taken = |name: &str| page.objects.iter().any(|object| object.key == name);
        let longest = self.settings.max_key_bytes;
        let free = FreeNames::default().beside(self.key.as_str(), longest, taken);
        // A name is free only if it would have been listed: a copy aside must not overwrite anything.
        let listed = numbered_prefix(self.key.as_str());
        let free = free.filter(|name| !page.is_truncated && name.starts_with(&listed));
        let free = free.and_then(|name| ObjectKey::parse(name).ok());
        let Some(free) = free else {
            return self.fail(Fault::new(Why::NoName));
        };
        if self.upload_id.is_some() {
            return self.go_to(Step::Yielding(Yielding::Copying(free)), moment);
        }
        // Nothing was sent: the file itself takes the free name, as a new one.
        self.key = free;
        self.link = None;
        self.keeping = None;
        self.write = Write::Create;
        self.step = Step::Idle;
    }
}
