//! Giving an object to others: the ways there are, and the Hako links that were made before.

use leptos::prelude::*;
use model::{
    Problem,
    link::{Link, LinkPage},
};

use super::{
    live::{Desk, is_alive},
    seen::Given,
};
use crate::{
    pages::{
        files::acts::share::{Subject, Ways},
        links::{acts::Acts, state_word},
    },
    text::visible_name,
    ui::{Icon, Moment},
    unit, urls,
    words::{drawer, links},
};

#[component]
pub(super) fn SharePart(desk: Desk, given: Given) -> impl IntoView {
    let state = desk.state();
    let open = desk.open.get_untracked();
    let is_old = !open.version.is_empty();
    let subject = Subject::opened(state, &open.key);
    let made = RwSignal::new(Vec::<Link>::new());
    let on_link = Callback::new(move |link| made.update(|made| made.insert(0, link)));
    let ways = if is_alive() {
        view! { <Ways subject on_link /> }.into_any()
    } else {
        view! { <p class="note">{drawer::sharing_needs_scripts()}</p> }.into_any()
    };
    view! {
        <div class="share-dialog" data-testid="drawer-share">
            {is_old
                .then(|| {
                    view! {
                        <p class="note">
                            <Icon name="info" />
                            <span>{drawer::shares_newest()}</span>
                        </p>
                    }
                })}
            {ways}
            {given.links.map(|found| view! { <Links made found /> })}
        </div>
    }
    .into_any()
}

/// The links that are there, and above them those that were made meanwhile.
#[component]
fn Links(made: RwSignal<Vec<Link>>, found: Result<LinkPage, Problem>) -> impl IntoView {
    let list = match found {
        Ok(page) => {
            let (earlier, more) = (StoredValue::new(page.links), page.next.is_some());
            let all = move || {
                let mut all = made.get();
                all.extend(earlier.get_value());
                all
            };
            let is_empty = move || made.with(Vec::is_empty) && earlier.with_value(Vec::is_empty);
            view! {
                <Show
                    when=move || !is_empty()
                    fallback=|| view! { <p class="muted">{drawer::no_links()}</p> }
                >
                    <ul class="share-links">
                        <For each=all key=|link| link.id.clone() let:link>
                            <Line link />
                        </For>
                    </ul>
                </Show>
                {more
                    .then(|| {
                        view! {
                            <p>
                                <a href=urls::LINKS>{drawer::more_links()}</a>
                            </p>
                        }
                    })}
            }
            .into_any()
        }
        Err(problem) => view! {
            <p class="error" data-testid="error-links">
                <Icon name="alert" />
                <span>{problem.sentence()}</span>
            </p>
        }
        .into_any(),
    };
    view! {
        <section class="share-part" aria-labelledby="drawer-links" data-testid="drawer-links">
            <h3 id="drawer-links">{drawer::own_links()}</h3>
            {list}
        </section>
    }
    .into_any()
}

#[component]
fn Line(link: Link) -> impl IntoView {
    let (locked, limited) = (link.password, link.addresses.join(", "));
    let by = (!link.own).then(|| drawer::link_by(&visible_name(&link.made_by)));
    let created = link.created_at;
    let id = link.id.clone();
    let now = RwSignal::new(link);
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
        <li
            class="share-link"
            data-testid="drawer-link"
            data-key=id
            data-state=move || now.with(|link| link.state.as_str())
        >
            <p>
                <strong>{move || now.with(|link| state_word(link.state))}</strong>
                {locked.then(|| view! { <span class="chip">{links::locked()}</span> })}
                {(!limited.is_empty())
                    .then(|| {
                        view! {
                            <span class="chip" title=limited>
                                {links::limited()}
                            </span>
                        }
                    })}
            </p>
            <dl class="share-facts">
                <div>
                    <dt>{links::made()}</dt>
                    <dd><Moment time=created /> " " {by}</dd>
                </div>
                <div>
                    <dt>{links::ends()}</dt>
                    <dd>
                        {move || {
                            let time = now.with(|link| link.ends_at);
                            view! { <Moment time /> }
                        }}
                    </dd>
                </div>
                <div>
                    <dt>{links::uses()}</dt>
                    <dd>{uses}</dd>
                </div>
            </dl>
            <div class="actions">
                <Acts link=now />
            </div>
        </li>
    }
    .into_any()
}
