//! Copies, deletions of many, and completions, as far as they make or end versions.

use aws_sdk_s3::{
    primitives::ByteStream,
    types::{
        BucketVersioningStatus, CompletedMultipartUpload, CompletedPart, Delete, DeletedObject,
        ObjectIdentifier,
    },
};

use super::{BUCKET, Kept, line};
use crate::fixture::noise;

#[tokio::test]
async fn a_copy_from_an_old_version_restores_it() {
    let kept = Kept::enabled().await;
    let one = kept.put("a", noise(50_000)).await;
    let two = kept.put("a", "two").await;
    let copied = kept
        .client
        .copy_object()
        .copy_source(format!("{BUCKET}/a?versionId={one}"))
        .bucket(BUCKET)
        .key("a")
        .send()
        .await
        .unwrap();
    assert_eq!(copied.copy_source_version_id(), Some(one.as_str()));
    let three = copied.version_id().unwrap();
    assert!(kept.get("a", None).await.unwrap() == (noise(50_000), Some(three.to_owned())));
    assert_eq!(kept.usage().await, (1, 3, 100_003));
    // The bytes are shared, and stay with the last who has them.
    kept.store.files_become(1).await;
    for version in [&one, &two] {
        kept.delete("a", Some(version)).await.unwrap();
    }
    assert_eq!(kept.lines().await, [line("a", three, true, false)]);
    assert!(kept.get("a", None).await.unwrap().0 == noise(50_000));
    kept.store.files_become(1).await;
}

#[tokio::test]
async fn a_part_may_come_from_an_old_version() {
    let kept = Kept::enabled().await;
    let one = kept.put("a", "old bytes").await;
    kept.put("a", "new").await;
    let upload = kept
        .client
        .create_multipart_upload()
        .bucket(BUCKET)
        .key("b");
    let upload = upload.send().await.unwrap();
    let id = upload.upload_id().unwrap();
    let part = kept
        .client
        .upload_part_copy()
        .copy_source(format!("{BUCKET}/a?versionId={one}"))
        .bucket(BUCKET)
        .key("b")
        .upload_id(id)
        .part_number(1)
        .send()
        .await
        .unwrap();
    assert_eq!(part.copy_source_version_id(), Some(one.as_str()));
    let etag = part.copy_part_result().unwrap().e_tag().unwrap();
    complete(&kept, "b", id, etag).await;
    assert_eq!(kept.get("b", None).await.unwrap().0, b"old bytes");
}

async fn complete(kept: &Kept, key: &str, id: &str, etag: &str) -> Option<String> {
    let part = CompletedPart::builder().part_number(1).e_tag(etag).build();
    let document = CompletedMultipartUpload::builder().parts(part).build();
    let complete = kept.client.complete_multipart_upload().bucket(BUCKET);
    let complete = complete.key(key).upload_id(id).multipart_upload(document);
    let done = complete.send().await.unwrap();
    done.version_id().map(str::to_owned)
}

async fn upload(kept: &Kept, key: &str, body: &'static str) -> Option<String> {
    let begun = kept
        .client
        .create_multipart_upload()
        .bucket(BUCKET)
        .key(key);
    let begun = begun.send().await.unwrap();
    let id = begun.upload_id().unwrap();
    let part = kept.client.upload_part().bucket(BUCKET).key(key);
    let part = part.upload_id(id).part_number(1);
    let part = part.body(ByteStream::from_static(body.as_bytes()));
    let part = part.send().await.unwrap();
    complete(kept, key, id, part.e_tag().unwrap()).await
}

#[tokio::test]
async fn a_completed_upload_is_a_version_as_any_write_is() {
    let kept = Kept::never().await;
    assert_eq!(upload(&kept, "a", "zero").await, None);
    kept.set(BucketVersioningStatus::Enabled).await;
    let one = upload(&kept, "a", "one").await.unwrap();
    let two = upload(&kept, "a", "two!!").await.unwrap();
    assert_eq!(kept.usage().await, (1, 3, 12));
    kept.set(BucketVersioningStatus::Suspended).await;
    assert_eq!(upload(&kept, "a", "null").await.as_deref(), Some("null"));
    assert_eq!(
        kept.lines().await,
        [
            line("a", "null", true, false),
            line("a", &two, false, false),
            line("a", &one, false, false)
        ]
    );
    assert_eq!(kept.usage().await, (1, 3, 12));
    assert_eq!(kept.get("a", Some(&one)).await.unwrap().0, b"one");
}

fn target(key: &str, version: Option<&str>) -> ObjectIdentifier {
    let target = ObjectIdentifier::builder().key(key);
    let target = target.set_version_id(version.map(str::to_owned));
    target.build().unwrap()
}

/// What of a deletion an answer tells: key, version, whether it is about a marker, and whose.
fn told(deleted: &DeletedObject) -> (&str, Option<&str>, Option<bool>, Option<&str>) {
    (
        deleted.key().unwrap(),
        deleted.version_id(),
        deleted.delete_marker(),
        deleted.delete_marker_version_id(),
    )
}

#[tokio::test]
async fn a_deletion_of_many_tells_versions_and_markers_apart() {
    let kept = Kept::enabled().await;
    let a = kept.put("a", "one").await;
    kept.put("a", "two").await;
    kept.put("b", "one").await;
    kept.put("c", "one").await;
    let marker = kept.hide("c").await;
    let targets = [
        target("a", Some(&a)),
        target("b", None),
        target("c", Some(&marker)),
        target("d", None),
        target("a", Some("1")),
    ];
    let delete = Delete::builder().set_objects(Some(targets.into())).build();
    let answer = kept.client.delete_objects().bucket(BUCKET);
    let answer = answer.delete(delete.unwrap()).send().await.unwrap();
    assert!(answer.errors().is_empty(), "{answer:?}");
    let told: Vec<_> = answer.deleted().iter().map(told).collect();
    let lines = kept.lines().await;
    let hidden = |key| {
        let line = lines.iter().find(|line| line.key == key && line.marker);
        line.map(|line| line.version.as_str())
    };
    assert!(hidden("b").is_some() && hidden("d").is_some());
    assert_eq!(
        told,
        [
            ("a", Some(a.as_str()), None, None),
            ("b", None, Some(true), hidden("b")),
            (
                "c",
                Some(marker.as_str()),
                Some(true),
                Some(marker.as_str())
            ),
            ("d", None, Some(true), hidden("d")),
            ("a", Some("1"), None, None),
        ]
    );
    // `a` and `c` show; `b` is hidden; `d` never was.
    assert_eq!(kept.usage().await, (2, 3, 9));
}

#[tokio::test]
async fn a_deletion_of_many_may_name_a_key_twice() {
    let kept = Kept::enabled().await;
    let one = kept.put("a", "one").await;
    let two = kept.put("a", "two").await;
    let targets = [&one, &two].map(|version| target("a", Some(version)));
    let delete = Delete::builder().set_objects(Some(targets.into()));
    let answer = kept.client.delete_objects().bucket(BUCKET);
    let answer = answer.delete(delete.build().unwrap()).send().await.unwrap();
    assert_eq!(answer.deleted().len(), 2);
    assert_eq!(
        (kept.lines().await, kept.usage().await),
        (vec![], (0, 0, 0))
    );
}
