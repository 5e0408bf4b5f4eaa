//! The examples of HCP's manual, sent as they are written there and answered in that shape.

use local_hcp::Profile;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::{OPS, ROOT, Wire, xml};
use crate::fixture::hcp_document;

/// Without what differs from system to system.
fn timeless(mut document: Json) -> Json {
    for name in [
        "id",
        "creationTime",
        "fullyQualifiedName",
        "userGUID",
        "userID",
    ] {
        if let Some(value) = document.get_mut(name) {
            assert!(value.is_string() || value.is_i64(), "{name}: {value}");
            *value = Json::Null;
        }
    }
    document
}

#[tokio::test]
async fn a_tenant_is_created_and_shown_as_in_the_manual() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let path = "/mapi/tenants/acme?verbose=true";
    let by_system = wire
        .call(Method::GET, "admin", path, ROOT, None)
        .await
        .good();
    assert_eq!(
        timeless(by_system.json()),
        timeless(hcp_document("tenant-of-system"))
    );
    assert_eq!(by_system.json()["fullyQualifiedName"], "acme.localhost");
    assert_eq!(by_system.json()["creationTime"], "2025-06-15T15:06:40+0000");

    wire.post("", OPS, &hcp_document("tenant-modify"))
        .await
        .good();
    let by_tenant = wire.get("?verbose=true", OPS).await.good();
    assert_eq!(
        timeless(by_tenant.json()),
        timeless(hcp_document("tenant-of-tenant"))
    );
    assert_eq!(by_tenant.json()["id"], by_system.json()["id"]);

    let list = wire
        .call(
            Method::GET,
            "admin",
            "/mapi/tenants?verbose=true",
            ROOT,
            None,
        )
        .await;
    assert_eq!(list.good().json(), json!({"name": ["acme"]}));
}

/// Where a document lies, what its element is called, and what to send before it comes back.
const SETTINGS: &[(&str, &str, &str, &str)] = &[
    (
        "/contactInfo",
        "contactInfo",
        "contact-info",
        r#"{"city": "Elsewhere", "address2": "x"}"#,
    ),
    (
        "/emailNotification",
        "emailNotification",
        "email-notification",
        r#"{"enabled": false, "recipients": {"recipient": []}, "emailTemplate": {}}"#,
    ),
    (
        "/consoleSecurity",
        "consoleSecurity",
        "console-security",
        r#"{"minimumPasswordLength": 9, "blockCommonPassword": "false", "loginMessage": "x"}"#,
    ),
    (
        "/searchSecurity",
        "searchSecurity",
        "search-security",
        r#"{"ipSettings": {"denyAddresses": {"ipAddress": []}}}"#,
    ),
    (
        "/permissions",
        "permissions",
        "permissions",
        r#"{"permission": ["READ"]}"#,
    ),
];

#[tokio::test]
async fn settings_come_back_as_they_were_sent_in_json_and_in_xml() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    for (path, root, name, other) in SETTINGS {
        let document = hcp_document(name);
        let other: Json = serde_json::from_str(other).unwrap();
        wire.post(path, OPS, &document).await.good();
        assert_eq!(wire.get(path, OPS).await.good().json(), document, "{path}");

        // What HCP writes as XML it reads as XML.
        let full = format!("/mapi/tenants/acme{path}");
        let written = wire
            .send(Method::GET, "acme", &full, OPS, "application/xml", None)
            .await
            .good();
        assert_eq!(written.headers["content-type"], "application/xml");
        assert!(
            written.body.contains(&format!("<{root}>")),
            "{}",
            written.body
        );
        for sent in [written.body.clone(), xml(root, &document)] {
            wire.post(path, OPS, &other).await.good();
            assert_ne!(wire.get(path, OPS).await.good().json(), document, "{path}");
            let answer = wire.send(
                Method::POST,
                "acme",
                &full,
                OPS,
                "application/xml",
                Some(sent),
            );
            answer.await.good();
            assert_eq!(
                wire.get(path, OPS).await.good().json(),
                document,
                "{path} in XML"
            );
        }
    }
}

#[tokio::test]
async fn defaults_of_namespaces_show_what_the_tenant_may_set() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let without = |names: &[&str]| {
        let mut document = hcp_document("namespace-defaults");
        document
            .as_object_mut()
            .unwrap()
            .retain(|name, _| !names.contains(&name.as_str()));
        document
    };
    // The tenant of the manual may use neither erasure coding nor replication, nor choose plans.
    let theirs = ["allowErasureCoding", "replicationEnabled", "servicePlan"];
    for property in theirs {
        let body = json!({property: hcp_document("namespace-defaults")[property]});
        wire.post("/namespaceDefaults", OPS, &body)
            .await
            .refused(403, "may not set");
    }
    wire.post("/namespaceDefaults", OPS, &without(&theirs))
        .await
        .good();
    assert_eq!(
        wire.get("/namespaceDefaults", OPS).await.good().json(),
        without(&theirs)
    );
    let all = json!({"erasureCodingSelectionEnabled": true, "replicationConfigurationEnabled": true,
        "servicePlanSelectionEnabled": true});
    wire.call(
        Method::POST,
        "admin",
        "/mapi/tenants/acme",
        ROOT,
        Some(&all),
    )
    .await
    .good();
    wire.post(
        "/namespaceDefaults",
        OPS,
        &hcp_document("namespace-defaults"),
    )
    .await
    .good();
    assert_eq!(
        wire.get("/namespaceDefaults", OPS).await.good().json(),
        without(&[])
    );
    let verbose = wire
        .get("/namespaceDefaults?verbose=true", OPS)
        .await
        .good()
        .json();
    assert_eq!(verbose["effectiveDpl"], "Dynamic");
    for (body, reason) in [
        (json!({"hardQuota": "101 GB"}), "hardQuota"),
        (json!({"softQuota": 96}), "softQuota"),
        (json!({"allowErasureCoding": true}), "CLOUD"),
        (json!({"versioningSettings": {"prune": true}}), "enabled"),
        (json!({"versioningSettings": {"enabled": true}}), "prune"),
        (
            json!({"versioningSettings": {"enabled": true, "prune": true}}),
            "pruneDays",
        ),
        (
            json!({"versioningSettings": {"enabled": true, "prune": false, "keepDeletionRecords": true}}),
            "keepDeletionRecords",
        ),
        (json!({"servicePlan": "Gold"}), "servicePlan"),
        (json!({"versioningEnabled": true}), "versioningEnabled"),
    ] {
        wire.post("/namespaceDefaults", OPS, &body)
            .await
            .refused(400, reason);
    }
    assert_eq!(
        wire.get("/namespaceDefaults", OPS).await.good().json(),
        without(&[])
    );
}

#[tokio::test]
async fn the_cors_document_comes_back_word_for_word() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    assert_eq!(wire.get("/cors", OPS).await.status, 404);
    assert_eq!(wire.delete("/cors", OPS).await.status, 404);
    wire.put("/cors", OPS, &hcp_document("cors")).await.good();
    assert_eq!(
        wire.get("/cors", OPS).await.good().json(),
        hcp_document("cors")
    );
    wire.put("/cors", OPS, &json!({"cors": "<CORSConfiguration>"}))
        .await
        .refused(400, "");
    wire.put("/cors", OPS, &json!({}))
        .await
        .refused(400, "cors");
    assert_eq!(
        wire.get("/cors", OPS).await.good().json(),
        hcp_document("cors")
    );
    let document = hcp_document("cors")["cors"].as_str().unwrap().to_owned();
    let body = format!("<cors><![CDATA[{document}]]></cors>");
    let path = "/mapi/tenants/acme/cors";
    wire.delete("/cors", OPS).await.good();
    wire.send(
        Method::PUT,
        "acme",
        path,
        OPS,
        "application/xml",
        Some(body),
    )
    .await
    .good();
    assert_eq!(
        wire.get("/cors", OPS).await.good().json(),
        hcp_document("cors")
    );
    let written = wire
        .send(Method::GET, "acme", path, OPS, "application/xml", None)
        .await
        .good();
    assert!(
        written.body.contains("<cors>&lt;CORSConfiguration&gt;"),
        "{}",
        written.body
    );
    wire.delete("/cors", OPS).await.good();
    let again = Some(written.body);
    wire.send(Method::PUT, "acme", path, OPS, "application/xml", again)
        .await
        .good();
    assert_eq!(
        wire.get("/cors", OPS).await.good().json(),
        hcp_document("cors")
    );
    wire.delete("/cors", OPS).await.good();
    assert_eq!(wire.get("/cors", OPS).await.status, 404);
}

#[tokio::test]
async fn content_classes_are_those_of_the_manual() {
    let wire = Wire::with_acme(Profile::Standard).await;
    let s3 = wire
        .store
        .client_of("acme/ops1", OPS.1, &wire.store.by_address());
    let class = hcp_document("content-class");
    wire.put("/contentClasses", OPS, &class)
        .await
        .refused(400, "no namespace archive");
    assert_eq!(
        wire.get("/contentClasses", OPS).await.good().json(),
        json!({"name": []})
    );
    s3.create_bucket().bucket("archive").send().await.unwrap();
    wire.put("/contentClasses", OPS, &class).await.good();
    wire.put("/contentClasses", OPS, &json!({"name": "dicom"}))
        .await
        .refused(409, "exists");
    assert_eq!(
        wire.get("/contentClasses", OPS).await.good().json(),
        hcp_document("content-classes")
    );
    let shown = wire
        .get("/contentClasses/dicom?verbose=true", OPS)
        .await
        .good();
    assert_eq!(shown.json(), class);
    for (body, status) in [
        (json!({"name": "other"}), 403),
        (
            json!({"contentProperties": {"contentProperty": [{"name": "a", "expression": "/a"}]}}),
            400,
        ),
        (
            json!({"contentProperties": {"contentProperty": [
            {"name": "a", "expression": "/a", "type": "STRING", "format": "x"}]}}),
            400,
        ),
        (
            json!({"contentProperties": {"contentProperty": [
            {"name": "a", "expression": "/a", "type": "DATETIME"}]}}),
            400,
        ),
        (json!({"namespaces": {"name": ["nowhere"]}}), 400),
    ] {
        wire.post("/contentClasses/DICOM", OPS, &body)
            .await
            .refused(status, "");
    }
    wire.delete("/contentClasses/DICOM", OPS)
        .await
        .refused(403, "content properties");
    let none = json!({"contentProperties": {"contentProperty": []}});
    wire.post("/contentClasses/DICOM", OPS, &none).await.good();
    assert_eq!(
        wire.get("/contentClasses/DICOM", OPS).await.good().json()["namespaces"],
        json!({"name": ["archive"]})
    );
    wire.delete("/contentClasses/DICOM", OPS).await.good();
    wire.delete("/contentClasses/DICOM", OPS)
        .await
        .refused(404, "");
    let off = json!({"searchConfigurationEnabled": false});
    wire.call(
        Method::POST,
        "admin",
        "/mapi/tenants/acme",
        ROOT,
        Some(&off),
    )
    .await
    .good();
    wire.get("/contentClasses", OPS)
        .await
        .refused(403, "search");
}

#[tokio::test]
async fn service_plans_are_shown_to_whom_may_choose() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    wire.get("/availableServicePlans", OPS)
        .await
        .refused(403, "service plans");
    let on = json!({"servicePlanSelectionEnabled": true});
    wire.call(Method::POST, "admin", "/mapi/tenants/acme", ROOT, Some(&on))
        .await
        .good();
    let list = wire.get("/availableServicePlans", OPS).await.good();
    assert_eq!(list.json(), json!({"name": ["Default"]}));
    let plan = wire
        .get("/availableServicePlans/Default", OPS)
        .await
        .good()
        .json();
    assert_eq!(plan["name"], "Default");
    assert!(!plan["description"].as_str().unwrap().is_empty());
    wire.get("/availableServicePlans/Gold", OPS)
        .await
        .refused(404, "");
}

#[tokio::test]
async fn accounts_are_those_of_the_manual() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let create = hcp_document("user-account-create");
    wire.put("/userAccounts?password=N3w-pw", OPS, &create)
        .await
        .good();
    let list = wire.get("/userAccounts", OPS).await.good();
    assert_eq!(list.json(), hcp_document("user-accounts"));
    let shown = wire
        .get("/userAccounts/ops1?verbose=true", OPS)
        .await
        .good()
        .json();
    let mut expected = hcp_document("user-account");
    // Whose name is made from the parameters of the tenant has no better one.
    expected["fullName"] = json!("ops1");
    assert_eq!(timeless(shown.clone()), timeless(expected));
    assert_eq!(shown["userID"], 500);
    let second = wire
        .get("/userAccounts/reader2?verbose=true", OPS)
        .await
        .good()
        .json();
    assert_eq!(second["userID"], 501);
    assert_eq!(second["allowNamespaceManagement"], false);
    for (name, value) in create.as_object().unwrap() {
        assert_eq!(&second[name], value, "{name}");
    }
    let path = "/userAccounts/ops1/changePassword";
    wire.post(path, OPS, &hcp_document("change-password"))
        .await
        .good();
    wire.get("/userAccounts", OPS)
        .await
        .refused(403, "not valid");
    wire.get("/userAccounts", ("ops1", "An0ther-pw"))
        .await
        .good();
}

#[tokio::test]
async fn accounts_are_made_in_xml_as_well() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let path = "/mapi/tenants/acme/userAccounts?password=N3w-pw";
    let body = xml("userAccount", &hcp_document("user-account-create"));
    wire.send(
        Method::PUT,
        "acme",
        path,
        OPS,
        "application/xml",
        Some(body),
    )
    .await
    .good();
    let shown = wire.get("/userAccounts/reader2", OPS).await.good().json();
    assert_eq!(shown["roles"], json!({"role": ["MONITOR"]}));
    let path = "/mapi/tenants/acme/userAccounts/reader2/changePassword";
    let body =
        "<updatePasswordRequest><newPassword>An0ther-pw</newPassword></updatePasswordRequest>";
    let answer = wire.send(
        Method::POST,
        "acme",
        path,
        OPS,
        "application/xml",
        Some(body.to_owned()),
    );
    answer.await.good();
    wire.get("/userAccounts", ("reader2", "An0ther-pw"))
        .await
        .good();
}
