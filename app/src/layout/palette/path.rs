//! Paths as they are typed: `/bucket/folder/`.

/// What a path that is being typed asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// A bucket, by the beginning of its name.
    Bucket(String),
    /// A folder of a bucket.
    Folder {
        /// The bucket.
        bucket: String,
        /// What its keys begin with, as far as it was typed.
        prefix: String,
    },
}

impl Path {
    /// Reads a path; nothing that does not begin with a slash.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('/')?;
        Some(match rest.split_once('/') {
            None => Self::Bucket(rest.to_owned()),
            Some((bucket, prefix)) => Self::Folder {
                bucket: bucket.to_owned(),
                prefix: prefix.to_owned(),
            },
        })
    }
}

/// A prefix as a folder's: with the slash at its end.
pub fn as_folder(prefix: &str) -> String {
    let whole = prefix.is_empty() || prefix.ends_with('/');
    format!("{prefix}{}", if whole { "" } else { "/" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_bucket_and_then_a_folder() {
        let folder = |bucket: &str, prefix: &str| {
            Some(Path::Folder {
                bucket: bucket.to_owned(),
                prefix: prefix.to_owned(),
            })
        };
        assert_eq!(Path::parse("raw"), None);
        assert_eq!(Path::parse("/"), Some(Path::Bucket(String::new())));
        assert_eq!(Path::parse("/raw"), Some(Path::Bucket("raw".to_owned())));
        assert_eq!(Path::parse("/raw/"), folder("raw", ""));
        assert_eq!(Path::parse("/raw/2025/a b"), folder("raw", "2025/a b"));
        assert_eq!(Path::parse("/raw//x/"), folder("raw", "/x/"));
    }

    #[test]
    fn a_folder_ends_with_a_slash() {
        assert_eq!(as_folder(""), "");
        assert_eq!(as_folder("2025"), "2025/");
        assert_eq!(as_folder("2025/"), "2025/");
    }
}
