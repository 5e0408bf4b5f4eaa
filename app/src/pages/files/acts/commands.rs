//! Command lines of other clients for what one looks at, to be copied.

use leptos::prelude::*;
use model::commands::{Chosen, Subject, Tool, lines};

use super::{
    super::{action, state::FilesState},
    Acts,
};
use crate::{
    browser,
    ui::{Button, Icon, Modal, Tone},
    words::{acts, files},
};

/// Names that get a line.
const MOST: usize = 50;
/// What stands for the store's address where the browser does not know it.
const UNKNOWN: &str = "https://STORE-ADDRESS";

/// The dialog.
#[component]
pub(super) fn CommandsDialog(acts: Acts) -> impl IntoView {
    let state = acts.scene().state;
    let title = Signal::derive(|| acts::commands_title().to_owned());
    view! {
        <Modal handle=acts.scene().commands title back=state.here() testid="commands-dialog">
            <div class="modal-body commands">
                <Copies state />
                <Lines state />
            </div>
        </Modal>
    }
}

/// What is selected, or nothing for the folder.
fn chosen(state: FilesState) -> Vec<Chosen> {
    let (folders, files) = untrack(|| state.chosen());
    let folders = folders.into_iter().map(|entry| Chosen::Folder(entry.key));
    let files = files.into_iter().map(|entry| Chosen::Object(entry.key));
    folders.chain(files).collect()
}

/// Paths and addresses.
#[component]
fn Copies(state: FilesState) -> impl IntoView {
    view! {
        <div class="actions">
            <Button attr:data-testid="copy-path" press=move |_| action::copy_path(state)>
                <Icon name="copy" />
                {files::copy_path()}
            </Button>
            <Button attr:data-testid="copy-uri" press=move |_| action::copy_uri(state)>
                <Icon name="copy" />
                {files::copy_uri()}
            </Button>
            <Button attr:data-testid="copy-link" press=move |_| state.copy_link()>
                <Icon name="copy" />
                {files::copy_link()}
            </Button>
        </div>
    }
}

/// The lines of each client.
#[component]
pub(super) fn Lines(state: FilesState) -> impl IntoView {
    let mut chosen = chosen(state);
    let left_out = chosen.len().saturating_sub(MOST) as u64;
    let about = if chosen.is_empty() {
        acts::commands_list().to_owned()
    } else {
        acts::commands_fetch(chosen.len() as u64)
    };
    chosen.truncate(MOST);
    let origin = state
        .session
        .with_value(|session| session.upload.store_origin.clone());
    let unknown = origin.is_none();
    let endpoint = origin.unwrap_or_else(|| UNKNOWN.to_owned());
    let sections = Tool::ALL
        .map(|tool| {
            let text = state.bucket.with_value(|bucket| {
                state.prefix.with_value(|prefix| {
                    let subject = Subject {
                        endpoint: &endpoint,
                        bucket,
                        prefix,
                        chosen: &chosen,
                    };
                    lines(tool, &subject)
                })
            });
            section(state, tool, text)
        })
        .collect_view();
    view! {
        <p>{about}</p>
        <p class="note">
            <Icon name="info" />
            <span>{acts::commands_keys()}</span>
        </p>
        {unknown.then(|| view! { <p class="note">{acts::commands_address(UNKNOWN)}</p> })}
        {(left_out > 0).then(|| view! { <p class="note">{acts::commands_left_out(left_out)}</p> })}
        {sections}
    }
}

fn section(state: FilesState, tool: Tool, text: Option<String>) -> AnyView {
    let name = tool.as_str();
    let Some(text) = text else {
        return view! {
            <section>
                <h3>{name}</h3>
                <p class="muted">{acts::commands_no_words(name)}</p>
            </section>
        }
        .into_any();
    };
    let copied = text.clone();
    let copy = move |_| {
        browser::copy(&copied);
        state.messages.success(files::copied());
    };
    view! {
        <section>
            <div class="command-head">
                <h3>{name}</h3>
                <Button tone=Tone::Plain attr:aria-label=acts::copy_of(name) press=copy>
                    <Icon name="copy" />
                    {acts::copy()}
                </Button>
            </div>
            <pre tabindex="0" aria-label=name role="region" data-testid=format!("command-{name}")>
                {text}
            </pre>
        </section>
    }
    .into_any()
}
