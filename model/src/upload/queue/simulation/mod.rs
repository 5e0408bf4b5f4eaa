//! The whole queue against a store and a network that fail by chance.
//!
//! The simulated store knows which bytes it was given, so that "done" can be compared with what was
//! dropped. Faults strike before or after the store acted, answers are lost, URLs run out by the
//! store's own clock, uploads are forgotten, files change.

mod service;

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use proptest::prelude::*;

use super::*;
use crate::{
    ErrorCode, Problem,
    unit::MB,
    upload::{Action, Failure, Ticket},
};

const PARALLEL: usize = 6;
/// The server's clock is an hour ahead of the browser's.
const SERVER_AHEAD_MS: u64 = 3_600_000;
const BEGIN_MS: u64 = 1_790_000_000_000;

/// xorshift: the seed comes from proptest, so a failure can be repeated.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn jitter(&mut self) -> f64 {
        f64::from(u32::try_from(self.below(1_000)).unwrap()) / 1_000.0
    }
}

/// Bytes, told by where they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bytes {
    file: u64,
    range: std::ops::Range<u64>,
}

struct Upload {
    key: String,
    parts: BTreeMap<u32, Bytes>,
}

#[derive(Default)]
struct Store {
    uploads: BTreeMap<String, Upload>,
    begun: u64,
    objects: BTreeMap<String, (Vec<Bytes>, u64)>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Later {
    at: std::cmp::Reverse<u64>,
    order: std::cmp::Reverse<u64>,
    id: TransferId,
    ticket: Ticket,
    what: usize,
}

struct World {
    queue: Queue,
    store: Store,
    chance: Chance,
    /// Faults in a thousand requests.
    faults: u64,
    now: u64,
    order: u64,
    heap: BinaryHeap<Later>,
    actions: Vec<Option<(Action, Option<Failure>)>>,
    in_flight: BTreeSet<(TransferId, Ticket)>,
    sizes: BTreeMap<TransferId, u64>,
    changed: BTreeSet<TransferId>,
    busiest: usize,
}

impl World {
    fn new(seed: u64, faults: u64, settings: Settings) -> Self {
        Self {
            queue: Queue::new(settings),
            store: Store::default(),
            chance: Chance(seed | 1),
            faults,
            now: BEGIN_MS,
            order: 0,
            heap: BinaryHeap::new(),
            actions: Vec::new(),
            in_flight: BTreeSet::new(),
            sizes: BTreeMap::new(),
            changed: BTreeSet::new(),
            busiest: 0,
        }
    }

    fn moment(&mut self) -> Moment {
        Moment {
            now: self.now,
            jitter: self.chance.jitter(),
        }
    }

    fn drop_files(&mut self, sizes: &[u64]) {
        for (n, size) in sizes.iter().enumerate() {
            let added = self.queue.add(Order {
                bucket: BucketName::parse("raw-scans").unwrap(),
                prefix: "in/".to_owned(),
                file: FileFacts {
                    relative_path: format!("{n}.bin"),
                    size: *size,
                    modified: 0,
                    content_type: None,
                },
                write: Write::Plain,
            });
            let Added::Queued(id) = added else {
                panic!("{added:?}")
            };
            self.sizes.insert(id, *size);
        }
        let moment = self.moment();
        let jobs = self.queue.pump(moment);
        self.take(jobs);
    }

    /// Carries out effects: decides now what will go wrong, and when the answer comes.
    fn take(&mut self, jobs: Vec<Job>) {
        for Job { id, effect } in jobs {
            let ticket = effect.ticket;
            let at = match &effect.action {
                Action::Stop => {
                    assert!(self.in_flight.remove(&(id, ticket)));
                    continue;
                }
                Action::Wake { at } => *at,
                Action::Put(put) => {
                    assert!(put.range.start <= put.range.end && put.range.end <= self.sizes[&id]);
                    self.in_flight.insert((id, ticket));
                    self.busiest = self.busiest.max(self.in_flight.len());
                    self.now + 50 + self.chance.below(20_000)
                }
                _ => self.now + 5 + self.chance.below(2_000),
            };
            let fault = self.fault(&effect.action);
            self.order += 1;
            self.heap.push(Later {
                at: std::cmp::Reverse(at),
                order: std::cmp::Reverse(self.order),
                id,
                ticket,
                what: self.actions.len(),
            });
            self.actions.push(Some((effect.action, fault)));
        }
    }

    /// What goes wrong with a request, if anything.
    fn fault(&mut self, action: &Action) -> Option<Failure> {
        if self.chance.below(1_000) >= self.faults {
            return None;
        }
        let hako = |code| Some(Failure::hako(&Problem::new(code, "by chance")));
        match action {
            Action::Wake { .. } | Action::Probe | Action::Stop => None,
            Action::Put(_) => match self.chance.below(6) {
                0 => Some(Failure::network()),
                1 => Some(Failure::silence()),
                2 => Some(Failure::store(500, "")),
                3 => Some(Failure::store(503, "").after(Some(self.chance.below(5_000)))),
                4 => Some(Failure::store(
                    403,
                    "<Message>Request has expired</Message>",
                )),
                _ => Some(Failure::store(400, "<Code>BadDigest</Code>")),
            },
            _ => match self.chance.below(12) {
                0 => hako(ErrorCode::TokenExpired),
                1 => hako(ErrorCode::AccessDenied),
                2..5 => hako(ErrorCode::StoreBusy),
                _ => hako(ErrorCode::RequestTimeout),
            },
        }
    }

    /// Runs until nothing is left to wait for.
    fn run(&mut self) {
        let mut steps = 0;
        while let Some(next) = self.heap.pop() {
            steps += 1;
            assert!(steps < 100_000, "it never ends");
            self.now = self.now.max(next.at.0);
            let (id, ticket) = (next.id, next.ticket);
            let Some((action, fault)) = self.actions[next.what].take() else {
                continue;
            };
            let is_put = matches!(action, Action::Put(_));
            if is_put && !self.in_flight.remove(&(id, ticket)) {
                // Stopped; half of the time the store had it already.
                if self.chance.below(2) == 0 {
                    let _ = self.serve(id, &action);
                }
                continue;
            }
            self.misfortune(id);
            let answer = match fault {
                None => self.serve(id, &action),
                Some(failure) => {
                    // The answer alone may be lost, after the store has acted.
                    if failure.kind() == crate::upload::Kind::Transient && self.chance.below(3) == 0
                    {
                        let _ = self.serve(id, &action);
                    }
                    Err(failure)
                }
            };
            let moment = self.moment();
            if is_put {
                let event = Event::Progress {
                    ticket,
                    loaded: u64::MAX,
                };
                let jobs = self.queue.handle(id, event, moment);
                self.take(jobs);
            }
            let jobs = self
                .queue
                .handle(id, Event::Answer { ticket, answer }, moment);
            self.take(jobs);
            let tally = self.queue.tally();
            assert!(tally.bytes_sent <= tally.bytes && tally.done <= tally.files);
        }
        assert!(self.in_flight.is_empty());
    }

    /// Rare things that happen to a transfer from outside.
    fn misfortune(&mut self, id: TransferId) {
        if self.chance.below(20_000) < self.faults {
            let gone = format!("in/{}.bin", id.0);
            self.store.uploads.retain(|_, upload| upload.key != gone);
        }
        if self.chance.below(60_000) < self.faults {
            self.changed.insert(id);
        }
    }

    /// Every transfer is done and right, or visibly something else.
    fn check(&self) {
        for (id, size) in &self.sizes {
            let state = self.queue.state(*id).unwrap();
            assert!(state.is_at_rest(), "{state:?}");
            let key = format!("in/{}.bin", id.0);
            if state == State::Done {
                let (bytes, _) = self.store.objects.get(&key).expect("done, but not there");
                let mut end = 0;
                for piece in bytes {
                    assert_eq!((piece.file, piece.range.start), (id.0, end));
                    end = piece.range.end;
                }
                assert_eq!(end, *size);
            }
            if state == State::Failed {
                let words = self
                    .queue
                    .row(*id)
                    .unwrap()
                    .words
                    .expect("failed without words");
                assert!(!words.why.is_empty() && !words.remedy.is_empty());
            }
            if state == State::Changed && *size >= 100 * MB {
                assert!(
                    !self.store.objects.contains_key(&key),
                    "completed a changed file"
                );
            }
        }
        assert!(self.busiest <= PARALLEL);
    }

    fn retry_all(&mut self) {
        for id in self.sizes.keys().copied().collect::<Vec<_>>() {
            let moment = self.moment();
            let jobs = self.queue.handle(id, Event::Retry, moment);
            self.take(jobs);
        }
    }
}

fn sizes() -> impl Strategy<Value = Vec<u64>> {
    let size = prop_oneof![
        Just(0),
        Just(1),
        1..MB,
        Just(100 * MB - 1),
        100 * MB..2_000 * MB,
    ];
    proptest::collection::vec(size, 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_fails_a_file_ends_done_and_right_or_visibly_otherwise(
        seed in 1_u64.., faults in 0_u64..600, lifetime in 60_u64..600, sizes in sizes()
    ) {
        let settings = Settings { url_lifetime: lifetime, ..tests::settings() };
        let mut world = World::new(seed, faults, settings);
        world.drop_files(&sizes);
        world.run();
        world.check();
        // Better times: Retry finishes everything whose file is still there.
        world.faults = 0;
        world.retry_all();
        world.run();
        world.check();
        for id in world.sizes.keys() {
            let state = world.queue.state(*id).unwrap();
            prop_assert!(matches!(state, State::Done | State::Changed), "{state:?}");
            prop_assert!(state == State::Done || world.changed.contains(id));
        }
        // A begin whose answer was lost leaves an upload that nobody knows of; no other is left.
        prop_assert!(!world.queue.would_interrupt());
    }

    #[test]
    fn cancelling_at_any_moment_leaves_no_upload_behind(
        seed in 1_u64.., steps in 0_usize..60, sizes in sizes()
    ) {
        let mut world = World::new(seed, 0, tests::settings());
        world.drop_files(&sizes);
        for _ in 0..steps {
            let Some(next) = world.heap.pop() else { break };
            world.now = world.now.max(next.at.0);
            let (action, _) = world.actions[next.what].take().unwrap();
            world.in_flight.remove(&(next.id, next.ticket));
            let answer = world.serve(next.id, &action);
            let moment = world.moment();
            let event = Event::Answer { ticket: next.ticket, answer };
            let jobs = world.queue.handle(next.id, event, moment);
            world.take(jobs);
        }
        for id in world.sizes.keys().copied().collect::<Vec<_>>() {
            let moment = world.moment();
            let jobs = world.queue.handle(id, Event::Cancel, moment);
            world.take(jobs);
        }
        world.run();
        for id in world.sizes.keys() {
            let state = world.queue.state(*id).unwrap();
            prop_assert!(matches!(state, State::Done | State::Cancelled), "{state:?}");
        }
        prop_assert!(world.store.uploads.is_empty());
    }
}
