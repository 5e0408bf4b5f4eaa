//! Where the bytes of a preview are: an object, of which ranges are read.

use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use hcp::{ErrorKind, GetOptions, ObjectHead, S3};
use model::{BucketName, ObjectKey};

use crate::Error;

/// Bytes that tell what a content is.
pub const SAMPLE: u64 = 4 * 1024;

/// An object that is looked into.
#[derive(Clone)]
pub struct Origin {
    /// The person's own client: the store decides what may be read.
    pub s3: S3,
    /// The bucket.
    pub bucket: BucketName,
    /// The key.
    pub key: ObjectKey,
    /// A version of it.
    pub version: Option<String>,
}

/// The first bytes of an object.
pub struct First {
    /// They.
    pub bytes: Bytes,
    /// The bytes of the whole object.
    pub size: u64,
    /// What the store tells of it.
    pub head: ObjectHead,
}

impl Origin {
    /// Reads the beginning.
    pub async fn first(&self, length: u64) -> Result<First, Error> {
        let stream = match self.open(0, length, None).await {
            Ok(stream) => stream,
            // No range of an empty object can be answered.
            Err(error) if error.kind() == ErrorKind::RangeNotSatisfiable => {
                let options = GetOptions {
                    version_id: self.version.clone(),
                    ..GetOptions::default()
                };
                self.s3.get_object(&self.bucket, &self.key, options).await?
            }
            Err(error) => return Err(error.into()),
        };
        let size = match stream.content_range.as_deref() {
            Some(range) => total(range)?,
            None => stream.head.size,
        };
        Ok(First {
            bytes: collect(stream.body, length).await?,
            size,
            head: stream.head,
        })
    }

    /// Reads from a place on, at most so many bytes, of the content that has this entity tag.
    pub async fn read(&self, start: u64, length: u64, etag: Option<&str>) -> Result<Bytes, Error> {
        if length == 0 {
            return Ok(Bytes::new());
        }
        let stream = match self.open(start, length, etag).await {
            Ok(stream) => stream,
            Err(error) if error.kind() == ErrorKind::RangeNotSatisfiable => {
                return Ok(Bytes::new());
            }
            Err(error) => return Err(error.into()),
        };
        if start > 0 && stream.content_range.is_none() {
            return Err(Error::internal("the store ignored a range"));
        }
        collect(stream.body, length).await
    }

    /// Begins to read a range.
    pub async fn open(
        &self,
        start: u64,
        length: u64,
        etag: Option<&str>,
    ) -> Result<hcp::ObjectStream, hcp::Error> {
        let last = start.saturating_add(length.saturating_sub(1));
        let options = GetOptions {
            version_id: self.version.clone(),
            range: Some(format!("bytes={start}-{last}")),
            if_match: etag.map(str::to_owned),
            ..GetOptions::default()
        };
        self.s3.get_object(&self.bucket, &self.key, options).await
    }
}

/// The number behind the slash of `bytes 0-9/20`.
fn total(range: &str) -> Result<u64, Error> {
    let total = range
        .rsplit('/')
        .next()
        .and_then(|total| total.parse().ok());
    total.ok_or_else(|| Error::internal(format!("the store answered the range {range:?}")))
}

/// What comes, and no more than was asked for: a store may ignore a range.
async fn collect(body: hcp::ObjectBody, length: u64) -> Result<Bytes, Error> {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let mut all = BytesMut::new();
    let mut body = std::pin::pin!(body);
    while all.len() < length
        && let Some(piece) = body.next().await
    {
        let piece = piece.map_err(Error::from)?;
        all.extend_from_slice(&piece[..piece.len().min(length - all.len())]);
    }
    Ok(all.freeze())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_read_from_the_range() {
        assert_eq!(total("bytes 0-9/20").unwrap(), 20);
        assert!(total("bytes 0-9/*").is_err());
        assert!(total("").is_err());
    }
}
