//! The command bar.

use leptos::{ev, prelude::*};

use super::{
    action::Action, hand::Hand, plain_upload, say, selection::Selection, state::FilesState,
};
use crate::{
    browser,
    ui::{Button, Icon, Tone},
    upload::use_uploads,
    words::files,
};

/// What can be done here, and with what is selected.
#[component]
pub fn CommandBar(state: FilesState, hand: Hand) -> impl IntoView {
    let nothing = Memo::new(move |_| state.selection.with(Selection::is_empty));
    view! {
        <div
            class="command-bar"
            class:has-selection=move || !nothing.get()
            role="group"
            aria-label=files::commands()
        >
            <UploadButtons state />
            <NewFolderButton state />
            <span class="bar-gap" aria-hidden="true"></span>
            <div class="contents-group bar-short">
                <ActionButton state hand action=Action::Download />
                <ActionButton state hand action=Action::Share />
                <ActionButton state hand action=Action::Rename />
                <ActionButton state hand action=Action::Copy />
                <ActionButton state hand action=Action::Move />
            </div>
            <DeleteButton state hand />
            <MoreButton hand />
            <RefreshForm state hand />
        </div>
        <Show when=move || !nothing.get()>
            <SelectionBar state hand />
        </Show>
        <noscript inner_html=plain_upload::form(state)></noscript>
    }
}

/// What is selected, and how to select more or nothing.
#[component]
fn SelectionBar(state: FilesState, hand: Hand) -> impl IntoView {
    let summary = Memo::new(move |_| {
        let selection = state.selection.read();
        if selection.is_everything() {
            return files::selected_everything().to_owned();
        }
        let rows = state.rows.read();
        let said = say::selected(selection.totals(&rows));
        let count = files::selected_count(selection.count() as u64);
        match selection.hidden(&rows) {
            0 => format!("{count}: {said}"),
            hidden => format!("{count}, {}: {said}", files::selected_hidden(hidden as u64)),
        }
    });
    let more = Memo::new(move |_| {
        let selection = state.selection.read();
        !selection.is_everything()
            && state.token.with(Option::is_some)
            // The server knows names, but not what else narrows the list.
            && !state.look.with(super::look::Look::has_facets)
            && state.rows.with(|rows| selection.has_all(rows))
    });
    let folders = Memo::new(move |_| {
        let selection = state.selection.read();
        selection.is_everything() || selection.totals(&state.rows.read()).folders > 0
    });
    let clear = move |_| {
        hand.picking.set(false);
        state.select(|selection, _| selection.clear());
        browser::focus(".files-body [tabindex=\"0\"]");
    };
    view! {
        <div class="bar-selection" data-testid="bulk-bar">
            <span data-testid="selection-summary">{move || summary.get()}</span>
            <Show when=move || more.get()>
                <Button
                    tone=Tone::Plain
                    attr:data-testid="select-all-remote"
                    press=move |_| state.take_everything()
                >
                    {files::select_everything()}
                </Button>
            </Show>
            <Show when=move || folders.get()>
                <Button
                    tone=Tone::Plain
                    attr:data-testid="count-selection"
                    press=move |_| hand.act(Action::Count)
                >
                    {crate::words::acts::count()}
                </Button>
            </Show>
            <Button tone=Tone::Quiet press=clear>
                {files::clear()}
            </Button>
        </div>
    }
}

/// An action of the menu, as a button.
#[component]
fn ActionButton(state: FilesState, hand: Hand, action: Action) -> impl IntoView {
    let reason = Signal::derive(move || action.reason(state));
    view! {
        <span class="needs-script" title=action.words()>
            <Button
                reason
                attr:data-testid=format!("cmd-{}", action.as_str())
                press=move |_| hand.act(action)
            >
                <Icon name=action.icon() />
                <span class="word">{action.words()}</span>
            </Button>
        </span>
    }
}

/// Opens the menu of everything that can be done.
#[component]
fn MoreButton(hand: Hand) -> impl IntoView {
    let open = move |event: ev::MouseEvent| {
        #[cfg(feature = "hydrate")]
        {
            use wasm_bindgen::JsCast as _;

            let button = event
                .current_target()
                .and_then(|button| button.dyn_into::<web_sys::Element>().ok());
            if let Some(button) = button {
                let edges = button.get_bounding_client_rect();
                #[expect(clippy::cast_possible_truncation, reason = "pixels")]
                hand.menu
                    .open((edges.left() as i32, edges.bottom() as i32 + 4));
            }
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (event, hand);
    };
    view! {
        <span class="needs-script">
            <Button
                attr:title=files::more_commands()
                attr:aria-haspopup="menu"
                attr:data-testid="cmd-more"
                press=open
            >
                <Icon name="more" />
                <span class="sr-only">{files::more_commands()}</span>
            </Button>
        </span>
    }
}

/// Lists anew; without scripts it loads the page.
#[component]
fn RefreshForm(state: FilesState, hand: Hand) -> impl IntoView {
    view! {
        <form
            method="get"
            action=state.bucket.with_value(|bucket| crate::urls::bucket(bucket.as_str()))
            class="bar-end bar-short"
        >
            <input type="hidden" name="prefix" value=state.prefix.get_value() />
            <Button
                tone=Tone::Quiet
                kind="submit"
                attr:title=files::refresh()
                attr:data-testid="cmd-refresh"
                press=move |event: ev::MouseEvent| {
                    event.prevent_default();
                    hand.act(Action::Refresh);
                }
            >
                <Icon name="refresh" />
                <span class="word">{files::refresh()}</span>
            </Button>
        </form>
    }
}

/// Files and folders from the browser's pickers; at once, or by the menu after a look at their plan.
#[component]
pub fn UploadButtons(state: FilesState) -> impl IntoView {
    let uploads = use_uploads();
    let choose = move |folder, planned| {
        let (bucket, prefix) = (state.bucket.get_value(), state.prefix.get_value());
        uploads.choose(&bucket, &prefix, folder, planned);
    };
    view! {
        <div class="needs-script contents-group">
            <Button
                tone=Tone::Primary
                attr:data-testid="cmd-upload"
                press=move |_| choose(false, false)
            >
                <Icon name="upload" />
                {files::upload()}
            </Button>
            <Button
                attr:title=files::upload_folder()
                attr:data-testid="cmd-upload-folder"
                press=move |_| choose(true, false)
            >
                <Icon name="folder-up" />
                <span class="word">{files::upload_folder()}</span>
            </Button>
            <Button
                attr:title=files::upload_options_title()
                attr:popovertarget="upload-menu"
                attr:data-testid="cmd-upload-options"
            >
                <Icon name="settings" />
                <span class="word">{files::upload_options()}</span>
            </Button>
            <div id="upload-menu" class="menu" popover="auto">
                <UploadWithOptions
                    testid="cmd-upload-files-options"
                    icon="upload"
                    words=files::upload_files_options()
                    choose=Callback::new(move |()| choose(false, true))
                />
                <UploadWithOptions
                    testid="cmd-upload-folder-options"
                    icon="folder-up"
                    words=files::upload_folder_options()
                    choose=Callback::new(move |()| choose(true, true))
                />
            </div>
        </div>
    }
}

/// An entry of the menu of uploads that show their plan first.
#[component]
fn UploadWithOptions(
    testid: &'static str,
    icon: &'static str,
    words: &'static str,
    choose: Callback<()>,
) -> impl IntoView {
    view! {
        <Button
            tone=Tone::Quiet
            attr:data-testid=testid
            press=move |_| {
                browser::hide_popover("#upload-menu");
                choose.run(());
            }
        >
            <Icon name=icon />
            {words}
        </Button>
    }
}

#[component]
fn NewFolderButton(state: FilesState) -> impl IntoView {
    view! {
        <form
            method="get"
            action=state.bucket.with_value(|bucket| crate::urls::bucket(bucket.as_str()))
            on:submit=move |event| {
                event.prevent_default();
                state.new_folder.open();
            }
        >
            <input type="hidden" name="prefix" value=state.prefix.get_value() />
            <input type="hidden" name="ask" value="new-folder" />
            <Button kind="submit" attr:title=files::new_folder() attr:data-testid="cmd-new-folder">
                <Icon name="folder-plus" />
                <span class="word">{files::new_folder()}</span>
            </Button>
        </form>
    }
}

/// Without scripts it sends the ticked rows to this page, which then asks.
#[component]
fn DeleteButton(state: FilesState, hand: Hand) -> impl IntoView {
    let reason = Signal::derive(move || Action::Delete.reason(state));
    view! {
        <Button
            kind="submit"
            reason
            attr:form="selection"
            attr:name="ask"
            attr:value="delete"
            attr:data-testid="cmd-delete"
            press=move |event: ev::MouseEvent| {
                event.prevent_default();
                hand.act(Action::Delete);
            }
        >
            <Icon name="trash" />
            <span class="word">{files::delete()}</span>
        </Button>
    }
}

/// The pickers behind the buttons. They stay in the document when the list is empty.
#[component]
pub fn UploadInputs(state: FilesState) -> impl IntoView {
    let uploads = use_uploads();
    let add = move |event: ev::Event| {
        #[cfg(feature = "hydrate")]
        {
            let input = event_target::<web_sys::HtmlInputElement>(&event);
            if let Some(files) = input.files() {
                uploads.add_files(state.bucket.get_value(), state.prefix.get_value(), files);
            }
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (event, uploads, state);
    };
    // Otherwise choosing the same file again would be no change. Emptied before the picker opens,
    // because emptying it afterwards would empty the list that was handed on.
    let forget = move |event: ev::MouseEvent| {
        #[cfg(feature = "hydrate")]
        event_target::<web_sys::HtmlInputElement>(&event).set_value("");
        #[cfg(not(feature = "hydrate"))]
        let _ = event;
    };
    view! {
        <input
            type="file"
            multiple
            hidden
            id="upload-files"
            aria-label=files::files_to_upload()
            data-testid="upload-input"
            on:click=forget
            on:change=add
        />
        <input
            type="file"
            multiple
            hidden
            prop:webkitdirectory=true
            id="upload-folder"
            aria-label=files::folder_to_upload()
            data-testid="upload-folder-input"
            on:click=forget
            on:change=add
        />
    }
}
