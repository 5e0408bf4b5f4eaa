//! Reading what HCP writes: leniently, and without losing what is not understood.
//!
//! HCP takes booleans as `true|t|1`, numbers as text, lists with and without their wrapper and single
//! items in place of lists, and writes all of these somewhere (HCP's management API, "Scalars" and
//! "List wrappers").

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json};

use super::rules::RuleFault;

/// The properties that a resource has and we do not know, as they came.
pub type Other = Map<String, Json>;

/// What kind of thing a property is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A boolean.
    Flag,
    /// An integer.
    Number,
    /// A number with a fraction.
    Decimal,
    /// Text.
    Text,
    /// A size such as `10.00 GB`.
    Quota,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// A list: the name of its wrapper's one property (empty where it has none), and the kind of its
    /// items.
    List(&'static str, &'static Self),
    /// A resource inside a resource.
    Nested(&'static [Property]),
}

/// One property of a resource.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Property {
    /// HCP's name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// What it has to be beyond its kind.
    pub rule: Rule,
}

/// What a value has to be beyond its kind.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// Nothing more.
    Any,
    /// A number from one bound to the other, both included.
    Between(i64, i64),
    /// One of a few numbers.
    OneOf(&'static [i64]),
    /// A text of so many characters.
    Length(usize, usize),
    /// A text that the function does not object to.
    Fits(fn(&str) -> Result<(), RuleFault>),
    /// A list of at most so many items.
    AtMost(usize),
}

impl PartialEq for Rule {
    /// Two functions are never the same rule.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, Self::Any) => true,
            (Self::Between(a, b), Self::Between(c, d)) => (a, b) == (c, d),
            (Self::OneOf(a), Self::OneOf(b)) => a == b,
            (Self::Length(a, b), Self::Length(c, d)) => (a, b) == (c, d),
            (Self::AtMost(a), Self::AtMost(b)) => a == b,
            _ => false,
        }
    }
}

/// What is wrong with a property, in words for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", path.join("."))]
pub struct Fault {
    /// Its name, after the names of what it is inside of.
    pub path: Vec<String>,
    /// The rule.
    pub message: String,
    /// Whether the property is required and absent.
    pub missing: bool,
}

impl Fault {
    /// A property that breaks a rule.
    pub fn new(name: &str, message: impl Into<String>) -> Self {
        Self {
            path: vec![name.to_owned()],
            message: message.into(),
            missing: false,
        }
    }

    /// A property that has to be there and is not.
    pub fn missing(name: &str) -> Self {
        Self {
            missing: true,
            ..Self::new(name, "the property is required")
        }
    }

    /// The same, inside of another property.
    #[must_use]
    pub fn within(mut self, name: &str) -> Self {
        self.path.insert(0, name.to_owned());
        self
    }
}

/// What a property can be.
pub trait Value: Sized {
    /// Its kind.
    const KIND: Kind;

    /// Reads it in any of the forms that HCP writes or takes.
    ///
    /// # Errors
    /// What it has to be, in words.
    fn read(json: &Json) -> Result<Self, String>;

    /// Writes it in HCP's own form.
    fn write(&self) -> Json;

    /// Holds it against a rule.
    fn faults(&self, _rule: Rule) -> Vec<Fault> {
        Vec::new()
    }
}

/// Makes one fault out of a refusal; [`Value::faults`] does not know the property's name.
pub(super) fn objection(result: Result<(), impl fmt::Display>) -> Vec<Fault> {
    result
        .err()
        .map(|rule| Fault {
            path: Vec::new(),
            message: rule.to_string(),
            missing: false,
        })
        .into_iter()
        .collect()
}

impl Value for bool {
    const KIND: Kind = Kind::Flag;

    fn read(json: &Json) -> Result<Self, String> {
        match json {
            Json::Bool(flag) => Ok(*flag),
            Json::String(text) => match text.as_str() {
                "true" | "t" | "1" => Ok(true),
                "false" | "f" | "0" => Ok(false),
                _ => Err("has to be true or false".to_owned()),
            },
            Json::Number(number) if number.as_i64() == Some(1) => Ok(true),
            Json::Number(number) if number.as_i64() == Some(0) => Ok(false),
            _ => Err("has to be true or false".to_owned()),
        }
    }

    fn write(&self) -> Json {
        Json::Bool(*self)
    }
}

impl Value for i64 {
    const KIND: Kind = Kind::Number;

    fn read(json: &Json) -> Result<Self, String> {
        let number = match json {
            Json::Number(number) => number.as_i64(),
            Json::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.ok_or_else(|| "has to be a whole number".to_owned())
    }

    fn write(&self) -> Json {
        Json::from(*self)
    }

    fn faults(&self, rule: Rule) -> Vec<Fault> {
        objection(match rule {
            Rule::Between(low, high) if !(low..=high).contains(self) => {
                Err(RuleFault::Between(low, high))
            }
            Rule::OneOf(numbers) if !numbers.contains(self) => Err(RuleFault::OneOf(numbers)),
            _ => Ok(()),
        })
    }
}

impl Value for f64 {
    const KIND: Kind = Kind::Decimal;

    fn read(json: &Json) -> Result<Self, String> {
        let number = match json {
            Json::Number(number) => number.as_f64(),
            Json::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let finite = number.filter(|number: &Self| number.is_finite());
        finite.ok_or_else(|| RuleFault::Decimal.to_string())
    }

    fn write(&self) -> Json {
        Json::from(*self)
    }
}

impl Value for String {
    const KIND: Kind = Kind::Text;

    fn read(json: &Json) -> Result<Self, String> {
        match json {
            Json::String(text) => Ok(text.clone()),
            Json::Number(number) => Ok(number.to_string()),
            _ => Err("has to be text".to_owned()),
        }
    }

    fn write(&self) -> Json {
        Json::String(self.clone())
    }

    fn faults(&self, rule: Rule) -> Vec<Fault> {
        objection(match rule {
            Rule::Length(low, high) => length(self, low, high),
            Rule::Fits(fits) => fits(self),
            _ => Ok(()),
        })
    }
}

/// Whether a text has so many characters.
pub(super) fn length(text: &str, low: usize, high: usize) -> Result<(), RuleFault> {
    if (low..=high).contains(&text.chars().count()) {
        Ok(())
    } else if low == 0 {
        Err(RuleFault::TooLong(high))
    } else {
        Err(RuleFault::Length(low, high))
    }
}

/// Words of which a property is one.
pub trait Word: Copy + PartialEq + fmt::Debug + 'static {
    /// All of them.
    const ALL: &'static [Self];
    /// All of them as HCP writes them.
    const WORDS: &'static [&'static str];
    /// Whether HCP tells capitals apart.
    const CASE_SENSITIVE: bool;

    /// As HCP writes it.
    fn as_str(self) -> &'static str;
}

/// One of a few words, or one that a newer HCP knows and we do not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Choice<W> {
    /// One of them.
    Known(W),
    /// Another, as it came.
    Other(String),
}

impl<W: Word> Choice<W> {
    /// Reads a word.
    pub fn of(text: &str) -> Self {
        let same = |word: &&W| {
            let word = word.as_str();
            word == text || (!W::CASE_SENSITIVE && word.eq_ignore_ascii_case(text))
        };
        W::ALL
            .iter()
            .find(same)
            .map_or_else(|| Self::Other(text.to_owned()), |word| Self::Known(*word))
    }

    /// As HCP writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(word) => word.as_str(),
            Self::Other(text) => text,
        }
    }

    /// The word, if it is one that we know.
    pub fn known(&self) -> Option<W> {
        match self {
            Self::Known(word) => Some(*word),
            Self::Other(_) => None,
        }
    }
}

impl<W> From<W> for Choice<W> {
    fn from(word: W) -> Self {
        Self::Known(word)
    }
}

impl<W: Word> Value for Choice<W> {
    const KIND: Kind = Kind::Choice(W::WORDS);

    fn read(json: &Json) -> Result<Self, String> {
        match json {
            Json::String(text) => Ok(Self::of(text)),
            _ => Err(one_of(W::WORDS)),
        }
    }

    fn write(&self) -> Json {
        Json::from(self.as_str())
    }

    fn faults(&self, _rule: Rule) -> Vec<Fault> {
        objection(match self {
            Self::Known(_) => Ok(()),
            Self::Other(_) => Err(one_of(W::WORDS)),
        })
    }
}

fn one_of(words: &[&str]) -> String {
    format!("has to be one of {}", words.join(", "))
}

impl<W: Word> fmt::Display for Choice<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<W: Word> Serialize for Choice<W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, W: Word> Deserialize<'de> for Choice<W> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::of(&text))
    }
}

/// Declares the words of a choice.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident $(($case:ident))? { $($(#[$word_doc:meta])* $word:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$word_doc])* $word,)+
        }

        impl $crate::mapi::value::Word for $name {
            const ALL: &'static [Self] = &[$(Self::$word),+];
            const WORDS: &'static [&'static str] = &[$($text),+];
            const CASE_SENSITIVE: bool = $crate::mapi::value::words!(@case $($case)?);

            fn as_str(self) -> &'static str {
                match self {
                    $(Self::$word => $text,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::mapi::value::Word::as_str(*self))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::mapi::value::Word::as_str(*self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                $crate::mapi::value::Choice::<Self>::of(&text).known().ok_or_else(|| {
                    serde::de::Error::unknown_variant(
                        &text,
                        <Self as $crate::mapi::value::Word>::WORDS,
                    )
                })
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::mapi::value::schema(&$crate::mapi::value::Kind::Choice(
                    <Self as $crate::mapi::value::Word>::WORDS,
                ))
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    };
    (@case) => { false };
    (@case case_sensitive) => { true };
}
pub(crate) use words;

/// Declares a list, with HCP's wrapper around it (`{"role": ["MONITOR"]}`) or, without the name of
/// one, bare.
macro_rules! list {
    ($(#[$doc:meta])* $name:ident of $item:ty) => {
        $crate::mapi::value::list! { $(#[$doc])* $name of $item = "" }
    };
    ($(#[$doc:meta])* $name:ident of $item:ty = $wrapper:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name(pub Vec<$item>);

        impl $crate::mapi::value::Value for $name {
            const KIND: $crate::mapi::value::Kind = $crate::mapi::value::Kind::List(
                $wrapper,
                &<$item as $crate::mapi::value::Value>::KIND,
            );

            fn read(json: &serde_json::Value) -> Result<Self, String> {
                $crate::mapi::value::read_list($wrapper, json).map(Self)
            }

            fn write(&self) -> serde_json::Value {
                $crate::mapi::value::write_list($wrapper, &self.0)
            }

            fn faults(&self, rule: $crate::mapi::value::Rule) -> Vec<$crate::mapi::value::Fault> {
                $crate::mapi::value::check_list(&self.0, rule)
            }
        }

        impl From<Vec<$item>> for $name {
            fn from(items: Vec<$item>) -> Self {
                Self(items)
            }
        }

        impl FromIterator<$item> for $name {
            fn from_iter<I: IntoIterator<Item = $item>>(items: I) -> Self {
                Self(items.into_iter().collect())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::mapi::value::Value::write(self).serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let json = serde_json::Value::deserialize(deserializer)?;
                $crate::mapi::value::Value::read(&json).map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::mapi::value::schema(&<Self as $crate::mapi::value::Value>::KIND)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    };
}
pub(crate) use list;

/// Reads a list: wrapped, bare, or one item in its place. Absent items are an empty list.
pub(super) fn read_list<T: Value>(wrapper: &str, json: &Json) -> Result<Vec<T>, String> {
    let items = match json {
        Json::Object(object) if object.is_empty() => return Ok(Vec::new()),
        // An item that is an object of its own has no property of the wrapper's name.
        Json::Object(object) => object.get(wrapper).unwrap_or(json),
        // An empty element of XML.
        Json::String(text) if text.trim().is_empty() => return Ok(Vec::new()),
        other => other,
    };
    match items {
        Json::Null => Ok(Vec::new()),
        Json::Array(items) => items.iter().map(T::read).collect(),
        one => Ok(vec![T::read(one)?]),
    }
}

pub(super) fn write_list<T: Value>(wrapper: &str, items: &[T]) -> Json {
    let items = Json::Array(items.iter().map(T::write).collect());
    if wrapper.is_empty() {
        items
    } else {
        Json::Object(Map::from_iter([(wrapper.to_owned(), items)]))
    }
}

pub(super) fn check_list<T: Value>(items: &[T], rule: Rule) -> Vec<Fault> {
    let too_many = match rule {
        Rule::AtMost(most) if items.len() > most => Err(format!("has at most {most} entries")),
        _ => Ok(()),
    };
    let each = match rule {
        Rule::AtMost(_) => Rule::Any,
        rule => rule,
    };
    let mut faults = objection(too_many);
    for (index, item) in items.iter().enumerate() {
        let found = item.faults(each).into_iter();
        faults.extend(found.map(|fault| {
            if fault.path.is_empty() {
                fault
            } else {
                fault.within(&index.to_string())
            }
        }));
    }
    faults
}

/// The schema of a kind, as our API shows it.
#[cfg(feature = "openapi")]
pub(crate) fn schema(kind: &Kind) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Type};
    let plain = |kind: Type| ObjectBuilder::new().schema_type(kind);
    match kind {
        Kind::Flag => plain(Type::Boolean).into(),
        Kind::Number => plain(Type::Integer).into(),
        Kind::Decimal => plain(Type::Number).into(),
        Kind::Text => plain(Type::String).into(),
        Kind::Quota => plain(Type::String)
            .examples([serde_json::json!("10 GB")])
            .into(),
        Kind::Choice(words) => plain(Type::String)
            .enum_values(Some(words.iter().copied()))
            .into(),
        Kind::List("", of) => ArrayBuilder::new().items(schema(of)).into(),
        Kind::List(wrapper, of) => ObjectBuilder::new()
            .property(*wrapper, ArrayBuilder::new().items(schema(of)))
            .into(),
        Kind::Nested(properties) => {
            let nested = properties.iter().fold(ObjectBuilder::new(), |nested, one| {
                nested.property(one.name, schema(&one.kind))
            });
            nested.into()
        }
    }
}
