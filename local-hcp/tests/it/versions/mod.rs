//! Versions over the wire: what S3 promises of a bucket that keeps them.

mod changes;
mod hcp;
mod kept;
mod listing;
mod names;
mod suspended;

use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};

use self::kept::{BUCKET, Kept, Line, Refused, line};
use crate::fixture::{noise, tenant, username};

#[tokio::test]
async fn versioning_is_absent_then_enabled_or_suspended_and_never_absent_again() {
    let kept = Kept::never().await;
    assert_eq!(kept.status().await, None);
    let nothing = kept
        .client
        .put_bucket_versioning()
        .bucket(BUCKET)
        .versioning_configuration(VersioningConfiguration::builder().build());
    let refused = Refused::of(nothing.send().await.unwrap_err());
    assert_eq!(refused, Refused::plain(400, "MalformedXML"));
    assert_eq!(kept.status().await, None);
    for status in [
        BucketVersioningStatus::Suspended,
        BucketVersioningStatus::Enabled,
        BucketVersioningStatus::Suspended,
    ] {
        kept.set(status.clone()).await;
        assert_eq!(kept.status().await, Some(status));
    }
}

#[tokio::test]
async fn only_the_owner_sees_and_sets_versioning() {
    let kept = Kept::never().await;
    let (demo, other) = (tenant("demo"), username("other"));
    // Administrators of the tenant may set it, as on HCP.
    let roles = [model::mapi::Role::Monitor];
    let made = kept
        .store
        .hcp
        .create_user(&demo, &other, "other-other", &roles, true);
    assert!(made.await.unwrap());
    let other = kept
        .store
        .client_of("other", "other-other", &kept.store.by_address());
    let get = other.get_bucket_versioning().bucket(BUCKET).send().await;
    assert_eq!(Refused::of(get.unwrap_err()).code, "AccessDenied");
    let status = BucketVersioningStatus::Enabled;
    let document = VersioningConfiguration::builder().status(status).build();
    let put = other
        .put_bucket_versioning()
        .bucket(BUCKET)
        .versioning_configuration(document);
    assert_eq!(
        Refused::of(put.send().await.unwrap_err()).code,
        "AccessDenied"
    );
    assert_eq!(kept.status().await, None);
}

#[tokio::test]
async fn each_write_is_a_version_and_what_was_there_before_is_called_null() {
    let kept = Kept::never().await;
    assert_eq!(kept.try_put("a", "before").await, None);
    kept.set(BucketVersioningStatus::Enabled).await;
    let one = kept.put("a", "one").await;
    let two = kept.put("a", "two!").await;
    assert_ne!(one, two);
    let read = |version: Option<String>| {
        let kept = &kept;
        async move { kept.get("a", version.as_deref()).await.unwrap() }
    };
    assert_eq!(read(None).await, (b"two!".to_vec(), Some(two.clone())));
    for (version, bytes) in [("null", "before"), (&one, "one"), (&two, "two!")] {
        let version = Some(version.to_owned());
        assert_eq!(read(version.clone()).await, (bytes.into(), version));
    }
    assert_eq!(
        kept.lines().await,
        [
            line("a", &two, true, false),
            line("a", &one, false, false),
            line("a", "null", false, false)
        ]
    );
    assert_eq!(kept.usage().await, (1, 3, 13));
}

#[tokio::test]
async fn a_delete_marker_hides_the_key_and_its_own_delete_shows_it_again() {
    let kept = Kept::enabled().await;
    let one = kept.put("a", "one").await;
    assert_eq!(kept.usage().await, (1, 1, 3));
    let marker = kept.hide("a").await;
    assert_eq!(kept.usage().await, (0, 1, 3));
    let hidden = Refused {
        status: 404,
        code: "NoSuchKey".to_owned(),
        marker: true,
        version: Some(marker.clone()),
    };
    assert_eq!(kept.get("a", None).await.unwrap_err(), hidden);
    let named = Refused {
        status: 405,
        code: "MethodNotAllowed".to_owned(),
        ..hidden
    };
    assert_eq!(kept.get("a", Some(&marker)).await.unwrap_err(), named);
    let old = kept.get("a", Some(&one)).await.unwrap();
    assert_eq!(old, (b"one".to_vec(), Some(one.clone())));
    let shown = kept.client.list_objects_v2().bucket(BUCKET).send().await;
    assert_eq!(shown.unwrap().key_count(), Some(0));

    // Another one, upon the first.
    let second = kept.hide("a").await;
    assert_eq!(
        kept.lines().await,
        [
            line("a", &one, false, false),
            line("a", &second, true, true),
            line("a", &marker, false, true)
        ]
    );
    let gone = kept.delete("a", Some(&marker)).await.unwrap();
    assert_eq!(gone, (Some(marker), true));
    assert_eq!(kept.get("a", None).await.unwrap_err().status, 404);
    kept.delete("a", Some(&second)).await.unwrap();
    let shown = kept.get("a", None).await.unwrap();
    assert_eq!(shown, (b"one".to_vec(), Some(one.clone())));
    assert_eq!(kept.usage().await, (1, 1, 3));
    assert_eq!(kept.lines().await, [line("a", &one, true, false)]);
}

#[tokio::test]
async fn a_key_that_never_was_gets_a_delete_marker_too() {
    let kept = Kept::enabled().await;
    let marker = kept.hide("never").await;
    assert_eq!(kept.lines().await, [line("never", &marker, true, true)]);
    assert_eq!(kept.usage().await, (0, 0, 0));
    kept.delete("never", Some(&marker)).await.unwrap();
    let absent = kept.get("never", None).await.unwrap_err();
    assert_eq!(absent, Refused::plain(404, "NoSuchKey"));
}

#[tokio::test]
async fn deleting_a_version_is_for_good_and_lets_its_bytes_go() {
    let kept = Kept::enabled().await;
    let mut versions = Vec::new();
    for size in [50_000, 60_000, 70_000] {
        versions.push(kept.put("a", noise(size)).await);
    }
    kept.store.files_become(3).await;
    let [one, two, three] = versions.try_into().unwrap();
    // In the middle: nobody sees a difference but who names it.
    let gone = kept.delete("a", Some(&two)).await.unwrap();
    assert_eq!(gone, (Some(two.clone()), false));
    let absent = kept.get("a", Some(&two)).await.unwrap_err();
    assert_eq!(absent, Refused::plain(404, "NoSuchVersion"));
    assert_eq!(kept.usage().await, (1, 2, 120_000));
    // A second time is as good as the first.
    assert!(!kept.delete("a", Some(&two)).await.unwrap().1);
    assert_eq!(kept.usage().await, (1, 2, 120_000));
    kept.store.files_become(2).await;
    // The newest: the one below it is the newest then.
    kept.delete("a", Some(&three)).await.unwrap();
    let shown = kept.get("a", None).await.unwrap();
    assert!(shown == (noise(50_000), Some(one.clone())));
    assert_eq!(kept.lines().await, [line("a", &one, true, false)]);
    // The last.
    kept.delete("a", Some(&one)).await.unwrap();
    assert_eq!(kept.get("a", None).await.unwrap_err().code, "NoSuchKey");
    assert_eq!(
        (kept.lines().await, kept.usage().await),
        (vec![], (0, 0, 0))
    );
    kept.store.files_become(0).await;
}

#[tokio::test]
async fn a_bucket_with_nothing_but_old_versions_or_markers_is_not_empty() {
    let kept = Kept::enabled().await;
    let delete = || kept.client.delete_bucket().bucket(BUCKET).send();
    let refused = Refused::plain(409, "BucketNotEmpty");
    let one = kept.put("a", "one").await;
    let marker = kept.hide("a").await;
    assert_eq!(Refused::of(delete().await.unwrap_err()), refused);
    kept.delete("a", Some(&one)).await.unwrap();
    assert_eq!(kept.lines().await, [line("a", &marker, true, true)]);
    assert_eq!(Refused::of(delete().await.unwrap_err()), refused);
    kept.delete("a", Some(&marker)).await.unwrap();
    delete().await.unwrap();
}

#[tokio::test]
async fn versions_outlive_a_restart() {
    let kept = Kept::enabled().await;
    let one = kept.put("a", "one").await;
    kept.hide("a").await;
    let lines = kept.lines().await;
    let store = kept.store.restart(|_folder| {}).await;
    let client = store.client();
    let kept = Kept { store, client };
    assert_eq!(kept.lines().await, lines);
    let two = kept.put("a", "two").await;
    assert_eq!(kept.lines().await[0], line("a", &two, true, false));
    assert_eq!(kept.get("a", Some(&one)).await.unwrap().0, b"one");
}
