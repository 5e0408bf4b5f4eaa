//! HCP's own management resources: HCP's field names, enumerations and rules (HCP's management API).
//!
//! Each is a struct of options: HCP leaves out what was not asked for, and takes changes of some
//! properties. What HCP sends and we do not know is in `other` and goes back unchanged; a word that
//! we do not know is a [`Choice::Other`]. Reading never fails on what HCP may answer; what a *person*
//! wrote is read by [`Resource::read_strictly`] and held against [`Resource::check`].

mod account;
mod address;
pub mod calls;
pub mod edit;
mod erasure;
mod namespace;
pub mod password;
mod quota;
mod replication;
mod resource;
pub mod rules;
mod system;
pub mod template;
mod tenant;
#[cfg(test)]
mod tests;
mod usage;
mod value;
pub mod week;
mod words;

pub use account::{
    DataAccessPermissions, GroupAccount, NamespacePermission, NamespacePermissions, PermissionMask,
    UserAccount,
};
pub use address::{Addresses, IpSettings, networks};
pub use erasure::{
    EcTopology, OBJECT_SIZES, ReplicationLink, ReplicationLinks, TenantCandidate, TopologyState,
    TopologyType,
};
pub use namespace::{
    CifsProtocol, ComplianceSettings, CustomMetadataIndexingSettings, HttpProtocol, Namespace,
    NfsProtocol, Protocols, ReplicationCollisionSettings, RetentionClass, SmtpProtocol,
    VersioningSettings,
};
pub use quota::{InvalidPercent, InvalidQuota, NamespaceQuota, Percent, Quota, Unit};
pub use replication::{
    Certificate, Connection, FailoverSettings, FailoverSide, Link, LinkContent, LinkPriority,
    LinkStatistics, LinkStatus, LinkTenant, LinkTenantStatus, LinkType, ReplicationService,
    Schedule, ScheduleOverride, ScheduleSide, Transition, Transitions, Verification,
};
pub use resource::{Resource, in_words};
pub use system::{
    DownloadStatus, DownstreamDnsMode, HealthCheckDownload, HealthCheckPrepare, License,
    LogDownload, LogPrepare, NetworkSettings, NodeAddresses, NodeServices, NodeStatistics,
    NodesReport, NodesServices, NodesStatistics, PerformanceLevel, ServiceState, ServiceStatistics,
    Services, ServicesReport, SupportAccessCredentials, Volume, Volumes,
};
pub use tenant::{
    AvailableServicePlan, ConsoleSecurity, ContactInfo, ContentClass, ContentProperties,
    ContentProperty, Cors, EmailNotification, EmailTemplate, NamespaceDefaults, Recipient,
    Recipients, SearchSecurity, Tenant,
};
pub use usage::{ChargebackData, ChargebackReport, ChargebackRows, Statistics};
pub use value::{Choice, Fault, Kind, Other, Property, Rule, Value, Word};
pub use words::{
    AclsUsage, AuthenticationType, AuthenticationTypes, CaseForcing, CollisionAction, ContentType,
    CustomMetadataChanges, DefaultOptimizedFor, DirectoryUsage, EmailFormat, Granularity,
    Groupnames, HashScheme, Importance, MaskedPermission, MaskedPermissions, Names, OptimizedFor,
    OwnerType, Permission, Permissions, RetentionType, Roles, Severity, Tags, Usernames,
};

value::words! {
    /// A role of a user account.
    Role {
        /// Manages.
        Administrator = "ADMINISTRATOR",
        /// Manages retention.
        Compliance = "COMPLIANCE",
        /// Sees.
        Monitor = "MONITOR",
        /// Searches (system level).
        Search = "SEARCH",
        /// Manages accounts.
        Security = "SECURITY",
        /// Services the machine (system level).
        Service = "SERVICE",
    }
}

impl Role {
    /// The roles that accounts of tenants can have.
    pub const OF_TENANTS: [Self; 4] = [
        Self::Administrator,
        Self::Compliance,
        Self::Monitor,
        Self::Security,
    ];
}
