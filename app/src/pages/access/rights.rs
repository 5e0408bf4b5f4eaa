//! Who has data access permissions on the namespace behind a bucket: a matrix that is changed in place.

use futures::{future::join_all, join};
use http::Method;
use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    BucketName, Endpoint as _, Problem,
    mapi::{
        DataAccessPermissions, Resource as _,
        calls::{
            GetDataAccessOfGroup, GetDataAccessOfUser, GetNamespacePermissions, ListGroups,
            Nothing, SetDataAccessOfGroup, SetDataAccessOfUser,
        },
        edit::{self, Edit, RIGHT},
    },
    session::Session,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::grants::{User, words};
use crate::{
    admin::fields::{PERMISSIONS, PRESETS},
    api, browser,
    text::visible_name,
    ui::{Button, Icon, Messages, Tone},
    unit, urls,
    words::{access, admin},
};

/// How many accounts are asked for their rights: HCP tells them per account.
const ACCOUNTS: usize = 200;

/// An account with what it may do in the namespace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Holder {
    name: String,
    full_name: String,
    is_group: bool,
    rights: Vec<String>,
}

/// Who may do what by data access permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rights {
    tenant: String,
    namespace: BucketName,
    /// Those with rights first.
    holders: Vec<Holder>,
    /// How many accounts were not asked, or did not tell.
    missing: usize,
    /// What the namespace's mask lets through; all of it where it is not known.
    mask: Option<Vec<String>>,
    /// Whether the session may change them.
    may_change: bool,
}

/// An account as the management API knows it.
#[derive(Clone)]
pub(super) struct Account {
    pub(super) tenant: String,
    pub(super) name: String,
    pub(super) is_group: bool,
}

impl Account {
    /// What it may do in the namespace.
    pub(super) async fn rights(&self, namespace: &BucketName) -> Result<Vec<String>, Problem> {
        let (tenant_name, name) = (self.tenant.clone(), self.name.clone());
        let path = if self.is_group {
            GetDataAccessOfGroup {
                tenant_name,
                group_name: name,
                ..GetDataAccessOfGroup::default()
            }
            .path()
        } else {
            GetDataAccessOfUser {
                tenant_name,
                username: name,
                ..GetDataAccessOfUser::default()
            }
            .path()
        };
        let answer = api::raw(Method::GET, path, None).await?;
        Ok(rights_in(&answer, namespace.as_str()))
    }

    /// Sets what it may do in the namespace, and nothing else.
    async fn set(
        &self,
        namespace: &BucketName,
        before: &[String],
        now: &[String],
    ) -> Result<(), Problem> {
        let (tenant_name, name) = (self.tenant.clone(), self.name.clone());
        let path = if self.is_group {
            SetDataAccessOfGroup {
                tenant_name,
                group_name: name,
                ..SetDataAccessOfGroup::default()
            }
            .path()
        } else {
            SetDataAccessOfUser {
                tenant_name,
                username: name,
                ..SetDataAccessOfUser::default()
            }
            .path()
        };
        let edit = Edit {
            path: format!("{RIGHT}{namespace}"),
            before: before.join("\n"),
            now: now.join("\n"),
        };
        let body = edit::changes(DataAccessPermissions::PROPERTIES, &[edit]);
        api::raw(Method::POST, path, Some(Json::Object(body)))
            .await
            .map(drop)
    }
}

/// The rights in one namespace, in HCP's order.
fn rights_in(answer: &Json, namespace: &str) -> Vec<String> {
    let entries = answer.get("namespacePermission").unwrap_or(answer);
    let mut entries = edit::items("namespacePermission", entries).iter();
    let entry = entries.find(|entry| {
        let name = entry.get("namespaceName").and_then(Json::as_str);
        name.is_some_and(|name| name.eq_ignore_ascii_case(namespace))
    });
    let found = entry.map(|entry| words(entry, "permissions", "permission"));
    edit::in_order(&order(), &found.unwrap_or_default())
}

fn order() -> Vec<&'static str> {
    PERMISSIONS.iter().map(|(word, _)| *word).collect()
}

/// Asks who has rights, where the session may know.
pub(super) async fn rights(
    session: &Session,
    bucket: &BucketName,
    users: Option<&[User]>,
) -> Option<Rights> {
    let may = &session.rights;
    let tenant = session.tenant.clone().filter(|_| {
        session.features.management && (may.admin.is_possible() || may.security.is_possible())
    })?;
    let listed = ListGroups {
        tenant_name: tenant.clone(),
        ..ListGroups::default()
    };
    let mask = GetNamespacePermissions {
        tenant_name: tenant.clone(),
        ns_name: bucket.to_string(),
        query: Nothing,
    };
    let (groups, mask) = join!(
        api::raw(Method::GET, listed.path(), None),
        api::raw(Method::GET, mask.path(), None)
    );
    let groups = groups.map(|all| names(&all)).unwrap_or_default();
    let users = users?.iter().map(|user| (user.clone(), false));
    let groups = groups.into_iter().map(|name| {
        let group = User {
            name,
            id: String::new(),
            full_name: String::new(),
        };
        (group, true)
    });
    let all: Vec<_> = users.chain(groups).collect();
    let asked = all.iter().take(ACCOUNTS).map(|(user, is_group)| {
        let account = Account {
            tenant: tenant.clone(),
            name: user.name.clone(),
            is_group: *is_group,
        };
        async move {
            let rights = account.rights(bucket).await.ok()?;
            Some(Holder {
                name: user.name.clone(),
                full_name: user.full_name.clone(),
                is_group: *is_group,
                rights,
            })
        }
    });
    let mut holders: Vec<_> = join_all(asked).await.into_iter().flatten().collect();
    holders.sort_by_key(|holder| holder.rights.is_empty());
    Some(Rights {
        missing: all.len() - holders.len(),
        mask: mask
            .ok()
            .map(|mask| words(&mask, "permission", "permission")),
        may_change: may.admin.is_possible(),
        namespace: bucket.clone(),
        tenant,
        holders,
    })
}

fn names(json: &Json) -> Vec<String> {
    let list = match json {
        Json::Object(map) => map.values().find_map(Json::as_array),
        other => other.as_array(),
    };
    let names = list.into_iter().flatten().filter_map(Json::as_str);
    names.map(str::to_owned).collect()
}

/// A line of the matrix.
#[derive(Clone, Copy)]
struct Line {
    holder: StoredValue<Holder>,
    /// What is saved.
    before: RwSignal<Vec<String>>,
    /// What is ticked.
    now: RwSignal<Vec<String>>,
    /// Why it was not saved.
    wrong: RwSignal<Option<String>>,
}

impl Line {
    fn new(holder: Holder) -> Self {
        Self {
            before: RwSignal::new(holder.rights.clone()),
            now: RwSignal::new(holder.rights.clone()),
            holder: StoredValue::new(holder),
            wrong: RwSignal::new(None),
        }
    }

    fn is_changed(self) -> bool {
        self.now.get() != self.before.get()
    }

    /// Saves it, if nobody else has changed it meanwhile. Whether it is saved.
    async fn save(self, tenant: String, namespace: BucketName) -> Result<bool, Problem> {
        let holder = self.holder.get_value();
        let account = Account {
            tenant,
            name: holder.name,
            is_group: holder.is_group,
        };
        let (before, now) = (self.before.get_untracked(), self.now.get_untracked());
        let theirs = account.rights(&namespace).await?;
        if theirs != before {
            let words = access::rights_changed(&said(&theirs), &said(&before), &said(&now));
            self.before.try_set(theirs);
            self.wrong.try_set(Some(words));
            return Ok(false);
        }
        account.set(&namespace, &before, &now).await?;
        self.before.try_set(now);
        self.wrong.try_set(None);
        Ok(true)
    }
}

/// Rights in words.
fn said(rights: &[String]) -> String {
    if rights.is_empty() {
        return access::no_rights().to_owned();
    }
    let label = |word: &String| {
        let known = PERMISSIONS.iter().find(|(known, _)| known == word);
        known.map_or_else(|| visible_name(word), |(_, label)| label().to_owned())
    };
    rights.iter().map(label).collect::<Vec<_>>().join(", ")
}

/// The matrix.
#[component]
pub(super) fn Matrix(rights: Rights) -> impl IntoView {
    let may_change = rights.may_change;
    let (tenant, namespace) = (rights.tenant, rights.namespace);
    let lines: Vec<Line> = rights.holders.into_iter().map(Line::new).collect();
    let mask = StoredValue::new(rights.mask);
    let all = StoredValue::new(lines.clone());
    let heads = PERMISSIONS.iter().map(|(word, label)| {
        let is_masked = is_masked(mask, word);
        view! {
            <th scope="col" class:is-masked=is_masked>
                {label()}
                {is_masked.then(|| view! { <span class="sr-only">{access::masked()}</span> })}
            </th>
        }
    });
    let masked = PERMISSIONS.iter().any(|(word, _)| is_masked(mask, word));
    let rows = lines.into_iter().map(|line| row(line, mask, may_change));
    let missing = (rights.missing > 0).then(|| access::missing(rights.missing as u64));
    view! {
        {masked
            .then(|| {
                view! {
                    <p class="note">
                        <Icon name="info" />
                        <span>{access::mask_says()}</span>
                    </p>
                }
            })}
        <div class="table-frame" role="region" aria-label=admin::data_rights() tabindex="0">
            <table class="table matrix access-matrix" data-testid="perm-matrix">
                <caption class="sr-only">{access::rights_caption()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{access::account()}</th>
                        {heads.collect_view()}
                        {may_change
                            .then(|| {
                                view! {
                                    <th scope="col" class="needs-script">
                                        {admin::all_at_once()}
                                    </th>
                                }
                            })}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        {missing.map(|words| view! { <p class="help">{words}</p> })}
        {may_change.then(|| view! { <Saving all tenant namespace /> })}
    }
}

fn is_masked(mask: StoredValue<Option<Vec<String>>>, word: &str) -> bool {
    const OF_MASKS: [&str; 6] = ["READ", "WRITE", "DELETE", "PURGE", "PRIVILEGED", "SEARCH"];
    let lets = mask.with_value(|mask| {
        let mask = mask.as_ref()?;
        Some(mask.iter().any(|one| one == word))
    });
    OF_MASKS.contains(&word) && lets == Some(false)
}

fn row(line: Line, mask: StoredValue<Option<Vec<String>>>, may_change: bool) -> AnyView {
    let holder = line.holder.get_value();
    let name = visible_name(&holder.name);
    let list = if holder.is_group {
        urls::GROUPS
    } else {
        urls::USERS
    };
    let href = urls::below(list, &holder.name, "rights");
    let cells = PERMISSIONS.iter().map(|(word, label)| {
        let masked = is_masked(mask, word);
        cell(line, &name, word, label(), masked, may_change)
    });
    let cells = cells.collect_view();
    let presets = may_change.then(|| presets(line, &name));
    let note = (!holder.full_name.is_empty() || holder.is_group).then(|| {
        let words = if holder.is_group {
            access::group().to_owned()
        } else {
            holder.full_name.clone()
        };
        view! { <span class="help">{words}</span> }
    });
    view! {
        <tr data-testid="row" data-key=holder.name.clone()>
            <th scope="row">
                <a href=href>
                    <bdi>{name}</bdi>
                </a>
                {note}
            </th>
            {cells}
            {presets}
        </tr>
    }
    .into_any()
}

fn cell(
    line: Line,
    name: &str,
    word: &'static str,
    label: &'static str,
    masked: bool,
    may_change: bool,
) -> AnyView {
    let has = move |rights: &Vec<String>| rights.iter().any(|one| one == word);
    if !may_change {
        let on = line.before.with_untracked(has);
        let said = if on {
            admin::has_right()
        } else {
            admin::has_no_right()
        };
        return view! {
            <td class="matrix-cell" class:is-masked=masked>
                {on.then(|| view! { <Icon name="check" /> })}
                <span class="sr-only">{said}</span>
            </td>
        }
        .into_any();
    }
    let on = move || line.now.with(has);
    let changed = move || on() != line.before.with(has);
    let tick = move |event: ev::Event| {
        let on = event_target_checked(&event);
        line.now
            .update(|now| *now = edit::toggled(&order(), now, word, on));
    };
    view! {
        <td class="matrix-cell" class:is-changed=changed class:is-masked=masked>
            <label class="check" data-testid="perm-cell">
                <span class="sr-only">
                    {label} <span class="only-heard">{access::of_account(name)}</span>
                </span>
                <input
                    type="checkbox"
                    value=word
                    checked=untrack(on)
                    prop:checked=on
                    on:change=tick
                />
            </label>
        </td>
    }
    .into_any()
}

fn presets(line: Line, name: &str) -> AnyView {
    let buttons = PRESETS.map(|(word, rights)| {
        view! {
            <button
                type="button"
                class="button button-quiet"
                on:click=move |_| line.now.set(edit::lines(rights).map(str::to_owned).collect())
            >
                {word()}
                <span class="sr-only">{access::of_account(name)}</span>
            </button>
        }
    });
    view! { <td class="presets needs-script">{buttons.collect_view()}</td> }.into_any()
}

/// What was changed, what was refused, and the two buttons.
#[component]
fn Saving(all: StoredValue<Vec<Line>>, tenant: String, namespace: BucketName) -> impl IntoView {
    let busy = RwSignal::new(false);
    let messages = Messages::here();
    let changed = move || {
        let lines = all.get_value().into_iter();
        lines.filter(|line| line.is_changed()).collect::<Vec<_>>()
    };
    browser::guard_leaving(Signal::derive(move || !busy.get() && !changed().is_empty()));
    let reason = Signal::derive(move || {
        if busy.get() {
            Some(access::saving())
        } else {
            changed().is_empty().then(access::nothing_changed)
        }
    });
    let place = StoredValue::new((tenant, namespace));
    let save = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let lines = untrack(changed);
        spawn_local(async move {
            let done = join_all(lines.into_iter().map(|line| one(line, place))).await;
            let saved = done.iter().filter(|done| **done).count() as u64;
            if saved > 0 {
                messages.success(access::rights_saved(saved));
            }
            busy.try_set(false);
        });
    };
    let reset = move |_| {
        for line in all.get_value() {
            line.now.set(line.before.get_untracked());
            line.wrong.set(None);
        }
    };
    let refused = move || {
        let lines = all.get_value().into_iter().filter_map(|line| {
            let words = line.wrong.get()?;
            let name = visible_name(&line.holder.with_value(|holder| holder.name.clone()));
            Some(view! { <li>{access::refused(&name, &words)}</li> })
        });
        let lines: Vec<_> = lines.collect();
        (!lines.is_empty()).then(|| {
            view! {
                <div class="alert alert-danger" role="alert" data-testid="error-rights">
                    <Icon name="alert" />
                    <ul>{lines}</ul>
                </div>
            }
        })
    };
    let changes = move || {
        let lines = changed().into_iter().map(|line| {
            let name = visible_name(&line.holder.with_value(|holder| holder.name.clone()));
            let (before, now) = (said(&line.before.get()), said(&line.now.get()));
            view! { <li>{access::change(&name, &before, &now)}</li> }
        });
        let lines: Vec<_> = lines.collect();
        let count = unit::count(lines.len() as u64);
        (!lines.is_empty()).then(
            || view! { <ul class="changes" data-testid="changes" data-count=count>{lines}</ul> },
        )
    };
    view! {
        {refused}
        <div class="save-bar needs-script" data-testid="save-bar">
            {changes}
            <div class="save-buttons">
                <Button attr:data-testid="reset" press=reset>
                    {access::reset()}
                </Button>
                <Button tone=Tone::Primary reason attr:data-testid="save" press=save>
                    {access::save_rights()}
                </Button>
            </div>
        </div>
        <p class="help no-script-only">{access::rights_without_scripts()}</p>
    }
}

/// Saves one account's line; whether it is saved.
async fn one(line: Line, place: StoredValue<(String, BucketName)>) -> bool {
    let Some((tenant, namespace)) = place.try_get_value() else {
        return false;
    };
    match line.save(tenant, namespace).await {
        Ok(saved) => saved,
        Err(problem) => {
            line.wrong.try_set(Some(problem.sentence()));
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_rights_in_one_namespace_are_read_in_order() {
        let answer = json!({"namespacePermission": [
            {"namespaceName": "other", "permissions": {"permission": ["WRITE"]}},
            {"namespaceName": "Scans", "permissions": {"permission": ["READ", "BROWSE"]}},
        ]});
        assert_eq!(rights_in(&answer, "scans"), ["BROWSE", "READ"]);
        assert!(rights_in(&answer, "none").is_empty());
        assert!(rights_in(&json!({}), "scans").is_empty());
        assert_eq!(names(&json!({"groupname": ["a", "b"]})), ["a", "b"]);
        assert_eq!(names(&json!(["a"])), ["a"]);
        assert_eq!(
            said(&["BROWSE".to_owned(), "NEW".to_owned()]),
            "Browse, NEW"
        );
    }
}
