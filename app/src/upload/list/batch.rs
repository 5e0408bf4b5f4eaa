//! The head of a batch: where it goes, how far it is, and whether its files are shown.

use leptos::prelude::*;
use model::upload::Line;

use super::super::{
    Uploads,
    view::{Bar, BatchView},
    words,
};
use crate::{text::visible_name, ui::Icon, words::uploads};

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
        </div>
    }
}
