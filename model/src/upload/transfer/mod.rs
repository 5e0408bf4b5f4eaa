//! One file on its way: a state machine that asks for effects and is told what came of them.
//!
//! A small file is signed, sent by one PUT, and looked at (`whole`). A large one is begun, sent in
//! parts (`parts`), then every part is found in the store's list with its size, the file is touched
//! once more, the parts are put together, and the object is looked at (`finish`). Whoever owns the
//! transfer decides when it may send, by [`Transfer::take_slot`]: a transfer never sends unasked.
//!
//! Every effect has a ticket and the transfer remembers what it stands for. What it no longer waits
//! for it forgets, so an answer that comes late is ignored instead of misunderstood.

mod conflict;
mod ending;
mod finish;
mod hold;
mod ledger;
mod link;
mod parts;
mod proof;
mod resume;
mod state;
mod sums;
#[cfg(test)]
mod tests;
mod whole;

use std::{collections::BTreeMap, sync::Arc};

pub use self::state::{Note, Progress, Receipt, State};
#[cfg(test)]
pub(super) use self::sums::tag_of;
use self::{conflict::Yielding, hold::Holds, ledger::Parts, link::Link, sums::Sample};
use super::{
    ATTEMPTS, Action, Answer, Effect, Event, Failure, Fault, FileFacts, Hold, Kind, Moment,
    Options, PartPlan, Reply, Settings, Ticket, Why, Write, delay_ms, target::has_dot_segments,
};
use crate::{
    BucketName, ObjectKey, PartChecksum, PartNumber, Timestamp, UploadId, multipart::CompletedPart,
    session::UploadRoute,
};

/// How often in a row a URL is signed again after the store called it expired.
const SIGNINGS: u32 = 3;
/// How often an upload that the store forgot is begun anew, and a part list that differs is mended.
const ROUNDS: u32 = 3;
/// The largest object.
const LARGEST: u64 = crate::fit::LARGEST_OBJECT;

/// What the transfer works on.
#[derive(Clone, Debug)]
enum Step {
    /// Nothing yet: waits for a slot.
    Idle,
    /// The upload is being begun, or the one PUT signed.
    Beginning,
    /// Bytes go.
    Sending,
    /// The store's parts are listed, page by page.
    Listing(finish::Listing),
    /// The file that came back is compared with stored parts; the next one is the last.
    Sampling(Vec<Sample>),
    /// The file is touched once more.
    Probing,
    /// Something is in the way, and makes room as the person wants it.
    Yielding(Yielding),
    /// The parts are put together.
    Completing,
    /// The object is looked at.
    Confirming,
    /// The file is read, to see whether the object is of it.
    Proving(proof::Proof),
}

/// Where a transfer came to rest.
#[derive(Clone, Debug)]
enum End {
    Done,
    Failed(Fault),
    SignedOut,
    Changed,
    Cancelled,
    /// After a reload: the file has to be given again.
    FileNeeded,
    /// Something is in the way.
    InTheWay(Failure),
}

/// What a ticket stands for.
#[derive(Clone, Debug)]
enum Purpose {
    Begin,
    /// A begin that was cancelled before its answer: what it begins is given up.
    OrphanBegin,
    Sign,
    SignWhole,
    Part(PartNumber),
    Whole,
    Sum(PartNumber),
    SumWhole,
    Sample,
    Proof,
    Yield,
    ProbePart(PartNumber, Failure),
    ProbeWhole(Failure),
    ProbeEnd,
    List,
    Complete,
    Confirm,
    Abort(UploadId, u32),
    WakeStep,
    WakeSign,
    WakePart(PartNumber),
    WakeAbort(UploadId, u32),
}

impl Purpose {
    /// Whether it cleans up behind a transfer that is over.
    fn is_cleaning(&self) -> bool {
        matches!(
            self,
            Self::OrphanBegin | Self::Abort(..) | Self::WakeAbort(..)
        )
    }

    /// Whether it is a request that carries bytes.
    fn is_put(&self) -> bool {
        matches!(self, Self::Part(_) | Self::Whole)
    }
}

#[derive(Clone, Debug)]
struct Outstanding {
    purpose: Purpose,
    asked: Asked,
}

/// How things stood when a request began.
#[derive(Clone, Copy, Debug)]
struct Asked {
    since: u64,
    /// Which way bytes went.
    route: UploadRoute,
}

impl Asked {
    /// What of a URL is used: of one that leads through Hako the path, because the page's own address of Hako is
    /// the one that is known to work.
    fn way(self, url: String) -> String {
        let path = || {
            let (_, rest) = url.split_once("://")?;
            Some(rest[rest.find('/')?..].to_owned())
        };
        match self.route {
            UploadRoute::Direct => url,
            UploadRoute::Hako => path().unwrap_or(url),
        }
    }
}

/// One file on its way.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what is known of it, each by itself"
)]
pub struct Transfer {
    bucket: BucketName,
    key: ObjectKey,
    file: FileFacts,
    settings: Settings,
    route: UploadRoute,
    /// `None`: goes as a whole.
    plan: Option<PartPlan>,
    step: Step,
    end: Option<End>,
    /// The step is tried again at this time.
    pause: Option<u64>,
    outstanding: BTreeMap<Ticket, Outstanding>,
    next_ticket: u64,
    out: Vec<Effect>,
    upload_id: Option<UploadId>,
    parts: Parts,
    /// The URL of the one PUT.
    link: Option<Link>,
    whole_loaded: u64,
    /// Failures in a row: of the present step, and of PUTs of a whole file.
    failures: u32,
    signings: u32,
    rounds: u32,
    restarts: u32,
    /// Completion was asked for: the object may exist although the upload is gone.
    complete_sent: bool,
    /// The entity tag that the object has when completion worked, where it can be told.
    tag: Option<String>,
    /// The upload is gone after completion was asked for: only the object itself can tell.
    upload_gone: bool,
    /// The parts as the store listed them.
    listed: Vec<CompletedPart>,
    /// The server's clock when the upload was begun.
    begun_at: Option<Timestamp>,
    note: Option<Note>,
    holds: Holds,
    write: Write,
    /// What the object is stored with.
    options: Arc<Options>,
    /// What is in the way is to be kept before anything takes its key, and how it is taken then.
    keeping: Option<Write>,
    /// The file came back under another name or time: stored parts decide whether it is the one.
    doubtful: bool,
    /// What is known of the file before, as long as the other one is doubtful.
    distrusted: Option<FileFacts>,
    /// Parts may be of a file of another name or time than the upload was begun with: whichever file
    /// comes is compared.
    is_other_file: bool,
    /// Somebody began it elsewhere, and its file has not been compared with what is stored yet.
    lent: bool,
    /// Begun elsewhere, so that its metadata and other options are known to the store alone: it is never
    /// begun anew.
    adopted: bool,
    /// An earlier request may have stored the object, and nobody said so.
    is_unsure: bool,
    /// The store said that something has the key, and it may be our own.
    taken: Option<Failure>,
    /// The checksum of a file that goes as a whole, and the one that the store refused.
    whole_sum: Option<PartChecksum>,
    whole_suspect: Option<PartChecksum>,
    /// The version that the store made of the parts.
    version_id: Option<String>,
    receipt: Option<Receipt>,
}

impl Transfer {
    /// Prepares a transfer. Nothing is asked for before it gets a slot.
    pub fn new(
        bucket: BucketName,
        key: ObjectKey,
        file: FileFacts,
        settings: Settings,
        write: Write,
        options: Arc<Options>,
    ) -> Result<Self, Fault> {
        if file.size > LARGEST {
            return Err(Fault::new(Why::TooLarge));
        }
        // What makes room for itself must be stored before: so it goes in parts, whatever its size.
        let in_parts = file.size >= settings.threshold || write == Write::ClearFirst;
        let plan = if file.size == 0 || !in_parts {
            None
        } else {
            let part_size = PartPlan::part_size_for(file.size, settings.part_size);
            let plan = PartPlan::new(file.size, part_size);
            Some(plan.map_err(|fault| Fault::new(Why::Size(fault)))?)
        };
        Ok(Self {
            options,
            ..Self::planned(bucket, key, file, settings, write, plan)
        })
    }

    fn planned(
        bucket: BucketName,
        key: ObjectKey,
        file: FileFacts,
        settings: Settings,
        write: Write,
        plan: Option<PartPlan>,
    ) -> Self {
        // No presigned URL leads to such keys.
        let route = if has_dot_segments(&key) {
            UploadRoute::Hako
        } else {
            settings.route
        };
        Self {
            bucket,
            key,
            file,
            settings,
            route,
            plan,
            step: Step::Idle,
            end: None,
            pause: None,
            outstanding: BTreeMap::new(),
            next_ticket: 0,
            out: Vec::new(),
            upload_id: None,
            parts: plan.map(Parts::new).unwrap_or_default(),
            link: None,
            whole_loaded: 0,
            failures: 0,
            signings: 0,
            rounds: 0,
            restarts: 0,
            complete_sent: false,
            tag: None,
            upload_gone: false,
            listed: Vec::new(),
            begun_at: None,
            note: None,
            holds: Holds::default(),
            write,
            options: Arc::default(),
            keeping: None,
            doubtful: false,
            distrusted: None,
            is_other_file: false,
            lent: false,
            adopted: false,
            is_unsure: false,
            taken: None,
            whole_sum: None,
            whole_suspect: None,
            version_id: None,
            receipt: None,
        }
    }

    /// Takes an event and says what is to be done next.
    pub fn handle(&mut self, event: Event, moment: Moment) -> Vec<Effect> {
        match event {
            Event::Answer { ticket, answer } => {
                if let Some(outstanding) = self.outstanding.remove(&ticket) {
                    self.answered(outstanding, answer, moment);
                }
            }
            Event::Progress { ticket, loaded } => {
                self.progressed(ticket, loaded);
                return std::mem::take(&mut self.out);
            }
            Event::Cancel => self.cancel(moment),
            Event::Retry => self.retry(moment),
            Event::SaveForLater => self.save_for_later(),
            Event::SignedIn => {
                if matches!(self.end, Some(End::SignedOut)) {
                    self.retry(moment);
                }
            }
            Event::Hold(hold) => self.hold(hold),
            Event::Lift(hold) => self.lift(hold, moment),
            Event::Reroute(route) => self.reroute(route),
            Event::File(file) => self.take_file(file, moment),
            Event::StartAgain(file) => self.start_again(file, moment),
            Event::Decide(choice) => self.decide(choice, moment),
        }
        self.prepare(moment);
        std::mem::take(&mut self.out)
    }

    /// Whether a slot would be put to use now.
    pub fn wants_slot(&self) -> bool {
        if self.end.is_some() || self.pause.is_some() || self.holds.any() {
            return false;
        }
        match self.step {
            Step::Idle => true,
            Step::Sending => self.plan.is_some() && self.parts.can_send(self.is_signed()),
            _ => false,
        }
    }

    /// How many slots it uses: one per running part. A small file keeps its slot from signing to the
    /// last look at the object, so that thousands of them are never half done at once.
    pub fn slots(&self) -> usize {
        // What waits, for a time or for a hold to be lifted, leaves its slot to others.
        let works = self.pause.is_none() && !self.holds.parked && self.end.is_none();
        if self.plan.is_some() {
            let begins = works && matches!(self.step, Step::Beginning);
            return self.parts.sending() + usize::from(begins);
        }
        usize::from(works && !matches!(self.step, Step::Idle))
    }

    /// How many of its slots are used through Hako. What runs keeps its way when others go another.
    pub(super) fn slots_through_hako(&self) -> usize {
        let puts = self.outstanding.values();
        let puts = puts.filter(|outstanding| outstanding.purpose.is_put());
        let (mut all, mut by_hako) = (0, 0);
        for put in puts {
            all += 1;
            by_hako += usize::from(put.asked.route == UploadRoute::Hako);
        }
        // What has a slot and sends nothing yet, or nothing any more, goes its present way.
        let others = self.slots().saturating_sub(all);
        by_hako
            + if self.route == UploadRoute::Hako {
                others
            } else {
                0
            }
    }

    /// Uses one slot. Does nothing unless it [wants](Self::wants_slot) one.
    pub fn take_slot(&mut self, moment: Moment) -> Vec<Effect> {
        if self.wants_slot() {
            match (&self.step, self.plan) {
                _ if self.upload_id.is_none() && self.keeping.is_some() => {
                    self.go_to(Step::Yielding(Yielding::Naming), moment);
                }
                (Step::Sending, Some(plan)) => self.send_part(plan, moment),
                (_, Some(plan)) => self.begin(plan, moment),
                (_, None) => self.begin_whole(moment),
            }
        }
        std::mem::take(&mut self.out)
    }

    /// What is to be done about a transfer that was just taken up.
    pub(super) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.out)
    }

    /// Which way the bytes of this ticket go, if it is that of a request with bytes.
    pub(super) fn route_of(&self, ticket: Ticket) -> Option<UploadRoute> {
        let outstanding = self.outstanding.get(&ticket)?;
        outstanding
            .purpose
            .is_put()
            .then_some(outstanding.asked.route)
    }

    /// Whether requests run or timers tick, also behind a transfer that is over.
    pub fn is_busy(&self) -> bool {
        !self.outstanding.is_empty()
    }

    /// Whether its bytes go by presigned URLs. A browser resolves `..` in URLs, so such keys cannot be reached by one.
    fn is_signed(&self) -> bool {
        match self.route {
            UploadRoute::Direct => true,
            UploadRoute::Hako => self.settings.proxy && !has_dot_segments(&self.key),
        }
    }

    /// What is asked of signed URLs beside the deployment's own way.
    fn through_proxy(&self) -> Option<bool> {
        (self.route == UploadRoute::Hako).then_some(true)
    }

    fn start(&mut self, action: Action, purpose: Purpose, moment: Moment) {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        self.outstanding.insert(
            ticket,
            Outstanding {
                purpose,
                asked: Asked {
                    since: moment.now,
                    route: self.route,
                },
            },
        );
        self.out.push(Effect { ticket, action });
    }

    /// Asks for something that is not answered.
    fn tell(&mut self, action: Action) {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        self.out.push(Effect { ticket, action });
    }

    fn wake(&mut self, at: u64, purpose: Purpose, moment: Moment) {
        self.start(Action::Wake { at }, purpose, moment);
    }

    fn answered(&mut self, outstanding: Outstanding, answer: Answer, moment: Moment) {
        let Outstanding { purpose, asked } = outstanding;
        match purpose {
            Purpose::Begin => self.begun(answer, asked, moment),
            Purpose::OrphanBegin => self.orphan_begun(answer, moment),
            Purpose::Sign => self.signed(answer, asked, moment),
            Purpose::SignWhole => self.signed_whole(answer, asked, moment),
            Purpose::Part(part) => self.part_answered(part, answer, asked.since, moment),
            Purpose::Whole => self.whole_answered(answer, moment),
            Purpose::Sum(part) => self.summed(part, answer, moment),
            Purpose::SumWhole => self.summed_whole(answer, moment),
            Purpose::Sample => self.sampled(answer, moment),
            Purpose::Proof => self.proof_read(answer, moment),
            Purpose::Yield => self.yielded(answer, moment),
            Purpose::ProbePart(part, failure) => {
                if self.still_readable(answer, moment) {
                    self.part_failed(part, failure, moment);
                }
            }
            Purpose::ProbeWhole(failure) => {
                if self.still_readable(answer, moment) {
                    self.whole_failed(failure, moment);
                }
            }
            Purpose::ProbeEnd => {
                if self.still_readable(answer, moment) {
                    self.probed(moment);
                }
            }
            Purpose::List => self.list_answered(answer, moment),
            Purpose::Complete => self.complete_answered(answer, moment),
            Purpose::Confirm => self.confirm_answered(answer, moment),
            Purpose::Abort(upload, attempt) => self.abort_answered(upload, attempt, answer, moment),
            Purpose::WakeStep => {
                self.pause = None;
                self.run(moment);
            }
            Purpose::WakeSign => self.parts.may_sign(),
            Purpose::WakePart(part) => self.parts.wake(part),
            Purpose::WakeAbort(upload, attempt) => self.abort(upload, attempt, moment),
        }
    }

    /// Carries out the present step (again), or parks it while something holds it.
    fn run(&mut self, moment: Moment) {
        if self.holds.any() {
            self.holds.parked = true;
            return;
        }
        match &self.step {
            Step::Idle | Step::Sending => {}
            // Both need a slot.
            Step::Beginning => self.step = Step::Idle,
            Step::Listing(_) => self.list(moment),
            Step::Sampling(_) => self.sample(moment),
            Step::Yielding(_) => self.make_way(moment),
            Step::Probing => self.start(Action::Probe, Purpose::ProbeEnd, moment),
            Step::Completing => self.complete(moment),
            Step::Confirming => self.confirm(moment),
            Step::Proving(_) => self.prove_on(moment),
        }
    }

    fn go_to(&mut self, step: Step, moment: Moment) {
        self.failures = 0;
        self.step = step;
        self.run(moment);
    }

    /// What every failed request of a step has in common. `NoUpload` is the caller's to treat first.
    fn step_failed(&mut self, failure: Failure, moment: Moment) {
        match failure.kind() {
            Kind::Transient if self.holds.has(Hold::Offline) => self.holds.parked = true,
            Kind::Transient => {
                self.failures += 1;
                if self.failures >= ATTEMPTS {
                    self.fail(Fault::by(Why::Exhausted, failure));
                } else {
                    let at = moment.now + delay_ms(self.failures, moment, failure.retry_after_ms);
                    self.pause = Some(at);
                    self.wake(at, Purpose::WakeStep, moment);
                }
            }
            Kind::SignedOut => self.sign_out(),
            _ => self.fail(Fault::by(Why::Refused, failure)),
        }
    }

    /// Reads the answer to a probe; a file that cannot be read any more ends the transfer.
    fn still_readable(&mut self, answer: Answer, moment: Moment) -> bool {
        // Anything but a clear yes is a no: completing a file nobody can read would be a guess.
        let readable = matches!(answer, Ok(Reply::Readable(true)));
        if !readable {
            if self.plan.is_none() && self.is_stored_whole() {
                self.note = Some(Note::StoredBeforeChange);
            }
            self.give_up(End::Changed, moment);
        }
        readable
    }

    fn progressed(&mut self, ticket: Ticket, loaded: u64) {
        match self.outstanding.get(&ticket).map(|o| &o.purpose) {
            Some(Purpose::Part(part)) => self.parts.progressed(*part, loaded),
            Some(Purpose::Whole) => self.whole_loaded = loaded.min(self.file.size),
            _ => {}
        }
    }

    fn content_type(&self) -> String {
        let wanted = self.options.content_type.as_ref();
        wanted
            .or(self.file.content_type.as_ref())
            .filter(|text| text.contains('/') && text.bytes().all(|b| (0x20..0x7f).contains(&b)))
            .map_or("application/octet-stream", String::as_str)
            .to_owned()
    }
}
