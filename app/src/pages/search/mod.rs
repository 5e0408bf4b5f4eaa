//! `/search`: objects by their metadata, in all namespaces of the tenant; where no store can be asked for that, in
//! the listing of a bucket.

mod columns;
mod form;
mod listing;
mod results;
mod wanted;
mod whole;

use leptos::prelude::*;
use model::{
    TenantName,
    job::{Job, JobKind},
    session::{Level, Session},
};
use serde::{Deserialize, Serialize};

use self::{
    form::SearchForm,
    listing::{Listing, ListingSearch, Place},
    results::Results,
    wanted::{Outcome, Wanted, ask},
};
use crate::{
    layout::{Busy, PageTitle, jobs::use_jobs, use_session},
    ui::{Failure, Icon, LinkButton, Retry},
    urls,
    words::search,
};

/// Whether a session can ask for metadata. Nobody at the system level searches, which the page for it says.
fn asks_for_metadata(session: &Session) -> bool {
    session.level == Level::System
        || (session.level == Level::Tenant && session.features.management)
}

/// What the page shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Shown {
    /// What became of a query, and whether objects can be put on hold.
    Metadata(Outcome, bool),
    /// A search over a listing, or the form for one.
    Listing(Box<Listing>),
}

/// The page. A search over a listing is shown wherever its address is opened.
#[component]
pub fn SearchPage() -> impl IntoView {
    let session = use_session();
    let query = urls::query();
    let wanted = Memo::new(move |_| query.with(|query| (Wanted::of(query), Place::of(query))));
    let found = Resource::new_blocking(
        move || wanted.get(),
        move |(wanted, place)| async move {
            let session = session.await.ok();
            let asks = session.as_ref().is_some_and(asks_for_metadata);
            if place.job.is_some() || !asks {
                return listing::ask(place)
                    .await
                    .map(|found| Shown::Listing(Box::new(found)));
            }
            let holds = session.as_ref().is_some_and(|session| {
                let objects = &session.features.objects;
                objects.retention && objects.annotations
            });
            let tenant = session.and_then(|session| session.tenant);
            let tenant = tenant.and_then(|name| TenantName::parse(&name).ok());
            let outcome = ask(tenant, wanted).await?;
            Ok(Shown::Metadata(outcome, holds))
        },
    );
    let retry = Retry::new(move || found.refetch());
    let news = use_jobs();
    Effect::new(move |_| {
        // What was found may be gone.
        let deleted = |job: Job| job.kind == JobKind::Delete && job.progress.done > 0;
        if news.ended().is_some_and(deleted) {
            found.refetch();
        }
    });
    let busy = expect_context::<Busy>().0;
    view! {
        <div class="page">
            <PageTitle heading=search::search() title=search::search() />
            <Transition set_pending=busy>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(shown) => {
                            retry.succeeded();
                            let (wanted, place) = wanted.get_untracked();
                            match shown {
                                Shown::Metadata(outcome, holds) => {
                                    view! { <Looked wanted outcome holds /> }.into_any()
                                }
                                Shown::Listing(listing) => {
                                    view! { <ListingSearch place listing=*listing /> }.into_any()
                                }
                            }
                        }
                        Err(problem) => view! { <Failure problem retry /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

/// The form, and what became of it.
#[component]
fn Looked(wanted: Wanted, outcome: Outcome, holds: bool) -> impl IntoView {
    let fault = match &outcome {
        Outcome::Broken(fault) => Some(fault.clone()),
        _ => None,
    };
    let form = view! {
        <p class="help">{search::means()}</p>
        <SearchForm wanted=wanted.clone() fault />
    };
    let below = match outcome {
        Outcome::Idle | Outcome::Broken(_) => ().into_any(),
        Outcome::Found(answer) => view! { <Results wanted answer=*answer holds /> }.into_any(),
        Outcome::Refused(reason) => notice(
            "state-refused",
            "alert",
            search::refused(),
            reason.into_any(),
        ),
        Outcome::NoRight(reason) => notice(
            "state-forbidden",
            "lock",
            search::no_right(),
            view! {
                {search::no_right_means()}
                {(!reason.is_empty()).then(|| view! { <br /><bdi>{reason}</bdi> })}
            }
            .into_any(),
        ),
        Outcome::NotIndexed => notice(
            "state-not-indexed",
            "info",
            search::not_indexed(),
            view! {
                {search::not_indexed_means()} <LinkButton href=urls::NAMESPACES>
                    {search::to_namespaces()}
                </LinkButton>
            }
            .into_any(),
        ),
        Outcome::Nothing => notice(
            "state-empty",
            "search",
            search::nothing(),
            view! {
                {search::nothing_means()}
                {(!wanted.namespaces.is_empty())
                    .then(|| {
                        let wider = Wanted {
                            namespaces: Vec::new(),
                            ..wanted.at(0)
                        };
                        view! { <LinkButton href=wider.address()>{search::widen()}</LinkButton> }
                    })}
            }
            .into_any(),
        ),
    };
    (form, below)
}

fn notice(
    testid: &'static str,
    icon: &'static str,
    heading: &'static str,
    text: AnyView,
) -> AnyView {
    view! {
        <section class="notice" data-testid=testid>
            <Icon name=icon />
            <h2>{heading}</h2>
            <p>{text}</p>
        </section>
    }
    .into_any()
}
