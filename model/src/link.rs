//! Hako links: addresses that open one object or one folder, or take files into one folder, for people without an
//! account, until they end, are used up or are revoked.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    endpoint::{Endpoint, encode, query},
    mapi::networks,
    problem::FieldError,
};

/// How long a link lives when nobody says, in seconds: a week.
pub const DEFAULT_LIFE: u64 = 604_800;
/// The longest life of a link, in seconds: a year.
pub const MAX_LIFE: u64 = 31_536_000;
/// The most uses that a link can be limited to.
pub const MAX_USES: u32 = 1_000_000;
/// The most entries in a link's list of addresses.
pub const MAX_ADDRESSES: usize = 50;
/// The shortest password of a link, in characters.
pub const MIN_PASSWORD: usize = 8;
/// The longest, in bytes.
pub const MAX_PASSWORD: usize = 256;
/// For how many seconds a revocation can be taken back.
pub const UNDO_SECONDS: i64 = 60;
/// For how many days a link stands in the list after its end.
pub const KEPT_DAYS: i64 = 30;

/// What stands before the token in a link's address.
pub const SHARED: &str = "/l/";
/// What stands behind it where the bytes themselves are meant.
pub const DOWNLOAD: &str = "/download";
/// What stands behind it where they are to be shown by the browser.
pub const PREVIEW: &str = "/preview";
/// What stands behind it where a folder is meant as one ZIP archive.
pub const ARCHIVE: &str = "/archive";
/// Files and folders in a page of a shared folder.
pub const FOLDER_PAGE: u32 = 100;

/// What a link is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// To read one object.
    #[default]
    Download,
    /// To see what is in one folder and below, and to read it.
    Folder,
    /// To store files in one folder, without seeing what is there.
    Request,
}

impl LinkKind {
    /// The word used in JSON and attributes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Download => "download",
            Self::Folder => "folder",
            Self::Request => "request",
        }
    }
}

/// Where a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// It works.
    Active,
    /// Its time is over.
    Ended,
    /// It was used as often as it may be.
    UsedUp,
    /// It was revoked.
    Revoked,
}

impl LinkState {
    /// The word used in JSON and attributes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Ended => "ended",
            Self::UsedUp => "used_up",
            Self::Revoked => "revoked",
        }
    }
}

/// A link, as its maker sees it. The address is not part of it: only its hash is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// Its id, which opens nothing.
    pub id: String,
    /// What it is for.
    pub kind: LinkKind,
    /// The bucket.
    pub bucket: String,
    /// The object's key; of a folder and of a request what the keys in it begin with.
    pub target: String,
    /// Who made it, and in whose name it works.
    pub made_by: String,
    /// Whether that is the caller.
    pub own: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// How often it was used.
    pub uses: u32,
    /// How often it may be used; absent: without limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_uses: Option<u32>,
    /// When it was used last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
    /// From where it may be used; empty: from everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// Whether it asks for a password.
    pub password: bool,
    /// Where it stands.
    pub state: LinkState,
    /// Until when a revocation can be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo_until: Option<Timestamp>,
}

/// The body of [`CreateLink`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewLink {
    /// What it is for; `download` when absent.
    #[serde(default)]
    pub kind: LinkKind,
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
    /// The object that a `download` link opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4095))]
    pub key: Option<String>,
    /// The folder that a `folder` link opens, or that a `request` link stores into: empty, or with a `/` at its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 4095))]
    pub prefix: Option<String>,
    /// Seconds that it lives: 60 to 31,536,000; a week when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 60, maximum = 31_536_000))]
    pub expires_in: Option<u64>,
    /// How often it may be used; without limit when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1_000_000))]
    pub uses: Option<u32>,
    /// From where it may be used: addresses, or networks such as `10.0.0.0/8`; from everywhere when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    pub addresses: Vec<String>,
    /// What whoever uses it has to type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 8, max_length = 256))]
    pub password: Option<String>,
}

impl NewLink {
    /// What is wrong with the limits.
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = limits(self.expires_in, self.uses);
        if self.addresses.len() > MAX_ADDRESSES {
            let why = format!("at most {MAX_ADDRESSES} entries");
            faults.push(FieldError::body("addresses", why));
        }
        let unread = self.addresses.iter().find(|one| networks(one).is_err());
        if let Some(unread) = unread {
            let why = format!("`{unread}` is neither an address nor a network");
            faults.push(FieldError::body("addresses", why));
        }
        if let Some(password) = &self.password
            && (password.chars().count() < MIN_PASSWORD || password.len() > MAX_PASSWORD)
        {
            let why = format!(
                "a password has {MIN_PASSWORD} characters or more, and {MAX_PASSWORD} bytes at most"
            );
            faults.push(FieldError::body("password", why));
        }
        faults
    }
}

/// The body of [`ChangeLink`]. What is absent stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkChange {
    /// Seconds that it lives from now on: 60 to 31,536,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 60, maximum = 31_536_000))]
    pub expires_in: Option<u64>,
    /// How often it may be used, those before included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1_000_000))]
    pub uses: Option<u32>,
}

impl LinkChange {
    /// What is wrong with it.
    pub fn faults(&self) -> Vec<FieldError> {
        if *self == Self::default() {
            let why = "say `expires_in` or `uses`";
            return vec![FieldError::body("expires_in", why)];
        }
        limits(self.expires_in, self.uses)
    }
}

fn limits(expires_in: Option<u64>, uses: Option<u32>) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if expires_in.is_some_and(|life| !(60..=MAX_LIFE).contains(&life)) {
        let why = format!("a link lives 60 to {MAX_LIFE} seconds");
        faults.push(FieldError::body("expires_in", why));
    }
    if uses.is_some_and(|uses| !(1..=MAX_USES).contains(&uses)) {
        let why = format!("a number from 1 to {MAX_USES}");
        faults.push(FieldError::body("uses", why));
    }
    faults
}

// Not `Debug`: whoever has the address has what it opens.
/// What [`CreateLink`] answers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedLink {
    /// The address, told this once.
    pub url: String,
    /// The link.
    pub link: Link,
}

/// One page of links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkPage {
    /// The links, newest first.
    pub links: Vec<Link>,
    /// Where older ones begin; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Whether those of others in the tenant are among them.
    pub all: bool,
}

/// `POST /links`: makes one.
#[derive(Clone, Debug)]
pub struct CreateLink(pub NewLink);

impl Endpoint for CreateLink {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/links";
    type Body = NewLink;
    type Response = CreatedLink;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }

    fn body(&self) -> Option<&NewLink> {
        Some(&self.0)
    }
}

/// `GET /links`: the caller's own, or for administrators those of the tenant.
#[derive(Clone, Debug, Default)]
pub struct ListLinks(pub LinkPageQuery);

/// The parameters of [`ListLinks`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct LinkPageQuery {
    /// Links in a page, 1 to 200; 50 when absent.
    #[cfg_attr(
        feature = "openapi",
        param(minimum = 1, maximum = 200, nullable = false)
    )]
    pub limit: Option<u32>,
    /// Where the last page stopped.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub cursor: Option<String>,
    /// Only those into this bucket.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub bucket: Option<String>,
    /// Only those to this key, or into the folder with this prefix.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub target: Option<String>,
}

impl Endpoint for ListLinks {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/links";
    type Body = ();
    type Response = LinkPage;

    fn path(&self) -> String {
        let parameters = [
            ("limit", self.0.limit.map(|limit| limit.to_string())),
            ("cursor", self.0.cursor.clone()),
            ("bucket", self.0.bucket.clone()),
            ("target", self.0.target.clone()),
        ];
        format!("{}{}", Self::ROUTE, query(&parameters))
    }
}

fn one(id: &str, rest: &str) -> String {
    format!("/api/v1/links/{}{rest}", encode(id))
}

/// `POST /links/{link_id}`: gives it another end, or another number of uses.
#[derive(Clone, Debug)]
pub struct ChangeLink {
    /// The link's id.
    pub id: String,
    /// What is changed.
    pub change: LinkChange,
}

impl Endpoint for ChangeLink {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/links/{link_id}";
    type Body = LinkChange;
    type Response = Link;

    fn path(&self) -> String {
        one(&self.id, "")
    }

    fn body(&self) -> Option<&LinkChange> {
        Some(&self.change)
    }
}

/// `DELETE /links/{link_id}`: revokes it, at once.
#[derive(Clone, Debug)]
pub struct RevokeLink {
    /// The link's id.
    pub id: String,
}

impl Endpoint for RevokeLink {
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/v1/links/{link_id}";
    type Body = ();
    type Response = Link;

    fn path(&self) -> String {
        one(&self.id, "")
    }
}

/// `POST /links/{link_id}/restore`: takes a revocation back, for a minute.
#[derive(Clone, Debug)]
pub struct RestoreLink {
    /// The link's id.
    pub id: String,
}

impl Endpoint for RestoreLink {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/links/{link_id}/restore";
    type Body = ();
    type Response = Link;

    fn path(&self) -> String {
        one(&self.id, "/restore")
    }
}

/// The key, or the beginning of keys, that a path within a shared folder means. `None` for a path with a segment
/// `.` or `..`: a store that reads keys as paths, and a browser, would look outside of the folder for it. All else is
/// taken literally, so that it begins with the folder.
pub fn within(folder: &str, path: &str) -> Option<String> {
    let is_plain = path
        .split(['/', '\\'])
        .all(|segment| !matches!(segment, "." | ".."));
    is_plain.then(|| format!("{folder}{path}"))
}

/// The name under which a visitor's file is stored: the last segment of what the browser calls it. `None` for
/// what is no name: nothing, dots alone, control characters, what the store keeps for itself.
pub fn visitor_name(given: &str) -> Option<&str> {
    let name = given.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let is_name = !name.is_empty()
        && name.chars().any(|c| c != '.')
        && !name.chars().any(char::is_control)
        && name != ".directory-metadata"
        && name.len() <= 255;
    is_name.then_some(name)
}

/// A name with a mark before its extension, so that it is another than all names before.
pub fn marked_name(name: &str, mark: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 12 => {
            format!("{stem} ({mark}).{extension}")
        }
        _ => format!("{name} ({mark})"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn limits_are_kept() {
        let of = |link: NewLink| -> Vec<String> {
            let faults = link.faults().into_iter();
            faults.map(|fault| fault.field().to_owned()).collect()
        };
        assert!(of(NewLink::default()).is_empty());
        let good = NewLink {
            expires_in: Some(60),
            uses: Some(1),
            addresses: vec!["10.0.0.0/8".to_owned(), "2001:db8::1".to_owned()],
            password: Some("eight888".to_owned()),
            ..NewLink::default()
        };
        assert!(of(good).is_empty());
        let bad = NewLink {
            expires_in: Some(59),
            uses: Some(0),
            addresses: vec!["ten".to_owned()],
            password: Some("short".to_owned()),
            ..NewLink::default()
        };
        assert_eq!(of(bad), ["expires_in", "uses", "addresses", "password"]);
        assert_eq!(LinkChange::default().faults()[0].field(), "expires_in");
    }

    #[test]
    fn names_of_visitors_stay_in_the_folder() {
        for (given, kept) in [
            ("a.txt", Some("a.txt")),
            ("../../etc/passwd", Some("passwd")),
            ("C:\\fakepath\\å b.txt", Some("å b.txt")),
            (" a ", Some("a")),
            (".bashrc", Some(".bashrc")),
            ("", None),
            ("..", None),
            ("a/..", None),
            ("a/", None),
            ("a\0b", None),
            ("x/.directory-metadata", None),
        ] {
            assert_eq!(visitor_name(given), kept, "{given:?}");
        }
        assert_eq!(marked_name("a.tar.gz", "7f"), "a.tar (7f).gz");
        assert_eq!(marked_name(".bashrc", "7f"), ".bashrc (7f)");
        assert_eq!(marked_name("README", "7f"), "README (7f)");
    }

    #[test]
    fn a_path_stays_in_its_folder() {
        for (path, key) in [
            ("", Some("a/b/")),
            ("c.txt", Some("a/b/c.txt")),
            ("c/d/", Some("a/b/c/d/")),
            ("/etc/passwd", Some("a/b//etc/passwd")),
            ("a/b/c", Some("a/b/a/b/c")),
            ("...", Some("a/b/...")),
            ("%2e%2e/c", Some("a/b/%2e%2e/c")),
            ("..", None),
            ("../c", None),
            ("c/../../d", None),
            ("c/..", None),
            (".", None),
            ("./c", None),
            ("..\\c", None),
        ] {
            assert_eq!(within("a/b/", path).as_deref(), key, "{path:?}");
        }
    }

    /// Paths made of what tricks are made of, and of anything.
    fn paths() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            Just("..".to_owned()),
            Just(".".to_owned()),
            Just("/".to_owned()),
            Just("\\".to_owned()),
            Just("%2e%2e".to_owned()),
            Just("%2f".to_owned()),
            Just("\0".to_owned()),
            "[a-z]{1,3}",
            ".{0,4}",
        ];
        proptest::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
    }

    proptest! {
        /// However a path is read, with its dots resolved or not, it is in the folder.
        #[test]
        fn no_path_leaves_the_folder(path in paths()) {
            if let Some(key) = within("a/b/", &path) {
                prop_assert!(key.starts_with("a/b/"));
                let mut at = Vec::new();
                for segment in key.split(['/', '\\']) {
                    match segment {
                        "." => {}
                        ".." => {
                            at.pop();
                        }
                        name => at.push(name),
                    }
                    prop_assert!(at.len() < 2 || at[..2] == ["a", "b"]);
                }
                prop_assert!(at.len() >= 3);
            }
        }

        #[test]
        fn no_name_of_a_visitor_leaves_the_folder(given in ".{0,40}") {
            if let Some(name) = visitor_name(&given) {
                prop_assert!(!name.contains(['/', '\\']) && name != "." && name != "..");
                prop_assert!(!marked_name(name, "7f").contains('/'));
            }
        }
    }
}
