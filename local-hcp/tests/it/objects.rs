use std::time::Duration;

use aws_sdk_s3::{
    error::SdkError,
    presigning::PresigningConfig,
    primitives::{ByteStream, DateTime},
    types::ChecksumAlgorithm,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::fixture::{Fixture, get, md5_hex, noise, put, refusal, tenant};

#[tokio::test]
async fn bytes_come_back_as_they_went_in_at_every_size() {
    let store = Fixture::start().await;
    let client = store.bucket("sizes").await;
    // Around what lives in the row, around a block of writing and of reading.
    for size in [
        0, 1, 16_384, 16_385, 524_288, 1_048_575, 1_048_577, 5_000_000,
    ] {
        let bytes = noise(size);
        let key = format!("{size}.bin");
        let stored = client
            .put_object()
            .bucket("sizes")
            .key(&key)
            .body(ByteStream::from(bytes.clone()))
            .send()
            .await
            .unwrap();
        assert_eq!(stored.e_tag().unwrap(), format!("\"{}\"", md5_hex(&bytes)));
        assert!(get(&client, "sizes", &key).await == bytes, "{size}");
        let head = client
            .head_object()
            .bucket("sizes")
            .key(&key)
            .send()
            .await
            .unwrap();
        assert_eq!(head.content_length(), i64::try_from(size).ok());
    }
    let usage = store
        .hcp
        .usage(&tenant("demo"), "sizes")
        .await
        .unwrap()
        .unwrap();
    let bytes = 1 + 16_384 + 16_385 + 524_288 + 1_048_575 + 1_048_577 + 5_000_000;
    assert_eq!((usage.objects, usage.bytes), (8, bytes));
}

#[tokio::test]
async fn every_key_is_its_own() {
    let store = Fixture::start().await;
    let client = store.bucket("keys").await;
    let long = "å".repeat(512);
    let keys = [
        "with space",
        "hash#",
        "question?",
        "percent%41",
        "quote\"'",
        "emoji🎉",
        "a//b",
        "slash/",
        "/leading",
        "plus+plus",
        "semi;colon&amp=",
        "back\\slash",
        "ÅÄÖ",
        "A",
        "a",
        &long,
    ];
    for key in keys {
        put(&client, "keys", key, key).await;
    }
    for key in keys {
        assert_eq!(get(&client, "keys", key).await, key.as_bytes(), "{key}");
    }
    let listed = client
        .list_objects_v2()
        .bucket("keys")
        .send()
        .await
        .unwrap();
    let listed: Vec<_> = listed
        .contents()
        .iter()
        .filter_map(|object| object.key())
        .collect();
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    assert_eq!(listed, sorted);
    let too_long = "x".repeat(1_025);
    let refused = client
        .put_object()
        .bucket("keys")
        .key(too_long)
        .send()
        .await;
    assert_eq!(
        refusal(refused.unwrap_err()),
        (400, "KeyTooLongError".to_owned())
    );
}

/// Sends a request as it is: HTTP clients resolve dot segments in paths.
async fn raw(address: std::net::SocketAddr, method: &str, url: &str, body: &str) -> String {
    let target = url.split_once(&address.to_string()).unwrap().1;
    let request = format!(
        "{method} {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn dot_segments_are_parts_of_keys_like_any_other() {
    let store = Fixture::start().await;
    let client = store.bucket("dots").await;
    let minute = || PresigningConfig::expires_in(Duration::from_mins(1)).unwrap();
    let keys = ["..", "./dot", "a/../b", "a/./b"];
    for key in keys {
        let put = client
            .put_object()
            .bucket("dots")
            .key(key)
            .presigned(minute())
            .await
            .unwrap();
        let answer = raw(store.s3, "PUT", put.uri(), key).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    for key in keys {
        let get = client
            .get_object()
            .bucket("dots")
            .key(key)
            .presigned(minute())
            .await
            .unwrap();
        let answer = raw(store.s3, "GET", get.uri(), "").await;
        assert!(answer.ends_with(&format!("\r\n\r\n{key}")), "{answer}");
    }
    let listed = client
        .list_objects_v2()
        .bucket("dots")
        .send()
        .await
        .unwrap();
    let listed: Vec<_> = listed
        .contents()
        .iter()
        .filter_map(|object| object.key())
        .collect();
    assert_eq!(listed, keys);
}

#[tokio::test]
async fn ranges_give_exactly_their_bytes() {
    let store = Fixture::start().await;
    let client = store.bucket("ranges").await;
    let bytes = noise(1_500_000);
    put(&client, "ranges", "a", bytes.clone()).await;
    put(&client, "ranges", "small", "0123456789").await;
    for (range, expected, header) in [
        ("bytes=0-0", &bytes[..1], "bytes 0-0/1500000"),
        (
            "bytes=524287-524289",
            &bytes[524_287..524_290],
            "bytes 524287-524289/1500000",
        ),
        (
            "bytes=1499999-",
            &bytes[1_499_999..],
            "bytes 1499999-1499999/1500000",
        ),
        (
            "bytes=-3",
            &bytes[1_499_997..],
            "bytes 1499997-1499999/1500000",
        ),
        (
            "bytes=10-99999999",
            &bytes[10..],
            "bytes 10-1499999/1500000",
        ),
    ] {
        let part = client
            .get_object()
            .bucket("ranges")
            .key("a")
            .range(range)
            .send()
            .await
            .unwrap();
        assert_eq!(part.content_range(), Some(header));
        assert_eq!(part.content_length(), i64::try_from(expected.len()).ok());
        assert!(
            part.body.collect().await.unwrap().to_vec() == expected,
            "{range}"
        );
    }
    let part = client
        .get_object()
        .bucket("ranges")
        .key("small")
        .range("bytes=3-5");
    let part = part.send().await.unwrap().body.collect().await.unwrap();
    assert_eq!(part.to_vec(), b"345");
    let outside = client
        .get_object()
        .bucket("ranges")
        .key("small")
        .range("bytes=10-");
    assert_eq!(
        refusal(outside.send().await.unwrap_err()),
        (416, "InvalidRange".to_owned())
    );
}

#[tokio::test]
async fn headers_and_metadata_are_kept() {
    let store = Fixture::start().await;
    let client = store.bucket("meta").await;
    client
        .put_object()
        .bucket("meta")
        .key("a.txt")
        .content_type("text/markdown")
        .content_disposition("attachment; filename=\"a.txt\"")
        .content_encoding("gzip")
        .content_language("sv")
        .cache_control("max-age=60")
        .expires(DateTime::from_secs(2_000_000_000))
        .metadata("colour", "blå")
        .body(ByteStream::from_static(b"x"))
        .send()
        .await
        .unwrap();
    let head = client
        .head_object()
        .bucket("meta")
        .key("a.txt")
        .send()
        .await
        .unwrap();
    assert_eq!(head.content_type(), Some("text/markdown"));
    assert_eq!(
        head.content_disposition(),
        Some("attachment; filename=\"a.txt\"")
    );
    assert_eq!(head.content_encoding(), Some("gzip"));
    assert_eq!(head.content_language(), Some("sv"));
    assert_eq!(head.cache_control(), Some("max-age=60"));
    assert_eq!(head.expires_string(), Some("Wed, 18 May 2033 03:33:20 GMT"));
    assert_eq!(head.metadata().unwrap().len(), 1);

    let shown = client
        .get_object()
        .bucket("meta")
        .key("a.txt")
        .response_content_disposition("inline")
        .response_content_type("text/plain")
        .send()
        .await
        .unwrap();
    assert_eq!(shown.content_disposition(), Some("inline"));
    assert_eq!(shown.content_type(), Some("text/plain"));

    let too_much = client
        .put_object()
        .bucket("meta")
        .key("b")
        .metadata("a", "x".repeat(2_048));
    assert_eq!(
        refusal(too_much.send().await.unwrap_err()),
        (400, "MetadataTooLarge".to_owned())
    );
}

#[tokio::test]
async fn conditions_decide() {
    let store = Fixture::start().await;
    let client = store.bucket("conditions").await;
    put(&client, "conditions", "a", "one").await;
    let etag = format!("\"{}\"", md5_hex(b"one"));
    let read = || client.get_object().bucket("conditions").key("a");
    read().if_match(&etag).send().await.unwrap();
    let failed = read().if_match("\"other\"").send().await.unwrap_err();
    assert_eq!(refusal(failed), (412, "PreconditionFailed".to_owned()));
    let unchanged = read().if_none_match(&etag).send().await.unwrap_err();
    assert_eq!(
        unchanged.raw_response().unwrap().headers().get("etag"),
        Some(etag.as_str())
    );
    assert_eq!(refusal(unchanged).0, 304);
    let future = DateTime::from_secs(4_000_000_000);
    assert_eq!(
        refusal(read().if_modified_since(future).send().await.unwrap_err()).0,
        304
    );
    let past = DateTime::from_secs(0);
    assert_eq!(
        refusal(read().if_unmodified_since(past).send().await.unwrap_err()).0,
        412
    );
    let head = client
        .head_object()
        .bucket("conditions")
        .key("a")
        .if_none_match(&etag);
    assert_eq!(refusal(head.send().await.unwrap_err()).0, 304);

    let write = |key| {
        client
            .put_object()
            .bucket("conditions")
            .key(key)
            .if_none_match("*")
    };
    assert_eq!(refusal(write("a").send().await.unwrap_err()).0, 412);
    write("new").send().await.unwrap();
}

#[tokio::test]
async fn checksums_of_the_client_are_verified() {
    let store = Fixture::start().await;
    let client = store.bucket("sums").await;
    for algorithm in [
        ChecksumAlgorithm::Crc32,
        ChecksumAlgorithm::Crc32C,
        ChecksumAlgorithm::Sha1,
        ChecksumAlgorithm::Sha256,
        ChecksumAlgorithm::Crc64Nvme,
    ] {
        client
            .put_object()
            .bucket("sums")
            .key(algorithm.as_str())
            .checksum_algorithm(algorithm)
            .body(ByteStream::from(noise(100_000)))
            .send()
            .await
            .unwrap();
    }
    let wrong = client
        .put_object()
        .bucket("sums")
        .key("a")
        .checksum_crc32("AAAAAA==");
    let wrong = wrong.body(ByteStream::from_static(b"x")).send().await;
    assert_eq!(refusal(wrong.unwrap_err()), (400, "BadDigest".to_owned()));
    let wrong = client
        .put_object()
        .bucket("sums")
        .key("a")
        .content_md5("1B2M2Y8AsgTpgAmY7PhCfg==");
    let wrong = wrong.body(ByteStream::from(noise(100_000))).send().await;
    assert_eq!(refusal(wrong.unwrap_err()), (400, "BadDigest".to_owned()));
    let unreadable = client
        .put_object()
        .bucket("sums")
        .key("a")
        .content_md5("no")
        .send()
        .await;
    assert_eq!(
        refusal(unreadable.unwrap_err()),
        (400, "InvalidDigest".to_owned())
    );
    let missing = client.get_object().bucket("sums").key("a").send().await;
    assert_eq!(refusal(missing.unwrap_err()), (404, "NoSuchKey".to_owned()));
    // The five good ones; nothing is left of the bad.
    store.files_become(5).await;
}

#[tokio::test]
async fn a_wrong_secret_and_an_unknown_user_are_told_apart() {
    let store = Fixture::start().await;
    let wrong = store.client_of("demo", "wrong", &store.by_address());
    assert_eq!(
        refusal(wrong.list_buckets().send().await.unwrap_err()),
        (403, "SignatureDoesNotMatch".to_owned())
    );
    let unknown = store.client_of("stranger", "wrong", &store.by_address());
    assert_eq!(
        refusal(unknown.list_buckets().send().await.unwrap_err()),
        (403, "InvalidAccessKeyId".to_owned())
    );
    let unsigned = store.http.get(store.by_address()).send().await.unwrap();
    assert_eq!(unsigned.status(), 403);
    assert!(unsigned.headers().contains_key("x-amz-request-id"));
    assert!(unsigned.text().await.unwrap().contains("AccessDenied"));
}

#[tokio::test]
async fn a_missing_bucket_is_a_problem() {
    let store = Fixture::start().await;
    let answer = store
        .client()
        .put_object()
        .bucket("nowhere")
        .key("a")
        .send()
        .await;
    let error = answer.unwrap_err();
    assert!(matches!(error, SdkError::ServiceError(_)));
    assert_eq!(refusal(error), (404, "NoSuchBucket".to_owned()));
}
