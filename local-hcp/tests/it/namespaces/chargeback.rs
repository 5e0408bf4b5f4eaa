//! What is counted, and how it is told.

use aws_sdk_s3::{
    Client,
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart},
};
use local_hcp::Profile;
use reqwest::Method;
use serde_json::{Value as Json, json};
use time::OffsetDateTime;

use super::World;
use crate::fixture::hcp_document;
use crate::fixture::{get, put};

const HOUR: i64 = 3_600;

fn hcp(seconds: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
    let date = time.date();
    let (hour, minute, second) = time.to_hms();
    format!("{date}T{hour:02}:{minute:02}:{second:02}+0000")
}

fn begin(seconds: i64) -> i64 {
    seconds - seconds.rem_euclid(HOUR)
}

/// Two small objects and one of two parts, as in the wire contract's example.
async fn fill(client: &Client) {
    put(client, "archive", "a", "abc").await;
    put(client, "archive", "b", "def").await;
    let begun = client.create_multipart_upload().bucket("archive").key("c");
    let id = begun.send().await.unwrap().upload_id.unwrap();
    let mut parts = Vec::new();
    for (number, size) in [(1, 3 * 1024 * 1024), (2, 2 * 1024 * 1024)] {
        let part = client
            .upload_part()
            .bucket("archive")
            .key("c")
            .upload_id(&id);
        let body = ByteStream::from(vec![7; size]);
        let stored = part.part_number(number).body(body).send().await.unwrap();
        let etag = stored.e_tag.unwrap();
        parts.push(
            CompletedPart::builder()
                .part_number(number)
                .e_tag(etag)
                .build(),
        );
    }
    let document = CompletedMultipartUpload::builder()
        .set_parts(Some(parts))
        .build();
    let done = client
        .complete_multipart_upload()
        .bucket("archive")
        .key("c");
    done.upload_id(&id)
        .multipart_upload(document)
        .send()
        .await
        .unwrap();
}

/// Rows whose times and names are those of the test.
fn expected(from: i64) -> Json {
    let mut report = hcp_document("chargeback-report");
    for row in report["chargebackData"].as_array_mut().unwrap() {
        row["systemName"] = json!("localhost");
        row["startTime"] = json!(hcp(from));
        row["endTime"] = json!(hcp(from + HOUR - 1));
    }
    report
}

#[tokio::test]
async fn the_report_is_that_of_the_example() {
    let world = World::open(Profile::Hcp).await;
    let client = world.archive().await;
    fill(&client).await;
    let from = begin(world.now());
    let report = expected(from);
    assert_eq!(world.get("chargebackReport?granularity=hour").await, report);
    let of_namespace = world.get("namespaces/archive/chargebackReport").await;
    assert_eq!(
        of_namespace["chargebackData"],
        json!([report["chargebackData"][0]])
    );

    let csv = world
        .ask_as("ops1", Method::GET, "chargebackReport", None, "text/csv")
        .await;
    let times = format!("{},{}", hcp(from), hcp(from + HOUR - 1));
    let numbers = "3,5242886,5251072,5242886,0,0,4,0,1,2,5242880,0,0,0,false,true";
    assert_eq!(
        csv.text,
        format!(
            "systemName,tenantName,namespaceName,startTime,endTime,objectCount,ingestedVolume,\
             storageCapacityUsed,bytesIn,bytesOut,reads,writes,deletes,multipartObjects,\
             multipartObjectParts,multipartObjectBytes,multipartUploads,multipartUploadParts,\
             multipartUploadBytes,deleted,valid\n\
             localhost,acme,archive,{times},{numbers}\n\
             localhost,acme,,{times},{numbers}\n"
        )
    );
    let xml = world
        .ask_as(
            "ops1",
            Method::GET,
            "chargebackReport",
            None,
            "application/xml",
        )
        .await;
    assert!(
        xml.text.contains("<chargebackReport><chargebackData>"),
        "{}",
        xml.text
    );
    assert!(xml.text.contains("<bytesIn>5242886</bytesIn>"));

    let statistics = world.get("namespaces/archive/statistics").await;
    let mut shape = hcp_document("statistics");
    shape["customMetadataCount"] = json!(0);
    shape["customMetadataSize"] = json!(0);
    assert_eq!(statistics, shape);
    assert_eq!(world.get("statistics").await, shape);
}

#[tokio::test]
async fn each_hour_has_its_own_and_a_quiet_one_what_was_before() {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    let first = begin(world.now());
    put(&client, "archive", "a", vec![7; 10_000]).await;
    get(&client, "archive", "a").await;
    world.pass(first + HOUR - world.now());
    // Nothing happens in the second hour, which nobody sees end.
    world.pass(HOUR);
    put(&client, "archive", "b", "x").await;
    client
        .delete_object()
        .bucket("archive")
        .key("a")
        .send()
        .await
        .unwrap();
    let report = world
        .get("namespaces/archive/chargebackReport?granularity=hour")
        .await;
    let rows = report["chargebackData"].as_array().unwrap();
    let column =
        |name: &str| -> Vec<i64> { rows.iter().map(|row| row[name].as_i64().unwrap()).collect() };
    assert_eq!(column("objectCount"), [1, 1, 1]);
    assert_eq!(column("ingestedVolume"), [10_000, 10_000, 1]);
    assert_eq!(column("storageCapacityUsed"), [12_288, 12_288, 4_096]);
    assert_eq!(column("bytesIn"), [10_000, 0, 1]);
    assert_eq!(column("bytesOut"), [10_000, 0, 0]);
    assert_eq!(column("reads"), [1, 0, 0]);
    assert_eq!(column("writes"), [1, 0, 1]);
    assert_eq!(column("deletes"), [0, 0, 1]);
    let total = world.get("namespaces/archive/chargebackReport").await;
    let rows = total["chargebackData"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0]["writes"], &rows[0]["objectCount"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(rows[0]["startTime"], hcp(first));
    // One hour, by its first and last second.
    let (start, end) = (hcp(first + HOUR), hcp(first + 2 * HOUR - 1));
    let query = format!("granularity=HOUR&start={start}&end={end}").replace('+', "%2B");
    let one = world
        .get(&format!("namespaces/archive/chargebackReport?{query}"))
        .await;
    assert_eq!(one["chargebackData"].as_array().unwrap().len(), 1);
    assert_eq!(one["chargebackData"][0]["endTime"], end);
    for bad in [
        "granularity=week".to_owned(),
        "start=yesterday".to_owned(),
        format!("start={end}&end={start}").replace('+', "%2B"),
    ] {
        let path = format!("namespaces/archive/chargebackReport?{bad}");
        assert_eq!(
            world.ask(Method::GET, &path, None).await.status,
            400,
            "{bad}"
        );
    }
}

#[tokio::test]
async fn lists_count_as_what_goes_out_and_outlive_a_restart() {
    let mut world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    put(&client, "archive", "a", "x").await;
    client
        .list_objects_v2()
        .bucket("archive")
        .send()
        .await
        .unwrap();
    get(&client, "archive", "a").await;
    let before = world.get("namespaces/archive/chargebackReport").await;
    let row = &before["chargebackData"][0];
    assert!(row["bytesOut"].as_i64().unwrap() > 100, "{row}");
    assert_eq!(row["reads"], 1);
    get(&client, "archive", "a").await;
    // Closing writes down what was counted in memory alone.
    world.store = world.store.restart(|_folder| {}).await;
    let after = world.get("namespaces/archive/chargebackReport").await;
    assert_eq!(after["chargebackData"][0]["reads"], 2);
}

#[tokio::test]
async fn the_tenant_still_counts_what_is_gone() {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    put(&client, "archive", "a", "abc").await;
    client
        .delete_object()
        .bucket("archive")
        .key("a")
        .send()
        .await
        .unwrap();
    client
        .delete_bucket()
        .bucket("archive")
        .send()
        .await
        .unwrap();
    client.create_bucket().bucket("other").send().await.unwrap();
    let report = world.get("chargebackReport").await;
    let rows = report["chargebackData"].as_array().unwrap();
    assert_eq!(rows.len(), 2, "{report}");
    assert_eq!(
        (&rows[0]["namespaceName"], &rows[0]["writes"]),
        (&json!("other"), &json!(0))
    );
    assert_eq!(
        (&rows[1]["deleted"], &rows[1]["writes"]),
        (&json!("included"), &json!(1))
    );
    assert_eq!(
        (&rows[1]["deletes"], &rows[1]["objectCount"]),
        (&json!(1), &json!(0))
    );
}
