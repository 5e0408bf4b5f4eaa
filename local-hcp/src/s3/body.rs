//! Receiving the body of a PUT: stored, hashed, and compared with what the client said of it.

use std::io;

use axum::http::{HeaderMap, StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use futures::{Stream, TryStreamExt as _};
use s3s::{
    Body, S3Error, S3ErrorCode, S3Result, StdError, TrailingHeaders, checksum::ChecksumHasher,
    dto::StreamingBlob, s3_error,
};

use super::error::fail;
use crate::{
    Error,
    checksum::{self, Algorithm},
    files::{self, Digests, Failure, Received},
    store::{Store, objects::Checksums},
};

/// What a client says of the body it sends.
#[derive(Default)]
pub(super) struct Promise {
    /// `Content-MD5`.
    pub(super) md5: Option<String>,
    /// Values of `x-amz-checksum-*`.
    pub(super) checksums: Checksums,
    /// A checksum that is wanted whether the client gives it or not.
    pub(super) wanted: Option<Algorithm>,
    /// Checksums that follow the body; which ones, the header `x-amz-trailer` says.
    pub(super) trailers: Option<TrailingHeaders>,
    pub(super) length: Option<i64>,
}

/// Stores `body` and checks it; returns what was stored, and the checksums that were computed. Nothing is kept when it fails, or when the future is dropped.
pub(super) async fn receive(
    store: &Store,
    headers: &HeaderMap,
    body: Option<StreamingBlob>,
    promise: Promise,
) -> S3Result<(Received, Checksums)> {
    let md5 = promise.md5.as_deref().map(parse_md5).transpose()?;
    let announced = promise
        .length
        .and_then(|length| u64::try_from(length).ok())
        .unwrap_or(0);
    store.check_space(announced).map_err(fail)?;
    let digests = Digests::with(hasher(&promise.checksums, headers, promise.wanted));
    let body = body.unwrap_or_else(|| StreamingBlob::from(Body::empty()));
    let mut received = files::receive(store.layout(), store.limits(), body, digests)
        .await
        .map_err(failed)?;
    // A frame of chunks may end early, or go on, without that a signature says so.
    if promise.length.is_some() && announced != received.size {
        return Err(incomplete());
    }
    if md5.is_some_and(|md5| md5 != received.md5) {
        return Err(mismatch());
    }
    let trailers = promise.trailers.and_then(|trailers| trailers.take());
    check_announced(headers, trailers.as_ref())?;
    let computed = checksum::stored(std::mem::take(&mut received.checksum));
    compare(&promise.checksums, trailers.as_ref(), &computed)?;
    Ok((received, computed))
}

/// Stores bytes that are in the store already.
pub(super) async fn copied(
    store: &Store,
    stream: impl Stream<Item = io::Result<Bytes>> + Send,
) -> Result<Received, Error> {
    let body = Box::pin(stream.map_err(StdError::from));
    files::receive(store.layout(), store.limits(), body, Digests::default())
        .await
        .map_err(|failure| match failure {
            Failure::Store(error) => error,
            Failure::Body(_) => Error::Changed,
        })
}

pub(super) fn mismatch() -> S3Error {
    s3_error!(
        BadDigest,
        "The Content-MD5 you specified did not match what we received."
    )
}

pub(super) fn parse_md5(text: &str) -> S3Result<[u8; 16]> {
    STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| s3_error!(InvalidDigest, "The Content-MD5 you specified is not valid."))
}

/// Computes the checksums that are given in headers, announced as trailers, or wanted by us.
fn hasher(given: &Checksums, headers: &HeaderMap, wanted: Option<Algorithm>) -> ChecksumHasher {
    let announced = headers
        .get("x-amz-trailer")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let mut hasher = ChecksumHasher::default();
    for algorithm in Algorithm::ALL {
        let name = header(algorithm);
        if algorithm.of(given).is_some()
            || wanted == Some(algorithm)
            || announced.split(',').any(|one| one.trim() == name)
        {
            algorithm.enable(&mut hasher);
        }
    }
    hasher
}

fn header(algorithm: Algorithm) -> String {
    format!("x-amz-checksum-{}", algorithm.as_str().to_ascii_lowercase())
}

/// A checksum that is announced and never comes would leave the body unproved.
fn check_announced(headers: &HeaderMap, trailers: Option<&HeaderMap>) -> S3Result<()> {
    let announced = headers
        .get("x-amz-trailer")
        .and_then(|value| value.to_str().ok());
    for name in announced.unwrap_or_default().split(',').map(str::trim) {
        let came = || trailers.is_some_and(|trailers| trailers.contains_key(name));
        if name.to_ascii_lowercase().starts_with("x-amz-checksum-") && !came() {
            let mut missing = S3Error::with_message(
                S3ErrorCode::Custom("MalformedTrailerError".into()),
                "The request contained trailing data that was not well-formed or did not conform \
                 to our published schema.",
            );
            missing.set_status_code(StatusCode::BAD_REQUEST);
            return Err(missing);
        }
    }
    Ok(())
}

fn compare(given: &Checksums, trailers: Option<&HeaderMap>, computed: &Checksums) -> S3Result<()> {
    for algorithm in Algorithm::ALL {
        let name = header(algorithm);
        let in_trailer = trailers
            .and_then(|trailers| trailers.get(name))
            .and_then(|value| value.to_str().ok());
        let said = in_trailer.or(algorithm.of(given).map(String::as_str));
        if said.is_some_and(|said| algorithm.of(computed).map(String::as_str) != Some(said)) {
            return Err(s3_error!(
                BadDigest,
                "The {} you specified did not match what we received.",
                algorithm.as_str()
            ));
        }
    }
    Ok(())
}

fn failed(failure: Failure) -> S3Error {
    let error = match failure {
        Failure::Store(error) => return fail(error),
        Failure::Body(error) => error,
    };
    // The error types of s3s's streams are private: their names in the text are all there is.
    let text = error.to_string();
    if text.contains("Sha256Mismatch") {
        let mut mismatch = S3Error::with_message(
            S3ErrorCode::Custom("XAmzContentSHA256Mismatch".into()),
            "The provided x-amz-content-sha256 header does not match what was computed.",
        );
        mismatch.set_status_code(StatusCode::BAD_REQUEST);
        mismatch
    } else if text.contains("SignatureMismatch") {
        s3_error!(
            SignatureDoesNotMatch,
            "The signature of a chunk does not match."
        )
    } else {
        incomplete()
    }
}

fn incomplete() -> S3Error {
    s3_error!(IncompleteBody, "The body ended early or is malformed.")
}
