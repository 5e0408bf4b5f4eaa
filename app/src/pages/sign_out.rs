//! `/sign-out`: the plain page behind the menu's button.

use leptos::prelude::*;

use crate::{
    SessionField,
    layout::PageTitle,
    outcome::Outcome,
    ui::{Button, ErrorSummary, LinkButton, Tone},
    urls, words,
};

/// Asks once, and signs out by POST: following a link must not end a session.
#[component]
pub fn SignOutPage() -> impl IntoView {
    let problem = Signal::stored(Outcome::problem("sign_out"));
    view! {
        <div class="page page-narrow">
            <PageTitle heading=words::frame::sign_out() title=words::frame::sign_out() />
            <ErrorSummary problem />
            <form method="post" action=urls::SIGN_OUT class="form-panel">
                <input type="hidden" name="op" value="sign_out" />
                <SessionField />
                <p>{words::frame::sign_out_means()}</p>
                <div class="actions">
                    <Button kind="submit" tone=Tone::Primary>
                        {words::frame::sign_out()}
                    </Button>
                    <LinkButton href=urls::BUCKETS>{words::frame::stay_signed_in()}</LinkButton>
                </div>
            </form>
            <p>
                <a href=urls::SESSIONS>{words::session::sessions()}</a>
            </p>
        </div>
    }
}
