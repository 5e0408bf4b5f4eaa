//! What a session knows: the fact sheet that pages are drawn with.

use std::fmt;

use http::Method;
use serde::{Deserialize, Serialize};

pub use crate::preferences::*;
use crate::{
    ChecksumAlgorithm, Timestamp,
    endpoint::{Endpoint, encode},
    id::BucketRule,
};

/// The header by which a page says whose it is. A change that comes with another person's cookie is refused:
/// somebody else has signed in meanwhile, in another tab.
pub const PERSON_HEADER: &str = "x-hako-person";

/// The header by which a page says which session it was drawn with: a [`Mark`]. A change is then refused
/// where that session has ended, or where another took its place.
pub const SESSION_HEADER: &str = "x-hako-session";

/// The parameter of an address that names the tenant in whose session it is meant.
pub const AS: &str = "as";

/// What stands in [`AS`] for the system level, which has no tenant.
pub const AS_SYSTEM: &str = "~";

/// The session that a page was drawn with, and the one that was current then. These are the same, unless
/// the page's address named another tenant than the current session's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The page's own session.
    pub own: String,
    /// The one that pages without a word about it are drawn with.
    pub current: String,
}

impl Mark {
    /// Reads what [`fmt::Display`] wrote; an id alone is taken for both.
    pub fn parse(text: &str) -> Option<Self> {
        let (own, current) = text.split_once('/').unwrap_or((text, text));
        let is_id = |id: &str| {
            (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        (is_id(own) && is_id(current)).then(|| Self {
            own: own.to_owned(),
            current: current.to_owned(),
        })
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.own, self.current)
    }
}

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
    /// Whether the store lets the account do nothing before its password is changed.
    #[serde(default)]
    pub must_change_password: bool,
    /// What the account may do.
    #[serde(default)]
    pub rights: Rights,
    /// What the backend can do.
    pub features: Features,
    /// How the browser uploads.
    pub upload: UploadSettings,
}

impl Session {
    /// Whether the management of namespaces may answer it, as far as is known.
    pub fn may_manage(&self) -> bool {
        let rights = &self.rights;
        let may = [rights.monitor, rights.admin, rights.namespaces];
        self.features.management
            && self.tenant.is_some()
            && may.iter().any(|right| right.is_possible())
    }
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
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
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
    /// Whether buckets can keep versions.
    #[serde(default)]
    pub versioning: bool,
    /// Whether buckets have CORS rules.
    #[serde(default)]
    pub cors: bool,
    /// Whether Hako links can be made.
    #[serde(default)]
    pub links: bool,
    /// Whether the store lends keys for a while.
    #[serde(default)]
    pub temporary_keys: bool,
    /// Whether an object can be given an end, at which Hako removes it.
    #[serde(default)]
    pub expiry: bool,
}

/// What an object can be given when it is stored, beside a type and metadata, which every store keeps.
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
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
    /// Object lock, in buckets that were made for it: a retention in one of two modes, and a legal hold.
    #[serde(default)]
    pub lock: bool,
    /// Custom metadata in named pieces, once it is stored.
    pub annotations: bool,
    /// Names of metadata come back as an element of XML may be called, and empty values not at all.
    pub metadata_as_xml: bool,
}

impl ObjectFeatures {
    /// Whether the store tells and changes what keeps an object.
    pub fn is_kept(&self) -> bool {
        self.retention && self.annotations
    }
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
    /// Whether Hako passes presigned requests on, so that what goes through it is signed too.
    #[serde(default)]
    pub proxy: bool,
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
pub struct GetCapabilities {
    /// The tenant whose message for people who sign in is wanted.
    pub tenant: Option<String>,
}

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
    /// What the tenant asked for says to people who sign in, as far as this server knows it: stores
    /// tell it to security accounts alone, so it is known once one of these has been here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_message: Option<String>,
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
        match &self.tenant {
            Some(tenant) => format!("{}?tenant={}", Self::ROUTE, encode(tenant)),
            None => Self::ROUTE.to_owned(),
        }
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

/// `GET /sessions`: the sessions of this browser.
#[derive(Clone, Debug, Default)]
pub struct ListSessions;

/// The sessions of a browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionList {
    /// By tenant and user.
    pub sessions: Vec<KnownSession>,
}

/// One session of a browser; never its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnownSession {
    /// An opaque id; not the token.
    pub id: String,
    /// How far the account reaches.
    pub level: Level,
    /// The tenant; absent at the system level.
    pub tenant: Option<String>,
    /// The user.
    pub username: String,
    /// Whether it can be used.
    pub state: SessionState,
    /// When it ends, or ended.
    pub expires_at: Timestamp,
    /// Whether requests that name no session are made by this one.
    pub current: bool,
}

/// Whether a session can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// It can.
    Active,
    /// It can, for a few minutes more.
    EndsSoon,
    /// It has ended: its person signs in again.
    Ended,
}

/// How long before its end a session is said to end soon, in seconds.
pub const ENDS_SOON_SECONDS: i64 = 600;

impl SessionState {
    /// The state at `now` of a session that ends at `end`.
    pub fn at(now: Timestamp, end: Timestamp) -> Self {
        match end.unix_seconds() - now.unix_seconds() {
            ..=0 => Self::Ended,
            1..=ENDS_SOON_SECONDS => Self::EndsSoon,
            _ => Self::Active,
        }
    }
}

impl Endpoint for ListSessions {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/sessions";
    type Body = ();
    type Response = SessionList;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }
}

/// `PUT /sessions/current`: goes on as another of the browser's sessions.
#[derive(Clone, Debug)]
pub struct SwitchSession(pub SessionChoice);

/// One of the browser's sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionChoice {
    /// Its id.
    pub id: String,
}

impl Endpoint for SwitchSession {
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/api/v1/sessions/current";
    type Body = SessionChoice;
    type Response = SessionList;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }

    fn body(&self) -> Option<&SessionChoice> {
        Some(&self.0)
    }
}

/// `DELETE /sessions/{id}`: ends one of the browser's sessions.
#[derive(Clone, Debug)]
pub struct SignOutOne {
    /// Its id.
    pub id: String,
}

impl Endpoint for SignOutOne {
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/v1/sessions/{session_id}";
    type Body = ();
    type Response = crate::multipart::Status;

    fn path(&self) -> String {
        format!("/api/v1/sessions/{}", encode(&self.id))
    }
}

/// `DELETE /sessions`: ends all of the browser's sessions.
#[derive(Clone, Debug, Default)]
pub struct SignOutAll;

impl Endpoint for SignOutAll {
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/v1/sessions";
    type Body = ();
    type Response = crate::multipart::Status;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }
}

/// `POST /session/password`: changes the caller's own password. The session goes on.
#[derive(Clone, Debug)]
pub struct ChangeOwnPassword(pub OwnPassword);

/// The caller's new password.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnPassword {
    /// The present password; not needed where the store asks for the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub current_password: Option<String>,
    /// The new one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required, min_length = 1, format = Password))]
    pub new_password: String,
}

impl fmt::Debug for OwnPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnPassword").finish_non_exhaustive()
    }
}

impl Endpoint for ChangeOwnPassword {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/session/password";
    type Body = OwnPassword;
    type Response = Session;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }

    fn body(&self) -> Option<&OwnPassword> {
        Some(&self.0)
    }
}

/// `PUT /preferences`: sets the preference cookie. Public, since the sign-in page has a theme too. What
/// is not named stays as it is.
#[derive(Clone, Copy, Debug)]
pub struct SetPreferences(pub PreferencesChange);

impl Endpoint for SetPreferences {
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/api/v1/preferences";
    type Body = PreferencesChange;
    type Response = Preferences;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }

    fn body(&self) -> Option<&PreferencesChange> {
        Some(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_written() {
        let mark = Mark::parse("a1/b2").unwrap();
        assert_eq!((mark.own.as_str(), mark.current.as_str()), ("a1", "b2"));
        assert_eq!(Mark::parse(&mark.to_string()), Some(mark));
        assert_eq!(Mark::parse("a1").unwrap().to_string(), "a1/a1");
        for none in ["", "/", "a/", "/b", "a b/c", "a/b/c", "a=1", "å"] {
            assert_eq!(Mark::parse(none), None, "{none}");
        }
    }

    #[test]
    fn a_session_says_ten_minutes_ahead_that_it_ends() {
        let end = Timestamp::from_unix_seconds(10_000).unwrap();
        let at = |seconds| SessionState::at(Timestamp::from_unix_seconds(seconds).unwrap(), end);
        assert_eq!(at(9_399), SessionState::Active);
        assert_eq!(at(9_400), SessionState::EndsSoon);
        assert_eq!(at(9_999), SessionState::EndsSoon);
        assert_eq!(at(10_000), SessionState::Ended);
    }

    #[test]
    fn a_password_is_not_printed() {
        let change = ChangeOwnPassword(OwnPassword {
            current_password: Some("hunter1".to_owned()),
            new_password: "hunter2".to_owned(),
        });
        assert!(!format!("{change:?}").contains("hunter"));
    }
}
