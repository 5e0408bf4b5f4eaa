//! `/tenant/{section}`: the settings of the session's tenant.

use leptos::prelude::*;
use model::{
    Endpoint,
    mapi::{
        ConsoleSecurity, ContactInfo, EmailNotification, NamespaceDefaults, PermissionMask,
        Property, Resource as _, SearchSecurity, Tenant,
        calls::{
            ModifyConsoleSecurity, ModifyContactInfo, ModifyEmailNotification,
            ModifyNamespaceDefaults, ModifySearchSecurity, ModifyTenant, SetTenantPermissions,
        },
    },
};
use serde_json::{Map, Value as Json};

use super::{
    Page, fields,
    form::{Form, ResourceForm},
    frame,
    namespaces::mask_of,
    place::OF_TENANT,
    read_only,
    spec::Section,
    table::{Cell, DataTable, List, Row, column},
    text,
};
use crate::{urls, words::admin};

/// A section.
pub fn settings(page: &Page, section: &str) -> AnyView {
    let sections = OF_TENANT
        .iter()
        .map(|(key, word)| (word(), page.at(&format!("/tenant/{key}")), *key == section))
        .collect();
    let word = OF_TENANT.iter().find(|(key, _)| *key == section);
    let word = word.map_or("", |(_, word)| word());
    let content = if section == "service-plans" {
        plans(page)
    } else {
        page.failed(1).unwrap_or_else(|| one(page, section))
    };
    frame(
        Vec::new(),
        admin::settings(),
        admin::section_of_settings(word),
        ().into_any(),
        sections,
        content,
    )
}

/// What a section's form is made of.
type Parts = (
    &'static str,
    String,
    &'static [Property],
    &'static [Section],
    Map<String, Json>,
    bool,
);

fn parts(page: &Page, section: &str) -> Parts {
    macro_rules! path {
        ($call:ident) => {
            $call {
                tenant_name: page.tenant.clone(),
                ..Default::default()
            }
            .path()
        };
    }
    let (admin, security) = (page.may.admin, page.may.security);
    match section {
        "contact" => (
            "modify_contact_info",
            path!(ModifyContactInfo),
            ContactInfo::PROPERTIES,
            fields::CONTACT,
            page.map(1),
            admin,
        ),
        "namespace-defaults" => (
            "modify_namespace_defaults",
            path!(ModifyNamespaceDefaults),
            NamespaceDefaults::PROPERTIES,
            fields::DEFAULTS,
            page.map(1),
            admin,
        ),
        "permissions" => (
            "set_tenant_permissions",
            path!(SetTenantPermissions),
            PermissionMask::PROPERTIES,
            fields::PERMISSION_MASK,
            mask_of(page.answers.get(1)),
            admin,
        ),
        "console-security" => (
            "modify_console_security",
            path!(ModifyConsoleSecurity),
            ConsoleSecurity::PROPERTIES,
            fields::CONSOLE_SECURITY,
            page.map(1),
            security,
        ),
        "email" => (
            "modify_email_notification",
            path!(ModifyEmailNotification),
            EmailNotification::PROPERTIES,
            fields::EMAIL,
            page.map(1),
            admin,
        ),
        "search-security" => (
            "modify_search_security",
            path!(ModifySearchSecurity),
            SearchSecurity::PROPERTIES,
            fields::SEARCH_SECURITY,
            page.map(1),
            security,
        ),
        _ => (
            "modify_tenant",
            path!(ModifyTenant),
            Tenant::PROPERTIES,
            fields::TENANT,
            page.map(0),
            admin,
        ),
    }
}

fn one(page: &Page, section: &str) -> AnyView {
    let (op, path, properties, sections, loaded, may) = parts(page, section);
    let at = [("tenant_name", page.tenant.as_str())];
    let mut form = Form::change(op, &at, path, properties, sections, loaded)
        .facts(&page.map(0))
        .editable(may);
    form.options = vec![("plans", page.names(2))];
    if section == "email" {
        form.rows = Some(("recipients", fields::RECIPIENT));
    }
    let role = if matches!(section, "console-security" | "search-security") {
        "security"
    } else {
        "administrator"
    };
    view! {
        {read_only(may, role)}
        <ResourceForm form />
    }
    .into_any()
}

fn plans(page: &Page) -> AnyView {
    if let Some(failed) = page.failed(1) {
        return failed;
    }
    let all = page.list(2);
    let rows = all.iter().filter_map(Json::as_object).map(|map| {
        let name = text(map, "name");
        Row {
            cells: vec![
                Cell::Text(name.clone()),
                Cell::Text(text(map, "description")),
            ],
            actions: Vec::new(),
            key: name,
        }
    });
    let rows: Vec<Row> = rows.collect();
    let list = List {
        name: "service-plans",
        caption: admin::service_plans(),
        noun: admin::plans_counted,
        columns: const {
            &[
                column("name", admin::name),
                column("description", admin::description),
            ]
        },
        missing: page.names(1).len().saturating_sub(rows.len()),
        rows,
        empty: admin::no_service_plans(),
    };
    view! {
        <DataTable list />
        <p class="help">
            {admin::which_namespaces_use_a_plan()}
            <a href=page.at(urls::NAMESPACES)>{admin::namespaces()}</a>
        </p>
    }
    .into_any()
}
