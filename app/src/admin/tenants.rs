//! `/system/tenants`, `/new/tenant` and a tenant seen from the system.

use leptos::prelude::*;
use model::{
    Endpoint,
    mapi::{
        Resource as _, Tenant,
        calls::{CreateTenant, DeleteTenant, ModifyTenant},
    },
};
use serde_json::{Map, Value as Json};

use super::{
    Page, fields, flag,
    form::{Form, ResourceForm},
    frame,
    place::{OF_SYSTEM_TENANT, Span},
    quota, read_only,
    table::{Cell, Column, DataTable, List, Row, column, wide},
    text, usage, words,
};
use crate::{
    ui::{Icon, LinkButton, Tone},
    urls,
};

const COLUMNS: &[Column] = &[
    column("name", "Name"),
    column("quota", "Quota"),
    wide("namespaces", "Namespaces"),
    wide("feature", "May use"),
    wide("authentication", "Sign-in by"),
    wide("tag", "Tags"),
    wide("created", "Created"),
];

const FEATURES: [(&str, &str); 6] = [
    ("versioningConfigurationEnabled", "Versioning"),
    ("searchConfigurationEnabled", "Search"),
    ("complianceConfigurationEnabled", "Retention mode"),
    ("replicationConfigurationEnabled", "Replication"),
    ("erasureCodingSelectionEnabled", "Erasure coding"),
    ("servicePlanSelectionEnabled", "Service plans"),
];

/// The list.
pub fn list(page: &Page) -> AnyView {
    let all = page.list(0);
    let rows = all.iter().filter_map(Json::as_object).map(|map| {
        let name = text(map, "name");
        let features = FEATURES
            .iter()
            .filter(|(property, _)| flag(map, property) == Some(true))
            .map(|(_, word)| (*word).to_owned());
        let spaces = match text(map, "namespaceQuota").as_str() {
            "None" => "No limit".to_owned(),
            "" => String::new(),
            most => format!("At most {most}"),
        };
        Row {
            cells: vec![
                Cell::Link(name.clone(), urls::below(urls::TENANTS, &name, "")),
                Cell::Size(quota(map, "hardQuota")),
                Cell::Text(spaces),
                Cell::Words(features.collect()),
                Cell::Words(words(map, "authenticationTypes")),
                Cell::Words(words(map, "tags")),
                Cell::When(text(map, "creationTime")),
            ],
            actions: vec![(
                "Sign in to",
                urls::with_query(urls::SIGN_IN, &[("tenant", &name), ("next", "/")]),
            )],
            key: name,
        }
    });
    let list = List {
        name: "tenants",
        caption: "Tenants",
        noun: "tenant",
        columns: COLUMNS,
        rows: rows.collect(),
        empty: "No tenants yet. A tenant has its own users, namespaces and quota.",
        missing: 0,
    };
    let new = page.may.admin.then(|| {
        view! {
            <LinkButton href="/new/tenant" tone=Tone::Primary>
                <Icon name="plus" />
                "New tenant"
            </LinkButton>
        }
    });
    let content = view! { <DataTable list /> }.into_any();
    frame(
        Vec::new(),
        "Tenants",
        "Tenants".to_owned(),
        new.into_any(),
        Vec::new(),
        content,
    )
}

/// A new one with its first account.
pub fn new(page: &Page) -> AnyView {
    let path = CreateTenant::default().path();
    let form = Form::change(
        "create_tenant",
        &[],
        path,
        Tenant::PROPERTIES,
        fields::NEW_TENANT,
        new_tenant(),
    )
    .creating(
        "Create tenant",
        format!("{}/{}/created", urls::TENANTS, model::form::NAME),
        "The tenant was created.",
    )
    .editable(page.may.admin);
    let content = view! {
        {read_only(page.may.admin, "administrator")}
        <ResourceForm form />
    };
    frame(
        vec![("Tenants".to_owned(), urls::TENANTS.to_owned())],
        "New tenant",
        "New tenant".to_owned(),
        ().into_any(),
        Vec::new(),
        content.into_any(),
    )
}

/// What HCP takes where nothing is said.
fn new_tenant() -> Map<String, Json> {
    let defaults = serde_json::json!({"softQuota": 85, "namespaceQuota": "None"});
    defaults.as_object().cloned().unwrap_or_default()
}

/// One, and a section.
pub fn one(page: &Page, name: &str, section: &str, span: &Span) -> AnyView {
    let tenant = page.map(0);
    let at = [("tenant_name", name)];
    let content = match section {
        "usage" => {
            let allocated = quota(&tenant, "hardQuota");
            view! {
                {usage::statistics(page, 2, allocated)}
                {usage::report(page, 1, span, "tenant-chargeback")}
            }
            .into_any()
        }
        "created" => steps(name, flag(&tenant, "administrationAllowed")),
        "delete" => delete(name),
        _ => {
            let path = ModifyTenant {
                tenant_name: name.to_owned(),
                ..Default::default()
            }
            .path();
            let form = Form::change(
                "modify_tenant",
                &at,
                path,
                Tenant::PROPERTIES,
                fields::SYSTEM_TENANT,
                tenant,
            )
            .editable(page.may.admin);
            view! {
                {read_only(page.may.admin, "administrator")}
                <ResourceForm form />
            }
            .into_any()
        }
    };
    let sections = OF_SYSTEM_TENANT
        .iter()
        .filter(|(key, _)| *key != "delete" || page.may.admin)
        .map(|(key, word)| {
            (
                *word,
                urls::below(urls::TENANTS, name, key),
                *key == section,
            )
        })
        .collect();
    let sign_in = urls::with_query(urls::SIGN_IN, &[("tenant", name), ("next", "/")]);
    let enter = view! { <LinkButton href=sign_in>"Sign in to this tenant"</LinkButton> };
    let word = OF_SYSTEM_TENANT.iter().find(|(key, _)| *key == section);
    let word = word.map_or("", |(_, word)| word);
    frame(
        vec![("Tenants".to_owned(), urls::TENANTS.to_owned())],
        name,
        format!("{name} · {word}"),
        enter.into_any(),
        sections,
        content,
    )
}

fn delete(name: &str) -> AnyView {
    let at = [("tenant_name", name)];
    let path = DeleteTenant {
        tenant_name: name.to_owned(),
        ..Default::default()
    }
    .path();
    let form = Form::change("delete_tenant", &at, path, &[], &[], Map::new()).deleting(
        "Delete tenant",
        name,
        urls::TENANTS.to_owned(),
    );
    view! {
        <ResourceForm form>
            <section class="form-panel">
                <h2>"Delete tenant"</h2>
                <p>
                    "The tenant goes for good, with its accounts and settings. \
                    Only a tenant without namespaces can be deleted."
                </p>
            </section>
        </ResourceForm>
    }
    .into_any()
}

/// What is left to do once a tenant is there.
fn steps(name: &str, administered: Option<bool>) -> AnyView {
    let at = |next: &str| urls::with_query(urls::SIGN_IN, &[("tenant", name), ("next", next)]);
    let allowed = administered == Some(true);
    view! {
        <section class="form-panel">
            <h2>"Next steps"</h2>
            <p class="help">
                "The first account has the security role alone: it makes accounts and gives roles, and nothing else."
            </p>
            <ol class="steps">
                <li data-testid="setup-step">
                    <a href=at("/people/users")>"Sign in as the first account"</a>
                    " and give somebody the administrator role."
                </li>
                <li data-testid="setup-step">
                    <a href=at(urls::TENANT)>"Let the system administer the tenant"</a>
                    ", if that is wanted."
                    {allowed.then(|| view! { " " <span class="chip">"done"</span> })}
                </li>
                <li data-testid="setup-step">
                    <a href=at("/tenant/namespace-defaults")>"Set what new namespaces get"</a> "."
                </li>
                <li data-testid="setup-step">
                    <a href=at("/new/namespace")>"Create the first namespace"</a> "."
                </li>
                <li data-testid="setup-step">
                    <a href=at("/new/user")>"Create users"</a>
                    " and give them rights on its data."
                </li>
            </ol>
        </section>
    }
    .into_any()
}
