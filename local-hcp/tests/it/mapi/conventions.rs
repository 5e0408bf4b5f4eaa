//! What is the same for all resources: media types, headers, verbs, refusals.

use local_hcp::Profile;
use reqwest::Method;
use serde_json::json;

use super::{OPS, ROOT, Wire};
use crate::fixture::hcp_document;

#[tokio::test]
async fn success_and_refusal_have_the_headers_of_hcp() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let good = wire.get("/contactInfo", OPS).await.good();
    let bad = wire.get("/nothing", OPS).await;
    assert_eq!((bad.status, bad.body.as_str()), (404, ""));
    for (name, value) in [
        ("pragma", "no-cache"),
        ("x-content-type-options", "nosniff"),
        ("x-dns-prefetch-control", "off"),
        ("x-download-options", "noopen"),
        ("x-frame-options", "SAMEORIGIN"),
        ("x-xss-protection", "1; mode=block"),
        ("x-hcp-softwareversion", "9.7.0.13"),
    ] {
        assert_eq!(good.headers[name], value);
        assert_eq!(bad.headers[name], value);
    }
    for reply in [&good, &bad] {
        let policy = reply.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self';"), "{policy}");
    }
    assert_eq!(
        good.headers["cache-control"],
        "no-cache,no-store,must-revalidate"
    );
    assert_eq!(good.headers["expires"], "Thu, 01 Jan 1970 00:00:00 GMT");
    assert!(!bad.headers.contains_key("cache-control"));
    let empty = wire
        .post("/contactInfo", OPS, &json!({"city": "x"}))
        .await
        .good();
    assert_eq!(
        (
            empty.body.as_str(),
            empty.headers["content-length"].as_bytes()
        ),
        ("", &b"0"[..])
    );
}

#[tokio::test]
async fn media_types_are_negotiated() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let path = "/mapi/tenants/acme/contactInfo";
    let get = async |media: &str| wire.send(Method::GET, "acme", path, OPS, media, None).await;
    assert!(
        get("*/*").await.good().body.starts_with(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><contactInfo>"
        )
    );
    assert!(
        get("application/json;q=0.9, application/xml;q=0.5")
            .await
            .good()
            .body
            .starts_with('{')
    );
    get("text/csv").await.refused(415, "");
    get("application/javascript").await.refused(415, "");
    get("application/rubbish").await.refused(400, "");
    let post = async |media: &str, body: &str| {
        let body = Some(body.to_owned());
        wire.send(Method::POST, "acme", path, OPS, media, body)
            .await
    };
    post("text/plain", "x").await.refused(415, "");
    post("application/rubbish", "x").await.refused(400, "");
    post("application/json", "[]").await.refused(400, "JSON");
    post("application/json", "{").await.refused(400, "JSON");
    post("application/xml", "<contactInfo>")
        .await
        .refused(400, "XML");
    post("application/xml", "<tenant><city>x</city></tenant>")
        .await
        .refused(400, "contactInfo");
    let entity = "<!DOCTYPE c [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><contactInfo><city>&e;</city></contactInfo>";
    post("application/xml", entity)
        .await
        .refused(400, "document type");
    // The empty element of whatever name is an empty body.
    post("application/xml", "<anything/>").await.good();
    post(
        "application/xml;charset=UTF-8",
        "<contactInfo><city>Ö &amp; Ä</city></contactInfo>",
    )
    .await
    .good();
    assert_eq!(
        wire.get("/contactInfo", OPS).await.good().json()["city"],
        "Ö & Ä"
    );

    let untyped = wire
        .store
        .http
        .post(format!("http://{}{path}", wire.address));
    let untyped = untyped
        .header("host", "acme.localhost")
        .header(
            "authorization",
            format!(
                "HCP {}:{}",
                crate::fixture::access_key(OPS.0),
                crate::fixture::secret(OPS.1)
            ),
        )
        .body("{}");
    assert_eq!(untyped.send().await.unwrap().status(), 415);
}

#[tokio::test]
async fn answers_are_indented_when_asked() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    for query in [
        "?prettyprint",
        "?prettyprint=false",
        "?verbose=true&prettyprint=1",
    ] {
        let shown = wire.get(query, OPS).await.good();
        assert!(shown.body.contains("\n  \""), "{}", shown.body);
        let path = format!("/mapi/tenants/acme{query}");
        let xml = wire
            .send(Method::GET, "acme", &path, OPS, "application/xml", None)
            .await
            .good();
        assert!(xml.body.contains("\n    <"), "{}", xml.body);
    }
    assert!(!wire.get("", OPS).await.good().body.contains('\n'));
}

#[tokio::test]
async fn options_tells_the_verbs_whatever_is_accepted() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    for (path, allow) in [
        ("/mapi/tenants/acme/contactInfo", "GET, HEAD, POST, OPTIONS"),
        ("/mapi/tenants/acme/cors", "GET, HEAD, PUT, DELETE, OPTIONS"),
        (
            "/mapi/tenants/acme/userAccounts/x/changePassword",
            "POST, OPTIONS",
        ),
    ] {
        let answer = wire
            .send(Method::OPTIONS, "acme", path, OPS, "image/png", None)
            .await
            .good();
        assert_eq!(answer.headers["allow"], allow);
        assert_eq!(
            answer.headers["content-type"],
            "application/vnd.sun.wadl+xml"
        );
        let below = path.trim_start_matches("/mapi/");
        assert!(
            answer
                .body
                .contains(&format!("<resource path=\"{below}\">")),
            "{}",
            answer.body
        );
        for verb in ["GET", "PUT", "POST", "DELETE"] {
            let told = answer.body.contains(&format!("<method name=\"{verb}\">"));
            assert_eq!(told, allow.contains(verb), "{verb} of {path}");
        }
    }
    let path = "/mapi/tenants/acme/contactInfo";
    let refused = wire.call(Method::DELETE, "acme", path, OPS, None).await;
    assert_eq!(refused.headers["allow"], "GET, HEAD, POST, OPTIONS");
    refused.refused(405, "method");
    let stranger = wire
        .call(Method::OPTIONS, "acme", path, ("nobody", "x"), None)
        .await;
    assert_eq!(stranger.status, 403);
}

#[tokio::test]
async fn head_tells_of_absence_as_the_profile_says() {
    for (profile, absent, forbidden) in [(Profile::Hcp, 302, 302), (Profile::Standard, 404, 403)] {
        let wire = Wire::with_acme(profile).await;
        wire.user("eve", &[]).await;
        let head = async |path: &str, who| {
            let path = format!("/mapi/tenants/acme{path}");
            let answer = wire.call(Method::HEAD, "acme", &path, who, None).await;
            assert_eq!(answer.body, "");
            assert!(!answer.headers.contains_key("location"));
            answer.status
        };
        assert_eq!(head("/userAccounts/ops1", OPS).await, 200);
        assert_eq!(head("/userAccounts/absent", OPS).await, absent);
        assert_eq!(
            head("/userAccounts/ops1", ("eve", super::PASSWORD)).await,
            forbidden
        );
        // Who has not signed in is told so.
        assert_eq!(head("/userAccounts/ops1", ("ops1", "wrong")).await, 403);
    }
}

#[tokio::test]
async fn paths_that_are_too_long_or_lead_nowhere_are_refused() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let get = async |path: String| wire.call(Method::GET, "admin", &path, ROOT, None).await;
    let name = "x".repeat(4_095 - "/userAccounts/".len());
    assert_eq!(get(format!("/mapi/userAccounts/{name}")).await.status, 404);
    get(format!("/mapi/userAccounts/{name}x"))
        .await
        .refused(414, "4,095");
    // The query does not count.
    get(format!("/mapi/userAccounts?unknown={}", "x".repeat(5_000)))
        .await
        .good();
    get("/mapi/nothing".to_owned()).await.refused(404, "");
    get("/mapi/tenants/absent".to_owned())
        .await
        .refused(404, "");
    get("/mapi/tenants/acme/userAccounts/%ff".to_owned())
        .await
        .refused(400, "UTF-8");
    // What there is, nobody is told who has not signed in.
    let stranger = wire
        .call(
            Method::GET,
            "admin",
            "/mapi/nothing",
            ("root", "wrong"),
            None,
        )
        .await;
    stranger.refused(403, "not valid");
}

#[tokio::test]
async fn no_password_reaches_the_log() {
    let (log, wire) = (crate::logs::captured(), Wire::with_acme(Profile::Hcp).await);
    let body = hcp_document("user-account-create");
    wire.put("/userAccounts?password=N3w-pw-in-query", OPS, &body)
        .await
        .good();
    let change = json!({"newPassword": "N3w-pw-in-body"});
    wire.post("/userAccounts/reader2/changePassword", OPS, &change)
        .await
        .good();
    let text = log();
    assert!(text.contains("a management change was made"), "{text}");
    assert!(text.contains("/mapi/tenants/acme/userAccounts"), "{text}");
    for secret in ["N3w-pw-in-query", "N3w-pw-in-body", OPS.1] {
        assert!(!text.contains(secret));
    }
}
