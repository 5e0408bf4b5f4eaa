use local_hcp::Error;
use model::mapi::Role;

use crate::fixture::{Fixture, PASSWORD, get, put, refusal, tenant, username};

#[tokio::test]
async fn tenants_with_the_same_user_password_and_bucket_stay_apart() {
    let store = Fixture::start().await;
    store.tenant("other").await;
    store.user("other", "demo", PASSWORD).await;
    let by_host = |tenant| store.client_of("demo", PASSWORD, &store.by_host(tenant));
    for name in ["demo", "other"] {
        by_host(name)
            .create_bucket()
            .bucket("same")
            .send()
            .await
            .unwrap();
        put(&by_host(name), "same", "whose", name).await;
    }
    for name in ["demo", "other"] {
        assert_eq!(get(&by_host(name), "same", "whose").await, name.as_bytes());
        // By address the key says which.
        let qualified = format!("{name}/demo");
        let by_key = store.client_of(&qualified, PASSWORD, &store.by_address());
        assert_eq!(get(&by_key, "same", "whose").await, name.as_bytes());
        let both = store.client_of(&qualified, PASSWORD, &store.by_host(name));
        assert_eq!(get(&both, "same", "whose").await, name.as_bytes());
    }
    let foreign = store.client_of("other/demo", PASSWORD, &store.by_host("demo"));
    assert_eq!(
        refusal(foreign.list_buckets().send().await.unwrap_err()),
        (403, "InvalidAccessKeyId".to_owned())
    );
    let ambiguous = store.client().list_buckets().send().await.unwrap_err();
    let body = ambiguous.raw_response().unwrap().body().bytes().unwrap();
    let message = String::from_utf8_lossy(body).into_owned();
    assert!(message.contains("tenant/user"), "{message}");
    assert_eq!(refusal(ambiguous), (403, "InvalidAccessKeyId".to_owned()));
}

#[tokio::test]
async fn one_password_does_not_open_the_other_tenant() {
    let store = Fixture::start().await;
    store.tenant("other").await;
    store.user("other", "demo", "another").await;
    let wrong = store.client_of("demo", PASSWORD, &store.by_host("other"));
    assert_eq!(
        refusal(wrong.list_buckets().send().await.unwrap_err()),
        (403, "SignatureDoesNotMatch".to_owned())
    );
    let nobody = store.client_of("demo", PASSWORD, &store.by_host("nobody"));
    assert_eq!(
        refusal(nobody.list_buckets().send().await.unwrap_err()),
        (403, "InvalidAccessKeyId".to_owned())
    );
}

#[tokio::test]
async fn a_bucket_may_be_part_of_the_host() {
    let store = Fixture::start().await;
    let client = store.bucket("pictures").await;
    put(&client, "pictures", "a/b", "x").await;
    let config = client.config().to_builder();
    let config = config
        .endpoint_url(store.by_host("demo"))
        .force_path_style(false)
        .build();
    let virtual_hosted = aws_sdk_s3::Client::from_conf(config);
    assert_eq!(get(&virtual_hosted, "pictures", "a/b").await, b"x");
}

#[tokio::test]
async fn the_system_level_has_no_s3() {
    let store = Fixture::start().await;
    let roles = [Role::Administrator];
    let made = store
        .hcp
        .create_system_user(&username("root"), "root-root", &roles)
        .await;
    made.unwrap();
    for endpoint in [store.by_address(), store.by_host("admin")] {
        let root = store.client_of("root", "root-root", &endpoint);
        assert_eq!(
            refusal(root.list_buckets().send().await.unwrap_err()),
            (403, "AccessDenied".to_owned())
        );
        // Only who proves to be that account is told so.
        let wrong = store.client_of("root", "wrong", &endpoint);
        assert_eq!(
            refusal(wrong.list_buckets().send().await.unwrap_err()),
            (403, "SignatureDoesNotMatch".to_owned())
        );
    }
}

#[tokio::test]
async fn accounts_are_made_once_and_only_with_usable_names() {
    let store = Fixture::start().await;
    assert!(!store.hcp.create_tenant(&tenant("Demo")).await.unwrap());
    let admin = store.hcp.create_tenant(&tenant("admin")).await;
    assert!(matches!(admin, Err(Error::InvalidName(_))));
    let user = async |of: &str, name: &str| {
        store
            .hcp
            .create_user(&tenant(of), &username(name), "x", &[], false)
            .await
    };
    assert!(!user("demo", "DEMO").await.unwrap());
    assert!(matches!(
        user("absent", "x").await,
        Err(Error::NoSuchTenant(_))
    ));
    let refused = user("demo", "ad?min~").await;
    assert!(matches!(&refused, Err(Error::InvalidName(reason)) if reason.contains("slash")));
    assert!(matches!(
        user("demo", "a/b").await,
        Err(Error::InvalidName(_))
    ));

    assert!(!store.hcp.has_system_user().await.unwrap());
    store
        .hcp
        .create_system_user(&username("root"), "x", &[])
        .await
        .unwrap();
    assert!(store.hcp.has_system_user().await.unwrap());
    let twice = store
        .hcp
        .create_system_user(&username("root"), "x", &[])
        .await;
    assert!(matches!(twice, Err(Error::InvalidName(_))));
}
