//! The rules of single properties, and what is said to whoever breaks them.

use super::{InvalidQuota, value::length};
use crate::retention::{Base, InvalidRetention, Offset, Retention};

/// Names that are hosts of the system (hcp-wire: tenant names).
const RESERVED: [&str; 7] = ["admin", "default", "www", "nfs", "cifs", "smtp", "search"];

/// Kinds of events that a recipient of e-mail can get.
const EVENT_KINDS: [&str; 3] = ["GENERAL", "SECURITY", "COMPLIANCE"];

/// Kinds of logs.
pub const LOG_CONTENT: [&str; 4] = ["ACCESS", "SYSTEM", "SERVICE", "APPLICATION"];

/// The network that links never go by.
const BACKEND_NETWORK: &str = "[hcp_backend]";

fn listed(numbers: &[i64]) -> String {
    let each: Vec<String> = numbers.iter().map(i64::to_string).collect();
    each.join(", ")
}

/// What is wrong with a property: what it has to be, said of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleFault {
    /// No label of a host name.
    #[error("has 1 to 63 letters, digits and hyphens, and no hyphen at either end")]
    Label,
    /// `xn--` at the start.
    #[error("does not begin with xn--")]
    Punycode,
    /// A host of the system.
    #[error("{0} is a name that the system keeps for itself")]
    Reserved(String),
    /// `[` at the start.
    #[error("does not begin with [")]
    Bracket,
    /// A control character.
    #[error("has no control characters")]
    Control,
    /// No security identifier.
    #[error("has to be a security identifier such as S-1-5-21-1-2-3-1104")]
    Sid,
    /// A comma.
    #[error("has no comma")]
    Comma,
    /// No telephone number.
    #[error("has digits, brackets, hyphens, dots, plus signs and spaces alone")]
    Phone,
    /// No extension of a telephone.
    #[error("has at most 5 digits")]
    Extension,
    /// A tab.
    #[error("has no tabs")]
    Tabs,
    /// Other kinds of events.
    #[error("has {} with commas between them", EVENT_KINDS.join(", "))]
    EventKinds,
    /// A CORS document that is too large.
    #[error("has at most 2.5 MB")]
    CorsSize,
    /// No name of a content property.
    #[error("has 1 to 25 letters, digits and underscores")]
    ContentProperty,
    /// No name of a retention class.
    #[error("has 1 to 64 letters, digits, hyphens and underscores")]
    RetentionClass,
    /// No slash at an end.
    #[error("begins and ends with a slash")]
    Slashes,
    /// No retention.
    #[error(transparent)]
    Retention(InvalidRetention),
    /// An offset from another time.
    #[error("counts from when an object was stored: the offset begins with A")]
    OffsetFromStored,
    /// No value of a retention class.
    #[error("is 0, -1, -2 or an offset such as A+7y")]
    RetentionSetting,
    /// No least retention.
    #[error("is an offset such as 1y+6M")]
    MinimumRetention,
    /// An entry that stands for no addresses.
    #[error("{0} is not an address, a network or a list of them")]
    Address(String),
    /// Too many characters.
    #[error("has at most {0} characters")]
    TooLong(usize),
    /// Too few characters, or too many.
    #[error("has {0} to {1} characters")]
    Length(usize, usize),
    /// No whole number.
    #[error("has to be a whole number")]
    Number,
    /// No whole number, where there are bounds.
    #[error("has to be a whole number from {0} to {1}")]
    NumberBetween(i64, i64),
    /// Outside of the bounds.
    #[error("has to be from {0} to {1}")]
    Between(i64, i64),
    /// No quota.
    #[error(transparent)]
    Quota(InvalidQuota),
    /// A quota below HCP's least.
    #[error("has to be at least 1 GB")]
    QuotaTooSmall,
    /// None of a few numbers.
    #[error("has to be one of {}", listed(.0))]
    OneOf(&'static [i64]),
    /// No number at all.
    #[error("has to be a number")]
    Decimal,
    /// No day.
    #[error("has to be a day such as 06/30/2026: month, day, year")]
    Day,
    /// No time of the day.
    #[error("has to be a time from 00:00 to 23:59")]
    TimeOfDay,
    /// Other kinds of logs.
    #[error("has {} with commas between them", LOG_CONTENT.join(", "))]
    LogContent,
    /// No hour of a week.
    #[error("has to be an hour of the week, Sun:00 to Sat:23")]
    HourOfWeek,
    /// The network of the nodes among themselves.
    #[error("is not the network of the nodes among themselves")]
    BackendNetwork,
    /// A line of a list.
    #[error("{0}: {1}")]
    Line(String, Box<Self>),
}

/// A label of a host name.
fn label(text: &str) -> Result<(), RuleFault> {
    let fits = (1..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-');
    if !fits {
        return Err(RuleFault::Label);
    }
    if text
        .get(..4)
        .is_some_and(|s| s.eq_ignore_ascii_case("xn--"))
    {
        return Err(RuleFault::Punycode);
    }
    Ok(())
}

/// The name of a new tenant.
///
/// # Errors
/// The rule, in words; as for all of these.
pub fn tenant_name(text: &str) -> Result<(), RuleFault> {
    label(text)?;
    if RESERVED.iter().any(|name| name.eq_ignore_ascii_case(text)) {
        return Err(RuleFault::Reserved(text.to_owned()));
    }
    Ok(())
}

/// The name of a namespace.
pub fn namespace_name(text: &str) -> Result<(), RuleFault> {
    label(text)
}

/// The name of a user account.
pub fn username(text: &str) -> Result<(), RuleFault> {
    length(text, 1, 64)?;
    if text.starts_with('[') {
        return Err(RuleFault::Bracket);
    }
    if text.chars().any(char::is_control) {
        return Err(RuleFault::Control);
    }
    Ok(())
}

/// The security identifier of a group.
pub fn sid(text: &str) -> Result<(), RuleFault> {
    let mut parts = text.split('-');
    let fits = parts.next().is_some_and(|s| s.eq_ignore_ascii_case("S"))
        && parts.clone().count() >= 2
        && parts.all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    fits.then_some(()).ok_or(RuleFault::Sid)
}

/// A tag.
pub fn tag(text: &str) -> Result<(), RuleFault> {
    length(text, 1, 64)?;
    if text.contains(',') {
        return Err(RuleFault::Comma);
    }
    Ok(())
}

/// A telephone number.
pub fn phone(text: &str) -> Result<(), RuleFault> {
    length(text, 0, 24)?;
    let fits = |c: char| c.is_ascii_digit() || "()-.+ ".contains(c);
    if text.chars().all(fits) {
        Ok(())
    } else {
        Err(RuleFault::Phone)
    }
}

/// A telephone extension.
pub fn ascii_digits(text: &str) -> Result<(), RuleFault> {
    if text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit()) {
        Ok(())
    } else {
        Err(RuleFault::Extension)
    }
}

/// The text of an e-mail.
pub fn no_tabs(text: &str) -> Result<(), RuleFault> {
    if text.contains('\t') {
        Err(RuleFault::Tabs)
    } else {
        Ok(())
    }
}

/// The kinds of events of a recipient.
pub fn event_kinds(text: &str) -> Result<(), RuleFault> {
    let fits = |kind: &str| {
        EVENT_KINDS
            .iter()
            .any(|k| k.eq_ignore_ascii_case(kind.trim()))
    };
    if text.split(',').all(fits) {
        Ok(())
    } else {
        Err(RuleFault::EventKinds)
    }
}

/// A day as HCP writes it: `MM/DD/YYYY`.
pub fn day(text: &str) -> Result<(), RuleFault> {
    read_day(text).map(|_day| ()).ok_or(RuleFault::Day)
}

/// A day, `MM/DD/YYYY`.
pub fn read_day(text: &str) -> Option<time::Date> {
    let format = time::macros::format_description!("[month]/[day]/[year]");
    time::Date::parse(text, format).ok()
}

/// A time of the day as HCP writes it: `HH:mm`.
pub fn time_of_day(text: &str) -> Result<(), RuleFault> {
    let read = read_time(text).map(|_time| ());
    read.ok_or(RuleFault::TimeOfDay)
}

/// A time of the day, `HH:mm`.
pub fn read_time(text: &str) -> Option<time::Time> {
    let format = time::macros::format_description!("[hour]:[minute]");
    time::Time::parse(text, format).ok()
}

/// Kinds of logs, at least one.
pub fn log_content(text: &str) -> Result<(), RuleFault> {
    let fits = |kind: &str| {
        let kind = kind.trim();
        LOG_CONTENT
            .iter()
            .any(|known| known.eq_ignore_ascii_case(kind))
    };
    let all = text.split(',').all(fits);
    all.then_some(()).ok_or(RuleFault::LogContent)
}

/// An hour of a week, `Sun:00` to `Sat:23`. HCP tells capitals apart.
pub fn hour_of_week(text: &str) -> Result<(), RuleFault> {
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    let fits = text.split_once(':').is_some_and(|(day, hour)| {
        let digits = hour.len() == 2 && hour.bytes().all(|b| b.is_ascii_digit());
        DAYS.contains(&day) && digits && hour.parse().is_ok_and(|hour: u8| hour < 24)
    });
    fits.then_some(()).ok_or(RuleFault::HourOfWeek)
}

/// A network by which links go.
pub fn replication_network(text: &str) -> Result<(), RuleFault> {
    if text.trim().eq_ignore_ascii_case(BACKEND_NETWORK) {
        Err(RuleFault::BackendNetwork)
    } else {
        Ok(())
    }
}

/// A CORS document, by its size.
pub fn cors_size(text: &str) -> Result<(), RuleFault> {
    if text.len() <= 2_500_000 {
        Ok(())
    } else {
        Err(RuleFault::CorsSize)
    }
}

/// The name of a content property.
pub fn content_property_name(text: &str) -> Result<(), RuleFault> {
    let fits = (1..=25).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    fits.then_some(()).ok_or(RuleFault::ContentProperty)
}

/// The name of a retention class.
pub fn retention_class_name(text: &str) -> Result<(), RuleFault> {
    let fits = (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    fits.then_some(()).ok_or(RuleFault::RetentionClass)
}

/// Where SMTP keeps mail.
pub fn email_location(text: &str) -> Result<(), RuleFault> {
    if text.starts_with('/') && text.ends_with('/') {
        Ok(())
    } else {
        Err(RuleFault::Slashes)
    }
}

/// A default retention: any value, an offset counting from when an object was stored.
pub fn retention_value(text: &str) -> Result<(), RuleFault> {
    match text
        .parse()
        .map_err(|invalid: InvalidRetention| RuleFault::Retention(invalid))?
    {
        Retention::Offset(offset) if offset.base != Base::Stored => {
            Err(RuleFault::OffsetFromStored)
        }
        _ => Ok(()),
    }
}

/// The value of a retention class: a special value, or an offset counting from when an object was
/// stored.
pub fn retention_setting(text: &str) -> Result<(), RuleFault> {
    retention_value(text)?;
    match text.parse() {
        Ok(Retention::Offset(_) | Retention::Fixed(-2..=0)) => Ok(()),
        _ => Err(RuleFault::RetentionSetting),
    }
}

/// The least retention after none was specified: an offset, which HCP prints without its `A`.
pub fn minimum_retention(text: &str) -> Result<(), RuleFault> {
    let offset = text.strip_prefix('A').unwrap_or(text);
    let signed = if offset.starts_with(['+', '-']) {
        ""
    } else {
        "+"
    };
    format!("A{signed}{offset}")
        .parse::<Offset>()
        .map(|_offset| ())
        .map_err(|_no_offset| RuleFault::MinimumRetention)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_labels() {
        for name in ["acme", "a", "A-1", &"x".repeat(63)] {
            assert_eq!(tenant_name(name), Ok(()), "{name}");
        }
        for name in [
            "",
            "-a",
            "a-",
            "a.b",
            "a_b",
            "xn--a",
            "XN--A",
            &"x".repeat(64),
            "é",
        ] {
            assert!(tenant_name(name).is_err(), "{name}");
            assert!(namespace_name(name).is_err(), "{name}");
        }
        assert!(tenant_name("Admin").is_err());
        assert!(namespace_name("admin").is_ok());
    }

    #[test]
    fn retention_of_settings_counts_from_storing() {
        for value in ["0", "-1", "-2", "Deletion Allowed", "A+7y", "A+1y+6M"] {
            assert_eq!(retention_setting(value), Ok(()), "{value}");
        }
        for value in ["R+7y", "N+1d", "C+Class", "1893456000", "", "7y", "A+1d+1y"] {
            assert!(retention_setting(value).is_err(), "{value}");
        }
        assert_eq!(retention_value("C+HlthReg-107"), Ok(()));
        assert_eq!(retention_value("2030-01-31T00:00:00+0000"), Ok(()));
        for value in ["0y+0M+0d", "19y+0M+7d", "A+1y", "1y"] {
            assert_eq!(minimum_retention(value), Ok(()), "{value}");
        }
        assert!(minimum_retention("soon").is_err());
    }

    #[test]
    fn small_texts_have_small_rules() {
        assert!(phone("+46 (0)8-123.45").is_ok() && phone("call me").is_err());
        assert!(sid("S-1-5-21-1-2-3-1104").is_ok() && sid("S-1").is_err() && sid("x").is_err());
        assert!(event_kinds("GENERAL,security").is_ok() && event_kinds("").is_err());
        assert!(tag("gold").is_ok() && tag("a,b").is_err() && tag("").is_err());
        assert!(username("ops1").is_ok() && username("[x]").is_err() && username("").is_err());
    }
}
