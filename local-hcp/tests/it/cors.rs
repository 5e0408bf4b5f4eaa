use reqwest::Method;

use crate::fixture::{Fixture, ORIGIN};

#[tokio::test]
async fn the_console_may_call_and_others_may_not() {
    let store = Fixture::start().await;
    let preflight = async |origin: &str| {
        store
            .http
            .request(
                Method::OPTIONS,
                format!("{}/bucket/key?X-Amz-Signature=x", store.by_address()),
            )
            .header("origin", origin)
            .header("access-control-request-method", "PUT")
            .header(
                "access-control-request-headers",
                "content-type,x-amz-meta-a",
            )
            .send()
            .await
            .unwrap()
    };
    let allowed = preflight(ORIGIN).await;
    assert_eq!(allowed.status(), 200);
    let headers = allowed.headers();
    assert_eq!(headers["access-control-allow-origin"], ORIGIN);
    assert_eq!(
        headers["access-control-allow-headers"],
        "content-type,x-amz-meta-a"
    );
    assert!(
        headers["access-control-allow-methods"]
            .to_str()
            .unwrap()
            .contains("PUT")
    );
    assert!(headers.contains_key("x-amz-request-id"));
    let vary: Vec<_> = headers
        .get_all("vary")
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect();
    assert!(vary.join(",").contains("origin"));
    assert!(!headers.contains_key("access-control-allow-credentials"));

    let other = preflight("http://evil.example.com").await;
    assert!(!other.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_script_can_read_why_it_was_refused() {
    let store = Fixture::start().await;
    let refused = store
        .http
        .get(format!("{}/bucket/key", store.by_address()))
        .header("origin", ORIGIN)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 403);
    assert_eq!(refused.headers()["access-control-allow-origin"], ORIGIN);
    let exposed = refused.headers()["access-control-expose-headers"]
        .to_str()
        .unwrap();
    for name in [
        "etag",
        "x-amz-request-id",
        "content-range",
        "content-disposition",
    ] {
        assert!(exposed.contains(name), "{name} in {exposed}");
    }
}
