//! Erasure coding: several systems that each keep a part of an object (HCP's management API, "erasure
//! coding").

use super::{
    resource::resource,
    value::{Choice, Rule, list, words},
    words::Names,
};

/// How small an object may be that is coded, in bytes.
pub const OBJECT_SIZES: &[i64] = &[
    4_096, 16_384, 32_768, 65_536, 131_072, 262_144, 524_288, 1_048_576,
];

words! {
    /// How the systems of a topology are linked.
    TopologyType {
        /// Each with two others.
        Ring = "RING",
        /// Each with each other.
        FullyConnected = "FULLY_CONNECTED",
    }
}

words! {
    /// Whether a topology is in use.
    TopologyState {
        /// Objects are coded.
        Active = "ACTIVE",
        /// Objects are made whole again.
        Retiring = "RETIRING",
        /// No object is coded.
        Retired = "RETIRED",
    }
}

resource! {
    /// A link that is part of a topology, or could be.
    ReplicationLink = "replicationLink" {
        /// The link.
        name: String = "name",
        /// Its id.
        uuid: String = "uuid",
        /// The systems at its ends.
        hcp_systems: Names = "hcpSystems",
        /// Tenants that it does not replicate.
        paused_tenants_count: i64 = "pausedTenantsCount",
        /// `HEALTHY`, `NOT_REPLICATING`, `UNHEALTHY` or `UNKNOWN`.
        state: String = "state",
    }
}

list! {
    /// Links.
    ReplicationLinks of ReplicationLink = "replicationLink"
}

resource! {
    /// Systems that keep parts of objects for each other.
    EcTopology = "ecTopology" {
        /// Its name, 1 to 64 characters.
        name: String = "name" [Rule::Length(1, 64)],
        /// What it is for.
        description: String = "description" [Rule::Length(0, 1_024)],
        /// How the systems are linked.
        kind: Choice<TopologyType> = "type",
        /// Their links.
        replication_links: ReplicationLinks = "replicationLinks",
        /// After how many days an object is coded.
        erasure_coding_delay: i64 = "erasureCodingDelay" [Rule::Between(0, 3_650)],
        /// Whether one system keeps whole objects beside the parts.
        full_copy: bool = "fullCopy",
        /// Smaller objects are not coded; bytes, a power of two from 4,096 to 1,048,576 without 8,192.
        minimum_object_size: i64 = "minimumObjectSize" [Rule::OneOf(OBJECT_SIZES)],
        /// For how many days an object that was read stays whole.
        restore_period: i64 = "restorePeriod" [Rule::Between(0, 180)],
        /// Whether it is in use.
        state: Choice<TopologyState> = "state",
        /// Whether objects are safe.
        protection_status: String = "protectionStatus",
        /// Whether objects can be read.
        read_status: String = "readStatus",
        /// The systems.
        hcp_systems: Names = "hcpSystems",
        /// The tenants whose objects are coded.
        tenants: Names = "tenants",
        /// Its id.
        id: String = "id",
        /// Objects that are coded.
        erasure_coded_objects: i64 = "erasureCodedObjects",
    }
}

resource! {
    /// A tenant whose objects could be coded.
    TenantCandidate = "tenantCandidate" {
        /// The tenant.
        name: String = "name",
        /// Its id.
        uuid: String = "uuid",
        /// The systems that have it.
        hcp_systems: Names = "hcpSystems",
    }
}
