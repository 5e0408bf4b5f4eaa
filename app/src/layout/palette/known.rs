//! What the palette knows: the pages and commands of a session at once, the rest when it has come.

use http::Method;
use leptos::{prelude::*, task::spawn_local};
use model::{
    BucketName, Endpoint as _,
    bucket::ListBuckets,
    job::Job,
    mapi::calls::{ListNamespaces, ListTenants, ListUsers},
    object::{ListObjects, ListObjectsQuery},
    session::{Level, Session, Theme},
};

use super::{
    entry::{Does, Entry, Kind},
    path::{Path, as_folder},
};
use crate::{
    api, browser,
    layout::{Group, groups},
    pages::{files::Action, jobs::words::title},
    text::visible_name,
    urls,
    words::{self, frame, palette},
};

/// How many folders of a listing are offered.
const FOLDERS: u32 = 100;

/// The pages of a session.
pub fn pages(session: &Session) -> Vec<Entry> {
    let groups = groups(session);
    let mut found: Vec<_> = groups
        .iter()
        .flat_map(|group| group.entries())
        .map(|(address, word, ..)| Entry::link(Kind::Page, word(), *address))
        .collect();
    if !groups.is_empty() {
        found.push(Entry::link(Kind::Page, words::jobs::jobs(), urls::JOBS));
        // Who has no pages of administration has the own records.
        let audit = words::audit::audit();
        if groups.iter().all(|group| *group == Group::Data) {
            found.push(Entry::link(Kind::Page, audit, urls::AUDIT));
        }
    }
    let more = [
        (urls::PREFERENCES, words::preferences::heading()),
        (urls::SESSIONS, words::session::sessions()),
    ];
    found.extend(more.map(|(address, word)| Entry::link(Kind::Page, word, address)));
    if session.features.management {
        let word = words::session::change_password();
        found.push(Entry::link(Kind::Page, word, urls::PASSWORD));
    }
    found
}

/// What a session can do from anywhere.
pub fn commands(session: &Session) -> Vec<Entry> {
    let link = |word: &str, address: &str| Entry::link(Kind::Command, word, address);
    let press = |word: &str, selector: &str| {
        Entry::new(Kind::Command, word, Does::Press(selector.to_owned()))
    };
    let has = |group: Group| groups(session).contains(&group);
    let mut found = Vec::new();
    if has(Group::Data) {
        const CREATE: &str = "[data-testid=\"bucket-create\"]";
        let word = palette::new_bucket();
        found.push(if browser::is_there(CREATE) {
            press(word, CREATE)
        } else {
            link(word, &urls::with_query(urls::BUCKETS, &[("ask", "create")]))
        });
    }
    let rights = &session.rights;
    if has(Group::Tenant) && (rights.admin.is_possible() || rights.namespaces.is_possible()) {
        found.push(link(palette::new_namespace(), "/new/namespace"));
    }
    if has(Group::Tenant) && rights.security.is_possible() {
        found.push(link(palette::new_user(), "/new/user"));
        found.push(link(palette::new_group(), "/new/group"));
    }
    if has(Group::System) && rights.admin.is_possible() {
        found.push(link(palette::new_tenant(), "/new/tenant"));
    }
    for (theme, word) in [
        (Theme::System, palette::theme_system()),
        (Theme::Light, palette::theme_light()),
        (Theme::Dark, palette::theme_dark()),
    ] {
        let theme = theme.as_str();
        let button = format!("[data-testid=\"theme-select\"] button[value=\"{theme}\"]");
        found.push(press(word, &button));
    }
    found.push(Entry {
        keys: "[",
        ..press(palette::key_fold(), "[data-testid=\"nav-fold\"]")
    });
    found.push(press(frame::notifications(), ".notes-open"));
    found.push(Entry {
        keys: "?",
        ..Entry::new(Kind::Command, palette::shortcuts(), Does::Shortcuts)
    });
    found.push(link(words::session::sign_in_elsewhere(), urls::SIGN_IN));
    found.push(link(frame::sign_out(), urls::SIGN_OUT));
    found
}

/// What can be done on the page that is open.
pub fn of_page() -> Vec<Entry> {
    let ready = |action: &Action| {
        let name = action.as_str();
        browser::is_there(&format!(
            "[data-testid=\"cmd-{name}\"]:not([aria-disabled=\"true\"])"
        ))
    };
    let entry = |action: Action| Entry {
        keys: action.key(),
        ..Entry::new(
            Kind::Command,
            action.words(),
            Does::Press(format!("[data-testid=\"cmd-{}\"]", action.as_str())),
        )
    };
    Action::ALL.into_iter().filter(ready).map(entry).collect()
}

/// The jobs that are known.
pub fn jobs(jobs: &[Job]) -> Vec<Entry> {
    let entry = |job: &Job| Entry::link(Kind::Job, title(job), urls::job(&job.id));
    jobs.iter().map(entry).collect()
}

/// Asks for what a session has: buckets, and what it may administer. Each comes when it comes; what is refused
/// is absent.
pub fn ask(session: &Session, found: RwSignal<Vec<Entry>>) {
    let has = |group: Group| groups(session).contains(&group);
    if has(Group::Data) {
        spawn_local(async move {
            if let Ok(list) = api::call(ListBuckets).await {
                let entry =
                    |name: &str| Entry::link(Kind::Bucket, visible_name(name), urls::bucket(name));
                let buckets = list.buckets.iter().map(|bucket| entry(&bucket.name));
                let buckets = buckets.collect::<Vec<_>>();
                found.try_update(|found| found.extend(buckets));
            }
        });
    }
    let tenant_name = session.tenant.clone().unwrap_or_default();
    if has(Group::Tenant) {
        let users = ListUsers {
            tenant_name: tenant_name.clone(),
            ..Default::default()
        };
        names(users.path(), Kind::Person, urls::USERS, found);
        let namespaces = ListNamespaces {
            tenant_name,
            ..Default::default()
        };
        names(namespaces.path(), Kind::Namespace, urls::NAMESPACES, found);
    } else if session.level == Level::System && has(Group::System) {
        let tenants = ListTenants::default();
        names(tenants.path(), Kind::Tenant, urls::TENANTS, found);
    }
}

/// Asks for the names of a list of the management API.
fn names(path: String, kind: Kind, list: &'static str, found: RwSignal<Vec<Entry>>) {
    spawn_local(async move {
        let Ok(answer) = api::raw(Method::GET, path, None).await else {
            return;
        };
        let names = answer
            .as_object()
            .and_then(|answer| answer.values().find_map(serde_json::Value::as_array));
        let entries: Vec<_> = names
            .into_iter()
            .flatten()
            .filter_map(serde_json::Value::as_str)
            .map(|name| Entry::link(kind, visible_name(name), urls::below(list, name, "")))
            .collect();
        found.try_update(|found| found.extend(entries));
    });
}

/// The folder that was typed, whether it is there or not.
pub fn typed(path: &Path) -> Option<Entry> {
    let Path::Folder { bucket, prefix } = path else {
        return None;
    };
    let name = BucketName::parse(bucket).ok()?;
    Some(folder(&name, &as_folder(prefix)))
}

fn folder(bucket: &BucketName, prefix: &str) -> Entry {
    let name = format!("/{bucket}/{prefix}");
    Entry::link(Kind::Folder, name, urls::folder(bucket, prefix))
}

/// The folders below what was typed.
pub async fn folders(bucket: &str, prefix: String) -> Vec<Entry> {
    let Ok(name) = BucketName::parse(bucket) else {
        return Vec::new();
    };
    let request = ListObjects {
        bucket: name.clone(),
        query: ListObjectsQuery {
            prefix: Some(prefix),
            delimiter: Some("/".to_owned()),
            max_keys: Some(FOLDERS),
            ..ListObjectsQuery::default()
        },
    };
    let page = api::call(request).await.unwrap_or_default();
    let prefixes = page.common_prefixes.iter();
    prefixes.map(|prefix| folder(&name, prefix)).collect()
}
