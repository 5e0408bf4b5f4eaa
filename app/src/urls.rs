//! Addresses of pages: every link is built here, and every query is read here.
//!
//! Keys travel percent-encoded exactly once. The router's own parameter map decodes twice, which
//! would turn the key `100%25` into `100%`; hence the reading of the raw query.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::{BucketName, endpoint::encode, session::AS};

use crate::browser;

/// Where one goes who names no page.
pub const HOME: &str = "/";
/// Hako's mark, in the sprite of icons.
pub const MARK: &str = "/icons.svg#mark";
/// The site's own icon.
pub const FAVICON: &str = "/favicon.ico";
/// The list of buckets.
pub const BUCKETS: &str = "/buckets";
/// Uploads, and what was stored from this browser.
pub const TRANSFERS: &str = "/transfers";
/// Background work.
pub const JOBS: &str = "/jobs";
/// The unfinished uploads of all buckets.
pub const JOB_UPLOADS: &str = "/jobs/uploads";
/// The Hako links.
pub const LINKS: &str = "/links";
/// What other tools need.
pub const CREDENTIALS: &str = "/credentials";
/// Who changed what through Hako.
pub const AUDIT: &str = "/audit";
/// What the store recorded.
pub const OPERATIONS: &str = "/audit/operations";
/// Search by metadata.
pub const SEARCH: &str = "/search";
/// The list of namespaces.
pub const NAMESPACES: &str = "/namespaces";
/// The list of users.
pub const USERS: &str = "/people/users";
/// The list of groups.
pub const GROUPS: &str = "/people/groups";
/// What a tenant's namespaces hold and did.
pub const USAGE: &str = "/usage";
/// The settings of the tenant.
pub const TENANT: &str = "/tenant/general";
/// What is possible in the tenant at most.
pub const TENANT_PERMISSIONS: &str = "/tenant/permissions";
/// The list of tenants.
pub const TENANTS: &str = "/system/tenants";
/// What the pages of the system itself stand below.
pub const SYSTEM: &str = "/system";
/// What the nodes do, the first of these pages.
pub const NODES: &str = "/system/nodes";
/// Replication.
pub const REPLICATION: &str = "/system/replication";
/// Erasure coding.
pub const CODING: &str = "/system/erasure-coding";
/// A new tenant.
pub const NEW_TENANT: &str = "/new/tenant";
/// A new link of replication.
pub const NEW_LINK: &str = "/new/link";
/// A new topology of erasure coding.
pub const NEW_TOPOLOGY: &str = "/new/topology";
/// Signing in.
pub const SIGN_IN: &str = "/sign-in";
/// Signing out.
pub const SIGN_OUT: &str = "/sign-out";
/// The sessions of this browser.
pub const SESSIONS: &str = "/sessions";
/// The own password.
pub const PASSWORD: &str = "/password";
/// How the console looks in this browser.
pub const PREFERENCES: &str = "/preferences";

/// The pairs of a query, decoded once, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query without its question mark. Nothing is refused: what is malformed is kept as it
    /// stands.
    pub fn parse(text: &str) -> Self {
        let pairs = text
            .trim_start_matches('?')
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decode(name), decode(value))
            })
            .collect();
        Self(pairs)
    }

    /// The first value of `name` that is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(n, v)| n == name && !v.is_empty())
            .map(|(_, v)| v.as_str())
    }

    /// All names and values that are not empty.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.iter().filter(|(_, value)| !value.is_empty());
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// All values of `name`.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(n, v)| n == name && !v.is_empty())
            .map(|(_, v)| v.clone())
            .collect()
    }
}

/// Decodes `%xx` and `+`; bytes that are not UTF-8 become the replacement character.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = bytes
            .get(at + 1..at + 3)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (byte, escaped) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 3;
            }
            (b'+', _) => {
                out.push(b' ');
                at += 1;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A path with the parameters that are not empty.
pub fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut out = path.to_owned();
    let mut separator = '?';
    for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        out.push(separator);
        out.push_str(name);
        out.push('=');
        out.push_str(&encode(value));
        separator = '&';
    }
    out
}

/// The path of a bucket's files. Takes any text, because a store's own names are shown as they are.
pub fn bucket(name: &str) -> String {
    format!("{BUCKETS}/{}", encode(name))
}

/// The uploads of a bucket that are not completed, from where a page of them ended.
pub fn uploads(name: &str, after: Option<(&str, &str)>) -> String {
    let (key, upload) = after.unwrap_or_default();
    with_query(
        &below(BUCKETS, name, "uploads"),
        &[("key_marker", key), ("upload_id_marker", upload)],
    )
}

/// The CORS rules of a bucket, with a question or a dialog.
pub fn cors(name: &str, parameters: &[(&str, &str)]) -> String {
    with_query(&below(BUCKETS, name, "cors"), parameters)
}

/// The versions of a bucket's objects, filtered, from where a page of them ended.
pub fn versions(name: &str, parameters: &[(&str, &str)]) -> String {
    with_query(&below(BUCKETS, name, "versions"), parameters)
}

/// What a bucket holds: a folder of it, in a measurement.
pub fn bucket_usage(name: &str, parameters: &[(&str, &str)]) -> String {
    with_query(&below(BUCKETS, name, "usage"), parameters)
}

/// Who may do what in a bucket.
pub fn access(name: &str) -> String {
    below(BUCKETS, name, "access")
}

/// The settings of a bucket.
pub fn settings(name: &str) -> String {
    below(BUCKETS, name, "settings")
}

/// A thing of a list, or a section of it.
pub fn below(list: &str, name: &str, section: &str) -> String {
    let separator = if section.is_empty() { "" } else { "/" };
    format!("{list}/{}{separator}{section}", encode(name))
}

/// The segments of a path, decoded once.
pub fn segments(path: &str) -> Vec<String> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    // A plus sign stands for itself in a path.
    segments
        .map(|segment| decode(&segment.replace('+', "%2B")))
        .collect()
}

/// One job.
pub fn job(id: &str) -> String {
    below(JOBS, id, "")
}

/// A folder of a bucket.
pub fn folder(name: &BucketName, prefix: &str) -> String {
    with_query(&bucket(name.as_str()), &[("prefix", prefix)])
}

/// An object, opened beside its folder.
pub fn object(bucket: &str, key: &str) -> String {
    let prefix = key.rfind('/').map_or("", |at| &key[..=at]);
    with_query(&self::bucket(bucket), &[("prefix", prefix), ("o", key)])
}

/// The sign-in page that leads back to `wanted`.
pub fn sign_in(wanted: &str) -> String {
    let wanted = if wanted == "/" { "" } else { wanted };
    with_query(SIGN_IN, &[("next", wanted)])
}

/// The sign-in page for one person, which leads back to `wanted`.
pub fn sign_in_as(tenant: &str, username: &str, wanted: &str) -> String {
    let wanted = if wanted == "/" { "" } else { wanted };
    with_query(
        SIGN_IN,
        &[("tenant", tenant), ("username", username), ("next", wanted)],
    )
}

/// An address of this site in the session of a tenant (`~`: the system level), where it does not name one
/// yet. Signing in and the files of the site are nobody's.
pub fn within(address: &str, tenant: &str) -> Option<String> {
    let ours = address.starts_with('/') && !address.starts_with("//");
    let (rest, fragment) = match address.split_once('#') {
        Some((rest, fragment)) => (rest, Some(fragment)),
        None => (address, None),
    };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let nobodys = path == SIGN_IN || path.starts_with("/pkg/") || path.starts_with("/docs");
    if !ours || nobodys || Query::parse(query).get(AS).is_some() {
        return None;
    }
    let separator = if query.is_empty() { "" } else { "&" };
    let fragment = fragment.map(|f| format!("#{f}")).unwrap_or_default();
    Some(format!(
        "{path}?{query}{separator}{AS}={}{fragment}",
        encode(tenant)
    ))
}

/// An address without the tenant that it names.
pub fn within_any(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let kept: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(AS))
        .collect();
    if kept.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", kept.join("&"))
    }
}

/// One step of a path: what it is called and the prefix that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// The name of the level, without its slash; may be empty (`a//b` has such a level).
    pub name: String,
    /// The prefix up to and including the level's slash.
    pub prefix: String,
}

/// The levels of a prefix, outermost first.
pub fn crumbs(prefix: &str) -> Vec<Crumb> {
    let mut end = 0;
    prefix
        .split_inclusive('/')
        .map(|level| {
            end += level.len();
            Crumb {
                name: level.strip_suffix('/').unwrap_or(level).to_owned(),
                prefix: prefix[..end].to_owned(),
            }
        })
        .collect()
}

/// The path of the page.
pub fn path() -> Memo<String> {
    let pathname = use_location().pathname;
    Memo::new(move |_| pathname.with(|path| browser::inside(path)))
}

/// Path and query of the page.
pub fn current() -> Signal<String> {
    let (path, search) = (path(), use_location().search);
    Signal::derive(move || {
        let path = path.get();
        let search = search.get();
        if search.is_empty() {
            path
        } else {
            format!("{path}?{search}")
        }
    })
}

/// The query of the page.
pub fn query() -> Memo<Query> {
    let location = use_location();
    Memo::new(move |_| location.search.with(|text| Query::parse(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_decoded_exactly_once() {
        let query = Query::parse("prefix=100%2525%2F&sel=a+b&sel=%C3%A5&sel=&bare&x=%zz%4");
        assert_eq!(query.get("prefix"), Some("100%25/"));
        assert_eq!(query.all("sel"), ["a b", "å"]);
        assert_eq!(query.get("bare"), None);
        assert_eq!(query.get("x"), Some("%zz%4"));
        assert_eq!(Query::parse(""), Query::default());
    }

    #[test]
    fn bytes_that_are_not_text_do_no_harm() {
        assert_eq!(Query::parse("q=%ff%fe").get("q"), Some("\u{fffd}\u{fffd}"));
        assert_eq!(Query::parse("q=%").get("q"), Some("%"));
        assert_eq!(Query::parse("q=å%2").get("q"), Some("å%2"));
    }

    #[test]
    fn what_a_link_says_is_what_the_page_reads() {
        let name = BucketName::parse("raw-scans").unwrap();
        for prefix in [
            "a/",
            "a b/#?%&=+\"é😀/",
            "100%25/",
            "//",
            " /",
            "a\u{202e}b/",
        ] {
            let link = folder(&name, prefix);
            let (path, search) = link.split_once('?').unwrap();
            assert_eq!(path, "/buckets/raw-scans");
            assert_eq!(Query::parse(search).get("prefix"), Some(prefix), "{link}");
        }
        assert_eq!(folder(&name, ""), "/buckets/raw-scans");
    }

    #[test]
    fn a_page_of_uploads_is_found_by_where_the_one_before_ended() {
        assert_eq!(uploads("raw-scans", None), "/buckets/raw-scans/uploads");
        let link = uploads("raw-scans", Some(("a b&c/ö", "94837746087105")));
        let (path, search) = link.split_once('?').unwrap();
        assert_eq!(path, "/buckets/raw-scans/uploads");
        let query = Query::parse(search);
        assert_eq!(query.get("key_marker"), Some("a b&c/ö"));
        assert_eq!(query.get("upload_id_marker"), Some("94837746087105"));
    }

    #[test]
    fn sign_in_leads_back_to_the_page() {
        assert_eq!(sign_in("/"), "/sign-in");
        let link = sign_in("/buckets/b-1?prefix=a%2F");
        assert_eq!(link, "/sign-in?next=%2Fbuckets%2Fb-1%3Fprefix%3Da%252F");
    }

    #[test]
    fn a_link_says_in_whose_session_it_is_meant() {
        for (address, meant) in [
            ("/buckets", "/buckets?as=demo"),
            ("/buckets/x?prefix=a%2F", "/buckets/x?prefix=a%2F&as=demo"),
            ("/buckets#top", "/buckets?as=demo#top"),
        ] {
            assert_eq!(within(address, "demo").as_deref(), Some(meant));
        }
        assert_eq!(within("/buckets", "~").as_deref(), Some("/buckets?as=~"));
        for none in [
            "/buckets?as=other",
            "https://elsewhere.example/",
            "//elsewhere.example/",
            "#top",
            "/sign-in?next=%2F",
        ] {
            assert_eq!(within(none, "demo"), None, "{none}");
        }
        assert_eq!(
            within_any("/buckets/x?as=b&prefix=a%2F"),
            "/buckets/x?prefix=a%2F"
        );
        assert_eq!(within_any("/buckets?as=b"), "/buckets");
    }

    #[test]
    fn a_path_has_one_crumb_per_level() {
        let names = |prefix: &str| {
            crumbs(prefix)
                .into_iter()
                .map(|c| (c.name, c.prefix))
                .collect::<Vec<_>>()
        };
        let pair = |name: &str, prefix: &str| (name.to_owned(), prefix.to_owned());
        assert_eq!(names(""), []);
        assert_eq!(names("a/b/"), [pair("a", "a/"), pair("b", "a/b/")]);
        assert_eq!(
            names("a//b/"),
            [pair("a", "a/"), pair("", "a//"), pair("b", "a//b/")]
        );
        assert_eq!(names("/x/"), [pair("", "/"), pair("x", "/x/")]);
        assert_eq!(names("scan-"), [pair("scan-", "scan-")]);
    }
}
