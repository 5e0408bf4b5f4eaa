//! The document of the API: against the contract, against what is served, and its pages.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::app::{Answer, TestApp};

/// What the contract wants in the query and we take in the body as well, or, of the last, there alone.
const IN_BODY: &[(&str, &str)] = &[
    ("PUT /api/v1/mapi/tenants", "username"),
    ("PUT /api/v1/mapi/tenants", "password"),
    (
        "PUT /api/v1/mapi/tenants/{tenant_name}/userAccounts",
        "password",
    ),
    (
        "POST /api/v1/mapi/tenants/{tenant_name}/userAccounts",
        "resetPasswords",
    ),
];

/// Operations by method and path.
pub(crate) type Operations = BTreeMap<(String, String), Value>;

/// The contract's document, of which everything here is a part.
pub(crate) fn contract() -> Value {
    serde_json::from_str(include_str!("../contract/openapi.json")).unwrap()
}

pub(crate) fn operations(document: &Value) -> Operations {
    let paths = document["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap();
        methods
            .iter()
            .map(|(method, operation)| ((method.to_uppercase(), path.clone()), operation.clone()))
    });
    each.collect()
}

/// How many operations the contract has.
const COUNT: usize = 203;

/// Follows `$ref`.
pub(crate) fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            let target = document.pointer(reference.trim_start_matches('#')).unwrap();
            resolved(document, target)
        }
        None => schema,
    }
}

pub(crate) fn successes(operation: &Value) -> BTreeSet<String> {
    let responses = operation["responses"].as_object().unwrap();
    let good = responses.keys().filter(|status| status.starts_with('2'));
    good.cloned().collect()
}

pub(crate) async fn document(app: &TestApp) -> Value {
    let answer = app.anonymous().get("/openapi.json").await;
    assert_eq!(answer.header("content-type"), "application/json");
    answer.good().await
}

/// Name and place of each parameter, and whether it is required.
fn parameters(operation: &Value) -> BTreeMap<(String, String), bool> {
    let list = operation["parameters"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    list.map(|p| ((text(&p["name"]), text(&p["in"])), p["required"] == true))
        .collect()
}

fn required(document: &Value, schema: &Value) -> BTreeSet<String> {
    let list = resolved(document, schema)["required"].as_array();
    let names = list.into_iter().flatten().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

#[tokio::test]
async fn openapi_has_all_of_the_contract() {
    let app = TestApp::new().await;
    let (contract, document) = (contract(), document(&app).await);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let ours = operations(&document);
    for ((method, path), theirs) in operations(&contract) {
        let place = format!("{method} {path}");
        let operation = ours
            .get(&(method, path))
            .unwrap_or_else(|| panic!("{place} is not documented"));
        let known = parameters(operation);
        for (parameter, required) in parameters(&theirs) {
            let required = required && !IN_BODY.contains(&(&*place, &*parameter.0));
            assert_eq!(
                known.get(&parameter),
                Some(&required),
                "{place}: {parameter:?}"
            );
        }
        let bodies = theirs["requestBody"]["content"].as_object();
        for (media_type, body) in bodies.into_iter().flatten() {
            let content = &operation["requestBody"]["content"][media_type.as_str()];
            assert!(content.is_object(), "{place}: {media_type}");
            let known = required(&document, &content["schema"]);
            let missing = &required(&contract, &body["schema"]) - &known;
            assert!(missing.is_empty(), "{place}: {missing:?}");
        }
        let missing = &successes(&theirs) - &successes(operation);
        assert!(missing.is_empty(), "{place}: {missing:?}");
    }
}

/// A path with something in each of its places.
fn filled(path: &str) -> String {
    let path = path
        .replace("{bucket}", "no-such-bucket")
        .replace("{key}", "no-such-key")
        .replace("{annotation}", "absent")
        .replace("{session_id}", "absent")
        .replace("{task_id}", "5f0c3a52-6f5e-4c0e-9b6a-0f8d4a1b2c3d")
        .replace("{link_id}", "absent")
        .replace("{access_key_id}", "absent")
        .replace("{job_id}", "5f0c3a52-6f5e-4c0e-9b6a-0f8d4a1b2c3d")
        .replace("{workspace}", "no-such-bucket")
        .replace("{path}", "no-such-file");
    let managed = path.contains("/mapi") || path.contains("/query/");
    assert!(managed || !path.contains('{'), "{path}");
    let segments = path.split('/').map(|segment| match segment {
        "{protocol_name}" => "http",
        segment if segment.starts_with('{') => "absent",
        segment => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn openapi_promises_only_what_is_served() {
    let app = TestApp::new().await;
    let document = document(&app).await;
    for ((method, path), _) in operations(&document) {
        // One of them signs out.
        let demo = app.demo().await;
        let name = Method::from_bytes(method.as_bytes()).unwrap();
        let request = demo.request(name, &filled(&path));
        let answer = Answer(request.send().await.unwrap());
        let status = answer.status();
        assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        if status == StatusCode::NOT_FOUND && method != "HEAD" {
            let problem: Value = serde_json::from_str(&answer.text().await).unwrap();
            assert_ne!(problem["code"], "not_found", "{method} {path}");
            // The second API has no codes: this is what it says of what it does not have at all.
            assert_ne!(problem["detail"], "Not Found", "{method} {path}");
        }
    }
}

/// The second API stands in the document as a whole, apart from the first.
#[tokio::test]
async fn openapi_has_the_files_of_workspaces_under_their_own_tag() {
    let app = TestApp::new().await;
    let document = document(&app).await;
    let mut expected = BTreeSet::new();
    let files = "/{workspace}/files";
    for (method, path) in [
        ("PUT", "{path}"),
        ("GET", "{path}"),
        ("HEAD", "{path}"),
        ("GET", "{path}/"),
        ("DELETE", "{path}"),
        ("POST", "create-multipart-upload"),
        ("POST", "complete-multipart-upload"),
        ("GET", "download-zip"),
    ] {
        expected.insert((method.to_owned(), format!("{files}/{path}")));
    }
    let service = "/{workspace}/services/s3-storage";
    expected.insert(("GET".to_owned(), service.to_owned()));
    for function in [
        "put_file",
        "get_file",
        "put_file_start_multipart",
        "put_file_complete_multipart",
        "remove_file",
        "list_files",
        "generate_credential",
        "delete_file",
        "delete_directory",
        "generate_presigned_url",
    ] {
        expected.insert(("POST".to_owned(), format!("{service}/{function}")));
    }
    let tagged = |operation: &Value| {
        operation["tags"]
            .as_array()
            .is_some_and(|tags| tags.contains(&"Workspace files".into()))
    };
    let found: BTreeSet<_> = operations(&document)
        .into_iter()
        .filter(|(_, operation)| tagged(operation))
        .map(|(operation, _)| operation)
        .collect();
    assert_eq!(found, expected);
    // The bounds are said in words as well.
    let schemas = &document["components"]["schemas"];
    for (name, field) in [
        ("PutFile", "expires_in"),
        ("GetFile", "expires_in"),
        ("StartUpload", "expires_in"),
        ("GenerateUrl", "expiration"),
    ] {
        let told = &schemas[name]["properties"][field];
        let words = told["description"].as_str().unwrap();
        assert!(words.contains("60 to 604,800"), "{name}: {words}");
        assert_eq!(told["minimum"], 60, "{name}");
        assert_eq!(told["maximum"], 604_800, "{name}");
    }
}

/// What a path's placeholders are called differs; what is asked for does not.
#[tokio::test]
async fn openapi_serves_every_operation_of_the_contract() {
    let app = TestApp::new().await;
    let all = operations(&contract());
    assert_eq!(all.len(), COUNT);
    for (method, path) in all.keys() {
        // One of them signs out.
        let demo = app.demo().await;
        let name = Method::from_bytes(method.as_bytes()).unwrap();
        let request = demo.request(name, &filled(path));
        let answer = Answer(request.send().await.unwrap());
        let status = answer.status();
        assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        if status == StatusCode::NOT_FOUND && method != "HEAD" {
            let problem: Value = serde_json::from_str(&answer.text().await).unwrap();
            assert_ne!(problem["code"], "not_found", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn openapi_has_pages_of_its_own_with_narrow_policies() {
    let app = TestApp::new().await;
    let anonymous = app.anonymous();
    for (path, media_type, scripts) in [
        ("/docs", "text/html", true),
        ("/redoc", "text/html", false),
        ("/docs/docs.js", "text/javascript", false),
        ("/docs/docs.css", "text/css", false),
        ("/docs/reference.css", "text/css", false),
        ("/docs/swagger-ui.css", "text/css", false),
        ("/docs/swagger-ui-bundle.js", "text/javascript", false),
    ] {
        let answer = anonymous.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert!(
            answer.header("content-type").starts_with(media_type),
            "{path}"
        );
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none';"),
            "{path}: {policy}"
        );
        assert!(
            !policy.contains("unsafe-eval") && !policy.contains("http"),
            "{policy}"
        );
        assert_eq!(
            policy.contains("script-src 'self';"),
            scripts,
            "{path}: {policy}"
        );
    }
    let page = anonymous.get("/redoc").await.text().await;
    assert!(page.contains("POST</b> /api/v1/buckets/{bucket}/objects/{key}/copy"));
    let absent = anonymous.get("/docs/nothing.js").await;
    let _ = absent.problem(404, "not_found").await;
    let wrong = anonymous.post("/docs", &Value::Null).await;
    let _ = wrong.problem(405, "method_not_allowed").await;
}

/// The archive's entries were only framed anew: what a browser unpacks must be whole.
#[tokio::test]
async fn openapi_s_scripts_are_sent_compressed_and_are_whole() {
    let app = TestApp::new().await;
    for (file, word) in [
        ("swagger-ui-bundle.js", "SwaggerUIBundle"),
        ("swagger-ui.css", ".swagger-ui"),
    ] {
        let answer = app.anonymous().get(&format!("/docs/{file}")).await;
        assert_eq!(answer.header("content-encoding"), "gzip");
        let packed = answer.bytes().await;
        let mut plain = Vec::new();
        std::io::copy(&mut flate2::read::GzDecoder::new(&packed[..]), &mut plain).unwrap();
        assert!(String::from_utf8(plain).unwrap().contains(word), "{file}");
    }
}
