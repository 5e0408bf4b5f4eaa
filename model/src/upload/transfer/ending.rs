//! Where a transfer comes to rest: failed, signed out, changed, cancelled; and how it gets up again.

use super::{End, Note, Parts, Purpose, ROUNDS, Step, Transfer, finish::Listing};
use crate::{
    UploadId,
    multipart::{Abort, AbortUpload},
    upload::{ATTEMPTS, Action, Answer, Effect, Fault, Kind, Moment, Phase, Reply, Why, delay_ms},
};

impl Transfer {
    /// Drops everything that is under way, ends its requests, keeps what cleans up.
    pub(super) fn stop(&mut self) {
        let out = &mut self.out;
        self.outstanding.retain(|ticket, outstanding| {
            if matches!(outstanding.purpose, Purpose::Begin) {
                outstanding.purpose = Purpose::OrphanBegin;
            }
            if outstanding.purpose.is_put() {
                out.push(Effect {
                    ticket: *ticket,
                    action: Action::Stop,
                });
            }
            outstanding.purpose.is_cleaning()
        });
        self.pause = None;
        self.holds.parked = false;
        self.whole_loaded = 0;
        self.parts.stop();
    }

    pub(super) fn fail(&mut self, fault: Fault) {
        self.stop();
        self.end = Some(End::Failed(fault));
    }

    /// The session is over: what was begun with good URLs goes on, nothing new is asked for.
    pub(super) fn sign_out(&mut self) {
        self.outstanding.retain(|_, outstanding| {
            outstanding.purpose.is_put()
                || outstanding.purpose.is_cleaning()
                || matches!(outstanding.purpose, Purpose::ProbePart(..))
        });
        self.pause = None;
        self.parts.summing.clear();
        self.parts.wake_all();
        self.end = Some(End::SignedOut);
    }

    /// Ends for good, and has the store drop what it holds of the upload.
    pub(super) fn give_up(&mut self, end: End, moment: Moment) {
        self.stop();
        self.end = Some(end);
        if self.lent {
            // It is not this page's to give up.
            return self.forget();
        }
        // Until the store has agreed, also after a reload.
        self.remember_phase(Phase::Aborting);
        if let Some(upload) = self.upload_id.take() {
            self.abort(upload, 1, moment);
        }
    }

    /// There is nothing left of the upload that could go on or be given up.
    pub(super) fn forget(&mut self) {
        if let Some(upload) = self.upload_id.take() {
            self.tell(Action::Forget(upload));
        }
    }

    /// Lets go of the file. What is stored stays, and the note of it as well.
    pub(super) fn save_for_later(&mut self) {
        if self.can_save() {
            self.end = Some(End::FileNeeded);
        }
    }

    pub(super) fn cancel(&mut self, moment: Moment) {
        if self.can_cancel() {
            self.give_up(End::Cancelled, moment);
        }
    }

    pub(super) fn retry(&mut self, moment: Moment) {
        if !self.can_retry() {
            return;
        }
        if self.end.is_none() {
            // "Now" instead of at the appointed time: the timers are forgotten.
            self.forget_timers();
            self.parts.wake_all();
            self.parts.may_sign_again();
            if self.pause.take().is_some() {
                self.run(moment);
            }
            return;
        }
        let fault = match self.end.take() {
            Some(End::Failed(fault)) => Some(fault.why),
            _ => None,
        };
        if matches!(fault, Some(Why::SizeDiffers { .. } | Why::Unconfirmed)) {
            // It was completed, and what is there is not right: from the first byte.
            self.forget_upload();
        }
        self.failures = 0;
        self.signings = 0;
        self.rounds = 0;
        self.restarts = 0;
        self.parts.forget_failures();
        self.parts.may_sign();
        self.whole_loaded = 0;
        self.step = Step::Idle;
        if self.upload_gone || self.taken.is_some() {
            self.go_to(Step::Confirming, moment);
        } else if self.upload_id.is_some() {
            // The store's list decides what is missing.
            self.go_to(Step::Listing(Listing::resuming()), moment);
        }
    }

    /// The store does not know the upload any more: it was given up there, or completed, by a request
    /// whose answer was lost or by another machine. The object tells.
    pub(super) fn upload_lost(&mut self, moment: Moment) {
        self.stop();
        if self.lent {
            // Whoever began it has completed it or given it up: nothing of this file is wanted.
            self.forget();
            return self.fail(Fault::new(Why::Gone));
        }
        self.upload_gone = true;
        self.go_to(Step::Confirming, moment);
    }

    pub(super) fn begin_anew(&mut self) {
        self.stop();
        self.forget_upload();
        self.restarts += 1;
        if self.adopted {
            self.fail(Fault::new(Why::Gone));
        } else if self.restarts > ROUNDS {
            self.fail(Fault::new(Why::UploadLost));
        } else {
            self.note = Some(Note::BegunAnew);
        }
    }

    pub(super) fn forget_upload(&mut self) {
        self.forget();
        self.tag = None;
        self.begun_at = None;
        self.complete_sent = false;
        self.is_unsure = false;
        self.taken = None;
        // What is sent now is of the file that was given last, whatever it was begun with.
        self.is_other_file |= self.doubtful;
        self.doubtful = false;
        self.distrusted = None;
        self.upload_gone = false;
        self.listed.clear();
        self.failures = 0;
        self.step = Step::Idle;
        self.parts = self.plan.map(Parts::new).unwrap_or_default();
    }

    pub(super) fn abort(&mut self, upload: UploadId, attempt: u32, moment: Moment) {
        let request = AbortUpload {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            body: Abort {
                upload_id: upload.to_string(),
            },
        };
        let purpose = Purpose::Abort(upload, attempt);
        self.start(Action::Abort(request), purpose, moment);
    }

    pub(super) fn abort_answered(
        &mut self,
        upload: UploadId,
        attempt: u32,
        answer: Answer,
        moment: Moment,
    ) {
        let Err(failure) = answer else {
            return self.tell(Action::Forget(upload));
        };
        match failure.kind() {
            Kind::NoUpload => self.tell(Action::Forget(upload)),
            Kind::Transient | Kind::SignedOut if attempt < ATTEMPTS => {
                let at = moment.now + delay_ms(attempt, moment, failure.retry_after_ms);
                self.wake(at, Purpose::WakeAbort(upload, attempt + 1), moment);
            }
            _ => self.note = Some(Note::PartsLeft),
        }
    }

    pub(super) fn orphan_begun(&mut self, answer: Answer, moment: Moment) {
        let upload = match answer {
            Ok(Reply::Signed(signed)) => signed.upload_id,
            Ok(Reply::Created(created)) => created.upload_id,
            _ => return,
        };
        if let Ok(upload) = UploadId::parse(upload) {
            if let Some(record) = self.record_of(upload.clone(), Phase::Aborting) {
                self.tell(Action::Remember(Box::new(record)));
            }
            self.abort(upload, 1, moment);
        }
    }
}
