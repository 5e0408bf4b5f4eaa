//! Versions: whether a bucket keeps them, which there are, and deleting some.

use aws_sdk_s3::{
    operation::list_object_versions::ListObjectVersionsOutput,
    types::{
        BucketVersioningStatus, Delete, EncodingType, MfaDeleteStatus, ObjectIdentifier,
        VersioningConfiguration,
    },
};
use model::{
    BucketName, ObjectKey,
    object::DeletionError,
    version::{
        DeleteMarker, ListVersionsQuery, ObjectVersion, VersionPage, Versioning, VersioningStatus,
    },
};

use super::{S3, content_md5::ContentMd5, objects::fits_xml, translate};
use crate::{Error, Resource};

impl S3 {
    /// Whether a bucket keeps versions.
    pub async fn versioning(&self, bucket: &BucketName) -> Result<Versioning, Error> {
        let call = self
            .client
            .get_bucket_versioning()
            .bucket(bucket.as_str())
            .send();
        let answer = self.limited(Resource::Bucket(bucket.clone()), call).await?;
        Ok(Versioning {
            status: answer.status.map(|status| status.as_str().to_owned()),
            mfa_delete: answer
                .mfa_delete
                .as_ref()
                .map(MfaDeleteStatus::as_str)
                .map(str::to_owned),
        })
    }

    /// Has a bucket keep versions, or stop doing so.
    pub async fn set_versioning(
        &self,
        bucket: &BucketName,
        status: VersioningStatus,
    ) -> Result<(), Error> {
        let document = VersioningConfiguration::builder()
            .status(BucketVersioningStatus::from(status.as_str()))
            .build();
        let call = self
            .client
            .put_bucket_versioning()
            .bucket(bucket.as_str())
            .versioning_configuration(document)
            .customize()
            .interceptor(ContentMd5)
            .send();
        self.limited(Resource::Bucket(bucket.clone()), call).await?;
        Ok(())
    }

    /// One page of versions and delete markers.
    pub async fn list_versions(
        &self,
        bucket: &BucketName,
        query: &ListVersionsQuery,
    ) -> Result<VersionPage, Error> {
        let given = |s: &Option<String>| s.clone().filter(|s| !s.is_empty());
        let max_keys = query.max_keys.map(|n| i32::try_from(n).unwrap_or(i32::MAX));
        let call = self
            .client
            .list_object_versions()
            .bucket(bucket.as_str())
            .set_prefix(given(&query.prefix))
            .set_delimiter(given(&query.delimiter))
            .set_key_marker(given(&query.key_marker))
            .set_version_id_marker(given(&query.version_id_marker))
            .set_max_keys(max_keys)
            // Keys may hold characters that XML cannot carry.
            .encoding_type(EncodingType::Url)
            .send();
        let resource = Resource::Bucket(bucket.clone());
        let answer = self.limited(resource.clone(), call).await?;
        if answer.name.is_none() {
            return Err(translate::incomplete(resource, "not a list of versions"));
        }
        Ok(page(answer))
    }

    /// Deletes up to 1,000 versions for good. Returns those that could not be.
    pub async fn delete_versions(
        &self,
        bucket: &BucketName,
        versions: &[(String, String)],
    ) -> Result<Vec<DeletionError>, Error> {
        let refused = self.delete_versions_telling(bucket, versions).await?;
        Ok(refused.into_iter().map(|(error, _)| error).collect())
    }

    /// The same, with the version of each that could not be, where the store tells it.
    pub async fn delete_versions_telling(
        &self,
        bucket: &BucketName,
        versions: &[(String, String)],
    ) -> Result<Vec<(DeletionError, Option<String>)>, Error> {
        // XML cannot carry every key.
        let (together, alone): (Vec<_>, Vec<_>) = versions
            .iter()
            .partition(|(key, _)| key.chars().all(fits_xml));
        let mut errors = Vec::new();
        if !together.is_empty() {
            errors = self.delete_versions_together(bucket, &together).await?;
        }
        for (name, version) in alone {
            let Ok(key) = ObjectKey::parse(name.as_str()) else {
                continue;
            };
            match self.delete_object(bucket, &key, Some(version)).await {
                Ok(()) => {}
                Err(error) if error.store_code().is_some() => {
                    let refused = DeletionError {
                        key: name.clone(),
                        code: error.store_code().map(str::to_owned),
                        message: Some(error.to_string()),
                    };
                    errors.push((refused, Some(version.clone())));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(errors)
    }

    async fn delete_versions_together(
        &self,
        bucket: &BucketName,
        versions: &[&(String, String)],
    ) -> Result<Vec<(DeletionError, Option<String>)>, Error> {
        let resource = Resource::Bucket(bucket.clone());
        let document = versions
            .iter()
            .map(|(key, version)| {
                let object = ObjectIdentifier::builder().key(key).version_id(version);
                object.build()
            })
            .collect::<Result<Vec<_>, _>>()
            .and_then(|objects| {
                Delete::builder()
                    .set_objects(Some(objects))
                    .quiet(true)
                    .build()
            })
            .map_err(|error| translate::invalid(resource.clone(), error))?;
        let call = self
            .client
            .delete_objects()
            .bucket(bucket.as_str())
            .delete(document)
            .customize()
            .interceptor(ContentMd5)
            .send();
        let answer = self.limited(resource, call).await?;
        let errors = answer.errors.unwrap_or_default().into_iter();
        Ok(errors
            .map(|error| {
                let refused = DeletionError {
                    key: error.key.unwrap_or_default(),
                    code: error.code,
                    message: error.message,
                };
                (refused, error.version_id)
            })
            .collect())
    }
}

fn page(answer: ListObjectVersionsOutput) -> VersionPage {
    // What the store was asked to encode, and what it did not although it was.
    let encoded = answer.encoding_type == Some(EncodingType::Url);
    let text = |text: String| translate::decoded(text, encoded);
    let versions = answer.versions.unwrap_or_default().into_iter();
    let versions: Vec<_> = versions
        .filter_map(|version| {
            Some(ObjectVersion {
                is_latest: version.is_latest.unwrap_or_default(),
                last_modified: version.last_modified().and_then(translate::timestamp),
                size: translate::size(version.size).unwrap_or_default(),
                storage_class: version
                    .storage_class
                    .as_ref()
                    .map(|class| class.as_str().to_owned()),
                owner: translate::owner(version.owner),
                version_id: version.version_id.unwrap_or_else(|| "null".to_owned()),
                etag: version.e_tag,
                key: text(version.key?),
            })
        })
        .collect();
    let markers = answer.delete_markers.unwrap_or_default().into_iter();
    let delete_markers: Vec<_> = markers
        .filter_map(|marker| {
            Some(DeleteMarker {
                is_latest: marker.is_latest.unwrap_or_default(),
                last_modified: marker.last_modified().and_then(translate::timestamp),
                owner: translate::owner(marker.owner),
                version_id: marker.version_id.unwrap_or_else(|| "null".to_owned()),
                key: text(marker.key?),
            })
        })
        .collect();
    let prefixes = answer.common_prefixes.unwrap_or_default().into_iter();
    let given = |marker: Option<String>| marker.filter(|marker| !marker.is_empty());
    let is_truncated = answer.is_truncated.unwrap_or_default();
    VersionPage {
        key_count: u32::try_from(versions.len() + delete_markers.len()).unwrap_or(u32::MAX),
        versions,
        delete_markers,
        common_prefixes: prefixes.filter_map(|p| p.prefix.map(text)).collect(),
        is_truncated,
        next_key_marker: given(answer.next_key_marker)
            .map(text)
            .filter(|_| is_truncated),
        next_version_id_marker: given(answer.next_version_id_marker).filter(|_| is_truncated),
        ..VersionPage::default()
    }
}
