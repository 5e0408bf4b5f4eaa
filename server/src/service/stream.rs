//! Streams of unknown or large size into the store, in constant memory.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt};
use hcp::{Body, CompleteOptions, PutOptions, S3, Stored};
use model::{
    BucketName, ErrorCode, ObjectKey, PartNumber, UploadId,
    multipart::CompletedPart,
    unit::{GB, MB},
};

use tokio::sync::Mutex;

use super::multipart;
use crate::{Error, web::extract};

/// The largest object that one PUT may make.
const MAX_SINGLE_PUT: u64 = 5 * GB;
/// The parts that S3 takes of one upload.
const MOST_PARTS: usize = 10_000;
/// The first part size of a stream whose length nobody knows. It doubles every 1,000 parts.
const FIRST_PART: u64 = 8 * MB;
/// The largest part of such a stream: each is held in memory, since S3 wants its length before its bytes.
const LARGEST_PART: u64 = 64 * MB;
/// The longest stream of unknown length, which these parts hold.
const LONGEST_UNKNOWN: u64 =
    1_000 * (FIRST_PART + 2 * FIRST_PART + 4 * FIRST_PART) + 7_000 * LARGEST_PART;
/// The smallest part of a stream whose length is known: it goes through and is not held.
const PASSED_PART: u64 = GB;

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
        // Boxed: what they hold between their calls is large.
        Some(size) => Box::pin(in_parts(s3, (bucket, key), source, size, options)).await,
        None => Box::pin(unsized_stream(s3, (bucket, key), source, options)).await,
    }
}

/// A stream of known length as a body of the client.
pub fn sized(source: Source, length: u64) -> Body {
    Body::from_stream(length, source)
}

/// The size of the part after so many, of a stream whose length nobody knows; `None` where no part may follow.
fn next_part(done: usize) -> Option<u64> {
    let larger = FIRST_PART << (done / 1_000).min(8);
    (done < MOST_PARTS).then_some(larger.min(LARGEST_PART))
}

/// An upload that is under way.
struct Sending<'a> {
    s3: &'a S3,
    bucket: &'a BucketName,
    key: &'a ObjectKey,
    id: UploadId,
    completing: CompleteOptions,
    parts: Vec<CompletedPart>,
    guard: AbortGuard,
}

impl<'a> Sending<'a> {
    async fn begin(
        s3: &'a S3,
        (bucket, key): (&'a BucketName, &'a ObjectKey),
        options: PutOptions,
    ) -> Result<Self, Error> {
        extract::key_in_parts(key)?;
        let completing = CompleteOptions {
            only_if_new: options.only_if_new,
            kept: options.attributes.kept(),
        };
        let id = multipart::begin(s3, bucket, key, options).await?;
        let armed = Some((s3.clone(), bucket.clone(), key.clone(), id.clone()));
        Ok(Self {
            s3,
            bucket,
            key,
            id,
            completing,
            parts: Vec::new(),
            guard: AbortGuard { armed },
        })
    }

    async fn part(&mut self, body: Body) -> Result<(), Error> {
        let number = u32::try_from(self.parts.len() + 1).map_err(Error::internal)?;
        let part_number = PartNumber::new(number).map_err(Error::internal)?;
        let sent = self
            .s3
            .upload_part(self.bucket, self.key, &self.id, part_number, body);
        let etag = sent.await?;
        self.parts.push(CompletedPart {
            part_number,
            etag,
            checksum_crc32c: None,
        });
        Ok(())
    }

    async fn complete(mut self) -> Result<Stored, Error> {
        let (id, parts) = (&self.id, &self.parts);
        let done = self
            .s3
            .complete_upload_with(self.bucket, self.key, id, parts, self.completing);
        let stored = done.await?;
        self.guard.armed = None;
        Ok(stored)
    }
}

/// A stream of known length that is too long for one PUT. Its parts go through as they come.
async fn in_parts(
    s3: &S3,
    (bucket, key): (&BucketName, &ObjectKey),
    source: Source,
    size: u64,
    options: PutOptions,
) -> Result<Outcome, Error> {
    let mut sending = Sending::begin(s3, (bucket, key), options).await?;
    let chunks = Arc::new(Mutex::new(Chunks::new(source)));
    for length in lengths(size) {
        let body = Body::from_stream(length, stretch(Arc::clone(&chunks), length));
        sending.part(body).await?;
    }
    let stored = sending.complete().await?;
    Ok(Outcome { stored, size })
}

/// The lengths of the parts of a stream whose length is known.
fn lengths(size: u64) -> impl Iterator<Item = u64> {
    let each = size.div_ceil(MOST_PARTS as u64).max(PASSED_PART);
    let starts = (0..size.div_ceil(each)).map(move |number| number * each);
    starts.map(move |start| each.min(size - start))
}

/// The next bytes of a stream, as they come; fewer only where it ends before.
fn stretch(
    chunks: Arc<Mutex<Chunks>>,
    length: u64,
) -> impl Stream<Item = Result<Bytes, Error>> + Send {
    futures::stream::try_unfold((chunks, length), |(chunks, left)| async move {
        let piece = match left {
            0 => Bytes::new(),
            left => chunks.lock().await.piece(left).await?,
        };
        let left = left.saturating_sub(piece.len() as u64);
        Ok((!piece.is_empty()).then_some((piece, (chunks, left))))
    })
}

async fn unsized_stream(
    s3: &S3,
    (bucket, key): (&BucketName, &ObjectKey),
    source: Source,
    options: PutOptions,
) -> Result<Outcome, Error> {
    let mut chunks = Chunks::new(source);
    let mut chunk = chunks.next(FIRST_PART).await?;
    if chunks.ended {
        let size = chunk.len() as u64;
        let stored = s3
            .put_object(bucket, key, Body::from_bytes(chunk), options)
            .await?;
        return Ok(Outcome { stored, size });
    }
    let mut sending = Sending::begin(s3, (bucket, key), options).await?;
    let mut size = 0;
    loop {
        size += chunk.len() as u64;
        sending.part(Body::from_bytes(chunk)).await?;
        if chunks.ended {
            break;
        }
        chunk = match next_part(sending.parts.len()) {
            Some(wanted) => chunks.next(wanted).await?,
            None if chunks.next(1).await?.is_empty() => break,
            None => return Err(too_long()),
        };
        if chunk.is_empty() {
            break;
        }
    }
    let stored = sending.complete().await?;
    Ok(Outcome { stored, size })
}

/// That a stream of unknown length is longer than its parts hold.
fn too_long() -> Error {
    let most = LONGEST_UNKNOWN / GB;
    Error::bad_request(
        ErrorCode::TooManyParts,
        format!(
            "A body of unknown length may have up to {most} GB. Tell the length (Content-Length), or upload in parts."
        ),
    )
}

/// Cuts a stream into pieces of a wanted size.
struct Chunks {
    source: Source,
    rest: BytesMut,
    ended: bool,
}

impl Chunks {
    fn new(source: Source) -> Self {
        Self {
            source,
            rest: BytesMut::new(),
            ended: false,
        }
    }

    /// The next bytes as they come, at most so many; none at the end.
    async fn piece(&mut self, most: u64) -> Result<Bytes, Error> {
        while self.rest.is_empty() && !self.ended {
            match self.source.next().await {
                Some(bytes) => self.rest = BytesMut::from(bytes?),
                None => self.ended = true,
            }
        }
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let length = most.min(self.rest.len());
        Ok(self.rest.split_to(length).freeze())
    }

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
        Chunks::new(source)
    }

    #[test]
    fn parts_that_are_held_stay_small_and_their_sum_is_what_is_told() {
        let sizes: Vec<_> = (0..).map_while(next_part).collect();
        assert_eq!(sizes.len(), MOST_PARTS);
        assert_eq!(sizes.iter().max(), Some(&(64 * MB)));
        assert_eq!(sizes.first(), Some(&(8 * MB)));
        assert!(sizes.is_sorted());
        assert_eq!(sizes.iter().sum::<u64>(), LONGEST_UNKNOWN);
        let told = too_long().to_string();
        assert!(
            told.contains("492 GB") && told.contains("Content-Length"),
            "{told}"
        );
    }

    #[test]
    fn parts_that_go_through_have_lengths_that_s3_takes() {
        for (size, count, last) in [
            (5 * GB + 1, 6, 1),
            (6 * GB, 6, GB),
            (5_000 * GB, 5_000, GB),
            (20_000 * GB, 10_000, 2 * GB),
        ] {
            let all: Vec<_> = lengths(size).collect();
            assert_eq!(all.iter().sum::<u64>(), size);
            assert_eq!((all.len(), all.last()), (count, Some(&last)));
            assert!(all.iter().all(|length| *length <= MAX_SINGLE_PUT));
        }
    }

    #[tokio::test]
    async fn stretches_follow_each_other_without_loss() {
        let cut = Arc::new(Mutex::new(chunks(vec![b"abc", b"", b"defgh", b"i"])));
        let mut found = Vec::new();
        for length in [4, 4, 4] {
            let pieces: Vec<_> = stretch(Arc::clone(&cut), length).collect().await;
            let bytes: Vec<u8> = pieces.into_iter().flat_map(Result::unwrap).collect();
            found.push(String::from_utf8(bytes).unwrap());
        }
        assert_eq!(found, ["abcd", "efgh", "i"]);
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
        let mut cut = Chunks::new(source);
        assert!(matches!(cut.next(4).await, Err(Error::BrokenBody(_))));
    }
}
