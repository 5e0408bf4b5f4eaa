use std::time::{Duration, SystemTime};

use aws_sdk_s3::presigning::PresigningConfig;

use crate::fixture::{Fixture, noise, put};

fn valid_for(seconds: u64) -> PresigningConfig {
    PresigningConfig::expires_in(Duration::from_secs(seconds)).unwrap()
}

#[tokio::test]
async fn a_presigned_url_carries_its_own_permission() {
    let store = Fixture::start().await;
    let client = store.bucket("signed").await;
    let key = "raw data/å#1?.bin";
    let upload = client.put_object().bucket("signed").key(key);
    let upload = upload.presigned(valid_for(60)).await.unwrap();
    let bytes = noise(3_000_000);
    let sent = store
        .http
        .put(upload.uri())
        .body(bytes.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 200);

    let download = client
        .get_object()
        .bucket("signed")
        .key(key)
        .response_content_disposition("attachment; filename=\"1.bin\"");
    let download = download.presigned(valid_for(60)).await.unwrap();
    let read = store
        .http
        .get(download.uri())
        .header("range", "bytes=5-9")
        .send()
        .await
        .unwrap();
    assert_eq!(read.status(), 206);
    assert_eq!(read.headers()["content-range"], "bytes 5-9/3000000");
    assert_eq!(
        read.headers()["content-disposition"],
        "attachment; filename=\"1.bin\""
    );
    assert_eq!(read.bytes().await.unwrap(), bytes[5..10]);
    // A range that cannot be read means everything.
    for odd in ["bytes=9-5", "lines=1-2", "bytes=0-1,4-5"] {
        let whole = store
            .http
            .get(download.uri())
            .header("range", odd)
            .send()
            .await
            .unwrap();
        assert_eq!(whole.status(), 200, "{odd}");
        assert_eq!(whole.content_length(), Some(3_000_000));
    }
}

#[tokio::test]
async fn a_changed_or_expired_url_is_refused() {
    let store = Fixture::start().await;
    let client = store.bucket("signed").await;
    put(&client, "signed", "a", "x").await;
    put(&client, "signed", "b", "secret").await;
    let good = client
        .get_object()
        .bucket("signed")
        .key("a")
        .presigned(valid_for(60))
        .await
        .unwrap();
    assert_eq!(
        store.http.get(good.uri()).send().await.unwrap().status(),
        200
    );
    for changed in [
        good.uri().replace("/signed/a?", "/signed/b?"),
        good.uri().replace("X-Amz-Expires=60", "X-Amz-Expires=6000"),
        format!("{}&response-content-type=text/html", good.uri()),
    ] {
        assert_ne!(changed, good.uri());
        let refused = store.http.get(&changed).send().await.unwrap();
        assert_eq!(refused.status(), 403, "{changed}");
        assert!(
            refused
                .text()
                .await
                .unwrap()
                .contains("SignatureDoesNotMatch")
        );
    }
    let refused = store.http.delete(good.uri()).send().await.unwrap();
    assert_eq!(refused.status(), 403);

    let past = PresigningConfig::builder()
        .start_time(SystemTime::now() - Duration::from_mins(2))
        .expires_in(Duration::from_mins(1))
        .build()
        .unwrap();
    let expired = client
        .get_object()
        .bucket("signed")
        .key("a")
        .presigned(past)
        .await
        .unwrap();
    let refused = store.http.get(expired.uri()).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    assert!(refused.text().await.unwrap().contains("AccessDenied"));
}

#[tokio::test]
async fn the_key_may_stand_in_the_url_with_its_padding_bare_or_encoded() {
    let store = Fixture::start().await;
    let client = store.bucket("signed").await;
    put(&client, "signed", "a", "x").await;
    let signed = client
        .get_object()
        .bucket("signed")
        .key("a")
        .presigned(valid_for(60))
        .await
        .unwrap();
    let encoded = signed.uri().to_owned();
    assert!(encoded.contains("ZGVtbw%3D%3D%2F"), "{encoded}");
    let bare = encoded.replace("ZGVtbw%3D%3D%2F", "ZGVtbw==/");
    for url in [encoded, bare] {
        assert_eq!(
            store.http.get(&url).send().await.unwrap().status(),
            200,
            "{url}"
        );
    }
}
