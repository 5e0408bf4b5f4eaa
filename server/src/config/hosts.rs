//! Which host names the console answers to.
//!
//! A page of another site could point its own name at this machine (DNS rebinding); so a `Host` that
//! nobody configured is refused unless it can only mean this machine.

use std::net::IpAddr;

use url::{Host, Url};

/// Decides about `Host` headers and about the origins that belong to the console.
#[derive(Clone, Debug)]
pub struct HostPolicy {
    public: Option<Url>,
    allowed: Vec<String>,
}

impl HostPolicy {
    /// From `HAKO_PUBLIC_URL` and `HAKO_ALLOWED_HOSTS`.
    pub fn new(public: Option<Url>, allowed: Vec<String>) -> Self {
        Self {
            public,
            allowed: allowed
                .into_iter()
                .map(|h| h.to_ascii_lowercase())
                .collect(),
        }
    }

    /// Whether the console answers to this `Host` header. `local` is the address at which the
    /// connection arrived: an address of this machine.
    pub fn accepts(&self, host: &str, local: Option<IpAddr>) -> bool {
        let Some(name) = host_name(host) else {
            return false;
        };
        let public = self.public.as_ref().and_then(|url| url.host_str());
        is_loopback_host(&name)
            || public.is_some_and(|public| public.eq_ignore_ascii_case(&name))
            || self.allowed.contains(&name)
            || self.allowed.contains(&host.to_ascii_lowercase())
            || local.is_some_and(|local| ip_of(&name).is_some_and(|ip| ip == local.to_canonical()))
    }

    /// The scheme by which people reach the console: Hako itself speaks plain HTTP, a proxy in front
    /// is told of by `HAKO_PUBLIC_URL`.
    pub fn scheme(&self) -> &str {
        self.public.as_ref().map_or("http", |url| url.scheme())
    }

    /// Whether people reach the console by HTTPS.
    pub fn is_https(&self) -> bool {
        self.scheme() == "https"
    }

    /// Whether `origin` (as in the `Origin` header) is the console itself, called by `host`.
    pub fn is_own_origin(&self, origin: &str, host: &str) -> bool {
        let Ok(origin) = Url::parse(origin) else {
            return false;
        };
        if let Some(public) = &self.public
            && origin.origin() == public.origin()
        {
            return true;
        }
        Url::parse(&format!("{}://{host}", origin.scheme())).is_ok_and(|own| {
            matches!(origin.scheme(), "http" | "https") && own.origin() == origin.origin()
        })
    }

    /// Whether an origin may be the console, whatever the host it was called by: what the embedded
    /// store's CORS rule lets in. `port` is the console's own.
    pub fn may_be_console(&self, origin: &str, port: u16, local: Option<IpAddr>) -> bool {
        let Ok(url) = Url::parse(origin) else {
            return false;
        };
        if self
            .public
            .as_ref()
            .is_some_and(|public| public.origin() == url.origin())
        {
            return true;
        }
        let Some(host) = url.host_str() else {
            return false;
        };
        url.port_or_known_default() == Some(port)
            && (self.accepts(host, local) || ip_of(host).is_some_and(|ip| !ip.is_unspecified()))
    }
}

/// Whether a host (name or address, without port) can only mean this machine.
pub fn is_loopback_host(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost")
        || name.to_ascii_lowercase().ends_with(".localhost")
        || ip_of(name).is_some_and(|ip| ip.is_loopback())
}

/// The name of a `Host` header, lower case, without its port.
fn host_name(host: &str) -> Option<String> {
    let url = Url::parse(&format!("http://{host}")).ok()?;
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    (plain && url.username().is_empty() && url.password().is_none())
        .then(|| url.host_str().map(str::to_ascii_lowercase))
        .flatten()
}

fn ip_of(name: &str) -> Option<IpAddr> {
    match Host::parse(name).ok()? {
        Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
        Host::Ipv6(ip) => Some(IpAddr::V6(ip).to_canonical()),
        Host::Domain(_) => None,
    }
}

/// Whether a setting is a bare host name.
pub(super) fn is_host_name(name: &str) -> bool {
    host_name(name).is_some_and(|parsed| parsed == name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_accepted() {
        let policy = HostPolicy::new(None, vec!["Console.Lan".to_owned()]);
        let local = Some("192.0.2.7".parse().unwrap());
        for host in [
            "localhost:8000",
            "127.0.0.1",
            "[::1]:8000",
            "demo.localhost",
            "console.lan:80",
            "192.0.2.7:8000",
        ] {
            assert!(policy.accepts(host, local), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "192.0.2.8",
            "",
            "a b",
            "localhost@evil.example",
            "evil/localhost",
        ] {
            assert!(!policy.accepts(host, local), "{host}");
        }
    }

    #[test]
    fn the_public_address_is_one_of_ours() {
        let policy = HostPolicy::new(
            Some(Url::parse("https://hako.example/").unwrap()),
            Vec::new(),
        );
        assert!(policy.accepts("hako.example", None));
        assert!(!policy.accepts("other.example", None));
        assert!(policy.is_own_origin("https://hako.example", "hako.example"));
        assert!(!policy.is_own_origin("https://hako.example:8443", "hako.example"));
        assert!(policy.is_https());
    }

    #[test]
    fn another_site_is_not_our_origin() {
        let policy = HostPolicy::new(None, Vec::new());
        assert!(policy.is_own_origin("http://localhost:8000", "localhost:8000"));
        assert!(policy.is_own_origin("http://localhost", "localhost:80"));
        assert!(!policy.is_own_origin("http://localhost:9000", "localhost:8000"));
        assert!(!policy.is_own_origin("https://evil.example", "localhost:8000"));
        assert!(!policy.is_own_origin("null", "localhost:8000"));
    }

    #[test]
    fn the_store_lets_the_console_in_and_nobody_else() {
        let policy = HostPolicy::new(None, Vec::new());
        assert!(policy.may_be_console("http://localhost:8000", 8000, None));
        assert!(policy.may_be_console("http://127.0.0.1:8000", 8000, None));
        assert!(!policy.may_be_console("http://localhost:8001", 8000, None));
        assert!(!policy.may_be_console("http://evil.example:8000", 8000, None));
        assert!(!policy.may_be_console("null", 8000, None));
    }
}
