//! What stands above the files: the network, the session, buckets that let nobody in, uploads of
//! another visit or another tab.

use leptos::{ev, prelude::*};

use super::{
    Uploads, Wish,
    sign_in::SignInAgain,
    view::{Bar, Card, News},
};
use crate::{
    text::visible_name,
    ui::{Button, Tone},
    words::uploads,
};

/// All notes that there are now.
#[component]
pub(super) fn Notes(uploads: Uploads) -> impl IntoView {
    let state = uploads.state;
    let offline = Memo::new(move |_| state.summary.with(|summary| summary.is_offline));
    let signed_out = Memo::new(move |_| state.summary.with(|summary| summary.signed_out));
    let file_needed = Memo::new(move |_| state.summary.with(|summary| summary.file_needed));
    let full = Memo::new(move |_| state.summary.with(|summary| summary.full.clone()));
    let walked = Memo::new(move |_| state.summary.with(|summary| summary.walked));
    view! {
        <Show when=move || walked.get().is_some()>
            <div class="dock-note" data-testid="walking">
                <p>
                    {move || {
                        let found = walked.get().unwrap_or_default();
                        uploads::looking_through(found as u64)
                    }}
                </p>
                <Button
                    attr:data-testid="walk-stop"
                    press=move |_| uploads.wish(Wish::StopWalk)
                >
                    {uploads::stop_looking()}
                </Button>
            </div>
        </Show>
        <Show when=move || offline.get()>
            <p class="dock-note" data-testid="banner-offline">
                {uploads::no_network()}
            </p>
        </Show>
        <Show when=move || signed_out.get()>
            <SignInAgain uploads />
        </Show>
        <For each=move || state.cards.get() key=|card| (card.bucket.clone(), card.why) let:card>
            <CorsCard uploads card />
        </For>
        {move || {
            full.get()
                .into_iter()
                .map(|bucket| {
                    view! {
                        <p class="dock-note">{uploads::no_room_left(bucket.as_str())}</p>
                    }
                })
                .collect_view()
        }}
        <Show when=move || file_needed.get().gt(&0)>
            <ResumeBanner uploads number=file_needed />
        </Show>
        <Elsewhere uploads />
    }
}

/// Uploads of another visit: one picker for all of them.
#[component]
fn ResumeBanner(uploads: Uploads, #[prop(into)] number: Signal<usize>) -> impl IntoView {
    let line = move || uploads::uploads_can_go_on(number.get() as u64);
    let pick = move |event: ev::Event| {
        #[cfg(feature = "hydrate")]
        {
            let input = event_target::<web_sys::HtmlInputElement>(&event);
            if let Some(files) = input.files() {
                uploads.give_files(&files);
            }
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (event, uploads);
    };
    view! {
        <div class="dock-note" data-testid="resume-banner">
            <p>{line}</p>
            <label class="button button-primary file-label">
                {uploads::choose_files()}
                <input
                    type="file"
                    multiple
                    class="sr-only"
                    data-testid="resume-pick"
                    on:change=pick
                />
            </label>
        </div>
    }
}

/// A bucket that does not let this page in, and the three ways on.
#[component]
fn CorsCard(uploads: Uploads, card: Card) -> impl IntoView {
    let bucket = card.bucket.clone();
    let rule = card
        .rule
        .as_ref()
        .and_then(|rule| serde_json::to_string_pretty(rule).ok())
        .unwrap_or_default();
    let existing = match card.existing {
        Some(0) => uploads::no_rule_yet().to_owned(),
        Some(number) => uploads::rules_stay(number.into()),
        None => String::new(),
    };
    let asks = uploads::rule_for_administrator(bucket.as_str(), &card.origin);
    let text = format!("{asks}\n{rule}");
    let shown = rule.clone();
    let may = card.can_configure && card.rule.is_some();
    let (fix, through) = (card.clone(), card.bucket.clone());
    view! {
        <section class="dock-note" data-testid="cors-card" aria-label=uploads::bucket_does_not_let()>
            <p>{uploads::does_not_let(bucket.as_str(), card.why)}</p>
            {may
                .then(|| {
                    view! {
                        <details>
                            <summary>{uploads::rule_to_add()}</summary>
                            <pre class="cors-rule-text">{shown}</pre>
                            <p>{existing}</p>
                        </details>
                    }
                })}
            <div class="flex flex-wrap gap-2">
                {may
                    .then(|| {
                        view! {
                            <Button
                                tone=Tone::Primary
                                attr:data-testid="cors-fix"
                                press=move |_| uploads.wish(Wish::ConfigureCors(fix.clone()))
                            >
                                {uploads::configure_cors()}
                            </Button>
                        }
                    })}
                <Button
                    attr:data-testid="cors-proxy"
                    press=move |_| uploads.wish(Wish::SendThrough(through.clone()))
                >
                    {uploads::send_through_hako_instead()}
                </Button>
                <Button
                    tone=Tone::Quiet
                    attr:data-testid="cors-copy"
                    press=move |_| crate::browser::copy(&text)
                >
                    {uploads::copy_text_for_the_administrator()}
                </Button>
            </div>
        </section>
    }
}

/// What other tabs send: to be seen, not to be touched.
#[component]
fn Elsewhere(uploads: Uploads) -> impl IntoView {
    let news = uploads.state.elsewhere;
    let any = Memo::new(move |_| news.with(|news| !news.is_empty()));
    view! {
        <Show when=move || any.get()>
            <div class="dock-note" data-testid="elsewhere">
                <p>{uploads::in_another_tab_heading()}</p>
                <ul class="flex flex-col gap-1">
                    {move || news.get().into_iter().take(20).map(elsewhere_row).collect_view()}
                </ul>
            </div>
        </Show>
    }
}

fn elsewhere_row(news: News) -> impl IntoView {
    let name = visible_name(news.file.name());
    let label = uploads::upload_in_another_tab(&name);
    view! {
        <li data-testid="elsewhere-row" data-key=news.key>
            <span class="flex gap-2">
                <bdi class="min-w-0 flex-1 truncate">{name}</bdi>
                <span>{format!("{} %", news.percent)}</span>
            </span>
            <Bar label max=100 stored=0 sent=news.percent id="elsewhere-bar" />
        </li>
    }
}
