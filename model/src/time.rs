//! Points in time: UTC, RFC 3339 with `Z`.

use std::fmt;

use ::time::{
    OffsetDateTime, UtcOffset,
    format_description::{BorrowedFormatItem, well_known::Rfc3339},
    macros::format_description,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};

/// How HCP's management API writes times: no fractions of seconds, no colon in the offset.
const HCP: &[BorrowedFormatItem<'_>] = format_description!(
    "[year]-[month]-[day]T[hour]:[minute]:[second][offset_hour sign:mandatory][offset_minute]"
);

/// A point in time, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(OffsetDateTime);

impl Timestamp {
    /// Takes a time of any offset.
    pub fn new(time: OffsetDateTime) -> Self {
        Self(time.to_offset(UtcOffset::UTC))
    }

    /// From milliseconds since 1970, as JavaScript counts; `None` outside the calendar.
    pub fn from_unix_millis(millis: i64) -> Option<Self> {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000)
            .ok()
            .map(Self)
    }

    /// From seconds since 1970; `None` outside the calendar.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        OffsetDateTime::from_unix_timestamp(seconds).ok().map(Self)
    }

    /// Reads RFC 3339.
    pub fn parse(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339).ok().map(Self::new)
    }

    /// Reads HCP's form: `2024-06-01T10:00:00+0000`, the offset without a colon; RFC 3339 as well.
    pub fn parse_hcp(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, HCP)
            .ok()
            .map(Self::new)
            .or_else(|| Self::parse(text))
    }

    /// Reads what a form's field for date and time writes, as UTC, or a whole time.
    pub fn parse_typed(text: &str) -> Option<Self> {
        let with_seconds = format!("{text}:00Z");
        Self::parse(text)
            .or_else(|| Self::parse(&format!("{text}Z")))
            .or_else(|| Self::parse(&with_seconds))
    }

    /// HCP's form: `2024-06-01T10:00:00+0000`.
    pub fn hcp(self) -> String {
        self.0.format(HCP).unwrap_or_default()
    }

    /// Seconds since 1970.
    pub fn unix_seconds(self) -> i64 {
        self.0.unix_timestamp()
    }

    /// Milliseconds since 1970.
    pub fn unix_millis(self) -> i64 {
        self.0.unix_timestamp() * 1_000 + i64::from(self.0.millisecond())
    }

    /// The calendar type behind it.
    pub fn inner(self) -> OffsetDateTime {
        self.0
    }
}

impl From<OffsetDateTime> for Timestamp {
    fn from(time: OffsetDateTime) -> Self {
        Self::new(time)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .format(&Rfc3339)
            .map_err(|_outside_rfc3339| fmt::Error)?
            .fmt(f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.format(&Rfc3339).map_err(S::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not an RFC 3339 time"))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("A point in time, in UTC."))
            .examples(["2026-11-21T00:05:03Z"])
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Timestamp {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hcp_writes_offsets_without_a_colon() {
        let time = Timestamp::parse_hcp("2024-06-01T05:00:00-0500").unwrap();
        assert_eq!(time.hcp(), "2024-06-01T10:00:00+0000");
        assert_eq!(Timestamp::parse_hcp("2024-06-01T10:00:00Z"), Some(time));
        for text in ["", "2024-06-01", "2024-13-01T00:00:00+0000", "now"] {
            assert_eq!(Timestamp::parse_hcp(text), None, "{text}");
        }
    }
}
