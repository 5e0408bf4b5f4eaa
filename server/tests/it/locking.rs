//! Object lock of a foreign store: told, changed in one direction, bypassed with a reason, and absent elsewhere.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer, DEMO_SECRET_KEY, TestApp},
    moto::{KEYS, Moto},
};

const BUCKET: &str = "/api/v1/buckets/locked";

fn at(what: &str, key: &str) -> String {
    format!("{BUCKET}/object{what}?key={key}")
}

async fn stored(actor: &Actor<'_>, key: &str) -> String {
    let stored: Value = actor.put_bytes(&at("", key), "bytes").await.good().await;
    stored["version_id"].as_str().unwrap().to_owned()
}

async fn told(actor: &Actor<'_>, key: &str) -> Value {
    actor.get(&at("/lock", key)).await.good().await
}

async fn set(actor: &Actor<'_>, key: &str, body: &Value) -> Answer {
    let request = actor.request(Method::PUT, &at("/lock", key)).json(body);
    Answer(request.send().await.unwrap())
}

/// So many days from now, as the API has it.
fn days(days: i64) -> String {
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let then = i64::try_from(now).unwrap() + days * 86_400;
    model::Timestamp::from_unix_seconds(then)
        .unwrap()
        .to_string()
}

fn until(mode: &str, end: &str) -> Value {
    json!({"retention": {"mode": mode, "until": end}})
}

async fn deletes(actor: &Actor<'_>, key: &str, version: &str) -> StatusCode {
    let path = format!("{}&version_id={version}", at("", key));
    actor.delete(&path).await.status()
}

#[tokio::test]
async fn governance_is_bypassed_with_a_reason_which_the_audit_keeps() {
    let Some(moto) = Moto::start() else {
        return;
    };
    let app = moto.app().await;
    moto.locked_bucket("locked", None).await;
    let own = app.script(KEYS.0, KEYS.1).await;
    let session: Value = own.get("/api/v1/session").await.good().await;
    assert_eq!(session["features"]["objects"]["lock"], true);
    let version = stored(&own, "a").await;
    let free = told(&own, "a").await;
    assert_eq!(
        free,
        json!({
            "enabled": "yes", "default": null, "retention": null, "retained": false,
            "legal_hold": false, "version_id": version,
        })
    );

    let (month, year) = (days(30), days(365));
    let kept: Value = set(&own, "a", &until("governance", &month))
        .await
        .good()
        .await;
    assert_eq!(
        kept["retention"],
        json!({"mode": "governance", "until": month})
    );
    assert_eq!(kept["retained"], true);
    assert_eq!(deletes(&own, "a", &version).await, StatusCode::FORBIDDEN);
    // Longer is nobody's privilege.
    let _: Value = set(&own, "a", &until("governance", &year))
        .await
        .good()
        .await;
    // Shorter, stricter and without any is.
    for change in [
        until("governance", &month),
        until("compliance", &year),
        json!({"lift": true}),
    ] {
        let refused = set(&own, "a", &change).await;
        let why = refused.problem(409, "retention_shortened").await;
        assert!(why.as_str().unwrap().contains("a reason is given"), "{why}");
    }
    assert_eq!(told(&own, "a").await["retention"]["until"], year.as_str());
    let lifted = json!({"lift": true, "reason": " stored by mistake "});
    let lifted: Value = set(&own, "a", &lifted).await.good().await;
    assert_eq!(
        (&lifted["retention"], &lifted["retained"]),
        (&Value::Null, &json!(false))
    );
    assert_eq!(deletes(&own, "a", &version).await, StatusCode::OK);

    let page: Value = own.get("/api/v1/audit").await.good().await;
    let records = page["records"].as_array().unwrap().iter();
    let reasons: Vec<_> = records
        .filter(|record| record["action"] == "object.retention" && record["result"] == "ok")
        .filter_map(|record| record["reason"].as_str())
        .collect();
    assert_eq!(
        reasons,
        ["stored by mistake"],
        "and none where nothing was bypassed"
    );
}

#[tokio::test]
async fn compliance_is_made_longer_alone_and_a_legal_hold_is_lifted() {
    let Some(moto) = Moto::start() else {
        return;
    };
    let app = moto.app().await;
    moto.locked_bucket("locked", None).await;
    let own = app.script(KEYS.0, KEYS.1).await;
    let version = stored(&own, "a").await;
    let (month, year) = (days(30), days(365));
    let _: Value = set(&own, "a", &until("compliance", &month))
        .await
        .good()
        .await;
    for mut change in [
        until("compliance", &days(29)),
        until("governance", &year),
        json!({"lift": true}),
    ] {
        change["reason"] = json!("the director wants it");
        let refused = set(&own, "a", &change).await;
        let why = refused.problem(409, "retention_shortened").await;
        assert!(
            why.as_str().unwrap().contains("compliance mode until"),
            "{why}"
        );
    }
    let longer: Value = set(&own, "a", &until("compliance", &year))
        .await
        .good()
        .await;
    assert_eq!(longer["retention"]["until"], year.as_str());
    assert_eq!(deletes(&own, "a", &version).await, StatusCode::FORBIDDEN);

    let version = stored(&own, "held").await;
    let held: Value = set(&own, "held", &json!({"legal_hold": true}))
        .await
        .good()
        .await;
    assert_eq!(
        (&held["legal_hold"], &held["retained"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(deletes(&own, "held", &version).await, StatusCode::FORBIDDEN);
    let free: Value = set(&own, "held", &json!({"legal_hold": false}))
        .await
        .good()
        .await;
    assert_eq!(free["legal_hold"], false);
    assert_eq!(deletes(&own, "held", &version).await, StatusCode::OK);

    let _ = stored(&own, "b").await;
    for wrong in [
        json!({}),
        json!({"lift": true, "legal_hold": true}),
        json!({"lift": true, "reason": " "}),
        until("governance", "2001-01-01T00:00:00Z"),
        until("forever", &year),
    ] {
        let _ = set(&own, "b", &wrong)
            .await
            .problem(422, "validation")
            .await;
    }
    assert_eq!(told(&own, "b").await["retention"], Value::Null);
}

#[tokio::test]
async fn what_a_bucket_gives_to_new_objects_is_told() {
    let Some(moto) = Moto::start() else {
        return;
    };
    let app = moto.app().await;
    moto.locked_bucket("locked", Some(7)).await;
    // Such a bucket takes nothing without a checksum.
    moto.put("locked", "a", "bytes").await;
    let own = app.script(KEYS.0, KEYS.1).await;
    let lock = told(&own, "a").await;
    assert_eq!(lock["default"], json!({"mode": "governance", "days": 7}));
    assert_eq!(
        (&lock["retention"]["mode"], &lock["retained"]),
        (&json!("governance"), &json!(true))
    );
}

#[tokio::test]
async fn a_bucket_or_a_store_without_object_lock_has_none() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("locked").await;
    let _ = demo.put_bytes(&at("", "a"), "bytes").await;
    let session: Value = demo.get("/api/v1/session").await.good().await;
    assert_eq!(session["features"]["objects"]["lock"], false);
    let _ = demo
        .get(&at("/lock", "a"))
        .await
        .problem(501, "not_supported")
        .await;

    // The same store as a foreign one: it does not know the question.
    let before = app.before(&[]).await;
    let own = before.script("ZGVtby9kZW1v", DEMO_SECRET_KEY).await;
    assert_eq!(told(&own, "a").await["enabled"], "no");

    let Some(moto) = Moto::start() else {
        return;
    };
    let app = moto.app().await;
    let own = app.script(KEYS.0, KEYS.1).await;
    own.bucket("locked").await;
    let _ = own.put_bytes(&at("", "a"), "bytes").await;
    assert_eq!(told(&own, "a").await["enabled"], "no");
    let hold = json!({"legal_hold": true});
    let _ = set(&own, "a", &hold)
        .await
        .problem(501, "not_supported")
        .await;
    let _ = own
        .get(&at("/lock", "absent"))
        .await
        .problem(404, "object_not_found")
        .await;
}
