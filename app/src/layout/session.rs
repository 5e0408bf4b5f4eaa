//! The session menu: who is signed in where, the theme, and the ways out.

use leptos::prelude::*;
use model::{
    form::SWITCH,
    session::{KnownSession, Level, Session, SessionState},
};

use super::{header::ThemeSelect, use_session, use_sessions};
use crate::{ui::Icon, urls, words};

/// The menu at the right end of the header: a popover, which opens and closes without scripts.
#[component]
pub fn SessionMenu() -> impl IntoView {
    let session = use_session();
    let sessions = use_sessions();
    view! {
        <div class="session" data-testid="session-menu">
            <Suspense>
                {move || Suspend::new(async move {
                    let all = sessions.await.map(|list| list.sessions).unwrap_or_default();
                    session.await.ok().map(|session| view! { <Menu session all /> })
                })}
            </Suspense>
        </div>
    }
}

/// Where a session is, in a word or two: its tenant, else its level.
pub(crate) fn place(session: &KnownSession) -> String {
    place_of(session.tenant.as_deref(), session.level)
}

fn place_of(tenant: Option<&str>, level: Level) -> String {
    match (tenant, level) {
        (Some(tenant), _) => tenant.to_owned(),
        (None, Level::System) => words::session::level_system().to_owned(),
        (None, Level::Tenant | Level::S3) => words::session::level_key().to_owned(),
    }
}

/// How far a session reaches.
pub(crate) fn level(session: &KnownSession) -> &'static str {
    match session.level {
        Level::System => words::session::level_system(),
        Level::Tenant => words::session::level_tenant(),
        Level::S3 => words::session::level_key(),
    }
}

/// A session in a sentence: "alice at research".
pub(crate) fn person(session: &KnownSession) -> String {
    words::session::person(&session.username, &place(session))
}

/// The word of a state.
pub(crate) fn state_word(state: SessionState) -> &'static str {
    match state {
        SessionState::Active => words::session::state_active(),
        SessionState::EndsSoon => words::session::state_ends_soon(),
        SessionState::Ended => words::session::state_ended(),
    }
}

#[component]
fn Menu(session: Session, all: Vec<KnownSession>) -> impl IntoView {
    let place = place_of(session.tenant.as_deref(), session.level);
    let initial = session
        .username
        .chars()
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    let many = all.len() > 1;
    let own = session.id.clone();
    let items = all
        .into_iter()
        .map(|one| {
            let here = one.id == own;
            item(one, here)
        })
        .collect_view();
    view! {
        <button type="button" class="session-open" popovertarget="session-panel">
            <span class="avatar" aria-hidden="true">
                {initial}
            </span>
            <span class="session-words">
                <span class="session-user">{session.username.clone()}</span>
                <span class="session-place">{place}</span>
            </span>
            <span class="sr-only">{words::session::menu()}</span>
            <Icon name="chevron" />
        </button>
        <div id="session-panel" class="panel" popover="auto">
            <ul class="session-list">{items}</ul>
            <ul class="session-links">
                <li>
                    <a href=urls::SIGN_IN rel="external">{words::session::sign_in_elsewhere()}</a>
                </li>
                <li>
                    <a href=urls::SESSIONS>{words::session::sessions()}</a>
                </li>
                {session
                    .features
                    .management
                    .then(|| {
                        view! {
                            <li>
                                <a href=urls::PASSWORD>{words::session::change_password()}</a>
                            </li>
                        }
                    })}
                <li>
                    <a href=urls::PREFERENCES>{words::preferences::heading()}</a>
                </li>
            </ul>
            <ThemeSelect />
            <div class="sign-out">
                <SignOutOf id=session.id next=many.then_some("/")>
                    {words::frame::sign_out()}
                </SignOutOf>
                {many.then(|| view! { <SignOutOfAll /> })}
            </div>
        </div>
    }
    .into_any()
}

fn item(session: KnownSession, here: bool) -> AnyView {
    let state = session.state;
    view! {
        <li
            class="session-entry"
            data-testid="session-item"
            data-state=state_name(state)
            aria-current=here.then_some("true")
        >
            <span class="session-words-all">
                <span class="session-user">{session.username.clone()}</span>
                <span class="session-place">
                    {place(&session)} " · " {if here { words::session::here() } else { state_word(state) }}
                </span>
            </span>
            {(!here).then(|| view! { <GoOnAs session /> })}
        </li>
    }
    .into_any()
}

/// The name of a state on the page, the same in every language.
pub(crate) fn state_name(state: SessionState) -> &'static str {
    match state {
        SessionState::Active => "active",
        SessionState::EndsSoon => "ends-soon",
        SessionState::Ended => "ended",
    }
}

/// The button that goes on as another session on the same page; for one that has ended the link that
/// signs in again.
#[component]
pub(crate) fn GoOnAs(
    /// The session.
    session: KnownSession,
    /// Where to go on; this page unless given.
    #[prop(optional, into)]
    next: Option<String>,
) -> impl IntoView {
    let here = urls::current();
    let next = Signal::derive(move || next.clone().unwrap_or_else(|| here.get()));
    let who = person(&session);
    if session.state == SessionState::Ended {
        let tenant = session.tenant.unwrap_or_default();
        let href = move || {
            let back = urls::within_any(&next.get());
            urls::sign_in_as(&tenant, &session.username, &back)
        };
        return view! {
            <a
                href=href
                rel="external"
                class="button button-plain"
                aria-label=words::session::sign_in_again_as(&who)
            >
                {words::session::sign_in_again()}
            </a>
        }
        .into_any();
    }
    view! {
        <form method="post" action=move || here.get()>
            <input type="hidden" name="op" value=SWITCH />
            <input type="hidden" name="id" value=session.id />
            <input type="hidden" name="next" value=move || next.get() />
            <button
                type="submit"
                class="button button-plain"
                data-testid="session-switch"
                aria-label=words::session::switch_to(&who)
            >
                {words::session::switch()}
            </button>
        </form>
    }
    .into_any()
}

/// The button that ends one session. It names the session, so that it never ends another.
#[component]
pub(crate) fn SignOutOf(
    /// The session's id.
    id: String,
    /// Where to go then; to sign-in unless given.
    next: Option<&'static str>,
    /// For a list, where the words alone do not say whose session.
    #[prop(optional, into)]
    label: Option<String>,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <form method="post" action=urls::SIGN_OUT>
            <input type="hidden" name="op" value="sign_out_one" />
            <input type="hidden" name="id" value=id />
            {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
            <button type="submit" class="button button-plain w-full" aria-label=label>
                <Icon name="exit" />
                {children()}
            </button>
        </form>
    }
    .into_any()
}

/// The button that ends all sessions.
#[component]
pub(crate) fn SignOutOfAll() -> impl IntoView {
    view! {
        <form method="post" action=urls::SIGN_OUT>
            <input type="hidden" name="op" value="sign_out_all" />
            <button
                type="submit"
                class="button button-plain w-full"
                data-testid="sign-out-all"
            >
                <Icon name="exit" />
                {words::session::sign_out_all()}
            </button>
        </form>
    }
    .into_any()
}

/// With two or more sessions, links say in whose they are meant: who opens one in another tab, or sends it
/// to somebody, stays where it was.
#[component]
pub(super) fn LinkedSessions() -> impl IntoView {
    let session = use_session();
    let sessions = use_sessions();
    Effect::new(move |_| {
        let many = sessions.with(|list| matches!(list, Some(Ok(list)) if list.sessions.len() > 1));
        if let (true, Some(Ok(session))) = (many, session.get()) {
            let place = match (session.tenant, session.level) {
                (Some(tenant), _) => tenant,
                (None, Level::System) => model::session::AS_SYSTEM.to_owned(),
                (None, _) => return,
            };
            crate::browser::name_in_links(move |address| urls::within(address, &place));
        }
    });
}
