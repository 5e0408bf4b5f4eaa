//! What watches over the page's session: the banner before its end, and the dialogs when it has ended or
//! another has taken its place. The page stays as it is meanwhile, with what was typed.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    Problem, Timestamp,
    auth::TokenRequest,
    session::{ENDS_SOON_SECONDS, KnownSession, ListSessions, Mark, Session, SessionState, SignIn},
};

use super::{session::person, use_session};
use crate::{
    api, browser, drawn,
    ui::{Button, Clock, ErrorSummary, Icon, Modal, ModalHandle, TextField, Tone},
    urls, words,
};

/// Why the server refused a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The session has ended.
    SignedOut,
    /// Another session has taken its place.
    Displaced,
}

/// What a refused change means for the page. Uploads help themselves, in the dock.
pub(crate) fn trouble_of(problem: &Problem, path: &str) -> Option<Trouble> {
    let of_uploads = ["/multipart", "/presign", "/upload"];
    if of_uploads.iter().any(|part| path.contains(part)) {
        None
    } else if problem.code == model::ErrorCode::SessionMismatch {
        Some(Trouble::Displaced)
    } else {
        api::needs_sign_in(problem).then_some(Trouble::SignedOut)
    }
}

/// The banner and the dialogs.
#[component]
pub(super) fn SessionWatch() -> impl IntoView {
    let session = use_session();
    let clock = use_context::<Clock>();
    // What changes here leaves the rest of the page alone.
    let end = RwSignal::new(None::<Timestamp>);
    let known = RwSignal::new(None::<Session>);
    let trouble = RwSignal::new(None::<Trouble>);
    let sign_in = ModalHandle::new(false);
    let displaced = ModalHandle::new(false);
    Effect::new(move |_| {
        if let Some(Ok(session)) = session.get() {
            end.set(Some(session.expires_at));
            known.set(Some(session));
        }
    });
    api::watch(trouble);
    Effect::new(move |_| match trouble.get() {
        Some(Trouble::SignedOut) => sign_in.open(),
        Some(Trouble::Displaced) => displaced.open(),
        None => {}
    });
    // The next refusal opens the dialog again.
    Effect::new(move |_| {
        if !sign_in.is_open() && !displaced.is_open() {
            trouble.set(None);
        }
    });
    let left = Memo::new(move |_| {
        let now = clock.and_then(Clock::now)?;
        let left = end.get()?.unix_seconds() - now.unix_seconds();
        (left <= ENDS_SOON_SECONDS).then_some(left.max(0))
    });
    let form = move || {
        known
            .get_untracked()
            .map(|session| view! { <SignInAgain session handle=sign_in end /> })
    };
    view! {
        {move || left.get().map(|left| view! { <Banner left handle=sign_in /> })}
        <Modal
            handle=sign_in
            title=words::session::again_title()
            back=urls::SIGN_IN.to_owned()
            testid="session-sign-in"
        >
            {form()}
        </Modal>
        <Modal
            handle=displaced
            title=words::session::displaced_title()
            back=urls::SESSIONS.to_owned()
            testid="session-mismatch"
        >
            <DisplacedBy handle=displaced sign_in />
        </Modal>
    }
    .into_any()
}

#[component]
fn Banner(left: i64, handle: ModalHandle) -> impl IntoView {
    let (line, button) = if left == 0 {
        (
            words::session::has_ended().to_owned(),
            words::session::sign_in_again(),
        )
    } else {
        let minutes = u64::try_from(left.saturating_add(59) / 60).unwrap_or_default();
        (words::session::ends_in(minutes), words::session::stay())
    };
    view! {
        <div class="session-banner" role="status" data-testid="banner-session">
            <Icon name="info" />
            <p>{line}</p>
            <Button attr:data-testid="session-stay" press=move |_| handle.open()>
                {button}
            </Button>
        </div>
    }
    .into_any()
}

/// The password of the page's own person; nobody else goes on with this page.
#[component]
fn SignInAgain(
    session: Session,
    handle: ModalHandle,
    end: RwSignal<Option<Timestamp>>,
) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let who = match &session.tenant {
        Some(tenant) => words::session::person(&session.username, tenant),
        None => session.username.clone(),
    };
    let (tenant, username) = (session.tenant, session.username);
    let label = if session.backend.is_hcp() {
        words::session::password()
    } else {
        words::session::secret_key()
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let request = SignIn(TokenRequest {
            username: username.clone(),
            password: password.get_untracked(),
            tenant: tenant.clone(),
            grant_type: None,
            workspace: None,
        });
        spawn_local(async move {
            let answer = api::call(request).await;
            busy.try_set(false);
            match answer {
                Ok(session) => {
                    drawn::set_mark(&Mark {
                        own: session.id.clone(),
                        current: session.id.clone(),
                    });
                    end.try_set(Some(session.expires_at));
                    handle.close();
                }
                Err(refused) => {
                    password.try_set(String::new());
                    problem.try_set(Some(refused));
                    browser::focus("#field-session-password");
                }
            }
        });
    };
    view! {
        <form data-testid="session-sign-in-form" on:submit=submit>
            <div class="modal-body">
                <ErrorSummary problem testid="signin-error" takes_focus=false />
                <p>{words::session::again_explained(&who)}</p>
                <TextField
                    name="session-password"
                    label=label.to_owned()
                    value=password
                    kind="password"
                    autocomplete="current-password"
                    autofocus=true
                />
            </div>
            <footer class="modal-foot">
                <Button kind="submit" tone=Tone::Primary attr:data-testid="session-sign-in-submit">
                    {words::session::sign_in()}
                </Button>
            </footer>
        </form>
    }
    .into_any()
}

/// Who is current now, and the choice between the two.
#[component]
fn DisplacedBy(handle: ModalHandle, sign_in: ModalHandle) -> impl IntoView {
    let sessions = LocalResource::new(|| api::call(ListSessions));
    let here = urls::current();
    let choice = move |list: Vec<KnownSession>| {
        let mark = drawn::mark();
        let own = mark.and_then(|mark| list.iter().find(|one| one.id == mark.own).cloned());
        let current = list.into_iter().find(|one| one.current);
        let go_on = own.map(|own| {
            let words = words::session::continue_as(&person(&own));
            let current = current
                .as_ref()
                .map_or_else(|| own.id.clone(), |one| one.id.clone());
            let go_on = move |_| {
                handle.close();
                if own.state == SessionState::Ended {
                    sign_in.open();
                    return;
                }
                drawn::set_mark(&Mark {
                    own: own.id.clone(),
                    current: current.clone(),
                });
            };
            view! {
                <Button
                    tone=Tone::Primary
                    attr:data-testid="session-continue"
                    press=go_on
                >
                    {words}
                </Button>
            }
        });
        let reload = current.map(|current| {
            let address = move || urls::within_any(&here.get_untracked());
            view! {
                <Button
                    attr:data-testid="session-reload"
                    press=move |_| browser::go(&address())
                >
                    {words::session::reload_as(&person(&current))}
                </Button>
            }
        });
        view! {
            {reload}
            {go_on}
        }
    };
    view! {
        <div class="modal-body">
            <p>{words::session::displaced_explained()}</p>
        </div>
        <footer class="modal-foot">
            {move || {
                sessions
                    .get()
                    .map(|list| choice(list.map(|list| list.sessions).unwrap_or_default()))
            }}
        </footer>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use model::ErrorCode;

    use super::*;

    #[test]
    fn a_refused_change_says_what_has_become_of_the_session() {
        let trouble = |code, path| trouble_of(&Problem::new(code, ""), path);
        let buckets = "/api/v1/buckets";
        assert_eq!(
            trouble(ErrorCode::SessionMismatch, buckets),
            Some(Trouble::Displaced)
        );
        assert_eq!(
            trouble(ErrorCode::TokenExpired, buckets),
            Some(Trouble::SignedOut)
        );
        assert_eq!(trouble(ErrorCode::AccessDenied, buckets), None);
        let upload = "/api/v1/buckets/b/object/multipart/presign?key=k";
        assert_eq!(trouble(ErrorCode::SessionMismatch, upload), None);
    }
}
