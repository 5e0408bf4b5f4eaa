use std::{fs, os::unix::fs::PermissionsExt as _, time::Duration};

use aws_sdk_s3::{presigning::PresigningConfig, primitives::ByteStream};
use futures::future::join_all;
use local_hcp::{Error, LocalHcp};

use crate::fixture::{Fixture, config, get, noise, put, refusal, tenant};

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let store = Fixture::start().await;
    let client = store.bucket("lasting").await;
    put(&client, "lasting", "small", "x").await;
    put(&client, "lasting", "large", noise(2_000_000)).await;
    let upload = client
        .create_multipart_upload()
        .bucket("lasting")
        .key("open")
        .send()
        .await;
    let upload = upload.unwrap().upload_id().unwrap().to_owned();
    let part = client
        .upload_part()
        .bucket("lasting")
        .key("open")
        .upload_id(&upload)
        .part_number(1);
    part.body(ByteStream::from(noise(50_000)))
        .send()
        .await
        .unwrap();

    let store = store.restart(|_folder| {}).await;
    let client = store.client();
    assert_eq!(get(&client, "lasting", "small").await, b"x");
    assert!(get(&client, "lasting", "large").await == noise(2_000_000));
    let parts = client
        .list_parts()
        .bucket("lasting")
        .key("open")
        .upload_id(&upload)
        .send()
        .await;
    assert_eq!(parts.unwrap().parts().len(), 1);
    assert_eq!(store.files().len(), 2);
}

#[tokio::test]
async fn what_a_crash_leaves_behind_is_swept_at_start() {
    let store = Fixture::start().await;
    let client = store.bucket("swept").await;
    put(&client, "swept", "a", noise(50_000)).await;
    let store = store
        .restart(|folder| {
            fs::write(folder.join("tmp/half"), "half an object").unwrap();
            let orphans = folder.join("blobs/ab/cd");
            fs::create_dir_all(&orphans).unwrap();
            fs::write(orphans.join("abcd00000000000000000000000000ff"), "no row").unwrap();
        })
        .await;
    assert_eq!(store.files().len(), 1);
    assert!(get(&store.client(), "swept", "a").await == noise(50_000));
}

#[tokio::test]
async fn a_full_disk_is_told_and_keeps_no_half_object() {
    let store = Fixture::start().await;
    let client = store.bucket("full").await;
    put(&client, "full", "a", noise(50_000)).await;
    let upload = client
        .create_multipart_upload()
        .bucket("full")
        .key("b")
        .send()
        .await
        .unwrap();
    let upload = upload.upload_id().unwrap().to_owned();

    let store = store
        .restart_with(|config| config.reserve_bytes = u64::MAX / 2)
        .await;
    let client = store.client();
    let full = (507, "OutOfSpace".to_owned());
    for body in ["x".into(), noise(50_000), noise(3_000_000)] {
        let refused = client
            .put_object()
            .bucket("full")
            .key("a")
            .body(ByteStream::from(body));
        assert_eq!(refusal(refused.send().await.unwrap_err()), full);
    }
    let part = client
        .upload_part()
        .bucket("full")
        .key("b")
        .upload_id(&upload)
        .part_number(1);
    let part = part.body(ByteStream::from(noise(50_000))).send().await;
    assert_eq!(refusal(part.unwrap_err()), full);
    let bucket = client.create_bucket().bucket("more").send().await;
    assert_eq!(refusal(bucket.unwrap_err()), full);
    // What was there is as it was; reading and deleting go on.
    assert!(get(&client, "full", "a").await == noise(50_000));
    store.files_become(1).await;
    client
        .delete_object()
        .bucket("full")
        .key("a")
        .send()
        .await
        .unwrap();
    store.files_become(0).await;
}

#[tokio::test]
async fn more_than_the_disk_holds_is_refused_before_it_is_sent() {
    let store = Fixture::start().await;
    let client = store.bucket("huge").await;
    let minute = PresigningConfig::expires_in(Duration::from_mins(1)).unwrap();
    let put = client
        .put_object()
        .bucket("huge")
        .key("a")
        .presigned(minute)
        .await
        .unwrap();
    let never_sent = futures::stream::pending::<Result<bytes::Bytes, std::io::Error>>();
    let refused = store
        .http
        .put(put.uri())
        .header("content-length", "1000000000000000000")
        .body(reqwest::Body::wrap_stream(never_sent))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 507);
    assert!(
        refused
            .text()
            .await
            .unwrap()
            .contains("<Code>OutOfSpace</Code>")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_writes_are_all_counted() {
    let store = Fixture::start().await;
    let client = store.bucket("group").await;
    let before = store.hcp.write_counts();
    let count = 400;
    let keys: Vec<_> = (0..count).map(|n| format!("key-{n}")).collect();
    join_all(keys.iter().map(|key| put(&client, "group", key, "x"))).await;
    let after = store.hcp.write_counts();
    assert_eq!(after.writes - before.writes, count);
    // How many share one depends on the machine; that they do, the store's own tests show.
    assert!(after.transactions - before.transactions <= count);
    let usage = store
        .hcp
        .usage(&tenant("demo"), "group")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((usage.objects, usage.bytes), (count, count));
}

#[tokio::test]
async fn a_failed_write_undoes_nothing_else() {
    let store = Fixture::start().await;
    let client = store.bucket("mixed").await;
    put(&client, "mixed", "there", "x").await;
    let writes = (0..40).map(|n| {
        let client = client.clone();
        async move {
            // Every other one meets a condition that does not hold.
            let (key, fails) = if n % 2 == 0 {
                (format!("new-{n}"), false)
            } else {
                ("there".to_owned(), true)
            };
            let put = client
                .put_object()
                .bucket("mixed")
                .key(key)
                .if_none_match("*");
            assert_eq!(put.send().await.is_err(), fails);
        }
    });
    join_all(writes).await;
    let listed = client
        .list_objects_v2()
        .bucket("mixed")
        .send()
        .await
        .unwrap();
    assert_eq!(listed.contents().len(), 21);
}

#[tokio::test]
async fn the_folder_is_for_its_owner_and_one_process_alone() {
    let store = Fixture::start().await;
    let client = store.bucket("private").await;
    put(&client, "private", "a", noise(50_000)).await;
    let folder = store.data_dir();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for part in ["", "blobs", "tmp"] {
        assert_eq!(mode(&folder.join(part)), 0o700, "{part}");
    }
    for part in ["metadata.sqlite", "metadata.sqlite-wal"] {
        assert_eq!(mode(&folder.join(part)), 0o600, "{part}");
    }
    let file = store.files().remove(0);
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(file.parent().unwrap()), 0o700);

    let second = LocalHcp::open(config(&folder)).await;
    assert!(matches!(second, Err(Error::InUse(_))));
    store.hcp.close().await;
    let refused = client.put_object().bucket("private").key("b").send().await;
    assert_eq!(
        refusal(refused.unwrap_err()),
        (503, "ServiceUnavailable".to_owned())
    );
    LocalHcp::open(config(&folder)).await.unwrap();
}

#[tokio::test]
async fn a_response_of_damaged_bytes_breaks_off_and_the_rest_is_served() {
    let store = Fixture::start().await;
    let client = store.bucket("short").await;
    put(&client, "short", "sound", noise(50_000)).await;
    for (key, size) in [("shortened", 1_500_000), ("missing", 60_000)] {
        put(&client, "short", key, noise(size)).await;
    }
    for file in store.files() {
        match fs::metadata(&file).unwrap().len() {
            1_500_000 => {
                let file = fs::OpenOptions::new().write(true).open(file).unwrap();
                file.set_len(1_400_000).unwrap();
            }
            60_000 => fs::remove_file(file).unwrap(),
            _ => {}
        }
    }
    for key in ["shortened", "missing"] {
        let answer = client.get_object().bucket("short").key(key).send().await;
        // Where nothing can be read the connection may end even before the head is sent.
        if let Ok(answer) = answer {
            assert!(answer.body.collect().await.is_err(), "{key}");
        }
    }
    // What lies before the damage can be had.
    let start = client.get_object().bucket("short").key("shortened");
    let start = start.range("bytes=0-99").send().await.unwrap();
    let start = start.body.collect().await.unwrap().to_vec();
    assert!(start == noise(1_500_000)[..100]);
    assert!(get(&client, "short", "sound").await == noise(50_000));
    put(&client, "short", "shortened", noise(70_000)).await;
    assert!(get(&client, "short", "shortened").await == noise(70_000));
}
