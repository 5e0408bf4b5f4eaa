use crate::fixture::{Fixture, PASSWORD, put, refusal, tenant, username};

#[tokio::test]
async fn a_bucket_is_made_found_listed_and_removed() {
    let store = Fixture::start().await;
    let client = store.client();
    for name in ["raw-scans", "archive", "archive"] {
        // Making it again is no error for its owner.
        client.create_bucket().bucket(name).send().await.unwrap();
    }
    client.head_bucket().bucket("archive").send().await.unwrap();
    let location = client.get_bucket_location().bucket("archive").send().await;
    location.unwrap();
    let names = |buckets: &[aws_sdk_s3::types::Bucket]| -> Vec<String> {
        buckets
            .iter()
            .map(|bucket| bucket.name().unwrap().to_owned())
            .collect()
    };
    let listed = client.list_buckets().send().await.unwrap();
    assert_eq!(names(listed.buckets()), ["archive", "raw-scans"]);
    assert_eq!(listed.owner().unwrap().display_name(), Some("demo"));
    client
        .delete_bucket()
        .bucket("archive")
        .send()
        .await
        .unwrap();
    let listed = client.list_buckets().send().await.unwrap();
    assert_eq!(names(listed.buckets()), ["raw-scans"]);
    let gone = client.head_bucket().bucket("archive").send().await;
    assert_eq!(refusal(gone.unwrap_err()).0, 404);
}

#[tokio::test]
async fn names_that_cannot_be_a_host_are_refused() {
    let store = Fixture::start().await;
    for name in ["ab", "with.dot", "-edge", "xn--abc"] {
        let refused = store.client().create_bucket().bucket(name).send().await;
        assert_eq!(
            refusal(refused.unwrap_err()),
            (400, "InvalidBucketName".to_owned()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_bucket_with_an_object_or_an_open_upload_stays() {
    let store = Fixture::start().await;
    let client = store.bucket("full").await;
    let not_empty = (409, "BucketNotEmpty".to_owned());
    put(&client, "full", "a", "x").await;
    let refused = client.delete_bucket().bucket("full").send().await;
    assert_eq!(refusal(refused.unwrap_err()), not_empty);
    client
        .delete_object()
        .bucket("full")
        .key("a")
        .send()
        .await
        .unwrap();
    client
        .create_multipart_upload()
        .bucket("full")
        .key("b")
        .send()
        .await
        .unwrap();
    let refused = client.delete_bucket().bucket("full").send().await;
    assert_eq!(refusal(refused.unwrap_err()), not_empty);
}

#[tokio::test]
async fn only_its_owner_reaches_a_bucket() {
    let store = Fixture::start().await;
    store.user("demo", "anna", "anna-anna").await;
    let demo = store.bucket("private").await;
    put(&demo, "private", "a", "secret").await;
    let anna = store.client_of("anna", "anna-anna", &store.by_address());

    let taken = anna.create_bucket().bucket("private").send().await;
    assert_eq!(
        refusal(taken.unwrap_err()),
        (409, "BucketAlreadyExists".to_owned())
    );
    let denied = (403, "AccessDenied".to_owned());
    let read = anna.get_object().bucket("private").key("a").send().await;
    assert_eq!(refusal(read.unwrap_err()), denied);
    let written = anna.put_object().bucket("private").key("b").send().await;
    assert_eq!(refusal(written.unwrap_err()), denied);
    let listed = anna.list_objects_v2().bucket("private").send().await;
    assert_eq!(refusal(listed.unwrap_err()), denied);
    let deleted = anna.delete_object().bucket("private").key("a").send().await;
    assert_eq!(refusal(deleted.unwrap_err()), denied);
    let copied = anna
        .copy_object()
        .copy_source("private/a")
        .bucket("private")
        .key("c");
    assert_eq!(refusal(copied.send().await.unwrap_err()), denied);
    assert!(
        anna.list_buckets()
            .send()
            .await
            .unwrap()
            .buckets()
            .is_empty()
    );
}

#[tokio::test]
async fn without_namespace_management_no_bucket_is_made() {
    let store = Fixture::start().await;
    let created = store
        .hcp
        .create_user(&tenant("demo"), &username("reader"), PASSWORD, &[], false)
        .await;
    assert!(created.unwrap());
    let reader = store.client_of("reader", PASSWORD, &store.by_address());
    let refused = reader.create_bucket().bucket("mine").send().await;
    assert_eq!(
        refusal(refused.unwrap_err()),
        (403, "AccessDenied".to_owned())
    );
}

#[tokio::test]
async fn what_is_not_offered_says_so() {
    let store = Fixture::start().await;
    let client = store.bucket("plain").await;
    let refused = client.get_bucket_policy().bucket("plain").send().await;
    assert_eq!(
        refusal(refused.unwrap_err()),
        (501, "NotImplemented".to_owned())
    );
    let refused = client
        .put_object()
        .bucket("plain")
        .key("a")
        .object_lock_legal_hold_status(aws_sdk_s3::types::ObjectLockLegalHoldStatus::On)
        .send()
        .await;
    assert_eq!(
        refusal(refused.unwrap_err()),
        (501, "NotImplemented".to_owned())
    );
}
