//! Metadata queries over HTTP.

use std::sync::Arc;

use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use local_hcp::Profile;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::fixture::{Fixture, PASSWORD, access_key, put, secret};

/// Asks as a user of the tenant `demo`; the status, the reason of a refusal, and `queryResult`.
async fn ask_as(store: &Fixture, user: &str, body: &Json) -> (u16, String, Json) {
    let answer = store
        .http
        .post(format!("{}/query", store.by_host("demo")))
        .header(
            "authorization",
            format!("HCP {}:{}", access_key(user), secret(PASSWORD)),
        )
        .header("accept", "application/json")
        .header("content-type", "application/json")
        .body(body.to_string())
        .send()
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let reason = answer
        .headers()
        .get("x-hcp-errormessage")
        .map(|reason| String::from_utf8_lossy(reason.as_bytes()).into_owned())
        .unwrap_or_default();
    let text = answer.text().await.unwrap();
    let json: Json = serde_json::from_str(&text).unwrap_or_default();
    (status, reason, json["queryResult"].clone())
}

async fn ask(store: &Fixture, body: Json) -> Json {
    let (status, reason, result) = ask_as(store, "demo", &body).await;
    assert_eq!((status, reason.as_str()), (200, ""), "{body}");
    result
}

async fn refused(store: &Fixture, body: Json) -> String {
    let (status, reason, _) = ask_as(store, "demo", &body).await;
    assert_eq!(status, 400, "{body}");
    reason
}

/// The paths that a query finds.
async fn paths(store: &Fixture, query: &str) -> Vec<String> {
    let request =
        json!({"object": {"query": query, "objectProperties": "objectPath", "sort": "objectPath"}});
    let result = ask(store, request).await;
    let records = result["resultSet"].as_array().unwrap();
    assert_eq!(result["status"]["totalResults"], records.len());
    assert_eq!(result["status"]["code"], "COMPLETE");
    records
        .iter()
        .map(|record| record["objectPath"].as_str().unwrap().to_owned())
        .collect()
}

async fn filled() -> Fixture {
    let store = Fixture::start().await;
    let client = store.bucket("archive").await;
    for (key, size, meta, kind) in [
        (
            "scans/2024/page-1.tif",
            10,
            Some(("department", "Physics")),
            "image/tiff",
        ),
        (
            "scans/2024/page-2.tif",
            2_000,
            Some(("department", "Applied Physics")),
            "image/tiff",
        ),
        ("scans/2023/page-1.png", 300, None, "image/png"),
        ("notes.txt", 5, None, "text/plain"),
        ("product123.bin", 0, None, "application/octet-stream"),
    ] {
        let mut request = client
            .put_object()
            .bucket("archive")
            .key(key)
            .content_type(kind)
            .body(vec![b'x'; size].into());
        if let Some((name, value)) = meta {
            request = request.metadata(name, value);
        }
        request.send().await.unwrap();
    }
    store
}

#[tokio::test]
async fn objects_are_found_as_soon_as_they_are_written() {
    let store = filled().await;
    for (query, expected) in [
        (
            "*:*",
            &[
                "/notes.txt",
                "/product123.bin",
                "/scans/2023/page-1.png",
                "/scans/2024/page-1.tif",
                "/scans/2024/page-2.tif",
            ][..],
        ),
        (
            "scans AND NOT png",
            &["/scans/2024/page-1.tif", "/scans/2024/page-2.tif"],
        ),
        (
            "+scans +page -2",
            &["/scans/2023/page-1.png", "/scans/2024/page-1.tif"],
        ),
        (
            "\"2024 page\"",
            &["/scans/2024/page-1.tif", "/scans/2024/page-2.tif"],
        ),
        (
            "pag*",
            &[
                "/scans/2023/page-1.png",
                "/scans/2024/page-1.tif",
                "/scans/2024/page-2.tif",
            ],
        ),
        (
            "p?ge",
            &[
                "/scans/2023/page-1.png",
                "/scans/2024/page-1.tif",
                "/scans/2024/page-2.tif",
            ],
        ),
        ("123", &["/product123.bin"]),
        (
            "PHYSICS",
            &["/scans/2024/page-1.tif", "/scans/2024/page-2.tif"],
        ),
        (
            "size:[11 TO *]",
            &["/scans/2023/page-1.png", "/scans/2024/page-2.tif"],
        ),
        ("size:{10 TO 300]", &["/scans/2023/page-1.png"]),
        ("size:0", &["/product123.bin"]),
        ("namespace:archive.demo AND size:5", &["/notes.txt"]),
        ("namespace:Archive AND size:5", &["/notes.txt"]),
        ("namespace:other.demo", &[]),
        (
            "utf8Name:page-1.*",
            &["/scans/2023/page-1.png", "/scans/2024/page-1.tif"],
        ),
        ("utf8Name:Page-1.*", &[]),
        (
            "objectPath:\"/SCANS/2024/page-1.tif\"",
            &["/scans/2024/page-1.tif"],
        ),
        (
            r"objectPath:\/scans\/*\/page-1*",
            &["/scans/2023/page-1.png", "/scans/2024/page-1.tif"],
        ),
        (
            "contentType:image*",
            &[
                "/scans/2023/page-1.png",
                "/scans/2024/page-1.tif",
                "/scans/2024/page-2.tif",
            ],
        ),
        (
            "customMetadata.department:\"Physics\"",
            &["/scans/2024/page-1.tif"],
        ),
        ("customMetadata.department:*physics", &[]),
        (
            "customMetadata.department:Appl*",
            &["/scans/2024/page-2.tif"],
        ),
        (
            "customMetadataContent:\"meta-department.Physics.meta-department\"",
            &["/scans/2024/page-1.tif"],
        ),
        (
            "customMetadata:true",
            &["/scans/2024/page-1.tif", "/scans/2024/page-2.tif"],
        ),
        (
            "NOT customMetadata:true AND size:[1 TO *]",
            &["/notes.txt", "/scans/2023/page-1.png"],
        ),
        (
            "customMetadataAnnotation:\".metapairs\" -size:10",
            &["/scans/2024/page-2.tif"],
        ),
        (
            "retention:0 AND hold:false AND acl:0 AND size:5",
            &["/notes.txt"],
        ),
        ("owner:USER AND size:5", &["/notes.txt"]),
        ("owner:\"USER,demo,demo\" AND size:5", &["/notes.txt"]),
        (
            "ingestTime:[1 TO *] AND changeTimeString:[2020-01-01T00:00:00 TO *] AND size:5",
            &["/notes.txt"],
        ),
        ("ingestTimeString:[* TO 2020-01-01T00:00:00+0000]", &[]),
        (
            "(notes OR product) AND (size:5 OR size:10)",
            &["/notes.txt"],
        ),
    ] {
        if query.contains(":*physics") {
            assert!(
                refused(&store, json!({"object": {"query": query}}))
                    .await
                    .contains("character 27")
            );
            continue;
        }
        assert_eq!(paths(&store, query).await, expected, "{query}");
    }
    let client = store.client();
    client
        .delete_object()
        .bucket("archive")
        .key("notes.txt")
        .send()
        .await
        .unwrap();
    assert_eq!(paths(&store, "notes").await, [""; 0]);
    put(&client, "archive", "Notes/again.md", "y").await;
    assert_eq!(paths(&store, "notes").await, ["/Notes/again.md"]);
}

#[tokio::test]
async fn an_answer_says_what_was_asked_for() {
    let store = filled().await;
    let result = ask(
        &store,
        json!({"object": {"query": "scans", "count": "2", "offset": 1, "sort": "size+desc,utf8Name",
            "facets": "namespace,retention,hold,retentionClass", "verbose": "true"}}),
    )
    .await;
    assert_eq!(result["query"]["expression"], "scans");
    assert_eq!(result["status"]["totalResults"], 3);
    assert_eq!(result["status"]["results"], 2);
    assert_eq!(result["status"]["code"], "COMPLETE");
    let first = &result["resultSet"][0];
    assert_eq!(first["objectPath"], "/scans/2023/page-1.png");
    assert_eq!(
        first["urlName"],
        "https://archive.demo.localhost/rest/scans/2023/page-1.png"
    );
    assert_eq!(first["operation"], "CREATED");
    assert!(
        first["changeTimeMilliseconds"]
            .as_str()
            .unwrap()
            .ends_with(".00")
    );
    assert_eq!(first["owner"], "USER,demo,demo");
    assert_eq!(first["namespace"], "archive.demo");
    assert_eq!(first["retentionString"], "Deletion Allowed");
    // printf 'x%.0s' {1..300} | sha256sum
    assert_eq!(
        first["hash"].as_str().unwrap().split(' ').next(),
        Some("SHA-256")
    );
    assert_eq!(result["resultSet"][1]["size"], 10);
    assert_eq!(
        result["resultSet"][1]["customMetadataAnnotation"],
        ".metapairs"
    );
    let facets = result["facets"]["facet"].as_array().unwrap();
    let value = |index: usize| &facets[index]["frequency"][0];
    assert_eq!(facets[0]["property"], "namespace");
    assert_eq!(*value(0), json!({"value": "archive.demo", "count": 3}));
    assert_eq!(*value(1), json!({"value": "expired", "count": 3}));
    assert_eq!(*value(2), json!({"value": "false", "count": 3}));
    assert_eq!(*value(3), json!({"value": "", "count": 3}));

    let none = ask(&store, json!({"object": {"query": "scans", "count": 0}})).await;
    assert_eq!(none["resultSet"], json!([]));
    assert_eq!(none["status"]["code"], "INCOMPLETE");
    let plain = ask(
        &store,
        json!({"object": {"query": "notes", "objectProperties": ["size", "utf8Name"]}}),
    )
    .await;
    let record = plain["resultSet"][0].as_object().unwrap();
    assert_eq!(record["size"], 5);
    assert_eq!(record["utf8Name"], "notes.txt");
    assert_eq!(record.len(), 6);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_its_place() {
    let store = filled().await;
    for (query, part) in [
        (json!({"query": "size:[1 TO"}), "at character"),
        (json!({"query": "(a"}), "at character"),
        (json!({"query": "nothing:1"}), "nothing"),
        (json!({"query": "urlName:x"}), "urlName"),
        (json!({"query": "a", "count": 10_001}), "count"),
        (json!({"query": "a", "count": -2}), "count"),
        (json!({"query": "a", "offset": 100_001}), "offset"),
        (json!({"query": "a", "sort": "acces"}), "sort"),
        (json!({"query": "a", "sort": "size+up"}), "sort"),
        (json!({"query": "a", "facets": "size"}), "facets"),
        (json!({"query": "a", "objectProperties": "Size"}), "Size"),
        (json!({"query": "a", "extra": 1}), "extra"),
        (json!({}), "query"),
    ] {
        let reason = refused(&store, json!({"object": query})).await;
        assert!(reason.contains(part), "{query}: {reason}");
    }
    let url = format!("{}/query", store.by_host("demo"));
    let post = |body: String, accept: &'static str, user: &str| {
        store
            .http
            .post(&url)
            .header(
                "authorization",
                format!("HCP {}:{}", access_key(user), secret(PASSWORD)),
            )
            .header("accept", accept)
            .header("content-type", "application/json")
            .body(body)
            .send()
    };
    let long = json!({"object": {"query": "a".repeat(9_000)}}).to_string();
    assert_eq!(
        post(long, "application/json", "demo")
            .await
            .unwrap()
            .status(),
        413
    );
    let fine = json!({"object": {"query": "*:*"}}).to_string();
    assert_eq!(
        post(fine.clone(), "text/html", "demo")
            .await
            .unwrap()
            .status(),
        406
    );
    assert_eq!(
        post(fine.clone(), "application/json", "nobody")
            .await
            .unwrap()
            .status(),
        403
    );
    let xml = post(fine, "application/xml", "demo").await.unwrap();
    assert_eq!(xml.headers()["content-type"], "application/xml");
    let text = xml.text().await.unwrap();
    assert!(
        text.contains(r#"<status code="COMPLETE" message="" results="5" totalResults="5"/>"#),
        "{text}"
    );
    assert!(text.contains("<query><expression>*:*</expression></query>"));
}

#[tokio::test]
async fn a_request_may_be_xml() {
    let store = filled().await;
    let body = "<queryRequest><object><query>scans</query><count>1</count></object></queryRequest>";
    let answer = store
        .http
        .post(format!("{}/query", store.by_host("demo")))
        .header(
            "authorization",
            format!("HCP {}:{}", access_key("demo"), secret(PASSWORD)),
        )
        .header("accept", "application/json")
        .header("content-type", "application/xml")
        .body(body)
        .send()
        .await
        .unwrap();
    let json: Json = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(json["queryResult"]["status"]["totalResults"], 3);
    assert_eq!(json["queryResult"]["status"]["code"], "INCOMPLETE");
}

/// The same, and an object of which one version was deleted, and then another for good.
async fn changed() -> Fixture {
    let store = filled().await;
    let client = store.client();
    client
        .put_bucket_versioning()
        .bucket("archive")
        .versioning_configuration(
            VersioningConfiguration::builder()
                .status(BucketVersioningStatus::Enabled)
                .build(),
        )
        .send()
        .await
        .unwrap();
    put(&client, "archive", "scans/new.txt", "1").await;
    put(&client, "archive", "scans/new.txt", "22").await;
    client
        .delete_object()
        .bucket("archive")
        .key("scans/new.txt")
        .send()
        .await
        .unwrap();
    let versions = client
        .list_object_versions()
        .bucket("archive")
        .prefix("scans/new")
        .send()
        .await
        .unwrap();
    let oldest = versions.versions().last().unwrap().version_id().unwrap();
    client
        .delete_object()
        .bucket("archive")
        .key("scans/new.txt")
        .version_id(oldest)
        .send()
        .await
        .unwrap();
    store
}

#[tokio::test]
async fn operations_are_told_in_their_order_page_by_page() {
    let store = changed().await;
    let all = ask(&store, json!({"operation": {"verbose": true, "count": -1}})).await;
    assert_eq!(
        all["status"],
        json!({"results": 8, "message": "", "code": "COMPLETE"})
    );
    let kinds: Vec<&str> = all["resultSet"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| record["operation"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "CREATED", "CREATED", "CREATED", "CREATED", "CREATED", "CREATED", "DELETED", "PURGED"
        ]
    );
    let deleted = &all["resultSet"][6];
    assert_eq!(deleted["objectPath"], "/scans/new.txt");
    assert_eq!(deleted["size"], 2);
    assert_eq!(deleted["user"], "demo");
    assert_eq!(all["resultSet"][7]["size"], 1);

    // Page by page, each with the last record of the one before.
    let mut seen = Vec::new();
    let mut last = Json::Null;
    loop {
        let mut request = json!({"count": 3});
        if !last.is_null() {
            request["lastResult"] = json!({"urlName": last["urlName"],
                "changeTimeMilliseconds": last["changeTimeMilliseconds"], "version": last["version"]});
        }
        let page = ask(&store, json!({"operation": request})).await;
        let records = page["resultSet"].as_array().unwrap().clone();
        last = records.last().unwrap().clone();
        seen.extend(records);
        if page["status"]["code"] == "COMPLETE" {
            break;
        }
        assert_eq!(page["status"]["results"], 3);
    }
    let whole = ask(&store, json!({})).await;
    assert_eq!(Json::Array(seen), whole["resultSet"]);
}

#[tokio::test]
async fn operations_are_chosen_by_folder_kind_and_time() {
    let store = changed().await;
    let all = ask(&store, json!({"operation": {"count": -1}})).await;
    let some = ask(
        &store,
        json!({"operation": {"systemMetadata": {
        "directories": {"directory": ["/scans/2024"]},
        "namespaces": {"namespace": ["archive.demo"]},
        "transactions": {"transaction": ["create", "prune"]}}}}),
    )
    .await;
    assert_eq!(some["status"]["results"], 2);
    let start = all["resultSet"][6]["changeTimeMilliseconds"]
        .as_str()
        .unwrap();
    let start: i64 = start.split('.').next().unwrap().parse().unwrap();
    let later = ask(
        &store,
        json!({"operation": {"systemMetadata": {"changeTime": {"start": start}}}}),
    )
    .await;
    assert!(later["status"]["results"].as_u64().unwrap() >= 2);
    let before = ask(
        &store,
        json!({"operation": {"count": 0, "systemMetadata": {"changeTime": {"end": start}}}}),
    )
    .await;
    assert_eq!(before["status"]["code"], "INCOMPLETE", "something matches");

    for (request, part) in [
        (
            json!({"systemMetadata": {"namespaces": {"namespace": ["none.demo"]}}}),
            "none.demo",
        ),
        (
            json!({"systemMetadata": {"directories": {"directory": ["x"]}}}),
            "directories",
        ),
        (
            json!({"systemMetadata": {"transactions": {"transaction": ["CREATE"]}}}),
            "CREATE",
        ),
        (
            json!({"systemMetadata": {"changeTime": {"start": "yesterday"}}}),
            "changeTime.start",
        ),
        (json!({"lastResult": {"urlName": "x"}}), "lastResult"),
    ] {
        let reason = refused(&store, json!({"operation": request})).await;
        assert!(reason.contains(part), "{request}: {reason}");
    }
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_search() {
    let store = filled().await;
    store.user("demo", "guest", PASSWORD).await;
    let (status, _, result) = ask_as(&store, "guest", &json!({"object": {"query": "*:*"}})).await;
    assert_eq!(
        (status, &result["status"]["totalResults"]),
        (200, &json!(0))
    );
    let named =
        json!({"operation": {"systemMetadata": {"namespaces": {"namespace": ["archive.demo"]}}}});
    let (status, reason, _) = ask_as(&store, "guest", &named).await;
    assert_eq!(status, 403, "{reason}");
}

#[tokio::test]
async fn objects_are_found_by_what_is_granted() {
    let store = filled().await;
    store.user("demo", "guest", PASSWORD).await;
    let client = store.client();
    let who = client.list_buckets().send().await.unwrap();
    let own = who.owner().unwrap().id().unwrap().to_owned();
    // Lists of access count where the namespace uses them.
    for (key, read, write) in [
        (
            "notes.txt",
            Some("uri=http://acs.amazonaws.com/groups/global/AllUsers".to_owned()),
            None,
        ),
        (
            "product123.bin",
            Some(format!("id={own}")),
            Some(format!("id={own}")),
        ),
    ] {
        client
            .put_object_acl()
            .bucket("archive")
            .key(key)
            .set_grant_read(read)
            .set_grant_write(write)
            .send()
            .await
            .unwrap();
    }
    for (grant, expected) in [
        ("r", &["/notes.txt"][..]),
        ("r*", &["/notes.txt", "/product123.bin"]),
        ("r,GROUP,demo,all_users", &["/notes.txt"]),
        ("r,GROUP,demo,authenticated", &[]),
        ("*,USER", &["/product123.bin"]),
        ("rwd,USER,demo,demo", &["/product123.bin"]),
        ("rw,USER,demo,demo", &[]),
        ("*,USER,demo,guest", &[]),
        ("*,USER,demo,nobody", &[]),
    ] {
        assert_eq!(
            paths(&store, &format!("aclGrant:\"{grant}\"")).await,
            expected,
            "{grant}"
        );
    }
    for bad in ["", "x", "r,NOBODY", "r,USER,demo"] {
        let reason = refused(
            &store,
            json!({"object": {"query": format!("aclGrant:\"{bad}\"")}}),
        )
        .await;
        assert!(reason.contains("aclGrant"), "{bad}: {reason}");
    }
}

#[tokio::test]
async fn hcp_knows_its_own_language_alone() {
    let store = Fixture::open(Arc::new(TempDir::new().unwrap()), |config| {
        config.profile = Profile::Hcp;
    })
    .await;
    store.tenant("demo").await;
    store.user("demo", "demo", PASSWORD).await;
    let _client = store.bucket("archive").await;
    for query in [
        "contentType:image",
        "customMetadata.department:x",
        "a AND b",
        "(NOT a)",
    ] {
        let (status, reason, _) =
            ask_as(&store, "demo", &json!({"object": {"query": query}})).await;
        assert_eq!(status, 400, "{query}: {reason}");
    }
    let array = json!({"object": {"query": "*:*", "objectProperties": ["size"]}});
    assert_eq!(ask_as(&store, "demo", &array).await.0, 400);
    let fine =
        json!({"object": {"query": "+size:[1 TO *] -hold:true \"x AND y\"", "sort": "size+desc"}});
    assert_eq!(ask_as(&store, "demo", &fine).await.0, 200);
}
