use aws_sdk_s3::{
    Client,
    types::{CorsConfiguration, CorsRule},
};
use http::{HeaderMap, Method};
use local_hcp::Error;

use crate::{
    fixture::{Fixture, ORIGIN, put, refusal, tenant},
    wire::{Answer, Draft, Signer},
};

const PAGE: &str = "https://page.example.com";

fn rule() -> CorsRule {
    CorsRule::builder()
        .id("page")
        .allowed_origins("https://*.example.com")
        .allowed_methods("GET")
        .allowed_methods("PUT")
        .allowed_headers("x-amz-meta-*")
        .allowed_headers("Content-Type")
        .expose_headers("ETag")
        .expose_headers("x-amz-meta-a")
        .max_age_seconds(600)
        .build()
        .unwrap()
}

async fn set(client: &Client, bucket: &str, rules: impl IntoIterator<Item = CorsRule>) {
    let rules = rules.into_iter().collect();
    let configuration = CorsConfiguration::builder()
        .set_cors_rules(Some(rules))
        .build()
        .unwrap();
    let call = client.put_bucket_cors().bucket(bucket);
    call.cors_configuration(configuration).send().await.unwrap();
}

async fn preflight(
    store: &Fixture,
    host: &str,
    target: &str,
    origin: &str,
    method: &str,
    headers: &str,
) -> Answer {
    let mut asked = Draft::new(Method::OPTIONS, host, target)
        .header("origin", origin)
        .header("access-control-request-method", method);
    if !headers.is_empty() {
        asked = asked.header("access-control-request-headers", headers);
    }
    asked.send(store.s3).await
}

/// A header's value, empty when there is none.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

fn has_cors(headers: &HeaderMap) -> bool {
    headers
        .keys()
        .any(|name| name.as_str().starts_with("access-control-"))
}

#[tokio::test]
async fn the_console_may_call_whatever_a_bucket_says_and_others_may_not() {
    let store = Fixture::start().await;
    let client = store.bucket("closed").await;
    let ask = async |origin: &str| {
        let target = "/closed/key?X-Amz-Signature=x";
        let host = store.s3.to_string();
        preflight(
            &store,
            &host,
            target,
            origin,
            "PUT",
            "content-type,x-amz-meta-a",
        )
        .await
    };
    for round in ["without rules", "with rules for others"] {
        let allowed = ask(ORIGIN).await;
        assert_eq!(allowed.status, 200, "{round}");
        let headers = &allowed.headers;
        assert_eq!(text(headers, "access-control-allow-origin"), ORIGIN);
        assert_eq!(
            text(headers, "access-control-allow-headers"),
            "content-type,x-amz-meta-a"
        );
        assert!(text(headers, "access-control-allow-methods").contains("PUT"));
        assert!(text(headers, "vary").contains("origin"));
        assert!(headers.contains_key("x-amz-request-id"));
        assert!(!headers.contains_key("access-control-allow-credentials"));

        let other = ask("http://evil.example.org").await;
        assert_eq!(other.refusal(), (403, "AccessForbidden".to_owned()));
        assert!(!has_cors(&other.headers));
        set(&client, "closed", [rule()]).await;
    }
}

#[tokio::test]
async fn the_console_can_read_why_it_was_refused() {
    let store = Fixture::start().await;
    let get = Draft::new(Method::GET, &store.s3.to_string(), "/bucket/key");
    let refused = get.header("origin", ORIGIN).send(store.s3).await;
    assert_eq!(refused.status, 403);
    assert_eq!(
        text(&refused.headers, "access-control-allow-origin"),
        ORIGIN
    );
    let exposed = text(&refused.headers, "access-control-expose-headers");
    for name in [
        "etag",
        "x-amz-request-id",
        "content-range",
        "content-disposition",
    ] {
        assert!(exposed.contains(name), "{name} in {exposed}");
    }
}

#[tokio::test]
async fn a_bucket_keeps_its_document() {
    let store = Fixture::start().await;
    let client = store.bucket("pages").await;
    let show = async || client.get_bucket_cors().bucket("pages").send().await;
    let none = (404, "NoSuchCORSConfiguration".to_owned());
    assert_eq!(refusal(show().await.unwrap_err()), none);
    set(&client, "pages", [rule()]).await;
    assert_eq!(show().await.unwrap().cors_rules(), [rule()]);

    let store = store.restart(|_folder| {}).await;
    let client = store.client();
    let shown = client.get_bucket_cors().bucket("pages").send().await;
    assert_eq!(shown.unwrap().cors_rules(), [rule()]);
    for _ in 0..2 {
        let removed = client.delete_bucket_cors().bucket("pages").send().await;
        removed.unwrap();
    }
    let shown = client.get_bucket_cors().bucket("pages").send().await;
    assert_eq!(refusal(shown.unwrap_err()), none);
}

#[tokio::test]
async fn only_the_owner_sees_and_sets_the_document() {
    let store = Fixture::start().await;
    let client = store.bucket("pages").await;
    set(&client, "pages", [rule()]).await;
    store.user("demo", "other", "other").await;
    let other = store.client_of("demo/other", "other", &store.by_address());
    let denied = (403, "AccessDenied".to_owned());
    let shown = other.get_bucket_cors().bucket("pages").send().await;
    assert_eq!(refusal(shown.unwrap_err()), denied);
    let removed = other.delete_bucket_cors().bucket("pages").send().await;
    assert_eq!(refusal(removed.unwrap_err()), denied);
    let missing = client.get_bucket_cors().bucket("absent").send().await;
    assert_eq!(
        refusal(missing.unwrap_err()),
        (404, "NoSuchBucket".to_owned())
    );
}

/// A document of rules that differ from a good one.
fn document(rules: &[&str]) -> String {
    let rules: String = rules
        .iter()
        .flat_map(|rule| ["<CORSRule>", rule, "</CORSRule>"])
        .collect();
    format!("<CORSConfiguration>{rules}</CORSConfiguration>")
}

const ORIGIN_GET: &str = "<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>";

#[tokio::test]
async fn bad_documents_are_refused_and_change_nothing() {
    let store = Fixture::start().await;
    let client = store.bucket("pages").await;
    set(&client, "pages", [rule()]).await;
    let (malformed, invalid) = ("MalformedXML", "InvalidRequest");
    let with = |more: &str| document(&[&format!("{ORIGIN_GET}{more}")]);
    for (document, code) in [
        ("<CORSConfiguration>".to_owned(), malformed),
        (document(&[]), malformed),
        (document(&["<AllowedMethod>GET</AllowedMethod>"]), malformed),
        (document(&["<AllowedOrigin>*</AllowedOrigin>"]), malformed),
        (with("<AllowedOrigin></AllowedOrigin>"), invalid),
        (with("<AllowedMethod>PATCH</AllowedMethod>"), invalid),
        (with("<AllowedMethod>get</AllowedMethod>"), invalid),
        (with("<AllowedOrigin>*://*</AllowedOrigin>"), invalid),
        (with("<AllowedHeader>x-*-*</AllowedHeader>"), invalid),
        (with("<ExposeHeader>x-*</ExposeHeader>"), invalid),
        (with("<ExposeHeader>a b</ExposeHeader>"), invalid),
        (with("<MaxAgeSeconds>-1</MaxAgeSeconds>"), invalid),
        (with(&format!("<ID>{}</ID>", "i".repeat(256))), invalid),
        (document(&[ORIGIN_GET; 101]), invalid),
        (
            with(&format!("<!-- {} -->", " ".repeat(2_621_440))),
            invalid,
        ),
    ] {
        let put = Draft::new(Method::PUT, &store.s3.to_string(), "/pages?cors");
        let put = Signer::demo().sign(put.body(document.as_str()));
        let told = &document[..document.len().min(200)];
        assert_eq!(
            put.send(store.s3).await.refusal(),
            (400, code.to_owned()),
            "{told}"
        );
        let demo = tenant("demo");
        let result = store.hcp.set_tenant_cors(&demo, Some(&document)).await;
        let refused = matches!(result, Err(Error::InvalidDocument(_)));
        assert!(refused, "{told}");
    }
    let kept = client.get_bucket_cors().bucket("pages").send().await;
    assert_eq!(kept.unwrap().cors_rules(), [rule()]);
    // As many as there may be.
    let put = Draft::new(Method::PUT, &store.s3.to_string(), "/pages?cors");
    let put = Signer::demo().sign(put.body(document(&[ORIGIN_GET; 100])));
    assert_eq!(put.send(store.s3).await.status, 200);
}

#[tokio::test]
async fn a_preflight_gets_what_the_rule_gives() {
    let store = Fixture::start().await;
    let client = store.bucket("pictures").await;
    set(&client, "pictures", [rule()]).await;
    let by_address = store.s3.to_string();
    // Every way to name the bucket.
    for (host, target) in [
        (&*by_address, "/pictures/a"),
        ("demo.localhost", "/pictures/a"),
        ("pictures.demo.localhost", "/a"),
    ] {
        let asked = "content-type, X-Amz-Meta-A, range";
        let answer = preflight(&store, host, target, PAGE, "PUT", asked).await;
        assert_eq!(answer.status, 200, "{host}{target}");
        let expected = [
            ("access-control-allow-origin", PAGE),
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-methods", "GET,PUT"),
            ("access-control-allow-headers", "content-type,x-amz-meta-a"),
            ("access-control-expose-headers", "ETag,x-amz-meta-a"),
            ("access-control-max-age", "600"),
            (
                "vary",
                "origin, access-control-request-headers, access-control-request-method",
            ),
        ];
        for (name, value) in expected {
            assert_eq!(text(&answer.headers, name), value, "{host}{target} {name}");
        }
    }
    let forbidden = (403, "AccessForbidden".to_owned());
    for (host, target, origin, method) in [
        (&*by_address, "/pictures/a", PAGE, "DELETE"),
        (&*by_address, "/pictures/a", "https://example.com", "GET"),
        (&*by_address, "/pictures/a", "null", "GET"),
        (&*by_address, "/absent/a", PAGE, "GET"),
        (&*by_address, "/", PAGE, "GET"),
        ("nobody.localhost", "/pictures/a", PAGE, "GET"),
        ("admin.localhost", "/pictures/a", PAGE, "GET"),
    ] {
        let answer = preflight(&store, host, target, origin, method, "").await;
        assert_eq!(
            answer.refusal(),
            forbidden,
            "{host}{target} {origin} {method}"
        );
        assert!(!has_cors(&answer.headers));
    }
    let bare = Draft::new(Method::OPTIONS, &by_address, "/pictures/a");
    assert_eq!(bare.clone().send(store.s3).await.status, 400);
    let bare = bare.header("origin", PAGE);
    assert_eq!(bare.send(store.s3).await.status, 400);
}

#[tokio::test]
async fn an_answer_is_shown_to_the_page_once_the_signature_is_good() {
    let store = Fixture::start().await;
    let client = store.bucket("pages").await;
    put(&client, "pages", "a", "x").await;
    set(&client, "pages", [rule()]).await;
    let get = |key: &str| {
        Draft::new(Method::GET, &store.s3.to_string(), &format!("/pages/{key}"))
            .header("origin", PAGE)
    };
    // A missing object is an answer like any other.
    for (key, status) in [("a", 200), ("absent", 404)] {
        let answer = Signer::demo().sign(get(key)).send(store.s3).await;
        assert_eq!(answer.status, status);
        let headers = &answer.headers;
        assert_eq!(text(headers, "access-control-allow-origin"), PAGE);
        assert_eq!(text(headers, "access-control-allow-credentials"), "true");
        assert_eq!(
            text(headers, "access-control-expose-headers"),
            "ETag,x-amz-meta-a"
        );
        assert!(!headers.contains_key("access-control-allow-methods"));
    }
    let wrong = Signer {
        secret: "0".repeat(32),
        ..Signer::demo()
    };
    for unproved in [get("a"), wrong.sign(get("a"))] {
        let answer = unproved.send(store.s3).await;
        assert_eq!(answer.status, 403);
        assert!(!has_cors(&answer.headers), "{:?}", answer.headers);
    }
    // The rule does not know this method, and nobody asked here.
    let delete = Draft::new(Method::DELETE, &store.s3.to_string(), "/pages/a");
    let delete = Signer::demo().sign(delete.header("origin", PAGE));
    assert!(!has_cors(&delete.send(store.s3).await.headers));
    let list = Draft::new(Method::GET, &store.s3.to_string(), "/pages");
    let list = Signer::demo().sign(list).send(store.s3).await;
    assert!(!has_cors(&list.headers));
}

#[tokio::test]
async fn any_origin_is_any_origin_without_credentials() {
    let store = Fixture::start().await;
    let client = store.bucket("pages").await;
    let open = CorsRule::builder()
        .allowed_origins("*")
        .allowed_methods("GET")
        .build();
    set(&client, "pages", [open.unwrap()]).await;
    let host = store.s3.to_string();
    let answer = preflight(&store, &host, "/pages/a", "null", "GET", "").await;
    assert_eq!(text(&answer.headers, "access-control-allow-origin"), "*");
    for name in [
        "access-control-allow-credentials",
        "access-control-allow-headers",
        "access-control-max-age",
        "vary",
    ] {
        assert!(!answer.headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn the_document_of_the_tenant_is_for_buckets_without_one() {
    let store = Fixture::start().await;
    let client = store.bucket("pages").await;
    let host = store.s3.to_string();
    let methods = async || {
        let answer = preflight(&store, &host, "/pages/a", PAGE, "GET", "").await;
        text(&answer.headers, "access-control-allow-methods").to_owned()
    };
    assert_eq!(methods().await, "");
    let of_tenant = document(&[ORIGIN_GET]);
    let set_tenant = async |document| store.hcp.set_tenant_cors(&tenant("demo"), document).await;
    set_tenant(Some(&*of_tenant)).await.unwrap();
    assert_eq!(methods().await, "GET");
    set(&client, "pages", [rule()]).await;
    assert_eq!(methods().await, "GET,PUT");
    let removed = client.delete_bucket_cors().bucket("pages").send().await;
    removed.unwrap();
    assert_eq!(methods().await, "GET");
    set_tenant(None).await.unwrap();
    assert_eq!(methods().await, "");
    let absent = store.hcp.set_tenant_cors(&tenant("absent"), None).await;
    assert!(matches!(absent, Err(Error::NoSuchTenant(_))));
}

#[tokio::test]
async fn buckets_of_one_name_are_told_apart_by_host_or_access_key() {
    let store = Fixture::start().await;
    let client = store.bucket("same").await;
    set(&client, "same", [rule()]).await;
    store.tenant("other").await;
    store.user("other", "other", "other").await;
    let other = store.client_of("other", "other", &store.by_address());
    other.create_bucket().bucket("same").send().await.unwrap();
    let ask = async |host: &str, query: &str| {
        let target = format!("/same/a{query}");
        let answer = preflight(&store, host, &target, PAGE, "GET", "").await;
        answer.status.as_u16()
    };
    assert_eq!(ask("demo.localhost", "").await, 200);
    assert_eq!(ask("other.localhost", "").await, 403);
    // By address nothing says which, but for the key in a presigned URL.
    let by_address = store.s3.to_string();
    assert_eq!(ask(&by_address, "").await, 403);
    let of = |key: &str| format!("?X-Amz-Credential={key}/20260101/us-east-1/s3/aws4_request");
    assert_eq!(ask(&by_address, &of("ZGVtbw==")).await, 200);
    assert_eq!(ask(&by_address, &of("b3RoZXI=")).await, 403);
    assert_eq!(ask(&by_address, "?AWSAccessKeyId=ZGVtbw%3D%3D").await, 200);
    // An actual request says who it is.
    let get = || Draft::new(Method::GET, &by_address, "/same/a").header("origin", PAGE);
    let mine = Signer::demo().sign(get()).send(store.s3).await;
    assert_eq!(text(&mine.headers, "access-control-allow-origin"), PAGE);
    let others = Signer {
        key: "b3RoZXI=".to_owned(),
        secret: crate::fixture::secret("other"),
        ..Signer::demo()
    };
    let theirs = others.sign(get()).send(store.s3).await;
    assert_eq!(theirs.refusal(), (404, "NoSuchKey".to_owned()));
    assert!(!has_cors(&theirs.headers));
}
