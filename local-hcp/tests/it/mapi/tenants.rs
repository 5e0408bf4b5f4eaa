//! Tenants: how they are made, what has to hold, and when they can go.

use local_hcp::Profile;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::{OPS, ROOT, Wire};
use crate::fixture::hcp_document;

const FIRST: &str = "?username=ops1&password=S3cret-pw";

fn acme(change: &Json) -> Json {
    let mut body = hcp_document("tenant-create");
    body.as_object_mut()
        .unwrap()
        .extend(change.as_object().unwrap().clone());
    body
}

async fn create(wire: &Wire, parameters: &str, body: &Json) -> super::Reply {
    let path = format!("/mapi/tenants{parameters}");
    wire.call(Method::PUT, "admin", &path, ROOT, Some(body))
        .await
}

async fn modify(wire: &Wire, body: &Json) -> super::Reply {
    wire.call(
        Method::POST,
        "admin",
        "/mapi/tenants/acme",
        ROOT,
        Some(body),
    )
    .await
}

#[tokio::test]
async fn a_tenant_that_breaks_a_rule_is_not_made() {
    let wire = Wire::open(Profile::Hcp).await;
    for (change, status, reason) in [
        (json!({"name": null}), 400, "name"),
        (json!({"hardQuota": null}), 400, "hardQuota"),
        (json!({"name": "-acme"}), 400, "name"),
        (json!({"name": "xn--acme"}), 400, "name"),
        (json!({"name": "Admin"}), 400, "keeps for itself"),
        (json!({"name": "Default"}), 400, "keeps for itself"),
        (json!({"hardQuota": "10"}), 400, "hardQuota"),
        (json!({"hardQuota": "0.5 GB"}), 400, "hardQuota"),
        (json!({"softQuota": 101}), 400, "softQuota"),
        (json!({"namespaceQuota": "0"}), 400, "namespaceQuota"),
        (json!({"namespaceQuota": "10001"}), 400, "namespaceQuota"),
        (
            json!({"authenticationTypes": {"authenticationType": ["RADIUS"]}}),
            400,
            "authenticationTypes",
        ),
        (
            json!({"authenticationTypes": {"authenticationType": []}}),
            400,
            "authenticationTypes",
        ),
        (
            json!({"authenticationTypes": {"authenticationType": ["EXTERNAL"]}}),
            400,
            "first user",
        ),
        (json!({"servicePlan": "Gold"}), 400, "servicePlan"),
        (
            json!({"servicePlanSelectionEnabled": true}),
            400,
            "servicePlan",
        ),
        (json!({"dataNetwork": "eth1"}), 400, "dataNetwork"),
        (json!({"tags": {"tag": ["a,b"]}}), 400, "tags"),
        (json!({"tags": {"tag": ["a", "A"]}}), 400, "tags"),
        (
            json!({"administrationAllowed": true}),
            403,
            "administrationAllowed",
        ),
        (
            json!({"tenantVisibleDescription": "x"}),
            403,
            "tenantVisibleDescription",
        ),
        (json!({"id": "x"}), 403, "id"),
        (json!({"colour": "red"}), 400, "colour"),
    ] {
        create(&wire, FIRST, &acme(&change))
            .await
            .refused(status, reason);
    }
    for (parameters, status, reason) in [
        ("", 400, "username"),
        ("?username=ops1", 400, "password"),
        ("?password=S3cret-pw", 400, "username"),
        ("?username=ops1&password=short", 400, "password"),
        ("?username=%5Bops&password=S3cret-pw", 400, "username"),
        (
            "?username=ops1&password=S3cret-pw&initialSecurityGroup=g",
            400,
            "not both",
        ),
        ("?initialSecurityGroup=g", 403, "No Active Directory"),
    ] {
        create(&wire, parameters, &acme(&json!({})))
            .await
            .refused(status, reason);
    }
    let list = wire
        .call(Method::GET, "admin", "/mapi/tenants", ROOT, None)
        .await;
    assert_eq!(list.good().json(), json!({"name": []}));
    create(&wire, FIRST, &acme(&json!({}))).await.good();
    create(&wire, FIRST, &acme(&json!({"name": "ACME"})))
        .await
        .refused(409, "already exists");
}

#[tokio::test]
async fn the_first_user_has_what_the_profile_says() {
    let body = json!({"name": "acme", "hardQuota": "1 TB"});
    for (profile, roles, status) in [
        (Profile::Hcp, json!(["SECURITY"]), 403),
        (Profile::Standard, json!(["ADMINISTRATOR", "SECURITY"]), 200),
    ] {
        let wire = Wire::open(profile).await;
        create(&wire, FIRST, &body).await.good();
        let user = wire
            .get("/userAccounts/ops1?verbose=true", OPS)
            .await
            .good()
            .json();
        assert_eq!(user["roles"]["role"], roles);
        assert_eq!(user["fullName"], "ops1");
        assert_eq!(user["description"], "");
        assert_eq!(
            (&user["enabled"], &user["localAuthentication"]),
            (&json!(true), &json!(true))
        );
        assert_eq!(wire.get("/contactInfo", OPS).await.status, status);
        // It promotes itself.
        let all = json!({"roles": {"role": ["ADMINISTRATOR", "SECURITY", "MONITOR"]}});
        wire.post("/userAccounts/ops1", OPS, &all).await.good();
        wire.get("/contactInfo", OPS).await.good();
        // What was not said is what HCP takes.
        let path = "/mapi/tenants/acme?verbose=true";
        let tenant = wire
            .call(Method::GET, "admin", path, ROOT, None)
            .await
            .good()
            .json();
        assert_eq!(tenant["softQuota"], 85);
        assert_eq!(tenant["namespaceQuota"], "None");
        assert_eq!(
            tenant["authenticationTypes"],
            json!({"authenticationType": ["LOCAL", "RADIUS"]})
        );
        assert_eq!(tenant["versioningConfigurationEnabled"], false);
    }
    let wire = Wire::open(Profile::Hcp).await;
    create(&wire, &format!("{FIRST}&forcePasswordChange=1"), &body)
        .await
        .good();
    wire.get("/userAccounts", OPS)
        .await
        .refused(403, "has to be changed");
}

#[tokio::test]
async fn a_tenant_shows_a_template_or_everything() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let names = |json: &Json| {
        json.as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    let template = wire.get("", OPS).await.good().json();
    let mut expected = vec![
        "administrationAllowed",
        "maxNamespacesPerUser",
        "snmpLoggingEnabled",
        "syslogLoggingEnabled",
        "tenantVisibleDescription",
    ];
    let mut shown = names(&template);
    shown.sort();
    expected.sort_unstable();
    assert_eq!(shown, expected);
    let by_system = wire
        .call(Method::GET, "admin", "/mapi/tenants/acme", ROOT, None)
        .await
        .good();
    let by_system = by_system.json();
    assert_eq!(by_system["name"], "acme");
    for name in [
        "id",
        "creationTime",
        "fullyQualifiedName",
        "administrationAllowed",
    ] {
        assert_eq!(by_system.get(name), None);
    }
    // What was shown as a template can be sent as it is.
    wire.post("", OPS, &template).await.good();
    let mut template = by_system;
    template.as_object_mut().unwrap().remove("name");
    modify(&wire, &template).await.good();
}

#[tokio::test]
async fn a_change_of_a_tenant_keeps_the_rules_and_the_rest() {
    let wire = Wire::with_acme(Profile::Standard).await;
    let s3 = wire
        .store
        .client_of("acme/ops1", OPS.1, &wire.store.by_address());
    for name in ["one", "two"] {
        s3.create_bucket().bucket(name).send().await.unwrap();
    }
    modify(&wire, &json!({"namespaceQuota": "1"}))
        .await
        .refused(400, "2 namespaces");
    modify(&wire, &json!({"namespaceQuota": "2", "tags": {"tag": []}}))
        .await
        .good();
    modify(&wire, &json!({"name": "other"}))
        .await
        .refused(403, "name");
    modify(&wire, &json!({"servicePlan": "Gold"}))
        .await
        .refused(400, "servicePlan");
    let path = "/mapi/tenants/acme";
    let tenant = wire
        .call(Method::GET, "admin", path, ROOT, None)
        .await
        .good()
        .json();
    assert_eq!(tenant["namespaceQuota"], "2");
    assert_eq!(tenant["tags"], json!({"tag": []}));
    assert_eq!(tenant["systemVisibleDescription"], "pilot");
    // Emptied, not left alone.
    modify(&wire, &json!({"systemVisibleDescription": ""}))
        .await
        .good();
    let tenant = wire
        .call(Method::GET, "admin", path, ROOT, None)
        .await
        .good()
        .json();
    assert_eq!(tenant["systemVisibleDescription"], "");
    wire.post("", OPS, &json!({"maxNamespacesPerUser": 10001}))
        .await
        .refused(400, "maxNamespaces");
}

#[tokio::test]
async fn a_tenant_with_namespaces_cannot_be_deleted() {
    let wire = Wire::with_acme(Profile::Standard).await;
    let s3 = wire
        .store
        .client_of("acme/ops1", OPS.1, &wire.store.by_address());
    s3.create_bucket().bucket("one").send().await.unwrap();
    wire.put("/cors", OPS, &hcp_document("cors")).await.good();
    wire.put(
        "/contentClasses",
        OPS,
        &json!({"name": "c", "namespaces": ["one"]}),
    )
    .await
    .good();
    let delete = async || {
        wire.call(Method::DELETE, "admin", "/mapi/tenants/acme", ROOT, None)
            .await
    };
    delete().await.refused(403, "1 namespaces");
    s3.delete_bucket().bucket("one").send().await.unwrap();
    assert_eq!(
        wire.get("/contentClasses/c", OPS).await.good().json()["namespaces"],
        json!({"name": []})
    );
    delete().await.good();
    delete().await.refused(404, "");
    wire.get("/contactInfo", OPS)
        .await
        .refused(403, "not valid");
    // The next of that name begins from nothing.
    create(&wire, FIRST, &acme(&json!({}))).await.good();
    assert_eq!(wire.get("/cors", OPS).await.status, 404);
    assert_eq!(
        wire.get("/contentClasses", OPS).await.good().json(),
        json!({"name": []})
    );
}

#[tokio::test]
async fn tenants_are_listed_by_pages_quotas_and_tags() {
    let wire = Wire::open(Profile::Hcp).await;
    for (name, quota, tag) in [
        ("beta", "3 GB", "gold"),
        ("Alpha", "2 TB", "silver"),
        ("alpine", "900 MB", "Golden"),
    ] {
        let body = json!({"name": name, "hardQuota": quota, "tags": {"tag": [tag]}});
        create(&wire, FIRST, &body).await.good();
    }
    for (query, names) in [
        ("", vec!["Alpha", "alpine", "beta"]),
        ("?sortType=hardQuota", vec!["alpine", "beta", "Alpha"]),
        (
            "?sortType=hardQuota&sortOrder=descending&offset=1",
            vec!["beta", "alpine"],
        ),
        ("?filterType=tag&filterString=gold", vec!["alpine", "beta"]),
        ("?filterString=AL&count=1&verbose=true", vec!["Alpha"]),
    ] {
        let path = format!("/mapi/tenants{query}");
        let list = wire.call(Method::GET, "admin", &path, ROOT, None).await;
        assert_eq!(list.good().json(), json!({"name": names}), "{query}");
    }
}

#[tokio::test]
async fn a_tenant_that_the_program_made_shows_what_s3_users_expect() {
    let wire = Wire::open(Profile::Standard).await;
    wire.store.tenant("demo").await;
    let path = "/mapi/tenants/demo?verbose=true";
    let tenant = wire
        .call(Method::GET, "admin", path, ROOT, None)
        .await
        .good()
        .json();
    assert_eq!(tenant["versioningConfigurationEnabled"], true);
    // Nobody has given it one.
    assert_eq!(tenant.get("hardQuota"), None);
    let id = tenant["id"].as_str().unwrap();
    assert_eq!(uuid::Uuid::parse_str(id).unwrap().get_version_num(), 4);
    let quota = json!({"hardQuota": "5 GB"});
    wire.call(
        Method::POST,
        "admin",
        "/mapi/tenants/demo",
        ROOT,
        Some(&quota),
    )
    .await
    .good();
    let tenant = wire
        .call(Method::GET, "admin", path, ROOT, None)
        .await
        .good()
        .json();
    assert_eq!(tenant["hardQuota"], "5.00 GB");
    assert_eq!(tenant["versioningConfigurationEnabled"], true);
}

/// Settings that break a rule: where, what, and a word of the reason.
fn broken() -> Vec<(&'static str, Json, &'static str)> {
    let mut all = broken_words();
    all.extend([
        (
            "/consoleSecurity",
            json!({"minimumPasswordLength": 1}),
            "minimumPasswordLength",
        ),
        (
            "/consoleSecurity",
            json!({"disableAfterAttempts": 1000}),
            "disableAfterAttempts",
        ),
        (
            "/consoleSecurity",
            json!({"loginMessage": "x".repeat(1025)}),
            "loginMessage",
        ),
        (
            "/consoleSecurity",
            json!({"ipSettings": {"allowAddresses": {"ipAddress": ["10.0.0"]}}}),
            "ipSettings",
        ),
        (
            "/consoleSecurity",
            json!({"ipSettings": {"allow": []}}),
            "allow",
        ),
        (
            "/searchSecurity",
            json!({"ipSettings": {"denyAddresses": {"ipAddress": ["x"]}}}),
            "ipSettings",
        ),
        (
            "/permissions",
            json!({"permission": ["read"]}),
            "permission",
        ),
        (
            "/permissions",
            json!({"permission": ["BROWSE"]}),
            "permission",
        ),
        ("/permissions", json!({"read": true}), "permission"),
    ]);
    all
}

fn broken_words() -> Vec<(&'static str, Json, &'static str)> {
    vec![
        (
            "/contactInfo",
            json!({"city": "x", "primaryPhone": "call me"}),
            "primaryPhone",
        ),
        ("/contactInfo", json!({"extension": "123456"}), "extension"),
        ("/contactInfo", json!({"name": "x"}), "name"),
        (
            "/emailNotification",
            json!({"recipients": {"recipient": [{"importance": "ALL"}]}}),
            "address",
        ),
        (
            "/emailNotification",
            json!({"recipients": {"recipient": [{"address": "a,,b"}]}}),
            "address",
        ),
        (
            "/emailNotification",
            json!({"recipients": {"recipient": [{"address": "a", "severity": "FATAL"}]}}),
            "severity",
        ),
        (
            "/emailNotification",
            json!({"recipients": {"recipient": vec![json!({"address": "a"}); 26]}}),
            "25",
        ),
        (
            "/emailNotification",
            json!({"emailTemplate": {"from": "a"}}),
            "together",
        ),
        (
            "/emailNotification",
            json!({"emailTemplate": {"from": "a", "subject": "b", "body": "\t"}}),
            "tabs",
        ),
        (
            "/emailNotification",
            json!({"smtpServer": "x"}),
            "smtpServer",
        ),
    ]
}

#[tokio::test]
async fn settings_that_break_their_rules_change_nothing() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    for (path, body, reason) in broken() {
        let before = wire.get(path, OPS).await.good().json();
        wire.post(path, OPS, &body).await.refused(400, reason);
        assert_eq!(wire.get(path, OPS).await.good().json(), before, "{path}");
    }
}

#[tokio::test]
async fn a_mask_has_what_comes_with_its_permissions() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let all = wire.get("/permissions", OPS).await.good().json();
    assert_eq!(all["permission"].as_array().unwrap().len(), 6);
    for (sent, kept) in [
        (json!(["PURGE"]), json!(["DELETE", "PURGE"])),
        (json!(["SEARCH"]), json!(["READ", "SEARCH"])),
        (json!([]), json!([])),
    ] {
        wire.post("/permissions", OPS, &json!({"permission": sent}))
            .await
            .good();
        assert_eq!(
            wire.get("/permissions", OPS).await.good().json(),
            json!({"permission": kept})
        );
    }
}

#[tokio::test]
async fn the_words_of_an_email_are_replaced_as_a_whole() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    wire.post(
        "/emailNotification",
        OPS,
        &hcp_document("email-notification"),
    )
    .await
    .good();
    let words = async |sent: Json| {
        wire.post("/emailNotification", OPS, &json!({"emailTemplate": sent}))
            .await
            .good();
        wire.get("/emailNotification", OPS).await.good().json()["emailTemplate"].clone()
    };
    assert_eq!(
        words(json!({"from": "a", "subject": "b"})).await,
        json!({"from": "a", "subject": "b", "body": ""})
    );
    assert_eq!(
        words(json!({"from": "", "subject": "", "body": "x"})).await,
        json!({"from": "log@$location", "subject": "[$severity] $shortText", "body": "x"})
    );
    let one = json!({"recipients": {"recipient": [{"address": "a@example.com"}]}});
    wire.post("/emailNotification", OPS, &one).await.good();
    assert_eq!(
        wire.get("/emailNotification", OPS).await.good().json()["recipients"],
        json!({"recipient": [{"address": "a@example.com", "importance": "MAJOR",
            "severity": "ERROR", "type": "GENERAL"}]})
    );
}
