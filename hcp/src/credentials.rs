//! Who calls, and how the proof looks on each wire.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use md5::{Digest as _, Md5};
use model::{TenantName, Username, auth::Login};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

use crate::{Keys, StoreConfig};

/// An account and its secret.
///
/// For accounts of HCP the secret is the derived key (lower-case hex MD5 of the password), never the
/// password itself; for Active Directory it is the password; on other stores the user name is the
/// access key and the secret the secret key.
#[derive(Clone)]
pub struct Credentials {
    /// The tenant; `None` is the system level, or a store without tenants.
    pub tenant: Option<TenantName>,
    /// The user, or the access key.
    pub username: Username,
    secret: SecretString,
    /// The keys that go to the store in place of the account's own.
    lent: Option<Keys>,
}

impl Credentials {
    /// Somebody whom we know, by a proof of our own, and who works with keys that are not theirs.
    pub fn lent(username: Username, proof: SecretString, keys: Keys) -> Self {
        Self {
            tenant: None,
            username,
            secret: proof,
            lent: Some(keys),
        }
    }

    /// Whether the keys are not the account's own: they are nothing to be shown.
    pub fn is_lent(&self) -> bool {
        self.lent.is_some()
    }

    /// What a person typed, made into what the store wants.
    pub fn new(config: &StoreConfig, login: &Login, password: &str) -> Self {
        let secret = if config.backend.is_hcp() && !config.is_ad() {
            hex(&Md5::digest(password.as_bytes()))
        } else {
            password.to_owned()
        };
        Self {
            tenant: login.tenant.clone(),
            username: login.username.clone(),
            secret: secret.into(),
            lent: None,
        }
    }

    /// Of whoever has an account's S3 keys in place of its password; `None` where these cannot be an account's keys.
    pub fn from_keys(
        config: &StoreConfig,
        tenant: Option<TenantName>,
        access_key: &str,
        secret_key: SecretString,
    ) -> Option<Self> {
        if config.is_ad() {
            return None;
        }
        if !config.backend.is_hcp() {
            let username = Username::parse(access_key).ok()?;
            return Some(Self::from_parts(tenant, username, secret_key));
        }
        let name = String::from_utf8(BASE64.decode(access_key).ok()?).ok()?;
        let (tenant, name) = match name.split_once('/') {
            Some((told, name)) if config.tenant_in_key => {
                let told = TenantName::parse(told).ok()?;
                if tenant.is_some_and(|tenant| tenant != told) {
                    return None;
                }
                (Some(told), name)
            }
            _ => (tenant, name.as_str()),
        };
        let username = Username::parse(name).ok()?;
        Some(Self::from_parts(tenant, username, secret_key))
    }

    /// Credentials that were taken apart before, by [`Self::secret`].
    pub fn from_parts(
        tenant: Option<TenantName>,
        username: Username,
        secret: SecretString,
    ) -> Self {
        Self {
            tenant,
            username,
            secret,
            lent: None,
        }
    }

    /// The derived secret, or the proof of who works with lent keys, for sealing it into a session.
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }

    /// A digest of the whole identity, secret included: what caches and tasks are keyed by.
    pub fn digest(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        let tenant = self.tenant.as_ref().map_or("", TenantName::as_str);
        // Each part ends in a byte that none of them contains.
        for part in [tenant, self.username.as_str(), self.secret.expose_secret()] {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        digest.finalize().into()
    }

    /// The S3 access key.
    pub(crate) fn access_key(&self, config: &StoreConfig) -> String {
        if let Some(lent) = &self.lent {
            return lent.access_key.clone();
        }
        if !config.backend.is_hcp() {
            return self.username.to_string();
        }
        match &self.tenant {
            Some(tenant) if config.tenant_in_key => {
                BASE64.encode(format!("{tenant}/{}", self.username))
            }
            _ => BASE64.encode(self.username.as_str()),
        }
    }

    /// The S3 secret key.
    pub(crate) fn secret_key(&self) -> &SecretString {
        self.lent
            .as_ref()
            .map_or(&self.secret, |lent| &lent.secret_key)
    }

    /// The `Authorization` header of the management API, and of S3 for Active Directory.
    pub(crate) fn authorization(&self, config: &StoreConfig) -> SecretString {
        let secret = self.secret.expose_secret();
        if config.is_ad() {
            format!("AD {}:{secret}", self.username).into()
        } else {
            let user = BASE64.encode(self.username.as_str());
            format!("HCP {user}:{secret}").into()
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("tenant", &self.tenant)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use model::session::Backend;
    use url::Url;

    use super::*;
    use crate::{AuthType, QueryLanguage, S3Endpoint};

    pub(crate) fn config(backend: Backend, auth: AuthType) -> StoreConfig {
        StoreConfig {
            backend,
            s3: S3Endpoint::Fixed(Url::parse("http://127.0.0.1:9000").unwrap()),
            tenant_in_key: backend == Backend::Embedded,
            queries: QueryLanguage::Hcp,
            management: None,
            region: "us-east-1".to_owned(),
            virtual_host_style: false,
            auth,
            verify_tls: true,
            roots: crate::Roots::default(),
            timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
        }
    }

    fn login(tenant: Option<&str>, user: &str) -> Login {
        Login {
            tenant: tenant.map(|t| TenantName::parse(t).unwrap()),
            username: Username::parse(user).unwrap(),
        }
    }

    #[test]
    fn hcp_derives_its_keys_from_name_and_password() {
        let hcp = config(Backend::Hcp, AuthType::Hcp);
        let demo = Credentials::new(&hcp, &login(Some("acme"), "demo"), "Start123!");
        assert_eq!(demo.access_key(&hcp), "ZGVtbw==");
        assert_eq!(
            demo.secret().expose_secret(),
            "891a54c4e2eab52d01c6fbf85a4c143e"
        );
        assert_eq!(
            demo.authorization(&hcp).expose_secret(),
            "HCP ZGVtbw==:891a54c4e2eab52d01c6fbf85a4c143e"
        );
        let admin = Credentials::new(&hcp, &login(None, "admin"), "password");
        assert_eq!(
            admin.authorization(&hcp).expose_secret(),
            "HCP YWRtaW4=:5f4dcc3b5aa765d61d8327deb882cf99"
        );
    }

    #[test]
    fn keys_lead_back_to_the_account() {
        let acme = TenantName::parse("acme").unwrap();
        let key = |config: &StoreConfig, tenant: Option<&TenantName>, key: &str| {
            let found = Credentials::from_keys(config, tenant.cloned(), key, "s".into())?;
            assert_eq!(found.access_key(config), key);
            Some((
                found.tenant.map(|tenant| tenant.to_string()),
                found.username.to_string(),
            ))
        };
        let told =
            |tenant: Option<&str>, user: &str| Some((tenant.map(str::to_owned), user.to_owned()));
        let local = config(Backend::Embedded, AuthType::Hcp);
        let of_demo = BASE64.encode("acme/demo");
        assert_eq!(key(&local, None, &of_demo), told(Some("acme"), "demo"));
        assert_eq!(
            key(&local, Some(&acme), &of_demo),
            told(Some("acme"), "demo")
        );
        let other = TenantName::parse("other").unwrap();
        assert_eq!(key(&local, Some(&other), &of_demo), None);
        let hcp = config(Backend::Hcp, AuthType::Hcp);
        assert_eq!(
            key(&hcp, Some(&acme), "ZGVtbw=="),
            told(Some("acme"), "demo")
        );
        let ad = config(Backend::Hcp, AuthType::Ad);
        for (config, wrong) in [(&hcp, "HAKOTEMPORARY"), (&hcp, "/w=="), (&ad, "ZGVtbw==")] {
            assert_eq!(key(config, None, wrong), None, "{wrong}");
        }
        let minio = config(Backend::Minio, AuthType::Hcp);
        assert_eq!(key(&minio, None, "AKIA1"), told(None, "AKIA1"));
    }

    #[test]
    fn the_local_hcp_finds_the_tenant_in_the_key() {
        let embedded = config(Backend::Embedded, AuthType::Hcp);
        let demo = Credentials::new(&embedded, &login(Some("acme"), "demo"), "x");
        assert_eq!(demo.access_key(&embedded), BASE64.encode("acme/demo"));
    }

    #[test]
    fn active_directory_needs_the_password_itself() {
        let ad = config(Backend::Hcp, AuthType::Ad);
        let jane = Credentials::new(&ad, &login(Some("acme"), "jane@corp.example"), "pa:ss");
        assert_eq!(
            jane.authorization(&ad).expose_secret(),
            "AD jane@corp.example:pa:ss"
        );
    }

    #[test]
    fn other_stores_have_keys_of_their_own() {
        let minio = config(Backend::Minio, AuthType::Ad);
        let keys = Credentials::new(&minio, &login(None, "AKIA"), "secret");
        assert_eq!(keys.access_key(&minio), "AKIA");
        assert_eq!(keys.secret().expose_secret(), "secret");
    }

    #[test]
    fn identities_differ_in_every_part_and_show_no_secret() {
        let hcp = config(Backend::Hcp, AuthType::Hcp);
        let of = |t, u, p| Credentials::new(&hcp, &login(t, u), p);
        let one = of(Some("acme"), "demo", "hunter2");
        assert_eq!(one.digest(), of(Some("acme"), "demo", "hunter2").digest());
        assert_ne!(one.digest(), of(Some("acme"), "demo", "hunter3").digest());
        assert_ne!(one.digest(), of(Some("acmed"), "emo", "hunter2").digest());
        assert_ne!(one.digest(), of(None, "demo", "hunter2").digest());
        let shown = format!("{one:?}");
        assert!(!shown.contains("hunter2") && !shown.contains(one.secret().expose_secret()));
    }
}
