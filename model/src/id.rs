//! Names as types: checked once, at the edge; past it no function takes a bare string for one of them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Declares a name: a checked string with `TryFrom`, `Display`, `as_str` and serde.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $error:ident, $rule:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        #[doc = concat!("Says why a string is not a [`", stringify!($name), "`].")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        #[error($rule)]
        pub struct $error;

        impl $name {
            /// Checks `text` against the rule.
            pub fn parse(text: impl Into<String>) -> Result<Self, $error> {
                let text = text.into();
                let check: fn(&str) -> bool = $check;
                if check(&text) { Ok(Self(text)) } else { Err($error) }
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, $error> {
                Self::parse(text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, $error> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(
    /// The name of a bucket as any S3 store may have it. What a *new* bucket may be called is
    /// narrower and depends on the store: [`BucketRule`].
    BucketName, InvalidBucketName,
    "a bucket name has 3 to 63 characters: letters, digits, hyphens and dots",
    |s| (3..=63).contains(&s.len())
        && s.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        && !s.starts_with(['.', '-'])
        && !s.ends_with(['.', '-'])
        && !s.contains("..")
);

name!(
    /// The key of an object: any text of 1 to 4,095 bytes without NUL (HCP's limit; most stores
    /// stop at 1,024, which the session's `features.max_key_bytes` says).
    ObjectKey, InvalidObjectKey,
    "an object key has 1 to 4,095 bytes and no NUL character",
    |s| (1..=ObjectKey::MAX_BYTES).contains(&s.len()) && !s.contains('\0')
);

name!(
    /// The name of a tenant, safe to become a label of a host name.
    TenantName, InvalidTenantName,
    "a tenant name has 1 to 63 letters, digits and hyphens, and no hyphen at either end",
    |s| (1..=63).contains(&s.len())
        && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !s.starts_with('-')
        && !s.ends_with('-')
);

name!(
    /// The name of a user account (HCP: 1 to 64 characters, or `name@domain` for AD accounts).
    Username, InvalidUsername,
    "a user name has 1 to 256 characters and no control characters",
    |s| !s.is_empty() && s.chars().count() <= 256 && !s.chars().any(char::is_control)
);

name!(
    /// The store's id of a multipart upload. Opaque.
    UploadId, InvalidUploadId,
    "an upload id has 1 to 1,024 printable ASCII characters",
    |s| (1..=1024).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_graphic())
);

name!(
    /// The name of an annotation: a piece of custom metadata of an object (HCP's rule).
    AnnotationName, InvalidAnnotationName,
    "the name of an annotation has 1 to 32 characters: letters, digits, and -._, at least one of them a letter or a digit",
    |s| (1..=32).contains(&s.len())
        && s.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        && s.bytes().any(|b| b.is_ascii_alphanumeric())
);

/// What XML does not know as characters, however it is written.
const NO_CHARACTERS: [char; 2] = ['\u{fffe}', '\u{ffff}'];

/// Whether XML can carry a text as it is: no control characters but tab and line ends.
pub fn fits_xml(text: &str) -> bool {
    let carried = |c: char| c >= ' ' || matches!(c, '\t' | '\n' | '\r');
    text.chars().all(carried) && !text.contains(NO_CHARACTERS)
}

/// Whether a listing can be asked for a text. It repeats the text in XML, where control characters are
/// encoded; but no key has a NUL, and what XML does not know as characters breaks the answer.
pub fn fits_listing(text: &str) -> bool {
    !text.contains('\0') && !text.contains(NO_CHARACTERS)
}

impl ObjectKey {
    /// The longest key that any supported store holds, in bytes.
    pub const MAX_BYTES: usize = 4_095;

    /// The last segment: what a person would call the file's name.
    pub fn file_name(&self) -> &str {
        self.0
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or(&self.0)
    }

    /// Whether XML can carry the key as it is. S3 answers with the key wherever parts are concerned,
    /// and knows no encoding there.
    pub fn fits_xml(&self) -> bool {
        fits_xml(&self.0)
    }

    /// Whether the key is nothing but spaces. Stores have such keys; the AWS SDK takes them for a missing one.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// Whether the key is that of a folder marker.
    pub fn is_folder(&self) -> bool {
        self.0.ends_with('/')
    }
}

/// The number of a part, 1 to 10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct PartNumber(u32);

/// Says why a number is not a [`PartNumber`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a part number is 1 to 10,000")]
pub struct InvalidPartNumber;

impl PartNumber {
    /// The highest part number S3 knows.
    pub const MAX: u32 = 10_000;

    /// Checks the range.
    pub fn new(number: u32) -> Result<Self, InvalidPartNumber> {
        if (1..=Self::MAX).contains(&number) {
            Ok(Self(number))
        } else {
            Err(InvalidPartNumber)
        }
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for PartNumber {
    type Error = InvalidPartNumber;
    fn try_from(number: u32) -> Result<Self, InvalidPartNumber> {
        Self::new(number)
    }
}

impl From<PartNumber> for u32 {
    fn from(number: PartNumber) -> Self {
        number.0
    }
}

impl fmt::Display for PartNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for PartNumber {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(Self::MAX))
            .description(Some("The number of a part."))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for PartNumber {}

/// Which names a store takes for a new bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BucketRule {
    /// HCP: letters, digits and hyphens; it becomes a host label.
    Hcp,
    /// Other S3 stores: dots are allowed too.
    S3,
}

/// What is wrong with the name of a new bucket, in words for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BucketNameFault {
    /// Fewer than 3 or more than 63 characters.
    #[error("A bucket name has 3 to 63 characters.")]
    Length,
    /// An upper-case letter.
    #[error("A bucket name has no capital letters.")]
    Capital,
    /// A character outside the set.
    #[error("A bucket name has only letters, digits and hyphens.")]
    Character,
    /// A character outside the set, where dots are allowed.
    #[error("A bucket name has only letters, digits, hyphens and dots.")]
    CharacterOrDot,
    /// A hyphen or dot at an end, or two dots together.
    #[error("A bucket name begins and ends with a letter or a digit.")]
    Edge,
    /// `xn--` at the start.
    #[error("A bucket name does not begin with \"xn--\".")]
    Punycode,
}

impl BucketRule {
    /// Checks the name of a bucket that is to be created.
    pub fn check(self, name: &str) -> Result<BucketName, BucketNameFault> {
        if !(3..=63).contains(&name.chars().count()) {
            return Err(BucketNameFault::Length);
        }
        if name.chars().any(char::is_uppercase) {
            return Err(BucketNameFault::Capital);
        }
        let allowed = |c: char| {
            c.is_ascii_lowercase()
                || c.is_ascii_digit()
                || c == '-'
                || (c == '.' && self == Self::S3)
        };
        if !name.chars().all(allowed) {
            return Err(match self {
                Self::Hcp => BucketNameFault::Character,
                Self::S3 => BucketNameFault::CharacterOrDot,
            });
        }
        if name.starts_with(['-', '.']) || name.ends_with(['-', '.']) || name.contains("..") {
            return Err(BucketNameFault::Edge);
        }
        if name.starts_with("xn--") {
            return Err(BucketNameFault::Punycode);
        }
        BucketName::parse(name).map_err(|InvalidBucketName| BucketNameFault::Edge)
    }
}

/// What is wrong with the name of a new folder, in words for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FolderNameFault {
    /// Nothing was typed.
    #[error("A folder needs a name.")]
    Empty,
    /// Two slashes together, or one at the start.
    #[error("A folder name has no empty part: write \"a/b\", not \"/a\" or \"a//b\".")]
    EmptySegment,
    /// `.` or `..` as a part.
    #[error("\".\" and \"..\" are not folder names.")]
    Dots,
    /// A control character.
    #[error("A folder name has no control characters.")]
    Control,
    /// The name HCP keeps for itself.
    #[error("\".directory-metadata\" is reserved by the store.")]
    Reserved,
    /// The whole key is too long.
    #[error("The folder's whole path is too long for the store.")]
    TooLong,
}

/// Builds the key of a folder marker from the folder it lies in (empty or ending in `/`) and its
/// name; one slash at the end of the name is allowed, `a/b/c` names three levels.
pub fn folder_key(
    prefix: &str,
    name: &str,
    max_key_bytes: usize,
) -> Result<ObjectKey, FolderNameFault> {
    let name = name.strip_suffix('/').unwrap_or(name);
    if name.trim().is_empty() {
        return Err(FolderNameFault::Empty);
    }
    for segment in name.split('/') {
        match segment {
            "" => return Err(FolderNameFault::EmptySegment),
            "." | ".." => return Err(FolderNameFault::Dots),
            ".directory-metadata" => return Err(FolderNameFault::Reserved),
            _ => {}
        }
    }
    if name.chars().any(char::is_control) {
        return Err(FolderNameFault::Control);
    }
    let key = format!("{prefix}{name}/");
    if key.len() > max_key_bytes {
        return Err(FolderNameFault::TooLong);
    }
    ObjectKey::parse(key).map_err(|InvalidObjectKey| FolderNameFault::TooLong)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn new_bucket_names_follow_the_store() {
        for name in ["abc", "raw-scans", "a1b", "0-0", &"x".repeat(63)] {
            assert!(BucketRule::Hcp.check(name).is_ok(), "{name}");
            assert!(BucketRule::S3.check(name).is_ok(), "{name}");
        }
        assert_eq!(BucketRule::Hcp.check("ab"), Err(BucketNameFault::Length));
        assert_eq!(
            BucketRule::Hcp.check(&"x".repeat(64)),
            Err(BucketNameFault::Length)
        );
        assert_eq!(BucketRule::Hcp.check("Abc"), Err(BucketNameFault::Capital));
        assert_eq!(
            BucketRule::Hcp.check("a.b"),
            Err(BucketNameFault::Character)
        );
        assert_eq!(
            BucketRule::Hcp.check("a_b"),
            Err(BucketNameFault::Character)
        );
        assert_eq!(
            BucketRule::S3.check("a_b"),
            Err(BucketNameFault::CharacterOrDot)
        );
        assert_eq!(BucketRule::Hcp.check("-ab"), Err(BucketNameFault::Edge));
        assert_eq!(BucketRule::Hcp.check("ab-"), Err(BucketNameFault::Edge));
        assert_eq!(
            BucketRule::Hcp.check("xn--ab"),
            Err(BucketNameFault::Punycode)
        );
        assert!(BucketRule::S3.check("a.b").is_ok());
        assert_eq!(BucketRule::S3.check("a..b"), Err(BucketNameFault::Edge));
        assert_eq!(
            BucketRule::Hcp.check("åäö"),
            Err(BucketNameFault::Character)
        );
    }

    #[test]
    fn folders_have_whole_names() {
        assert_eq!(folder_key("a/", "b", 1024).unwrap().as_str(), "a/b/");
        assert_eq!(folder_key("", "b/c/", 1024).unwrap().as_str(), "b/c/");
        assert_eq!(folder_key("", " ", 1024), Err(FolderNameFault::Empty));
        assert_eq!(
            folder_key("", "/a", 1024),
            Err(FolderNameFault::EmptySegment)
        );
        assert_eq!(
            folder_key("", "a//b", 1024),
            Err(FolderNameFault::EmptySegment)
        );
        assert_eq!(folder_key("", "..", 1024), Err(FolderNameFault::Dots));
        assert_eq!(folder_key("", "a\nb", 1024), Err(FolderNameFault::Control));
        assert_eq!(
            folder_key("", &"a".repeat(1024), 1024),
            Err(FolderNameFault::TooLong)
        );
        assert_eq!(
            folder_key("", ".directory-metadata", 1024),
            Err(FolderNameFault::Reserved)
        );
    }

    #[test]
    fn keys_are_counted_in_bytes() {
        assert!(ObjectKey::parse("å".repeat(512)).is_ok());
        assert!(ObjectKey::parse("").is_err());
        assert!(ObjectKey::parse("a\0b").is_err());
        assert!(ObjectKey::parse("x".repeat(4096)).is_err());
        assert_eq!(ObjectKey::parse("a/b/c.txt").unwrap().file_name(), "c.txt");
        assert_eq!(ObjectKey::parse("a/b/").unwrap().file_name(), "b");
        assert!(ObjectKey::parse("tab\tand é").unwrap().fits_xml());
        assert!(!ObjectKey::parse("bell\u{7}").unwrap().fits_xml());
        assert!(!fits_xml("no\u{fffe}") && !fits_listing("no\u{ffff}") && !fits_listing("\0"));
        assert!(fits_listing("bell\u{7} é"));
    }

    proptest! {
        #[test]
        fn a_name_for_hcp_is_a_name_anywhere_and_a_host_label(name in "[a-z0-9.-]{1,70}") {
            if let Ok(bucket) = BucketRule::Hcp.check(&name) {
                prop_assert_eq!(BucketRule::S3.check(&name), Ok(bucket.clone()));
                prop_assert_eq!(BucketName::parse(name.clone()), Ok(bucket));
                prop_assert!(TenantName::parse(name).is_ok());
            }
        }

        #[test]
        fn checking_never_panics(name in any::<String>()) {
            let _ = BucketRule::Hcp.check(&name);
            let _ = BucketRule::S3.check(&name);
            let _ = folder_key(&name, &name, 1024);
        }
    }
}
