//! What people do, what befalls the world, and how it ends well.

use std::sync::Arc;

use super::{
    super::{Added, Order, Question, TransferId, Verdict},
    bytes::{Content, Piece, are_all, hex},
    chance::Trouble,
    store::{Dress, Tags, Whole},
    world::{Handle, Invariant, Row, Task, What, World},
};
use crate::{
    BucketName, ChecksumAlgorithm, PartNumber,
    acl::CannedAcl,
    attributes::Attributes,
    multipart::{CompletedPart, Completion, OpenUpload, Part},
    session::UploadRoute,
    unit::MB,
    upload::{
        Choice, Event, FileFacts, Hold, Options, PartPlan, Remains, State, Write, plant,
        plant::Plant,
    },
};

/// How often the obvious is done before it counts as useless.
const ROUNDS: u32 = 14;

/// What the objects of some tasks are stored with, by their number.
fn options(number: u64) -> Arc<Options> {
    let some = |text: &str, set: bool| set.then(|| text.to_owned());
    let pairs = |set: bool| {
        let pair = some("project", set).map(|name| (name, format!("p {number}")));
        pair.into_iter().collect()
    };
    Arc::new(Options {
        content_type: some("image/tiff", number % 3 == 1),
        attributes: Attributes {
            metadata: pairs(number % 2 == 1),
            tags: pairs(number % 4 == 1),
            acl: (number % 4 == 2).then_some(CannedAcl::BucketOwnerRead),
            retention: some("A+7y", number % 4 >= 2),
            legal_hold: number % 3 == 2,
        },
    })
}

fn completion(parts: Vec<CompletedPart>, options: &Options) -> Completion {
    Completion {
        upload_id: String::new(),
        parts,
        if_none_match: false,
        retention: options.attributes.retention.clone(),
        legal_hold: options.attributes.legal_hold,
    }
}

impl World {
    fn size(&mut self) -> u64 {
        let part = self.settings.part_size;
        match self.chance.below(20) {
            0 => 0,
            1..5 => self.chance.between(1, 8 * MB - 1),
            5..17 => self.chance.between(8 * MB, 4 * part),
            17 => part * self.chance.between(2, 4),
            18 => self.chance.between(4 * part, 12 * part),
            _ => {
                if self.chance.hits(100) {
                    70 * part
                } else {
                    8 * MB
                }
            }
        }
    }

    /// Begins the world: files are dropped, and what will happen is laid out in time.
    pub(super) fn begin(&mut self) {
        let tasks = self.chance.between(1, 4).min(self.scenario.most);
        for number in 0..tasks {
            let size = self.size();
            self.contents += 1;
            let task = Task {
                bucket: BucketName::parse(if self.chance.hits(200) {
                    "other"
                } else {
                    "raw"
                })
                .unwrap(),
                name: format!("{number}.bin"),
                size,
                write: self
                    .chance
                    .one_of(&[Write::Plain, Write::Create, Write::ClearFirst]),
                options: options(self.contents),
                content: Content::new(self.contents),
                version: 0,
                done: false,
                cancelled: false,
                decided: false,
                keeps: None,
                flips: 0,
                begun_at: self.now,
                taken_over: false,
                meddled: false,
                cut: false,
                dropped: false,
                completed: 0,
            };
            self.tasks.push(task);
            let number = self.tasks.len() - 1;
            if self.knows(Trouble::Before) && self.chance.hits(300) {
                self.others_write(number);
            }
            let tab = self.any_tab();
            self.drop_file(tab, number);
        }
        if self.weather.faults > 0 || self.chance.coin() {
            for _ in 0..self.chance.below(5) {
                let at = self.now + self.chance.below(90_000);
                self.later(at, What::Fate);
            }
        }
        if self.scenario.knows(Trouble::Person) && self.chance.hits(600) {
            for _ in 0..self.chance.below(8) {
                let at = self.now + self.chance.below(120_000);
                self.later(at, What::Person);
            }
        }
    }

    fn any_tab(&mut self) -> usize {
        let tabs = u64::try_from(self.tabs.len()).unwrap();
        usize::try_from(self.chance.below(tabs)).unwrap()
    }

    fn any_task(&mut self) -> usize {
        let tasks = u64::try_from(self.tasks.len()).unwrap();
        usize::try_from(self.chance.below(tasks)).unwrap()
    }

    fn any_row(&mut self) -> Option<(usize, TransferId)> {
        let tab = self.any_tab();
        let rows: Vec<TransferId> = self.tabs[tab].rows.keys().copied().collect();
        (!rows.is_empty()).then(|| (tab, self.chance.one_of(&rows)))
    }

    fn handle(&self, task: usize) -> Handle {
        let task = &self.tasks[task];
        Handle {
            content: task.content,
            version: Some(task.version),
        }
    }

    /// Whether a page works on the task, so that its file is not dropped again.
    fn is_in_hand(&self, task: usize) -> bool {
        let rows = self.tabs.iter().flat_map(|tab| tab.rows.values());
        rows.filter(|row| row.task == task)
            .any(|row| !row.state.is_final())
    }

    /// Somebody drops a file.
    pub(super) fn drop_file(&mut self, tab: usize, number: usize) {
        let task = &self.tasks[number];
        let order = Order {
            bucket: task.bucket.clone(),
            prefix: "in/".to_owned(),
            file: task.facts(),
            path: None,
            write: task.write,
            options: Arc::clone(&task.options),
        };
        let handle = self.handle(number);
        self.note(|_| format!("tab {tab}: task {number} is dropped: {order:?}"));
        match self.tabs[tab].queue.add(order) {
            Added::Queued(id) | Added::Refused(id) => {
                // Who drops a file again may have an upload of it left from before.
                let task = &mut self.tasks[number];
                task.meddled |= std::mem::replace(&mut task.dropped, true);
                task.completed = 0;
                let row = Row {
                    task: number,
                    handle: Some(handle),
                    begun_at: self.now,
                    state: State::Waiting,
                    spurned: false,
                };
                self.tabs[tab].rows.insert(id, row);
            }
            Added::Awaited(id) => self.give_file(tab, id, handle, self.tasks[number].facts()),
            Added::UnderWay(_) => {}
        }
        let moment = self.moment();
        let jobs = self.tabs[tab].queue.pump(moment);
        self.take(tab, jobs);
    }

    fn give_file(&mut self, tab: usize, id: TransferId, handle: Handle, facts: FileFacts) {
        let Some(row) = self.tabs[tab].queue.row(id) else {
            return;
        };
        if !row.wants_file {
            return;
        }
        if let Some(row) = self.tabs[tab].rows.get_mut(&id) {
            row.handle = Some(handle);
            let task = &mut self.tasks[row.task];
            task.meddled |= handle.version.is_none();
        }
        self.see("files given again");
        let task = self.tabs[tab].rows.get(&id).map(|row| row.task);
        self.heal(task.as_slice());
        self.tell(tab, id, Event::File(facts));
    }

    /// Where the store compares nothing, and the page has forgotten what it sent, nobody can tell that a
    /// bit flipped: it did not.
    fn heal(&mut self, tasks: &[usize]) {
        let uploads = self.store.uploads.values_mut();
        let uploads = uploads.filter(|upload| tasks.contains(&upload.task));
        for part in uploads.flat_map(|upload| upload.parts.values_mut()) {
            if part.piece.flipped {
                part.piece.flipped = false;
                part.crc = part
                    .crc
                    .as_ref()
                    .map(|_| part.piece.sum(ChecksumAlgorithm::Crc32c).value().to_owned());
                if self.store.habits.tags == Tags::Md5 {
                    part.tag = format!("\"{}\"", hex(part.piece.md5()));
                }
            }
        }
    }

    /// Somebody gives the file that a row waits for: the right one, or another.
    fn choose_file(&mut self, tab: usize, id: TransferId) {
        let task = self.tabs[tab].rows[&id].task;
        let (facts, handle) = self.some_file(task);
        self.note(|_| format!("tab {tab}: for task {task} {facts:?} {handle:?}"));
        self.give_file(tab, id, handle, facts);
    }

    /// Somebody has a file that turned out to be another one uploaded as it is now.
    fn start_again(&mut self, tab: usize, id: TransferId) {
        let row = self.tabs[tab].queue.row(id);
        if row.is_none_or(|row| !row.can_start_again) {
            return;
        }
        let number = self.tabs[tab].rows[&id].task;
        let (facts, handle, now) = (self.tasks[number].facts(), self.handle(number), self.now);
        let row = self.tabs[tab].rows.get_mut(&id).unwrap();
        (row.handle, row.begun_at, row.spurned) = (Some(handle), now, false);
        let task = &mut self.tasks[number];
        (task.meddled, task.completed) = (true, 0);
        self.see("started again");
        self.tell(tab, id, Event::StartAgain(facts));
    }

    /// The file of a task, or another one of its size.
    fn some_file(&mut self, task: usize) -> (FileFacts, Handle) {
        let mut facts = self.tasks[task].facts();
        let mut handle = self.handle(task);
        if self.knows(Trouble::WrongFile) {
            match self.chance.below(6) {
                // The right one, by another name or time.
                0 => facts.modified += 5_000_000,
                1 => facts.relative_path = "renamed.bin".to_owned(),
                // Another one altogether.
                2 => {
                    self.contents += 1;
                    facts.modified += 1_000_000;
                    handle = Handle {
                        content: Content::new(self.contents),
                        version: None,
                    };
                }
                3 => {
                    self.contents += 1;
                    facts.relative_path = "elsewhere.bin".to_owned();
                    handle = Handle {
                        content: Content::new(self.contents),
                        version: None,
                    };
                }
                // Nearly the same one.
                4 if self.tasks[task].size > 0 => {
                    self.contents += 1;
                    let at = self.chance.below(self.tasks[task].size);
                    facts.modified += 2_000_000;
                    handle = Handle {
                        content: self.tasks[task].content.edited(at, self.contents),
                        version: None,
                    };
                }
                _ => {}
            }
        }
        (facts, handle)
    }

    /// A page is loaded again: its queue is gone, its requests are cut, the journal is read.
    pub(super) fn reload(&mut self, tab: usize) {
        self.note(|_| format!("tab {tab} is loaded again"));
        self.see("reloads");
        let tasks: Vec<usize> = self.tabs[tab].rows.values().map(|row| row.task).collect();
        self.heal(&tasks);
        let page = self.tabs[tab].page + 1;
        self.tabs[tab] = self.blank_tab();
        self.tabs[tab].page = page;
        for (_, holder) in self.journal.values_mut() {
            if *holder == Some(tab) {
                *holder = None;
            }
        }
        let uploads: Vec<u64> = self.journal.keys().copied().collect();
        let mut left = Vec::new();
        for upload in uploads {
            let Some((record, holder)) = self.journal.get(&upload).cloned() else {
                continue;
            };
            if holder.is_some() && !plant::is(Plant::LockIgnored) {
                continue;
            }
            if !self.calm && self.chance.hits(100) {
                left.push(upload);
                continue;
            }
            let name = record.key.as_str().trim_start_matches("in/").to_owned();
            let named = self.tasks.iter().position(|task| task.name == name);
            let stored = self.store.uploads.get(&upload).map(|upload| upload.task);
            let task = stored.or(named).unwrap_or(0);
            let moment = self.moment();
            let Some((id, jobs)) = self.tabs[tab].queue.restore(record, moment) else {
                continue;
            };
            self.journal.get_mut(&upload).unwrap().1 = Some(tab);
            let state = self.tabs[tab].queue.state(id).unwrap_or(State::Cancelled);
            let row = Row {
                task,
                handle: None,
                begun_at: self.tasks[task].begun_at,
                state,
                spurned: false,
            };
            self.tabs[tab].rows.insert(id, row);
            self.see("records taken up");
            self.take(tab, jobs);
        }
        for upload in left {
            self.journal.remove(&upload);
            if let Some(open) = self.store.uploads.get_mut(&upload) {
                open.known = false;
                // When nothing of that browser is under way any more.
                let at = self.now + self.chance.between(400_000, 600_000);
                self.later(at, What::TakeOver(tab, upload));
            }
        }
    }

    /// The browser that began an upload is gone with all that it knew. Somebody finds the upload in the
    /// store's list, and has a file that may be the one.
    pub(super) fn take_over(&mut self, tab: usize, upload: u64) {
        let Some(open) = self.store.uploads.get(&upload) else {
            return;
        };
        let task = open.task;
        let listed = OpenUpload {
            key: open.key.clone(),
            upload_id: format!("u{upload}"),
            initiated: None,
            storage_class: None,
            initiator: None,
            abort_date: None,
            checksum_algorithm: open
                .checksum
                .filter(|algorithm| *algorithm == ChecksumAlgorithm::Crc32c)
                .map(|algorithm| algorithm.as_str().to_owned()),
        };
        let parts = open.parts.iter().map(|(number, stored)| Part {
            part_number: PartNumber::new(*number).unwrap(),
            etag: Some(stored.tag.clone()),
            size: Some(stored.piece.len()),
            last_modified: None,
            checksum_crc32c: stored.crc.clone(),
        });
        let parts: Vec<Part> = parts.collect();
        let (facts, handle) = self.some_file(task);
        let remains = Remains::of(&self.tasks[task].bucket, &listed, &parts, None);
        let record = remains.map(|remains| remains.record(&facts, &self.settings));
        // What nobody can go on with stays for whoever gives it up.
        let Ok(Ok(record)) = record else { return };
        let moment = self.moment();
        let Some((id, jobs)) = self.tabs[tab].queue.adopt(record, moment) else {
            return;
        };
        self.note(|_| format!("tab {tab}: upload {upload} is taken over with {facts:?}"));
        self.see("uploads taken over");
        self.tasks[task].taken_over = true;
        let row = Row {
            task,
            handle: None,
            begun_at: self.tasks[task].begun_at,
            state: State::FileNeeded,
            spurned: false,
        };
        self.tabs[tab].rows.insert(id, row);
        self.take(tab, jobs);
        self.give_file(tab, id, handle, facts);
    }

    /// Something befalls the world.
    pub(super) fn strike(&mut self) {
        if self.calm {
            return;
        }
        let trouble = self.chance.one_of(&[
            Trouble::SessionEnds,
            Trouble::Offline,
            Trouble::Killed,
            Trouble::Forgotten,
            Trouble::Short,
            Trouble::Changed,
            Trouble::Others,
            Trouble::Others,
            Trouble::Full,
            Trouble::Barred,
            Trouble::Skew,
            Trouble::Reload,
            Trouble::Reload,
        ]);
        if !self.knows(trouble) {
            return;
        }
        self.note(|_| format!("{trouble:?} strikes"));
        let until = self.now + self.chance.between(1_000, 200_000);
        match trouble {
            Trouble::SessionEnds => self.weather.signed_out = true,
            Trouble::Offline => {
                self.weather.offline_until = until;
                if self.chance.coin() {
                    for tab in 0..self.tabs.len() {
                        self.network(tab, false);
                    }
                }
            }
            Trouble::Killed => self.weather.killed_until = until,
            Trouble::Forgotten => {
                let uploads: Vec<u64> = self.store.uploads.keys().copied().collect();
                if !uploads.is_empty() {
                    let gone = self.chance.one_of(&uploads);
                    let upload = self.store.uploads.remove(&gone).unwrap();
                    self.tasks[upload.task].meddled = true;
                    self.note(|_| format!("upload {gone} is forgotten"));
                }
            }
            Trouble::Short => self.store.cuts = true,
            Trouble::Changed => {
                let task = self.any_task();
                self.contents += 1;
                let content = Content::new(self.contents);
                let task = &mut self.tasks[task];
                task.version += 1;
                task.content = content;
            }
            Trouble::Others => {
                let task = self.any_task();
                if self.chance.coin() {
                    self.others_write(task);
                } else {
                    self.others_complete();
                }
            }
            Trouble::Full if self.chance.coin() => self.store.held = !self.store.held,
            Trouble::Full => self.store.full = !self.store.full,
            Trouble::Barred => {
                if self.chance.coin() {
                    self.weather.barred = true;
                } else {
                    self.weather.unreachable = true;
                }
            }
            Trouble::Skew => {
                self.weather.skew = self.chance.one_of(&[-20_000, 5_000, 40_000, 1_000_000]);
            }
            _ => {
                let tab = self.any_tab();
                self.reload(tab);
            }
        }
    }

    fn network(&mut self, tab: usize, is_there: bool) {
        let moment = self.moment();
        let jobs = self.tabs[tab].queue.network(is_there, moment);
        self.take(tab, jobs);
    }

    /// Somebody else stores an object under the key of a task.
    fn others_write(&mut self, task: usize) {
        self.contents += 1;
        let size = if self.chance.hits(700) {
            self.tasks[task].size
        } else {
            self.chance.below(9 * MB)
        };
        let key = self.tasks[task].key();
        let piece = Piece {
            content: Content::new(self.contents),
            start: 0,
            end: size,
            flipped: false,
        };
        self.tasks[task].meddled = true;
        let was = self.store.current.get(&key).map(|object| object.origin);
        self.forgive(was);
        let whole = Whole {
            key,
            piece,
            only_new: false,
            task: None,
            dress: Dress::default(),
        };
        let cuts = std::mem::take(&mut self.store.cuts);
        if self.chance.coin() && size > 0 {
            // In parts, as ours: only the bytes tell them apart.
            self.others_write_in_parts(whole, size);
        } else {
            let _ = self.store.put_whole(whole, self.now);
        }
        self.store.cuts = cuts;
    }

    fn others_write_in_parts(&mut self, whole: Whole, size: u64) {
        let upload = self.store.begin(&whole.key, None, Dress::default(), 0);
        let plan = PartPlan::new(size, self.settings.part_size).unwrap();
        for (part, range) in plan.parts() {
            let piece = Piece {
                start: range.start,
                end: range.end,
                ..whole.piece.clone()
            };
            let _ = self.store.put_part(upload, part.get(), piece);
        }
        let named = self.named(upload);
        let completion = completion(named, &Options::default());
        let completed = self.store.complete(upload, &completion, self.now);
        self.store.uploads.remove(&upload);
        if completed.is_ok()
            && let Some(object) = self.store.current.get_mut(&whole.key)
        {
            object.task = None;
            let versions = self.store.versions.get_mut(&whole.key).unwrap();
            versions.last_mut().unwrap().task = None;
        }
    }

    /// An object that others removed need not be kept by us.
    fn forgive(&mut self, origin: Option<u64>) {
        for task in &mut self.tasks {
            if task.keeps.is_some() && task.keeps == origin {
                task.keeps = None;
            }
        }
    }

    fn named(&self, upload: u64) -> Vec<CompletedPart> {
        let parts = self.store.uploads.get(&upload).map(|upload| &upload.parts);
        let parts = parts.into_iter().flatten();
        parts
            .map(|(number, stored)| CompletedPart {
                part_number: PartNumber::new(*number).unwrap(),
                etag: stored.tag.clone(),
                checksum_crc32c: stored.crc.clone(),
            })
            .collect()
    }

    /// The same upload is completed from another machine.
    fn others_complete(&mut self) {
        let uploads: Vec<u64> = self.store.uploads.keys().copied().collect();
        for upload in uploads {
            let open = &self.store.uploads[&upload];
            let task = &self.tasks[open.task];
            let pieces: Vec<Piece> = open.parts.values().map(|p| p.piece.clone()).collect();
            let number = open.task;
            if are_all(&pieces, task.content, task.size) {
                let named = self.named(upload);
                let cuts = std::mem::take(&mut self.store.cuts);
                let was = self.store.current.get(&self.store.uploads[&upload].key);
                let was = was.map(|object| object.origin);
                // By somebody who knows what was wanted.
                let completion = completion(named, &self.tasks[number].options);
                if self.store.complete(upload, &completion, self.now).is_ok() {
                    self.forgive(was);
                    self.note(|_| format!("upload {upload} is completed elsewhere"));
                    self.see("completed elsewhere");
                }
                self.store.cuts = cuts;
                self.tasks[number].meddled = true;
            }
        }
    }

    /// A person presses something.
    pub(super) fn act(&mut self) {
        if self.calm {
            return;
        }
        let Some((tab, id)) = self.any_row() else {
            return;
        };
        match self.chance.below(16) {
            0 | 1 => self.tell(tab, id, Event::Hold(Hold::Paused)),
            2 => self.tell(tab, id, Event::Lift(Hold::Paused)),
            3 => self.cancel(tab, id),
            4 | 5 => self.tell(tab, id, Event::Retry),
            6 => self.decide(tab, id),
            7 => self.choose_file(tab, id),
            8 => {
                self.tabs[tab].queue.move_up(id);
                let moment = self.moment();
                let jobs = self.tabs[tab].queue.pump(moment);
                self.take(tab, jobs);
            }
            9 if self.knows(Trouble::Reload) => self.reload(tab),
            10 => self.sign_in(),
            11 => self.let_in(tab),
            12 => {
                let route = self
                    .chance
                    .one_of(&[UploadRoute::Direct, UploadRoute::Hako]);
                let task = self.tabs[tab].rows[&id].task;
                let bucket = self.tasks[task].bucket.clone();
                let moment = self.moment();
                self.note(|_| format!("tab {tab}: {route:?} from now on"));
                let jobs = self.tabs[tab].queue.send_by(&bucket, route, moment);
                self.take(tab, jobs);
            }
            13 => {
                self.tabs[tab].queue.clear_finished();
            }
            14 => self.start_again(tab, id),
            _ => {
                let task = self.any_task();
                if !self.is_in_hand(task) || self.tabs[tab].rows.values().any(|r| r.task == task) {
                    self.tasks[task].cancelled = false;
                    self.drop_file(tab, task);
                }
            }
        }
    }

    fn cancel(&mut self, tab: usize, id: TransferId) {
        let task = self.tabs[tab].rows[&id].task;
        self.tell(tab, id, Event::Cancel);
        if self.tabs[tab]
            .queue
            .state(id)
            .is_none_or(|state| state == State::Cancelled)
        {
            self.tasks[task].cancelled = true;
        }
    }

    fn decide(&mut self, tab: usize, id: TransferId) {
        let Some(row) = self.tabs[tab].queue.row(id) else {
            return;
        };
        if !row.is_in_the_way {
            return;
        }
        let task = self.tabs[tab].rows[&id].task;
        self.tasks[task].decided = true;
        self.see("decisions taken");
        let choice = if self.chance.coin() {
            Choice::Replace
        } else {
            Choice::KeepBoth
        };
        let there = self.store.current.get(&row.key);
        let others = there.filter(|object| object.task != Some(task));
        self.tasks[task].keeps = match choice {
            Choice::KeepBoth => others.map(|object| object.origin),
            Choice::Replace => None,
        };
        self.tell(tab, id, Event::Decide(choice));
    }

    fn sign_in(&mut self) {
        self.weather.signed_out = false;
        for tab in 0..self.tabs.len() {
            let moment = self.moment();
            let jobs = self.tabs[tab].queue.signed_in(moment);
            self.take(tab, jobs);
        }
    }

    fn let_in(&mut self, tab: usize) {
        if self.calm {
            self.weather.barred = false;
        }
        let buckets: Vec<BucketName> = self.tabs[tab].queue.barred().cloned().collect();
        for bucket in buckets {
            let moment = self.moment();
            let jobs = self.tabs[tab].queue.let_in(&bucket, moment);
            self.take(tab, jobs);
        }
    }

    /// The browser finds out what the queue wants to know.
    pub(super) fn find_out(&mut self, tab: usize, page: u32, question: &Question) {
        if self.tabs[tab].page != page {
            return;
        }
        let moment = self.moment();
        let jobs = match question {
            Question::Hako => {
                let answers = self.weather.offline_until <= self.now;
                self.note(|_| format!("tab {tab}: Hako answers: {answers}"));
                self.tabs[tab].queue.hako_answers(answers, moment)
            }
            Question::Bucket(bucket) => {
                let verdict = if self.weather.barred {
                    Verdict::NotLetIn
                } else if self.weather.unreachable {
                    Verdict::Unreachable
                } else {
                    Verdict::TryAgain
                };
                self.note(|_| format!("tab {tab}: {bucket} is {verdict:?}"));
                self.tabs[tab].queue.diagnosed(bucket, verdict, moment)
            }
        };
        self.take(tab, jobs);
    }

    /// All faults are over, and people do the obvious until everything is done.
    pub(super) fn end_well(&mut self) {
        self.calm = true;
        self.note(|_| "all is well again".to_owned());
        self.weather = super::world::Weather::default();
        self.store.full = false;
        self.store.held = false;
        self.store.cuts = false;
        for tab in 0..self.tabs.len() {
            self.network(tab, true);
        }
        self.sign_in();
        for round in 0..ROUNDS {
            self.run();
            if self.violation.is_some() {
                return;
            }
            let mut moved = false;
            for tab in 0..self.tabs.len() {
                moved |= self.do_the_obvious(tab);
            }
            self.run();
            for task in 0..self.tasks.len() {
                if !self.tasks[task].done && !self.tasks[task].cancelled && !self.is_in_hand(task) {
                    let tab = self.any_tab();
                    self.drop_file(tab, task);
                    moved = true;
                }
            }
            if !moved {
                break;
            }
            self.note(|_| format!("round {round} is over"));
        }
        self.run();
        self.judge_end();
    }

    /// For every row what its state asks for. Says whether anything was done.
    fn do_the_obvious(&mut self, tab: usize) -> bool {
        let ids: Vec<TransferId> = self.tabs[tab].rows.keys().copied().collect();
        let mut moved = false;
        self.let_in(tab);
        for id in ids {
            let Some(row) = self.tabs[tab].queue.row(id) else {
                continue;
            };
            let known = &self.tabs[tab].rows[&id];
            let (task, spurned) = (known.task, known.spurned);
            if self.tasks[task].done && !row.state.is_final() {
                moved = true;
                self.cancel(tab, id);
                self.tasks[task].cancelled = false;
                continue;
            }
            moved |= !row.state.is_final();
            match row.state {
                State::Done | State::Cancelled => {}
                State::Paused => self.tell(tab, id, Event::Lift(Hold::Paused)),
                State::NeedsDecision => self.decide(tab, id),
                State::FileNeeded | State::Changed if row.wants_file && !spurned => {
                    self.tabs[tab].rows.get_mut(&id).unwrap().spurned = true;
                    let facts = self.tasks[task].facts();
                    let handle = self.handle(task);
                    self.give_file(tab, id, handle, facts);
                }
                State::FileNeeded | State::Changed if row.can_start_again && self.chance.coin() => {
                    self.start_again(tab, id);
                }
                State::FileNeeded | State::Changed => {
                    // Not the same file any more: discarded, and dropped anew.
                    self.cancel(tab, id);
                    self.tasks[task].cancelled = false;
                }
                State::Failed if !row.can_retry => {
                    // Taken over too late: what is missing is uploaded anew.
                    self.cancel(tab, id);
                    self.tasks[task].cancelled = false;
                }
                _ => self.tell(tab, id, Event::Retry),
            }
        }
        moved
    }

    fn judge_end(&mut self) {
        for (number, task) in self.tasks.iter().enumerate() {
            if !task.done && !task.cancelled && self.violation.is_none() {
                let words = format!("task {number} is not done though all is well");
                self.violate(Invariant::Unfinished, words);
                return;
            }
        }
        // What could not be given up before is given up when pages are loaded again.
        for _ in 0..3 {
            for tab in 0..self.tabs.len() {
                self.reload(tab);
                self.run();
                // A file that is given again may lead to a question, and nobody loads the page once more
                // before it is answered.
                for _ in 0..ROUNDS {
                    if !self.do_the_obvious(tab) {
                        break;
                    }
                    self.run();
                }
            }
        }
        let left: Vec<String> = self
            .store
            .uploads
            .iter()
            .filter(|(_, upload)| upload.known)
            .map(|(number, upload)| format!("upload {number} to {}", upload.key))
            .collect();
        if !left.is_empty() {
            self.violate(Invariant::LeftBehind, left.join(", "));
        } else if !self.journal.is_empty() {
            let kept: Vec<&u64> = self.journal.keys().collect();
            let words = format!("records {kept:?} stay");
            self.violate(Invariant::LeftBehind, words);
        }
    }
}
