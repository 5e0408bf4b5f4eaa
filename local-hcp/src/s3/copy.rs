//! Copying objects: a change of metadata alone, no byte moves.

use std::{collections::BTreeMap, sync::Arc};

use axum::http::HeaderMap;
use s3s::{
    S3Request, S3Result,
    dto::{
        CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, ETag, MetadataDirective,
        TaggingDirective,
    },
    s3_error,
};

use super::{
    Gateway,
    acl::{self, Wish, wish_of},
    auth::caller,
    body,
    condition::Conditions,
    error::fail,
    objects::{attributes_of, owner_id, show_checksums, written},
    tagging, versions,
};
use crate::{
    Error,
    access::{Caller, Permissions},
    clock::from_ms,
    files::{self, Received},
    profile::Habits,
    protection::Asked,
    store::{
        Store, Write,
        buckets::{self, Bucket, Change},
        objects::{self, Attributes, NewObject, Object, Version},
        plain::{self, Stored},
        versions::{Named, put},
    },
};

/// Where a copy comes from.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) version: Option<Version>,
}

impl Source {
    pub(super) fn of(source: CopySource) -> S3Result<Self> {
        let CopySource::Bucket {
            bucket,
            key,
            version_id,
        } = source
        else {
            return Err(s3_error!(NotImplemented, "access points are not supported"));
        };
        Ok(Self {
            bucket: bucket.into(),
            key: key.into(),
            version: versions::parse(version_id.as_deref())?,
        })
    }

    /// Where objects are plain files, others may have changed it.
    pub(super) async fn compare(
        &self,
        store: &Store,
        caller: &Caller,
        now_ms: i64,
    ) -> Result<(), Error> {
        store
            .compare_key(caller, &self.bucket, &self.key, now_ms)
            .await
    }

    /// The object, if the caller may read it.
    pub(super) fn open(
        &self,
        connection: &rusqlite::Connection,
        caller: &Caller,
        habits: &Habits,
    ) -> Result<(Bucket, Object), Error> {
        let bucket = buckets::open(connection, caller, &self.bucket)?;
        caller.reach(&self.key)?;
        let object = match objects::find(connection, &bucket, &self.key, self.version) {
            Err(Error::NoSuchKey | Error::NoSuchVersion | Error::MarkerNamed)
                if !bucket.granted.has(Permissions::BROWSE) =>
            {
                return Err(Error::Denied("the account lacks the permission"));
            }
            Err(Error::MarkerNamed) if habits.refuses_marker_as_source => {
                return Err(Error::MarkerCopied);
            }
            Err(Error::MarkerNamed) => return Err(Error::NoSuchVersion),
            found => found?,
        };
        object.granted(&bucket, caller).need(Permissions::READ)?;
        Ok((bucket, object))
    }
}

/// What a copy does to what describes the object.
struct Directives {
    /// Headers and metadata instead of the source's.
    described: Option<Attributes>,
    /// Tags instead of the source's.
    tags: Option<BTreeMap<String, String>>,
    wish: Wish,
    asked: Asked,
}

impl Directives {
    fn of(habits: &Habits, input: &CopyObjectInput, headers: &HeaderMap) -> S3Result<Self> {
        let metadata = input
            .metadata_directive
            .as_ref()
            .map(MetadataDirective::as_str);
        let tagging = input
            .tagging_directive
            .as_ref()
            .map(TaggingDirective::as_str);
        Ok(Self {
            described: (metadata == Some(MetadataDirective::REPLACE))
                .then(|| attributes_of!(habits, input))
                .transpose()?,
            tags: (tagging == Some(TaggingDirective::REPLACE))
                .then(|| tagging::from_header(input.tagging.as_deref()))
                .transpose()?,
            wish: wish_of!(input,)?,
            asked: Asked::of(headers)?,
        })
    }

    fn change_nothing(&self) -> bool {
        self.described.is_none() && self.tags.is_none() && self.asked.is_nothing()
    }
}

impl Gateway {
    pub(super) async fn duplicate_object(
        &self,
        request: S3Request<CopyObjectInput>,
    ) -> S3Result<CopyObjectOutput> {
        let caller = caller(&request)?;
        let input = request.input;
        let directives = Directives::of(&self.habits, &input, &request.headers)?;
        let source = Source::of(input.copy_source)?;
        let onto_itself = source.bucket.eq_ignore_ascii_case(&input.bucket)
            && source.key == input.key
            && source.version.is_none();
        if onto_itself && directives.change_nothing() {
            if !self.habits.overwrites {
                return Err(fail(Error::ObjectExists));
            }
            return Err(s3_error!(
                InvalidRequest,
                "This copy request is illegal because it is trying to copy an object to itself \
                 without changing the object's metadata."
            ));
        }
        let conditions = Conditions {
            matches: input.copy_source_if_match,
            none_match: input.copy_source_if_none_match,
            modified_since: input.copy_source_if_modified_since,
            unmodified_since: input.copy_source_if_unmodified_since,
        };
        self.store.check_space(0).map_err(fail)?;
        let (now, habits) = (self.clock.now_ms(), self.habits);
        let (to_bucket, to_key) = (input.bucket, input.key);
        let in_place = onto_itself && (!habits.overwrites || !directives.asked.is_nothing());
        let to = (!in_place).then_some((&*to_bucket, &*to_key));
        let duplicate = self.duplicate(&source, &caller, to).await?;
        let copied = self
            .store
            .write(move |write| {
                let (from, object) = source.open(write.connection, &caller, &habits)?;
                if duplicate
                    .as_ref()
                    .is_some_and(|(id, _bytes)| *id != object.id)
                {
                    return Err(Error::Changed);
                }
                let to = buckets::open(write.connection, &caller, &to_bucket)?;
                caller.reach(&to_key)?;
                to.granted.need(Permissions::WRITE)?;
                conditions.check_source(&object)?;
                let keeps = to.versioning == buckets::Versioning::Enabled;
                let version = if !keeps && in_place {
                    describe(write, &caller, &to, &object, directives, now)?
                } else {
                    let target = Target {
                        bucket: &to,
                        key: &to_key,
                        duplicate: duplicate.map(|(_id, bytes)| bytes),
                        now_ms: now,
                    };
                    copy(write, &caller, target, &object, directives, &habits)?
                };
                Ok(Copied {
                    from: versions::name_in(&habits, &from, (&object).into()),
                    to: versions::name_in(&habits, &to, version),
                    object,
                })
            })
            .await
            .map_err(fail)?;
        let mut result = CopyObjectResult {
            e_tag: Some(ETag::Strong(copied.object.etag)),
            last_modified: Some(from_ms(now).into()),
            ..CopyObjectResult::default()
        };
        show_checksums!(result, copied.object.checksums);
        Ok(CopyObjectOutput {
            copy_object_result: Some(result),
            copy_source_version_id: copied.from,
            version_id: copied.to,
            ..CopyObjectOutput::default()
        })
    }
}

impl Gateway {
    /// A second file with the bytes of an object, for the bucket and key in `to`, and the object's number, where
    /// objects are plain files: two of them share nothing.
    async fn duplicate(
        &self,
        source: &Source,
        caller: &Caller,
        to: Option<(&str, &str)>,
    ) -> S3Result<Option<(i64, Received)>> {
        let Some((plain, (bucket, key))) = self.store.plain().cloned().zip(to) else {
            return Ok(None);
        };
        // Before bytes are copied in vain.
        self.check_put(caller, bucket, key, 0, &Arc::default())
            .await?;
        let now = self.clock.now_ms();
        source
            .compare(&self.store, caller, now)
            .await
            .map_err(fail)?;
        let (from, reader, habits) = (source.clone(), caller.clone(), self.habits);
        let layout = self.store.layout().clone();
        let ((id, size, pieces), pins) = self
            .store
            .read_pinned(move |connection| {
                let (_bucket, object) = from.open(connection, &reader, &habits)?;
                let (mut pieces, names) = objects::pieces(connection, object.id, 0, object.size)?;
                plain::open_files(&layout, Some(&plain), &mut pieces)?;
                Ok(((object.id, object.size, pieces), names))
            })
            .await
            .map_err(fail)?;
        self.store.check_space(size).map_err(fail)?;
        let stream = files::stream(self.store.layout().clone(), pieces, pins);
        let copied = body::copied(&self.store, stream).await.map_err(fail)?;
        Ok(Some((id, copied)))
    }
}

struct Copied {
    object: Object,
    /// The versions' names, where they have any.
    from: Option<String>,
    to: Option<String>,
}

/// What is written, and when.
struct Target<'a> {
    bucket: &'a Bucket,
    key: &'a str,
    /// Bytes of its own, where objects are plain files.
    duplicate: Option<Received>,
    now_ms: i64,
}

/// Makes a new version with the bytes of `object`. Blobs are shared: content never changes.
fn copy(
    write: &mut Write<'_>,
    caller: &Caller,
    target: Target<'_>,
    object: &Object,
    directives: Directives,
    habits: &Habits,
) -> Result<Named, Error> {
    let to = target.bucket;
    let described = directives.described.unwrap_or_else(|| Attributes {
        headers: object.attributes.headers.clone(),
        metadata: object.attributes.metadata.clone(),
        ..Attributes::default()
    });
    // Lists and retention are never copied.
    let attributes = Attributes {
        tags: directives
            .tags
            .unwrap_or_else(|| object.attributes.tags.clone()),
        acl: acl::resolved(directives.wish, write.connection, caller, to.owner_id)?,
        protection: directives.asked.of_new(to, target.now_ms)?,
        ..described
    };
    let stored = match target.duplicate {
        Some(received) => {
            let parts = plain::parts(write.connection, object.id)?;
            plain::adopt(write, received, parts)?
        }
        None => Stored {
            blobs: objects::blobs_of(write.connection, object.id)?,
            plain: None,
        },
    };
    let new = NewObject {
        key: target.key,
        owner_id: owner_id(caller, to)?,
        etag: &object.etag,
        modified_ms: target.now_ms,
        attributes: &attributes,
        checksums: &object.checksums,
        blobs: &stored.blobs,
        plain: stored.plain.as_ref(),
        // Custom metadata is copied; what a request brings instead is that of S3 alone.
        annotations_of: Some(object.id),
    };
    // The bytes were here before: none has come in.
    write.tally(to, written(0));
    put(write, to, &new, habits)
}

/// Changes what describes an object in place: a copy onto itself where no versions are kept.
fn describe(
    write: &mut Write<'_>,
    caller: &Caller,
    bucket: &Bucket,
    object: &Object,
    directives: Directives,
    now_ms: i64,
) -> Result<Named, Error> {
    let present = &object.attributes;
    if let Some(described) = &directives.described {
        present.protection.forbid_under_label()?;
        if described.metadata != present.metadata {
            // S3's pairs are one annotation together: it is added, or replaced.
            let adds = present.metadata.is_empty();
            let settings = &bucket.settings;
            present
                .protection
                .forbid_annotating(settings, adds, now_ms)?;
        }
    }
    let described = directives.described.unwrap_or_else(|| present.clone());
    let acl = match directives.wish {
        Wish::None => present.acl.clone(),
        wish => acl::resolved(wish, write.connection, caller, bucket.owner_id)?,
    };
    let attributes = Attributes {
        tags: directives.tags.unwrap_or_else(|| present.tags.clone()),
        acl,
        protection: directives.asked.applied(
            &present.protection,
            bucket,
            object.granted(bucket, caller),
            object.modified_ms,
            now_ms,
        )?,
        ..described
    };
    let mut change = Change::default();
    change.annotated(-1, &present.metadata);
    change.annotated(1, &attributes.metadata);
    buckets::count(write, bucket, change)?;
    write.tally(bucket, written(0));
    objects::set_attributes(write.connection, object.id, &attributes, now_ms)?;
    Ok(Named::from(object))
}
