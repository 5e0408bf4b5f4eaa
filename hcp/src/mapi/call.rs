//! A call of the management API, checked and ready to be sent.

use std::fmt;

use http::Method;
use model::{
    endpoint::encode,
    mapi::calls::{Operation, check_segment},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value as Json};

use crate::{Error, ErrorKind, Missing, Resource};

/// An operation with the names, the parameters and the body of one call.
#[derive(Clone)]
pub struct Call {
    operation: &'static Operation,
    method: Method,
    path: String,
    resource: Resource,
    query: Vec<(&'static str, String)>,
    secrets: Vec<(&'static str, SecretString)>,
    body: Option<Json>,
}

impl Call {
    /// A call about the things of these names, in the order of the path. A name that would lead to
    /// another path is refused.
    pub fn new(operation: &'static Operation, names: &[&str]) -> Result<Self, Error> {
        let resource = resource(operation, names);
        let refused = |text: String| {
            Err(Error::new(ErrorKind::InvalidArgument, resource.clone()).caused_by(text))
        };
        if operation.segments().count() != names.len() {
            return refused(format!("{}: another number of names", operation.id));
        }
        for (parameter, name) in operation.segments().zip(names) {
            if let Err(rule) = check_segment(parameter, name) {
                return refused(format!("{parameter} {rule}"));
            }
        }
        let mut names = names.iter();
        let each = operation.below().split('/').map(|segment| {
            if segment.starts_with('{') {
                names.next().map_or_else(String::new, |name| encode(name))
            } else {
                segment.to_owned()
            }
        });
        let path = each.collect::<Vec<_>>().join("/");
        Ok(Self {
            operation,
            method: operation.method.clone(),
            path: format!("/mapi{path}"),
            resource,
            query: Vec::new(),
            secrets: Vec::new(),
            body: None,
        })
    }

    /// With a parameter, by HCP's name.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// To another path below `/mapi` than ours has.
    #[must_use]
    pub fn to(mut self, below: &'static str) -> Self {
        self.path = format!("/mapi{below}");
        self
    }

    /// With an action: a parameter without a value.
    #[must_use]
    pub fn acting(self, name: &'static str) -> Self {
        self.with(name, "")
    }

    /// With a password in the query, where HCP takes it nowhere else.
    #[must_use]
    pub fn with_secret(mut self, name: &'static str, value: SecretString) -> Self {
        self.secrets.push((name, value));
        self
    }

    /// With a body, in HCP's form.
    #[must_use]
    pub fn with_body(mut self, body: Map<String, Json>) -> Self {
        self.body = Some(Json::Object(body));
        self
    }

    /// The operation.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path on HCP, percent-encoded: `/mapi/tenants/acme`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The parameters that are no secrets.
    pub fn query(&self) -> &[(&'static str, String)] {
        &self.query
    }

    /// What the call is about.
    pub fn resource(&self) -> &Resource {
        &self.resource
    }

    pub(super) fn body(&self) -> Option<&Json> {
        self.body.as_ref()
    }

    /// Path and query as they are sent, passwords included.
    pub(super) fn target(&self) -> SecretString {
        let plain = self.query.iter().map(|(n, v)| (*n, v.as_str()));
        let secret = self.secrets.iter().map(|(n, v)| (*n, v.expose_secret()));
        let pairs: Vec<String> = plain
            .chain(secret)
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        if pairs.is_empty() {
            self.path.clone().into()
        } else {
            format!("{}?{}", self.path, pairs.join("&")).into()
        }
    }

    /// What HCP said, without the passwords that it may have repeated.
    pub(super) fn without_secrets(&self, text: &str) -> String {
        let in_body = self.body.iter().flat_map(|body| {
            ["newPassword", "oldPassword", "webdavBasicAuthPassword"]
                .into_iter()
                .filter_map(|name| body.get(name)?.as_str())
        });
        let in_query = self.secrets.iter().map(|(_, v)| v.expose_secret());
        in_query
            .chain(in_body)
            .filter(|secret| !secret.is_empty())
            .fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// What a call is about: the last thing that its path names, or the kind of things that it lists or
/// makes (the texts are those of the contract).
fn resource(operation: &Operation, names: &[&str]) -> Resource {
    let managed = |text: String, what| Resource::Managed { text, what };
    let last = operation.last_segment();
    let system = !operation.below().starts_with("/tenants");
    let kind = match operation.below().rsplit('/').next().unwrap_or_default() {
        // Collections are listed by GET and added to by PUT.
        "tenants" => Some(("tenants", "tenant", Missing::Tenant)),
        "namespaces" => Some(("namespaces", "namespace", Missing::Tenant)),
        "userAccounts" if system => Some(("system users", "system user", Missing::Account)),
        "userAccounts" => Some(("users", "user account", Missing::Tenant)),
        "groupAccounts" if system => Some(("system groups", "system group", Missing::Group)),
        "groupAccounts" => Some(("groups", "group account", Missing::Tenant)),
        "contentClasses" => Some(("content classes", "content class", Missing::Tenant)),
        "retentionClasses" => Some(("retention classes", "retention class", Missing::Namespace)),
        "availableServicePlans" => Some(("service plans", "service plan", Missing::Tenant)),
        "links" => Some(("replication links", "replication link", Missing::Setting)),
        "ecTopologies" => Some(("topologies", "topology", Missing::Setting)),
        "licenses" => Some(("licences", "licence", Missing::Setting)),
        "network" => Some(("network settings", "network settings", Missing::Setting)),
        "replication" => Some((
            "replication service",
            "replication service",
            Missing::Setting,
        )),
        "statistics" if last.is_none() => Some(("statistics", "statistics", Missing::Setting)),
        "linkCandidates" => Some(("link candidates", "link candidates", Missing::Setting)),
        "certificates" => Some(("certificates", "certificate", Missing::Setting)),
        "server" => Some((
            "certificate of the system",
            "certificate of the system",
            Missing::Certificate,
        )),
        _ if operation.below().starts_with("/logs") => Some(("logs", "logs", Missing::Setting)),
        _ if operation.below().starts_with("/healthCheckReport") => {
            Some(("health report", "health report", Missing::Setting))
        }
        "supportaccesscredentials" => Some(("support key", "support key", Missing::Setting)),
        _ => None,
    };
    if let Some((many, one, what)) = kind {
        let text = if operation.method == Method::PUT {
            one
        } else {
            many
        };
        return managed(text.to_owned(), what);
    }
    let name = names.last().copied().unwrap_or_default();
    let (word, what) = match last {
        Some("tenant_name") => ("tenant", Missing::Tenant),
        Some("ns_name" | "namespace_name") => ("namespace", Missing::Namespace),
        Some("username") if system => ("system user", Missing::Account),
        Some("username") => ("user", Missing::Account),
        Some("group_name") if system => ("system group", Missing::Group),
        Some("group_name") => ("group", Missing::Group),
        Some("content_class_name") => ("content class", Missing::ContentClass),
        Some("retention_class_name") => ("retention class", Missing::RetentionClass),
        Some("plan_name") => ("service plan", Missing::ServicePlan),
        Some("protocol_name") => ("protocol", Missing::Protocol),
        Some("link_name") => ("replication link", Missing::ReplicationLink),
        Some("topology_name") => ("topology", Missing::Topology),
        Some("serial_number") => ("licence", Missing::License),
        Some("certificate_id") => ("certificate", Missing::Certificate),
        Some("dir_name") => ("directory", Missing::Setting),
        Some("chained_link_name") => ("chained link", Missing::ReplicationLink),
        _ => ("resource", Missing::Setting),
    };
    if operation.below().ends_with("/cors") {
        // HCP answers 404 both where there is no document and where there is nothing to have one.
        return managed(format!("CORS of {word} '{name}'"), Missing::Setting);
    }
    managed(format!("{word} '{name}'"), what)
}

#[cfg(test)]
mod tests {
    use model::mapi::calls::operations;

    use super::*;

    fn operation(id: &str) -> &'static Operation {
        operations().find(|one| one.id == id).unwrap()
    }

    #[test]
    fn names_and_parameters_are_encoded() {
        let call = Call::new(operation("get_group"), &["acme", "a b?#%2f@ad"])
            .unwrap()
            .with("verbose", "true");
        assert_eq!(
            call.path(),
            "/mapi/tenants/acme/groupAccounts/a%20b%3F%23%252f%40ad"
        );
        let call = Call::new(operation("get_tenant_chargeback"), &["acme"])
            .unwrap()
            .with("start", "2026-01-01T00:00:00+0100");
        let target = call.target();
        assert_eq!(
            target.expose_secret(),
            "/mapi/tenants/acme/chargebackReport?start=2026-01-01T00%3A00%3A00%2B0100"
        );
    }

    #[test]
    fn names_that_lead_elsewhere_make_no_call() {
        let bad = [
            &["acme", ".."][..],
            &["acme", "."],
            &["acme", ""],
            &["acme", "a/b"],
            &["acme", "a\nb"],
            &["a.b", "archive"],
            &["acme"],
            &["acme", "archive", "more"],
        ];
        for names in bad {
            let error = Call::new(operation("delete_namespace"), names).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{names:?}");
        }
    }

    #[test]
    fn a_call_says_what_it_is_about() {
        let about = |id: &str, names: &[&str]| {
            Call::new(operation(id), names)
                .unwrap()
                .resource()
                .to_string()
        };
        assert_eq!(about("list_tenants", &[]), "tenants");
        assert_eq!(about("create_tenant", &[]), "tenant");
        assert_eq!(about("get_contact_info", &["acme"]), "tenant 'acme'");
        assert_eq!(about("list_namespaces", &["acme"]), "namespaces");
        assert_eq!(about("create_namespace", &["acme"]), "namespace");
        assert_eq!(about("get_http_protocol", &["acme", "a"]), "namespace 'a'");
        assert_eq!(about("create_user", &["acme"]), "user account");
        assert_eq!(about("get_data_access_of_user", &["acme", "u"]), "user 'u'");
        assert_eq!(about("create_group", &["acme"]), "group account");
        assert_eq!(about("get_system_user", &["u"]), "system user 'u'");
        assert_eq!(about("get_system_group", &["g"]), "system group 'g'");
    }

    #[test]
    fn passwords_are_sent_and_never_shown() {
        let call = Call::new(operation("create_user"), &["acme"])
            .unwrap()
            .with_secret("password", "hunter 2".to_owned().into());
        let target = call.target();
        assert!(target.expose_secret().ends_with("?password=hunter%202"));
        assert!(!format!("{call:?}{target:?}").contains("hunter"));
        assert_eq!(
            call.without_secrets("hunter 2 is too common"),
            "… is too common"
        );
    }
}
