//! A file that goes in parts: begin, sign in batches, send, try again.

use std::collections::BTreeMap;

use super::{Asked, Link, Purpose, SIGNINGS, Step, Transfer, finish::Listing, ledger::AHEAD};
use crate::{
    PartNumber, UploadId,
    attributes::Attributes,
    multipart::{
        CreateUpload, PartToSign, PresignUpload, PresignedUpload, UploadPlanRequest, part_path,
    },
    upload::{
        ATTEMPTS, Action, Answer, Destination, Failure, Fault, Hold, Kind, Moment, PartPlan, Put,
        Reply, Why, delay_ms,
    },
};

impl Transfer {
    pub(super) fn begin(&mut self, plan: PartPlan, moment: Moment) {
        if self.upload_id.is_some() {
            // Begun before; what is missing is known.
            self.step = Step::Sending;
            return self.send_part(plan, moment);
        }
        if self.adopted {
            // What the first one was begun with nobody here knows.
            return self.fail(Fault::new(Why::Gone));
        }
        self.step = Step::Beginning;
        let action = if self.is_signed() {
            Action::Begin(self.presign(plan, self.to_sign()))
        } else {
            Action::Create(CreateUpload {
                bucket: self.bucket.clone(),
                key: self.key.clone(),
                content_type: Some(self.content_type()),
                checksum_algorithm: None,
                attributes: self.options.attributes.clone(),
            })
        };
        self.start(action, Purpose::Begin, moment);
        if let Some(algorithm) = self.algorithm() {
            // Read while the upload is begun, so that its first URLs can be signed at once.
            self.sum_ahead(plan, algorithm, moment);
        }
    }

    fn presign(&self, plan: PartPlan, parts: Vec<PartToSign>) -> PresignUpload {
        let upload_id = self.upload_id.as_ref().map(ToString::to_string);
        let attributes = if upload_id.is_none() {
            self.options.attributes.clone()
        } else {
            Attributes::default()
        };
        PresignUpload {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            body: UploadPlanRequest {
                file_size: plan.file_size(),
                part_size: Some(plan.part_size()),
                use_proxy: self.through_proxy(),
                expires_in: Some(self.settings.url_lifetime),
                content_type: upload_id.is_none().then(|| self.content_type()),
                checksum_algorithm: if upload_id.is_none() {
                    self.algorithm()
                } else {
                    None
                },
                upload_id,
                part_numbers: None,
                parts: Some(parts),
                metadata: attributes.metadata,
                tags: attributes.tags,
                acl: attributes.acl,
                retention: attributes.retention,
                legal_hold: attributes.legal_hold,
            },
        }
    }

    pub(super) fn begun(&mut self, answer: Answer, asked: Asked, moment: Moment) {
        let (upload, signed) = match answer {
            Ok(Reply::Signed(signed)) => (signed.upload_id.clone(), Some(signed)),
            Ok(Reply::Created(created)) => (created.upload_id, None),
            Ok(_) => return self.step_failed(Failure::nonsense("no upload came"), moment),
            Err(failure) => return self.step_failed(failure, moment),
        };
        let Ok(upload) = UploadId::parse(upload) else {
            return self.step_failed(Failure::nonsense("the upload id is none"), moment);
        };
        self.upload_id = Some(upload);
        self.failures = 0;
        self.step = Step::Sending;
        if let Some(signed) = signed {
            self.begun_at = Some(signed.server_time);
            self.take_links(signed, asked);
        }
        // Also if it cannot go on: what was begun is not forgotten.
        self.remember();
    }

    /// Keeps signed URLs. What the server planned must be what is sent.
    fn take_links(&mut self, signed: PresignedUpload, asked: Asked) {
        let agreed = self.plan.is_some_and(|plan| {
            plan.part_size() == signed.part_size && plan.count() == signed.total_parts
        });
        if !agreed {
            return self.fail(Fault::new(Why::PlanDiffers));
        }
        if asked.route != self.route {
            // They lead another way than the bytes go by now.
            return;
        }
        let (mut kept, count) = (0, signed.urls.len());
        for part in signed.urls {
            let link = Link::new(
                asked.way(part.url),
                asked.since,
                signed.server_time,
                signed.expires_at,
            )
            .map(|link| link.with(part.headers));
            if let Some(link) = link {
                kept += 1;
                if self.parts.todo.contains(&part.part_number) {
                    self.parts.links.insert(part.part_number, link);
                }
            }
        }
        if kept == 0 && (count > 0 || self.algorithm().is_none()) && !self.parts.todo.is_empty() {
            self.fail(Fault::by(
                Why::Refused,
                Failure::nonsense("no usable URL came"),
            ));
        }
    }

    /// Uses a slot: sends the first part that can go.
    pub(super) fn send_part(&mut self, plan: PartPlan, moment: Moment) {
        self.drop_stale_links(moment);
        let next = if self.is_signed() {
            let linked = |part: &&PartNumber| self.parts.links.contains_key(part);
            self.parts.todo.iter().find(linked).copied()
        } else {
            self.parts.todo.first().copied()
        };
        if let Some(part) = next {
            self.put_part(plan, part, moment);
        }
        self.prepare(moment);
    }

    fn drop_stale_links(&mut self, moment: Moment) {
        let last_ms = self.parts.last_ms;
        let todo = &self.parts.todo;
        self.parts
            .links
            .retain(|part, link| !todo.contains(part) || link.is_fresh(moment, last_ms));
    }

    /// Sees to it that the next parts can go: their checksums, their URLs.
    pub(super) fn prepare(&mut self, moment: Moment) {
        let Some(plan) = self.plan else { return };
        let sends = matches!(self.step, Step::Sending) && self.end.is_none();
        if !sends || self.holds.any() || !self.is_signed() {
            return;
        }
        self.drop_stale_links(moment);
        if let Some(algorithm) = self.algorithm() {
            self.sum_ahead(plan, algorithm, moment);
        } else if self.parts.linked() >= AHEAD {
            return;
        }
        if self.parts.signing {
            return;
        }
        let parts = self.to_sign();
        if parts.is_empty() {
            return;
        }
        self.parts.signing = true;
        let action = Action::Sign(self.presign(plan, parts));
        self.start(action, Purpose::Sign, moment);
    }

    fn put_part(&mut self, plan: PartPlan, part: PartNumber, moment: Moment) {
        let (Some(range), Some(upload)) = (plan.range(part), &self.upload_id) else {
            return;
        };
        let (to, content_type, headers) = match self.parts.links.get(&part) {
            // A part's URL signs no type, and none may be sent.
            Some(link) if self.is_signed() => (
                Destination::Store(link.url().to_owned()),
                None,
                link.headers().clone(),
            ),
            _ => (
                Destination::Hako(part_path(&self.bucket, &self.key, upload, part)),
                Some("application/octet-stream".to_owned()),
                BTreeMap::new(),
            ),
        };
        self.parts.todo.remove(&part);
        self.parts.sending.insert(part, 0);
        let put = Put {
            range,
            to,
            content_type,
            headers,
        };
        self.start(Action::Put(put), Purpose::Part(part), moment);
    }

    pub(super) fn signed(&mut self, answer: Answer, asked: Asked, moment: Moment) {
        let failure = match answer {
            Ok(Reply::Signed(signed)) => {
                self.parts.may_sign();
                self.parts.sign_failures = 0;
                return self.take_links(signed, asked);
            }
            Ok(_) => Failure::nonsense("no URLs came"),
            Err(failure) => failure,
        };
        match failure.kind() {
            Kind::NoUpload => self.upload_lost(moment),
            Kind::SignedOut => self.sign_out(),
            Kind::Transient if self.holds.has(Hold::Offline) => self.parts.may_sign(),
            Kind::Transient => {
                self.parts.sign_failures += 1;
                let failures = self.parts.sign_failures;
                if failures >= ATTEMPTS {
                    return self.fail(Fault::by(Why::Exhausted, failure));
                }
                // `signing` stays set until then, so that nobody asks meanwhile.
                let at = moment.now + delay_ms(failures, moment, failure.retry_after_ms);
                self.parts.sign_at = Some(at);
                self.wake(at, Purpose::WakeSign, moment);
            }
            _ => self.fail(Fault::by(Why::Refused, failure)),
        }
    }

    pub(super) fn part_answered(
        &mut self,
        part: PartNumber,
        answer: Answer,
        since: u64,
        moment: Moment,
    ) {
        match answer {
            Ok(Reply::Stored) => {
                self.parts.last_ms = moment.now.saturating_sub(since);
                self.parts.store(part);
                if let Some((doubted, again)) = &mut self.parts.tag_doubted {
                    *again |= *doubted == part;
                }
                self.signings = 0;
                if self.end.is_none()
                    && matches!(self.step, Step::Sending)
                    && self.parts.is_complete()
                {
                    self.go_to(Step::Listing(Listing::verifying()), moment);
                }
            }
            Ok(_) => self.part_failed(part, Failure::nonsense("no storing came"), moment),
            Err(failure) if failure.is_mute() => {
                self.parts.sending.remove(&part);
                self.parts.doubtful.insert(part);
                self.start(Action::Probe, Purpose::ProbePart(part, failure), moment);
            }
            Err(failure) => {
                self.part_failed(part, failure, moment);
            }
        }
    }

    pub(super) fn part_failed(&mut self, part: PartNumber, failure: Failure, moment: Moment) {
        self.parts.sending.remove(&part);
        self.parts.doubtful.remove(&part);
        let link = self.parts.links.remove(&part);
        if self.parts.stored.contains(&part) {
            // The store has listed it meanwhile.
            return;
        }
        if self.end.is_some() || (failure.is_mute() && self.holds.has(Hold::Offline)) {
            // Signed out or offline meanwhile: it is sent again afterwards.
            self.parts.todo.insert(part);
            return;
        }
        let over = link.as_ref().is_some_and(|link| link.is_over(moment));
        let kind = failure.kind();
        let expired =
            kind == Kind::Expired || (over && (failure.is_mute() || kind == Kind::Denied));
        if expired && self.signings < SIGNINGS {
            self.signings += 1;
            self.parts.todo.insert(part);
            return;
        }
        match kind {
            Kind::NoUpload => self.upload_lost(moment),
            Kind::SignedOut => {
                self.parts.todo.insert(part);
                self.sign_out();
            }
            Kind::Transient | Kind::Damaged | Kind::Expired => {
                let limit = if kind == Kind::Damaged { 2 } else { ATTEMPTS };
                self.delay_part(part, link, limit, failure, moment);
            }
            _ => {
                self.parts.todo.insert(part);
                self.fail(Fault::by(Why::Refused, failure));
            }
        }
    }

    fn delay_part(
        &mut self,
        part: PartNumber,
        link: Option<Link>,
        limit: u32,
        failure: Failure,
        moment: Moment,
    ) {
        if failure.kind() == Kind::Damaged
            && let Some(sum) = self.parts.sums.remove(&part)
        {
            // Read once more: either the bytes were damaged on the way, or the file is another by now.
            self.parts.suspect.insert(part, sum);
        }
        let failures = self.parts.failures.entry(part).or_insert(0);
        *failures += 1;
        let failures = *failures;
        if failures >= limit {
            self.parts.todo.insert(part);
            let why = if failure.kind() == Kind::Transient {
                Why::Exhausted
            } else {
                Why::Refused
            };
            return self.fail(Fault::by(why, failure));
        }
        // A refused signature may look like no answer at all: after silence the URL is not reused.
        let is_good =
            !failure.is_mute() && !matches!(failure.kind(), Kind::Expired | Kind::Damaged);
        if let Some(link) = link.filter(|_| is_good) {
            self.parts.links.insert(part, link);
        }
        let at = moment.now + delay_ms(failures, moment, failure.retry_after_ms);
        self.parts.delayed.insert(part, at);
        self.wake(at, Purpose::WakePart(part), moment);
    }
}
