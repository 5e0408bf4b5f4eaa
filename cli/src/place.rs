//! Where something is in a store: `bucket/key`.

use std::str::FromStr;

use model::{BucketName, ObjectKey};

/// A bucket, and what stands behind its name and the first slash: a key, or what keys begin with. It is taken as it
/// is, whatever its segments are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The bucket.
    pub(crate) bucket: BucketName,
    /// The rest; empty for the bucket itself.
    pub(crate) rest: String,
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // As other tools write it.
        let text = text.strip_prefix("s3://").unwrap_or(text);
        let (bucket, rest) = text.split_once('/').unwrap_or((text, ""));
        let bucket = BucketName::parse(bucket).map_err(|fault| fault.to_string())?;
        Ok(Self {
            bucket,
            rest: rest.to_owned(),
        })
    }
}

impl Place {
    /// The key, where one is named.
    pub(crate) fn key(&self) -> Result<ObjectKey, crate::Error> {
        ObjectKey::parse(self.rest.as_str())
            .map_err(|fault| crate::Error::Usage(format!("{}: {fault}", self.bucket)))
    }

    /// What the keys of a folder begin with: empty, or with a slash at its end.
    pub(crate) fn folder(&self) -> String {
        if self.is_folder() {
            self.rest.clone()
        } else {
            format!("{}/", self.rest)
        }
    }

    /// Whether it is a bucket or a folder for sure.
    pub(crate) fn is_folder(&self) -> bool {
        self.rest.is_empty() || self.rest.ends_with('/')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_all_that_follows_the_first_slash() {
        let of = |text: &str| {
            let place: Place = text.parse().unwrap();
            (place.bucket.to_string(), place.rest.clone(), place.folder())
        };
        let told =
            |rest: &str, folder: &str| ("b-1".to_owned(), rest.to_owned(), folder.to_owned());
        assert_eq!(of("b-1"), told("", ""));
        assert_eq!(of("b-1/"), told("", ""));
        assert_eq!(of("s3://b-1/a/b"), told("a/b", "a/b/"));
        assert_eq!(of("b-1//../-x/"), told("/../-x/", "/../-x/"));
        for wrong in ["", "/a", "-x/a", "b 1/a"] {
            assert!(wrong.parse::<Place>().is_err(), "{wrong}");
        }
    }
}
