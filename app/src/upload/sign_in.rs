//! Signing in without leaving the page, so that uploads go on where they are.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{Problem, auth::TokenRequest, session::SignIn};

use super::{Uploads, Wish, words};
use crate::{
    api,
    ui::{Button, ErrorSummary, Modal, ModalHandle, TextField, Tone},
    urls,
    words::uploads,
};

/// What stands in the dock when the session has ended, and the dialog behind it.
#[component]
pub(super) fn SignInAgain(uploads: Uploads) -> impl IntoView {
    let handle = ModalHandle::new(false);
    let person = uploads.state.person;
    let line = move || {
        person.with(|person| match &person.stranger {
            None => uploads::session_ended().to_owned(),
            Some(stranger) => uploads::uploads_are_of(&words::owner(person), stranger),
        })
    };
    view! {
        <div class="dock-note" data-testid="banner-session">
            <p>{line}</p>
            <Button
                tone=Tone::Primary
                attr:data-testid="upload-sign-in"
                press=move |_| handle.open()
            >
                {uploads::state_signed_out()}
            </Button>
        </div>
        <Modal
            handle
            title=uploads::state_signed_out()
            back=urls::SIGN_IN.to_owned()
            testid="upload-sign-in-dialog"
        >
            <SignInForm uploads handle />
        </Modal>
    }
}

/// The form: as who the uploads were begun, and the password.
#[component]
fn SignInForm(uploads: Uploads, handle: ModalHandle) -> impl IntoView {
    let known = uploads.state.person.get_untracked();
    let tenant = RwSignal::new(known.tenant);
    let username = RwSignal::new(known.username);
    let password = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let request = SignIn(TokenRequest {
            username: username.get_untracked(),
            password: password.get_untracked(),
            tenant: Some(tenant.get_untracked()).filter(|tenant| !tenant.is_empty()),
            grant_type: None,
            workspace: None,
        });
        spawn_local(async move {
            let answer = api::call(request).await;
            // The dialog may have been closed meanwhile.
            busy.try_set(false);
            match answer {
                Ok(_session) => {
                    password.try_set(String::new());
                    handle.close();
                    uploads.wish(Wish::SignedIn);
                }
                Err(refused) => {
                    problem.try_set(Some(refused));
                }
            }
        });
    };
    view! {
        <form data-testid="upload-sign-in-form" on:submit=submit>
            <div class="modal-body">
            <ErrorSummary problem testid="signin-error" takes_focus=false />
            <TextField
                name="again-tenant"
                label=uploads::tenant()
                value=tenant
                autocomplete="organization"
            />
            <TextField
                name="again-username"
                label=uploads::user_name()
                value=username
                autocomplete="username"
            />
            <TextField
                name="again-password"
                label=uploads::password()
                value=password
                kind="password"
                autocomplete="current-password"
                autofocus=true
            />
            </div>
            <footer class="modal-foot">
                <Button kind="submit" tone=Tone::Primary attr:data-testid="upload-sign-in-submit">
                    {uploads::sign_in()}
                </Button>
            </footer>
        </form>
    }
}
