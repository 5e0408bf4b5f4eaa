//! Tags of objects and buckets.

use std::collections::BTreeMap;

use s3s::{
    S3Request, S3Result,
    dto::{
        DeleteBucketTaggingInput, DeleteBucketTaggingOutput, DeleteObjectTaggingInput,
        DeleteObjectTaggingOutput, GetBucketTaggingInput, GetBucketTaggingOutput,
        GetObjectTaggingInput, GetObjectTaggingOutput, PutBucketTaggingInput,
        PutBucketTaggingOutput, PutObjectTaggingInput, PutObjectTaggingOutput, Tag,
    },
    s3_error,
};

use model::id::fits_xml;

use super::{Gateway, auth::caller, error::fail, versions};
use crate::{
    access::{Caller, Permissions},
    store::{
        buckets,
        objects::{self, Attributes},
    },
};

/// The bounds of S3: tags of an object, tags of a bucket, characters of a key and of a value.
const OBJECT_TAGS_MAX: usize = 10;
const BUCKET_TAGS_MAX: usize = 50;
const KEY_MAX: usize = 128;
const VALUE_MAX: usize = 256;

type Tags = BTreeMap<String, String>;

/// Checks tags and puts them in order.
fn checked(tags: impl IntoIterator<Item = (String, String)>, most: usize) -> S3Result<Tags> {
    let mut checked = Tags::new();
    for (key, value) in tags {
        let fits = (1..=KEY_MAX).contains(&key.chars().count())
            && value.chars().count() <= VALUE_MAX
            && !key.starts_with("aws:")
            && fits_xml(&key)
            && fits_xml(&value);
        if !fits {
            return Err(s3_error!(
                InvalidTag,
                "A tag has a key of 1 to 128 characters, which does not begin with `aws:`, and a \
                 value of at most 256, both without control characters."
            ));
        }
        if checked.insert(key, value).is_some() {
            return Err(s3_error!(
                InvalidTag,
                "Cannot provide multiple Tags with the same key"
            ));
        }
    }
    if checked.len() > most {
        return Err(s3_error!(InvalidTag, "There can be at most {most} tags."));
    }
    Ok(checked)
}

/// Reads the header `x-amz-tagging`: pairs as in a query.
pub(super) fn from_header(header: Option<&str>) -> S3Result<Tags> {
    let Some(header) = header else {
        return Ok(Tags::new());
    };
    let pairs = form_urlencoded::parse(header.as_bytes()).into_owned();
    checked(pairs, OBJECT_TAGS_MAX)
}

fn from_document(set: Vec<Tag>, most: usize) -> S3Result<Tags> {
    let mut pairs = Vec::with_capacity(set.len());
    for tag in set {
        match (tag.key, tag.value) {
            (Some(key), Some(value)) => pairs.push((key, value)),
            _ => return Err(s3_error!(MalformedXML, "A tag has a key and a value.")),
        }
    }
    checked(pairs, most)
}

fn document(tags: Tags) -> Vec<Tag> {
    let tag = |(key, value)| Tag {
        key: Some(key),
        value: Some(value),
    };
    tags.into_iter().map(tag).collect()
}

impl Gateway {
    fn offers_tags(&self) -> S3Result<()> {
        if self.habits.extensions {
            Ok(())
        } else {
            Err(s3_error!(NotImplemented))
        }
    }

    pub(super) async fn show_tags(
        &self,
        request: S3Request<GetObjectTaggingInput>,
    ) -> S3Result<GetObjectTaggingOutput> {
        self.offers_tags()?;
        let caller = caller(&request)?;
        let input = request.input;
        let version = versions::parse(input.version_id.as_deref())?;
        let habits = self.habits;
        let (tags, version_id) = self
            .store
            .read(move |connection| {
                let bucket = buckets::open(connection, &caller, &input.bucket)?;
                caller.reach(&input.key)?;
                let object = objects::find(connection, &bucket, &input.key, version)?;
                object.granted(&bucket, &caller).need(Permissions::READ)?;
                let name = versions::name_in(&habits, &bucket, (&object).into());
                Ok((object.attributes.tags, name))
            })
            .await
            .map_err(fail)?;
        Ok(GetObjectTaggingOutput {
            tag_set: document(tags),
            version_id,
        })
    }

    pub(super) async fn set_tags(
        &self,
        request: S3Request<PutObjectTaggingInput>,
    ) -> S3Result<PutObjectTaggingOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let tags = from_document(input.tagging.tag_set, OBJECT_TAGS_MAX)?;
        let version_id = self
            .write_tags(caller, input.bucket, input.key, input.version_id, tags)
            .await?;
        Ok(PutObjectTaggingOutput { version_id })
    }

    pub(super) async fn remove_tags(
        &self,
        request: S3Request<DeleteObjectTaggingInput>,
    ) -> S3Result<DeleteObjectTaggingOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let version_id = self
            .write_tags(
                caller,
                input.bucket,
                input.key,
                input.version_id,
                Tags::new(),
            )
            .await?;
        Ok(DeleteObjectTaggingOutput { version_id })
    }

    async fn write_tags(
        &self,
        caller: Caller,
        bucket: String,
        key: String,
        version: Option<String>,
        tags: Tags,
    ) -> S3Result<Option<String>> {
        self.offers_tags()?;
        let version = versions::parse(version.as_deref())?;
        let (habits, now) = (self.habits, self.clock.now_ms());
        self.store
            .write(move |write| {
                let bucket = buckets::open(write.connection, &caller, &bucket)?;
                caller.reach(&key)?;
                let object = objects::find(write.connection, &bucket, &key, version)?;
                object.granted(&bucket, &caller).need(Permissions::WRITE)?;
                let name = versions::name_in(&habits, &bucket, (&object).into());
                let attributes = Attributes {
                    tags,
                    ..object.attributes
                };
                objects::set_attributes(write.connection, object.id, &attributes, now)?;
                Ok(name)
            })
            .await
            .map_err(fail)
    }

    pub(super) async fn show_bucket_tags(
        &self,
        request: S3Request<GetBucketTaggingInput>,
    ) -> S3Result<GetBucketTaggingOutput> {
        self.offers_tags()?;
        let caller = caller(&request)?;
        let bucket = self
            .bucket(&caller, request.input.bucket, Permissions::BROWSE)
            .await?;
        if bucket.tags.is_empty() {
            return Err(s3_error!(NoSuchTagSet, "The TagSet does not exist"));
        }
        Ok(GetBucketTaggingOutput {
            tag_set: document(bucket.tags),
        })
    }

    pub(super) async fn set_bucket_tags(
        &self,
        request: S3Request<PutBucketTaggingInput>,
    ) -> S3Result<PutBucketTaggingOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let tags = from_document(input.tagging.tag_set, BUCKET_TAGS_MAX)?;
        self.write_bucket_tags(caller, input.bucket, tags).await?;
        Ok(PutBucketTaggingOutput::default())
    }

    pub(super) async fn remove_bucket_tags(
        &self,
        request: S3Request<DeleteBucketTaggingInput>,
    ) -> S3Result<DeleteBucketTaggingOutput> {
        let caller = caller(&request)?;
        let bucket = request.input.bucket;
        self.write_bucket_tags(caller, bucket, Tags::new()).await?;
        Ok(DeleteBucketTaggingOutput::default())
    }

    async fn write_bucket_tags(&self, caller: Caller, bucket: String, tags: Tags) -> S3Result<()> {
        self.offers_tags()?;
        self.store
            .write(move |write| {
                let bucket = buckets::open_as_owner(write.connection, &caller, &bucket)?;
                buckets::set_tags(write.connection, bucket.id, &tags)
            })
            .await
            .map_err(fail)
    }
}
