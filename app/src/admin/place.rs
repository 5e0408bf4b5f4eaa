//! Places of administration: which page an address means, and which calls it is made from.

use futures::future::{join, join_all};
use http::Method;
use model::{
    BucketName, Endpoint, ErrorCode, Problem,
    mapi::{
        Granularity,
        calls::{
            GetCifsProtocol, GetComplianceSettings, GetConsoleSecurity, GetContactInfo,
            GetDataAccessOfGroup, GetDataAccessOfUser, GetEmailNotification, GetGroup,
            GetHttpProtocol, GetNamespace, GetNamespaceChargeback, GetNamespaceDefaults,
            GetNamespacePermissions, GetNamespaceStatistics, GetNfsProtocol, GetSearchSecurity,
            GetServicePlan, GetSmtpProtocol, GetTenant, GetTenantChargeback, GetTenantPermissions,
            GetTenantStatistics, GetUser, GetVersioningSettings, ListGroups, ListGroupsInFull,
            ListNamespaces, ListNamespacesInFull, ListRetentionClasses, ListRetentionClassesInFull,
            ListServicePlans, ListTenants, ListTenantsInFull, ListUsers, ListUsersInFull, Nothing,
            Paging, PagingOfRights, Period, Unpaged, Verbose,
        },
    },
    object::{ListObjects, ListObjectsQuery},
    session::Session,
    version::GetVersioning,
};
use serde_json::{Value as Json, json};

use super::{
    Answers, coding, replication,
    spec::Say,
    system::{self, Sheet},
};
use crate::{api, urls::Query, words::admin};

/// How many accounts are asked for their rights in a namespace.
const ACCOUNTS: usize = 100;

/// The time of a report as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first day, `2026-01-01`.
    pub from: String,
    /// The last day.
    pub to: String,
    /// `hour`, `day` or `total`.
    pub granularity: String,
}

/// A page of administration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The list of namespaces.
    Namespaces,
    /// A namespace, a section of it, and what the address asks of the section.
    Namespace(String, String, Detail),
    /// The settings of a bucket, and what the address asks to do with it.
    Bucket(String, String),
    /// A new namespace.
    NewNamespace,
    /// The list of users.
    Users,
    /// A user and a section.
    User(String, String),
    /// A new user.
    NewUser,
    /// The list of groups.
    Groups,
    /// A group and a section.
    Group(String, String),
    /// A new group.
    NewGroup,
    /// A section of the tenant's settings.
    Tenant(String),
    /// The usage of the tenant.
    Usage(Span),
    /// The list of tenants.
    Tenants,
    /// A tenant, seen from the system, and a section.
    SystemTenant(String, String, Span),
    /// A new tenant; whether a group of a directory comes in place of its first account.
    NewTenant(bool),
    /// A page of a tenant, for an account of the system.
    Inside(String, Box<Self>),
    /// A page of the system itself, and the account that it is about.
    OfSystem(Sheet, String),
    /// Replication.
    Replication(replication::At),
    /// Erasure coding.
    Coding(coding::At),
    /// No page.
    Nowhere,
}

/// What the address asks of a section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// The time of a report.
    pub span: Span,
    /// The retention class.
    pub class: String,
    /// What is to be done with it.
    pub ask: String,
}

/// The sections of a namespace.
pub const OF_NAMESPACE: &[(&str, Say)] = &[
    ("general", admin::general),
    ("access", admin::access),
    ("protocols", admin::protocols),
    ("versioning", admin::versioning),
    ("compliance", admin::compliance),
    ("retention-classes", admin::retention_classes),
    ("statistics", admin::statistics),
    ("chargeback", admin::chargeback),
    ("delete", admin::delete),
];

/// The sections of a user.
pub const OF_USER: &[(&str, Say)] = &[
    ("profile", admin::profile),
    ("rights", admin::data_rights),
    ("password", admin::password),
    ("delete", admin::delete),
];

/// The sections of a group.
pub const OF_GROUP: &[(&str, Say)] = &[
    ("profile", admin::group),
    ("rights", admin::data_rights),
    ("delete", admin::delete),
];

/// The sections of the tenant's settings.
pub const OF_TENANT: &[(&str, Say)] = &[
    ("general", admin::general),
    ("contact", admin::contact),
    ("namespace-defaults", admin::namespace_defaults),
    ("permissions", admin::permissions),
    ("console-security", admin::console_security),
    ("email", admin::e_mail),
    ("search-security", admin::search_security),
    ("service-plans", admin::service_plans),
];

/// The sections of a tenant seen from the system.
pub const OF_SYSTEM_TENANT: &[(&str, Say)] = &[
    ("settings", admin::settings),
    ("usage", admin::usage),
    ("created", admin::next_steps),
    ("delete", admin::delete),
];

impl Place {
    /// Reads an address.
    pub fn parse(path: &str, query: &Query) -> Self {
        let segments = crate::urls::segments(path);
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        Self::of(&segments, query)
    }

    /// The page of a tenant that the rest of an address means, inside of the pages of the system.
    fn inside(tenant: &str, rest: &[&str], query: &Query) -> Option<Self> {
        let place = Self::of(rest, query);
        let is_of_tenant =
            !place.is_of_system() && !matches!(place, Self::Nowhere | Self::Bucket(..));
        is_of_tenant.then(|| Self::Inside(tenant.to_owned(), Box::new(place)))
    }

    fn of(segments: &[&str], query: &Query) -> Self {
        if let Some(at) = replication::At::parse(segments, query) {
            return Self::Replication(at);
        }
        if let Some(at) = coding::At::parse(segments, query) {
            return Self::Coding(at);
        }
        let get = |name: &str| query.get(name).unwrap_or_default().to_owned();
        let span = || Span {
            from: get("from"),
            to: get("to"),
            granularity: get("g"),
        };
        let of = |sections: &[(&str, Say)], wanted: &str| {
            sections
                .iter()
                .find(|(section, _)| *section == wanted)
                .map(|(section, _)| (*section).to_owned())
        };
        let place = match segments {
            ["namespaces"] => Some(Self::Namespaces),
            ["namespaces", name, rest @ ..] if rest.len() < 2 => {
                of(OF_NAMESPACE, rest.first().unwrap_or(&"general")).map(|section| {
                    let detail = Detail {
                        span: span(),
                        class: get("class"),
                        ask: get("ask"),
                    };
                    Self::Namespace((*name).to_owned(), section, detail)
                })
            }
            ["buckets", name, "settings"] => Some(Self::Bucket((*name).to_owned(), get("ask"))),
            ["people", "users"] => Some(Self::Users),
            ["people", "users", name, rest @ ..] if rest.len() < 2 => {
                of(OF_USER, rest.first().unwrap_or(&"profile"))
                    .map(|section| Self::User((*name).to_owned(), section))
            }
            ["people", "groups"] => Some(Self::Groups),
            ["people", "groups", name, rest @ ..] if rest.len() < 2 => {
                of(OF_GROUP, rest.first().unwrap_or(&"profile"))
                    .map(|section| Self::Group((*name).to_owned(), section))
            }
            ["tenant", section] => of(OF_TENANT, section).map(Self::Tenant),
            ["usage"] => Some(Self::Usage(span())),
            ["system", "tenants"] => Some(Self::Tenants),
            ["system", "tenants", name, rest @ ..] if rest.len() < 2 => {
                of(OF_SYSTEM_TENANT, rest.first().unwrap_or(&"settings"))
                    .map(|section| Self::SystemTenant((*name).to_owned(), section, span()))
            }
            ["system", "tenants", name, "in", rest @ ..] => Self::inside(name, rest, query),
            ["system", sheet] => {
                Sheet::parse(sheet).map(|sheet| Self::OfSystem(sheet, String::new()))
            }
            ["system", "accounts", name] => {
                Some(Self::OfSystem(Sheet::Accounts, (*name).to_owned()))
            }
            ["new", "namespace"] => Some(Self::NewNamespace),
            ["new", "user"] => Some(Self::NewUser),
            ["new", "group"] => Some(Self::NewGroup),
            ["new", "tenant"] => Some(Self::NewTenant(get("first") == "group")),
            _ => None,
        };
        place.unwrap_or(Self::Nowhere)
    }

    /// What the page is called before its content is known.
    pub fn title(&self) -> String {
        match self {
            Self::Namespaces => admin::namespaces(),
            Self::NewNamespace => admin::new_namespace(),
            Self::Users => admin::users(),
            Self::NewUser => admin::new_user(),
            Self::Groups => admin::groups(),
            Self::NewGroup => admin::new_group(),
            Self::Tenant(_) => admin::settings(),
            Self::Usage(_) => admin::usage(),
            Self::Tenants => admin::tenants(),
            Self::NewTenant(_) => admin::new_tenant(),
            Self::Nowhere => admin::not_found(),
            Self::OfSystem(sheet, name) if name.is_empty() => sheet.word(),
            Self::Replication(at) => at.title(),
            Self::Coding(at) => at.title(),
            Self::Namespace(name, ..)
            | Self::Bucket(name, _)
            | Self::User(name, _)
            | Self::Group(name, _)
            | Self::SystemTenant(name, ..)
            | Self::Inside(name, _)
            | Self::OfSystem(_, name) => name,
        }
        .to_owned()
    }

    /// Whether it is a page of the system level.
    pub fn is_of_system(&self) -> bool {
        matches!(
            self,
            Self::Tenants
                | Self::SystemTenant(..)
                | Self::NewTenant(_)
                | Self::Inside(..)
                | Self::OfSystem(..)
                | Self::Replication(_)
                | Self::Coding(_)
        )
    }

    /// Which call tells of the tenant, where service plans can be chosen or are shown.
    fn tenant_of_plans(&self) -> Option<usize> {
        match self {
            Self::Namespace(_, section, _) if section == "general" => Some(1),
            Self::NewNamespace => Some(1),
            Self::Tenant(section) => {
                matches!(section.as_str(), "namespace-defaults" | "service-plans").then_some(0)
            }
            _ => None,
        }
    }

    /// Whether there is no page without the first call's answer.
    pub fn depends_on_its_first_call(&self) -> bool {
        match self {
            Self::NewNamespace
            | Self::NewUser
            | Self::NewGroup
            | Self::NewTenant(_)
            | Self::Replication(replication::At::New(_)) => false,
            Self::Inside(_, inner) => inner.depends_on_its_first_call(),
            _ => true,
        }
    }

    /// What the addresses of a tenant's pages begin with, seen from the system.
    pub fn base(&self) -> String {
        match self {
            Self::SystemTenant(name, ..) | Self::Inside(name, _) => {
                crate::urls::below(crate::urls::TENANTS, name, "in")
            }
            _ => String::new(),
        }
    }
}

/// The period of a report.
fn period(span: &Span) -> Period {
    let day = |day: &str, time: &str| {
        let is_day = day.len() == 10 && day.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        is_day.then(|| format!("{day}T{time}Z"))
    };
    Period {
        start: day(&span.from, "00:00:00"),
        end: day(&span.to, "23:59:59"),
        granularity: Some(match span.granularity.as_str() {
            "hour" => Granularity::Hour,
            "day" => Granularity::Day,
            _ => Granularity::Total,
        }),
    }
}

/// The paths of the calls that a place is made from. The first is what it is about.
#[expect(clippy::too_many_lines, reason = "a table: each place with its calls")]
fn calls(place: &Place, tenant: &str) -> Vec<String> {
    let tenant_name = tenant.to_owned();
    let the_tenant = || {
        GetTenant {
            tenant_name: tenant_name.clone(),
            query: Verbose(true),
        }
        .path()
    };
    macro_rules! of_tenant {
        ($call:ident) => {
            $call {
                tenant_name: tenant_name.clone(),
                ..Default::default()
            }
        };
    }
    let names_of_namespaces = || of_tenant!(ListNamespaces).path();
    let usage = |span: &Span| {
        GetTenantChargeback {
            tenant_name: tenant_name.clone(),
            query: period(span),
        }
        .path()
    };
    match place {
        Place::Namespaces => vec![
            ListNamespacesInFull(of_tenant!(ListNamespaces)).path(),
            usage(&Span::default()),
        ],
        Place::Namespace(name, section, detail) => {
            let mut all = vec![
                GetNamespace {
                    tenant_name: tenant_name.clone(),
                    ns_name: name.clone(),
                    query: Verbose(true),
                }
                .path(),
                the_tenant(),
            ];
            all.extend(of_section(tenant, name, section, detail));
            all
        }
        Place::NewNamespace => vec![
            GetNamespaceDefaults {
                tenant_name: tenant_name.clone(),
                query: Verbose(true),
            }
            .path(),
            the_tenant(),
        ],
        Place::Users => vec![ListUsersInFull(of_tenant!(ListUsers)).path()],
        Place::User(name, section) => {
            let username = name.clone();
            let mut all = vec![
                GetUser {
                    tenant_name: tenant_name.clone(),
                    username: username.clone(),
                    query: Verbose(true),
                }
                .path(),
            ];
            match section.as_str() {
                "rights" => all.extend([rights_of(tenant, &username), names_of_namespaces()]),
                "password" => all.push(of_tenant!(GetConsoleSecurity).path()),
                _ => {}
            }
            all
        }
        Place::NewUser => vec![of_tenant!(GetConsoleSecurity).path()],
        Place::Groups => vec![
            ListGroupsInFull(ListGroups {
                tenant_name: tenant_name.clone(),
                query: Unpaged,
            })
            .path(),
            the_tenant(),
        ],
        Place::Group(name, section) => {
            let mut all = vec![
                GetGroup {
                    tenant_name: tenant_name.clone(),
                    group_name: name.clone(),
                    query: Verbose(true),
                }
                .path(),
            ];
            if section == "rights" {
                let rights = GetDataAccessOfGroup {
                    tenant_name: tenant_name.clone(),
                    group_name: name.clone(),
                    query: Nothing,
                };
                all.extend([rights.path(), names_of_namespaces()]);
            }
            all
        }
        Place::Tenant(section) => {
            let mut all = vec![the_tenant()];
            match section.as_str() {
                "contact" => all.push(of_tenant!(GetContactInfo).path()),
                "namespace-defaults" => all.push(of_tenant!(GetNamespaceDefaults).path()),
                "permissions" => all.push(of_tenant!(GetTenantPermissions).path()),
                "console-security" => all.push(of_tenant!(GetConsoleSecurity).path()),
                "email" => all.push(of_tenant!(GetEmailNotification).path()),
                "search-security" => all.push(of_tenant!(GetSearchSecurity).path()),
                _ => {}
            }
            all
        }
        Place::Usage(span) => vec![of_tenant!(GetTenantStatistics).path(), usage(span)],
        Place::Tenants => vec![ListTenantsInFull(ListTenants::default()).path()],
        Place::SystemTenant(name, section, span) => {
            let mut all = vec![
                GetTenant {
                    tenant_name: name.clone(),
                    query: Verbose(true),
                }
                .path(),
            ];
            if section == "usage" {
                let report = GetTenantChargeback {
                    tenant_name: name.clone(),
                    query: period(span),
                };
                all.push(report.path());
            }
            all
        }
        Place::Bucket(name, _) => {
            let mut all = vec![
                GetNamespace {
                    tenant_name: tenant_name.clone(),
                    ns_name: name.clone(),
                    query: Verbose(true),
                }
                .path(),
                the_tenant(),
            ];
            for section in ["versioning", "compliance", "retention-classes"] {
                all.extend(of_section(tenant, name, section, &Detail::default()));
            }
            all
        }
        Place::OfSystem(sheet, name) => system::calls(*sheet, name),
        Place::Inside(..) | Place::NewGroup | Place::NewTenant(_) | Place::Nowhere => Vec::new(),
        Place::Replication(at) => at.calls(),
        Place::Coding(at) => at.calls(),
    }
}

fn rights_of(tenant: &str, username: &str) -> String {
    GetDataAccessOfUser {
        tenant_name: tenant.to_owned(),
        username: username.to_owned(),
        query: PagingOfRights(Paging::default()),
    }
    .path()
}

fn of_section(tenant: &str, name: &str, section: &str, detail: &Detail) -> Vec<String> {
    macro_rules! path {
        ($call:ident) => {
            $call {
                tenant_name: tenant.to_owned(),
                ns_name: name.to_owned(),
                query: Nothing,
            }
            .path()
        };
    }
    match section {
        "access" => vec![path!(GetNamespacePermissions)],
        "protocols" => vec![
            path!(GetHttpProtocol),
            path!(GetCifsProtocol),
            path!(GetNfsProtocol),
            path!(GetSmtpProtocol),
        ],
        "versioning" => vec![path!(GetVersioningSettings)],
        "compliance" => vec![path!(GetComplianceSettings)],
        "retention-classes" => vec![
            ListRetentionClassesInFull(ListRetentionClasses {
                tenant_name: tenant.to_owned(),
                namespace_name: name.to_owned(),
                query: Unpaged,
            })
            .path(),
        ],
        "statistics" | "delete" => vec![path!(GetNamespaceStatistics)],
        "chargeback" => vec![
            GetNamespaceChargeback {
                tenant_name: tenant.to_owned(),
                ns_name: name.to_owned(),
                query: period(&detail.span),
            }
            .path(),
        ],
        _ => Vec::new(),
    }
}

async fn get(path: String) -> Result<Json, Problem> {
    let mut answer = api::raw(Method::GET, path, None).await?;
    without_nulls(&mut answer);
    Ok(answer)
}

/// A property that is null was not told, as one that is absent.
fn without_nulls(json: &mut Json) {
    match json {
        Json::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(without_nulls);
        }
        Json::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

/// Makes the calls of a place side by side.
pub async fn load(place: Place, session: &Session) -> Answers {
    let tenant = session.tenant.clone().unwrap_or_default();
    if let Place::Bucket(name, _) = &place {
        return load_bucket(&place, name, session, &tenant).await;
    }
    // A tenant's pages have a tenant, and the system's have none.
    if tenant.is_empty() != place.is_of_system() {
        return Vec::new();
    }
    if let Place::Inside(tenant, inner) = place {
        let told = GetTenant {
            tenant_name: tenant.clone(),
            query: Verbose(true),
        };
        let (told, mut answers) =
            join(get(told.path()), load_of_tenant(*inner, session, tenant)).await;
        // Last, so that the page's own answers stand where they stand in the tenant's own pages.
        answers.push(told);
        return answers;
    }
    load_of_tenant(place, session, tenant).await
}

async fn load_of_tenant(place: Place, session: &Session, tenant: String) -> Answers {
    let mut answers = join_all(calls(&place, &tenant).into_iter().map(get)).await;
    if let Some(at) = place.tenant_of_plans() {
        let tenant_map = answers.get(at).and_then(|answer| answer.as_ref().ok());
        let chooses = tenant_map.and_then(|map| map.get("servicePlanSelectionEnabled"));
        let plans = ListServicePlans {
            tenant_name: tenant.clone(),
            query: Nothing,
        };
        // A tenant that may not choose is refused even the names.
        answers.push(if chooses == Some(&Json::Bool(true)) {
            get(plans.path()).await
        } else {
            Ok(Json::Array(Vec::new()))
        });
    }
    if let Place::Replication(at) = &place {
        let more = at.more(&answers).into_iter().map(get);
        let more = join_all(more).await.into_iter();
        // What one of them does not tell is not known of that one.
        let more = more.map(Result::unwrap_or_default);
        answers.push(Ok(Json::Array(more.collect())));
    }
    match &place {
        Place::Namespace(name, section, _) if section == "access" => {
            let rights = &session.rights;
            // Others are refused the rights of users, one by one.
            answers.push(
                if rights.admin.is_possible() || rights.security.is_possible() {
                    who_has_rights(&tenant, name).await
                } else {
                    Ok(json!({"hidden": true}))
                },
            );
        }
        Place::SystemTenant(name, section, _) if section == "usage" => {
            let tenant_map = answers.first().and_then(|answer| answer.as_ref().ok());
            let allowed = tenant_map.and_then(|map| map.get("administrationAllowed"));
            let statistics = GetTenantStatistics {
                tenant_name: name.clone(),
                query: Nothing,
            };
            // Chargeback is the system's as well; statistics only where the tenant lets it in.
            answers.push(if allowed == Some(&Json::Bool(true)) {
                get(statistics.path()).await
            } else {
                Ok(json!({"hidden": true}))
            });
        }
        Place::SystemTenant(name, section, _) if section == "created" => {
            let tenant_map = answers.first().and_then(|answer| answer.as_ref().ok());
            let allowed = tenant_map.and_then(|map| map.get("administrationAllowed"));
            // What has been done inside is seen where the tenant lets the system in.
            if allowed == Some(&Json::Bool(true)) {
                answers.extend(join_all(done_inside(name).into_iter().map(get)).await);
            }
        }
        Place::Tenant(section) if section == "service-plans" => {
            let names = answers.get(1).and_then(|answer| answer.as_ref().ok());
            let names: Vec<String> = names.map(names_in).unwrap_or_default();
            let plans = names.into_iter().map(|plan_name| {
                get(GetServicePlan {
                    tenant_name: tenant.clone(),
                    plan_name,
                    query: Nothing,
                }
                .path())
            });
            let plans = join_all(plans).await.into_iter().filter_map(Result::ok);
            answers.push(Ok(Json::Array(plans.collect())));
        }
        _ => {}
    }
    answers
}

/// What tells which steps of setting a tenant up have been done: users, defaults, namespaces.
fn done_inside(tenant: &str) -> [String; 3] {
    let tenant_name = tenant.to_owned();
    let users = ListUsers {
        tenant_name: tenant_name.clone(),
        ..Default::default()
    };
    let defaults = GetNamespaceDefaults {
        tenant_name: tenant_name.clone(),
        query: Verbose(true),
    };
    let namespaces = ListNamespaces {
        tenant_name,
        ..Default::default()
    };
    [
        ListUsersInFull(users).path(),
        defaults.path(),
        namespaces.path(),
    ]
}

/// What S3 tells of a bucket, then what management does. S3 tells owners alone, and is not asked where
/// management has answered somebody else, or somebody who switches versioning there.
async fn load_bucket(place: &Place, name: &str, session: &Session, tenant: &str) -> Answers {
    let managed = if session.may_manage() {
        join_all(calls(place, tenant).into_iter().map(get)).await
    } else {
        Vec::new()
    };
    let namespace = managed.first().and_then(|answer| answer.as_ref().ok());
    let asks_s3 = namespace.is_none_or(|namespace| {
        let owner = namespace.get("owner").and_then(Json::as_str);
        !session.rights.admin.is_possible()
            && owner.is_some_and(|owner| owner.eq_ignore_ascii_case(&session.username))
    });
    let of_s3 = if asks_s3 {
        what_s3_tells(name, session).await
    } else {
        Ok(Json::Null)
    };
    std::iter::once(of_s3).chain(managed).collect()
}

/// Whether the bucket keeps versions; nothing where the store knows none, as long as the bucket is there.
async fn what_s3_tells(name: &str, session: &Session) -> Result<Json, Problem> {
    let Ok(bucket) = BucketName::parse(name) else {
        let words = crate::words::general::no_such_bucket();
        return Err(Problem::new(ErrorCode::BucketNotFound, words));
    };
    if session.features.versioning {
        return get(GetVersioning { bucket }.path()).await;
    }
    let query = ListObjectsQuery {
        max_keys: Some(1),
        ..ListObjectsQuery::default()
    };
    get(ListObjects { bucket, query }.path())
        .await
        .map(|_| json!({}))
}

fn names_in(json: &Json) -> Vec<String> {
    let list = match json {
        Json::Object(map) => map.values().find_map(Json::as_array),
        other => other.as_array(),
    };
    let items = list.into_iter().flatten();
    items.filter_map(Json::as_str).map(str::to_owned).collect()
}

/// The users with rights in a namespace. HCP knows it the other way round, so each user is asked for.
async fn who_has_rights(tenant: &str, namespace: &str) -> Result<Json, Problem> {
    let users = ListUsers {
        tenant_name: tenant.to_owned(),
        ..Default::default()
    };
    let users = names_in(&get(users.path()).await?);
    let asked = users.iter().take(ACCOUNTS);
    let answers = join_all(asked.clone().map(|user| get(rights_of(tenant, user)))).await;
    let mut found = Vec::new();
    let mut missing = users.len().saturating_sub(ACCOUNTS);
    for (user, answer) in asked.zip(answers) {
        let Ok(answer) = answer else {
            missing += 1;
            continue;
        };
        if let Some(rights) = rights_in(&answer)
            .into_iter()
            .find(|(name, _)| name == namespace)
        {
            found.push(json!({"user": user, "rights": rights.1}));
        }
    }
    Ok(json!({"found": found, "missing": missing}))
}

/// The namespaces of data access permissions with the rights in each.
pub fn rights_in(answer: &Json) -> Vec<(String, Vec<String>)> {
    let entries = answer.get("namespacePermission").unwrap_or(answer);
    let entries = model::mapi::edit::items("namespacePermission", entries);
    entries
        .iter()
        .filter_map(Json::as_object)
        .map(|entry| {
            let name = super::text(entry, "namespaceName");
            (name, super::words(entry, "permissions"))
        })
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> Place {
        Place::parse(path, &Query::default())
    }

    #[test]
    fn addresses_mean_places() {
        assert_eq!(place("/namespaces"), Place::Namespaces);
        assert_eq!(
            place("/namespaces/a%2Fb"),
            Place::Namespace("a/b".into(), "general".into(), Detail::default())
        );
        assert_eq!(
            place("/people/users/ann+b%40x/rights"),
            Place::User("ann+b@x".into(), "rights".into())
        );
        assert_eq!(place("/tenant/contact"), Place::Tenant("contact".into()));
        assert_eq!(place("/new/tenant"), Place::NewTenant(false));
        assert_eq!(
            place("/system/tenants/acme/in/people/users/ann/rights"),
            Place::Inside(
                "acme".into(),
                Box::new(Place::User("ann".into(), "rights".into()))
            )
        );
        assert_eq!(
            place("/system/nodes"),
            Place::OfSystem(Sheet::Nodes, String::new())
        );
        assert_eq!(
            place("/system/accounts/ann%40x"),
            Place::OfSystem(Sheet::Accounts, "ann@x".into())
        );
        assert_eq!(
            place("/buckets/scans/settings"),
            Place::Bucket("scans".into(), String::new())
        );
        for path in [
            "/namespaces/a/no-such",
            "/namespaces/a/general/more",
            "/tenant/no-such",
            "/new/planet",
            "/system/nodes/101",
            "/system/moons",
            "/system/tenants/acme/in",
            "/system/tenants/acme/in/buckets/b/settings",
            "/system/tenants/acme/in/system/tenants",
            "/system/tenants/acme/in/system/tenants/other/in/namespaces",
        ] {
            assert_eq!(place(path), Place::Nowhere, "{path}");
        }
    }

    #[test]
    fn a_place_calls_what_it_is_about_first() {
        let paths = calls(&place("/namespaces/scans/protocols"), "acme");
        assert_eq!(
            paths[0],
            "/api/v1/mapi/tenants/acme/namespaces/scans?verbose=true"
        );
        assert_eq!(paths.len(), 6);
        let query = Query::parse("from=2026-01-01&to=x&g=day");
        let usage = calls(&Place::parse("/usage", &query), "acme");
        assert_eq!(
            usage[1],
            "/api/v1/mapi/tenants/acme/chargebackReport?start=2026-01-01T00%3A00%3A00Z&granularity=day"
        );
    }

    #[test]
    fn what_is_null_was_not_told() {
        let mut answer = json!([{"roles": null, "a": {"b": null, "c": 1}}]);
        without_nulls(&mut answer);
        assert_eq!(answer, json!([{"a": {"c": 1}}]));
    }

    #[test]
    fn rights_are_read_with_and_without_their_wrapper() {
        let entry = json!({"namespaceName": "a", "permissions": {"permission": ["READ"]}});
        let expected = vec![("a".to_owned(), vec!["READ".to_owned()])];
        for answer in [
            json!({"namespacePermission": [entry]}),
            json!({"namespacePermission": {"namespacePermission": [entry]}}),
            json!([entry]),
        ] {
            assert_eq!(rights_in(&answer), expected, "{answer}");
        }
        assert!(rights_in(&json!({})).is_empty());
    }
}
