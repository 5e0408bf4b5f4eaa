//! `/system/accounts`: who administers the system, and the password of one of them.

use leptos::prelude::*;
use model::{
    Endpoint,
    mapi::{
        Resource as _, UserAccount,
        calls::{ChangeSystemUserPassword, PasswordChange},
    },
};
use serde_json::{Map, Value as Json};

use super::{
    super::{
        Page, fields, flag,
        form::{Form, ResourceForm},
        frame,
        spec::Say,
        table::{Cell, Column, DataTable, List, Row, column, wide},
        text, words,
    },
    Sheet, sections,
};
use crate::{
    ui::{Icon, LinkButton},
    urls,
    words::{admin, system},
};

/// The roles of the system level: HCP's word, ours, and what it opens.
const ROLES: [(&str, Say, Say); 6] = [
    ("MONITOR", system::monitor, system::monitor_opens),
    (
        "ADMINISTRATOR",
        system::administrator,
        system::administrator_opens,
    ),
    ("SECURITY", system::security, system::security_opens),
    ("SERVICE", system::maintenance, system::maintenance_opens),
    ("SEARCH", system::search, system::search_opens),
    ("COMPLIANCE", system::compliance, system::compliance_opens),
];

const USERS: &[Column] = &[
    column("name", admin::user_name),
    wide("full", admin::full_name),
    column("role", admin::roles),
    column("enabled", admin::may_sign),
    wide("authentication", admin::sign_in),
    wide("description", admin::description),
];

const GROUPS: &[Column] = &[column("name", admin::name), column("role", admin::roles)];

/// The roles in words; one that is not known stays as the store has it.
fn roles(account: &Map<String, Json>) -> Cell {
    if !account.contains_key("roles") {
        return Cell::Private;
    }
    let told = words(account, "roles").into_iter();
    let said = told.map(|role| {
        let known = ROLES.iter().find(|(word, ..)| *word == role);
        known.map_or(role, |(_, say, _)| say().to_owned())
    });
    Cell::Words(said.collect())
}

fn users(all: &[Json]) -> List {
    let rows = all.iter().filter_map(Json::as_object).map(|user| {
        let name = text(user, "username");
        let by = match flag(user, "localAuthentication") {
            Some(false) => admin::radius(),
            Some(true) => admin::local(),
            None => "",
        };
        Row {
            cells: vec![
                Cell::Link(
                    name.clone(),
                    urls::below(&Sheet::Accounts.address(), &name, ""),
                ),
                Cell::Text(text(user, "fullName")),
                roles(user),
                Cell::Flag(flag(user, "enabled")),
                Cell::Text(by.to_owned()),
                Cell::Text(text(user, "description")),
            ],
            actions: Vec::new(),
            key: name,
        }
    });
    List {
        name: "system-users",
        caption: admin::users(),
        noun: admin::users_counted,
        columns: USERS,
        rows: rows.collect(),
        empty: admin::no_users(),
        missing: 0,
    }
}

fn groups(all: &[Json]) -> List {
    let rows = all.iter().filter_map(Json::as_object).map(|group| {
        let name = text(group, "groupname");
        Row {
            cells: vec![Cell::Text(name.clone()), roles(group)],
            actions: Vec::new(),
            key: name,
        }
    });
    List {
        name: "system-groups",
        caption: admin::groups(),
        noun: admin::groups_counted,
        columns: GROUPS,
        rows: rows.collect(),
        empty: system::no_groups(),
        missing: 0,
    }
}

/// The list of users and groups.
pub fn list(page: &Page) -> AnyView {
    let table = |at: usize, list: fn(&[Json]) -> List| {
        page.failed(at).unwrap_or_else(|| {
            let list = list(&page.list(at));
            view! { <DataTable list /> }.into_any()
        })
    };
    let opened = ROLES
        .iter()
        .map(|(_, word, opens)| {
            view! {
                <dt>{word()}</dt>
                <dd>{opens()}</dd>
            }
        })
        .collect_view();
    view! {
        <p class="note" data-testid="accounts-made-elsewhere">
            <Icon name="info" />
            {system::accounts_are_made_elsewhere()}
        </p>
        <h2 class="section-title">{admin::users()}</h2>
        {table(0, users)}
        <h2 class="section-title">{admin::groups()}</h2>
        {table(1, groups)}
        <section class="form-panel" data-testid="roles">
            <h2>{system::what_roles_open()}</h2>
            <dl class="facts facts-wide">{opened}</dl>
        </section>
    }
    .into_any()
}

/// A user: what it is, and its password.
pub fn one(page: &Page, name: &str) -> AnyView {
    let user = page.map(0);
    let facts = Form::change(
        "system_user",
        &[],
        String::new(),
        UserAccount::PROPERTIES,
        fields::SYSTEM_USER,
        user.clone(),
    )
    .editable(false);
    let content = view! {
        <ResourceForm form=facts />
        {password(page, name, &user)}
    };
    frame(
        vec![(system::accounts().to_owned(), Sheet::Accounts.address())],
        name,
        format!("{name} · {}", system::accounts()),
        ().into_any(),
        sections(Sheet::Accounts, &page.session),
        content.into_any(),
    )
}

fn password(page: &Page, name: &str, user: &Map<String, Json>) -> AnyView {
    let note = |text: &'static str| {
        view! {
            <p class="note" data-testid="no-password">
                <Icon name="info" />
                {text}
            </p>
        }
        .into_any()
    };
    if page.session.username.eq_ignore_ascii_case(name) {
        // The session goes on with the new one there.
        return view! {
            <p>
                <LinkButton href=urls::PASSWORD>{system::change_own_password()}</LinkButton>
            </p>
        }
        .into_any();
    }
    if flag(user, "localAuthentication") == Some(false) {
        return note(system::password_kept_elsewhere());
    }
    if !page.may.security {
        return note(system::password_by_security());
    }
    let path = ChangeSystemUserPassword {
        username: name.to_owned(),
        ..Default::default()
    };
    let mut form = Form::change(
        "change_system_user_password",
        &[("username", name)],
        path.path(),
        PasswordChange::PROPERTIES,
        fields::PASSWORD,
        Map::new(),
    );
    form.save = admin::set_password();
    admin::the_password_was_changed().clone_into(&mut form.done);
    view! { <ResourceForm form /> }.into_any()
}

#[cfg(test)]
mod tests {
    use model::mapi::{Role, Word as _};
    use serde_json::json;

    use super::*;

    #[test]
    fn every_role_has_its_word_and_what_it_opens() {
        for role in Role::ALL {
            let known = ROLES.iter().find(|(word, ..)| *word == role.as_str());
            let (_, word, opens) = known.unwrap();
            assert!(!word().is_empty() && !opens().is_empty());
        }
        let told = json!({"roles": {"role": ["SERVICE", "NEW"]}});
        let expected = Cell::Words(vec!["Service".to_owned(), "NEW".to_owned()]);
        assert_eq!(roles(told.as_object().unwrap()), expected);
        assert_eq!(roles(&Map::new()), Cell::Private);
    }
}
