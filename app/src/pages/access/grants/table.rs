//! What is granted: the mark of what strangers may do, and a line for each grant.

use leptos::prelude::*;
use model::acl::{GRANTS_MAX, Grant, Whom};

use super::{
    state::State,
    words::{gives_words, line_of, whom_words},
};
use crate::{ui::Icon, unit, words::access};

/// Whether strangers may do anything.
#[component]
pub(super) fn Mark(state: State) -> impl IntoView {
    let public = Memo::new(move |_| state.base.with(|acl| state.public(&acl.grants)));
    let whole = state.granted.with_value(|granted| granted.beside.whole);
    let words = move || {
        let public = public.get();
        match (public.read, public.write, public.list) {
            (true, true, _) => access::public_reads_writes(),
            (true, false, _) => access::public_reads(),
            (false, true, _) => access::public_writes(),
            (false, false, true) => access::public_list(),
            (false, false, false) if whole => access::public_no(),
            (false, false, false) => access::public_not_by_list(),
        }
    };
    let is_public = move || public.get().is_public();
    let icon = move || {
        let name = if is_public() { "globe" } else { "lock" };
        view! { <Icon name /> }
    };
    view! {
        <p
            class="access-mark"
            data-testid="acl-public"
            data-public=move || is_public().to_string()
        >
            {icon}
            <span>{words}</span>
        </p>
    }
}

#[component]
pub(super) fn Table(state: State) -> impl IntoView {
    let rows = move || {
        let saved = state.saved();
        let rows = state.draft.get().into_iter().enumerate();
        rows.map(|(at, grant)| {
            let is_new = !saved.iter().any(|one| one.is_as(&grant));
            row(state, at, &grant, is_new)
        })
        .collect_view()
    };
    let is_empty = Memo::new(move |_| state.draft.with(Vec::is_empty));
    let count = move || {
        let count = state.draft.with(Vec::len);
        access::count(&unit::count(count as u64), &unit::count(GRANTS_MAX as u64))
    };
    view! {
        <Show
            when=move || !is_empty.get()
            fallback=|| view! { <p class="muted" data-testid="acl-none">{access::none()}</p> }
        >
            <ul class="access-rows" aria-label=access::grants()>
                {rows}
            </ul>
        </Show>
        <p class="help" data-testid="acl-count">
            {count}
        </p>
    }
}

fn row(state: State, at: usize, grant: &Grant, is_new: bool) -> AnyView {
    let whom = whom_words(grant);
    let icon = match grant.whom() {
        Some(Whom::Everybody) => "globe",
        Some(Whom::SignedIn | Whom::Group(_)) => "users",
        _ => "user",
    };
    let to_all = grant.whom() == Some(Whom::Everybody);
    let word = access::remove(&line_of(grant));
    let right = grant.permission.clone().unwrap_or_default();
    view! {
        <li
            class="access-row"
            class:is-public=to_all
            class:is-new=is_new
            data-testid="acl-row"
            data-whom=whom.clone()
            data-right=right
        >
            <Icon name=icon />
            <span class="access-whom">
                <bdi>{whom.clone()}</bdi>
            </span>
            <span class="access-right">{gives_words(grant)}</span>
            {is_new.then(|| view! { <span class="chip">{access::not_saved_yet()}</span> })}
            <button
                type="button"
                class="button button-quiet button-icon needs-script"
                title=word.clone()
                data-testid="acl-remove"
                on:click=move |_| state.remove(at)
            >
                <Icon name="trash" />
                <span class="sr-only">{word.clone()}</span>
            </button>
        </li>
    }
    .into_any()
}
