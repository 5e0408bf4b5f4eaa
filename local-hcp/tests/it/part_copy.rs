use aws_sdk_s3::{
    Client,
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart},
};

use crate::fixture::{Fixture, get, md5_hex, noise, put, refusal};

const MIB: usize = 1024 * 1024;

async fn begin(client: &Client, key: &str) -> String {
    let begun = client.create_multipart_upload().bucket("copies").key(key);
    begun.send().await.unwrap().upload_id().unwrap().to_owned()
}

async fn complete(client: &Client, key: &str, id: &str, parts: Vec<CompletedPart>) {
    let document = CompletedMultipartUpload::builder()
        .set_parts(Some(parts))
        .build();
    client
        .complete_multipart_upload()
        .bucket("copies")
        .key(key)
        .upload_id(id)
        .multipart_upload(document)
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn parts_are_copied_from_objects_and_ranges_of_them() {
    let store = Fixture::start().await;
    let client = store.bucket("copies").await;
    let source = noise(3 * MIB + 11);
    // Of several parts, so that a range crosses them.
    let id = begin(&client, "source").await;
    let mut parts = Vec::new();
    for (number, bytes) in (1..).zip(source.chunks(MIB)) {
        let stored = client
            .upload_part()
            .bucket("copies")
            .key("source")
            .upload_id(&id)
            .part_number(number)
            .body(ByteStream::from(bytes.to_vec()))
            .send()
            .await
            .unwrap();
        let part = CompletedPart::builder().part_number(number);
        parts.push(part.e_tag(stored.e_tag().unwrap()).build());
    }
    complete(&client, "source", &id, parts).await;

    let id = begin(&client, "target").await;
    let copy = |number: i32, range: Option<&str>| {
        client
            .upload_part_copy()
            .bucket("copies")
            .key("target")
            .upload_id(&id)
            .part_number(number)
            .copy_source("copies/source")
            .set_copy_source_range(range.map(str::to_owned))
            .send()
    };
    let first = copy(1, Some("bytes=1000-2098999")).await.unwrap();
    let result = first.copy_part_result().unwrap();
    let expected = &source[1_000..=2_098_999];
    assert_eq!(result.e_tag().unwrap().trim_matches('"'), md5_hex(expected));
    let second = copy(2, None).await.unwrap();
    let etags = [&first, &second].map(|part| part.copy_part_result().unwrap().e_tag().unwrap());
    let named = (1..).zip(etags).map(|(number, etag)| {
        let part = CompletedPart::builder().part_number(number);
        part.e_tag(etag).build()
    });
    complete(&client, "target", &id, named.collect()).await;
    let whole = [expected, &source].concat();
    assert!(get(&client, "copies", "target").await == whole);

    let id_of_bad = begin(&client, "target").await;
    for range in [
        "bytes=0-3145739",
        "bytes=5-4",
        "bytes=-5",
        "bytes=5-",
        "5-6",
    ] {
        let refused = client
            .upload_part_copy()
            .bucket("copies")
            .key("target")
            .upload_id(&id_of_bad)
            .part_number(1)
            .copy_source("copies/source")
            .copy_source_range(range)
            .send()
            .await;
        let invalid = (400, "InvalidArgument".to_owned());
        assert_eq!(refusal(refused.unwrap_err()), invalid, "{range}");
    }
}

#[tokio::test]
async fn conditions_of_the_source_hold_for_a_part_too() {
    let store = Fixture::start().await;
    let client = store.bucket("copies").await;
    put(&client, "copies", "source", "hello").await;
    let id = begin(&client, "target").await;
    let copy = |etag: &str| {
        client
            .upload_part_copy()
            .bucket("copies")
            .key("target")
            .upload_id(&id)
            .part_number(1)
            .copy_source("copies/source")
            .copy_source_if_match(etag)
            .send()
    };
    let failed = (412, "PreconditionFailed".to_owned());
    assert_eq!(refusal(copy("\"x\"").await.unwrap_err()), failed);
    copy(&format!("\"{}\"", md5_hex(b"hello"))).await.unwrap();
}
