//! The console: pages, components and the typed API call.
//!
//! The same code renders a page on the server (feature `ssr`) and brings it to life in the browser
//! (feature `hydrate`). Both must write the same tree: no clocks and no randomness while rendering.
#![expect(
    unreachable_pub,
    reason = "the component macro makes public items in private modules"
)]
#![recursion_limit = "256"]

mod admin;
mod apart;
pub mod api;
mod browser;
mod drawn;
pub mod layout;
mod mine;
mod outcome;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod shared;
pub mod text;
pub mod ui;
mod unit;
pub mod upload;
pub mod urls;
pub mod words;

use std::{borrow::Cow, sync::Arc};

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};
use leptos_router::{
    Lazy, SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use apart::{
    Administration, Audit, BucketAccess, BucketUsage, Buckets, Cors, Credentials, JobDetail,
    JobUploads, Jobs, Links, Operations, Password, Preferences, Search, Sessions, SignIn,
    Transfers, UploadsInProgress, Versions,
};
#[cfg(feature = "ssr")]
pub use drawn::language_for;
pub use drawn::{DrawnWith, SessionField};
use layout::{Layout, title::Settled};
use outcome::provide_outcome;
use pages::{FilesPage, HomePage, NotFoundPage, SignOutPage};
use ui::{Clock, LiveRegions, Messages};

/// The whole document, rendered by the server around [`App`]. `worker` is the address of the script that
/// computes checksums, for the page's own script to find. `root` is the path that the site stands below, or
/// empty: the document is written without it, but for what tells the browser.
pub fn shell(
    options: LeptosOptions,
    worker: Option<Arc<str>>,
    root: &str,
) -> impl IntoView + use<> {
    let worker = worker.map(|script| {
        let script = model::root::below(root, &script).into_owned();
        view! { <meta name="checksum-worker" content=script /> }
    });
    let completes = (!root.is_empty()).then(|| {
        let script = format!("{}({root:?})", include_str!("root.js").trim_end());
        view! { <script nonce=use_nonce() inner_html=script></script> }
    });
    let data_root = (!root.is_empty()).then(|| root.to_owned());
    let root = root.to_owned();
    let preferences = drawn::preferences();
    view! {
        <!DOCTYPE html>
        <html
            lang=catalogue::language().tag()
            data-theme=preferences.theme.as_str()
            data-density=preferences.density.as_str()
            data-motion=preferences.motion.as_str()
            data-navigation=preferences.navigation.as_str()
            data-preferences=preferences.to_cookie()
            data-session=drawn::mark_text()
            data-root=data_root
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="referrer" content="same-origin" />
                {completes}
                {worker}
                <link rel="icon" href=urls::FAVICON sizes="any" />
                <HashedStylesheet options=options.clone() id="hako" />
                <AutoReload options=options.clone() />
                <HydrationScripts options root />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Set in the browser once the page that the server wrote has been brought to life, which waits for code that
/// is fetched apart.
#[derive(Clone)]
pub struct Alive(pub ArcRwSignal<bool>);

/// Everything below `<body>`.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_outcome();
    Messages::provide();
    Clock::provide();
    let settled = Settled(RwSignal::new(false));
    provide_context(settled);
    browser::guard_history();
    let alive = use_context::<Alive>();
    Effect::new(move |_| {
        if !alive.as_ref().is_some_and(|Alive(alive)| alive.get()) {
            return;
        }
        // One frame later, so that what the first page does on its own is done before.
        request_animation_frame(move || {
            settled.0.set(true);
            browser::mark_hydrated();
        });
    });
    // The server knows addresses without it.
    let base = Some(browser::site()).filter(|root| !root.is_empty());
    let base = base.map(Cow::Owned);
    view! {
        <LiveRegions />
        <Router nostrip:base=base>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/sign-in") view={Lazy::<SignIn>::new()} ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=Layout ssr=SsrMode::Async>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("/buckets") view={Lazy::<Buckets>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/buckets/:bucket") view=FilesPage ssr=SsrMode::Async />
                    <Route
                        path=path!("/buckets/:bucket/uploads")
                        view={Lazy::<UploadsInProgress>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("/buckets/:bucket/cors") view={Lazy::<Cors>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/buckets/:bucket/access") view={Lazy::<BucketAccess>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/buckets/:bucket/usage") view={Lazy::<BucketUsage>::new()} ssr=SsrMode::Async />
                    <Route
                        path=path!("/buckets/:bucket/versions")
                        view={Lazy::<Versions>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=path!("/buckets/:bucket/settings")
                        view={Lazy::<Administration>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("/audit") view={Lazy::<Audit>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/audit/operations") view={Lazy::<Operations>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/jobs") view={Lazy::<Jobs>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/jobs/uploads") view={Lazy::<JobUploads>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/jobs/:id") view={Lazy::<JobDetail>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/links") view={Lazy::<Links>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/credentials") view={Lazy::<Credentials>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/search") view={Lazy::<Search>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/transfers") view={Lazy::<Transfers>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/namespaces") view={Lazy::<Administration>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/namespaces/*rest") view={Lazy::<Administration>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/people/*rest") view={Lazy::<Administration>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/tenant/*rest") view={Lazy::<Administration>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/usage") view={Lazy::<Administration>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/system/*rest") view={Lazy::<Administration>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/new/*rest") view={Lazy::<Administration>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/sign-out") view=SignOutPage ssr=SsrMode::Async />
                    <Route path=path!("/sessions") view={Lazy::<Sessions>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/password") view={Lazy::<Password>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/preferences") view={Lazy::<Preferences>::new()} ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
