//! A file that goes as a whole: sign, PUT, look.

use super::{End, Link, Purpose, Step, Transfer};
use crate::{
    object::upload_path,
    presign::{Presign, PresignMethod, PresignRequest},
    session::UploadRoute,
    upload::{
        ATTEMPTS, Action, Answer, Destination, Failure, Fault, Kind, Moment, Put, Reply, Why,
        delay_ms,
    },
};

impl Transfer {
    /// Whether the store has taken the one PUT.
    pub(super) fn is_stored_whole(&self) -> bool {
        matches!(self.end, Some(End::Done)) || matches!(self.step, Step::Probing | Step::Confirming)
    }

    pub(super) fn begin_whole(&mut self, moment: Moment) {
        if self.route == UploadRoute::Hako {
            let path = upload_path(&self.bucket, &self.key);
            return self.put_whole(Destination::Hako(path), moment);
        }
        if let Some(link) = self.link.as_ref().filter(|link| link.is_fresh(moment, 0)) {
            let url = link.url().to_owned();
            return self.put_whole(Destination::Store(url), moment);
        }
        self.step = Step::Beginning;
        let request = PresignRequest {
            bucket: self.bucket.to_string(),
            key: self.key.to_string(),
            expires_in: Some(self.settings.url_lifetime),
            method: Some(PresignMethod::PutObject),
            attachment: false,
            content_type: Some(self.content_type()),
            if_none_match: false,
            checksum: None,
        };
        let action = Action::SignWhole(Presign(request));
        self.start(action, Purpose::SignWhole, moment);
    }

    fn put_whole(&mut self, to: Destination, moment: Moment) {
        self.step = Step::Sending;
        self.whole_loaded = 0;
        let put = Put {
            range: 0..self.file.size,
            to,
            content_type: Some(self.content_type()),
        };
        self.start(Action::Put(put), Purpose::Whole, moment);
    }

    pub(super) fn signed_whole(&mut self, answer: Answer, since: u64, moment: Moment) {
        let signed = match answer {
            Ok(Reply::SignedWhole(signed)) => signed,
            Ok(_) => return self.step_failed(Failure::nonsense("no URL came"), moment),
            Err(failure) => return self.step_failed(failure, moment),
        };
        let Some(link) = Link::new(signed.url, since, signed.server_time, signed.expires_at) else {
            return self.step_failed(Failure::nonsense("the URL is over already"), moment);
        };
        let url = link.url().to_owned();
        self.link = Some(link);
        self.put_whole(Destination::Store(url), moment);
    }

    pub(super) fn whole_answered(&mut self, answer: Answer, moment: Moment) {
        match answer {
            Ok(_) => {
                self.whole_loaded = self.file.size;
                self.go_to(Step::Probing, moment);
            }
            Err(failure) if failure.is_mute() => {
                self.start(Action::Probe, Purpose::ProbeWhole(failure), moment);
            }
            Err(failure) => self.whole_failed(failure, moment),
        }
    }

    pub(super) fn whole_failed(&mut self, failure: Failure, moment: Moment) {
        self.whole_loaded = 0;
        let over = self.link.as_ref().is_none_or(|link| link.is_over(moment));
        let link = self.link.take();
        self.step = Step::Idle;
        let expired = failure.kind() == Kind::Expired
            || (over
                && self.route == UploadRoute::Direct
                && (failure.is_mute() || failure.kind() == Kind::Denied));
        if expired && self.signings < super::SIGNINGS {
            // Not the store's fault: it is sent again at once, with a new URL.
            self.signings += 1;
            return;
        }
        if failure.kind() == Kind::SignedOut {
            return self.sign_out();
        }
        self.failures += 1;
        let again = match failure.kind() {
            Kind::Transient | Kind::Expired => self.failures < ATTEMPTS,
            Kind::Damaged => self.failures < 2,
            _ => {
                return self.fail(Fault::by(Why::Refused, failure));
            }
        };
        if !again {
            let why = if failure.kind() == Kind::Transient {
                Why::Exhausted
            } else {
                Why::Refused
            };
            return self.fail(Fault::by(why, failure));
        }
        if !failure.is_mute() {
            // Somebody answered, so the URL is good; after silence it may be the URL.
            self.link = link;
        }
        let at = moment.now + delay_ms(self.failures, moment, failure.retry_after_ms);
        self.pause = Some(at);
        self.wake(at, Purpose::WakeStep, moment);
    }
}
