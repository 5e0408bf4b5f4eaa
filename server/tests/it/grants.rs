//! Who may do what by a list: granted and taken back by name, with nobody's change lost.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Actor, Answer, TestApp};

const PASSWORD: &str = "Passw0rd!";
const ALL_USERS: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
/// The habits of the store.
const PROFILES: [&[(&str, &str)]; 2] = [&[], &[("HAKO_LOCAL_PROFILE", "hcp")]];

/// Somebody of the demo's tenant who has no rights in buckets.
async fn anna<'a>(app: &'a TestApp, demo: &Actor<'_>) -> Actor<'a> {
    let made = json!({
        "username": "anna", "fullName": "Anna Bok", "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "password": PASSWORD,
    });
    let request = demo.request(Method::PUT, "/api/v1/mapi/tenants/demo/userAccounts");
    let _: Value = Answer(request.json(&made).send().await.unwrap())
        .good()
        .await;
    app.script("demo/anna", PASSWORD).await
}

async fn set(actor: &Actor<'_>, path: &str, body: &Value) -> Answer {
    Answer(
        actor
            .request(Method::PUT, path)
            .json(body)
            .send()
            .await
            .unwrap(),
    )
}

fn to_anna(right: &str) -> Value {
    json!({"Grantee": {"EmailAddress": "anna"}, "Permission": right})
}

/// Whom a list grants what, but its owner.
async fn granted(actor: &Actor<'_>, path: &str) -> (Vec<(String, String)>, String) {
    let list: Value = actor.get(path).await.good().await;
    let owner = list["owner"]["ID"].clone();
    let grants = list["grants"].as_array().unwrap().iter();
    let others = grants.filter(|grant| grant["Grantee"]["ID"] != owner);
    let told = others.map(|grant| {
        let name = &grant["Grantee"]["DisplayName"];
        let name = name.as_str().or(grant["Grantee"]["URI"].as_str());
        let right = grant["Permission"].as_str().unwrap();
        (name.unwrap().to_owned(), right.to_owned())
    });
    let print = list["fingerprint"].as_str().unwrap().to_owned();
    (told.collect(), print)
}

fn of(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(whom, right)| ((*whom).to_owned(), (*right).to_owned()))
        .collect()
}

#[tokio::test]
async fn who_is_granted_read_by_name_reads_until_it_is_taken_back() {
    for profile in PROFILES {
        let app = TestApp::with(profile).await;
        let demo = app.demo().await;
        demo.bucket("shared").await;
        let object = "/api/v1/buckets/shared/object?key=a";
        let _: Value = demo.put_bytes(object, "hello").await.good().await;
        let anna = anna(&app, &demo).await;
        for list in [
            "/api/v1/buckets/shared/acl",
            "/api/v1/buckets/shared/object/acl?key=a",
        ] {
            let _ = anna.get(object).await.problem(403, "access_denied").await;
            let read = set(&demo, list, &json!({"Grants": [to_anna("READ")]})).await;
            assert_eq!(read.status(), StatusCode::OK, "{list}");
            let (told, _) = granted(&demo, list).await;
            assert_eq!(told, of(&[("anna", "READ")]), "{list}");
            assert_eq!(anna.get(object).await.text().await, "hello", "{list}");
            let refused = anna.put_bytes(object, "mine").await;
            let _ = refused.problem(403, "access_denied").await;
            let revoked = set(&demo, list, &json!({"Grants": []})).await;
            assert_eq!(revoked.status(), StatusCode::OK, "{list}");
            assert_eq!(granted(&demo, list).await.0, of(&[]), "{list}");
        }
        let _ = anna.get(object).await.problem(403, "access_denied").await;
    }
}

#[tokio::test]
async fn what_everybody_is_granted_is_read_without_an_account_until_it_is_taken_back() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("shared").await;
    let _: Value = demo
        .put_bytes("/api/v1/buckets/shared/object?key=a", "hello")
        .await
        .good()
        .await;
    let port = app.running.store.unwrap().s3.port();
    let stranger = async || {
        let request = reqwest::Client::new().get(format!("http://127.0.0.1:{port}/shared/a"));
        let request = request.header("host", format!("demo.localhost:{port}"));
        request.send().await.unwrap().status()
    };
    let list = "/api/v1/buckets/shared/object/acl?key=a";
    let everybody = json!({"Grantee": {"URI": ALL_USERS}, "Permission": "READ"});
    assert_eq!(stranger().await, StatusCode::FORBIDDEN);
    let public = set(&demo, list, &json!({"Grants": [everybody]})).await;
    assert_eq!(public.status(), StatusCode::OK);
    assert_eq!(granted(&demo, list).await.0, of(&[(ALL_USERS, "READ")]));
    assert_eq!(stranger().await, StatusCode::OK);
    let private = set(&demo, list, &json!({"Grants": []})).await;
    assert_eq!(private.status(), StatusCode::OK);
    assert_eq!(stranger().await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_change_that_was_made_for_another_list_changes_nothing() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("shared").await;
    let _: Value = demo
        .put_bytes("/api/v1/buckets/shared/object?key=a", "x")
        .await
        .good()
        .await;
    let _anna = anna(&app, &demo).await;
    for list in [
        "/api/v1/buckets/shared/acl",
        "/api/v1/buckets/shared/object/acl?key=a",
        "/api/v1/buckets/shared/objects/a/acl",
    ] {
        let (_, seen) = granted(&demo, list).await;
        let mine = json!({"Grants": [to_anna("READ")], "Fingerprint": seen});
        let set_one = set(&demo, list, &mine).await;
        assert_eq!(set_one.status(), StatusCode::OK, "{list}");
        let everybody = json!({"Grantee": {"URI": ALL_USERS}, "Permission": "READ"});
        let theirs = json!({"Grants": [everybody], "Fingerprint": seen});
        let late = set(&demo, list, &theirs).await;
        let _ = late.problem(409, "conflict").await;
        let (told, now) = granted(&demo, list).await;
        assert_eq!(told, of(&[("anna", "READ")]), "{list}");
        assert_ne!(now, seen);
        // Whoever has seen what there is now may change it, and whoever names nothing as before.
        let theirs = json!({"Grants": [to_anna("WRITE"), everybody], "Fingerprint": now});
        assert_eq!(set(&demo, list, &theirs).await.status(), StatusCode::OK);
        let (told, _) = granted(&demo, list).await;
        assert_eq!(told.len(), 2, "{told:?}");
        let none = set(&demo, list, &json!({"Grants": []})).await;
        assert_eq!(none.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn a_list_has_at_most_a_hundred_grants_and_only_to_people_who_are_there() {
    let app = TestApp::new().await;
    let demo = app.demo().await;
    demo.bucket("shared").await;
    let _anna = anna(&app, &demo).await;
    let list = "/api/v1/buckets/shared/acl";
    let many = |count: usize| json!({"Grants": vec![to_anna("READ"); count]});
    let (before, _) = granted(&demo, list).await;
    let refused = set(&demo, list, &many(101)).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text().await;
    assert!(text.contains("at most 100 grants"), "{text}");
    assert_eq!(granted(&demo, list).await.0, before);
    assert_eq!(set(&demo, list, &many(100)).await.status(), StatusCode::OK);
    let stranger = json!({"Grantee": {"EmailAddress": "bo@ad.example"}, "Permission": "READ"});
    let refused = set(&demo, list, &json!({"Grants": [stranger]})).await;
    let _ = refused.problem(400, "invalid_argument").await;
    assert_eq!(granted(&demo, list).await.0, of(&[("anna", "READ")]));
}
