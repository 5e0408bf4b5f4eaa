//! What each call is: the one table of the API's changing routes.
//!
//! A call by `POST`, `PUT`, `PATCH` or `DELETE` either changes something, and is recorded as an action, or only
//! reads although its method does not say so, and stands here as such. A test holds the table to the API's
//! document: a new route needs a line.

use http::{Method, Uri};
use model::{
    audit::{Action, AuditTarget},
    job::JobKind,
    route::{MultipartRoute, ObjectRoute, TaskRoute, split_multipart, split_objects},
    workspace::snake,
};
use percent_encoding::percent_decode_str;

use super::outline::{Said, short};
use crate::routes::workspace::service::CALL;

/// What the calls of a line do.
#[derive(Clone, Copy, Debug)]
enum Does {
    /// They change something.
    Change(Action),
    /// They change something unless the body, or the query, says this.
    Unless(&'static str, Action),
    /// They start work, which changes something unless it is a plan or a search.
    Work(Action),
    /// They change something only where the body says this.
    Only(&'static str, &'static str, Action),
    /// They read, or change nothing but what the caller's own browser keeps.
    Read,
}

/// A line: a method, the routes that mean the same, and what they do.
type Row = (Method, &'static [&'static str], Does);

use Does::{Change, Only, Read, Unless, Work};

#[rustfmt::skip]
const TABLE: &[Row] = &[
    // ---- sessions
    (Method::POST, &["/api/v1/auth/token", "/api/v1/auth/keys", "/api/v1/session"], Change(Action::SignIn)),
    (Method::DELETE, &["/api/v1/session", "/api/v1/sessions", "/api/v1/sessions/{session_id}"], Change(Action::SignOut)),
    (Method::POST, &["/api/v1/session/password"], Change(Action::OwnPassword)),
    // Cookies of the caller's own browser.
    (Method::PUT, &["/api/v1/sessions/current", "/api/v1/preferences"], Read),

    // ---- buckets
    (Method::POST, &["/api/v1/buckets"], Change(Action::BucketCreate)),
    (Method::DELETE, &["/api/v1/buckets/{bucket}"], Change(Action::BucketDelete)),
    (Method::PUT, &["/api/v1/buckets/{bucket}/versioning"], Change(Action::BucketVersioning)),
    (Method::PUT, &["/api/v1/buckets/{bucket}/acl"], Change(Action::BucketAcl)),
    (Method::PUT, &["/api/v1/buckets/{bucket}/cors"], Change(Action::BucketCors)),
    (Method::POST, &["/api/v1/buckets/{bucket}/cors/rules", "/api/v1/buckets/{bucket}/cors/changes"], Change(Action::BucketCors)),
    (Method::DELETE, &["/api/v1/buckets/{bucket}/cors"], Change(Action::BucketCorsDelete)),
    (Method::POST, &["/api/v1/buckets/{bucket}/cors/reading", "/api/v1/buckets/{bucket}/upload-diagnosis"], Read),

    // ---- objects
    (Method::PUT, &["/api/v1/buckets/{bucket}/objects/{key}", "/api/v1/buckets/{bucket}/object"], Change(Action::ObjectStore)),
    (Method::POST, &["/api/v1/buckets/{bucket}/objects/{key}", "/api/v1/buckets/{bucket}/object"], Change(Action::ObjectStore)),
    (Method::DELETE, &["/api/v1/buckets/{bucket}/objects/{key}", "/api/v1/buckets/{bucket}/object"], Change(Action::ObjectDelete)),
    (Method::POST, &["/api/v1/buckets/{bucket}/objects/delete"], Change(Action::ObjectDelete)),
    (Method::POST, &["/api/v1/buckets/{bucket}/objects/{key}/copy", "/api/v1/buckets/{bucket}/object/copy"], Change(Action::ObjectCopy)),
    (Method::PUT, &["/api/v1/buckets/{bucket}/objects/{key}/acl", "/api/v1/buckets/{bucket}/object/acl"], Change(Action::ObjectAcl)),
    (Method::PUT, &["/api/v1/buckets/{bucket}/object/tags"], Change(Action::ObjectTags)),
    (Method::DELETE, &["/api/v1/buckets/{bucket}/object/tags"], Change(Action::ObjectTagsDelete)),
    (Method::PUT, &["/api/v1/buckets/{bucket}/object/metadata/{annotation}"], Change(Action::ObjectMetadata)),
    (Method::DELETE, &["/api/v1/buckets/{bucket}/object/metadata/{annotation}"], Change(Action::ObjectMetadataDelete)),
    (Method::PUT, &["/api/v1/buckets/{bucket}/object/retention"], Change(Action::ObjectRetention)),
    (Method::PUT, &["/api/v1/buckets/{bucket}/object/lock"], Change(Action::ObjectRetention)),
    (Method::PUT, &["/api/v1/buckets/{bucket}/object/expiry"], Change(Action::ObjectExpirySet)),
    (Method::DELETE, &["/api/v1/buckets/{bucket}/object/expiry"], Change(Action::ObjectExpiryClear)),
    (Method::POST, &["/api/v1/buckets/{bucket}/object/privileged-delete"], Change(Action::ObjectPrivilegedDelete)),
    (Method::PUT, &["/api/v1/buckets/{bucket}/object/properties"], Change(Action::ObjectMetadata)),
    (Method::POST, &["/api/v1/buckets/{bucket}/objects/folder"], Change(Action::FolderCreate)),
    (Method::POST, &["/api/v1/presign", "/api/v1/buckets/{bucket}/objects/presign"], Only("method", "put_object", Action::ObjectPresign)),
    (Method::POST, &["/api/v1/presign/test"], Read),
    (Method::POST, &["/api/v1/buckets/{bucket}/objects/s3_stats", "/api/v1/buckets/{bucket}/objects/download"], Read),

    // ---- uploads in parts
    (Method::POST, &["/api/v1/buckets/{bucket}/multipart/{key}", "/api/v1/buckets/{bucket}/object/multipart"], Change(Action::UploadBegin)),
    (Method::PUT, &["/api/v1/buckets/{bucket}/multipart/{key}", "/api/v1/buckets/{bucket}/object/multipart"], Change(Action::UploadPart)),
    // To sign parts of an upload that goes on begins nothing.
    (Method::POST, &["/api/v1/buckets/{bucket}/multipart/{key}/presign", "/api/v1/buckets/{bucket}/object/multipart/presign"], Unless("upload_id", Action::UploadBegin)),
    (Method::POST, &["/api/v1/buckets/{bucket}/multipart/{key}/complete", "/api/v1/buckets/{bucket}/object/multipart/complete"], Change(Action::UploadComplete)),
    (Method::POST, &["/api/v1/buckets/{bucket}/multipart/{key}/abort", "/api/v1/buckets/{bucket}/object/multipart/abort"], Change(Action::UploadAbort)),

    // ---- metadata queries
    (Method::POST, &["/api/v1/query/tenants/{tenant_name}/objects", "/api/v1/query/tenants/{tenant_name}/operations"], Read),

    // ---- jobs
    (Method::POST, &["/api/v1/jobs"], Work(Action::JobStart)),
    (Method::POST, &["/api/v1/buckets/{bucket}/objects/delete-task"], Change(Action::ObjectDelete)),
    (Method::POST, &["/api/v1/buckets/{bucket}/objects/copy-task"], Change(Action::ObjectCopy)),
    (Method::POST, &["/api/v1/jobs/{job_id}/cancel", "/api/v1/buckets/{bucket}/objects/delete-task/{task_id}/cancel", "/api/v1/buckets/{bucket}/objects/copy-task/{task_id}/cancel"], Change(Action::JobCancel)),
    (Method::POST, &["/api/v1/jobs/{job_id}/retry"], Change(Action::JobRetry)),
    (Method::POST, &["/api/v1/jobs/{job_id}/undo"], Change(Action::JobUndo)),

    // ---- links
    (Method::POST, &["/api/v1/links"], Change(Action::LinkCreate)),
    (Method::POST, &["/api/v1/links/{link_id}"], Change(Action::LinkChange)),
    (Method::DELETE, &["/api/v1/links/{link_id}"], Change(Action::LinkRevoke)),
    (Method::POST, &["/api/v1/links/{link_id}/restore"], Change(Action::LinkRestore)),

    // ---- keys
    (Method::POST, &["/api/v1/credentials/secret"], Change(Action::SecretReveal)),
    (Method::POST, &["/api/v1/credentials/test"], Read),
    (Method::POST, &["/api/v1/credentials/temporary"], Change(Action::KeyLend)),
    (Method::DELETE, &["/api/v1/credentials/temporary/{access_key_id}"], Change(Action::KeyRevoke)),

    // ---- files of workspaces
    (Method::PUT, &["/{workspace}/files/{path}"], Change(Action::ObjectStore)),
    (Method::DELETE, &["/{workspace}/files/{path}"], Change(Action::ObjectDelete)),
    (Method::POST, &["/{workspace}/files/create-multipart-upload", "/{workspace}/services/s3-storage/put_file_start_multipart"], Change(Action::UploadBegin)),
    (Method::POST, &["/{workspace}/files/complete-multipart-upload", "/{workspace}/services/s3-storage/put_file_complete_multipart"], Change(Action::UploadComplete)),
    (Method::POST, &["/{workspace}/services/s3-storage/put_file"], Change(Action::ObjectPresign)),
    (Method::POST, &["/{workspace}/services/s3-storage/remove_file", "/{workspace}/services/s3-storage/delete_file", "/{workspace}/services/s3-storage/delete_directory"], Change(Action::ObjectDelete)),
    (Method::POST, &["/{workspace}/services/s3-storage/generate_credential"], Change(Action::KeyLend)),
    (Method::POST, &["/{workspace}/services/s3-storage/generate_presigned_url"], Change(Action::ObjectPresign)),
    (Method::POST, &["/{workspace}/services/s3-storage/get_file", "/{workspace}/services/s3-storage/list_files"], Read),

    // ---- management: the system
    (Method::PUT, &["/api/v1/mapi/tenants"], Change(Action::TenantCreate)),
    (Method::POST, &["/api/v1/mapi/userAccounts/{username}", "/api/v1/mapi/userAccounts/{username}/changePassword"], Change(Action::UserPassword)),

    (Method::POST, &["/api/v1/mapi/network"], Change(Action::NetworkChange)),
    (Method::PUT, &["/api/v1/mapi/storage/licenses"], Change(Action::LicenseUpload)),
    (Method::PUT, &["/api/v1/mapi/supportaccesscredentials"], Change(Action::SupportKeyUpload)),
    (Method::POST, &["/api/v1/mapi/logs"], Change(Action::LogsChange)),
    (Method::POST, &["/api/v1/mapi/logs/prepare"], Change(Action::LogsPrepare)),
    (Method::POST, &["/api/v1/mapi/logs/download"], Change(Action::LogsDownload)),
    (Method::POST, &["/api/v1/mapi/healthCheckReport/prepare", "/api/v1/mapi/healthCheckReport/cancel"], Change(Action::HealthReportPrepare)),
    (Method::POST, &["/api/v1/mapi/healthCheckReport/download"], Change(Action::HealthReportDownload)),
    (Method::PUT, &["/api/v1/mapi/services/replication/certificates"], Change(Action::CertificateUpload)),
    (Method::DELETE, &["/api/v1/mapi/services/replication/certificates/{certificate_id}"], Change(Action::CertificateDelete)),
    (Method::POST, &["/api/v1/mapi/services/replication"], Change(Action::ReplicationChange)),
    (Method::PUT, &["/api/v1/mapi/services/replication/links"], Change(Action::ReplicationLinkCreate)),
    (Method::POST, &["/api/v1/mapi/services/replication/links/{link_name}"], Change(Action::ReplicationLinkChange)),
    (Method::DELETE, &["/api/v1/mapi/services/replication/links/{link_name}"], Change(Action::ReplicationLinkDelete)),
    (Method::PUT, &[
        "/api/v1/mapi/services/replication/links/{link_name}/content/tenants/{tenant_name}",
        "/api/v1/mapi/services/replication/links/{link_name}/content/defaultNamespaceDirectories/{dir_name}",
        "/api/v1/mapi/services/replication/links/{link_name}/content/chainedLinks/{chained_link_name}",
    ], Change(Action::ReplicationLinkContent)),
    (Method::POST, &["/api/v1/mapi/services/replication/links/{link_name}/content/tenants/{tenant_name}"], Change(Action::ReplicationLinkContent)),
    (Method::DELETE, &[
        "/api/v1/mapi/services/replication/links/{link_name}/content/tenants/{tenant_name}",
        "/api/v1/mapi/services/replication/links/{link_name}/content/defaultNamespaceDirectories/{dir_name}",
        "/api/v1/mapi/services/replication/links/{link_name}/content/chainedLinks/{chained_link_name}",
    ], Change(Action::ReplicationLinkContent)),
    (Method::POST, &["/api/v1/mapi/services/replication/links/{link_name}/schedule"], Change(Action::ReplicationLinkSchedule)),
    (Method::PUT, &["/api/v1/mapi/services/erasureCoding/ecTopologies"], Change(Action::TopologyCreate)),
    (Method::POST, &["/api/v1/mapi/services/erasureCoding/ecTopologies/{topology_name}"], Change(Action::TopologyChange)),
    (Method::DELETE, &["/api/v1/mapi/services/erasureCoding/ecTopologies/{topology_name}"], Change(Action::TopologyDelete)),
    (Method::PUT, &["/api/v1/mapi/services/erasureCoding/ecTopologies/{topology_name}/tenants/{tenant_name}"], Change(Action::TopologyTenants)),
    (Method::DELETE, &["/api/v1/mapi/services/erasureCoding/ecTopologies/{topology_name}/tenants/{tenant_name}"], Change(Action::TopologyTenants)),

    // ---- management: tenants
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}"], Change(Action::TenantChange)),
    (Method::DELETE, &["/api/v1/mapi/tenants/{tenant_name}"], Change(Action::TenantDelete)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/consoleSecurity"], Change(Action::TenantSecurity)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/contactInfo"], Change(Action::TenantContact)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/emailNotification"], Change(Action::TenantEmail)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/namespaceDefaults"], Change(Action::TenantDefaults)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/searchSecurity"], Change(Action::TenantSearch)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/permissions"], Change(Action::TenantPermissions)),
    (Method::PUT, &["/api/v1/mapi/tenants/{tenant_name}/cors"], Change(Action::TenantCors)),
    (Method::DELETE, &["/api/v1/mapi/tenants/{tenant_name}/cors"], Change(Action::TenantCorsDelete)),
    (Method::PUT, &["/api/v1/mapi/tenants/{tenant_name}/contentClasses"], Change(Action::ContentClassCreate)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/contentClasses/{content_class_name}"], Change(Action::ContentClassChange)),
    (Method::DELETE, &["/api/v1/mapi/tenants/{tenant_name}/contentClasses/{content_class_name}"], Change(Action::ContentClassDelete)),

    // ---- management: people
    (Method::PUT, &["/api/v1/mapi/tenants/{tenant_name}/userAccounts"], Change(Action::UserCreate)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/userAccounts"], Change(Action::UserPasswords)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/userAccounts/{username}"], Change(Action::UserChange)),
    (Method::DELETE, &["/api/v1/mapi/tenants/{tenant_name}/userAccounts/{username}"], Change(Action::UserDelete)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/userAccounts/{username}/changePassword"], Change(Action::UserPassword)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/userAccounts/{username}/dataAccessPermissions"], Change(Action::UserRights)),
    (Method::PUT, &["/api/v1/mapi/tenants/{tenant_name}/groupAccounts"], Change(Action::GroupCreate)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/groupAccounts/{group_name}"], Change(Action::GroupChange)),
    (Method::DELETE, &["/api/v1/mapi/tenants/{tenant_name}/groupAccounts/{group_name}"], Change(Action::GroupDelete)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/groupAccounts/{group_name}/dataAccessPermissions"], Change(Action::GroupRights)),

    // ---- management: namespaces
    (Method::PUT, &["/api/v1/mapi/tenants/{tenant_name}/namespaces"], Change(Action::NamespaceCreate)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/namespaces/import"], Unless("dry_run", Action::TemplateImport)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}"], Change(Action::NamespaceChange)),
    (Method::DELETE, &["/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}"], Change(Action::NamespaceDelete)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}/versioningSettings"], Change(Action::NamespaceVersioning)),
    (Method::DELETE, &["/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}/versioningSettings"], Change(Action::NamespaceVersioningReset)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}/complianceSettings"], Change(Action::NamespaceCompliance)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}/permissions"], Change(Action::NamespacePermissions)),
    (Method::POST, &[
        "/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}/protocols",
        "/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}/protocols/http",
        "/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}/protocols/cifs",
        "/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}/protocols/nfs",
        "/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}/protocols/smtp",
    ], Change(Action::NamespaceProtocols)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}/customMetadataIndexingSettings"], Change(Action::NamespaceIndexing)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}/replicationCollisionSettings"], Change(Action::NamespaceCollisions)),
    (Method::PUT, &["/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}/cors"], Change(Action::NamespaceCors)),
    (Method::DELETE, &["/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}/cors"], Change(Action::NamespaceCorsDelete)),
    (Method::PUT, &["/api/v1/mapi/tenants/{tenant_name}/namespaces/{namespace_name}/retentionClasses"], Change(Action::RetentionClassCreate)),
    (Method::POST, &["/api/v1/mapi/tenants/{tenant_name}/namespaces/{namespace_name}/retentionClasses/{retention_class_name}"], Change(Action::RetentionClassChange)),
    (Method::DELETE, &["/api/v1/mapi/tenants/{tenant_name}/namespaces/{namespace_name}/retentionClasses/{retention_class_name}"], Change(Action::RetentionClassDelete)),
];

/// A call of the table, with the names of its address.
#[derive(Debug)]
pub(super) struct Call {
    /// The route, as in the document.
    pub(super) route: &'static str,
    does: Does,
    names: Vec<(String, String)>,
    /// What its query asks to be done.
    pub(super) acts: Vec<&'static str>,
}

/// Where the files of workspaces begin.
const FILES: &str = "/{workspace}/files/";

/// What queries ask to be done.
const ACTS: [&str; 12] = [
    "suspend",
    "resume",
    "failOver",
    "failBack",
    "beginRecover",
    "completeRecovery",
    "restore",
    "pause",
    "retire",
    "force",
    "reestablishAllLinks",
    SHUT_DOWN,
];

/// The action whose value is its reason.
const SHUT_DOWN: &str = "shutDownAllLinks";

/// The method by which a call is looked up, if it may change something: functions do so by GET as well.
pub(super) fn acts_as<'m>(method: &'m Method, matched: &str) -> Option<&'m Method> {
    if !method.is_safe() {
        Some(method)
    } else if matched == CALL {
        Some(&Method::POST)
    } else {
        None
    }
}

/// Finds what a call is; none for one that only reads. `matched` is the router's own route.
pub(super) fn find(method: &Method, matched: &str, uri: &Uri) -> Option<Call> {
    let (route, mut names) = resolved(method, matched, uri.path());
    let (route, does) = line(method, &route)?;
    if matches!(does, Read) {
        return None;
    }
    let mut acts = Vec::new();
    for (name, value) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        // Whatever else a query has may be a secret.
        if ["key", "version_id", "dry_run", SHUT_DOWN].contains(&name.as_ref()) {
            names.push((name.clone().into_owned(), short(&value)));
        }
        let act = ACTS.into_iter().find(|act| *act == name);
        acts.extend(act.filter(|_| !["false", "0", "no", "off"].contains(&value.as_ref())));
    }
    Some(Call {
        route,
        does,
        names,
        acts,
    })
}

fn line(method: &Method, route: &str) -> Option<(&'static str, Does)> {
    TABLE.iter().filter(|row| row.0 == *method).find_map(|row| {
        let found = row.1.iter().find(|known| **known == route)?;
        Some((*found, row.2))
    })
}

/// The route as the document has it, and the names that stand in the path, decoded once.
fn resolved(method: &Method, matched: &str, path: &str) -> (String, Vec<(String, String)>) {
    let decoded = |text: &str| short(&percent_decode_str(text).decode_utf8_lossy());
    let mut names = Vec::new();
    let mut rest = path;
    for segment in matched.split('/') {
        let Some(name) = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) else {
            rest = rest.split_once('/').map_or("", |(_, rest)| rest);
            continue;
        };
        if name == "*rest" {
            let base = matched.trim_end_matches("{*rest}");
            let rest = decoded(rest);
            let (below, name, value) = below(method, base, &rest);
            names.extend(name.map(|name| (name.to_owned(), value.to_owned())));
            return (format!("{base}{below}"), names);
        }
        let (value, after) = rest.split_once('/').unwrap_or((rest, ""));
        names.push((name.to_owned(), decoded(value)));
        rest = after;
    }
    let function = names.iter().find(|(name, _)| name == "function");
    let route = match function {
        Some((_, function)) if matched == CALL => matched.replace("{function}", &snake(function)),
        // The addresses of older scripts.
        _ if matched.ends_with("-multipart-upload") => {
            matched.replace("{workspace}/", "{workspace}/files/")
        }
        _ => matched.to_owned(),
    };
    (route, names)
}

/// What stands behind the base of a family whose keys are the rest of the path: the route's end, and the name
/// in it.
fn below<'a>(
    method: &Method,
    base: &str,
    rest: &'a str,
) -> (&'static str, Option<&'static str>, &'a str) {
    let (key, task) = (Some("key"), Some("task_id"));
    if base == FILES {
        return match rest {
            "create-multipart-upload" if method == Method::POST => {
                ("create-multipart-upload", None, "")
            }
            "complete-multipart-upload" if method == Method::POST => {
                ("complete-multipart-upload", None, "")
            }
            path => ("{path}", key, path),
        };
    }
    if base.ends_with("/multipart/") {
        return match split_multipart(method, rest) {
            MultipartRoute::Upload(name) => ("{key}", key, name),
            MultipartRoute::Presign(name) => ("{key}/presign", key, name),
            MultipartRoute::Complete(name) => ("{key}/complete", key, name),
            MultipartRoute::Abort(name) => ("{key}/abort", key, name),
            MultipartRoute::Parts(name) => ("{key}/parts", key, name),
        };
    }
    match split_objects(method, rest) {
        ObjectRoute::Object(name) => ("{key}", key, name),
        ObjectRoute::Copy(name) => ("{key}/copy", key, name),
        ObjectRoute::Acl(name) => ("{key}/acl", key, name),
        ObjectRoute::Folder => ("folder", None, ""),
        ObjectRoute::Delete => ("delete", None, ""),
        ObjectRoute::Presign => ("presign", None, ""),
        ObjectRoute::Task(route) => match route {
            TaskRoute::StartStats => ("s3_stats", None, ""),
            TaskRoute::Stats(id) => ("s3_stats/{task_id}", task, id),
            TaskRoute::StartArchive => ("download", None, ""),
            TaskRoute::Archive(id) => ("download/{task_id}", task, id),
            TaskRoute::StartDeletion => ("delete-task", None, ""),
            TaskRoute::Deletion(id) => ("delete-task/{task_id}", task, id),
            TaskRoute::CancelDeletion(id) => ("delete-task/{task_id}/cancel", task, id),
            TaskRoute::StartCopy => ("copy-task", None, ""),
            TaskRoute::Copy(id) => ("copy-task/{task_id}", task, id),
            TaskRoute::CancelCopy(id) => ("copy-task/{task_id}/cancel", task, id),
        },
    }
}

impl Call {
    /// What it did; none where the body shows that it only read.
    pub(super) fn action(&self, said: &[(String, Said)]) -> Option<Action> {
        match self.does {
            Change(action) => Some(action),
            Unless(name, action) => {
                let by_body = said.iter().any(|(known, said)| {
                    known == name
                        && match said {
                            Said::Flag(flag) => *flag,
                            Said::Text(text) => !text.is_empty(),
                            Said::Texts(..) | Said::Other => false,
                        }
                });
                let by_query = self.name(name).is_some_and(|value| value == "true");
                (!by_body && !by_query).then_some(action)
            }
            Work(action) => {
                let reads = said.iter().any(|(known, said)| match said {
                    Said::Flag(plan) => *plan && known == "plan",
                    Said::Text(kind) => {
                        let reads = JobKind::ALL.into_iter().filter(|kind| kind.only_reads());
                        known == "kind" && reads.map(JobKind::as_str).any(|word| word == kind)
                    }
                    Said::Texts(..) | Said::Other => false,
                });
                (!reads).then_some(action)
            }
            Only(name, word, action) => said
                .iter()
                .any(|(known, said)| known == name && *said == Said::Text(word.to_owned()))
                .then_some(action),
            Read => None,
        }
    }

    fn name(&self, name: &str) -> Option<String> {
        let found = self.names.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.clone())
            .filter(|v| !v.is_empty())
    }

    /// Why it was asked for, where the call has to say it.
    pub(super) fn reason(&self) -> Option<String> {
        self.name(SHUT_DOWN)
    }

    /// The job of the path.
    pub(super) fn job(&self) -> Option<String> {
        self.name("job_id").or_else(|| self.name("task_id"))
    }

    /// Whether names of fields say something: signing in and out has no others than one knows.
    #[expect(clippy::unused_self, reason = "asked of the call")]
    pub(super) fn has_fields(&self, action: Action) -> bool {
        !matches!(
            action,
            Action::SignIn | Action::SignOut | Action::OwnPassword
        )
    }

    /// Whether it is about a tenant as such.
    pub(super) fn is_about_tenant(&self) -> bool {
        self.route.ends_with("/tenants")
            || self
                .route
                .rsplit_once("/{tenant_name}")
                .is_some_and(|(_, below)| !below.contains('{'))
    }

    /// What it was about, by its address and by what its body names.
    pub(super) fn target(&self, action: Action, said: &[(String, Said)]) -> AuditTarget {
        let mut target = AuditTarget {
            tenant: self.name("tenant_name"),
            namespace: self.name("ns_name").or_else(|| self.name("namespace_name")),
            bucket: self
                .name("bucket")
                .or_else(|| self.name("workspace").filter(|name| name != "public")),
            key: self.name("key"),
            version: self.name("version_id"),
            more: None,
            user: self.name("username"),
            group: self.name("group_name"),
            class: self
                .name("content_class_name")
                .or_else(|| self.name("retention_class_name")),
            link: self
                .name("link_name")
                .or_else(|| self.name("topology_name")),
        };
        let mut keys = u64::from(target.key.is_some());
        for (name, said) in said {
            let (first, count) = match said {
                Said::Text(text) if !text.is_empty() => (text, 1),
                Said::Texts(first, count) => (first, *count),
                _ => continue,
            };
            let slot = match (name.as_str(), action) {
                ("bucket" | "buckets", _) => &mut target.bucket,
                (
                    "key" | "keys" | "prefix" | "prefixes" | "source_prefix" | "folder_name"
                    | "file_path" | "path",
                    _,
                ) => {
                    keys += count;
                    &mut target.key
                }
                ("name", Action::TenantCreate) => &mut target.tenant,
                ("name", Action::NamespaceCreate) => &mut target.namespace,
                ("name", Action::ContentClassCreate | Action::RetentionClassCreate) => {
                    &mut target.class
                }
                ("name", Action::ReplicationLinkCreate | Action::TopologyCreate) => {
                    &mut target.link
                }
                ("username", Action::UserCreate) => &mut target.user,
                ("groupname", Action::GroupCreate) => &mut target.group,
                _ => continue,
            };
            slot.get_or_insert_with(|| first.clone());
            if name == "buckets" {
                keys = count;
            }
        }
        target.more = keys.checked_sub(1).filter(|more| *more > 0);
        target
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_changing_route_of_the_api_is_in_the_table_and_nothing_else() {
        let mut known = BTreeSet::new();
        for (method, routes, _) in TABLE {
            for route in *routes {
                assert!(
                    known.insert(format!("{method} {route}")),
                    "twice: {method} {route}"
                );
            }
        }
        let document: serde_json::Value = serde_json::from_str(crate::openapi::json()).unwrap();
        let mut served = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys() {
                let method = method.to_uppercase();
                if (path.starts_with("/api/") || path.starts_with("/{workspace}/"))
                    && ["POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str())
                {
                    served.insert(format!("{method} {path}"));
                }
            }
        }
        assert!(served.len() > 80, "{}", served.len());
        let missing: Vec<_> = served.difference(&known).collect();
        assert!(
            missing.is_empty(),
            "neither recorded nor named as reading: {missing:?}"
        );
        let stale: Vec<_> = known.difference(&served).collect();
        assert!(stale.is_empty(), "no such route: {stale:?}");
    }

    #[test]
    fn every_action_is_done_by_some_route() {
        let done: BTreeSet<_> = TABLE
            .iter()
            .filter_map(|row| match row.2 {
                Change(action) | Unless(_, action) | Work(action) | Only(_, _, action) => {
                    Some(action.as_str())
                }
                Read => None,
            })
            .collect();
        let mut all: BTreeSet<_> = Action::ALL.iter().map(|action| action.as_str()).collect();
        // Visitors come by no route of the API: `service::links` records what they do.
        assert!(all.remove(Action::LinkUse.as_str()));
        // Nobody calls for it: `service::expiry` does it in the background.
        assert!(all.remove(Action::ObjectExpire.as_str()));
        assert_eq!(done, all);
    }

    fn at(method: Method, matched: &str, uri: &str) -> Option<Call> {
        find(&method, matched, &uri.parse().unwrap())
    }

    #[test]
    fn keys_of_the_path_are_found_as_the_routes_find_them() {
        let family = "/api/v1/buckets/{bucket}/objects/{*rest}";
        let base = "/api/v1/buckets/b-1/objects/";
        let target = |method: Method, rest: &str| {
            let call = at(method, family, &format!("{base}{rest}")).unwrap();
            let target = call.target(Action::ObjectStore, &[]);
            (
                call.route,
                target.bucket.unwrap(),
                target.key.unwrap_or_default(),
            )
        };
        let bucket = || "b-1".to_owned();
        assert_eq!(
            target(Method::PUT, "a%20b/%C3%A5"),
            (
                "/api/v1/buckets/{bucket}/objects/{key}",
                bucket(),
                "a b/å".to_owned()
            )
        );
        assert_eq!(
            target(Method::POST, "a//b/copy"),
            (
                "/api/v1/buckets/{bucket}/objects/{key}/copy",
                bucket(),
                "a//b".to_owned()
            )
        );
        assert_eq!(
            target(Method::POST, "folder"),
            (
                "/api/v1/buckets/{bucket}/objects/folder",
                bucket(),
                String::new()
            )
        );
        let by_query = at(
            Method::DELETE,
            "/api/v1/buckets/{bucket}/object",
            "/api/v1/buckets/b-1/object?key=a%2Fb&version_id=7&token=hunter2",
        );
        let call = by_query.unwrap();
        assert!(!format!("{call:?}").contains("hunter2"));
        let target = call.target(Action::ObjectDelete, &[]);
        assert_eq!(
            (target.text().as_str(), target.version.as_deref()),
            ("b-1/a/b", Some("7"))
        );
    }

    #[test]
    fn an_action_of_a_query_is_named_with_its_link_and_its_reason() {
        let link = "/api/v1/mapi/services/replication/links/{link_name}";
        let path = "/api/v1/mapi/services/replication/links/east%20west";
        let call = at(
            Method::POST,
            link,
            &format!("{path}?suspend=false&failOver=true"),
        );
        let call = call.unwrap();
        assert_eq!(call.acts, ["failOver"]);
        assert_eq!(call.reason(), None);
        let target = call.target(Action::ReplicationLinkChange, &[]);
        assert_eq!(target.link.as_deref(), Some("east west"));
        let service = "/api/v1/mapi/services/replication";
        let call = at(
            Method::POST,
            service,
            &format!("{service}?shutDownAllLinks=a%20move"),
        );
        let call = call.unwrap();
        assert_eq!(call.acts, ["shutDownAllLinks"]);
        assert_eq!(call.reason().as_deref(), Some("a move"));
    }

    #[test]
    fn what_only_reads_is_told_by_its_body() {
        let said = |name: &str, said: Said| vec![(name.to_owned(), said)];
        let text = |text: &str| Said::Text(text.to_owned());
        let jobs = at(Method::POST, "/api/v1/jobs", "/api/v1/jobs").unwrap();
        assert_eq!(jobs.action(&said("plan", Said::Flag(true))), None);
        assert_eq!(
            jobs.action(&said("plan", Said::Flag(false))),
            Some(Action::JobStart)
        );
        assert_eq!(jobs.action(&[]), Some(Action::JobStart));
        assert_eq!(jobs.action(&said("kind", text("search"))), None);
        let delete = jobs.action(&said("kind", text("delete")));
        assert_eq!(delete, Some(Action::JobStart));
        let presign = at(Method::POST, "/api/v1/presign", "/api/v1/presign").unwrap();
        assert_eq!(presign.action(&[]), None);
        assert_eq!(presign.action(&said("method", text("get_object"))), None);
        let put = presign.action(&said("method", text("put_object")));
        assert_eq!(put, Some(Action::ObjectPresign));
        let import = "/api/v1/mapi/tenants/{tenant_name}/namespaces/import";
        let dry = at(
            Method::POST,
            import,
            "/api/v1/mapi/tenants/t/namespaces/import?dry_run=true",
        );
        assert_eq!(dry.unwrap().action(&[]), None);
        assert!(at(Method::PUT, "/api/v1/preferences", "/api/v1/preferences").is_none());
    }

    #[test]
    fn a_body_names_what_the_path_does_not() {
        let call = at(Method::POST, "/api/v1/jobs", "/api/v1/jobs").unwrap();
        let said = [
            ("bucket".to_owned(), Said::Text("b-1".to_owned())),
            ("keys".to_owned(), Said::Texts("a".to_owned(), 3)),
            ("prefixes".to_owned(), Said::Texts("c/".to_owned(), 2)),
        ];
        let target = call.target(Action::JobStart, &said);
        assert_eq!((target.text().as_str(), target.more), ("b-1/a", Some(4)));
        let create = "/api/v1/mapi/tenants/{tenant_name}/userAccounts";
        let call = at(Method::PUT, create, "/api/v1/mapi/tenants/t/userAccounts").unwrap();
        let said = [("username".to_owned(), Said::Text("ops".to_owned()))];
        let target = call.target(Action::UserCreate, &said);
        assert_eq!(target.text(), "ops");
        assert!(!call.is_about_tenant() || target.user.is_some());
    }
}
