//! Replication (HCP's management API, "replication"): links are kept, changed and told of. There is no other
//! system, so none is ever connected, and nothing goes by them.

use model::mapi::{
    Choice, FailoverSettings, FailoverSide, Link, LinkContent, LinkPriority, LinkStatistics,
    LinkStatus, LinkTenant, LinkTenantStatus, LinkType, PerformanceLevel, ReplicationService,
    Resource as _, Schedule, ScheduleOverride, ScheduleSide, Transition, Verification,
};
use rusqlite::Connection;

use super::{
    access::{A, Access, M, anyone, nobody},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    shape::{Row, merged, plain, row, verbose_only},
};
use crate::{
    Error,
    store::{
        accounts,
        links::{self, Kept},
        system, tenants,
    },
};

/// What is said of each link.
const NOT_CONNECTED: &str = "Not connected";
const SUSPENDED: &str = "Suspended by user";

/// By which the systems of a link reach each other where nobody said otherwise.
const PORT: i64 = 5_748;

const SERVICE: &[Row] = &[
    plain("allowTenantsToMonitorNamespaces"),
    plain("connectivityTimeoutSeconds"),
    plain("enableDNSFailover"),
    plain("enableDomainAndCertificateSynchronization"),
    plain("network"),
    plain("verification"),
    verbose_only("status"),
];

const LINK: &[Row] = &[
    plain("name"),
    plain("description"),
    plain("type"),
    plain("connection"),
    plain("compression"),
    plain("encryption"),
    plain("priority"),
    plain("failoverSettings"),
    verbose_only("id"),
    verbose_only("status"),
    verbose_only("statusMessage"),
    verbose_only("suspended"),
    verbose_only("statistics"),
];

const CONTENT: &[Row] = &[
    plain("tenants"),
    plain("defaultNamespaceDirectories"),
    plain("chainedLinks"),
];

const LINK_TENANT: &[Row] = &[
    row("status", nobody, nobody, anyone, anyone),
    row("objectsPending", nobody, nobody, anyone, anyone),
    row("bytesPending", nobody, nobody, anyone, anyone),
    row("objectsPendingRemote", nobody, nobody, anyone, anyone),
    row("bytesPendingRemote", nobody, nobody, anyone, anyone),
];

const SCHEDULE: &[Row] = &[plain("local"), plain("remote")];

/// What the actions are called that need another system.
const CONNECTED_ACTIONS: [&str; 6] = [
    "failOver",
    "failBack",
    "beginRecover",
    "beginRecovery",
    "completeRecovery",
    "restore",
];

pub(super) fn endpoints() -> Vec<Endpoint> {
    const READ: Access = Access::system(&[A, M]);
    const WRITE: Access = Access::system(&[A]);
    let link = |below: &'static str| Endpoint::at(below);
    vec![
        link("/services/replication")
            .get(READ, show_service)
            .post(WRITE, modify_service),
        link("/services/replication/links")
            .get(READ, list)
            .put(WRITE, create),
        link("/services/replication/links/{link}")
            .get(READ, show)
            .post(WRITE, modify)
            .delete(WRITE, delete),
        link("/services/replication/links/{link}/content").get(READ, content),
        link("/services/replication/links/{link}/content/tenants").get(READ, list_tenants),
        link("/services/replication/links/{link}/content/tenants/{member}")
            .get(READ, show_tenant)
            .put(WRITE, add_tenant)
            .post(WRITE, act_on_tenant)
            .delete(WRITE, remove_tenant),
        link("/services/replication/links/{link}/content/defaultNamespaceDirectories")
            .get(READ, no_names),
        link("/services/replication/links/{link}/content/defaultNamespaceDirectories/{member}")
            .put(WRITE, no_default_tenant)
            .delete(WRITE, no_directory),
        link("/services/replication/links/{link}/content/chainedLinks").get(READ, list_chained),
        link("/services/replication/links/{link}/content/chainedLinks/{member}")
            .put(WRITE, chain)
            .delete(WRITE, unchain),
        link("/services/replication/links/{link}/localCandidates").get(READ, local_candidates),
        link("/services/replication/links/{link}/localCandidates/tenants").get(READ, local_tenants),
        link("/services/replication/links/{link}/localCandidates/defaultNamespaceDirectories")
            .get(READ, no_names),
        link("/services/replication/links/{link}/localCandidates/chainedLinks")
            .get(READ, local_links),
        link("/services/replication/links/{link}/remoteCandidates").get(READ, nothing),
        link("/services/replication/links/{link}/remoteCandidates/tenants").get(READ, no_names),
        link("/services/replication/links/{link}/remoteCandidates/defaultNamespaceDirectories")
            .get(READ, no_names),
        link("/services/replication/links/{link}/remoteCandidates/chainedLinks")
            .get(READ, no_names),
        link("/services/replication/links/{link}/schedule")
            .get(READ, show_schedule)
            .post(WRITE, set_schedule),
    ]
}

const KIND: &str = "replicationService";
const RUNS: &str = "ENABLED";
const SHUT_DOWN: &str = "SHUTDOWN";
/// The longest reason for a shutdown, in characters.
const MAX_REASON: usize = 1_024;

fn service_defaults() -> ReplicationService {
    ReplicationService {
        allow_tenants_to_monitor_namespaces: Some(false),
        connectivity_timeout_seconds: Some(120),
        enable_dns_failover: Some(false),
        enable_domain_and_certificate_synchronization: Some(false),
        network: Some("[hcp_system]".to_owned()),
        verification: Some(Verification::Off.into()),
        status: Some(RUNS.to_owned()),
        ..ReplicationService::default()
    }
}

async fn show_service(call: Call) -> Result<Answer, Refusal> {
    let read = call
        .management
        .store
        .read(|connection| system::document::<ReplicationService>(connection, KIND));
    let service = merged(&service_defaults(), &read.await?);
    Ok(call.show(SERVICE, &service))
}

async fn modify_service(call: Call) -> Result<Answer, Refusal> {
    let mut change: ReplicationService = call.read(SERVICE)?;
    let reason = call.query.get("shutDownAllLinks");
    if reason.is_some_and(|reason| reason.chars().count() > MAX_REASON) {
        return Err(Refusal::invalid(format!(
            "shutDownAllLinks: a reason has at most {MAX_REASON} characters."
        )));
    }
    if reason.is_some() {
        change.status = Some(SHUT_DOWN.to_owned());
    } else if is_asked(&call, "reestablishAllLinks") {
        change.status = Some(RUNS.to_owned());
    }
    let write = call.change(move |write| {
        let before: ReplicationService = system::document(write.connection, KIND)?;
        system::set_document(write.connection, KIND, &merged(&before, &change))
    });
    write.await?;
    Ok(Answer::Empty)
}

/// Whether an action is asked for: named alone, or as true.
pub(super) fn is_asked(call: &Call, action: &str) -> bool {
    call.query.is_true(action) || call.query.get(action) == Some("")
}

fn link_defaults() -> Link {
    let side = FailoverSide {
        auto_failover: Some(false),
        auto_failover_minutes: Some(120),
        ..FailoverSide::default()
    };
    Link {
        description: Some(String::new()),
        compression: Some(false),
        encryption: Some(false),
        priority: Some(LinkPriority::OldestFirst.into()),
        failover_settings: Some(FailoverSettings {
            local: Some(side.clone()),
            remote: Some(side),
            ..FailoverSettings::default()
        }),
        ..Link::default()
    }
}

/// What a link is and how it does.
fn told(kept: Kept) -> Link {
    let message = if kept.suspended {
        SUSPENDED
    } else {
        NOT_CONNECTED
    };
    let none = Some(0);
    Link {
        name: Some(kept.name),
        id: Some(kept.guid),
        status: Some(LinkStatus::Bad.into()),
        status_message: Some(message.to_owned()),
        suspended: Some(kept.suspended),
        statistics: Some(LinkStatistics {
            bytes_replicated: none,
            bytes_per_second: Some(0.0),
            objects_replicated: none,
            operations_per_second: Some(0.0),
            errors: none,
            errors_per_second: Some(0.0),
            objects_verified: none,
            objects_replicated_after_verification: none,
            ..LinkStatistics::default()
        }),
        ..kept.link
    }
}

async fn list(call: Call) -> Result<Answer, Refusal> {
    let all = call.management.store.read(links::all).await?;
    let names = all.into_iter().map(|kept| kept.name).collect();
    Ok(Answer::names("links", "name", names))
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    let name = call.name("link").to_owned();
    let read = call
        .management
        .store
        .read(move |connection| links::find(connection, &name));
    Ok(call.show(LINK, &told(read.await?)))
}

async fn create(call: Call) -> Result<Answer, Refusal> {
    let mut link: Link = call.read(LINK)?;
    Refusal::of_faults(&link.check_required(&["name", "type", "connection"]))?;
    let host = link.connection.as_mut().map(|connection| {
        connection.remote_port.get_or_insert(PORT);
        connection.local_port.get_or_insert(PORT);
        connection.remote_host.clone().unwrap_or_default()
    });
    if host.is_none_or(|host| host.trim().is_empty()) {
        return Err(Refusal::invalid(
            "connection.remoteHost: the property is required.",
        ));
    }
    let name = link.name.take().unwrap_or_default();
    let link = merged(&link_defaults(), &link);
    let write = call.change(move |write| links::insert(write.connection, &name, &link));
    write.await?;
    Ok(Answer::Empty)
}

async fn modify(call: Call) -> Result<Answer, Refusal> {
    let mut change: Link = call.read(LINK)?;
    let needs_another = CONNECTED_ACTIONS
        .into_iter()
        .find(|action| is_asked(&call, action));
    let suspends = is_asked(&call, "suspend");
    let resumes = is_asked(&call, "resume");
    let name = call.name("link").to_owned();
    let write = call.change(move |write| {
        let connection = write.connection;
        let kept = links::find(connection, &name)?;
        if let Some(action) = needs_another {
            return Err(Error::Conflict(format!(
                "{action}: link {} is not connected.",
                kept.name
            )));
        }
        if suspends || resumes {
            links::suspend(connection, kept.id, suspends)?;
        }
        check_type(&kept.link, &change)?;
        let name = change.name.take().unwrap_or_else(|| kept.name.clone());
        let link = with_parts(&kept.link, &change);
        links::update(connection, kept.id, &name, &link)
    });
    write.await?;
    Ok(Answer::Empty)
}

/// Of a link's ends, what was not sent stays.
fn with_parts(before: &Link, change: &Link) -> Link {
    let mut link = merged(before, change);
    if let (Some(before), Some(change)) = (&before.connection, &change.connection) {
        link.connection = Some(merged(before, change));
    }
    if let (Some(before), Some(change)) = (&before.failover_settings, &change.failover_settings) {
        link.failover_settings = Some(merged(before, change));
    }
    link
}

/// A link in one direction can become one in both; no other change of its type is possible.
fn check_type(link: &Link, change: &Link) -> Result<(), Error> {
    let both = Choice::from(LinkType::ActiveActive);
    match &change.kind {
        Some(kind) if link.kind.as_ref() != Some(kind) && *kind != both => Err(
            Error::InvalidSetting("type: a link can only be changed to ACTIVE_ACTIVE.".to_owned()),
        ),
        _ => Ok(()),
    }
}

async fn delete(call: Call) -> Result<Answer, Refusal> {
    let name = call.name("link").to_owned();
    let write = call.change(move |write| {
        let kept = links::find(write.connection, &name)?;
        links::delete(write.connection, &kept)
    });
    write.await?;
    Ok(Answer::Empty)
}

/// Reads something of the link that the path names.
async fn of_link<T: Send + 'static>(
    call: &Call,
    read: impl FnOnce(&Connection, Kept) -> Result<T, Error> + Send + 'static,
) -> Result<T, Refusal> {
    let name = call.name("link").to_owned();
    let store = &call.management.store;
    let found = store.read(move |connection| {
        let kept = links::find(connection, &name)?;
        read(connection, kept)
    });
    Ok(found.await?)
}

fn in_one_direction(link: &Link) -> bool {
    link.kind != Some(LinkType::ActiveActive.into())
}

fn content_of(tenants: Vec<String>, chained: Option<Vec<String>>) -> LinkContent {
    LinkContent {
        tenants: Some(tenants.into()),
        chained_links: chained.map(Into::into),
        ..LinkContent::default()
    }
}

async fn content(call: Call) -> Result<Answer, Refusal> {
    let read = of_link(&call, |connection, kept| {
        let chained = in_one_direction(&kept.link).then(|| links::chained(connection, kept.id));
        Ok(content_of(
            links::tenants(connection, kept.id)?,
            chained.transpose()?,
        ))
    });
    Ok(call.show(CONTENT, &read.await?))
}

async fn list_tenants(call: Call) -> Result<Answer, Refusal> {
    let read = of_link(&call, |connection, kept| {
        links::tenants(connection, kept.id)
    });
    Ok(Answer::names("tenants", "name", read.await?))
}

async fn list_chained(call: Call) -> Result<Answer, Refusal> {
    let read = of_link(&call, |connection, kept| {
        links::chained(connection, kept.id)
    });
    Ok(Answer::names("chainedLinks", "name", read.await?))
}

async fn no_names(call: Call) -> Result<Answer, Refusal> {
    of_link(&call, |_connection, _kept| Ok(())).await?;
    Ok(Answer::names("names", "name", Vec::new()))
}

async fn nothing(call: Call) -> Result<Answer, Refusal> {
    of_link(&call, |_connection, _kept| Ok(())).await?;
    Ok(call.show(CONTENT, &content_of(Vec::new(), Some(Vec::new()))))
}

/// The tenant that the path names last.
fn member(connection: &Connection, name: &str) -> Result<(i64, String), Error> {
    let tenant = accounts::tenant(connection, name)?.ok_or(Error::NoSuchResource)?;
    Ok((tenant.id, tenant.name))
}

async fn show_tenant(call: Call) -> Result<Answer, Refusal> {
    let name = call.name("member").to_owned();
    let read = of_link(&call, move |connection, kept| {
        let (tenant, _name) = member(connection, &name)?;
        let paused = links::tenant(connection, kept.id, tenant)?;
        Ok((paused.ok_or(Error::NoSuchResource)?, kept.suspended))
    });
    let (paused, _suspended) = read.await?;
    let status = if paused {
        LinkTenantStatus::Paused
    } else {
        // The link does not work, so it does not replicate anybody.
        LinkTenantStatus::AutoPaused
    };
    let tenant = LinkTenant {
        status: Some(status.into()),
        ..LinkTenant::default()
    };
    Ok(call.show(LINK_TENANT, &tenant))
}

async fn add_tenant(call: Call) -> Result<Answer, Refusal> {
    let (link, name) = (call.name("link").to_owned(), call.name("member").to_owned());
    let write = call.change(move |write| {
        let connection = write.connection;
        let kept = links::find(connection, &link)?;
        let (tenant, name) = member(connection, &name)?;
        if !replicates(connection, tenant)? {
            return Err(Error::Forbidden(format!(
                "tenant: {name} may not replicate (replicationConfigurationEnabled)."
            )));
        }
        if links::add_tenant(connection, kept.id, tenant)? {
            Ok(())
        } else {
            Err(Error::Conflict(format!(
                "tenant: {name} goes by the link {} already",
                kept.name
            )))
        }
    });
    write.await?;
    Ok(Answer::Empty)
}

/// Whether a tenant may have its namespaces replicated.
fn replicates(connection: &Connection, tenant_id: i64) -> Result<bool, Error> {
    let tenant: Option<model::mapi::Tenant> =
        tenants::document(connection, tenant_id, tenants::TENANT)?;
    Ok(tenant.is_some_and(|tenant| tenant.replication_configuration_enabled == Some(true)))
}

async fn act_on_tenant(call: Call) -> Result<Answer, Refusal> {
    let (stops, goes_on) = (is_asked(&call, "pause"), is_asked(&call, "resume"));
    let (link, name) = (call.name("link").to_owned(), call.name("member").to_owned());
    let write = call.change(move |write| {
        let connection = write.connection;
        let kept = links::find(connection, &link)?;
        let (tenant, _name) = member(connection, &name)?;
        let paused = links::tenant(connection, kept.id, tenant)?.ok_or(Error::NoSuchResource)?;
        let paused = stops || (paused && !goes_on);
        links::pause_tenant(connection, kept.id, tenant, paused).map(|_changed| ())
    });
    write.await?;
    Ok(Answer::Empty)
}

async fn remove_tenant(call: Call) -> Result<Answer, Refusal> {
    let (link, name) = (call.name("link").to_owned(), call.name("member").to_owned());
    let write = call.change(move |write| {
        let kept = links::find(write.connection, &link)?;
        let (tenant, _name) = member(write.connection, &name)?;
        let removed = links::remove_tenant(write.connection, kept.id, tenant)?;
        removed.then_some(()).ok_or(Error::NoSuchResource)
    });
    write.await?;
    Ok(Answer::Empty)
}

async fn no_default_tenant(call: Call) -> Result<Answer, Refusal> {
    of_link(&call, |_connection, _kept| Ok(())).await?;
    Err(Refusal::forbidden(
        "There is no default tenant, so there are no directories of its namespace.",
    ))
}

async fn no_directory(call: Call) -> Result<Answer, Refusal> {
    of_link(&call, |_connection, _kept| Ok(())).await?;
    Err(Refusal::NotFound)
}

async fn chain(call: Call) -> Result<Answer, Refusal> {
    let (link, other) = (call.name("link").to_owned(), call.name("member").to_owned());
    let write = call.change(move |write| {
        let connection = write.connection;
        let (kept, other) = (
            links::find(connection, &link)?,
            links::find(connection, &other)?,
        );
        if !can_be_chained(&kept, &other) {
            return Err(Error::Forbidden(
                "Only what comes by an inbound link goes on by an outbound one.".to_owned(),
            ));
        }
        if links::chain(connection, kept.id, other.id)? {
            Ok(())
        } else {
            Err(Error::Conflict(format!(
                "link: {} goes on by {} already",
                other.name, kept.name
            )))
        }
    });
    write.await?;
    Ok(Answer::Empty)
}

fn can_be_chained(link: &Kept, other: &Kept) -> bool {
    link.link.kind == Some(LinkType::Outbound.into())
        && other.link.kind == Some(LinkType::Inbound.into())
}

async fn unchain(call: Call) -> Result<Answer, Refusal> {
    let (link, other) = (call.name("link").to_owned(), call.name("member").to_owned());
    let write = call.change(move |write| {
        let connection = write.connection;
        let (kept, other) = (
            links::find(connection, &link)?,
            links::find(connection, &other)?,
        );
        let removed = links::unchain(connection, kept.id, other.id)?;
        removed.then_some(()).ok_or(Error::NoSuchResource)
    });
    write.await?;
    Ok(Answer::Empty)
}

/// The tenants that could go by a link and do not.
fn candidates(connection: &Connection, kept: &Kept) -> Result<Vec<String>, Error> {
    let there = links::tenants(connection, kept.id)?;
    let mut free = Vec::new();
    for name in accounts::tenants(connection)? {
        let Some(tenant) = accounts::tenant(connection, &name)? else {
            continue;
        };
        if !there.contains(&name) && replicates(connection, tenant.id)? {
            free.push(name);
        }
    }
    Ok(free)
}

/// The links whose objects could go on by a link and do not.
fn chainable(connection: &Connection, kept: &Kept) -> Result<Vec<String>, Error> {
    let there = links::chained(connection, kept.id)?;
    let all = links::all(connection)?.into_iter();
    let free = all.filter(|other| can_be_chained(kept, other) && !there.contains(&other.name));
    Ok(free.map(|other| other.name).collect())
}

async fn local_candidates(call: Call) -> Result<Answer, Refusal> {
    let read = of_link(&call, |connection, kept| {
        let chained = in_one_direction(&kept.link).then(|| chainable(connection, &kept));
        Ok(content_of(
            candidates(connection, &kept)?,
            chained.transpose()?,
        ))
    });
    Ok(call.show(CONTENT, &read.await?))
}

async fn local_tenants(call: Call) -> Result<Answer, Refusal> {
    let read = of_link(&call, |connection, kept| candidates(connection, &kept));
    Ok(Answer::names("tenants", "name", read.await?))
}

async fn local_links(call: Call) -> Result<Answer, Refusal> {
    let read = of_link(&call, |connection, kept| chainable(connection, &kept));
    Ok(Answer::names("chainedLinks", "name", read.await?))
}

/// Always, and as much as can be.
fn open_side() -> ScheduleSide {
    ScheduleSide {
        schedule_override: Some(ScheduleOverride::None.into()),
        transition: Some(
            vec![Transition {
                time: Some("Sun:00".to_owned()),
                performance_level: Some(PerformanceLevel::High.into()),
                ..Transition::default()
            }]
            .into(),
        ),
        ..ScheduleSide::default()
    }
}

fn schedule_of(kept: &Kept) -> Schedule {
    let kind = kept.link.kind.as_ref().and_then(Choice::known);
    let open = Schedule {
        local: (kind != Some(LinkType::Inbound)).then(open_side),
        remote: (kind != Some(LinkType::Outbound)).then(open_side),
        ..Schedule::default()
    };
    merged(&open, &kept.schedule.clone().unwrap_or_default())
}

async fn show_schedule(call: Call) -> Result<Answer, Refusal> {
    let read = of_link(&call, |_connection, kept| Ok(schedule_of(&kept)));
    Ok(call.show(SCHEDULE, &read.await?))
}

async fn set_schedule(call: Call) -> Result<Answer, Refusal> {
    let change: Schedule = call.read(SCHEDULE)?;
    for (name, side) in [("local", &change.local), ("remote", &change.remote)] {
        check_side(name, side.as_ref())?;
    }
    let name = call.name("link").to_owned();
    let write = call.change(move |write| {
        let kept = links::find(write.connection, &name)?;
        let kind = kept.link.kind.as_ref().and_then(Choice::known);
        let refused = match kind {
            Some(LinkType::Inbound) if change.local.is_some() => Some("local: an inbound"),
            Some(LinkType::Outbound) if change.remote.is_some() => Some("remote: an outbound"),
            _ => None,
        };
        if let Some(end) = refused {
            let text = format!("{end} link sends nothing from there.");
            return Err(Error::InvalidSetting(text));
        }
        let mut schedule = schedule_of(&kept);
        for (before, change) in [
            (&mut schedule.local, change.local),
            (&mut schedule.remote, change.remote),
        ] {
            if let Some(change) = change {
                *before = Some(merged(&before.clone().unwrap_or_default(), &change));
            }
        }
        links::set_schedule(write.connection, kept.id, &schedule)
    });
    write.await?;
    Ok(Answer::Empty)
}

/// Each hour is there once, and not all of the week is off.
fn check_side(name: &str, side: Option<&ScheduleSide>) -> Result<(), Refusal> {
    let Some(week) = side.and_then(|side| side.transition.as_ref()) else {
        return Ok(());
    };
    let mut hours = Vec::new();
    for transition in &week.0 {
        Refusal::of_faults(&transition.check_required(&["time", "performanceLevel"]))?;
        if hours.contains(&&transition.time) {
            return Err(Refusal::invalid(format!(
                "{name}.transition: an hour is there twice."
            )));
        }
        hours.push(&transition.time);
    }
    let off = Some(PerformanceLevel::Off.into());
    if !week.0.is_empty() && week.0.iter().all(|one| one.performance_level == off) {
        return Err(Refusal::invalid(format!(
            "{name}.transition: the link would never send."
        )));
    }
    Ok(())
}
