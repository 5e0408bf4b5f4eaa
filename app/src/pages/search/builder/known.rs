//! Names that values are chosen from, asked for when one is about to be typed.

use http::Method;
use leptos::{prelude::*, task::spawn_local};
use model::{
    Endpoint as _,
    bucket::ListBuckets,
    mapi::calls::{ListRetentionClasses, ListUsers},
};
use serde_json::Value as Json;

use super::super::wanted::MOST_NAMED;
use crate::api;

/// A list of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Namespaces,
    /// As HCP writes them: `USER,tenant,name`.
    Owners,
    /// Of the first namespaces.
    Classes,
}

/// The names that are known so far.
#[derive(Clone, Copy)]
pub(super) struct Names {
    /// The tenant whose settings may be seen.
    tenant: StoredValue<Option<String>>,
    namespaces: RwSignal<Option<Vec<String>>>,
    owners: RwSignal<Option<Vec<String>>>,
    classes: RwSignal<Option<Vec<String>>>,
}

impl Names {
    pub(super) fn new(tenant: Option<String>) -> Self {
        Self {
            tenant: StoredValue::new(tenant),
            namespaces: RwSignal::new(None),
            owners: RwSignal::new(None),
            classes: RwSignal::new(None),
        }
    }

    fn of(self, known: Known) -> RwSignal<Option<Vec<String>>> {
        match known {
            Known::Namespaces => self.namespaces,
            Known::Owners => self.owners,
            Known::Classes => self.classes,
        }
    }

    /// The list for a field.
    pub(super) fn list(self, known: Known, id: String) -> AnyView {
        let names = self.of(known);
        let options = move || {
            let names = names.get().unwrap_or_default();
            let option = |name: String| view! { <option value=name></option> };
            names.into_iter().map(option).collect_view()
        };
        view! { <datalist id=id>{options}</datalist> }.into_any()
    }

    /// Asks for a list, once. What is not told is typed.
    pub(super) fn ask(self, known: Known) {
        let names = self.of(known);
        if names.with_untracked(Option::is_some) {
            return;
        }
        names.set(Some(Vec::new()));
        let tenant = self.tenant.get_value();
        spawn_local(async move {
            let found = match (known, tenant) {
                (Known::Namespaces, _) => namespaces().await,
                (Known::Owners, Some(tenant)) => owners(tenant).await,
                (Known::Classes, Some(tenant)) => classes(tenant).await,
                (Known::Owners | Known::Classes, None) => Vec::new(),
            };
            let _left = names.try_set(Some(found));
        });
    }
}

async fn namespaces() -> Vec<String> {
    let list = api::call(ListBuckets).await;
    let buckets = list.map(|list| list.buckets).unwrap_or_default();
    buckets.into_iter().map(|bucket| bucket.name).collect()
}

/// The names of a list of the management API.
async fn names(path: String) -> Vec<String> {
    let answer = api::raw(Method::GET, path, None).await.ok();
    let names = answer
        .as_ref()
        .and_then(Json::as_object)
        .and_then(|answer| answer.values().find_map(Json::as_array));
    let names = names.into_iter().flatten().filter_map(Json::as_str);
    names.map(str::to_owned).collect()
}

async fn owners(tenant: String) -> Vec<String> {
    let users = ListUsers {
        tenant_name: tenant.clone(),
        ..Default::default()
    };
    let all = names(users.path()).await;
    let owner = |name| format!("USER,{tenant},{name}");
    all.into_iter().map(owner).collect()
}

async fn classes(tenant: String) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for namespace_name in namespaces().await.into_iter().take(MOST_NAMED) {
        let list = ListRetentionClasses {
            tenant_name: tenant.clone(),
            namespace_name,
            ..Default::default()
        };
        found.extend(names(list.path()).await);
    }
    found.sort_unstable();
    found.dedup();
    found
}
