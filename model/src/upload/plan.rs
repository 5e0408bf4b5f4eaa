//! How a file is cut into parts.

use crate::{PartNumber, unit::MB};

/// A file cut into parts: sizes in bytes, parts numbered from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartPlan {
    file_size: u64,
    part_size: u64,
    count: u32,
}

/// Why a file cannot be cut so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// An empty file has no parts; it is one empty PUT.
    #[error("file_size must be greater than 0")]
    EmptyFile,
    /// The part size is outside 5 MiB to 5 GiB.
    #[error("part_size must be between 5242880 and 5368709120 bytes")]
    PartSize,
    /// More parts than S3 allows.
    #[error(
        "Too many parts ({0}). Increase part_size or reduce file_size. S3 maximum is 10,000 parts."
    )]
    TooManyParts(u64),
}

impl PartPlan {
    /// The smallest part but the last: 5 MiB.
    pub const MIN_PART_SIZE: u64 = 5 * MB;
    /// The largest part: 5 GiB.
    pub const MAX_PART_SIZE: u64 = 5_120 * MB;
    /// The usual part: 25 MiB.
    pub const DEFAULT_PART_SIZE: u64 = 25 * MB;
    /// Files of this size and more go in parts: 100 MiB.
    pub const DEFAULT_THRESHOLD: u64 = 100 * MB;

    /// Cuts a file into parts of the given size.
    pub fn new(file_size: u64, part_size: u64) -> Result<Self, PlanError> {
        if file_size == 0 {
            return Err(PlanError::EmptyFile);
        }
        if !(Self::MIN_PART_SIZE..=Self::MAX_PART_SIZE).contains(&part_size) {
            return Err(PlanError::PartSize);
        }
        let parts = file_size.div_ceil(part_size);
        match u32::try_from(parts) {
            Ok(count) if count <= PartNumber::MAX => Ok(Self {
                file_size,
                part_size,
                count,
            }),
            _ => Err(PlanError::TooManyParts(parts)),
        }
    }

    /// The part size for a file: the usual one, or as large as 10,000 parts ask for, in whole MiB.
    pub fn part_size_for(file_size: u64, usual: u64) -> u64 {
        file_size
            .div_ceil(u64::from(PartNumber::MAX))
            .max(usual)
            .div_ceil(MB)
            * MB
    }

    /// Bytes of the file.
    pub fn file_size(&self) -> u64 {
        self.file_size
    }

    /// Bytes of each part but the last.
    pub fn part_size(&self) -> u64 {
        self.part_size
    }

    /// How many parts.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The bytes of one part as `start..end`; `None` past the last.
    pub fn range(&self, part: PartNumber) -> Option<std::ops::Range<u64>> {
        if part.get() > self.count {
            return None;
        }
        let start = u64::from(part.get() - 1) * self.part_size;
        Some(start..(start + self.part_size).min(self.file_size))
    }

    /// All parts with their bytes, in order.
    pub fn parts(self) -> impl Iterator<Item = (PartNumber, std::ops::Range<u64>)> {
        (1..=self.count).filter_map(move |n| {
            let part = PartNumber::new(n).ok()?;
            Some((part, self.range(part)?))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::unit::{GB, TB};

    #[test]
    fn the_contract_s_bounds_hold() {
        assert_eq!(PartPlan::new(0, 25 * MB), Err(PlanError::EmptyFile));
        assert_eq!(PartPlan::new(1, 5 * MB - 1), Err(PlanError::PartSize));
        assert_eq!(PartPlan::new(1, 5 * GB + 1), Err(PlanError::PartSize));
        assert_eq!(
            PartPlan::new(5 * MB * 10_000, 5 * MB).unwrap().count(),
            10_000
        );
        assert_eq!(
            PartPlan::new(5 * MB * 10_000 + 1, 5 * MB),
            Err(PlanError::TooManyParts(10_001))
        );
        assert_eq!(
            PartPlan::new(u64::MAX, 5 * MB),
            Err(PlanError::TooManyParts(3_518_437_208_884))
        );
        assert_eq!(PartPlan::new(300 * MB, 25 * MB).unwrap().count(), 12);
    }

    #[test]
    fn part_sizes_grow_with_the_file() {
        let usual = PartPlan::DEFAULT_PART_SIZE;
        assert_eq!(PartPlan::part_size_for(0, usual), 25 * MB);
        assert_eq!(PartPlan::part_size_for(244 * GB, usual), 25 * MB);
        assert_eq!(PartPlan::part_size_for(TB, usual), 105 * MB);
        assert_eq!(PartPlan::part_size_for(5 * TB, usual), 525 * MB);
    }

    proptest! {
        #[test]
        fn parts_cover_every_file_exactly(file_size in 1..=5 * TB) {
            let plan = PartPlan::new(file_size, PartPlan::part_size_for(file_size, PartPlan::DEFAULT_PART_SIZE));
            let plan = plan.unwrap();
            prop_assert!((1..=10_000).contains(&plan.count()));
            let mut end = 0;
            let mut number = 0;
            for (part, range) in plan.parts() {
                number += 1;
                prop_assert_eq!(part.get(), number);
                prop_assert_eq!(range.start, end);
                prop_assert!(range.end > range.start);
                if part.get() < plan.count() {
                    prop_assert_eq!(range.end - range.start, plan.part_size());
                }
                end = range.end;
            }
            prop_assert_eq!(number, plan.count());
            prop_assert_eq!(end, file_size);
            prop_assert_eq!(plan.range(PartNumber::new(plan.count()).unwrap()).unwrap().end, file_size);
            prop_assert!(plan.count() == 10_000 || plan.range(PartNumber::new(plan.count() + 1).unwrap()).is_none());
        }

        #[test]
        fn any_size_is_planned_or_refused(file_size: u64, part_size: u64) {
            if let Ok(plan) = PartPlan::new(file_size, part_size) {
                prop_assert_eq!(u64::from(plan.count()), file_size.div_ceil(part_size));
            }
        }
    }
}
