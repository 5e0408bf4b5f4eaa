use std::time::Duration;

use aws_sdk_s3::{
    Client,
    presigning::PresigningConfig,
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart, Part},
};

use crate::fixture::{Fixture, get, hex, md5_hex, noise, refusal, tenant};
use md5::{Digest as _, Md5};

const MIB: usize = 1024 * 1024;

async fn begin(client: &Client, bucket: &str, key: &str) -> String {
    let begun = client
        .create_multipart_upload()
        .bucket(bucket)
        .key(key)
        .content_type("video/mp4")
        .metadata("camera", "two")
        .send()
        .await
        .unwrap();
    begun.upload_id().unwrap().to_owned()
}

async fn part(client: &Client, key: &str, id: &str, number: i32, bytes: &[u8]) -> CompletedPart {
    let stored = client
        .upload_part()
        .bucket("parts")
        .key(key)
        .upload_id(id)
        .part_number(number)
        .body(ByteStream::from(bytes.to_vec()))
        .send()
        .await
        .unwrap();
    CompletedPart::builder()
        .part_number(number)
        .e_tag(stored.e_tag().unwrap())
        .build()
}

async fn complete(
    client: &Client,
    key: &str,
    id: &str,
    parts: Vec<CompletedPart>,
) -> Result<String, (u16, String)> {
    let document = CompletedMultipartUpload::builder()
        .set_parts(Some(parts))
        .build();
    client
        .complete_multipart_upload()
        .bucket("parts")
        .key(key)
        .upload_id(id)
        .multipart_upload(document)
        .send()
        .await
        .map(|done| done.e_tag().unwrap().to_owned())
        .map_err(refusal)
}

#[tokio::test]
async fn parts_become_one_object() {
    let store = Fixture::start().await;
    let client = store.bucket("parts").await;
    let id = begin(&client, "parts", "film").await;
    assert!(id.bytes().all(|byte| byte.is_ascii_digit()));
    let (one, two, three) = (noise(MIB), noise(2 * MIB + 3), noise(100));
    // Out of order, with gaps, one sent twice, one that is not used.
    let p9 = part(&client, "film", &id, 9, &three).await;
    part(&client, "film", &id, 3, b"not this").await;
    let p3 = part(&client, "film", &id, 3, &two).await;
    let p1 = part(&client, "film", &id, 1, &one).await;
    part(&client, "film", &id, 5, &noise(MIB + 7)).await;
    store.files_become(3).await;
    let etag = complete(&client, "film", &id, vec![p1, p3, p9])
        .await
        .unwrap();

    let mut digests = Md5::new();
    for bytes in [&one, &two, &three] {
        digests.update(Md5::digest(bytes));
    }
    assert_eq!(etag, format!("\"{}-3\"", hex(&digests.finalize())));
    let whole = [one, two, three].concat();
    assert!(get(&client, "parts", "film").await == whole);
    store.files_become(2).await;
    let head = client
        .head_object()
        .bucket("parts")
        .key("film")
        .send()
        .await
        .unwrap();
    assert_eq!(head.content_type(), Some("video/mp4"));
    assert_eq!(head.metadata().unwrap()["camera"], "two");
    assert_eq!(head.content_length(), i64::try_from(whole.len()).ok());
    // A range over all three.
    let (from, to) = (MIB - 5, 3 * MIB + 50);
    let range = format!("bytes={from}-{to}");
    let cut = client
        .get_object()
        .bucket("parts")
        .key("film")
        .range(range)
        .send()
        .await
        .unwrap();
    assert!(cut.body.collect().await.unwrap().to_vec() == whole[from..=to]);

    let again = client
        .abort_multipart_upload()
        .bucket("parts")
        .key("film")
        .upload_id(&id);
    assert_eq!(
        refusal(again.send().await.unwrap_err()),
        (404, "NoSuchUpload".to_owned())
    );
    client
        .delete_object()
        .bucket("parts")
        .key("film")
        .send()
        .await
        .unwrap();
    store.files_become(0).await;
    let usage = store
        .hcp
        .usage(&tenant("demo"), "parts")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((usage.objects, usage.bytes), (0, 0));
}

#[tokio::test]
async fn what_cannot_be_completed_is_kept_for_another_try() {
    let store = Fixture::start().await;
    let client = store.bucket("parts").await;
    let id = begin(&client, "parts", "a").await;
    let small = part(&client, "a", &id, 1, b"small").await;
    let last = part(&client, "a", &id, 2, b"last").await;
    let wrong = CompletedPart::builder()
        .part_number(2)
        .e_tag(md5_hex(b"other"))
        .build();
    let absent = CompletedPart::builder()
        .part_number(7)
        .e_tag(md5_hex(b"x"))
        .build();
    for (parts, status, code) in [
        (vec![small.clone(), last.clone()], 400, "EntityTooSmall"),
        (vec![last.clone(), small.clone()], 400, "InvalidPartOrder"),
        (vec![small.clone(), small.clone()], 400, "InvalidPartOrder"),
        (vec![wrong], 400, "InvalidPart"),
        (vec![absent], 400, "InvalidPart"),
        (vec![], 400, "MalformedXML"),
    ] {
        let refused = complete(&client, "a", &id, parts).await.unwrap_err();
        assert_eq!(refused, (status, code.to_owned()));
    }
    complete(&client, "a", &id, vec![last]).await.unwrap();
    assert_eq!(get(&client, "parts", "a").await, b"last");
}

#[tokio::test]
async fn of_two_completions_one_wins() {
    let store = Fixture::start().await;
    let client = store.bucket("parts").await;
    let id = begin(&client, "parts", "a").await;
    let only = part(&client, "a", &id, 1, &noise(50_000)).await;
    let (one, two) = futures::join!(
        complete(&client, "a", &id, vec![only.clone()]),
        complete(&client, "a", &id, vec![only])
    );
    let lost = one.as_ref().err().or(two.as_ref().err()).unwrap();
    assert_eq!(*lost, (404, "NoSuchUpload".to_owned()));
    assert_ne!(one.is_ok(), two.is_ok());
    assert_eq!(get(&client, "parts", "a").await, noise(50_000));
}

#[tokio::test]
async fn an_aborted_upload_leaves_nothing() {
    let store = Fixture::start().await;
    let client = store.bucket("parts").await;
    let id = begin(&client, "parts", "a").await;
    part(&client, "a", &id, 1, &noise(50_000)).await;
    store.files_become(1).await;
    let abort = client
        .abort_multipart_upload()
        .bucket("parts")
        .key("a")
        .upload_id(&id);
    abort.send().await.unwrap();
    store.files_become(0).await;
    let late = client
        .upload_part()
        .bucket("parts")
        .key("a")
        .upload_id(&id)
        .part_number(2);
    assert_eq!(
        refusal(late.send().await.unwrap_err()),
        (404, "NoSuchUpload".to_owned())
    );
}

#[tokio::test]
async fn parts_are_listed_in_pages() {
    let store = Fixture::start().await;
    let client = store.bucket("parts").await;
    let id = begin(&client, "parts", "a").await;
    for number in [2, 4, 7, 9, 10_000] {
        part(&client, "a", &id, number, b"x").await;
    }
    let list = || client.list_parts().bucket("parts").key("a").upload_id(&id);
    let (mut numbers, mut marker) = (Vec::new(), None);
    loop {
        let page = list()
            .max_parts(2)
            .set_part_number_marker(marker)
            .send()
            .await
            .unwrap();
        numbers.extend(page.parts().iter().filter_map(Part::part_number));
        marker = page.next_part_number_marker().map(str::to_owned);
        if page.is_truncated() != Some(true) {
            break;
        }
    }
    assert_eq!(numbers, [2, 4, 7, 9, 10_000]);
    let too_many = list().max_parts(1_001).send().await;
    assert_eq!(
        refusal(too_many.unwrap_err()),
        (400, "InvalidArgument".to_owned())
    );
    for number in [0, 10_001] {
        let outside = client.upload_part().bucket("parts").key("a").upload_id(&id);
        let outside = outside.part_number(number).send().await;
        assert_eq!(
            refusal(outside.unwrap_err()),
            (400, "InvalidArgument".to_owned())
        );
    }
}

#[tokio::test]
async fn open_uploads_are_listed_in_pages() {
    let store = Fixture::start().await;
    let client = store.bucket("parts").await;
    let mut begun = Vec::new();
    for key in ["a", "a", "a", "b/1", "b/2", "c"] {
        begun.push((key.to_owned(), begin(&client, "parts", key).await));
    }
    let (mut listed, mut key, mut id) = (Vec::new(), None, None);
    loop {
        let page = client
            .list_multipart_uploads()
            .bucket("parts")
            .max_uploads(2)
            .set_key_marker(key)
            .set_upload_id_marker(id)
            .send()
            .await
            .unwrap();
        listed.extend(page.uploads().iter().map(|upload| {
            (
                upload.key().unwrap().to_owned(),
                upload.upload_id().unwrap().to_owned(),
            )
        }));
        key = page.next_key_marker().map(str::to_owned);
        id = page.next_upload_id_marker().map(str::to_owned);
        if page.is_truncated() != Some(true) {
            break;
        }
    }
    assert_eq!(listed, begun);
    let rolled = client
        .list_multipart_uploads()
        .bucket("parts")
        .delimiter("/")
        .send();
    let rolled = rolled.await.unwrap();
    assert_eq!(rolled.common_prefixes()[0].prefix(), Some("b/"));
    assert_eq!(rolled.uploads().len(), 4);
}

#[tokio::test]
async fn a_part_of_more_than_5_gib_is_refused_before_it_is_sent() {
    let store = Fixture::start().await;
    let client = store.bucket("parts").await;
    let id = begin(&client, "parts", "a").await;
    let minute = PresigningConfig::expires_in(Duration::from_mins(1)).unwrap();
    let part = client
        .upload_part()
        .bucket("parts")
        .key("a")
        .upload_id(&id)
        .part_number(1)
        .presigned(minute)
        .await
        .unwrap();
    let never_sent = futures::stream::pending::<Result<bytes::Bytes, std::io::Error>>();
    let refused = store
        .http
        .put(part.uri())
        .header("content-length", "5368709121")
        .body(reqwest::Body::wrap_stream(never_sent))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("EntityTooLarge"));
}
