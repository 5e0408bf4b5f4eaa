//! `/sign-out`: the plain page behind the menu's button.

use leptos::prelude::*;

use crate::{
    layout::PageTitle,
    outcome::Outcome,
    ui::{Button, ErrorSummary, LinkButton, Tone},
    urls,
};

/// Asks once, and signs out by POST: following a link must not end a session.
#[component]
pub fn SignOutPage() -> impl IntoView {
    let problem = Signal::stored(Outcome::problem("sign_out"));
    view! {
        <div class="page page-narrow">
            <PageTitle heading="Sign out" title="Sign out" />
            <ErrorSummary problem />
            <form method="post" action=urls::SIGN_OUT class="form-panel">
                <input type="hidden" name="op" value="sign_out" />
                <p>"This ends your session in this browser."</p>
                <div class="actions">
                    <Button kind="submit" tone=Tone::Primary>
                        "Sign out"
                    </Button>
                    <LinkButton href=urls::BUCKETS>"Stay signed in"</LinkButton>
                </div>
            </form>
        </div>
    }
}
