//! Two spellings of the same fields: `key` and `Key`, because scripts use either.

/// A type whose fields are written in two spellings: ours, and the store's.
#[cfg(feature = "openapi")]
pub trait Spelled: utoipa::ToSchema {
    /// Each field in both.
    const NAMES: &'static [(&'static str, &'static str)];
}

/// Serialises every named field twice, under our name and under the store's.
///
/// Reading uses our names alone, so that a document that carries both is not a duplicate.
macro_rules! both_spellings {
    ($type:ident { $($field:ident = $wire:literal),+ $(,)? }) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct;
                const NAMES: usize = [$($wire),+].len();
                let mut out = serializer.serialize_struct(stringify!($type), NAMES * 2)?;
                $(
                    out.serialize_field(stringify!($field), &self.$field)?;
                    out.serialize_field($wire, &self.$field)?;
                )+
                out.end()
            }
        }

        #[cfg(feature = "openapi")]
        impl $crate::spelling::Spelled for $type {
            const NAMES: &'static [(&'static str, &'static str)] =
                &[$((stringify!($field), $wire)),+];
        }
    };
}

pub(crate) use both_spellings;
