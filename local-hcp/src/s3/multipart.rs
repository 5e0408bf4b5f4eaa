//! Multipart uploads.

use axum::http::{StatusCode, header::CONTENT_TYPE};
use rusqlite::Connection;
use s3s::{
    S3Request, S3Result,
    dto::{
        AbortMultipartUploadInput, AbortMultipartUploadOutput, ChecksumAlgorithm, ChecksumType,
        CommonPrefix, CompleteMultipartUploadInput, CompleteMultipartUploadOutput,
        CompletedMultipartUpload, CreateMultipartUploadInput, CreateMultipartUploadOutput, ETag,
        Initiator, ListMultipartUploadsInput, ListMultipartUploadsOutput, MultipartUpload,
        StorageClass,
    },
    s3_error,
};

use super::{
    Gateway,
    acl::{self, wish_of},
    auth::caller,
    body,
    condition::Conditions,
    error::fail,
    list::{Encoding, owner_of, url},
    objects::{attributes_of, checksums_of, show_checksums},
    parts, tagging, versions,
};
use crate::{
    Error,
    access::{Caller, Permissions},
    checksum::Algorithm,
    clock::from_ms,
    files,
    protection::Asked,
    store::{
        accounts::{self, Person},
        buckets::{self, Bucket},
        listing::Query,
        objects,
        uploads::Joined,
        uploads::{self, Announced, Completion, Entry, NewUpload, Upload, Wanted},
        usage::DAY_MS,
    },
};

/// The longest page of parts or uploads; asking for more is an error, as on HCP.
const PAGE_MAX: i32 = 1_000;

/// Reads which checksum an upload promises.
fn announced(algorithm: Option<&str>, kind: Option<&str>) -> S3Result<Option<Announced>> {
    let Some(name) = algorithm else {
        return match kind {
            None => Ok(None),
            Some(_) => Err(s3_error!(
                InvalidRequest,
                "A checksum type needs a checksum algorithm."
            )),
        };
    };
    let invalid = || {
        s3_error!(
            InvalidRequest,
            "This checksum algorithm, or this type of it, is not supported."
        )
    };
    let algorithm = Algorithm::parse(name).ok_or_else(invalid)?;
    let composite = match kind {
        None => algorithm.is_composite_by_default(),
        Some(ChecksumType::COMPOSITE) => true,
        Some(ChecksumType::FULL_OBJECT) => false,
        Some(_) => return Err(invalid()),
    };
    if algorithm.allows(composite) {
        Ok(Some(Announced {
            algorithm,
            composite,
        }))
    } else {
        Err(invalid())
    }
}

/// Reads which parts a completion names.
fn wanted(document: Option<CompletedMultipartUpload>) -> S3Result<Vec<Wanted>> {
    document
        .and_then(|upload| upload.parts)
        .unwrap_or_default()
        .into_iter()
        .map(|part| {
            let number = part
                .part_number
                .and_then(|number| u32::try_from(number).ok())?;
            Some(Wanted {
                number,
                checksums: checksums_of!(part),
                etag: part.e_tag?.into_value(),
            })
        })
        .collect::<Option<Vec<_>>>()
        .filter(|parts| !parts.is_empty())
        .ok_or_else(|| {
            s3_error!(
                MalformedXML,
                "The document must name at least one part, each with number and ETag."
            )
        })
}

/// The upload that a request names.
pub(super) fn open(
    connection: &Connection,
    caller: &Caller,
    bucket: &str,
    key: &str,
    upload_id: &str,
) -> Result<(Bucket, Upload), Error> {
    let bucket = buckets::open(connection, caller, bucket)?;
    caller.account()?;
    caller.reach(key)?;
    let id = upload_id.parse().map_err(|_not_ours| Error::NoSuchUpload)?;
    let upload = uploads::find(connection, bucket.id, key, id)?;
    Ok((bucket, upload))
}

/// Only whoever began an upload may add to it and complete it.
pub(super) fn begun_by(bucket: &Bucket, upload: &Upload, caller: &Caller) -> Result<(), Error> {
    bucket.granted.need(Permissions::WRITE)?;
    if caller.is(upload.initiator_id) {
        Ok(())
    } else {
        Err(Error::Denied("the upload was begun by another account"))
    }
}

/// Its initiator and the bucket's owner may look at an upload and drop it.
pub(super) fn concerns(bucket: &Bucket, upload: &Upload, caller: &Caller) -> Result<(), Error> {
    if bucket.is_of(caller) {
        return bucket.granted.need(Permissions::WRITE);
    }
    begun_by(bucket, upload, caller)
}

/// When the namespace gives up an upload, counted from its beginning.
pub(super) fn abort_ms(bucket: &Bucket, initiated_ms: i64) -> Option<i64> {
    let days = bucket.settings.multipart_upload_auto_abort_days;
    (days > 0).then(|| initiated_ms + days * DAY_MS)
}

impl Announced {
    /// The algorithm, as S3 lists it.
    pub(super) fn name(self) -> ChecksumAlgorithm {
        ChecksumAlgorithm::from_static(self.algorithm.as_str())
    }

    /// Of what it is, as S3 lists it.
    pub(super) fn kind(self) -> ChecksumType {
        ChecksumType::from_static(if self.composite {
            ChecksumType::COMPOSITE
        } else {
            ChecksumType::FULL_OBJECT
        })
    }
}

pub(super) fn page_size(asked: Option<i32>, name: &str) -> S3Result<i32> {
    let size = asked.unwrap_or(PAGE_MAX);
    if (0..=PAGE_MAX).contains(&size) {
        Ok(size)
    } else {
        Err(s3_error!(InvalidArgument, "{name} is 0 to 1,000"))
    }
}

pub(super) fn standard() -> StorageClass {
    StorageClass::from_static(StorageClass::STANDARD)
}

impl Gateway {
    pub(super) async fn begin_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<CreateMultipartUploadOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let mut attributes = attributes_of!(&self.habits, input)?;
        attributes.tags = tagging::from_header(input.tagging.as_deref())?;
        let wish = wish_of!(input,)?;
        let asked = Asked::of(&request.headers)?;
        let checksum = announced(
            input
                .checksum_algorithm
                .as_ref()
                .map(ChecksumAlgorithm::as_str),
            input.checksum_type.as_ref().map(ChecksumType::as_str),
        )?;
        self.store.check_space(0).map_err(fail)?;
        let (now, bucket, key) = (self.clock.now_ms(), input.bucket.clone(), input.key.clone());
        self.store.check_target(&key).map_err(fail)?;
        let (id, abort_ms) = self
            .store
            .write(move |write| {
                let bucket = buckets::open(write.connection, &caller, &bucket)?;
                let initiator_id = caller.account()?.id;
                bucket.granted.need(Permissions::WRITE)?;
                caller.reach(&key)?;
                attributes.acl = acl::resolved(wish, write.connection, &caller, bucket.owner_id)?;
                attributes.protection = asked.of_new(&bucket, now)?;
                let new = NewUpload {
                    key: &key,
                    initiator_id,
                    attributes: &attributes,
                    checksum,
                    now_ms: now,
                };
                Ok((
                    uploads::create(write, &bucket, &new)?,
                    abort_ms(&bucket, now),
                ))
            })
            .await
            .map_err(fail)?;
        Ok(CreateMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(id.to_string()),
            abort_date: abort_ms.map(|date| from_ms(date).into()),
            checksum_algorithm: input.checksum_algorithm,
            checksum_type: checksum.map(Announced::kind),
            ..CreateMultipartUploadOutput::default()
        })
    }

    pub(super) async fn complete_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<CompleteMultipartUploadOutput> {
        let caller = caller(&request)?;
        parts::check_headers(&self.habits, &request.headers)?;
        if self.habits.demands_type_of_completion && !request.headers.contains_key(CONTENT_TYPE) {
            return Err(s3_error!(InvalidRequest, "Content-Type is missing."));
        }
        let input = request.input;
        let wanted = wanted(input.multipart_upload)?;
        let given = checksums_of!(input);
        let size = input
            .mpu_object_size
            .and_then(|size| u64::try_from(size).ok());
        let conditions = Conditions {
            matches: input.if_match,
            // HCP reads `If-Match` here, and nothing else.
            none_match: input
                .if_none_match
                .filter(|_| self.habits.conditional_writes),
            ..Conditions::default()
        };
        let (now, habits) = (self.clock.now_ms(), self.habits);
        let (bucket, key) = (input.bucket.clone(), input.key.clone());
        let asked = Asked::of(&request.headers)?;
        let joined = self
            .join(
                &caller,
                &input.bucket,
                &input.key,
                &input.upload_id,
                &wanted,
            )
            .await;
        let done = self
            .store
            .write(move |write| {
                let (bucket, mut upload) =
                    open(write.connection, &caller, &bucket, &key, &input.upload_id)?;
                begun_by(&bucket, &upload, &caller)?;
                let present = objects::current(write.connection, bucket.id, &key)?;
                conditions.check_target(present.as_ref())?;
                if !asked.is_nothing() {
                    upload.attributes.protection = asked.of_new(&bucket, now)?;
                }
                let completion = Completion {
                    key: &key,
                    wanted: &wanted,
                    given: &given,
                    size,
                    joined: joined?,
                    now_ms: now,
                };
                let completed = uploads::complete(write, &bucket, &upload, completion, &habits)?;
                let version = versions::name_in(&habits, &bucket, completed.version);
                Ok((completed, version))
            })
            .await;
        let (completed, version) = match done {
            Ok(done) => done,
            Err(
                error @ (Error::InvalidPart(_)
                | Error::InvalidPartOrder
                | Error::PartTooSmall(_)
                | Error::PreconditionFailed),
            ) if habits.completion_errors_in_200 => {
                let mut refusal = fail(error);
                refusal.set_status_code(StatusCode::OK);
                return Err(refusal);
            }
            Err(error) => return Err(fail(error)),
        };
        let mut output = CompleteMultipartUploadOutput {
            location: Some(format!("/{}/{}", input.bucket, url(&input.key))),
            bucket: Some(input.bucket),
            key: Some(input.key),
            e_tag: Some(ETag::Strong(completed.etag)),
            version_id: version,
            ..CompleteMultipartUploadOutput::default()
        };
        show_checksums!(output, completed.checksums);
        Ok(output)
    }

    /// Where objects are plain files, the parts that a completion names become one: before the write, which
    /// does not wait for bytes.
    async fn join(
        &self,
        caller: &Caller,
        bucket: &str,
        key: &str,
        upload_id: &str,
        wanted: &[Wanted],
    ) -> Result<Option<Joined>, Error> {
        if self.store.plain().is_none() {
            return Ok(None);
        }
        let (caller, wanted) = (caller.clone(), wanted.to_vec());
        let (bucket, key, upload_id) = (bucket.to_owned(), key.to_owned(), upload_id.to_owned());
        let ((parts, pieces), pins) = self
            .store
            .read_pinned(move |connection| {
                let (bucket, upload) = open(connection, &caller, &bucket, &key, &upload_id)?;
                begun_by(&bucket, &upload, &caller)?;
                uploads::pieces(connection, upload.id, &wanted)
            })
            .await?;
        let size = pieces.iter().map(|piece| piece.length).sum();
        self.store.check_space(size)?;
        let stream = files::stream(self.store.layout().clone(), pieces, pins);
        let received = body::copied(&self.store, stream).await?;
        Ok(Some(Joined { parts, received }))
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
                let (bucket, upload) = open(
                    write.connection,
                    &caller,
                    &input.bucket,
                    &input.key,
                    &input.upload_id,
                )?;
                concerns(&bucket, &upload, &caller)?;
                uploads::abort(write, &bucket, upload.id)
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
        let bucket = input.bucket.clone();
        let (page, owner) = self
            .store
            .read(move |connection| {
                let bucket = buckets::open(connection, &caller, &bucket)?;
                caller.account()?;
                bucket.granted.need(Permissions::BROWSE)?;
                caller.reach(&query.prefix)?;
                let page = uploads::list(connection, bucket.id, &query, after_id)?;
                let owner = bucket.owner_id;
                let owner = owner.map(|owner| accounts::person_by_id(connection, owner));
                Ok((page, owner.transpose()?.flatten()))
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
        let (uploads, prefixes) = split(page.entries, encoding, owner.as_ref());
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
    bucket_owner: Option<&Person>,
) -> (Vec<MultipartUpload>, Vec<CommonPrefix>) {
    let (mut uploads, mut prefixes) = (Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            Entry::Upload {
                key,
                id,
                initiated_ms,
                initiator,
                checksum,
            } => uploads.push(MultipartUpload {
                key: Some(encoding.write(&key)),
                upload_id: Some(id.to_string()),
                initiated: Some(from_ms(initiated_ms).into()),
                initiator: Some(Initiator {
                    display_name: Some(initiator.username),
                    id: Some(initiator.guid),
                }),
                owner: bucket_owner.map(owner_of),
                storage_class: Some(standard()),
                checksum_algorithm: checksum.map(Announced::name),
                checksum_type: checksum.map(Announced::kind),
            }),
            Entry::Prefix(prefix) => prefixes.push(CommonPrefix {
                prefix: Some(encoding.write(&prefix)),
            }),
        }
    }
    (uploads, prefixes)
}
