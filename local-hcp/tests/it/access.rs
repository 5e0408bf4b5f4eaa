use aws_sdk_s3::{
    Client,
    types::{BucketCannedAcl, ObjectCannedAcl},
};
use local_hcp::KeyRequest;

use crate::fixture::{Fixture, PASSWORD, get, put, refusal, tenant, username};

fn denied() -> (u16, String) {
    (403, "AccessDenied".to_owned())
}

/// A bucket of `demo` with an object, and somebody else of the same tenant.
async fn shared() -> (Fixture, Client, Client) {
    let store = Fixture::start().await;
    let owner = store.bucket("shared").await;
    put(&owner, "shared", "a", "hello").await;
    store.user("demo", "anna", PASSWORD).await;
    let anna = store.client_of("anna", PASSWORD, &store.by_address());
    (store, owner, anna)
}

async fn reads(client: &Client, key: &str) -> Result<(), (u16, String)> {
    let read = client.get_object().bucket("shared").key(key).send().await;
    read.map(|_read| ()).map_err(refusal)
}

async fn writes(client: &Client, key: &str) -> Result<(), (u16, String)> {
    let stored = client.put_object().bucket("shared").key(key).send().await;
    stored.map(|_stored| ()).map_err(refusal)
}

async fn lists(client: &Client) -> Result<(), (u16, String)> {
    let page = client.list_objects_v2().bucket("shared").send().await;
    page.map(|_page| ()).map_err(refusal)
}

#[tokio::test]
async fn others_may_what_the_bucket_grants_them() {
    let (_store, owner, anna) = shared().await;
    assert_eq!(reads(&anna, "a").await.unwrap_err(), denied());
    assert_eq!(writes(&anna, "b").await.unwrap_err(), denied());
    assert_eq!(lists(&anna).await.unwrap_err(), denied());

    let grant = owner.put_bucket_acl().bucket("shared");
    grant.grant_read("emailAddress=anna").send().await.unwrap();
    reads(&anna, "a").await.unwrap();
    lists(&anna).await.unwrap();
    assert_eq!(writes(&anna, "b").await.unwrap_err(), denied());

    let grant = owner.put_bucket_acl().bucket("shared");
    grant.grant_write("emailAddress=anna").send().await.unwrap();
    writes(&anna, "b").await.unwrap();
    // What one has written is one's own; the rest is not.
    reads(&anna, "b").await.unwrap();
    assert_eq!(reads(&anna, "a").await.unwrap_err(), denied());
    // Whoever may not list learns nothing of what is not there.
    assert_eq!(reads(&anna, "none").await.unwrap_err(), denied());
    let acl = anna.get_bucket_acl().bucket("shared").send().await;
    assert_eq!(refusal(acl.unwrap_err()), denied());
    let gone = anna.delete_bucket().bucket("shared").send().await;
    assert_eq!(refusal(gone.unwrap_err()), denied());
}

#[tokio::test]
async fn an_object_may_be_open_in_a_closed_bucket() {
    let (store, owner, anna) = shared().await;
    let open = owner.put_object_acl().bucket("shared").key("a");
    let open = open.acl(ObjectCannedAcl::AuthenticatedRead);
    open.send().await.unwrap();
    reads(&anna, "a").await.unwrap();
    assert_eq!(lists(&anna).await.unwrap_err(), denied());
    let url = format!("{}/shared/a", store.by_host("demo"));
    let anybody = store.http.get(&url).send().await.unwrap();
    assert_eq!(anybody.status(), 403);

    let open = owner.put_object_acl().bucket("shared").key("a");
    let open = open.acl(ObjectCannedAcl::PublicRead);
    open.send().await.unwrap();
    for base in [store.by_host("demo"), store.by_address()] {
        let url = format!("{base}/shared/a");
        let anybody = store.http.get(&url).send().await.unwrap();
        assert_eq!(anybody.text().await.unwrap(), "hello", "{base}");
        let written = store.http.put(&url).body("x").send().await.unwrap();
        assert_eq!(written.status(), 403);
    }
    let shown = owner.get_object_acl().bucket("shared").key("a").send();
    assert_eq!(shown.await.unwrap().grants().len(), 2);
}

#[tokio::test]
async fn another_tenant_gets_nothing() {
    let (store, owner, _anna) = shared().await;
    let open = owner.put_bucket_acl().bucket("shared");
    let open = open.acl(BucketCannedAcl::AuthenticatedRead);
    open.send().await.unwrap();
    store.tenant("other").await;
    store.user("other", "eve", PASSWORD).await;
    let eve = store.client_of("eve", PASSWORD, &store.by_address());
    assert_eq!(reads(&eve, "a").await.unwrap_err().0, 404);
}

#[tokio::test]
async fn grants_that_cannot_be_given_are_refused() {
    let (_store, owner, _anna) = shared().await;
    let ask = || owner.put_bucket_acl().bucket("shared");
    let nobody = ask().grant_read("emailAddress=nobody").send().await;
    let invalid = (400, "InvalidArgument".to_owned());
    assert_eq!(refusal(nobody.unwrap_err()), invalid);
    let group = ask().grant_read("uri=http://example.com/all").send().await;
    assert_eq!(refusal(group.unwrap_err()), invalid);
    let both = ask().grant_read("emailAddress=anna");
    let both = both.acl(BucketCannedAcl::Private).send().await;
    assert_eq!(refusal(both.unwrap_err()).0, 400);
    let many = vec!["emailAddress=anna"; 101].join(",");
    let many = ask().grant_read(many).send().await;
    assert_eq!(refusal(many.unwrap_err()), invalid);
}

#[tokio::test]
async fn a_temporary_key_opens_its_prefix_and_nothing_else() {
    let (store, owner, _anna) = shared().await;
    put(&owner, "shared", "in/a", "inside").await;
    store.bucket("hidden").await;
    let (demo, user) = (tenant("demo"), username("demo"));
    let lend = async |may_write| {
        let request = KeyRequest {
            bucket: "shared".to_owned(),
            prefix: "in/".to_owned(),
            may_write,
            lifetime_s: 900,
        };
        store.hcp.lend_key(&demo, &user, request).await
    };
    let key = lend(true).await.unwrap();
    let client = store.client_with(&key.access_key, &key.secret_key);
    assert_eq!(get(&client, "shared", "in/a").await, b"inside");
    writes(&client, "in/b").await.unwrap();
    let gone = client.delete_object().bucket("shared").key("in/b");
    gone.send().await.unwrap();
    let page = client.list_objects_v2().bucket("shared").prefix("in/");
    assert_eq!(page.send().await.unwrap().contents().len(), 1);

    assert_eq!(reads(&client, "a").await.unwrap_err(), denied());
    assert_eq!(writes(&client, "b").await.unwrap_err(), denied());
    assert_eq!(lists(&client).await.unwrap_err(), denied());
    let copied = client.copy_object().bucket("shared").key("in/c");
    let copied = copied.copy_source("shared/a").send().await;
    assert_eq!(refusal(copied.unwrap_err()), denied());
    let buckets = client.list_buckets().send().await.unwrap();
    assert_eq!(buckets.buckets().len(), 1);
    let other = client.list_objects_v2().bucket("hidden").send().await;
    assert_eq!(refusal(other.unwrap_err()), denied());
    let made = client.create_bucket().bucket("mine").send().await;
    assert_eq!(refusal(made.unwrap_err()), denied());
    let open = client.put_object_acl().bucket("shared").key("in/a");
    let open = open.acl(ObjectCannedAcl::PublicRead).send().await;
    assert_eq!(refusal(open.unwrap_err()), denied());

    let key = lend(false).await.unwrap();
    let reader = store.client_with(&key.access_key, &key.secret_key);
    reads(&reader, "in/a").await.unwrap();
    assert_eq!(writes(&reader, "in/b").await.unwrap_err(), denied());
    let taken = store.hcp.revoke_key(&demo, &user, &key.access_key).await;
    assert!(taken.unwrap());
    let unknown = (403, "InvalidAccessKeyId".to_owned());
    assert_eq!(reads(&reader, "in/a").await.unwrap_err(), unknown);
}
