//! Receiving the body of a PUT: stored, hashed, and compared with what the client said of it.

use axum::http::{HeaderMap, StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use s3s::{
    Body, S3Error, S3ErrorCode, S3Result, TrailingHeaders,
    checksum::ChecksumHasher,
    crypto::Checksum as _,
    dto::{Checksum, StreamingBlob},
    s3_error,
};

use super::error::fail;
use crate::{
    files::{self, Digests, Failure, Received},
    store::Store,
};

/// What a client says of the body it sends.
pub(super) struct Promise {
    /// `Content-MD5`.
    pub(super) md5: Option<String>,
    /// Values of `x-amz-checksum-*`.
    pub(super) checksum: Checksum,
    /// Checksums that follow the body; which ones, the header `x-amz-trailer` says.
    pub(super) trailers: Option<TrailingHeaders>,
    pub(super) length: Option<i64>,
}

/// Stores `body` and checks it. Nothing is kept when it fails, or when the future is dropped.
pub(super) async fn receive(
    store: &Store,
    headers: &HeaderMap,
    body: Option<StreamingBlob>,
    promise: Promise,
) -> S3Result<Received> {
    let md5 = promise.md5.as_deref().map(parse_md5).transpose()?;
    let announced = promise
        .length
        .and_then(|length| u64::try_from(length).ok())
        .unwrap_or(0);
    store.check_space(announced).map_err(fail)?;
    let digests = Digests::with(hasher(&promise.checksum, headers));
    let body = body.unwrap_or_else(|| StreamingBlob::from(Body::empty()));
    let received = files::receive(store.layout(), store.reserve_bytes(), body, digests)
        .await
        .map_err(failed)?;
    if md5.is_some_and(|md5| md5 != received.md5) {
        return Err(s3_error!(
            BadDigest,
            "The Content-MD5 you specified did not match what we received."
        ));
    }
    let trailers = promise.trailers.and_then(|trailers| trailers.take());
    compare(&promise.checksum, trailers.as_ref(), &received.checksum)?;
    Ok(received)
}

fn parse_md5(text: &str) -> S3Result<[u8; 16]> {
    STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| s3_error!(InvalidDigest, "The Content-MD5 you specified is not valid."))
}

/// Computes the checksums that are given in headers or announced as trailers.
fn hasher(given: &Checksum, headers: &HeaderMap) -> ChecksumHasher {
    let announced = headers
        .get("x-amz-trailer")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let wanted = |value: &Option<String>, name: &str| {
        value.is_some() || announced.split(',').any(|one| one.trim() == name)
    };
    ChecksumHasher {
        crc32: wanted(&given.checksum_crc32, "x-amz-checksum-crc32").then(s3s::crypto::Crc32::new),
        crc32c: wanted(&given.checksum_crc32c, "x-amz-checksum-crc32c")
            .then(s3s::crypto::Crc32c::new),
        sha1: wanted(&given.checksum_sha1, "x-amz-checksum-sha1").then(s3s::crypto::Sha1::new),
        sha256: wanted(&given.checksum_sha256, "x-amz-checksum-sha256")
            .then(s3s::crypto::Sha256::new),
        crc64nvme: wanted(&given.checksum_crc64nvme, "x-amz-checksum-crc64nvme")
            .then(s3s::crypto::Crc64Nvme::new),
    }
}

fn compare(given: &Checksum, trailers: Option<&HeaderMap>, computed: &Checksum) -> S3Result<()> {
    let pairs = [
        ("crc32", &given.checksum_crc32, &computed.checksum_crc32),
        ("crc32c", &given.checksum_crc32c, &computed.checksum_crc32c),
        ("sha1", &given.checksum_sha1, &computed.checksum_sha1),
        ("sha256", &given.checksum_sha256, &computed.checksum_sha256),
        (
            "crc64nvme",
            &given.checksum_crc64nvme,
            &computed.checksum_crc64nvme,
        ),
    ];
    for (name, in_header, computed) in pairs {
        let in_trailer = trailers
            .and_then(|trailers| trailers.get(format!("x-amz-checksum-{name}")))
            .and_then(|value| value.to_str().ok());
        let said = in_trailer.or(in_header.as_deref());
        if said.is_some_and(|said| computed.as_deref() != Some(said)) {
            return Err(s3_error!(
                BadDigest,
                "The {name} checksum you specified did not match what we received."
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
        s3_error!(IncompleteBody, "The body ended early or is malformed.")
    }
}
