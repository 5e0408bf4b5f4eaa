//! Keys by which other tools reach the store: where they are used, whether they get through, and keys lent for a
//! while.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    commands::Setup,
    endpoint::{Endpoint, encode},
    problem::FieldError,
    session::Backend,
};

/// The shortest life of a temporary key, in seconds: 15 minutes.
pub const MIN_KEY_LIFE: u64 = 900;
/// The longest, in seconds: 12 hours.
pub const MAX_KEY_LIFE: u64 = 43_200;
/// The longest prefix of a temporary key, in bytes: as long as a key of the store that lends them.
pub const MAX_KEY_PREFIX: usize = 1_024;
/// The most temporary keys that one person has at a time.
pub const MAX_KEYS: usize = 100;

/// What the access keys begin with that the local HCP lends for a while. No other key of it does.
pub const TEMPORARY_PREFIX: &str = "HAKO";

/// `GET /credentials/connection`: how other tools reach the store, without the secret.
#[derive(Clone, Copy, Debug)]
pub struct GetConnection;

/// What [`GetConnection`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Connection {
    /// The kind of store.
    pub backend: Backend,
    /// The store's address as clients outside reach it, without a slash at its end.
    pub endpoint_url: String,
    /// The region in signatures.
    pub region: String,
    /// Whether the bucket stands in the path rather than in the name of the host.
    pub path_style: bool,
    /// Whether the store's certificate is vouched for by an authority of the operator's own: tools then need its
    /// certificate.
    pub private_authority: bool,
    /// The access key.
    pub access_key_id: String,
    /// The user, where keys follow from name and password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The tenant, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The console's address, without a slash at its end.
    #[serde(default)]
    pub console_url: String,
    /// From which size on Hako uploads in parts, in bytes.
    pub multipart_threshold: u64,
    /// The size of Hako's parts, in bytes.
    pub part_size: u64,
    /// How many parts Hako sends at once.
    pub parallelism: usize,
}

impl Connection {
    /// What a tool is set up with, for a bucket.
    pub fn setup<'a>(&'a self, bucket: &'a str, secret: Option<&'a str>) -> Setup<'a> {
        Setup {
            backend: self.backend,
            endpoint: &self.endpoint_url,
            region: &self.region,
            path_style: self.path_style,
            private_authority: self.private_authority,
            console: &self.console_url,
            tenant: self.tenant.as_deref(),
            access_key: &self.access_key_id,
            secret,
            bucket,
            threshold: self.multipart_threshold,
            part_size: self.part_size,
            parallelism: self.parallelism,
        }
    }
}

impl Endpoint for GetConnection {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/credentials/connection";
    type Body = ();
    type Response = Connection;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }
}

/// `POST /credentials/secret`: the caller's own secret key.
#[derive(Clone, Copy, Debug)]
pub struct RevealSecret;

/// What [`RevealSecret`] answers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevealedSecret {
    /// The secret key.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub secret_access_key: String,
}

impl std::fmt::Debug for RevealedSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RevealedSecret").finish_non_exhaustive()
    }
}

impl Endpoint for RevealSecret {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/credentials/secret";
    type Body = ();
    type Response = RevealedSecret;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }
}

/// `POST /credentials/test`: whether tools get through to the store.
#[derive(Clone, Debug, Default)]
pub struct TestConnection(pub ConnectionToTest);

/// The body of [`TestConnection`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionToTest {
    /// The bucket that is listed; the list of buckets when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(
            min_length = 3,
            max_length = 63,
            pattern = "^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$"
        )
    )]
    pub bucket: Option<String>,
}

/// What [`TestConnection`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionTest {
    /// The address that was tried.
    pub origin: String,
    /// What came of it, in the order of the steps.
    pub steps: Vec<TestedStep>,
}

impl ConnectionTest {
    /// Whether nothing failed.
    pub fn is_good(&self) -> bool {
        self.steps
            .iter()
            .all(|step| step.outcome != StepOutcome::Failed)
    }
}

/// A step on the way to an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestedStep {
    /// Which.
    pub step: TestStep,
    /// What came of it.
    pub outcome: StepOutcome,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<StepFault>,
    /// By how many seconds Hako's clock is ahead of the store's (behind: below zero), where the store says its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds_ahead: Option<i64>,
    /// The status of the store's answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// The steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TestStep {
    /// The host's name has an address.
    Name,
    /// Somebody listens at the port.
    Port,
    /// The certificate is good for the host.
    Certificate,
    /// The clocks agree.
    Clock,
    /// The store knows the key, and the signature is right.
    Signature,
    /// The store answers what was asked.
    Answer,
}

impl TestStep {
    /// All of them, in their order.
    pub const ALL: [Self; 6] = [
        Self::Name,
        Self::Port,
        Self::Certificate,
        Self::Clock,
        Self::Signature,
        Self::Answer,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Port => "port",
            Self::Certificate => "certificate",
            Self::Clock => "clock",
            Self::Signature => "signature",
            Self::Answer => "answer",
        }
    }
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// It went well.
    Ok,
    /// It did not.
    Failed,
    /// There was nothing to try: no TLS, or a step before failed.
    Skipped,
}

impl StepOutcome {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// Why a step failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepFault {
    /// No address is known for the name.
    UnknownName,
    /// Nobody listens at the port.
    PortClosed,
    /// Nothing came back in time.
    TimedOut,
    /// The certificate is for another name.
    CertificateForOtherName,
    /// The certificate is not valid yet, or no more.
    CertificateExpired,
    /// Nobody who is trusted vouches for the certificate.
    CertificateUntrusted,
    /// The other side does not speak TLS, or not one that is spoken here.
    NoTls,
    /// The clocks are more than a quarter of an hour apart.
    WrongClock,
    /// The store does not know the access key (any more).
    UnknownKey,
    /// The store knows the key, and computes another signature.
    WrongSignature,
    /// The account may not do that.
    Denied,
    /// There is no such bucket.
    NoSuchBucket,
    /// The connection broke, or what came was no answer of a store.
    NoAnswer,
    /// The store answered with a failure.
    Refused,
}

impl Endpoint for TestConnection {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/credentials/test";
    type Body = ConnectionToTest;
    type Response = ConnectionTest;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }

    fn body(&self) -> Option<&ConnectionToTest> {
        Some(&self.0)
    }
}

/// What a temporary key may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeyAccess {
    /// Read and list.
    #[default]
    Read,
    /// Also write and delete.
    ReadWrite,
}

/// What a new temporary key is to open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewTemporaryKey {
    /// The bucket.
    #[cfg_attr(
        feature = "openapi",
        schema(
            min_length = 3,
            max_length = 63,
            pattern = "^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$"
        )
    )]
    pub bucket: String,
    /// Only keys that begin with it; empty: the whole bucket.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub prefix: String,
    /// What it may do; `read` when absent.
    #[serde(default)]
    pub access: KeyAccess,
    /// For how many seconds: 900 to 43,200.
    #[cfg_attr(feature = "openapi", schema(minimum = 900, maximum = 43_200))]
    pub duration: u64,
}

impl NewTemporaryKey {
    /// What breaks a rule. The bucket's name is checked by whoever reads it.
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if self.prefix.len() > MAX_KEY_PREFIX || self.prefix.contains('\0') {
            let why =
                format!("Up to {MAX_KEY_PREFIX} bytes, without the character 0, such as `photos/`");
            faults.push(FieldError::body("prefix", why));
        }
        if !(MIN_KEY_LIFE..=MAX_KEY_LIFE).contains(&self.duration) {
            let why = format!(
                "From {MIN_KEY_LIFE} (15 minutes) to {MAX_KEY_LIFE} (12 hours) seconds, not {}",
                self.duration
            );
            faults.push(FieldError::body("duration", why));
        }
        faults
    }
}

/// A temporary key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemporaryKey {
    /// The access key.
    pub access_key_id: String,
    /// The bucket that it opens.
    pub bucket: String,
    /// The keys that it opens there begin with it.
    pub prefix: String,
    /// What it may do.
    pub access: KeyAccess,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, or has ended.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute; absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
}

/// Keys that open one bucket and nothing else, where the store has such keys.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScopedCredential {
    /// The store's address.
    pub endpoint_url: String,
    /// The access key.
    pub access_key_id: String,
    /// The secret key.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub secret_access_key: String,
    /// The region to sign for.
    pub region_name: String,
    /// The bucket.
    pub bucket: String,
    /// The keys that they open there begin with it; empty: all of the bucket.
    pub prefix: String,
    /// Whether they open nothing else. An HCP has no narrower keys than the caller's own.
    pub scoped: bool,
    /// When they end; absent: with the caller's password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// What goes with each request that they sign, where the store wants it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub session_token: Option<String>,
}

impl std::fmt::Debug for ScopedCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScopedCredential")
            .field("access_key_id", &self.access_key_id)
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

/// `GET /credentials/temporary`: the caller's own, newest first, until a day after their end.
#[derive(Clone, Copy, Debug)]
pub struct ListTemporaryKeys;

/// What [`ListTemporaryKeys`] answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemporaryKeys {
    /// The keys.
    pub keys: Vec<TemporaryKey>,
}

impl Endpoint for ListTemporaryKeys {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/credentials/temporary";
    type Body = ();
    type Response = TemporaryKeys;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }
}

/// `POST /credentials/temporary`: makes one.
#[derive(Clone, Debug)]
pub struct LendKey(pub NewTemporaryKey);

/// A temporary key with its secret, which is told this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LentKey {
    /// The key.
    pub key: TemporaryKey,
    /// The secret key.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub secret_access_key: String,
}

impl std::fmt::Debug for LentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LentKey")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl Endpoint for LendKey {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/credentials/temporary";
    type Body = NewTemporaryKey;
    type Response = LentKey;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }

    fn body(&self) -> Option<&NewTemporaryKey> {
        Some(&self.0)
    }
}

/// `DELETE /credentials/temporary/{access_key_id}`: takes one back, at once.
#[derive(Clone, Debug)]
pub struct RevokeKey {
    /// The access key.
    pub access_key_id: String,
}

/// What [`RevokeKey`] answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevokedKey {
    /// The access key, which opens nothing any more.
    pub access_key_id: String,
}

impl Endpoint for RevokeKey {
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/v1/credentials/temporary/{access_key_id}";
    type Body = ();
    type Response = RevokedKey;

    fn path(&self) -> String {
        let key = encode(&self.access_key_id);
        format!("/api/v1/credentials/temporary/{key}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_temporary_keys_are_kept() {
        let of = |prefix: &str, duration| {
            let key = NewTemporaryKey {
                prefix: prefix.to_owned(),
                duration,
                ..NewTemporaryKey::default()
            };
            let faults = key.faults().into_iter();
            faults
                .map(|fault| fault.field().to_owned())
                .collect::<Vec<_>>()
        };
        assert!(of("", MIN_KEY_LIFE).is_empty());
        assert!(of("å/", MAX_KEY_LIFE).is_empty());
        assert_eq!(of("a\0", MIN_KEY_LIFE - 1), ["prefix", "duration"]);
        assert_eq!(of(&"a".repeat(1_025), 43_201), ["prefix", "duration"]);
    }

    #[test]
    fn secrets_are_not_written_by_accident() {
        let secret = RevealedSecret {
            secret_access_key: "hidden".to_owned(),
        };
        assert!(!format!("{secret:?}").contains("hidden"));
    }
}
