//! The world around the queues: time, tabs, a journal, files, and what runs between them.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap},
    fmt,
    sync::Arc,
};

use super::{
    super::{Job, Question, Queue, TransferId},
    bytes::Content,
    chance::{Chance, Scenario, Trouble},
    store::{Dress, Habits, Store, Tags, dress},
};
use crate::{
    BucketName, ChecksumAlgorithm,
    session::UploadRoute,
    unit::MB,
    upload::{
        Action, Answer, Event, FileFacts, Moment, Options, Record, Reply, Settings, State, Ticket,
        Write,
    },
};

/// The browser's clock when a world begins, and how far the server's is ahead of it.
pub(super) const BEGIN_MS: u64 = 1_790_000_000_000;
pub(super) const HAKO_AHEAD_MS: u64 = 3_600_000;
/// How often a page looks at the clock.
const TICK_MS: u64 = 4_000;
/// A world that goes on for longer than this never ends.
const ENDLESS: u64 = 40_000;

/// What must hold, whatever happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Invariant {
    /// What is called done is there, byte for byte.
    FalselyDone,
    /// What the store puts together is the file.
    CompletedWrong,
    /// Completing names what the store has listed.
    CompletedUnlisted,
    /// An upload is completed once.
    CompletedTwice,
    /// Something is under way, or somebody can get it going.
    Stuck,
    /// When all is well again, everything gets done.
    Unfinished,
    /// No part is sent again without a reason.
    SentAgain,
    /// Two tabs never work on the same upload.
    TwoHands,
    /// A URL is not used after its time.
    ExpiredUrl,
    /// Only so many requests with bytes run at once.
    TooMany,
    /// What was cancelled leaves nothing at the store.
    LeftBehind,
    /// What is there is not overwritten unasked, and what was to be kept is kept.
    Overwritten,
    /// The sums shown are right.
    Sums,
    /// What is called done is stored as it was wanted.
    Undressed,
    /// Effects mean something: tickets are new, ranges within the file.
    Effects,
    /// Nothing panics.
    Panic,
    /// It ends.
    Endless,
}

/// What did not hold.
#[derive(Clone, Debug)]
pub(super) struct Violation {
    pub(super) invariant: Invariant,
    pub(super) words: String,
}

/// What somebody wants uploaded.
#[expect(
    clippy::struct_excessive_bools,
    reason = "what happened to it, each by itself"
)]
pub(super) struct Task {
    pub(super) bucket: BucketName,
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) write: Write,
    pub(super) options: Arc<Options>,
    /// The file on disk, and how often it changed.
    pub(super) content: Content,
    pub(super) version: u32,
    pub(super) done: bool,
    pub(super) cancelled: bool,
    pub(super) decided: bool,
    /// The object that is to be kept beside ours.
    pub(super) keeps: Option<u64>,
    pub(super) flips: u32,
    pub(super) begun_at: u64,
    /// Whether somebody went on with it from the store's list, and so without what the store takes at
    /// completion alone.
    pub(super) taken_over: bool,
    /// Whether somebody else, or the store's own mistake, had a hand in it.
    pub(super) meddled: bool,
    /// The store kept less than it took.
    pub(super) cut: bool,
    pub(super) dropped: bool,
    pub(super) completed: u32,
}

impl Task {
    /// What its object is stored with.
    pub(super) fn dress(&self) -> Dress {
        let plain = "application/octet-stream".to_owned();
        let content_type = self.options.content_type.clone().unwrap_or(plain);
        dress(&self.options.attributes, Some(content_type))
    }

    /// Whether an object has what it was to be stored with.
    pub(super) fn is_dressed(&self, found: &Dress) -> bool {
        let mut wanted = self.dress();
        let mut found = found.clone();
        if self.taken_over {
            for at_completion in ["x-hcp-retention", "x-hcp-retentionhold"] {
                wanted.remove(at_completion);
                found.remove(at_completion);
            }
        }
        wanted == found
    }

    pub(super) fn key(&self) -> String {
        format!("in/{}", self.name)
    }

    pub(super) fn facts(&self) -> FileFacts {
        FileFacts {
            relative_path: self.name.clone(),
            size: self.size,
            modified: 1_000 + i64::from(self.version),
            content_type: None,
        }
    }
}

/// A file that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Handle {
    pub(super) content: Content,
    /// The version of the task's file; another file never changes.
    pub(super) version: Option<u32>,
}

/// A transfer of a page.
pub(super) struct Row {
    pub(super) task: usize,
    pub(super) handle: Option<Handle>,
    pub(super) begun_at: u64,
    pub(super) state: State,
    /// The right file was given and not taken.
    pub(super) spurned: bool,
}

/// A request with bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    Part(u64, u32),
    Whole,
}

/// What is known of a request that runs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Open {
    pub(super) put: Option<To>,
    pub(super) through_hako: bool,
    pub(super) lists: Option<u64>,
    pub(super) completes: Option<u64>,
}

/// Parts as they were listed: tag, CRC-32C, size.
pub(super) type Listed = BTreeMap<u32, (String, Option<String>, u64)>;

/// A tab, with the page that is loaded in it.
pub(super) struct Tab {
    pub(super) queue: Queue,
    pub(super) page: u32,
    pub(super) rows: BTreeMap<TransferId, Row>,
    pub(super) open: HashMap<(TransferId, Ticket), Open>,
    pub(super) last_ticket: HashMap<TransferId, Ticket>,
    /// Parts that the machine knows to be stored.
    pub(super) told: BTreeSet<(u64, u32)>,
    /// Uploads of which one part was sent again because its tag told nothing.
    pub(super) doubted: HashMap<u64, u32>,
    /// What the present list of an upload showed so far, and the last whole one.
    pub(super) listing: HashMap<u64, Listed>,
    pub(super) listed: HashMap<u64, Listed>,
    /// Uploads whose completion was answered.
    pub(super) finished: BTreeSet<u64>,
}

/// A request on its way.
pub(super) struct Request {
    pub(super) tab: usize,
    pub(super) page: u32,
    pub(super) id: TransferId,
    pub(super) ticket: Ticket,
    pub(super) task: usize,
    pub(super) handle: Option<Handle>,
    pub(super) action: Action,
}

pub(super) enum What {
    Arrive(Box<Request>),
    Answer(usize, u32, TransferId, Ticket, Box<Answer>),
    Ask(usize, u32, Question),
    Fate,
    Person,
    TakeOver(usize, u64),
}

struct Due {
    at: u64,
    order: u64,
    what: What,
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Due {}
impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Due {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

/// What holds for a while.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weather {
    pub(super) offline_until: u64,
    pub(super) killed_until: u64,
    pub(super) signed_out: bool,
    pub(super) barred: bool,
    pub(super) unreachable: bool,
    /// The store's clock against Hako's, in milliseconds.
    pub(super) skew: i64,
    /// Faults in a thousand requests.
    pub(super) faults: u64,
}

/// Everything.
pub(super) struct World {
    pub(super) scenario: Scenario,
    pub(super) chance: Chance,
    pub(super) now: u64,
    pub(super) settings: Settings,
    pub(super) store: Store,
    pub(super) weather: Weather,
    pub(super) tabs: Vec<Tab>,
    /// Records, and the tab that holds the lock of each.
    pub(super) journal: BTreeMap<u64, (Record, Option<usize>)>,
    pub(super) tasks: Vec<Task>,
    pub(super) contents: u64,
    pub(super) calm: bool,
    pub(super) violation: Option<Violation>,
    pub(super) trace: Option<Vec<String>>,
    pub(super) events: u64,
    pub(super) seen: BTreeMap<&'static str, u64>,
    heap: BinaryHeap<Due>,
    order: u64,
    ticked: u64,
}

impl World {
    pub(super) fn new(scenario: Scenario, traced: bool) -> Self {
        let mut chance = Chance::new(scenario.seed);
        let mut habits = Habits::by(&mut chance);
        let settings = Settings {
            threshold: 8 * MB,
            part_size: 5 * MB,
            parallelism: usize::try_from(chance.between(1, 6)).unwrap(),
            may_grow: true,
            url_lifetime: chance.one_of(&[10, 30, 60, 300, 3_600]),
            route: if chance.hits(150) {
                UploadRoute::Hako
            } else {
                UploadRoute::Direct
            },
            proxy: chance.coin(),
            max_key_bytes: 1_024,
            checksum: chance.one_of(&[
                None,
                Some(ChecksumAlgorithm::Md5),
                Some(ChecksumAlgorithm::Crc32c),
            ]),
            conditional_writes: habits.conditional && chance.hits(800),
        };
        habits.late = habits.late.min(4_000);
        let faults = chance.one_of(&[0, 10, 50, 150, 300]);
        let mut world = Self {
            scenario,
            now: BEGIN_MS,
            settings,
            store: Store::new(habits),
            weather: Weather {
                faults,
                ..Weather::default()
            },
            tabs: Vec::new(),
            journal: BTreeMap::new(),
            tasks: Vec::new(),
            contents: 0,
            calm: false,
            violation: None,
            trace: traced.then(Vec::new),
            events: 0,
            seen: BTreeMap::new(),
            heap: BinaryHeap::new(),
            order: 0,
            ticked: BEGIN_MS,
            chance,
        };
        world.note(|world| format!("{:?} {:?}", world.settings, world.store.habits));
        let two = scenario.knows(Trouble::Tabs) && world.chance.hits(250);
        for _ in 0..=usize::from(two) {
            let tab = world.blank_tab();
            world.tabs.push(tab);
        }
        world
    }

    pub(super) fn blank_tab(&self) -> Tab {
        Tab {
            queue: Queue::new(self.settings),
            page: 0,
            rows: BTreeMap::new(),
            open: HashMap::new(),
            last_ticket: HashMap::new(),
            told: BTreeSet::new(),
            doubted: HashMap::new(),
            listing: HashMap::new(),
            listed: HashMap::new(),
            finished: BTreeSet::new(),
        }
    }

    /// Whether something of this kind may happen now.
    pub(super) fn knows(&self, trouble: Trouble) -> bool {
        !self.calm && self.scenario.knows(trouble)
    }

    pub(super) fn note(&mut self, words: impl FnOnce(&Self) -> String) {
        if self.trace.is_none() {
            return;
        }
        let line = format!("{:>9} {}", self.now - BEGIN_MS, words(self));
        if let Some(trace) = &mut self.trace {
            trace.push(line);
        }
    }

    pub(super) fn see(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    pub(super) fn violate(&mut self, invariant: Invariant, words: impl fmt::Display) {
        if self.violation.is_none() {
            let words = words.to_string();
            self.note(|_| format!("VIOLATION {invariant:?}: {words}"));
            self.violation = Some(Violation { invariant, words });
        }
    }

    pub(super) fn moment(&mut self) -> Moment {
        Moment {
            now: self.now,
            jitter: self.chance.jitter(),
        }
    }

    pub(super) fn later(&mut self, at: u64, what: What) {
        self.order += 1;
        let order = self.order;
        self.heap.push(Due {
            at: at.max(self.now),
            order,
            what,
        });
    }

    /// Whether the machine could find a flipped bit, of a part or of a whole file.
    pub(super) fn would_find(&self, to: To, algorithm: Option<ChecksumAlgorithm>) -> bool {
        let habits = &self.store.habits;
        let Some(algorithm) = algorithm else {
            return false;
        };
        if habits.compares {
            return true;
        }
        let listed = match algorithm {
            ChecksumAlgorithm::Md5 => habits.tags == Tags::Md5,
            ChecksumAlgorithm::Crc32c => habits.keeps_crc,
        };
        listed && matches!(to, To::Part(..))
    }

    /// Tells a queue of an event and does what it asks for.
    pub(super) fn tell(&mut self, tab: usize, id: TransferId, event: Event) {
        let moment = self.moment();
        self.note(|world| format!("tab {tab} {} <- {}", world.name(tab, id), short(&event)));
        let jobs = self.tabs[tab].queue.handle(id, event, moment);
        self.take(tab, jobs);
    }

    /// Does what a queue asks for, and asks what it wants to know.
    pub(super) fn take(&mut self, tab: usize, jobs: Vec<Job>) {
        for Job { id, effect } in jobs {
            self.perform(tab, id, effect);
        }
        let moment = self.moment();
        while let Some(question) = self.tabs[tab].queue.question(moment) {
            let at = self.now + self.chance.between(5, 400);
            let page = self.tabs[tab].page;
            self.later(at, What::Ask(tab, page, question));
        }
        self.judge(tab);
    }

    pub(super) fn name(&self, tab: usize, id: TransferId) -> String {
        let row = self.tabs[tab].rows.get(&id);
        row.map_or_else(|| "?".to_owned(), |row| format!("task {}", row.task))
    }

    /// Runs until nothing is left to wait for.
    pub(super) fn run(&mut self) {
        while self.violation.is_none() {
            let next = self.heap.peek().map(|due| due.at);
            if self.tick_before(next) {
                continue;
            }
            let Some(due) = self.heap.pop() else { break };
            self.now = self.now.max(due.at);
            self.events += 1;
            if self.events > ENDLESS {
                self.violate(Invariant::Endless, "it never ends");
                break;
            }
            match due.what {
                What::Arrive(request) => self.arrive(*request),
                What::Answer(tab, page, id, ticket, answer) => {
                    self.answer(tab, page, id, ticket, *answer);
                }
                What::Ask(tab, page, question) => self.find_out(tab, page, &question),
                What::Fate => self.strike(),
                What::Person => self.act(),
                What::TakeOver(tab, upload) => self.take_over(tab, upload),
            }
        }
        if self.violation.is_none() {
            self.judge_rest();
        }
    }

    /// Lets pages look at the clock, if it is time before the next event.
    fn tick_before(&mut self, next: Option<u64>) -> bool {
        let offline = self.tabs.iter().any(|tab| tab.queue.is_offline());
        let at = self.ticked + TICK_MS;
        match next {
            // Without a network only the clock moves on.
            None if !offline => return false,
            Some(next) if next < at => return false,
            _ => {}
        }
        // A page that sleeps, or only waits, misses ticks and nothing else.
        self.now = match next {
            Some(next) if !offline => next,
            _ => at.max(self.now),
        };
        self.ticked = self.now;
        self.events += 1;
        if self.events > ENDLESS {
            self.violate(Invariant::Endless, "it never ends");
            return false;
        }
        for tab in 0..self.tabs.len() {
            let moment = self.moment();
            let jobs = self.tabs[tab].queue.tick(moment);
            self.take(tab, jobs);
        }
        true
    }

    fn answer(&mut self, tab: usize, page: u32, id: TransferId, ticket: Ticket, answer: Answer) {
        if self.tabs[tab].page != page {
            return;
        }
        if !matches!(answer, Ok(Reply::Woke)) {
            if let Some(open) = self.tabs[tab].open.remove(&(id, ticket)) {
                self.learn(tab, open, &answer);
            } else {
                self.note(|_| format!("an answer to {ticket:?} that nobody waits for"));
            }
        }
        self.tell(tab, id, Event::Answer { ticket, answer });
    }

    /// Keeps what the machine is told.
    fn learn(&mut self, tab: usize, open: Open, answer: &Answer) {
        match (answer, open) {
            (
                Ok(Reply::Stored),
                Open {
                    put: Some(To::Part(upload, number)),
                    ..
                },
            ) => {
                self.tabs[tab].told.insert((upload, number));
            }
            (Ok(Reply::Signed(signed)), _) => self.known(&signed.upload_id.clone()),
            (Ok(Reply::Created(upload)), _) => self.known(&upload.upload_id.clone()),
            (
                Ok(Reply::Completed(_)),
                Open {
                    completes: Some(upload),
                    ..
                },
            ) => {
                self.tabs[tab].finished.insert(upload);
            }
            (
                Ok(Reply::Listed(page)),
                Open {
                    lists: Some(upload),
                    ..
                },
            ) => {
                let tab = &mut self.tabs[tab];
                let listing = tab.listing.entry(upload).or_default();
                for part in &page.parts {
                    let tag = part.etag.clone().unwrap_or_default();
                    let row = (tag, part.checksum_crc32c.clone(), part.size.unwrap_or(0));
                    listing.insert(part.part_number.get(), row);
                }
                if !page.is_truncated {
                    let whole = std::mem::take(listing);
                    // What is not listed may be sent again; what is need not be.
                    tab.told.retain(|(of, _)| *of != upload);
                    tab.told
                        .extend(whole.keys().map(|number| (upload, *number)));
                    tab.listed.insert(upload, whole);
                }
            }
            _ => {}
        }
    }

    pub(super) fn known(&mut self, upload: &str) {
        if let Some(upload) = self.store.uploads.get_mut(&number_of(upload)) {
            upload.known = true;
        }
    }
}

/// The number in `u7`.
pub(super) fn number_of(upload: &str) -> u64 {
    upload.trim_start_matches('u').parse().unwrap_or(0)
}

/// An event in few words.
fn short(event: &Event) -> String {
    match event {
        Event::Answer { ticket, answer } => match answer {
            Ok(Reply::Signed(signed)) => format!("{} signed {}", ticket.0, signed.upload_id),
            Ok(Reply::Listed(page)) => {
                let numbers: Vec<u32> = page.parts.iter().map(|p| p.part_number.get()).collect();
                format!("{} listed {numbers:?}", ticket.0)
            }
            Ok(Reply::SignedWhole(_)) => format!("{} signed", ticket.0),
            Ok(Reply::Objects(page)) => {
                let objects = page.objects.iter();
                let objects: Vec<_> = objects.map(|o| (&o.key, o.size, &o.etag)).collect();
                format!("{} objects {objects:?}", ticket.0)
            }
            Ok(reply) => format!("{} {reply:?}", ticket.0),
            Err(failure) => format!("{} failed: {:?}", ticket.0, failure.origin),
        },
        other => format!("{other:?}"),
    }
}
