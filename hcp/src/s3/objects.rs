//! Objects: listing, storing, copying, deleting.

use std::collections::HashSet;

use aws_sdk_s3::{
    operation::list_objects_v2::ListObjectsV2Output,
    types::{Delete, EncodingType, ObjectIdentifier},
};
use model::{
    BucketName, ChecksumAlgorithm, ObjectKey,
    attributes::Attributes,
    object::{DeletionError, ListObjectsQuery, Object, ObjectPage},
};

use super::{Body, S3, attributes::WithAttributes, content_md5::ContentMd5, translate};
use crate::{Error, Resource};

/// How an object is stored.
#[derive(Clone, Debug, Default)]
pub struct PutOptions {
    /// The media type; the store's own guess when absent.
    pub content_type: Option<String>,
    /// How it is encoded, such as `gzip`.
    pub content_encoding: Option<String>,
    /// How a browser should take it.
    pub content_disposition: Option<String>,
    /// How it may be cached.
    pub cache_control: Option<String>,
    /// The person's own metadata, tags, access and retention.
    pub attributes: Attributes,
    /// Which checksum the parts will carry; of uploads in parts alone.
    pub checksum_algorithm: Option<ChecksumAlgorithm>,
    /// Whether it is stored only if nothing has the key, where the store knows conditions. Of objects
    /// that are stored at once; an upload in parts is asked when it is completed.
    pub only_if_new: bool,
}

/// What was stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// The entity tag, with its quotes. A store always gives one.
    pub etag: Option<String>,
    /// The version, where the bucket has versions.
    pub version_id: Option<String>,
}

/// A key that was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// The key.
    pub key: String,
    /// The version of the delete marker that hides it now, where one was made.
    pub marker: Option<String>,
}

impl Stored {
    /// Believes that something was stored only where there is an entity tag: a proxy may say 200 too.
    pub(super) fn new(
        resource: Resource,
        etag: Option<String>,
        version_id: Option<String>,
    ) -> Result<Self, Error> {
        if etag.is_none() {
            return Err(translate::incomplete(resource, "no entity tag"));
        }
        Ok(Self { etag, version_id })
    }
}

impl S3 {
    /// One page of a listing, with owners.
    pub async fn list_objects(
        &self,
        bucket: &BucketName,
        query: &ListObjectsQuery,
    ) -> Result<ObjectPage, Error> {
        let given = |s: &Option<String>| s.clone().filter(|s| !s.is_empty());
        let max_keys = query.max_keys.map(|n| i32::try_from(n).unwrap_or(i32::MAX));
        let call = self
            .client
            .list_objects_v2()
            .bucket(bucket.as_str())
            .set_prefix(given(&query.prefix))
            .set_delimiter(given(&query.delimiter))
            .set_continuation_token(given(&query.continuation_token))
            .set_start_after(given(&query.start_after))
            .set_max_keys(max_keys)
            // Keys may hold characters that XML cannot carry.
            .encoding_type(EncodingType::Url)
            .fetch_owner(true)
            .send();
        let resource = Resource::Bucket(bucket.clone());
        let answer = self.limited(resource.clone(), call).await?;
        // Every listing repeats the bucket's name; the page of a proxy does not.
        if answer.name.is_none() {
            return Err(translate::incomplete(resource, "not a list of objects"));
        }
        Ok(page(answer))
    }

    /// Stores an object. A stream is sent once; bytes in memory again when the connection breaks.
    pub async fn put_object(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        body: Body,
        options: PutOptions,
    ) -> Result<Stored, Error> {
        let resource = Resource::Object(key.clone());
        let call = self
            .client
            .put_object()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .content_length(length(&body, &resource)?)
            .set_content_type(options.content_type)
            .set_content_encoding(options.content_encoding)
            .set_content_disposition(options.content_disposition)
            .set_cache_control(options.cache_control)
            .set_if_none_match(options.only_if_new.then(|| "*".to_owned()))
            .body(body.into_stream())
            .customize()
            .interceptor(WithAttributes(options.attributes))
            .send();
        let answer = Box::pin(call)
            .await
            .map_err(|e| translate::error(resource.clone(), e))?;
        Stored::new(resource, answer.e_tag, answer.version_id)
    }

    /// Removes an object, or one version of it. One that is not there is fine.
    pub async fn delete_object(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        version_id: Option<&str>,
    ) -> Result<(), Error> {
        self.delete_object_telling(bucket, key, version_id, None)
            .await?;
        Ok(())
    }

    /// Removes an object as long as it has this entity tag (`If-Match`); else the store refuses with
    /// [`ErrorKind::PreconditionFailed`](crate::ErrorKind::PreconditionFailed). For stores with conditional
    /// writes: HCP ignores the condition.
    pub async fn delete_object_if(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        etag: &str,
    ) -> Result<(), Error> {
        self.delete_object_telling(bucket, key, None, Some(etag))
            .await?;
        Ok(())
    }

    async fn delete_object_telling(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        version_id: Option<&str>,
        etag: Option<&str>,
    ) -> Result<Deleted, Error> {
        let call = self
            .client
            .delete_object()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .set_version_id(version_id.map(str::to_owned))
            .set_if_match(etag.map(str::to_owned))
            .send();
        let answer = self.limited(Resource::Object(key.clone()), call).await?;
        let marked = answer.delete_marker == Some(true) && version_id.is_none();
        Ok(Deleted {
            key: key.to_string(),
            marker: answer.version_id.filter(|_| marked),
        })
    }

    /// Removes up to 1,000 objects: the keys that are gone, and the ones that are not.
    pub async fn delete_objects(
        &self,
        bucket: &BucketName,
        keys: &[String],
    ) -> Result<(Vec<String>, Vec<DeletionError>), Error> {
        let (deleted, errors) = self.delete_objects_telling(bucket, keys).await?;
        Ok((deleted.into_iter().map(|d| d.key).collect(), errors))
    }

    /// The same, with the delete markers that were made.
    ///
    /// One call does it, but for keys with characters that XML cannot carry: those go one by one.
    pub async fn delete_objects_telling(
        &self,
        bucket: &BucketName,
        keys: &[String],
    ) -> Result<(Vec<Deleted>, Vec<DeletionError>), Error> {
        let (together, alone): (Vec<_>, Vec<_>) = keys
            .iter()
            .cloned()
            .partition(|key| key.chars().all(fits_xml));
        let (mut deleted, mut errors) = if together.is_empty() {
            Default::default()
        } else {
            self.delete_together(bucket, &together).await?
        };
        for name in alone {
            let refused = |code: Option<&str>, message: String| DeletionError {
                key: name.clone(),
                code: code.map(str::to_owned),
                message: Some(message),
            };
            let failed = match ObjectKey::parse(name.as_str()) {
                Ok(key) => match self.delete_object_telling(bucket, &key, None, None).await {
                    Ok(done) => {
                        deleted.push(done);
                        continue;
                    }
                    Err(e) if e.store_code().is_some() => refused(e.store_code(), e.to_string()),
                    Err(e) => return Err(e),
                },
                Err(e) => refused(None, e.to_string()),
            };
            errors.push(failed);
        }
        Ok((deleted, errors))
    }

    async fn delete_together(
        &self,
        bucket: &BucketName,
        keys: &[String],
    ) -> Result<(Vec<Deleted>, Vec<DeletionError>), Error> {
        let resource = Resource::Bucket(bucket.clone());
        let objects = keys
            .iter()
            .map(|key| ObjectIdentifier::builder().key(key).build())
            .collect::<Result<Vec<_>, _>>()
            .and_then(|objects| Delete::builder().set_objects(Some(objects)).build())
            .map_err(|e| translate::invalid(resource.clone(), e))?;
        let call = self
            .client
            .delete_objects()
            .bucket(bucket.as_str())
            .delete(objects)
            .customize()
            .interceptor(ContentMd5)
            .send();
        let answer = self.limited(resource, call).await?;
        let deleted = answer.deleted.unwrap_or_default().into_iter();
        let deleted: Vec<_> = deleted
            .filter_map(|d| {
                let marked = d.delete_marker == Some(true);
                Some(Deleted {
                    key: d.key?,
                    marker: d.delete_marker_version_id.filter(|_| marked),
                })
            })
            .collect();
        let errors = answer.errors.unwrap_or_default().into_iter();
        let mut errors: Vec<_> = errors
            .map(|e| DeletionError {
                key: e.key.unwrap_or_default(),
                code: e.code,
                message: e.message,
            })
            .collect();
        errors.extend(unsaid(keys, &deleted, &errors));
        Ok((deleted, errors))
    }
}

/// Whether XML carries a character there and back unchanged.
pub(super) fn fits_xml(c: char) -> bool {
    match c {
        '\t' | '\n' => true,
        // A parser turns it into a line feed.
        '\r' => false,
        _ => c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'),
    }
}

/// The keys of which the store said nothing: nobody may take them for deleted.
fn unsaid(keys: &[String], deleted: &[Deleted], errors: &[DeletionError]) -> Vec<DeletionError> {
    let refused = errors.iter().map(|e| e.key.as_str());
    let gone = deleted.iter().map(|d| d.key.as_str());
    let said: HashSet<&str> = gone.chain(refused).collect();
    keys.iter()
        .filter(|key| !said.contains(key.as_str()))
        .map(|key| DeletionError {
            key: key.clone(),
            code: None,
            message: Some("the store did not say what became of it".to_owned()),
        })
        .collect()
}

/// The announced length.
pub(super) fn length(body: &Body, resource: &Resource) -> Result<i64, Error> {
    i64::try_from(body.len()).map_err(|e| translate::invalid(resource.clone(), e))
}

fn page(answer: ListObjectsV2Output) -> ObjectPage {
    let encoded = answer.encoding_type() == Some(&EncodingType::Url);
    let plain = |text: String| translate::decoded(text, encoded);
    let objects: Vec<_> = answer
        .contents
        .unwrap_or_default()
        .into_iter()
        .filter_map(|object| {
            Some(Object {
                key: plain(object.key?),
                size: translate::size(object.size).unwrap_or_default(),
                last_modified: object.last_modified.as_ref().and_then(translate::timestamp),
                etag: object.e_tag,
                storage_class: object.storage_class.map(|c| c.as_str().to_owned()),
                owner: translate::owner(object.owner),
            })
        })
        .collect();
    let common_prefixes: Vec<_> = answer
        .common_prefixes
        .unwrap_or_default()
        .into_iter()
        .filter_map(|p| p.prefix.map(plain))
        .collect();
    let counted = objects.len() + common_prefixes.len();
    ObjectPage {
        key_count: u32::try_from(counted).unwrap_or(u32::MAX),
        is_truncated: answer.is_truncated.unwrap_or_default(),
        next_continuation_token: answer.next_continuation_token.filter(|t| !t.is_empty()),
        objects,
        common_prefixes,
        ..ObjectPage::default()
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::types::{CommonPrefix, Object as Listed};

    use super::*;

    #[test]
    fn listed_keys_are_decoded_only_where_the_store_encoded_them() {
        let listed = |key: &str| Listed::builder().key(key).size(3).build();
        let answer = ListObjectsV2Output::builder()
            .contents(listed("a+b%2Bc%01%C3%A9/100%25"))
            .common_prefixes(CommonPrefix::builder().prefix("x%20y/").build());
        let coded = page(answer.clone().encoding_type(EncodingType::Url).build());
        assert_eq!(coded.objects[0].key, "a b+c\u{1}é/100%");
        assert_eq!(coded.common_prefixes, ["x y/"]);
        assert_eq!(coded.key_count, 2);
        let plain = page(answer.build());
        assert_eq!(plain.objects[0].key, "a+b%2Bc%01%C3%A9/100%25");
    }
}
