//! A file that goes as a whole: sign, PUT, look.

use std::collections::BTreeMap;

use super::{Asked, End, Link, Purpose, Step, Transfer};
use crate::{
    object::upload_path,
    presign::{Presign, PresignMethod, PresignRequest},
    upload::{
        ATTEMPTS, Action, Answer, Destination, Failure, Fault, Hold, Kind, Moment, Put, Reply, Why,
        delay_ms,
    },
};

impl Transfer {
    /// Whether the store has taken the one PUT.
    pub(super) fn is_stored_whole(&self) -> bool {
        matches!(self.end, Some(End::Done)) || matches!(self.step, Step::Probing | Step::Confirming)
    }

    pub(super) fn begin_whole(&mut self, moment: Moment) {
        if !self.is_signed() {
            let path = upload_path(&self.bucket, &self.key);
            let only_new = ("If-None-Match".to_owned(), "*".to_owned());
            let mut headers = self.options.headers();
            headers.extend(self.must_be_new().then_some(only_new));
            return self.put_whole(Destination::Hako(path), headers, moment);
        }
        if let Some(link) = self.link.as_ref().filter(|link| link.is_fresh(moment, 0)) {
            let (url, headers) = (link.url().to_owned(), link.headers().clone());
            return self.put_whole(Destination::Store(url), headers, moment);
        }
        self.step = Step::Beginning;
        if let Some(algorithm) = self.algorithm().filter(|_| self.whole_sum.is_none()) {
            let range = 0..self.file.size;
            let action = Action::Checksum { range, algorithm };
            return self.start(action, Purpose::SumWhole, moment);
        }
        self.sign_whole(moment);
    }

    pub(super) fn sign_whole(&mut self, moment: Moment) {
        if self.holds.any() {
            self.step = Step::Idle;
            return;
        }
        let attributes = self.options.attributes.clone();
        let request = PresignRequest {
            bucket: self.bucket.to_string(),
            key: self.key.to_string(),
            use_proxy: self.through_proxy(),
            expires_in: Some(self.settings.url_lifetime),
            method: Some(PresignMethod::PutObject),
            attachment: false,
            content_type: Some(self.content_type()),
            if_none_match: self.must_be_new(),
            checksum: self.algorithm().and(self.whole_sum.clone()),
            metadata: attributes.metadata,
            tags: attributes.tags,
            acl: attributes.acl,
            retention: attributes.retention,
            legal_hold: attributes.legal_hold,
        };
        let action = Action::SignWhole(Presign(request));
        self.start(action, Purpose::SignWhole, moment);
    }

    fn put_whole(&mut self, to: Destination, headers: BTreeMap<String, String>, moment: Moment) {
        self.step = Step::Sending;
        self.whole_loaded = 0;
        let put = Put {
            range: 0..self.file.size,
            to,
            content_type: Some(self.content_type()),
            headers,
        };
        self.start(Action::Put(put), Purpose::Whole, moment);
    }

    pub(super) fn signed_whole(&mut self, answer: Answer, asked: Asked, moment: Moment) {
        let signed = match answer {
            Ok(Reply::SignedWhole(signed)) => signed,
            Ok(_) => return self.step_failed(Failure::nonsense("no URL came"), moment),
            Err(failure) => return self.step_failed(failure, moment),
        };
        let Some(link) = Link::new(
            asked.way(signed.url),
            asked.since,
            signed.server_time,
            signed.expires_at,
        ) else {
            return self.step_failed(Failure::nonsense("the URL is over already"), moment);
        };
        if asked.route != self.route {
            self.step = Step::Idle;
            return;
        }
        let (url, headers) = (link.url().to_owned(), signed.headers);
        self.link = Some(link.with(headers.clone()));
        if self.holds.any() {
            self.step = Step::Idle;
            return;
        }
        self.put_whole(Destination::Store(url), headers, moment);
    }

    pub(super) fn whole_answered(&mut self, answer: Answer, moment: Moment) {
        match answer {
            Ok(Reply::Stored) => {
                self.whole_loaded = self.file.size;
                self.go_to(Step::Probing, moment);
            }
            Ok(_) => self.whole_failed(Failure::nonsense("no storing came"), moment),
            Err(failure) if failure.is_mute() => {
                self.start(Action::Probe, Purpose::ProbeWhole(failure), moment);
            }
            Err(failure) => self.whole_failed(failure, moment),
        }
    }

    pub(super) fn whole_failed(&mut self, failure: Failure, moment: Moment) {
        self.whole_loaded = 0;
        self.is_unsure |= matches!(failure.kind(), Kind::Transient | Kind::Fatal);
        let over = self.link.as_ref().is_none_or(|link| link.is_over(moment));
        let link = self.link.take();
        self.step = Step::Idle;
        let expired = failure.kind() == Kind::Expired
            || (over && self.is_signed() && (failure.is_mute() || failure.kind() == Kind::Denied));
        if expired && self.signings < super::SIGNINGS {
            // Not the store's fault: it is sent again at once, with a new URL.
            self.signings += 1;
            return;
        }
        if failure.is_mute() && self.holds.has(Hold::Offline) {
            return;
        }
        match failure.kind() {
            Kind::SignedOut => return self.sign_out(),
            Kind::Conflict if self.is_unsure => {
                // An answer was lost before: what is in the way may be our own.
                self.taken = Some(failure);
                return self.go_to(Step::Confirming, moment);
            }
            Kind::Conflict => return self.in_the_way(failure),
            // Read once more, as parts are.
            Kind::Damaged => self.whole_suspect = self.whole_sum.take(),
            _ => {}
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
        if !failure.is_mute() && failure.kind() != Kind::Damaged {
            // Somebody answered, so the URL is good; after silence it may be the URL.
            self.link = link;
        }
        let at = moment.now + delay_ms(self.failures, moment, failure.retry_after_ms);
        self.pause = Some(at);
        self.wake(at, Purpose::WakeStep, moment);
    }
}
