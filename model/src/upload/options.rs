//! What somebody wants the objects of a batch to be stored with.
//!
//! It is kept with each upload, so that one that goes on after a reload, or begins anew because the store
//! has given it up, is stored as it was wanted. It holds no secret.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::attributes::Attributes;

/// What the objects of a batch are stored with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// The `Content-Type` of all, whatever their files are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Metadata, tags, access, retention.
    pub attributes: Attributes,
}

/// Why a text is no content type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeFault {
    /// It has more than 255 characters.
    TooLong,
    /// It is not written as `image/tiff`, in ASCII.
    Form,
}

impl Options {
    /// Whether nothing is wanted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong with the content type, if anything.
    pub fn type_fault(text: &str) -> Option<TypeFault> {
        let printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        let (kind, name) = text.split_once('/').unwrap_or_default();
        if text.len() > 255 {
            Some(TypeFault::TooLong)
        } else if !printable || kind.trim().is_empty() || name.trim().is_empty() {
            Some(TypeFault::Form)
        } else {
            None
        }
    }

    /// The headers of the request that stores a whole file.
    pub(super) fn headers(&self) -> BTreeMap<String, String> {
        self.attributes.headers()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_type_has_two_parts() {
        for good in ["image/tiff", "text/plain; charset=utf-8"] {
            assert_eq!(Options::type_fault(good), None, "{good}");
        }
        let long = format!("a/{}", "b".repeat(254));
        for bad in ["", "tiff", "/tiff", "image/", "imäge/tiff", "a/b\n", &long] {
            assert!(Options::type_fault(bad).is_some(), "{bad}");
        }
    }
}
