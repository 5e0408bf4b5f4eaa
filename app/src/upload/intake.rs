//! Files on their way into the queue: found, planned, given back to uploads that wait for them.

use leptos::{prelude::*, task::spawn_local};
use model::{
    BucketName, UploadId,
    session::ObjectFeatures,
    upload::{Added, Event, FileFacts, Order, Remains, TransferId},
};
use web_sys::File;

use super::{
    engine::{Engine, moment},
    plan::{Answered, Batch, Planned, is_taken, plan},
    turn::in_steps,
    view::News,
    walk::{FileSource, FoundFile, Walk, pick_files, pick_folder},
    words,
};
use crate::words::uploads;

/// What a batch may be, and how it was given.
#[derive(Clone, Copy)]
struct Kind {
    max_key_bytes: usize,
    offers: ObjectFeatures,
    /// The person wants to see the plan.
    planned: bool,
}

impl Engine {
    /// Takes files. They begin when all are found; the page stays awake meanwhile. With `planned` the
    /// person is shown the plan in any case.
    pub(super) fn add(&self, bucket: BucketName, prefix: String, walk: Walk, planned: bool) {
        let engine = self.clone();
        spawn_local(async move {
            match engine.settings().await {
                Ok((settings, session)) => {
                    engine.open(settings, &session);
                    let kind = Kind {
                        max_key_bytes: settings.max_key_bytes,
                        offers: session.features.objects,
                        planned,
                    };
                    engine.take_in(bucket, prefix, walk, kind).await;
                }
                Err(problem) => engine
                    .state
                    .messages
                    .error(uploads::nothing_uploaded(&problem.sentence())),
            }
        });
    }

    /// Opens the browser's own picker, if it has one.
    pub(super) fn pick(
        &self,
        bucket: BucketName,
        prefix: String,
        folder: bool,
        planned: bool,
    ) -> bool {
        let engine = self.clone();
        let add = move |walk: Option<Walk>| {
            if let Some(walk) = walk {
                engine.add(bucket, prefix, walk, planned);
            }
        };
        if folder {
            let Some(picking) = pick_folder() else {
                return false;
            };
            spawn_local(async move { add(picking.await) });
        } else {
            let Some(picking) = pick_files() else {
                return false;
            };
            spawn_local(async move { add(picking.await) });
        }
        true
    }

    /// Walks through what was given, asks what is to be asked, and puts the rest into the queue.
    async fn take_in(&self, bucket: BucketName, prefix: String, mut walk: Walk, kind: Kind) {
        let mut files = Vec::new();
        self.with(|inner| inner.walking = Some((walk.stop(), 0)));
        loop {
            let found = walk.step().await;
            if found.is_empty() {
                break;
            }
            files.extend(found);
            self.with(|inner| inner.walked(files.len()));
            self.changed();
        }
        self.with(|inner| inner.walking = None);
        let awaited = self.give_back(&mut files).await;
        let planned = {
            let _turn = self.planning.lock().await;
            let mut before = None;
            loop {
                let batch = Batch {
                    bucket: &bucket,
                    prefix: &prefix,
                    max_key_bytes: kind.max_key_bytes,
                    offers: kind.offers,
                    wanted: kind.planned,
                    files: &files,
                    told: walk.told(),
                    before: before.take(),
                };
                match plan(self.state, batch).await {
                    Answered::Planned(planned) => break planned,
                    Answered::Nothing => break Planned::default(),
                    Answered::ReadAgain(stood) => {
                        before = Some(stood);
                        walk.read_again();
                        loop {
                            let found = walk.step().await;
                            if found.is_empty() {
                                break;
                            }
                            files.extend(found);
                        }
                    }
                }
            }
        };
        self.enqueue(planned, &files, awaited).await;
    }

    /// Gives files back to the uploads that wait for them, and takes them out of what is new.
    async fn give_back(&self, files: &mut Vec<FoundFile>) -> usize {
        if self.with(|inner| inner.queue.awaits_files()) != Some(true) {
            return 0;
        }
        let before = files.len();
        let mut given = std::mem::take(files).into_iter();
        in_steps(|| {
            let Some(file) = given.next() else {
                return true;
            };
            let waits = self.with(|inner| inner.queue.waiting_for(&file.facts, true));
            match waits.flatten() {
                Some(id) => self.give(id, file.facts, file.source),
                None => files.push(file),
            }
            false
        })
        .await;
        before - files.len()
    }

    /// Goes on with an upload that was begun elsewhere, with a file that may be the one.
    pub(super) fn adopt(&self, remains: Remains, facts: FileFacts, source: FileSource) {
        let engine = self.clone();
        spawn_local(async move {
            if let Err(reason) = engine.try_adopt(remains, facts, source).await {
                engine.state.messages.error(uploads::nothing_sent(&reason));
            }
        });
    }

    async fn try_adopt(
        &self,
        remains: Remains,
        facts: FileFacts,
        source: FileSource,
    ) -> Result<(), String> {
        let (settings, session) = match self.settings().await {
            Ok(settings) => settings,
            Err(problem) => return Err(problem.sentence()),
        };
        self.open(settings, &session);
        let upload = remains.upload_id().clone();
        let known = self.with(|inner| {
            let id = inner.queue.of_upload(&upload)?;
            let waits = inner.queue.wants_file(id);
            (!inner.queue.is_lent(id)).then_some((id, waits))
        });
        match known.flatten() {
            Some((id, true)) => {
                self.give(id, facts, source);
                return Ok(());
            }
            Some((_, false)) => {
                return Err(uploads::at_work_already().to_owned());
            }
            None => {}
        }
        let record = remains.record(&facts, &settings);
        let record = record.map_err(|other| words::other_file(other, &facts, &remains))?;
        if !self.keep.hold(&upload).await {
            return Err(uploads::another_tab_has_it().to_owned());
        }
        let adopted = self.with(|inner| inner.queue.adopt(record, moment()));
        let Some((id, jobs)) = adopted.flatten() else {
            self.keep.release(&upload);
            return Err(uploads::same_key().to_owned());
        };
        self.lent.borrow_mut().insert(id, remains);
        self.perform(jobs);
        self.hand_over(id, facts, source);
        Ok(())
    }

    /// Stops what this tab does for an upload that somebody gives up at the store.
    pub(super) fn abandon(&self, upload: UploadId) {
        let carried = self.with(|inner| inner.queue.of_upload(&upload)).flatten();
        match carried {
            Some(id) => self.dispatch(id, Event::Cancel),
            None => self.keep.forget(upload),
        }
    }

    /// Gives a transfer the file that it waits for.
    fn give(&self, id: TransferId, facts: FileFacts, source: FileSource) {
        let is_lent = self.with(|inner| inner.queue.is_lent(id)) == Some(true);
        let remains = self.lent.borrow_mut().remove(&id);
        match remains.filter(|_| is_lent) {
            // How it is cut depends on the size of the file.
            Some(remains) => self.adopt(remains, facts, source),
            None => self.hand_over(id, facts, source),
        }
    }

    fn hand_over(&self, id: TransferId, facts: FileFacts, source: FileSource) {
        self.with(|inner| {
            inner.files.remove(&id);
            inner.sources.insert(id, source);
        });
        self.dispatch(id, Event::File(facts));
    }

    /// Puts files into the queue as one batch, some at a time.
    async fn enqueue(&self, planned: Planned, files: &[FoundFile], awaited: usize) {
        // So many, then the dock is drawn: it answers the drop, and what is over in a moment has begun.
        const STEP: usize = 100;
        let Planned { orders, mut sums } = planned;
        let (mut twice, mut elsewhere) = (0, 0);
        let batch = self.with(|inner| inner.queue.new_batch());
        let mut orders = orders.into_iter();
        in_steps(|| {
            let Some(batch) = batch else { return true };
            let mut some = orders.by_ref().take(STEP).peekable();
            if some.peek().is_none() {
                return true;
            }
            let mut back = Vec::new();
            let jobs = self.with(|inner| {
                for (index, order) in some {
                    let Some(source) = files.get(index).map(|file| file.source.clone()) else {
                        continue;
                    };
                    if self.is_elsewhere(&order) {
                        elsewhere += 1;
                        continue;
                    }
                    let facts = order.file.clone();
                    match inner.queue.add_to(batch, order) {
                        // A refused one may be tried again when its key is free.
                        Added::Queued(id) | Added::Refused(id) => {
                            inner.sources.insert(id, source);
                            if let Some(listed) = sums.remove(&index) {
                                inner.comparison.expect(id, listed);
                            }
                        }
                        Added::UnderWay(_) => twice += 1,
                        Added::Awaited(id) => back.push((id, facts, source)),
                    }
                }
                inner.queue.pump(moment())
            });
            for (id, facts, source) in back {
                self.give(id, facts, source);
            }
            self.perform(jobs.unwrap_or_default());
            self.paint();
            self.changed();
            false
        })
        .await;
        let told = [
            words::same_again(twice),
            words::in_another_tab(elsewhere),
            words::going_on(awaited),
        ];
        for text in told.into_iter().flatten() {
            self.state.messages.success(text);
        }
    }

    /// Whether another tab sends the same file to the same key.
    fn is_elsewhere(&self, order: &Order) -> bool {
        let same = |news: &News| {
            let path = news.key.strip_prefix(order.prefix.as_str());
            news.bucket == order.bucket.as_str()
                && path == Some(order.path())
                && news.file.size == order.file.size
        };
        self.state
            .elsewhere
            .with_untracked(|news| news.iter().any(same))
    }

    /// Gives a file that has not begun another key, if nothing is known to have that.
    pub(super) fn rename(&self, id: TransferId, key: String) {
        let engine = self.clone();
        spawn_local(async move {
            let found = engine.with(|inner| {
                let row = inner.queue.row(id)?;
                let file = inner.queue.file(id)?.clone();
                Some((row.bucket, row.key, file))
            });
            let Some((bucket, now, file)) = found.flatten() else {
                return;
            };
            if key == now {
                return engine.refuse(None);
            }
            if is_taken(&bucket, &key, &file).await {
                let text = uploads::key_is_there();
                return engine.refuse(Some((id, text.to_owned())));
            }
            let renamed = engine.with(|inner| inner.queue.rename(id, &key, moment()));
            if let Some(Err(fault)) = renamed {
                engine.refuse(Some((id, super::faults::cannot_rename(fault))));
                return;
            }
            engine.refuse(None);
            engine.state.messages.success(uploads::goes_to_new_key());
            engine.then(|inner| inner.queue.pump(moment()));
        });
    }

    fn refuse(&self, why: Option<(TransferId, String)>) {
        self.state.refused.try_set(why);
    }

    /// Takes the file that somebody chose for one transfer.
    pub(super) fn give_file(&self, id: TransferId, file: File) {
        let found = FoundFile::of(file);
        self.give(id, found.facts, found.source);
    }

    /// Takes files that somebody chose for whatever waits.
    pub(super) fn give_files(&self, walk: Walk) {
        let engine = self.clone();
        spawn_local(async move {
            let mut walk = walk;
            let mut strangers = 0;
            loop {
                let found = walk.step().await;
                if found.is_empty() {
                    break;
                }
                for file in found {
                    let waits = engine.with(|inner| inner.queue.waiting_for(&file.facts, false));
                    match waits.flatten() {
                        Some(id) => engine.give(id, file.facts, file.source),
                        None => strangers += 1,
                    }
                }
            }
            if let Some(text) = words::strangers(strangers) {
                engine.state.messages.error(text);
            }
        });
    }

    /// Goes on with a transfer whose file's handle was kept. To be called within a click, because the
    /// browser may ask the person.
    pub(super) fn reopen(&self, id: TransferId) {
        self.open_source(id, Self::give);
    }

    /// Uploads the file at hand from its first byte. To be called within a click.
    pub(super) fn start_with_source(&self, id: TransferId) {
        self.open_source(id, Self::start_again);
    }

    /// Uploads a file from its first byte, in place of the one that it turned out not to be.
    pub(super) fn start_again(&self, id: TransferId, facts: FileFacts, source: FileSource) {
        let fits = self.with(|inner| {
            let fits = inner.queue.can_start_again(id);
            if fits {
                inner.files.remove(&id);
                inner.sources.insert(id, source);
            }
            fits
        });
        if fits == Some(true) {
            self.dispatch(id, Event::StartAgain(facts));
        }
    }

    /// Opens the file of a transfer as it is now, and does something with it.
    fn open_source(&self, id: TransferId, then: fn(&Self, TransferId, FileFacts, FileSource)) {
        let source = self.with(|inner| inner.sources.get(&id).cloned()).flatten();
        let Some(source) = source else { return };
        let engine = self.clone();
        spawn_local(async move {
            let file = match source.permitted().await {
                Ok(file) => file,
                Err(_refused) => {
                    engine.state.messages.error(uploads::browser_does_not_let());
                    engine.with(|inner| inner.sources.remove(&id));
                    return engine.changed();
                }
            };
            let facts = FoundFile::of(file).facts;
            then(&engine, id, facts, source);
        });
    }
}
