//! Resources of the management API: described once, read leniently, written exactly, checked by rule.

use serde_json::{Map, Value as Json};

use super::value::{Fault, Other, Property, Value};

/// A resource of HCP's management API.
pub trait Resource: Sized + Default {
    /// The name of its XML element.
    const ROOT: &'static str;
    /// Its properties, in HCP's order.
    const PROPERTIES: &'static [Property];

    /// Reads it. What is of another kind than it has to be is among the faults.
    ///
    /// # Errors
    /// One fault for each property that cannot be read.
    fn read_strictly(properties: Map<String, Json>) -> Result<Self, Vec<Fault>>;

    /// Reads it. What is of another kind than we think stays as it came, in [`Self::other`].
    fn read_leniently(properties: Map<String, Json>) -> Self;

    /// All that is known and set, and all that is not known, with HCP's names.
    fn to_map(&self) -> Map<String, Json>;

    /// What breaks the rules of the properties. Rules between properties are not looked at.
    fn check(&self) -> Vec<Fault>;

    /// The properties that we do not know.
    fn other(&self) -> &Other;

    /// The names of required properties that are not set.
    fn check_required(&self, required: &[&str]) -> Vec<Fault> {
        let map = self.to_map();
        let missing = required.iter().filter(|name| !map.contains_key(**name));
        missing.map(|name| Fault::missing(name)).collect()
    }
}

/// Takes a property out of what was sent; null and absent are the same.
pub(super) fn take<T: Value>(
    properties: &mut Map<String, Json>,
    name: &str,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let json = properties.remove(name)?;
    if json.is_null() {
        return None;
    }
    match T::read(&json) {
        Ok(value) => Some(value),
        Err(message) => {
            faults.push(Fault::new(name, message));
            properties.insert(name.to_owned(), json);
            None
        }
    }
}

/// Declares a resource: each property with its Rust name, its type, HCP's name and its rule.
macro_rules! resource {
    ($(#[$doc:meta])* $name:ident = $root:literal {
        $($(#[$field_doc:meta])* $field:ident: $type:ty = $json:literal $([$rule:expr])?,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: Option<$type>,)*
            /// The properties that we do not know, as they came.
            pub other: $crate::mapi::value::Other,
        }

        impl $name {
            fn sorted(
                mut properties: serde_json::Map<String, serde_json::Value>,
            ) -> (Self, Vec<$crate::mapi::value::Fault>) {
                let mut faults = Vec::new();
                let read = Self {
                    $($field: $crate::mapi::resource::take(&mut properties, $json, &mut faults),)*
                    other: properties,
                };
                (read, faults)
            }
        }

        impl $crate::mapi::resource::Resource for $name {
            const ROOT: &'static str = $root;
            const PROPERTIES: &'static [$crate::mapi::value::Property] = &[
                $($crate::mapi::value::Property {
                    name: $json,
                    kind: <$type as $crate::mapi::value::Value>::KIND,
                    rule: $crate::mapi::resource::resource!(@rule $($rule)?),
                },)*
            ];

            fn read_strictly(
                properties: serde_json::Map<String, serde_json::Value>,
            ) -> Result<Self, Vec<$crate::mapi::value::Fault>> {
                let (read, faults) = Self::sorted(properties);
                if faults.is_empty() { Ok(read) } else { Err(faults) }
            }

            fn read_leniently(properties: serde_json::Map<String, serde_json::Value>) -> Self {
                Self::sorted(properties).0
            }

            fn to_map(&self) -> serde_json::Map<String, serde_json::Value> {
                let mut map = serde_json::Map::new();
                $(if let Some(value) = &self.$field {
                    map.insert($json.to_owned(), $crate::mapi::value::Value::write(value));
                })*
                map.extend(self.other.clone());
                map
            }

            fn check(&self) -> Vec<$crate::mapi::value::Fault> {
                let mut faults = Vec::new();
                $(if let Some(value) = &self.$field {
                    let rule = $crate::mapi::resource::resource!(@rule $($rule)?);
                    let found = $crate::mapi::value::Value::faults(value, rule).into_iter();
                    faults.extend(found.map(|fault| fault.within($json)));
                })*
                faults
            }

            fn other(&self) -> &$crate::mapi::value::Other {
                &self.other
            }
        }

        impl $crate::mapi::value::Value for $name {
            const KIND: $crate::mapi::value::Kind = $crate::mapi::value::Kind::Nested(
                <Self as $crate::mapi::resource::Resource>::PROPERTIES,
            );

            fn read(json: &serde_json::Value) -> Result<Self, String> {
                match json {
                    serde_json::Value::Object(map) => {
                        <Self as $crate::mapi::resource::Resource>::read_strictly(map.clone())
                            .map_err(|faults| $crate::mapi::resource::in_words(&faults))
                    }
                    _ => Err("has to be an object".to_owned()),
                }
            }

            fn write(&self) -> serde_json::Value {
                serde_json::Value::Object($crate::mapi::resource::Resource::to_map(self))
            }

            fn faults(&self, _rule: $crate::mapi::value::Rule) -> Vec<$crate::mapi::value::Fault> {
                $crate::mapi::resource::Resource::check(self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::mapi::resource::Resource::to_map(self).serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let map = serde_json::Map::deserialize(deserializer)?;
                Ok(<Self as $crate::mapi::resource::Resource>::read_leniently(map))
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
    (@rule) => { $crate::mapi::value::Rule::Any };
    (@rule $rule:expr) => { $rule };
}
pub(crate) use resource;

/// Faults in one line.
pub fn in_words(faults: &[Fault]) -> String {
    let each: Vec<String> = faults.iter().map(ToString::to_string).collect();
    each.join("; ")
}
