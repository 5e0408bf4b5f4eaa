//! Pages whose code the browser fetches when one of them is opened, so that whoever opens a bucket does not wait
//! for the code of administration.
//!
//! There are few such parts, because what several share becomes a file of its own for each way of sharing.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::{
    admin::AdminPage,
    pages::{
        AccessPage, AuditPage, BucketsPage, CorsPage, CredentialsPage, JobDetailPage,
        JobUploadsPage, JobsPage, LinksPage, OperationsPage, PasswordPage, PreferencesPage,
        SearchPage, SessionsPage, SignInPage, UploadsPage, UsagePage, VersionsPage,
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

/// Signing in: nobody who has signed in waits for it.
pub struct SignIn;

#[lazy_route]
impl LazyRoute for SignIn {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let SignIn = this;
        view! { <SignInPage /> }.into_any()
    }
}

/// Draws a page.
type Draw = fn() -> AnyView;

/// The pages that come together.
struct Others {
    buckets: Draw,
    versions: Draw,
    uploads_in_progress: Draw,
    access: Draw,
    cors: Draw,
    usage: Draw,
    transfers: Draw,
    jobs: Draw,
    job: Draw,
    job_uploads: Draw,
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
        access: || view! { <AccessPage /> }.into_any(),
        cors: || view! { <CorsPage /> }.into_any(),
        usage: || view! { <UsagePage /> }.into_any(),
        transfers: || view! { <TransfersPage /> }.into_any(),
        jobs: || view! { <JobsPage /> }.into_any(),
        job: || view! { <JobDetailPage /> }.into_any(),
        job_uploads: || view! { <JobUploadsPage /> }.into_any(),
        sessions: || view! { <SessionsPage /> }.into_any(),
        password: || view! { <PasswordPage /> }.into_any(),
        preferences: || view! { <PreferencesPage /> }.into_any(),
    }
}

/// What is looked for, and what was done: pages that few open, and not first.
struct Lookups {
    audit: Draw,
    operations: Draw,
    search: Draw,
    links: Draw,
    credentials: Draw,
}

#[leptos::lazy]
fn lookups() -> Lookups {
    Lookups {
        audit: || view! { <AuditPage /> }.into_any(),
        operations: || view! { <OperationsPage /> }.into_any(),
        search: || view! { <SearchPage /> }.into_any(),
        links: || view! { <LinksPage /> }.into_any(),
        credentials: || view! { <CredentialsPage /> }.into_any(),
    }
}

/// A page of a part as a route.
macro_rules! page_of {
    ($part:ident, $preload:ident, $(#[$about:meta])* $name:ident, $page:ident) => {
        $(#[$about])*
        pub struct $name;

        impl LazyRoute for $name {
            fn data() -> Self {
                Self
            }

            async fn view(this: Self) -> AnyView {
                let Self = this;
                ($part().await.$page)()
            }

            async fn preload() {
                // A page is brought to life only when its code is there.
                #[cfg(target_arch = "wasm32")]
                $preload().await;
            }
        }
    };
}

page_of!(
    others,
    __preload_others,
    /// The list of buckets.
    Buckets,
    buckets
);
page_of!(
    others,
    __preload_others,
    /// A bucket's versions.
    Versions,
    versions
);
page_of!(
    others,
    __preload_others,
    /// A bucket's uploads in progress.
    UploadsInProgress,
    uploads_in_progress
);
page_of!(
    others,
    __preload_others,
    /// A bucket's CORS rules.
    Cors,
    cors
);
page_of!(
    others,
    __preload_others,
    /// Who may do what in a bucket.
    BucketAccess,
    access
);
page_of!(
    others,
    __preload_others,
    /// What a bucket holds.
    BucketUsage,
    usage
);
page_of!(
    others,
    __preload_others,
    /// Transfers.
    Transfers,
    transfers
);
page_of!(
    others,
    __preload_others,
    /// The list of jobs.
    Jobs,
    jobs
);
page_of!(
    others,
    __preload_others,
    /// A job.
    JobDetail,
    job
);
page_of!(
    others,
    __preload_others,
    /// The unfinished uploads of all buckets.
    JobUploads,
    job_uploads
);
page_of!(
    others,
    __preload_others,
    /// The sessions of this browser.
    Sessions,
    sessions
);
page_of!(
    others,
    __preload_others,
    /// One's own password.
    Password,
    password
);
page_of!(
    others,
    __preload_others,
    /// How the console looks in this browser.
    Preferences,
    preferences
);
page_of!(
    lookups,
    __preload_lookups,
    /// Who changed what.
    Audit,
    audit
);
page_of!(
    lookups,
    __preload_lookups,
    /// What the store recorded.
    Operations,
    operations
);
page_of!(
    lookups,
    __preload_lookups,
    /// Search by metadata.
    Search,
    search
);
page_of!(
    lookups,
    __preload_lookups,
    /// Hako links.
    Links,
    links
);
page_of!(
    lookups,
    __preload_lookups,
    /// What other tools need.
    Credentials,
    credentials
);
