//! `/people/users`, `/people/groups` and what belongs to one of them.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::{
    Endpoint,
    mapi::{
        DataAccessPermissions, GroupAccount, Resource as _, UserAccount,
        calls::{
            ChangeUserPassword, CreateGroup, CreateUser, DeleteGroup, DeleteUser, ModifyGroup,
            ModifyUser, PasswordChange, SetDataAccessOfGroup, SetDataAccessOfUser,
        },
    },
};
use serde_json::{Map, Value as Json};

use super::{
    Page, fields, flag,
    form::{Form, ResourceForm},
    frame,
    place::{OF_GROUP, OF_USER, rights_in},
    read_only,
    spec::Say,
    table::{Cell, Column, DataTable, List, Row, column, wide},
    text, words,
};
use crate::{
    ui::{Icon, LinkButton, Tone},
    urls,
    words::admin,
};

const USERS: &[Column] = &[
    column("name", admin::user_name),
    wide("full", admin::full_name),
    column("role", admin::roles),
    column("enabled", admin::may_sign),
    wide("authentication", admin::sign_in),
    wide("namespaces", admin::own_namespaces),
    wide("description", admin::description),
];

fn role_label(role: &str) -> String {
    let mut letters = role.chars();
    let first = letters
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    first + &letters.as_str().to_lowercase()
}

/// Roles, where they are told.
fn roles(map: &Map<String, Json>) -> Cell {
    if map.contains_key("roles") {
        Cell::Words(
            words(map, "roles")
                .iter()
                .map(|role| role_label(role))
                .collect(),
        )
    } else {
        Cell::Private
    }
}

fn new_button(may: bool, href: String, word: &'static str) -> AnyView {
    may.then(|| {
        view! {
            <LinkButton href=href tone=Tone::Primary>
                <Icon name="plus" />
                {word}
            </LinkButton>
        }
    })
    .into_any()
}

/// The list of users.
pub fn users(page: &Page) -> AnyView {
    let all = page.list(0);
    let rows = all.iter().filter_map(Json::as_object).map(|map| {
        let name = text(map, "username");
        let local = match flag(map, "localAuthentication") {
            Some(false) => admin::radius(),
            Some(true) => admin::local(),
            None => "",
        };
        Row {
            cells: vec![
                Cell::Link(name.clone(), urls::below(&page.at(urls::USERS), &name, "")),
                Cell::Text(text(map, "fullName")),
                roles(map),
                Cell::Flag(flag(map, "enabled")),
                Cell::Text(local.to_owned()),
                Cell::Flag(flag(map, "allowNamespaceManagement")),
                Cell::Text(text(map, "description")),
            ],
            actions: vec![(
                admin::rights(),
                urls::below(&page.at(urls::USERS), &name, "rights"),
            )],
            key: name,
        }
    });
    let list = List {
        name: "users",
        caption: admin::users(),
        noun: admin::users_counted,
        columns: USERS,
        rows: rows.collect(),
        empty: admin::no_users(),
        missing: 0,
    };
    let new = new_button(page.may.security, page.at("/new/user"), admin::new_user());
    let content = view! { <DataTable list /> }.into_any();
    frame(
        Vec::new(),
        admin::users(),
        admin::users().to_owned(),
        new,
        Vec::new(),
        content,
    )
}

/// A new user.
pub fn new_user(page: &Page) -> AnyView {
    let path = CreateUser {
        tenant_name: page.tenant.clone(),
        ..Default::default()
    }
    .path();
    let at = [("tenant_name", page.tenant.as_str())];
    let mut form = Form::change(
        "create_user",
        &at,
        path,
        UserAccount::PROPERTIES,
        fields::NEW_USER,
        Map::new(),
    )
    .creating(
        admin::create_user(),
        page.at(urls::USERS),
        admin::the_user_was_created(),
    )
    .editable(page.may.security);
    form.security = page.map(0);
    let sign_in = urls::with_query(urls::SIGN_IN, &[("tenant", &page.tenant)]);
    let content = view! {
        {read_only(page.may.security, "security")}
        <p class="note">
            <Icon name="info" />
            <span>
                {admin::hand_the_password_over()} " "
                <a href=sign_in>{admin::the_sign_in_page()}</a>
            </span>
        </p>
        <ResourceForm form />
    };
    frame(
        vec![(admin::users().to_owned(), page.at(urls::USERS))],
        admin::new_user(),
        admin::new_user().to_owned(),
        ().into_any(),
        Vec::new(),
        content.into_any(),
    )
}

/// A user, and a section.
pub fn user(page: &Page, name: &str, section: &str) -> AnyView {
    let user = page.map(0);
    let local = flag(&user, "localAuthentication") != Some(false);
    let at = [("tenant_name", page.tenant.as_str()), ("username", name)];
    let own = page.base.is_empty() && page.session.username.eq_ignore_ascii_case(name);
    macro_rules! path {
        ($call:ident) => {
            $call {
                tenant_name: page.tenant.clone(),
                username: name.to_owned(),
                ..Default::default()
            }
            .path()
        };
    }
    let content = match section {
        "rights" => {
            let form = Form::change(
                "set_data_access_of_user",
                &at,
                path!(SetDataAccessOfUser),
                DataAccessPermissions::PROPERTIES,
                &[],
                Map::new(),
            );
            rights(page, form)
        }
        "password" => {
            let mut form = Form::change(
                "change_user_password",
                &at,
                path!(ChangeUserPassword),
                PasswordChange::PROPERTIES,
                fields::PASSWORD,
                Map::new(),
            )
            .editable(page.may.security || own);
            form.save = admin::set_password();
            admin::the_password_was_changed().clone_into(&mut form.done);
            form.security = page.map(1);
            view! { <ResourceForm form /> }.into_any()
        }
        "delete" => {
            let form = Form::change("delete_user", &at, path!(DeleteUser), &[], &[], Map::new())
                .deleting(admin::delete_user(), name, page.at(urls::USERS));
            delete(form, own)
        }
        _ => {
            let form = Form::change(
                "modify_user",
                &at,
                path!(ModifyUser),
                UserAccount::PROPERTIES,
                fields::USER,
                user,
            )
            .editable(page.may.security || page.may.admin);
            view! {
                {read_only(page.may.security, "security")}
                <ResourceForm form />
            }
            .into_any()
        }
    };
    let sections = sections_of_user(page, name, section, local, own);
    one(
        name,
        section,
        OF_USER,
        (admin::users(), &page.at(urls::USERS)),
        sections,
        content,
    )
}

/// The sections of a user that the session has something to do in.
fn sections_of_user(
    page: &Page,
    name: &str,
    section: &str,
    local: bool,
    own: bool,
) -> Vec<(&'static str, String, bool)> {
    OF_USER
        .iter()
        .filter(|(key, _)| match *key {
            "password" => local && (page.may.security || own),
            "delete" => page.may.security,
            "rights" => page.may.security || page.may.admin,
            _ => true,
        })
        .map(|(key, word)| {
            (
                word(),
                urls::below(&page.at(urls::USERS), name, key),
                *key == section,
            )
        })
        .collect()
}

fn one(
    name: &str,
    section: &str,
    words: &[(&str, Say)],
    list: (&str, &str),
    sections: Vec<(&'static str, String, bool)>,
    content: AnyView,
) -> AnyView {
    let word = words.iter().find(|(key, _)| *key == section);
    let word = word.map_or("", |(_, word)| word());
    frame(
        vec![(list.0.to_owned(), list.1.to_owned())],
        name,
        format!("{name} · {word}"),
        ().into_any(),
        sections,
        content,
    )
}

/// The matrix: all namespaces that are listed, with the rights in each.
fn rights(page: &Page, mut form: Form) -> AnyView {
    if let Some(failed) = page.failed(1) {
        return failed;
    }
    let given = rights_in(&Json::Object(page.map(1)));
    let order: Vec<&str> = fields::PERMISSIONS.iter().map(|(word, _)| *word).collect();
    let mut all: BTreeMap<String, String> = page
        .names(2)
        .into_iter()
        .map(|name| (name, String::new()))
        .collect();
    for (namespace, permissions) in given {
        let text = model::mapi::edit::in_order(&order, &permissions).join("\n");
        all.insert(namespace, text);
    }
    if all.is_empty() {
        return view! {
            <section class="notice" data-testid="state-empty">
                <Icon name="info" />
                <p>{admin::no_namespaces_for_rights()}</p>
            </section>
        }
        .into_any();
    }
    form.rights = Some(all);
    form.editable = page.may.admin;
    view! {
        {read_only(page.may.admin, "administrator")}
        <p class="note">
            <Icon name="info" />
            {admin::rights_bring_others()}
        </p>
        <ResourceForm form />
    }
    .into_any()
}

fn delete(form: Form, own: bool) -> AnyView {
    if own {
        return view! {
            <p class="alert alert-warn">
                {admin::own_account_stays()}
            </p>
        }
        .into_any();
    }
    view! {
        <ResourceForm form>
            <section class="form-panel">
                <h2>{admin::delete_account()}</h2>
                <p>
                    {admin::deleting_an_account_means()}
                </p>
            </section>
        </ResourceForm>
    }
    .into_any()
}

/// The list of groups.
pub fn groups(page: &Page) -> AnyView {
    let all = page.list(0);
    let rows = all.iter().filter_map(Json::as_object).map(|map| {
        let name = text(map, "groupname");
        Row {
            cells: vec![
                Cell::Link(name.clone(), urls::below(&page.at(urls::GROUPS), &name, "")),
                roles(map),
                Cell::Flag(flag(map, "allowNamespaceManagement")),
            ],
            actions: vec![(
                admin::rights(),
                urls::below(&page.at(urls::GROUPS), &name, "rights"),
            )],
            key: name,
        }
    });
    let external = words(&page.map(1), "authenticationTypes")
        .iter()
        .any(|kind| kind.eq_ignore_ascii_case("EXTERNAL"));
    let empty = if external {
        admin::no_groups_yet()
    } else {
        admin::no_groups_without_directory()
    };
    let list = List {
        name: "groups",
        caption: admin::groups(),
        noun: admin::groups_counted,
        columns: const {
            &[
                column("name", admin::name),
                column("role", admin::roles),
                wide("namespaces", admin::own_namespaces),
            ]
        },
        rows: rows.collect(),
        empty,
        missing: 0,
    };
    let new = new_button(
        page.may.security && external,
        page.at("/new/group"),
        admin::new_group(),
    );
    let content = view! { <DataTable list /> }.into_any();
    frame(
        Vec::new(),
        admin::groups(),
        admin::groups().to_owned(),
        new,
        Vec::new(),
        content,
    )
}

/// A new group.
pub fn new_group(page: &Page) -> AnyView {
    let path = CreateGroup {
        tenant_name: page.tenant.clone(),
        ..Default::default()
    }
    .path();
    let at = [("tenant_name", page.tenant.as_str())];
    let form = Form::change(
        "create_group",
        &at,
        path,
        GroupAccount::PROPERTIES,
        fields::NEW_GROUP,
        Map::new(),
    )
    .creating(
        admin::create_group(),
        page.at(urls::GROUPS),
        admin::the_group_was_created(),
    )
    .editable(page.may.security);
    let content = view! {
        {read_only(page.may.security, "security")}
        <ResourceForm form />
    };
    frame(
        vec![(admin::groups().to_owned(), page.at(urls::GROUPS))],
        admin::new_group(),
        admin::new_group().to_owned(),
        ().into_any(),
        Vec::new(),
        content.into_any(),
    )
}

/// A group, and a section.
pub fn group(page: &Page, name: &str, section: &str) -> AnyView {
    let at = [("tenant_name", page.tenant.as_str()), ("group_name", name)];
    macro_rules! path {
        ($call:ident) => {
            $call {
                tenant_name: page.tenant.clone(),
                group_name: name.to_owned(),
                ..Default::default()
            }
            .path()
        };
    }
    let content = match section {
        "rights" => {
            let form = Form::change(
                "set_data_access_of_group",
                &at,
                path!(SetDataAccessOfGroup),
                DataAccessPermissions::PROPERTIES,
                &[],
                Map::new(),
            );
            rights(page, form)
        }
        "delete" => {
            let form = Form::change(
                "delete_group",
                &at,
                path!(DeleteGroup),
                &[],
                &[],
                Map::new(),
            )
            .deleting(admin::delete_group(), name, page.at(urls::GROUPS));
            delete(form, false)
        }
        _ => {
            let form = Form::change(
                "modify_group",
                &at,
                path!(ModifyGroup),
                GroupAccount::PROPERTIES,
                fields::GROUP,
                page.map(0),
            )
            .editable(page.may.security || page.may.admin);
            view! {
                {read_only(page.may.security, "security")}
                <ResourceForm form />
            }
            .into_any()
        }
    };
    let sections = OF_GROUP
        .iter()
        .filter(|(key, _)| *key != "delete" || page.may.security)
        .map(|(key, word)| {
            (
                word(),
                urls::below(&page.at(urls::GROUPS), name, key),
                *key == section,
            )
        })
        .collect();
    one(
        name,
        section,
        OF_GROUP,
        (admin::groups(), &page.at(urls::GROUPS)),
        sections,
        content,
    )
}
