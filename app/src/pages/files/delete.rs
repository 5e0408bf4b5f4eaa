//! Deleting what is selected: files by their keys, folders with everything below them.

use std::collections::BTreeSet;

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    BucketName, Problem,
    object::{DeleteObjects, Deletion, DeletionError, DeletionReport},
    unit,
};

use super::{listing::Entry, state::FilesState};
use crate::{
    api,
    outcome::Outcome,
    pages::buckets::exactly,
    text::{counted, folders_and_files, visible_name},
    ui::{Button, ErrorSummary, Icon, Modal, SubmitBar, TextField, Tone},
    urls,
};

const FORM: &str = "delete_objects";
/// Keys in one request.
const BATCH: usize = 1_000;
/// More files than this are confirmed by typing.
const UNTYPED: usize = 100;
/// Names that the question spells out.
const NAMED: usize = 5;

/// The dialog.
#[component]
pub fn DeleteDialog(state: FilesState) -> impl IntoView {
    let busy = RwSignal::new(false);
    let what = move || {
        let (folders, files) = untrack(|| state.chosen());
        format!("Delete {}", folders_and_files(folders.len(), files.len()))
    };
    // Decided when the dialog opens: what the list behind it does afterwards changes nothing.
    let title = RwSignal::new(what());
    Effect::new(move |_| {
        if state.delete.is_open() {
            title.set(what());
        }
    });
    view! {
        <Modal handle=state.delete title back=state.here() busy>
            <DeleteSteps state busy />
        </Modal>
    }
}

/// The question, and after it what stayed, if anything did.
#[component]
fn DeleteSteps(state: FilesState, busy: RwSignal<bool>) -> impl IntoView {
    let refused = RwSignal::new(Vec::<DeletionError>::new());
    view! {
        <Show
            when=move || refused.with(Vec::is_empty)
            fallback=move || view! { <Refused state refused /> }
        >
            <DeleteForm state busy refused />
        </Show>
    }
}

/// What is to go, decided when the dialog opens: what changes behind it changes nothing.
#[derive(Clone, Debug)]
struct Plan {
    folders: Vec<Entry>,
    files: Vec<Entry>,
}

impl Plan {
    fn new(state: FilesState) -> Self {
        let (folders, files) = untrack(|| state.chosen());
        Self { folders, files }
    }

    fn what(&self) -> String {
        folders_and_files(self.folders.len(), self.files.len())
    }

    /// What must be typed first; nothing for a few files.
    fn phrase(&self) -> Option<String> {
        (!self.folders.is_empty() || self.files.len() > UNTYPED)
            .then(|| format!("delete {}", self.what()))
    }

    fn bytes(&self) -> u64 {
        self.files.iter().filter_map(|file| file.size).sum()
    }

    fn keys(&self) -> BTreeSet<String> {
        let all = self.folders.iter().chain(&self.files);
        all.map(|entry| entry.key.clone()).collect()
    }

    /// One request per folder, one per batch of keys.
    fn requests(&self, bucket: &BucketName) -> Vec<DeleteObjects> {
        let request = |body| DeleteObjects {
            bucket: bucket.clone(),
            body,
        };
        let folders = self.folders.iter().map(|folder| Deletion {
            prefix: Some(folder.key.clone()),
            ..Deletion::default()
        });
        let files = self.files.chunks(BATCH).map(|files| Deletion {
            keys: files.iter().map(|file| file.key.clone()).collect(),
            ..Deletion::default()
        });
        folders.chain(files).map(request).collect()
    }
}

#[component]
fn DeleteForm(
    state: FilesState,
    busy: RwSignal<bool>,
    refused: RwSignal<Vec<DeletionError>>,
) -> impl IntoView {
    let plan = Plan::new(state);
    let phrase = plan.phrase();
    let typed = RwSignal::new(String::new());
    let problem = RwSignal::new(Outcome::problem(FORM));
    let unconfirmed = {
        let phrase = phrase.clone();
        Memo::new(move |_| {
            phrase
                .as_ref()
                .is_some_and(|phrase| typed.with(|typed| typed != phrase))
        })
    };
    let label = format!("Delete {}", plan.what());
    let planned = StoredValue::new(plan.clone());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || unconfirmed.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(delete(state, planned.get_value(), busy, problem, refused));
    };
    let action = action(state, &plan);
    view! {
        <form method="post" action=action data-testid="form-delete" on:submit=submit>
            <PlainFields state plan=plan.clone() />
            <div class="modal-body">
                <ErrorSummary problem />
                <Question state plan />
                {phrase
                    .map(|phrase| {
                        view! {
                            <TextField
                                name="confirmation"
                                label=format!("Type {phrase} to confirm")
                                value=typed
                                testid="confirm-input"
                                autofocus=true
                                required=true
                                pattern=exactly(&phrase)
                            />
                        }
                    })}
            </div>
            <SubmitBar
                handle=state.delete
                back=state.here()
                label
                tone=Tone::Danger
                busy
                reason=Signal::derive(move || {
                    unconfirmed.get().then_some("Type the words above first")
                })
            />
        </form>
    }
}

/// The address that asks this question again, for the form that is posted without scripts.
fn action(state: FilesState, plan: &Plan) -> String {
    let prefix = state.prefix.get_value();
    let mut parameters = vec![("prefix", prefix.as_str()), ("ask", "delete")];
    let all = plan.folders.iter().chain(&plan.files);
    parameters.extend(all.map(|entry| ("sel", entry.relative(&prefix))));
    let path = state
        .bucket
        .with_value(|bucket| urls::bucket(bucket.as_str()));
    urls::with_query(&path, &parameters)
}

/// The fields that are read without scripts: the keys, or the one folder.
#[component]
fn PlainFields(state: FilesState, plan: Plan) -> impl IntoView {
    let keys = plan.files.iter().map(|file| file.key.clone());
    let folder = plan.folders.first().map(|folder| folder.key.clone());
    let several = plan.folders.len() > 1;
    view! {
        <input type="hidden" name="op" value=FORM />
        <input type="hidden" name="bucket" value=state.bucket.with_value(ToString::to_string) />
        <input type="hidden" name="next" value=state.here() />
        {keys.map(|key| view! { <input type="hidden" name="key" value=key /> }).collect_view()}
        {folder.map(|key| view! { <input type="hidden" name="prefix" value=key /> })}
        {several
            .then(|| {
                view! {
                    <noscript inner_html="<p class=\"note modal-body\">Without scripts only the \
                        first of these folders is deleted. Repeat it for each.</p>"></noscript>
                }
            })}
    }
}

/// What goes, by name and number.
#[component]
fn Question(state: FilesState, plan: Plan) -> impl IntoView {
    let prefix = state.prefix.get_value();
    let all = plan.folders.iter().chain(&plan.files);
    let names = all
        .clone()
        .take(NAMED)
        .map(|entry| {
            let icon = if entry.is_folder() { "folder" } else { "file" };
            let name = entry.name(&prefix);
            view! {
                <li>
                    <Icon name=icon />
                    <bdi>{name}</bdi>
                </li>
            }
        })
        .collect_view();
    let rest = all.count().saturating_sub(NAMED);
    let sum = (!plan.files.is_empty()).then(|| {
        let bytes = unit::size(plan.bytes());
        format!(
            "{} with {bytes} in total.",
            counted(plan.files.len(), "file")
        )
    });
    view! {
        <ul class="names">{names} {(rest > 0).then(|| view! { <li>{format!("and {rest} more")}</li> })}</ul>
        {sum.map(|sum| view! { <p>{sum}</p> })}
        {(!plan.folders.is_empty())
            .then(|| {
                view! {
                    <p class="note">
                        <Icon name="alert" />
                        "A folder goes with everything below it, also what is not loaded here."
                    </p>
                }
            })}
        <p>"Where the bucket keeps no versions, this cannot be taken back."</p>
    }
}

/// The keys that the store did not delete.
#[component]
fn Refused(state: FilesState, refused: RwSignal<Vec<DeletionError>>) -> impl IntoView {
    let lines = move || {
        let all = refused.get();
        let more = all.len().saturating_sub(20);
        let shown = all
            .into_iter()
            .take(20)
            .map(|error| {
                let reason = error.message.or(error.code).unwrap_or_default();
                view! {
                    <li>
                        <bdi class="mono">{visible_name(&error.key)}</bdi>
                        {format!(" – {reason}")}
                    </li>
                }
            })
            .collect_view();
        view! {
            <ul>{shown} {(more > 0).then(|| view! { <li>{format!("and {more} more")}</li> })}</ul>
        }
    };
    let summary = move || {
        let number = refused.with(Vec::len);
        format!("{} stayed, the rest is gone:", counted(number, "object"))
    };
    view! {
        <div class="modal-body">
            <div class="alert alert-danger" role="alert" data-testid="error-summary">
                <Icon name="alert" />
                <div class="min-w-0">
                    <p>{summary}</p>
                    {lines}
                </div>
            </div>
        </div>
        <div class="modal-foot">
            <Button attr:autofocus=true on:click=move |_| state.delete.close()>
                "Close"
            </Button>
        </div>
    }
}

/// Sends the requests one after the other; what was deleted is deleted, whatever comes after.
async fn delete(
    state: FilesState,
    plan: Plan,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    refused: RwSignal<Vec<DeletionError>>,
) {
    let mut gone = 0;
    let mut errors = Vec::new();
    let mut failure = None;
    for request in plan.requests(&state.bucket.get_value()) {
        match api::call(request).await {
            Ok(DeletionReport {
                deleted_count,
                errors: mut more,
                ..
            }) => {
                gone += deleted_count;
                errors.append(&mut more);
            }
            Err(refusal) => {
                failure = Some(refusal);
                break;
            }
        }
        if state.is_gone() {
            return;
        }
    }
    if state.is_gone() {
        return;
    }
    busy.set(false);
    let focus = first_row(state, &plan);
    let complete = errors.is_empty() && failure.is_none();
    refused.set(errors);
    match failure {
        Some(refusal) if api::needs_sign_in(&refusal) => {
            state.failed(&refusal);
            return;
        }
        other => problem.set(other),
    }
    if complete {
        state.delete.close();
        let objects = counted(usize::try_from(gone).unwrap_or(usize::MAX), "object");
        state.messages.success(format!("{objects} deleted."));
        state.refresh_without(plan.keys(), move || focus_near(state, focus));
    } else {
        state.refresh(|| {});
    }
}

/// Where the first deleted row stands.
fn first_row(state: FilesState, plan: &Plan) -> usize {
    let keys = plan.keys();
    state
        .shown
        .with_untracked(|rows| rows.iter().position(|row| keys.contains(&row.key)))
        .unwrap_or_default()
}

/// Moves the focus to the row that took the place, else the last one, else the heading.
fn focus_near(state: FilesState, at: usize) {
    let rows = state.shown.with_untracked(Vec::len);
    let selector = match rows.checked_sub(1) {
        Some(last) => format!("#cell-{}-1", at.min(last)),
        None => "h1".to_owned(),
    };
    request_animation_frame(move || crate::browser::focus(&selector));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str) -> Entry {
        Entry {
            key: key.to_owned(),
            size: (!key.ends_with('/')).then_some(10),
            modified: None,
        }
    }

    fn plan(folders: usize, files: usize) -> Plan {
        Plan {
            folders: (0..folders).map(|n| entry(&format!("d{n}/"))).collect(),
            files: (0..files).map(|n| entry(&format!("f{n}"))).collect(),
        }
    }

    #[test]
    fn folders_and_many_files_are_confirmed_by_typing() {
        assert_eq!(plan(0, 100).phrase(), None);
        assert_eq!(plan(0, 101).phrase().as_deref(), Some("delete 101 files"));
        let mixed = plan(1, 2).phrase();
        assert_eq!(mixed.as_deref(), Some("delete 1 folder and 2 files"));
    }

    #[test]
    fn keys_go_in_batches_and_each_folder_by_its_prefix() {
        let bucket = BucketName::parse("b-1").unwrap();
        let requests = plan(2, 2_001).requests(&bucket);
        let prefixes: Vec<_> = requests
            .iter()
            .filter_map(|r| r.body.prefix.clone())
            .collect();
        assert_eq!(prefixes, ["d0/", "d1/"]);
        let sizes: Vec<_> = requests.iter().map(|r| r.body.keys.len()).collect();
        assert_eq!(sizes, [0, 0, 1_000, 1_000, 1]);
        assert!(requests.iter().all(|r| !r.body.all));
    }
}
