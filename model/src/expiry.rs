//! When Hako removes an object by itself: told, set, changed and taken back.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, ObjectKey, Timestamp, bucket::below, endpoint::Endpoint, problem::FieldError,
    session::Right,
};

/// The longest life of a temporary file, in seconds: a hundred years.
pub const LONGEST_LIFE: u64 = 100 * 365 * 86_400;

/// `GET /buckets/{bucket}/object/expiry?key=`: when Hako removes an object.
#[derive(Clone, Debug)]
pub struct GetExpiry {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
}

/// What [`GetExpiry`] answers, and each change of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectExpiry {
    /// When it is removed; null where it stays.
    pub expires_at: Option<Timestamp>,
    /// Who set that, and in whose name it is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_by: Option<String>,
    /// Whether this account may set an end, in place of this one.
    pub may_set: Right,
    /// Whether it may have the object stay.
    pub may_clear: Right,
    /// The entity tag of what was looked at, with its quotes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

/// `PUT /buckets/{bucket}/object/expiry?key=`: sets the end of an object, in place of any other.
#[derive(Clone, Debug)]
pub struct SetExpiry {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
    /// When it ends.
    pub expiry: NewExpiry,
}

/// The body of [`SetExpiry`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewExpiry {
    /// After how many seconds from now it is removed: 1 to 3,153,600,000.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3_153_600_000_u64))]
    pub expires_in: u64,
    /// The entity tag of the object that is meant: where another stands there by now, nothing is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

impl NewExpiry {
    /// What is wrong with it.
    pub fn faults(&self) -> Vec<FieldError> {
        if (1..=LONGEST_LIFE).contains(&self.expires_in) {
            return Vec::new();
        }
        let why = format!("from 1 to {LONGEST_LIFE} seconds");
        vec![FieldError::body("expires_in", why)]
    }
}

/// `DELETE /buckets/{bucket}/object/expiry?key=`: the object stays.
#[derive(Clone, Debug)]
pub struct ClearExpiry {
    /// The bucket.
    pub bucket: BucketName,
    /// The object.
    pub key: ObjectKey,
}

fn path(bucket: &BucketName, key: &ObjectKey) -> String {
    below(bucket, "object/expiry", &[("key", Some(key.to_string()))])
}

impl Endpoint for GetExpiry {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}/object/expiry";
    type Body = ();
    type Response = ObjectExpiry;

    fn path(&self) -> String {
        path(&self.bucket, &self.key)
    }
}

impl Endpoint for SetExpiry {
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = GetExpiry::ROUTE;
    type Body = NewExpiry;
    type Response = ObjectExpiry;

    fn path(&self) -> String {
        path(&self.bucket, &self.key)
    }

    fn body(&self) -> Option<&NewExpiry> {
        Some(&self.expiry)
    }
}

impl Endpoint for ClearExpiry {
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = GetExpiry::ROUTE;
    type Body = ();
    type Response = ObjectExpiry;

    fn path(&self) -> String {
        path(&self.bucket, &self.key)
    }
}

/// How long a file lives that was typed as a number and the seconds of its unit; `None` where that is no whole
/// number from 1 on, or longer than any.
pub fn typed_life(number: &str, unit: &str) -> Option<u64> {
    let number: u64 = number.trim().parse().ok()?;
    let life = number.checked_mul(unit.trim().parse().ok()?)?;
    (1..=LONGEST_LIFE).contains(&life).then_some(life)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_of_a_script_is_read_and_its_bounds_are_kept() {
        let read = |text: &str| serde_json::from_str::<NewExpiry>(text);
        let hour = read(r#"{"expires_in": 3600}"#).unwrap();
        assert_eq!(hour.etag, None);
        assert!(hour.faults().is_empty());
        assert!(read(r#"{"expires_in": -1}"#).is_err());
        assert!(read(r#"{"ttl": 3600}"#).is_err());
        for wrong in [0, LONGEST_LIFE + 1] {
            let new = NewExpiry {
                expires_in: wrong,
                etag: None,
            };
            assert_eq!(new.faults()[0].field(), "expires_in", "{wrong}");
        }
    }

    #[test]
    fn the_key_travels_in_the_query() {
        let request = SetExpiry {
            bucket: BucketName::parse("b-1").unwrap(),
            key: ObjectKey::parse("a b/c").unwrap(),
            expiry: NewExpiry::default(),
        };
        assert_eq!(
            request.path(),
            "/api/v1/buckets/b-1/object/expiry?key=a%20b%2Fc"
        );
    }

    #[test]
    fn a_life_is_typed_with_its_unit() {
        assert_eq!(typed_life(" 3 ", "3600"), Some(10_800));
        assert_eq!(typed_life("1", "1"), Some(1));
        for (number, unit) in [
            ("0", "60"),
            ("", "60"),
            ("-1", "60"),
            ("1.5", "60"),
            ("99999999", "86400"),
            ("18446744073709551615", "2"),
            ("1", ""),
        ] {
            assert_eq!(typed_life(number, unit), None, "{number:?} {unit:?}");
        }
    }

    #[test]
    fn an_answer_says_null_where_nothing_ends() {
        let text = serde_json::to_string(&ObjectExpiry::default()).unwrap();
        assert_eq!(
            text,
            r#"{"expires_at":null,"may_set":"unknown","may_clear":"unknown"}"#
        );
    }
}
