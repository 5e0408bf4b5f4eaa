//! Buckets.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    BucketName, Timestamp,
    endpoint::{Endpoint, encode, query},
    spelling::both_spellings,
};

/// `GET /buckets`: the buckets that the caller owns.
#[derive(Clone, Debug, Default)]
pub struct ListBuckets;

/// A page without paging: all buckets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BucketList {
    /// The buckets, by name.
    pub buckets: Vec<Bucket>,
    /// The caller, where the store names one.
    pub owner: Option<Owner>,
}

/// One bucket of a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bucket {
    /// The name. A plain string, because a store's own names are shown whatever they are.
    pub name: String,
    /// When it was created, where the store tells.
    pub creation_date: Option<Timestamp>,
}

both_spellings!(Bucket { name = "Name", creation_date = "CreationDate" });

/// Who owns a bucket or an object.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Owner {
    /// The name shown, where the store tells.
    pub display_name: Option<String>,
    /// The canonical id.
    pub id: Option<String>,
}

both_spellings!(Owner { display_name = "DisplayName", id = "ID" });

impl Endpoint for ListBuckets {
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/v1/buckets";
    type Body = ();
    type Response = BucketList;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }
}

/// `POST /buckets`.
#[derive(Clone, Debug)]
pub struct CreateBucket(pub NewBucket);

/// The body of [`CreateBucket`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewBucket {
    /// The name; checked by the backend's [`crate::id::BucketRule`].
    #[cfg_attr(
        feature = "openapi",
        schema(
            min_length = 3,
            max_length = 63,
            pattern = "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"
        )
    )]
    pub bucket: String,
}

/// What a change of a bucket answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BucketMutation {
    /// `created`, `deleted` or `updated`.
    pub status: String,
    /// The bucket, where the contract names it.
    pub bucket: Option<String>,
}

impl Endpoint for CreateBucket {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/buckets";
    type Body = NewBucket;
    type Response = BucketMutation;

    fn path(&self) -> String {
        Self::ROUTE.to_owned()
    }

    fn body(&self) -> Option<&NewBucket> {
        Some(&self.0)
    }
}

/// `DELETE /buckets/{bucket}`: an empty bucket.
#[derive(Clone, Debug)]
pub struct DeleteBucket {
    /// The bucket.
    pub bucket: BucketName,
}

impl Endpoint for DeleteBucket {
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/v1/buckets/{bucket}";
    type Body = ();
    type Response = BucketMutation;

    fn path(&self) -> String {
        format!("/api/v1/buckets/{}", encode(self.bucket.as_str()))
    }
}

/// `/api/v1/buckets/{bucket}/{rest}` with the query that is present.
pub(crate) fn below(
    bucket: &BucketName,
    rest: &str,
    parameters: &[(&str, Option<String>)],
) -> String {
    format!(
        "/api/v1/buckets/{}/{rest}{}",
        encode(bucket.as_str()),
        query(parameters)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_items_carry_both_spellings_and_read_back() {
        let list = BucketList {
            buckets: vec![Bucket {
                name: "documents".to_owned(),
                creation_date: Timestamp::parse("2026-11-21T00:02:08Z"),
            }],
            owner: Some(Owner {
                display_name: Some("admin".to_owned()),
                id: Some("75aa".to_owned()),
            }),
        };
        let json = serde_json::to_value(&list).unwrap();
        assert_eq!(json["buckets"][0]["Name"], "documents");
        assert_eq!(json["buckets"][0]["name"], "documents");
        assert_eq!(json["buckets"][0]["CreationDate"], "2026-11-21T00:02:08Z");
        assert_eq!(json["owner"]["ID"], "75aa");
        assert_eq!(serde_json::from_value::<BucketList>(json).unwrap(), list);
    }
}
