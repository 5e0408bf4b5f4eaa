//! The browser's half of the upload manager: owns the queue, the files, and the requests that run.
//!
//! Nothing here decides anything about an upload. The engine feeds the queue with events, carries out
//! what it asks for, and paints what it says, at most ten times a second.

use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use model::{
    BucketName, Problem,
    session::{GetSession, Session, UploadRoute},
    upload::{Added, Event, Moment, Order, Settings, State, Ticket, TransferId},
};
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{BeforeUnloadEvent, File};

use super::{
    UploadsState, Wish,
    board::{Inner, Running, now},
    walk::Found,
    words,
};
use crate::api;

const PAINT_EVERY: Duration = Duration::from_millis(100);
const SAY_EVERY_MS: u64 = 2_000;
const TICK_EVERY: Duration = Duration::from_millis(500);
/// Everything behind the dock. Clones are the same engine.
#[derive(Clone)]
pub(super) struct Engine {
    inner: Rc<RefCell<Option<Inner>>>,
    state: UploadsState,
    session: Resource<Result<Session, Problem>>,
}

fn settings(session: &Session) -> Settings {
    let mut settings = Settings::new(&session.upload, session.features.max_key_bytes);
    if !session.features.presign {
        settings.route = UploadRoute::Hako;
    }
    settings
}

fn moment() -> Moment {
    Moment {
        now: now(),
        jitter: js_sys::Math::random(),
    }
}

impl Engine {
    pub(super) fn new(state: UploadsState, session: Resource<Result<Session, Problem>>) -> Self {
        Self {
            inner: Rc::new(RefCell::new(None)),
            state,
            session,
        }
    }

    /// Takes files. They begin as they are found; the page stays awake meanwhile.
    pub(super) fn add(&self, bucket: BucketName, prefix: String, found: Found) {
        let engine = self.clone();
        spawn_local(async move {
            match engine.settings().await {
                Ok(settings) => {
                    engine.open(settings);
                    engine.take_in(bucket, prefix, found).await;
                }
                Err(problem) => engine.state.messages.error(format!(
                    "Nothing was uploaded. {} Reload the page and try again.",
                    problem.sentence()
                )),
            }
        });
    }

    /// The session's numbers: those that the page was drawn with, else asked for.
    async fn settings(&self) -> Result<Settings, Problem> {
        let session = match self.session.await {
            Ok(session) => session,
            Err(_stale) => api::call(GetSession).await?,
        };
        Ok(settings(&session))
    }

    fn open(&self, settings: Settings) {
        let mut inner = self.inner.borrow_mut();
        if let Some(inner) = inner.as_mut() {
            return inner.queue.set_settings(settings);
        }
        *inner = Some(Inner::new(settings));
        drop(inner);
        self.guard_leaving();
    }

    async fn take_in(&self, bucket: BucketName, prefix: String, mut found: Found) {
        let mut twice = 0;
        loop {
            let files = found.step().await;
            if files.is_empty() {
                break;
            }
            let jobs = self.with(|inner| {
                for found in files {
                    let added = inner.queue.add(Order {
                        bucket: bucket.clone(),
                        prefix: prefix.clone(),
                        file: found.facts,
                    });
                    match added {
                        // A refused one may be tried again when its key is free.
                        Added::Queued(id) | Added::Refused(id) => {
                            inner.files.insert(id, found.file);
                        }
                        Added::UnderWay(_) => twice += 1,
                    }
                }
                inner.queue.pump(moment())
            });
            self.perform(jobs.unwrap_or_default());
            // At once: the dock answers the drop, and what is over in a moment has still begun.
            self.paint();
            self.changed();
            pause().await;
        }
        if let Some(text) = words::left_out(found.junk, found.unreadable) {
            if found.unreadable > 0 {
                self.state.messages.error(text);
            } else {
                self.state.messages.success(text);
            }
        }
        if twice > 0 {
            self.state
                .messages
                .success("A file that is already on its way was not begun twice.");
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> Option<T> {
        self.inner.borrow_mut().as_mut().map(act)
    }

    pub(super) fn file(&self, id: TransferId) -> Option<File> {
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
            if inner.queue.state(id) == Some(State::Done) && before != Some(State::Done) {
                inner.note_stored(id);
            }
            inner.let_go(id);
            jobs
        });
        self.perform(jobs.unwrap_or_default());
        self.changed();
    }

    pub(super) fn wish(&self, wish: Wish) {
        match wish {
            Wish::Cancel(id) => self.dispatch(id, Event::Cancel),
            Wish::Retry(id) => self.dispatch(id, Event::Retry),
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

    fn for_each(&self, fits: impl Fn(&model::upload::Row) -> bool, event: &Event) {
        let ids = self.with(|inner| {
            let rows = inner.queue.ids().filter_map(|id| inner.queue.row(id));
            // The last ones first, so that cancelling one does not begin the next.
            let mut ids: Vec<_> = rows.filter(|row| fits(row)).map(|row| row.id).collect();
            if matches!(event, Event::Cancel) {
                ids.reverse();
            }
            ids
        });
        for id in ids.unwrap_or_default() {
            self.dispatch(id, event.clone());
        }
    }

    /// Something changed: paints soon, and ticks while anything goes on.
    fn changed(&self) {
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

    fn paint(&self) {
        let Some((rows, summary, milestone)) = self.with(Inner::paint) else {
            return;
        };
        if let Some(milestone) = milestone {
            self.say(words::announcement(milestone, &summary));
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
            let loses = engine.with(|inner| inner.queue.would_lose());
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

/// Gives the browser time for everything else.
async fn pause() {
    let (done, wait) = futures::channel::oneshot::channel();
    set_timeout(
        move || {
            // The waiting side is gone only with the page.
            let _ = done.send(());
        },
        Duration::ZERO,
    );
    let _ = wait.await;
}
