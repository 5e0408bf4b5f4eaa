//! While versioning is suspended there is one version called `null`, and those with numbers stay.

use aws_sdk_s3::types::BucketVersioningStatus::{Enabled, Suspended};

use super::{BUCKET, Kept, line};
use crate::fixture::noise;

#[tokio::test]
async fn the_null_version_is_overwritten_in_place_and_the_others_stay() {
    let kept = Kept::enabled().await;
    let one = kept.put("a", "one").await;
    kept.set(Suspended).await;
    assert_eq!(kept.put("a", "first").await, "null");
    assert_eq!(kept.usage().await, (1, 2, 8));
    assert_eq!(kept.put("a", "second").await, "null");
    assert_eq!(kept.usage().await, (1, 2, 9));
    assert_eq!(kept.get("a", None).await.unwrap().0, b"second");
    let lines = [
        line("a", "null", true, false),
        line("a", &one, false, false),
    ];
    assert_eq!(kept.lines().await, lines);
}

#[tokio::test]
async fn the_null_version_is_replaced_also_where_it_lies_below_others() {
    let kept = Kept::never().await;
    kept.try_put("a", noise(50_000)).await;
    kept.set(Enabled).await;
    let one = kept.put("a", "one").await;
    kept.set(Suspended).await;
    kept.store.files_become(1).await;
    assert_eq!(kept.put("a", "new").await, "null");
    let lines = [
        line("a", "null", true, false),
        line("a", &one, false, false),
    ];
    assert_eq!(kept.lines().await, lines);
    assert_eq!(kept.usage().await, (1, 2, 6));
    kept.store.files_become(0).await;
}

#[tokio::test]
async fn a_delete_puts_a_null_marker_in_the_place_of_the_null_version() {
    let kept = Kept::enabled().await;
    let one = kept.put("a", "one").await;
    kept.set(Suspended).await;
    kept.put("a", "null").await;
    for _twice in 0..2 {
        assert_eq!(kept.hide("a").await, "null");
        let lines = [line("a", &one, false, false), line("a", "null", true, true)];
        assert_eq!(kept.lines().await, lines);
        assert_eq!(kept.usage().await, (0, 1, 3));
    }
    let hidden = kept.get("a", None).await.unwrap_err();
    assert_eq!(
        (hidden.status, hidden.version),
        (404, Some("null".to_owned()))
    );
    // Its delete shows what lies below.
    let gone = kept.delete("a", Some("null")).await.unwrap();
    assert_eq!(gone, (Some("null".to_owned()), true));
    assert_eq!(kept.get("a", None).await.unwrap().1, Some(one));
    assert_eq!(kept.usage().await, (1, 1, 3));
}

#[tokio::test]
async fn a_null_marker_below_others_is_replaced_as_well() {
    let kept = Kept::never().await;
    kept.set(Suspended).await;
    kept.hide("a").await;
    kept.set(Enabled).await;
    let one = kept.put("a", "one").await;
    kept.set(Suspended).await;
    assert_eq!(kept.put("a", "null").await, "null");
    let lines = [
        line("a", "null", true, false),
        line("a", &one, false, false),
    ];
    assert_eq!(kept.lines().await, lines);
    assert_eq!(kept.usage().await, (1, 2, 7));
}

#[tokio::test]
async fn a_copy_onto_itself_keeps_bytes_that_both_versions_share() {
    let kept = Kept::never().await;
    kept.set(Suspended).await;
    kept.put("a", noise(50_000)).await;
    let copied = kept
        .client
        .copy_object()
        .copy_source(format!("{BUCKET}/a?versionId=null"))
        .bucket(BUCKET)
        .key("a")
        .send()
        .await
        .unwrap();
    assert_eq!(copied.version_id(), Some("null"));
    assert!(kept.get("a", None).await.unwrap().0 == noise(50_000));
    assert_eq!(kept.usage().await, (1, 1, 50_000));
    kept.store.files_become(1).await;
}
