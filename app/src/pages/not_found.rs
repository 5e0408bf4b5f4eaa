//! Any address that is no page.

use leptos::prelude::*;

use crate::{
    layout::{Mark, PageTitle},
    ui::{LinkButton, Tone},
    urls, words,
};

/// "Not found", with the status and a way on. Stands outside the frame: who asks may have no session.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <header class="header">
            <a href=urls::HOME class="brand" rel="external">
                <Mark />
                <span>"Hako"</span>
            </a>
        </header>
        <main id="content" class="lonely" data-testid="state-not-found">
            <PageTitle heading=words::frame::not_found() title=words::frame::not_found() />
            <p>{words::frame::not_found_here()}</p>
            <p class="actions">
                <LinkButton href=urls::BUCKETS tone=Tone::Primary attr:rel="external">
                    {words::frame::to_buckets()}
                </LinkButton>
            </p>
        </main>
    }
}
