//! The browser's half of the upload manager: owns the queue, the files, and the requests that run.
//!
//! Nothing here decides anything about an upload. The engine feeds the queue with events, carries out
//! what it asks for, and paints what it says, at most ten times a second.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
    time::Duration,
};

use futures::lock::Mutex;
use leptos::{prelude::*, task::spawn_local};
use model::{
    BucketName, Problem, UploadId,
    session::{GetSession, Session, UploadRoute},
    upload::{
        BatchId, Event, Hold, Job, Line, Milestone, Moment, Place, Queue, Remains, Section,
        Settings, State, Ticket, TransferId,
    },
};
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{BeforeUnloadEvent, File};

use super::{
    Mass, Noted, Person, UploadsState, Wish,
    board::{Inner, Running, now},
    checksum::{Checksums, Fault},
    environment,
    history::Sums,
    keep::Keep,
    traces,
    turn::in_steps,
    view::{News, Stored},
    walk::{FoundFile, Walk},
    words,
    works::Works,
};
use crate::{api, drawn, words::uploads};

pub(super) const PAINT_EVERY: Duration = Duration::from_millis(100);
const SAY_EVERY_MS: u64 = 2_000;
const TICK_EVERY: Duration = Duration::from_millis(500);
/// Other tabs are told how far things are this often.
const TELL_EVERY_MS: u64 = 2_000;
/// With HTTP/2 a browser puts many requests on one connection.
const MOST_PARALLEL: usize = 16;

/// Everything behind the dock. Clones are the same engine.
#[derive(Clone)]
pub(super) struct Engine {
    inner: Rc<RefCell<Option<Inner>>>,
    pub(super) state: UploadsState,
    noted: Noted,
    pub(super) session: Resource<Result<Session, Problem>>,
    pub(super) checksums: Rc<Checksums>,
    pub(super) keep: Keep,
    pub(super) sums: Rc<RefCell<Sums>>,
    /// When another tab told something.
    heard_at: Rc<Cell<u64>>,
    /// What the store holds of uploads that were begun elsewhere, until their files are known to be right.
    pub(super) lent: Rc<RefCell<HashMap<TransferId, Remains>>>,
    /// Batches are planned one after the other, so that no question takes another's place.
    pub(super) planning: Rc<Mutex<()>>,
}

/// The numbers of a session.
fn settings(session: &Session) -> Settings {
    let mut settings = Settings::new(&session.upload, session.features.max_key_bytes);
    if !session.features.presign {
        settings.route = UploadRoute::Hako;
    }
    settings.preferring(drawn::preferences())
}

pub(super) fn moment() -> Moment {
    Moment {
        now: now(),
        jitter: js_sys::Math::random(),
    }
}

/// Comes back after some time.
pub(super) async fn wait(time: Duration) {
    let (done, waited) = futures::channel::oneshot::channel();
    set_timeout(
        move || {
            // The waiting side may be gone.
            let _ = done.send(());
        },
        time,
    );
    let _ = waited.await;
}

impl Engine {
    pub(super) fn new(
        state: UploadsState,
        noted: Noted,
        session: Resource<Result<Session, Problem>>,
    ) -> Self {
        let engine = Self {
            inner: Rc::new(RefCell::new(None)),
            state,
            noted,
            session,
            checksums: Rc::new(Checksums::new()),
            keep: Keep::new(),
            sums: Rc::default(),
            heard_at: Rc::default(),
            lent: Rc::default(),
            planning: Rc::default(),
        };
        let restoring = engine.clone();
        spawn_local(async move { restoring.restore().await });
        engine
    }

    /// Says whose uploads these are; whether they are the same person's as before.
    pub(super) fn belongs_to(&self, session: &Session) -> bool {
        let same = self.keep.belongs_to(session);
        if same {
            self.state.person.try_set(Person {
                tenant: session.tenant.clone().unwrap_or_default(),
                username: session.username.clone(),
                stranger: None,
            });
        }
        same
    }

    /// Takes up what was begun before and is nobody's now, and hears what other tabs do.
    async fn restore(&self) {
        let Ok(session) = self.session.await else {
            return;
        };
        self.belongs_to(&session);
        let hearing = self.clone();
        self.keep.listen(move |news| hearing.hear(news));
        let left = self.keep.take_up().await;
        if left.is_empty() {
            return self.unmark_where_idle().await;
        }
        let settings = self.able(settings(&session)).await;
        self.open(settings, &session);
        for left in left {
            let restored = self
                .with(|inner| inner.queue.restore(left.record, moment()))
                .flatten();
            let Some((id, jobs)) = restored else { continue };
            if let Some(source) = left.source {
                self.with(|inner| inner.sources.insert(id, source));
            }
            self.perform(jobs);
        }
        self.changed();
    }

    /// Where this browser has neither notes of uploads nor a tab that sends any, the next page need not look.
    async fn unmark_where_idle(&self) {
        wait(Duration::from_millis(4 * TELL_EVERY_MS)).await;
        let idle = self.heard_at.get() == 0 && self.inner.borrow().is_none();
        if idle && self.keep.noted().await.is_empty() {
            traces::remove();
        }
    }

    /// The session's numbers: those that the page was drawn with, else asked for.
    pub(super) async fn settings(&self) -> Result<(Settings, Session), Problem> {
        let session = match self.session.await {
            Ok(session) => session,
            Err(_stale) => api::call(GetSession).await?,
        };
        self.belongs_to(&session);
        Ok((self.able(settings(&session)).await, session))
    }

    /// Without workers there are no checksums, and files go without.
    async fn able(&self, mut settings: Settings) -> Settings {
        if let Some(algorithm) = settings.checksum {
            let nothing = File::new_with_str_sequence(&js_sys::Array::new(), "");
            let known = match nothing {
                Ok(file) => self.checksums.part(&file, 0..0, algorithm).await,
                Err(_refused) => Err(Fault::Unavailable),
            };
            if known.is_err() {
                settings.checksum = None;
            }
        }
        settings
    }

    pub(super) fn open(&self, settings: Settings, session: &Session) {
        let mut inner = self.inner.borrow_mut();
        if let Some(inner) = inner.as_mut() {
            return inner.queue.set_settings(settings);
        }
        traces::leave();
        let engine = self.clone();
        let network = environment::on_network(move |is_there| {
            engine.then(|inner| inner.queue.network(is_there, moment()));
        });
        let store = session.upload.store_origin.clone();
        let mut new = Inner::new(settings, store, network);
        // What comes is searched as it comes.
        let wanted = self.state.list.wanted.try_get_untracked();
        new.queue.search(&wanted.unwrap_or_default());
        *inner = Some(new);
        drop(inner);
        self.guard_leaving();
    }

    /// Goes on as the preferences are now.
    pub(super) fn prefer(&self) {
        if self.with(Inner::prefer).is_none() {
            return;
        }
        let engine = self.clone();
        spawn_local(async move {
            // Without a session nothing goes on anyway.
            if let Ok((settings, session)) = engine.settings().await {
                engine.open(settings, &session);
                engine.then(|inner| inner.queue.pump(moment()));
            }
        });
    }

    pub(super) fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> Option<T> {
        self.inner.borrow_mut().as_mut().map(act)
    }

    /// Does something with the queue, and then what it asks for.
    pub(super) fn then(&self, act: impl FnOnce(&mut Inner) -> Vec<Job>) {
        let jobs = self.with(act);
        self.perform(jobs.unwrap_or_default());
        self.ask();
        self.changed();
    }

    /// The file of a transfer, as it was when it was chosen. One that is another by now is none.
    pub(super) async fn file(&self, id: TransferId) -> Option<File> {
        if let Some(file) = self.held_file(id) {
            return Some(file);
        }
        let source = self
            .with(|inner| inner.sources.get(&id).cloned())
            .flatten()?;
        let file = source.file().await.ok()?;
        // It may have come while this one was asked for.
        if let Some(file) = self.held_file(id) {
            return Some(file);
        }
        let found = FoundFile::of(file.clone()).facts;
        self.with(|inner| {
            let facts = inner.queue.file(id)?;
            if facts.size != found.size || facts.modified != found.modified {
                return None;
            }
            inner.files.insert(id, file.clone());
            Some(file)
        })
        .flatten()
    }

    pub(super) fn held_file(&self, id: TransferId) -> Option<File> {
        self.with(|inner| inner.files.get(&id).cloned()).flatten()
    }

    pub(super) fn keep_running(&self, id: TransferId, ticket: Ticket, running: Running) {
        self.with(|inner| inner.running.insert((id, ticket), running));
    }

    pub(super) fn take_running(&self, id: TransferId, ticket: Ticket) -> Option<Running> {
        self.with(|inner| inner.running.remove(&(id, ticket)))
            .flatten()
    }

    pub(super) fn progressed(&self, id: TransferId, ticket: Ticket, loaded: u64) {
        let known = self.with(|inner| {
            let running = inner.running.get_mut(&(id, ticket))?;
            running.moved(loaded, now());
            Some(())
        });
        if known.flatten().is_some() {
            self.dispatch(id, Event::Progress { ticket, loaded });
        }
    }

    /// Tells the queue what happened and does what it asks for.
    pub(super) fn dispatch(&self, id: TransferId, event: Event) {
        let jobs = self.with(|inner| {
            let before = inner.queue.state(id);
            let jobs = inner.queue.handle(id, event, moment());
            let done = inner.queue.state(id) == Some(State::Done) && before != Some(State::Done);
            if done {
                inner.note_stored(id);
            }
            (jobs, done)
        });
        let (jobs, done) = jobs.unwrap_or_default();
        if done {
            self.write_receipt(id);
        }
        self.with(|inner| inner.let_go(id));
        self.perform(jobs);
        self.ask();
        self.changed();
    }

    /// Shows which uploads this browser has notes of.
    pub(super) fn load_noted(&self) {
        let engine = self.clone();
        spawn_local(async move {
            if let Ok(session) = engine.session.await {
                engine.belongs_to(&session);
                let noted = engine.keep.noted().await;
                let noted = noted.into_iter().map(|upload| upload.to_string()).collect();
                engine.noted.0.try_set(Some(noted));
            }
        });
    }

    /// What another tab does.
    fn hear(&self, news: Vec<News>) {
        let heard_at = now();
        self.heard_at.set(heard_at);
        self.state.elsewhere.try_set(news);
        // Forgotten when nothing more is heard.
        let engine = self.clone();
        set_timeout(
            move || {
                if engine.heard_at.get() == heard_at {
                    engine.state.elsewhere.try_set(Vec::new());
                }
            },
            Duration::from_millis(4 * TELL_EVERY_MS),
        );
    }

    pub(super) fn wish(&self, wish: Wish) {
        match wish {
            Wish::Cancel(id) => self.dispatch(id, Event::Cancel),
            // Only after a look at who is signed in now.
            Wish::Retry(id) if self.is_signed_out(id) => self.signed_in(),
            Wish::Retry(id) => self.dispatch(id, Event::Retry),
            Wish::Pause(id) => self.dispatch(id, Event::Hold(Hold::Paused)),
            Wish::Resume(id) => self.dispatch(id, Event::Lift(Hold::Paused)),
            Wish::Decide(id, choice) => self.dispatch(id, Event::Decide(choice)),
            Wish::Reopen(id) => self.reopen(id),
            Wish::StartAgain(id) => self.start_with_source(id),
            Wish::First(id) => self.then(|inner| {
                inner.queue.move_up(id);
                inner.queue.pump(moment())
            }),
            Wish::PauseAll => {
                self.for_each(Section::Active, Queue::can_pause, Event::Hold(Hold::Paused));
            }
            Wish::ResumeAll => {
                let is_paused = |queue: &Queue, id| queue.state(id) == Some(State::Paused);
                self.for_each(Section::Active, is_paused, Event::Lift(Hold::Paused));
            }
            Wish::SendThrough(bucket) => self.send_through(&bucket),
            Wish::ConfigureCors(card) => self.configure_cors(card),
            Wish::SignedIn => self.signed_in(),
            Wish::StopWalk => {
                self.with(|inner| inner.stop_walking());
            }
            Wish::Notify => {
                let engine = self.clone();
                spawn_local(async move {
                    environment::notice::ask().await;
                    engine.changed();
                });
            }
            Wish::CancelAll => self.for_each(Section::Active, |_, _| true, Event::Cancel),
            Wish::RetryFailed => {
                let failed = |queue: &Queue, id| {
                    queue.is_retriable(id) && queue.state(id) != Some(State::SignedOut)
                };
                self.for_each(Section::Attention, failed, Event::Retry);
                if self.with(|inner| inner.queue.counts().signed_out > 0) == Some(true) {
                    self.signed_in();
                }
            }
            Wish::ClearFinished => self.clear_finished(),
            Wish::SaveForLater(id) => self.dispatch(id, Event::SaveForLater),
            Wish::Remove(id) => {
                let sums = self.sums.borrow();
                self.with(|inner| inner.clear_one(id, sums.reads(id)));
                drop(sums);
                self.changed();
            }
            Wish::Batch(id, Mass::Pause) => {
                self.for_batch(id, Queue::can_pause, Event::Hold(Hold::Paused));
            }
            Wish::Batch(id, Mass::Resume) => {
                let is_paused = |queue: &Queue, id| queue.state(id) == Some(State::Paused);
                self.for_batch(id, is_paused, Event::Lift(Hold::Paused));
            }
            Wish::Batch(id, Mass::Retry) => {
                let failed = |queue: &Queue, id| {
                    queue.is_retriable(id) && queue.state(id) != Some(State::SignedOut)
                };
                self.for_batch(id, failed, Event::Retry);
            }
            Wish::Batch(id, Mass::Cancel) => {
                let active =
                    |queue: &Queue, id| queue.state(id).map(Section::of) == Some(Section::Active);
                self.for_batch(id, active, Event::Cancel);
            }
            Wish::Search(text) => self.search(text),
            Wish::Rename(id, key) => self.rename(id, key),
            Wish::Sum(entry) => self.sum_again(entry),
        }
    }

    /// Somebody signed in again. Only the same person goes on with these uploads.
    fn signed_in(&self) {
        let engine = self.clone();
        spawn_local(async move {
            match api::call(GetSession).await {
                Ok(session) if engine.belongs_to(&session) => {
                    engine.then(|inner| inner.queue.signed_in(moment()));
                }
                Ok(session) => engine.waits(&session.username, session.tenant.as_deref()),
                // The page's own session has ended, and somebody else's is the current one.
                Err(problem) if problem.code == model::ErrorCode::SessionMismatch => {
                    let list = api::call(model::session::ListSessions).await;
                    let sessions = list.unwrap_or_default().sessions;
                    match sessions.iter().find(|one| one.current) {
                        Some(one) => engine.waits(&one.username, one.tenant.as_deref()),
                        None => engine.state.messages.error(problem.sentence()),
                    }
                }
                Err(problem) => engine.state.messages.error(problem.sentence()),
            }
        });
    }

    /// Says for whom these uploads wait, and who is signed in instead.
    fn waits(&self, username: &str, tenant: Option<&str>) {
        let owner = self.state.person.with_untracked(words::owner);
        let stranger = words::person(username, tenant);
        self.state
            .messages
            .error(uploads::wait_for_owner(&owner, &stranger));
        self.state
            .person
            .try_update(|person| person.stranger = Some(stranger));
    }

    fn is_signed_out(&self, id: TransferId) -> bool {
        let state = self.with(|inner| inner.queue.state(id)).flatten();
        state == Some(State::SignedOut)
    }

    /// Tells all transfers of a section something, as far as it fits them, and lets the page live meanwhile.
    fn for_each(
        &self,
        section: Section,
        fits: impl Fn(&Queue, TransferId) -> bool + 'static,
        event: Event,
    ) {
        let ids = self.with(|inner| inner.queue.first_of(section, usize::MAX));
        let is_there = move |queue: &Queue, id| {
            let state = queue.state(id);
            state.is_some_and(|state| section == Section::of(state)) && fits(queue, id)
        };
        self.tell_each(ids.unwrap_or_default(), is_there, event);
    }

    /// Tells all transfers of a batch something, as far as it fits them.
    fn for_batch(
        &self,
        batch: BatchId,
        fits: impl Fn(&Queue, TransferId) -> bool + 'static,
        event: Event,
    ) {
        let all = |inner: &mut Inner| inner.queue.first_of_batch(batch, Section::All, usize::MAX);
        let ids = self.with(all);
        self.tell_each(ids.unwrap_or_default(), fits, event);
    }

    fn tell_each(
        &self,
        mut ids: Vec<TransferId>,
        fits: impl Fn(&Queue, TransferId) -> bool + 'static,
        event: Event,
    ) {
        // The last ones first, so that cancelling one does not begin the next.
        if matches!(event, Event::Cancel | Event::Hold(_)) {
            ids.reverse();
        }
        let engine = self.clone();
        spawn_local(async move {
            let mut ids = ids.into_iter();
            in_steps(|| {
                let Some(id) = ids.next() else { return true };
                let is_meant = engine.with(|inner| fits(&inner.queue, id));
                if is_meant == Some(true) {
                    engine.dispatch(id, event.clone());
                }
                false
            })
            .await;
        });
    }

    /// Searches in the list, and lets the page live meanwhile.
    fn search(&self, text: String) {
        const STEP: usize = 1_000;
        if self.with(|inner| inner.queue.search(&text)).is_none() {
            return;
        }
        let engine = self.clone();
        spawn_local(async move {
            in_steps(|| {
                let more = engine.with(|inner| inner.queue.search_some(STEP));
                engine.changed();
                more != Some(true)
            })
            .await;
        });
    }

    /// Takes what is over out of sight, some at a time.
    fn clear_finished(&self) {
        const STEP: usize = 200;
        let engine = self.clone();
        spawn_local(async move {
            in_steps(|| {
                let cleared = engine.with(|inner| {
                    let sums = engine.sums.borrow();
                    inner.clear_some(STEP, |id| sums.reads(id))
                });
                engine.changed();
                cleared.unwrap_or_default() < STEP
            })
            .await;
        });
    }

    /// Something changed: paints soon, and ticks while anything goes on.
    pub(super) fn changed(&self) {
        let (paint, tick) = self
            .with(|inner| {
                let paint = !std::mem::replace(&mut inner.painting, true);
                let busy = inner.is_busy();
                let tick = busy && !std::mem::replace(&mut inner.ticking, busy);
                (paint, tick)
            })
            .unwrap_or_default();
        if paint {
            let engine = self.clone();
            set_timeout(move || engine.paint(), PAINT_EVERY);
        }
        if tick {
            self.tick_later();
        }
    }

    fn tick_later(&self) {
        let engine = self.clone();
        set_timeout(move || engine.tick(), TICK_EVERY);
    }

    /// Measures rates, ends silent requests, tells what was stored.
    fn tick(&self) {
        let Some((silent, stored, go_on)) = self.with(Inner::tick) else {
            return;
        };
        if self.with(|inner| inner.is_multiplexed()) == Some(true) {
            self.with(|inner| inner.queue.allow_parallelism(MOST_PARALLEL));
        }
        let jobs = self.with(|inner| inner.queue.tick(moment()));
        self.perform(jobs.unwrap_or_default());
        self.ask();
        if let Some(news) = self.with(|inner| inner.news(TELL_EVERY_MS)).flatten() {
            self.keep.publish(&news);
        }
        if let Some(stored) = stored {
            self.state.finished.try_set(Some(stored));
        }
        for (id, ticket) in silent {
            self.silence(id, ticket);
        }
        if go_on {
            self.tick_later();
        }
        self.changed();
    }

    pub(super) fn paint(&self) {
        let sight = self.state.list.sight().unwrap_or_default();
        let Some((summary, milestone)) = self.with(|inner| inner.paint(sight)) else {
            return;
        };
        self.look();
        if let Some(milestone) = milestone {
            let text = words::announcement(milestone, &summary);
            if matches!(milestone, Milestone::Ended { .. }) {
                environment::notice::tell("Hako", &text);
                self.checksums.rest();
            }
            self.say(text);
        }
        if self.state.summary.try_with_untracked(|old| *old != summary) == Some(true) {
            self.state.summary.try_set(summary);
        }
    }

    /// Draws the lines that are in view, as they are now.
    pub(super) fn look(&self) {
        let list = self.state.list;
        let Some((lines, count, moved)) = self.with(|inner| inner.look(list)).flatten() else {
            return;
        };
        let same = list.lines.try_with_untracked(|shown| {
            shown.len() == lines.len() && shown.iter().zip(&lines).all(|(a, b)| a.line == b.line)
        });
        if list.count.try_get_untracked() != Some(count) {
            list.count.try_set(count);
        }
        if same == Some(false) {
            list.lines.try_set(lines);
        }
        if moved || same == Some(false) {
            list.moved.try_update(|moved| *moved += 1);
        }
    }

    /// Where a line is.
    pub(super) fn place_of(&self, line: Line) -> Option<Place> {
        let list = self.state.list;
        self.with(|inner| inner.place_of(list, line)).flatten()
    }

    /// The line with a number.
    pub(super) fn line_at(&self, at: usize) -> Option<Line> {
        let list = self.state.list;
        self.with(|inner| inner.line_at(list, at)).flatten()
    }

    /// Says something aloud, at most every two seconds; of what waits the newest wins.
    fn say(&self, text: String) {
        let wait = self.with(|inner| {
            let since = now().saturating_sub(inner.said_at);
            if since >= SAY_EVERY_MS {
                inner.said_at = now();
                self.state.messages.announce(text);
                return None;
            }
            let waits = inner.unsaid.replace(text).is_some();
            (!waits).then_some(SAY_EVERY_MS - since)
        });
        if let Some(wait) = wait.flatten() {
            let engine = self.clone();
            let unsaid = move || {
                if let Some(text) = engine.with(|inner| inner.unsaid.take()).flatten() {
                    engine.say(text);
                }
            };
            set_timeout(unsaid, Duration::from_millis(wait));
        }
    }

    /// Asks before the page is left while leaving would lose something.
    fn guard_leaving(&self) {
        let engine = self.clone();
        let ask = Closure::<dyn FnMut(BeforeUnloadEvent)>::new(move |event: BeforeUnloadEvent| {
            let loses = engine.with(|inner| inner.queue.would_interrupt());
            if loses == Some(true) {
                event.prevent_default();
                // Older browsers ask only when this is set; none shows the text.
                event.set_return_value(uploads::not_finished());
            }
        });
        // A refusal leaves the page without the question, which loses no data.
        let _ =
            window().add_event_listener_with_callback("beforeunload", ask.as_ref().unchecked_ref());
        // The listener lives as long as the page.
        ask.forget();
    }
}

impl Works for Engine {
    fn add(&self, bucket: BucketName, prefix: String, walk: Walk, planned: bool) {
        self.add(bucket, prefix, walk, planned);
    }

    fn pick(&self, bucket: BucketName, prefix: String, folder: bool, planned: bool) -> bool {
        self.pick(bucket, prefix, folder, planned)
    }

    fn give_file(&self, id: TransferId, file: File) {
        self.give_file(id, file);
    }

    fn start_again(&self, id: TransferId, file: File) {
        let FoundFile { facts, source, .. } = FoundFile::of(file);
        self.start_again(id, facts, source);
    }

    fn give_files(&self, walk: Walk) {
        self.give_files(walk);
    }

    fn go_on(&self, remains: Remains, file: File) {
        let FoundFile { facts, source, .. } = FoundFile::of(file);
        self.adopt(remains, facts, source);
    }

    fn abandon(&self, upload: UploadId) {
        self.abandon(upload);
    }

    fn wish(&self, wish: Wish) {
        self.wish(wish);
    }

    fn look(&self) {
        self.look();
    }

    fn place_of(&self, line: Line) -> Option<Place> {
        self.place_of(line)
    }

    fn line_at(&self, at: usize) -> Option<Line> {
        self.line_at(at)
    }

    fn load_noted(&self) {
        self.load_noted();
    }

    fn prefer(&self) {
        self.prefer();
    }

    fn load_history(&self) {
        self.load_history();
    }

    fn tell_history(&self) {
        self.tell_history();
    }

    fn receipt_of(&self, id: TransferId) -> Option<Stored> {
        self.receipt_of(id)
    }

    fn all_stored(&self) -> Vec<Stored> {
        self.all_stored()
    }
}
