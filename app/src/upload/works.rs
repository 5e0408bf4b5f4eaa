//! The engine as the page knows it. Its code is large and seldom needed, so it comes by itself: when something
//! is uploaded, when this browser has uploads to go on with, or when a page shows uploads.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    BucketName, Problem, UploadId,
    session::Session,
    upload::{Line, Place, Remains, TransferId},
};
use web_sys::File;

use super::{
    Dock, Noted, PlanDialogs, UploadsState, Wish, engine::Engine, traces, view::Stored, walk::Walk,
};

/// What pages ask of the engine.
pub(super) trait Works {
    /// Takes files. They begin when all are found. With `planned` the person is shown the plan in any case.
    fn add(&self, bucket: BucketName, prefix: String, walk: Walk, planned: bool);
    /// Opens the browser's own picker, if it has one. To be called within a click, or soon after.
    fn pick(&self, bucket: BucketName, prefix: String, folder: bool, planned: bool) -> bool;
    /// Takes the file that somebody chose for one transfer.
    fn give_file(&self, id: TransferId, file: File);
    /// Uploads a file from its first byte, in place of the one that it turned out not to be.
    fn start_again(&self, id: TransferId, file: File);
    /// Takes files for whatever waits.
    fn give_files(&self, walk: Walk);
    /// Goes on with an upload that was begun elsewhere.
    fn go_on(&self, remains: Remains, file: File);
    /// Stops what this tab does for an upload that somebody gives up at the store.
    fn abandon(&self, upload: UploadId);
    fn wish(&self, wish: Wish);
    /// Draws the lines of the list that are in view by now.
    fn look(&self);
    fn place_of(&self, line: Line) -> Option<Place>;
    fn line_at(&self, at: usize) -> Option<Line>;
    /// Goes on as the preferences are now.
    fn prefer(&self);
    fn load_noted(&self);
    fn load_history(&self);
    fn tell_history(&self);
    /// What is noted of a transfer that is done.
    fn receipt_of(&self, id: TransferId) -> Option<Stored>;
    /// Of the history what is looked at, the newest first.
    fn all_stored(&self) -> Vec<Stored>;
}

/// What comes by itself: the engine, and what is drawn over every page.
struct Arrived {
    works: Rc<dyn Works>,
    surfaces: fn() -> AnyView,
}

/// Makes the engine. The code below this function is fetched when it is first called.
#[leptos::lazy]
fn uploads(
    state: UploadsState,
    noted: Noted,
    session: Resource<Result<Session, Problem>>,
) -> Arrived {
    Arrived {
        works: Rc::new(Engine::new(state, noted, session)),
        surfaces: || view! { <Dock /><PlanDialogs /> }.into_any(),
    }
}

type Waiting = Box<dyn FnOnce(&dyn Works)>;

/// The engine, once it is there.
pub(super) struct Loader {
    state: UploadsState,
    noted: Noted,
    session: Resource<Result<Session, Problem>>,
    works: RefCell<Option<Rc<dyn Works>>>,
    waiting: RefCell<Vec<Waiting>>,
    asked: Cell<bool>,
    /// What is drawn over every page.
    pub surfaces: RwSignal<Option<fn() -> AnyView>>,
    /// What is chosen next by the page's `<input>` is to be shown before it begins.
    pub planned: Cell<bool>,
}

impl Loader {
    pub(super) fn new(
        state: UploadsState,
        noted: Noted,
        session: Resource<Result<Session, Problem>>,
    ) -> Rc<Self> {
        let loader = Rc::new(Self {
            state,
            noted,
            session,
            works: RefCell::new(None),
            waiting: RefCell::default(),
            asked: Cell::new(false),
            surfaces: RwSignal::new(None),
            planned: Cell::new(false),
        });
        let watching = Rc::clone(&loader);
        // Not before the page lives: what the server drew has no uploads.
        Effect::new(move |_| watching.load_where_marked());
        loader
    }

    /// Fetches the engine where this browser may have uploads, now or when another tab begins some.
    fn load_where_marked(self: &Rc<Self>) {
        let loader = Rc::clone(self);
        spawn_local(async move {
            if traces::are_there().await {
                loader.load();
            }
        });
        let loader = Rc::clone(self);
        let listening = window_event_listener(ev::storage, move |event| {
            if event.key().as_deref() == Some(traces::MARK) && event.new_value().is_some() {
                loader.load();
            }
        });
        on_cleanup(move || listening.remove());
    }

    fn load(self: &Rc<Self>) {
        if self.asked.replace(true) {
            return;
        }
        let loader = Rc::clone(self);
        spawn_local(async move {
            let Arrived { works, surfaces } =
                uploads(loader.state, loader.noted, loader.session).await;
            loader.surfaces.try_set(Some(surfaces));
            *loader.works.borrow_mut() = Some(Rc::clone(&works));
            for act in loader.waiting.take() {
                act(works.as_ref());
            }
        });
    }

    /// Does something with the engine, now or as soon as it is there.
    pub(super) fn with(self: &Rc<Self>, act: impl FnOnce(&dyn Works) + 'static) {
        let works = self.works.borrow().clone();
        if let Some(works) = works {
            act(works.as_ref());
        } else {
            self.waiting.borrow_mut().push(Box::new(act));
            self.load();
        }
    }

    /// Asks the engine something, if it is there.
    pub(super) fn ask<T>(&self, act: impl FnOnce(&dyn Works) -> T) -> Option<T> {
        let works = self.works.borrow().clone();
        works.map(|works| act(works.as_ref()))
    }
}
