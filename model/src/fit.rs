//! Whether files fit into a bucket, as far as its numbers tell.

use crate::unit::TB;

/// The largest object that stores take, in bytes: 5 TB as S3 counts them.
pub const LARGEST_OBJECT: u64 = 5 * TB;

/// What is known of the room in a bucket, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// What it holds.
    pub used: Option<u64>,
    /// What it may hold.
    pub quota: Option<u64>,
    /// From how many percent of that on one is told.
    pub soft: Option<u8>,
    /// Whether what is replaced stays as an old version.
    pub versions: Option<bool>,
}

/// What is to be stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// How many files.
    pub files: u64,
    /// How many bytes they have together.
    pub bytes: u64,
    /// How many bytes of what is there they replace.
    pub replaced: u64,
}

/// Whether it fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The average file is larger than any object may be.
    TooLarge,
    /// The bucket has no quota that is told: what else limits it is not known.
    NoQuota,
    /// What it holds is not told.
    NotTold,
    /// It fits, and so many bytes stay free.
    Fits {
        /// The bytes.
        left: u64,
    },
    /// It fits, and the soft quota is passed.
    Soft {
        /// The bytes that stay free.
        left: u64,
        /// The percents of the quota that are taken then.
        percent: u64,
    },
    /// It fits only once what is replaced is gone: each file must be stored before its old one goes.
    Tight {
        /// The bytes that stay free in the end.
        left: u64,
    },
    /// It does not fit.
    Short {
        /// The bytes that are missing.
        missing: u64,
    },
}

impl Room {
    /// What is given back by replacing: nothing where old versions stay, or may.
    fn freed(self, load: Load) -> u64 {
        if self.versions == Some(false) {
            load.replaced.min(self.used.unwrap_or_default())
        } else {
            0
        }
    }

    /// Whether files fit.
    pub fn fit(self, load: Load) -> Fit {
        if load.bytes.div_ceil(load.files.max(1)) > LARGEST_OBJECT {
            return Fit::TooLarge;
        }
        let Some(quota) = self.quota else {
            return Fit::NoQuota;
        };
        let Some(used) = self.used else {
            return Fit::NotTold;
        };
        let most = used.saturating_add(load.bytes);
        let then = most.saturating_sub(self.freed(load));
        let Some(left) = quota.checked_sub(then) else {
            return Fit::Short {
                missing: then - quota,
            };
        };
        if most > quota {
            return Fit::Tight { left };
        }
        let percent = u128::from(then) * 100 / u128::from(quota.max(1));
        let percent = u64::try_from(percent).unwrap_or(u64::MAX);
        match self.soft {
            Some(soft) if percent >= u64::from(soft) => Fit::Soft { left, percent },
            _ => Fit::Fits { left },
        }
    }
}

/// So many bytes, typed as a number (also with a decimal point or comma) of units of so many bytes.
pub fn typed_bytes(number: &str, unit: u64) -> Option<u64> {
    let number = number.trim().replace(',', ".");
    let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
    let digits = |text: &str| text.chars().all(|sign| sign.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 9 {
        return None;
    }
    let whole = whole.parse::<u64>().ok()?.checked_mul(unit)?;
    if part.is_empty() {
        return Some(whole);
    }
    let scale = 10_u128.pow(u32::try_from(part.len()).ok()?);
    let part = part.parse::<u128>().ok()? * u128::from(unit) / scale;
    whole.checked_add(u64::try_from(part).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room {
        used: Some(60),
        quota: Some(100),
        soft: Some(85),
        versions: Some(false),
    };

    fn load(bytes: u64, replaced: u64) -> Load {
        Load {
            files: 3,
            bytes,
            replaced,
        }
    }

    #[test]
    fn hard_and_soft_quotas_are_told_apart() {
        assert_eq!(ROOM.fit(load(24, 0)), Fit::Fits { left: 16 });
        assert_eq!(
            ROOM.fit(load(25, 0)),
            Fit::Soft {
                left: 15,
                percent: 85
            }
        );
        assert_eq!(
            ROOM.fit(load(40, 0)),
            Fit::Soft {
                left: 0,
                percent: 100
            }
        );
        assert_eq!(ROOM.fit(load(41, 0)), Fit::Short { missing: 1 });
        let no_soft = Room { soft: None, ..ROOM };
        assert_eq!(no_soft.fit(load(40, 0)), Fit::Fits { left: 0 });
    }

    #[test]
    fn what_is_replaced_is_free_only_where_no_version_of_it_stays() {
        assert_eq!(ROOM.fit(load(41, 30)), Fit::Tight { left: 29 });
        assert_eq!(ROOM.fit(load(20, 30)), Fit::Fits { left: 50 });
        assert_eq!(ROOM.fit(load(20, 1_000)), Fit::Fits { left: 80 });
        for versions in [Some(true), None] {
            let keeps = Room { versions, ..ROOM };
            assert_eq!(keeps.fit(load(41, 30)), Fit::Short { missing: 1 });
        }
    }

    #[test]
    fn what_is_not_known_is_not_promised() {
        let no_quota = Room {
            quota: None,
            ..ROOM
        };
        assert_eq!(no_quota.fit(load(1, 0)), Fit::NoQuota);
        let hidden = Room { used: None, ..ROOM };
        assert_eq!(hidden.fit(load(1, 0)), Fit::NotTold);
        let large = Load {
            files: 2,
            bytes: 2 * LARGEST_OBJECT + 1,
            replaced: 0,
        };
        assert_eq!(no_quota.fit(large), Fit::TooLarge);
        assert_eq!(
            ROOM.fit(load(u64::MAX, 0)),
            Fit::TooLarge,
            "nothing overflows"
        );
        let full = Room {
            quota: Some(0),
            used: Some(0),
            ..ROOM
        };
        assert_eq!(full.fit(load(0, 0)), Fit::Fits { left: 0 });
    }

    #[test]
    fn sizes_are_read_as_people_write_them() {
        assert_eq!(typed_bytes("1.5", 1 << 30), Some(3 << 29));
        assert_eq!(typed_bytes(" 1,5 ", 1000), Some(1_500));
        assert_eq!(typed_bytes("20", 1), Some(20));
        for wrong in ["", ".5", "-1", "1e3", "1.2.3", "1.0000000001", "x"] {
            assert_eq!(typed_bytes(wrong, 1), None, "{wrong}");
        }
        assert_eq!(typed_bytes("99999999999999", 1 << 40), None);
    }
}
