//! Where something is to be copied or moved, and what happens where a name is taken.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    BucketName, Problem,
    bucket::ListBuckets,
    job::{ConflictPolicy, JobKind},
};

use super::{
    super::load::{Load, Place, closed, last, parent},
    Mover, named, objected,
};
use crate::{
    api,
    pages::files::listing::{Entry, PAGE, list},
    text::visible_name,
    ui::{ErrorSummary, Icon, Modal, SubmitBar, TextField, Tone},
    words::moving,
};

/// What is to be done.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub(super) load: Load,
    pub(super) kind: JobKind,
    /// Where it goes; where the dialog begins, if it asks.
    pub(super) place: Place,
    /// How many names are taken there, where the place is decided.
    pub(super) taken: Option<u64>,
}

impl Wish {
    fn moves(&self) -> bool {
        self.kind == JobKind::Move
    }

    fn title(&self) -> String {
        let (folders, files) = (self.load.prefixes.len() as u64, self.load.keys.len() as u64);
        match (self.moves(), folders, files) {
            (true, ..) if self.load.everything.is_some() => moving::move_everything().to_owned(),
            (false, ..) if self.load.everything.is_some() => moving::copy_everything().to_owned(),
            (true, 0, files) => moving::move_files(files),
            (true, folders, 0) => moving::move_folders(folders),
            (true, folders, files) => moving::move_both(folders, files),
            (false, 0, files) => moving::copy_files(files),
            (false, folders, 0) => moving::copy_folders(folders),
            (false, folders, files) => moving::copy_both(folders, files),
        }
    }
}

/// The dialog.
#[component]
pub(super) fn TransferDialog(mover: Mover) -> impl IntoView {
    let busy = RwSignal::new(false);
    let title = Signal::derive(move || {
        let wish = mover.wish.get();
        wish.map(|wish| wish.title()).unwrap_or_default()
    });
    view! {
        <Modal handle=mover.dialog title back=mover.window.state.here() busy testid="transfer-dialog">
            {move || mover.wish.get().map(|wish| view! { <TransferForm mover wish busy /> })}
        </Modal>
    }
    .into_any()
}

#[component]
fn TransferForm(mover: Mover, wish: Wish, busy: RwSignal<bool>) -> impl IntoView {
    let state = mover.window.state;
    let problem = RwSignal::new(None::<Problem>);
    let bucket = RwSignal::new(wish.place.bucket.clone());
    let path = RwSignal::new(wish.place.prefix.clone());
    let policy = RwSignal::new(ConflictPolicy::Fail);
    let asked = RwSignal::new(false);
    let moves = wish.moves();
    let decided = wish.taken.map(|taken| {
        let folder = named(&wish.place);
        view! { <p data-testid="taken">{moving::names_taken(taken, &folder)}</p> }.into_any()
    });
    let wish = StoredValue::new(wish);
    let place = move || Place {
        bucket: bucket.get(),
        prefix: path.with(|path| closed(path)),
    };
    let fault = Signal::derive(move || {
        if !asked.get() {
            return None;
        }
        let objection =
            wish.with_value(|wish| wish.load.objection(wish.kind, &place(), policy.get()));
        objection.map(|objection| objected(objection).to_owned())
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        asked.set(true);
        if fault.with_untracked(Option::is_some) {
            crate::browser::focus("#field-target");
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let place = untrack(place);
            let order =
                wish.with_value(|wish| wish.load.order(wish.kind, &place, policy.get_untracked()));
            let started = mover.start_now(order, &place).await;
            if state.is_gone() {
                return;
            }
            busy.set(false);
            match started {
                Ok(()) => mover.dialog.close(),
                Err(refusal) if api::needs_sign_in(&refusal) => state.failed(&refusal),
                Err(refusal) => problem.set(Some(refusal)),
            }
        });
    };
    let target = decided.unwrap_or_else(|| {
        view! {
            <BucketField bucket path />
            <TextField
                name="target"
                label=moving::target_folder()
                value=path
                error=fault
                help=Signal::derive(|| Some(moving::target_help().to_owned()))
                autofocus=true
            />
            <FolderPicker bucket path />
        }
        .into_any()
    });
    view! {
        <form data-testid="form-transfer" on:submit=submit novalidate>
            <div class="modal-body">
                <ErrorSummary problem />
                {target}
                <PolicyField policy moves />
                <p class="note">
                    <Icon name="info" />
                    {moving::acl_note()}
                </p>
            </div>
            <SubmitBar
                handle=mover.dialog
                back=state.here()
                label=if moves { moving::submit_move() } else { moving::submit_copy() }
                tone=Tone::Primary
                busy
            />
        </form>
    }
    .into_any()
}

/// The buckets that one can reach.
#[component]
fn BucketField(bucket: RwSignal<String>, path: RwSignal<String>) -> impl IntoView {
    let here = bucket.get_untracked();
    let names = RwSignal::new(vec![here.clone()]);
    spawn_local(async move {
        // Whoever may not list buckets has the one that is open.
        if let Ok(found) = api::call(ListBuckets).await {
            let mut all: Vec<String> = found.buckets.into_iter().map(|one| one.name).collect();
            if !all.contains(&here) {
                all.push(here);
            }
            all.sort_unstable();
            names.try_set(all);
        }
    });
    let options = move || {
        let names = names.get();
        names
            .into_iter()
            .map(|name| {
                let chosen = bucket.with_untracked(|bucket| *bucket == name);
                view! { <option value=name.clone() selected=chosen>{visible_name(&name)}</option> }
            })
            .collect_view()
    };
    view! {
        <div class="field">
            <label for="field-bucket">{moving::target_bucket()}</label>
            <select
                id="field-bucket"
                class="input input-select"
                data-testid="field-bucket"
                on:change=move |event| {
                    bucket.set(event_target_value(&event));
                    path.set(String::new());
                }
            >
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// What is known of the folders of a level.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Level {
    Coming,
    There { folders: Vec<String>, more: bool },
    Refused(String),
}

/// The folders at the path, one level at a time.
#[component]
fn FolderPicker(bucket: RwSignal<String>, path: RwSignal<String>) -> impl IntoView {
    // The folder in which the typed path lies, or the path itself where it is one.
    let base = Memo::new(move |_| {
        path.with(|path| {
            let end = path.rfind('/').map_or(0, |at| at + 1);
            path.get(..end).unwrap_or_default().to_owned()
        })
    });
    let level = RwSignal::new(Level::Coming);
    Effect::new(move |_| {
        let (name, base_now) = (bucket.get(), base.get());
        level.set(Level::Coming);
        spawn_local(async move {
            let Ok(parsed) = BucketName::parse(name.as_str()) else {
                return;
            };
            let answer = list(parsed, base_now.clone(), false, None, PAGE).await;
            let current = bucket.try_get_untracked().as_ref() == Some(&name)
                && base.try_get_untracked().as_ref() == Some(&base_now);
            if current {
                level.set(match answer {
                    Ok(page) => Level::There {
                        more: page.token.is_some(),
                        folders: folders(page.entries),
                    },
                    Err(problem) => Level::Refused(problem.sentence()),
                });
            }
        });
    });
    let up = move || {
        let base = base.get();
        (!base.is_empty()).then(|| {
            let above = parent(&base).to_owned();
            view! {
                <button
                    type="button"
                    class="picker-row"
                    data-testid="folder-up"
                    on:click=move |_| path.set(above.clone())
                >
                    <Icon name="up" />
                    {moving::one_level_up()}
                </button>
            }
        })
    };
    let rows = move || match level.get() {
        Level::Coming => line(moving::listing_folders().to_owned()),
        Level::Refused(reason) => line(moving::folders_unknown(&reason)),
        Level::There { folders, more } => {
            let none = folders.is_empty() && !more;
            let rows = folders
                .into_iter()
                .map(|folder| {
                    let name = visible_name(last(&folder));
                    view! {
                        <button
                            type="button"
                            class="picker-row"
                            data-name=name.clone()
                            on:click=move |_| path.set(folder.clone())
                        >
                            <Icon name="folder" />
                            <bdi>{name.clone()}</bdi>
                        </button>
                    }
                })
                .collect_view();
            view! {
                {rows}
                {none.then(|| line(moving::no_folders().to_owned()))}
                {more.then(|| line(moving::more_folders().to_owned()))}
            }
            .into_any()
        }
    };
    view! {
        <div
            role="group"
            class="picker"
            aria-label=moving::folders()
            aria-busy=move || (level.get() == Level::Coming).then_some("true")
            data-testid="folder-picker"
        >
            {up}
            {rows}
        </div>
    }
    .into_any()
}

fn folders(entries: Vec<Entry>) -> Vec<String> {
    let folders = entries.into_iter().filter(Entry::is_folder);
    folders.map(|entry| entry.key).collect()
}

fn line(text: String) -> AnyView {
    view! { <p class="picker-line">{text}</p> }.into_any()
}

/// What happens where a name is taken.
#[component]
fn PolicyField(policy: RwSignal<ConflictPolicy>, moves: bool) -> impl IntoView {
    let choice = move |value: ConflictPolicy, id: &'static str| {
        let (words, means) = match value {
            ConflictPolicy::Fail => (moving::policy_fail(), moving::policy_fail_means()),
            ConflictPolicy::Skip if moves => (moving::policy_skip(), moving::policy_skip_moves()),
            ConflictPolicy::Skip => (moving::policy_skip(), moving::policy_skip_means()),
            ConflictPolicy::Overwrite => {
                (moving::policy_overwrite(), moving::policy_overwrite_means())
            }
            ConflictPolicy::Rename => (moving::policy_rename(), moving::policy_rename_means()),
        };
        view! {
            <label class="check-line">
                <input
                    type="radio"
                    name="policy"
                    value=id
                    prop:checked=move || policy.get() == value
                    aria-describedby=format!("policy-{id}")
                    data-testid=format!("conflict-choice-{id}")
                    on:change=move |_| policy.set(value)
                />
                <span>
                    <span class="font-semibold">{words}</span>
                    <span id=format!("policy-{id}") class="block text-(color:--muted)">
                        {means}
                    </span>
                </span>
            </label>
        }
    };
    view! {
        <fieldset class="policies">
            <legend>{moving::when_taken()}</legend>
            {choice(ConflictPolicy::Fail, "fail")}
            {choice(ConflictPolicy::Skip, "skip")}
            {choice(ConflictPolicy::Overwrite, "overwrite")}
            {choice(ConflictPolicy::Rename, "rename")}
        </fieldset>
    }
    .into_any()
}
