//! The management API: `/mapi`, in XML and JSON (HCP's management API).
//!
//! A resource is an [`Endpoint`]: its path, and for each verb whom HCP's matrix admits and what is done.
//! Signing in, roles, media types, parameters, the forms of HEAD, OPTIONS and refusals are the same for
//! all and are done in [`call`]. What is left for the module of a resource is a table of its properties
//! and a function per verb:
//!
//! ```ignore
//! const ROWS: &[Row] = &[
//!     //  name         on PUT   on POST  always  verbose
//!     row("name",      anyone,  nobody,  anyone, anyone),
//!     row("tags",      system,  system,  system, nobody),
//!     verbose_only("id"),
//! ];
//!
//! pub(super) fn endpoints() -> [Endpoint; 1] {
//!     [Endpoint::at("/tenants/{tenant}/things/{thing}")
//!         .get(Access::tenant(&[A, M]), show)
//!         .post(Access::tenant(&[A]), modify)]
//! }
//!
//! async fn show(call: Call) -> Result<Answer, Refusal> {
//!     let (tenant, name) = (call.tenant()?.id, call.name("thing").to_owned());
//!     let thing: Thing = call.management.store
//!         .read(move |connection| things::find(connection, tenant, &name)).await?
//!         .ok_or(Refusal::NotFound)?;
//!     Ok(call.show(ROWS, &thing))
//! }
//!
//! async fn modify(call: Call) -> Result<Answer, Refusal> {
//!     // 400 for what is unknown or breaks its rule, 403 for what this caller may not set.
//!     let change: Thing = call.read(ROWS)?;
//!     …
//!     Ok(Answer::Empty)
//! }
//! ```
//!
//! A write that finds out inside of its transaction that it is not possible returns
//! [`Error::Conflict`](crate::Error::Conflict) (409), [`Error::Forbidden`](crate::Error::Forbidden) (403)
//! or [`Error::InvalidSetting`](crate::Error::InvalidSetting) (400) with the reason in words, and so
//! undoes what it did.

pub(crate) mod access;
mod accounts;
pub(crate) mod auth;
pub(crate) mod call;
mod certificates;
mod content_classes;
pub(crate) mod cors;
pub(crate) mod defaults;
mod erasure;
pub(crate) mod error;
mod groups;
mod health;
mod lending;
mod logs;
mod machine;
pub(crate) mod media;
mod namespaces;
mod options;
mod package;
mod passwords;
pub(crate) mod plans;
pub(crate) mod query;
mod replication;
pub(crate) mod settings;
pub(crate) mod shape;
mod system;
pub(crate) mod tenants;
mod usage;
pub(crate) mod xml;

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::any,
};

use self::{
    call::{Endpoint, dispatch},
    error::Refusal,
};
use crate::{Clock, Config, packages::Packages, profile::Habits, store::Store};

/// The longest path after `/mapi`, in bytes.
const MAX_PATH: usize = 4_095;

/// What the handlers work with.
#[derive(Clone)]
pub(crate) struct Management {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) habits: Habits,
    /// The domain under which tenants have their hosts.
    pub(crate) domain: Arc<str>,
    /// For how many days it is known what namespaces are charged for.
    pub(crate) chargeback_days: u32,
    machine: Arc<machine::Machine>,
    turns: Arc<auth::Turns>,
}

impl Management {
    pub(crate) fn new(store: &Store, config: &Config) -> Self {
        Self {
            store: store.clone(),
            clock: config.clock.clone(),
            habits: config.profile.habits(),
            domain: config.s3_domain.as_str().into(),
            chargeback_days: config.chargeback_days,
            machine: Arc::new(machine::Machine::new(
                config.clock.now_ms(),
                store.layout().root(),
            )),
            turns: Arc::new(auth::Turns::new()),
        }
    }
}

/// Builds the endpoint.
pub(crate) fn router(store: &Store, config: &Arc<Config>, packages: &Packages) -> Router {
    let management = Management::new(store, config);
    let desk = package::Desk {
        packages: packages.clone(),
        config: Arc::clone(config),
    };
    let mut router = Router::new();
    for endpoint in endpoints(&desk) {
        let path = format!("/mapi{}", endpoint.path);
        let (management, endpoint) = (management.clone(), Arc::new(endpoint));
        let answer = move |request: Request| {
            let (management, endpoint) = (management.clone(), Arc::clone(&endpoint));
            async move { dispatch(management, Some(&endpoint), request).await }
        };
        router = router.route(&path, any(answer));
    }
    router
        .merge(lending::router(management.clone()))
        .fallback(move |request: Request| async move { dispatch(management, None, request).await })
        .layer(middleware::from_fn(conventions))
        .layer(middleware::from_fn(crate::request::enter))
}

fn endpoints(desk: &package::Desk) -> Vec<Endpoint> {
    let mut all = Vec::new();
    all.extend(tenants::endpoints());
    all.extend(accounts::endpoints());
    all.extend(usage::endpoints());
    all.extend(passwords::endpoints());
    all.extend(groups::endpoints());
    all.extend(settings::endpoints());
    all.extend(defaults::endpoints());
    all.extend(plans::endpoints());
    all.extend(cors::endpoints());
    all.extend(namespaces::endpoints());
    all.extend(content_classes::endpoints());
    all.extend(system::endpoints());
    all.extend(logs::endpoints(desk));
    all.extend(health::endpoints(desk));
    all.extend(replication::endpoints());
    all.extend(certificates::endpoints());
    all.extend(erasure::endpoints());
    all
}

/// What HCP does with every management request (HCP's management API, "Response headers").
async fn conventions(request: Request, next: Next) -> Response {
    const ALWAYS: [(HeaderName, HeaderValue); 8] = [
        header_of("x-hcp-softwareversion", "9.7.0.13"),
        header_of("pragma", "no-cache"),
        header_of(
            "content-security-policy",
            "default-src 'self'; script-src 'self' 'unsafe-eval' 'unsafe-inline'; \
             connect-src 'self'; img-src 'self'; style-src 'self' 'unsafe-inline'; \
             object-src 'self'; frame-ancestors 'self';",
        ),
        header_of("x-content-type-options", "nosniff"),
        header_of("x-dns-prefetch-control", "off"),
        header_of("x-download-options", "noopen"),
        header_of("x-frame-options", "SAMEORIGIN"),
        header_of("x-xss-protection", "1; mode=block"),
    ];
    let path = request.uri().path();
    let mut response = if path.strip_prefix("/mapi").unwrap_or(path).len() > MAX_PATH {
        Refusal::TooLong.into_response()
    } else {
        next.run(request).await
    };
    let success = response.status().is_success();
    let headers = response.headers_mut();
    headers.extend(ALWAYS);
    if success {
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-cache,no-store,must-revalidate"),
        );
        headers.insert(
            header::EXPIRES,
            HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT"),
        );
    }
    response
}

const fn header_of(name: &'static str, value: &'static str) -> (HeaderName, HeaderValue) {
    (
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    )
}
