//! Templates: the settings of namespaces as one document, and what applying it to a tenant would change.
//!
//! The values are HCP's own. Nothing secret is in a template, and nothing that is one namespace's alone:
//! ids, times, statistics.

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::{
    CifsProtocol, ComplianceSettings, CustomMetadataIndexingSettings, HttpProtocol, Namespace,
    NfsProtocol, PermissionMask, ReplicationCollisionSettings, RetentionClass, SmtpProtocol,
    VersioningSettings,
    calls::Shape,
    rules::{namespace_name, retention_class_name},
};
use crate::{
    Timestamp,
    endpoint::{Endpoint, encode, query},
};

mod difference;
mod document;
#[cfg(test)]
mod tests;

pub use difference::{Change, Difference, Setting, Write, creation, difference};
pub use document::{Refusal, read};

/// The version of the documents that are written, and the one that is read.
pub const VERSION: &str = "1.0";

/// The most namespaces of one document.
pub const MAX_NAMESPACES: usize = 500;

/// One namespace of a template: HCP's properties, with the parts below names of their own.
pub type NamespaceTemplate = Map<String, Json>;

/// Settings of namespaces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Template {
    /// The version of the form: `1.0`.
    pub version: String,
    /// When it was made.
    pub exported_at: Timestamp,
    /// Whose namespaces they were.
    pub source_tenant: String,
    /// The namespaces.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub namespaces: Vec<NamespaceTemplate>,
    /// What could not be read, and is not in it.
    #[serde(default)]
    pub warnings: Vec<Warning>,
    /// Of a single namespace, its properties again.
    #[serde(flatten)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub single: Map<String, Json>,
}

/// A part of a namespace that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Warning {
    /// The namespace.
    pub namespace: String,
    /// The part, such as `protocols.nfs`.
    pub part: String,
    /// Why.
    pub detail: String,
}

/// What a template has beside the namespace's own properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = TemplatePart))]
pub enum Part {
    /// The namespace's own properties.
    Namespace,
    /// How versions are kept.
    Versioning,
    /// How retention is kept.
    Compliance,
    /// What is possible at most.
    Permissions,
    /// HTTP.
    Http,
    /// CIFS.
    Cifs,
    /// NFS.
    Nfs,
    /// SMTP.
    Smtp,
    /// A retention class.
    RetentionClasses,
    /// What is indexed.
    Indexing,
    /// The CORS document.
    Cors,
    /// What becomes of replication collisions.
    ReplicationCollision,
}

impl Part {
    /// Each that is one resource of HCP, in the order in which they are applied.
    pub const SINGLE: [Self; 10] = [
        Self::Versioning,
        Self::Compliance,
        Self::Permissions,
        Self::Http,
        Self::Cifs,
        Self::Nfs,
        Self::Smtp,
        Self::Indexing,
        Self::Cors,
        Self::ReplicationCollision,
    ];

    /// Where it is in a template.
    pub fn path(self) -> &'static str {
        match self {
            Self::Namespace => "",
            Self::Versioning => "versioning",
            Self::Compliance => "compliance",
            Self::Permissions => "permissions",
            Self::Http => "protocols.http",
            Self::Cifs => "protocols.cifs",
            Self::Nfs => "protocols.nfs",
            Self::Smtp => "protocols.smtp",
            Self::RetentionClasses => "retentionClasses",
            Self::Indexing => "indexing",
            Self::Cors => "cors",
            Self::ReplicationCollision => "replicationCollision",
        }
    }

    /// The names of the operations that read and write it.
    pub fn operations(self) -> (&'static str, &'static str) {
        match self {
            Self::Namespace => ("get_namespace", "modify_namespace"),
            Self::Versioning => ("get_versioning_settings", "modify_versioning_settings"),
            Self::Compliance => ("get_compliance_settings", "modify_compliance_settings"),
            Self::Permissions => ("get_namespace_permissions", "set_namespace_permissions"),
            Self::Http => ("get_http_protocol", "modify_http_protocol"),
            Self::Cifs => ("get_cifs_protocol", "modify_cifs_protocol"),
            Self::Nfs => ("get_nfs_protocol", "modify_nfs_protocol"),
            Self::Smtp => ("get_smtp_protocol", "modify_smtp_protocol"),
            Self::RetentionClasses => ("get_retention_class", "modify_retention_class"),
            Self::Indexing => (
                "get_custom_metadata_indexing",
                "modify_custom_metadata_indexing",
            ),
            Self::Cors => ("get_namespace_cors", "set_namespace_cors"),
            Self::ReplicationCollision => {
                ("get_replication_collision", "modify_replication_collision")
            }
        }
    }

    /// What HCP's resource has; a CORS document is one text.
    fn shape(self) -> Option<Shape> {
        Some(match self {
            Self::Namespace => Shape::of::<Namespace>(),
            Self::Versioning => Shape::of::<VersioningSettings>(),
            Self::Compliance => Shape::of::<ComplianceSettings>(),
            Self::Permissions => Shape::of::<PermissionMask>(),
            Self::Http => Shape::of::<HttpProtocol>(),
            Self::Cifs => Shape::of::<CifsProtocol>(),
            Self::Nfs => Shape::of::<NfsProtocol>(),
            Self::Smtp => Shape::of::<SmtpProtocol>(),
            Self::RetentionClasses => Shape::of::<RetentionClass>(),
            Self::Indexing => Shape::of::<CustomMetadataIndexingSettings>(),
            Self::Cors => return None,
            Self::ReplicationCollision => Shape::of::<ReplicationCollisionSettings>(),
        })
    }

    /// What a template has of it.
    pub fn of(self, namespace: &NamespaceTemplate) -> Option<&Json> {
        let found = match self {
            Self::Namespace | Self::RetentionClasses => None,
            Self::Http | Self::Cifs | Self::Nfs | Self::Smtp => {
                let name = self.path().trim_start_matches("protocols.");
                namespace.get("protocols")?.get(name)
            }
            _ => namespace.get(self.path()),
        };
        found.filter(|json| !json.is_null())
    }

    /// Puts it into a template.
    pub fn put(self, namespace: &mut NamespaceTemplate, json: Json) {
        if let Some(name) = self.path().strip_prefix("protocols.") {
            let protocols = namespace
                .entry("protocols")
                .or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(protocols) = protocols {
                protocols.insert(name.to_owned(), json);
            }
        } else {
            namespace.insert(self.path().to_owned(), json);
        }
    }
}

/// Takes out what no template has: what is empty, what is secret, and of a namespace what is its own.
pub fn clean(part: Part, json: Json) -> Option<Json> {
    match json {
        Json::Object(properties) => {
            let kept: Map<_, _> = properties
                .into_iter()
                .filter(|(name, value)| !value.is_null() && !is_secret(name))
                .filter(|(name, _)| part != Part::Namespace || !OWN.contains(&name.as_str()))
                .collect();
            (!kept.is_empty()).then_some(Json::Object(kept))
        }
        Json::Null => None,
        other => Some(other),
    }
}

/// Names of passwords and the like, now and in versions of HCP to come.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("password") || name.contains("secret")
}

/// What is one namespace's alone.
pub(crate) const OWN: [&str; 12] = [
    "id",
    "name",
    "creationTime",
    "fullyQualifiedName",
    "nameIDNA",
    "dpl",
    "effectiveDpl",
    "isDplDynamic",
    "mqeIndexingTimestamp",
    "replicationTimestamp",
    "statistics",
    "chargebackReport",
];

/// `GET …/namespaces/{ns_name}/export`: the settings of one namespace.
#[derive(Clone, Debug)]
pub struct ExportNamespace {
    /// The tenant.
    pub tenant_name: String,
    /// The namespace.
    pub ns_name: String,
}

impl Endpoint for ExportNamespace {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/mapi/tenants/{tenant_name}/namespaces/{ns_name}/export";
    type Body = ();
    type Response = Template;

    fn path(&self) -> String {
        let (tenant, name) = (encode(&self.tenant_name), encode(&self.ns_name));
        format!("/api/v1/mapi/tenants/{tenant}/namespaces/{name}/export")
    }
}

/// `GET …/namespaces/export?names=`: the settings of several.
#[derive(Clone, Debug)]
pub struct ExportNamespaces {
    /// The tenant.
    pub tenant_name: String,
    /// The namespaces.
    pub names: Vec<String>,
}

impl Endpoint for ExportNamespaces {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/mapi/tenants/{tenant_name}/namespaces/export";
    type Body = ();
    type Response = Template;

    fn path(&self) -> String {
        let tenant = encode(&self.tenant_name);
        let names = query(&[("names", Some(self.names.join(",")))]);
        format!("/api/v1/mapi/tenants/{tenant}/namespaces/export{names}")
    }
}

/// `POST …/namespaces/import`: makes namespaces after a template, or shows what that would change.
#[derive(Clone, Debug)]
pub struct ImportNamespaces {
    /// The tenant.
    pub tenant_name: String,
    /// The template and what is to become of it.
    pub import: Import,
}

impl Endpoint for ImportNamespaces {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/mapi/tenants/{tenant_name}/namespaces/import";
    type Body = Import;
    type Response = ImportReport;

    fn path(&self) -> String {
        let tenant = encode(&self.tenant_name);
        format!("/api/v1/mapi/tenants/{tenant}/namespaces/import")
    }

    fn body(&self) -> Option<&Import> {
        Some(&self.import)
    }
}

/// The body of [`ImportNamespaces`]. A template alone is one too, with all else as it is by default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Import {
    /// A template: what an export answered, a list of namespaces, or one namespace.
    #[cfg_attr(feature = "openapi", schema(value_type = serde_json::Value))]
    pub template: Json,
    /// Whether to tell only what would change.
    #[serde(default)]
    pub dry_run: bool,
    /// New names, by the names in the template.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
    /// What becomes of namespaces that are there already.
    #[serde(default)]
    pub existing: Existing,
}

/// What becomes of namespaces that are there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Existing {
    /// They are left alone.
    Skip,
    /// They are changed to what the template says.
    Update,
    /// They are left alone, and count as failures.
    #[default]
    Fail,
}

/// What an import did, or would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// Whether nothing was changed because that was not wanted.
    pub dry_run: bool,
    /// How many namespaces came to which end.
    pub summary: BTreeMap<Outcome, usize>,
    /// Each namespace, in the template's order.
    pub namespaces: Vec<NamespaceReport>,
}

/// How it ended with a namespace, or would.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Outcome {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// It is as the template says.
    Same,
    /// It was left alone.
    Skipped,
    /// Some steps failed.
    Partial,
    /// Nothing of it was done.
    Failed,
}

/// What an import did, or would do, with one namespace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamespaceReport {
    /// Its name in the template.
    pub source: String,
    /// Its name in the tenant.
    pub name: String,
    /// Whether it was there before.
    pub exists: bool,
    /// How it ended, or would.
    pub outcome: Outcome,
    /// Why nothing was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Each setting of the template, held against what was there.
    pub settings: Vec<Setting>,
    /// What was done, in order. Of a dry run it is what would be.
    pub steps: Vec<Step>,
}

/// One call of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    /// What it is about: `create`, `s3`, `namespace`, or a part such as `protocols.nfs`.
    pub step: String,
    /// Which of several, such as a retention class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How it went.
    pub result: StepResult,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StepResult {
    /// It would be done.
    Planned,
    /// It was done.
    Done,
    /// HCP refused it.
    Failed,
    /// It was not tried, or does not matter.
    Skipped,
}
