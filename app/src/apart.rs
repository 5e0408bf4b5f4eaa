//! Pages whose code the browser fetches when one of them is opened, so that whoever opens a bucket does not wait
//! for the code of administration.
//!
//! There are few such parts, because what several share becomes a file of its own for each way of sharing.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::{
    admin::AdminPage,
    pages::{
        AuditPage, BucketsPage, CorsPage, JobDetailPage, JobsPage, OperationsPage, PasswordPage,
        PreferencesPage, SearchPage, SessionsPage, UploadsPage, VersionsPage,
    },
    upload::TransfersPage,
};

/// Administration.
pub struct Administration;

#[lazy_route]
impl LazyRoute for Administration {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let Administration = this;
        view! { <AdminPage /> }.into_any()
    }
}

/// Draws a page.
type Draw = fn() -> AnyView;

/// The pages that come together.
struct Others {
    buckets: Draw,
    versions: Draw,
    uploads_in_progress: Draw,
    cors: Draw,
    transfers: Draw,
    audit: Draw,
    operations: Draw,
    jobs: Draw,
    job: Draw,
    search: Draw,
    sessions: Draw,
    password: Draw,
    preferences: Draw,
}

#[leptos::lazy]
fn others() -> Others {
    Others {
        buckets: || view! { <BucketsPage /> }.into_any(),
        versions: || view! { <VersionsPage /> }.into_any(),
        uploads_in_progress: || view! { <UploadsPage /> }.into_any(),
        cors: || view! { <CorsPage /> }.into_any(),
        transfers: || view! { <TransfersPage /> }.into_any(),
        audit: || view! { <AuditPage /> }.into_any(),
        operations: || view! { <OperationsPage /> }.into_any(),
        jobs: || view! { <JobsPage /> }.into_any(),
        job: || view! { <JobDetailPage /> }.into_any(),
        search: || view! { <SearchPage /> }.into_any(),
        sessions: || view! { <SessionsPage /> }.into_any(),
        password: || view! { <PasswordPage /> }.into_any(),
        preferences: || view! { <PreferencesPage /> }.into_any(),
    }
}

/// One of them as a route.
macro_rules! other {
    ($(#[$about:meta])* $name:ident, $page:ident) => {
        $(#[$about])*
        pub struct $name;

        impl LazyRoute for $name {
            fn data() -> Self {
                Self
            }

            async fn view(this: Self) -> AnyView {
                let Self = this;
                (others().await.$page)()
            }

            async fn preload() {
                // A page is brought to life only when its code is there.
                #[cfg(target_arch = "wasm32")]
                __preload_others().await;
            }
        }
    };
}

other!(
    /// The list of buckets.
    Buckets,
    buckets
);
other!(
    /// A bucket's versions.
    Versions,
    versions
);
other!(
    /// A bucket's uploads in progress.
    UploadsInProgress,
    uploads_in_progress
);
other!(
    /// A bucket's CORS rules.
    Cors,
    cors
);
other!(
    /// Transfers.
    Transfers,
    transfers
);
other!(
    /// Who changed what.
    Audit,
    audit
);
other!(
    /// What the store recorded.
    Operations,
    operations
);
other!(
    /// The list of jobs.
    Jobs,
    jobs
);
other!(
    /// A job.
    JobDetail,
    job
);
other!(
    /// Search by metadata.
    Search,
    search
);
other!(
    /// The sessions of this browser.
    Sessions,
    sessions
);
other!(
    /// One's own password.
    Password,
    password
);
other!(
    /// How the console looks in this browser.
    Preferences,
    preferences
);
