//! What happens when its time has come: pruning, disposition, dropped uploads, retention classes.

use aws_sdk_s3::{Client, types::MetadataDirective};
use local_hcp::Profile;
use serde_json::{Value as Json, json};

use super::{World, denied};
use crate::fixture::{PASSWORD, access_key, get, put, refusal, secret};

const DAY: i64 = 86_400;

async fn versions(client: &Client) -> (usize, usize) {
    let page = client
        .list_object_versions()
        .bucket("archive")
        .send()
        .await
        .unwrap();
    (page.versions().len(), page.delete_markers().len())
}

async fn deletes(client: &Client, key: &str) -> Result<(), (u16, String)> {
    let gone = client
        .delete_object()
        .bucket("archive")
        .key(key)
        .send()
        .await;
    gone.map(|_gone| ()).map_err(refusal)
}

/// Stores an object with a header of HCP.
async fn keep(client: &Client, key: &str, name: &'static str, value: String) {
    let stored = client.put_object().bucket("archive").key(key).customize();
    let stored = stored.mutate_request(move |request| {
        request.headers_mut().insert(name, value.clone());
    });
    stored.send().await.unwrap();
}

async fn retention(client: &Client, key: &str, value: &'static str) -> Result<(), (u16, String)> {
    let change = client.copy_object().bucket("archive").key(key);
    let change = change.copy_source(format!("archive/{key}"));
    let change = change
        .metadata_directive(MetadataDirective::Replace)
        .customize();
    let change = change.mutate_request(move |request| {
        request.headers_mut().insert("x-hcp-retention", value);
    });
    change.send().await.map(|_done| ()).map_err(refusal)
}

fn aborted() -> Result<(), (u16, String)> {
    Err((409, "OperationAborted".to_owned()))
}

#[tokio::test]
async fn old_versions_are_pruned_days_after_they_became_old() {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    let settings = json!({"enabled": true, "prune": true, "pruneDays": 2});
    world.set("versioningSettings", settings).await;
    put(&client, "archive", "a", "one").await;
    world.pass(5 * DAY);
    put(&client, "archive", "a", "two").await;
    world.sweep().await;
    assert_eq!(versions(&client).await, (2, 0));
    world.pass(2 * DAY - 10);
    world.sweep().await;
    assert_eq!(versions(&client).await, (2, 0));
    world.pass(10);
    world.sweep().await;
    assert_eq!(versions(&client).await, (1, 0));
    assert_eq!(get(&client, "archive", "a").await, b"two");
    // At once: nothing old is ever there.
    world
        .set("versioningSettings", json!({"pruneDays": 0}))
        .await;
    put(&client, "archive", "a", "three").await;
    assert_eq!(versions(&client).await, (1, 0));
    deletes(&client, "a").await.unwrap();
    assert_eq!(versions(&client).await, (0, 1));
    let told = world.get("namespaces/archive/statistics").await;
    assert_eq!(told["objectCount"], 0);
}

#[tokio::test]
async fn what_is_held_is_not_pruned() {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    world
        .set(
            "versioningSettings",
            json!({"enabled": true, "prune": true, "pruneDays": 0}),
        )
        .await;
    put(&client, "archive", "a", "one").await;
    keep(&client, "a", "x-hcp-retentionhold", "true".to_owned()).await;
    world.sweep().await;
    // What holds the object holds its old version.
    assert_eq!(versions(&client).await, (2, 0));
    world
        .set("versioningSettings", json!({"prune": false}))
        .await;
    put(&client, "archive", "b", "one").await;
    keep(&client, "b", "x-hcp-retention", "-1".to_owned()).await;
    world
        .set("versioningSettings", json!({"prune": true}))
        .await;
    world.sweep().await;
    assert_eq!(versions(&client).await, (4, 0));
}

#[tokio::test]
async fn without_markers_a_delete_leaves_old_versions_and_a_record() {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    let settings = json!({"useDeleteMarkers": false, "keepDeletionRecords": true});
    world.set("versioningSettings", settings).await;
    world
        .set("versioningSettings", json!({"enabled": true}))
        .await;
    put(&client, "archive", "a", "one").await;
    let gone = client
        .delete_object()
        .bucket("archive")
        .key("a")
        .send()
        .await
        .unwrap();
    assert_eq!((gone.delete_marker(), gone.version_id()), (None, None));
    assert_eq!(versions(&client).await, (1, 0));
    let absent = client.get_object().bucket("archive").key("a").send().await;
    assert_eq!(refusal(absent.unwrap_err()), (404, "NoSuchKey".to_owned()));
    let page = client
        .list_objects_v2()
        .bucket("archive")
        .send()
        .await
        .unwrap();
    assert!(page.contents().is_empty());
    let page = client
        .list_object_versions()
        .bucket("archive")
        .send()
        .await
        .unwrap();
    let id = page.versions()[0].version_id().unwrap().to_owned();
    let one = client
        .get_object()
        .bucket("archive")
        .key("a")
        .version_id(&id)
        .send()
        .await;
    assert_eq!(one.unwrap().content_length(), Some(3));
    // The record keeps the namespace until records are not kept any more.
    client
        .delete_object()
        .bucket("archive")
        .key("a")
        .version_id(&id)
        .send()
        .await
        .unwrap();
    world
        .delete("namespaces/archive")
        .await
        .refused(403, "not empty");
    world
        .set("versioningSettings", json!({"keepDeletionRecords": false}))
        .await;
    world.sweep().await;
    world.delete("namespaces/archive").await.done();
}

#[tokio::test]
async fn objects_are_disposed_of_when_their_retention_ends() {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    for (name, disposes) in [("goes", true), ("stays", false)] {
        let class = json!({"name": name, "value": "A+1d", "allowDisposition": disposes});
        world
            .put("namespaces/archive/retentionClasses", class)
            .await
            .done();
    }
    world
        .set("complianceSettings", json!({"retentionDefault": "A+1d"}))
        .await;
    put(&client, "archive", "default", "x").await;
    keep(&client, "held", "x-hcp-retentionhold", "true".to_owned()).await;
    keep(&client, "free", "x-hcp-retention", "0".to_owned()).await;
    keep(&client, "open", "x-hcp-retention", "-2".to_owned()).await;
    keep(&client, "goes", "x-hcp-retention", "C+goes".to_owned()).await;
    keep(&client, "stays", "x-hcp-retention", "C+stays".to_owned()).await;
    let keys = async || {
        let page = client
            .list_objects_v2()
            .bucket("archive")
            .send()
            .await
            .unwrap();
        let keys = page
            .contents()
            .iter()
            .filter_map(|object| object.key().map(str::to_owned));
        keys.collect::<Vec<_>>()
    };
    world.pass(DAY);
    world.sweep().await;
    assert_eq!(keys().await.len(), 6);
    world
        .set("complianceSettings", json!({"dispositionEnabled": true}))
        .await;
    world.sweep().await;
    assert_eq!(keys().await, ["free", "held", "open", "stays"]);
    let report = world.get("namespaces/archive/chargebackReport").await;
    assert_eq!(report["chargebackData"][0]["deletes"], 0);
}

#[tokio::test]
async fn a_class_moves_its_objects() {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    let class = json!({"name": "Tax", "value": "A+7d", "allowDisposition": false});
    world
        .put("namespaces/archive/retentionClasses", class.clone())
        .await
        .done();
    world
        .put("namespaces/archive/retentionClasses", class.clone())
        .await
        .refused(409, "name");
    keep(&client, "a", "x-hcp-retention", "C+tax".to_owned()).await;
    keep(&client, "b", "x-hcp-retention", "C+TAX".to_owned()).await;
    world.pass(DAY);
    assert_eq!(deletes(&client, "a").await, aborted());
    let path = "namespaces/archive/retentionClasses/tax";
    world.post(path, json!({"value": "A+1d"})).await.done();
    deletes(&client, "a").await.unwrap();
    // Gone: what was in it is kept for ever, until the class is there again.
    world.delete(path).await.done();
    world.pass(100 * DAY);
    assert_eq!(deletes(&client, "b").await, aborted());
    world
        .put("namespaces/archive/retentionClasses", class)
        .await
        .done();
    deletes(&client, "b").await.unwrap();
    for bad in [
        json!({"name": "x", "value": "A+1d"}),
        json!({"name": "x", "value": "N+1d", "allowDisposition": true}),
        json!({"name": "x y", "value": "0"}),
        json!({"value": "0"}),
    ] {
        let refused = world.put("namespaces/archive/retentionClasses", bad).await;
        assert_eq!(refused.status, 400, "{}", refused.why);
    }
}

#[tokio::test]
async fn in_compliance_mode_nothing_gets_shorter() {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    let class = json!({"name": "tax", "value": "A+7d", "allowDisposition": false});
    world
        .put("namespaces/archive/retentionClasses", class)
        .await
        .done();
    keep(&client, "a", "x-hcp-retention", "C+tax".to_owned()).await;
    world.set("", json!({"enterpriseMode": false})).await;
    let path = "namespaces/archive/retentionClasses/tax";
    world
        .post(path, json!({"value": "A+6d"}))
        .await
        .refused(403, "value");
    assert_eq!(world.delete(path).await.status, 403);
    world.post(path, json!({"value": "A+8d"})).await.done();
    world.pass(7 * DAY);
    assert_eq!(deletes(&client, "a").await, aborted());
    let privileged = client
        .delete_object()
        .bucket("archive")
        .key("a")
        .customize();
    let privileged = privileged.mutate_request(|request| {
        request.headers_mut().insert("x-hcp-privileged", "because");
    });
    assert_eq!(refusal(privileged.send().await.unwrap_err()), denied());
    world.pass(DAY);
    deletes(&client, "a").await.unwrap();
}

#[tokio::test]
async fn after_an_unspecified_retention_comes_the_minimum() {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    let settings = json!({"minimumRetentionAfterInitialUnspecified": "10d"});
    world.set("complianceSettings", settings).await;
    keep(&client, "a", "x-hcp-retention", "-2".to_owned()).await;
    assert_eq!(retention(&client, "a", "A+9d").await, Err(denied()));
    assert_eq!(retention(&client, "a", "0").await, Err(denied()));
    assert_eq!(retention(&client, "a", "A+10d").await, Ok(()));
    let told = world.get("namespaces/archive/complianceSettings").await;
    assert_eq!(told["minimumRetentionAfterInitialUnspecified"], "10d");
}

#[tokio::test]
async fn custom_metadata_changes_under_retention_as_the_namespace_lets_it() {
    let world = World::open(Profile::Hcp).await;
    let client = world.archive().await;
    let describe = async |key: &'static str, value: &'static str| {
        let change = client.copy_object().bucket("archive").key(key);
        let change = change.copy_source(format!("archive/{key}"));
        let change = change.metadata_directive(MetadataDirective::Replace);
        change
            .metadata("colour", value)
            .send()
            .await
            .map(|_done| ())
            .map_err(refusal)
    };
    keep(&client, "a", "x-hcp-retention", "-1".to_owned()).await;
    assert_eq!(describe("a", "red").await, Ok(()));
    assert_eq!(describe("a", "blue").await, Err(denied()));
    world
        .set(
            "complianceSettings",
            json!({"customMetadataChanges": "ALL"}),
        )
        .await;
    assert_eq!(describe("a", "blue").await, Ok(()));
    world
        .set(
            "complianceSettings",
            json!({"customMetadataChanges": "NONE"}),
        )
        .await;
    keep(&client, "b", "x-hcp-retention", "-1".to_owned()).await;
    assert_eq!(describe("b", "red").await, Err(denied()));
}

#[tokio::test]
async fn uploads_are_dropped_after_the_days_of_their_namespace() {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    world
        .set("", json!({"multipartUploadAutoAbortDays": 3}))
        .await;
    let begun = client
        .create_multipart_upload()
        .bucket("archive")
        .key("a")
        .send()
        .await;
    let begun = begun.unwrap();
    let promised = begun.abort_date().unwrap();
    world.pass(DAY);
    // Its parts tell the same, whenever they are asked for.
    let list = client.list_parts().bucket("archive").key("a");
    let list = list.upload_id(begun.upload_id().unwrap()).send().await;
    assert_eq!(list.unwrap().abort_date(), Some(promised));
    world.pass(-DAY);
    world.pass(3 * DAY - 1);
    assert_eq!(world.sweep().await, 0);
    // The setting counts when the time has come, and not when the upload began.
    world
        .set("", json!({"multipartUploadAutoAbortDays": 0}))
        .await;
    world.pass(100 * DAY);
    assert_eq!(world.sweep().await, 0);
    world
        .set("", json!({"multipartUploadAutoAbortDays": 180}))
        .await;
    assert_eq!(world.sweep().await, 0);
    world
        .set("", json!({"multipartUploadAutoAbortDays": 3}))
        .await;
    assert_eq!(world.sweep().await, 1);
    world
        .set("", json!({"multipartUploadAutoAbortDays": 0}))
        .await;
    let begun = client
        .create_multipart_upload()
        .bucket("archive")
        .key("b")
        .send()
        .await;
    assert!(begun.unwrap().abort_date().is_none());
}

/// What the store tells as operations on the namespace, but for what it stored: kind, path, size and user.
async fn removals(world: &World) -> Vec<(String, String, u64, String)> {
    // What happens now may not be all yet, and is told later.
    world.pass(1);
    let request = json!({"operation": {"count": -1, "verbose": true, "systemMetadata": {
        "transactions": {"transaction": ["delete", "dispose", "prune", "purge"]}}}});
    let answer = world
        .store
        .http
        .post(format!("http://{}/query", world.store.s3))
        .header("host", "acme.localhost")
        .header(
            "authorization",
            format!("HCP {}:{}", access_key("ops1"), secret(PASSWORD)),
        )
        .header("accept", "application/json")
        .json(&request)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let answer: Json = answer.json().await.unwrap();
    let records = answer["queryResult"]["resultSet"].as_array().unwrap();
    let text = |record: &Json, name: &str| record[name].as_str().unwrap_or_default().to_owned();
    let told = records.iter().map(|record| {
        (
            text(record, "operation"),
            text(record, "objectPath"),
            record["size"].as_u64().unwrap(),
            text(record, "user"),
        )
    });
    told.collect()
}

#[tokio::test]
async fn what_time_takes_is_told_as_operations_for_a_while() {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    let told = |kind: &str, path: &str, size, user: &str| {
        (kind.to_owned(), path.to_owned(), size, user.to_owned())
    };
    world
        .set(
            "versioningSettings",
            json!({"enabled": true, "prune": true, "pruneDays": 2}),
        )
        .await;
    put(&client, "archive", "a", "one").await;
    put(&client, "archive", "a", "three").await;
    world.pass(3 * DAY);
    world.sweep().await;
    let pruned = told("PRUNED", "/a", 3, "");
    assert_eq!(removals(&world).await, std::slice::from_ref(&pruned));
    world
        .set("versioningSettings", json!({"prune": false}))
        .await;
    world
        .set(
            "complianceSettings",
            json!({"retentionDefault": "A+1d", "dispositionEnabled": true}),
        )
        .await;
    put(&client, "archive", "b", "seven").await;
    world.pass(2 * DAY);
    world.sweep().await;
    let disposed = told("DISPOSED", "/b", 5, "");
    assert_eq!(removals(&world).await, [pruned, disposed.clone()]);
    // Each is kept as long as operations are, and no longer.
    world.pass(178 * DAY + DAY / 2);
    world.sweep().await;
    assert_eq!(removals(&world).await, [disposed]);
    world.pass(2 * DAY);
    world.sweep().await;
    assert_eq!(removals(&world).await, []);
}

#[tokio::test]
async fn without_deletion_records_nothing_is_told_of_what_is_gone() {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    put(&client, "archive", "told", "x").await;
    put(&client, "archive", "untold", "x").await;
    deletes(&client, "told").await.unwrap();
    world
        .set("versioningSettings", json!({"keepDeletionRecords": false}))
        .await;
    deletes(&client, "untold").await.unwrap();
    let paths: Vec<_> = removals(&world)
        .await
        .into_iter()
        .map(|one| one.1)
        .collect();
    assert_eq!(paths, ["/told"]);
}
