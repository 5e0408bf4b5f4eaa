//! The secret key: asked for when somebody wants it, shown for a minute, copied unseen.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use model::{Problem, credentials::RevealSecret};

use crate::{
    api, browser,
    ui::{Icon, Messages},
    words::credentials,
};

/// How long it is shown.
const SHOWN: Duration = Duration::from_mins(1);
/// What stands in its place; it says nothing of its length.
const MASK: &str = "••••••••••••";

/// Asks for the secret key.
pub(super) async fn ask() -> Result<String, Problem> {
    let told = api::call(RevealSecret).await?;
    Ok(told.secret_access_key)
}

/// A button that copies what everybody may see.
#[component]
pub(super) fn CopyText(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    /// What it is called, where the word alone does not say.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let messages = Messages::here();
    let copy = move |_| {
        browser::copy(&text.get_untracked());
        messages.success(credentials::copied());
    };
    view! {
        <button
            type="button"
            class="button button-quiet button-icon needs-script"
            aria-label=move || name.get()
            title=move || name.get()
            data-testid="copy"
            on:click=copy
        >
            <Icon name="copy" />
        </button>
    }
    .into_any()
}

/// The secret key, hidden until somebody wants it.
#[component]
pub(super) fn Secret() -> impl IntoView {
    let shown = RwSignal::new(None::<String>);
    // Which showing it is: a clock of an earlier one hides nothing.
    let turn = RwSignal::new(0_u32);
    let messages = Messages::here();
    let reveal = move |_| {
        turn.update(|turn| *turn += 1);
        if shown.with_untracked(Option::is_some) {
            shown.set(None);
            return;
        }
        let mine = turn.get_untracked();
        spawn_local(async move {
            match ask().await {
                Ok(secret) => {
                    if turn.try_get_untracked() != Some(mine) {
                        return;
                    }
                    shown.set(Some(secret));
                    set_timeout(
                        move || {
                            if turn.try_get_untracked() == Some(mine) {
                                shown.try_set(None);
                            }
                        },
                        SHOWN,
                    );
                }
                Err(problem) => messages.error(problem.sentence()),
            }
        });
    };
    let copy = move |_| {
        spawn_local(async move {
            match ask().await {
                Ok(secret) => {
                    browser::copy(&secret);
                    messages.success(credentials::copied());
                }
                Err(problem) => messages.error(problem.sentence()),
            }
        });
    };
    let is_shown = move || shown.with(Option::is_some);
    view! {
        <code data-testid="cred-secret" data-shown=move || is_shown().then_some("")>
            {move || match shown.get() {
                Some(secret) => secret.into_any(),
                None => {
                    view! {
                        <span aria-hidden="true">{MASK}</span>
                        <span class="sr-only">{credentials::masked()}</span>
                    }
                        .into_any()
                }
            }}
        </code>
        <button type="button" class="button button-plain needs-script" data-testid="cred-reveal" on:click=reveal>
            {move || if is_shown() { credentials::hide() } else { credentials::reveal() }}
        </button>
        <button
            type="button"
            class="button button-quiet button-icon needs-script"
            aria-label=credentials::copy_secret()
            title=credentials::copy_secret()
            data-testid="cred-copy-secret"
            on:click=copy
        >
            <Icon name="copy" />
        </button>
        <span class="help" role="status">
            {move || is_shown().then(credentials::hides_soon)}
        </span>
    }
    .into_any()
}
