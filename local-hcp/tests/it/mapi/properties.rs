//! Whatever is put is there, and whatever is posted takes its place and nothing else's.

use local_hcp::Profile;
use proptest::{prelude::*, test_runner::TestRunner};
use reqwest::Method;
use serde_json::{Map, Value as Json, json};

use super::{OPS, ROOT, Wire};

fn text(longest: usize) -> impl Strategy<Value = Json> {
    // Whatever a person may type; JSON's own escapes among it.
    proptest::collection::vec(proptest::char::any(), 0..longest)
        .prop_map(|characters| Json::from(characters.into_iter().collect::<String>()))
}

fn some(properties: Vec<(&'static str, BoxedStrategy<Json>)>) -> BoxedStrategy<Map<String, Json>> {
    let each: Vec<_> = properties
        .into_iter()
        .map(|(name, value)| proptest::option::of(value).prop_map(move |value| (name, value)))
        .collect();
    each.prop_map(|pairs| {
        let set = pairs
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        set.collect()
    })
    .boxed()
}

fn flag() -> BoxedStrategy<Json> {
    any::<bool>().prop_map(Json::from).boxed()
}

fn tenants() -> BoxedStrategy<Map<String, Json>> {
    let quota = (1..90_000_u32, 0..100_u32).prop_map(|(a, b)| json!(format!("{a}.{b:02} GB")));
    let tags = proptest::collection::btree_set("[a-z0-9 ]{1,12}", 0..4);
    some(vec![
        ("systemVisibleDescription", text(40).boxed()),
        ("hardQuota", quota.boxed()),
        ("softQuota", (0..=100_i64).prop_map(Json::from).boxed()),
        (
            "namespaceQuota",
            prop_oneof![
                Just(json!("None")),
                (1..=10_000_u32).prop_map(|n| json!(n.to_string()))
            ]
            .boxed(),
        ),
        (
            "authenticationTypes",
            prop_oneof![
                Just(json!({"authenticationType": ["LOCAL"]})),
                Just(json!({"authenticationType": ["LOCAL", "RADIUS", "EXTERNAL"]})),
            ]
            .boxed(),
        ),
        ("complianceConfigurationEnabled", flag()),
        ("versioningConfigurationEnabled", flag()),
        ("searchConfigurationEnabled", flag()),
        ("replicationConfigurationEnabled", flag()),
        ("erasureCodingSelectionEnabled", flag()),
        ("tags", tags.prop_map(|tags| json!({"tag": tags})).boxed()),
    ])
}

fn users() -> BoxedStrategy<Map<String, Json>> {
    let roles = proptest::sample::subsequence(
        vec!["ADMINISTRATOR", "COMPLIANCE", "MONITOR", "SECURITY"],
        0..4,
    );
    some(vec![
        ("fullName", "[^\\p{Cc}]{1,30}".prop_map(Json::from).boxed()),
        ("description", text(40).boxed()),
        ("enabled", flag()),
        ("forcePasswordChange", flag()),
        (
            "roles",
            roles.prop_map(|roles| json!({"role": roles})).boxed(),
        ),
    ])
}

/// Puts, reads, posts and reads again; each read has all that was written until then.
async fn round(
    wire: &Wire,
    host: &str,
    at: &str,
    put: (&str, Json),
    item: &str,
    post: &Map<String, Json>,
    who: super::Who,
) {
    let (parameters, first) = put;
    let create = format!("{at}{parameters}");
    wire.call(Method::PUT, host, &create, who, Some(&first))
        .await
        .good();
    let mut expected = first.as_object().unwrap().clone();
    let read = format!("{item}?verbose=true");
    for change in [&Map::new(), post] {
        let body = Json::Object(change.clone());
        wire.call(Method::POST, host, item, who, Some(&body))
            .await
            .good();
        expected.extend(change.clone());
        let shown = wire
            .call(Method::GET, host, &read, who, None)
            .await
            .good()
            .json();
        for (name, value) in &expected {
            assert_eq!(&shown[name], value, "{name}");
        }
    }
    wire.call(Method::DELETE, host, item, who, None)
        .await
        .good();
}

fn drawn(runner: &mut TestRunner, from: &BoxedStrategy<Map<String, Json>>) -> Map<String, Json> {
    use proptest::strategy::ValueTree as _;
    from.new_tree(runner).unwrap().current()
}

#[tokio::test]
async fn tenants_keep_every_property() {
    let wire = Wire::open(Profile::Hcp).await;
    let mut runner = TestRunner::deterministic();
    for _round in 0..24 {
        let (mut put, post) = (
            drawn(&mut runner, &tenants()),
            drawn(&mut runner, &tenants()),
        );
        put.insert("name".to_owned(), json!("thing"));
        put.entry("hardQuota").or_insert(json!("1.00 TB"));
        let create = ("?username=first&password=S3cret-pw", Json::Object(put));
        round(
            &wire,
            "admin",
            "/mapi/tenants",
            create,
            "/mapi/tenants/thing",
            &post,
            ROOT,
        )
        .await;
    }
}

#[tokio::test]
async fn users_keep_every_property() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let mut runner = TestRunner::deterministic();
    for _round in 0..24 {
        let (mut put, post) = (drawn(&mut runner, &users()), drawn(&mut runner, &users()));
        for (name, value) in [
            ("username", json!("thing")),
            ("fullName", json!("Thing")),
            ("enabled", json!(true)),
            ("forcePasswordChange", json!(false)),
            ("localAuthentication", json!(true)),
        ] {
            put.entry(name).or_insert(value);
        }
        let at = "/mapi/tenants/acme/userAccounts";
        let create = ("?password=S3cret-pw", Json::Object(put));
        round(
            &wire,
            "acme",
            at,
            create,
            "/mapi/tenants/acme/userAccounts/thing",
            &post,
            OPS,
        )
        .await;
    }
}

fn contacts() -> BoxedStrategy<Map<String, Json>> {
    some(vec![
        ("firstName", text(64).boxed()),
        ("emailAddress", text(254).boxed()),
        (
            "primaryPhone",
            "[0-9()+. -]{0,24}".prop_map(Json::from).boxed(),
        ),
        ("extension", "[0-9]{0,5}".prop_map(Json::from).boxed()),
        ("address1", text(100).boxed()),
        ("zipOrPostalCode", text(20).boxed()),
    ])
}

fn securities() -> BoxedStrategy<Map<String, Json>> {
    let number = |low: i64, high: i64| (low..=high).prop_map(Json::from).boxed();
    some(vec![
        ("minimumPasswordLength", number(2, 64)),
        ("passwordCombination", flag()),
        ("upperCaseLetterCount", number(0, 64)),
        ("blockPasswordReUse", flag()),
        ("passwordReuseDepth", number(0, 999)),
        // Not so few that the test is closed out by its own clock or attempts.
        ("forcePasswordChangeDays", number(1, 999_999)),
        ("disableAfterAttempts", number(0, 999)),
        ("automaticUserAccountUnlockSetting", flag()),
        ("automaticUserAccoutUnlockDuration", number(0, 999)),
        ("coolDownPeriodDuration", number(0, 999)),
        ("logoutOnInactive", number(0, 999)),
        ("loginMessage", text(200).boxed()),
    ])
}

#[tokio::test]
async fn settings_keep_every_property_that_is_not_sent() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let mut runner = TestRunner::deterministic();
    for (path, strategy) in [
        ("/contactInfo", contacts()),
        ("/consoleSecurity", securities()),
    ] {
        let mut expected = wire.get(path, OPS).await.good().json();
        for _round in 0..24 {
            let change = drawn(&mut runner, &strategy);
            wire.post(path, OPS, &Json::Object(change.clone()))
                .await
                .good();
            expected.as_object_mut().unwrap().extend(change);
            assert_eq!(wire.get(path, OPS).await.good().json(), expected);
        }
    }
}
