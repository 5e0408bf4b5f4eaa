//! What a `Host` header says: the system, a tenant, or nothing.

use http::{HeaderMap, Uri, header::HOST};

/// Whose accounts a host speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// `admin.{domain}`: the system level.
    System,
    /// `{tenant}.{domain}`, also with a bucket in front.
    Tenant(String),
    /// Any other host; the credentials decide.
    Any,
}

/// A host, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host {
    pub(crate) scope: Scope,
    /// The bucket of `{bucket}.{tenant}.{domain}`.
    pub(crate) bucket: Option<String>,
}

impl Host {
    /// Takes `host` (a port may follow) apart. Host names are case-insensitive.
    pub(crate) fn parse(host: &str, domain: &str) -> Self {
        let nothing = Self {
            scope: Scope::Any,
            bucket: None,
        };
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        };
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let labels = name
            .strip_suffix(&domain.to_ascii_lowercase())
            .and_then(|rest| rest.strip_suffix('.'))
            .unwrap_or_default();
        let (bucket, tenant) = match labels.rsplit_once('.') {
            Some((bucket, tenant)) => (Some(bucket.to_owned()), tenant),
            None => (None, labels),
        };
        if tenant.is_empty() {
            return nothing;
        }
        if tenant == "admin" {
            return Self {
                scope: Scope::System,
                bucket: None,
            };
        }
        Self {
            scope: Scope::Tenant(tenant.to_owned()),
            bucket,
        }
    }

    /// Takes the host of a request apart: its `Host` header, or the authority of HTTP/2.
    pub(crate) fn of(headers: &HeaderMap, uri: &Uri, domain: &str) -> Self {
        let header = headers.get(HOST).and_then(|host| host.to_str().ok());
        let host = header.or_else(|| uri.authority().map(http::uri::Authority::as_str));
        Self::parse(host.unwrap_or_default(), domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(host: &str) -> Scope {
        Host::parse(host, "localhost").scope
    }

    #[test]
    fn the_first_label_before_the_domain_decides() {
        assert_eq!(scope("demo.localhost:9000"), Scope::Tenant("demo".into()));
        assert_eq!(scope("Demo.LOCALHOST"), Scope::Tenant("demo".into()));
        assert_eq!(scope("admin.localhost:9090"), Scope::System);
        for host in [
            "localhost:9000",
            "127.0.0.1:9000",
            "[::1]:9000",
            "",
            "notlocalhost",
            ".localhost",
            "demo..localhost",
        ] {
            assert_eq!(scope(host), Scope::Any, "{host}");
        }
    }

    #[test]
    fn a_bucket_may_stand_before_the_tenant() {
        let host = Host::parse("scans.demo.localhost:9000", "localhost");
        assert_eq!(host.scope, Scope::Tenant("demo".into()));
        assert_eq!(host.bucket.as_deref(), Some("scans"));
    }
}
