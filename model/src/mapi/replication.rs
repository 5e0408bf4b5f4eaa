//! Replication: the service, its links, what goes by them and when (HCP's management API, "replication").

use super::{
    resource::resource,
    rules,
    system::PerformanceLevel,
    value::{Choice, Rule, list, words},
    words::Names,
};

words! {
    /// Whether what was replicated is compared.
    Verification {
        /// Always.
        On = "ON",
        /// One time.
        Once = "ONCE",
        /// Never.
        Off = "OFF",
    }
}

resource! {
    /// The replication service.
    ReplicationService = "replicationService" {
        /// Whether tenants see how far their namespaces are.
        allow_tenants_to_monitor_namespaces: bool = "allowTenantsToMonitorNamespaces",
        /// After how many seconds without an answer a link is broken.
        connectivity_timeout_seconds: i64 = "connectivityTimeoutSeconds" [Rule::Between(0, 2_147_483_647)],
        /// Whether names lead to the other system after a failover.
        enable_dns_failover: bool = "enableDNSFailover",
        /// Of old: whether domains and certificates are the same on all systems.
        enable_domain_and_certificate_synchronization: bool = "enableDomainAndCertificateSynchronization",
        /// By which network links go, such as `[hcp_system]`; never `[hcp_backend]`.
        network: String = "network" [Rule::Fits(rules::replication_network)],
        /// Whether what was replicated is compared.
        verification: Choice<Verification> = "verification",
        /// `ENABLED` or `SHUTDOWN`.
        status: String = "status",
    }
}

resource! {
    /// A certificate by which another system is trusted; `server` is the system's own.
    Certificate = "certificate" {
        /// Its name here.
        id: String = "id",
        /// Whose it is.
        subject_dn: String = "subjectDN",
        /// From when on it holds, ISO 8601.
        valid_on: String = "validOn",
        /// Until when it holds, ISO 8601.
        expires_on: String = "expiresOn",
    }
}

words! {
    /// Which way objects go by a link.
    LinkType {
        /// Both ways.
        ActiveActive = "ACTIVE_ACTIVE",
        /// To the other system.
        Outbound = "OUTBOUND",
        /// From the other system.
        Inbound = "INBOUND",
    }
}

words! {
    /// What goes first by a link.
    LinkPriority {
        /// Of each namespace something.
        Fair = "FAIR",
        /// What has waited longest.
        OldestFirst = "OLDEST_FIRST",
    }
}

words! {
    /// How a link does.
    LinkStatus {
        /// Well.
        Good = "GOOD",
        /// Something is to be looked at.
        Warning = "WARNING",
        /// It does not work.
        Bad = "BAD",
    }
}

resource! {
    /// Where the two ends of a link find each other.
    Connection = "connection" {
        /// The other system: `replication.admin.<domain>`, or addresses with commas between them.
        remote_host: String = "remoteHost",
        /// Its port; 5748 when absent.
        remote_port: i64 = "remotePort" [Rule::Between(1, 65_535)],
        /// This system, as the other one reaches it.
        local_host: String = "localHost",
        /// Its port; 5748 when absent.
        local_port: i64 = "localPort" [Rule::Between(1, 65_535)],
    }
}

resource! {
    /// What one end of a link does when the other does not answer.
    FailoverSide = "failoverSide" {
        /// Whether it takes over by itself.
        auto_failover: bool = "autoFailover",
        /// After how many minutes.
        auto_failover_minutes: i64 = "autoFailoverMinutes" [Rule::Between(7, 9_999)],
        /// Whether it gives back by itself; links in one direction only.
        auto_complete_recovery: bool = "autoCompleteRecovery",
        /// After how many minutes.
        auto_complete_recovery_minutes: i64 = "autoCompleteRecoveryMinutes" [Rule::Between(1, 9_999)],
    }
}

resource! {
    /// What both ends of a link do when the other does not answer.
    FailoverSettings = "failoverSettings" {
        /// Here.
        local: FailoverSide = "local",
        /// There.
        remote: FailoverSide = "remote",
    }
}

resource! {
    /// What went by a link, and what waits. Sizes are in bytes.
    LinkStatistics = "statistics" {
        /// Everything until then is on both systems, ISO 8601.
        up_to_date_as_of_string: String = "upToDateAsOfString",
        /// The same in milliseconds since 1970.
        up_to_date_as_of_millis: i64 = "upToDateAsOfMillis",
        /// The size of what waits here.
        bytes_pending: i64 = "bytesPending",
        /// The size of what waits there.
        bytes_pending_remote: i64 = "bytesPendingRemote",
        /// The size of what went.
        bytes_replicated: i64 = "bytesReplicated",
        /// The size of what goes in a second.
        bytes_per_second: f64 = "bytesPerSecond",
        /// Objects that wait here.
        objects_pending: i64 = "objectsPending",
        /// Objects that wait there.
        objects_pending_remote: i64 = "objectsPendingRemote",
        /// Objects that went.
        objects_replicated: i64 = "objectsReplicated",
        /// Operations in a second.
        operations_per_second: f64 = "operationsPerSecond",
        /// What failed.
        errors: i64 = "errors",
        /// What fails in a second.
        errors_per_second: f64 = "errorsPerSecond",
        /// Objects that were compared.
        objects_verified: i64 = "objectsVerified",
        /// Objects that went again, because they differed.
        objects_replicated_after_verification: i64 = "objectsReplicatedAfterVerification",
    }
}

resource! {
    /// A link to another system.
    Link = "link" {
        /// Its name, 1 to 64 characters.
        name: String = "name" [Rule::Length(1, 64)],
        /// What it is for.
        description: String = "description" [Rule::Length(0, 1_024)],
        /// Which way objects go.
        kind: Choice<LinkType> = "type",
        /// Where the ends find each other.
        connection: Connection = "connection",
        /// Whether what goes is made smaller.
        compression: bool = "compression",
        /// Whether what goes is encrypted.
        encryption: bool = "encryption",
        /// What goes first.
        priority: Choice<LinkPriority> = "priority",
        /// What happens when the other end does not answer.
        failover_settings: FailoverSettings = "failoverSettings",
        /// Its id.
        id: String = "id",
        /// How it does.
        status: Choice<LinkStatus> = "status",
        /// The same in words.
        status_message: String = "statusMessage",
        /// Whether somebody stopped it for a while.
        suspended: bool = "suspended",
        /// What went and what waits.
        statistics: LinkStatistics = "statistics",
    }
}

resource! {
    /// What goes by a link, or could.
    LinkContent = "content" {
        /// Tenants.
        tenants: Names = "tenants",
        /// Directories of the default namespace; where there is a default tenant.
        default_namespace_directories: Names = "defaultNamespaceDirectories",
        /// Links whose objects go on by this one; links in one direction only.
        chained_links: Names = "chainedLinks",
    }
}

words! {
    /// What a link does with a tenant.
    LinkTenantStatus {
        /// It stopped by itself.
        AutoPaused = "AUTO_PAUSED",
        /// Somebody stopped it.
        Paused = "PAUSED",
        /// Its objects go.
        Replicating = "REPLICATING",
    }
}

resource! {
    /// How far a tenant is with a link. Sizes are in bytes.
    LinkTenant = "linkTenant" {
        /// What the link does with it.
        status: Choice<LinkTenantStatus> = "status",
        /// Everything until then is on both systems, ISO 8601.
        up_to_date_as_of_string: String = "upToDateAsOfString",
        /// The same in milliseconds since 1970.
        up_to_date_as_of_millis: i64 = "upToDateAsOfMillis",
        /// Objects that wait here.
        objects_pending: i64 = "objectsPending",
        /// Their size.
        bytes_pending: i64 = "bytesPending",
        /// Objects that wait there.
        objects_pending_remote: i64 = "objectsPendingRemote",
        /// Their size.
        bytes_pending_remote: i64 = "bytesPendingRemote",
    }
}

words! {
    /// What holds in place of a schedule.
    ScheduleOverride {
        /// Little.
        Low = "LOW",
        /// Some.
        Medium = "MEDIUM",
        /// Much.
        High = "HIGH",
        /// As somebody set it.
        Custom = "CUSTOM",
        /// The schedule itself holds.
        None = "NONE",
    }
}

resource! {
    /// From when on how much of the system a link may take.
    Transition = "transition" {
        /// The day and hour, `Sun:00` to `Sat:23`.
        time: String = "time" [Rule::Fits(rules::hour_of_week)],
        /// How much.
        performance_level: Choice<PerformanceLevel> = "performanceLevel",
    }
}

list! {
    /// A week.
    Transitions of Transition
}

resource! {
    /// When one end of a link sends.
    ScheduleSide = "scheduleSide" {
        /// What holds in place of the schedule, until it is set to `NONE`.
        schedule_override: Choice<ScheduleOverride> = "scheduleOverride",
        /// The week.
        transition: Transitions = "transition",
    }
}

resource! {
    /// When both ends of a link send.
    Schedule = "schedule" {
        /// Here; not of an inbound link.
        local: ScheduleSide = "local",
        /// There; not of an outbound link.
        remote: ScheduleSide = "remote",
    }
}
