//! The examples of HCP's documentation: what is sent there is taken, and what is told has their shape.

use local_hcp::Profile;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::World;
use crate::fixture::hcp_document;

async fn archive() -> World {
    let world = World::open(Profile::Hcp).await;
    let made = world
        .put("namespaces", hcp_document("namespace-create"))
        .await;
    made.done();
    world
}

/// What differs from time to time.
fn without_times(mut value: Json) -> Json {
    let map = value.as_object_mut().unwrap();
    for name in ["id", "creationTime", "mqeIndexingTimestamp"] {
        assert!(
            map.remove(name).unwrap().as_str().unwrap().len() >= 24,
            "{name}"
        );
    }
    value
}

#[tokio::test]
async fn a_namespace_is_told_as_in_the_example() {
    let world = archive().await;
    let told = world.get("namespaces/archive?verbose=true").await;
    let mut expected = hcp_document("namespace");
    expected["fullyQualifiedName"] = json!("archive.acme.localhost");
    assert_eq!(without_times(told), without_times(expected));
    // Without `verbose` what cannot be changed stays away.
    let short = world.get("namespaces/archive").await;
    for name in ["id", "creationTime", "hashScheme", "fullyQualifiedName"] {
        assert!(short.get(name).is_none(), "{name}");
    }
    world.set("", hcp_document("namespace-modify")).await;
    let told = world.get("namespaces/archive").await;
    assert_eq!(told["hardQuota"], "20.00 GB");
    assert_eq!(told["tags"], json!({"tag": ["gold"]}));
    assert_eq!(told["softQuota"], 85);
}

#[tokio::test]
async fn every_setting_is_told_as_it_was_sent() {
    let world = archive().await;
    let class = world.put(
        "namespaces/archive/retentionClasses",
        hcp_document("retention-class"),
    );
    class.await.done();
    world
        .put("contentClasses", json!({"name": "DICOM"}))
        .await
        .done();
    for (path, name) in [
        ("versioningSettings", "versioning-settings"),
        ("complianceSettings", "compliance-settings"),
        ("protocols/http", "protocol-http"),
        ("protocols/cifs", "protocol-cifs"),
        ("protocols/nfs", "protocol-nfs"),
        ("protocols/smtp", "protocol-smtp"),
        (
            "replicationCollisionSettings",
            "replication-collision-settings",
        ),
        (
            "customMetadataIndexingSettings",
            "custom-metadata-indexing-settings",
        ),
    ] {
        let expected = hcp_document(name);
        world.set(path, expected.clone()).await;
        let path = format!("namespaces/archive/{path}");
        assert_eq!(world.get(&path).await, expected, "{name}");
        // A change of nothing changes nothing.
        world.post(&path, json!({})).await.done();
        assert_eq!(world.get(&path).await, expected, "{name}");
    }
    let names = world.get("namespaces/archive/retentionClasses").await;
    assert_eq!(names, json!({"name": ["HlthReg-107"]}));
    let class = "namespaces/archive/retentionClasses/hlthreg-107?verbose=true";
    assert_eq!(world.get(class).await, hcp_document("retention-class"));
}

#[tokio::test]
async fn each_property_outlives_the_change_of_another() {
    let world = archive().await;
    let before = world.get("namespaces/archive?verbose=true").await;
    for change in [
        json!({"description": "one"}),
        json!({"hardQuota": "11 GB"}),
        json!({"softQuota": 50}),
        json!({"directoryUsage": "Unbalanced"}),
        json!({"indexingDefault": false}),
        json!({"customMetadataValidationEnabled": true}),
        json!({"serviceRemoteSystemRequests": false}),
        json!({"atimeSynchronizationEnabled": true}),
        json!({"allowPermissionAndOwnershipChanges": true}),
        json!({"authUsersAlwaysGrantedAllPermissions": false}),
        json!({"authMinimumPermissions": {"permission": ["BROWSE", "READ"]}}),
        json!({"authAndAnonymousMinimumPermissions": {"permission": ["BROWSE"]}}),
        json!({"multipartUploadAutoAbortDays": 0}),
        json!({"s3UnversionedOverwrite": true}),
        json!({"tags": {"tag": ["a", "b"]}}),
        json!({"aclsUsage": "NOT_ENFORCED"}),
        json!({"indexingEnabled": false, "customMetadataIndexingEnabled": false}),
        json!({"searchEnabled": false}),
        json!({"enterpriseMode": false}),
        json!({"name": "other"}),
    ] {
        let mut expected = world.get("namespaces/archive?verbose=true").await;
        world.set("", change.clone()).await;
        let name = change["name"].as_str().unwrap_or("archive");
        let mut after = world.get(&format!("namespaces/{name}?verbose=true")).await;
        expected
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        for value in [&mut expected, &mut after] {
            let map = value.as_object_mut().unwrap();
            map.remove("mqeIndexingTimestamp");
            map.remove("fullyQualifiedName");
        }
        expected["hardQuota"] = expected["hardQuota"]
            .as_str()
            .unwrap()
            .replace("11 GB", "11.00 GB")
            .into();
        assert_eq!(after, expected, "{change}");
    }
    let after = world.get("namespaces/other?verbose=true").await;
    assert_eq!(after["id"], before["id"]);
    assert_eq!(
        world
            .ask(Method::GET, "namespaces/archive", None)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn what_contradicts_is_refused_and_nothing_is_done_by_half() {
    let world = archive().await;
    let before = world.get("namespaces/archive").await;
    for (change, status, about) in [
        (json!({"unknown": 1}), 400, "unknown"),
        (json!({"hashScheme": "MD5"}), 403, "hashScheme"),
        (json!({"retentionType": "S3"}), 403, "retentionType"),
        (
            json!({"versioningSettings": {"enabled": false}}),
            403,
            "versioningSettings",
        ),
        (json!({"aclsUsage": "NOT_ENABLED"}), 403, "aclsUsage"),
        (json!({"softQuota": 96}), 400, "softQuota"),
        (json!({"hardQuota": "0.5 GB"}), 400, "hardQuota"),
        (
            json!({"multipartUploadAutoAbortDays": 181}),
            400,
            "multipartUploadAutoAbortDays",
        ),
        (json!({"owner": "nobody-here"}), 400, "owner"),
        (json!({"ownerType": "EXTERNAL"}), 400, "ownerType"),
        (json!({"appendEnabled": true}), 400, "appendEnabled"),
        (
            json!({"replicationEnabled": true}),
            400,
            "replicationEnabled",
        ),
        (
            json!({"allowErasureCoding": true}),
            403,
            "allowErasureCoding",
        ),
        (
            json!({"authMinimumPermissions": {"permission": ["SEARCH"]}}),
            400,
            "authMinimumPermissions",
        ),
        (
            json!({"description": "half", "indexingEnabled": false, "customMetadataIndexingEnabled": true}),
            400,
            "customMetadataIndexingEnabled",
        ),
        (json!({"name": "not a label"}), 400, "name"),
    ] {
        let refused = world.post("namespaces/archive", change).await;
        refused.refused(status, about);
    }
    assert_eq!(
        world.get("namespaces/archive").await["description"],
        before["description"]
    );
}

#[tokio::test]
async fn settings_that_contradict_are_refused() {
    let world = archive().await;
    for (path, change, about) in [
        (
            "versioningSettings",
            json!({"useDeleteMarkers": true, "pruneDays": 36_501}),
            "pruneDays",
        ),
        (
            "versioningSettings",
            json!({"prune": true, "pruneOnPrimary": true}),
            "prune",
        ),
        ("protocols/cifs", json!({"enabled": true}), "enabled"),
        (
            "protocols/nfs",
            json!({"ipSettings": {"denyAddresses": {"ipAddress": ["10.0.0.1"]}}}),
            "denyAddresses",
        ),
        (
            "protocols/smtp",
            json!({"ipSettings": {"allowIfInBothLists": true}}),
            "allowIfInBothLists",
        ),
        ("protocols/http", json!({"webdavEnabled": true}), "enabled"),
        (
            "protocols/http",
            json!({"webdavBasicAuthUsername": "dav"}),
            "webdavBasicAuthUsername",
        ),
        (
            "replicationCollisionSettings",
            json!({"deleteEnabled": true}),
            "deleteDays",
        ),
        (
            "customMetadataIndexingSettings",
            json!({"contentClasses": {"name": ["none"]}}),
            "contentClasses",
        ),
        ("permissions", json!({"permission": ["read"]}), "permission"),
        (
            "complianceSettings",
            json!({"retentionDefault": "C+none"}),
            "retentionDefault",
        ),
    ] {
        let refused = world
            .post(&format!("namespaces/archive/{path}"), change)
            .await;
        refused.refused(400, about);
    }
}

#[tokio::test]
async fn some_things_are_never_taken_back() {
    let world = archive().await;
    // Enterprise mode is left once, and never entered again.
    world.set("", json!({"enterpriseMode": false})).await;
    let back = world
        .post("namespaces/archive", json!({"enterpriseMode": true}))
        .await;
    back.refused(403, "enterpriseMode");
    let markers = json!({"useDeleteMarkers": true});
    world.set("versioningSettings", markers).await;
    let back = world.post(
        "namespaces/archive/versioningSettings",
        json!({"useDeleteMarkers": false}),
    );
    back.await.refused(400, "useDeleteMarkers");
}

#[tokio::test]
async fn versions_exclude_file_protocols_and_growing_objects() {
    let world = World::open(Profile::Hcp).await;
    let files = json!({"name": "archive", "optimizedFor": "ALL"});
    world.put("namespaces", files).await.done();
    world
        .set("protocols/nfs", json!({"enabled": true, "uid": 7}))
        .await;
    let versions = json!({"enabled": true});
    let refused = world
        .post("namespaces/archive/versioningSettings", versions.clone())
        .await;
    refused.refused(400, "enabled");
    let cloud = world
        .post("namespaces/archive", json!({"optimizedFor": "CLOUD"}))
        .await;
    cloud.refused(400, "optimizedFor");
    let renamed = world.post("namespaces/archive", json!({"name": "b"})).await;
    renamed.refused(403, "name");
    world.set("protocols/nfs", json!({"enabled": false})).await;
    world.set("versioningSettings", versions).await;
    let append = world
        .post("namespaces/archive", json!({"appendEnabled": true}))
        .await;
    append.refused(400, "appendEnabled");
    world
        .delete("namespaces/archive/versioningSettings")
        .await
        .done();
    world.set("", json!({"appendEnabled": true})).await;
    let told = world.get("namespaces/archive/versioningSettings").await;
    assert_eq!(told["enabled"], false);
    assert_eq!(told["keepDeletionRecords"], true);
}

#[tokio::test]
async fn an_object_lock_namespace_keeps_versions() {
    let world = World::open(Profile::Hcp).await;
    let lock = json!({"name": "archive", "retentionType": "S3"});
    world.put("namespaces", lock).await.done();
    let told = world.get("namespaces/archive/versioningSettings").await;
    assert_eq!(
        (&told["enabled"], &told["useDeleteMarkers"]),
        (&json!(true), &json!(true))
    );
    let bad = json!({"name": "b", "retentionType": "S3", "versioningSettings": {"enabled": false}});
    world
        .put("namespaces", bad)
        .await
        .refused(400, "versioningSettings");
}

#[tokio::test]
async fn one_cors_document_serves_both_sides() {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    let path = "namespaces/archive/cors";
    assert_eq!(world.ask(Method::GET, path, None).await.status, 404);
    assert_eq!(world.delete(path).await.status, 404);
    let document = "<CORSConfiguration><CORSRule><AllowedOrigin>http://a.example</AllowedOrigin>\
        <AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
    world.put(path, json!({"cors": document})).await.done();
    assert_eq!(world.get(path).await, json!({"cors": document}));
    let rules = client
        .get_bucket_cors()
        .bucket("archive")
        .send()
        .await
        .unwrap();
    assert_eq!(
        rules.cors_rules()[0].allowed_origins(),
        ["http://a.example"]
    );
    let rule = aws_sdk_s3::types::CorsRule::builder()
        .allowed_origins("http://b.example")
        .allowed_methods("PUT")
        .build()
        .unwrap();
    let changed = aws_sdk_s3::types::CorsConfiguration::builder()
        .cors_rules(rule)
        .build()
        .unwrap();
    let set = client
        .put_bucket_cors()
        .bucket("archive")
        .cors_configuration(changed);
    set.send().await.unwrap();
    let told = world.get(path).await;
    assert!(
        told["cors"].as_str().unwrap().contains("http://b.example"),
        "{told}"
    );
    world.delete(path).await.done();
    let gone = client.get_bucket_cors().bucket("archive").send().await;
    assert_eq!(crate::fixture::refusal(gone.unwrap_err()).0, 404);
}
