//! The session menu: who is signed in where, the theme, and the way out.

use leptos::prelude::*;
use model::session::{Level, Session};

use super::{backend_name, header::ThemeSelect, use_session};
use crate::{ui::Icon, urls};

/// The menu at the right end of the header: a popover, which opens and closes without scripts.
#[component]
pub fn SessionMenu() -> impl IntoView {
    let session = use_session();
    view! {
        <div class="session" data-testid="session-menu">
            <Suspense>
                {move || Suspend::new(async move {
                    session.await.ok().map(|session| view! { <Menu session /> })
                })}
            </Suspense>
        </div>
    }
}

fn level(session: &Session) -> &'static str {
    match session.level {
        Level::System => "System level",
        Level::Tenant => "Tenant",
        Level::S3 => "Access key",
    }
}

#[component]
fn Menu(session: Session) -> impl IntoView {
    let place = session
        .tenant
        .clone()
        .unwrap_or_else(|| match session.level {
            Level::System => "System".to_owned(),
            Level::Tenant | Level::S3 => backend_name(session.backend).to_owned(),
        });
    let initial = session
        .username
        .chars()
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    view! {
        <button type="button" class="session-open" popovertarget="session-panel">
            <span class="avatar" aria-hidden="true">
                {initial}
            </span>
            <span class="session-words">
                <span class="session-user">{session.username.clone()}</span>
                <span class="session-place">{place}</span>
            </span>
            <span class="sr-only">", session menu"</span>
            <Icon name="chevron" />
        </button>
        <div id="session-panel" class="panel" popover="auto">
            <dl class="facts" data-testid="session-item">
                <dt>"User"</dt>
                <dd>{session.username.clone()}</dd>
                {session
                    .tenant
                    .clone()
                    .map(|tenant| {
                        view! {
                            <dt>"Tenant"</dt>
                            <dd>{tenant}</dd>
                        }
                    })}
                <dt>"Level"</dt>
                <dd>{level(&session)}</dd>
                <dt>"Store"</dt>
                <dd>{backend_name(session.backend)}</dd>
            </dl>
            <ThemeSelect />
            <form method="post" action=urls::SIGN_OUT class="sign-out">
                <input type="hidden" name="op" value="sign_out" />
                <button type="submit" class="button button-plain w-full">
                    <Icon name="exit" />
                    "Sign out"
                </button>
            </form>
        </div>
    }
}
