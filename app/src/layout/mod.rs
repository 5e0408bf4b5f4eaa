//! The frame around every page: header, navigation, content, footer, and what floats above them.

mod header;
mod session;
pub(crate) mod title;

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use model::{
    Problem,
    session::{Backend, GetSession, Session},
};

pub use header::{Mark, ThemeSelect, current_theme};
pub use title::PageTitle;

use crate::{
    api, browser,
    outcome::Outcome,
    ui::{Icon, Toasts},
    urls,
};
use header::Header;

/// The caller's session, asked for once per load of the page.
#[derive(Clone, Copy)]
pub struct SessionFacts(pub Resource<Result<Session, Problem>>);

/// Whether something is under way that the line under the header shows.
#[derive(Clone, Copy)]
pub struct Busy(pub RwSignal<bool>);

/// The session of the page.
pub fn use_session() -> Resource<Result<Session, Problem>> {
    expect_context::<SessionFacts>().0
}

/// The frame. Sits above the router's outlet, so what lives here outlives a page: uploads above all.
#[component]
pub fn Layout() -> impl IntoView {
    let session = Resource::new_blocking(|| (), |()| api::call(GetSession));
    provide_context(SessionFacts(session));
    let busy = Busy(RwSignal::new(false));
    provide_context(busy);
    crate::upload::provide_uploads();
    Outcome::forget_on_navigation();
    view! {
        <a href="#content" rel="external" class="skip-link">
            "Skip to content"
        </a>
        <Header />
        <div class="routing" class:is-busy=move || busy.0.get() aria-hidden="true"></div>
        <div class="frame">
            <MainNav />
            <main id="content" class="content" tabindex="-1">
                <Outlet />
            </main>
        </div>
        <Footer />
        <Toasts />
        <crate::upload::Dock />
    }
}

/// The navigation: a column on wide screens, icons on medium ones, a sheet on a phone.
#[component]
fn MainNav() -> impl IntoView {
    let location = use_location();
    let in_buckets = move || location.pathname.get().starts_with(urls::BUCKETS);
    view! {
        <nav id="main-nav" class="main-nav" aria-label="Main" data-testid="main-nav" popover="auto">
            <h2 class="nav-group">"Data"</h2>
            <ul>
                <li>
                    <a
                        href=urls::BUCKETS
                        class="nav-link"
                        title="Buckets"
                        aria-current=move || in_buckets().then_some("page")
                        data-testid="nav-buckets"
                        on:click=move |_| browser::hide_popover("#main-nav:popover-open")
                    >
                        <Icon name="bucket" />
                        <span class="nav-word">"Buckets"</span>
                    </a>
                </li>
            </ul>
        </nav>
    }
}

/// What the store is called in a sentence.
pub fn backend_name(backend: Backend) -> &'static str {
    match backend {
        Backend::Embedded => "Local HCP",
        Backend::Hcp => "Hitachi Content Platform",
        Backend::Minio => "MinIO",
        Backend::Generic => "S3 store",
    }
}

#[component]
fn Footer() -> impl IntoView {
    let session = use_session();
    view! {
        <footer class="footer">
            <span>{concat!("Hako ", env!("CARGO_PKG_VERSION"))}</span>
            <Suspense>
                {move || Suspend::new(async move {
                    session
                        .await
                        .ok()
                        .map(|session| {
                            view! {
                                <span>{backend_name(session.backend)}</span>
                                {session
                                    .upload
                                    .store_origin
                                    .map(|origin| view! { <span class="mono">{origin}</span> })}
                            }
                        })
                })}
            </Suspense>
        </footer>
    }
}
