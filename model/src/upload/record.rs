//! What is kept of an upload so that it can go on after a reload, a crash, or on another day.
//!
//! A record names the upload and the file; it holds no URL and no secret. The store's own list of
//! parts says how far the upload is, never the record.

use serde::{Deserialize, Serialize};

use super::{FileFacts, PartPlan, Write};
use crate::{BucketName, ChecksumAlgorithm, ObjectKey, Timestamp, UploadId, multipart::Part};

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

/// Why an upload found at the store cannot be taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPlan {
    /// Its parts are of sizes that fit no plan of equal parts.
    #[error("The parts already stored have sizes that do not fit together.")]
    Uneven,
    /// The file is of another size than the stored parts allow.
    #[error("The file does not fit the parts already stored.")]
    Size,
}

impl Record {
    /// The plan that the upload was begun with.
    pub fn plan(&self) -> Option<PartPlan> {
        PartPlan::new(self.file.size, self.part_size).ok()
    }

    /// Reads from stored parts how a file of this size was cut: all parts are equal but the last.
    /// Without parts, `usual` decides.
    pub fn part_size_of(parts: &[Part], file_size: u64, usual: u64) -> Result<u64, NoPlan> {
        let sizes = || {
            parts
                .iter()
                .filter_map(|p| Some((p.part_number.get(), p.size?)))
        };
        let Some(largest) = sizes().map(|(_, size)| size).max() else {
            return Ok(PartPlan::part_size_for(file_size, usual));
        };
        let highest = sizes().map(|(number, _)| number).max().unwrap_or(1);
        if sizes().any(|(number, size)| size != largest && number != highest) {
            return Err(NoPlan::Uneven);
        }
        // A single short part may be the last of a plan that only its number can tell.
        let plan = PartPlan::new(file_size, largest).map_err(|_no_plan| NoPlan::Size)?;
        let fits = sizes().all(|(number, size)| {
            let range = crate::PartNumber::new(number).ok();
            let range = range.and_then(|part| plan.range(part));
            range.is_some_and(|range| range.end - range.start == size)
        });
        if fits { Ok(largest) } else { Err(NoPlan::Size) }
    }
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

impl FileFacts {
    /// The name, without folders.
    pub fn name(&self) -> &str {
        let path = self.relative_path.trim_end_matches('/');
        path.rsplit('/').next().unwrap_or(path)
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
    use proptest::prelude::*;

    use super::*;
    use crate::{PartNumber, unit::MB};

    fn part(number: u32, size: u64) -> Part {
        Part {
            part_number: PartNumber::new(number).unwrap(),
            etag: None,
            size: Some(size),
            last_modified: None,
            checksum_crc32c: None,
        }
    }

    #[test]
    fn the_part_size_is_read_from_what_is_stored() {
        let of = |parts: &[Part], size| Record::part_size_of(parts, size, 25 * MB);
        assert_eq!(of(&[], 300 * MB), Ok(25 * MB));
        assert_eq!(
            of(&[part(1, 50 * MB), part(3, 50 * MB)], 300 * MB),
            Ok(50 * MB)
        );
        assert_eq!(
            of(&[part(2, 50 * MB), part(7, 7 * MB)], 307 * MB),
            Ok(50 * MB)
        );
        assert_eq!(
            of(
                &[part(1, 50 * MB), part(2, 40 * MB), part(3, 50 * MB)],
                300 * MB
            ),
            Err(NoPlan::Uneven)
        );
        assert_eq!(of(&[part(9, 50 * MB)], 300 * MB), Err(NoPlan::Size));
        assert_eq!(of(&[part(1, 50 * MB)], 10 * MB), Err(NoPlan::Size));
    }

    proptest! {
        #[test]
        fn any_begun_upload_can_be_taken_up(
            size in 100 * MB..2_000 * MB, part_mb in 5_u64..200, kept in proptest::collection::vec(any::<bool>(), 400)
        ) {
            let plan = PartPlan::new(size, part_mb * MB).unwrap();
            let parts: Vec<Part> = plan
                .parts()
                .zip(kept)
                .filter(|(_, kept)| *kept)
                .map(|((number, range), _)| part(number.get(), range.end - range.start))
                .collect();
            // The last part alone does not tell how the others are cut.
            prop_assume!(parts.iter().any(|p| p.size == Some(part_mb * MB)));
            prop_assert_eq!(Record::part_size_of(&parts, size, 25 * MB), Ok(part_mb * MB));
        }
    }

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
