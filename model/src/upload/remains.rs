//! What a store holds of an upload that somebody began elsewhere: whether it can go on from here, and
//! with which file.
//!
//! A store tells keys, parts and sizes; it knows neither the file's name nor its size nor how it was
//! cut. The cut follows from the parts: all have the same size but the last one. Whether a file is the
//! one that they are of can only be told by comparing it with every part that is stored.

use std::collections::BTreeMap;

use super::{FileFacts, Options, PartPlan, Phase, Record, Settings, Write, record::NEVER};
use crate::{
    BucketName, ChecksumAlgorithm, ObjectKey, PartNumber, Timestamp, UploadId,
    multipart::{OpenUpload, Part},
};

/// The one checksum of S3 that a store computes by itself where a part comes without.
const COMPUTED_BY_THE_STORE: &str = "CRC64NVME";

/// An unfinished upload as its store lists it, with all its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remains {
    bucket: BucketName,
    key: ObjectKey,
    upload_id: UploadId,
    begun_at: Option<Timestamp>,
    /// Whether its parts go with CRC-32C.
    with_crc32c: bool,
    sizes: BTreeMap<PartNumber, u64>,
}

/// Why no file at all can go on with an upload from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Its key or its id cannot be asked for.
    #[error("Its key or id cannot be asked for from here")]
    Nameless,
    /// The store does not tell how large a part is.
    #[error("The store does not tell the sizes of its parts")]
    Unsized,
    /// More than the last part differ in size.
    #[error("Its parts differ in size, so what is missing cannot be told")]
    Uneven,
    /// Its parts are smaller or larger than Hako sends them.
    #[error("Its parts are smaller than 5 MB or larger than 5 GB, which Hako does not send")]
    PartSize,
    /// Its parts go with a checksum that this page does not compute.
    #[error("It was begun for checksums that this page does not compute")]
    Checksum,
}

/// Why a file is not the one that the stored parts are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OtherFile {
    /// More is stored than the file has.
    #[error("the stored parts reach further than the file")]
    TooSmall,
    /// Cut as the upload is, the file has parts of other sizes.
    #[error("the stored parts do not fit the size of the file")]
    OtherSize,
}

impl Remains {
    /// Reads what the store tells of an upload. `parts` are those of all pages of its list; `checksum` is
    /// what the list says that the upload was begun for.
    ///
    /// # Errors
    /// Where no file could go on with it.
    pub fn of(
        bucket: &BucketName,
        upload: &OpenUpload,
        parts: &[Part],
        checksum: Option<&str>,
    ) -> Result<Self, Unfit> {
        let mut sizes = BTreeMap::new();
        for part in parts {
            let size = part.size.filter(|size| *size > 0).ok_or(Unfit::Unsized)?;
            sizes.insert(part.part_number, size);
        }
        let crc32c = ChecksumAlgorithm::Crc32c;
        let checksum = checksum.or(upload.checksum_algorithm.as_deref());
        let with_crc32c = match checksum {
            None => parts.iter().any(|part| part.checksum_crc32c.is_some()),
            Some(COMPUTED_BY_THE_STORE) => false,
            Some(word) if word == crc32c.as_str() => true,
            Some(_) => return Err(Unfit::Checksum),
        };
        let remains = Self {
            bucket: bucket.clone(),
            key: ObjectKey::parse(upload.key.clone()).map_err(|_invalid| Unfit::Nameless)?,
            upload_id: UploadId::parse(upload.upload_id.clone())
                .map_err(|_invalid| Unfit::Nameless)?,
            begun_at: upload.initiated,
            with_crc32c,
            sizes,
        };
        remains.check_sizes()?;
        Ok(remains)
    }

    /// Whether some file could have parts of these sizes.
    fn check_sizes(&self) -> Result<(), Unfit> {
        let (Some((_, last)), Some((_, first))) =
            (self.sizes.last_key_value(), self.sizes.first_key_value())
        else {
            return Ok(());
        };
        if *last > PartPlan::MAX_PART_SIZE {
            return Err(Unfit::PartSize);
        }
        if self.sizes.len() == 1 {
            return Ok(());
        }
        let before_last = self.sizes.len() - 1;
        if self
            .sizes
            .values()
            .take(before_last)
            .any(|size| size != first)
            || last > first
        {
            return Err(Unfit::Uneven);
        }
        if (PartPlan::MIN_PART_SIZE..=PartPlan::MAX_PART_SIZE).contains(first) {
            Ok(())
        } else {
            Err(Unfit::PartSize)
        }
    }

    /// The store's id of the upload.
    pub fn upload_id(&self) -> &UploadId {
        &self.upload_id
    }

    /// How many parts are stored.
    pub fn parts(&self) -> usize {
        self.sizes.len()
    }

    /// The bytes of all stored parts.
    pub fn bytes(&self) -> u64 {
        self.sizes.values().sum()
    }

    /// Whether the stored parts begin with the first and leave none out.
    pub fn is_gapless(&self) -> bool {
        let last = self.sizes.last_key_value();
        last.is_some_and(|(number, _)| number.get() as usize == self.sizes.len())
    }

    /// The record with which a file takes the upload up. It names a file of no time, so that what is
    /// stored is compared with the file before anything of it is sent.
    ///
    /// # Errors
    /// Where the file cannot be the one, going by its size alone.
    pub fn record(&self, file: &FileFacts, settings: &Settings) -> Result<Record, OtherFile> {
        let checksum = if self.with_crc32c {
            Some(ChecksumAlgorithm::Crc32c)
        } else {
            // The MD5 goes with a request, and not with an upload: every upload takes it.
            let usual = settings.checksum;
            usual.filter(|usual| *usual == ChecksumAlgorithm::Md5)
        };
        let name = self.key.as_str().rsplit('/').next().unwrap_or_default();
        Ok(Record {
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            upload_id: self.upload_id.clone(),
            file: FileFacts {
                relative_path: name.to_owned(),
                size: file.size,
                modified: NEVER,
                content_type: file.content_type.clone(),
            },
            part_size: self.plan_for(file.size, settings.part_size)?.part_size(),
            checksum,
            // How it was meant to go to a key that is taken is not known: so somebody is asked.
            write: Write::Create,
            begun_at: self.begun_at,
            phase: Phase::Sending,
            // What it was begun with is at the store; nobody else knows it.
            options: Options::default(),
            adopted: true,
        })
    }

    /// How a file of this size was cut, if the stored parts can be of it.
    fn plan_for(&self, file_size: u64, usual: u64) -> Result<PartPlan, OtherFile> {
        let fits = |part_size: u64| {
            let plan = PartPlan::new(file_size, part_size).ok()?;
            self.fits(&plan).then_some(plan)
        };
        let usual = PartPlan::part_size_for(file_size, usual);
        let Some((last, size)) = self.sizes.last_key_value() else {
            return PartPlan::new(file_size, usual).map_err(|_no_plan| OtherFile::OtherSize);
        };
        // A single part is either the last one of the file, of which the others are larger, or like
        // all others: first as Hako would have cut the file, then as the part itself says.
        let before = u64::from(last.get() - 1);
        let as_last = file_size
            .checked_sub(*size)
            .and_then(|rest| rest.checked_div(before));
        let first = self.sizes.first_key_value().map(|(_, size)| *size);
        let whole =
            (file_size == *size && before == 0).then(|| file_size.max(PartPlan::MIN_PART_SIZE));
        [Some(usual), first, as_last, whole]
            .into_iter()
            .flatten()
            .find_map(fits)
            .ok_or_else(|| {
                if file_size < self.bytes() {
                    OtherFile::TooSmall
                } else {
                    OtherFile::OtherSize
                }
            })
    }

    /// Whether every stored part is one of the plan's, of the planned size.
    fn fits(&self, plan: &PartPlan) -> bool {
        self.sizes.iter().all(|(number, size)| {
            let range = plan.range(*number);
            range.is_some_and(|range| range.end - range.start == *size)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{session::UploadRoute, unit::MB};

    fn settings(checksum: Option<ChecksumAlgorithm>) -> Settings {
        Settings {
            threshold: 100 * MB,
            part_size: 25 * MB,
            parallelism: 6,
            may_grow: true,
            url_lifetime: 3_600,
            route: UploadRoute::Direct,
            proxy: false,
            max_key_bytes: 1_024,
            checksum,
            conditional_writes: false,
        }
    }

    fn upload() -> OpenUpload {
        OpenUpload {
            key: "in/scan.tif".to_owned(),
            upload_id: "94837746087105".to_owned(),
            initiated: Timestamp::from_unix_seconds(1_790_000_000),
            storage_class: None,
            initiator: None,
            abort_date: None,
            checksum_algorithm: None,
        }
    }

    fn part(number: u32, size: u64) -> Part {
        Part {
            part_number: PartNumber::new(number).unwrap(),
            etag: Some("\"0cc175b9c0f1b6a831c399e269772661\"".to_owned()),
            size: Some(size),
            last_modified: None,
            checksum_crc32c: None,
        }
    }

    fn remains(sizes: &[(u32, u64)]) -> Result<Remains, Unfit> {
        let parts: Vec<Part> = sizes.iter().map(|(n, size)| part(*n, *size)).collect();
        let bucket = BucketName::parse("raw-scans").unwrap();
        Remains::of(&bucket, &upload(), &parts, None)
    }

    fn file(size: u64) -> FileFacts {
        FileFacts {
            relative_path: "copy of scan.tif".to_owned(),
            size,
            modified: 7,
            content_type: Some("image/tiff".to_owned()),
        }
    }

    fn part_size(sizes: &[(u32, u64)], file_size: u64) -> Result<u64, OtherFile> {
        let record = remains(sizes)
            .unwrap()
            .record(&file(file_size), &settings(None));
        record.map(|record| record.part_size)
    }

    #[test]
    fn the_cut_follows_from_the_parts() {
        let (size, gaps) = (300 * MB, [(2, 16 * MB), (5, 16 * MB)]);
        assert_eq!(part_size(&gaps, size), Ok(16 * MB));
        // The last part may be smaller, and then tells the size of the file.
        let ended = [(1, 16 * MB), (3, MB)];
        assert_eq!(part_size(&ended, 33 * MB), Ok(16 * MB));
        assert_eq!(part_size(&ended, 34 * MB), Err(OtherFile::OtherSize));
        assert_eq!(part_size(&ended, 16 * MB), Err(OtherFile::TooSmall));
        // Nothing is stored: as any new upload.
        assert_eq!(part_size(&[], size), Ok(25 * MB));
        assert_eq!(part_size(&[], 0), Err(OtherFile::OtherSize));
        // Alone, the first part is a part among others, or all there is.
        assert_eq!(part_size(&[(1, 16 * MB)], size), Ok(16 * MB));
        assert_eq!(part_size(&[(1, MB)], MB), Ok(25 * MB));
        assert_eq!(
            part_size(&[(1, 6_000 * MB / 2)], 3_000 * MB),
            Ok(3_000 * MB)
        );
        // Alone, a later part may be the end.
        assert_eq!(part_size(&[(13, 3 * MB)], 303 * MB), Ok(25 * MB));
        assert_eq!(part_size(&[(3, 10 * MB)], 50 * MB), Ok(10 * MB));
        assert_eq!(part_size(&[(3, 10 * MB)], 90 * MB), Ok(10 * MB));
        assert_eq!(part_size(&[(3, 2 * MB)], 34 * MB), Ok(16 * MB));
    }

    #[test]
    fn parts_that_no_file_has_are_only_given_up() {
        assert_eq!(
            remains(&[(1, 16 * MB), (2, 8 * MB), (3, 16 * MB)]),
            Err(Unfit::Uneven)
        );
        assert_eq!(remains(&[(1, 8 * MB), (2, 16 * MB)]), Err(Unfit::Uneven));
        assert_eq!(remains(&[(1, MB), (2, MB)]), Err(Unfit::PartSize));
        assert_eq!(remains(&[(1, 5_121 * MB)]), Err(Unfit::PartSize));
        assert_eq!(remains(&[(1, 0)]), Err(Unfit::Unsized));
        let bucket = BucketName::parse("raw-scans").unwrap();
        let nameless = OpenUpload {
            upload_id: String::new(),
            ..upload()
        };
        assert_eq!(
            Remains::of(&bucket, &nameless, &[], None),
            Err(Unfit::Nameless)
        );
    }

    #[test]
    fn an_upload_goes_on_with_the_checksums_it_was_begun_for() {
        let bucket = BucketName::parse("raw-scans").unwrap();
        let checksum = |listed, carried: bool, usual| {
            let mut part = part(1, 25 * MB);
            part.checksum_crc32c = carried.then(|| "AAAAAA==".to_owned());
            let remains = Remains::of(&bucket, &upload(), &[part], listed)?;
            let record = remains.record(&file(60 * MB), &settings(usual));
            Ok(record.unwrap().checksum)
        };
        let (crc32c, md5) = (ChecksumAlgorithm::Crc32c, ChecksumAlgorithm::Md5);
        assert_eq!(checksum(None, true, None), Ok(Some(crc32c)));
        assert_eq!(checksum(Some("CRC32C"), false, Some(md5)), Ok(Some(crc32c)));
        assert_eq!(checksum(None, false, Some(crc32c)), Ok(None));
        assert_eq!(checksum(None, false, Some(md5)), Ok(Some(md5)));
        assert_eq!(checksum(Some("CRC64NVME"), false, None), Ok(None));
        assert_eq!(checksum(Some("SHA256"), false, None), Err(Unfit::Checksum));
        // Where the list of parts does not tell, the list of uploads may.
        let told = OpenUpload {
            checksum_algorithm: Some("CRC32C".to_owned()),
            ..upload()
        };
        let remains = Remains::of(&bucket, &told, &[], None).unwrap();
        let record = remains.record(&file(MB), &settings(None)).unwrap();
        assert_eq!(record.checksum, Some(crc32c));
    }

    #[test]
    fn a_record_trusts_no_file_and_replaces_nothing_unasked() {
        let remains = remains(&[(1, 25 * MB), (2, 25 * MB)]).unwrap();
        let chosen = file(60 * MB);
        let record = remains.record(&chosen, &settings(None)).unwrap();
        assert_eq!(
            record.file.likeness(&chosen),
            crate::upload::Likeness::Doubtful
        );
        assert_eq!(record.file.relative_path, "scan.tif");
        assert_eq!(record.write, Write::Create);
        assert_eq!(record.begun_at, upload().initiated);
        assert!(remains.is_gapless());
        assert_eq!((remains.parts(), remains.bytes()), (2, 50 * MB));
    }

    #[test]
    fn gaps_are_seen() {
        assert!(!remains(&[]).unwrap().is_gapless());
        assert!(!remains(&[(2, 16 * MB)]).unwrap().is_gapless());
        assert!(!remains(&[(1, 16 * MB), (3, 16 * MB)]).unwrap().is_gapless());
        assert!(remains(&[(1, 16 * MB), (2, MB)]).unwrap().is_gapless());
    }

    /// A plan, and some of its parts.
    fn begun() -> impl Strategy<Value = (PartPlan, Vec<u32>)> {
        (5_u64..=200, 1_u64..=2_000, 0..MB)
            .prop_filter_map("too many parts", |(part, file, odd)| {
                PartPlan::new(file * MB + odd, part * MB).ok()
            })
            .prop_flat_map(|plan| {
                let numbers = proptest::sample::subsequence(
                    (1..=plan.count()).collect::<Vec<_>>(),
                    0..=plan.count() as usize,
                );
                (Just(plan), numbers)
            })
    }

    fn stored(plan: &PartPlan, numbers: &[u32]) -> Vec<(u32, u64)> {
        let size = |number: u32| {
            let range = plan.range(PartNumber::new(number).unwrap()).unwrap();
            (number, range.end - range.start)
        };
        numbers.iter().copied().map(size).collect()
    }

    proptest! {
        #[test]
        fn whatever_was_begun_goes_on_with_its_file((plan, numbers) in begun()) {
            let sizes = stored(&plan, &numbers);
            let found = part_size(&sizes, plan.file_size());
            let found = PartPlan::new(plan.file_size(), found.unwrap()).unwrap();
            for (number, size) in &sizes {
                let range = found.range(PartNumber::new(*number).unwrap()).unwrap();
                prop_assert_eq!(range.end - range.start, *size);
            }
            // Two parts and more leave no doubt, unless they are the whole file.
            if sizes.len() > 1 {
                prop_assert_eq!(found, plan);
            }
        }

        #[test]
        fn no_file_sends_a_stored_part_again((plan, numbers) in begun(), file_size in 1..3_000 * MB) {
            let sizes = stored(&plan, &numbers);
            if let Ok(part_size) = part_size(&sizes, file_size) {
                let found = PartPlan::new(file_size, part_size).unwrap();
                for (number, size) in sizes {
                    let range = found.range(PartNumber::new(number).unwrap()).unwrap();
                    prop_assert_eq!(range.end - range.start, size);
                }
            }
        }

        #[test]
        fn any_list_is_taken_or_refused(
            sizes in proptest::collection::btree_map(1_u32..=10_000, 0..10_000 * MB, 0..6),
            file_size: u64,
        ) {
            let sizes: Vec<_> = sizes.into_iter().collect();
            if let Ok(remains) = remains(&sizes)
                && let Ok(record) = remains.record(&file(file_size), &settings(None))
            {
                prop_assert!(PartPlan::new(file_size, record.part_size).is_ok());
            }
        }
    }
}
