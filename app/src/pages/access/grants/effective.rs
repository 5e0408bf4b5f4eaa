//! What somebody may do in the end with what a list belongs to, and by what.

use futures::{future::join_all, join};
use http::Method;
use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    Endpoint as _, ErrorCode, Problem,
    acl::GetBucketAcl,
    effective::{ASKED, Facts, Link, Mask, Person, Says, Verdict, Way},
    mapi::{
        Permission, Word as _,
        calls::{
            GetNamespace, GetNamespacePermissions, GetTenantPermissions, GetUser, Nothing, Verbose,
        },
    },
};
use serde_json::Value as Json;

use super::known::{Granted, words};
use crate::{
    admin::fields::PERMISSIONS,
    api,
    pages::access::rights::Account,
    text::visible_name,
    ui::{Button, Icon, TextField},
    urls,
    words::access,
};

/// How many groups can be assumed at once.
const GROUPS: usize = 20;

impl Granted {
    /// Whether the session may look at what decides.
    pub(crate) fn can_explain(&self) -> bool {
        self.is_hcp && self.tenant.is_some()
    }
}

/// Whom it is about: a user, or somebody without an account, and groups that they are assumed to be in.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    person: Person,
    groups: Vec<String>,
}

impl Asked {
    /// Reads what was typed.
    ///
    /// # Errors
    /// Nobody is called so, in a sentence.
    fn read(granted: &Granted, name: &str, groups: &str) -> Result<Self, String> {
        let name = name.trim();
        if name.is_empty() {
            return Ok(Self {
                person: Person::Stranger,
                groups: Vec::new(),
            });
        }
        let mut users = granted.users.iter().flatten();
        let known = users.find(|user| user.name.eq_ignore_ascii_case(name));
        if known.is_none() && granted.users.is_some() {
            return Err(access::no_local_user(&visible_name(name)));
        }
        let id = known.map(|user| user.id.clone());
        let groups = groups.split([',', ';']).map(str::trim);
        let groups = groups.filter(|group| !group.is_empty()).take(GROUPS);
        Ok(Self {
            person: Person::User {
                name: known.map_or_else(|| name.to_owned(), |user| user.name.clone()),
                id: id.filter(|id| !id.is_empty()),
            },
            groups: groups.map(str::to_owned).collect(),
        })
    }
}

fn permissions(words: &[String]) -> Vec<Permission> {
    let all = Permission::ALL.iter().copied();
    all.filter(|known| words.iter().any(|word| word == known.as_str()))
        .collect()
}

/// A permission mask, where the session may read it.
async fn mask(path: String) -> Option<Vec<Permission>> {
    let answer = api::raw(Method::GET, path, None).await.ok()?;
    Some(permissions(&words(&answer, "permission", "permission")))
}

/// Asks for all that decides.
///
/// # Errors
/// A group is not there. What else cannot be read is not known.
async fn facts(granted: &Granted, asked: &Asked) -> Result<Facts, Problem> {
    let tenant = granted.tenant.clone().unwrap_or_default();
    let namespace = &granted.place.bucket;
    let of_namespace = (tenant.clone(), namespace.to_string());
    let masks = async {
        let (tenant_name, ns_name) = of_namespace.clone();
        let of_tenant = GetTenantPermissions {
            tenant_name: tenant_name.clone(),
            query: Nothing,
        };
        let of_namespace = GetNamespacePermissions {
            tenant_name,
            ns_name,
            query: Nothing,
        };
        join!(mask(of_tenant.path()), mask(of_namespace.path()))
    };
    let settings = async {
        let (tenant_name, ns_name) = of_namespace.clone();
        let asked = GetNamespace {
            tenant_name,
            ns_name,
            query: Verbose(true),
        };
        api::raw(Method::GET, asked.path(), None).await.ok()
    };
    let of_bucket = async {
        let bucket = namespace.clone();
        api::call(GetBucketAcl { bucket }).await.ok()
    };
    let of_object = async {
        match granted.place.key {
            Some(_) => granted.place.list().await.ok(),
            None => None,
        }
    };
    let (masks, settings, of_bucket, of_object, by_account) = join!(
        masks,
        settings,
        of_bucket,
        of_object,
        by_account(granted, asked)
    );
    let (enabled, mut ways) = by_account?;
    let minimum = |name: &str| {
        let words = settings.as_ref().map(|all| words(all, name, "permission"));
        words.as_deref().map(permissions)
    };
    let is_user = asked.person != Person::Stranger;
    if is_user {
        ways.push((Way::SignedIn, minimum("authMinimumPermissions")));
    }
    let everybody = minimum("authAndAnonymousMinimumPermissions");
    ways.push((Way::Everybody, everybody));
    let [listed, owned] = asked.person.by_list(of_bucket.as_ref());
    ways.push((Way::BucketList, listed));
    if is_user {
        ways.push((Way::BucketOwner, owned));
    }
    if granted.place.key.is_some() {
        let [listed, owned] = asked.person.by_list(of_object.as_ref());
        let listed = if granted.enforced == Some(false) {
            Some(Vec::new())
        } else {
            listed
        };
        ways.push((Way::ObjectList, listed));
        if is_user {
            ways.push((Way::ObjectOwner, owned));
        }
    }
    let mut all = vec![(Mask::Tenant, masks.0), (Mask::Namespace, masks.1)];
    if is_user {
        all.insert(0, (Mask::Enabled, enabled));
    }
    Ok(Facts { masks: all, ways })
}

/// What an account that can be used lets through, and what comes by the account and its groups.
type ByAccount = (Option<Vec<Permission>>, Vec<(Way, Option<Vec<Permission>>)>);

async fn by_account(granted: &Granted, asked: &Asked) -> Result<ByAccount, Problem> {
    let Person::User { name, .. } = &asked.person else {
        return Ok((None, Vec::new()));
    };
    let tenant = granted.tenant.clone().unwrap_or_default();
    let account = |name: &str, is_group: bool| Account {
        tenant: tenant.clone(),
        name: name.to_owned(),
        is_group,
    };
    let user = GetUser {
        tenant_name: tenant.clone(),
        username: name.clone(),
        query: Verbose(true),
    };
    let own = account(name, false);
    let groups = asked.groups.iter().map(|group| {
        let account = account(group, true);
        async move { account.rights(&granted.place.bucket).await }
    });
    let (user, own, groups) = join!(
        api::raw(Method::GET, user.path(), None),
        own.rights(&granted.place.bucket),
        join_all(groups)
    );
    let enabled = match user {
        Ok(user) => user.get("enabled").and_then(Json::as_bool),
        Err(problem) if problem.code == ErrorCode::AccessDenied => None,
        Err(problem) => return Err(problem),
    };
    let open = |enabled: bool| {
        if enabled {
            Permission::OF_MASKS.to_vec()
        } else {
            Vec::new()
        }
    };
    let mut ways = vec![(Way::Account, own.ok().map(|words| permissions(&words)))];
    for (group, given) in asked.groups.iter().zip(groups) {
        let given = match given {
            Ok(words) => Some(permissions(&words)),
            Err(problem) if problem.code == ErrorCode::AccessDenied => None,
            Err(problem) => return Err(problem),
        };
        ways.push((Way::Group(group.clone()), given));
    }
    Ok((enabled.map(open), ways))
}

/// Who is asked about, and what was found.
#[derive(Clone)]
struct Found {
    asked: Asked,
    verdicts: Vec<Verdict>,
}

/// Asks for a person, and says for each permission whether they have it, and by what.
#[component]
pub(crate) fn Effective(granted: Granted) -> impl IntoView {
    let (name, groups) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let found = RwSignal::new(None::<Found>);
    let granted = StoredValue::new(granted);
    let ask = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let of = granted.get_value();
        let asked = match Asked::read(&of, &name.get_untracked(), &groups.get_untracked()) {
            Ok(asked) => asked,
            Err(words) => {
                wrong.set(Some(words));
                found.set(None);
                return;
            }
        };
        wrong.set(None);
        busy.set(true);
        spawn_local(async move {
            let answer = facts(&of, &asked).await;
            let _gone = busy.try_set(false);
            match answer {
                Ok(facts) => {
                    let verdicts = ASKED.map(|one| facts.explain(one)).into();
                    let _gone = found.try_set(Some(Found { asked, verdicts }));
                }
                Err(problem) => {
                    let _gone = wrong.try_set(Some(problem.sentence()));
                    let _gone = found.try_set(None);
                }
            }
        });
    };
    let waits = move || busy.get().then(access::explaining);
    view! {
        <p class="help">{access::effective_means()}</p>
        <form class="access-explain" data-testid="form-effective" on:submit=ask>
            {field(granted, name, wrong)}
            <TextField
                name="groups"
                within="effective-"
                label=access::assumed_groups().to_owned()
                help=Some(access::assumed_groups_help().to_owned())
                value=groups
            />
            <Button kind="submit" reason=Signal::derive(waits) attr:data-testid="explain">
                {access::explain()}
            </Button>
        </form>
        <div id="error-effective" role="alert">
            {move || {
                wrong
                    .get()
                    .map(|words| {
                        view! {
                            <p class="error" data-testid="error-effective">
                                <Icon name="alert" />
                                <span>{words}</span>
                            </p>
                        }
                    })
            }}
        </div>
        <p role="status" data-testid="effective-summary">
            {move || found.with(|found| found.as_ref().map(summary))}
        </p>
        {move || {
            let of = granted.get_value();
            found.get().map(|found| table(&of, &found))
        }}
    }
    .into_any()
}

/// Who is meant: one of the users that are known, or whoever is typed.
fn field(
    granted: StoredValue<Granted>,
    name: RwSignal<String>,
    wrong: RwSignal<Option<String>>,
) -> AnyView {
    let users = granted.with_value(|granted| granted.users.clone().unwrap_or_default());
    let users = users.into_iter().map(|user| {
        view! { <option value=user.name>{user.full_name}</option> }
    });
    let users = users.collect_view();
    view! {
        <div class="field">
            <label for="effective-person">{access::whom()}</label>
            <input
                id="effective-person"
                class="input"
                list="effective-users"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby="effective-person-help error-effective"
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                prop:value=move || name.get()
                data-testid="effective-person"
                on:input=move |event| name.set(event_target_value(&event))
            />
            <datalist id="effective-users">{users}</datalist>
            <p class="help" id="effective-person-help">
                {access::whom_help()}
            </p>
        </div>
    }
    .into_any()
}

/// The name of the person in words.
fn whom(asked: &Asked) -> String {
    match &asked.person {
        Person::User { name, .. } => visible_name(name),
        Person::Stranger => access::a_stranger().to_owned(),
    }
}

fn label(permission: Permission) -> String {
    let word = permission.as_str();
    let known = PERMISSIONS.iter().find(|(known, _)| *known == word);
    known.map_or_else(|| word.to_owned(), |(_, label)| label().to_owned())
}

/// What one can do, in a sentence.
fn summary(found: &Found) -> String {
    let of = |says: Says| {
        let all = found.verdicts.iter().filter(|one| one.answer == says);
        all.map(|one| label(one.permission)).collect::<Vec<_>>()
    };
    let (yes, unknown) = (of(Says::Yes), of(Says::Unknown));
    let whom = whom(&found.asked);
    let mut said = if yes.is_empty() {
        access::may_nothing(&whom)
    } else {
        access::may(&whom, &yes.join(", "))
    };
    if !unknown.is_empty() {
        said.push(' ');
        said.push_str(&access::may_unknown(&unknown.join(", ")));
    }
    said
}

fn table(granted: &Granted, found: &Found) -> AnyView {
    let rows = found.verdicts.iter().map(|verdict| {
        let word = verdict.permission.as_str();
        let name = label(verdict.permission);
        view! {
            <li data-testid="effective-row" data-permission=word data-answer=said(verdict.answer)>
                <details>
                    <summary>
                        {mark(verdict.answer)} <span class="access-whom">{name}</span>
                        <span class="access-right">{answered(verdict.answer)}</span>
                    </summary>
                    {chain(granted, found, verdict)}
                </details>
            </li>
        }
    });
    view! {
        <ul class="access-effective" data-testid="effective" aria-label=access::effective()>
            {rows.collect_view()}
        </ul>
        <p class="help">{access::not_looked_at()}</p>
    }
    .into_any()
}

fn said(says: Says) -> &'static str {
    match says {
        Says::Yes => "yes",
        Says::No => "no",
        Says::Unknown => "unknown",
    }
}

fn answered(says: Says) -> &'static str {
    match says {
        Says::Yes => access::can(),
        Says::No => access::cannot(),
        Says::Unknown => access::can_unknown(),
    }
}

fn mark(says: Says) -> AnyView {
    let icon = match says {
        Says::Yes => "check",
        Says::No => "close",
        Says::Unknown => "info",
    };
    view! { <Icon name=icon /> }.into_any()
}

/// What decides about a permission: what must let it through, and the ways to it.
fn chain(granted: &Granted, found: &Found, verdict: &Verdict) -> AnyView {
    let masks = verdict.masks.iter().map(|link| {
        let (words, href) = of_mask(granted, found, link);
        line(link.says, words, href)
    });
    let ways = verdict.ways.iter().map(|link| {
        let (words, href) = of_way(granted, found, link);
        line(link.says, words, href)
    });
    view! {
        <div class="access-chain">
            <p aria-hidden="true">{access::must_let_through()}</p>
            <ul aria-label=access::must_let_through()>{masks.collect_view()}</ul>
            <p aria-hidden="true">{access::one_must_lead()}</p>
            <ul aria-label=access::one_must_lead()>{ways.collect_view()}</ul>
        </div>
    }
    .into_any()
}

fn line(says: Says, words: String, href: Option<String>) -> AnyView {
    view! {
        <li data-says=said(says)>
            {mark(says)} <span>{words}</span>
            {href.map(|href| view! { <a href=href>{access::change_it()}</a> })}
        </li>
    }
    .into_any()
}

fn of_mask(granted: &Granted, found: &Found, link: &Link<Mask>) -> (String, Option<String>) {
    let namespace = granted.place.bucket.as_str();
    let (said, href): ([fn() -> &'static str; 3], _) = match link.of {
        Mask::Enabled => {
            let href = of_user(found, "profile");
            let said = [
                access::enabled as fn() -> _,
                access::disabled,
                access::enabled_unknown,
            ];
            (said, href)
        }
        Mask::Tenant => (
            [
                access::tenant_lets,
                access::tenant_stops,
                access::tenant_unknown,
            ],
            Some(urls::TENANT_PERMISSIONS.to_owned()),
        ),
        Mask::Namespace => (
            [
                access::namespace_lets,
                access::namespace_stops,
                access::namespace_unknown,
            ],
            Some(urls::below(urls::NAMESPACES, namespace, "access")),
        ),
    };
    (chosen(link.says, said).to_owned(), href)
}

fn of_user(found: &Found, section: &str) -> Option<String> {
    match &found.asked.person {
        Person::User { name, .. } => Some(urls::below(urls::USERS, name, section)),
        Person::Stranger => None,
    }
}

fn chosen(says: Says, words: [fn() -> &'static str; 3]) -> &'static str {
    let [yes, no, unknown] = words;
    match says {
        Says::Yes => yes(),
        Says::No => no(),
        Says::Unknown => unknown(),
    }
}

fn of_way(granted: &Granted, found: &Found, link: &Link<Way>) -> (String, Option<String>) {
    let bucket = granted.place.bucket.as_str();
    let of_namespace = || Some(urls::below(urls::NAMESPACES, bucket, "access"));
    let (words, href) = match &link.of {
        Way::Account => (access::by_account(), of_user(found, "rights")),
        Way::Group(name) => {
            let href = urls::below(urls::GROUPS, name, "rights");
            let words = access::by_group(&visible_name(name));
            return (with_answer(words, link.says), Some(href));
        }
        Way::SignedIn => (access::by_signed_in(), of_namespace()),
        Way::Everybody => (access::by_everybody(), of_namespace()),
        Way::BucketList => (access::by_bucket_list(), Some(urls::access(bucket))),
        Way::ObjectList if granted.enforced == Some(false) => {
            (access::by_object_list_ignored(), of_namespace())
        }
        Way::ObjectList => (access::by_object_list(), None),
        Way::BucketOwner => (
            access::by_bucket_owner(),
            Some(urls::below(urls::NAMESPACES, bucket, "general")),
        ),
        Way::ObjectOwner => (access::by_object_owner(), None),
    };
    (with_answer(words.to_owned(), link.says), href)
}

fn with_answer(words: String, says: Says) -> String {
    let answer = match says {
        Says::Yes => access::leads(),
        Says::No => access::does_not_lead(),
        Says::Unknown => access::cannot_be_read(),
    };
    format!("{words}: {answer}")
}
