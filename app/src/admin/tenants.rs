//! `/system/tenants`, `/new/tenant` and a tenant seen from the system.

use leptos::prelude::*;
use model::{
    Endpoint, ErrorCode, Problem,
    mapi::{
        Resource as _, Tenant,
        calls::{CreateTenant, DeleteTenant, ModifyTenant},
    },
    unit::GB,
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
    layout::use_sessions,
    ui::{Failure, Icon, LinkButton, Retry, Tone},
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
    wide("admin", admin::lets_system_in),
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
                Cell::Flag(Some(flag(map, "administrationAllowed") == Some(true))),
                Cell::When(text(map, "creationTime")),
            ],
            actions: vec![
                (admin::enter(), entrance(&name)),
                (
                    admin::sign_in_to(),
                    urls::with_query(urls::SIGN_IN, &[("tenant", &name), ("next", "/")]),
                ),
            ],
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
            <LinkButton href=urls::NEW_TENANT tone=Tone::Primary>
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

/// A new one with its first account, or with a group of a directory in its place.
pub fn new(page: &Page, by_group: bool) -> AnyView {
    let path = CreateTenant::default().path();
    let sections = if by_group {
        fields::NEW_TENANT_OF_GROUP
    } else {
        fields::NEW_TENANT
    };
    let form = Form::change(
        "create_tenant",
        &[],
        path,
        Tenant::PROPERTIES,
        sections,
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
        {ways(by_group)}
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

/// The two ways to somebody who can sign in.
fn ways(by_group: bool) -> AnyView {
    let way = |word: &'static str, first: &str, here: bool| {
        let href = urls::with_query(urls::NEW_TENANT, &[("first", first)]);
        view! {
            <li>
                // Another form altogether: nothing of this one is to stay.
                <a href=href rel="external" aria-current=here.then_some("page")>
                    {word}
                </a>
            </li>
        }
    };
    view! {
        <nav class="sections" aria-label=admin::first_account_by()>
            <ul>
                {way(admin::by_local_account(), "", !by_group)}
                {way(admin::by_group_of_directory(), "group", by_group)}
            </ul>
        </nav>
    }
    .into_any()
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
        "created" => steps(page, name),
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
    let enter = view! {
        <LinkButton href=entrance(name) attr:data-testid="tenant-enter">
            {admin::enter()}
        </LinkButton>
        <LinkButton href=sign_in>{admin::sign_in_to_this_tenant()}</LinkButton>
    };
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

/// Where one enters a tenant with a session of the system.
fn entrance(name: &str) -> String {
    urls::below(urls::TENANTS, name, "in/namespaces")
}

/// Whether a tenant, as it was told, lets accounts of the system in.
pub fn lets_in(told: Option<&Result<Json, Problem>>) -> bool {
    let map = told.and_then(|told| told.as_ref().ok()?.as_object());
    map.and_then(|map| flag(map, "administrationAllowed")) == Some(true)
}

/// A page of a tenant that was entered: all the time one sees whose it is.
pub fn inside(page: &Page, content: AnyView) -> AnyView {
    let places: [(Say, &str); 5] = [
        (admin::namespaces, urls::NAMESPACES),
        (admin::users, urls::USERS),
        (admin::groups, urls::GROUPS),
        (admin::usage, urls::USAGE),
        (admin::settings, urls::TENANT),
    ];
    let here = urls::current().get_untracked();
    let links = places
        .into_iter()
        .map(|(word, path)| {
            let href = page.at(path);
            // The sections of the settings share the first segment.
            let own = page.at(if path == urls::TENANT {
                "/tenant/"
            } else {
                path
            });
            let is_here = here.starts_with(&own);
            view! {
                <li>
                    <a href=href aria-current=is_here.then_some("page")>
                        {word()}
                    </a>
                </li>
            }
        })
        .collect_view();
    let leave = urls::below(urls::TENANTS, &page.tenant, "");
    view! {
        <section class="entered" aria-label=admin::entered() data-testid="entered-tenant">
            <p>
                <Icon name="building" />
                {admin::you_are_in_tenant(&page.tenant)}
            </p>
            <nav aria-label=admin::pages_of_tenant(&page.tenant)>
                <ul>{links}</ul>
            </nav>
            <LinkButton href=leave attr:data-testid="tenant-leave">
                {admin::leave()}
            </LinkButton>
        </section>
        {content}
    }
    .into_any()
}

/// A tenant that does not let accounts of the system in, and how it can.
pub fn closed(name: &str, retry: Retry) -> AnyView {
    let problem = Problem::new(ErrorCode::AccessDenied, admin::tenant_is_closed(name));
    let next = [("tenant", name), ("next", urls::TENANT)];
    let sign_in = urls::with_query(urls::SIGN_IN, &next);
    let content = view! {
        <Failure problem retry />
        <section class="form-panel" data-testid="how-to-enter">
            <h2>{admin::how_to_enter()}</h2>
            <p>{admin::how_the_tenant_allows_it(name)}</p>
            <p>
                <LinkButton href=sign_in>{admin::sign_in_to_this_tenant()}</LinkButton>
            </p>
        </section>
    };
    frame(
        vec![
            (admin::tenants().to_owned(), urls::TENANTS.to_owned()),
            (name.to_owned(), urls::below(urls::TENANTS, name, "")),
        ],
        name,
        format!("{name} · {}", admin::enter()),
        ().into_any(),
        Vec::new(),
        content.into_any(),
    )
}

/// What new namespaces get where nobody has said anything.
const DEFAULTS: [(&str, &str); 5] = [
    ("softQuota", "85"),
    ("hashScheme", "SHA-256"),
    ("enterpriseMode", "true"),
    ("searchEnabled", "false"),
    ("multipartUploadAutoAbortDays", "30"),
];

/// Whether somebody has set what new namespaces get: something is not as HCP has it.
fn are_set(defaults: &Map<String, Json>) -> bool {
    let quota = quota(defaults, "hardQuota");
    let is_own = |(name, own): &(&str, &str)| {
        let told = match defaults.get(*name) {
            None => return true,
            Some(Json::Bool(flag)) => flag.to_string(),
            Some(_) => text(defaults, name),
        };
        told == *own
    };
    quota.is_some_and(|bytes| bytes != 50 * GB) || !DEFAULTS.iter().all(is_own)
}

/// Whether somebody has the administrator role.
fn is_administered(users: &[Json]) -> bool {
    let mut users = users.iter().filter_map(Json::as_object);
    users.any(|user| {
        words(user, "roles")
            .iter()
            .any(|role| role == "ADMINISTRATOR")
    })
}

/// What is left to do once a tenant is there. What was seen done is ticked.
fn steps(page: &Page, name: &str) -> AnyView {
    let at = |next: &str| urls::with_query(urls::SIGN_IN, &[("tenant", name), ("next", next)]);
    let allowed = flag(&page.map(0), "administrationAllowed") == Some(true);
    let inside = |path: &str| {
        if allowed { page.at(path) } else { at(path) }
    };
    let step = |word: &'static str, href: String, done: bool| {
        view! {
            <li data-testid="setup-step" data-done=done.to_string()>
                <a href=href>{word}</a>
                {done.then(done_chip)}
            </li>
        }
    };
    let administered = is_administered(&page.list(1));
    let set = are_set(&page.map(2));
    let has_namespace = !page.names(3).is_empty();
    view! {
        <section class="form-panel">
            <h2>{admin::next_steps()}</h2>
            <p class="help">{admin::first_account_has_security()}</p>
            <ol class="steps">
                <SignedIn tenant=name.to_owned() href=at("/people/users") />
                {step(admin::step_administrator(), inside(urls::USERS), administered)}
                {step(admin::step_administration(), at(urls::TENANT), allowed)}
                {step(admin::step_defaults(), inside("/tenant/namespace-defaults"), set)}
                {step(admin::step_namespace(), inside("/new/namespace"), has_namespace)}
                {step(admin::step_users(), inside("/new/user"), false)}
            </ol>
            {(!allowed).then(|| view! { <p class="help">{admin::steps_are_seen_once_let_in()}</p> })}
        </section>
    }
    .into_any()
}

fn done_chip() -> AnyView {
    view! {
        " "
        <span class="chip">
            <Icon name="check" />
            {admin::done()}
        </span>
    }
    .into_any()
}

/// The first step: a session of the tenant beside the one of the system.
#[component]
fn SignedIn(tenant: String, href: String) -> impl IntoView {
    let sessions = use_sessions();
    view! {
        <Suspense>
            {move || {
                let (tenant, href) = (tenant.clone(), href.clone());
                Suspend::new(async move {
                    let all = sessions.await.map(|list| list.sessions).unwrap_or_default();
                    let done = all.iter().any(|one| one.tenant.as_deref() == Some(&*tenant));
                    view! {
                        <li data-testid="setup-step" data-done=done.to_string()>
                            <a href=href>{admin::step_first_account()}</a>
                            {done.then(done_chip)}
                        </li>
                    }
                })
            }}
        </Suspense>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_step_is_done_when_it_is_seen() {
        let map = |json: Json| json.as_object().cloned().unwrap();
        assert!(!are_set(&map(
            json!({"hardQuota": "50.00 GB", "softQuota": 85, "more": 1})
        )));
        assert!(are_set(&map(
            json!({"hardQuota": "50.00 GB", "softQuota": 80})
        )));
        assert!(!are_set(&Map::new()));
        assert!(!is_administered(&[
            json!({"roles": ["SECURITY"]}),
            json!({})
        ]));
        assert!(is_administered(&[
            json!({"roles": {"role": ["ADMINISTRATOR"]}})
        ]));
    }
}
