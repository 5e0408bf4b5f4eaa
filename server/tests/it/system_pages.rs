//! The pages of the system level, as a browser without scripts sees them.

use reqwest::{Method, StatusCode, multipart};
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer, TestApp},
    fake_hcp::{Asked, CERTIFICATE_TEXT, FakeHcp},
};

const PAGES: [&str; 8] = [
    "nodes", "services", "licenses", "network", "accounts", "support", "logs", "health",
];

async fn browser<'a>(app: &'a TestApp, username: &str, password: &str) -> Actor<'a> {
    let actor = app.anonymous();
    let fields = [
        ("op", "sign_in"),
        ("tenant", ""),
        ("username", username),
        ("password", password),
    ];
    let answer = actor.form("/sign-in", &fields).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    actor
}

async fn page(actor: &Actor<'_>, path: &str) -> String {
    let answer = actor.get(path).await;
    let status = answer.status();
    let text = answer.text().await;
    assert_eq!(status, StatusCode::OK, "{path}: {text}");
    text
}

/// What stands in the table of a list, from its first row on.
fn rows<'a>(page: &'a str, list: &str) -> Vec<&'a str> {
    let (_, rest) = page
        .split_once(&format!("data-testid=\"table-{list}\""))
        .unwrap_or_else(|| panic!("no table {list}: {page}"));
    let table = rest.split("</table>").next().unwrap();
    table.split("data-testid=\"row\"").skip(1).collect()
}

/// SYS-1: who has no system level before them finds no page of it, and reads why.
#[tokio::test]
async fn where_there_is_no_system_level_its_pages_are_not_there() {
    let app = TestApp::new().await;
    let foreign = app.before(&[]).await;
    let tenant = app.browser().await;
    let s3 = foreign.anonymous();
    let fields = [
        ("op", "sign_in"),
        ("username", "ZGVtby9kZW1v"),
        ("password", crate::app::DEMO_SECRET_KEY),
    ];
    let answer = s3.form("/sign-in", &fields).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let of_links = ["replication", "erasure-coding"];
    for (actor, why, why_no_links) in [
        (
            &tenant,
            "Tenants are managed at the system level.",
            "belongs to the system level",
        ),
        (
            &s3,
            "This store has no system level",
            "This store has no system level",
        ),
    ] {
        for name in PAGES.into_iter().chain(["tenants"]).chain(of_links) {
            let why = if of_links.contains(&name) {
                why_no_links
            } else {
                why
            };
            let answer = actor.get(&format!("/system/{name}")).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{name}");
            let text = answer.text().await;
            assert!(
                text.contains("data-testid=\"state-not-found\""),
                "{name}: {text}"
            );
            assert!(text.contains(why), "{name}: {text}");
        }
        let text = page(actor, "/buckets").await;
        assert!(
            text.contains("nav-buckets") && !text.contains("/system/"),
            "{text}"
        );
    }
}

/// SYS-3: what the nodes and services told stands on their pages; what could not be done comes first.
#[tokio::test]
async fn nodes_and_services_are_what_hcp_tells() {
    let hcp = FakeHcp::start().await;
    let service = |name: &str, unable: u64| {
        json!({"name": name, "state": "READY", "startTime": 1_717_200_000, "endTime": -1, "objectsExamined": 5,
            "objectsUnableToService": unable, "objectsUnableToServicePerSecond": 0.25})
    };
    let told = json!({
        "requestTime": 1_717_236_000_123_u64,
        "services": {"service": [service("Compression", 0), service("Disposition", 2)]},
        "nodes": {"node": [{"nodeNumber": 102, "services": {"service": [service("Scavenging", 31)]}}]},
    });
    hcp.say("GET", "/services/statistics", 200, "", &told.to_string());
    let node = |number: u64, cpu: f64, measured: u64| {
        json!({"nodeNumber": number, "frontendIpAddresses": {"ipAddress": ["192.0.2.12"]},
            "openHttpConnections": 250, "maxHttpConnections": 255, "cpuUser": cpu, "collectionTimestamp": measured})
    };
    let told = json!({
        "requestTime": 1_717_236_000_123_u64,
        "nodes": {"node": [node(102, 81.5, 1_717_235_000_000), node(101, 5.0, 1_717_236_000_000)]},
    });
    hcp.say("GET", "/nodes/statistics", 200, "", &told.to_string());
    let app = hcp.app().await;
    let admin = browser(&app, "admin", "password").await;

    let text = page(&admin, "/system/services").await;
    let keys: Vec<_> = rows(&text, "services")
        .into_iter()
        .map(|row| row.split('"').nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(keys, ["102/Scavenging", "Disposition", "Compression"]);
    let first = rows(&text, "services")[0];
    assert!(
        first.contains("31") && first.contains("0.2 per second"),
        "{first}"
    );
    assert!(
        first.contains("Node 102") && first.contains("1 Jun 2024"),
        "{first}"
    );
    assert!(text.contains("2 services could not"), "{text}");

    let text = page(&admin, "/system/nodes").await;
    let cards: Vec<_> = text.split("data-testid=\"node-card\"").skip(1).collect();
    assert_eq!(cards.len(), 2);
    assert!(cards[0].contains("Node 101") && cards[0].contains("192.0.2.12"));
    assert!(cards[0].contains("250 of 255") && cards[0].contains("95 % or more"));
    assert!(!cards[0].contains("old-measurement"), "{}", cards[0]);
    assert!(cards[1].contains("81.5 %") && cards[1].contains("80 % or more"));
    assert!(cards[1].contains("old-measurement"), "{}", cards[1]);
}

/// SYS-3: the days that a licence has left are counted by the store's clock.
#[tokio::test]
async fn licences_say_how_long_they_hold() {
    let hcp = FakeHcp::start().await;
    // The store's clock stands at 1 June 2024.
    let license = |serial: &str, expires: &str| {
        json!({"serialNumber": serial, "feature": "Premium", "localCapacity": 2_000_000_000_000_u64,
            "extendedCapacity": 0, "expirationDate": expires})
    };
    let told = json!({"license": [
        license("1", "Jun 11, 2024"), license("2", "Jul 1, 2024"), license("3", "Jan 1, 2030"),
        license("4", "None"), license("5", "May 30, 2024"),
    ]});
    hcp.say("GET", "/storage/licenses", 200, "", &told.to_string());
    let app = hcp.app().await;
    let admin = browser(&app, "admin", "password").await;
    let text = page(&admin, "/system/licenses").await;
    let rows = rows(&text, "licenses");
    for (row, words, class) in [
        (0, "10 days left", "is-full"),
        (1, "30 days left", "is-high"),
        (2, "2,040 days left", ""),
        (3, "Does not expire", ""),
        (4, "ended 2 days ago", "is-full"),
    ] {
        assert!(rows[row].contains(words), "{}", rows[row]);
        assert_eq!(
            rows[row].contains("level-word"),
            !class.is_empty(),
            "{}",
            rows[row]
        );
        assert!(rows[row].contains(class), "{}", rows[row]);
    }
    assert!(rows[0].contains("93.1 GB of 1.82 TB"), "{}", rows[0]);
    hcp.say("GET", "/storage/licenses", 200, "", r#"{"license": []}"#);
    let text = page(&admin, "/system/licenses").await;
    assert!(text.contains("No licence: basic features."), "{text}");
}

#[tokio::test]
async fn accounts_network_and_support_are_shown_and_plain_forms_change_them() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = browser(&app, "admin", "password").await;
    let text = page(&admin, "/system/support").await;
    assert!(
        text.contains("Exclusive") && text.contains("1 Jun 2024, 10:00 UTC"),
        "{text}"
    );
    let text = page(&admin, "/system/accounts").await;
    assert!(text.contains("accounts-made-elsewhere"), "{text}");
    assert!(!rows(&text, "system-users").is_empty() && !rows(&text, "system-groups").is_empty());
    let text = page(&admin, "/system/accounts/somebody").await;
    assert!(text.contains("form-change_system_user_password"), "{text}");
    let own = page(&admin, "/system/accounts/admin").await;
    assert!(!own.contains("form-change_system_user_password") && own.contains("/password"));

    hcp.asked();
    let change = [
        ("op", "change_system_user_password"),
        ("next", "/system/accounts/somebody"),
        ("at.username", "somebody"),
        ("newPassword", "New-password-1"),
    ];
    let answer = admin.form("/system/accounts/somebody", &change).await;
    assert_eq!(
        answer.status(),
        StatusCode::SEE_OTHER,
        "{}",
        answer.text().await
    );
    let change = [
        ("op", "modify_network"),
        ("next", "/system/network"),
        ("was.downstreamDNSMode", "BASIC"),
        ("downstreamDNSMode", "ADVANCED"),
    ];
    let answer = admin.form("/system/network", &change).await;
    assert_eq!(
        answer.status(),
        StatusCode::SEE_OTHER,
        "{}",
        answer.text().await
    );
    let changes: Vec<(String, Value)> = hcp
        .asked()
        .into_iter()
        .filter(|asked| asked.method == "POST")
        .map(|asked| (asked.path, asked.body))
        .collect();
    let expected = [
        (
            "/userAccounts/somebody/changePassword".to_owned(),
            json!({"newPassword": "New-password-1"}),
        ),
        (
            "/network".to_owned(),
            json!({"downstreamDNSMode": "ADVANCED"}),
        ),
    ];
    assert_eq!(changes, expected);
}

#[tokio::test]
async fn who_may_not_see_one_page_of_the_system_finds_the_others() {
    let app = TestApp::new().await;
    let password = "Password-of-somebody-1";
    app.system_user("keeper", password, model::mapi::Role::Security)
        .await;
    let keeper = browser(&app, "keeper", password).await;
    let answer = keeper.get("/system/nodes").await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let text = answer.text().await;
    assert!(
        text.contains("state-forbidden") && text.contains("href=\"/system/accounts\""),
        "{text}"
    );
    assert!(!text.contains("href=\"/system/licenses\""), "{text}");
    for path in ["/system/accounts", "/system/support"] {
        let _ = page(&keeper, path).await;
    }
    app.system_user("watcher", password, model::mapi::Role::Monitor)
        .await;
    let watcher = browser(&app, "watcher", password).await;
    // Health reports are for those who maintain the machine.
    for name in PAGES.into_iter().filter(|name| *name != "health") {
        let text = page(&watcher, &format!("/system/{name}")).await;
        for state in ["state-error", "state-forbidden", "state-not-found"] {
            assert!(!text.contains(state), "{name} shows {state}");
        }
    }
    let text = page(&watcher, "/system/accounts/keeper").await;
    assert!(!text.contains("form-change_system_user_password"), "{text}");
    assert_eq!(
        watcher.get("/system/accounts/nobody").await.status(),
        StatusCode::NOT_FOUND
    );
}

/// SYS-2: a group of a directory takes the place of a tenant's first account.
#[tokio::test]
async fn a_tenant_is_created_with_a_group_by_a_plain_form() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = browser(&app, "admin", "password").await;
    let text = page(&admin, "/new/tenant?first=group").await;
    assert!(
        text.contains("name=\"initialSecurityGroup\"") && !text.contains("name=\"password\""),
        "{text}"
    );
    hcp.asked();
    let form = [
        ("op", "create_tenant"),
        ("next", "/system/tenants/{name}/created"),
        ("was.name", ""),
        ("name", "fresh"),
        ("initialSecurityGroup", "keepers@example.com"),
        ("was.hardQuota", ""),
        ("hardQuota", "10"),
        ("unit.hardQuota", "GB"),
        ("was.authenticationTypes", ""),
        ("authenticationTypes", "EXTERNAL"),
    ];
    let answer = admin.form("/new/tenant?first=group", &form).await;
    let next = answer.header("location").to_owned();
    assert_eq!(
        next,
        "/system/tenants/fresh/created",
        "{}",
        answer.text().await
    );
    let asked = hcp.asked();
    let made = asked.iter().find(|asked| asked.method == "PUT").unwrap();
    assert_eq!(made.path, "/tenants");
    assert_eq!(made.query["initialSecurityGroup"], "keepers@example.com");
    assert!(!made.query.contains_key("username"), "{made:?}");
    assert_eq!(
        (&made.body["name"], &made.body["hardQuota"]),
        (&json!("fresh"), &json!("10.00 GB"))
    );
    assert_eq!(
        made.body["authenticationTypes"],
        json!({"authenticationType": ["EXTERNAL"]})
    );
}

/// SYS-2: who is of the system sees the pages of a tenant that lets the system in, and of another how it could.
#[tokio::test]
async fn a_tenant_is_entered_where_it_lets_the_system_in() {
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = browser(&app, "admin", "password").await;
    let told = |allowed: bool| {
        let tenant =
            json!({"name": "acme", "hardQuota": "10.00 GB", "administrationAllowed": allowed});
        hcp.say("GET", "/tenants/acme", 200, "", &tenant.to_string());
    };
    told(true);
    for path in [
        "namespaces",
        "people/users",
        "people/groups",
        "tenant/general",
        "new/user",
        "usage",
    ] {
        let text = page(&admin, &format!("/system/tenants/acme/in/{path}")).await;
        assert!(text.contains("entered-tenant"), "{path}: {text}");
        // No link leads out into the pages of the tenant's own people.
        for own in [
            "\"/namespaces",
            "\"/people",
            "\"/tenant/",
            "\"/usage",
            "\"/buckets/",
        ] {
            assert!(
                !text.contains(&format!("href={own}")),
                "{path} leads to {own}"
            );
        }
    }
    told(false);
    hcp.say("GET", "/tenants/acme/namespaces", 403, "", "");
    let answer = admin.get("/system/tenants/acme/in/namespaces").await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let text = answer.text().await;
    assert!(
        text.contains("how-to-enter") && !text.contains("entered-tenant"),
        "{text}"
    );
    // What is refused although the tenant lets the system in is for want of a role.
    told(true);
    let text = admin
        .get("/system/tenants/acme/in/namespaces")
        .await
        .text()
        .await;
    assert!(
        text.contains("state-forbidden") && !text.contains("how-to-enter"),
        "{text}"
    );
    for path in ["", "/buckets", "/system/nodes"] {
        let answer = admin.get(&format!("/system/tenants/acme/in{path}")).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

/// Whether a summary of what is wrong says so; the page's data says it too, for scripts.
fn in_summary(page: &str, words: &str) -> bool {
    let mut summaries = page.split("data-testid=\"error-summary\"").skip(1);
    summaries.any(|rest| {
        rest.split("</div>")
            .next()
            .is_some_and(|summary| summary.contains(words))
    })
}

/// SYS-4: by plain forms packages are prepared, fetched and given up, and a mark is written.
#[tokio::test]
async fn packages_are_prepared_and_fetched_by_plain_forms() {
    let app = TestApp::new().await;
    let password = "Password-of-somebody-1";
    app.system_user("keeper", password, model::mapi::Role::Administrator)
        .await;
    let admin = browser(&app, "keeper", password).await;
    let post = async |path: &str, fields: &[(&str, &str)]| {
        let answer = admin.form(path, fields).await;
        let status = answer.status();
        (status, answer)
    };
    let mark = [
        ("op", "act_on_logs"),
        ("query.mark", "before the test"),
        ("next", "/system/logs"),
    ];
    assert_eq!(post("/system/logs", &mark).await.0, StatusCode::SEE_OTHER);
    let long = "m".repeat(1_025);
    let mark = [
        ("op", "act_on_logs"),
        ("query.mark", long.as_str()),
        ("next", "/system/logs"),
    ];
    let (status, answer) = post("/system/logs", &mark).await;
    assert!(status.is_client_error(), "{status}");
    assert!(in_summary(&answer.text().await, "1024"));
    for (path, prepare, download, cancel) in [
        (
            "/system/logs",
            "prepare_logs",
            "download_logs",
            ("act_on_logs", "query.cancel", "true"),
        ),
        (
            "/system/health",
            "prepare_health_check",
            "download_health_check",
            ("cancel_health_check", "next", "/system/health"),
        ),
    ] {
        let text = page(&admin, path).await;
        assert!(text.contains("Nothing is prepared."), "{text}");
        let (status, answer) = post(path, &[("op", download), ("next", path)]).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(in_summary(&answer.text().await, "has to be prepared first"));
        let wrong = [
            ("op", prepare),
            ("was.startDate", ""),
            ("startDate", "2026-01-01"),
            ("next", path),
        ];
        let (status, answer) = post(path, &wrong).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().await.contains("value=\"2026-01-01\""));
        let (status, _) = post(path, &[("op", prepare), ("startDate", ""), ("next", path)]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        loop {
            let text = page(&admin, path).await;
            if text.contains("It is ready to be downloaded.") {
                break;
            }
            assert!(text.contains("It is being prepared."), "{text}");
            tokio::task::yield_now().await;
        }
        let (status, answer) = post(path, &[("op", download), ("next", path)]).await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            answer
                .header("content-disposition")
                .starts_with("attachment")
        );
        let bytes = answer.bytes().await;
        assert!(bytes.starts_with(b"PK"), "{bytes:?}");
        let (op, name, value) = cancel;
        let (status, _) = post(path, &[("op", op), (name, value), ("next", path)]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(page(&admin, path).await.contains("Nothing is prepared."));
    }
}

/// Posts a form with a file, as a browser without scripts does: also where none was chosen.
async fn put_in(
    actor: &Actor<'_>,
    path: &str,
    fields: &[(&'static str, &str)],
    file: Option<&[u8]>,
) -> Answer {
    let form = fields
        .iter()
        .fold(multipart::Form::new(), |form, (name, value)| {
            form.text(*name, (*value).to_owned())
        });
    let name = if file.is_some() { "chosen.txt" } else { "" };
    let part = multipart::Part::bytes(file.unwrap_or_default().to_vec()).file_name(name);
    let request = actor.request(Method::POST, path);
    let form = form.part("file", part);
    Answer(request.multipart(form).send().await.unwrap())
}

/// What was changed since the last time.
fn changes(hcp: &FakeHcp) -> Vec<Asked> {
    let mut asked = hcp.asked();
    asked.retain(|asked| asked.method != "GET" && asked.method != "HEAD");
    asked
}

/// What stands in the area for text.
fn typed(page: &str) -> &str {
    let (_, rest) = page.split_once("<textarea").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    rest.split("</textarea>").next().unwrap()
}

/// SYS-3: a licence comes by a plain form, as a file or as text; what HCP says against it stands at the form.
#[tokio::test]
async fn a_licence_is_put_in_by_a_plain_form() {
    const AT: &str = "/system/licenses";
    const SAID: &str = "The license text is not valid.";
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = browser(&app, "admin", "password").await;
    let text = page(&admin, AT).await;
    assert!(text.contains("form-upload_license"), "{text}");
    hcp.asked();
    let fields = |text| [("op", "upload_license"), ("next", AT), ("text", text)];
    let answer = put_in(&admin, AT, &fields("licence\r\nof hcp\r\n"), None).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), AT);
    let [put] = &changes(&hcp)[..] else {
        panic!("not one change");
    };
    assert_eq!((&*put.method, &*put.path), ("PUT", "/storage/licenses"));
    assert_eq!(
        (&put.bytes[..], &*put.media_type),
        (&b"licence\nof hcp\n"[..], "text/html")
    );
    // A file arrives as it is.
    let bytes = b"licence\r\n--\0\xff".repeat(100_000);
    let answer = put_in(&admin, AT, &fields(" "), Some(&bytes)).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert!(changes(&hcp)[0].bytes == bytes);

    // What cannot be is said before HCP hears of it.
    for (text, file) in [
        ("licence", Some(&b"licence"[..])),
        (" \r\n", None),
        ("", Some(b"")),
    ] {
        let answer = put_in(&admin, AT, &fields(text), file).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        let shown = answer.text().await;
        assert!(in_summary(&shown, "#field-file"), "{shown}");
        assert_eq!(typed(&shown).trim(), text.trim());
    }
    assert!(changes(&hcp).is_empty());
    hcp.say("PUT", "/storage/licenses", 400, SAID, "");
    let answer = put_in(&admin, AT, &fields("wr<o>ng"), None).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let shown = answer.text().await;
    assert!(in_summary(&shown, SAID), "{shown}");
    assert_eq!(typed(&shown), "wr&lt;o>ng");
    // Nobody's key is written into a page.
    let key = "-----BEGIN PRIVATE KEY-----\nS2V5LWJ5LW1pc3Rha2U\n";
    let answer = put_in(&admin, AT, &fields(key), None).await;
    let shown = answer.text().await;
    assert!(in_summary(&shown, SAID), "{shown}");
    assert!(!shown.contains("S2V5LWJ5LW1pc3Rha2U"), "{shown}");
    // It is nobody's way around the session or the site.
    let anonymous = put_in(&app.anonymous(), AT, &fields("x"), None).await;
    assert_ne!(anonymous.status(), StatusCode::OK);
    assert_ne!(anonymous.header("location"), AT);
}

/// SUP-1: the key of support is replaced by a plain form once the words are typed.
#[tokio::test]
async fn a_support_key_is_put_in_by_a_plain_form() {
    const AT: &str = "/system/support";
    const WORDS: &str = "replace the support key";
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = browser(&app, "admin", "password").await;
    let text = page(&admin, AT).await;
    assert!(!text.contains("data-testid=\"dialog\""), "{text}");
    let ask = format!("{AT}?ask=upload_support_credentials");
    assert!(text.contains(&format!("href=\"{ask}\"")), "{text}");
    let text = page(&admin, &ask).await;
    assert!(text.contains("form-upload_support_credentials"), "{text}");
    hcp.asked();
    let fields = |typed| {
        [
            ("op", "upload_support_credentials"),
            ("next", AT),
            ("expected", WORDS),
            ("confirmation", typed),
        ]
    };
    let bytes = [0, 159, 146, 150, 13, 10];
    let answer = put_in(&admin, &ask, &fields("replace"), Some(&bytes)).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(in_summary(&answer.text().await, WORDS));
    assert!(changes(&hcp).is_empty());
    let answer = put_in(&admin, &ask, &fields(WORDS), Some(&bytes)).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let put = &changes(&hcp)[0];
    assert_eq!(put.path, "/supportaccesscredentials");
    assert_eq!(put.bytes[..], bytes);
}

const CERTIFICATES: &str = "/system/replication/certificates";
const OF_HCP: &str = "/services/replication/certificates";

/// REP-3: certificates stand with their dates, and with the days that are left by the store's clock.
#[tokio::test]
async fn certificates_say_how_long_they_hold() {
    let hcp = FakeHcp::start().await;
    // The store's clock stands at 1 June 2024.
    let certificate = |id: &str, expires: &str| {
        json!({"id": id, "subjectDN": format!("CN={id}.example.com"),
            "validOn": "2024-01-01T00:00:00+0000", "expiresOn": format!("{expires}T00:00:00+0000")})
    };
    let told = json!({"certificate": [
        certificate("server", "2030-01-01"), certificate("soon", "2024-07-30"),
        certificate("later", "2024-07-31"), certificate("ended", "2024-05-30"),
    ]});
    hcp.say("GET", OF_HCP, 200, "", &told.to_string());
    let app = hcp.app().await;
    let admin = browser(&app, "admin", "password").await;
    let text = page(&admin, CERTIFICATES).await;
    let (own, trusted) = text.split_once("data-testid=\"certificates\"").unwrap();
    assert!(own.contains("CN=server.example.com"), "{own}");
    let rows: Vec<_> = trusted
        .split("data-testid=\"certificate\"")
        .skip(1)
        .collect();
    assert_eq!(rows.len(), 3);
    for (row, id, day, words, class) in [
        (0, "soon", "30 Jul 2024", "59 days left", "is-high"),
        (1, "later", "31 Jul 2024", "60 days left", ""),
        (2, "ended", "30 May 2024", "ended 2 days ago", "is-full"),
    ] {
        let row = rows[row].split("</li>").next().unwrap();
        for told in [
            &*format!("CN={id}.example.com"),
            "1 Jan 2024",
            day,
            words,
            class,
        ] {
            assert!(row.contains(told), "{told}: {row}");
        }
        assert_eq!(row.contains("level-word"), !class.is_empty(), "{row}");
    }
}

/// REP-3: by plain forms certificates come and go, and the own one is fetched.
#[tokio::test]
async fn certificates_are_fetched_put_in_and_deleted_by_plain_forms() {
    const AT: &str = CERTIFICATES;
    let hcp = FakeHcp::start().await;
    let app = hcp.app().await;
    let admin = browser(&app, "admin", "password").await;
    hcp.asked();

    let fetch = [("op", "download_server_certificate"), ("next", AT)];
    let answer = admin.form(AT, &fetch).await;
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"hcp-certificate.pem\""
    );
    assert_eq!(answer.text().await, CERTIFICATE_TEXT);
    let none = format!("{OF_HCP}/server");
    hcp.say("GET", &none, 404, "There is no TLS here.", "");
    let answer = admin.form(AT, &fetch).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert!(in_summary(&answer.text().await, "There is no TLS here."));

    let fields = [("op", "upload_certificate"), ("next", AT), ("text", "")];
    let answer = put_in(&admin, AT, &fields, Some(CERTIFICATE_TEXT.as_bytes())).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let put = &changes(&hcp)[0];
    assert_eq!(
        (&*put.path, &put.bytes[..]),
        (OF_HCP, CERTIFICATE_TEXT.as_bytes())
    );

    let ask = format!("{AT}?ask=delete-cert-001");
    let text = page(&admin, &ask).await;
    assert!(
        text.contains("Delete certificate") && text.contains("confirm-input"),
        "{text}"
    );
    let delete = |typed| {
        [
            ("op", "delete_certificate"),
            ("next", AT),
            ("at.certificate_id", "cert-001"),
            ("expected", "CN=*.hcp2.example.com"),
            ("confirmation", typed),
        ]
    };
    let answer = admin.form(&ask, &delete("CN=hcp2")).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(changes(&hcp).is_empty());
    let answer = admin.form(&ask, &delete("CN=*.hcp2.example.com")).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let gone = &changes(&hcp)[0];
    let expected = ("DELETE", format!("{OF_HCP}/cert-001"));
    assert_eq!((&*gone.method, gone.path.clone()), expected);
}

/// Where there are several nodes, packages are fetched of those that were chosen.
#[tokio::test]
async fn packages_are_fetched_of_the_nodes_that_were_chosen() {
    let hcp = FakeHcp::start().await;
    let told =
        json!({"nodes": {"node": [{"nodeNumber": 101}, {"nodeNumber": 102}, {"nodeNumber": 103}]}});
    hcp.say("GET", "/nodes/statistics", 200, "", &told.to_string());
    let ready = r#"{"started": true, "readyForStreaming": true}"#;
    for path in ["/logs", "/healthCheckReport"] {
        hcp.say("GET", path, 200, "", ready);
    }
    let app = hcp.app().await;
    let admin = browser(&app, "admin", "password").await;
    for (path, op, sent) in [
        ("/system/logs", "download_logs", "/logs/download"),
        (
            "/system/health",
            "download_health_check",
            "/healthCheckReport/download",
        ),
    ] {
        let text = page(&admin, path).await;
        let (_, choice) = text.split_once("data-testid=\"node-choice\"").unwrap();
        let choice = choice.split("</fieldset>").next().unwrap();
        assert_eq!(choice.matches("type=\"checkbox\"").count(), 3, "{choice}");
        hcp.asked();
        let mut fields = vec![("op", op), ("next", path), ("was.nodes", "")];
        let answer = admin.form(path, &fields).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(changes(&hcp)[0].body, json!({}));
        fields.extend([("nodes", "101"), ("nodes", "103")]);
        let answer = admin.form(path, &fields).await;
        assert!(answer.bytes().await.starts_with(b"PK"));
        let asked = &changes(&hcp)[0];
        assert_eq!(
            (&*asked.path, &asked.body),
            (sent, &json!({"nodes": "101,103"}))
        );
        // Health reports have no storage nodes.
        let has_storage = text.split_once("name=\"snodes\"").is_some() && op == "download_logs";
        assert_eq!(has_storage, op == "download_logs", "{text}");
        if has_storage {
            fields.extend([("was.snodes", ""), ("snodes", "s11,s12")]);
            let _file = admin.form(path, &fields).await.bytes().await;
            let body = json!({"nodes": "101,103", "snodes": "s11,s12"});
            assert_eq!(changes(&hcp)[0].body, body);
        }
    }
}
