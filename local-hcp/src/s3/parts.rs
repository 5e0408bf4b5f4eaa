//! Parts of multipart uploads: stored, copied, listed.

use axum::http::HeaderMap;
use s3s::{
    S3Error, S3Request, S3Result,
    dto::{
        CopyPartResult, ETag, Initiator, ListPartsInput, ListPartsOutput, Part, StreamingBlob,
        UploadPartCopyInput, UploadPartCopyOutput, UploadPartInput, UploadPartOutput,
    },
    s3_error,
};

use super::{
    Gateway,
    auth::caller,
    body::{self, Promise},
    condition::Conditions,
    copy::Source,
    error::fail,
    list::owner_of,
    multipart::{abort_ms, begun_by, concerns, open, page_size, standard},
    objects::{checksums_of, written},
    versions,
};
use crate::{
    access::Caller,
    account::hex,
    checksum::Algorithm,
    clock::from_ms,
    files,
    profile::Habits,
    store::{
        accounts,
        blobs::{to_i64, to_u64},
        buckets,
        objects::{self, Checksums},
        plain,
        uploads::{self, Announced},
        usage::Sums,
    },
};

const PART_NUMBER_MAX: i32 = 10_000;
/// The largest part, in bytes: 5 GiB.
const PART_MAX: u64 = 5 * 1024 * 1024 * 1024;

fn check_size(size: u64) -> S3Result<()> {
    if size <= PART_MAX {
        Ok(())
    } else {
        Err(s3_error!(EntityTooLarge, "A part has at most 5 GiB."))
    }
}

/// A part that a request names.
#[derive(Clone)]
struct Target {
    bucket: String,
    key: String,
    upload_id: String,
    number: u32,
}

impl Target {
    fn of(bucket: String, key: String, upload_id: String, number: i32) -> S3Result<Self> {
        if !(1..=PART_NUMBER_MAX).contains(&number) {
            return Err(s3_error!(InvalidArgument, "Part numbers are 1 to 10,000."));
        }
        Ok(Self {
            bucket,
            key,
            upload_id,
            number: number.unsigned_abs(),
        })
    }
}

/// What describes an object is said when its upload begins.
pub(super) fn check_headers(habits: &Habits, headers: &HeaderMap) -> S3Result<()> {
    let mut names = headers.keys();
    let described = names.any(|name| name.as_str().starts_with("x-amz-meta-"));
    if described && habits.refuses_metadata_of_parts {
        return Err(s3_error!(
            InvalidArgument,
            "Metadata is given when an upload begins, not with its parts or its end."
        ));
    }
    Ok(())
}

impl Gateway {
    pub(super) async fn store_part(
        &self,
        request: S3Request<UploadPartInput>,
    ) -> S3Result<UploadPartOutput> {
        let caller = caller(&request)?;
        check_headers(&self.habits, &request.headers)?;
        let mut input = request.input;
        let checksums = checksums_of!(input);
        let (md5, length, body) = (
            input.content_md5.take(),
            input.content_length,
            input.body.take(),
        );
        let target = Target::of(input.bucket, input.key, input.upload_id, input.part_number)?;
        // Refused before the body is read, where it can be.
        let size = length.map_or(0, to_u64);
        check_size(size)?;
        let wanted = self.expected(&caller, &target, size).await?;
        let promise = Promise {
            md5,
            checksums,
            wanted,
            trailers: request.trailing_headers,
            length,
        };
        let (received, checksums) =
            body::receive(&self.store, &request.headers, body, promise).await?;
        check_size(received.size)?;
        let etag = hex(&received.md5);
        let counted = written(received.size);
        self.keep_part(caller, target, received, checksums.clone(), counted)
            .await?;
        Ok(UploadPartOutput {
            e_tag: Some(ETag::Strong(etag)),
            checksum_crc32: checksums.crc32,
            checksum_crc32c: checksums.crc32c,
            checksum_crc64nvme: checksums.crc64nvme,
            checksum_sha1: checksums.sha1,
            checksum_sha256: checksums.sha256,
            ..UploadPartOutput::default()
        })
    }

    /// The checksum that the parts of an upload must have, if its caller may add `size` bytes to it.
    async fn expected(
        &self,
        caller: &Caller,
        target: &Target,
        size: u64,
    ) -> S3Result<Option<Algorithm>> {
        let (caller, target) = (caller.clone(), target.clone());
        self.store
            .read(move |connection| {
                let (bucket, upload) = open(
                    connection,
                    &caller,
                    &target.bucket,
                    &target.key,
                    &target.upload_id,
                )?;
                begun_by(&bucket, &upload, &caller)?;
                let replaced = uploads::part_size(connection, upload.id, target.number)?;
                bucket.check_room(size, replaced.map_or(0, buckets::rounded))?;
                Ok(upload.checksum.map(|announced| announced.algorithm))
            })
            .await
            .map_err(fail)
    }

    async fn keep_part(
        &self,
        caller: Caller,
        target: Target,
        received: files::Received,
        checksums: Checksums,
        counted: Sums,
    ) -> S3Result<i64> {
        let now = self.clock.now_ms();
        self.store
            .write(move |write| {
                // It may have been completed or aborted meanwhile.
                let (bucket, upload) = open(
                    write.connection,
                    &caller,
                    &target.bucket,
                    &target.key,
                    &target.upload_id,
                )?;
                begun_by(&bucket, &upload, &caller)?;
                write.tally(&bucket, counted);
                uploads::put_part(
                    write,
                    &bucket,
                    &upload,
                    target.number,
                    &checksums,
                    received,
                    now,
                )
            })
            .await
            .map_err(fail)?;
        Ok(now)
    }

    /// A part with bytes of an object that is there. They are copied: a part is one file, and a range
    /// may begin and end anywhere.
    pub(super) async fn copy_part(
        &self,
        request: S3Request<UploadPartCopyInput>,
    ) -> S3Result<UploadPartCopyOutput> {
        let caller = caller(&request)?;
        check_headers(&self.habits, &request.headers)?;
        let input = request.input;
        let source = Source::of(input.copy_source)?;
        let target = Target::of(input.bucket, input.key, input.upload_id, input.part_number)?;
        let range = input.copy_source_range.as_deref().map(range).transpose()?;
        let conditions = Conditions {
            matches: input.copy_source_if_match,
            none_match: input.copy_source_if_none_match,
            modified_since: input.copy_source_if_modified_since,
            unmodified_since: input.copy_source_if_unmodified_since,
        };
        // Of how many bytes it is, the source will say.
        let wanted = self.expected(&caller, &target, 0).await?;
        let (reader, habits) = (caller.clone(), self.habits);
        source
            .compare(&self.store, &caller, self.clock.now_ms())
            .await
            .map_err(fail)?;
        let (layout, plain) = (self.store.layout().clone(), self.store.plain().cloned());
        let (found, pins) = self
            .store
            .read_pinned(move |connection| {
                let (bucket, object) = source.open(connection, &reader, &habits)?;
                conditions.check_source(&object)?;
                let (begin, end) = range.unwrap_or((0, object.size));
                if range.is_some() && end > object.size {
                    return Ok((None, Vec::new()));
                }
                let (mut pieces, names) = objects::pieces(connection, object.id, begin, end)?;
                plain::open_files(&layout, plain.as_deref(), &mut pieces)?;
                let version = versions::name_in(&habits, &bucket, (&object).into());
                Ok((Some((end - begin, pieces, version)), names))
            })
            .await
            .map_err(fail)?;
        // HCP and AWS say 400 here, not 416.
        let (length, pieces, version) = found.ok_or_else(|| {
            s3_error!(
                InvalidArgument,
                "The range does not lie within the source object."
            )
        })?;
        check_size(length)?;
        let body = files::stream(self.store.layout().clone(), pieces, pins);
        let promise = Promise {
            md5: None,
            checksums: Checksums::default(),
            wanted,
            trailers: None,
            length: Some(to_i64(length)),
        };
        let body = Some(StreamingBlob::wrap(body));
        let (received, checksums) =
            body::receive(&self.store, &request.headers, body, promise).await?;
        let etag = hex(&received.md5);
        let now = self
            // The bytes were here before: none has come in.
            .keep_part(caller, target, received, checksums.clone(), written(0))
            .await?;
        Ok(UploadPartCopyOutput {
            copy_part_result: Some(CopyPartResult {
                e_tag: Some(ETag::Strong(etag)),
                last_modified: Some(from_ms(now).into()),
                checksum_crc32: checksums.crc32,
                checksum_crc32c: checksums.crc32c,
                checksum_crc64nvme: checksums.crc64nvme,
                checksum_sha1: checksums.sha1,
                checksum_sha256: checksums.sha256,
            }),
            copy_source_version_id: version,
            ..UploadPartCopyOutput::default()
        })
    }

    pub(super) async fn show_parts(
        &self,
        request: S3Request<ListPartsInput>,
    ) -> S3Result<ListPartsOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let size = page_size(input.max_parts, "max-parts")?;
        let marker = input.part_number_marker.unwrap_or(0);
        let after = u32::try_from(marker)
            .map_err(|_negative| s3_error!(InvalidArgument, "part-number-marker is negative"))?;
        // One more than asked for tells whether there are more.
        let limit = usize::try_from(size).unwrap_or(0);
        let (bucket, key, id) = (
            input.bucket.clone(),
            input.key.clone(),
            input.upload_id.clone(),
        );
        let (mut parts, initiator, abort_ms, checksum) = self
            .store
            .read(move |connection| {
                let (bucket, upload) = open(connection, &caller, &bucket, &key, &id)?;
                concerns(&bucket, &upload, &caller)?;
                let parts = uploads::parts(connection, upload.id, after, limit + 1)?;
                let person = accounts::person_by_id(connection, upload.initiator_id)?;
                let abort_ms = abort_ms(&bucket, upload.initiated_ms);
                Ok((parts, person, abort_ms, upload.checksum))
            })
            .await
            .map_err(fail)?;
        let truncated = limit > 0 && parts.len() > limit;
        parts.truncate(limit);
        let next = parts
            .last()
            .filter(|_| truncated)
            .and_then(|part| i32::try_from(part.number).ok());
        let parts = parts.into_iter().map(|part| Part {
            part_number: i32::try_from(part.number).ok(),
            size: Some(to_i64(part.size)),
            e_tag: Some(ETag::Strong(hex(&part.md5))),
            last_modified: Some(from_ms(part.modified_ms).into()),
            checksum_crc32: part.checksums.crc32,
            checksum_crc32c: part.checksums.crc32c,
            checksum_crc64nvme: part.checksums.crc64nvme,
            checksum_sha1: part.checksums.sha1,
            checksum_sha256: part.checksums.sha256,
        });
        Ok(ListPartsOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(input.upload_id),
            part_number_marker: Some(marker),
            next_part_number_marker: next,
            max_parts: Some(size),
            is_truncated: Some(truncated),
            parts: Some(parts.collect()),
            // The object will be its initiator's.
            initiator: initiator.as_ref().map(|person| Initiator {
                display_name: Some(person.username.clone()),
                id: Some(person.guid.clone()),
            }),
            owner: initiator.as_ref().map(owner_of),
            storage_class: Some(standard()),
            abort_date: abort_ms.map(|date| from_ms(date).into()),
            checksum_algorithm: checksum.map(Announced::name),
            checksum_type: checksum.map(Announced::kind),
            ..ListPartsOutput::default()
        })
    }
}

/// Reads `bytes=a-b`; the end that comes back is the first byte that is not wanted any more.
pub(super) fn range(text: &str) -> S3Result<(u64, u64)> {
    let read = || {
        let (begin, last) = text.strip_prefix("bytes=")?.split_once('-')?;
        // `parse` would take a sign as well.
        let number = |text: &str| -> Option<u64> {
            let plain = text.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| text.parse().ok()).flatten()
        };
        let (begin, last) = (number(begin)?, number(last)?);
        (begin <= last && last < u64::MAX).then(|| (begin, last + 1))
    };
    read().ok_or_else(|| -> S3Error {
        s3_error!(
            InvalidArgument,
            "The x-amz-copy-source-range value must be of the form bytes=first-last"
        )
    })
}
