use std::{fs, path::PathBuf};

use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use local_hcp::check::{ProblemKind, Report, check, repair};
use time::OffsetDateTime;

use crate::fixture::{Fixture, get, noise, put, refusal, tenant};

/// A store with small and large objects, versions, a delete marker and an open upload, not running
/// any more; and the files of its blobs, smallest first.
async fn closed() -> (Fixture, Vec<PathBuf>) {
    let store = Fixture::start().await;
    let client = store.bucket("kept").await;
    let enabled = VersioningConfiguration::builder()
        .status(BucketVersioningStatus::Enabled)
        .build();
    put(&client, "kept", "small", "x").await;
    put(&client, "kept", "large", noise(50_000)).await;
    client
        .put_bucket_versioning()
        .bucket("kept")
        .versioning_configuration(enabled)
        .send()
        .await
        .unwrap();
    put(&client, "kept", "large", noise(60_000)).await;
    put(&client, "kept", "other", noise(70_000)).await;
    let gone = client.delete_object().bucket("kept").key("small");
    gone.send().await.unwrap();
    let begun = client.create_multipart_upload().bucket("kept").key("u");
    begun.send().await.unwrap();
    store.hcp.close().await;
    let mut files = store.files();
    files.sort_by_key(|file| fs::metadata(file).unwrap().len());
    assert_eq!(files.len(), 3);
    (store, files)
}

fn look(store: &Fixture, deep: bool) -> Report {
    check(&store.data_dir(), deep).unwrap()
}

fn kinds(report: &Report) -> Vec<ProblemKind> {
    report.problems.iter().map(|problem| problem.kind).collect()
}

/// Changes the database behind the store's back.
fn tamper(store: &Fixture, sql: &str) {
    let database = store.data_dir().join("metadata.sqlite");
    let connection = rusqlite::Connection::open(database).unwrap();
    connection.execute_batch(sql).unwrap();
}

#[tokio::test]
async fn a_sound_store_is_said_to_be_sound() {
    let (store, _) = closed().await;
    let report = look(&store, true);
    assert!(report.is_sound(), "{report:?}");
    assert!(report.offline && report.deep);
    // Two versions of `large`, one of `other`, `small` and its marker.
    assert_eq!((report.versions, report.blobs), (5, 4));
    assert_eq!(report.bytes, 180_001);
}

#[tokio::test]
async fn a_running_store_can_be_checked() {
    let store = Fixture::start().await;
    let client = store.bucket("kept").await;
    put(&client, "kept", "large", noise(50_000)).await;
    let report = look(&store, true);
    assert!(report.is_sound() && !report.offline, "{report:?}");
    let repaired = repair(&store.data_dir(), false, OffsetDateTime::UNIX_EPOCH);
    assert!(matches!(repaired, Err(local_hcp::Error::InUse(_))));
}

#[tokio::test]
async fn every_kind_of_damage_is_found_and_named() {
    let (store, files) = closed().await;
    let [first, second, third] = files.as_slice() else {
        panic!("{files:?}")
    };
    fs::remove_file(first).unwrap();
    fs::write(second, noise(59_999)).unwrap();
    let mut bytes = fs::read(third).unwrap();
    bytes[1_000] ^= 1;
    fs::write(third, bytes).unwrap();
    fs::write(store.data_dir().join("tmp/left"), "x").unwrap();

    let report = look(&store, false);
    let mut shallow = kinds(&report);
    shallow.sort_by_key(|kind| format!("{kind:?}"));
    assert_eq!(
        shallow,
        [
            ProblemKind::Missing,
            ProblemKind::Orphan,
            ProblemKind::WrongSize
        ]
    );
    let missing = report
        .problems
        .iter()
        .find(|problem| problem.kind == ProblemKind::Missing)
        .unwrap();
    let [affected] = missing.affects.as_slice() else {
        panic!("{missing:?}")
    };
    assert_eq!(
        (affected.tenant.as_str(), affected.bucket.as_str()),
        ("demo", "kept")
    );
    assert_eq!(
        (affected.key.as_str(), affected.is_upload),
        ("large", false)
    );
    // The flipped bit shows only where the bytes are read.
    assert!(kinds(&look(&store, true)).contains(&ProblemKind::WrongContent));
}

#[tokio::test]
async fn tables_that_contradict_each_other_are_found() {
    for sql in [
        "UPDATE buckets SET objects = objects + 1",
        "UPDATE buckets SET bytes = bytes - 1",
        "UPDATE buckets SET capacity = capacity + 1",
        "UPDATE buckets SET joined = joined + 1",
        "UPDATE buckets SET joined_parts = joined_parts + 1",
        "UPDATE buckets SET joined_bytes = joined_bytes + 1",
        "UPDATE buckets SET annotations = annotations + 1",
        "UPDATE buckets SET annotation_bytes = annotation_bytes + 1",
        "UPDATE buckets SET uploads = uploads - 1",
        "UPDATE buckets SET upload_parts = upload_parts + 1",
        "UPDATE buckets SET upload_bytes = upload_bytes + 1",
        "UPDATE buckets SET upload_capacity = upload_capacity + 1",
        "UPDATE objects SET is_current = 1",
        "UPDATE objects SET is_current = 0",
        "UPDATE objects SET size = size + 1 WHERE NOT is_marker",
        "UPDATE segments SET start = start + 1",
        "UPDATE blobs SET size = size + 1 WHERE inline IS NOT NULL",
        "INSERT INTO blobs (size, md5, sha256, inline) VALUES (0, zeroblob(16), zeroblob(32), x'')",
    ] {
        let (store, _) = closed().await;
        tamper(&store, sql);
        let report = look(&store, false);
        assert!(
            kinds(&report).contains(&ProblemKind::Contradiction),
            "{sql}: {report:?}"
        );
    }
}

#[tokio::test]
async fn a_damaged_database_is_told() {
    let (store, _) = closed().await;
    let database = store.data_dir().join("metadata.sqlite");
    let mut bytes = fs::read(&database).unwrap();
    // Behind the first page, which holds the schema.
    let end = bytes.len();
    bytes[8_192..end.min(40_000)].fill(0xA5);
    fs::write(&database, bytes).unwrap();
    match check(&store.data_dir(), false) {
        Ok(report) => assert!(
            kinds(&report).contains(&ProblemKind::Database),
            "{report:?}"
        ),
        Err(error) => assert!(matches!(error, local_hcp::Error::Database(_)), "{error:?}"),
    }
}

#[tokio::test]
async fn a_repair_moves_what_is_broken_aside_and_the_rest_goes_on() {
    let (store, files) = closed().await;
    let [first, second, third] = files.as_slice() else {
        panic!("{files:?}")
    };
    // The older version of `large` is gone, the newer one is damaged; `other` is whole.
    fs::remove_file(first).unwrap();
    let damaged = noise(60_001);
    fs::write(second, &damaged).unwrap();
    fs::write(store.data_dir().join("tmp/left"), "x").unwrap();
    tamper(
        &store,
        "UPDATE buckets SET objects = 40, capacity = 40, joined = 40, upload_parts = 40;
         UPDATE usage_hours SET versions = 40, capacity = 40",
    );

    let done = repair(&store.data_dir(), true, OffsetDateTime::UNIX_EPOCH).unwrap();
    assert!(done.left.is_sound(), "{:?}", done.left);
    assert_eq!((done.rows, done.files), (2, 2));
    let aside = done.aside.unwrap();
    assert!(aside.ends_with("aside/19700101T000000Z"));
    let name = second.file_name().unwrap();
    assert_eq!(fs::read(aside.join(name)).unwrap(), damaged);
    assert!(aside.join("left").is_file());
    let rows = fs::read_to_string(aside.join("rows.jsonl")).unwrap();
    let rows: Vec<serde_json::Value> = rows
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row["key"] == "large"));
    assert!(third.is_file());
    let database = store.data_dir().join("metadata.sqlite");
    let connection = rusqlite::Connection::open(database).unwrap();
    let sql = "SELECT versions, capacity FROM usage_hours ORDER BY hour_ms DESC LIMIT 1";
    let charged = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
    assert_eq!(charged.unwrap(), (2, 4_096 + 73_728));
    drop(connection);

    let store = store.restart(|_folder| {}).await;
    let client = store.client();
    assert!(get(&client, "kept", "other").await == noise(70_000));
    let lost = client.get_object().bucket("kept").key("large").send();
    assert_eq!(refusal(lost.await.unwrap_err()).0, 404);
    let usage = store.hcp.usage(&tenant("demo"), "kept").await;
    let usage = usage.unwrap().unwrap();
    assert_eq!((usage.objects, usage.versions, usage.bytes), (1, 2, 70_001));
}

#[tokio::test]
async fn what_is_no_store_cannot_be_checked() {
    let folder = tempfile::TempDir::new().unwrap();
    let nothing = check(folder.path(), false);
    assert!(matches!(nothing, Err(local_hcp::Error::NoStore(_))));
}
