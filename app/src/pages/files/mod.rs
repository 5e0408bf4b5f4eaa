//! `/buckets/{b}?prefix=…`: the objects of a bucket, folder by folder.

mod bar;
mod breadcrumb;
mod delete;
mod download;
mod drop;
mod grid;
pub mod listing;
mod new_folder;
mod row;
mod state;

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{Problem, session::Session};

use crate::{
    layout::{Busy, PageTitle, use_session},
    outcome::Outcome,
    pages::bucket_tabs::{BucketTabs, Tab},
    text::visible_name,
    ui::{Button, Failure, Icon, LinkButton, ModalHandle, Retry, Tone},
    upload::use_uploads,
    urls,
};
use bar::{CommandBar, UploadInputs};
use breadcrumb::Breadcrumb;
use delete::DeleteDialog;
use drop::DropZone;
use grid::Grid;
use listing::{Listing, Order, Place, list_place};
use new_folder::NewFolderDialog;
use state::FilesState;

/// The page.
#[component]
pub fn FilesPage() -> impl IntoView {
    let session = use_session();
    let params = use_params_map();
    let query = urls::query();
    let place = Memo::new(move |_| Place {
        bucket: params.with(|params| params.get_str("bucket").unwrap_or_default().to_owned()),
        prefix: query.with(|query| query.get("prefix").unwrap_or_default().to_owned()),
        after: query.with(|query| query.get("after").map(str::to_owned)),
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
                match answer {
                    Ok((session, listing)) => {
                        retry.succeeded();
                        view! { <Files session listing /> }.into_any()
                    }
                    Err(problem) => {
                        let bucket = place.get_untracked().bucket;
                        view! { <FilesFailure problem bucket retry /> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

#[component]
fn FilesFailure(problem: Problem, bucket: String, retry: Retry) -> impl IntoView {
    let shown = visible_name(&bucket);
    view! {
        <div class="page">
            <PageTitle heading=shown.clone() title=format!("{shown} · Files") />
            <Failure
                problem
                missing=format!("There is no bucket {shown} that you can reach.")
                retry
            />
        </div>
    }
}

/// The last level of the folder, or the bucket.
fn heading(listing: &Listing) -> String {
    urls::crumbs(&listing.prefix).pop().map_or_else(
        || listing.bucket.to_string(),
        |level| visible_name(&level.name),
    )
}

fn title(listing: &Listing) -> String {
    if listing.prefix.is_empty() {
        format!("{} · Files", listing.bucket)
    } else {
        format!("{} · {}", visible_name(&listing.prefix), listing.bucket)
    }
}

#[component]
fn Files(session: Session, listing: Listing) -> impl IntoView {
    let query = urls::query();
    let order = Signal::derive(move || {
        query.with(|query| Order::parse(query.get("sort"), query.get("dir")))
    });
    let (heading, title) = (heading(&listing), title(&listing));
    let asked = query.with_untracked(|query| query.get("ask").unwrap_or_default().to_owned());
    let selected = selected(&query.get_untracked().all("sel"), &listing);
    let dialogs = (
        ModalHandle::new(asked == "new-folder" || Outcome::problem("create_folder").is_some()),
        ModalHandle::new(asked == "delete" && !selected.is_empty()),
    );
    let state = FilesState::new(listing, session, order, selected, dialogs);
    Effect::new(move |_| state.load_automatically());
    refresh_after_uploads(state);
    view! {
        <div class="page">
            <Breadcrumb state />
            <div class="page-head">
                <PageTitle heading title />
            </div>
            <BucketTabs bucket=state.bucket.with_value(ToString::to_string) here=Tab::Files />
            <UploadInputs state />
            <DropZone state>
                <CommandBar state />
                <Show
                    when=move || !state.entries.with(Vec::is_empty)
                    fallback=move || view! { <Empty state /> }
                >
                    <Grid state order />
                </Show>
            </DropZone>
            <NewFolderDialog state />
            <DeleteDialog state />
        </div>
    }
}

/// The keys that the address selects; names that are not there are ignored.
fn selected(names: &[String], listing: &Listing) -> BTreeSet<String> {
    listing
        .entries
        .iter()
        .filter(|entry| {
            names
                .iter()
                .any(|name| name == entry.relative(&listing.prefix))
        })
        .map(|entry| entry.key.clone())
        .collect()
}

/// Lists again when something was stored below this folder.
fn refresh_after_uploads(state: FilesState) {
    let finished = use_uploads().finished();
    Effect::new(move |before: Option<()>| {
        let stored = finished.get();
        // The first run sees what was stored before the page was opened.
        if before.is_some()
            && let Some((bucket, key)) = stored
            && state.bucket.with_value(|here| *here == bucket)
            && state
                .prefix
                .with_value(|prefix| key.starts_with(prefix.as_str()))
        {
            state.refresh(|| {});
        }
    });
}

#[component]
fn Empty(state: FilesState) -> impl IntoView {
    let prefix = state.prefix.get_value();
    let missing = {
        let prefix = prefix.clone();
        move || !prefix.is_empty() && !state.marker.get()
    };
    let shown = visible_name(&prefix);
    let up = urls::crumbs(&prefix)
        .into_iter()
        .rev()
        .nth(1)
        .map_or_else(String::new, |level| level.prefix);
    let up = state.bucket.with_value(|bucket| urls::folder(bucket, &up));
    let text = move || {
        if missing() {
            format!("Nothing is stored under {shown}. Drop files or folders here.")
        } else if prefix.is_empty() {
            "This bucket is empty. Drop files or folders here.".to_owned()
        } else {
            "This folder is empty. Drop files or folders here.".to_owned()
        }
    };
    let in_folder = state.prefix.with_value(|prefix| !prefix.is_empty());
    let uploads = use_uploads();
    view! {
        <section class="notice" data-testid="state-empty">
            <Icon name="drop" />
            <h2>{text}</h2>
            <div class="actions">
                <span class="needs-script">
                    <Button
                        tone=Tone::Primary
                        on:click=move |_| {
                            uploads.choose(
                                &state.bucket.get_value(),
                                &state.prefix.get_value(),
                                false,
                                false,
                            );
                        }
                    >
                        <Icon name="upload" />
                        "Choose files"
                    </Button>
                </span>
                {in_folder.then(|| view! { <LinkButton href=up>"One level up"</LinkButton> })}
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use model::BucketName;

    use super::{listing::Entry, *};

    fn listing(prefix: &str, keys: &[&str]) -> Listing {
        let entry = |key: &&str| Entry {
            key: (*key).to_owned(),
            size: (!key.ends_with('/')).then_some(1),
            modified: None,
        };
        Listing {
            bucket: BucketName::parse("raw-scans").unwrap(),
            prefix: prefix.to_owned(),
            entries: keys.iter().map(entry).collect(),
            marker: false,
            token: None,
        }
    }

    #[test]
    fn the_address_selects_by_name_within_the_folder() {
        let here = listing("a/", &["a/b/", "a/x", "a/y"]);
        let names = ["b/", "y", "elsewhere", "a/x"].map(str::to_owned);
        let keys: Vec<String> = selected(&names, &here).into_iter().collect();
        assert_eq!(keys, ["a/b/", "a/y"]);
    }

    #[test]
    fn headings_and_titles_name_the_place() {
        let top = listing("", &[]);
        assert_eq!(heading(&top), "raw-scans");
        assert_eq!(title(&top), "raw-scans · Files");
        let deep = listing("2025/march/", &[]);
        assert_eq!(heading(&deep), "march");
        assert_eq!(title(&deep), "2025/march/ · raw-scans");
    }
}
