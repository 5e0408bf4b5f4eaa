//! Versioning of buckets, and names of versions.

use model::mapi::Role;
use s3s::{
    S3Request, S3Result,
    dto::{
        BucketVersioningStatus, CommonPrefix, DeleteMarkerEntry, ETag, GetBucketVersioningInput,
        GetBucketVersioningOutput, ListObjectVersionsInput, ListObjectVersionsOutput,
        ObjectVersion, ObjectVersionStorageClass, PutBucketVersioningInput,
        PutBucketVersioningOutput,
    },
    s3_error,
};

use super::{
    Gateway,
    auth::caller,
    error::fail,
    list::{self, Encoding, People},
};
use crate::{
    Error,
    access::Permissions,
    clock::from_ms,
    profile::Habits,
    store::{
        blobs::to_i64,
        buckets::{self, Bucket, Versioning},
        namespaces,
        objects::Version,
        tenants::Limits,
        version_listing::{self, Entry, Listed},
        versions::Named,
    },
};

/// How a version is called in answers.
pub(super) fn name(habits: &Habits, version: Named) -> String {
    if version.is_null && habits.null_version {
        "null".to_owned()
    } else {
        version.id.to_string()
    }
}

/// The name for an answer: buckets that never kept versions name none.
pub(super) fn name_in(habits: &Habits, bucket: &Bucket, version: Named) -> Option<String> {
    (bucket.versioning != Versioning::Never).then(|| name(habits, version))
}

/// Reads the name of a version. A number is written in one way alone: without sign, blanks, or zeros
/// in front.
pub(super) fn parse(name: Option<&str>) -> S3Result<Option<Version>> {
    match name {
        None | Some("") => Ok(None),
        Some("null") => Ok(Some(Version::Null)),
        Some(number) => match number.parse::<i64>() {
            Ok(id) if id >= 0 && id.to_string() == number => Ok(Some(Version::Number(id))),
            _ => Err(s3_error!(InvalidArgument, "Invalid version id specified")),
        },
    }
}

impl Gateway {
    pub(super) async fn show_versioning(
        &self,
        request: S3Request<GetBucketVersioningInput>,
    ) -> S3Result<GetBucketVersioningOutput> {
        let caller = caller(&request)?;
        let bucket = request.input.bucket;
        let bucket = self
            .store
            .read(move |connection| buckets::open_as_owner(connection, &caller, &bucket))
            .await
            .map_err(fail)?;
        let status = match bucket.versioning {
            Versioning::Never => None,
            Versioning::Enabled => Some(BucketVersioningStatus::ENABLED),
            Versioning::Suspended => Some(BucketVersioningStatus::SUSPENDED),
        };
        Ok(GetBucketVersioningOutput {
            status: status.map(BucketVersioningStatus::from_static),
            ..GetBucketVersioningOutput::default()
        })
    }

    pub(super) async fn set_versioning(
        &self,
        request: S3Request<PutBucketVersioningInput>,
    ) -> S3Result<PutBucketVersioningOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let status = input.versioning_configuration.status;
        let enabled = match status.as_ref().map(BucketVersioningStatus::as_str) {
            Some(BucketVersioningStatus::ENABLED) => true,
            Some(BucketVersioningStatus::SUSPENDED) => false,
            _ => {
                return Err(s3_error!(
                    MalformedXML,
                    "The status is `Enabled` or `Suspended`."
                ));
            }
        };
        self.store
            .write(move |write| {
                let bucket = buckets::open(write.connection, &caller, &input.bucket)?;
                // On HCP the administrators of the tenant may as well.
                let account = caller.own_account()?;
                if !bucket.is_of(&caller) && !account.has(Role::Administrator) {
                    return Err(Error::Denied("the bucket belongs to another account"));
                }
                let limits = Limits::of(write.connection, bucket.tenant_id)?;
                namespaces::keep_versions(write.connection, &bucket, enabled, &limits)
            })
            .await
            .map_err(fail)?;
        Ok(PutBucketVersioningOutput::default())
    }

    pub(super) async fn list_versions(
        &self,
        request: S3Request<ListObjectVersionsInput>,
    ) -> S3Result<ListObjectVersionsOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let encoding = Encoding::parse(input.encoding_type.as_ref())?;
        let max_keys = list::limit(input.max_keys)?;
        let after = parse(input.version_id_marker.as_deref())?;
        if after.is_some() && input.key_marker.as_deref().is_none_or(str::is_empty) {
            return Err(s3_error!(
                InvalidArgument,
                "A version-id marker cannot be specified without a key marker."
            ));
        }
        let query = list::query(
            input.prefix.as_ref(),
            input.delimiter.as_ref(),
            input.key_marker.clone().unwrap_or_default(),
            max_keys,
        );
        let newest_first = self.habits.newest_first;
        let bucket = input.bucket.clone();
        let now = self.clock.now_ms();
        let compared = self.store.compare_page(&caller, &bucket, &query, now);
        compared.await.map_err(fail)?;
        let (page, people) = self
            .store
            .read(move |connection| {
                let bucket = buckets::open(connection, &caller, &bucket)?;
                bucket.granted.need(Permissions::BROWSE)?;
                caller.reach(&query.prefix)?;
                let page =
                    version_listing::list(connection, bucket.id, &query, after, newest_first)?;
                let owners = page.entries.iter().filter_map(|entry| match entry {
                    Entry::Version(listed) => Some(listed.owner_id),
                    Entry::Prefix(_) => None,
                });
                let people = People::of(connection, owners)?;
                Ok((page, people))
            })
            .await
            .map_err(fail)?;
        let (next_key_marker, next_version_id_marker) = match page.entries.last() {
            // The number, also of the version that is called `null`: that name may pass on to
            // another before the next page is asked for.
            Some(Entry::Version(last)) if page.truncated => {
                (Some(encoding.write(&last.key)), Some(last.id.to_string()))
            }
            Some(Entry::Prefix(prefix)) if page.truncated => (Some(encoding.write(prefix)), None),
            _ => (None, None),
        };
        let mut output = ListObjectVersionsOutput {
            name: Some(input.bucket),
            prefix: Some(encoding.write(&input.prefix.unwrap_or_default())),
            key_marker: Some(encoding.write(&input.key_marker.unwrap_or_default())),
            version_id_marker: Some(input.version_id_marker.unwrap_or_default()),
            max_keys: Some(max_keys),
            is_truncated: Some(page.truncated),
            delimiter: encoding.write_option(input.delimiter),
            encoding_type: input.encoding_type,
            next_key_marker,
            next_version_id_marker,
            ..ListObjectVersionsOutput::default()
        };
        let (mut versions, mut markers, mut prefixes) = (Vec::new(), Vec::new(), Vec::new());
        for entry in page.entries {
            match entry {
                Entry::Prefix(prefix) => prefixes.push(CommonPrefix {
                    prefix: Some(encoding.write(&prefix)),
                }),
                Entry::Version(listed) if listed.is_marker => {
                    markers.push(self.marker(&listed, encoding, &people));
                }
                Entry::Version(listed) => versions.push(self.version(listed, encoding, &people)),
            }
        }
        output.versions = Some(versions);
        output.delete_markers = Some(markers);
        output.common_prefixes = Some(prefixes);
        Ok(output)
    }

    fn listed_name(&self, listed: &Listed) -> String {
        let named = Named {
            id: listed.id,
            is_null: listed.is_null,
        };
        name(&self.habits, named)
    }

    fn marker(&self, listed: &Listed, encoding: Encoding, people: &People) -> DeleteMarkerEntry {
        DeleteMarkerEntry {
            key: Some(encoding.write(&listed.key)),
            version_id: Some(self.listed_name(listed)),
            is_latest: Some(listed.is_latest),
            last_modified: Some(from_ms(listed.modified_ms).into()),
            owner: Some(people.owner(&self.habits, &listed.key, listed.owner_id)),
        }
    }

    fn version(&self, listed: Listed, encoding: Encoding, people: &People) -> ObjectVersion {
        ObjectVersion {
            key: Some(encoding.write(&listed.key)),
            version_id: Some(self.listed_name(&listed)),
            is_latest: Some(listed.is_latest),
            last_modified: Some(from_ms(listed.modified_ms).into()),
            owner: Some(people.owner(&self.habits, &listed.key, listed.owner_id)),
            size: Some(to_i64(listed.size)),
            e_tag: Some(ETag::Strong(listed.etag)),
            storage_class: Some(ObjectVersionStorageClass::from_static(
                ObjectVersionStorageClass::STANDARD,
            )),
            ..ObjectVersion::default()
        }
    }
}
