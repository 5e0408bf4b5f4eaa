//! What a browser does when the machine asks for it, and whether it should have been asked.

use super::{
    super::{Effect, TransferId},
    store::Tags,
    world::{HAKO_AHEAD_MS, Invariant, Open, Request, To, What, World, number_of},
};
use crate::{
    ChecksumAlgorithm, PartNumber,
    multipart::CompleteUpload,
    upload::{Action, Destination, PartPlan, Put, Reply, plant, plant::Plant},
};

/// A presigned URL, read.
pub(super) struct Url<'a> {
    pub(super) over: u64,
    pub(super) to: To,
    pub(super) key: &'a str,
    pub(super) only_new: bool,
    pub(super) sum: &'a str,
    /// Whether it leads through Hako.
    pub(super) proxied: bool,
}

impl<'a> Url<'a> {
    /// What stands before those that lead through Hako.
    const PROXIED: char = 'h';

    /// The URL as it was asked for.
    pub(super) fn led(url: String, use_proxy: Option<bool>) -> String {
        if use_proxy == Some(true) {
            format!("{}{url}", Self::PROXIED)
        } else {
            url
        }
    }

    pub(super) fn of_part(over: u64, upload: u64, part: PartNumber, sum: &str) -> String {
        format!("{over}|{upload}|{part}|{sum}")
    }

    pub(super) fn of_whole(over: u64, key: &str, only_new: bool, sum: &str) -> String {
        format!("{over}|w|{}|{sum}|{key}", u8::from(only_new))
    }

    pub(super) fn read(url: &'a str) -> Self {
        let mut fields = url.split('|');
        let mut next = || fields.next().unwrap_or_default();
        let (over, to, third, sum, key) = (next(), next(), next(), next(), next());
        let ours = over.strip_prefix(Self::PROXIED);
        Self {
            proxied: ours.is_some(),
            over: ours.unwrap_or(over).parse().unwrap(),
            to: if to == "w" {
                To::Whole
            } else {
                To::Part(to.parse().unwrap(), third.parse().unwrap())
            },
            key,
            only_new: to == "w" && third == "1",
            sum,
        }
    }
}

/// Where the bytes of a request go.
pub(super) fn target(put: &Put) -> To {
    match &put.to {
        Destination::Store(url) => Url::read(url).to,
        Destination::Hako(path) => {
            let field = |name: &str| {
                let (_, rest) = path.split_once(name)?;
                Some(rest.split('&').next().unwrap_or(rest).to_owned())
            };
            match (field("upload_id="), field("part_number=")) {
                (Some(upload), Some(part)) => To::Part(number_of(&upload), part.parse().unwrap()),
                _ => To::Whole,
            }
        }
    }
}

impl World {
    /// Does what the machine asks for.
    pub(super) fn perform(&mut self, tab: usize, id: TransferId, effect: Effect) {
        let Effect { ticket, action } = effect;
        self.note(|world| {
            format!(
                "tab {tab} {} -> {} {}",
                world.name(tab, id),
                ticket.0,
                brief(&action)
            )
        });
        // A stop names the request that it ends.
        let new = !matches!(action, Action::Stop);
        let last = new.then(|| self.tabs[tab].last_ticket.insert(id, ticket));
        if last.flatten().is_some_and(|last| last >= ticket) {
            self.violate(Invariant::Effects, format!("{ticket:?} is used again"));
        }
        let page = self.tabs[tab].page;
        let mut open = Open::default();
        let at = match &action {
            Action::Wake { at } => {
                let woke = What::Answer(tab, page, id, ticket, Box::new(Ok(Reply::Woke)));
                return self.later(*at, woke);
            }
            Action::Stop => {
                let running = self.tabs[tab].open.remove(&(id, ticket));
                if running.is_none_or(|open| open.put.is_none()) {
                    self.violate(Invariant::Effects, "stopped what did not run");
                }
                return;
            }
            Action::Remember(record) => return self.remember(tab, record),
            Action::Forget(upload) => {
                self.journal.remove(&number_of(upload.as_str()));
                return;
            }
            Action::Probe | Action::Checksum { .. } => self.now + self.chance.between(1, 300),
            Action::Put(put) => {
                open.put = Some(target(put));
                open.through_hako = match &put.to {
                    Destination::Store(url) => Url::read(url).proxied,
                    Destination::Hako(_) => true,
                };
                self.check_put(tab, id, put, open);
                self.now + self.chance.between(50, 6_000)
            }
            Action::ListParts(request) => {
                let upload = number_of(request.upload_id.as_str());
                open.lists = Some(upload);
                if request.part_number_marker.is_none() {
                    self.tabs[tab].listing.remove(&upload);
                }
                self.now + self.chance.between(5, 400)
            }
            Action::Complete(request) => {
                open.completes = Some(number_of(&request.body.upload_id));
                self.check_complete(tab, id, request);
                self.now + self.chance.between(5, 2_000)
            }
            _ => self.now + self.chance.between(5, 400),
        };
        let Some(row) = self.tabs[tab].rows.get(&id) else {
            return self.violate(Invariant::Effects, "an effect of nobody");
        };
        let request = Request {
            tab,
            page,
            id,
            ticket,
            task: row.task,
            handle: row.handle,
            action,
        };
        self.count_action(&request.action);
        self.tabs[tab].open.insert((id, ticket), open);
        self.later(at, What::Arrive(Box::new(request)));
    }

    fn count_action(&mut self, action: &Action) {
        let what = match action {
            Action::Put(_) => "requests with bytes",
            Action::Complete(_) => "completions asked for",
            Action::Abort(_) => "uploads given up",
            Action::Copy(_) => "objects copied aside",
            Action::Clear(_) => "objects cleared away",
            Action::Names(_) => "looks for a free name",
            Action::Create(_) => "uploads begun through Hako",
            _ => return,
        };
        self.see(what);
    }

    fn remember(&mut self, tab: usize, record: &crate::upload::Record) {
        let upload = number_of(record.upload_id.as_str());
        self.known(record.upload_id.as_str());
        let entry = (record.clone(), Some(tab));
        let before = self.journal.insert(upload, entry);
        let holder = before.and_then(|(_, holder)| holder);
        if holder.is_some_and(|holder| holder != tab) && !plant::is(Plant::LockIgnored) {
            self.violate(
                Invariant::TwoHands,
                format!("two tabs remember upload {upload}"),
            );
        }
    }

    fn check_put(&mut self, tab: usize, id: TransferId, put: &Put, open: Open) {
        let Some(row) = self.tabs[tab].rows.get(&id) else {
            return;
        };
        let (task, handle) = (row.task, row.handle);
        let size = self.tasks[task].size;
        if put.range.start > put.range.end || put.range.end > size {
            self.violate(
                Invariant::Effects,
                format!("{:?} of {size} bytes", put.range),
            );
        }
        if handle.is_none() {
            self.violate(Invariant::Effects, "bytes of a file that nobody gave");
        }
        if let Destination::Store(url) = &put.to
            && self.now + HAKO_AHEAD_MS >= Url::read(url).over
        {
            self.violate(Invariant::ExpiredUrl, "sent to a URL whose time is over");
        }
        self.check_pace(tab, open);
        let Some(To::Part(upload, number)) = open.put else {
            return;
        };
        let plan = PartPlan::new(size, self.settings.part_size).unwrap();
        let range = PartNumber::new(number)
            .ok()
            .and_then(|part| plan.range(part));
        if range.as_ref() != Some(&put.range) {
            self.violate(
                Invariant::Effects,
                format!("part {number} is {:?}", put.range),
            );
        }
        for other in 0..self.tabs.len() {
            let same = |open: &Open| open.put == Some(To::Part(upload, number));
            if self.tabs[other].open.values().any(same) {
                let (invariant, words) = if other == tab {
                    (Invariant::SentAgain, "while it is being sent")
                } else {
                    (Invariant::TwoHands, "from two tabs")
                };
                self.violate(
                    invariant,
                    format!("part {number} of upload {upload} {words}"),
                );
            }
        }
        let told = self.tabs[tab].told.remove(&(upload, number));
        let stored = self.store.uploads.get(&upload);
        let stored = stored.and_then(|upload| upload.parts.get(&number));
        let right = stored
            .is_some_and(|stored| handle.is_some_and(|handle| stored.piece.is_of(handle.content)));
        // A single tag that is no MD5 cannot be told from a damaged part: that one goes once more.
        let may_doubt = self.store.habits.tags == Tags::Hex
            && self.settings.checksum == Some(ChecksumAlgorithm::Md5)
            && told
            && right
            && *self.tabs[tab].doubted.entry(upload).or_insert(number) == number;
        if told && right && !may_doubt {
            let words =
                format!("part {number} of upload {upload} is stored, and the machine knows");
            self.violate(Invariant::SentAgain, words);
        }
    }

    fn check_pace(&mut self, tab: usize, new: Open) {
        let tab = &self.tabs[tab];
        let running = tab.open.values().filter(|open| open.put.is_some()).count();
        let by_hako = |open: &&Open| open.put.is_some() && open.through_hako;
        let through_hako = tab.open.values().filter(by_hako).count();
        // A whole file got its slot when its URL was asked for, and more may have been allowed then.
        let limit = match new.put {
            Some(To::Whole) => self.settings.parallelism,
            _ => tab.queue.pace.limit(),
        };
        if running >= limit {
            let words = format!("{running} run already, and {limit} may");
            self.violate(Invariant::TooMany, words);
        } else if new.through_hako && through_hako >= 4 {
            self.violate(
                Invariant::TooMany,
                format!("{through_hako} run through Hako"),
            );
        }
    }

    fn check_complete(&mut self, tab: usize, id: TransferId, request: &CompleteUpload) {
        let upload = number_of(&request.body.upload_id);
        let Some(row) = self.tabs[tab].rows.get(&id) else {
            return;
        };
        let size = self.tasks[row.task].size;
        if self.tabs[tab].finished.contains(&upload) {
            self.violate(
                Invariant::CompletedTwice,
                format!("upload {upload} was completed"),
            );
        }
        for other in 0..self.tabs.len() {
            let same = |open: &Open| open.completes == Some(upload);
            if self.tabs[other].open.values().any(same) {
                let invariant = if other == tab {
                    Invariant::CompletedTwice
                } else {
                    Invariant::TwoHands
                };
                self.violate(
                    invariant,
                    format!("upload {upload} is being completed already"),
                );
            }
        }
        let plan = PartPlan::new(size, self.settings.part_size).unwrap();
        let listed = self.tabs[tab].listed.get(&upload);
        let right = listed.is_some_and(|listed| {
            let named = &request.body.parts;
            let as_listed = named.iter().all(|part| {
                listed
                    .get(&part.part_number.get())
                    .is_some_and(|(tag, crc, _)| *tag == part.etag && *crc == part.checksum_crc32c)
            });
            let planned = plan.parts().map(|(part, range)| {
                let listed = listed.get(&part.get());
                (
                    part,
                    listed.map(|row| row.2) == Some(range.end - range.start),
                )
            });
            let planned: Vec<_> = planned.collect();
            as_listed
                && planned.len() == named.len()
                && planned.iter().all(|(_, sized)| *sized)
                && planned
                    .iter()
                    .zip(named)
                    .all(|((part, _), named)| *part == named.part_number)
        });
        if !right {
            let words =
                format!("upload {upload} is completed with other parts than listed and planned");
            self.violate(Invariant::CompletedUnlisted, words);
        }
    }
}

/// An action in few words.
pub(super) fn brief(action: &Action) -> String {
    let numbers = |body: &crate::multipart::UploadPlanRequest| -> Vec<u32> {
        let parts = body.parts.iter().flatten();
        parts.map(|part| part.part_number.get()).collect()
    };
    match action {
        Action::Begin(request) => {
            format!("begin {}, sign {:?}", request.key, numbers(&request.body))
        }
        Action::Create(request) => format!("begin {} through Hako", request.key),
        Action::Sign(request) => format!("sign {:?}", numbers(&request.body)),
        Action::SignWhole(_) => "sign the whole".to_owned(),
        Action::Put(put) => format!("put {:?}", target(put)),
        Action::ListParts(request) => {
            format!(
                "list parts of {} after {:?}",
                request.upload_id, request.part_number_marker
            )
        }
        Action::Complete(request) => format!(
            "complete {} with {} parts, only new: {}",
            request.body.upload_id,
            request.body.parts.len(),
            request.body.if_none_match
        ),
        Action::Confirm(_) => "confirm".to_owned(),
        Action::Abort(request) => format!("abort {}", request.body.upload_id),
        Action::Probe => "probe".to_owned(),
        Action::Checksum { range, algorithm } => format!("{algorithm} of {range:?}"),
        Action::Names(_) => "names".to_owned(),
        Action::Copy(request) => format!("copy to {}", request.key),
        Action::Clear(_) => "clear".to_owned(),
        Action::Remember(record) => format!("remember {} {:?}", record.upload_id, record.phase),
        Action::Forget(upload) => format!("forget {upload}"),
        Action::Wake { at } => format!("wake at {}", at - super::world::BEGIN_MS),
        Action::Stop => "stop".to_owned(),
    }
}
