//! The head of a batch: where it goes, how far it is, and whether its files are shown.

use leptos::prelude::*;
use model::upload::Line;

use super::super::{
    Mass, Uploads, Wish, page,
    view::{Bar, BatchView},
    words,
};
use crate::{
    text::visible_name,
    ui::{Button, Icon, Tone},
    words::uploads,
};

/// The head of a batch. Its button folds the files away and shows them again; so do the arrow keys.
#[component]
pub(super) fn BatchLine(
    uploads: Uploads,
    /// What is shown; replaced as it goes on.
    view: ArcRwSignal<BatchView>,
    /// Whether it has the list's tab stop.
    current: Memo<bool>,
) -> impl IntoView {
    let list = uploads.state.list;
    let first = view.get_untracked();
    let id = first.row.id;
    let name = match &first.row.place {
        Some((bucket, prefix)) => visible_name(&format!("{bucket}/{prefix}")),
        None => uploads::begun_earlier().to_owned(),
    };
    let view = RwSignal::from(view);
    let shown = StoredValue::new(name.clone());
    let folded = Memo::new(move |_| list.folded.with(|folded| folded.contains(&id)));
    let line = Memo::new(move |_| view.with(|view| words::batch(&view.row.tally)));
    let tally = move || view.with(|view| view.row.tally);
    let toggle = move |_| {
        list.fold(id, !list.is_folded(id));
        uploads.look();
    };
    let fold_name = name.clone();
    let fold_word = move || {
        if folded.get() {
            uploads::show_files_of(&fold_name)
        } else {
            uploads::hide_files_of(&fold_name)
        }
    };
    view! {
        <div
            role="gridcell"
            class="flex flex-col gap-1 px-3 py-2 text-sm"
            data-testid="upload-batch"
            data-line=super::line_id(Line::Batch(id))
        >
            <div class="flex items-center gap-2">
                <button
                    type="button"
                    class="fold"
                    class:is-open=move || !folded.get()
                    tabindex=move || if current.get() { "0" } else { "-1" }
                    aria-label=fold_word
                    data-testid="batch-fold"
                    on:click=toggle
                >
                    <Icon name="chevron" />
                </button>
                <bdi class="min-w-0 flex-1 truncate font-semibold" title=name.clone()>
                    {name.clone()}
                </bdi>
                <span class="shrink-0 text-xs text-(color:--muted)">{move || line.get()}</span>
            </div>
            <Bar
                label=uploads::upload_of_batch(&name)
                max=Signal::derive(move || words::scale(&tally()))
                stored=Signal::derive(move || words::stored_of(&tally()))
                sent=Signal::derive(move || words::sent_of(&tally()))
                id="batch-bar"
            />
            <Show when=move || list.on_page.get()>
                <Acts uploads view current name=shown.get_value() />
            </Show>
        </div>
    }
}

/// What can be done with all files of a batch: on their own page alone.
#[component]
fn Acts(
    uploads: Uploads,
    view: RwSignal<BatchView>,
    current: Memo<bool>,
    name: String,
) -> impl IntoView {
    let id = view.with_untracked(|view| view.row.id);
    let shown = move |fits: fn(&BatchView) -> bool| Memo::new(move |_| view.with(fits));
    let of = StoredValue::new(uploads::of_batch(&name));
    let tabindex = move || if current.get() { "0" } else { "-1" };
    let act = move |shown: Memo<bool>, test_id: &'static str, word: &'static str, mass: Mass| {
        view! {
            <Show when=move || shown.get()>
                <Button
                    tone=Tone::Quiet
                    attr:data-testid=test_id
                    attr:tabindex=tabindex
                    press=move |_| uploads.wish(Wish::Batch(id, mass))
                >
                    {word}
                    <span class="sr-only">{of.get_value()}</span>
                </Button>
            </Show>
        }
    };
    let active = shown(|view| view.row.tally.active > 0);
    let paused = shown(|view| view.row.tally.paused > 0);
    let retriable = shown(|view| view.row.can_retry);
    let going = shown(|view| view.row.tally.active + view.row.tally.paused > 0);
    let receipts =
        Memo::new(move |_| view.with(|view| view.begun.as_deref().map(page::receipts_of)));
    view! {
        <div class="flex flex-wrap gap-1 empty:hidden">
            {act(retriable, "batch-retry", uploads::retry_failed(), Mass::Retry)}
            {act(active, "batch-pause", uploads::pause(), Mass::Pause)}
            {act(paused, "batch-resume", uploads::resume(), Mass::Resume)}
            {act(going, "batch-cancel", uploads::cancel(), Mass::Cancel)}
            {move || {
                receipts
                    .get()
                    .map(|href| {
                        view! {
                            <a
                                href=href
                                class="button button-quiet"
                                data-testid="batch-receipts"
                                tabindex=tabindex
                            >
                                {uploads::receipts()}
                                <span class="sr-only">{of.get_value()}</span>
                            </a>
                        }
                    })
            }}
        </div>
    }
}
