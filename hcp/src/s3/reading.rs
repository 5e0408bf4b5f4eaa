//! Reading an object, or only its head.

use std::{
    collections::BTreeMap,
    pin::Pin,
    task::{Context, Poll},
};

use aws_sdk_s3::{
    operation::{get_object::GetObjectOutput, head_object::HeadObjectOutput},
    primitives::{DateTime, DateTimeFormat},
    types::ChecksumMode,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use futures::Stream;
use http_body::{Frame, SizeHint};
use model::{BucketName, ObjectKey, Timestamp};

use super::{S3, protected::Protected, translate};
use crate::{Error, Resource};

/// On what a read depends, as the headers of a request say it. Dates that are not HTTP dates are
/// ignored, as HTTP wants.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// `If-Match`.
    pub if_match: Option<String>,
    /// `If-None-Match`.
    pub if_none_match: Option<String>,
    /// `If-Modified-Since`.
    pub if_modified_since: Option<String>,
    /// `If-Unmodified-Since`.
    pub if_unmodified_since: Option<String>,
}

/// What to read of an object, and on what condition.
#[derive(Clone, Debug, Default)]
pub struct GetOptions {
    /// An older version.
    pub version_id: Option<String>,
    /// `Range`, as the request has it.
    pub range: Option<String>,
    /// `If-Match`.
    pub if_match: Option<String>,
    /// `If-None-Match`.
    pub if_none_match: Option<String>,
    /// `If-Modified-Since`.
    pub if_modified_since: Option<String>,
    /// `If-Unmodified-Since`.
    pub if_unmodified_since: Option<String>,
}

/// What a store tells about an object beside its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectHead {
    /// Bytes of the answer: of the range, where one was asked for.
    pub size: u64,
    /// The media type.
    pub content_type: Option<String>,
    /// How it is encoded, such as `gzip`.
    pub content_encoding: Option<String>,
    /// The language.
    pub content_language: Option<String>,
    /// How a browser should take it.
    pub content_disposition: Option<String>,
    /// How it may be cached.
    pub cache_control: Option<String>,
    /// The entity tag, with its quotes.
    pub etag: Option<String>,
    /// When it was stored.
    pub last_modified: Option<Timestamp>,
    /// The version, where the bucket has versions.
    pub version_id: Option<String>,
    /// The storage class, where it is told.
    pub storage_class: Option<String>,
    /// Whether the store says that it encrypts the object: its entity tag is then no MD5.
    pub encrypted: bool,
    /// Checksums by algorithm, in base64: told where they were asked for.
    pub checksums: BTreeMap<&'static str, String>,
    /// How far it is copied to another store, in the store's word.
    pub replication: Option<String>,
    /// When and by which rule it goes by itself, in the store's words.
    pub expiration: Option<String>,
    /// The person's own metadata (`x-amz-meta-…`), names in lower case.
    pub metadata: BTreeMap<String, String>,
    /// What keeps it from being changed, header by header ([`PROTECTION_HEADERS`](model::upload::PROTECTION_HEADERS), and labels): told where it
    /// was only looked at.
    pub protection: BTreeMap<&'static str, String>,
}

/// An object that is being read.
#[derive(Debug)]
pub struct ObjectStream {
    /// What it is.
    pub head: ObjectHead,
    /// `Content-Range`, when only a range comes (206).
    pub content_range: Option<String>,
    /// The bytes.
    pub body: ObjectBody,
}

/// The bytes of an object as they arrive: both an HTTP body and a stream.
///
/// It fails when the store breaks off before the announced end, so that half an object is never
/// taken for a whole one.
#[derive(Debug)]
pub struct ObjectBody {
    inner: SdkBody,
    key: ObjectKey,
}

impl S3 {
    /// What an object is, without its bytes.
    pub async fn head_object(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        version_id: Option<&str>,
        conditions: &Conditions,
    ) -> Result<ObjectHead, Error> {
        self.head(bucket, key, version_id, conditions, None).await
    }

    /// What an object is, with the checksums that the store keeps.
    pub async fn describe_object(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        version_id: Option<&str>,
    ) -> Result<ObjectHead, Error> {
        let mode = Some(ChecksumMode::Enabled);
        self.head(bucket, key, version_id, &Conditions::default(), mode)
            .await
    }

    async fn head(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        version_id: Option<&str>,
        conditions: &Conditions,
        checksums: Option<ChecksumMode>,
    ) -> Result<ObjectHead, Error> {
        let conditions = conditions.clone();
        let heard = Protected::default();
        let call = self
            .client
            .head_object()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .set_version_id(version_id.map(str::to_owned))
            .set_checksum_mode(checksums)
            .set_if_match(conditions.if_match)
            .set_if_none_match(conditions.if_none_match)
            .set_if_modified_since(http_date(conditions.if_modified_since.as_deref()))
            .set_if_unmodified_since(http_date(conditions.if_unmodified_since.as_deref()))
            .customize()
            .interceptor(heard.clone())
            .send();
        let answer = self.limited(Resource::Object(key.clone()), call).await?;
        Ok(ObjectHead {
            protection: heard.take(),
            ..ObjectHead::from(answer)
        })
    }

    /// Begins to read an object. The limit is for the answer's head; the bytes may take their time.
    pub async fn get_object(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        options: GetOptions,
    ) -> Result<ObjectStream, Error> {
        let call = self
            .client
            .get_object()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .set_version_id(options.version_id)
            .set_range(options.range)
            .set_if_match(options.if_match)
            .set_if_none_match(options.if_none_match)
            .set_if_modified_since(http_date(options.if_modified_since.as_deref()))
            .set_if_unmodified_since(http_date(options.if_unmodified_since.as_deref()))
            .send();
        let mut answer = self.limited(Resource::Object(key.clone()), call).await?;
        let body = std::mem::take(&mut answer.body);
        Ok(ObjectStream {
            content_range: answer.content_range.take(),
            head: ObjectHead::from(answer),
            body: ObjectBody {
                inner: body.into_inner(),
                key: key.clone(),
            },
        })
    }
}

/// Both answers have the same fields, but no type in common.
macro_rules! object_head {
    ($answer:ident) => {
        ObjectHead {
            size: translate::size($answer.content_length).unwrap_or_default(),
            last_modified: $answer
                .last_modified
                .as_ref()
                .and_then(translate::timestamp),
            content_type: $answer.content_type,
            content_encoding: $answer.content_encoding,
            content_language: $answer.content_language,
            content_disposition: $answer.content_disposition,
            cache_control: $answer.cache_control,
            etag: $answer.e_tag,
            version_id: $answer.version_id,
            storage_class: $answer.storage_class.map(|c| c.as_str().to_owned()),
            encrypted: $answer.server_side_encryption.is_some()
                || $answer.sse_customer_algorithm.is_some(),
            checksums: [
                ("crc32", $answer.checksum_crc32),
                ("crc32c", $answer.checksum_crc32_c),
                ("crc64nvme", $answer.checksum_crc64_nvme),
                ("sha1", $answer.checksum_sha1),
                ("sha256", $answer.checksum_sha256),
            ]
            .into_iter()
            .filter_map(|(algorithm, sum)| Some((algorithm, sum?)))
            .collect(),
            replication: $answer
                .replication_status
                .map(|status| status.as_str().to_owned()),
            expiration: $answer.expiration,
            metadata: $answer.metadata.unwrap_or_default().into_iter().collect(),
            protection: BTreeMap::new(),
        }
    };
}

impl From<HeadObjectOutput> for ObjectHead {
    fn from(answer: HeadObjectOutput) -> Self {
        object_head!(answer)
    }
}

impl From<GetObjectOutput> for ObjectHead {
    fn from(answer: GetObjectOutput) -> Self {
        object_head!(answer)
    }
}

fn http_date(text: Option<&str>) -> Option<DateTime> {
    DateTime::from_str(text?, DateTimeFormat::HttpDate).ok()
}

impl http_body::Body for ObjectBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = &mut *self;
        Pin::new(&mut this.inner).poll_frame(cx).map(|frame| {
            let failed = |e| Error::broken(Resource::Object(this.key.clone()), e);
            frame.map(|frame| frame.map_err(failed))
        })
    }

    fn is_end_stream(&self) -> bool {
        http_body::Body::is_end_stream(&self.inner)
    }

    fn size_hint(&self) -> SizeHint {
        http_body::Body::size_hint(&self.inner)
    }
}

impl Stream for ObjectBody {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match http_body::Body::poll_frame(self.as_mut(), cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Err(e))) => return Poll::Ready(Some(Err(e))),
                // Trailers are not of the object.
                Poll::Ready(Some(Ok(frame))) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_are_none_are_ignored() {
        let date = http_date(Some("Thu, 23 Mar 2017 14:27:05 GMT")).unwrap();
        assert_eq!(date.secs(), 1_490_279_225);
        assert_eq!(http_date(Some("yesterday")), None);
        assert_eq!(http_date(None), None);
    }
}
