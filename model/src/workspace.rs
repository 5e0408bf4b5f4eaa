//! Workspace files: the second API, small and made for scripts. A workspace is a bucket.

use serde::{Deserialize, Serialize};

use crate::{PartNumber, Timestamp};

/// Entries of a listing when nobody says.
pub const DEFAULT_LENGTH: u64 = 1_000;
/// Entries of a listing at most.
pub const MAX_LENGTH: u64 = 10_000;
/// Parts of an upload at most.
pub const MAX_PARTS: u32 = 10_000;
/// Seconds that URLs live when nobody says.
pub const DEFAULT_EXPIRES_IN: u64 = 3_600;
/// Seconds that URLs live at least.
pub const MIN_EXPIRES_IN: u64 = 60;

/// Why a path is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathFault {
    /// Nothing is named.
    Empty,
    /// It begins with a slash.
    Absolute,
    /// A segment is empty, `.` or `..`.
    Segment,
    /// It has a NUL.
    Nul,
}

impl std::fmt::Display for PathFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Empty => "name a file",
            Self::Absolute => "begin with a name, not with a slash",
            Self::Segment => "`.`, `..` and empty names between slashes are not resolved",
            Self::Nul => "no name has a NUL character",
        })
    }
}

/// What a path means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilePath<'a> {
    /// One file: the key.
    File(&'a str),
    /// What is below it; what its keys begin with, which is empty for the whole workspace.
    Folder(&'a str),
}

impl<'a> FilePath<'a> {
    /// Reads a path that was decoded once. Nothing in it is resolved: what would have to be is refused.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(path: &'a str) -> Result<Self, PathFault> {
        if path.contains('\0') {
            return Err(PathFault::Nul);
        }
        if path.is_empty() {
            return Ok(Self::Folder(path));
        }
        if path.starts_with('/') {
            return Err(PathFault::Absolute);
        }
        let names = path.strip_suffix('/').unwrap_or(path);
        if names.split('/').any(|name| ["", ".", ".."].contains(&name)) {
            return Err(PathFault::Segment);
        }
        Ok(if path.ends_with('/') {
            Self::Folder(path)
        } else {
            Self::File(path)
        })
    }

    /// The key of a file.
    ///
    /// # Errors
    /// It is a folder.
    pub fn file(self) -> Result<&'a str, PathFault> {
        match self {
            Self::File(key) => Ok(key),
            Self::Folder("") => Err(PathFault::Empty),
            Self::Folder(_) => Err(PathFault::Segment),
        }
    }

    /// What keys below it begin with, whether or not a slash was written behind it.
    pub fn prefix(self) -> String {
        match self {
            Self::File(key) => format!("{key}/"),
            Self::Folder(prefix) => prefix.to_owned(),
        }
    }
}

/// The body of every failure here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failure {
    /// Always false.
    pub success: bool,
    /// What was wrong.
    pub detail: String,
}

/// That something was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Done {
    /// Whether it was.
    pub success: bool,
    /// What it was.
    pub message: String,
}

/// What an entry of a listing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EntryType {
    /// A file.
    File,
    /// What several files have in common.
    Directory,
}

/// An entry of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Entry {
    /// Its name, without what is above it.
    pub name: String,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: EntryType,
    /// Bytes of a file.
    pub size: Option<u64>,
    /// When a file was stored.
    pub last_modified: Option<Timestamp>,
}

/// One level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Directory {
    /// Always true.
    pub success: bool,
    /// Always `directory`.
    #[serde(rename = "type")]
    pub kind: EntryType,
    /// Its name; empty for the workspace itself.
    pub name: String,
    /// What is in it, by name.
    pub children: Vec<Entry>,
}

/// Which stretch of a listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::IntoParams),
    into_params(parameter_in = Query)
)]
pub struct Stretch {
    /// Entries at most: 1 to 10,000; 1,000 when absent.
    #[serde(default)]
    #[cfg_attr(
        feature = "openapi",
        param(minimum = 1, maximum = 10_000, nullable = false)
    )]
    pub max_length: Option<u64>,
    /// So many entries are left out.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub offset: Option<u64>,
}

/// A part of an upload, and where it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedPart {
    /// The part.
    pub part_number: PartNumber,
    /// Where its bytes are put.
    pub url: String,
}

/// An upload that was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartedUpload {
    /// Its id, by which it is completed.
    pub upload_id: String,
    /// Its parts, in their order.
    pub parts: Vec<SignedPart>,
}

/// An upload that is one file now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoredUpload {
    /// Always true.
    pub success: bool,
    /// What was done.
    pub message: String,
    /// The file's entity tag, with its quotes.
    pub etag: String,
    /// The file's address in this API, without the host.
    pub location: String,
}

/// A path, or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Paths {
    /// One.
    One(String),
    /// Several: the answer is then a map.
    Many(Vec<String>),
}

/// Seconds, or those of each of several paths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Lives {
    /// The same for all.
    One(u64),
    /// One for each path.
    Many(Vec<Option<u64>>),
}

fn default_expires_in() -> u64 {
    DEFAULT_EXPIRES_IN
}

fn default_length() -> u64 {
    DEFAULT_LENGTH
}

/// The arguments of `put_file`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutFile {
    /// The path, or a list of paths.
    #[cfg_attr(feature = "openapi", schema(inline))]
    pub file_path: Paths,
    /// Whether the URL leads through Hako; as the deployment has it when absent.
    #[serde(default)]
    pub use_proxy: Option<bool>,
    /// Whether the URL is for the store's internal address.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(default = false))]
    pub use_local_url: bool,
    /// Seconds that the URL works: 60 to 604,800.
    #[serde(default = "default_expires_in")]
    #[cfg_attr(
        feature = "openapi",
        schema(default = 3600, minimum = 60, maximum = 604_800)
    )]
    pub expires_in: u64,
    /// Seconds after which the file is removed, counted from this call; with a list of paths, a list of as many.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(inline))]
    pub ttl: Option<Lives>,
}

/// The arguments of `get_file`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GetFile {
    /// The path, or a list of paths.
    #[cfg_attr(feature = "openapi", schema(inline))]
    pub file_path: Paths,
    /// Whether the URL leads through Hako; as the deployment has it when absent.
    #[serde(default)]
    pub use_proxy: Option<bool>,
    /// Whether the URL is for the store's internal address.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(default = false))]
    pub use_local_url: bool,
    /// Seconds that the URL works: 60 to 604,800.
    #[serde(default = "default_expires_in")]
    #[cfg_attr(
        feature = "openapi",
        schema(default = 3600, minimum = 60, maximum = 604_800)
    )]
    pub expires_in: u64,
}

/// The arguments of `put_file_start_multipart`, and of the route that does the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct StartUpload {
    /// The path.
    #[serde(alias = "path")]
    #[cfg_attr(feature = "openapi", param(rename = "path", min_length = 1))]
    pub file_path: String,
    /// How many parts it will have: 1 to 10,000.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 10_000))]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 10_000))]
    pub part_count: u32,
    /// Seconds that the URLs work: 60 to 604,800.
    #[serde(default = "default_expires_in")]
    #[cfg_attr(
        feature = "openapi",
        schema(default = 3600, minimum = 60, maximum = 604_800)
    )]
    #[cfg_attr(
        feature = "openapi",
        param(default = 3600, minimum = 60, maximum = 604_800)
    )]
    pub expires_in: u64,
    /// Seconds after which the file is removed, counted from its completion.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    #[cfg_attr(feature = "openapi", param(minimum = 1, nullable = false))]
    pub ttl: Option<u64>,
}

/// A part that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SentPart {
    /// The part.
    #[serde(alias = "partNumber", alias = "PartNumber")]
    #[cfg_attr(feature = "openapi", schema(inline))]
    pub part_number: PartNumber,
    /// What the store answered for it, with quotes or without.
    #[serde(alias = "ETag")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    pub etag: String,
}

/// The arguments of `put_file_complete_multipart`, and the body of the route that does the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FinishUpload {
    /// The upload.
    #[serde(alias = "uploadId")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1024))]
    pub upload_id: String,
    /// Its parts, in any order.
    #[cfg_attr(feature = "openapi", schema(inline, min_items = 1, max_items = 10_000))]
    pub parts: Vec<SentPart>,
}

/// The argument of `remove_file`, and of the older `delete_file` and `delete_directory`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RemoveFile {
    /// A file, or a folder, which is removed with everything in it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    pub path: String,
}

/// The arguments of `list_files`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ListFiles {
    /// The folder; empty for the whole workspace.
    #[serde(default)]
    pub path: String,
    /// Entries at most: 1 to 10,000.
    #[serde(default = "default_length")]
    #[cfg_attr(
        feature = "openapi",
        schema(default = 1000, minimum = 1, maximum = 10_000)
    )]
    pub max_length: u64,
    /// So many entries are left out.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(default = 0))]
    pub offset: u64,
}

/// The arguments of `generate_credential`: none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GenerateCredential {}

/// What a URL of `generate_presigned_url` is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClientMethod {
    /// Reading.
    #[default]
    GetObject,
    /// Storing.
    PutObject,
    /// Removing.
    DeleteObject,
}

/// The arguments of the older `generate_presigned_url`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GenerateUrl {
    /// The path.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    pub path: String,
    /// What for.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(inline))]
    pub client_method: ClientMethod,
    /// Seconds that the URL works: 60 to 604,800.
    #[serde(default = "default_expires_in")]
    #[cfg_attr(
        feature = "openapi",
        schema(default = 3600, minimum = 60, maximum = 604_800)
    )]
    pub expiration: u64,
}

/// One URL, or one for each path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Urls {
    /// Of the one path.
    One(String),
    /// By path.
    Many(std::collections::BTreeMap<String, String>),
}

/// A function of the service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FunctionFacts {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: String,
    /// Its arguments, as a JSON Schema.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub parameters: serde_json::Value,
    /// By what it was replaced, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprecated_by: Option<String>,
}

/// The service, described.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceFacts {
    /// `s3-storage`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub description: String,
    /// What it does.
    pub functions: Vec<FunctionFacts>,
}

/// A name in `camelCase` as `snake_case`; other names stay.
pub fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// An entity tag as the store wants it, from one with quotes or without.
pub fn quoted(etag: &str) -> String {
    format!("\"{}\"", etag.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_are_read_and_never_resolved() {
        use FilePath::{File, Folder};
        assert_eq!(FilePath::parse("a/b.txt"), Ok(File("a/b.txt")));
        assert_eq!(FilePath::parse("a/b/"), Ok(Folder("a/b/")));
        assert_eq!(FilePath::parse(""), Ok(Folder("")));
        assert_eq!(FilePath::parse("..."), Ok(File("...")));
        assert_eq!(FilePath::parse("a..b/.c"), Ok(File("a..b/.c")));
        assert_eq!(File("a").prefix(), "a/");
        assert_eq!(Folder("a/").prefix(), "a/");
        assert_eq!(Folder("").file(), Err(PathFault::Empty));
        for (path, fault) in [
            ("/", PathFault::Absolute),
            ("/etc/passwd", PathFault::Absolute),
            ("..", PathFault::Segment),
            ("../a", PathFault::Segment),
            ("a/../b", PathFault::Segment),
            ("a/..", PathFault::Segment),
            ("a/../", PathFault::Segment),
            ("./a", PathFault::Segment),
            ("a//b", PathFault::Segment),
            ("a//", PathFault::Segment),
            ("a\0b", PathFault::Nul),
        ] {
            assert_eq!(FilePath::parse(path), Err(fault), "{path:?}");
        }
    }

    #[test]
    fn names_are_accepted_in_both_spellings() {
        assert_eq!(snake("putFileStartMultipart"), "put_file_start_multipart");
        assert_eq!(snake("put_file"), "put_file");
        assert_eq!(quoted("abc"), "\"abc\"");
        assert_eq!(quoted("\"abc-2\""), "\"abc-2\"");
    }

    proptest! {
        #[test]
        fn what_is_taken_stays_as_it_was_and_leads_nowhere_else(path in "(\\.{0,3}|[a-z/\0%]{0,3}){1,6}") {
            match FilePath::parse(&path) {
                Ok(FilePath::File(key)) => {
                    prop_assert_eq!(key, &path);
                    prop_assert!(!key.ends_with('/') && !key.is_empty());
                }
                Ok(FilePath::Folder(prefix)) => {
                    prop_assert_eq!(prefix, &path);
                    prop_assert!(prefix.is_empty() || prefix.ends_with('/'));
                }
                Err(_) => {
                    let steps = path.split('/').any(|s| s.is_empty() || s == "." || s == "..");
                    prop_assert!(steps || path.contains('\0'));
                    return Ok(());
                }
            }
            let names = path.strip_suffix('/').unwrap_or(&path);
            let wrong = names.split('/').any(|s| s == "." || s == "..");
            prop_assert!(!wrong && !path.starts_with('/') && !path.contains("//") && !path.contains('\0'));
        }
    }
}
