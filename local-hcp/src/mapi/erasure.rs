//! Erasure coding (HCP's management API, "erasure coding"): topologies are kept, changed and told of. No
//! other system is connected, so no object is coded.

use std::sync::Arc;

use model::mapi::{
    Choice, EcTopology, LinkType, ReplicationLink, ReplicationLinks, Resource as _,
    TenantCandidate, TopologyState, TopologyType,
};
use rusqlite::Connection;
use serde_json::{Value as Json, json};

use super::{
    access::{A, Access, M, anyone, nobody},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    replication::is_asked,
    shape::{Row, merged, plain, row, verbose_only},
};
use crate::{
    Error,
    store::{
        accounts, links,
        topologies::{self, Kept},
    },
};

const ROWS: &[Row] = &[
    plain("name"),
    plain("description"),
    row("type", anyone, nobody, anyone, anyone),
    row("replicationLinks", anyone, nobody, anyone, anyone),
    plain("erasureCodingDelay"),
    plain("fullCopy"),
    plain("minimumObjectSize"),
    plain("restorePeriod"),
    row("state", nobody, nobody, anyone, anyone),
    row("protectionStatus", nobody, nobody, anyone, anyone),
    row("readStatus", nobody, nobody, anyone, anyone),
    row("hcpSystems", nobody, nobody, anyone, anyone),
    row("tenants", nobody, nobody, anyone, anyone),
    verbose_only("id"),
    verbose_only("erasureCodedObjects"),
];

/// What is said of what only another system could tell.
const UNKNOWN: &str = "UNKNOWN";

pub(super) fn endpoints() -> [Endpoint; 7] {
    const READ: Access = Access::system(&[A, M]);
    const WRITE: Access = Access::system(&[A]);
    [
        Endpoint::at("/services/erasureCoding/linkCandidates").get(READ, link_candidates),
        Endpoint::at("/services/erasureCoding/ecTopologies")
            .get(READ, list)
            .put(WRITE, create),
        Endpoint::at("/services/erasureCoding/ecTopologies/{topology}")
            .get(READ, show)
            .post(WRITE, modify)
            .delete(WRITE, delete),
        Endpoint::at("/services/erasureCoding/ecTopologies/{topology}/tenants")
            .get(READ, list_tenants),
        Endpoint::at("/services/erasureCoding/ecTopologies/{topology}/tenants/{member}")
            .put(WRITE, add_tenant)
            .delete(WRITE, remove_tenant),
        Endpoint::at("/services/erasureCoding/ecTopologies/{topology}/tenantCandidates")
            .get(READ, candidates),
        Endpoint::at("/services/erasureCoding/ecTopologies/{topology}/tenantConflictingCandidates")
            .get(READ, conflicting),
    ]
}

async fn list(call: Call) -> Result<Answer, Refusal> {
    let names = call.management.store.read(topologies::names).await?;
    Ok(Answer::names("ecTopologies", "name", names))
}

/// A link as part of a topology.
fn part(call: &Call, kept: &links::Kept) -> ReplicationLink {
    part_of(&call.management.domain, kept)
}

fn part_of(domain: &str, kept: &links::Kept) -> ReplicationLink {
    ReplicationLink {
        name: Some(kept.name.clone()),
        uuid: Some(kept.guid.clone()),
        // Which system is at the other end is told by that system.
        hcp_systems: Some(vec![domain.to_owned()].into()),
        state: Some(UNKNOWN.to_owned()),
        ..ReplicationLink::default()
    }
}

async fn link_candidates(call: Call) -> Result<Answer, Refusal> {
    let all = call.management.store.read(links::all).await?;
    let both = Some(LinkType::ActiveActive.into());
    let each = all.iter().filter(|kept| kept.link.kind == both);
    let parts: Vec<Json> = each
        .map(|kept| Json::Object(part(&call, kept).to_map()))
        .collect();
    Ok(Answer::Document(
        "replicationLinks",
        json!({ "replicationLink": parts }),
    ))
}

fn defaults() -> EcTopology {
    EcTopology {
        description: Some(String::new()),
        erasure_coding_delay: Some(0),
        full_copy: Some(false),
        minimum_object_size: Some(4_096),
        restore_period: Some(0),
        ..EcTopology::default()
    }
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    let (name, domain) = (
        call.name("topology").to_owned(),
        Arc::clone(&call.management.domain),
    );
    let read = call.management.store.read(move |connection| {
        let kept = topologies::find(connection, &name)?;
        let mut parts = Vec::new();
        for link in topologies::links(connection, kept.id)? {
            parts.push(part_of(&domain, &links::find(connection, &link)?));
        }
        let tenants = topologies::tenants(connection, kept.id)?;
        Ok(told(kept, ReplicationLinks(parts), tenants, &domain))
    });
    Ok(call.show(ROWS, &read.await?))
}

fn told(kept: Kept, links: ReplicationLinks, tenants: Vec<String>, domain: &str) -> EcTopology {
    let (state, safe) = if kept.retired {
        (TopologyState::Retired, "RETIRED")
    } else {
        (TopologyState::Active, UNKNOWN)
    };
    EcTopology {
        name: Some(kept.name),
        id: Some(kept.guid),
        replication_links: Some(links),
        state: Some(state.into()),
        protection_status: Some(safe.to_owned()),
        read_status: Some(safe.to_owned()),
        hcp_systems: Some(vec![domain.to_owned()].into()),
        tenants: Some(tenants.into()),
        erasure_coded_objects: Some(0),
        ..kept.topology
    }
}

async fn create(call: Call) -> Result<Answer, Refusal> {
    let mut topology: EcTopology = call.read(ROWS)?;
    Refusal::of_faults(&topology.check_required(&["name", "type", "replicationLinks"]))?;
    let name = topology.name.take().unwrap_or_default();
    let wanted = topology.replication_links.take().unwrap_or_default().0;
    check_shape(topology.kind.as_ref(), wanted.len())?;
    let topology = merged(&defaults(), &topology);
    let write = call.change(move |write| {
        let mut parts = Vec::new();
        for link in &wanted {
            let kept = linked(write.connection, link)?;
            if kept.link.kind != Some(LinkType::ActiveActive.into()) {
                return Err(Error::InvalidSetting(format!(
                    "replicationLinks: {} does not go both ways.",
                    kept.name
                )));
            }
            if parts.contains(&kept.id) {
                return Err(Error::InvalidSetting(format!(
                    "replicationLinks: {} is there twice.",
                    kept.name
                )));
            }
            parts.push(kept.id);
        }
        topologies::insert(write.connection, &name, &topology, &parts)
    });
    write.await?;
    Ok(Answer::Empty)
}

/// The link of a name or an id.
fn linked(connection: &Connection, part: &ReplicationLink) -> Result<links::Kept, Error> {
    let called = part.name.as_deref().or(part.uuid.as_deref()).unwrap_or("");
    let found = match (&part.name, &part.uuid) {
        (Some(name), _) => match links::find(connection, name) {
            Err(Error::NoSuchResource) => None,
            other => Some(other?),
        },
        (None, Some(uuid)) => links::by_guid(connection, uuid)?,
        (None, None) => None,
    };
    found.ok_or_else(|| {
        Error::InvalidSetting(format!("replicationLinks: there is no link {called}."))
    })
}

/// Three to six systems, each linked with each other; or four to six in a ring.
fn check_shape(kind: Option<&Choice<TopologyType>>, links: usize) -> Result<(), Refusal> {
    let fits = match kind.and_then(Choice::known) {
        Some(TopologyType::FullyConnected) => matches!(links, 3 | 6 | 10 | 15),
        Some(TopologyType::Ring) => (4..=6).contains(&links),
        None => false,
    };
    if fits {
        Ok(())
    } else {
        Err(Refusal::invalid(
            "replicationLinks: 3, 6, 10 or 15 links connect all of 3 to 6 systems, 4 to 6 links make a ring.",
        ))
    }
}

async fn modify(call: Call) -> Result<Answer, Refusal> {
    let mut change: EcTopology = call.read(ROWS)?;
    let retires = is_asked(&call, "retire");
    let name = call.name("topology").to_owned();
    let write = call.change(move |write| {
        let connection = write.connection;
        let kept = topologies::find(connection, &name)?;
        if retires {
            topologies::retire(connection, kept.id)?;
        }
        let name = change.name.take().unwrap_or_else(|| kept.name.clone());
        let topology = merged(&kept.topology, &change);
        topologies::update(connection, kept.id, &name, &topology)
    });
    write.await?;
    Ok(Answer::Empty)
}

async fn delete(call: Call) -> Result<Answer, Refusal> {
    let name = call.name("topology").to_owned();
    let write = call.change(move |write| {
        let kept = topologies::find(write.connection, &name)?;
        if !kept.retired {
            return Err(Error::Forbidden(format!(
                "topology: {} has to be retired before it is deleted.",
                kept.name
            )));
        }
        topologies::delete(write.connection, kept.id)
    });
    write.await?;
    Ok(Answer::Empty)
}

/// Reads something of the topology that the path names.
async fn of_topology<T: Send + 'static>(
    call: &Call,
    read: impl FnOnce(&Connection, Kept) -> Result<T, Error> + Send + 'static,
) -> Result<T, Refusal> {
    let name = call.name("topology").to_owned();
    let store = &call.management.store;
    let found = store.read(move |connection| {
        let kept = topologies::find(connection, &name)?;
        read(connection, kept)
    });
    Ok(found.await?)
}

async fn list_tenants(call: Call) -> Result<Answer, Refusal> {
    let read = of_topology(&call, |connection, kept| {
        topologies::tenants(connection, kept.id)
    });
    Ok(Answer::names("tenants", "name", read.await?))
}

/// Tenants that are in no topology, or in another than this.
async fn free(call: &Call, conflicts: bool) -> Result<Answer, Refusal> {
    let read = of_topology(call, move |connection, kept| {
        let mut names = Vec::new();
        for name in accounts::tenants(connection)? {
            let Some(tenant) = accounts::tenant(connection, &name)? else {
                continue;
            };
            let fits = match topologies::of_tenant(connection, tenant.id)? {
                Some(topology) => conflicts && topology != kept.id,
                None => !conflicts,
            };
            if fits {
                names.push(name);
            }
        }
        Ok(names)
    });
    let systems = vec![call.management.domain.to_string()];
    let each = read.await?.into_iter().map(|name| {
        let candidate = TenantCandidate {
            name: Some(name),
            hcp_systems: call.verbose().then(|| systems.clone().into()),
            ..TenantCandidate::default()
        };
        Json::Object(candidate.to_map())
    });
    let each: Vec<Json> = each.collect();
    Ok(Answer::Document(
        "tenantCandidates",
        json!({ "tenantCandidate": each }),
    ))
}

async fn candidates(call: Call) -> Result<Answer, Refusal> {
    free(&call, false).await
}

async fn conflicting(call: Call) -> Result<Answer, Refusal> {
    free(&call, true).await
}

async fn add_tenant(call: Call) -> Result<Answer, Refusal> {
    let (topology, name) = (
        call.name("topology").to_owned(),
        call.name("member").to_owned(),
    );
    let write = call.change(move |write| {
        let connection = write.connection;
        let kept = topologies::find(connection, &topology)?;
        let tenant = accounts::tenant(connection, &name)?.ok_or(Error::NoSuchResource)?;
        if kept.retired {
            return Err(Error::Conflict(format!(
                "topology: {} is retired",
                kept.name
            )));
        }
        if topologies::of_tenant(connection, tenant.id)?.is_some() {
            return Err(Error::Conflict(format!(
                "tenant: {} is in a topology already",
                tenant.name
            )));
        }
        topologies::add_tenant(connection, kept.id, tenant.id)
    });
    write.await?;
    Ok(Answer::Empty)
}

async fn remove_tenant(call: Call) -> Result<Answer, Refusal> {
    let (topology, name) = (
        call.name("topology").to_owned(),
        call.name("member").to_owned(),
    );
    let write = call.change(move |write| {
        let kept = topologies::find(write.connection, &topology)?;
        let tenant = accounts::tenant(write.connection, &name)?.ok_or(Error::NoSuchResource)?;
        let removed = topologies::remove_tenant(write.connection, kept.id, tenant.id)?;
        removed.then_some(()).ok_or(Error::NoSuchResource)
    });
    write.await?;
    Ok(Answer::Empty)
}
