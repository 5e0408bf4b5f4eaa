//! What is kept of changes: who, what, and the names of what was set; nothing of what did not happen.

use local_hcp::{
    Profile,
    audit::{Action, Record, audit},
};
use model::Timestamp;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::{OPS, PASSWORD, ROOT, Wire};
use crate::fixture::hcp_document;

impl Wire {
    fn audit(&self, tenant: Option<&str>) -> Vec<Record> {
        audit(&self.store.data_dir(), tenant, None).unwrap()
    }
}

/// Who did what to which resource.
fn deed(record: &Record) -> (String, &'static str, String) {
    let path = record.path.clone().unwrap_or_default();
    (record.user.clone(), record.action.as_str(), path)
}

/// Every resource that can be changed, each change in its place: verb, path below the tenant, body.
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn changes() -> Vec<(&'static str, &'static str, Json)> {
    let nothing = json!({});
    vec![
        ("POST", "", hcp_document("tenant-modify")),
        ("POST", "/contactInfo", hcp_document("contact-info")),
        (
            "POST",
            "/emailNotification",
            hcp_document("email-notification"),
        ),
        (
            "POST",
            "/consoleSecurity",
            json!({"ipSettings": {"denyAddresses": {"ipAddress": []}}}),
        ),
        ("POST", "/searchSecurity", hcp_document("search-security")),
        ("POST", "/namespaceDefaults", json!({"description": "new"})),
        ("POST", "/permissions", hcp_document("permissions")),
        ("PUT", "/cors", hcp_document("cors")),
        ("DELETE", "/cors", nothing.clone()),
        ("PUT", "/contentClasses", json!({"name": "Ärzte/1"})),
        ("POST", "/contentClasses/%C3%84rzte%2F1", nothing.clone()),
        ("DELETE", "/contentClasses/%C3%84rzte%2F1", nothing.clone()),
        ("PUT", "/namespaces", hcp_document("namespace-create")),
        (
            "POST",
            "/namespaces/archive",
            hcp_document("namespace-modify"),
        ),
        (
            "POST",
            "/namespaces/archive/versioningSettings",
            hcp_document("versioning-settings"),
        ),
        (
            "DELETE",
            "/namespaces/archive/versioningSettings",
            nothing.clone(),
        ),
        (
            "POST",
            "/namespaces/archive/complianceSettings",
            json!({"shreddingDefault": false}),
        ),
        (
            "POST",
            "/namespaces/archive/permissions",
            hcp_document("permissions"),
        ),
        (
            "POST",
            "/namespaces/archive/protocols/http",
            hcp_document("protocol-http"),
        ),
        (
            "POST",
            "/namespaces/archive/protocols/cifs",
            hcp_document("protocol-cifs"),
        ),
        (
            "POST",
            "/namespaces/archive/protocols/nfs",
            hcp_document("protocol-nfs"),
        ),
        (
            "POST",
            "/namespaces/archive/protocols/smtp",
            hcp_document("protocol-smtp"),
        ),
        (
            "POST",
            "/namespaces/archive/customMetadataIndexingSettings",
            json!({"excludedAnnotations": "tmp"}),
        ),
        (
            "POST",
            "/namespaces/archive/replicationCollisionSettings",
            hcp_document("replication-collision-settings"),
        ),
        ("PUT", "/namespaces/archive/cors", hcp_document("cors")),
        ("DELETE", "/namespaces/archive/cors", nothing.clone()),
        (
            "PUT",
            "/namespaces/archive/retentionClasses",
            hcp_document("retention-class"),
        ),
        (
            "POST",
            "/namespaces/archive/retentionClasses/HlthReg-107",
            json!({"description": "x"}),
        ),
        (
            "DELETE",
            "/namespaces/archive/retentionClasses/HlthReg-107",
            nothing.clone(),
        ),
        (
            "PUT",
            "/userAccounts?password=Passw0rd-1&forcePasswordChange=true",
            hcp_document("user-account-create"),
        ),
        (
            "POST",
            "/userAccounts/reader2?password=Passw0rd-2",
            json!({"fullName": "Reader"}),
        ),
        (
            "POST",
            "/userAccounts/reader2/changePassword",
            json!({"newPassword": "Passw0rd-3"}),
        ),
        (
            "POST",
            "/userAccounts/reader2/dataAccessPermissions",
            hcp_document("data-access-permissions"),
        ),
        ("DELETE", "/userAccounts/reader2", nothing.clone()),
        ("DELETE", "/namespaces/archive", nothing),
    ]
}

#[tokio::test]
async fn each_change_is_kept_without_its_values() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let roles = json!({"roles": {"role": ["ADMINISTRATOR", "SECURITY", "COMPLIANCE"]}});
    wire.post("/userAccounts/ops1", OPS, &roles).await.good();
    let before = wire.audit(None).len();
    let mut expected = Vec::new();
    for (verb, path, body) in changes() {
        wire.pass(1);
        let method = Method::from_bytes(verb.as_bytes()).unwrap();
        let whole = format!("/mapi/tenants/acme{path}");
        let body = (method != Method::DELETE).then_some(&body);
        wire.call(method, "acme", &whole, OPS, body).await.good();
        let path = path.split('?').next().unwrap();
        let (action, made) = match verb {
            "PUT" => (
                "create",
                body.and_then(|body| body["name"].as_str().or(body["username"].as_str())),
            ),
            "DELETE" => ("delete", None),
            _ => ("modify", None),
        };
        let made = match made {
            Some("Ärzte/1") => "/%C3%84rzte%2F1".to_owned(),
            Some(name) => format!("/{name}"),
            None => String::new(),
        };
        expected.push((
            "ops1".to_owned(),
            action,
            format!("/tenants/acme{path}{made}"),
        ));
    }
    let records = wire.audit(Some("ACME"));
    let last = &records[records.len() - expected.len()..];
    assert_eq!(last.iter().map(deed).collect::<Vec<_>>(), expected);
    assert_eq!(wire.audit(None).len(), before + expected.len());
    assert!(last.is_sorted_by_key(|record| record.time));

    let of = |path: &str, action: Action| {
        let path = format!("/tenants/acme{path}");
        let found = last
            .iter()
            .find(|r| r.action == action && r.path.as_ref() == Some(&path));
        found.unwrap().fields.clone()
    };
    let password = of("/userAccounts/reader2/changePassword", Action::Modify);
    assert_eq!(password, ["newPassword"]);
    assert_eq!(
        of("/userAccounts/reader2", Action::Modify),
        ["fullName", "password"]
    );
    assert_eq!(
        of("/namespaces/archive", Action::Modify),
        ["hardQuota", "tags.tag"]
    );
    assert!(
        of("/userAccounts/reader2", Action::Create).contains(&"forcePasswordChange".to_owned())
    );
    assert!(of("/namespaces/archive", Action::Delete).is_empty());
    let all = serde_json::to_string(&wire.audit(None)).unwrap();
    for secret in [OPS.1, ROOT.1, PASSWORD, "Passw0rd-2", "Passw0rd-3"] {
        assert!(!all.contains(secret), "{secret}");
    }
    // Not only passwords: no value at all.
    assert!(!all.contains("20 GB") && !all.contains("Reader"), "{all}");
}

#[tokio::test]
async fn the_system_s_changes_are_told_from_the_tenant_s() {
    let wire = Wire::with_acme(Profile::Standard).await;
    let reset = "/mapi/tenants/acme/userAccounts?resetPasswords=Passw0rd-9";
    wire.call(Method::POST, "admin", reset, ROOT, None)
        .await
        .good();
    let own = "/mapi/userAccounts/root/changePassword";
    let change = json!({"newPassword": "Passw0rd-8"});
    wire.call(Method::POST, "admin", own, ROOT, Some(&change))
        .await
        .good();
    let root = (ROOT.0, "Passw0rd-8");
    wire.call(Method::DELETE, "admin", "/mapi/tenants/acme", root, None)
        .await
        .good();

    // What was about a tenant is known when the tenant is gone.
    let of_tenant = wire.audit(Some("acme"));
    let by_system: Vec<_> = of_tenant.iter().filter(|r| r.of_system).map(deed).collect();
    let root = || "root".to_owned();
    assert_eq!(
        by_system,
        [
            (root(), "create", "/tenants/acme".to_owned()),
            (root(), "modify", "/tenants/acme/userAccounts".to_owned()),
            (root(), "delete", "/tenants/acme".to_owned()),
        ]
    );
    let reset = of_tenant.iter().find(|r| r.fields == ["resetPasswords"]);
    assert!(reset.is_some());
    let of_system: Vec<_> = wire
        .audit(None)
        .into_iter()
        .filter(|r| r.tenant.is_none())
        .collect();
    assert_eq!(of_system.len(), 1);
    assert_eq!(
        of_system[0].path.as_deref(),
        Some("/userAccounts/root/changePassword")
    );
    assert!(wire.audit(Some("other")).is_empty());
}

#[tokio::test]
async fn what_did_not_happen_is_not_kept() {
    let wire = Wire::with_acme(Profile::Standard).await;
    let namespace = json!({"name": "archive", "hardQuota": "1 GB"});
    wire.put("/namespaces", OPS, &namespace).await.good();
    let before = wire.audit(None);
    // Refused inside of the transaction, after some of it was done or found.
    let class = json!({"name": "a", "namespaces": {"name": ["archive", "absent"]}});
    for (path, body, status) in [
        ("/namespaces", &namespace, 409),
        ("/contentClasses", &class, 400),
        ("/userAccounts/absent", &json!({"fullName": "x"}), 404),
        ("/userAccounts/ops1", &json!({"enabled": false}), 403),
    ] {
        let answer = if path.ends_with('s') {
            wire.put(path, OPS, body).await
        } else {
            wire.post(path, OPS, body).await
        };
        assert_eq!(answer.status, status, "{path}: {answer:?}");
    }
    for path in [
        "/cors",
        "/namespaces/archive/cors",
        "/contentClasses/absent",
    ] {
        assert_eq!(wire.delete(path, OPS).await.status, 404, "{path}");
    }
    wire.get("/namespaces", OPS).await.good();
    assert_eq!(wire.audit(None), before);
}

#[tokio::test]
async fn an_account_that_is_locked_out_is_kept_once() {
    let wire = Wire::with_acme(Profile::Standard).await;
    let most = json!({"disableAfterAttempts": 3});
    wire.post("/consoleSecurity", OPS, &most).await.good();
    let since = wire.audit(None).len();
    for _attempt in 0..5 {
        let wrong = wire.get("/contactInfo", (OPS.0, "wrong")).await;
        wrong.refused(403, "not valid");
    }
    let records = wire.audit(Some("acme"));
    assert_eq!(records.len(), since + 1);
    let last = &records[since];
    assert_eq!((last.action, last.user.as_str()), (Action::LockOut, "ops1"));
    assert!(last.path.is_none() && !last.of_system);
}

#[tokio::test]
async fn records_go_after_their_days_and_not_before() {
    let wire = Wire::with_acme(Profile::Standard).await;
    let modify = async |city: &str| {
        let body = json!({"city": city});
        wire.post("/contactInfo", OPS, &body).await.good();
    };
    modify("A").await;
    wire.pass(300 * 24 * 3_600);
    modify("B").await;
    wire.pass(66 * 24 * 3_600);
    let all = wire.audit(None);
    let idle = std::time::Duration::from_hours(1);
    wire.store.hcp.sweep(idle).await.unwrap();
    let left = wire.audit(None);
    assert_eq!(left.len(), 1);
    assert_eq!(left[..], all[all.len() - 1..]);
    let folder = wire.store.data_dir();
    let since = |seconds: i64| Timestamp::from_unix_seconds(left[0].time.unix_seconds() + seconds);
    assert_eq!(audit(&folder, None, since(0)).unwrap().len(), 1);
    assert!(audit(&folder, None, since(1)).unwrap().is_empty());
}
