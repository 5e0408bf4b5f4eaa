//! Who may do what: every management operation by every role, of the own tenant, of another, by
//! nobody and by somebody whose session is over.
//!
//! The table is HCP's (HCP's management API, resources and roles); `docs/permissions.md` is written
//! from it, and every cell is tried.

use std::fmt::Write as _;

use model::mapi::{Choice, Role};
use reqwest::{Method, multipart};
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer, TestApp},
    openapi,
};

const PASSWORD: &str = "Matrix-of-1000";
/// Roles are the same with the habits of S3 and with those of HCP.
const PROFILES: [&str; 2] = ["standard", "hcp"];
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/permissions.md");

/// Who: the letter in [`ROWS`], the user name, the head of the column.
const PEOPLE: [(char, &str, &str); 12] = [
    ('A', "administrator", "ADMINISTRATOR"),
    ('M', "monitor", "MONITOR"),
    ('S', "security", "SECURITY"),
    ('C', "compliance", "COMPLIANCE"),
    ('N', "manager", "own namespaces"),
    ('D', "reader", "data only"),
    ('a', "administrator", "ADMINISTRATOR"),
    ('m', "monitor", "MONITOR"),
    ('s', "security", "SECURITY"),
    ('c', "compliance", "COMPLIANCE"),
    ('v', "service", "SERVICE"),
    ('q', "search", "SEARCH"),
];

/// A row: an operation, who may, and a request that does no harm where it is allowed: what it names
/// is absent, taken, or already so.
struct Row {
    method: &'static str,
    path: &'static str,
    /// Letters of [`PEOPLE`]; those of the system act in the tenant because it lets them.
    may: &'static str,
    body: Option<Value>,
    takes_file: bool,
    query: &'static str,
}

fn row(method: &'static str, path: &'static str, may: &'static str) -> Row {
    Row {
        method,
        path,
        may,
        body: None,
        takes_file: false,
        query: "",
    }
}

impl Row {
    fn with(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    fn file(mut self) -> Self {
        self.takes_file = true;
        self
    }

    fn query(mut self, query: &'static str) -> Self {
        self.query = query;
        self
    }

    fn operation(&self) -> (String, String) {
        (self.method.to_owned(), format!("/api/v1/mapi{}", self.path))
    }

    /// The address of the request: things that are there for reading and changing, things that are
    /// not there for deleting.
    fn address(&self, tenant: &str) -> String {
        let deletes = self.method == "DELETE";
        let pick = |there, absent| if deletes { absent } else { there };
        let own = !self.path.contains("{ns_name}/") && deletes;
        let path = self
            .path
            .replace("{tenant_name}", tenant)
            .replace("{username}", pick("spare", "absent"))
            .replace("{group_name}", "absent")
            .replace("{ns_name}", if own { "absent" } else { "archive" })
            .replace("{namespace_name}", "archive")
            .replace("{retention_class_name}", pick("Class-1", "absent"))
            .replace("{content_class_name}", pick("Class-1", "absent"))
            .replace("{plan_name}", "Default")
            .replace("{protocol_name}", "http")
            .replace("{link_name}", "absent")
            .replace("{chained_link_name}", "absent")
            .replace("{dir_name}", "absent")
            .replace("{topology_name}", "absent")
            .replace("{serial_number}", "absent")
            .replace("{certificate_id}", "absent");
        assert!(!path.contains('{'), "{path}");
        format!("/api/v1/mapi{path}{}", self.query)
    }

    async fn send(&self, actor: &Actor<'_>, tenant: &str) -> Answer {
        let method = Method::from_bytes(self.method.as_bytes()).unwrap();
        let mut request = actor.request(method, &self.address(tenant));
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        if self.takes_file {
            // What is no certificate is refused to all others for that.
            let file = multipart::Part::text("x").file_name("file");
            request = request.multipart(multipart::Form::new().part("file", file));
        }
        Answer(request.send().await.unwrap())
    }
}

fn rows() -> Vec<Row> {
    let mut rows = of_system_and_tenant();
    rows.extend(of_services());
    rows.extend(of_namespaces());
    rows
}

#[expect(clippy::too_many_lines, reason = "it is a table")]
fn of_system_and_tenant() -> Vec<Row> {
    let user = json!({
        "username": "spare", "fullName": "Spare", "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "password": PASSWORD,
    });
    let grants = json!({"namespacePermission": []});
    vec![
        // ---- the system
        row("GET", "/tenants", "am"),
        row("PUT", "/tenants", "a").with(json!({
            "name": "acme", "hardQuota": "10 GB", "username": "first", "password": PASSWORD,
        })),
        row("GET", "/userAccounts", "ams"),
        row("GET", "/userAccounts/{username}", "ams"),
        row("HEAD", "/userAccounts/{username}", "ams"),
        row("POST", "/userAccounts/{username}", "s").with(json!({"password": PASSWORD})),
        row("POST", "/userAccounts/{username}/changePassword", "s")
            .with(json!({"newPassword": PASSWORD})),
        row("GET", "/groupAccounts", "ams"),
        row("GET", "/groupAccounts/{group_name}", "ams"),
        row("HEAD", "/groupAccounts/{group_name}", "ams"),
        // ---- the tenant
        row("GET", "/tenants/{tenant_name}", "AMam"),
        row("HEAD", "/tenants/{tenant_name}", "AMam"),
        row("POST", "/tenants/{tenant_name}", "Aa").with(json!({})),
        row("DELETE", "/tenants/{tenant_name}", "a"),
        row(
            "GET",
            "/tenants/{tenant_name}/availableServicePlans",
            "AMam",
        ),
        row(
            "GET",
            "/tenants/{tenant_name}/availableServicePlans/{plan_name}",
            "AMam",
        ),
        row("GET", "/tenants/{tenant_name}/chargebackReport", "AMam"),
        row("GET", "/tenants/{tenant_name}/statistics", "AMam"),
        row("GET", "/tenants/{tenant_name}/consoleSecurity", "Ss"),
        row("POST", "/tenants/{tenant_name}/consoleSecurity", "Ss").with(json!({})),
        row("GET", "/tenants/{tenant_name}/contactInfo", "AMam"),
        row("POST", "/tenants/{tenant_name}/contactInfo", "Aa").with(json!({})),
        row("GET", "/tenants/{tenant_name}/cors", "AMam"),
        row("PUT", "/tenants/{tenant_name}/cors", "Aa").with(cors()),
        row("DELETE", "/tenants/{tenant_name}/cors", "Aa"),
        row("GET", "/tenants/{tenant_name}/emailNotification", "AMam"),
        row("POST", "/tenants/{tenant_name}/emailNotification", "Aa").with(json!({})),
        row("GET", "/tenants/{tenant_name}/namespaceDefaults", "AMam"),
        row("POST", "/tenants/{tenant_name}/namespaceDefaults", "Aa").with(json!({})),
        row("GET", "/tenants/{tenant_name}/permissions", "AMCamc"),
        row("POST", "/tenants/{tenant_name}/permissions", "Aa").with(mask()),
        row("GET", "/tenants/{tenant_name}/searchSecurity", "Ss"),
        row("POST", "/tenants/{tenant_name}/searchSecurity", "Ss").with(json!({})),
        row("GET", "/tenants/{tenant_name}/contentClasses", "AMam"),
        row("PUT", "/tenants/{tenant_name}/contentClasses", "Aa").with(json!({"name": "Class-1"})),
        row(
            "GET",
            "/tenants/{tenant_name}/contentClasses/{content_class_name}",
            "AMam",
        ),
        row(
            "HEAD",
            "/tenants/{tenant_name}/contentClasses/{content_class_name}",
            "AMam",
        ),
        row(
            "POST",
            "/tenants/{tenant_name}/contentClasses/{content_class_name}",
            "Aa",
        )
        .with(json!({})),
        row(
            "DELETE",
            "/tenants/{tenant_name}/contentClasses/{content_class_name}",
            "Aa",
        ),
        // ---- its people
        row("GET", "/tenants/{tenant_name}/userAccounts", "AMSams"),
        row("PUT", "/tenants/{tenant_name}/userAccounts", "Ss").with(user),
        row("POST", "/tenants/{tenant_name}/userAccounts", "as")
            .with(json!({"password": PASSWORD})),
        row(
            "GET",
            "/tenants/{tenant_name}/userAccounts/{username}",
            "AMSams",
        ),
        row(
            "HEAD",
            "/tenants/{tenant_name}/userAccounts/{username}",
            "AMSams",
        ),
        row(
            "POST",
            "/tenants/{tenant_name}/userAccounts/{username}",
            "ASas",
        )
        .with(json!({"fullName": "Spare"})),
        row(
            "DELETE",
            "/tenants/{tenant_name}/userAccounts/{username}",
            "Ss",
        ),
        row(
            "POST",
            "/tenants/{tenant_name}/userAccounts/{username}/changePassword",
            "Ss",
        )
        .with(json!({"newPassword": PASSWORD})),
        row(
            "GET",
            "/tenants/{tenant_name}/userAccounts/{username}/dataAccessPermissions",
            "ASas",
        ),
        row(
            "POST",
            "/tenants/{tenant_name}/userAccounts/{username}/dataAccessPermissions",
            "Aa",
        )
        .with(grants.clone()),
        row("GET", "/tenants/{tenant_name}/groupAccounts", "AMSams"),
        row("PUT", "/tenants/{tenant_name}/groupAccounts", "Ss")
            .with(json!({"groupname": "absent@example.com"})),
        row(
            "GET",
            "/tenants/{tenant_name}/groupAccounts/{group_name}",
            "AMSams",
        ),
        row(
            "HEAD",
            "/tenants/{tenant_name}/groupAccounts/{group_name}",
            "AMSams",
        ),
        row(
            "POST",
            "/tenants/{tenant_name}/groupAccounts/{group_name}",
            "ASas",
        )
        .with(json!({})),
        row(
            "DELETE",
            "/tenants/{tenant_name}/groupAccounts/{group_name}",
            "Ss",
        ),
        row(
            "GET",
            "/tenants/{tenant_name}/groupAccounts/{group_name}/dataAccessPermissions",
            "AMSams",
        ),
        row(
            "POST",
            "/tenants/{tenant_name}/groupAccounts/{group_name}/dataAccessPermissions",
            "Aa",
        )
        .with(grants),
    ]
}

/// All that a mask can have.
fn mask() -> Value {
    json!({"permission": ["READ", "WRITE", "DELETE", "PURGE", "PRIVILEGED", "SEARCH"]})
}

fn cors() -> Value {
    json!({"cors": "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>\
        <AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>"})
}

/// The namespace `archive` belongs to the manager of own namespaces.
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn of_namespaces() -> Vec<Row> {
    let class = json!({"name": "Class-1", "value": "A+1d", "allowDisposition": false});
    let bundle = json!({"version": "1.0", "namespaces": [{"name": "absent"}]});
    let mut rows = vec![
        row("GET", "/tenants/{tenant_name}/namespaces", "AMCNamc"),
        row("PUT", "/tenants/{tenant_name}/namespaces", "ANa").with(json!({"name": "archive"})),
        row("GET", "/tenants/{tenant_name}/namespaces/export", "AMNam").query("?names=archive"),
        row("POST", "/tenants/{tenant_name}/namespaces/import", "AMNam")
            .query("?dry_run=true")
            .with(bundle),
        row(
            "GET",
            "/tenants/{tenant_name}/namespaces/{ns_name}",
            "AMNam",
        ),
        row(
            "HEAD",
            "/tenants/{tenant_name}/namespaces/{ns_name}",
            "AMCNamc",
        ),
        row("POST", "/tenants/{tenant_name}/namespaces/{ns_name}", "Aa").with(json!({})),
        row(
            "DELETE",
            "/tenants/{tenant_name}/namespaces/{ns_name}",
            "ANa",
        ),
    ];
    // The resources below a namespace.
    for (method, below, may, body) in [
        ("GET", "chargebackReport", "AMam", None),
        ("GET", "statistics", "AMam", None),
        ("GET", "export", "AMNam", None),
        ("GET", "complianceSettings", "AMCamc", None),
        ("POST", "complianceSettings", "Cc", Some(json!({}))),
        ("GET", "cors", "AMam", None),
        ("PUT", "cors", "Aa", Some(cors())),
        ("DELETE", "cors", "Aa", None),
        ("GET", "customMetadataIndexingSettings", "AMam", None),
        (
            "POST",
            "customMetadataIndexingSettings",
            "Aa",
            Some(json!({})),
        ),
        ("GET", "permissions", "AMam", None),
        ("POST", "permissions", "Aa", Some(mask())),
        ("GET", "protocols", "AMam", None),
        ("POST", "protocols", "Aa", Some(json!({}))),
        ("GET", "protocols/{protocol_name}", "AMam", None),
        ("GET", "protocols/http", "AMam", None),
        ("GET", "protocols/cifs", "AMam", None),
        ("GET", "protocols/nfs", "AMam", None),
        ("GET", "protocols/smtp", "AMam", None),
        ("POST", "protocols/http", "Aa", Some(json!({}))),
        ("POST", "protocols/cifs", "Aa", Some(json!({}))),
        ("POST", "protocols/nfs", "Aa", Some(json!({}))),
        ("POST", "protocols/smtp", "Aa", Some(json!({}))),
        ("GET", "replicationCollisionSettings", "AMam", None),
        (
            "POST",
            "replicationCollisionSettings",
            "Aa",
            Some(json!({})),
        ),
        ("GET", "retentionClasses", "AMCamc", None),
        ("PUT", "retentionClasses", "Cc", Some(class)),
        (
            "GET",
            "retentionClasses/{retention_class_name}",
            "AMCamc",
            None,
        ),
        (
            "HEAD",
            "retentionClasses/{retention_class_name}",
            "AMCamc",
            None,
        ),
        (
            "POST",
            "retentionClasses/{retention_class_name}",
            "Cc",
            Some(json!({})),
        ),
        (
            "DELETE",
            "retentionClasses/{retention_class_name}",
            "Cc",
            None,
        ),
        ("GET", "versioningSettings", "AMNam", None),
        ("POST", "versioningSettings", "ANa", Some(json!({}))),
        ("DELETE", "versioningSettings", "AMNam", None),
    ] {
        let namespace = if below.starts_with("retentionClasses") {
            "{namespace_name}"
        } else {
            "{ns_name}"
        };
        let path = format!("/tenants/{{tenant_name}}/namespaces/{namespace}/{below}");
        rows.push(Row {
            body,
            ..row(method, path.leak(), may)
        });
    }
    rows
}

/// What the system does besides: nodes, replication, erasure coding.
fn of_services() -> Vec<Row> {
    const LINK: &str = "/services/replication/links/{link_name}";
    const CERTIFICATES: &str = "/services/replication/certificates";
    const TOPOLOGY: &str = "/services/erasureCoding/ecTopologies/{topology_name}";
    let below = |method: &'static str, base: &str, below: &str, may: &'static str| {
        row(method, format!("{base}{below}").leak(), may)
    };
    let link = json!({
        "name": "taken", "type": "ACTIVE_ACTIVE", "connection": {"remoteHost": "b.example.com"},
    });
    let topology =
        json!({"name": "none", "type": "RING", "replicationLinks": [{"name": "absent"}]});
    let mut rows = vec![
        row("GET", "/network", "am"),
        row("POST", "/network", "a").with(json!({})),
        row("GET", "/storage/licenses", "am"),
        row("PUT", "/storage/licenses", "a").file(),
        row("GET", "/storage/licenses/{serial_number}", "am"),
        row("GET", "/nodes/statistics", "am"),
        row("GET", "/services/statistics", "am"),
        row("GET", "/supportaccesscredentials", "amsv"),
        row("PUT", "/supportaccesscredentials", "av").file(),
        row("GET", "/logs", "amv"),
        row("POST", "/logs", "av"),
        row("POST", "/logs/prepare", "av").with(json!({})),
        row("POST", "/logs/download", "av"),
        row("GET", "/healthCheckReport", "av"),
        row("POST", "/healthCheckReport/prepare", "av").with(json!({})),
        row("POST", "/healthCheckReport/cancel", "av"),
        row("POST", "/healthCheckReport/download", "av"),
        row("GET", CERTIFICATES, "am"),
        row("PUT", CERTIFICATES, "a").file(),
        below("GET", CERTIFICATES, "/server", "a"),
        below("GET", CERTIFICATES, "/{certificate_id}", "am"),
        below("DELETE", CERTIFICATES, "/{certificate_id}", "a"),
        row("GET", "/services/replication", "am"),
        row("POST", "/services/replication", "a"),
        row("GET", "/services/replication/links", "am"),
        row("PUT", "/services/replication/links", "a").with(link),
        row("GET", LINK, "am"),
        row("HEAD", LINK, "am"),
        row("POST", LINK, "a"),
        row("DELETE", LINK, "a"),
        below("GET", LINK, "/content", "am"),
        below("GET", LINK, "/content/tenants/{tenant_name}", "am"),
        below("POST", LINK, "/content/tenants/{tenant_name}", "a"),
        below("GET", LINK, "/schedule", "am"),
        below("POST", LINK, "/schedule", "a").with(json!({})),
        row("GET", "/services/erasureCoding/linkCandidates", "am"),
        row("GET", "/services/erasureCoding/ecTopologies", "am"),
        row("PUT", "/services/erasureCoding/ecTopologies", "a").with(topology),
        row("GET", TOPOLOGY, "am"),
        row("HEAD", TOPOLOGY, "am"),
        row("POST", TOPOLOGY, "a").with(json!({})),
        row("DELETE", TOPOLOGY, "a"),
        below("GET", TOPOLOGY, "/tenants", "am"),
        below("PUT", TOPOLOGY, "/tenants/{tenant_name}", "a"),
        below("DELETE", TOPOLOGY, "/tenants/{tenant_name}", "a"),
        below("GET", TOPOLOGY, "/tenantCandidates", "am"),
        below("GET", TOPOLOGY, "/tenantConflictingCandidates", "am"),
    ];
    for kind in [
        "tenants/{tenant_name}",
        "defaultNamespaceDirectories/{dir_name}",
        "chainedLinks/{chained_link_name}",
    ] {
        rows.push(below("PUT", LINK, &format!("/content/{kind}"), "a"));
        rows.push(below("DELETE", LINK, &format!("/content/{kind}"), "a"));
    }
    for kinds in ["tenants", "defaultNamespaceDirectories", "chainedLinks"] {
        rows.push(below("GET", LINK, &format!("/content/{kinds}"), "am"));
    }
    for side in ["localCandidates", "remoteCandidates"] {
        rows.push(below("GET", LINK, &format!("/{side}"), "am"));
        for kinds in ["tenants", "defaultNamespaceDirectories", "chainedLinks"] {
            rows.push(below("GET", LINK, &format!("/{side}/{kinds}"), "am"));
        }
    }
    rows
}

/// A tenant with one user of each kind, and what the rows name.
async fn tenant(app: &TestApp, root: &Actor<'_>, name: &str) {
    let good = async |actor: &Actor<'_>, method: Method, path: String, body: Value| {
        let request = actor.request(method, &format!("/api/v1/mapi{path}"));
        let _: Value = Answer(request.json(&body).send().await.unwrap())
            .good()
            .await;
    };
    let first = json!({
        "name": name, "hardQuota": "100 GB", "versioningConfigurationEnabled": true,
        "searchConfigurationEnabled": true, "servicePlanSelectionEnabled": true,
        "username": "first", "password": PASSWORD,
    });
    good(root, Method::PUT, "/tenants".to_owned(), first).await;
    let first = app.script(&format!("{name}/first"), PASSWORD).await;
    let base = format!("/tenants/{name}");
    // On an HCP the first user has the security role alone.
    let roles = json!({"roles": {"role": ["ADMINISTRATOR", "SECURITY"]}});
    let own = format!("{base}/userAccounts/first");
    good(&first, Method::POST, own, roles).await;
    for (letter, username, role) in PEOPLE {
        if letter.is_ascii_uppercase() {
            let roles: &[&str] = if role.chars().all(|c| c.is_ascii_uppercase()) {
                &[role]
            } else {
                &[]
            };
            let user = json!({
                "username": username, "fullName": username, "localAuthentication": true,
                "enabled": true, "forcePasswordChange": false, "roles": {"role": roles},
                "password": PASSWORD,
            });
            good(&first, Method::PUT, format!("{base}/userAccounts"), user).await;
        }
    }
    let spare = json!({
        "username": "spare", "fullName": "Spare", "localAuthentication": true, "enabled": true,
        "forcePasswordChange": false, "password": PASSWORD,
    });
    good(&first, Method::PUT, format!("{base}/userAccounts"), spare).await;
    let manager = format!("{base}/userAccounts/manager");
    let may_manage = json!({"allowNamespaceManagement": true});
    good(&first, Method::POST, manager, may_manage).await;
    let archive =
        json!({"name": "archive", "owner": "manager", "ownerType": "LOCAL", "hardQuota": "1 GB"});
    good(&first, Method::PUT, format!("{base}/namespaces"), archive).await;
    let class = json!({"name": "Class-1"});
    good(&first, Method::PUT, format!("{base}/contentClasses"), class).await;
    let compliance = app.script(&format!("{name}/compliance"), PASSWORD).await;
    let class = json!({"name": "Class-1", "value": "A+1d", "allowDisposition": false});
    let classes = format!("{base}/namespaces/archive/retentionClasses");
    good(&compliance, Method::PUT, classes, class).await;
}

/// The reasons of refusals that are about who asks. All others are about what is there: a tenant with
/// namespaces, no directory, settings that only the default namespace has.
const NOT_YOU: [&str; 4] = [
    "The account lacks the role that this needs.",
    "The account belongs to another tenant.",
    "This needs a system-level account.",
    "Only an administrator of the system resets the passwords of a tenant.",
];

async fn wrong_cells(tenant: &str, people: &[(char, Actor<'_>)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for row in rows() {
        for (letter, actor) in people {
            let answer = row.send(actor, tenant).await;
            let (status, may) = (answer.status(), row.may.contains(*letter));
            let text = answer.text().await;
            let by_role = NOT_YOU.iter().any(|reason| text.contains(reason));
            let refused = status == 401 || (status == 403 && by_role);
            // There is no body to tell: what may not be seen is forbidden, or not there.
            let absent = row.path.contains("groupAccounts") || row.path.contains("/services/");
            let head = row.method == "HEAD" && !absent;
            let seen = if head { status == 200 } else { !refused };
            let unknown = row.method == "HEAD" && !head;
            if (seen != may && !unknown) || status.is_server_error() {
                wrong.push(format!(
                    "{letter} {} {}: {status} {text}",
                    row.method, row.path
                ));
            }
        }
    }
    wrong
}

/// One column each, tried all the way to the store.
#[tokio::test]
async fn permissions_are_those_of_the_table() {
    for profile in PROFILES {
        let wrong = Box::pin(wrong_cells_with_habits(profile)).await;
        assert!(wrong.is_empty(), "{profile}: {}", wrong.join("\n"));
    }
}

async fn wrong_cells_with_habits(profile: &str) -> Vec<String> {
    let app = TestApp::with(&[("HAKO_LOCAL_PROFILE", profile)]).await;
    let root = app.root().await;
    tenant(&app, &root, "acme").await;
    let allowed = json!({"administrationAllowed": true});
    let administrator = app.script("acme/administrator", PASSWORD).await;
    let _: Value = administrator
        .post("/api/v1/mapi/tenants/acme", &allowed)
        .await
        .good()
        .await;
    for (letter, username, role) in PEOPLE {
        if letter.is_ascii_lowercase() {
            let role = Choice::<Role>::of(role).known().unwrap();
            app.system_user(username, PASSWORD, role).await;
        }
    }
    app.system_user("spare", PASSWORD, Role::Monitor).await;
    let mut people = Vec::new();
    for (letter, username, _) in PEOPLE {
        // An HCP lets these read no account, not even their own, by which Hako knows who signs in.
        if profile == "hcp" && "cvq".contains(letter) {
            continue;
        }
        let name = if letter.is_ascii_uppercase() {
            format!("acme/{username}")
        } else {
            username.to_owned()
        };
        people.push((letter, app.script(&name, PASSWORD).await));
    }
    wrong_cells("acme", &people).await
}

/// Administrators of one tenant have nothing to say in another, and nobody has without a session.
#[tokio::test]
async fn permissions_end_at_the_tenant_and_with_the_session() {
    let app = TestApp::new().await;
    let root = app.root().await;
    tenant(&app, &root, "acme").await;
    tenant(&app, &root, "other").await;
    let mut ended = app.script("acme/administrator", PASSWORD).await;
    let token = ended.bearer.take().unwrap();
    app.advance(366 * 24 * 60 * 60);
    ended.bearer = Some(token);
    let foreign = app.script("other/administrator", PASSWORD).await;
    for row in rows() {
        for (who, actor) in [("nobody", &app.anonymous()), ("a past session", &ended)] {
            let answer = row.send(actor, "acme").await;
            assert_eq!(answer.status(), 401, "{who}: {} {}", row.method, row.path);
        }
        let answer = row.send(&foreign, "acme").await;
        let missing = row.method == "HEAD" && answer.status() == 404;
        assert!(
            answer.status() == 403 || missing,
            "{} {}: {}",
            row.method,
            row.path,
            answer.status()
        );
    }
}

/// A tenant that does not let the system's accounts in keeps them out, but for what is the system's.
#[tokio::test]
async fn permissions_of_the_system_need_the_tenant_to_agree() {
    let app = TestApp::new().await;
    let root = app.root().await;
    tenant(&app, &root, "acme").await;
    let closed = json!({"administrationAllowed": false});
    let administrator = app.script("acme/administrator", PASSWORD).await;
    let _: Value = administrator
        .post("/api/v1/mapi/tenants/acme", &closed)
        .await
        .good()
        .await;
    let of_the_system = |row: &Row| {
        let below = row.path.strip_prefix("/tenants/{tenant_name}");
        match below {
            None | Some("" | "/chargebackReport") => true,
            Some("/userAccounts") => row.method == "POST",
            _ => false,
        }
    };
    for row in rows().iter().filter(|row| !of_the_system(row)) {
        let answer = row.send(&root, "acme").await;
        let missing = row.method == "HEAD" && answer.status() == 404;
        assert!(
            answer.status() == 403 || missing,
            "{} {}: {}",
            row.method,
            row.path,
            answer.status()
        );
    }
    let report = root.get("/api/v1/mapi/tenants/acme/chargebackReport").await;
    assert_eq!(report.status(), 200);
}

/// Every management operation of the document has its row.
#[tokio::test]
async fn permissions_leave_no_operation_out() {
    let app = TestApp::new().await;
    let document = openapi::document(&app).await;
    let rows: Vec<_> = rows().iter().map(Row::operation).collect();
    for (operation, _) in openapi::operations(&document) {
        if operation.1.starts_with("/api/v1/mapi/") {
            assert!(rows.contains(&operation), "{operation:?} has no row");
        }
    }
}

/// `docs/permissions.md` is this table. `HAKO_UPDATE_DOCS=1` writes it.
#[test]
fn permissions_are_documented() {
    let mut text = String::from(HEAD);
    for (_, _, role) in PEOPLE {
        let _ = write!(text, " {role} |");
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(PEOPLE.len()));
    text.push('\n');
    for row in rows() {
        let _ = write!(text, "| `{} {}` |", row.method, row.path);
        for (letter, _, _) in PEOPLE {
            text.push_str(if row.may.contains(letter) {
                " yes |"
            } else {
                " |"
            });
        }
        text.push('\n');
    }
    if std::env::var_os("HAKO_UPDATE_DOCS").is_some() {
        std::fs::write(DOCUMENT, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(DOCUMENT).unwrap_or_default(), text);
}

const HEAD: &str = "# Who may do what

Every operation below `/api/v1/mapi`, and which account it lets in. The rules are HCP's; Hako has none of its own and passes
them on. A test tries every cell against the embedded store and writes this page (`HAKO_UPDATE_DOCS=1 cargo test -p server
permissions_are_documented`).

The first six columns are accounts of the tenant: one for each role, one that may manage namespaces of its own, one with
data access alone. The others are accounts of the system; inside a tenant they may do what stands here where the tenant has
`administrationAllowed`, and elsewhere only what is the system's: the list of tenants, creating, modifying and deleting one,
resetting passwords, chargeback reports. An account of another tenant gets 403 everywhere, nobody and an ended session get 401.
Some operations show or take more from one role than from another: HCP's visibility of properties is kept. Importing a
template is a preview here (`dry_run`): what it would write needs what writing it alone needs.

The audit (`GET /api/v1/audit`) is Hako's own: administrators and security accounts see all of their tenant, at the system level
all tenants; everybody else, monitors of a tenant too, sees what they did themselves. An HCP does not tell an administrator of
the system from a monitor, so both see all.

| Operation |";
