//! `/links`: the Hako links of a person, or for administrators of the tenant.

pub(crate) mod acts;

use leptos::prelude::*;
use model::link::{Link, LinkKind, LinkPage, LinkPageQuery, LinkState, ListLinks};

use self::acts::{Acts, Refused};
use crate::{
    api,
    layout::{Busy, PageTitle},
    text::visible_name,
    ui::{Failure, Icon, LinkButton, Moment, Retry},
    unit, urls,
    words::links,
};

/// The page.
#[component]
pub fn LinksPage() -> impl IntoView {
    let query = urls::query();
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor").map(str::to_owned)));
    let listing = Resource::new_blocking(
        move || cursor.get(),
        |cursor| {
            api::call(ListLinks(LinkPageQuery {
                cursor,
                ..LinkPageQuery::default()
            }))
        },
    );
    let retry = Retry::new(move || listing.refetch());
    let busy = expect_context::<Busy>().0;
    view! {
        <div class="page">
            <PageTitle heading=links::links() title=links::links() />
            <p class="help">{links::means()}</p>
            <Refused />
            <Transition set_pending=busy>
                {move || Suspend::new(async move {
                    match listing.await {
                        Ok(page) => {
                            retry.succeeded();
                            let later = cursor.get_untracked().is_some();
                            view! { <Listing page later /> }.into_any()
                        }
                        Err(problem) => view! { <Failure problem retry /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Listing(page: LinkPage, later: bool) -> impl IntoView {
    let LinkPage {
        links: rows,
        next,
        all,
    } = page;
    if rows.is_empty() && !later {
        return view! {
            <section class="notice" data-testid="state-empty">
                <Icon name="info" />
                <h2>{links::none()}</h2>
                <p>{links::none_means()}</p>
            </section>
        }
        .into_any();
    }
    let next = next.map(|cursor| urls::with_query(urls::LINKS, &[("cursor", &cursor)]));
    let rows = rows
        .into_iter()
        .map(|link| view! { <Row link all /> })
        .collect_view();
    view! {
        <div class="table-frame" role="region" aria-label=links::links() tabindex="0">
            <table class="table table-cards table-links" data-testid="table-links">
                <thead>
                    <tr>
                        <th scope="col">{links::target()}</th>
                        <th scope="col">{links::state()}</th>
                        {all.then(|| view! { <th scope="col">{links::made_by()}</th> })}
                        <th scope="col">{links::made()}</th>
                        <th scope="col">{links::ends()}</th>
                        <th scope="col">{links::uses()}</th>
                        <th scope="col">{links::last_use()}</th>
                        <th scope="col">
                            <span class="sr-only">{links::actions()}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <nav class="actions" aria-label=links::links() data-testid="pager">
            {later
                .then(|| {
                    let href = urls::LINKS.to_owned();
                    view! { <LinkButton href>{links::newest()}</LinkButton> }
                })}
            {next.map(|href| view! { <LinkButton href>{links::older()}</LinkButton> })}
        </nav>
    }
    .into_any()
}

pub(crate) fn state_word(state: LinkState) -> &'static str {
    match state {
        LinkState::Active => links::state_active(),
        LinkState::Ended => links::state_ended(),
        LinkState::UsedUp => links::state_used_up(),
        LinkState::Revoked => links::state_revoked(),
    }
}

fn in_folder(link: &Link) -> String {
    urls::with_query(&urls::bucket(&link.bucket), &[("prefix", &link.target)])
}

#[component]
fn Row(link: Link, all: bool) -> impl IntoView {
    let id = link.id.clone();
    let (href, kind) = match link.kind {
        LinkKind::Download => (
            urls::object(&link.bucket, &link.target),
            links::kind_download(),
        ),
        LinkKind::Folder => (in_folder(&link), links::kind_folder()),
        LinkKind::Request => (in_folder(&link), links::kind_request()),
    };
    let name = format!("{}/{}", link.bucket, link.target);
    let (made_by, created, last) = (link.made_by.clone(), link.created_at, link.last_used_at);
    let (locked, word) = (link.password, link.kind.as_str());
    let addresses = link.addresses.join(", ");
    let now = RwSignal::new(link);
    let state = move || now.with(|link| link.state.as_str());
    let uses = move || {
        now.with(|link| {
            let used = unit::count(u64::from(link.uses));
            match link.max_uses {
                Some(most) => links::uses_of(&used, &unit::count(u64::from(most))),
                None => used,
            }
        })
    };
    view! {
        <tr data-testid="row" data-key=id data-kind=word data-state=state>
            <th scope="row">
                <a href=href class="name-link">
                    <bdi>{visible_name(&name)}</bdi>
                </a>
                <span class="chip">{kind}</span>
                {locked.then(|| view! { <span class="chip">{links::locked()}</span> })}
                {(!addresses.is_empty())
                    .then(|| {
                        view! {
                            <span class="chip" title=addresses>
                                {links::limited()}
                            </span>
                        }
                    })}
            </th>
            <td data-label=links::state()>{move || now.with(|link| state_word(link.state))}</td>
            {all
                .then(|| {
                    view! {
                        <td data-label=links::made_by()>
                            <bdi>{made_by}</bdi>
                        </td>
                    }
                })}
            <td data-label=links::made()>
                <Moment time=created />
            </td>
            <td data-label=links::ends()>
                {move || {
                    let time = now.with(|link| link.ends_at);
                    view! { <Moment time /> }
                }}
            </td>
            <td data-label=links::uses()>{uses}</td>
            <td data-label=links::last_use()>
                {match last {
                    Some(time) => view! { <Moment time /> }.into_any(),
                    None => links::never().into_any(),
                }}
            </td>
            <td class="job-acts">
                <Acts link=now />
            </td>
        </tr>
    }
    .into_any()
}
