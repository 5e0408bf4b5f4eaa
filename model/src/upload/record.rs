//! What is kept of an upload so that it can go on after a reload, a crash, or on another day.
//!
//! A record names the upload and the file; it holds no URL and no secret. The store's own list of
//! parts says how far the upload is, never the record.

use serde::{Deserialize, Serialize};

use super::{FileFacts, Options, Write};
use crate::{BucketName, ChecksumAlgorithm, ObjectKey, Timestamp, UploadId};

/// The time of no file, the earliest that JavaScript knows: in a record it makes every file one that
/// has to be compared.
pub(super) const NEVER: i64 = -8_640_000_000_000_000;

/// One multipart upload that was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The bucket.
    pub bucket: BucketName,
    /// The key.
    pub key: ObjectKey,
    /// The store's id of the upload.
    pub upload_id: UploadId,
    /// The file, as far as it is known.
    pub file: FileFacts,
    /// Bytes of each part but the last.
    pub part_size: u64,
    /// The checksum that the upload was begun for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<ChecksumAlgorithm>,
    /// How it goes to a key that is taken.
    #[serde(default)]
    pub write: Write,
    /// What the object is stored with, should the upload begin anew, and when it is completed.
    #[serde(default, skip_serializing_if = "Options::is_empty")]
    pub options: Options,
    /// Whether it was begun elsewhere, with options that are not known here.
    #[serde(default)]
    pub adopted: bool,
    /// The server's clock when it was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun_at: Option<Timestamp>,
    /// How far it came.
    #[serde(default)]
    pub phase: Phase,
}

/// How far an upload came before the page was left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Parts are sent.
    #[default]
    Sending,
    /// Completion was asked for: the object may be there although the upload is gone.
    Completing {
        /// The entity tag that the object then has, where it can be told from those of the parts.
        tag: Option<String>,
    },
    /// It was given up, and the store has not agreed yet.
    Aborting,
}

/// How sure one can be that a file is the one that an upload was begun with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// Path or name, size and time are the same.
    Same,
    /// The size is, and name or time differ: stored parts have to be compared.
    Doubtful,
    /// The size differs, so it is another file.
    Different,
}

/// The last name of a path; a folder's, where it ends in a slash.
pub(super) fn name_of(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or(path)
}

impl FileFacts {
    /// The name, without folders.
    pub fn name(&self) -> &str {
        name_of(&self.relative_path)
    }

    /// Compares what is known of two files. A path counts as far as both have one: a file that was
    /// dropped with its folder may be picked alone.
    pub fn likeness(&self, other: &Self) -> Likeness {
        if self.size != other.size {
            return Likeness::Different;
        }
        if self.name() == other.name() && self.modified == other.modified {
            Likeness::Same
        } else {
            Likeness::Doubtful
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_name_size_and_time() {
        let begun = FileFacts {
            relative_path: "scans/a.tif".to_owned(),
            size: 5,
            modified: 7,
            content_type: None,
        };
        let with = |path: &str, size, modified| FileFacts {
            relative_path: path.to_owned(),
            size,
            modified,
            content_type: None,
        };
        assert_eq!(begun.likeness(&with("a.tif", 5, 7)), Likeness::Same);
        assert_eq!(begun.likeness(&with("b.tif", 5, 7)), Likeness::Doubtful);
        assert_eq!(begun.likeness(&with("a.tif", 5, 8)), Likeness::Doubtful);
        assert_eq!(begun.likeness(&with("a.tif", 6, 7)), Likeness::Different);
    }
}
