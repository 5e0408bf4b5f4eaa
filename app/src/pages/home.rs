//! `/`: leads to the first thing that a session is for.

use leptos::prelude::*;

use crate::{layout::PageTitle, ui::LinkButton, urls};

/// Leads to the buckets.
#[component]
pub fn HomePage() -> impl IntoView {
    crate::ui::redirect(urls::BUCKETS);
    view! {
        <div class="page">
            <PageTitle heading="Hako" title="Start" />
            <p>
                <LinkButton href=urls::BUCKETS>"Buckets"</LinkButton>
            </p>
        </div>
    }
}
