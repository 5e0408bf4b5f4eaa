//! What a namespace tells of its index.

use leptos::{prelude::*, task::spawn_local};
use model::{TenantName, Timestamp, endpoint::encode};

use super::{Seat, wanted::MOST_NAMED};
use crate::{api, ui::Moment, words::search};

/// The index of a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Index {
    /// Whether it is searched.
    pub searched: bool,
    /// Everything that changed before is in it.
    until: Option<Timestamp>,
}

/// The index of a namespace, with or without its tenant behind it; `None` for who may not see its settings.
pub async fn index_of(tenant: &TenantName, namespace: &str) -> Option<Index> {
    // Names of namespaces have no full stop.
    let own = namespace.split('.').next().unwrap_or(namespace);
    let (tenant, own) = (encode(tenant.as_str()), encode(own));
    let path = format!("/api/v1/mapi/tenants/{tenant}/namespaces/{own}?verbose=true");
    let told = api::raw(http::Method::GET, path, None).await.ok()?;
    let flag = |name: &str| told[name].as_bool();
    Some(Index {
        searched: flag("searchEnabled")? && flag("indexingEnabled").unwrap_or(true),
        until: told["mqeIndexingTimestamp"]
            .as_str()
            .and_then(Timestamp::parse_hcp),
    })
}

/// Until when all of these namespaces are indexed, as far as that may be seen.
async fn oldest_of(tenant: &TenantName, namespaces: &[String]) -> Option<Timestamp> {
    let mut oldest: Option<Timestamp> = None;
    for name in namespaces.iter().take(MOST_NAMED) {
        let until = index_of(tenant, name).await?.until?;
        oldest = Some(oldest.map_or(until, |oldest| oldest.min(until)));
    }
    oldest
}

/// That objects appear here after they were indexed, and when these namespaces were, where that may be seen.
#[component]
pub fn Indexed(seat: Seat, namespaces: Vec<String>) -> impl IntoView {
    let tenant = seat.tenant.as_deref();
    let tenant = tenant.and_then(|name| TenantName::parse(name).ok());
    let tenant = tenant.filter(|_| seat.manages);
    let oldest = RwSignal::new(None::<Timestamp>);
    // Asked by the browser alone: a resource that the server never has would keep all that is around it from being
    // drawn there.
    Effect::new(move |_| {
        let (tenant, namespaces) = (tenant.clone(), namespaces.clone());
        spawn_local(async move {
            if let Some(tenant) = tenant {
                oldest.try_set(oldest_of(&tenant, &namespaces).await);
            }
        });
    });
    view! {
        <p class="help" data-testid="search-indexed">
            {search::after_indexing()}
            {move || {
                oldest
                    .get()
                    .map(|time| {
                        view! {
                            " "
                            {search::last_indexed()}
                            " "
                            <Moment time />
                        }
                    })
            }}
        </p>
    }
    .into_any()
}
