//! Multipart uploads.

use std::sync::Arc;

use rusqlite::Connection;
use s3s::{
    S3Request, S3Result,
    dto::{
        AbortMultipartUploadInput, AbortMultipartUploadOutput, CommonPrefix,
        CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CreateMultipartUploadInput,
        CreateMultipartUploadOutput, ETag, Initiator, ListMultipartUploadsInput,
        ListMultipartUploadsOutput, ListPartsInput, ListPartsOutput, MultipartUpload, Owner, Part,
        StorageClass, UploadPartInput, UploadPartOutput,
    },
    s3_error,
};

use super::{
    Gateway,
    auth::caller,
    body::{self, Promise},
    buckets::owner,
    condition::Conditions,
    error::fail,
    list::{Encoding, url},
    objects::{attributes_of, checksums_of},
};
use crate::{
    Error,
    account::{Account, hex},
    clock::from_ms,
    store::{
        blobs::to_i64,
        buckets::{self, Bucket},
        listing::Query,
        objects,
        uploads::{self, Entry, Upload},
    },
};

/// The longest page of parts or uploads; asking for more is an error, as on HCP.
const PAGE_MAX: i32 = 1_000;
const PART_NUMBER_MAX: i32 = 10_000;

/// The upload that a request names, if the caller may touch it.
fn open(
    connection: &Connection,
    caller: &Account,
    bucket: &str,
    key: &str,
    upload_id: &str,
) -> Result<(Bucket, Upload), Error> {
    let bucket = buckets::open(connection, caller, bucket)?;
    let id = upload_id.parse().map_err(|_not_ours| Error::NoSuchUpload)?;
    let upload = uploads::find(connection, bucket.id, key, id)?;
    Ok((bucket, upload))
}

/// Only whoever began an upload may add to it and complete it.
fn begun_by(upload: &Upload, caller: &Account) -> Result<(), Error> {
    if upload.initiator_id == caller.id {
        Ok(())
    } else {
        Err(Error::Denied("the upload was begun by another account"))
    }
}

fn page_size(asked: Option<i32>, name: &str) -> S3Result<i32> {
    let size = asked.unwrap_or(PAGE_MAX);
    if (0..=PAGE_MAX).contains(&size) {
        Ok(size)
    } else {
        Err(s3_error!(InvalidArgument, "{name} is 0 to 1,000"))
    }
}

fn standard() -> StorageClass {
    StorageClass::from_static(StorageClass::STANDARD)
}

impl Gateway {
    pub(super) async fn begin_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<CreateMultipartUploadOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let attributes = attributes_of!(input)?;
        self.store.check_space(0).map_err(fail)?;
        let (now, bucket, key) = (self.clock.now_ms(), input.bucket.clone(), input.key.clone());
        let id = self
            .store
            .write(move |write| {
                let bucket = buckets::open(write.connection, &caller, &bucket)?;
                uploads::create(
                    write.connection,
                    bucket.id,
                    &key,
                    caller.id,
                    &attributes,
                    now,
                )
            })
            .await
            .map_err(fail)?;
        Ok(CreateMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(id.to_string()),
            checksum_algorithm: input.checksum_algorithm,
            checksum_type: input.checksum_type,
            ..CreateMultipartUploadOutput::default()
        })
    }

    pub(super) async fn store_part(
        &self,
        request: S3Request<UploadPartInput>,
    ) -> S3Result<UploadPartOutput> {
        let caller = caller(&request)?;
        let mut input = request.input;
        if !(1..=PART_NUMBER_MAX).contains(&input.part_number) {
            return Err(s3_error!(InvalidArgument, "Part numbers are 1 to 10,000."));
        }
        let number = input.part_number.unsigned_abs();
        let promise = Promise {
            md5: input.content_md5.take(),
            checksum: checksums_of!(input),
            trailers: request.trailing_headers,
            length: input.content_length,
        };
        let body = input.body.take();
        let (bucket, key, id) = (input.bucket, input.key, input.upload_id);
        // Refused before the body is read, where it can be.
        {
            let (caller, bucket, key, id) =
                (Arc::clone(&caller), bucket.clone(), key.clone(), id.clone());
            self.store
                .read(move |connection| {
                    let (_, upload) = open(connection, &caller, &bucket, &key, &id)?;
                    begun_by(&upload, &caller)
                })
                .await
                .map_err(fail)?;
        }
        let mut received = body::receive(&self.store, &request.headers, body, promise).await?;
        let checksum = std::mem::take(&mut received.checksum);
        let etag = hex(&received.md5);
        let now = self.clock.now_ms();
        self.store
            .write(move |write| {
                // It may have been completed or aborted meanwhile.
                let (_, upload) = open(write.connection, &caller, &bucket, &key, &id)?;
                begun_by(&upload, &caller)?;
                uploads::put_part(write, &upload, number, received, now)
            })
            .await
            .map_err(fail)?;
        Ok(UploadPartOutput {
            e_tag: Some(ETag::Strong(etag)),
            checksum_crc32: checksum.checksum_crc32,
            checksum_crc32c: checksum.checksum_crc32c,
            checksum_crc64nvme: checksum.checksum_crc64nvme,
            checksum_sha1: checksum.checksum_sha1,
            checksum_sha256: checksum.checksum_sha256,
            ..UploadPartOutput::default()
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
        let (account, bucket, key, id) = (
            Arc::clone(&caller),
            input.bucket.clone(),
            input.key.clone(),
            input.upload_id.clone(),
        );
        let mut parts = self
            .store
            .read(move |connection| {
                let (_, upload) = open(connection, &account, &bucket, &key, &id)?;
                uploads::parts(connection, upload.id, after, limit + 1)
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
            ..Part::default()
        });
        // In this slice initiator, owner and caller are one account.
        let Owner { display_name, id } = owner(&caller);
        Ok(ListPartsOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(input.upload_id),
            part_number_marker: Some(marker),
            next_part_number_marker: next,
            max_parts: Some(size),
            is_truncated: Some(truncated),
            parts: Some(parts.collect()),
            initiator: Some(Initiator { display_name, id }),
            owner: Some(owner(&caller)),
            storage_class: Some(standard()),
            ..ListPartsOutput::default()
        })
    }

    pub(super) async fn complete_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<CompleteMultipartUploadOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let named = input.multipart_upload.and_then(|upload| upload.parts);
        let wanted = named
            .unwrap_or_default()
            .into_iter()
            .map(|part| {
                let number = part
                    .part_number
                    .and_then(|number| u32::try_from(number).ok())?;
                Some((number, part.e_tag?.into_value()))
            })
            .collect::<Option<Vec<_>>>()
            .filter(|parts| !parts.is_empty())
            .ok_or_else(|| {
                s3_error!(
                    MalformedXML,
                    "The document must name at least one part, each with number and ETag."
                )
            })?;
        let conditions = Conditions {
            matches: input.if_match,
            none_match: input.if_none_match,
            ..Conditions::default()
        };
        let now = self.clock.now_ms();
        let (bucket, key) = (input.bucket.clone(), input.key.clone());
        let etag = self
            .store
            .write(move |write| {
                let (bucket, upload) =
                    open(write.connection, &caller, &bucket, &key, &input.upload_id)?;
                begun_by(&upload, &caller)?;
                let present = objects::current(write.connection, bucket.id, &key)?;
                conditions.check_target(present.as_ref())?;
                uploads::complete(write, bucket.id, &key, &upload, &wanted, now)
            })
            .await
            .map_err(fail)?;
        Ok(CompleteMultipartUploadOutput {
            location: Some(format!("/{}/{}", input.bucket, url(&input.key))),
            bucket: Some(input.bucket),
            key: Some(input.key),
            e_tag: Some(ETag::Strong(etag)),
            ..CompleteMultipartUploadOutput::default()
        })
    }

    pub(super) async fn abort_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<AbortMultipartUploadOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        self.store
            .write(move |write| {
                // The bucket's owner may clear away what others began.
                let (_, upload) = open(
                    write.connection,
                    &caller,
                    &input.bucket,
                    &input.key,
                    &input.upload_id,
                )?;
                uploads::abort(write, &upload)
            })
            .await
            .map_err(fail)?;
        Ok(AbortMultipartUploadOutput::default())
    }

    pub(super) async fn list_uploads(
        &self,
        request: S3Request<ListMultipartUploadsInput>,
    ) -> S3Result<ListMultipartUploadsOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let encoding = Encoding::parse(input.encoding_type.as_ref())?;
        let size = page_size(input.max_uploads, "max-uploads")?;
        let query = Query {
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone().unwrap_or_default(),
            after: input.key_marker.clone().unwrap_or_default(),
            limit: usize::try_from(size).unwrap_or(0),
        };
        let after_id = input
            .upload_id_marker
            .as_deref()
            .filter(|marker| !marker.is_empty() && input.key_marker.is_some())
            .map(str::parse)
            .transpose()
            .map_err(|_not_ours| {
                s3_error!(InvalidArgument, "upload-id-marker is not an upload id")
            })?;
        let (account, bucket) = (Arc::clone(&caller), input.bucket.clone());
        let page = self
            .store
            .read(move |connection| {
                let bucket = buckets::open(connection, &account, &bucket)?;
                uploads::list(connection, bucket.id, &query, after_id)
            })
            .await
            .map_err(fail)?;
        let (next_key_marker, next_upload_id_marker) = match page.entries.last() {
            Some(Entry::Upload { key, id, .. }) if page.truncated => {
                (Some(encoding.write(key)), Some(id.to_string()))
            }
            Some(Entry::Prefix(prefix)) if page.truncated => (Some(encoding.write(prefix)), None),
            _ => (None, None),
        };
        let truncated = page.truncated;
        let (uploads, prefixes) = split(page.entries, encoding, &caller);
        Ok(ListMultipartUploadsOutput {
            bucket: Some(input.bucket),
            prefix: encoding.write_option(input.prefix),
            delimiter: encoding.write_option(input.delimiter),
            key_marker: encoding.write_option(input.key_marker),
            upload_id_marker: input.upload_id_marker,
            next_key_marker,
            next_upload_id_marker,
            max_uploads: Some(size),
            is_truncated: Some(truncated),
            uploads: Some(uploads),
            common_prefixes: Some(prefixes),
            encoding_type: input.encoding_type,
            ..ListMultipartUploadsOutput::default()
        })
    }
}

fn split(
    entries: Vec<Entry>,
    encoding: Encoding,
    bucket_owner: &Account,
) -> (Vec<MultipartUpload>, Vec<CommonPrefix>) {
    let (mut uploads, mut prefixes) = (Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            Entry::Upload {
                key,
                id,
                initiated_ms,
                initiator,
            } => uploads.push(MultipartUpload {
                key: Some(encoding.write(&key)),
                upload_id: Some(id.to_string()),
                initiated: Some(from_ms(initiated_ms).into()),
                initiator: Some(Initiator {
                    display_name: Some(initiator.username),
                    id: Some(initiator.guid),
                }),
                owner: Some(owner(bucket_owner)),
                storage_class: Some(standard()),
                ..MultipartUpload::default()
            }),
            Entry::Prefix(prefix) => prefixes.push(CommonPrefix {
                prefix: Some(encoding.write(&prefix)),
            }),
        }
    }
    (uploads, prefixes)
}
