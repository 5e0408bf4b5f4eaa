//! Who may do what: the rows of HCP's matrix, each verb tried by an account with each single role.

use local_hcp::Profile;
use model::mapi::Role;
use reqwest::Method;
use serde_json::json;

use super::{OPS, PASSWORD, ROOT, Who, Wire};
use crate::fixture::username;

const ROLES: [(char, Role, Who, Who); 6] = [
    (
        'A',
        Role::Administrator,
        ("sysA", PASSWORD),
        ("tenA", PASSWORD),
    ),
    (
        'C',
        Role::Compliance,
        ("sysC", PASSWORD),
        ("tenC", PASSWORD),
    ),
    ('M', Role::Monitor, ("sysM", PASSWORD), ("tenM", PASSWORD)),
    ('S', Role::Security, ("sysS", PASSWORD), ("tenS", PASSWORD)),
    ('V', Role::Service, ("sysV", PASSWORD), ("tenV", PASSWORD)),
    ('Q', Role::Search, ("sysQ", PASSWORD), ("tenQ", PASSWORD)),
];

/// Verb, path, roles of accounts of the system, roles of accounts of the tenant. The requests have no body:
/// what is admitted fails later or changes nothing.
const MATRIX: &[(&str, &str, &str, &str)] = &[
    ("GET", "/tenants", "AM", ""),
    ("PUT", "/tenants", "A", ""),
    ("GET", "/tenants/acme", "AM", "AM"),
    ("HEAD", "/tenants/acme", "AM", "AM"),
    ("POST", "/tenants/acme", "A", "A"),
    ("DELETE", "/tenants/acme", "A", ""),
    ("GET", "/tenants/acme/availableServicePlans", "", "AM"),
    (
        "GET",
        "/tenants/acme/availableServicePlans/Default",
        "",
        "AM",
    ),
    ("GET", "/tenants/acme/consoleSecurity", "", "S"),
    ("POST", "/tenants/acme/consoleSecurity", "", "S"),
    ("GET", "/tenants/acme/contactInfo", "", "AM"),
    ("POST", "/tenants/acme/contactInfo", "", "A"),
    ("GET", "/tenants/acme/cors", "", "AM"),
    ("PUT", "/tenants/acme/cors", "", "A"),
    ("DELETE", "/tenants/acme/cors", "", "A"),
    ("GET", "/tenants/acme/emailNotification", "", "AM"),
    ("POST", "/tenants/acme/emailNotification", "", "A"),
    ("GET", "/tenants/acme/namespaceDefaults", "", "AM"),
    ("POST", "/tenants/acme/namespaceDefaults", "", "A"),
    ("GET", "/tenants/acme/permissions", "", "AMC"),
    ("POST", "/tenants/acme/permissions", "", "A"),
    ("GET", "/tenants/acme/searchSecurity", "", "S"),
    ("POST", "/tenants/acme/searchSecurity", "", "S"),
    ("GET", "/tenants/acme/contentClasses", "", "AM"),
    ("PUT", "/tenants/acme/contentClasses", "", "A"),
    ("GET", "/tenants/acme/contentClasses/c", "", "AM"),
    ("HEAD", "/tenants/acme/contentClasses/c", "", "AM"),
    ("POST", "/tenants/acme/contentClasses/c", "", "A"),
    ("DELETE", "/tenants/acme/contentClasses/c", "", "A"),
    ("GET", "/tenants/acme/userAccounts", "", "AMS"),
    ("PUT", "/tenants/acme/userAccounts", "", "S"),
    ("POST", "/tenants/acme/userAccounts", "AS", ""),
    ("GET", "/tenants/acme/userAccounts/ops1", "", "AMS"),
    ("HEAD", "/tenants/acme/userAccounts/ops1", "", "AMS"),
    ("POST", "/tenants/acme/userAccounts/ops1", "", "AS"),
    ("DELETE", "/tenants/acme/userAccounts/absent", "", "S"),
    (
        "POST",
        "/tenants/acme/userAccounts/ops1/changePassword",
        "",
        "S",
    ),
    ("GET", "/tenants/acme/groupAccounts", "", "AMS"),
    ("PUT", "/tenants/acme/groupAccounts", "", "S"),
    ("GET", "/tenants/acme/groupAccounts/g", "", "AMS"),
    ("HEAD", "/tenants/acme/groupAccounts/g", "", "AMS"),
    ("POST", "/tenants/acme/groupAccounts/g", "", "AS"),
    ("DELETE", "/tenants/acme/groupAccounts/g", "", "S"),
    ("GET", "/userAccounts", "AMS", ""),
    ("GET", "/userAccounts/root", "AMS", ""),
    ("HEAD", "/userAccounts/root", "AMS", ""),
    ("POST", "/userAccounts/root", "S", ""),
    ("POST", "/userAccounts/root/changePassword", "S", ""),
    ("GET", "/groupAccounts", "AMS", ""),
    ("GET", "/groupAccounts/g", "AMS", ""),
    ("HEAD", "/groupAccounts/g", "AMS", ""),
    ("GET", "/network", "AM", ""),
    ("POST", "/network", "A", ""),
    ("GET", "/storage/licenses", "AM", ""),
    ("GET", "/nodes/statistics", "AM", ""),
    ("GET", "/services/statistics", "AM", ""),
    ("GET", "/supportaccesscredentials", "AMSV", ""),
    ("PUT", "/storage/licenses", "A", ""),
    ("PUT", "/supportaccesscredentials", "AV", ""),
    ("GET", "/logs", "AMV", ""),
    ("POST", "/logs", "AV", ""),
    ("POST", "/logs/prepare", "AV", ""),
    ("POST", "/logs/download", "AV", ""),
    ("GET", "/healthCheckReport", "AV", ""),
    ("POST", "/healthCheckReport", "AV", ""),
    ("POST", "/healthCheckReport/prepare", "AV", ""),
    ("POST", "/healthCheckReport/download", "AV", ""),
    ("POST", "/healthCheckReport/cancel", "AV", ""),
    ("GET", "/services/replication/certificates", "AM", ""),
    ("PUT", "/services/replication/certificates", "A", ""),
    ("GET", "/services/replication/certificates/server", "A", ""),
    ("GET", "/services/replication/certificates/c", "AM", ""),
    ("DELETE", "/services/replication/certificates/c", "A", ""),
    ("GET", "/services/replication", "AM", ""),
    ("POST", "/services/replication", "A", ""),
    ("GET", "/services/replication/links", "AM", ""),
    ("PUT", "/services/replication/links", "A", ""),
    ("GET", "/services/replication/links/l", "AM", ""),
    ("HEAD", "/services/replication/links/l", "AM", ""),
    ("POST", "/services/replication/links/l", "A", ""),
    ("DELETE", "/services/replication/links/l", "A", ""),
    ("GET", "/services/replication/links/l/content", "AM", ""),
    (
        "GET",
        "/services/replication/links/l/content/tenants",
        "AM",
        "",
    ),
    (
        "GET",
        "/services/replication/links/l/content/tenants/acme",
        "AM",
        "",
    ),
    (
        "PUT",
        "/services/replication/links/l/content/tenants/acme",
        "A",
        "",
    ),
    (
        "POST",
        "/services/replication/links/l/content/tenants/acme",
        "A",
        "",
    ),
    (
        "DELETE",
        "/services/replication/links/l/content/tenants/acme",
        "A",
        "",
    ),
    (
        "GET",
        "/services/replication/links/l/content/defaultNamespaceDirectories",
        "AM",
        "",
    ),
    (
        "PUT",
        "/services/replication/links/l/content/defaultNamespaceDirectories/d",
        "A",
        "",
    ),
    (
        "DELETE",
        "/services/replication/links/l/content/defaultNamespaceDirectories/d",
        "A",
        "",
    ),
    (
        "GET",
        "/services/replication/links/l/content/chainedLinks",
        "AM",
        "",
    ),
    (
        "PUT",
        "/services/replication/links/l/content/chainedLinks/m",
        "A",
        "",
    ),
    (
        "DELETE",
        "/services/replication/links/l/content/chainedLinks/m",
        "A",
        "",
    ),
    (
        "GET",
        "/services/replication/links/l/localCandidates",
        "AM",
        "",
    ),
    (
        "GET",
        "/services/replication/links/l/localCandidates/tenants",
        "AM",
        "",
    ),
    (
        "GET",
        "/services/replication/links/l/localCandidates/defaultNamespaceDirectories",
        "AM",
        "",
    ),
    (
        "GET",
        "/services/replication/links/l/localCandidates/chainedLinks",
        "AM",
        "",
    ),
    (
        "GET",
        "/services/replication/links/l/remoteCandidates",
        "AM",
        "",
    ),
    (
        "GET",
        "/services/replication/links/l/remoteCandidates/tenants",
        "AM",
        "",
    ),
    (
        "GET",
        "/services/replication/links/l/remoteCandidates/defaultNamespaceDirectories",
        "AM",
        "",
    ),
    (
        "GET",
        "/services/replication/links/l/remoteCandidates/chainedLinks",
        "AM",
        "",
    ),
    ("GET", "/services/replication/links/l/schedule", "AM", ""),
    ("POST", "/services/replication/links/l/schedule", "A", ""),
    ("GET", "/services/erasureCoding/linkCandidates", "AM", ""),
    ("GET", "/services/erasureCoding/ecTopologies", "AM", ""),
    ("PUT", "/services/erasureCoding/ecTopologies", "A", ""),
    ("GET", "/services/erasureCoding/ecTopologies/e", "AM", ""),
    ("HEAD", "/services/erasureCoding/ecTopologies/e", "AM", ""),
    ("POST", "/services/erasureCoding/ecTopologies/e", "A", ""),
    ("DELETE", "/services/erasureCoding/ecTopologies/e", "A", ""),
    (
        "GET",
        "/services/erasureCoding/ecTopologies/e/tenants",
        "AM",
        "",
    ),
    (
        "PUT",
        "/services/erasureCoding/ecTopologies/e/tenants/acme",
        "A",
        "",
    ),
    (
        "DELETE",
        "/services/erasureCoding/ecTopologies/e/tenants/acme",
        "A",
        "",
    ),
    (
        "GET",
        "/services/erasureCoding/ecTopologies/e/tenantCandidates",
        "AM",
        "",
    ),
    (
        "GET",
        "/services/erasureCoding/ecTopologies/e/tenantConflictingCandidates",
        "AM",
        "",
    ),
];

/// Whether the answer is one to a caller whom the matrix admits. The standard profile tells by HEAD, too.
async fn admitted(wire: &Wire, method: &str, host: &str, path: &str, who: Who) -> bool {
    let method: Method = method.parse().unwrap();
    let answer = wire
        .call(method, host, &format!("/mapi{path}"), who, None)
        .await;
    let reason = answer.reason();
    let refused =
        reason.contains("lacks the role") || reason.contains("needs a system-level account");
    assert!(!refused || answer.status == 403, "{answer:?}");
    assert!(!reason.contains("not valid"), "{host} {path} {}", who.0);
    !refused
}

#[tokio::test]
async fn each_verb_admits_the_roles_of_the_matrix() {
    let wire = Wire::with_acme(Profile::Standard).await;
    for (_letter, role, of_system, of_tenant) in ROLES {
        let (hcp, name) = (&wire.store.hcp, username(of_system.0));
        hcp.create_system_user(&name, PASSWORD, &[role])
            .await
            .unwrap();
        wire.user(of_tenant.0, &[role]).await;
    }
    // Or deleting the tenant would succeed.
    let s3 = wire
        .store
        .client_of("acme/ops1", OPS.1, &wire.store.by_address());
    s3.create_bucket().bucket("kept").send().await.unwrap();
    for lets_in in [false, true] {
        let body = json!({"administrationAllowed": lets_in});
        wire.post("", OPS, &body).await.good();
        for (method, path, of_system, of_tenant) in MATRIX {
            let in_tenant = path.starts_with("/tenants/acme");
            for (letter, _role, system_user, tenant_user) in ROLES {
                let by_system = of_system.contains(letter)
                    || (lets_in && in_tenant && of_tenant.contains(letter));
                assert_eq!(
                    admitted(&wire, method, "admin", path, system_user).await,
                    by_system,
                    "{method} {path} by {} (lets in: {lets_in})",
                    system_user.0
                );
                assert_eq!(
                    admitted(&wire, method, "acme", path, tenant_user).await,
                    of_tenant.contains(letter),
                    "{method} {path} by {}",
                    tenant_user.0
                );
            }
        }
    }
}

#[tokio::test]
async fn accounts_of_the_system_act_in_tenants_that_let_them() {
    let wire = Wire::with_acme(Profile::Hcp).await;
    let path = "/mapi/tenants/acme/contactInfo";
    for host in ["admin", ""] {
        let answer = wire.call(Method::GET, host, path, ROOT, None).await;
        answer.refused(403, "lacks the role");
    }
    // On the tenant's host nobody knows them.
    wire.call(Method::GET, "acme", path, ROOT, None)
        .await
        .refused(403, "not valid");
    let tenant = "/mapi/tenants/acme";
    let before = wire
        .call(Method::GET, "admin", tenant, ROOT, None)
        .await
        .good()
        .json();
    assert_eq!(before.get("tenantVisibleDescription"), None);
    let change = json!({"tenantVisibleDescription": "x"});
    let answer = wire
        .call(Method::POST, "admin", tenant, ROOT, Some(&change))
        .await;
    answer.refused(403, "tenantVisibleDescription");
    wire.lets_system_in().await;
    for host in ["admin", "", "acme"] {
        wire.call(Method::GET, host, path, ROOT, None).await.good();
    }
    // Both halves of the tenant's properties.
    wire.call(Method::POST, "admin", tenant, ROOT, Some(&change))
        .await
        .good();
    let after = wire
        .call(Method::GET, "admin", tenant, ROOT, None)
        .await
        .good()
        .json();
    assert_eq!(after["tenantVisibleDescription"], "x");
    assert_eq!(after["systemVisibleDescription"], "pilot");
    // And the tenant's own account still has the one alone.
    let own = json!({"systemVisibleDescription": "x"});
    wire.post("", OPS, &own)
        .await
        .refused(403, "systemVisibleDescription");
}
