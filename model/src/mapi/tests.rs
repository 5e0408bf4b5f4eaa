//! The resources against documents as HCP writes them, and against what nobody should write.

use serde_json::{Map, Value as Json, json};

use super::*;

fn object(json: &Json) -> Map<String, Json> {
    json.as_object().unwrap().clone()
}

/// Reads a document of the fixtures both ways, and holds what is written against it.
fn survives<T: Resource + PartialEq + std::fmt::Debug>(document: &str) {
    let json: Json = serde_json::from_str(document).unwrap();
    let read = T::read_strictly(object(&json)).unwrap();
    assert!(read.other().is_empty(), "{:?}", read.other());
    let written = read.to_map();
    // Quotas are normalised to two decimals; everything else is as it was.
    let same = |map: &Map<String, Json>| {
        let mut map = map.clone();
        if let Some(quota) = map.get("hardQuota").and_then(Json::as_str) {
            let quota: Quota = quota.parse().unwrap();
            map.insert("hardQuota".to_owned(), json!(quota.to_string()));
        }
        map
    };
    assert_eq!(same(&written), same(&object(&json)));
    assert_eq!(T::read_strictly(written).unwrap(), read);
    assert_eq!(T::read_leniently(object(&json)), read);
}

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../fixtures/mapi/", $name, ".json"))
    };
}

#[test]
fn documents_of_hcp_are_read_and_written_whole() {
    survives::<Tenant>(fixture!("tenant-create"));
    survives::<Tenant>(fixture!("tenant-of-system"));
    survives::<Tenant>(fixture!("tenant-of-tenant"));
    survives::<Tenant>(fixture!("tenant-default"));
    survives::<Tenant>(fixture!("tenant-modify"));
    survives::<AvailableServicePlan>(fixture!("service-plan"));
    survives::<ContactInfo>(fixture!("contact-info"));
    survives::<EmailNotification>(fixture!("email-notification"));
    survives::<ConsoleSecurity>(fixture!("console-security"));
    survives::<SearchSecurity>(fixture!("search-security"));
    survives::<NamespaceDefaults>(fixture!("namespace-defaults"));
    survives::<Cors>(fixture!("cors"));
    survives::<ContentClass>(fixture!("content-class"));
    survives::<UserAccount>(fixture!("user-account-create"));
    survives::<UserAccount>(fixture!("user-account"));
    survives::<GroupAccount>(fixture!("group-account"));
    survives::<DataAccessPermissions>(fixture!("data-access-permissions"));
    survives::<Namespace>(fixture!("namespace-create"));
    survives::<Namespace>(fixture!("namespace"));
    survives::<Namespace>(fixture!("namespace-modify"));
    survives::<VersioningSettings>(fixture!("versioning-settings"));
    survives::<ComplianceSettings>(fixture!("compliance-settings"));
    survives::<RetentionClass>(fixture!("retention-class"));
    survives::<HttpProtocol>(fixture!("protocol-http"));
    survives::<CifsProtocol>(fixture!("protocol-cifs"));
    survives::<NfsProtocol>(fixture!("protocol-nfs"));
    survives::<SmtpProtocol>(fixture!("protocol-smtp"));
    survives::<Protocols>(fixture!("protocols"));
    survives::<ReplicationCollisionSettings>(fixture!("replication-collision-settings"));
    survives::<CustomMetadataIndexingSettings>(fixture!("custom-metadata-indexing-settings"));
    survives::<Statistics>(fixture!("statistics"));
    survives::<ChargebackReport>(fixture!("chargeback-report"));
    survives::<NetworkSettings>(fixture!("network"));
    survives::<NodesReport>(fixture!("node-statistics"));
    survives::<ServicesReport>(fixture!("service-statistics"));
    survives::<ReplicationService>(fixture!("replication"));
    survives::<DownloadStatus>(fixture!("log-status"));
    survives::<LogPrepare>(fixture!("log-prepare"));
    survives::<LogDownload>(fixture!("log-download"));
    survives::<DownloadStatus>(fixture!("health-status"));
    survives::<HealthCheckPrepare>(fixture!("health-prepare"));
    survives::<HealthCheckDownload>(fixture!("health-download"));
    survives::<Link>(fixture!("link-create"));
    survives::<Link>(fixture!("link"));
    survives::<LinkContent>(fixture!("link-content"));
    survives::<LinkTenant>(fixture!("link-tenant"));
    survives::<Schedule>(fixture!("schedule"));
    survives::<EcTopology>(fixture!("topology-create"));
    survives::<EcTopology>(fixture!("topology"));
}

#[test]
fn documents_of_hcp_keep_the_rules() {
    let read = |document: &str| object(&serde_json::from_str(document).unwrap());
    let namespace = Namespace::read_strictly(read(fixture!("namespace"))).unwrap();
    assert_eq!(namespace.check(), []);
    let security = read(fixture!("console-security"));
    assert_eq!(
        ConsoleSecurity::read_strictly(security).unwrap().check(),
        []
    );
    let compliance = read(fixture!("compliance-settings"));
    assert_eq!(
        ComplianceSettings::read_strictly(compliance)
            .unwrap()
            .check(),
        []
    );
    let mail = read(fixture!("email-notification"));
    assert_eq!(EmailNotification::read_strictly(mail).unwrap().check(), []);
}

#[test]
fn documents_of_the_system_keep_the_rules() {
    fn keeps<T: Resource>(document: &str) {
        let read = T::read_strictly(object(&serde_json::from_str(document).unwrap())).unwrap();
        assert_eq!(read.check(), []);
    }
    keeps::<ReplicationService>(fixture!("replication"));
    keeps::<Link>(fixture!("link"));
    keeps::<LogPrepare>(fixture!("log-prepare"));
    keeps::<LogDownload>(fixture!("log-download"));
    keeps::<HealthCheckPrepare>(fixture!("health-prepare"));
    keeps::<Schedule>(fixture!("schedule"));
    keeps::<EcTopology>(fixture!("topology"));
}

#[test]
fn rules_of_logs_name_the_property() {
    fn faults<T: Resource>(document: Json) -> Vec<String> {
        let read = T::read_strictly(object(&document)).unwrap();
        let faults = read.check();
        faults.iter().map(|fault| fault.path.join(".")).collect()
    }
    let days = json!({"startDate": "2024-06-01", "endDate": "13/01/2024"});
    assert_eq!(faults::<LogPrepare>(days).len(), 2);
    let good = json!({"startDate": "06/01/2024", "exactTime": "23:59"});
    assert_eq!(faults::<HealthCheckPrepare>(good), [""; 0]);
    for time in ["24:00", "9:5", "noon"] {
        let found = faults::<HealthCheckPrepare>(json!({ "exactTime": time }));
        assert_eq!(found, ["exactTime"], "{time}");
    }
    for content in ["", "ACCESS,", "ACCESS,KEYS"] {
        let found = faults::<LogDownload>(json!({ "content": content }));
        assert_eq!(found, ["content"], "{content}");
    }
    let good = json!({"content": "access, SYSTEM", "nodes": ""});
    assert_eq!(faults::<LogDownload>(good), [""; 0]);
}

#[test]
fn rules_of_replication_and_coding_name_the_property() {
    fn faults<T: Resource>(document: Json) -> Vec<String> {
        let read = T::read_strictly(object(&document)).unwrap();
        let faults = read.check();
        faults.iter().map(|fault| fault.path.join(".")).collect()
    }
    let side = json!({"scheduleOverride": "NEVER", "transition": [
        {"time": "Sun:00", "performanceLevel": "LOW"}, {"time": "sun:24", "performanceLevel": "FULL"},
    ]});
    let expected = [
        "local.scheduleOverride",
        "local.transition.1.performanceLevel",
        "local.transition.time",
    ];
    let mut found = faults::<Schedule>(json!({"local": side}));
    found.sort();
    assert_eq!(
        found,
        expected.map(|path| path.replace("transition.time", "transition.1.time"))
    );
    let link = json!({
        "name": "", "connection": {"remotePort": 0}, "failoverSettings": {"local": {"autoFailoverMinutes": 6}},
    });
    assert_eq!(
        faults::<Link>(link),
        [
            "name",
            "connection.remotePort",
            "failoverSettings.local.autoFailoverMinutes"
        ]
    );
    assert_eq!(
        faults::<EcTopology>(json!({"minimumObjectSize": 8192})),
        ["minimumObjectSize"]
    );
    assert_eq!(
        faults::<ReplicationService>(json!({"network": "[HCP_backend]"})),
        ["network"]
    );
}

#[test]
fn lists_come_wrapped_bare_and_alone() {
    let roles = |json: Json| serde_json::from_value::<Roles>(json).unwrap();
    let monitor: Roles = vec![Role::Monitor.into()].into();
    assert_eq!(roles(json!({"role": ["MONITOR"]})), monitor);
    assert_eq!(roles(json!({"role": "monitor"})), monitor);
    assert_eq!(roles(json!(["MONITOR"])), monitor);
    assert_eq!(roles(json!("MONITOR")), monitor);
    for empty in [
        json!({}),
        json!([]),
        json!({"role": []}),
        json!({"role": null}),
        json!(""),
    ] {
        assert_eq!(roles(empty), Roles::default());
    }
    assert_eq!(
        serde_json::to_value(&monitor).unwrap(),
        json!({"role": ["MONITOR"]})
    );
    // An item that is an object, in place of a list of them.
    let one = json!({"namespacePermission": {"namespaceName": "a", "permissions": ["READ"]}});
    let read: DataAccessPermissions = serde_json::from_value(one).unwrap();
    assert_eq!(read.namespace_permission.unwrap().0.len(), 1);
}

#[test]
fn what_we_do_not_know_comes_through() {
    let json = json!({
        "name": "a", "hashScheme": "SHA3-256", "new": {"deep": [1, null]},
        "softQuota": "85", "searchEnabled": "t", "indexingEnabled": 0,
        "multipartUploadAutoAbortDays": "soon",
    });
    let read: Namespace = serde_json::from_value(json).unwrap();
    assert_eq!(read.hash_scheme, Some(Choice::Other("SHA3-256".to_owned())));
    assert_eq!(read.soft_quota, Some(Percent(85)));
    assert_eq!(read.search_enabled, Some(true));
    assert_eq!(read.indexing_enabled, Some(false));
    let written = serde_json::to_value(&read).unwrap();
    assert_eq!(written["new"], json!({"deep": [1, null]}));
    assert_eq!(written["multipartUploadAutoAbortDays"], "soon");
    assert_eq!(written["hashScheme"], "SHA3-256");
}

#[test]
fn what_a_person_wrote_is_read_strictly_and_each_fault_named() {
    let json = json!({
        "softQuota": "much", "searchEnabled": "yes", "hardQuota": "10", "tags": {"tag": ["a,b"]},
    });
    let faults = Namespace::read_strictly(object(&json)).unwrap_err();
    let named: Vec<_> = faults.iter().map(|f| f.path.join(".")).collect();
    assert_eq!(named, ["hardQuota", "softQuota", "searchEnabled"]);

    let json = json!({
        "name": "-a", "softQuota": 5, "hashScheme": "CRC", "tags": ["a,b"],
        "multipartUploadAutoAbortDays": 181, "description": "x".repeat(1_025),
        "authMinimumPermissions": ["READ", "FLY"],
    });
    let faults = Namespace::read_strictly(object(&json)).unwrap().check();
    let named: Vec<_> = faults.iter().map(|f| f.path.join(".")).collect();
    let all = [
        "name",
        "description",
        "hashScheme",
        "softQuota",
        "authMinimumPermissions",
        "multipartUploadAutoAbortDays",
        "tags",
    ];
    assert_eq!(named, all);
    let missing = Namespace::default().check_required(&["name"]);
    assert!(missing[0].missing && missing[0].path == ["name"]);

    let security = json!({"ipSettings": {"allowAddresses": ["nowhere"]}});
    let faults = ConsoleSecurity::read_strictly(object(&security))
        .unwrap()
        .check();
    assert_eq!(faults[0].path, ["ipSettings", "allowAddresses"]);
    let recipients = json!({"recipients": [{"address": "a@example.com"}, {"severity": "LOUD"}]});
    let faults = EmailNotification::read_strictly(object(&recipients))
        .unwrap()
        .check();
    assert_eq!(faults[0].path, ["recipients", "1", "severity"]);
    let many = json!({"recipients": vec![json!({"address": "a@example.com"}); 26]});
    assert_eq!(
        EmailNotification::read_strictly(object(&many))
            .unwrap()
            .check()
            .len(),
        1
    );
}

#[test]
fn permissions_bring_others_along() {
    let permissions: Permissions = vec![Permission::Search.into(), Permission::Purge.into()].into();
    let all = [
        Permission::Browse,
        Permission::Read,
        Permission::Delete,
        Permission::Purge,
        Permission::Search,
    ];
    assert_eq!(permissions.with_implied(), all);
    assert!(permissions.only_of(&Permission::OF_MASKS).is_ok());
    let browse: Permissions = vec![Permission::Browse.into()].into();
    assert!(
        browse
            .only_of(&Permission::OF_MASKS)
            .unwrap_err()
            .starts_with("BROWSE")
    );
}
