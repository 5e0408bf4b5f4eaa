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
pub mod api;
mod browser;
pub mod layout;
mod outcome;
pub mod pages;
pub mod text;
pub mod ui;
pub mod upload;
pub mod urls;

use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use admin::AdminPage;
use layout::{Layout, current_theme, title::Settled};
use outcome::provide_outcome;
use pages::{BucketsPage, FilesPage, HomePage, NotFoundPage, SignInPage, SignOutPage, UploadsPage};
use ui::{Clock, LiveRegions, Messages};
use upload::TransfersPage;

/// The whole document, rendered by the server around [`App`]. `worker` is the address of the script that
/// computes checksums, for the page's own script to find.
pub fn shell(options: LeptosOptions, worker: Option<Arc<str>>) -> impl IntoView {
    let worker = worker.map(|script| view! { <meta name="checksum-worker" content=script /> });
    let theme = current_theme();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="referrer" content="same-origin" />
                {worker}
                <link rel="icon" href="/favicon.ico" sizes="any" />
                <HashedStylesheet options=options.clone() id="hako" />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Everything below `<body>`.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_outcome();
    Messages::provide();
    Clock::provide();
    let settled = Settled(RwSignal::new(false));
    provide_context(settled);
    Effect::new(move |_| {
        // One frame later, so that what the first page does on its own is done before.
        request_animation_frame(move || {
            settled.0.set(true);
            browser::mark_hydrated();
        });
    });
    view! {
        <LiveRegions />
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=Layout ssr=SsrMode::Async>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("/buckets") view=BucketsPage ssr=SsrMode::Async />
                    <Route path=path!("/buckets/:bucket") view=FilesPage ssr=SsrMode::Async />
                    <Route
                        path=path!("/buckets/:bucket/uploads")
                        view=UploadsPage
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("/transfers") view=TransfersPage ssr=SsrMode::Async />
                    <Route path=path!("/namespaces") view=AdminPage ssr=SsrMode::Async />
                    <Route path=path!("/namespaces/*rest") view=AdminPage ssr=SsrMode::Async />
                    <Route path=path!("/people/*rest") view=AdminPage ssr=SsrMode::Async />
                    <Route path=path!("/tenant/*rest") view=AdminPage ssr=SsrMode::Async />
                    <Route path=path!("/usage") view=AdminPage ssr=SsrMode::Async />
                    <Route path=path!("/system/*rest") view=AdminPage ssr=SsrMode::Async />
                    <Route path=path!("/new/*rest") view=AdminPage ssr=SsrMode::Async />
                    <Route path=path!("/sign-out") view=SignOutPage ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
