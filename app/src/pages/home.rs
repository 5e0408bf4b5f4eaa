//! `/`: leads to the first thing that a session is for.

use leptos::prelude::*;
use model::session::Level;

use crate::{
    layout::{PageTitle, use_session},
    ui::LinkButton,
    urls,
};

/// Leads to the buckets; at the system level, which has none, to the tenants.
#[component]
pub fn HomePage() -> impl IntoView {
    let session = use_session();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let (address, word) = match session.await {
                    Ok(session) if session.level == Level::System => (urls::TENANTS, "Tenants"),
                    _ => (urls::BUCKETS, "Buckets"),
                };
                crate::ui::redirect(address);
                view! {
                    <div class="page">
                        <PageTitle heading="Hako" title="Start" />
                        <p>
                            <LinkButton href=address>{word}</LinkButton>
                        </p>
                    </div>
                }
            })}
        </Suspense>
    }
}
