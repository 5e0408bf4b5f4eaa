//! Streams of unknown or large size into the store, in constant memory.

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt};
use hcp::{Body, CompleteOptions, PutOptions, S3, Stored};
use model::{
    BucketName, ErrorCode, ObjectKey, PartNumber, UploadId,
    multipart::CompletedPart,
    unit::{GB, MB},
};

use crate::{Error, web::extract};

/// The largest object that one PUT may make.
const MAX_SINGLE_PUT: u64 = 5 * GB;
/// The first part size of a stream whose length nobody knows; it doubles every 1,000 parts, so that
/// 10,000 parts hold 5 TB.
const FIRST_PART: u64 = 8 * MB;

/// A stream of an upload's bytes.
pub type Source = std::pin::Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>;

/// What was stored, and how many bytes it has.
pub struct Outcome {
    /// Entity tag and version.
    pub stored: Stored,
    /// Bytes.
    pub size: u64,
}

/// The type that a key's extension stands for.
pub fn content_type_of(key: &ObjectKey) -> Option<String> {
    mime_guess::from_path(key.file_name())
        .first()
        .map(|mime| mime.to_string())
}

/// Stores a stream as one object. `length` is its size where the client told it.
pub async fn store(
    s3: &S3,
    bucket: &BucketName,
    key: &ObjectKey,
    source: Source,
    length: Option<u64>,
    options: PutOptions,
) -> Result<Outcome, Error> {
    match length {
        Some(size) if size <= MAX_SINGLE_PUT => {
            let stored = s3
                .put_object(bucket, key, sized(source, size), options)
                .await?;
            Ok(Outcome { stored, size })
        }
        // Boxed: what it holds between its calls is large.
        _ => Box::pin(unsized_stream(s3, bucket, key, source, options)).await,
    }
}

/// A stream of known length as a body of the client.
pub fn sized(source: Source, length: u64) -> Body {
    Body::from_stream(length, source)
}

async fn unsized_stream(
    s3: &S3,
    bucket: &BucketName,
    key: &ObjectKey,
    source: Source,
    options: PutOptions,
) -> Result<Outcome, Error> {
    let mut chunks = Chunks {
        source,
        rest: BytesMut::new(),
        ended: false,
    };
    let first = chunks.next(FIRST_PART).await?;
    if chunks.ended {
        let size = first.len() as u64;
        let stored = s3
            .put_object(bucket, key, Body::from_bytes(first), options)
            .await?;
        return Ok(Outcome { stored, size });
    }
    extract::key_in_parts(key)?;
    let completing = CompleteOptions {
        only_if_new: options.only_if_new,
        kept: options.attributes.kept(),
    };
    let id = s3.create_upload_with(bucket, key, options).await?;
    let mut guard = AbortGuard {
        armed: Some((s3.clone(), bucket.clone(), key.clone(), id.clone())),
    };
    let mut parts = Vec::new();
    let mut size = 0;
    let mut chunk = first;
    loop {
        let number = u32::try_from(parts.len() + 1)
            .ok()
            .and_then(|n| PartNumber::new(n).ok())
            .ok_or_else(|| {
                Error::bad_request(
                    ErrorCode::TooManyParts,
                    "The stream is longer than 10,000 parts can hold.",
                )
            })?;
        size += chunk.len() as u64;
        let etag = s3
            .upload_part(bucket, key, &id, number, Body::from_bytes(chunk))
            .await?;
        parts.push(CompletedPart {
            part_number: number,
            etag,
            checksum_crc32c: None,
        });
        if chunks.ended {
            break;
        }
        chunk = chunks.next(FIRST_PART << (parts.len() / 1_000)).await?;
        if chunk.is_empty() {
            break;
        }
    }
    let stored = s3
        .complete_upload_with(bucket, key, &id, &parts, completing)
        .await?;
    guard.armed = None;
    Ok(Outcome { stored, size })
}

/// Cuts a stream into pieces of a wanted size.
struct Chunks {
    source: Source,
    rest: BytesMut,
    ended: bool,
}

impl Chunks {
    /// The next piece: `wanted` bytes, fewer only at the end.
    async fn next(&mut self, wanted: u64) -> Result<Bytes, Error> {
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        while self.rest.len() < wanted && !self.ended {
            match self.source.next().await {
                Some(bytes) => self.rest.extend_from_slice(&bytes?),
                None => self.ended = true,
            }
        }
        let length = wanted.min(self.rest.len());
        if length < self.rest.len() {
            self.ended = false;
        }
        Ok(self.rest.split_to(length).freeze())
    }
}

/// Aborts an upload whose request broke off.
struct AbortGuard {
    armed: Option<(S3, BucketName, ObjectKey, UploadId)>,
}

impl Drop for AbortGuard {
    fn drop(&mut self) {
        if let Some((s3, bucket, key, id)) = self.armed.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move {
                if let Err(e) = s3.abort_upload(&bucket, &key, &id).await {
                    tracing::warn!(%bucket, error = %e, "an unfinished upload could not be aborted");
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::stream;

    use super::*;

    fn chunks(pieces: Vec<&'static [u8]>) -> Chunks {
        let source: Source = Box::pin(stream::iter(
            pieces.into_iter().map(|p| Ok(Bytes::from_static(p))),
        ));
        Chunks {
            source,
            rest: BytesMut::new(),
            ended: false,
        }
    }

    #[tokio::test]
    async fn a_stream_is_cut_exactly() {
        let mut cut = chunks(vec![b"abc", b"defgh", b"", b"i"]);
        assert_eq!(&cut.next(4).await.unwrap()[..], b"abcd");
        assert_eq!(&cut.next(4).await.unwrap()[..], b"efgh");
        assert!(!cut.ended);
        assert_eq!(&cut.next(4).await.unwrap()[..], b"i");
        assert!(cut.ended);
    }

    #[tokio::test]
    async fn the_end_is_known_only_when_nothing_is_left() {
        let mut cut = chunks(vec![b"abcdef"]);
        assert_eq!(&cut.next(3).await.unwrap()[..], b"abc");
        assert!(!cut.ended);
        assert_eq!(&cut.next(3).await.unwrap()[..], b"def");
        assert_eq!(&cut.next(3).await.unwrap()[..], b"");
        assert!(cut.ended);
    }

    #[tokio::test]
    async fn a_broken_stream_is_an_error() {
        let source: Source = Box::pin(stream::iter(vec![
            Ok(Bytes::from_static(b"a")),
            Err(Error::BrokenBody("cut".into())),
        ]));
        let mut cut = Chunks {
            source,
            rest: BytesMut::new(),
            ended: false,
        };
        assert!(matches!(cut.next(4).await, Err(Error::BrokenBody(_))));
    }
}
