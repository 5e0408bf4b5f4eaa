//! `/search`: objects by their metadata, in all namespaces of the tenant.

mod columns;
mod form;
mod results;
mod wanted;

use leptos::prelude::*;
use model::TenantName;

use self::{
    form::SearchForm,
    results::Results,
    wanted::{Outcome, Wanted, ask},
};
use crate::{
    layout::{Busy, PageTitle, use_session},
    ui::{Failure, Icon, LinkButton, Retry},
    urls,
    words::search,
};

/// The page.
#[component]
pub fn SearchPage() -> impl IntoView {
    let session = use_session();
    let query = urls::query();
    let wanted = Memo::new(move |_| query.with(Wanted::of));
    let found = Resource::new_blocking(
        move || wanted.get(),
        move |wanted| async move {
            let tenant = session.await.ok().and_then(|session| session.tenant);
            let tenant = tenant.and_then(|name| TenantName::parse(&name).ok());
            ask(tenant, wanted).await
        },
    );
    let retry = Retry::new(move || found.refetch());
    let busy = expect_context::<Busy>().0;
    view! {
        <div class="page">
            <PageTitle heading=search::search() title=search::search() />
            <p class="help">{search::means()}</p>
            <Transition set_pending=busy>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(outcome) => {
                            retry.succeeded();
                            let wanted = wanted.get_untracked();
                            view! { <Looked wanted outcome /> }.into_any()
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
fn Looked(wanted: Wanted, outcome: Outcome) -> impl IntoView {
    let fault = match &outcome {
        Outcome::Broken(fault) => Some(fault.clone()),
        _ => None,
    };
    let form = view! { <SearchForm wanted=wanted.clone() fault /> };
    let below = match outcome {
        Outcome::Idle | Outcome::Broken(_) => ().into_any(),
        Outcome::Found(answer) => view! { <Results wanted answer=*answer /> }.into_any(),
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
