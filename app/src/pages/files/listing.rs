//! What a folder holds: the answer of the store turned into rows, and the words about it.

use std::cmp::Ordering;

use model::{
    BucketName, ErrorCode, Problem, Timestamp,
    object::{ListObjects, ListObjectsQuery, ObjectPage},
    unit,
};
use serde::{Deserialize, Serialize};

use crate::{api, text};

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
    /// The continuation token of a later page, for reading on without scripts.
    pub after: Option<String>,
}

/// A row: an object, or a folder that keys imply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The key; a folder's ends in `/`.
    #[serde(rename = "k")]
    pub key: String,
    /// Bytes; `None` for a folder.
    #[serde(rename = "s")]
    pub size: Option<u64>,
    /// When it was stored.
    #[serde(rename = "m")]
    pub modified: Option<Timestamp>,
}

impl Entry {
    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        self.size.is_none()
    }

    /// The name within the folder `prefix`; a folder's keeps its slash, as the address writes it.
    pub fn relative(&self, prefix: &str) -> &str {
        let base = prefix.rfind('/').map_or(0, |at| at + 1);
        self.key.get(base..).unwrap_or(&self.key)
    }

    /// The name for a person, within the folder `prefix`.
    pub fn name(&self, prefix: &str) -> String {
        let name = self.relative(prefix);
        let name = if self.is_folder() {
            name.strip_suffix('/').unwrap_or(name)
        } else {
            name
        };
        text::visible_name(name)
    }
}

/// A page of a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The bucket.
    pub bucket: BucketName,
    /// The folder.
    pub prefix: String,
    /// Its entries, folders first.
    pub entries: Vec<Entry>,
    /// Whether the folder itself is stored as an object.
    pub marker: bool,
    /// How to go on; `None` at the end.
    pub token: Option<String>,
}

/// Asks for one page of a folder.
pub async fn list(
    bucket: BucketName,
    prefix: String,
    token: Option<String>,
    entries: u32,
) -> Result<Listing, Problem> {
    let query = ListObjectsQuery {
        prefix: Some(prefix.clone()).filter(|prefix| !prefix.is_empty()),
        delimiter: Some("/".to_owned()),
        max_keys: Some(entries),
        continuation_token: token,
        start_after: None,
    };
    let request = ListObjects {
        bucket: bucket.clone(),
        query,
    };
    let page = api::call(request).await?;
    Ok(listing(bucket, prefix, page))
}

/// The first page of a place; a name that no bucket can have is a bucket that is not there.
pub async fn list_place(place: Place) -> Result<Listing, Problem> {
    let Ok(bucket) = BucketName::parse(place.bucket) else {
        return Err(Problem::new(ErrorCode::BucketNotFound, "no such bucket"));
    };
    list(bucket, place.prefix, place.after, FIRST_PAGE).await
}

fn listing(bucket: BucketName, prefix: String, page: ObjectPage) -> Listing {
    let marker = page.objects.iter().any(|object| object.key == prefix);
    let mut entries: Vec<Entry> = page
        .common_prefixes
        .into_iter()
        .map(|key| Entry {
            key,
            size: None,
            modified: None,
        })
        .collect();
    for object in page.objects {
        // The folder's own marker is where one is, not what is in it.
        if object.key == prefix {
            continue;
        }
        // HCP also lists folders as objects of size 0.
        if object.key.ends_with('/') && entries.iter().any(|entry| entry.key == object.key) {
            continue;
        }
        let folder = object.key.ends_with('/') && object.size == 0;
        entries.push(Entry {
            key: object.key,
            size: (!folder).then_some(object.size),
            modified: object.last_modified,
        });
    }
    Listing {
        bucket,
        prefix,
        entries,
        marker,
        token: page.next_continuation_token.filter(|_| page.is_truncated),
    }
}

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// The store's order.
    #[default]
    Name,
    /// Bytes.
    Size,
    /// When it was stored.
    Modified,
}

impl Column {
    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Size => "size",
            Self::Modified => "changed",
        }
    }
}

/// Column and direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// The column.
    pub column: Column,
    /// From high to low.
    pub descending: bool,
}

impl Order {
    /// Reads `sort` and `dir`; anything else is the store's order.
    pub fn parse(sort: Option<&str>, direction: Option<&str>) -> Self {
        let column = match sort {
            Some("size") => Column::Size,
            Some("changed") => Column::Modified,
            _ => Column::Name,
        };
        Self {
            column,
            descending: direction == Some("desc"),
        }
    }

    /// Sorts; folders stay first.
    pub fn sort(self, entries: &mut [Entry]) {
        entries.sort_by(|a, b| {
            let folders_first = b.is_folder().cmp(&a.is_folder());
            let by_column = match self.column {
                Column::Name => Ordering::Equal,
                Column::Size => a.size.cmp(&b.size),
                Column::Modified => a.modified.cmp(&b.modified),
            }
            .then_with(|| a.key.cmp(&b.key));
            let by_column = if self.descending {
                by_column.reverse()
            } else {
                by_column
            };
            folders_first.then(by_column)
        });
    }
}

/// The status line: how much is shown, and whether that is all.
pub fn status(entries: &[Entry], more: bool, loading: bool) -> String {
    let folders = entries.iter().filter(|entry| entry.is_folder()).count();
    let files = entries.len() - folders;
    let bytes: u64 = entries.iter().filter_map(|entry| entry.size).sum();
    if more {
        let loaded = unit::count(entries.len() as u64);
        return if loading {
            format!("{loaded} loaded, more coming…")
        } else {
            format!("First {loaded} of more")
        };
    }
    let noun = if entries.len() == 1 {
        "entry"
    } else {
        "entries"
    };
    format!(
        "{} {noun} ({}, {}, {})",
        unit::count(entries.len() as u64),
        text::counted(folders, "folder"),
        text::counted(files, "file"),
        unit::size(bytes)
    )
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
        listing(BucketName::parse("b-1").unwrap(), prefix.to_owned(), page)
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
        assert_eq!(listing.entries[0].name("a/s"), "sub");
        assert_eq!(listing.entries[0].relative("a/s"), "sub/");
        assert_eq!(listing.entries[1].name("a/s"), "scan\\u{7}");
        let odd = page("a/", &["a//"], vec![]);
        assert_eq!(odd.entries[0].name("a/"), "(empty)");
    }

    #[test]
    fn folders_stay_first_in_every_order() {
        let mut entries = page("", &["d/", "c/"], vec![object("b", 1), object("a", 2)]).entries;
        let mut sorted = |sort, direction| {
            Order::parse(sort, direction).sort(&mut entries);
            entries.iter().map(|e| e.key.clone()).collect::<Vec<_>>()
        };
        assert_eq!(sorted(None, None), ["c/", "d/", "a", "b"]);
        assert_eq!(sorted(Some("name"), Some("desc")), ["d/", "c/", "b", "a"]);
        assert_eq!(sorted(Some("size"), None), ["c/", "d/", "b", "a"]);
        assert_eq!(
            sorted(Some("changed"), Some("desc")),
            ["d/", "c/", "a", "b"]
        );
        assert_eq!(sorted(Some("nonsense"), Some("?")), ["c/", "d/", "a", "b"]);
    }

    #[test]
    fn the_status_line_is_true() {
        let entries = page("", &["d/"], vec![object("a", 1024), object("b", 512)]).entries;
        assert_eq!(
            status(&entries, false, false),
            "3 entries (1 folder, 2 files, 1.5 KB)"
        );
        assert_eq!(status(&entries, true, false), "First 3 of more");
        assert_eq!(status(&entries, true, true), "3 loaded, more coming…");
        assert_eq!(
            status(&[], false, false),
            "0 entries (0 folders, 0 files, 0 B)"
        );
    }
}
