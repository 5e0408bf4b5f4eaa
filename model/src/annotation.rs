//! Annotations: the custom metadata of an object, in named pieces (HCP's manual, "Working with
//! annotations"). The metadata of S3 is one of them.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    AnnotationName, BucketName, ObjectKey,
    bucket::below,
    endpoint::{Endpoint, encode},
    multipart::Status,
};

/// The annotation as which HCP keeps the metadata of S3 (`x-amz-meta-…`).
pub const METAPAIRS: &str = ".metapairs";

/// How many annotations an object has at most.
pub const MOST: usize = 10;

/// The bytes of the largest annotation that is carried. HCP itself stores up to 1 GB, but neither checks
/// nor indexes what is longer than this.
pub const MAX_BYTES: usize = 1_024 * 1_024;

/// The bytes of the largest annotation whose text comes with a list.
pub const SHOWN_BYTES: u64 = 64 * 1_024;

/// What an annotation holds, told by its bytes: stores keep no type with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It begins as XML does.
    Xml,
    /// JSON.
    Json,
    /// Some other text.
    Text,
    /// No text.
    Binary,
}

impl Kind {
    /// What the bytes are.
    pub fn of(content: &[u8]) -> Self {
        let Ok(text) = std::str::from_utf8(content) else {
            return Self::Binary;
        };
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with('<') {
            Self::Xml
        } else if serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
            Self::Json
        } else {
            Self::Text
        }
    }

    /// The media type to answer it with.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xml => "application/xml",
            Self::Json => "application/json",
            Self::Text => "text/plain; charset=utf-8",
            Self::Binary => "application/octet-stream",
        }
    }
}

/// An annotation as a list tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// The entity tag to save it by, where its content was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// Its media type, as its content tells it, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Its content, where that was asked for, is a text, and has at most 64 KiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// The annotations of an object, in the order of the store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Annotations {
    /// All of them; `.metapairs` is the metadata of S3.
    pub annotations: Vec<Listed>,
}

/// What a saved annotation is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Saved {
    /// `saved`.
    pub status: String,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// The entity tag to save it by the next time.
    pub etag: String,
}

/// `GET /buckets/{bucket}/object/metadata?key=`: the annotations of an object.
#[derive(Clone, Debug)]
pub struct ListAnnotations {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
    /// A version of it.
    pub version_id: Option<String>,
    /// Whether texts come with it.
    pub content: bool,
}

impl Endpoint for ListAnnotations {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/metadata";
    type Body = ();
    type Response = Annotations;

    fn path(&self) -> String {
        below(
            &self.bucket,
            "object/metadata",
            &[
                ("key", Some(self.key.to_string())),
                ("version_id", self.version_id.clone()),
                ("content", self.content.then(|| "true".to_owned())),
            ],
        )
    }
}

/// The route of one annotation: `GET`, `PUT` and `DELETE`. What it holds is no JSON of ours.
pub const ROUTE: &str = "/api/v1/buckets/{bucket}/object/metadata/{annotation}";

/// The address of one annotation, percent-encoded.
pub fn address(
    bucket: &BucketName,
    key: &ObjectKey,
    version_id: Option<&str>,
    name: &AnnotationName,
) -> String {
    below(
        bucket,
        &format!("object/metadata/{}", encode(name.as_str())),
        &[
            ("key", Some(key.to_string())),
            ("version_id", version_id.map(str::to_owned)),
        ],
    )
}

/// `DELETE /buckets/{bucket}/object/metadata/{annotation}?key=`.
#[derive(Clone, Debug)]
pub struct DeleteAnnotation {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
    /// The annotation.
    pub name: AnnotationName,
}

impl Endpoint for DeleteAnnotation {
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = ROUTE;
    type Body = ();
    type Response = Status;

    fn path(&self) -> String {
        address(&self.bucket, &self.key, None, &self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_bounds() {
        for good in [METAPAIRS, "default", "a", "0", "Lab-1_b.c", &"x".repeat(32)] {
            assert!(AnnotationName::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            ".",
            "..",
            "-_-",
            "a b",
            "a/b",
            "é",
            "a,b",
            "a;b",
            &"x".repeat(33),
        ] {
            assert!(AnnotationName::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_bytes_tell_what_it_is() {
        for (content, kind) in [
            (&b"<a/>"[..], Kind::Xml),
            (b"\xef\xbb\xbf \n<?xml version='1.0'?><a/>", Kind::Xml),
            (b" {\"a\": [1]} ", Kind::Json),
            (b"7", Kind::Json),
            (b"{\"a\": ", Kind::Text),
            (b"", Kind::Text),
            (b"words", Kind::Text),
            (b"\xff\xfe", Kind::Binary),
        ] {
            assert_eq!(Kind::of(content), kind, "{content:?}");
        }
    }

    #[test]
    fn addresses_are_encoded() {
        let bucket = BucketName::parse("scans").unwrap();
        let key = ObjectKey::parse("a b/ö&c").unwrap();
        let name = AnnotationName::parse(".metapairs").unwrap();
        assert_eq!(
            address(&bucket, &key, Some("7"), &name),
            "/api/v1/buckets/scans/object/metadata/.metapairs?key=a%20b%2F%C3%B6%26c&version_id=7"
        );
        let list = ListAnnotations {
            bucket,
            key,
            version_id: None,
            content: true,
        };
        assert_eq!(
            list.path(),
            "/api/v1/buckets/scans/object/metadata?key=a%20b%2F%C3%B6%26c&content=true"
        );
    }
}
