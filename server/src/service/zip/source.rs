//! Where an archive's bytes come from: a store, or in tests anything else.

use std::sync::Arc;

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, future::BoxFuture, stream::BoxStream};
use hcp::{GetOptions, S3};
use model::{BucketName, ErrorCode, ObjectKey, Timestamp};

use crate::Error;

/// What is to be read of an object.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// The key.
    pub key: String,
    /// The first byte.
    pub from: u64,
    /// What the object must still be.
    pub etag: Option<String>,
}

/// An object that is being read.
pub struct Opened {
    /// Bytes that will come.
    pub size: u64,
    /// The media type.
    pub content_type: Option<String>,
    /// How it is encoded.
    pub content_encoding: Option<String>,
    /// The entity tag.
    pub etag: Option<String>,
    /// When it was stored.
    pub modified: Option<Timestamp>,
    /// The bytes.
    pub body: BoxStream<'static, Result<Bytes, Error>>,
}

/// Begins to read an object.
pub type Open = Arc<dyn Fn(Read) -> BoxFuture<'static, Result<Opened, Error>> + Send + Sync>;

/// Reads from a bucket.
pub fn of_store(s3: S3, bucket: BucketName) -> Open {
    Arc::new(move |read| {
        let (s3, bucket) = (s3.clone(), bucket.clone());
        Box::pin(async move { open(&s3, &bucket, read).await })
    })
}

async fn open(s3: &S3, bucket: &BucketName, read: Read) -> Result<Opened, Error> {
    let key = ObjectKey::parse(read.key)
        .map_err(|e| Error::bad_request(ErrorCode::InvalidKey, e.to_string()))?;
    let options = GetOptions {
        range: (read.from > 0).then(|| format!("bytes={}-", read.from)),
        if_match: read.etag,
        ..GetOptions::default()
    };
    let object = s3.get_object(bucket, &key, options).await?;
    if read.from > 0 && object.content_range.is_none() {
        return Err(Error::internal("the store ignored a range"));
    }
    Ok(Opened {
        size: object.head.size,
        content_type: object.head.content_type,
        content_encoding: object.head.content_encoding,
        etag: object.head.etag,
        modified: object.head.last_modified,
        body: object.body.map_err(Error::from).boxed(),
    })
}
