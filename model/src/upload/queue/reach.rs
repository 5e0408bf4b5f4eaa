//! Who can be reached: the network, Hako, and the store from this browser.
//!
//! A browser does not say why a request came to nothing: no network, no store, a certificate, no CORS
//! rule look alike. So questions are asked in order: whether Hako answers, and if it does, what Hako
//! finds out about the bucket.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, Job, Queue, TransferId, Work};
use crate::{
    BucketName,
    session::UploadRoute,
    upload::{Answer, Event, Failure, Hold, Moment, Origin, Reply, Ticket},
};

/// So many requests in a row without an answer make one doubt the network.
const MUTE: u32 = 3;
/// Between two questions about the same bucket.
const ASK_AGAIN_MS: u64 = 60_000;
/// Between two looks for Hako: the shortest and the longest.
const LOOK_MS: (u64, u64) = (5_000, 30_000);

/// Something that the browser has to find out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether Hako answers: tell [`Queue::hako_answers`].
    Hako,
    /// Why the store does not answer this page: tell [`Queue::diagnosed`].
    Bucket(BucketName),
}

/// What was found out about a bucket whose store does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is wrong that somebody could change: it is tried again.
    TryAgain,
    /// The bucket's rules do not let this page in.
    NotLetIn,
    /// The store answers Hako, and not this browser.
    Unreachable,
}

/// What is known of the way to Hako and to the stores.
#[derive(Debug, Default)]
pub(super) struct Reach {
    offline: bool,
    /// Requests in a row that nobody answered.
    mute: u32,
    /// Hako is to be looked for at this time.
    look_at: Option<u64>,
    looking: bool,
    looked: u32,
    doors: BTreeMap<BucketName, Door>,
    barred: BTreeSet<BucketName>,
    routes: BTreeMap<BucketName, UploadRoute>,
}

/// What is known of the way to one bucket.
#[derive(Debug, Default)]
struct Door {
    /// The store has taken bytes from this browser.
    opened: bool,
    mute: u32,
    asked_at: Option<u64>,
    /// The question is due as soon as Hako is known to answer.
    doubted: bool,
}

impl Reach {
    /// Takes note of what came of a request with bytes.
    fn sent(&mut self, bucket: &BucketName, answer: &Answer, now: u64) {
        let mute = answer.as_ref().is_err_and(Failure::is_mute);
        if !mute {
            self.mute = 0;
        }
        let door = self.doors.entry(bucket.clone()).or_default();
        if !mute {
            door.opened = true;
            door.mute = 0;
            door.doubted = false;
            return;
        }
        self.mute += 1;
        door.mute += 1;
        let asked = door
            .asked_at
            .is_some_and(|at| now.saturating_sub(at) < ASK_AGAIN_MS);
        if !asked && (!door.opened || door.mute >= MUTE) {
            door.doubted = true;
            self.look(now);
        } else if self.mute >= MUTE {
            self.look(now);
        }
    }

    /// Hako itself was asked for something.
    fn asked_hako(&mut self, answer: &Answer, now: u64) {
        match answer {
            Err(Failure {
                origin: Origin::Network | Origin::Silence,
                ..
            }) => self.look(now),
            _ => self.mute = 0,
        }
    }

    fn look(&mut self, now: u64) {
        if self.look_at.is_none() && !self.looking {
            self.look_at = Some(now);
        }
    }
}

impl Queue {
    /// What has to be found out now, if anything. Every question is asked once.
    pub fn question(&mut self, moment: Moment) -> Option<Question> {
        let reach = &mut self.reach;
        if reach.look_at.is_some_and(|at| at <= moment.now) {
            reach.look_at = None;
            reach.looking = true;
            return Some(Question::Hako);
        }
        if reach.offline || reach.looking || reach.look_at.is_some() {
            return None;
        }
        let (bucket, door) = reach.doors.iter_mut().find(|(_, door)| door.doubted)?;
        door.doubted = false;
        door.asked_at = Some(moment.now);
        Some(Question::Bucket(bucket.clone()))
    }

    /// Whether there is no network.
    pub fn is_offline(&self) -> bool {
        self.reach.offline
    }

    /// The browser says that it has, or has no, network. Having one is only a hint: Hako is looked for.
    pub fn network(&mut self, is_there: bool, moment: Moment) -> Vec<Job> {
        if is_there {
            self.reach.look_at = self.reach.offline.then_some(moment.now);
            self.reach.looked = 0;
            return Vec::new();
        }
        self.set_offline(true, moment)
    }

    /// Hako was looked for.
    pub fn hako_answers(&mut self, answers: bool, moment: Moment) -> Vec<Job> {
        let reach = &mut self.reach;
        reach.looking = false;
        if answers {
            reach.mute = 0;
            reach.looked = 0;
            reach.look_at = None;
            return self.set_offline(false, moment);
        }
        let wait = LOOK_MS.0 << reach.looked.min(8);
        reach.looked += 1;
        reach.look_at = Some(moment.now + wait.min(LOOK_MS.1));
        self.set_offline(true, moment)
    }

    fn set_offline(&mut self, offline: bool, moment: Moment) -> Vec<Job> {
        if self.reach.offline == offline {
            return Vec::new();
        }
        self.reach.offline = offline;
        if offline && self.reach.look_at.is_none() {
            self.reach.look_at = Some(moment.now + LOOK_MS.0);
        }
        let event = if offline {
            Event::Hold(Hold::Offline)
        } else {
            Event::Lift(Hold::Offline)
        };
        self.tell_all(|_| true, &event, moment)
    }

    /// What was found out about a bucket.
    pub fn diagnosed(&mut self, bucket: &BucketName, verdict: Verdict, moment: Moment) -> Vec<Job> {
        match verdict {
            Verdict::TryAgain => Vec::new(),
            Verdict::NotLetIn => {
                self.reach.barred.insert(bucket.clone());
                let event = Event::Hold(Hold::Barred);
                self.tell_all(|entry| entry.bucket == *bucket, &event, moment)
            }
            Verdict::Unreachable => self.send_by(bucket, UploadRoute::Hako, moment),
        }
    }

    /// The buckets that do not let this page in.
    pub fn barred(&self) -> impl Iterator<Item = &BucketName> {
        self.reach.barred.iter()
    }

    /// The bucket lets this page in now, or should be tried again.
    pub fn let_in(&mut self, bucket: &BucketName, moment: Moment) -> Vec<Job> {
        self.reach.barred.remove(bucket);
        self.reach.doors.remove(bucket);
        let event = Event::Lift(Hold::Barred);
        self.tell_all(|entry| entry.bucket == *bucket, &event, moment)
    }

    /// Whether some buckets have a way of their own.
    pub(super) fn is_rerouted(&self) -> bool {
        !self.reach.routes.is_empty()
    }

    /// Sends what goes to a bucket another way, also what comes later.
    pub fn send_by(&mut self, bucket: &BucketName, route: UploadRoute, moment: Moment) -> Vec<Job> {
        self.reach.routes.insert(bucket.clone(), route);
        let here = |entry: &Entry| entry.bucket == *bucket;
        let mut jobs = self.tell_all(here, &Event::Reroute(route), moment);
        jobs.extend(self.let_in(bucket, moment));
        jobs
    }

    /// Takes note of an answer before the transfer takes it.
    pub(super) fn learn(
        &mut self,
        id: TransferId,
        ticket: Ticket,
        answer: &Answer,
        moment: Moment,
    ) {
        let Some(entry) = self.entries.get(&id) else {
            return;
        };
        let Work::Going(transfer) = &entry.work else {
            return;
        };
        match answer {
            // What the browser does alone says nothing of the network.
            Ok(Reply::Woke | Reply::Readable(_) | Reply::Checksum(_)) => {}
            _ if transfer.route_of(ticket) == Some(UploadRoute::Direct) => {
                if answer.as_ref().is_err_and(is_too_much) {
                    self.pace.trouble(moment.now);
                }
                let bucket = entry.bucket.clone();
                self.reach.sent(&bucket, answer, moment.now);
            }
            _ => self.reach.asked_hako(answer, moment.now),
        }
    }

    /// Tells a transfer that was blocked what it has missed.
    pub(super) fn reacquaint(
        &mut self,
        id: TransferId,
        bucket: &BucketName,
        moment: Moment,
        jobs: &mut Vec<Job>,
    ) {
        let mut events = Vec::new();
        if !self.reach.offline {
            events.push(Event::Lift(Hold::Offline));
        }
        if !self.reach.barred.contains(bucket) {
            events.push(Event::Lift(Hold::Barred));
        }
        events.extend(self.circumstances(bucket));
        for event in events {
            self.tell(id, event, moment, jobs);
        }
    }

    /// What a new transfer has to know.
    pub(super) fn circumstances(&self, bucket: &BucketName) -> Vec<Event> {
        let reach = &self.reach;
        let mut events = Vec::new();
        if reach.offline {
            events.push(Event::Hold(Hold::Offline));
        }
        if reach.barred.contains(bucket) {
            events.push(Event::Hold(Hold::Barred));
        }
        if let Some(route) = reach.routes.get(bucket) {
            events.push(Event::Reroute(*route));
        }
        events
    }
}

/// Whether a failure says that fewer requests at once would do better.
fn is_too_much(failure: &Failure) -> bool {
    matches!(
        &failure.origin,
        Origin::Silence
            | Origin::Store {
                status: 429 | 503,
                ..
            }
    )
}
