//! The command bar.

use leptos::{ev, prelude::*};

use super::{download::download, state::FilesState};
use crate::{
    browser,
    text::folders_and_files,
    ui::{Button, Icon, Tone},
    upload::use_uploads,
};

/// What can be done here, and with what is selected.
#[component]
pub fn CommandBar(state: FilesState) -> impl IntoView {
    let nothing = move || state.selected.with(std::collections::BTreeSet::is_empty);
    let summary = move || {
        let (folders, files) = state.chosen();
        folders_and_files(folders.len(), files.len())
    };
    view! {
        <div class="command-bar" role="group" aria-label="Commands">
            <UploadButtons state />
            <NewFolderButton state />
            <span class="bar-gap" aria-hidden="true"></span>
            <DownloadButton state />
            <DeleteButton state />
            <Show when=move || !nothing()>
                <span class="bar-selection">
                    {move || format!("{} selected", summary())}
                    <Button tone=Tone::Quiet on:click=move |_| state.select_all(false)>
                        "Clear"
                    </Button>
                </span>
            </Show>
            <form method="get" action=state.bucket.with_value(|b| crate::urls::bucket(b.as_str())) class="bar-end">
                <input type="hidden" name="prefix" value=state.prefix.get_value() />
                <Button
                    tone=Tone::Quiet
                    kind="submit"
                    attr:title="Refresh"
                    attr:data-testid="cmd-refresh"
                    on:click=move |event: ev::MouseEvent| {
                        event.prevent_default();
                        state.refresh(move || state.messages.announce("The list is up to date."));
                    }
                >
                    <Icon name="refresh" />
                    <span class="word">"Refresh"</span>
                </Button>
            </form>
        </div>
        <noscript inner_html="<p class=\"note\">Uploading from this page needs scripts. Without \
            them, use any S3 client, or <code>curl -T</code> with the API.</p>"></noscript>
    }
}

/// Files and folders from the browser's pickers; at once, or by the menu after a look at their plan.
#[component]
fn UploadButtons(state: FilesState) -> impl IntoView {
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
                on:click=move |_| choose(false, false)
            >
                <Icon name="upload" />
                "Upload"
            </Button>
            <Button
                attr:title="Upload folder"
                attr:data-testid="cmd-upload-folder"
                on:click=move |_| choose(true, false)
            >
                <Icon name="folder-up" />
                <span class="word">"Upload folder"</span>
            </Button>
            <Button
                attr:title="Upload with metadata, tags, retention"
                attr:popovertarget="upload-menu"
                attr:data-testid="cmd-upload-options"
            >
                <Icon name="settings" />
                <span class="word">"Upload…"</span>
            </Button>
            <div id="upload-menu" class="menu" popover="auto">
                <UploadWithOptions
                    testid="cmd-upload-files-options"
                    icon="upload"
                    words="Files…"
                    choose=Callback::new(move |()| choose(false, true))
                />
                <UploadWithOptions
                    testid="cmd-upload-folder-options"
                    icon="folder-up"
                    words="Folder…"
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
            on:click=move |_| {
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
            <Button kind="submit" attr:title="New folder" attr:data-testid="cmd-new-folder">
                <Icon name="folder-plus" />
                <span class="word">"New folder"</span>
            </Button>
        </form>
    }
}

#[component]
fn DownloadButton(state: FilesState) -> impl IntoView {
    let reason = Signal::derive(move || {
        let (folders, files) = state.chosen();
        (!(folders.is_empty() && files.len() == 1)).then_some("Select one file to download it")
    });
    view! {
        <span class="needs-script">
            <Button
                reason
                attr:data-testid="cmd-download"
                on:click=move |_| {
                    if let [file] = state.chosen().1.as_slice() {
                        download(state, file);
                    }
                }
            >
                <Icon name="download" />
                <span class="word">"Download"</span>
            </Button>
        </span>
    }
}

/// Without scripts it sends the ticked rows to this page, which then asks.
#[component]
fn DeleteButton(state: FilesState) -> impl IntoView {
    let reason = Signal::derive(move || {
        state
            .selected
            .with(std::collections::BTreeSet::is_empty)
            .then_some("Select what to delete first")
    });
    view! {
        <Button
            kind="submit"
            reason
            attr:form="selection"
            attr:name="ask"
            attr:value="delete"
            attr:data-testid="cmd-delete"
            on:click=move |event: ev::MouseEvent| {
                event.prevent_default();
                state.delete.open();
            }
        >
            <Icon name="trash" />
            <span class="word">"Delete"</span>
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
            aria-label="Files to upload"
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
            aria-label="Folder to upload"
            data-testid="upload-folder-input"
            on:click=forget
            on:change=add
        />
    }
}
