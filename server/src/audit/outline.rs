//! What of a JSON body a record may have: the names at its top, and the few values that are names themselves.

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Which values are names of things, or words that say what a call is. Nothing else is ever kept.
const NAMES: &[&str] = &[
    "bucket",
    "buckets",
    "client_method",
    "dry_run",
    "file_path",
    "folder_name",
    "groupname",
    "key",
    "keys",
    "kind",
    "method",
    "name",
    "path",
    "plan",
    "prefix",
    "prefixes",
    "source_prefix",
    "upload_id",
    "username",
];

/// The most names of a body that are kept: nobody's settings have more.
const MOST: usize = 100;
/// The longest name that is kept, in bytes. What is longer, or has other signs than names have, is no name of ours.
const LONGEST: usize = 64;

/// The longest value that is kept, in bytes: no name is longer.
const LONGEST_VALUE: usize = 4_096;

/// A value without what goes beyond the longest.
pub(super) fn short(text: &str) -> String {
    text[..text.floor_char_boundary(LONGEST_VALUE)].to_owned()
}

/// A value, as far as it is of interest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// A text.
    Text(String),
    /// Texts: the first, and how many.
    Texts(String, u64),
    /// True or false.
    Flag(bool),
    /// Something else.
    Other,
}

/// The top of a body.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    /// The names.
    pub(super) names: Vec<String>,
    /// The values that are names.
    pub(super) said: Vec<(String, Said)>,
}

impl Outline {
    /// Reads as far as a body can be read; what is no JSON object has nothing.
    pub(super) fn of(body: &[u8]) -> Self {
        let mut outline = Self::default();
        let mut reader = serde_json::Deserializer::from_slice(body);
        let _broken = reader.deserialize_map(Top(&mut outline));
        outline
    }

    /// Adds a name.
    pub(super) fn name(&mut self, name: &str) {
        let fits = name.len() <= LONGEST
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
        if fits && self.names.len() < MOST && !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
    }

    /// Adds a value, where it is one that may be kept.
    pub(super) fn value(&mut self, name: &str, said: Said) {
        if NAMES.contains(&name) {
            self.said.push((name.to_owned(), said));
        }
    }
}

struct Top<'a>(&'a mut Outline);

impl<'de> Visitor<'de> for Top<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            self.0.name(&name);
            if NAMES.contains(&name.as_str()) {
                let said = map.next_value::<Said>()?;
                self.0.value(&name, said);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'de> serde::Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Said;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Said, E> {
        Ok(Said::Text(short(text)))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Said, E> {
        Ok(Said::Flag(flag))
    }

    fn visit_unit<E>(self) -> Result<Said, E> {
        Ok(Said::Other)
    }

    fn visit_i64<E>(self, _number: i64) -> Result<Said, E> {
        Ok(Said::Other)
    }

    fn visit_u64<E>(self, _number: u64) -> Result<Said, E> {
        Ok(Said::Other)
    }

    fn visit_f64<E>(self, _number: f64) -> Result<Said, E> {
        Ok(Said::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Said, A::Error> {
        let Some(first) = list.next_element::<Said>()? else {
            return Ok(Said::Other);
        };
        let mut count = 1;
        while list.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(match first {
            Said::Text(first) => Said::Texts(first, count),
            _ => Said::Other,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Said, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Said::Other)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_kept_and_values_that_are_no_names_are_not() {
        let body =
            br#"{"name": "ops", "password": "hunter2", "keys": ["a/b", "hunter3"], "plan": true,
            "roles": {"role": ["hunter4"]}, "prefix": 7, "key": null, "hunter 5": 1}"#;
        let outline = Outline::of(body);
        assert_eq!(
            outline.names,
            ["name", "password", "keys", "plan", "roles", "prefix", "key"]
        );
        let told = format!("{outline:?}");
        assert!(!told.contains("hunter"), "{told}");
        let said = |name: &str| {
            let found = outline.said.iter().find(|(known, _)| known == name);
            found.map(|(_, said)| said.clone())
        };
        assert_eq!(said("name"), Some(Said::Text("ops".to_owned())));
        assert_eq!(said("keys"), Some(Said::Texts("a/b".to_owned(), 2)));
        assert_eq!(said("plan"), Some(Said::Flag(true)));
        assert_eq!(said("prefix"), Some(Said::Other));
        assert_eq!(said("password"), None);
    }

    proptest! {
        #[test]
        fn no_body_breaks_it(body in any::<Vec<u8>>(), text in "[\\[\\]{}\":,a-z0-9]{0,60}") {
            let _ = Outline::of(&body);
            let _ = Outline::of(text.as_bytes());
        }
    }
}
