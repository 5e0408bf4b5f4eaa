//! One file in the dock.

use leptos::prelude::*;
use model::{
    unit,
    upload::{Note, State, Words},
};

use super::{
    Uploads, Wish,
    view::{Bar, RowView},
    words,
};
use crate::{
    text::visible_name,
    ui::{Button, Tone},
    urls,
};

/// One file: name, state in words, bar, numbers, buttons. Not live; the summary speaks for all.
#[component]
pub(super) fn UploadRow(
    uploads: Uploads,
    /// What is shown; replaced as it goes on.
    view: ArcRwSignal<RowView>,
) -> impl IntoView {
    let first = view.get_untracked();
    let (key, name) = (first.row.key.clone(), visible_name(&first.row.name));
    let title = format!("{}/{key}", first.row.bucket);
    let view = RwSignal::from(view);
    let state = Memo::new(move |_| view.with(words::state));
    let word = Memo::new(move |_| view.with(|view| view.row.state.as_str()));
    view! {
        <li
            class="flex flex-col gap-1 border-b border-(color:--line) px-3 py-2 text-sm last:border-b-0"
            data-testid="upload-row"
            data-key=key
            data-state=move || word.get()
        >
            <div class="flex items-baseline gap-2">
                <bdi class="min-w-0 flex-1 truncate font-medium" title=title>
                    {name.clone()}
                </bdi>
                <span class=move || state_class(word.get())>{move || state.get()}</span>
            </div>
            <RowBar view name=name.clone() />
            <Numbers view />
            <Trouble view name=name.clone() />
            <RowActions uploads view name />
        </li>
    }
}

fn state_class(state: &str) -> &'static str {
    match state {
        "done" => "shrink-0 text-(color:--ok)",
        "failed" | "changed" => "shrink-0 font-semibold text-(color:--danger)",
        "retrying" | "signed-out" => "shrink-0 text-(color:--warn)",
        _ => "shrink-0 text-(color:--muted)",
    }
}

#[component]
fn RowBar(view: RwSignal<RowView>, name: String) -> impl IntoView {
    let shown = Memo::new(move |_| {
        view.with(|view| !matches!(view.row.state, State::Failed | State::Cancelled))
    });
    // An empty file has no bytes to count: its bar is full when it is stored.
    let max = view.with_untracked(|view| view.row.size.max(1));
    let value = Memo::new(move |_| {
        view.with(|view| {
            let row = &view.row;
            if row.state == State::Done {
                max
            } else {
                (row.progress.stored + row.progress.in_flight).min(max)
            }
        })
    });
    let label = format!("Upload of {name}");
    view! {
        <Show when=move || shown.get()>
            <Bar label=label.clone() max value id="upload-bar" />
        </Show>
    }
}

#[component]
fn Numbers(view: RwSignal<RowView>) -> impl IntoView {
    let amount = Memo::new(move |_| view.with(words::amount));
    let rate = Memo::new(move |_| view.with(|view| view.rate.map(unit::rate)));
    let left = Memo::new(move |_| view.with(|view| view.seconds_left.map(unit::time_left)));
    let parts = Memo::new(move |_| view.with(words::parts));
    let size = view.with_untracked(|view| unit::exact_bytes(view.row.size));
    let (route, route_words) = words::route(view.with_untracked(|view| view.row.route));
    view! {
        <div class="flex flex-wrap gap-x-3 text-xs text-(color:--muted)">
            <span title=size data-testid="upload-amount">
                {move || amount.get()}
            </span>
            {move || rate.get().map(|rate| view! { <span data-testid="upload-rate">{rate}</span> })}
            {move || left.get().map(|left| view! { <span data-testid="upload-eta">{left}</span> })}
            {move || {
                parts.get().map(|parts| view! { <span data-testid="upload-parts">{parts}</span> })
            }}
            <span data-testid="route-badge" data-route=route>
                {route_words}
            </span>
        </div>
    }
}

/// What failed, why, what is unharmed, what to do; and notes.
#[component]
fn Trouble(view: RwSignal<RowView>, name: String) -> impl IntoView {
    let words = Memo::new(move |_| view.with(|view| view.row.words.clone()));
    let changed = Memo::new(move |_| view.with(|view| view.row.state == State::Changed));
    let signed_out = Memo::new(move |_| view.with(|view| view.row.state == State::SignedOut));
    let note = Memo::new(move |_| view.with(|view| view.row.note.map(Note::words)));
    let failed_name = name.clone();
    view! {
        {move || words.get().map(|words| view! { <Failed name=failed_name.clone() words /> })}
        {move || changed.get().then(|| view! { <Changed name=name.clone() /> })}
        {move || {
            signed_out
                .get()
                .then(|| {
                    view! {
                        <p>
                            "Your session has ended. What was sent is kept. "
                            <a class="underline" href=urls::SIGN_IN target="_blank">
                                "Sign in in a new tab"
                            </a> ", then press Retry."
                        </p>
                    }
                })
        }}
        {move || note.get().map(|note| view! { <p class="text-(color:--muted)">{note}</p> })}
    }
}

#[component]
fn Failed(name: String, words: Words) -> impl IntoView {
    view! {
        <p data-testid="upload-error">
            <bdi class="font-semibold">{name}</bdi>
            {format!(" was not uploaded. {} {} {}", words.why, words.unharmed, words.remedy)}
        </p>
        {words
            .code
            .map(|code| {
                view! {
                    <details class="text-xs text-(color:--muted)">
                        <summary>"Details"</summary>
                        <code class="break-all">{code}</code>
                    </details>
                }
            })}
    }
}

#[component]
fn Changed(name: String) -> impl IntoView {
    view! {
        <p data-testid="upload-error">
            <bdi class="font-semibold">{name}</bdi>
            " changed, moved or became unreadable on your device while it was uploaded. Nothing was completed, and the parts already sent were dropped. Choose the file again to upload it as it is now."
        </p>
    }
}

#[component]
fn RowActions(uploads: Uploads, view: RwSignal<RowView>, name: String) -> impl IntoView {
    let id = view.with_untracked(|view| view.row.id);
    let can_retry = Memo::new(move |_| view.with(|view| view.row.can_retry));
    let can_cancel = Memo::new(move |_| view.with(|view| view.row.can_cancel));
    let at_rest = Memo::new(move |_| view.with(|view| view.row.state.is_at_rest()));
    let waits =
        Memo::new(move |_| view.with(|view| matches!(view.row.state, State::Retrying { .. })));
    let of = StoredValue::new(format!(" the upload of {name}"));
    view! {
        <Show when=move || can_retry.get() || can_cancel.get()>
            <div class="flex gap-1">
                <Show when=move || can_retry.get()>
                    <Button
                        tone=Tone::Quiet
                        attr:data-testid="upload-retry"
                        on:click=move |_| uploads.wish(Wish::Retry(id))
                    >
                        {move || if waits.get() { "Retry now" } else { "Retry" }}
                        <span class="sr-only">{of.get_value()}</span>
                    </Button>
                </Show>
                <Show when=move || can_cancel.get()>
                    <Button
                        tone=Tone::Quiet
                        attr:data-testid="upload-cancel"
                        on:click=move |_| uploads.wish(Wish::Cancel(id))
                    >
                        {move || if at_rest.get() { "Discard" } else { "Cancel" }}
                        <span class="sr-only">{of.get_value()}</span>
                    </Button>
                </Show>
            </div>
        </Show>
    }
}
