//! The system: its network, licences, nodes and services, and what its support asks for (HCP's management
//! API, "system data types").

use super::{
    resource::resource,
    rules,
    value::{Choice, Rule, list, words},
};

words! {
    /// How the names of a system's domain reach its nodes.
    DownstreamDnsMode {
        /// One zone with all addresses.
        Basic = "BASIC",
        /// A zone for each network.
        Advanced = "ADVANCED",
    }
}

resource! {
    /// The network.
    NetworkSettings = "networkSettings" {
        /// How names are answered by the DNS servers that ask the system.
        downstream_dns_mode: Choice<DownstreamDnsMode> = "downstreamDNSMode",
    }
}

resource! {
    /// A licence. Releases of HCP differ in the names of two properties; the others stay in `other`.
    License = "license" {
        /// The number of the system.
        serial_number: String = "serialNumber",
        /// The space on the system's own volumes, in bytes.
        local_capacity: i64 = "localCapacity",
        /// The space beyond, in bytes.
        extended_capacity: i64 = "extendedCapacity",
        /// `Basic` or `Premium`.
        feature: String = "feature",
        /// Until when it holds, such as `Jan 1, 2030`, or `None`.
        expiration_date: String = "expirationDate",
        /// When it came.
        upload_date: String = "uploadDate",
    }
}

list! {
    /// Addresses of a node, bare.
    NodeAddresses of String = "ipAddress"
}

resource! {
    /// A volume of a node. Rates are per second.
    Volume = "volume" {
        /// The volume.
        id: String = "id",
        /// Blocks read.
        blocks_read: f64 = "blocksRead",
        /// Blocks written.
        blocks_written: f64 = "blocksWritten",
        /// How much of the time it was busy, in percent.
        disk_utilization: f64 = "diskUtilization",
        /// Operations.
        transfer_speed: f64 = "transferSpeed",
        /// Its size in bytes.
        total_bytes: i64 = "totalBytes",
        /// What is free of it.
        free_bytes: i64 = "freeBytes",
        /// Its inodes.
        total_inodes: i64 = "totalInodes",
        /// What is free of them.
        free_inodes: i64 = "freeInodes",
    }
}

list! {
    /// The volumes of a node.
    Volumes of Volume = "volume"
}

resource! {
    /// What a node does. Rates are in bytes per second, times in milliseconds since 1970, shares in percent.
    NodeStatistics = "node" {
        /// The node.
        node_number: i64 = "nodeNumber",
        /// Where clients reach it.
        frontend_ip_addresses: NodeAddresses = "frontendIpAddresses",
        /// Where other nodes reach it.
        backend_ip_address: String = "backendIpAddress",
        /// Where administrators reach it, with a network of their own.
        management_ip_addresses: NodeAddresses = "managementIpAddresses",
        /// Connections without TLS.
        open_http_connections: i64 = "openHttpConnections",
        /// Connections with TLS.
        open_https_connections: i64 = "openHttpsConnections",
        /// So many there can be without TLS.
        max_http_connections: i64 = "maxHttpConnections",
        /// So many there can be with TLS.
        max_https_connections: i64 = "maxHttpsConnections",
        /// The processors' time of programs.
        cpu_user: f64 = "cpuUser",
        /// The processors' time of the kernel.
        cpu_system: f64 = "cpuSystem",
        /// The processor that does most.
        cpu_max: f64 = "cpuMax",
        /// The processors' time of waiting for volumes.
        io_wait: f64 = "ioWait",
        /// Pages that were swapped out per second.
        swap_out: f64 = "swapOut",
        /// What the network of clients could carry.
        max_front_end_bandwidth: i64 = "maxFrontEndBandwidth",
        /// What came from clients.
        front_end_bytes_read: f64 = "frontEndBytesRead",
        /// What went to clients.
        front_end_bytes_written: f64 = "frontEndBytesWritten",
        /// What the network of nodes could carry.
        max_back_end_bandwidth: i64 = "maxBackEndBandwidth",
        /// What came from other nodes.
        back_end_bytes_read: f64 = "backEndBytesRead",
        /// What went to other nodes.
        back_end_bytes_written: f64 = "backEndBytesWritten",
        /// What the network of administrators could carry.
        max_management_port_bandwidth: i64 = "maxManagementPortBandwidth",
        /// What came from administrators.
        management_bytes_read: f64 = "managementBytesRead",
        /// What went to administrators.
        management_bytes_written: f64 = "managementBytesWritten",
        /// When this was measured.
        collection_timestamp: i64 = "collectionTimestamp",
        /// Its volumes.
        volumes: Volumes = "volumes",
    }
}

list! {
    /// Nodes.
    NodesStatistics of NodeStatistics = "node"
}

resource! {
    /// What all nodes do.
    NodesReport = "nodeStatistics" {
        /// When it was asked for, in milliseconds since 1970.
        request_time: i64 = "requestTime",
        /// The nodes.
        nodes: NodesStatistics = "nodes",
    }
}

words! {
    /// What a service does at the moment.
    ServiceState {
        /// It works.
        Running = "RUNNING",
        /// It waits for its time.
        Ready = "READY",
        /// It is switched off.
        Disabled = "DISABLED",
        /// It is about to end its work.
        Stopping = "STOPPING",
    }
}

words! {
    /// How much of the system a service or a link may take.
    PerformanceLevel {
        /// Little.
        Low = "LOW",
        /// Some.
        Medium = "MEDIUM",
        /// Much.
        High = "HIGH",
        /// As somebody set it.
        Custom = "CUSTOM",
        /// Nothing: it does not run.
        Off = "OFF",
    }
}

resource! {
    /// What a service of the system did in its present or last run. Times are in seconds since 1970, -1: none.
    ServiceStatistics = "service" {
        /// The service.
        name: String = "name",
        /// What it does now.
        state: Choice<ServiceState> = "state",
        /// How much it may take; only while it runs.
        performance_level: Choice<PerformanceLevel> = "performanceLevel",
        /// When it began.
        start_time: i64 = "startTime",
        /// The same for people, in the system's time zone.
        formatted_start_time: String = "formattedStartTime",
        /// When it ended.
        end_time: i64 = "endTime",
        /// The same for people, in the system's time zone.
        formatted_end_time: String = "formattedEndTime",
        /// Objects that it looked at.
        objects_examined: i64 = "objectsExamined",
        /// The same per second.
        objects_examined_per_second: f64 = "objectsExaminedPerSecond",
        /// Objects that it did something about.
        objects_serviced: i64 = "objectsServiced",
        /// The same per second.
        objects_serviced_per_second: f64 = "objectsServicedPerSecond",
        /// Objects for which it could not do what was due.
        objects_unable_to_service: i64 = "objectsUnableToService",
        /// The same per second.
        objects_unable_to_service_per_second: f64 = "objectsUnableToServicePerSecond",
    }
}

list! {
    /// Services.
    Services of ServiceStatistics = "service"
}

resource! {
    /// The services of one node.
    NodeServices = "node" {
        /// The node.
        node_number: i64 = "nodeNumber",
        /// What its services did.
        services: Services = "services",
    }
}

list! {
    /// The services of each node.
    NodesServices of NodeServices = "node"
}

resource! {
    /// What the services of the system did.
    ServicesReport = "serviceStatistics" {
        /// When it was asked for, in milliseconds since 1970.
        request_time: i64 = "requestTime",
        /// Those that work on the system as a whole.
        services: Services = "services",
        /// Those that work on each node.
        nodes: NodesServices = "nodes",
    }
}

resource! {
    /// Which logs are made ready.
    LogPrepare = "logPrepare" {
        /// The first day, `MM/DD/YYYY`; today when absent.
        start_date: String = "startDate" [Rule::Fits(rules::day)],
        /// The last day, `MM/DD/YYYY`; today when absent.
        end_date: String = "endDate" [Rule::Fits(rules::day)],
        /// Storage nodes beside the system's own, with commas between them.
        snodes: String = "snodes",
    }
}

resource! {
    /// Which of the logs that are ready are fetched.
    LogDownload = "logDownload" {
        /// Nodes, with commas between them; all when absent, none when empty.
        nodes: String = "nodes",
        /// Storage nodes, with commas between them.
        snodes: String = "snodes",
        /// Kinds of logs, with commas between them: `ACCESS`, `SYSTEM`, `SERVICE`, `APPLICATION`; all when absent.
        content: String = "content" [Rule::Fits(rules::log_content)],
    }
}

resource! {
    /// How far logs or a health report are.
    DownloadStatus = "logDownloadStatus" {
        /// Whether they can be fetched.
        ready_for_streaming: bool = "readyForStreaming",
        /// Whether they are being fetched.
        streaming_in_progress: bool = "streamingInProgress",
        /// Whether they are being made ready, or are ready.
        started: bool = "started",
        /// Whether making them ready failed.
        error: bool = "error",
        /// What is in them.
        content: String = "content",
        /// The nodes that were chosen; newer releases.
        selected_nodes: String = "selectedNodes",
        /// What was chosen; newer releases.
        selected_content: String = "selectedContent",
        /// The nodes that are in the package; newer releases.
        package_nodes: String = "packageNodes",
        /// When the package is removed, in milliseconds since 1970; the local HCP's own, HCP keeps it a day and does
        /// not say since when.
        package_expires_millis: i64 = "packageExpiresMillis",
    }
}

resource! {
    /// Which health report is made ready.
    HealthCheckPrepare = "healthCheckPrepare" {
        /// The first day, `MM/DD/YYYY`; today when absent.
        start_date: String = "startDate" [Rule::Fits(rules::day)],
        /// The last day, `MM/DD/YYYY`; today when absent.
        end_date: String = "endDate" [Rule::Fits(rules::day)],
        /// The time of the day, `HH:mm`.
        exact_time: String = "exactTime" [Rule::Fits(rules::time_of_day)],
        /// Whether the present state is looked at too.
        collect_current: bool = "collectCurrent",
    }
}

resource! {
    /// Which part of a health report is fetched.
    HealthCheckDownload = "healthCheckDownload" {
        /// Nodes, with commas between them; all when absent.
        nodes: String = "nodes",
        /// Of old: what is fetched.
        content: String = "content",
    }
}

resource! {
    /// The key by which the maker's support gets in.
    SupportAccessCredentials = "supportAccessCredentials" {
        /// `Default`, or `Exclusive` for a key of one's own.
        kind: String = "type",
        /// The key that came with the system.
        default_key_type: String = "defaultKeyType",
        /// When the own key was put in, in seconds since 1970.
        apply_time_stamp: i64 = "applyTimeStamp",
        /// When it was made, in seconds since 1970.
        create_time_stamp: i64 = "createTimeStamp",
        /// The system that it was made for.
        serial_number_from_package: i64 = "serialNumberFromPackage",
    }
}
