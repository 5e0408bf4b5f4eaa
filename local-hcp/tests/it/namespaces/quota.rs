//! Quotas: what is too much is refused with 413, and nothing of it stays.

use aws_sdk_s3::{
    Client,
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart},
};
use local_hcp::Profile;
use serde_json::json;

use super::World;
use crate::fixture::{put, refusal};

const MB: usize = 1024 * 1024;

fn full() -> (u16, String) {
    (413, "OutOfSpace".to_owned())
}

async fn stores(client: &Client, key: &str, size: usize) -> Result<(), (u16, String)> {
    let body = ByteStream::from(vec![7; size]);
    let stored = client
        .put_object()
        .bucket("archive")
        .key(key)
        .body(body)
        .send()
        .await;
    stored.map(|_stored| ()).map_err(refusal)
}

async fn small(quota: &str) -> (World, Client) {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    world.set("", json!({"hardQuota": quota})).await;
    (world, client)
}

async fn used(world: &World) -> i64 {
    let told = world.get("namespaces/archive/statistics").await;
    told["storageCapacityUsed"].as_i64().unwrap()
}

#[tokio::test]
async fn an_object_over_the_quota_is_refused_and_leaves_nothing() {
    let (world, client) = small("1 MB").await;
    // Each takes up whole blocks of 4,096 bytes.
    stores(&client, "a", MB - 4_096).await.unwrap();
    assert_eq!(stores(&client, "b", 4_097).await, Err(full()));
    stores(&client, "b", 1).await.unwrap();
    assert_eq!(used(&world).await, 1024 * 1024);
    assert_eq!(stores(&client, "c", 1).await, Err(full()));
    // Nothing takes up nothing, and what is replaced makes room.
    stores(&client, "empty", 0).await.unwrap();
    stores(&client, "b", 4_096).await.unwrap();
    assert_eq!(stores(&client, "b", 4_097).await, Err(full()));
    let page = client
        .list_objects_v2()
        .bucket("archive")
        .send()
        .await
        .unwrap();
    assert_eq!(page.contents().len(), 3);
    let gone = client.delete_object().bucket("archive").key("a");
    gone.send().await.unwrap();
    stores(&client, "c", MB / 2).await.unwrap();
    // A larger quota holds at once, one that is full already is refused.
    assert_eq!(stores(&client, "d", MB).await, Err(full()));
    world.set("", json!({"hardQuota": "2 MB"})).await;
    stores(&client, "d", MB).await.unwrap();
    let less = world
        .post("namespaces/archive", json!({"hardQuota": "1 MB"}))
        .await;
    less.refused(400, "hardQuota");
    world.store.files_become(2).await;
}

#[tokio::test]
async fn versions_and_copies_count() {
    let (world, client) = small("1 MB").await;
    world
        .set("versioningSettings", json!({"enabled": true}))
        .await;
    stores(&client, "a", MB / 2).await.unwrap();
    stores(&client, "a", MB / 2).await.unwrap();
    assert_eq!(stores(&client, "a", 1).await, Err(full()));
    let copy = client.copy_object().bucket("archive").key("b");
    let copied = copy.copy_source("archive/a").send().await;
    assert_eq!(refusal(copied.unwrap_err()), full());
    let absent = client.get_object().bucket("archive").key("b").send().await;
    assert_eq!(refusal(absent.unwrap_err()).0, 404);
    // A delete marker takes up nothing.
    client
        .delete_object()
        .bucket("archive")
        .key("a")
        .send()
        .await
        .unwrap();
    assert_eq!(stores(&client, "a", 1).await, Err(full()));
}

#[tokio::test]
async fn parts_count_and_their_object_takes_their_place() {
    let (world, client) = small("3 MB").await;
    let begun = client.create_multipart_upload().bucket("archive").key("a");
    let id = begun.send().await.unwrap().upload_id.unwrap();
    let part = async |number, size: usize| {
        let part = client
            .upload_part()
            .bucket("archive")
            .key("a")
            .upload_id(&id);
        let body = ByteStream::from(vec![7; size]);
        let stored = part.part_number(number).body(body).send().await;
        stored.map(|stored| stored.e_tag.unwrap()).map_err(refusal)
    };
    let first = part(1, 2 * MB).await.unwrap();
    let second = part(2, MB).await.unwrap();
    assert_eq!(part(3, 1).await, Err(full()));
    assert_eq!(stores(&client, "b", 1).await, Err(full()));
    let parts = [(1, first), (2, second)].map(|(number, etag)| {
        CompletedPart::builder()
            .part_number(number)
            .e_tag(etag)
            .build()
    });
    let document = CompletedMultipartUpload::builder()
        .set_parts(Some(parts.to_vec()))
        .build();
    let done = client
        .complete_multipart_upload()
        .bucket("archive")
        .key("a");
    done.upload_id(&id)
        .multipart_upload(document)
        .send()
        .await
        .unwrap();
    assert_eq!(used(&world).await, 3 * 1024 * 1024);
    let told = world.get("namespaces/archive/statistics").await;
    assert_eq!(
        (&told["objectCount"], &told["ingestedVolume"]),
        (&json!(1), &json!(3 * 1024 * 1024))
    );
}

#[tokio::test]
async fn the_tenant_bounds_its_namespaces() {
    let world = World::open(Profile::Hcp).await;
    let root = crate::fixture::username("root");
    let roles = [model::mapi::Role::Administrator];
    world
        .store
        .hcp
        .create_system_user(&root, "root-root", &roles)
        .await
        .unwrap();
    let set = |body: serde_json::Value| {
        let url = format!("http://{}/mapi/tenants/acme", world.store.management);
        let request = world.store.http.post(url).json(&body);
        let key = crate::fixture::access_key("root");
        let secret = crate::fixture::secret("root-root");
        request
            .header("host", "admin.localhost")
            .header("authorization", format!("HCP {key}:{secret}"))
            .send()
    };
    let set = set(json!({"hardQuota": "10 GB", "namespaceQuota": "3"}))
        .await
        .unwrap();
    assert_eq!(set.status(), 200);
    let new = |name: &str, quota: &str| json!({"name": name, "hardQuota": quota});
    world.put("namespaces", new("archive", "6 GB")).await.done();
    world
        .put("namespaces", new("b", "5 GB"))
        .await
        .refused(400, "hardQuota");
    let more = world
        .post("namespaces/archive", json!({"hardQuota": "11 GB"}))
        .await;
    more.refused(400, "hardQuota");
    world.put("namespaces", new("b", "4 GB")).await.done();
    // By S3 as well.
    let client = world.client_of("ops1");
    let made = client.create_bucket().bucket("ccc").send().await;
    assert_eq!(
        refusal(made.unwrap_err()),
        (400, "InvalidRequest".to_owned())
    );
    world.set("", json!({"hardQuota": "1 GB"})).await;
    world
        .post(
            "namespaceDefaults",
            json!({"hardQuota": "2 GB", "description": "of S3"}),
        )
        .await
        .done();
    client.create_bucket().bucket("ccc").send().await.unwrap();
    let told = world.get("namespaces/ccc").await;
    assert_eq!(
        (&told["hardQuota"], &told["description"]),
        (&json!("2.00 GB"), &json!("of S3"))
    );
    world
        .put("namespaces", new("d", "1 GB"))
        .await
        .refused(400, "namespaceQuota");
    put(&client, "ccc", "a", "x").await;
}

#[tokio::test]
async fn a_user_has_as_many_namespaces_as_the_tenant_lets_them() {
    let world = World::open(Profile::Hcp).await;
    world
        .ask(
            reqwest::Method::POST,
            "",
            Some(json!({"maxNamespacesPerUser": 1})),
        )
        .await
        .done();
    let client = world.archive().await;
    let made = client.create_bucket().bucket("second").send().await;
    assert_eq!(
        refusal(made.unwrap_err()),
        (400, "InvalidRequest".to_owned())
    );
    let here = world
        .put("namespaces", json!({"name": "second", "owner": "ops1"}))
        .await;
    here.refused(400, "maxNamespacesPerUser");
}
