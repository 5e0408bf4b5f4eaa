//! The frame around every page: header, navigation, content, footer, and what floats above them.

mod extras;
mod header;
pub mod jobs;
pub(crate) mod keys;
mod landing;
mod navigation;
mod notes;
mod palette;
pub(crate) mod session;
mod shortcuts;
pub(crate) mod title;
mod watch;

use leptos::prelude::*;
use leptos_router::components::Outlet;
use model::{
    Problem,
    session::{Backend, GetSession, ListSessions, Session, SessionList},
};

pub use header::{Mark, ThemeSelect};
pub use title::PageTitle;
pub(crate) use watch::{Trouble, trouble_of};

use crate::{api, browser, outcome::Outcome, ui::Toasts, urls, words};
use header::Header;
use navigation::{Group, MainNav, groups};

/// The caller's session, asked for once per load of the page.
#[derive(Clone, Copy)]
pub struct SessionFacts(pub Resource<Result<Session, Problem>>);

/// The sessions of this browser, asked for with the caller's own.
#[derive(Clone, Copy)]
pub struct SessionsFacts(pub Resource<Result<SessionList, Problem>>);

/// Whether something is under way that the line under the header shows.
#[derive(Clone, Copy)]
pub struct Busy(pub RwSignal<bool>);

/// The session of the page.
pub fn use_session() -> Resource<Result<Session, Problem>> {
    expect_context::<SessionFacts>().0
}

/// All sessions of the browser.
pub fn use_sessions() -> Resource<Result<SessionList, Problem>> {
    expect_context::<SessionsFacts>().0
}

/// The frame. Sits above the router's outlet, so what lives here outlives a page: uploads above all.
#[component]
pub fn Layout() -> impl IntoView {
    let session = Resource::new_blocking(|| (), |()| api::call(GetSession));
    provide_context(SessionFacts(session));
    let sessions = Resource::new_blocking(|| (), |()| api::call(ListSessions));
    provide_context(SessionsFacts(sessions));
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    Effect::new(move |_| {
        if let Some(Ok(session)) = session.get() {
            api::speak_for(&session);
        }
    });
    let busy = Busy(RwSignal::new(false));
    provide_context(busy);
    crate::upload::provide_uploads();
    jobs::Jobs::provide();
    let extras = extras::Extras::provide();
    #[cfg(feature = "hydrate")]
    keys::listen(extras);
    #[cfg(not(feature = "hydrate"))]
    let _ = extras;
    Outcome::forget_on_navigation();
    let here = urls::current();
    Effect::new(move |_| browser::note_address(&here.get()));
    view! {
        <a href="#content" rel="external" class="skip-link">
            {words::frame::skip_to_content()}
        </a>
        <Header />
        <watch::SessionWatch />
        <session::LinkedSessions />
        <div class="routing" class:is-busy=move || busy.0.get() aria-hidden="true"></div>
        <div class="frame">
            <MainNav />
            <main id="content" class="content" tabindex="-1">
                <landing::Landing />
                <Outlet />
            </main>
        </div>
        <Footer />
        <Toasts />
        <crate::upload::Surfaces />
        <extras::Dialogs />
    }
}

/// What the store is called in a sentence.
pub fn backend_name(backend: Backend) -> &'static str {
    match backend {
        Backend::Embedded => words::frame::local_hcp(),
        Backend::Hcp => "Hitachi Content Platform",
        Backend::Minio => "MinIO",
        Backend::Generic => words::frame::s3_store(),
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
            <noscript>
                <span>{words::frame::needs_scripts()}</span>
            </noscript>
        </footer>
    }
}
