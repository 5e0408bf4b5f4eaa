//! Quotas and percentages, as HCP writes them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value as Json;

use super::value::{Fault, Kind, Rule, Value, objection};
use crate::unit::{GB, MB, TB};

/// A size with two decimals and a binary unit: `10.00 GB` (HCP's management API, "Scalars").
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    hundredths: u64,
    unit: Unit,
}

/// The unit of a [`Quota`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 2²⁰ bytes.
    Mb,
    /// 2³⁰ bytes.
    Gb,
    /// 2⁴⁰ bytes.
    Tb,
}

impl Unit {
    /// All units, the smallest first.
    pub const ALL: [Self; 3] = [Self::Mb, Self::Gb, Self::Tb];

    /// As HCP writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mb => "MB",
            Self::Gb => "GB",
            Self::Tb => "TB",
        }
    }

    /// How many bytes one is.
    pub const fn bytes(self) -> u64 {
        match self {
            Self::Mb => MB,
            Self::Gb => GB,
            Self::Tb => TB,
        }
    }
}

/// Says why a text is no [`Quota`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("has to be a number with at most two decimals and MB, GB or TB, such as 1.25 TB")]
pub struct InvalidQuota;

impl Quota {
    /// So many bytes, rounded up to what the smallest unit that needs at most nine digits can say.
    pub fn of_bytes(bytes: u64) -> Self {
        let unit = match bytes {
            0..GB => Unit::Mb,
            GB..TB => Unit::Gb,
            _ => Unit::Tb,
        };
        let hundredths = (u128::from(bytes) * 100).div_ceil(u128::from(unit.bytes()));
        Self {
            hundredths: u64::try_from(hundredths).unwrap_or(u64::MAX),
            unit,
        }
    }

    /// So many of a unit, and hundredths of it.
    pub const fn new(hundredths: u64, unit: Unit) -> Self {
        Self { hundredths, unit }
    }

    /// Its size in bytes, at most `u64::MAX`.
    pub fn bytes(self) -> u64 {
        let bytes = u128::from(self.hundredths) * u128::from(self.unit.bytes()) / 100;
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }

    /// The number before the unit, in hundredths.
    pub const fn hundredths(self) -> u64 {
        self.hundredths
    }

    /// The unit.
    pub const fn unit(self) -> Unit {
        self.unit
    }
}

/// Quotas are the same when they are as many bytes.
impl PartialEq for Quota {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Quota {}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.hundredths / 100, self.hundredths % 100);
        write!(f, "{whole}.{rest:02} {}", self.unit.as_str())
    }
}

impl FromStr for Quota {
    type Err = InvalidQuota;

    /// Reads HCP's form; the unit in any case, with or without the space.
    fn from_str(text: &str) -> Result<Self, InvalidQuota> {
        let text = text.trim();
        let split = text.len().checked_sub(2).ok_or(InvalidQuota)?;
        let (number, unit) = text.split_at_checked(split).ok_or(InvalidQuota)?;
        let same = |candidate: &Unit| candidate.as_str().eq_ignore_ascii_case(unit);
        let unit = Unit::ALL.into_iter().find(same).ok_or(InvalidQuota)?;
        let (whole, decimals) = number
            .trim_end()
            .split_once('.')
            .unwrap_or((number.trim_end(), ""));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() && decimals.is_empty()
            || decimals.len() > 2
            || !digits(whole)
            || !digits(decimals)
        {
            return Err(InvalidQuota);
        }
        format!("{whole}{decimals:0<2}")
            .parse()
            .map(|hundredths| Self { hundredths, unit })
            .map_err(|_too_large| InvalidQuota)
    }
}

impl Value for Quota {
    const KIND: Kind = Kind::Quota;

    fn read(json: &Json) -> Result<Self, String> {
        json.as_str()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| InvalidQuota.to_string())
    }

    fn write(&self) -> Json {
        Json::from(self.to_string())
    }

    /// At least 1 GB, or 0.01 TB (HCP's management API, "Scalars").
    fn faults(&self, _rule: Rule) -> Vec<Fault> {
        objection(match self.unit {
            Unit::Gb if self.bytes() < GB => Err("has to be at least 1 GB".to_owned()),
            _ if self.hundredths == 0 => Err("has to be more than nothing".to_owned()),
            _ => Ok(()),
        })
    }
}

impl Serialize for Quota {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quota {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// How many namespaces a tenant may have: `None`, or a number as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamespaceQuota {
    /// As many as the system has room for.
    Unlimited,
    /// So many.
    AtMost(u32),
}

impl NamespaceQuota {
    /// The most namespaces that a system has.
    pub const MAX: u32 = 10_000;
}

impl fmt::Display for NamespaceQuota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unlimited => f.write_str("None"),
            Self::AtMost(most) => most.fmt(f),
        }
    }
}

impl Value for NamespaceQuota {
    const KIND: Kind = Kind::Text;

    fn read(json: &Json) -> Result<Self, String> {
        let text = String::read(json)?;
        if text.eq_ignore_ascii_case("none") {
            return Ok(Self::Unlimited);
        }
        text.trim()
            .parse()
            .map(Self::AtMost)
            .map_err(|_no_number| "has to be None or a number".to_owned())
    }

    fn write(&self) -> Json {
        Json::from(self.to_string())
    }

    fn faults(&self, _rule: Rule) -> Vec<Fault> {
        objection(match self {
            Self::AtMost(most) if !(1..=Self::MAX).contains(most) => {
                Err(format!("has to be None or from 1 to {}", Self::MAX))
            }
            _ => Ok(()),
        })
    }
}

/// A whole number of hundredths, 0 to 100 where it is a valid one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(pub i64);

impl Percent {
    /// So much of a whole, rounded down.
    pub fn of(self, whole: u64) -> u64 {
        let percent = u128::try_from(self.0).unwrap_or(0);
        u64::try_from(u128::from(whole) * percent / 100).unwrap_or(u64::MAX)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}

/// Says why a text is no [`Percent`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("has to be a percentage, such as 85")]
pub struct InvalidPercent;

impl FromStr for Percent {
    type Err = InvalidPercent;

    fn from_str(text: &str) -> Result<Self, InvalidPercent> {
        let number = text.trim().trim_end_matches('%').trim_end();
        number
            .parse()
            .map(Self)
            .map_err(|_no_number| InvalidPercent)
    }
}

impl Value for Percent {
    const KIND: Kind = Kind::Number;

    fn read(json: &Json) -> Result<Self, String> {
        i64::read(json).map(Self)
    }

    fn write(&self) -> Json {
        Json::from(self.0)
    }

    fn faults(&self, rule: Rule) -> Vec<Fault> {
        let rule = match rule {
            Rule::Any => Rule::Between(0, 100),
            rule => rule,
        };
        self.0.faults(rule)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quotas_are_read_in_both_forms_and_written_in_one() {
        for (text, bytes, written) in [
            ("50 GB", 50 * GB, "50.00 GB"),
            ("11.20 GB", 12_025_908_428, "11.20 GB"),
            ("1.25 TB", TB + TB / 4, "1.25 TB"),
            (".01 TB", 10_995_116_277, "0.01 TB"),
            ("100mb", 100 * MB, "100.00 MB"),
            ("1.5 GB", GB + GB / 2, "1.50 GB"),
        ] {
            let quota: Quota = text.parse().unwrap();
            assert_eq!(quota.bytes(), bytes, "{text}");
            assert_eq!(quota.to_string(), written);
        }
        for text in [
            "",
            "GB",
            ". GB",
            "1",
            "1 KB",
            "1.234 GB",
            "-1 GB",
            "1,5 GB",
            "1 0 GB",
            "1.-1 GB",
            "99999999999999999999 TB",
            "é",
            "+1 GB",
        ] {
            assert_eq!(text.parse::<Quota>(), Err(InvalidQuota), "{text}");
        }
    }

    #[test]
    fn a_quota_has_a_least_size() {
        let faulty = |text: &str| !text.parse::<Quota>().unwrap().faults(Rule::Any).is_empty();
        assert!(faulty("0.99 GB"));
        assert!(!faulty("1 GB"));
        assert!(faulty("0 TB"));
        assert!(!faulty("0.01 TB"));
        assert!(!faulty("5 MB"));
    }

    #[test]
    fn a_percentage_is_a_share() {
        assert_eq!(Percent(85).of(200), 170);
        assert_eq!(Percent(100).of(u64::MAX), u64::MAX);
        assert_eq!("85 %".parse(), Ok(Percent(85)));
        assert!("85.5".parse::<Percent>().is_err());
        assert_eq!(Percent(101).faults(Rule::Any).len(), 1);
        assert_eq!(Percent(9).faults(Rule::Between(10, 95)).len(), 1);
    }

    proptest! {
        #[test]
        fn quotas_survive_writing(hundredths in 0..u64::from(u32::MAX), unit in 0..3_usize) {
            let quota = Quota { hundredths, unit: Unit::ALL[unit] };
            prop_assert_eq!(quota.to_string().parse::<Quota>().unwrap(), quota);
        }

        #[test]
        fn a_quota_of_bytes_holds_them(bytes in 0..1_u64 << 60) {
            let quota = Quota::of_bytes(bytes);
            prop_assert!(quota.bytes() + 1 >= bytes);
            // Two decimals: at most a hundredth of the unit more.
            prop_assert!(quota.bytes() - bytes.min(quota.bytes()) <= quota.unit().bytes() / 100 + 1);
        }

        #[test]
        fn no_text_makes_reading_a_quota_fail_badly(text in ".{0,20}") {
            let _ = text.parse::<Quota>();
        }
    }
}
