//! Management of an HCP: every operation of the contract, and what the API adds to what HCP does.

use reqwest::{Method, StatusCode, multipart};
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer, TestApp},
    contract::documented,
    fake_hcp::{CERTIFICATE_TEXT, FakeHcp, fixture},
    openapi,
};

const ACME: &str = "/api/v1/mapi/tenants/acme";
const SECRET: &str = "Hunter2!";

async fn admin(app: &TestApp) -> Actor<'_> {
    app.script("admin", "password").await
}

async fn put(actor: &Actor<'_>, path: &str, body: &Value) -> Answer {
    let request = actor.request(Method::PUT, path).json(body);
    Answer(request.send().await.unwrap())
}

/// A path with something in each of its places.
fn filled(path: &str) -> String {
    let segments = path.split('/').map(|segment| match segment {
        "{tenant_name}" => "acme",
        "{ns_name}" | "{namespace_name}" => "archive",
        "{username}" => "ops1",
        "{group_name}" => "archivists@ad.example.com",
        "{content_class_name}" => "DICOM",
        "{retention_class_name}" => "HlthReg-107",
        "{plan_name}" => "Default",
        "{protocol_name}" => "http",
        "{link_name}" => "east-west",
        "{chained_link_name}" => "north-east",
        "{dir_name}" => "images",
        "{topology_name}" => "ec-3",
        "{serial_number}" => "300051",
        "{certificate_id}" => "cert-001",
        segment => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

/// What is put or posted to a path.
fn body(method: &str, path: &str) -> Option<Value> {
    let last = path.rsplit('/').next().unwrap();
    let document = match (method, last) {
        ("PUT", "tenants") => fixture!("tenant-create"),
        ("POST", "{tenant_name}") if !path.contains("/links/") => fixture!("tenant-modify"),
        ("PUT", "userAccounts") => fixture!("user-account-create"),
        ("POST", "{username}") if path.contains("/tenants") => r#"{"fullName": "Ops"}"#,
        ("POST", "userAccounts" | "{username}") => r#"{"password": "Hunter2!"}"#,
        (_, "changePassword") => fixture!("change-password"),
        ("PUT", "groupAccounts") | ("POST", "{group_name}") => fixture!("group-account"),
        (_, "dataAccessPermissions") => fixture!("data-access-permissions"),
        ("PUT", "contentClasses") | ("POST", "{content_class_name}") => fixture!("content-class"),
        ("PUT", "namespaces") => fixture!("namespace-create"),
        ("POST", "{ns_name}") => fixture!("namespace-modify"),
        ("PUT", "retentionClasses") | ("POST", "{retention_class_name}") => {
            fixture!("retention-class")
        }
        (_, "consoleSecurity") => fixture!("console-security"),
        (_, "contactInfo") => fixture!("contact-info"),
        (_, "emailNotification") => fixture!("email-notification"),
        (_, "namespaceDefaults") => fixture!("namespace-defaults"),
        (_, "searchSecurity") => fixture!("search-security"),
        (_, "permissions") => fixture!("permissions"),
        (_, "cors") => fixture!("cors"),
        (_, "versioningSettings") => fixture!("versioning-settings"),
        (_, "complianceSettings") => fixture!("compliance-settings"),
        (_, "protocols") => fixture!("protocols"),
        (_, "http") => fixture!("protocol-http"),
        (_, "cifs") => fixture!("protocol-cifs"),
        (_, "nfs") => fixture!("protocol-nfs"),
        (_, "smtp") => fixture!("protocol-smtp"),
        (_, "customMetadataIndexingSettings") => fixture!("custom-metadata-indexing-settings"),
        (_, "replicationCollisionSettings") => fixture!("replication-collision-settings"),
        ("POST", "prepare") if path.contains("/logs/") => fixture!("log-prepare"),
        ("POST", "download") if path.contains("/logs/") => fixture!("log-download"),
        ("POST", "prepare") => fixture!("health-prepare"),
        ("POST", "download") => fixture!("health-download"),
        (_, "network") => fixture!("network"),
        ("POST", "replication") => r#"{"verification": "ONCE"}"#,
        ("PUT", "links") => fixture!("link-create"),
        ("POST", "{link_name}") => r#"{"compression": true}"#,
        (_, "schedule") => fixture!("schedule"),
        ("PUT", "ecTopologies") => fixture!("topology-create"),
        ("POST", "{topology_name}") => r#"{"restorePeriod": 9}"#,
        _ => return None,
    };
    let mut body: Value = serde_json::from_str(document).unwrap();
    if let ("PUT", "tenants" | "userAccounts") = (method, last) {
        body["password"] = SECRET.into();
        if last == "tenants" {
            body["username"] = "first".into();
        }
    }
    if let ("POST", "{content_class_name}" | "{retention_class_name}") = (method, last) {
        // It keeps its name.
        body.as_object_mut().unwrap().remove("name");
    }
    matches!(method, "PUT" | "POST").then_some(body)
}

/// Whether a form with a file is put there.
fn takes_file(method: &str, path: &str) -> bool {
    let ends = ["/licenses", "/certificates", "/supportaccesscredentials"];
    method == "PUT" && ends.iter().any(|end| path.ends_with(end))
}

/// A form with a file: a certificate, whatever is asked for.
fn form() -> multipart::Form {
    let file = multipart::Part::text(CERTIFICATE_TEXT).file_name("file");
    multipart::Form::new().part("file", file)
}

async fn send(actor: &Actor<'_>, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let name = Method::from_bytes(method.as_bytes()).unwrap();
    let request = actor.request(name, path);
    let request = match body {
        _ if takes_file(method, path) => request.multipart(form()),
        Some(body) => request.json(body),
        None => request,
    };
    Answer(request.send().await.unwrap())
}

#[tokio::test]
async fn openapi_operations_of_management_succeed_and_refuse_as_documented() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = admin(&app).await;
    let document = openapi::document(&app).await;
    let promised = openapi::operations(&openapi::contract());
    let mut walked = 0;
    for ((method, path), operation) in openapi::operations(&document) {
        if !path.starts_with("/api/v1/mapi") || is_template(&path) {
            continue;
        }
        walked += 1;
        let place = format!("{method} {path}");
        let body = body(&method, &path);
        let takes = operation["requestBody"].is_object();
        let given = body.is_some() || takes_file(&method, &path);
        assert_eq!(given, takes, "{place}");
        let good = send(&admin, &method, &filled(&path), body.as_ref()).await;
        let status = good.status();
        let wanted = if method == "PUT" { 201 } else { 200 };
        assert_eq!(status, wanted, "{place}: {}", good.text().await);
        if let Some(theirs) = promised.get(&(method.clone(), path.clone())) {
            assert!(
                openapi::successes(theirs).contains(status.as_str()),
                "{place}"
            );
        }
        assert_eq!(good.header("x-hcp-softwareversion").is_empty(), {
            // Two changes are made by another call, whose version nobody needs.
            place.ends_with("/userAccounts/{username}")
                && method == "POST"
                && !path.contains("tenants")
                || place == "POST /api/v1/mapi/tenants/{tenant_name}/userAccounts"
        });
        documented(&document, &operation, &place, good).await;

        let last = path.rfind('{').map(|at| &path[at..]);
        let (bad, wanted) = if let Some(last) = last {
            let name = last.split('/').next().unwrap();
            let absent = path.replace(name, "absent");
            let other = send(&admin, &method, &filled(&absent), body.as_ref()).await;
            (other, 404)
        } else {
            let anonymous = app.anonymous();
            (send(&anonymous, &method, &path, body.as_ref()).await, 401)
        };
        assert_eq!(bad.status(), wanted, "{place}: {}", bad.text().await);
        documented(&document, &operation, &place, bad).await;
    }
    assert!(walked > 150, "{walked}");
    let ours = openapi::operations(&document);
    let managed = promised.keys().filter(|(_, path)| path.contains("/mapi"));
    let missing: Vec<_> = managed.filter(|name| !ours.contains_key(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn replies_are_in_the_contract_s_form() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = admin(&app).await;
    let tenant = admin.get(ACME).await;
    assert_eq!(tenant.header("x-hcp-softwareversion"), "9.7.0.13");
    let tenant: Value = tenant.good().await;
    assert_eq!(tenant["softwareVersion"], "9.7.0.13");
    assert_eq!(tenant["administrationAllowed"], Value::Null);
    assert_eq!(tenant["tags"], json!({"tag": ["pilot"]}));
    let search: Value = admin
        .get(&format!("{ACME}/searchSecurity"))
        .await
        .good()
        .await;
    assert_eq!(
        search["ipSettings"]["allowAddresses"],
        json!(["10.0.0.0/8"])
    );
    let created = put(
        &admin,
        &format!("{ACME}/namespaces"),
        &json!({"name": "ns9"}),
    )
    .await;
    assert_eq!(created.status(), StatusCode::CREATED);
    let created: Value = created.good().await;
    assert_eq!(created, json!({"status": "created", "name": "ns9"}));
    let cors = json!({"cors": "<CORSConfiguration/>"});
    let set: Value = put(&admin, &format!("{ACME}/namespaces/a/cors"), &cors)
        .await
        .good()
        .await;
    assert_eq!(set, json!({"status": "created", "namespace": "a"}));
    let removed: Value = admin.delete(ACME).await.good().await;
    assert_eq!(removed, json!({"status": "deleted"}));
    let head = admin.head(ACME).await;
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(head.text().await, "");
}

#[tokio::test]
async fn bodies_are_read_strictly_and_sent_in_hcp_s_form() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = admin(&app).await;
    hcp.asked();
    let path = format!("{ACME}/searchSecurity");
    for addresses in [json!(["10.0.0.1"]), json!({"ipAddress": ["10.0.0.1"]})] {
        let body = json!({
            "ipSettings": {"allowAddresses": addresses, "denyAddresses": null}, "new": {"a": 1},
            "gone": null,
        });
        let _: Value = admin.post(&path, &body).await.good().await;
        let sent = json!({
            "ipSettings": {"allowAddresses": {"ipAddress": ["10.0.0.1"]}}, "new": {"a": 1},
        });
        assert_eq!(hcp.asked()[0].body, sent);
    }
    let body = json!({"softQuota": 5, "hashScheme": "CRC", "tags": ["a,b"]});
    let refused = put(&admin, &format!("{ACME}/namespaces"), &body).await;
    let faults = refused.problem(422, "validation").await;
    let named: Vec<_> = faults
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["loc"][1].clone(), fault["type"].clone()))
        .collect();
    let wrong = |name: &str| (json!(name), json!("value_error"));
    assert_eq!(
        named,
        [wrong("hashScheme"), wrong("softQuota"), wrong("tags")]
    );
    let refused = put(&admin, &format!("{ACME}/namespaces"), &json!({})).await;
    let faults = refused.problem(422, "validation").await;
    assert_eq!(faults[0]["type"], "missing");
    assert_eq!(faults[0]["loc"], json!(["body", "name"]));
    for odd in [json!([1]), json!("text")] {
        let refused = put(&admin, &format!("{ACME}/namespaces"), &odd).await;
        let _ = refused.problem(422, "validation").await;
    }
    let request = admin.request(Method::PUT, &format!("{ACME}/namespaces"));
    let refused = Answer(request.body("{}").send().await.unwrap());
    let _ = refused.problem(415, "unsupported_media_type").await;
    assert!(hcp.asked().is_empty(), "nothing of it was sent");
}

#[tokio::test]
async fn flags_are_sent_where_they_are_true_and_parameters_are_checked() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = admin(&app).await;
    hcp.asked();
    let path = format!("{ACME}/namespaces/archive");
    for (query, sent) in [
        ("?verbose=false&unknown=1", None),
        ("?verbose=TRUE", Some("true")),
        ("?verbose=on&prettyprint=true", Some("true")),
    ] {
        let _: Value = admin.get(&format!("{path}{query}")).await.good().await;
        let asked = hcp.asked();
        assert_eq!(
            asked[0].query.get("verbose").map(String::as_str),
            sent,
            "{query}"
        );
        assert_eq!(asked[0].query.len(), usize::from(sent.is_some()));
    }
    let list =
        format!("{ACME}/namespaces?offset=1&count=2&sortOrder=descending&filterString=a%20b");
    let _: Value = admin.get(&list).await.good().await;
    let asked = &hcp.asked()[0];
    let pairs: Vec<_> = asked
        .query
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let expected = [
        ("count", "2"),
        ("filterString", "a b"),
        ("offset", "1"),
        ("sortOrder", "descending"),
    ];
    assert_eq!(pairs, expected);
    let report = format!("{ACME}/chargebackReport");
    let start = "?start=2026-01-01T00:00:00+0100";
    let _: Value = admin.get(&format!("{report}{start}")).await.good().await;
    let asked = &hcp.asked()[0];
    assert_eq!(asked.query["granularity"], "total");
    assert_eq!(asked.query["start"], "2026-01-01T00:00:00+0100");
    for (path, name) in [
        (format!("{path}?verbose=maybe"), "verbose"),
        (format!("{ACME}/namespaces?offset=-1"), "offset"),
        (format!("{report}?granularity=week"), "granularity"),
        (
            format!("{report}?start=2026-02-01T00:00:00Z&end=2026-01-01T00:00:00-0500"),
            "start",
        ),
    ] {
        let faults = admin.get(&path).await.problem(422, "validation").await;
        assert_eq!(faults[0]["loc"], json!(["query", name]), "{path}");
    }
    assert!(hcp.asked().is_empty());
}

/// Clients resolve such paths before they send them, so this one writes its request by hand.
async fn raw(app: &TestApp, actor: &Actor<'_>, method: &str, path: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let address = app.origin().replace("http://", "");
    let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    let token = actor.bearer.clone().unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
         connection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn names_that_lead_elsewhere_are_refused_before_anything_is_sent() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = admin(&app).await;
    hcp.asked();
    for name in [
        "%2e%2e", "%2E", "a%2Fb", "..%2f..", "a%0d%0ab", "x%23y", "a%3Fb",
    ] {
        let path = format!("{ACME}/namespaces/{name}");
        let answer = raw(&app, &admin, "DELETE", &path).await;
        assert!(answer.starts_with("HTTP/1.1 422 "), "{name}: {answer}");
        assert!(answer.contains(r#""loc":["path","ns_name"]"#), "{answer}");
    }
    let answer = raw(
        &app,
        &admin,
        "GET",
        "/api/v1/mapi/tenants/127.0.0.1:1234%23",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 422 "), "{answer}");
    assert!(hcp.asked().is_empty());
    let _: Value = admin
        .get(&format!("{ACME}/groupAccounts/a%20b%3F%23@ad"))
        .await
        .good()
        .await;
    assert_eq!(
        hcp.asked()[0].path,
        "/tenants/acme/groupAccounts/a%20b%3F%23%40ad"
    );
}

#[tokio::test]
async fn passwords_go_to_hcp_and_nowhere_else() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = admin(&app).await;
    hcp.asked();
    let users = format!("{ACME}/userAccounts");
    let mut account: Value = serde_json::from_str(fixture!("user-account-create")).unwrap();
    // By the query, as scripts have it, and by the body.
    let by_query = format!("{users}?password={SECRET}");
    let _: Value = put(&admin, &by_query, &account).await.good().await;
    account["password"] = SECRET.into();
    let _: Value = put(&admin, &users, &account).await.good().await;
    for asked in hcp.asked() {
        assert_eq!(asked.query["password"], SECRET);
        assert_eq!(asked.body.get("password"), None);
        assert_eq!(asked.body["username"], "reader2");
    }
    // Alone, it goes in HCP's body; with other changes HCP takes it in the query only.
    let user = format!("{users}/ops1");
    let alone = json!({"password": SECRET});
    for path in [&*user, "/api/v1/mapi/userAccounts/ops1"] {
        let changed: Value = admin.post(path, &alone).await.good().await;
        assert_eq!(changed, json!({"status": "updated"}));
        let asked = &hcp.asked()[0];
        assert!(asked.path.ends_with("/userAccounts/ops1/changePassword"));
        assert_eq!(asked.body, json!({"newPassword": SECRET}));
        assert!(asked.query.is_empty());
    }
    let change = json!({"newPassword": SECRET, "oldPassword": "password"});
    let changed: Value = admin
        .post(&format!("{user}/changePassword"), &change)
        .await
        .good()
        .await;
    assert_eq!(changed, json!({"status": "password_changed"}));
    assert_eq!(hcp.asked()[0].body, json!({"newPassword": SECRET}));
    let both = json!({"password": SECRET, "fullName": "Ops"});
    let _: Value = admin.post(&user, &both).await.good().await;
    let asked = &hcp.asked()[0];
    assert_eq!(asked.query["password"], SECRET);
    assert_eq!(asked.body, json!({"fullName": "Ops"}));

    let tenant = json!({
        "name": "newt", "username": "adm", "password": SECRET, "forcePasswordChange": false,
    });
    let made: Value = put(&admin, "/api/v1/mapi/tenants", &tenant)
        .await
        .good()
        .await;
    assert_eq!(made, json!({"status": "created", "name": "newt"}));
    let asked = &hcp.asked()[0];
    assert_eq!(asked.query["username"], "adm");
    assert!(!asked.query.contains_key("forcePasswordChange"));
    assert_eq!(asked.body, json!({"name": "newt"}));

    // What is missing is named, and what was sent is not repeated.
    let refused = put(&admin, "/api/v1/mapi/tenants", &json!({"name": "newt"})).await;
    let faults = refused.problem(422, "validation").await.to_string();
    assert!(faults.contains("username") && !faults.contains("password"));
    let long = "Hunter2!".repeat(9);
    let body = json!({"name": "newt", "username": "adm", "password": long});
    let refused = put(&admin, "/api/v1/mapi/tenants", &body).await;
    let faults = refused.problem(422, "validation").await;
    assert_eq!(faults[0]["loc"], json!(["body", "password"]));
    assert!(!faults.to_string().contains("Hunter2"));
    assert!(hcp.asked().is_empty());
    // HCP may repeat it.
    let message = format!("the password {SECRET} is too common");
    hcp.say("PUT", "/tenants/acme/userAccounts", 400, &message, "");
    let refused = put(&admin, &users, &account).await;
    let detail = refused.problem(400, "invalid_argument").await;
    assert_eq!(detail, "the password … is too common");
}

#[tokio::test]
async fn a_reset_of_passwords_names_no_accounts_and_says_how_many() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = admin(&app).await;
    let users = format!("{ACME}/userAccounts");
    hcp.asked();
    let request = admin.request(Method::POST, &format!("{users}?resetPasswords=u9,u8"));
    let refused = Answer(request.send().await.unwrap());
    let _ = refused.problem(400, "invalid_argument").await;
    let body = json!({"password": SECRET});
    let tenant = app.script("acme/admin", "password").await;
    let refused = tenant.post(&users, &body).await;
    let _ = refused.problem(403, "access_denied").await;
    assert!(hcp.asked().is_empty());
    // The fixtures have two accounts with the security role.
    let told: Value = admin
        .post(&format!("{users}?dry_run=true"), &body)
        .await
        .good()
        .await;
    assert_eq!(told, json!({"status": "not_reset", "accounts": 2}));
    assert!(hcp.asked().iter().all(|asked| asked.method == "GET"));
    let done: Value = admin.post(&users, &body).await.good().await;
    assert_eq!(done, json!({"status": "passwords_reset", "accounts": 2}));
    let asked = hcp.asked();
    let reset = asked.last().unwrap();
    assert_eq!(reset.query["resetPasswords"], SECRET);
    assert_eq!((reset.query.len(), &reset.body), (1, &json!({})));
}

#[tokio::test]
async fn lists_in_full_ask_for_each_six_at_a_time_and_name_who_failed() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = admin(&app).await;
    let names: Vec<String> = (0..20).map(|n| format!("ns{n}")).collect();
    let list = json!({"name": names}).to_string();
    hcp.say("GET", "/tenants/acme/namespaces", 200, "", &list);
    for name in &names {
        let one = json!({"name": name, "hardQuota": "1 GB"}).to_string();
        hcp.say(
            "GET",
            &format!("/tenants/acme/namespaces/{name}"),
            200,
            "",
            &one,
        );
    }
    hcp.say("GET", "/tenants/acme/namespaces/ns3", 403, "no", "");
    hcp.say("GET", "/tenants/acme/namespaces/ns17", 404, "", "");
    let path = format!("{ACME}/namespaces?verbose=true&count=20");
    let answer = admin.get(&path).await;
    assert_eq!(answer.header("x-hako-partial"), "ns3,ns17");
    let found: Vec<Value> = answer.good().await;
    let wanted = names.iter().filter(|n| *n != "ns3" && *n != "ns17");
    let found_names: Vec<_> = found
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(found_names, wanted.collect::<Vec<_>>());
    assert_eq!(found[0]["description"], Value::Null);
    let busiest = hcp.busiest();
    assert!((2..=6).contains(&busiest), "{busiest}");

    // HCP may answer in full by itself.
    let list = json!([{"username": "ops1", "new": 1}]).to_string();
    hcp.say("GET", "/tenants/acme/userAccounts", 200, "", &list);
    hcp.asked();
    let path = format!("{ACME}/userAccounts?verbose=true");
    let found: Value = admin.get(&path).await.good().await;
    assert_eq!(found[0]["new"], 1);
    assert_eq!(found[0]["roles"], Value::Null);
    assert_eq!(hcp.asked().len(), 1);

    // Where nobody answers, that is the answer.
    hcp.say(
        "GET",
        "/tenants/acme/groupAccounts",
        200,
        "",
        r#"{"groupname": ["g"]}"#,
    );
    hcp.say(
        "GET",
        "/tenants/acme/groupAccounts/g",
        403,
        "not for you",
        "",
    );
    let path = format!("{ACME}/groupAccounts?verbose=true");
    let detail = admin.get(&path).await.problem(403, "access_denied").await;
    assert_eq!(detail, "not for you");
}

#[tokio::test]
async fn refusals_of_hcp_are_told_in_its_words_and_never_by_its_pages() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = admin(&app).await;
    for (status, ours, code, detail) in [
        (400, 400, "invalid_argument", "the words"),
        (401, 401, "invalid_credentials", "HCP authentication failed"),
        (403, 403, "access_denied", "the words"),
        (404, 404, "tenant_not_found", "tenant 'acme' not found"),
        (
            405,
            405,
            "method_not_allowed",
            "Method not allowed for this resource",
        ),
        (409, 409, "conflict", "tenant 'acme': the words"),
        (414, 414, "invalid_argument", "Request URI too large"),
        (415, 415, "unsupported_media_type", "Unsupported media type"),
        (500, 502, "store_error", "HCP internal error: the words"),
        (503, 503, "store_busy", "HCP unavailable: the words"),
        (
            418,
            502,
            "store_error",
            "Unexpected HCP status 418: the words",
        ),
        (
            502,
            502,
            "store_error",
            "Unexpected HCP status 502: the words",
        ),
    ] {
        hcp.say(
            "POST",
            "/tenants/acme",
            status,
            "the words",
            "<html>secret</html>",
        );
        let refused = admin.post(ACME, &json!({})).await;
        assert_eq!(refused.header("www-authenticate"), "", "{status}");
        assert_eq!(refused.header("retry-after").is_empty(), status != 503);
        assert_eq!(refused.problem(ours, code).await, detail);
    }
    hcp.say("POST", "/tenants/acme", 400, "", "<html>secret</html>");
    let detail = admin.post(ACME, &json!({})).await;
    let detail = detail.problem(400, "invalid_argument").await;
    assert_eq!(detail, "HCP returned 400");
    let absent = admin.head("/api/v1/mapi/tenants/absent").await;
    assert_eq!(absent.status(), StatusCode::NOT_FOUND);
    let taken = put(
        &admin,
        &format!("{ACME}/namespaces"),
        &json!({"name": "taken"}),
    )
    .await;
    let detail = taken.problem(409, "already_exists").await;
    assert_eq!(detail, "namespace: taken already exists");
    hcp.say("GET", "/tenants/acme", 200, "", "<html>a proxy</html>");
    let empty: Value = admin.get(ACME).await.good().await;
    assert_eq!(empty["name"], Value::Null);
}

#[tokio::test]
async fn reports_come_as_csv_where_that_is_wanted() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = admin(&app).await;
    let path = format!("{ACME}/namespaces/archive/chargebackReport?granularity=hour");
    let request = admin
        .request(Method::GET, &path)
        .header("accept", "text/csv");
    let answer = Answer(request.send().await.unwrap());
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let text = answer.text().await;
    let mut lines = text.lines();
    let columns = "systemName,tenantName,namespaceName,startTime,endTime,objectCount,ingestedVolume,\
        storageCapacityUsed,bytesIn,bytesOut,reads,writes,deletes,multipartObjects,\
        multipartObjectParts,multipartObjectBytes,multipartUploads,multipartUploadParts,\
        multipartUploadBytes,deleted,valid";
    assert_eq!(lines.next(), Some(columns));
    let row = "hcp.example.com,acme,archive,2024-06-01T00:00:00+0000,2024-06-01T00:59:59+0000,3,";
    assert!(lines.next().unwrap().starts_with(row), "{text}");
    let json = admin.get(&path).await;
    assert_eq!(json.header("content-type"), "application/json");
    let json: Value = json.good().await;
    assert_eq!(json["chargebackData"][0]["objectCount"], 3);
}

#[tokio::test]
async fn a_store_without_management_says_so() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let told: Value = app
        .anonymous()
        .get("/api/v1/capabilities")
        .await
        .good()
        .await;
    assert_eq!(told["mapi_enabled"], true);
    let off = hcp.app_with(&[("MAPI_ENABLED", "false")]).await;
    let told: Value = off
        .anonymous()
        .get("/api/v1/capabilities")
        .await
        .good()
        .await;
    assert_eq!(told["mapi_enabled"], false);
    let admin = admin(&off).await;
    let refused = admin.get("/api/v1/mapi/tenants").await;
    let _ = refused.problem(501, "not_supported").await;

    let local = TestApp::new().await;
    let foreign = local.before(&[]).await;
    // `demo/demo`, as the store's access key.
    let keys = foreign
        .script("ZGVtby9kZW1v", crate::app::DEMO_SECRET_KEY)
        .await;
    let refused = keys.get("/api/v1/mapi/tenants").await;
    let detail = refused.problem(501, "not_supported").await;
    assert!(detail.as_str().unwrap().contains("generic"), "{detail}");
    let stranger = foreign.anonymous();
    let refused = stranger.get("/api/v1/mapi/tenants").await;
    let _ = refused.problem(401, "not_authenticated").await;
    let told: Value = stranger.get("/api/v1/capabilities").await.good().await;
    assert_eq!(told["mapi_enabled"], false);
}

/// What the store inside cannot have, or refuses for a reason: the operation, and the status.
const OF_THE_STORE: &[(&str, u16)] = &[
    // There is no directory, so there are no groups.
    ("PUT /tenants/{tenant_name}/groupAccounts", 403),
    // A content class goes when it is empty.
    (
        "DELETE /tenants/{tenant_name}/contentClasses/{content_class_name}",
        403,
    ),
    // There is no default namespace.
    (
        "GET /tenants/{tenant_name}/namespaces/{ns_name}/protocols",
        403,
    ),
    (
        "POST /tenants/{tenant_name}/namespaces/{ns_name}/protocols",
        403,
    ),
    // Nothing needs a licence, or is opened by a key.
    ("GET /storage/licenses/{serial_number}", 404),
    ("PUT /storage/licenses", 400),
    ("PUT /supportaccesscredentials", 400),
    // The system gives certificates their ids, and has none of its own.
    (
        "GET /services/replication/certificates/{certificate_id}",
        404,
    ),
    (
        "DELETE /services/replication/certificates/{certificate_id}",
        404,
    ),
    ("GET /services/replication/certificates/server", 404),
    // There is no second node.
    ("POST /logs/download", 400),
    ("POST /healthCheckReport/download", 400),
    // There is no default tenant with directories.
    (
        "PUT /services/replication/links/{link_name}/content/defaultNamespaceDirectories/{dir_name}",
        403,
    ),
    (
        "DELETE /services/replication/links/{link_name}/content/defaultNamespaceDirectories/{dir_name}",
        404,
    ),
    // Of links that go both ways nothing goes on.
    (
        "PUT /services/replication/links/{link_name}/content/chainedLinks/{chained_link_name}",
        403,
    ),
    (
        "DELETE /services/replication/links/{link_name}/content/chainedLinks/{chained_link_name}",
        404,
    ),
    // A topology goes when it is retired, and a link when no topology is made of it.
    (
        "DELETE /services/erasureCoding/ecTopologies/{topology_name}",
        403,
    ),
    ("DELETE /services/replication/links/{link_name}", 403),
];

/// What ends sessions, or everything: called by hand at the end.
const AT_THE_END: [&str; 4] = [
    "POST /userAccounts/{username}",
    "POST /userAccounts/{username}/changePassword",
    "POST /tenants/{tenant_name}/userAccounts",
    "DELETE /tenants/{tenant_name}",
];

/// How far from the ground something lies: made from there up, and taken away from the top down.
const MADE: [&str; 12] = [
    "/tenants/{tenant_name}/cors",
    "/tenants/{tenant_name}/namespaces",
    "/tenants/{tenant_name}/userAccounts",
    "/tenants/{tenant_name}/groupAccounts",
    "/tenants/{tenant_name}/contentClasses",
    "/retentionClasses",
    "/namespaces/{ns_name}/cors",
    "/versioningSettings",
    "/replication/links",
    "/links/{link_name}/content",
    "/ecTopologies",
    "/ecTopologies/{topology_name}/tenants",
];

/// Makes the tenant with all that a tenant can be allowed, and signs its first user in.
async fn first_user<'a>(app: &'a TestApp, system: &Actor<'_>) -> Actor<'a> {
    let mut tenant: Value = serde_json::from_str(fixture!("tenant-create")).unwrap();
    tenant.as_object_mut().unwrap().remove("servicePlan");
    for right in [
        "servicePlanSelectionEnabled",
        "erasureCodingSelectionEnabled",
        "replicationConfigurationEnabled",
    ] {
        tenant[right] = true.into();
    }
    tenant["username"] = "ops1".into();
    tenant["password"] = SECRET.into();
    let made = put(system, "/api/v1/mapi/tenants", &tenant).await;
    assert_eq!(made.status(), StatusCode::CREATED, "{}", made.text().await);
    let ops = app.script("acme/ops1", SECRET).await;
    let roles = json!({"roles": ["ADMINISTRATOR", "COMPLIANCE", "MONITOR", "SECURITY"]});
    let _: Value = ops
        .post(&format!("{ACME}/userAccounts/ops1"), &roles)
        .await
        .good()
        .await;
    ops
}

/// Calls every operation once, and gives those that did not do what they should.
/// Templates are many calls, and have tests of their own.
fn is_template(path: &str) -> bool {
    path.ends_with("/export") || path.ends_with("/import")
}

async fn walk_through(document: &Value, system: &Actor<'_>, ops: &Actor<'_>) -> Vec<String> {
    let all = openapi::operations(document);
    let mut managed: Vec<_> = all
        .iter()
        .filter(|((_, path), _)| path.starts_with("/api/v1/mapi") && !is_template(path))
        .filter(|((method, path), _)| (&**method, &**path) != ("PUT", "/api/v1/mapi/tenants"))
        .collect();
    let rank = |method: &str, path: &str| -> (usize, i64) {
        let made = MADE.iter().rposition(|below| path.contains(below));
        let made = i64::try_from(made.map_or(0, |at| at + 1)).unwrap();
        match method {
            "PUT" => (0, made),
            "HEAD" => (1, 0),
            "GET" => (2, 0),
            "POST" => (3, 0),
            _ => (4, -made),
        }
    };
    managed.sort_by_key(|((method, path), _)| rank(method, path));
    let mut faults = Vec::new();
    for ((method, path), operation) in managed {
        let place = format!("{method} {}", &path["/api/v1/mapi".len()..]);
        if AT_THE_END.contains(&&*place) {
            continue;
        }
        let of_system = !path.contains("/mapi/tenants/");
        let actor = if of_system { system } else { ops };
        let user = match (of_system, &**method) {
            (true, _) => "admin",
            (false, "DELETE") => "reader2",
            (false, _) if path.ends_with("/changePassword") => "reader2",
            (false, _) => "ops1",
        };
        let filled = filled(path).replace("ops1", user);
        let body = body(method, path);
        let answer = send(actor, method, &filled, body.as_ref()).await;
        let usual = match &**method {
            _ if path.contains("{group_name}") => 404,
            "PUT" => 201,
            _ => 200,
        };
        let other = OF_THE_STORE.iter().find(|(one, _)| *one == place);
        let wanted = other.map_or(usual, |(_, status)| *status);
        let status = answer.status().as_u16();
        if status == wanted {
            documented(document, operation, &place, answer).await;
        } else {
            faults.push(format!("{place}: {status}: {}", answer.text().await));
        }
    }
    faults
}

#[tokio::test]
async fn the_embedded_store_is_managed_too() {
    let app = TestApp::with(&[("HAKO_ADMIN_PASSWORD", "Str0ng-admin")]).await;
    let system = app.script("admin", "Str0ng-admin").await;
    let document = openapi::document(&app).await;
    let ops = first_user(&app, &system).await;
    // A topology is made of three.
    for name in ["west-north", "north-east"] {
        let mut link: Value = serde_json::from_str(fixture!("link-create")).unwrap();
        link["name"] = name.into();
        let made = put(&system, "/api/v1/mapi/services/replication/links", &link).await;
        assert_eq!(made.status(), StatusCode::CREATED);
    }
    let faults = walk_through(&document, &system, &ops).await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let (second, third) = ("Str0ng-second", "Str0ng-third");
    let reset: Value = system
        .post(
            &format!("{ACME}/userAccounts"),
            &json!({"password": second}),
        )
        .await
        .good()
        .await;
    assert_eq!(reset, json!({"status": "passwords_reset", "accounts": 1}));
    let ended = ops.get(&format!("{ACME}/contactInfo")).await;
    let _ = ended.problem(403, "access_denied").await;
    let ops = app.script("acme/ops1", second).await;
    let _: Value = ops
        .get(&format!("{ACME}/userAccounts/ops1"))
        .await
        .good()
        .await;
    let own = "/api/v1/mapi/userAccounts/admin";
    let set: Value = system
        .post(own, &json!({"password": second}))
        .await
        .good()
        .await;
    assert_eq!(set, json!({"status": "updated"}));
    let system = app.script("admin", second).await;
    let change = json!({"newPassword": third, "oldPassword": second});
    let path = format!("{own}/changePassword");
    let changed: Value = system.post(&path, &change).await.good().await;
    assert_eq!(changed, json!({"status": "password_changed"}));
    let system = app.script("admin", third).await;
    let removed: Value = system.delete(ACME).await.good().await;
    assert_eq!(removed, json!({"status": "deleted"}));
    let gone = system.head(ACME).await;
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_list_of_reachable_buckets_says_what_it_could_not_learn_of_others() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = app.script("acme/admin", "password").await;
    let reachable = "/api/v1/reachable-buckets";
    let list: Value = admin.get(reachable).await.good().await;
    assert_eq!(list["others"], "listed");
    let names = |list: &Value| -> Vec<String> {
        let buckets = list["buckets"].as_array().unwrap().iter();
        buckets
            .map(|bucket| bucket["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&list), ["archive", "logs"]);
    for (status, others) in [(403, "hidden"), (500, "unanswered")] {
        hcp.say("GET", "/tenants/acme/namespaces", status, "no", "");
        let list: Value = admin.get(reachable).await.good().await;
        assert_eq!(list, json!({"buckets": [], "others": others}));
    }
}
