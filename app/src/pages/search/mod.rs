//! `/search`: objects by their metadata, in all namespaces of the tenant; where no store can be asked for that, in
//! the listing of a bucket.

mod builder;
mod columns;
mod commands;
mod edit;
mod form;
mod indexed;
mod kept;
mod listing;
mod memory;
mod picked;
mod results;
mod said;
mod wanted;
mod whole;

use leptos::prelude::*;
use model::{
    TenantName,
    job::{Job, JobKind},
    session::{Backend, Level, Session, person},
};
use serde::{Deserialize, Serialize};

use self::{
    form::SearchForm,
    kept::KeptSearches,
    listing::{Listing, ListingSearch, Place},
    results::Results,
    wanted::{Outcome, Wanted, Why, ask},
};
use crate::{
    layout::{Busy, PageTitle, jobs::use_jobs, use_session},
    text::visible_name,
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
    /// What became of a query, and who asked it.
    Metadata(Outcome, Seat),
    /// A search over a listing, or the form for one.
    Listing(Box<Listing>),
}

/// What the page knows of the session that asks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Seat {
    /// Whether objects can be put on hold, and be given a retention.
    holds: bool,
    tenant: Option<String>,
    /// Whether the settings of namespaces may be seen.
    manages: bool,
    /// Whose searches are kept in the browser.
    person: String,
    /// Whether a real HCP is behind.
    hcp: bool,
    /// The store's address as browsers see it.
    store: Option<String>,
}

impl Seat {
    fn of(session: &Session) -> Self {
        let objects = &session.features.objects;
        Self {
            holds: objects.retention && objects.annotations,
            tenant: session.tenant.clone(),
            manages: session.may_manage(),
            person: person(session.tenant.as_deref(), &session.username),
            hcp: session.backend == Backend::Hcp,
            store: session.upload.store_origin.clone(),
        }
    }
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
            let seat = session.as_ref().map(Seat::of).unwrap_or_default();
            let tenant = seat.tenant.as_deref();
            let tenant = tenant.and_then(|name| TenantName::parse(name).ok());
            let outcome = ask(tenant, wanted).await?;
            Ok(Shown::Metadata(outcome, seat))
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
                                Shown::Metadata(outcome, seat) => {
                                    view! { <Looked wanted outcome seat /> }.into_any()
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
fn Looked(wanted: Wanted, outcome: Outcome, seat: Seat) -> impl IntoView {
    let fault = match &outcome {
        Outcome::Broken(fault) => Some(fault.clone()),
        _ => None,
    };
    let ran = !matches!(outcome, Outcome::Idle | Outcome::Broken(_));
    let form = view! {
        <div class="search-intro">
            <p class="help">{search::means()}</p>
            <KeptSearches person=seat.person.clone() present=wanted.clone() ran />
        </div>
        <SearchForm
            wanted=wanted.clone()
            fault
            tenant=seat.tenant.clone().filter(|_| seat.manages)
            hcp=seat.hcp
        />
    };
    let below = match outcome {
        Outcome::Idle | Outcome::Broken(_) => ().into_any(),
        Outcome::Found(answer, slice) => {
            view! { <Results wanted answer=*answer slice seat /> }.into_any()
        }
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
        Outcome::NotIndexed(names) => notice(
            "state-not-indexed",
            "info",
            // What is searched and empty is no matter of settings.
            if !names.is_empty() && names.iter().all(|(_, why)| *why == Why::Empty) {
                search::nothing()
            } else {
                search::not_indexed()
            },
            not_indexed(&names),
        ),
        Outcome::Nothing => notice(
            "state-empty",
            "search",
            search::nothing(),
            view! {
                {looked_for(&wanted)} {search::nothing_means()}
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

/// Where nothing can be found, and where that is changed.
fn not_indexed(names: &[(String, Why)]) -> AnyView {
    if names.is_empty() {
        return view! {
            {search::not_indexed_means()} " "
            <LinkButton href=urls::NAMESPACES>{search::to_namespaces()}</LinkButton>
        }
        .into_any();
    }
    let each = names.iter().map(|(name, why)| {
        // The address has the namespace alone.
        let own = name.split('.').next().unwrap_or(name);
        let href = urls::below(urls::NAMESPACES, own, "");
        let own = visible_name(own);
        let why = match why {
            Why::Off => search::index_is_off(),
            Why::Empty => search::index_is_empty(),
            Why::Unknown => search::not_indexed_here(),
        };
        view! {
            <li>
                <a href=href>
                    <bdi>{own}</bdi>
                </a>
                ": "
                {why}
            </li>
        }
    });
    view! { <ul class="search-why">{each.collect_view()}</ul> }.into_any()
}

/// What was looked for, and where.
fn looked_for(wanted: &Wanted) -> AnyView {
    let query = said::of(&wanted.query);
    let within =
        (!wanted.namespaces.is_empty()).then(|| visible_name(&wanted.namespaces.join(" ")));
    view! {
        {query
            .map(|query| {
                view! {
                    <span data-testid="search-said">
                        {search::looked_for()}
                        " "
                        <bdi>{query}</bdi>
                        ". "
                    </span>
                }
            })}
        {within.map(|within| format!("{}. ", search::only_in(&within)))}
    }
    .into_any()
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
            <div>{text}</div>
        </section>
    }
    .into_any()
}
