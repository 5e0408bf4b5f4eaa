//! The frame around every page: header, navigation, content, footer, and what floats above them.

mod header;
mod session;
pub(crate) mod title;

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use model::{
    Problem,
    session::{Backend, GetSession, Level, Session},
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
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    Effect::new(move |_| {
        if let Some(Ok(session)) = session.get() {
            api::speak_for(&session);
        }
    });
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
        <crate::upload::PlanDialogs />
    }
}

/// A group of the navigation: its name, and each entry's address, word, icon and test id.
type Group = (
    &'static str,
    &'static [(&'static str, &'static str, &'static str, &'static str)],
);

const DATA: Group = (
    "Data",
    &[
        (urls::BUCKETS, "Buckets", "bucket", "nav-buckets"),
        (urls::TRANSFERS, "Transfers", "upload", "nav-transfers"),
    ],
);
const TENANT: Group = (
    "Tenant",
    &[
        (urls::NAMESPACES, "Namespaces", "box", "nav-namespaces"),
        (urls::USERS, "Users", "user", "nav-users"),
        (urls::GROUPS, "Groups", "users", "nav-groups"),
        (urls::USAGE, "Usage", "chart", "nav-usage"),
        (urls::TENANT, "Settings", "settings", "nav-tenant"),
    ],
);
const SYSTEM: Group = (
    "System",
    &[(urls::TENANTS, "Tenants", "building", "nav-tenants")],
);

/// The groups that a session has pages in.
fn groups(session: &Session) -> &'static [Group] {
    let rights = &session.rights;
    let sees = [
        rights.monitor,
        rights.admin,
        rights.security,
        rights.compliance,
        rights.namespaces,
    ];
    let manages = session.features.management && sees.iter().any(|right| right.is_possible());
    match session.level {
        Level::System if manages => &[SYSTEM],
        Level::System => &[],
        Level::Tenant if manages => &[DATA, TENANT],
        Level::Tenant | Level::S3 => &[DATA],
    }
}

/// The navigation: a column on wide screens, icons on medium ones, a sheet on a phone.
#[component]
fn MainNav() -> impl IntoView {
    let session = use_session();
    view! {
        <nav id="main-nav" class="main-nav" aria-label="Main" data-testid="main-nav" popover="auto">
            <div class="nav-groups">
            <Suspense>
                {move || Suspend::new(async move {
                    let groups = session.await.map_or(&[DATA][..], |session| groups(&session));
                    groups.iter().map(nav_group).collect_view()
                })}
            </Suspense>
            </div>
        </nav>
    }
}

fn nav_group((title, entries): &'static Group) -> AnyView {
    let location = use_location();
    let entries = entries
        .iter()
        .map(|(href, word, icon, testid)| {
            // The sections of the settings share the first segment.
            let own = if *href == urls::TENANT {
                "/tenant/"
            } else {
                *href
            };
            let here = move || {
                location
                    .pathname
                    .with(|path| path.starts_with(own))
                    .then_some("page")
            };
            view! {
                <li>
                    <a
                        href=*href
                        class="nav-link"
                        title=*word
                        aria-current=here
                        data-testid=*testid
                        on:click=move |_| browser::hide_popover("#main-nav:popover-open")
                    >
                        <Icon name=icon />
                        <span class="nav-word">{*word}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <h2 class="nav-group">{*title}</h2>
        <ul>{entries}</ul>
    }
    .into_any()
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
