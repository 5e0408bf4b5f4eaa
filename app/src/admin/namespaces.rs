//! `/namespaces`, `/new/namespace` and the sections of a namespace.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::{
    Endpoint,
    mapi::{
        CifsProtocol, ComplianceSettings, HttpProtocol, Namespace, NfsProtocol, PermissionMask,
        Property, Resource as _, RetentionClass, SmtpProtocol, VersioningSettings,
        calls::{
            CreateNamespace, CreateRetentionClass, DeleteNamespace, DeleteRetentionClass,
            ModifyCifsProtocol, ModifyComplianceSettings, ModifyHttpProtocol, ModifyNamespace,
            ModifyNfsProtocol, ModifyRetentionClass, ModifySmtpProtocol, ModifyVersioningSettings,
            SetNamespacePermissions,
        },
    },
    session::Backend,
};
use serde_json::{Map, Value as Json};

use super::{
    Page, field, fields, flag,
    form::{Form, ResourceForm},
    frame, number,
    place::{Detail, OF_NAMESPACE},
    quota, read_only,
    spec::Section,
    table::{Cell, Column, DataTable, List, Row, column, wide},
    text, usage, words,
};
use crate::{
    ui::{Icon, LinkButton, Tone},
    unit, urls,
    words::admin,
};

const COLUMNS: &[Column] = &[
    column("name", admin::name),
    column("used", admin::used_of_quota),
    wide("objects", admin::objects),
    wide("owner", admin::owner),
    wide("tag", admin::tags),
    wide("versioning", admin::optimised_for),
    wide("mode", admin::mode),
    wide("created", admin::created),
];

/// The list.
pub fn list(page: &Page) -> AnyView {
    let used = usage::by_namespace(&page.list(1));
    let rows = page.list(0).into_iter().filter_map(|json| match json {
        Json::Object(map) => Some(row(page, &map, &used)),
        _ => None,
    });
    let list = List {
        name: "namespaces",
        caption: admin::namespaces(),
        noun: admin::namespaces_counted,
        columns: COLUMNS,
        rows: rows.collect(),
        empty: admin::no_namespaces_yet(),
        missing: 0,
    };
    let new = page.may.admin.then(|| {
        view! {
            <LinkButton href=page.at("/new/namespace") tone=Tone::Primary>
                <Icon name="plus" />
                {admin::new_namespace()}
            </LinkButton>
        }
    });
    let content = view! { <DataTable list /> }.into_any();
    frame(
        Vec::new(),
        admin::namespaces(),
        admin::namespaces().to_owned(),
        new.into_any(),
        Vec::new(),
        content,
    )
}

fn row(page: &Page, map: &Map<String, Json>, used: &BTreeMap<String, Map<String, Json>>) -> Row {
    let name = text(map, "name");
    let report = used.get(&name);
    let figure = |key: &str| report.and_then(|report| number(report, key));
    let mode = match flag(map, "enterpriseMode") {
        Some(true) => admin::enterprise(),
        Some(false) => admin::compliance(),
        None => "",
    };
    let optimised = match text(map, "optimizedFor").as_str() {
        "CLOUD" => admin::cloud().to_owned(),
        "ALL" => admin::all_protocols().to_owned(),
        other => other.to_owned(),
    };
    Row {
        cells: vec![
            Cell::Link(
                name.clone(),
                urls::below(&page.at(urls::NAMESPACES), &name, ""),
            ),
            Cell::Share(figure("ingestedVolume"), quota(map, "hardQuota")),
            Cell::Count(figure("objectCount")),
            Cell::Text(text(map, "owner")),
            Cell::Words(words(map, "tags")),
            Cell::Text(optimised),
            Cell::Text(mode.to_owned()),
            Cell::When(text(map, "creationTime")),
        ],
        actions: if page.base.is_empty() {
            vec![(admin::files(), urls::bucket(&name))]
        } else {
            Vec::new()
        },
        key: name,
    }
}

/// A new one.
pub fn new(page: &Page) -> AnyView {
    let path = CreateNamespace {
        tenant_name: page.tenant.clone(),
        ..Default::default()
    }
    .path();
    let mut loaded = page.map(0);
    // What the tenant gives by default to others is not the new one's own.
    for own in ["description", "effectiveDpl", "dpl"] {
        loaded.remove(own);
    }
    let mut form = Form::change(
        "create_namespace",
        &[("tenant_name", &page.tenant)],
        path,
        Namespace::PROPERTIES,
        fields::NEW_NAMESPACE,
        loaded,
    )
    .creating(
        admin::create_namespace(),
        page.at(urls::NAMESPACES),
        admin::the_namespace_was_created(),
    )
    .facts(&page.map(1))
    .editable(page.may.admin);
    form.options = vec![("plans", page.names(2))];
    let content = view! {
        {read_only(page.may.admin, "administrator")}
        <p class="note">
            <Icon name="info" />
            {admin::new_namespace_gets()}
        </p>
        <ResourceForm form />
    };
    frame(
        vec![(admin::namespaces().to_owned(), page.at(urls::NAMESPACES))],
        admin::new_namespace(),
        admin::new_namespace().to_owned(),
        ().into_any(),
        Vec::new(),
        content.into_any(),
    )
}

/// One, and a section of it.
pub fn one(page: &Page, name: &str, section: &str, detail: &Detail) -> AnyView {
    let namespace = page.map(0);
    let sections = OF_NAMESPACE
        .iter()
        .filter(|(key, _)| *key != "delete" || page.may.admin)
        .map(|(key, word)| {
            let href = urls::below(&page.at(urls::NAMESPACES), name, key);
            (word(), href, *key == section)
        })
        .collect();
    let content = match section {
        "general" => general(page, name),
        "access" => access(page, name),
        "protocols" => protocols(page, name),
        "versioning" => versioning(page, name),
        "compliance" => compliance(page, name),
        "retention-classes" => classes(page, name, detail),
        "statistics" => usage::statistics(page, 2, quota(&namespace, "hardQuota")),
        "chargeback" => usage::report(page, 2, &detail.span, "namespace-chargeback"),
        _ => delete(page, name),
    };
    let word = OF_NAMESPACE.iter().find(|(key, _)| *key == section);
    let word = word.map_or("", |(_, word)| word());
    let actions = view! {
        <LinkButton href=urls::bucket(name)>
            <Icon name="folder" />
            {admin::files()}
        </LinkButton>
    };
    frame(
        vec![(admin::namespaces().to_owned(), page.at(urls::NAMESPACES))],
        name,
        format!("{name} · {word}"),
        actions.into_any(),
        sections,
        content,
    )
}

/// A form that changes a part of a namespace.
fn form(
    page: &Page,
    name: &str,
    op: &'static str,
    path: String,
    properties: &'static [Property],
    sections: &'static [Section],
    loaded: Map<String, Json>,
) -> Form {
    let at = [("tenant_name", page.tenant.as_str()), ("ns_name", name)];
    Form::change(op, &at, path, properties, sections, loaded)
        .facts(&page.map(1))
        .facts(&page.map(0))
}

fn general(page: &Page, name: &str) -> AnyView {
    let path = path!(ModifyNamespace, page, name);
    let mut form = form(
        page,
        name,
        "modify_namespace",
        path,
        Namespace::PROPERTIES,
        fields::NAMESPACE,
        page.map(0),
    )
    .editable(page.may.admin);
    form.options = vec![("plans", page.names(2))];
    view! {
        {read_only(page.may.admin, "administrator")}
        <ResourceForm form />
    }
    .into_any()
}

fn access(page: &Page, name: &str) -> AnyView {
    let minimum = form(
        page,
        name,
        "modify_namespace",
        path!(ModifyNamespace, page, name),
        Namespace::PROPERTIES,
        fields::MINIMUM_RIGHTS,
        page.map(0),
    )
    .editable(page.may.admin);
    let mask = page.failed(2).unwrap_or_else(|| {
        let form = form(
            page,
            name,
            "set_namespace_permissions",
            path!(SetNamespacePermissions, page, name),
            PermissionMask::PROPERTIES,
            fields::PERMISSION_MASK,
            mask_of(page.answers.get(2)),
        )
        .editable(page.may.admin);
        view! { <ResourceForm form /> }.into_any()
    });
    let people = page.failed(3).unwrap_or_else(|| {
        let answer = page.map(3);
        if answer.contains_key("hidden") {
            return view! {
                <p class="help">{admin::rights_told_to_few()}</p>
            }
            .into_any();
        }
        let rows = answer.get("found").and_then(Json::as_array);
        let rows = rows
            .into_iter()
            .flatten()
            .filter_map(Json::as_object)
            .map(|entry| {
                let user = text(entry, "user");
                Row {
                    cells: vec![
                        Cell::Link(
                            user.clone(),
                            urls::below(&page.at(urls::USERS), &user, "rights"),
                        ),
                        Cell::Words(labels(&words(entry, "rights"))),
                    ],
                    actions: Vec::new(),
                    key: user,
                }
            });
        let list = List {
            name: "rights",
            caption: admin::users_with_data_rights(),
            noun: admin::users_counted,
            columns: const { &[column("user", admin::user), column("rights", admin::rights)] },
            rows: rows.collect(),
            empty: admin::nobody_has_rights(),
            missing: number(&answer, "missing")
                .and_then(|n| usize::try_from(n).ok())
                .unwrap_or_default(),
        };
        view! { <DataTable list /> }.into_any()
    });
    view! {
        {read_only(page.may.admin, "administrator")}
        <div class="list">
            <h2 class="section-title">{admin::users_with_data_rights()}</h2>
            {people}
            <p class="actions">
                <LinkButton href=page.at(urls::USERS)>{admin::users()}</LinkButton>
                <LinkButton href=page.at(urls::GROUPS)>{admin::groups()}</LinkButton>
            </p>
        </div>
        <ResourceForm form=minimum />
        {mask}
    }
    .into_any()
}

/// A mask in its own resource, or bare as some releases answer it.
pub fn mask_of(answer: Option<&Result<Json, model::Problem>>) -> Map<String, Json> {
    match answer {
        Some(Ok(Json::Object(map))) => map.clone(),
        Some(Ok(Json::Array(items))) => {
            Map::from_iter([("permission".to_owned(), Json::Array(items.clone()))])
        }
        _ => Map::new(),
    }
}

/// Permissions in our words.
pub fn labels(permissions: &[String]) -> Vec<String> {
    let label = |word: &String| {
        let known = fields::PERMISSIONS.iter().find(|(one, _)| one == word);
        known.map_or_else(|| word.clone(), |(_, label)| label().to_owned())
    };
    permissions.iter().map(label).collect()
}

fn protocols(page: &Page, name: &str) -> AnyView {
    let may = page.may.admin;
    let one = |at: usize, op, path, properties, sections| {
        page.failed(at).unwrap_or_else(|| {
            let form = form(page, name, op, path, properties, sections, page.map(at)).editable(may);
            view! { <ResourceForm form /> }.into_any()
        })
    };
    let files = text(&page.map(0), "optimizedFor") != "CLOUD";
    view! {
        {read_only(may, "administrator")}
        <h2 class="section-title">{admin::http()}</h2>
        {one(2, "modify_http_protocol", path!(ModifyHttpProtocol, page, name), HttpProtocol::PROPERTIES, fields::HTTP)}
        {connection(page, name)}
        {if files {
            view! {
                <h2 class="section-title">{admin::file_protocols()}</h2>
                {one(3, "modify_cifs_protocol", path!(ModifyCifsProtocol, page, name), CifsProtocol::PROPERTIES, fields::CIFS)}
                {one(4, "modify_nfs_protocol", path!(ModifyNfsProtocol, page, name), NfsProtocol::PROPERTIES, fields::NFS)}
                {one(5, "modify_smtp_protocol", path!(ModifySmtpProtocol, page, name), SmtpProtocol::PROPERTIES, fields::SMTP)}
            }
                .into_any()
        } else {
            view! {
                <p class="note">
                    <Icon name="info" />
                    {admin::file_protocols_need_all()}
                </p>
            }
                .into_any()
        }}
    }
    .into_any()
}

/// Where programs find the namespace.
fn connection(page: &Page, name: &str) -> AnyView {
    let host = text(&page.map(0), "fullyQualifiedName");
    let tenant = host.split_once('.').map_or("", |(_, tenant)| tenant);
    let on_appliance = page.session.backend == Backend::Hcp;
    let endpoint = match &page.session.upload.store_origin {
        Some(origin) if !on_appliance => origin.clone(),
        _ if tenant.is_empty() => return ().into_any(),
        _ => format!("https://{tenant}"),
    };
    let rest = on_appliance.then(|| {
        view! {
            <dt>{admin::rest()}</dt>
            <dd class="mono">{format!("https://{host}/rest")}</dd>
        }
    });
    view! {
        <section class="form-panel">
            <h2>{admin::for_programs()}</h2>
            <dl class="facts facts-wide">
                <dt>{admin::s3_endpoint()}</dt>
                <dd class="mono">{endpoint}</dd>
                <dt>{admin::bucket()}</dt>
                <dd class="mono">{name.to_owned()}</dd>
                {rest}
            </dl>
        </section>
    }
    .into_any()
}

fn versioning(page: &Page, name: &str) -> AnyView {
    page.failed(2).unwrap_or_else(|| {
        let form = form(
            page,
            name,
            "modify_versioning_settings",
            path!(ModifyVersioningSettings, page, name),
            VersioningSettings::PROPERTIES,
            fields::VERSIONING,
            page.map(2),
        )
        .editable(page.may.admin);
        view! {
            {read_only(page.may.admin, "administrator")}
            <ResourceForm form />
        }
        .into_any()
    })
}

fn compliance(page: &Page, name: &str) -> AnyView {
    page.failed(2).unwrap_or_else(|| {
        let form = form(
            page,
            name,
            "modify_compliance_settings",
            path!(ModifyComplianceSettings, page, name),
            ComplianceSettings::PROPERTIES,
            fields::COMPLIANCE,
            page.map(2),
        )
        .editable(page.may.compliance);
        view! {
            {read_only(page.may.compliance, "compliance")}
            <ResourceForm form />
        }
        .into_any()
    })
}

fn classes(page: &Page, name: &str, detail: &Detail) -> AnyView {
    if let Some(failed) = page.failed(2) {
        return failed;
    }
    let may = page.may.compliance;
    let here = urls::below(&page.at(urls::NAMESPACES), name, "retention-classes");
    let all = page.list(2);
    let found = all.iter().filter_map(Json::as_object);
    let chosen = found
        .clone()
        .find(|class| text(class, "name") == detail.class)
        .cloned();
    let rows = found.map(|class| {
        let class_name = text(class, "name");
        let to = |ask: &str| urls::with_query(&here, &[("class", &class_name), ("ask", ask)]);
        let actions = if may {
            vec![(admin::edit(), to("")), (admin::delete(), to("delete"))]
        } else {
            Vec::new()
        };
        Row {
            cells: vec![
                Cell::Text(class_name.clone()),
                Cell::Text(field::retention_in_words(&text(class, "value"))),
                Cell::Text(text(class, "value")),
                Cell::Flag(flag(class, "allowDisposition")),
                Cell::Text(text(class, "description")),
            ],
            actions,
            key: class_name.clone(),
        }
    });
    let list = List {
        name: "retention-classes",
        caption: admin::retention_classes(),
        noun: admin::classes_counted,
        columns: const {
            &[
                column("name", admin::name),
                column("retention", admin::retention),
                wide("value", admin::value),
                wide("disposition", admin::deleted_at_the_end),
                wide("description", admin::description),
            ]
        },
        rows: rows.collect(),
        empty: admin::no_retention_classes(),
        missing: 0,
    };
    let content = class_form(page, name, &here, chosen, &detail.ask);
    view! {
        {read_only(may, "compliance")}
        <DataTable list />
        {may.then_some(content)}
    }
    .into_any()
}

/// The form below the list: a new class, a class's values, or its end.
fn class_form(
    page: &Page,
    name: &str,
    here: &str,
    chosen: Option<Map<String, Json>>,
    ask: &str,
) -> AnyView {
    let Some(class) = chosen else {
        let path = CreateRetentionClass {
            tenant_name: page.tenant.clone(),
            namespace_name: name.to_owned(),
            ..Default::default()
        }
        .path();
        let at = [
            ("tenant_name", page.tenant.as_str()),
            ("namespace_name", name),
        ];
        let mut form = Form::change(
            "create_retention_class",
            &at,
            path,
            RetentionClass::PROPERTIES,
            fields::NEW_RETENTION_CLASS,
            Map::new(),
        )
        .creating(
            admin::create_class(),
            here.to_owned(),
            admin::the_retention_class_was_created(),
        );
        form.reloads = true;
        return view! {
            <h2 class="section-title">{admin::new_retention_class()}</h2>
            <ResourceForm form />
        }
        .into_any();
    };
    let class_name = text(&class, "name");
    let at = [
        ("tenant_name", page.tenant.as_str()),
        ("namespace_name", name),
        ("retention_class_name", &class_name),
    ];
    if ask == "delete" {
        let path = DeleteRetentionClass {
            tenant_name: page.tenant.clone(),
            namespace_name: name.to_owned(),
            retention_class_name: class_name.clone(),
            ..Default::default()
        }
        .path();
        let form = Form::change("delete_retention_class", &at, path, &[], &[], Map::new())
            .deleting(admin::delete_class(), &class_name, here.to_owned());
        return view! {
            <h2 class="section-title">{admin::delete_named(&class_name)}</h2>
            <ResourceForm form>
                <p class="note">
                    <Icon name="alert" />
                    {admin::deleting_a_class_means()}
                </p>
            </ResourceForm>
        }
        .into_any();
    }
    let path = ModifyRetentionClass {
        tenant_name: page.tenant.clone(),
        namespace_name: name.to_owned(),
        retention_class_name: class_name.clone(),
        ..Default::default()
    }
    .path();
    let mut form = Form::change(
        "modify_retention_class",
        &at,
        path,
        RetentionClass::PROPERTIES,
        fields::RETENTION_CLASS,
        class,
    );
    here.clone_into(&mut form.next);
    view! {
        <h2 class="section-title">{class_name}</h2>
        <ResourceForm form />
    }
    .into_any()
}

fn delete(page: &Page, name: &str) -> AnyView {
    let path = path!(DeleteNamespace, page, name);
    let at = [("tenant_name", page.tenant.as_str()), ("ns_name", name)];
    let form = Form::change("delete_namespace", &at, path, &[], &[], Map::new()).deleting(
        admin::delete_namespace(),
        name,
        page.at(urls::NAMESPACES),
    );
    let objects = number(&page.map(2), "objectCount");
    let held = match objects {
        Some(0) => admin::holds_no_objects().to_owned(),
        Some(number) => admin::holds_objects(&unit::count(number)),
        None => admin::only_empty_can_be_deleted().to_owned(),
    };
    view! {
        <ResourceForm form>
            <section class="form-panel">
                <h2>{admin::delete_namespace()}</h2>
                <p>{admin::deleting_a_namespace_means()}</p>
                <p class="note">
                    <Icon name="info" />
                    {held}
                </p>
            </section>
        </ResourceForm>
    }
    .into_any()
}
