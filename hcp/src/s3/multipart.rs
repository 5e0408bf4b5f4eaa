//! Multipart uploads.

use aws_sdk_s3::types::{
    ChecksumAlgorithm as SdkAlgorithm, CompletedMultipartUpload, CompletedPart as SdkPart,
    EncodingType, Initiator, MultipartUpload,
};
use model::{
    BucketName, ChecksumAlgorithm, ObjectKey, PartNumber, UploadId,
    attributes::Attributes,
    bucket::Owner,
    multipart::{CompletedPart, ListUploadsQuery, OpenUpload, Part, PartPage, UploadPage},
};

use super::{
    Body, LONG_WORK, S3,
    attributes::WithAttributes,
    long_work,
    objects::{PutOptions, Stored, length},
    translate, within,
};
use crate::{Error, ErrorKind, Resource};

/// How an upload is completed.
#[derive(Clone, Debug, Default)]
pub struct CompleteOptions {
    /// Only where no object has the key yet.
    pub only_if_new: bool,
    /// Retention and hold of the object, which HCP reads here; nothing else may be in it.
    pub kept: Attributes,
}

impl S3 {
    /// Begins an upload.
    pub async fn create_upload(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        content_type: Option<&str>,
    ) -> Result<UploadId, Error> {
        let options = PutOptions {
            content_type: content_type.map(str::to_owned),
            ..PutOptions::default()
        };
        // Boxed: the SDK's future for this call alone is 16 KB.
        Box::pin(self.create_upload_with(bucket, key, options)).await
    }

    /// Begins an upload of an object that has more than a type.
    pub async fn create_upload_with(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        options: PutOptions,
    ) -> Result<UploadId, Error> {
        let resource = Resource::Object(key.clone());
        let call = self
            .client
            .create_multipart_upload()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .set_content_type(options.content_type)
            .set_content_encoding(options.content_encoding)
            .set_content_disposition(options.content_disposition)
            .set_cache_control(options.cache_control)
            .set_checksum_algorithm(options.checksum_algorithm.and_then(announced))
            .customize()
            .interceptor(WithAttributes(options.attributes))
            .send();
        let answer = self.limited(resource.clone(), call).await?;
        let id = answer
            .upload_id
            .ok_or_else(|| translate::incomplete(resource.clone(), "no upload id"))?;
        UploadId::parse(id).map_err(|e| Error::new(ErrorKind::Unexpected, resource).caused_by(e))
    }

    /// Stores a part; its entity tag, with its quotes. A stream is sent once.
    pub async fn upload_part(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        upload: &UploadId,
        part: PartNumber,
        body: Body,
    ) -> Result<String, Error> {
        let resource = Resource::Part(key.clone(), part);
        let call = self
            .client
            .upload_part()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .upload_id(upload.as_str())
            .part_number(number(part))
            .content_length(length(&body, &resource)?)
            .body(body.into_stream())
            .send();
        let answer = Box::pin(call)
            .await
            .map_err(|e| translate::error(resource.clone(), e))?;
        answer
            .e_tag
            .ok_or_else(|| translate::incomplete(resource, "no entity tag"))
    }

    /// Makes the object out of its parts. A store may say 200 and fail: that is an error here.
    pub async fn complete_upload(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        upload: &UploadId,
        parts: &[CompletedPart],
    ) -> Result<Stored, Error> {
        self.complete_upload_with(bucket, key, upload, parts, CompleteOptions::default())
            .await
    }

    /// The same, with conditions. One that does not hold is [`ErrorKind::PreconditionFailed`], and the
    /// upload stays.
    pub async fn complete_upload_with(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        upload: &UploadId,
        parts: &[CompletedPart],
        options: CompleteOptions,
    ) -> Result<Stored, Error> {
        let parts = parts.iter().map(|part| {
            SdkPart::builder()
                .part_number(number(part.part_number))
                .e_tag(&part.etag)
                .set_checksum_crc32_c(part.checksum_crc32c.clone())
                .build()
        });
        let parts = CompletedMultipartUpload::builder()
            .set_parts(Some(parts.collect()))
            .build();
        let call = self
            .client
            .complete_multipart_upload()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .upload_id(upload.as_str())
            .multipart_upload(parts)
            .set_if_none_match(options.only_if_new.then(|| "*".to_owned()))
            .customize()
            .interceptor(WithAttributes(options.kept))
            .config_override(long_work())
            .send();
        let resource = Resource::Upload(key.clone());
        let answer = within(LONG_WORK, resource.clone(), call).await?;
        Stored::new(resource, answer.e_tag, answer.version_id)
    }

    /// Gives an upload up; its parts go.
    pub async fn abort_upload(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        upload: &UploadId,
    ) -> Result<(), Error> {
        let call = self
            .client
            .abort_multipart_upload()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .upload_id(upload.as_str())
            .send();
        self.limited(Resource::Upload(key.clone()), call).await?;
        Ok(())
    }

    /// One page of an upload's parts, after the part `marker`. HCP refuses more than 1,000 a page.
    pub async fn list_parts(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        upload: &UploadId,
        max_parts: Option<u32>,
        marker: Option<u32>,
    ) -> Result<PartPage, Error> {
        let max_parts = max_parts.map(|n| i32::try_from(n).unwrap_or(i32::MAX));
        let call = self
            .client
            .list_parts()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .upload_id(upload.as_str())
            .set_max_parts(max_parts)
            .set_part_number_marker(marker.map(|n| n.to_string()))
            .send();
        let resource = Resource::Upload(key.clone());
        let answer = self.limited(resource.clone(), call).await?;
        if answer.upload_id.is_none() {
            return Err(translate::incomplete(resource, "not a list of parts"));
        }
        let parts = answer.parts.unwrap_or_default().into_iter();
        let is_truncated = answer.is_truncated.unwrap_or_default();
        let next = answer.next_part_number_marker;
        Ok(PartPage {
            bucket: bucket.to_string(),
            key: key.to_string(),
            upload_id: upload.to_string(),
            parts: parts.filter_map(stored_part).collect(),
            is_truncated,
            next_part_number_marker: next.and_then(|n| n.parse().ok()).filter(|_| is_truncated),
            initiator: answer.initiator.map(person),
            abort_date: answer.abort_date.as_ref().and_then(translate::timestamp),
            checksum_algorithm: answer.checksum_algorithm.as_ref().map(word),
        })
    }

    /// One page of the uploads of a bucket that are not completed yet.
    pub async fn list_uploads(
        &self,
        bucket: &BucketName,
        query: &ListUploadsQuery,
    ) -> Result<UploadPage, Error> {
        let given = |s: &Option<String>| s.clone().filter(|s| !s.is_empty());
        let max_uploads = query
            .max_uploads
            .map(|n| i32::try_from(n).unwrap_or(i32::MAX));
        let call = self
            .client
            .list_multipart_uploads()
            .bucket(bucket.as_str())
            .set_prefix(given(&query.prefix))
            .set_key_marker(given(&query.key_marker))
            .set_upload_id_marker(given(&query.upload_id_marker))
            .set_max_uploads(max_uploads)
            // Keys may hold characters that XML cannot carry.
            .encoding_type(EncodingType::Url)
            .send();
        let resource = Resource::Bucket(bucket.clone());
        let answer = self.limited(resource.clone(), call).await?;
        if answer.bucket.is_none() {
            return Err(translate::incomplete(resource, "not a list of uploads"));
        }
        let encoded = answer.encoding_type() == Some(&EncodingType::Url);
        let is_truncated = answer.is_truncated.unwrap_or_default();
        let next = |marker: Option<String>| marker.filter(|m| is_truncated && !m.is_empty());
        let uploads = answer.uploads.unwrap_or_default().into_iter();
        Ok(UploadPage {
            bucket: bucket.to_string(),
            uploads: uploads
                .filter_map(|upload| open_upload(upload, encoded))
                .collect(),
            is_truncated,
            next_key_marker: next(answer.next_key_marker)
                .map(|key| translate::decoded(key, encoded)),
            next_upload_id_marker: next(answer.next_upload_id_marker),
            expires: None,
        })
    }
}

/// `Content-MD5` goes with a request, not with an upload: no store wants to know of it before.
fn announced(algorithm: ChecksumAlgorithm) -> Option<SdkAlgorithm> {
    match algorithm {
        ChecksumAlgorithm::Crc32c => Some(SdkAlgorithm::Crc32C),
        ChecksumAlgorithm::Md5 => None,
    }
}

fn open_upload(upload: MultipartUpload, encoded: bool) -> Option<OpenUpload> {
    Some(OpenUpload {
        key: translate::decoded(upload.key?, encoded),
        upload_id: upload.upload_id?,
        initiated: upload.initiated.as_ref().and_then(translate::timestamp),
        storage_class: upload.storage_class.map(|class| class.as_str().to_owned()),
        initiator: upload.initiator.map(person),
        abort_date: None,
        checksum_algorithm: upload.checksum_algorithm.as_ref().map(word),
    })
}

fn word(algorithm: &SdkAlgorithm) -> String {
    algorithm.as_str().to_owned()
}

fn person(initiator: Initiator) -> Owner {
    Owner {
        display_name: initiator.display_name,
        id: initiator.id,
    }
}

fn stored_part(part: aws_sdk_s3::types::Part) -> Option<Part> {
    Some(Part {
        part_number: PartNumber::new(u32::try_from(part.part_number?).ok()?).ok()?,
        size: translate::size(part.size),
        last_modified: part.last_modified.as_ref().and_then(translate::timestamp),
        etag: part.e_tag,
        checksum_crc32c: part.checksum_crc32_c,
    })
}

/// The SDK counts parts in signed numbers.
pub(super) fn number(part: PartNumber) -> i32 {
    i32::try_from(part.get()).unwrap_or(i32::MAX)
}
