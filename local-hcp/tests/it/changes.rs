use std::time::Duration;

use aws_sdk_s3::{
    presigning::PresigningConfig,
    types::{Delete, MetadataDirective, ObjectIdentifier},
};

use crate::fixture::{Fixture, get, noise, put, refusal, tenant};

#[tokio::test]
async fn a_copy_shares_bytes_and_outlives_its_source() {
    let store = Fixture::start().await;
    let client = store.bucket("copies").await;
    let bytes = noise(200_000);
    put(&client, "copies", "från/a b+c?.bin", bytes.clone()).await;
    client
        .copy_object()
        .copy_source("copies/fr%C3%A5n/a%20b%2Bc%3F.bin")
        .bucket("copies")
        .key("to")
        .send()
        .await
        .unwrap();
    store.files_become(1).await;
    client
        .delete_object()
        .bucket("copies")
        .key("från/a b+c?.bin")
        .send()
        .await
        .unwrap();
    assert!(get(&client, "copies", "to").await == bytes);

    let onto_itself = || {
        client
            .copy_object()
            .copy_source("copies/to")
            .bucket("copies")
            .key("to")
    };
    assert_eq!(refusal(onto_itself().send().await.unwrap_err()).0, 400);
    onto_itself()
        .metadata_directive(MetadataDirective::Replace)
        .content_type("text/plain")
        .send()
        .await
        .unwrap();
    let head = client
        .head_object()
        .bucket("copies")
        .key("to")
        .send()
        .await
        .unwrap();
    assert_eq!(head.content_type(), Some("text/plain"));
    assert!(get(&client, "copies", "to").await == bytes);
    client
        .delete_object()
        .bucket("copies")
        .key("to")
        .send()
        .await
        .unwrap();
    store.files_become(0).await;
    let usage = store
        .hcp
        .usage(&tenant("demo"), "copies")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((usage.objects, usage.bytes), (0, 0));
    let gone = client
        .copy_object()
        .copy_source("copies/to")
        .bucket("copies")
        .key("x")
        .send()
        .await;
    assert_eq!(refusal(gone.unwrap_err()), (404, "NoSuchKey".to_owned()));
}

#[tokio::test]
async fn many_are_deleted_at_once_and_absence_is_no_error() {
    let store = Fixture::start().await;
    let client = store.bucket("bulk").await;
    for key in ["a", "b", "c"] {
        put(&client, "bulk", key, noise(20_000)).await;
    }
    let objects =
        ["a", "b", "absent"].map(|key| ObjectIdentifier::builder().key(key).build().unwrap());
    let delete = Delete::builder()
        .set_objects(Some(objects.to_vec()))
        .build()
        .unwrap();
    let answer = client
        .delete_objects()
        .bucket("bulk")
        .delete(delete)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.deleted().len(), 3);
    assert!(answer.errors().is_empty());
    client
        .delete_object()
        .bucket("bulk")
        .key("absent")
        .send()
        .await
        .unwrap();
    let left = client
        .list_objects_v2()
        .bucket("bulk")
        .send()
        .await
        .unwrap();
    assert_eq!(left.contents().len(), 1);
    store.files_become(1).await;
}

#[tokio::test]
async fn the_last_of_concurrent_writes_wins_and_leaves_no_other_file() {
    let store = Fixture::start().await;
    let client = store.bucket("race").await;
    let bodies: Vec<_> = (0..8).map(|n| noise(100_000 + n)).collect();
    let writes = bodies
        .iter()
        .map(|body| put(&client, "race", "a", body.clone()));
    futures::future::join_all(writes).await;
    store.files_become(1).await;
    let stored = get(&client, "race", "a").await;
    assert!(bodies.contains(&stored));
    let usage = store
        .hcp
        .usage(&tenant("demo"), "race")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((usage.objects, usage.bytes), (1, stored.len() as u64));
}

#[tokio::test]
async fn a_download_survives_the_deletion_of_its_object() {
    let store = Fixture::start().await;
    let client = store.bucket("survive").await;
    let bytes = noise(20_000_000);
    put(&client, "survive", "a", bytes.clone()).await;
    let mut answer = client
        .get_object()
        .bucket("survive")
        .key("a")
        .send()
        .await
        .unwrap();
    let first = answer.body.next().await.unwrap().unwrap();
    client
        .delete_object()
        .bucket("survive")
        .key("a")
        .send()
        .await
        .unwrap();
    let mut read = first.to_vec();
    while let Some(chunk) = answer.body.next().await {
        read.extend_from_slice(&chunk.unwrap());
    }
    assert!(read == bytes);
    drop(answer);
    store.files_become(0).await;
}

#[tokio::test]
async fn a_client_that_leaves_mid_upload_leaves_nothing() {
    let store = Fixture::start().await;
    let client = store.bucket("left").await;
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<bytes::Bytes, std::io::Error>>(1);
    let body = futures::stream::unfold(receiver, async |mut receiver| {
        receiver.recv().await.map(|item| (item, receiver))
    });
    let presigned = client
        .put_object()
        .bucket("left")
        .key("a")
        .presigned(PresigningConfig::expires_in(Duration::from_mins(1)).unwrap())
        .await
        .unwrap();
    let upload = tokio::spawn(
        store
            .http
            .put(presigned.uri())
            .header("content-length", 50_000_000)
            .body(reqwest::Body::wrap_stream(body))
            .send(),
    );
    for _ in 0..4 {
        sender.send(Ok(noise(1_000_000).into())).await.unwrap();
    }
    // The upload has reached the disk …
    store.files_become(1).await;
    upload.abort();
    drop(sender);
    // … and is gone with its client.
    store.files_become(0).await;
    let missing = client.head_object().bucket("left").key("a").send().await;
    assert_eq!(refusal(missing.unwrap_err()).0, 404);
}
