//! What a session knows: the fact sheet that pages are drawn with.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    ChecksumAlgorithm, Timestamp,
    endpoint::{Endpoint, encode},
    id::BucketRule,
};

/// The header by which a page says whose it is. A change that comes with another person's cookie is refused:
/// somebody else has signed in meanwhile, in another tab.
pub const PERSON_HEADER: &str = "x-hako-person";

/// What stands in [`PERSON_HEADER`]: tenant and user name, percent-encoded.
pub fn person(tenant: Option<&str>, username: &str) -> String {
    format!(
        "{}/{}",
        encode(tenant.unwrap_or_default()),
        encode(username)
    )
}

/// `GET /session`: the caller's own session.
#[derive(Clone, Debug, Default)]
pub struct GetSession;

/// The fact sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// An opaque id; not the token.
    pub id: String,
    /// The store behind Hako.
    pub backend: Backend,
    /// How far the account reaches.
    pub level: Level,
    /// The tenant; absent at the system level.
    pub tenant: Option<String>,
    /// The user.
    pub username: String,
    /// When the session ends.
    pub expires_at: Timestamp,
    /// What the account may do.
    #[serde(default)]
    pub rights: Rights,
    /// What the backend can do.
    pub features: Features,
    /// How the browser uploads.
    pub upload: UploadSettings,
}

/// What an account may do, as far as it can be known: most stores do not tell an account its roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rights {
    /// See the management.
    pub monitor: Right,
    /// Manage.
    pub admin: Right,
    /// Manage accounts.
    pub security: Right,
    /// Manage retention.
    pub compliance: Right,
    /// Service the machine (system level).
    pub service: Right,
    /// Search everywhere (system level).
    pub search: Right,
    /// Have namespaces of one's own.
    pub namespaces: Right,
}

/// Whether an account may do something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// It may.
    Yes,
    /// It may not.
    No,
    /// It is not known before it is tried.
    #[default]
    Unknown,
}

impl Right {
    /// Whether it may, as far as is known: what is not known is offered, and refused by the store.
    pub fn is_possible(self) -> bool {
        self != Self::No
    }
}

impl From<bool> for Right {
    fn from(may: bool) -> Self {
        if may { Self::Yes } else { Self::No }
    }
}

impl Rights {
    /// None of them, as on a store without management.
    pub const NONE: Self = Self {
        monitor: Right::No,
        admin: Right::No,
        security: Right::No,
        compliance: Right::No,
        service: Right::No,
        search: Right::No,
        namespaces: Right::No,
    };
}

/// The kinds of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Backend {
    /// The local HCP inside this process.
    Embedded,
    /// A real HCP.
    Hcp,
    /// `MinIO`.
    Minio,
    /// Any other S3 store.
    Generic,
}

impl Backend {
    /// The word used in configuration and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Hcp => "hcp",
            Self::Minio => "minio",
            Self::Generic => "generic",
        }
    }

    /// Whether the store speaks HCP's protocols, management included.
    pub fn is_hcp(self) -> bool {
        matches!(self, Self::Embedded | Self::Hcp)
    }

    /// Which names it takes for a new bucket.
    pub fn bucket_rule(self) -> BucketRule {
        if self.is_hcp() {
            BucketRule::Hcp
        } else {
            BucketRule::S3
        }
    }
}

/// How far an account reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The whole system; has no buckets of its own.
    System,
    /// One tenant.
    Tenant,
    /// A store without management.
    S3,
}

/// What the backend can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Features {
    /// Whether URLs can be signed for this session.
    pub presign: bool,
    /// The longest key in bytes.
    pub max_key_bytes: usize,
    /// Which names a new bucket may have.
    pub bucket_rule: BucketRule,
    /// Whether there is a management API behind `/mapi`.
    #[serde(default)]
    pub management: bool,
    /// What an object can be given when it is stored.
    #[serde(default)]
    pub objects: ObjectFeatures,
    /// Whether only the account that began a multipart upload may add parts to it and complete it, as
    /// on HCP.
    #[serde(default)]
    pub parts_by_initiator: bool,
}

/// What an object can be given when it is stored, beside a type and metadata, which every store keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ObjectFeatures {
    /// Tags.
    pub tags: bool,
    /// A canned access control list.
    pub acl: bool,
    /// A retention in HCP's words, and a hold.
    pub retention: bool,
}

/// How the browser uploads. Sizes in bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadSettings {
    /// Files of this size and more go in parts.
    pub multipart_threshold: u64,
    /// The usual part size.
    pub part_size: u64,
    /// Parts in flight at once.
    pub parallelism: usize,
    /// Seconds that URLs live.
    pub url_lifetime: u64,
    /// Which way the bytes go.
    pub route: UploadRoute,
    /// The store's origin as the browser sees it (`http://localhost:9000`), where bytes go direct.
    pub store_origin: Option<String>,
    /// Which checksum the store compares with the bytes that arrive; none is worth sending when
    /// absent.
    #[serde(default)]
    pub checksum: Option<ChecksumAlgorithm>,
    /// Whether the store keeps `If-None-Match: *`, so that of two writers one loses.
    #[serde(default)]
    pub conditional_writes: bool,
    /// The smallest part but the last that the store takes.
    pub min_part_size: u64,
}

/// Which way the bytes of an upload go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UploadRoute {
    /// From the browser to the store.
    Direct,
    /// Through Hako, because the browser cannot reach the store.
    Hako,
}

impl Endpoint for GetSession {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/session";
    type Body = ();
    type Response = Session;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }
}

/// `GET /capabilities`: public.
#[derive(Clone, Debug, Default)]
pub struct GetCapabilities;

/// What anyone may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Capabilities {
    /// Whether `/mapi` and `/query` are served.
    pub mapi_enabled: bool,
    /// The kind of store.
    pub storage_backend: Backend,
    /// How to sign in to the demo, when this server has one (its words are public by design).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demo: Option<DemoLogin>,
}

/// The demo's sign-in, shown only where every listener is on loopback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DemoLogin {
    /// The tenant.
    pub tenant: String,
    /// The user.
    pub username: String,
    /// The password, unless the operator chose one.
    pub password: Option<String>,
}

impl Endpoint for GetCapabilities {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/capabilities";
    type Body = ();
    type Response = Capabilities;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }
}

/// `POST /session`: signs the console in; the token comes as a cookie, never in the body.
#[derive(Clone, Debug)]
pub struct SignIn(pub crate::auth::TokenRequest);

impl Endpoint for SignIn {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/session";
    type Body = crate::auth::TokenRequest;
    type Response = Session;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }

    fn body(&self) -> Option<&Self::Body> {
        Some(&self.0)
    }
}

/// `DELETE /session`: revokes the token and clears the cookie.
#[derive(Clone, Debug, Default)]
pub struct SignOut;

impl Endpoint for SignOut {
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/v1/session";
    type Body = ();
    type Response = crate::multipart::Status;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }
}

/// How the console looks to this browser; kept in a cookie, without data about anybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preferences {
    /// The colours.
    #[serde(default)]
    pub theme: Theme,
}

/// The colours of the console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the browser wishes.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The word used in the cookie and in `data-theme`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The name of the preference cookie; its value is [`Preferences::to_cookie`].
pub const PREFERENCES_COOKIE: &str = "hako_preferences";

impl Preferences {
    /// Writes the cookie's value: `theme=dark`.
    pub fn to_cookie(self) -> String {
        format!("theme={}", self.theme.as_str())
    }

    /// Reads the cookie's value; what is unknown is left at its default.
    pub fn from_cookie(value: &str) -> Self {
        let mut preferences = Self::default();
        for pair in value.split('&') {
            match pair.split_once('=') {
                Some(("theme", "light")) => preferences.theme = Theme::Light,
                Some(("theme", "dark")) => preferences.theme = Theme::Dark,
                _ => {}
            }
        }
        preferences
    }
}

/// `PUT /preferences`: sets the preference cookie. Public, since the sign-in page has a theme too.
#[derive(Clone, Copy, Debug)]
pub struct SetPreferences(pub Preferences);

impl Endpoint for SetPreferences {
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/api/v1/preferences";
    type Body = Preferences;
    type Response = Preferences;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }

    fn body(&self) -> Option<&Preferences> {
        Some(&self.0)
    }
}
