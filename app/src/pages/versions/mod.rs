//! `/buckets/{b}/versions`: what a bucket, or a folder of it, keeps of the past.

mod bulk;
mod compare;
mod delete;
mod filter;
mod listing;
mod of_key;
mod row;
mod state;
mod switch;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{Problem, session::Session};

use crate::{
    layout::{Busy, PageTitle, use_session},
    outcome::Outcome,
    pages::bucket_tabs::{BucketCrumbs, BucketTabs, Tab},
    text::visible_name,
    ui::{Failure, Icon, LinkButton, Retry},
    unit, urls, words,
};
use bulk::{BulkDialog, Commands};
pub(in crate::pages) use compare::{COMPARED, Compared};
use delete::DeleteDialog;
use filter::Filter;
pub(in crate::pages) use listing::Listing;
use listing::{Place, list_place};
pub(in crate::pages) use of_key::{KeyVersions, compared_at, history_of};
use row::KeyRow;
use state::{Totals, VersionsState};
use switch::{Switch, SwitchDialog};

/// The page.
#[component]
pub fn VersionsPage() -> impl IntoView {
    let session = use_session();
    let params = use_params_map();
    let query = urls::query();
    let place = Memo::new(move |_| {
        let bucket = params.with(|params| params.get_str("bucket").unwrap_or_default().to_owned());
        query.with(|query| Place::new(bucket, query))
    });
    let listing = Resource::new_blocking(move || place.get(), list_place);
    let retry = Retry::new(move || listing.refetch());
    let busy = expect_context::<Busy>().0;
    view! {
        <Transition set_pending=busy>
            {move || Suspend::new(async move {
                let answer = match session.await {
                    Ok(session) => listing.await.map(|listing| (session, listing)),
                    Err(problem) => Err(problem),
                };
                let place = place.get_untracked();
                match answer {
                    Ok((session, listing)) => {
                        retry.succeeded();
                        view! { <Versions place session listing /> }.into_any()
                    }
                    Err(problem) => {
                        view! { <VersionsFailure problem place retry /> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

#[component]
fn VersionsFailure(problem: Problem, place: Place, retry: Retry) -> impl IntoView {
    let bucket = place.bucket;
    let shown = visible_name(&bucket);
    let title = words::versions::title(&shown);
    view! {
        <div class="page">
            <BucketCrumbs bucket />
            <PageTitle heading=words::versions::tab() title />
            <Failure problem missing=words::versions::no_such_bucket(&shown) retry />
        </div>
    }
}

#[component]
fn Versions(place: Place, session: Session, listing: Listing) -> impl IntoView {
    let bucket = listing.bucket.to_string();
    let title = if place.prefix.is_empty() {
        words::versions::title(&bucket)
    } else {
        words::versions::title_of_folder(&visible_name(&place.prefix), &bucket)
    };
    let state = VersionsState::new(place, session, listing, &urls::query().get_untracked());
    view! {
        <div class="page">
            <BucketCrumbs bucket=bucket.clone() />
            <div class="page-head">
                <PageTitle heading=words::versions::tab() title />
            </div>
            <BucketTabs bucket here=Tab::Versions />
            <Switch state />
            <Folder state />
            <Filter state />
            <Refusal />
            <Show
                when=move || !state.rows.with(Vec::is_empty)
                fallback=move || view! { <Empty state /> }
            >
                <List state />
            </Show>
            <DeleteDialog state />
            <SwitchDialog state />
            <BulkDialog state />
        </div>
    }
}

/// What was refused to a form without scripts that is not shown again.
#[component]
fn Refusal() -> impl IntoView {
    let problem = ["restore_version", "delete_version"]
        .into_iter()
        .find_map(Outcome::problem)
        .filter(|_| urls::query().with_untracked(|query| query.get("ask").is_none()));
    problem.map(|problem| {
        view! {
            <div class="alert alert-danger" role="alert">
                <Icon name="alert" />
                <p>{problem.sentence()}</p>
            </div>
        }
    })
}

/// The folder, and the way to all of the bucket.
#[component]
fn Folder(state: VersionsState) -> impl IntoView {
    let place = state.place.get_value();
    (!place.prefix.is_empty()).then(|| {
        let all = Place {
            prefix: String::new(),
            after: None,
            ..place.clone()
        };
        let href = all.address(&[]);
        view! {
            <p class="note" data-testid="versions-folder">
                <Icon name="folder" />
                <span>
                    {words::versions::below(&visible_name(&place.prefix))} " "
                    <a href=href>{words::versions::whole_bucket()}</a>
                </span>
            </p>
        }
    })
}

#[component]
fn List(state: VersionsState) -> impl IntoView {
    let all = move || {
        let keys = state.rows.with(Vec::len);
        keys > 0 && state.selected.with(|selected| selected.len() == keys)
    };
    view! {
        <div class="versions-bar">
            <label class="check-line needs-script">
                <input
                    type="checkbox"
                    data-testid="select-all"
                    prop:checked=all
                    on:change=move |event| state.select_all(event_target_checked(&event))
                />
                {words::versions::select_page()}
            </label>
            <p class="status-line" data-testid="count-line" role="status">
                {move || summed(state)}
            </p>
        </div>
        <Commands state />
        <ul class="versions" data-testid="table-versions">
            <For
                each=move || state.rows.get()
                key=|row| (row.key.clone(), row.moments.clone().into_iter().map(|m| (m.version_id, m.is_latest)).collect::<Vec<_>>())
                let:row
            >
                <KeyRow state row />
            </For>
        </ul>
        <Pages state />
    }
}

/// What is shown, added up.
fn summed(state: VersionsState) -> String {
    let totals = state.rows.with(|rows| Totals::of(rows));
    let part =
        state.next.with(Option::is_some) || state.place.with_value(|place| place.after.is_some());
    let bytes = unit::size(totals.old_bytes);
    let (keys, versions, old) = (
        totals.keys as u64,
        unit::count(totals.versions as u64),
        unit::count(totals.old as u64),
    );
    let markers = unit::count(totals.markers as u64);
    if part {
        words::versions::sum_of_page(keys, &versions, &markers, &old, &bytes)
    } else {
        words::versions::sum_of_all(keys, &versions, &markers, &old, &bytes)
    }
}

/// The store's lists lead forwards only, so the way back is to the first page.
#[component]
fn Pages(state: VersionsState) -> impl IntoView {
    let first = state.place.with_value(|place| place.after.is_some());
    let first = first.then(|| state.with(&[("after", "")]));
    let next = move || state.next.get().map(|key| state.with(&[("after", &key)]));
    view! {
        <nav class="actions" aria-label=words::versions::pages() data-testid="pager">
            {first
                .map(|href| view! { <LinkButton href>{words::versions::first_page()}</LinkButton> })}
            {move || {
                next()
                    .map(|href| {
                        view! { <LinkButton href>{words::versions::next_page()}</LinkButton> }
                    })
            }}
        </nav>
    }
}

#[component]
fn Empty(state: VersionsState) -> impl IntoView {
    let place = state.place.get_value();
    let filtered = place.is_filtered();
    let goes_on = move || state.next.with(Option::is_some);
    let testid = if filtered {
        "state-no-match"
    } else {
        "state-empty"
    };
    let plain = Place {
        bucket: place.bucket.clone(),
        prefix: place.prefix.clone(),
        ..Place::default()
    };
    let clear = plain.address(&[]);
    let shown = visible_name(&place.prefix);
    let heading = move || match (filtered, place.prefix.is_empty()) {
        (true, _) => words::versions::no_match().to_owned(),
        (false, true) => words::versions::nothing().to_owned(),
        (false, false) => words::versions::nothing_below(&shown),
    };
    view! {
        <section class="notice" data-testid=testid>
            <Icon name="search" />
            <h2>{heading}</h2>
            {move || {
                let hidden = state.hidden.get() as u64;
                filtered
                    .then(|| {
                        let line = if goes_on() {
                            words::versions::hidden_so_far(hidden)
                        } else {
                            words::versions::hidden(hidden)
                        };
                        view! { <p data-testid="hidden">{line}</p> }
                    })
            }}
            <div class="actions">
                {filtered
                    .then(|| {
                        view! { <LinkButton href=clear>{words::versions::clear_filter()}</LinkButton> }
                    })}
                <Pages state />
            </div>
        </section>
    }
}
