//! Erasure coding: topologies, and what could be part of them.

use super::{
    Nothing, StatusReply, Verbose,
    macros::calls,
    operation::{About, Answer, Shape},
    parameters::{Force, Retire, Unpaged},
};
use crate::mapi::{EcTopology, Names, ReplicationLink, TenantCandidate};

const CANDIDATES: Answer = Answer::Listed("tenantCandidate", Shape::of::<TenantCandidate>());

/// Tenants: `{"tenantCandidate": [{"name": "acme"}]}`.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantCandidates {
    /// The tenants.
    pub tenant_candidate: Vec<TenantCandidate>,
}

calls! {
    OF_ERASURE_CODING;

    ListTopologies "list_ec_topologies" "List the erasure coding topologies"
        GET "/services/erasureCoding/ecTopologies" () Unpaged, full ListTopologiesInFull Vec<EcTopology>
        => Names, Answer::Names("name", Some(Shape::of::<EcTopology>()));
    CreateTopology "create_ec_topology" "Make an erasure coding topology of links"
        PUT "/services/erasureCoding/ecTopologies" () Nothing,
        takes EcTopology as EcTopology ["name", "type", "replicationLinks", "replicationLinks.name|uuid"]
        => StatusReply, Answer::Status("created", About::Body("name"));
    GetTopology "get_ec_topology" "Tell what an erasure coding topology is and how it does"
        GET "/services/erasureCoding/ecTopologies/{topology_name}" (topology_name) Verbose
        => EcTopology, Answer::One(Shape::of::<EcTopology>());
    HeadTopology "head_ec_topology" "Look whether an erasure coding topology is there"
        HEAD "/services/erasureCoding/ecTopologies/{topology_name}" (topology_name) Nothing
        => (), Answer::Nothing;
    ModifyTopology "modify_ec_topology" "Change an erasure coding topology, or retire it"
        POST "/services/erasureCoding/ecTopologies/{topology_name}" (topology_name) Retire,
        may_take EcTopology as EcTopology
        => StatusReply, Answer::Status("updated", About::Nothing);
    DeleteTopology "delete_ec_topology" "Delete an erasure coding topology that is retired"
        DELETE "/services/erasureCoding/ecTopologies/{topology_name}" (topology_name) Force
        => StatusReply, Answer::Status("deleted", About::Nothing);
    ListTopologyTenants "list_ec_topology_tenants" "List the tenants of an erasure coding topology"
        GET "/services/erasureCoding/ecTopologies/{topology_name}/tenants" (topology_name) Nothing
        => TenantCandidates, CANDIDATES;
    AddTopologyTenant "add_tenant_to_ec_topology" "Put a tenant into an erasure coding topology"
        PUT "/services/erasureCoding/ecTopologies/{topology_name}/tenants/{tenant_name}"
        (topology_name, tenant_name) Nothing
        => StatusReply, Answer::Status("created", About::Path("tenant_name", "tenant"));
    RemoveTopologyTenant "remove_tenant_from_ec_topology" "Take a tenant out of an erasure coding topology"
        DELETE "/services/erasureCoding/ecTopologies/{topology_name}/tenants/{tenant_name}"
        (topology_name, tenant_name) Nothing
        => StatusReply, Answer::Status("deleted", About::Path("tenant_name", "tenant"));
    ListTopologyCandidates "get_ec_tenant_candidates" "List the tenants that could be put into a topology"
        GET "/services/erasureCoding/ecTopologies/{topology_name}/tenantCandidates" (topology_name) Verbose
        => TenantCandidates, CANDIDATES;
    ListConflictingCandidates "get_ec_tenant_conflicting_candidates"
        "List the tenants that cannot be put into a topology because of another one"
        GET "/services/erasureCoding/ecTopologies/{topology_name}/tenantConflictingCandidates" (topology_name) Verbose
        => TenantCandidates, CANDIDATES;
    ListLinkCandidates "get_ec_link_candidates" "List the links that a topology could be made of"
        GET "/services/erasureCoding/linkCandidates" () Unpaged,
        full ListLinkCandidatesInFull Vec<ReplicationLink>
        => Names, Answer::Candidates("replicationLink", Shape::of::<ReplicationLink>());
}
