//! `/buckets/{b}/uploads`: multipart uploads that nobody has completed yet, whoever began them.

mod abort;
mod complete;
mod listing;
mod older;
mod resume;
mod row;
mod state;
mod table;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{Problem, multipart::OpenUpload, session::Session};

use crate::{
    layout::{Busy, PageTitle, use_session},
    outcome::Outcome,
    pages::bucket_tabs::{BucketCrumbs, BucketTabs, Tab},
    text::visible_name,
    ui::{Button, Failure, Icon, LinkButton, Retry},
    unit,
    upload::use_uploads,
    urls::{self, Query},
    words::unfinished,
};
use abort::AbortDialog;
use complete::CompleteDialog;
use listing::{Listing, Place, list_place};
use older::OlderDialog;
use resume::ResumeInput;
use state::UploadsPageState;
use table::Table;

/// The page.
#[component]
pub fn UploadsPage() -> impl IntoView {
    let session = use_session();
    let params = use_params_map();
    let query = urls::query();
    let place = Memo::new(move |_| Place {
        bucket: params.with(|params| params.get_str("bucket").unwrap_or_default().to_owned()),
        after: query.with(after),
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
                        let place = place.get_untracked();
                        view! { <OpenUploads place session listing /> }.into_any()
                    }
                    Err(problem) => {
                        let bucket = place.get_untracked().bucket;
                        view! { <UploadsFailure problem bucket retry /> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

/// Where the page before ended.
fn after(query: &Query) -> Option<(String, String)> {
    let key = query.get("key_marker")?.to_owned();
    let upload = query.get("upload_id_marker").unwrap_or_default().to_owned();
    Some((key, upload))
}

/// The upload that the address asks about: one of the page, or one that is not on it any more.
fn asked_about(query: &Query, listing: &Listing) -> Option<OpenUpload> {
    let (key, upload_id) = (query.get("key")?, query.get("upload")?);
    let shown = listing.uploads.iter();
    let mut shown = shown.filter(|upload| upload.key == key && upload.upload_id == upload_id);
    Some(shown.next().cloned().unwrap_or_else(|| OpenUpload {
        key: key.to_owned(),
        upload_id: upload_id.to_owned(),
        initiated: None,
        storage_class: None,
        initiator: None,
        abort_date: None,
        checksum_algorithm: None,
    }))
}

#[component]
fn UploadsFailure(problem: Problem, bucket: String, retry: Retry) -> impl IntoView {
    let shown = visible_name(&bucket);
    view! {
        <div class="page">
            <BucketCrumbs bucket />
            <PageTitle
                heading=unfinished::uploads_in_progress()
                title=unfinished::title(&shown)
            />
            <Failure
                problem
                missing=unfinished::no_such_bucket(&shown)
                retry
            />
        </div>
    }
}

#[component]
fn OpenUploads(place: Place, session: Session, listing: Listing) -> impl IntoView {
    let query = urls::query().get_untracked();
    let asked = query.get("ask").unwrap_or_default().to_owned();
    let chosen = asked_about(&query, &listing);
    let bucket = listing.bucket.to_string();
    let state = UploadsPageState::new(place, session, listing, chosen, &asked);
    Effect::new(move |_| {
        state.load_noted();
        state.look_into_all();
    });
    refresh_after_uploads(state);
    let title = unfinished::title(&bucket);
    let number = Signal::derive(move || number(state));
    view! {
        <div class="page">
            <BucketCrumbs bucket=bucket.clone() />
            <div class="page-head">
                <PageTitle heading=unfinished::uploads_in_progress() title />
                <div class="page-actions needs-script" data-testid="page-actions">
                    <Show when=move || !state.rows.with(Vec::is_empty)>
                        <Button
                            attr:data-testid="mpu-abort-older"
                            press=move |_| state.older.open()
                        >
                            <Icon name="trash" />
                            {unfinished::abort_old_uploads_dots()}
                        </Button>
                    </Show>
                </div>
            </div>
            <BucketTabs bucket here=Tab::Uploads uploads=number />
            <p class="help">
                {unfinished::large_files_go_in_parts()}
            </p>
            <Refusal />
            <Show
                when=move || !state.rows.with(Vec::is_empty)
                fallback=move || view! { <Empty state /> }
            >
                <Table state />
            </Show>
            <ResumeInput state />
            <AbortDialog state />
            <OlderDialog state />
            <CompleteDialog state />
        </div>
    }
}

/// What was refused to a form without scripts whose dialog is not shown again.
#[component]
fn Refusal() -> impl IntoView {
    let shown = urls::query().with_untracked(|query| query.get("ask").is_some());
    let problem = Outcome::problem(abort::FORM).filter(|_| !shown);
    problem.map(|problem| {
        view! {
            <div class="alert alert-danger" role="alert">
                <Icon name="alert" />
                <p>{problem.sentence()}</p>
            </div>
        }
    })
}

/// How many there are, as far as this page knows.
fn number(state: UploadsPageState) -> Option<String> {
    let is_first = state.place.with_value(|place| place.after.is_none());
    let more = state.next.with(Option::is_some);
    let here = state.rows.with(Vec::len);
    let here = unit::count(here as u64);
    is_first.then(|| if more { format!("{here}+") } else { here })
}

/// Lists again when something of this bucket was stored from here.
fn refresh_after_uploads(state: UploadsPageState) {
    let finished = use_uploads().finished();
    Effect::new(move |before: Option<()>| {
        let stored = finished.get();
        // The first run sees what was stored before the page was opened.
        if before.is_some()
            && let Some((bucket, _)) = stored
            && state.bucket.with_value(|here| *here == bucket)
        {
            state.refresh(None);
        }
    });
}

#[component]
fn Empty(state: UploadsPageState) -> impl IntoView {
    let first = state.place.with_value(|place| place.after.is_none());
    let bucket = state.place.with_value(|place| place.bucket.clone());
    view! {
        <section class="notice" data-testid="state-empty">
            <Icon name="upload" />
            <h2>{if first { unfinished::no_unfinished_uploads() } else { unfinished::nothing_more_here() }}</h2>
            <p>
                {if first {
                    unfinished::nothing_hidden()
                } else {
                    unfinished::page_is_empty()
                }}
            </p>
            <p class="actions">
                {if first {
                    view! { <LinkButton href=urls::bucket(&bucket)>{unfinished::files()}</LinkButton> }
                } else {
                    view! {
                        <LinkButton href=urls::uploads(&bucket, None)>{unfinished::first_page()}</LinkButton>
                    }
                }}
            </p>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use model::BucketName;

    use super::*;

    #[test]
    fn the_address_says_where_to_go_on_and_what_is_asked_about() {
        let query = Query::parse("key_marker=a%2Fb&upload_id_marker=9&ask=abort&key=x&upload=7");
        assert_eq!(after(&query), Some(("a/b".to_owned(), "9".to_owned())));
        assert_eq!(after(&Query::parse("upload_id_marker=9")), None);
        let listing = Listing {
            bucket: BucketName::parse("raw-scans").unwrap(),
            uploads: Vec::new(),
            expires: None,
            next: None,
        };
        let asked = asked_about(&query, &listing).unwrap();
        assert_eq!((asked.key.as_str(), asked.upload_id.as_str()), ("x", "7"));
        assert_eq!(
            asked_about(&Query::parse("ask=abort&key=x"), &listing),
            None
        );
    }
}
