//! The rules as cards in their order, because the first that matches decides.

use leptos::{ev, prelude::*};
use model::cors::{CorsChange, CorsRule, never_sent};

use super::state::{CorsState, PlainFields};
use crate::{browser, ui::Icon, words};

#[component]
pub(super) fn Cards(state: CorsState) -> impl IntoView {
    // The card that is being dragged.
    let dragged = RwSignal::new(None::<usize>);
    let cards = move || {
        let rules = state.rules();
        let last = rules.len().saturating_sub(1);
        let places = rules.into_iter().enumerate();
        places
            .map(|(at, rule)| card(state, dragged, at, last, &rule))
            .collect_view()
    };
    view! {
        <h2 class="section-title">{words::cors::rules_in_order()}</h2>
        <ol class="cors-rules" data-testid="cors-rules">
            {cards}
        </ol>
    }
}

fn card(
    state: CorsState,
    dragged: RwSignal<Option<usize>>,
    at: usize,
    last: usize,
    rule: &CorsRule,
) -> AnyView {
    let number = at as u64 + 1;
    let may = state.can_configure();
    let drop = move |event: ev::DragEvent| {
        if let Some(from) = dragged.get_untracked() {
            event.prevent_default();
            dragged.set(None);
            shift(state, from, at);
        }
    };
    view! {
        <li
            class="cors-rule"
            data-testid="cors-rule"
            draggable=may.then_some("true")
            on:dragstart=move |_| dragged.set(Some(at))
            on:dragend=move |_| dragged.set(None)
            on:dragover=move |event| {
                if dragged.get_untracked().is_some() {
                    event.prevent_default();
                }
            }
            on:drop=drop
        >
            <div class="cors-head">
                <h3 id=format!("rule-{number}") tabindex="-1">
                    {words::cors::rule_number(&number.to_string())}
                    {rule
                        .id
                        .clone()
                        .map(|id| view! { <bdi class="muted">{format!(" · {id}")}</bdi> })}
                </h3>
                {may.then(|| actions(state, at, last))}
            </div>
            {facts(rule)}
        </li>
    }
    .into_any()
}

/// What can be done with a rule: links and forms, which change the page in place where there are scripts.
fn actions(state: CorsState, at: usize, last: usize) -> AnyView {
    let number = (at + 1).to_string();
    let open = move |again: bool| {
        move |event: ev::MouseEvent| {
            event.prevent_default();
            state.edit(at, again);
        }
    };
    let link =
        |what: &str, word: String, icon: &'static str| (state.asking(what, Some(at)), word, icon);
    let (edit, edit_word, edit_icon) = link("edit", words::cors::edit_rule(&number), "edit");
    let (copy, copy_word, copy_icon) =
        link("duplicate", words::cors::duplicate_rule(&number), "copy");
    let (gone, gone_word, gone_icon) = link("remove", words::cors::remove_rule(&number), "trash");
    view! {
        <div class="cors-actions">
            {(at > 0).then(|| mover(state, at, at - 1, words::cors::move_up(&number), "up"))}
            {(at < last).then(|| mover(state, at, at + 1, words::cors::move_down(&number), "down"))}
            <a data-stays="" href=edit class="button button-quiet button-icon" title=edit_word on:click=open(false)>
                <Icon name=edit_icon />
                <span class="sr-only">{edit_word.clone()}</span>
            </a>
            <a data-stays="" href=copy class="button button-quiet button-icon" title=copy_word on:click=open(true)>
                <Icon name=copy_icon />
                <span class="sr-only">{copy_word.clone()}</span>
            </a>
            <a
                data-stays=""
                href=gone
                class="button button-quiet button-icon"
                title=gone_word
                on:click=move |event| {
                    event.prevent_default();
                    remove(state, at, last);
                }
            >
                <Icon name=gone_icon />
                <span class="sr-only">{gone_word.clone()}</span>
            </a>
        </div>
    }
    .into_any()
}

fn mover(state: CorsState, from: usize, to: usize, word: String, icon: &'static str) -> AnyView {
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        shift(state, from, to);
    };
    view! {
        <form method="post" action=state.here() on:submit=submit>
            <PlainFields state change="move" />
            <input type="hidden" name="from" value=from.to_string() />
            <input type="hidden" name="to" value=to.to_string() />
            <button type="submit" class="button button-quiet button-icon" title=word>
                <Icon name=icon />
                <span class="sr-only">{word.clone()}</span>
            </button>
        </form>
    }
    .into_any()
}

/// Moves a rule, and the focus with it.
fn shift(state: CorsState, from: usize, to: usize) {
    state.change(&CorsChange::Move { from, to });
    state.messages.announce(words::cors::moved(
        &(from + 1).to_string(),
        &(to + 1).to_string(),
    ));
    focus(to);
}

/// Takes a rule out, here; the focus goes to the next, else the one before, else the heading.
fn remove(state: CorsState, at: usize, last: usize) {
    state.change(&CorsChange::Remove { at });
    if last == 0 {
        request_animation_frame(|| browser::focus("h1"));
    } else {
        focus(at.min(last - 1));
    }
}

fn focus(at: usize) {
    let selector = format!("#rule-{}", at + 1);
    request_animation_frame(move || browser::focus(&selector));
}

/// What a rule says.
pub(super) fn facts(rule: &CorsRule) -> AnyView {
    let list = |names: &Option<Vec<String>>| -> AnyView {
        let names = names.clone().unwrap_or_default();
        if names.is_empty() {
            return words::cors::none().into_any();
        }
        let names = names.into_iter();
        names
            .map(|name| view! { <bdi class="chip mono">{name}</bdi> })
            .collect_view()
            .into_any()
    };
    let odd = never_sent(rule).join(", ");
    let age = match rule.max_age_seconds {
        Some(seconds) => words::cors::seconds(u64::try_from(seconds).unwrap_or_default()),
        None => words::cors::not_set().to_owned(),
    };
    view! {
        <dl class="facts">
            <dt>{words::cors::origins()}</dt>
            <dd>{list(&rule.allowed_origins)}</dd>
            <dt>{words::cors::methods()}</dt>
            <dd>{list(&rule.allowed_methods)}</dd>
            <dt>{words::cors::allowed_headers()}</dt>
            <dd>{list(&rule.allowed_headers)}</dd>
            <dt>{words::cors::exposed_headers()}</dt>
            <dd>{list(&rule.expose_headers)}</dd>
            <dt>{words::cors::max_age()}</dt>
            <dd>{age}</dd>
        </dl>
        {(!odd.is_empty())
            .then(|| {
                view! {
                    <p class="note">
                        <Icon name="alert" />
                        <span>{words::cors::never_sent(&odd)}</span>
                    </p>
                }
            })}
    }
    .into_any()
}
