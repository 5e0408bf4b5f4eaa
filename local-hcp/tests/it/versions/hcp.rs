//! Versions by the habits of HCP, where they differ.

use aws_sdk_s3::types::BucketVersioningStatus;
use local_hcp::Profile;

use super::{BUCKET, Kept, Refused, line};

async fn hcp() -> Kept {
    let kept = Kept::never().await;
    let store = kept
        .store
        .restart_with(|config| config.profile = Profile::Hcp);
    let store = store.await;
    let client = store.client();
    Kept { store, client }
}

#[tokio::test]
async fn versions_are_listed_from_the_oldest_and_all_have_numbers() {
    let kept = hcp().await;
    assert_eq!(kept.try_put("a", "0").await, None);
    kept.set(BucketVersioningStatus::Enabled).await;
    let one = kept.put("a", "1").await;
    let two = kept.put("a", "2").await;
    let lines = kept.lines().await;
    let zero = &lines[0].version;
    assert!(
        zero.parse::<u64>().is_ok_and(|zero| zero.to_string() < one),
        "{zero}"
    );
    assert_eq!(
        lines,
        [
            line("a", zero, false, false),
            line("a", &one, false, false),
            line("a", &two, true, false)
        ]
    );
    assert_eq!(kept.get("a", Some(zero)).await.unwrap().0, b"0");
    let page = kept.client.list_object_versions().bucket(BUCKET);
    let page = page.key_marker("a").version_id_marker(&one).send().await;
    let behind = super::listing::lines(&page.unwrap());
    assert_eq!(behind, [line("a", &two, true, false)]);
}

#[tokio::test]
async fn where_versions_were_never_kept_the_name_of_one_is_not_read() {
    let kept = hcp().await;
    kept.try_put("a", "0").await;
    assert_eq!(
        kept.get("a", Some("5")).await.unwrap(),
        (b"0".to_vec(), None)
    );
    assert_eq!(kept.delete("a", Some("5")).await.unwrap(), (None, false));
    assert_eq!(kept.usage().await, (0, 0, 0));
}

#[tokio::test]
async fn an_absent_key_and_a_name_that_cannot_be_read_are_left_alone() {
    let kept = hcp().await;
    kept.set(BucketVersioningStatus::Enabled).await;
    assert_eq!(kept.delete("never", None).await.unwrap(), (None, false));
    kept.put("a", "1").await;
    assert_eq!(kept.delete("a", Some("x")).await.unwrap(), (None, false));
    assert_eq!(kept.usage().await, (1, 1, 1));
    let marker = kept.hide("a").await;
    assert_eq!(kept.delete("a", None).await.unwrap(), (None, false));
    assert_eq!(kept.lines().await.len(), 2);
    let copy = kept.client.copy_object().bucket(BUCKET).key("b");
    let copy = copy.copy_source(format!("{BUCKET}/a?versionId={marker}"));
    let refused = Refused::of(copy.send().await.unwrap_err());
    assert_eq!(refused, Refused::plain(404, "NoSuchVersion"));
}

#[tokio::test]
async fn a_folder_that_was_deleted_comes_back_with_the_next_key_in_it() {
    for status in [
        BucketVersioningStatus::Enabled,
        BucketVersioningStatus::Suspended,
    ] {
        let kept = hcp().await;
        kept.try_put("folder/a", "0").await;
        kept.set(status).await;
        kept.hide("folder/a").await;
        kept.hide("folder/").await;
        assert_eq!(kept.usage().await.0, 0);
        kept.put("folder/b", "1").await;
        assert_eq!(kept.usage().await.0, 2);
        let lines = kept.lines().await;
        let latest: Vec<_> = lines.iter().filter(|line| line.latest).collect();
        let told: Vec<_> = latest
            .iter()
            .map(|line| (line.key.as_str(), line.marker))
            .collect();
        assert_eq!(
            told,
            [("folder/", false), ("folder/b", false), ("folder/a", true)]
        );
    }
}
