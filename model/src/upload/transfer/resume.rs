//! Going on after a reload, with a file that was given again, or another way.

use std::sync::Arc;

use super::{End, Note, PartPlan, Step, Transfer, finish::Listing};
use crate::{
    UploadId,
    session::UploadRoute,
    upload::{
        Action, Fault, FileFacts, Likeness, Moment, Phase, Record, Settings, Why, record::NEVER,
    },
};

impl Transfer {
    /// Takes up what a record tells. It waits for its file, or, if it was given up, has the store
    /// drop what it holds.
    pub fn restored(record: Record, settings: Settings, moment: Moment) -> Result<Self, Fault> {
        let plan = PartPlan::new(record.file.size, record.part_size);
        let plan = plan.map_err(|fault| Fault::new(Why::Size(fault)))?;
        let settings = Settings {
            // An upload goes on with the checksums that it was begun for.
            checksum: record.checksum,
            ..settings
        };
        let (bucket, key, file) = (record.bucket, record.key, record.file);
        let mut transfer = Self::planned(bucket, key, file, settings, record.write, Some(plan));
        transfer.begun_at = record.begun_at;
        transfer.options = Arc::new(record.options);
        transfer.adopted = record.adopted;
        transfer.is_other_file = transfer.file.modified == NEVER;
        transfer.upload_id = Some(record.upload_id);
        transfer.end = Some(End::FileNeeded);
        match record.phase {
            Phase::Sending => {}
            Phase::Completing { tag } => {
                transfer.complete_sent = true;
                transfer.is_unsure = true;
                transfer.tag = tag;
            }
            Phase::Aborting => transfer.give_up(End::Cancelled, moment),
        }
        Ok(transfer)
    }

    /// Takes up what somebody began elsewhere, by the record that was derived from the store's lists. It
    /// is lent until its file has been compared with what is stored: before that nothing is kept of
    /// it here, nothing is sent, and leaving it gives nothing up.
    pub fn lent(record: Record, settings: Settings, moment: Moment) -> Result<Self, Fault> {
        let mut transfer = Self::restored(record, settings, moment)?;
        transfer.is_other_file = true;
        transfer.lent = true;
        transfer.adopted = true;
        Ok(transfer)
    }

    /// What is kept of it.
    pub(super) fn record_of(&self, upload_id: UploadId, phase: Phase) -> Option<Record> {
        let mut file = self.distrusted.as_ref().unwrap_or(&self.file).clone();
        if self.is_other_file {
            file.modified = NEVER;
        }
        Some(Record {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            upload_id,
            file,
            part_size: self.plan?.part_size(),
            checksum: self.settings.checksum,
            write: self.write,
            options: self.options.as_ref().clone(),
            adopted: self.adopted,
            begun_at: self.begun_at,
            phase,
        })
    }

    pub(super) fn remember_phase(&mut self, phase: Phase) {
        let upload = self.upload_id.clone();
        if let Some(record) = upload.and_then(|upload| self.record_of(upload, phase)) {
            self.tell(Action::Remember(Box::new(record)));
        }
    }

    pub(super) fn remember(&mut self) {
        let phase = if self.complete_sent {
            Phase::Completing {
                tag: self.tag.clone(),
            }
        } else {
            Phase::Sending
        };
        self.remember_phase(phase);
    }

    /// Takes the file that it waits for, or another one that was chosen for it.
    pub(super) fn take_file(&mut self, file: FileFacts, moment: Moment) {
        let waits = matches!(self.end, Some(End::FileNeeded | End::Changed));
        if !waits || self.upload_id.is_none() {
            return;
        }
        match self.file.likeness(&file) {
            Likeness::Different => {
                self.note = Some(Note::OtherFile);
                return;
            }
            Likeness::Same => self.doubtful = self.is_other_file,
            Likeness::Doubtful => self.doubtful = true,
        }
        self.note = None;
        self.distrusted = self.doubtful.then(|| self.file.clone());
        // The record keeps the path that it was begun with, by which the file is found again.
        self.file = FileFacts {
            relative_path: self.file.relative_path.clone(),
            content_type: self.file.content_type.clone(),
            ..file
        };
        self.parts.forget_sums();
        self.end = None;
        self.go_to(Step::Listing(Listing::resuming()), moment);
    }

    /// The file is not the one that the stored parts are of. They stay: the right file may come.
    pub(super) fn not_this_file(&mut self) {
        self.stop();
        if let Some(file) = self.distrusted.take() {
            self.file = file;
        }
        self.note = Some(Note::OtherFile);
        self.end = Some(End::Changed);
    }

    /// Uploads the file as it is now, to the same key and with the same options. What is stored of it as it was
    /// is given up.
    pub(super) fn start_again(&mut self, file: FileFacts, moment: Moment) {
        if !self.can_start_again() {
            return;
        }
        let file = FileFacts {
            // By which it was dropped, and is found again.
            relative_path: self.file.relative_path.clone(),
            ..file
        };
        let fresh = Self::new(
            self.bucket.clone(),
            self.key.clone(),
            file,
            self.settings,
            self.write,
            Arc::clone(&self.options),
        );
        let fresh = match fresh {
            Ok(fresh) => fresh,
            // What is stored stays, as long as nothing can take its place.
            Err(fault) => return self.fail(fault),
        };
        self.give_up(End::Cancelled, moment);
        *self = Self {
            // What cleans up goes on, and its answers are not those of what comes.
            outstanding: std::mem::take(&mut self.outstanding),
            next_ticket: self.next_ticket,
            out: std::mem::take(&mut self.out),
            holds: self.holds.clone(),
            keeping: self.keeping,
            route: self.route,
            ..fresh
        };
    }

    /// Sends its bytes another way from now on. Parts that are stored stay, requests that run go on.
    pub(super) fn reroute(&mut self, route: UploadRoute) {
        // A key that the browser would resolve can only go through Hako.
        if super::has_dot_segments(&self.key) || self.route == route {
            return;
        }
        self.route = route;
        self.parts.links.clear();
        self.parts.wake_all();
        self.link = None;
        if route == UploadRoute::Hako {
            self.note = Some(Note::ThroughHako);
        }
    }
}
