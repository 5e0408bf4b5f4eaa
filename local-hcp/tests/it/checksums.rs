use aws_sdk_s3::{
    Client,
    operation::{get_object::GetObjectOutput, head_object::HeadObjectOutput},
    primitives::ByteStream,
    types::{
        ChecksumAlgorithm, ChecksumMode, ChecksumType, CompletedMultipartUpload, CompletedPart,
        ObjectAttributes, ObjectPart,
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::fixture::{Fixture, noise, put, refusal};

const MIB: usize = 1024 * 1024;

/// The CRC-32C of "123456789", of the catalogue of CRCs: 0xE3069283.
const CRC32C_OF_DIGITS: [u8; 4] = [0xE3, 0x06, 0x92, 0x83];

async fn head(client: &Client, bucket: &str, key: &str) -> HeadObjectOutput {
    let asked = client.head_object().bucket(bucket).key(key);
    let asked = asked.checksum_mode(ChecksumMode::Enabled);
    asked.send().await.unwrap()
}

/// With one algorithm and type, sends parts and completes. Returns the answer of HEAD.
async fn in_parts(
    client: &Client,
    key: &str,
    algorithm: &ChecksumAlgorithm,
    kind: Option<ChecksumType>,
    parts: &[Vec<u8>],
) -> HeadObjectOutput {
    let begun = client
        .create_multipart_upload()
        .bucket("sums")
        .key(key)
        .checksum_algorithm(algorithm.clone())
        .set_checksum_type(kind)
        .send()
        .await
        .unwrap();
    let id = begun.upload_id().unwrap();
    let mut named = Vec::new();
    for (number, bytes) in (1..).zip(parts) {
        let stored = client
            .upload_part()
            .bucket("sums")
            .key(key)
            .upload_id(id)
            .part_number(number)
            .checksum_algorithm(algorithm.clone())
            .body(ByteStream::from(bytes.clone()))
            .send()
            .await
            .unwrap();
        named.push(
            CompletedPart::builder()
                .part_number(number)
                .e_tag(stored.e_tag().unwrap())
                .set_checksum_crc32(stored.checksum_crc32().map(str::to_owned))
                .set_checksum_crc64_nvme(stored.checksum_crc64_nvme().map(str::to_owned))
                .set_checksum_sha256(stored.checksum_sha256().map(str::to_owned))
                .build(),
        );
    }
    let document = CompletedMultipartUpload::builder()
        .set_parts(Some(named))
        .build();
    client
        .complete_multipart_upload()
        .bucket("sums")
        .key(key)
        .upload_id(id)
        .multipart_upload(document)
        .send()
        .await
        .unwrap();
    head(client, "sums", key).await
}

#[tokio::test]
async fn a_checksum_comes_back_with_the_object() {
    let store = Fixture::start().await;
    let client = store.bucket("sums").await;
    let sum = STANDARD.encode(CRC32C_OF_DIGITS);
    let stored = client
        .put_object()
        .bucket("sums")
        .key("digits")
        .checksum_crc32_c(&sum)
        .body(ByteStream::from_static(b"123456789"))
        .send()
        .await
        .unwrap();
    assert_eq!(stored.checksum_crc32_c(), Some(sum.as_str()));

    let seen = head(&client, "sums", "digits").await;
    assert_eq!(seen.checksum_crc32_c(), Some(sum.as_str()));
    assert_eq!(seen.checksum_type(), Some(&ChecksumType::FullObject));
    // Only those who ask are told, and a part of the bytes has another sum.
    let quiet = client.head_object().bucket("sums").key("digits").send();
    assert_eq!(quiet.await.unwrap().checksum_crc32_c(), None);
    let part: GetObjectOutput = client
        .get_object()
        .bucket("sums")
        .key("digits")
        .checksum_mode(ChecksumMode::Enabled)
        .range("bytes=0-3")
        .send()
        .await
        .unwrap();
    assert_eq!(part.checksum_crc32_c(), None);

    // A copy shares the bytes, and so the sum.
    let copied = client.copy_object().bucket("sums").key("copy");
    let copied = copied.copy_source("sums/digits").send().await.unwrap();
    let result = copied.copy_object_result().unwrap();
    assert_eq!(result.checksum_crc32_c(), Some(sum.as_str()));
    let seen = head(&client, "sums", "copy").await;
    assert_eq!(seen.checksum_crc32_c(), Some(sum.as_str()));
}

#[tokio::test]
async fn an_object_of_parts_has_the_checksum_of_all_its_bytes_or_of_its_parts() {
    let store = Fixture::start().await;
    let client = store.bucket("sums").await;
    let parts = [noise(MIB), noise(MIB + 1), noise(77)];
    let whole = client
        .put_object()
        .bucket("sums")
        .key("whole")
        .checksum_algorithm(ChecksumAlgorithm::Crc64Nvme)
        .body(ByteStream::from(parts.concat()))
        .send()
        .await
        .unwrap();

    let algorithm = ChecksumAlgorithm::Crc64Nvme;
    let seen = in_parts(&client, "full", &algorithm, None, &parts).await;
    assert_eq!(seen.checksum_crc64_nvme(), whole.checksum_crc64_nvme());
    assert_eq!(seen.checksum_type(), Some(&ChecksumType::FullObject));

    let algorithm = ChecksumAlgorithm::Sha256;
    let seen = in_parts(&client, "composite", &algorithm, None, &parts).await;
    assert!(seen.checksum_sha256().unwrap().ends_with("-3"));
    assert_eq!(seen.checksum_type(), Some(&ChecksumType::Composite));

    let full = Some(ChecksumType::FullObject);
    let algorithm = ChecksumAlgorithm::Crc32;
    let seen = in_parts(&client, "chosen", &algorithm, full.clone(), &parts).await;
    assert!(!seen.checksum_crc32().unwrap().contains('-'));
    // There is no SHA-256 of all bytes to be had from those of the parts.
    let refused = client
        .create_multipart_upload()
        .bucket("sums")
        .key("never")
        .checksum_algorithm(ChecksumAlgorithm::Sha256)
        .set_checksum_type(full)
        .send()
        .await;
    let invalid = (400, "InvalidRequest".to_owned());
    assert_eq!(refusal(refused.unwrap_err()), invalid);
}

#[tokio::test]
async fn a_completion_that_names_another_checksum_makes_no_object() {
    let store = Fixture::start().await;
    let client = store.bucket("sums").await;
    let begun = client
        .create_multipart_upload()
        .bucket("sums")
        .key("a")
        .checksum_algorithm(ChecksumAlgorithm::Crc32)
        .checksum_type(ChecksumType::FullObject)
        .send()
        .await
        .unwrap();
    let id = begun.upload_id().unwrap();
    let stored = client
        .upload_part()
        .bucket("sums")
        .key("a")
        .upload_id(id)
        .part_number(1)
        .checksum_algorithm(ChecksumAlgorithm::Crc32)
        .body(ByteStream::from_static(b"123456789"))
        .send()
        .await
        .unwrap();
    let part = |sum: Option<&str>| {
        CompletedPart::builder()
            .part_number(1)
            .e_tag(stored.e_tag().unwrap())
            .set_checksum_crc32(sum.map(str::to_owned))
            .build()
    };
    let complete = |part: CompletedPart, whole: Option<&str>, size: Option<i64>| {
        client
            .complete_multipart_upload()
            .bucket("sums")
            .key("a")
            .upload_id(id)
            .multipart_upload(CompletedMultipartUpload::builder().parts(part).build())
            .set_checksum_crc32(whole.map(str::to_owned))
            .set_mpu_object_size(size)
            .send()
    };
    let refused = complete(part(Some("AAAAAA==")), None, None).await;
    let invalid = (400, "InvalidPart".to_owned());
    assert_eq!(refusal(refused.unwrap_err()), invalid);
    let refused = complete(part(None), Some("AAAAAA=="), None).await;
    let wrong = (400, "BadDigest".to_owned());
    assert_eq!(refusal(refused.unwrap_err()), wrong);
    let refused = complete(part(None), None, Some(10)).await;
    let invalid = (400, "InvalidRequest".to_owned());
    assert_eq!(refusal(refused.unwrap_err()), invalid);
    // The CRC-32 of "123456789", of the catalogue of CRCs: 0xCBF43926.
    let sum = STANDARD.encode([0xCB, 0xF4, 0x39, 0x26]);
    let done = complete(part(Some(&sum)), Some(&sum), Some(9))
        .await
        .unwrap();
    assert_eq!(done.checksum_crc32(), Some(sum.as_str()));
}

#[tokio::test]
async fn the_attributes_of_an_object_are_told_without_its_bytes() {
    let store = Fixture::start().await;
    let client = store.bucket("sums").await;
    let algorithm = ChecksumAlgorithm::Crc64Nvme;
    let parts = [noise(MIB), noise(MIB), noise(5)];
    in_parts(&client, "parts", &algorithm, None, &parts).await;
    let all = [
        ObjectAttributes::Checksum,
        ObjectAttributes::Etag,
        ObjectAttributes::ObjectParts,
        ObjectAttributes::ObjectSize,
        ObjectAttributes::StorageClass,
    ];
    let told = client
        .get_object_attributes()
        .bucket("sums")
        .key("parts")
        .set_object_attributes(Some(all.to_vec()))
        .max_parts(2)
        .send()
        .await
        .unwrap();
    assert_eq!(told.object_size(), Some(2 * 1_048_576 + 5));
    assert!(told.e_tag().unwrap().trim_matches('"').ends_with("-3"));
    assert!(told.checksum().unwrap().checksum_crc64_nvme().is_some());
    let listed = told.object_parts().unwrap();
    assert_eq!(listed.total_parts_count(), Some(3));
    assert_eq!(listed.is_truncated(), Some(true));
    assert_eq!(listed.next_part_number_marker(), Some("2"));
    let sizes: Vec<_> = listed.parts().iter().map(ObjectPart::size).collect();
    assert_eq!(sizes, [Some(1_048_576), Some(1_048_576)]);

    put(&client, "sums", "plain", "x").await;
    let told = client
        .get_object_attributes()
        .bucket("sums")
        .key("plain")
        .object_attributes(ObjectAttributes::ObjectSize)
        .object_attributes(ObjectAttributes::ObjectParts)
        .send()
        .await
        .unwrap();
    assert_eq!((told.object_size(), told.e_tag()), (Some(1), None));
    assert!(told.object_parts().is_none());
    let absent = client
        .get_object_attributes()
        .bucket("sums")
        .key("absent")
        .object_attributes(ObjectAttributes::ObjectSize)
        .send()
        .await;
    assert_eq!(refusal(absent.unwrap_err()).0, 404);
}

#[tokio::test]
async fn one_part_of_an_object_can_be_read() {
    let store = Fixture::start().await;
    let client = store.bucket("sums").await;
    let algorithm = ChecksumAlgorithm::Crc64Nvme;
    let parts = [noise(MIB), noise(MIB + 7), noise(5)];
    in_parts(&client, "parts", &algorithm, None, &parts).await;
    let read = |key: &str, number: i32| {
        let asked = client.get_object().bucket("sums").key(key);
        asked.part_number(number).send()
    };
    let second = read("parts", 2).await.unwrap();
    assert_eq!(second.parts_count(), Some(3));
    assert_eq!(
        second.content_range(),
        Some("bytes 1048576-2097158/2097164")
    );
    assert!(second.body.collect().await.unwrap().to_vec() == parts[1]);
    let beyond = (416, "InvalidPartNumber".to_owned());
    assert_eq!(refusal(read("parts", 4).await.unwrap_err()), beyond);
    let looked = client.head_object().bucket("sums").key("parts");
    let looked = looked.part_number(3).send().await.unwrap();
    assert_eq!(looked.content_length(), Some(5));

    // What was not made of parts is one.
    put(&client, "sums", "plain", "hello").await;
    let whole = read("plain", 1).await.unwrap();
    assert_eq!(whole.parts_count(), None);
    assert_eq!(whole.body.collect().await.unwrap().to_vec(), b"hello");
    assert_eq!(refusal(read("plain", 2).await.unwrap_err()), beyond);
    put(&client, "sums", "empty", "").await;
    let nothing = read("empty", 1).await.unwrap();
    assert_eq!(nothing.body.collect().await.unwrap().to_vec(), b"");
}
