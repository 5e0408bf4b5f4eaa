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
    Problem,
    session::{GetSession, Session, UploadRoute},
    upload::{Event, Hold, Job, Milestone, Moment, Remains, Settings, State, Ticket, TransferId},
};
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{BeforeUnloadEvent, File};

use super::{
    Noted, UploadsState, Wish,
    board::{Inner, Running, now},
    checksum::{Checksums, Fault},
    environment,
    keep::Keep,
    plan::Verdict,
    view::{News, Stored},
    walk::FoundFile,
    words,
};
use crate::api;

const PAINT_EVERY: Duration = Duration::from_millis(100);
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
    session: Resource<Result<Session, Problem>>,
    pub(super) checksums: Rc<Checksums>,
    pub(super) keep: Keep,
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
    settings
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
            heard_at: Rc::default(),
            lent: Rc::default(),
            planning: Rc::default(),
        };
        let restoring = engine.clone();
        spawn_local(async move { restoring.restore().await });
        engine
    }

    /// Says whose uploads these are; whether they are the same person's as before.
    fn belongs_to(&self, session: &Session) -> bool {
        let same = self.keep.belongs_to(session);
        if same {
            let tenant = session.tenant.clone().unwrap_or_default();
            self.state
                .person
                .try_set((tenant, session.username.clone()));
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
            return;
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
        let engine = self.clone();
        let network = environment::on_network(move |is_there| {
            engine.then(|inner| inner.queue.network(is_there, moment()));
        });
        let store = session.upload.store_origin.clone();
        *inner = Some(Inner::new(settings, store, network));
        drop(inner);
        self.guard_leaving();
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

    /// Reads the whole file once more for its SHA-256, and notes what was stored.
    fn write_receipt(&self, id: TransferId) {
        let Some((stored, file)) = self.with(|inner| inner.stored_as(id)).flatten() else {
            return;
        };
        let Some(file) = file else {
            self.compare(id, &stored.key, None);
            return self.keep.note_stored(now(), stored);
        };
        let engine = self.clone();
        let computing = self.checksums.whole(&file, move |heard| {
            if let Some(end) = heard.end() {
                let sha256 = end.ok();
                engine.compare(id, &stored.key, sha256.as_deref());
                let stored = Stored {
                    sha256,
                    ..stored.clone()
                };
                engine.keep.note_stored(now(), stored);
                engine.with(|inner| inner.computing.remove(&id));
            }
        });
        self.with(|inner| inner.computing.insert(id, computing));
    }

    /// Holds the checksum of a file against the list that came along.
    fn compare(&self, id: TransferId, key: &str, sha256: Option<&str>) {
        let verdicts = self.with(|inner| inner.comparison.read(id, key, sha256));
        for verdict in verdicts.unwrap_or_default() {
            match verdict {
                Verdict::Agreed(text) => self.state.messages.success(text),
                Verdict::Differs(text) => self.state.messages.error(text),
            }
        }
    }

    /// Shows what was stored from this browser.
    pub(super) fn load_history(&self) {
        let engine = self.clone();
        spawn_local(async move {
            if let Ok(session) = engine.session.await {
                engine.belongs_to(&session);
                let history = engine.keep.history(now()).await;
                let history = history.into_iter().map(|(_, stored)| stored).collect();
                engine.state.history.try_set(history);
            }
        });
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
            Wish::Retry(id) => self.dispatch(id, Event::Retry),
            Wish::Pause(id) => self.dispatch(id, Event::Hold(Hold::Paused)),
            Wish::Resume(id) => self.dispatch(id, Event::Lift(Hold::Paused)),
            Wish::Decide(id, choice) => self.dispatch(id, Event::Decide(choice)),
            Wish::Reopen(id) => self.reopen(id),
            Wish::First(id) => self.then(|inner| {
                inner.queue.move_up(id);
                inner.queue.pump(moment())
            }),
            Wish::PauseAll => self.for_each(|row| row.can_pause, &Event::Hold(Hold::Paused)),
            Wish::ResumeAll => {
                self.for_each(|row| row.state == State::Paused, &Event::Lift(Hold::Paused));
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
            Wish::CancelAll => self.for_each(|row| !row.state.is_at_rest(), &Event::Cancel),
            Wish::RetryFailed => {
                self.for_each(|row| row.can_retry && row.state.is_at_rest(), &Event::Retry);
            }
            Wish::ClearFinished => {
                self.with(Inner::clear_finished);
                self.changed();
            }
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
                Ok(session) => engine.state.messages.error(format!(
                    "The uploads wait for the person who began them, and not for {}.",
                    session.username
                )),
                Err(problem) => engine.state.messages.error(problem.sentence()),
            }
        });
    }

    fn for_each(&self, fits: impl Fn(&model::upload::Row) -> bool, event: &Event) {
        let ids = self.with(|inner| {
            let rows = inner.queue.ids().filter_map(|id| inner.queue.row(id));
            // The last ones first, so that cancelling one does not begin the next.
            let mut ids: Vec<_> = rows.filter(|row| fits(row)).map(|row| row.id).collect();
            if matches!(event, Event::Cancel | Event::Hold(_)) {
                ids.reverse();
            }
            ids
        });
        for id in ids.unwrap_or_default() {
            self.dispatch(id, event.clone());
        }
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
        let Some((rows, summary, milestone)) = self.with(Inner::paint) else {
            return;
        };
        if let Some(milestone) = milestone {
            let text = words::announcement(milestone, &summary);
            if matches!(milestone, Milestone::Ended { .. }) {
                environment::notice::tell("Hako", &text);
                self.checksums.rest();
            }
            self.say(text);
        }
        let same = self.state.rows.try_with_untracked(|shown| {
            shown.len() == rows.len() && shown.iter().zip(&rows).all(|(a, b)| a.id == b.id)
        });
        if same == Some(false) {
            self.state.rows.try_set(rows);
        }
        if self.state.summary.try_with_untracked(|old| *old != summary) == Some(true) {
            self.state.summary.try_set(summary);
        }
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
                event.set_return_value("Uploads are not finished.");
            }
        });
        // A refusal leaves the page without the question, which loses no data.
        let _ =
            window().add_event_listener_with_callback("beforeunload", ask.as_ref().unchecked_ref());
        // The listener lives as long as the page.
        ask.forget();
    }
}
