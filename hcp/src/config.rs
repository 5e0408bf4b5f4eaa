//! Where a store is and how it is spoken to.

use std::{fmt, net::SocketAddr, time::Duration};

use model::{
    BucketName, TenantName,
    query::{Cannot, Expression},
    session::Backend,
};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use url::Url;

use crate::{Error, ErrorKind, Resource};

/// A store: its addresses and its habits.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// The kind of store.
    pub backend: Backend,
    /// Where S3 is spoken.
    pub s3: S3Endpoint,
    /// Whether the access key is `base64("tenant/user")` rather than `base64("user")`: the local HCP
    /// serves all tenants at one address, where a bare user name could mean several accounts.
    pub tenant_in_key: bool,
    /// In which language metadata queries are asked.
    pub queries: QueryLanguage,
    /// Where the management API is, on an HCP.
    pub management: Option<ManagementEndpoint>,
    /// The region in signatures. HCP accepts any.
    pub region: String,
    /// Whether the bucket is part of the host name. An HCP is always addressed by path.
    pub virtual_host_style: bool,
    /// How accounts prove who they are.
    pub auth: AuthType,
    /// Whether the store's certificate is checked.
    pub verify_tls: bool,
    /// Certificates that are trusted beside the system's.
    pub roots: Roots,
    /// The limit of a management call and of an S3 call without a body. For a body it is how long
    /// nothing may move; a transfer that makes progress is never cut.
    pub timeout: Duration,
    /// The limit for making a connection.
    pub connect_timeout: Duration,
}

/// Certificates of authorities that the system does not know.
#[derive(Clone, Default)]
pub struct Roots(pub(crate) Vec<CertificateDer<'static>>);

impl Roots {
    /// Reads all certificates of a PEM file; what else is in it is passed over.
    ///
    /// # Errors
    /// In words, where it is no PEM, or holds no certificate.
    pub fn from_pem(pem: &[u8]) -> Result<Self, &'static str> {
        let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        match found {
            Ok(roots) if roots.is_empty() => Err("holds no certificate in PEM form"),
            Ok(roots) => Ok(Self(roots)),
            Err(_unreadable) => Err("holds a certificate that cannot be read"),
        }
    }
}

impl Roots {
    /// Whether the operator named none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} certificates", self.0.len())
    }
}

/// Where S3 is spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum S3Endpoint {
    /// At one address for everybody.
    Fixed(Url),
    /// At `{scheme}://{tenant}.{domain}[:{port}]`, as on a real HCP.
    PerTenant {
        /// `https` or `http`.
        scheme: String,
        /// The HCP's domain.
        domain: String,
        /// The port, where it is not the scheme's own.
        port: Option<u16>,
    },
}

/// Where the management API is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagementEndpoint {
    /// A fixed address that is spoken to in plain HTTP, with the `Host` that a name would have given
    /// (the local HCP). Absent: HTTPS to the host itself.
    pub address: Option<SocketAddr>,
    /// The domain: the host is `{tenant}.{domain}`, or `admin.{domain}` at the system level.
    pub domain: Option<String>,
    /// The host where there is no domain.
    pub host: Option<String>,
    /// The port of the HTTPS address; HCP's is 9090.
    pub port: u16,
}

/// What a store reads of the language of metadata queries ([`model::query`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryLanguage {
    /// HCP's own form.
    #[default]
    Hcp,
    /// All of it, as the local HCP does with the habits of S3.
    Full,
}

impl QueryLanguage {
    /// A query in this language.
    pub fn write(self, expression: &Expression) -> Result<String, Cannot> {
        match self {
            Self::Hcp => expression.to_hcp(),
            Self::Full => Ok(expression.to_string()),
        }
    }
}

/// How accounts prove who they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuthType {
    /// Accounts of HCP: keys derived from name and password.
    #[default]
    Hcp,
    /// Accounts of an Active Directory: name and password in a header; nothing can be presigned.
    Ad,
}

/// The label of the system level in host names.
const SYSTEM_LABEL: &str = "admin";

impl StoreConfig {
    /// Whether bucket names go into the host name.
    pub fn virtual_host(&self) -> bool {
        self.virtual_host_style && !self.backend.is_hcp()
    }

    /// Whether requests carry the Active Directory header.
    pub(crate) fn is_ad(&self) -> bool {
        self.auth == AuthType::Ad && self.backend.is_hcp()
    }

    /// The S3 address for a tenant.
    pub(crate) fn s3_url(&self, tenant: Option<&TenantName>) -> Result<Url, Error> {
        match &self.s3 {
            S3Endpoint::Fixed(url) => Ok(url.clone()),
            S3Endpoint::PerTenant {
                scheme,
                domain,
                port,
            } => {
                let tenant = tenant
                    .ok_or_else(|| Error::new(ErrorKind::TenantRequired, Resource::Buckets))?;
                tenant_url(scheme, tenant.as_str(), domain, *port)
            }
        }
    }

    /// Where the metadata queries of a tenant are asked, and by which `Host`. The name is one label of a host
    /// in the store's own domain, whatever it is.
    pub(crate) fn query_target(&self, tenant: &TenantName) -> Result<(String, String), Error> {
        let base = |url: &Url| {
            let port = url
                .port()
                .map(|port| format!(":{port}"))
                .unwrap_or_default();
            let host = url.host_str().unwrap_or_default();
            (
                format!("{}://{host}{port}", url.scheme()),
                format!("{host}{port}"),
            )
        };
        match &self.s3 {
            S3Endpoint::PerTenant { .. } => self.s3_url(Some(tenant)).map(|url| base(&url)),
            S3Endpoint::Fixed(url) => {
                let management = self.management.as_ref();
                let domain = management.and_then(|management| management.domain.as_ref());
                let domain = domain.ok_or_else(|| {
                    Error::new(ErrorKind::NotSupported, Resource::Query)
                        .caused_by("metadata queries need the domain of the HCP")
                })?;
                Ok((base(url).0, format!("{tenant}.{domain}")))
            }
        }
    }

    /// An address that answers as long as the store lives, whoever asks.
    pub(crate) fn probe_url(&self) -> Result<Url, Error> {
        match &self.s3 {
            S3Endpoint::Fixed(url) => Ok(url.clone()),
            S3Endpoint::PerTenant {
                scheme,
                domain,
                port,
            } => tenant_url(scheme, SYSTEM_LABEL, domain, *port),
        }
    }

    /// Whether objects have annotations, and their addresses are known.
    pub fn has_annotations(&self) -> bool {
        self.backend.is_hcp() && self.namespace_domain().is_some()
    }

    /// The domain below which namespaces have their hosts.
    fn namespace_domain(&self) -> Option<&str> {
        match &self.s3 {
            S3Endpoint::PerTenant { domain, .. } => Some(domain),
            S3Endpoint::Fixed(_) => self.management.as_ref()?.domain.as_deref(),
        }
    }

    /// Where to connect, and which `Host` to ask for, for HCP's own protocol in a namespace.
    pub(crate) fn namespace_target(
        &self,
        tenant: Option<&TenantName>,
        namespace: &BucketName,
    ) -> Result<(String, String), Error> {
        let refused = |kind| Error::new(kind, Resource::Bucket(namespace.clone()));
        let domain = self.namespace_domain().filter(|_| self.backend.is_hcp());
        let domain = domain.ok_or_else(|| refused(ErrorKind::NotSupported))?;
        let tenant = tenant.ok_or_else(|| refused(ErrorKind::TenantRequired))?;
        let host = format!("{namespace}.{tenant}.{domain}");
        Ok(match &self.s3 {
            S3Endpoint::PerTenant { scheme, port, .. } => {
                let port = port.map(|port| format!(":{port}")).unwrap_or_default();
                (format!("{scheme}://{host}{port}"), format!("{host}{port}"))
            }
            S3Endpoint::Fixed(url) => (url.origin().ascii_serialization(), host),
        })
    }

    /// Whether any address needs TLS.
    pub(crate) fn needs_tls(&self) -> bool {
        let s3 = match &self.s3 {
            S3Endpoint::Fixed(url) => url.scheme() == "https",
            S3Endpoint::PerTenant { scheme, .. } => scheme == "https",
        };
        s3 || self
            .management
            .as_ref()
            .is_some_and(|m| m.address.is_none())
    }
}

impl ManagementEndpoint {
    /// Where to connect, and which `Host` to ask for, for a tenant or for the system.
    pub(crate) fn target(&self, tenant: Option<&TenantName>) -> Result<(String, String), Error> {
        let label = tenant.map_or(SYSTEM_LABEL, TenantName::as_str);
        let host = match (&self.domain, &self.host) {
            (Some(domain), _) => format!("{label}.{domain}"),
            (None, Some(host)) => host.clone(),
            (None, None) => {
                return Err(Error::new(ErrorKind::NotSupported, Resource::Store)
                    .caused_by("the management API has neither a domain nor a host"));
            }
        };
        Ok(if let Some(address) = self.address {
            (format!("http://{address}"), host)
        } else {
            let authority = format!("{host}:{}", self.port);
            (format!("https://{authority}"), authority)
        })
    }
}

fn tenant_url(scheme: &str, label: &str, domain: &str, port: Option<u16>) -> Result<Url, Error> {
    let port = port.map(|p| format!(":{p}")).unwrap_or_default();
    Url::parse(&format!("{scheme}://{label}.{domain}{port}/"))
        .map_err(|e| Error::new(ErrorKind::Unexpected, Resource::Store).caused_by(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_is_a_label_of_the_host() {
        let url = tenant_url("https", "acme", "hcp.example.com", None).unwrap();
        assert_eq!(url.as_str(), "https://acme.hcp.example.com/");
        let url = tenant_url("http", "acme", "localhost", Some(9000)).unwrap();
        assert_eq!(url.as_str(), "http://acme.localhost:9000/");
    }

    #[test]
    fn the_management_host_follows_the_level() {
        let acme = TenantName::parse("acme").unwrap();
        let mut endpoint = ManagementEndpoint {
            address: None,
            domain: Some("hcp.example.com".to_owned()),
            host: None,
            port: 9090,
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            endpoint.target(Some(&acme)).unwrap(),
            pair(
                "https://acme.hcp.example.com:9090",
                "acme.hcp.example.com:9090"
            )
        );
        endpoint.address = Some(([127, 0, 0, 1], 9191).into());
        assert_eq!(
            endpoint.target(None).unwrap(),
            pair("http://127.0.0.1:9191", "admin.hcp.example.com")
        );
        endpoint.domain = None;
        assert_eq!(
            endpoint.target(None).unwrap_err().kind(),
            ErrorKind::NotSupported
        );
    }
}
