//! Operations on objects.

use std::{collections::HashMap, sync::Arc};

use axum::http::{HeaderMap, StatusCode};
use s3s::{
    S3Error, S3Request, S3Response, S3Result,
    dto::{
        Checksum, ETag, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput,
        PutObjectInput, PutObjectOutput, Range, StreamingBlob, Timestamp,
    },
    s3_error,
};
use time::OffsetDateTime;

use super::{
    Gateway,
    auth::caller,
    body::{self, Promise},
    condition::Conditions,
    error::fail,
};
use crate::{
    Error,
    account::{Account, hex},
    clock::from_ms,
    files::{self, Piece},
    store::{
        Pins,
        blobs::{self, to_i64},
        buckets,
        objects::{self, Attributes, Headers, NewObject, Object},
    },
};

/// HCP's limit on names and values of the user's own metadata together.
const METADATA_MAX: usize = 2 * 1024;

/// The headers of a request that are stored with an object; the inputs have them under one name
/// each, though in types of their own.
macro_rules! attributes_of {
    ($input:expr) => {
        $crate::s3::objects::attributes(
            $crate::store::objects::Headers {
                content_type: $input.content_type.clone(),
                content_disposition: $input.content_disposition.clone(),
                content_encoding: $input.content_encoding.clone(),
                content_language: $input.content_language.clone(),
                cache_control: $input.cache_control.clone(),
                expires_ms: $input.expires.clone().map($crate::s3::objects::to_ms),
            },
            $input.metadata.clone(),
        )
    };
}
pub(super) use attributes_of;

/// The checksums of an input.
macro_rules! checksums_of {
    ($input:expr) => {
        s3s::dto::Checksum {
            checksum_crc32: $input.checksum_crc32.take(),
            checksum_crc32c: $input.checksum_crc32c.take(),
            checksum_crc64nvme: $input.checksum_crc64nvme.take(),
            checksum_sha1: $input.checksum_sha1.take(),
            checksum_sha256: $input.checksum_sha256.take(),
            checksum_type: None,
        }
    };
}
pub(super) use checksums_of;

/// What a GET or HEAD asks for.
macro_rules! wanted_of {
    ($input:expr) => {
        Wanted {
            bucket: $input.bucket,
            key: $input.key.clone(),
            version: $input.version_id,
            part: $input.part_number,
            range: $input.range,
            conditions: Conditions {
                matches: $input.if_match,
                none_match: $input.if_none_match,
                modified_since: $input.if_modified_since,
                unmodified_since: $input.if_unmodified_since,
            },
        }
    };
}

pub(super) fn attributes(
    mut headers: Headers,
    metadata: Option<HashMap<String, String>>,
) -> S3Result<Attributes> {
    // An SDK that frames the body says so here; the frame is gone by now.
    headers.content_encoding = headers.content_encoding.and_then(|encodings| {
        let kept: Vec<_> = encodings
            .split(',')
            .map(str::trim)
            .filter(|one| !one.is_empty() && *one != "aws-chunked")
            .collect();
        (!kept.is_empty()).then(|| kept.join(", "))
    });
    let metadata = metadata.unwrap_or_default();
    let size: usize = metadata
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    if size > METADATA_MAX {
        return Err(s3_error!(
            MetadataTooLarge,
            "Your metadata headers exceed the maximum of 2 KiB."
        ));
    }
    Ok(Attributes {
        headers,
        metadata: metadata.into_iter().collect(),
    })
}

pub(super) fn to_ms(time: Timestamp) -> i64 {
    OffsetDateTime::from(time)
        .unix_timestamp()
        .saturating_mul(1_000)
}

/// Only the version that there is can be named: none, or `null` as S3 calls it.
pub(super) fn current_version(version: Option<&str>) -> bool {
    version.is_none_or(|version| version.is_empty() || version == "null")
}

pub(super) fn no_such_version() -> S3Error {
    s3_error!(
        NoSuchVersion,
        "The version does not exist: versioning is not enabled."
    )
}

/// What a GET and a HEAD ask for.
struct Wanted {
    bucket: String,
    key: String,
    version: Option<String>,
    part: Option<i32>,
    range: Option<Range>,
    conditions: Conditions,
}

impl Gateway {
    pub(super) async fn store_object(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<PutObjectOutput> {
        let caller = caller(&request)?;
        let mut input = request.input;
        // Refused before the body is read, where it can be.
        self.bucket(&caller, input.bucket.clone()).await?;
        let attributes = attributes_of!(input)?;
        let conditions = Conditions {
            matches: input.if_match.take(),
            none_match: input.if_none_match.take(),
            ..Conditions::default()
        };
        let promise = Promise {
            md5: input.content_md5.take(),
            checksum: checksums_of!(input),
            trailers: request.trailing_headers,
            length: input.content_length,
        };
        let body = input.body.take();
        let mut received = body::receive(&self.store, &request.headers, body, promise).await?;
        let checksum = std::mem::take(&mut received.checksum);
        let etag = hex(&received.md5);
        let (now, stored_etag) = (self.clock.now_ms(), etag.clone());
        self.store
            .write(move |write| {
                let bucket = buckets::open(write.connection, &caller, &input.bucket)?;
                let present = objects::current(write.connection, bucket.id, &input.key)?;
                conditions.check_target(present.as_ref())?;
                let size = received.size;
                let blob = blobs::insert(write, received)?;
                objects::put(
                    write,
                    &NewObject {
                        bucket_id: bucket.id,
                        key: &input.key,
                        owner_id: caller.id,
                        etag: &stored_etag,
                        modified_ms: now,
                        attributes: &attributes,
                        blobs: &[(blob, size)],
                    },
                )
            })
            .await
            .map_err(fail)?;
        let Checksum {
            checksum_crc32,
            checksum_crc32c,
            checksum_crc64nvme,
            checksum_sha1,
            checksum_sha256,
            ..
        } = checksum;
        Ok(PutObjectOutput {
            e_tag: Some(ETag::Strong(etag)),
            checksum_crc32,
            checksum_crc32c,
            checksum_crc64nvme,
            checksum_sha1,
            checksum_sha256,
            ..PutObjectOutput::default()
        })
    }

    pub(super) async fn read_object(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<GetObjectOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let wanted = wanted_of!(input);
        let found = self.find(caller, wanted, true).await?;
        let Attributes { headers, metadata } = found.object.attributes;
        let body = files::stream(self.store.layout().clone(), found.pieces, found.pins);
        Ok(GetObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            body: Some(StreamingBlob::wrap(body)),
            content_length: Some(to_i64(found.length)),
            content_range: found.content_range,
            content_type: Some(content_type(headers.content_type, &input.key)),
            content_disposition: headers.content_disposition,
            content_encoding: headers.content_encoding,
            content_language: headers.content_language,
            cache_control: headers.cache_control,
            expires: headers.expires_ms.map(|ms| from_ms(ms).into()),
            e_tag: Some(ETag::Strong(found.object.etag)),
            last_modified: Some(from_ms(found.object.modified_ms).into()),
            metadata: Some(metadata.into_iter().collect()),
            ..GetObjectOutput::default()
        })
    }

    pub(super) async fn look_at_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let caller = caller(&request)?;
        let input = request.input;
        let wanted = wanted_of!(input);
        let found = self.find(caller, wanted, false).await?;
        let Attributes { headers, metadata } = found.object.attributes;
        let partial = found.content_range.is_some();
        // For GET s3s puts the overrides in; for HEAD it leaves them to us.
        let output = HeadObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            content_length: Some(to_i64(found.length)),
            content_range: found.content_range,
            content_type: Some(
                input
                    .response_content_type
                    .unwrap_or_else(|| content_type(headers.content_type, &input.key)),
            ),
            content_disposition: input
                .response_content_disposition
                .or(headers.content_disposition),
            content_encoding: input.response_content_encoding.or(headers.content_encoding),
            content_language: input.response_content_language.or(headers.content_language),
            cache_control: input.response_cache_control.or(headers.cache_control),
            expires: input
                .response_expires
                .or_else(|| headers.expires_ms.map(|ms| from_ms(ms).into())),
            e_tag: Some(ETag::Strong(found.object.etag)),
            last_modified: Some(from_ms(found.object.modified_ms).into()),
            metadata: Some(metadata.into_iter().collect()),
            ..HeadObjectOutput::default()
        };
        Ok(if partial {
            S3Response::with_status(output, StatusCode::PARTIAL_CONTENT)
        } else {
            S3Response::new(output)
        })
    }

    /// Finds an object and what of it is wanted; with `bytes`, also where those are.
    async fn find(&self, caller: Arc<Account>, wanted: Wanted, bytes: bool) -> S3Result<Found> {
        if wanted.part.is_some() {
            return Err(s3_error!(
                NotImplemented,
                "partNumber is not supported here"
            ));
        }
        if !current_version(wanted.version.as_deref()) {
            return Err(no_such_version());
        }
        let (found, pins) = self
            .store
            .read_pinned(move |connection| {
                let bucket = buckets::open(connection, &caller, &wanted.bucket)?;
                let object = objects::current(connection, bucket.id, &wanted.key)?
                    .ok_or(Error::NoSuchKey)?;
                if let Err(refusal) = wanted.conditions.check(&object) {
                    return Ok((Err(refusal), Vec::new()));
                }
                let (begin, end, content_range) = match cut(wanted.range, object.size) {
                    Ok(cut) => cut,
                    Err(refusal) => return Ok((Err(refusal), Vec::new())),
                };
                let (pieces, names) = if bytes && begin < end {
                    objects::pieces(connection, object.id, begin, end)?
                } else {
                    (Vec::new(), Vec::new())
                };
                Ok((Ok((object, end - begin, content_range, pieces)), names))
            })
            .await
            .map_err(fail)?;
        let (object, length, content_range, pieces) = found?;
        Ok(Found {
            object,
            length,
            content_range,
            pieces,
            pins,
        })
    }
}

struct Found {
    object: Object,
    length: u64,
    content_range: Option<String>,
    pieces: Vec<Piece>,
    pins: Pins,
}

/// The bytes `begin..end` that a range means, and the header that says so.
fn cut(range: Option<Range>, size: u64) -> S3Result<(u64, u64, Option<String>)> {
    let Some(range) = range else {
        return Ok((0, size, None));
    };
    let bytes = range.check(size).map_err(|_outside| {
        let mut refusal = s3_error!(InvalidRange, "The requested range is not satisfiable");
        if let Ok(value) = format!("bytes */{size}").parse() {
            let mut headers = HeaderMap::new();
            headers.insert(s3s::header::CONTENT_RANGE, value);
            refusal.set_headers(headers);
        }
        refusal
    })?;
    let header = format!(
        "bytes {}-{}/{size}",
        bytes.start,
        bytes.end.saturating_sub(1)
    );
    Ok((bytes.start, bytes.end, Some(header)))
}

/// What was stored, else a guess by the key's extension.
fn content_type(stored: Option<String>, key: &str) -> String {
    stored.unwrap_or_else(|| {
        let guess = mime_guess::from_path(key);
        if key.ends_with('/') {
            mime_guess::mime::APPLICATION_OCTET_STREAM.to_string()
        } else {
            guess.first_or_octet_stream().to_string()
        }
    })
}
