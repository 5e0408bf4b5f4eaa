//! How namespaces are made, listed, renamed and deleted, by whom, and what S3 sees of it.

use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use local_hcp::Profile;
use model::mapi::Role;
use reqwest::Method;
use serde_json::json;

use super::{World, denied};
use crate::fixture::{get, put, refusal};

async fn puts(client: &aws_sdk_s3::Client, key: &str) -> Result<(), (u16, String)> {
    let stored = client.put_object().bucket("archive").key(key).send().await;
    stored.map(|_stored| ()).map_err(refusal)
}

#[tokio::test]
async fn a_namespace_made_here_is_a_bucket_at_once() {
    let world = World::open(Profile::Standard).await;
    world
        .put("namespaces", json!({"name": "archive"}))
        .await
        .done();
    let client = world.client_of("ops1");
    put(&client, "archive", "a", "hello").await;
    assert_eq!(get(&client, "archive", "a").await, b"hello");
    let told = world.get("namespaces/archive").await;
    assert_eq!(told["owner"], "ops1");
    assert_eq!(
        (&told["searchEnabled"], &told["indexingEnabled"]),
        (&json!(true), &json!(true))
    );
    let given = world.get("userAccounts/ops1/dataAccessPermissions").await;
    let words = &given["namespacePermission"][0]["permissions"]["permission"];
    assert_eq!(words.as_array().unwrap().len(), 10, "{given}");
    let page = client.list_buckets().send().await.unwrap();
    assert_eq!(page.buckets().len(), 1);
    // And one that S3 makes is a namespace.
    client.create_bucket().bucket("other").send().await.unwrap();
    assert_eq!(
        world.get("namespaces").await,
        json!({"name": ["archive", "other"]})
    );
    let again = world.put("namespaces", json!({"name": "Other"})).await;
    again.refused(409, "name");
    client.delete_bucket().bucket("other").send().await.unwrap();
    assert_eq!(
        world
            .ask(Method::GET, "namespaces/other", None)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn hcp_opens_a_namespace_to_s3_step_by_step() {
    let world = World::open(Profile::Hcp).await;
    let plain = json!({"name": "archive", "hardQuota": "1 GB"});
    world.put("namespaces", plain).await.done();
    let client = world.client_of("ops1");
    assert_eq!(puts(&client, "a").await.unwrap_err(), denied());
    let http = "namespaces/archive/protocols/http";
    assert_eq!(world.get(http).await["hs3Enabled"], false);
    let on = json!({"hs3Enabled": true, "httpEnabled": true});
    world
        .post(http, on.clone())
        .await
        .refused(400, "hs3Enabled");
    world.set("", json!({"aclsUsage": "ENFORCED"})).await;
    world.post(http, on).await.done();
    // Nobody has data access yet, not even who made it.
    assert_eq!(puts(&client, "a").await.unwrap_err(), denied());
    assert!(
        client
            .list_buckets()
            .send()
            .await
            .unwrap()
            .buckets()
            .is_empty()
    );
    world.grant("ops1", &["WRITE", "read"]).await;
    puts(&client, "a").await.unwrap();
    // Nobody owns it; who administers the tenant may still have versions kept.
    let keeps_versions = async |client: &aws_sdk_s3::Client| {
        let enabled = VersioningConfiguration::builder()
            .status(BucketVersioningStatus::Enabled)
            .build();
        let set = client.put_bucket_versioning().bucket("archive");
        let set = set.versioning_configuration(enabled).send().await;
        set.map(|_set| ()).map_err(refusal)
    };
    world.user("anna", &[], false).await;
    world.grant("anna", &["READ", "WRITE", "CHOWN"]).await;
    let anna = world.client_of("anna");
    assert_eq!(keeps_versions(&anna).await, Err(denied()));
    assert_eq!(keeps_versions(&client).await, Ok(()));
    let told = world.get("namespaces/archive/versioningSettings").await;
    assert_eq!(told["enabled"], true);
    world.set("", json!({"owner": "ops1"})).await;
    assert_eq!(
        client.list_buckets().send().await.unwrap().buckets().len(),
        1
    );
}

#[tokio::test]
async fn a_namespace_with_something_in_it_is_not_deleted() {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    put(&client, "archive", "a", "x").await;
    world
        .delete("namespaces/archive")
        .await
        .refused(403, "not empty");
    client
        .delete_object()
        .bucket("archive")
        .key("a")
        .send()
        .await
        .unwrap();
    world.delete("namespaces/archive").await.done();
    assert_eq!(world.delete("namespaces/archive").await.status, 404);
    assert_eq!(puts(&client, "a").await.unwrap_err().0, 404);
}

#[tokio::test]
async fn a_renamed_namespace_keeps_its_objects() {
    let world = World::open(Profile::Standard).await;
    let client = world.archive().await;
    put(&client, "archive", "a", "x").await;
    let rename = json!({"name": "vault"});
    world
        .post("namespaces/archive", rename.clone())
        .await
        .refused(403, "name");
    world
        .set("protocols/http", json!({"hs3Enabled": false}))
        .await;
    world.set("", rename).await;
    let on = json!({"hs3Enabled": true});
    world
        .post("namespaces/vault/protocols/http", on)
        .await
        .done();
    assert_eq!(get(&client, "vault", "a").await, b"x");
    client
        .create_bucket()
        .bucket("archive")
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn whoever_manages_namespaces_has_their_own() {
    let world = World::open(Profile::Hcp).await;
    world.user("anna", &[], true).await;
    world.user("bert", &[], false).await;
    world
        .put("namespaces", json!({"name": "theirs"}))
        .await
        .done();
    let as_anna = |method, path: &'static str, body| {
        world.ask_as("anna", method, path, body, "application/json")
    };
    let own = json!({"name": "archive", "description": "mine"});
    as_anna(Method::PUT, "namespaces", Some(own)).await.done();
    let list = as_anna(Method::GET, "namespaces", None).await;
    assert_eq!(list.json(), json!({"name": ["archive"]}));
    let told = as_anna(Method::GET, "namespaces/archive?verbose=true", None).await;
    assert_eq!(told.json(), json!({"name": "archive", "owner": "anna"}));
    assert_eq!(
        as_anna(Method::GET, "namespaces/theirs", None).await.status,
        403
    );
    assert_eq!(
        as_anna(Method::HEAD, "namespaces/theirs", None)
            .await
            .status,
        302
    );
    assert_eq!(
        as_anna(Method::HEAD, "namespaces/archive", None)
            .await
            .status,
        200
    );
    let foreign = json!({"name": "c", "owner": "ops1"});
    as_anna(Method::PUT, "namespaces", Some(foreign))
        .await
        .refused(403, "owner");
    let change = Some(json!({"description": "x"}));
    assert_eq!(
        as_anna(Method::POST, "namespaces/archive", change)
            .await
            .status,
        403
    );
    let versions = Some(json!({"enabled": true}));
    as_anna(
        Method::POST,
        "namespaces/archive/versioningSettings",
        versions,
    )
    .await
    .done();
    assert_eq!(
        as_anna(Method::DELETE, "namespaces/theirs", None)
            .await
            .status,
        403
    );
    as_anna(Method::DELETE, "namespaces/archive", None)
        .await
        .done();
    let other = world
        .ask_as("bert", Method::GET, "namespaces", None, "application/json")
        .await;
    assert_eq!(other.status, 403);
}

#[tokio::test]
async fn each_role_has_its_verbs() {
    let world = World::open(Profile::Standard).await;
    world.archive().await;
    for (name, role) in [
        ("mona", Role::Monitor),
        ("carl", Role::Compliance),
        ("sue", Role::Security),
        ("adam", Role::Administrator),
    ] {
        world.user(name, &[role], false).await;
    }
    let empty = || Some(json!({}));
    for (path, method, allowed) in [
        ("namespaces", Method::GET, "mona carl adam"),
        ("namespaces/archive", Method::GET, "mona adam"),
        ("namespaces/archive", Method::HEAD, "mona carl adam"),
        ("namespaces/archive", Method::POST, "adam"),
        (
            "namespaces/archive/complianceSettings",
            Method::GET,
            "mona carl adam",
        ),
        (
            "namespaces/archive/complianceSettings",
            Method::POST,
            "carl",
        ),
        (
            "namespaces/archive/retentionClasses",
            Method::GET,
            "mona carl adam",
        ),
        ("namespaces/archive/permissions", Method::GET, "mona adam"),
        (
            "namespaces/archive/protocols/http",
            Method::GET,
            "mona adam",
        ),
        ("namespaces/archive/protocols/http", Method::POST, "adam"),
        (
            "namespaces/archive/versioningSettings",
            Method::GET,
            "mona adam",
        ),
        (
            "namespaces/archive/versioningSettings",
            Method::POST,
            "adam",
        ),
        ("namespaces/archive/statistics", Method::GET, "mona adam"),
        (
            "namespaces/archive/chargebackReport",
            Method::GET,
            "mona adam",
        ),
        (
            "userAccounts/ops1/dataAccessPermissions",
            Method::GET,
            "mona sue adam",
        ),
        (
            "userAccounts/ops1/dataAccessPermissions",
            Method::POST,
            "adam",
        ),
    ] {
        for who in ["mona", "carl", "sue", "adam"] {
            let body = (method == Method::POST).then(empty).flatten();
            let answer = world
                .ask_as(who, method.clone(), path, body, "application/json")
                .await;
            let expected = if allowed.contains(who) { 200 } else { 403 };
            assert_eq!(
                answer.status, expected,
                "{who} {method} {path}: {}",
                answer.why
            );
        }
    }
}

#[tokio::test]
async fn lists_are_sorted_filtered_and_paged() {
    let world = World::open(Profile::Standard).await;
    for (name, quota, tag) in [
        ("beta", "3 GB", "gold"),
        ("Alpha", "2 GB", "x"),
        ("gamma", "1 GB", "Golden"),
    ] {
        let body = json!({"name": name, "hardQuota": quota, "tags": {"tag": [tag]}});
        world.put("namespaces", body).await.done();
    }
    for (query, expected) in [
        ("", json!(["Alpha", "beta", "gamma"])),
        ("?sortType=hardQuota", json!(["gamma", "Alpha", "beta"])),
        ("?sortOrder=descending&count=1&offset=1", json!(["beta"])),
        (
            "?filterType=tag&filterString=gold",
            json!(["beta", "gamma"]),
        ),
        ("?filterString=al&verbose=true", json!(["Alpha"])),
    ] {
        let list = world.get(&format!("namespaces{query}")).await;
        assert_eq!(list, json!({"name": expected}), "{query}");
    }
}
