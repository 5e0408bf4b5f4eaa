//! What management says of rights and protocols holds for the next S3 request.

use std::net::IpAddr;

use aws_sdk_s3::{Client, types::ObjectCannedAcl};
use axum::Extension;
use local_hcp::{Peer, Profile, Secured};
use serde_json::json;
use tokio::net::TcpListener;

use super::{World, denied};
use crate::fixture::{PASSWORD, put, refusal};

type Outcome = Result<(), (u16, String)>;

async fn reads(client: &Client) -> Outcome {
    let read = client.get_object().bucket("archive").key("a").send().await;
    read.map(|_read| ()).map_err(refusal)
}

async fn lists(client: &Client) -> Outcome {
    let page = client.list_objects_v2().bucket("archive").send().await;
    page.map(|_page| ()).map_err(refusal)
}

async fn writes(client: &Client) -> Outcome {
    let stored = client.put_object().bucket("archive").key("b").send().await;
    stored.map(|_stored| ()).map_err(refusal)
}

async fn deletes(client: &Client) -> Outcome {
    let gone = client
        .delete_object()
        .bucket("archive")
        .key("b")
        .send()
        .await;
    gone.map(|_gone| ()).map_err(refusal)
}

/// A bucket of `ops1` with an object, and `anna`, who may nothing.
async fn shared() -> (World, Client, Client) {
    let world = World::open(Profile::Standard).await;
    let owner = world.archive().await;
    put(&owner, "archive", "a", "hello").await;
    world.user("anna", &[], false).await;
    let anna = world.client_of("anna");
    (world, owner, anna)
}

#[tokio::test]
async fn data_access_permissions_hold_and_end_at_once() {
    let (world, _owner, anna) = shared().await;
    assert_eq!(reads(&anna).await, Err(denied()));
    world.grant("anna", &["READ"]).await;
    // With reading comes browsing.
    assert_eq!((reads(&anna).await, lists(&anna).await), (Ok(()), Ok(())));
    assert_eq!(
        (writes(&anna).await, deletes(&anna).await),
        (Err(denied()), Err(denied()))
    );
    let told = world.get("userAccounts/anna/dataAccessPermissions").await;
    let entry =
        json!({"namespaceName": "archive", "permissions": {"permission": ["BROWSE", "READ"]}});
    assert_eq!(told, json!({"namespacePermission": [entry]}));
    world.grant("anna", &["write", "purge"]).await;
    assert_eq!(
        (writes(&anna).await, deletes(&anna).await),
        (Ok(()), Ok(()))
    );
    assert_eq!(reads(&anna).await, Err(denied()));
    world.grant("anna", &[]).await;
    assert_eq!(writes(&anna).await, Err(denied()));
    let told = world.get("userAccounts/anna/dataAccessPermissions").await;
    assert_eq!(told, json!({"namespacePermission": []}));
    for (namespace, word, about) in [("none", "READ", "none"), ("archive", "RULE", "permissions")] {
        let entry = json!({"namespaceName": namespace, "permissions": {"permission": [word]}});
        let body = json!({"namespacePermission": [entry]});
        let refused = world
            .post("userAccounts/anna/dataAccessPermissions", body)
            .await;
        refused.refused(400, about);
    }
}

#[tokio::test]
async fn a_namespace_that_is_not_named_keeps_its_permissions() {
    let (world, owner, anna) = shared().await;
    owner.create_bucket().bucket("other").send().await.unwrap();
    world.grant("anna", &["READ"]).await;
    let entry = json!({"namespaceName": "other", "permissions": {"permission": ["BROWSE"]}});
    let body = json!({"namespacePermission": [entry]});
    world
        .post("userAccounts/anna/dataAccessPermissions", body)
        .await
        .done();
    assert_eq!(reads(&anna).await, Ok(()));
    let page = anna.list_buckets().send().await.unwrap();
    let names: Vec<_> = page
        .buckets()
        .iter()
        .filter_map(|bucket| bucket.name())
        .collect();
    assert_eq!(names, ["archive", "other"]);
}

#[tokio::test]
async fn masks_are_above_everything() {
    let (world, owner, anna) = shared().await;
    world.grant("anna", &["READ", "WRITE"]).await;
    for path in ["namespaces/archive/permissions", "permissions"] {
        let all = world.get(path).await;
        assert_eq!(all["permission"].as_array().unwrap().len(), 6);
        world
            .post(path, json!({"permission": ["READ", "PURGE"]}))
            .await
            .done();
        assert_eq!(
            world.get(path).await,
            json!({"permission": ["READ", "DELETE", "PURGE"]})
        );
        for client in [&owner, &anna] {
            assert_eq!(
                (reads(client).await, writes(client).await),
                (Ok(()), Err(denied()))
            );
        }
        assert_eq!(deletes(&owner).await, Ok(()));
        world.post(path, json!({"permission": []})).await.done();
        assert_eq!(
            (reads(&owner).await, lists(&owner).await),
            (Err(denied()), Err(denied()))
        );
        world.post(path, all).await.done();
        assert_eq!(writes(&owner).await, Ok(()));
    }
}

#[tokio::test]
async fn minimum_permissions_are_everybodys() {
    let (world, _owner, anna) = shared().await;
    let url = format!("{}/archive/a", world.store.by_address());
    let anybody = async || {
        world
            .store
            .http
            .get(&url)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    world
        .set(
            "",
            json!({"authMinimumPermissions": {"permission": ["READ"]}}),
        )
        .await;
    assert_eq!((reads(&anna).await, lists(&anna).await), (Ok(()), Ok(())));
    assert_eq!(anybody().await, 403);
    let minimum = json!({"authAndAnonymousMinimumPermissions": {"permission": ["READ"]}});
    world.set("", minimum).await;
    assert_eq!(anybody().await, 200);
    world
        .set("protocols/http", json!({"hs3RequiresAuthentication": true}))
        .await;
    assert_eq!(anybody().await, 403);
    assert_eq!(reads(&anna).await, Ok(()));
}

#[tokio::test]
async fn object_grants_hold_only_where_they_are_enforced() {
    let (world, owner, anna) = shared().await;
    let open = owner.put_object_acl().bucket("archive").key("a");
    open.acl(ObjectCannedAcl::AuthenticatedRead)
        .send()
        .await
        .unwrap();
    assert_eq!(reads(&anna).await, Ok(()));
    world.set("", json!({"aclsUsage": "NOT_ENFORCED"})).await;
    assert_eq!(reads(&anna).await, Err(denied()));
}

#[tokio::test]
async fn a_protocol_that_is_off_is_closed_to_the_owner_too() {
    let (world, owner, _anna) = shared().await;
    for (off, on) in [
        (json!({"hs3Enabled": false}), json!({"hs3Enabled": true})),
        (json!({"httpEnabled": false}), json!({"httpEnabled": true})),
    ] {
        world.set("protocols/http", off.clone()).await;
        assert_eq!(reads(&owner).await, Err(denied()), "{off}");
        assert_eq!(writes(&owner).await, Err(denied()), "{off}");
        let gone = owner.delete_bucket().bucket("archive").send().await;
        assert_eq!(refusal(gone.unwrap_err()), denied());
        let shown = owner.list_buckets().send().await.unwrap().buckets().len();
        assert_eq!(shown, usize::from(off.get("hs3Enabled").is_none()));
        world.set("protocols/http", on).await;
        assert_eq!(reads(&owner).await, Ok(()));
    }
}

/// The S3 endpoint once more, for requests from an address, over TLS or not.
async fn from(world: &World, peer: &str, secured: bool) -> Client {
    let peer: IpAddr = peer.parse().unwrap();
    let mut router = world.store.hcp.s3_router().layer(Extension(Peer(peer)));
    if secured {
        router = router.layer(Extension(Secured));
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    world.store.client_of("ops1", PASSWORD, &endpoint)
}

#[tokio::test]
async fn addresses_are_let_in_as_the_table_says() {
    let (world, unknown, _anna) = shared().await;
    let mut clients = Vec::new();
    for peer in ["9.9.9.9", "10.0.0.1", "10.1.0.1", "10.2.0.1"] {
        clients.push(from(&world, peer, false).await);
    }
    let (allow, deny) = (
        json!(["10.0.0.1", "10.2.0.0/16"]),
        json!(["10.1.0.1", "10.2.0.1"]),
    );
    let none = json!([]);
    for (allow, deny, flag, admitted) in [
        (&none, &none, true, [true; 4]),
        (&none, &none, false, [false; 4]),
        (&allow, &none, true, [true; 4]),
        (&allow, &none, false, [false, true, false, true]),
        (&none, &deny, true, [true, true, false, false]),
        (&none, &deny, false, [false; 4]),
        (&allow, &deny, true, [true, true, false, true]),
        (&allow, &deny, false, [false, true, false, false]),
    ] {
        let rule = json!({"ipSettings": {"allowAddresses": {"ipAddress": allow},
            "denyAddresses": {"ipAddress": deny}, "allowIfInBothLists": flag}});
        world.set("protocols/http", rule.clone()).await;
        for (client, admitted) in clients.iter().zip(admitted) {
            assert_eq!(reads(client).await.is_ok(), admitted, "{rule}");
        }
        // Who comes from nowhere is let in where everybody is.
        assert_eq!(
            reads(&unknown).await.is_ok(),
            admitted == [true; 4],
            "{rule}"
        );
    }
}

#[tokio::test]
async fn plain_and_secured_requests_have_a_switch_each() {
    let (world, plain, _anna) = shared().await;
    let secured = from(&world, "127.0.0.1", true).await;
    assert_eq!(
        (reads(&plain).await, reads(&secured).await),
        (Ok(()), Ok(()))
    );
    world
        .set("protocols/http", json!({"httpEnabled": false}))
        .await;
    assert_eq!(
        (reads(&plain).await, reads(&secured).await),
        (Err(denied()), Ok(()))
    );
    let other = json!({"httpEnabled": true, "httpsEnabled": false});
    world.set("protocols/http", other).await;
    assert_eq!(
        (reads(&plain).await, reads(&secured).await),
        (Ok(()), Err(denied()))
    );
}
