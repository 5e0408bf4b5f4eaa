//! The tags of objects.

use aws_sdk_s3::types::{Tag, Tagging};
use model::{BucketName, ObjectKey, id::fits_xml, tags::Tags};

use super::{S3, content_md5::ContentMd5, translate};
use crate::{Error, Resource};

impl S3 {
    /// An object's tags.
    pub async fn object_tags(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        version: Option<&str>,
    ) -> Result<Tags, Error> {
        let call = self
            .client
            .get_object_tagging()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .set_version_id(version.map(str::to_owned))
            .send();
        let answer = self.limited(Resource::Object(key.clone()), call).await?;
        let tags = answer.tag_set.into_iter().map(|tag| (tag.key, tag.value));
        Ok(Tags {
            tags: tags.collect(),
        })
    }

    /// Replaces an object's tags.
    pub async fn set_object_tags(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        version: Option<&str>,
        tags: &Tags,
    ) -> Result<(), Error> {
        let resource = Resource::Object(key.clone());
        // A store that takes them could never tell them again.
        let carried = |(name, value): (&String, &String)| fits_xml(name) && fits_xml(value);
        if !tags.tags.iter().all(carried) {
            return Err(translate::invalid(
                resource,
                "a tag with control characters",
            ));
        }
        let tagging = document(tags).map_err(|e| translate::invalid(resource.clone(), e))?;
        let call = self
            .client
            .put_object_tagging()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .set_version_id(version.map(str::to_owned))
            .tagging(tagging)
            .customize()
            .interceptor(ContentMd5)
            .send();
        self.limited(resource, call).await?;
        Ok(())
    }

    /// Removes an object's tags.
    pub async fn delete_object_tags(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
        version: Option<&str>,
    ) -> Result<(), Error> {
        let call = self
            .client
            .delete_object_tagging()
            .bucket(bucket.as_str())
            .key(key.as_str())
            .set_version_id(version.map(str::to_owned))
            .send();
        self.limited(Resource::Object(key.clone()), call).await?;
        Ok(())
    }
}

fn document(tags: &Tags) -> Result<Tagging, aws_sdk_s3::error::BuildError> {
    let set = tags
        .tags
        .iter()
        .map(|(name, value)| Tag::builder().key(name).value(value).build())
        .collect::<Result<Vec<_>, _>>()?;
    Tagging::builder().set_tag_set(Some(set)).build()
}
