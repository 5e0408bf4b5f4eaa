//! `/sessions`: who is signed in in this browser.

use leptos::prelude::*;
use model::{
    form::safe_path,
    session::{KnownSession, SessionState},
};

use crate::{
    layout::{
        PageTitle,
        session::{GoOnAs, SignOutOf, SignOutOfAll, level, person, place, state_name, state_word},
        use_sessions,
    },
    ui::{Failure, Icon, LinkButton, Moment, Retry, Tone},
    urls, words,
};

/// The list: each session can be switched to and ended, with and without scripts.
#[component]
pub fn SessionsPage() -> impl IntoView {
    let sessions = use_sessions();
    let retry = Retry::new(move || sessions.refetch());
    let query = urls::query();
    // A form was refused because another session had taken the place of its page's.
    let refused = move || {
        query.with_untracked(|query| query.get("refused").and_then(safe_path).map(str::to_owned))
    };
    view! {
        <div class="page">
            <div class="page-head">
                <PageTitle heading=words::session::sessions() title=words::session::sessions() />
                <LinkButton href=urls::SIGN_IN tone=Tone::Primary attr:rel="external">
                    {words::session::sign_in_elsewhere()}
                </LinkButton>
            </div>
            {move || refused().map(|_| view! { <Refused /> })}
            <Suspense>
                {move || Suspend::new(async move {
                    match sessions.await {
                        Ok(list) => {
                            let next = refused();
                            view! { <Sessions list=list.sessions next /> }.into_any()
                        }
                        Err(problem) => view! { <Failure problem retry /> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
    .into_any()
}

#[component]
fn Refused() -> impl IntoView {
    view! {
        <div class="alert alert-danger" role="alert" data-testid="session-mismatch">
            <Icon name="alert" />
            <p>{words::session::displaced_explained()}</p>
        </div>
    }
    .into_any()
}

#[component]
fn Sessions(list: Vec<KnownSession>, next: Option<String>) -> impl IntoView {
    let many = list.len() > 1;
    let rows = list
        .into_iter()
        .map(|session| row(session, next.clone(), many))
        .collect_view();
    view! {
        <ul class="session-cards" data-testid="table-sessions">
            {rows}
        </ul>
        {many
            .then(|| {
                view! {
                    <div class="actions">
                        <SignOutOfAll />
                    </div>
                }
            })}
    }
    .into_any()
}

fn row(session: KnownSession, next: Option<String>, many: bool) -> AnyView {
    let (state, current) = (session.state, session.current);
    let who = person(&session);
    let id = session.id.clone();
    let ends = if state == SessionState::Ended {
        words::session::ended_at()
    } else {
        words::session::ends_at()
    };
    let next = next.unwrap_or_else(|| urls::SESSIONS.to_owned());
    // Of the current one that was not refused anything there is nothing to switch to.
    let switch = (!current || state == SessionState::Ended || next != urls::SESSIONS)
        .then(|| view! { <GoOnAs session=session.clone() next /> });
    view! {
        <li class="session-card" data-testid="row" data-key=id data-state=state_name(state)>
            <div class="session-card-who">
                <h2>
                    <bdi>{session.username.clone()}</bdi>
                </h2>
                <p>
                    {place(&session)} " · " {level(&session)}
                </p>
                <p class="muted">
                    {state_word(state)} " · " {ends} " " <Moment time=session.expires_at />
                </p>
                {current.then(|| view! { <span class="chip">{words::session::current()}</span> })}
            </div>
            <div class="session-card-acts">
                {switch}
                <SignOutOf
                    id=session.id
                    next=many.then_some(urls::SESSIONS)
                    label=words::session::sign_out_of(&who)
                >
                    {words::frame::sign_out()}
                </SignOutOf>
            </div>
        </li>
    }
    .into_any()
}
