//! Operations on objects.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use rusqlite::Connection;
use s3s::{
    S3Error, S3ErrorCode, S3Request, S3Response, S3Result,
    dto::{
        ETag, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput, PutObjectInput,
        PutObjectOutput, Range, StreamingBlob, Timestamp,
    },
    s3_error,
};
use time::OffsetDateTime;

use super::{
    Gateway,
    acl::{self, wish_of},
    auth::caller,
    body::{self, Promise},
    condition::{self, Conditions},
    error::fail,
    tagging, versions,
};
use crate::{
    Error,
    access::{Caller, Permissions},
    account::hex,
    clock::from_ms,
    files::{self, Piece},
    profile::Habits,
    protection::{Asked, Protection},
    store::{
        Pins,
        blobs::{to_i64, to_u64},
        buckets::{self, Bucket, Versioning},
        objects::{self, Attributes, Headers, NewObject, Object, Version},
        plain,
        usage::Sums,
        versions::{check_replacing, put},
    },
};

/// HCP's limit on names and values of the user's own metadata together.
const METADATA_MAX: usize = 2 * 1024;

/// Bodies of so many bytes come in one piece.
const SMALL: i64 = 64 * 1024;

/// How often a key is looked up whose file others change meanwhile.
const LOOKS: usize = 4;

/// The headers of a request that are stored with an object; the inputs have them under one name
/// each, though in types of their own.
macro_rules! attributes_of {
    ($habits:expr, $input:expr) => {
        $crate::s3::objects::attributes(
            $habits,
            $crate::store::objects::Headers {
                content_type: $input.content_type.clone(),
                content_disposition: $input.content_disposition.clone(),
                content_encoding: $input.content_encoding.clone(),
                content_language: $input.content_language.clone(),
                cache_control: $input.cache_control.clone(),
                expires_ms: $input.expires.clone().map($crate::s3::objects::to_ms),
            },
            $input.metadata.clone(),
        )
    };
}
pub(super) use attributes_of;

/// The checksums of an input.
macro_rules! checksums_of {
    ($input:expr) => {
        $crate::store::objects::Checksums {
            crc32: $input.checksum_crc32.clone(),
            crc32c: $input.checksum_crc32c.clone(),
            crc64nvme: $input.checksum_crc64nvme.clone(),
            sha1: $input.checksum_sha1.clone(),
            sha256: $input.checksum_sha256.clone(),
            composite: false,
        }
    };
}
pub(super) use checksums_of;

/// What a GET or HEAD asks for.
macro_rules! wanted_of {
    ($input:expr) => {
        Wanted {
            bucket: $input.bucket,
            key: $input.key.clone(),
            version: $input.version_id,
            part: $input.part_number,
            range: $input.range,
            conditions: Conditions {
                matches: $input.if_match,
                none_match: $input.if_none_match,
                modified_since: $input.if_modified_since,
                unmodified_since: $input.if_unmodified_since,
            },
        }
    };
}

pub(super) fn attributes(
    habits: &Habits,
    mut headers: Headers,
    metadata: Option<HashMap<String, String>>,
) -> S3Result<Attributes> {
    // An SDK that frames the body says so here; the frame is gone by now.
    headers.content_encoding = headers.content_encoding.and_then(|encodings| {
        let kept: Vec<_> = encodings
            .split(',')
            .map(str::trim)
            .filter(|one| !one.is_empty() && *one != "aws-chunked")
            .collect();
        (!kept.is_empty()).then(|| kept.join(", "))
    });
    let mut metadata: BTreeMap<String, String> = metadata.unwrap_or_default().into_iter().collect();
    if habits.metadata_as_xml {
        metadata = metadata
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (model::attributes::as_xml_name(&name), value))
            .collect();
    }
    let size: usize = metadata
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    if size > METADATA_MAX {
        return Err(s3_error!(
            MetadataTooLarge,
            "Your metadata headers exceed the maximum of 2 KiB."
        ));
    }
    Ok(Attributes {
        headers,
        metadata,
        ..Attributes::default()
    })
}

pub(super) fn to_ms(time: Timestamp) -> i64 {
    OffsetDateTime::from(time)
        .unix_timestamp()
        .saturating_mul(1_000)
}

/// The fields of an answer that show checksums; the outputs have them under one name each.
macro_rules! show_checksums {
    ($output:expr, $checksums:expr) => {{
        let shown = $checksums;
        if shown != $crate::store::objects::Checksums::default() {
            let kind = if shown.composite {
                s3s::dto::ChecksumType::COMPOSITE
            } else {
                s3s::dto::ChecksumType::FULL_OBJECT
            };
            $output.checksum_type = Some(s3s::dto::ChecksumType::from_static(kind));
            $output.checksum_crc32 = shown.crc32;
            $output.checksum_crc32c = shown.crc32c;
            $output.checksum_crc64nvme = shown.crc64nvme;
            $output.checksum_sha1 = shown.sha1;
            $output.checksum_sha256 = shown.sha256;
        }
    }};
}
pub(super) use show_checksums;

/// What a GET and a HEAD ask for.
struct Wanted {
    bucket: String,
    key: String,
    version: Option<String>,
    part: Option<i32>,
    range: Option<Range>,
    conditions: Conditions,
}

/// What was found for it.
struct Found {
    object: Object,
    /// As answers name it.
    version: Option<String>,
    /// What is told of retention and holds.
    protection: HeaderMap,
    length: u64,
    content_range: Option<String>,
    parts: Option<i32>,
    pieces: Vec<Piece>,
    pins: Pins,
}

/// An object as the database has it.
struct Seen {
    object: Object,
    version: Option<String>,
    protection: HeaderMap,
    cut: Cut,
    pieces: Vec<Piece>,
}

/// What the database says of a key.
enum Looked {
    Object(Box<Seen>),
    /// A delete marker: with its name, and whether it was asked for.
    Marker(Box<Object>, Option<String>, bool),
    Refused(S3Error),
}

impl Gateway {
    pub(super) async fn store_object(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<PutObjectOutput> {
        let caller = caller(&request)?;
        let mut input = request.input;
        let is_folder = self.habits.folders && names_folder(&mut input);
        let mut attributes = attributes_of!(&self.habits, input)?;
        attributes.tags = tagging::from_header(input.tagging.as_deref())?;
        let wish = wish_of!(input,)?;
        let asked = Asked::of(&request.headers)?;
        let conditions = if self.habits.conditional_writes {
            Conditions {
                matches: input.if_match.take(),
                none_match: input.if_none_match.take(),
                ..Conditions::default()
            }
        } else {
            Conditions::default()
        };
        let conditions = Arc::new(conditions);
        // A small body is there as soon as it is read.
        let small = input.content_length.is_some_and(|length| length <= SMALL);
        let coming = small.then(|| self.store.announce());
        let size = input.content_length.map_or(0, to_u64);
        self.check_put(&caller, &input.bucket, &input.key, size, &conditions)
            .await?;
        let (received, checksums) = if is_folder {
            let nothing = Promise::default();
            body::receive(&self.store, &HeaderMap::new(), None, nothing).await?
        } else {
            let promise = Promise {
                md5: input.content_md5.take(),
                checksums: checksums_of!(input),
                wanted: None,
                trailers: request.trailing_headers,
                length: input.content_length,
            };
            let body = input.body.take();
            body::receive(&self.store, &request.headers, body, promise).await?
        };
        let etag = hex(&received.md5);
        let (now, stored_etag, kept) = (self.clock.now_ms(), etag.clone(), checksums.clone());
        let habits = self.habits;
        let version = self
            .store
            .write(move |write| {
                drop(coming);
                let bucket = buckets::open(write.connection, &caller, &input.bucket)?;
                bucket.granted.need(Permissions::WRITE)?;
                let present = objects::current(write.connection, bucket.id, &input.key)?;
                conditions.check_target(present.as_ref())?;
                attributes.acl = acl::resolved(wish, write.connection, &caller, bucket.owner_id)?;
                attributes.protection = asked.of_new(&bucket, now)?;
                let size = received.size;
                let stored = plain::adopt(write, received, Vec::new())?;
                write.tally(&bucket, written(size));
                let new = NewObject {
                    key: &input.key,
                    owner_id: owner_id(&caller, &bucket)?,
                    etag: &stored_etag,
                    modified_ms: now,
                    attributes: &attributes,
                    checksums: &kept,
                    blobs: &stored.blobs,
                    plain: stored.plain.as_ref(),
                    annotations_of: None,
                };
                let version = put(write, &bucket, &new, &habits)?;
                Ok(versions::name_in(&habits, &bucket, version))
            })
            .await
            .map_err(fail)?;
        let mut output = PutObjectOutput {
            e_tag: Some(ETag::Strong(etag)),
            version_id: version,
            ..PutObjectOutput::default()
        };
        show_checksums!(output, checksums);
        Ok(output)
    }

    /// Refuses a PUT before its body is read, where that can be told.
    pub(super) async fn check_put(
        &self,
        caller: &Caller,
        bucket: &str,
        key: &str,
        size: u64,
        conditions: &Arc<Conditions>,
    ) -> S3Result<()> {
        let (caller, bucket, key) = (caller.clone(), bucket.to_owned(), key.to_owned());
        let (conditions, habits, now) = (Arc::clone(conditions), self.habits, self.clock.now_ms());
        self.store.check_target(&key).map_err(fail)?;
        self.store
            .read(move |connection| {
                let bucket = buckets::open(connection, &caller, &bucket)?;
                bucket.granted.need(Permissions::WRITE)?;
                caller.reach(&key)?;
                let newest = objects::newest(connection, bucket.id, &key)?;
                check_replacing(&bucket, newest.as_ref(), &habits, now)?;
                let replaced = newest
                    .as_ref()
                    .filter(|_newest| bucket.versioning != Versioning::Enabled);
                let freed = replaced.map_or(0, |newest| buckets::rounded(newest.size));
                bucket.check_room(size, freed)?;
                conditions.check_target(newest.as_ref().filter(|newest| !newest.is_marker))
            })
            .await
            .map_err(fail)
    }

    pub(super) async fn read_object(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let caller = caller(&request)?;
        let input = request.input;
        let wants_checksum = input.checksum_mode.is_some();
        let wanted = wanted_of!(input);
        let found = self.find(caller, wanted, true).await?;
        let whole = found.content_range.is_none();
        let headers = found.protection;
        let tags = tag_count(&found.object);
        let checksums = found.object.checksums;
        let Attributes {
            headers: kept,
            metadata,
            ..
        } = found.object.attributes;
        let body = files::stream(self.store.layout().clone(), found.pieces, found.pins);
        let mut output = GetObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            body: Some(StreamingBlob::wrap(body)),
            content_length: Some(to_i64(found.length)),
            content_range: found.content_range,
            content_type: Some(content_type(kept.content_type, &input.key)),
            content_disposition: kept.content_disposition,
            content_encoding: kept.content_encoding,
            content_language: kept.content_language,
            cache_control: kept.cache_control,
            expires: kept.expires_ms.map(|ms| from_ms(ms).into()),
            e_tag: Some(ETag::Strong(found.object.etag)),
            last_modified: Some(from_ms(found.object.modified_ms).into()),
            metadata: Some(metadata.into_iter().collect()),
            version_id: found.version,
            parts_count: found.parts,
            tag_count: tags,
            ..GetObjectOutput::default()
        };
        if wants_checksum && whole {
            show_checksums!(output, checksums);
        }
        let mut response = S3Response::new(output);
        response.headers = headers;
        Ok(response)
    }

    pub(super) async fn look_at_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let caller = caller(&request)?;
        let input = request.input;
        let wants_checksum = input.checksum_mode.is_some();
        let wanted = wanted_of!(input);
        let found = self.find(caller, wanted, false).await?;
        let partial = found.content_range.is_some();
        let protection = found.protection;
        let tags = tag_count(&found.object);
        let checksums = found.object.checksums;
        let Attributes {
            headers, metadata, ..
        } = found.object.attributes;
        // For GET s3s puts the overrides in; for HEAD it leaves them to us.
        let mut output = HeadObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            content_length: Some(to_i64(found.length)),
            content_range: found.content_range,
            content_type: Some(
                input
                    .response_content_type
                    .unwrap_or_else(|| content_type(headers.content_type, &input.key)),
            ),
            content_disposition: input
                .response_content_disposition
                .or(headers.content_disposition),
            content_encoding: input.response_content_encoding.or(headers.content_encoding),
            content_language: input.response_content_language.or(headers.content_language),
            cache_control: input.response_cache_control.or(headers.cache_control),
            expires: input
                .response_expires
                .or_else(|| headers.expires_ms.map(|ms| from_ms(ms).into())),
            e_tag: Some(ETag::Strong(found.object.etag)),
            last_modified: Some(from_ms(found.object.modified_ms).into()),
            metadata: Some(metadata.into_iter().collect()),
            version_id: found.version,
            parts_count: found.parts,
            ..HeadObjectOutput::default()
        };
        if wants_checksum && !partial {
            show_checksums!(output, checksums);
        }
        let mut response = S3Response::new(output);
        if partial {
            response.status = Some(StatusCode::PARTIAL_CONTENT);
        }
        response.headers = protection;
        if let Some(tags) = tags {
            response.headers.insert("x-amz-tagging-count", tags.into());
        }
        Ok(response)
    }

    /// Finds an object and what of it is wanted; with `bytes`, also where those are.
    async fn find(&self, caller: Caller, wanted: Wanted, bytes: bool) -> S3Result<Found> {
        let version = versions::parse(wanted.version.as_deref())?;
        if self.habits.refuses_opposite_conditions {
            wanted.conditions.check_opposites()?;
        }
        if wanted.part.is_some() && !self.habits.extensions {
            return Err(s3_error!(
                NotImplemented,
                "partNumber is not supported here"
            ));
        }
        if wanted.part.is_some() && wanted.range.is_some() {
            return Err(s3_error!(
                InvalidRequest,
                "Cannot specify both Range header and partNumber query parameter"
            ));
        }
        let (looked, pins) = self.look(caller, Arc::new(wanted), version, bytes).await?;
        match looked {
            Looked::Refused(refusal) => Err(refusal),
            Looked::Marker(marker, version, named) => Err(hidden(&marker, version, named)),
            Looked::Object(seen) => Ok(Found {
                object: seen.object,
                version: seen.version,
                protection: seen.protection,
                length: seen.cut.end - seen.cut.begin,
                content_range: seen.cut.header,
                parts: seen.cut.parts,
                pieces: seen.pieces,
                pins,
            }),
        }
    }
}

impl Gateway {
    /// Looks a key up; a plain file that is no longer what is known of it, again.
    async fn look(
        &self,
        caller: Caller,
        wanted: Arc<Wanted>,
        version: Option<Version>,
        bytes: bool,
    ) -> S3Result<(Looked, Pins)> {
        let mut tries = LOOKS;
        loop {
            tries -= 1;
            let (reader, asked, habits) = (caller.clone(), Arc::clone(&wanted), self.habits);
            let (layout, plain) = (self.store.layout().clone(), self.store.plain().cloned());
            let found = self
                .store
                .read_pinned(move |connection| {
                    let (mut looked, names) =
                        look(connection, &reader, &asked, version, bytes, &habits)?;
                    if let Looked::Object(seen) = &mut looked {
                        plain::open_files(&layout, plain.as_deref(), &mut seen.pieces)?;
                    }
                    Ok((looked, names))
                })
                .await;
            match found {
                Err(Error::Changed) if tries > 0 => {
                    let now = self.clock.now_ms();
                    self.store
                        .compare_key(&caller, &wanted.bucket, &wanted.key, now)
                        .await
                        .map_err(fail)?;
                }
                found => return found.map_err(fail),
            }
        }
    }
}

/// What is told of retention and holds.
fn told(habits: &Habits, protection: &Protection, granted: Permissions) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if habits.tells_protection || *protection != Protection::default() {
        protection.write(&mut headers, granted);
    }
    headers
}

/// Whether a PUT makes a folder, as HCP reads it: by its key or its type. Such a folder has neither
/// bytes nor a type of its own.
fn names_folder(input: &mut PutObjectInput) -> bool {
    let by_key = input.key.ends_with('/');
    if !by_key && input.content_type.as_deref() != Some("x-directory") {
        return false;
    }
    if !by_key {
        input.key.push('/');
    }
    input.content_type = None;
    true
}

/// Looks a key up, for a caller who may read it.
fn look(
    connection: &Connection,
    caller: &Caller,
    wanted: &Wanted,
    version: Option<Version>,
    bytes: bool,
    habits: &Habits,
) -> Result<(Looked, Vec<String>), Error> {
    let bucket = buckets::open(connection, caller, &wanted.bucket)?;
    caller.reach(&wanted.key)?;
    // Where no versions were ever kept, HCP does not read the name of one.
    let version = version.filter(|_| habits.null_version || bucket.versioning != Versioning::Never);
    let found = match version {
        None => objects::newest(connection, bucket.id, &wanted.key)?,
        Some(version) => objects::version(connection, bucket.id, &wanted.key, version)?,
    };
    let is_folder = habits.folders && bytes && wanted.key.ends_with('/');
    let Some(object) = found.filter(|_| !is_folder) else {
        // Whoever may not list learns nothing of what is not there.
        bucket.granted.need(Permissions::BROWSE)?;
        return Err(match version {
            None => Error::NoSuchKey,
            Some(_) => Error::NoSuchVersion,
        });
    };
    object.granted(&bucket, caller).need(Permissions::READ)?;
    let name = versions::name_in(habits, &bucket, (&object).into());
    if object.is_record {
        return Err(Error::NoSuchKey);
    }
    if object.is_marker {
        return Ok((
            Looked::Marker(Box::new(object), name, version.is_some()),
            Vec::new(),
        ));
    }
    let refused = |refusal| Ok((Looked::Refused(refusal), Vec::new()));
    if let Err(refusal) = wanted.conditions.check(&object) {
        return refused(refusal);
    }
    let cut = match wanted.part {
        Some(number) => part(connection, &object, number)?,
        None => cut(wanted.range, object.size),
    };
    let cut = match cut {
        Ok(cut) => cut,
        Err(refusal) => return refused(refusal),
    };
    let (pieces, names) = if bytes && cut.begin < cut.end {
        objects::pieces(connection, object.id, cut.begin, cut.end)?
    } else {
        (Vec::new(), Vec::new())
    };
    let protection = told(habits, &object.attributes.protection, bucket.granted);
    let seen = Box::new(Seen {
        object,
        version: name,
        protection,
        cut,
        pieces,
    });
    Ok((Looked::Object(seen), names))
}

/// The answer where a delete marker is: it hides what was there, and cannot be read itself.
fn hidden(marker: &Object, version: Option<String>, named: bool) -> S3Error {
    let mut refusal = if named {
        s3_error!(
            MethodNotAllowed,
            "The specified method is not allowed against this resource."
        )
    } else {
        fail(Error::NoSuchKey)
    };
    let mut headers = HeaderMap::new();
    headers.insert("x-amz-delete-marker", HeaderValue::from_static("true"));
    if let Some(Ok(version)) = version.map(HeaderValue::try_from) {
        headers.insert("x-amz-version-id", version);
    }
    if named && let Some(date) = condition::http_date(marker.modified_ms) {
        headers.insert(s3s::header::LAST_MODIFIED, date);
    }
    refusal.set_headers(headers);
    refusal
}

fn tag_count(object: &Object) -> Option<i32> {
    let count = object.attributes.tags.len();
    (count > 0).then(|| i32::try_from(count).ok()).flatten()
}

/// One write of so many bytes.
pub(super) fn written(size: u64) -> Sums {
    Sums {
        writes: 1,
        bytes_in: to_i64(size),
        ..Sums::default()
    }
}

/// Whose the object is: what nobody signed belongs to the bucket's owner.
pub(super) fn owner_id(caller: &Caller, bucket: &Bucket) -> Result<i64, Error> {
    match (caller.account(), bucket.owner_id) {
        (Ok(account), _) => Ok(account.id),
        (Err(_nobody), Some(owner)) => Ok(owner),
        (Err(_nobody), None) => Err(Error::Denied(
            "the request is not signed, and the bucket has no owner who could own the object",
        )),
    }
}

/// The bytes `begin..end` that are wanted of an object.
struct Cut {
    begin: u64,
    end: u64,
    /// The header that says so, where it is not all of them.
    header: Option<String>,
    /// Of how many parts the object is made, where a part is wanted.
    parts: Option<i32>,
}

fn content_range(begin: u64, end: u64, size: u64) -> String {
    format!("bytes {begin}-{}/{size}", end.saturating_sub(1))
}

/// What a range means.
fn cut(range: Option<Range>, size: u64) -> S3Result<Cut> {
    let Some(range) = range else {
        return Ok(Cut {
            begin: 0,
            end: size,
            header: None,
            parts: None,
        });
    };
    let bytes = range.check(size).map_err(|_outside| {
        let mut refusal = s3_error!(InvalidRange, "The requested range is not satisfiable");
        if let Ok(value) = format!("bytes */{size}").parse() {
            let mut headers = HeaderMap::new();
            headers.insert(s3s::header::CONTENT_RANGE, value);
            refusal.set_headers(headers);
        }
        refusal
    })?;
    Ok(Cut {
        begin: bytes.start,
        end: bytes.end,
        header: Some(content_range(bytes.start, bytes.end, size)),
        parts: None,
    })
}

/// What the number of a part means.
fn part(connection: &Connection, object: &Object, number: i32) -> Result<S3Result<Cut>, Error> {
    let found = match u32::try_from(number) {
        Ok(number) if number > 0 => objects::part(connection, object, number)?,
        _ => {
            return Ok(Err(s3_error!(
                InvalidArgument,
                "Part numbers are 1 to 10,000."
            )));
        }
    };
    let Some((begin, end, count)) = found else {
        let mut refusal = S3Error::with_message(
            S3ErrorCode::Custom("InvalidPartNumber".into()),
            "The requested partnumber is not satisfiable",
        );
        refusal.set_status_code(StatusCode::RANGE_NOT_SATISFIABLE);
        return Ok(Err(refusal));
    };
    // An empty object has no range that could be named.
    let header = (object.size > 0).then(|| content_range(begin, end, object.size));
    Ok(Ok(Cut {
        begin,
        end,
        header,
        parts: i32::try_from(count).ok().filter(|count| *count > 1),
    }))
}

/// What was stored, else a guess by the key's extension.
fn content_type(stored: Option<String>, key: &str) -> String {
    stored.unwrap_or_else(|| {
        let guess = mime_guess::from_path(key);
        if key.ends_with('/') {
            mime_guess::mime::APPLICATION_OCTET_STREAM.to_string()
        } else {
            guess.first_or_octet_stream().to_string()
        }
    })
}
