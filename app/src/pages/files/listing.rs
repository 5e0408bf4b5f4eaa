//! What a folder holds: the answer of the store turned into rows.

use std::collections::HashSet;

use model::{
    BucketName, ErrorCode, Problem, Timestamp,
    object::{ListObjects, ListObjectsQuery, Object, ObjectPage},
    version::{DeleteMarker, ListVersions, ListVersionsQuery, VersionPage},
};
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use crate::{
    api, text,
    urls::{self, Query},
    words::general,
};

/// Entries that the server renders.
pub const FIRST_PAGE: u32 = 100;
/// Entries of every later page.
pub const PAGE: u32 = 1_000;

/// Where one is: a folder of a bucket, or a page of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The bucket as the address names it.
    pub bucket: String,
    /// The folder, or any beginning of keys.
    pub prefix: String,
    /// Whether all keys below it are meant, not only what is directly in it.
    pub flat: bool,
    /// Whether names are shown of which a deletion is the newest.
    pub deleted: bool,
    /// The continuation token of a later page, for reading on without scripts.
    pub after: Option<String>,
}

/// A row: an object, or a folder that keys imply.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The key; a folder's ends in `/`.
    #[serde(rename = "k")]
    pub key: String,
    /// Bytes; `None` for a folder.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// When it was stored.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<Timestamp>,
    /// The entity tag, without its quotes.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<Box<str>>,
    /// The owner's name, else the id.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Box<str>>,
    /// The storage class.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Box<str>>,
    /// The version of the delete marker that hides it; none of what is there.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub marker: Option<Box<str>>,
    /// When Hako removes it.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
}

impl Entry {
    /// A folder.
    pub fn folder(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            ..Self::default()
        }
    }

    /// A file of this size.
    #[cfg(test)]
    pub fn file(key: &str, size: u64) -> Self {
        Self {
            key: key.to_owned(),
            size: Some(size),
            ..Self::default()
        }
    }

    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        self.size.is_none()
    }

    /// Whether a delete marker hides it.
    pub fn is_deleted(&self) -> bool {
        self.marker.is_some()
    }

    /// What kind of thing it is.
    pub fn kind(&self) -> Kind {
        if self.is_folder() {
            Kind::Folder
        } else {
            Kind::of_name(&self.key)
        }
    }

    /// The name within the folder `prefix`; a folder's keeps its slash, as the address writes it.
    pub fn relative(&self, prefix: &str) -> &str {
        self.key.get(base(prefix)..).unwrap_or(&self.key)
    }

    /// The name within the folder `prefix`, without a folder's slash.
    pub fn plain(&self, prefix: &str) -> &str {
        let name = self.relative(prefix);
        if self.is_folder() {
            name.strip_suffix('/').unwrap_or(name)
        } else {
            name
        }
    }

    /// The name for a person, within the folder `prefix`.
    pub fn name(&self, prefix: &str) -> String {
        text::visible_name(self.plain(prefix))
    }
}

/// Where names begin in the keys below `prefix`: behind its last slash.
pub fn base(prefix: &str) -> usize {
    prefix.rfind('/').map_or(0, |at| at + 1)
}

/// A page of a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The bucket.
    pub bucket: BucketName,
    /// The folder.
    pub prefix: String,
    /// Whether these are all keys below it.
    pub flat: bool,
    /// Whether deleted names are among them.
    pub deleted: bool,
    /// Its entries, in the store's order.
    pub entries: Vec<Entry>,
    /// Whether the folder itself is stored as an object.
    pub marker: bool,
    /// How to go on; `None` at the end.
    pub token: Option<String>,
    /// When the page was made, by the server's clock: times are counted back from it.
    pub now: Option<Timestamp>,
}

impl Listing {
    /// A folder of which nothing is known.
    pub fn unknown(bucket: BucketName, prefix: String) -> Self {
        Self {
            bucket,
            prefix,
            flat: false,
            deleted: false,
            entries: Vec::new(),
            marker: false,
            token: None,
            now: None,
        }
    }
}

/// Asks for one page of a folder.
pub async fn list(
    bucket: BucketName,
    prefix: String,
    flat: bool,
    token: Option<String>,
    entries: u32,
) -> Result<Listing, Problem> {
    let query = ListObjectsQuery {
        prefix: Some(prefix.clone()).filter(|prefix| !prefix.is_empty()),
        delimiter: (!flat).then(|| "/".to_owned()),
        max_keys: Some(entries),
        continuation_token: token,
        start_after: None,
    };
    let request = ListObjects {
        bucket: bucket.clone(),
        query,
    };
    let page = api::call(request).await?;
    Ok(listing(bucket, prefix, flat, page))
}

/// Asks for one page of a folder with the names that are deleted. Only the list of versions has them.
pub async fn list_deleted(
    bucket: BucketName,
    prefix: String,
    flat: bool,
    token: Option<String>,
    entries: u32,
) -> Result<Listing, Problem> {
    let after = token.map(|token| Query::parse(&token)).unwrap_or_default();
    let after = |name| after.get(name).map(str::to_owned);
    let query = ListVersionsQuery {
        prefix: Some(prefix.clone()).filter(|prefix| !prefix.is_empty()),
        delimiter: (!flat).then(|| "/".to_owned()),
        max_keys: Some(entries),
        key_marker: after("key"),
        version_id_marker: after("version"),
    };
    let request = ListVersions {
        bucket: bucket.clone(),
        query,
    };
    let page = api::call(request).await?;
    Ok(with_deleted(bucket, prefix, flat, page))
}

/// The newest of each key, whether that is a version or a delete marker. Each key has one newest, so the
/// pages of a list name it once, wherever its versions are cut.
fn with_deleted(bucket: BucketName, prefix: String, flat: bool, page: VersionPage) -> Listing {
    let key = page.next_key_marker.filter(|_| page.is_truncated);
    let version = page.next_version_id_marker.unwrap_or_default();
    let token = key.map(|key| urls::with_query("", &[("key", &key), ("version", &version)]));
    let objects = page
        .versions
        .into_iter()
        .filter(|version| version.is_latest);
    let objects = objects.map(|version| Object {
        key: version.key,
        size: version.size,
        last_modified: version.last_modified,
        etag: version.etag,
        storage_class: version.storage_class,
        owner: version.owner,
    });
    let there = ObjectPage {
        objects: objects.collect(),
        common_prefixes: page.common_prefixes,
        expires_at: page.expires_at,
        ..ObjectPage::default()
    };
    let mut listing = listing(bucket, prefix, flat, there);
    let markers = page.delete_markers.into_iter().filter(|marker| {
        // A deleted folder's own object is no name in it.
        marker.is_latest && marker.key != listing.prefix && !marker.key.ends_with('/')
    });
    let gone: Vec<Entry> = markers.map(deleted_entry).collect();
    listing.entries.extend(gone);
    listing.entries.sort_by(|a, b| a.key.cmp(&b.key));
    Listing {
        deleted: true,
        token,
        ..listing
    }
}

/// A name that is deleted: when, and by whom.
fn deleted_entry(marker: DeleteMarker) -> Entry {
    let owner = marker
        .owner
        .and_then(|owner| owner.display_name.or(owner.id));
    Entry {
        key: marker.key,
        size: Some(0),
        modified: marker.last_modified,
        owner: owner.map(Into::into),
        marker: Some(marker.version_id.into()),
        ..Entry::default()
    }
}

/// The first page of a place; a name that no bucket can have is a bucket that is not there.
pub async fn list_place(place: Place) -> Result<Listing, Problem> {
    let Ok(bucket) = BucketName::parse(place.bucket) else {
        return Err(Problem::new(
            ErrorCode::BucketNotFound,
            general::no_such_bucket(),
        ));
    };
    let first = if place.deleted {
        list_deleted(bucket, place.prefix, place.flat, place.after, FIRST_PAGE).await?
    } else {
        list(bucket, place.prefix, place.flat, place.after, FIRST_PAGE).await?
    };
    Ok(Listing {
        now: now(),
        ..first
    })
}

#[cfg(feature = "ssr")]
#[expect(clippy::unnecessary_wraps, reason = "the browser may have no clock")]
fn now() -> Option<Timestamp> {
    Some(Timestamp::new(time::OffsetDateTime::now_utc()))
}

#[cfg(not(feature = "ssr"))]
fn now() -> Option<Timestamp> {
    crate::browser::clock().map(|(now, _)| now)
}

fn listing(bucket: BucketName, prefix: String, flat: bool, page: ObjectPage) -> Listing {
    let marker = page.objects.iter().any(|object| object.key == prefix);
    let mut entries = Vec::with_capacity(page.common_prefixes.len() + page.objects.len());
    let folders: HashSet<&str> = page.common_prefixes.iter().map(String::as_str).collect();
    for object in page.objects {
        let ends_in_slash = object.key.ends_with('/');
        // The folder's own marker is where one is, not what is in it.
        if object.key == prefix
            // HCP also lists folders as objects of size 0.
            || ends_in_slash && (folders.contains(object.key.as_str()) || flat && object.size == 0)
        {
            continue;
        }
        let ends = page.expires_at.get(&object.key).copied();
        entries.push(Entry {
            ends,
            ..entry(object, ends_in_slash)
        });
    }
    let folders = page.common_prefixes.iter().map(|key| Entry::folder(key));
    entries.extend(folders);
    // Two lists of the store's become one in its order.
    entries.sort_by(|a, b| a.key.cmp(&b.key));
    Listing {
        bucket,
        prefix,
        flat,
        deleted: false,
        entries,
        marker,
        token: page.next_continuation_token.filter(|_| page.is_truncated),
        now: None,
    }
}

fn entry(object: Object, ends_in_slash: bool) -> Entry {
    let folder = ends_in_slash && object.size == 0;
    let etag = object.etag.map(|etag| etag.trim_matches('"').into());
    let owner = object
        .owner
        .and_then(|owner| owner.display_name.or(owner.id));
    Entry {
        key: object.key,
        size: (!folder).then_some(object.size),
        modified: object.last_modified,
        etag,
        owner: owner.map(Into::into),
        class: object.storage_class.map(Into::into),
        ..Entry::default()
    }
}

#[cfg(test)]
mod tests {
    use model::object::Object;

    use super::*;

    fn object(key: &str, size: u64) -> Object {
        Object {
            key: key.to_owned(),
            size,
            last_modified: Timestamp::from_unix_seconds(i64::try_from(size).unwrap()),
            etag: None,
            storage_class: None,
            owner: None,
        }
    }

    fn page(prefix: &str, prefixes: &[&str], objects: Vec<Object>) -> Listing {
        let page = ObjectPage {
            objects,
            common_prefixes: prefixes.iter().map(|p| (*p).to_owned()).collect(),
            ..ObjectPage::default()
        };
        listing(
            BucketName::parse("b-1").unwrap(),
            prefix.to_owned(),
            false,
            page,
        )
    }

    fn keys(listing: &Listing) -> Vec<&str> {
        listing.entries.iter().map(|e| e.key.as_str()).collect()
    }

    #[test]
    fn the_folders_own_marker_is_not_a_row() {
        let listing = page("a/", &["a/b/"], vec![object("a/", 0), object("a/x", 3)]);
        assert_eq!(keys(&listing), ["a/b/", "a/x"]);
        assert!(listing.marker);
        assert!(!page("a/", &[], vec![object("a/x", 3)]).marker);
    }

    #[test]
    fn a_folder_that_is_also_an_object_is_one_row() {
        let listing = page("", &["a/"], vec![object("a/", 0), object("b/", 0)]);
        assert_eq!(keys(&listing), ["a/", "b/"]);
        assert!(listing.entries.iter().all(Entry::is_folder));
    }

    #[test]
    fn names_are_relative_to_the_folder() {
        let listing = page("a/s", &["a/sub/"], vec![object("a/scan\u{7}", 1)]);
        assert_eq!(listing.entries[0].name("a/s"), "scan\\u{7}");
        assert_eq!(listing.entries[1].name("a/s"), "sub");
        assert_eq!(listing.entries[1].relative("a/s"), "sub/");
        let odd = page("a/", &["a//"], vec![]);
        assert_eq!(odd.entries[0].name("a/"), "(empty)");
    }

    #[test]
    fn folders_and_files_of_a_page_stand_in_one_order() {
        let listing = page("", &["b/"], vec![object("a", 1), object("c", 2)]);
        assert_eq!(keys(&listing), ["a", "b/", "c"]);
    }

    #[test]
    fn of_each_key_the_newest_is_shown_whether_it_is_deleted_or_not() {
        let page: VersionPage = serde_json::from_value(serde_json::json!({
            "versions": [
                {"key": "a/x", "version_id": "1", "is_latest": false, "size": 3},
                {"key": "a/y", "version_id": "4", "is_latest": true, "size": 5},
                {"key": "a/y", "version_id": "3", "is_latest": false, "size": 4},
            ],
            "delete_markers": [
                {"key": "a/x", "version_id": "2", "is_latest": true},
                {"key": "a/y", "version_id": "2", "is_latest": false},
                {"key": "a/", "version_id": "9", "is_latest": true},
            ],
            "common_prefixes": ["a/sub/"],
            "is_truncated": true,
            "next_key_marker": "a/y&=",
            "next_version_id_marker": "3",
            "key_count": 6,
        }))
        .unwrap();
        let listing = with_deleted(BucketName::parse("b-1").unwrap(), "a/".into(), false, page);
        assert_eq!(keys(&listing), ["a/sub/", "a/x", "a/y"]);
        let deleted: Vec<bool> = listing.entries.iter().map(Entry::is_deleted).collect();
        assert_eq!(deleted, [false, true, false]);
        assert_eq!(listing.entries[1].marker.as_deref(), Some("2"));
        assert!(!listing.entries[1].is_folder());
        let token = Query::parse(&listing.token.unwrap());
        assert_eq!(
            (token.get("key"), token.get("version")),
            (Some("a/y&="), Some("3"))
        );
    }

    #[test]
    fn an_entry_has_the_end_that_its_page_tells() {
        let end = Timestamp::from_unix_seconds(1_800_000_000);
        let page = ObjectPage {
            objects: vec![object("a/x", 1), object("a/y", 1)],
            expires_at: end.map(|end| ("a/y".to_owned(), end)).into_iter().collect(),
            ..ObjectPage::default()
        };
        let bucket = BucketName::parse("b-1").unwrap();
        let listing = listing(bucket, "a/".to_owned(), false, page);
        let ends: Vec<_> = listing.entries.iter().map(|entry| entry.ends).collect();
        assert_eq!(ends, [None, end]);
        let text = serde_json::to_string(&listing.entries).unwrap();
        let read: Vec<Entry> = serde_json::from_str(&text).unwrap();
        assert_eq!(read, listing.entries);
    }

    #[test]
    fn a_flat_view_leaves_out_folders() {
        let page = ObjectPage {
            objects: vec![object("a/", 0), object("a/x", 1), object("odd/", 3)],
            ..ObjectPage::default()
        };
        let bucket = BucketName::parse("b-1").unwrap();
        let listing = listing(bucket, String::new(), true, page);
        assert_eq!(keys(&listing), ["a/x", "odd/"]);
        assert!(!listing.entries[1].is_folder(), "it has bytes");
    }
}
