//! Numbers that come as text, and text that comes as numbers: HCP writes both, and takes both.

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

/// A whole number.
pub(super) fn to_integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A boolean.
pub(super) fn to_flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => match number.as_i64() {
            Some(1) => Some(true),
            Some(0) => Some(false),
            _ => None,
        },
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Text.
pub(super) fn to_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Reads what may be absent or null; anything else has to be of the kind.
fn strictly<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    read: fn(&Value) -> Option<T>,
    expected: &str,
) -> Result<Option<T>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        value => read(&value)
            .map(Some)
            .ok_or_else(|| D::Error::custom(format!("invalid value: expected {expected}"))),
    }
}

const INTEGER: &str = "a whole number";
const FLAG: &str = "true or false";
const TEXT: &str = "text";

pub(super) fn required_integer<'de, D: Deserializer<'de>>(d: D) -> Result<i64, D::Error> {
    strictly(d, to_integer, INTEGER)?.ok_or_else(|| D::Error::custom("expected a whole number"))
}

pub(super) fn flag<'de, D: Deserializer<'de>>(d: D) -> Result<Option<bool>, D::Error> {
    strictly(d, to_flag, FLAG)
}

pub(super) fn required_flag<'de, D: Deserializer<'de>>(d: D) -> Result<bool, D::Error> {
    flag(d)?.ok_or_else(|| D::Error::custom("expected true or false"))
}

pub(super) fn text<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    strictly(d, to_text, TEXT)
}

pub(super) fn required_text<'de, D: Deserializer<'de>>(d: D) -> Result<String, D::Error> {
    text(d)?.ok_or_else(|| D::Error::custom("expected text"))
}

/// What an answer has and is not of the kind counts as absent: an answer is never refused for it.
pub(super) mod answered {
    use serde::{Deserialize, Deserializer};
    use serde_json::Value;

    pub(in super::super) fn integer<'de, D: Deserializer<'de>>(
        d: D,
    ) -> Result<Option<i64>, D::Error> {
        Ok(super::to_integer(&Value::deserialize(d)?))
    }

    pub(in super::super) fn number<'de, D: Deserializer<'de>>(d: D) -> Result<i64, D::Error> {
        integer(d).map(Option::unwrap_or_default)
    }

    pub(in super::super) fn flag<'de, D: Deserializer<'de>>(
        d: D,
    ) -> Result<Option<bool>, D::Error> {
        Ok(super::to_flag(&Value::deserialize(d)?))
    }

    pub(in super::super) fn text<'de, D: Deserializer<'de>>(
        d: D,
    ) -> Result<Option<String>, D::Error> {
        Ok(super::to_text(&Value::deserialize(d)?))
    }

    pub(in super::super) fn word<'de, D: Deserializer<'de>>(d: D) -> Result<String, D::Error> {
        text(d).map(Option::unwrap_or_default)
    }

    /// A number where it is one, else text.
    pub(in super::super) fn either<'de, D: Deserializer<'de>>(
        d: D,
    ) -> Result<Option<super::super::NumberOrText>, D::Error> {
        use super::super::NumberOrText;
        let value = Value::deserialize(d)?;
        Ok(super::to_integer(&value)
            .map(NumberOrText::Number)
            .or_else(|| super::to_text(&value).map(NumberOrText::Text)))
    }
}
