//! Copies inside a store: in one call where the store allows it, else in parts.

use aws_sdk_s3::{
    primitives::{DateTime, DateTimeFormat},
    types::{
        MetadataDirective, ObjectLockLegalHoldStatus, ObjectLockMode, ServerSideEncryption,
        StorageClass,
    },
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use model::{
    BucketName, ObjectKey, PartNumber, UploadId,
    attributes::Attributes,
    endpoint::encode,
    multipart::CompletedPart,
    properties::Properties,
    unit::{GB, MB},
};

use super::{
    Conditions, LONG_WORK, ObjectHead, S3, Stored, attributes::WithAttributes, long_work,
    multipart::number, translate, within,
};
use crate::{Error, ErrorKind, Resource};

/// The largest object that stores copy in one call.
const LARGEST_WHOLE: u64 = 5 * GB;
/// The usual part: few calls, each within the limit of long work.
const PART: u64 = 512 * MB;
/// The most parts that an upload has.
const MAX_PARTS: u64 = 10_000;
/// Parts under way at once.
const PARALLEL: usize = 4;

/// What is copied where, and how.
#[derive(Clone, Debug)]
pub struct ObjectCopy<'a> {
    source_bucket: &'a BucketName,
    source_key: &'a ObjectKey,
    source_version: Option<&'a str>,
    source_etag: Option<&'a str>,
    bucket: &'a BucketName,
    key: &'a ObjectKey,
    size: Option<u64>,
    largest_whole: u64,
    part_size: u64,
    description: Option<&'a Description>,
}

/// What a copy is described with in place of what its source is.
#[derive(Clone, Debug, Default)]
pub struct Description {
    /// All of it: what is absent, the copy does not have.
    pub properties: Properties,
    /// What else it is given; its metadata is that of the properties.
    pub attributes: Attributes,
}

/// What belongs to the source alone, and would be lost with its description.
#[derive(Clone, Debug, Default)]
struct Beside {
    storage_class: Option<StorageClass>,
    expires: Option<DateTime>,
    website: Option<String>,
    lock: Option<(ObjectLockMode, DateTime)>,
    legal_hold: Option<ObjectLockLegalHoldStatus>,
    encryption: Option<ServerSideEncryption>,
    encryption_key: Option<String>,
}

impl<'a> ObjectCopy<'a> {
    /// The largest object that is copied in one call.
    pub const LARGEST_WHOLE: u64 = LARGEST_WHOLE;

    /// A copy of an object of unknown size: the store is asked for it first.
    pub fn new(
        source_bucket: &'a BucketName,
        source_key: &'a ObjectKey,
        bucket: &'a BucketName,
        key: &'a ObjectKey,
    ) -> Self {
        Self {
            source_bucket,
            source_key,
            source_version: None,
            source_etag: None,
            bucket,
            key,
            size: None,
            largest_whole: LARGEST_WHOLE,
            part_size: PART,
            description: None,
        }
    }

    /// With another description than the source. Storage class, locks and the like go along all the same.
    #[must_use]
    pub fn described(self, description: &'a Description) -> Self {
        Self {
            description: Some(description),
            ..self
        }
    }

    /// Not the object as it is, but one of its versions.
    #[must_use]
    pub fn of_version(self, version: Option<&'a str>) -> Self {
        Self {
            source_version: version,
            ..self
        }
    }

    /// Only as long as the source has this entity tag (`x-amz-copy-source-if-match`); else the store
    /// refuses with [`ErrorKind::PreconditionFailed`].
    #[must_use]
    pub fn only_if(self, etag: Option<&'a str>) -> Self {
        Self {
            source_etag: etag,
            ..self
        }
    }

    /// The object's size is known.
    #[must_use]
    pub fn of_size(self, bytes: u64) -> Self {
        Self {
            size: Some(bytes),
            ..self
        }
    }

    /// Other limits than the usual: objects above `largest_whole` go in parts of `part_size`.
    #[must_use]
    pub fn in_parts(self, largest_whole: u64, part_size: u64) -> Self {
        Self {
            largest_whole,
            part_size,
            ..self
        }
    }

    /// Bucket and key, percent-encoded, slashes left alone; and the version.
    fn source(&self) -> String {
        let key = encode_key(self.source_key);
        match self.source_version {
            None => format!("{}/{key}", self.source_bucket),
            Some(id) => format!("{}/{key}?versionId={}", self.source_bucket, encode(id)),
        }
    }

    fn resource(&self) -> Resource {
        Resource::Object(self.key.clone())
    }

    /// The first and last byte of each part.
    fn ranges(&self, size: u64) -> impl Iterator<Item = (u64, u64)> + use<> {
        let part = self
            .part_size
            .max(size.div_ceil(MAX_PARTS).next_multiple_of(MB))
            .max(1);
        let begins = std::iter::successors(Some(0), move |begin| Some(begin + part));
        begins
            .take_while(move |begin| *begin < size)
            .map(move |begin| (begin, size.min(begin + part) - 1))
    }
}

impl S3 {
    /// Copies an object inside the store. Errors name the destination.
    pub async fn copy_object(
        &self,
        source_bucket: &BucketName,
        source_key: &ObjectKey,
        bucket: &BucketName,
        key: &ObjectKey,
    ) -> Result<Stored, Error> {
        self.copy_object_as(&ObjectCopy::new(source_bucket, source_key, bucket, key))
            .await
    }

    /// The same, with more said about it. Type, metadata and tags go along either way.
    pub async fn copy_object_as(&self, copy: &ObjectCopy<'_>) -> Result<Stored, Error> {
        if copy.size.is_some_and(|size| size <= copy.largest_whole) {
            return self.copy_whole(copy).await;
        }
        let conditions = Conditions::default();
        let head = self
            .head_object(
                copy.source_bucket,
                copy.source_key,
                copy.source_version,
                &conditions,
            )
            .await?;
        if head.size <= copy.largest_whole {
            return self.copy_whole(copy).await;
        }
        Box::pin(self.copy_in_parts(copy, head)).await
    }

    async fn copy_whole(&self, copy: &ObjectCopy<'_>) -> Result<Stored, Error> {
        let mut call = self
            .client
            .copy_object()
            .copy_source(copy.source())
            .set_copy_source_if_match(copy.source_etag.map(str::to_owned))
            .bucket(copy.bucket.as_str())
            .key(copy.key.as_str());
        let mut attributes = Attributes::default();
        if let Some(description) = copy.description {
            let beside = Box::pin(self.beside(copy)).await?;
            let properties = description.properties.clone();
            let (lock_mode, lock_until) = beside.lock.unzip();
            attributes = description.attributes.clone();
            call = call
                .metadata_directive(MetadataDirective::Replace)
                .set_content_type(properties.content_type)
                .set_content_encoding(properties.content_encoding)
                .set_content_disposition(properties.content_disposition)
                .set_content_language(properties.content_language)
                .set_cache_control(properties.cache_control)
                .set_metadata(Some(properties.metadata.into_iter().collect()))
                .set_storage_class(beside.storage_class)
                .set_expires(beside.expires)
                .set_website_redirect_location(beside.website)
                .set_object_lock_mode(lock_mode)
                .set_object_lock_retain_until_date(lock_until)
                .set_object_lock_legal_hold_status(beside.legal_hold)
                .set_server_side_encryption(beside.encryption)
                .set_ssekms_key_id(beside.encryption_key);
        }
        let call = call
            .customize()
            .interceptor(WithAttributes(attributes))
            .config_override(long_work())
            .send();
        let answer = within(LONG_WORK, copy.resource(), call).await?;
        let etag = answer.copy_object_result.and_then(|r| r.e_tag);
        Stored::new(copy.resource(), etag, answer.version_id)
    }

    /// What a copy with another description must be told of its source.
    async fn beside(&self, copy: &ObjectCopy<'_>) -> Result<Beside, Error> {
        let call = self
            .client
            .head_object()
            .bucket(copy.source_bucket.as_str())
            .key(copy.source_key.as_str())
            .set_version_id(copy.source_version.map(str::to_owned))
            .send();
        let resource = Resource::Object(copy.source_key.clone());
        let head = self.limited(resource, call).await?;
        let until = head.object_lock_retain_until_date;
        // The usual class and the usual encryption are given to every object; not every store takes their names.
        let keyed = |kind: &ServerSideEncryption| *kind != ServerSideEncryption::Aes256;
        let encryption = head.server_side_encryption.filter(keyed);
        Ok(Beside {
            storage_class: head
                .storage_class
                .filter(|class| *class != StorageClass::Standard),
            expires: head
                .expires_string
                .and_then(|text| DateTime::from_str(&text, DateTimeFormat::HttpDate).ok()),
            website: head.website_redirect_location,
            lock: head.object_lock_mode.zip(until),
            legal_hold: head.object_lock_legal_hold_status,
            encryption_key: head.ssekms_key_id.filter(|_| encryption.is_some()),
            encryption,
        })
    }

    async fn copy_in_parts(
        &self,
        copy: &ObjectCopy<'_>,
        head: ObjectHead,
    ) -> Result<Stored, Error> {
        let tags = Box::pin(self.tags_for_copy(copy)).await?;
        let (size, etag) = (head.size, head.etag.clone());
        let head = match copy.description {
            Some(description) => described(head, &description.properties),
            None => head,
        };
        let upload = Box::pin(self.create_copy_upload(copy, head, tags)).await?;
        let guard = AbortGuard {
            armed: Some((
                self.clone(),
                copy.bucket.clone(),
                copy.key.clone(),
                upload.clone(),
            )),
        };
        let etag = copy.source_etag.or(etag.as_deref());
        let parts: Result<Vec<_>, Error> = stream::iter((1..).zip(copy.ranges(size)))
            .map(|(number, range)| self.copy_part(copy, &upload, number, range, etag))
            .buffered(PARALLEL)
            .try_collect()
            .await;
        let stored = match parts {
            Ok(parts) => {
                self.complete_upload(copy.bucket, copy.key, &upload, &parts)
                    .await
            }
            Err(error) => Err(error),
        };
        guard.settle(stored.is_err()).await;
        stored
    }

    /// The source's tags as a header has them; `None` where there are none, or the store knows none.
    async fn tags_for_copy(&self, copy: &ObjectCopy<'_>) -> Result<Option<String>, Error> {
        let call = self
            .client
            .get_object_tagging()
            .bucket(copy.source_bucket.as_str())
            .key(copy.source_key.as_str())
            .set_version_id(copy.source_version.map(str::to_owned))
            .send();
        let resource = Resource::Object(copy.source_key.clone());
        let answer = match self.limited(resource, call).await {
            Ok(answer) => answer,
            Err(error) if error.kind() == ErrorKind::NotSupported => return Ok(None),
            Err(error) => return Err(error),
        };
        let tags: Vec<_> = answer
            .tag_set
            .iter()
            .map(|tag| format!("{}={}", encode(&tag.key), encode(&tag.value)))
            .collect();
        Ok(Some(tags.join("&")).filter(|tags| !tags.is_empty()))
    }

    async fn create_copy_upload(
        &self,
        copy: &ObjectCopy<'_>,
        head: ObjectHead,
        tags: Option<String>,
    ) -> Result<UploadId, Error> {
        let metadata = head.metadata.into_iter().collect();
        let beside = match copy.description {
            Some(_) => Box::pin(self.beside(copy)).await?,
            None => Beside::default(),
        };
        let (lock_mode, lock_until) = beside.lock.unzip();
        let call = self
            .client
            .create_multipart_upload()
            .bucket(copy.bucket.as_str())
            .key(copy.key.as_str())
            .set_content_type(head.content_type)
            .set_content_encoding(head.content_encoding)
            .set_content_language(head.content_language)
            .set_content_disposition(head.content_disposition)
            .set_cache_control(head.cache_control)
            .set_metadata(Some(metadata))
            .set_tagging(tags)
            .set_storage_class(beside.storage_class)
            .set_expires(beside.expires)
            .set_website_redirect_location(beside.website)
            .set_object_lock_mode(lock_mode)
            .set_object_lock_retain_until_date(lock_until)
            .set_object_lock_legal_hold_status(beside.legal_hold)
            .set_server_side_encryption(beside.encryption)
            .set_ssekms_key_id(beside.encryption_key)
            .send();
        let answer = self.limited(copy.resource(), call).await?;
        let id = answer
            .upload_id
            .ok_or_else(|| translate::incomplete(copy.resource(), "no upload id"))?;
        UploadId::parse(id)
            .map_err(|e| Error::new(ErrorKind::Unexpected, copy.resource()).caused_by(e))
    }

    /// One part; refused by the store when the source is no longer the object that was measured.
    async fn copy_part(
        &self,
        copy: &ObjectCopy<'_>,
        upload: &UploadId,
        part: u32,
        (first, last): (u64, u64),
        etag: Option<&str>,
    ) -> Result<CompletedPart, Error> {
        let part_number =
            PartNumber::new(part).map_err(|e| translate::invalid(copy.resource(), e))?;
        let call = self
            .client
            .upload_part_copy()
            .copy_source(copy.source())
            .copy_source_range(format!("bytes={first}-{last}"))
            .set_copy_source_if_match(etag.map(str::to_owned))
            .bucket(copy.bucket.as_str())
            .key(copy.key.as_str())
            .upload_id(upload.as_str())
            .part_number(number(part_number))
            .customize()
            .config_override(long_work())
            .send();
        let answer = within(LONG_WORK, copy.resource(), call).await?;
        let etag = answer
            .copy_part_result
            .and_then(|part| part.e_tag)
            .ok_or_else(|| translate::incomplete(copy.resource(), "no entity tag"))?;
        Ok(CompletedPart {
            part_number,
            etag,
            checksum_crc32c: None,
        })
    }
}

/// The source's head with another description.
fn described(head: ObjectHead, properties: &Properties) -> ObjectHead {
    let properties = properties.clone();
    ObjectHead {
        content_type: properties.content_type,
        content_encoding: properties.content_encoding,
        content_language: properties.content_language,
        content_disposition: properties.content_disposition,
        cache_control: properties.cache_control,
        metadata: properties.metadata,
        ..head
    }
}

/// Aborts the upload of a copy that failed, or that nobody waits for any more.
struct AbortGuard {
    armed: Option<(S3, BucketName, ObjectKey, UploadId)>,
}

impl AbortGuard {
    async fn settle(mut self, failed: bool) {
        let armed = self.armed.take();
        if failed && let Some(upload) = armed {
            abort(upload).await;
        }
    }
}

impl Drop for AbortGuard {
    fn drop(&mut self) {
        if let Some(upload) = self.armed.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(abort(upload));
        }
    }
}

async fn abort((s3, bucket, key, id): (S3, BucketName, ObjectKey, UploadId)) {
    if let Err(e) = s3.abort_upload(&bucket, &key, &id).await {
        tracing::warn!(%bucket, error = %e, "an unfinished copy could not be aborted");
    }
}

/// Percent-encodes a key, slashes left alone.
fn encode_key(key: &ObjectKey) -> String {
    let segments: Vec<_> = key.as_str().split('/').map(encode).collect();
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_source_is_percent_encoded() {
        let key = ObjectKey::parse("a b/#?%+é").unwrap();
        assert_eq!(encode_key(&key), "a%20b/%23%3F%25%2B%C3%A9");
    }

    #[test]
    fn a_version_is_named_behind_the_key() {
        let bucket = BucketName::parse("bucket").unwrap();
        let key = ObjectKey::parse("a?versionId=1").unwrap();
        let copy = ObjectCopy::new(&bucket, &key, &bucket, &key).of_version(Some("9 4"));
        assert_eq!(copy.source(), "bucket/a%3FversionId%3D1?versionId=9%204");
    }

    #[test]
    fn ranges_cover_every_byte_once_and_are_never_too_many() {
        let bucket = BucketName::parse("bucket").unwrap();
        let key = ObjectKey::parse("k").unwrap();
        let copy = ObjectCopy::new(&bucket, &key, &bucket, &key);
        let small: Vec<_> = copy.clone().in_parts(0, 4).ranges(10).collect();
        // The least part is set by the most parts: a mebibyte at least.
        assert_eq!(small, [(0, 9)]);
        for size in [1, PART, PART + 1, 5 * GB + 1, 5_000 * GB] {
            let mut next = 0;
            let mut count = 0;
            for (first, last) in copy.ranges(size) {
                assert_eq!(first, next);
                assert!(last >= first && last - first < LARGEST_WHOLE);
                next = last + 1;
                count += 1;
            }
            assert_eq!(next, size);
            assert!(count <= MAX_PARTS);
        }
    }
}
