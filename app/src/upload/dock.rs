//! The dock: one line when collapsed, the files below it when open.

use leptos::prelude::*;
use model::upload::Tally;

use super::{
    Uploads, Wish,
    height::{Height, HeightHandle},
    list::{Sections, UploadList},
    notes::Notes,
    use_uploads,
    view::Bar,
    words,
};
use crate::{
    ui::{Button, Icon, Tone},
    urls,
    words::uploads,
};

/// The transfer dock, bottom right; absent while there is nothing to show, so also on the server.
#[component]
pub fn Dock() -> impl IntoView {
    let uploads = use_uploads();
    let summary = uploads.state.summary;
    let fold = Fold::new(uploads);
    let height = Height::new();
    let (cards, elsewhere) = (uploads.state.cards, uploads.state.elsewhere);
    let path = urls::path();
    let any = Memo::new(move |_| {
        // There the same stands on the page.
        if path.with(|path| path == urls::TRANSFERS) {
            return false;
        }
        summary.with(|summary| summary.rows > 0)
            || cards.with(|cards| !cards.is_empty())
            || elsewhere.with(|news| !news.is_empty())
            || summary.with(|summary| summary.walked.is_some_and(|found| found > 0))
    });
    view! {
        <Show when=move || any.get()>
            <section
                id="uploads"
                class="fixed right-0 bottom-0 z-30 flex max-h-[60vh] w-full flex-col rounded-t-[10px] border border-(color:--line-strong) bg-(color:--surface) text-(color:--text) shadow-(--float) sm:right-4 sm:bottom-4 sm:w-[27rem] sm:rounded-[10px] print:hidden"
                class:is-sized=move || fold.open.get() && height.is_chosen()
                style:height=move || height.style(fold.open.get())
                aria-label=uploads::uploads()
                data-testid="dock"
                on:mouseenter=move |_| fold.pointed.set(true)
                on:mouseleave=move |_| fold.pointed.set(false)
                on:focusin=move |_| fold.focused.set(true)
                on:focusout=move |_| fold.focused.set(false)
            >
                <Show when=move || fold.open.get()>
                    <HeightHandle height />
                </Show>
                <DockHead uploads fold />
                <DockBody uploads fold />
            </section>
        </Show>
    }
}

/// Whether the dock is open. It opens when something begins and folds itself to one line when all is
/// well and nobody is at it; what somebody chose holds until the next batch.
#[derive(Clone, Copy)]
struct Fold {
    open: RwSignal<bool>,
    chosen: RwSignal<bool>,
    pointed: RwSignal<bool>,
    focused: RwSignal<bool>,
}

impl Fold {
    fn new(uploads: Uploads) -> Self {
        let fold = Self {
            open: RwSignal::new(true),
            chosen: RwSignal::new(false),
            pointed: RwSignal::new(false),
            focused: RwSignal::new(false),
        };
        let summary = uploads.state.summary;
        let running = Memo::new(move |_| summary.with(|summary| summary.tally.active > 0));
        let well = Memo::new(move |_| {
            summary.with(|summary| {
                summary.tally.attention + summary.tally.paused == 0 && summary.file_needed == 0
            })
        });
        Effect::new(move |_| {
            if running.get() {
                fold.chosen.set(false);
                fold.open.set(true);
            }
        });
        Effect::new(move |_| {
            if !well.get() && !fold.chosen.get_untracked() {
                fold.open.set(true);
            }
        });
        Effect::new(move |_| {
            let idle = !running.get() && well.get();
            let alone = !fold.pointed.get() && !fold.focused.get();
            if idle && alone && !fold.chosen.get_untracked() {
                fold.open.set(false);
            }
        });
        fold
    }

    fn toggle(self) {
        self.chosen.set(true);
        self.open.update(|open| *open = !*open);
    }
}

#[component]
fn DockHead(uploads: Uploads, fold: Fold) -> impl IntoView {
    let summary = uploads.state.summary;
    let line = Memo::new(move |_| summary.with(words::summary));
    let part = move |of: fn(&Tally) -> u64| {
        let value = Memo::new(move |_| summary.with(|summary| of(&summary.tally)));
        Signal::from(value)
    };
    let (max, stored, sent) = (
        part(words::scale),
        part(words::stored_of),
        part(words::sent_of),
    );
    let running = Memo::new(move |_| summary.with(|summary| summary.tally.active > 0));
    view! {
        <div class="flex flex-col gap-1 p-2">
            <div class="flex items-center gap-2">
                <button
                    type="button"
                    class="flex min-h-9 min-w-0 flex-1 items-center gap-2 rounded-[6px] px-2 text-left text-sm font-semibold hover:bg-(color:--sunken)"
                    aria-expanded=move || if fold.open.get() { "true" } else { "false" }
                    aria-controls="uploads-files"
                    data-testid="dock-toggle"
                    on:click=move |_| fold.toggle()
                >
                    <Icon name="upload" />
                    <span class="sr-only">{uploads::uploads_before()}</span>
                    <span class="min-w-0 flex-1" data-testid="dock-summary">
                        {move || line.get()}
                    </span>
                    <span class="text-xs font-normal text-(color:--muted)">
                        {move || if fold.open.get() { uploads::hide() } else { uploads::show() }}
                    </span>
                </button>
            </div>
            <Show when=move || running.get()>
                <Bar label=uploads::all_uploads().to_owned() max stored sent id="dock-total" />
            </Show>
        </div>
    }
}

#[component]
fn DockBody(uploads: Uploads, fold: Fold) -> impl IntoView {
    view! {
        <div
            id="uploads-files"
            class="flex min-h-0 flex-1 flex-col border-t border-(color:--line)"
            hidden=move || !fold.open.get()
        >
            <Actions uploads />
            <Notes uploads />
            <Sections uploads />
            <UploadList uploads empty=uploads::nothing_here() />
        </div>
    }
}

/// What can be done with all.
#[component]
pub(super) fn Actions(uploads: Uploads) -> impl IntoView {
    let summary = uploads.state.summary;
    let running = Memo::new(move |_| summary.with(|summary| summary.tally.active > 1));
    let pausable = Memo::new(move |_| summary.with(|summary| summary.pausable > 1));
    let paused = Memo::new(move |_| summary.with(|summary| summary.paused > 1));
    let retriable = Memo::new(move |_| summary.with(|summary| summary.retriable > 1));
    let finished = Memo::new(move |_| summary.with(|summary| summary.finished > 0));
    let notify =
        Memo::new(move |_| summary.with(|summary| summary.can_notify && summary.tally.active > 0));
    let any = move || {
        running.get()
            || retriable.get()
            || finished.get()
            || notify.get()
            || pausable.get()
            || paused.get()
    };
    let action = move |shown: Memo<bool>, test_id, label, wish: fn() -> Wish| {
        view! {
            <Show when=move || shown.get()>
                <Button
                    tone=Tone::Quiet
                    attr:data-testid=test_id
                    press=move |_| uploads.wish(wish())
                >
                    {label}
                </Button>
            </Show>
        }
    };
    view! {
        <Show when=any>
            <div class="flex flex-wrap gap-1 border-b border-(color:--line) px-2 py-1 text-sm">
                {action(retriable, "upload-all-retry", uploads::retry_failed(), || Wish::RetryFailed)}
                {action(pausable, "upload-all-pause", uploads::pause_all(), || Wish::PauseAll)}
                {action(paused, "upload-all-resume", uploads::resume_all(), || Wish::ResumeAll)}
                {action(running, "upload-all-cancel", uploads::cancel_all(), || Wish::CancelAll)}
                {action(finished, "upload-clear", uploads::clear_finished(), || Wish::ClearFinished)}
                {action(notify, "upload-notify", uploads::notify_me_at_the_end(), || Wish::Notify)}
            </div>
        </Show>
    }
}
