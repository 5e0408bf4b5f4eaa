use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use aws_sdk_s3::{
    Client,
    error::ProvideErrorMetadata as _,
    primitives::ByteStream,
    types::{BucketVersioningStatus, Delete, ObjectIdentifier, VersioningConfiguration},
};
use local_hcp::{
    Clock,
    audit::{Action, audit},
};
use serde_json::json;
use tempfile::TempDir;
use time::OffsetDateTime;

use crate::fixture::{Fixture, PASSWORD, put, refusal, tenant};

/// A store whose clock the test moves, in seconds since 1970.
async fn at(seconds: i64) -> (Fixture, Arc<AtomicI64>) {
    let clock = Arc::new(AtomicI64::new(seconds));
    let hand = Arc::clone(&clock);
    let now = move || OffsetDateTime::from_unix_timestamp(hand.load(Ordering::Relaxed)).unwrap();
    let folder = Arc::new(TempDir::new().unwrap());
    let store = Fixture::open(folder, |config| config.clock = Clock::new(now)).await;
    store.tenant("demo").await;
    store.user("demo", "demo", PASSWORD).await;
    (store, clock)
}

/// Now: signatures are checked by the machine's own clock.
fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

async fn put_with(
    client: &Client,
    key: &str,
    header: (&'static str, String),
) -> Result<(), (u16, String)> {
    client
        .put_object()
        .bucket("kept")
        .key(key)
        .body(ByteStream::from_static(b"x"))
        .customize()
        .mutate_request(move |request| {
            request.headers_mut().insert(header.0, header.1.clone());
        })
        .send()
        .await
        .map(|_stored| ())
        .map_err(refusal)
}

async fn change(client: &Client, key: &str, header: (&'static str, &str)) -> Option<u16> {
    let value = header.1.to_owned();
    let changed = client
        .copy_object()
        .bucket("kept")
        .key(key)
        .copy_source(format!("kept/{key}"))
        .metadata_directive(aws_sdk_s3::types::MetadataDirective::Replace)
        .customize()
        .mutate_request(move |request| {
            request.headers_mut().insert(header.0, value.clone());
        })
        .send()
        .await;
    changed.err().map(|error| refusal(error).0)
}

async fn delete(client: &Client, key: &str) -> Result<(), (u16, String)> {
    let gone = client.delete_object().bucket("kept").key(key).send().await;
    gone.map(|_gone| ()).map_err(refusal)
}

fn aborted() -> (u16, String) {
    (409, "OperationAborted".to_owned())
}

fn denied() -> (u16, String) {
    (403, "AccessDenied".to_owned())
}

#[tokio::test]
async fn what_is_retained_stays_as_it_is_until_its_time() {
    let begin = now();
    let (store, clock) = at(begin).await;
    let client = store.bucket("kept").await;
    let until = begin + 3_600;
    put_with(&client, "a", ("x-hcp-retention", until.to_string()))
        .await
        .unwrap();
    assert_eq!(delete(&client, "a").await.unwrap_err(), aborted());
    let over = client.put_object().bucket("kept").key("a").send().await;
    assert_eq!(refusal(over.unwrap_err()), denied());
    put(&client, "kept", "b", "y").await;
    let over = client.copy_object().bucket("kept").key("a");
    let over = over.copy_source("kept/b").send().await;
    assert_eq!(refusal(over.unwrap_err()), denied());

    clock.store(until, Ordering::Relaxed);
    put(&client, "kept", "a", "other").await;
    delete(&client, "a").await.unwrap();
}

#[tokio::test]
async fn a_multi_delete_names_what_is_kept_and_deletes_the_rest() {
    let (store, _clock) = at(now()).await;
    let client = store.bucket("kept").await;
    put_with(&client, "kept", ("x-hcp-retention", "-1".to_owned()))
        .await
        .unwrap();
    put_with(&client, "held", ("x-hcp-retentionhold", "true".to_owned()))
        .await
        .unwrap();
    put(&client, "kept", "free", "x").await;
    let named =
        ["kept", "held", "free"].map(|key| ObjectIdentifier::builder().key(key).build().unwrap());
    let document = Delete::builder()
        .set_objects(Some(named.to_vec()))
        .build()
        .unwrap();
    let done = client.delete_objects().bucket("kept").delete(document);
    let done = done.send().await.unwrap();
    let deleted: Vec<_> = done.deleted().iter().filter_map(|one| one.key()).collect();
    assert_eq!(deleted, ["free"]);
    let codes: Vec<_> = done.errors().iter().filter_map(|one| one.code()).collect();
    assert_eq!(codes, ["OperationAborted", "AccessDenied"]);
}

#[tokio::test]
async fn retention_only_grows_while_it_lasts() {
    let begin = now();
    let (store, clock) = at(begin).await;
    let client = store.bucket("kept").await;
    let until = begin + 3_600;
    put_with(&client, "a", ("x-hcp-retention", until.to_string()))
        .await
        .unwrap();
    let shorter = (until - 1).to_string();
    let longer = (until + 1).to_string();
    let set = async |value: &str| change(&client, "a", ("x-hcp-retention", value)).await;
    assert_eq!(set(&shorter).await, Some(403));
    assert_eq!(set("0").await, Some(403));
    assert_eq!(set(&longer).await, None);
    // When it is over, anything goes.
    clock.store(until + 2, Ordering::Relaxed);
    assert_eq!(set("-2").await, None);
    assert_eq!(delete(&client, "a").await.unwrap_err(), aborted());
    assert_eq!(set("-1").await, None);
    assert_eq!(set(&longer).await, Some(403));
    assert_eq!(set("R+1d").await, Some(403));
    assert_eq!(delete(&client, "a").await.unwrap_err(), aborted());
    assert_eq!(set("A+1x").await, Some(400));
}

#[tokio::test]
async fn holds_are_set_and_lifted_one_by_one() {
    let (store, _clock) = at(now()).await;
    let client = store.bucket("kept").await;
    put(&client, "kept", "a", "x").await;
    let label = "x-hcp-labelretentionhold";
    let set = async |name, value: &str| change(&client, "a", (name, value)).await;
    assert_eq!(set("x-hcp-retentionhold", "true").await, None);
    assert_eq!(set(label, r#"[{"id":"case-7","hold":true}]"#).await, None);
    assert_eq!(delete(&client, "a").await.unwrap_err(), denied());
    let over = client.put_object().bucket("kept").key("a").send().await;
    assert_eq!(refusal(over.unwrap_err()), denied());
    // Retention cannot change meanwhile.
    assert_eq!(set("x-hcp-retention", "-1").await, Some(403));
    assert_eq!(set("x-hcp-retentionhold", "perhaps").await, Some(400));
    assert_eq!(set(label, r#"[{"id":"","hold":true}]"#).await, Some(400));
    assert_eq!(set(label, "case-7").await, Some(400));
    let shown = client.head_object().bucket("kept").key("a").customize();
    let shown = shown.send().await;
    assert!(shown.is_ok());
}

#[tokio::test]
async fn a_namespace_has_a_default_and_classes() {
    let begin = now();
    let (store, clock) = at(begin).await;
    let client = store.bucket("kept").await;
    let settings = json!({
        "retentionDefault": "A+1d",
        "retentionClasses": {"tax": "A+7y", "draft": "0"},
    });
    let demo = tenant("demo");
    let set = store.hcp.set_namespace_settings(&demo, "kept", settings);
    set.await.unwrap();
    put(&client, "kept", "default", "x").await;
    let class = |name: &str| ("x-hcp-retention", format!("C+{name}"));
    put_with(&client, "draft", class("draft")).await.unwrap();
    put_with(&client, "tax", class("tax")).await.unwrap();
    let unknown = put_with(&client, "none", class("none")).await;
    assert_eq!(unknown.unwrap_err(), (400, "InvalidArgument".to_owned()));
    delete(&client, "draft").await.unwrap();
    assert_eq!(delete(&client, "default").await.unwrap_err(), aborted());
    clock.store(begin + 86_400, Ordering::Relaxed);
    delete(&client, "default").await.unwrap();
    assert_eq!(delete(&client, "tax").await.unwrap_err(), aborted());
    // From a class only into one that lasts as long.
    assert_eq!(
        change(&client, "tax", ("x-hcp-retention", "-1")).await,
        Some(403)
    );
    for bad in [json!({"retentionDefault": "soon"}), json!({"unknown": 1})] {
        let refused = store.hcp.set_namespace_settings(&demo, "kept", bad).await;
        assert!(refused.is_err());
    }
}

async fn enable_versioning(client: &Client) {
    let enabled = VersioningConfiguration::builder()
        .status(BucketVersioningStatus::Enabled)
        .build();
    client
        .put_bucket_versioning()
        .bucket("kept")
        .versioning_configuration(enabled)
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn what_protects_an_object_protects_its_versions() {
    let (store, _clock) = at(now()).await;
    let client = store.bucket("kept").await;
    enable_versioning(&client).await;
    put(&client, "kept", "a", "one").await;
    put_with(&client, "a", ("x-hcp-retention", "-1".to_owned()))
        .await
        .unwrap();
    let page = client.list_object_versions().bucket("kept").send().await;
    let page = page.unwrap();
    let ids: Vec<_> = page
        .versions()
        .iter()
        .filter_map(|version| version.version_id())
        .collect();
    assert_eq!(ids.len(), 2);
    for id in ids {
        let kept = client.delete_object().bucket("kept").key("a");
        let kept = kept.version_id(id).send().await.unwrap_err();
        assert_eq!(kept.code(), Some("OperationAborted"));
    }
    assert_eq!(delete(&client, "a").await.unwrap_err(), aborted());
}

/// Deletes with a reason, as an administrator does who must get rid of what is under retention.
async fn delete_because(client: &Client, key: &str, reason: &str) -> Option<(u16, String)> {
    let reason = reason.to_owned();
    let gone = client.delete_object().bucket("kept").key(key).customize();
    let gone = gone.mutate_request(move |request| {
        request
            .headers_mut()
            .insert("x-hcp-privileged", reason.clone());
    });
    gone.send().await.err().map(refusal)
}

#[tokio::test]
async fn a_privileged_delete_is_kept_with_its_reason() {
    let (store, _clock) = at(now()).await;
    let client = store.bucket("kept").await;
    let retained = ("x-hcp-retention", "-1".to_owned());
    for key in ["a\nb", "c", "d"] {
        put_with(&client, key, retained.clone()).await.unwrap();
    }
    assert_eq!(
        delete_because(&client, "a\nb", "GDPR, article 17").await,
        None
    );
    // What was not there is not deleted, and what is refused does not happen.
    assert_eq!(delete_because(&client, "absent", "GDPR").await, None);
    assert_eq!(delete(&client, "c").await.unwrap_err(), aborted());
    // Several at once, each with its record.
    let named = |key| ObjectIdentifier::builder().key(key).build().unwrap();
    let keys = Delete::builder().objects(named("c")).objects(named("d"));
    let many = client
        .delete_objects()
        .bucket("kept")
        .delete(keys.build().unwrap());
    let many = many.customize().mutate_request(|request| {
        request.headers_mut().insert("x-hcp-privileged", "tidying");
    });
    many.send().await.unwrap();
    put(&client, "kept", "plain", "x").await;
    delete(&client, "plain").await.unwrap();

    let found = audit(&store.data_dir(), Some("demo"), None).unwrap();
    let told: Vec<_> = found
        .iter()
        .map(|r| (r.key.as_deref().unwrap(), r.reason.as_deref().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ("a\nb", "GDPR, article 17"),
            ("c", "tidying"),
            ("d", "tidying")
        ]
    );
    for record in &found {
        assert_eq!(record.action, Action::PrivilegedDelete);
        assert_eq!(record.namespace.as_deref(), Some("kept"));
        assert_eq!((record.user.as_str(), record.of_system), ("demo", false));
        assert!(record.version.is_none() && record.fields.is_empty());
    }

    // Where versions are kept, the one that is gone is named.
    enable_versioning(&client).await;
    let stored = client.put_object().bucket("kept").key("v").send().await;
    let version = stored.unwrap().version_id.unwrap();
    let gone = client.delete_object().bucket("kept").key("v");
    let gone = gone.version_id(&version).customize();
    let gone = gone.mutate_request(|request| {
        request.headers_mut().insert("x-hcp-privileged", "GDPR");
    });
    gone.send().await.unwrap();
    let found = audit(&store.data_dir(), Some("demo"), None).unwrap();
    let last = found.last().unwrap();
    assert_eq!(last.version, version.parse().ok());
    assert_eq!(last.key.as_deref(), Some("v"));
}

#[tokio::test]
async fn a_reason_overrides_retention_but_no_hold() {
    let (store, _clock) = at(now()).await;
    let client = store.bucket("kept").await;
    let retained = ("x-hcp-retention", "-1".to_owned());
    put_with(&client, "a", retained.clone()).await.unwrap();
    let invalid = Some((400, "InvalidArgument".to_owned()));
    assert_eq!(delete_because(&client, "a", " ").await, invalid);
    let long = "x".repeat(1_025);
    assert_eq!(delete_because(&client, "a", &long).await, invalid);
    assert_eq!(delete(&client, "a").await.unwrap_err(), aborted());
    assert_eq!(delete_because(&client, "a", &long[1..]).await, None);
    assert_eq!(delete_because(&client, "a", "twice").await, None);

    put_with(&client, "held", retained.clone()).await.unwrap();
    let hold = ("x-hcp-retentionhold", "true");
    assert_eq!(change(&client, "held", hold).await, None);
    let refused = delete_because(&client, "held", "GDPR").await;
    assert_eq!(refused, Some(denied()));

    put_with(&client, "strict", retained).await.unwrap();
    let compliance = json!({"enterpriseMode": false});
    let demo = tenant("demo");
    let set = store.hcp.set_namespace_settings(&demo, "kept", compliance);
    set.await.unwrap();
    let refused = delete_because(&client, "strict", "GDPR").await;
    assert_eq!(refused, Some(denied()));
}

#[tokio::test]
async fn who_was_granted_everything_may_not_override_retention() {
    let (store, _clock) = at(now()).await;
    let client = store.bucket("kept").await;
    store.user("demo", "second", PASSWORD).await;
    let second = store.client_of("second", PASSWORD, &store.by_address());
    let grant = client.put_bucket_acl().bucket("kept");
    let grant =
        grant.grant_full_control("uri=http://acs.amazonaws.com/groups/global/AuthenticatedUsers");
    grant.send().await.unwrap();
    put_with(&client, "a", ("x-hcp-retention", "-1".to_owned()))
        .await
        .unwrap();
    let refused = delete_because(&second, "a", "GDPR").await;
    assert_eq!(refused, Some(denied()));
    put(&second, "kept", "b", "x").await;
    delete(&second, "b").await.unwrap();
}
