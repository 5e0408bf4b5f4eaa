//! Making a folder.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    ObjectKey, Problem,
    id::folder_key,
    object::{CreateFolder, NewFolder},
};

use super::{grid::NAME, state::FilesState, window::Window};
use crate::{
    api,
    outcome::Outcome,
    text::{folder_name_fault, visible_name},
    ui::{ErrorSummary, Modal, SubmitBar, TextField, Tone},
    urls,
    words::files,
};

const FORM: &str = "create_folder";

/// The dialog.
#[component]
pub fn NewFolderDialog(state: FilesState, window: Window) -> impl IntoView {
    let busy = RwSignal::new(false);
    view! {
        <Modal handle=state.new_folder title=files::new_folder() back=state.here() busy testid="new-folder-dialog">
            <NewFolderForm state window busy />
        </Modal>
    }
}

/// Says how many levels a name makes, when it is more than one.
fn levels(name: &str) -> Option<String> {
    let levels = name.trim_end_matches('/').split('/').count();
    (levels > 1).then(|| files::makes_folders(&levels.to_string()))
}

#[component]
fn NewFolderForm(state: FilesState, window: Window, busy: RwSignal<bool>) -> impl IntoView {
    let name = RwSignal::new(Outcome::value(FORM, "name"));
    let problem = RwSignal::new(Outcome::problem(FORM));
    let left = RwSignal::new(problem.with_untracked(Option::is_some));
    let limit = state
        .session
        .with_value(|session| session.features.max_key_bytes);
    let check = move || -> Result<ObjectKey, String> {
        state
            .prefix
            .with_value(|prefix| name.with(|name| folder_key(prefix, name, limit)))
            .map_err(|fault| folder_name_fault(fault).to_owned())
    };
    // What the server says about the name stands for the name that it was said of.
    let posted = name.get_untracked();
    let server_says = move || {
        let said = problem.with(|problem| problem.as_ref()?.field("name").map(str::to_owned));
        said.filter(|_| name.with(|name| *name == posted))
    };
    let fault = move || {
        left.get()
            .then(|| check().err().or_else(&server_says))
            .flatten()
    };
    let elsewhere = Signal::derive(move || {
        problem
            .get()
            .filter(|problem| problem.field("name").is_none())
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        left.set(true);
        if busy.get_untracked() {
            return;
        }
        let Ok(key) = untrack(check) else {
            crate::browser::focus("#field-name");
            return;
        };
        busy.set(true);
        spawn_local(make(window, key, busy, problem));
    };
    let action = state.bucket.with_value(|bucket| {
        state.prefix.with_value(|prefix| {
            let parameters = [("prefix", prefix.as_str()), ("ask", "new-folder")];
            urls::with_query(&urls::bucket(bucket.as_str()), &parameters)
        })
    });
    let place = state.prefix.with_value(|prefix| match prefix.as_str() {
        "" => state.bucket.with_value(ToString::to_string),
        prefix => visible_name(prefix),
    });
    view! {
        <form
            method="post"
            action=action
            novalidate
            data-testid="form-new-folder"
            on:submit=submit
        >
            <input type="hidden" name="op" value=FORM />
            <crate::SessionField />
            <input type="hidden" name="bucket" value=state.bucket.with_value(ToString::to_string) />
            <input type="hidden" name="prefix" value=state.prefix.get_value() />
            <input type="hidden" name="next" value=state.here() />
            <div class="modal-body">
                <ErrorSummary problem=elsewhere takes_focus=false />
                <TextField
                    name="name"
                    label=files::name()
                    value=name
                    error=Signal::derive(fault)
                    help=Signal::derive(move || {
                        Some(name.with(|name| levels(name)).unwrap_or_else(|| files::in_place(&place)))
                    })
                    autofocus=true
                    required=true
                    on_leave=Callback::new(move |()| {
                        if !name.with_untracked(String::is_empty) {
                            left.set(true);
                        }
                    })
                />
            </div>
            <SubmitBar
                handle=state.new_folder
                back=state.here()
                label=files::create_folder()
                tone=Tone::Primary
                busy
            />
        </form>
    }
}

async fn make(
    window: Window,
    key: ObjectKey,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
) {
    let state = window.state;
    let folder = NewFolder {
        folder_name: key.to_string(),
    };
    let bucket = state.bucket.get_value();
    let answer = api::call(CreateFolder { bucket, folder }).await;
    if state.is_gone() {
        return;
    }
    busy.set(false);
    match answer {
        Ok(_) => {
            state.new_folder.close();
            let name = visible_name(key.file_name());
            state.messages.success(files::folder_created(&name));
            let made = key.to_string();
            state.refresh(move || focus_row(state, window, &made));
        }
        Err(refusal) if api::needs_sign_in(&refusal) => state.failed(&refusal),
        Err(refusal) => problem.set(Some(refusal)),
    }
}

/// Moves the focus to the row that holds `key`: itself, or the folder that leads to it.
fn focus_row(state: FilesState, window: Window, key: &str) {
    let row = state.rows.with_untracked(|rows| {
        let mut all = rows.since(0);
        let found = all.find(|(_, entry)| {
            key == entry.key || entry.is_folder() && key.starts_with(&entry.key)
        });
        found.map(|(id, _)| id)
    });
    if let Some(id) = row {
        request_animation_frame(move || window.focus(id, NAME));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_levels_are_announced() {
        assert_eq!(levels("a"), None);
        assert_eq!(levels("a/"), None);
        assert_eq!(
            levels("a/b/c").as_deref(),
            Some("This makes 3 folders, one inside the other.")
        );
    }
}
