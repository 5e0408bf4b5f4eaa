//! Where a file goes: the key made of the open folder and the file's relative path.

use crate::{ObjectKey, id::InvalidObjectKey};

/// Why a file cannot have the key it would get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The file has no name.
    #[error("The file has no name.")]
    Empty,
    /// The key is longer than the store takes.
    #[error("Its key would have {bytes} bytes; the store takes {limit}.")]
    TooLong {
        /// Bytes that the key would have.
        bytes: usize,
        /// Bytes that the store takes.
        limit: usize,
    },
    /// A NUL character.
    #[error("Its name has a NUL character, which no key may have.")]
    Nul,
    /// The name HCP keeps for itself.
    #[error("\".directory-metadata\" is reserved by the store.")]
    Reserved,
}

/// Builds the key for a file: `prefix` is the open folder (empty or ending in `/`), `relative_path`
/// the file's name, with the folders it was dropped with.
pub fn target_key(
    prefix: &str,
    relative_path: &str,
    max_key_bytes: usize,
) -> Result<ObjectKey, KeyFault> {
    let path = relative_path.trim_start_matches('/');
    if path.is_empty() {
        return Err(KeyFault::Empty);
    }
    if path
        .split('/')
        .any(|segment| segment == ".directory-metadata")
    {
        return Err(KeyFault::Reserved);
    }
    let key = format!("{prefix}{path}");
    if key.contains('\0') {
        return Err(KeyFault::Nul);
    }
    let too_long = KeyFault::TooLong {
        bytes: key.len(),
        limit: max_key_bytes.min(ObjectKey::MAX_BYTES),
    };
    if key.len() > max_key_bytes {
        return Err(too_long);
    }
    ObjectKey::parse(key).map_err(|InvalidObjectKey| too_long)
}

/// Whether a URL path with this key would be changed by a browser: `.` and `..` are resolved, also
/// when they are percent-encoded, and the signature is then that of another key.
pub(crate) fn has_dot_segments(key: &ObjectKey) -> bool {
    key.as_str()
        .split('/')
        .any(|segment| segment == "." || segment == "..")
}

/// Whether a file is litter that an operating system leaves in folders.
pub fn is_junk(file_name: &str) -> bool {
    matches!(file_name, ".DS_Store" | "Thumbs.db" | "desktop.ini") || file_name.starts_with("._")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_relative_path_is_kept() {
        assert_eq!(
            target_key("a/", "b c/#?%\"é😀.txt", 1024).unwrap().as_str(),
            "a/b c/#?%\"é😀.txt"
        );
        assert_eq!(target_key("", "/x", 1024).unwrap().as_str(), "x");
    }

    #[test]
    fn a_key_of_exactly_the_limit_is_taken_and_one_more_is_not() {
        let name = "x".repeat(1022);
        assert!(target_key("a/", &name, 1024).is_ok());
        assert_eq!(
            target_key("ab/", &name, 1024),
            Err(KeyFault::TooLong {
                bytes: 1025,
                limit: 1024
            })
        );
        assert_eq!(
            target_key("", &"é".repeat(513), 1024),
            Err(KeyFault::TooLong {
                bytes: 1026,
                limit: 1024
            })
        );
        assert!(matches!(
            target_key("", &"x".repeat(5_000), usize::MAX),
            Err(KeyFault::TooLong { limit: 4095, .. })
        ));
    }

    #[test]
    fn names_that_no_store_takes_are_refused() {
        assert_eq!(target_key("a/", "", 1024), Err(KeyFault::Empty));
        assert_eq!(target_key("", "a\0b", 1024), Err(KeyFault::Nul));
        assert_eq!(
            target_key("", "a/.directory-metadata/b", 1024),
            Err(KeyFault::Reserved)
        );
    }

    #[test]
    fn litter_is_known_by_its_name() {
        for name in [".DS_Store", "Thumbs.db", "desktop.ini", "._scan.tif"] {
            assert!(is_junk(name), "{name}");
        }
        for name in [".gitignore", "DS_Store", "thumbs.db.txt", "_x", ""] {
            assert!(!is_junk(name), "{name}");
        }
    }

    #[test]
    fn dot_segments_are_found_wherever_they_stand() {
        for (key, found) in [
            ("..", true),
            ("a/./b", true),
            ("a/..", true),
            ("a/.b", false),
            ("a/...", false),
        ] {
            assert_eq!(
                has_dot_segments(&ObjectKey::parse(key).unwrap()),
                found,
                "{key}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_name_gets_a_key_within_the_limit_or_a_reason(
            prefix in any::<String>(), path in any::<String>(), limit in 0_usize..5_000
        ) {
            if let Ok(key) = target_key(&prefix, &path, limit) {
                prop_assert!(key.as_str().len() <= limit);
                prop_assert!(key.as_str().ends_with(path.trim_start_matches('/')));
            }
        }
    }
}
