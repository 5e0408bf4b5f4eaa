//! How versions are named: by numbers that the store gives, by `null`, and not at all.

use aws_sdk_s3::types::{BucketVersioningStatus, Delete, MetadataDirective, ObjectIdentifier};

use super::{BUCKET, Kept, Refused};

/// What no version is called.
const UNREADABLE: [&str; 9] = [
    "x",
    "-1",
    "+1",
    " 1",
    "01",
    "1.0",
    "NULL",
    "9223372036854775808",
    "3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY",
];

#[tokio::test]
async fn where_versions_were_never_kept_no_answer_names_one() {
    let kept = Kept::never().await;
    assert_eq!(kept.try_put("a", "one").await, None);
    assert_eq!(kept.get("a", None).await.unwrap(), (b"one".to_vec(), None));
    // It may be asked for as `null` all the same.
    assert_eq!(kept.get("a", Some("null")).await.unwrap().0, b"one");
    let copied = kept
        .client
        .copy_object()
        .copy_source(format!("{BUCKET}/a"))
        .bucket(BUCKET)
        .key("b")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (copied.version_id(), copied.copy_source_version_id()),
        (None, None)
    );
    assert_eq!(kept.delete("a", None).await.unwrap(), (None, false));
    assert_eq!(kept.delete("a", None).await.unwrap(), (None, false));
    assert_eq!(kept.delete("b", Some("null")).await.unwrap(), (None, false));
    assert_eq!(kept.usage().await, (0, 0, 0));
    assert_eq!(kept.lines().await, []);
}

#[tokio::test]
async fn what_is_no_name_of_a_version_is_400_and_changes_nothing() {
    for status in [None, Some(BucketVersioningStatus::Enabled)] {
        let kept = Kept::never().await;
        if let Some(status) = status {
            kept.set(status).await;
        }
        kept.try_put("a", "one").await;
        let invalid = Refused::plain(400, "InvalidArgument");
        for name in UNREADABLE {
            let named = Some(name);
            assert_eq!(kept.get("a", named).await.unwrap_err(), invalid, "{name}");
            assert_eq!(
                kept.delete("a", named).await.unwrap_err(),
                invalid,
                "{name}"
            );
            let tags = kept.client.get_object_tagging().bucket(BUCKET).key("a");
            let tags = tags.version_id(name).send().await.unwrap_err();
            assert_eq!(Refused::of(tags), invalid, "{name}");
        }
        assert_eq!(kept.get("a", None).await.unwrap().0, b"one");
        assert_eq!(kept.usage().await, (1, 1, 3));
    }
}

#[tokio::test]
async fn a_copy_from_what_is_no_version_is_refused() {
    let kept = Kept::enabled().await;
    kept.put("a", "one").await;
    let marker = kept.hide("a").await;
    let copy = |version: Option<&str>| {
        let version = version.map(|name| format!("?versionId={name}"));
        kept.client
            .copy_object()
            .copy_source(format!("{BUCKET}/a{}", version.unwrap_or_default()))
            .metadata_directive(MetadataDirective::Copy)
            .bucket(BUCKET)
            .key("b")
            .send()
    };
    for (version, status, code) in [
        (None, 404, "NoSuchKey"),
        (Some(marker.as_str()), 400, "InvalidRequest"),
        (Some("null"), 404, "NoSuchVersion"),
        (Some("1"), 404, "NoSuchVersion"),
        (Some("x"), 400, "InvalidArgument"),
    ] {
        let refused = Refused::of(copy(version).await.unwrap_err());
        assert_eq!(refused, Refused::plain(status, code), "{version:?}");
    }
    assert_eq!(kept.usage().await, (0, 1, 3));
}

#[tokio::test]
async fn a_version_of_one_key_is_none_of_another() {
    let kept = Kept::enabled().await;
    let one = kept.put("a", "one").await;
    kept.put("b", "two").await;
    let absent = kept.get("b", Some(&one)).await.unwrap_err();
    assert_eq!(absent, Refused::plain(404, "NoSuchVersion"));
    kept.delete("b", Some(&one)).await.unwrap();
    assert_eq!(kept.usage().await, (2, 2, 6));
    assert_eq!(kept.get("a", None).await.unwrap().0, b"one");
}

#[tokio::test]
async fn one_bad_name_in_a_deletion_of_many_is_told_for_its_own_key() {
    let kept = Kept::enabled().await;
    kept.put("a", "one").await;
    let two = kept.put("b", "two").await;
    let target = |key: &str, version: &str| {
        let target = ObjectIdentifier::builder().key(key).version_id(version);
        target.build().unwrap()
    };
    let targets = Delete::builder()
        .objects(target("a", "x"))
        .objects(target("b", &two))
        .build()
        .unwrap();
    let answer = kept.client.delete_objects().bucket(BUCKET).delete(targets);
    let answer = answer.send().await.unwrap();
    let [refused] = answer.errors() else {
        panic!("one error: {answer:?}");
    };
    assert_eq!(
        (refused.key(), refused.version_id(), refused.code()),
        (Some("a"), Some("x"), Some("InvalidArgument"))
    );
    assert_eq!(answer.deleted().len(), 1);
    assert_eq!(kept.usage().await, (1, 1, 3));
}
