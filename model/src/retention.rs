//! HCP's retention values: how they are written, and what time they come to.
//!
//! The grammar is that of HCP's retention settings: a special value, an offset from a time of the
//! object, the name of a retention class, or a fixed time.

use std::{fmt, str::FromStr};

use ::time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// `0`: the object may be deleted.
pub const DELETION_ALLOWED: i64 = 0;
/// `-1`: the object may never be deleted.
pub const DELETION_PROHIBITED: i64 = -1;
/// `-2`: until somebody says otherwise the object may not be deleted.
pub const INITIAL_UNSPECIFIED: i64 = -2;

/// Why a text is no retention value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a retention value is 0, -1, -2 or its name, an offset such as A+7y, a class such as C+Name, \
     seconds since 1970, or a time such as 2030-01-31T00:00:00+0000"
)]
pub struct InvalidRetention;

/// A retention value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retention {
    /// Seconds since 1970, or one of the three special values.
    Fixed(i64),
    /// So long after a time of the object.
    Offset(Offset),
    /// Whatever this class says, now and later.
    Class(String),
}

impl Retention {
    /// How long it keeps an object, to be held against that of another value of the same class: for ever
    /// and not yet known are longest, and so is what only a class says.
    pub fn length(&self) -> i64 {
        // Spans of months are longer or shorter with the day; all are compared from one.
        let from_one_day = Times {
            stored: 0,
            retention: 0,
            now: 0,
        };
        let end = match self {
            Self::Offset(offset) => offset.end(from_one_day),
            Self::Fixed(end) => Some(*end),
            Self::Class(_) => None,
        };
        match end {
            Some(INITIAL_UNSPECIFIED) => i64::MAX - 1,
            Some(end) if end >= 0 => end,
            _ => i64::MAX,
        }
    }
}

/// From when an offset counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// `A`: when the object was stored.
    Stored,
    /// `R`: when its present retention ends.
    Retention,
    /// `N`: now.
    Now,
}

/// A span of calendar and clock. Each number is -9,999 to 9,999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    /// From when it counts.
    pub base: Base,
    /// Years (`y`).
    pub years: i32,
    /// Months (`M`).
    pub months: i32,
    /// Weeks (`w`).
    pub weeks: i32,
    /// Days (`d`).
    pub days: i32,
    /// Hours (`h`).
    pub hours: i32,
    /// Minutes (`m`).
    pub minutes: i32,
    /// Seconds (`s`).
    pub seconds: i32,
}

/// The times of an object from which offsets count, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// When it was stored.
    pub stored: i64,
    /// When its present retention ends; a special value counts as the time it was stored.
    pub retention: i64,
    /// Now.
    pub now: i64,
}

impl Offset {
    /// The end of the span, in seconds since 1970. `None`: beyond the calendar.
    pub fn end(&self, times: Times) -> Option<i64> {
        let from = match self.base {
            Base::Retention if times.retention > 0 => times.retention,
            Base::Stored | Base::Retention => times.stored,
            Base::Now => times.now,
        };
        let from = OffsetDateTime::from_unix_timestamp(from).ok()?;
        let months = i64::from(self.years) * 12 + i64::from(self.months);
        let moved = add_months(from, months)?;
        let span = Duration::weeks(self.weeks.into())
            + Duration::days(self.days.into())
            + Duration::hours(self.hours.into())
            + Duration::minutes(self.minutes.into())
            + Duration::seconds(self.seconds.into());
        Some(moved.checked_add(span)?.unix_timestamp())
    }
}

/// A month later; a day that the month does not have becomes its last.
fn add_months(from: OffsetDateTime, months: i64) -> Option<OffsetDateTime> {
    let at = i64::from(from.year()) * 12 + i64::from(u8::from(from.month())) - 1 + months;
    let year = i32::try_from(at.div_euclid(12)).ok()?;
    let month = Month::try_from(u8::try_from(at.rem_euclid(12) + 1).ok()?).ok()?;
    let day = from.day().min(month.length(year));
    let date = Date::from_calendar_date(year, month, day).ok()?;
    Some(from.replace_date(date))
}

impl FromStr for Offset {
    type Err = InvalidRetention;

    fn from_str(text: &str) -> Result<Self, InvalidRetention> {
        let (base, mut rest) = match text.as_bytes().first() {
            Some(b'A') => (Base::Stored, text.get(1..).unwrap_or_default()),
            Some(b'R') => (Base::Retention, text.get(1..).unwrap_or_default()),
            Some(b'N') => (Base::Now, text.get(1..).unwrap_or_default()),
            _ => (Base::Stored, text),
        };
        if rest.is_empty() {
            return Err(InvalidRetention);
        }
        let mut offset = Self {
            base,
            years: 0,
            months: 0,
            weeks: 0,
            days: 0,
            hours: 0,
            minutes: 0,
            seconds: 0,
        };
        // From the largest unit to the smallest, each at most once.
        let mut units = "yMwdhms".chars();
        while !rest.is_empty() {
            let sign = match rest.as_bytes().first() {
                Some(b'+') => 1,
                Some(b'-') => -1,
                _ => return Err(InvalidRetention),
            };
            let digits = rest
                .get(1..)
                .unwrap_or_default()
                .bytes()
                .take_while(u8::is_ascii_digit)
                .count();
            if !(1..=4).contains(&digits) {
                return Err(InvalidRetention);
            }
            let number: i32 = rest
                .get(1..=digits)
                .and_then(|digits| digits.parse().ok())
                .ok_or(InvalidRetention)?;
            let unit = rest
                .get(1 + digits..)
                .and_then(|rest| rest.chars().next())
                .filter(|unit| units.any(|left| left == *unit))
                .ok_or(InvalidRetention)?;
            let slot = match unit {
                'y' => &mut offset.years,
                'M' => &mut offset.months,
                'w' => &mut offset.weeks,
                'd' => &mut offset.days,
                'h' => &mut offset.hours,
                'm' => &mut offset.minutes,
                _ => &mut offset.seconds,
            };
            *slot = sign * number;
            rest = rest.get(2 + digits..).unwrap_or_default();
        }
        Ok(offset)
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.base {
            Base::Stored => "A",
            Base::Retention => "R",
            Base::Now => "N",
        })?;
        let all = [
            (self.years, 'y'),
            (self.months, 'M'),
            (self.weeks, 'w'),
            (self.days, 'd'),
            (self.hours, 'h'),
            (self.minutes, 'm'),
            (self.seconds, 's'),
        ];
        if all.iter().all(|(number, _)| *number == 0) {
            return formatter.write_str("+0s");
        }
        for (number, unit) in all {
            if number != 0 {
                write!(formatter, "{number:+}{unit}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Retention {
    type Err = InvalidRetention;

    fn from_str(text: &str) -> Result<Self, InvalidRetention> {
        let text = text.trim();
        let special = match text.to_ascii_lowercase().as_str() {
            "deletion allowed" | "-0" => Some(DELETION_ALLOWED),
            "deletion prohibited" => Some(DELETION_PROHIBITED),
            "initial unspecified" => Some(INITIAL_UNSPECIFIED),
            _ => None,
        };
        if let Some(special) = special {
            return Ok(Self::Fixed(special));
        }
        if let Some(class) = text.strip_prefix("C+") {
            return if class.is_empty() {
                Err(InvalidRetention)
            } else {
                Ok(Self::Class(class.to_owned()))
            };
        }
        if let Ok(number) = text.parse::<i64>() {
            return if number >= INITIAL_UNSPECIFIED && !text.starts_with('+') {
                Ok(Self::Fixed(number))
            } else {
                Err(InvalidRetention)
            };
        }
        if let Some(time) = iso8601(text) {
            return Ok(Self::Fixed(time));
        }
        text.parse().map(Self::Offset)
    }
}

/// Reads `2030-01-31T00:00:00+0000`; the offset may also be `+00:00` or `Z`. Days beyond the end of
/// the month count on into the next.
fn iso8601(text: &str) -> Option<i64> {
    let (date, clock) = text.split_once('T')?;
    let mut date = date.splitn(3, '-');
    let year: i32 = digits(date.next()?, 4)?;
    let month: u8 = digits(date.next()?, 2)?;
    let day: i64 = digits(date.next()?, 2)?;
    let at = clock.find(['+', '-', 'Z'])?;
    let (clock, zone) = clock.split_at_checked(at)?;
    let mut clock = clock.splitn(3, ':');
    let time = Time::from_hms(
        digits(clock.next()?, 2)?,
        digits(clock.next()?, 2)?,
        digits(clock.next()?, 2)?,
    )
    .ok()?;
    let first = Date::from_calendar_date(year, Month::try_from(month).ok()?, 1).ok()?;
    let date = first.checked_add(Duration::days(day.checked_sub(1).filter(|day| *day >= 0)?))?;
    let zone = if zone == "Z" {
        UtcOffset::UTC
    } else {
        let sign = if zone.starts_with('-') { -1 } else { 1 };
        let plain: String = zone.chars().skip(1).filter(|char| *char != ':').collect();
        let hours: i8 = digits(plain.get(..2)?, 2)?;
        let minutes: i8 = digits(plain.get(2..)?, 2)?;
        UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok()?
    };
    let time = PrimitiveDateTime::new(date, time).assume_offset(zone);
    Some(time.unix_timestamp()).filter(|seconds| *seconds > 0)
}

fn digits<N: FromStr>(text: &str, count: usize) -> Option<N> {
    if text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn end(text: &str, times: Times) -> i64 {
        match text.parse().unwrap() {
            Retention::Offset(offset) => offset.end(times).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    /// 2024-01-31 12:00 UTC.
    const STORED: i64 = 1_706_702_400;
    const DAY: i64 = 86_400;
    const TIMES: Times = Times {
        stored: STORED,
        retention: STORED + 10 * DAY,
        now: STORED + DAY,
    };

    #[test]
    fn values_are_as_long_as_they_keep() {
        let length = |text: &str| text.parse::<Retention>().unwrap().length();
        let from_short_to_long = [
            "0",
            "A+1d",
            "A+1w",
            "A+1M",
            "R+2M",
            "A+1y",
            "A+12M+1d",
            "2030-01-31T00:00:00+0000",
            "-2",
            "-1",
        ];
        assert!(from_short_to_long.is_sorted_by_key(|text| length(text)));
        assert_eq!(length("A+1y"), length("A+12M"));
        assert_eq!(length("C+Other"), length("-1"));
        // Beyond the calendar.
        assert_eq!(length("A+9999y"), i64::MAX);
    }

    #[test]
    fn special_values_have_numbers_and_names() {
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("Deletion Allowed", 0),
            ("-1", -1),
            ("deletion prohibited", -1),
            ("-2", -2),
            ("INITIAL UNSPECIFIED", -2),
            ("1893456000", 1_893_456_000),
        ] {
            assert_eq!(text.parse(), Ok(Retention::Fixed(value)), "{text}");
        }
    }

    #[test]
    fn offsets_count_from_the_time_that_their_letter_names() {
        assert_eq!(end("A+1d", TIMES), STORED + DAY);
        assert_eq!(end("+1d", TIMES), STORED + DAY);
        assert_eq!(end("R+1d", TIMES), STORED + 11 * DAY);
        assert_eq!(end("N+1d", TIMES), STORED + 2 * DAY);
        assert_eq!(end("A+2w-1d+3h", TIMES), STORED + 13 * DAY + 3 * 3_600);
        // A leap year: the 31st of January and a month is the 29th of February.
        assert_eq!(end("A+1M", TIMES), STORED + 29 * DAY);
        assert_eq!(end("A+1y", TIMES), STORED + 366 * DAY);
        assert_eq!(
            end(
                "R+1d",
                Times {
                    retention: -1,
                    ..TIMES
                }
            ),
            STORED + DAY
        );
    }

    #[test]
    fn fixed_times_may_overflow_their_month() {
        let at = |text: &str| match text.parse() {
            Ok(Retention::Fixed(seconds)) => seconds,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(at("2024-01-31T12:00:00+0000"), STORED);
        assert_eq!(at("2024-01-31T13:00:00+01:00"), STORED);
        assert_eq!(at("2024-01-31T12:00:00Z"), STORED);
        assert_eq!(at("2023-11-33T00:00:00Z"), at("2023-12-03T00:00:00Z"));
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for text in [
            "",
            "A",
            "-3",
            "1y",
            "A+1d+1y",
            "A+1d+2d",
            "A+10000y",
            "A+y",
            "C+",
            "B+1d",
            "A+1Y",
            "2024-13-01T00:00:00Z",
            "2024-01-00T00:00:00Z",
            "2024-01-01",
            "A+é",
            "+",
        ] {
            assert_eq!(text.parse::<Retention>(), Err(InvalidRetention), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "\\PC{0,30}") {
            if let Ok(Retention::Offset(offset)) = text.parse::<Retention>() {
                let _ = offset.end(TIMES);
            }
        }

        #[test]
        fn an_offset_is_read_as_it_was_written(numbers in prop::array::uniform7(-9_999_i32..=9_999)) {
            let [years, months, weeks, days, hours, minutes, seconds] = numbers;
            let offset = Offset {
                base: Base::Now, years, months, weeks, days, hours, minutes, seconds,
            };
            prop_assert_eq!(offset.to_string().parse(), Ok(Retention::Offset(offset)));
            let _ = offset.end(TIMES);
        }
    }
}
