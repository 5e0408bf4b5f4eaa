//! One file in the dock.

use leptos::{ev, prelude::*};
use model::upload::{Choice, Progress, State};

use super::{
    Uploads, Wish,
    details::Details,
    faults,
    view::{Bar, RowView},
    words,
};
use crate::{
    browser,
    text::visible_name,
    ui::{Button, Tone},
    unit, urls,
    words::uploads,
};

/// One file: name, state in words, bar, numbers, buttons, details. Not live; the summary speaks for all.
#[component]
pub(super) fn UploadRow(
    uploads: Uploads,
    /// What is shown; replaced as it goes on.
    view: ArcRwSignal<RowView>,
    /// Whether it has the list's tab stop: then its buttons can be reached by Tab.
    current: Memo<bool>,
) -> impl IntoView {
    let first = view.get_untracked();
    let name = visible_name(&first.row.name);
    let view = RwSignal::from(view);
    let key = Memo::new(move |_| view.with(|view| view.row.key.clone()));
    let title =
        Memo::new(move |_| view.with(|view| format!("{}/{}", view.row.bucket, view.row.key)));
    let state = Memo::new(move |_| view.with(words::state));
    let word = Memo::new(move |_| view.with(|view| view.row.state.as_str()));
    let stop = Stop(current);
    view! {
        <div
            role="gridcell"
            class="flex flex-col gap-1 px-3 py-2 text-sm"
            data-testid="upload-row"
            data-key=move || key.get()
            data-state=move || word.get()
        >
            <div class="flex items-baseline gap-2">
                <bdi class="min-w-0 flex-1 truncate font-medium" title=move || title.get()>
                    {name.clone()}
                </bdi>
                <span class=move || state_class(word.get())>{move || state.get()}</span>
            </div>
            <RowBar view name=name.clone() />
            <Numbers view />
            <Trouble view stop name=name.clone() />
            <div class="flex flex-wrap items-start gap-1">
                <RowActions uploads view stop name=name.clone() />
                <Details uploads view stop name />
            </div>
        </div>
    }
}

/// Whether what can be pressed in a row is reached by Tab.
#[derive(Clone, Copy)]
pub(super) struct Stop(Memo<bool>);

impl Stop {
    pub(super) fn tabindex(self) -> &'static str {
        if self.0.get() { "0" } else { "-1" }
    }
}

fn state_class(state: &str) -> &'static str {
    match state {
        "done" => "shrink-0 text-(color:--ok)",
        "failed" | "changed" => "shrink-0 font-semibold text-(color:--danger)",
        "retrying" | "signed-out" | "needs-decision" | "file-needed" | "offline" => {
            "shrink-0 text-(color:--warn)"
        }
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
    let part = move |part: fn(Progress) -> u64| {
        let value = Memo::new(move |_| {
            view.with(|view| {
                let row = &view.row;
                if row.state == State::Done {
                    max
                } else {
                    part(row.progress).min(max)
                }
            })
        });
        Signal::from(value)
    };
    let stored = part(|progress| progress.stored);
    let sent = part(|progress| progress.stored + progress.in_flight);
    let label = uploads::upload_of(&name);
    view! {
        <Show when=move || shown.get()>
            <Bar label=label.clone() max stored sent id="upload-bar" />
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
    let route = Memo::new(move |_| words::route(view.with(|view| view.row.route)));
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
            <span data-testid="route-badge" data-route=move || route.get().0>
                {move || route.get().1}
            </span>
        </div>
    }
}

/// What failed, why, what is unharmed, what to do; and notes.
#[component]
fn Trouble(view: RwSignal<RowView>, stop: Stop, name: String) -> impl IntoView {
    let words = Memo::new(move |_| {
        view.with(|view| {
            let row = &view.row;
            let fault = row.fault.as_ref()?;
            Some(faults::words(fault, row.bucket.as_str(), row.kept))
        })
    });
    let changed = Memo::new(move |_| {
        view.with(|view| view.row.state == State::Changed && !view.row.wants_file)
    });
    let decides = Memo::new(move |_| view.with(|view| view.row.is_in_the_way));
    let barred = Memo::new(move |_| {
        view.with(|view| view.row.state == State::NeedsDecision && !view.row.is_in_the_way)
    });
    let note = Memo::new(move |_| view.with(|view| view.row.note.map(faults::note)));
    let differs =
        Memo::new(move |_| view.with(|view| view.row.can_start_again && view.row.wants_file));
    let failed_name = name.clone();
    view! {
        {move || words.get().map(|words| view! { <Failed name=failed_name.clone() stop words /> })}
        {move || changed.get().then(|| view! { <Changed name=name.clone() /> })}
        <Show when=move || decides.get()>
            <p data-testid="upload-conflict">
                {uploads::name_is_there()}
            </p>
        </Show>
        <Show when=move || barred.get()>
            <p>{uploads::bucket_does_not_let_yet()}</p>
        </Show>
        {move || note.get().map(|note| view! { <p class="text-(color:--muted)">{note}</p> })}
        <Show when=move || differs.get()>
            <p class="text-(color:--muted)">{uploads::start_again_means()}</p>
        </Show>
    }
}

#[component]
fn Failed(name: String, stop: Stop, words: faults::Words) -> impl IntoView {
    view! {
        <p data-testid="upload-error">
            {uploads::was_not_uploaded(&name, &words.why, &words.unharmed, words.remedy)}
        </p>
        {words
            .code
            .map(|code| {
                view! {
                    <details class="text-xs text-(color:--muted)">
                        <summary tabindex=move || stop.tabindex()>{uploads::what_the_store_said()}</summary>
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
            {uploads::changed_meanwhile(&name)}
        </p>
    }
}

/// The buttons that fit the state.
#[component]
fn RowActions(
    uploads: Uploads,
    view: RwSignal<RowView>,
    stop: Stop,
    name: String,
) -> impl IntoView {
    let id = view.with_untracked(|view| view.row.id);
    let shown = move |fits: fn(&RowView) -> bool| Memo::new(move |_| view.with(fits));
    let can_retry = shown(|view| view.row.can_retry);
    let can_cancel = shown(|view| view.row.can_cancel);
    let can_pause = shown(|view| view.row.can_pause);
    let is_paused = shown(|view| view.row.state == State::Paused);
    let is_waiting = shown(|view| view.row.state == State::Waiting);
    let at_rest = shown(|view| view.row.state.is_at_rest());
    let waits = shown(|view| matches!(view.row.state, State::Retrying { .. }));
    let decides = shown(|view| view.row.is_in_the_way);
    let wants_file = shown(|view| view.row.wants_file);
    let has_handle = shown(|view| view.row.wants_file && view.has_handle && !view.has_other);
    let has_other = shown(|view| view.has_other);
    let wants_other = shown(|view| view.row.can_start_again && !view.has_other);
    let can_save = shown(|view| view.row.can_save);
    // On their own page what is over has actions too; the dock stays small.
    let on_page = uploads.state.list.on_page;
    let of_state = move |fits: fn(State) -> bool| {
        Memo::new(move |_| on_page.get() && view.with(|view| fits(view.row.state)))
    };
    let is_done = of_state(|state| state == State::Done);
    let is_over = of_state(State::is_final);
    let of = StoredValue::new(uploads::the_upload_of(&name));
    let action = move |shown: Memo<bool>, test_id, word: Signal<&'static str>, wish: Wish| {
        let wish = StoredValue::new(wish);
        view! {
            <Show when=move || shown.get()>
                <Button
                    tone=Tone::Quiet
                    attr:data-testid=test_id
                    attr:tabindex=move || stop.tabindex()
                    press=move |_| uploads.wish(wish.get_value())
                >
                    {move || word.get()}
                    <span class="sr-only">{of.get_value()}</span>
                </Button>
            </Show>
        }
    };
    let word = Signal::stored;
    let retry_word = Signal::derive(move || {
        if waits.get() {
            uploads::retry_now()
        } else {
            uploads::retry()
        }
    });
    let cancel_word = Signal::derive(move || {
        if at_rest.get() {
            uploads::discard()
        } else {
            uploads::cancel()
        }
    });
    view! {
        <div class="flex flex-wrap gap-1 empty:hidden">
            {action(has_handle, "upload-reopen", word(uploads::go_on()), Wish::Reopen(id))}
            <Show when=move || wants_file.get()>
                <FilePicker uploads view stop again=false />
            </Show>
            {action(has_other, "upload-start-again", word(uploads::start_again()), Wish::StartAgain(id))}
            <Show when=move || wants_other.get()>
                <FilePicker uploads view stop again=true />
            </Show>
            {action(decides, "upload-replace", word(uploads::replace()), Wish::Decide(id, Choice::Replace))}
            {action(decides, "upload-keep-both", word(uploads::keep_both()), Wish::Decide(id, Choice::KeepBoth))}
            {action(can_retry, "upload-retry", retry_word, Wish::Retry(id))}
            {action(is_paused, "upload-resume", word(uploads::resume()), Wish::Resume(id))}
            {action(can_pause, "upload-pause", word(uploads::pause()), Wish::Pause(id))}
            {action(is_waiting, "upload-first", word(uploads::next()), Wish::First(id))}
            {action(can_save, "upload-later", word(uploads::save_for_later()), Wish::SaveForLater(id))}
            {action(can_cancel, "upload-cancel", cancel_word, Wish::Cancel(id))}
            <Show when=move || is_done.get()>
                <Stored uploads view stop of=of.get_value() />
            </Show>
            {action(is_over, "upload-remove", word(uploads::remove()), Wish::Remove(id))}
        </div>
    }
}

/// What can be done with an object that was stored.
#[component]
fn Stored(uploads: Uploads, view: RwSignal<RowView>, stop: Stop, of: String) -> impl IntoView {
    let (id, bucket, key) = view.with_untracked(|view| {
        let row = &view.row;
        (row.id, row.bucket.to_string(), row.key.clone())
    });
    let path = format!("{bucket}/{key}");
    let href = urls::object(&bucket, &key);
    let (of_copy, of_receipt) = (of.clone(), of.clone());
    let receipt = move |_| {
        #[cfg(feature = "hydrate")]
        if let Some(stored) = uploads.receipt_of(id) {
            let text = super::receipts::json(&[stored]);
            browser::save("receipt.json", "application/json", &text);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (uploads, id);
    };
    view! {
        <a
            href=href
            class="button button-quiet"
            data-testid="upload-open"
            tabindex=move || stop.tabindex()
        >
            {uploads::open()}
            <span class="sr-only">{of}</span>
        </a>
        <Button
            tone=Tone::Quiet
            attr:data-testid="upload-copy"
            attr:tabindex=move || stop.tabindex()
            press=move |_| browser::copy(&path)
        >
            {uploads::copy_path()}
            <span class="sr-only">{of_copy}</span>
        </Button>
        <Button
            tone=Tone::Quiet
            attr:data-testid="upload-receipt"
            attr:tabindex=move || stop.tabindex()
            press=receipt
        >
            {uploads::receipt()}
            <span class="sr-only">{of_receipt}</span>
        </Button>
    }
}

/// Chooses the file of one upload again.
#[component]
fn FilePicker(
    uploads: Uploads,
    view: RwSignal<RowView>,
    stop: Stop,
    /// Whether it is uploaded from its first byte, whatever it is.
    again: bool,
) -> impl IntoView {
    let (id, name) = view.with_untracked(|view| (view.row.id, visible_name(&view.row.name)));
    let pick = move |event: ev::Event| {
        #[cfg(feature = "hydrate")]
        {
            let input = event_target::<web_sys::HtmlInputElement>(&event);
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                if again {
                    uploads.start_again(id, file);
                } else {
                    uploads.give_file(id, file);
                }
            }
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (event, uploads, id);
    };
    let (word, test_id) = if again {
        (uploads::start_again_with(), "upload-start-with")
    } else {
        (uploads::choose_the_file(), "upload-pick")
    };
    view! {
        <label class="button button-quiet file-label">
            {word} <span class="sr-only">{uploads::name_again(&name)}</span>
            <input
                type="file"
                class="sr-only"
                tabindex=move || stop.tabindex()
                data-testid=test_id
                on:change=pick
            />
        </label>
    }
}
