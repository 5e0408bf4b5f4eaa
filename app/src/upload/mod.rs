//! Uploads: what is on its way to the store, and the dock that shows it.
//!
//! The decisions are made in [`model::upload`], which knows neither browser nor clock; here bytes are
//! moved (`engine`, `perform`, `send`), files are found in what was dropped (`walk`), and rows are drawn (`dock`).
//! Before it: what is asked about a batch (`plan`). Around it: checksums by workers (`checksum`), notes that outlive the page (`journal`), other tabs
//! (`locks`), and what the browser says and shows (`environment`).

#[cfg(feature = "hydrate")]
mod board;
#[cfg(feature = "hydrate")]
mod checksum;
mod details;
mod dock;
#[cfg(feature = "hydrate")]
mod engine;
#[cfg(feature = "hydrate")]
mod environment;
mod faults;
mod height;
#[cfg(feature = "hydrate")]
mod history;
#[cfg(feature = "hydrate")]
mod intake;
#[cfg(feature = "hydrate")]
mod journal;
#[cfg(feature = "hydrate")]
mod keep;
mod list;
#[cfg(feature = "hydrate")]
mod locks;
#[cfg(any(feature = "hydrate", test))]
mod mark;
mod notes;
mod page;
#[cfg(feature = "hydrate")]
mod perform;
mod plan;
#[cfg(feature = "hydrate")]
mod reach;
mod receipts;
mod row;
#[cfg(feature = "hydrate")]
mod send;
mod sign_in;
#[cfg(feature = "hydrate")]
mod traces;
#[cfg(feature = "hydrate")]
pub(crate) mod turn;
mod view;
#[cfg(feature = "hydrate")]
mod walk;
mod words;
#[cfg(feature = "hydrate")]
mod works;

use std::collections::BTreeSet;

use leptos::prelude::*;
use model::{
    BucketName,
    upload::{BatchId, Choice, TransferId},
};
#[cfg(feature = "hydrate")]
use model::{
    session::TransferHistory,
    upload::{Line, Place},
};

pub use dock::Dock;
use list::List;
pub use page::TransfersPage;
pub use plan::PlanDialogs;
#[cfg(feature = "hydrate")]
use view::Stored;
use view::{Card, History, News, Summary};

use crate::ui::Messages;

/// The uploads of this tab.
#[derive(Clone, Copy)]
pub struct Uploads {
    state: UploadsState,
    #[cfg(feature = "hydrate")]
    engine: StoredValue<std::rc::Rc<works::Loader>, LocalStorage>,
}

/// The ids of the uploads that this browser has notes of, once they are read. Written by the engine alone.
#[derive(Clone, Copy)]
pub struct Noted(RwSignal<Option<BTreeSet<String>>>);

/// The notes of this browser.
pub fn use_noted() -> Noted {
    expect_context::<Noted>()
}

impl Noted {
    /// Whether there is one of an upload; `None` before they are read.
    pub fn has(self, upload_id: &str) -> Option<bool> {
        self.0
            .with(|noted| noted.as_ref().map(|noted| noted.contains(upload_id)))
    }

    /// Whether there is one of an upload now, without hearing of later ones.
    pub fn has_now(self, upload_id: &str) -> bool {
        self.0.with_untracked(|noted| {
            let noted = noted.as_ref();
            noted.is_some_and(|noted| noted.contains(upload_id))
        })
    }
}

/// What is shown of the uploads. Written by the engine alone.
#[derive(Clone, Copy)]
struct UploadsState {
    finished: RwSignal<Option<(BucketName, String)>>,
    summary: RwSignal<Summary>,
    list: List,
    /// Why a file did not get the key that somebody wanted.
    refused: RwSignal<Option<(TransferId, String)>>,
    /// Buckets that do not let this page in.
    cards: RwSignal<Vec<Card>>,
    /// What other tabs of this browser send.
    elsewhere: RwSignal<Vec<News>>,
    /// What was stored from this browser, the newest first.
    history: RwSignal<History>,
    /// Which of them are looked at.
    history_wanted: RwSignal<view::Wanted>,
    /// How many entries of the history are shown.
    history_most: RwSignal<usize>,
    /// Whose uploads these are.
    person: RwSignal<Person>,
    /// What a person is asked about a batch.
    questions: plan::Questions,
    #[cfg_attr(
        not(feature = "hydrate"),
        expect(dead_code, reason = "only the browser announces")
    )]
    messages: Messages,
}

/// Whose uploads these are.
#[derive(Clone, Debug, Default)]
struct Person {
    /// Empty at the system level, and on stores without tenants.
    tenant: String,
    username: String,
    /// Who is signed in instead.
    stranger: Option<String>,
}

/// What somebody wants done with transfers.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wish {
    Cancel(TransferId),
    Retry(TransferId),
    Pause(TransferId),
    Resume(TransferId),
    /// To the front of the line.
    First(TransferId),
    Decide(TransferId, Choice),
    /// Gives a file that has not begun another key.
    Rename(TransferId, String),
    /// Opens the file again by its handle.
    Reopen(TransferId),
    /// Uploads a file that turned out to be another one as it is now.
    StartAgain(TransferId),
    /// Reads the file of an entry of the history for its SHA-256.
    Sum(u64),
    PauseAll,
    ResumeAll,
    /// Looks no further into folders.
    StopWalk,
    /// Tells by the system's notification when all is over.
    Notify,
    SendThrough(BucketName),
    ConfigureCors(Card),
    SignedIn,
    CancelAll,
    RetryFailed,
    ClearFinished,
    /// Waits for its file, as after a reload.
    SaveForLater(TransferId),
    /// Takes one that is over out of the list.
    Remove(TransferId),
    /// Does something with all files of a batch that it fits.
    Batch(BatchId, Mass),
    /// Looks for names in the list.
    Search(String),
}

/// What is done with many files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mass {
    Pause,
    Resume,
    Retry,
    Cancel,
}

/// Puts the uploads into the context.
pub fn provide_uploads() {
    let state = UploadsState {
        finished: RwSignal::new(None),
        summary: RwSignal::new(Summary::default()),
        list: List::new(),
        refused: RwSignal::new(None),
        cards: RwSignal::new(Vec::new()),
        elsewhere: RwSignal::new(Vec::new()),
        history: RwSignal::new(History::default()),
        history_wanted: RwSignal::default(),
        history_most: RwSignal::new(page::HISTORY_STEP),
        person: RwSignal::default(),
        questions: plan::Questions::new(),
        messages: Messages::here(),
    };
    let noted = Noted(RwSignal::new(None));
    provide_context(noted);
    provide_context(Uploads {
        state,
        #[cfg(feature = "hydrate")]
        engine: StoredValue::new_local(works::Loader::new(
            state,
            noted,
            crate::layout::use_session(),
        )),
    });
}

/// The uploads of this tab.
pub fn use_uploads() -> Uploads {
    expect_context::<Uploads>()
}

impl Uploads {
    /// The object that was stored last. Of many that are stored within a moment, one per folder is
    /// told.
    pub fn finished(&self) -> Signal<Option<(BucketName, String)>> {
        self.state.finished.into()
    }

    /// Whether anything goes on by itself.
    pub fn active(&self) -> Signal<bool> {
        let summary = self.state.summary;
        Signal::derive(move || summary.with(|summary| summary.tally.active > 0))
    }

    /// Does something with the engine, as soon as it is there.
    #[cfg(feature = "hydrate")]
    fn with(&self, act: impl FnOnce(&dyn works::Works) + 'static) {
        self.engine.try_with_value(|loader| loader.with(act));
    }

    /// Asks the engine something, if it is there.
    #[cfg(feature = "hydrate")]
    fn ask<T>(&self, act: impl FnOnce(&dyn works::Works) -> T) -> Option<T> {
        let asked = self.engine.try_with_value(|loader| loader.ask(act));
        asked.flatten()
    }

    /// Takes files from a picker.
    #[cfg(feature = "hydrate")]
    pub fn add_files(&self, bucket: BucketName, prefix: String, files: web_sys::FileList) {
        let walk = walk::Walk::picked(&files);
        let planned = self.engine.try_with_value(|loader| loader.planned.take());
        self.with(move |works| works.add(bucket, prefix, walk, planned.unwrap_or_default()));
    }

    /// Takes what was dropped.
    #[cfg(feature = "hydrate")]
    pub fn add_drop(&self, bucket: BucketName, prefix: String, data: web_sys::DataTransfer) {
        let walk = walk::Walk::dropped(&data);
        self.with(move |works| works.add(bucket, prefix, walk, false));
    }

    /// Has the person choose files or a folder: by the browser's own picker, whose files can be opened
    /// again after a reload, else by the `<input>` of the page. With `planned` the plan is shown in any
    /// case, for its options. To be called within a click.
    pub fn choose(&self, bucket: &BucketName, prefix: &str, folder: bool, planned: bool) {
        let input = if folder {
            "#upload-folder"
        } else {
            "#upload-files"
        };
        #[cfg(feature = "hydrate")]
        {
            let (bucket, prefix) = (bucket.clone(), prefix.to_owned());
            self.engine
                .try_with_value(|loader| loader.planned.set(planned));
            self.with(move |works| {
                if !works.pick(bucket, prefix, folder, planned) {
                    crate::browser::click(input);
                }
            });
        }
        #[cfg(not(feature = "hydrate"))]
        {
            let _ = (self, bucket, prefix, planned);
            crate::browser::click(input);
        }
    }

    /// Takes what was pasted, if there are files in it.
    #[cfg(feature = "hydrate")]
    pub fn add_paste(&self, bucket: BucketName, prefix: String, data: web_sys::DataTransfer) {
        if walk::has_files(&data) {
            self.add_drop(bucket, prefix, data);
        }
    }

    /// Takes the file that somebody chose for a transfer that waits for it.
    #[cfg(feature = "hydrate")]
    fn give_file(&self, id: TransferId, file: web_sys::File) {
        self.with(move |works| works.give_file(id, file));
    }

    /// Takes the file that somebody chose to have it uploaded from its first byte.
    #[cfg(feature = "hydrate")]
    fn start_again(&self, id: TransferId, file: web_sys::File) {
        self.with(move |works| works.start_again(id, file));
    }

    /// Takes files that somebody chose for whatever waits.
    #[cfg(feature = "hydrate")]
    fn give_files(&self, files: &web_sys::FileList) {
        let walk = walk::Walk::picked(files);
        self.with(move |works| works.give_files(walk));
    }

    /// Draws the lines of the list that are in view by now.
    fn look(&self) {
        #[cfg(feature = "hydrate")]
        self.ask(|works| works.look());
        #[cfg(not(feature = "hydrate"))]
        let _ = self;
    }

    /// Goes on with an upload that was begun elsewhere, with the file that somebody chose for it.
    #[cfg(feature = "hydrate")]
    pub fn go_on(&self, remains: model::upload::Remains, file: web_sys::File) {
        self.with(move |works| works.go_on(remains, file));
    }

    /// Reads which uploads this browser has notes of.
    pub fn load_noted(&self) {
        #[cfg(feature = "hydrate")]
        self.with(|works| works.load_noted());
        #[cfg(not(feature = "hydrate"))]
        let _ = self;
    }

    /// Where a line of the list is.
    #[cfg(feature = "hydrate")]
    fn place_of(&self, line: Line) -> Option<Place> {
        self.ask(|works| works.place_of(line)).flatten()
    }

    /// The line with a number.
    #[cfg(feature = "hydrate")]
    fn line_at(&self, at: usize) -> Option<Line> {
        self.ask(|works| works.line_at(at)).flatten()
    }

    /// Stops what this tab does for an upload that somebody gives up at the store, and drops the note of
    /// it.
    pub fn abandon(&self, upload_id: &str) {
        #[cfg(feature = "hydrate")]
        if let Ok(upload) = model::UploadId::parse(upload_id) {
            self.with(move |works| works.abandon(upload));
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (self, upload_id);
    }

    /// Goes on as the preferences are now.
    pub fn prefer(&self) {
        #[cfg(feature = "hydrate")]
        {
            self.ask(|works| works.prefer());
            // What is not to be kept any more is forgotten when it is asked for.
            if crate::drawn::preferences().transfer_history == TransferHistory::Forgotten {
                self.load_history();
            }
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = self;
    }

    /// Reads what was stored from this browser.
    fn load_history(&self) {
        #[cfg(feature = "hydrate")]
        self.with(|works| works.load_history());
        #[cfg(not(feature = "hydrate"))]
        let _ = self;
    }

    /// What is noted of a transfer that is done.
    #[cfg(feature = "hydrate")]
    fn receipt_of(&self, id: TransferId) -> Option<Stored> {
        self.ask(|works| works.receipt_of(id)).flatten()
    }

    /// Everything that was stored from this browser and is looked at, the newest first.
    #[cfg(feature = "hydrate")]
    fn all_stored(&self) -> Vec<Stored> {
        self.ask(|works| works.all_stored()).unwrap_or_default()
    }

    /// Shows more of the history.
    fn show_more_history(&self) {
        self.state
            .history_most
            .update(|most| *most += page::HISTORY_STEP);
        #[cfg(feature = "hydrate")]
        self.with(|works| works.tell_history());
    }

    /// Looks for names in the list and in the history, and there for a batch.
    fn search(&self, wanted: view::Wanted) {
        self.state.list.wanted.set(wanted.text.clone());
        self.state.history_wanted.set(wanted.clone());
        self.wish(Wish::Search(wanted.text));
        #[cfg(feature = "hydrate")]
        self.with(|works| works.tell_history());
        self.look();
    }

    fn wish(&self, wish: Wish) {
        #[cfg(feature = "hydrate")]
        self.with(move |works| works.wish(wish));
        #[cfg(not(feature = "hydrate"))]
        let _ = (self, wish);
    }
}

/// What of uploads stands over every page: the dock, and what is asked. Nothing until there is something to
/// show, so also on the server.
#[component]
pub fn Surfaces() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    let surfaces = use_uploads().engine.with_value(|loader| loader.surfaces);
    #[cfg(not(feature = "hydrate"))]
    let surfaces = RwSignal::new(None::<fn() -> AnyView>);
    move || surfaces.get().map(|draw| draw())
}

#[cfg(all(test, target_arch = "wasm32"))]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
