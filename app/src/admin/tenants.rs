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
    spec::Say,
    table::{Cell, Column, DataTable, List, Row, column, wide},
    text, usage, words,
};
use crate::{
    ui::{Icon, LinkButton, Tone},
    urls,
    words::admin,
};

const COLUMNS: &[Column] = &[
    column("name", admin::name),
    column("quota", admin::quota),
    wide("namespaces", admin::namespaces),
    wide("feature", admin::may_use),
    wide("authentication", admin::sign_in_by),
    wide("tag", admin::tags),
    wide("created", admin::created),
];

const FEATURES: [(&str, Say); 6] = [
    ("versioningConfigurationEnabled", admin::versioning),
    ("searchConfigurationEnabled", admin::search),
    ("complianceConfigurationEnabled", admin::retention_mode),
    ("replicationConfigurationEnabled", admin::replication),
    ("erasureCodingSelectionEnabled", admin::erasure_coding),
    ("servicePlanSelectionEnabled", admin::service_plans),
];

/// The list.
pub fn list(page: &Page) -> AnyView {
    let all = page.list(0);
    let rows = all.iter().filter_map(Json::as_object).map(|map| {
        let name = text(map, "name");
        let features = FEATURES
            .iter()
            .filter(|(property, _)| flag(map, property) == Some(true))
            .map(|(_, word)| word().to_owned());
        let spaces = match text(map, "namespaceQuota").as_str() {
            "None" => admin::no_limit().to_owned(),
            "" => String::new(),
            most => admin::at_most(most),
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
                admin::sign_in_to(),
                urls::with_query(urls::SIGN_IN, &[("tenant", &name), ("next", "/")]),
            )],
            key: name,
        }
    });
    let list = List {
        name: "tenants",
        caption: admin::tenants(),
        noun: admin::tenants_counted,
        columns: COLUMNS,
        rows: rows.collect(),
        empty: admin::no_tenants_yet(),
        missing: 0,
    };
    let new = page.may.admin.then(|| {
        view! {
            <LinkButton href="/new/tenant" tone=Tone::Primary>
                <Icon name="plus" />
                {admin::new_tenant()}
            </LinkButton>
        }
    });
    let content = view! { <DataTable list /> }.into_any();
    frame(
        Vec::new(),
        admin::tenants(),
        admin::tenants().to_owned(),
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
        admin::create_tenant(),
        format!("{}/{}/created", urls::TENANTS, model::form::NAME),
        admin::the_tenant_was_created(),
    )
    .editable(page.may.admin);
    let content = view! {
        {read_only(page.may.admin, "administrator")}
        <ResourceForm form />
    };
    frame(
        vec![(admin::tenants().to_owned(), urls::TENANTS.to_owned())],
        admin::new_tenant(),
        admin::new_tenant().to_owned(),
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
                word(),
                urls::below(urls::TENANTS, name, key),
                *key == section,
            )
        })
        .collect();
    let sign_in = urls::with_query(urls::SIGN_IN, &[("tenant", name), ("next", "/")]);
    let enter = view! { <LinkButton href=sign_in>{admin::sign_in_to_this_tenant()}</LinkButton> };
    let word = OF_SYSTEM_TENANT.iter().find(|(key, _)| *key == section);
    let word = word.map_or("", |(_, word)| word());
    frame(
        vec![(admin::tenants().to_owned(), urls::TENANTS.to_owned())],
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
        admin::delete_tenant(),
        name,
        urls::TENANTS.to_owned(),
    );
    view! {
        <ResourceForm form>
            <section class="form-panel">
                <h2>{admin::delete_tenant()}</h2>
                <p>
                    {admin::deleting_a_tenant_means()}
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
            <h2>{admin::next_steps()}</h2>
            <p class="help">
                {admin::first_account_has_security()}
            </p>
            <ol class="steps">
                <li data-testid="setup-step">
                    <a href=at("/people/users")>{admin::step_first_account()}</a>
                </li>
                <li data-testid="setup-step">
                    <a href=at(urls::TENANT)>{admin::step_administration()}</a>
                    {allowed.then(|| view! { " " <span class="chip">{admin::done()}</span> })}
                </li>
                <li data-testid="setup-step">
                    <a href=at("/tenant/namespace-defaults")>{admin::step_defaults()}</a>
                </li>
                <li data-testid="setup-step">
                    <a href=at("/new/namespace")>{admin::step_namespace()}</a>
                </li>
                <li data-testid="setup-step">
                    <a href=at("/new/user")>{admin::step_users()}</a>
                </li>
            </ol>
        </section>
    }
    .into_any()
}
