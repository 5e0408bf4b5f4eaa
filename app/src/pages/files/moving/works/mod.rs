//! The code that comes by itself.

mod clipboard;
mod dialog;
mod drag;
mod rename;

use std::collections::BTreeSet;

use leptos::{prelude::*, task::spawn_local};
use model::{
    Problem,
    job::{
        ConflictPolicy, GetJob, Job, JobFailuresQuery, JobKind, JobWait, ListJobFailures, MAX_WAIT,
        NewJob, StartJob,
    },
};
use wasm_bindgen::JsCast as _;
use web_sys::Element;

use super::{
    Ask, RENAMED,
    load::{Load, Objection, Place},
    renamed::{self, Renamed},
};
use crate::{
    api, browser,
    layout::jobs::{Jobs, use_jobs},
    pages::files::{
        grid::{self, NAME},
        selection::Selection,
        state::FilesState,
        window::Window,
    },
    text::visible_name,
    ui::{Icon, ModalHandle},
    urls,
    words::moving,
};
use clipboard::Taken;
use dialog::{TransferDialog, Wish};
use rename::{FolderDialog, FolderRenaming};

/// The one that moves.
#[derive(Clone, Copy)]
struct Mover {
    window: Window,
    jobs: Jobs,
    /// What the dialog asks about.
    wish: RwSignal<Option<Wish>>,
    dialog: ModalHandle,
    /// The folder that is to be renamed.
    folder: RwSignal<Option<FolderRenaming>>,
    folder_dialog: ModalHandle,
    /// Changes when a renaming was remembered.
    remembered: RwSignal<u32>,
    /// What is on the clipboard.
    taken: RwSignal<Option<Taken>>,
}

/// Draws dialogs and notes, and hears keys and drags as long as they are there.
pub fn draw(state: FilesState, window: Window) -> AnyView {
    let mover = Mover {
        window,
        jobs: use_jobs(),
        wish: RwSignal::new(None),
        dialog: ModalHandle::new(false),
        folder: RwSignal::new(None),
        folder_dialog: ModalHandle::new(false),
        remembered: RwSignal::new(0),
        taken: RwSignal::new(clipboard::kept(state)),
    };
    Effect::new(move |_| {
        let Some(ask) = state.moving.asked.get() else {
            return;
        };
        state.moving.asked.set(None);
        untrack(|| mover.act(ask));
    });
    clipboard::listen(mover);
    let hint = drag::listen(mover);
    view! {
        {gone_on(mover)}
        <TransferDialog mover />
        <FolderDialog mover />
        {drag::hint(hint)}
    }
    .into_any()
}

/// Whether the tab remembers something under a name.
pub fn is_kept(name: &str) -> bool {
    kept(name).is_some()
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

fn kept(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

fn renamings() -> Vec<Renamed> {
    let text = kept(RENAMED);
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Who is signed in, for what is kept in the browser.
fn who(state: FilesState) -> String {
    state.session.with_value(|session| {
        let tenant = session.tenant.as_deref().unwrap_or("~");
        format!("{tenant}/{}", session.username)
    })
}

/// Whether keys belong to what is typed into, or to something above the list.
fn is_busy(element: Option<&Element>) -> bool {
    let typing = element.is_some_and(|element| {
        element
            .closest("input:not([type=checkbox]), textarea, select, [contenteditable]")
            .ok()
            .flatten()
            .is_some()
    });
    let covered = document()
        .query_selector("dialog[open], [popover]:popover-open")
        .ok()
        .flatten()
        .is_some();
    typing || covered
}

fn target(event: &web_sys::Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Says where the folder of an old address went.
fn gone_on(mover: Mover) -> AnyView {
    let state = mover.window.state;
    let now = Memo::new(move |_| {
        mover.remembered.track();
        let empty = state.rows.with(|rows| rows.held() == 0) && state.token.with(Option::is_none);
        let now = state.bucket.with_value(|bucket| {
            state.prefix.with_value(|prefix| {
                renamed::now(&renamings(), &who(state), bucket.as_str(), prefix)
            })
        });
        now.filter(|_| empty)
    });
    let note = move || {
        let now = now.get()?;
        let href = untrack(|| state.folder(&now));
        Some(view! {
            <p class="note" role="status" data-testid="renamed-to">
                <Icon name="info" />
                <span>{moving::was_renamed()}</span>
                <a href=href>{moving::open_renamed(&visible_name(&now))}</a>
            </p>
        })
    };
    view! { {note} }.into_any()
}

/// A place for a sentence.
fn named(place: &Place) -> String {
    if place.prefix.is_empty() {
        visible_name(&place.bucket)
    } else {
        visible_name(&place.prefix)
    }
}

/// Why something cannot go to a place.
fn objected(objection: Objection) -> &'static str {
    match objection {
        Objection::Same => moving::target_same(),
        Objection::Inside => moving::target_inside(),
    }
}

/// Starts a job and waits for its end.
async fn through(order: NewJob) -> Result<Job, Problem> {
    let wait = JobWait {
        wait: Some(MAX_WAIT),
    };
    ended(api::call(StartJob { order, wait }).await?).await
}

async fn ended(mut job: Job) -> Result<Job, Problem> {
    let wait = JobWait {
        wait: Some(MAX_WAIT),
    };
    while !job.state.is_final() {
        job = api::call(GetJob { id: job.id, wait }).await?;
    }
    Ok(job)
}

/// Why a job did not do what it was for: its first failure, or what ended it.
async fn reason(job: &Job) -> String {
    let page = JobFailuresQuery {
        from: None,
        limit: Some(1),
    };
    let failures = api::call(ListJobFailures {
        id: job.id.clone(),
        page,
    });
    let first = failures
        .await
        .ok()
        .and_then(|page| page.failures.into_iter().next());
    first
        .map(|failure| failure.reason)
        .or_else(|| job.error.clone())
        .unwrap_or_default()
}

impl Mover {
    fn act(self, ask: Ask) {
        match ask {
            Ask::Rename => {
                if let Some(entry) = self.window.state.only_chosen() {
                    rename::begin(self, entry);
                }
            }
            Ask::Copy => self.ask_where(JobKind::Copy),
            Ask::Move => self.ask_where(JobKind::Move),
            Ask::Take { cut } => {
                clipboard::take(self, cut);
            }
            Ask::Paste => {
                clipboard::put(self);
            }
        }
    }

    fn ask_where(self, kind: JobKind) {
        let load = self.chosen();
        if !load.is_empty() {
            self.wish.set(Some(Wish {
                load,
                kind,
                place: self.here(),
                taken: None,
            }));
            self.dialog.open();
        }
    }

    /// The folder that is shown.
    fn here(self) -> Place {
        Place {
            bucket: self.window.state.bucket.with_value(ToString::to_string),
            prefix: self.window.state.prefix.get_value(),
        }
    }

    /// What is selected; the row with the focus where nothing is.
    fn chosen(self) -> Load {
        let state = self.window.state;
        let bucket = state.bucket.with_value(ToString::to_string);
        // A filter holds for what is loaded: everything is then what it shows.
        let everything = state.selection.with_untracked(Selection::is_everything)
            && state.token.with_untracked(Option::is_some)
            && state
                .rows
                .with_untracked(|rows| rows.arrangement().filter.is_open());
        if everything {
            return Load {
                bucket,
                everything: Some(state.prefix.get_value()),
                ..Load::default()
            };
        }
        let (mut folders, mut files) = untrack(|| state.chosen());
        if folders.is_empty() && files.is_empty() {
            let focused = grid::focused_row(state)
                .and_then(|id| state.rows.with_untracked(|rows| rows.entry(id).cloned()));
            match focused {
                Some(entry) if entry.is_folder() => folders.push(entry),
                Some(entry) => files.push(entry),
                None => {}
            }
        }
        Load {
            bucket,
            keys: files.into_iter().map(|entry| entry.key).collect(),
            prefixes: folders.into_iter().map(|entry| entry.key).collect(),
            everything: None,
        }
    }

    /// Copies or moves at once where no name is taken; else asks what is to happen with those.
    fn carry(self, load: Load, kind: JobKind, place: Place) {
        let state = self.window.state;
        if let Some(objection) = load.objection(kind, &place, ConflictPolicy::Fail) {
            // Copies beside what they are copies of get a number.
            let beside = load.objection(kind, &place, ConflictPolicy::Rename);
            match beside {
                None => self.start(load.order(kind, &place, ConflictPolicy::Rename), place),
                Some(_) => state.messages.success(objected(objection)),
            }
            return;
        }
        state.messages.announce(moving::looking());
        let plan = NewJob {
            plan: true,
            ..load.order(kind, &place, ConflictPolicy::Fail)
        };
        spawn_local(async move {
            let found = through(plan).await;
            if state.is_gone() {
                return;
            }
            match found.map(|job| job.found.map_or(0, |found| found.taken)) {
                Ok(0) => self.start(load.order(kind, &place, ConflictPolicy::Fail), place),
                Ok(taken) => {
                    self.wish.set(Some(Wish {
                        load,
                        kind,
                        place,
                        taken: Some(taken),
                    }));
                    self.dialog.open();
                }
                Err(problem) => state.failed(&problem),
            }
        });
    }

    fn start(self, order: NewJob, place: Place) {
        spawn_local(async move {
            let state = self.window.state;
            let started = self.start_now(order, &place).await;
            if let Err(problem) = started
                && !state.is_gone()
            {
                state.failed(&problem);
            }
        });
    }

    /// Starts the job, which goes on when the page is left, and says so. Its end is told by the frame.
    async fn start_now(self, order: NewJob, place: &Place) -> Result<(), Problem> {
        let kind = order.kind;
        let wait = JobWait::default();
        let job = api::call(StartJob { order, wait }).await?;
        self.jobs.follow(&job);
        if self.window.state.is_gone() {
            return Ok(());
        }
        let to = named(place);
        let said = match kind {
            JobKind::Move => moving::moving_to(&to),
            _ => moving::copying_to(&to),
        };
        self.tell(said, &job);
        Ok(())
    }

    /// Says something about a job, with the way to it.
    fn tell(self, said: String, job: &Job) {
        let href = urls::job(&job.id);
        self.window
            .state
            .messages
            .success_with(said, (href, moving::show_job()));
    }

    /// Lists again without what went, and puts the focus on a row.
    fn show(self, gone: &str, key: String) {
        let state = self.window.state;
        let gone = BTreeSet::from([gone.to_owned()]);
        state.refresh_without(gone, move || {
            let row = state.rows.with_untracked(|rows| rows.find(&key));
            if let Some(id) = row {
                state.select(|selection, _| selection.only(id));
                request_animation_frame(move || self.window.focus(id, NAME));
            }
        });
    }

    /// Remembers where a folder went.
    fn remember(self, who: String, from: &str, to: &str, bucket: String) {
        let mut all = renamings();
        renamed::add(
            &mut all,
            Renamed {
                who,
                bucket,
                from: from.to_owned(),
                to: to.to_owned(),
            },
        );
        if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&all)) {
            // A full storage remembers nothing.
            let _ = storage.set_item(RENAMED, &text);
        }
        self.remembered.try_update(|times| *times += 1);
    }
}
