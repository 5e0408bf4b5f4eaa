//! Giving a file or a folder another name, in its row.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{
    BucketName, Problem,
    job::{Job, JobState, NewJob, StartJob},
    object::{ListObjects, ListObjectsQuery},
};

use super::{
    super::{
        Field,
        load::{NameFault, last, rename, renamed, stem},
    },
    Mover, ended, reason, through, who,
};
use crate::{
    api, browser,
    pages::files::{grid::NAME, listing::Entry},
    text::visible_name,
    ui::{ErrorSummary, Icon, Modal, SubmitBar, Tone},
    unit,
    words::moving,
};

/// A folder that is to be renamed, with what was counted.
#[derive(Clone, Debug)]
pub(super) struct FolderRenaming {
    from: String,
    to: String,
    objects: u64,
    bytes: u64,
    refused: u64,
    /// Why the first of these cannot be moved.
    because: String,
}

/// Turns the name of a row into a field.
pub(super) fn begin(mover: Mover, entry: Entry) {
    let key = entry.key.clone();
    // The row is drawn as long as it has the focus.
    let row = mover
        .window
        .state
        .rows
        .with_untracked(|rows| rows.find(&key));
    if let Some(id) = row {
        mover.window.focus(id, NAME);
    }
    mover.window.state.moving.field.set(Some(Field {
        key,
        draw: ViewFn::from(move || view! { <NameField mover entry=entry.clone() /> }),
    }));
}

/// Ends it; the focus goes back to the row.
fn end(mover: Mover, key: &str) {
    mover.window.state.moving.field.set(None);
    let row = mover
        .window
        .state
        .rows
        .with_untracked(|rows| rows.find(key));
    if let Some(id) = row {
        request_animation_frame(move || mover.window.focus(id, NAME));
    }
}

fn said(fault: NameFault, most: usize) -> String {
    match fault {
        NameFault::Empty => moving::name_empty().to_owned(),
        NameFault::Slash => moving::name_slash().to_owned(),
        NameFault::Dots => moving::name_dots().to_owned(),
        NameFault::Reserved => moving::name_reserved().to_owned(),
        NameFault::Control => moving::name_control().to_owned(),
        NameFault::TooLong { bytes } => {
            moving::name_too_long(&bytes.to_string(), &most.to_string())
        }
    }
}

#[component]
fn NameField(mover: Mover, entry: Entry) -> impl IntoView {
    let state = mover.window.state;
    let old = last(&entry.key).to_owned();
    let typed = RwSignal::new(old.clone());
    let fault = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let node = NodeRef::<html::Input>::new();
    let (key, is_folder) = (StoredValue::new(entry.key.clone()), entry.is_folder());
    let limit = state
        .session
        .with_value(|session| session.features.max_key_bytes);
    let selected = stem(&old, is_folder);
    node.on_load(move |input| {
        request_animation_frame(move || {
            let _ = input.focus();
            let _ = input.set_selection_range(0, selected);
        });
    });
    let label = moving::new_name(&visible_name(&old));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let from = key.get_value();
        let to = match typed.with_untracked(|name| renamed(&from, name, limit)) {
            Ok(to) if to == from => return end(mover, &from),
            Ok(to) => to,
            Err(why) => return fault.set(Some(said(why, limit))),
        };
        busy.set(true);
        fault.set(None);
        spawn_local(async move {
            let refused = give(mover, from, to, is_folder).await;
            if state.is_gone() || busy.try_set(false).is_some() {
                return;
            }
            if let Err(refusal) = refused {
                match refusal {
                    Refusal::Said(why) => {
                        fault.set(Some(why));
                        browser::focus("#rename");
                    }
                    Refusal::Problem(problem) if api::needs_sign_in(&problem) => {
                        state.failed(&problem);
                    }
                    Refusal::Problem(problem) => fault.set(Some(problem.sentence())),
                }
            }
        });
    };
    let keys = move |event: ev::KeyboardEvent| {
        // They are the field's, not the list's.
        event.stop_propagation();
        if event.key() == "Escape" && !busy.get_untracked() {
            event.prevent_default();
            end(mover, &key.get_value());
        }
    };
    // Whoever changed nothing and goes on is done.
    let left = move |event: ev::FocusEvent| {
        use wasm_bindgen::JsCast as _;

        let inside = event
            .related_target()
            .and_then(|next| next.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|next| next.closest(".rename").ok().flatten().is_some());
        // What is taken out of the document is left, too.
        let same = key
            .try_with_value(|key| typed.try_with_untracked(|typed| typed == last(key)))
            .flatten();
        if !inside && same == Some(true) && busy.try_get_untracked() == Some(false) {
            state.moving.field.set(None);
        }
    };
    view! {
        <form
            class="rename"
            novalidate
            data-testid="form-rename"
            on:submit=submit
            on:keydown=keys
            on:click=|event| event.stop_propagation()
            on:pointerdown=|event| event.stop_propagation()
            on:dragstart=|event| {
                event.prevent_default();
                event.stop_propagation();
            }
            on:focusout=left
        >
            <Icon name=if is_folder { "folder" } else { "file" } />
            <input
                id="rename"
                class="input"
                node_ref=node
                aria-label=label
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                prop:value=move || typed.get()
                readonly=move || busy.get()
                aria-invalid=move || fault.with(Option::is_some).then_some("true")
                aria-describedby=move || fault.with(Option::is_some).then_some("rename-fault")
                data-testid="rename-input"
                on:input=move |event| {
                    fault.set(None);
                    typed.set(event_target_value(&event));
                }
            />
            <button
                type="submit"
                class="button button-quiet button-icon"
                title=moving::rename()
                disabled=move || busy.get()
            >
                <Icon name="check" />
                <span class="sr-only">{moving::rename()}</span>
            </button>
            <button
                type="button"
                class="button button-quiet button-icon"
                title=moving::cancel()
                disabled=move || busy.get()
                on:click=move |_| end(mover, &key.get_value())
            >
                <Icon name="close" />
                <span class="sr-only">{moving::cancel()}</span>
            </button>
            <p id="rename-fault" class="rename-fault" role="alert" data-testid="rename-fault">
                {move || fault.get()}
            </p>
        </form>
    }
    .into_any()
}

/// Why a name was not given.
enum Refusal {
    Said(String),
    Problem(Problem),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Looks whether the name is free, and gives it. A folder is asked about first.
async fn give(mover: Mover, from: String, to: String, is_folder: bool) -> Result<(), Refusal> {
    let state = mover.window.state;
    let bucket = state.bucket.get_value();
    if is_taken(&bucket, &to).await? {
        let name = visible_name(last(&to));
        return Err(Refusal::Said(moving::name_taken(&name)));
    }
    let order = rename(bucket.as_str(), &from, &to, is_folder);
    if is_folder {
        let plan = NewJob {
            plan: true,
            ..order
        };
        let found = through(plan).await?;
        if state.is_gone() {
            return Ok(());
        }
        return ask(mover, &found, from, to).await;
    }
    let job = through(order).await?;
    mover.jobs.ask();
    if state.is_gone() {
        return Ok(());
    }
    if job.state != JobState::Done || job.progress.failed > 0 {
        return Err(Refusal::Said(moving::not_renamed(&reason(&job).await)));
    }
    state.moving.field.set(None);
    let (was, is) = (visible_name(last(&from)), visible_name(last(&to)));
    state.messages.success(moving::renamed(&was, &is));
    mover.show(&from, to);
    Ok(())
}

/// Whether a file or a folder has the name.
async fn is_taken(bucket: &BucketName, to: &str) -> Result<bool, Problem> {
    let name = to.strip_suffix('/').unwrap_or(to);
    let first = |prefix: String| {
        let query = ListObjectsQuery {
            prefix: Some(prefix),
            max_keys: Some(1),
            ..ListObjectsQuery::default()
        };
        api::call(ListObjects {
            bucket: bucket.clone(),
            query,
        })
    };
    let file = first(name.to_owned()).await?;
    // The key itself comes before all that begin with it.
    if file.objects.iter().any(|object| object.key == name) {
        return Ok(true);
    }
    let folder = first(format!("{name}/")).await?;
    Ok(!folder.objects.is_empty())
}

/// Shows what renaming a folder would do.
async fn ask(mover: Mover, plan: &Job, from: String, to: String) -> Result<(), Refusal> {
    let Some(found) = plan.found.clone() else {
        return Err(Refusal::Said(moving::not_renamed(&reason(plan).await)));
    };
    let because = if found.refused > 0 {
        reason(plan).await
    } else {
        String::new()
    };
    mover.folder.set(Some(FolderRenaming {
        from,
        to,
        objects: found.objects,
        bytes: found.bytes,
        refused: found.refused,
        because,
    }));
    mover.folder_dialog.open();
    Ok(())
}

/// The question before a folder is renamed.
#[component]
pub(super) fn FolderDialog(mover: Mover) -> impl IntoView {
    let busy = RwSignal::new(false);
    let title = Signal::derive(move || {
        let name = mover.folder.with(|folder| {
            folder
                .as_ref()
                .map(|folder| visible_name(last(&folder.from)))
        });
        moving::rename_folder_title(&name.unwrap_or_default())
    });
    view! {
        <Modal handle=mover.folder_dialog title back=mover.window.state.here() busy testid="folder-dialog">
            {move || {
                let folder = mover.folder.get();
                folder.map(|folder| view! { <FolderForm mover folder busy /> })
            }}
        </Modal>
    }
    .into_any()
}

#[component]
fn FolderForm(mover: Mover, folder: FolderRenaming, busy: RwSignal<bool>) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    let state = mover.window.state;
    let (from, to) = (visible_name(&folder.from), visible_name(&folder.to));
    let counted = moving::rename_folder_plan(folder.objects, &unit::size(folder.bytes), &from, &to);
    let refused = (folder.refused > 0)
        .then(|| moving::rename_folder_refused(folder.refused, &folder.because));
    let folder = StoredValue::new(folder);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let folder = folder.get_value();
            let started = start(mover, &folder).await;
            if state.is_gone() {
                return;
            }
            busy.set(false);
            match started {
                Ok(()) => {
                    mover.folder_dialog.close();
                    end(mover, &folder.from);
                }
                Err(refusal) if api::needs_sign_in(&refusal) => state.failed(&refusal),
                Err(refusal) => problem.set(Some(refusal)),
            }
        });
    };
    view! {
        <form method="post" data-testid="form-rename-folder" on:submit=submit>
            <div class="modal-body">
                <ErrorSummary problem />
                <p data-testid="rename-plan">{counted}</p>
                {refused
                    .map(|refused| {
                        view! {
                            <p class="note" data-testid="rename-refused">
                                <Icon name="alert" />
                                {refused}
                            </p>
                        }
                    })}
                <p>{moving::rename_folder_means()}</p>
            </div>
            <SubmitBar
                handle=mover.folder_dialog
                back=state.here()
                label=moving::rename_folder()
                tone=Tone::Primary
                busy
            />
        </form>
    }
    .into_any()
}

/// Starts the job, and remembers where the folder went when it has ended, be the page left or not.
async fn start(mover: Mover, folder: &FolderRenaming) -> Result<(), Problem> {
    let state = mover.window.state;
    let (bucket, who) = (state.bucket.with_value(ToString::to_string), who(state));
    let job = api::call(StartJob {
        order: rename(&bucket, &folder.from, &folder.to, true),
        wait: model::job::JobWait::default(),
    })
    .await?;
    mover.jobs.follow(&job);
    if !state.is_gone() {
        let (from, to) = (
            visible_name(last(&folder.from)),
            visible_name(last(&folder.to)),
        );
        mover.tell(moving::folder_is_being_renamed(&from, &to), &job);
    }
    let FolderRenaming { from, to, .. } = folder.clone();
    spawn_local(async move {
        let Ok(job) = ended(job).await else { return };
        if job.state != JobState::Done || job.progress.failed > 0 {
            return;
        }
        mover.remember(who, &from, &to, bucket);
        if !state.is_gone() {
            mover.show(&from, to);
        }
    });
    Ok(())
}
