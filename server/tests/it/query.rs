//! Metadata queries: from the API's words to those of the store behind, and back.

use std::collections::BTreeSet;

use model::mapi::Role;
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer, TestApp},
    keeping_hcp::KeepingHcp,
    moto::{self, Moto},
};

const OBJECTS: &str = "/api/v1/query/tenants/demo/objects";
const OPERATIONS: &str = "/api/v1/query/tenants/demo/operations";
/// The tenant has other objects as well.
const ALL: &str = "namespace:(sets letters)";

async fn store(demo: &Actor<'_>, bucket: &str, key: &str, size: usize, kind: &str, pair: &str) {
    let path = format!("/api/v1/buckets/{bucket}/object?key={key}");
    let request = demo
        .request(reqwest::Method::PUT, &path)
        .header("content-type", kind)
        .header("x-amz-meta-department", pair)
        .body(vec![b'x'; size]);
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
}

/// A tenant with two buckets.
async fn filled(demo: &Actor<'_>) {
    demo.bucket("sets").await;
    demo.bucket("letters").await;
    // Buckets of HCP are searched when somebody says so.
    for bucket in ["sets", "letters"] {
        let path = format!("/api/v1/mapi/tenants/demo/namespaces/{bucket}");
        let settings = json!({
            "searchEnabled": true, "indexingEnabled": true, "customMetadataIndexingEnabled": true
        });
        assert_eq!(demo.post(&path, &settings).await.status(), 200);
    }
    store(demo, "sets", "raw/a.bin", 2_000, "application/zip", "Sales").await;
    store(demo, "sets", "b.txt", 10, "text/plain", "Sales EU").await;
    store(demo, "letters", "c.txt", 3_000, "text/plain", "Legal").await;
}

async fn ask(actor: &Actor<'_>, body: Value) -> Value {
    actor.post(OBJECTS, &body).await.good().await
}

/// The keys that a query finds, in their order.
async fn found(actor: &Actor<'_>, query: &str) -> BTreeSet<String> {
    let answer = ask(
        actor,
        json!({"query": query, "objectProperties": ["utf8Name"]}),
    )
    .await;
    let set = answer["resultSet"].as_array().unwrap();
    assert_eq!(answer["status"]["totalResults"], set.len(), "{answer}");
    set.iter()
        .map(|one| one["utf8Name"].as_str().unwrap().to_owned())
        .collect()
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// What both spellings, and what every store behind understands.
const ASKED: &[(&str, &[&str])] = &[
    (ALL, &["a.bin", "b.txt", "c.txt"]),
    ("namespace:sets AND size:[1000 TO *]", &["a.bin"]),
    ("+namespace:sets.demo +size:[1000 TO *]", &["a.bin"]),
    ("namespace:sets AND NOT size:2000", &["b.txt"]),
    (
        "(namespace:sets AND size:10) OR namespace:(letters)",
        &["b.txt", "c.txt"],
    ),
    ("size:(10 2000)", &["a.bin", "b.txt"]),
    ("utf8Name:?.txt AND -namespace:letters", &[]),
    ("utf8Name:b.t* OR utf8Name:c.txt", &["b.txt", "c.txt"]),
    (
        "(NOT namespace:letters) AND (size:10 OR hold:true)",
        &["b.txt"],
    ),
    ("retention:0 AND raw", &["a.bin"]),
    ("customMetadata.department:\"Sales EU\"", &["b.txt"]),
    ("customMetadata.department:sales", &["a.bin"]),
    (
        "changeTimeString:[2001-01-01T00:00:00 TO *] -size:[100 TO *]",
        &["b.txt"],
    ),
];

#[tokio::test]
async fn one_language_finds_the_same_with_the_habits_of_s3_and_of_hcp() {
    for profile in ["standard", "hcp"] {
        let app = TestApp::with(&[("HAKO_LOCAL_PROFILE", profile)]).await;
        let demo = app.demo().await;
        filled(&demo).await;
        for (query, expected) in ASKED {
            if query.starts_with("utf8Name:?") {
                // A wildcard at the beginning is refused before anything is asked.
                let refused = demo.post(OBJECTS, &json!({"query": query})).await;
                let _ = refused.problem(400, "invalid_query").await;
                continue;
            }
            assert_eq!(
                found(&demo, query).await,
                names(expected),
                "{profile}: {query}"
            );
        }
    }
}

#[tokio::test]
async fn what_hcp_cannot_say_is_answered_or_refused_with_its_reason() {
    let query = "contentType:text/* AND namespace:letters";
    let app = TestApp::new().await;
    let demo = app.demo().await;
    filled(&demo).await;
    assert_eq!(found(&demo, query).await, names(&["c.txt"]));
    let wild = "customMetadata.department:Sal*";
    assert_eq!(found(&demo, wild).await, names(&["a.bin", "b.txt"]));

    let app = TestApp::with(&[("HAKO_LOCAL_PROFILE", "hcp")]).await;
    let demo = app.demo().await;
    for (query, reason) in [
        (query, "content type"),
        (wild, "neither wildcards nor ranges"),
    ] {
        let refused = demo.post(OBJECTS, &json!({"query": query})).await;
        let problem = refused.problem(400, "invalid_query").await;
        assert!(problem.as_str().unwrap().contains(reason), "{problem}");
        assert_eq!(problem["query"], Value::Null);
    }
}

#[tokio::test]
async fn order_pages_properties_and_facets_are_those_of_the_contract() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    filled(&demo).await;
    for (sort, properties, facets) in [
        (
            json!("-size"),
            json!(["size", "namespace"]),
            json!(["namespace", "hold"]),
        ),
        (
            json!("size+desc"),
            json!("size,namespace"),
            json!("namespace,hold"),
        ),
    ] {
        let body = json!({
            "query": ALL, "count": 2, "sort": sort, "objectProperties": properties, "facets": facets
        });
        let answer = ask(&demo, body).await;
        let rows: Vec<_> = answer["resultSet"].as_array().unwrap().iter().collect();
        let sizes: Vec<_> = rows
            .iter()
            .map(|row| row["size"].as_i64().unwrap())
            .collect();
        assert_eq!(sizes, [3_000, 2_000]);
        assert_eq!(rows[0]["namespace"], "letters.demo");
        assert_eq!(rows[0]["operation"], "CREATED");
        assert_eq!(rows[0].get("hash"), None, "nobody asked for it");
        let status = &answer["status"];
        assert_eq!(status["totalResults"], 3);
        assert_eq!(
            (&status["results"], &status["code"]),
            (&json!(2), &json!("INCOMPLETE"))
        );
        let facets = answer["facets"].as_array().unwrap();
        assert_eq!(facets[0]["name"], "namespace");
        assert_eq!(
            facets[0]["frequency"][0],
            json!({"value": "sets.demo", "count": 2})
        );
        assert_eq!(facets[1]["name"], "hold");
    }
    let last = json!({"query": ALL, "count": 2, "offset": 2, "sort": "-size"});
    let answer = ask(&demo, last).await;
    assert_eq!(answer["resultSet"].as_array().unwrap().len(), 1);
    assert_eq!(answer["status"]["code"], "COMPLETE");
    let none = ask(&demo, json!({"query": ALL, "count": 0})).await;
    assert_eq!(none["resultSet"], json!([]));
    assert_eq!(none["status"]["totalResults"], 3);
    let text = ask(&demo, json!({"query": ALL, "verbose": true}))
        .await
        .to_string();
    assert!(!text.contains("null"), "{text}");
}

#[tokio::test]
async fn a_query_that_cannot_be_read_tells_its_place_and_what_was_expected() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let refused = demo
        .post(OBJECTS, &json!({"query": "é size:[1 to 2]"}))
        .await;
    assert_eq!(refused.status(), 400);
    let problem: Value = serde_json::from_str(&refused.text().await).unwrap();
    assert_eq!(problem["code"], "invalid_query");
    assert_eq!(problem["query"]["position"], 10);
    assert_eq!(problem["query"]["expected"], json!(["`TO`"]));
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.starts_with("query: at character 11: "), "{detail}");
    assert!(detail.ends_with("expected `TO`"), "{detail}");

    let deep = format!("{}a{}", "(".repeat(17), ")".repeat(17));
    let many = vec!["a"; 257].join(" ");
    for query in [deep, many, "a".repeat(8_193)] {
        let refused = demo.post(OBJECTS, &json!({"query": query})).await;
        let _ = refused.problem(400, "invalid_query").await;
    }
    // As a request of HCP it would be larger.
    let refused = demo
        .post(OBJECTS, &json!({"query": "a".repeat(8_192)}))
        .await;
    let _ = refused.problem(413, "payload_too_large").await;
}

#[tokio::test]
async fn fields_that_break_a_rule_are_named() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for (path, body, field) in [
        (OBJECTS, json!({"query": "a", "count": 10_001}), "count"),
        (OBJECTS, json!({"query": "a", "count": "many"}), "count"),
        (OBJECTS, json!({"query": "a", "offset": -1}), "offset"),
        (OBJECTS, json!({"query": "a", "sort": "size+up"}), "sort"),
        (OBJECTS, json!({"query": "a", "facets": ["size"]}), "facets"),
        (OBJECTS, json!({"count": 1}), "query"),
        (OPERATIONS, json!({"count": -2}), "count"),
        (
            OPERATIONS,
            json!({"systemMetadata": {"transactions": {"transaction": ["steal"]}}}),
            "transaction",
        ),
    ] {
        let problem = demo
            .post(path, &body)
            .await
            .problem(422, "validation")
            .await;
        let place = problem[0]["loc"].as_array().unwrap();
        assert_eq!(place.last().unwrap(), field, "{problem}");
    }
}

#[tokio::test]
async fn a_tenant_is_a_name_and_never_a_host() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    for tenant in ["127.0.0.1:1234%23", "a.b", "x%2Fy", "-a", "a%40b", "%C3%A9"] {
        for what in ["objects", "operations"] {
            let path = format!("/api/v1/query/tenants/{tenant}/{what}");
            let answer = demo.post(&path, &json!({"query": "*:*"})).await;
            let problem = answer.problem(422, "validation").await;
            assert_eq!(problem, "Invalid tenant name", "{tenant}");
        }
    }
}

#[tokio::test]
async fn the_store_decides_who_finds_what() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    filled(&demo).await;
    let user = json!({
        "username": "reader", "fullName": "Reader", "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "password": "Reader-of-1000", "roles": {"role": ["MONITOR"]},
    });
    let path = "/api/v1/mapi/tenants/demo/userAccounts";
    let made = demo
        .request(reqwest::Method::PUT, path)
        .json(&user)
        .send()
        .await;
    assert_eq!(made.unwrap().status(), 201);
    let reader = app.script("demo/reader", "Reader-of-1000").await;
    let answer = reader.post(OBJECTS, &json!({"query": "*:*"})).await;
    if answer.status() == 200 {
        let answer: Value = answer.good().await;
        assert_eq!(answer["status"]["totalResults"], 0);
    } else {
        let _ = answer.problem(403, "access_denied").await;
    }
    let grants = json!({"namespacePermission": [
        {"namespaceName": "letters", "permissions": {"permission": ["SEARCH", "READ", "BROWSE"]}}
    ]});
    let path = format!("{path}/reader/dataAccessPermissions");
    assert_eq!(demo.post(&path, &grants).await.status(), 200);
    assert_eq!(found(&reader, "*:*").await, names(&["c.txt"]));
    // Another tenant is not hers, and who is nobody finds nothing.
    let other = "/api/v1/query/tenants/other/objects";
    let refused = reader.post(other, &json!({"query": "*:*"})).await;
    let _ = refused.problem(403, "access_denied").await;
    let _ = app
        .anonymous()
        .post(OBJECTS, &json!({"query": "*:*"}))
        .await
        .problem(401, "not_authenticated")
        .await;
}

#[tokio::test]
async fn operations_are_told_page_by_page_also_of_what_is_gone() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    filled(&demo).await;
    let gone = demo
        .delete("/api/v1/buckets/letters/object?key=c.txt")
        .await;
    assert!(gone.status().is_success());
    let ask = async |last: Option<Value>| -> Value {
        let body = json!({
            "count": 1, "lastResult": last,
            "systemMetadata": {
                "changeTime": {"end": "2100-01-01T00:00:00+0000"},
                "namespaces": {"namespace": ["sets"]},
                "transactions": {"transaction": ["create", "delete"]},
            }
        });
        demo.post(OPERATIONS, &body).await.good().await
    };
    let mut told = Vec::new();
    let mut page = ask(None).await;
    loop {
        let last = page["resultSet"][0].clone();
        told.push((last["urlName"].clone(), last["operation"].clone()));
        if page["status"]["code"] == "COMPLETE" {
            break;
        }
        page = ask(Some(json!({
            "urlName": last["urlName"], "version": last["version"],
            "changeTimeMilliseconds": last["changeTimeMilliseconds"],
        })))
        .await;
    }
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told.iter()
            .all(|(url, _)| url.as_str().unwrap().contains("sets.demo."))
    );
    let absent = json!({"systemMetadata": {"namespaces": {"namespace": ["absent"]}}});
    let refused = demo.post(OPERATIONS, &absent).await;
    let _ = refused.problem(400, "invalid_argument").await;
}

#[tokio::test]
async fn answers_are_kept_for_their_reader_alone() {
    let app = TestApp::with(&[("CACHE_QUERY_OBJECT_TTL", "60")]).await;
    let demo = app.demo().await;
    filled(&demo).await;
    let kept = async |actor: &Actor<'_>, query: &str| -> (String, Value) {
        let answer: Answer = actor.post(OBJECTS, &json!({"query": query})).await;
        let whence = answer.header("x-hako-cache").to_owned();
        let body: Value = answer.good().await;
        (whence, body["status"]["totalResults"].clone())
    };
    assert_eq!(kept(&demo, ALL).await, ("miss".to_owned(), json!(3)));
    store(&demo, "letters", "d.txt", 1, "text/plain", "Legal").await;
    assert_eq!(kept(&demo, ALL).await, ("hit".to_owned(), json!(3)));
    assert_eq!(
        kept(&demo, "size:[0 TO *] AND namespace:(sets letters)").await,
        ("miss".to_owned(), json!(4))
    );
    let anew = demo
        .request(reqwest::Method::POST, OBJECTS)
        .header("cache-control", "no-cache")
        .json(&json!({"query": ALL}));
    let anew: Value = Answer(anew.send().await.unwrap()).good().await;
    assert_eq!(anew["status"]["totalResults"], 4);
    app.advance(61);
    assert_eq!(kept(&demo, ALL).await, ("miss".to_owned(), json!(4)));
    // Somebody of the system, who may see nothing of it, asks the same.
    app.system_user("looker", "Looker-of-1000", Role::Monitor)
        .await;
    let looker = app.script("looker", "Looker-of-1000").await;
    let answer = looker.post(OBJECTS, &json!({"query": ALL})).await;
    assert_ne!(answer.header("x-hako-cache"), "hit");
}

#[tokio::test]
async fn stores_that_cannot_be_asked_say_why() {
    let hcp = KeepingHcp::start().await;
    let app = hcp.hako(&[]).await;
    let ann = app.script("acme/ann", "s1").await;
    let path = "/api/v1/query/tenants/acme/objects";
    let problem = ann.post(path, &json!({"query": "*:*"})).await;
    let problem = problem.problem(400, "invalid_argument").await;
    assert!(problem.as_str().unwrap().contains("HCP_DOMAIN"));

    let app = hcp.hako(&[("MAPI_ENABLED", "false")]).await;
    let ann = app.script("acme/ann", "s1").await;
    let problem = ann.post(path, &json!({"query": "*:*"})).await;
    let problem = problem.problem(501, "not_supported").await;
    assert!(problem.as_str().unwrap().contains("MAPI_ENABLED"));

    let Some(moto) = Moto::start() else {
        return;
    };
    let app = moto.app().await;
    let (name, secret) = moto::KEYS;
    let actor = app.script(name, secret).await;
    for path in [OBJECTS, OPERATIONS] {
        let problem = actor.post(path, &json!({"query": "*:*"})).await;
        let problem = problem.problem(501, "not_supported").await;
        assert!(problem.as_str().unwrap().contains("generic"), "{problem}");
    }
}
