//! The page of a bucket's CORS rules: which hold, one change at a time, and why a page is kept out.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Actor, Answer, TestApp};

const CORS: &str = "/api/v1/buckets/datasets/cors";
const PAGE: &str = "https://other.example";
const TENANT: &str = "/api/v1/mapi/tenants/demo/cors";

async fn post(actor: &Actor<'_>, path: &str, body: Value) -> Value {
    actor
        .post(&format!("{CORS}/{path}"), &body)
        .await
        .good()
        .await
}

/// Asks what keeps a page out.
async fn ask(actor: &Actor<'_>, method: &str, more: &str) -> Value {
    let path = format!("{CORS}/check?origin={PAGE}&method={method}{more}");
    actor.get(&path).await.good().await
}

async fn overview(actor: &Actor<'_>) -> Value {
    actor.get(&format!("{CORS}/overview")).await.good().await
}

/// Makes a change of the rules as they are.
async fn change(actor: &Actor<'_>, change: Value) -> Answer {
    let fingerprint = overview(actor).await["fingerprint"].clone();
    let edit = json!({"fingerprint": fingerprint, "change": change});
    actor.post(&format!("{CORS}/changes"), &edit).await
}

async fn set(actor: &Actor<'_>, rules: Value) {
    let request = actor.request(Method::PUT, CORS);
    let request = request.json(&json!({ "CORSRules": rules }));
    let _: Value = Answer(request.send().await.unwrap()).good().await;
}

async fn set_tenant(actor: &Actor<'_>, origin: &str) {
    let document = format!(
        "<CORSConfiguration><CORSRule><AllowedOrigin>{origin}</AllowedOrigin>\
         <AllowedMethod>PUT</AllowedMethod><AllowedHeader>*</AllowedHeader>\
         <ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>"
    );
    let request = actor.request(Method::PUT, TENANT);
    let request = request.json(&json!({ "cors": document }));
    let _: Value = Answer(request.send().await.unwrap()).good().await;
}

fn rule(origin: &str) -> Value {
    json!({"AllowedOrigins": [origin], "AllowedMethods": ["GET"]})
}

fn origins(overview: &Value) -> Vec<&str> {
    let rules = overview["cors_rules"].as_array().unwrap();
    let first = rules.iter().map(|rule| rule["AllowedOrigins"][0].as_str());
    first.map(Option::unwrap).collect()
}

#[tokio::test]
async fn rules_are_changed_one_at_a_time_and_the_others_stay() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let none = overview(&demo).await;
    assert_eq!(none["source"], "none");
    assert_eq!(none["tenant"], "unset");
    assert_eq!(none["can_configure"], true);
    for origin in ["https://a.example", "https://b.example"] {
        let added = change(&demo, json!({"kind": "add", "rule": rule(origin)})).await;
        let _: Value = added.good().await;
    }
    let first = json!({"kind": "add", "at": 0, "rule": rule("https://c.example")});
    let now: Value = change(&demo, first).await.good().await;
    assert_eq!(now["source"], "bucket");
    assert_eq!(
        origins(&now),
        [
            "https://c.example",
            "https://a.example",
            "https://b.example"
        ]
    );
    let moved = json!({"kind": "move", "from": 0, "to": 2});
    let now: Value = change(&demo, moved).await.good().await;
    assert_eq!(
        origins(&now),
        [
            "https://a.example",
            "https://b.example",
            "https://c.example"
        ]
    );
    let other = json!({"kind": "replace", "at": 1, "rule": rule("https://d.example")});
    let now: Value = change(&demo, other).await.good().await;
    let stored: Value = demo.get(CORS).await.good().await;
    assert_eq!(stored["cors_rules"], now["cors_rules"]);
    for _ in 0..3 {
        let gone = change(&demo, json!({"kind": "remove", "at": 0})).await;
        let _: Value = gone.good().await;
    }
    // With the last rule goes the document.
    let _ = demo.get(CORS).await.problem(404, "setting_not_found").await;
    let nowhere = change(&demo, json!({"kind": "remove", "at": 0})).await;
    let _ = nowhere.problem(422, "validation").await;
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_not_lost() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let seen = overview(&demo).await["fingerprint"].clone();
    set(&demo, json!([rule("https://theirs.example")])).await;
    let mine = json!({
        "fingerprint": seen, "change": {"kind": "rules", "cors_rules": [rule("https://mine.example")]},
    });
    let refused = demo.post(&format!("{CORS}/changes"), &mine).await;
    let _ = refused.problem(409, "conflict").await;
    assert_eq!(origins(&overview(&demo).await), ["https://theirs.example"]);
}

#[tokio::test]
async fn a_document_is_read_with_the_place_of_what_is_wrong_and_broken_ones_change_nothing() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    set(&demo, json!([rule("https://a.example")])).await;
    let good = "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>\n<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
    let read = post(&demo, "reading", json!({ "xml": good })).await;
    assert_eq!(read["fault"], Value::Null);
    assert_eq!(read["cors_rules"][0]["AllowedOrigins"], json!(["*"]));
    let bad = good
        .replace("GET", "PATCH")
        .replacen("<AllowedMethod", "\n<AllowedMethod", 1);
    let read = post(&demo, "reading", json!({ "xml": bad })).await;
    assert_eq!(read["fault"]["line"], 1);
    let bad = good.replace("</AllowedMethod>", "</AllowedMethods>");
    let read = post(&demo, "reading", json!({ "xml": bad })).await;
    assert_eq!(read["fault"]["line"], 2);
    let refused = change(&demo, json!({"kind": "document", "xml": bad})).await;
    let told = refused.problem(422, "validation").await;
    assert!(told[0]["msg"].as_str().unwrap().starts_with("Line 2"));
    assert_eq!(origins(&overview(&demo).await), ["https://a.example"]);
    let now: Value = change(&demo, json!({"kind": "document", "xml": good}))
        .await
        .good()
        .await;
    assert_eq!(origins(&now), ["*"]);
}

#[tokio::test]
async fn the_first_rule_takes_the_tenants_along() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    set_tenant(&demo, "https://tenant.example").await;
    let before = overview(&demo).await;
    assert_eq!(
        (&before["source"], &before["tenant"]),
        (&json!("tenant"), &json!("known"))
    );
    assert_eq!(before["cors_rules"], json!([]));
    assert_eq!(
        before["tenant_rules"][0]["AllowedOrigins"][0],
        "https://tenant.example"
    );
    let edit = json!({
        "fingerprint": before["fingerprint"], "with_tenant": true,
        "change": {"kind": "add", "rule": rule("https://a.example")},
    });
    let now = post(&demo, "changes", edit).await;
    assert_eq!(
        origins(&now),
        ["https://tenant.example", "https://a.example"]
    );
    // Without rules of its own the tenant's hold again, and can be left behind.
    let _: Value = demo.delete(CORS).await.good().await;
    let now: Value = change(
        &demo,
        json!({"kind": "add", "rule": rule("https://a.example")}),
    )
    .await
    .good()
    .await;
    assert_eq!(origins(&now), ["https://a.example"]);
    let _: Value = demo.delete(CORS).await.good().await;
    let now: Value = change(&demo, json!({"kind": "copy_tenant"}))
        .await
        .good()
        .await;
    assert_eq!(
        (origins(&now), &now["source"]),
        (vec!["https://tenant.example"], &json!("bucket"))
    );
}

#[tokio::test]
async fn each_cause_is_named_and_its_rule_helps() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    let check = async || ask(&demo, "PUT", "&headers=x-a&reads=ETag").await;
    let full = |origin: &str, method: &str, headers: &[&str], expose: &[&str]| {
        json!({
            "AllowedOrigins": [origin], "AllowedMethods": [method], "AllowedHeaders": headers,
            "ExposeHeaders": expose,
        })
    };
    let good = full(PAGE, "PUT", &["*"], &["ETag"]);
    let silent = full("*", "PUT", &["*"], &[]);
    for (rules, cause, answer) in [
        (json!([]), "no_rule", "refused"),
        (
            json!([full("https://third.example", "PUT", &["*"], &["ETag"])]),
            "origin",
            "refused",
        ),
        (
            json!([full(PAGE, "GET", &["*"], &["ETag"])]),
            "method",
            "refused",
        ),
        (
            json!([full(PAGE, "PUT", &["x-b"], &["ETag"])]),
            "header",
            "refused",
        ),
        (json!([silent]), "expose", "allowed"),
        (json!([silent, good]), "shadowed", "allowed"),
        (json!([good]), "allowed", "allowed"),
    ] {
        if rules == json!([]) {
            let _: Value = demo.delete(CORS).await.good().await;
        } else {
            set(&demo, rules.clone()).await;
        }
        let found = check().await;
        assert_eq!(found["cause"], cause, "{found}");
        assert_eq!(found["preflight"]["outcome"], answer, "{found}");
        if cause == "allowed" {
            assert_eq!(found["rule"], Value::Null);
            assert_eq!(found["decides"], 0);
            continue;
        }
        // The rule that is offered does it, and the others stay.
        let add = json!({"kind": "add", "at": found["at"], "rule": found["rule"]});
        let now: Value = change(&demo, add).await.good().await;
        let kept = now["cors_rules"].as_array().unwrap().len();
        assert_eq!(kept, rules.as_array().unwrap().len() + 1);
        assert_eq!(check().await["cause"], "allowed", "{cause}");
    }
    let _: Value = demo.delete(CORS).await.good().await;
    set_tenant(&demo, PAGE).await;
    let found = check().await;
    assert_eq!(
        (&found["cause"], &found["source"]),
        (&json!("tenant_only"), &json!("tenant"))
    );
    assert_eq!(found["preflight"]["origin"], PAGE);
}

/// What the browser is given to try is refused by the store after the preflight, and stores nothing.
#[tokio::test]
async fn a_probe_is_answered_and_changes_nothing() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    set(
        &demo,
        json!([{
            "AllowedOrigins": [PAGE], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["*"],
        }]),
    )
    .await;
    let before: Value = demo
        .get("/api/v1/buckets/datasets/versions")
        .await
        .good()
        .await;
    for method in ["GET", "PUT"] {
        let probe = ask(&demo, method, "").await["probe"].clone();
        let mut request = reqwest::Client::new()
            .request(method.parse().unwrap(), probe["url"].as_str().unwrap())
            .header("origin", PAGE);
        for (name, value) in probe["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 404, "{method}");
        assert_eq!(answer.headers()["access-control-allow-origin"], PAGE);
    }
    let after: Value = demo
        .get("/api/v1/buckets/datasets/versions")
        .await
        .good()
        .await;
    assert_eq!(before, after);
    let uploads: Value = demo
        .get("/api/v1/buckets/datasets/uploads")
        .await
        .good()
        .await;
    assert_eq!(uploads["uploads"], json!([]));
    assert_eq!(ask(&demo, "DELETE", "").await["probe"], Value::Null);
}
