//! Tenants (HCP's management API, `tenant`).

use model::{
    Timestamp,
    mapi::rules,
    mapi::{
        AuthenticationType, NamespaceQuota, Percent, Resource as _, Role, Tags, Tenant, password,
    },
};
use rusqlite::Connection;
use uuid::Uuid;

use super::{
    access::{A, Access, M, anyone, nobody, system, tenant},
    accounts::roles_of_tenants,
    call::{Answer, Call, Endpoint},
    error::Refusal,
    groups::NO_DIRECTORY,
    plans::{self, DEFAULT_PLAN},
    query::{Entry, page},
    shape::{Row, merged, row, verbose_only},
};
use crate::{
    Error,
    account::{self, Tenant as Known},
    clock::from_ms,
    password::Password,
    signin,
    store::{
        accounts::{self, NewUser},
        tenants,
    },
};

/// The one network that there is.
const NETWORK: &str = "[hcp_system]";
/// What a tenant may have, unless it says otherwise.
const NAMESPACES_PER_USER: i64 = 100;

const ROWS: &[Row] = &[
    row("name", anyone, nobody, system, anyone),
    row("systemVisibleDescription", system, system, system, nobody),
    row("tenantVisibleDescription", nobody, tenant, tenant, nobody),
    row("hardQuota", system, system, system, anyone),
    row("softQuota", system, system, system, anyone),
    row("namespaceQuota", system, system, system, anyone),
    row("authenticationTypes", system, system, system, anyone),
    row(
        "complianceConfigurationEnabled",
        system,
        system,
        system,
        anyone,
    ),
    row(
        "versioningConfigurationEnabled",
        system,
        system,
        system,
        anyone,
    ),
    row("searchConfigurationEnabled", system, system, system, anyone),
    row(
        "replicationConfigurationEnabled",
        system,
        system,
        system,
        anyone,
    ),
    row(
        "erasureCodingSelectionEnabled",
        system,
        system,
        system,
        nobody,
    ),
    row(
        "servicePlanSelectionEnabled",
        system,
        system,
        system,
        nobody,
    ),
    row("servicePlan", system, system, system, nobody),
    row("tags", system, system, system, nobody),
    row("dataNetwork", system, system, system, nobody),
    row("managementNetwork", system, system, system, nobody),
    row("administrationAllowed", nobody, tenant, tenant, nobody),
    row("maxNamespacesPerUser", nobody, tenant, tenant, nobody),
    row("snmpLoggingEnabled", nobody, tenant, tenant, nobody),
    row("syslogLoggingEnabled", nobody, tenant, tenant, nobody),
    verbose_only("creationTime"),
    verbose_only("fullyQualifiedName"),
    verbose_only("id"),
];

pub(super) fn endpoints() -> [Endpoint; 2] {
    [
        Endpoint::at("/tenants")
            .get(Access::system(&[A, M]), list)
            .put(Access::system(&[A]), create),
        Endpoint::at("/tenants/{tenant}")
            .get(Access::both(&[A, M]), show)
            .post(Access::both(&[A]), modify)
            .delete(Access::system(&[A]), delete),
    ]
}

/// A tenant with all its properties: what was said of it, and what holds where nothing was.
///
/// Tenants that were not made by the management API have what S3 users expect.
pub(crate) fn whole(connection: &Connection, known: &Known) -> Result<Tenant, Error> {
    let stored = tenants::document::<Tenant>(connection, known.id, tenants::TENANT)?;
    let made_here = stored.is_some();
    let defaults = Tenant {
        name: Some(known.name.clone()),
        tenant_visible_description: Some(String::new()),
        administration_allowed: Some(false),
        max_namespaces_per_user: Some(NAMESPACES_PER_USER),
        snmp_logging_enabled: Some(false),
        syslog_logging_enabled: Some(false),
        compliance_configuration_enabled: Some(!made_here),
        versioning_configuration_enabled: Some(!made_here),
        search_configuration_enabled: Some(!made_here),
        ..created_defaults()
    };
    Ok(merged(&defaults, &stored.unwrap_or_default()))
}

/// What a tenant has about which nothing was said when it was made.
fn created_defaults() -> Tenant {
    Tenant {
        system_visible_description: Some(String::new()),
        soft_quota: Some(Percent(85)),
        namespace_quota: Some(NamespaceQuota::Unlimited),
        authentication_types: Some(
            vec![
                AuthenticationType::Local.into(),
                AuthenticationType::Radius.into(),
            ]
            .into(),
        ),
        compliance_configuration_enabled: Some(false),
        versioning_configuration_enabled: Some(false),
        search_configuration_enabled: Some(false),
        replication_configuration_enabled: Some(false),
        erasure_coding_selection_enabled: Some(false),
        service_plan_selection_enabled: Some(false),
        service_plan: Some(DEFAULT_PLAN.to_owned()),
        tags: Some(Tags::default()),
        data_network: Some(NETWORK.to_owned()),
        management_network: Some(NETWORK.to_owned()),
        ..Tenant::default()
    }
}

async fn list(call: Call) -> Result<Answer, Refusal> {
    let read = call.management.store.read(|connection| {
        accounts::tenants(connection)?
            .into_iter()
            .map(|name| entry(connection, name))
            .collect::<Result<Vec<_>, _>>()
    });
    let names = page(&call.query, "name", Some(("hardQuota", "tag")), read.await?)?;
    Ok(Answer::names("tenants", "name", names))
}

fn entry(connection: &Connection, name: String) -> Result<Entry, Error> {
    let Some(known) = accounts::tenant(connection, &name)? else {
        return Ok(Entry::named(name));
    };
    let stored: Option<Tenant> = tenants::document(connection, known.id, tenants::TENANT)?;
    let stored = stored.unwrap_or_default();
    Ok(Entry {
        name,
        hard_quota: stored.hard_quota.map_or(0, model::mapi::Quota::bytes),
        tags: stored.tags.unwrap_or_default().0,
    })
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    let known = call.tenant()?.clone();
    let domain = call.management.domain.to_string();
    let read = call.management.store.read(move |connection| {
        let (guid, created_ms) = accounts::tenant_record(connection, known.id)?;
        Ok(Tenant {
            fully_qualified_name: Some(format!("{}.{domain}", known.name)),
            creation_time: Some(Timestamp::new(from_ms(created_ms)).hcp()),
            id: Some(guid),
            ..whole(connection, &known)?
        })
    });
    let mut tenant = read.await?;
    if tenant.service_plan_selection_enabled == Some(true) {
        tenant.service_plan = None;
    }
    Ok(call.show(ROWS, &tenant))
}

async fn create(call: Call) -> Result<Answer, Refusal> {
    let sent: Tenant = call.read(ROWS)?;
    Refusal::of_faults(&sent.check_required(&["name", "hardQuota"]))?;
    let tenant = merged(&created_defaults(), &sent);
    check(&tenant, sent.service_plan.is_some())?;
    let name = sent.name.unwrap_or_default();
    let first = first_user(&call, &tenant, &name).await?;
    let now_ms = call.now_ms();
    let write = call.change(move |write| {
        let connection = write.connection;
        if !accounts::insert_tenant(connection, &name, now_ms)? {
            return Err(Error::Conflict(format!("tenant: {name} already exists")));
        }
        let known = accounts::tenant(connection, &name)?
            .ok_or(Error::Damaged("a new tenant cannot be found"))?;
        let document = Tenant {
            name: None,
            ..tenant
        };
        tenants::set_document(connection, known.id, tenants::TENANT, &document)?;
        let first = NewUser {
            tenant_id: Some(known.id),
            ..first
        };
        accounts::insert_user(connection, &first).map(|_made| ())
    });
    write.await?;
    Ok(Answer::Empty)
}

/// The first account of a new tenant, out of the parameters: `username` and `password`. The other way, a
/// group of a directory, is not open here.
async fn first_user(call: &Call, tenant: &Tenant, name: &str) -> Result<NewUser, Refusal> {
    let query = &call.query;
    if query.has("initialSecurityGroup") {
        return Err(if query.has("username") || query.has("password") {
            Refusal::invalid("A tenant has a first user or a first group, not both.")
        } else {
            Refusal::forbidden(NO_DIRECTORY)
        });
    }
    let (username, password) = (query.required("username")?, query.required("password")?);
    rules::username(username).map_err(|rule| Refusal::invalid(format!("username: {rule}")))?;
    account::check_username(name, username)?;
    if !signs_in_by(tenant, AuthenticationType::Local) {
        return Err(Refusal::invalid(
            "authenticationTypes: without LOCAL the first user could not sign in.",
        ));
    }
    let habits = call.management.habits;
    password::check(&signin::defaults(&habits), username, password).map_err(Refusal::invalid)?;
    let mut roles = vec![Role::Security];
    if habits.first_user_administers {
        roles.insert(0, Role::Administrator);
    }
    let roles = roles_of_tenants(roles.into_iter())?;
    Ok(NewUser {
        tenant_id: None,
        name: username.to_owned(),
        full_name: username.to_owned(),
        description: String::new(),
        password: Password::new(password, None).await?,
        guid: Uuid::new_v4().to_string(),
        manages_namespaces: roles.contains(&A),
        roles,
        enabled: true,
        local: true,
        must_change: query.is_true("forcePasswordChange"),
        created_ms: call.now_ms(),
    })
}

fn signs_in_by(tenant: &Tenant, wanted: AuthenticationType) -> bool {
    let types = tenant.authentication_types.as_ref();
    types.is_some_and(|types| types.0.iter().any(|one| one.known() == Some(wanted)))
}

/// What has to hold between the properties of a tenant.
fn check(tenant: &Tenant, names_plan: bool) -> Result<(), Refusal> {
    use AuthenticationType::{External, Local};
    if !signs_in_by(tenant, Local) && !signs_in_by(tenant, External) {
        return Err(Refusal::invalid(
            "authenticationTypes: there has to be LOCAL or EXTERNAL among them.",
        ));
    }
    if tenant.service_plan_selection_enabled == Some(true) && names_plan {
        return Err(Refusal::invalid(
            "servicePlan: a tenant that may choose service plans is given none.",
        ));
    }
    plans::check(tenant.service_plan.as_deref())?;
    for (property, network) in [
        ("dataNetwork", &tenant.data_network),
        ("managementNetwork", &tenant.management_network),
    ] {
        if network.as_deref().is_some_and(|network| network != NETWORK) {
            return Err(Refusal::invalid(format!(
                "{property}: the only network is {NETWORK}."
            )));
        }
    }
    let mut tags: Vec<_> = tenant.tags.iter().flat_map(|tags| &tags.0).collect();
    tags.sort_by_key(|tag| tag.to_lowercase());
    if tags
        .windows(2)
        .any(|pair| pair[0].to_lowercase() == pair[1].to_lowercase())
    {
        return Err(Refusal::invalid("tags: a tag is there twice."));
    }
    Ok(())
}

async fn modify(call: Call) -> Result<Answer, Refusal> {
    let change: Tenant = call.read(ROWS)?;
    let known = call.tenant()?.clone();
    let write = call.change(move |write| {
        let connection = write.connection;
        let tenant = merged(&whole(connection, &known)?, &change);
        if let Err(refusal) = check(&tenant, change.service_plan.is_some()) {
            return Err(refusal.into_error());
        }
        let (allocated, count) = accounts::allocated(connection, known.id)?;
        if let Some(quota) = change.hard_quota
            && quota.bytes() < allocated
        {
            let allocated = model::mapi::Quota::of_bytes(allocated);
            return Err(Error::InvalidSetting(format!(
                "hardQuota: {allocated} are given to namespaces already."
            )));
        }
        if let Some(NamespaceQuota::AtMost(most)) = change.namespace_quota
            && i64::from(most) < count
        {
            return Err(Error::InvalidSetting(format!(
                "namespaceQuota: there are {count} namespaces already."
            )));
        }
        let document = Tenant {
            name: None,
            ..tenant
        };
        tenants::set_document(connection, known.id, tenants::TENANT, &document)
    });
    write.await?;
    Ok(Answer::Empty)
}

async fn delete(call: Call) -> Result<Answer, Refusal> {
    let known = call.tenant()?.clone();
    let write = call.change(move |write| {
        let (_allocated, count) = accounts::allocated(write.connection, known.id)?;
        if count > 0 {
            return Err(Error::Forbidden(format!(
                "tenant: {} cannot be deleted: it has {count} namespaces.",
                known.name
            )));
        }
        accounts::delete_tenant(write.connection, known.id)
    });
    write.await?;
    Ok(Answer::Empty)
}
