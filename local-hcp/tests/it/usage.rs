use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use aws_sdk_s3::{
    Client,
    presigning::PresigningConfig,
    primitives::ByteStream,
    types::{
        BucketCannedAcl, BucketVersioningStatus, CompletedMultipartUpload, CompletedPart,
        VersioningConfiguration,
    },
};
use local_hcp::{Clock, Config, check::check};
use model::mapi::Role;
use reqwest::{Response, StatusCode};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use time::macros::datetime;

use crate::fixture::{
    Fixture, PASSWORD, access_key, get, hcp_document, noise, put, secret, tenant, username,
};

const HOUR: i64 = 3_600;
const MIB: usize = 1024 * 1024;
const DEMO: (&str, &str) = ("demo", PASSWORD);
const ROOT: (&str, &str) = ("root", "root-root");

/// A store at 2024-06-01T10:20:00, and its clock, in seconds since 1970. Signatures are checked by the
/// machine's own.
async fn store() -> (Fixture, Arc<AtomicI64>) {
    store_with(|_config| {}).await
}

async fn store_with(change: impl FnOnce(&mut Config)) -> (Fixture, Arc<AtomicI64>) {
    let clock = Arc::new(AtomicI64::new(
        datetime!(2024-06-01 10:20:00 UTC).unix_timestamp(),
    ));
    let folder = Arc::new(TempDir::new().unwrap());
    let store = Fixture::open(folder, |config| {
        config.clock = reading(&clock);
        change(config);
    })
    .await;
    store.tenant("demo").await;
    store.user("demo", "demo", PASSWORD).await;
    let roles = [Role::Monitor];
    let root = username("root");
    let made = store.hcp.create_system_user(&root, ROOT.1, &roles);
    made.await.unwrap();
    (store, clock)
}

fn reading(clock: &Arc<AtomicI64>) -> Clock {
    let clock = Arc::clone(clock);
    Clock::new(move || {
        time::OffsetDateTime::from_unix_timestamp(clock.load(Ordering::Relaxed)).unwrap()
    })
}

fn pass(clock: &AtomicI64, seconds: i64) {
    clock.fetch_add(seconds, Ordering::Relaxed);
}

async fn ask(store: &Fixture, path: &str, media: &str, who: (&str, &str)) -> Response {
    let key = format!("HCP {}:{}", access_key(who.0), secret(who.1));
    store
        .http
        .get(format!(
            "http://{}/mapi/tenants/demo/{path}",
            store.management
        ))
        .header("accept", media)
        .header("authorization", key)
        .send()
        .await
        .unwrap()
}

/// The rows of a report.
async fn report(store: &Fixture, path: &str) -> Vec<Json> {
    let answer = ask(store, path, "application/json", DEMO).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let mut report: Json = answer.json().await.unwrap();
    serde_json::from_value(report["chargebackData"].take()).unwrap()
}

async fn status(store: &Fixture, path: &str, who: (&str, &str)) -> u16 {
    ask(store, path, "application/json", who)
        .await
        .status()
        .as_u16()
}

/// Some fields of a row.
fn of(row: &Json, names: &[&str]) -> Vec<i64> {
    names
        .iter()
        .map(|name| row[*name].as_i64().unwrap())
        .collect()
}

const SUMS: [&str; 5] = ["bytesIn", "bytesOut", "reads", "writes", "deletes"];
const LEVELS: [&str; 3] = ["objectCount", "ingestedVolume", "storageCapacityUsed"];
const JOINED: [&str; 3] = [
    "multipartObjects",
    "multipartObjectParts",
    "multipartObjectBytes",
];
const UPLOADS: [&str; 3] = [
    "multipartUploads",
    "multipartUploadParts",
    "multipartUploadBytes",
];

async fn begin(client: &Client, key: &str) -> String {
    let begun = client.create_multipart_upload().bucket("scans").key(key);
    begun.send().await.unwrap().upload_id().unwrap().to_owned()
}

async fn part(client: &Client, key: &str, upload: &str, number: i32, size: usize) -> String {
    let part = client.upload_part().bucket("scans").key(key);
    let part = part.upload_id(upload).part_number(number);
    let stored = part.body(ByteStream::from(noise(size))).send().await;
    stored.unwrap().e_tag().unwrap().to_owned()
}

async fn complete(client: &Client, key: &str, upload: &str, etags: &[String]) {
    let parts = (1..).zip(etags).map(|(number, etag)| {
        CompletedPart::builder()
            .part_number(number)
            .e_tag(etag)
            .build()
    });
    let parts = CompletedMultipartUpload::builder().set_parts(Some(parts.collect()));
    let completion = client.complete_multipart_upload().bucket("scans").key(key);
    completion
        .upload_id(upload)
        .multipart_upload(parts.build())
        .send()
        .await
        .unwrap();
}

async fn delete(client: &Client, bucket: &str, key: &str) {
    let deletion = client.delete_object().bucket(bucket).key(key);
    deletion.send().await.unwrap();
}

#[tokio::test]
async fn what_happens_is_counted_in_its_hour_and_the_level_at_its_end() {
    let (store, clock) = store().await;
    let client = store.bucket("scans").await;
    // 10:20: three writes, of which one replaces another; two reads, of which one is of a range.
    put(&client, "scans", "a", noise(5_000)).await;
    put(&client, "scans", "a", noise(100)).await;
    put(&client, "scans", "b", noise(4_096)).await;
    get(&client, "scans", "b").await;
    let some = client.get_object().bucket("scans").key("b");
    let some = some.range("bytes=10-19").send().await.unwrap();
    assert_eq!(some.body.collect().await.unwrap().to_vec().len(), 10);
    // No read: nothing of the object goes out.
    let look = client.head_object().bucket("scans").key("b");
    look.send().await.unwrap();
    let absent = client.get_object().bucket("scans").key("absent");
    absent.send().await.unwrap_err();
    // 12:20: two deletes, and one of nothing.
    pass(&clock, 2 * HOUR);
    delete(&client, "scans", "a").await;
    delete(&client, "scans", "b").await;
    delete(&client, "scans", "b").await;

    for path in ["chargebackReport", "namespaces/scans/chargebackReport"] {
        let all = report(&store, &format!("{path}?granularity=hour")).await;
        let is_tenant = path == "chargebackReport";
        assert_eq!(all.len(), if is_tenant { 6 } else { 3 });
        // One of the namespace for each hour, and behind it one of the tenant.
        let (own, sums): (Vec<_>, Vec<_>) = all
            .iter()
            .partition(|row| row["namespaceName"] == json!("scans"));
        assert!(sums.iter().all(|row| row.get("namespaceName").is_none()));
        for rows in [own, sums].iter().filter(|rows| !rows.is_empty()) {
            let times: Vec<_> = rows.iter().map(|row| &row["startTime"]).collect();
            assert_eq!(
                times,
                [
                    "2024-06-01T10:00:00+0000",
                    "2024-06-01T11:00:00+0000",
                    "2024-06-01T12:00:00+0000"
                ]
            );
            assert_eq!(rows[0]["endTime"], "2024-06-01T10:59:59+0000");
            assert_eq!(of(rows[0], &SUMS), [9_196, 4_106, 2, 3, 0]);
            assert_eq!(of(rows[0], &LEVELS), [2, 4_196, 8_192]);
            assert_eq!(of(rows[1], &SUMS), [0, 0, 0, 0, 0]);
            assert_eq!(of(rows[1], &LEVELS), [2, 4_196, 8_192]);
            assert_eq!(of(rows[2], &SUMS), [0, 0, 0, 0, 2]);
            assert_eq!(of(rows[2], &LEVELS), [0, 0, 0]);
            assert!(rows.iter().all(|row| row["valid"] == json!(true)));
            assert!(rows.iter().all(|row| row["deleted"] == json!("false")));
            assert!(
                rows.iter()
                    .all(|row| row["systemName"] == json!("localhost"))
            );
        }
    }
}

#[tokio::test]
async fn parts_are_counted_as_they_come_and_once_they_are_an_object() {
    let (store, _clock) = store().await;
    let client = store.bucket("scans").await;
    let now = async || {
        report(&store, "namespaces/scans/chargebackReport")
            .await
            .remove(0)
    };
    let upload = begin(&client, "joined").await;
    let dropped = begin(&client, "dropped").await;
    let first = part(&client, "joined", &upload, 1, MIB).await;
    part(&client, "joined", &upload, 2, 9_000).await;
    // In the place of the one before, which came in all the same.
    let second = part(&client, "joined", &upload, 2, 5_000).await;
    part(&client, "dropped", &dropped, 1, 1).await;
    let sent = i64::try_from(MIB + 9_000 + 5_000 + 1).unwrap();
    let row = now().await;
    assert_eq!(of(&row, &UPLOADS), [2, 3, 1_048_576 + 5_000 + 1]);
    assert_eq!(of(&row, &LEVELS), [0, 0, 1_048_576 + 8_192 + 4_096]);
    assert_eq!(of(&row, &SUMS), [sent, 0, 0, 4, 0]);

    complete(&client, "joined", &upload, &[first, second]).await;
    let abort = client
        .abort_multipart_upload()
        .bucket("scans")
        .key("dropped");
    abort.upload_id(dropped).send().await.unwrap();
    let row = now().await;
    assert_eq!(of(&row, &JOINED), [1, 2, 1_048_576 + 5_000]);
    assert_eq!(of(&row, &UPLOADS), [0, 0, 0]);
    assert_eq!(of(&row, &LEVELS), [1, 1_053_576, 1_056_768]);
    // Neither the end of an upload is a write, nor its abort a delete.
    assert_eq!(of(&row, &SUMS), [sent, 0, 0, 4, 0]);

    // A copy writes, and nothing comes in.
    let copy = client.copy_object().bucket("scans").key("copy");
    copy.copy_source("scans/joined").send().await.unwrap();
    let upload = begin(&client, "again").await;
    let copy = client.upload_part_copy().bucket("scans").key("again");
    let copy = copy.upload_id(upload).part_number(1);
    copy.copy_source("scans/joined").send().await.unwrap();
    let row = now().await;
    assert_eq!(of(&row, &SUMS), [sent, 0, 0, 6, 0]);
    assert_eq!(of(&row, &JOINED), [2, 4, 2 * 1_053_576]);
    assert_eq!(of(&row, &UPLOADS), [1, 1, 1_053_576]);
    let report = check(&store.data_dir(), true).unwrap();
    assert!(report.is_sound(), "{report:?}");
}

#[tokio::test]
async fn statistics_are_what_is_there_now() {
    let (store, _clock) = store().await;
    let client = store.bucket("scans").await;
    store.bucket("other").await;
    let enabled = VersioningConfiguration::builder()
        .status(BucketVersioningStatus::Enabled)
        .build();
    let versioning = client.put_bucket_versioning().bucket("scans");
    let versioning = versioning.versioning_configuration(enabled);
    versioning.send().await.unwrap();
    put(&client, "scans", "a", noise(10)).await;
    let described = client.put_object().bucket("scans").key("a");
    let described = described.metadata("colour", "blue");
    let body = ByteStream::from(noise(5_000));
    described.body(body).send().await.unwrap();
    delete(&client, "scans", "a").await;
    put(&client, "other", "b", noise(1)).await;
    let upload = begin(&client, "open").await;
    part(&client, "open", &upload, 1, 4_097).await;

    let of_namespace = json!({"objectCount": 2, "ingestedVolume": 5_020,
        "storageCapacityUsed": 4_096 + 8_192 + 8_192, "customMetadataCount": 1,
        "customMetadataSize": 10, "shredCount": 0, "shredSize": 0});
    let of_tenant = json!({"objectCount": 3, "ingestedVolume": 5_021,
        "storageCapacityUsed": 2 * 4_096 + 8_192 + 8_192, "customMetadataCount": 1,
        "customMetadataSize": 10, "shredCount": 0, "shredSize": 0});
    for (path, expected) in [
        ("namespaces/scans/statistics", of_namespace),
        ("statistics", of_tenant),
    ] {
        let answer = ask(&store, path, "application/json", DEMO).await;
        let found: Json = answer.json().await.unwrap();
        assert_eq!(found, expected);
        let sample = hcp_document("statistics");
        let names = |value: &Json| {
            value
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&found), names(&sample));
        let xml = ask(&store, path, "application/xml", DEMO).await;
        let xml = xml.text().await.unwrap();
        let count = format!("<objectCount>{}</objectCount>", expected["objectCount"]);
        assert!(
            xml.contains("<statistics>") && xml.contains(&count),
            "{xml}"
        );
    }
    assert_eq!(
        status(&store, "namespaces/absent/statistics", DEMO).await,
        404
    );
}

#[tokio::test]
async fn a_report_is_json_xml_or_csv_as_in_the_manual() {
    let (store, _clock) = store().await;
    let client = store.bucket("scans").await;
    put(&client, "scans", "a", noise(10)).await;
    let sample = hcp_document("chargeback-report");
    let rows = report(&store, "chargebackReport").await;
    let names = |row: &Json| row.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(rows.len(), 2);
    for (row, sample) in rows
        .iter()
        .zip(sample["chargebackData"].as_array().unwrap())
    {
        assert_eq!(names(row), names(sample));
        for (name, value) in sample.as_object().unwrap() {
            assert_eq!(row[name].is_i64(), value.is_i64(), "{name}");
            assert_eq!(row[name].is_boolean(), value.is_boolean(), "{name}");
        }
    }

    let csv = ask(&store, "chargebackReport", "text/csv", DEMO).await;
    assert_eq!(csv.headers()["content-type"], "text/csv");
    let csv = csv.text().await.unwrap();
    assert_eq!(
        csv.lines().collect::<Vec<_>>(),
        [
            "systemName,tenantName,namespaceName,startTime,endTime,objectCount,ingestedVolume,\
             storageCapacityUsed,bytesIn,bytesOut,reads,writes,deletes,multipartObjects,\
             multipartObjectParts,multipartObjectBytes,multipartUploads,multipartUploadParts,\
             multipartUploadBytes,deleted,valid",
            "localhost,demo,scans,2024-06-01T10:00:00+0000,2024-06-01T10:59:59+0000,1,10,4096,10,0,0,1,0,\
             0,0,0,0,0,0,false,true",
            "localhost,demo,,2024-06-01T10:00:00+0000,2024-06-01T10:59:59+0000,1,10,4096,10,0,0,1,0,\
             0,0,0,0,0,0,false,true",
        ]
    );
    let xml = ask(&store, "chargebackReport", "application/xml", DEMO).await;
    let xml = xml.text().await.unwrap();
    assert!(xml.contains("<chargebackReport><chargebackData>"), "{xml}");
    assert_eq!(xml.matches("<chargebackData>").count(), 2);
    assert_eq!(
        xml.matches("<namespaceName>scans</namespaceName>").count(),
        1
    );
    // Statistics are no table.
    let refused = ask(&store, "statistics", "text/csv", DEMO).await;
    assert_eq!(refused.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn the_time_of_a_report_is_rounded_to_whole_hours_or_days() {
    let (store, clock) = store().await;
    let client = store.bucket("scans").await;
    put(&client, "scans", "a", noise(10)).await;
    pass(&clock, 25 * HOUR);
    put(&client, "scans", "b", noise(10)).await;
    // From 10:00 on the first day to 11:20 on the second.
    let path = |query: &str| format!("namespaces/scans/chargebackReport?{query}");
    let times = async |query: &str| {
        let rows = report(&store, &path(query)).await;
        let text = |row: &Json, name| row[name].as_str().unwrap()[5..16].to_owned();
        let first = rows.first().map(|row| text(row, "startTime"));
        (
            rows.len(),
            first.unwrap_or_default(),
            rows.last()
                .map(|row| text(row, "endTime"))
                .unwrap_or_default(),
            rows.iter()
                .map(|row| row["writes"].as_i64().unwrap())
                .sum::<i64>(),
        )
    };
    let is = |rows: usize, first: &str, last: &str, writes: i64| {
        (rows, first.to_owned(), last.to_owned(), writes)
    };
    let total = is(1, "06-01T10:00", "06-02T11:59", 2);
    assert_eq!(times("").await, total);
    assert_eq!(times("granularity=TOTAL").await, total);
    // Older than the data, and in the future.
    let wide = "start=2020-01-01T00:00:00Z&end=2030-01-01T00:00:00-0500";
    assert_eq!(times(wide).await, total);
    assert_eq!(
        times("granularity=Hour").await,
        is(26, "06-01T10:00", "06-02T11:59", 2)
    );
    assert_eq!(
        times("granularity=day").await,
        is(2, "06-01T00:00", "06-02T23:59", 2)
    );
    let some = "granularity=hour&start=2024-06-01T12:30:00%2B0200&end=2024-06-01T12:00:00Z";
    assert_eq!(times(some).await, is(3, "06-01T10:00", "06-01T12:59", 1));
    let day = "granularity=day&start=2024-06-01T23:59:59Z&end=2024-06-02T00:00:00Z";
    assert_eq!(times(day).await, is(2, "06-01T00:00", "06-02T23:59", 2));
    let later = "start=2024-06-01T12:30:00&granularity=total";
    assert_eq!(times(later).await, is(1, "06-01T12:00", "06-02T11:59", 1));
    // Before there was anything.
    assert_eq!(times("end=2024-05-01").await, is(0, "", "", 0));

    for query in [
        "start=2024-06-02T00:00:00Z&end=2024-06-01T00:00:00Z",
        "start=2024-06-01T00:00:00Z&end=2024-06-01T00:00:00Z",
        "start=2030-01-01T00:00:00Z",
        "start=yesterday",
        "end=",
        "start=2024-06-01T00:00:00+0000",
        "start=99999-06-01T00:00:00Z",
        "granularity=week",
        "granularity=",
    ] {
        let answer = ask(&store, &path(query), "application/json", DEMO).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
        assert!(answer.headers().contains_key("x-hcp-errormessage"));
    }
}

#[tokio::test]
async fn the_system_always_sees_what_a_tenant_is_charged_for_and_nothing_else() {
    let (store, _clock) = store().await;
    store.bucket("scans").await;
    let (demo, other) = (tenant("demo"), username("other"));
    let roles = [Role::Compliance];
    let made = store
        .hcp
        .create_user(&demo, &other, PASSWORD, &roles, false);
    assert!(made.await.unwrap());
    store.tenant("else").await;
    store.user("else", "stranger", PASSWORD).await;
    for (path, of_system) in [
        ("chargebackReport", 200),
        ("statistics", 403),
        ("namespaces/scans/chargebackReport", 403),
        ("namespaces/scans/statistics", 403),
    ] {
        assert_eq!(status(&store, path, DEMO).await, 200, "{path}");
        assert_eq!(status(&store, path, ROOT).await, of_system, "{path}");
        assert_eq!(
            status(&store, path, ("other", PASSWORD)).await,
            403,
            "{path}"
        );
        assert_eq!(
            status(&store, path, ("stranger", PASSWORD)).await,
            403,
            "{path}"
        );
    }
    let namespaces = "namespaces/absent/chargebackReport";
    assert_eq!(status(&store, namespaces, DEMO).await, 404);
}

#[tokio::test]
async fn a_namespace_that_is_gone_stays_in_what_its_tenant_is_charged_for() {
    let (store, clock) = store().await;
    let client = store.bucket("scans").await;
    store.bucket("gone").await;
    put(&client, "gone", "a", noise(5_000)).await;
    pass(&clock, HOUR);
    // All of it may be one transaction.
    delete(&client, "gone", "a").await;
    let removal = client.delete_bucket().bucket("gone");
    removal.send().await.unwrap();
    pass(&clock, HOUR);
    let client = store.bucket("gone").await;
    put(&client, "gone", "b", noise(10)).await;

    let rows = report(&store, "chargebackReport?granularity=hour").await;
    let sums: Vec<_> = rows
        .iter()
        .filter(|row| row.get("namespaceName").is_none())
        .collect();
    assert_eq!(sums.len(), 3);
    assert_eq!(of(sums[0], &SUMS), [5_000, 0, 0, 1, 0]);
    assert_eq!(of(sums[0], &LEVELS), [1, 5_000, 8_192]);
    assert_eq!(of(sums[1], &SUMS), [0, 0, 0, 0, 1]);
    assert_eq!(of(sums[1], &LEVELS), [0, 0, 0]);
    assert_eq!(of(sums[2], &SUMS), [10, 0, 0, 1, 0]);
    let told: Vec<_> = sums.iter().map(|row| &row["deleted"]).collect();
    assert_eq!(told, ["included", "included", "false"]);
    // The new one of that name begins with its own hour.
    let own: Vec<_> = rows
        .iter()
        .filter(|row| row.get("namespaceName") == Some(&json!("gone")))
        .collect();
    assert_eq!(own.len(), 1);
    assert_eq!(of(own[0], &SUMS), [10, 0, 0, 1, 0]);
    let total = report(&store, "chargebackReport").await;
    let total = total.last().unwrap();
    assert_eq!(of(total, &SUMS), [5_010, 0, 0, 2, 1]);
    assert_eq!(total["deleted"], "included");
}

#[tokio::test]
async fn a_read_does_not_wait_for_the_disk() {
    let (store, _clock) = store().await;
    let client = store.bucket("scans").await;
    put(&client, "scans", "a", noise(100)).await;
    // What signing in notes once a day is done.
    get(&client, "scans", "a").await;
    report(&store, "chargebackReport").await;
    let before = store.hcp.write_counts().transactions;
    for _ in 0..50 {
        get(&client, "scans", "a").await;
    }
    // At most one, for all of those that waited for a moment.
    let after = store.hcp.write_counts().transactions;
    assert!(after - before <= 1, "{before} {after}");
    // Nobody asks for a transaction: it comes of itself.
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while store.hcp.write_counts().transactions == before {
        assert!(tokio::time::Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let row = report(&store, "namespaces/scans/chargebackReport")
        .await
        .remove(0);
    assert_eq!(of(&row, &SUMS), [100, 5_100, 51, 1, 0]);
}

#[tokio::test]
async fn listings_go_out_and_of_an_object_what_was_taken() {
    let (store, _clock) = store().await;
    let client = store.bucket("scans").await;
    put(&client, "scans", "large", noise(32 * MIB)).await;
    let config = PresigningConfig::expires_in(Duration::from_mins(10)).unwrap();
    let open = client.put_bucket_acl().bucket("scans");
    open.acl(BucketCannedAcl::PublicRead).send().await.unwrap();
    let listing = format!("{}/scans?list-type=2", store.by_host("demo"));
    let listed = store.http.get(listing).send().await.unwrap();
    assert_eq!(listed.status(), StatusCode::OK);
    let listed = i64::try_from(listed.bytes().await.unwrap().len()).unwrap();
    assert!(listed > 0);
    let out = async || {
        let row = report(&store, "namespaces/scans/chargebackReport")
            .await
            .remove(0);
        (
            row["bytesOut"].as_i64().unwrap(),
            row["reads"].as_i64().unwrap(),
        )
    };
    assert_eq!(out().await, (listed, 0));
    let large = client.get_object().bucket("scans").key("large");
    let large = large.presigned(config).await.unwrap();
    let mut answer = store.http.get(large.uri()).send().await.unwrap();
    answer.chunk().await.unwrap().unwrap();
    drop(answer);
    let (bytes, reads) = out().await;
    assert_eq!(reads, 1);
    let taken = bytes - listed;
    assert!(
        taken > 0 && taken < i64::try_from(32 * MIB).unwrap(),
        "{taken}"
    );
}

/// Copies the database as it is on the disk, as a kill would leave it.
fn copy_as_killed(from: &Path, to: &Path) {
    for name in ["metadata.sqlite", "metadata.sqlite-wal"] {
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
}

#[tokio::test]
async fn after_a_kill_the_hour_is_known_to_be_incomplete_and_after_a_stop_it_is_not() {
    let (first, clock) = store().await;
    let client = first.bucket("scans").await;
    put(&client, "scans", "a", noise(10)).await;
    get(&client, "scans", "a").await;
    let folder = Arc::new(TempDir::new().unwrap());
    let data = folder.path().join("store");
    fs::create_dir(&data).unwrap();
    copy_as_killed(&first.data_dir(), &data);
    let valid = async |store: &Fixture| {
        let rows = report(store, "namespaces/scans/chargebackReport?granularity=hour").await;
        rows.iter()
            .map(|row| row["valid"].as_bool().unwrap())
            .collect::<Vec<_>>()
    };
    pass(&clock, 2 * HOUR);
    let killed = Fixture::open(folder, |config| config.clock = reading(&clock)).await;
    assert_eq!(valid(&killed).await, [false, true, true]);
    let row = report(&killed, "namespaces/scans/chargebackReport")
        .await
        .remove(0);
    assert_eq!((&row["writes"], &row["valid"]), (&json!(1), &json!(false)));

    let hand = reading(&clock);
    let stopped = first.restart_with(|config| config.clock = hand).await;
    assert_eq!(valid(&stopped).await, [true, true, true]);
    let row = report(&stopped, "namespaces/scans/chargebackReport")
        .await
        .remove(0);
    // The clock had gone on when the read was written down: it counts in the hour in which it was.
    assert_eq!(of(&row, &SUMS), [10, 10, 1, 1, 0]);
}

#[tokio::test]
async fn history_ends_after_its_days_and_what_is_there_is_not_forgotten() {
    let (store, clock) = store_with(|config| config.chargeback_days = 2).await;
    let client = store.bucket("scans").await;
    store.bucket("gone").await;
    put(&client, "scans", "a", noise(10)).await;
    pass(&clock, HOUR);
    put(&client, "scans", "b", noise(10)).await;
    let removal = client.delete_bucket().bucket("gone");
    removal.send().await.unwrap();
    pass(&clock, 3 * 24 * HOUR);
    let hours = || {
        let connection = rusqlite::Connection::open(store.data_dir().join("metadata.sqlite"));
        let sql = "SELECT count(*) FROM usage_hours";
        let count = connection.unwrap().query_row(sql, [], |row| row.get(0));
        let count: i64 = count.unwrap();
        count
    };
    let before = report(&store, "chargebackReport?granularity=hour").await;
    assert_eq!(hours(), 3);
    store.hcp.sweep(Duration::from_hours(1)).await.unwrap();
    assert_eq!(hours(), 1);
    // Two days and the present hour; each time one of the namespace and one of the tenant.
    let after = report(&store, "chargebackReport?granularity=hour").await;
    assert_eq!(after.len(), 2 * 49);
    assert_eq!(before, after);
    assert!(
        after
            .iter()
            .all(|row| row["objectCount"] == 2 && row["writes"] == 0)
    );
}
