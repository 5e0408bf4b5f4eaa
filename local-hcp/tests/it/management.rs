use model::mapi::{Role, UserAccount};
use reqwest::{Method, Response, StatusCode};

use crate::fixture::{Fixture, PASSWORD, access_key, secret, tenant, username};

async fn call(
    store: &Fixture,
    method: Method,
    host: &str,
    path: &str,
    who: (&str, &str),
) -> Response {
    let port = store.management.port();
    let host = if host.is_empty() {
        store.management.to_string()
    } else {
        format!("{host}.localhost:{port}")
    };
    store
        .http
        .request(method, format!("http://{}{path}", store.management))
        .header("host", host)
        .header("accept", "application/json")
        .header(
            "authorization",
            format!("HCP {}:{}", access_key(who.0), secret(who.1)),
        )
        .send()
        .await
        .unwrap()
}

async fn with_root() -> Fixture {
    let store = Fixture::start().await;
    let roles = [Role::Administrator, Role::Security, Role::Monitor];
    store
        .hcp
        .create_system_user(&username("root"), "root-root", &roles)
        .await
        .unwrap();
    store
}

const ROOT: (&str, &str) = ("root", "root-root");
const DEMO: (&str, &str) = ("demo", PASSWORD);

#[tokio::test]
async fn an_account_sees_itself_and_security_sees_all_of_it() {
    let store = with_root().await;
    for host in ["admin", ""] {
        let answer = call(
            &store,
            Method::GET,
            host,
            "/mapi/userAccounts/root?verbose=true",
            ROOT,
        )
        .await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.headers().contains_key("x-hcp-softwareversion"));
        assert!(answer.headers().contains_key("x-amz-request-id"));
        let account: UserAccount = answer.json().await.unwrap();
        assert_eq!(account.username.as_deref(), Some("root"));
        assert_eq!(account.enabled, Some(true));
        assert_eq!(
            account.roles.unwrap().known().collect::<Vec<_>>(),
            [Role::Administrator, Role::Security, Role::Monitor]
        );
        assert!(account.user_guid.is_some());
    }
    // The demo user lacks SECURITY: the own account, without roles.
    for host in ["demo", ""] {
        let path = "/mapi/tenants/demo/userAccounts/demo?verbose=true";
        let answer = call(&store, Method::GET, host, path, DEMO).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let account: UserAccount = answer.json().await.unwrap();
        assert_eq!(account.username.as_deref(), Some("demo"));
        assert_eq!((account.roles, account.user_guid), (None, None));
        assert_eq!(account.allow_namespace_management, Some(true));
        let head = call(&store, Method::HEAD, host, path, DEMO).await;
        assert_eq!(head.status(), StatusCode::OK);
        let other = "/mapi/tenants/demo/userAccounts/somebody";
        assert_eq!(
            call(&store, Method::GET, host, other, DEMO).await.status(),
            404
        );
    }
    let absent = call(
        &store,
        Method::GET,
        "admin",
        "/mapi/userAccounts/absent",
        ROOT,
    )
    .await;
    assert_eq!(absent.status(), 404);
}

#[tokio::test]
async fn bad_credentials_are_403_with_a_reason() {
    let store = with_root().await;
    for (host, path, who) in [
        ("admin", "/mapi/userAccounts/root", ("root", "wrong")),
        ("admin", "/mapi/userAccounts/root", ("absent", "wrong")),
        // Right, but of another level or tenant.
        ("admin", "/mapi/userAccounts/demo", DEMO),
        ("demo", "/mapi/tenants/demo/userAccounts/root", ROOT),
        ("other", "/mapi/tenants/demo/userAccounts/demo", DEMO),
        ("demo", "/mapi/tenants/other/userAccounts/demo", DEMO),
        ("demo", "/mapi/tenants", DEMO),
    ] {
        let answer = call(&store, Method::GET, host, path, who).await;
        assert_eq!(answer.status(), 403, "{host} {path} {}", who.0);
        assert!(answer.headers().contains_key("x-hcp-errormessage"));
    }
    let url = format!("http://{}/mapi/tenants", store.management);
    let bare = store.http.get(&url).send().await.unwrap();
    assert_eq!(bare.status(), 403);
    let odd = store
        .http
        .get(&url)
        .header("authorization", "HCP rubbish")
        .send()
        .await
        .unwrap();
    assert_eq!(odd.status(), 403);
}

#[tokio::test]
async fn the_hash_may_be_in_capitals() {
    let store = with_root().await;
    let answer = store
        .http
        .get(format!("http://{}/mapi/tenants", store.management))
        .header(
            "authorization",
            format!(
                "HCP {}:{}",
                access_key("root"),
                secret("root-root").to_uppercase()
            ),
        )
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn tenants_are_listed_in_the_wrapper() {
    let store = with_root().await;
    store.tenant("archive").await;
    let answer = call(&store, Method::GET, "admin", "/mapi/tenants", ROOT).await;
    let list: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(list, serde_json::json!({"name": ["archive", "demo"]}));
    let head = call(&store, Method::HEAD, "admin", "/mapi/tenants/demo", ROOT).await;
    assert_eq!(head.status(), 200);
    let own = call(
        &store,
        Method::GET,
        "demo",
        "/mapi/tenants/demo?verbose=true",
        DEMO,
    )
    .await;
    assert_eq!(
        own.json::<serde_json::Value>().await.unwrap()["name"],
        "demo"
    );
    let absent = call(&store, Method::GET, "admin", "/mapi/tenants/absent", ROOT).await;
    assert_eq!(absent.status(), 404);
    let unknown = call(&store, Method::GET, "admin", "/mapi/services", ROOT).await;
    assert_eq!(unknown.status(), 404);
    // XML where nothing else is asked for.
    let xml = store
        .http
        .get(format!("http://{}/mapi/tenants", store.management))
        .header(
            "authorization",
            format!("HCP {}:{}", access_key("root"), secret("root-root")),
        )
        .send()
        .await
        .unwrap();
    assert_eq!(xml.headers()["content-type"], "application/xml");
    assert_eq!(
        xml.text().await.unwrap(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <tenants><name>archive</name><name>demo</name></tenants>"
    );
    assert!(
        store
            .hcp
            .usage(&tenant("archive"), "none")
            .await
            .unwrap()
            .is_none()
    );
}
