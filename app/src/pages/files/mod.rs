//! `/buckets/{b}?prefix=…`: the objects of a bucket, folder by folder.

mod action;
mod acts;
mod bar;
mod breadcrumb;
mod deleted;
mod download;
mod drawer;
mod drop;
mod ends;
mod filter;
mod filter_bar;
mod forbidden;
mod grid;
mod hand;
mod kind;
pub mod listing;
mod look;
mod memory;
mod menu;
mod moving;
mod new_folder;
mod order;
mod pending;
mod plain_upload;
mod row;
mod rows;
mod say;
mod selection;
mod state;
mod status;
mod window;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{ErrorCode, Problem, session::Session};

use crate::{
    layout::{Busy, PageTitle, use_session},
    outcome::Outcome,
    pages::bucket_tabs::{BucketTabs, Tab},
    text::visible_name,
    ui::{Button, Failure, Icon, LinkButton, ModalHandle, Retry, Tone},
    upload::use_uploads,
    urls,
    words::files,
};
pub use action::Action;
use acts::{Acts, Asked, Surfaces};
use bar::{CommandBar, UploadInputs};
use breadcrumb::Breadcrumb;
pub(crate) use drawer::RetentionValue;
use drawer::{Drawer, Opened};
use drop::DropZone;
use filter_bar::{FilterBar, NoMatch};
use forbidden::Forbidden;
use grid::Grid;
use hand::Hand;
use listing::{Listing, Place, list_place};
use look::Look;
use menu::{ContextMenu, Menu};
use moving::MovingPart;
use new_folder::NewFolderDialog;
use pending::{Countdown, Pending};
use rows::Rows;
use state::FilesState;
use status::StatusLine;
use window::Window;

/// The page.
#[component]
pub fn FilesPage() -> impl IntoView {
    let session = use_session();
    let params = use_params_map();
    let query = urls::query();
    let place = Memo::new(move |_| Place {
        bucket: params.with(|params| params.get_str("bucket").unwrap_or_default().to_owned()),
        prefix: query.with(|query| query.get("prefix").unwrap_or_default().to_owned()),
        flat: query.with(|query| query.get("view") == Some("flat")),
        deleted: query.with(|query| query.get("deleted") == Some("1")),
        after: query.with(|query| query.get("after").map(str::to_owned)),
    });
    let listing = Resource::new_blocking(move || place.get(), list_place);
    let opened = Opened::new(place.with_untracked(|place| place.bucket.clone()), session);
    let retry = Retry::new(move || listing.refetch());
    let busy = expect_context::<Busy>().0;
    let pending = Pending::new();
    view! {
        <Transition set_pending=busy>
            {move || Suspend::new(async move {
                let seen = opened.get().await;
                let session = session.await;
                match (session, listing.await) {
                    (Ok(session), Ok(listing)) => {
                        retry.succeeded();
                        view! { <Files session listing pending seen /> }.into_any()
                    }
                    (Ok(session), Err(problem)) if problem.code == ErrorCode::AccessDenied => {
                        let Place { bucket, prefix, .. } = place.get_untracked();
                        view! { <Forbidden problem session bucket prefix pending retry /> }.into_any()
                    }
                    (Err(problem), _) | (_, Err(problem)) => {
                        let bucket = place.get_untracked().bucket;
                        view! { <FilesFailure problem bucket retry /> }.into_any()
                    }
                }
            })}
        </Transition>
        <Countdown pending />
    }
}

#[component]
fn FilesFailure(problem: Problem, bucket: String, retry: Retry) -> impl IntoView {
    let shown = visible_name(&bucket);
    view! {
        <div class="page">
            <PageTitle heading=shown.clone() title=files::title(&shown) />
            <Failure
                problem
                missing=files::no_such_bucket(&shown)
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
        files::title(listing.bucket.as_str())
    } else {
        format!("{} · {}", visible_name(&listing.prefix), listing.bucket)
    }
}

#[component]
fn Files(
    session: Session,
    listing: Listing,
    pending: Pending,
    /// What the server has seen of the object that the address opens.
    seen: Option<String>,
) -> impl IntoView {
    let query = own_query(&listing);
    let (heading, title) = (heading(&listing), title(&listing));
    let asked = query.with_untracked(|query| query.get("ask").unwrap_or_default().to_owned());
    let dialogs = (
        ModalHandle::new(asked == "new-folder" || Outcome::problem("create_folder").is_some()),
        ModalHandle::new(false),
    );
    let state = FilesState::new(listing, session, query, pending, dialogs);
    pending.show_in(state);
    state.follow(query);
    Effect::new(move |_| state.load_automatically());
    ends::watch(state);
    refresh_after_uploads(state);
    refresh_after_jobs(state);
    let window = Window::new(state);
    let menu = Menu::new();
    let acts = Acts::new(state, window, pending);
    let hand = Hand::new(window, menu, acts);
    hand.listen();
    remember(state, window);
    let any = Memo::new(move |_| {
        state.rows.with(|rows| rows.held() > 0) || state.token.with(Option::is_some)
    });
    let shown = Memo::new(move |_| {
        !state.rows.with(Rows::is_empty)
            || state
                .look
                .with(|look| look.text.is_empty() && !look.has_facets())
    });
    view! {
        <div class="beside">
        <div class="page" class:is-picking=move || hand.picking.get()>
            <Breadcrumb state />
            <div class="page-head">
                <PageTitle heading title />
            </div>
            <BucketTabs bucket=state.bucket.with_value(ToString::to_string) here=Tab::Files />
            <UploadInputs state />
            <MovingPart state window />
            <DropZone state>
                <CommandBar state hand />
                <Ignored query />
                <Show when=move || any.get() fallback=move || view! { <Empty state /> }>
                    <FilterBar state />
                    <Show when=move || shown.get() fallback=move || view! { <NoMatch state /> }>
                        <Grid state window hand />
                    </Show>
                    <StatusLine state />
                </Show>
            </DropZone>
            <ContextMenu state hand menu />
            <NewFolderDialog state window />
            <Asked acts asked=asked == "delete" />
            <Surfaces acts />
        </div>
        <Drawer state window seen />
        </div>
    }
}

/// The query of the page as long as it is that of this folder: while the next one is loading, what is
/// shown stays as it is.
fn own_query(listing: &Listing) -> Memo<urls::Query> {
    let query = urls::query();
    let pathname = urls::path();
    let path = urls::bucket(listing.bucket.as_str());
    let (prefix, flat, deleted) = (listing.prefix.clone(), listing.flat, listing.deleted);
    Memo::new(move |before: Option<&urls::Query>| {
        let now = query.get();
        let own = pathname.with(|now| *now == path)
            && now.get("prefix").unwrap_or_default() == prefix
            && (now.get("view") == Some("flat")) == flat
            && (now.get("deleted") == Some("1")) == deleted;
        match before {
            Some(before) if !own => before.clone(),
            _ => now,
        }
    })
}

/// What of the address the page does not know.
#[component]
fn Ignored(query: Memo<urls::Query>) -> impl IntoView {
    let ignored = Memo::new(move |_| query.with(|query| Look::parse(query).1));
    let note = move || {
        let names = ignored.get();
        (!names.is_empty()).then(|| {
            view! {
                <p class="note" data-testid="ignored">
                    <Icon name="info" />
                    {files::ignored(&names.join(", "))}
                </p>
            }
        })
    };
    view! { {note} }
}

/// Finds the folder as it was left, where one came back, and remembers how it is left.
#[cfg(feature = "hydrate")]
fn remember(state: FilesState, window: Window) {
    memory::listen();
    let folder = move || untrack(|| state.folder_of_view());
    let current = urls::current();
    Effect::new(move |_| {
        if let Ok(history) = leptos::prelude::window().history() {
            let _ = history.set_scroll_restoration(web_sys::ScrollRestoration::Manual);
        }
        let Some(left) = memory::arrive(&folder()) else {
            return;
        };
        state.choose_as_left(&left, &current.get_untracked());
        // After the heading has had the focus.
        request_animation_frame(move || {
            request_animation_frame(move || {
                let scrolls = left.first.is_some();
                if let Some((key, offset)) = left.first {
                    // When the rows have their places in the document: before, it is too short to be
                    // scrolled so far.
                    state.when_there(key, move |id| {
                        request_animation_frame(move || {
                            if !state.is_gone() {
                                window.show(id, offset);
                            }
                        });
                    });
                }
                if let Some((key, column, focused)) = left.cursor {
                    state.when_there(key, move |id| {
                        state.set_cursor(id, column);
                        // After it was scrolled, which the focus is not to change.
                        request_animation_frame(move || {
                            request_animation_frame(move || {
                                if state.is_gone() || !focused {
                                    return;
                                }
                                if scrolls {
                                    window.focus_in_place(id, column);
                                } else {
                                    window.focus(id, column);
                                }
                            });
                        });
                    });
                }
            });
        });
    });
    Effect::new(move |_| {
        let here = current.get();
        if state.is_of(&here) {
            state.note_address(here);
        } else {
            memory::leave(&folder(), state.left(window.first()));
        }
    });
    on_cleanup(|| {
        if let Ok(history) = leptos::prelude::window().history() {
            let _ = history.set_scroll_restoration(web_sys::ScrollRestoration::Auto);
        }
    });
}

#[cfg(not(feature = "hydrate"))]
fn remember(state: FilesState, window: Window) {
    let _ = (window.first(), memory::Left::default(), state.is_of(""));
}

/// Lists again when a job in this bucket, or into it, has ended.
fn refresh_after_jobs(state: FilesState) {
    let jobs = crate::layout::jobs::use_jobs();
    Effect::new(move |before: Option<()>| {
        let ended = jobs.ended();
        let touches = ended.is_some_and(|job| {
            let target = job.target.and_then(|target| target.bucket);
            let mut buckets = job.bucket.into_iter().chain(target);
            state
                .bucket
                .with_value(|here| buckets.any(|bucket| here.as_str() == bucket))
        });
        // The first run sees what ended before the page was opened.
        if before.is_some() && touches {
            state.refresh_when_idle();
        }
    });
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
            state.refresh_when_idle();
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
            files::nothing_under(&shown)
        } else if prefix.is_empty() {
            files::bucket_empty().to_owned()
        } else {
            files::folder_empty().to_owned()
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
                        press=move |_| {
                            uploads.choose(
                                &state.bucket.get_value(),
                                &state.prefix.get_value(),
                                false,
                                false,
                            );
                        }
                    >
                        <Icon name="upload" />
                        {files::choose_files()}
                    </Button>
                </span>
                {in_folder.then(|| view! { <LinkButton href=up>{files::one_level_up()}</LinkButton> })}
                <deleted::ShowDeleted state />
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use model::BucketName;

    use super::*;

    fn listing(prefix: &str) -> Listing {
        Listing::unknown(BucketName::parse("raw-scans").unwrap(), prefix.to_owned())
    }

    #[test]
    fn headings_and_titles_name_the_place() {
        let top = listing("");
        assert_eq!(heading(&top), "raw-scans");
        assert_eq!(title(&top), "raw-scans · Files");
        let deep = listing("2025/march/");
        assert_eq!(heading(&deep), "march");
        assert_eq!(title(&deep), "2025/march/ · raw-scans");
    }
}
